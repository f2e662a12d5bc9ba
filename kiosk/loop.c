/*
 * The loop. Each turn: wait for a file descriptor, the next deadline or the screen's polling
 * interval (SDL has no file descriptor on the Pi's backend); take touches; do what is due; draw if
 * the view is another.
 */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <systemd/sd-daemon.h>

#include "app.h"
#include "base/log.h"

#define EXPORT_TELLING_PERMILLE 30 /* before that the time left is not told */
#define ACTIVE_POLL_MS 25
#define IDLE_POLL_MS 100

static int on_worker(sd_event_source *source, int fd, uint32_t events, void *data)
{
	struct app *app = data;
	struct job *job = malloc(sizeof(*job));

	(void)source;
	(void)fd;
	(void)events;
	assert(job);
	while (worker_next(app->worker, job))
		app_answer(app, job);
	explicit_bzero(job, sizeof(*job));
	free(job);
	return 0;
}

static int on_scanner(sd_event_source *source, int fd, uint32_t events, void *data)
{
	(void)source;
	(void)fd;
	(void)events;
	app_scanner_messages(data);
	return 0;
}

static int on_printer(sd_event_source *source, int fd, uint32_t events, void *data)
{
	(void)source;
	(void)fd;
	(void)events;
	app_printer_io(data);
	return 0;
}

static int on_line(sd_event_source *source, int fd, uint32_t events, void *data)
{
	(void)source;
	(void)fd;
	(void)events;
	app_line_events(data);
	return 0;
}

#ifdef GATEHOUSE_SIM
static int on_sim_printer(sd_event_source *source, int fd, uint32_t events, void *data)
{
	struct app *app = data;

	(void)source;
	(void)fd;
	(void)events;
	sim_printer_pump(app->world.printer);
	return 0;
}
#endif

/* Follows a descriptor that may change, close or want other events from turn to turn. */
static void watch(struct app *app, int which, int fd, uint32_t events, int64_t generation,
		  sd_event_io_handler_t fn)
{
	struct watch *w = &app->watches[which];

	if (w->source && w->fd == fd && w->generation == generation) {
		if (w->events != events && sd_event_source_set_io_events(w->source, events) >= 0)
			w->events = events;
		return;
	}
	w->source = sd_event_source_unref(w->source);
	w->fd = fd;
	w->generation = generation;
	w->events = events;
	if (fd < 0)
		return;
	int err = sd_event_add_io(app->events, &w->source, fd, events, fn, app);
	if (err < 0)
		log_error("loop: descriptor of watch %d: errno %d", which, -err);
}

static uint32_t epoll_of(short poll_events)
{
	return (poll_events & POLLIN ? (uint32_t)EPOLLIN : 0) |
	       (poll_events & POLLOUT ? (uint32_t)EPOLLOUT : 0);
}

static void watch_all(struct app *app)
{
	watch(app, WATCH_WORKER, worker_fd(app->worker), EPOLLIN, 0, on_worker);
	if (app->scanner)
		watch(app, WATCH_SCANNER, scanner_link_fd(app->scanner), EPOLLIN,
		      scanner_link_pid(app->scanner), on_scanner);
	if (app->printer)
		watch(app, WATCH_PRINTER, printer_fd(app->printer),
		      epoll_of(printer_events(app->printer)), 0, on_printer);
	watch(app, WATCH_LINE, app->has_line ? app->line.event_fd(app->line.ctx) : -1, EPOLLIN, 0,
	      on_line);
#ifdef GATEHOUSE_SIM
	if (app->world.printer)
		watch(app, WATCH_SIM_PRINTER, sim_printer_fd(app->world.printer), EPOLLIN, 0,
		      on_sim_printer);
#endif
}

/* As fast as so far: a guess that is worth telling once some of it is done. */
static int32_t export_left_s(const struct app *app)
{
	int64_t done = app->board.export_permille, took_ms = app_now(app) - app->export_began_ms;

	if (!app->exporting || done < EXPORT_TELLING_PERMILLE)
		return -1;
	return (int32_t)(took_ms * (1000 - done) / done / 1000);
}

void app_draw(struct app *app)
{
	struct view view;

	app->board.wall_ms = app->minute_ms == INT64_MAX ? app_wall(app) : app->board.wall_ms;
	app->board.export_permille = app->export_job.progress_permille;
	app->board.export_left_s = export_left_s(app);
	view_make(&view, &app->session, &app->board, &app->book, app_now(app));
	ui_draw(app->ui, &view, app->preview);
	explicit_bzero(&view, sizeof(view));
}

static void take_touches(struct app *app)
{
	struct action_event action;
	bool touched = false, quit = false;

	while (ui_poll(app->ui, &action, &touched, &quit))
		app_action(app, &action);
	if (touched)
		app->touched_ms = app_now(app);
	if (quit)
		app->quit = true;
}

int app_turn(struct app *app, int64_t wait_ms)
{
	watch_all(app);
	int err = sd_event_run(app->events, wait_ms < 0 ? 0 : (uint64_t)wait_ms * 1000);
	if (err < 0) {
		log_error("loop: errno %d", -err);
		app->quit = true;
		app->exit_code = 1;
	}
	if (sd_event_get_state(app->events) == SD_EVENT_FINISHED)
		app->quit = true;
	return err > 0;
}

bool app_busy(const struct app *app)
{
#ifdef GATEHOUSE_SIM
	bool camera_answers = app->world.fault[SIM_CAMERA] == SIM_OK ||
			      app->world.fault[SIM_CAMERA] == SIM_GARBAGE;
	if (app->scanner && camera_answers && app->frames_sent != app->frames_seen)
		return true;
#endif
	return worker_pending(app->worker) > 0;
}

static int64_t turn_ms(const struct app *app)
{
	int64_t now = app_now(app);
	bool active = now - app->touched_ms < ACTIVE_FOR_MS ||
		      screen_traits(app->session.screen)->preview || app->exporting;
	int64_t wait = active ? ACTIVE_POLL_MS : IDLE_POLL_MS;
	int64_t due = app_deadline_ms(app) - now;

	return due < wait ? due : wait;
}

/* Twice per period, from a turn of the loop that drew: a stuck screen is noticed, not only a dead
 * process. */
static void feed_watchdog(int64_t now_ms, int64_t *next_ms)
{
	uint64_t period_us;

	if (now_ms < *next_ms)
		return;
	*next_ms = INT64_MAX;
	if (sd_watchdog_enabled(0, &period_us) > 0) {
		sd_notify(0, "WATCHDOG=1");
		*next_ms = now_ms + (int64_t)(period_us / 2000);
	}
}

int app_run(struct app *app)
{
	int64_t watchdog_ms = 0;

	app_draw(app);
	sd_notify(0, "READY=1");
	while (!app->quit) {
		app_turn(app, turn_ms(app));
		take_touches(app);
		app_tick(app);
		app_draw(app);
		feed_watchdog(app_now(app), &watchdog_ms);
	}
	log_info("%llu frames drawn", (unsigned long long)ui_frames(app->ui));
	return app->exit_code;
}
