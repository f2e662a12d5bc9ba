/*
 * The tables of the register, and every statement run on them. Table and column names are used by
 * scenarios and by support: append, do not rename.
 */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include "base/defs.h"

#define SCHEMA_APPLICATION_ID 0x47484B31 /* "GHK1" */
/* 1 had no level_now; 2 whole hashes, documents and phones as text, no search, no pin_paid, no
 * account.until_ms, nothing of bundles, no tally, report and visit_odd; 3 no person.plate, another
 * search, nothing of ledgers,
 * no report.remark */
#define SCHEMA_VERSION 4
#define SCHEMA_VERSION_OLDEST 1 /* still opened, and brought up: open.c */
#define SCHEMA_PAGE_BYTES 4096

#define SCHEMA_SQL_BYTES 16384

/* All of it, as one script; run once, in an empty file. sql holds SCHEMA_SQL_BYTES. */
void schema_make(char *sql);

/* What brings a register of an older version up to this one, as a script without its transaction.
 * The views are made anew: they say in words what has been appended to the enumerations since. */
void schema_upgrade(int version, char *sql);

/* The views alone, appended to what stands in sql: schema_views.c. */
void schema_views(char *sql);

/* Writes the tables person, search and listed anew, so that nothing of rows deleted before is left
 * in their pages: inside a transaction. */
extern const char schema_rewrite_persons[];

enum statement {
	STMT_BEGIN,
	STMT_COMMIT,
	STMT_ROLLBACK,
	STMT_EVENT_ADD,
	STMT_EVENT_RANGE,
	STMT_EVENT_TAIL,
	STMT_VISIT_ADD,
	STMT_VISIT_STANDING,
	STMT_VISIT_DECIDE,
	STMT_VISIT_ENTER,
	STMT_VISIT_LEAVE,
	STMT_VISIT_LAPSE,
	STMT_VISIT_OVERDUE,
	STMT_VISIT_ONE,
	STMT_VISIT_RANGE,
	STMT_VISIT_LAST,
	STMT_QUEUE,
	STMT_QUEUE_TOTAL,
	STMT_INSIDE_TOTAL,
	STMT_PERSON_ADD,
	STMT_PERSON_ONE,
	STMT_PERSON_FROM,
	STMT_PERSON_TOTAL,
	STMT_PASS_ADD,
	STMT_PASS_ONE,
	STMT_PASS_PRINTED,
	STMT_PASS_USED,
	STMT_PASS_REVOKE,
	STMT_DAY_ADD,
	STMT_DAY_ONE,
	STMT_LEVEL_SET,
	STMT_LEVEL_GET,
	STMT_ACCOUNT_SET,
	STMT_ACCOUNT_ONE,
	STMT_ACCOUNT_LIST,
	STMT_ACCOUNT_TRIED,
	STMT_ACCOUNT_RIGHT,
	STMT_ROLE_TRIES,
	STMT_ACCOUNT_NEXT,
	STMT_ACCOUNT_UNTIL,
	STMT_ACCOUNT_LASTING,
	STMT_ACCOUNT_REMOVE,
	STMT_ACCOUNT_TOTAL,
	STMT_IMPORT_LIST,
	STMT_IMPORT_SET,
	STMT_IMPORT_TEXT,
	STMT_IMPORT_TEXT_SET,
	STMT_LISTED_ONE,
	STMT_LISTED_ADD,
	STMT_LISTED_CLEAR,
	STMT_LISTED_TOTAL,
	STMT_CLOCK_GET,
	STMT_CLOCK_SET,
	STMT_EVENT_MARK,
	STMT_EVENT_MOVES,
	STMT_PERSON_RANGE,
	STMT_PERSON_SALTS,
	STMT_PERSON_DELETE,
	STMT_PERSON_WITHIN,
	STMT_PERSON_SURPLUS,
	STMT_EVENT_FIRST,
	STMT_PERSON_BETWEEN,
	STMT_PERSON_NEWEST,
	STMT_SEARCH_MARKS,
	STMT_SEARCH_MARK_SET,
	STMT_SEARCH_LAST,
	STMT_SEARCH_PUT,
	STMT_SEARCH_RANGE,
	STMT_SEARCH_NEXT,
	STMT_SEARCH_DELETE,
	STMT_SEARCH_SWEEP,
	STMT_SEARCH_ALL,
	STMT_GONE_ANY,
	STMT_GONE_ALL,
	STMT_GONE_CLEAR,
	STMT_WALKED_GET,
	STMT_WALKED_SET,
	STMT_WALKED_CLEAR,
	STMT_PAID_GET,
	STMT_PAID_SET,
	STMT_TALLY_ADD,
	STMT_TALLY_DAYS,
	STMT_TALLY_SPAN,
	STMT_TALLY_ITEM_SPAN,
	STMT_TALLY_ITEM_FIRST,
	STMT_EVENT_SPAN,
	STMT_FIRST_DAY,
	STMT_REPORT_MADE,
	STMT_REPORT_CHECKED,
	STMT_REPORT_ONE,
	STMT_REPORT_TOTAL,
	STMT_INSIDE_AT,
	STMT_INSIDE_LIST,
	STMT_CONTACT_LIST,
	STMT_IMPORT_WHEN,
	STMT_LISTED_ALL,
	STMT_LISTED_WITHIN,
	STMT_LISTED_OVER,
	STMT_LEDGER_ADD,
	STMT_LEDGER_ONE,
	STMT_LEDGER_CORRECT,
	STMT_LEDGER_PAGE,
	STMT_LEDGER_TOTAL,
	STMT_LEDGER_LAST,
	STMT_LEDGER_AFTER,
	STMT_STOCK_SET,
	STMT_STOCK_LIST,
	STMT_STOCK_AT,
	STMT_PLATE_FORMS,
	STMT_COUNT_
};

extern const char *const schema_statements[STMT_COUNT_];

#endif
