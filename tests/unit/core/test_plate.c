#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "core/plate.h"

static const struct {
	const char *typed;
	enum plate_kind kind;
} SAMPLE[] = {
	{ "京A12345", PLATE_ORDINARY },
	{ "京A·12345", PLATE_ORDINARY },
	{ "沪b 8k88q", PLATE_ORDINARY },
	{ "粤Ｂ１２３４５", PLATE_ORDINARY },
	{ "京O12345", PLATE_ORDINARY },
	{ "粤BD12345", PLATE_NEW_ENERGY_SMALL },
	{ "粤BF1234", PLATE_ORDINARY },
	{ "京AK12345", PLATE_NEW_ENERGY_SMALL },
	{ "京AL12345", PLATE_INVALID },
	{ "京A12345D", PLATE_NEW_ENERGY_LARGE },
	{ "京A12345K", PLATE_NEW_ENERGY_LARGE },
	{ "京A12345Z", PLATE_INVALID },
	{ "苏F1234挂", PLATE_TRAILER },
	{ "苏F1234学", PLATE_LEARNER },
	{ "苏F1234警", PLATE_POLICE },
	{ "粤Z1234港", PLATE_HK_MACAO },
	{ "粤Z1234澳", PLATE_HK_MACAO },
	{ "粤Z12345", PLATE_INVALID },
	{ "沪A1234领", PLATE_CONSULATE },
	{ "使123456", PLATE_EMBASSY },
	{ "123456使", PLATE_EMBASSY },
	{ "WJ苏12345", PLATE_SPECIAL },
	{ "VA12345", PLATE_SPECIAL },
	{ "京A1234试", PLATE_SPECIAL },
	{ "京A1234应急", PLATE_SPECIAL },
	{ "AA12345", PLATE_INVALID },
	{ "京I12345", PLATE_INVALID },
	{ "京A1234I", PLATE_INVALID },
	{ "京A1234", PLATE_INVALID },
	{ "京A123456", PLATE_INVALID },
	{ "国A12345", PLATE_INVALID },
	{ "12345", PLATE_INVALID },
	{ "", PLATE_INVALID },
};

static void test_samples(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(SAMPLE); i++) {
		char plate[PLATE_BYTES];
		assert_true(plate_normalise(plate, SAMPLE[i].typed));
		if (plate_kind(plate) != SAMPLE[i].kind)
			fail_msg("%s: kind %d, expected %d", SAMPLE[i].typed, plate_kind(plate),
				 SAMPLE[i].kind);
	}
}

static void test_normalising_is_settled(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(SAMPLE); i++) {
		char once[PLATE_BYTES], twice[PLATE_BYTES];
		assert_true(plate_normalise(once, SAMPLE[i].typed));
		assert_true(plate_normalise(twice, once));
		assert_string_equal(once, twice);
	}
	char plate[PLATE_BYTES];
	assert_false(plate_normalise(plate, "京A123451234512345123451234512345123451234512345"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_normalising_is_settled),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
