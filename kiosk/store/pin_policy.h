/*
 * How often a PIN may be tried. Pure.
 *
 * Two rules, and the longer wait counts. Five tries are free; the fifth wrong one is followed by 30
 * s of waiting, each further one by twice as long, up to an hour, until the right PIN was given.
 * And whatever happens in between, other people logging in too, no more than 34 wrong ones are
 * looked at in any 24 hours: twelve, and one more every 65 minutes and a half. Both hold for the
 * tries at all accounts of a role together, so that a role with many accounts is not guessed faster
 * than one: 6 digits fall in a year with a probability of 0.8 %.
 *
 * Waiting is measured on a clock of its own that only counts time this machine has verifiably lived
 * through while it was on. Setting the wall clock does not move it; while switched off it stands
 * still.
 */
#ifndef STORE_PIN_POLICY_H
#define STORE_PIN_POLICY_H

#include "base/defs.h"

/* How long after the last of so many wrong tries the next one is looked at. */
int64_t pin_wait_ms(int64_t tries);

/* The second rule keeps one number a role: until when its tries are paid for, on the pin clock. */
#define PIN_BURST 12
#define PIN_REFILL_MS INT64_C(3927273) /* 24 h / 22 */
int64_t pin_paid_wait_ms(int64_t paid_until_ms, int64_t now_ms);
int64_t pin_paid_after_try(int64_t paid_until_ms, int64_t now_ms);
/* A right PIN takes its own try back. */
int64_t pin_paid_after_right(int64_t paid_until_ms);

struct pin_clock {
	int64_t now_ms; /* lived through so far */
	int64_t boot, mono_ms; /* when that was told last */
	int64_t wall_ms; /* the latest wall time it can have been then; 0 = never trusted: what an
			    account with an end is held against while the clock is doubtful */
};

/* The moment of a try. mono_first_ms is the earliest monotonic time known of this boot. */
struct pin_moment {
	int64_t boot, mono_first_ms, mono_ms, wall_ms;
	bool clock_trusted;
};

struct pin_clock pin_clock_advance(const struct pin_clock *was, const struct pin_moment *now);

#endif
