/*
 * State diagram:
 *
 *   CLOSED --PERMIT (recorded, permits)--> OPENING --LINE_DONE--> OPEN --BEAM, TIMER--> CLOSING
 *   CLOSING --TIMER--> CLOSED
 *   CLOSED, OPENING, OPEN, CLOSING --LINE_FAILED--> FAULT --LINE_DONE--> CLOSED
 *   FAULT --TIMER--> FAULT, holding the line again
 *   any state --EMERGENCY_ON--> EMERGENCY --EMERGENCY_OFF--> CLOSING
 *
 * A permit in any state but CLOSED is refused back to the application, which keeps it until the
 * gate is closed.
 */
#include "core/gate.h"

bool gate_is_released(enum gate_state state)
{
	return state == GATE_OPENING || state == GATE_OPEN || state == GATE_EMERGENCY;
}

static bool permits(const struct gate_facts *facts)
{
	return facts->recorded && facts->verdict == VERDICT_ADMIT;
}

struct row {
	bool moves;
	enum gate_state next;
	uint32_t effects;
};

#define CLOSE (GATE_EFFECT_HOLD | GATE_EFFECT_ARM_CLOSING)

static const struct row TABLE[GATE_STATE_COUNT_][GATE_EVENT_COUNT_] = {
	[GATE_CLOSED] = {
		[GATE_PERMIT] = { true, GATE_OPENING, GATE_EFFECT_RELEASE },
		[GATE_LINE_FAILED] = { true, GATE_FAULT, GATE_EFFECT_ARM_RETRY },
		[GATE_EMERGENCY_ON] = { true, GATE_EMERGENCY, GATE_EFFECT_RELEASE | GATE_EFFECT_EMERGENCY },
	},
	[GATE_OPENING] = {
		[GATE_LINE_DONE] = { true, GATE_OPEN, GATE_EFFECT_ARM_OPEN },
		[GATE_LINE_FAILED] = { true, GATE_FAULT,
				       GATE_EFFECT_HOLD | GATE_EFFECT_ARM_RETRY | GATE_EFFECT_LAPSED },
		[GATE_EMERGENCY_ON] = { true, GATE_EMERGENCY, GATE_EFFECT_RELEASE | GATE_EFFECT_EMERGENCY },
	},
	[GATE_OPEN] = {
		[GATE_BEAM] = { true, GATE_CLOSING, CLOSE | GATE_EFFECT_PASSED },
		[GATE_TIMER] = { true, GATE_CLOSING, CLOSE | GATE_EFFECT_LAPSED },
		[GATE_LINE_FAILED] = { true, GATE_FAULT,
				       GATE_EFFECT_HOLD | GATE_EFFECT_ARM_RETRY | GATE_EFFECT_LAPSED },
		[GATE_EMERGENCY_ON] = { true, GATE_EMERGENCY, GATE_EFFECT_RELEASE | GATE_EFFECT_EMERGENCY },
	},
	[GATE_CLOSING] = {
		[GATE_TIMER] = { true, GATE_CLOSED, 0 },
		[GATE_LINE_FAILED] = { true, GATE_FAULT, GATE_EFFECT_ARM_RETRY },
		[GATE_EMERGENCY_ON] = { true, GATE_EMERGENCY, GATE_EFFECT_RELEASE | GATE_EFFECT_EMERGENCY },
	},
	[GATE_FAULT] = {
		[GATE_LINE_DONE] = { true, GATE_CLOSED, 0 },
		[GATE_LINE_FAILED] = { true, GATE_FAULT, GATE_EFFECT_ARM_RETRY },
		[GATE_TIMER] = { true, GATE_FAULT, GATE_EFFECT_HOLD },
		[GATE_EMERGENCY_ON] = { true, GATE_EMERGENCY, GATE_EFFECT_RELEASE | GATE_EFFECT_EMERGENCY },
	},
	[GATE_EMERGENCY] = {
		/* A line that does not obey is driven again until it does. */
		[GATE_LINE_FAILED] = { true, GATE_EMERGENCY, GATE_EFFECT_ARM_RETRY },
		[GATE_TIMER] = { true, GATE_EMERGENCY, GATE_EFFECT_RELEASE },
		[GATE_EMERGENCY_OFF] = { true, GATE_CLOSING, CLOSE | GATE_EFFECT_EMERGENCY_OVER },
	},
};

struct gate_step gate_step(enum gate_state state, enum gate_event event,
			   const struct gate_facts *facts)
{
	assert(state < GATE_STATE_COUNT_ && event < GATE_EVENT_COUNT_);
	const struct row *row = &TABLE[state][event];

	if (event == GATE_PERMIT && (!row->moves || !permits(facts)))
		return (struct gate_step){ state, GATE_EFFECT_REFUSED };
	if (!row->moves)
		return (struct gate_step){ state, 0 };
	/* Without a passage sensor an opening that ran its time counts as used. */
	if (state == GATE_OPEN && event == GATE_TIMER && !facts->has_beam)
		return (struct gate_step){ row->next, CLOSE | GATE_EFFECT_PASSED };
	return (struct gate_step){ row->next, row->effects };
}
