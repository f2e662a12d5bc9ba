/*
 * Which cell of a line is which column of a sheet, by the headings in the file: a gate of before
 * has fewer columns, and its exports are read for years. Pure.
 */
#ifndef OFFICE_COLUMNS_H
#define OFFICE_COLUMNS_H

#include "codec/csv.h"
#include "codec/xlsx.h"
#include "stick/sheet.h"

struct columns {
	int count; /* of the cells of a line */
	int at[XLSX_COLUMNS_MAX]; /* for each column of the sheet, in its order; -1 = not there */
};

/* From the file's first line. False when a heading is unknown or there twice, or when the first
 * column, by which rows are known, is missing: then no cell can be trusted to be what it seems. */
MUST_CHECK bool columns_read(struct columns *columns, enum stick_sheet sheet,
			     const struct csv_span *headings, int count);

/* The cell of a column; empty when the file does not have it. */
struct csv_span columns_cell(const struct columns *columns, int index, const struct csv_span *line);

/* The same by the column itself, which the sheet has. */
struct csv_span columns_find(const struct columns *columns, enum stick_sheet sheet,
			     enum sheet_column column, const struct csv_span *line);

#endif
