/* The row of a day in the sheet of daily reports. Blank is not zero: every figure is printed. */
#include "assets/strings.h"
#include "base/text.h"
#include "stick/sheet_cells.h"

static void put_state(struct sheet_cell *cell, const struct stick_day *day)
{
	text_format(cell->text, sizeof(cell->text), "%s%s",
		    string_report_state(LANGUAGE_ZH, day->state),
		    day->changed ? "；签字后数字有变，须重新填报" : "");
}

static void put_figure(struct sheet_cell *cell, const struct stick_day *day, int index)
{
	const struct report_sum *sum = &day->sums[index / 2];

	sheet_put_number(cell, index % 2 == 0 ? sum->period : sum->total);
}

void sheet_day_cell(const struct stick_day *day, enum sheet_column column, int32_t utc_offset_min,
		    struct sheet_cell *cell)
{
	const struct report_signed *s = &day->signatures;

	if (column >= SHEET_FIGURES)
		put_figure(cell, day, (int)(column - SHEET_FIGURES));
	else if (column == SHEET_REPORT_DAY)
		sheet_put_date(cell, report_day_start_ms(s->day, utc_offset_min), utc_offset_min);
	else if (column == SHEET_REPORT_STATE)
		put_state(cell, day);
	else if (column == SHEET_MADE_BY)
		sheet_put(cell, s->made_by);
	else if (column == SHEET_MADE)
		sheet_put_minute(cell, s->made_ms, utc_offset_min);
	else if (column == SHEET_CHECKED_BY)
		sheet_put(cell, s->checked_by);
	else if (column == SHEET_CHECKED)
		sheet_put_minute(cell, s->checked_ms, utc_offset_min);
	else if (column == SHEET_ZERO)
		sheet_put(cell, day->zero ? "是" : "否");
	else if (column == SHEET_LEVEL && day->level_known)
		sheet_put(cell, string_level(LANGUAGE_ZH, day->level));
	else if (column == SHEET_INSIDE)
		sheet_put_number(cell, day->inside);
}
