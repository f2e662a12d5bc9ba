/*
 * The gate's lines on a GPIO character device, through libgpiod v2. All lines stand on one chip.
 *
 * The release line is requested as an inactive output and driven inactive before it is given back.
 * What the pin does after a crash is the kernel's: it becomes an input again, unless the pin
 * controller was told to keep outputs. Raspberry Pi's own kernels keep them by default; there the
 * appliance needs pinctrl_bcm2835.persist_gpio_outputs=n (and pinctrl_rp1 alike), or a crash while
 * the gate is released leaves it released (raspberrypi/linux pull request 6150).
 */
#ifndef HAL_GATE_GPIOD_H
#define HAL_GATE_GPIOD_H

#include "hal/gate_line.h"

#define GATE_GPIOD_PATH_BYTES 64
#define GATE_GPIOD_LINE_MAX 1023

enum gate_gpiod_pull { GATE_PULL_AS_IS, GATE_PULL_UP, GATE_PULL_DOWN };

struct gate_gpiod_input {
	int32_t line; /* offset on the chip, -1 = not connected */
	bool active_low;
	enum gate_gpiod_pull pull;
};

struct gate_gpiod_spec {
	char path[GATE_GPIOD_PATH_BYTES];
	int32_t release;
	struct gate_gpiod_input inputs[LINE_INPUT_COUNT_];
};

/*
 * Reads "/dev/gpiochip0:release=17,beam=27,presence=22,guard=23,emergency=24". release is
 * mandatory, inputs are optional, in any order, no name or line twice. After an input's name: "!"
 * active-low, "+" pull-up, "-" pull-down ("emergency+=24" is an opening contact to ground: pressed
 * and torn off are both active). Pure. 0 or -EINVAL.
 */
MUST_CHECK int gate_gpiod_parse(struct gate_gpiod_spec *out, const char *spec);

/*
 * Opens the lines of spec. Inputs are debounced for 20 ms; those active at the moment of opening
 * are the first events. Errors: -EINVAL by the spec, -ENOMEM, or the errno of the failing call
 * (-EBUSY: a line is in use).
 */
MUST_CHECK int gate_gpiod_open(struct gate_line *out, const char *spec);

#endif
