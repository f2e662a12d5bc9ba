#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/fever.h"
#include "tests/unit/core/helper_book.h"

#define AMBIENT 2100

struct bench {
	struct rulebook book;
	struct fever fever;
	int64_t now_ms;
};

static void start(struct bench *b)
{
	memset(b, 0, sizeof(*b));
	book_fill(&b->book);
	b->now_ms = 1000;
	fever_start(&b->fever, b->now_ms);
}

static void sample(struct bench *b, bool present, bool valid, int32_t object, int32_t ambient)
{
	const struct fever_sample s = { present, valid, object, ambient };
	fever_sample(&b->fever, &b->book, &s, b->now_ms);
	b->now_ms += FEVER_SAMPLE_MS;
}

static void hold(struct bench *b, int32_t object, int n)
{
	for (int i = 0; i < n; i++)
		sample(b, true, true, object, AMBIENT);
}

static void absent(struct bench *b)
{
	sample(b, false, false, 0, 0);
}

static void rest(struct bench *b)
{
	b->now_ms = b->fever.again_at_ms;
}

static void test_normal(void **state)
{
	(void)state;
	struct bench b;
	start(&b);
	hold(&b, 3650, 2);
	assert_int_equal(b.fever.state, FEVER_SAMPLING);
	hold(&b, 3650, 1);
	assert_int_equal(b.fever.state, FEVER_NORMAL);
	assert_int_equal(b.fever.result.first_centi_c, 3650);
	assert_int_equal(b.fever.result.second_centi_c, 0);
	assert_int_equal(b.fever.result.ambient_centi_c, AMBIENT);
	assert_int_equal(b.fever.result.attempts, 1);
	assert_false(b.fever.invalid);
	hold(&b, 4000, 9); /* decided: no further sample counts */
	assert_int_equal(b.fever.state, FEVER_NORMAL);
	assert_int_equal(b.fever.result.first_centi_c, 3650);
}

static void test_middle_of_three(void **state)
{
	(void)state;
	static const int32_t ORDER[][3] = { { 3640, 3650, 3660 },
					    { 3660, 3640, 3650 },
					    { 3650, 3660, 3640 } };

	for (size_t i = 0; i < ARRAY_LEN(ORDER); i++) {
		struct bench b;
		start(&b);
		for (int n = 0; n < 3; n++)
			hold(&b, ORDER[i][n], 1);
		assert_int_equal(b.fever.result.first_centi_c, 3650);
	}
}

static void test_high_then_normal(void **state)
{
	(void)state;
	struct bench b;
	start(&b);
	hold(&b, 3790, 3);
	assert_int_equal(b.fever.state, FEVER_AGAIN);
	assert_int_equal(b.fever.again_at_ms, b.now_ms - FEVER_SAMPLE_MS + BOOK_SECOND_AFTER_MS);
	hold(&b, 3650, 3); /* too early: not taken */
	assert_int_equal(b.fever.state, FEVER_AGAIN);
	rest(&b);
	hold(&b, 3650, 3);
	assert_int_equal(b.fever.state, FEVER_NORMAL);
	assert_int_equal(b.fever.result.first_centi_c, 3790);
	assert_int_equal(b.fever.result.second_centi_c, 3650);
	assert_int_equal(fever_fact(&b.book, &b.fever.result, 0).finding, FINDING_GOOD);
}

static void test_twice_high(void **state)
{
	(void)state;
	struct bench b;
	start(&b);
	hold(&b, 3790, 3);
	rest(&b);
	hold(&b, 3810, 3);
	assert_int_equal(b.fever.state, FEVER_SUSPECT);
	assert_int_equal(b.fever.result.second_centi_c, 3810);
	assert_int_equal(b.fever.result.attempts, 2);
	/* A machine alone never calls it fever. */
	assert_int_equal(fever_fact(&b.book, &b.fever.result, 0).finding, FINDING_UNKNOWN);
}

/* The value is rounded to the tenth that is shown; at the threshold it is high. */
static void test_threshold(void **state)
{
	(void)state;
	for (int32_t object = BOOK_TOO_COLD - 100; object <= FEVER_OBJECT_MAX_CENTI_C; object++) {
		struct bench b;
		start(&b);
		hold(&b, object, 3);
		enum fever_state expected = object >= 3725   ? FEVER_AGAIN
					    : object >= 3495 ? FEVER_NORMAL
							     : FEVER_SAMPLING;
		assert_int_equal(b.fever.state, expected);
		assert_int_equal(b.fever.invalid, expected == FEVER_SAMPLING);
		assert_int_equal(b.fever.result.first_centi_c % 10, 0);
	}
}

static void test_too_cold_is_never_normal(void **state)
{
	(void)state;
	for (int32_t object = 2000; object < 3495; object++) {
		struct bench b;
		start(&b);
		hold(&b, object, 12);
		assert_int_equal(b.fever.state, FEVER_SAMPLING);
		assert_int_equal(b.fever.result.first_centi_c, 0);
		assert_int_equal(fever_fact(&b.book, &b.fever.result, 0).finding, FINDING_UNKNOWN);
		/* Nobody there is not a failed measurement. */
		assert_int_equal(b.fever.invalid, object >= FEVER_OBJECT_MIN_CENTI_C);
	}
	struct bench b;
	start(&b);
	hold(&b, 3300, 3);
	hold(&b, 3650, 3); /* came closer */
	assert_int_equal(b.fever.state, FEVER_NORMAL);
	assert_false(b.fever.invalid);
	assert_int_equal(b.fever.result.attempts, 2);
}

static void test_too_cold_the_second_time(void **state)
{
	(void)state;
	struct bench b;
	start(&b);
	hold(&b, 3790, 3);
	rest(&b);
	hold(&b, 3300, 6);
	assert_int_equal(b.fever.state, FEVER_SECOND);
	assert_true(b.fever.invalid);
	assert_int_equal(b.fever.result.second_centi_c, 0);
	assert_int_equal(fever_fact(&b.book, &b.fever.result, 0).finding, FINDING_UNKNOWN);
}

static void test_unsteady_is_never_a_result(void **state)
{
	(void)state;
	struct bench b;
	start(&b);
	for (int i = 0; i < 50; i++)
		hold(&b, i % 2 ? 3600 : 3600 + FEVER_STEADY_CENTI_C + 1, 1);
	assert_int_equal(b.fever.state, FEVER_SAMPLING);
	assert_int_equal(b.fever.result.attempts, 0);
	assert_true(b.fever.invalid);
	hold(&b, 3600, 3);
	assert_int_equal(b.fever.state, FEVER_NORMAL);
	assert_false(b.fever.invalid);

	start(&b); /* at the edge of steady */
	hold(&b, 3600, 2);
	hold(&b, 3600 + FEVER_STEADY_CENTI_C, 1);
	assert_int_equal(b.fever.state, FEVER_NORMAL);
}

/* A gap begins the three anew: what was read of two people is never mixed. */
static void test_gap_begins_anew(void **state)
{
	(void)state;
	struct bench b;
	start(&b);
	hold(&b, 3650, 2);
	sample(&b, true, false, 0, AMBIENT);
	hold(&b, 3650, 2);
	assert_int_equal(b.fever.state, FEVER_SAMPLING);
	sample(&b, true, true, 2000, AMBIENT); /* a wall */
	hold(&b, 3650, 2);
	assert_int_equal(b.fever.state, FEVER_SAMPLING);
	sample(&b, true, true, FEVER_OBJECT_MAX_CENTI_C + 1, AMBIENT);
	hold(&b, 3650, 3);
	assert_int_equal(b.fever.state, FEVER_NORMAL);
}

static void test_ambient_out_of_range(void **state)
{
	(void)state;
	static const int32_t BAD[] = { -2000, 499, 4001, 6000 };
	static const int32_t GOOD[] = { 500, 4000 };

	for (size_t i = 0; i < ARRAY_LEN(BAD); i++) {
		struct bench b;
		start(&b);
		for (int n = 0; n < 10; n++)
			sample(&b, true, true, 3650, BAD[i]);
		assert_int_equal(b.fever.state, FEVER_SAMPLING);
		assert_true(b.fever.invalid); /* the person is told, not left standing */
		assert_int_equal(b.fever.result.first_centi_c, 0);
	}
	for (size_t i = 0; i < ARRAY_LEN(GOOD); i++) {
		struct bench b;
		start(&b);
		for (int n = 0; n < 3; n++)
			sample(&b, true, true, 3650, GOOD[i]);
		assert_int_equal(b.fever.state, FEVER_NORMAL);
	}
}

static void test_sensor_absent_and_back(void **state)
{
	(void)state;
	struct bench b;
	start(&b);
	hold(&b, 3650, 2);
	absent(&b);
	assert_int_equal(b.fever.state, FEVER_NO_SENSOR);
	assert_int_equal(fever_fact(&b.book, &b.fever.result, 0).source, SOURCE_NONE);
	hold(&b, 3650, 1);
	assert_int_equal(b.fever.state, FEVER_SAMPLING); /* the two before do not count */
	hold(&b, 3650, 2);
	assert_int_equal(b.fever.state, FEVER_NORMAL);
}

static void test_sensor_lost_before_the_second(void **state)
{
	(void)state;
	struct bench b;
	start(&b);
	hold(&b, 3790, 3);
	absent(&b); /* while resting: not asked */
	assert_int_equal(b.fever.state, FEVER_AGAIN);
	rest(&b);
	absent(&b);
	assert_int_equal(b.fever.state, FEVER_SUSPECT);
	struct fact fact = fever_fact(&b.book, &b.fever.result, 7);
	assert_int_equal(fact.finding, FINDING_UNKNOWN);
	assert_int_equal(fact.value, 3790); /* the guard sees what was read */
}

static void test_off_takes_nothing(void **state)
{
	(void)state;
	struct bench b;
	start(&b);
	b.fever = (struct fever){ .state = FEVER_OFF };
	const struct fever before = b.fever;
	hold(&b, 3650, 5);
	absent(&b);
	assert_memory_equal(&b.fever, &before, sizeof(before));
}

static void test_due(void **state)
{
	(void)state;
	struct fever f = { .state = FEVER_AGAIN, .again_at_ms = 9000 };

	assert_true(fever_due_ms(&f, 100) == 9000);
	static const enum fever_state SAMPLING[] = { FEVER_SAMPLING, FEVER_SECOND,
						     FEVER_NO_SENSOR };
	for (size_t i = 0; i < ARRAY_LEN(SAMPLING); i++) {
		f.state = SAMPLING[i];
		assert_true(fever_due_ms(&f, 100) == 100 + FEVER_SAMPLE_MS);
	}
	static const enum fever_state DONE[] = { FEVER_OFF, FEVER_NORMAL, FEVER_SUSPECT };
	for (size_t i = 0; i < ARRAY_LEN(DONE); i++) {
		f.state = DONE[i];
		assert_true(fever_due_ms(&f, 100) == INT64_MAX);
	}
}

static void test_fact(void **state)
{
	(void)state;
	static const struct {
		int32_t first, second, clinical;
		enum finding finding;
		enum fact_source source;
		int32_t value;
	} CASE[] = {
		{ 0, 0, 0, FINDING_UNKNOWN, SOURCE_NONE, 0 },
		{ 3650, 0, 0, FINDING_GOOD, SOURCE_MACHINE, 3650 },
		{ 3729, 0, 0, FINDING_GOOD, SOURCE_MACHINE, 3729 },
		{ 3730, 0, 0, FINDING_UNKNOWN, SOURCE_MACHINE, 3730 },
		{ 3790, 3650, 0, FINDING_GOOD, SOURCE_MACHINE, 3650 },
		{ 3790, 3800, 0, FINDING_UNKNOWN, SOURCE_MACHINE, 3800 },
		{ 3499, 0, 0, FINDING_UNKNOWN, SOURCE_MACHINE, 3499 },
		{ 3790, 3800, 3680, FINDING_GOOD, SOURCE_GUARD, 3680 },
		{ 3790, 3800, 3729, FINDING_GOOD, SOURCE_GUARD, 3729 },
		{ 3650, 0, 3730, FINDING_BAD, SOURCE_GUARD, 3730 },
		{ 0, 0, 3900, FINDING_BAD, SOURCE_GUARD, 3900 },
		{ 3790, 3800, 3499, FINDING_UNKNOWN, SOURCE_GUARD, 3499 }, /* a slip, not health */
		{ 3790, 3800, 3500, FINDING_GOOD, SOURCE_GUARD, 3500 },
	};
	struct rulebook book;

	book_fill(&book);
	for (size_t i = 0; i < ARRAY_LEN(CASE); i++) {
		const struct temperature t = { .first_centi_c = CASE[i].first,
					       .second_centi_c = CASE[i].second,
					       .clinical_centi_c = CASE[i].clinical };
		struct fact f = fever_fact(&book, &t, 55);
		assert_int_equal(f.finding, CASE[i].finding);
		assert_int_equal(f.source, CASE[i].source);
		assert_int_equal(f.value, CASE[i].value);
		assert_int_equal(f.wall_ms, 55);
	}
}

/* Whatever the sensor says, only values that count reach the result, and SUSPECT follows a high
 * one. */
static void test_any_sequence(void **state)
{
	(void)state;
	uint32_t random = 12345;

	for (int run = 0; run < 2000; run++) {
		struct bench b;
		start(&b);
		for (int n = 0; n < 200; n++) {
			random = random * 1664525U + 1013904223U;
			sample(&b, random >> 28 != 0, random >> 24 & 7,
			       3300 + (int32_t)(random >> 16 & 3) * 180,
			       random >> 20 & 7 ? AMBIENT : 9000);
			const struct temperature *t = &b.fever.result;
			assert_in_range(b.fever.sample_count, 0, FEVER_SAMPLES);
			assert_true(t->first_centi_c == 0 || t->first_centi_c >= BOOK_TOO_COLD);
			assert_true(t->second_centi_c == 0 || t->second_centi_c >= BOOK_TOO_COLD);
			if (b.fever.state == FEVER_SUSPECT)
				assert_true(t->first_centi_c >= BOOK_FEVER);
			if (b.fever.state == FEVER_NORMAL)
				assert_int_equal(fever_fact(&b.book, t, 0).finding, FINDING_GOOD);
			else
				assert_int_not_equal(fever_fact(&b.book, t, 0).finding,
						     FINDING_GOOD);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_normal),
		cmocka_unit_test(test_middle_of_three),
		cmocka_unit_test(test_high_then_normal),
		cmocka_unit_test(test_twice_high),
		cmocka_unit_test(test_threshold),
		cmocka_unit_test(test_too_cold_is_never_normal),
		cmocka_unit_test(test_too_cold_the_second_time),
		cmocka_unit_test(test_unsteady_is_never_a_result),
		cmocka_unit_test(test_gap_begins_anew),
		cmocka_unit_test(test_ambient_out_of_range),
		cmocka_unit_test(test_sensor_absent_and_back),
		cmocka_unit_test(test_sensor_lost_before_the_second),
		cmocka_unit_test(test_off_takes_nothing),
		cmocka_unit_test(test_due),
		cmocka_unit_test(test_fact),
		cmocka_unit_test(test_any_sequence),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
