/*
 * What a row of one kind says in its columns; a file each. Inside the stick's sheets only.
 * Cells come empty and are filled when there is something to say.
 */
#ifndef STICK_SHEET_CELLS_H
#define STICK_SHEET_CELLS_H

#include "stick/sheet.h"

void sheet_visit_cell(const struct visit *visit, enum sheet_column column, int32_t utc_offset_min,
		      struct sheet_cell *cell);
/* The columns that only a vehicle's driver has, and those who sit with them. */
void sheet_vehicle_cell(const struct visit *visit, enum sheet_column column, int32_t utc_offset_min,
			struct sheet_cell *cell);
void sheet_day_cell(const struct stick_day *day, enum sheet_column column, int32_t utc_offset_min,
		    struct sheet_cell *cell);

void sheet_put(struct sheet_cell *cell, const char *text);
/* One of the two words or 未查, and who says so. */
void sheet_put_fact(struct sheet_cell *cell, const struct fact *fact, const char *good,
		    const char *bad);
void sheet_put_number(struct sheet_cell *cell, int64_t number);
/* The time of a wall clock, to the minute or as its date alone; 0 = never: nothing. */
void sheet_put_minute(struct sheet_cell *cell, int64_t wall_ms, int32_t utc_offset_min);
void sheet_put_date(struct sheet_cell *cell, int64_t wall_ms, int32_t utc_offset_min);

#endif
