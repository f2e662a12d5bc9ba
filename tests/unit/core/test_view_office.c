/* What the office sent, on the screens: a bundle before it is taken, and its lists before a guard.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "core/view_make.h"
#include "tests/unit/core/helper_book.h"

struct scene {
	struct rulebook book;
	struct board board;
	struct session session;
	struct view view;
};

static void set(struct scene *x)
{
	memset(x, 0, sizeof(*x));
	book_fill(&x->book);
	visit_fill(&x->session.visit);
	x->session.deadline_ms = INT64_MAX;
	x->session.role = ROLE_GUARD;
	x->board.level = LEVEL_CLOSED;
	x->board.wall_ms = INT64_C(1795392000000);
	x->board.clock_trusted = true;
	x->board.utc_offset_min = 480;
	x->session.attest_document = x->session.attest_mask = FINDING_GOOD;
	x->session.attest_health = COLOUR_GREEN;
	x->session.attest_travel = TRAVEL_CARD_CLEAR;
}

static const struct view *make(struct scene *x, enum screen screen)
{
	x->session.screen = screen;
	view_make(&x->view, &x->session, &x->board, &x->book, 0);
	return &x->view;
}

static const struct view_line *line_of(const struct view *v, enum field field)
{
	for (int i = 0; i < v->line_count; i++)
		if (v->lines[i].field == field)
			return &v->lines[i];
	return NULL;
}

static void test_bundle(void **state)
{
	(void)state;
	struct scene x;

	set(&x);
	x.session.role = ROLE_STAFF;
	const struct view *v = make(&x, SCREEN_ORDER);
	assert_false(v->bundle || v->may_take || v->line_count);
	x.session.bundle = (struct bundle_summary){ .number = 999999999999999999,
						    .issued_ms = INT64_C(1795392000000),
						    .not_after_ms = INT64_C(1795395600000),
						    .why = "通知",
						    .rulebook = "规则" };
	x.session.bundle.parts[PART_RULEBOOK] =
		(struct part_change){ .present = true, .version = 3, .before = 2 };
	x.session.bundle.parts[PART_BLOCKED] =
		(struct part_change){ .present = true, .version = 1, .total = 4, .removed = 2 };
	v = make(&x, SCREEN_ORDER);
	assert_true(v->bundle && v->may_take);
	assert_int_equal(v->line_count, 6);
	assert_string_equal(line_of(v, FIELD_BUNDLE_NUMBER)->value, "999999999999999999");
	assert_string_equal(line_of(v, FIELD_WHY)->value, "通知");
	assert_string_equal(line_of(v, FIELD_ISSUED)->value, "2026-11-23 08:00");
	assert_string_equal(line_of(v, FIELD_NOT_AFTER)->value, "2026-11-23 09:00");
	assert_string_equal(line_of(v, FIELD_PART_RULEBOOK)->value, "规则");
	assert_int_equal(line_of(v, FIELD_PART_BLOCKED)->code, PART_BLOCKED);
	assert_null(line_of(v, FIELD_PART_ACCOUNTS));
	assert_true(v->parts[PART_RULEBOOK].version == 3 && v->parts[PART_BLOCKED].removed == 2);
	x.session.note = NOTE_BUNDLE_PART_ALTERED;
	text_copy(x.session.note_word, sizeof(x.session.note_word), "blocked.txt");
	v = make(&x, SCREEN_ORDER);
	assert_false(v->may_take);
	assert_string_equal(v->note_word, "blocked.txt");
	session_wipe(&x.session);
	v = make(&x, SCREEN_ORDER);
	assert_true(!v->bundle && v->line_count == 0 && v->note_word[0] == '\0');
}

static void test_household(void **state)
{
	(void)state;
	struct scene x;

	set(&x);
	const struct view_line *line = line_of(make(&x, SCREEN_VISIT), FIELD_HOUSEHOLD);
	assert_string_equal(line->value, PLANT_HOUSEHOLD);
	assert_false(line->bad);
	strcpy(x.session.listing.grid, "一网格");
	strcpy(x.session.listing.phone_tail, "1234");
	line = line_of(make(&x, SCREEN_VISIT), FIELD_HOUSEHOLD);
	assert_string_equal(line->value, PLANT_HOUSEHOLD " · 一网格 · …1234");
	x.session.listing = (struct listing){ .household_unknown = true };
	line = line_of(make(&x, SCREEN_VISIT), FIELD_HOUSEHOLD);
	assert_true(line->bad);
	assert_true(view_may_admit(&x.session, &x.book, &x.board)); /* it asks, no more */
	/* a visitor's own review knows nothing of it */
	assert_false(line_of(make(&x, SCREEN_REVIEW), FIELD_HOUSEHOLD)->bad);
	session_wipe(&x.session);
	assert_false(x.session.listing.household_unknown);
}

static bool shows(const struct view *v, enum reason_code code)
{
	for (int i = 0; i < v->reason_count; i++)
		if (v->reasons[i].code == code)
			return !v->reasons[i].lifted;
	return false;
}

static void test_block_list(void **state)
{
	(void)state;
	struct scene x;

	set(&x);
	assert_null(line_of(make(&x, SCREEN_VISIT), FIELD_LISTED));
	for (enum role role = ROLE_GUARD; role <= ROLE_SUPERVISOR; role++)
		for (int document = 0; document < 2; document++) {
			x.session.role = role;
			x.session.listing = (struct listing){ .document = document,
							      .name = !document,
							      .why = "协查" };
			const struct view *v = make(&x, SCREEN_VISIT);
			bool may = !document || role == ROLE_SUPERVISOR;
			assert_int_equal(v->may_admit, may);
			assert_int_equal(view_may_admit(&x.session, &x.book, &x.board), may);
			assert_string_equal(line_of(v, FIELD_LISTED)->value, "协查");
			assert_true(line_of(v, FIELD_LISTED)->bad);
			/* said to a supervisor too, who is to look before lifting it */
			assert_true(
				shows(v, document ? REASON_LISTED_DOCUMENT : REASON_LISTED_NAME));
		}
	/* what the rules refuse is refused whatever the lists say */
	x.session.listing = (struct listing){ .document = true };
	x.session.attest_travel = TRAVEL_CARD_STARRED;
	assert_false(make(&x, SCREEN_VISIT)->may_admit);
}

/* A row of the guard's queue is marked. */
static void test_queue(void **state)
{
	(void)state;
	struct scene x;
	struct view_row row;
	struct listing l = { .name = true };

	set(&x);
	view_row_make(&row, &x.session.visit, &x.book, x.board.wall_ms);
	bool before = row.bad;
	listing_apply(&x.session.visit.decision, &l, ROLE_NONE);
	assert_int_equal(x.session.visit.decision.reason_count, 0); /* it was no referral */
	x.session.visit.decision.verdict = VERDICT_REFER;
	listing_apply(&x.session.visit.decision, &l, ROLE_NONE);
	view_row_make(&row, &x.session.visit, &x.book, x.board.wall_ms);
	assert_false(before);
	assert_true(row.bad);
}

/* The question names them; the guard reads which one the number begins as, and no verdict changes.
 */
static void test_key_areas(void **state)
{
	(void)state;
	struct scene x;
	char name[LISTING_AREA_BYTES];

	set(&x);
	const struct view *v = make(&x, SCREEN_TRAVEL);
	assert_int_equal(v->areas.count, 0);
	key_areas_add(&x.board.areas, "上海市");
	key_areas_add(&x.board.areas, "江苏省苏州市");
	v = make(&x, SCREEN_TRAVEL);
	assert_string_equal(v->areas.names, "上海市、江苏省苏州市");
	assert_int_equal(make(&x, SCREEN_SYMPTOMS)->areas.count, 0);
	for (int i = 0; i < 998; i++) {
		text_format(name, sizeof(name), "江苏省苏州市第%d街道办事处", i);
		key_areas_add(&x.board.areas, name);
	}
	v = make(&x, SCREEN_TRAVEL);
	assert_true(v->areas.count == 1000 && v->areas.named == 5);
	assert_non_null(strstr(v->areas.names, "第2街道办事处"));
	assert_null(strstr(v->areas.names, "第3街道"));

	int reasons = make(&x, SCREEN_VISIT)->reason_count;
	bool may_admit = x.view.may_admit;
	assert_null(line_of(&x.view, FIELD_KEY_AREA));
	text_copy(x.session.listing.area, sizeof(x.session.listing.area), "上海市");
	v = make(&x, SCREEN_VISIT);
	assert_string_equal(line_of(v, FIELD_KEY_AREA)->value, "上海市");
	assert_true(line_of(v, FIELD_KEY_AREA)->bad);
	assert_int_equal(v->reason_count, reasons);
	assert_true(v->may_admit == may_admit);
}

static void test_invitation(void **state)
{
	(void)state;
	struct scene x;

	set(&x);
	const struct view *v = make(&x, SCREEN_VISIT);
	assert_null(line_of(v, FIELD_INVITED));
	int reasons = v->reason_count;
	x.session.listing.invitation = (struct invitation){
		.found = true, .until = 20261125, .household = "3-2-501", .why = "探望病人"
	};
	v = make(&x, SCREEN_VISIT);
	assert_string_equal(line_of(v, FIELD_INVITED)->value, "3-2-501");
	assert_int_equal(line_of(v, FIELD_INVITED)->code, 20261125);
	assert_false(line_of(v, FIELD_INVITED)->bad);
	/* it stands for nobody who leads in, and for no check */
	assert_int_equal(v->reason_count, reasons);
	x.session.revealed = true;
	x.session.listing.invitation.elsewhere = true;
	v = make(&x, SCREEN_VISIT);
	assert_string_equal(line_of(v, FIELD_INVITED)->value, "3-2-501 · 探望病人");
	assert_true(line_of(v, FIELD_INVITED)->bad);
	session_wipe(&x.session);
	assert_false(x.session.listing.invitation.found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bundle),     cmocka_unit_test(test_key_areas),
		cmocka_unit_test(test_invitation), cmocka_unit_test(test_household),
		cmocka_unit_test(test_block_list), cmocka_unit_test(test_queue),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
