#include "core/account_form.h"

#include <string.h>

#include "base/civil.h"
#include "base/text.h"

#define DAY_MS INT64_C(86400000)
#define MINUTE_MS INT64_C(60000)

bool account_may(enum role by, bool own, enum role role)
{
	if (by == ROLE_STAFF)
		return true;
	return by == ROLE_SUPERVISOR && (own || role == ROLE_GUARD);
}

void account_form_load(struct account_form *form, int32_t utc_offset_min)
{
	form->until[0] = '\0';
	form->until_ms = form->until_was_ms;
	if (form->until_was_ms == 0)
		return;
	struct civil last = civil_from_ms(form->until_was_ms - 1, utc_offset_min);
	text_format(form->until, sizeof(form->until), "%04d%02d%02d", last.year, last.month,
		    last.day);
}

char *account_form_field(struct account_form *form, int32_t field, size_t *room)
{
	const struct {
		char *text;
		size_t room;
	} FIELDS[ACCOUNT_FIELD_COUNT_] = {
		[ACCOUNT_FIELD_NAME] = { form->name, sizeof(form->name) },
		[ACCOUNT_FIELD_PIN] = { form->pin, sizeof(form->pin) },
		[ACCOUNT_FIELD_AGAIN] = { form->again, sizeof(form->again) },
		[ACCOUNT_FIELD_UNTIL] = { form->until, sizeof(form->until) },
	};
	assert(field >= 0 && field < ACCOUNT_FIELD_COUNT_);
	*room = FIELDS[field].room;
	return FIELDS[field].text;
}

static bool digits(const char *text)
{
	return strspn(text, "0123456789") == strlen(text);
}

static enum note check_pin(const struct account_form *form)
{
	if (form->pin[0] == '\0' && form->again[0] == '\0' && form->act == ACCOUNT_CHANGE)
		return NOTE_NONE; /* stays as it is */
	if (strlen(form->pin) < PIN_MIN || !digits(form->pin))
		return NOTE_ACCOUNT_PIN;
	return strcmp(form->pin, form->again) == 0 ? NOTE_NONE : NOTE_ACCOUNT_PIN_TWICE;
}

static enum note check_until(struct account_form *form, int32_t today, int32_t utc_offset_min)
{
	char iso[40];
	int64_t midnight_ms;

	form->until_ms = 0;
	if (form->until[0] == '\0')
		return NOTE_NONE;
	text_format(iso, sizeof(iso), "%.4s-%.2s-%.2sT00:00:00Z", form->until, form->until + 4,
		    form->until + 6);
	if (strlen(form->until) != 8 || !digits(form->until) || !civil_parse_iso(iso, &midnight_ms))
		return NOTE_ACCOUNT_UNTIL;
	struct civil last = civil_from_ms(midnight_ms, 0);
	if (last.year * 10000 + last.month * 100 + last.day < today)
		return NOTE_ACCOUNT_UNTIL;
	form->until_ms = midnight_ms + DAY_MS - utc_offset_min * MINUTE_MS;
	return NOTE_NONE;
}

enum note account_form_check(struct account_form *form, int32_t today, int32_t utc_offset_min)
{
	if (form->act == ACCOUNT_REMOVE)
		return NOTE_NONE;
	if (form->name[0] == '\0')
		return NOTE_ACCOUNT_NAME;
	if (form->role <= ROLE_NONE || form->role >= ROLE_COUNT_)
		return NOTE_ACCOUNT_ROLE;
	enum note note = check_pin(form);
	if (note == NOTE_NONE)
		note = check_until(form, today, utc_offset_min);
	if (note == NOTE_NONE && form->act == ACCOUNT_CHANGE && form->pin[0] == '\0' &&
	    form->until_ms == form->until_was_ms)
		return NOTE_ACCOUNT_SAME;
	return note;
}
