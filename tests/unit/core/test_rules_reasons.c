/*
 * What each finding of each check leaves possible, said a second time: verdict, reason, who can
 * settle or lift it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/core/helper_rules.h"

#define AGE_MIN 100

/* The visitor has to say it: without it refused. The guard can look: without it referred. */
static const struct row {
	enum reason_code unknown, stale, bad;
	enum verdict unknown_leaves, stale_leaves;
	enum lift settles;
} ROW[CHECK_COUNT_] = {
	[CHECK_REAL_NAME] = { REASON_REAL_NAME_MISSING, REASON_REAL_NAME_MISSING,
			      REASON_REAL_NAME_MISSING, VERDICT_REFUSE, VERDICT_REFUSE,
			      LIFT_NOBODY },
	[CHECK_DOCUMENT] = { REASON_DOCUMENT_NOT_SEEN, REASON_DOCUMENT_NOT_SEEN,
			     REASON_DOCUMENT_MISMATCH, VERDICT_REFER, VERDICT_REFER, LIFT_GUARD },
	[CHECK_MASK] = { REASON_MASK_UNCHECKED, REASON_MASK_UNCHECKED, REASON_MASK_MISSING,
			 VERDICT_REFER, VERDICT_REFER, LIFT_GUARD },
	[CHECK_TEMPERATURE] = { REASON_TEMPERATURE_MISSING, REASON_TEMPERATURE_MISSING,
				REASON_TEMPERATURE_HIGH, VERDICT_REFER, VERDICT_REFER, LIFT_GUARD },
	[CHECK_HEALTH_CODE] = { REASON_HEALTH_CODE_UNCHECKED, REASON_HEALTH_CODE_UNCHECKED,
				REASON_HEALTH_CODE_BAD, VERDICT_REFER, VERDICT_REFER, LIFT_GUARD },
	[CHECK_TRAVEL_CARD] = { REASON_TRAVEL_CARD_UNCHECKED, REASON_TRAVEL_CARD_UNCHECKED,
				REASON_TRAVEL_CARD_STARRED, VERDICT_REFER, VERDICT_REFER,
				LIFT_GUARD },
	[CHECK_TRAVEL_14D] = { REASON_TRAVEL_UNDECLARED, REASON_TRAVEL_UNDECLARED,
			       REASON_TRAVEL_DECLARED, VERDICT_REFUSE, VERDICT_REFUSE,
			       LIFT_NOBODY },
	[CHECK_SYMPTOMS] = { REASON_SYMPTOMS_UNDECLARED, REASON_SYMPTOMS_UNDECLARED,
			     REASON_SYMPTOMS_DECLARED, VERDICT_REFUSE, VERDICT_REFUSE,
			     LIFT_NOBODY },
	[CHECK_APPROVAL] = { REASON_APPROVAL_PENDING, REASON_APPROVAL_PENDING,
			     REASON_APPROVAL_DENIED, VERDICT_REFER, VERDICT_REFER, LIFT_GUARD },
	[CHECK_TEST] = { REASON_TEST_MISSING, REASON_TEST_TOO_OLD, REASON_TEST_POSITIVE,
			 VERDICT_REFER, VERDICT_REFUSE, LIFT_GUARD },
	[CHECK_ESCORT] = { REASON_ESCORT_MISSING, REASON_ESCORT_MISSING, REASON_ESCORT_REFUSED,
			   VERDICT_REFER, VERDICT_REFER, LIFT_GUARD },
	[CHECK_CERTIFICATE] = { REASON_CERTIFICATE_UNSEEN, REASON_CERTIFICATE_UNSEEN,
				REASON_CERTIFICATE_BAD, VERDICT_REFER, VERDICT_REFER, LIFT_GUARD },
	[CHECK_VEHICLE_PASS] = { REASON_VEHICLE_PASS_MISSING, REASON_VEHICLE_PASS_MISSING,
				 REASON_VEHICLE_PASS_BAD, VERDICT_REFER, VERDICT_REFER,
				 LIFT_GUARD },
	[CHECK_OCCUPANTS] = { REASON_OCCUPANTS_UNREGISTERED, REASON_OCCUPANTS_UNREGISTERED,
			      REASON_OCCUPANTS_REFUSED, VERDICT_REFER, VERDICT_REFER, LIFT_GUARD },
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

static struct decision decide(const struct desk *k)
{
	return rules_decide(&k->book, &k->question);
}

static void assert_one(const struct decision *d, unsigned check, enum reason_code code,
		       enum verdict verdict, enum lift lift)
{
	char clause[CLAUSE_BYTES];

	snprintf(clause, sizeof(clause), "3·%u", check);
	assert_int_equal(d->reason_count, 1);
	assert_int_equal(d->reasons[0].code, code);
	assert_int_equal(d->reasons[0].check, check);
	assert_int_equal(d->reasons[0].lift, lift);
	assert_string_equal(d->reasons[0].clause, clause);
	assert_false(d->reasons[0].lifted);
	assert_int_equal(d->verdict, verdict);
}

/* The window is no fact: its hours and the clock are set so that it comes out as wanted. */
static void set_finding(struct desk *k, unsigned check, enum finding finding)
{
	k->rule->required = 1U << check;
	k->rule->window = check == CHECK_WINDOW ? 1 : 0;
	k->facts[check].finding = finding;
	k->facts[check].value = 77;
	if (check != CHECK_WINDOW)
		return;
	k->question.now.clock_trusted = finding != FINDING_UNKNOWN;
	if (finding == FINDING_BAD)
		k->book.windows[0].start_min = 8 * 60 + 1;
}

static void test_what_each_finding_leaves(void **state)
{
	(void)state;

	for (unsigned c = 0; c < CHECK_COUNT_; c++)
		for (enum finding f = 0; f < FINDING_COUNT_; f++) {
			struct desk k;
			desk_fill(&k);
			set_finding(&k, c, f);
			if (c == CHECK_APPROVAL)
				k.facts[c].value = APPROVER_GUARD;
			struct decision d = decide(&k);
			if (f == FINDING_UNKNOWN)
				assert_one(&d, c, ROW[c].unknown, ROW[c].unknown_leaves,
					   ROW[c].settles);
			else if (f == FINDING_BAD)
				assert_one(&d, c, ROW[c].bad, VERDICT_REFUSE, LIFT_NOBODY);
			else
				assert_int_equal(d.reason_count, 0);
			assert_int_equal(d.reasons[0].found, f == FINDING_GOOD     ? 0
							     : c == CHECK_WINDOW   ? 0
							     : c == CHECK_APPROVAL ? APPROVER_GUARD
										   : 77);
			bool doubt = c == CHECK_WINDOW && f == FINDING_UNKNOWN;
			assert_int_equal(d.clock_doubtful, doubt);
			assert_int_equal(d.pass.uses, d.verdict >= VERDICT_REFER ? 1 : 0);
		}
}

static void test_stale_is_never_good(void **state)
{
	(void)state;

	for (unsigned c = 0; c < CHECK_WINDOW; c++) {
		struct desk k;
		desk_fill(&k);
		set_finding(&k, c, FINDING_GOOD);
		k.facts[CHECK_APPROVAL].value = APPROVER_HEADQUARTERS;
		k.book.max_age_min[c] = AGE_MIN;
		assert_int_equal(decide(&k).verdict, VERDICT_ADMIT);
		k.question.now.wall_ms += (AGE_MIN + 1) * 60000;
		struct decision d = decide(&k);
		assert_one(&d, c, ROW[c].stale, ROW[c].stale_leaves, ROW[c].settles);
		assert_false(d.clock_doubtful);
		/* A doubtful clock cannot say "too old": it is simply not known. */
		k.question.now.clock_trusted = false;
		d = decide(&k);
		assert_one(&d, c, ROW[c].unknown, ROW[c].unknown_leaves, ROW[c].settles);
		assert_true(d.clock_doubtful);
		/* What is bad stays bad at any age and by any clock. */
		k.facts[c].finding = FINDING_BAD;
		d = decide(&k);
		assert_one(&d, c, ROW[c].bad, VERDICT_REFUSE, LIFT_NOBODY);
		assert_false(d.clock_doubtful);
	}
}

/* Who may lift a bad finding is the book's word, and a lower authority is not enough. Missing facts
 * are established, not lifted. */
static void test_lifting_a_finding(void **state)
{
	(void)state;

	for (unsigned c = 0; c < CHECK_COUNT_; c++)
		for (enum lift named = 0; named <= LIFT_COUNT_; named++)
			for (enum lift given = 0; given < LIFT_COUNT_; given++) {
				struct desk k;
				desk_fill(&k);
				set_finding(&k, c, FINDING_BAD);
				k.book.check_lift[c] = named;
				k.question.lifted = given;
				struct decision d = decide(&k);
				bool nobody = named == LIFT_NOBODY || named == LIFT_COUNT_;
				bool lifted = !nobody && given >= named;
				assert_int_equal(d.verdict,
						 lifted ? VERDICT_ADMIT : VERDICT_REFUSE);
				assert_int_equal(d.reasons[0].lift, nobody ? LIFT_NOBODY : named);
				assert_int_equal(d.reasons[0].lifted, lifted);
				assert_int_equal(d.reason_count, 1); /* kept, lifted or not */
				set_finding(&k, c, FINDING_UNKNOWN);
				d = decide(&k);
				assert_int_equal(d.verdict, ROW[c].unknown_leaves);
				assert_false(d.reasons[0].lifted);
			}
}

static void test_lifting_a_refusal(void **state)
{
	(void)state;

	for (enum lift named = 0; named < LIFT_COUNT_; named++)
		for (enum lift given = 0; given < LIFT_COUNT_; given++) {
			struct desk k;
			desk_fill(&k);
			k.rule->verdict = VERDICT_TURN_BACK;
			k.rule->reason = REASON_OUTSIDER;
			k.rule->lift = named;
			k.rule->required = 1U << CHECK_MASK;
			k.question.lifted = given;
			struct decision d = decide(&k);
			bool lifted = named != LIFT_NOBODY && given >= named;
			assert_int_equal(d.verdict, lifted ? VERDICT_ADMIT : VERDICT_TURN_BACK);
			assert_int_equal(d.reason_count, 1);
			assert_int_equal(d.reasons[0].code, REASON_OUTSIDER);
			assert_string_equal(d.reasons[0].clause, "2·三");
			assert_int_equal(d.reasons[0].lift, named);
			assert_int_equal(d.pass.valid_min, lifted ? 240 : 0);
			/* The checks the rule names stay to be passed. */
			k.facts[CHECK_MASK].finding = FINDING_UNKNOWN;
			d = decide(&k);
			assert_int_equal(d.verdict, lifted ? VERDICT_REFER : VERDICT_TURN_BACK);
			assert_int_equal(d.reason_count, lifted ? 2 : 1);
			assert_true(rules_class_refused(&k.book, LEVEL_CLOSED, CLASS_VISITOR,
							DIRECTION_IN));
		}
}

static void test_rank_of_an_approval(void **state)
{
	(void)state;

	for (enum approver least = 0; least < APPROVER_COUNT_; least++)
		for (int32_t rank = -1; rank <= APPROVER_COUNT_; rank++) {
			struct desk k;
			desk_fill(&k);
			k.rule->required = 1U << CHECK_APPROVAL;
			k.rule->approver = least;
			k.facts[CHECK_APPROVAL].value = rank;
			struct decision d = decide(&k);
			if (rank >= (int32_t)least && rank < APPROVER_COUNT_) {
				assert_int_equal(d.verdict, VERDICT_ADMIT);
				assert_int_equal(d.reason_count, 0);
				continue;
			}
			assert_one(&d, CHECK_APPROVAL, REASON_APPROVAL_TOO_LOW, VERDICT_REFER,
				   least == APPROVER_HEADQUARTERS ? LIFT_HEADQUARTERS
								  : LIFT_SUPERVISOR);
			assert_int_equal(d.reasons[0].found, rank);
		}
}

/* A value of another check is no rank. */
static void test_values_are_no_ranks(void **state)
{
	(void)state;
	struct desk k;

	desk_fill(&k);
	k.rule->required = 1U << CHECK_TEMPERATURE | 1U << CHECK_APPROVAL;
	k.rule->approver = APPROVER_COMMUNITY;
	k.facts[CHECK_TEMPERATURE].value = 3650;
	assert_int_equal(decide(&k).verdict, VERDICT_ADMIT);
	k.facts[CHECK_TEMPERATURE].value = 0;
	assert_int_equal(decide(&k).verdict, VERDICT_ADMIT);
}

static void test_screened_high(void **state)
{
	(void)state;
	static const struct {
		enum finding finding;
		int32_t fever, value;
		enum reason_code code;
	} CASE[] = {
		{ FINDING_UNKNOWN, 3730, 3730, REASON_TEMPERATURE_UNCONFIRMED },
		{ FINDING_UNKNOWN, 3730, 3729, REASON_TEMPERATURE_MISSING },
		{ FINDING_UNKNOWN, 3730, 0, REASON_TEMPERATURE_MISSING },
		{ FINDING_UNKNOWN, 0, 0, REASON_TEMPERATURE_MISSING },
		{ FINDING_BAD, 3730, 3800, REASON_TEMPERATURE_HIGH },
		{ FINDING_COUNT_, 3730, 3800, REASON_TEMPERATURE_MISSING },
	};

	for (size_t i = 0; i < ARRAY_LEN(CASE); i++) {
		struct desk k;
		desk_fill(&k);
		set_finding(&k, CHECK_TEMPERATURE, CASE[i].finding);
		k.book.fever_centi_c = CASE[i].fever;
		k.facts[CHECK_TEMPERATURE].value = CASE[i].value;
		struct decision d = decide(&k);
		assert_int_equal(d.reasons[0].code, CASE[i].code);
		assert_int_equal(d.reasons[0].found, CASE[i].value);
	}
	struct desk k;
	desk_fill(&k);
	set_finding(&k, CHECK_MASK, FINDING_UNKNOWN);
	k.facts[CHECK_MASK].value = 3800; /* of another check it says nothing */
	assert_int_equal(decide(&k).reasons[0].code, REASON_MASK_UNCHECKED);
}

/* A visitor with a fever is refused, whoever lives here is sent home: a guard reports it first. */
static void test_fever_at_home(void **state)
{
	(void)state;
	struct desk k;

	desk_fill(&k);
	snprintf(k.book.fever_home_clause, CLAUSE_BYTES, "2·七");
	k.rule->required = 1U << CHECK_TEMPERATURE | 1U << CHECK_MASK;
	k.facts[CHECK_TEMPERATURE].finding = FINDING_BAD;
	k.facts[CHECK_TEMPERATURE].value = 3810;
	struct decision d = decide(&k);
	assert_int_equal(d.verdict, VERDICT_REFUSE);
	assert_int_equal(d.reasons[0].code, REASON_TEMPERATURE_HIGH);
	k.question.lifted = LIFT_HEADQUARTERS; /* nobody is named who may */
	assert_int_equal(decide(&k).verdict, VERDICT_REFUSE);
	k.question.lifted = LIFT_NOBODY;
	k.rule->fever_home = true;
	d = decide(&k);
	assert_int_equal(d.verdict, VERDICT_REFER);
	assert_int_equal(d.reason_count, 1);
	assert_int_equal(d.reasons[0].code, REASON_TEMPERATURE_HOME);
	assert_int_equal(d.reasons[0].check, CHECK_TEMPERATURE);
	assert_int_equal(d.reasons[0].lift, LIFT_GUARD);
	assert_int_equal(d.reasons[0].found, 3810);
	assert_false(d.reasons[0].lifted);
	assert_string_equal(d.reasons[0].clause, "2·七");
	k.question.lifted = LIFT_GUARD;
	d = decide(&k);
	assert_int_equal(d.verdict, VERDICT_ADMIT);
	assert_true(d.reasons[0].lifted);
	/* of nothing else: an unmasked resident stays outside, a cold reading is none */
	k.facts[CHECK_MASK].finding = FINDING_BAD;
	assert_int_equal(decide(&k).verdict, VERDICT_REFUSE);
	k.facts[CHECK_MASK].finding = FINDING_GOOD;
	k.facts[CHECK_TEMPERATURE].finding = FINDING_UNKNOWN;
	d = decide(&k);
	assert_int_equal(d.verdict, VERDICT_REFER);
	assert_int_equal(d.reasons[0].code, REASON_TEMPERATURE_UNCONFIRMED);
}

/* A rule that itself refers gives its reason even when nothing else is wrong. */
static void test_referring_rule_says_why(void **state)
{
	(void)state;
	struct desk k;

	desk_fill(&k);
	k.rule->verdict = VERDICT_REFER;
	struct decision d = decide(&k);
	assert_int_equal(d.verdict, VERDICT_REFER);
	assert_int_equal(d.reason_count, 1);
	assert_int_equal(d.reasons[0].code, REASON_APPROVAL_PENDING);
	assert_int_equal(d.reasons[0].lift, LIFT_GUARD);
	assert_string_equal(d.reasons[0].clause, "2·三");
	k.rule->reason = REASON_OUTSIDER;
	assert_int_equal(decide(&k).reasons[0].code, REASON_OUTSIDER);
	k.question.lifted = LIFT_HEADQUARTERS;
	assert_int_equal(decide(&k).verdict, VERDICT_REFER);
	assert_false(rules_class_refused(&k.book, LEVEL_CLOSED, CLASS_VISITOR, DIRECTION_IN));
}

/* The reasons have room for a lifted refusal and every check at once. */
static void test_everything_wrong_at_once(void **state)
{
	(void)state;
	struct desk k;

	desk_fill(&k);
	k.rule->verdict = VERDICT_REFUSE;
	k.rule->reason = REASON_LOCKDOWN;
	k.rule->lift = LIFT_HEADQUARTERS;
	k.rule->required = (1U << CHECK_COUNT_) - 1;
	k.question.lifted = LIFT_HEADQUARTERS;
	for (unsigned c = 0; c < CHECK_COUNT_; c++)
		k.facts[c].finding = FINDING_BAD;
	struct decision d = decide(&k);
	assert_int_equal(d.verdict, VERDICT_REFUSE);
	assert_int_equal(d.reason_count, REASONS_MAX - REASONS_OF_LISTS);
}

/* What the guard's card asks: all a guard settles, but what other places establish. */
static void test_what_the_guard_is_asked(void **state)
{
	(void)state;
	struct desk k;
	uint32_t wanted = 1U << CHECK_DOCUMENT | 1U << CHECK_MASK | 1U << CHECK_HEALTH_CODE |
			  1U << CHECK_TRAVEL_CARD | 1U << CHECK_TEST | 1U << CHECK_ESCORT |
			  1U << CHECK_CERTIFICATE | 1U << CHECK_VEHICLE_PASS |
			  1U << CHECK_OCCUPANTS | 1U << CHECK_DISINFECTION;

	desk_fill(&k);
	for (uint32_t required = 0; required < 1U << CHECK_COUNT_; required += 37) {
		k.rule->required = required;
		assert_int_equal(
			rules_guard_checks(&k.book, LEVEL_CLOSED, CLASS_VISITOR, DIRECTION_IN),
			required & wanted);
	}
	for (unsigned c = 0; c < CHECK_COUNT_; c++) {
		k.rule->required = 1U << c;
		assert_int_equal(
			rules_guard_checks(&k.book, LEVEL_CLOSED, CLASS_VISITOR, DIRECTION_IN),
			1U << c & wanted);
	}
	assert_int_equal(rules_guard_checks(&k.book, LEVEL_STRICT, CLASS_VISITOR, DIRECTION_IN), 0);
	assert_int_equal(rules_guard_checks(&k.book, LEVEL_CLOSED, CLASS_VISITOR, DIRECTION_OUT),
			 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_each_finding_leaves),
		cmocka_unit_test(test_stale_is_never_good),
		cmocka_unit_test(test_lifting_a_finding),
		cmocka_unit_test(test_lifting_a_refusal),
		cmocka_unit_test(test_rank_of_an_approval),
		cmocka_unit_test(test_values_are_no_ranks),
		cmocka_unit_test(test_screened_high),
		cmocka_unit_test(test_fever_at_home),
		cmocka_unit_test(test_referring_rule_says_why),
		cmocka_unit_test(test_everything_wrong_at_once),
		cmocka_unit_test(test_what_the_guard_is_asked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
