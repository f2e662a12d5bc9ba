/*
 * Formats are checked as widely as the issuing rules allow: a person with an old or unusual paper
 * must not be turned away by a machine, while a slip of the finger should be caught before it
 * stands in the register.
 */
#include "core/identity.h"

#include <string.h>

#include "base/text.h"
#include "core/citizen.h"

/* The name field of a passport's machine readable zone has 39 (ICAO 9303-4). */
#define NAME_CHARACTERS_MAX 40

void identity_fold(char *text, bool upper)
{
	text_fold_width(text);
	text_trim(text);
	for (char *s = text; upper && *s; s++)
		if (*s >= 'a' && *s <= 'z')
			*s = (char)(*s - 'a' + 'A');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* True when text[0..n) are all digits and the string is at least that long. */
static bool all_digits(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!is_digit(text[i]))
			return false;
	return true;
}

/* Chinese and foreign passports: 5 to 9 letters and digits, as the field of a travel document
 * holds. */
static enum note check_passport(const char *number)
{
	size_t len = strlen(number);
	bool digit = false;

	if (len < 5 || len > 9)
		return NOTE_DOCUMENT_LENGTH;
	for (size_t i = 0; i < len; i++) {
		if (!is_digit(number[i]) && !is_letter(number[i]))
			return NOTE_DOCUMENT_FORM;
		digit |= is_digit(number[i]);
	}
	return digit ? NOTE_NONE : NOTE_DOCUMENT_FORM;
}

static enum note check_hk_macao(const char *number)
{
	size_t len = strlen(number);

	if (len != 9 && len != 11)
		return NOTE_DOCUMENT_LENGTH;
	if ((number[0] != 'H' && number[0] != 'M') || !all_digits(number + 1, len - 1))
		return NOTE_DOCUMENT_FORM;
	return NOTE_NONE;
}

static enum note check_taiwan(const char *number)
{
	size_t len = strlen(number);

	if (len != 8 && len != 10)
		return NOTE_DOCUMENT_LENGTH;
	return all_digits(number, len) ? NOTE_NONE : NOTE_DOCUMENT_FORM;
}

/* Since 2023-12 a number like a citizen's; before: three letters (nationality) and twelve digits.
 */
static enum note check_foreign_pr(const char *number, int32_t today)
{
	size_t len = strlen(number);

	if (len == 18)
		return citizen_check_foreigner(number, today);
	if (len != 15)
		return NOTE_DOCUMENT_LENGTH;
	if (!is_letter(number[0]) || !is_letter(number[1]) || !is_letter(number[2]) ||
	    !all_digits(number + 3, 12))
		return NOTE_DOCUMENT_FORM;
	return NOTE_NONE;
}

enum note identity_check_document(enum document_kind kind, const char *number, int32_t today)
{
	if (kind == DOCUMENT_NONE)
		return NOTE_DOCUMENT_KIND;
	if (number[0] == '\0')
		return NOTE_EMPTY;
	switch (kind) {
	case DOCUMENT_ID_CARD:
		return citizen_check(number, today, CITIZEN_LENIENT);
	case DOCUMENT_PASSPORT:
		return check_passport(number);
	case DOCUMENT_HK_MACAO:
		return check_hk_macao(number);
	case DOCUMENT_TAIWAN:
		return check_taiwan(number);
	case DOCUMENT_FOREIGN_PR:
		return check_foreign_pr(number, today);
	case DOCUMENT_NONE:
	case DOCUMENT_COUNT_:
		break;
	}
	return NOTE_DOCUMENT_KIND;
}

enum identity_warning identity_document_warning(enum document_kind kind, const char *number,
						int32_t today)
{
	struct citizen citizen;

	if (kind == DOCUMENT_FOREIGN_PR)
		return strlen(number) == 15 && check_foreign_pr(number, today) == NOTE_NONE
			       ? IDENTITY_OLD_FORM
			       : IDENTITY_NO_WARNING;
	if (kind != DOCUMENT_ID_CARD || !citizen_read(number, today, &citizen))
		return IDENTITY_NO_WARNING;
	if (citizen.legacy)
		return IDENTITY_LEGACY;
	bool listed = region_find(citizen.region) == REGION_LISTED;
	return listed ? IDENTITY_NO_WARNING : IDENTITY_COUNTY_UNLISTED;
}

/* True when text has the form: # a digit, @ a letter but I and O, all else itself. */
static bool has_form(const char *text, const char *form)
{
	for (; *form; form++, text++) {
		bool fits = *form == '#'   ? is_digit(*text)
			    : *form == '@' ? is_letter(*text) && *text != 'I' && *text != 'O'
					   : *text == *form;
		if (!fits)
			return false;
	}
	return *text == '\0';
}

enum travel_document identity_travel_document(const char *number)
{
	static const struct {
		const char *form;
		enum travel_document document;
	} ROW[] = {
		{ "E########", TRAVEL_DOCUMENT_CHINA }, /* electronic, since 2012 */
		{ "E@#######", TRAVEL_DOCUMENT_CHINA }, /* since 2017-04-05 */
		{ "G########", TRAVEL_DOCUMENT_CHINA },
		{ "14#######", TRAVEL_DOCUMENT_CHINA },
		{ "15#######", TRAVEL_DOCUMENT_CHINA },
		{ "PE#######", TRAVEL_DOCUMENT_CHINA_OFFICIAL },
		{ "SE#######", TRAVEL_DOCUMENT_CHINA_OFFICIAL },
		{ "DE#######", TRAVEL_DOCUMENT_CHINA_OFFICIAL },
		{ "P#######", TRAVEL_DOCUMENT_CHINA_OFFICIAL },
		{ "S#######", TRAVEL_DOCUMENT_CHINA_OFFICIAL },
		{ "S########", TRAVEL_DOCUMENT_CHINA_OFFICIAL },
		{ "K########", TRAVEL_DOCUMENT_HONG_KONG },
		{ "H########", TRAVEL_DOCUMENT_HONG_KONG },
		{ "KJ#######", TRAVEL_DOCUMENT_HONG_KONG },
		{ "KK#######", TRAVEL_DOCUMENT_HONG_KONG },
		{ "MA#######", TRAVEL_DOCUMENT_MACAO },
		{ "C########", TRAVEL_DOCUMENT_EXIT_PERMIT },
		{ "C@#######", TRAVEL_DOCUMENT_EXIT_PERMIT },
		{ "W########", TRAVEL_DOCUMENT_EXIT_PERMIT },
	};

	for (size_t i = 0; i < ARRAY_LEN(ROW); i++)
		if (has_form(number, ROW[i].form))
			return ROW[i].document;
	return check_passport(number) == NOTE_NONE ? TRAVEL_DOCUMENT_OTHER : TRAVEL_DOCUMENT_NONE;
}

/* Eleven digits after 1 and 3 to 9; segments are by the third digit, and grow. */
static bool is_mobile(const char *phone)
{
	return has_form(phone, "1##########") && phone[1] >= '3';
}

/* Segments in use in 2022; thirteen-digit numbers of things do not call. */
static bool is_segment_listed(const char *mobile)
{
	static const char *const THIRD[10] = { "",           "",          "",     "0123456789",
					       "579",        "012356789", "2567", "012356789",
					       "0123456789", "012356789" };

	if (strncmp(mobile, "174", 3) == 0) { /* satellite and emergency service */
		bool hundred = mobile[3] == '1' && mobile[4] <= '2';
		return mobile[3] == '0' || mobile[3] == '9' || hundred;
	}
	return strchr(THIRD[mobile[1] - '0'], mobile[2]) != NULL;
}

/* Area code of three or four, a hyphen or none, seven or eight digits. */
static bool is_landline(const char *phone)
{
	static const char *const FORM[] = { "0##########",  "0#########",   "0###########",
					    "0##-#######",  "0##-########", "0###-#######",
					    "0###-########" };

	for (size_t i = 0; i < ARRAY_LEN(FORM); i++)
		if (has_form(phone, FORM[i]))
			return phone[1] != '0';
	return false;
}

/* A number with its country: "+" and 7 to 15 digits (E.164; no country begins with 0), or the same
 * after "00". */
static bool is_international(const char *phone)
{
	size_t skip = phone[0] == '+' ? 1 : 2;

	if (phone[0] != '+' && strncmp(phone, "00", 2) != 0)
		return false;
	size_t len = strlen(phone + skip);
	bool country = skip == 2 || phone[1] != '0';
	return len >= 7 && len <= 15 && country && all_digits(phone + skip, len);
}

/* The number without the country code of China, where it has one. */
static const char *skip_china(const char *phone)
{
	static const char *const PREFIX[] = { "+86", "0086", "86" };

	for (size_t i = 0; i < ARRAY_LEN(PREFIX); i++)
		if (strncmp(phone, PREFIX[i], strlen(PREFIX[i])) == 0)
			return phone + strlen(PREFIX[i]);
	return phone;
}

enum phone_kind identity_phone_kind(const char *phone)
{
	const char *mobile = skip_china(phone);

	if (is_mobile(mobile))
		return is_segment_listed(mobile) ? PHONE_MOBILE : PHONE_MOBILE_UNLISTED;
	if (is_landline(phone))
		return PHONE_LANDLINE;
	return is_international(phone) ? PHONE_INTERNATIONAL : PHONE_NONE;
}

enum note identity_check_phone(const char *phone)
{
	if (phone[0] == '\0')
		return NOTE_EMPTY;
	return identity_phone_kind(phone) == PHONE_NONE ? NOTE_PHONE_BAD : NOTE_NONE;
}

void identity_phone_plain(const char *phone, char *dst, size_t cap)
{
	const char *mobile = skip_china(phone);
	size_t length = 0;

	assert(cap > 0);
	if (is_mobile(mobile))
		phone = mobile;
	for (; *phone && length + 1 < cap; phone++)
		if (*phone != '-')
			dst[length++] = *phone;
	dst[length] = '\0';
}

/* The marks that stand inside names. */
static bool name_mark(int32_t cp)
{
	return cp == ' ' || cp == '-' || cp == '\'' || cp == '.' || cp == 0xB7 || cp == 0x2022 ||
	       cp == 0x30FB || cp == 0x2019;
}

/* Letters of any script, by what is left when symbols, punctuation, invisible characters,
 * surrogates and pictures are taken out (blocks of Unicode). */
static bool name_letter(int32_t cp)
{
	if (cp < 0x80)
		return (cp >= 'A' && cp <= 'Z') || (cp >= 'a' && cp <= 'z');
	if (cp == 0x3005 || cp == 0x3007) /* 々 〇 */
		return true;
	static const struct {
		int32_t first, last;
	} NO[] = {
		{ 0x80, 0xBF },     { 0xD7, 0xD7 },     { 0xF7, 0xF7 },     { 0x2000, 0x2E7F },
		{ 0x3000, 0x303F }, { 0xFE00, 0xFF20 }, { 0xFFE0, 0xFFFF }, { 0x1F000, 0x1FFFF },
	};
	for (size_t i = 0; i < ARRAY_LEN(NO); i++)
		if (cp >= NO[i].first && cp <= NO[i].last)
			return false;
	return cp < 0xE0000; /* tags and private planes above */
}

enum note identity_check_name(const char *name)
{
	size_t length = 0;
	bool letter = false;

	if (name[0] == '\0')
		return NOTE_EMPTY;
	for (const char *s = name; *s; length++) {
		int32_t cp = utf8_next(&s);
		if (cp < 0 || !(name_letter(cp) || name_mark(cp)))
			return NOTE_NAME_BAD;
		letter |= name_letter(cp);
	}
	if (length > NAME_CHARACTERS_MAX)
		return NOTE_TOO_LONG;
	return letter ? NOTE_NONE : NOTE_NAME_BAD;
}

enum note identity_check_household(const char *household)
{
	bool digit = false;

	if (household[0] == '\0')
		return NOTE_EMPTY;
	for (const char *s = household; *s; s++)
		digit |= is_digit(*s);
	return digit && !text_has_control(household) ? NOTE_NONE : NOTE_HOUSEHOLD_BAD;
}

void identity_mask_name(const char *name, char *dst, size_t cap)
{
	static const char *const DOUBLE_SURNAME[] = { "欧阳", "司马", "上官", "诸葛", "东方",
						      "皇甫", "尉迟", "公孙", "慕容", "令狐",
						      "司徒", "夏侯", "长孙", "宇文", "轩辕" };
	size_t keep = 0;

	for (size_t i = 0; i < ARRAY_LEN(DOUBLE_SURNAME) && keep == 0; i++)
		if (strncmp(name, DOUBLE_SURNAME[i], 6) == 0 && utf8_length(name) > 2)
			keep = 6;
	if (keep == 0) {
		const char *s = name;
		(void)utf8_next(&s);
		keep = (size_t)(s - name);
	}
	text_format(dst, cap, "%.*s%s", (int)keep, name, name[0] ? "*" : "");
}

/* head characters, stars, tail characters; everything starred when there is not enough to hide. */
static void mask_middle(const char *text, size_t head, size_t tail, char *dst, size_t cap)
{
	size_t len = strlen(text);

	assert(cap > len);
	bool hides = len >= head + tail + 3;
	for (size_t i = 0; i < len; i++)
		dst[i] = hides && (i < head || i >= len - tail) ? text[i] : '*';
	dst[len] = '\0';
}

void identity_mask_document(const char *number, char *dst, size_t cap)
{
	mask_middle(number, 3, strlen(number) >= 15 ? 4 : 2, dst, cap);
}

void identity_mask_phone(const char *phone, char *dst, size_t cap)
{
	mask_middle(phone, 3, 4, dst, cap);
}
