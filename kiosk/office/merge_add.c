/* One export into the merged file, in one transaction. What is in there already stays, unless this
 * export is a later one. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "codec/csv.h"
#include "codec/hex.h"
#include "codec/xlsx.h"
#include "office/columns.h"
#include "office/merge_sql.h"
#include "office/sheets.h"
#include "store/chain.h"
#include "store/entry_codec.h"

struct adding {
	struct merge_db *m;
	struct package *package;
	int64_t number; /* of the export: later ones are larger */
	uint32_t site;
};

static bool add_export(struct adding *a)
{
	const struct manifest *f = &a->package->manifest;
	char key[HEX_TEXT_BYTES(32)];
	sqlite3_stmt *s = merge_prepare(
		a->m, "INSERT INTO export VALUES(NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");

	if (!s)
		return false;
	hex_encode(f->public_key, sizeof(f->public_key), key);
	sqlite3_bind_text(s, 1, a->package->id, -1, SQLITE_TRANSIENT);
	sqlite3_bind_int64(s, 2, f->site_id);
	sqlite3_bind_text(s, 3, f->site, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 4, f->gate, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 5, key, -1, SQLITE_STATIC);
	sqlite3_bind_int64(s, 6, f->first_seq);
	sqlite3_bind_int64(s, 7, f->last_seq);
	sqlite3_bind_blob(s, 8, f->prev, sizeof(f->prev), SQLITE_STATIC);
	sqlite3_bind_int(s, 9, f->range != MANIFEST_RANGE_DAYS);
	bool good = merge_run(a->m, s);
	sqlite3_finalize(s);
	a->number = f->last_seq;
	return good;
}

/* Two registers under one number: nothing of the second may be mixed with the first. */
static bool same_gate(struct adding *a)
{
	char key[HEX_TEXT_BYTES(32)];
	sqlite3_stmt *s = merge_prepare(
		a->m, "SELECT name FROM export WHERE site = ?1 AND key <> ?2 LIMIT 1");

	if (!s)
		return false;
	hex_encode(a->package->manifest.public_key, 32, key);
	sqlite3_bind_int64(s, 1, a->site);
	sqlite3_bind_text(s, 2, key, -1, SQLITE_STATIC);
	bool other = sqlite3_step(s) == SQLITE_ROW;
	if (other)
		report_wrong(a->m->report,
			     "%s: site %" PRIu32 " signs with another key than in %s: left out",
			     a->package->id, a->site, sqlite3_column_text(s, 0));
	sqlite3_finalize(s);
	return !other;
}

static bool bind_event(sqlite3_stmt *s, const struct csv_span f[EXPORT_EVENTS_FIELDS])
{
	uint8_t body[4096], hash[MANIFEST_HASH_BYTES];
	size_t body_len = f[8].len / 2;
	char actor[ACCOUNT_BYTES];
	int64_t number;

	for (int i = 0; i < 6; i++) {
		static const int COLUMN[] = { 2, 3, 4, 5, 6, 7 };
		if (!csv_int(f[i], &number))
			return false;
		sqlite3_bind_int64(s, COLUMN[i], number);
	}
	if (!csv_text(f[7], true, actor, sizeof(actor)) || body_len > sizeof(body) ||
	    !hex_decode(f[8].data, f[8].len, body, body_len) ||
	    !hex_decode(f[9].data, f[9].len, hash, sizeof(hash)))
		return false;
	sqlite3_bind_text(s, 8, f[6].data, (int)f[6].len, SQLITE_TRANSIENT);
	sqlite3_bind_text(s, 9, actor, -1, SQLITE_TRANSIENT);
	sqlite3_bind_blob(s, 10, body, (int)body_len, SQLITE_TRANSIENT);
	sqlite3_bind_blob(s, 11, hash, sizeof(hash), SQLITE_TRANSIENT);
	return true;
}

static bool add_registration(struct adding *a, sqlite3_stmt *s,
			     const struct csv_span f[EXPORT_EVENTS_FIELDS])
{
	uint8_t body[4096], commitment[CHAIN_HASH_BYTES];
	int64_t type = 0, seq = 0;
	uint64_t id;

	if (!csv_int(f[5], &type) || !csv_int(f[0], &seq) || type != ENTRY_REGISTERED ||
	    !hex_decode(f[8].data, f[8].len, body, f[8].len / 2) ||
	    !chain_find_commitment(body, f[8].len / 2, &id, commitment))
		return true;
	sqlite3_bind_int64(s, 1, a->site);
	sqlite3_bind_int64(s, 2, (int64_t)id);
	sqlite3_bind_int64(s, 3, seq);
	sqlite3_bind_blob(s, 4, commitment, sizeof(commitment), SQLITE_TRANSIENT);
	return merge_run(a->m, s);
}

static bool add_forgotten(struct adding *a, sqlite3_stmt *s,
			  const struct csv_span f[EXPORT_EVENTS_FIELDS])
{
	uint8_t body[ENTRY_BODY_BYTES], commitment[CHAIN_HASH_BYTES];
	size_t len = f[8].len / 2;
	int64_t type = 0, seq = 0;
	struct entry told;

	if (!csv_int(f[5], &type) || !csv_int(f[0], &seq) || type != ENTRY_FORGOTTEN ||
	    len > sizeof(body) || !hex_decode(f[8].data, f[8].len, body, len) ||
	    !entry_decode(ENTRY_FORGOTTEN, 0, body, len, &told, commitment) ||
	    told.forgotten.first == 0)
		return true;
	sqlite3_bind_int64(s, 1, a->site);
	sqlite3_bind_int64(s, 2, (int64_t)told.forgotten.first);
	sqlite3_bind_int64(s, 3, (int64_t)told.forgotten.last);
	sqlite3_bind_int64(s, 4, seq);
	return merge_run(a->m, s);
}

/* The same event again must be the same: the update that changes nothing tells. */
static bool add_event(struct adding *a, sqlite3_stmt *event,
		      const struct csv_span f[EXPORT_EVENTS_FIELDS])
{
	sqlite3_bind_int64(event, 1, a->site);
	if (!bind_event(event, f) || !merge_run(a->m, event))
		return false;
	if (sqlite3_changes(a->m->db) == 1)
		return true;
	report_wrong(a->m->report,
		     "%s: event %.*s of site %" PRIu32 " is another one in an export before",
		     a->package->id, (int)f[0].len, f[0].data, a->site);
	return false;
}

/* The file was checked before: rows of another form are not met here, and end the adding. */
static bool add_events(struct adding *a, struct package_bytes bytes)
{
	struct csv_reader reader = { .data = bytes.data, .len = bytes.len };
	struct csv_span f[EXPORT_EVENTS_FIELDS];
	sqlite3_stmt *event = merge_prepare(
		a->m, "INSERT INTO event VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
		      " ON CONFLICT(site, seq) DO UPDATE SET hash = excluded.hash"
		      " WHERE hash = excluded.hash");
	sqlite3_stmt *registration =
		merge_prepare(a->m, "INSERT OR IGNORE INTO registration VALUES(?1, ?2, ?3, ?4)");
	sqlite3_stmt *forgotten =
		merge_prepare(a->m, "INSERT OR IGNORE INTO forgotten VALUES(?1, ?2, ?3, ?4)");
	bool good = event && registration && forgotten;
	int count;

	reader.at = strlen(CSV_BOM EXPORT_EVENTS_COLUMNS);
	while (good && csv_next(&reader, f, EXPORT_EVENTS_FIELDS, &count) == CSV_ROW)
		good = count == EXPORT_EVENTS_FIELDS && add_event(a, event, f) &&
		       add_registration(a, registration, f) && add_forgotten(a, forgotten, f);
	sqlite3_finalize(event);
	sqlite3_finalize(registration);
	sqlite3_finalize(forgotten);
	return good;
}

static bool take_person(void *ctx, const struct person_row *row)
{
	struct adding *a = ctx;
	uint8_t commitment[CHAIN_HASH_BYTES];
	sqlite3_stmt *s =
		merge_prepare(a->m, "INSERT OR REPLACE INTO person VALUES(?1, ?2, ?3, ?4)");

	if (!s)
		return false;
	chain_commit(row, commitment);
	sqlite3_bind_int64(s, 1, a->site);
	sqlite3_bind_int64(s, 2, (int64_t)row->visit_id);
	sqlite3_bind_int64(s, 3, a->number);
	sqlite3_bind_blob(s, 4, commitment, sizeof(commitment), SQLITE_STATIC);
	bool good = merge_run(a->m, s);
	sqlite3_finalize(s);
	return good;
}

/* A cell as it is read: without the marks that keep a spreadsheet from taking it for something. */
static bool cell_text(enum sheet_kind kind, struct csv_span field, char *text, size_t cap)
{
	if (kind == SHEET_LONG_NUMBER && field.len > 0 && field.data[0] == '\t')
		return csv_text((struct csv_span){ field.data + 1, field.len - 1 }, false, text,
				cap);
	return csv_text(field, kind == SHEET_TYPED || kind == SHEET_LONG_NUMBER, text, cap);
}

/* What a row is known by: the visit's number or the pass's; a date as 20261123. */
static int64_t row_id(enum sheet_kind kind, const char *text)
{
	if (kind != SHEET_DATE)
		return strtoll(text, NULL, 10);
	int64_t id = 0;
	for (; *text; text++)
		if (*text != '-')
			id = id * 10 + (*text - '0');
	return id;
}

static bool bind_row(sqlite3_stmt *s, enum stick_sheet sheet, const struct columns *columns,
		     const struct csv_span *line)
{
	char text[SHEET_CELL_BYTES + 64];
	int count = sheet_column_count(sheet);

	for (int c = 0; c < count; c++) {
		enum sheet_kind kind = sheet_kind(sheet_column(sheet, c));
		if (!cell_text(kind, columns_cell(columns, c, line), text, sizeof(text)))
			return false;
		sqlite3_bind_text(s, 4 + c, text, -1, SQLITE_TRANSIENT);
		if (c == 0)
			sqlite3_bind_int64(s, 2, row_id(kind, text));
	}
	sodium_memzero(text, sizeof(text));
	return true;
}

/* Later exports know more of a visit: they replace, and are not replaced. */
static sqlite3_stmt *prepare_row(struct merge_db *m, enum stick_sheet sheet)
{
	char sql[256 + XLSX_COLUMNS_MAX * 8];
	int columns = sheet_column_count(sheet);

	text_format(sql, sizeof(sql), "INSERT OR REPLACE INTO %s SELECT ?1, ?2, ?3",
		    merge_table(sheet));
	for (int c = 0; c < columns; c++) {
		size_t used = strlen(sql);
		text_format(sql + used, sizeof(sql) - used, ", ?%d", 4 + c);
	}
	size_t used = strlen(sql);
	text_format(sql + used, sizeof(sql) - used,
		    " WHERE NOT EXISTS (SELECT 1 FROM %s WHERE site = ?1 AND id = ?2 AND"
		    " export > ?3)",
		    merge_table(sheet));
	return merge_prepare(m, sql);
}

static bool add_rows(struct adding *a, enum stick_sheet sheet, struct csv_reader *reader,
		     const struct columns *columns)
{
	struct csv_span line[XLSX_COLUMNS_MAX];
	sqlite3_stmt *s = prepare_row(a->m, sheet);
	bool good = s != NULL;
	int count;

	while (good && csv_next(reader, line, XLSX_COLUMNS_MAX, &count) == CSV_ROW) {
		sqlite3_bind_int64(s, 1, a->site);
		sqlite3_bind_int64(s, 3, a->number);
		good = count == columns->count && bind_row(s, sheet, columns, line) &&
		       merge_run(a->m, s);
	}
	sqlite3_finalize(s);
	return good;
}

static bool add_sheet(struct adding *a, enum stick_sheet sheet)
{
	const char *name = stick_section_part((enum stick_section)(STICK_SECTION_CSV + (int)sheet));
	struct csv_span line[XLSX_COLUMNS_MAX];
	struct columns columns;
	int count;

	if (!package_has(a->package, name)) /* those it must have were looked for before */
		return true;
	struct package_bytes bytes = package_map(a->package, name);
	struct csv_reader reader = { .data = bytes.data, .len = bytes.len, .at = strlen(CSV_BOM) };
	bool good = bytes.data && csv_next(&reader, line, XLSX_COLUMNS_MAX, &count) == CSV_ROW &&
		    columns_read(&columns, sheet, line, count);
	if (bytes.data && !good)
		report_wrong(a->m->report, "%s: %s has columns that this program does not know",
			     a->package->id, name);
	good = good && add_rows(a, sheet, &reader, &columns);
	package_unmap(&bytes);
	return good;
}

static bool add_parts(struct adding *a)
{
	struct package_bytes events = package_map(a->package, EXPORT_EVENTS_NAME);
	struct package_bytes persons = package_map(a->package, EXPORT_PERSONS_NAME);
	bool good = events.data && persons.data && add_events(a, events) &&
		    each_person((struct sheet_bytes){ persons.data, persons.len }, take_person, a);

	package_unmap(&events);
	package_unmap(&persons);
	for (int s = 0; good && s < STICK_SHEET_COUNT_; s++)
		good = add_sheet(a, (enum stick_sheet)s);
	return good;
}

bool merge_db_add(struct merge_db *m, struct package *package)
{
	struct adding a = { .m = m, .package = package, .site = package->manifest.site_id };

	if (!same_gate(&a) || !merge_sql(m, "BEGIN"))
		return false;
	int64_t wrong = m->report->wrong;
	bool good = add_export(&a) && add_parts(&a);
	if (!good && m->report->wrong == wrong)
		report_wrong(m->report, "%s: cannot be merged", package->id);
	return merge_sql(m, good ? "COMMIT" : "ROLLBACK") && good;
}
