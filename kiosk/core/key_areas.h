/*
 * The key areas (疫情重点地区, 3·二·1) of the list in force, as a visitor is asked about them: as
 * many names as can be read at a glance, how many there are, and of which day the list is. Pure.
 */
#ifndef CORE_KEY_AREAS_H
#define CORE_KEY_AREAS_H

#include "base/defs.h"

#define KEY_AREAS_NAMES_BYTES 256
#define KEY_AREAS_DAY_BYTES 11

struct key_areas {
	int32_t count; /* in force; 0: none, or no list */
	int32_t named; /* of them, in names */
	char names[KEY_AREAS_NAMES_BYTES]; /* "上海市、苏州市" */
	char day[KEY_AREAS_DAY_BYTES]; /* when the list was taken, "2026-11-23" */
};

/* Counts one more; names it while there is room for it. */
void key_areas_add(struct key_areas *areas, const char *name);

#endif
