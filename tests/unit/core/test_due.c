/*
 * What is due again after a while and what holds between two times, at every bound; and the days
 * they are reckoned in, against the civil calendar over many years.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/civil.h"
#include "core/due.h"

#define OFFSET 480

static int64_t at(const char *text)
{
	char iso[CIVIL_TEXT_BYTES];
	int64_t ms = 0;

	snprintf(iso, sizeof(iso), "%.10sT%.8s+08:00", text, text + 11);
	if (!civil_parse_iso(iso, &ms))
		fail_msg("no time: %s", text);
	return ms;
}

static struct moment moment_at(int64_t ms)
{
	return (struct moment){ .wall_ms = ms, .utc_offset_min = OFFSET, .clock_trusted = true };
}

static void test_times(void **state)
{
	(void)state;
	assert_false(days_is_time(0)); /* never */
	assert_false(days_is_time(-1));
	assert_false(days_is_time(INT64_MIN));
	assert_true(days_is_time(1));
	assert_true(days_is_time(INT64_C(253402300799999)));
	assert_false(days_is_time(INT64_C(253402300800000)));

	struct moment now = moment_at(at("2026-11-23 08:00:00"));
	assert_true(days_clock_counts(&now));
	now.utc_offset_min = 1439;
	assert_true(days_clock_counts(&now));
	now.utc_offset_min = -1439;
	assert_true(days_clock_counts(&now));
	now.utc_offset_min = 1440;
	assert_false(days_clock_counts(&now));
	now.utc_offset_min = -1440;
	assert_false(days_clock_counts(&now));
	now = moment_at(0);
	assert_false(days_clock_counts(&now));
	now = moment_at(at("2026-11-23 08:00:00"));
	now.clock_trusted = false;
	assert_false(days_clock_counts(&now));
}

/* A number of a day is one more exactly when the date changes, for 130 years, at any offset. */
static void test_days_are_dates(void **state)
{
	(void)state;
	static const int32_t OFFSETS[] = { 480, 0, -720, 330, 840 };

	for (size_t i = 0; i < ARRAY_LEN(OFFSETS); i++) {
		int64_t day = days_number(at("1970-02-01 12:00:00"), OFFSETS[i]);
		for (int64_t n = 0; n < 130 * 366; n++, day++) {
			int64_t start = days_start_ms(day, OFFSETS[i]);
			assert_int_equal(days_number(start, OFFSETS[i]), day);
			assert_int_equal(days_number(start - 1, OFFSETS[i]), day - 1);
			assert_int_equal(days_number(start + DAY_IN_MS - 1, OFFSETS[i]), day);
			assert_int_equal(civil_day_start_ms(start + 12345678, OFFSETS[i]), start);
			struct civil c = civil_from_ms(start, OFFSETS[i]);
			assert_int_equal(c.hour * 3600 + c.minute * 60 + c.second, 0);
		}
	}
	assert_int_equal(days_number(0, 0), 0);
	assert_int_equal(days_number(-1, 0), -1);
	assert_int_equal(days_number(-DAY_IN_MS, 0), -1);
	assert_int_equal(days_number(-DAY_IN_MS - 1, 0), -2);
}

static void test_ends_of_the_types(void **state)
{
	(void)state;
	static const int64_t END[] = { INT64_MIN, INT64_MIN + 1, INT64_MAX - 1, INT64_MAX };
	static const int32_t OFFSETS[] = { INT32_MIN, -1440, 0, 480, INT32_MAX };

	for (size_t i = 0; i < ARRAY_LEN(END); i++)
		for (size_t j = 0; j < ARRAY_LEN(OFFSETS); j++) {
			int64_t day = days_number(END[i], OFFSETS[j]);
			assert_true(END[i] < 0 ? day < 0 : day > 0);
			int64_t start = days_start_ms(END[i], OFFSETS[j]);
			assert_int_equal(start, END[i] < 0 ? INT64_MIN : INT64_MAX);
		}
	assert_int_equal(days_minutes(INT64_MAX), INT32_MAX);
	assert_int_equal(days_minutes(INT64_MIN), 0);
	assert_int_equal(days_minutes(59999), 0);
	assert_int_equal(days_minutes(60000), 1);
	assert_int_equal(days_minutes(INT32_MAX * MINUTE_IN_MS - 1), INT32_MAX - 1);
	assert_int_equal(days_minutes_begun(INT64_MAX), INT32_MAX);
	assert_int_equal(days_minutes_begun(-1), 0);
	assert_int_equal(days_minutes_begun(0), 0);
	assert_int_equal(days_minutes_begun(1), 1);
	assert_int_equal(days_minutes_begun(60000), 1);
	assert_int_equal(days_minutes_begun(60001), 2);
}

static void check_due(int64_t last_ms, int32_t period_min, int64_t now_ms, struct due expected)
{
	struct moment now = moment_at(now_ms);
	struct due d = due_look(last_ms, period_min, &now);

	assert_int_equal(d.state, expected.state);
	assert_int_equal(d.due_ms, expected.due_ms);
	assert_int_equal(d.minutes_left, expected.minutes_left);
	assert_int_equal(d.minutes_over, expected.minutes_over);
}

/* Once a day, over the leap day and the end of the year. */
static void test_due_at_its_bounds(void **state)
{
	(void)state;
	static const char *const LAST[] = { "2024-02-28 18:30:00", "2024-02-29 18:30:00",
					    "2026-12-31 23:59:00", "2026-11-23 00:00:00" };

	for (size_t i = 0; i < ARRAY_LEN(LAST); i++) {
		int64_t last = at(LAST[i]), due = last + DAY_IN_MS;
		check_due(last, 1440, last, (struct due){ DUE_LATER, due, 1440, 0 });
		check_due(last, 1440, last + 1, (struct due){ DUE_LATER, due, 1439, 0 });
		check_due(last, 1440, due - 1, (struct due){ DUE_LATER, due, 0, 0 });
		check_due(last, 1440, due, (struct due){ DUE_LATER, due, 0, 0 });
		check_due(last, 1440, due + 1, (struct due){ DUE_OVERDUE, due, 0, 1 });
		check_due(last, 1440, due + 60001, (struct due){ DUE_OVERDUE, due, 0, 2 });
		check_due(last, 1440, last - 1, (struct due){ DUE_UNKNOWN, due, 0, 0 });
	}
}

static void test_due_without_answer(void **state)
{
	(void)state;
	int64_t last = at("2026-11-23 08:00:00");

	check_due(0, 1440, last, (struct due){ .state = DUE_NEVER_DONE });
	check_due(0, 1, last, (struct due){ .state = DUE_NEVER_DONE });
	check_due(last, 1, last, (struct due){ DUE_LATER, last + MINUTE_IN_MS, 1, 0 });
	check_due(last, 0, last, (struct due){ .state = DUE_NO_PERIOD });
	check_due(0, 0, last, (struct due){ .state = DUE_NO_PERIOD });
	check_due(last, -1, last, (struct due){ .state = DUE_UNKNOWN });
	check_due(0, INT32_MIN, last, (struct due){ .state = DUE_UNKNOWN });
	check_due(-1, 1440, last, (struct due){ .state = DUE_UNKNOWN });
	check_due(INT64_MAX, 1440, last, (struct due){ .state = DUE_UNKNOWN });
	struct moment now = { .wall_ms = last + 1, .utc_offset_min = OFFSET };
	struct due d = due_look(last, 1440, &now);
	assert_int_equal(d.state, DUE_UNKNOWN);
	assert_int_equal(d.minutes_left + d.minutes_over, 0);
}

static enum verdict decide_vehicle(struct fact fact, struct moment now, enum reason_code *code)
{
	struct rulebook book;
	struct fact facts[CHECK_COUNT_] = { 0 };

	memset(&book, 0, sizeof(book));
	book.max_age_min[CHECK_DISINFECTION] = 1440;
	book.rules[LEVEL_CLOSED][CLASS_RESIDENT_VEHICLE][DIRECTION_IN] = (struct rule){
		.present = true, .verdict = VERDICT_ADMIT, .required = 1U << CHECK_DISINFECTION
	};
	facts[CHECK_DISINFECTION] = fact;
	struct question q = { .level = LEVEL_CLOSED,
			      .person_class = CLASS_RESIDENT_VEHICLE,
			      .direction = DIRECTION_IN,
			      .facts = facts,
			      .now = now };
	struct decision d = rules_decide(&book, &q);
	*code = d.reasons[0].code;
	return d.verdict;
}

/* The engine calls late exactly what due_look calls late. */
static void test_disinfection_in_the_engine(void **state)
{
	(void)state;
	int64_t last = at("2024-02-28 18:30:00");
	enum reason_code code;

	for (int64_t after = -2; after <= 2; after++) {
		struct moment now = moment_at(last + DAY_IN_MS + after);
		struct fact fact = due_disinfection_fact(last, SOURCE_GUARD, &now);
		assert_int_equal(fact.source, SOURCE_GUARD);
		assert_int_equal(fact.wall_ms, last);
		bool late = due_look(last, 1440, &now).state == DUE_OVERDUE;
		assert_int_equal(late, after > 0);
		assert_int_equal(decide_vehicle(fact, now, &code),
				 late ? VERDICT_REFER : VERDICT_ADMIT);
		assert_int_equal(code, late ? REASON_DISINFECTION_OVERDUE : REASON_NONE);
	}
	struct moment now = moment_at(last);
	struct fact fact = due_disinfection_fact(last, SOURCE_GUARD, &now);
	assert_int_equal(fact.finding, FINDING_GOOD);
	now = moment_at(last - 1); /* set back: by how much is not known */
	fact = due_disinfection_fact(last, SOURCE_GUARD, &now);
	assert_int_equal(decide_vehicle(fact, now, &code), VERDICT_REFER);
	assert_int_equal(code, REASON_DISINFECTION_UNKNOWN);
	fact = due_disinfection_fact(0, SOURCE_GUARD, &now); /* never */
	assert_int_equal(decide_vehicle(fact, now, &code), VERDICT_REFER);
	assert_int_equal(code, REASON_DISINFECTION_UNKNOWN);
	now = moment_at(last + 1);
	now.clock_trusted = false;
	fact = due_disinfection_fact(last, SOURCE_GUARD, &now);
	assert_int_equal(decide_vehicle(fact, now, &code), VERDICT_REFER);
	assert_int_equal(code, REASON_DISINFECTION_UNKNOWN);
}

static void test_validity(void **state)
{
	(void)state;
	int64_t from = at("2026-12-31 20:00:00"), until = at("2027-01-01 04:00:00");
	struct {
		int64_t now_ms;
		enum validity validity;
	} CASE[] = {
		{ from - 1, VALIDITY_NOT_YET },  { from, VALIDITY_GOOD },
		{ until - 1, VALIDITY_GOOD },    { until, VALIDITY_EXPIRED },
		{ until + 1, VALIDITY_EXPIRED }, { at("1970-01-02 00:00:00"), VALIDITY_NOT_YET },
		{ 0, VALIDITY_UNKNOWN },         { INT64_MAX, VALIDITY_UNKNOWN },
	};

	for (size_t i = 0; i < ARRAY_LEN(CASE); i++) {
		struct moment now = moment_at(CASE[i].now_ms);
		assert_int_equal(due_validity(from, until, &now), CASE[i].validity);
		now.clock_trusted = false;
		assert_int_equal(due_validity(from, until, &now), VALIDITY_UNKNOWN);
	}
	struct moment now = moment_at(from);
	assert_int_equal(due_validity(from, from, &now), VALIDITY_UNKNOWN);
	assert_int_equal(due_validity(until, from, &now), VALIDITY_UNKNOWN);
	assert_int_equal(due_validity(0, until, &now), VALIDITY_UNKNOWN);
	assert_int_equal(due_validity(from, INT64_MAX, &now), VALIDITY_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_days_are_dates),
		cmocka_unit_test(test_ends_of_the_types),
		cmocka_unit_test(test_due_at_its_bounds),
		cmocka_unit_test(test_due_without_answer),
		cmocka_unit_test(test_disinfection_in_the_engine),
		cmocka_unit_test(test_validity),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
