/*
 * The gate machine alone, exhaustively: every state x event x (recorded x verdict x beam). The
 * check takes the step as a function, so that wrong gates can be put in.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/gate.h"

typedef struct gate_step (*gate_fn)(enum gate_state, enum gate_event, const struct gate_facts *);

struct findings {
	unsigned steps;
	unsigned released_wrongly; /* RELEASE without a good permit or an emergency */
	unsigned driven_wrongly; /* the line is driven in a state that must not, or left driven */
	unsigned unrecorded; /* an opening or emergency begins or ends without its record */
	unsigned stuck; /* states without a way back to CLOSED */
};

static bool good_permit(enum gate_state s, enum gate_event e, const struct gate_facts *f)
{
	return s == GATE_CLOSED && e == GATE_PERMIT && f->recorded && f->verdict == VERDICT_ADMIT;
}

static void judge(gate_fn step, struct findings *f, enum gate_state s, enum gate_event e,
		  const struct gate_facts *facts)
{
	struct gate_step r = step(s, e, facts);
	bool release = r.effects & GATE_EFFECT_RELEASE;
	bool hold = r.effects & GATE_EFFECT_HOLD;
	bool emergency = e == GATE_EMERGENCY_ON || s == GATE_EMERGENCY;
	bool was = gate_is_released(s), is = gate_is_released(r.next);

	f->steps++;
	f->released_wrongly += release && !good_permit(s, e, facts) && !emergency;
	f->released_wrongly += is && !was && !good_permit(s, e, facts) && !emergency;
	f->released_wrongly += r.next == GATE_OPENING && s != GATE_OPENING && !release;
	f->driven_wrongly += release && hold;
	f->driven_wrongly += release && !is; /* driven where nobody looks after it */
	f->driven_wrongly += was && !is && !hold; /* left driven */
	f->unrecorded += s == GATE_OPEN && r.next != GATE_OPEN && r.next != GATE_EMERGENCY &&
			 !(r.effects & GATE_EFFECT_PASSED) == !(r.effects & GATE_EFFECT_LAPSED);
	f->unrecorded += (s != GATE_EMERGENCY && r.next == GATE_EMERGENCY) !=
			 !!(r.effects & GATE_EFFECT_EMERGENCY);
	f->unrecorded += (s == GATE_EMERGENCY && r.next != GATE_EMERGENCY) !=
			 !!(r.effects & GATE_EFFECT_EMERGENCY_OVER);
	f->unrecorded += e == GATE_PERMIT && r.next == s && !(r.effects & GATE_EFFECT_REFUSED);
}

static unsigned states_without_way_back(gate_fn step)
{
	bool home[GATE_STATE_COUNT_] = { [GATE_CLOSED] = true };
	unsigned stuck = 0;
	const struct gate_facts none = { 0 };

	for (bool grew = true; grew;) {
		grew = false;
		for (unsigned s = 0; s < GATE_STATE_COUNT_; s++)
			for (unsigned e = 0; e < GATE_EVENT_COUNT_; e++)
				if (!home[s] && e != GATE_EMERGENCY_ON &&
				    home[step(s, e, &none).next])
					home[s] = grew = true;
	}
	for (unsigned s = 0; s < GATE_STATE_COUNT_; s++)
		stuck += !home[s];
	return stuck;
}

static struct findings examine(gate_fn step)
{
	struct findings f = { 0 };

	for (unsigned s = 0; s < GATE_STATE_COUNT_; s++)
		for (unsigned e = 0; e < GATE_EVENT_COUNT_; e++)
			for (unsigned v = 0; v < VERDICT_COUNT_; v++)
				for (unsigned bits = 0; bits < 4; bits++) {
					const struct gate_facts facts = { .recorded = bits & 1,
									  .verdict = v,
									  .has_beam = bits & 2 };
					judge(step, &f, s, e, &facts);
				}
	f.stuck = states_without_way_back(step);
	return f;
}

static unsigned sum(const struct findings *f)
{
	return f->released_wrongly + f->driven_wrongly + f->unrecorded + f->stuck;
}

static void test_every_step(void **state)
{
	(void)state;
	struct findings f = examine(gate_step);
	print_message("%u steps\n", f.steps);
	assert_int_equal(f.steps, GATE_STATE_COUNT_ * GATE_EVENT_COUNT_ * VERDICT_COUNT_ * 4);
	assert_int_equal(f.released_wrongly, 0);
	assert_int_equal(f.driven_wrongly, 0);
	assert_int_equal(f.unrecorded, 0);
	assert_int_equal(f.stuck, 0);
}

static struct gate_step opens_unrecorded(enum gate_state s, enum gate_event e,
					 const struct gate_facts *facts)
{
	struct gate_facts lie = *facts;
	lie.recorded = true;
	return gate_step(s, e, &lie);
}

static struct gate_step opens_for_referred(enum gate_state s, enum gate_event e,
					   const struct gate_facts *facts)
{
	struct gate_facts lie = *facts;
	if (lie.verdict == VERDICT_REFER)
		lie.verdict = VERDICT_ADMIT;
	return gate_step(s, e, &lie);
}

static struct gate_step opens_again_while_closing(enum gate_state s, enum gate_event e,
						  const struct gate_facts *facts)
{
	if (s == GATE_CLOSING && e == GATE_PERMIT)
		return gate_step(GATE_CLOSED, e, facts);
	return gate_step(s, e, facts);
}

static struct gate_step leaves_line_driven(enum gate_state s, enum gate_event e,
					   const struct gate_facts *facts)
{
	struct gate_step r = gate_step(s, e, facts);
	if (s == GATE_OPEN && e == GATE_TIMER)
		r.effects &= ~(uint32_t)GATE_EFFECT_HOLD;
	return r;
}

static struct gate_step forgets_who_passed(enum gate_state s, enum gate_event e,
					   const struct gate_facts *facts)
{
	struct gate_step r = gate_step(s, e, facts);
	r.effects &= ~(uint32_t)GATE_EFFECT_PASSED;
	return r;
}

static struct gate_step stays_in_fault(enum gate_state s, enum gate_event e,
				       const struct gate_facts *facts)
{
	if (s == GATE_FAULT && e != GATE_EMERGENCY_ON)
		return (struct gate_step){ s, 0 };
	return gate_step(s, e, facts);
}

static void test_the_check_bites(void **state)
{
	(void)state;
	assert_true(examine(opens_unrecorded).released_wrongly > 0);
	assert_true(examine(opens_for_referred).released_wrongly > 0);
	assert_true(examine(opens_again_while_closing).released_wrongly > 0);
	assert_true(examine(leaves_line_driven).driven_wrongly > 0);
	assert_true(examine(forgets_who_passed).unrecorded > 0);
	assert_true(examine(stays_in_fault).stuck > 0);
	struct findings real = examine(gate_step);
	assert_int_equal(sum(&real), 0);
}

/* One passage, as the table is meant to be read. */
static void test_cycle(void **state)
{
	(void)state;
	const struct gate_facts good = { true, VERDICT_ADMIT, true };
	struct gate_step r = gate_step(GATE_CLOSED, GATE_PERMIT, &good);
	assert_int_equal(r.next, GATE_OPENING);
	assert_int_equal(r.effects, GATE_EFFECT_RELEASE);
	r = gate_step(r.next, GATE_LINE_DONE, &good);
	assert_int_equal(r.next, GATE_OPEN);
	assert_int_equal(r.effects, GATE_EFFECT_ARM_OPEN);
	r = gate_step(r.next, GATE_BEAM, &good);
	assert_int_equal(r.next, GATE_CLOSING);
	assert_int_equal(r.effects,
			 GATE_EFFECT_HOLD | GATE_EFFECT_ARM_CLOSING | GATE_EFFECT_PASSED);
	r = gate_step(r.next, GATE_TIMER, &good);
	assert_int_equal(r.next, GATE_CLOSED);
	assert_int_equal(r.effects, 0);
}

static void test_nobody_came(void **state)
{
	(void)state;
	const struct gate_facts beam = { true, VERDICT_ADMIT, true };
	const struct gate_facts blind = { true, VERDICT_ADMIT, false };
	assert_true(gate_step(GATE_OPEN, GATE_TIMER, &beam).effects & GATE_EFFECT_LAPSED);
	assert_true(gate_step(GATE_OPEN, GATE_TIMER, &blind).effects & GATE_EFFECT_PASSED);
	assert_false(gate_step(GATE_OPEN, GATE_TIMER, &blind).effects & GATE_EFFECT_LAPSED);
}

/* A line that does not obey is tried again, holding, until it does. */
static void test_fault(void **state)
{
	(void)state;
	const struct gate_facts good = { true, VERDICT_ADMIT, true };
	static const enum gate_state FROM[] = { GATE_CLOSED, GATE_OPENING, GATE_OPEN, GATE_CLOSING,
						GATE_FAULT };

	for (size_t i = 0; i < ARRAY_LEN(FROM); i++) {
		struct gate_step r = gate_step(FROM[i], GATE_LINE_FAILED, &good);
		assert_int_equal(r.next, GATE_FAULT);
		assert_true(r.effects & GATE_EFFECT_ARM_RETRY);
	}
	struct gate_step r = gate_step(GATE_FAULT, GATE_TIMER, &good);
	assert_int_equal(r.effects, GATE_EFFECT_HOLD);
	assert_int_equal(gate_step(GATE_FAULT, GATE_LINE_DONE, &good).next, GATE_CLOSED);
	assert_int_equal(gate_step(GATE_FAULT, GATE_PERMIT, &good).effects, GATE_EFFECT_REFUSED);
}

/* An emergency opens from anywhere, stays whatever else happens, and drives the line until it
 * obeys. */
static void test_emergency(void **state)
{
	(void)state;
	const struct gate_facts none = { 0 };

	for (unsigned s = 0; s < GATE_STATE_COUNT_; s++) {
		if (s == GATE_EMERGENCY)
			continue;
		struct gate_step r = gate_step(s, GATE_EMERGENCY_ON, &none);
		assert_int_equal(r.next, GATE_EMERGENCY);
		assert_int_equal(r.effects, GATE_EFFECT_RELEASE | GATE_EFFECT_EMERGENCY);
	}
	for (unsigned e = 0; e < GATE_EVENT_COUNT_; e++)
		assert_int_equal(gate_step(GATE_EMERGENCY, e, &none).next,
				 e == GATE_EMERGENCY_OFF ? GATE_CLOSING : GATE_EMERGENCY);
	assert_true(gate_step(GATE_EMERGENCY, GATE_LINE_FAILED, &none).effects &
		    GATE_EFFECT_ARM_RETRY);
	assert_true(gate_step(GATE_EMERGENCY, GATE_TIMER, &none).effects & GATE_EFFECT_RELEASE);
	assert_true(gate_step(GATE_EMERGENCY, GATE_EMERGENCY_OFF, &none).effects &
		    GATE_EFFECT_HOLD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_step), cmocka_unit_test(test_the_check_bites),
		cmocka_unit_test(test_cycle),      cmocka_unit_test(test_nobody_came),
		cmocka_unit_test(test_fault),      cmocka_unit_test(test_emergency),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
