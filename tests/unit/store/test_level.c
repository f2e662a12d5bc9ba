/* The level in force as a projection of its changes, and registers made before there was one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "core/level.h"
#include "core/words.h"
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

static int change(struct bench *b, int64_t from, int64_t to, struct receipt *receipt)
{
	return record_by(b, ENTRY_LEVEL, NULL, "赵队长", "陈静, 12 s: case found", from << 8 | to,
			 receipt);
}

static void expect_level(struct bench *b, bool want_known, enum level want)
{
	struct level_state got = { .known = !want_known };

	assert_int_equal(register_level(b->db, &got), 0);
	assert_int_equal(got.known, want_known);
	assert_int_equal(got.level, want);
}

static void test_none_yet(void **state)
{
	struct bench *b = *state;

	expect_level(b, false, LEVEL_OPEN);
	register_sample(b, 1);
	bench_reopen(b);
	expect_level(b, false, LEVEL_OPEN);
}

/* Every change, each over a restart. */
static void test_every_change(void **state)
{
	struct bench *b = *state;
	char out[256];
	struct receipt receipt;

	for (int from = 0; from < LEVEL_COUNT_; from++)
		for (int to = 0; to < LEVEL_COUNT_; to++) {
			b->now_ms += MINUTE_MS;
			assert_int_equal(change(b, from, to, &receipt), 0);
			expect_level(b, true, (enum level)to);
			bench_reopen(b);
			expect_level(b, true, (enum level)to);
			assert_string_equal(value_of(b, "SELECT level FROM level_words", out),
					    LEVEL_WORD[to]);
			assert_int_equal(number_of(b, "SELECT seq FROM level_now"), receipt.seq);
			assert_true(number_of(b, "SELECT since_ms FROM level_now") == b->now_ms);
		}
	assert_string_equal(value_of(b, "SELECT set_by FROM level_now", out), "赵队长");
	assert_int_equal(number_of(b, "SELECT count(*) FROM level_now"), 1);
	assert_int_equal(number_of(b, "SELECT count(*) FROM event_words WHERE type = 'level'"),
			 LEVEL_COUNT_ * LEVEL_COUNT_);
	int64_t bad;
	assert_int_equal(register_verify(b->db, &bad), 0);
}

/* A number taken stays taken, whatever comes after it: by hand, by an older order, over a rebuild.
 */
static void test_orders(void **state)
{
	static const struct {
		uint64_t order, last;
	} STEP[] = { { 0, 0 }, { 7, 7 }, { 0, 7 }, { 3, 7 }, { LEVEL_ORDER_MAX, LEVEL_ORDER_MAX } };
	struct bench *b = *state;
	struct level_state got;
	int64_t bad;

	for (size_t i = 0; i < ARRAY_LEN(STEP); i++) {
		struct level_event e = { LEVEL_OPEN, LEVEL_STRICT, STEP[i].order };
		assert_int_equal(record_by(b, ENTRY_LEVEL, NULL, "周敏", "3 s: 命令",
					   level_event_pack(&e), NULL),
				 0);
		assert_int_equal(register_level(b->db, &got), 0);
		assert_true(got.last_order == STEP[i].last);
		assert_int_equal(projection_rebuild(b->db), 0);
		bench_reopen(b);
		assert_int_equal(register_level(b->db, &got), 0);
		assert_true(got.last_order == STEP[i].last && got.level == LEVEL_STRICT);
	}
	assert_int_equal(register_verify(b->db, &bad), 0);
}

static void test_nonsense(void **state)
{
	struct bench *b = *state;
	static const int64_t numbers[] = { LEVEL_COUNT_, LEVEL_COUNT_ << 8, 255,      -1,
					   0xFFFF,       INT64_MIN,         INT64_MAX };

	assert_int_equal(change(b, LEVEL_CLOSED, LEVEL_STRICT, NULL), 0);
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		assert_int_equal(record_by(b, ENTRY_LEVEL, NULL, "x", "", numbers[i], NULL),
				 -EINVAL);
	expect_level(b, true, LEVEL_STRICT);
	assert_int_equal(number_of(b, "SELECT count(*) FROM event"), 1);
}

/* The row is found wrong, and made again from the events. */
static void test_checked_and_made_again(void **state)
{
	struct bench *b = *state;
	static const char *const crimes[] = {
		"UPDATE level_now SET level = 0",
		"UPDATE level_now SET since_ms = 1",
		"UPDATE level_now SET set_by = 'x'",
		"UPDATE level_now SET last_order = 1",
		"DELETE FROM level_now",
	};
	int64_t bad;

	register_sample(b, 1);
	assert_int_equal(change(b, LEVEL_CLOSED, LEVEL_LOCKDOWN, NULL), 0);
	for (size_t i = 0; i < ARRAY_LEN(crimes); i++) {
		bench_tamper(b, crimes[i]);
		assert_int_equal(register_open(&b->db, b->path, OFFSET_MIN), 0);
		assert_int_equal(register_verify(b->db, &bad), -EUCLEAN);
		assert_int_equal(bad, 2);
		assert_int_equal(projection_rebuild(b->db), 0);
		assert_int_equal(register_verify(b->db, &bad), 0);
		expect_level(b, true, LEVEL_LOCKDOWN);
	}
	bench_tamper(b, "UPDATE level_now SET level = 9");
	assert_int_equal(register_open(&b->db, b->path, OFFSET_MIN), 0);
	struct level_state got;
	assert_int_equal(register_level(b->db, &got), -EUCLEAN);
	assert_false(got.known);
	bench_tamper(b, "UPDATE level_now SET level = 3, last_order = -1");
	assert_int_equal(register_open(&b->db, b->path, OFFSET_MIN), 0);
	assert_int_equal(register_level(b->db, &got), -EUCLEAN);
}

/* A register as version 1 left it: no level_now, no pin_paid, accounts without an end, views that
 * know two classes. */
static const char as_version_1[] =
	"DROP TABLE pin_paid; ALTER TABLE account DROP COLUMN until_ms; DROP TABLE level_now; DROP "
	"VIEW level_words; DROP VIEW visit_words;"
	"DROP TABLE import_now; DROP TABLE import_text; DROP TABLE listed;"
	"DROP TABLE tally; DROP TABLE report; DROP INDEX visit_odd;"
	"CREATE VIEW visit_words AS SELECT id, CASE class WHEN 0 THEN 'visitor' END AS class"
	" FROM visit; DROP TRIGGER person_gone; DROP TABLE search; DROP TABLE search_mark;"
	" DROP TABLE search_gone; DROP TABLE walked; DROP TABLE stock; DROP TABLE ledger; DROP "
	"INDEX person_plate; "
	"ALTER TABLE person DROP COLUMN plate; ALTER TABLE person DROP COLUMN code;"
	" PRAGMA user_version = 1;";

static void test_version_1_is_brought_up(void **state)
{
	struct bench *b = *state;
	struct visit v = sample_visit(3), got;
	char out[256];
	int64_t bad;

	v.person_class = CLASS_CARER;
	v.code_digest = 0; /* no part of a person then */
	assert_int_equal(record_visit(b, ENTRY_REGISTERED, &v, NULL), 0);
	bench_tamper(b, as_version_1);
	assert_int_equal(register_open(&b->db, b->path, OFFSET_MIN), 0);
	expect_level(b, false, LEVEL_OPEN);
	assert_int_equal(change(b, LEVEL_OPEN, LEVEL_STRICT, NULL), 0);
	bench_tamper(b, as_version_1); /* it had changes of the level, and no table of them */
	assert_int_equal(register_open(&b->db, b->path, OFFSET_MIN), 0);
	expect_level(b, true, LEVEL_STRICT);
	assert_int_equal(register_visit(b->db, 1, &got), 0);
	assert_string_equal(value_of(b, "SELECT class || ' ' || state FROM visit_words", out),
			    "carer waiting");
	assert_int_equal(change(b, LEVEL_OPEN, LEVEL_CLOSED, NULL), 0);
	assert_int_equal(register_verify(b->db, &bad), 0);
	/* what stands in the log at a power cut is of the new version, the file of the old one */
	bench_reopen(b);
	expect_level(b, true, LEVEL_CLOSED);
	assert_int_equal(register_verify(b->db, &bad), 0);
}

/* A register as version 3 left it: no plates, no ledgers, and a search index of tokens
 * and blocks. */
static const char as_version_3[] =
	"DROP TABLE stock; DROP TABLE ledger; ALTER TABLE report DROP COLUMN remark;"
	"DROP INDEX person_plate; DROP TRIGGER person_gone; DROP TABLE search;"
	"DROP TABLE search_mark; DROP TABLE search_gone; DROP TABLE walked; ALTER TABLE person "
	"DROP COLUMN plate; "
	"ALTER TABLE person DROP COLUMN code;"
	"CREATE TABLE search(block INTEGER NOT NULL, token INTEGER NOT NULL,"
	" part INTEGER NOT NULL, ids BLOB NOT NULL, PRIMARY KEY(block, token, part))"
	" STRICT, WITHOUT ROWID;"
	"CREATE TABLE search_mark(id INTEGER PRIMARY KEY CHECK(id = 1), upto INTEGER NOT NULL)"
	" STRICT;"
	"CREATE TABLE search_gone(visit_id INTEGER PRIMARY KEY) STRICT;"
	"CREATE TRIGGER person_gone AFTER DELETE ON person"
	" WHEN OLD.visit_id <= (SELECT upto FROM search_mark)"
	" BEGIN INSERT INTO search_gone VALUES(OLD.visit_id); END;"
	"INSERT INTO search VALUES(0, 67108864, 0, x'0001');"
	"INSERT INTO search_mark VALUES(1, 1);"
	"PRAGMA user_version = 3;";

/* Whoever stands in it came on foot, proved as before, and is found. */
static void test_version_3_is_brought_up(void **state)
{
	struct bench *b = *state;
	struct visit v = sample_visit(3), got;
	char before[256], after[256];
	static const char head[] = "SELECT hex(hash) FROM event WHERE seq = 1";
	int64_t bad;
	int count;

	v.code_digest = 0; /* no part of a person then */
	assert_int_equal(record_visit(b, ENTRY_REGISTERED, &v, NULL), 0);
	value_of(b, head, before);
	bench_tamper(b, as_version_3);
	assert_int_equal(register_open(&b->db, b->path, OFFSET_MIN), 0);
	assert_string_equal(value_of(b, head, after), before);
	assert_int_equal(register_verify(b->db, &bad), 0);
	v = sample_visit(6);
	assert_int_equal(record_visit(b, ENTRY_REGISTERED, &v, NULL), 0);
	assert_int_equal(register_visit(b->db, 1, &got), 0);
	assert_true(got.person.plate[0] == '\0' && got.occupants == 0);
	assert_int_equal(register_search(b->db, got.person.phone, &got, 1, &count), 0);
	assert_int_equal(count, 1);
	assert_int_equal(register_visit(b->db, 2, &got), 0);
	assert_string_equal(got.person.plate, v.person.plate);
	assert_int_equal(got.occupants, v.occupants);
	bench_reopen(b);
	assert_int_equal(register_verify(b->db, &bad), 0);
}

/* One from the future is nobody's to guess at. */
static void test_a_later_version_is_left_alone(void **state)
{
	struct bench *b = *state;
	uint8_t before[32], after[32];

	register_sample(b, 1);
	bench_tamper(b, "PRAGMA user_version = 5");
	file_fingerprint(b->path, before);
	assert_int_equal(register_open(&b->db, b->path, OFFSET_MIN), -EUCLEAN);
	file_fingerprint(b->path, after);
	assert_memory_equal(before, after, sizeof(after));
	bench_tamper(b, "PRAGMA user_version = 4");
	assert_int_equal(register_open(&b->db, b->path, OFFSET_MIN), 0);
}

/* Every number of every enumeration has its word in the views. */
static void test_views_know_every_word(void **state)
{
	struct bench *b = *state;
	char sql[128], out[256];

	for (int c = 0; c < CLASS_COUNT_; c++) {
		struct visit v = sample_visit(1);
		v.person_class = (enum person_class)c;
		assert_int_equal(record_visit(b, ENTRY_REGISTERED, &v, NULL), 0);
		text_format(sql, sizeof(sql), "SELECT class FROM visit_words WHERE id = %d", c + 1);
		assert_string_equal(value_of(b, sql, out), CLASS_WORD[c]);
	}
	struct visit first = sample_visit(1);
	first.id = 1;
	for (int type = ENTRY_BOOT; type < ENTRY_TYPE_COUNT_; type++) {
		if (type == ENTRY_REGISTERED || type == ENTRY_DECIDED)
			continue; /* the journeys of test_register.c see them */
		if (record_by(b, (enum entry_type)type, &first, "", "", 0, NULL))
			continue; /* makes no sense in the state of the visit */
		assert_true(value_of(b, "SELECT type FROM event_words ORDER BY seq DESC", out)[0]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_none_yet, setup, teardown),
		cmocka_unit_test_setup_teardown(test_every_change, setup, teardown),
		cmocka_unit_test_setup_teardown(test_orders, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nonsense, setup, teardown),
		cmocka_unit_test_setup_teardown(test_checked_and_made_again, setup, teardown),
		cmocka_unit_test_setup_teardown(test_version_1_is_brought_up, setup, teardown),
		cmocka_unit_test_setup_teardown(test_version_3_is_brought_up, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_later_version_is_left_alone, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_views_know_every_word, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
