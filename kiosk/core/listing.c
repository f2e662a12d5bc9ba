#include "core/listing.h"

#include <string.h>

#include "base/text.h"
#include "core/identity.h"

static void add_reason(struct decision *d, enum reason_code code, enum lift lift, enum role by)
{
	bool may = (lift == LIFT_GUARD && (by == ROLE_GUARD || by == ROLE_SUPERVISOR)) ||
		   (lift == LIFT_SUPERVISOR && by == ROLE_SUPERVISOR);

	assert(d->reason_count < REASONS_MAX);
	struct reason *r = &d->reasons[d->reason_count++];
	r->code = code;
	r->check = CHECK_REAL_NAME; /* who somebody says they are, and where they go */
	r->lift = lift;
	r->lifted = may;
	if (!may && d->verdict > VERDICT_REFER)
		d->verdict = VERDICT_REFER;
}

void listing_apply(struct decision *d, const struct listing *l, enum role by)
{
	if (d->verdict < VERDICT_REFER)
		return;
	if (l->document)
		add_reason(d, REASON_LISTED_DOCUMENT, LIFT_SUPERVISOR, by);
	else if (l->name)
		add_reason(d, REASON_LISTED_NAME, LIFT_GUARD, by);
	if (l->household_unknown)
		add_reason(d, REASON_HOUSEHOLD_UNKNOWN, LIFT_GUARD, by);
}

bool listing_shows(const struct decision *d)
{
	for (int i = 0; i < d->reason_count; i++)
		if (d->reasons[i].code == REASON_LISTED_DOCUMENT ||
		    d->reasons[i].code == REASON_LISTED_NAME ||
		    d->reasons[i].code == REASON_HOUSEHOLD_UNKNOWN)
			return true;
	return false;
}

static int32_t capital(int32_t cp)
{
	return cp >= 'a' && cp <= 'z' ? cp - 'a' + 'A' : cp;
}

static bool is_alnum(int32_t cp)
{
	return (cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'Z');
}

/* Half-width and trimmed; false when it does not fit, which no field of a person does not. */
static bool folded(const char *text, char *out, size_t cap)
{
	bool fits = text_copy(out, cap, text);

	text_fold_width(out);
	return fits;
}

/* What stands between the numbers of an address, longest first. */
static size_t separator(const char *s)
{
	static const char *const WORDS[] = { "号楼", "单元", "号", "楼", "栋", "幢", "座",
					     "室",   "户",   "—",  "–",  "·",  "-",  "/",
					     "#",    ".",    ",",  "，", "、", "_",  " " };

	for (size_t i = 0; i < ARRAY_LEN(WORDS); i++)
		if (strncmp(s, WORDS[i], strlen(WORDS[i])) == 0)
			return strlen(WORDS[i]);
	return 0;
}

bool listing_household_key(const char *household, char key[HOUSEHOLD_BYTES])
{
	char text[2 * HOUSEHOLD_BYTES];
	bool gap = false, good = folded(household, text, sizeof(text));

	key[0] = '\0';
	for (const char *s = text; good && *s;) {
		size_t skip = separator(s);
		s += skip;
		gap |= skip > 0;
		if (skip > 0)
			continue;
		int32_t cp = capital(utf8_next(&s));
		if (cp < 0x20 || (gap && key[0] && !utf8_append(key, HOUSEHOLD_BYTES, '-')) ||
		    !utf8_append(key, HOUSEHOLD_BYTES, cp))
			good = false;
		gap = false;
	}
	return good && key[0];
}

bool listing_document_key(const char *document, char key[DOCUMENT_BYTES])
{
	char text[2 * DOCUMENT_BYTES];
	bool good = folded(document, text, sizeof(text));

	key[0] = '\0';
	for (const char *s = text; good && *s;) {
		int32_t cp = capital(utf8_next(&s));
		if (cp < 0x20)
			good = false;
		else if (is_alnum(cp))
			good = utf8_append(key, DOCUMENT_BYTES, cp);
	}
	return good && key[0];
}

bool listing_phone_key(const char *phone, char key[PHONE_BYTES])
{
	char text[2 * PHONE_BYTES], plain[2 * PHONE_BYTES];
	size_t len = 0;
	bool good = folded(phone, text, sizeof(text));

	for (const char *s = text; *s; s++)
		if (!strchr(" -()", *s))
			text[len++] = *s;
	text[len] = '\0';
	identity_phone_plain(text, plain, sizeof(plain));
	good = good && identity_phone_kind(text) != PHONE_NONE &&
	       text_copy(key, PHONE_BYTES, plain) && identity_phone_kind(key) != PHONE_NONE;
	if (!good)
		key[0] = '\0';
	return good;
}

/* Points and apostrophes between the parts of a name are typed in many ways. */
static bool name_mark(int32_t cp)
{
	static const int32_t MARKS[] = { ' ',    '.',    '-',    '\'',   0xB7,   0x2022,
					 0x2027, 0x30FB, 0x2019, 0x2018, 0x3002, 0x2010 };

	for (size_t i = 0; i < ARRAY_LEN(MARKS); i++)
		if (cp == MARKS[i])
			return true;
	return false;
}

bool listing_name_key(const char *name, char key[NAME_BYTES])
{
	char text[2 * NAME_BYTES];
	bool good = folded(name, text, sizeof(text));

	key[0] = '\0';
	for (const char *s = text; good && *s;) {
		int32_t cp = capital(utf8_next(&s));
		if (cp < 0x20)
			good = false;
		else if (!name_mark(cp))
			good = utf8_append(key, NAME_BYTES, cp);
	}
	return good && key[0];
}
