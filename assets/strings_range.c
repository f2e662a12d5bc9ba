/* The range of an export in words; days as days, anything finer to the minute. */
#include <string.h>

#include "assets/strings.h"
#include "base/civil.h"
#include "base/text.h"

#define DAY_MS INT64_C(86400000)

static bool is_midnight(int64_t wall_ms, int32_t utc_offset_min)
{
	return civil_day_start_ms(wall_ms, utc_offset_min) == wall_ms;
}

void string_export_range(enum language language, const struct export_range *range,
			 int32_t utc_offset_min, char *dst, size_t cap)
{
	bool days = is_midnight(range->from_ms, utc_offset_min) &&
		    is_midnight(range->until_ms, utc_offset_min);
	char from[CIVIL_TEXT_BYTES], until[CIVIL_TEXT_BYTES];

	if (range->scope != EXPORT_DAYS) {
		text_copy(dst, cap,
			  string_get(language, range->scope == EXPORT_SINCE_LAST
						       ? STR_EXPORT_RANGE_SINCE_LAST
						       : STR_EXPORT_RANGE_EVERYTHING));
		return;
	}
	civil_format_minute(range->from_ms, utc_offset_min, from);
	civil_format_minute(range->until_ms - (days ? DAY_MS : 0), utc_offset_min, until);
	if (days)
		from[10] = until[10] = '\0'; /* the date of YYYY-MM-DD HH:MM */
	if (days && strcmp(from, until) == 0)
		text_copy(dst, cap, from);
	else
		string_fill(dst, cap, string_get(language, STR_EXPORT_RANGE_DAYS), from, until,
			    NULL);
}
