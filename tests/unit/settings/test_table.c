/*
 * The class x level table that follows from the plans, cell by cell, against the rulebooks. Y: in
 * or out after checks; A: needs an approval, an escort or a quota first; N: refused. Each cell with
 * the clause it cites.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/defs.h"
#include "core/words.h"
#include "settings/rulebook.h"

struct cell {
	enum person_class class;
	enum direction direction;
	const char *letters; /* closed, strict, lockdown */
	const char *clause[3];
};

#define IN DIRECTION_IN
#define OUT DIRECTION_OUT

static const struct cell TABLE[] = {
	{ CLASS_RESIDENT, IN, "YYA", { "3·二·1", "3·二·1", "1·五" } },
	{ CLASS_RESIDENT, OUT, "YAN", { "2·四", "2·四", "1·五" } },
	{ CLASS_TENANT, IN, "YYA", { "3·二·1", "3·二·1", "1·五" } },
	{ CLASS_TENANT, OUT, "YAN", { "2·四", "2·四", "1·五" } },
	{ CLASS_RETURNEE, OUT, "AAN", { "2·六", "2·六", "1·五" } },
	{ CLASS_RETURNEE, IN, "YYA", { "2·六", "2·六", "2·六" } },
	{ CLASS_VISITOR, IN, "AAN", { "3·二·1", "3·二·1", "1·五" } },
	{ CLASS_OUTSIDER, IN, "NNN", { "2·三", "2·三", "1·五" } },
	{ CLASS_KEY_AREA, IN, "NNN", { "3·二·1", "3·二·1", "3·二·1" } },
	{ CLASS_COURIER, IN, "NNN", { "3·二·1", "3·二·1", "3·二·1" } },
	{ CLASS_REPAIR, IN, "AAA", { "3·二·5", "3·二·5", "3·二·5" } },
	{ CLASS_WORKS, IN, "NNN", { "3·二·5", "3·二·5", "3·二·5" } },
	{ CLASS_EPIDEMIC_WORKER, IN, "YYY", { "1·五·3", "1·五·3", "1·五·3" } },
	{ CLASS_EPIDEMIC_WORKER, OUT, "YYY", { "1·五·3", "1·五·3", "1·五·3" } },
	{ CLASS_RESIDENT_VEHICLE, IN, "YYN", { "1·五·2", "1·五·2", "1·五" } },
	{ CLASS_RESIDENT_VEHICLE, OUT, "YYN", { "1·五·2", "1·五·2", "1·五" } },
	{ CLASS_OUTSIDE_VEHICLE, IN, "NNN", { "1·五·2", "1·五·2", "1·五·2" } },
	{ CLASS_SUPPLY_VEHICLE, IN, "YYA", { "4·三·5", "4·三·5", "4·三·5" } },
	{ CLASS_SANITATION, IN, "YYY", { "2·八", "2·八", "2·八" } },
	{ CLASS_EMERGENCY_VEHICLE, IN, "YYY", { "1·四", "1·四", "1·四" } },
	{ CLASS_EMERGENCY_VEHICLE, OUT, "YYY", { "1·四", "1·四", "1·四" } },
};

static void load(struct rulebook *book, const char *name)
{
	char path[512], message[512] = "";

	snprintf(path, sizeof(path), "%s/assets/rulebooks/%s.ini", TEST_SOURCE_DIR, name);
	if (!rulebook_read(book, path, message, sizeof(message)))
		fail_msg("%s", message);
}

static const struct moment EARLY = { INT64_C(1795384800000), 480,
				     true }; /* 06:00, sanitation's hours */

/* Everything as good as a visitor and a guard on the spot can make it. */
static struct decision decide(const struct rulebook *book, enum level level,
			      enum person_class class, enum direction direction, enum finding first,
			      enum approver approver, enum lift lifted)
{
	struct fact facts[CHECK_COUNT_];
	struct question q = { level, class, direction, facts, lifted, EARLY };

	for (int c = 0; c < CHECK_COUNT_; c++)
		facts[c] = (struct fact){ FINDING_GOOD, SOURCE_GUARD, EARLY.wall_ms, 0 };
	facts[CHECK_APPROVAL].value = (int32_t)approver;
	facts[CHECK_ESCORT].finding = facts[CHECK_QUOTA].finding = facts[CHECK_MONITORING].finding =
		first;
	return rules_decide(book, &q);
}

/* The letter as the engine behaves, not as the file reads. */
static char letter(const struct rulebook *book, enum level level, enum person_class class,
		   enum direction direction)
{
	if (decide(book, level, class, direction, FINDING_UNKNOWN, APPROVER_GUARD, LIFT_NOBODY)
		    .verdict == VERDICT_ADMIT)
		return 'Y';
	if (decide(book, level, class, direction, FINDING_GOOD, APPROVER_HEADQUARTERS, LIFT_NOBODY)
		    .verdict == VERDICT_ADMIT)
		return 'A';
	return 'N';
}

static void test_default_is_the_table(void **state)
{
	(void)state;
	static struct rulebook book;

	load(&book, "default");
	for (size_t i = 0; i < ARRAY_LEN(TABLE); i++)
		for (int l = 0; l < 3; l++) {
			const struct cell *cell = &TABLE[i];
			enum level level = (enum level)(LEVEL_CLOSED + l);
			char found = letter(&book, level, cell->class, cell->direction);
			if (found != cell->letters[l])
				fail_msg("%s %s at %s: %c, expected %c", CLASS_WORD[cell->class],
					 DIRECTION_WORD[cell->direction], LEVEL_WORD[level], found,
					 cell->letters[l]);
			assert_string_equal(book.rules[level][cell->class][cell->direction].clause,
					    cell->clause[l]);
		}
}

/* "Anybody at or above the threshold, red or yellow code, starred card, no mask: no", whoever may
 * be checked for it. */
static void test_bad_findings_refuse(void **state)
{
	(void)state;
	static const enum check BAD[] = { CHECK_TEMPERATURE, CHECK_HEALTH_CODE, CHECK_TRAVEL_CARD,
					  CHECK_MASK,        CHECK_DOCUMENT,    CHECK_SYMPTOMS,
					  CHECK_TRAVEL_14D };
	static struct rulebook book;
	const unsigned LIVES_HERE = 1U << CLASS_RESIDENT | 1U << CLASS_TENANT |
				    1U << CLASS_RETURNEE | 1U << CLASS_RESIDENT_VEHICLE;
	int tried = 0, sent_home = 0;

	load(&book, "default");
	for (int l = 0; l < LEVEL_COUNT_; l++)
		for (int c = 0; c < CLASS_COUNT_; c++)
			for (size_t b = 0; b < ARRAY_LEN(BAD); b++) {
				struct fact facts[CHECK_COUNT_];
				struct question q = { (enum level)l, (enum person_class)c, IN,
						      facts,         LIFT_HEADQUARTERS,    EARLY };
				if (!(book.rules[l][c][IN].required & 1U << BAD[b]))
					continue;
				for (int k = 0; k < CHECK_COUNT_; k++)
					facts[k] = (struct fact){ FINDING_GOOD, SOURCE_GUARD,
								  EARLY.wall_ms,
								  APPROVER_HEADQUARTERS };
				facts[BAD[b]].finding = FINDING_BAD;
				/* who lives here goes home once a guard has reported it */
				if (BAD[b] == CHECK_TEMPERATURE &&
				    book.rules[l][c][IN].fever_home) {
					assert_true(LIVES_HERE & 1U << c);
					q.lifted = LIFT_NOBODY;
					assert_int_equal(rules_decide(&book, &q).verdict,
							 VERDICT_REFER);
					sent_home++;
					continue;
				}
				assert_int_equal(rules_decide(&book, &q).verdict, VERDICT_REFUSE);
				tried++;
			}
	assert_true(tried > 100 && sent_home == 14);
}

static void test_key_area_only_by_headquarters(void **state)
{
	(void)state;
	static const char *const BOOK[] = { "default", "plan3" };
	static struct rulebook book;

	for (size_t i = 0; i < ARRAY_LEN(BOOK); i++) {
		load(&book, BOOK[i]);
		for (int l = 0; l < LEVEL_COUNT_; l++)
			for (int lift = 0; lift < LIFT_COUNT_; lift++) {
				struct decision d = decide(&book, (enum level)l, CLASS_KEY_AREA, IN,
							   FINDING_GOOD, APPROVER_HEADQUARTERS,
							   (enum lift)lift);
				assert_int_equal(d.verdict == VERDICT_ADMIT,
						 lift == LIFT_HEADQUARTERS);
			}
	}
}

/* What each plan says of the classes it speaks of. */
static void test_plans(void **state)
{
	(void)state;
	static const struct {
		const char *book;
		enum level level;
		enum person_class class;
		enum direction direction;
		char letter;
		const char *clause;
	} CELL[] = {
		{ "plan1", LEVEL_LOCKDOWN, CLASS_RESIDENT, OUT, 'N', "1·五" },
		{ "plan1", LEVEL_LOCKDOWN, CLASS_RESIDENT, IN, 'N', "1·五" },
		{ "plan1", LEVEL_LOCKDOWN, CLASS_EPIDEMIC_WORKER, IN, 'Y', "1·五·3" },
		{ "plan1", LEVEL_CLOSED, CLASS_OUTSIDE_VEHICLE, IN, 'N', "1·五·2" },
		{ "plan1", LEVEL_CLOSED, CLASS_RESIDENT_VEHICLE, IN, 'Y', "1·五·2" },
		{ "plan1", LEVEL_LOCKDOWN, CLASS_EMERGENCY_VEHICLE, OUT, 'Y', "1·四" },
		{ "plan2", LEVEL_CLOSED, CLASS_OUTSIDER, IN, 'N', "2·三" },
		{ "plan2", LEVEL_CLOSED, CLASS_VISITOR, IN, 'Y', "2·三" },
		{ "plan2", LEVEL_CLOSED, CLASS_RETURNEE, OUT, 'A', "2·六" },
		{ "plan2", LEVEL_CLOSED, CLASS_OUTSIDE_VEHICLE, IN, 'N', "2·二" },
		{ "plan2", LEVEL_CLOSED, CLASS_SANITATION, IN, 'Y', "2·八" },
		{ "plan2", LEVEL_STRICT, CLASS_RESIDENT, OUT, 'A', "2·四" },
		{ "plan3", LEVEL_CLOSED, CLASS_VISITOR, IN, 'A', "3·二·1" },
		{ "plan3", LEVEL_CLOSED, CLASS_COURIER, IN, 'N', "3·二·1" },
		{ "plan3", LEVEL_CLOSED, CLASS_WORKS, IN, 'N', "3·二·5" },
		{ "plan3", LEVEL_CLOSED, CLASS_REPAIR, IN, 'A', "3·二·5" },
		{ "plan3", LEVEL_CLOSED, CLASS_KEY_AREA, IN, 'N', "3·二·1" },
		{ "plan4", LEVEL_CLOSED, CLASS_SUPPLY_VEHICLE, IN, 'Y', "4·三·5" },
		{ "plan4", LEVEL_CLOSED, CLASS_EPIDEMIC_WORKER, IN, 'Y', "4·三·1" },
	};
	static struct rulebook book;

	for (size_t i = 0; i < ARRAY_LEN(CELL); i++) {
		load(&book, CELL[i].book);
		char found = letter(&book, CELL[i].level, CELL[i].class, CELL[i].direction);
		if (found != CELL[i].letter)
			fail_msg("%s: %s %s: %c, expected %c", CELL[i].book,
				 CLASS_WORD[CELL[i].class], DIRECTION_WORD[CELL[i].direction],
				 found, CELL[i].letter);
		assert_string_equal(
			book.rules[CELL[i].level][CELL[i].class][CELL[i].direction].clause,
			CELL[i].clause);
	}
}

/* The ambulance is never delayed, in no book, at no level, whatever is unknown. */
static void test_ambulance(void **state)
{
	(void)state;
	static const char *const BOOK[] = { "default", "plan1", "plan2", "plan3", "plan4" };
	static struct rulebook book;

	for (size_t i = 0; i < ARRAY_LEN(BOOK); i++) {
		load(&book, BOOK[i]);
		for (int l = 0; l < LEVEL_COUNT_; l++)
			for (int d = 0; d < DIRECTION_COUNT_; d++) {
				struct fact unknown[CHECK_COUNT_] = { 0 };
				struct question q = { (enum level)l,     CLASS_EMERGENCY_VEHICLE,
						      (enum direction)d, unknown,
						      LIFT_NOBODY,       { 0, 0, false } };
				assert_int_equal(rules_decide(&book, &q).verdict, VERDICT_ADMIT);
			}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_default_is_the_table),
		cmocka_unit_test(test_bad_findings_refuse),
		cmocka_unit_test(test_key_area_only_by_headquarters),
		cmocka_unit_test(test_plans),
		cmocka_unit_test(test_ambulance),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
