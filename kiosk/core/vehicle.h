/*
 * What the gate knows of a vehicle by its plate (1·五·2): whose it is on the office's list and
 * until when its pass is good, and when it was disinfected here last. Facts a guard need not attest
 * follow from it. Pure.
 */
#ifndef CORE_VEHICLE_H
#define CORE_VEHICLE_H

#include "core/due.h"

#define OCCUPANTS_MAX 11 /* besides the driver: more do not register at one screen */

struct vehicle_known {
	bool directory; /* the office has sent a list of vehicles; without one guards look at passes
			 */
	bool listed; /* the plate is on it */
	enum person_class kind; /* what the list calls it */
	char owner[HOUSEHOLD_BYTES]; /* household or unit */
	int64_t until_ms; /* the first moment its pass is no longer good */
	int64_t disinfected_ms; /* as last recorded here; 0 = never, or forgotten since */
};

/* How the plate stands on the office's list, for the guard. */
enum vehicle_standing {
	VEHICLE_NO_DIRECTORY, /* there is no list */
	VEHICLE_UNLISTED,
	VEHICLE_IN_FORCE,
	VEHICLE_RUN_OUT,
	VEHICLE_DOUBTFUL, /* the clock cannot say */
	VEHICLE_STANDING_COUNT_
};
enum vehicle_standing vehicle_standing(const struct vehicle_known *known, const struct moment *now);

/* A class that comes on wheels. */
bool vehicle_class(enum person_class person_class);

/* The class a plate is ruled by: one that is called a resident's and is not on the list there is,
 * comes from outside (1·五·2); one that the list calls something else is that. */
enum person_class vehicle_ruled_as(enum person_class chosen, const struct vehicle_known *known);

/* CHECK_VEHICLE_PASS from the list: good and signed while the pass is in force, else unknown: a
 * guard may have seen a newer one. */
struct fact vehicle_pass_fact(const struct vehicle_known *known, const struct moment *now);

/* CHECK_DISINFECTION from the register. */
struct fact vehicle_disinfection_fact(const struct vehicle_known *known, const struct moment *now);

/* What a driver says by coming: kept as the purpose, in Chinese as the office's sheet wants it. */
const char *vehicle_purpose(enum person_class person_class);

#endif
