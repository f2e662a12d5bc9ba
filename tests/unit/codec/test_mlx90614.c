#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "codec/mlx90614.h"

/* Datasheet 3901090614, read-word example, and Melexis' SMBus application note. */
static void test_pec_vectors(void **state)
{
	(void)state;
	assert_int_equal(smbus_pec((const uint8_t[]){ 0xB4, 0x07, 0xB5, 0xD2, 0x3A }, 5), 0x30);
	assert_int_equal(mlx90614_pec(0x5A, 0x07, 0xD2, 0x3A), 0x30);
	assert_int_equal(smbus_pec((const uint8_t[]){ 0x00, 0x2E, 0x00, 0x00 }, 4), 0x6F);
	assert_int_equal(smbus_pec((const uint8_t *)"123456789", 9), 0xF4); /* CRC-8 check value */
	assert_int_equal(smbus_pec(NULL, 0), 0);
}

static void test_decode_vector(void **state)
{
	(void)state;
	int32_t t = 0;
	const uint8_t answer[3] = { 0xD2, 0x3A, 0x30 };
	assert_int_equal(mlx90614_decode(0x5A, 0x07, answer, &t), MLX90614_WORD_OK);
	assert_int_equal(t, 2801);
	assert_int_equal(mlx90614_decode(0x5A, 0x06, answer, &t), MLX90614_WORD_BAD_PEC);
	assert_int_equal(mlx90614_decode(0x5B, 0x07, answer, &t), MLX90614_WORD_BAD_PEC);
}

/* One wrong bit anywhere in the 24 is noticed; so are the words of a stuck bus. */
static void test_bad_bits(void **state)
{
	(void)state;
	int32_t t;
	for (int bit = 0; bit < 24; bit++) {
		uint8_t answer[3] = { 0xD2, 0x3A, 0x30 };
		answer[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(mlx90614_decode(0x5A, 0x07, answer, &t), MLX90614_WORD_BAD_PEC);
	}
	const uint8_t commands[] = { 0x06, 0x07, 0xF0 };
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		const uint8_t high[3] = { 0xFF, 0xFF, 0xFF }, low[3] = { 0 };
		assert_int_equal(mlx90614_decode(0x5A, commands[i], high, &t),
				 MLX90614_WORD_BAD_PEC);
		assert_int_equal(mlx90614_decode(0x5A, commands[i], low, &t),
				 MLX90614_WORD_BAD_PEC);
	}
}

/* All 65,536 words: bit 15 is an error, the rest goes to a temperature and back to the word. */
static void test_every_word(void **state)
{
	(void)state;
	for (int raw = 0; raw < 65536; raw++) {
		uint8_t answer[3] = { (uint8_t)raw, (uint8_t)(raw >> 8) }, again[3];
		int32_t t = 123456;
		answer[2] = mlx90614_pec(0x5A, 0x07, answer[0], answer[1]);
		enum mlx90614_word word = mlx90614_decode(0x5A, 0x07, answer, &t);
		if (raw > 0x7FFF) {
			assert_int_equal(word, MLX90614_WORD_ERROR_BIT);
			assert_int_equal(t, 123456);
			continue;
		}
		assert_int_equal(word, MLX90614_WORD_OK);
		assert_int_equal(t, raw * 2 - 27315);
		mlx90614_encode(0x5A, 0x07, t, again);
		assert_memory_equal(again, answer, 3);
	}
}

static void test_encode_never_exceeds(void **state)
{
	(void)state;
	for (int32_t set = -7000; set <= 38219; set++) {
		uint8_t answer[3];
		int32_t t = 0;
		mlx90614_encode(0x5A, 0x07, set, answer);
		assert_int_equal(mlx90614_decode(0x5A, 0x07, answer, &t), MLX90614_WORD_OK);
		assert_true(t == set || t == set - 1);
	}
	uint8_t answer[3];
	int32_t t = 0;
	mlx90614_encode(0x5A, 0x07, INT32_MIN, answer); /* clamped, never the error bit */
	assert_int_equal(mlx90614_decode(0x5A, 0x07, answer, &t), MLX90614_WORD_OK);
	assert_int_equal(t, -27315);
	mlx90614_encode(0x5A, 0x07, INT32_MAX, answer);
	assert_int_equal(mlx90614_decode(0x5A, 0x07, answer, &t), MLX90614_WORD_OK);
	assert_int_equal(t, 38219);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pec_vectors),
		cmocka_unit_test(test_decode_vector),
		cmocka_unit_test(test_bad_bits),
		cmocka_unit_test(test_every_word),
		cmocka_unit_test(test_encode_never_exceeds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
