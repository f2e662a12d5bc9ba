/*
 * What is due: every deadline of the program in one place, and what is done when it has come.
 */
#include "app.h"
#include "base/log.h"

#define COUNTS_MS 60000

static void earlier(int64_t *due, int64_t candidate)
{
	if (candidate < *due)
		*due = candidate;
}

/* The next whole second of something that counts down on the screen. */
static int64_t next_second(const struct app *app)
{
	const struct session *s = &app->session;
	int64_t now = app_now(app);
	int64_t left = s->deadline_ms - now;
	bool counting = s->deadline_ms != INT64_MAX && left > 0 && left <= SESSION_WARN_MS &&
			screen_traits(s->screen)->timeout_ms > SESSION_WARN_MS * 2;

	if (counting)
		return now + (left % 1000 ? left % 1000 : 1000);
	if (s->deadline_ms != INT64_MAX && left > SESSION_WARN_MS)
		return s->deadline_ms - SESSION_WARN_MS;
	return INT64_MAX;
}

int64_t app_deadline_ms(const struct app *app)
{
	int64_t due = app->session.deadline_ms;

	earlier(&due, app->gate_deadline_ms);
	earlier(&due, app->reopen_ms);
	earlier(&due, app->counts_ms);
	earlier(&due, app->night_ms);
	earlier(&due, app->check_ms);
	earlier(&due, app->backlog.retry_ms);
	earlier(&due, app->minute_ms);
	earlier(&due, app->notices.turn_ms);
	earlier(&due, app->sounds.next_ms);
	earlier(&due, next_second(app));
	earlier(&due, app_sensing_deadline_ms(app));
	if (app->printer)
		earlier(&due, printer_deadline_ms(app->printer));
	if (app->scanner)
		earlier(&due, scanner_link_deadline_ms(app->scanner));
	return due;
}

static void reopen(struct app *app)
{
	struct job job = { .type = JOB_OPEN, .purpose = FOR_RECORD };

	app->reopen_ms = INT64_MAX;
	app_submit(app, &job);
}

/* Every turn: between a step and the moment it is noticed nothing may be judged by the new time
 * with the old trust. */
static void watch_clock(struct app *app)
{
	int64_t step = clock_step_ms(&app->clock);

	if (step == 0)
		return;
	log_warn("wall clock stepped by %lld ms", (long long)step);
	app_record(app, ENTRY_CLOCK, FOR_RECORD, NULL, step, "");
	app->minute_ms = app_now(app);
}

void app_keep_clock(struct app *app)
{
	int64_t wall = app_wall(app);

	app->board.wall_ms = wall;
	app->board.clock_trusted = app->clock.trusted;
	app->minute_ms = app_now(app) + 60000 - wall % 60000;
	app_notices_day(app);
	app_broadcast(app);
}

void app_tick(struct app *app)
{
	int64_t now = app_now(app);

	watch_clock(app);
	if (now >= app->minute_ms)
		app_keep_clock(app);
	if (now >= app->sounds.next_ms)
		app_broadcast(app);
	if (now >= app->notices.turn_ms)
		app_notices_turn(app);
	if (now >= app->gate_deadline_ms) {
		app->gate_deadline_ms = INT64_MAX;
		app_gate(app, GATE_TIMER);
	}
	if (now >= app->session.deadline_ms) {
		app->session.deadline_ms = INT64_MAX;
		app_event(app, SESSION_TIMEOUT);
	}
	if (now >= app->reopen_ms)
		reopen(app);
	if (now >= app->backlog.retry_ms)
		app_backlog_send(app);
	if (now >= app->check_ms)
		app_check_step(app);
	if (now >= app->night_ms)
		app_night(app);
	if (now >= app->counts_ms) {
		app->counts_ms = now + COUNTS_MS;
		if (app->register_up)
			app_refresh(app);
	}
	if (app->printer && now >= printer_deadline_ms(app->printer))
		app_printer_io(app);
	if (app->scanner && now >= scanner_link_deadline_ms(app->scanner)) {
		scanner_link_tick(app->scanner, now);
		app_scanner_messages(app);
	}
	app_sensing_tick(app);
	if (app->session.screen == SCREEN_STAFF)
		app_stick_check(app);
}
