/*
 * Every combination of a book that holds every kind of rule; and engines with one mistake each,
 * which the laws must notice.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/core/helper_rules.h"

static void test_every_combination_keeps_the_laws(void **state)
{
	(void)state;
	struct rulebook *book = malloc(sizeof(*book));
	struct proof *proof = malloc(sizeof(*proof));
	assert_true(book && proof);
	rules_book_fill(book);
	proof_run(proof, book, rules_decide);
	bool whole = proof_report(proof, "book of all kinds");
	bool millions = proof->combinations > 1000000;
	free(proof);
	free(book);
	assert_true(whole && millions);
}

/* --- Engines with one mistake --- */

static struct decision referral_admits(const struct rulebook *b, const struct question *q)
{
	struct decision d = rules_decide(b, q);
	d.verdict = d.verdict == VERDICT_REFER ? VERDICT_ADMIT : d.verdict;
	return d;
}

static struct decision refuses_all(const struct rulebook *b, const struct question *q)
{
	struct decision d = rules_decide(b, q);
	d.verdict = VERDICT_REFUSE;
	return d;
}

static struct decision lets_everybody_lift(const struct rulebook *b, const struct question *q)
{
	struct question higher = *q;
	higher.lifted = LIFT_HEADQUARTERS;
	return rules_decide(b, &higher);
}

static struct decision trusts_any_clock(const struct rulebook *b, const struct question *q)
{
	struct question sure = *q;
	sure.now.clock_trusted = true;
	return rules_decide(b, &sure);
}

static struct decision only_first_reason(const struct rulebook *b, const struct question *q)
{
	struct decision d = rules_decide(b, q);
	d.reason_count = d.reason_count > 1 ? 1 : d.reason_count;
	return d;
}

static struct decision no_clause(const struct rulebook *b, const struct question *q)
{
	struct decision d = rules_decide(b, q);
	d.reasons[0].clause[0] = '\0';
	return d;
}

static struct decision pass_for_all(const struct rulebook *b, const struct question *q)
{
	struct decision d = rules_decide(b, q);
	d.pass.valid_min = 60;
	return d;
}

static struct decision looks_elsewhere(const struct rulebook *b, const struct question *q)
{
	struct decision d = rules_decide(b, q);
	d.reasons[REASONS_MAX - 1].found = q->facts[CHECK_OCCUPANTS].value;
	return d;
}

static struct decision leaks_an_address(const struct rulebook *b, const struct question *q)
{
	struct decision d = rules_decide(b, q);
	d.reasons[REASONS_MAX - 1].found = (int32_t)(uintptr_t)q;
	return d;
}

static struct decision default_admits(const struct rulebook *b, const struct question *q)
{
	struct decision d = rules_decide(b, q);
	if (d.reasons[0].code == REASON_NO_RULE)
		d.verdict = VERDICT_ADMIT;
	return d;
}

/* Many findings at once wear the guard down. */
static struct decision lenient_with_many(const struct rulebook *b, const struct question *q)
{
	struct decision d = rules_decide(b, q);
	if (d.reason_count >= 3 && d.verdict == VERDICT_REFUSE)
		d.verdict = VERDICT_REFER;
	return d;
}

static struct decision authority_in_the_way(const struct rulebook *b, const struct question *q)
{
	struct decision d = rules_decide(b, q);
	if (q->lifted == LIFT_SUPERVISOR && d.verdict == VERDICT_REFER)
		d.verdict = VERDICT_REFUSE;
	return d;
}

static struct decision doubt_helps(const struct rulebook *b, const struct question *q)
{
	struct decision d = rules_decide(b, q);
	if (d.clock_doubtful)
		d.verdict = VERDICT_ADMIT;
	return d;
}

static struct decision refusal_softened(const struct rulebook *b, const struct question *q)
{
	struct decision d = rules_decide(b, q);
	if (q->level == LEVEL_LOCKDOWN && q->lifted == LIFT_NOBODY && d.verdict < VERDICT_REFER)
		d.verdict = VERDICT_REFER;
	return d;
}

static const struct {
	const char *name;
	decide_fn decide;
	enum law law;
} WRONG[] = {
	{ "default admits", default_admits, LAW_DEFAULT_REFUSE },
	{ "a referral admits", referral_admits, LAW_NOTHING_MISSING },
	{ "refuses everybody", refuses_all, LAW_NOTHING_NEEDLESS },
	{ "anybody may lift", lets_everybody_lift, LAW_REFUSAL_STANDS },
	{ "softens refusals", refusal_softened, LAW_REFUSAL_STANDS },
	{ "lenient with many", lenient_with_many, LAW_WORSE_IS_NOT_BETTER },
	{ "lenient with many", lenient_with_many, LAW_STRICTEST },
	{ "authority in the way", authority_in_the_way, LAW_LESS_AUTHORITY },
	{ "doubt helps", doubt_helps, LAW_DOUBTFUL_CLOCK },
	{ "trusts any clock", trusts_any_clock, LAW_DOUBT_SAID },
	{ "first reason only", only_first_reason, LAW_ALL_REASONS },
	{ "a referral admits", referral_admits, LAW_REASON_STANDS },
	{ "forgets a clause", no_clause, LAW_CLAUSE },
	{ "passes for all", pass_for_all, LAW_PASS },
	{ "looks at what is not asked", looks_elsewhere, LAW_IRRELEVANT },
	{ "an address in the answer", leaks_an_address, LAW_FUNCTION },
};

static void test_the_laws_bite(void **state)
{
	(void)state;
	struct rulebook *book = malloc(sizeof(*book));
	struct proof *proof = malloc(sizeof(*proof));
	uint32_t bitten = 0;
	assert_true(book && proof);
	rules_book_fill(book);
	/* Two levels say it as well as four. */
	memset(book->rules[LEVEL_OPEN], 0, sizeof(book->rules[LEVEL_OPEN]));
	memset(book->rules[LEVEL_CLOSED], 0, sizeof(book->rules[LEVEL_CLOSED]));
	for (int c = 0; c < CLASS_COUNT_; c++)
		if (c % 5)
			memset(book->rules[LEVEL_STRICT][c], 0,
			       sizeof(book->rules[LEVEL_STRICT][c]));
	for (size_t i = 0; i < ARRAY_LEN(WRONG); i++) {
		proof_run(proof, book, WRONG[i].decide);
		print_message("  %-28s %s: %llu times\n", WRONG[i].name, LAW_TEXT[WRONG[i].law],
			      (unsigned long long)proof->broken[WRONG[i].law]);
		assert_true(proof->broken[WRONG[i].law] > 0);
		bitten |= 1U << WRONG[i].law;
	}
	assert_int_equal(bitten, (1U << LAW_COUNT_) - 1); /* each of them */
	free(proof);
	free(book);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_combination_keeps_the_laws),
		cmocka_unit_test(test_the_laws_bite),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
