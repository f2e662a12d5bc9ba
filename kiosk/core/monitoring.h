/*
 * Fourteen days of health monitoring at home after a return, a nucleic acid test every seven of
 * them (2·六; rulebook: monitoring_days, test_every_days).
 *
 * - The day of arrival is day 0, the fourteen begin with the next: a period of days does not count
 *   the day it begins on and ends at 24:00 of its last day (Civil Code, articles 201 and 203). Day
 *   14 is the last that binds. Days are calendar days of the site's zone.
 * - Tests are due on days 7 and 14. One counts from its due day on, until the next is due: a test
 *   on day 5 would leave nine days without one. What was not made up by then is missed, for good.
 * - The fourteen days end by the calendar, whether or not every test was done; an open one stays on
 *   the list, overdue.
 * - A leave lets out once, within its hours, for a test.
 * - A clock that is not trusted, or lies before the arrival, decides nothing: UNKNOWN, never over.
 *
 * Pure, total, no allocation.
 */
#ifndef CORE_MONITORING_H
#define CORE_MONITORING_H

#include "core/due.h"
#include "core/rules.h"

/* More due tests than this in one period cannot be reckoned with: UNKNOWN. */
#define MONITORING_TESTS_MAX 64

/* Permission to go out once for a test; until_ms 0 = none was given. */
struct leave {
	int64_t from_ms, until_ms; /* from included, until not */
	int64_t used_ms; /* when somebody went out on it; 0 = not yet */
};

enum leave_state {
	LEAVE_NONE,
	LEAVE_UNKNOWN, /* the clock cannot say */
	LEAVE_NOT_YET,
	LEAVE_GOOD,
	LEAVE_USED,
	LEAVE_EXPIRED,
	LEAVE_STATE_COUNT_
};

/* One person on the list. */
struct monitored {
	int64_t arrived_ms; /* any time of the day of arrival; 0 = not on the list */
	const int64_t *samples_ms; /* when samples were taken, in any order; the caller's */
	size_t sample_count;
	struct leave leave; /* the last one given */
};

enum monitoring_state {
	MONITORING_NONE, /* not on the list, or the rulebook monitors nobody */
	MONITORING_UNKNOWN,
	MONITORING_RUNNING,
	MONITORING_OVER,
	MONITORING_STATE_COUNT_
};

struct monitoring {
	enum monitoring_state state;
	bool clock_doubtful; /* UNKNOWN because of the clock, not of the numbers */
	enum leave_state leave;
	int32_t day; /* 0 = day of arrival */
	int32_t days_left; /* days that still bind, today included; 0 when over */
	int64_t over_ms; /* midnight that ends the last day; 0 when not known */
	int32_t tests_done, tests_missed;
	int32_t test_day; /* day the next open test is due on; 0 = none open */
	bool test_today; /* it is due today or was before */
	int32_t test_overdue_days; /* since its day */
};

struct monitoring monitoring_look(const struct rulebook *book, const struct monitored *who,
				  const struct moment *now);

/* CHECK_MONITORING: GOOD when not bound or on a leave that holds; value = days that still bind. */
struct fact monitoring_fact(const struct rulebook *book, const struct monitored *who,
			    const struct moment *now);

/* Order of the morning's list: overdue longest first, due today, unknown, then who is due soonest;
 * the finished last. As strcmp: below 0 when a stands before b. */
int monitoring_order(const struct monitoring *a, const struct monitoring *b);

enum test_result {
	TEST_NONE, /* no test shown */
	TEST_PENDING, /* sample taken, no result yet */
	TEST_NEGATIVE,
	TEST_POSITIVE,
	TEST_RESULT_COUNT_
};

/* When a sample was taken, from what the evidence says: yyyymmdd and minute of the day. Without a
 * minute (below 0) the day's first, the oldest it can be. 0 when that is no time. */
int64_t monitoring_sample_ms(int32_t date, int32_t minute, int32_t utc_offset_min);

/* CHECK_TEST: negative is GOOD (its age is judged by the engine), positive is BAD whenever it was
 * taken, all else and a sample of the future UNKNOWN. value = the result. */
struct fact monitoring_test_fact(enum test_result result, int64_t sample_ms,
				 enum fact_source source, const struct moment *now);

#endif
