/*
 * The part of the session's table about vehicles; read as that in session.c. Before the driver's
 * own questions stand which vehicle it is, its plate, and how many sit in it; the plate is looked
 * up while its screen stays.
 */
#include "core/session_rows.h"
#include "core/vehicle.h"

static const struct row ROWS[] = {
	{ SCREEN_CLASS, SESSION_VEHICLE, 0, 0, SCREEN_VEHICLE, 0, 0 },
	{ SCREEN_VEHICLE, SESSION_CHOOSE, 0, 0, SCREEN_PLATE, 0, 0 },
	{ SCREEN_VEHICLE, SESSION_BACK, 0, 0, SCREEN_CLASS, 0, 0 },
	{ SCREEN_VEHICLE, SESSION_CANCEL, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_VEHICLE, SESSION_TIMEOUT, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_PLATE, SESSION_NEXT, FACT_VALID, 0, SCREEN_PLATE, EFFECT_VEHICLE, 0 },
	/* Turned back at once: nobody in it has to say who they are. */
	{ SCREEN_PLATE, SESSION_LOADED, FACT_CLASS_REFUSED, 0, SCREEN_SAVING, EFFECT_REGISTER, 0 },
	{ SCREEN_PLATE, SESSION_LOADED, 0, FACT_CLASS_REFUSED, SCREEN_OCCUPANTS, 0, 0 },
	{ SCREEN_PLATE, SESSION_BACK, 0, 0, SCREEN_VEHICLE, 0, 0 },
	{ SCREEN_PLATE, SESSION_CANCEL, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_PLATE, SESSION_TIMEOUT, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_OCCUPANTS, SESSION_CHOOSE, 0, 0, SCREEN_NAME, 0, 0 },
	{ SCREEN_OCCUPANTS, SESSION_BACK, 0, 0, SCREEN_PLATE, 0, 0 },
	{ SCREEN_OCCUPANTS, SESSION_CANCEL, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_OCCUPANTS, SESSION_TIMEOUT, 0, 0, SCREEN_BOARD, HOME, 0 },
};

const struct rows SESSION_VEHICLE_ROWS = { ROWS, ARRAY_LEN(ROWS) };

#define SCREEN_BIT(s) (UINT64_C(1) << (s))
static_assert(SCREEN_COUNT_ <= 64, "screens are counted in the bits of a word");

uint64_t session_unasked(enum person_class person_class, uint32_t required)
{
	uint64_t unasked = SCREEN_BIT(SCREEN_PURPOSE);

	if (!vehicle_class(person_class))
		return SCREEN_BIT(SCREEN_VEHICLE) | SCREEN_BIT(SCREEN_PLATE) |
		       SCREEN_BIT(SCREEN_OCCUPANTS);
	if (person_class == CLASS_SANITATION)
		unasked |= SCREEN_BIT(SCREEN_HOUSEHOLD);
	if (!(required & 1U << CHECK_TRAVEL_14D))
		unasked |= SCREEN_BIT(SCREEN_TRAVEL);
	if (!(required & 1U << CHECK_SYMPTOMS))
		unasked |= SCREEN_BIT(SCREEN_SYMPTOMS);
	if (!(required & (1U << CHECK_HEALTH_CODE | 1U << CHECK_TRAVEL_CARD)))
		unasked |= SCREEN_BIT(SCREEN_CODE);
	return unasked;
}
