/*
 * Checks, folding and masks of identity data over any bytes. First byte: kind of document; the rest
 * is the text, as typed. Whatever it is, masks show no more than they may.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/citizen.h"
#include "core/identity.h"

#define TEXT_MAX 256

static void need(bool holds)
{
	if (!holds)
		abort();
}

static void check_masks(const char *text)
{
	char dst[TEXT_MAX + 1];
	size_t shown = 0;

	identity_mask_document(text, dst, sizeof(dst));
	need(strlen(dst) == strlen(text));
	for (size_t i = 0; text[i]; i++)
		shown += dst[i] != '*';
	need(shown <= 7);
	shown = 0;
	identity_mask_phone(text, dst, sizeof(dst));
	need(strlen(dst) == strlen(text));
	for (size_t i = 0; text[i]; i++)
		shown += dst[i] != '*';
	need(shown <= 7);
	char name[16];
	identity_mask_name(text, name, sizeof(name));
	need(utf8_length(name) <= 3); /* two of a double surname, and the star */
	need(text[0] == '\0' || name[strlen(name) - 1] == '*');
}

/* What the checks let through can be stored, printed and searched. */
static void check_accepted(enum document_kind kind, const char *text)
{
	if (identity_check_document(kind, text, 20261123) == NOTE_NONE) {
		need(strlen(text) < DOCUMENT_BYTES);
		for (const char *c = text; *c; c++)
			need((*c >= '0' && *c <= '9') || (*c >= 'A' && *c <= 'Z'));
	}
	if (identity_check_phone(text) == NOTE_NONE)
		need(strlen(text) < PHONE_BYTES);
	if (identity_check_name(text) == NOTE_NONE) {
		need(utf8_valid(text, strlen(text)));
		need(!text_has_control(text));
	}
	if (identity_check_household(text) == NOTE_NONE)
		need(!text_has_control(text));
}

/* What a number says agrees with what is said of it. */
static void check_readings(enum document_kind kind, const char *text)
{
	const int32_t today = 20261123;
	struct citizen c;
	bool read = citizen_read(text, today, &c);
	bool holds = citizen_check(text, today, CITIZEN_LENIENT) == NOTE_NONE;

	need(!holds || read);
	need(holds || citizen_check(text, today, CITIZEN_STRICT) != NOTE_NONE);
	need(!read || (citizen_age(c.born, today) >= 0 && c.sex != SEX_UNKNOWN));
	need(read || (c.born == 0 && c.region == 0));
	if (read && c.legacy) {
		char full[CITIZEN_BYTES];
		citizen_from_legacy(text, today, full);
		need(citizen_check(full, today, CITIZEN_LENIENT) == NOTE_NONE);
	}
	enum identity_warning warning = identity_document_warning(kind, text, today);
	need(warning < IDENTITY_WARNING_COUNT_);
	need(warning == IDENTITY_NO_WARNING || warning == IDENTITY_LEGACY ||
	     identity_check_document(kind, text, today) == NOTE_NONE);
	need((identity_travel_document(text) != TRAVEL_DOCUMENT_NONE) ==
	     (text[0] && identity_check_document(DOCUMENT_PASSPORT, text, today) == NOTE_NONE));
}

static void check_phone(const char *text)
{
	char plain[TEXT_MAX + 1], again[TEXT_MAX + 1];

	identity_phone_plain(text, plain, sizeof(plain));
	need(strlen(plain) <= strlen(text));
	need(strchr(plain, '-') == NULL);
	if (identity_check_phone(text) != NOTE_NONE)
		return;
	need(identity_phone_kind(plain) == identity_phone_kind(text));
	identity_phone_plain(plain, again, sizeof(again));
	need(strcmp(plain, again) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[TEXT_MAX], folded[TEXT_MAX];

	if (size == 0 || size > TEXT_MAX)
		return 0;
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	check_accepted(data[0] % (DOCUMENT_COUNT_ + 1), text);
	check_masks(text);
	check_readings(data[0] % (DOCUMENT_COUNT_ + 1), text);
	check_phone(text);
	identity_fold(text, data[0] & 0x80);
	need(strlen(text) < size); /* never longer */
	memcpy(folded, text, strlen(text) + 1);
	identity_fold(folded, data[0] & 0x80);
	need(strcmp(folded, text) == 0); /* once is enough */
	check_accepted(data[0] % (DOCUMENT_COUNT_ + 1), text);
	check_masks(text);
	check_readings(data[0] % (DOCUMENT_COUNT_ + 1), text);
	check_phone(text);
	return 0;
}
