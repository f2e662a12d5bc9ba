/*
 * The citizen's number (GB 11643-1999): six digits of region, eight of birth, three of order (odd
 * for men), one check character (ISO 7064 MOD 11-2); and its form of fifteen before 1999 (year of
 * birth in two digits, no check), on cards that ended on 2013-01-01. Residents of Hong Kong, Macao
 * and Taiwan with a residence permit have the same, foreigners with permanent residence one that
 * begins with 9. Pure; text folded by identity_fold.
 */
#ifndef CORE_CITIZEN_H
#define CORE_CITIZEN_H

#include "core/region.h"
#include "core/view.h"

#define CITIZEN_BYTES 19

/* What an unlisted county does. The gate is lenient: see core/region.h. */
enum citizen_rule { CITIZEN_LENIENT, CITIZEN_STRICT, CITIZEN_RULE_COUNT_ };

enum sex { SEX_UNKNOWN, SEX_FEMALE, SEX_MALE, SEX_COUNT_ };

struct citizen {
	int32_t born; /* yyyymmdd */
	enum sex sex;
	int32_t region; /* six digits; of a foreigner the province alone, times 10000 */
	bool legacy; /* read from fifteen digits: nothing proves them */
};

/* NOTE_NONE when the eighteen characters hold; today is yyyymmdd. Fifteen digits are
 * NOTE_DOCUMENT_LENGTH: a guard may accept them, see citizen_is_legacy. */
enum note citizen_check(const char *number, int32_t today, enum citizen_rule rule);

/* The same for foreigners' cards of since 2023-12: 9, two digits of province, three of nationality,
 * birth, order, check. */
enum note citizen_check_foreigner(const char *number, int32_t today);

/* True for fifteen digits with a province and a date of birth before today. */
bool citizen_is_legacy(const char *number, int32_t today);

/* The eighteen characters that replaced a legacy number: 19 before the year, check after the order.
 * Empty when it is none. dst holds CITIZEN_BYTES. */
void citizen_from_legacy(const char *legacy, int32_t today, char *dst);

/* Reads what a number says. False, and *citizen zeroed, unless it holds (leniently) or is legacy.
 */
bool citizen_read(const char *number, int32_t today, struct citizen *citizen);

/* Full years from born to today, both yyyymmdd; -1 when they are no dates or today is earlier. Who
 * was born on 29 February is a year older on 1 March of common years. */
int32_t citizen_age(int32_t born, int32_t today);

#endif
