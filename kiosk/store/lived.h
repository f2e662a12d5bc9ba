/*
 * How long ago something was recorded, in time this machine has lived through. Inside the store
 * only.
 *
 * Deleting too early cannot be undone, and a wall clock can be set to anything; so ages are not
 * taken from it. What counts is what the register itself has seen pass: inside a boot the monotonic
 * clock; between two boots the wall clock's difference, when it was trusted on both sides, but
 * never more than a week of it. A clock set forward while the machine runs ages nothing; one set
 * forward while it is off ages everything by a week at most, once. The price: what a machine spends
 * switched off beyond a week makes it keep things for so much longer.
 */
#ifndef STORE_LIVED_H
#define STORE_LIVED_H

#include "store/db.h"

#define LIVED_GAP_MAX_MS (INT64_C(7) * 24 * 3600 * 1000)

/* Now, as the caller's clocks say. */
struct lived_now {
	int64_t wall_ms, mono_ms;
	bool clock_trusted;
};

/* The last event recorded at least age_ms of lived time ago, 0 when there is none. Some 40 small
 * reads a boot. */
MUST_CHECK int lived_event(struct register_db *db, const struct lived_now *now, int64_t age_ms,
			   int64_t *seq);

#endif
