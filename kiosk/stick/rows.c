#include "stick/rows.h"

#include <string.h>

#include "base/bytes.h"
#include "stick/sheet.h"

static enum csv_kind kind_of(enum sheet_kind kind)
{
	switch (kind) {
	case SHEET_TYPED:
		return CSV_GUARDED;
	case SHEET_LONG_NUMBER:
		return CSV_LONG_NUMBER;
	case SHEET_TEXT:
	case SHEET_NUMBER:
	case SHEET_DATE:
	case SHEET_MINUTE:
	default:
		return CSV_PLAIN;
	}
}

void row_headings(struct csv_line *line, enum stick_sheet sheet)
{
	int count = sheet_column_count(sheet);

	for (int c = 0; c < count; c++) {
		struct sheet_heading heading = sheet_heading(sheet_column(sheet, c));
		csv_field(line, heading.text, CSV_PLAIN);
	}
	csv_end(line);
}

void row_cells(struct csv_line *line, enum stick_sheet sheet, const struct stick_msg *row,
	       int32_t utc_offset_min)
{
	struct sheet_cell cell;
	int count = sheet_column_count(sheet);

	for (int c = 0; c < count; c++) {
		enum sheet_column column = sheet_column(sheet, c);
		sheet_cell(row, column, utc_offset_min, &cell);
		csv_field(line, cell.text, kind_of(sheet_kind(column)));
	}
	csv_end(line);
	explicit_bzero(&cell, sizeof(cell));
}

void row_event(struct csv_line *line, const struct stick_event *event)
{
	csv_field_int(line, event->seq);
	csv_field_int(line, event->boot);
	csv_field_int(line, event->wall_ms);
	csv_field_int(line, event->mono_ms);
	csv_field_int(line, event->clock_trusted);
	csv_field_int(line, event->type);
	csv_field(line, event->word, CSV_PLAIN);
	csv_field(line, event->actor, CSV_GUARDED);
	csv_field_hex(line, event->body, event->body_len);
	csv_field_hex(line, event->hash, sizeof(event->hash));
	csv_end(line);
}

static void text_as_hex(struct csv_line *line, const char *text)
{
	csv_field_hex(line, (const uint8_t *)text, strlen(text));
}

void row_person(struct csv_line *line, const struct stick_person *person)
{
	const struct person *p = &person->person;

	csv_field_int(line, (int64_t)person->visit_id);
	csv_field_hex(line, person->salt, sizeof(person->salt));
	text_as_hex(line, p->name);
	csv_field_int(line, (int64_t)p->document_kind);
	text_as_hex(line, p->document);
	text_as_hex(line, p->phone);
	text_as_hex(line, p->household);
	text_as_hex(line, p->purpose);
	text_as_hex(line, p->plate);
	uint8_t code[CODE_DIGEST_BYTES];
	struct writer w = { .data = code, .cap = sizeof(code) };
	write_uint(&w, person->code_digest, sizeof(code));
	csv_field_hex(line, code, sizeof(code));
	csv_end(line);
}
