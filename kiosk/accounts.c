/*
 * The screens of accounts: the list, one that is typed, and its way into the register. Nothing is
 * shown as done before it is on record.
 */
#include <sodium.h>
#include <string.h>

#include "app.h"
#include "base/text.h"
#include "core/form.h"

void app_accounts_load(struct app *app)
{
	struct session *s = &app->session;
	struct job job = { .type = JOB_ACCOUNTS,
			   .purpose = FOR_SCREEN,
			   .role = ROLE_NONE,
			   .skip = s->page * VIEW_ROWS };

	app_submit(app, &job);
}

void app_accounts_answer(struct app *app, const struct job *job)
{
	struct session *s = &app->session;

	memset(s->rows, 0, sizeof(s->rows));
	s->row_count = job->count;
	s->page_count = (job->total + VIEW_ROWS - 1) / VIEW_ROWS;
	s->accounts_offices = job->offices;
	for (int i = 0; i < job->count; i++) {
		text_copy(s->rows[i].name, sizeof(s->rows[i].name), job->accounts[i].name);
		s->rows[i].role = job->accounts[i].role;
		s->rows[i].until_ms = job->accounts[i].until_ms;
	}
	if (s->accounts_offices && s->note == NOTE_NONE)
		s->note = NOTE_ACCOUNTS_OFFICES;
}

bool app_account_may(struct app *app, enum session_event event)
{
	struct session *s = &app->session;
	struct account_form *f = &s->form;
	bool own = strcmp(f->name, s->account) == 0;

	if (event == SESSION_ACCOUNT_NEW) {
		*f = (struct account_form){ .act = ACCOUNT_NEW };
		if (s->role == ROLE_SUPERVISOR)
			f->role = ROLE_GUARD; /* the only one a supervisor may make */
		return !s->accounts_offices;
	}
	if (event == SESSION_ROW) {
		const struct view_row *row = &s->rows[s->choice];
		*f = (struct account_form){ .act = ACCOUNT_CHANGE,
					    .role = row->role,
					    .until_was_ms = row->until_ms };
		text_copy(f->name, sizeof(f->name), row->name);
		account_form_load(f, s->utc_offset_min);
		own = strcmp(f->name, s->account) == 0;
		s->note = s->accounts_offices                   ? NOTE_ACCOUNTS_OFFICES
			  : !account_may(s->role, own, f->role) ? NOTE_ACCOUNT_NOT_ALLOWED
								: NOTE_NONE;
		return s->note == NOTE_NONE;
	}
	if (s->busy || f->act == ACCOUNT_NEW || own)
		return false;
	f->act = ACCOUNT_REMOVE;
	return true;
}

void app_account_change(struct app *app)
{
	struct session *s = &app->session;
	struct job job = { .type = JOB_ACCOUNT_CHANGE, .purpose = FOR_SCREEN };

	s->busy = true;
	job.account_act = s->form.act;
	job.account = (struct account){ .role = s->form.role, .until_ms = s->form.until_ms };
	text_copy(job.account.name, sizeof(job.account.name), s->form.name);
	text_copy(job.pin, sizeof(job.pin), s->form.pin);
	job.entry.wall_ms = app_wall(app);
	job.entry.mono_ms = app_now(app);
	job.entry.clock_trusted = app->clock.trusted;
	text_copy(job.entry.actor, sizeof(job.entry.actor), s->account);
	app_submit(app, &job);
	explicit_bzero(&job, sizeof(job));
}

void app_account_changed(struct app *app, const struct job *job)
{
	static const enum note NOTE[] = {
		[ACCOUNT_DONE] = NOTE_ACCOUNT_DONE,
		[ACCOUNT_OFFICES] = NOTE_ACCOUNTS_OFFICES,
		[ACCOUNT_TAKEN] = NOTE_ACCOUNT_TAKEN,
		[ACCOUNT_GONE] = NOTE_ACCOUNT_GONE,
		[ACCOUNT_LAST] = NOTE_ACCOUNT_LAST,
		[ACCOUNT_NOT_ALLOWED] = NOTE_ACCOUNT_NOT_ALLOWED,
		[ACCOUNT_BAD] = NOTE_ACCOUNT_NAME,
	};
	struct session *s = &app->session;

	sodium_bin2hex(app->board.head, sizeof(app->board.head), job->receipt.head, 8);
	if (s->screen != SCREEN_ACCOUNT || !s->busy)
		return;
	s->busy = false;
	if (job->account_outcome == ACCOUNT_DONE)
		app_event(app, SESSION_ACCOUNT_DONE);
	else if (s->form.act == ACCOUNT_REMOVE)
		s->form.act = ACCOUNT_CHANGE;
	s->note = NOTE[job->account_outcome];
}
