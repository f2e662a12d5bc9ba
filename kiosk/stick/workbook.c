#include "stick/workbook.h"

#include <fcntl.h>
#include <string.h>
#include <sys/statvfs.h>

#include "base/log.h"
#include "base/text.h"

/* The sheet writer does not look whether its temporary file took what it wrote, so room is looked
 * for before: much more than a handful of rows can take. */
#define ROOM_BYTES (UINT64_C(1) << 20)
#define ROOM_EVERY_ROWS 64

static bool has_room(const char *work_dir)
{
	struct statvfs fs;

	return statvfs(work_dir, &fs) == 0 && (uint64_t)fs.f_bavail * fs.f_frsize >= ROOM_BYTES;
}

static lxw_format *cell_format(lxw_workbook *book, const char *number_format)
{
	lxw_format *format = workbook_add_format(book);

	format_set_border(format, LXW_BORDER_THIN);
	format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
	format_set_num_format(format, number_format);
	return format;
}

static void make_formats(struct workbook *w)
{
	w->heading = cell_format(w->book, "@");
	format_set_bold(w->heading);
	format_set_bg_color(w->heading, 0xE7EEF7);
	format_set_align(w->heading, LXW_ALIGN_CENTER);
	w->formats[SHEET_TEXT] = cell_format(w->book, "@");
	w->formats[SHEET_TYPED] = w->formats[SHEET_TEXT];
	w->formats[SHEET_LONG_NUMBER] = w->formats[SHEET_TEXT];
	w->formats[SHEET_NUMBER] = cell_format(w->book, "General");
	w->formats[SHEET_DATE] = cell_format(w->book, "yyyy-mm-dd");
	w->formats[SHEET_MINUTE] = cell_format(w->book, "yyyy-mm-dd hh:mm");
}

/* A sheet holds 1,048,576 rows; what goes beyond stands on the next one. */
static int next_sheet(struct workbook *w)
{
	char name[LXW_SHEETNAME_MAX];

	if (w->sheets++ == 0)
		text_copy(name, sizeof(name), "外来人员登记表");
	else
		text_format(name, sizeof(name), "外来人员登记表 %d", w->sheets);
	w->sheet = workbook_add_worksheet(w->book, name);
	if (!w->sheet)
		return -ENOMEM;
	for (int c = 0; c < SHEET_COLUMN_COUNT_; c++) {
		const struct sheet_heading *h = sheet_heading((enum sheet_column)c);
		worksheet_set_column(w->sheet, (lxw_col_t)c, (lxw_col_t)c, h->width, NULL);
		if (worksheet_write_string(w->sheet, 0, (lxw_col_t)c, h->text, w->heading))
			return -ENOMEM;
	}
	worksheet_freeze_panes(w->sheet, 1, SHEET_NAME + 1);
	worksheet_set_landscape(w->sheet);
	worksheet_set_paper(w->sheet, 8); /* A3 */
	worksheet_fit_to_pages(w->sheet, 1, 0);
	worksheet_repeat_rows(w->sheet, 0, 0);
	w->sheet_row = 1;
	return 0;
}

static void end_sheet(struct workbook *w)
{
	worksheet_autofilter(w->sheet, 0, 0, w->sheet_row - 1, SHEET_COLUMN_COUNT_ - 1);
}

int workbook_begin(struct workbook *workbook, const char *work_dir, int32_t utc_offset_min)
{
	char dir[PATH_MAX], path[64];

	*workbook = (struct workbook){ .fd = -1,
				       .work_dir = work_dir,
				       .utc_offset_min = utc_offset_min };
	workbook->fd = open(work_dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (workbook->fd < 0) {
		log_error("stick: work directory: %s", strerror(errno));
		return -ENOMEM;
	}
	if (!has_room(work_dir)) {
		log_error("stick: work directory: no room");
		return -ENOMEM;
	}
	text_copy(dir, sizeof(dir), work_dir);
	text_format(path, sizeof(path), "/proc/self/fd/%d", workbook->fd);
	lxw_workbook_options options = { .constant_memory = LXW_TRUE,
					 .tmpdir = dir,
					 .use_zip64 = LXW_FALSE };
	workbook->book = workbook_new_opt(path, &options);
	if (!workbook->book)
		return -ENOMEM;
	make_formats(workbook);
	return next_sheet(workbook);
}

/* What XML 1.0 cannot hold becomes a blank. */
static void blank_controls(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7F)
			*text = ' ';
}

static lxw_error write_cell(struct workbook *w, enum sheet_column column, struct sheet_cell *cell)
{
	enum sheet_kind kind = sheet_heading(column)->kind;
	lxw_format *format = w->formats[kind];
	lxw_col_t at = (lxw_col_t)column;

	if (cell->text[0] == '\0')
		return worksheet_write_blank(w->sheet, w->sheet_row, at, format);
	if (kind == SHEET_NUMBER)
		return worksheet_write_number(w->sheet, w->sheet_row, at, cell->number, format);
	if (kind == SHEET_DATE || kind == SHEET_MINUTE)
		return worksheet_write_unixtime(w->sheet, w->sheet_row, at, cell->local_s, format);
	blank_controls(cell->text);
	return worksheet_write_string(w->sheet, w->sheet_row, at, cell->text, format);
}

int workbook_row(struct workbook *workbook, const struct visit *visit)
{
	struct sheet_cell cell;
	int err = 0;

	if (workbook->sheet_row == LXW_ROW_MAX) {
		end_sheet(workbook);
		err = next_sheet(workbook);
		if (err)
			return err;
	}
	if (workbook->rows % ROOM_EVERY_ROWS == 0 && !has_room(workbook->work_dir))
		return -ENOMEM;
	workbook->rows++;
	for (int c = 0; !err && c < SHEET_COLUMN_COUNT_; c++) {
		sheet_cell(visit, workbook->rows, (enum sheet_column)c, workbook->utc_offset_min,
			   &cell);
		if (write_cell(workbook, (enum sheet_column)c, &cell))
			err = -ENOMEM;
	}
	explicit_bzero(&cell, sizeof(cell));
	workbook->sheet_row++;
	return err;
}

static int copy_to(int from, struct outfile *file)
{
	uint8_t buffer[16384];
	off_t at = 0;

	for (;;) {
		ssize_t n = pread(from, buffer, sizeof(buffer), at);
		if (n < 0)
			return -ENOMEM;
		if (n == 0)
			return at > 0 ? 0 : -ENOMEM;
		int err = outfile_write(file, buffer, (size_t)n);
		if (err)
			return err;
		at += n;
	}
}

int workbook_finish(struct workbook *workbook, struct outfile *file)
{
	bool room = has_room(workbook->work_dir);

	end_sheet(workbook);
	lxw_error bad = workbook_close(workbook->book);
	workbook->book = NULL;
	if (bad || !room || !has_room(workbook->work_dir)) {
		log_error("stick: sheet not made: %s", bad ? lxw_strerror(bad) : "no room");
		return -ENOMEM;
	}
	int err = copy_to(workbook->fd, file);
	close_fd(&workbook->fd);
	return err;
}

void workbook_abandon(struct workbook *workbook)
{
	if (workbook->book)
		lxw_workbook_free(workbook->book);
	workbook->book = NULL;
	close_fd(&workbook->fd);
}
