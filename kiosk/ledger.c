/*
 * The screens of the ledgers: what they load, and the entry that is recorded while its screen
 * stays. Only when it is on record the list is shown again, with it.
 */
#include <string.h>

#include "app.h"
#include "base/text.h"
#include "core/ledger_form.h"

void app_ledgers_load(struct app *app)
{
	struct job job = { .type = JOB_LEDGERS, .purpose = FOR_SCREEN };

	app->session.row_count = LEDGER_KIND_COUNT_;
	app_submit(app, &job);
}

void app_ledger_load(struct app *app)
{
	struct session *s = &app->session;
	struct job job = { .type = JOB_LEDGER,
			   .purpose = FOR_SCREEN,
			   .skip = s->page * LEDGER_ROWS,
			   .ledger_kind = s->ledger.kind };

	s->row_count = 0;
	app_submit(app, &job);
}

void app_ledger_choose(struct app *app, const struct action_event *a)
{
	struct session *s = &app->session;

	if (s->screen == SCREEN_LEDGERS && a->action == ACTION_ROW) {
		s->ledger.kind = (enum ledger_kind)s->choice;
		s->page = 0;
	}
	if (s->screen == SCREEN_LEDGER && a->action == ACTION_LEDGER_NEW)
		ledger_form_begin(s);
}

bool app_ledger_may(struct app *app, enum session_event event)
{
	struct session *s = &app->session;

	if (event == SESSION_LEDGER_STRIKE) {
		if (s->busy || s->ledger.draft.corrects == 0)
			return false;
		ledger_form_strike(s);
		return true;
	}
	if (s->choice >= s->ledger.row_count)
		return false;
	bool may = ledger_form_correct(s, &s->ledger.rows[s->choice]);
	s->note = may ? NOTE_NONE : NOTE_LEDGER_CORRECTED;
	return may;
}

void app_ledger_write(struct app *app)
{
	struct session *s = &app->session;
	struct job job = { .type = JOB_RECORD, .purpose = FOR_LEDGER };
	struct entry *e = &job.entry;

	s->busy = true;
	e->type = ENTRY_LEDGER;
	e->wall_ms = app_wall(app);
	e->mono_ms = app_now(app);
	e->clock_trusted = app->clock.trusted;
	e->ledger = s->ledger.draft;
	text_copy(e->actor, sizeof(e->actor), s->account);
	app_submit(app, &job);
}

void app_ledger_recorded(struct app *app, const struct job *job)
{
	struct session *s = &app->session;
	bool here = s->screen == SCREEN_LEDGER_ENTRY && s->busy;
	bool already = job->error == -EALREADY || job->error == -EINVAL;

	if (job->error && !already)
		app_register_failed(app, job->error);
	if (!here)
		return;
	s->busy = false;
	if (job->error && !already) {
		s->note = NOTE_NOT_SAVED;
		return;
	}
	s->page = 0;
	app_event(app, SESSION_LEDGER_WRITTEN);
	s->note = already ? NOTE_LEDGER_CORRECTED : NOTE_LEDGER_WRITTEN;
}

void app_ledger_answer(struct app *app, const struct job *job)
{
	struct session *s = &app->session;

	if (job->type == JOB_LEDGERS) {
		app->board.ledgers = job->ledgers;
		return;
	}
	if (s->screen != SCREEN_LEDGER || job->ledger_kind != s->ledger.kind)
		return;
	s->row_count = s->ledger.row_count = job->count;
	memcpy(s->ledger.rows, job->ledger_rows, sizeof(s->ledger.rows));
	s->page_count = (job->total + LEDGER_ROWS - 1) / LEDGER_ROWS;
}
