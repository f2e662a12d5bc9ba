/*
 * The strict ini reader: what is well formed reaches the reader in order; everything else is named
 * by file, line and reason, and comes back as a failure of the whole file.
 */
#include "settings/ini_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "helper_file.h"

struct taken {
	char keys[512]; /* "section.key=value|" … */
	const char *refuse; /* a key that is not wanted */
};

static bool take(void *ctx, const char *section, const char *key, const char *value, char *why,
		 size_t cap)
{
	struct taken *t = ctx;
	size_t len = strlen(t->keys);

	if (t->refuse && strcmp(key, t->refuse) == 0) {
		text_format(why, cap, "\"%s\" is not wanted", key);
		return false;
	}
	text_format(t->keys + len, sizeof(t->keys) - len, "%s.%s=%s|", section, key, value);
	return true;
}

static bool read_bytes(const void *bytes, size_t len, struct taken *t, char *message, size_t cap)
{
	char path[TEMP_PATH_BYTES];

	temp_file(path, bytes, len);
	bool good = ini_file_read(path, take, t, message, cap);
	if (!good) { /* every message begins with the file; what follows is compared */
		assert_int_equal(strncmp(message, path, strlen(path)), 0);
		memmove(message, message + strlen(path), strlen(message + strlen(path)) + 1);
	}
	unlink(path);
	return good;
}

static bool read_text(const char *text, struct taken *t, char *message, size_t cap)
{
	return read_bytes(text, strlen(text), t, message, cap);
}

static void test_good(void **state)
{
	static const struct {
		const char *text, *keys;
	} CASE[] = {
		{ "", "" },
		{ "\n\n; comment\n# comment\n", "" },
		{ "[a]\nk = v\n", "a.k=v|" },
		{ "[a]\nk=v", "a.k=v|" },
		{ "[a]\r\nk = v\r\n", "a.k=v|" },
		{ "[a b]\nk = v w\n[c]\nk = 门岗\n", "a b.k=v w|c.k=门岗|" },
		{ "[a]\nk = v ; said aside\n", "a.k=v|" },
		{ "[a]\nk =\n", "a.k=|" },
	};
	char message[300];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASE); i++) {
		struct taken t = { 0 };
		assert_true(read_text(CASE[i].text, &t, message, sizeof(message)));
		assert_string_equal(t.keys, CASE[i].keys);
	}
}

static void test_bad_lines(void **state)
{
	static const struct {
		const char *text, *message;
	} CASE[] = {
		{ "word\n", ":1: not a [section] or a \"key = value\" line" },
		{ "[a]\nk = v\n\nword\n[b]\n", ":4: not a [section] or a \"key = value\" line" },
		{ "[a\nk = v\n", ":1: not a [section] or a \"key = value\" line" },
		{ "[a]\nk = v\nbad = 1\nbad = 2\n", ":3: \"bad\" is not wanted" },
		{ "[a]\nk = \xff\xfe\n", ":2: line longer than 190 bytes or not UTF-8" },
		{ "[a]\nk = \xc3", ":2: line longer than 190 bytes or not UTF-8" },
	};
	char message[300];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASE); i++) {
		struct taken t = { .refuse = "bad" };
		assert_false(read_text(CASE[i].text, &t, message, sizeof(message)));
		assert_string_equal(message, CASE[i].message);
	}
}

/* The longest line allowed is taken whole; one byte more is refused, never cut. */
static void test_line_length(void **state)
{
	char text[256] = "[a]\nk = ", message[300];
	struct taken t = { 0 };

	(void)state;
	memset(text + 8, 'x', 186);
	assert_true(read_text(text, &t, message, sizeof(message)));
	assert_int_equal(strlen(t.keys), strlen("a.k=|") + 186);
	text[8 + 186] = 'x';
	t.keys[0] = '\0';
	assert_false(read_text(text, &t, message, sizeof(message)));
	assert_string_equal(message, ":2: line longer than 190 bytes or not UTF-8");
	assert_string_equal(t.keys, "");
}

/* A NUL must not hide the rest of the file. */
static void test_nul(void **state)
{
	static const char TEXT[] = "[a]\nk = v\n\0[b]\nk = w\n";
	char message[300];
	struct taken t = { 0 };

	(void)state;
	assert_false(read_bytes(TEXT, sizeof(TEXT) - 1, &t, message, sizeof(message)));
	assert_string_equal(message, ":3: line longer than 190 bytes or not UTF-8");
}

static void test_unreadable(void **state)
{
	char message[300];
	struct taken t = { 0 };

	(void)state;
	assert_false(ini_file_read("/nonexistent/x.ini", take, &t, message, sizeof(message)));
	assert_string_equal(message,
			    "/nonexistent/x.ini: cannot be read: No such file or directory");
	assert_false(ini_file_read("/tmp", take, &t, message, sizeof(message)));
	assert_non_null(strstr(message, "/tmp: cannot be read: "));
	char *big = calloc(1, 300000);
	memset(big, '\n', 300000);
	assert_false(read_bytes(big, 300000, &t, message, sizeof(message)));
	assert_non_null(strstr(message, ": cannot be read: File too large"));
	free(big);
}

static void test_number(void **state)
{
	static const struct {
		const char *text;
		bool good;
		int64_t value;
	} CASE[] = {
		{ "0", true, 0 },
		{ "-5", true, -5 },
		{ "100", true, 100 },
		{ "007", true, 7 },
		{ "101", false, 0 },
		{ "-6", false, 0 },
		{ "", false, 0 },
		{ "-", false, 0 },
		{ "+5", false, 0 },
		{ " 5", false, 0 },
		{ "5 ", false, 0 },
		{ "5x", false, 0 },
		{ "0x5", false, 0 },
		{ "5.0", false, 0 },
		{ "- 5", false, 0 },
		{ "--5", false, 0 },
		{ "\xef\xbc\x95", false, 0 }, /* full-width 5 */
		{ "99999999999999999999", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASE); i++) {
		int64_t n = 77;
		assert_int_equal(ini_number(CASE[i].text, -5, 100, &n), CASE[i].good);
		assert_int_equal(n, CASE[i].good ? CASE[i].value : 77);
	}
}

static void test_centi(void **state)
{
	static const struct {
		const char *text;
		bool good;
		int32_t value;
	} CASE[] = {
		{ "37.3", true, 3730 },  { "37.30", true, 3730 },
		{ "37", true, 3700 },    { "37.03", true, 3703 },
		{ "-0.5", true, -50 },   { "-40", true, -4000 },
		{ "40.00", true, 4000 }, { "40.01", false, 0 },
		{ "-40.01", false, 0 },  { "37.", false, 0 },
		{ ".5", false, 0 },      { "37.345", false, 0 },
		{ "37,3", false, 0 },    { "37.-3", false, 0 },
		{ "37.+3", false, 0 },   { "37.3.1", false, 0 },
		{ "3 7.3", false, 0 },   { "", false, 0 },
		{ "nan", false, 0 },     { "123456789012345678", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASE); i++) {
		int32_t n = 77;
		assert_int_equal(ini_centi(CASE[i].text, -4000, 4000, &n), CASE[i].good);
		assert_int_equal(n, CASE[i].good ? CASE[i].value : 77);
	}
}

static void test_word(void **state)
{
	static const char *const WORDS[] = { NULL, "guard", "staff" };

	(void)state;
	assert_int_equal(ini_word("guard", WORDS, 3), 1);
	assert_int_equal(ini_word("staff", WORDS, 3), 2);
	assert_int_equal(ini_word("staff", WORDS, 2), -1);
	assert_int_equal(ini_word("Guard", WORDS, 3), -1);
	assert_int_equal(ini_word("guar", WORDS, 3), -1);
	assert_int_equal(ini_word("", WORDS, 3), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),        cmocka_unit_test(test_bad_lines),
		cmocka_unit_test(test_line_length), cmocka_unit_test(test_nul),
		cmocka_unit_test(test_unreadable),  cmocka_unit_test(test_number),
		cmocka_unit_test(test_centi),       cmocka_unit_test(test_word),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
