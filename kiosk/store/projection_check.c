/*
 * Does the projection say what the events say? A second, empty one is filled from the events, and
 * the two are read side by side.
 */
#include <string.h>

#include "store/projection.h"

/* The first column of each is the key; the second is the event to blame, or 0. */
#define VISIT_ROWS                                                                                 \
	"SELECT id, seq, ticket, class, state, registered_ms, decided_ms, entered_ms, left_ms,"    \
	" decided_by, pass_serial FROM visit ORDER BY id"
#define PASS_ROWS                                                                                  \
	"SELECT serial, 0, visit_id, expires_ms, uses, revoked, printed FROM pass ORDER BY serial"
#define DAY_ROWS "SELECT day, 0, registered, entered, gone, refused FROM day ORDER BY day"

#define LEVEL_ROWS "SELECT id, seq, level, since_ms, set_by, last_order FROM level_now ORDER BY id"
#define TALLY_ROWS "SELECT day, last_seq, item, n, first_seq FROM tally ORDER BY day, item"
#define REPORT_ROWS                                                                                \
	"SELECT day, seq, rows, figures, made_ms, made_by, checked_ms, checked_by FROM report"     \
	" ORDER BY day"

static const char *const tables[] = {
	VISIT_ROWS, PASS_ROWS, DAY_ROWS, LEVEL_ROWS, TALLY_ROWS, REPORT_ROWS,
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

static int compare_table(struct register_db *db, struct register_db *want, const char *sql,
			 int64_t *bad_seq)
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
			*bad_seq = sqlite3_column_int64(want_rc == SQLITE_ROW ? should : is, 1);
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

int projection_check(struct register_db *db, int64_t *bad_seq)
{
	struct register_db beside = { .utc_offset_min = db->utc_offset_min };
	int r = make_beside(db, &beside);

	*bad_seq = 0;
	for (size_t i = 0; i < ARRAY_LEN(tables) && r == 0; i++)
		r = compare_table(db, &beside, tables[i], bad_seq);
	db_close(&beside);
	return r == -EALREADY || r == -EINVAL || r == -ENOENT ? -EUCLEAN : r;
}
