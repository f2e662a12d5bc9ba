#include "store/pin_policy.h"

#define FREE_TRIES 5
#define FIRST_WAIT_MS INT64_C(30000)
#define LONGEST_WAIT_MS INT64_C(3600000)

int64_t pin_wait_ms(int64_t tries)
{
	int64_t wait_ms = FIRST_WAIT_MS;

	if (tries < FREE_TRIES)
		return 0;
	for (int64_t i = FREE_TRIES; i < tries && wait_ms < LONGEST_WAIT_MS; i++)
		wait_ms *= 2;
	return wait_ms < LONGEST_WAIT_MS ? wait_ms : LONGEST_WAIT_MS;
}

int64_t pin_paid_wait_ms(int64_t paid_until_ms, int64_t now_ms)
{
	int64_t over_ms = paid_until_ms - now_ms - (PIN_BURST - 1) * PIN_REFILL_MS;

	return over_ms > 0 ? over_ms : 0;
}

int64_t pin_paid_after_try(int64_t paid_until_ms, int64_t now_ms)
{
	return (paid_until_ms > now_ms ? paid_until_ms : now_ms) + PIN_REFILL_MS;
}

int64_t pin_paid_after_right(int64_t paid_until_ms)
{
	return paid_until_ms - PIN_REFILL_MS;
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

struct pin_clock pin_clock_advance(const struct pin_clock *was, const struct pin_moment *now)
{
	bool same_boot = was->boot == now->boot;
	int64_t lived_ms = later(0, now->mono_ms - (same_boot ? was->mono_ms : now->mono_first_ms));
	struct pin_clock is = { .boot = now->boot, .mono_ms = now->mono_ms };

	if (same_boot)
		is.mono_ms = later(is.mono_ms, was->mono_ms);
	is.now_ms = was->now_ms + lived_ms;
	/* The latest of all it can have been: what is counted once is not counted again when the
	 * clock goes back and forth. */
	if (was->wall_ms > 0)
		is.wall_ms = was->wall_ms + lived_ms;
	if (now->clock_trusted)
		is.wall_ms = later(is.wall_ms, now->wall_ms);
	return is;
}
