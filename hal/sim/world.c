#include "hal/sim/world.h"

#include <string.h>

static const char *const device_names[SIM_DEVICE_COUNT_] = {
	[SIM_CAMERA] = "camera", [SIM_THERMOMETER] = "thermometer", [SIM_PRINTER] = "printer",
	[SIM_GATE] = "gate",     [SIM_SPEAKER] = "speaker",         [SIM_STICK] = "stick",
};

static const char *const fault_names[SIM_FAULT_COUNT_] = {
	[SIM_OK] = "ok",
	[SIM_ABSENT] = "absent",
	[SIM_UNPLUGGED] = "unplugged",
	[SIM_HUNG] = "hung",
	[SIM_GARBAGE] = "garbage",
	[SIM_CRC] = "crc",
	[SIM_PAPER_END] = "paper-end",
	[SIM_PAPER_LOW] = "paper-low",
	[SIM_COVER_OPEN] = "cover-open",
	[SIM_FULL] = "full",
	[SIM_READ_ONLY] = "read-only",
};

#define BIT(fault) (1U << (fault))
#define ALWAYS (BIT(SIM_OK) | BIT(SIM_ABSENT) | BIT(SIM_UNPLUGGED))

static const unsigned applies[SIM_DEVICE_COUNT_] = {
	[SIM_CAMERA] = ALWAYS | BIT(SIM_HUNG) | BIT(SIM_GARBAGE),
	[SIM_THERMOMETER] = ALWAYS | BIT(SIM_HUNG) | BIT(SIM_GARBAGE) | BIT(SIM_CRC),
	[SIM_PRINTER] = ALWAYS | BIT(SIM_HUNG) | BIT(SIM_GARBAGE) | BIT(SIM_PAPER_END) |
			BIT(SIM_PAPER_LOW) | BIT(SIM_COVER_OPEN),
	[SIM_GATE] = ALWAYS | BIT(SIM_HUNG),
	[SIM_SPEAKER] = ALWAYS,
	[SIM_STICK] = ALWAYS | BIT(SIM_GARBAGE) | BIT(SIM_FULL) | BIT(SIM_READ_ONLY),
};

const char *sim_device_name(enum sim_device device)
{
	assert(device < SIM_DEVICE_COUNT_);
	return device_names[device];
}

const char *sim_fault_name(enum sim_fault fault)
{
	assert(fault < SIM_FAULT_COUNT_);
	return fault_names[fault];
}

bool sim_fault_applies(enum sim_device device, enum sim_fault fault)
{
	assert(device < SIM_DEVICE_COUNT_ && fault < SIM_FAULT_COUNT_);
	return applies[device] & BIT(fault);
}

/* A world that was only zeroed has no pipe either: 0 is standard input, never our pipe. */
void sim_input(struct sim_world *world, enum line_input input, bool active)
{
	struct line_event event;

	if (world->input_pipe[1] <= 0)
		return;
	memset(&event, 0, sizeof(event)); /* gaps included: it is written as bytes */
	event.input = input;
	event.active = active;
	ssize_t put = write(world->input_pipe[1], &event, sizeof(event));
	assert(put == sizeof(event) || errno == EAGAIN); /* full: as a real line loses edges */
}
