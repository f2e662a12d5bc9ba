/*
 * What is due again after a while (disinfection of a vehicle, 1·五·2), and what holds from a time
 * until a time (passes, leaves). Pure and total; doubt of the clock is its own answer, never
 * "in time".
 */
#ifndef CORE_DUE_H
#define CORE_DUE_H

#include "core/days.h"
#include "core/rules.h"

enum due_state {
	DUE_UNKNOWN, /* the clock cannot say: untrusted, or before the last time it was done */
	DUE_NEVER_DONE, /* so it is due now */
	DUE_LATER,
	DUE_OVERDUE,
	DUE_NO_PERIOD, /* the rulebook asks for none */
	DUE_STATE_COUNT_
};

struct due {
	enum due_state state;
	int64_t due_ms; /* by when at the latest; 0 when not known or not asked */
	int32_t minutes_left; /* whole ones; LATER only */
	int32_t minutes_over; /* a begun one counts; OVERDUE only */
};

/* last_ms: when it was done last, 0 = never. At due_ms itself it is still in time, as an age equal
 * to the greatest is for the engine. A period below zero cannot be reckoned with: UNKNOWN. */
struct due due_look(int64_t last_ms, int32_t period_min, const struct moment *now);

/*
 * CHECK_DISINFECTION: GOOD with the time it was done, UNKNOWN when it never was or lies in the
 * future. Its age is judged by the engine alone (max_age_min): late means "do it now", which a
 * guard settles, not a refusal. For the screen: due_look(last_ms,
 * book->max_age_min[CHECK_DISINFECTION], now).
 */
struct fact due_disinfection_fact(int64_t last_ms, enum fact_source source,
				  const struct moment *now);

enum validity {
	VALIDITY_UNKNOWN, /* the clock cannot say, or the bounds are no times in order */
	VALIDITY_NOT_YET,
	VALIDITY_GOOD,
	VALIDITY_EXPIRED,
	VALIDITY_COUNT_
};

/* From from_ms on, before until_ms. */
enum validity due_validity(int64_t from_ms, int64_t until_ms, const struct moment *now);

#endif
