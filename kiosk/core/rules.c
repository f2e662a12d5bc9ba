/*
 * Every required check contributes at most one reason, with the verdict it leaves possible; the
 * decision is the strictest of them. A missing fact refers to a guard only where a guard can
 * establish it; a missing declaration or name is for the visitor to give, so it refuses. A fact
 * with a time is stale when it is too old or lies in the future; what hangs on the time is unknown
 * to a clock that cannot be trusted. Neither is ever good.
 *
 * Total: a rule, window, authority, rank or time outside its range is never indexed with, never
 * overflows and never helps anybody in.
 */
#include "core/rules.h"

#include <string.h>

#include "base/civil.h"
#include "base/text.h"

#define MINUTE_MS 60000
#define DAY_MIN 1440
#define FUTURE_SLACK_MS (5 * MINUTE_MS) /* two clocks of one gate may differ by so much */
#define WALL_END_MS INT64_C(253402300800000) /* year 10000, where base/civil.h ends */

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
	r->code = code;
	r->check = check;
	if (memchr(clause, '\0', CLAUSE_BYTES))
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

/* True when the present can be reckoned with at all. */
static bool clock_counts(const struct moment *now)
{
	return now->clock_trusted && now->wall_ms >= 0 && now->wall_ms < WALL_END_MS &&
	       now->utc_offset_min > -DAY_MIN && now->utc_offset_min < DAY_MIN;
}

static bool is_stale(const struct rulebook *book, const struct question *q, enum check check)
{
	int64_t max_ms = (int64_t)book->max_age_min[check] * MINUTE_MS;
	int64_t age_ms;

	if (max_ms == 0)
		return false;
	if (__builtin_sub_overflow(q->now.wall_ms, q->facts[check].wall_ms, &age_ms))
		return true;
	return age_ms > max_ms || age_ms < -FUTURE_SLACK_MS;
}

/* The rule's window, or NULL when the book has none of that number with hours of a day. */
static const struct window *find_window(const struct rulebook *book, const struct rule *rule)
{
	if (rule->window == 0 || rule->window > WINDOWS_MAX || rule->window > book->window_count)
		return NULL;
	const struct window *w = &book->windows[rule->window - 1];
	bool hours = w->start_min >= 0 && w->start_min < DAY_MIN && w->end_min >= 0 &&
		     w->end_min <= DAY_MIN;
	return hours ? w : NULL;
}

/* True when the check was only as good as the clock, which is not good. */
static bool is_doubtful(const struct rulebook *book, const struct question *q, enum check check)
{
	bool timed = check == CHECK_WINDOW ||
		     (book->max_age_min[check] != 0 && q->facts[check].finding == FINDING_GOOD);
	return timed && !clock_counts(&q->now);
}

/* The window as a fact of its own: the clock is the witness. */
static enum finding window_finding(const struct rulebook *book, const struct rule *rule,
				   const struct question *q)
{
	const struct window *window = find_window(book, rule);

	if (!window || is_doubtful(book, q, CHECK_WINDOW))
		return FINDING_UNKNOWN;
	bool inside = window_contains(window, q->now.wall_ms, q->now.utc_offset_min);
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

/* A good approval of too low a rank, or of one that does not exist, waits for a higher one. */
static bool approval_too_low(const struct rule *rule, const struct question *q, enum check check)
{
	int32_t rank = q->facts[check].value;

	return check == CHECK_APPROVAL &&
	       (rank < (int32_t)rule->approver || rank >= APPROVER_COUNT_);
}

/* Who may set a bad finding aside; an authority that does not exist is nobody. */
static enum lift check_lift(const struct rulebook *book, enum check check)
{
	enum lift lift = book->check_lift[check];
	return lift < LIFT_COUNT_ ? lift : LIFT_NOBODY;
}

/* What one required check leaves possible; adds its reason when that is less than admission. */
static enum verdict judge_check(const struct rulebook *book, const struct rule *rule,
				const struct question *q, enum check check, struct decision *d)
{
	const struct check_row *row = &CHECK_ROW[check];
	const struct fact *fact = &q->facts[check];
	bool window = check == CHECK_WINDOW;
	bool doubtful = is_doubtful(book, q, check);
	enum finding finding = window     ? window_finding(book, rule, q)
			       : doubtful ? FINDING_UNKNOWN
					  : fact->finding;
	const char *clause = book->check_clause[check];
	struct reason *r;
	enum verdict left;

	if (finding == FINDING_BAD && check == CHECK_TEMPERATURE && rule->fever_home) {
		/* Whoever lives here is not left in the street: a guard reports it and lets them
		 * home. */
		r = add_reason(d, REASON_TEMPERATURE_HOME, check, book->fever_home_clause);
		r->lift = LIFT_GUARD;
		left = VERDICT_REFER;
	} else if (finding == FINDING_BAD) {
		r = add_reason(d, row->when_bad, check, clause);
		r->lift = check_lift(book, check);
		left = VERDICT_REFUSE;
	} else if (finding == FINDING_GOOD && !window && is_stale(book, q, check)) {
		r = add_reason(d, row->when_stale, check, clause);
		r->lift = row->settles;
		left = row->stale_verdict;
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
		d->clock_doubtful |= doubtful;
	}
	r->found = window ? 0 : fact->value;
	/* Only what the rulebook names can be set aside; a missing fact is established, not lifted.
	 */
	r->lifted = finding == FINDING_BAD && r->lift != LIFT_NOBODY && q->lifted >= r->lift;
	return r->lifted ? VERDICT_ADMIT : left;
}

/* True when every word of the rule is one this engine knows, and a refusal says why. */
static bool is_readable(const struct rule *rule)
{
	bool refuses = rule->verdict < VERDICT_REFER;

	return rule->present && rule->verdict < VERDICT_COUNT_ &&
	       (!refuses || rule->reason != REASON_NONE) && rule->reason < REASON_COUNT_ &&
	       rule->lift < LIFT_COUNT_ && rule->approver < APPROVER_COUNT_ &&
	       rule->required >> CHECK_COUNT_ == 0;
}

/* What the rule asks for, said or implied: hours and a rank are not mere decoration. */
static uint32_t demanded(const struct rule *rule)
{
	return rule->required | (rule->window != 0 ? 1U << CHECK_WINDOW : 0) |
	       (rule->approver != APPROVER_NONE ? 1U << CHECK_APPROVAL : 0);
}

/* The rule, or NULL when there is none or it asks for what this engine does not know. */
static const struct rule *find_rule(const struct rulebook *book, enum level level,
				    enum person_class person_class, enum direction direction)
{
	if (level >= LEVEL_COUNT_ || person_class >= CLASS_COUNT_ || direction >= DIRECTION_COUNT_)
		return NULL;
	const struct rule *rule = &book->rules[level][person_class][direction];
	return is_readable(rule) ? rule : NULL;
}

static void judge_refusal(const struct rule *rule, const struct question *q, struct decision *d)
{
	struct reason *r = add_reason(d, rule->reason, CHECK_APPROVAL, rule->clause);

	r->lift = rule->lift;
	r->lifted = rule->lift != LIFT_NOBODY && q->lifted >= rule->lift;
	d->verdict = r->lifted ? VERDICT_ADMIT : rule->verdict;
}

/* A rule that itself refers leaves the verdict to the guard, and says so. */
static void judge_referral(const struct rule *rule, struct decision *d)
{
	enum reason_code code = rule->reason ? rule->reason : REASON_APPROVAL_PENDING;

	add_reason(d, code, CHECK_APPROVAL, rule->clause)->lift = LIFT_GUARD;
}

struct decision rules_decide(const struct rulebook *book, const struct question *q)
{
	const struct rule *rule = find_rule(book, q->level, q->person_class, q->direction);
	struct decision d;

	memset(&d, 0, sizeof(d)); /* gaps included: equal decisions are equal bytes */
	d.verdict = VERDICT_REFUSE;
	if (!rule || q->lifted >= LIFT_COUNT_) {
		add_reason(&d, REASON_NO_RULE, CHECK_APPROVAL, "");
		return d;
	}
	d.verdict = rule->verdict;
	if (rule->verdict < VERDICT_REFER)
		judge_refusal(rule, q, &d);
	else if (rule->verdict == VERDICT_REFER)
		judge_referral(rule, &d);
	if (d.verdict < VERDICT_REFER)
		return d;
	/* A lifted refusal still has the checks the rule names to pass. */
	for (unsigned c = 0; c < CHECK_COUNT_; c++)
		if (demanded(rule) & 1U << c)
			d.verdict = stricter(d.verdict, judge_check(book, rule, q, c, &d));
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

uint32_t rules_required(const struct rulebook *book, enum level level,
			enum person_class person_class, enum direction direction)
{
	const struct rule *rule = find_rule(book, level, person_class, direction);
	return rule ? demanded(rule) : 0;
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
