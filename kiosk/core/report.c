#include "core/report.h"

#include <string.h>

#include "base/civil.h"
#include "base/text.h"

#define DAY_MS INT64_C(86400000)
#define MINUTE_MS INT64_C(60000)
#define DAY_BITS 32

const char *const REPORT_WORD[REPORT_ROW_COUNT_] = {
	[REPORT_REGISTERED] = "registered",
	[REPORT_ADMITTED] = "admitted",
	[REPORT_ENTERED] = "entered",
	[REPORT_LEFT] = "left",
	[REPORT_REFUSED] = "refused",
	[REPORT_TURNED_BACK] = "turned-back",
	[REPORT_COURIERS] = "couriers",
	[REPORT_LAPSED] = "lapsed",
	[REPORT_MEASURED] = "measured",
	[REPORT_SCREENED_HIGH] = "screened-high",
	[REPORT_FEVER] = "fever",
	[REPORT_FEVER_HOME] = "fever-home",
	[REPORT_CODE_YELLOW] = "code-yellow",
	[REPORT_CODE_RED] = "code-red",
	[REPORT_TRAVEL_STARRED] = "travel-starred",
	[REPORT_TRAVEL_DECLARED] = "travel-declared",
	[REPORT_SYMPTOMS] = "symptoms",
	[REPORT_TEST_BAD] = "test-bad",
	[REPORT_PASSES] = "passes",
	[REPORT_PASSES_REVOKED] = "passes-revoked",
	[REPORT_PASSES_REJECTED] = "passes-rejected",
	[REPORT_PASSES_EXPIRED] = "passes-expired",
	[REPORT_LOGINS] = "logins",
	[REPORT_HANDOVERS] = "handovers",
	[REPORT_LEVELS] = "levels",
	[REPORT_EMERGENCIES] = "emergencies",
	[REPORT_FAULTS] = "faults",
	[REPORT_STARTS] = "starts",
	[REPORT_REVEALED] = "revealed",
	[REPORT_CONTACTS] = "contacts",
	[REPORT_EXPORTS] = "exports",
	[REPORT_VEHICLES_IN] = "vehicles-in",
	[REPORT_VEHICLES_OUT] = "vehicles-out",
	[REPORT_VEHICLES_TURNED_BACK] = "vehicles-turned-back",
	[REPORT_VEHICLES_DISINFECTED] = "vehicles-disinfected",
	[REPORT_DISINFECTIONS] = "disinfections",
	[REPORT_SPOT_DISINFECTIONS] = "spot-disinfections",
	[REPORT_WASTE_BAGS] = "waste-bags",
	[REPORT_INCIDENTS] = "incidents",
};

int64_t report_day_of(int64_t wall_ms, int32_t utc_offset_min)
{
	int64_t start_ms = civil_day_start_ms(wall_ms, utc_offset_min);

	return (start_ms + utc_offset_min * MINUTE_MS) / DAY_MS;
}

int64_t report_day_start_ms(int64_t day, int32_t utc_offset_min)
{
	return day * DAY_MS - utc_offset_min * MINUTE_MS;
}

int64_t report_due_ms(int64_t day, int32_t due_min, int32_t utc_offset_min)
{
	return report_day_start_ms(day + 1, utc_offset_min) + due_min * MINUTE_MS;
}

enum report_state report_state(const struct report_signed *s, int64_t due_ms, int64_t day_end_ms,
			       int64_t now_ms)
{
	if (s->checked_ms)
		return s->checked_ms > due_ms ? REPORT_LATE : REPORT_DONE;
	if (now_ms < day_end_ms)
		return REPORT_RUNNING;
	if (now_ms > due_ms)
		return REPORT_MISSING;
	return s->made_ms ? REPORT_MADE : REPORT_DUE;
}

bool report_is_zero(const struct report *r)
{
	for (int row = REPORT_REGISTERED; row <= REPORT_TEST_BAD; row++)
		if (r->sums[row].period != 0)
			return false;
	return true;
}

int64_t report_number_pack(int64_t day, int32_t rows)
{
	assert(day >= 0 && day < INT64_C(1) << DAY_BITS && rows >= 0);
	return (int64_t)rows << DAY_BITS | day;
}

bool report_number_unpack(int64_t number, int64_t *day, int32_t *rows)
{
	if (number < 0)
		return false;
	*day = number & ((INT64_C(1) << DAY_BITS) - 1);
	*rows = (int32_t)(number >> DAY_BITS);
	return *rows > 0 && *rows <= REPORT_ROW_COUNT_;
}

/* A report that was checked with other figures is made anew; one that was only made, too. */
enum report_act report_act(const struct report *r, const char *account, enum role role)
{
	const struct report_signed *s = &r->signatures;

	if (r->kind == REPORT_SHIFT)
		return role == ROLE_STAFF ? REPORT_ACT_NONE : REPORT_ACT_HANDOVER;
	if (r->kind != REPORT_DAY || r->state == REPORT_RUNNING)
		return REPORT_ACT_NONE;
	if (s->made_ms == 0 || r->changed)
		return REPORT_ACT_MAKE;
	if (s->checked_ms)
		return REPORT_ACT_NONE;
	if (strcmp(s->made_by, account) == 0)
		return REPORT_ACT_OTHER;
	return role == ROLE_SUPERVISOR || role == ROLE_STAFF ? REPORT_ACT_CHECK : REPORT_ACT_HIGHER;
}

/* The digits of text alone; false for anything that is no digit, blank or hyphen. */
static bool only_digits(const char *text, char *digits, size_t cap)
{
	size_t n = 0;

	for (; *text; text++) {
		if (*text == ' ' || *text == '-')
			continue;
		if (*text < '0' || *text > '9' || n + 1 >= cap)
			return false;
		digits[n++] = *text;
	}
	digits[n] = '\0';
	return true;
}

static int32_t number(const char *digits, int len)
{
	int32_t n = 0;

	for (int i = 0; i < len; i++)
		n = n * 10 + (digits[i] - '0');
	return n;
}

static bool moment_of(const char *digits, bool with_time, int32_t utc_offset_min, int64_t *wall_ms)
{
	struct civil c = { .year = number(digits, 4),
			   .month = number(digits + 4, 2),
			   .day = number(digits + 6, 2) };

	if (with_time) {
		c.hour = number(digits + 8, 2);
		c.minute = number(digits + 10, 2);
	}
	if (c.year < 1971 || !civil_date_exists(c.year, c.month, c.day) || c.hour > 23 ||
	    c.minute > 59)
		return false;
	*wall_ms = civil_to_ms(&c, utc_offset_min);
	return true;
}

bool report_parse_period(const char *text, int32_t utc_offset_min, int64_t *from_ms,
			 int64_t *until_ms)
{
	char digits[32];

	if (!only_digits(text, digits, sizeof(digits)))
		return false;
	size_t len = strlen(digits);
	bool times = len == 24;
	if (len != 8 && len != 16 && !times)
		return false;
	if (!moment_of(digits, times, utc_offset_min, from_ms) ||
	    !moment_of(len == 8 ? digits : digits + len / 2, times, utc_offset_min, until_ms))
		return false;
	if (!times)
		*until_ms += DAY_MS;
	return *from_ms < *until_ms;
}

void report_day_text(int64_t day, char dst[16])
{
	struct civil c = civil_from_ms(day * DAY_MS, 0);

	text_format(dst, 16, "%04d-%02d-%02d", c.year, c.month, c.day);
}
