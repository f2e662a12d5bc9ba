/*
 * The two clocks: virtual ones stand still, real ones notice a step, and neither is trusted before
 * the latest time that is known to have been.
 */
#include "clock.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define PROGRAM_AGE_MS INT64_C(1767225600000) /* 2026-01-01T00:00:00Z, see base/civil.h */
#define MORNING_MS INT64_C(1795392000000) /* 2026-11-23T08:00:00+08:00 */

static void test_virtual(void **state)
{
	struct clock c;

	(void)state;
	clock_virtual(&c, MORNING_MS);
	assert_true(c.trusted);
	assert_int_equal(clock_mono_ms(&c), 0);
	assert_int_equal(clock_wall_ms(&c), MORNING_MS);
	c.mono_ms += 1500;
	assert_int_equal(clock_mono_ms(&c), 1500);
	assert_int_equal(clock_wall_ms(&c), MORNING_MS + 1500);
	c.wall_offset_ms -= 3600000; /* a step is the scenario's own doing */
	assert_int_equal(clock_step_ms(&c), 0);
	assert_int_equal(clock_mono_ms(&c), 1500);
}

/* A board without a battery starts in 1970. */
static void test_trust(void **state)
{
	static const struct {
		int64_t wall_ms;
		bool trusted;
	} CASE[] = {
		{ 0, false },
		{ -1, false },
		{ PROGRAM_AGE_MS - 1, false },
		{ PROGRAM_AGE_MS, true },
		{ MORNING_MS, true },
	};
	struct clock c;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASE); i++) {
		clock_virtual(&c, CASE[i].wall_ms);
		assert_int_equal(c.trusted, CASE[i].trusted);
	}
}

static void test_floor(void **state)
{
	struct clock c;

	(void)state;
	clock_virtual(&c, MORNING_MS);
	clock_raise_floor(&c, MORNING_MS);
	assert_true(c.trusted); /* at the floor is not below it */
	clock_raise_floor(&c, MORNING_MS + 1);
	assert_false(c.trusted);
	clock_raise_floor(&c, MORNING_MS - 1000); /* a floor never sinks */
	assert_false(c.trusted);
	assert_int_equal(c.floor_ms, MORNING_MS + 1);
	c.mono_ms += 1; /* time has passed: asked again, it is believed */
	clock_raise_floor(&c, 0);
	assert_true(c.trusted);
	clock_raise_floor(&c, 0);
	assert_int_equal(c.floor_ms, MORNING_MS + 1);
}

static void test_real(void **state)
{
	struct clock c;

	(void)state;
	clock_real(&c);
	assert_false(c.is_virtual);
	assert_int_equal(c.trusted, clock_wall_ms(&c) >= PROGRAM_AGE_MS);
	int64_t mono = clock_mono_ms(&c);
	assert_true(mono >= 0);
	assert_true(clock_mono_ms(&c) >= mono);
	assert_int_equal(clock_step_ms(&c), 0);
}

/* As if the wall clock had been elsewhere before; half a second is no step, it drifts that much. */
static void test_step(void **state)
{
	static const struct {
		int64_t moved_ms;
		bool step;
	} CASE[] = {
		{ 500, false },  { -500, false },    { 1500, true },
		{ -1500, true }, { 86400000, true },
	};
	struct clock c;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASE); i++) {
		clock_real(&c);
		c.wall_offset_ms -= CASE[i].moved_ms;
		int64_t step = clock_step_ms(&c);
		assert_int_equal(step != 0, CASE[i].step);
		if (CASE[i].step) /* the two clocks are read one after the other */
			assert_in_range(step - CASE[i].moved_ms + 400, 0, 800);
		assert_int_equal(clock_step_ms(&c), 0); /* told once */
	}
}

/* A step back below the register's last time is noticed as a clock not to be believed. */
static void test_step_judges(void **state)
{
	struct clock c;

	(void)state;
	clock_real(&c);
	c.floor_ms = clock_wall_ms(&c) + 3600000;
	c.trusted = true;
	assert_int_equal(clock_step_ms(&c), 0);
	assert_true(c.trusted);
	c.wall_offset_ms += 5000;
	assert_true(clock_step_ms(&c) < 0);
	assert_false(c.trusted);
}

/* Somebody who has looked at another clock ends all doubt, but for a time that cannot be. */
static void test_set_and_confirmed(void **state)
{
	struct clock c;

	(void)state;
	clock_virtual(&c, MORNING_MS);
	clock_raise_floor(&c, MORNING_MS + 86400000);
	assert_false(c.trusted);
	c.mono_ms += 1500;
	assert_int_equal(clock_set(&c, MORNING_MS - 3600000), 0);
	assert_int_equal(clock_wall_ms(&c), MORNING_MS - 3600000);
	assert_int_equal(clock_mono_ms(&c), 1500); /* no duration is moved by it */
	assert_true(c.trusted);
	assert_int_equal(clock_step_ms(&c), 0);

	clock_raise_floor(&c, MORNING_MS);
	assert_false(c.trusted);
	assert_true(clock_confirm(&c));
	assert_true(c.trusted);

	clock_virtual(&c, 0);
	assert_false(clock_confirm(&c));
	assert_false(c.trusted);
	assert_int_equal(clock_set(&c, MORNING_MS), 0);
	assert_true(c.trusted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_virtual),     cmocka_unit_test(test_set_and_confirmed),
		cmocka_unit_test(test_trust),       cmocka_unit_test(test_floor),
		cmocka_unit_test(test_real),        cmocka_unit_test(test_step),
		cmocka_unit_test(test_step_judges),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
