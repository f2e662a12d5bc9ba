#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "base/text.h"
#include "helper_store.h"
#include "store/chain.h"
#include "store/db.h"

static void expect_hex(const uint8_t hash[CHAIN_HASH_BYTES], const char *hex)
{
	char got[2 * CHAIN_HASH_BYTES + 1];

	sodium_bin2hex(got, sizeof(got), hash, CHAIN_HASH_BYTES);
	assert_string_equal(got, hex);
}

/* Computed with Python's hashlib and struct from the formulas in chain.h. */
static void test_published_bytes(void **state)
{
	(void)state;
	static const uint8_t zero[CHAIN_HASH_BYTES];
	static const uint8_t body[] = { 0x01, 0x01, 0x07 };
	struct event_row row = { .seq = 1,
				 .boot = 2,
				 .wall_ms = INT64_C(1795392000000),
				 .mono_ms = 12345,
				 .clock_trusted = true,
				 .type = ENTRY_PASSED,
				 .actor = "李卫",
				 .body = body,
				 .body_len = sizeof(body) };
	struct person_row person = { .visit_id = 7,
				     .person = { .name = "张伟",
						 .document_kind = DOCUMENT_ID_CARD,
						 .document = "11010519491231002X",
						 .phone = "13900000000",
						 .household = "3-2-501",
						 .purpose = "" } };
	uint8_t hash[CHAIN_HASH_BYTES];

	for (uint8_t i = 0; i < sizeof(person.salt); i++)
		person.salt[i] = i;
	chain_hash(zero, &row, hash);
	expect_hex(hash, "1a6fc0807f12d870465ee051a7b3aa6347a653834486632c8deb266ff4a841a1");
	row = (struct event_row){ .seq = 2, .boot = 2, .wall_ms = -1, .type = ENTRY_LOGOUT };
	uint8_t next[CHAIN_HASH_BYTES];
	chain_hash(hash, &row, next);
	expect_hex(next, "90d17d319db7366236b97652e5f8e1011ae21280f05c8ef664bacf00d8f18989");
	chain_commit(&person, hash);
	expect_hex(hash, "27c40703ed596474e1c2fe0649146ba04cffa4d063913b43fe0067efdd886796");
	person.code_digest = UINT64_C(0x4142434445464748);
	chain_commit(&person, hash);
	expect_hex(hash, "a75fd85a4a6fc7c5857b5b2f47e0a53961b482912cb648925d1a0b3ba6f81b61");
	strcpy(person.person.plate, "ABCDEFGH"); /* is not taken for a digest, nor it for a plate */
	person.code_digest = 0;
	chain_commit(&person, next);
	assert_memory_not_equal(hash, next, sizeof(hash));
}

/* Each field takes part: changing any changes the hash. */
static void test_every_field_counts(void **state)
{
	(void)state;
	uint8_t prev[CHAIN_HASH_BYTES] = { 0 }, base[CHAIN_HASH_BYTES], hash[CHAIN_HASH_BYTES];
	uint8_t body[] = { 1 };
	struct event_row first = { .seq = 1, .type = ENTRY_BOOT, .body = body, .body_len = 1 };

	chain_hash(prev, &first, base);
	for (int i = 0; i < 9; i++) {
		struct event_row row = first;
		uint8_t other[] = { 2 };
		prev[0] = i == 0;
		row.seq += i == 1;
		row.boot += i == 2;
		row.wall_ms += i == 3;
		row.mono_ms += i == 4;
		row.clock_trusted = i == 5;
		row.type = i == 6 ? ENTRY_PASSED : row.type;
		row.actor[0] = i == 7 ? 'a' : '\0';
		row.body = i == 8 ? other : row.body;
		chain_hash(prev, &row, hash);
		assert_memory_not_equal(hash, base, sizeof(hash));
	}
	struct person_row person = { .visit_id = 1 };
	chain_commit(&person, base);
	for (int i = 0; i < 10; i++) {
		struct person_row row = person;
		row.visit_id += i == 0;
		row.salt[15] = i == 1;
		row.person.name[0] = i == 2 ? 'a' : '\0';
		row.person.document_kind = i == 3 ? DOCUMENT_TAIWAN : DOCUMENT_NONE;
		row.person.document[0] = i == 4 ? 'a' : '\0';
		row.person.phone[0] = i == 5 ? 'a' : '\0';
		row.person.household[0] = i == 6 ? 'a' : '\0';
		row.person.purpose[0] = i == 7 ? 'a' : '\0';
		row.person.plate[0] = i == 8 ? 'a' : '\0';
		row.code_digest = i == 9;
		chain_commit(&row, hash);
		assert_memory_not_equal(hash, base, sizeof(hash));
	}
}

struct walked {
	uint8_t prev[CHAIN_HASH_BYTES];
	struct {
		uint64_t visit_id;
		uint8_t commitment[CHAIN_HASH_BYTES];
	} found[8];
	int events, commitments, proved;
};

static int walk_event(void *ctx, const struct event_row *row)
{
	struct walked *w = ctx;
	uint8_t hash[CHAIN_HASH_BYTES];

	chain_hash(w->prev, row, hash);
	assert_memory_equal(hash, row->hash, sizeof(hash));
	memcpy(w->prev, hash, sizeof(hash));
	w->events++;
	if (row->type == ENTRY_REGISTERED) {
		assert_true(chain_find_commitment(row->body, row->body_len,
						  &w->found[w->commitments].visit_id,
						  w->found[w->commitments].commitment));
		w->commitments++;
	}
	return 0;
}

static int walk_visit(void *ctx, const struct visit *visit, const struct person_row *person)
{
	struct walked *w = ctx;
	uint8_t commitment[CHAIN_HASH_BYTES];

	assert_int_equal(visit->id, person->visit_id);
	chain_commit(person, commitment);
	assert_memory_equal(commitment, w->found[visit->id - 1].commitment, sizeof(commitment));
	assert_int_equal(w->found[visit->id - 1].visit_id, visit->id);
	w->proved++;
	return w->proved == 4 ? -ECANCELED : 0;
}

/* What an export would carry proves itself with chain.h alone. */
static void test_rows_prove_themselves(void **state)
{
	(void)state;
	struct bench b;
	struct walked w = { .events = 0 };
	int64_t last = 0, seq;
	uint64_t last_visit;
	uint8_t head[CHAIN_HASH_BYTES];

	bench_open(&b);
	for (unsigned n = 0; n < 5; n++) {
		register_sample(&b, n);
		assert_int_equal(record_by(&b, ENTRY_LOGOUT, NULL, "李卫", "", 0, NULL), 0);
	}
	while (last < 10)
		assert_int_equal(register_events(b.db, last, 3, walk_event, &w, &last), 0);
	assert_int_equal(register_events(b.db, last, 3, walk_event, &w, &last), 0);
	assert_int_equal(w.events, 10);
	assert_int_equal(w.commitments, 5);
	register_head(b.db, &seq, head);
	assert_memory_equal(head, w.prev, sizeof(head));
	assert_int_equal(register_visits(b.db, 0, 2, walk_visit, &w, &last_visit), 0);
	assert_int_equal(last_visit, 2);
	assert_int_equal(register_visits(b.db, 2, 9, walk_visit, &w, &last_visit), -ECANCELED);
	assert_int_equal(w.proved, 4);
	assert_int_equal(last_visit, 3);
	bench_close(&b);
}

/* Changes the closed register behind its back, with the triggers out of the way. */
static void tamper(struct bench *b, const char *sql)
{
	sqlite3 *raw;

	register_close(b->db);
	b->db = NULL;
	assert_int_equal(sqlite3_open(b->path, &raw), SQLITE_OK);
	assert_int_equal(sqlite3_exec(raw,
				      "PRAGMA foreign_keys=OFF; DROP TRIGGER event_order;"
				      "DROP TRIGGER event_no_update; DROP TRIGGER event_no_delete;",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	if (sqlite3_exec(raw, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(raw));
	assert_int_equal(sqlite3_close(raw), SQLITE_OK);
}

/* Found at the event it touches; near the end already when opening. */
static void expect_found(const char *sql, int64_t at)
{
	struct bench b;
	int64_t bad = -1;

	bench_open(&b);
	for (unsigned n = 0; n < 100; n++)
		register_sample(&b, n);
	tamper(&b, sql);
	int r = register_open(&b.db, b.path, OFFSET_MIN);
	if (r == 0) {
		assert_int_equal(register_verify(b.db, &bad), -EUCLEAN);
		if (bad != at)
			print_error("%s\n", sql);
		assert_int_equal(bad, at);
	} else {
		assert_int_equal(r, -EUCLEAN);
	}
	bench_close(&b);
}

static void test_tampering_is_found(void **state)
{
	(void)state;
	expect_found("UPDATE event SET actor = 'x' WHERE seq = 3", 3);
	expect_found("UPDATE event SET wall_ms = wall_ms - 1 WHERE seq = 1", 1);
	expect_found("UPDATE event SET trusted = 3 WHERE seq = 8", 8);
	expect_found("UPDATE event SET type = 40 WHERE seq = 8", 8);
	expect_found("UPDATE event SET body = x'' WHERE seq = 20", 20);
	expect_found("UPDATE event SET hash = x'00' WHERE seq = 20", 20);
	expect_found("UPDATE event SET hash = (SELECT hash FROM event WHERE seq = 4) WHERE seq = 5",
		     5);
	expect_found("DELETE FROM event WHERE seq = 7", 7);
	expect_found("DELETE FROM event WHERE seq = 1", 1);
	expect_found("UPDATE event SET actor = 'x' WHERE seq = 99", 99);
	expect_found("DELETE FROM event WHERE seq > 90", 91);
	expect_found("INSERT INTO event SELECT -3, boot, mono_ms, wall_ms, trusted, type, actor,"
		     " body, hash FROM event WHERE seq = 1",
		     -3);
	expect_found("UPDATE person SET phone = phone || char(0) || 'x' WHERE visit_id = 12", 12);
	expect_found("UPDATE person SET document_kind = document_kind + 256 WHERE visit_id = 12",
		     12);
	expect_found("DELETE FROM person WHERE visit_id = 12", 101); /* and nobody forgot it */
	expect_found("UPDATE person SET phone = '1' WHERE visit_id = 12", 12);
	expect_found("UPDATE person SET plate = '京A12345' WHERE visit_id = 12", 12);
	expect_found("UPDATE person SET code = code + 1 WHERE visit_id = 12", 12);
	expect_found("UPDATE person SET salt = randomblob(16) WHERE visit_id = 12", 12);
	expect_found("UPDATE person SET document_kind = 2 WHERE visit_id = 12", 12);
	expect_found("INSERT INTO person SELECT 500, name, document_kind, document, phone,"
		     " household, purpose, salt, plate, code FROM person WHERE visit_id = 1",
		     101);
	expect_found("UPDATE person SET visit_id = visit_id + 1000 WHERE visit_id = 12", 101);
}

/* The tables people read may not say more, or less, than the events. */
static void test_projection_is_compared(void **state)
{
	(void)state;
	expect_found("UPDATE visit SET state = 3 WHERE id = 5", 5);
	expect_found("UPDATE visit SET ticket = 1 WHERE id = 9", 9);
	expect_found("DELETE FROM visit WHERE id = 30", 30);
	expect_found("INSERT INTO pass VALUES(7, 1, 0, 0, 0, 1)", 0);
	expect_found("UPDATE day SET registered = 3", 0);
	expect_found("INSERT INTO level_now VALUES(1, 7, 3, 0, 'x', 0)", 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_published_bytes),
		cmocka_unit_test(test_every_field_counts),
		cmocka_unit_test(test_rows_prove_themselves),
		cmocka_unit_test(test_tampering_is_found),
		cmocka_unit_test(test_projection_is_compared),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
