/*
 * Life cycle: settings first, then the screen, then the register's thread and the devices; whatever
 * is missing is said in a sentence and the kiosk does not start half-configured.
 */
#include "app.h"

#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/log.h"
#include "base/text.h"
#include "hal/backends.h"

#define BLOCK_BYTES 4096

int64_t app_now(const struct app *app)
{
	return clock_mono_ms(&app->clock);
}

int64_t app_wall(const struct app *app)
{
	return clock_wall_ms(&app->clock);
}

struct moment app_moment(const struct app *app)
{
	return (struct moment){ app_wall(app), app->config.utc_offset_min, app->clock.trusted };
}

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
	text_format(app->stick_program, sizeof(app->stick_program), "%s/gatehouse-stick",
		    app->program_dir);
	/* beside the programs in a build, in share/ when installed */
	text_format(app->sounds_dir, sizeof(app->sounds_dir), "%s/../sounds", app->program_dir);
	if (access(app->sounds_dir, R_OK) != 0)
		text_format(app->sounds_dir, sizeof(app->sounds_dir),
			    "%s/../share/gatehouse/sounds", app->program_dir);
	return true;
}

/* A page of the register is written whole or not at all only on blocks that are as large. */
static bool blocks_fit(const char *data, char *message, size_t cap)
{
	struct statvfs fs;

	if (statvfs(data, &fs) < 0 || fs.f_bsize % BLOCK_BYTES == 0)
		return true; /* who cannot say is not accused */
	text_format(message, cap,
		    "%s: the file system has blocks of %lu bytes, the register needs %d: make it "
		    "anew with mkfs.ext4 -b %d",
		    data, fs.f_bsize, BLOCK_BYTES, BLOCK_BYTES);
	return false;
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
	return blocks_fit(o->data, message, cap);
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
	b->rhythm = c->rhythm;
	text_copy(b->on_duty, sizeof(b->on_duty), c->on_duty);
	b->level = c->level;
	b->utc_offset_min = app->session.utc_offset_min = c->utc_offset_min;
#ifdef GATEHOUSE_SIM
	b->simulated = true;
#endif
	app_keep_clock(app);
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
		app->night_ms = app->check_ms = app->notices.turn_ms = app->sounds.next_ms =
			INT64_MAX;
	app->sounds.playing = -1;
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
	app_sounds_close(app);
	app_devices_close(app);
	app_notices_close(app);
	sd_event_unref(app->events);
	if (app->ui)
		ui_close(app->ui);
	explicit_bzero(app, sizeof(*app));
}
