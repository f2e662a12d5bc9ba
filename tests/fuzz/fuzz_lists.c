/*
 * The first byte chooses the kind of list: '1' is accounts. A list that is taken is written again
 * byte by byte, its entries are in order, and none of them holds what would harm a screen; a line
 * that a person wrote becomes such an entry or is refused.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/listing.h"
#include "core/lists.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool good)
{
	if (!good)
		abort();
}

static void check_fields(const struct list_entry *entry)
{
	for (int i = 0; i < LIST_FIELDS; i++) {
		const char *field = entry->field[i];
		expect(memchr(field, '\0', LIST_FIELD_BYTES) != NULL);
		expect(utf8_valid(field, strlen(field)) && !text_has_control(field));
	}
}

static void as_list(enum part_kind kind, const char *text, size_t len)
{
	struct list_reader r = { .kind = kind, .text = text, .len = len };
	struct list_entry entry, before = { 0 };
	char why[128] = "", line[LIST_FIELDS * LIST_FIELD_BYTES];
	enum list_outcome outcome;
	size_t at = 0;
	bool whole = list_check(kind, text, len, why, sizeof(why));

	while ((outcome = list_next(&r, &entry, why, sizeof(why))) == LIST_ENTRY) {
		check_fields(&entry);
		expect(r.line == 1 || list_compare(kind, &before, &entry) < 0);
		expect(list_line(kind, &entry, line, sizeof(line), why, sizeof(why)));
		expect(strlen(line) == r.at - at && memcmp(line, text + at, r.at - at) == 0);
		struct list_entry same = entry;
		expect(list_normalise(kind, &same) && list_compare(kind, &same, &entry) == 0);
		before = entry;
		at = r.at;
	}
	expect(outcome == LIST_BAD || at == len);
	expect(!whole || outcome == LIST_END);
	expect(whole || why[0]);
}

/* As the office's program takes a line: fields cut at TABs. */
static void as_line(enum part_kind kind, const char *text, size_t len)
{
	struct list_entry entry = { 0 };
	char line[LIST_FIELDS * LIST_FIELD_BYTES], why[128];

	for (int i = 0; i < list_fields(kind) && len > 0; i++) {
		const char *tab = memchr(text, '\t', len);
		size_t n = tab ? (size_t)(tab - text) : len;
		if (n >= LIST_FIELD_BYTES || memchr(text, '\0', n))
			return;
		memcpy(entry.field[i], text, n);
		text += tab ? n + 1 : n;
		len -= tab ? n + 1 : n;
	}
	if (!list_normalise(kind, &entry) ||
	    !list_line(kind, &entry, line, sizeof(line), why, sizeof(why)))
		return;
	struct list_reader r = { .kind = kind, .text = line, .len = strlen(line) };
	struct list_entry back;
	expect(list_next(&r, &back, why, sizeof(why)) == LIST_ENTRY);
	expect(list_compare(kind, &back, &entry) == 0);
}

/* A key is its own key. */
static void as_keys(const char *text, size_t len)
{
	char typed[HOUSEHOLD_BYTES] = "", key[HOUSEHOLD_BYTES], again[HOUSEHOLD_BYTES];
	char name[NAME_BYTES], name_again[NAME_BYTES];

	if (len >= sizeof(typed) || !utf8_valid(text, len))
		return;
	memcpy(typed, text, len);
	if (listing_household_key(typed, key))
		expect(listing_household_key(key, again) && strcmp(key, again) == 0);
	if (listing_name_key(typed, name))
		expect(listing_name_key(name, name_again) && strcmp(name, name_again) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	enum part_kind kind = (enum part_kind)((uint8_t)(data[0] - '0') % PART_COUNT_);
	if (!list_is(kind))
		return 0;
	as_list(kind, (const char *)data + 1, size - 1);
	as_line(kind, (const char *)data + 1, size - 1);
	as_keys((const char *)data + 1, size - 1);
	return 0;
}
