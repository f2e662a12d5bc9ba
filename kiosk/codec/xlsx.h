/*
 * Workbooks (ECMA-376 .xlsx) in one pass: any number of rows, typed cells, a frozen heading with a
 * filter on every sheet. Pure, and without temporary files: the sheets go through a ZIP writer as
 * they come. (libxlsxwriter keeps a sheet in a file until the workbook ends; what visitors said
 * must lie on no disk in the clear.)
 *
 * Text is always a string cell: nothing that anybody typed is ever a formula.
 */
#ifndef CODEC_XLSX_H
#define CODEC_XLSX_H

#include "codec/zip.h"

#define XLSX_SHEETS_MAX 48
#define XLSX_COLUMNS_MAX 160
#define XLSX_NAME_BYTES 96 /* 31 characters, as spreadsheets want it */
#define XLSX_ROWS_MAX                                                                              \
	1048576 /* of a sheet, heading included; what goes beyond stands on the next */

enum xlsx_kind {
	XLSX_TEXT,
	XLSX_NUMBER,
	XLSX_DATE,
	XLSX_MINUTE, /* date, hour and minute */
	XLSX_KIND_COUNT_
};

struct xlsx_column {
	const char *heading;
	int width; /* in characters of the default font; a Chinese character takes two */
	enum xlsx_kind kind;
};

struct xlsx_sheet {
	char name[XLSX_NAME_BYTES];
	int columns;
	int64_t rows; /* heading included */
};

struct xlsx {
	struct zip_writer zip;
	int sheet_count;
	struct xlsx_sheet sheets[XLSX_SHEETS_MAX];
	const struct xlsx_column *columns; /* of the open sheet; the caller's */
	char name[XLSX_NAME_BYTES]; /* of the sheet, without a number behind it */
	int part; /* 1: the first sheet of that name */
	int column; /* of the next cell */
	int error; /* the first one; nothing is written after it */
	size_t fill;
	uint8_t buffer[65536];
};

/* dos_time: zip_time. The bytes of the workbook go to the sink. */
void xlsx_begin(struct xlsx *x, uint32_t dos_time, zip_sink_fn sink, void *ctx);

/* Begins a sheet, which ends the one before. columns must live as long as the sheet. -E2BIG: too
 * many sheets; else an error of zip_open or the sink. */
MUST_CHECK int xlsx_sheet(struct xlsx *x, const char *name, const struct xlsx_column *columns,
			  int count);

/* The next cell of the row, "" for an empty one: text as it is to be read; for XLSX_NUMBER a
 * decimal number. What XML cannot hold becomes a blank. */
void xlsx_cell(struct xlsx *x, const char *text);
/* The same for XLSX_DATE and XLSX_MINUTE: seconds since 1970 on the site's clock. */
void xlsx_cell_time(struct xlsx *x, int64_t local_s);

/* Ends the row; it has had as many cells as the sheet has columns. The first error there was. */
MUST_CHECK int xlsx_row(struct xlsx *x);

/* Ends the workbook, which has a sheet. */
MUST_CHECK int xlsx_end(struct xlsx *x);

/* Wipes what may hold content. */
void xlsx_wipe(struct xlsx *x);

#endif
