/*
 * Does the projection say what the events say? A second, empty one is filled from the events, and
 * the two are read side by side: in steps, a piece of a table each. What is appended in between is
 * put into the second one before the next piece is compared, so that both are always of the same
 * moment; a row that was compared before is changed by nothing but such events.
 */
#include <stdlib.h>
#include <string.h>

#include "store/projection.h"

#define STEP_EVENTS 1000
#define STEP_ROWS 5000

/* The first column of each is the key, from which a piece is read; the second is the event to
 * blame, or 0. All columns are compared. */
#define PIECE(columns, table, key, order)                                                          \
	"SELECT " columns " FROM " table " WHERE " key " >= ?1 ORDER BY " order " LIMIT ?2"

static const struct {
	enum register_part part;
	bool whole; /* small, or of many rows a key: one piece */
	const char *rows;
} tables[] = {
	{ REGISTER_PART_VISIT, false,
	  PIECE("id, seq, ticket, class, state, registered_ms, decided_ms, entered_ms, left_ms,"
		" decided_by, pass_serial",
		"visit", "id", "id") },
	{ REGISTER_PART_PASS, false,
	  PIECE("serial, 0, visit_id, expires_ms, uses, revoked, printed", "pass", "serial",
		"serial") },
	{ REGISTER_PART_DAY, true,
	  PIECE("day, 0, registered, entered, gone, refused", "day", "day", "day") },
	{ REGISTER_PART_LEVEL, true,
	  PIECE("id, seq, level, since_ms, set_by, last_order", "level_now", "id", "id") },
	{ REGISTER_PART_IMPORT, true,
	  PIECE("kind, seq, number, version, hash", "import_now", "kind", "kind") },
	{ REGISTER_PART_TALLY, true,
	  PIECE("day, last_seq, item, n, first_seq", "tally", "day", "day, item") },
	{ REGISTER_PART_LEDGER, false,
	  PIECE("seq, seq, kind, subject, root, since_ms, struck, move, n, corrected_by", "ledger",
		"seq", "seq") },
	{ REGISTER_PART_STOCK, true, PIECE("item, seq, n", "stock", "item", "item") },
	{ REGISTER_PART_REPORT, true,
	  PIECE("day, seq, rows, figures, made_ms, made_by, checked_ms, checked_by,"
		" remark",
		"report", "day", "day") },
};

struct projection_run {
	struct register_db *db;
	struct register_db beside;
	int64_t seq; /* the last event in it */
	size_t table; /* being compared */
	int64_t key; /* the next piece of it begins here */
};

static void finalize(sqlite3_stmt **stmt)
{
	sqlite3_finalize(*stmt);
}

static bool same_value(sqlite3_stmt *a, sqlite3_stmt *b, int column)
{
	if (sqlite3_column_type(a, column) != sqlite3_column_type(b, column))
		return false;
	if (sqlite3_column_type(a, column) == SQLITE_INTEGER)
		return sqlite3_column_int64(a, column) == sqlite3_column_int64(b, column);
	int len = sqlite3_column_bytes(a, column);
	return len == sqlite3_column_bytes(b, column) &&
	       (len == 0 || memcmp(sqlite3_column_blob(a, column), sqlite3_column_blob(b, column),
				   (size_t)len) == 0);
}

static bool same_row(sqlite3_stmt *a, sqlite3_stmt *b)
{
	for (int column = 0; column < sqlite3_column_count(a); column++)
		if (!same_value(a, b, column))
			return false;
	return true;
}

/* The row that is missing on one side is the one with the smaller key. */
static void blame(sqlite3_stmt *is, sqlite3_stmt *should, bool has_is, bool has_should,
		  struct register_fault *fault)
{
	bool surplus = has_is && (!has_should ||
				  sqlite3_column_int64(is, 0) < sqlite3_column_int64(should, 0));
	sqlite3_stmt *row = surplus ? is : should;

	fault->key = sqlite3_column_int64(row, 0);
	fault->seq = sqlite3_column_int64(row, 1);
}

static int prepare(struct register_db *db, const char *sql, int64_t key, int64_t rows,
		   sqlite3_stmt **stmt)
{
	int rc = sqlite3_prepare_v2(db->sqlite, sql, -1, stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_bind_int64(*stmt, 1, key);
	return rc == SQLITE_OK ? sqlite3_bind_int64(*stmt, 2, rows) : rc;
}

/* One piece of one table; *rows of it were the same. */
static int compare_rows(struct projection_run *run, sqlite3_stmt *is, sqlite3_stmt *should,
			struct register_fault *fault, int64_t *rows)
{
	for (*rows = 0;; ++*rows) {
		int rc = sqlite3_step(is), want_rc = sqlite3_step(should);
		if (rc != SQLITE_ROW && rc != SQLITE_DONE)
			return db_fail(run->db, rc);
		if (want_rc != SQLITE_ROW && want_rc != SQLITE_DONE)
			return db_errno(want_rc);
		if (rc == SQLITE_DONE && want_rc == SQLITE_DONE)
			return 0;
		if (rc != want_rc || !same_row(is, should)) {
			blame(is, should, rc == SQLITE_ROW, want_rc == SQLITE_ROW, fault);
			return -EUCLEAN;
		}
		run->key = sqlite3_column_int64(is, 0);
	}
}

static int compare_piece(struct projection_run *run, struct register_fault *fault)
{
	sqlite3_stmt *is CLEANUP(finalize) = NULL;
	sqlite3_stmt *should CLEANUP(finalize) = NULL;
	int64_t most = tables[run->table].whole ? INT64_MAX : STEP_ROWS, rows;
	const char *sql = tables[run->table].rows;
	int rc = prepare(run->db, sql, run->key, most, &is);

	if (rc == SQLITE_OK)
		rc = prepare(&run->beside, sql, run->key, most, &should);
	if (rc != SQLITE_OK)
		return db_fail(run->db, rc);
	fault->part = tables[run->table].part;
	int r = compare_rows(run, is, should, fault, &rows);
	if (r)
		return r;
	if (rows == most && run->key < INT64_MAX) {
		run->key++;
	} else {
		run->table++;
		run->key = INT64_MIN;
	}
	return 0;
}

static int make_beside(struct register_db *beside)
{
	char sql[SCHEMA_SQL_BYTES];
	int rc = sqlite3_open(":memory:", &beside->sqlite);

	schema_make(sql);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(beside->sqlite, sql, NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(beside->sqlite, "BEGIN", NULL, NULL, NULL);
	return rc == SQLITE_OK ? 0 : db_errno(rc);
}

int projection_run_begin(struct register_db *db, struct projection_run **out)
{
	struct projection_run *run = calloc(1, sizeof(*run));

	*out = run;
	if (!run)
		return -ENOMEM;
	run->db = db;
	run->key = INT64_MIN;
	run->beside.utc_offset_min = db->utc_offset_min;
	return make_beside(&run->beside);
}

int projection_run_permille(const struct projection_run *run)
{
	int64_t all = run->db->tail.seq;

	return all == 0 || run->seq >= all ? 800 + (int)(run->table * 200 / ARRAY_LEN(tables))
					   : (int)(run->seq * 800 / all);
}

int projection_run_step(struct projection_run *run, struct register_fault *fault, bool *done)
{
	int r = projection_replay(run->db, &run->beside, &run->seq, STEP_EVENTS);

	*fault = (struct register_fault){ 0 };
	*done = false;
	if (r == -EALREADY || r == -EINVAL || r == -ENOENT) {
		fault->part = REGISTER_PART_EVENT; /* hashed right, and yet no register wrote it */
		return -EUCLEAN;
	}
	if (r == 0 && run->seq == run->db->tail.seq && run->table < ARRAY_LEN(tables))
		r = compare_piece(run, fault);
	if (r != -EUCLEAN)
		fault->part = REGISTER_PART_NONE;
	*done = r == 0 && run->table == ARRAY_LEN(tables);
	return r;
}

void projection_run_end(struct projection_run *run)
{
	if (run)
		db_close(&run->beside);
	free(run);
}

int projection_check(struct register_db *db, struct register_fault *fault)
{
	struct projection_run *run;
	bool done = false;
	int r = projection_run_begin(db, &run);

	*fault = (struct register_fault){ 0 };
	while (r == 0 && !done)
		r = projection_run_step(run, fault, &done);
	projection_run_end(run);
	return r;
}
