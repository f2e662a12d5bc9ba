/*
 * How often a PIN may be tried. Pure.
 *
 * Five tries are free; the fifth wrong one is followed by 30 s of waiting, each further one by
 * twice as long, up to an hour. The same holds for the tries at all accounts of a role together, so
 * that a role with many accounts is not guessed faster than one. That is 34 tries in the first 24
 * hours and 24 a day from then on: 6 digits fall in a year with a probability of 0.88 %.
 *
 * Waiting is measured on a clock of its own that only counts time this machine has verifiably lived
 * through. Setting the wall clock does not move it; while switched off it stands still, unless the
 * wall clock was trusted before and after.
 */
#ifndef STORE_PIN_POLICY_H
#define STORE_PIN_POLICY_H

#include "base/defs.h"

/* How long after the last of so many wrong tries the next one is looked at. */
int64_t pin_wait_ms(int64_t tries);

struct pin_clock {
	int64_t now_ms; /* lived through so far */
	int64_t boot, mono_ms; /* when that was told last */
	int64_t wall_ms; /* the latest wall time it can have been then; 0 = never trusted */
};

/* The moment of a try. mono_first_ms is the earliest monotonic time known of this boot. */
struct pin_moment {
	int64_t boot, mono_first_ms, mono_ms, wall_ms;
	bool clock_trusted;
};

struct pin_clock pin_clock_advance(const struct pin_clock *was, const struct pin_moment *now);

#endif
