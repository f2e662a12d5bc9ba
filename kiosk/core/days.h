/*
 * Reckoning with times and days, for rules that run out: what can be reckoned with at all, and
 * which day of the site's calendar a time falls on. Pure and total: no argument overflows.
 *
 * A day is a calendar day of the site's zone, midnight to midnight; China has had one offset and
 * no summer time since 1991, so every such day has 24 hours.
 */
#ifndef CORE_DAYS_H
#define CORE_DAYS_H

#include "core/types.h"

#define MINUTE_IN_MS INT64_C(60000)
#define DAY_IN_MS INT64_C(86400000)

/* True for a time after 1970 began and before year 10000, where base/civil.h ends. Zero stands for
 * "never" everywhere in the register, so it is none. */
bool days_is_time(int64_t wall_ms);

/* True when the present can be reckoned with: trusted, within the calendar, at an offset of less
 * than a day. */
bool days_clock_counts(const struct moment *now);

/* Days from 1970-01-01 to the day wall_ms falls on at the offset. */
int64_t days_number(int64_t wall_ms, int32_t utc_offset_min);

/* When that day begins; the day before it ends. */
int64_t days_start_ms(int64_t day, int32_t utc_offset_min);

/* Whole minutes of a span, begun ones not counted; never negative, INT32_MAX at most. */
int32_t days_minutes(int64_t span_ms);

/* The same, a begun minute counted as one. */
int32_t days_minutes_begun(int64_t span_ms);

#endif
