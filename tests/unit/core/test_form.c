#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "core/form.h"
#include "tests/unit/core/helper_book.h"

#define TODAY 20261123

static void enter(struct session *s, enum screen screen)
{
	s->screen = screen;
	form_enter(s);
}

static void type(struct session *s, const char *text)
{
	while (*text)
		form_key(s, utf8_next(&text));
}

static void clear(struct session *s)
{
	while (s->entry[0])
		form_backspace(s);
}

/* Fills a screen and goes on. */
static void answer(struct session *s, enum screen screen, int32_t choice, const char *text)
{
	enter(s, screen);
	if (choice >= 0)
		form_choose(s, choice);
	clear(s);
	type(s, text);
	if (!form_accept(s, TODAY))
		fail_msg("%s: \"%s\" gave note %d", screen_name(screen), text, s->note);
}

static void test_a_whole_registration(void **state)
{
	(void)state;
	struct session s = { 0 };
	answer(&s, SCREEN_NAME, -1, "欧阳修");
	answer(&s, SCREEN_DOCUMENT, DOCUMENT_ID_CARD, "11010519491231002x");
	answer(&s, SCREEN_PHONE, -1, "１３８１２３４５６７８");
	answer(&s, SCREEN_HOUSEHOLD, -1, "3号楼2单元501");
	answer(&s, SCREEN_PURPOSE, PURPOSE_OTHER, "送药上门");
	assert_string_equal(s.visit.person.name, "欧阳修");
	assert_int_equal(s.visit.person.document_kind, DOCUMENT_ID_CARD);
	assert_string_equal(s.visit.person.document, "11010519491231002X");
	assert_string_equal(s.visit.person.phone, "13812345678");
	assert_string_equal(s.visit.person.household, "3号楼2单元501");
	assert_string_equal(s.visit.person.purpose, "送药上门");
	visit_check_real_name(&s.visit, TODAY, 1);
	assert_int_equal(s.visit.facts[CHECK_REAL_NAME].finding, FINDING_GOOD);
}

/* Back and forward: every screen shows again what was accepted there. */
static void test_going_back_keeps_everything(void **state)
{
	(void)state;
	struct session s = { 0 };
	answer(&s, SCREEN_NAME, -1, "Anne-Marie O'Neil");
	answer(&s, SCREEN_DOCUMENT, DOCUMENT_PASSPORT, "e12345678");
	answer(&s, SCREEN_PHONE, -1, "13812345678");
	answer(&s, SCREEN_HOUSEHOLD, -1, "B5");
	answer(&s, SCREEN_PURPOSE, PURPOSE_REPAIR, "");
	for (int round = 0; round < 2; round++) {
		enter(&s, SCREEN_PURPOSE);
		assert_int_equal(s.choice, PURPOSE_REPAIR);
		assert_string_equal(s.entry, "");
		assert_true(form_accept(&s, TODAY));
		enter(&s, SCREEN_HOUSEHOLD);
		assert_string_equal(s.entry, "B5");
		assert_true(form_accept(&s, TODAY));
		enter(&s, SCREEN_PHONE);
		assert_string_equal(s.entry, "13812345678");
		assert_true(form_accept(&s, TODAY));
		enter(&s, SCREEN_DOCUMENT);
		assert_int_equal(s.choice, DOCUMENT_PASSPORT);
		assert_string_equal(s.entry, "E12345678");
		assert_true(form_accept(&s, TODAY));
		enter(&s, SCREEN_NAME);
		assert_string_equal(s.entry, "Anne-Marie O'Neil");
		assert_true(form_accept(&s, TODAY));
	}
}

/* What does not hold is not stored, and what was stored before stays. */
static void test_a_bad_entry_changes_nothing(void **state)
{
	(void)state;
	static const struct {
		enum screen screen;
		int32_t choice;
		const char *good, *bad;
		enum note note;
	} CASE[] = {
		{ SCREEN_NAME, -1, "张伟", "张3", NOTE_NAME_BAD },
		{ SCREEN_NAME, -1, "张伟", "  ", NOTE_EMPTY },
		{ SCREEN_DOCUMENT, DOCUMENT_ID_CARD, "11010519491231002X", "110105194912310021",
		  NOTE_DOCUMENT_CHECKSUM },
		{ SCREEN_PHONE, -1, "13812345678", "1381234", NOTE_PHONE_BAD },
		{ SCREEN_HOUSEHOLD, -1, "3-501", "物业", NOTE_HOUSEHOLD_BAD },
		{ SCREEN_PURPOSE, PURPOSE_OTHER, "送药", " 　", NOTE_EMPTY },
		{ SCREEN_PLATE, -1, "沪AD12345", "", NOTE_EMPTY },
		{ SCREEN_PLATE, -1, "京A12345", "京A123", NOTE_PLATE_LENGTH },
		{ SCREEN_PLATE, -1, "粤Z1234港", "A12345", NOTE_PLATE_PROVINCE },
		{ SCREEN_PLATE, -1, "京A1234警", "京112345", NOTE_PLATE_OFFICE },
		{ SCREEN_PLATE, -1, "沪b1234挂", "京A1234O", NOTE_PLATE_LETTER_IO },
		{ SCREEN_PLATE, -1, "京A1234学", "京A1234港", NOTE_PLATE_FORM },
	};

	for (size_t i = 0; i < ARRAY_LEN(CASE); i++) {
		struct session s = { 0 };
		answer(&s, CASE[i].screen, CASE[i].choice, CASE[i].good);
		const struct visit before = s.visit;
		enter(&s, CASE[i].screen);
		clear(&s);
		type(&s, CASE[i].bad);
		assert_false(form_accept(&s, TODAY));
		assert_int_equal(s.note, CASE[i].note);
		assert_memory_equal(&s.visit, &before, sizeof(before));
		type(&s, "1"); /* the note goes with the next touch */
		assert_int_equal(s.note, NOTE_NONE);
	}
}

static void test_another_kind_clears_the_number(void **state)
{
	(void)state;
	struct session s = { 0 };
	enter(&s, SCREEN_DOCUMENT);
	type(&s, "123"); /* no kind yet: no keyboard */
	assert_string_equal(s.entry, "");
	assert_false(form_accept(&s, TODAY));
	assert_int_equal(s.note, NOTE_DOCUMENT_KIND);
	form_choose(&s, DOCUMENT_ID_CARD);
	assert_int_equal(s.note, NOTE_NONE);
	type(&s, "110105");
	form_choose(&s, DOCUMENT_ID_CARD); /* the same again keeps it */
	assert_string_equal(s.entry, "110105");
	form_choose(&s, DOCUMENT_PASSPORT);
	assert_string_equal(s.entry, "");
	form_choose(&s, 99);
	assert_false(form_accept(&s, TODAY));
	assert_int_equal(s.visit.person.document_kind, DOCUMENT_NONE);
}

static void test_bounds(void **state)
{
	(void)state;
	static const struct {
		enum screen screen;
		int32_t choice;
		size_t room; /* of the field in struct person */
	} CASE[] = {
		{ SCREEN_NAME, -1, NAME_BYTES },
		{ SCREEN_DOCUMENT, DOCUMENT_PASSPORT, DOCUMENT_BYTES },
		{ SCREEN_PHONE, -1, PHONE_BYTES },
		{ SCREEN_HOUSEHOLD, -1, HOUSEHOLD_BYTES },
		{ SCREEN_PURPOSE, PURPOSE_OTHER, PURPOSE_BYTES },
		{ SCREEN_CLINICAL, -1, sizeof("37.35") },
		{ SCREEN_PLATE, -1, PLATE_BYTES },
	};

	for (size_t i = 0; i < ARRAY_LEN(CASE); i++) {
		struct session s = { 0 };
		enter(&s, CASE[i].screen);
		if (CASE[i].choice >= 0)
			form_choose(&s, CASE[i].choice);
		for (int n = 0; n < 200; n++)
			form_key(&s, '7');
		assert_int_equal(strlen(s.entry), CASE[i].room - 1);
		assert_int_equal(s.note, NOTE_TOO_LONG);
		form_backspace(&s);
		assert_int_equal(s.note, NOTE_NONE);
		assert_int_equal(strlen(s.entry), CASE[i].room - 2);
	}
}

/* Characters of one to four bytes fill the field without ever being cut. */
static void test_bounds_of_long_characters(void **state)
{
	(void)state;
	static const int32_t CP[] = { 'a', 0xE9, 0x5F20, 0x20BB7 };

	for (size_t i = 0; i < ARRAY_LEN(CP); i++) {
		struct session s = { 0 };
		enter(&s, SCREEN_NAME);
		for (int n = 0; n < 200; n++)
			form_key(&s, CP[i]);
		assert_true(utf8_valid(s.entry, strlen(s.entry)));
		assert_int_equal(utf8_length(s.entry), (NAME_BYTES - 1) / (i + 1));
		form_backspace(&s);
		assert_int_equal(utf8_length(s.entry), (NAME_BYTES - 1) / (i + 1) - 1);
	}
}

static void test_keys_each_keyboard_takes(void **state)
{
	(void)state;
	static const struct {
		enum screen screen;
		int32_t choice;
		enum keyboard keyboard;
		const char *typed, *kept;
	} CASE[] = {
		{ SCREEN_NAME, -1, KEYBOARD_TEXT, "a1 张-'·\x01\x7F", "a1 张-'·" },
		{ SCREEN_DOCUMENT, DOCUMENT_PASSPORT, KEYBOARD_DOCUMENT, "e1-2 张x.", "E12X" },
		{ SCREEN_PHONE, -1, KEYBOARD_DIGITS, "+1a3 8", "138" },
		{ SCREEN_CLINICAL, -1, KEYBOARD_DECIMAL, "3a6.-6", "36.6" },
		{ SCREEN_DOCUMENT, -1, KEYBOARD_NONE, "abc", "" },
		{ SCREEN_PURPOSE, PURPOSE_WORK, KEYBOARD_NONE, "abc", "" },
		{ SCREEN_PURPOSE, PURPOSE_OTHER, KEYBOARD_TEXT, "送 1", "送 1" },
		{ SCREEN_REVIEW, -1, KEYBOARD_NONE, "abc", "" },
		{ SCREEN_BOARD, -1, KEYBOARD_NONE, "abc", "" },
		{ SCREEN_PLATE, -1, KEYBOARD_PLATE, "京·a-1 挂。é", "京A1挂" },
	};

	for (size_t i = 0; i < ARRAY_LEN(CASE); i++) {
		struct session s = { 0 };
		enter(&s, CASE[i].screen);
		if (CASE[i].choice >= 0)
			form_choose(&s, CASE[i].choice);
		assert_int_equal(form_keyboard(&s), CASE[i].keyboard);
		type(&s, CASE[i].typed);
		assert_string_equal(s.entry, CASE[i].kept);
	}
}

/* Whatever number comes as a key, the entry stays text. */
static void test_strange_keys(void **state)
{
	(void)state;
	static const int32_t STRANGE[] = { -1,     0,      1,        0x7F,       0x80,     0x9F,
					   0xD800, 0xDFFF, 0x110000, 0x7FFFFFFF, INT32_MIN };

	for (unsigned screen = 0; screen < SCREEN_COUNT_; screen++)
		for (size_t i = 0; i < ARRAY_LEN(STRANGE); i++) {
			struct session s = { 0 };
			enter(&s, screen);
			form_choose(&s, screen == SCREEN_PURPOSE ? PURPOSE_OTHER : 1);
			form_key(&s, STRANGE[i]);
			assert_string_equal(s.entry, "");
			assert_string_equal(s.pin, "");
		}
}

static void test_pin(void **state)
{
	(void)state;
	struct session s = { .row_count = 2 };
	text_copy(s.rows[0].name, NAME_BYTES, "li");
	text_copy(s.rows[1].name, NAME_BYTES, "wang");
	enter(&s, SCREEN_PIN);
	type(&s, "1234");
	assert_false(form_accept(&s, TODAY)); /* nobody chosen */
	form_choose(&s, 1);
	assert_string_equal(s.account, "wang");
	assert_string_equal(s.pin, ""); /* of whoever was chosen before */
	type(&s, "12a3");
	assert_string_equal(s.pin, "123");
	assert_string_equal(s.entry, ""); /* never where it would be shown */
	assert_false(form_accept(&s, TODAY)); /* shorter than any PIN */
	type(&s, "4");
	assert_true(form_accept(&s, TODAY));
	form_backspace(&s);
	assert_string_equal(s.pin, "123");
	type(&s, "45678901234567");
	assert_int_equal(strlen(s.pin), PIN_MAX);
	s.busy = true; /* being looked at: it does not change, and is not asked again */
	form_backspace(&s);
	assert_int_equal(strlen(s.pin), PIN_MAX);
	s.pin[PIN_MAX - 1] = '\0';
	type(&s, "9");
	assert_int_equal(strlen(s.pin), PIN_MAX - 1);
	assert_false(form_accept(&s, TODAY));
	s.busy = false;
	enter(&s, SCREEN_PIN);
	assert_string_equal(s.pin, "");
	for (int n = 0; n < 5; n++)
		form_backspace(&s);
	assert_string_equal(s.pin, "");
	form_choose(&s, 7); /* no such row */
	assert_string_equal(s.account, "wang");
}

static bool clinical(const char *text, int32_t *centi_c)
{
	struct session s = { 0 };

	enter(&s, SCREEN_CLINICAL);
	type(&s, text);
	bool taken = form_accept(&s, TODAY);
	*centi_c = s.visit.temperature.clinical_centi_c;
	assert_int_equal(s.note, taken ? NOTE_NONE : NOTE_CLINICAL_RANGE);
	return taken;
}

static void test_clinical_exact(void **state)
{
	(void)state;
	int32_t got;

	for (int32_t centi = 2900; centi <= 4400; centi++) {
		char text[16];
		bool in = centi >= 3000 && centi <= 4300;
		text_format(text, sizeof(text), "%d.%02d", centi / 100, centi % 100);
		assert_int_equal(clinical(text, &got), in);
		assert_int_equal(got, in ? centi : 0);
		if (centi % 10 == 0) {
			text[strlen(text) - 1] = '\0';
			assert_int_equal(clinical(text, &got), in);
			assert_int_equal(got, in ? centi : 0);
		}
	}
	assert_true(clinical("36.65", &got));
	assert_int_equal(got, 3665);
	assert_true(clinical("37.3", &got));
	assert_int_equal(got, 3730); /* high: no float stands just below it */
	assert_true(clinical("37", &got));
	assert_int_equal(got, 3700);
}

static void test_clinical_nonsense(void **state)
{
	(void)state;
	static const char *const BAD[] = { "",     ".",   "..",    "3",     "3.6", "366",
					   "3665", ".37", "37..3", "3.7.1", "0",   "99999" };
	int32_t got;

	for (size_t i = 0; i < ARRAY_LEN(BAD); i++) {
		assert_false(clinical(BAD[i], &got));
		assert_int_equal(got, 0);
	}
}

static void test_purposes(void **state)
{
	(void)state;
	for (int32_t p = PURPOSE_NONE - 1; p <= PURPOSE_COUNT_; p++) {
		struct session s = { 0 };
		enter(&s, SCREEN_PURPOSE);
		form_choose(&s, p);
		bool usual = p > PURPOSE_NONE && p < PURPOSE_OTHER;
		assert_int_equal(form_accept(&s, TODAY), usual);
		assert_int_equal(s.visit.person.purpose[0] != '\0', usual);
		assert_int_equal(s.purpose, usual ? p : PURPOSE_NONE);
	}
	struct session s = { 0 };
	answer(&s, SCREEN_PURPOSE, PURPOSE_OTHER, "送药");
	enter(&s, SCREEN_PURPOSE);
	assert_int_equal(s.choice, PURPOSE_OTHER);
	assert_string_equal(s.entry, "送药");
	answer(&s, SCREEN_PURPOSE, PURPOSE_FAMILY, "");
	assert_string_equal(s.visit.person.purpose, "探亲访友");
	enter(&s, SCREEN_PURPOSE);
	assert_string_equal(s.entry, ""); /* the usual word is not what was typed */
}

/* Screens without an entry have nothing that could be wrong. */
static void test_screens_without_entry(void **state)
{
	(void)state;
	for (unsigned screen = 0; screen < SCREEN_COUNT_; screen++) {
		bool entry = (screen >= SCREEN_NAME && screen <= SCREEN_PURPOSE) ||
			     screen == SCREEN_CLINICAL || screen == SCREEN_PIN ||
			     screen == SCREEN_LEVEL || screen == SCREEN_PERIOD ||
			     screen == SCREEN_CONTACT || screen == SCREEN_SEARCH ||
			     screen == SCREEN_REQUEST || screen == SCREEN_PLATE ||
			     screen == SCREEN_LEDGER_ENTRY || screen == SCREEN_ACCOUNT ||
			     screen == SCREEN_CLOCK || screen == SCREEN_EXPORT_DAYS;
		struct session s = { 0 };
		enter(&s, screen);
		assert_int_equal(form_accept(&s, TODAY), !entry);
	}
}

static void test_attest(void **state)
{
	(void)state;
	for (int health = 0; health < COLOUR_COUNT_; health++)
		for (int travel = 0; travel < TRAVEL_CARD_COUNT_; travel++)
			for (int seen = 0; seen < FINDING_COUNT_; seen++)
				for (int approval = 0; approval < FINDING_COUNT_; approval++) {
					struct session s = { .attest_document = seen,
							     .attest_mask = (seen + 1) % 3,
							     .attest_health = health,
							     .attest_travel = travel };
					visit_fill(&s.visit);
					form_attest(&s, approval, 8);
					const struct fact *f = s.visit.facts;
					assert_int_equal(f[CHECK_DOCUMENT].finding, seen);
					assert_int_equal(f[CHECK_MASK].finding, (seen + 1) % 3);
					assert_int_equal(f[CHECK_HEALTH_CODE].finding,
							 health == COLOUR_UNKNOWN ? FINDING_UNKNOWN
							 : health == COLOUR_GREEN ? FINDING_GOOD
										  : FINDING_BAD);
					assert_int_equal(f[CHECK_HEALTH_CODE].value, health);
					assert_int_equal(
						f[CHECK_TRAVEL_CARD].finding,
						travel == TRAVEL_CARD_UNKNOWN ? FINDING_UNKNOWN
						: travel == TRAVEL_CARD_CLEAR ? FINDING_GOOD
									      : FINDING_BAD);
					assert_int_equal(f[CHECK_APPROVAL].finding, approval);
					/* a guard never speaks for the visitor or the machine */
					assert_int_equal(f[CHECK_SYMPTOMS].source, SOURCE_DECLARED);
					for (int c = 0; c < CHECK_COUNT_; c++)
						assert_int_equal(f[c].source == SOURCE_NONE,
								 f[c].finding == FINDING_UNKNOWN);
				}
}

/* A vehicle's checks are what the guard attests, or else what is known without them. */
static void test_attest_vehicle(void **state)
{
	(void)state;
	const struct fact pass = { FINDING_GOOD, SOURCE_SIGNED, 5, 0 };
	const struct fact clean = { FINDING_GOOD, SOURCE_MACHINE, 6, 0 };

	for (int seen = 0; seen < FINDING_COUNT_; seen++) {
		struct session s = { .attest_vehicle_pass = seen,
				     .attest_occupants = seen,
				     .attest_disinfection = seen,
				     .known_pass = pass,
				     .known_disinfection = clean };
		form_attest(&s, FINDING_UNKNOWN, 8);
		const struct fact *f = s.visit.facts;
		bool known = seen == FINDING_UNKNOWN;
		assert_int_equal(f[CHECK_VEHICLE_PASS].finding, known ? FINDING_GOOD : seen);
		assert_int_equal(f[CHECK_VEHICLE_PASS].source,
				 known ? SOURCE_SIGNED : SOURCE_GUARD);
		assert_int_equal(f[CHECK_OCCUPANTS].finding, seen);
		assert_int_equal(f[CHECK_DISINFECTION].finding, known ? FINDING_GOOD : seen);
		assert_int_equal(f[CHECK_DISINFECTION].wall_ms, known ? 6 : 8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_whole_registration),
		cmocka_unit_test(test_going_back_keeps_everything),
		cmocka_unit_test(test_a_bad_entry_changes_nothing),
		cmocka_unit_test(test_another_kind_clears_the_number),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_bounds_of_long_characters),
		cmocka_unit_test(test_keys_each_keyboard_takes),
		cmocka_unit_test(test_strange_keys),
		cmocka_unit_test(test_pin),
		cmocka_unit_test(test_clinical_exact),
		cmocka_unit_test(test_clinical_nonsense),
		cmocka_unit_test(test_purposes),
		cmocka_unit_test(test_screens_without_entry),
		cmocka_unit_test(test_attest),
		cmocka_unit_test(test_attest_vehicle),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
