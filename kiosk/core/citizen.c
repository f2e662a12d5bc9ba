#include "core/citizen.h"

#include <string.h>

#include "base/civil.h"

#define OLDEST 18800101 /* the standard's own example was born in 1880 */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool starts_with_digits(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!is_digit(text[i]))
			return false;
	return true;
}

static int32_t number_at(const char *text, int n)
{
	int32_t value = 0;

	for (int i = 0; i < n; i++)
		value = value * 10 + (text[i] - '0');
	return value;
}

static bool date_holds(int32_t date, int32_t today)
{
	return date >= OLDEST && date <= today &&
	       civil_date_exists(date / 10000, date / 100 % 100, date % 100);
}

/* GB 11643-1999: weights 2^(17-i) mod 11, one check character for each sum mod 11. */
static char check_character(const char *number)
{
	static const int WEIGHT[17] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
	int sum = 0;

	for (int i = 0; i < 17; i++)
		sum += WEIGHT[i] * (number[i] - '0');
	return "10X98765432"[sum % 11];
}

static int32_t region_of(const char *number)
{
	return number[0] == '9' ? number_at(number + 1, 2) * 10000 : number_at(number, 6);
}

static enum note check_18(const char *number, enum region region, int32_t today,
			  enum citizen_rule rule)
{
	if (region == REGION_NONE || (region == REGION_UNLISTED && rule != CITIZEN_LENIENT))
		return NOTE_DOCUMENT_REGION;
	if (!date_holds(number_at(number + 6, 8), today))
		return NOTE_DOCUMENT_DATE;
	return number[17] == check_character(number) ? NOTE_NONE : NOTE_DOCUMENT_CHECKSUM;
}

static enum note check_form(const char *number)
{
	if (strlen(number) != 18)
		return NOTE_DOCUMENT_LENGTH;
	bool last = is_digit(number[17]) || number[17] == 'X';
	return last && starts_with_digits(number, 17) ? NOTE_NONE : NOTE_DOCUMENT_FORM;
}

enum note citizen_check(const char *number, int32_t today, enum citizen_rule rule)
{
	enum note note = check_form(number);
	if (note != NOTE_NONE)
		return note;
	return check_18(number, region_find(number_at(number, 6)), today, rule);
}

enum note citizen_check_foreigner(const char *number, int32_t today)
{
	enum note note = check_form(number);
	if (note != NOTE_NONE)
		return note;
	if (number[0] != '9')
		return NOTE_DOCUMENT_FORM;
	/* A province of application, not a county. */
	return check_18(number, region_find(region_of(number)), today, CITIZEN_LENIENT);
}

bool citizen_is_legacy(const char *number, int32_t today)
{
	return strlen(number) == 15 && starts_with_digits(number, 15) &&
	       region_find(number_at(number, 6)) != REGION_NONE &&
	       date_holds(19000000 + number_at(number + 6, 6), today);
}

void citizen_from_legacy(const char *legacy, int32_t today, char *dst)
{
	dst[0] = '\0';
	if (!citizen_is_legacy(legacy, today))
		return;
	memcpy(dst, legacy, 6);
	memcpy(dst + 6, "19", 2);
	memcpy(dst + 8, legacy + 6, 9);
	dst[17] = check_character(dst);
	dst[18] = '\0';
}

bool citizen_read(const char *number, int32_t today, struct citizen *citizen)
{
	char full[CITIZEN_BYTES];

	memset(citizen, 0, sizeof(*citizen));
	citizen->legacy = citizen_is_legacy(number, today);
	if (citizen->legacy) {
		citizen_from_legacy(number, today, full);
		number = full;
	} else if (citizen_check(number, today, CITIZEN_LENIENT) != NOTE_NONE &&
		   citizen_check_foreigner(number, today) != NOTE_NONE) {
		return false;
	}
	citizen->born = number_at(number + 6, 8);
	citizen->sex = (number[16] - '0') % 2 ? SEX_MALE : SEX_FEMALE;
	citizen->region = region_of(number);
	return true;
}

int32_t citizen_age(int32_t born, int32_t today)
{
	if (!date_holds(today, today) || !date_holds(born, today))
		return -1;
	return (today - born) / 10000;
}
