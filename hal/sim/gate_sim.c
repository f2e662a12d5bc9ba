/* The gate's lines: the output is a field of the world, the inputs come through a pipe. */
#include <fcntl.h>

#include "hal/sim/world.h"

static const int fault_errors[SIM_FAULT_COUNT_] = {
	[SIM_ABSENT] = -ENODEV,
	[SIM_UNPLUGGED] = -EIO,
	[SIM_HUNG] = -ETIMEDOUT,
};

static int fault_error(const struct sim_world *world)
{
	return fault_errors[world->fault[SIM_GATE]];
}

static int sim_release(void *ctx, bool active)
{
	struct sim_world *world = ctx;
	int err = fault_error(world);

	if (err) {
		world->gate_released = false; /* a relay without its board falls */
		return err;
	}
	if (active && !world->gate_released)
		world->gate_pulses++;
	world->gate_released = active;
	return 0;
}

static int sim_event_fd(void *ctx)
{
	struct sim_world *world = ctx;

	return world->input_pipe[0];
}

static int sim_next_event(void *ctx, struct line_event *event)
{
	struct sim_world *world = ctx;
	ssize_t got = read(world->input_pipe[0], event, sizeof(*event));

	if (got < 0)
		return errno == EAGAIN ? 0 : -errno;
	return got == sizeof(*event) ? 1 : -EIO;
}

static void sim_close(void *ctx)
{
	struct sim_world *world = ctx;

	world->gate_released = false;
	close_fd(&world->input_pipe[0]);
	close_fd(&world->input_pipe[1]);
}

int sim_gate_open(struct gate_line *line, struct sim_world *world)
{
	int err = fault_error(world);

	if (err)
		return err;
	if (pipe2(world->input_pipe, O_CLOEXEC | O_NONBLOCK)) {
		err = -errno;
		world->input_pipe[0] = world->input_pipe[1] = -1;
		return err;
	}
	*line = (struct gate_line){
		.release = sim_release,
		.event_fd = sim_event_fd,
		.next_event = sim_next_event,
		.close = sim_close,
		.ctx = world,
	};
	return 0;
}
