/*
 * A household's quota of going out: so many persons in so many days, each for so many minutes
 * (rulebook: quota_persons, quota_days, quota_minutes). The plans ask to go out only when one must
 * (2·四) and name no number; every one is a setting.
 *
 * - One outing is one person who left, once; two who leave together are two.
 * - "In d days" counts calendar days of the site's zone, today and the d-1 before it: with one
 *   person in two days, who was out on Monday may go again on Wednesday from midnight on. An outing
 *   belongs to the day it began.
 * - Who has not come back counts on, however long ago he left.
 * - A clock that is not trusted, or lies before something already recorded, decides nothing:
 *   UNKNOWN, and clock_doubtful says why. So do numbers that are no quota (negative; no days).
 *
 * Pure, total, no allocation; the outings are the caller's and only read.
 */
#ifndef CORE_QUOTA_H
#define CORE_QUOTA_H

#include "core/days.h"
#include "core/rules.h"

/* More recent outings than this of one household are not reckoned with: UNKNOWN. */
#define QUOTA_OUTINGS_MAX 64

struct outing {
	int64_t out_ms, back_ms; /* back_ms 0 = still out */
};

struct quota {
	enum finding finding; /* GOOD: one more may go out now */
	bool clock_doubtful; /* UNKNOWN because of the clock, not of the numbers */
	bool waits_for_return; /* BAD: no day helps, somebody has to come back first */
	int32_t used; /* outings that count now */
	int32_t left; /* how many more may go out now; INT32_MAX without a quota */
	int64_t next_ms; /* BAD: when the next outing is possible if all are back by then; else 0 */
};

/* The household's count of outings, at least all of the last quota_days and all still out, newest
 * last. */
struct quota quota_look(const struct rulebook *book, const struct outing *outings, size_t count,
			const struct moment *now);

/* CHECK_QUOTA: the finding; value = minutes allowed outside, 0 = no limit or not GOOD. */
struct fact quota_fact(const struct rulebook *book, const struct outing *outings, size_t count,
		       const struct moment *now);

struct outing_time {
	bool out; /* not back yet */
	bool overdue; /* stays or stayed out longer than allowed; the last minute is allowed */
	bool clock_doubtful; /* how long cannot be said: the minutes are 0 */
	int32_t minutes_out; /* whole ones, until now or until back */
	int32_t minutes_left; /* whole ones; of somebody out within his time */
	int32_t minutes_over; /* a begun one counts */
	int64_t deadline_ms; /* 0: no limit, or no time it could follow from */
};

/* How one outing stands. */
struct outing_time quota_outing(const struct rulebook *book, const struct outing *outing,
				const struct moment *now);

#endif
