/*
 * Device seam: one contactless thermometer. A reading is a fact with its doubts, never a guess:
 * anything out of range, unsteady, flagged or failed is not a result. Main loop only; read blocks
 * for at most a few bus transfers (bounded by retries).
 */
#ifndef HAL_THERMOMETER_H
#define HAL_THERMOMETER_H

#include "base/defs.h"

enum thermometer_outcome {
	THERMOMETER_READING, /* object and ambient are valid sensor values */
	THERMOMETER_NO_RESULT, /* sensor answered, but out of its range, error bit, or EEPROM dead
				  flag */
	THERMOMETER_BAD_CHECK, /* PEC wrong in every try */
	THERMOMETER_ABSENT, /* nobody answers at the address */
	THERMOMETER_FAILED, /* bus error or time-out in every try */
	THERMOMETER_OUTCOME_COUNT_
};

struct thermometer_reading {
	enum thermometer_outcome outcome;
	int32_t object_centi_c, ambient_centi_c; /* valid with THERMOMETER_READING only */
};

struct thermometer {
	struct thermometer_reading (*read)(void *ctx); /* mandatory */
	void (*close)(void *ctx); /* mandatory */
	void *ctx;
};

/* MLX90614 on a port (ownership of the port passes on success). Errors: -ENOMEM. Nothing is read
 * yet. */
struct i2c_port;
MUST_CHECK int mlx90614_open(struct thermometer *out, const struct i2c_port *port, uint8_t address);

#endif
