/*
 * The first six digits of a citizen's number: province, prefecture, county (GB/T 2260). Real people
 * carry codes abolished long ago, and new ones appear every year: only a province that does not
 * exist is a fault. A county unknown here is a reason to look twice, never to refuse.
 */
#ifndef CORE_REGION_H
#define CORE_REGION_H

#include "base/defs.h"

enum region {
	REGION_NONE, /* no such province */
	REGION_UNLISTED, /* province exists, the county was never in the published lists */
	REGION_LISTED, /* is or once was */
	REGION_COUNT_
};

/* Six digits as a number; 81, 82, 83 (residents of Hong Kong, Macao, Taiwan), 71 and 91 have no
 * counties of their own in these numbers and count as listed. Total. */
enum region region_find(int32_t code);

#endif
