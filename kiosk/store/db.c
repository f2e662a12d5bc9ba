#include "store/db.h"

#include <string.h>

#include "base/log.h"
#include "store/search.h"

/* Pages in the log before they are copied back into the file: 4 MiB, sqlite's own measure. More
 * would save no flush worth naming, and make the first opening after a power cut longer. */
#define CHECKPOINT_PAGES 1000

int db_errno(int rc)
{
	if (rc == SQLITE_IOERR_NOMEM)
		return -ENOMEM;
	switch (rc & 0xFF) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return 0;
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return -EUCLEAN;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return -EBUSY;
	case SQLITE_READONLY:
		return -EROFS;
	case SQLITE_CONSTRAINT:
	case SQLITE_RANGE:
	case SQLITE_MISMATCH:
		return -EINVAL;
	case SQLITE_TOOBIG:
		return -E2BIG;
	default:
		return -EIO;
	}
}

int db_fail(struct register_db *db, int rc)
{
	int err = db_errno(rc);

	if ((err == -EIO || err == -EUCLEAN) && !db->failed) {
		log_error("register: sqlite result %d: nothing more is written", rc);
		db->failed = true;
	}
	return err;
}

void query_begin(struct query *q, struct register_db *db, enum statement statement)
{
	*q = (struct query){ .db = db, .rc = SQLITE_OK };
	if (!db->stmts[statement])
		q->rc = sqlite3_prepare_v3(db->sqlite, schema_statements[statement], -1,
					   SQLITE_PREPARE_PERSISTENT, &db->stmts[statement], NULL);
	q->stmt = db->stmts[statement];
}

void query_end(struct query *q)
{
	if (!q->stmt)
		return;
	sqlite3_reset(q->stmt);
	sqlite3_clear_bindings(q->stmt);
	q->stmt = NULL;
}

static void bound(struct query *q, int rc)
{
	if (q->rc == SQLITE_OK)
		q->rc = rc;
}

void query_bind_int(struct query *q, int64_t value)
{
	bound(q, sqlite3_bind_int64(q->stmt, ++q->bound, value));
}

void query_bind_text(struct query *q, const char *text, size_t cap)
{
	bound(q, sqlite3_bind_text(q->stmt, ++q->bound, text, (int)strnlen(text, cap - 1),
				   SQLITE_STATIC));
}

void query_bind_blob(struct query *q, const void *bytes, size_t len)
{
	/* A NULL pointer would bind NULL, not an empty blob. */
	bound(q, sqlite3_bind_blob(q->stmt, ++q->bound, len ? bytes : "", (int)len, SQLITE_STATIC));
}

#define NUMBER_DIGITS_MAX 18 /* all of them fit 64 bits */

/* Only what comes back digit for digit: no sign, no leading zero, not too long. */
static bool is_number(const char *text, size_t len, int64_t *value)
{
	*value = 0;
	if (len == 0 || len > NUMBER_DIGITS_MAX || text[0] == '0')
		return false;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		*value = *value * 10 + (text[i] - '0');
	}
	return true;
}

void query_bind_number_text(struct query *q, const char *text, size_t cap)
{
	int64_t value;

	if (is_number(text, strnlen(text, cap - 1), &value))
		query_bind_int(q, value);
	else
		query_bind_text(q, text, cap);
}

int query_row(struct query *q)
{
	if (q->rc != SQLITE_OK)
		return db_fail(q->db, q->rc);
	int rc = sqlite3_step(q->stmt);
	if (rc == SQLITE_ROW)
		return 1;
	if (rc == SQLITE_DONE)
		return 0;
	q->rc = rc;
	return db_fail(q->db, rc);
}

int query_run(struct query *q)
{
	int r = query_row(q);

	return r < 0 ? r : 0;
}

int64_t query_int(const struct query *q, int column)
{
	return sqlite3_column_int64(q->stmt, column);
}

void query_text(const struct query *q, int column, char *dst, size_t cap)
{
	const void *text = sqlite3_column_text(q->stmt, column);
	size_t len = (size_t)sqlite3_column_bytes(q->stmt, column);

	if (len >= cap)
		len = cap - 1;
	if (text && len > 0)
		memcpy(dst, text, len);
	memset(dst + (text ? len : 0), 0, cap - (text ? len : 0));
}

bool query_blob(const struct query *q, int column, void *dst, size_t len)
{
	const void *bytes = sqlite3_column_blob(q->stmt, column);

	if (!bytes || (size_t)sqlite3_column_bytes(q->stmt, column) != len) {
		memset(dst, 0, len);
		return false;
	}
	memcpy(dst, bytes, len);
	return true;
}

static int run(struct register_db *db, enum statement statement)
{
	QUERY(q);

	query_begin(&q, db, statement);
	return query_run(&q);
}

int txn_begin(struct register_db *db)
{
	if (db->failed)
		return -EIO;
	db->next = db->tail;
	return run(db, STMT_BEGIN);
}

static void rollback(struct register_db *db)
{
	/* sqlite may have rolled back by itself. */
	if (sqlite3_get_autocommit(db->sqlite))
		return;
	if (run(db, STMT_ROLLBACK))
		db->failed = true;
}

/* The transaction is on disk already, so a failure here takes nothing back; but a failed flush must
 * not be tried again, so it ends the writing. Without room the log only grows until there is. */
static void checkpoint(struct register_db *db)
{
	int rc = sqlite3_wal_checkpoint_v2(db->sqlite, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);

	if (rc != SQLITE_OK && db_fail(db, rc) == -ENOSPC)
		log_warn("register: no room to copy the log back");
}

int txn_commit(struct register_db *db, int result)
{
	if (result == 0 && db->person_deleted)
		result = search_forget(db);
	if (result == 0)
		result = run(db, STMT_COMMIT);
	if (result) {
		rollback(db);
		return result;
	}
	db->person_deleted = false;
	db->tail = db->next;
	if (db->wal_pages >= CHECKPOINT_PAGES)
		checkpoint(db);
	return 0;
}

int txn_end(struct register_db *db, int result)
{
	result = txn_commit(db, result);
	if (result == 0)
		search_keep_up(db);
	return result;
}
