#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "helper_store.h"
#include "store/projection.h"

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

static void test_empty(void **state)
{
	struct bench *b = *state;
	uint8_t head[CHAIN_HASH_BYTES], zero[CHAIN_HASH_BYTES] = { 0 };
	int64_t seq, bad;
	struct visit v;
	struct register_counts counts;

	register_head(b->db, &seq, head);
	assert_int_equal(seq, 0);
	assert_memory_equal(head, zero, sizeof(zero));
	assert_int_equal(register_verify(b->db, &bad), 0);
	assert_int_equal(register_visit(b->db, 1, &v), -ENOENT);
	assert_int_equal(register_counts(b->db, b->now_ms, &counts), 0);
	assert_int_equal(counts.in + counts.out + counts.refused + counts.inside + counts.waiting,
			 0);
}

/* What went in comes out again, before and after a restart. */
static void assert_same_visit(const struct visit *got, const struct visit *want)
{
	assert_memory_equal(&got->person, &want->person, sizeof(want->person));
	assert_memory_equal(&got->temperature, &want->temperature, sizeof(want->temperature));
	for (int i = 0; i < CHECK_COUNT_; i++) {
		assert_int_equal(got->facts[i].finding, want->facts[i].finding);
		assert_int_equal(got->facts[i].source, want->facts[i].source);
		assert_true(got->facts[i].wall_ms == want->facts[i].wall_ms);
		assert_int_equal(got->facts[i].value, want->facts[i].value);
	}
	assert_true(got->code_digest == want->code_digest);
	assert_int_equal(got->decision.verdict, want->decision.verdict);
	assert_int_equal(got->decision.reason_count, want->decision.reason_count);
	for (int i = 0; i < want->decision.reason_count; i++) {
		assert_int_equal(got->decision.reasons[i].code, want->decision.reasons[i].code);
		assert_int_equal(got->decision.reasons[i].check, want->decision.reasons[i].check);
		assert_int_equal(got->decision.reasons[i].found, want->decision.reasons[i].found);
		assert_int_equal(got->decision.reasons[i].lift, want->decision.reasons[i].lift);
		assert_int_equal(got->decision.reasons[i].lifted, want->decision.reasons[i].lifted);
		assert_string_equal(got->decision.reasons[i].clause,
				    want->decision.reasons[i].clause);
	}
	assert_int_equal(got->decision.pass.valid_min, want->decision.pass.valid_min);
	assert_int_equal(got->decision.pass.uses, want->decision.pass.uses);
}

static void test_registered_round_trip(void **state)
{
	struct bench *b = *state;
	struct visit v = sample_visit(7), got;
	struct receipt receipt;

	v.decision.reasons[1].found = -3;
	v.decision.reasons[3].lift = LIFT_SUPERVISOR;
	v.decision.reasons[3].lifted = true;
	assert_int_equal(record_visit(b, ENTRY_REGISTERED, &v, &receipt), 0);
	assert_int_equal(receipt.seq, 1);
	assert_int_equal(receipt.visit_id, 1);
	assert_int_equal(receipt.ticket, 1);
	for (int i = 0; i < 2; i++) {
		memset(&got, 0xA5, sizeof(got));
		assert_int_equal(register_visit(b->db, 1, &got), 0);
		assert_same_visit(&got, &v);
		assert_int_equal(got.id, 1);
		assert_int_equal(got.ticket, 1);
		assert_int_equal(got.state, VISIT_WAITING);
		assert_true(got.registered_ms == MONDAY_MS);
		assert_true(got.decided_ms == 0 && got.entered_ms == 0 && got.left_ms == 0);
		bench_reopen(b);
	}
	uint8_t head[CHAIN_HASH_BYTES];
	int64_t seq;
	register_head(b->db, &seq, head);
	assert_int_equal(seq, 1);
	assert_memory_equal(head, receipt.head, sizeof(head));
}

static void test_whole_visit(void **state)
{
	struct bench *b = *state;
	uint64_t id = register_sample(b, 1), serial = UINT64_C(0xF000000000000001);
	struct visit v, got;
	struct pass_record pass;
	struct register_counts counts;
	char out[256];

	assert_int_equal(register_visit(b->db, id, &v), 0);
	b->now_ms += 2 * MINUTE_MS;
	sample_admit(&v, serial, b->now_ms);
	assert_int_equal(record_visit(b, ENTRY_DECIDED, &v, NULL), 0);
	assert_int_equal(register_visit(b->db, id, &got), 0);
	assert_same_visit(&got, &v);
	assert_int_equal(got.state, VISIT_ADMITTED);
	assert_string_equal(got.decided_by, "李卫");
	assert_true(got.decided_ms == b->now_ms);
	assert_true(got.pass_serial == serial);
	assert_true(got.pass_expires_ms == v.pass_expires_ms);
	assert_false(got.pass_printed);
	assert_string_equal(value_of(b, "SELECT state || class FROM visit_words", out),
			    "admittedvisitor");

	assert_int_equal(record_by(b, ENTRY_PASS_PRINTED, &got, "", "unsure", 0, NULL), 0);
	assert_int_equal(record_by(b, ENTRY_GATE_RELEASED, &got, "", "entry", 0, NULL), 0);
	b->now_ms += 1000;
	assert_int_equal(record_visit(b, ENTRY_PASSED, &got, NULL), 0);
	assert_int_equal(register_visit(b->db, id, &got), 0);
	assert_int_equal(got.state, VISIT_INSIDE);
	assert_true(got.entered_ms == b->now_ms);
	assert_true(got.pass_printed);
	assert_int_equal(register_counts(b->db, b->now_ms, &counts), 0);
	assert_int_equal(counts.inside, 1);
	assert_int_equal(counts.in, 1);
	assert_int_equal(counts.waiting, 0);

	b->now_ms += HOUR_MS;
	assert_int_equal(register_pass(b->db, serial, &pass), 0);
	assert_int_equal(pass.visit_id, id);
	assert_int_equal(pass.uses, 0);
	assert_int_equal(record_visit(b, ENTRY_LEFT, &got, NULL), 0);
	assert_int_equal(record_visit(b, ENTRY_LEFT, &got, NULL), -EALREADY);
	assert_int_equal(register_pass(b->db, serial, &pass), 0);
	assert_int_equal(pass.uses, 1);
	assert_int_equal(register_pass(b->db, 12345, &pass), -ENOENT);
	assert_int_equal(register_counts(b->db, b->now_ms, &counts), 0);
	assert_int_equal(counts.inside, 0);
	assert_int_equal(counts.out, 1);
	assert_string_equal(value_of(b, "SELECT state FROM visit_words", out), "left");
	assert_string_equal(value_of(b,
				     "SELECT group_concat(type) FROM (SELECT type FROM event_words"
				     " ORDER BY seq)",
				     out),
			    "registered,decided,pass-printed,gate-released,passed,left");
}

/* Two guards, or one finger twice. */
static void test_decided_once(void **state)
{
	struct bench *b = *state;
	uint64_t id = register_sample(b, 1);
	struct visit v, refused;
	uint8_t before[32], after[32];
	int64_t seq, seq_after;

	assert_int_equal(register_visit(b->db, id, &v), 0);
	refused = v;
	sample_admit(&v, 77, b->now_ms);
	assert_int_equal(record_visit(b, ENTRY_DECIDED, &v, NULL), 0);
	register_head(b->db, &seq, before);
	refused.decision.verdict = VERDICT_REFUSE;
	assert_int_equal(record_visit(b, ENTRY_DECIDED, &refused, NULL), -EALREADY);
	assert_int_equal(record_visit(b, ENTRY_DECIDED, &v, NULL), -EALREADY);
	register_head(b->db, &seq_after, after);
	assert_int_equal(seq, seq_after);
	assert_memory_equal(before, after, sizeof(after));
	assert_int_equal(number_of(b, "SELECT count(*) FROM event"), 2);
	assert_int_equal(number_of(b, "SELECT state FROM visit"), VISIT_ADMITTED);
	/* and the register goes on */
	assert_int_equal(register_sample(b, 2), 2);
}

static void test_refer_keeps_waiting(void **state)
{
	struct bench *b = *state;
	uint64_t id = register_sample(b, 1);
	struct visit v, got;

	assert_int_equal(register_visit(b->db, id, &v), 0);
	v.temperature.clinical_centi_c = 3680;
	assert_int_equal(record_visit(b, ENTRY_DECIDED, &v, NULL), 0);
	assert_int_equal(register_visit(b->db, id, &got), 0);
	assert_int_equal(got.state, VISIT_WAITING);
	assert_int_equal(got.temperature.clinical_centi_c, 3680);
	assert_true(got.decided_ms == 0);
	sample_admit(&got, 5, b->now_ms);
	assert_int_equal(record_visit(b, ENTRY_DECIDED, &got, NULL), 0);
}

/* Every visit entry in every state: 0, -EALREADY or -EINVAL, as the table in projection.h says. */
static void test_every_entry_in_every_state(void **state)
{
	struct bench *b = *state;
	static const char letters[] = "0AE";
	static const enum entry_type types[] = { ENTRY_DECIDED,      ENTRY_PASSED,
						 ENTRY_LAPSED,       ENTRY_LEFT,
						 ENTRY_PASS_PRINTED, ENTRY_REVEALED,
						 ENTRY_PASS_REVOKED };
	/* rows: waiting, admitted, inside, left, refused, turned back, lapsed */
	static const char *const want[] = { "0EEEE0E", "A000000", "AAE0000", "AEEA000",
					    "AEEEE0E", "AEEEE0E", "A0A0000" };
	static const enum visit_state states[] = { VISIT_WAITING, VISIT_ADMITTED, VISIT_INSIDE,
						   VISIT_LEFT,    VISIT_REFUSED,  VISIT_TURNED_BACK,
						   VISIT_LAPSED };
	unsigned serial = 1;

	for (size_t s = 0; s < ARRAY_LEN(states); s++) {
		for (size_t t = 0; t < ARRAY_LEN(types); t++) {
			uint64_t id = register_sample(b, (unsigned)(s * 10 + t));
			struct visit v, again;
			assert_int_equal(register_visit(b->db, id, &v), 0);
			if (states[s] == VISIT_REFUSED)
				v.decision.verdict = VERDICT_REFUSE;
			else if (states[s] == VISIT_TURNED_BACK)
				v.decision.verdict = VERDICT_TURN_BACK;
			else
				sample_admit(&v, serial++, b->now_ms);
			if (states[s] != VISIT_WAITING)
				assert_int_equal(record_visit(b, ENTRY_DECIDED, &v, NULL), 0);
			if (states[s] == VISIT_INSIDE)
				assert_int_equal(record_visit(b, ENTRY_PASSED, &v, NULL), 0);
			if (states[s] == VISIT_LEFT)
				assert_int_equal(record_visit(b, ENTRY_LEFT, &v, NULL), 0);
			if (states[s] == VISIT_LAPSED)
				assert_int_equal(record_visit(b, ENTRY_LAPSED, &v, NULL), 0);
			assert_int_equal(register_visit(b->db, id, &again), 0);
			assert_int_equal(again.state, states[s]);
			int64_t events = number_of(b, "SELECT max(seq) FROM event");
			int r = record_visit(b, types[t], &again, NULL);
			char got = r == 0           ? letters[0]
				   : r == -EALREADY ? letters[1]
				   : r == -EINVAL   ? letters[2]
						    : '?';
			if (got != want[s][t])
				print_error("state %d entry %d: %d\n", states[s], types[t], r);
			assert_int_equal(got, want[s][t]);
			assert_int_equal(number_of(b, "SELECT max(seq) FROM event"),
					 events + (r == 0));
		}
	}
	int64_t bad;
	assert_int_equal(register_verify(b->db, &bad), 0);
}

static void test_nonsense_is_refused(void **state)
{
	struct bench *b = *state;
	struct visit v = sample_visit(1);

	v.decision.verdict = VERDICT_ADMIT; /* the machine alone lets nobody in */
	assert_int_equal(record_visit(b, ENTRY_REGISTERED, &v, NULL), -EINVAL);
	v = sample_visit(1);
	v.state = VISIT_REFUSED; /* but the verdict refers */
	assert_int_equal(record_visit(b, ENTRY_REGISTERED, &v, NULL), -EINVAL);
	v = sample_visit(1);
	v.id = 3; /* has been registered before */
	assert_int_equal(record_visit(b, ENTRY_REGISTERED, &v, NULL), -EINVAL);
	v = sample_visit(1);
	v.facts[2].source = SOURCE_COUNT_;
	assert_int_equal(record_visit(b, ENTRY_REGISTERED, &v, NULL), -EINVAL);
	v = sample_visit(1);
	v.decision.reason_count = REASONS_MAX + 1;
	assert_int_equal(record_visit(b, ENTRY_REGISTERED, &v, NULL), -EINVAL);
	v = sample_visit(1);
	memset(v.person.name, 0xFF, 3);
	assert_int_equal(record_visit(b, ENTRY_REGISTERED, &v, NULL), -EINVAL);
	assert_int_equal(record_by(b, ENTRY_TYPE_COUNT_, NULL, "", "", 0, NULL), -EINVAL);
	v = sample_visit(1);
	v.id = 9;
	assert_int_equal(record_visit(b, ENTRY_PASSED, &v, NULL), -ENOENT);
	assert_int_equal(number_of(b, "SELECT count(*) FROM event"), 0);

	v.id = register_sample(b, 1);
	v.decision.verdict = VERDICT_REFUSE;
	v.pass_serial = 5; /* a pass for somebody refused */
	assert_int_equal(record_visit(b, ENTRY_DECIDED, &v, NULL), -EINVAL);
	/* a serial that another visit has */
	sample_admit(&v, 5, b->now_ms);
	assert_int_equal(record_visit(b, ENTRY_DECIDED, &v, NULL), 0);
	v = sample_visit(2);
	v.id = register_sample(b, 2);
	sample_admit(&v, 5, b->now_ms);
	assert_int_equal(record_visit(b, ENTRY_DECIDED, &v, NULL), -EINVAL);
	assert_int_equal(number_of(b, "SELECT visit_id FROM pass WHERE serial = 5"), 1);
	assert_int_equal(number_of(b, "SELECT count(*) FROM event"), 3);
	/* none of that was an error of the disk */
	assert_int_equal(register_sample(b, 3), 3);
}

static void test_tickets_begin_each_day(void **state)
{
	struct bench *b = *state;
	struct visit v = sample_visit(1);
	struct receipt receipt;
	/* 23:59:59.999 and 00:00 in the site's zone, which is another day in UTC */
	const int64_t times[] = { MONDAY_MS, MONDAY_MS + 16 * HOUR_MS - 1, MONDAY_MS + 16 * HOUR_MS,
				  MONDAY_MS + HOUR_MS, MONDAY_MS + 17 * HOUR_MS };
	const unsigned want[] = { 1, 2, 1, 3, 2 };

	for (size_t i = 0; i < ARRAY_LEN(times); i++) {
		b->now_ms = times[i];
		assert_int_equal(record_visit(b, ENTRY_REGISTERED, &v, &receipt), 0);
		assert_int_equal(receipt.ticket, want[i]);
		assert_int_equal(receipt.visit_id, i + 1);
		bench_reopen(b);
	}
}

static void test_queue(void **state)
{
	struct bench *b = *state;
	struct visit got[4];
	int count, total;

	for (unsigned n = 0; n < 6; n++)
		register_sample(b, n);
	struct visit refused = sample_visit(9);
	refused.decision.verdict = VERDICT_REFUSE;
	refused.state = VISIT_REFUSED;
	assert_int_equal(record_visit(b, ENTRY_REGISTERED, &refused, NULL), 0);
	assert_int_equal(register_queue(b->db, got, 4, 1, &count, &total), 0);
	assert_int_equal(count, 4);
	assert_int_equal(total, 6);
	assert_int_equal(got[0].id, 2);
	assert_string_equal(got[0].person.name, "测试1");
	assert_int_equal(register_queue(b->db, got, 4, 5, &count, &total), 0);
	assert_int_equal(count, 1);

	/* admitted without paper stays in the queue; printed, or gone in, it does not */
	struct visit v;
	for (uint64_t id = 1; id <= 3; id++) {
		assert_int_equal(register_visit(b->db, id, &v), 0);
		sample_admit(&v, 100 + id, b->now_ms);
		assert_int_equal(record_visit(b, ENTRY_DECIDED, &v, NULL), 0);
		if (id == 2)
			assert_int_equal(record_visit(b, ENTRY_PASS_PRINTED, &v, NULL), 0);
		if (id == 3)
			assert_int_equal(record_visit(b, ENTRY_PASSED, &v, NULL), 0);
	}
	assert_int_equal(register_queue(b->db, got, 4, 0, &count, &total), 0);
	assert_int_equal(total, 4);
	assert_int_equal(got[0].id, 1);
	assert_int_equal(got[0].state, VISIT_ADMITTED);
	assert_int_equal(got[1].id, 4);
	struct register_counts counts;
	assert_int_equal(register_counts(b->db, b->now_ms, &counts), 0);
	assert_int_equal(counts.waiting, 4);
	assert_int_equal(counts.refused, 1);
	assert_int_equal(counts.inside, 1);
}

static void test_boots_count_up(void **state)
{
	struct bench *b = *state;
	char out[256];

	for (int i = 0; i < 3; i++) {
		assert_int_equal(record_by(b, ENTRY_BOOT, NULL, "", "0.1.0", 0, NULL), 0);
		assert_int_equal(record_by(b, ENTRY_DEVICE, NULL, "", "", 2 << 8 | 1, NULL), 0);
		bench_reopen(b);
	}
	assert_string_equal(value_of(b, "SELECT group_concat(boot) FROM event", out),
			    "1,1,2,2,3,3");
}

static void test_events_are_for_ever(void **state)
{
	struct bench *b = *state;

	register_sample(b, 1);
	register_sample(b, 2);
	register_close(b->db);
	b->db = NULL;
	sqlite3 *raw;
	char *why = NULL;
	assert_int_equal(sqlite3_open(b->path, &raw), SQLITE_OK);
	static const char *const crimes[] = {
		"UPDATE event SET actor = 'x' WHERE seq = 1",
		"DELETE FROM event WHERE seq = 2",
		"DELETE FROM event",
		"INSERT INTO event SELECT 7, boot, mono_ms, wall_ms, trusted, type, actor, body, "
		"hash"
		" FROM event LIMIT 1",
		"REPLACE INTO event SELECT 1, boot, mono_ms, wall_ms, trusted, type, 'x', body, "
		"hash"
		" FROM event LIMIT 1",
	};
	for (size_t i = 0; i < ARRAY_LEN(crimes); i++) {
		assert_int_equal(sqlite3_exec(raw, crimes[i], NULL, NULL, &why), SQLITE_CONSTRAINT);
		assert_true(strncmp(why, "events", 6) == 0);
		sqlite3_free(why);
	}
	sqlite3_close(raw);
	int64_t bad;
	assert_int_equal(register_open(&b->db, b->path, OFFSET_MIN), 0);
	assert_int_equal(register_verify(b->db, &bad), 0);
}

static void test_query_text_only_reads(void **state)
{
	struct bench *b = *state;
	char out[256];
	static const char *const refused[] = {
		"DELETE FROM visit",
		"PRAGMA user_version = 9",
		"PRAGMA user_version",
		"ATTACH ':memory:' AS x",
		"BEGIN",
		"SELECT 1; DELETE FROM visit",
		"SELECT pin FROM account",
		"SELECT * FROM account",
		"EXPLAIN SELECT 1",
		"CREATE TABLE x(y)",
		"",
		"-- nothing",
		"SELEC 1",
	};

	register_sample(b, 1);
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		assert_int_equal(register_query_text(b->db, refused[i], out, sizeof(out)), -EINVAL);
		assert_true(out[0] != '\0');
	}
	assert_string_equal(value_of(b, "SELECT state, id FROM visit_words ;\n", out), "waiting");
	assert_string_equal(value_of(b, "SELECT id FROM visit WHERE id = 9", out), "");
	assert_string_equal(value_of(b, "SELECT NULL", out), "");
	assert_string_equal(value_of(b, "WITH t(x) AS (SELECT 1) SELECT count(*) FROM t", out),
			    "1");
	assert_int_equal(register_sample(b, 2), 2);
}

static void test_projection_can_be_made_again(void **state)
{
	struct bench *b = *state;
	uint8_t before[32], after[32];
	struct visit v;
	uint64_t random = 4711;

	for (unsigned n = 0; n < 60; n++) {
		b->now_ms += 11 * MINUTE_MS;
		uint64_t id = register_sample(b, n);
		assert_int_equal(register_visit(b->db, id, &v), 0);
		unsigned way = (unsigned)(next_random(&random) % 6);
		if (way == 1)
			v.decision.verdict = VERDICT_REFUSE;
		if (way >= 2)
			sample_admit(&v, next_random(&random), b->now_ms);
		if (way >= 1)
			assert_int_equal(record_visit(b, ENTRY_DECIDED, &v, NULL), 0);
		if (way >= 3)
			assert_int_equal(record_visit(b, ENTRY_PASS_PRINTED, &v, NULL), 0);
		if (way == 3)
			assert_int_equal(record_visit(b, ENTRY_LAPSED, &v, NULL), 0);
		if (way >= 4)
			assert_int_equal(record_visit(b, ENTRY_PASSED, &v, NULL), 0);
		if (way >= 5)
			assert_int_equal(record_visit(b, ENTRY_LEFT, &v, NULL), 0);
		if (way == 2)
			assert_int_equal(record_visit(b, ENTRY_PASS_REVOKED, &v, NULL), 0);
	}
	assert_int_equal(record_by(b, ENTRY_LEVEL, NULL, "赵队长", "why", 0x0102, NULL), 0);
	assert_int_equal(record_by(b, ENTRY_LEVEL, NULL, "赵队长", "why", 0x0201, NULL), 0);
	projection_fingerprint(b, before);
	assert_int_equal(projection_rebuild(b->db), 0);
	projection_fingerprint(b, after);
	assert_memory_equal(before, after, sizeof(after));
	assert_int_equal(register_sample(b, 99), 61);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_empty, setup, teardown),
		cmocka_unit_test_setup_teardown(test_registered_round_trip, setup, teardown),
		cmocka_unit_test_setup_teardown(test_whole_visit, setup, teardown),
		cmocka_unit_test_setup_teardown(test_decided_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refer_keeps_waiting, setup, teardown),
		cmocka_unit_test_setup_teardown(test_every_entry_in_every_state, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nonsense_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_tickets_begin_each_day, setup, teardown),
		cmocka_unit_test_setup_teardown(test_queue, setup, teardown),
		cmocka_unit_test_setup_teardown(test_boots_count_up, setup, teardown),
		cmocka_unit_test_setup_teardown(test_events_are_for_ever, setup, teardown),
		cmocka_unit_test_setup_teardown(test_query_text_only_reads, setup, teardown),
		cmocka_unit_test_setup_teardown(test_projection_can_be_made_again, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
