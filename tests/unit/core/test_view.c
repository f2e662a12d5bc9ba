/*
 * What is drawn, as bytes: the same inputs give the same view, and personal data stand only where
 * the screen is for them. Planted texts are searched in the whole struct, not only in the fields
 * where they are expected.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "core/form.h"
#include "core/identity.h"
#include "core/view_make.h"
#include "tests/unit/core/helper_book.h"

#define NOW_MS 500000
#define PLANT_ROW "诸葛亮"

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
	text_copy(x->session.account, ACCOUNT_BYTES, "li");
	text_copy(x->board.site_zh, sizeof(x->board.site_zh), "小区");
	text_copy(x->board.head, sizeof(x->board.head), "0123456789abcdef");
	x->board.level = LEVEL_CLOSED;
	x->board.wall_ms = INT64_C(1795392000000) + 25 * 60000 + 59999;
	x->board.utc_offset_min = 480;
	x->board.today_in = 3;
	x->board.export_permille = 250;
	x->board.preview_seq = 9;
}

static const struct view *make(struct scene *x, enum screen screen)
{
	x->session.screen = screen;
	memset(&x->view, 0xA5, sizeof(x->view)); /* whatever stood there before */
	view_make(&x->view, &x->session, &x->board, &x->book, NOW_MS);
	return &x->view;
}

static const struct view_line *line_of(const struct view *v, enum field field)
{
	for (int i = 0; i < v->line_count; i++)
		if (v->lines[i].field == field)
			return &v->lines[i];
	return NULL;
}

static bool holds(const struct view *v, const char *text)
{
	return bytes_hold(v, sizeof(*v), text);
}

static void test_same_inputs_same_bytes(void **state)
{
	(void)state;
	for (unsigned screen = 0; screen < SCREEN_COUNT_; screen++) {
		struct scene a, b;
		set(&a);
		set(&b);
		make(&a, screen);
		b.session.screen = screen;
		memset(&b.view, 0, sizeof(b.view));
		view_make(&b.view, &b.session, &b.board, &b.book, NOW_MS);
		assert_memory_equal(&a.view, &b.view, sizeof(a.view));
	}
}

/* Making a view changes neither the session nor the book, and leaves no second copy behind. */
static void test_pure(void **state)
{
	(void)state;
	for (unsigned screen = 0; screen < SCREEN_COUNT_; screen++) {
		struct scene x, before;
		set(&x);
		x.session.screen = screen;
		memcpy(&before, &x, sizeof(x));
		make(&x, screen);
		assert_memory_equal(&x.session, &before.session, sizeof(x.session));
		assert_memory_equal(&x.board, &before.board, sizeof(x.board));
		assert_memory_equal(&x.book, &before.book, sizeof(x.book));
	}
}

/* The full number and phone: on the visitor's own review, and revealed to a guard. Nowhere else. */
static void test_where_full_numbers_stand(void **state)
{
	(void)state;
	for (unsigned screen = 0; screen < SCREEN_COUNT_; screen++)
		for (int revealed = 0; revealed < 2; revealed++) {
			struct scene x;
			set(&x);
			x.session.revealed = revealed;
			const struct view *v = make(&x, screen);
			bool full = screen == SCREEN_REVIEW || (screen == SCREEN_VISIT && revealed);
			assert_int_equal(holds(v, PLANT_DOCUMENT), full);
			assert_int_equal(holds(v, PLANT_PHONE), full);
			assert_int_equal(holds(v, PLANT_NAME), full);
			if (!screen_traits(screen)->personal)
				assert_false(holds(v, PLANT_HOUSEHOLD) || holds(v, PLANT_PURPOSE));
		}
}

static void test_review_is_the_visitors_own(void **state)
{
	(void)state;
	struct scene x;
	set(&x);
	x.session.symptoms = true;
	const struct view *v = make(&x, SCREEN_REVIEW);
	assert_string_equal(line_of(v, FIELD_NAME)->value, PLANT_NAME);
	assert_string_equal(line_of(v, FIELD_DOCUMENT)->value, PLANT_DOCUMENT);
	assert_int_equal(line_of(v, FIELD_DOCUMENT)->code, DOCUMENT_ID_CARD);
	assert_string_equal(line_of(v, FIELD_PHONE)->value, PLANT_PHONE);
	assert_string_equal(line_of(v, FIELD_HOUSEHOLD)->value, PLANT_HOUSEHOLD);
	assert_string_equal(line_of(v, FIELD_PURPOSE)->value, PLANT_PURPOSE);
	assert_int_equal(line_of(v, FIELD_TRAVEL)->code, FINDING_GOOD);
	assert_int_equal(line_of(v, FIELD_SYMPTOMS)->code, FINDING_BAD);
	assert_null(line_of(v, FIELD_TEMPERATURE));
}

static void test_visit_is_masked_until_revealed(void **state)
{
	(void)state;
	struct scene x;
	set(&x);
	const struct view *v = make(&x, SCREEN_VISIT);
	assert_false(v->revealed);
	assert_string_equal(line_of(v, FIELD_NAME)->value, "欧阳*");
	assert_string_equal(line_of(v, FIELD_DOCUMENT)->value, "110***********002X");
	assert_string_equal(line_of(v, FIELD_PHONE)->value, "138****5678");
	assert_string_equal(line_of(v, FIELD_TEMPERATURE)->value, "36.5 °C");
	assert_int_equal(line_of(v, FIELD_TEMPERATURE)->code, 3650);
	assert_null(line_of(v, FIELD_CLINICAL));
	assert_null(line_of(v, FIELD_LOOK_TWICE));
	x.session.revealed = true;
	v = make(&x, SCREEN_VISIT);
	assert_true(v->revealed);
	assert_string_equal(line_of(v, FIELD_DOCUMENT)->value, PLANT_DOCUMENT);
	/* a county in no list: taken from the visitor without a word, pointed out to the guard */
	strcpy(x.session.visit.person.document, "441282198101011230");
	v = make(&x, SCREEN_VISIT);
	assert_int_equal(line_of(v, FIELD_LOOK_TWICE)->code, IDENTITY_COUNTY_UNLISTED);
	assert_true(line_of(v, FIELD_LOOK_TWICE)->bad);
	assert_null(line_of(make(&x, SCREEN_REVIEW), FIELD_LOOK_TWICE));
}

static void test_queue_row_is_masked(void **state)
{
	(void)state;
	struct scene x;
	struct view_row row, again;
	set(&x);
	memset(&row, 0xA5, sizeof(row));
	memset(&again, 0, sizeof(again));
	view_row_make(&row, &x.session.visit, &x.book, x.board.wall_ms);
	view_row_make(&again, &x.session.visit, &x.book, x.board.wall_ms);
	assert_memory_equal(&row, &again, sizeof(row));
	assert_string_equal(row.name, "欧阳*");
	assert_false(bytes_hold(&row, sizeof(row), PLANT_NAME));
	assert_false(bytes_hold(&row, sizeof(row), PLANT_DOCUMENT));
	assert_int_equal(row.ticket, 12);
	assert_int_equal(row.waited_min, 25); /* whole minutes */
	assert_int_equal(row.temperature_centi_c, 3650);
	assert_false(row.bad);
	view_row_make(&row, &x.session.visit, &x.book, 0); /* the clock was set back */
	assert_int_equal(row.waited_min, 0);
}

static void test_queue_row_warns(void **state)
{
	(void)state;
	struct scene x;
	struct view_row row;
	set(&x);
	x.session.visit.temperature.first_centi_c = 0; /* not measured */
	view_row_make(&row, &x.session.visit, &x.book, 0);
	assert_true(row.bad);
	x.session.visit.temperature.first_centi_c = BOOK_FEVER;
	view_row_make(&row, &x.session.visit, &x.book, 0);
	assert_true(row.bad);
	x.session.visit.temperature.second_centi_c = BOOK_FEVER - 10; /* the second counts */
	view_row_make(&row, &x.session.visit, &x.book, 0);
	assert_false(row.bad);
	x.session.visit.temperature.clinical_centi_c = BOOK_FEVER + 50;
	view_row_make(&row, &x.session.visit, &x.book, 0);
	assert_true(row.bad);
	assert_int_equal(row.temperature_centi_c, BOOK_FEVER + 50);
	set(&x);
	visit_declare(&x.session.visit, true, false, 1);
	view_row_make(&row, &x.session.visit, &x.book, 0);
	assert_true(row.bad);
}

/* Every combination of what a guard attests, the temperature and the declarations. */
static void test_may_admit_only_when_all_is_good(void **state)
{
	(void)state;
	static const int32_t CLINICAL[] = { 0, 3650, 3729, 3730, 3100 };
	unsigned tried = 0, may = 0;

	for (unsigned n = 0; n < 3 * 3 * 4 * 3 * 5 * 2 * 4; n++) {
		struct scene x;
		set(&x);
		struct session *s = &x.session;
		unsigned k = n;
		s->attest_document = k % 3, k /= 3;
		s->attest_mask = k % 3, k /= 3;
		s->attest_health = k % 4, k /= 4;
		s->attest_travel = k % 3, k /= 3;
		int32_t clinical = CLINICAL[k % 5];
		k /= 5;
		int32_t first = k % 2 ? 3790 : 3650;
		k /= 2;
		s->visit.temperature.clinical_centi_c = clinical;
		s->visit.temperature.first_centi_c = first;
		visit_declare(&s->visit, k & 1, k & 2, 1);
		bool warm = clinical ? clinical >= BOOK_TOO_COLD && clinical < BOOK_FEVER
				     : first < BOOK_FEVER;
		bool all = s->attest_document == FINDING_GOOD && s->attest_mask == FINDING_GOOD &&
			   s->attest_health == COLOUR_GREEN &&
			   s->attest_travel == TRAVEL_CARD_CLEAR && warm && k == 0;
		assert_int_equal(view_may_admit(s, &x.book, &x.board), all);
		const struct view *v = make(&x, SCREEN_VISIT);
		assert_int_equal(v->may_admit, all);
		assert_int_equal(v->needs_clinical,
				 clinical ? clinical < BOOK_TOO_COLD : first >= BOOK_FEVER);
		tried++;
		may += all;
	}
	print_message("%u combinations, %u may be admitted\n", tried, may);
	assert_int_equal(
		may, 2 * 2 + 1); /* two good clinical readings after either screening, or none */
}

static void test_decided_visits_are_not_decided_again(void **state)
{
	(void)state;
	for (unsigned st = 0; st < VISIT_STATE_COUNT_; st++) {
		struct scene x;
		set(&x);
		x.session.visit.state = st;
		x.session.attest_document = FINDING_GOOD;
		x.session.attest_mask = FINDING_GOOD;
		x.session.attest_health = COLOUR_GREEN;
		x.session.attest_travel = TRAVEL_CARD_CLEAR;
		const struct view *v = make(&x, SCREEN_VISIT);
		assert_int_equal(v->decided, st != VISIT_WAITING);
		assert_int_equal(v->may_admit, st == VISIT_WAITING);
		assert_int_equal(v->leaving, st == VISIT_OVERDUE);
	}
}

/* The reasons on the guard's screen follow what is attested, and end with the guard's own yes. */
static void test_reasons_follow_the_guard(void **state)
{
	(void)state;
	struct scene x;
	set(&x);
	const struct view *v = make(&x, SCREEN_VISIT);
	assert_int_equal(v->verdict, VERDICT_REFER);
	assert_int_equal(v->reason_count, 5);
	x.session.attest_document = FINDING_GOOD;
	x.session.attest_mask = FINDING_GOOD;
	x.session.attest_health = COLOUR_GREEN;
	x.session.attest_travel = TRAVEL_CARD_CLEAR;
	v = make(&x, SCREEN_VISIT);
	assert_int_equal(v->reason_count, 1);
	assert_int_equal(v->reasons[0].code, REASON_APPROVAL_PENDING);
	x.session.attest_travel = TRAVEL_CARD_STARRED;
	v = make(&x, SCREEN_VISIT);
	assert_int_equal(v->verdict, VERDICT_REFUSE);
	assert_int_equal(v->reasons[0].code, REASON_TRAVEL_CARD_STARRED);
	assert_string_equal(v->reasons[0].clause, x.book.check_clause[CHECK_TRAVEL_CARD]);
}

static void test_timeout_warning(void **state)
{
	(void)state;
	for (unsigned screen = 0; screen < SCREEN_COUNT_; screen++) {
		bool warns = screen_traits(screen)->timeout_ms > SESSION_WARN_MS * 2;
		for (int64_t left = -1500; left <= 25000; left += 125) {
			struct scene x;
			set(&x);
			x.session.deadline_ms = NOW_MS + left;
			const struct view *v = make(&x, screen);
			bool due = warns && left >= 0 && left <= SESSION_WARN_MS;
			assert_int_equal(v->warn_timeout, due);
			if (due) /* a second begun counts: never 0 while there is time */
				assert_int_equal(v->wait_s, (left + 999) / 1000);
		}
	}
}

/* Within one second of the warning nothing is drawn again. */
static void test_warning_redraws_once_a_second(void **state)
{
	(void)state;
	struct scene x, y;
	set(&x);
	set(&y);
	x.session.deadline_ms = NOW_MS + 12000;
	y.session.deadline_ms = NOW_MS + 11001;
	make(&x, SCREEN_NAME);
	make(&y, SCREEN_NAME);
	assert_memory_equal(&x.view, &y.view, sizeof(x.view));
	y.session.deadline_ms = NOW_MS + 11000;
	make(&y, SCREEN_NAME);
	assert_memory_not_equal(&x.view, &y.view, sizeof(x.view));
}

/* One number on the screen counts down one thing. */
static void test_countdowns_do_not_mix(void **state)
{
	(void)state;
	struct scene x;
	set(&x);
	x.session.deadline_ms = NOW_MS + 15000;
	const struct view *v = make(&x, SCREEN_PIN);
	assert_true(v->warn_timeout);
	assert_int_equal(v->wait_s, 15);
	x.session.pin_wait_s = 30;
	x.session.note = NOTE_PIN_LOCKED;
	v = make(&x, SCREEN_PIN);
	assert_false(v->warn_timeout);
	assert_int_equal(v->wait_s, 30);

	set(&x);
	x.session.deadline_ms = NOW_MS + 15000;
	x.session.fever.state = FEVER_AGAIN;
	x.session.fever.again_at_ms = NOW_MS + 4200;
	v = make(&x, SCREEN_TEMPERATURE);
	assert_false(v->warn_timeout);
	assert_int_equal(v->wait_s, 5);
	assert_int_equal(v->note, NOTE_TEMPERATURE_AGAIN);
}

static void test_temperature_notes(void **state)
{
	(void)state;
	static const struct {
		enum fever_state state;
		bool invalid;
		enum note note;
	} CASE[] = {
		{ FEVER_SAMPLING, false, NOTE_MEASURING },
		{ FEVER_SAMPLING, true, NOTE_TEMPERATURE_INVALID },
		{ FEVER_SECOND, false, NOTE_MEASURING },
		{ FEVER_SECOND, true, NOTE_TEMPERATURE_INVALID },
		{ FEVER_AGAIN, false, NOTE_TEMPERATURE_AGAIN },
		{ FEVER_NO_SENSOR, false, NOTE_THERMOMETER_ABSENT },
		{ FEVER_SUSPECT, false, NOTE_TEMPERATURE_REST },
		{ FEVER_NORMAL, false, NOTE_TEMPERATURE_OK },
		{ FEVER_OFF, false, NOTE_NONE },
	};

	for (size_t i = 0; i < ARRAY_LEN(CASE); i++) {
		struct scene x;
		set(&x);
		x.session.fever.state = CASE[i].state;
		x.session.fever.invalid = CASE[i].invalid;
		assert_int_equal(make(&x, SCREEN_TEMPERATURE)->note, CASE[i].note);
	}
}

static void test_camera_notes(void **state)
{
	(void)state;
	struct scene x;
	set(&x);
	assert_int_equal(make(&x, SCREEN_CODE)->note, NOTE_NONE);
	assert_int_equal(x.view.preview_seq, 9);
	x.board.devices[DEVICE_CAMERA] = DEVICE_STARTING;
	assert_int_equal(make(&x, SCREEN_CODE)->note, NOTE_CAMERA_RESTARTING);
	x.board.devices[DEVICE_CAMERA] = DEVICE_ABSENT;
	assert_int_equal(make(&x, SCREEN_CODE)->note, NOTE_CAMERA_ABSENT);
	/* a new picture redraws only where the preview is */
	assert_int_equal(make(&x, SCREEN_BOARD)->preview_seq, 0);
}

static void test_board_and_outcome(void **state)
{
	(void)state;
	struct scene x;
	set(&x);
	const struct view *v = make(&x, SCREEN_BOARD);
	assert_string_equal(v->site_zh, "小区");
	assert_int_equal(v->hour, 8);
	assert_int_equal(v->minute, 25);
	assert_int_equal(v->weekday, 1);
	x.session.visit.pass_expires_ms = INT64_C(1795392000000) + 240 * 60000;
	facts_good(x.session.visit.facts);
	visit_decide(&x.session.visit, &x.book, DIRECTION_IN, &NOW, LIFT_NOBODY);
	v = make(&x, SCREEN_ADMITTED);
	assert_int_equal(v->until_hour, 12);
	assert_int_equal(v->until_minute, 0);
	assert_int_equal(v->verdict, VERDICT_ADMIT);
	x.session.visit.facts[CHECK_MASK].finding = FINDING_BAD;
	visit_decide(&x.session.visit, &x.book, DIRECTION_IN, &NOW, LIFT_NOBODY);
	v = make(&x, SCREEN_REFUSED);
	assert_int_equal(v->verdict, VERDICT_REFUSE);
	assert_int_equal(v->reason_count, 1);
	assert_int_equal(v->reasons[0].code, REASON_MASK_MISSING);
}

static void test_staff_and_export(void **state)
{
	(void)state;
	struct scene x;
	set(&x);
	x.session.export_rows = 41;
	x.board.export_left_s = 77;
	text_copy(x.session.export_name, sizeof(x.session.export_name), "gatehouse-1");
	text_copy(x.session.head, sizeof(x.session.head), "fedcba9876543210");
	assert_int_equal(make(&x, SCREEN_STAFF)->today_in, 3);
	assert_string_equal(x.view.head, "0123456789abcdef");
	assert_int_equal(make(&x, SCREEN_EXPORTING)->progress_permille, 250);
	assert_int_equal(x.view.export_left_s, 77);
	assert_string_equal(make(&x, SCREEN_EXPORTED)->export_name, "gatehouse-1");
	assert_string_equal(x.view.head, "fedcba9876543210");
	assert_int_equal(x.view.export_rows, 41);
}

/* A PIN is shown as a number of dots; its digits never reach the screen. */
static void test_pin_is_dots(void **state)
{
	(void)state;
	struct scene x;
	set(&x);
	text_copy(x.session.pin, sizeof(x.session.pin), "48151623");
	for (unsigned screen = 0; screen < SCREEN_COUNT_; screen++)
		assert_false(holds(make(&x, screen), "48151623"));
	assert_int_equal(make(&x, SCREEN_PIN)->pin_length, 8);
}

static void plant(struct session *s)
{
	visit_fill(&s->visit);
	text_copy(s->entry, sizeof(s->entry), PLANT_NAME);
	text_copy(s->pin, sizeof(s->pin), "48151623");
	text_copy(s->rows[0].name, sizeof(s->rows[0].name), PLANT_ROW);
	text_copy(s->rows[VIEW_ROWS - 1].name, sizeof(s->rows[0].name), PLANT_ROW);
	s->row_count = VIEW_ROWS;
	s->revealed = true;
	s->purpose = PURPOSE_OTHER;
	s->attest_health = COLOUR_RED;
	s->fever.result.first_centi_c = 3999;
}

static void test_nothing_is_left_after_wiping(void **state)
{
	(void)state;
	static const char *const PLANTED[] = { PLANT_NAME,      PLANT_DOCUMENT, PLANT_PHONE,
					       PLANT_HOUSEHOLD, PLANT_PURPOSE,  PLANT_ROW,
					       "48151623" };
	struct scene x;

	set(&x);
	plant(&x.session);
	for (size_t i = 0; i < ARRAY_LEN(PLANTED); i++) /* the search finds what is there */
		assert_true(bytes_hold(&x.session, sizeof(x.session), PLANTED[i]));
	session_wipe(&x.session);
	for (size_t i = 0; i < ARRAY_LEN(PLANTED); i++)
		assert_false(bytes_hold(&x.session, sizeof(x.session), PLANTED[i]));
	assert_int_equal(x.session.fever.result.first_centi_c, 0);
	assert_int_equal(x.session.attest_health, COLOUR_UNKNOWN);
	assert_false(x.session.revealed);
	for (unsigned screen = 0; screen < SCREEN_COUNT_; screen++) {
		const struct view *v = make(&x, screen);
		for (size_t i = 0; i < ARRAY_LEN(PLANTED); i++)
			assert_false(holds(v, PLANTED[i]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_inputs_same_bytes),
		cmocka_unit_test(test_pure),
		cmocka_unit_test(test_where_full_numbers_stand),
		cmocka_unit_test(test_review_is_the_visitors_own),
		cmocka_unit_test(test_visit_is_masked_until_revealed),
		cmocka_unit_test(test_queue_row_is_masked),
		cmocka_unit_test(test_queue_row_warns),
		cmocka_unit_test(test_may_admit_only_when_all_is_good),
		cmocka_unit_test(test_decided_visits_are_not_decided_again),
		cmocka_unit_test(test_reasons_follow_the_guard),
		cmocka_unit_test(test_timeout_warning),
		cmocka_unit_test(test_warning_redraws_once_a_second),
		cmocka_unit_test(test_countdowns_do_not_mix),
		cmocka_unit_test(test_temperature_notes),
		cmocka_unit_test(test_camera_notes),
		cmocka_unit_test(test_board_and_outcome),
		cmocka_unit_test(test_staff_and_export),
		cmocka_unit_test(test_pin_is_dots),
		cmocka_unit_test(test_nothing_is_left_after_wiping),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
