/*
 * Wall-clock time as milliseconds since 1970-01-01T00:00:00Z, and its civil form at a fixed offset
 * (the site's zone; China has had one offset and no summer time since 1991). Pure.
 */
#ifndef BASE_CIVIL_H
#define BASE_CIVIL_H

#include "base/defs.h"

struct civil {
	int32_t year, month, day; /* month 1..12, day 1..31 */
	int32_t hour, minute, second; /* 0..23, 0..59, 0..59 */
	int32_t weekday; /* 0 = Sunday */
};

#define CIVIL_TEXT_BYTES 32

/* Valid for years 1970..9999; earlier times are clamped to 1970. */
struct civil civil_from_ms(int64_t wall_ms, int32_t offset_min);

/* The inverse; fields must be in range. */
int64_t civil_to_ms(const struct civil *civil, int32_t offset_min);

/* True when year, month and day name a day of the Gregorian calendar. */
bool civil_date_exists(int32_t year, int32_t month, int32_t day);

/* Midnight (at the offset) at or before wall_ms. */
int64_t civil_day_start_ms(int64_t wall_ms, int32_t offset_min);

/* "2026-11-23T08:00:00+08:00". dst holds CIVIL_TEXT_BYTES. */
void civil_format_iso(int64_t wall_ms, int32_t offset_min, char *dst);

/* "2026-11-23 08:00". dst holds CIVIL_TEXT_BYTES. */
void civil_format_minute(int64_t wall_ms, int32_t offset_min, char *dst);

/* Reads YYYY-MM-DDTHH:MM:SS followed by Z or +HH:MM / -HH:MM. False on anything else. */
bool civil_parse_iso(const char *text, int64_t *wall_ms);

/* 2026-01-01T00:00:00Z: this program is younger than any honest clock below it. */
#define CLOCK_EARLIEST_MS INT64_C(1767225600000)

#endif
