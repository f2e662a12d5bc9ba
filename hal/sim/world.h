/*
 * The simulated world behind the device seams: what a scenario sets and what the simulators report
 * back. Compiled only with GATEHOUSE_SIM. The real drivers run above these ports: the thermometer
 * reads register words with PEC, the printer parses ESC/POS, the camera hands out YUYV frames. Main
 * loop only.
 */
#ifndef HAL_SIM_WORLD_H
#define HAL_SIM_WORLD_H

#include "hal/gate_line.h"
#include "hal/i2c.h"

enum sim_device {
	SIM_CAMERA,
	SIM_THERMOMETER,
	SIM_PRINTER,
	SIM_GATE,
	SIM_SPEAKER,
	SIM_STICK,
	SIM_DEVICE_COUNT_
};

/* Which kinds make sense for which device is said by sim_fault_applies. */
enum sim_fault {
	SIM_OK,
	SIM_ABSENT, /* was never there: cannot be opened, no answer at the address */
	SIM_UNPLUGGED, /* goes away now: EIO / ENODEV / hang-up */
	SIM_HUNG, /* accepts nothing, answers nothing */
	SIM_GARBAGE, /* answers nonsense */
	SIM_CRC, /* answers with wrong check bytes */
	SIM_PAPER_END,
	SIM_PAPER_LOW,
	SIM_COVER_OPEN,
	SIM_FULL, /* stick without space */
	SIM_READ_ONLY, /* write-protected stick */
	SIM_FAULT_COUNT_
};

struct sim_printer;

struct sim_world {
	int32_t skin_centi_c,
		ambient_centi_c; /* what the sensor sees; 0 skin = nobody in front: ambient */
	enum sim_fault fault[SIM_DEVICE_COUNT_];
	bool gate_released; /* the release line, as driven */
	int64_t gate_pulses; /* rising edges of it since start */
	struct sim_printer *printer; /* NULL without a simulated printer */
	int input_pipe[2]; /* line events, written by sim_input; -1 before sim_gate_open */
};

const char *sim_device_name(enum sim_device device); /* "camera" … */
const char *sim_fault_name(enum sim_fault fault); /* "paper-end" … */
bool sim_fault_applies(enum sim_device device, enum sim_fault fault);

/* Ports over the world; the world must outlive them. 0 or negative errno. */
MUST_CHECK int sim_i2c_open(struct i2c_port *port, struct sim_world *world);
MUST_CHECK int sim_gate_open(struct gate_line *line, struct sim_world *world);

/* An input line changed (beam, presence, buttons). */
void sim_input(struct sim_world *world, enum line_input input, bool active);

/*
 * A receipt printer at the other end of a socket pair: *fd is for printer_open_fd. sim_printer_pump
 * takes what has arrived and answers; call it when idle or when sim_printer_fd is readable. A page
 * ends with a cut.
 */
MUST_CHECK int sim_printer_open(struct sim_printer **out, struct sim_world *world, int *fd);
void sim_printer_close(struct sim_printer *p);
int sim_printer_fd(const struct sim_printer *p);
void sim_printer_pump(struct sim_printer *p);
int sim_printer_pages(const struct sim_printer *p);
/* Saves the last whole page as PNG, black on white, with the paper's white margins. -ENOENT: no
 * page yet. */
MUST_CHECK int sim_printer_save(const struct sim_printer *p, const char *path);

#endif
