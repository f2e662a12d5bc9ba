/*
 * The engine over all findings of all checks (3^9) and over every subset of required checks with
 * all findings of those (4^9). The expectations are computed here in another way than in the
 * engine.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/rules.h"
#include "tests/unit/core/helper_book.h"

#define COMBINATIONS 19683 /* 3^9 */
#define NINE 9 /* the checks of a person's visit */
static_assert(CHECK_APPROVAL == NINE - 1, "3^9 findings");

static void facts_of(unsigned n, struct fact facts[CHECK_COUNT_])
{
	memset(facts, 0, sizeof(*facts) * CHECK_COUNT_);
	for (int c = 0; c < NINE; c++, n /= FINDING_COUNT_)
		facts[c].finding = n % FINDING_COUNT_;
}

static struct decision decide_in(const struct rulebook *book, enum level level,
				 enum person_class class_, enum direction direction,
				 const struct fact *facts)
{
	const struct question question = { .level = level,
					   .person_class = class_,
					   .direction = direction,
					   .facts = facts,
					   .now = NOW };

	return rules_decide(book, &question);
}

static struct decision decide(const struct rulebook *book, const struct fact *facts)
{
	return decide_in(book, LEVEL_CLOSED, CLASS_VISITOR, DIRECTION_IN, facts);
}

/* Only a guard can look, so these may be open when the visitor has done their part. */
#define GUARDS_CHECKS                                                                              \
	(1U << CHECK_DOCUMENT | 1U << CHECK_MASK | 1U << CHECK_TEMPERATURE |                       \
	 1U << CHECK_HEALTH_CODE | 1U << CHECK_TRAVEL_CARD | 1U << CHECK_APPROVAL)

static enum verdict expected(uint32_t required, const struct fact *facts)
{
	uint32_t bad = 0, open = 0;

	for (unsigned c = 0; c < NINE; c++) {
		bad |= (facts[c].finding == FINDING_BAD ? 1U : 0U) << c;
		open |= (facts[c].finding == FINDING_UNKNOWN ? 1U : 0U) << c;
	}
	if (required & bad || required & open & ~GUARDS_CHECKS)
		return VERDICT_REFUSE;
	return required & open ? VERDICT_REFER : VERDICT_ADMIT;
}

/* Exactly the required checks that are not good, each with its own clause, in order. */
static void assert_reasons(const struct rulebook *book, uint32_t required, const struct fact *facts,
			   const struct decision *d)
{
	int n = 0;

	for (unsigned c = 0; c < NINE; c++) {
		if (!(required & 1U << c) || facts[c].finding == FINDING_GOOD)
			continue;
		assert_true(n < d->reason_count);
		assert_int_equal(d->reasons[n].check, c);
		assert_int_not_equal(d->reasons[n].code, REASON_NONE);
		assert_string_equal(d->reasons[n].clause, book->check_clause[c]);
		n++;
	}
	assert_int_equal(d->reason_count, n);
}

static void test_all_findings_of_all_checks(void **state)
{
	(void)state;
	struct rulebook book;
	unsigned count[VERDICT_COUNT_] = { 0 };

	book_fill(&book);
	for (unsigned n = 0; n < COMBINATIONS; n++) {
		struct fact facts[CHECK_COUNT_];
		facts_of(n, facts);
		struct decision d = decide(&book, facts), again = decide(&book, facts);
		assert_int_equal(d.verdict, expected(ALL_CHECKS, facts));
		assert_reasons(&book, ALL_CHECKS, facts, &d);
		assert_memory_equal(&d, &again, sizeof(d));
		assert_int_equal(d.pass.valid_min, d.verdict >= VERDICT_REFER ? BOOK_PASS_MIN : 0);
		count[d.verdict]++;
	}
	print_message("3^9: %u refuse, %u refer, %u admit\n", count[VERDICT_REFUSE],
		      count[VERDICT_REFER], count[VERDICT_ADMIT]);
	assert_int_equal(count[VERDICT_ADMIT], 1); /* all good, nothing else */
	assert_int_equal(count[VERDICT_REFER], 63); /* 2^6 of the guard's checks less none open */
}

/* The next combination of findings of the required checks only; false after the last. */
static bool next_findings(uint32_t required, struct fact *facts)
{
	for (unsigned c = 0; c < NINE; c++) {
		if (!(required & 1U << c))
			continue;
		facts[c].finding = (facts[c].finding + 1) % FINDING_COUNT_;
		if (facts[c].finding != 0)
			return true;
	}
	return false;
}

static void test_every_subset_of_checks(void **state)
{
	(void)state;
	struct rulebook book;
	unsigned decisions = 0;

	book_fill(&book);
	struct rule *rule = &book.rules[LEVEL_CLOSED][CLASS_VISITOR][DIRECTION_IN];
	for (uint32_t required = 0; required <= ALL_CHECKS; required++) {
		struct fact facts[CHECK_COUNT_] = { 0 };
		for (int c = 0; c < NINE; c++) /* what is not asked for may be bad */
			facts[c].finding = required & 1U << c ? FINDING_UNKNOWN : FINDING_BAD;
		rule->required = required;
		do {
			struct decision d = decide(&book, facts);
			assert_int_equal(d.verdict, expected(required, facts));
			assert_reasons(&book, required, facts, &d);
			decisions++;
		} while (next_findings(required, facts));
	}
	print_message("%u decisions\n", decisions);
	assert_int_equal(decisions, 262144); /* 4^9 */
}

/* Good is better than unknown, unknown better than bad: making a fact worse never permits more. */
static void test_monotone(void **state)
{
	(void)state;
	struct rulebook book;

	book_fill(&book);
	for (unsigned n = 0; n < COMBINATIONS; n++) {
		struct fact facts[CHECK_COUNT_];
		facts_of(n, facts);
		enum verdict before = decide(&book, facts).verdict;
		for (int c = 0; c < NINE; c++) {
			enum finding was = facts[c].finding;
			if (was == FINDING_BAD)
				continue;
			facts[c].finding = was == FINDING_GOOD ? FINDING_UNKNOWN : FINDING_BAD;
			assert_true(decide(&book, facts).verdict <= before);
			facts[c].finding = was;
		}
	}
}

static void test_default_is_refuse(void **state)
{
	(void)state;
	struct rulebook empty;
	struct fact good[CHECK_COUNT_];

	memset(&empty, 0, sizeof(empty));
	facts_good(good);
	for (unsigned l = 0; l <= LEVEL_COUNT_; l++)
		for (unsigned c = 0; c <= CLASS_COUNT_; c++)
			for (unsigned i = 0; i <= DIRECTION_COUNT_; i++) {
				struct decision d = decide_in(&empty, l, c, i, good);
				assert_int_equal(d.verdict, VERDICT_REFUSE);
				assert_int_equal(d.reason_count, 1);
				assert_int_equal(d.reasons[0].code, REASON_NO_RULE);
				assert_true(rules_class_refused(&empty, l, c, i));
			}
}

static void test_levels_outside_the_table(void **state)
{
	(void)state;
	struct rulebook book;
	struct fact good[CHECK_COUNT_];

	book_fill(&book);
	facts_good(good);
	assert_int_equal(decide(&book, good).verdict, VERDICT_ADMIT);
	assert_int_equal(
		decide_in(&book, (enum level)99, CLASS_VISITOR, DIRECTION_IN, good).verdict,
		VERDICT_REFUSE);
	assert_int_equal(
		decide_in(&book, LEVEL_CLOSED, (enum person_class)99, DIRECTION_IN, good).verdict,
		VERDICT_REFUSE);
	assert_int_equal(
		decide_in(&book, LEVEL_CLOSED, CLASS_VISITOR, (enum direction)99, good).verdict,
		VERDICT_REFUSE);
	assert_int_equal(decide_in(&book, LEVEL_OPEN, CLASS_VISITOR, DIRECTION_IN, good).verdict,
			 VERDICT_REFUSE); /* no rule written */
}

/* A rule that asks for what this engine does not know cannot be evaluated: it refuses. */
static void test_rule_from_the_future(void **state)
{
	(void)state;
	struct rulebook book;
	struct fact good[CHECK_COUNT_];
	struct rule *rule;

	facts_good(good);
	book_fill(&book);
	rule = &book.rules[LEVEL_CLOSED][CLASS_VISITOR][DIRECTION_IN];
	for (unsigned bit = CHECK_COUNT_; bit < 32; bit++) {
		rule->required = ALL_CHECKS | 1U << bit;
		assert_int_equal(decide(&book, good).verdict, VERDICT_REFUSE);
		assert_int_equal(decide(&book, good).reasons[0].code, REASON_NO_RULE);
	}
	rule->required = 0;
	rule->verdict = VERDICT_COUNT_;
	assert_int_equal(decide(&book, good).verdict, VERDICT_REFUSE);
	assert_true(rules_class_refused(&book, LEVEL_CLOSED, CLASS_VISITOR, DIRECTION_IN));
}

static void test_refusing_rules_ask_nothing(void **state)
{
	(void)state;
	struct rulebook book;

	book_fill(&book);
	for (unsigned n = 0; n < COMBINATIONS; n += 7) {
		struct fact facts[CHECK_COUNT_];
		facts_of(n, facts);
		struct decision d =
			decide_in(&book, LEVEL_CLOSED, CLASS_COURIER, DIRECTION_IN, facts);
		assert_int_equal(d.verdict, VERDICT_TURN_BACK);
		assert_int_equal(d.reason_count, 1);
		assert_int_equal(d.reasons[0].code, REASON_COURIER_OUTSIDE);
		assert_string_equal(d.reasons[0].clause, "3·二·1");
		assert_int_equal(d.pass.valid_min, 0); /* no pass for the turned back */
		d = decide_in(&book, LEVEL_LOCKDOWN, CLASS_VISITOR, DIRECTION_IN, facts);
		assert_int_equal(d.verdict, VERDICT_REFUSE);
		assert_int_equal(d.reasons[0].code, REASON_CLASS_REFUSED);
	}
	assert_true(rules_class_refused(&book, LEVEL_CLOSED, CLASS_COURIER, DIRECTION_IN));
	assert_false(rules_class_refused(&book, LEVEL_CLOSED, CLASS_VISITOR, DIRECTION_IN));
}

/* Nobody is locked in: leaving needs no check in the test's book, as in the shipped one. */
static void test_leaving(void **state)
{
	(void)state;
	struct rulebook book;
	struct fact nothing[CHECK_COUNT_] = { 0 };

	book_fill(&book);
	assert_int_equal(
		decide_in(&book, LEVEL_LOCKDOWN, CLASS_VISITOR, DIRECTION_OUT, nothing).verdict,
		VERDICT_ADMIT);
}

/* A rule that itself refers never admits by machine. */
static void test_referring_rule(void **state)
{
	(void)state;
	struct rulebook book;
	struct fact good[CHECK_COUNT_];

	book_fill(&book);
	facts_good(good);
	book.rules[LEVEL_CLOSED][CLASS_VISITOR][DIRECTION_IN].verdict = VERDICT_REFER;
	assert_int_equal(decide(&book, good).verdict, VERDICT_REFER);
	good[CHECK_MASK].finding = FINDING_BAD;
	assert_int_equal(decide(&book, good).verdict, VERDICT_REFUSE);
}

static void test_codes_of_reasons(void **state)
{
	(void)state;
	static const enum reason_code CODE[CHECK_COUNT_][2] = {
		[CHECK_REAL_NAME] = { REASON_REAL_NAME_MISSING, REASON_REAL_NAME_MISSING },
		[CHECK_DOCUMENT] = { REASON_DOCUMENT_NOT_SEEN, REASON_DOCUMENT_MISMATCH },
		[CHECK_MASK] = { REASON_MASK_UNCHECKED, REASON_MASK_MISSING },
		[CHECK_TEMPERATURE] = { REASON_TEMPERATURE_MISSING, REASON_TEMPERATURE_HIGH },
		[CHECK_HEALTH_CODE] = { REASON_HEALTH_CODE_UNCHECKED, REASON_HEALTH_CODE_BAD },
		[CHECK_TRAVEL_CARD] = { REASON_TRAVEL_CARD_UNCHECKED, REASON_TRAVEL_CARD_STARRED },
		[CHECK_TRAVEL_14D] = { REASON_TRAVEL_UNDECLARED, REASON_TRAVEL_DECLARED },
		[CHECK_SYMPTOMS] = { REASON_SYMPTOMS_UNDECLARED, REASON_SYMPTOMS_DECLARED },
		[CHECK_APPROVAL] = { REASON_APPROVAL_PENDING, REASON_APPROVAL_DENIED },
	};
	struct rulebook book;

	book_fill(&book);
	for (int c = 0; c < NINE; c++)
		for (int bad = 0; bad < 2; bad++) {
			struct fact facts[CHECK_COUNT_];
			facts_good(facts);
			facts[c] = (struct fact){ .finding = bad ? FINDING_BAD : FINDING_UNKNOWN };
			struct decision d = decide(&book, facts);
			assert_int_equal(d.reason_count, 1);
			assert_int_equal(d.reasons[0].code, CODE[c][bad]);
		}
}

/* An unknown temperature is "missing", unless it was screened high: then "not confirmed". */
static void test_unconfirmed_temperature(void **state)
{
	(void)state;
	struct rulebook book;
	struct fact facts[CHECK_COUNT_];

	book_fill(&book);
	facts_good(facts);
	facts[CHECK_TEMPERATURE] = (struct fact){ .value = BOOK_FEVER };
	struct decision d = decide(&book, facts);
	assert_int_equal(d.verdict, VERDICT_REFER);
	assert_int_equal(d.reasons[0].code, REASON_TEMPERATURE_UNCONFIRMED);
	assert_int_equal(d.reasons[0].found, BOOK_FEVER);
	facts[CHECK_TEMPERATURE].value = 3060; /* too cold to be a result */
	assert_int_equal(decide(&book, facts).reasons[0].code, REASON_TEMPERATURE_MISSING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_findings_of_all_checks),
		cmocka_unit_test(test_every_subset_of_checks),
		cmocka_unit_test(test_monotone),
		cmocka_unit_test(test_default_is_refuse),
		cmocka_unit_test(test_levels_outside_the_table),
		cmocka_unit_test(test_rule_from_the_future),
		cmocka_unit_test(test_refusing_rules_ask_nothing),
		cmocka_unit_test(test_leaving),
		cmocka_unit_test(test_referring_rule),
		cmocka_unit_test(test_codes_of_reasons),
		cmocka_unit_test(test_unconfirmed_temperature),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
