/* The catalogues: every value of every enum has its words in both languages, and they are words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "assets/string_tables.h"
#include "assets/strings.h"
#include "base/text.h"

static void test_every_string_in_both_languages(void **state)
{
	(void)state;
	for (int id = STR_NONE + 1; id < STRING_ID_COUNT_; id++)
		for (int l = 0; l < LANGUAGE_COUNT_; l++) {
			const char *text = string_get((enum language)l, (enum string_id)id);
			if (!text || !text[0])
				fail_msg("string %d has no text in language %d", id, l);
			assert_true(utf8_valid(text, strlen(text)));
			assert_false(text_has_control(text));
			assert_null(strstr(text, "  "));
		}
}

/* A value filled into one language is filled into the other. */
static void test_same_placeholders(void **state)
{
	(void)state;
	for (int id = STR_NONE + 1; id < STRING_ID_COUNT_; id++) {
		if (id == STR_STRIP_DATE || id == STR_BOARD_DATE)
			continue; /* languages name months and days by different parts */
		for (char n = '1'; n <= '9'; n++) {
			char mark[] = { '{', n, '}', '\0' };
			bool zh = strstr(strings_zh[id], mark), en = strstr(strings_en[id], mark);
			if (zh != en)
				fail_msg("%s: \"%s\" and \"%s\"", mark, strings_zh[id],
					 strings_en[id]);
		}
	}
}

#define EVERY(function, type, first, count)                                                        \
	for (int v = first; v < count; v++)                                                        \
		for (int l = 0; l < LANGUAGE_COUNT_; l++)                                          \
			if (!function((enum language)l, (enum type)v)[0])                          \
	fail_msg(#function " has nothing for %d", v)

static void test_every_enum_has_words(void **state)
{
	(void)state;
	EVERY(string_level, level, 0, LEVEL_COUNT_);
	EVERY(string_level_hint, level, 0, LEVEL_COUNT_);
	EVERY(string_class, person_class, 0, CLASS_COUNT_);
	EVERY(string_class_hint, person_class, 0, CLASS_COUNT_);
	EVERY(string_document, document_kind, 1, DOCUMENT_COUNT_);
	EVERY(string_purpose, purpose, 1, PURPOSE_COUNT_);
	EVERY(string_state, visit_state, 0, VISIT_STATE_COUNT_);
	EVERY(string_role, role, 1, ROLE_COUNT_);
	EVERY(string_device, device, 0, DEVICE_COUNT_);
	EVERY(string_device_state, device_state, 0, DEVICE_STATE_COUNT_);
	EVERY(string_gate_state, gate_state, 0, GATE_STATE_COUNT_);
	EVERY(string_check, check, 0, CHECK_COUNT_);
	EVERY(string_finding, finding, 0, FINDING_COUNT_);
	EVERY(string_colour, code_colour, 0, COLOUR_COUNT_);
	EVERY(string_travel_card, travel_card, 0, TRAVEL_CARD_COUNT_);
	EVERY(string_verdict, verdict, 0, VERDICT_COUNT_);
	EVERY(string_field, field, 1, FIELD_COUNT_);
	EVERY(string_note, note, 1, NOTE_COUNT_);
	EVERY(string_report_row, report_row, 0, REPORT_ROW_COUNT_);
	EVERY(string_ledger_kind, ledger_kind, 0, LEDGER_KIND_COUNT_);
	EVERY(string_ledger_field, ledger_field, 0, LEDGER_FIELD_COUNT_);
	EVERY(string_report_state, report_state, 0, REPORT_STATE_COUNT_);
	EVERY(string_pass_problem, pass_problem, 0, PASS_PROBLEM_COUNT_);
	EVERY(string_reason, reason_code, 1, REASON_COUNT_);
	EVERY(string_reason_advice, reason_code, 1, REASON_COUNT_);
}

static void test_out_of_range_is_empty(void **state)
{
	(void)state;
	assert_string_equal(string_note(LANGUAGE_EN, NOTE_NONE), "");
	assert_string_equal(string_note(LANGUAGE_EN, (enum note)9999), "");
	assert_string_equal(string_reason(LANGUAGE_ZH, (enum reason_code) - 1), "");
	assert_string_equal(string_get(LANGUAGE_ZH, STRING_ID_COUNT_), "");
}

static void test_fill(void **state)
{
	(void)state;
	char text[64], small[8];
	assert_true(string_fill(text, sizeof(text), "{2} of {1} {x}{3}", "nine", "three", NULL));
	assert_string_equal(text, "three of nine {x}");
	assert_true(string_fill(text, sizeof(text), "100%", NULL));
	assert_string_equal(text, "100%");
	/* a value is not a pattern */
	assert_true(string_fill(text, sizeof(text), "{1}", "{2}", "no", NULL));
	assert_string_equal(text, "{2}");
	assert_false(string_fill(small, sizeof(small), "请等 {1} 秒", "7", NULL));
	assert_true(utf8_valid(small, strlen(small)));
}

static void test_temperature_is_cut(void **state)
{
	(void)state;
	static const struct {
		int32_t centi_c;
		const char *text;
	} CASES[] = {
		{ 3729, "37.2" }, { 3730, "37.3" }, { 3739, "37.3" },
		{ 0, "0.0" },     { -5, "-0.1" },   { -1000, "-10.0" },
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		char text[STRING_TEMPERATURE_BYTES];
		string_temperature(text, CASES[i].centi_c);
		assert_string_equal(text, CASES[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_string_in_both_languages),
		cmocka_unit_test(test_same_placeholders),
		cmocka_unit_test(test_every_enum_has_words),
		cmocka_unit_test(test_out_of_range_is_empty),
		cmocka_unit_test(test_fill),
		cmocka_unit_test(test_temperature_is_cut),
	};
	return cmocka_run_group_tests_name("strings", tests, NULL, NULL);
}
