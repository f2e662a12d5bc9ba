/*
 * Plates of the kinds of GA 36-2018, invented; and what looks like one but is none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "core/plate.h"

static void check_kind(const char *plate, enum plate_kind kind)
{
	struct plate_reading r = plate_read(plate);

	if (r.kind != kind || r.note != PLATE_FITS)
		fail_msg("%s: kind %d, note %d", plate, r.kind, r.note);
}

static void check_note(const char *plate, enum plate_note note)
{
	struct plate_reading r = plate_read(plate);

	if (r.kind != PLATE_NONE || r.note != note)
		fail_msg("%s: kind %d, note %d, not %d", plate, r.kind, r.note, note);
}

static void test_kinds(void **state)
{
	(void)state;
	static const struct {
		const char *plate;
		enum plate_kind kind;
	} ROW[] = {
		{ "京A12345", PLATE_ORDINARY },
		{ "沪B1A2C3", PLATE_ORDINARY },
		{ "新Q9999Z", PLATE_ORDINARY },
		{ "粤ABCDEF", PLATE_ORDINARY }, /* letters are not counted */
		{ "粤Z12345", PLATE_ORDINARY },
		{ "粤BD12345", PLATE_NEW_ENERGY_SMALL },
		{ "粤BF12345", PLATE_NEW_ENERGY_SMALL },
		{ "京ADA1234", PLATE_NEW_ENERGY_SMALL },
		{ "京AK01234", PLATE_NEW_ENERGY_SMALL },
		{ "京A12345D", PLATE_NEW_ENERGY_LARGE },
		{ "川A00000F", PLATE_NEW_ENERGY_LARGE },
		{ "沪A1234挂", PLATE_TRAILER },
		{ "沪AA12B挂", PLATE_TRAILER },
		{ "沪A1234学", PLATE_LEARNER },
		{ "京A1234警", PLATE_POLICE },
		{ "粤Z1234港", PLATE_HK_MACAO },
		{ "粤ZA23B澳", PLATE_HK_MACAO },
		{ "沪A1234领", PLATE_CONSULATE },
		{ "使123456", PLATE_EMBASSY },
		{ "123456使", PLATE_EMBASSY },
		{ "京A1234试", PLATE_TRIAL },
		{ "京A1234超", PLATE_OVERSIZE },
		{ "京A1234临", PLATE_TEMPORARY },
		{ "京A12345临", PLATE_TEMPORARY },
		{ "京X0001应急", PLATE_EMERGENCY },
		{ "WJ京12345", PLATE_ARMED_POLICE },
		{ "WJ京1234X", PLATE_ARMED_POLICE },
		{ "WJ12345", PLATE_ARMED_POLICE },
		{ "WJ0112345", PLATE_ARMED_POLICE },
		{ "VA12345", PLATE_MILITARY },
		{ "KC00001", PLATE_MILITARY },
	};
	unsigned seen = 0;

	for (size_t i = 0; i < ARRAY_LEN(ROW); i++) {
		check_kind(ROW[i].plate, ROW[i].kind);
		seen |= 1U << ROW[i].kind;
	}
	assert_int_equal(seen | 1U << PLATE_NONE, (1U << PLATE_KIND_COUNT_) - 1);
	assert_true(PLATE_EMBASSY < PLATE_FIRST_SPECIAL && PLATE_MILITARY >= PLATE_FIRST_SPECIAL);
}

static void test_every_province(void **state)
{
	(void)state;
	static const char PROVINCES[] = "京沪津渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川"
					"宁琼";
	int count = 0;

	for (const char *s = PROVINCES; *s; count++) {
		char plate[PLATE_BYTES] = "";
		assert_true(utf8_append(plate, sizeof(plate), utf8_next(&s)));
		assert_true(text_copy(plate + strlen(plate), 8, "A12345"));
		check_kind(plate, PLATE_ORDINARY);
	}
	assert_int_equal(count, 31);
}

/* Every letter and digit in every place of a serial: all but I and O. */
static void test_every_letter(void **state)
{
	(void)state;
	for (char c = '!'; c < 0x7F; c++) {
		bool digit = c >= '0' && c <= '9';
		bool letter = c >= 'A' && c <= 'Z' && c != 'I' && c != 'O';
		char plate[] = "京A12345";
		for (size_t i = 3; i < strlen(plate); i++) {
			char changed[sizeof(plate)];
			memcpy(changed, plate, sizeof(plate));
			changed[i] = c;
			bool fits = letter || (digit && i > 3);
			assert_int_equal(plate_read(changed).note == PLATE_FITS, fits);
		}
		/* The drive of a new-energy vehicle: D A B C E F G H J K. */
		char small[] = "京AD12345", large[] = "京A12345D";
		small[4] = c;
		large[strlen(large) - 1] = c;
		bool drive = strchr("DABCEFGHJK", c) != NULL;
		assert_int_equal(plate_read(small).kind == PLATE_NEW_ENERGY_SMALL, drive);
		assert_int_equal(plate_read(large).kind == PLATE_NEW_ENERGY_LARGE, drive);
	}
}

static void test_what_is_no_plate(void **state)
{
	(void)state;
	static const struct {
		const char *plate;
		enum plate_note note;
	} ROW[] = {
		{ "", PLATE_EMPTY },
		{ "京", PLATE_LENGTH },
		{ "京A", PLATE_LENGTH },
		{ "京A1234", PLATE_LENGTH },
		{ "京A1234567", PLATE_LENGTH },
		{ "京A12345678901234567890", PLATE_LENGTH },
		{ "WJ01123456", PLATE_LENGTH }, /* one more than the longest */
		{ "AA12345", PLATE_PROVINCE }, /* taken by patterns in public use */
		{ "A123456", PLATE_PROVINCE },
		{ "1234567", PLATE_PROVINCE },
		{ "中A12345", PLATE_PROVINCE },
		{ "港A12345", PLATE_PROVINCE },
		{ "京I12345", PLATE_LETTER_IO },
		{ "京O12345", PLATE_LETTER_IO }, /* police, until they got 警 */
		{ "京A1O345", PLATE_LETTER_IO },
		{ "京A1234I", PLATE_LETTER_IO },
		{ "京112345", PLATE_OFFICE },
		{ "京京12345", PLATE_OFFICE },
		{ "京A123456", PLATE_FORM },
		{ "京AL12345", PLATE_FORM }, /* L is no drive */
		{ "京ADAB234", PLATE_FORM },
		{ "京A12X45D", PLATE_FORM },
		{ "京A123挂", PLATE_LENGTH },
		{ "京A12345挂", PLATE_FORM },
		{ "京A1234狗", PLATE_FORM },
		{ "京A1234应", PLATE_FORM },
		{ "京A1234急", PLATE_FORM },
		{ "京A1234港", PLATE_FORM }, /* 粤Z only */
		{ "粤A1234港", PLATE_FORM },
		{ "京Z1234澳", PLATE_FORM },
		{ "使12345", PLATE_PROVINCE },
		{ "使1234567", PLATE_PROVINCE },
		{ "WJ", PLATE_PROVINCE },
		{ "WJ中12345", PLATE_PROVINCE },
		{ "VI12345", PLATE_PROVINCE },
		{ "VA1234A", PLATE_PROVINCE },
		{ "京A 1234", PLATE_FORM }, /* the one spelling is the caller's */
		{ "京a12345", PLATE_OFFICE },
		{ "京A1234\x01", PLATE_FORM },
		{ "\xFF", PLATE_LENGTH },
		{ "京A12\xE4\xBA", PLATE_LENGTH },
	};

	for (size_t i = 0; i < ARRAY_LEN(ROW); i++)
		check_note(ROW[i].plate, ROW[i].note);
}

static void test_one_spelling(void **state)
{
	(void)state;
	static const struct {
		const char *typed, *plate;
	} ROW[] = {
		{ "京A12345", "京A12345" },
		{ "京A·12345", "京A12345" },
		{ "京a•12345", "京A12345" },
		{ " 京 A 123 45 ", "京A12345" },
		{ "京Ａ・１２３４５", "京A12345" },
		{ "　京Ａ１２３４５　", "京A12345" },
		{ "京A-12345", "京A12345" },
		{ "京A．12345", "京A12345" },
		{ "京A－123.45", "京A12345" },
		{ "京A\u200B12\uFEFF345", "京A12345" },
		{ "粤ｂｄ１２３４５", "粤BD12345" },
		{ "沪a1234 挂", "沪A1234挂" },
		{ "wj京-1234x", "WJ京1234X" },
		{ "", "" },
		{ " · ", "" },
		{ "京\u2000A\u200F1\u00A02\u202F3\u20604\u30005", "京A12345" },
		{ "沪zA9！～", "沪ZA9!~" }, /* no plate, but one spelling */
	};
	char plate[PLATE_BYTES], again[PLATE_BYTES];

	for (size_t i = 0; i < ARRAY_LEN(ROW); i++) {
		assert_true(plate_normalise(ROW[i].typed, plate, sizeof(plate)));
		assert_string_equal(plate, ROW[i].plate);
		assert_true(plate_normalise(plate, again, sizeof(again)));
		assert_string_equal(again, plate);
	}
}

static void test_spelling_that_cannot_be(void **state)
{
	(void)state;
	static const char *const BAD[] = {
		"京A1234\xFF", "\xE4\xBA", "京A\x01",
		"京A\x7F",     "\n",       "京A1234567890123456789012345678901234567890"
	};

	for (size_t i = 0; i < ARRAY_LEN(BAD); i++) {
		char plate[PLATE_BYTES] = "x";
		assert_false(plate_normalise(BAD[i], plate, sizeof(plate)));
		assert_string_equal(plate, "");
	}
	for (size_t cap = 0; cap <= 12; cap++) {
		char plate[16];
		memset(plate, 'Z', sizeof(plate));
		assert_int_equal(plate_normalise("京A12345", plate, cap), cap >= 10);
		assert_int_equal(plate[cap], 'Z');
		assert_true(cap == 0 || memchr(plate, '\0', cap));
	}
}

static void test_masks(void **state)
{
	(void)state;
	static const struct {
		const char *plate, *mask;
	} ROW[] = {
		{ "京A12345", "京A***45" },
		{ "粤BD12345", "粤B****45" },
		{ "沪A1234挂", "沪A***4挂" },
		{ "使123456", "使1***56" },
		{ "京X0001应急", "京X****应急" },
		{ "京A1234", "******" },
		{ "无牌", "**" },
		{ "", "" },
		{ "\xFF", "*" },
		{ "京A1234567\xFF", "*" },
	};

	for (size_t i = 0; i < ARRAY_LEN(ROW); i++) {
		char mask[PLATE_BYTES];
		memset(mask, 'Z', sizeof(mask));
		plate_mask(ROW[i].plate, mask, sizeof(mask));
		assert_string_equal(mask, ROW[i].mask);
	}
	for (size_t cap = 1; cap <= 10; cap++) {
		char mask[16];
		memset(mask, 'Z', sizeof(mask));
		plate_mask("京A12345", mask, cap);
		assert_true(strlen(mask) < cap);
		assert_true(utf8_valid(mask, strlen(mask)));
		assert_int_equal(mask[cap], 'Z');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),        cmocka_unit_test(test_every_province),
		cmocka_unit_test(test_every_letter), cmocka_unit_test(test_what_is_no_plate),
		cmocka_unit_test(test_one_spelling), cmocka_unit_test(test_spelling_that_cannot_be),
		cmocka_unit_test(test_masks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
