/*
 * Identity data: checks and masks of what people type. Pure; inputs are folded and trimmed by the
 * caller with identity_fold. Sources: GB 11643-1999 (MOD 11-2), standards noted beside each kind.
 */
#ifndef CORE_IDENTITY_H
#define CORE_IDENTITY_H

#include "core/types.h"
#include "core/view.h"

/* Full-width to half-width, blanks trimmed; upper case for documents. In place. */
void identity_fold(char *text, bool upper);

/* NOTE_NONE when the number is well formed for its kind, else the note to show. today is yyyymmdd.
 */
enum note identity_check_document(enum document_kind kind, const char *number, int32_t today);

/* What a guard should look at although the number may stand. */
enum identity_warning {
	IDENTITY_NO_WARNING,
	IDENTITY_LEGACY, /* 15 digits of before 1999, cards void since 2013: identity_check_document
			    says LENGTH, a guard may take it */
	IDENTITY_COUNTY_UNLISTED, /* core/region.h: rare, not wrong */
	IDENTITY_OLD_FORM, /* foreigner's card of before 2023-12 */
	IDENTITY_WARNING_COUNT_
};

/* Nothing is said of a number that is faulty in any other way. */
enum identity_warning identity_document_warning(enum document_kind kind, const char *number,
						int32_t today);

/* Whose passport the number looks like; a hint, other states use the same forms. */
enum travel_document {
	TRAVEL_DOCUMENT_NONE, /* no passport number at all */
	TRAVEL_DOCUMENT_OTHER,
	TRAVEL_DOCUMENT_CHINA,
	TRAVEL_DOCUMENT_CHINA_OFFICIAL, /* diplomatic, service, for public affairs */
	TRAVEL_DOCUMENT_HONG_KONG,
	TRAVEL_DOCUMENT_MACAO,
	TRAVEL_DOCUMENT_EXIT_PERMIT, /* of mainland residents to Hong Kong and Macao */
	TRAVEL_DOCUMENT_COUNT_
};

enum travel_document identity_travel_document(const char *number);

enum phone_kind {
	PHONE_NONE,
	PHONE_MOBILE, /* of a segment in use in 2022 */
	PHONE_MOBILE_UNLISTED, /* of another: new ones come, a hint only */
	PHONE_LANDLINE, /* area code, with or without a hyphen after it */
	PHONE_INTERNATIONAL,
	PHONE_KIND_COUNT_
};

enum phone_kind identity_phone_kind(const char *phone);

/* NOTE_PHONE_BAD when it is of no kind. */
enum note identity_check_phone(const char *phone);

/* One spelling of a number, to search and compare by: without hyphens, mobiles without the country
 * code of China. dst of cap bytes; cut when it does not fit. */
void identity_phone_plain(const char *phone, char *dst, size_t cap);

/* 1 to 40 characters, one a letter (letters of any script, blanks, hyphen, apostrophe, middle dot).
 */
enum note identity_check_name(const char *name);

enum note identity_check_household(const char *household);

/* 张* , 欧阳*: the first character (or a known two-character surname) and a star for the rest. */
void identity_mask_name(const char *name, char *dst, size_t cap);
/* 110***********002X: three first and four last. */
void identity_mask_document(const char *number, char *dst, size_t cap);
/* 138****5678. */
void identity_mask_phone(const char *phone, char *dst, size_t cap);

#endif
