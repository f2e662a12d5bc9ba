/*
 * Number plates of motor vehicles: brought into one spelling and told apart by kind (GA 36-2018
 * with its amendments). Pure and total. What is no plate here may still be one: plates of armed
 * forces and of special use follow rules that are not published, a guard enters them as seen.
 * Vehicles without a plate (bicycles, wheelchairs) are the caller's matter.
 *
 * A plate is a province's character, a letter of the issuing office, a serial of 5 (new energy: 6)
 * and, for some, one character of use: 京A12345, 粤BD12345, 沪A1234挂.
 */
#ifndef CORE_PLATE_H
#define CORE_PLATE_H

#include "base/defs.h"

#define PLATE_BYTES 32

enum plate_kind {
	PLATE_NONE, /* not a plate that is known here */
	PLATE_ORDINARY, /* blue or yellow */
	PLATE_NEW_ENERGY_SMALL, /* letter of the drive first in the serial */
	PLATE_NEW_ENERGY_LARGE, /* letter of the drive last */
	PLATE_TRAILER, /* 挂 */
	PLATE_LEARNER, /* 学 */
	PLATE_POLICE, /* 警 */
	PLATE_HK_MACAO, /* 粤Z … 港, 粤Z … 澳 */
	PLATE_CONSULATE, /* 领 */
	PLATE_EMBASSY, /* 使 before or after six digits */
	/* From here on the form is not certain: PLATE_FIRST_SPECIAL. */
	PLATE_TRIAL, /* 试 */
	PLATE_OVERSIZE, /* 超 */
	PLATE_TEMPORARY, /* 临 */
	PLATE_EMERGENCY, /* 应急: fire and rescue */
	PLATE_ARMED_POLICE, /* WJ */
	PLATE_MILITARY, /* two letters, five digits */
	PLATE_KIND_COUNT_
};

#define PLATE_FIRST_SPECIAL PLATE_TRIAL

/* What keeps a text from being a plate. */
enum plate_note {
	PLATE_FITS,
	PLATE_EMPTY,
	PLATE_LENGTH, /* too short or too long */
	PLATE_PROVINCE, /* does not begin with one of the 31 provinces */
	PLATE_OFFICE, /* second character is no letter of an issuing office */
	PLATE_LETTER_IO, /* I and O are never used: 1 and 0 are meant */
	PLATE_FORM, /* no kind has this form */
	PLATE_NOTE_COUNT_
};

struct plate_reading {
	enum plate_kind kind;
	enum plate_note note; /* FITS exactly when kind is not NONE */
};

/*
 * One spelling: blanks, interpuncts, dots, dashes and invisible characters taken out, full-width to
 * half-width, upper case. Two plates are the same exactly when their spellings are. False, and dst
 * empty, when text is not UTF-8 or the result does not fit. dst may not overlap text.
 */
bool plate_normalise(const char *text, char *dst, size_t cap);

/* Reads a plate in its one spelling. */
struct plate_reading plate_read(const char *plate);

/* For lists that anybody may see: 京A***45; the first two and the last two characters, all starred
 * when that leaves less than three hidden. dst of cap bytes holds at least the plate. */
void plate_mask(const char *plate, char *dst, size_t cap);

#endif
