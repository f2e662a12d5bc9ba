/*
 * The default rulebook said a second time, as read from the plans: each of its cells and each of
 * its numbers. Whoever changes the rulebook says so here too; a slip of the pen in either shows.
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

#define BIT(check) (1U << CHECK_##check)
#define LEVELS(from, to) ((2U << LEVEL_##to) - (1U << LEVEL_##from))
#define AT(level) (1U << LEVEL_##level)
#define ALL LEVELS(OPEN, LOCKDOWN)
#define OF(class) (1U << CLASS_##class)

enum way { WAY_IN = 1, WAY_OUT = 2, WAY_BOTH = 3 };

/* What everybody from outside is asked (2·三, 3·二·1). */
#define IN_PERSON                                                                                  \
	(BIT(REAL_NAME) | BIT(DOCUMENT) | BIT(MASK) | BIT(TEMPERATURE) | BIT(HEALTH_CODE) |        \
	 BIT(TRAVEL_CARD) | BIT(TRAVEL_14D) | BIT(SYMPTOMS))
#define AT_HOME (BIT(MASK) | BIT(TEMPERATURE))
#define OPEN_DAYS                                                                                  \
	(BIT(REAL_NAME) | BIT(DOCUMENT) | BIT(MASK) | BIT(TEMPERATURE) | BIT(SYMPTOMS) |           \
	 BIT(APPROVAL))
#define RETURNING                                                                                  \
	(BIT(REAL_NAME) | BIT(DOCUMENT) | BIT(MASK) | BIT(TEMPERATURE) | BIT(TEST) |               \
	 BIT(TRAVEL_14D) | BIT(SYMPTOMS))
#define ON_DUTY (BIT(REAL_NAME) | BIT(MASK) | BIT(TEMPERATURE) | BIT(CERTIFICATE) | BIT(APPROVAL))
#define DRIVEN (BIT(TEMPERATURE) | BIT(OCCUPANTS) | BIT(DISINFECTION))
#define AT_WORK (DRIVEN | BIT(CERTIFICATE) | BIT(APPROVAL))

/* Classes with the same rules. */
#define LIVING_HERE (OF(RESIDENT) | OF(TENANT))
#define LEAVING_2_4 (OF(VISITOR) | OF(OUTSIDER) | OF(CARER) | OF(INSPECTOR))
#define LEAVING_3_2_5 (OF(REPAIR) | OF(WORKS) | OF(STAFF))

struct row {
	unsigned levels, classes;
	enum way way;
	const char *clause;
	uint32_t required;
	enum approver approver;
	int32_t valid_min;
	uint8_t uses;
	bool recorded_after, fever_home;
	enum verdict verdict;
	/* of a refusal */
	enum reason_code reason;
	enum lift lift;
};

#define ADMISSION(levels_, classes_, way_, clause_, required_, approver_, min_, uses_, after_)     \
	{                                                                                          \
		.levels = (levels_), .classes = (classes_), .way = (way_), .clause = (clause_),    \
		.verdict = VERDICT_ADMIT, .required = (required_),                                 \
		.approver = APPROVER_##approver_, .valid_min = (min_), .uses = (uses_),            \
		.recorded_after = (after_)                                                         \
	}
/* They live here: with a fever they go home, and it is reported (2·七). */
#define HOMECOMING(levels_, classes_, clause_, required_, approver_)                               \
	{                                                                                          \
		.levels = (levels_), .classes = (classes_), .way = WAY_IN, .clause = (clause_),    \
		.verdict = VERDICT_ADMIT, .required = (required_),                                 \
		.approver = APPROVER_##approver_, .fever_home = true                               \
	}
static const struct row ADMITS[] = {
	ADMISSION(AT(OPEN), OF(VISITOR) | OF(TENANT) | OF(OUTSIDER) | OF(CARER) | OF(INSPECTOR),
		  WAY_IN, "2·三", OPEN_DAYS, NONE, 720, 1, false),
	ADMISSION(AT(OPEN), LEAVING_3_2_5, WAY_IN, "3·二·5", OPEN_DAYS, NONE, 720, 1, false),
	HOMECOMING(AT(OPEN), OF(RESIDENT) | OF(RETURNEE), "3·二·1", AT_HOME, NONE),
	ADMISSION(AT(OPEN), LIVING_HERE | OF(RETURNEE), WAY_OUT, "2·四", BIT(MASK), NONE, 0, 0,
		  false),
	HOMECOMING(LEVELS(CLOSED, STRICT), LIVING_HERE, "3·二·1", AT_HOME, NONE),
	HOMECOMING(AT(LOCKDOWN), LIVING_HERE, "1·五", AT_HOME | BIT(APPROVAL), HEADQUARTERS),
	ADMISSION(AT(CLOSED), LIVING_HERE, WAY_OUT, "2·四", BIT(MASK), NONE, 0, 0, false),
	ADMISSION(AT(STRICT), LIVING_HERE, WAY_OUT, "2·四", BIT(MASK) | BIT(QUOTA), NONE, 0, 0,
		  false),
	HOMECOMING(LEVELS(CLOSED, STRICT), OF(RETURNEE), "2·六", RETURNING, NONE),
	HOMECOMING(AT(LOCKDOWN), OF(RETURNEE), "2·六", RETURNING | BIT(APPROVAL), HEADQUARTERS),
	ADMISSION(LEVELS(CLOSED, STRICT), OF(RETURNEE), WAY_OUT, "2·六",
		  BIT(MASK) | BIT(MONITORING), NONE, 0, 0, false),
	ADMISSION(LEVELS(CLOSED, STRICT), OF(VISITOR), WAY_IN, "3·二·1",
		  IN_PERSON | BIT(ESCORT) | BIT(APPROVAL), GUARD, 480, 1, false),
	ADMISSION(ALL, LEAVING_2_4, WAY_OUT, "2·四", 0, NONE, 0, 0, false),
	ADMISSION(ALL, LEAVING_3_2_5, WAY_OUT, "3·二·5", 0, NONE, 0, 0, false),
	ADMISSION(ALL, OF(KEY_AREA) | OF(COURIER), WAY_OUT, "3·二·1", 0, NONE, 0, 0, false),
	ADMISSION(LEVELS(CLOSED, STRICT), OF(REPAIR), WAY_IN, "3·二·5",
		  IN_PERSON | BIT(CERTIFICATE) | BIT(APPROVAL), COMMUNITY, 240, 1, false),
	ADMISSION(AT(LOCKDOWN), OF(REPAIR), WAY_IN, "3·二·5",
		  IN_PERSON | BIT(CERTIFICATE) | BIT(APPROVAL), HEADQUARTERS, 120, 1, false),
	ADMISSION(ALL, OF(EPIDEMIC_WORKER), WAY_IN, "1·五·3", ON_DUTY, GUARD, 1440, 10, false),
	ADMISSION(ALL, OF(EPIDEMIC_WORKER), WAY_OUT, "1·五·3", 0, NONE, 0, 0, false),
	ADMISSION(LEVELS(CLOSED, LOCKDOWN), OF(STAFF), WAY_IN, "2·五", ON_DUTY, GUARD, 720, 4,
		  false),
	ADMISSION(LEVELS(CLOSED, STRICT), OF(CARER), WAY_IN, "3·二·8", IN_PERSON | BIT(APPROVAL),
		  COMMUNITY, 720, 1, false),
	ADMISSION(AT(LOCKDOWN), OF(CARER), WAY_IN, "3·二·8", IN_PERSON | BIT(APPROVAL),
		  HEADQUARTERS, 720, 1, false),
	ADMISSION(LEVELS(CLOSED, LOCKDOWN), OF(INSPECTOR), WAY_IN, "3·一",
		  ON_DUTY | BIT(HEALTH_CODE), GUARD, 240, 1, false),
	{ .levels = LEVELS(OPEN, STRICT),
	  .classes = OF(RESIDENT_VEHICLE),
	  .way = WAY_IN,
	  .clause = "1·五·2",
	  .verdict = VERDICT_ADMIT,
	  .required = DRIVEN | BIT(VEHICLE_PASS),
	  .valid_min = 1440,
	  .uses = 1,
	  .fever_home = true },
	ADMISSION(LEVELS(OPEN, STRICT), OF(RESIDENT_VEHICLE), WAY_OUT, "1·五·2",
		  BIT(VEHICLE_PASS) | BIT(OCCUPANTS), NONE, 0, 0, false),
	ADMISSION(ALL, OF(OUTSIDE_VEHICLE), WAY_OUT, "1·五·2", 0, NONE, 0, 0, false),
	ADMISSION(LEVELS(OPEN, STRICT), OF(SUPPLY_VEHICLE), WAY_IN, "4·三·5", AT_WORK, GUARD, 240,
		  1, false),
	ADMISSION(AT(LOCKDOWN), OF(SUPPLY_VEHICLE), WAY_IN, "4·三·5", AT_WORK, COMMUNITY, 240, 1,
		  false),
	ADMISSION(ALL, OF(SUPPLY_VEHICLE), WAY_OUT, "1·五·3", 0, NONE, 0, 0, false),
	ADMISSION(ALL, OF(SANITATION), WAY_IN, "2·八", DRIVEN | BIT(WINDOW), NONE, 180, 1, false),
	ADMISSION(ALL, OF(SANITATION), WAY_OUT, "2·八", 0, NONE, 0, 0, false),
	ADMISSION(ALL, OF(EMERGENCY_VEHICLE), WAY_BOTH, "1·四", 0, NONE, 0, 0, true),
};

#define REFUSAL(levels_, classes_, way_, clause_, verdict_, reason_, lift_)                        \
	{                                                                                          \
		.levels = (levels_), .classes = (classes_), .way = (way_), .clause = (clause_),    \
		.verdict = VERDICT_##verdict_, .reason = REASON_##reason_, .lift = LIFT_##lift_    \
	}
static const struct row REFUSES[] = {
	REFUSAL(AT(LOCKDOWN), LIVING_HERE | OF(RETURNEE), WAY_OUT, "1·五", REFUSE, LOCKDOWN,
		HEADQUARTERS),
	REFUSAL(AT(LOCKDOWN), OF(RESIDENT_VEHICLE), WAY_BOTH, "1·五", REFUSE, LOCKDOWN,
		HEADQUARTERS),
	REFUSAL(AT(LOCKDOWN), OF(VISITOR), WAY_IN, "1·五", REFUSE, LOCKDOWN, HEADQUARTERS),
	REFUSAL(LEVELS(CLOSED, STRICT), OF(OUTSIDER), WAY_IN, "2·三", REFUSE, OUTSIDER, NOBODY),
	REFUSAL(AT(LOCKDOWN), OF(OUTSIDER), WAY_IN, "1·五", REFUSE, LOCKDOWN, NOBODY),
	REFUSAL(ALL, OF(KEY_AREA), WAY_IN, "3·二·1", REFUSE, KEY_AREA, HEADQUARTERS),
	REFUSAL(ALL, OF(COURIER), WAY_IN, "3·二·1", TURN_BACK, COURIER_OUTSIDE, NOBODY),
	REFUSAL(LEVELS(CLOSED, LOCKDOWN), OF(WORKS), WAY_IN, "3·二·5", REFUSE, WORKS_SUSPENDED,
		NOBODY),
	REFUSAL(ALL, OF(OUTSIDE_VEHICLE), WAY_IN, "1·五·2", REFUSE, OUTSIDE_VEHICLE, NOBODY),
};

static int read_default(void **state)
{
	struct rulebook *book = calloc(1, sizeof(*book));
	char message[512] = "";

	*state = book;
	if (book && rulebook_read(book, TEST_SOURCE_DIR "/assets/rulebooks/default.ini", message,
				  sizeof(message)))
		return 0;
	fprintf(stderr, "%s\n", message);
	return 1;
}

static int put_away(void **state)
{
	free(*state);
	return 0;
}

static bool speaks_of(const struct row *row, unsigned level, unsigned class_, unsigned direction)
{
	return row->levels & 1U << level && row->classes & 1U << class_ &&
	       row->way & 1U << direction;
}

/* The one row that speaks of the cell. */
static const struct row *row_of(unsigned level, unsigned class_, unsigned direction)
{
	const struct row *found = NULL;

	for (size_t i = 0; i < ARRAY_LEN(ADMITS) + ARRAY_LEN(REFUSES); i++) {
		const struct row *row =
			i < ARRAY_LEN(ADMITS) ? &ADMITS[i] : &REFUSES[i - ARRAY_LEN(ADMITS)];
		if (!speaks_of(row, level, class_, direction))
			continue;
		assert_null(found);
		found = row;
	}
	assert_non_null(found);
	return found;
}

static bool equal(const struct rule *rule, const struct row *row)
{
	return rule->verdict == row->verdict && rule->reason == row->reason &&
	       rule->lift == row->lift && strcmp(rule->clause, row->clause) == 0 &&
	       rule->required == row->required && rule->approver == row->approver &&
	       rule->recorded_after == row->recorded_after && rule->fever_home == row->fever_home &&
	       rule->pass.valid_min == row->valid_min && rule->pass.uses == row->uses &&
	       rule->window == (row->required & BIT(WINDOW) ? 1 : 0);
}

static void test_every_cell(void **state)
{
	const struct rulebook *book = *state;
	unsigned cells = 0;

	for (unsigned l = 0; l < LEVEL_COUNT_; l++)
		for (unsigned c = 0; c < CLASS_COUNT_; c++)
			for (unsigned d = 0; d < DIRECTION_COUNT_; d++, cells++) {
				const struct row *row = row_of(l, c, d);
				if (!equal(&book->rules[l][c][d], row))
					fail_msg("[%s %s %s] is not as reviewed", LEVEL_WORD[l],
						 CLASS_WORD[c], DIRECTION_WORD[d]);
			}
	assert_int_equal(cells, 144);
}

static void test_every_check(void **state)
{
	static const struct {
		const char *clause;
		enum lift lift;
		int32_t max_age_min;
	} CHECK[CHECK_COUNT_] = {
		[CHECK_REAL_NAME] = { "2·三", LIFT_NOBODY, 0 },
		[CHECK_DOCUMENT] = { "2·三", LIFT_NOBODY, 0 },
		[CHECK_MASK] = { "3·二·1", LIFT_NOBODY, 0 },
		[CHECK_TEMPERATURE] = { "2·三", LIFT_NOBODY, 120 },
		[CHECK_HEALTH_CODE] = { "2·三", LIFT_NOBODY, 120 },
		[CHECK_TRAVEL_CARD] = { "2·三", LIFT_NOBODY, 120 },
		[CHECK_TRAVEL_14D] = { "3·二·1", LIFT_NOBODY, 0 },
		[CHECK_SYMPTOMS] = { "2·七", LIFT_NOBODY, 0 },
		[CHECK_APPROVAL] = { "3·二·1", LIFT_NOBODY, 0 },
		[CHECK_TEST] = { "2·六", LIFT_NOBODY, 7 * 24 * 60 },
		[CHECK_ESCORT] = { "3·二·1", LIFT_NOBODY, 0 },
		[CHECK_CERTIFICATE] = { "1·五·3", LIFT_NOBODY, 0 },
		[CHECK_VEHICLE_PASS] = { "1·五·2", LIFT_NOBODY, 0 },
		[CHECK_OCCUPANTS] = { "1·五·2", LIFT_NOBODY, 0 },
		[CHECK_DISINFECTION] = { "1·五·2", LIFT_SUPERVISOR, 24 * 60 },
		[CHECK_QUOTA] = { "2·四", LIFT_SUPERVISOR, 0 },
		[CHECK_MONITORING] = { "2·六", LIFT_HEADQUARTERS, 0 },
		[CHECK_WINDOW] = { "2·八", LIFT_NOBODY, 0 },
	};
	const struct rulebook *book = *state;

	for (unsigned c = 0; c < CHECK_COUNT_; c++) {
		assert_string_equal(book->check_clause[c], CHECK[c].clause);
		assert_int_equal(book->check_lift[c], CHECK[c].lift);
		assert_int_equal(book->max_age_min[c], CHECK[c].max_age_min);
	}
}

static void test_every_number(void **state)
{
	const struct rulebook *book = *state;

	assert_int_equal(book->plan, 0);
	assert_int_equal(book->fever_centi_c, 3730);
	assert_int_equal(book->too_cold_centi_c, 3500);
	assert_int_equal(book->ambient_min_centi_c, 500);
	assert_int_equal(book->ambient_max_centi_c, 4000);
	assert_int_equal(book->second_after_ms, 5000);
	assert_int_equal(book->rest_ms, 5 * 60000);
	assert_int_equal(book->gate_open_ms, 10000);
	assert_int_equal(book->gate_closing_ms, 2000);
	assert_int_equal(book->quota_persons, 1);
	assert_int_equal(book->quota_days, 2);
	assert_int_equal(book->quota_minutes, 180);
	assert_int_equal(book->monitoring_days, 14);
	assert_int_equal(book->test_every_days, 7);
	assert_string_equal(book->fever_home_clause, "2·七");
	assert_int_equal(book->window_count, 1);
	assert_string_equal(book->windows[0].name, "sanitation");
	assert_int_equal(book->windows[0].start_min, 5 * 60);
	assert_int_equal(book->windows[0].end_min, 7 * 60 + 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_cell),
		cmocka_unit_test(test_every_check),
		cmocka_unit_test(test_every_number),
	};
	return cmocka_run_group_tests(tests, read_default, put_away);
}
