/*
 * The one table of device backends, chosen by name from the configuration: "name:place". An unknown
 * name is an error of the configuration, never replaced by another backend; simulated ones exist
 * only in builds that have them.
 *
 *   thermometer  mlx90614:/dev/i2c-1@0x5a
 *   gate         gpiod:/dev/gpiochip0:release=17,beam=27,presence=22,guard=23,emergency=24
 *   printer      escpos:/dev/usb/lp0
 *   camera       v4l2:/dev/video0              (opened by gatehouse-scanner)
 *   speaker      sdl
 *   stick        dir:/run/gatehouse/stick      (where the system mounts it)
 *   any          none                          (this gate has no such device), sim (demonstration
 * builds)
 */
#ifndef HAL_BACKENDS_H
#define HAL_BACKENDS_H

#include "hal/gate_line.h"
#include "hal/printer.h"
#include "hal/thermometer.h"

struct sim_world; /* NULL where nothing is simulated */

enum backend_class {
	BACKEND_THERMOMETER,
	BACKEND_GATE,
	BACKEND_PRINTER,
	BACKEND_CAMERA,
	BACKEND_SPEAKER,
	BACKEND_STICK,
	BACKEND_CLASS_COUNT_
};

/*
 * Checks the name of a spec. True, and *place points behind the colon (or at "" without one);
 * false: message is a sentence with the names this build knows.
 */
bool backend_known(enum backend_class class, const char *spec, const char **place, char *message,
		   size_t cap);

bool backend_is(const char *spec, const char *name);

/* -ENODEV for "none"; -EINVAL for a bad place; else the errno of the failing call. */
MUST_CHECK int backend_thermometer_open(struct thermometer *out, const char *spec,
					struct sim_world *world);
MUST_CHECK int backend_gate_open(struct gate_line *out, const char *spec, struct sim_world *world);
MUST_CHECK int backend_printer_open(struct printer **out, const char *spec,
				    struct sim_world *world);

#endif
