/*
 * Life cycle and the loop. Each turn: wait for a file descriptor, the next deadline or the screen's
 * polling interval (SDL has no file descriptor on the Pi's backend); take touches; do what is due;
 * draw if the view is another.
 */
#include "app.h"

#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>

#include "base/civil.h"
#include "base/log.h"
#include "base/text.h"

#define ACTIVE_POLL_MS 25
#define IDLE_POLL_MS 100
#define ACTIVE_FOR_MS 10000
#define COUNTS_MS 60000

int64_t app_now(const struct app *app)
{
	return clock_mono_ms(&app->clock);
}

int64_t app_wall(const struct app *app)
{
	return clock_wall_ms(&app->clock);
}

/* ---- the loop's file descriptors ---- */

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

/* ---- what is due ---- */

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
	earlier(&due, app->backlog.retry_ms);
	earlier(&due, app->minute_ms);
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

static void keep_clock(struct app *app)
{
	int64_t step = clock_step_ms(&app->clock);
	int64_t wall = app_wall(app);

	if (step != 0) {
		log_warn("wall clock stepped by %lld ms", (long long)step);
		app_record(app, ENTRY_CLOCK, FOR_RECORD, NULL, step, "");
	}
	app->board.wall_ms = wall;
	app->board.clock_trusted = app->clock.trusted;
	app->minute_ms = app_now(app) + 60000 - wall % 60000;
}

void app_tick(struct app *app)
{
	int64_t now = app_now(app);

	if (now >= app->minute_ms)
		keep_clock(app);
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

/* ---- drawing ---- */

void app_draw(struct app *app)
{
	struct view view;

	app->board.wall_ms = app->minute_ms == INT64_MAX ? app_wall(app) : app->board.wall_ms;
	app->board.export_permille = app->export_job.progress_permille;
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

/* ---- life cycle ---- */

static bool find_program_dir(struct app *app, char *message, size_t cap)
{
	ssize_t n = readlink("/proc/self/exe", app->program_dir, sizeof(app->program_dir) - 1);

	if (n > 0)
		app->program_dir[n] = '\0';
	char *slash = n > 0 ? strrchr(app->program_dir, '/') : NULL;
	if (!slash) {
		text_format(message, cap, "cannot find where this program stands (/proc/self/exe)");
		return false;
	}
	*slash = '\0';
	/* beside the programs in a build, in share/ when installed */
	text_format(app->sounds_dir, sizeof(app->sounds_dir), "%s/../sounds", app->program_dir);
	if (access(app->sounds_dir, R_OK) != 0)
		text_format(app->sounds_dir, sizeof(app->sounds_dir),
			    "%s/../share/gatehouse/sounds", app->program_dir);
	return true;
}

static bool data_folder(const struct app_options *o, char *message, size_t cap)
{
	if (mkdir(o->data, 0700) < 0 && errno != EEXIST) {
		text_format(message, cap, "%s: the data folder cannot be made: %s", o->data,
			    strerror(errno));
		return false;
	}
	if (access(o->data, R_OK | W_OK | X_OK) < 0) {
		text_format(message, cap, "%s: the data folder cannot be used: %s", o->data,
			    strerror(errno));
		return false;
	}
	return true;
}

static bool settings(struct app *app, char *message, size_t cap)
{
	const struct app_options *o = &app->options;

	return find_program_dir(app, message, cap) &&
	       config_read(&app->config, o->config, message, cap) &&
	       rulebook_read(&app->book, app->config.rulebook, message, cap) &&
	       data_folder(o, message, cap) && app_keys_open(app, message, cap);
}

static void fill_board(struct app *app)
{
	const struct config *c = &app->config;
	struct board *b = &app->board;

	text_copy(b->site_zh, sizeof(b->site_zh), c->site_zh);
	text_copy(b->site_en, sizeof(b->site_en), c->site_en);
	text_copy(b->gate_name, sizeof(b->gate_name), c->gate_name);
	text_copy(b->phone, sizeof(b->phone), c->phone);
	text_copy(b->leader, sizeof(b->leader), c->leader);
	text_copy(b->on_duty, sizeof(b->on_duty), c->on_duty);
	b->level = c->level;
	b->utc_offset_min = c->utc_offset_min;
#ifdef GATEHOUSE_SIM
	b->simulated = true;
#endif
	keep_clock(app);
}

static bool start_loop(struct app *app, char *message, size_t cap)
{
	sigset_t stop;

	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	int err = sd_event_new(&app->events);
	if (err >= 0)
		err = -pthread_sigmask(SIG_BLOCK, &stop, NULL);
	if (err >= 0)
		err = sd_event_add_signal(app->events, NULL, SIGTERM, NULL, NULL);
	if (err >= 0)
		err = sd_event_add_signal(app->events, NULL, SIGINT, NULL, NULL);
	signal(SIGPIPE, SIG_IGN);
	if (err < 0)
		text_format(message, cap, "the event loop cannot be made: %s", strerror(-err));
	return err >= 0;
}

static bool start_register(struct app *app, char *message, size_t cap)
{
	struct job job = { .type = JOB_OPEN, .purpose = FOR_RECORD };

	text_format(app->register_path, sizeof(app->register_path), "%s/register.db",
		    app->options.data);
	int err = worker_start(&app->worker, app->register_path, app->config.utc_offset_min);
	if (err) {
		text_format(message, cap, "the register's thread cannot be started: %s",
			    strerror(-err));
		return false;
	}
	app_submit(app, &job);
	for (int i = 0; i < app->config.account_count; i++) {
		const struct config_account *a = &app->config.accounts[i];
		struct job set = { .type = JOB_ACCOUNT_SET,
				   .only_missing = true,
				   .purpose = FOR_RECORD,
				   .wall_ms = app_wall(app),
				   .mono_ms = app_now(app) };
		set.account.role = a->role;
		text_copy(set.account.name, sizeof(set.account.name), a->name);
		text_copy(set.pin, sizeof(set.pin), a->pin);
		app_submit(app, &set);
	}
	return true;
}

bool app_open(struct app *app, const struct app_options *options, char *message, size_t cap)
{
	struct ui_options ui = { .headless = options->headless, .windowed = options->windowed };

	memset(app, 0, sizeof(*app));
	app->options = *options;
	app->gate_deadline_ms = app->reopen_ms = app->minute_ms = app->session.deadline_ms =
		INT64_MAX;
	app->backlog.retry_ms = INT64_MAX;
	app->touched_ms = -ACTIVE_FOR_MS;
#ifdef GATEHOUSE_SIM
	app->sim_camera_fd = app->sim_camera_far_fd = -1;
	app->world.input_pipe[0] = app->world.input_pipe[1] = -1;
	app->world.ambient_centi_c = 2100;
#endif
	for (int i = 0; i < WATCH_COUNT_; i++)
		app->watches[i].fd = -1;
	if (sodium_init() < 0) {
		text_format(message, cap, "the cryptography library cannot start");
		return false;
	}
	if (options->virtual_time)
		clock_virtual(&app->clock, options->virtual_wall_ms);
	else
		clock_real(&app->clock);
	if (!settings(app, message, cap) || !start_loop(app, message, cap))
		return false;
	if (ui_open(&app->ui, &ui, message, cap) != UI_OK)
		return false;
	fill_board(app);
	app_draw(app);
	if (!start_register(app, message, cap))
		return false;
	if (options->stick)
		text_copy(app->stick_dir, sizeof(app->stick_dir), options->stick);
	app_devices_open(app);
	app_scanner_want(app);
	return true;
}

void app_close(struct app *app)
{
	for (int i = 0; i < WATCH_COUNT_; i++)
		sd_event_source_unref(app->watches[i].source);
	if (app->worker)
		worker_stop(app->worker);
	app_devices_close(app);
	sd_event_unref(app->events);
	if (app->ui)
		ui_close(app->ui);
	explicit_bzero(app, sizeof(*app));
}
