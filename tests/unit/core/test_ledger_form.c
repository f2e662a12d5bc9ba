/* An entry filled in on the screen: field by field, back and forth, corrected, struck out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "core/form.h"
#include "core/ledger_form.h"

static void start(struct session *s, enum ledger_kind kind)
{
	*s = (struct session){ .screen = SCREEN_LEDGER_ENTRY, .row_count = 2 };
	text_copy(s->rows[0].name, NAME_BYTES, "李强");
	text_copy(s->rows[1].name, NAME_BYTES, "陈静");
	s->ledger.kind = kind;
	ledger_form_begin(s);
}

static void type(struct session *s, const char *text)
{
	const char *at = text;

	for (int32_t cp = utf8_next(&at); cp >= 0; cp = utf8_next(&at))
		form_key(s, cp);
}

/* Choices lead on by themselves, typed ones with "next"; what comes out fits. */
static void test_every_kind(void **state)
{
	(void)state;
	for (int kind = 0; kind < LEDGER_KIND_COUNT_; kind++) {
		struct session s;
		int steps = 0;
		start(&s, (enum ledger_kind)kind);
		while (!form_accept(&s, 0)) {
			assert_true(++steps < 20);
			assert_int_equal(s.note, NOTE_LEDGER_MISSING);
			enum ledger_field field = s.ledger.field;
			assert_true(LEDGER_KIND[kind].required >> field & 1);
			assert_false(ledger_has(&s.ledger.draft, field));
			if (form_keyboard(&s) == KEYBOARD_NONE)
				ledger_form_choose(&s, 1);
			else
				type(&s, "12");
		}
		assert_true(ledger_fits(&s.ledger.draft));
		assert_int_equal(s.ledger.field, LEDGER_FIELD_COUNT_);
	}
}

static void test_what_is_typed(void **state)
{
	struct session s;

	(void)state;
	start(&s, LEDGER_WASTE);
	assert_int_equal(form_keyboard(&s), KEYBOARD_DIGITS);
	type(&s, "3x");
	form_field(&s, LEDGER_WEIGHT);
	assert_int_equal(s.ledger.draft.numbers[LEDGER_BAGS], 3);
	assert_int_equal(form_keyboard(&s), KEYBOARD_DECIMAL);
	type(&s, "12.55");
	form_field(&s, LEDGER_BAGS); /* stays, and says why */
	assert_int_equal(s.note, NOTE_LEDGER_RANGE);
	assert_int_equal(s.ledger.field, LEDGER_WEIGHT);
	assert_string_equal(s.entry, "12.55");
	assert_false(form_accept(&s, 0));
	form_backspace(&s);
	form_field(&s, LEDGER_BAGS);
	assert_string_equal(s.entry, "3");
	form_field(&s, LEDGER_WEIGHT);
	assert_string_equal(s.entry, "12.5");
	form_field(&s, LEDGER_POLICE); /* no field of this ledger */
	assert_int_equal(s.ledger.field, LEDGER_FIELD_COUNT_);
	assert_int_equal(form_keyboard(&s), KEYBOARD_NONE);
	form_field(&s, LEDGER_REMARK);
	assert_int_equal(form_keyboard(&s), KEYBOARD_TEXT);
	for (int i = 0; i < 100; i++)
		type(&s, "袋");
	assert_int_equal(s.note, NOTE_TOO_LONG);
	form_field(&s, -1);
	assert_int_equal(utf8_length(s.ledger.draft.remark), (LEDGER_TEXT_BYTES - 1) / 3);
	start(&s, LEDGER_INCIDENT);
	form_field(&s, LEDGER_POLICE);
	type(&s, "2400");
	form_field(&s, LEDGER_SECOND);
	assert_int_equal(s.note, NOTE_LEDGER_TIME);
	form_backspace(&s);
	form_backspace(&s);
	type(&s, "15");
	assert_string_equal(s.entry, "2415");
	for (int i = 0; i < 4; i++)
		form_backspace(&s);
	type(&s, "0915");
	form_field(&s, LEDGER_SECOND);
	ledger_form_choose(&s, 2); /* nobody */
	assert_false(ledger_has(&s.ledger.draft, LEDGER_SECOND));
	ledger_form_choose(&s, 1);
	assert_string_equal(s.ledger.draft.second, "陈静");
	form_field(&s, LEDGER_POLICE);
	assert_string_equal(s.entry, "0915");
}

static void test_corrections(void **state)
{
	struct ledger_row row = { .seq = 9, .ledger = { .kind = LEDGER_WASTE } };
	struct session s;

	(void)state;
	start(&s, LEDGER_WASTE);
	type(&s, "3");
	assert_false(form_accept(&s, 0));
	type(&s, "1.5");
	assert_false(form_accept(&s, 0));
	ledger_form_choose(&s, 1);
	assert_true(form_accept(&s, 0));
	row.ledger = s.ledger.draft;
	ledger_form_strike(&s); /* nothing to strike out */
	assert_memory_equal(&s.ledger.draft, &row.ledger, sizeof(row.ledger));
	assert_true(ledger_form_correct(&s, &row));
	assert_int_equal(s.ledger.draft.was, 3);
	form_field(&s, LEDGER_BAGS);
	form_backspace(&s);
	type(&s, "5");
	assert_true(form_accept(&s, 0));
	assert_true(ledger_fits(&s.ledger.draft));
	assert_int_equal(ledger_adds_bags(&s.ledger.draft), 2);
	assert_true(ledger_form_correct(&s, &row));
	ledger_form_strike(&s);
	assert_true(ledger_fits(&s.ledger.draft));
	assert_int_equal(ledger_adds_bags(&s.ledger.draft), -3);
	row.corrected_by = 10;
	assert_false(ledger_form_correct(&s, &row));
	row.corrected_by = 0;
	row.ledger.struck = true;
	assert_false(ledger_form_correct(&s, &row));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_kind),
		cmocka_unit_test(test_what_is_typed),
		cmocka_unit_test(test_corrections),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
