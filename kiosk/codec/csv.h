/*
 * Comma-separated sheets (RFC 4180: CRLF, every field quoted, quotes doubled) that a spreadsheet
 * opens without executing or mangling anything. Pure.
 *
 * Guarding: a cell that begins with = + - @ (also full-width), TAB, CR or LF, with or without
 * blanks before it, gets an apostrophe in front (OWASP ASVS 5.0 1.2.10). The same is done after
 * each semicolon, TAB and line break inside a field, because a spreadsheet set to another separator
 * cuts there. An apostrophe that stands in such a place is doubled, so that guarding can be undone
 * exactly: csv_text.
 *
 * Long numbers (identity, phone) carry a leading TAB, or the apostrophe when they need guarding:
 * both keep them text in Excel and LibreOffice, where a bare 18-digit number loses its last three
 * digits and ="..." would itself be a formula.
 */
#ifndef CODEC_CSV_H
#define CODEC_CSV_H

#include "base/bytes.h"

#define CSV_BOM "\xEF\xBB\xBF" /* without it Excel reads Chinese as the local code page */

enum csv_kind {
	CSV_PLAIN, /* our own words, numbers and hexadecimal digits */
	CSV_GUARDED, /* what a person typed */
	CSV_LONG_NUMBER, /* what a person typed and a spreadsheet takes for a number or date */
};

/* One line being written; out is the caller's, out.bad says that it did not fit. */
struct csv_line {
	struct writer out;
	int fields;
};

void csv_field(struct csv_line *line, const char *text, enum csv_kind kind);
void csv_field_int(struct csv_line *line, int64_t value);
void csv_field_hex(struct csv_line *line, const uint8_t *bytes, size_t len);
void csv_end(struct csv_line *line);

/* A field as it stands in the file between its quotes. */
struct csv_span {
	const char *data;
	size_t len;
};

struct csv_reader {
	const char *data; /* owned by the caller */
	size_t len, at;
	int64_t row; /* rows read so far */
};

enum csv_outcome {
	CSV_ROW,
	CSV_END, /* after the last row; not a row */
	CSV_BAD, /* not the form described above, or more than max fields: reading ends here */
};

MUST_CHECK enum csv_outcome csv_next(struct csv_reader *reader, struct csv_span *fields, int max,
				     int *count);

/* The text behind a CSV_PLAIN or CSV_GUARDED field. False: does not fit, or holds a NUL. */
MUST_CHECK bool csv_text(struct csv_span field, bool guarded, char *dst, size_t cap);

/* A decimal number in its only form: no sign but a minus, no leading zeroes. */
MUST_CHECK bool csv_int(struct csv_span field, int64_t *value);

#endif
