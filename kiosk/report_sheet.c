/*
 * Reports and lists on paper, in Chinese: they go upward. Every row stands there with its number,
 * and the chain's head leaves the machine with it.
 */
#include <string.h>

#include "app.h"
#include "assets/strings.h"
#include "base/civil.h"
#include "base/log.h"
#include "base/text.h"

static const char *zh(enum string_id id)
{
	return string_get(LANGUAGE_ZH, id);
}

static struct slip_line *add(struct slip *slip, enum slip_style style, const char *left)
{
	assert(slip->line_count < SLIP_LINES);
	struct slip_line *line = &slip->lines[slip->line_count++];

	line->style = style;
	text_copy(line->left, sizeof(line->left), left);
	return line;
}

static void add_filled(struct slip *slip, enum slip_style style, enum string_id id,
		       const char *first, const char *second)
{
	char text[160];

	string_fill(text, sizeof(text), zh(id), first, second, NULL);
	add(slip, style, text);
}

static void moment_text(const struct app *app, int64_t wall_ms, char dst[CIVIL_TEXT_BYTES])
{
	civil_format_minute(wall_ms, app->config.utc_offset_min, dst);
}

static void add_title(struct slip *slip, const struct report *r)
{
	char day[16] = "";
	static const enum string_id TITLE[REPORT_KIND_COUNT_] = {
		[REPORT_DAY] = STR_REPORT_TITLE_DAY,
		[REPORT_SHIFT] = STR_REPORT_TITLE_SHIFT,
		[REPORT_PERIOD] = STR_REPORT_TITLE_PERIOD,
	};
	enum string_id id = TITLE[r->kind];

	if (r->kind == REPORT_DAY) {
		report_day_text(r->day, day);
		if (r->state != REPORT_RUNNING && report_is_zero(r))
			id = STR_REPORT_TITLE_ZERO;
	}
	add_filled(slip, SLIP_TITLE, id, day, "");
}

static void add_duty(const struct app *app, struct slip *slip, const struct report *r)
{
	char from[CIVIL_TEXT_BYTES], until[CIVIL_TEXT_BYTES], text[120];

	for (int i = 0; i < r->duty_count; i++) {
		moment_text(app, r->duty[i].first_ms, from);
		moment_text(app, r->duty[i].last_ms, until);
		text_format(text, sizeof(text), "%s %s–%s", r->duty[i].name, from + 11, until + 11);
		add_filled(slip, SLIP_TEXT, STR_REPORT_DUTY, text, "");
	}
}

static void add_heading(const struct app *app, struct slip *slip, const struct report *r)
{
	char from[CIVIL_TEXT_BYTES], until[CIVIL_TEXT_BYTES], inside[24], waiting[24];
	enum level level = r->level_known ? r->level : app->board.level;

	moment_text(app, r->from_ms, from);
	moment_text(app, r->until_ms, until);
	add_filled(slip, SLIP_TEXT, STR_REPORT_PERIOD, from, until);
	add_filled(slip, SLIP_TEXT, STR_REPORT_LEVEL, string_level(LANGUAGE_ZH, level), "");
	text_format(inside, sizeof(inside), "%lld", (long long)r->inside);
	text_format(waiting, sizeof(waiting), "%lld", (long long)r->waiting);
	add_filled(slip, SLIP_TEXT, STR_REPORT_INSIDE, inside, waiting);
	add_duty(app, slip, r);
	if (r->kind == REPORT_DAY && r->state == REPORT_RUNNING)
		add(slip, SLIP_STRONG, zh(STR_REPORT_UNFINISHED));
	if (!app->clock.trusted)
		add(slip, SLIP_STRONG, zh(STR_REPORT_CLOCK));
	if (r->changed)
		add(slip, SLIP_STRONG, zh(STR_REPORT_CHANGED));
}

static void add_sums(struct slip *slip, const struct report *r)
{
	add(slip, SLIP_RULE, "");
	struct slip_line *line = add(slip, SLIP_ROW, zh(STR_REPORT_COLUMN_ITEM));
	text_copy(line->right[0], sizeof(line->right[0]), zh(STR_REPORT_COLUMN_PERIOD));
	text_copy(line->right[1], sizeof(line->right[1]), zh(STR_REPORT_COLUMN_TOTAL));
	for (int row = 0; row < REPORT_ROW_COUNT_; row++) {
		line = add(slip, SLIP_ROW, string_report_row(LANGUAGE_ZH, (enum report_row)row));
		text_format(line->right[0], sizeof(line->right[0]), "%lld",
			    (long long)r->sums[row].period);
		text_format(line->right[1], sizeof(line->right[1]), "%lld",
			    (long long)r->sums[row].total);
	}
	add(slip, SLIP_RULE, "");
}

/* Levels, not sums: they have one number, and say so. */
static void add_left(struct slip *slip, const struct report *r)
{
	char until[64];

	add_filled(slip, SLIP_TEXT, STR_REPORT_LEFT, "", "");
	for (int item = 1; item < ITEM_END_; item++) {
		struct slip_line *line =
			add(slip, SLIP_ROW, string_ledger_choice(LANGUAGE_ZH, LEDGER_ITEM, item));
		text_copy(until, sizeof(until), zh(STR_REPORT_LEFT_UNKNOWN));
		if (r->left_known[item])
			text_format(until, sizeof(until), "%lld %s", (long long)r->left[item],
				    string_ledger_unit(LANGUAGE_ZH, item));
		text_copy(line->right[1], sizeof(line->right[1]), until);
	}
	add(slip, SLIP_RULE, "");
}

static void add_devices(const struct app *app, struct slip *slip)
{
	int faults = 0;

	for (int i = 0; i < DEVICE_COUNT_; i++) {
		enum device_state state = app->board.devices[i];
		if (state == DEVICE_OK || state == DEVICE_UNKNOWN ||
		    (i == DEVICE_STICK && state == DEVICE_ABSENT))
			continue; /* a stick is only there to carry an export away */
		add_filled(slip, SLIP_STRONG, STR_REPORT_DEVICE,
			   string_device(LANGUAGE_ZH, (enum device)i),
			   string_device_state(LANGUAGE_ZH, state));
		faults++;
	}
	if (!faults)
		add(slip, SLIP_TEXT, zh(STR_REPORT_DEVICES_NONE));
}

static void add_gaps(struct slip *slip, const struct report *r)
{
	char day[16], text[64], count[24];

	if (r->gap_count == 0)
		add(slip, SLIP_TEXT, zh(STR_REPORT_GAPS_NONE));
	for (int i = 0; i < r->gap_count && i < REPORT_GAPS_MAX; i++) {
		report_day_text(r->gaps[i].day, day);
		text_format(text, sizeof(text), "%s %s", day,
			    string_report_state(LANGUAGE_ZH, r->gaps[i].state));
		add_filled(slip, SLIP_STRONG, STR_REPORT_GAPS, text, "");
	}
	if (r->gap_count > REPORT_GAPS_MAX) {
		text_format(count, sizeof(count), "… +%d", r->gap_count - REPORT_GAPS_MAX);
		add_filled(slip, SLIP_STRONG, STR_REPORT_GAPS, count, "");
	}
}

/* 存在的问题及下阶段工作建议 (4·三·1): a heading with nothing under it says that there was none. */
static void add_remark(const struct app *app, struct slip *slip, const struct report *r)
{
	const char *text =
		r->signatures.made_ms ? r->signatures.remark : app->session.report_remark;

	add(slip, SLIP_STRONG, zh(STR_REPORT_REMARK));
	add(slip, SLIP_TEXT, text[0] ? text : zh(STR_REPORT_REMARK_NONE));
}

static void add_signature(const struct app *app, struct slip *slip, enum string_id done,
			  enum string_id open, const char *who, int64_t wall_ms)
{
	char when[CIVIL_TEXT_BYTES];

	if (wall_ms == 0) {
		add(slip, SLIP_SIGN, zh(open));
		return;
	}
	moment_text(app, wall_ms, when);
	add_filled(slip, SLIP_STRONG, done, who, when);
}

static void add_foot(const struct app *app, struct slip *slip, const char *head)
{
	char now[CIVIL_TEXT_BYTES];

	add(slip, SLIP_RULE, "");
	add_filled(slip, SLIP_TEXT, STR_PAPER_PHONE, app->config.phone, "");
	add_filled(slip, SLIP_TEXT, STR_REPORT_HEAD, head, "");
	moment_text(app, app_wall(app), now);
	add_filled(slip, SLIP_TEXT, STR_REPORT_PRINTED, now, "");
}

static void print_sums(struct app *app)
{
	const struct report *r = &app->session.report;
	const struct report_signed *s = &r->signatures;
	struct slip slip = { 0 };

	add_title(&slip, r);
	add_heading(app, &slip, r);
	add_sums(&slip, r);
	add_left(&slip, r);
	if (r->kind == REPORT_SHIFT) {
		add_devices(app, &slip);
		char from[64];
		text_format(from, sizeof(from), "%s %s", zh(STR_REPORT_SIGN_FROM),
			    app->session.account);
		add(&slip, SLIP_SIGN, from);
		add(&slip, SLIP_SIGN, zh(STR_REPORT_SIGN_TO));
	} else if (r->kind == REPORT_DAY) {
		add_gaps(&slip, r);
		add_remark(app, &slip, r);
		add_signature(app, &slip, STR_REPORT_MADE, STR_REPORT_SIGN_MADE, s->made_by,
			      s->made_ms);
		add_signature(app, &slip, STR_REPORT_CHECKED, STR_REPORT_SIGN_CHECKED,
			      s->checked_by, s->checked_ms);
	} else {
		add(&slip, SLIP_SIGN, zh(STR_REPORT_SIGN_MADE));
		add(&slip, SLIP_SIGN, zh(STR_REPORT_SIGN_CHECKED));
	}
	add_foot(app, &slip, r->head);
	app_print_sheet(app, &slip);
}

void app_report_print(struct app *app)
{
	struct session *s = &app->session;

	if (s->screen == SCREEN_REPORT) {
		print_sums(app);
		return;
	}
	if (app->paper_busy || app->printing.under_way) {
		s->note = NOTE_PRINTER_BUSY;
		return;
	}
	app->paper_contact = s->screen == SCREEN_CONTACTS;
	app->paper_people.skip = 0;
	app->paper_people.query = s->contact;
	text_copy(app->paper_account, sizeof(app->paper_account), s->account);
	app_report_print_people(app);
}

/* From when to when, short. */
static void stay_text(const struct app *app, const struct report_person *p, bool contact, char *dst,
		      size_t cap)
{
	char entered[CIVIL_TEXT_BYTES] = "?", left[CIVIL_TEXT_BYTES] = "";

	if (p->entered_ms)
		moment_text(app, p->entered_ms, entered);
	if (p->left_ms)
		moment_text(app, p->left_ms, left);
	if (contact)
		text_format(dst, cap, "%s – %s", entered, left);
	else /* month and day, hour and minute */
		text_format(dst, cap, "%s", p->entered_ms ? entered + 5 : entered);
}

static void add_person(const struct app *app, struct slip *slip, const struct report_person *p)
{
	char text[sizeof(slip->lines[0].left)], stay[80];
	bool contact = app->paper_contact;

	stay_text(app, p, contact, stay, sizeof(stay));
	text_format(text, sizeof(text), "%u %s  %s", p->ticket,
		    p->name[0] ? p->name : zh(STR_CONTACTS_DELETED), p->household);
	struct slip_line *line = add(slip, contact ? SLIP_STRONG : SLIP_BOX, text);
	line->ticked = p->ticked;
	if (!contact) {
		text_copy(line->right[1], sizeof(line->right[1]), stay);
		return;
	}
	text_format(text, sizeof(text), "%s   %s", p->phone, stay);
	add(slip, SLIP_TEXT, text);
}

static void add_list_head(const struct app *app, struct slip *slip, const struct people *p)
{
	char total[16], ticked[16], text[160], from[CIVIL_TEXT_BYTES], until[CIVIL_TEXT_BYTES];

	text_format(total, sizeof(total), "%d", p->total);
	text_format(ticked, sizeof(ticked), "%d", p->ticked);
	add(slip, SLIP_TITLE, zh(app->paper_contact ? STR_CONTACT_TITLE : STR_INSIDE_TITLE));
	if (!app->paper_contact) {
		add_filled(slip, SLIP_STRONG, STR_INSIDE_COUNT, total, ticked);
		add(slip, SLIP_RULE, "");
		return;
	}
	string_fill(text, sizeof(text), zh(STR_CONTACTS_COUNT), total, p->query.request,
		    app->paper_account, NULL);
	add(slip, SLIP_STRONG, text);
	moment_text(app, p->query.from_ms, from);
	moment_text(app, p->query.until_ms, until);
	add_filled(slip, SLIP_TEXT, STR_REPORT_PERIOD, from, until);
	if (p->query.person[0]) {
		text_format(text, sizeof(text), "%s %s", zh(STR_CONTACT_PERSON), p->query.person);
		add(slip, SLIP_TEXT, text);
	}
	add(slip, SLIP_RULE, "");
}

/* A contact takes two lines, so a sheet holds half as many of them. */
static int32_t persons_a_sheet(bool contact)
{
	return contact ? PEOPLE_MAX / 2 : PEOPLE_MAX;
}

void app_report_print_list(struct app *app, const struct job *job)
{
	struct people *p = &app->paper_people;
	struct slip slip = { 0 };

	app->paper_busy = false;
	app->paper_next = 0;
	if (job->error) {
		app->session.note = app_register_failed(app, job->error);
		people_wipe(p);
		return;
	}
	int32_t count = p->count, most = persons_a_sheet(app->paper_contact);
	count = count < most ? count : most;
	add_list_head(app, &slip, p);
	for (int i = 0; i < count; i++)
		add_person(app, &slip, &p->rows[i]);
	add_foot(app, &slip, app->board.head);
	app_print_sheet(app, &slip);
	explicit_bzero(&slip, sizeof(slip));
	explicit_bzero(p->rows, sizeof(p->rows));
	if (app->printing.under_way && p->skip + count < p->total)
		app->paper_next = p->skip + count;
	else
		people_wipe(p);
}

/* The next sheet of a list that does not fit one. */
void app_report_printed(struct app *app, bool good)
{
	int32_t next = app->paper_next;

	app->paper_next = 0;
	if (!next)
		return;
	if (!good) {
		people_wipe(&app->paper_people);
		return;
	}
	app->paper_people.skip = next;
	app_report_print_people(app);
}
