/*
 * Every screen in both languages, as it ordinarily is and as bad as it can be: all texts fit their
 * boxes, nothing overlaps, everything can be touched and is named. Pictures of all of them are left
 * in <build>/screens for eyes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/text.h"
#include "core/notices.h"
#include "helper_views.h"
#include "ui/ui.h"
#include "ui/ui_private.h"

static const char *const LANGUAGES[LANGUAGE_COUNT_] = { "zh", "en" };
static const char *const VARIANTS[VARIANT_COUNT_] = { "plain", "full", "worst", "empty" };

static int open_ui(void **state)
{
	struct ui *ui = NULL;
	char message[256];
	struct ui_options options = { .headless = true };
	if (ui_open(&ui, &options, message, sizeof(message)) != UI_OK) {
		fprintf(stderr, "%s\n", message);
		return -1;
	}
	*state = ui;
	return 0;
}

static int close_ui(void **state)
{
	ui_close(*state);
	return 0;
}

/* Returns how many widgets are wrong, having said which. */
typedef int check_fn(struct ui *ui, const struct widget_list *list, const char *where);

static int each_view(struct ui *ui, check_fn *check)
{
	static struct widget_list list;
	int wrong = 0;
	for (int s = 0; s < SCREEN_COUNT_; s++)
		for (int l = 0; l < LANGUAGE_COUNT_; l++)
			for (int v = 0; v < VARIANT_COUNT_; v++) {
				struct view view;
				char where[96];
				make_view(&view, (enum screen)s, (enum language)l, (enum variant)v);
				widgets_build(&list, &view);
				text_format(where, sizeof(where), "%s %s %s",
					    view_screen_name((enum screen)s), LANGUAGES[l],
					    VARIANTS[v]);
				wrong += check(ui, &list, where);
			}
	return wrong;
}

static int complain(const char *fmt, ...) PRINTF_LIKE(1, 2);
static int complain(const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar(0x0A);
	return 1;
}

static int check_texts(struct ui *ui, const struct widget_list *list, const char *where)
{
	int wrong = 0;
	for (int i = 0; i < list->count; i++) {
		const struct widget *w = &list->items[i];
		if (!w->text.px || !w->label[0])
			continue;
		struct box box = widget_text_box(w);
		struct text_layout layout;
		fonts_layout(&ui->fonts, &layout, w->label, &w->text, box.w, box.h);
		bool fits = layout.width_px <= box.w && layout.height_px <= box.h + 2 &&
			    (!layout.clipped || w->may_clip);
		if (!fits)
			print_message("%s: %s \"%s\" does not fit %dx%d (%dx%d at %d px)\n", where,
				      w->id, w->label, box.w, box.h, layout.width_px,
				      layout.height_px, layout.px);
		wrong += !fits;
	}
	return wrong;
}

static void test_all_texts_fit(void **state)
{
	assert_int_equal(each_view(*state, check_texts), 0);
}

static bool is_within(const struct widget_list *list, int inner, int outer)
{
	for (int p = inner; p >= 0; p = list->items[p].parent)
		if (p == outer)
			return true;
	return false;
}

static bool overlap(struct box a, struct box b)
{
	return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

static int check_boxes(struct ui *ui, const struct widget_list *list, const char *where)
{
	int wrong = 0;
	(void)ui;
	for (int i = 0; i < list->count; i++) {
		const struct widget *w = &list->items[i];
		bool inside = w->box.x >= 0 && w->box.y >= 0 && w->box.x + w->box.w <= UI_WIDTH &&
			      w->box.y + w->box.h <= UI_HEIGHT;
		if (!inside)
			wrong += complain("%s: %s leaves the screen", where, w->id);
		for (int j = i + 1; j < list->count; j++)
			if (overlap(w->box, list->items[j].box) && !is_within(list, j, i))
				wrong += complain("%s: %s and %s overlap", where, w->id,
						  list->items[j].id);
	}
	return wrong;
}

static void test_nothing_overlaps(void **state)
{
	assert_int_equal(each_view(*state, check_boxes), 0);
}

static int check_targets(struct ui *ui, const struct widget_list *list, const char *where)
{
	int wrong = 0;
	(void)ui;
	for (int i = 0; i < list->count; i++) {
		const struct widget *w = &list->items[i];
		int least = w->role == WIDGET_KEY ? 72 : 64;
		if (w->event.action != ACTION_NONE && (w->box.w < least || w->box.h < least))
			wrong += complain("%s: %s is too small to touch: %dx%d", where, w->id,
					  w->box.w, w->box.h);
		if (w->event.action != ACTION_NONE && !w->label[0])
			wrong += complain("%s: %s has no label", where, w->id);
	}
	return wrong;
}

static void test_touch_targets(void **state)
{
	assert_int_equal(each_view(*state, check_targets), 0);
}

static int check_ids(struct ui *ui, const struct widget_list *list, const char *where)
{
	int wrong = 0;
	(void)ui;
	for (int i = 0; i < list->count; i++)
		for (int j = i + 1; j < list->count; j++)
			if (strcmp(list->items[i].id, list->items[j].id) == 0)
				wrong += complain("%s: two widgets are called %s", where,
						  list->items[i].id);
	return wrong;
}

static void test_ids_are_unique(void **state)
{
	assert_int_equal(each_view(*state, check_ids), 0);
}

/* Visitors read at arm's length, many of them old. */
static int check_sizes(struct ui *ui, const struct widget_list *list, const char *where)
{
	int wrong = 0;
	bool guards = strncmp(where, "visit ", 6) == 0;
	for (int i = 0; i < list->count; i++) {
		const struct widget *w = &list->items[i];
		struct text_layout layout;
		struct box box = widget_text_box(w);
		bool chrome = w->box.y < 124;
		if (!w->text.px || !w->label[0] || guards || chrome || w->may_clip)
			continue;
		fonts_layout(&ui->fonts, &layout, w->label, &w->text, box.w, box.h);
		if (layout.px < 20 || (strcmp(w->id, "title") == 0 && layout.px < 44))
			wrong += complain("%s: %s shrinks to %d px", where, w->id, layout.px);
	}
	return wrong;
}

static void test_texts_are_large(void **state)
{
	assert_int_equal(each_view(*state, check_sizes), 0);
}

/* Dead ends: every screen but those the machine itself leaves offers something to touch. */
static int check_way_out(struct ui *ui, const struct widget_list *list, const char *where)
{
	int wrong = 0;
	(void)ui;
	if (strncmp(where, "saving", 6) == 0 || strncmp(where, "emergency", 9) == 0 ||
	    strncmp(where, "fault", 5) == 0)
		return 0;
	int live = 0;
	for (int i = 0; i < list->count; i++)
		live += widget_is_live(&list->items[i]);
	if (!live)
		wrong += complain("%s: nothing can be touched", where);
	return wrong;
}

static void test_no_dead_ends(void **state)
{
	assert_int_equal(each_view(*state, check_way_out), 0);
}

static void test_pictures(void **state)
{
	struct ui *ui = *state;
	static uint8_t luma[480 * 270];
	make_preview(luma);
	mkdir(TEST_BINARY_DIR "/screens", 0777);
	for (int s = 0; s < SCREEN_COUNT_; s++)
		for (int l = 0; l < LANGUAGE_COUNT_; l++)
			for (int v = 0; v < VARIANT_COUNT_; v++) {
				struct view view;
				char path[512];
				make_view(&view, (enum screen)s, (enum language)l, (enum variant)v);
				ui_invalidate(ui);
				assert_true(ui_draw(ui, &view, v == VARIANT_EMPTY ? NULL : luma));
				text_format(path, sizeof(path), "%s/screens/%s-%s-%s.png",
					    TEST_BINARY_DIR, view_screen_name((enum screen)s),
					    LANGUAGES[l], VARIANTS[v]);
				assert_int_equal(ui_shot(ui, path), 0);
			}
}

static uint32_t next_random(uint32_t *seed)
{
	return *seed = *seed * 1664525U + 1013904223U;
}

/* Words, marks, numbers and Chinese as they come. */
static void random_text(uint32_t *seed, char *text, size_t cap)
{
	static const char *const PIECES[] = {
		"W",          "m",      "il",     "Open",   " ",         " ",
		"8:00-18:00", "\u3002", "\uFF0C", "\u53E3", "\u7F69",    "\u5C0F\u533A",
		"(",          ")",      "\u201C", "\u201D", "\n",        "-",
		"@",          "\u2014", "\u2026", "\u00B7", "0513-5550", "AVAVA",
		"fi",         "\u00E9",
	};
	text[0] = '\0';
	for (uint32_t n = next_random(seed) % 60; n > 0; n--) {
		const char *piece = PIECES[(next_random(seed) >> 16) % ARRAY_LEN(PIECES)];
		if (strlen(text) + strlen(piece) + 1 < cap)
			strcat(text, piece);
	}
}

/* What the office's program finds short enough, which has no font, is short enough with the font:
 * at the size it was measured for, not only smaller. */
static void test_notices_are_never_cut(void **state)
{
	struct ui *ui = *state;
	static const struct {
		int px, lines, w, h;
		bool bold;
	} PLACES[] = {
		{ NOTICE_TITLE_PX, 1, NOTICE_W, NOTICE_TITLE_H, true },
		{ NOTICE_TEXT_PX, NOTICE_TEXT_LINES, NOTICE_W, NOTICE_H - NOTICE_TITLE_H, false },
		{ NOTICE_TEXT_PX, NOTICE_TEXT_LINES, NOTICE_W - NOTICE_BESIDE_W - NOTICE_GAP,
		  NOTICE_H - NOTICE_TITLE_H, false },
		{ NOTICE_SLOGAN_PX, NOTICE_SLOGAN_LINES, NOTICE_W, NOTICE_H, true },
	};
	uint32_t seed = 1;
	int fitted[ARRAY_LEN(PLACES)] = { 0 };

	for (int i = 0; i < 4000; i++) {
		size_t p = (size_t)i % ARRAY_LEN(PLACES);
		char text[NOTICE_TEXT_BYTES];
		struct text_layout layout;
		random_text(&seed, text, sizeof(text));
		if (notice_lines(text, PLACES[p].px, PLACES[p].w) > PLACES[p].lines)
			continue;
		struct text_style style = { .px = PLACES[p].px,
					    .min_px = PLACES[p].px,
					    .bold = PLACES[p].bold,
					    .one_line = PLACES[p].lines == 1 };
		fonts_layout(&ui->fonts, &layout, text, &style, PLACES[p].w, PLACES[p].h);
		if (layout.clipped || layout.width_px > PLACES[p].w)
			fail_msg("\"%s\" is cut at %d px in %d: %d lines, %d px", text,
				 PLACES[p].px, PLACES[p].w, layout.count, layout.width_px);
		fitted[p]++;
	}
	for (size_t p = 0; p < ARRAY_LEN(PLACES); p++)
		assert_true(fitted[p] > 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pictures),
		cmocka_unit_test(test_all_texts_fit),
		cmocka_unit_test(test_nothing_overlaps),
		cmocka_unit_test(test_touch_targets),
		cmocka_unit_test(test_ids_are_unique),
		cmocka_unit_test(test_texts_are_large),
		cmocka_unit_test(test_no_dead_ends),
		cmocka_unit_test(test_notices_are_never_cut),
	};
	return cmocka_run_group_tests_name("screens", tests, open_ui, close_ui);
}
