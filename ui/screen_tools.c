/* What supervisors and staff do besides the day's work: the menu, and a person's own request. */
#include <string.h>

#include "base/text.h"
#include "ui/build.h"

struct tool {
	const char *id;
	enum string_id name, hint;
	enum action action;
	enum icon icon;
};

static const struct tool TOOLS[] = {
	{ "request", STR_TOOLS_REQUEST, STR_TOOLS_REQUEST_HINT, ACTION_REQUEST, ICON_PERSON },
	{ "check", STR_TOOLS_CHECK, STR_TOOLS_CHECK_HINT, ACTION_CHECK, ICON_CHECK },
	{ "accounts", STR_TOOLS_ACCOUNTS, STR_TOOLS_ACCOUNTS_HINT, ACTION_ACCOUNTS, ICON_CASE },
	{ "clock-open", STR_TOOLS_CLOCK, STR_TOOLS_CLOCK_HINT, ACTION_CLOCK, ICON_DOTS },
};

static void add_tool(struct build *b, int i, const struct tool *tool)
{
	struct box box = { MARGIN + i % 2 * 598, 210 + i / 2 * 160, 586, 144 };
	char text[WIDGET_LABEL_BYTES];

	text_format(text, sizeof(text), "%s\n%s", tr(b, tool->name), tr(b, tool->hint));
	struct widget *w = add_button(b, tool->id, box, LOOK_SECONDARY, text, tool->action, 0);
	w->icon = tool->icon;
	w->icon_px = 52;
	w->text = (struct text_style){ .px = 32, .min_px = 22, .align = ALIGN_LEFT };
}

void build_tools(struct build *b)
{
	const struct view *v = b->view;

	add_title(b, STR_TOOLS_TITLE)->box.w = 700;
	struct widget *w =
		add_text(b, "account", (struct box){ 800, title_box(b).y, 432, title_box(b).h }, 30,
			 TONE_SOFT, v->account);
	w->text.align = ALIGN_RIGHT;
	w->may_clip = true;
	for (int i = 0; i < (int)ARRAY_LEN(TOOLS); i++)
		add_tool(b, i, &TOOLS[i]);
	add_back(b);
	add_button(b, "logout", (struct box){ 264, BUTTON_Y, 240, BUTTON_H }, LOOK_SECONDARY,
		   tr(b, STR_ACTION_LOGOUT), ACTION_LOGOUT, 0);
}

/* In fours, as it is printed. */
static void grouped(const char *typed, char *out, size_t cap)
{
	size_t at = 0;

	for (size_t i = 0; typed[i] && at + 2 < cap; i++) {
		if (i && i % 4 == 0)
			out[at++] = '-';
		out[at++] = typed[i];
	}
	out[at] = '\0';
}

void build_request(struct build *b)
{
	char code[VIEW_ENTRY_BYTES];

	add_title(b, STR_REQUEST_TITLE);
	struct box box = { MARGIN, 196, CONTENT_W, 60 };
	if (!add_note(b, box, 30))
		add_text(b, "help", box, 30, TONE_SOFT, tr(b, STR_REQUEST_HELP))->text.min_px = 24;
	grouped(b->view->entry, code, sizeof(code));
	struct widget *w =
		add(b, "entry", WIDGET_FIELD, (struct box){ MARGIN, 266, CONTENT_W, 90 }, code);
	w->look = LOOK_FIELD;
	w->text = (struct text_style){
		.px = 46, .min_px = 30, .align = ALIGN_LEFT, .one_line = true, .keep_end = true
	};
	w->may_clip = true;
	build_keyboard(b);
	add_back(b);
	add_next(b, STR_ACTION_SEARCH);
}

#define LINES_W 724
#define SIDE_X (MARGIN + LINES_W + 24)
#define SIDE_W (1280 - MARGIN - SIDE_X)

static void add_kept_line(struct build *b, int i)
{
	const struct view_line *line = &b->view->lines[i];
	int y = 200 + i * 40;
	char id[WIDGET_ID_BYTES], name_id[WIDGET_ID_BYTES], value[160];

	numbered(id, "line", i);
	text_format(name_id, sizeof(name_id), "%s-name", id);
	add_text(b, name_id, (struct box){ MARGIN + 24, y, 200, 40 }, 26, TONE_SOFT,
		 string_field(b->view->language, line->field))
		->text.one_line = true;
	line_value(b, line, value, sizeof(value));
	struct widget *w = add_text(b, id, (struct box){ MARGIN + 232, y, LINES_W - 250, 40 }, 28,
				    TONE_PLAIN, value);
	w->text.one_line = true;
	w->text.min_px = 20;
	w->may_clip = true;
}

/* What is kept, masked; what a copy and an erasure are; both buttons. */
void build_kept(struct build *b)
{
	const struct view *v = b->view;

	add_title(b, STR_KEPT_TITLE);
	panel_begin(b, "lines", (struct box){ MARGIN, 192, LINES_W, 500 }, LOOK_CARD, TONE_PLAIN);
	for (int i = 0; i < v->line_count && i < 12; i++)
		add_kept_line(b, i);
	panel_end(b);
	add_note(b, (struct box){ SIDE_X, 192, SIDE_W, 116 }, 28);
	add_text(b, "help", (struct box){ SIDE_X, 324, SIDE_W, 150 }, 28, TONE_SOFT,
		 tr(b, STR_KEPT_COPY))
		->text.min_px = 22;
	add_text(b, "help-erase", (struct box){ SIDE_X, 490, SIDE_W, 196 }, 28, TONE_SOFT,
		 tr(b, STR_KEPT_ERASE))
		->text.min_px = 22;
	add_back(b);
	add_button(b, "logout", (struct box){ 264, BUTTON_Y, 210, BUTTON_H }, LOOK_SECONDARY,
		   tr(b, STR_ACTION_LOGOUT), ACTION_LOGOUT, 0);
	struct widget *w = add_button(b, "erase", (struct box){ 520, BUTTON_Y, 340, BUTTON_H },
				      LOOK_DANGER, tr(b, STR_ACTION_ERASE), ACTION_ERASE, 0);
	w->enabled = v->may_erase;
	w = add_button(b, "copy", (struct box){ 892, BUTTON_Y, 340, BUTTON_H }, LOOK_PRIMARY,
		       tr(b, STR_ACTION_COPY), ACTION_COPY_OUT, 0);
	w->icon = ICON_PRINTER;
}
