/* Reports: the list of days, one sheet with all its rows, and any period to be typed. */
#include <string.h>

#include "base/civil.h"
#include "base/text.h"
#include "ui/build.h"

#define LIST_W 836
#define SIDE_X (GUARD_MARGIN + LIST_W + 16)
#define SIDE_W (1280 - GUARD_MARGIN - SIDE_X)

static void add_account(struct build *b)
{
	struct widget *w =
		add_text(b, "account", (struct box){ 880, title_box(b).y, 352, title_box(b).h }, 30,
			 TONE_SOFT, b->view->account);
	w->text.align = ALIGN_RIGHT;
	w->may_clip = true;
}

static enum tone state_tone(enum report_state state, bool changed)
{
	if (changed || state == REPORT_MISSING)
		return TONE_BAD;
	if (state == REPORT_LATE || state == REPORT_DUE || state == REPORT_MADE)
		return TONE_WARN;
	return state == REPORT_DONE ? TONE_GOOD : TONE_SOFT;
}

static const char *state_text(const struct build *b, enum report_state state, bool changed)
{
	return changed ? tr(b, STR_REPORTS_CHANGED) : string_report_state(b->view->language, state);
}

static void moment_text(const struct build *b, int64_t wall_ms, char dst[CIVIL_TEXT_BYTES])
{
	civil_format_minute(wall_ms, b->view->utc_offset_min, dst);
}

void reports_missing_text(const struct build *b, char *out, size_t cap)
{
	const struct view *v = b->view;
	char count[24], day[16];

	text_copy(out, cap, tr(b, STR_REPORTS_NONE_MISSING));
	if (v->reports_missing <= 0)
		return;
	text_format(count, sizeof(count), "%lld", (long long)v->reports_missing);
	report_day_text(v->report_last_missing, day);
	string_fill(out, cap, tr(b, STR_REPORTS_MISSING), count, day, NULL);
}

static struct widget *add_cell(struct build *b, int row, int cell, struct box box, const char *text)
{
	char stem[16], id[WIDGET_ID_BYTES];
	text_format(stem, sizeof(stem), "row-%d-cell", row);
	struct widget *w = add_text(b, numbered(id, stem, cell), box, 28, TONE_PLAIN, text);
	w->text.one_line = true;
	w->text.min_px = 20;
	w->hidden = true; /* the row tells it all */
	w->may_clip = true;
	return w;
}

static void add_day(struct build *b, int i)
{
	const struct report_day *d = &b->view->days.days[i];
	struct box box = { GUARD_MARGIN, 206 + i * 80, LIST_W, 72 };
	const char *state = state_text(b, d->state, d->changed);
	char id[WIDGET_ID_BYTES], day[16], who[2 * ACCOUNT_BYTES + 8];

	report_day_text(d->day, day);
	text_format(who, sizeof(who), "%s%s%s", d->made_by, d->checked_by[0] ? " / " : "",
		    d->checked_by);
	struct widget *w = add(b, numbered(id, "row", i), WIDGET_ROW, box, NULL);
	text_format(w->label, sizeof(w->label), "%s, %s%s%s", day, state, who[0] ? ", " : "", who);
	w->look = LOOK_CARD;
	w->text.px = 0; /* drawn by its cells */
	w->event = (struct action_event){ ACTION_ROW, i };
	b->parent = b->list->count - 1;
	add_cell(b, i, 0, (struct box){ box.x + 20, box.y, 190, box.h }, day)->text.bold = true;
	w = add_cell(b, i, 1, (struct box){ box.x + 220, box.y + 8, 260, box.h - 16 }, state);
	w->look = LOOK_CHIP;
	w->tone = state_tone(d->state, d->changed);
	w->text.align = ALIGN_CENTRE;
	add_cell(b, i, 2, (struct box){ box.x + 496, box.y, LIST_W - 512, box.h }, who);
	b->parent = -1;
}

static const struct pages_look PAGES = { .button_w = 150, .gap = 8, .text_w = 164, .px = 26 };

void build_reports(struct build *b)
{
	static const struct {
		const char *id;
		enum string_id label;
		enum action action;
	} OTHERS[] = {
		{ "shift", STR_ACTION_SHIFT, ACTION_SHIFT },
		{ "period", STR_ACTION_PERIOD, ACTION_PERIOD },
		{ "inside", STR_ACTION_INSIDE, ACTION_INSIDE },
		{ "contact", STR_ACTION_CONTACT, ACTION_CONTACT },
		{ "ledgers", STR_ACTION_LEDGERS, ACTION_LEDGERS },
	};
	const struct view *v = b->view;

	add_title(b, STR_REPORTS_TITLE)->box.w = 300;
	add_account(b);
	add_note(b, (struct box){ 366, TITLE_Y + 2, 504, 60 }, 28);
	for (int i = 0; i < v->days.count && i < REPORT_DAYS_SHOWN; i++)
		add_day(b, i);
	for (size_t i = 0; i < ARRAY_LEN(OTHERS); i++)
		add_button(b, OTHERS[i].id, (struct box){ SIDE_X, 206 + (int)i * 98, SIDE_W, 84 },
			   LOOK_SECONDARY, tr(b, OTHERS[i].label), OTHERS[i].action, 0)
			->enabled = OTHERS[i].action != ACTION_CONTACT ||
				    v->role == ROLE_SUPERVISOR || v->role == ROLE_STAFF;
	add_back(b);
	add_pages(b, 752, BUTTON_Y, &PAGES);
}

static void add_report_title(struct build *b)
{
	const struct report *r = &b->view->report;
	enum string_id id = r->kind == REPORT_SHIFT    ? STR_REPORT_TITLE_SHIFT
			    : r->kind == REPORT_PERIOD ? STR_REPORT_TITLE_PERIOD
			    : r->state != REPORT_RUNNING && report_is_zero(r)
				    ? STR_REPORT_TITLE_ZERO
				    : STR_REPORT_TITLE_DAY;
	char day[16], text[96];

	report_day_text(r->day, day);
	string_fill(text, sizeof(text), tr(b, id), day, NULL);
	struct widget *w = add_title(b, id);
	text_copy(w->label, sizeof(w->label), text);
	w->box.w = 660;
	if (r->kind != REPORT_DAY)
		return;
	w = add_text(b, "state", (struct box){ 720, title_box(b).y + 8, 512, title_box(b).h - 16 },
		     28, state_tone(r->state, r->changed), state_text(b, r->state, r->changed));
	w->look = LOOK_CHIP;
	w->text.align = ALIGN_CENTRE;
}

/* Line i of the heading, in its left or right half. */
static void add_fact(struct build *b, const char *id, int i, bool right, enum tone tone,
		     const char *text)
{
	struct box box = { right ? 648 : GUARD_MARGIN + 16, 196 + i * 30, right ? 600 : 596, 30 };
	struct widget *w = add_text(b, id, box, 22, tone, text);
	w->text.min_px = 20;
	w->text.one_line = true;
	w->may_clip = true;
}

static void add_signature(struct build *b, const char *id, int i, enum string_id done,
			  enum string_id open, const char *who, int64_t wall_ms)
{
	char when[CIVIL_TEXT_BYTES], text[128];

	text_copy(text, sizeof(text), tr(b, open));
	if (wall_ms) {
		moment_text(b, wall_ms, when);
		string_fill(text, sizeof(text), tr(b, done), who, when, NULL);
	}
	add_fact(b, id, i, true, wall_ms ? TONE_GOOD : TONE_WARN, text);
}

/* What is wrong comes before what is only told. */
static void add_remark(struct build *b)
{
	const struct report *r = &b->view->report;
	char text[160] = "", gaps[120] = "", day[16];

	if (r->kind == REPORT_DAY && r->state == REPORT_RUNNING) {
		add_fact(b, "remark", 3, false, TONE_WARN, tr(b, STR_REPORT_UNFINISHED));
		return;
	}
	if (r->changed) {
		add_fact(b, "remark", 3, false, TONE_BAD, tr(b, STR_REPORT_CHANGED));
		return;
	}
	if (r->kind != REPORT_DAY)
		return;
	for (int i = 0; i < r->gap_count && i < 3; i++) {
		size_t used = strlen(gaps);
		report_day_text(r->gaps[i].day, day);
		text_format(gaps + used, sizeof(gaps) - used, "%s%s %s", used ? ", " : "", day + 5,
			    string_report_state(b->view->language, r->gaps[i].state));
	}
	if (r->gap_count > 3)
		text_copy(gaps + strlen(gaps), sizeof(gaps) - strlen(gaps), " …");
	string_fill(text, sizeof(text), tr(b, STR_REPORT_GAPS), gaps, NULL);
	add_fact(b, "remark", 3, false, r->gap_count ? TONE_WARN : TONE_SOFT,
		 r->gap_count ? text : tr(b, STR_REPORT_GAPS_NONE));
}

static void add_heading(struct build *b)
{
	const struct report *r = &b->view->report;
	char from[CIVIL_TEXT_BYTES], until[CIVIL_TEXT_BYTES], one[24], two[24], text[160];
	char duty[120] = "";

	moment_text(b, r->from_ms, from);
	moment_text(b, r->until_ms, until);
	string_fill(text, sizeof(text), tr(b, STR_REPORT_PERIOD), from, until, NULL);
	add_fact(b, "period", 0, false, TONE_PLAIN, text);
	text_format(one, sizeof(one), "%lld", (long long)r->inside);
	text_format(two, sizeof(two), "%lld", (long long)r->waiting);
	string_fill(text, sizeof(text), tr(b, STR_REPORT_INSIDE), one, two, NULL);
	add_fact(b, "inside", 1, false, TONE_PLAIN, text);
	for (int i = 0; i < r->duty_count; i++) {
		size_t used = strlen(duty);
		moment_text(b, r->duty[i].first_ms, from);
		moment_text(b, r->duty[i].last_ms, until);
		text_format(duty + used, sizeof(duty) - used, "%s%s %s–%s", used ? ", " : "",
			    r->duty[i].name, from + 11, until + 11);
	}
	string_fill(text, sizeof(text), tr(b, STR_REPORT_DUTY), duty, NULL);
	add_fact(b, "duty", 2, false, TONE_PLAIN, text);
	string_fill(text, sizeof(text), tr(b, STR_REPORT_LEVEL),
		    string_level(b->view->language, r->level), NULL);
	add_fact(b, "level-then", 0, true, TONE_PLAIN, text);
	if (r->kind == REPORT_DAY) {
		const struct report_signed *s = &r->signatures;
		add_signature(b, "made", 1, STR_REPORT_MADE, STR_REPORT_MADE_NOT, s->made_by,
			      s->made_ms);
		add_signature(b, "checked", 2, STR_REPORT_CHECKED, STR_REPORT_CHECKED_NOT,
			      s->checked_by, s->checked_ms);
	}
	string_fill(text, sizeof(text), tr(b, STR_REPORT_HEAD), r->head, NULL);
	add_fact(b, "head", 3, true, TONE_SOFT, text);
	add_remark(b);
}

/* Three columns of rows, and below them a line for what is left and for what the columns are. */
#define SUM_ROWS ((REPORT_ROW_COUNT_ + 2) / 3)
#define SUM_Y 324
#define SUM_H 27
#define SUM_W 400
static_assert(SUM_ROWS <= 13, "the rows of a report fit on one screen");

static void add_sum(struct build *b, int row)
{
	const struct report_sum *sum = &b->view->report.sums[row];
	int x = GUARD_MARGIN + 16 + row / SUM_ROWS * SUM_W, y = SUM_Y + row % SUM_ROWS * SUM_H;
	char id[WIDGET_ID_BYTES], number[48];

	text_format(id, sizeof(id), "sum-%s", REPORT_WORD[row]);
	text_format(number, sizeof(number), "%lld / %lld", (long long)sum->period,
		    (long long)sum->total);
	struct widget *w = add_text(b, id, (struct box){ x, y, SUM_W - 166, SUM_H }, 20, TONE_PLAIN,
				    string_report_row(b->view->language, (enum report_row)row));
	w->text.one_line = true;
	w->text.min_px = 20;
	text_format(id, sizeof(id), "n-%s", REPORT_WORD[row]);
	w = add_text(b, id, (struct box){ x + SUM_W - 164, y, 140, SUM_H }, 20,
		     sum->period ? TONE_PLAIN : TONE_SOFT, number);
	w->text = (struct text_style){ .px = 20,
				       .min_px = 14,
				       .align = ALIGN_RIGHT,
				       .bold = sum->period != 0,
				       .one_line = true };
	w->may_clip = true;
}

/* Levels at the end of the period, said to be no sums. */
static void add_left(struct build *b, struct box box)
{
	const struct report *r = &b->view->report;
	enum language language = b->view->language;
	char text[WIDGET_LABEL_BYTES];

	text_copy(text, sizeof(text), tr(b, STR_REPORT_LEFT));
	for (int item = 1, shown = 0; item < ITEM_END_; item++) {
		size_t used = strlen(text);
		char left[24];
		text_format(left, sizeof(left), "%lld", (long long)r->left[item]);
		if (item != ITEM_MASKS && item != ITEM_DISINFECTANT && item != ITEM_PAPER)
			continue; /* the others are on paper */
		text_format(text + used, sizeof(text) - used, "%s%s %s", shown++ ? " · " : " ",
			    string_ledger_choice(language, LEDGER_ITEM, item),
			    r->left_known[item] ? left : "–");
	}
	struct widget *w = add_text(b, "left", box, 20, TONE_PLAIN, text);
	w->text.min_px = 18;
	w->text.one_line = true;
	w->may_clip = true;
}

static void add_sign(struct build *b)
{
	static const struct {
		enum string_id label;
		bool live;
	} ACTS[] = {
		[REPORT_ACT_NONE] = { STR_ACTION_REPORT_DONE, false },
		[REPORT_ACT_MAKE] = { STR_ACTION_REPORT_MAKE, true },
		[REPORT_ACT_CHECK] = { STR_ACTION_REPORT_CHECK, true },
		/* live too: pressing them says why not */
		[REPORT_ACT_OTHER] = { STR_ACTION_REPORT_CHECK, true },
		[REPORT_ACT_HIGHER] = { STR_ACTION_REPORT_CHECK, true },
		[REPORT_ACT_HANDOVER] = { STR_ACTION_HANDOVER, true },
	};
	enum report_act act = b->view->report_act;

	add_next(b, ACTS[act].label)->enabled = ACTS[act].live;
}

void build_report(struct build *b)
{
	add_report_title(b);
	add_heading(b);
	panel_begin(b, "sums", (struct box){ GUARD_MARGIN, 320, 1280 - 2 * GUARD_MARGIN, 382 },
		    LOOK_CARD, TONE_PLAIN);
	for (int row = 0; row < REPORT_ROW_COUNT_; row++)
		add_sum(b, row);
	int foot = SUM_Y + SUM_ROWS * SUM_H;
	add_left(b, (struct box){ GUARD_MARGIN + 16, foot, 2 * SUM_W + 176, SUM_H });
	struct widget *w = add_text(
		b, "columns", (struct box){ GUARD_MARGIN + 16 + 2 * SUM_W + 184, foot, 192, SUM_H },
		20, TONE_SOFT, tr(b, STR_REPORT_COLUMNS));
	w->text.align = ALIGN_RIGHT;
	w->text.one_line = true;
	panel_end(b);
	add_back(b);
	add_button(b, "print", (struct box){ 264, BUTTON_Y, 160, BUTTON_H }, LOOK_SECONDARY,
		   tr(b, STR_ACTION_PRINT), ACTION_PRINT, 0);
	if (b->view->report.kind == REPORT_DAY) {
		w = add_button(b, "problems", (struct box){ 432, BUTTON_Y, 168, BUTTON_H },
			       LOOK_SECONDARY, tr(b, STR_ACTION_REMARK), ACTION_REMARK, 0);
		w->enabled = b->view->report_act == REPORT_ACT_MAKE;
		w->text.min_px = 20;
		if (b->view->report_remark[0])
			w->icon = ICON_CHECK;
	}
	add_note(b, (struct box){ 608, BUTTON_Y + 4, 296, BUTTON_H - 8 }, 24);
	add_sign(b);
}

void build_remark(struct build *b)
{
	struct box box = { MARGIN, 196, CONTENT_W, 46 };

	add_title(b, STR_REMARK_TITLE);
	if (!add_note(b, box, 26)) {
		struct widget *help =
			add_text(b, "help", box, 26, TONE_WARN, tr(b, STR_REMARK_HELP));
		help->text.min_px = 20;
	}
	struct widget *w = add(b, "entry", WIDGET_FIELD,
			       (struct box){ MARGIN, 248, CONTENT_W, 110 }, b->view->entry);
	w->look = LOOK_FIELD;
	w->text = (struct text_style){ .px = 30, .min_px = 20, .align = ALIGN_LEFT };
	w->may_clip = true;
	build_keyboard(b);
	add_back(b);
	add_next(b, STR_ACTION_LEDGER_DONE);
}

void build_days_entry(struct build *b, enum string_id title, enum string_id help)
{
	add_title(b, title);
	struct box box = { MARGIN, 260, 660, 104 };
	struct widget *w = add(b, "entry", WIDGET_FIELD, box, b->view->entry);
	w->look = LOOK_FIELD;
	w->text = (struct text_style){
		.px = 44, .min_px = 30, .align = ALIGN_LEFT, .one_line = true, .keep_end = true
	};
	w->may_clip = true;
	if (!add_note(b, (struct box){ MARGIN, 384, 660, 90 }, 30))
		add_text(b, "help", (struct box){ MARGIN, 384, 660, 180 }, 30, TONE_SOFT,
			 tr(b, help))
			->text.min_px = 24;
	build_pad(b, (struct box){ 740, 206, 492, 482 });
	add_back(b);
}

void build_period(struct build *b)
{
	build_days_entry(b, STR_PERIOD_TITLE, STR_PERIOD_HELP);
	add_next(b, STR_ACTION_SHOW);
}
