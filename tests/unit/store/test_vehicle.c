/* What the register knows of a plate: from its newest visits, and nothing once they are forgotten.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "helper_store.h"
#include "store/directory.h"
#include "store/retention.h"
#include "store/vehicle.h"

#define PLATE "沪AD12345"

static int setup(void **state)
{
	static struct bench bench;

	bench_open(&bench);
	*state = &bench;
	return 0;
}

static int teardown(void **state)
{
	bench_close(*state);
	return 0;
}

/* disinfected_ms 0: nothing is said of it. */
static uint64_t arrive(struct bench *b, const char *plate, int64_t disinfected_ms)
{
	struct visit v = sample_visit(1);
	struct receipt receipt;

	v.person_class = CLASS_RESIDENT_VEHICLE;
	text_copy(v.person.plate, sizeof(v.person.plate), plate);
	if (disinfected_ms)
		v.facts[CHECK_DISINFECTION] =
			(struct fact){ FINDING_GOOD, SOURCE_GUARD, disinfected_ms, 0 };
	assert_int_equal(record_visit(b, ENTRY_REGISTERED, &v, &receipt), 0);
	return receipt.visit_id;
}

static int64_t known(struct bench *b, const char *plate)
{
	struct vehicle_known known;

	memset(&known, 0xA5, sizeof(known));
	assert_int_equal(register_vehicle(b->db, plate, &known), 0);
	return known.disinfected_ms;
}

static void test_the_last_disinfection(void **state)
{
	struct bench *b = *state;

	assert_true(known(b, PLATE) == 0);
	arrive(b, PLATE, b->now_ms - 5000);
	arrive(b, "京A12345", b->now_ms - 1000);
	assert_true(known(b, PLATE) == b->now_ms - 5000);
	assert_true(known(b, "京A12345") == b->now_ms - 1000);
	assert_true(known(b, "京A1234") == 0);
	assert_true(known(b, "") == 0);
	int64_t then = b->now_ms - 5000;
	for (int i = 0; i < 29; i++) /* turned back, and nothing was done */
		arrive(b, PLATE, 0);
	assert_true(known(b, PLATE) == then);
	uint64_t id = arrive(b, PLATE, 0);
	assert_true(known(b, PLATE) == 0); /* so far back nobody looks: it is due */
	struct visit v;
	assert_int_equal(register_visit(b->db, id, &v), 0);
	v.facts[CHECK_DISINFECTION] = (struct fact){ FINDING_GOOD, SOURCE_GUARD, b->now_ms, 0 };
	v.decision.verdict = VERDICT_REFUSE;
	v.state = VISIT_REFUSED;
	assert_int_equal(record_visit(b, ENTRY_DECIDED, &v, NULL), 0);
	assert_true(known(b, PLATE) == v.facts[CHECK_DISINFECTION].wall_ms);
	bench_reopen(b);
	assert_true(known(b, PLATE) == v.facts[CHECK_DISINFECTION].wall_ms);
}

static void test_forgotten_with_the_person(void **state)
{
	struct bench *b = *state;
	struct visit v = sample_visit(1);
	struct receipt receipt;
	struct entry who = { .wall_ms = b->now_ms, .clock_trusted = true };
	enum erase_outcome outcome;

	v.person_class = CLASS_OUTSIDE_VEHICLE;
	text_copy(v.person.plate, sizeof(v.person.plate), PLATE);
	v.facts[CHECK_DISINFECTION] = (struct fact){ FINDING_GOOD, SOURCE_GUARD, b->now_ms, 0 };
	v.decision.verdict = VERDICT_REFUSE;
	v.state = VISIT_REFUSED;
	assert_int_equal(record_visit(b, ENTRY_REGISTERED, &v, &receipt), 0);
	assert_true(known(b, PLATE) != 0);
	assert_int_equal(register_erase(b->db, receipt.visit_id, &who, &outcome), 0);
	assert_int_equal(outcome, ERASE_DONE);
	assert_true(known(b, PLATE) == 0);
}

static void take(struct bench *b, uint64_t number, const char *text)
{
	struct import import = { .number = number,
				 .actor = "周敏",
				 .wall_ms = b->now_ms,
				 .mono_ms = b->now_ms - MONDAY_MS,
				 .clock_trusted = true };
	struct receipt receipt;

	import.parts[PART_VEHICLES] = (struct import_part){ (int64_t)number, text, strlen(text) };
	assert_int_equal(register_import(b->db, &import, &receipt), 0);
}

static struct vehicle_known look(struct bench *b, const char *plate)
{
	struct vehicle_known known;

	assert_int_equal(register_vehicle(b->db, plate, &known), 0);
	return known;
}

static void test_the_offices_list(void **state)
{
	struct bench *b = *state;
	struct moment now = { b->now_ms, OFFSET_MIN, true };
	struct vehicle_known k = look(b, PLATE);

	assert_false(k.directory || k.listed);
	take(b, 1,
	     "京A12345\t环卫一队\tsanitation\t2026-11-23\n"
	     "沪AD12345\t3-2-501\tresident-vehicle\t2026-11-22\n");
	k = look(b, PLATE); /* ran out yesterday */
	assert_true(k.directory && k.listed && k.kind == CLASS_RESIDENT_VEHICLE);
	assert_string_equal(k.owner, "3-2-501");
	assert_int_equal(vehicle_standing(&k, &now), VEHICLE_RUN_OUT);
	k = look(b, "京A12345"); /* to the end of today, and no longer */
	assert_int_equal(k.kind, CLASS_SANITATION);
	assert_int_equal(vehicle_standing(&k, &now), VEHICLE_IN_FORCE);
	now.wall_ms = k.until_ms - 1;
	assert_int_equal(vehicle_standing(&k, &now), VEHICLE_IN_FORCE);
	assert_true(k.until_ms - b->now_ms == 16 * INT64_C(3600000)); /* at eight in the morning */
	k = look(b, "京A54321");
	assert_true(k.directory && !k.listed);
	bench_reopen(b);
	take(b, 2, "沪AD12345\t3-2-501\tsupply-vehicle\t2026-12-31\n");
	assert_int_equal(look(b, PLATE).kind, CLASS_SUPPLY_VEHICLE);
	assert_false(look(b, "京A12345").listed);
	take(b, 3, "");
	assert_false(look(b, PLATE).directory);
	int64_t bad;
	assert_int_equal(register_verify(b->db, &bad), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_the_last_disinfection, setup, teardown),
		cmocka_unit_test_setup_teardown(test_the_offices_list, setup, teardown),
		cmocka_unit_test_setup_teardown(test_forgotten_with_the_person, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
