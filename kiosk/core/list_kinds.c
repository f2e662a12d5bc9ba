#include "core/list_kinds.h"

#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "base/text.h"
#include "core/listing.h"
#include "core/plate.h"
#include "core/region.h"
#include "core/view.h"
#include "core/words.h"

#define HASH_CHARACTERS 97 /* the prefix, 22 of salt, a dollar, 43 of hash */
#define SALT_CHARACTERS 22
#define SERIAL_DIGITS 20

/* Unicode's Cc: U+0000..1F, U+7F..9F. */
static bool is_plain(const char *text, size_t cap)
{
	size_t len = strlen(text);

	if (len >= cap || !utf8_valid(text, len))
		return false;
	for (const char *s = text; *s;) {
		int32_t cp = utf8_next(&s);
		if (cp < 0x20 || (cp >= 0x7F && cp <= 0x9F))
			return false;
	}
	char trimmed[LIST_FIELD_BYTES];
	return text_copy(trimmed, sizeof(trimmed), text) &&
	       (text_trim(trimmed), strcmp(trimmed, text) == 0);
}

static bool check_account(const char *text)
{
	return text[0] && is_plain(text, ACCOUNT_BYTES);
}

static bool check_role(const char *text)
{
	return list_role(text) != ROLE_NONE;
}

static bool is_base64(const char *text, size_t len)
{
	return strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") ==
	       len;
}

/* Another memory or pass count would let a list make this machine work for hours, or not at all. */
static bool check_hash(const char *text)
{
	const char *salt = text + strlen(LIST_PIN_HASH_PREFIX);

	return strlen(text) == HASH_CHARACTERS &&
	       strncmp(text, LIST_PIN_HASH_PREFIX, strlen(LIST_PIN_HASH_PREFIX)) == 0 &&
	       is_base64(salt, SALT_CHARACTERS) && salt[SALT_CHARACTERS] == '$' &&
	       is_base64(salt + SALT_CHARACTERS + 1, strlen(salt) - SALT_CHARACTERS - 1);
}

static bool is_digits(const char *text)
{
	return strspn(text, "0123456789") == strlen(text);
}

/* Serials are given by this program's kiosks: 64 bits, kept as a signed number. */
static bool check_serial(const char *text)
{
	size_t len = strlen(text);

	return len > 0 && len <= SERIAL_DIGITS && is_digits(text) && text[0] != '0' &&
	       (len < SERIAL_DIGITS || strcmp(text, "18446744073709551615") <= 0);
}

static bool check_why(const char *text)
{
	return is_plain(text, LISTING_WHY_BYTES);
}

static bool check_household(const char *text)
{
	char key[HOUSEHOLD_BYTES];

	return is_plain(text, HOUSEHOLD_BYTES) && listing_household_key(text, key) &&
	       strcmp(key, text) == 0;
}

static bool check_grid(const char *text)
{
	return is_plain(text, LISTING_GRID_BYTES);
}

static bool check_phone_tail(const char *text)
{
	return text[0] == '\0' || (strlen(text) == LISTING_TAIL_BYTES - 1 && is_digits(text));
}

static bool is_document_kind(const char *text)
{
	return strcmp(text, "document") == 0;
}

static bool check_blocked_kind(const char *text)
{
	return is_document_kind(text) || strcmp(text, "name") == 0;
}

/* Of which sort it is stands in the field before; check_entry looks at the two together. */
static bool check_blocked_key(const char *text)
{
	return text[0] && is_plain(text, NAME_BYTES);
}

static bool blocked_key(const struct list_entry *entry, char key[NAME_BYTES])
{
	return is_document_kind(entry->field[0]) ? listing_document_key(entry->field[1], key)
						 : listing_name_key(entry->field[1], key);
}

static const char *blocked_fault(const struct list_entry *entry)
{
	char key[NAME_BYTES];

	return blocked_key(entry, key) && strcmp(key, entry->field[1]) == 0
		       ? NULL
		       : "the number or name is not in the form that is compared";
}

static bool blocked_normalise(struct list_entry *entry)
{
	char key[NAME_BYTES];

	return blocked_key(entry, key) && text_copy(entry->field[1], LIST_FIELD_BYTES, key);
}

static bool household_normalise(struct list_entry *entry)
{
	char key[HOUSEHOLD_BYTES];

	return listing_household_key(entry->field[0], key) &&
	       text_copy(entry->field[0], LIST_FIELD_BYTES, key);
}

/* Of GB/T 2260: a province, a prefecture, a county. Which of them exist changes every year: only
 * a province that does not exist is a mistake. */
static bool check_region(const char *text)
{
	size_t len = strlen(text);

	if ((len != 2 && len != 4 && len != 6) || !is_digits(text))
		return false;
	int32_t province = (text[0] - '0') * 10 + text[1] - '0';
	return region_find(province * 10000) != REGION_NONE;
}

static bool check_region_name(const char *text)
{
	return text[0] && is_plain(text, LISTING_AREA_BYTES);
}

static bool check_day(const char *text)
{
	char again[LIST_DAY_BYTES];

	return list_day(text) != 0 && list_day_text(list_day(text), again) &&
	       strcmp(text, again) == 0;
}

/* "2026/11/3", "2026.11.03", "2026年11月3日", "20261103" as "2026-11-03". */
static bool day_normalise(char *field)
{
	char again[LIST_DAY_BYTES];

	return list_day_text(list_day(field), again) && text_copy(field, LIST_FIELD_BYTES, again);
}

static bool region_normalise(struct list_entry *entry)
{
	text_fold_width(entry->field[0]);
	return day_normalise(entry->field[2]);
}

static bool check_plate(const char *text)
{
	char plate[PLATE_BYTES];

	return plate_normalise(text, plate, sizeof(plate)) && strcmp(plate, text) == 0 &&
	       plate_read(plate).note == PLATE_FITS;
}

static bool check_owner(const char *text)
{
	return text[0] && is_plain(text, HOUSEHOLD_BYTES);
}

static bool check_vehicle(const char *text)
{
	return list_vehicle(text) != CLASS_COUNT_;
}

/* What an office may call the classes of vehicles. */
static void class_normalise(char *field)
{
	static const struct {
		const char *said;
		enum person_class class;
	} WORDS[] = {
		{ "本小区", CLASS_RESIDENT_VEHICLE }, { "居民", CLASS_RESIDENT_VEHICLE },
		{ "物资", CLASS_SUPPLY_VEHICLE },     { "工作", CLASS_SUPPLY_VEHICLE },
		{ "环卫", CLASS_SANITATION },         { "医废", CLASS_SANITATION },
	};

	for (size_t i = 0; i < ARRAY_LEN(WORDS); i++)
		if (strcmp(field, WORDS[i].said) == 0)
			text_copy(field, LIST_FIELD_BYTES, CLASS_WORD[WORDS[i].class]);
}

static bool vehicle_normalise(struct list_entry *entry)
{
	char plate[PLATE_BYTES];

	class_normalise(entry->field[2]);
	return plate_normalise(entry->field[0], plate, sizeof(plate)) &&
	       text_copy(entry->field[0], LIST_FIELD_BYTES, plate) &&
	       day_normalise(entry->field[3]);
}

static bool check_invited_kind(const char *text)
{
	return is_document_kind(text) || strcmp(text, "phone") == 0;
}

static bool check_invited_key(const char *text)
{
	return text[0] && is_plain(text, DOCUMENT_BYTES);
}

static bool invited_key(const struct list_entry *entry, char key[DOCUMENT_BYTES])
{
	return is_document_kind(entry->field[0]) ? listing_document_key(entry->field[1], key)
						 : listing_phone_key(entry->field[1], key);
}

static const char *invitation_fault(const struct list_entry *entry)
{
	char key[DOCUMENT_BYTES];

	if (!invited_key(entry, key) || strcmp(key, entry->field[1]) != 0)
		return "the document or telephone number is not in the form that is compared";
	return list_day(entry->field[3]) > list_day(entry->field[4])
		       ? "the last day is before the first"
		       : NULL;
}

/* Whatever has its form is given it, also where something else has none. */
static bool invitation_normalise(struct list_entry *entry)
{
	char key[DOCUMENT_BYTES], household[HOUSEHOLD_BYTES];
	bool good = invited_key(entry, key) && text_copy(entry->field[1], LIST_FIELD_BYTES, key);

	good &= listing_household_key(entry->field[2], household) &&
		text_copy(entry->field[2], LIST_FIELD_BYTES, household);
	good &= day_normalise(entry->field[3]);
	good &= day_normalise(entry->field[4]);
	return good;
}

const struct list_kind LIST_KIND[PART_COUNT_] = {
	[PART_ACCOUNTS] = { .fields = 3,
			    .keys = 1,
			    .max_entries = 2 * VIEW_ROWS,
			    .field = { { "name", check_account },
				       { "role", check_role },
				       { "hash of the PIN", check_hash } } },
	[PART_REVOKED] = { .fields = 2,
			   .keys = 1,
			   .max_entries = 1000,
			   .field = { { "serial", check_serial }, { "reason", check_why } } },
	[PART_HOUSEHOLDS] = { .fields = 3,
			      .keys = 1,
			      .max_entries = 10000,
			      .field = { { "household", check_household },
					 { "grid", check_grid },
					 { "last four digits of the phone", check_phone_tail } },
			      .normalise = household_normalise },
	[PART_BLOCKED] = { .fields = 3,
			   .keys = 2,
			   .max_entries = 4000,
			   .field = { { "sort", check_blocked_kind },
				      { "number or name", check_blocked_key },
				      { "reason", check_why } },
			   .entry_fault = blocked_fault,
			   .normalise = blocked_normalise },
	[PART_REGIONS] = { .fields = 3,
			   .keys = 1,
			   .max_entries = 1000,
			   .field = { { "code of 2, 4 or 6 digits", check_region },
				      { "name", check_region_name },
				      { "day from which it counts", check_day } },
			   .normalise = region_normalise },
	[PART_VEHICLES] = { .fields = 4,
			    .keys = 1,
			    .max_entries = 4000,
			    .field = { { "number plate", check_plate },
				       { "household or unit", check_owner },
				       { "class of vehicle", check_vehicle },
				       { "last day of the pass", check_day } },
			    .normalise = vehicle_normalise },
	[PART_INVITATIONS] = { .fields = 6,
			       .keys = 4,
			       .max_entries = 2000,
			       .field = { { "sort", check_invited_kind },
					  { "document or telephone number", check_invited_key },
					  { "household", check_household },
					  { "first day", check_day },
					  { "last day", check_day },
					  { "reason", check_why } },
			       .entry_fault = invitation_fault,
			       .normalise = invitation_normalise },
};
