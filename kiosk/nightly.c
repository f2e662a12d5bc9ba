/*
 * What is done at night: personal fields whose time is over are forgotten (store/retention.h), in
 * steps between which somebody at the gate is served. Begins at three in the morning by the wall
 * clock, and some minutes after every start, because a gate may be switched off every night; how
 * old something is does not depend on when it begins.
 */
#include <string.h>

#include "app.h"
#include "base/civil.h"
#include "base/log.h"

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

static void next_night(struct app *app)
{
	app->forget = (struct forget_run){ 0 };
	app->night_ms = app_now(app) + until_night_ms(app);
}

void app_night_plan(struct app *app)
{
	app->forgetting = false;
	app->forget = (struct forget_run){ 0 };
	app->night_ms = app_now(app) + AFTER_START_MS;
}

void app_night(struct app *app)
{
	struct job job = { .type = JOB_FORGET,
			   .purpose = FOR_RECORD,
			   .wall_ms = app_wall(app),
			   .mono_ms = app_now(app),
			   .clock_trusted = app->clock.trusted,
			   .retention = app->config.retention,
			   .forget = app->forget };

	app->night_ms = app_now(app) + AGAIN_MS;
	if (!app->register_up || app->forgetting || app->session.screen != SCREEN_BOARD)
		return;
	app->forgetting = true;
	app->night_ms = INT64_MAX;
	app_submit(app, &job);
}

void app_night_step(struct app *app, const struct job *job)
{
	app->forgetting = false;
	if (job->error) { /* begun anew later: what is forgotten stays so */
		app->forget = (struct forget_run){ 0 };
		app->night_ms = app_now(app) + AGAIN_MS;
		if (job->error != -ENODEV && job->error != -EBUSY)
			app_register_failed(app, job->error);
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
	next_night(app);
}
