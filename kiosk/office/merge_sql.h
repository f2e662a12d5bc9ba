/* Inside the merge: SQLite with its failures reported. */
#ifndef OFFICE_MERGE_SQL_H
#define OFFICE_MERGE_SQL_H

#include "office/merge_db.h"

MUST_CHECK bool merge_sql(struct merge_db *m, const char *sql);
/* NULL: reported. To be finalized. */
sqlite3_stmt *merge_prepare(struct merge_db *m, const char *sql);
/* Runs a statement that gives no rows. */
MUST_CHECK bool merge_run(struct merge_db *m, sqlite3_stmt *statement);

#endif
