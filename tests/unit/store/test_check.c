/*
 * The check in steps: it goes on while the register is written, says the same as in one go, and
 * begins anew when somebody is forgotten in between.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "helper_store.h"
#include "store/retention.h"

#define REGISTERED 600 /* with their boots more events than one step walks */

static int setup(void **state)
{
	static struct bench b;

	bench_open(&b);
	*state = &b;
	return 0;
}

static int teardown(void **state)
{
	bench_close(*state);
	return 0;
}

static uint64_t refuse(struct bench *b, unsigned n)
{
	struct visit v = sample_visit(n);
	struct receipt receipt;

	v.state = VISIT_REFUSED;
	v.decision.verdict = VERDICT_REFUSE;
	assert_int_equal(record_visit(b, ENTRY_REGISTERED, &v, &receipt), 0);
	return receipt.visit_id;
}

static void fill(struct bench *b)
{
	struct receipt receipt;

	for (unsigned n = 0; n < REGISTERED; n++) {
		refuse(b, n);
		assert_int_equal(
			record_by(b, ENTRY_EXPORTED, NULL, "周敏", "name", (int64_t)n, &receipt),
			0);
		b->now_ms += 1000;
	}
}

static void test_written_in_between(void **state)
{
	struct bench *b = *state;
	struct check_run *run;
	struct check_state is = { 0 };
	int steps = 0, before = 0;
	uint8_t head[CHAIN_HASH_BYTES];
	int64_t seq;

	fill(b);
	assert_int_equal(register_check_begin(b->db, NULL, 0, &run), 0);
	for (; !is.done; steps++) {
		assert_int_equal(register_check_step(run, &is), 0);
		assert_in_range(is.permille, before, 1000);
		before = is.permille > 20 ? is.permille - 20 : 0; /* more is there than was */
		if (steps < 20)
			refuse(b, REGISTERED + (unsigned)steps);
	}
	register_check_end(run);
	assert_true(steps > 5);
	assert_int_equal(is.permille, 1000);
	register_head(b->db, &seq, head);
	assert_in_range(is.seq, 2 * REGISTERED, seq);
	assert_int_equal(register_verify(b->db, &seq), 0);
}

static void test_forgotten_in_between(void **state)
{
	struct bench *b = *state;
	struct check_run *run;
	struct check_state is;
	enum erase_outcome outcome;
	const struct entry who = { .wall_ms = b->now_ms, .actor = "周敏" };
	int steps = 0;

	fill(b);
	for (uint64_t after = 1; after < 8; after++) {
		assert_int_equal(register_check_begin(b->db, NULL, 0, &run), 0);
		steps = 0;
		do {
			assert_int_equal(register_check_step(run, &is), 0);
			if (++steps != (int)after)
				continue;
			assert_int_equal(register_erase(b->db, after, &who, &outcome), 0);
			assert_int_equal(outcome, ERASE_DONE);
		} while (!is.done);
		register_check_end(run);
		assert_true(steps > (int)after);
	}
}

static void test_found_in_steps(void **state)
{
	struct bench *b = *state;
	struct check_run *run;
	struct check_state is = { 0 };
	int r;

	fill(b);
	bench_tamper(b, "UPDATE visit SET ticket = 99 WHERE id = 500");
	bench_reopen(b);
	assert_int_equal(register_check_begin(b->db, NULL, 0, &run), 0);
	do {
		r = register_check_step(run, &is);
	} while (r == 0 && !is.done);
	register_check_end(run);
	assert_int_equal(r, -EUCLEAN);
	assert_int_equal(is.fault.part, REGISTER_PART_VISIT);
	assert_int_equal(is.fault.key, 500);
	assert_false(is.done);
}

/* Given up in any of its steps, it leaves nothing behind. */
static void test_given_up(void **state)
{
	struct bench *b = *state;
	struct check_run *run;
	struct check_state is;

	fill(b);
	for (int most = 0; most < 12; most++) {
		assert_int_equal(register_check_begin(b->db, NULL, 0, &run), 0);
		for (int steps = 0; steps < most; steps++)
			assert_int_equal(register_check_step(run, &is), 0);
		register_check_end(run);
	}
	refuse(b, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_written_in_between, setup, teardown),
		cmocka_unit_test_setup_teardown(test_forgotten_in_between, setup, teardown),
		cmocka_unit_test_setup_teardown(test_found_in_steps, setup, teardown),
		cmocka_unit_test_setup_teardown(test_given_up, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
