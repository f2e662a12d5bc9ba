#include "stick/archive.h"

#include <string.h>

#include "base/civil.h"
#include "base/text.h"

#define LEVEL                                                                                      \
	1 /* the stick is slower than this, and a gate machine's processor is, too, with more */
#define STORED 0 /* the workbook is compressed already */

static int to_file(void *ctx, const void *bytes, size_t len)
{
	return outfile_write(ctx, bytes, len);
}

static int to_age(void *ctx, const void *bytes, size_t len)
{
	return age_write(ctx, bytes, len);
}

static int to_zip(void *ctx, const void *bytes, size_t len)
{
	return zip_write(ctx, bytes, len);
}

static bool is_sheet(int section)
{
	return section >= STICK_SECTION_WORKBOOK;
}

static enum stick_sheet sheet_of(int section)
{
	return stick_section_sheet((enum stick_section)section);
}

static uint32_t dos_time(const struct stick_open *open)
{
	struct civil t = civil_from_ms(open->wall_ms, open->utc_offset_min);

	return zip_time(t.year, t.month, t.day, t.hour, t.minute, t.second);
}

static_assert(XLSX_COLUMNS_MAX >= SHEET_COLUMN_COUNT_, "a sheet of all the columns fits");

int archive_begin(struct archive *a, int dir, const char *name, const struct age_to *to,
		  const struct stick_open *open)
{
	struct age_random random;

	a->utc_offset_min = open->utc_offset_min;
	a->section = -1;
	a->line = (struct csv_line){ .out = { .data = a->lines, .cap = sizeof(a->lines) } };
	int err = outfile_open(&a->file, dir, name);
	if (err)
		return err;
	randombytes_buf(&random, sizeof(random));
	err = age_begin(&a->age, to, &random, to_file, &a->file);
	zip_begin(&a->zip, true, dos_time(open), to_age, &a->age);
	return err;
}

static int flush_lines(struct archive *a)
{
	if (a->line.out.bad)
		return -EMSGSIZE;
	int err = zip_write(&a->zip, a->lines, a->line.out.len);
	a->line.out.len = 0;
	return err;
}

/* Lines gather until there are enough of them to be worth a call. */
static int end_line(struct archive *a)
{
	if (a->line.out.bad)
		return -EMSGSIZE;
	return a->line.out.len > sizeof(a->lines) - ROW_MAX ? flush_lines(a) : 0;
}

static int end_part(struct archive *a)
{
	struct manifest_part *part = &a->parts[a->part_count - 1];
	int err = is_sheet(a->section) ? xlsx_end(&a->book) : flush_lines(a);

	if (!err)
		err = zip_close(&a->zip);
	part->size = (int64_t)a->zip.members[a->zip.count - 1].size;
	return err;
}

static int begin_part(struct archive *a, enum stick_section section)
{
	struct manifest_part *part = &a->parts[a->part_count++];

	*part = (struct manifest_part){ .size = 0 };
	text_copy(part->name, sizeof(part->name), stick_section_part(section));
	int err = zip_open(&a->zip, part->name, is_sheet((int)section) ? STORED : LEVEL);
	if (!err && is_sheet((int)section))
		xlsx_begin(&a->book, a->zip.dos_time, to_zip, &a->zip);
	return err;
}

static int begin_sheet(struct archive *a, enum stick_sheet sheet)
{
	static const enum xlsx_kind KIND[] = {
		[SHEET_TEXT] = XLSX_TEXT,        [SHEET_TYPED] = XLSX_TEXT,
		[SHEET_LONG_NUMBER] = XLSX_TEXT, [SHEET_NUMBER] = XLSX_NUMBER,
		[SHEET_DATE] = XLSX_DATE,        [SHEET_MINUTE] = XLSX_MINUTE,
	};
	int count = sheet_column_count(sheet);

	for (int c = 0; c < count; c++) {
		struct sheet_heading *h = &a->headings[c];
		*h = sheet_heading(sheet_column(sheet, c));
		a->columns[c] = (struct xlsx_column){ h->text, h->width, KIND[h->kind] };
	}
	return xlsx_sheet(&a->book, sheet_name(sheet), a->columns, count);
}

static int begin_lines(struct archive *a, enum stick_section section)
{
	const char *columns =
		section == STICK_SECTION_EVENTS ? EXPORT_EVENTS_COLUMNS : EXPORT_PERSONS_COLUMNS;

	write_bytes(&a->line.out, CSV_BOM, strlen(CSV_BOM));
	if (section < STICK_SECTION_CSV)
		write_bytes(&a->line.out, columns, strlen(columns));
	else
		row_headings(&a->line, sheet_of((int)section));
	return end_line(a);
}

/* The sheets of the workbook are one part; before it, every section is its own. */
int archive_section(struct archive *a, enum stick_section section)
{
	int err = 0;

	if ((int)section != a->section + 1)
		return -EPROTO;
	if (a->section >= 0 && !is_sheet(a->section))
		err = end_part(a);
	if (!err && section <= STICK_SECTION_WORKBOOK)
		err = begin_part(a, section);
	a->section = (int)section;
	if (err)
		return err;
	return is_sheet(a->section) ? begin_sheet(a, sheet_of(a->section))
				    : begin_lines(a, section);
}

static int sheet_row(struct archive *a, const struct stick_msg *row)
{
	struct sheet_cell cell;
	enum stick_sheet sheet = sheet_of(a->section);
	int count = sheet_column_count(sheet);

	for (int c = 0; c < count; c++) {
		enum sheet_column column = sheet_column(sheet, c);
		enum sheet_kind kind = sheet_kind(column);
		sheet_cell(row, column, a->utc_offset_min, &cell);
		if ((kind == SHEET_DATE || kind == SHEET_MINUTE) && cell.text[0])
			xlsx_cell_time(&a->book, cell.local_s);
		else
			xlsx_cell(&a->book, cell.text);
	}
	explicit_bzero(&cell, sizeof(cell));
	return xlsx_row(&a->book);
}

int archive_row(struct archive *a, const struct stick_msg *msg)
{
	if (a->section < 0 || msg->type != stick_section_row((enum stick_section)a->section))
		return -EPROTO;
	if (msg->type == STICK_VISIT && !stick_sheet_takes(sheet_of(a->section), &msg->visit))
		return -EPROTO;
	a->parts[a->part_count - 1].rows++;
	if (is_sheet(a->section))
		return sheet_row(a, msg);
	if (msg->type == STICK_EVENT)
		row_event(&a->line, &msg->event);
	else if (msg->type == STICK_PERSON)
		row_person(&a->line, &msg->person);
	else
		row_cells(&a->line, sheet_of(a->section), msg, a->utc_offset_min);
	return end_line(a);
}

int archive_end(struct archive *a, struct manifest *manifest)
{
	if (a->section != STICK_SECTION_COUNT_ - 1)
		return -EPROTO;
	int err = end_part(a);
	if (!err)
		err = zip_end(&a->zip);
	if (!err)
		err = age_end(&a->age);
	if (!err)
		err = outfile_close(&a->file, &manifest->archive);
	memcpy(manifest->parts, a->parts, sizeof(manifest->parts));
	manifest->part_count = a->part_count;
	return err;
}

void archive_abandon(struct archive *a)
{
	outfile_abandon(&a->file);
	explicit_bzero(a, sizeof(*a));
	a->file.fd = -1;
}
