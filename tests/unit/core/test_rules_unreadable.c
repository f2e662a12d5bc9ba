/*
 * Rules, windows, ranks, authorities and times that make no sense: never indexed with, never an
 * overflow, refused or referred, and said so.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/core/helper_rules.h"

static struct decision decide(const struct desk *k)
{
	return rules_decide(&k->book, &k->question);
}

static void assert_unreadable(const struct desk *k)
{
	struct decision d = decide(k);

	assert_int_equal(d.verdict, VERDICT_REFUSE);
	assert_int_equal(d.reason_count, 1);
	assert_int_equal(d.reasons[0].code, REASON_NO_RULE);
	assert_int_equal(d.reasons[0].lift, LIFT_NOBODY);
	assert_false(d.reasons[0].lifted);
	assert_int_equal(d.pass.valid_min, 0);
	assert_int_equal(d.pass.uses, 0);
}

static const uint32_t JUNK[] = { 0, 1, 77, 0x7FFFFFFF, 0x80000000U, 0xFFFFFFFFU };

static void test_rules_nobody_can_read(void **state)
{
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(JUNK); i++) {
		struct desk k;
		bool high = JUNK[i] >= 77; /* 0 and 1 are put on top of the last known word */
#define SPOIL(member, count, low)                                                                  \
	desk_fill(&k);                                                                             \
	k.rule->verdict = low;                                                                     \
	k.rule->reason = REASON_LOCKDOWN;                                                          \
	k.question.lifted = LIFT_HEADQUARTERS;                                                     \
	k.rule->member = high ? JUNK[i] : (count) + JUNK[i];                                       \
	assert_unreadable(&k)
		SPOIL(verdict, VERDICT_COUNT_, VERDICT_ADMIT);
		SPOIL(approver, APPROVER_COUNT_, VERDICT_ADMIT);
		SPOIL(reason, REASON_COUNT_, VERDICT_REFUSE);
		SPOIL(lift, LIFT_COUNT_, VERDICT_REFUSE);
#undef SPOIL
		desk_fill(&k);
		k.question.lifted = high ? JUNK[i] : LIFT_COUNT_ + JUNK[i];
		assert_unreadable(&k);
	}
	struct desk k;
	for (unsigned bit = CHECK_COUNT_; bit < 32; bit++) {
		desk_fill(&k);
		k.rule->required = 1U << bit;
		assert_unreadable(&k);
	}
	desk_fill(&k);
	k.rule->verdict = VERDICT_REFUSE; /* and does not say why */
	assert_unreadable(&k);
	assert_true(rules_class_refused(&k.book, LEVEL_CLOSED, CLASS_VISITOR, DIRECTION_IN));
	desk_fill(&k);
	k.rule->present = false;
	assert_unreadable(&k);
	assert_int_equal(rules_guard_checks(&k.book, LEVEL_CLOSED, CLASS_VISITOR, DIRECTION_IN), 0);
}

static void test_cells_outside_the_table(void **state)
{
	(void)state;
	struct desk k;

	for (size_t i = 0; i < ARRAY_LEN(JUNK); i++) {
		bool high = JUNK[i] >= 77;
		desk_fill(&k);
		/* Rules wherever an index one too far would land. */
		for (int n = 0; n < LEVEL_COUNT_ * CLASS_COUNT_ * 2; n++)
			(&k.book.rules[0][0][0])[n] = *k.rule;
		k.question.level = high ? JUNK[i] : LEVEL_COUNT_ + JUNK[i];
		assert_unreadable(&k);
		k.question.level = LEVEL_OPEN;
		k.question.person_class = high ? JUNK[i] : CLASS_COUNT_ + JUNK[i];
		assert_unreadable(&k);
		k.question.person_class = CLASS_VISITOR;
		k.question.direction = high ? JUNK[i] : DIRECTION_COUNT_ + JUNK[i];
		assert_unreadable(&k);
	}
}

static void test_windows_that_are_none(void **state)
{
	(void)state;
	static const struct {
		uint8_t number;
		int32_t count, start_min, end_min;
	} CASE[] = {
		{ 0, 1, 0, 1440 },  { 2, 1, 0, 1440 },      { 1, 0, 0, 1440 },
		{ 1, -1, 0, 1440 }, { 9, 1000, 0, 1440 },   { 255, 255, 0, 1440 },
		{ 1, 1, -1, 1440 }, { 1, 1, 0, 1441 },      { 1, 1, 1440, 1440 },
		{ 1, 1, 0, -1 },    { 1, 1, 0, INT32_MAX }, { 1, 1, INT32_MIN, 1440 },
	};

	for (size_t i = 0; i < ARRAY_LEN(CASE); i++) {
		struct desk k;
		desk_fill(&k);
		for (int w = 0; w < WINDOWS_MAX; w++)
			k.book.windows[w] =
				(struct window){ "", CASE[i].start_min, CASE[i].end_min };
		k.rule->required = 1U << CHECK_WINDOW;
		k.rule->window = CASE[i].number;
		k.book.window_count = CASE[i].count;
		struct decision d = decide(&k);
		assert_int_equal(d.verdict, VERDICT_REFER);
		assert_int_equal(d.reason_count, 1);
		assert_int_equal(d.reasons[0].code, REASON_WINDOW_UNKNOWN);
		assert_string_equal(d.reasons[0].clause, "3·17");
		assert_false(d.clock_doubtful);
	}
}

/* The other side: the last word of every list and the ends of a day are known. */
static void test_ends_of_the_ranges_are_read(void **state)
{
	(void)state;
	static const struct window EVENING = { "", 22 * 60, 0 }, EARLY = { "", 0, 1 },
				   LAST = { "", 1439, 1440 };
	struct desk k;

	for (enum reason_code code = REASON_NONE + 1; code < REASON_COUNT_; code++) {
		desk_fill(&k);
		k.rule->verdict = VERDICT_REFUSE;
		k.rule->reason = code;
		assert_int_equal(decide(&k).reasons[0].code, code);
	}
	for (uint8_t number = 1; number <= WINDOWS_MAX; number++) {
		desk_fill(&k);
		k.rule->window = number;
		k.book.window_count = number;
		k.book.windows[number - 1] = EVENING;
		k.question.now.wall_ms = RULES_NOW_MS + INT64_C(15) * 3600000;
		assert_int_equal(decide(&k).verdict, VERDICT_ADMIT); /* 23:00 */
		k.book.windows[number - 1] = EARLY;
		k.question.now.wall_ms += 3600000;
		assert_int_equal(decide(&k).verdict, VERDICT_ADMIT); /* 00:00 */
		k.book.windows[number - 1] = LAST;
		k.question.now.wall_ms -= 1;
		assert_int_equal(decide(&k).verdict, VERDICT_ADMIT); /* 23:59:59.999 */
	}
}

/* Hours and a rank bind even where the rule forgot to require them. */
static void test_hours_and_rank_are_no_decoration(void **state)
{
	(void)state;
	struct desk k;

	desk_fill(&k);
	k.rule->window = 1;
	assert_int_equal(decide(&k).verdict, VERDICT_ADMIT);
	k.question.now.wall_ms += 3600000;
	assert_int_equal(decide(&k).verdict, VERDICT_REFUSE);
	desk_fill(&k);
	k.rule->approver = APPROVER_COMMUNITY;
	assert_int_equal(decide(&k).verdict, VERDICT_ADMIT);
	k.facts[CHECK_APPROVAL].value = APPROVER_GUARD;
	assert_int_equal(decide(&k).verdict, VERDICT_REFER);
}

static void test_clauses_without_an_end(void **state)
{
	(void)state;
	struct desk k;

	desk_fill(&k);
	k.rule->verdict = VERDICT_REFUSE;
	k.rule->reason = REASON_LOCKDOWN;
	memset(k.rule->clause, 'x', CLAUSE_BYTES);
	struct decision d = decide(&k);
	assert_int_equal(d.verdict, VERDICT_REFUSE);
	assert_string_equal(d.reasons[0].clause, "");
}

/* Times at the ends of what 64 bits hold: no overflow, nothing good. */
static void test_times_out_of_this_world(void **state)
{
	(void)state;
	static const int64_t TIME[] = { INT64_MIN, INT64_MIN + 1, -1, INT64_MAX - 1, INT64_MAX };
	struct desk k;

	for (size_t i = 0; i < ARRAY_LEN(TIME); i++) {
		desk_fill(&k);
		k.rule->required = 1U << CHECK_TEST;
		k.book.max_age_min[CHECK_TEST] = INT32_MAX;
		assert_int_equal(decide(&k).verdict, VERDICT_ADMIT);
		k.facts[CHECK_TEST].wall_ms = TIME[i];
		if (TIME[i] != -1) /* 1970 is within four thousand years */
			assert_int_equal(decide(&k).reasons[0].code, REASON_TEST_TOO_OLD);
		k.question.now.wall_ms = TIME[i];
		struct decision d = decide(&k);
		assert_int_equal(d.verdict, VERDICT_REFER);
		assert_int_equal(d.reasons[0].code, REASON_TEST_MISSING);
		assert_true(d.clock_doubtful);
		k.rule->required = 1U << CHECK_WINDOW;
		k.rule->window = 1;
		d = decide(&k);
		assert_int_equal(d.reasons[0].code, REASON_WINDOW_UNKNOWN);
		assert_true(d.clock_doubtful);
	}
	/* A negative age limit is no limit that anything could keep. */
	desk_fill(&k);
	k.rule->required = 1U << CHECK_TEST;
	k.book.max_age_min[CHECK_TEST] = INT32_MIN;
	assert_int_equal(decide(&k).verdict, VERDICT_REFUSE);
}

/* A clock is believed from 1970 to the end of the year 9999, in zones of less than a day. */
static void test_bounds_of_a_clock(void **state)
{
	(void)state;
	static const struct {
		int64_t wall_ms;
		int32_t offset_min;
		bool counts;
	} CASE[] = {
		{ -1, 0, false },
		{ 0, 0, true },
		{ INT64_C(253402300799999), 0, true },
		{ INT64_C(253402300800000), 0, false },
		{ RULES_NOW_MS, -1439, true },
		{ RULES_NOW_MS, 1439, true },
		{ RULES_NOW_MS, -1440, false },
		{ RULES_NOW_MS, 1440, false },
		{ RULES_NOW_MS, INT32_MAX, false },
		{ RULES_NOW_MS, INT32_MIN, false },
	};

	for (size_t i = 0; i < ARRAY_LEN(CASE); i++) {
		struct desk k;
		desk_fill(&k);
		k.rule->window = 1;
		k.book.windows[0] = (struct window){ "all day", 0, 1440 };
		k.question.now = (struct moment){ CASE[i].wall_ms, CASE[i].offset_min, true };
		assert_int_equal(decide(&k).verdict,
				 CASE[i].counts ? VERDICT_ADMIT : VERDICT_REFER);
		assert_int_equal(decide(&k).clock_doubtful, !CASE[i].counts);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules_nobody_can_read),
		cmocka_unit_test(test_cells_outside_the_table),
		cmocka_unit_test(test_windows_that_are_none),
		cmocka_unit_test(test_ends_of_the_ranges_are_read),
		cmocka_unit_test(test_hours_and_rank_are_no_decoration),
		cmocka_unit_test(test_clauses_without_an_end),
		cmocka_unit_test(test_times_out_of_this_world),
		cmocka_unit_test(test_bounds_of_a_clock),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
