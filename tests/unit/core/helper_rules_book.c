#include <string.h>

#include "base/text.h"
#include "tests/unit/core/helper_rules.h"

#define BIT(check) (1U << CHECK_##check)

/* One level a direction of thought: OPEN asks for little and has a hole, CLOSED walks through all
 * checks in overlapping groups, STRICT sets ranks, hours and ages, LOCKDOWN refuses. */
static const uint32_t GROUP[] = {
	0,
	BIT(REAL_NAME) | BIT(DOCUMENT) | BIT(MASK),
	BIT(TEMPERATURE) | BIT(HEALTH_CODE) | BIT(TRAVEL_CARD) | BIT(TRAVEL_14D),
	BIT(SYMPTOMS) | BIT(APPROVAL) | BIT(TEST),
	BIT(TEST) | BIT(ESCORT) | BIT(CERTIFICATE),
	BIT(VEHICLE_PASS) | BIT(OCCUPANTS) | BIT(DISINFECTION),
	BIT(QUOTA) | BIT(MONITORING) | BIT(REAL_NAME),
	BIT(TEST) | BIT(DISINFECTION) | BIT(APPROVAL),
	BIT(TEMPERATURE) | BIT(TEST) | BIT(QUOTA) | BIT(WINDOW),
};

static struct rule rule_of(unsigned level, unsigned class_, unsigned direction)
{
	const unsigned groups = ARRAY_LEN(GROUP);
	unsigned group = (class_ + direction) % groups;
	struct rule rule = { .present = true, .verdict = VERDICT_ADMIT, .required = GROUP[group] };

	text_format(rule.clause, sizeof(rule.clause), "%u·%u·%u", level + 1, class_, direction);
	rule.fever_home = class_ % 3 == 1;
	rule.pass.valid_min = (int32_t)(60 * (class_ + 1));
	rule.pass.uses = (uint8_t)(direction + 1);
	if (level == LEVEL_CLOSED)
		rule.required |= GROUP[(class_ + direction + 1) % groups];
	if (level == LEVEL_CLOSED && class_ == CLASS_VISITOR && direction == DIRECTION_IN)
		rule.required |= GROUP[1] | GROUP[2] | GROUP[3];
	if (level == LEVEL_STRICT) {
		rule.approver = class_ % APPROVER_COUNT_;
		rule.window = (uint8_t)(class_ % 4);
	} else if (level == LEVEL_LOCKDOWN && class_ != CLASS_EMERGENCY_VEHICLE) {
		rule.verdict = class_ % 2 ? VERDICT_TURN_BACK : VERDICT_REFUSE;
		rule.reason = class_ % 2 ? REASON_COURIER_OUTSIDE : REASON_LOCKDOWN;
		rule.lift = class_ / 2 % LIFT_COUNT_;
	}
	return rule;
}

void rules_book_fill(struct rulebook *book)
{
	memset(book, 0, sizeof(*book));
	for (unsigned l = 0; l < LEVEL_COUNT_; l++)
		for (unsigned c = 0; c < CLASS_COUNT_; c++)
			for (unsigned d = 0; d < DIRECTION_COUNT_; d++)
				if (l != LEVEL_OPEN || c != CLASS_WORKS)
					book->rules[l][c][d] = rule_of(l, c, d);
	for (unsigned c = 0; c < CHECK_COUNT_; c++) {
		text_format(book->check_clause[c], CLAUSE_BYTES, "2·三·%u", c);
		book->check_lift[c] = c % LIFT_COUNT_;
	}
	text_copy(book->fever_home_clause, CLAUSE_BYTES, "2·七");
	book->max_age_min[CHECK_TEST] = 7 * 24 * 60;
	book->max_age_min[CHECK_DISINFECTION] = 24 * 60;
	book->windows[0] = (struct window){ "morning", 5 * 60, 7 * 60 + 30 };
	book->windows[1] = (struct window){ "night", 22 * 60, 4 * 60 };
	book->windows[2] = (struct window){ "day", 0, 24 * 60 - 1 };
	book->window_count = 3;
	book->fever_centi_c = 3730;
}

struct question rules_ask(const struct fact *facts, enum level level, enum person_class class_,
			  enum direction direction)
{
	return (struct question){
		.level = level,
		.person_class = class_,
		.direction = direction,
		.facts = facts,
		.now = { RULES_NOW_MS, RULES_OFFSET_MIN, true },
	};
}

void rules_facts_good(struct fact facts[CHECK_COUNT_], int64_t now_ms)
{
	for (unsigned c = 0; c < CHECK_COUNT_; c++)
		facts[c] =
			(struct fact){ .finding = FINDING_GOOD,
				       .source = SOURCE_GUARD,
				       .wall_ms = now_ms,
				       .value = c == CHECK_APPROVAL ? APPROVER_HEADQUARTERS : 0 };
}

void desk_fill(struct desk *k)
{
	memset(k, 0, sizeof(*k));
	k->rule = &k->book.rules[LEVEL_CLOSED][CLASS_VISITOR][DIRECTION_IN];
	*k->rule = (struct rule){ .present = true,
				  .verdict = VERDICT_ADMIT,
				  .clause = "2·三",
				  .pass = { .valid_min = 240, .uses = 1 } };
	for (unsigned c = 0; c < CHECK_COUNT_; c++)
		snprintf(k->book.check_clause[c], CLAUSE_BYTES, "3·%u", c);
	k->book.windows[0] = (struct window){ "morning", 7 * 60, 9 * 60 };
	k->book.window_count = 1;
	k->book.fever_centi_c = 3730;
	rules_facts_good(k->facts, RULES_NOW_MS);
	k->question = rules_ask(k->facts, LEVEL_CLOSED, CLASS_VISITOR, DIRECTION_IN);
}
