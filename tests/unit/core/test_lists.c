/* One text for a list, whoever wrote it; and what is no list says on which line and why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "core/listing.h"
#include "core/lists.h"
#include "core/view.h"

#define HASH                                                                                       \
	"$argon2id$v=19$m=19456,t=2,p=1$Cig4BN1N64L6UbD4Lg3H3g$"                                   \
	"GQzjkiMnYS++R+hYC/o+fTK4mWOPUnF0tnDvcheBkjw"

static const char ACCOUNTS[] = "周敏\tstaff\t" HASH "\n李强\tguard\t" HASH "\n";

static bool good(enum part_kind kind, const char *text)
{
	char why[160] = "";
	bool is = list_check(kind, text, strlen(text), why, sizeof(why));

	assert_true(is || why[0]);
	return is;
}

static void test_good(void **state)
{
	(void)state;
	assert_true(good(PART_ACCOUNTS, ACCOUNTS));
	assert_true(good(PART_REVOKED, ""));
	assert_true(good(PART_REVOKED, "1\t\n18446744073709551615\t遗失\n2\tlost\n"));
	assert_true(good(PART_HOUSEHOLDS, ""));
	assert_true(good(PART_HOUSEHOLDS, "3-2-501\t一网格\t1234\n3-2-502\t\t\n"));
	assert_true(good(PART_BLOCKED, ""));
	assert_true(good(PART_BLOCKED, "document\tE12345678\t\nname\t李小龙\t协查\n"));
	assert_true(good(PART_REGIONS, ""));
	assert_true(good(PART_VEHICLES, ""));
	assert_true(good(PART_VEHICLES, "京A12345\t3-2-501\tresident-vehicle\t2026-12-31\n"
					"沪AD12345\t环卫一队\tsanitation\t2024-02-29\n"));
	assert_true(good(PART_REGIONS, "110105\t朝阳区\t2026-11-23\n31\t上海市\t2024-02-29\n"
				       "3205\t苏州市\t2026-01-01\n"));
	assert_true(good(PART_INVITATIONS, ""));
	assert_true(good(PART_INVITATIONS,
			 "document\tE1\t3-2-501\t2026-11-23\t2026-11-23\t\n"
			 "document\tE1\t3-2-501\t2026-11-24\t2026-11-25\twhy\n"
			 "document\tE1\t3-2-502\t2026-11-23\t2026-11-23\t\n"
			 "phone\t01012345678\t3\t2026-11-23\t2026-12-23\t探亲\n"));
}

static void test_bad(void **state)
{
	(void)state;
	static const struct {
		enum part_kind kind;
		const char *text;
	} BAD[] = {
		{ PART_ACCOUNTS, "" }, /* nobody could log in */
		{ PART_ACCOUNTS, "李强\tguard\t" HASH "\n" },
		{ PART_ACCOUNTS, "周敏\tstaff\t" HASH "\n" },
		{ PART_ACCOUNTS, "周敏\tnone\t" HASH "\n李强\tguard\t" HASH "\n" },
		{ PART_ACCOUNTS, "周敏\tstaff\t246810\n李强\tguard\t" HASH "\n" },
		{ PART_ACCOUNTS, "\tstaff\t" HASH "\n李强\tguard\t" HASH "\n" },
		{ PART_ACCOUNTS, "李强\tguard\t" HASH "\n周敏\tstaff\t" HASH "\n" }, /* order */
		{ PART_REVOKED, "1\n" },
		{ PART_REVOKED, "1\t\t\n" },
		{ PART_REVOKED, "1\t" }, /* no line feed */
		{ PART_REVOKED, "1\t\r\n" },
		{ PART_REVOKED, "0\t\n" },
		{ PART_REVOKED, "01\t\n" },
		{ PART_REVOKED, "-1\t\n" },
		{ PART_REVOKED, "\t\n" },
		{ PART_REVOKED, "18446744073709551616\t\n" },
		{ PART_REVOKED, "100000000000000000000\t\n" },
		{ PART_REVOKED, "1\t\n1\t\n" },
		{ PART_REVOKED, "2\t\n1\t\n" },
		{ PART_REVOKED, "1\t lost\n" },
		{ PART_REVOKED, "1\tlost\xc2\x85\n" },
		{ PART_REVOKED, "1\tlost\xff\n" },
		{ PART_REVOKED, "1\t12345678901234567890123456789012345678901234567x\n" },
		{ PART_REVOKED, "\n" },
		{ PART_HOUSEHOLDS, "3号楼\t\t\n" },
		{ PART_HOUSEHOLDS, "3-2-501a\t\t\n" },
		{ PART_HOUSEHOLDS, "\t\t\n" },
		{ PART_HOUSEHOLDS, "3\t\t123\n" },
		{ PART_HOUSEHOLDS, "3\t\t12345\n" },
		{ PART_HOUSEHOLDS, "3\t\t12a4\n" },
		{ PART_HOUSEHOLDS, "3\t12345678901234567890123456789012\t\n" },
		{ PART_BLOCKED, "document\te12345678\t\n" },
		{ PART_BLOCKED, "document\t李小龙\t\n" },
		{ PART_BLOCKED, "person\tE12345678\t\n" },
		{ PART_BLOCKED, "name\t\t\n" },
		{ PART_BLOCKED, "name\tA B\t\n" },
		{ PART_BLOCKED, "name\tA\t\ndocument\tE1\t\n" },
		{ PART_BLOCKED, "document\tE1\t\ndocument\tE1\twhy\n" },
		{ PART_REGIONS, "3\tx\t2026-11-23\n" },
		{ PART_REGIONS, "310\tx\t2026-11-23\n" },
		{ PART_REGIONS, "3101050\tx\t2026-11-23\n" },
		{ PART_REGIONS, "3a\tx\t2026-11-23\n" },
		{ PART_REGIONS, "99\tx\t2026-11-23\n" }, /* no such province */
		{ PART_REGIONS, "31\t\t2026-11-23\n" },
		{ PART_REGIONS, "31\tx\t\n" },
		{ PART_REGIONS, "31\tx\t2026-11-31\n" },
		{ PART_REGIONS, "31\tx\t2026-02-29\n" },
		{ PART_REGIONS, "31\tx\t2026/11/23\n" },
		{ PART_REGIONS, "31\tx\t2026-11-3\n" },
		{ PART_REGIONS, "31\tx\t2026-11-23 \n" },
		{ PART_REGIONS, "31\tx\t2026-11-23\n31\ty\t2026-11-24\n" },
		{ PART_VEHICLES, "\tx\tsanitation\t2026-11-23\n" },
		{ PART_VEHICLES, "京a12345\tx\tsanitation\t2026-11-23\n" },
		{ PART_VEHICLES, "京A·12345\tx\tsanitation\t2026-11-23\n" },
		{ PART_VEHICLES, "京A1234\tx\tsanitation\t2026-11-23\n" },
		{ PART_VEHICLES, "京A12345\t\tsanitation\t2026-11-23\n" },
		{ PART_VEHICLES, "京A12345\tx\tvisitor\t2026-11-23\n" },
		{ PART_VEHICLES, "京A12345\tx\toutside-vehicle\t2026-11-23\n" },
		{ PART_VEHICLES, "京A12345\tx\t\t2026-11-23\n" },
		{ PART_VEHICLES, "京A12345\tx\tsanitation\t\n" },
		{ PART_VEHICLES, "京A12345\tx\tsanitation\n" },
		{ PART_VEHICLES, "京A12345\tx\tsanitation\t2026-11-23\n"
				 "京A12345\tx\tsupply-vehicle\t2026-11-23\n" },
		{ PART_INVITATIONS, "name\tE1\t3\t2026-11-23\t2026-11-23\t\n" },
		{ PART_INVITATIONS, "document\te1\t3\t2026-11-23\t2026-11-23\t\n" },
		{ PART_INVITATIONS, "document\t\t3\t2026-11-23\t2026-11-23\t\n" },
		{ PART_INVITATIONS, "phone\t137-00009999\t3\t2026-11-23\t2026-11-23\t\n" },
		{ PART_INVITATIONS, "phone\t12\t3\t2026-11-23\t2026-11-23\t\n" },
		{ PART_INVITATIONS, "document\tE1\t\t2026-11-23\t2026-11-23\t\n" },
		{ PART_INVITATIONS, "document\tE1\t3号楼\t2026-11-23\t2026-11-23\t\n" },
		{ PART_INVITATIONS, "document\tE1\t3\t2026-11-23\t2026-11-22\t\n" },
		{ PART_INVITATIONS, "document\tE1\t3\t\t2026-11-22\t\n" },
		{ PART_INVITATIONS, "document\tE1\t3\t2026-11-23\t\t\n" },
		{ PART_INVITATIONS, "document\tE1\t3\t2026-11-23\t2026-11-23\n" },
	};

	for (size_t i = 0; i < ARRAY_LEN(BAD); i++)
		if (good(BAD[i].kind, BAD[i].text))
			fail_msg("taken: %s", BAD[i].text);
}

/* Any other argon2 setting, or a character more, less or other. */
static void test_hashes(void **state)
{
	(void)state;
	static const char *const OTHERS[][2] = {
		{ "m=19456", "m=19457" },  { "m=19456", "m=4194304" }, { "t=2", "t=3" },
		{ "p=1", "p=2" },          { "argon2id", "argon2i" },  { "v=19", "v=16" },
		{ "4Lg3H3g$", "4Lg3H3$" }, { "Bkjw", "Bkj" },          { "Bkjw", "Bkjwx" },
		{ "Bkjw", "Bk$w" },        { "Lg3H3g$G", "Lg3H3gGG" },
	};
	char text[512];

	for (size_t i = 0; i < ARRAY_LEN(OTHERS); i++) {
		const char *at = strstr(ACCOUNTS, OTHERS[i][0]);
		assert_non_null(at);
		snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - ACCOUNTS), ACCOUNTS,
			 OTHERS[i][1], at + strlen(OTHERS[i][0]));
		if (good(PART_ACCOUNTS, text))
			fail_msg("taken: %s", OTHERS[i][1]);
	}
}

static char *many(enum part_kind kind, int count, const char *role)
{
	char *text = calloc(1, (size_t)count * 160 + 200);
	char *at = text;

	assert_non_null(text);
	if (kind == PART_ACCOUNTS)
		at += sprintf(at, "0\t%s\t%s\n", strcmp(role, "staff") ? "staff" : "guard", HASH);
	for (int i = 0; i < count; i++)
		at += kind == PART_ACCOUNTS ? sprintf(at, "n%06d\t%s\t%s\n", i, role, HASH)
					    : sprintf(at, "%d\t%s\n", 100000 + i,
						      kind == PART_HOUSEHOLDS ? "\t" : "");
	return text;
}

static void expect_most(enum part_kind kind, int most, const char *role)
{
	char *text = many(kind, most, role);

	assert_true(good(kind, text));
	free(text);
	text = many(kind, most + 1, role);
	assert_false(good(kind, text));
	free(text);
}

static void test_how_many(void **state)
{
	(void)state;
	expect_most(PART_REVOKED, 1000, "");
	expect_most(PART_HOUSEHOLDS, 10000, "");
	expect_most(PART_ACCOUNTS, VIEW_ROWS, "guard");
	expect_most(PART_ACCOUNTS, VIEW_ROWS, "supervisor");
	expect_most(PART_ACCOUNTS, VIEW_ROWS, "staff");
}

/* Every cut of a list, and every bit: never taken for the same list. */
static void cut_and_flip(enum part_kind kind, const char *whole)
{
	const size_t len = strlen(whole);
	char *text = strdup(whole), *line = calloc(1, 2 * len), why[160];

	assert_true(text && line);
	for (size_t n = 1; n < len; n++)
		assert_int_equal(list_check(kind, whole, n, why, sizeof(why)),
				 whole[n - 1] == '\n');
	for (size_t bit = 0; bit < len * 8; bit++) {
		struct list_reader r = { .kind = kind, .text = text, .len = len };
		struct list_entry entry;
		size_t at = 0;
		text[bit / 8] ^= (char)(1U << bit % 8);
		while (list_next(&r, &entry, why, sizeof(why)) == LIST_ENTRY) {
			assert_true(list_line(kind, &entry, line, 2 * len, why, sizeof(why)));
			assert_memory_equal(line, text + at, r.at - at);
			at = r.at;
		}
		text[bit / 8] ^= (char)(1U << bit % 8);
	}
	free(text);
	free(line);
}

static void test_cuts_and_bits(void **state)
{
	(void)state;
	cut_and_flip(PART_REVOKED, "1\t\n17\t遗失\n");
	cut_and_flip(PART_HOUSEHOLDS, "3-2-501\t一网格\t1234\n3-2-502\t\t\n");
	cut_and_flip(PART_BLOCKED, "document\tE12345678\twhy\nname\t李小龙\t协查\n");
	cut_and_flip(PART_VEHICLES, "京A12345\t3-2\tresident-vehicle\t2026-12-31\n");
	cut_and_flip(PART_INVITATIONS, "document\tE12345678\t3-2-501\t2026-11-23\t2026-11-25\t\n"
				       "phone\t13700009999\t3-2-502\t2026-11-23\t2026-11-23\t探\n");
	cut_and_flip(PART_REGIONS, "110105\t朝阳区\t2026-11-23\n31\t上海市\t2026-11-20\n");
}

static void test_why_says_where(void **state)
{
	(void)state;
	char why[160];

	assert_false(list_check(PART_REVOKED, "1\t\n2\t\nx\t\n", 10, why, sizeof(why)));
	assert_non_null(strstr(why, "line 3"));
	assert_non_null(strstr(why, "serial"));
}

static void test_normalise(void **state)
{
	(void)state;
	struct list_entry e = { .field = { " document ", "e-1234 5678", "　协查 " } };

	assert_true(list_normalise(PART_BLOCKED, &e));
	assert_string_equal(e.field[0], "document");
	assert_string_equal(e.field[1], "E12345678");
	assert_string_equal(e.field[2], "协查");
	e = (struct list_entry){ .field = { "３号楼2单元501室", "", "1234" } };
	assert_true(list_normalise(PART_HOUSEHOLDS, &e));
	assert_string_equal(e.field[0], "3-2-501");
	e = (struct list_entry){ .field = { "document", "李", "" } };
	assert_false(list_normalise(PART_BLOCKED, &e));
	e = (struct list_entry){ .field = { " ３１ ", " 上海市", "2026年3月1日" } };
	assert_true(list_normalise(PART_REGIONS, &e));
	assert_string_equal(e.field[0], "31");
	assert_string_equal(e.field[1], "上海市");
	assert_string_equal(e.field[2], "2026-03-01");
	e = (struct list_entry){ .field = { "京ａ·12345 ", " 3-2-501", "居民", "2026/3/1" } };
	assert_true(list_normalise(PART_VEHICLES, &e));
	assert_string_equal(e.field[0], "京A12345");
	assert_string_equal(e.field[1], "3-2-501");
	assert_string_equal(e.field[2], "resident-vehicle");
	assert_string_equal(e.field[3], "2026-03-01");
	e = (struct list_entry){ .field = { "phone", "＋86 137-0000 9999", "3号楼2单元501室",
					    "2026/3/1", "20260302", " 探亲" } };
	assert_true(list_normalise(PART_INVITATIONS, &e));
	assert_string_equal(e.field[1], "13700009999");
	assert_string_equal(e.field[2], "3-2-501");
	assert_string_equal(e.field[3], "2026-03-01");
	assert_string_equal(e.field[4], "2026-03-02");
}

static void test_days(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int32_t day;
	} ROW[] = {
		{ "2026-11-23", 20261123 },
		{ "2026/11/3", 20261103 },
		{ "2026.1.03", 20260103 },
		{ "20261123", 20261123 },
		{ "2026年11月3日", 20261103 },
		{ "", 0 },
		{ "1999-12-31", 0 },
		{ "2026-13-01", 0 },
		{ "2026-02-29", 0 },
		{ "2026-11-23T08:00", 0 },
		{ "2026-11", 0 },
		{ "-2026-11-23", 0 },
		{ "11/23/2026", 0 },
		{ "2026--11-23", 0 },
	};
	char text[LIST_DAY_BYTES];

	for (size_t i = 0; i < ARRAY_LEN(ROW); i++)
		if (list_day(ROW[i].text) != ROW[i].day)
			fail_msg("%s is %d", ROW[i].text, list_day(ROW[i].text));
	assert_true(list_day_text(20261103, text));
	assert_string_equal(text, "2026-11-03");
	assert_false(list_day_text(0, text));
}

static void test_values(void **state)
{
	(void)state;
	assert_true(list_serial("18446744073709551615") == UINT64_MAX);
	assert_true(list_serial("7") == 7);
	assert_int_equal(list_role("guard"), ROLE_GUARD);
	assert_int_equal(list_role("staff"), ROLE_STAFF);
	assert_int_equal(list_role("none"), ROLE_NONE);
	assert_int_equal(list_role(""), ROLE_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),          cmocka_unit_test(test_bad),
		cmocka_unit_test(test_hashes),        cmocka_unit_test(test_how_many),
		cmocka_unit_test(test_cuts_and_bits), cmocka_unit_test(test_why_says_where),
		cmocka_unit_test(test_normalise),     cmocka_unit_test(test_values),
		cmocka_unit_test(test_days),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
