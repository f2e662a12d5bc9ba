/*
 * Memory runs out at every allocation of start-up, registration, PIN and queue, one after the
 * other: the first, the second, … until all succeed; once, or for ever from there on. Each time:
 * -ENOMEM where something failed, nothing lost that was acknowledged, and it goes on when there is
 * memory again.
 *
 * sqlite's allocations are its own business and are taken over by its own means; those of the store
 * are taken over by the linker (test_alloc.c.cmake).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/log.h"
#include "helper_store.h"

#define LAST 30 /* are all tried */

static struct {
	long count;
	long fail_at; /* 1 = the next; 0 = none any more */
	bool for_ever, bitten;
	sqlite3_mem_methods real;
} memory;

static bool none_left(void)
{
	memory.count++;
	if (memory.fail_at == 0 || --memory.fail_at > 0)
		return false;
	memory.fail_at = memory.for_ever;
	memory.bitten = true;
	return true;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

void *__wrap_malloc(size_t size)
{
	return none_left() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return none_left() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return none_left() ? NULL : __real_realloc(old, size);
}

static void *sqlite_malloc(int size)
{
	return none_left() ? NULL : memory.real.xMalloc(size);
}

static void *sqlite_realloc(void *old, int size)
{
	return none_left() ? NULL : memory.real.xRealloc(old, size);
}

static int take_over(void **state)
{
	sqlite3_mem_methods own;

	(void)state;
	if (sqlite3_shutdown() != SQLITE_OK ||
	    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory.real) != SQLITE_OK)
		return -1;
	own = memory.real;
	own.xMalloc = sqlite_malloc;
	own.xRealloc = sqlite_realloc;
	if (sqlite3_config(SQLITE_CONFIG_MALLOC, &own) != SQLITE_OK)
		return -1;
	return sqlite3_initialize() == SQLITE_OK ? 0 : -1;
}

/* What is being done, and how far it has come; a step that failed is done again. */
struct work {
	struct bench *b;
	unsigned step, end;
	int64_t seq; /* acknowledged */
	struct visit visit;
};

enum {
	STEP_OPEN,
	STEP_REGISTER,
	STEP_DECIDE,
	STEP_QUEUE,
	STEP_REOPEN,
	STEP_LEVEL,
	STEP_ACCOUNT,
	STEP_PIN,
	STEP_END,
};

static int try_pin(struct bench *b)
{
	enum pin_outcome outcome;
	struct account account;
	int32_t wait_s;
	int r = register_pin_try(b->db, "a", "4829", MONDAY_MS, 0, true, &outcome, &account,
				 &wait_s);

	if (r == 0)
		assert_int_equal(outcome, PIN_RIGHT);
	else /* nobody is let in without a record of it */
		assert_true(outcome == PIN_LOCKED && account.role == ROLE_NONE);
	return r;
}

static int read_queue(struct bench *b)
{
	struct visit visits[2];
	int count, total;
	int r = register_queue(b->db, visits, ARRAY_LEN(visits), 0, &count, &total);

	if (r == 0)
		assert_int_equal(total, 1);
	return r;
}

static int record_step(struct work *w, enum entry_type type, struct visit *visit, int64_t number)
{
	struct receipt receipt;
	int r = record_by(w->b, type, visit, "", "", number, &receipt);

	if (r == 0 && visit)
		visit->id = receipt.visit_id;
	return r;
}

static int open_step(struct work *w)
{
	register_close(w->b->db);
	w->b->db = NULL;
	return register_open(&w->b->db, w->b->path, OFFSET_MIN);
}

static int do_step(struct work *w)
{
	static const struct account ACCOUNT = { .name = "a", .role = ROLE_GUARD };

	switch (w->step) {
	case STEP_OPEN:
	case STEP_REOPEN:
		return open_step(w);
	case STEP_ACCOUNT:
		return register_account_set(w->b->db, &ACCOUNT, "4829", MONDAY_MS, 0);
	case STEP_REGISTER:
		w->visit = sample_visit(1);
		return record_step(w, ENTRY_REGISTERED, &w->visit, 0);
	case STEP_DECIDE:
		sample_admit(&w->visit, 77, MONDAY_MS);
		return record_step(w, ENTRY_DECIDED, &w->visit, 0);
	case STEP_PIN:
		return try_pin(w->b);
	case STEP_QUEUE:
		return read_queue(w->b);
	default:
		return record_step(w, ENTRY_LEVEL, NULL, LEVEL_OPEN << 8 | LEVEL_STRICT);
	}
}

/* To w->end, or to the first step that fails. */
static int do_steps(struct work *w)
{
	uint8_t head[CHAIN_HASH_BYTES];

	for (; w->step < w->end; w->step++) {
		int r = do_step(w);
		if (r)
			return r;
		register_head(w->b->db, &w->seq, head);
	}
	return 0;
}

/* There is memory again: the register goes on as it stands, or after it has been opened again. */
static void go_on(struct work *w)
{
	int r = w->b->db ? do_steps(w) : -EIO;

	if (r == -EIO) {
		assert_int_equal(open_step(w), 0);
		r = do_steps(w);
	}
	assert_int_equal(r, 0);
}

static void expect_whole(struct work *w, int64_t seq_before)
{
	uint8_t head[CHAIN_HASH_BYTES];
	int64_t seq, bad_seq;

	bench_reopen(w->b);
	register_head(w->b->db, &seq, head);
	assert_true(seq >= seq_before);
	assert_int_equal(register_verify(w->b->db, &bad_seq), 0);
	assert_int_equal(number_of(w->b, "SELECT count(*) FROM visit"), w->step > STEP_REGISTER);
	assert_int_equal(number_of(w->b, "SELECT count(*) FROM pass"), w->step > STEP_DECIDE);
}

static void remove_register(struct bench *b)
{
	register_close(b->db);
	b->db = NULL;
	assert_int_equal(unlink(b->path), 0);
}

/* The n-th allocation in the steps from one to before another fails; 0: none does. How many there
 * were. */
static long strike(unsigned from, unsigned to, long n, bool for_ever)
{
	struct bench b;
	struct work w = { .b = &b, .end = from };

	bench_open(&b);
	remove_register(&b); /* the first start is a part of it */
	assert_int_equal(do_steps(&w), 0);
	w.end = to;
	memory.for_ever = for_ever;
	memory.bitten = false;
	memory.count = 0;
	memory.fail_at = n;
	int r = do_steps(&w);
	long count = memory.count;
	memory.fail_at = 0;
	assert_true(memory.bitten == (n > 0));
	if (r != 0 && r != -ENOMEM)
		fail_msg("allocation %ld, step %u: %s", n, w.step, strerror(-r));
	int64_t acknowledged = w.seq;
	go_on(&w);
	expect_whole(&w, acknowledged);
	bench_close(&b);
	return count;
}

static void strike_often(unsigned from, unsigned to, long times)
{
	(void)strike(from, to, 0, false); /* what is kept for the next time is not counted */
	long count = strike(from, to, 0, false), tried = 0;
	long stride = count / times + 1;

	for (long n = 1; n <= count; n += n + stride < count - LAST ? stride : 1, tried++)
		(void)strike(from, to, n, tried % 2);
	print_message("%ld of %ld allocations failed\n", tried, count);
	assert_true(tried > LAST);
}

static void test_first_start(void **state)
{
	(void)state;
	strike_often(STEP_OPEN, STEP_OPEN + 1, 150);
}

static void test_registration_and_queue(void **state)
{
	(void)state;
	strike_often(STEP_REGISTER, STEP_REOPEN, 150);
}

static void test_next_start(void **state)
{
	(void)state;
	strike_often(STEP_REOPEN, STEP_LEVEL + 1, 150);
}

static void test_account_and_pin(void **state)
{
	(void)state;
	strike_often(STEP_ACCOUNT, STEP_END, 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_start),
		cmocka_unit_test(test_registration_and_queue),
		cmocka_unit_test(test_next_start),
		cmocka_unit_test(test_account_and_pin),
	};

	log_set_level(LOG_ERROR_LEVEL);
	return cmocka_run_group_tests(tests, take_over, NULL);
}
