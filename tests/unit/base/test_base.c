#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/civil.h"
#include "base/fileio.h"
#include "base/text.h"

static void test_utf8(void **state)
{
	(void)state;
	assert_true(utf8_valid("张伟 A", 8));
	assert_false(utf8_valid("\xC0\x80", 2)); /* overlong */
	assert_false(utf8_valid("\xED\xA0\x80", 3)); /* surrogate */
	assert_false(utf8_valid("\xF4\x90\x80\x80", 4)); /* above U+10FFFF */
	assert_false(utf8_valid("\xE5\xBC", 2)); /* cut */
	assert_int_equal(utf8_length("德木其格"), 4);
}

static void test_copy_never_splits(void **state)
{
	(void)state;
	const char *text = "欧阳修Aé𠮷";
	for (size_t cap = 1; cap <= strlen(text) + 1; cap++) {
		char dst[32];
		memset(dst, 'x', sizeof(dst));
		bool fits = text_copy(dst, cap, text);
		assert_int_equal(fits, cap > strlen(text));
		assert_true(strlen(dst) < cap);
		assert_true(utf8_valid(dst, strlen(dst)));
		bool fits2 = text_format(dst, cap, "%s", text);
		assert_int_equal(fits, fits2);
		assert_true(utf8_valid(dst, strlen(dst)));
	}
}

static void test_append_and_chop(void **state)
{
	(void)state;
	char s[8] = "";
	assert_true(utf8_append(s, sizeof(s), 0x5F20));
	assert_true(utf8_append(s, sizeof(s), 'a'));
	assert_true(utf8_append(s, sizeof(s), 0x4F1F));
	assert_false(utf8_append(s, sizeof(s), 'b'));
	assert_string_equal(s, "张a伟");
	utf8_chop(s);
	assert_string_equal(s, "张a");
	utf8_chop(s);
	utf8_chop(s);
	utf8_chop(s);
	assert_string_equal(s, "");
}

static void test_fold_and_trim(void **state)
{
	(void)state;
	char s[] = "　１１０Ｘ　";
	text_fold_width(s);
	text_trim(s);
	assert_string_equal(s, "110X");
	char t[] = "\xFF\xFE";
	text_fold_width(t); /* malformed survives for the validator to see */
	assert_int_equal(strlen(t), 2);
}

static void test_civil(void **state)
{
	(void)state;
	int64_t ms;
	assert_true(civil_parse_iso("2026-11-23T08:00:00+08:00", &ms));
	assert_true(ms == INT64_C(1795392000000));
	struct civil c = civil_from_ms(ms, 480);
	assert_int_equal(c.year, 2026);
	assert_int_equal(c.month, 11);
	assert_int_equal(c.day, 23);
	assert_int_equal(c.hour, 8);
	assert_int_equal(c.weekday, 1);
	char text[CIVIL_TEXT_BYTES];
	civil_format_iso(ms, 480, text);
	assert_string_equal(text, "2026-11-23T08:00:00+08:00");
	/* every day of 400 years there and back, in order */
	int64_t day = 0;
	struct civil last = civil_from_ms(0, 0);
	for (int i = 1; i < 146097; i++) {
		day += INT64_C(86400000);
		struct civil now = civil_from_ms(day, 0);
		assert_true(civil_date_exists(now.year, now.month, now.day));
		assert_true(civil_to_ms(&now, 0) == day);
		assert_int_equal(now.weekday, (last.weekday + 1) % 7);
		last = now;
	}
	assert_int_equal(last.year, 2369);
	assert_false(civil_date_exists(2023, 2, 29));
	assert_false(civil_date_exists(1900, 2, 29));
	assert_true(civil_date_exists(2000, 2, 29));
	assert_false(civil_parse_iso("2026-13-01T00:00:00Z", &ms));
	assert_false(civil_parse_iso("2026-11-23 08:00:00Z", &ms));
	assert_false(civil_parse_iso("2026-11-23T08:00:00", &ms));
	assert_true(civil_day_start_ms(INT64_C(1795392000000), 480) == INT64_C(1795363200000));
}

static void test_bytes(void **state)
{
	(void)state;
	uint8_t buf[8];
	struct writer w = { .data = buf, .cap = sizeof(buf) };
	write_uint(&w, 0x1234, 2);
	write_uint(&w, 0xAABBCCDD, 4);
	assert_false(w.bad);
	write_uint(&w, 1, 4);
	assert_true(w.bad);
	struct reader r = { .data = buf, .len = w.len };
	assert_int_equal(read_uint(&r, 2), 0x1234);
	assert_int_equal(read_uint(&r, 4), 0xAABBCCDD);
	assert_null(read_bytes(&r, 1));
	assert_true(r.bad);
}

static void test_files(void **state)
{
	(void)state;
	char dir[] = "/tmp/gatehouse-base-XXXXXX";
	assert_non_null(mkdtemp(dir));
	char path[64], *data;
	size_t len;
	snprintf(path, sizeof(path), "%s/f", dir);
	assert_int_equal(file_read(path, 10, &data, &len), -ENOENT);
	assert_int_equal(file_write_atomic(path, "hello", 5, 0600), 0);
	assert_int_equal(file_read(path, 5, &data, &len), 0);
	assert_int_equal(len, 5);
	assert_string_equal(data, "hello");
	free(data);
	assert_int_equal(file_read(path, 4, &data, &len), -EFBIG);
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	unlink(path);
	assert_int_equal(file_write_atomic("/nonexistent/f", "x", 1, 0600), -ENOENT);
	rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_copy_never_splits),
		cmocka_unit_test(test_append_and_chop),
		cmocka_unit_test(test_fold_and_trim),
		cmocka_unit_test(test_civil),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_files),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
