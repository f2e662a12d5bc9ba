#include "core/days.h"

#define DAY_MIN 1440
#define WALL_END_MS INT64_C(253402300800000) /* 10000-01-01T00:00:00Z */

bool days_is_time(int64_t wall_ms)
{
	return wall_ms > 0 && wall_ms < WALL_END_MS;
}

bool days_clock_counts(const struct moment *now)
{
	return now->clock_trusted && days_is_time(now->wall_ms) && now->utc_offset_min > -DAY_MIN &&
	       now->utc_offset_min < DAY_MIN;
}

/* Rounds towards minus infinity: the day before 1970 is -1, not 0. */
static int64_t floor_div(int64_t value, int64_t by)
{
	return value / by - (value % by < 0);
}

int64_t days_number(int64_t wall_ms, int32_t utc_offset_min)
{
	int64_t local;

	if (__builtin_add_overflow(wall_ms, utc_offset_min * MINUTE_IN_MS, &local))
		local = wall_ms; /* the ends of 64 bits: no day anybody lives in */
	return floor_div(local, DAY_IN_MS);
}

int64_t days_start_ms(int64_t day, int32_t utc_offset_min)
{
	int64_t start;

	if (__builtin_mul_overflow(day, DAY_IN_MS, &start) ||
	    __builtin_sub_overflow(start, utc_offset_min * MINUTE_IN_MS, &start))
		return day < 0 ? INT64_MIN : INT64_MAX;
	return start;
}

int32_t days_minutes(int64_t span_ms)
{
	int64_t minutes = span_ms > 0 ? span_ms / MINUTE_IN_MS : 0;
	return minutes < INT32_MAX ? (int32_t)minutes : INT32_MAX;
}

int32_t days_minutes_begun(int64_t span_ms)
{
	int64_t minutes = span_ms > 0 ? span_ms / MINUTE_IN_MS + (span_ms % MINUTE_IN_MS != 0) : 0;
	return minutes < INT32_MAX ? (int32_t)minutes : INT32_MAX;
}
