/*
 * Formats are checked as widely as the issuing rules allow: a person with an old or unusual paper
 * must not be turned away by a machine, while a slip of the finger should be caught before it
 * stands in the register.
 */
#include "core/identity.h"

#include <string.h>

#include "base/civil.h"
#include "base/text.h"

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

/* GB 11643-1999: weights 2^(17-i) mod 11, check characters for the sum mod 11. */
static bool checksum_right(const char *number)
{
	static const int WEIGHT[17] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
	static const char CHECK[] = "10X98765432";
	int sum = 0;

	for (int i = 0; i < 17; i++)
		sum += WEIGHT[i] * (number[i] - '0');
	return number[17] == CHECK[sum % 11];
}

/* Two-digit province prefixes of GB/T 2260, residence permits of 81-83 and foreigners' 91 included.
 */
static bool province_exists(int prefix)
{
	static const uint8_t PROVINCE[] = { 11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34,
					    35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
					    53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83, 91 };

	for (size_t i = 0; i < ARRAY_LEN(PROVINCE); i++)
		if (PROVINCE[i] == prefix)
			return true;
	return false;
}

static int32_t number_at(const char *text, int n)
{
	int32_t value = 0;

	for (int i = 0; i < n; i++)
		value = value * 10 + (text[i] - '0');
	return value;
}

/* The 18 characters that identity cards and foreigners' cards share; the province stands at
 * province. */
static enum note check_18(const char *number, const char *province, int32_t today)
{
	if (!all_digits(number, 17) || !(is_digit(number[17]) || number[17] == 'X'))
		return NOTE_DOCUMENT_FORM;
	/* Real people carry abolished county codes: only the province is hard. */
	if (!province_exists(number_at(province, 2)))
		return NOTE_DOCUMENT_REGION;
	int32_t born = number_at(number + 6, 8);
	if (!civil_date_exists(born / 10000, born / 100 % 100, born % 100) || born < 18800101 ||
	    born > today)
		return NOTE_DOCUMENT_DATE;
	return checksum_right(number) ? NOTE_NONE : NOTE_DOCUMENT_CHECKSUM;
}

static enum note check_id_card(const char *number, int32_t today)
{
	return strlen(number) == 18 ? check_18(number, number, today) : NOTE_DOCUMENT_LENGTH;
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

/* Since 2023-12: 9, province of application, nationality (ISO 3166-1 numeric), birth, order, MOD
 * 11-2; before: 3 letters and 12 digits. */
static enum note check_foreign_pr(const char *number, int32_t today)
{
	size_t len = strlen(number);

	if (len == 18)
		return number[0] == '9' ? check_18(number, number + 1, today) : NOTE_DOCUMENT_FORM;
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
		return check_id_card(number, today);
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

enum note identity_check_phone(const char *phone)
{
	if (phone[0] == '\0')
		return NOTE_EMPTY;
	bool plus = phone[0] == '+';
	if (plus)
		phone++;
	size_t len = strlen(phone);
	if (!all_digits(phone, len))
		return NOTE_PHONE_BAD;
	if (plus) /* E.164: at most 15 digits, country code first, which never begins with 0 */
		return len >= 7 && len <= 15 && phone[0] != '0' ? NOTE_NONE : NOTE_PHONE_BAD;
	bool mobile = len == 11 && phone[0] == '1' && phone[1] >= '3';
	bool mobile_with_country = len == 13 && strncmp(phone, "861", 3) == 0 && phone[3] >= '3';
	bool landline = phone[0] == '0' && phone[1] != '0' && len >= 10 && len <= 12;
	bool abroad = strncmp(phone, "00", 2) == 0 && len >= 9 && len <= 17;
	return mobile || mobile_with_country || landline || abroad ? NOTE_NONE : NOTE_PHONE_BAD;
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
