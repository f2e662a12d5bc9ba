/*
 * Devices as the gate feels them: opened by the configuration, looked after while idle, each with
 * its fault state. A device that is missing or failing is shown, never replaced by something else.
 */
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "app.h"
#include "base/log.h"
#include "base/text.h"
#include "hal/backends.h"

#define HEALTH_MS 30000

static bool is_fault(enum device_state state)
{
	return state != DEVICE_OK && state != DEVICE_UNKNOWN && state != DEVICE_STARTING;
}

static const char *const DEVICE_NAME[DEVICE_COUNT_] = {
	[DEVICE_CAMERA] = "camera",   [DEVICE_THERMOMETER] = "thermometer",
	[DEVICE_PRINTER] = "printer", [DEVICE_GATE] = "gate",
	[DEVICE_SPEAKER] = "speaker", [DEVICE_PRESENCE] = "presence",
	[DEVICE_STICK] = "stick",     [DEVICE_REGISTER] = "register",
};

static const char *const STATE_NAME[DEVICE_STATE_COUNT_] = {
	[DEVICE_OK] = "ok",
	[DEVICE_UNKNOWN] = "does not say",
	[DEVICE_ABSENT] = "absent",
	[DEVICE_STARTING] = "starting",
	[DEVICE_FAILED] = "failed",
	[DEVICE_PAPER_LOW] = "paper low",
	[DEVICE_PAPER_END] = "paper end",
	[DEVICE_COVER_OPEN] = "cover open",
	[DEVICE_FULL] = "full",
};

void app_device_state(struct app *app, enum device device, enum device_state state)
{
	enum device_state before = app->board.devices[device];

	/* it can be written, but what stands in it is not what was written */
	if (device == DEVICE_REGISTER && state == DEVICE_OK && app->register_bad)
		state = DEVICE_FAILED;
	if (before == state)
		return;
	app->board.devices[device] = state;
	log_info("%s: %s", DEVICE_NAME[device], STATE_NAME[state]);
	if (is_fault(before) != is_fault(state) && device != DEVICE_REGISTER &&
	    device != DEVICE_STICK)
		app_record(app, ENTRY_DEVICE, FOR_RECORD, NULL,
			   (int64_t)device << 8 | (int64_t)state, "");
}

static struct sim_world *world_of(struct app *app)
{
#ifdef GATEHOUSE_SIM
	return &app->world;
#else
	(void)app;
	return NULL;
#endif
}

static void open_thermometer(struct app *app)
{
	int err =
		backend_thermometer_open(&app->thermometer, app->config.thermometer, world_of(app));

	app->has_thermometer = err == 0;
	if (err && !backend_is(app->config.thermometer, "none"))
		log_warn("thermometer %s: %s", app->config.thermometer, strerror(-err));
	if (err)
		app_device_state(app, DEVICE_THERMOMETER, DEVICE_ABSENT);
}

static void open_gate(struct app *app)
{
	int err = backend_gate_open(&app->line, app->config.gate, world_of(app));

	app->has_line = err == 0;
	if (err)
		log_warn("gate %s: %s", app->config.gate, strerror(-err));
	bool sim = backend_is(app->config.gate, "sim");
	app->has_beam = sim || strstr(app->config.gate, "beam");
	app->has_presence = sim || strstr(app->config.gate, "presence");
	app_device_state(app, DEVICE_GATE, err ? DEVICE_ABSENT : DEVICE_OK);
}

static void open_printer(struct app *app)
{
	int err = backend_printer_open(&app->printer, app->config.printer, world_of(app));

	if (err) {
		app->printer = NULL;
		log_warn("printer %s: %s", app->config.printer, strerror(-err));
		app_device_state(app, DEVICE_PRINTER, DEVICE_ABSENT);
		return;
	}
	printer_ask(app->printer, app_now(app));
	app_printer_io(app);
}

static void open_speaker(struct app *app)
{
	if (backend_is(app->config.speaker, "none"))
		return;
	int err = speaker_open(&app->speaker, app->sounds_dir);
	if (err) {
		app->speaker = NULL;
		log_warn("speaker: %s (%s)", strerror(-err), app->sounds_dir);
		app_device_state(app, DEVICE_SPEAKER, DEVICE_ABSENT);
	}
	app_sounds_bring(app);
}

static void open_scanner(struct app *app)
{
	char program[300];
	struct scanner_options options = { .program = program,
					   .camera = app->config.camera,
					   .sim_fd = -1 };

	if (backend_is(app->config.camera, "none")) {
		app_device_state(app, DEVICE_CAMERA, DEVICE_ABSENT);
		return;
	}
	text_format(program, sizeof(program), "%s/gatehouse-scanner", app->program_dir);
#ifdef GATEHOUSE_SIM
	if (backend_is(app->config.camera, "sim")) {
		int fds[2];
		if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) == 0) {
			app->sim_camera_fd = fds[0];
			app->sim_camera_far_fd = fds[1];
			options.sim_fd = fds[1];
		}
	}
#endif
	app->board.devices[DEVICE_CAMERA] = DEVICE_STARTING;
	int err = scanner_link_start(&app->scanner, &options, app_now(app));
	if (err) {
		app->scanner = NULL;
		log_error("camera program %s: %s", program, strerror(-err));
		app_device_state(app, DEVICE_CAMERA, DEVICE_ABSENT);
	}
}

void app_devices_open(struct app *app)
{
	open_gate(app);
	open_thermometer(app);
	open_printer(app);
	open_speaker(app);
	open_scanner(app);
	app->board.devices[DEVICE_STICK] = DEVICE_ABSENT;
}

void app_devices_close(struct app *app)
{
	if (app->scanner)
		scanner_link_stop(app->scanner);
	if (app->has_thermometer)
		app->thermometer.close(app->thermometer.ctx);
	if (app->has_line)
		app->line.close(app->line.ctx);
	if (app->printer)
		printer_close(app->printer);
	if (app->speaker)
		speaker_close(app->speaker);
#ifdef GATEHOUSE_SIM
	sim_printer_close(app->world.printer);
	close_fd(&app->sim_camera_fd);
	close_fd(&app->sim_camera_far_fd);
#endif
}

static enum device_state thermometer_state(enum thermometer_outcome outcome)
{
	static const enum device_state STATE[THERMOMETER_OUTCOME_COUNT_] = {
		[THERMOMETER_READING] = DEVICE_OK,       [THERMOMETER_NO_RESULT] = DEVICE_OK,
		[THERMOMETER_BAD_CHECK] = DEVICE_FAILED, [THERMOMETER_ABSENT] = DEVICE_ABSENT,
		[THERMOMETER_FAILED] = DEVICE_FAILED,
	};
	return STATE[outcome];
}

static struct thermometer_reading read_thermometer(struct app *app)
{
	struct thermometer_reading reading = { .outcome = THERMOMETER_ABSENT };

	if (!app->has_thermometer)
		open_thermometer(app); /* it may have come back */
	if (app->has_thermometer)
		reading = app->thermometer.read(app->thermometer.ctx);
	app_device_state(app, DEVICE_THERMOMETER, thermometer_state(reading.outcome));
	app->sampled_ms = app_now(app);
	app->health_ms = app->sampled_ms + HEALTH_MS;
	return reading;
}

/* Speech at the turns of the procedure. */
static void speak_fever(struct app *app, enum fever_state before)
{
	enum fever_state state = app->session.fever.state;

	if (state != before && state == FEVER_AGAIN)
		app_say(app, CLIP_AGAIN);
	if (state != before && state == FEVER_SUSPECT)
		app_say(app, CLIP_REST);
}

void app_measure(struct app *app)
{
	struct fever *fever = &app->session.fever;
	enum fever_state before = fever->state;
	struct thermometer_reading reading = { .outcome = THERMOMETER_NO_RESULT };

	if (fever->state != FEVER_AGAIN)
		reading = read_thermometer(app);
	struct fever_sample sample = {
		.present = reading.outcome == THERMOMETER_READING ||
			   reading.outcome == THERMOMETER_NO_RESULT,
		.valid = reading.outcome == THERMOMETER_READING,
		.object_centi_c = reading.object_centi_c,
		.ambient_centi_c = reading.ambient_centi_c,
	};
	fever_sample(fever, &app->book, &sample, app_now(app));
	speak_fever(app, before);
	if (fever->state == FEVER_NORMAL || fever->state == FEVER_SUSPECT)
		app_event(app, SESSION_TEMPERATURE);
}

static void presence(struct app *app, bool active)
{
	if (active && app->printer) /* know about the paper before somebody has typed a form */
		printer_ask(app->printer, app_now(app));
	app_event(app, active ? SESSION_PRESENCE : SESSION_GONE);
}

static void line_event(struct app *app, const struct line_event *event)
{
	switch (event->input) {
	case LINE_BEAM:
		if (event->active)
			app_gate(app, GATE_BEAM);
		break;
	case LINE_PRESENCE:
		presence(app, event->active);
		break;
	case LINE_GUARD_BUTTON:
		if (event->active) {
			app->session.role_wanted = ROLE_GUARD;
			app_event(app, SESSION_GUARD);
		}
		break;
	case LINE_EMERGENCY:
		app_gate(app, event->active ? GATE_EMERGENCY_ON : GATE_EMERGENCY_OFF);
		app_event(app, event->active ? SESSION_EMERGENCY : SESSION_EMERGENCY_OVER);
		break;
	case LINE_INPUT_COUNT_:
		break;
	}
}

void app_line_events(struct app *app)
{
	struct line_event event;
	int n = 0;

	while (app->has_line && (n = app->line.next_event(app->line.ctx, &event)) > 0)
		line_event(app, &event);
	if (n < 0) {
		log_error("gate inputs: errno %d", -n);
		app->line.close(app->line.ctx);
		app->has_line = false;
		app_gate(app, GATE_LINE_FAILED);
	}
}

/* A folder is a stick when something is mounted on it. */
static bool mounted(const char *dir)
{
	char parent[300];
	struct stat here, above;

	text_format(parent, sizeof(parent), "%s/..", dir);
	return stat(dir, &here) == 0 && stat(parent, &above) == 0 && here.st_dev != above.st_dev;
}

void app_stick_check(struct app *app)
{
	const char *spec = app->config.stick;

	if (backend_is(spec, "dir")) {
		text_copy(app->stick_dir, sizeof(app->stick_dir),
			  strchr(spec, ':') ? strchr(spec, ':') + 1 : "");
		app->stick_present = mounted(app->stick_dir);
	}
	app->board.devices[DEVICE_STICK] = app->stick_present ? DEVICE_OK : DEVICE_ABSENT;
}

/* While somebody is measured the other devices wait. */
int64_t app_sensing_deadline_ms(const struct app *app)
{
	if (app->session.screen == SCREEN_TEMPERATURE)
		return fever_due_ms(&app->session.fever, app->sampled_ms);
	return app->health_ms;
}

void app_sensing_tick(struct app *app)
{
	int64_t now = app_now(app);

	if (app->session.screen == SCREEN_TEMPERATURE) {
		if (now >= fever_due_ms(&app->session.fever, app->sampled_ms))
			app_measure(app);
		return;
	}
	if (now < app->health_ms)
		return;
	if (!backend_is(app->config.thermometer, "none"))
		(void)read_thermometer(app);
	if (!app->has_line && !backend_is(app->config.gate, "none")) {
		open_gate(app);
		if (app->has_line)
			app_gate(app, GATE_TIMER);
	}
	if (app->printer)
		printer_ask(app->printer, now);
	app->health_ms = now + HEALTH_MS;
}
