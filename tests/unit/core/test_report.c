/* Days, due times, states, who may sign what, and periods as people type them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "core/form.h"
#include "core/report.h"

#define OFFSET 480
#define HOUR INT64_C(3600000)
#define MONDAY INT64_C(1795392000000) /* 2026-11-23T08:00:00+08:00 */

static void test_every_row_has_one_word(void **state)
{
	(void)state;
	for (int i = 0; i < REPORT_ROW_COUNT_; i++) {
		assert_true(REPORT_WORD[i][0]);
		for (int j = 0; j < i; j++)
			assert_string_not_equal(REPORT_WORD[i], REPORT_WORD[j]);
	}
}

static void test_days_begin_at_the_sites_midnight(void **state)
{
	(void)state;
	int64_t day = report_day_of(MONDAY, OFFSET);
	int64_t start = report_day_start_ms(day, OFFSET);
	char text[16];

	assert_int_equal(start, MONDAY - 8 * HOUR);
	assert_int_equal(report_day_of(start, OFFSET), day);
	assert_int_equal(report_day_of(start - 1, OFFSET), day - 1);
	assert_int_equal(report_day_of(start + 24 * HOUR - 1, OFFSET), day);
	assert_int_equal(report_day_of(MONDAY, -600), day - 1);
	report_day_text(day, text);
	assert_string_equal(text, "2026-11-23");
	report_day_text(report_day_of(start - 1, OFFSET), text);
	assert_string_equal(text, "2026-11-22");
	/* 09:30 of the day after */
	assert_int_equal(report_due_ms(day, 570, OFFSET), start + 33 * HOUR + HOUR / 2);
}

static void test_states(void **state)
{
	(void)state;
	struct report_signed s = { .day = 1 };
	const int64_t end = 1000, due = 2000;

	assert_int_equal(report_state(&s, due, end, 999), REPORT_RUNNING);
	assert_int_equal(report_state(&s, due, end, 1000), REPORT_DUE);
	assert_int_equal(report_state(&s, due, end, 2000), REPORT_DUE);
	assert_int_equal(report_state(&s, due, end, 2001), REPORT_MISSING);
	s.made_ms = 1500;
	assert_int_equal(report_state(&s, due, end, 1600), REPORT_MADE);
	assert_int_equal(report_state(&s, due, end, 2001), REPORT_MISSING);
	s.checked_ms = 2000;
	assert_int_equal(report_state(&s, due, end, 9000), REPORT_DONE);
	s.checked_ms = 2001;
	assert_int_equal(report_state(&s, due, end, 9000), REPORT_LATE);
}

static void test_numbers(void **state)
{
	(void)state;
	int64_t day;
	int32_t rows;

	assert_true(
		report_number_unpack(report_number_pack(20780, REPORT_ROW_COUNT_), &day, &rows));
	assert_int_equal(day, 20780);
	assert_int_equal(rows, REPORT_ROW_COUNT_);
	assert_false(report_number_unpack(-1, &day, &rows));
	assert_false(report_number_unpack(20780, &day, &rows)); /* no rows */
	assert_false(report_number_unpack(report_number_pack(20780, REPORT_ROW_COUNT_ + 1), &day,
					  &rows));
	assert_false(report_number_unpack(INT64_MAX, &day, &rows));
}

static enum report_act act(const struct report *r, const char *who, enum role role)
{
	return report_act(r, who, role);
}

static void test_who_may_sign(void **state)
{
	(void)state;
	struct report r = { .kind = REPORT_DAY, .state = REPORT_RUNNING };

	assert_int_equal(act(&r, "a", ROLE_STAFF), REPORT_ACT_NONE);
	r.state = REPORT_DUE;
	assert_int_equal(act(&r, "a", ROLE_STAFF), REPORT_ACT_MAKE);
	assert_int_equal(act(&r, "b", ROLE_GUARD), REPORT_ACT_MAKE);
	r.state = REPORT_MISSING;
	assert_int_equal(act(&r, "b", ROLE_GUARD), REPORT_ACT_MAKE);
	r.signatures.made_ms = 1;
	text_copy(r.signatures.made_by, sizeof(r.signatures.made_by), "a");
	assert_int_equal(act(&r, "a", ROLE_STAFF), REPORT_ACT_OTHER);
	assert_int_equal(act(&r, "b", ROLE_GUARD), REPORT_ACT_HIGHER);
	assert_int_equal(act(&r, "b", ROLE_SUPERVISOR), REPORT_ACT_CHECK);
	assert_int_equal(act(&r, "b", ROLE_STAFF), REPORT_ACT_CHECK);
	r.changed = true; /* made anew before it can be checked */
	assert_int_equal(act(&r, "a", ROLE_STAFF), REPORT_ACT_MAKE);
	assert_int_equal(act(&r, "b", ROLE_STAFF), REPORT_ACT_MAKE);
	r.changed = false;
	r.signatures.checked_ms = 2;
	assert_int_equal(act(&r, "b", ROLE_STAFF), REPORT_ACT_NONE);
	r.changed = true;
	assert_int_equal(act(&r, "b", ROLE_STAFF), REPORT_ACT_MAKE);
	r = (struct report){ .kind = REPORT_SHIFT };
	assert_int_equal(act(&r, "b", ROLE_GUARD), REPORT_ACT_HANDOVER);
	assert_int_equal(act(&r, "b", ROLE_STAFF), REPORT_ACT_NONE);
	r.kind = REPORT_PERIOD;
	assert_int_equal(act(&r, "b", ROLE_SUPERVISOR), REPORT_ACT_NONE);
}

static void test_zero(void **state)
{
	(void)state;
	struct report r = { .kind = REPORT_DAY };

	assert_true(report_is_zero(&r));
	r.sums[REPORT_STARTS].period = 3; /* of the machine, not of the gate */
	r.sums[REPORT_REGISTERED].total = 7;
	assert_true(report_is_zero(&r));
	for (int row = REPORT_REGISTERED; row <= REPORT_TEST_BAD; row++) {
		r.sums[row].period = 1;
		assert_false(report_is_zero(&r));
		r.sums[row].period = 0;
	}
}

static void test_periods(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t from_h, until_h; /* hours after Monday 00:00; both 0: no period */
	} CASES[] = {
		{ "20261123", 0, 24 },
		{ "2026-11-23", 0, 24 },
		{ "20261123 20261124", 0, 48 },
		{ "2026-11-23 - 2026-11-23", 0, 24 },
		{ "202611230900202611231700", 9, 17 },
		{ "202611232300202611240100", 23, 25 },
		{ "20261123230020261123", 0, 0 },
		{ "202611231700202611230900", 0, 0 },
		{ "202611230900202611230900", 0, 0 },
		{ "2026112320261122", 0, 0 },
		{ "20261131", 0, 0 },
		{ "20260229", 0, 0 },
		{ "202611232400202611250000", 0, 0 },
		{ "202611230060202611250000", 0, 0 },
		{ "19700101", 0, 0 },
		{ "2026112", 0, 0 },
		{ "202611233", 0, 0 },
		{ "2026112a", 0, 0 },
		{ "２０２６１１２３", 0, 0 },
		{ "", 0, 0 },
		{ "----", 0, 0 },
		{ "0000000000000000000000000000000000000000", 0, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		int64_t from = 0, until = 0, midnight = MONDAY - 8 * HOUR;
		bool good = report_parse_period(CASES[i].text, OFFSET, &from, &until);
		if (good != (CASES[i].until_h != 0))
			fail_msg("\"%s\"", CASES[i].text);
		if (!good)
			continue;
		assert_int_equal(from, midnight + CASES[i].from_h * HOUR);
		assert_int_equal(until, midnight + CASES[i].until_h * HOUR);
	}
}

static void type(struct session *s, const char *text)
{
	for (int32_t cp; (cp = utf8_next(&text)) >= 0;)
		form_key(s, cp);
}

/* The three fields of a contact query keep what was typed into each. */
static void test_contact_form(void **state)
{
	(void)state;
	struct session s = { .screen = SCREEN_CONTACT, .utc_offset_min = OFFSET };

	form_enter(&s);
	assert_int_equal(s.choice, 0);
	assert_false(form_accept(&s, 20261123));
	assert_int_equal(s.note, NOTE_REQUEST_MISSING);
	type(&s, " GA-12 ");
	assert_false(form_accept(&s, 20261123));
	assert_int_equal(s.note, NOTE_PERIOD_BAD);
	assert_string_equal(s.contact.request, "GA-12");
	form_field(&s, 1);
	type(&s, "20261123");
	form_field(&s, 2);
	type(&s, "孙丽");
	form_field(&s, 3); /* there is none */
	form_field(&s, -1);
	assert_int_equal(s.choice, 2);
	form_field(&s, 1);
	assert_string_equal(s.entry, "20261123");
	assert_true(form_accept(&s, 20261123));
	assert_string_equal(s.contact.person, "孙丽");
	assert_string_equal(s.contact.request, "GA-12");
	assert_int_equal(s.contact.until_ms - s.contact.from_ms, 24 * HOUR);
	form_field(&s, 0);
	for (int i = 0; i < 100; i++)
		form_key(&s, 'x');
	assert_int_equal(s.note, NOTE_TOO_LONG);
	assert_true(form_accept(&s, 20261123));
	assert_int_equal(strlen(s.contact.request), REPORT_REQUEST_BYTES - 1);
	session_wipe(&s);
	assert_string_equal(s.contact.person, "");
	assert_int_equal(s.utc_offset_min, OFFSET);
}

static void test_period_form(void **state)
{
	(void)state;
	struct session s = { .screen = SCREEN_PERIOD, .utc_offset_min = OFFSET };

	form_enter(&s);
	type(&s, "2026-11-23x");
	assert_string_equal(s.entry, "20261123");
	assert_true(form_accept(&s, 20261123));
	assert_int_equal(s.ask.kind, REPORT_PERIOD);
	assert_int_equal(s.ask.from_ms, MONDAY - 8 * HOUR);
	type(&s, "99999999999999999999999999");
	assert_int_equal(strlen(s.entry), 24);
	assert_false(form_accept(&s, 20261123));
	assert_int_equal(s.note, NOTE_PERIOD_BAD);
}

/* The days to be exported: whole ones, of which the first has begun. */
static void test_export_days_form(void **state)
{
	(void)state;
	struct session s = { .screen = SCREEN_EXPORT_DAYS, .utc_offset_min = OFFSET };

	form_enter(&s);
	assert_false(form_accept(&s, 20261123));
	assert_int_equal(s.note, NOTE_DAYS_BAD);
	type(&s, "20261123");
	assert_false(form_accept(&s, 20261122)); /* tomorrow */
	assert_true(form_accept(&s, 20261123));
	assert_int_equal(s.export_range.scope, EXPORT_DAYS);
	assert_int_equal(s.export_range.from_ms, MONDAY - 8 * HOUR);
	assert_int_equal(s.export_range.until_ms, MONDAY + 16 * HOUR);
	type(&s, "20261121");
	assert_false(form_accept(&s, 20261123)); /* ends before it begins */
	session_wipe(&s);
	assert_int_equal(s.export_range.scope, EXPORT_EVERYTHING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_row_has_one_word),
		cmocka_unit_test(test_days_begin_at_the_sites_midnight),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_who_may_sign),
		cmocka_unit_test(test_zero),
		cmocka_unit_test(test_periods),
		cmocka_unit_test(test_contact_form),
		cmocka_unit_test(test_period_form),
		cmocka_unit_test(test_export_days_form),
	};
	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
