/*
 * Looking up receipt codes: a right one is never slowed, a mistyped one is no try, and those of
 * nobody are counted on disk and slowed as PINs are.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "helper_store.h"
#include "store/pin_policy.h"
#include "store/receipt.h"
#include "store/request.h"
#include "store/retention.h"

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

static struct request look(struct bench *b, const char *typed)
{
	const struct entry when = { .wall_ms = b->now_ms,
				    .mono_ms = b->now_ms - MONDAY_MS,
				    .clock_trusted = true };
	struct request request;

	assert_int_equal(register_request(b->db, typed, &when, &request), 0);
	return request;
}

static void code_of(struct bench *b, uint64_t id, char code[RECEIPT_CODE_BYTES])
{
	struct visit v;

	assert_int_equal(register_visit(b->db, id, &v), 0);
	memcpy(code, v.receipt_code, RECEIPT_CODE_BYTES);
}

/* Well formed, and of nobody. */
static void code_of_nobody(unsigned n, char code[RECEIPT_CODE_BYTES])
{
	uint8_t salt[RECEIPT_SALT_BYTES] = { 0xC0, 0xDE, (uint8_t)n, (uint8_t)(n >> 8) };

	receipt_code_make(n, salt, code);
}

static void test_found_and_never_slowed(void **state)
{
	struct bench *b = *state;
	char code[RECEIPT_CODE_BYTES];
	uint64_t ids[3];

	for (unsigned n = 0; n < 3; n++)
		ids[n] = register_sample(b, n);
	for (int i = 0; i < 60; i++) {
		code_of(b, ids[i % 3], code);
		struct request r = look(b, code);
		assert_int_equal(r.outcome, REQUEST_FOUND);
		assert_int_equal(r.visit_id, ids[i % 3]);
	}
}

static void test_mistyped_is_no_try(void **state)
{
	struct bench *b = *state;
	char code[RECEIPT_CODE_BYTES];

	code_of(b, register_sample(b, 1), code);
	for (int i = 0; i < 60; i++)
		assert_int_equal(look(b, "7GQK").outcome, REQUEST_MISTYPED);
	code[2] = code[2] == 'A' ? 'B' : 'A';
	for (int i = 0; i < 60; i++)
		assert_int_equal(look(b, code).outcome, REQUEST_MISTYPED);
	code_of(b, 1, code);
	assert_int_equal(look(b, code).outcome, REQUEST_FOUND);
}

static void test_nobodys_are_slowed(void **state)
{
	struct bench *b = *state;
	char code[RECEIPT_CODE_BYTES], right[RECEIPT_CODE_BYTES];

	code_of(b, register_sample(b, 1), right);
	for (unsigned n = 0; n < PIN_BURST; n++) {
		code_of_nobody(n, code);
		assert_int_equal(look(b, code).outcome, REQUEST_UNKNOWN);
	}
	struct request r = look(b, right);
	assert_int_equal(r.outcome, REQUEST_LOCKED); /* whatever is typed now */
	assert_in_range(r.wait_s, 1, PIN_REFILL_MS / 1000 + 1);

	/* Neither pulling the plug nor setting the wall clock ahead gives a try. */
	bench_reopen(b);
	b->now_ms += DAY_MS;
	const struct entry ahead = { .wall_ms = b->now_ms, .mono_ms = 0, .clock_trusted = true };
	assert_int_equal(register_request(b->db, right, &ahead, &r), 0);
	assert_int_equal(r.outcome, REQUEST_LOCKED);

	/* Only living through the wait does. */
	const struct entry after = { .wall_ms = b->now_ms,
				     .mono_ms = r.wait_s * INT64_C(1000),
				     .clock_trusted = true };
	assert_int_equal(register_request(b->db, right, &after, &r), 0);
	assert_int_equal(r.outcome, REQUEST_FOUND);
}

static void test_whoever_is_erased_is_not_found(void **state)
{
	struct bench *b = *state;
	char code[RECEIPT_CODE_BYTES];
	struct visit v = sample_visit(1);
	struct receipt receipt;
	enum erase_outcome outcome;
	const struct entry who = { .wall_ms = b->now_ms, .actor = "周敏" };

	v.state = VISIT_REFUSED;
	v.decision.verdict = VERDICT_REFUSE;
	assert_int_equal(record_visit(b, ENTRY_REGISTERED, &v, &receipt), 0);
	code_of(b, receipt.visit_id, code);
	assert_int_equal(look(b, code).outcome, REQUEST_FOUND);
	assert_int_equal(register_erase(b->db, receipt.visit_id, &who, &outcome), 0);
	assert_int_equal(outcome, ERASE_DONE);
	assert_int_equal(look(b, code).outcome, REQUEST_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_found_and_never_slowed, setup, teardown),
		cmocka_unit_test_setup_teardown(test_mistyped_is_no_try, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nobodys_are_slowed, setup, teardown),
		cmocka_unit_test_setup_teardown(test_whoever_is_erased_is_not_found, setup,
						teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
