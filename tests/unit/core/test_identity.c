/*
 * Numbers of GB 11643 are those printed in the standard and in the samples of public validators;
 * none belongs to a person known to us.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "core/identity.h"

#define TODAY 20261123

static void check_document(enum document_kind kind, const char *number, enum note expected)
{
	enum note got = identity_check_document(kind, number, TODAY);
	if (got != expected)
		fail_msg("%s as kind %d: note %d, not %d", number, kind, got, expected);
}

static void test_id_cards_that_hold(void **state)
{
	(void)state;
	static const char *const GOOD[] = {
		/* printed in GB 11643-1999 */
		"11010519491231002X",
		"440524188001010014",
		/* samples of public validators */
		"110101199003078670",
		"440308199901101512",
		"500154199804106120",
		"11010119900307803X",
		"34052419800101001X",
		"44010619860710145X",
		/* county codes abolished long ago: people still carry them */
		"44040119580101000X",
		"140120197901010008",
		"441282198101011230",
		/* born before the county code existed */
		"500154199301135886",
		"411082198901010002",
		"370620199505100123",
		/* residence permits of Hong Kong, Macao and Taiwan residents */
		"810000199408230021",
		"820000199012300013",
		"830000199201300022",
	};

	for (size_t i = 0; i < ARRAY_LEN(GOOD); i++)
		check_document(DOCUMENT_ID_CARD, GOOD[i], NOTE_NONE);
}

static void test_id_cards_that_do_not(void **state)
{
	(void)state;
	static const struct {
		const char *number;
		enum note note;
	} BAD[] = {
		{ "440308199902301512", NOTE_DOCUMENT_DATE }, /* 30 February */
		{ "440308199901101513", NOTE_DOCUMENT_CHECKSUM },
		{ "11010119900307867X", NOTE_DOCUMENT_CHECKSUM },
		{ "110105194912310021", NOTE_DOCUMENT_CHECKSUM },
		/* 111111 is no county, which alone would be let through; its check digit is wrong
		 */
		{ "111111199901101512", NOTE_DOCUMENT_CHECKSUM },
		{ "124578457845784571", NOTE_DOCUMENT_DATE }, /* checksum holds, month 45 */
		/* The 15 digits of before 1999: void since 2013, so a guard must decide. */
		{ "610104620927690", NOTE_DOCUMENT_LENGTH },
		{ "", NOTE_EMPTY },
		{ "1", NOTE_DOCUMENT_LENGTH },
		{ "11010519491231002", NOTE_DOCUMENT_LENGTH },
		{ "11010519491231002XX", NOTE_DOCUMENT_LENGTH },
		{ "1101051949123100X2", NOTE_DOCUMENT_FORM },
		{ "11010519491231002A", NOTE_DOCUMENT_FORM },
		{ "11010519491231002x", NOTE_DOCUMENT_FORM }, /* folding is the caller's */
		{ "000000194912310029", NOTE_DOCUMENT_REGION },
		{ "990105194912310029", NOTE_DOCUMENT_REGION },
		{ "160105194912310029", NOTE_DOCUMENT_REGION },
		{ "110105187912310029", NOTE_DOCUMENT_DATE }, /* 147 years old */
		{ "110105202611240029", NOTE_DOCUMENT_DATE }, /* born tomorrow */
		{ "110105190002290029", NOTE_DOCUMENT_DATE }, /* 1900 was no leap year */
	};

	for (size_t i = 0; i < ARRAY_LEN(BAD); i++)
		check_document(DOCUMENT_ID_CARD, BAD[i].number, BAD[i].note);
}

/* MOD 11-2 (ISO 7064) finds every wrong character and every swap of two neighbours. */
static void test_slips_are_found(void **state)
{
	(void)state;
	static const char GOOD[] = "11010519491231002X";

	for (int i = 0; i < 18; i++)
		for (char c = '0'; c <= '9'; c++) {
			char slip[19];
			memcpy(slip, GOOD, sizeof(slip));
			slip[i] = c;
			bool same = strcmp(slip, GOOD) == 0;
			assert_int_equal(identity_check_document(DOCUMENT_ID_CARD, slip, TODAY) ==
						 NOTE_NONE,
					 same);
		}
	for (int i = 0; i < 17; i++) {
		char slip[19];
		memcpy(slip, GOOD, sizeof(slip));
		slip[i] = GOOD[i + 1];
		slip[i + 1] = GOOD[i];
		bool same = strcmp(slip, GOOD) == 0;
		assert_int_equal(
			identity_check_document(DOCUMENT_ID_CARD, slip, TODAY) == NOTE_NONE, same);
	}
}

static void test_other_documents(void **state)
{
	(void)state;
	static const struct {
		enum document_kind kind;
		const char *number;
		enum note note;
	} CASE[] = {
		{ DOCUMENT_PASSPORT, "E12345678", NOTE_NONE },
		{ DOCUMENT_PASSPORT, "EA1234567", NOTE_NONE },
		{ DOCUMENT_PASSPORT, "G12345678", NOTE_NONE },
		{ DOCUMENT_PASSPORT, "141234567", NOTE_NONE },
		{ DOCUMENT_PASSPORT, "PE1234567", NOTE_NONE },
		{ DOCUMENT_PASSPORT, "K12345678", NOTE_NONE },
		{ DOCUMENT_PASSPORT, "KJ1234567", NOTE_NONE },
		{ DOCUMENT_PASSPORT, "MA1234567", NOTE_NONE },
		{ DOCUMENT_PASSPORT, "L898902C3", NOTE_NONE }, /* specimen of ICAO 9303 */
		{ DOCUMENT_PASSPORT, "X1234", NOTE_NONE },
		{ DOCUMENT_PASSPORT, "X123", NOTE_DOCUMENT_LENGTH },
		{ DOCUMENT_PASSPORT, "X123456789", NOTE_DOCUMENT_LENGTH },
		{ DOCUMENT_PASSPORT, "ABCDEFGH", NOTE_DOCUMENT_FORM },
		{ DOCUMENT_PASSPORT, "E1234-678", NOTE_DOCUMENT_FORM },
		{ DOCUMENT_PASSPORT, "e12345678", NOTE_NONE },
		{ DOCUMENT_HK_MACAO, "H12345678", NOTE_NONE },
		{ DOCUMENT_HK_MACAO, "M1234567801", NOTE_NONE },
		{ DOCUMENT_HK_MACAO, "H1234567", NOTE_DOCUMENT_LENGTH },
		{ DOCUMENT_HK_MACAO, "H123456780", NOTE_DOCUMENT_LENGTH },
		{ DOCUMENT_HK_MACAO, "C12345678", NOTE_DOCUMENT_FORM },
		{ DOCUMENT_HK_MACAO, "H1234567X", NOTE_DOCUMENT_FORM },
		{ DOCUMENT_TAIWAN, "12345678", NOTE_NONE },
		{ DOCUMENT_TAIWAN, "1234567801", NOTE_NONE },
		{ DOCUMENT_TAIWAN, "123456780", NOTE_DOCUMENT_LENGTH },
		{ DOCUMENT_TAIWAN, "1234567A", NOTE_DOCUMENT_FORM },
		/* 9, province, nationality, birth, order, check: any province */
		{ DOCUMENT_FOREIGN_PR, "911124198108030024", NOTE_NONE },
		{ DOCUMENT_FOREIGN_PR, "931124198108030028", NOTE_NONE },
		{ DOCUMENT_FOREIGN_PR, "944840199001011238", NOTE_NONE },
		{ DOCUMENT_FOREIGN_PR, "900124198108030021", NOTE_DOCUMENT_REGION },
		{ DOCUMENT_FOREIGN_PR, "911124198108030025", NOTE_DOCUMENT_CHECKSUM },
		{ DOCUMENT_FOREIGN_PR, "911124198113030024", NOTE_DOCUMENT_DATE },
		{ DOCUMENT_FOREIGN_PR, "11010519491231002X", NOTE_DOCUMENT_FORM },
		{ DOCUMENT_FOREIGN_PR, "CAN110081080310", NOTE_NONE }, /* form of 2017 */
		{ DOCUMENT_FOREIGN_PR, "CA1110081080310", NOTE_DOCUMENT_FORM },
		{ DOCUMENT_FOREIGN_PR, "CAN11008108031", NOTE_DOCUMENT_LENGTH },
		{ DOCUMENT_NONE, "E12345678", NOTE_DOCUMENT_KIND },
		{ DOCUMENT_COUNT_, "E12345678", NOTE_DOCUMENT_KIND },
		{ (enum document_kind)99, "E12345678", NOTE_DOCUMENT_KIND },
	};

	for (size_t i = 0; i < ARRAY_LEN(CASE); i++) {
		char number[DOCUMENT_BYTES];
		text_copy(number, sizeof(number), CASE[i].number);
		identity_fold(number, true);
		check_document(CASE[i].kind, number, CASE[i].note);
	}
	for (unsigned kind = DOCUMENT_ID_CARD; kind < DOCUMENT_COUNT_; kind++)
		check_document(kind, "", NOTE_EMPTY);
}

static void test_phones(void **state)
{
	(void)state;
	static const char *const GOOD[] = {
		"13812345678",   "19912345678",    "8613812345678",    "+8613812345678",
		"01012345678",   "075512345678",   "0108234567",       "0085291234567",
		"+442071838750", "00442071838750", "+123456789012345", "00123456789012345",
	};
	static const char *const BAD[] = {
		"1381234567",
		"138123456789",
		"12812345678",
		"11812345678",
		"10012345678",
		"8612812345678",
		"010123456",
		"1381234567a",
		"138 1234567",
		"+",
		"++8613812345678",
		"+012345678",
		"+123456",
		"+1234567890123456",
		"0012345",
		"001234567890123456",
		"abc",
		"138-12345678",
		"１３８１２３４５６７８", /* folding is the caller's */
		"911",
	};

	for (size_t i = 0; i < ARRAY_LEN(GOOD); i++)
		if (identity_check_phone(GOOD[i]) != NOTE_NONE)
			fail_msg("%s refused", GOOD[i]);
	for (size_t i = 0; i < ARRAY_LEN(BAD); i++)
		if (identity_check_phone(BAD[i]) != NOTE_PHONE_BAD)
			fail_msg("%s taken", BAD[i]);
	assert_int_equal(identity_check_phone(""), NOTE_EMPTY);
}

static void test_names(void **state)
{
	(void)state;
	static const char *const GOOD[] = {
		"张伟",
		"欧阳修",
		"德木其格",
		"𠮷野家",
		"𠮷", /* rare: outside the basic plane */
		"张",
		"林〇〇",
		"佐々木",
		"Anne-Marie O'Neil",
		"Anne-Marie O’Neil",
		"阿卜杜热合曼·阿卜杜热西提",
		"José Ñuñez",
		"Łukasz Żółć",
		"Иванов Иван",
		"김철수",
		"さくら",
		"マリー・キュリー",
		"محمد",
		"नरेंद्र",
		"J. R. R. Tolkien",
		/* 39, as the name field of a passport */
		"Maria Fernanda Guadalupe Rodriguez Diaz",
	};
	static const char *const BAD[] = {
		"张3",        "12345",      "a\tb",         "a\nb",    "a\x7F",      "😀",
		"张😀",        "<b>",        "a@b",          "张，伟",  "《张伟》",   "--",
		"·",          " . ",        "\xE5\xBC",     "\xFF",    "张\u200B伟", "张\u202E伟",
		"张\uFEFF伟", "\uFFFD",     "\u00D7\u00D7", "🀄️", "\U000E0041", "张_伟",
		"100%",       "张\u00AD伟", "１２３",
	};

	for (size_t i = 0; i < ARRAY_LEN(GOOD); i++)
		if (identity_check_name(GOOD[i]) != NOTE_NONE)
			fail_msg("%s refused", GOOD[i]);
	for (size_t i = 0; i < ARRAY_LEN(BAD); i++)
		if (identity_check_name(BAD[i]) != NOTE_NAME_BAD)
			fail_msg("name %zu taken: %s", i, BAD[i]);
	assert_int_equal(identity_check_name(""), NOTE_EMPTY);
}

static void test_name_length(void **state)
{
	(void)state;
	char name[200] = "";

	for (int n = 1; n <= 60; n++) {
		assert_true(utf8_append(name, sizeof(name), 'a'));
		assert_int_equal(identity_check_name(name), n <= 40 ? NOTE_NONE : NOTE_TOO_LONG);
	}
}

static void test_households(void **state)
{
	(void)state;
	assert_int_equal(identity_check_household("3号楼2单元501"), NOTE_NONE);
	assert_int_equal(identity_check_household("12-3-401"), NOTE_NONE);
	assert_int_equal(identity_check_household("B5"), NOTE_NONE);
	assert_int_equal(identity_check_household(""), NOTE_EMPTY);
	assert_int_equal(identity_check_household("物业"), NOTE_HOUSEHOLD_BAD);
	assert_int_equal(identity_check_household("5\x01"), NOTE_HOUSEHOLD_BAD);
	assert_int_equal(identity_check_household("5\n6"), NOTE_HOUSEHOLD_BAD);
}

static void test_fold(void **state)
{
	(void)state;
	char document[] = "　１１０１０５１９４９１２３１００２ｘ ";
	identity_fold(document, true);
	assert_string_equal(document, "11010519491231002X");
	char name[] = "　Ａｎｎｅ　Ｌｅｅ ";
	identity_fold(name, false);
	assert_string_equal(name, "Anne Lee");
	char upper[] = "e1a2 é张";
	identity_fold(upper, true);
	assert_string_equal(upper, "E1A2 é张"); /* ASCII letters only */
	char blank[] = " 　 \t ";
	identity_fold(blank, true);
	assert_string_equal(blank, "");
}

static const char *masked(void (*mask)(const char *, char *, size_t), const char *text)
{
	static char dst[256];
	memset(dst, 'Z', sizeof(dst));
	mask(text, dst, sizeof(dst));
	return dst;
}

static void test_masks(void **state)
{
	(void)state;
	assert_string_equal(masked(identity_mask_name, "张伟"), "张*");
	assert_string_equal(masked(identity_mask_name, "欧阳修"), "欧阳*");
	assert_string_equal(masked(identity_mask_name, "欧阳"), "欧*"); /* surname 欧, given 阳 */
	assert_string_equal(masked(identity_mask_name, "德木其格"), "德*");
	assert_string_equal(masked(identity_mask_name, "𠮷野家"), "𠮷*");
	assert_string_equal(masked(identity_mask_name, "Anne-Marie O'Neil"), "A*");
	assert_string_equal(masked(identity_mask_name, ""), "");
	assert_string_equal(masked(identity_mask_name, "\xFF\xFE"), "*");

	assert_string_equal(masked(identity_mask_document, "11010519491231002X"),
			    "110***********002X");
	assert_string_equal(masked(identity_mask_document, "E12345678"), "E12****78");
	assert_string_equal(masked(identity_mask_document, "12345678"), "123***78");
	assert_string_equal(masked(identity_mask_document, "X123456"), "*******");
	assert_string_equal(masked(identity_mask_document, "A"), "*");
	assert_string_equal(masked(identity_mask_document, ""), "");

	assert_string_equal(masked(identity_mask_phone, "13812345678"), "138****5678");
	assert_string_equal(masked(identity_mask_phone, "0108234567"), "010***4567");
	assert_string_equal(masked(identity_mask_phone, "123456789"), "*********");
	assert_string_equal(masked(identity_mask_phone, ""), "");
}

/* How many characters of the original still stand at their place. */
static unsigned revealed(const char *text, const char *mask)
{
	unsigned n = 0;

	for (; *text; text++, mask++)
		n += *mask != '*';
	return n;
}

static void test_masks_never_reveal_more(void **state)
{
	(void)state;
	uint32_t random = 2463534242U;
	char text[24];

	for (int run = 0; run < 100000; run++) {
		size_t len = 0, want = (random >> 7) % sizeof(text);
		for (; len < want; len++) {
			random ^= random << 13;
			random ^= random >> 17;
			random ^= random << 5;
			text[len] = "0123456789ABCDEFGHXYZ"[random % 21];
		}
		text[len] = '\0';
		random ^= random << 13;
		random ^= random >> 17;
		random ^= random << 5;
		const char *d = masked(identity_mask_document, text);
		assert_int_equal(strlen(d), len);
		assert_true(revealed(text, d) <= 7);
		assert_true(len < 3 || revealed(text, d) + 3 <= len);
		assert_true(len >= 15 || revealed(text, d) <= 5);
		const char *p = masked(identity_mask_phone, text);
		assert_int_equal(strlen(p), len);
		assert_true(revealed(text, p) <= 7);
		assert_true(len >= 10 || revealed(text, p) == 0);
		const char *n = masked(identity_mask_name, text);
		assert_int_equal(strlen(n), len ? 2 : 0);
	}
}

/* The smallest buffer each field has is enough, and never overrun. */
static void test_mask_capacity(void **state)
{
	(void)state;
	for (size_t cap = 1; cap <= 12; cap++) {
		char dst[16];
		memset(dst, 'Z', sizeof(dst));
		identity_mask_name("欧阳修", dst, cap);
		assert_true(strlen(dst) < cap);
		assert_true(utf8_valid(dst, strlen(dst)));
		assert_int_equal(dst[cap], 'Z');
	}
	char document[DOCUMENT_BYTES], phone[PHONE_BYTES];
	identity_mask_document("12345678901234567890123", document, sizeof(document));
	assert_int_equal(strlen(document), DOCUMENT_BYTES - 1);
	identity_mask_phone("1234567890123456789", phone, sizeof(phone));
	assert_int_equal(strlen(phone), PHONE_BYTES - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_id_cards_that_hold),
		cmocka_unit_test(test_id_cards_that_do_not),
		cmocka_unit_test(test_slips_are_found),
		cmocka_unit_test(test_other_documents),
		cmocka_unit_test(test_phones),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_name_length),
		cmocka_unit_test(test_households),
		cmocka_unit_test(test_fold),
		cmocka_unit_test(test_masks),
		cmocka_unit_test(test_masks_never_reveal_more),
		cmocka_unit_test(test_mask_capacity),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
