/* Searching the register: what is looked for, and what was found, a page at a time. */
#include "base/civil.h"
#include "base/text.h"
#include "ui/build.h"

void build_search(struct build *b)
{
	add_title(b, STR_SEARCH_TITLE);
	struct box box = { MARGIN, 196, CONTENT_W, 60 };
	if (!add_note(b, box, 30))
		add_text(b, "help", box, 30, TONE_SOFT, tr(b, STR_SEARCH_HELP))->text.min_px = 24;
	struct widget *w = add(b, "entry", WIDGET_FIELD, (struct box){ MARGIN, 266, CONTENT_W, 90 },
			       b->view->entry);
	w->look = LOOK_FIELD;
	w->text = (struct text_style){
		.px = 46, .min_px = 30, .align = ALIGN_LEFT, .one_line = true, .keep_end = true
	};
	w->may_clip = true;
	build_keyboard(b);
	add_back(b);
	add_next(b, STR_ACTION_SEARCH);
}

enum column { COLUMN_WHEN, COLUMN_TICKET, COLUMN_NAME, COLUMN_CLASS, COLUMN_STATE, COLUMN_HEAT };
static const struct {
	int x, w;
	enum string_id head;
} COLUMNS[] = {
	[COLUMN_WHEN] = { GUARD_MARGIN + 24, 276, STR_SEARCH_WHEN },
	[COLUMN_TICKET] = { GUARD_MARGIN + 312, 100, STR_QUEUE_TICKET },
	[COLUMN_NAME] = { GUARD_MARGIN + 424, 244, STR_QUEUE_NAME },
	[COLUMN_CLASS] = { GUARD_MARGIN + 680, 176, STR_QUEUE_CLASS },
	[COLUMN_STATE] = { GUARD_MARGIN + 868, 190, STR_SEARCH_STATE },
	[COLUMN_HEAT] = { GUARD_MARGIN + 1070, 132, STR_QUEUE_TEMPERATURE },
};

static void add_cell(struct build *b, int row, enum column column, int y, const char *text)
{
	char stem[16], id[WIDGET_ID_BYTES];
	text_format(stem, sizeof(stem), "row-%d-cell", row);
	struct widget *w = add_text(b, numbered(id, stem, (int)column),
				    (struct box){ COLUMNS[column].x, y, COLUMNS[column].w, 70 }, 28,
				    TONE_PLAIN, text);
	w->text.one_line = true;
	w->text.min_px = 20;
	w->text.bold = column == COLUMN_TICKET;
	w->may_clip = true;
	w->hidden = true; /* the row tells it all */
}

static void add_row(struct build *b, int i)
{
	const struct view_row *row = &b->view->rows[i];
	struct box box = { GUARD_MARGIN, 240 + i * 76, 1280 - 2 * GUARD_MARGIN, 70 };
	const char *class = string_class(b->view->language, row->person_class);
	const char *state = string_state(b->view->language, row->state);
	char id[WIDGET_ID_BYTES], when[CIVIL_TEXT_BYTES], ticket[16], heat[48];

	civil_format_minute(row->registered_ms, b->view->utc_offset_min, when);
	text_format(ticket, sizeof(ticket), "%u", row->ticket);
	text_copy(heat, sizeof(heat), tr(b, STR_QUEUE_NO_TEMPERATURE));
	if (row->temperature_centi_c > 0)
		shown_temperature(b, row->temperature_centi_c, heat, sizeof(heat));
	struct widget *w = add(b, numbered(id, "row", i), WIDGET_ROW, box, NULL);
	text_format(w->label, sizeof(w->label), "%s, %s, %s, %s, %s, %s", when, ticket, row->name,
		    class, state, heat);
	w->look = LOOK_CARD;
	w->text.px = 0; /* drawn by its cells */
	w->event = (struct action_event){ ACTION_ROW, i };
	b->parent = b->list->count - 1;
	add_cell(b, i, COLUMN_WHEN, box.y, when);
	add_cell(b, i, COLUMN_TICKET, box.y, ticket);
	add_cell(b, i, COLUMN_NAME, box.y, row->name);
	add_cell(b, i, COLUMN_CLASS, box.y, class);
	add_cell(b, i, COLUMN_STATE, box.y, state);
	add_cell(b, i, COLUMN_HEAT, box.y, heat);
	b->parent = -1;
}

static const struct pages_look PAGES = { .button_w = 170, .gap = 10, .text_w = 190, .px = 28 };

/* More than can be shown is said, so that nobody takes the pages for all of them. */
static void add_count(struct build *b)
{
	const struct view *v = b->view;
	char total[16], text[160];
	struct box box = { 440, title_box(b).y, 792, title_box(b).h };

	text_format(total, sizeof(total), "%d", v->found_total);
	string_fill(text, sizeof(text), tr(b, v->found_more ? STR_SEARCH_MORE : STR_SEARCH_COUNT),
		    total, v->search, NULL);
	struct widget *w =
		add_text(b, "count", box, 28, v->found_more ? TONE_WARN : TONE_SOFT, text);
	w->text.align = ALIGN_RIGHT;
	w->text.min_px = 20;
	w->may_clip = true;
}

void build_found(struct build *b)
{
	const struct view *v = b->view;

	add_title(b, STR_FOUND_TITLE)->box.w = 380;
	add_count(b);
	for (size_t i = 0; v->row_count && i < ARRAY_LEN(COLUMNS); i++) {
		char id[WIDGET_ID_BYTES];
		add_text(b, numbered(id, "head", (int)i),
			 (struct box){ COLUMNS[i].x, 198, COLUMNS[i].w, 38 }, 24, TONE_SOFT,
			 tr(b, COLUMNS[i].head));
	}
	for (int i = 0; i < v->row_count && i < VIEW_ROWS; i++)
		add_row(b, i);
	if (!v->row_count)
		add_text(b, "empty", (struct box){ GUARD_MARGIN, 300, 1216, 200 }, 48, TONE_SOFT,
			 tr(b, STR_FOUND_EMPTY))
			->text.align = ALIGN_CENTRE;
	add_back(b);
	add_button(b, "logout", (struct box){ 264, BUTTON_Y, 240, BUTTON_H }, LOOK_SECONDARY,
		   tr(b, STR_ACTION_LOGOUT), ACTION_LOGOUT, 0);
	add_pages(b, 698, BUTTON_Y, &PAGES);
}
