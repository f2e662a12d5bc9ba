/*
 * The SQLite file of a merge. Tables: event, person, registration, and one for each sheet with the
 * site in front and a column for each column of it. Errors are sentences in the report; the first
 * failure of SQLite itself ends the merge.
 */
#ifndef OFFICE_MERGE_DB_H
#define OFFICE_MERGE_DB_H

#include <sqlite3.h>

#include "office/package.h"
#include "stick/sheet.h"

struct merge_db {
	sqlite3 *db;
	struct office_report *report;
};

/* Makes the file, which must not be there. False, reported. Closed whatever comes back. */
MUST_CHECK bool merge_db_open(struct merge_db *m, const char *path, struct office_report *report);
void merge_db_close(struct merge_db *m);

/* Takes in what an unpacked package holds: all of it, or nothing and false, which was reported. */
MUST_CHECK bool merge_db_add(struct merge_db *m, struct package *package);

/* Over everything that was taken in: gaps, broken links of the chains, persons that are not those
 * who were registered. */
void merge_db_prove(struct merge_db *m);

/* How many rows a table has; -1 when that cannot be had. */
int64_t merge_db_count(struct merge_db *m, const char *table);

/* The table's name and, of each of its columns behind the site, the heading. */
const char *merge_table(enum stick_sheet sheet);

#endif
