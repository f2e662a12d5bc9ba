/*
 * Once as a file: reading ends, within the bytes. Once as what a visitor typed: guarding can be
 * undone exactly, and what stands in the file starts no formula.
 */
#include <stdlib.h>
#include <string.h>

#include "codec/csv.h"
#include "office/sheets.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TEXT_MAX 2048

static void read_file(const uint8_t *data, size_t size)
{
	struct csv_reader reader = { .data = (const char *)data, .len = size };
	struct csv_span fields[12];
	char text[256];
	int64_t value;
	int count;

	while (csv_next(&reader, fields, ARRAY_LEN(fields), &count) == CSV_ROW)
		for (int i = 0; i < count; i++)
			if (!csv_text(fields[i], true, text, sizeof(text)) &&
			    csv_int(fields[i], &value))
				abort();
	if (reader.at > size)
		abort();
}

static void write_field(const char *typed, enum csv_kind kind)
{
	static uint8_t file[TEXT_MAX * 3 + 16];
	static char text[TEXT_MAX];
	struct csv_line line = { .out = { .data = file, .cap = sizeof(file) } };
	struct csv_span field;
	int count;

	csv_field(&line, typed, kind);
	csv_end(&line);
	struct csv_reader reader = { .data = (const char *)file, .len = line.out.len };
	if (line.out.bad || csv_next(&reader, &field, 1, &count) != CSV_ROW)
		abort();
	if (field.len > 0 && strchr("=+-@\r\n", field.data[0]))
		abort();
	if (kind == CSV_LONG_NUMBER)
		return;
	if (!csv_text(field, true, text, sizeof(text)) || strcmp(text, typed) != 0)
		abort();
}

/* The office's readers over the same bytes, behind the columns they expect. */
static void read_sheets(const uint8_t *data, size_t size)
{
	static char events[TEXT_MAX + 512], persons[TEXT_MAX + 512];
	struct registrations all = { 0 };
	struct manifest manifest = { .first_seq = 1, .last_seq = 1, .events = 1 };
	FILE *null = fopen("/dev/null", "w");
	struct office_report report = { .out = null };
	size_t begin_events = strlen(strcpy(events, CSV_BOM EXPORT_EVENTS_COLUMNS));
	size_t begin_persons = strlen(strcpy(persons, CSV_BOM EXPORT_PERSONS_COLUMNS));

	if (!null)
		abort();
	memcpy(events + begin_events, data, size);
	memcpy(persons + begin_persons, data, size);
	struct sheet_bytes events_sheet = { events, begin_events + size };
	struct sheet_bytes persons_sheet = { persons, begin_persons + size };
	check_events(&manifest, events_sheet, &all, &report);
	check_persons(&manifest, persons_sheet, &all, &report);
	check_visitors(&manifest, events_sheet, persons_sheet, &report);
	registrations_free(&all);
	fclose(null);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char typed[TEXT_MAX];

	read_file(data, size);
	if (size >= sizeof(typed))
		return 0;
	read_sheets(data, size);
	memcpy(typed, data, size);
	typed[size] = '\0';
	write_field(typed, CSV_GUARDED);
	write_field(typed, CSV_LONG_NUMBER);
	return 0;
}
