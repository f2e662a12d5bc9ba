#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/visit.h"
#include "tests/unit/core/helper_book.h"

/* Every transition there is; whatever is not here must leave the state and say so. */
static const struct {
	enum visit_state from;
	enum visit_event event;
	enum visit_state to;
} WAY[] = {
	{ VISIT_DRAFT, VISIT_REFERRED, VISIT_WAITING },
	{ VISIT_DRAFT, VISIT_REFUSE, VISIT_REFUSED },
	{ VISIT_DRAFT, VISIT_TURN_BACK, VISIT_TURNED_BACK },
	{ VISIT_DRAFT, VISIT_ADMIT, VISIT_ADMITTED },
	{ VISIT_WAITING, VISIT_REFUSE, VISIT_REFUSED },
	{ VISIT_WAITING, VISIT_TURN_BACK, VISIT_TURNED_BACK },
	{ VISIT_WAITING, VISIT_ADMIT, VISIT_ADMITTED },
	{ VISIT_ADMITTED, VISIT_PASS_IN, VISIT_INSIDE },
	{ VISIT_ADMITTED, VISIT_LAPSE, VISIT_LAPSED },
	{ VISIT_ADMITTED, VISIT_LEAVE, VISIT_LEFT }, /* the beam missed the way in */
	{ VISIT_LAPSED, VISIT_PASS_IN, VISIT_INSIDE },
	{ VISIT_LAPSED, VISIT_LEAVE, VISIT_LEFT },
	{ VISIT_INSIDE, VISIT_LEAVE, VISIT_LEFT },
	{ VISIT_INSIDE, VISIT_EXPIRE, VISIT_OVERDUE },
	{ VISIT_OVERDUE, VISIT_LEAVE, VISIT_LEFT },
};

static void test_transitions(void **state)
{
	(void)state;
	unsigned moved = 0;

	for (unsigned s = 0; s < VISIT_STATE_COUNT_; s++)
		for (unsigned e = 0; e < VISIT_EVENT_COUNT_; e++) {
			enum visit_state next = VISIT_STATE_COUNT_, expected = s;
			bool listed = false;
			for (size_t i = 0; i < ARRAY_LEN(WAY); i++)
				if (WAY[i].from == s && WAY[i].event == e) {
					expected = WAY[i].to;
					listed = true;
				}
			assert_int_equal(visit_step(s, e, &next), listed);
			assert_int_equal(next, expected);
			moved += listed;
		}
	assert_int_equal(moved, ARRAY_LEN(WAY));
}

static void reach(enum visit_state s, bool seen[VISIT_STATE_COUNT_])
{
	if (seen[s])
		return;
	seen[s] = true;
	for (unsigned e = 0; e < VISIT_EVENT_COUNT_; e++) {
		enum visit_state next;
		(void)visit_step(s, e, &next);
		reach(next, seen);
	}
}

static void test_no_way_in_after_a_no(void **state)
{
	(void)state;
	static const enum visit_state END[] = { VISIT_REFUSED, VISIT_TURNED_BACK, VISIT_LEFT };

	for (size_t i = 0; i < ARRAY_LEN(END); i++) {
		bool seen[VISIT_STATE_COUNT_] = { 0 };
		reach(END[i], seen);
		for (unsigned s = 0; s < VISIT_STATE_COUNT_; s++)
			assert_int_equal(seen[s], s == END[i]);
	}
	bool seen[VISIT_STATE_COUNT_] = { 0 };
	reach(VISIT_DRAFT, seen);
	for (unsigned s = 0; s < VISIT_STATE_COUNT_; s++)
		assert_true(seen[s]);
}

/* Inside is entered only by passing, and passing needs an admission. */
static void test_inside_needs_admission(void **state)
{
	(void)state;
	for (unsigned s = 0; s < VISIT_STATE_COUNT_; s++) {
		enum visit_state next;
		bool in = visit_step(s, VISIT_PASS_IN, &next);
		assert_int_equal(in, s == VISIT_ADMITTED || s == VISIT_LAPSED);
		for (unsigned e = 0; e < VISIT_EVENT_COUNT_; e++)
			if (visit_step(s, e, &next) && next == VISIT_INSIDE)
				assert_int_equal(e, VISIT_PASS_IN);
	}
}

static void test_verdicts(void **state)
{
	(void)state;
	assert_int_equal(visit_event_of(VERDICT_ADMIT), VISIT_ADMIT);
	assert_int_equal(visit_event_of(VERDICT_REFER), VISIT_REFERRED);
	assert_int_equal(visit_event_of(VERDICT_TURN_BACK), VISIT_TURN_BACK);
	assert_int_equal(visit_event_of(VERDICT_REFUSE), VISIT_REFUSE);
	assert_int_equal(visit_event_of(VERDICT_COUNT_), VISIT_REFUSE); /* default is refuse */
	assert_int_equal(visit_event_of((enum verdict)99), VISIT_REFUSE);
}

static void test_declarations(void **state)
{
	(void)state;
	for (int bits = 0; bits < 4; bits++) {
		struct visit v;
		visit_fill(&v);
		v.facts[CHECK_MASK].finding = FINDING_GOOD;
		v.facts[CHECK_MASK].source = SOURCE_GUARD;
		visit_declare(&v, bits & 1, bits & 2, 5);
		assert_int_equal(v.facts[CHECK_TRAVEL_14D].finding,
				 bits & 1 ? FINDING_BAD : FINDING_GOOD);
		assert_int_equal(v.facts[CHECK_SYMPTOMS].finding,
				 bits & 2 ? FINDING_BAD : FINDING_GOOD);
		assert_int_equal(v.facts[CHECK_SYMPTOMS].source, SOURCE_DECLARED);
		assert_int_equal(v.facts[CHECK_SYMPTOMS].wall_ms, 5);
		assert_int_equal(v.facts[CHECK_MASK].finding, FINDING_GOOD);
		assert_int_equal(v.facts[CHECK_MASK].source, SOURCE_GUARD);
	}
}

static enum finding real_name_without(size_t offset)
{
	struct visit v;

	visit_fill(&v);
	((char *)&v.person)[offset] = '\0';
	visit_check_real_name(&v, 20261123, 9);
	return v.facts[CHECK_REAL_NAME].finding;
}

static void test_real_name_needs_all_four(void **state)
{
	(void)state;
	struct visit v;
	visit_fill(&v);
	assert_int_equal(v.facts[CHECK_REAL_NAME].finding, FINDING_GOOD);
	assert_int_equal(real_name_without(offsetof(struct person, name)), FINDING_BAD);
	assert_int_equal(real_name_without(offsetof(struct person, document)), FINDING_BAD);
	assert_int_equal(real_name_without(offsetof(struct person, phone)), FINDING_BAD);
	assert_int_equal(real_name_without(offsetof(struct person, household)), FINDING_BAD);
	assert_int_equal(real_name_without(offsetof(struct person, purpose)), FINDING_GOOD);
	v.person.document_kind = DOCUMENT_NONE;
	visit_check_real_name(&v, 20261123, 9);
	assert_int_equal(v.facts[CHECK_REAL_NAME].finding, FINDING_BAD);
	visit_fill(&v);
	visit_check_real_name(&v, 19491230, 9); /* born tomorrow */
	assert_int_equal(v.facts[CHECK_REAL_NAME].finding, FINDING_BAD);
}

static void test_decide_stores(void **state)
{
	(void)state;
	struct rulebook book;
	struct visit v;
	book_fill(&book);
	visit_fill(&v);
	facts_good(v.facts);
	struct decision d = visit_decide(&v, &book, DIRECTION_IN, &NOW, LIFT_NOBODY);
	assert_int_equal(d.verdict, VERDICT_ADMIT);
	assert_int_equal(v.decision.verdict, VERDICT_ADMIT);
	assert_int_equal(v.decision.pass.valid_min, BOOK_PASS_MIN);
	v.level = LEVEL_LOCKDOWN;
	assert_int_equal(visit_decide(&v, &book, DIRECTION_IN, &NOW, LIFT_NOBODY).verdict,
			 VERDICT_REFUSE);
	assert_int_equal(v.decision.pass.valid_min, 0);
}

static void test_wipe(void **state)
{
	(void)state;
	struct visit v, zero;
	memset(&v, 0x5A, sizeof(v));
	memset(&zero, 0, sizeof(zero));
	visit_wipe(&v);
	assert_memory_equal(&v, &zero, sizeof(v));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_transitions),
		cmocka_unit_test(test_no_way_in_after_a_no),
		cmocka_unit_test(test_inside_needs_admission),
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_declarations),
		cmocka_unit_test(test_real_name_needs_all_four),
		cmocka_unit_test(test_decide_stores),
		cmocka_unit_test(test_wipe),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
