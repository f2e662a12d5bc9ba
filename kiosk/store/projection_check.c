/*
 * Does the projection say what the events say? A second, empty one is filled from the events, and
 * the two are read side by side.
 */
#include <string.h>

#include "store/projection.h"

/* The first column of each is the key; the second is the event to blame, or 0. All columns are
 * compared. */
#define VISIT_ROWS                                                                                 \
	"SELECT id, seq, ticket, class, state, registered_ms, decided_ms, entered_ms, left_ms,"    \
	" decided_by, pass_serial FROM visit ORDER BY id"
#define PASS_ROWS                                                                                  \
	"SELECT serial, 0, visit_id, expires_ms, uses, revoked, printed FROM pass ORDER BY serial"
#define DAY_ROWS "SELECT day, 0, registered, entered, gone, refused FROM day ORDER BY day"

#define LEVEL_ROWS "SELECT id, seq, level, since_ms, set_by, last_order FROM level_now ORDER BY id"
#define TALLY_ROWS "SELECT day, last_seq, item, n, first_seq FROM tally ORDER BY day, item"
#define REPORT_ROWS                                                                                \
	"SELECT day, seq, rows, figures, made_ms, made_by, checked_ms, checked_by, remark"         \
	" FROM report"                                                                             \
	" ORDER BY day"

#define IMPORT_ROWS "SELECT kind, seq, number, version, hash FROM import_now ORDER BY kind"

#define LEDGER_ROWS                                                                                \
	"SELECT seq, seq, kind, subject, root, since_ms, struck, move, n, corrected_by FROM "      \
	"ledger"                                                                                   \
	" ORDER BY seq"
#define STOCK_ROWS "SELECT item, seq, n FROM stock ORDER BY item"

static const struct {
	enum register_part part;
	const char *rows;
} tables[] = {
	{ REGISTER_PART_VISIT, VISIT_ROWS },   { REGISTER_PART_PASS, PASS_ROWS },
	{ REGISTER_PART_DAY, DAY_ROWS },       { REGISTER_PART_LEVEL, LEVEL_ROWS },
	{ REGISTER_PART_IMPORT, IMPORT_ROWS }, { REGISTER_PART_TALLY, TALLY_ROWS },
	{ REGISTER_PART_REPORT, REPORT_ROWS }, { REGISTER_PART_LEDGER, LEDGER_ROWS },
	{ REGISTER_PART_STOCK, STOCK_ROWS },
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

static int compare_table(struct register_db *db, struct register_db *want, const char *sql,
			 struct register_fault *fault)
{
	sqlite3_stmt *is CLEANUP(finalize) = NULL;
	sqlite3_stmt *should CLEANUP(finalize) = NULL;
	int rc = sqlite3_prepare_v2(db->sqlite, sql, -1, &is, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v2(want->sqlite, sql, -1, &should, NULL);
	if (rc != SQLITE_OK)
		return db_fail(db, rc);
	for (;;) {
		rc = sqlite3_step(is);
		int want_rc = sqlite3_step(should);
		if (rc != SQLITE_ROW && rc != SQLITE_DONE)
			return db_fail(db, rc);
		if (want_rc != SQLITE_ROW && want_rc != SQLITE_DONE)
			return db_errno(want_rc);
		if (rc == SQLITE_DONE && want_rc == SQLITE_DONE)
			return 0;
		if (rc != want_rc || !same_row(is, should)) {
			blame(is, should, rc == SQLITE_ROW, want_rc == SQLITE_ROW, fault);
			return -EUCLEAN;
		}
	}
}

static int make_beside(struct register_db *db, struct register_db *beside)
{
	char sql[SCHEMA_SQL_BYTES];
	int rc = sqlite3_open(":memory:", &beside->sqlite);

	schema_make(sql);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(beside->sqlite, sql, NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(beside->sqlite, "BEGIN", NULL, NULL, NULL);
	return rc == SQLITE_OK ? projection_replay(db, beside) : db_errno(rc);
}

int projection_check(struct register_db *db, struct register_fault *fault)
{
	struct register_db beside = { .utc_offset_min = db->utc_offset_min };
	int r = make_beside(db, &beside);

	*fault = (struct register_fault){ 0 };
	if (r == -EALREADY || r == -EINVAL || r == -ENOENT) {
		fault->part = REGISTER_PART_EVENT; /* hashed right, and yet no register wrote it */
		r = -EUCLEAN;
	}
	for (size_t i = 0; i < ARRAY_LEN(tables) && r == 0; i++) {
		fault->part = tables[i].part;
		r = compare_table(db, &beside, tables[i].rows, fault);
	}
	if (r != -EUCLEAN)
		fault->part = REGISTER_PART_NONE;
	db_close(&beside);
	return r;
}
