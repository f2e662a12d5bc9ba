#include "office/merge_db.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "codec/hex.h"
#include "codec/xlsx.h"
#include "office/merge_sql.h"
#include "store/chain.h"
#include "store/entry_codec.h"

static const char *const TABLE[STICK_SHEET_COUNT_] = {
	[STICK_SHEET_VISITORS] = "visitors", [STICK_SHEET_TEMPERATURES] = "temperatures",
	[STICK_SHEET_REFUSALS] = "refusals", [STICK_SHEET_PASSES] = "passes",
	[STICK_SHEET_VEHICLES] = "vehicles", [STICK_SHEET_DAYS] = "daily_reports",
};

const char *merge_table(enum stick_sheet sheet)
{
	return TABLE[sheet];
}

bool merge_sql(struct merge_db *m, const char *sql)
{
	if (sqlite3_exec(m->db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return true;
	report_wrong(m->report, "the merged file: %s", sqlite3_errmsg(m->db));
	return false;
}

sqlite3_stmt *merge_prepare(struct merge_db *m, const char *sql)
{
	sqlite3_stmt *statement = NULL;

	if (sqlite3_prepare_v2(m->db, sql, -1, &statement, NULL) != SQLITE_OK)
		report_wrong(m->report, "the merged file: %s", sqlite3_errmsg(m->db));
	return statement;
}

/* Runs a statement without rows and makes it ready for the next values. */
bool merge_run(struct merge_db *m, sqlite3_stmt *statement)
{
	bool done = sqlite3_step(statement) == SQLITE_DONE;

	if (!done)
		report_wrong(m->report, "the merged file: %s", sqlite3_errmsg(m->db));
	sqlite3_reset(statement);
	return done;
}

/* A sheet's table: every column under its heading, so that whoever opens the file can read it. What
 * an export of before does not have is empty. */
static bool make_sheet(struct merge_db *m, enum stick_sheet sheet)
{
	char sql[XLSX_COLUMNS_MAX * (SHEET_HEADING_BYTES + 32)];
	int count = sheet_column_count(sheet);

	text_format(sql, sizeof(sql),
		    "CREATE TABLE %s(site INTEGER NOT NULL, id INTEGER NOT NULL,"
		    " export INTEGER NOT NULL",
		    TABLE[sheet]);
	for (int c = 0; c < count; c++) {
		struct sheet_heading heading = sheet_heading(sheet_column(sheet, c));
		size_t used = strlen(sql);
		text_format(sql + used, sizeof(sql) - used, ", \"%s\" TEXT NOT NULL", heading.text);
	}
	size_t used = strlen(sql);
	text_format(sql + used, sizeof(sql) - used, ", PRIMARY KEY(site, id)) WITHOUT ROWID");
	return merge_sql(m, sql);
}

bool merge_db_open(struct merge_db *m, const char *path, struct office_report *report)
{
	struct stat st;

	*m = (struct merge_db){ .report = report };
	if (lstat(path, &st) == 0) {
		report_wrong(report, "--out: %s: is there already", path);
		return false;
	}
	if (sqlite3_open_v2(path, &m->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) !=
	    SQLITE_OK) {
		report_wrong(report, "--out: %s: %s", path, sqlite3_errmsg(m->db));
		return false;
	}
	bool good = merge_sql(
		m, "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = NORMAL;"
		   "CREATE TABLE export(number INTEGER PRIMARY KEY, name TEXT NOT NULL,"
		   " site INTEGER NOT NULL, site_name TEXT NOT NULL, gate TEXT NOT NULL,"
		   " key TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,"
		   " prev BLOB NOT NULL, to_the_end INTEGER NOT NULL);"
		   "CREATE TABLE event(site INTEGER NOT NULL, seq INTEGER NOT NULL,"
		   " boot INTEGER NOT NULL, wall_ms INTEGER NOT NULL, mono_ms INTEGER NOT NULL,"
		   " trusted INTEGER NOT NULL, type INTEGER NOT NULL, word TEXT NOT NULL,"
		   " actor TEXT NOT NULL, body BLOB NOT NULL, hash BLOB NOT NULL,"
		   " PRIMARY KEY(site, seq)) WITHOUT ROWID;"
		   "CREATE TABLE registration(site INTEGER NOT NULL, id INTEGER NOT NULL,"
		   " seq INTEGER NOT NULL, commitment BLOB NOT NULL,"
		   " PRIMARY KEY(site, id)) WITHOUT ROWID;"
		   "CREATE TABLE forgotten(site INTEGER NOT NULL, first INTEGER NOT NULL,"
		   " last INTEGER NOT NULL, seq INTEGER NOT NULL,"
		   " PRIMARY KEY(site, first, seq)) WITHOUT ROWID;"
		   "CREATE TABLE person(site INTEGER NOT NULL, id INTEGER NOT NULL,"
		   " export INTEGER NOT NULL, commitment BLOB NOT NULL,"
		   " PRIMARY KEY(site, id)) WITHOUT ROWID;");
	for (int s = 0; good && s < STICK_SHEET_COUNT_; s++)
		good = make_sheet(m, (enum stick_sheet)s);
	return good;
}

void merge_db_close(struct merge_db *m)
{
	sqlite3_close(m->db);
	m->db = NULL;
}

int64_t merge_db_count(struct merge_db *m, const char *table)
{
	char sql[64];
	int64_t count = -1;

	text_format(sql, sizeof(sql), "SELECT count(*) FROM %s", table);
	sqlite3_stmt *statement = merge_prepare(m, sql);
	if (statement && sqlite3_step(statement) == SQLITE_ROW)
		count = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return count;
}
