/*
 * Fourteen days of health monitoring of those who return, with a test every seven days and a
 * one-time leave for it (2·六). The day of arrival is day 0: monitoring ends with day 14. Days are
 * calendar days of the site. Pure.
 */
#ifndef CORE_MONITORING_H
#define CORE_MONITORING_H

#include "core/rules.h"

#define TESTS_MAX 8

struct monitoring {
	int64_t arrived_ms;
	int64_t tests_ms[TESTS_MAX]; /* samples taken since, 0 = none; in order */
	int64_t leave_from_ms, leave_until_ms; /* one-time leave; 0 = none */
	bool leave_used;
};

struct monitoring_state {
	bool known; /* false: the clock cannot say */
	int32_t day; /* 0 = arrival */
	bool over; /* the last day has passed and every test was taken */
	int32_t test_due_day; /* next day with a test due, 7 or 14 …; 0 when none is left */
	bool test_today, test_overdue;
};

struct monitoring_state monitoring_judge(const struct rulebook *book, const struct monitoring *m,
					 const struct moment *now);

/*
 * Fact for CHECK_MONITORING of somebody who wants out: good when the monitoring is over or an
 * unused leave is in force, bad while it runs, unknown with a doubtful clock. NULL: not monitored,
 * good.
 */
struct fact monitoring_fact(const struct rulebook *book, const struct monitoring *m,
			    const struct moment *now);

/* Fact for CHECK_TEST from a sample's time and its result (UNKNOWN: pending); its age is judged by
 * the rulebook's max-age. */
struct fact test_fact(int64_t sampled_ms, enum finding negative);

#endif
