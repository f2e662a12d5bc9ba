#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/text.h"
#include "codec/csv.h"
#include "codec/hex.h"
#include "office/columns.h"
#include "office/sheets.h"
#include "store/chain.h"

#define WHERE EXPORT_PERSONS_NAME " row %" PRId64
#define VISITORS_WHERE EXPORT_VISITORS_NAME " row %" PRId64

static bool hex_text(struct csv_span field, char *dst, size_t cap)
{
	if (field.len / 2 >= cap ||
	    !hex_decode(field.data, field.len, (uint8_t *)dst, field.len / 2))
		return false;
	dst[field.len / 2] = '\0';
	return strlen(dst) == field.len / 2 && utf8_valid(dst, field.len / 2);
}

/* count: as many fields as were read, fewer in a file from before there were plates. */
static bool parse_person(const struct csv_span field[EXPORT_PERSONS_FIELDS], int count,
			 struct person_row *row)
{
	struct person *p = &row->person;
	uint8_t code[CODE_DIGEST_BYTES] = { 0 };
	int64_t id, kind;

	*row = (struct person_row){ 0 };
	if (!csv_int(field[0], &id) || id < 1 ||
	    !hex_decode(field[1].data, field[1].len, row->salt, sizeof(row->salt)) ||
	    !hex_text(field[2], p->name, sizeof(p->name)) || !csv_int(field[3], &kind) ||
	    kind < 0 || kind >= DOCUMENT_COUNT_ ||
	    !hex_text(field[4], p->document, sizeof(p->document)) ||
	    !hex_text(field[5], p->phone, sizeof(p->phone)) ||
	    !hex_text(field[6], p->household, sizeof(p->household)) ||
	    !hex_text(field[7], p->purpose, sizeof(p->purpose)) ||
	    (count > EXPORT_PERSONS_FIELDS_OLD &&
	     (!hex_text(field[8], p->plate, sizeof(p->plate)) ||
	      !hex_decode(field[9].data, field[9].len, code, sizeof(code)))))
		return false;
	struct reader r = { .data = code, .len = sizeof(code) };
	row->code_digest = read_uint(&r, sizeof(code));
	row->visit_id = (uint64_t)id;
	p->document_kind = (enum document_kind)kind;
	return true;
}

static int by_id(const void *key, const void *member)
{
	uint64_t id = *(const uint64_t *)key;
	const struct registration *one = member;

	return (id > one->visit_id) - (id < one->visit_id);
}

/* True when it was looked at: its registration is among the events. */
static bool check_person(const struct person_row *row, int64_t at, bool all_events,
			 struct registrations *all, struct office_report *report)
{
	uint8_t commitment[CHAIN_HASH_BYTES];
	struct registration *one =
		all->count ? bsearch(&row->visit_id, all->list, all->count, sizeof(*one), by_id)
			   : NULL;

	if (!one) {
		if (all_events)
			report_wrong(report, WHERE ": visit %" PRIu64 " was never registered", at,
				     row->visit_id);
		return false;
	}
	if (one->seen)
		report_wrong(report, WHERE ": visit %" PRIu64 " stands here twice", at,
			     row->visit_id);
	one->seen = true;
	chain_commit(row, commitment);
	if (memcmp(commitment, one->commitment, sizeof(commitment)) != 0)
		report_wrong(report,
			     WHERE ": the person of visit %" PRIu64
				   " is not the one registered in event %" PRId64,
			     at, row->visit_id, one->seq);
	return true;
}

/* persons.csv, after its first line; that says how many fields a line has. */
struct persons_reader {
	struct csv_reader csv;
	int fields;
};

static bool begin_persons(struct persons_reader *reader, struct sheet_bytes sheet)
{
	static const struct {
		const char *line;
		int fields;
	} BEGIN[] = {
		{ CSV_BOM EXPORT_PERSONS_COLUMNS, EXPORT_PERSONS_FIELDS },
		{ CSV_BOM EXPORT_PERSONS_COLUMNS_OLD, EXPORT_PERSONS_FIELDS_OLD },
	};

	*reader = (struct persons_reader){ .csv = { .data = sheet.data, .len = sheet.len } };
	for (size_t i = 0; i < ARRAY_LEN(BEGIN); i++) {
		size_t len = strlen(BEGIN[i].line);
		if (sheet.len < len || memcmp(sheet.data, BEGIN[i].line, len) != 0)
			continue;
		reader->csv.at = len;
		reader->csv.row = 1;
		reader->fields = BEGIN[i].fields;
		return true;
	}
	return false;
}

/* The next line; *good says whether it is a person, who is then in *row. */
static enum csv_outcome next_person(struct persons_reader *reader, struct person_row *row,
				    bool *good)
{
	struct csv_span fields[EXPORT_PERSONS_FIELDS];
	int count;
	enum csv_outcome outcome = csv_next(&reader->csv, fields, EXPORT_PERSONS_FIELDS, &count);

	*good = outcome == CSV_ROW && count == reader->fields && parse_person(fields, count, row);
	return outcome;
}

int64_t check_persons(const struct manifest *manifest, struct sheet_bytes sheet,
		      struct registrations *all, struct office_report *report)
{
	struct persons_reader reader;
	struct person_row row = { 0 };
	enum csv_outcome outcome;
	int64_t persons = 0, earlier = 0;
	bool good;

	if (!begin_persons(&reader, sheet)) {
		report_wrong(report, EXPORT_PERSONS_NAME ": the first line is not its columns");
		return 0;
	}
	while ((outcome = next_person(&reader, &row, &good)) == CSV_ROW) {
		persons++;
		if (good)
			earlier += !check_person(&row, reader.csv.row, manifest->first_seq == 1,
						 all, report);
		else
			report_wrong(report, WHERE ": is not a person", reader.csv.row);
	}
	sodium_memzero(&row, sizeof(row));
	if (outcome == CSV_BAD)
		report_wrong(report, WHERE ": cannot be read from here on", reader.csv.row + 1);
	if (persons != manifest->persons)
		report_wrong(report,
			     EXPORT_PERSONS_NAME " holds %" PRId64
						 " persons, the manifest says %" PRId64,
			     persons, manifest->persons);
	return earlier;
}

/* Takes the mark off that keeps a long number text. */
static bool long_number(struct csv_span field, char *dst, size_t cap)
{
	if (field.len > 0 && field.data[0] == '\t')
		return csv_text((struct csv_span){ field.data + 1, field.len - 1 }, false, dst,
				cap);
	return csv_text(field, true, dst, cap);
}

/* What visitors.csv says of a person, in the columns that persons.csv holds too. */
struct visitor {
	struct csv_span number, name, document, phone, purpose, household;
};

static struct visitor read_visitor(const struct columns *columns, const struct csv_span *line)
{
	enum stick_sheet sheet = STICK_SHEET_VISITORS;

	return (struct visitor){
		.number = columns_find(columns, sheet, SHEET_ROW, line),
		.name = columns_find(columns, sheet, SHEET_NAME, line),
		.document = columns_find(columns, sheet, SHEET_DOCUMENT, line),
		.phone = columns_find(columns, sheet, SHEET_PHONE, line),
		.purpose = columns_find(columns, sheet, SHEET_PURPOSE, line),
		.household = columns_find(columns, sheet, SHEET_HOUSEHOLD, line),
	};
}

static bool same_person(const struct visitor *v, const struct person_row *row)
{
	const struct person *p = &row->person;
	char text[HOUSEHOLD_BYTES + PURPOSE_BYTES + NAME_BYTES];
	int64_t id;

	return csv_int(v->number, &id) && (uint64_t)id == row->visit_id &&
	       csv_text(v->name, true, text, sizeof(text)) && strcmp(text, p->name) == 0 &&
	       long_number(v->document, text, sizeof(text)) && strcmp(text, p->document) == 0 &&
	       long_number(v->phone, text, sizeof(text)) && strcmp(text, p->phone) == 0 &&
	       csv_text(v->purpose, true, text, sizeof(text)) && strcmp(text, p->purpose) == 0 &&
	       long_number(v->household, text, sizeof(text)) && strcmp(text, p->household) == 0;
}

static bool is_blank(const struct visitor *v)
{
	return v->name.len + v->document.len + v->phone.len + v->purpose.len + v->household.len ==
	       0;
}

/* Visitors whose personal fields were deleted have no person; the others come in the same order.
 * Who gave nothing has a person with nothing in it, and a blank row too. */
static void check_visitor(const struct visitor *visitor, int64_t at, struct persons_reader *persons,
			  struct office_report *report)
{
	struct persons_reader before = *persons;
	struct person_row row = { 0 };
	bool good, there = next_person(persons, &row, &good) == CSV_ROW && good;
	int64_t id;

	if (is_blank(visitor) && csv_int(visitor->number, &id) &&
	    !(there && row.visit_id == (uint64_t)id))
		*persons = before;
	else if (!there || !same_person(visitor, &row))
		report_wrong(report,
			     VISITORS_WHERE ": does not say what " EXPORT_PERSONS_NAME
					    " row %" PRId64 " says",
			     at, persons->csv.row);
	sodium_memzero(&row, sizeof(row));
}

/* The headings, and with them where a row's cells are. */
static bool begin_visitors(struct csv_reader *reader, struct sheet_bytes sheet,
			   struct columns *columns, struct office_report *report)
{
	struct csv_span line[XLSX_COLUMNS_MAX];
	int count;

	*reader = (struct csv_reader){ .data = sheet.data, .len = sheet.len };
	if (sheet.len < strlen(CSV_BOM) || memcmp(sheet.data, CSV_BOM, strlen(CSV_BOM)) != 0) {
		report_wrong(report, EXPORT_VISITORS_NAME ": does not begin as it should");
		return false;
	}
	reader->at = strlen(CSV_BOM);
	if (csv_next(reader, line, XLSX_COLUMNS_MAX, &count) == CSV_ROW &&
	    columns_read(columns, STICK_SHEET_VISITORS, line, count))
		return true;
	report_wrong(report, EXPORT_VISITORS_NAME " has columns that this program does not know");
	return false;
}

void check_visitors(const struct manifest *manifest, struct sheet_bytes sheet,
		    struct sheet_bytes persons_sheet, struct office_report *report)
{
	struct csv_reader reader;
	struct persons_reader persons;
	struct csv_span line[XLSX_COLUMNS_MAX];
	struct columns columns;
	enum csv_outcome outcome;
	int count;

	if (!begin_persons(&persons, persons_sheet)) /* told by check_persons */
		return;
	if (!begin_visitors(&reader, sheet, &columns, report))
		return;
	while ((outcome = csv_next(&reader, line, XLSX_COLUMNS_MAX, &count)) == CSV_ROW) {
		struct visitor visitor;
		if (count != columns.count) {
			report_wrong(report, VISITORS_WHERE ": is not a visit", reader.row);
			continue;
		}
		visitor = read_visitor(&columns, line);
		check_visitor(&visitor, reader.row, &persons, report);
	}
	if (outcome == CSV_BAD)
		report_wrong(report, VISITORS_WHERE ": cannot be read from here on",
			     reader.row + 1);
	if (persons.csv.at != persons.csv.len)
		report_wrong(report,
			     EXPORT_PERSONS_NAME " row %" PRId64 ": " EXPORT_VISITORS_NAME
						 " does not hold this person",
			     persons.csv.row + 1);
	if (reader.row - 1 != manifest->visits)
		report_wrong(report,
			     EXPORT_VISITORS_NAME " holds %" PRId64
						  " visits, the manifest says %" PRId64,
			     reader.row - 1, manifest->visits);
}

void check_rows(const char *name, int64_t rows, struct sheet_bytes sheet,
		struct office_report *report)
{
	struct csv_reader reader = { .data = sheet.data, .len = sheet.len };
	struct csv_span fields[XLSX_COLUMNS_MAX];
	enum csv_outcome outcome;
	int columns = 0, count;

	if (sheet.len < strlen(CSV_BOM) || memcmp(sheet.data, CSV_BOM, strlen(CSV_BOM)) != 0) {
		report_wrong(report, "%s: does not begin as it should", name);
		return;
	}
	reader.at = strlen(CSV_BOM);
	while ((outcome = csv_next(&reader, fields, XLSX_COLUMNS_MAX, &count)) == CSV_ROW) {
		if (columns == 0)
			columns = count;
		if (count != columns)
			report_wrong(report, "%s row %" PRId64 ": has %d cells, not %d", name,
				     reader.row, count, columns);
	}
	if (outcome == CSV_BAD)
		report_wrong(report, "%s row %" PRId64 ": cannot be read from here on", name,
			     reader.row + 1);
	if (reader.row - 1 != rows)
		report_wrong(report, "%s holds %" PRId64 " rows, the manifest says %" PRId64, name,
			     reader.row - 1, rows);
}

bool each_person(struct sheet_bytes sheet, bool (*take)(void *ctx, const struct person_row *row),
		 void *ctx)
{
	struct persons_reader reader;
	struct person_row row = { 0 };
	enum csv_outcome outcome = CSV_END;
	bool good = begin_persons(&reader, sheet), person;

	while (good && (outcome = next_person(&reader, &row, &person)) == CSV_ROW)
		good = person && take(ctx, &row);
	sodium_memzero(&row, sizeof(row));
	return good && outcome == CSV_END;
}
