#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "codec/base45.h"

static void encodes(const void *bytes, size_t len, const char *text)
{
	char out[BASE45_TEXT_BYTES(64)];
	uint8_t back[64];
	size_t got;

	assert_true(len <= 64);
	base45_encode(bytes, len, out);
	assert_string_equal(out, text);
	assert_true(base45_decode(text, strlen(text), back, sizeof(back), &got));
	assert_int_equal(got, len);
	assert_memory_equal(back, bytes, len);
}

static bool refused(const char *text, size_t len)
{
	uint8_t out[64];
	size_t got;

	return !base45_decode(text, len, out, sizeof(out), &got);
}

/* RFC 9285, 4.3 and 4.4. */
static void test_rfc_vectors(void **state)
{
	(void)state;
	encodes("AB", 2, "BB8");
	encodes("Hello!!", 7, "%69 VD92EX0");
	encodes("base-45", 7, "UJCLQE7W581");
	encodes("ietf!", 5, "QED8WEX0");
	encodes("", 0, "");
	encodes("\0", 1, "00");
	encodes("\xFF", 1, "U5");
	encodes("\xFF\xFF", 2, "FGW");
}

/* RFC 9285, 6: what must be rejected. */
static void test_rejects(void **state)
{
	(void)state;
	assert_true(refused("A", 1)); /* impossible lengths */
	assert_true(refused("BB8B", 4));
	assert_true(refused("GGW", 3)); /* 65536 */
	assert_true(refused(":::", 3));
	assert_true(refused("V5", 2)); /* 256 */
	assert_true(refused("::", 2));
	assert_true(refused("bb8", 3)); /* lower case */
	assert_true(refused("BB\0", 3));
	assert_true(refused("B\nB", 3));
	assert_true(refused("BB8#0", 5));
	assert_true(refused("\xC3\xA9"
			    "0",
			    3));
}

static void test_every_other_byte_is_refused(void **state)
{
	(void)state;
	const char *alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
	int accepted = 0;
	for (int c = 0; c < 256; c++) {
		const char text[3] = { (char)c, '0', '0' };
		bool member = c && strchr(alphabet, c);
		assert_int_equal(refused(text, 3), !member);
		accepted += member;
	}
	assert_int_equal(accepted, 45);
}

/* Every pair of characters, and every triple, decodes to what encodes back to it, or not at all. */
static void test_one_spelling_each(void **state)
{
	(void)state;
	const char *alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
	int good[4] = { 0 };
	for (int i = 0; i < 45 * 45 * 46; i++) {
		char text[4] = { alphabet[i % 45], alphabet[i / 45 % 45], 0, 0 };
		if (i / 2025 < 45)
			text[2] = alphabet[i / 2025];
		uint8_t out[2];
		char again[4];
		size_t got;
		if (!base45_decode(text, strlen(text), out, sizeof(out), &got))
			continue;
		base45_encode(out, got, again);
		assert_string_equal(again, text);
		good[strlen(text)]++;
	}
	assert_int_equal(good[2], 256);
	assert_int_equal(good[3], 65536);
}

static void test_round_trips_and_capacity(void **state)
{
	(void)state;
	uint8_t bytes[64], back[64];
	char text[BASE45_TEXT_BYTES(64)];
	size_t got;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 167 + 13);
	for (size_t n = 0; n <= sizeof(bytes); n++) {
		base45_encode(bytes, n, text);
		assert_int_equal(strlen(text) + 1, BASE45_TEXT_BYTES(n));
		assert_true(base45_decode(text, strlen(text), back, n, &got));
		assert_int_equal(got, n);
		assert_memory_equal(back, bytes, n);
		if (n > 0)
			assert_false(base45_decode(text, strlen(text), back, n - 1, &got));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rfc_vectors),
		cmocka_unit_test(test_rejects),
		cmocka_unit_test(test_every_other_byte_is_refused),
		cmocka_unit_test(test_one_spelling_each),
		cmocka_unit_test(test_round_trips_and_capacity),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
