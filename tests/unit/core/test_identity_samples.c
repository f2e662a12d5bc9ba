/*
 * Published samples of citizens' numbers (GB 11643-1999 and public validators), what they say, and
 * what is warned of; passports and telephones by kind. None belongs to a person known to us.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/civil.h"
#include "core/citizen.h"
#include "core/identity.h"

#define TODAY 20261123

struct sample {
	const char *number;
	int32_t born, age;
	enum sex sex;
	enum region region;
};

static const struct sample GOOD[] = {
	/* printed in the standard */
	{ "11010519491231002X", 19491231, 76, SEX_FEMALE, REGION_LISTED },
	{ "440524188001010014", 18800101, 146, SEX_MALE, REGION_LISTED },
	/* public validators */
	{ "110101199003078670", 19900307, 36, SEX_MALE, REGION_LISTED },
	{ "440308199901101512", 19990110, 27, SEX_MALE, REGION_LISTED },
	{ "500154199804106120", 19980410, 28, SEX_FEMALE, REGION_LISTED },
	{ "11010119900307803X", 19900307, 36, SEX_MALE, REGION_LISTED },
	{ "44010619860710145X", 19860710, 40, SEX_MALE, REGION_LISTED },
	/* a county abolished since */
	{ "44040119580101000X", 19580101, 68, SEX_FEMALE, REGION_LISTED },
	/* abolished within a year or in a gap of the lists: a warning, no more */
	{ "441282198101011230", 19810101, 45, SEX_MALE, REGION_UNLISTED },
	{ "140120197901010008", 19790101, 47, SEX_FEMALE, REGION_UNLISTED },
	{ "34052419800101001X", 19800101, 46, SEX_MALE, REGION_UNLISTED },
	/* born before the county had its code */
	{ "500154199301135886", 19930113, 33, SEX_FEMALE, REGION_LISTED },
	{ "411082198901010002", 19890101, 37, SEX_FEMALE, REGION_LISTED },
	{ "370620199505100123", 19950510, 31, SEX_FEMALE, REGION_LISTED },
	/* residents of Hong Kong, Macao and Taiwan */
	{ "810000199408230021", 19940823, 32, SEX_FEMALE, REGION_LISTED },
	{ "820000199012300013", 19901230, 35, SEX_MALE, REGION_LISTED },
	{ "830000199201300022", 19920130, 34, SEX_FEMALE, REGION_LISTED },
};

static int32_t first_six(const char *number)
{
	char six[7] = "";

	memcpy(six, number, 6);
	return (int32_t)strtol(six, NULL, 10);
}

static void test_good_samples(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(GOOD); i++) {
		const struct sample *s = &GOOD[i];
		struct citizen c;
		bool listed = s->region == REGION_LISTED;
		assert_int_equal(citizen_check(s->number, TODAY, CITIZEN_LENIENT), NOTE_NONE);
		assert_int_equal(citizen_check(s->number, TODAY, CITIZEN_STRICT),
				 listed ? NOTE_NONE : NOTE_DOCUMENT_REGION);
		assert_int_equal(identity_check_document(DOCUMENT_ID_CARD, s->number, TODAY),
				 NOTE_NONE);
		assert_int_equal(identity_document_warning(DOCUMENT_ID_CARD, s->number, TODAY),
				 listed ? IDENTITY_NO_WARNING : IDENTITY_COUNTY_UNLISTED);
		assert_true(citizen_read(s->number, TODAY, &c));
		assert_int_equal(c.born, s->born);
		assert_int_equal(c.sex, s->sex);
		assert_int_equal(c.region, first_six(s->number));
		assert_int_equal(region_find(c.region), s->region);
		assert_false(c.legacy);
		assert_int_equal(citizen_age(c.born, TODAY), s->age);
	}
}

static void test_bad_samples(void **state)
{
	(void)state;
	static const struct {
		const char *number;
		enum note lenient, strict;
	} BAD[] = {
		{ "440308199902301512", NOTE_DOCUMENT_DATE, NOTE_DOCUMENT_DATE }, /* 30 February */
		{ "440308199901101513", NOTE_DOCUMENT_CHECKSUM, NOTE_DOCUMENT_CHECKSUM },
		{ "11010119900307867X", NOTE_DOCUMENT_CHECKSUM, NOTE_DOCUMENT_CHECKSUM },
		{ "110105194912310021", NOTE_DOCUMENT_CHECKSUM, NOTE_DOCUMENT_CHECKSUM },
		{ "111111199901101512", NOTE_DOCUMENT_CHECKSUM, NOTE_DOCUMENT_REGION },
		/* right check digit, month 78 */
		{ "124578457845784571", NOTE_DOCUMENT_DATE, NOTE_DOCUMENT_REGION },
		{ "610104620927690", NOTE_DOCUMENT_LENGTH, NOTE_DOCUMENT_LENGTH },
		{ "", NOTE_DOCUMENT_LENGTH, NOTE_DOCUMENT_LENGTH },
		{ "100101199003078670", NOTE_DOCUMENT_REGION, NOTE_DOCUMENT_REGION },
		{ "000000000000000000", NOTE_DOCUMENT_REGION, NOTE_DOCUMENT_REGION },
		{ "999999999999999999", NOTE_DOCUMENT_REGION, NOTE_DOCUMENT_REGION },
		{ "X1010519491231002X", NOTE_DOCUMENT_FORM, NOTE_DOCUMENT_FORM },
	};
	struct citizen c;

	for (size_t i = 0; i < ARRAY_LEN(BAD); i++) {
		enum note lenient = citizen_check(BAD[i].number, TODAY, CITIZEN_LENIENT);
		enum note strict = citizen_check(BAD[i].number, TODAY, CITIZEN_STRICT);
		if (lenient != BAD[i].lenient || strict != BAD[i].strict)
			fail_msg("%s: notes %d, %d", BAD[i].number, lenient, strict);
		if (strlen(BAD[i].number) == 15)
			continue;
		assert_false(citizen_read(BAD[i].number, TODAY, &c));
		assert_int_equal(c.born, 0);
		assert_int_equal(identity_document_warning(DOCUMENT_ID_CARD, BAD[i].number, TODAY),
				 IDENTITY_NO_WARNING); /* the note says it all */
	}
}

/* 12457845… has a right check digit: only the date gives it away. */
static void test_check_digit_alone_is_not_enough(void **state)
{
	(void)state;
	static const int WEIGHT[17] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
	static const char NUMBER[] = "124578457845784571";
	int sum = 0;

	for (int i = 0; i < 17; i++)
		sum += WEIGHT[i] * (NUMBER[i] - '0');
	assert_int_equal("10X98765432"[sum % 11], NUMBER[17]);
}

static void test_fifteen_digits(void **state)
{
	(void)state;
	static const char OLD[] = "610104620927690";
	struct citizen c;
	char full[CITIZEN_BYTES];

	assert_true(citizen_is_legacy(OLD, TODAY));
	assert_int_equal(identity_check_document(DOCUMENT_ID_CARD, OLD, TODAY),
			 NOTE_DOCUMENT_LENGTH);
	assert_int_equal(identity_document_warning(DOCUMENT_ID_CARD, OLD, TODAY), IDENTITY_LEGACY);
	assert_int_equal(identity_document_warning(DOCUMENT_PASSPORT, OLD, TODAY),
			 IDENTITY_NO_WARNING);
	assert_true(citizen_read(OLD, TODAY, &c));
	assert_true(c.legacy);
	assert_int_equal(c.born, 19620927);
	assert_int_equal(c.sex, SEX_FEMALE);
	assert_int_equal(c.region, 610104);
	citizen_from_legacy(OLD, TODAY, full);
	assert_int_equal(strlen(full), 18);
	assert_memory_equal(full, "61010419620927690", 17);
	assert_int_equal(citizen_check(full, TODAY, CITIZEN_STRICT), NOTE_NONE);
	/* What the standard's first example was before. */
	citizen_from_legacy("110105491231002", TODAY, full);
	assert_string_equal(full, "11010519491231002X");

	static const char *const NONE[] = { "",
					    "61010462092769",
					    "6101046209276900",
					    "610104620931690",
					    "00010462092769X",
					    "000104620927690",
					    "61010462O927690" };
	for (size_t i = 0; i < ARRAY_LEN(NONE); i++) {
		assert_false(citizen_is_legacy(NONE[i], TODAY));
		citizen_from_legacy(NONE[i], TODAY, full);
		assert_string_equal(full, "");
		assert_int_equal(identity_document_warning(DOCUMENT_ID_CARD, NONE[i], TODAY),
				 IDENTITY_NO_WARNING);
	}
	assert_false(citizen_is_legacy(OLD, 19620926)); /* not born yet */
}

static void test_foreigners(void **state)
{
	(void)state;
	struct citizen c;

	assert_int_equal(citizen_check_foreigner("911124198108030024", TODAY), NOTE_NONE);
	assert_int_equal(citizen_check_foreigner("11010519491231002X", TODAY), NOTE_DOCUMENT_FORM);
	assert_true(citizen_read("944840199001011238", TODAY, &c));
	assert_int_equal(c.born, 19900101);
	assert_int_equal(c.sex, SEX_MALE);
	assert_int_equal(c.region, 440000);
	enum document_kind kind = DOCUMENT_FOREIGN_PR;
	assert_int_equal(identity_document_warning(kind, "944840199001011238", TODAY),
			 IDENTITY_NO_WARNING);
	assert_int_equal(identity_document_warning(kind, "CAN110081080310", TODAY),
			 IDENTITY_OLD_FORM);
	assert_int_equal(identity_document_warning(kind, "610104620927690", TODAY),
			 IDENTITY_NO_WARNING);
}

/* Nationality is three letters, each of them. */
static void test_foreigners_old_form(void **state)
{
	(void)state;
	enum document_kind kind = DOCUMENT_FOREIGN_PR;

	assert_int_equal(identity_check_document(kind, "ZAZ110081080310", TODAY), NOTE_NONE);
	for (size_t i = 0; i < 15; i++) {
		char number[] = "CAN110081080310";
		number[i] = i < 3 ? '1' : 'A';
		assert_int_equal(identity_check_document(kind, number, TODAY), NOTE_DOCUMENT_FORM);
	}
	char mask[DOCUMENT_BYTES];
	identity_mask_document("CAN110081080310", mask, sizeof(mask));
	assert_string_equal(mask, "CAN********0310");
	identity_mask_document("61010462092769", mask, sizeof(mask)); /* one short */
	assert_string_equal(mask, "610*********69");
	char folded[] = "azAZｚ";
	identity_fold(folded, true);
	assert_string_equal(folded, "AZAZZ");
}

static void test_ages(void **state)
{
	(void)state;
	assert_int_equal(citizen_age(20000229, 20230228), 22);
	assert_int_equal(citizen_age(20000229, 20230301), 23);
	assert_int_equal(citizen_age(20000229, 20240228), 23);
	assert_int_equal(citizen_age(20000229, 20240229), 24);
	assert_int_equal(citizen_age(19991231, 20000101), 0);
	assert_int_equal(citizen_age(19991231, 20001230), 0);
	assert_int_equal(citizen_age(19991231, 20001231), 1);
	assert_int_equal(citizen_age(20261123, 20261123), 0);
	assert_int_equal(citizen_age(20261124, 20261123), -1);
	assert_int_equal(citizen_age(20260230, 20261123), -1);
	assert_int_equal(citizen_age(20000101, 20261332), -1);
	assert_int_equal(citizen_age(0, 20261123), -1);
	assert_int_equal(citizen_age(INT32_MIN, INT32_MAX), -1);
	assert_int_equal(citizen_age(20000101, 0), -1);
}

static int32_t date_of(int64_t day)
{
	struct civil c = civil_from_ms(day * 86400000, 0);
	return c.year * 10000 + c.month * 100 + c.day;
}

/* Every day of seventy years, once as a day of birth: 18 on the day itself, 17 the day before. */
static void test_birthdays(void **state)
{
	(void)state;
	for (int64_t day = 1; day < 70 * 365; day++) {
		int32_t born = date_of(day), today = born + 180000;
		bool leap = born % 10000 == 229; /* no such day 18 years later, a year of no leap */
		assert_int_equal(citizen_age(born, born), 0);
		assert_int_equal(citizen_age(born, date_of(day - 1)), -1);
		assert_int_equal(citizen_age(born, today), leap ? -1 : 18);
		struct civil c = { .year = today / 10000, .month = today / 100 % 100, .day = 1 };
		int64_t later = civil_to_ms(&c, 0) / 86400000 + today % 100 - 1;
		assert_int_equal(citizen_age(born, date_of(later)), 18);
		assert_int_equal(citizen_age(born, date_of(later - 1)), 17);
	}
}

static void test_regions(void **state)
{
	(void)state;
	static const struct {
		int32_t code;
		enum region region;
	} ROW[] = {
		{ 110101, REGION_LISTED },   { 110119, REGION_LISTED },
		{ 110120, REGION_UNLISTED }, { 110100, REGION_UNLISTED },
		{ 110000, REGION_UNLISTED }, { 111111, REGION_UNLISTED },
		{ 110103, REGION_LISTED }, /* Chongwen, part of Dongcheng since 2010 */
		{ 659001, REGION_LISTED },   { 659012, REGION_LISTED }, /* Baiyang, of 2023 */
		{ 659099, REGION_UNLISTED }, { 659999, REGION_UNLISTED },
		{ 710000, REGION_LISTED },   { 810000, REGION_LISTED },
		{ 830000, REGION_LISTED },   { 910000, REGION_LISTED },
		{ 0, REGION_NONE },          { 100000, REGION_NONE },
		{ 160101, REGION_NONE },     { 990101, REGION_NONE },
		{ 999999, REGION_NONE },     { 1000000, REGION_NONE },
		{ 1101010, REGION_NONE },    { -110101, REGION_NONE },
		{ INT32_MIN, REGION_NONE },  { INT32_MAX, REGION_NONE },
	};
	for (size_t i = 0; i < ARRAY_LEN(ROW); i++)
		if (region_find(ROW[i].code) != ROW[i].region)
			fail_msg("%d: %d", ROW[i].code, region_find(ROW[i].code));

	/* As many counties as went in: a search that loses an end of a run would count fewer. */
	int32_t listed = 0, provinces = 0;
	for (int32_t code = 110000; code < 710000; code++)
		listed += region_find(code) == REGION_LISTED;
	for (int32_t code = 0; code < 1000000; code += 10000)
		provinces += region_find(code) != REGION_NONE;
	assert_int_equal(listed, 6514);
	assert_int_equal(provinces, 36); /* 31, 71, 81 to 83, 91 */
}

static void test_travel_documents(void **state)
{
	(void)state;
	static const struct {
		const char *number;
		enum travel_document document;
	} ROW[] = {
		{ "E12345678", TRAVEL_DOCUMENT_CHINA },
		{ "EA1234567", TRAVEL_DOCUMENT_CHINA },
		{ "EI1234567", TRAVEL_DOCUMENT_OTHER }, /* I and O are not used */
		{ "EO1234567", TRAVEL_DOCUMENT_OTHER },
		{ "G12345678", TRAVEL_DOCUMENT_CHINA },
		{ "141234567", TRAVEL_DOCUMENT_CHINA },
		{ "151234567", TRAVEL_DOCUMENT_CHINA },
		{ "161234567", TRAVEL_DOCUMENT_OTHER },
		{ "PE1234567", TRAVEL_DOCUMENT_CHINA_OFFICIAL },
		{ "SE1234567", TRAVEL_DOCUMENT_CHINA_OFFICIAL },
		{ "DE1234567", TRAVEL_DOCUMENT_CHINA_OFFICIAL },
		{ "P1234567", TRAVEL_DOCUMENT_CHINA_OFFICIAL },
		{ "S1234567", TRAVEL_DOCUMENT_CHINA_OFFICIAL },
		{ "S12345678", TRAVEL_DOCUMENT_CHINA_OFFICIAL },
		{ "K12345678", TRAVEL_DOCUMENT_HONG_KONG },
		{ "H12345678", TRAVEL_DOCUMENT_HONG_KONG },
		{ "KJ1234567", TRAVEL_DOCUMENT_HONG_KONG },
		{ "KK1234567", TRAVEL_DOCUMENT_HONG_KONG },
		{ "MA1234567", TRAVEL_DOCUMENT_MACAO },
		{ "C12345678", TRAVEL_DOCUMENT_EXIT_PERMIT },
		{ "CA1234567", TRAVEL_DOCUMENT_EXIT_PERMIT },
		{ "W12345678", TRAVEL_DOCUMENT_EXIT_PERMIT },
		{ "L898902C3", TRAVEL_DOCUMENT_OTHER }, /* specimen of ICAO 9303 */
		{ "E1234567", TRAVEL_DOCUMENT_OTHER },
		{ "X1234", TRAVEL_DOCUMENT_OTHER },
		{ "", TRAVEL_DOCUMENT_NONE },
		{ "X123", TRAVEL_DOCUMENT_NONE },
		{ "E123456789", TRAVEL_DOCUMENT_NONE },
		{ "e12345678", TRAVEL_DOCUMENT_NONE }, /* folding is the caller's */
	};
	for (size_t i = 0; i < ARRAY_LEN(ROW); i++)
		if (identity_travel_document(ROW[i].number) != ROW[i].document)
			fail_msg("%s: %d", ROW[i].number, identity_travel_document(ROW[i].number));
}

static void test_phones_by_kind(void **state)
{
	(void)state;
	static const struct {
		const char *phone;
		enum phone_kind kind;
		const char *plain;
	} ROW[] = {
		{ "13812345678", PHONE_MOBILE, "13812345678" },
		{ "+8613812345678", PHONE_MOBILE, "13812345678" },
		{ "8613812345678", PHONE_MOBILE, "13812345678" },
		{ "008613812345678", PHONE_MOBILE, "13812345678" },
		{ "14512345678", PHONE_MOBILE, "14512345678" },
		{ "14612345678", PHONE_MOBILE_UNLISTED, "14612345678" }, /* things have 13 digits */
		{ "15412345678", PHONE_MOBILE_UNLISTED, "15412345678" },
		{ "16312345678", PHONE_MOBILE_UNLISTED, "16312345678" },
		{ "16612345678", PHONE_MOBILE, "16612345678" },
		{ "17012345678", PHONE_MOBILE, "17012345678" },
		{ "17412345678", PHONE_MOBILE, "17412345678" },
		{ "17402345678", PHONE_MOBILE, "17402345678" },
		{ "17492345678", PHONE_MOBILE, "17492345678" },
		{ "17413345678", PHONE_MOBILE_UNLISTED, "17413345678" },
		{ "17422345678", PHONE_MOBILE_UNLISTED, "17422345678" },
		{ "18912345678", PHONE_MOBILE, "18912345678" },
		{ "19312345678", PHONE_MOBILE, "19312345678" },
		{ "19412345678", PHONE_MOBILE_UNLISTED, "19412345678" },
		{ "01012345678", PHONE_LANDLINE, "01012345678" },
		{ "010-12345678", PHONE_LANDLINE, "01012345678" },
		{ "010-1234567", PHONE_LANDLINE, "0101234567" },
		{ "0755-12345678", PHONE_LANDLINE, "075512345678" },
		{ "0755-1234567", PHONE_LANDLINE, "07551234567" },
		{ "+861012345678", PHONE_INTERNATIONAL, "+861012345678" },
		{ "+442071838750", PHONE_INTERNATIONAL, "+442071838750" },
		{ "+2903123", PHONE_INTERNATIONAL, "+2903123" }, /* the shortest */
		{ "+290312", PHONE_NONE, "+290312" },
		{ "002903123", PHONE_INTERNATIONAL, "002903123" },
		{ "0085291234567", PHONE_INTERNATIONAL, "0085291234567" },
		{ "12812345678", PHONE_NONE, "12812345678" },
		{ "1381234567", PHONE_NONE, "1381234567" },
		{ "138-12345678", PHONE_NONE, "13812345678" },
		{ "01-12345678", PHONE_NONE, "0112345678" },
		{ "000-12345678", PHONE_NONE, "00012345678" },
		{ "07555-1234567", PHONE_NONE, "075551234567" },
		{ "010--1234567", PHONE_NONE, "0101234567" },
		{ "010-123456-7", PHONE_NONE, "0101234567" },
		{ "+86", PHONE_NONE, "+86" },
		{ "", PHONE_NONE, "" },
	};
	for (size_t i = 0; i < ARRAY_LEN(ROW); i++) {
		char plain[PHONE_BYTES];
		if (identity_phone_kind(ROW[i].phone) != ROW[i].kind)
			fail_msg("%s: %d", ROW[i].phone, identity_phone_kind(ROW[i].phone));
		assert_int_equal(identity_check_phone(ROW[i].phone) == NOTE_NONE,
				 ROW[i].kind != PHONE_NONE);
		identity_phone_plain(ROW[i].phone, plain, sizeof(plain));
		assert_string_equal(plain, ROW[i].plain);
	}
	for (size_t cap = 1; cap < 16; cap++) {
		char plain[20];
		memset(plain, 'Z', sizeof(plain));
		identity_phone_plain("0755-12345678", plain, cap);
		assert_int_equal(strlen(plain), cap - 1 < 12 ? cap - 1 : 12);
		assert_int_equal(plain[cap], 'Z');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_samples),
		cmocka_unit_test(test_bad_samples),
		cmocka_unit_test(test_check_digit_alone_is_not_enough),
		cmocka_unit_test(test_fifteen_digits),
		cmocka_unit_test(test_foreigners),
		cmocka_unit_test(test_foreigners_old_form),
		cmocka_unit_test(test_ages),
		cmocka_unit_test(test_birthdays),
		cmocka_unit_test(test_regions),
		cmocka_unit_test(test_travel_documents),
		cmocka_unit_test(test_phones_by_kind),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
