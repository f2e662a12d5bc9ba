#include "core/vehicle.h"

bool vehicle_class(enum person_class c)
{
	return c >= CLASS_RESIDENT_VEHICLE && c <= CLASS_EMERGENCY_VEHICLE;
}

enum person_class vehicle_ruled_as(enum person_class chosen, const struct vehicle_known *known)
{
	if (known->listed)
		return known->kind;
	return chosen == CLASS_RESIDENT_VEHICLE && known->directory ? CLASS_OUTSIDE_VEHICLE
								    : chosen;
}

enum vehicle_standing vehicle_standing(const struct vehicle_known *known, const struct moment *now)
{
	if (!known->listed)
		return known->directory ? VEHICLE_UNLISTED : VEHICLE_NO_DIRECTORY;
	switch (due_validity(1, known->until_ms, now)) {
	case VALIDITY_GOOD:
		return VEHICLE_IN_FORCE;
	case VALIDITY_EXPIRED:
		return VEHICLE_RUN_OUT;
	case VALIDITY_UNKNOWN:
	case VALIDITY_NOT_YET:
	case VALIDITY_COUNT_:
		break;
	}
	return VEHICLE_DOUBTFUL;
}

struct fact vehicle_pass_fact(const struct vehicle_known *known, const struct moment *now)
{
	struct fact fact = { .source = SOURCE_NONE };

	if (vehicle_standing(known, now) == VEHICLE_IN_FORCE)
		fact = (struct fact){ FINDING_GOOD, SOURCE_SIGNED, now->wall_ms, 0 };
	return fact;
}

struct fact vehicle_disinfection_fact(const struct vehicle_known *known, const struct moment *now)
{
	struct fact none = { .source = SOURCE_NONE };

	return known->disinfected_ms == 0
		       ? none
		       : due_disinfection_fact(known->disinfected_ms, SOURCE_MACHINE, now);
}

const char *vehicle_purpose(enum person_class c)
{
	switch ((int)c) {
	case CLASS_RESIDENT_VEHICLE:
		return "本小区车辆进入";
	case CLASS_SUPPLY_VEHICLE:
		return "物资、工作用车";
	case CLASS_SANITATION:
		return "收运垃圾、医废";
	case CLASS_EMERGENCY_VEHICLE:
		return "救护、消防、公安";
	default:
		return "";
	}
}
