#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "codec/escpos.h"

static struct bitmap bitmap_of(int32_t width, int32_t height)
{
	size_t stride = ((size_t)width + 7) / 8;
	struct bitmap b = { width, height, malloc(stride * (size_t)height + 1) };

	assert_non_null(b.bits);
	for (size_t i = 0; i < stride * (size_t)height; i++)
		b.bits[i] = (uint8_t)(i * 31 + 7);
	return b;
}

/* Golden bytes of a 10 x 2 picture: padding bits right of the width are white. */
static void test_golden(void **state)
{
	(void)state;
	uint8_t bits[] = { 0xA5, 0xFF, 0x0F, 0x7F };
	const struct bitmap b = { 10, 2, bits };
	static const uint8_t expected[] = {
		0x1B, 0x40, 0x1D, 0x76, 0x30, 0,    2, 0,    2,    0,
		0xA5, 0xC0, 0x0F, 0x40, 0x1B, 0x64, 4, 0x1D, 0x56, 1,
	};
	uint8_t out[64];
	assert_int_equal(escpos_job_bytes(&b), sizeof(expected));
	assert_int_equal(escpos_encode(&b, out, sizeof(out)), sizeof(expected));
	assert_memory_equal(out, expected, sizeof(expected));
}

/* Any height: bands of at most 64 rows, none empty, all rows in order, nothing else. */
static void test_bands(void **state)
{
	(void)state;
	for (int32_t height = 0; height < 200; height += height < 3 ? 1 : 9) {
		struct bitmap b = bitmap_of(ESCPOS_WIDTH_PX, height);
		size_t cap = escpos_job_bytes(&b), stride = ESCPOS_WIDTH_PX / 8;
		uint8_t *out = malloc(cap);
		const uint8_t *at = out + 2, *row = b.bits;
		assert_int_equal(escpos_encode(&b, out, cap), cap);
		for (int32_t left = height; left > 0;) {
			int32_t rows = left < 64 ? left : 64;
			const uint8_t head[] = { 0x1D, 'v', '0', 0, 72, 0, (uint8_t)rows, 0 };
			assert_memory_equal(at, head, sizeof(head));
			assert_memory_equal(at + 8, row, stride * (size_t)rows);
			at += 8 + stride * (size_t)rows;
			row += stride * (size_t)rows;
			left -= rows;
		}
		assert_memory_equal(at, "\x1B\x64\x04\x1D\x56\x01", 6);
		assert_ptr_equal(at + 6, out + cap);
		free(out);
		free(b.bits);
	}
}

static void test_capacity(void **state)
{
	(void)state;
	struct bitmap b = bitmap_of(40, 70);
	size_t need = escpos_job_bytes(&b);
	for (size_t cap = 0; cap < need; cap++) {
		uint8_t *out = malloc(cap + 1);
		assert_int_equal(escpos_encode(&b, out, cap), 0);
		free(out);
	}
	free(b.bits);
}

static void test_requests(void **state)
{
	(void)state;
	for (int n = 1; n <= 4; n++) {
		uint8_t out[3];
		escpos_status_request(n, out);
		assert_int_equal(out[0], 0x10);
		assert_int_equal(out[1], 0x04);
		assert_int_equal(out[2], n);
	}
}

static struct escpos_status status_of(int n, uint8_t byte)
{
	struct escpos_status s = { 0 };

	assert_true(escpos_status_merge(&s, n, byte));
	return s;
}

static void test_status(void **state)
{
	(void)state;
	struct escpos_status s = status_of(1, 0x12);
	assert_false(s.offline || s.cover_open || s.paper_end || s.paper_low || s.error);
	assert_false(status_of(1, 0x16).offline); /* drawer pin only */
	assert_true(status_of(1, 0x1A).offline);
	assert_true(status_of(2, 0x16).cover_open);
	assert_false(status_of(2, 0x1A).cover_open); /* feed button */
	assert_true(status_of(2, 0x32).paper_end);
	assert_true(status_of(2, 0x52).error);
	s = status_of(4, 0x1E);
	assert_true(s.paper_low && !s.paper_end);
	s = status_of(4, 0x72);
	assert_true(s.paper_end && !s.paper_low);
	s = status_of(4, 0x32); /* one bit of two: another sensor, RP-U420 */
	assert_false(s.paper_end);
	s = status_of(1, 0x1A);
	assert_true(escpos_status_merge(&s, 4, 0x12)); /* merging forgets nothing */
	assert_true(s.offline);
}

/* All 256 bytes: only 0xx1xx10 is a status byte; nothing else changes anything. */
static void test_mask(void **state)
{
	(void)state;
	int good = 0;
	for (int byte = 0; byte < 256; byte++)
		for (int n = 0; n <= 5; n++) {
			struct escpos_status s = { 0 };
			const struct escpos_status none = { 0 };
			bool known = n == 1 || n == 2 || n == 4;
			bool is = !(byte & 0x81) && (byte & 0x12) == 0x12;
			assert_int_equal(escpos_status_merge(&s, n, (uint8_t)byte), known && is);
			if (!known || !is)
				assert_memory_equal(&s, &none, sizeof(s));
			good += known && is;
		}
	assert_int_equal(good, 3 * 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),   cmocka_unit_test(test_bands),
		cmocka_unit_test(test_capacity), cmocka_unit_test(test_requests),
		cmocka_unit_test(test_status),   cmocka_unit_test(test_mask),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
