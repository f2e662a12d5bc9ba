#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "helper_store.h"
#include "store/receipt.h"

static const char ALPHABET[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static void make(unsigned n, char code[RECEIPT_CODE_BYTES])
{
	uint8_t salt[RECEIPT_SALT_BYTES];

	for (unsigned i = 0; i < sizeof(salt); i++)
		salt[i] = (uint8_t)(n * 31 + i * 7);
	receipt_code_make(n, salt, code);
}

/* printf 'GHR1\x00\x01…\x0f\x00…\x01' | sha256sum; the first 55 bits in fives by hand. */
static void test_published_code(void **state)
{
	(void)state;
	char code[RECEIPT_CODE_BYTES];
	uint8_t salt[RECEIPT_SALT_BYTES];

	for (unsigned i = 0; i < sizeof(salt); i++)
		salt[i] = (uint8_t)i;
	receipt_code_make(1, salt, code);
	assert_string_equal(code + 1, "RZ7-FZA8-RQP3");
}

static void test_read_as_people_type(void **state)
{
	(void)state;
	char code[RECEIPT_CODE_BYTES], typed[64], got[RECEIPT_CODE_BYTES];

	for (unsigned n = 0; n < 200; n++) {
		make(n, code);
		int at = 0;
		for (const char *c = code; *c; c++) {
			if (*c == '0' && n % 2)
				typed[at++] = n % 4 == 1 ? 'O' : 'o';
			else if (*c == '1' && n % 2)
				typed[at++] = "IiLl"[n / 2 % 4];
			else if (*c == '-')
				at += n % 3 == 0 ? 0 : (typed[at] = n % 3 == 1 ? ' ' : '-', 1);
			else
				typed[at++] = (char)(*c >= 'A' && n % 5 == 0 ? *c + 32 : *c);
		}
		typed[at] = '\0';
		assert_true(receipt_code_read(typed, got));
		assert_string_equal(got, code);
	}
}

/* Every single wrong character, and every two changed with each other. */
static void test_mistakes_are_found(void **state)
{
	(void)state;
	char code[RECEIPT_CODE_BYTES], wrong[RECEIPT_CODE_BYTES], got[RECEIPT_CODE_BYTES];

	for (unsigned n = 0; n < 100; n++) {
		make(n, code);
		for (int i = 0; code[i]; i++) {
			if (code[i] == '-')
				continue;
			memcpy(wrong, code, sizeof(wrong));
			for (int c = 0; c < 32; c++) {
				wrong[i] = ALPHABET[c];
				assert_int_equal(receipt_code_read(wrong, got),
						 wrong[i] == code[i]);
			}
			for (int j = i + 1; code[j]; j++) {
				memcpy(wrong, code, sizeof(wrong));
				wrong[i] = code[j];
				wrong[j] = code[i];
				if (code[j] != '-' && code[i] != code[j])
					assert_false(receipt_code_read(wrong, got));
			}
		}
	}
	static const char *const bad[] = { "",
					   "-",
					   "0000-0000-000",
					   "0000-0000-0000-0",
					   "U000-0000",
					   "0000-0000-000\xC3",
					   "0000 0000 000!" };
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(receipt_code_read(bad[i], got));
	assert_true(receipt_code_read("000000000000", got));
	assert_string_equal(got, "0000-0000-0000");
}

/* Each visit and each salt has its own. */
static void test_no_two_alike(void **state)
{
	(void)state;
	static char codes[3000][RECEIPT_CODE_BYTES];

	for (unsigned n = 0; n < 3000; n++) {
		make(n, codes[n]);
		for (unsigned m = 0; m < n; m++)
			assert_string_not_equal(codes[n], codes[m]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_published_code),
		cmocka_unit_test(test_read_as_people_type),
		cmocka_unit_test(test_mistakes_are_found),
		cmocka_unit_test(test_no_two_alike),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
