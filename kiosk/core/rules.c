/*
 * Every required check contributes at most one reason, with the verdict it leaves possible; the
 * decision is the strictest of them. A missing fact refers to a guard only where a guard can
 * establish it; a missing declaration or name is for the visitor to give, so it refuses. A fact
 * with a time is stale when it is too old, when it lies in the future, or when the clock cannot be
 * trusted: stale is unknown, never good.
 */
#include "core/rules.h"

#include <string.h>

#include "base/civil.h"
#include "base/text.h"

#define MINUTE_MS 60000
#define FUTURE_SLACK_MS (5 * MINUTE_MS) /* two clocks of one gate may differ by so much */

struct check_row {
	enum reason_code when_unknown, when_stale, when_bad;
	enum verdict unknown_verdict; /* what an unknown fact leaves possible */
	enum verdict stale_verdict;
	enum lift settles; /* who can establish the missing fact */
};

#define GUARD_SETTLES(unknown, bad)                                                                \
	{                                                                                          \
		unknown, unknown, bad, VERDICT_REFER, VERDICT_REFER, LIFT_GUARD                    \
	}
#define VISITOR_SETTLES(unknown, bad)                                                              \
	{                                                                                          \
		unknown, unknown, bad, VERDICT_REFUSE, VERDICT_REFUSE, LIFT_NOBODY                 \
	}

static const struct check_row CHECK_ROW[CHECK_COUNT_] = {
	[CHECK_REAL_NAME] = VISITOR_SETTLES(REASON_REAL_NAME_MISSING, REASON_REAL_NAME_MISSING),
	[CHECK_DOCUMENT] = GUARD_SETTLES(REASON_DOCUMENT_NOT_SEEN, REASON_DOCUMENT_MISMATCH),
	[CHECK_MASK] = GUARD_SETTLES(REASON_MASK_UNCHECKED, REASON_MASK_MISSING),
	[CHECK_TEMPERATURE] = GUARD_SETTLES(REASON_TEMPERATURE_MISSING, REASON_TEMPERATURE_HIGH),
	[CHECK_HEALTH_CODE] = GUARD_SETTLES(REASON_HEALTH_CODE_UNCHECKED, REASON_HEALTH_CODE_BAD),
	[CHECK_TRAVEL_CARD] =
		GUARD_SETTLES(REASON_TRAVEL_CARD_UNCHECKED, REASON_TRAVEL_CARD_STARRED),
	[CHECK_TRAVEL_14D] = VISITOR_SETTLES(REASON_TRAVEL_UNDECLARED, REASON_TRAVEL_DECLARED),
	[CHECK_SYMPTOMS] = VISITOR_SETTLES(REASON_SYMPTOMS_UNDECLARED, REASON_SYMPTOMS_DECLARED),
	[CHECK_APPROVAL] = GUARD_SETTLES(REASON_APPROVAL_PENDING, REASON_APPROVAL_DENIED),
	[CHECK_TEST] = { REASON_TEST_MISSING, REASON_TEST_TOO_OLD, REASON_TEST_POSITIVE,
			 VERDICT_REFER, VERDICT_REFUSE, LIFT_GUARD },
	[CHECK_ESCORT] = GUARD_SETTLES(REASON_ESCORT_MISSING, REASON_ESCORT_REFUSED),
	[CHECK_CERTIFICATE] = GUARD_SETTLES(REASON_CERTIFICATE_UNSEEN, REASON_CERTIFICATE_BAD),
	[CHECK_VEHICLE_PASS] = GUARD_SETTLES(REASON_VEHICLE_PASS_MISSING, REASON_VEHICLE_PASS_BAD),
	[CHECK_OCCUPANTS] = GUARD_SETTLES(REASON_OCCUPANTS_UNREGISTERED, REASON_OCCUPANTS_REFUSED),
	[CHECK_DISINFECTION] = { REASON_DISINFECTION_UNKNOWN, REASON_DISINFECTION_OVERDUE,
				 REASON_DISINFECTION_OVERDUE, VERDICT_REFER, VERDICT_REFER,
				 LIFT_GUARD },
	[CHECK_QUOTA] = { REASON_QUOTA_UNKNOWN, REASON_QUOTA_UNKNOWN, REASON_QUOTA_USED,
			  VERDICT_REFER, VERDICT_REFER, LIFT_SUPERVISOR },
	[CHECK_MONITORING] = { REASON_MONITORING_UNKNOWN, REASON_MONITORING_UNKNOWN,
			       REASON_MONITORING_STAYS, VERDICT_REFER, VERDICT_REFER,
			       LIFT_SUPERVISOR },
	[CHECK_WINDOW] = { REASON_WINDOW_UNKNOWN, REASON_WINDOW_UNKNOWN, REASON_WINDOW_CLOSED,
			   VERDICT_REFER, VERDICT_REFER, LIFT_GUARD },
};

static_assert(CHECK_COUNT_ <= 32, "a rule's checks are bits of 32");

static enum verdict stricter(enum verdict a, enum verdict b)
{
	return a < b ? a : b;
}

static struct reason *add_reason(struct decision *d, enum reason_code code, enum check check,
				 const char *clause)
{
	assert(d->reason_count < REASONS_MAX);
	struct reason *r = &d->reasons[d->reason_count++];
	*r = (struct reason){ .code = code, .check = check };
	text_copy(r->clause, sizeof(r->clause), clause);
	return r;
}

bool window_contains(const struct window *window, int64_t wall_ms, int32_t utc_offset_min)
{
	struct civil c = civil_from_ms(wall_ms, utc_offset_min);
	int32_t minute = c.hour * 60 + c.minute;

	if (window->start_min <= window->end_min)
		return minute >= window->start_min && minute < window->end_min;
	return minute >= window->start_min || minute < window->end_min;
}

static bool is_stale(const struct rulebook *book, const struct question *q, enum check check)
{
	int64_t max_ms = (int64_t)book->max_age_min[check] * MINUTE_MS;
	int64_t age_ms = q->now.wall_ms - q->facts[check].wall_ms;

	return max_ms != 0 &&
	       (!q->now.clock_trusted || age_ms > max_ms || age_ms < -FUTURE_SLACK_MS);
}

/* The window as a fact of its own: the clock is the witness. */
static enum finding window_finding(const struct rulebook *book, const struct rule *rule,
				   const struct question *q)
{
	if (!q->now.clock_trusted || rule->window > book->window_count)
		return FINDING_UNKNOWN;
	bool inside = window_contains(&book->windows[rule->window - 1], q->now.wall_ms,
				      q->now.utc_offset_min);
	return inside ? FINDING_GOOD : FINDING_BAD;
}

/* Which reason an unknown fact gives: some say more than "unknown". */
static enum reason_code unknown_code(const struct rulebook *book, const struct question *q,
				     enum check check)
{
	const struct fact *fact = &q->facts[check];

	if (check == CHECK_TEMPERATURE && fact->finding == FINDING_UNKNOWN && fact->value != 0 &&
	    fact->value >= book->fever_centi_c)
		return REASON_TEMPERATURE_UNCONFIRMED; /* screened high, not yet confirmed */
	return CHECK_ROW[check].when_unknown;
}

/* A good approval of too low a rank waits for a higher one. */
static bool approval_too_low(const struct rule *rule, const struct question *q, enum check check)
{
	return check == CHECK_APPROVAL && q->facts[check].value < (int32_t)rule->approver;
}

/* What one required check leaves possible; adds its reason when that is less than admission. */
static enum verdict judge_check(const struct rulebook *book, const struct rule *rule,
				const struct question *q, enum check check, struct decision *d)
{
	const struct check_row *row = &CHECK_ROW[check];
	const struct fact *fact = &q->facts[check];
	bool window = check == CHECK_WINDOW;
	enum finding finding = window ? window_finding(book, rule, q) : fact->finding;
	const char *clause = book->check_clause[check];
	struct reason *r;
	enum verdict left;

	if (finding == FINDING_BAD) {
		r = add_reason(d, row->when_bad, check, clause);
		r->lift = book->check_lift[check];
		left = VERDICT_REFUSE;
	} else if (finding == FINDING_GOOD && !window && is_stale(book, q, check)) {
		r = add_reason(d, row->when_stale, check, clause);
		r->lift = row->settles;
		left = row->stale_verdict;
		d->clock_doubtful |= !q->now.clock_trusted;
	} else if (finding == FINDING_GOOD && approval_too_low(rule, q, check)) {
		r = add_reason(d, REASON_APPROVAL_TOO_LOW, check, clause);
		r->lift = rule->approver == APPROVER_HEADQUARTERS ? LIFT_HEADQUARTERS
								  : LIFT_SUPERVISOR;
		left = VERDICT_REFER;
	} else if (finding == FINDING_GOOD) {
		return VERDICT_ADMIT;
	} else {
		r = add_reason(d, unknown_code(book, q, check), check, clause);
		r->lift = row->settles;
		left = row->unknown_verdict;
		d->clock_doubtful |= window && !q->now.clock_trusted;
	}
	r->found = window ? 0 : fact->value;
	/* Only what the rulebook names can be set aside; a missing fact is established, not lifted.
	 */
	r->lifted = finding == FINDING_BAD && r->lift != LIFT_NOBODY && q->lifted >= r->lift;
	return r->lifted ? VERDICT_ADMIT : left;
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

static void judge_refusal(const struct rule *rule, const struct question *q, struct decision *d)
{
	struct reason *r = add_reason(d, rule->reason, CHECK_APPROVAL, rule->clause);

	r->lift = rule->lift;
	r->lifted = rule->lift != LIFT_NOBODY && q->lifted >= rule->lift;
	d->verdict = r->lifted ? VERDICT_ADMIT : rule->verdict;
}

struct decision rules_decide(const struct rulebook *book, const struct question *q)
{
	struct decision d = { .verdict = VERDICT_REFUSE };
	const struct rule *rule = find_rule(book, q->level, q->person_class, q->direction);

	if (!rule || q->lifted >= LIFT_COUNT_) {
		add_reason(&d, REASON_NO_RULE, CHECK_APPROVAL, "");
		return d;
	}
	d.verdict = rule->verdict;
	if (rule->verdict < VERDICT_REFER)
		judge_refusal(rule, q, &d);
	/* A lifted refusal still has the checks the rule names to pass. */
	enum verdict left = d.verdict;
	for (unsigned c = 0; c < CHECK_COUNT_ && d.verdict >= VERDICT_REFER; c++)
		if (rule->required & 1U << c)
			left = stricter(left, judge_check(book, rule, q, c, &d));
	d.verdict = stricter(d.verdict, left);
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

uint32_t rules_guard_checks(const struct rulebook *book, enum level level,
			    enum person_class person_class, enum direction direction)
{
	const struct rule *rule = find_rule(book, level, person_class, direction);
	uint32_t checks = 0;

	for (unsigned c = 0; rule && c < CHECK_COUNT_; c++)
		if ((rule->required & 1U << c) && CHECK_ROW[c].settles == LIFT_GUARD &&
		    c != CHECK_WINDOW && c != CHECK_TEMPERATURE && c != CHECK_APPROVAL)
			checks |= 1U << c;
	return checks;
}
