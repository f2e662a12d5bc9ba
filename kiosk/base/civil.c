/*
 * Days are counted in the proleptic Gregorian calendar by the usual 400-year-era arithmetic, so
 * that nothing here depends on the C library's zone data or on a global TZ.
 */
#include "base/civil.h"

#include <string.h>

#define DAY_MS INT64_C(86400000)

static int64_t days_from_date(int32_t year, int32_t month, int32_t day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = y / 400;
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + day_of_era - 719468;
}

struct civil civil_from_ms(int64_t wall_ms, int32_t offset_min)
{
	int64_t local = wall_ms + (int64_t)offset_min * 60000;
	if (local < 0)
		local = 0;
	int64_t days = local / DAY_MS;
	int64_t second = local % DAY_MS / 1000;

	int64_t z = days + 719468;
	int64_t era = z / 146097;
	int64_t day_of_era = z % 146097;
	int64_t year_of_era =
		(day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year =
		day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t shifted_month = (5 * day_of_year + 2) / 153;
	int64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;

	return (struct civil){
		.year = (int32_t)(year_of_era + era * 400 + (month <= 2)),
		.month = (int32_t)month,
		.day = (int32_t)(day_of_year - (153 * shifted_month + 2) / 5 + 1),
		.hour = (int32_t)(second / 3600),
		.minute = (int32_t)(second / 60 % 60),
		.second = (int32_t)(second % 60),
		.weekday = (int32_t)((days + 4) % 7),
	};
}

int64_t civil_to_ms(const struct civil *c, int32_t offset_min)
{
	int64_t days = days_from_date(c->year, c->month, c->day);
	int64_t seconds = c->hour * 3600 + c->minute * 60 + c->second;
	return days * DAY_MS + seconds * 1000 - (int64_t)offset_min * 60000;
}

bool civil_date_exists(int32_t year, int32_t month, int32_t day)
{
	static const int32_t DAYS[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
		return false;
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return day <= DAYS[month - 1] + (month == 2 && leap);
}

int64_t civil_day_start_ms(int64_t wall_ms, int32_t offset_min)
{
	struct civil c = civil_from_ms(wall_ms, offset_min);
	c.hour = c.minute = c.second = 0;
	return civil_to_ms(&c, offset_min);
}

void civil_format_iso(int64_t wall_ms, int32_t offset_min, char *dst)
{
	struct civil c = civil_from_ms(wall_ms, offset_min);
	int32_t off = offset_min < 0 ? -offset_min : offset_min;
	snprintf(dst, CIVIL_TEXT_BYTES, "%04u-%02u-%02uT%02u:%02u:%02u%c%02u:%02u",
		 (unsigned)c.year % 10000, (unsigned)c.month % 100, (unsigned)c.day % 100,
		 (unsigned)c.hour % 100, (unsigned)c.minute % 100, (unsigned)c.second % 100,
		 offset_min < 0 ? '-' : '+', (unsigned)(off / 60) % 100, (unsigned)(off % 60));
}

void civil_format_minute(int64_t wall_ms, int32_t offset_min, char *dst)
{
	struct civil c = civil_from_ms(wall_ms, offset_min);
	snprintf(dst, CIVIL_TEXT_BYTES, "%04u-%02u-%02u %02u:%02u", (unsigned)c.year % 10000,
		 (unsigned)c.month % 100, (unsigned)c.day % 100, (unsigned)c.hour % 100,
		 (unsigned)c.minute % 100);
}

/* Reads exactly n decimal digits; -1 when one is missing. */
static int32_t digits(const char *s, int n)
{
	int32_t value = 0;

	for (int i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return -1;
		value = value * 10 + (s[i] - '0');
	}
	return value;
}

bool civil_parse_iso(const char *text, int64_t *wall_ms)
{
	size_t len = strnlen(text, CIVIL_TEXT_BYTES);
	if (len != 20 && len != 25)
		return false;
	if (text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' ||
	    text[16] != ':')
		return false;

	struct civil c = {
		.year = digits(text, 4),
		.month = digits(text + 5, 2),
		.day = digits(text + 8, 2),
		.hour = digits(text + 11, 2),
		.minute = digits(text + 14, 2),
		.second = digits(text + 17, 2),
	};
	if (!civil_date_exists(c.year, c.month, c.day) || c.hour < 0 || c.hour > 23 ||
	    c.minute < 0 || c.minute > 59 || c.second < 0 || c.second > 59)
		return false;

	int32_t offset = 0;
	if (len == 25) {
		int32_t h = digits(text + 20, 2), m = digits(text + 23, 2);
		if ((text[19] != '+' && text[19] != '-') || text[22] != ':' || h < 0 || h > 14 ||
		    m < 0 || m > 59)
			return false;
		offset = (text[19] == '-' ? -1 : 1) * (h * 60 + m);
	} else if (text[19] != 'Z') {
		return false;
	}
	*wall_ms = civil_to_ms(&c, offset);
	return true;
}
