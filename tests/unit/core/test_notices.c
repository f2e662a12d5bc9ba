/*
 * Notices and the container they come in: one form for one content, everything bounded, only what
 * can be shown whole, and whose turn it is on which day.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "core/notices.h"
#include "core/part.h"

static const uint8_t PIXELS[NOTICE_W * NOTICE_H * 2] = { 0xF8, 0x00, 0x07, 0xE0 };

static struct notice sample(const char *name)
{
	struct notice n = { .from = 20261123, .until = 20261130, .order = 5, .pixels = PIXELS };

	text_copy(n.name, sizeof(n.name), name);
	text_copy(n.title[LANGUAGE_ZH], NOTICE_TITLE_BYTES, "进出请佩戴口罩");
	text_copy(n.text[LANGUAGE_ZH], NOTICE_TEXT_BYTES, "口罩遮住口鼻。\n没有口罩请问门卫。");
	text_copy(n.title[LANGUAGE_EN], NOTICE_TITLE_BYTES, "Please wear a mask");
	text_copy(n.text[LANGUAGE_EN], NOTICE_TEXT_BYTES, "The guard has masks.");
	n.width = 3;
	n.height = 2;
	return n;
}

static struct notices two(void)
{
	struct notices list = { .count = 2 };

	list.items[0] = sample("masks");
	list.items[1] = sample("hands");
	list.items[1].order = 4;
	list.items[1].title[LANGUAGE_EN][0] = '\0';
	list.items[1].text[LANGUAGE_EN][0] = '\0';
	return list;
}

static void test_there_and_back(void **state)
{
	(void)state;
	struct notices list = two(), back;
	uint8_t bytes[2048], again[2048];
	char why[224];
	size_t len = notices_encode(&list, bytes, sizeof(bytes));

	assert_true(len > 0);
	assert_memory_equal(bytes, NOTICES_MAGIC "\0\2\5hands", 12); /* by name */
	assert_true(notices_decode(&back, bytes, len, why, sizeof(why)));
	assert_int_equal(back.count, 2);
	assert_string_equal(back.items[0].name, "hands"); /* by order */
	assert_string_equal(back.items[1].text[LANGUAGE_ZH], list.items[0].text[LANGUAGE_ZH]);
	assert_string_equal(back.items[1].title[LANGUAGE_EN], "Please wear a mask");
	assert_true(back.items[1].from == 20261123 && back.items[1].until == 20261130);
	assert_true(back.items[1].width == 3 && back.items[1].height == 2);
	assert_memory_equal(back.items[1].pixels, PIXELS, 12);
	assert_int_equal(notices_encode(&back, again, sizeof(again)), len);
	assert_memory_equal(again, bytes, len);
	for (size_t cap = 0; cap < len; cap++)
		assert_int_equal(notices_encode(&list, again, cap), 0);
}

/* Every shorter file, every longer one, and every bit: refused, or another content of its own. */
static void test_every_length_and_bit(void **state)
{
	(void)state;
	struct notices list = two(), back;
	static uint8_t bytes[2048], again[2048];
	char why[224];
	size_t len = notices_encode(&list, bytes, sizeof(bytes));

	for (size_t n = 0; n < len; n++) {
		assert_false(notices_decode(&back, bytes, n, why, sizeof(why)));
		assert_int_equal(back.count, 0);
	}
	assert_false(notices_decode(&back, bytes, len + 1, why, sizeof(why)));
	for (size_t bit = 0; bit < len * 8; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
		if (notices_decode(&back, bytes, len, why, sizeof(why))) {
			assert_int_equal(notices_encode(&back, again, sizeof(again)), len);
			assert_memory_equal(again, bytes, len);
		}
		bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
}

static void refuse(const struct notice *n, const char *says)
{
	struct notices list = { .count = 1, .items = { *n } };
	uint8_t bytes[2048];
	char why[224] = "";

	assert_false(notice_fit(n, why, sizeof(why)));
	if (!strstr(why, says))
		fail_msg("\"%s\" does not say \"%s\"", why, says);
	assert_int_equal(notices_encode(&list, bytes, sizeof(bytes)), 0);
}

#define CHANGED(says, change)                                                                      \
	do {                                                                                       \
		struct notice n = sample("x");                                                     \
		change;                                                                            \
		refuse(&n, says);                                                                  \
	} while (0)

static void test_unfit(void **state)
{
	(void)state;
	char why[224];
	struct notice good = sample("x");

	assert_true(notice_fit(&good, why, sizeof(why)));
	CHANGED("name", n.name[0] = '\0');
	CHANGED("name", strcpy(n.name, "Masks"));
	CHANGED("order", n.order = NOTICE_ORDER_MAX + 1);
	CHANGED("calendar", n.from = 20260230);
	CHANGED("calendar", n.until = 20261301);
	CHANGED("before its first", n.until = 20261122);
	CHANGED("larger than 240 by 222", n.width = NOTICE_BESIDE_W + 1);
	CHANGED("larger than 240 by 222", n.height = NOTICE_H + 1);
	CHANGED("larger than", n.height = 0);
	CHANGED("no Chinese title", n.title[LANGUAGE_ZH][0] = '\0');
	CHANGED("no English title", n.title[LANGUAGE_EN][0] = '\0');
	CHANGED("one language only", n.text[LANGUAGE_EN][0] = '\0');
	CHANGED("control characters", n.title[LANGUAGE_ZH][0] = '\n');
	CHANGED("control characters", n.text[LANGUAGE_ZH][0] = '\t');
	CHANGED("control characters", n.text[LANGUAGE_EN][0] = '\xFF');
	CHANGED("control characters", strcpy(n.text[LANGUAGE_EN], "a\xC2\x85"));
	CHANGED("Chinese title is too long: it has room for 1 line of 12 Chinese",
		strcpy(n.title[LANGUAGE_ZH], "一二三四五六七八九十一二三"));
	CHANGED("English text is too long: it has room for 5 lines of 16 Chinese",
		strcpy(n.text[LANGUAGE_EN], "1\n2\n3\n4\n5\n6"));
}

/* What is alone: larger pictures, larger words. */
static void test_kinds(void **state)
{
	(void)state;
	char why[224];
	struct notice n = sample("x");

	assert_int_equal(notice_kind(&n), NOTICE_TEXT);
	assert_int_equal(notice_text_width(&n), NOTICE_W - NOTICE_BESIDE_W - NOTICE_GAP);
	n.text[LANGUAGE_ZH][0] = n.text[LANGUAGE_EN][0] = '\0';
	assert_int_equal(notice_kind(&n), NOTICE_POSTER);
	n.width = NOTICE_W;
	n.height = NOTICE_H;
	assert_true(notice_fit(&n, why, sizeof(why)));
	n.width++;
	refuse(&n, "larger than 684 by 222");
	n.width = n.height = 0;
	assert_int_equal(notice_kind(&n), NOTICE_SLOGAN);
	strcpy(n.title[LANGUAGE_ZH],
	       "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十");
	assert_true(notice_fit(&n, why, sizeof(why)));
	strcpy(n.title[LANGUAGE_EN], "Stay at home as long as you can, and when you go out wear a "
				     "mask and keep two metres");
	refuse(&n, "room for 3 lines");
}

static void test_lines(void **state)
{
	(void)state;
	assert_int_equal(notice_lines("", 26, 100), 0);
	assert_int_equal(notice_lines("一二三", 26, 78), 1);
	assert_int_equal(notice_lines("一二三", 26, 77), 2);
	assert_int_equal(notice_lines("一二三。", 26, 78), 2); /* no line begins with a full stop */
	assert_int_equal(notice_lines("a\n\nb", 26, 100), 3);
	assert_int_equal(notice_lines("two words", 26, 90), 2);
	assert_int_equal(notice_lines("mmmm", 26, 30), 4); /* ends all the same */
	assert_int_equal(notice_lines("\xFF", 26, 30), INT32_MAX);
}

static void test_turns(void **state)
{
	(void)state;
	struct notices list = two();
	struct notice_turn t[NOTICE_TURNS_MAX];

	list.items[1].from = list.items[1].until = 0;
	assert_int_equal(notices_turns(&list, 20261122, LANGUAGE_ZH, t), 1); /* not yet */
	assert_true(t[0].notice == 1 && t[0].language == LANGUAGE_ZH);
	assert_int_equal(notices_turns(&list, 20261123, LANGUAGE_ZH, t), 3);
	assert_true(t[0].notice == 0 && t[0].language == LANGUAGE_ZH);
	assert_true(t[1].notice == 0 && t[1].language == LANGUAGE_EN);
	assert_true(t[2].notice == 1 && t[2].language == LANGUAGE_ZH);
	assert_int_equal(notices_turns(&list, 20261130, LANGUAGE_EN, t), 3);
	assert_true(t[0].language == LANGUAGE_EN && t[1].language == LANGUAGE_ZH);
	assert_int_equal(notices_turns(&list, 20261201, LANGUAGE_ZH, t), 1); /* over */
	assert_int_equal(notices_turns(&list, 0, LANGUAGE_ZH, t), 1); /* nobody knows the day */
	list.items[1].until = 20261130;
	assert_int_equal(notices_turns(&list, 0, LANGUAGE_ZH, t), 0);
}

static void test_pack(void **state)
{
	(void)state;
	static const char *const BAD[] = {
		"GHN2\0\0", /* another magic */
		"GHN1\0\1", /* fewer than it says */
		"GHN1\0\101", /* more than there may be */
		"GHN1\0\1\0\0\0\0\0", /* a name of nothing */
		"GHN1\0\1\1A\0\0\0\0", /* a capital */
		"GHN1\0\1\1a\0\0\0\1", /* a size beyond the end */
		"GHN1\0\1\1a\377\377\377\377",
		"GHN1\0\2\1b\0\0\0\0\1a\0\0\0\0", /* out of order */
		"GHN1\0\2\1a\0\0\0\0\1a\0\0\0\0", /* twice */
	};
	static const size_t LEN[] = { 6, 6, 6, 11, 12, 12, 12, 18, 18 };
	struct pack pack;

	assert_true(pack_open(&pack, "GHN1", "GHN1\0\0", 6));
	assert_int_equal(pack.count, 0);
	assert_true(pack_open(&pack, "GHN1", "GHN1\0\2\1a\0\0\0\1x\1b\0\0\0\0", 19));
	assert_true(pack.count == 2 && pack.items[0].len == 1 && pack.items[1].len == 0);
	assert_non_null(pack_find(&pack, "b"));
	assert_null(pack_find(&pack, "c"));
	for (size_t i = 0; i < ARRAY_LEN(BAD); i++) {
		assert_false(pack_open(&pack, "GHN1", BAD[i], LEN[i]));
		assert_int_equal(pack.count, 0);
	}
}

static void test_compare(void **state)
{
	(void)state;
	struct pack before = { .count = 3,
			       .items = { { "a", (const uint8_t *)"1", 1 },
					  { "b", (const uint8_t *)"2", 1 },
					  { "c", (const uint8_t *)"3", 1 } } };
	struct pack after = { .count = 3,
			      .items = { { "b", (const uint8_t *)"2", 1 },
					 { "c", (const uint8_t *)"4", 1 },
					 { "d", (const uint8_t *)"", 0 } } };
	struct pack none = { .count = 0 };
	struct pack_change c = pack_compare(&before, &after);

	assert_true(c.added == 1 && c.changed == 1 && c.removed == 1);
	c = pack_compare(&none, &after);
	assert_true(c.added == 3 && c.changed == 0 && c.removed == 0);
	c = pack_compare(&before, &none);
	assert_true(c.added == 0 && c.changed == 0 && c.removed == 3);
}

/* Twelve of the largest fit into the part. */
static void test_most(void **state)
{
	(void)state;
	struct notices list = { .count = NOTICES_MAX }, back;
	size_t cap = PART[PART_NOTICES].max_bytes;
	uint8_t *bytes = malloc(cap);
	char why[224];

	assert_non_null(bytes);
	for (int i = 0; i < NOTICES_MAX; i++) {
		struct notice *n = &list.items[i];
		*n = sample("x");
		text_format(n->name, sizeof(n->name), "%030d%c", 0, 'a' + i);
		n->text[LANGUAGE_ZH][0] = n->text[LANGUAGE_EN][0] = '\0';
		n->width = NOTICE_W;
		n->height = NOTICE_H;
	}
	size_t len = notices_encode(&list, bytes, cap);
	assert_true(len > 0);
	assert_true(notices_decode(&back, bytes, len, why, sizeof(why)));
	assert_int_equal(back.count, NOTICES_MAX);
	bytes[5] = NOTICES_MAX + 1;
	assert_false(notices_decode(&back, bytes, len, why, sizeof(why)));
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back), cmocka_unit_test(test_every_length_and_bit),
		cmocka_unit_test(test_unfit),          cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_lines),          cmocka_unit_test(test_turns),
		cmocka_unit_test(test_pack),           cmocka_unit_test(test_compare),
		cmocka_unit_test(test_most),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
