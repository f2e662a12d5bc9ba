#include "office/merge.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/civil.h"
#include "base/fileio.h"
#include "base/text.h"
#include "codec/hex.h"
#include "codec/xlsx.h"
#include "office/merge_sql.h"
#include "office/verify.h"

static_assert(XLSX_COLUMNS_MAX >= SHEET_COLUMN_COUNT_ + 1, "a sheet and its site fit");

struct book {
	struct xlsx xlsx;
	FILE *file;
	struct sheet_heading headings[XLSX_COLUMNS_MAX];
	struct xlsx_column columns[XLSX_COLUMNS_MAX];
};

static int to_file(void *ctx, const void *bytes, size_t len)
{
	return fwrite(bytes, 1, len, ctx) == len ? 0 : -EIO;
}

static enum xlsx_kind kind_of(enum sheet_kind kind)
{
	return kind == SHEET_NUMBER   ? XLSX_NUMBER
	       : kind == SHEET_DATE   ? XLSX_DATE
	       : kind == SHEET_MINUTE ? XLSX_MINUTE
				      : XLSX_TEXT;
}

/* "2026-11-23" or "2026-11-23 08:00" as seconds on the site's clock. */
static bool local_time(const char *text, int64_t *local_s)
{
	char iso[40];
	int64_t wall_ms;
	bool minute = strlen(text) == 16;

	text_format(iso, sizeof(iso), "%.10sT%.5s:00+00:00", text, minute ? text + 11 : "00:00");
	if (!civil_parse_iso(iso, &wall_ms))
		return false;
	*local_s = wall_ms / 1000;
	return true;
}

static void put_cell(struct book *b, int column, const char *text)
{
	enum xlsx_kind kind = b->columns[column].kind;
	int64_t local_s;

	if ((kind == XLSX_DATE || kind == XLSX_MINUTE) && text[0] && local_time(text, &local_s))
		xlsx_cell_time(&b->xlsx, local_s);
	else
		xlsx_cell(&b->xlsx, text);
}

static int begin_sheet(struct book *b, enum stick_sheet sheet)
{
	int count = sheet_column_count(sheet);

	b->columns[0] = (struct xlsx_column){ "门岗 Site", 10, XLSX_NUMBER };
	for (int c = 0; c < count; c++) {
		struct sheet_heading *h = &b->headings[c];
		*h = sheet_heading(sheet_column(sheet, c));
		b->columns[c + 1] = (struct xlsx_column){ h->text, h->width, kind_of(h->kind) };
	}
	return xlsx_sheet(&b->xlsx, sheet_name(sheet), b->columns, count + 1);
}

static int write_sheet(struct book *b, struct merge_db *m, enum stick_sheet sheet)
{
	char sql[96];
	int count = sheet_column_count(sheet), err = begin_sheet(b, sheet);

	text_format(sql, sizeof(sql), "SELECT * FROM %s ORDER BY site, id", merge_table(sheet));
	sqlite3_stmt *s = merge_prepare(m, sql);
	while (!err && s && sqlite3_step(s) == SQLITE_ROW) {
		put_cell(b, 0, (const char *)sqlite3_column_text(s, 0));
		for (int c = 0; c < count; c++)
			put_cell(b, c + 1, (const char *)sqlite3_column_text(s, 3 + c));
		err = xlsx_row(&b->xlsx);
	}
	sqlite3_finalize(s);
	return err;
}

static void write_book(struct merge_db *m, const char *path)
{
	struct book *b = calloc(1, sizeof(*b));
	int err = b ? 0 : -ENOMEM;

	if (b) {
		b->file = fopen(path, "wxe");
		err = b->file ? 0 : -errno;
		xlsx_begin(&b->xlsx, zip_time(1980, 1, 1, 0, 0, 0), to_file, b->file);
		for (int s = 0; !err && s < STICK_SHEET_COUNT_; s++)
			err = write_sheet(b, m, (enum stick_sheet)s);
		if (!err)
			err = xlsx_end(&b->xlsx);
		if (b->file && fclose(b->file) != 0 && !err)
			err = -errno;
		xlsx_wipe(&b->xlsx);
		free(b);
	}
	if (err)
		report_wrong(m->report, "--out: %s: %s", path, strerror(-err));
}

static void add(struct merge_db *m, const char *folder, const struct keyring *ring)
{
	struct package p;
	struct age_keys keys = keyring_keys(ring);
	struct check_open open;
	int64_t wrong = m->report->wrong;
	bool good = package_read(&p, folder, NULL, m->report) && m->report->wrong == wrong &&
		    package_unpack(&p, &keys, -1);

	if (good)
		check_contents(&p, &open);
	if (!good || m->report->wrong != wrong || !merge_db_add(m, &p))
		report_wrong(m->report, "%s: left out", folder);
	package_close(&p);
}

/* Nobody but the office knows whether these are its gates. */
static void print_keys(struct merge_db *m, FILE *out)
{
	sqlite3_stmt *s = merge_prepare(m, "SELECT DISTINCT site, key FROM export ORDER BY site");
	char fingerprint[KEY_FINGERPRINT_BYTES];
	uint8_t key[KEY_BYTES];

	while (s && sqlite3_step(s) == SQLITE_ROW) {
		const char *hex = (const char *)sqlite3_column_text(s, 1);
		if (!hex_decode(hex, strlen(hex), key, sizeof(key)))
			continue;
		key_fingerprint(key, fingerprint);
		fprintf(out, "note: site %d signs with key %s\n", sqlite3_column_int(s, 0),
			fingerprint);
	}
	sqlite3_finalize(s);
}

static void print_good(struct merge_db *m, const char *database, const char *workbook, FILE *out)
{
	fprintf(out,
		"good: %" PRId64 " exports, %" PRId64 " events, %" PRId64
		" visits merged into %s and %s\n",
		merge_db_count(m, "export"), merge_db_count(m, "event"),
		merge_db_count(m, "visitors"), database, workbook);
	print_keys(m, out);
}

bool merge_exports(const struct merge_job *job, FILE *out)
{
	struct office_report report = { .out = out };
	char database[PATH_MAX], workbook[PATH_MAX];
	struct merge_db m = { .report = &report };
	mode_t before = umask(077); /* what visitors said is for nobody else's eyes */

	if (!text_format(database, sizeof(database), "%s.sqlite", job->prefix) ||
	    !text_format(workbook, sizeof(workbook), "%s.xlsx", job->prefix))
		report_wrong(&report, "--out: the name is too long");
	else if (merge_db_open(&m, database, &report)) {
		for (int i = 0; i < job->count; i++)
			add(&m, job->folders[i], job->ring);
		merge_db_prove(&m);
		write_book(&m, workbook);
	}
	report_end(&report);
	if (report.wrong == 0)
		print_good(&m, database, workbook, out);
	merge_db_close(&m);
	umask(before);
	return report.wrong == 0;
}
