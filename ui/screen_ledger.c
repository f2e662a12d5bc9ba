/* The ledgers: which there are and what is due, the entries of one, and one to be filled in. */
#include <string.h>

#include "base/civil.h"
#include "base/text.h"
#include "ui/build.h"

#define LIST_W (1280 - 2 * GUARD_MARGIN)

static void add_account(struct build *b)
{
	struct widget *w =
		add_text(b, "account", (struct box){ 880, title_box(b).y, 352, title_box(b).h }, 30,
			 TONE_SOFT, b->view->account);
	w->text.align = ALIGN_RIGHT;
	w->may_clip = true;
}

static struct widget *add_cell(struct build *b, int row, int cell, struct box box, const char *text)
{
	char stem[16], id[WIDGET_ID_BYTES];
	text_format(stem, sizeof(stem), "row-%d-cell", row);
	struct widget *w = add_text(b, numbered(id, stem, cell), box, 28, TONE_PLAIN, text);
	w->text.min_px = 20;
	w->hidden = true; /* the row tells it all */
	w->may_clip = true;
	return w;
}

/* The names of the choices whose bits are set, one behind the other; items with what is left. */
static void names_of(const struct build *b, enum ledger_field field, uint32_t bits, char *dst,
		     size_t cap)
{
	enum language language = b->view->language;
	bool first = true;

	dst[0] = '\0';
	for (int i = 1; i <= LEDGER_FIELD[field].most; i++) {
		size_t used = strlen(dst);
		if (!(bits >> i & 1))
			continue;
		char left[48] = "";
		if (field == LEDGER_ITEM)
			text_format(left, sizeof(left), " %lld %s",
				    (long long)b->view->ledger.state.left[i],
				    string_ledger_unit(language, i));
		text_format(dst + used, cap - used, "%s%s%s",
			    first                     ? ""
			    : language == LANGUAGE_ZH ? "、"
						      : ", ",
			    string_ledger_choice(language, field, i), left);
		first = false;
	}
}

static enum tone standing_text(const struct build *b, enum ledger_kind kind, char *dst, size_t cap)
{
	const struct view *v = b->view;
	bool places = kind == LEDGER_DISINFECTION, items = kind == LEDGER_SUPPLY;
	uint32_t bits = places ? v->overdue_places : items ? v->short_items : 0;
	char names[200], count[16];

	text_format(count, sizeof(count), "%d", v->ledger.state.counts[kind]);
	if (!bits) {
		string_fill(dst, cap,
			    tr(b, places  ? STR_LEDGERS_GOOD
				  : items ? STR_LEDGERS_ENOUGH
					  : STR_LEDGERS_COUNT),
			    count, NULL);
		return places || items ? TONE_GOOD : TONE_SOFT;
	}
	names_of(b, places ? LEDGER_PLACE : LEDGER_ITEM, bits, names, sizeof(names));
	string_fill(dst, cap, tr(b, places ? STR_LEDGERS_OVERDUE : STR_LEDGERS_SHORT), names, NULL);
	return places ? TONE_BAD : TONE_WARN;
}

static void add_kind(struct build *b, int kind)
{
	struct box box = { GUARD_MARGIN, 202 + kind * 82, LIST_W, 74 };
	const char *name = string_ledger_kind(b->view->language, (enum ledger_kind)kind);
	char id[WIDGET_ID_BYTES], standing[256];
	enum tone tone = standing_text(b, (enum ledger_kind)kind, standing, sizeof(standing));

	struct widget *w = add(b, numbered(id, "row", kind), WIDGET_ROW, box, NULL);
	text_format(w->label, sizeof(w->label), "%s, %s", name, standing);
	w->look = LOOK_CARD;
	w->text.px = 0; /* drawn by its cells */
	w->event = (struct action_event){ ACTION_ROW, kind };
	b->parent = b->list->count - 1;
	add_cell(b, kind, 0, (struct box){ box.x + 24, box.y, 300, box.h }, name)->text.bold = true;
	w = add_cell(b, kind, 1, (struct box){ box.x + 340, box.y, 620, box.h }, standing);
	w->tone = tone;
	w = add_cell(b, kind, 2, (struct box){ box.x + 976, box.y, LIST_W - 1000, box.h },
		     LEDGER_KIND[kind].clause);
	w->tone = TONE_SOFT;
	w->text.align = ALIGN_RIGHT;
	w->text.px = 22;
	b->parent = -1;
}

void build_ledgers(struct build *b)
{
	add_title(b, STR_LEDGERS_TITLE)->box.w = 300;
	add_account(b);
	add_note(b, (struct box){ 366, TITLE_Y + 2, 504, 60 }, 28);
	for (int kind = 0; kind < LEDGER_KIND_COUNT_; kind++)
		add_kind(b, kind);
	add_back(b);
	add_button(b, "logout", (struct box){ 264, BUTTON_Y, 240, BUTTON_H }, LOOK_SECONDARY,
		   tr(b, STR_ACTION_LOGOUT), ACTION_LOGOUT, 0);
}

/* Every value of an entry, one behind the other. */
static void summary(const struct build *b, const struct ledger_row *row, char *dst, size_t cap)
{
	char value[LEDGER_TEXT_BYTES + 32], number[24];

	dst[0] = '\0';
	text_format(number, sizeof(number), "%lld", (long long)row->ledger.corrects);
	if (row->ledger.struck) {
		string_fill(dst, cap, tr(b, STR_LEDGER_STRUCK), number, NULL);
		return;
	}
	for (int field = 0; field < LEDGER_FIELD_COUNT_; field++) {
		size_t used = strlen(dst);
		if (!ledger_has(&row->ledger, (enum ledger_field)field))
			continue;
		string_ledger_value(b->view->language, &row->ledger, (enum ledger_field)field,
				    value, sizeof(value));
		bool named =
			field == LEDGER_POLICE || field == LEDGER_SECOND || field == LEDGER_VISIT;
		text_format(dst + used, cap - used, "%s%s%s%s", used ? " · " : "",
			    named ? string_ledger_field(b->view->language, (enum ledger_field)field)
				  : "",
			    named ? " " : "", value);
	}
	size_t used = strlen(dst);
	char corrects[64];
	if (!row->ledger.corrects)
		return;
	string_fill(corrects, sizeof(corrects), tr(b, STR_LEDGER_CORRECTION), number, NULL);
	text_format(dst + used, cap - used, " (%s)", corrects);
}

static void add_entry(struct build *b, int i)
{
	const struct ledger_row *row = &b->view->ledger.rows[i];
	struct box box = { GUARD_MARGIN, 202 + i * 98, LIST_W, 90 };
	bool dead = row->corrected_by || row->ledger.struck;
	char id[WIDGET_ID_BYTES], when[CIVIL_TEXT_BYTES], number[24], text[400];

	civil_format_minute(row->wall_ms, b->view->utc_offset_min, when);
	text_format(number, sizeof(number), "%lld", (long long)row->seq);
	summary(b, row, text, sizeof(text));
	struct widget *w = add(b, numbered(id, "row", i), WIDGET_ROW, box, NULL);
	text_format(w->label, sizeof(w->label), "%s, %s, %s%s%s", number, when, text,
		    row->corrected_by ? ", " : "",
		    row->corrected_by ? tr(b, STR_LEDGER_CORRECTED) : "");
	w->may_clip = true;
	w->look = LOOK_CARD;
	w->text.px = 0; /* drawn by its cells */
	w->event = (struct action_event){ ACTION_ROW, i };
	b->parent = b->list->count - 1;
	w = add_cell(b, i, 0, (struct box){ box.x + 20, box.y, 74, box.h }, number);
	w->text.bold = true;
	w->text.one_line = true;
	w = add_cell(b, i, 1, (struct box){ box.x + 100, box.y + 6, 230, 40 }, when);
	w->text.px = 24;
	w->text.one_line = true;
	w = add_cell(b, i, 2, (struct box){ box.x + 100, box.y + 46, 230, 38 }, row->actor);
	w->text.px = 24;
	w->text.one_line = true;
	w->tone = TONE_SOFT;
	int width = row->corrected_by ? LIST_W - 520 : LIST_W - 360;
	w = add_cell(b, i, 3, (struct box){ box.x + 342, box.y + 4, width, box.h - 8 }, text);
	w->tone = dead ? TONE_SOFT : TONE_PLAIN;
	w->text.px = 26;
	if (row->corrected_by) {
		w = add_cell(b, i, 4, (struct box){ box.x + LIST_W - 164, box.y + 22, 148, 46 },
			     tr(b, STR_LEDGER_CORRECTED));
		w->look = LOOK_CHIP;
		w->tone = TONE_WARN;
		w->text.px = 24;
		w->text.one_line = true;
		w->text.align = ALIGN_CENTRE;
	}
	b->parent = -1;
}

static const struct pages_look PAGES = {
	.button_w = 140, .gap = 4, .text_w = 104, .px = 26, .bare = true
};

static void set_title(struct build *b, const char *text, int width)
{
	struct widget *w = add_title(b, STR_LEDGERS_TITLE);

	text_copy(w->label, sizeof(w->label), text);
	w->text.min_px = 26;
	w->box.w = width;
}

/* What there is of everything that was ever entered. */
static void add_stock(struct build *b, struct box box)
{
	const struct view *v = b->view;
	char text[256];
	uint32_t items = 0;

	for (int item = 1; item < ITEM_END_; item++)
		items |= v->ledger.state.known[item] ? 1U << item : 0;
	if (v->ledger.kind != LEDGER_SUPPLY || !items)
		return;
	names_of(b, LEDGER_ITEM, items, text, sizeof(text));
	struct widget *w = add_text(b, "stock", box, 26, TONE_PLAIN, text);
	w->text.min_px = 18;
	w->text.align = ALIGN_RIGHT;
	w->may_clip = true;
}

void build_ledger(struct build *b)
{
	const struct view *v = b->view;

	set_title(b, string_ledger_kind(v->language, v->ledger.kind), 380);
	if (!add_note(b, (struct box){ 560, TITLE_Y + 2, 672, 60 }, 28))
		add_stock(b, (struct box){ 440, TITLE_Y + 2, 792, 60 });
	for (int i = 0; i < v->ledger.row_count && i < LEDGER_ROWS; i++)
		add_entry(b, i);
	if (!v->ledger.row_count)
		add_text(b, "empty", (struct box){ GUARD_MARGIN, 300, 1216, 200 }, 48, TONE_SOFT,
			 tr(b, STR_LEDGER_EMPTY))
			->text.align = ALIGN_CENTRE;
	add_back(b);
	add_button(b, "logout", (struct box){ 264, BUTTON_Y, 200, BUTTON_H }, LOOK_SECONDARY,
		   tr(b, STR_ACTION_LOGOUT), ACTION_LOGOUT, 0);
	add_pages(b, 480, BUTTON_Y, &PAGES);
	add_button(b, "new", (struct box){ 1280 - MARGIN - 320, BUTTON_Y, 320, BUTTON_H },
		   LOOK_PRIMARY, tr(b, STR_ACTION_LEDGER_NEW), ACTION_LEDGER_NEW, 0);
}

#define FIELDS_W 500
#define INPUT_X (GUARD_MARGIN + FIELDS_W + 24)
#define INPUT_W (1280 - GUARD_MARGIN - INPUT_X)

#define FIELD_ROWS 7

/* Seven stand one below the other; an eighth beside the last. */
static struct box field_box(int row, int count)
{
	struct box box = { GUARD_MARGIN, 202 + row * 70, FIELDS_W, 64 };

	if (count > FIELD_ROWS && row >= FIELD_ROWS - 1) {
		box.w = FIELDS_W / 2 - 4;
		box.x += (row - FIELD_ROWS + 1) * (FIELDS_W / 2 + 4);
		box.y = 202 + (FIELD_ROWS - 1) * 70;
	}
	return box;
}

static void add_field(struct build *b, struct box box, enum ledger_field field)
{
	const struct view *v = b->view;
	const struct ledger *l = &v->ledger.draft;
	char id[WIDGET_ID_BYTES], value[LEDGER_TEXT_BYTES + 32], text[WIDGET_LABEL_BYTES];
	const char *name = string_ledger_field(v->language, field);
	bool optional = (LEDGER_KIND[l->kind].optional >> field & 1) != 0;

	string_ledger_value(v->language, l, field, value, sizeof(value));
	if (value[0])
		text_format(text, sizeof(text), "%s: %s", name, value);
	else
		text_format(text, sizeof(text), "%s %s", name,
			    optional ? tr(b, STR_LEDGER_OPTIONAL) : "");
	text_format(id, sizeof(id), "field-%s", LEDGER_FIELD[field].word);
	struct widget *w = add_button(b, id, box, LOOK_CHOICE, text, ACTION_FIELD, field);
	w->role = WIDGET_TOGGLE;
	w->selected = v->ledger.field == field;
	w->text = (struct text_style){ .px = 28, .min_px = 20, .align = ALIGN_LEFT };
	if (value[0])
		w->icon = ICON_CHECK;
	w->may_clip = true;
}

static void add_fields(struct build *b)
{
	const struct ledger_kind_info *kind = &LEDGER_KIND[b->view->ledger.draft.kind];
	uint32_t fields = kind->required | kind->optional;
	int count = __builtin_popcount(fields), row = 0;

	for (int field = 0; field < LEDGER_FIELD_COUNT_; field++)
		if (fields >> field & 1)
			add_field(b, field_box(row++, count), (enum ledger_field)field);
}

static void add_choice(struct build *b, int i, int n, const char *text, bool selected)
{
	struct box box = { INPUT_X + i % 2 * (INPUT_W / 2 + 4), 202 + i / 2 * 116, INPUT_W / 2 - 4,
			   104 };
	char id[WIDGET_ID_BYTES];
	struct widget *w = add_toggle(b, numbered(id, "choice", n), box, text, selected,
				      ACTION_LEDGER_CHOOSE, n);
	w->text = (struct text_style){ .px = 32, .min_px = 22, .align = ALIGN_CENTRE };
	w->may_clip = true;
}

static void add_choices(struct build *b, enum ledger_field field)
{
	const struct view *v = b->view;

	for (int n = 1; n <= LEDGER_FIELD[field].most; n++)
		add_choice(b, n - 1, n, string_ledger_choice(v->language, field, n),
			   v->ledger.draft.numbers[field] == n);
}

/* Everybody who could have been there, but for who writes it. */
static void add_guards(struct build *b)
{
	const struct view *v = b->view;
	int shown = 0;

	for (int n = 0; n < v->row_count && n < VIEW_ROWS; n++) {
		if (strcmp(v->rows[n].name, v->account) == 0)
			continue;
		add_choice(b, shown++, n, v->rows[n].name,
			   strcmp(v->rows[n].name, v->ledger.draft.second) == 0);
	}
	if (!shown)
		add_text(b, "nobody", (struct box){ INPUT_X, 202, INPUT_W, 120 }, 30, TONE_SOFT,
			 tr(b, STR_LEDGER_NOBODY));
}

static void add_entry_field(struct build *b, struct box box)
{
	struct widget *w = add(b, "entry", WIDGET_FIELD, box, b->view->entry);

	w->look = LOOK_FIELD;
	w->text = (struct text_style){
		.px = 40, .min_px = 28, .align = ALIGN_LEFT, .one_line = true, .keep_end = true
	};
	w->may_clip = true;
}

static void add_pad(struct build *b, enum ledger_field field)
{
	add_entry_field(b, (struct box){ INPUT_X, 202, INPUT_W, 76 });
	if (field == LEDGER_POLICE || field == LEDGER_VISIT) {
		struct widget *w =
			add_text(b, "help", (struct box){ INPUT_X, 282, 204, 200 }, 24, TONE_SOFT,
				 tr(b, field == LEDGER_POLICE ? STR_LEDGER_TIME_HELP
							      : STR_LEDGER_VISIT_HELP));
		w->text.min_px = 20;
	}
	build_pad(b, (struct box){ INPUT_X + 212, 290, INPUT_W - 212, 400 });
}

/* A text takes the whole screen, because the keyboard does. */
static void build_text(struct build *b)
{
	struct box box = { MARGIN, 196, CONTENT_W, 60 };

	if (!add_note(b, box, 28)) {
		struct widget *w =
			add_text(b, "help", box, 28, TONE_WARN, tr(b, STR_LEDGER_NO_NAMES));
		w->text.min_px = 22;
	}
	add_entry_field(b, (struct box){ MARGIN, 266, CONTENT_W, 90 });
	build_keyboard(b);
	add_button(b, "done", (struct box){ 1280 - MARGIN - 320, BUTTON_Y, 320, BUTTON_H },
		   LOOK_PRIMARY, tr(b, STR_ACTION_LEDGER_DONE), ACTION_FIELD, LEDGER_FIELD_COUNT_);
}

static void add_input(struct build *b)
{
	enum ledger_field field = b->view->ledger.field;

	if (field >= LEDGER_FIELD_COUNT_) {
		struct widget *w = add_text(b, "help", (struct box){ INPUT_X, 202, INPUT_W, 200 },
					    30, TONE_SOFT, tr(b, STR_LEDGER_ALL_GIVEN));
		w->text.min_px = 24;
	} else if (LEDGER_FIELD[field].type == LEDGER_CHOICE) {
		add_choices(b, field);
	} else if (LEDGER_FIELD[field].type == LEDGER_ACCOUNT) {
		add_guards(b);
	} else {
		add_pad(b, field);
	}
}

static void add_entry_title(struct build *b)
{
	const struct ledger *l = &b->view->ledger.draft;
	const char *kind = string_ledger_kind(b->view->language, l->kind);
	char number[24], title[160];

	text_format(number, sizeof(number), "%lld", (long long)l->corrects);
	string_fill(title, sizeof(title),
		    tr(b, l->corrects ? STR_LEDGER_TITLE_CORRECT : STR_LEDGER_TITLE_NEW), kind,
		    number, NULL);
	set_title(b, title, 700);
}

void build_ledger_entry(struct build *b)
{
	const struct view *v = b->view;

	add_entry_title(b);
	if (v->ledger.field == LEDGER_REMARK) {
		build_text(b);
		return;
	}
	add_note(b, (struct box){ 760, TITLE_Y + 2, 488, 60 }, 28);
	add_fields(b);
	add_input(b);
	add_back(b);
	if (v->ledger.draft.corrects)
		add_button(b, "strike", (struct box){ 264, BUTTON_Y, 260, BUTTON_H },
			   LOOK_SECONDARY, tr(b, STR_ACTION_LEDGER_STRIKE), ACTION_LEDGER_STRIKE,
			   0);
	add_next(b, STR_ACTION_LEDGER_WRITE);
}
