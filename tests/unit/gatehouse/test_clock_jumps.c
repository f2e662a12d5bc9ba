/*
 * A wall clock that jumps between 1970 and year 9999 at random, over restarts: the order of events
 * stays that of sequence and boot, nothing anybody sees is a negative time or number, and the
 * tables made again from the events are the same bit for bit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "core/quota.h"
#include "core/view_make.h"
#include "helper_store.h"
#include "passes.h"
#include "settings/rulebook.h"
#include "store/lived.h"
#include "store/projection.h"

#define RUNS 12
#define STEPS 250
#define VISITS_MAX 300
#define WALL_END_MS INT64_C(253402300800000) /* 10000-01-01 */

struct life {
	struct bench b;
	uint64_t random;
	int64_t wall_ms, mono_ms;
	bool trusted;
	enum visit_state states[VISITS_MAX]; /* what the register must say, by id - 1 */
	uint64_t count;
	struct rulebook book;
};

static int64_t below(struct life *l, int64_t n)
{
	return (int64_t)(next_random(&l->random) % (uint64_t)n);
}

static void jump(struct life *l)
{
	switch (below(l, 6)) {
	case 0:
		l->wall_ms = below(l, 1000); /* a board without a battery */
		break;
	case 1:
		l->wall_ms = below(l, WALL_END_MS);
		break;
	case 2:
		l->wall_ms -= below(l, 400 * DAY_MS);
		break;
	case 3:
		l->wall_ms = WALL_END_MS - 1 - below(l, 1000);
		break;
	default:
		l->wall_ms = MONDAY_MS + below(l, DAY_MS);
	}
	if (l->wall_ms < 0)
		l->wall_ms = 0;
	l->trusted = below(l, 2) == 1;
}

static int record(struct life *l, enum entry_type type, const struct visit *visit,
		  struct receipt *receipt)
{
	struct entry e = { .type = type,
			   .wall_ms = l->wall_ms,
			   .mono_ms = l->mono_ms,
			   .clock_trusted = l->trusted };

	if (visit)
		e.visit = *visit;
	return register_record(l->b.db, &e, receipt);
}

static void arrive(struct life *l)
{
	struct visit v = sample_visit((unsigned)l->count);
	struct receipt receipt;

	if (l->count == VISITS_MAX)
		return;
	assert_int_equal(record(l, ENTRY_REGISTERED, &v, &receipt), 0);
	assert_int_equal(receipt.visit_id, l->count + 1);
	l->states[l->count++] = VISIT_WAITING;
}

/* The next thing that can happen to one of them. */
static void move_on(struct life *l)
{
	struct visit v;
	struct receipt receipt;

	if (l->count == 0)
		return;
	uint64_t id = (uint64_t)below(l, (int64_t)l->count) + 1;
	enum visit_state *state = &l->states[id - 1];
	assert_int_equal(register_visit(l->b.db, id, &v), 0);
	if (*state == VISIT_WAITING) {
		sample_admit(&v, 5000 + id, l->wall_ms);
		assert_int_equal(record(l, ENTRY_DECIDED, &v, &receipt), 0);
		*state = VISIT_ADMITTED;
	} else if (*state == VISIT_ADMITTED) {
		assert_int_equal(record(l, ENTRY_PASSED, &v, &receipt), 0);
		*state = VISIT_INSIDE;
	} else if (*state == VISIT_INSIDE) {
		assert_int_equal(record(l, ENTRY_LEFT, &v, &receipt), 0);
		*state = VISIT_LEFT;
	}
}

static void expect_sane_visits(struct life *l)
{
	static struct visit queue[VISITS_MAX];
	struct pass_key key = { 0 };
	struct view_row row;
	int count, total;

	assert_int_equal(register_queue(l->b.db, queue, VISITS_MAX, 0, &count, &total), 0);
	assert_int_equal(count, total);
	for (int i = 0; i < count; i++) {
		assert_true(i == 0 || queue[i].id > queue[i - 1].id);
		view_row_make(&row, &queue[i], &l->book, l->wall_ms);
		assert_true(row.waited_min >= 0);
		if (queue[i].pass_serial == 0)
			continue;
		struct pass pass = pass_of_visit(&queue[i], &key, 1);
		assert_true(pass.expires_s >= pass.not_before_s);
		assert_int_equal(pass_judge(&pass, NULL, DIRECTION_OUT, l->wall_ms, l->trusted),
				 PASS_NOT_ISSUED_HERE);
	}
}

static void expect_sane_times(struct life *l)
{
	struct moment now = { l->wall_ms, OFFSET_MIN, l->trusted };
	struct lived_now lived = { l->wall_ms, l->mono_ms, l->trusted };
	struct visit v;
	int64_t older = INT64_MAX, seq;

	for (uint64_t id = 1; id <= l->count; id++) {
		assert_int_equal(register_visit(l->b.db, id, &v), 0);
		assert_int_equal(v.state, l->states[id - 1]);
		struct outing outing = { .out_ms = v.entered_ms, .back_ms = v.left_ms };
		struct outing_time t = quota_outing(&l->book, &outing, &now);
		assert_true(t.minutes_out >= 0 && t.minutes_left >= 0 && t.minutes_over >= 0);
	}
	/* what is older lies further back */
	for (int64_t age_ms = 0; age_ms < 40 * DAY_MS; age_ms += DAY_MS) {
		assert_int_equal(lived_event(l->b.db, &lived, age_ms, &seq), 0);
		assert_true(seq <= older);
		older = seq;
	}
}

static void expect_sane_numbers(struct life *l)
{
	struct register_counts c;
	int32_t inside = 0;

	for (uint64_t i = 0; i < l->count; i++)
		inside += l->states[i] == VISIT_INSIDE;
	assert_int_equal(register_counts(l->b.db, l->wall_ms, &c), 0);
	assert_true(c.in >= 0 && c.out >= 0 && c.refused >= 0 && c.waiting >= 0);
	assert_int_equal(c.inside, inside);
	assert_int_equal(number_of(&l->b, "SELECT count(*) FROM day WHERE registered < 0 OR"
					  " entered < 0 OR gone < 0 OR refused < 0"),
			 0);
	/* sequence and boot alone order what happened */
	assert_int_equal(number_of(&l->b, "SELECT count(*) FROM event a JOIN event b"
					  " ON b.seq = a.seq + 1 WHERE b.boot < a.boot"),
			 0);
}

static void expect_same_made_again(struct life *l)
{
	uint8_t before[32], after[32];
	int64_t bad;

	assert_int_equal(register_verify(l->b.db, &bad), 0);
	projection_fingerprint(&l->b, before);
	assert_int_equal(projection_rebuild(l->b.db), 0);
	projection_fingerprint(&l->b, after);
	assert_memory_equal(before, after, sizeof(after));
}

static void live(struct life *l)
{
	for (int step = 0; step < STEPS; step++) {
		int64_t on_ms = below(l, HOUR_MS);
		l->mono_ms += on_ms;
		l->wall_ms += on_ms;
		if (below(l, 5) == 0)
			jump(l);
		if (below(l, 20) == 0) {
			bench_reopen(&l->b);
			l->mono_ms = below(l, 100000);
		}
		if (below(l, 3) == 0)
			arrive(l);
		else
			move_on(l);
		if (step % 10 == 0)
			expect_sane_visits(l);
	}
}

static void test_no_negative_time_anywhere(void **state)
{
	(void)state;
	char message[512];

	for (uint64_t run = 1; run <= RUNS; run++) {
		struct life *l = calloc(1, sizeof(*l));
		assert_non_null(l);
		l->random = run * 977;
		l->wall_ms = MONDAY_MS;
		assert_true(rulebook_read(&l->book, TEST_SOURCE_DIR "/assets/rulebooks/default.ini",
					  message, sizeof(message)));
		bench_open(&l->b);
		live(l);
		assert_true(l->count > 20);
		expect_sane_visits(l);
		expect_sane_times(l);
		expect_sane_numbers(l);
		expect_same_made_again(l);
		bench_close(&l->b);
		free(l);
	}
}

/* The ends of what a pass can say. */
static void test_seconds_of_a_pass(void **state)
{
	(void)state;
	struct pass_key key = { 0 };
	struct visit v = { .decided_ms = 1000, .pass_expires_ms = 3600000 };
	struct pass pass = pass_of_visit(&v, &key, 1);

	assert_int_equal(pass.not_before_s, 0); /* not 2106 */
	assert_int_equal(pass.expires_s, 3600);
	v.decided_ms = v.pass_expires_ms = WALL_END_MS - 1;
	pass = pass_of_visit(&v, &key, 1);
	assert_int_equal(pass.not_before_s, UINT32_MAX);
	assert_int_equal(pass.expires_s, UINT32_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_negative_time_anywhere),
		cmocka_unit_test(test_seconds_of_a_pass),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
