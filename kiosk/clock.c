#include "clock.h"

#include <errno.h>
#include <time.h>

#include "base/civil.h"

#define STEP_MS 1000

static int64_t read_ms(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void judge(struct clock *clock)
{
	clock->trusted = clock_wall_ms(clock) >= clock->floor_ms;
}

void clock_real(struct clock *clock)
{
	*clock = (struct clock){ .floor_ms = CLOCK_EARLIEST_MS };
	clock->wall_offset_ms = read_ms(CLOCK_REALTIME) - read_ms(CLOCK_BOOTTIME);
	judge(clock);
}

void clock_virtual(struct clock *clock, int64_t wall_ms)
{
	*clock = (struct clock){ .is_virtual = true,
				 .floor_ms = CLOCK_EARLIEST_MS,
				 .wall_offset_ms = wall_ms };
	judge(clock);
}

int64_t clock_mono_ms(const struct clock *clock)
{
	return clock->is_virtual ? clock->mono_ms : read_ms(CLOCK_BOOTTIME);
}

int64_t clock_wall_ms(const struct clock *clock)
{
	return clock->is_virtual ? clock->mono_ms + clock->wall_offset_ms : read_ms(CLOCK_REALTIME);
}

static int set_machine(int64_t wall_ms)
{
	struct timespec ts = { .tv_sec = wall_ms / 1000, .tv_nsec = wall_ms % 1000 * 1000000 };

	return clock_settime(CLOCK_REALTIME, &ts) < 0 ? -errno : 0;
}

int clock_set(struct clock *clock, int64_t wall_ms)
{
	int err = clock->is_virtual ? 0 : set_machine(wall_ms);

	if (err)
		return err;
	clock->wall_offset_ms = wall_ms - clock_mono_ms(clock);
	(void)clock_confirm(clock);
	return 0;
}

bool clock_confirm(struct clock *clock)
{
	if (clock_wall_ms(clock) < CLOCK_EARLIEST_MS)
		return false;
	clock->floor_ms = CLOCK_EARLIEST_MS;
	judge(clock);
	return true;
}

void clock_raise_floor(struct clock *clock, int64_t wall_ms)
{
	if (wall_ms > clock->floor_ms)
		clock->floor_ms = wall_ms;
	judge(clock);
}

int64_t clock_step_ms(struct clock *clock)
{
	if (clock->is_virtual)
		return 0;
	int64_t offset = read_ms(CLOCK_REALTIME) - read_ms(CLOCK_BOOTTIME);
	int64_t step = offset - clock->wall_offset_ms;
	if (step > -STEP_MS && step < STEP_MS)
		return 0;
	clock->wall_offset_ms = offset;
	judge(clock);
	return step;
}
