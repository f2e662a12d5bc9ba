/*
 * The three machines wired as the application wires them, explored breadth-first over everything
 * that can happen: touches, answers of the register, the gate line, the beam, emergencies. The gate
 * is never released without a permitting verdict the register acknowledged, or an emergency.
 *
 * The witness (grounded, emergency) is kept by this test, not by the machines. One wrong
 * machine alone is stopped by the other; two together must be found.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/gate.h"
#include "core/session.h"
#include "core/visit.h"

struct machines {
	struct session_step (*session)(enum screen, enum session_event, uint32_t);
	struct gate_step (*gate)(enum gate_state, enum gate_event, const struct gate_facts *);
};

enum asked { ASKED_NOTHING, ASKED_REGISTER, ASKED_DECIDE, ASKED_LEAVE, ASKED_COPY, ASKED_COUNT_ };

/* Somebody who may pass, as the application keeps it: the verdict of the visit as it stood then. */
struct release {
	bool wanted, leaving;
	enum verdict verdict;
	bool grounded; /* the witness: the register had just acknowledged an admission */
};

struct world {
	enum screen screen;
	enum asked asked; /* what SAVING waits for */
	bool guard; /* logged in */
	bool staff_wanted;
	enum gate_state gate;
	struct release release, next_release;
	bool emergency; /* the witness */
};

struct result {
	size_t worlds, steps;
	unsigned bad_release; /* released without ground */
	unsigned bad_passage; /* the record says in or out without ground */
	unsigned openings; /* with ground: the walk does get there */
	unsigned no_way_closed; /* worlds from which the gate cannot be closed again */
};

#define RELEASES (2 * 2 * VERDICT_COUNT_ * 2)
static uint32_t pack_release(const struct release *r)
{
	return ((r->wanted * 2U + r->leaving) * VERDICT_COUNT_ + r->verdict) * 2 + r->grounded;
}

static uint32_t pack(const struct world *w)
{
	uint32_t n = w->screen;
	n = n * ASKED_COUNT_ + w->asked;
	n = n * GATE_STATE_COUNT_ + w->gate;
	n = n * RELEASES + pack_release(&w->release);
	n = n * RELEASES + pack_release(&w->next_release);
	return n << 3 | (uint32_t)w->guard << 2 | (uint32_t)w->staff_wanted << 1 | w->emergency;
}

#define PACKED_MAX                                                                                 \
	((uint32_t)SCREEN_COUNT_ * ASKED_COUNT_ * GATE_STATE_COUNT_ * RELEASES * RELEASES << 3)

/* The gate says who went through; the visit's own machine has the last word. */
static void passed(struct world *w, bool through, struct result *r)
{
	const struct release *x = &w->release;
	enum visit_state state = x->leaving ? VISIT_INSIDE : VISIT_WAITING;

	if (x->wanted && !x->leaving)
		(void)visit_step(state, visit_event_of(x->verdict), &state);
	if (x->wanted && through &&
	    visit_step(state, x->leaving ? VISIT_LEAVE : VISIT_PASS_IN, &state))
		r->bad_passage += !x->grounded;
	w->release = (struct release){ 0 };
}

/* What the line answers is chosen by the explorer, so effects only matter to the witness here. */
static void gate_event(const struct machines *m, struct world *w, enum gate_event event,
		       struct result *r)
{
	const struct release *x = &w->release;
	const struct gate_facts facts = { x->wanted, x->verdict, true };
	struct gate_step step = m->gate(w->gate, event, &facts);
	bool entered = !gate_is_released(w->gate) && gate_is_released(step.next);

	w->gate = step.next;
	if ((entered || step.effects & GATE_EFFECT_RELEASE) && !w->emergency) {
		r->bad_release += !x->grounded;
		r->openings += x->grounded;
	}
	if (step.effects & (GATE_EFFECT_PASSED | GATE_EFFECT_LAPSED))
		passed(w, step.effects & GATE_EFFECT_PASSED, r);
}

static void permit(const struct machines *m, struct world *w, struct release release,
		   struct result *r)
{
	if (w->gate != GATE_CLOSED) { /* the one before has not finished */
		w->next_release = release;
		return;
	}
	w->release = release;
	gate_event(m, w, GATE_PERMIT, r);
}

static uint32_t facts_of(const struct world *w, enum session_event e, enum verdict verdict,
			 bool valid)
{
	static const uint32_t VERDICT_FACT[VERDICT_COUNT_] = { [VERDICT_ADMIT] = FACT_ADMIT,
							       [VERDICT_REFER] = FACT_REFER,
							       [VERDICT_TURN_BACK] =
								       FACT_TURN_BACK };
	uint32_t facts = valid ? FACT_VALID : FACT_CLASS_REFUSED | FACT_DOWN;

	facts |= w->guard ? FACT_GUARD : 0;
	facts |= w->staff_wanted ? FACT_STAFF : 0;
	facts |= w->asked == ASKED_LEAVE ? FACT_EXIT : 0;
	return e == SESSION_RECORDED ? facts | VERDICT_FACT[verdict] : facts;
}

static enum asked asked_by(uint64_t effects, enum asked before)
{
	return effects & EFFECT_REGISTER ? ASKED_REGISTER
	       : effects & EFFECT_DECIDE ? ASKED_DECIDE
	       : effects & EFFECT_LEAVE  ? ASKED_LEAVE
	       : effects & EFFECT_COPY   ? ASKED_COPY
					 : before;
}

static void session_event(const struct machines *m, struct world *w, enum session_event e,
			  enum verdict verdict, bool valid, struct result *r)
{
	bool answer = e == SESSION_RECORDED;

	if (answer && (w->screen != SCREEN_SAVING || w->asked == ASKED_NOTHING))
		return; /* the register was asked nothing */
	if (w->screen == SCREEN_BOARD || w->screen == SCREEN_WELCOME)
		w->staff_wanted = e == SESSION_STAFF;
	struct session_step step = m->session(w->screen, e, facts_of(w, e, verdict, valid));
	if (!step.moved)
		return;
	/* Before the register answers, the visit's last decision is the one that referred it. */
	const struct release release = {
		.wanted = true,
		.leaving = w->asked == ASKED_LEAVE,
		.verdict = answer ? verdict : VERDICT_REFER,
		.grounded = answer && verdict == VERDICT_ADMIT,
	};
	w->screen = step.next;
	w->asked = step.next == SCREEN_SAVING ? asked_by(step.effects, w->asked) : ASKED_NOTHING;
	if (step.effects & EFFECT_OPEN_GATE)
		permit(m, w, release, r);
	if (step.effects & EFFECT_LOGIN)
		w->guard = !w->staff_wanted;
	if (step.effects & EFFECT_LOGOUT)
		w->guard = false;
}

/* One thing that happens; false when n is past the last. */
static bool happen(const struct machines *m, struct world *w, unsigned n, struct result *r)
{
	static const enum gate_event GATE[] = { GATE_LINE_DONE, GATE_LINE_FAILED, GATE_BEAM,
						GATE_TIMER };

	if (n < ARRAY_LEN(GATE)) {
		gate_event(m, w, GATE[n], r);
	} else if (n == ARRAY_LEN(GATE)) {
		w->emergency = true;
		gate_event(m, w, GATE_EMERGENCY_ON, r);
		session_event(m, w, SESSION_EMERGENCY, VERDICT_REFUSE, true, r);
	} else if (n == ARRAY_LEN(GATE) + 1) {
		w->emergency = false;
		gate_event(m, w, GATE_EMERGENCY_OFF, r);
		session_event(m, w, SESSION_EMERGENCY_OVER, VERDICT_REFUSE, true, r);
	} else {
		n -= (unsigned)ARRAY_LEN(GATE) + 2;
		unsigned e = n / (VERDICT_COUNT_ * 2);
		if (e >= SESSION_EVENT_COUNT_)
			return false;
		if (e == SESSION_EMERGENCY || e == SESSION_EMERGENCY_OVER)
			return true; /* happen together with the gate's */
		if (e != SESSION_RECORDED && n / 2 % VERDICT_COUNT_ != 0)
			return true; /* only the register's answer has a verdict */
		session_event(m, w, e, n / 2 % VERDICT_COUNT_, n % 2, r);
	}
	if (w->gate == GATE_CLOSED && w->next_release.wanted) {
		struct release next = w->next_release;
		w->next_release = (struct release){ 0 };
		permit(m, w, next, r);
	}
	return true;
}

static bool gate_can_close(const struct machines *m, struct world w)
{
	static const enum gate_event WAY[] = { GATE_EMERGENCY_OFF, GATE_LINE_DONE, GATE_TIMER,
					       GATE_TIMER };
	struct result ignored = { 0 };

	w.emergency = false;
	for (size_t i = 0; i < ARRAY_LEN(WAY) && w.gate != GATE_CLOSED; i++)
		gate_event(m, &w, WAY[i], &ignored);
	return w.gate == GATE_CLOSED;
}

static void judge(const struct machines *m, const struct world *w, struct result *r)
{
	r->worlds++;
	r->no_way_closed += !gate_can_close(m, *w);
}

struct explorer {
	uint8_t *seen;
	struct world *queue;
	size_t head, tail, cap;
};

static void visit_world(struct explorer *x, const struct world *w)
{
	uint32_t n = pack(w);

	assert_true(n < PACKED_MAX);
	if (x->seen[n / 8] & 1U << n % 8)
		return;
	x->seen[n / 8] = (uint8_t)(x->seen[n / 8] | 1U << n % 8);
	if (x->tail == x->cap) {
		x->cap *= 2;
		x->queue = realloc(x->queue, x->cap * sizeof(*x->queue));
		assert_non_null(x->queue);
	}
	x->queue[x->tail++] = *w;
}

static struct result explore(const struct machines *m)
{
	struct explorer x = { .cap = 4096 };
	struct result r = { 0 };

	x.seen = calloc(PACKED_MAX / 8 + 1, 1);
	x.queue = malloc(x.cap * sizeof(*x.queue));
	assert_true(x.seen && x.queue);
	visit_world(&x, &(struct world){ .screen = SCREEN_BOARD });
	while (x.head < x.tail) {
		struct world from = x.queue[x.head++];
		judge(m, &from, &r);
		struct world to = from;
		for (unsigned n = 0; happen(m, &to, n, &r); n++, to = from, r.steps++)
			visit_world(&x, &to);
	}
	free(x.seen);
	free(x.queue);
	return r;
}

static void test_never_released_without_ground(void **state)
{
	(void)state;
	struct result r = explore(&(struct machines){ session_step, gate_step });

	print_message("%zu worlds, %zu steps, %u openings with ground\n", r.worlds, r.steps,
		      r.openings);
	assert_true(r.worlds > 1000);
	assert_int_equal(r.bad_release, 0);
	assert_int_equal(r.bad_passage, 0);
	assert_true(r.openings > 0);
	assert_int_equal(r.no_way_closed, 0);
}

static struct session_step opens_for_all(enum screen s, enum session_event e, uint32_t facts)
{
	struct session_step step = session_step(s, e, facts);
	if (s == SCREEN_SAVING && e == SESSION_RECORDED)
		step.effects |= EFFECT_OPEN_GATE;
	return step;
}

/* Opens on the guard's touch, before the register answers. */
static struct session_step opens_early(enum screen s, enum session_event e, uint32_t facts)
{
	struct session_step step = session_step(s, e, facts);
	if (step.effects & EFFECT_DECIDE)
		step.effects |= EFFECT_OPEN_GATE;
	return step;
}

static struct gate_step opens_for_any_permit(enum gate_state s, enum gate_event e,
					     const struct gate_facts *facts)
{
	const struct gate_facts lie = { true, VERDICT_ADMIT, facts->has_beam };
	return gate_step(s, e, &lie);
}

static struct gate_step opens_by_itself(enum gate_state s, enum gate_event e,
					const struct gate_facts *facts)
{
	if (s == GATE_CLOSED && e == GATE_TIMER)
		return (struct gate_step){ GATE_OPENING, GATE_EFFECT_RELEASE };
	return gate_step(s, e, facts);
}

static struct gate_step never_closes(enum gate_state s, enum gate_event e,
				     const struct gate_facts *facts)
{
	if (s == GATE_CLOSING && e == GATE_TIMER)
		return (struct gate_step){ s, 0 };
	return gate_step(s, e, facts);
}

static void test_one_wrong_machine_is_stopped_by_the_other(void **state)
{
	(void)state;
	assert_int_equal(explore(&(struct machines){ opens_for_all, gate_step }).bad_release, 0);
	assert_int_equal(explore(&(struct machines){ opens_early, gate_step }).bad_release, 0);
	assert_int_equal(
		explore(&(struct machines){ session_step, opens_for_any_permit }).bad_release, 0);
}

static void test_the_walk_bites(void **state)
{
	(void)state;
	assert_true(explore(&(struct machines){ opens_for_all, opens_for_any_permit }).bad_release >
		    0);
	assert_true(explore(&(struct machines){ opens_early, opens_for_any_permit }).bad_release >
		    0);
	assert_true(explore(&(struct machines){ session_step, opens_by_itself }).bad_release > 0);
	assert_true(explore(&(struct machines){ session_step, never_closes }).no_way_closed > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_never_released_without_ground),
		cmocka_unit_test(test_one_wrong_machine_is_stopped_by_the_other),
		cmocka_unit_test(test_the_walk_bites),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
