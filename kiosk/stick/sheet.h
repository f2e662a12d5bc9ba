/*
 * The sheets for people as columns and cells: which sheet has which columns, what a column holds,
 * its heading in both languages, and the words of the domain as the office writes them. The same
 * cells go into the workbook and into the CSV. Pure.
 *
 * There is a sheet for everything the register holds today: the register of outside visitors
 * (外来人员登记表), the vehicles (车辆登记表), the temperatures taken, those who were not let in,
 * the passes, and the daily reports (日报告). A row of a sheet is the message that brought it
 * (codec/stick_msg.h).
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
	/* of a visit */
	SHEET_ROW, /* the visit's number: the same in every sheet and every export */
	SHEET_DAY,
	SHEET_NAME,
	SHEET_SEX,
	SHEET_DOCUMENT_KIND,
	SHEET_DOCUMENT,
	SHEET_PHONE,
	SHEET_ORIGIN,
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
	SHEET_ESCORT,
	SHEET_SIGNATURE, /* empty: for the pen, on paper */
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
	/* of a vehicle, in its driver's visit */
	SHEET_PLATE,
	SHEET_PLATE_KIND,
	SHEET_DRIVER,
	SHEET_OCCUPANTS,
	SHEET_OCCUPANTS_KNOWN,
	SHEET_VEHICLE_PASS,
	SHEET_DISINFECTED,
	SHEET_DISINFECTED_AT,
	SHEET_IN_VEHICLE, /* of those who sit in it: the driver's visit */
	/* of the report of a day */
	SHEET_REPORT_DAY,
	SHEET_REPORT_STATE,
	SHEET_MADE_BY,
	SHEET_MADE,
	SHEET_CHECKED_BY,
	SHEET_CHECKED,
	SHEET_ZERO,
	SHEET_LEVEL,
	SHEET_INSIDE,
	SHEET_FIGURES, /* two of each row of the report: the day's, then the total */
	SHEET_COLUMN_COUNT_ = SHEET_FIGURES + 2 * REPORT_ROW_COUNT_
};

#define SHEET_HEADING_BYTES 96

struct sheet_heading {
	char text[SHEET_HEADING_BYTES]; /* Chinese, then English */
	int width; /* in characters of the default font; a Chinese character takes two */
	enum sheet_kind kind;
};

#define SHEET_CELL_BYTES 2048 /* every reason there can be, each with a clause */

struct sheet_cell {
	char text[SHEET_CELL_BYTES]; /* what is read; "" = empty cell */
	int64_t local_s; /* SHEET_DATE, SHEET_MINUTE: seconds since 1970 on the site's clock */
};

struct sheet_heading sheet_heading(enum sheet_column column);
enum sheet_kind sheet_kind(enum sheet_column column);

/* The columns of a sheet, in order, and its name in the workbook. The first one is what a row is
 * known by: no two rows of a register have the same there. */
int sheet_column_count(enum stick_sheet sheet);
enum sheet_column sheet_column(enum stick_sheet sheet, int index);
const char *sheet_name(enum stick_sheet sheet);

/* A cell of a row of the kind the sheet has. */
void sheet_cell(const struct stick_msg *row, enum sheet_column column, int32_t utc_offset_min,
		struct sheet_cell *cell);

#endif
