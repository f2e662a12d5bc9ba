/*
 * What is done at night: personal fields whose time is over are forgotten (store/retention.h), and
 * then the chain is walked (store/chain_walk.h), in steps between which somebody at the gate is
 * served. Begins at three in the morning by the wall clock, and some minutes after every start,
 * because a gate may be switched off every night; how old something is does not depend on when it
 * begins.
 *
 * A chain that is broken does not stop the gate: what is recorded now is as good as ever. But the
 * board and every list of devices say so, until a walk has come to the end and found nothing.
 */
#include <string.h>

#include "app.h"
#include "base/civil.h"
#include "base/log.h"
#include "base/text.h"

#define NIGHT_HOUR_MS INT64_C(10800000) /* 03:00 */
#define DAY_MS INT64_C(86400000)
#define AFTER_START_MS INT64_C(600000)
#define AGAIN_MS INT64_C(60000) /* when somebody is at the screen, or the register was out */

static int64_t until_night_ms(const struct app *app)
{
	int64_t wall = app_wall(app);
	int64_t night = civil_day_start_ms(wall, app->config.utc_offset_min) + NIGHT_HOUR_MS;

	return night > wall ? night - wall : night + DAY_MS - wall;
}

static void begin_at(struct app *app, int64_t ms)
{
	app->forget = (struct forget_run){ 0 };
	app->walk = (struct chain_walk){ 0 };
	app->night_ms = ms;
}

/* The walk after the forgetting, and after both the next night. */
static void next_night(struct app *app)
{
	if (app->forget.done && !app->walk.done)
		app->night_ms = app_now(app);
	else
		begin_at(app, app_now(app) + until_night_ms(app));
}

void app_night_plan(struct app *app)
{
	app->at_night = false;
	begin_at(app, app_now(app) + AFTER_START_MS);
}

void app_night(struct app *app)
{
	struct job job = { .type = app->forget.done ? JOB_WALK : JOB_FORGET,
			   .purpose = FOR_RECORD,
			   .wall_ms = app_wall(app),
			   .mono_ms = app_now(app),
			   .clock_trusted = app->clock.trusted,
			   .retention = app->config.retention,
			   .forget = app->forget,
			   .walk = app->walk };

	app->night_ms = app_now(app) + AGAIN_MS;
	/* a deletion would make a check begin anew */
	if (!app->register_up || app->at_night || app->session.screen != SCREEN_BOARD ||
	    app->board.checked.state == CHECKED_RUNNING)
		return;
	app->at_night = true;
	app->night_ms = INT64_MAX;
	app_submit(app, &job);
}

static void found_broken(struct app *app, const struct register_fault *fault)
{
	char where[ENTRY_DETAIL_BYTES];

	text_format(where, sizeof(where), "%s %lld",
		    fault->part == REGISTER_PART_PERSON ? "personal fields of visit" : "event",
		    (long long)fault->key);
	log_error("register: %s: not as it was written", where);
	if (!app->register_bad)
		app_record(app, ENTRY_DEVICE, FOR_RECORD, NULL,
			   (int64_t)DEVICE_REGISTER << 8 | (int64_t)DEVICE_FAILED, where);
	app->register_bad = true;
	app_device_state(app, DEVICE_REGISTER, DEVICE_FAILED);
	app->walk.done = true;
	next_night(app);
}

static void failed(struct app *app, const struct job *job)
{
	if (job->error == -EUCLEAN && job->walk.fault.part != REGISTER_PART_NONE) {
		found_broken(app, &job->walk.fault);
		return;
	}
	/* begun anew later: what is forgotten stays so */
	begin_at(app, app_now(app) + AGAIN_MS);
	if (job->error != -ENODEV && job->error != -EBUSY)
		app_register_failed(app, job->error);
}

static void walked(struct app *app, const struct job *job)
{
	app->walk = job->walk;
	if (job->walk.done) {
		app->register_bad = false;
		app_device_state(app, DEVICE_REGISTER, DEVICE_OK);
	}
	next_night(app);
}

void app_night_step(struct app *app, const struct job *job)
{
	app->at_night = false;
	if (job->error) {
		failed(app, job);
		return;
	}
	if (job->type == JOB_WALK) {
		walked(app, job);
		return;
	}
	app->forget = job->forget;
	if (!job->forget.done) {
		app->night_ms = app_now(app);
		return;
	}
	if (job->forget.doubtful)
		log_warn("personal fields are due to be forgotten, but the clock is doubtful");
	else if (job->forget.forgotten > 0)
		log_info("personal fields of %lld visits forgotten",
			 (long long)job->forget.forgotten);
	if (job->forget.invitations > 0)
		log_info("%lld invitations forgotten", (long long)job->forget.invitations);
	next_night(app);
}
