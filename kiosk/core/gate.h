/*
 * The gate cycle: milliseconds, safety. A table and a pure step; the application runs the effects
 * and reports back. The line is released only in OPENING, OPEN and EMERGENCY, and OPENING is
 * entered only by a permit whose verdict is recorded and permits. Emergency is a state of this
 * machine, not a way around it; it is recorded after the fact.
 */
#ifndef CORE_GATE_H
#define CORE_GATE_H

#include "core/types.h"

enum gate_event {
	GATE_PERMIT, /* somebody is to pass; the facts say on what ground */
	GATE_LINE_DONE, /* the line obeyed */
	GATE_LINE_FAILED, /* the line did not obey */
	GATE_BEAM, /* somebody went through */
	GATE_TIMER, /* the deadline of this state passed */
	GATE_EMERGENCY_ON,
	GATE_EMERGENCY_OFF,
	GATE_EVENT_COUNT_
};

/* What is known when the event arrives. */
struct gate_facts {
	bool recorded; /* the register acknowledged the decision behind the permit */
	enum verdict verdict; /* as recorded */
	bool has_beam; /* a passage sensor is wired */
};

enum gate_effect {
	GATE_EFFECT_RELEASE = 1, /* drive the line; answer LINE_DONE or LINE_FAILED */
	GATE_EFFECT_HOLD = 2, /* stop driving the line; answer likewise */
	GATE_EFFECT_ARM_OPEN = 4, /* TIMER after the rulebook's open time */
	GATE_EFFECT_ARM_CLOSING = 8,
	GATE_EFFECT_ARM_RETRY = 16, /* TIMER after a second: try the line again */
	GATE_EFFECT_PASSED = 32, /* record: went through */
	GATE_EFFECT_LAPSED = 64, /* record: nobody went through */
	GATE_EFFECT_REFUSED =
		128, /* the permit was not good or came at the wrong moment: nothing was opened */
	GATE_EFFECT_EMERGENCY = 256, /* record: emergency began */
	GATE_EFFECT_EMERGENCY_OVER = 512,
};

struct gate_step {
	enum gate_state next;
	uint32_t effects; /* of enum gate_effect */
};

struct gate_step gate_step(enum gate_state state, enum gate_event event,
			   const struct gate_facts *facts);

/* True in the states in which the line may be driven. */
bool gate_is_released(enum gate_state state);

#endif
