/*
 * The full check of the register on request: one step after another, with a pause between them in
 * which the worker serves the gate. It goes on when whoever asked has left the screen; what came of
 * it stands there until the next one.
 */
#include <sodium.h>
#include <string.h>

#include "app.h"
#include "base/log.h"

#define PAUSE_MS 5

static void ask(struct app *app, enum check_ask what)
{
	struct job job = { .type = JOB_CHECK, .purpose = FOR_RECORD, .check_ask = what };

	app->check_ms = INT64_MAX;
	app_submit(app, &job);
}

void app_check_start(struct app *app)
{
	app->board.checked = (struct checked){ .state = CHECKED_RUNNING };
	ask(app, CHECK_BEGIN);
}

void app_check_stop(struct app *app)
{
	if (app->board.checked.state != CHECKED_RUNNING)
		return;
	app->board.checked.state = CHECKED_STOPPED;
	ask(app, CHECK_STOP);
}

void app_check_step(struct app *app)
{
	ask(app, CHECK_GO_ON);
}

/* A step of one that was stopped, or begun anew since, says nothing any more. */
static bool is_over(const struct app *app, const struct job *job)
{
	return app->board.checked.state != CHECKED_RUNNING || job->check_ask == CHECK_STOP ||
	       job->error == -ECANCELED;
}

void app_check_answer(struct app *app, const struct job *job)
{
	struct checked *c = &app->board.checked;
	const struct check_state *is = &job->check;

	if (is_over(app, job))
		return;
	c->permille = is->permille;
	if (job->error == 0 && !is->done) {
		app->check_ms = app_now(app) + PAUSE_MS;
		return;
	}
	c->ended_ms = app_wall(app);
	c->seq = is->seq;
	sodium_bin2hex(c->head, sizeof(c->head), is->head, 8);
	c->state = job->error == 0          ? CHECKED_GOOD
		   : job->error == -EUCLEAN ? CHECKED_WRONG
					    : CHECKED_BROKEN_OFF;
	if (job->error == 0) {
		log_info("register: %lld events checked, all good", (long long)is->seq);
		return;
	}
	c->part = is->fault.part;
	c->key = is->fault.key;
	c->blamed = is->fault.seq;
	log_error("register: the check: %s: part %d, %lld, event %lld", strerror(-job->error),
		  (int)c->part, (long long)c->key, (long long)c->blamed);
	if (job->error != -EUCLEAN && job->error != -ENOMEM && job->error != -ENODEV &&
	    job->error != -EBUSY)
		app_register_failed(app, job->error);
}
