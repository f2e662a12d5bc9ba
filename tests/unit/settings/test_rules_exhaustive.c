/*
 * The shipped rulebooks, every combination of what their rules distinguish, against the laws of the
 * engine and against what the plans want of them whatever the numbers in them are.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/words.h"
#include "settings/rulebook.h"
#include "tests/unit/core/helper_rules.h"

#define BOOKS 5
static const char *const BOOK[BOOKS] = { "default", "plan1", "plan2", "plan3", "plan4" };

struct shelf {
	struct rulebook book[BOOKS];
	struct proof proof[BOOKS];
};

/* Reads and tries all books once; the tests then look at what came of it. */
static int try_all(void **state)
{
	struct shelf *shelf = calloc(1, sizeof(*shelf));
	uint64_t combinations = 0;
	int64_t took_ms = 0;

	*state = shelf;
	for (int b = 0; shelf && b < BOOKS; b++) {
		char path[512], message[512] = "";
		snprintf(path, sizeof(path), "%s/assets/rulebooks/%s.ini", TEST_SOURCE_DIR,
			 BOOK[b]);
		if (!rulebook_read(&shelf->book[b], path, message, sizeof(message))) {
			fprintf(stderr, "%s\n", message);
			return 1;
		}
		proof_run(&shelf->proof[b], &shelf->book[b], rules_decide);
		combinations += shelf->proof[b].combinations;
		took_ms += shelf->proof[b].took_ms;
	}
	printf("all books: %llu combinations in %lld ms\n", (unsigned long long)combinations,
	       (long long)took_ms);
	return shelf ? 0 : 1;
}

static int put_away(void **state)
{
	free(*state);
	return 0;
}

static void test_the_laws_hold(void **state)
{
	const struct shelf *shelf = *state;
	bool whole = true;

	for (int b = 0; b < BOOKS; b++)
		whole &= proof_report(&shelf->proof[b], BOOK[b]);
	assert_true(whole);
	assert_true(shelf->proof[0].combinations > 2000000);
}

/* Every cell is ruled, and every clause is one of the plans', in a plan's own book that plan's. */
static void test_every_cell_is_ruled(void **state)
{
	const struct shelf *shelf = *state;

	for (int b = 0; b < BOOKS; b++) {
		const struct rule *rule = &shelf->book[b].rules[0][0][0];
		int cells = LEVEL_COUNT_ * CLASS_COUNT_ * DIRECTION_COUNT_;
		assert_int_equal(shelf->book[b].plan, b);
		for (int n = 0; n < cells; n++) {
			assert_true(rule[n].present);
			assert_in_range(rule[n].clause[0], '1', '4');
		}
	}
}

/* Sees what the proof found of a cell of a book. */
static const struct cell_sum *sum_of(const struct shelf *shelf, int book, int level, int class_,
				     int direction)
{
	const struct cell_sum *sum = &shelf->proof[book].cell[level][class_][direction];

	assert_true(sum->tried > 0);
	return sum;
}

/* Outsiders from key areas: by nobody's leave but headquarters' order, at any level (3·二·1). */
static void test_key_area_by_headquarters_only(void **state)
{
	const struct shelf *shelf = *state;

	for (int b = 0; b < BOOKS; b++)
		for (int l = 0; l < LEVEL_COUNT_; l++) {
			const struct cell_sum *in =
				sum_of(shelf, b, l, CLASS_KEY_AREA, DIRECTION_IN);
			assert_int_equal(in->without_headquarters, 0);
			assert_int_not_equal(shelf->book[b].rules[l][CLASS_KEY_AREA][0].verdict,
					     VERDICT_ADMIT);
		}
}

/* The ambulance is never delayed: whatever is known or not, by any clock (1·四). */
static void test_ambulance_is_never_delayed(void **state)
{
	const struct shelf *shelf = *state;

	for (int b = 0; b < BOOKS; b++)
		for (int l = 0; l < LEVEL_COUNT_; l++)
			for (int d = 0; d < DIRECTION_COUNT_; d++) {
				int class_ = CLASS_EMERGENCY_VEHICLE;
				assert_int_equal(sum_of(shelf, b, l, class_, d)->delayed, 0);
				assert_true(shelf->book[b].rules[l][class_][d].recorded_after);
			}
}

/* Who passes at lockdown without headquarters: those the plans name, nobody else. Everybody else
 * outside stays out; whoever lives here stays in (1·五: 里不出,外不进). Plans 2 to 4 know no
 * lockdown: in their own books all levels are the same. */
static void test_lockdown_has_named_exceptions_only(void **state)
{
	static const bool PASSES_IN[CLASS_COUNT_] = {
		[CLASS_EPIDEMIC_WORKER] = true, /* 1·五·3 by certificate */
		[CLASS_STAFF] = true, /* 2·五 the gate's own team, by certificate */
		[CLASS_INSPECTOR] = true, /* 3·一 by order */
		[CLASS_SUPPLY_VEHICLE] = true, /* 4·三·5 with the community's approval */
		[CLASS_SANITATION] = true, /* 2·八 in its hours */
		[CLASS_EMERGENCY_VEHICLE] = true, /* 1·四 */
	};
	static const bool LIVES_HERE[CLASS_COUNT_] = {
		[CLASS_RESIDENT] = true,
		[CLASS_RETURNEE] = true,
		[CLASS_TENANT] = true,
		[CLASS_RESIDENT_VEHICLE] = true,
	};
	const struct shelf *shelf = *state;

	for (int b = 0; b <= 1; b++)
		for (int c = 0; c < CLASS_COUNT_; c++) {
			const struct cell_sum *in =
				sum_of(shelf, b, LEVEL_LOCKDOWN, c, DIRECTION_IN);
			const struct cell_sum *out =
				sum_of(shelf, b, LEVEL_LOCKDOWN, c, DIRECTION_OUT);
			if ((in->without_headquarters > 0 && !PASSES_IN[c]) ||
			    (out->without_headquarters > 0 && LIVES_HERE[c]))
				fail_msg("%s: %s passes at lockdown without headquarters", BOOK[b],
					 CLASS_WORD[c]);
		}
}

/* Couriers, works and outside vehicles are not for anybody to wave through when the gate is closed
 * (3·二·1, 3·二·5, 1·五·2). */
static void test_some_never_enter(void **state)
{
	static const enum person_class NEVER[] = { CLASS_COURIER, CLASS_OUTSIDER, CLASS_WORKS,
						   CLASS_OUTSIDE_VEHICLE };
	const struct shelf *shelf = *state;

	for (int b = 0; b < BOOKS; b++)
		for (int l = LEVEL_CLOSED; l < LEVEL_COUNT_; l++)
			for (size_t i = 0; i < ARRAY_LEN(NEVER); i++)
				assert_int_equal(sum_of(shelf, b, l, (int)NEVER[i], DIRECTION_IN)
							 ->without_headquarters,
						 0);
}

/* A stricter level never lets in whom a milder one keeps out, all facts being equal: one set of
 * facts at a time, over all classes and directions. */
static void test_levels_only_tighten(void **state)
{
	const struct shelf *shelf = *state;
	const struct rulebook *book = &shelf->book[0];
	unsigned tried = 0;

	for (unsigned c = 0; c < CLASS_COUNT_; c++)
		for (unsigned d = 0; d < DIRECTION_COUNT_; d++)
			for (uint32_t spoilt = 0; spoilt < 1U << CHECK_COUNT_; spoilt += 97) {
				struct fact facts[CHECK_COUNT_];
				enum verdict before = VERDICT_ADMIT;
				rules_facts_good(facts, RULES_NOW_MS);
				facts[CHECK_APPROVAL].value = (int32_t)(spoilt % APPROVER_COUNT_);
				for (unsigned k = 0; k < CHECK_COUNT_; k++)
					if (spoilt & 1U << k)
						facts[k].finding =
							spoilt & 1 ? FINDING_BAD : FINDING_UNKNOWN;
				for (unsigned l = LEVEL_CLOSED; l < LEVEL_COUNT_; l++, tried++) {
					struct question q = rules_ask(facts, l, c, d);
					enum verdict now = rules_decide(book, &q).verdict;
					if (now == VERDICT_ADMIT && before != VERDICT_ADMIT)
						fail_msg("%s %s: %s is milder", CLASS_WORD[c],
							 DIRECTION_WORD[d], LEVEL_WORD[l]);
					before = now;
				}
			}
	print_message("%u decisions\n", tried);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_laws_hold),
		cmocka_unit_test(test_every_cell_is_ruled),
		cmocka_unit_test(test_key_area_by_headquarters_only),
		cmocka_unit_test(test_ambulance_is_never_delayed),
		cmocka_unit_test(test_lockdown_has_named_exceptions_only),
		cmocka_unit_test(test_some_never_enter),
		cmocka_unit_test(test_levels_only_tighten),
	};
	return cmocka_run_group_tests(tests, try_all, put_away);
}
