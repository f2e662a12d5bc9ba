/*
 * The office's bundle: what was found on the stick is shown, whoever of the staff stands there
 * confirms it, the register takes all of it or nothing, and only then it is in force.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "base/log.h"
#include "base/text.h"

struct bundle_job app_bundle_job(const struct app *app)
{
	struct bundle_job job = { .stick_program = app->stick_program,
				  .stick_dir = app->stick_dir,
				  .site_id = app->config.site_id,
				  .book_version = app->book.version,
				  .now = app_moment(app) };

	memcpy(job.public_key, app->config.office_key, sizeof(job.public_key));
	return job;
}

void app_bundle_found(struct app *app, const struct job *job)
{
	struct session *s = &app->session;

	s->note = bundle_note(&job->bundle_found);
	text_copy(s->note_word, sizeof(s->note_word), job->bundle_found.word);
	if (s->note == NOTE_NONE)
		s->bundle = job->bundle_found.summary;
}

void app_import(struct app *app)
{
	struct session *s = &app->session;
	struct job job = { .type = JOB_IMPORT,
			   .purpose = FOR_SCREEN,
			   .id = s->bundle.number,
			   .wall_ms = app_wall(app),
			   .mono_ms = app_now(app),
			   .clock_trusted = app->clock.trusted,
			   .bundle_job = app_bundle_job(app) };

	text_copy(job.account.name, sizeof(job.account.name), s->account);
#ifdef GATEHOUSE_SIM
	if (app->moment)
		app->moment(app->moment_ctx, "record");
#endif
	app_submit(app, &job);
}

void app_put_book(struct app *app, struct job *job)
{
	if (!job->book)
		return;
	app->book = *job->book;
	free(job->book);
	job->book = NULL;
	log_info("rulebook version %d of the office in force", app->book.version);
}

/* Taken: also when the screen has been left meanwhile. */
static void put_in_force(struct app *app, struct job *job)
{
	app_put_book(app, job);
	app_put_notices(app, job);
	app_put_sounds(app, job);
	sodium_bin2hex(app->board.head, sizeof(app->board.head), job->receipt.head, 8);
	app_device_state(app, DEVICE_REGISTER, DEVICE_OK);
	log_info("bundle %llu taken", (unsigned long long)job->id);
	app_refresh(app);
#ifdef GATEHOUSE_SIM
	if (app->moment)
		app->moment(app->moment_ctx, "recorded");
#endif
}

/* The screen may have been left, and another be waiting for another answer: this bundle stands in
 * the session only as long as it is waited for. */
static void finish(struct app *app, const struct job *job, enum session_event event, enum note note)
{
	if (app->session.screen != SCREEN_SAVING || app->session.bundle.number != job->id)
		return;
	app_event(app, event);
	app->session.note = note;
}

void app_import_answer(struct app *app, struct job *job)
{
	struct session *s = &app->session;
	enum bundle_outcome outcome = job->bundle_found.outcome;

	if (job->error) {
		app_register_failed(app, job->error);
		finish(app, job, SESSION_IMPORT_FAILED, NOTE_NOT_SAVED);
		return;
	}
	if (outcome != BUNDLE_GOOD) {
		finish(app, job, SESSION_IMPORT_FAILED, bundle_outcome_note(outcome));
		return;
	}
	put_in_force(app, job);
	finish(app, job, SESSION_IMPORTED, NOTE_BUNDLE_TAKEN);
	/* Whoever is no longer in the list does not stay logged in. */
	if (s->screen == SCREEN_STAFF && strcmp(s->account, job->account.name) == 0 &&
	    s->role != job->account.role)
		app_event(app, SESSION_LOGOUT);
}
