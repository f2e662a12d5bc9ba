/* Accounts: the list, and one of them as it is typed. */
#include <string.h>

#include "base/civil.h"
#include "base/text.h"
#include "core/account_form.h"
#include "ui/build.h"

static const struct pages_look PAGES = { .button_w = 150, .gap = 8, .text_w = 164, .px = 26 };

static void until_text(const struct build *b, int64_t until_ms, char *out, size_t cap)
{
	char day[CIVIL_TEXT_BYTES];

	text_copy(out, cap, "");
	if (until_ms == 0)
		return;
	civil_format_minute(until_ms - 1, b->view->utc_offset_min, day);
	day[10] = '\0'; /* the date alone */
	string_fill(out, cap, tr(b, STR_ACCOUNTS_UNTIL), day, NULL);
}

static void add_row(struct build *b, int i)
{
	const struct view_row *row = &b->view->rows[i];
	struct box box = { GUARD_MARGIN, 206 + i * 80, 1280 - 2 * GUARD_MARGIN, 72 };
	const char *role = string_role(b->view->language, row->role);
	char id[WIDGET_ID_BYTES], until[64];

	until_text(b, row->until_ms, until, sizeof(until));
	struct widget *w = add(b, numbered(id, "row", i), WIDGET_ROW, box, NULL);
	text_format(w->label, sizeof(w->label), "%s, %s%s%s", row->name, role, until[0] ? ", " : "",
		    until);
	w->look = LOOK_CARD;
	w->text.px = 0; /* drawn by its cells */
	w->enabled = !b->view->accounts_offices;
	w->event = (struct action_event){ ACTION_ROW, i };
	b->parent = b->list->count - 1;
	const struct {
		int x, w;
		const char *text;
	} CELLS[] = { { 24, 520, row->name }, { 568, 240, role }, { 832, 360, until } };
	for (int c = 0; c < (int)ARRAY_LEN(CELLS); c++) {
		char stem[16];
		text_format(stem, sizeof(stem), "row-%d-cell", i);
		w = add_text(b, numbered(id, stem, c),
			     (struct box){ box.x + CELLS[c].x, box.y, CELLS[c].w, box.h }, 30,
			     TONE_PLAIN, CELLS[c].text);
		w->text.one_line = true;
		w->text.min_px = 20;
		w->text.bold = c == 0;
		w->hidden = true; /* the row tells it all */
		w->may_clip = true;
	}
	b->parent = -1;
}

void build_accounts(struct build *b)
{
	const struct view *v = b->view;

	add_title(b, STR_ACCOUNTS_TITLE)->box.w = 340;
	add_note(b, (struct box){ 400, TITLE_Y + 2, 848, 60 }, 28);
	for (int i = 0; i < v->row_count && i < VIEW_ROWS; i++)
		add_row(b, i);
	add_back(b);
	add_pages(b, 320, BUTTON_Y, &PAGES);
	add_button(b, "account-new", (struct box){ 1280 - MARGIN - 320, BUTTON_Y, 320, BUTTON_H },
		   LOOK_PRIMARY, tr(b, STR_ACTION_ACCOUNT_NEW), ACTION_ACCOUNT_NEW, 0)
		->enabled = !v->accounts_offices;
}

static void dots(size_t count, char *out, size_t cap)
{
	out[0] = '\0';
	for (size_t i = 0; i < count; i++)
		utf8_append(out, cap, 0x25CF);
}

static void add_fields(struct build *b)
{
	static const struct {
		const char *id;
		enum string_id label;
	} FIELDS[ACCOUNT_FIELD_COUNT_] = {
		[ACCOUNT_FIELD_NAME] = { "field-name", STR_ACCOUNT_NAME },
		[ACCOUNT_FIELD_PIN] = { "field-pin", STR_ACCOUNT_PIN },
		[ACCOUNT_FIELD_AGAIN] = { "field-again", STR_ACCOUNT_AGAIN },
		[ACCOUNT_FIELD_UNTIL] = { "field-until", STR_ACCOUNT_UNTIL },
	};
	const struct view *v = b->view;
	char pin[64], again[64];

	dots((size_t)v->account_pins[0], pin, sizeof(pin));
	dots((size_t)v->account_pins[1], again, sizeof(again));
	const char *const values[] = { v->account_name, pin, again, v->account_until };
	for (int i = 0; i < ACCOUNT_FIELD_COUNT_; i++) {
		char text[WIDGET_LABEL_BYTES];
		text_format(text, sizeof(text), "%s\n%s", tr(b, FIELDS[i].label),
			    v->choice == i ? "…" : values[i]);
		struct widget *w = add_toggle(
			b, FIELDS[i].id, (struct box){ MARGIN + i * 299, CONTENT_Y + 2, 287, 72 },
			text, v->choice == i, ACTION_FIELD, i);
		w->enabled = v->account_new || i != ACCOUNT_FIELD_NAME;
		w->text = (struct text_style){ .px = 24, .min_px = 18, .align = ALIGN_CENTRE };
		w->may_clip = true;
	}
}

static void add_roles(struct build *b)
{
	static const char *const ID[ROLE_COUNT_] = { [ROLE_GUARD] = "role-guard",
						     [ROLE_SUPERVISOR] = "role-supervisor",
						     [ROLE_STAFF] = "role-staff" };
	const struct view *v = b->view;

	for (enum role role = ROLE_GUARD; role < ROLE_COUNT_; role++) {
		struct box box = { 648 + ((int)role - 1) * 197, 280, 190, 76 };
		struct widget *w =
			add_toggle(b, ID[role], box, string_role(v->language, role),
				   v->account_role == role, ACTION_ACCOUNT_ROLE, (int32_t)role);
		w->enabled = v->account_new && account_may(v->role, false, role);
		w->text = (struct text_style){
			.px = 26,
			.min_px = 16,
			.align = ALIGN_CENTRE,
			.bold = true,
			.one_line = true,
		};
	}
}

void build_account(struct build *b)
{
	const struct view *v = b->view;

	add_title(b, v->account_new ? STR_ACCOUNT_TITLE_NEW : STR_ACCOUNT_TITLE)->box.w = 400;
	struct box box = { 460, TITLE_Y + 2, 772, 60 };
	if (!add_note(b, box, 26)) {
		struct widget *w =
			add_text(b, "help", box, 24, TONE_SOFT,
				 tr(b, v->choice == ACCOUNT_FIELD_UNTIL ? STR_ACCOUNT_UNTIL_HELP
				       : v->account_new                 ? STR_ACCOUNT_HELP_NEW
									: STR_ACCOUNT_HELP));
		w->text.min_px = 18;
		w->text.align = ALIGN_RIGHT;
	}
	add_fields(b);
	struct widget *w =
		add(b, "entry", WIDGET_FIELD, (struct box){ MARGIN, 280, 584, 76 }, v->entry);
	w->look = LOOK_FIELD;
	w->text = (struct text_style){
		.px = 34, .min_px = 24, .align = ALIGN_LEFT, .one_line = true, .keep_end = true
	};
	w->may_clip = true;
	add_roles(b);
	build_keyboard(b);
	add_back(b);
	if (!v->account_new)
		add_button(b, "account-remove", (struct box){ 500, BUTTON_Y, 340, BUTTON_H },
			   LOOK_DANGER, tr(b, STR_ACTION_ACCOUNT_REMOVE), ACTION_ACCOUNT_REMOVE, 0)
			->enabled = v->account_removable;
	add_next(b, STR_ACTION_SAVE);
}
