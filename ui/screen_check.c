/* The full check of the register: how far it is, or what came of it, in a sentence. */
#include "base/civil.h"
#include "base/text.h"
#include "ui/build.h"

static enum tone tone_of(enum checked_state state)
{
	switch (state) {
	case CHECKED_GOOD:
		return TONE_GOOD;
	case CHECKED_WRONG:
		return TONE_BAD;
	case CHECKED_BROKEN_OFF:
		return TONE_WARN;
	case CHECKED_NEVER:
	case CHECKED_RUNNING:
	case CHECKED_STOPPED:
		break;
	}
	return TONE_SOFT;
}

static void wrong_text(const struct build *b, char *out, size_t cap)
{
	const struct checked *c = &b->view->checked;
	char key[24] = "", blamed[24];
	bool alone = c->blamed == 0 || c->part == REGISTER_PART_EVENT;

	if (c->key)
		text_format(key, sizeof(key), "%lld", (long long)c->key);
	text_format(blamed, sizeof(blamed), "%lld", (long long)c->blamed);
	string_fill(out, cap, tr(b, alone ? STR_CHECK_WRONG_ALONE : STR_CHECK_WRONG),
		    string_register_part(b->view->language, c->part), key, blamed, NULL);
}

static void result_text(const struct build *b, char *out, size_t cap)
{
	const struct checked *c = &b->view->checked;
	char number[24];

	switch (c->state) {
	case CHECKED_NEVER:
		text_copy(out, cap, tr(b, STR_CHECK_NEVER));
		break;
	case CHECKED_RUNNING:
		text_format(number, sizeof(number), "%d", c->permille / 10);
		string_fill(out, cap, tr(b, STR_CHECK_RUNNING), number, NULL);
		break;
	case CHECKED_GOOD:
		text_format(number, sizeof(number), "%lld", (long long)c->seq);
		string_fill(out, cap, tr(b, STR_CHECK_GOOD), number, c->head, NULL);
		break;
	case CHECKED_WRONG:
		wrong_text(b, out, cap);
		break;
	case CHECKED_BROKEN_OFF:
		text_copy(out, cap, tr(b, STR_CHECK_BROKEN_OFF));
		break;
	case CHECKED_STOPPED:
		text_copy(out, cap, tr(b, STR_CHECK_STOPPED));
		break;
	}
}

void build_check(struct build *b)
{
	const struct checked *c = &b->view->checked;
	bool running = c->state == CHECKED_RUNNING;
	char text[WIDGET_LABEL_BYTES], when[CIVIL_TEXT_BYTES], ended[96];

	add_title(b, STR_CHECK_TITLE);
	add_text(b, "help", (struct box){ MARGIN, 200, CONTENT_W, 120 }, 30, TONE_SOFT,
		 tr(b, STR_CHECK_HELP))
		->text.min_px = 24;
	result_text(b, text, sizeof(text));
	struct widget *w = add_text(b, "result", (struct box){ MARGIN, 340, CONTENT_W, 150 }, 38,
				    tone_of(c->state), text);
	w->look = LOOK_CHIP;
	w->icon = c->state == CHECKED_GOOD ? ICON_CHECK : running ? ICON_DOTS : ICON_WARN;
	w->text.bold = true;
	w->text.min_px = 24;
	if (running) {
		w = add(b, "bar", WIDGET_IMAGE, (struct box){ MARGIN, 520, CONTENT_W, 56 }, NULL);
		w->look = LOOK_PROGRESS;
		w->value = c->permille;
		w->limit = 1000;
		w->hidden = true;
	} else if (c->ended_ms) {
		civil_format_minute(c->ended_ms, b->view->utc_offset_min, when);
		string_fill(ended, sizeof(ended), tr(b, STR_CHECK_ENDED), when, NULL);
		add_text(b, "ended", (struct box){ MARGIN, 510, CONTENT_W, 60 }, 30, TONE_SOFT,
			 ended);
	}
	add_back(b);
	add_button(b, "logout", (struct box){ 264, BUTTON_Y, 240, BUTTON_H }, LOOK_SECONDARY,
		   tr(b, STR_ACTION_LOGOUT), ACTION_LOGOUT, 0);
	if (running)
		add_button(b, "cancel",
			   (struct box){ 1280 - MARGIN - 320, BUTTON_Y, 320, BUTTON_H },
			   LOOK_SECONDARY, tr(b, STR_ACTION_CHECK_STOP), ACTION_CANCEL, 0);
	else
		add_next(b, STR_ACTION_CHECK);
}
