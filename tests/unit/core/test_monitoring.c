/*
 * Fourteen days at home and the tests within them: by hand over month end, year end and leap day,
 * then each of fourteen days after every arrival of many years against the calendar's dates.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/civil.h"
#include "core/monitoring.h"

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

static struct rulebook book_of(int32_t days, int32_t every)
{
	struct rulebook book;

	memset(&book, 0, sizeof(book));
	book.monitoring_days = days;
	book.test_every_days = every;
	return book;
}

static struct monitoring look(const struct monitored *who, const char *now)
{
	struct rulebook book = book_of(14, 7);
	struct moment m = moment_at(at(now));
	return monitoring_look(&book, who, &m);
}

static struct fact fact_at(const struct monitored *who, const char *now)
{
	struct rulebook book = book_of(14, 7);
	struct moment m = moment_at(at(now));
	return monitoring_fact(&book, who, &m);
}

/* The day of arrival is day 0; the fourteenth after it is the last, until midnight. */
static void test_fourteen_days(void **state)
{
	(void)state;
	static const struct {
		const char *arrived, *day0_end, *day1, *day14_end, *over;
	} CASE[] = {
		{ "2026-11-23 00:00:00", "2026-11-23 23:59:59", "2026-11-24 00:00:00",
		  "2026-12-07 23:59:59", "2026-12-08 00:00:00" },
		{ "2026-11-23 23:59:59", "2026-11-23 23:59:59", "2026-11-24 00:00:00",
		  "2026-12-07 23:59:59", "2026-12-08 00:00:00" },
		{ "2026-12-20 15:00:00", "2026-12-20 23:59:59", "2026-12-21 00:00:00",
		  "2027-01-03 23:59:59", "2027-01-04 00:00:00" },
		{ "2024-02-15 15:00:00", "2024-02-15 23:59:59", "2024-02-16 00:00:00",
		  "2024-02-29 23:59:59", "2024-03-01 00:00:00" },
		{ "2023-02-15 15:00:00", "2023-02-15 23:59:59", "2023-02-16 00:00:00",
		  "2023-03-01 23:59:59", "2023-03-02 00:00:00" },
		{ "2024-02-29 15:00:00", "2024-02-29 23:59:59", "2024-03-01 00:00:00",
		  "2024-03-14 23:59:59", "2024-03-15 00:00:00" },
	};

	for (size_t i = 0; i < ARRAY_LEN(CASE); i++) {
		struct monitored who = { .arrived_ms = at(CASE[i].arrived) };
		struct monitoring m = look(&who, CASE[i].day0_end);
		assert_int_equal(m.state, MONITORING_RUNNING);
		assert_int_equal(m.day, 0);
		assert_int_equal(m.days_left, 15); /* today and fourteen more */
		assert_int_equal(m.over_ms, at(CASE[i].over));
		m = look(&who, CASE[i].day1);
		assert_int_equal(m.day, 1);
		assert_int_equal(m.days_left, 14);
		m = look(&who, CASE[i].day14_end);
		assert_int_equal(m.state, MONITORING_RUNNING);
		assert_int_equal(m.day, 14);
		assert_int_equal(m.days_left, 1);
		assert_int_equal(fact_at(&who, CASE[i].day14_end).finding, FINDING_BAD);
		assert_int_equal(fact_at(&who, CASE[i].day14_end).value, 1);
		m = look(&who, CASE[i].over);
		assert_int_equal(m.state, MONITORING_OVER);
		assert_int_equal(m.day, 15);
		assert_int_equal(m.days_left, 0);
		assert_int_equal(fact_at(&who, CASE[i].over).finding, FINDING_GOOD);
	}
}

static void test_not_on_the_list(void **state)
{
	(void)state;
	struct monitored who = { 0 };
	struct moment doubtful = { .wall_ms = 5 };
	struct rulebook book = book_of(14, 7);

	assert_int_equal(monitoring_look(&book, &who, &doubtful).state, MONITORING_NONE);
	assert_int_equal(monitoring_fact(&book, &who, &doubtful).finding, FINDING_GOOD);
	who.arrived_ms = at("2026-11-23 08:00:00");
	book = book_of(0, 7); /* this book monitors nobody */
	assert_int_equal(monitoring_fact(&book, &who, &doubtful).finding, FINDING_GOOD);
}

static void check_unknown(const struct rulebook *book, const struct monitored *who,
			  struct moment now, bool clock)
{
	struct monitoring m = monitoring_look(book, who, &now);

	assert_int_equal(m.state, MONITORING_UNKNOWN);
	assert_int_equal(m.clock_doubtful, clock);
	assert_int_equal(m.day, 0);
	assert_int_equal(m.days_left, 0);
	assert_int_equal(m.over_ms, 0);
	assert_int_equal(monitoring_fact(book, who, &now).finding, FINDING_UNKNOWN);
}

static void test_doubt(void **state)
{
	(void)state;
	struct rulebook book = book_of(14, 7);
	struct monitored who = { .arrived_ms = at("2026-11-23 08:00:00") };
	struct moment now = moment_at(at("2027-06-01 08:00:00"));

	assert_int_equal(monitoring_look(&book, &who, &now).state, MONITORING_OVER);
	now.clock_trusted = false; /* half a year later by a clock nobody vouches for */
	check_unknown(&book, &who, now, true);
	check_unknown(&book, &who, moment_at(who.arrived_ms - 1), true);
	check_unknown(&book, &who, moment_at(INT64_MAX), true);
	who.arrived_ms = -1;
	check_unknown(&book, &who, moment_at(at("2026-11-24 08:00:00")), true);
	who.arrived_ms = at("2026-11-23 08:00:00");
	static const int32_t BAD[][2] = { { -1, 7 }, { 14, -7 }, { MONITORING_TESTS_MAX + 1, 1 } };
	for (size_t i = 0; i < ARRAY_LEN(BAD); i++) {
		book = book_of(BAD[i][0], BAD[i][1]);
		check_unknown(&book, &who, moment_at(at("2026-11-24 08:00:00")), false);
	}
}

struct tests_row {
	const char *now;
	int32_t done, missed, test_day, overdue;
	bool today;
};

static void check_tests(const int64_t *samples, size_t count, const struct tests_row *row)
{
	struct monitored who = { .arrived_ms = at("2026-11-23 20:00:00"),
				 .samples_ms = samples,
				 .sample_count = count };
	struct monitoring m = look(&who, row->now);

	assert_int_equal(m.tests_done, row->done);
	assert_int_equal(m.tests_missed, row->missed);
	assert_int_equal(m.test_day, row->test_day);
	assert_int_equal(m.test_overdue_days, row->overdue);
	assert_int_equal(m.test_today, row->today);
}

/* Arrived on the 23rd: due on 30 November and 7 December. */
static void test_tests_in_time(void **state)
{
	(void)state;
	const int64_t samples[] = { at("2026-12-07 09:00:00"), at("2026-11-30 09:00:00") };
	static const struct tests_row ROW[] = {
		{ "2026-11-23 21:00:00", 0, 0, 7, 0, false },
		{ "2026-11-29 23:59:59", 0, 0, 7, 0, false },
		{ "2026-11-30 00:00:00", 0, 0, 7, 0, true },
		{ "2026-11-30 08:59:59", 0, 0, 7, 0, true },
		{ "2026-11-30 09:00:00", 1, 0, 14, 0, false },
		{ "2026-12-06 23:59:59", 1, 0, 14, 0, false },
		{ "2026-12-07 00:00:00", 1, 0, 14, 0, true },
		{ "2026-12-07 09:00:00", 2, 0, 0, 0, false },
		{ "2026-12-31 09:00:00", 2, 0, 0, 0, false },
	};

	for (size_t i = 0; i < ARRAY_LEN(ROW); i++)
		check_tests(samples, 2, &ROW[i]);
}

static void test_tests_late_or_never(void **state)
{
	(void)state;
	static const struct tests_row NEVER[] = {
		{ "2026-12-01 00:00:00", 0, 0, 7, 1, true },
		{ "2026-12-06 23:59:59", 0, 0, 7, 6, true },
		{ "2026-12-07 00:00:00", 0, 1, 14, 0, true }, /* the first can no more be made up */
		{ "2026-12-10 00:00:00", 0, 1, 14, 3, true }, /* over, but still open */
	};
	for (size_t i = 0; i < ARRAY_LEN(NEVER); i++)
		check_tests(NULL, 0, &NEVER[i]);

	const int64_t late[] = { at("2026-12-03 09:00:00"), at("2026-12-09 09:00:00") };
	static const struct tests_row LATE[] = {
		{ "2026-12-03 08:00:00", 0, 0, 7, 3, true },
		{ "2026-12-03 09:00:00", 1, 0, 14, 0, false },
		{ "2026-12-08 09:00:00", 1, 0, 14, 1, true },
		{ "2026-12-09 09:00:00", 2, 0, 0, 0, false },
	};
	for (size_t i = 0; i < ARRAY_LEN(LATE); i++)
		check_tests(late, 2, &LATE[i]);
	/* The last has no next: it stays open until it is done, however late. */
	const int64_t last[] = { at("2026-11-30 09:00:00"), at("2026-12-25 09:00:00") };
	check_tests(last, 2, &(struct tests_row){ "2026-12-25 08:00:00", 1, 0, 14, 18, true });
	check_tests(last, 2, &(struct tests_row){ "2026-12-25 09:00:00", 2, 0, 0, 0, false });
}

/* A test before its day is none of the two; one test is not two. */
static void test_tests_that_do_not_count(void **state)
{
	(void)state;
	const int64_t early[] = { at("2026-11-20 09:00:00"),
				  at("2026-11-23 21:00:00"),
				  at("2026-11-29 23:59:59"),
				  0,
				  -1,
				  INT64_MIN,
				  INT64_MAX };
	check_tests(early, ARRAY_LEN(early),
		    &(struct tests_row){ "2026-11-30 12:00:00", 0, 0, 7, 0, true });
	const int64_t last[] = { at("2026-12-07 00:00:00") };
	check_tests(last, 1, &(struct tests_row){ "2026-12-07 00:00:00", 1, 1, 0, 0, false });
	const int64_t twice[] = { at("2026-11-30 09:00:00"), at("2026-12-01 09:00:00") };
	check_tests(twice, 2, &(struct tests_row){ "2026-12-07 12:00:00", 1, 0, 14, 0, true });
}

static void test_other_numbers(void **state)
{
	(void)state;
	struct monitored who = { .arrived_ms = at("2026-11-23 20:00:00") };
	struct moment now = moment_at(at("2026-12-07 20:00:00"));
	struct rulebook book = book_of(14, 0); /* no tests */
	struct monitoring m = monitoring_look(&book, &who, &now);
	assert_int_equal(m.state, MONITORING_RUNNING);
	assert_int_equal(m.test_day, 0);
	assert_false(m.test_today);
	book = book_of(7, 14); /* the first would come after the end */
	assert_int_equal(monitoring_look(&book, &who, &now).test_day, 0);
	assert_int_equal(monitoring_look(&book, &who, &now).state, MONITORING_OVER);
	book = book_of(21, 7);
	m = monitoring_look(&book, &who, &now);
	assert_int_equal(m.test_day, 14);
	assert_int_equal(m.tests_missed, 1);
	book = book_of(MONITORING_TESTS_MAX, 1);
	m = monitoring_look(&book, &who, &now);
	assert_int_equal(m.tests_missed, 13);
	assert_int_equal(m.test_day, 14);
	book = book_of(INT32_MAX, INT32_MAX);
	m = monitoring_look(&book, &who, &now);
	assert_int_equal(m.state, MONITORING_RUNNING);
	assert_int_equal(m.test_day, INT32_MAX);
}

static void test_leave(void **state)
{
	(void)state;
	struct monitored who = { .arrived_ms = at("2026-11-23 20:00:00"),
				 .leave = { at("2026-11-30 08:00:00"), at("2026-11-30 10:00:00"),
					    0 } };
	static const struct {
		const char *now;
		enum leave_state leave;
		enum finding finding;
	} ROW[] = {
		{ "2026-11-29 09:00:00", LEAVE_NOT_YET, FINDING_BAD },
		{ "2026-11-30 07:59:59", LEAVE_NOT_YET, FINDING_BAD },
		{ "2026-11-30 08:00:00", LEAVE_GOOD, FINDING_GOOD },
		{ "2026-11-30 09:59:59", LEAVE_GOOD, FINDING_GOOD },
		{ "2026-11-30 10:00:00", LEAVE_EXPIRED, FINDING_BAD },
		{ "2026-12-07 09:00:00", LEAVE_EXPIRED, FINDING_BAD },
		{ "2026-12-08 09:00:00", LEAVE_EXPIRED, FINDING_GOOD }, /* over: none is needed */
	};

	for (size_t i = 0; i < ARRAY_LEN(ROW); i++) {
		assert_int_equal(look(&who, ROW[i].now).leave, ROW[i].leave);
		assert_int_equal(fact_at(&who, ROW[i].now).finding, ROW[i].finding);
	}
	/* Once. */
	who.leave.used_ms = at("2026-11-30 08:30:00");
	assert_int_equal(look(&who, "2026-11-30 08:31:00").leave, LEAVE_USED);
	assert_int_equal(fact_at(&who, "2026-11-30 08:31:00").finding, FINDING_BAD);
	assert_int_equal(fact_at(&who, "2026-11-30 08:00:00").finding, FINDING_BAD);
	who.leave = (struct leave){ 0 };
	assert_int_equal(look(&who, "2026-11-30 08:30:00").leave, LEAVE_NONE);
	assert_int_equal(fact_at(&who, "2026-11-30 08:30:00").finding, FINDING_BAD);
}

static void test_leave_in_doubt(void **state)
{
	(void)state;
	struct rulebook book = book_of(14, 7);
	struct monitored who = { .arrived_ms = at("2026-11-23 20:00:00"),
				 .leave = { at("2026-11-30 08:00:00"), at("2026-11-30 10:00:00"),
					    0 } };
	struct moment now = moment_at(at("2026-11-30 09:00:00"));

	now.clock_trusted = false;
	assert_int_equal(monitoring_look(&book, &who, &now).leave, LEAVE_UNKNOWN);
	assert_int_equal(monitoring_fact(&book, &who, &now).finding, FINDING_UNKNOWN);
	now.clock_trusted = true;
	who.leave.from_ms = who.leave.until_ms; /* no hours at all */
	assert_int_equal(monitoring_look(&book, &who, &now).leave, LEAVE_UNKNOWN);
	assert_int_equal(monitoring_fact(&book, &who, &now).finding, FINDING_UNKNOWN);
}

static enum verdict decide(struct fact *facts, struct moment now, uint32_t required,
			   enum reason_code *code)
{
	struct rulebook book = book_of(14, 7);

	book.max_age_min[CHECK_TEST] = 7 * 1440;
	book.rules[LEVEL_CLOSED][CLASS_RETURNEE][DIRECTION_IN] =
		(struct rule){ .present = true, .verdict = VERDICT_ADMIT, .required = required };
	struct question q = { .level = LEVEL_CLOSED,
			      .person_class = CLASS_RETURNEE,
			      .direction = DIRECTION_IN,
			      .facts = facts,
			      .now = now };
	struct decision d = rules_decide(&book, &q);
	*code = d.reasons[0].code;
	return d.verdict;
}

static void check_test(enum test_result result, int64_t sample_ms, struct moment now,
		       enum verdict verdict, enum reason_code code)
{
	struct fact facts[CHECK_COUNT_] = { 0 };
	enum reason_code got;

	facts[CHECK_TEST] = monitoring_test_fact(result, sample_ms, SOURCE_GUARD, &now);
	assert_int_equal(facts[CHECK_TEST].source, SOURCE_GUARD);
	assert_int_equal(facts[CHECK_TEST].wall_ms, sample_ms);
	assert_int_equal(facts[CHECK_TEST].value, result);
	assert_int_equal(decide(facts, now, 1U << CHECK_TEST, &got), verdict);
	assert_int_equal(got, code);
}

/* Not older than seven days on arrival (2·六), over the leap day. */
static void test_tests_on_arrival(void **state)
{
	(void)state;
	int64_t sample = at("2024-02-26 10:00:00"), end = at("2024-03-04 10:00:00");

	check_test(TEST_NEGATIVE, sample, moment_at(sample), VERDICT_ADMIT, REASON_NONE);
	check_test(TEST_NEGATIVE, sample, moment_at(end), VERDICT_ADMIT, REASON_NONE);
	check_test(TEST_NEGATIVE, sample, moment_at(end + 1), VERDICT_REFUSE, REASON_TEST_TOO_OLD);
	check_test(TEST_NEGATIVE, sample, moment_at(sample - 1), VERDICT_REFER,
		   REASON_TEST_MISSING);
	check_test(TEST_PENDING, sample, moment_at(end), VERDICT_REFER, REASON_TEST_MISSING);
	check_test(TEST_NONE, 0, moment_at(end), VERDICT_REFER, REASON_TEST_MISSING);
	check_test(TEST_NEGATIVE, 0, moment_at(end), VERDICT_REFER, REASON_TEST_MISSING);
	check_test(TEST_RESULT_COUNT_, sample, moment_at(end), VERDICT_REFER, REASON_TEST_MISSING);
	check_test(TEST_POSITIVE, sample, moment_at(end), VERDICT_REFUSE, REASON_TEST_POSITIVE);
	check_test(TEST_POSITIVE, 0, moment_at(end), VERDICT_REFUSE, REASON_TEST_POSITIVE);
	struct moment now = moment_at(sample);
	now.clock_trusted = false;
	check_test(TEST_NEGATIVE, sample, now, VERDICT_REFER, REASON_TEST_MISSING);
	check_test(TEST_POSITIVE, sample, now, VERDICT_REFUSE, REASON_TEST_POSITIVE);
}

static void test_sample_times(void **state)
{
	(void)state;
	assert_int_equal(monitoring_sample_ms(20240229, 600, OFFSET), at("2024-02-29 10:00:00"));
	assert_int_equal(monitoring_sample_ms(20240229, 0, OFFSET), at("2024-02-29 00:00:00"));
	assert_int_equal(monitoring_sample_ms(20240229, -1, OFFSET), at("2024-02-29 00:00:00"));
	assert_int_equal(monitoring_sample_ms(20261231, 1439, OFFSET), at("2026-12-31 23:59:00"));
	static const int32_t BAD[][3] = {
		{ 20230229, 0, OFFSET },  { 20261301, 0, OFFSET },   { 20261100, 0, OFFSET },
		{ 0, 0, OFFSET },         { -20261123, 0, OFFSET },  { 20261123, 1440, OFFSET },
		{ 20261123, 0, 1440 },    { 20261123, 0, -1440 },    { 19691231, 0, OFFSET },
		{ INT32_MAX, 0, OFFSET }, { INT32_MIN, -1, OFFSET }, { 99991232, 0, OFFSET },
		{ 19700101, 0, OFFSET },
	};
	for (size_t i = 0; i < ARRAY_LEN(BAD); i++)
		assert_int_equal(monitoring_sample_ms(BAD[i][0], BAD[i][1], BAD[i][2]), 0);
}

static void test_in_the_engine(void **state)
{
	(void)state;
	struct rulebook book = book_of(14, 7);
	struct monitored who = { .arrived_ms = at("2026-12-20 20:00:00") };
	struct moment now = moment_at(at("2027-01-03 23:59:59"));
	struct fact facts[CHECK_COUNT_] = { 0 };
	enum reason_code code;

	facts[CHECK_MONITORING] = monitoring_fact(&book, &who, &now);
	assert_int_equal(decide(facts, now, 1U << CHECK_MONITORING, &code), VERDICT_REFUSE);
	assert_int_equal(code, REASON_MONITORING_STAYS);
	now.wall_ms += 1000;
	facts[CHECK_MONITORING] = monitoring_fact(&book, &who, &now);
	assert_int_equal(decide(facts, now, 1U << CHECK_MONITORING, &code), VERDICT_ADMIT);
	now.clock_trusted = false;
	facts[CHECK_MONITORING] = monitoring_fact(&book, &who, &now);
	assert_int_equal(decide(facts, now, 1U << CHECK_MONITORING, &code), VERDICT_REFER);
	assert_int_equal(code, REASON_MONITORING_UNKNOWN);
}

static void test_order_of_the_list(void **state)
{
	(void)state;
	static const struct monitoring LIST[] = {
		{ .state = MONITORING_OVER,
		  .day = 17,
		  .test_day = 14,
		  .test_today = true,
		  .test_overdue_days = 3 },
		{ .state = MONITORING_RUNNING,
		  .day = 9,
		  .test_day = 7,
		  .test_today = true,
		  .test_overdue_days = 2 },
		{ .state = MONITORING_RUNNING, .day = 7, .test_day = 7, .test_today = true },
		{ .state = MONITORING_UNKNOWN },
		{ .state = MONITORING_RUNNING, .day = 13, .days_left = 2, .test_day = 14 },
		{ .state = MONITORING_RUNNING, .day = 10, .days_left = 5, .test_day = 14 },
		{ .state = MONITORING_RUNNING, .day = 2, .days_left = 13, .test_day = 7 },
		{ .state = MONITORING_RUNNING, .day = 1, .days_left = 14, .test_day = 7 },
		{ .state = MONITORING_RUNNING, .day = 14, .days_left = 1 },
		{ .state = MONITORING_RUNNING, .day = 9, .days_left = 6 },
		{ .state = MONITORING_OVER, .day = 15 },
		{ .state = MONITORING_NONE },
	};

	for (size_t i = 0; i < ARRAY_LEN(LIST); i++)
		for (size_t j = 0; j < ARRAY_LEN(LIST); j++) {
			int order = monitoring_order(&LIST[i], &LIST[j]);
			assert_int_equal(order, (i > j) - (i < j));
		}
}

/* Every arrival of thirty years: on day n the calendar says n days later, and day 15 is free. */
static void test_every_arrival(void **state)
{
	(void)state;
	struct rulebook book = book_of(14, 7);
	int64_t day = days_number(at("2019-12-01 12:00:00"), OFFSET);

	for (int32_t n = 0; n < 30 * 366; n++, day++) {
		int64_t noon = days_start_ms(day, OFFSET) + DAY_IN_MS / 2;
		int64_t samples[2] = { noon + 7 * DAY_IN_MS, noon + 14 * DAY_IN_MS };
		struct monitored who = { .arrived_ms = noon + n % 43200 * 1000,
					 .samples_ms = samples,
					 .sample_count = 2 };
		for (int32_t d = 1; d <= 16; d++) {
			struct moment now = moment_at(noon + d * DAY_IN_MS);
			struct monitoring m = monitoring_look(&book, &who, &now);
			assert_int_equal(m.day, d);
			assert_int_equal(m.state, d <= 14 ? MONITORING_RUNNING : MONITORING_OVER);
			assert_int_equal(m.days_left, d <= 14 ? 15 - d : 0);
			assert_int_equal(m.tests_done, (d >= 7) + (d >= 14));
			assert_int_equal(m.tests_missed, 0);
			assert_false(m.test_today);
		}
	}
}

/* Times and numbers from anywhere, the ends of their types too. */
static void test_anything_goes_in(void **state)
{
	(void)state;
	static const int64_t ODD[] = { 0,         1,         -1,        INT64_MIN,
				       INT64_MAX, INT32_MAX, INT32_MIN, INT64_C(253402300799999) };
	uint64_t seed = 88172645463325252U;

	for (int run = 0; run < 200000; run++) {
		int64_t v[10];
		for (size_t i = 0; i < ARRAY_LEN(v); i++) {
			seed ^= seed << 13;
			seed ^= seed >> 7;
			seed ^= seed << 17;
			v[i] = seed % 3 == 0   ? ODD[(seed >> 8) % ARRAY_LEN(ODD)]
			       : seed % 3 == 1 ? (int64_t)(seed >> 8) % INT64_C(253402300800000)
					       : (int64_t)seed;
		}
		struct rulebook book =
			book_of((int32_t)v[0] >> run % 32, (int32_t)v[1] >> run % 31);
		struct monitored who = { v[2], &v[3], 3, { v[6], v[7], run % 2 ? v[8] : 0 } };
		struct moment now = { v[9], run % 7 ? OFFSET : (int32_t)v[0], run % 5 != 0 };
		struct monitoring m = monitoring_look(&book, &who, &now);
		assert_true(m.day >= 0 && m.days_left >= 0 && m.test_overdue_days >= 0);
		assert_true(m.test_day >= 0 && m.tests_done >= 0 && m.tests_missed >= 0);
		assert_true(now.clock_trusted || m.state == MONITORING_UNKNOWN ||
			    m.state == MONITORING_NONE);
		assert_true((m.state == MONITORING_RUNNING) == (m.days_left > 0));
		struct fact fact = monitoring_fact(&book, &who, &now);
		assert_true(fact.finding != FINDING_GOOD || m.state == MONITORING_NONE ||
			    m.state == MONITORING_OVER || m.leave == LEAVE_GOOD);
		(void)monitoring_test_fact((enum test_result)(v[0] & 3), v[1], SOURCE_GUARD, &now);
		(void)monitoring_sample_ms((int32_t)v[0], (int32_t)v[1], (int32_t)v[2]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fourteen_days),
		cmocka_unit_test(test_not_on_the_list),
		cmocka_unit_test(test_doubt),
		cmocka_unit_test(test_tests_in_time),
		cmocka_unit_test(test_tests_late_or_never),
		cmocka_unit_test(test_tests_that_do_not_count),
		cmocka_unit_test(test_other_numbers),
		cmocka_unit_test(test_leave),
		cmocka_unit_test(test_leave_in_doubt),
		cmocka_unit_test(test_tests_on_arrival),
		cmocka_unit_test(test_sample_times),
		cmocka_unit_test(test_in_the_engine),
		cmocka_unit_test(test_order_of_the_list),
		cmocka_unit_test(test_every_arrival),
		cmocka_unit_test(test_anything_goes_in),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
