/* The guard's screens: log-in, queue, clinical reading. The visit itself is in screen_visit.c. */
#include <string.h>

#include "base/text.h"
#include "ui/build.h"

static const struct pages_look PAGES = { .button_w = 170, .gap = 10, .text_w = 190, .px = 28 };
/* Of the queue, whose bar is full. */
static const struct pages_look FEW_PAGES = {
	.button_w = 140, .gap = 4, .text_w = 104, .px = 26, .bare = true
};

static void add_accounts(struct build *b)
{
	const struct view *v = b->view;
	for (int i = 0; i < v->row_count && i < VIEW_ROWS; i++) {
		char id[WIDGET_ID_BYTES];
		struct box box = { MARGIN + i % 2 * 336, 300 + i / 2 * 96, 324, 84 };
		bool chosen = v->account[0] && strcmp(v->account, v->rows[i].name) == 0;
		struct widget *w = add_toggle(b, numbered(id, "row", i), box, v->rows[i].name,
					      chosen, ACTION_ROW, i);
		w->text = (struct text_style){
			.px = 30, .min_px = 22, .align = ALIGN_CENTRE, .bold = true
		};
		w->may_clip = true;
	}
	if (!v->row_count)
		add_text(b, "empty", (struct box){ MARGIN, 300, 660, 84 }, 32, TONE_SOFT,
			 tr(b, STR_PIN_NONE));
}

static void add_dots(struct build *b)
{
	char text[96], count[16], dots[WIDGET_LABEL_BYTES] = "";
	int length = b->view->pin_length < 12 ? b->view->pin_length : 12;
	for (int i = 0; i < length; i++)
		utf8_append(dots, sizeof(dots), 0x25CF);
	struct widget *w = add(b, "entry", WIDGET_FIELD, (struct box){ 740, 206, 492, 84 }, dots);
	w->look = LOOK_FIELD;
	w->text = (struct text_style){
		.px = 34, .min_px = 26, .align = ALIGN_LEFT, .one_line = true
	};
	text_format(count, sizeof(count), "%d", b->view->pin_length);
	string_fill(text, sizeof(text), tr(b, STR_PIN_ENTERED), count, NULL);
}

void build_pin(struct build *b)
{
	const struct view *v = b->view;
	add_title(b, v->second               ? STR_LEVEL_SECOND_TITLE
		     : v->again              ? STR_PIN_TITLE_AGAIN
		     : v->role == ROLE_STAFF ? STR_PIN_TITLE_STAFF
					     : STR_PIN_TITLE_GUARD);
	char text[WIDGET_LABEL_BYTES];
	string_fill(text, sizeof(text), tr(b, v->account[0] ? STR_PIN_ENTER : STR_PIN_CHOOSE),
		    v->account, NULL);
	struct widget *w =
		add_text(b, "help", (struct box){ MARGIN, 206, 660, 84 }, 34, TONE_SOFT, text);
	w->text.min_px = 26;
	w->may_clip = true;
	add_accounts(b);
	add_dots(b);
	build_pad(b, (struct box){ 740, 302, 492, 390 });
	if (!add_note(b, (struct box){ MARGIN, 600, 660, 88 }, 30))
		add_pages(b, MARGIN, 604, &PAGES);
	add_back(b);
	add_next(b, STR_ACTION_ENTER)->enabled = v->account[0] && v->pin_length > 0;
}

/* Columns of the queue, shared by the head and the rows. */
enum column { COLUMN_TICKET, COLUMN_NAME, COLUMN_CLASS, COLUMN_TIME, COLUMN_HEAT, COLUMN_LOOK };
static const struct {
	int x, w;
	enum string_id head;
} COLUMNS[] = {
	[COLUMN_TICKET] = { GUARD_MARGIN + 24, 140, STR_QUEUE_TICKET },
	[COLUMN_NAME] = { GUARD_MARGIN + 180, 340, STR_QUEUE_NAME },
	[COLUMN_CLASS] = { GUARD_MARGIN + 532, 170, STR_QUEUE_CLASS },
	[COLUMN_TIME] = { GUARD_MARGIN + 714, 160, STR_QUEUE_TIME },
	[COLUMN_HEAT] = { GUARD_MARGIN + 886, 160, STR_QUEUE_TEMPERATURE },
	[COLUMN_LOOK] = { GUARD_MARGIN + 1056, 146, STR_QUEUE_ATTENTION },
};

static struct widget *add_cell(struct build *b, int row, enum column column, int y, int h,
			       const char *text)
{
	char stem[16], id[WIDGET_ID_BYTES];
	text_format(stem, sizeof(stem), "row-%d-cell", row);
	struct widget *w = add_text(b, numbered(id, stem, (int)column),
				    (struct box){ COLUMNS[column].x, y, COLUMNS[column].w, h }, 32,
				    TONE_PLAIN, text);
	w->text.one_line = true;
	w->text.min_px = 24;
	w->hidden = true; /* the row tells it all */
	return w;
}

static void add_queue_row(struct build *b, int i)
{
	const struct view_row *row = &b->view->rows[i];
	struct box box = { GUARD_MARGIN, 240 + i * 76, 1280 - 2 * GUARD_MARGIN, 70 };
	char id[WIDGET_ID_BYTES], ticket[16], minutes[16], waited[48], heat[48];
	text_format(ticket, sizeof(ticket), "%u", row->ticket);
	text_format(minutes, sizeof(minutes), "%d", row->waited_min);
	string_fill(waited, sizeof(waited), tr(b, STR_QUEUE_WAITED), minutes, NULL);
	text_copy(heat, sizeof(heat), tr(b, STR_QUEUE_NO_TEMPERATURE));
	if (row->temperature_centi_c > 0)
		shown_temperature(b, row->temperature_centi_c, heat, sizeof(heat));
	const char *class = string_class(b->view->language, row->person_class);

	struct widget *w = add(b, numbered(id, "row", i), WIDGET_ROW, box, NULL);
	text_format(w->label, sizeof(w->label), "%s, %s, %s, %s, %s%s%s", ticket, row->name, class,
		    waited, heat, row->bad ? ", " : "", row->bad ? tr(b, STR_QUEUE_ATTENTION) : "");
	w->look = LOOK_CARD;
	w->text.px = 0; /* drawn by its cells */
	w->event = (struct action_event){ ACTION_ROW, i };
	b->parent = b->list->count - 1;
	struct widget *cell = add_cell(b, i, COLUMN_TICKET, box.y, box.h, ticket);
	cell->text.bold = true;
	cell->text.px = 42;
	add_cell(b, i, COLUMN_NAME, box.y, box.h, row->name)->may_clip = true;
	add_cell(b, i, COLUMN_CLASS, box.y, box.h, class);
	add_cell(b, i, COLUMN_TIME, box.y, box.h, waited);
	add_cell(b, i, COLUMN_HEAT, box.y, box.h, heat);
	if (row->bad) {
		cell = add_cell(b, i, COLUMN_LOOK, box.y + 10, box.h - 20,
				tr(b, STR_QUEUE_ATTENTION));
		cell->look = LOOK_CHIP;
		cell->tone = TONE_BAD;
		cell->icon = ICON_WARN;
		cell->text.px = 28;
	}
	b->parent = -1;
}

static void add_queue_bar(struct build *b)
{
	add_button(b, "logout", (struct box){ GUARD_MARGIN, BUTTON_Y, 160, BUTTON_H },
		   LOOK_SECONDARY, tr(b, STR_ACTION_LOGOUT), ACTION_LOGOUT, 0);
	struct box box = { GUARD_MARGIN + 168, BUTTON_Y, 200, BUTTON_H };
	if (b->view->role == ROLE_SUPERVISOR)
		add_button(b, "level", box, LOOK_SECONDARY, tr(b, STR_ACTION_LEVEL),
			   ACTION_LEVEL_OPEN, 0);
	else
		add_order_button(b, box);
	add_button(b, "reports", (struct box){ GUARD_MARGIN + 376, BUTTON_Y, 138, BUTTON_H },
		   LOOK_SECONDARY, tr(b, STR_ACTION_REPORTS), ACTION_REPORTS, 0);
	add_button(b, "search", (struct box){ GUARD_MARGIN + 522, BUTTON_Y, 138, BUTTON_H },
		   LOOK_SECONDARY, tr(b, STR_ACTION_SEARCH), ACTION_SEARCH, 0);
	if (b->view->role == ROLE_SUPERVISOR)
		add_button(b, "tools", (struct box){ GUARD_MARGIN + 668, BUTTON_Y, 138, BUTTON_H },
			   LOOK_SECONDARY, tr(b, STR_ACTION_TOOLS), ACTION_TOOLS, 0);
}

static int bits(uint32_t word)
{
	return __builtin_popcount(word);
}

/* What the ledgers wait for: places to be disinfected, supplies that run short. */
static void add_due(struct build *b, struct box box)
{
	const struct view *v = b->view;
	char places[16], items[16], text[128];

	if (!v->overdue_places && !v->short_items)
		return;
	text_format(places, sizeof(places), "%d", bits(v->overdue_places));
	text_format(items, sizeof(items), "%d", bits(v->short_items));
	string_fill(text, sizeof(text), tr(b, STR_QUEUE_DUE), places, items, NULL);
	struct widget *w = add_text(b, "due", box, 26, TONE_WARN, text);
	w->text.min_px = 20;
	w->may_clip = true;
}

void build_queue(struct build *b)
{
	const struct view *v = b->view;
	struct widget *w = add_title(b, STR_QUEUE_TITLE);
	w->box.x = GUARD_MARGIN + 24;
	w->box.w = 300;
	w = add_text(b, "account", (struct box){ 940, title_box(b).y, 308, title_box(b).h }, 30,
		     TONE_SOFT, v->account);
	w->text.align = ALIGN_RIGHT;
	w->may_clip = true;
	if (!add_note(b, (struct box){ 366, TITLE_Y + 2, 564, 60 }, 28))
		add_due(b, (struct box){ 366, TITLE_Y + 2, 564, 60 });
	for (size_t i = 0; v->row_count && i < ARRAY_LEN(COLUMNS) - 1; i++) {
		char id[WIDGET_ID_BYTES];
		add_text(b, numbered(id, "head", (int)i),
			 (struct box){ COLUMNS[i].x, 198, COLUMNS[i].w, 38 }, 24, TONE_SOFT,
			 tr(b, COLUMNS[i].head));
	}
	for (int i = 0; i < v->row_count && i < VIEW_ROWS; i++)
		add_queue_row(b, i);
	if (!v->row_count)
		add_text(b, "empty", (struct box){ GUARD_MARGIN, 300, 1216, 200 }, 48, TONE_SOFT,
			 tr(b, STR_QUEUE_EMPTY))
			->text.align = ALIGN_CENTRE;
	add_queue_bar(b);
	add_pages(b, 856, BUTTON_Y, &FEW_PAGES);
}

void build_clinical(struct build *b)
{
	add_title(b, STR_CLINICAL_TITLE);
	struct box box = { MARGIN, 260, 660, 104 };
	struct widget *w = add(b, "entry", WIDGET_FIELD, box, b->view->entry);
	w->look = LOOK_FIELD;
	w->text = (struct text_style){
		.px = 60, .min_px = 40, .align = ALIGN_LEFT, .one_line = true, .keep_end = true
	};
	w->may_clip = true;
	box = (struct box){ MARGIN, 384, 660, 120 };
	if (!add_note(b, box, 30))
		add_text(b, "help", box, 34, TONE_SOFT, tr(b, STR_CLINICAL_HELP))->text.min_px = 30;
	build_pad(b, (struct box){ 740, 206, 492, 482 });
	add_back(b);
	add_next(b, STR_ACTION_ENTER);
}

/* The supervisor's switch: four levels, why, and on. */
void build_level(struct build *b)
{
	static const char *const ID[LEVEL_COUNT_] = { "level-open", "level-closed", "level-strict",
						      "level-lockdown" };
	const struct view *v = b->view;
	add_title(b, STR_LEVEL_TITLE);
	for (int i = 0; i < LEVEL_COUNT_; i++) {
		struct box box = { MARGIN + i * 298, CONTENT_Y + 8, 290, 66 };
		char text[WIDGET_LABEL_BYTES];
		bool now = v->level == (enum level)i;
		text_format(text, sizeof(text), "%s%s%s%s",
			    string_level(v->language, (enum level)i), now ? " (" : "",
			    now ? tr(b, STR_LEVEL_NOW) : "", now ? ")" : "");
		struct widget *w =
			add_toggle(b, ID[i], box, text, v->choice == i + 1, ACTION_LEVEL, i);
		w->enabled = !now;
		w->text = (struct text_style){
			.px = 30, .min_px = 20, .align = ALIGN_CENTRE, .bold = true
		};
	}
	struct box box = { MARGIN, 280, 584, 76 };
	struct widget *w = add(b, "entry", WIDGET_FIELD, box, v->entry);
	w->look = LOOK_FIELD;
	w->text = (struct text_style){
		.px = 34, .min_px = 24, .align = ALIGN_LEFT, .one_line = true, .keep_end = true
	};
	w->may_clip = true;
	box = (struct box){ 648, 280, 584, 76 };
	if (!add_note(b, box, 28)) {
		const char *help =
			v->choice ? string_level_hint(v->language, (enum level)(v->choice - 1))
				  : tr(b, STR_LEVEL_WHY);
		add_text(b, "help", box, 28, TONE_SOFT, help)->text.min_px = 22;
	}
	build_keyboard(b);
	add_back(b);
	add_order_button(b, (struct box){ 480, BUTTON_Y, 320, BUTTON_H });
	add_next(b, STR_ACTION_SWITCH)->enabled = v->choice > 0;
}
