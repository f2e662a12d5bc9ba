/* Lists of persons: those inside, with a roll call, and what a contact query found. */
#include "base/civil.h"
#include "base/text.h"
#include "ui/build.h"

static const int CELL_X[] = { GUARD_MARGIN + 84, GUARD_MARGIN + 210, GUARD_MARGIN + 480,
			      GUARD_MARGIN + 800 };
static const int CELL_W[] = { 120, 260, 310, 400 };

static struct widget *add_cell(struct build *b, int row, int cell, int y, const char *text)
{
	char stem[16], id[WIDGET_ID_BYTES];
	text_format(stem, sizeof(stem), "row-%d-cell", row);
	struct widget *w =
		add_text(b, numbered(id, stem, cell),
			 (struct box){ CELL_X[cell], y, CELL_W[cell], 66 }, 28, TONE_PLAIN, text);
	w->text.one_line = true;
	w->text.min_px = 20;
	w->hidden = true; /* the row tells it all */
	w->may_clip = true;
	return w;
}

/* When somebody came and went, without the year. */
static void stay_text(const struct build *b, const struct report_person *p, char *dst, size_t cap)
{
	char entered[CIVIL_TEXT_BYTES], left[CIVIL_TEXT_BYTES];

	civil_format_minute(p->entered_ms, b->view->utc_offset_min, entered);
	civil_format_minute(p->left_ms, b->view->utc_offset_min, left);
	if (b->view->screen == SCREEN_CONTACTS)
		text_format(dst, cap, "%s – %s", p->entered_ms ? entered + 5 : "?",
			    p->left_ms ? left + 5 : "");
	else if (p->entered_ms)
		string_fill(dst, cap, tr(b, STR_INSIDE_SINCE), entered + 5, NULL);
	else
		text_copy(dst, cap, tr(b, STR_INSIDE_UNSEEN));
}

static void add_person(struct build *b, int i)
{
	const struct report_person *p = &b->view->persons[i];
	bool contacts = b->view->screen == SCREEN_CONTACTS;
	struct box box = { GUARD_MARGIN, 246 + i * 74, 1280 - 2 * GUARD_MARGIN, 68 };
	const char *name = p->name[0] ? p->name : tr(b, STR_CONTACTS_DELETED);
	const char *third = contacts ? p->phone : p->household;
	char id[WIDGET_ID_BYTES], ticket[16], stay[96], last[160];
	bool overdue = !contacts && p->state == VISIT_OVERDUE;

	text_format(ticket, sizeof(ticket), "%u", p->ticket);
	stay_text(b, p, stay, sizeof(stay));
	text_format(last, sizeof(last), "%s%s%s", stay, overdue ? "  " : "",
		    overdue ? tr(b, STR_INSIDE_OVERDUE) : "");
	struct widget *w = add(b, numbered(id, "row", i), WIDGET_ROW, box, NULL);
	text_format(w->label, sizeof(w->label), "%s, %s, %s, %s, %s%s%s", ticket, name,
		    p->household, third, last, p->ticked ? ", " : "",
		    p->ticked ? tr(b, STR_INSIDE_TICKED) : "");
	w->look = LOOK_CARD;
	w->text.px = 0; /* drawn by its cells */
	w->selected = p->ticked;
	if (!contacts)
		w->event = (struct action_event){ ACTION_ROW, i };
	b->parent = b->list->count - 1;
	if (p->ticked) {
		text_format(id, sizeof(id), "row-%d-tick", i);
		add_icon(b, id, ICON_CHECK, box.x + 24, box.y + 14, 40, TONE_GOOD);
	}
	add_cell(b, i, 0, box.y, ticket)->text.bold = true;
	add_cell(b, i, 1, box.y, name);
	add_cell(b, i, 2, box.y, contacts ? p->phone : p->household);
	add_cell(b, i, 3, box.y, last)->tone = overdue ? TONE_BAD : TONE_PLAIN;
	b->parent = -1;
}

static const struct pages_look PAGES = {
	.button_w = 140, .gap = 4, .text_w = 104, .px = 26, .bare = true
};

static void add_list(struct build *b, enum string_id empty)
{
	const struct view *v = b->view;

	for (int i = 0; i < v->person_count && i < VIEW_ROWS; i++)
		add_person(b, i);
	if (!v->person_count)
		add_text(b, "empty", (struct box){ GUARD_MARGIN, 320, 1216, 160 }, 44, TONE_SOFT,
			 tr(b, empty))
			->text.align = ALIGN_CENTRE;
	add_back(b);
	add_button(b, "print", (struct box){ 264, BUTTON_Y, 180, BUTTON_H }, LOOK_SECONDARY,
		   tr(b, STR_ACTION_PRINT), ACTION_PRINT, 0)
		->enabled = v->person_total > 0;
	add_pages(b, 476, BUTTON_Y, &PAGES);
}

static void add_count(struct build *b, const char *text)
{
	struct box box = { GUARD_MARGIN + 16, 198, 1184, 44 };
	if (add_note(b, box, 26))
		return;
	struct widget *w = add_text(b, "count", box, 28, TONE_PLAIN, text);
	w->text.min_px = 20;
	w->may_clip = true;
}

void build_inside(struct build *b)
{
	const struct view *v = b->view;
	char total[16], ticked[16], text[160];

	add_title(b, STR_INSIDE_TITLE);
	text_format(total, sizeof(total), "%d", v->person_total);
	text_format(ticked, sizeof(ticked), "%d", v->person_ticked);
	string_fill(text, sizeof(text), tr(b, STR_INSIDE_COUNT), total, ticked, NULL);
	add_count(b, text);
	add_list(b, STR_INSIDE_EMPTY);
	add_next(b, STR_ACTION_ROLL_DONE)->enabled = v->person_total > 0;
}

void build_contacts(struct build *b)
{
	const struct view *v = b->view;
	char total[16], text[200];

	add_title(b, STR_CONTACTS_TITLE);
	text_format(total, sizeof(total), "%d", v->person_total);
	string_fill(text, sizeof(text), tr(b, STR_CONTACTS_COUNT), total, v->contact.request,
		    v->account, NULL);
	add_count(b, text);
	add_list(b, STR_CONTACTS_NONE);
}

/* Three fields; the one that is typed stands in the entry. */
void build_contact(struct build *b)
{
	static const struct {
		const char *id;
		enum string_id label;
	} FIELDS[] = {
		{ "field-request", STR_CONTACT_REQUEST },
		{ "field-period", STR_CONTACT_PERIOD },
		{ "field-person", STR_CONTACT_PERSON },
	};
	const struct view *v = b->view;
	const char *const values[] = { v->contact.request, v->contact_period, v->contact.person };

	add_title(b, STR_CONTACT_TITLE);
	for (int i = 0; i < (int)ARRAY_LEN(FIELDS); i++) {
		char text[WIDGET_LABEL_BYTES];
		text_format(text, sizeof(text), "%s\n%s", tr(b, FIELDS[i].label),
			    v->choice == i ? "…" : values[i]);
		struct widget *w = add_toggle(
			b, FIELDS[i].id, (struct box){ MARGIN + i * 398, CONTENT_Y + 2, 388, 72 },
			text, v->choice == i, ACTION_FIELD, i);
		w->text = (struct text_style){ .px = 24, .min_px = 20, .align = ALIGN_CENTRE };
		w->may_clip = true;
	}
	struct widget *w =
		add(b, "entry", WIDGET_FIELD, (struct box){ MARGIN, 280, 584, 76 }, v->entry);
	w->look = LOOK_FIELD;
	w->text = (struct text_style){
		.px = 34, .min_px = 24, .align = ALIGN_LEFT, .one_line = true, .keep_end = true
	};
	w->may_clip = true;
	struct box box = { 648, 280, 584, 84 };
	if (!add_note(b, box, 28)) {
		w = add_text(b, "help", box, 24, TONE_SOFT,
			     tr(b, v->choice == 1 ? STR_PERIOD_HELP : STR_CONTACT_HELP));
		w->text.min_px = 20;
	}
	build_keyboard(b);
	add_back(b);
	add_next(b, STR_ACTION_ASK);
}
