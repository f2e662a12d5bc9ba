/*
 * A walk over what the table cannot see: what is held in memory, who is logged in, what the
 * register was asked. Facts that follow from these are derived, as the application does; the others
 * are free.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/session.h"

struct machine {
	struct session_step (*step)(enum screen, enum session_event, uint32_t);
	const struct screen_traits *(*traits)(enum screen);
};

static const struct machine REAL = { session_step, screen_traits };

#define SAVING_EFFECTS                                                                             \
	(EFFECT_REGISTER | EFFECT_DECIDE | EFFECT_LEAVE | EFFECT_COPY | EFFECT_LEVEL |             \
	 EFFECT_IMPORT)

#define AGAIN_MAX 8

struct place {
	enum screen screen;
	bool holds; /* answers of a visitor, or a visit from the register */
	enum role role;
	uint64_t asked; /* of SAVING_EFFECTS */
	unsigned again; /* PIN: which of AGAIN */
};

struct walk {
	unsigned places, holds_wrongly, board_logged_in, visitor_logged_in, guard_without_login,
		staff_without_login, staff_decides;
	struct place first; /* that is wrong */
};

static unsigned wrongs(const struct walk *w)
{
	return w->staff_decides + w->holds_wrongly + w->board_logged_in + w->visitor_logged_in +
	       w->guard_without_login + w->staff_without_login;
}

static unsigned place_index(struct place p)
{
	unsigned asked = p.asked == 0                ? 0
			 : p.asked & EFFECT_REGISTER ? 1
			 : p.asked & EFFECT_DECIDE   ? 2
			 : p.asked & EFFECT_LEAVE    ? 3
			 : p.asked & EFFECT_COPY     ? 4
			 : p.asked & EFFECT_LEVEL    ? 5
						     : 6;
	return (((p.screen * 2U + p.holds) * ROLE_COUNT_ + p.role) * 7U + asked) * AGAIN_MAX +
	       p.again;
}
#define PLACES (SCREEN_COUNT_ * 2 * ROLE_COUNT_ * 7 * AGAIN_MAX)

/* Screens whose answer is stored when the visitor goes on, and those that load a visit. */
static bool takes_data(enum screen s, enum session_event e)
{
	bool answered = (s >= SCREEN_NAME && s <= SCREEN_PURPOSE && e == SESSION_NEXT) ||
			((s == SCREEN_TRAVEL || s == SCREEN_SYMPTOMS) && e == SESSION_ANSWER);
	bool driver = (s == SCREEN_PLATE && e == SESSION_NEXT) ||
		      (s == SCREEN_OCCUPANTS && e == SESSION_CHOOSE);
	return answered || driver ||
	       ((s == SCREEN_QUEUE || s == SCREEN_SEARCH || s == SCREEN_FOUND) &&
		e == SESSION_LOADED) ||
	       ((s == SCREEN_SEARCH || s == SCREEN_REQUEST) && e == SESSION_NEXT) ||
	       (s == SCREEN_REQUEST && e == SESSION_LOADED) ||
	       (s == SCREEN_REPORTS && e == SESSION_INSIDE) ||
	       (s == SCREEN_CONTACT && (e == SESSION_NEXT || e == SESSION_LOADED));
}

static uint32_t derived_facts(const struct place *p, uint32_t free)
{
	uint32_t facts = free & ~(uint32_t)(FACT_GUARD | FACT_EXIT | FACT_SUPERVISOR | FACT_LEVEL);

	if (p->role == ROLE_GUARD || p->role == ROLE_SUPERVISOR)
		facts |= FACT_GUARD | (p->role == ROLE_SUPERVISOR ? (uint32_t)FACT_SUPERVISOR : 0);
	if (p->screen == SCREEN_SAVING && p->asked & EFFECT_LEAVE)
		facts |= FACT_EXIT;
	if (p->screen == SCREEN_SAVING && p->asked & EFFECT_LEVEL)
		facts |= FACT_LEVEL;
	return facts;
}

/* From where the PIN screen asks who is logged in once more, and by which names the application
 * calls its events then. */
static const struct {
	enum screen from;
	enum session_event right, back;
} AGAIN[] = {
	{ SCREEN_BOARD, SESSION_PIN_RIGHT, SESSION_BACK }, /* a log-in */
	{ SCREEN_VISIT, SESSION_AGAIN_RIGHT, SESSION_AGAIN_BACK },
	{ SCREEN_KEPT, SESSION_KEPT_RIGHT, SESSION_KEPT_BACK },
	{ SCREEN_ACCOUNT, SESSION_ACCOUNT_RIGHT, SESSION_ACCOUNT_BACK },
};

static unsigned again_from(enum screen s)
{
	for (unsigned i = 1; i < ARRAY_LEN(AGAIN); i++)
		if (AGAIN[i].from == s)
			return i;
	return 0;
}

static enum session_event told(const struct place *p, enum session_event e)
{
	if (p->screen != SCREEN_PIN)
		return e;
	return e == SESSION_PIN_RIGHT ? AGAIN[p->again].right
	       : e == SESSION_BACK    ? AGAIN[p->again].back
				      : e;
}

static bool is_told_elsewhere(const struct place *p, enum session_event e)
{
	for (unsigned i = 1; i < ARRAY_LEN(AGAIN); i++)
		if ((e == AGAIN[i].right || e == AGAIN[i].back) &&
		    (p->screen != SCREEN_PIN || p->again != i))
			return true;
	return false;
}

/* An import is answered as one, and nothing else is; the application sees to it that an answer
 * which comes when its screen was left does not move another. */
static bool is_answer_of_something_else(const struct place *p, enum session_event e)
{
	bool import = e == SESSION_IMPORTED || e == SESSION_IMPORT_FAILED;
	bool record = e == SESSION_RECORDED || e == SESSION_RECORD_FAILED || e == SESSION_ALREADY;

	return p->asked & EFFECT_IMPORT ? record : import;
}

static struct place go(const struct machine *m, struct place p, enum session_event e, uint32_t free)
{
	e = told(&p, e);
	uint32_t facts = derived_facts(&p, free);
	struct session_step step = m->step(p.screen, e, facts);
	struct place next = p;

	if (!step.moved || is_answer_of_something_else(&p, e) || is_told_elsewhere(&p, e))
		return p;
	next.screen = step.next;
	if (step.next != p.screen)
		next.again = step.next == SCREEN_PIN ? again_from(p.screen) : 0;
	next.holds |= takes_data(p.screen, e) || step.effects & EFFECT_LEAVE;
	if (step.effects & SAVING_EFFECTS)
		next.asked = step.effects & SAVING_EFFECTS;
	else if (step.next != SCREEN_SAVING)
		next.asked = 0;
	if (step.effects & EFFECT_LOGIN)
		next.role = facts & FACT_STAFF       ? ROLE_STAFF
			    : free & FACT_SUPERVISOR ? ROLE_SUPERVISOR
						     : ROLE_GUARD;
	if (step.effects & EFFECT_LOGOUT)
		next.role = ROLE_NONE;
	if (step.effects & EFFECT_WIPE)
		next.holds = false;
	return next;
}

static void judge_place(const struct machine *m, struct walk *w, const struct place *p)
{
	enum screen s = p->screen;
	bool guards = s == SCREEN_QUEUE || s == SCREEN_CLINICAL;
	bool anybody = (s >= SCREEN_REPORTS && s <= SCREEN_INSIDE) ||
		       (s >= SCREEN_LEDGERS && s <= SCREEN_REMARK) || s == SCREEN_VISIT ||
		       s == SCREEN_SEARCH || s == SCREEN_FOUND || s == SCREEN_ORDER;
	bool staffs = s == SCREEN_STAFF || s == SCREEN_EXPORT_DAYS ||
		      (s >= SCREEN_EXPORTING && s <= SCREEN_EXPORT_FAILED);
	bool higher = s == SCREEN_CONTACT || s == SCREEN_CONTACTS ||
		      (s >= SCREEN_TOOLS && s <= SCREEN_KEPT) ||
		      (s >= SCREEN_CHECK && s <= SCREEN_CLOCK);

	unsigned before = wrongs(w);

	w->places++;
	w->holds_wrongly += p->holds && !m->traits(s)->personal;
	w->board_logged_in += s == SCREEN_BOARD && p->role != ROLE_NONE;
	w->visitor_logged_in += ((s >= SCREEN_WELCOME && s <= SCREEN_TEMPERATURE) ||
				 (s >= SCREEN_VEHICLE && s <= SCREEN_OCCUPANTS)) &&
				p->role != ROLE_NONE;
	w->guard_without_login += (guards && p->role != ROLE_GUARD && p->role != ROLE_SUPERVISOR) ||
				  (s == SCREEN_LEVEL && p->role != ROLE_SUPERVISOR) ||
				  (anybody && p->role == ROLE_NONE) ||
				  (higher && p->role != ROLE_SUPERVISOR && p->role != ROLE_STAFF);
	w->staff_without_login += staffs && p->role != ROLE_STAFF;
	w->staff_decides +=
		p->role == ROLE_STAFF && (p->asked & (EFFECT_DECIDE | EFFECT_COPY)) != 0;
	if (before == 0 && wrongs(w) > 0)
		w->first = *p;
}

/* All of it; or until something is wrong, which is all that a wrong machine must show. */
static struct walk walk_until(const struct machine *m, bool wrong)
{
	static struct place queue[PLACES];
	static bool seen[PLACES];
	struct walk w = { 0 };
	size_t head = 0, tail = 0;

	memset(seen, 0, sizeof(seen));
	queue[tail++] = (struct place){ .screen = SCREEN_BOARD };
	seen[place_index(queue[0])] = true;
	while (head < tail) {
		struct place p = queue[head++];
		judge_place(m, &w, &p);
		if (wrong && wrongs(&w) > 0)
			return w;
		for (unsigned e = 0; e < SESSION_EVENT_COUNT_; e++)
			for (uint32_t facts = 0; facts <= FACT_ALL; facts++) {
				if (facts & (FACT_GUARD | FACT_EXIT | FACT_LEVEL))
					continue; /* derived, whatever they are here */
				struct place next = go(m, p, e, facts);
				if (!seen[place_index(next)]) {
					seen[place_index(next)] = true;
					queue[tail++] = next;
				}
			}
	}
	return w;
}

static struct walk walk(const struct machine *m)
{
	return walk_until(m, true);
}

static void test_data_and_logins_stay_where_they_belong(void **state)
{
	(void)state;
	struct walk w = walk_until(&REAL, false);

	print_message("%u places of screen x data held x log-in x question to the register\n",
		      w.places);
	assert_in_range(w.places, SCREEN_COUNT_, PLACES);
	if (wrongs(&w))
		fail_msg("%u wrong: data %u, board %u, visitor %u, guard %u, staff %u, staff "
			 "decide %u; "
			 "first on %s "
			 "with role %d",
			 wrongs(&w), w.holds_wrongly, w.board_logged_in, w.visitor_logged_in,
			 w.guard_without_login, w.staff_without_login, w.staff_decides,
			 screen_name(w.first.screen), w.first.role);
}

static struct session_step back_keeps_answers(enum screen s, enum session_event e, uint32_t facts)
{
	struct session_step step = session_step(s, e, facts);
	if (s == SCREEN_CLASS && e == SESSION_BACK)
		step.effects &= ~(uint64_t)EFFECT_WIPE;
	return step;
}

static struct session_step waiting_forgets_guard(enum screen s, enum session_event e,
						 uint32_t facts)
{
	return session_step(s, e, s == SCREEN_WAITING ? facts & ~(uint32_t)FACT_GUARD : facts);
}

static struct session_step anybody_is_guard(enum screen s, enum session_event e, uint32_t facts)
{
	if (s == SCREEN_BOARD && e == SESSION_GUARD)
		return (struct session_step){ SCREEN_QUEUE, EFFECT_QUEUE | EFFECT_ENTER, 0, true };
	return session_step(s, e, facts);
}

static struct session_step guards_export(enum screen s, enum session_event e, uint32_t facts)
{
	if (s == SCREEN_QUEUE && e == SESSION_EXPORT)
		return (struct session_step){ SCREEN_STAFF, EFFECT_ENTER, 0, true };
	return session_step(s, e, facts);
}

static struct session_step guards_ask(enum screen s, enum session_event e, uint32_t facts)
{
	return session_step(s, e, e == SESSION_CONTACT ? facts & ~(uint32_t)FACT_GUARD : facts);
}

static struct session_step staff_decide(enum screen s, enum session_event e, uint32_t facts)
{
	bool verdict = e == SESSION_ADMIT || e == SESSION_REFUSE;
	return session_step(s, e, verdict ? facts | FACT_GUARD : facts);
}

static struct session_step guards_open_the_menu(enum screen s, enum session_event e, uint32_t facts)
{
	return session_step(s, e, e == SESSION_TOOLS ? facts | FACT_SUPERVISOR : facts);
}

static void test_the_walk_bites(void **state)
{
	(void)state;
	struct walk w = walk(&(struct machine){ back_keeps_answers, screen_traits });
	assert_true(w.holds_wrongly > 0);
	w = walk_until(&(struct machine){ waiting_forgets_guard, screen_traits }, false);
	assert_true(w.board_logged_in > 0 && w.visitor_logged_in > 0);
	w = walk(&(struct machine){ anybody_is_guard, screen_traits });
	assert_true(w.guard_without_login > 0);
	w = walk(&(struct machine){ guards_ask, screen_traits });
	assert_true(w.guard_without_login > 0);
	w = walk(&(struct machine){ guards_open_the_menu, screen_traits });
	assert_true(w.guard_without_login > 0);
	w = walk(&(struct machine){ staff_decide, screen_traits });
	assert_true(w.staff_decides > 0);
	w = walk(&(struct machine){ guards_export, screen_traits });
	assert_true(w.staff_without_login > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_data_and_logins_stay_where_they_belong),
		cmocka_unit_test(test_the_walk_bites),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
