#include "codec/csv.h"

#include <inttypes.h>
#include <string.h>

static size_t blank_at(const char *s)
{
	if (*s == ' ')
		return 1;
	return strncmp(s, "\u3000", 3) == 0 ? 3 : 0;
}

/* What a spreadsheet may take for the beginning of a formula, and the guard itself. */
static bool starts_formula(const char *cell)
{
	static const char *const LEADS[] = { "=",  "+", "-",  "@",  "\t", "\r",
					     "\n", "'", "＝", "＋", "－", "＠" };

	for (size_t n; (n = blank_at(cell)) > 0;)
		cell += n;
	for (size_t i = 0; i < ARRAY_LEN(LEADS); i++)
		if (strncmp(cell, LEADS[i], strlen(LEADS[i])) == 0)
			return true;
	return false;
}

static bool separates_cells(char c)
{
	return c == ';' || c == '\t' || c == '\r' || c == '\n';
}

static void open_field(struct csv_line *line)
{
	if (line->fields++ > 0)
		write_bytes(&line->out, ",", 1);
	write_bytes(&line->out, "\"", 1);
}

void csv_field(struct csv_line *line, const char *text, enum csv_kind kind)
{
	bool cell_start = kind != CSV_PLAIN;

	open_field(line);
	if (kind == CSV_LONG_NUMBER && *text && !starts_formula(text))
		write_bytes(&line->out, "\t", 1);
	const char *run = text; /* what can go out as it stands */
	for (const char *s = text; *s; s++) {
		const char *before = cell_start && starts_formula(s) ? "'" : "";
		const char *quote = *s == '"' ? "\"" : "";
		if (*before || *quote) {
			write_bytes(&line->out, run, (size_t)(s - run));
			write_bytes(&line->out, before, strlen(before));
			write_bytes(&line->out, quote, strlen(quote));
			run = s;
		}
		cell_start = kind != CSV_PLAIN && separates_cells(*s);
	}
	write_bytes(&line->out, run, strlen(run));
	write_bytes(&line->out, "\"", 1);
}

void csv_field_int(struct csv_line *line, int64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, value);
	csv_field(line, text, CSV_PLAIN);
}

void csv_field_hex(struct csv_line *line, const uint8_t *bytes, size_t len)
{
	static const char DIGITS[] = "0123456789abcdef";

	open_field(line);
	for (size_t at = 0; at < len;) {
		char text[128];
		size_t n = 0;
		for (; at < len && n < sizeof(text); at++) {
			text[n++] = DIGITS[bytes[at] >> 4];
			text[n++] = DIGITS[bytes[at] & 15];
		}
		write_bytes(&line->out, text, n);
	}
	write_bytes(&line->out, "\"", 1);
}

void csv_end(struct csv_line *line)
{
	write_bytes(&line->out, "\r\n", 2);
	line->fields = 0;
}

static char peek(const struct csv_reader *reader, size_t ahead)
{
	return ahead < reader->len - reader->at ? reader->data[reader->at + ahead] : '\0';
}

static bool read_quoted(struct csv_reader *reader, struct csv_span *field)
{
	if (reader->at >= reader->len || peek(reader, 0) != '"')
		return false;
	field->data = reader->data + ++reader->at;
	for (;;) {
		const char *quote =
			memchr(reader->data + reader->at, '"', reader->len - reader->at);
		if (!quote)
			return false;
		reader->at = (size_t)(quote - reader->data) + 1;
		if (peek(reader, 0) != '"')
			break;
		reader->at++;
	}
	field->len = (size_t)(reader->data + reader->at - 1 - field->data);
	return true;
}

enum csv_outcome csv_next(struct csv_reader *reader, struct csv_span *fields, int max, int *count)
{
	*count = 0;
	if (reader->at == reader->len)
		return CSV_END;
	while (*count < max) {
		if (!read_quoted(reader, &fields[*count]))
			return CSV_BAD;
		++*count;
		if (peek(reader, 0) == '\r' && peek(reader, 1) == '\n') {
			reader->at += 2;
			reader->row++;
			return CSV_ROW;
		}
		if (peek(reader, 0) != ',')
			return CSV_BAD;
		reader->at++;
	}
	return CSV_BAD;
}

bool csv_text(struct csv_span field, bool guarded, char *dst, size_t cap)
{
	bool cell_start = guarded;
	size_t n = 0;

	for (size_t i = 0; i < field.len; i++) {
		char c = field.data[i];
		if (cell_start && c == '\'') {
			cell_start = false;
			continue;
		}
		if (c == '"')
			i++;
		if (c == '\0' || n + 1 >= cap)
			return false;
		dst[n++] = c;
		cell_start = guarded && separates_cells(c);
	}
	dst[n] = '\0';
	return true;
}

bool csv_int(struct csv_span field, int64_t *value)
{
	bool minus = field.len > 0 && field.data[0] == '-';
	size_t at = minus;
	uint64_t sum = 0;

	if (field.len == at || field.len > at + 19)
		return false;
	if (field.data[at] == '0' && (minus || field.len > 1))
		return false;
	for (; at < field.len; at++) {
		if (field.data[at] < '0' || field.data[at] > '9')
			return false;
		sum = sum * 10 + (uint64_t)(field.data[at] - '0');
	}
	if (sum > INT64_MAX)
		return false;
	*value = minus ? -(int64_t)sum : (int64_t)sum;
	return true;
}
