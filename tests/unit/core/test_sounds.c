/* Sounds of the office: one form for one content, everything bounded, and when a broadcast is due.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/civil.h"
#include "base/text.h"
#include "core/part.h"
#include "core/sounds.h"

static const uint8_t SAMPLES[SOUND_RATE_HZ * 2 * (SOUND_BROADCAST_MAX_S + 1)] = { 1, 2, 3 };

static void fill(struct sound *s, const char *name, bool broadcast)
{
	memset(s, 0, sizeof(*s));
	assert_true(sound_call(s, name));
	s->samples = SAMPLES;
	s->len_bytes = 20;
	if (broadcast) {
		s->from = 20261123;
		s->until = 20261124;
		s->time_count = 2;
		s->times_min[0] = 540;
		s->times_min[1] = 1320;
	}
}

static void two(struct sounds *list)
{
	list->count = 2;
	fill(&list->items[0], "zh/welcome", false);
	fill(&list->items[1], "en/test-today", true);
}

static void test_there_and_back(void **state)
{
	(void)state;
	static struct sounds list, back;
	uint8_t bytes[512], again[512];
	char why[224];

	two(&list);
	size_t len = sounds_encode(&list, bytes, sizeof(bytes));
	assert_true(len > 0);
	assert_true(sounds_decode(&back, bytes, len, why, sizeof(why)));
	assert_int_equal(back.count, 2);
	assert_string_equal(back.items[0].clip, "test-today");
	assert_int_equal(back.items[0].language, LANGUAGE_EN);
	assert_true(back.items[0].time_count == 2 && back.items[0].times_min[1] == 1320);
	assert_string_equal(back.items[1].clip, "welcome");
	assert_true(back.items[1].len_bytes == 20 && back.items[1].samples[2] == 3);
	assert_int_equal(sounds_encode(&back, again, sizeof(again)), len);
	assert_memory_equal(again, bytes, len);
	for (size_t n = 0; n < len; n++) {
		assert_int_equal(sounds_encode(&list, again, n), 0);
		if (sounds_decode(&back, bytes, n, why, sizeof(why)))
			fail();
	}
	for (size_t bit = 0; bit < len * 8; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
		if (sounds_decode(&back, bytes, len, why, sizeof(why))) {
			assert_int_equal(sounds_encode(&back, again, sizeof(again)), len);
			assert_memory_equal(again, bytes, len);
		}
		bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
	list.items[1] = list.items[0];
	assert_int_equal(sounds_encode(&list, bytes, sizeof(bytes)), 0); /* two of one name */
}

#define REFUSED(says, broadcast, change)                                                           \
	do {                                                                                       \
		struct sound s;                                                                    \
		char why[224];                                                                     \
		fill(&s, broadcast ? "zh/test-today" : "zh/reason-key-area", broadcast);           \
		assert_true(sound_fit(&s, why, sizeof(why)));                                      \
		change;                                                                            \
		assert_false(sound_fit(&s, why, sizeof(why)));                                     \
		if (!strstr(why, says))                                                            \
			fail_msg("\"%s\" does not say \"%s\"", why, says);                         \
	} while (0)

static void test_unfit(void **state)
{
	(void)state;
	REFUSED("its name", true, strcpy(s.name, "welcome"));
	REFUSED("its name", true, strcpy(s.name, "de/welcome"));
	REFUSED("its name", true, strcpy(s.name, "zh/a/b"));
	REFUSED("its name", true, strcpy(s.name, "zh/"));
	REFUSED("is an announcement", true, strcpy(s.name, "zh/goodbye"));
	REFUSED("no announcement is called", false, strcpy(s.name, "zh/hello"));
	REFUSED("no announcement is called", false, strcpy(s.name, "zh/reason-hello"));
	REFUSED("times of the day", true, s.times_min[1] = 540);
	REFUSED("times of the day", true, s.times_min[1] = 1440);
	REFUSED("times of the day", true, s.time_count = SOUND_TIMES_MAX + 1);
	REFUSED("calendar", true, s.from = 20261131);
	REFUSED("calendar", true, s.until = 20261122);
	REFUSED("has no days", false, s.from = 20261123);
	REFUSED("longer than 10 seconds", false, s.len_bytes = SOUND_RATE_HZ * 2 * 10 + 2);
	REFUSED("longer than 40 seconds", true, s.len_bytes = sizeof(SAMPLES));
	REFUSED("empty", true, s.len_bytes = 0);
	REFUSED("empty", true, s.len_bytes = 3);
}

static int64_t at(int32_t day, int32_t hour, int32_t minute)
{
	struct civil c = { .year = 2026, .month = 11, .day = day, .hour = hour, .minute = minute };

	return civil_to_ms(&c, 480);
}

static int64_t due(const struct sound *s, int64_t wall_ms)
{
	static const struct quiet QUIET = { 1260, 420 };
	struct moment now = { wall_ms, 480, true };

	return sound_due_ms(s, &QUIET, &now);
}

static void test_due(void **state)
{
	(void)state;
	struct sound s;
	struct quiet none = { 0, 0 }, noon = { 720, 780 };

	fill(&s, "zh/test-today", true); /* 09:00 and 22:00 of the 23rd and 24th */
	assert_int_equal(due(&s, at(23, 9, 0) - 1), 0);
	assert_int_equal(due(&s, at(23, 9, 0)), at(23, 9, 0));
	assert_int_equal(due(&s, at(23, 9, 10) - 1), at(23, 9, 0));
	assert_int_equal(due(&s, at(23, 9, 10)), 0); /* too late */
	assert_int_equal(due(&s, at(23, 22, 1)), 0); /* quiet */
	assert_int_equal(due(&s, at(22, 9, 1)), 0); /* not yet */
	assert_int_equal(due(&s, at(25, 9, 1)), 0); /* over */
	struct moment now = { at(23, 22, 1), 480, true };
	assert_int_equal(sound_due_ms(&s, &none, &now), at(23, 22, 0));
	assert_int_equal(sound_due_ms(&s, &noon, &now), at(23, 22, 0));
	now.clock_trusted = false;
	assert_int_equal(sound_due_ms(&s, &none, &now), 0);
	now = (struct moment){ at(25, 0, 5), 480, true };
	s.times_min[1] = 1438; /* 23:58 of the last day, still to be played after midnight */
	assert_int_equal(sound_due_ms(&s, &none, &now), at(24, 23, 58));
	s.times_min[0] = 725;
	now.wall_ms = at(23, 12, 6);
	assert_int_equal(sound_due_ms(&s, &noon, &now), 0);
	fill(&s, "zh/welcome", false);
	assert_int_equal(sound_due_ms(&s, &none, &now), 0); /* an announcement never */
}

/* What is too many or too large for the part is refused, and what is just not is taken. */
static void test_most(void **state)
{
	(void)state;
	static struct sounds list, back;
	size_t cap = PART[PART_SOUNDS].max_bytes;
	uint8_t *bytes = malloc(cap);
	char why[224], name[PACK_NAME_BYTES];

	assert_non_null(bytes);
	list.count = SOUNDS_MAX;
	for (int i = 0; i < SOUNDS_MAX; i++) {
		text_format(name, sizeof(name), "zh/broadcast-%d", i);
		fill(&list.items[i], name, true);
		list.items[i].len_bytes = SOUND_RATE_HZ * 2;
	}
	size_t len = sounds_encode(&list, bytes, cap);
	assert_true(len > 0);
	assert_true(sounds_decode(&back, bytes, len, why, sizeof(why)));
	assert_int_equal(back.count, SOUNDS_MAX);
	assert_int_equal(sound_duration_ms(&back.items[0]), 1000);
	for (int i = 0; i < SOUNDS_MAX; i++)
		list.items[i].len_bytes = SOUND_RATE_HZ * 2 * 3;
	assert_int_equal(sounds_encode(&list, bytes, cap), 0);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_unfit),
		cmocka_unit_test(test_due),
		cmocka_unit_test(test_most),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
