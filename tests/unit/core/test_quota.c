/*
 * The quota of going out: by hand around midnight, month, year and leap day, then against a slow
 * model that counts by calendar date over many years.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/civil.h"
#include "core/quota.h"

#define OFFSET 480
#define HOUR_IN_MS (60 * MINUTE_IN_MS)

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

static struct rulebook book_of(int32_t persons, int32_t days, int32_t minutes)
{
	struct rulebook book;

	memset(&book, 0, sizeof(book));
	book.quota_persons = persons;
	book.quota_days = days;
	book.quota_minutes = minutes;
	return book;
}

static struct quota look(const struct rulebook *book, const struct outing *outings, size_t count,
			 const char *now)
{
	struct moment m = moment_at(at(now));
	return quota_look(book, outings, count, &m);
}

static void test_first_outing(void **state)
{
	(void)state;
	struct rulebook book = book_of(2, 2, 180);
	struct moment now = moment_at(at("2026-11-23 08:00:00"));
	struct quota q = quota_look(&book, NULL, 0, &now);

	assert_int_equal(q.finding, FINDING_GOOD);
	assert_int_equal(q.used, 0);
	assert_int_equal(q.left, 2);
	assert_int_equal(q.next_ms, 0);
	assert_false(q.clock_doubtful);
	struct fact fact = quota_fact(&book, NULL, 0, &now);
	assert_int_equal(fact.finding, FINDING_GOOD);
	assert_int_equal(fact.source, SOURCE_MACHINE);
	assert_int_equal(fact.value, 180);
	assert_int_equal(fact.wall_ms, now.wall_ms);
}

/* One person in two days: who was out on one day may go again from midnight of the day after next.
 */
static void test_days_of_the_calendar(void **state)
{
	(void)state;
	static const struct {
		const char *out, *back, *last, *next;
	} CASE[] = {
		{ "2026-11-23 08:00:00", "2026-11-23 09:00:00", "2026-11-24 23:59:59",
		  "2026-11-25 00:00:00" },
		{ "2026-11-23 00:00:00", "2026-11-23 00:10:00", "2026-11-24 23:59:59",
		  "2026-11-25 00:00:00" },
		/* Across midnight: the day it began on counts. */
		{ "2026-11-23 23:59:59", "2026-11-24 01:00:00", "2026-11-24 23:59:59",
		  "2026-11-25 00:00:00" },
		{ "2026-04-30 12:00:00", "2026-04-30 13:00:00", "2026-05-01 23:59:59",
		  "2026-05-02 00:00:00" },
		{ "2026-12-31 22:00:00", "2027-01-01 00:30:00", "2027-01-01 23:59:59",
		  "2027-01-02 00:00:00" },
		{ "2024-02-28 08:00:00", "2024-02-28 09:00:00", "2024-02-29 23:59:59",
		  "2024-03-01 00:00:00" },
		{ "2024-02-29 08:00:00", "2024-02-29 09:00:00", "2024-03-01 23:59:59",
		  "2024-03-02 00:00:00" },
		{ "2023-02-28 08:00:00", "2023-02-28 09:00:00", "2023-03-01 23:59:59",
		  "2023-03-02 00:00:00" },
	};
	struct rulebook book = book_of(1, 2, 180);

	for (size_t i = 0; i < ARRAY_LEN(CASE); i++) {
		struct outing outing = { at(CASE[i].out), at(CASE[i].back) };
		struct quota q = look(&book, &outing, 1, CASE[i].last);
		assert_int_equal(q.finding, FINDING_BAD);
		assert_int_equal(q.used, 1);
		assert_int_equal(q.left, 0);
		assert_int_equal(q.next_ms, at(CASE[i].next));
		assert_false(q.waits_for_return);
		q = look(&book, &outing, 1, CASE[i].next);
		assert_int_equal(q.finding, FINDING_GOOD);
		assert_int_equal(q.left, 1);
		assert_int_equal(q.used, 0);
	}
}

/* The day is the site's, not Greenwich's. */
static void test_zone(void **state)
{
	(void)state;
	struct rulebook book = book_of(1, 1, 0);
	struct outing outing = { at("2026-11-23 23:30:00"), at("2026-11-23 23:40:00") };
	struct moment now = moment_at(at("2026-11-24 00:10:00"));

	assert_int_equal(quota_look(&book, &outing, 1, &now).finding, FINDING_GOOD);
	now.utc_offset_min = 0; /* 15:30 and 16:10 of one day */
	assert_int_equal(quota_look(&book, &outing, 1, &now).finding, FINDING_BAD);
}

static void test_several_persons(void **state)
{
	(void)state;
	struct rulebook book = book_of(2, 3, 60);
	struct outing outings[] = {
		{ at("2026-11-20 08:00:00"), at("2026-11-20 08:30:00") },
		{ at("2026-11-21 08:00:00"), at("2026-11-21 08:30:00") },
		{ at("2026-11-22 08:00:00"), 0 },
		{ at("2026-11-22 08:00:00"), 0 },
	};

	struct quota q = look(&book, outings, 1, "2026-11-22 12:00:00");
	assert_int_equal(q.used, 1);
	assert_int_equal(q.left, 1);
	q = look(&book, outings, 2, "2026-11-22 07:00:00");
	assert_int_equal(q.finding, FINDING_BAD);
	assert_int_equal(q.next_ms, at("2026-11-23 00:00:00"));
	/* More than allowed are out (a guard let them): the second to last must lapse. */
	q = look(&book, outings, 4, "2026-11-22 09:00:00");
	assert_int_equal(q.used, 4);
	assert_int_equal(q.left, 0);
	assert_int_equal(q.next_ms, at("2026-11-25 00:00:00"));
	assert_false(q.waits_for_return);
}

static void test_who_is_out_counts_on(void **state)
{
	(void)state;
	struct rulebook book = book_of(1, 2, 180);
	struct outing outings[] = {
		{ at("2026-11-01 08:00:00"), 0 },
		{ at("2026-11-22 08:00:00"), at("2026-11-22 09:00:00") },
	};

	struct quota q = look(&book, outings, 1, "2026-11-23 08:00:00");
	assert_int_equal(q.finding, FINDING_BAD);
	assert_true(q.waits_for_return);
	assert_int_equal(q.next_ms, 0);
	/* From the day on which those who are back stop counting. */
	q = look(&book, outings, 1, "2026-11-03 00:00:00");
	assert_int_equal(q.used, 1);
	assert_true(q.waits_for_return);
	/* With a second place only the one of yesterday is in the way. */
	book.quota_persons = 2;
	q = look(&book, outings, 2, "2026-11-23 08:00:00");
	assert_int_equal(q.finding, FINDING_BAD);
	assert_int_equal(q.used, 2);
	assert_false(q.waits_for_return);
	assert_int_equal(q.next_ms, at("2026-11-24 00:00:00"));
	assert_int_equal(look(&book, outings, 2, "2026-11-24 00:00:00").finding, FINDING_GOOD);
}

/* Whatever the order they stand in: one written while the clock was wrong hides no other. */
static void test_order_has_no_effect(void **state)
{
	(void)state;
	struct rulebook book = book_of(2, 4, 60);
	struct outing a[] = {
		{ at("2026-11-20 08:00:00"), at("2026-11-20 08:30:00") },
		{ at("2026-11-21 08:00:00"), at("2026-11-21 08:30:00") },
		{ at("2026-11-22 08:00:00"), at("2026-11-22 08:30:00") },
	};
	struct outing b[] = { a[2], a[0], a[1] };
	struct moment now = moment_at(at("2026-11-22 12:00:00"));
	struct quota qa = quota_look(&book, a, 3, &now), qb = quota_look(&book, b, 3, &now);

	assert_int_equal(qa.next_ms, at("2026-11-25 00:00:00"));
	assert_int_equal(qb.next_ms, qa.next_ms);
	assert_int_equal(qb.used, qa.used);
}

static void check_doubt(const struct rulebook *book, const struct outing *outings, size_t count,
			struct moment now)
{
	struct quota q = quota_look(book, outings, count, &now);

	assert_int_equal(q.finding, FINDING_UNKNOWN);
	assert_true(q.clock_doubtful);
	assert_int_equal(q.left, 0);
	struct fact fact = quota_fact(book, outings, count, &now);
	assert_int_equal(fact.finding, FINDING_UNKNOWN);
	assert_int_equal(fact.value, 0);
}

static void test_clock_in_doubt(void **state)
{
	(void)state;
	struct rulebook book = book_of(5, 2, 60);
	struct outing outing = { at("2026-11-23 08:00:00"), at("2026-11-23 09:00:00") };
	struct moment now = moment_at(at("2026-11-23 09:00:00"));

	assert_int_equal(quota_look(&book, &outing, 1, &now).finding, FINDING_GOOD);
	now = moment_at(outing.out_ms); /* two who leave in the same moment */
	struct outing together = { outing.out_ms, 0 };
	assert_int_equal(quota_look(&book, &together, 1, &now).left, 4);
	now.clock_trusted = false;
	check_doubt(&book, &outing, 1, now);
	check_doubt(&book, NULL, 0, now);
	now = moment_at(outing.back_ms - 1); /* set back behind the return */
	check_doubt(&book, &outing, 1, now);
	now = moment_at(outing.out_ms - 1);
	outing.back_ms = 0;
	check_doubt(&book, &outing, 1, now);
	now = moment_at(0);
	check_doubt(&book, NULL, 0, now);
	now = moment_at(at("2026-11-23 09:00:00"));
	now.utc_offset_min = 1440;
	check_doubt(&book, &outing, 1, now);
	now.utc_offset_min = OFFSET;
	struct outing never = { 0, 0 };
	check_doubt(&book, &never, 1, now);
	struct outing odd = { at("2026-11-23 08:00:00"), -1 };
	check_doubt(&book, &odd, 1, now);
}

static void test_numbers_that_are_no_quota(void **state)
{
	(void)state;
	static const int32_t BAD[][3] = {
		{ -1, 2, 60 }, { 1, 0, 60 }, { 1, -1, 60 }, { 1, 2, -1 }, { INT32_MIN, 1, 1 },
	};
	struct moment now = moment_at(at("2026-11-23 09:00:00"));
	static struct outing many[QUOTA_OUTINGS_MAX + 1];

	for (size_t i = 0; i < ARRAY_LEN(BAD); i++) {
		struct rulebook book = book_of(BAD[i][0], BAD[i][1], BAD[i][2]);
		struct quota q = quota_look(&book, NULL, 0, &now);
		assert_int_equal(q.finding, FINDING_UNKNOWN);
		assert_false(q.clock_doubtful);
	}
	for (size_t i = 0; i < ARRAY_LEN(many); i++)
		many[i] = (struct outing){ now.wall_ms - 1, now.wall_ms };
	struct rulebook book = book_of(QUOTA_OUTINGS_MAX + 1, 1, 60);
	struct quota q = quota_look(&book, many, QUOTA_OUTINGS_MAX, &now);
	assert_int_equal(q.finding, FINDING_GOOD);
	assert_int_equal(q.left, 1);
	q = quota_look(&book, many, QUOTA_OUTINGS_MAX + 1, &now);
	assert_int_equal(q.finding, FINDING_UNKNOWN);
	assert_false(q.clock_doubtful);
}

static void test_no_quota(void **state)
{
	(void)state;
	struct rulebook book = book_of(0, 2, 60);
	struct moment now = { .wall_ms = -5 };
	struct quota q = quota_look(&book, NULL, 0, &now);

	assert_int_equal(q.finding, FINDING_GOOD); /* nothing to reckon: the clock has no say */
	assert_int_equal(q.left, INT32_MAX);
	assert_int_equal(quota_fact(&book, NULL, 0, &now).value, 0);
	struct outing outing = { at("2026-11-23 08:00:00"), 0 };
	now = moment_at(at("2026-11-23 20:00:00"));
	struct outing_time t = quota_outing(&book, &outing, &now);
	assert_int_equal(t.deadline_ms, 0);
	assert_false(t.overdue);
	assert_int_equal(t.minutes_out, 720);
}

static void test_minutes_out(void **state)
{
	(void)state;
	struct rulebook book = book_of(1, 2, 180);
	struct outing outing = { at("2026-12-31 22:00:00"), 0 };
	static const struct {
		int64_t after_ms;
		int32_t out, left, over;
		bool overdue;
	} CASE[] = {
		{ 0, 0, 180, 0, false },
		{ 1, 0, 179, 0, false },
		{ 59999, 0, 179, 0, false },
		{ 60000, 1, 179, 0, false },
		{ 120 * MINUTE_IN_MS, 120, 60, 0, false }, /* midnight of the new year */
		{ 180 * MINUTE_IN_MS - 1, 179, 0, 0, false },
		{ 180 * MINUTE_IN_MS, 180, 0, 0, false },
		{ 180 * MINUTE_IN_MS + 1, 180, 0, 1, true },
		{ 181 * MINUTE_IN_MS, 181, 0, 1, true },
		{ 181 * MINUTE_IN_MS + 1, 181, 0, 2, true },
	};

	for (size_t i = 0; i < ARRAY_LEN(CASE); i++) {
		struct moment now = moment_at(outing.out_ms + CASE[i].after_ms);
		struct outing_time t = quota_outing(&book, &outing, &now);
		assert_true(t.out);
		assert_int_equal(t.minutes_out, CASE[i].out);
		assert_int_equal(t.minutes_left, CASE[i].left);
		assert_int_equal(t.minutes_over, CASE[i].over);
		assert_int_equal(t.overdue, CASE[i].overdue);
		assert_int_equal(t.deadline_ms, at("2027-01-01 01:00:00"));
		assert_false(t.clock_doubtful);
		/* Back at that time: the same, but nothing is left to anybody. */
		struct outing done = { outing.out_ms, now.wall_ms };
		now.clock_trusted = false; /* what is over needs no clock */
		t = quota_outing(&book, &done, &now);
		assert_false(t.out);
		assert_int_equal(t.minutes_out, CASE[i].out);
		assert_int_equal(t.minutes_left, 0);
		assert_int_equal(t.minutes_over, CASE[i].over);
		assert_int_equal(t.overdue, CASE[i].overdue);
	}
}

static void test_minutes_without_limit(void **state)
{
	(void)state;
	static const struct {
		int32_t persons, days, minutes, left;
	} ROW[] = {
		{ 1, 2, 0, 0 }, { 1, 2, 1, 1 }, { -1, 2, 60, 0 }, { 1, 0, 60, 0 }, { 0, 2, 60, 0 },
	};
	struct outing outing = { at("2026-11-23 08:00:00"), 0 };
	struct moment now = moment_at(outing.out_ms);

	for (size_t i = 0; i < ARRAY_LEN(ROW); i++) {
		struct rulebook book = book_of(ROW[i].persons, ROW[i].days, ROW[i].minutes);
		struct outing_time t = quota_outing(&book, &outing, &now);
		bool limited = ROW[i].left > 0;
		assert_int_equal(t.deadline_ms,
				 limited ? now.wall_ms + ROW[i].left * MINUTE_IN_MS : 0);
		assert_int_equal(t.minutes_left, ROW[i].left);
		assert_false(t.overdue);
	}
}

static void check_no_minutes(struct outing outing, struct moment now)
{
	struct rulebook book = book_of(1, 2, 180);
	struct outing_time t = quota_outing(&book, &outing, &now);

	assert_true(t.clock_doubtful);
	assert_false(t.overdue);
	assert_int_equal(t.minutes_out, 0);
	assert_int_equal(t.minutes_left, 0);
	assert_int_equal(t.minutes_over, 0);
}

static void test_minutes_in_doubt(void **state)
{
	(void)state;
	int64_t out = at("2026-11-23 08:00:00");
	struct moment now = moment_at(out - 1);

	check_no_minutes((struct outing){ out, 0 }, now);
	check_no_minutes((struct outing){ out, out - 1 }, now);
	now = moment_at(out + HOUR_IN_MS);
	now.clock_trusted = false;
	check_no_minutes((struct outing){ out, 0 }, now);
	now.clock_trusted = true;
	check_no_minutes((struct outing){ 0, 0 }, now);
	check_no_minutes((struct outing){ -1, out }, now);
	check_no_minutes((struct outing){ out, INT64_MAX }, now);
}

/* The engine reads the fact as it is meant. */
static void test_in_the_engine(void **state)
{
	(void)state;
	struct rulebook book = book_of(1, 2, 180);
	struct rule *rule = &book.rules[LEVEL_STRICT][CLASS_RESIDENT][DIRECTION_OUT];
	*rule = (struct rule){ .present = true,
			       .verdict = VERDICT_ADMIT,
			       .required = 1U << CHECK_QUOTA };
	struct outing outing = { at("2026-11-23 08:00:00"), at("2026-11-23 09:00:00") };
	struct fact facts[CHECK_COUNT_] = { 0 };
	struct question q = { .level = LEVEL_STRICT,
			      .person_class = CLASS_RESIDENT,
			      .direction = DIRECTION_OUT,
			      .facts = facts,
			      .now = moment_at(at("2026-11-24 12:00:00")) };

	facts[CHECK_QUOTA] = quota_fact(&book, &outing, 1, &q.now);
	struct decision d = rules_decide(&book, &q);
	assert_int_equal(d.verdict, VERDICT_REFUSE);
	assert_int_equal(d.reasons[0].code, REASON_QUOTA_USED);
	q.now.wall_ms = at("2026-11-25 00:00:00");
	facts[CHECK_QUOTA] = quota_fact(&book, &outing, 1, &q.now);
	assert_int_equal(rules_decide(&book, &q).verdict, VERDICT_ADMIT);
	q.now.clock_trusted = false;
	facts[CHECK_QUOTA] = quota_fact(&book, &outing, 1, &q.now);
	d = rules_decide(&book, &q);
	assert_int_equal(d.verdict, VERDICT_REFER);
	assert_int_equal(d.reasons[0].code, REASON_QUOTA_UNKNOWN);
}

static uint64_t random_next(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* The slow model: how many days before now's date the outing's date lies, counted date by date. */
static int64_t days_ago(int64_t out_ms, int64_t now_ms)
{
	struct civil out = civil_from_ms(out_ms, OFFSET);
	int64_t days = 0;

	for (int64_t ms = now_ms;; ms -= DAY_IN_MS, days++) {
		struct civil c = civil_from_ms(ms, OFFSET);
		if (c.year == out.year && c.month == out.month && c.day == out.day)
			return days;
	}
}

static int32_t count_slowly(const struct rulebook *book, const struct outing *outings, size_t count,
			    int64_t now_ms)
{
	int32_t used = 0;

	for (size_t i = 0; i < count; i++)
		used += outings[i].back_ms == 0 ||
			days_ago(outings[i].out_ms, now_ms) < book->quota_days;
	return used;
}

/* Keeps the last few, as a query for recent outings would. */
static size_t remember(struct outing *outings, size_t count, struct outing outing)
{
	enum { KEPT = 24 };

	if (count == KEPT) {
		memmove(outings, outings + 1, (KEPT - 1) * sizeof(*outings));
		count--;
	}
	outings[count] = outing;
	return count + 1;
}

/* A household over twenty years: goes out whenever it may. */
static void live(int32_t persons, int32_t days, uint64_t seed)
{
	struct rulebook book = book_of(persons, days, 180);
	struct outing outings[24];
	size_t count = 0;
	int64_t ms = at("2019-12-25 12:00:00"), end = at("2040-03-02 00:00:00");

	while (ms < end) {
		struct moment now = moment_at(ms);
		struct quota q = quota_look(&book, outings, count, &now);
		int32_t used = count_slowly(&book, outings, count, ms);
		assert_int_equal(q.used, used);
		assert_int_equal(q.finding, used < persons ? FINDING_GOOD : FINDING_BAD);
		assert_int_equal(q.left, used < persons ? persons - used : 0);
		if (q.finding == FINDING_BAD) {
			assert_true(q.next_ms > ms);
			struct moment then = moment_at(q.next_ms);
			assert_int_equal(quota_look(&book, outings, count, &then).finding,
					 FINDING_GOOD);
			then.wall_ms--;
			assert_int_equal(quota_look(&book, outings, count, &then).finding,
					 FINDING_BAD);
		} else {
			int64_t stay = random_next(&seed) % (uint64_t)(5 * HOUR_IN_MS);
			struct outing outing = { ms, ms + stay };
			count = remember(outings, count, outing);
			ms += stay;
		}
		ms += random_next(&seed) % (uint64_t)(40 * HOUR_IN_MS);
	}
}

static void test_twenty_years(void **state)
{
	(void)state;
	for (int32_t persons = 1; persons <= 4; persons++)
		for (int32_t days = 1; days <= 7; days++)
			live(persons, days, (uint64_t)(persons * 100 + days));
}

/* Times and numbers from anywhere, the ends of their types too. */
static void test_anything_goes_in(void **state)
{
	(void)state;
	static const int64_t ODD[] = { 0,
				       1,
				       -1,
				       INT64_MIN,
				       INT64_MAX,
				       INT64_C(253402300799999),
				       INT64_C(253402300800000),
				       INT32_MAX,
				       INT32_MIN };
	uint64_t seed = 88172645463325252U;

	for (int run = 0; run < 200000; run++) {
		struct outing outings[4];
		int64_t v[12];
		for (size_t i = 0; i < ARRAY_LEN(v); i++) {
			uint64_t r = random_next(&seed);
			v[i] = r % 3 == 0   ? ODD[(r >> 8) % ARRAY_LEN(ODD)]
			       : r % 3 == 1 ? (int64_t)(r >> 8) % INT64_C(253402300800000)
					    : (int64_t)random_next(&seed);
		}
		for (size_t i = 0; i < ARRAY_LEN(outings); i++)
			outings[i] = (struct outing){ v[i], v[i + 4] };
		struct rulebook book = book_of((int32_t)v[8], (int32_t)v[9], (int32_t)v[10]);
		struct moment now = { v[11], run % 7 ? OFFSET : (int32_t)v[8], run % 5 != 0 };
		struct quota q = quota_look(&book, outings, 4, &now);
		assert_true(q.used >= 0 && q.left >= 0);
		assert_true(q.finding == FINDING_GOOD || q.left == 0);
		assert_true(q.finding == FINDING_BAD || (q.next_ms == 0 && !q.waits_for_return));
		assert_true(now.clock_trusted || q.finding != FINDING_BAD);
		assert_true(now.clock_trusted || q.finding != FINDING_GOOD || !book.quota_persons);
		struct outing_time t = quota_outing(&book, &outings[0], &now);
		assert_true(t.minutes_out >= 0 && t.minutes_left >= 0 && t.minutes_over >= 0);
		assert_true(t.overdue == (t.minutes_over > 0));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_outing),
		cmocka_unit_test(test_days_of_the_calendar),
		cmocka_unit_test(test_zone),
		cmocka_unit_test(test_several_persons),
		cmocka_unit_test(test_who_is_out_counts_on),
		cmocka_unit_test(test_order_has_no_effect),
		cmocka_unit_test(test_clock_in_doubt),
		cmocka_unit_test(test_numbers_that_are_no_quota),
		cmocka_unit_test(test_no_quota),
		cmocka_unit_test(test_minutes_out),
		cmocka_unit_test(test_minutes_without_limit),
		cmocka_unit_test(test_minutes_in_doubt),
		cmocka_unit_test(test_in_the_engine),
		cmocka_unit_test(test_twenty_years),
		cmocka_unit_test(test_anything_goes_in),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
