/*
 * The record's life: hours; lives in the register. A table and a pure step: an event that makes no
 * sense in a state leaves it and says so.
 *
 *   DRAFT -> WAITING -> ADMITTED -> INSIDE -> LEFT
 *      \-> REFUSED, TURNED_BACK      \-> LAPSED   INSIDE -> OVERDUE -> LEFT
 *          WAITING -> REFUSED
 */
#ifndef CORE_VISIT_H
#define CORE_VISIT_H

#include "core/fever.h"

enum visit_event {
	VISIT_REFERRED, /* registered; a guard must look */
	VISIT_REFUSE, /* by rule or by the guard */
	VISIT_TURN_BACK,
	VISIT_ADMIT,
	VISIT_PASS_IN, /* the beam saw somebody go in */
	VISIT_LAPSE, /* nobody went through */
	VISIT_LEAVE,
	VISIT_EXPIRE, /* still inside after the pass ended */
	VISIT_EVENT_COUNT_
};

/* False and *next = state when the event does not apply. */
bool visit_step(enum visit_state state, enum visit_event event, enum visit_state *next);

/* Nobody waits, may come in, or is inside any more. */
bool visit_is_over(enum visit_state state);

/* The event a verdict stands for. */
enum visit_event visit_event_of(enum verdict verdict);

/* Fills the facts a visitor declares and the machine measures; a guard's facts stay as they are. */
void visit_declare(struct visit *visit, bool travel, bool symptoms, int64_t wall_ms);

/* Marks the real-name fact: name, document, phone and household are all given and well formed.
 * today is yyyymmdd. */
void visit_check_real_name(struct visit *visit, int32_t today, int64_t wall_ms);

/* The temperature fact as it stands: a clinical reading typed now is of now, a screening of the
 * registration. */
struct fact visit_temperature(const struct visit *visit, const struct rulebook *book,
			      int64_t wall_ms);

/* Decides with the rulebook at the visit's level; stores and returns the decision. */
struct decision visit_decide(struct visit *visit, const struct rulebook *book,
			     enum direction direction, const struct moment *now, enum lift lifted);

/* Overwrites everything, personal data first. */
void visit_wipe(struct visit *visit);

#endif
