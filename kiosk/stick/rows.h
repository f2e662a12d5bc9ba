/*
 * Lines of the CSV files. The sheets are for people: the cells of the workbook, guarded.
 * events.csv and persons.csv are for gatehouse-office: they give every hashed byte back exactly.
 * persons.csv holds its texts as hexadecimal digits, because they must be neither altered by a
 * guard nor be able to start a formula. Pure.
 */
#ifndef STICK_ROWS_H
#define STICK_ROWS_H

#include "codec/csv.h"
#include "codec/stick_msg.h"

#define ROW_MAX 32768

/* Each appends one line with its end; line->out.bad when it does not fit (ROW_MAX always does). */
void row_headings(struct csv_line *line, enum stick_sheet sheet);
void row_cells(struct csv_line *line, enum stick_sheet sheet, const struct stick_msg *row,
	       int32_t utc_offset_min);
void row_event(struct csv_line *line, const struct stick_event *event);
void row_person(struct csv_line *line, const struct stick_person *person);

#endif
