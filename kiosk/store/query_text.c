#include <string.h>

#include "base/text.h"
#include "store/db.h"

/* Reading tables and calling functions, and nothing else: no PRAGMA, ATTACH or transaction, which
 * sqlite would count as reading. The hashes of the PINs are nobody's business. */
static int may_only_read(void *ctx, int action, const char *first, const char *second,
			 const char *schema, const char *trigger)
{
	(void)ctx;
	(void)schema;
	(void)trigger;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_FUNCTION:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	case SQLITE_READ:
		return strcmp(first, "account") == 0 && strcmp(second, "pin") == 0 ? SQLITE_DENY
										   : SQLITE_OK;
	default:
		return SQLITE_DENY;
	}
}

static int refuse(char *out, size_t cap, const char *why)
{
	text_copy(out, cap, why);
	return -EINVAL;
}

static int first_column(struct register_db *db, sqlite3_stmt *stmt, char *out, size_t cap)
{
	int rc = sqlite3_step(stmt);

	text_copy(out, cap, "");
	if (rc == SQLITE_ROW) {
		const char *text = (const char *)sqlite3_column_text(stmt, 0);
		text_copy(out, cap, text ? text : "");
		return 0;
	}
	if (rc == SQLITE_DONE)
		return 0;
	if ((rc & 0xFF) == SQLITE_ERROR)
		return refuse(out, cap, sqlite3_errmsg(db->sqlite));
	return db_fail(db, rc);
}

int register_query_text(struct register_db *db, const char *sql, char *out, size_t cap)
{
	sqlite3_stmt *stmt = NULL;
	const char *rest = "";

	sqlite3_set_authorizer(db->sqlite, may_only_read, NULL);
	int rc = sqlite3_prepare_v2(db->sqlite, sql, -1, &stmt, &rest);
	int r;
	if ((rc & 0xFF) == SQLITE_ERROR || (rc & 0xFF) == SQLITE_AUTH)
		r = refuse(out, cap, sqlite3_errmsg(db->sqlite));
	else if (rc != SQLITE_OK)
		r = db_fail(db, rc);
	else if (!stmt || !sqlite3_stmt_readonly(stmt) || sqlite3_stmt_isexplain(stmt))
		r = refuse(out, cap, "not a reading statement");
	else if (rest[strspn(rest, " \t\r\n;")] != '\0')
		r = refuse(out, cap, "more than one statement");
	else
		r = first_column(db, stmt, out, cap);
	sqlite3_finalize(stmt);
	sqlite3_set_authorizer(db->sqlite, NULL, NULL);
	return r;
}
