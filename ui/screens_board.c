/* The idle board and the welcome screen. The board speaks both languages: nobody has chosen yet. */
#include "base/text.h"
#include "ui/build.h"

#define LEFT_W 720
#define RIGHT_X 800
#define RIGHT_W (1280 - MARGIN - RIGHT_X)

static enum language other(const struct build *b)
{
	return b->view->language == LANGUAGE_EN ? LANGUAGE_ZH : LANGUAGE_EN;
}

static int top(const struct build *b)
{
	return has_band(b) ? 132 : 88;
}

/* With a notice under them the names and buttons make room. */
static bool has_notice(const struct build *b)
{
	return b->view->notice.turn_count > 0;
}

static void add_names(struct build *b)
{
	const struct view *v = b->view;
	bool english = v->language == LANGUAGE_EN, tight = has_notice(b);
	int end = tight ? 180 : 240;
	struct widget *w =
		add_text(b, "title", (struct box){ MARGIN, top(b), LEFT_W, end - top(b) },
			 tight ? 46 : 60, TONE_PLAIN, english ? v->site_en : v->site_zh);
	w->text.bold = true;
	w->text.min_px = tight ? 30 : 36;
	w->text.one_line = tight;
	w->may_clip = true;
	w = add_text(b, "title-other", (struct box){ MARGIN, end, LEFT_W, tight ? 34 : 46 },
		     tight ? 26 : 30, TONE_SOFT, english ? v->site_zh : v->site_en);
	w->text.min_px = tight ? 20 : 22;
	w->text.one_line = true;
	w->may_clip = true;
}

/* Where the button to begin is, and what stands on it. */
static const struct begin_look {
	struct box box;
	int icon_px, text_x, text_y, text_h, text_px, hint_h, hint_px;
} BEGIN[] = {
	{ { MARGIN, 304, LEFT_W, 264 }, 150, 196, 36, 122, 88, 60, 32 },
	{ { MARGIN, 496, LEFT_W, 108 }, 72, 116, 4, 62, 48, 38, 28 },
};

static void add_start(struct build *b)
{
	const struct begin_look *l = &BEGIN[has_notice(b)];
	int x = l->box.x + l->text_x, y = l->box.y + l->text_y, w_px = LEFT_W - l->text_x - 18;
	struct widget *w = add_button(b, "start", l->box, LOOK_PRIMARY, tr(b, STR_ACTION_START),
				      ACTION_START, 0);
	w->icon = ICON_TOUCH;
	w->icon_px = l->icon_px;
	w->text = (struct text_style){ .align = ALIGN_LEFT }; /* drawn by the two below */
	b->parent = b->list->count - 1;
	w = add_text(b, "start-text", (struct box){ x, y, w_px, l->text_h }, l->text_px, TONE_PLAIN,
		     tr(b, STR_ACTION_START));
	w->look = LOOK_SOLID;
	w->text.bold = true;
	w->text.one_line = true;
	w->hidden = true;
	char hint[WIDGET_LABEL_BYTES];
	text_format(hint, sizeof(hint), "%s \u00B7 %s", tr(b, STR_ACTION_START_HINT),
		    string_get(other(b), STR_ACTION_START_HINT));
	w = add_text(b, "start-hint",
		     (struct box){ x, y + l->text_h + (has_notice(b) ? 0 : 4), w_px, l->hint_h },
		     l->hint_px, TONE_PLAIN, hint);
	w->look = LOOK_SOLID;
	w->text.min_px = 26;
	w->text.one_line = true;
	b->parent = -1;
}

static void add_leaving(struct build *b)
{
	int y = has_notice(b) ? 612 : 586, h = has_notice(b) ? 38 : 46;
	panel_begin(b, "leaving-card", (struct box){ MARGIN, y, LEFT_W, 688 - y }, LOOK_CARD,
		    TONE_PLAIN);
	add_icon(b, "leaving-icon", ICON_CODE, MARGIN + 26, (y + 688) / 2 - 26, 52, TONE_PLAIN);
	struct widget *w =
		add_text(b, "leaving", (struct box){ MARGIN + 106, y + 2, LEFT_W - 126, h },
			 has_notice(b) ? 28 : 30, TONE_PLAIN, tr(b, STR_BOARD_LEAVING));
	w->text.bold = true;
	w->text.min_px = 26;
	w = add_text(b, "leaving-other",
		     (struct box){ MARGIN + 106, y + 2 + h, LEFT_W - 126, 688 - y - h - 4 },
		     has_notice(b) ? 24 : 26, TONE_SOFT, string_get(other(b), STR_BOARD_LEAVING));
	w->text.min_px = 22;
	panel_end(b);
}

/* A name and its value, one under the other. */
static void add_fact(struct build *b, const char *id, int y, enum string_id name, const char *value)
{
	char name_id[WIDGET_ID_BYTES];
	text_format(name_id, sizeof(name_id), "%s-name", id);
	add_text(b, name_id, (struct box){ RIGHT_X + 28, y, RIGHT_W - 56, 32 }, 24, TONE_SOFT,
		 tr(b, name));
	struct widget *w = add_text(b, id, (struct box){ RIGHT_X + 28, y + 32, RIGHT_W - 56, 54 },
				    30, TONE_PLAIN, value[0] ? value : tr(b, STR_VALUE_NONE));
	w->text.bold = true;
	w->text.min_px = 20;
	w->may_clip = true;
}

static void add_day(struct build *b)
{
	const struct view *v = b->view;
	char text[96];
	text_format(text, sizeof(text), "%02d:%02d", v->hour, v->minute);
	struct widget *w =
		add_text(b, "time", (struct box){ RIGHT_X + 28, top(b) + 8, 240, 236 - top(b) - 8 },
			 72, TONE_PLAIN, text);
	w->text.bold = true;
	date_text(b, STR_BOARD_DATE, text, sizeof(text));
	w = add_text(b, "date", (struct box){ RIGHT_X + 28, 240, RIGHT_W - 56, 44 }, 28, TONE_SOFT,
		     text);
	w->text.min_px = 24;
	char count[16];
	text_format(count, sizeof(count), "%d", v->queue_count);
	string_fill(text, sizeof(text), tr(b, STR_BOARD_QUEUE), count, NULL);
	w = add(b, "waiting", WIDGET_LABEL,
		(struct box){ RIGHT_X + 272, (top(b) + 236) / 2 - 26, 144, 52 }, text);
	w->look = LOOK_CHIP;
	w->text = (struct text_style){
		.px = 24, .min_px = 20, .align = ALIGN_CENTRE, .bold = true, .one_line = true
	};
}

static void add_duty(struct build *b)
{
	const struct view *v = b->view;
	panel_begin(b, "duty-card", (struct box){ RIGHT_X, top(b), RIGHT_W, 688 - top(b) },
		    LOOK_CARD, TONE_PLAIN);
	add_day(b);
	struct widget *w = add(b, "level-text", WIDGET_LABEL,
			       (struct box){ RIGHT_X + 16, 292, RIGHT_W - 32, 112 }, NULL);
	text_format(w->label, sizeof(w->label), "%s\n%s", string_level(v->language, v->level),
		    string_level_hint(v->language, v->level));
	w->look = LOOK_CHIP;
	w->tone = v->level >= LEVEL_LOCKDOWN ? TONE_BAD
		  : v->level == LEVEL_STRICT ? TONE_WARN
					     : TONE_PLAIN;
	w->text = (struct text_style){ .px = 30, .min_px = 22, .align = ALIGN_LEFT, .bold = true };
	add_fact(b, "on-duty", 418, STR_BOARD_ON_DUTY,
		 v->on_duty[0] ? v->on_duty : tr(b, STR_BOARD_NOBODY));
	add_fact(b, "leader", 506, STR_BOARD_LEADER, v->leader);
	add_fact(b, "phone", 594, STR_BOARD_PHONE, v->phone);
	panel_end(b);
}

void build_board(struct build *b)
{
	add_names(b);
	if (has_notice(b))
		build_notice(b, (struct box){ MARGIN, 222, LEFT_W, 262 });
	add_start(b);
	add_leaving(b);
	add_duty(b);
	struct widget *w = add_button(b, "guard", (struct box){ RIGHT_X, BUTTON_Y, 210, BUTTON_H },
				      LOOK_QUIET, tr(b, STR_ACTION_GUARD), ACTION_GUARD, 0);
	w->icon = ICON_SHIELD;
	w = add_button(b, "staff", (struct box){ RIGHT_X + 222, BUTTON_Y, 210, BUTTON_H },
		       LOOK_QUIET, tr(b, STR_ACTION_STAFF), ACTION_STAFF, 0);
	w->icon = ICON_CASE;
	w = add_text(b, "help", (struct box){ MARGIN, BUTTON_Y, LEFT_W, BUTTON_H }, 28, TONE_SOFT,
		     tr(b, STR_WELCOME_HELP));
	w->text.min_px = 24;
}

static void add_languages(struct build *b)
{
	static const char *const IDS[LANGUAGE_COUNT_] = { "lang-zh", "lang-en" };
	static const char *const NAMES[LANGUAGE_COUNT_] = { "\u4E2D\u6587", "English" };
	add_text(b, "language", (struct box){ MARGIN, 204, 560, 72 }, 32, TONE_SOFT,
		 tr(b, STR_WELCOME_LANGUAGE));
	for (int i = 0; i < LANGUAGE_COUNT_; i++) {
		struct box box = { 632 + i * 306, 204, 294, 76 };
		struct widget *w =
			add_toggle(b, IDS[i], box, NAMES[i], b->view->language == (enum language)i,
				   ACTION_LANGUAGE, i);
		w->text.px = 34;
		w->text.bold = true;
	}
}

static void add_notice(struct build *b, int y, int h, enum string_id name, enum string_id text,
		       const char *const ids[2])
{
	struct widget *w = add_text(b, ids[0], (struct box){ MARGIN + 32, y, 210, h }, 30,
				    TONE_SOFT, tr(b, name));
	w->text.bold = true;
	add_text(b, ids[1], (struct box){ MARGIN + 250, y, CONTENT_W - 282, h }, 32, TONE_PLAIN,
		 tr(b, text))
		->text.min_px = 30;
}

void build_welcome(struct build *b)
{
	static const char *const WHAT[] = { "what", "what-text" };
	static const char *const WHY[] = { "why", "why-text" };
	add_title(b, STR_WELCOME_TITLE);
	add_languages(b);
	panel_begin(b, "notice", (struct box){ MARGIN, 302, CONTENT_W, 306 }, LOOK_CARD,
		    TONE_PLAIN);
	add_notice(b, 318, 136, STR_WELCOME_WHAT, STR_WELCOME_WHAT_TEXT, WHAT);
	add_notice(b, 462, 136, STR_WELCOME_WHY, STR_WELCOME_WHY_TEXT, WHY);
	panel_end(b);
	add_text(b, "help", (struct box){ MARGIN, 618, CONTENT_W, 76 }, 30, TONE_SOFT,
		 tr(b, STR_WELCOME_HELP))
		->text.min_px = 28;
	struct widget *w = add_button(b, "cancel", (struct box){ MARGIN, BUTTON_Y, 220, BUTTON_H },
				      LOOK_SECONDARY, tr(b, STR_ACTION_STOP), ACTION_CANCEL, 0);
	w->icon = ICON_LEFT;
	add_next(b, STR_ACTION_AGREE)->icon = ICON_RIGHT;
}
