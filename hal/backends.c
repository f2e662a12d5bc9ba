#include "hal/backends.h"

#include <stdlib.h>
#include <string.h>

#include "hal/gate_gpiod.h"
#include "hal/i2c.h"
#ifdef GATEHOUSE_SIM
#include "codec/mlx90614.h"
#include "hal/sim/world.h"
#endif

struct backend {
	const char *name;
	int (*thermometer)(struct thermometer *out, const char *place, struct sim_world *world);
	int (*gate)(struct gate_line *out, const char *place, struct sim_world *world);
	int (*printer)(struct printer **out, const char *place, struct sim_world *world);
};

/* "/dev/i2c-1@0x5a" */
static int open_mlx90614(struct thermometer *out, const char *place, struct sim_world *world)
{
	char path[64];
	const char *at = strchr(place, '@');
	char *end;

	(void)world;
	if (!at || (size_t)(at - place) >= sizeof(path))
		return -EINVAL;
	unsigned long address = strtoul(at + 1, &end, 0);
	if (end == at + 1 || *end != '\0' || address < 0x03 || address > 0x77)
		return -EINVAL;
	memcpy(path, place, (size_t)(at - place));
	path[at - place] = '\0';

	struct i2c_port port;
	int err = i2c_linux_open(&port, path);
	if (err)
		return err;
	err = mlx90614_open(out, &port, (uint8_t)address);
	if (err)
		port.close(port.ctx);
	return err;
}

static int open_gpiod(struct gate_line *out, const char *place, struct sim_world *world)
{
	(void)world;
	return gate_gpiod_open(out, place);
}

static int open_escpos(struct printer **out, const char *place, struct sim_world *world)
{
	(void)world;
	return place[0] == '/' ? printer_open(out, place) : -EINVAL;
}

#ifdef GATEHOUSE_SIM
static int open_sim_thermometer(struct thermometer *out, const char *place, struct sim_world *world)
{
	struct i2c_port port;

	(void)place;
	int err = sim_i2c_open(&port, world);
	if (err)
		return err;
	err = mlx90614_open(out, &port, MLX90614_ADDRESS);
	if (err)
		port.close(port.ctx);
	return err;
}

static int open_sim_gate(struct gate_line *out, const char *place, struct sim_world *world)
{
	(void)place;
	return sim_gate_open(out, world);
}

static int open_sim_printer(struct printer **out, const char *place, struct sim_world *world)
{
	int fd;

	(void)place;
	int err = sim_printer_open(&world->printer, world, &fd);
	if (err)
		return err;
	return printer_open_fd(out, fd);
}
#endif

/* One row a backend; the classes it serves are the functions it has, or the names below. */
static const struct backend BACKEND[] = {
	{ .name = "mlx90614", .thermometer = open_mlx90614 },
	{ .name = "gpiod", .gate = open_gpiod },
	{ .name = "escpos", .printer = open_escpos },
#ifdef GATEHOUSE_SIM
	{ .name = "sim",
	  .thermometer = open_sim_thermometer,
	  .gate = open_sim_gate,
	  .printer = open_sim_printer },
#endif
};

#ifdef GATEHOUSE_SIM
#define OR_SIM ", sim"
#else
#define OR_SIM ""
#endif

/* Names of each class, as the message lists them. */
static const char *const NAMES[BACKEND_CLASS_COUNT_] = {
	[BACKEND_THERMOMETER] = "none, mlx90614" OR_SIM,
	[BACKEND_GATE] = "none, gpiod" OR_SIM,
	[BACKEND_PRINTER] = "none, escpos" OR_SIM,
	[BACKEND_CAMERA] = "none, v4l2" OR_SIM,
	[BACKEND_SPEAKER] = "none, sdl",
	[BACKEND_STICK] = "none, dir" OR_SIM,
};

static const char *const CLASS_NAME[BACKEND_CLASS_COUNT_] = {
	[BACKEND_THERMOMETER] = "thermometer", [BACKEND_GATE] = "gate",
	[BACKEND_PRINTER] = "printer",         [BACKEND_CAMERA] = "camera",
	[BACKEND_SPEAKER] = "speaker",         [BACKEND_STICK] = "stick",
};

static size_t name_length(const char *spec)
{
	return strcspn(spec, ":");
}

bool backend_is(const char *spec, const char *name)
{
	return name_length(spec) == strlen(name) && strncmp(spec, name, strlen(name)) == 0;
}

bool backend_known(enum backend_class class, const char *spec, const char **place, char *message,
		   size_t cap)
{
	char names[64];
	char *save = NULL;

	snprintf(names, sizeof(names), "%s", NAMES[class]);
	for (char *name = strtok_r(names, ", ", &save); name; name = strtok_r(NULL, ", ", &save))
		if (backend_is(spec, name)) {
			const char *colon = strchr(spec, ':');
			*place = colon ? colon + 1 : "";
			return true;
		}
	snprintf(message, cap, "%s = %s: \"%.*s\" is none of the backends of this build (%s)",
		 CLASS_NAME[class], spec, (int)name_length(spec), spec, NAMES[class]);
	return false;
}

/* The row of a spec; NULL for "none" and unknown names. */
static const struct backend *find(const char *spec, const char **place)
{
	const char *colon = strchr(spec, ':');

	*place = colon ? colon + 1 : "";
	for (size_t i = 0; i < ARRAY_LEN(BACKEND); i++)
		if (backend_is(spec, BACKEND[i].name))
			return &BACKEND[i];
	return NULL;
}

int backend_thermometer_open(struct thermometer *out, const char *spec, struct sim_world *world)
{
	const char *place;
	const struct backend *b = find(spec, &place);
	return b && b->thermometer ? b->thermometer(out, place, world) : -ENODEV;
}

int backend_gate_open(struct gate_line *out, const char *spec, struct sim_world *world)
{
	const char *place;
	const struct backend *b = find(spec, &place);
	return b && b->gate ? b->gate(out, place, world) : -ENODEV;
}

int backend_printer_open(struct printer **out, const char *spec, struct sim_world *world)
{
	const char *place;
	const struct backend *b = find(spec, &place);
	return b && b->printer ? b->printer(out, place, world) : -ENODEV;
}
