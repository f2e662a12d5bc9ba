/* Quota, monitoring: across midnight, month end, leap day, with a clock set back and one not to be
 * trusted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/civil.h"
#include "core/monitoring.h"
#include "core/quota.h"

static struct rulebook book(void)
{
	return (struct rulebook){ .quota_persons = 1,
				  .quota_days = 2,
				  .quota_minutes = 180,
				  .monitoring_days = 14,
				  .test_every_days = 7 };
}

static int64_t at(const char *text)
{
	int64_t ms;
	char full[40];

	snprintf(full, sizeof(full), "%s:00+08:00", text);
	assert_true(civil_parse_iso(full, &ms));
	return ms;
}

static struct moment now(const char *text)
{
	return (struct moment){ at(text), 480, true };
}

static void test_one_person_per_two_days(void **state)
{
	(void)state;
	struct rulebook b = book();
	struct moment t = now("2026-11-23T09:00");
	struct quota q = quota_judge(&b, NULL, 0, &t);
	assert_int_equal(q.fact.finding, FINDING_GOOD);
	assert_int_equal(q.fact.value, 180);

	struct outing first = { at("2026-11-23T08:00"), at("2026-11-23T10:00") };
	t = now("2026-11-23T10:30");
	q = quota_judge(&b, &first, 1, &t);
	assert_int_equal(q.fact.finding, FINDING_BAD);
	assert_true(q.next_ms == at("2026-11-25T00:00"));
	t = now("2026-11-24T23:59"); /* the second day still counts */
	assert_int_equal(quota_judge(&b, &first, 1, &t).fact.finding, FINDING_BAD);
	t = now("2026-11-25T00:00");
	assert_int_equal(quota_judge(&b, &first, 1, &t).fact.finding, FINDING_GOOD);
}

static void test_still_out_always_counts(void **state)
{
	(void)state;
	struct rulebook b = book();
	struct outing out = { at("2026-11-20T08:00"), 0 };
	struct moment t = now("2026-11-28T09:00");
	assert_int_equal(quota_judge(&b, &out, 1, &t).fact.finding, FINDING_BAD);
	b.quota_persons = 2;
	assert_int_equal(quota_judge(&b, &out, 1, &t).fact.finding, FINDING_GOOD);
	b.quota_persons = 0; /* no quota at all */
	assert_int_equal(quota_judge(&b, &out, 1, &t).fact.finding, FINDING_GOOD);
}

static void test_doubtful_clock_counts_nothing(void **state)
{
	(void)state;
	struct rulebook b = book();
	struct outing out = { at("2026-11-23T08:00"), at("2026-11-23T09:00") };
	struct moment t = now("2026-12-23T09:00");
	t.clock_trusted = false;
	assert_int_equal(quota_judge(&b, &out, 1, &t).fact.finding, FINDING_UNKNOWN);
	t = now("2026-11-23T07:00"); /* set back before the outing */
	assert_int_equal(quota_judge(&b, &out, 1, &t).fact.finding, FINDING_UNKNOWN);
	int32_t minutes;
	assert_false(quota_minutes_left(&b, &out, &t, &minutes));
	struct outing backwards = { at("2026-11-23T09:00"), at("2026-11-23T08:00") };
	t = now("2026-11-23T10:00");
	assert_int_equal(quota_judge(&b, &backwards, 1, &t).fact.finding, FINDING_UNKNOWN);
}

static void test_minutes_left(void **state)
{
	(void)state;
	struct rulebook b = book();
	struct outing out = { at("2026-12-31T22:30"), 0 };
	int32_t minutes;
	struct moment t = now("2027-01-01T00:30"); /* across midnight and the year */
	assert_true(quota_minutes_left(&b, &out, &t, &minutes));
	assert_int_equal(minutes, 60);
	t = now("2027-01-01T01:30");
	assert_true(quota_minutes_left(&b, &out, &t, &minutes));
	assert_int_equal(minutes, 0);
	t.wall_ms += 1;
	assert_true(quota_minutes_left(&b, &out, &t, &minutes));
	assert_int_equal(minutes, -1);
	out.back_ms = at("2026-12-31T23:30"); /* back: no longer running */
	assert_true(quota_minutes_left(&b, &out, &t, &minutes));
	assert_int_equal(minutes, 120);
}

/* Every day of several years, leap days among them: the period is exactly two calendar days. */
static void test_every_day(void **state)
{
	(void)state;
	struct rulebook b = book();
	int64_t day = at("2027-01-01T00:00");
	for (int i = 0; i < 365 * 6; i++, day += 86400000) {
		struct outing out = { day + 23 * 3600000, day + 24 * 3600000 - 1 };
		for (int d = 0; d < 4; d++) {
			struct moment t = { day + d * INT64_C(86400000) + 86399999, 480, true };
			assert_int_equal(quota_judge(&b, &out, 1, &t).fact.finding,
					 d < 2 ? FINDING_BAD : FINDING_GOOD);
		}
	}
}

static void test_monitoring_days(void **state)
{
	(void)state;
	struct rulebook b = book();
	struct monitoring m = { .arrived_ms = at("2028-02-22T23:50") }; /* across a leap day */
	struct moment t = now("2028-02-23T00:10");
	assert_int_equal(monitoring_judge(&b, &m, &t).day, 1);
	t = now("2028-02-29T12:00");
	struct monitoring_state s = monitoring_judge(&b, &m, &t);
	assert_int_equal(s.day, 7);
	assert_true(s.test_today && !s.test_overdue);
	t = now("2028-03-01T12:00");
	s = monitoring_judge(&b, &m, &t);
	assert_int_equal(s.day, 8);
	assert_true(s.test_overdue);
	m.tests_ms[0] = at("2028-02-29T15:00");
	s = monitoring_judge(&b, &m, &t);
	assert_false(s.test_overdue);
	assert_int_equal(s.test_due_day, 14);
	t = now("2028-03-07T23:59");
	s = monitoring_judge(&b, &m, &t);
	assert_int_equal(s.day, 14);
	assert_false(s.over);
	t = now("2028-03-08T00:00");
	assert_false(monitoring_judge(&b, &m, &t).over); /* the second test is missing */
	m.tests_ms[1] = at("2028-03-07T09:00");
	assert_true(monitoring_judge(&b, &m, &t).over);
}

/* One sample does not serve two due days. */
static void test_a_test_serves_once(void **state)
{
	(void)state;
	struct rulebook b = book();
	struct monitoring m = { .arrived_ms = at("2026-11-01T08:00") };
	m.tests_ms[0] = at("2026-11-05T08:00"); /* day 4: too early for day 7 */
	struct moment t = now("2026-11-09T08:00");
	assert_true(monitoring_judge(&b, &m, &t).test_overdue);
	m.tests_ms[1] = at("2026-11-09T09:00");
	t = now("2026-11-16T08:00");
	assert_int_equal(monitoring_judge(&b, &m, &t).test_due_day, 14);
}

static void test_leave(void **state)
{
	(void)state;
	struct rulebook b = book();
	struct monitoring m = { .arrived_ms = at("2026-11-20T08:00") };
	struct moment t = now("2026-11-27T09:00");
	assert_int_equal(monitoring_fact(&b, NULL, &t).finding, FINDING_GOOD);
	assert_int_equal(monitoring_fact(&b, &m, &t).finding, FINDING_BAD);
	m.leave_from_ms = at("2026-11-27T08:00");
	m.leave_until_ms = at("2026-11-27T12:00");
	assert_int_equal(monitoring_fact(&b, &m, &t).finding, FINDING_GOOD);
	m.leave_used = true;
	assert_int_equal(monitoring_fact(&b, &m, &t).finding, FINDING_BAD);
	m.leave_used = false;
	t = now("2026-11-27T12:00"); /* its end is not within it */
	assert_int_equal(monitoring_fact(&b, &m, &t).finding, FINDING_BAD);
	t.clock_trusted = false;
	assert_int_equal(monitoring_fact(&b, &m, &t).finding, FINDING_UNKNOWN);
	t = now("2026-11-19T12:00"); /* clock set back before the arrival */
	assert_int_equal(monitoring_fact(&b, &m, &t).finding, FINDING_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_person_per_two_days),
		cmocka_unit_test(test_still_out_always_counts),
		cmocka_unit_test(test_doubtful_clock_counts_nothing),
		cmocka_unit_test(test_minutes_left),
		cmocka_unit_test(test_every_day),
		cmocka_unit_test(test_monitoring_days),
		cmocka_unit_test(test_a_test_serves_once),
		cmocka_unit_test(test_leave),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
