/*
 * The life of the screen: drawn when something changed and only then, touched by mouse, finger and
 * keyboard, read out as a tree.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <SDL.h>
#include <SDL_ttf.h>
#include <cmocka.h>

#include "base/fileio.h"
#include "base/text.h"
#include "helper_views.h"
#include "ui/ui.h"
#include "ui/ui_private.h"

static int open_ui(void **state)
{
	struct ui *ui = NULL;
	char message[256];
	struct ui_options options = { .headless = true };
	if (ui_open(&ui, &options, message, sizeof(message)) != UI_OK)
		return -1;
	*state = ui;
	return 0;
}

static int close_ui(void **state)
{
	ui_close(*state);
	return 0;
}

static void show(struct ui *ui, enum screen screen, enum variant variant)
{
	struct view view;
	make_view(&view, screen, LANGUAGE_EN, variant);
	ui_draw(ui, &view, NULL);
	SDL_FlushEvents(SDL_FIRSTEVENT, SDL_LASTEVENT);
}

static void mouse(uint32_t type, int x, int y)
{
	SDL_Event e = { 0 };
	e.type = type;
	e.button.button = SDL_BUTTON_LEFT;
	e.button.x = x;
	e.button.y = y;
	SDL_PushEvent(&e);
}

static void finger(uint32_t type, int x, int y, SDL_FingerID id)
{
	SDL_Event e = { 0 };
	e.type = type;
	e.tfinger.fingerId = id;
	e.tfinger.x = ((float)x + 0.5f) / UI_WIDTH;
	e.tfinger.y = ((float)y + 0.5f) / UI_HEIGHT;
	SDL_PushEvent(&e);
}

static void key(SDL_Keycode code)
{
	SDL_Event e = { 0 };
	e.type = SDL_KEYDOWN;
	e.key.keysym.sym = code;
	SDL_PushEvent(&e);
}

static void typed(const char *text)
{
	SDL_Event e = { 0 };
	e.type = SDL_TEXTINPUT;
	text_copy(e.text.text, sizeof(e.text.text), text);
	SDL_PushEvent(&e);
}

static struct box box_of(struct ui *ui, const char *id)
{
	const struct widget *w = widgets_by_id(&ui->widgets, id);
	assert_non_null(w);
	return w->box;
}

/* The one action that comes of what was pushed; ACTION_NONE for none. */
static struct action_event take(struct ui *ui)
{
	struct action_event event = { ACTION_NONE, 0 }, more;
	bool touched = false, quit = false;
	if (!ui_poll(ui, &event, &touched, &quit))
		return (struct action_event){ ACTION_NONE, 0 };
	assert_false(ui_poll(ui, &more, &touched, &quit));
	assert_true(touched);
	assert_false(quit);
	return event;
}

static void test_draws_only_changes(void **state)
{
	struct ui *ui = *state;
	struct view view;
	make_view(&view, SCREEN_BOARD, LANGUAGE_ZH, VARIANT_PLAIN);
	uint64_t before = ui_frames(ui);
	assert_true(ui_draw(ui, &view, NULL));
	assert_false(ui_draw(ui, &view, NULL));
	assert_false(ui_draw(ui, &view, NULL));
	assert_int_equal(ui_frames(ui), before + 1);
	view.minute++;
	assert_true(ui_draw(ui, &view, NULL));
	assert_false(ui_draw(ui, &view, NULL));
	ui_invalidate(ui);
	assert_true(ui_draw(ui, &view, NULL));
	assert_int_equal(ui_frames(ui), before + 3);
}

static void test_tap_by_coordinates(void **state)
{
	struct ui *ui = *state;
	show(ui, SCREEN_BOARD, VARIANT_PLAIN);
	struct box b = box_of(ui, "start");
	mouse(SDL_MOUSEBUTTONDOWN, b.x + 5, b.y + 5);
	mouse(SDL_MOUSEBUTTONUP, b.x + b.w - 5, b.y + b.h - 5);
	assert_int_equal(take(ui).action, ACTION_START);

	show(ui, SCREEN_CLASS, VARIANT_PLAIN);
	b = box_of(ui, "class-courier");
	finger(SDL_FINGERDOWN, b.x + b.w / 2, b.y + b.h / 2, 7);
	finger(SDL_FINGERUP, b.x + b.w / 2, b.y + b.h / 2, 7);
	struct action_event event = take(ui);
	assert_int_equal(event.action, ACTION_CLASS);
	assert_int_equal(event.arg, CLASS_COURIER);
}

static void test_slip_is_taken_back(void **state)
{
	struct ui *ui = *state;
	show(ui, SCREEN_VISIT, VARIANT_FULL);
	struct box admit = box_of(ui, "admit"), refuse = box_of(ui, "refuse");
	mouse(SDL_MOUSEBUTTONDOWN, refuse.x + 9, refuse.y + 9);
	mouse(SDL_MOUSEBUTTONUP, admit.x + 9, admit.y + 9);
	assert_int_equal(take(ui).action, ACTION_NONE);
	/* a second finger does not let go what the first one holds */
	finger(SDL_FINGERDOWN, refuse.x + 9, refuse.y + 9, 1);
	finger(SDL_FINGERUP, refuse.x + 9, refuse.y + 9, 2);
	assert_int_equal(take(ui).action, ACTION_NONE);
	finger(SDL_FINGERUP, refuse.x + 9, refuse.y + 9, 1);
	assert_int_equal(take(ui).action, ACTION_REFUSE);
}

/* Pressed on one screen, let go on the next, where another button stands at the same place. */
static void test_press_does_not_cross_screens(void **state)
{
	struct ui *ui = *state;
	show(ui, SCREEN_NAME, VARIANT_PLAIN);
	struct box next = box_of(ui, "next");
	mouse(SDL_MOUSEBUTTONDOWN, next.x + 9, next.y + 9);
	assert_int_equal(take(ui).action, ACTION_NONE);
	show(ui, SCREEN_PHONE, VARIANT_PLAIN);
	mouse(SDL_MOUSEBUTTONUP, next.x + 9, next.y + 9);
	assert_int_equal(take(ui).action, ACTION_NONE);
}

static void test_disabled_does_nothing(void **state)
{
	struct ui *ui = *state;
	struct action_event event;
	show(ui, SCREEN_VISIT, VARIANT_PLAIN);
	struct box admit = box_of(ui, "admit");
	mouse(SDL_MOUSEBUTTONDOWN, admit.x + 9, admit.y + 9);
	mouse(SDL_MOUSEBUTTONUP, admit.x + 9, admit.y + 9);
	key(SDLK_RETURN);
	assert_int_equal(take(ui).action, ACTION_NONE);
	assert_false(ui_find(ui, "admit", false, &event));
	assert_true(ui_find(ui, "refuse", false, &event));
	assert_int_equal(event.action, ACTION_REFUSE);
}

static void test_pressing_shows(void **state)
{
	struct ui *ui = *state;
	struct view view;
	make_view(&view, SCREEN_BOARD, LANGUAGE_EN, VARIANT_PLAIN);
	ui_draw(ui, &view, NULL);
	struct box b = box_of(ui, "start");
	mouse(SDL_MOUSEBUTTONDOWN, b.x + 5, b.y + 5);
	assert_int_equal(take(ui).action, ACTION_NONE);
	assert_true(ui_draw(ui, &view, NULL));
	assert_false(ui_draw(ui, &view, NULL));
	mouse(SDL_MOUSEBUTTONUP, 1, 1);
	assert_int_equal(take(ui).action, ACTION_NONE);
	assert_true(ui_draw(ui, &view, NULL));
}

static void test_real_keyboard(void **state)
{
	struct ui *ui = *state;
	struct action_event event;
	bool touched = false, quit = false;
	show(ui, SCREEN_NAME, VARIANT_PLAIN);
	typed("张a");
	assert_true(ui_poll(ui, &event, &touched, &quit));
	assert_int_equal(event.action, ACTION_KEY);
	assert_int_equal(event.arg, 0x5F20);
	assert_true(ui_poll(ui, &event, &touched, &quit));
	assert_int_equal(event.arg, 'a');
	assert_false(ui_poll(ui, &event, &touched, &quit));
	key(SDLK_RETURN);
	assert_int_equal(take(ui).action, ACTION_NEXT);
	key(SDLK_BACKSPACE);
	assert_int_equal(take(ui).action, ACTION_BACKSPACE);
	key(SDLK_ESCAPE);
	assert_int_equal(take(ui).action, ACTION_BACK);

	show(ui, SCREEN_PHONE, VARIANT_PLAIN);
	typed("x");
	assert_int_equal(take(ui).action, ACTION_NONE);
	typed("7");
	assert_int_equal(take(ui).arg, '7');
	show(ui, SCREEN_BOARD, VARIANT_PLAIN);
	typed("7");
	assert_int_equal(take(ui).action, ACTION_NONE);
}

static void test_closing_the_window(void **state)
{
	struct ui *ui = *state;
	struct action_event event;
	bool touched = false, quit = false;
	SDL_Event e = { .type = SDL_QUIT };
	SDL_PushEvent(&e);
	assert_false(ui_poll(ui, &event, &touched, &quit));
	assert_true(quit);
	assert_false(touched);
}

static int32_t key_arg(struct ui *ui, const char *id)
{
	struct action_event event;
	assert_true(ui_find(ui, id, false, &event));
	assert_int_equal(event.action, ACTION_KEY);
	return event.arg;
}

static void test_soft_keys(void **state)
{
	struct ui *ui = *state;
	show(ui, SCREEN_NAME, VARIANT_EMPTY);
	assert_int_equal(key_arg(ui, "key-z"), 'Z'); /* a word begins */
	show(ui, SCREEN_NAME, VARIANT_PLAIN);
	assert_int_equal(key_arg(ui, "key-z"), 'z'); /* after "Zhang Wei" */
	assert_int_equal(key_arg(ui, "key-0"), '0');
	assert_int_equal(key_arg(ui, "key-space"), ' ');
	assert_int_equal(key_arg(ui, "key-dash"), '-');
	assert_int_equal(key_arg(ui, "key-apostrophe"), '\'');
	assert_int_equal(key_arg(ui, "key-dot"), 0xB7);
	show(ui, SCREEN_DOCUMENT, VARIANT_PLAIN);
	assert_int_equal(key_arg(ui, "key-x"), 'X');
	show(ui, SCREEN_CLINICAL, VARIANT_PLAIN);
	assert_int_equal(key_arg(ui, "key-point"), '.');
	show(ui, SCREEN_PHONE, VARIANT_PLAIN);
	struct action_event event;
	assert_false(ui_find(ui, "key-point", false, &event));
	assert_int_equal(key_arg(ui, "key-9"), '9');
}

static void test_find_by_label(void **state)
{
	struct ui *ui = *state;
	struct action_event event;
	show(ui, SCREEN_TRAVEL, VARIANT_PLAIN);
	assert_true(ui_find(ui, "No, I was not", true, &event));
	assert_int_equal(event.action, ACTION_ANSWER);
	assert_int_equal(event.arg, 0);
	assert_true(ui_find(ui, "yes", false, &event));
	assert_int_equal(event.arg, 1);
	assert_false(ui_find(ui, "question", false, &event));
}

static void test_tree(void **state)
{
	struct ui *ui = *state;
	char tree[16384], small[40];
	show(ui, SCREEN_VISIT, VARIANT_PLAIN);
	size_t len = ui_tree(ui, tree, sizeof(tree));
	assert_int_equal(len, strlen(tree));
	assert_non_null(strstr(tree, "title label \"No. 12\" "));
	assert_non_null(strstr(tree, "attest-mask-good toggle \"Worn\" "));
	assert_non_null(strstr(tree, "admit button \"Admit\" 930,704,318,76 disabled\n"));
	assert_non_null(strstr(tree, "refuse button \"Refuse\" 648,704,270,76 enabled\n"));
	const char *document = strstr(tree, "attest-document-good");
	assert_non_null(document);
	assert_true(strstr(document, "enabled,selected") < strchr(document, '\n'));
	len = ui_tree(ui, small, sizeof(small));
	assert_int_equal(len, sizeof(small) - 1);
	assert_memory_equal(small, tree, len);
	show(ui, SCREEN_QUEUE, VARIANT_PLAIN);
	ui_tree(ui, tree, sizeof(tree));
	assert_non_null(strstr(tree, "row-1 list-row \"13, "));
}

static void test_shot_is_a_png(void **state)
{
	char *data = NULL;
	size_t len = 0;
	show(*state, SCREEN_BOARD, VARIANT_PLAIN);
	assert_int_equal(ui_shot(*state, TEST_BINARY_DIR "/shot.png"), 0);
	assert_int_equal(file_read(TEST_BINARY_DIR "/shot.png", 1 << 24, &data, &len), 0);
	assert_memory_equal(data, "\x89PNG\r\n\x1a\n", 8);
	free(data);
	assert_true(ui_shot(*state, "/nonexistent/shot.png") < 0);
}

static bool holds_text(const struct text_cache *cache)
{
	for (int i = 0; i < TEXT_CACHE_ENTRIES; i++)
		if (cache->entries[i].texture)
			return true;
	return false;
}

static void test_nothing_stays_behind(void **state)
{
	struct ui *ui = *state;
	show(ui, SCREEN_REVIEW, VARIANT_PLAIN);
	assert_true(holds_text(&ui->canvas.texts));
	text_cache_clear(&ui->canvas.texts);
	assert_false(holds_text(&ui->canvas.texts));
	show(ui, SCREEN_REVIEW, VARIANT_WORST);
	show(ui, SCREEN_BOARD, VARIANT_PLAIN);
	for (int i = 0; i < TEXT_CACHE_ENTRIES; i++)
		if (ui->canvas.texts.entries[i].key)
			assert_true(ui->canvas.texts.entries[i].used >
				    ui->canvas.texts.clock - (uint64_t)ui->widgets.count * 3);
}

static void test_fonts_by_family(void **state)
{
	(void)state;
	const char *const none[] = { NULL, "/nonexistent", TEST_SOURCE_DIR };
	const char *const good[] = { "/nonexistent", "/usr/share/fonts/opentype/noto" };
	struct fonts fonts;
	assert_false(fonts_init(&fonts, none, ARRAY_LEN(none)));
	fonts_fini(&fonts);
	assert_true(fonts_init(&fonts, good, ARRAY_LEN(good)));
	assert_string_equal(TTF_FontFaceFamilyName(fonts.face[0]), "Noto Sans CJK SC");
	assert_string_equal(TTF_FontFaceFamilyName(fonts.face[1]), "Noto Sans CJK SC");
	fonts_fini(&fonts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_draws_only_changes),
		cmocka_unit_test(test_tap_by_coordinates),
		cmocka_unit_test(test_slip_is_taken_back),
		cmocka_unit_test(test_press_does_not_cross_screens),
		cmocka_unit_test(test_disabled_does_nothing),
		cmocka_unit_test(test_pressing_shows),
		cmocka_unit_test(test_real_keyboard),
		cmocka_unit_test(test_closing_the_window),
		cmocka_unit_test(test_soft_keys),
		cmocka_unit_test(test_find_by_label),
		cmocka_unit_test(test_tree),
		cmocka_unit_test(test_shot_is_a_png),
		cmocka_unit_test(test_nothing_stays_behind),
		cmocka_unit_test(test_fonts_by_family),
	};
	return cmocka_run_group_tests_name("ui", tests, open_ui, close_ui);
}
