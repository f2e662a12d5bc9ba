/*
 * Number plates of vehicles, GA 36-2018 and its amendments. Pure. A vehicle without a plate
 * (e-bike, new car) is the caller's matter. Uncertain kinds (embassy, armed police, military,
 * temporary) are accepted as special: a guard looks.
 */
#ifndef CORE_PLATE_H
#define CORE_PLATE_H

#include "base/defs.h"

#define PLATE_BYTES 32

enum plate_kind {
	PLATE_INVALID,
	PLATE_ORDINARY, /* 京A12345 */
	PLATE_NEW_ENERGY_SMALL, /* 京AD12345 */
	PLATE_NEW_ENERGY_LARGE, /* 京A12345D */
	PLATE_TRAILER, /* 京A1234挂 */
	PLATE_LEARNER, /* 京A1234学 */
	PLATE_POLICE, /* 京A1234警 */
	PLATE_HK_MACAO, /* 粤Z1234港, 粤Z1234澳 */
	PLATE_CONSULATE, /* 沪A1234领 */
	PLATE_EMBASSY, /* 使123456, 123456使 */
	PLATE_SPECIAL, /* armed police WJ…, military two letters, 试 超 临 应急 */
	PLATE_KIND_COUNT_
};

/* Strips interpuncts and blanks, folds width and case. dst holds PLATE_BYTES. False when it does
 * not fit. */
bool plate_normalise(char *dst, const char *typed);

/* Kind of a normalised plate. */
enum plate_kind plate_kind(const char *plate);

#endif
