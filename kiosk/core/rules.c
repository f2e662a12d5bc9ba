/*
 * Every required check contributes at most one reason, with the verdict it allows at best; the
 * decision is the strictest of them. A missing fact refers to a guard only where a guard can
 * establish it; a missing declaration or name is for the visitor to give, so it refuses.
 */
#include "core/rules.h"

#include <string.h>

#include "base/text.h"

struct check_row {
	enum reason_code when_unknown, when_bad;
	enum verdict unknown_verdict; /* what an unknown fact leaves possible */
};

static const struct check_row CHECK_ROW[CHECK_COUNT_] = {
	[CHECK_REAL_NAME] = { REASON_REAL_NAME_MISSING, REASON_REAL_NAME_MISSING, VERDICT_REFUSE },
	[CHECK_DOCUMENT] = { REASON_DOCUMENT_NOT_SEEN, REASON_DOCUMENT_MISMATCH, VERDICT_REFER },
	[CHECK_MASK] = { REASON_MASK_UNCHECKED, REASON_MASK_MISSING, VERDICT_REFER },
	[CHECK_TEMPERATURE] = { REASON_TEMPERATURE_MISSING, REASON_TEMPERATURE_HIGH,
				VERDICT_REFER },
	[CHECK_HEALTH_CODE] = { REASON_HEALTH_CODE_UNCHECKED, REASON_HEALTH_CODE_BAD,
				VERDICT_REFER },
	[CHECK_TRAVEL_CARD] = { REASON_TRAVEL_CARD_UNCHECKED, REASON_TRAVEL_CARD_STARRED,
				VERDICT_REFER },
	[CHECK_TRAVEL_14D] = { REASON_TRAVEL_UNDECLARED, REASON_TRAVEL_DECLARED, VERDICT_REFUSE },
	[CHECK_SYMPTOMS] = { REASON_SYMPTOMS_UNDECLARED, REASON_SYMPTOMS_DECLARED, VERDICT_REFUSE },
	[CHECK_APPROVAL] = { REASON_APPROVAL_PENDING, REASON_APPROVAL_DENIED, VERDICT_REFER },
};

static void add_reason(struct decision *d, enum reason_code code, enum check check,
		       const char *clause, int32_t found)
{
	assert(d->reason_count < REASONS_MAX);
	struct reason *r = &d->reasons[d->reason_count++];
	*r = (struct reason){ .code = code, .check = check, .found = found };
	text_copy(r->clause, sizeof(r->clause), clause);
}

static enum verdict stricter(enum verdict a, enum verdict b)
{
	return a < b ? a : b;
}

/* What one required check leaves possible; adds its reason when that is less than admission. */
static enum verdict judge_check(const struct rulebook *book, enum check check,
				const struct fact *fact, struct decision *d)
{
	const struct check_row *row = &CHECK_ROW[check];
	const char *clause = book->check_clause[check];
	enum reason_code code = row->when_unknown;

	switch (fact->finding) {
	case FINDING_GOOD:
		return VERDICT_ADMIT;
	case FINDING_BAD:
		add_reason(d, row->when_bad, check, clause, fact->value);
		return VERDICT_REFUSE;
	case FINDING_UNKNOWN:
	case FINDING_COUNT_:
		break;
	}
	/* screened high, not yet confirmed */
	if (check == CHECK_TEMPERATURE && fact->value != 0 && fact->value >= book->fever_centi_c)
		code = REASON_TEMPERATURE_UNCONFIRMED;
	add_reason(d, code, check, clause, fact->value);
	return row->unknown_verdict;
}

/* The rule, or NULL when there is none or it asks for what this engine does not know. */
static const struct rule *find_rule(const struct rulebook *book, enum level level,
				    enum person_class person_class, enum direction direction)
{
	if (level >= LEVEL_COUNT_ || person_class >= CLASS_COUNT_ || direction >= DIRECTION_COUNT_)
		return NULL;
	const struct rule *rule = &book->rules[level][person_class][direction];
	bool known = rule->verdict < VERDICT_COUNT_ && rule->required >> CHECK_COUNT_ == 0;
	return rule->present && known ? rule : NULL;
}

struct decision rules_decide(const struct rulebook *book, enum level level,
			     enum person_class person_class, enum direction direction,
			     const struct fact *facts)
{
	struct decision d = { .verdict = VERDICT_REFUSE };

	const struct rule *rule = find_rule(book, level, person_class, direction);
	if (!rule) {
		add_reason(&d, REASON_NO_RULE, CHECK_APPROVAL, "", 0);
		return d;
	}
	if (rule->verdict < VERDICT_REFER) {
		d.verdict = rule->verdict;
		add_reason(&d, rule->reason, CHECK_APPROVAL, rule->clause, 0);
		return d;
	}
	d.verdict = rule->verdict;
	for (unsigned c = 0; c < CHECK_COUNT_; c++)
		if (rule->required & 1U << c)
			d.verdict = stricter(d.verdict, judge_check(book, c, &facts[c], &d));
	if (d.verdict >= VERDICT_REFER)
		d.pass = rule->pass;
	return d;
}

bool rules_class_refused(const struct rulebook *book, enum level level,
			 enum person_class person_class, enum direction direction)
{
	const struct rule *rule = find_rule(book, level, person_class, direction);
	return !rule || rule->verdict < VERDICT_REFER;
}
