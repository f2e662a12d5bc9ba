/*
 * A person's own request: what the receipt code finds is shown masked; a copy on paper and an
 * erasure go into the register first, and only when they are on record anything is printed or
 * called erased.
 */
#include <sodium.h>
#include <string.h>

#include "app.h"
#include "base/log.h"
#include "base/text.h"

static void stamp(struct app *app, struct entry *entry)
{
	entry->wall_ms = app_wall(app);
	entry->mono_ms = app_now(app);
	entry->clock_trusted = app->clock.trusted;
	text_copy(entry->actor, sizeof(entry->actor), app->session.account);
}

void app_request(struct app *app)
{
	struct session *s = &app->session;
	struct job job = { .type = JOB_REQUEST, .purpose = FOR_SCREEN };

	s->busy = true;
	stamp(app, &job.entry);
	text_copy(job.text, sizeof(job.text), s->entry);
	app_submit(app, &job);
	explicit_bzero(&job, sizeof(job));
}

bool app_request_may(struct app *app, enum session_event event)
{
	struct session *s = &app->session;

	if (s->busy)
		return false;
	s->erase = event == SESSION_ERASE;
	if (s->erase)
		return visit_is_over(s->visit.state);
	s->note = !app->printer             ? NOTE_PRINTER_ABSENT
		  : app->printing.under_way ? NOTE_PRINTER_BUSY
					    : NOTE_NONE;
	return s->note == NOTE_NONE;
}

void app_kept(struct app *app)
{
	struct session *s = &app->session;
	struct job job = { .type = JOB_ERASE, .purpose = FOR_SCREEN, .id = s->visit.id };

	s->busy = true;
	if (!s->erase) {
		app_record(app, ENTRY_REVEALED, FOR_COPY, &s->visit, 0, "copy");
		return;
	}
	stamp(app, &job.entry);
	app_submit(app, &job);
}

void app_copy_recorded(struct app *app, const struct job *job)
{
	struct session *s = &app->session;
	bool here = s->screen == SCREEN_KEPT && s->busy && s->visit.id == job->entry.visit.id;

	if (job->error)
		app_register_failed(app, job->error);
	if (!here)
		return;
	s->busy = false;
	s->note = job->error ? NOTE_NOT_SAVED : NOTE_COPY_PRINTING;
	if (!job->error)
		app_request_print(app, &s->visit);
}

static void answer_request(struct app *app, const struct job *job)
{
	static const enum note NOTE[] = {
		[REQUEST_FOUND] = NOTE_NONE,
		[REQUEST_MISTYPED] = NOTE_REQUEST_MISTYPED,
		[REQUEST_UNKNOWN] = NOTE_REQUEST_UNKNOWN,
		[REQUEST_LOCKED] = NOTE_REQUEST_LOCKED,
	};
	struct session *s = &app->session;

	if (s->screen != SCREEN_REQUEST || !s->busy)
		return;
	s->busy = false;
	s->note = NOTE[job->request.outcome];
	s->pin_wait_s = job->request.wait_s;
	if (job->request.outcome != REQUEST_FOUND)
		return;
	session_wipe(s);
	s->visit = job->visit;
	app_event(app, SESSION_LOADED);
}

static void answer_erase(struct app *app, const struct job *job)
{
	struct session *s = &app->session;

	sodium_bin2hex(app->board.head, sizeof(app->board.head), job->receipt.head, 8);
	if (s->screen != SCREEN_KEPT || !s->busy)
		return;
	s->busy = false;
	s->note = NOTE_ERASE_OPEN;
	if (job->erase_outcome == ERASE_OPEN)
		return;
	app_event(app, SESSION_ERASED);
	s->note = job->erase_outcome == ERASE_DONE ? NOTE_ERASED : NOTE_REQUEST_UNKNOWN;
}

void app_request_answer(struct app *app, const struct job *job)
{
	if (job->type == JOB_REQUEST)
		answer_request(app, job);
	else
		answer_erase(app, job);
}
