/*
 * The screens of reports: what they load, and what is recorded there. A signature, a hand-over, a
 * roll call and a contact query go into the register while their screen stays; only when they are
 * on record something is shown as done, and only then names are shown.
 */
#include <string.h>

#include "app.h"
#include "base/civil.h"
#include "base/text.h"
#include "core/form.h"

static struct report_ask ask_now(const struct app *app)
{
	struct report_ask ask = app->session.ask;

	ask.now_ms = app_wall(app);
	ask.due_min = app->config.report_due_min;
	return ask;
}

void app_reports_load(struct app *app)
{
	struct job job = { .type = JOB_REPORT_DAYS, .purpose = FOR_SCREEN, .ask = ask_now(app) };

	job.ask.skip = app->session.page * REPORT_DAYS_SHOWN;
	app_submit(app, &job);
}

void app_report_load(struct app *app)
{
	struct job job = { .type = JOB_REPORT, .purpose = FOR_SCREEN, .ask = ask_now(app) };

	app->session.busy = true;
	app_submit(app, &job);
}

void app_report_choose(struct app *app, const struct action_event *a)
{
	struct session *s = &app->session;

	if (s->screen == SCREEN_REPORTS && a->action == ACTION_SHIFT)
		s->ask.kind = REPORT_SHIFT;
	if (a->action != ACTION_ROW)
		return;
	if (s->screen == SCREEN_REPORTS && s->choice < s->days.count) {
		s->ask.kind = REPORT_DAY;
		s->ask.day = s->days.days[s->choice].day;
	}
	if (s->screen != SCREEN_INSIDE || s->choice >= s->person_count)
		return;
	s->note = NOTE_NONE;
	uint64_t id = s->persons[s->choice].visit_id;
	for (int i = 0; i < app->roll_count; i++)
		if (app->roll[i] == id) { /* ticked by mistake */
			app->roll[i] = app->roll[--app->roll_count];
			return;
		}
	if (app->roll_count < PEOPLE_TICKS_MAX)
		app->roll[app->roll_count++] = id;
}

static void submit_people(struct app *app, struct people *people, enum job_purpose purpose,
			  bool contact)
{
	struct job job = { .type = contact ? JOB_CONTACT : JOB_INSIDE,
			   .purpose = purpose,
			   .people = people };

	people->tick_count = app->roll_count;
	memcpy(people->ticks, app->roll, sizeof(people->ticks));
	app_submit(app, &job);
}

void app_people_load(struct app *app)
{
	struct session *s = &app->session;

	app->people_again = app->people_busy;
	if (app->people_busy)
		return;
	app->people_busy = true;
	app->people.query = s->contact;
	app->people.skip = s->page * VIEW_ROWS;
	app->people.max = VIEW_ROWS;
	submit_people(app, &app->people, FOR_REPORT,
		      s->screen == SCREEN_CONTACT || s->screen == SCREEN_CONTACTS);
}

void app_report_print_people(struct app *app)
{
	if (app->paper_busy) {
		app->session.note = NOTE_PRINTER_BUSY;
		return;
	}
	app->paper_busy = true;
	app->paper_people.max = PEOPLE_MAX;
	submit_people(app, &app->paper_people, FOR_PAPER, app->paper_contact);
}

bool app_report_may_sign(struct app *app)
{
	struct session *s = &app->session;

	if (s->busy)
		return false;
	if (s->screen == SCREEN_INSIDE)
		return s->person_total > 0 || app->roll_count > 0;
	switch (report_act(&s->report, s->account, s->role)) {
	case REPORT_ACT_MAKE:
	case REPORT_ACT_CHECK:
	case REPORT_ACT_HANDOVER:
		return true;
	case REPORT_ACT_OTHER:
		s->note = NOTE_REPORT_SAME;
		return false;
	case REPORT_ACT_HIGHER:
		s->note = NOTE_REPORT_HIGHER;
		return false;
	case REPORT_ACT_NONE:
		break;
	}
	return false;
}

/* Under the figures stands what whoever makes it has to say (4·三·1). */
static void make_day(struct app *app)
{
	struct session *s = &app->session;
	struct job job = { .type = JOB_RECORD, .purpose = FOR_REPORT };
	struct entry *e = &job.entry;

	e->type = ENTRY_REPORT_MADE;
	e->wall_ms = app_wall(app);
	e->mono_ms = app_now(app);
	e->clock_trusted = app->clock.trusted;
	e->number = report_number_pack(s->report.day, REPORT_ROW_COUNT_);
	text_copy(e->actor, sizeof(e->actor), s->account);
	text_copy(e->detail, sizeof(e->detail), s->report.figures);
	text_copy(e->remark, sizeof(e->remark), s->report_remark);
	app_submit(app, &job);
}

static void sign_day(struct app *app, bool check)
{
	const struct report *r = &app->session.report;
	const struct report_signed *made = &r->signatures;

	if (check)
		app_record(app, ENTRY_REPORT_CHECKED, FOR_REPORT, NULL,
			   report_number_pack(r->day, made->rows), made->figures);
	else
		make_day(app);
}

void app_report_sign(struct app *app)
{
	struct session *s = &app->session;

	s->busy = true;
	if (s->screen == SCREEN_INSIDE) {
		int64_t present = s->person_ticked, missing = s->person_total - present;
		app_record(app, ENTRY_ROLL_CALL, FOR_REPORT, NULL, present << 32 | missing, "");
		return;
	}
	enum report_act act = report_act(&s->report, s->account, s->role);
	if (act == REPORT_ACT_HANDOVER)
		app_record(app, ENTRY_HANDOVER, FOR_REPORT, NULL, s->report.from_ms, "");
	else
		sign_day(app, act == REPORT_ACT_CHECK);
}

/* Who is asked about stays out of the chain: it can never be deleted from there. */
void app_report_ask(struct app *app)
{
	struct session *s = &app->session;
	char from[CIVIL_TEXT_BYTES], until[CIVIL_TEXT_BYTES], detail[ENTRY_DETAIL_BYTES];

	s->busy = true;
	civil_format_minute(s->contact.from_ms, s->utc_offset_min, from);
	civil_format_minute(s->contact.until_ms, s->utc_offset_min, until);
	text_format(detail, sizeof(detail), "%s: %s - %s%s", s->contact.request, from, until,
		    s->contact.person[0] ? ", one person" : "");
	app_record(app, ENTRY_CONTACT, FOR_REPORT, NULL, 0, detail);
}

static void not_recorded(struct app *app, const struct job *job)
{
	struct session *s = &app->session;

	s->busy = false;
	if (job->error == -EALREADY || job->error == -EINVAL) {
		s->note = NOTE_REPORT_ALREADY;
		app_report_load(app); /* somebody else was quicker: what stands there now */
		return;
	}
	app_register_failed(app, job->error);
	s->note = NOTE_NOT_SAVED;
}

void app_report_recorded(struct app *app, const struct job *job)
{
	struct session *s = &app->session;
	bool here = s->screen == SCREEN_REPORT || s->screen == SCREEN_INSIDE ||
		    s->screen == SCREEN_CONTACT;

	if (job->error == 0 && job->entry.type == ENTRY_ROLL_CALL)
		app->roll_count = 0;
	if (!here || !s->busy) {
		if (job->error)
			app_register_failed(app, job->error);
		return;
	}
	if (job->error) {
		not_recorded(app, job);
		return;
	}
	if (s->screen == SCREEN_CONTACT) {
		app_people_load(app);
		return;
	}
	if (s->screen == SCREEN_INSIDE) {
		s->busy = false;
		s->note = NOTE_ROLL_DONE;
		app_people_load(app);
		return;
	}
	s->note = job->entry.type == ENTRY_REPORT_MADE      ? NOTE_REPORT_MADE
		  : job->entry.type == ENTRY_REPORT_CHECKED ? NOTE_REPORT_CHECKED
							    : NOTE_HANDOVER_DONE;
	if (job->entry.type == ENTRY_HANDOVER) {
		app_report_print(app); /* the shift that is over; a new one has begun */
		s->ask.kind = REPORT_SHIFT;
	}
	app_report_load(app);
}

static void answer_days(struct app *app, const struct job *job)
{
	struct session *s = &app->session;

	app->board.reports_missing = job->days.missing;
	app->board.report_last_missing = job->days.last_missing;
	if (s->screen != SCREEN_REPORTS)
		return;
	s->days = job->days;
	s->row_count = job->days.count;
	s->page_count = (job->days.total + REPORT_DAYS_SHOWN - 1) / REPORT_DAYS_SHOWN;
}

static void answer_report(struct app *app, const struct job *job)
{
	struct session *s = &app->session;

	if (!s->busy)
		return;
	s->busy = false;
	if (s->screen != SCREEN_REPORT && s->screen != SCREEN_REPORTS && s->screen != SCREEN_PERIOD)
		return;
	memcpy(&s->report, &job->report, sizeof(s->report));
	if (s->screen != SCREEN_REPORT)
		app_event(app, SESSION_LOADED);
}

static void show_people(struct app *app, const struct people *p)
{
	struct session *s = &app->session;

	memset(s->persons, 0, sizeof(s->persons));
	s->person_count = s->row_count = p->count;
	for (int i = 0; i < p->count; i++)
		s->persons[i] = p->rows[i];
	s->person_total = p->total;
	s->person_ticked = p->ticked;
	s->page_count = (p->total + VIEW_ROWS - 1) / VIEW_ROWS;
	if (s->screen == SCREEN_CONTACT)
		app_event(app, SESSION_LOADED);
}

static void answer_people(struct app *app, const struct job *job)
{
	struct session *s = &app->session;
	bool contact = job->type == JOB_CONTACT;
	bool here =
		contact ? (s->screen == SCREEN_CONTACT && s->busy) || s->screen == SCREEN_CONTACTS
			: s->screen == SCREEN_INSIDE;

	app->people_busy = false;
	if (here && contact)
		s->busy = false;
	if (job->error)
		s->note = app_register_failed(app, job->error);
	else if (here)
		show_people(app, &app->people);
	people_wipe(&app->people);
	if (here && app->people_again)
		app_people_load(app);
}

void app_report_answer(struct app *app, const struct job *job)
{
	if (job->type == JOB_REPORT_DAYS)
		answer_days(app, job);
	else if (job->type == JOB_REPORT)
		answer_report(app, job);
	else if (job->purpose == FOR_PAPER)
		app_report_print_list(app, job);
	else
		answer_people(app, job);
}
