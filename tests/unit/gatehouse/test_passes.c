/*
 * Passes: from a visit to a signed token and back, and every judgement, in both directions, with a
 * clock that is trusted and one that is not, at the exact second.
 */
#include "passes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

#define DECIDED_MS INT64_C(1795392000000) /* 2026-11-23T08:00:00+08:00 */
#define DECIDED_S UINT32_C(1795392000)
#define EIGHT_HOURS_MS 28800000

static const uint8_t SEED[PASS_SEED_BYTES] = { 4, 8, 15, 16, 23, 42 };
static const uint8_t OTHER_SEED[PASS_SEED_BYTES] = { 99 };

static struct pass_key key_of(const uint8_t *seed)
{
	struct pass_key key = { .key_id = 1, .site = 7 };

	pass_public(seed, key.public_key);
	return key;
}

static struct visit sample_visit(void)
{
	struct visit v = { .id = 3,
			   .person_class = CLASS_VISITOR,
			   .decided_ms = DECIDED_MS + 999, /* not a whole second */
			   .pass_serial = UINT64_C(0x1122334455000003),
			   .pass_expires_ms = DECIDED_MS + EIGHT_HOURS_MS };

	text_copy(v.person.name, sizeof(v.person.name), "张伟");
	return v;
}

static struct pass sample_pass(uint8_t uses)
{
	struct visit v = sample_visit();
	struct pass_key key = key_of(SEED);

	return pass_of_visit(&v, &key, uses);
}

static void test_of_visit(void **state)
{
	struct pass p = sample_pass(1);

	(void)state;
	assert_int_equal(p.key_id, 1);
	assert_int_equal(p.site, 7);
	assert_true(p.serial == UINT64_C(0x1122334455000003));
	assert_int_equal(p.person_class, CLASS_VISITOR);
	assert_int_equal(p.flags, PASS_FLAG_SINGLE_USE | PASS_FLAG_EXIT_ONLY);
	assert_int_equal(p.not_before_s, DECIDED_S - 60);
	assert_int_equal(p.expires_s, DECIDED_S + EIGHT_HOURS_MS / 1000);
	assert_int_equal(p.max_uses, 1);
	assert_int_equal(sample_pass(5).flags, 0);
	assert_int_equal(sample_pass(5).max_uses, 5);
}

/* The same name gives the same mark, another name another one; the name itself is not in it. */
static void test_bind(void **state)
{
	struct visit v = sample_visit();
	struct pass_key key = key_of(SEED);
	uint32_t mark = pass_of_visit(&v, &key, 1).bind;

	(void)state;
	assert_int_equal(mark, sample_pass(1).bind);
	text_copy(v.person.name, sizeof(v.person.name), "张玮");
	assert_int_not_equal(mark, pass_of_visit(&v, &key, 1).bind);
}

static void test_round_trip(void **state)
{
	struct pass p = sample_pass(1), back;
	struct pass_key key = key_of(SEED), other = key_of(OTHER_SEED);
	char text[PASS_TEXT_BYTES];

	(void)state;
	pass_sign(&p, SEED, text);
	memset(&back, 0x5a, sizeof(back));
	assert_int_equal(pass_verify(&back, text, strlen(text), &key, 1), PASS_PARSE_OK);
	assert_int_equal(back.key_id, p.key_id);
	assert_int_equal(back.site, p.site);
	assert_true(back.serial == p.serial);
	assert_int_equal(back.person_class, p.person_class);
	assert_int_equal(back.flags, p.flags);
	assert_int_equal(back.zones, p.zones);
	assert_int_equal(back.not_before_s, p.not_before_s);
	assert_int_equal(back.expires_s, p.expires_s);
	assert_int_equal(back.max_uses, p.max_uses);
	assert_int_equal(back.bind, p.bind);
	assert_int_equal(pass_verify(&back, text, strlen(text), &other, 1),
			 PASS_PARSE_BAD_SIGNATURE);
}

static void test_problem_of(void **state)
{
	(void)state;
	assert_int_equal(pass_problem_of(PASS_PARSE_OK), PASS_GOOD);
	assert_int_equal(pass_problem_of(PASS_PARSE_NOT_A_PASS), PASS_NOT_A_PASS);
	assert_int_equal(pass_problem_of(PASS_PARSE_MALFORMED), PASS_MALFORMED);
	assert_int_equal(pass_problem_of(PASS_PARSE_UNKNOWN_KEY), PASS_UNKNOWN_KEY);
	assert_int_equal(pass_problem_of(PASS_PARSE_BAD_SIGNATURE), PASS_BAD_SIGNATURE);
}

/* Seconds after the decision, and what a pass for five uses is judged to be. */
static const struct judged {
	const char *what;
	int64_t after_ms;
	uint32_t uses;
	bool unknown, revoked;
	/* trusted clock: out, in; untrusted: out, in */
	enum pass_problem out, in, out_doubt, in_doubt;
} JUDGED[] = {
	{ "good", 1000, 0, false, false, PASS_GOOD, PASS_GOOD, PASS_GOOD, PASS_CLOCK_DOUBTFUL },
	{ "first second", -60000, 0, false, false, PASS_GOOD, PASS_GOOD, PASS_GOOD,
	  PASS_CLOCK_DOUBTFUL },
	{ "just before it", -60001, 0, false, false, PASS_NOT_YET_VALID, PASS_NOT_YET_VALID,
	  PASS_GOOD, PASS_CLOCK_DOUBTFUL },
	{ "last millisecond", EIGHT_HOURS_MS - 1, 0, false, false, PASS_GOOD, PASS_GOOD, PASS_GOOD,
	  PASS_CLOCK_DOUBTFUL },
	{ "the second it ends", EIGHT_HOURS_MS, 0, false, false, PASS_EXPIRED, PASS_EXPIRED,
	  PASS_GOOD, PASS_CLOCK_DOUBTFUL },
	{ "a clock of 1970", -DECIDED_MS, 0, false, false, PASS_NOT_YET_VALID, PASS_NOT_YET_VALID,
	  PASS_GOOD, PASS_CLOCK_DOUBTFUL },
	{ "after 2106", INT64_C(5000000000000), 0, false, false, PASS_EXPIRED, PASS_EXPIRED,
	  PASS_GOOD, PASS_CLOCK_DOUBTFUL },
	{ "one use left", 1000, 4, false, false, PASS_GOOD, PASS_GOOD, PASS_GOOD,
	  PASS_CLOCK_DOUBTFUL },
	{ "used up", 1000, 5, false, false, PASS_USED_UP, PASS_USED_UP, PASS_USED_UP,
	  PASS_USED_UP },
	{ "used too often", 1000, 300, false, false, PASS_USED_UP, PASS_USED_UP, PASS_USED_UP,
	  PASS_USED_UP },
	{ "revoked", 1000, 0, false, true, PASS_REVOKED, PASS_REVOKED, PASS_REVOKED, PASS_REVOKED },
	{ "revoked, used up and expired", EIGHT_HOURS_MS, 5, false, true, PASS_REVOKED,
	  PASS_REVOKED, PASS_REVOKED, PASS_REVOKED },
	{ "not in the register", 1000, 0, true, false, PASS_NOT_ISSUED_HERE, PASS_NOT_ISSUED_HERE,
	  PASS_NOT_ISSUED_HERE, PASS_NOT_ISSUED_HERE },
};

static void test_judge(void **state)
{
	struct pass p = sample_pass(5);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(JUDGED); i++) {
		const struct judged *j = &JUDGED[i];
		struct pass_record record = { .visit_id = 3,
					      .uses = j->uses,
					      .revoked = j->revoked };
		const struct pass_record *known = j->unknown ? NULL : &record;
		int64_t wall = DECIDED_MS + j->after_ms;
		const enum pass_problem found[] = {
			pass_judge(&p, known, DIRECTION_OUT, wall, true),
			pass_judge(&p, known, DIRECTION_IN, wall, true),
			pass_judge(&p, known, DIRECTION_OUT, wall, false),
			pass_judge(&p, known, DIRECTION_IN, wall, false),
		};
		const enum pass_problem wanted[] = { j->out, j->in, j->out_doubt, j->in_doubt };
		for (size_t k = 0; k < ARRAY_LEN(wanted); k++)
			if (found[k] != wanted[k])
				fail_msg("%s, case %zu: %d instead of %d", j->what, k, found[k],
					 wanted[k]);
	}
}

/* The pass of one visit was let in when it was printed: it only leads out, and once. */
static void test_exit_only(void **state)
{
	struct pass p = sample_pass(1);
	struct pass_record record = { .visit_id = 3 };

	(void)state;
	assert_int_equal(pass_judge(&p, &record, DIRECTION_OUT, DECIDED_MS, true), PASS_GOOD);
	assert_int_equal(pass_judge(&p, &record, DIRECTION_IN, DECIDED_MS, true), PASS_USED_UP);
	assert_int_equal(pass_judge(&p, &record, DIRECTION_IN, DECIDED_MS, false), PASS_USED_UP);
	record.uses = 1;
	assert_int_equal(pass_judge(&p, &record, DIRECTION_OUT, DECIDED_MS, true), PASS_USED_UP);
	assert_int_equal(pass_judge(&p, &record, DIRECTION_OUT, DECIDED_MS, false), PASS_USED_UP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_of_visit),   cmocka_unit_test(test_bind),
		cmocka_unit_test(test_round_trip), cmocka_unit_test(test_problem_of),
		cmocka_unit_test(test_judge),      cmocka_unit_test(test_exit_only),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
