/*
 * Ten thousand random tamperings with a register: everything but what the register itself does is
 * found, and where it is found is where it was done. Each is done inside a transaction, on a
 * connection without the triggers and rules that hold others back, looked at as a new process would
 * after opening the file, and rolled back. Long, because each kind of deed knows where it must be
 * found.
 */
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
#include "store/projection.h"
#include "store/retention.h"
#include "store/search_run.h"
#include "store/verify.h"

#define TAMPERINGS 10000
#define ANCHOR_EVERY 16
#define ANCHORS_MAX 32

/* What was done, and where it must be found: at key or at other, in this part. */
struct deed {
	char sql[1024];
	enum register_part part;
	int64_t key, other;
	bool ends_anywhere; /* events from key on were made anew: found up to the next anchor */
};

struct trial {
	struct bench b;
	uint64_t random;
	int64_t events, visits;
	struct chain_anchor anchors[ANCHORS_MAX]; /* hashes that left the machine */
	int anchor_count;
};

static int64_t below(struct trial *t, int64_t n)
{
	return (int64_t)(next_random(&t->random) % (uint64_t)n);
}

static int64_t one_to(struct trial *t, int64_t n)
{
	return below(t, n) + 1;
}

static void run_sql(struct trial *t, const char *sql)
{
	char *message = NULL;

	if (sqlite3_exec(t->b.db->sqlite, sql, NULL, NULL, &message) != SQLITE_OK)
		fail_msg("%s: %s", sql, message);
}

/* ---- a register with something of everything ---- */

static void admit(struct bench *b, uint64_t id, bool in, bool out)
{
	struct visit v;

	assert_int_equal(register_visit(b->db, id, &v), 0);
	sample_admit(&v, id * 7919, b->now_ms);
	assert_int_equal(record_visit(b, ENTRY_DECIDED, &v, NULL), 0);
	assert_int_equal(record_by(b, ENTRY_PASS_PRINTED, &v, "", "", 0, NULL), 0);
	if (in)
		assert_int_equal(record_visit(b, ENTRY_PASSED, &v, NULL), 0);
	if (out)
		assert_int_equal(record_visit(b, ENTRY_LEFT, &v, NULL), 0);
}

static void fill(struct bench *b)
{
	struct forget_run run = { 0 };
	struct account guard = { .name = "李卫", .role = ROLE_GUARD };
	struct account volunteer = { .name = "志愿者",
				     .role = ROLE_GUARD,
				     .until_ms = MONDAY_MS + 90 * DAY_MS };

	assert_int_equal(record_by(b, ENTRY_BOOT, NULL, "", "1", 0, NULL), 0);
	assert_int_equal(register_account_set(b->db, &guard, "246810", b->now_ms, 0), 0);
	assert_int_equal(register_account_set(b->db, &volunteer, "135791", b->now_ms, 0), 0);
	guard.until_ms = volunteer.until_ms; /* changed: the last event counts */
	assert_int_equal(register_account_set(b->db, &guard, "246810", b->now_ms, 0), 0);
	for (unsigned n = 0; n < 12; n++) {
		uint64_t id = register_sample(b, n);
		if (n % 4 != 1)
			admit(b, id, n % 4 != 2, n % 4 == 3);
		b->now_ms += HOUR_MS;
	}
	b->now_ms += DAY_MS * 31;
	while (!run.done)
		assert_int_equal(register_forget(b->db, &retention_default, b->now_ms,
						 b->now_ms - MONDAY_MS, true, &run),
				 0);
	assert_int_equal(run.forgotten, 9);
	for (unsigned n = 12; n < 30; n++) {
		uint64_t id = register_sample(b, n);
		if (n % 3)
			admit(b, id, n % 3 == 1, n % 5 == 0);
		if (n % 9 == 0)
			assert_int_equal(
				record_by(b, ENTRY_LEVEL, NULL, "赵队长", "x", 0x0102, NULL), 0);
		b->now_ms += 3 * HOUR_MS;
	}
	assert_int_equal(record_by(b, ENTRY_LOGOUT, NULL, "李卫", "", 1, NULL), 0);
}

static int note_anchor(void *ctx, const struct event_row *row)
{
	struct trial *t = ctx;

	if (row->seq % ANCHOR_EVERY != 0 && row->seq != t->events)
		return 0;
	struct chain_anchor *a = &t->anchors[t->anchor_count++];
	assert_true(t->anchor_count <= ANCHORS_MAX);
	a->seq = row->seq;
	a->bytes = 8; /* as a slip has it */
	memcpy(a->head, row->hash, a->bytes);
	return 0;
}

static void begin(struct trial *t)
{
	int64_t last;

	bench_open(&t->b);
	fill(&t->b);
	t->events = number_of(&t->b, "SELECT max(seq) FROM event");
	t->visits = number_of(&t->b, "SELECT max(id) FROM visit");
	assert_int_equal(register_events(t->b.db, 0, 1000, note_anchor, t, &last), 0);
	run_sql(t, "PRAGMA foreign_keys=OFF; PRAGMA ignore_check_constraints=ON;"
		   "DROP TRIGGER event_order; DROP TRIGGER event_no_update;"
		   "DROP TRIGGER event_no_delete;");
}

/* ---- events ---- */

static void edit_event(struct trial *t, struct deed *d)
{
	static const char *const edits[] = {
		"boot = boot + 1",
		"boot = boot - 1",
		"mono_ms = mono_ms + 1",
		"mono_ms = -mono_ms - 1",
		"wall_ms = wall_ms - 86400000",
		"wall_ms = wall_ms + 1",
		"trusted = 1 - trusted",
		"trusted = trusted + 2",
		"type = type + 1",
		"type = type % 20 + 1",
		"type = type + 65536",
		"type = 13",
		"actor = actor || 'x'",
		"actor = actor || char(0)",
		"actor = '陈静'",
		"actor = substr(actor, 2)",
		"body = body || x'00'",
		"body = body || x'0D0102'",
		"body = substr(body, 2)",
		"body = substr(body, 1, length(body) - 1)",
		"hash = zeroblob(32)",
		"hash = randomblob(32)",
		"hash = hash || x'00'",
		"hash = x''",
	};
	d->key = d->other = one_to(t, t->events);
	d->part = REGISTER_PART_EVENT;
	text_format(d->sql, sizeof(d->sql), "UPDATE event SET %s WHERE seq = %lld",
		    edits[below(t, ARRAY_LEN(edits))], (long long)d->key);
}

/* One bit of a body or a hash. */
static void flip_event(struct trial *t, struct deed *d)
{
	const char *column = below(t, 2) ? "body" : "hash";
	char sql[128];

	d->part = REGISTER_PART_EVENT;
	d->key = d->other = one_to(t, t->events);
	text_format(sql, sizeof(sql), "SELECT length(%s) FROM event WHERE seq = %lld", column,
		    (long long)d->key);
	int64_t len = number_of(&t->b, sql);
	int64_t at = one_to(t, len > 0 ? len : 1);
	text_format(sql, sizeof(sql), "SELECT hex(substr(%s, %lld, 1)) FROM event WHERE seq = %lld",
		    column, (long long)at, (long long)d->key);
	char hex[256];
	unsigned long byte = strtoul(value_of(&t->b, sql, hex), NULL, 16) ^ 1UL << below(t, 8);
	text_format(d->sql, sizeof(d->sql),
		    "UPDATE event SET %s = CAST(substr(%s, 1, %lld) || x'%02lX' || substr(%s, %lld)"
		    " AS BLOB) WHERE seq = %lld",
		    column, column, (long long)at - 1, byte, column, (long long)at + 1,
		    (long long)d->key);
}

static void delete_events(struct trial *t, struct deed *d)
{
	int64_t first = one_to(t, t->events), last = first + below(t, 4);

	d->part = REGISTER_PART_EVENT;
	d->key = d->other = first;
	if (below(t, 2)) { /* and close the gap */
		text_format(d->sql, sizeof(d->sql),
			    "DELETE FROM event WHERE seq BETWEEN %lld AND %lld;"
			    "UPDATE event SET seq = seq - %lld + 1000000 WHERE seq > %lld;"
			    "UPDATE event SET seq = seq - 1000000 WHERE seq > 900000",
			    (long long)first, (long long)last, (long long)(last - first + 1),
			    (long long)last);
	} else {
		text_format(d->sql, sizeof(d->sql),
			    "DELETE FROM event WHERE seq BETWEEN %lld AND %lld", (long long)first,
			    (long long)last);
	}
}

/* Two events change places: whole, or what they say only. */
static void swap_events(struct trial *t, struct deed *d)
{
	static const char *const what[] = {
		"boot, mono_ms, wall_ms, trusted, type, actor, body, hash",
		"boot, mono_ms, wall_ms, trusted, type, actor, body",
		"hash",
		"wall_ms, mono_ms",
		"actor",
		"type, body"
	};
	const char *columns = what[below(t, ARRAY_LEN(what))];
	int64_t a = one_to(t, t->events), b = one_to(t, t->events);

	d->part = REGISTER_PART_EVENT;
	d->key = a < b ? a : b;
	d->other = a < b ? b : a; /* the earlier may stay as it was, when they were alike in it */
	text_format(
		d->sql, sizeof(d->sql),
		"CREATE TEMP TABLE two AS SELECT * FROM event WHERE seq IN (%lld, %lld);"
		"UPDATE event SET (%s) = (SELECT %s FROM two WHERE seq = %lld) WHERE seq = %lld;"
		"UPDATE event SET (%s) = (SELECT %s FROM two WHERE seq = %lld) WHERE seq = %lld",
		(long long)a, (long long)b, columns, columns, (long long)a, (long long)b, columns,
		columns, (long long)b, (long long)a);
}

static void insert_event(struct trial *t, struct deed *d)
{
	int64_t from = one_to(t, t->events);

	d->part = REGISTER_PART_EVENT;
	switch (below(t, 3)) {
	case 0: /* at the end */
		d->key = d->other = t->events + 1;
		break;
	case 1: /* before the beginning */
		d->key = d->other = -below(t, 5);
		break;
	default: /* in between, the later ones moved */
		d->key = one_to(t, t->events);
		d->other = d->key + 1; /* a copy put behind its original is seen as the second */
		text_format(d->sql, sizeof(d->sql),
			    "UPDATE event SET seq = seq + 1000000 WHERE seq >= %lld;"
			    "UPDATE event SET seq = seq - 999999 WHERE seq > 900000;",
			    (long long)d->key);
		from = from >= d->key ? from + 1 : from;
	}
	size_t len = strlen(d->sql);
	text_format(d->sql + len, sizeof(d->sql) - len,
		    "INSERT INTO event SELECT %lld, boot, mono_ms, wall_ms, trusted, type, actor,"
		    " body, hash FROM event WHERE seq = %lld",
		    (long long)d->key, (long long)from);
}

static void cut_events(struct trial *t, struct deed *d)
{
	d->part = REGISTER_PART_EVENT;
	d->key = d->other = one_to(t, t->events);
	text_format(d->sql, sizeof(d->sql), "DELETE FROM event WHERE seq >= %lld",
		    (long long)d->key);
}

/* ---- made anew: hashes that fit, and projections that say what the events now say ---- */

struct rewriting {
	uint8_t head[CHAIN_HASH_BYTES];
	sqlite3 *sqlite;
};

static int rehash(void *ctx, const struct event_row *row)
{
	struct rewriting *w = ctx;
	sqlite3_stmt *stmt;
	uint8_t hash[CHAIN_HASH_BYTES];

	chain_hash(w->head, row, hash);
	memcpy(w->head, hash, sizeof(hash));
	assert_int_equal(sqlite3_prepare_v2(w->sqlite, "UPDATE event SET hash = ?1 WHERE seq = ?2",
					    -1, &stmt, NULL),
			 SQLITE_OK);
	sqlite3_bind_blob(stmt, 1, hash, sizeof(hash), SQLITE_TRANSIENT);
	sqlite3_bind_int64(stmt, 2, row->seq);
	assert_int_equal(sqlite3_step(stmt), SQLITE_DONE);
	sqlite3_finalize(stmt);
	return 0;
}

static void rewrite_chain(struct trial *t)
{
	struct rewriting w = { .sqlite = t->b.db->sqlite };
	int64_t last = 0;

	/* An event at a time: nothing is written while it is read. */
	while (last < 2 * t->events) {
		int64_t before = last;
		if (register_events(t->b.db, before, 1, rehash, &w, &last) || last == before)
			break;
	}
}

static void rewrite_events(struct trial *t, struct deed *d)
{
	static const char *const edits[] = { "wall_ms = wall_ms + 60000", "mono_ms = mono_ms + 7",
					     "actor = '陈静'", "trusted = 1 - trusted",
					     "boot = boot + 1" };
	d->part = REGISTER_PART_EVENT;
	d->key = d->other = one_to(t, t->events);
	d->ends_anywhere = true;
	text_format(d->sql, sizeof(d->sql), "UPDATE event SET %s WHERE seq = %lld",
		    edits[below(t, ARRAY_LEN(edits))], (long long)d->key);
}

/* ---- persons ---- */

/* A visit that has a person. */
static int64_t somebody(struct trial *t)
{
	char sql[96];
	int64_t count = number_of(&t->b, "SELECT count(*) FROM person");

	text_format(sql, sizeof(sql), "SELECT visit_id FROM person LIMIT 1 OFFSET %lld",
		    (long long)below(t, count));
	return number_of(&t->b, sql);
}

static void edit_person(struct trial *t, struct deed *d)
{
	static const char *const columns[] = { "name",      "document", "phone",
					       "household", "purpose",  "plate" };
	static const char *const edits[] = { "%s || 'x'",
					     "%s || char(0) || 'x'",
					     "substr(%s, 2)",
					     "''",
					     "'张伟'",
					     "replace(%s, '1', '2')",
					     "%s || printf('%%.*c', 90, 'y')",
					     "char(0)" };
	char edit[64] = "document_kind", set[96];

	d->part = REGISTER_PART_PERSON;
	d->key = d->other = somebody(t);
	int64_t column = below(t, ARRAY_LEN(columns) + 3);
	if (column < (int64_t)ARRAY_LEN(columns)) {
		const char *form = edits[below(t, ARRAY_LEN(edits))];
		const char *mark = strstr(form, "%s");
		text_format(edit, sizeof(edit), "%.*s%s%s", mark ? (int)(mark - form) : 0, form,
			    mark ? columns[column] : form, mark ? mark + 2 : "");
		for (char *p; (p = strstr(edit, "%%"));)
			memmove(p, p + 1, strlen(p));
		text_format(set, sizeof(set), "%s = %s", columns[column], edit);
	} else if (column == (int64_t)ARRAY_LEN(columns)) {
		text_format(set, sizeof(set), "document_kind = document_kind + %lld",
			    (long long)(1LL << below(t, 20)));
	} else if (column == (int64_t)ARRAY_LEN(columns) + 1) {
		text_format(set, sizeof(set), "code = %s", below(t, 2) ? "0" : "code - 1");
	} else {
		text_copy(set, sizeof(set),
			  below(t, 2) ? "salt = randomblob(16)" : "salt = salt || x'00'");
	}
	text_format(d->sql, sizeof(d->sql), "UPDATE person SET %s WHERE visit_id = %lld", set,
		    (long long)d->key);
}

static void delete_person(struct trial *t, struct deed *d)
{
	d->part = REGISTER_PART_PERSON;
	d->key = d->other = somebody(t);
	text_format(d->sql, sizeof(d->sql), "DELETE FROM person WHERE visit_id = %lld",
		    (long long)d->key);
}

static void swap_persons(struct trial *t, struct deed *d)
{
	d->part = REGISTER_PART_PERSON;
	d->key = somebody(t);
	d->other = somebody(t);
	text_format(d->sql, sizeof(d->sql),
		    "UPDATE person SET visit_id = -5 WHERE visit_id = %lld;"
		    "UPDATE person SET visit_id = %lld WHERE visit_id = %lld;"
		    "UPDATE person SET visit_id = %lld WHERE visit_id = -5",
		    (long long)d->key, (long long)d->key, (long long)d->other, (long long)d->other);
}

/* Of nobody, or of somebody who was forgotten. */
static void insert_person(struct trial *t, struct deed *d)
{
	d->part = REGISTER_PART_PERSON;
	d->key = below(t, 2) ? t->visits + 1 + below(t, 50) : -below(t, 3);
	if (below(t, 3) == 0) {
		char sql[96];
		text_format(sql, sizeof(sql),
			    "SELECT id FROM visit WHERE id NOT IN (SELECT visit_id FROM person)"
			    " LIMIT 1 OFFSET %lld",
			    (long long)below(t, 9));
		d->key = number_of(&t->b, sql);
	}
	d->other = d->key;
	text_format(d->sql, sizeof(d->sql),
		    "INSERT INTO person SELECT %lld, name, document_kind, document, phone,"
		    " household, purpose, salt, plate, code FROM person WHERE visit_id = %lld",
		    (long long)d->key, (long long)somebody(t));
}

/* ---- projections ---- */

static const struct table {
	enum register_part part;
	const char *name, *key, *columns[11];
} TABLES[] = {
	{ REGISTER_PART_VISIT,
	  "visit",
	  "id",
	  { "id", "ticket", "class", "state", "seq", "registered_ms", "decided_ms", "entered_ms",
	    "left_ms", "decided_by", "pass_serial" } },
	{ REGISTER_PART_PASS,
	  "pass",
	  "serial",
	  { "serial", "visit_id", "expires_ms", "uses", "revoked", "printed" } },
	{ REGISTER_PART_DAY, "day", "day", { "day", "registered", "entered", "gone", "refused" } },
	{ REGISTER_PART_LEVEL, "level_now", "id", { "id", "seq", "level", "since_ms", "set_by" } },
};

static int64_t some_key(struct trial *t, const struct table *table)
{
	char sql[128];

	text_format(sql, sizeof(sql), "SELECT count(*) FROM %s", table->name);
	int64_t count = number_of(&t->b, sql);
	text_format(sql, sizeof(sql), "SELECT %s FROM %s LIMIT 1 OFFSET %lld", table->key,
		    table->name, (long long)below(t, count));
	return number_of(&t->b, sql);
}

static void change_projection(struct trial *t, struct deed *d)
{
	const struct table *table = &TABLES[below(t, ARRAY_LEN(TABLES))];
	int columns = 0;

	while (columns < (int)ARRAY_LEN(table->columns) && table->columns[columns])
		columns++;
	const char *column = table->columns[below(t, columns)];
	bool text = strstr(column, "_by") != NULL, moves = strcmp(column, table->key) == 0;
	long long key = some_key(t, table), by = below(t, 2) ? 1 : -one_to(t, 1LL << below(t, 40));
	d->part = table->part;
	d->key = d->other = key;
	switch (below(t, 6)) {
	case 0:
		text_format(d->sql, sizeof(d->sql), "DELETE FROM %s WHERE %s = %lld", table->name,
			    table->key, key);
		break;
	case 1: /* one too many */
		d->key = d->other = key + 1000000 + below(t, 1000);
		text_format(d->sql, sizeof(d->sql),
			    "CREATE TEMP TABLE two AS SELECT * FROM %s WHERE %s = %lld;"
			    "UPDATE two SET %s = %lld; INSERT INTO %s SELECT * FROM two",
			    table->name, table->key, key, table->key, (long long)d->key,
			    table->name);
		break;
	default:
		if (moves)
			d->other = key + by;
		if (text)
			text_format(d->sql, sizeof(d->sql),
				    "UPDATE %s SET %s = %s || 'x' WHERE %s = %lld", table->name,
				    column, column, table->key, key);
		else
			text_format(d->sql, sizeof(d->sql),
				    "UPDATE %s SET %s = %s + %lld WHERE %s = %lld", table->name,
				    column, column, by, table->key, key);
	}
}

/* ---- accounts ---- */

static void change_account(struct trial *t, struct deed *d)
{
	static const struct {
		const char *sql, *event; /* the one that says otherwise; 0: none made it */
	} deeds[] = {
		{ "UPDATE account SET role = 2 WHERE name = '李卫'", "李卫" },
		{ "UPDATE account SET until_ms = 0 WHERE name = '志愿者'", "志愿者" },
		{ "UPDATE account SET until_ms = until_ms + 1000 WHERE name = '李卫'", "李卫" },
		{ "DELETE FROM account WHERE name = '志愿者'", "志愿者" },
		{ "INSERT INTO account VALUES('王工', 3, 'x', 0, 0, 0)", "" },
		{ "INSERT INTO account SELECT name || ' ', role, pin, 0, 0, until_ms FROM account"
		  " WHERE name = '李卫'",
		  "" },
	};
	int64_t which = below(t, ARRAY_LEN(deeds));
	char sql[160];

	d->part = REGISTER_PART_ACCOUNT;
	text_copy(d->sql, sizeof(d->sql), deeds[which].sql);
	text_format(sql, sizeof(sql),
		    "SELECT coalesce(max(seq), 0) FROM event WHERE type = 19 AND '%s' <> ''"
		    " AND instr(body, '%s') > 0",
		    deeds[which].event, deeds[which].event);
	d->key = d->other = number_of(&t->b, sql);
}

/* ---- the trial ---- */

static void (*const DEEDS[])(struct trial *t, struct deed *d) = {
	edit_event,    flip_event,        delete_events,     swap_events,       insert_event,
	cut_events,    rewrite_events,    edit_person,       delete_person,     swap_persons,
	insert_person, change_projection, change_projection, change_projection, change_account,
};

static void fingerprint(struct trial *t, uint8_t hash[32])
{
	static const char *const rows[] = {
		"SELECT group_concat(seq || ' ' || boot || ' ' || mono_ms || ' ' || wall_ms || ' '"
		" || trusted || ' ' || type || ' ' || hex(actor) || hex(body) || hex(hash), ';')"
		" FROM event",
		"SELECT group_concat(visit_id || hex(name) || ' ' || document_kind || ' ' ||"
		" hex(document) || ' ' || hex(phone) || ' ' || hex(household) || ' ' ||"
		" hex(purpose) || hex(salt) || hex(plate) || ' ' || code, ';') FROM person",
		"SELECT group_concat(name || ' ' || role || ' ' || until_ms, ';') FROM account",
	};
	static char text[1 << 18];
	crypto_hash_sha256_state sha;

	crypto_hash_sha256_init(&sha);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(register_query_text(t->b.db, rows[i], text, sizeof(text)), 0);
		assert_true(strlen(text) < sizeof(text) - 1);
		crypto_hash_sha256_update(&sha, (const uint8_t *)text, strlen(text));
	}
	projection_fingerprint(&t->b, hash);
	crypto_hash_sha256_update(&sha, hash, 32);
	crypto_hash_sha256_final(&sha, hash);
}

/* As a process would that has just opened the file; what it already finds then is found. */
static int look_anew(struct trial *t, struct register_fault *fault)
{
	struct register_db *db = t->b.db;
	struct register_check check = { .anchors = t->anchors, .anchor_count = t->anchor_count };
	int64_t boot;

	int at_opening = verify_tail(db, &db->tail, &boot);
	int r = register_check(db, &check, fault);
	db->failed = false;
	assert_true(r == -EUCLEAN || r == at_opening);
	return r;
}

static int64_t next_anchor(const struct trial *t, int64_t seq)
{
	for (int i = 0; i < t->anchor_count; i++)
		if (t->anchors[i].seq >= seq)
			return t->anchors[i].seq;
	return INT64_MAX;
}

static bool located(const struct trial *t, const struct deed *d, const struct register_fault *f)
{
	if (d->ends_anywhere)
		return f->seq >= d->key && f->seq <= next_anchor(t, d->key);
	return f->part == d->part && (f->key == d->key || f->key == d->other);
}

/* False when the deed changed nothing, or sqlite would not do it. */
static bool tamper(struct trial *t, const uint8_t before[32])
{
	struct deed d = { 0 };
	uint8_t after[32];
	struct register_fault fault;
	struct tail tail = t->b.db->tail;
	bool changed;

	DEEDS[below(t, ARRAY_LEN(DEEDS))](t, &d);
	run_sql(t, "SAVEPOINT deed");
	changed = sqlite3_exec(t->b.db->sqlite, d.sql, NULL, NULL, NULL) == SQLITE_OK;
	if (changed && d.ends_anywhere)
		rewrite_chain(t);
	if (changed) {
		fingerprint(t, after);
		changed = memcmp(before, after, 32) != 0;
	}
	if (changed) {
		if (look_anew(t, &fault) != -EUCLEAN)
			fail_msg("not found: %s", d.sql);
		if (!located(t, &d, &fault))
			fail_msg("%s: found in part %d at %lld (event %lld)", d.sql,
				 (int)fault.part, (long long)fault.key, (long long)fault.seq);
	}
	run_sql(t, "ROLLBACK TO deed; RELEASE deed");
	t->b.db->tail = tail;
	return changed;
}

static void test_every_tampering_is_found(void **state)
{
	(void)state;
	struct trial t = { .random = 20261123 };
	struct register_fault fault;
	uint8_t hash[32];
	int done = 0;

	begin(&t);
	fingerprint(&t, hash);
	assert_int_equal(look_anew(&t, &fault), 0);
	assert_int_equal(fault.part, REGISTER_PART_NONE);
	while (done < TAMPERINGS)
		done += tamper(&t, hash);
	assert_int_equal(look_anew(&t, &fault), 0);
	bench_close(&t.b);
}

/* ---- the search index ---- */

#define INDEXED 600 /* visits; more than a batch of the index */
#define INDEX_DEEDS 120

static void some_postings(struct trial *t, struct deed *d)
{
	static const char *const changes[] = {
		"DELETE FROM search",
		"UPDATE search SET postings = substr(postings, 1, length(postings) - 1)",
		"UPDATE search SET postings = postings || x'0101'",
		"UPDATE search SET postings = CAST(x'01' || substr(postings, 2) AS BLOB)",
		"UPDATE search SET postings = x''",
		"UPDATE search SET visit_id = visit_id + 1",
		"UPDATE search SET key = key - 1",
		"UPDATE search SET run = run + 1",
		"UPDATE search SET run = run + 4294967296",
		"UPDATE search SET run = -1",
		"UPDATE search SET run = 99 * 4294967296",
	};
	char place[192];

	text_format(place, sizeof(place),
		    " WHERE (run, key, visit_id) = (SELECT run, key, visit_id FROM search"
		    " ORDER BY run, key, visit_id LIMIT 1 OFFSET %lld)",
		    (long long)below(t, number_of(&t->b, "SELECT count(*) FROM search")));
	text_format(d->sql, sizeof(d->sql), "%s%s", changes[below(t, ARRAY_LEN(changes))], place);
	d->key = -1; /* of some visit of the row */
}

static void other_marks(struct trial *t, struct deed *d)
{
	static const char *const changes[] = {
		"UPDATE search_mark SET upto = 0",
		"DELETE FROM search_mark",
	};

	text_copy(d->sql, sizeof(d->sql), changes[below(t, ARRAY_LEN(changes))]);
	d->key = -1;
}

/* As its own code does it, so that nothing but who is found is other than it should be. */
static void one_posting(struct trial *t, struct deed *d)
{
	struct posting posting = { .visit_id = (uint64_t)one_to(t, 512) };
	uint64_t keys[SEARCH_KEYS_MAX];
	struct visit v;

	d->key = d->other = (int64_t)posting.visit_id;
	assert_int_equal(register_visit(t->b.db, posting.visit_id, &v), 0);
	int count = search_keys(&v.person, keys);
	if (below(t, 2) == 0 && count > 0) { /* not found any more */
		posting.key = keys[below(t, count)];
		assert_int_equal(search_run_remove(t->b.db, 0, &posting), 0);
		return;
	}
	posting.key = UINT64_C(6) << 60 | (uint64_t)below(t, 1 << 20); /* found by what is not */
	struct row_writer row = { .run = 0 };
	assert_true(row_writer_add(&row, &posting));
	assert_int_equal(row_writer_put(&row, t->b.db), 0);
}

static void tamper_index(struct trial *t)
{
	static void (*const deeds[])(struct trial * t,
				     struct deed * d) = { some_postings, other_marks, one_posting };
	struct deed d = { 0 };
	struct register_fault fault;
	struct tail tail = t->b.db->tail;

	run_sql(t, "SAVEPOINT deed");
	deeds[below(t, ARRAY_LEN(deeds))](t, &d);
	int changed = sqlite3_exec(t->b.db->sqlite, d.sql, NULL, NULL, NULL);
	if (changed == SQLITE_OK && look_anew(t, &fault) != -EUCLEAN)
		fail_msg("not found: %s (%lld)", d.sql, (long long)d.key);
	if (changed == SQLITE_OK &&
	    (fault.part != REGISTER_PART_SEARCH || (d.key > 0 && fault.key != d.key)))
		fail_msg("%s: found in part %d at %lld, not %lld", d.sql, (int)fault.part,
			 (long long)fault.key, (long long)d.key);
	run_sql(t, "ROLLBACK TO deed; RELEASE deed");
	t->b.db->tail = tail;
}

static void test_the_search_index(void **state)
{
	(void)state;
	struct trial t = { .random = 20261124 };
	struct register_fault fault;

	bench_open(&t.b);
	for (unsigned n = 0; n < INDEXED; n++)
		register_sample(&t.b, n);
	assert_int_equal(look_anew(&t, &fault), 0);
	for (int i = 0; i < INDEX_DEEDS; i++)
		tamper_index(&t);
	assert_int_equal(look_anew(&t, &fault), 0);
	bench_close(&t.b);
}

static void count_up(void *ctx, int permille)
{
	int *last = ctx;

	assert_in_range(permille, *last, 1000);
	*last = permille;
}

static void test_progress(void **state)
{
	(void)state;
	struct bench b;
	int last = 0;
	struct register_check check = { .progress = count_up, .ctx = &last };
	struct register_fault fault;

	bench_open(&b);
	for (unsigned n = 0; n < 600; n++)
		register_sample(&b, n);
	assert_int_equal(register_check(b.db, &check, &fault), 0);
	assert_int_equal(last, 1000);
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_tampering_is_found),
		cmocka_unit_test(test_the_search_index),
		cmocka_unit_test(test_progress),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
