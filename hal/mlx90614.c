/*
 * One reading is three words: flags, ambient, object; the first that cannot be had ends it, so that
 * a hung bus costs one word's tries (about 75 ms), not three. Every word carries its own check byte
 * (PEC), which is verified; the kernel's IIO driver does not.
 */
#include <stdlib.h>

#include "codec/mlx90614.h"
#include "hal/i2c.h"
#include "hal/thermometer.h"

#define TRIES 3

/* Datasheet 3901090614, measurement ranges. */
#define AMBIENT_MIN_CENTI_C (-4000)
#define AMBIENT_MAX_CENTI_C 12500
#define OBJECT_MIN_CENTI_C (-7000)
#define OBJECT_MAX_CENTI_C 38220

struct mlx90614 {
	struct i2c_port port;
	uint8_t address;
};

/* What went wrong over the tries of one word. */
struct tally {
	int absent, bad_check, failed;
};

/* ABSENT needs every try: a chip that answered once, however wrongly, is there. */
static enum thermometer_outcome judge(const struct tally *tally)
{
	if (tally->absent == TRIES)
		return THERMOMETER_ABSENT;
	return tally->bad_check ? THERMOMETER_BAD_CHECK : THERMOMETER_FAILED;
}

/* One word with a good check byte, or why there is none. */
static enum thermometer_outcome read_word(struct mlx90614 *m, uint8_t command, uint8_t answer[3])
{
	struct tally tally = { 0 };

	for (int i = 0; i < TRIES; i++) {
		int err = m->port.transfer(m->port.ctx, m->address, &command, 1, answer, 3);
		if (err == -ENXIO)
			tally.absent++;
		else if (err)
			tally.failed++;
		else if (answer[2] != mlx90614_pec(m->address, command, answer[0], answer[1]))
			tally.bad_check++;
		else
			return THERMOMETER_READING;
	}
	return judge(&tally);
}

/* EE_DEAD: factory calibration lost; INIT low: not started yet (datasheet, "Read flags"). */
static enum thermometer_outcome read_flags(struct mlx90614 *m)
{
	uint8_t answer[3];
	enum thermometer_outcome outcome = read_word(m, MLX90614_FLAGS, answer);

	if (outcome != THERMOMETER_READING)
		return outcome;
	if (answer[0] & MLX90614_FLAG_EE_DEAD || !(answer[0] & MLX90614_FLAG_INIT))
		return THERMOMETER_NO_RESULT;
	return THERMOMETER_READING;
}

static enum thermometer_outcome read_temperature(struct mlx90614 *m, uint8_t command, int32_t min,
						 int32_t max, int32_t *centi_c)
{
	uint8_t answer[3];
	enum thermometer_outcome outcome = read_word(m, command, answer);

	if (outcome != THERMOMETER_READING)
		return outcome;
	if (mlx90614_decode(m->address, command, answer, centi_c) != MLX90614_WORD_OK)
		return THERMOMETER_NO_RESULT;
	return *centi_c < min || *centi_c > max ? THERMOMETER_NO_RESULT : THERMOMETER_READING;
}

static struct thermometer_reading mlx90614_read(void *ctx)
{
	struct mlx90614 *m = ctx;
	int32_t ambient = 0, object = 0;
	enum thermometer_outcome outcome = read_flags(m);

	if (outcome == THERMOMETER_READING)
		outcome = read_temperature(m, MLX90614_RAM_AMBIENT, AMBIENT_MIN_CENTI_C,
					   AMBIENT_MAX_CENTI_C, &ambient);
	if (outcome == THERMOMETER_READING)
		outcome = read_temperature(m, MLX90614_RAM_OBJECT, OBJECT_MIN_CENTI_C,
					   OBJECT_MAX_CENTI_C, &object);
	if (outcome != THERMOMETER_READING)
		return (struct thermometer_reading){ .outcome = outcome };
	return (struct thermometer_reading){
		.outcome = THERMOMETER_READING,
		.object_centi_c = object,
		.ambient_centi_c = ambient,
	};
}

static void mlx90614_close(void *ctx)
{
	struct mlx90614 *m = ctx;

	m->port.close(m->port.ctx);
	free(m);
}

int mlx90614_open(struct thermometer *out, const struct i2c_port *port, uint8_t address)
{
	struct mlx90614 *m = calloc(1, sizeof(*m));

	if (!m)
		return -ENOMEM;
	m->port = *port;
	m->address = address;
	*out = (struct thermometer){ .read = mlx90614_read, .close = mlx90614_close, .ctx = m };
	return 0;
}
