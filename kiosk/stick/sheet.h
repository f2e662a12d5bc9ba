/*
 * The sheets for people as columns and cells: which sheet has which columns, what a column holds,
 * its heading in both languages, and the words of the domain as the office writes them. The same
 * cells go into the workbook and into the CSV. Pure.
 *
 * There is a sheet for everything the register holds today: the register of outside visitors
 * (外来人员登记表), the temperatures taken, those who were not let in, and the passes.
 */
#ifndef STICK_SHEET_H
#define STICK_SHEET_H

#include "codec/stick_msg.h"

enum sheet_kind {
	SHEET_TEXT, /* our own words */
	SHEET_TYPED, /* what a person typed */
	SHEET_LONG_NUMBER, /* digits that are no quantity, 3-2-1 that is no date: must stay text */
	SHEET_NUMBER,
	SHEET_DATE,
	SHEET_MINUTE, /* date, hour and minute */
};

enum sheet_column {
	SHEET_ROW, /* the visit's number: the same in every sheet and every export */
	SHEET_DAY,
	SHEET_NAME,
	SHEET_DOCUMENT_KIND,
	SHEET_DOCUMENT,
	SHEET_PHONE,
	SHEET_PURPOSE,
	SHEET_HOUSEHOLD,
	SHEET_FOREHEAD,
	SHEET_SECOND,
	SHEET_CLINICAL,
	SHEET_AMBIENT,
	SHEET_HEALTH_CODE,
	SHEET_TRAVEL_CARD,
	SHEET_TRAVEL_14D,
	SHEET_SYMPTOMS,
	SHEET_MASK,
	SHEET_RESULT,
	SHEET_CLAUSES,
	SHEET_ENTERED,
	SHEET_LEFT,
	SHEET_GUARD,
	SHEET_PASS,
	SHEET_REMARKS,
	SHEET_MEASURED,
	SHEET_CLASS,
	SHEET_DECIDED,
	SHEET_ISSUED,
	SHEET_EXPIRES,
	SHEET_USES,
	SHEET_PRINTED,
	SHEET_COLUMN_COUNT_
};

struct sheet_heading {
	const char *text; /* Chinese, then English */
	int width; /* in characters of the default font; a Chinese character takes two */
	enum sheet_kind kind;
};

#define SHEET_CELL_BYTES 2048 /* every reason there can be, each with a clause */

struct sheet_cell {
	char text[SHEET_CELL_BYTES]; /* what is read; "" = empty cell */
	double number; /* SHEET_NUMBER */
	int64_t local_s; /* SHEET_DATE, SHEET_MINUTE: seconds since 1970 on the site's clock */
};

const struct sheet_heading *sheet_heading(enum sheet_column column);

/* The columns of a sheet, in order, and its name in the workbook. */
const enum sheet_column *sheet_columns(enum stick_sheet sheet, int *count);
const char *sheet_name(enum stick_sheet sheet);

void sheet_cell(const struct visit *visit, enum sheet_column column, int32_t utc_offset_min,
		struct sheet_cell *cell);

#endif
