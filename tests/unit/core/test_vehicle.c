/*
 * What follows from a plate, and which questions a driver is not asked: whatever the rule, nobody
 * stands before a question that is not theirs, and going back leads where they came from.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "core/session.h"
#include "tests/unit/core/helper_book.h"

#define NOW INT64_C(1795392000000)
#define DAY INT64_C(86400000)

static const struct moment PRESENT = { NOW, 480, true };

static void test_ruled_as(void **state)
{
	(void)state;
	struct vehicle_known known = { 0 };

	for (unsigned c = 0; c < CLASS_COUNT_; c++) /* no list: as chosen */
		assert_int_equal(vehicle_ruled_as(c, &known), c);
	known.directory = true;
	for (unsigned c = 0; c < CLASS_COUNT_; c++)
		assert_int_equal(vehicle_ruled_as(c, &known),
				 c == CLASS_RESIDENT_VEHICLE ? CLASS_OUTSIDE_VEHICLE : c);
	known.listed = true;
	known.kind = CLASS_RESIDENT_VEHICLE;
	assert_int_equal(vehicle_ruled_as(CLASS_OUTSIDE_VEHICLE, &known), CLASS_RESIDENT_VEHICLE);
	known.kind = CLASS_SUPPLY_VEHICLE;
	assert_int_equal(vehicle_ruled_as(CLASS_RESIDENT_VEHICLE, &known), CLASS_SUPPLY_VEHICLE);
}

static void test_pass_on_the_list(void **state)
{
	(void)state;
	struct vehicle_known known = { .directory = true,
				       .listed = true,
				       .kind = CLASS_RESIDENT_VEHICLE,
				       .until_ms = NOW + 1 };
	struct moment doubtful = { NOW, 480, false };

	assert_int_equal(vehicle_standing(&known, &PRESENT), VEHICLE_IN_FORCE);
	struct fact fact = vehicle_pass_fact(&known, &PRESENT);
	assert_true(fact.finding == FINDING_GOOD && fact.source == SOURCE_SIGNED &&
		    fact.wall_ms == NOW);
	assert_int_equal(vehicle_standing(&known, &doubtful), VEHICLE_DOUBTFUL);
	assert_int_equal(vehicle_pass_fact(&known, &doubtful).finding, FINDING_UNKNOWN);
	known.until_ms = NOW; /* the first moment that it is not */
	assert_int_equal(vehicle_standing(&known, &PRESENT), VEHICLE_RUN_OUT);
	fact = vehicle_pass_fact(&known, &PRESENT);
	assert_true(fact.finding == FINDING_UNKNOWN && fact.source == SOURCE_NONE);
	known.until_ms = 0;
	assert_int_equal(vehicle_standing(&known, &PRESENT), VEHICLE_DOUBTFUL);
	known = (struct vehicle_known){ .directory = true, .until_ms = NOW + DAY };
	assert_int_equal(vehicle_standing(&known, &PRESENT), VEHICLE_UNLISTED);
	assert_int_equal(vehicle_pass_fact(&known, &PRESENT).finding, FINDING_UNKNOWN);
	known.directory = false;
	assert_int_equal(vehicle_standing(&known, &PRESENT), VEHICLE_NO_DIRECTORY);
}

static void test_disinfection(void **state)
{
	(void)state;
	struct vehicle_known known = { 0 };
	struct fact fact = vehicle_disinfection_fact(&known, &PRESENT);

	assert_true(fact.finding == FINDING_UNKNOWN && fact.source == SOURCE_NONE);
	known.disinfected_ms = NOW - DAY;
	fact = vehicle_disinfection_fact(&known, &PRESENT);
	assert_true(fact.finding == FINDING_GOOD && fact.source == SOURCE_MACHINE &&
		    fact.wall_ms == NOW - DAY);
	known.disinfected_ms = NOW + DAY; /* by a clock that was wrong */
	assert_int_equal(vehicle_disinfection_fact(&known, &PRESENT).finding, FINDING_UNKNOWN);
}

static bool is_asked(uint64_t unasked, enum screen s)
{
	return !(unasked >> s & 1);
}

/* From the screen before the first question to the temperature, and all the way back. */
static void walk(enum person_class class, uint32_t required)
{
	uint64_t unasked = session_unasked(class, required);
	enum screen way[16], at = vehicle_class(class) ? SCREEN_VEHICLE : SCREEN_CLASS;
	int n = 0;

	way[n++] = at;
	while (at != SCREEN_TEMPERATURE) {
		enum session_event on =
			at == SCREEN_CLASS || at == SCREEN_VEHICLE || at == SCREEN_OCCUPANTS
				? SESSION_CHOOSE
			: at == SCREEN_PLATE                           ? SESSION_LOADED
			: at == SCREEN_TRAVEL || at == SCREEN_SYMPTOMS ? SESSION_ANSWER
			: at == SCREEN_CODE                            ? SESSION_CODE
								       : SESSION_NEXT;
		struct session_step step = session_go(at, on, FACT_VALID, unasked);
		assert_true(step.moved && step.next != at && n < (int)ARRAY_LEN(way));
		assert_true(is_asked(unasked, step.next));
		assert_int_equal(step.effects & ~(uint64_t)EFFECT_ENTER,
				 step.next == SCREEN_TEMPERATURE ? EFFECT_MEASURE : 0);
		assert_int_equal(step.say, step.next == SCREEN_TEMPERATURE ? CLIP_STAND_HERE
					   : step.next == SCREEN_CODE      ? CLIP_SHOW_CODE
									   : CLIP_NONE);
		way[n++] = at = step.next;
	}
	for (n -= 2; n > 0; n--) { /* from the screen before the temperature */
		struct session_step back = session_go(way[n], SESSION_BACK, 0, unasked);
		assert_true(back.moved);
		assert_int_equal(back.next, way[n - 1]);
	}
}

static void test_everybody_is_asked_what_is_theirs(void **state)
{
	(void)state;
	static const enum check MATTER[] = { CHECK_TRAVEL_14D, CHECK_SYMPTOMS, CHECK_HEALTH_CODE,
					     CHECK_TRAVEL_CARD };

	for (unsigned c = 0; c < CLASS_COUNT_; c++)
		for (unsigned bits = 0; bits < 1U << ARRAY_LEN(MATTER); bits++) {
			uint32_t required = 0;
			for (size_t i = 0; i < ARRAY_LEN(MATTER); i++)
				required |= bits >> i & 1 ? 1U << MATTER[i] : 0;
			walk(c, required);
			uint64_t unasked = session_unasked(c, required);
			bool wheels = vehicle_class(c);
			assert_int_equal(is_asked(unasked, SCREEN_PLATE), wheels);
			assert_true(is_asked(unasked, SCREEN_NAME));
			assert_true(is_asked(unasked, SCREEN_TEMPERATURE));
			if (wheels) {
				assert_int_equal(is_asked(unasked, SCREEN_TRAVEL), bits & 1);
				assert_int_equal(is_asked(unasked, SCREEN_SYMPTOMS), bits >> 1 & 1);
				assert_int_equal(is_asked(unasked, SCREEN_CODE), bits >> 2 != 0);
			} else { /* those on foot are asked as ever */
				assert_true(is_asked(unasked, SCREEN_TRAVEL) &&
					    is_asked(unasked, SCREEN_CODE));
			}
		}
}

/* Past nothing, a step is the table's step. */
static void test_without_anything_to_pass_by(void **state)
{
	(void)state;
	for (unsigned s = 0; s < SCREEN_COUNT_; s++)
		for (unsigned e = 0; e < SESSION_EVENT_COUNT_; e++)
			for (uint32_t facts = 0; facts <= FACT_ALL; facts += 37) {
				struct session_step a = session_step(s, e, facts);
				struct session_step b = session_go(s, e, facts, 0);
				assert_true(a.next == b.next && a.effects == b.effects &&
					    a.say == b.say && a.moved == b.moved);
			}
}

/* Whatever is passed by, it never leads to the gate, to paper or into the register by itself. */
static void test_passing_by_does_nothing_else(void **state)
{
	(void)state;
	for (unsigned c = 0; c < CLASS_COUNT_; c++) {
		uint64_t unasked = session_unasked(c, 0);
		for (unsigned s = 0; s < SCREEN_COUNT_; s++)
			for (unsigned e = 0; e < SESSION_EVENT_COUNT_; e++) {
				struct session_step a = session_step(s, e, FACT_VALID);
				struct session_step b = session_go(s, e, FACT_VALID, unasked);
				uint64_t more = b.effects & ~a.effects;
				assert_true((a.effects & ~b.effects) == 0);
				assert_true((more & ~(uint64_t)(EFFECT_MEASURE | EFFECT_ENTER)) ==
					    0);
			}
	}
}

static void test_a_stranger_is_turned_back_at_once(void **state)
{
	(void)state;
	struct session_step step = session_step(SCREEN_PLATE, SESSION_NEXT, FACT_VALID);

	assert_true(step.next == SCREEN_PLATE && step.effects == EFFECT_VEHICLE);
	step = session_step(SCREEN_PLATE, SESSION_LOADED, FACT_CLASS_REFUSED);
	assert_true(step.next == SCREEN_SAVING && step.effects == (EFFECT_REGISTER | EFFECT_ENTER));
	step = session_step(SCREEN_PLATE, SESSION_NEXT, 0); /* not a plate */
	assert_false(step.moved);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ruled_as),
		cmocka_unit_test(test_pass_on_the_list),
		cmocka_unit_test(test_disinfection),
		cmocka_unit_test(test_everybody_is_asked_what_is_theirs),
		cmocka_unit_test(test_without_anything_to_pass_by),
		cmocka_unit_test(test_passing_by_does_nothing_else),
		cmocka_unit_test(test_a_stranger_is_turned_back_at_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
