#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "codec/csv.h"

static uint8_t BUFFER[4096];

static struct csv_line begin(void)
{
	return (struct csv_line){ .out = { .data = BUFFER, .cap = sizeof(BUFFER) - 1 } };
}

static const char *field(const char *text, enum csv_kind kind)
{
	struct csv_line line = begin();

	csv_field(&line, text, kind);
	BUFFER[line.out.len] = '\0';
	return (const char *)BUFFER;
}

static void test_rfc4180(void **state)
{
	struct csv_line line = begin();

	(void)state;
	csv_field(&line, "a,b", CSV_PLAIN);
	csv_field(&line, "say \"hi\"", CSV_GUARDED);
	csv_field_int(&line, INT64_MIN + 1);
	csv_field_hex(&line, (const uint8_t *)"\x0f\xa0", 2);
	csv_field(&line, "", CSV_LONG_NUMBER);
	csv_end(&line);
	BUFFER[line.out.len] = '\0';
	assert_string_equal((char *)BUFFER, "\"a,b\",\"say \"\"hi\"\"\",\"-9223372036854775807\","
					    "\"0fa0\",\"\"\r\n");
}

static void test_formulas_are_guarded(void **state)
{
	static const char *const PAYLOADS[] = {
		"=1+1",     "+1",   "-1",          "@SUM(A1)",
		"\t=1",     "\r=1", "\n=1",        "＝1+1",
		"＋1",      "－1",  "＠SUM",       "  =1",
		"\u3000=1", "'=1",  " \u3000 ＝1", "=cmd|' /C calc'!A0"
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(PAYLOADS); i++) {
		assert_int_equal(field(PAYLOADS[i], CSV_GUARDED)[1], '\'');
		assert_int_equal(field(PAYLOADS[i], CSV_LONG_NUMBER)[1], '\'');
	}
	assert_string_equal(field("张=伟", CSV_GUARDED), "\"张=伟\"");
	assert_string_equal(field("3-2-501", CSV_GUARDED), "\"3-2-501\"");
	/* a spreadsheet set to another separator would cut here */
	assert_string_equal(field("a;=1", CSV_GUARDED), "\"a;'=1\"");
	assert_string_equal(field("a\t =1", CSV_GUARDED), "\"a\t' =1\"");
	assert_string_equal(field("a\r\n@x", CSV_GUARDED), "\"a\r'\n'@x\"");
}

static void test_long_numbers_stay_text(void **state)
{
	(void)state;
	assert_string_equal(field("110105194912310021", CSV_LONG_NUMBER),
			    "\"\t110105194912310021\"");
	assert_string_equal(field("3-2-1", CSV_LONG_NUMBER), "\"\t3-2-1\""); /* no date */
	assert_string_equal(field("013800138000", CSV_LONG_NUMBER), "\"\t013800138000\"");
	assert_string_equal(field("+8613800138000", CSV_LONG_NUMBER), "\"'+8613800138000\"");
}

static void test_guard_is_undone(void **state)
{
	static const char *const TEXTS[] = { "",         "=",          "'",      "''=",
					     "\t\t=;;=", ";'=;",       "a\"b;=", "\"=\"",
					     "\r\n=\n",  " ;\u3000＝", "张伟" };
	struct csv_span span[1];
	char text[64];
	int count;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(TEXTS); i++) {
		struct csv_line line = begin();
		csv_field(&line, TEXTS[i], CSV_GUARDED);
		csv_end(&line);
		struct csv_reader r = { .data = (char *)BUFFER, .len = line.out.len };
		assert_int_equal(csv_next(&r, span, 1, &count), CSV_ROW);
		assert_true(csv_text(span[0], true, text, sizeof(text)));
		assert_string_equal(text, TEXTS[i]);
		assert_int_equal(csv_next(&r, span, 1, &count), CSV_END);
	}
	assert_false(csv_text((struct csv_span){ "abc", 3 }, false, text, 3));
	assert_false(csv_text((struct csv_span){ "a\0c", 3 }, false, text, sizeof(text)));
}

static enum csv_outcome read_one(const char *text)
{
	struct csv_reader r = { .data = text, .len = strlen(text) };
	struct csv_span fields[2];
	int count;

	return csv_next(&r, fields, 2, &count);
}

static void test_strict(void **state)
{
	static const char *const BAD[] = {
		"a\r\n",        "\"a\"\n",          "\"a\"",   "\"a\",\r\n",
		"\"a\"b\"\r\n", "\"a\" ,\"b\"\r\n", "\"a\r\n", "\"a\",\"b\",\"c\"\r\n",
		"\r\n",         "\"a\",\"b\"\r",    "\""
	};

	(void)state;
	assert_int_equal(read_one(""), CSV_END);
	assert_int_equal(read_one("\"\"\r\n"), CSV_ROW);
	for (size_t i = 0; i < ARRAY_LEN(BAD); i++)
		assert_int_equal(read_one(BAD[i]), CSV_BAD);
}

static void test_int(void **state)
{
	static const char *const BAD[] = { "",
					   "-",
					   "00",
					   "01",
					   "-0",
					   "+1",
					   " 1",
					   "1 ",
					   "1a",
					   "9223372036854775808",
					   "10000000000000000000",
					   "99999999999999999999" };
	int64_t value;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(BAD); i++)
		assert_false(csv_int((struct csv_span){ BAD[i], strlen(BAD[i]) }, &value));
	assert_true(csv_int((struct csv_span){ "9223372036854775807", 19 }, &value));
	assert_true(value == INT64_MAX);
	assert_true(csv_int((struct csv_span){ "-12", 3 }, &value));
	assert_true(value == -12);
	assert_true(csv_int((struct csv_span){ "0", 1 }, &value));
	assert_true(value == 0);
}

static void test_too_small(void **state)
{
	struct csv_line line = { .out = { .data = BUFFER, .cap = 4 } };

	(void)state;
	csv_field(&line, "abc", CSV_PLAIN);
	assert_true(line.out.bad);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rfc4180),
		cmocka_unit_test(test_formulas_are_guarded),
		cmocka_unit_test(test_long_numbers_stay_text),
		cmocka_unit_test(test_guard_is_undone),
		cmocka_unit_test(test_strict),
		cmocka_unit_test(test_int),
		cmocka_unit_test(test_too_small),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
