/*
 * An MLX90614 behind the port seam: register words with their check byte, as the real chip sends
 * them, so that the real driver and its retries run above.
 */
#include <stdlib.h>
#include <string.h>

#include "codec/mlx90614.h"
#include "hal/sim/world.h"

struct i2c_sim {
	struct sim_world *world;
	uint32_t noise; /* state of the garbage */
};

/* Linear congruential, Numerical Recipes: the same garbage in every run. */
static uint8_t noise(struct i2c_sim *sim)
{
	sim->noise = sim->noise * 1664525U + 1013904223U;
	return (uint8_t)(sim->noise >> 24);
}

/* What the registers hold. False: no such register. */
static bool answer_of(const struct sim_world *world, uint8_t address, uint8_t command,
		      uint8_t answer[3])
{
	int32_t skin = world->skin_centi_c ? world->skin_centi_c : world->ambient_centi_c;

	switch (command) {
	case MLX90614_FLAGS:
		answer[0] = MLX90614_FLAG_INIT;
		answer[1] = 0;
		answer[2] = mlx90614_pec(address, command, answer[0], answer[1]);
		return true;
	case MLX90614_RAM_AMBIENT:
		mlx90614_encode(address, command, world->ambient_centi_c, answer);
		return true;
	case MLX90614_RAM_OBJECT:
		mlx90614_encode(address, command, skin, answer);
		return true;
	default:
		return false;
	}
}

static void spoil(struct i2c_sim *sim, uint8_t address, uint8_t command, uint8_t answer[3])
{
	if (sim->world->fault[SIM_THERMOMETER] == SIM_GARBAGE) {
		answer[0] = noise(sim);
		answer[1] = noise(sim);
		answer[2] = mlx90614_pec(address, command, answer[0], answer[1]);
	}
	answer[2] ^= (uint8_t)(1 + noise(sim) % 255); /* never the right one */
}

static int sim_transfer(void *ctx, uint8_t address, const uint8_t *tx, size_t tx_len, uint8_t *rx,
			size_t rx_len)
{
	struct i2c_sim *sim = ctx;
	enum sim_fault fault = sim->world->fault[SIM_THERMOMETER];
	uint8_t answer[3];

	if (address != MLX90614_ADDRESS || fault == SIM_ABSENT || fault == SIM_UNPLUGGED)
		return -ENXIO;
	if (fault == SIM_HUNG)
		return -ETIMEDOUT;
	if (tx_len != 1 || rx_len != sizeof(answer))
		return -EIO;
	if (!answer_of(sim->world, address, tx[0], answer))
		return -EIO;
	if (fault == SIM_GARBAGE || fault == SIM_CRC)
		spoil(sim, address, tx[0], answer);
	memcpy(rx, answer, sizeof(answer));
	return 0;
}

int sim_i2c_open(struct i2c_port *port, struct sim_world *world)
{
	struct i2c_sim *sim = calloc(1, sizeof(*sim));

	if (!sim)
		return -ENOMEM;
	sim->world = world;
	*port = (struct i2c_port){ .transfer = sim_transfer, .close = free, .ctx = sim };
	return 0;
}
