/* Contrast of everything that can be worn, and where lines break. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/line_break.h"
#include "ui/palette.h"

static const char *const LOOKS[LOOK_COUNT_] = {
	"text",  "card", "strip", "primary", "secondary", "quiet", "danger", "key",    "choice",
	"field", "chip", "solid", "preview", "progress",  "steps", "dots",   "notice",
};

static int check_pair(enum theme theme, enum look look, enum tone tone, enum hue ink, enum hue fill)
{
	double ratio = palette_contrast(palette_get(theme, ink), palette_get(theme, fill));
	if (ratio < 4.5)
		print_message("theme %d look %s tone %d: ink %d on %d has only %.2f\n", theme,
			      LOOKS[look], tone, ink, fill, ratio);
	return ratio < 4.5;
}

static int check_paint(enum theme theme, enum look look, enum tone tone, int flags)
{
	struct paint p = paint_of(look, tone, flags & 1, flags & 2, flags & 4);
	if (p.filled)
		return check_pair(theme, look, tone, p.ink, p.fill);
	if (tone == TONE_ALARM)
		return check_pair(theme, look, tone, p.ink, HUE_ALARM);
	return check_pair(theme, look, tone, p.ink, HUE_GROUND) +
	       check_pair(theme, look, tone, p.ink, HUE_SURFACE);
}

static void test_contrast(void **state)
{
	(void)state;
	int wrong = 0;
	for (int theme = 0; theme < THEME_COUNT_; theme++)
		for (int look = 0; look < LOOK_COUNT_; look++)
			for (int tone = 0; tone < TONE_COUNT_; tone++)
				for (int flags = 0; flags < 8; flags++) {
					if (look == LOOK_CARD && tone == TONE_ALARM)
						continue; /* alarms have no cards */
					wrong += check_paint((enum theme)theme, (enum look)look,
							     (enum tone)tone, flags);
				}
	assert_int_equal(wrong, 0);
}

static void test_contrast_formula(void **state)
{
	(void)state;
	struct rgb black = { 0, 0, 0 }, white = { 255, 255, 255 }, grey = { 118, 118, 118 };
	assert_true(palette_contrast(black, white) > 20.99);
	assert_true(palette_contrast(white, white) < 1.01);
	/* #767676 on white is the well-known 4.54 */
	double ratio = palette_contrast(grey, white);
	assert_true(ratio > 4.53 && ratio < 4.55);
}

static void test_night(void **state)
{
	(void)state;
	assert_int_equal(theme_at(6), THEME_NIGHT);
	assert_int_equal(theme_at(7), THEME_DAY);
	assert_int_equal(theme_at(18), THEME_DAY);
	assert_int_equal(theme_at(19), THEME_NIGHT);
	assert_int_equal(theme_at(0), THEME_NIGHT);
}

static size_t break_at(const char *text, size_t fits)
{
	return line_break_before(text, strlen(text), fits);
}

static void test_line_breaks(void **state)
{
	(void)state;
	/* three bytes a Chinese character; no line begins with a comma */
	assert_int_equal(break_at("请戴好口罩", 9), 9);
	assert_int_equal(break_at("请戴好\uFF0C口罩", 9), 6);
	/* and none ends with an opening mark */
	assert_int_equal(break_at("请点\u201C返回\u201D", 9), 6);
	/* words and numbers stay whole */
	assert_int_equal(break_at("show the code", 10), 9);
	assert_int_equal(break_at("房号 3-2-501", 10), 7);
	assert_int_equal(break_at("依据3\u00B7二\u00B71", 9), 6);
	/* nothing to break: cut where it must be */
	assert_int_equal(break_at("WWWWWWWW", 5), 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_contrast),
		cmocka_unit_test(test_contrast_formula),
		cmocka_unit_test(test_night),
		cmocka_unit_test(test_line_breaks),
	};
	return cmocka_run_group_tests_name("design", tests, NULL, NULL);
}
