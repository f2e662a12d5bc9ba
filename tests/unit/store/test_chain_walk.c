/*
 * The night's walk: the whole chain in steps, from where it was left after a restart, and every
 * fault found where it is, again and again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "helper_store.h"
#include "store/chain_walk.h"
#include "store/db.h"

#define LONG 80000 /* events; more than are walked before it is remembered */
#define A_COMMIT 4000
#define ALTER "DROP TRIGGER event_no_update; DROP TRIGGER event_no_delete;"

static int setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	bench_open(b);
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	bench_close(*state);
	free(*state);
	return 0;
}

static void add_events(struct bench *b, int count)
{
	struct entry e = { .type = ENTRY_LOGOUT, .wall_ms = b->now_ms, .clock_trusted = true };
	struct receipt receipt;

	for (int i = 0; i < count; i += A_COMMIT) {
		assert_int_equal(txn_begin(b->db), 0);
		int r = 0;
		for (int k = i; k < i + A_COMMIT && k < count && r == 0; k++)
			r = record_append(b->db, &e, &receipt);
		assert_int_equal(txn_end(b->db, r), 0);
	}
}

/* How many steps it took to the end. */
static int walk_to_end(struct bench *b)
{
	struct chain_walk walk = { 0 };
	int steps = 0;

	for (; !walk.done; steps++)
		assert_int_equal(register_walk(b->db, &walk), 0);
	assert_int_equal(walk.seq, b->db->tail.seq);
	assert_memory_equal(walk.head, b->db->tail.head, sizeof(walk.head));
	return steps;
}

static void expect_fault(struct bench *b, enum register_part part, int64_t key)
{
	struct chain_walk walk = { 0 };
	int r;

	do {
		r = register_walk(b->db, &walk);
	} while (r == 0 && !walk.done);
	assert_int_equal(r, -EUCLEAN);
	assert_int_equal(walk.fault.part, part);
	assert_int_equal(walk.fault.key, key);
	assert_false(walk.done);
}

static void test_short(void **state)
{
	struct bench *b = *state;

	assert_int_equal(walk_to_end(b), 1);
	for (unsigned n = 0; n < 100; n++)
		register_sample(b, n);
	assert_int_equal(walk_to_end(b), 1);
	bench_tamper(b, "DELETE FROM person WHERE visit_id = 7"); /* is register_check's */
	assert_int_equal(register_open(&b->db, b->path, OFFSET_MIN), 0);
	assert_int_equal(walk_to_end(b), 1);
	bench_tamper(b, "UPDATE person SET name = '张伟' WHERE visit_id = 9");
	assert_int_equal(register_open(&b->db, b->path, OFFSET_MIN), 0);
	expect_fault(b, REGISTER_PART_PERSON, 9);
	bench_tamper(b, ALTER "UPDATE event SET mono_ms = mono_ms + 1 WHERE seq = 5");
	assert_int_equal(register_open(&b->db, b->path, OFFSET_MIN), 0);
	expect_fault(b, REGISTER_PART_EVENT, 5);
	bench_tamper(b, "DELETE FROM event WHERE seq BETWEEN 3 AND 4");
	assert_int_equal(register_open(&b->db, b->path, OFFSET_MIN), 0);
	expect_fault(b, REGISTER_PART_EVENT, 3);
	assert_int_equal(number_of(b, "SELECT count(*) FROM walked"), 0);
}

static void test_long_and_restarts(void **state)
{
	struct bench *b = *state;
	struct chain_walk walk = { 0 };
	int steps = 0;

	add_events(b, LONG);
	while (walk.kept_seq == 0) {
		assert_int_equal(register_walk(b->db, &walk), 0);
		steps++;
	}
	assert_int_equal(walk.seq, 65536);
	assert_int_equal(steps, 16);
	assert_int_equal(number_of(b, "SELECT seq FROM walked"), 65536);

	/* what comes in between is walked, too, and a restart goes on where it was */
	bench_reopen(b);
	add_events(b, 10);
	assert_int_equal(walk_to_end(b), 4);
	assert_int_equal(number_of(b, "SELECT count(*) FROM walked"), 0);
	assert_int_equal(walk_to_end(b), 20);

	/* a fault behind what is remembered is found again after each restart */
	walk = (struct chain_walk){ 0 };
	while (walk.kept_seq == 0)
		assert_int_equal(register_walk(b->db, &walk), 0);
	bench_tamper(b, ALTER "UPDATE event SET wall_ms = wall_ms - 1 WHERE seq = 70000");
	assert_int_equal(register_open(&b->db, b->path, OFFSET_MIN), 0);
	expect_fault(b, REGISTER_PART_EVENT, 70000);
	bench_reopen(b);
	expect_fault(b, REGISTER_PART_EVENT, 70000);
	/* a chain made anew from there on does not follow what is remembered */
	bench_tamper(b, "UPDATE walked SET head = zeroblob(32)");
	assert_int_equal(register_open(&b->db, b->path, OFFSET_MIN), 0);
	expect_fault(b, REGISTER_PART_EVENT, 65537);
	/* and what has been walked cannot be cut off */
	bench_tamper(b, "DELETE FROM event WHERE seq > 60000");
	assert_int_equal(register_open(&b->db, b->path, OFFSET_MIN), 0);
	expect_fault(b, REGISTER_PART_EVENT, 60001);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_short, setup, teardown),
		cmocka_unit_test_setup_teardown(test_long_and_restarts, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
