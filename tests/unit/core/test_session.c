/*
 * Brute force over the session's table: every screen x event x combination of facts, and walks over
 * screen, data held and log-in. The checks take the machine as functions, so that deliberately
 * wrong machines can be put in: a check that does not report them proves nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/session.h"
#include "tests/unit/core/helper_book.h"

struct machine {
	struct session_step (*step)(enum screen, enum session_event, uint32_t);
	const struct screen_traits *(*traits)(enum screen);
};

static const struct machine REAL = { session_step, screen_traits };

enum law {
	LAW_SANE, /* an event without a row changes nothing; ENTER exactly with another screen */
	LAW_REACHABLE,
	LAW_WAY_HOME,
	LAW_TIMEOUT_SET, /* personal screens have one; screens without one hold nothing personal */
	LAW_TIMEOUT_MOVES,
	LAW_WIPES, /* personal data end with the board, a fault, an emergency, the queue after a
		      time-out */
	LAW_OPENS, /* only on RECORDED of an admission */
	LAW_PRINTS,
	LAW_SAVES, /* what is to be recorded waits for the register */
	LAW_LOGS_OUT,
	LAW_EMERGENCY,
	LAW_FAULT,
	LAW_COUNT_
};

struct findings {
	unsigned steps, moves;
	unsigned broken[LAW_COUNT_];
	enum screen first_screen[LAW_COUNT_];
	enum session_event first_event[LAW_COUNT_];
};

static void judge(struct findings *f, enum law law, bool kept, enum screen screen,
		  enum session_event event)
{
	if (!kept && f->broken[law]++ == 0) {
		f->first_screen[law] = screen;
		f->first_event[law] = event;
	}
}

#define SAVING_EFFECTS                                                                             \
	(EFFECT_REGISTER | EFFECT_DECIDE | EFFECT_LEAVE | EFFECT_COPY | EFFECT_LEVEL |             \
	 EFFECT_IMPORT)

static bool one_bit(uint64_t bits)
{
	return bits != 0 && (bits & (bits - 1)) == 0;
}

static bool works_with_accounts(enum screen s)
{
	return s == SCREEN_PIN || s == SCREEN_QUEUE || s == SCREEN_VISIT || s == SCREEN_CLINICAL ||
	       s == SCREEN_STAFF || s == SCREEN_EXPORTED || s == SCREEN_EXPORT_FAILED ||
	       (s >= SCREEN_REPORTS && s <= SCREEN_KEPT) ||
	       (s >= SCREEN_LEDGERS && s <= SCREEN_REMARK) ||
	       (s >= SCREEN_CHECK && s <= SCREEN_CLOCK) || s == SCREEN_EXPORT_DAYS;
}

/* What every single step must keep. */
static void judge_step(const struct machine *m, struct findings *f, enum screen s,
		       enum session_event e, uint32_t facts)
{
	struct session_step step = m->step(s, e, facts);
	uint64_t fx = step.effects;
	bool personal = m->traits(s)->personal;
	bool shelter = step.next == SCREEN_BOARD || step.next == SCREEN_FAULT ||
		       step.next == SCREEN_EMERGENCY;
	bool admitted = s == SCREEN_SAVING && e == SESSION_RECORDED && facts & FACT_ADMIT;
	uint64_t saves = fx & SAVING_EFFECTS;

	f->steps++;
	f->moves += step.moved;
	judge(f, LAW_SANE, step.next < SCREEN_COUNT_ && step.say < CLIP_COUNT_, s, e);
	judge(f, LAW_SANE, step.moved || (step.next == s && fx == 0 && step.say == CLIP_NONE), s,
	      e);
	judge(f, LAW_SANE, !(fx & EFFECT_ENTER) == (step.next == s), s, e);
	if (personal && e == SESSION_TIMEOUT) {
		judge(f, LAW_TIMEOUT_MOVES, step.moved && step.next != s, s, e);
		judge(f, LAW_WIPES, !m->traits(step.next)->personal || step.next == SCREEN_QUEUE, s,
		      e);
		judge(f, LAW_WIPES, step.next != SCREEN_QUEUE || fx & EFFECT_WIPE, s, e);
	}
	if (personal && shelter && step.moved)
		judge(f, LAW_WIPES, fx & EFFECT_WIPE, s, e);
	judge(f, LAW_OPENS, !(fx & EFFECT_OPEN_GATE) || admitted, s, e);
	judge(f, LAW_PRINTS, !(fx & EFFECT_PRINT_PASS) || admitted, s, e);
	judge(f, LAW_SAVES, saves == 0 || (one_bit(saves) && step.next == SCREEN_SAVING), s, e);
	judge(f, LAW_SAVES, step.next != SCREEN_SAVING || s == SCREEN_SAVING || saves, s, e);
	if (e == SESSION_LOGOUT && step.moved)
		judge(f, LAW_LOGS_OUT, fx & EFFECT_LOGOUT && step.next == SCREEN_BOARD, s, e);
	if (works_with_accounts(s) && step.next == SCREEN_BOARD)
		judge(f, LAW_LOGS_OUT, fx & EFFECT_LOGOUT, s, e);
	if (e == SESSION_EMERGENCY)
		judge(f, LAW_EMERGENCY,
		      step.next == SCREEN_EMERGENCY && fx & EFFECT_WIPE && fx & EFFECT_LOGOUT &&
			      fx & EFFECT_CANCEL_EXPORT,
		      s, e);
	if (e == SESSION_FAULT && s != SCREEN_EMERGENCY)
		judge(f, LAW_FAULT,
		      step.next == SCREEN_FAULT && fx & EFFECT_WIPE && fx & EFFECT_LOGOUT, s, e);
}

typedef bool graph[SCREEN_COUNT_][SCREEN_COUNT_];

/* Edges for one word of facts. Ways by way of an emergency or a fault do not count: they are open
 * from everywhere. */
static void add_edges(const struct machine *m, uint32_t facts, graph edges, graph all)
{
	for (unsigned s = 0; s < SCREEN_COUNT_; s++)
		for (unsigned e = 0; e < SESSION_EVENT_COUNT_; e++)
			if (e != SESSION_EMERGENCY && e != SESSION_FAULT)
				edges[s][m->step(s, e, facts).next] = true;
	for (unsigned s = 0; s < SCREEN_COUNT_; s++)
		for (unsigned next = 0; next < SCREEN_COUNT_; next++)
			all[s][next] |= edges[s][next];
}

/* Marks what is reached from seen along the edges, or against them. */
static void spread(graph edges, bool backwards, bool seen[SCREEN_COUNT_])
{
	for (bool grew = true; grew;) {
		grew = false;
		for (unsigned a = 0; a < SCREEN_COUNT_; a++)
			for (unsigned b = 0; b < SCREEN_COUNT_; b++)
				if (seen[a] && !seen[b] && (backwards ? edges[b][a] : edges[a][b]))
					seen[b] = grew = true;
	}
}

static void judge_ways(const struct machine *m, struct findings *f, enum law until)
{
	graph all = { 0 };
	bool reached[SCREEN_COUNT_] = { [SCREEN_BOARD] = true };

	for (uint32_t facts = 0; facts <= FACT_ALL; facts++) {
		graph edges = { 0 };
		bool home[SCREEN_COUNT_] = { [SCREEN_BOARD] = true };
		add_edges(m, facts, edges, all);
		spread(edges, true, home);
		for (unsigned s = 0; s < SCREEN_COUNT_; s++)
			judge(f, LAW_WAY_HOME, home[s], s, 0);
		if (until == LAW_WAY_HOME && f->broken[until])
			return;
	}
	for (unsigned s = 0; s < SCREEN_COUNT_; s++) { /* these two are entered by force */
		all[s][m->step(s, SESSION_EMERGENCY, 0).next] = true;
		all[s][m->step(s, SESSION_FAULT, 0).next] = true;
	}
	spread(all, false, reached);
	for (unsigned s = 0; s < SCREEN_COUNT_; s++)
		judge(f, LAW_REACHABLE, reached[s], s, 0);
}

/* All of it; or until a law is broken, which is all that a wrong machine must show. */
static struct findings examine(const struct machine *m, enum law until)
{
	struct findings f = { 0 };

	for (unsigned s = 0; s < SCREEN_COUNT_; s++) {
		const struct screen_traits *t = m->traits(s);
		judge(&f, LAW_TIMEOUT_SET, !t->personal || t->timeout_ms > 0, s, 0);
		if (until == LAW_REACHABLE || until == LAW_WAY_HOME)
			continue; /* they are not about single steps */
		for (unsigned e = 0; e < SESSION_EVENT_COUNT_; e++) {
			for (uint32_t facts = 0; facts <= FACT_ALL; facts++)
				judge_step(m, &f, s, e, facts);
			if (until < LAW_COUNT_ && f.broken[until])
				return f;
		}
	}
	judge_ways(m, &f, until);
	return f;
}

static void test_every_step_keeps_the_laws(void **state)
{
	(void)state;
	struct findings f = examine(&REAL, LAW_COUNT_);

	print_message("%d screens x %d events x %d facts = %u steps, %u move\n", SCREEN_COUNT_,
		      SESSION_EVENT_COUNT_, FACT_ALL + 1, f.steps, f.moves);
	assert_int_equal(f.steps, SCREEN_COUNT_ * SESSION_EVENT_COUNT_ * (FACT_ALL + 1));
	for (int law = 0; law < LAW_COUNT_; law++)
		if (f.broken[law])
			fail_msg("law %d broken %u times, first on %s by event %d", law,
				 f.broken[law], screen_name(f.first_screen[law]),
				 f.first_event[law]);
}

/* Wrong machines, each breaking one law. */

static struct session_step opens_without_admit(enum screen s, enum session_event e, uint32_t facts)
{
	return session_step(s, e, e == SESSION_RECORDED ? facts | FACT_ADMIT : facts);
}

static struct session_step opens_on_guards_touch(enum screen s, enum session_event e,
						 uint32_t facts)
{
	struct session_step step = session_step(s, e, facts);
	if (s == SCREEN_VISIT && e == SESSION_ADMIT && step.moved)
		step.effects |= EFFECT_OPEN_GATE;
	return step;
}

static struct session_step prints_on_failure(enum screen s, enum session_event e, uint32_t facts)
{
	struct session_step step = session_step(s, e, facts);
	if (s == SCREEN_SAVING && e == SESSION_RECORD_FAILED)
		step.effects |= EFFECT_PRINT_PASS;
	return step;
}

static struct session_step forgets_to_wipe(enum screen s, enum session_event e, uint32_t facts)
{
	struct session_step step = session_step(s, e, facts);
	if (s == SCREEN_REVIEW && e == SESSION_TIMEOUT)
		step.effects &= ~(uint64_t)EFFECT_WIPE;
	return step;
}

static struct session_step keeps_data_in_queue(enum screen s, enum session_event e, uint32_t facts)
{
	struct session_step step = session_step(s, e, facts);
	if (s == SCREEN_ADMITTED && step.next == SCREEN_QUEUE)
		step.effects &= ~(uint64_t)EFFECT_WIPE;
	return step;
}

static struct session_step sleeps_on_timeout(enum screen s, enum session_event e, uint32_t facts)
{
	if (s == SCREEN_PHONE && e == SESSION_TIMEOUT)
		return (struct session_step){ s, 0, CLIP_NONE, false };
	return session_step(s, e, facts);
}

static struct session_step holds_fast(enum screen s, enum session_event e, uint32_t facts)
{
	if (s == SCREEN_EXPORTING && e != SESSION_EMERGENCY && e != SESSION_FAULT)
		return (struct session_step){ s, 0, CLIP_NONE, false };
	return session_step(s, e, facts);
}

/* Home is reached, but not when the register is down. */
static struct session_step holds_fast_when_down(enum screen s, enum session_event e, uint32_t facts)
{
	if (s == SCREEN_FAULT && e == SESSION_FAULT_OVER && facts & FACT_DOWN)
		return (struct session_step){ s, 0, CLIP_NONE, false };
	return session_step(s, e, facts);
}

static struct session_step never_says_goodbye(enum screen s, enum session_event e, uint32_t facts)
{
	struct session_step step = session_step(s, e, facts);
	if (step.next == SCREEN_GOODBYE && s != SCREEN_GOODBYE)
		step.next = SCREEN_ADMITTED;
	return step;
}

static struct session_step does_not_wait(enum screen s, enum session_event e, uint32_t facts)
{
	struct session_step step = session_step(s, e, facts);
	if (step.effects & EFFECT_DECIDE)
		step.next = SCREEN_ADMITTED;
	return step;
}

static struct session_step stays_logged_in(enum screen s, enum session_event e, uint32_t facts)
{
	struct session_step step = session_step(s, e, facts);
	if (s == SCREEN_QUEUE && e == SESSION_TIMEOUT)
		step.effects &= ~(uint64_t)EFFECT_LOGOUT;
	return step;
}

static struct session_step exports_through_fire(enum screen s, enum session_event e, uint32_t facts)
{
	if (s == SCREEN_EXPORTING && e == SESSION_EMERGENCY)
		return (struct session_step){ s, 0, CLIP_NONE, false };
	return session_step(s, e, facts);
}

static struct session_step ignores_fault(enum screen s, enum session_event e, uint32_t facts)
{
	if (s == SCREEN_STAFF && e == SESSION_FAULT)
		return (struct session_step){ s, 0, CLIP_NONE, false };
	return session_step(s, e, facts);
}

static struct session_step moves_in_silence(enum screen s, enum session_event e, uint32_t facts)
{
	struct session_step step = session_step(s, e, facts);
	if (s == SCREEN_BOARD && e == SESSION_START)
		step.moved = false;
	return step;
}

static const struct screen_traits *name_without_timeout(enum screen s)
{
	static const struct screen_traits WRONG = { 0, true, false, false, 2 };
	return s == SCREEN_NAME ? &WRONG : screen_traits(s);
}

static void test_the_laws_bite(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		struct machine machine;
		enum law law;
	} WRONG[] = {
		{ "opens without admit", { opens_without_admit, screen_traits }, LAW_OPENS },
		{ "opens on a touch", { opens_on_guards_touch, screen_traits }, LAW_OPENS },
		{ "prints unrecorded", { prints_on_failure, screen_traits }, LAW_PRINTS },
		{ "no wipe", { forgets_to_wipe, screen_traits }, LAW_WIPES },
		{ "no wipe into queue", { keeps_data_in_queue, screen_traits }, LAW_WIPES },
		{ "no time-out", { sleeps_on_timeout, screen_traits }, LAW_TIMEOUT_MOVES },
		{ "no way home", { holds_fast, screen_traits }, LAW_WAY_HOME },
		{ "no way home, down", { holds_fast_when_down, screen_traits }, LAW_WAY_HOME },
		{ "unreachable", { never_says_goodbye, screen_traits }, LAW_REACHABLE },
		{ "does not wait", { does_not_wait, screen_traits }, LAW_SAVES },
		{ "stays logged in", { stays_logged_in, screen_traits }, LAW_LOGS_OUT },
		{ "no emergency", { exports_through_fire, screen_traits }, LAW_EMERGENCY },
		{ "no fault", { ignores_fault, screen_traits }, LAW_FAULT },
		{ "moves unsaid", { moves_in_silence, screen_traits }, LAW_SANE },
		{ "time-out 0", { session_step, name_without_timeout }, LAW_TIMEOUT_SET },
	};

	for (size_t i = 0; i < ARRAY_LEN(WRONG); i++) {
		struct findings f = examine(&WRONG[i].machine, WRONG[i].law);
		print_message("  %-20s law %2d broken %u times\n", WRONG[i].name, WRONG[i].law,
			      f.broken[WRONG[i].law]);
		assert_true(f.broken[WRONG[i].law] > 0);
	}
}

/* Every event means something somewhere, except the wrong PIN: it only leaves a note. */
static void test_events_are_used(void **state)
{
	(void)state;
	for (unsigned e = 0; e < SESSION_EVENT_COUNT_; e++) {
		bool used = false;
		for (unsigned s = 0; s < SCREEN_COUNT_ && !used; s++)
			for (uint32_t facts = 0; facts <= FACT_ALL && !used; facts++)
				used |= session_step(s, e, facts).moved;
		assert_int_equal(used, e != SESSION_PIN_WRONG);
	}
}

/* Every fact changes some step, or it would be dead weight. */
static void test_facts_are_used(void **state)
{
	(void)state;
	for (uint32_t bit = 1; bit <= FACT_ALL; bit <<= 1) {
		bool used = false;
		for (unsigned s = 0; s < SCREEN_COUNT_ && !used; s++)
			for (unsigned e = 0; e < SESSION_EVENT_COUNT_ && !used; e++)
				for (uint32_t facts = 0; facts <= FACT_ALL && !used; facts++) {
					struct session_step a = session_step(s, e, facts & ~bit);
					struct session_step b = session_step(s, e, facts | bit);
					used |= a.next != b.next || a.effects != b.effects ||
						a.say != b.say || a.moved != b.moved;
				}
		assert_true(used);
	}
}

/* The register's answer alone decides what comes after SAVING. */
static void test_answers_of_the_register(void **state)
{
	(void)state;
	static const struct {
		enum session_event event;
		uint32_t facts;
		enum screen next;
		uint32_t effects;
	} ANSWER[] = {
		{ SESSION_RECORDED, FACT_ADMIT, SCREEN_ADMITTED,
		  EFFECT_OPEN_GATE | EFFECT_PRINT_PASS },
		{ SESSION_RECORDED, FACT_REFER, SCREEN_WAITING, 0 },
		{ SESSION_RECORDED, FACT_TURN_BACK, SCREEN_REFUSED, EFFECT_PRINT_REFUSAL },
		{ SESSION_RECORDED, 0, SCREEN_REFUSED, EFFECT_PRINT_REFUSAL },
		{ SESSION_RECORDED, FACT_EXIT | FACT_ADMIT, SCREEN_GOODBYE, EFFECT_OPEN_GATE },
		{ SESSION_RECORDED, FACT_EXIT, SCREEN_PASS_REFUSED, 0 },
		{ SESSION_RECORD_FAILED, 0, SCREEN_FAULT, EFFECT_WIPE },
		{ SESSION_RECORD_FAILED, FACT_EXIT, SCREEN_FAULT, EFFECT_WIPE },
		{ SESSION_RECORD_FAILED, FACT_GUARD, SCREEN_VISIT, 0 },
		{ SESSION_RECORD_FAILED, FACT_GUARD | FACT_EXIT, SCREEN_VISIT, 0 },
		{ SESSION_ALREADY, FACT_GUARD, SCREEN_QUEUE, EFFECT_WIPE | EFFECT_QUEUE },
		{ SESSION_ALREADY, FACT_EXIT, SCREEN_PASS_REFUSED, 0 },
		{ SESSION_ALREADY, 0, SCREEN_BOARD, EFFECT_WIPE | EFFECT_LOGOUT },
		/* a change of the level admits nobody, whatever else is said */
		{ SESSION_RECORDED, FACT_LEVEL | FACT_GUARD | FACT_ADMIT, SCREEN_QUEUE,
		  EFFECT_WIPE | EFFECT_QUEUE },
		{ SESSION_RECORDED, FACT_LEVEL | FACT_ADMIT, SCREEN_STAFF,
		  EFFECT_WIPE | EFFECT_COUNTS },
		{ SESSION_RECORD_FAILED, FACT_LEVEL | FACT_GUARD, SCREEN_QUEUE,
		  EFFECT_WIPE | EFFECT_QUEUE },
		{ SESSION_RECORD_FAILED, FACT_LEVEL, SCREEN_STAFF, EFFECT_WIPE | EFFECT_COUNTS },
		{ SESSION_TIMEOUT, 0, SCREEN_FAULT, EFFECT_WIPE | EFFECT_LOGOUT },
	};

	for (size_t i = 0; i < ARRAY_LEN(ANSWER); i++) {
		struct session_step s =
			session_step(SCREEN_SAVING, ANSWER[i].event, ANSWER[i].facts);
		assert_int_equal(s.next, ANSWER[i].next);
		assert_int_equal(s.effects, ANSWER[i].effects | EFFECT_ENTER);
	}
}

/* After an emergency a dead register still shows. */
static void test_emergency_over_with_a_dead_register(void **state)
{
	(void)state;
	struct session_step s = session_step(SCREEN_EMERGENCY, SESSION_EMERGENCY_OVER, FACT_DOWN);
	assert_int_equal(s.next, SCREEN_FAULT);
	s = session_step(SCREEN_EMERGENCY, SESSION_EMERGENCY_OVER, 0);
	assert_int_equal(s.next, SCREEN_BOARD);
	s = session_step(SCREEN_EMERGENCY, SESSION_FAULT, FACT_DOWN);
	assert_int_equal(s.next, SCREEN_EMERGENCY);
}

static void test_names(void **state)
{
	(void)state;
	for (unsigned a = 0; a < SCREEN_COUNT_; a++) {
		assert_true(strlen(screen_name(a)) > 0);
		for (unsigned b = 0; b < a; b++)
			assert_string_not_equal(screen_name(a), screen_name(b));
	}
	for (unsigned a = 0; a < CLIP_COUNT_; a++)
		for (unsigned b = 0; b < a; b++)
			assert_string_not_equal(clip_name(a), clip_name(b));
}

static void test_wipe(void **state)
{
	(void)state;
	struct session s;
	memset(&s, 0x5A, sizeof(s)); /* padding included */
	s.screen = SCREEN_QUEUE;
	s.role = ROLE_GUARD;
	s.role_wanted = ROLE_GUARD;
	s.language = LANGUAGE_EN;
	s.staff_language = LANGUAGE_EN;
	s.deadline_ms = 42;
	memcpy(s.account, "li", 3);
	session_wipe(&s);
	assert_int_equal(s.screen, SCREEN_QUEUE);
	assert_int_equal(s.role, ROLE_GUARD);
	assert_int_equal(s.deadline_ms, 42);
	assert_string_equal(s.account, "li");
	assert_int_equal(s.language, LANGUAGE_EN); /* of the guard at work */
	assert_false(bytes_hold(&s.visit, sizeof(s.visit), "ZZZZ"));
	assert_false(bytes_hold(s.entry, sizeof(s.entry), "ZZZZ"));
	assert_false(bytes_hold(s.pin, sizeof(s.pin), "ZZZZ"));
	assert_false(bytes_hold(s.rows, sizeof(s.rows), "ZZZZ"));

	s.role = ROLE_NONE;
	s.language = LANGUAGE_EN;
	session_wipe(&s);
	assert_int_equal(s.language, LANGUAGE_ZH); /* the next visitor begins in Chinese */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_step_keeps_the_laws),
		cmocka_unit_test(test_the_laws_bite),
		cmocka_unit_test(test_events_are_used),
		cmocka_unit_test(test_facts_are_used),
		cmocka_unit_test(test_answers_of_the_register),
		cmocka_unit_test(test_emergency_over_with_a_dead_register),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_wipe),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
