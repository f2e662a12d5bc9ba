/*
 * Hours and ages at their exact bounds, across midnight, month end, leap day and zone; facts from
 * the future; a clock set back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/civil.h"
#include "tests/unit/core/helper_rules.h"

#define MINUTE_MS INT64_C(60000)
#define WEEK_MIN (7 * 24 * 60)
#define CHINA 480

static int64_t at(const char *iso)
{
	int64_t wall_ms = 0;
	bool good = civil_parse_iso(iso, &wall_ms);

	assert_true(good);
	return wall_ms;
}

/* Every minute of a day against every pair of bounds out of these, told in another way: whoever
 * walks on from the start meets the minute before the end. */
static void test_every_minute_of_a_day(void **state)
{
	(void)state;
	static const int32_t BOUND[] = { 0, 1, 299, 300, 719, 720, 1319, 1438, 1439, 1440 };
	int64_t midnight = at("2026-11-23T00:00:00+08:00");

	for (size_t s = 0; s < ARRAY_LEN(BOUND) - 1; s++)
		for (size_t e = 0; e < ARRAY_LEN(BOUND); e++) {
			struct window w = { "", BOUND[s], BOUND[e] };
			bool within[1440] = { false };
			for (int32_t m = BOUND[s]; m != BOUND[e]; m++) {
				if (m == 1440)
					m = 0;
				if (m == BOUND[e])
					break;
				within[m] = true;
			}
			for (int32_t m = 0; m < 1440; m++)
				assert_int_equal(
					window_contains(&w, midnight + m * MINUTE_MS, CHINA),
					within[m]);
		}
}

static void test_window_bounds_to_the_millisecond(void **state)
{
	(void)state;
	const struct window night = { "night", 22 * 60, 5 * 60 + 30 };
	static const struct {
		const char *iso;
		int32_t plus_ms;
		bool within;
	} CASE[] = {
		{ "2026-11-23T22:00:00+08:00", -1, false },
		{ "2026-11-23T22:00:00+08:00", 0, true },
		{ "2026-11-24T00:00:00+08:00", -1, true },
		{ "2026-11-24T00:00:00+08:00", 0, true },
		{ "2026-11-24T05:30:00+08:00", -1, true },
		{ "2026-11-24T05:30:00+08:00", 0, false },
		{ "2026-11-30T23:59:59+08:00", 0, true },
		{ "2026-12-01T00:00:00+08:00", 0, true },
		{ "2028-02-28T23:59:59+08:00", 0, true },
		{ "2028-02-29T05:29:59+08:00", 0, true },
		{ "2028-02-29T05:30:00+08:00", 0, false },
		{ "2027-12-31T23:30:00+08:00", 0, true },
	};

	for (size_t i = 0; i < ARRAY_LEN(CASE); i++)
		assert_int_equal(window_contains(&night, at(CASE[i].iso) + CASE[i].plus_ms, CHINA),
				 CASE[i].within);
}

/* The hours are those of the place: one moment, three clocks on three walls. */
static void test_window_in_its_zone(void **state)
{
	(void)state;
	const struct window morning = { "morning", 5 * 60, 7 * 60 + 30 };
	int64_t now = at("2026-11-23T06:00:00+08:00");

	assert_true(window_contains(&morning, now, CHINA));
	assert_false(window_contains(&morning, now, 0)); /* 22:00 the day before */
	assert_false(window_contains(&morning, now, CHINA + 90)); /* 07:30 */
	assert_true(window_contains(&morning, now, CHINA + 89));
	assert_true(window_contains(&morning, now, CHINA - 60)); /* 05:00 */
	assert_false(window_contains(&morning, now, CHINA - 61));
}

static void test_window_in_a_rule(void **state)
{
	(void)state;
	struct desk k;

	desk_fill(&k);
	k.rule->required = 1U << CHECK_WINDOW;
	k.rule->window = 2;
	k.book.window_count = 2;
	k.book.windows[1] = (struct window){ "night", 22 * 60, 4 * 60 };
	k.question.now.wall_ms = at("2026-11-23T21:59:59+08:00");
	assert_int_equal(rules_decide(&k.book, &k.question).reasons[0].code, REASON_WINDOW_CLOSED);
	k.question.now.wall_ms = at("2026-11-23T22:00:00+08:00");
	assert_int_equal(rules_decide(&k.book, &k.question).verdict, VERDICT_ADMIT);
	k.question.now.wall_ms = at("2026-11-24T03:59:59+08:00");
	assert_int_equal(rules_decide(&k.book, &k.question).verdict, VERDICT_ADMIT);
	k.question.now.wall_ms = at("2026-11-24T04:00:00+08:00");
	assert_int_equal(rules_decide(&k.book, &k.question).verdict, VERDICT_REFUSE);
	k.question.now.utc_offset_min -= 1; /* where it is still 03:59 */
	assert_int_equal(rules_decide(&k.book, &k.question).verdict, VERDICT_ADMIT);
}

static enum reason_code judge_test(const char *taken, int64_t taken_plus_ms, const char *now,
				   bool trusted)
{
	struct desk k;

	desk_fill(&k);
	k.rule->required = 1U << CHECK_TEST;
	k.book.max_age_min[CHECK_TEST] = WEEK_MIN;
	k.facts[CHECK_TEST].wall_ms = at(taken) + taken_plus_ms;
	k.question.now.wall_ms = at(now);
	k.question.now.clock_trusted = trusted;
	struct decision d = rules_decide(&k.book, &k.question);
	assert_int_equal(d.verdict == VERDICT_ADMIT, d.reason_count == 0);
	assert_int_equal(d.clock_doubtful, !trusted);
	return d.reason_count ? d.reasons[0].code : REASON_NONE;
}

static void test_seven_days(void **state)
{
	(void)state;
	static const struct {
		const char *taken, *now;
		int64_t plus_ms;
		enum reason_code code;
	} CASE[] = {
		/* exactly seven days, and a millisecond more */
		{ "2026-11-16T08:00:00+08:00", "2026-11-23T08:00:00+08:00", 0, REASON_NONE },
		{ "2026-11-16T08:00:00+08:00", "2026-11-23T08:00:00+08:00", -1,
		  REASON_TEST_TOO_OLD },
		/* across the ends of a month, of a year, and of a February in both kinds of year */
		{ "2026-11-28T08:00:00+08:00", "2026-12-05T08:00:00+08:00", 0, REASON_NONE },
		{ "2026-11-28T07:59:59+08:00", "2026-12-05T08:00:00+08:00", 0,
		  REASON_TEST_TOO_OLD },
		{ "2026-12-28T23:59:59+08:00", "2027-01-04T23:59:59+08:00", 0, REASON_NONE },
		{ "2027-02-22T10:00:00+08:00", "2027-03-01T10:00:00+08:00", 0, REASON_NONE },
		{ "2028-02-23T10:00:00+08:00", "2028-03-01T10:00:00+08:00", 0, REASON_NONE },
		{ "2028-02-22T10:00:00+08:00", "2028-03-01T10:00:00+08:00", 0,
		  REASON_TEST_TOO_OLD },
		{ "2028-02-22T10:00:00+08:00", "2028-02-29T10:00:00+08:00", 0, REASON_NONE },
		/* midnight is not a bound */
		{ "2026-11-17T00:00:00+08:00", "2026-11-23T23:59:59+08:00", 0, REASON_NONE },
		/* a sample taken abroad: the age is of time, not of wall clocks */
		{ "2026-11-16T00:00:00Z", "2026-11-23T08:00:00+08:00", 0, REASON_NONE },
		/* from the future: two clocks may differ by five minutes, not more */
		{ "2026-11-23T08:05:00+08:00", "2026-11-23T08:00:00+08:00", 0, REASON_NONE },
		{ "2026-11-23T08:05:00+08:00", "2026-11-23T08:00:00+08:00", 1,
		  REASON_TEST_TOO_OLD },
		{ "2027-11-23T08:00:00+08:00", "2026-11-23T08:00:00+08:00", 0,
		  REASON_TEST_TOO_OLD },
	};

	for (size_t i = 0; i < ARRAY_LEN(CASE); i++) {
		assert_int_equal(judge_test(CASE[i].taken, CASE[i].plus_ms, CASE[i].now, true),
				 CASE[i].code);
		assert_int_equal(judge_test(CASE[i].taken, CASE[i].plus_ms, CASE[i].now, false),
				 REASON_TEST_MISSING); /* no age without a clock */
	}
}

/* Whoever sets the clock back an hour makes this morning's facts future ones: not good. */
static void test_clock_set_back(void **state)
{
	(void)state;
	const char *taken = "2026-11-23T07:50:00+08:00";

	assert_int_equal(judge_test(taken, 0, "2026-11-23T08:00:00+08:00", true), REASON_NONE);
	assert_int_equal(judge_test(taken, 0, "2026-11-23T07:00:00+08:00", true),
			 REASON_TEST_TOO_OLD);
	assert_int_equal(judge_test(taken, 0, "2020-01-01T00:00:00+08:00", true),
			 REASON_TEST_TOO_OLD);
	assert_int_equal(judge_test(taken, 0, "1970-01-01T00:00:00Z", true), REASON_TEST_TOO_OLD);
}

static void test_no_age_where_none_is_set(void **state)
{
	(void)state;
	struct desk k;

	desk_fill(&k);
	k.rule->required = 1U << CHECK_TEST;
	k.facts[CHECK_TEST].wall_ms = 0;
	k.question.now.clock_trusted = false;
	struct decision d = rules_decide(&k.book, &k.question);
	assert_int_equal(d.verdict, VERDICT_ADMIT);
	assert_false(d.clock_doubtful);
	/* The age of one check is not that of another. */
	k.book.max_age_min[CHECK_DISINFECTION] = 1;
	assert_int_equal(rules_decide(&k.book, &k.question).verdict, VERDICT_ADMIT);
}

/* To the minute: an age of one minute is kept for sixty seconds. */
static void test_shortest_age(void **state)
{
	(void)state;
	struct desk k;

	desk_fill(&k);
	k.rule->required = 1U << CHECK_DISINFECTION;
	k.book.max_age_min[CHECK_DISINFECTION] = 1;
	k.facts[CHECK_DISINFECTION].wall_ms = RULES_NOW_MS - MINUTE_MS;
	assert_int_equal(rules_decide(&k.book, &k.question).verdict, VERDICT_ADMIT);
	k.facts[CHECK_DISINFECTION].wall_ms--;
	struct decision d = rules_decide(&k.book, &k.question);
	assert_int_equal(d.verdict, VERDICT_REFER);
	assert_int_equal(d.reasons[0].code, REASON_DISINFECTION_OVERDUE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_minute_of_a_day),
		cmocka_unit_test(test_window_bounds_to_the_millisecond),
		cmocka_unit_test(test_window_in_its_zone),
		cmocka_unit_test(test_window_in_a_rule),
		cmocka_unit_test(test_seven_days),
		cmocka_unit_test(test_clock_set_back),
		cmocka_unit_test(test_no_age_where_none_is_set),
		cmocka_unit_test(test_shortest_age),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
