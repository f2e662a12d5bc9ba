/*
 * Commands and what they do. Each acts on the simulated world or on the screen exactly where a
 * hand, a sensor or a cable would; nothing here reaches behind the program's back.
 */
#include "scenario/scenario.h"

#include <libgen.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/civil.h"
#include "base/fileio.h"
#include "base/log.h"
#include "base/text.h"

#define SETTLE_LIMIT_MS 30000
#define DEFAULT_WALL_MS INT64_C(1795392000000) /* 2026-11-23T08:00:00+08:00 */

const char *scenario_help(void)
{
	return "Scenario commands, one a line; # begins a comment. Names with blanks stand in "
	       "\"quotes\".\n"
	       "  at 2026-11-23T08:00:00+08:00    set the wall clock\n"
	       "  wait 500ms | 5s | 10m | 4h      let time pass\n"
	       "  realtime                        from here on time is the real one\n"
	       "  tap ID | tap \"label\"            touch what has this id or this label\n"
	       "  type \"text\"                     type into the field on the screen\n"
	       "  tree                            list what is on screen: id, role, label, "
	       "rectangle, state\n"
	       "  frame FILE.png                  one camera frame (beside the script, or from the "
	       "shots)\n"
	       "  qr \"text\"                       one camera frame with this code in it\n"
	       "  skin 36.6 | skin off            forehead before the sensor, or nobody\n"
	       "  ambient 21                      air temperature at the sensor\n"
	       "  presence on|off                 somebody stands before the screen\n"
	       "  beam pass                       somebody goes through the gate\n"
	       "  button guard                    the guard's button\n"
	       "  button emergency [off]          the emergency button, and its release\n"
	       "  DEVICE fault KIND | DEVICE ok   DEVICE: camera thermometer printer gate speaker "
	       "stick\n"
	       "       KIND: absent unplugged hung garbage crc paper-end paper-low cover-open full "
	       "read-only\n"
	       "  stick in DIR | stick out        put a folder in as the USB stick (relative: "
	       "beside the shots)\n"
	       "  power cut                       the power fails now\n"
	       "  power cut at record|recorded    … when the next touch is about to be recorded / "
	       "has just been\n"
	       "  restart                         the power comes back, or a restart\n"
	       "  expect screen ID                expect verdict admit|refer|refuse|turn-back\n"
	       "  expect reason R                 a reason of the last decision or a pass's "
	       "problem\n"
	       "  expect gate open|closed         expect printed \"text\"     expect said ID\n"
	       "  expect text \"words\"             something on screen says this\n"
	       "  expect control ID on|off        it can be touched, or not\n"
	       "  expect register \"SQL one value\" = X\n"
	       "  shot NAME                       PNG of the screen\n"
	       "  pass NAME                       PNG of what the printer put on paper last\n"
	       "  quit                            end\n"
	       "On a socket every line is answered with ok, no: why, or a value; a tree ends with "
	       "a line \".\".\n";
}

static enum scenario_result fail(struct scenario *s, const char *fmt, ...) PRINTF_LIKE(2, 3);
static enum scenario_result fail(struct scenario *s, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(s->answer, sizeof(s->answer), fmt, args);
	va_end(args);
	return SCENARIO_FAILED;
}

char *scenario_word(char **at)
{
	char *p = *at + strspn(*at, " \t");

	if (*p == '\0')
		return NULL;
	char *word = p;
	if (*p == '"') {
		word = p + 1;
		p = strchr(word, '"');
		if (!p) { /* an open quote runs to the end */
			*at = word + strlen(word);
			return word;
		}
	} else {
		p += strcspn(p, " \t");
	}
	*at = *p ? p + 1 : p;
	*p = '\0';
	return word;
}

/* ---- time ---- */

static int64_t real_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

bool scenario_settle(struct scenario *s)
{
	struct app *app = s->app;
	int64_t started = real_ms();
	int quiet = 0;

	while (quiet < 2) {
		if (app->world.printer)
			sim_printer_pump(app->world.printer);
		int happened = app_turn(app, quiet > 0 && app_busy(app) ? 20 : 0);
		quiet = happened || app_busy(app) ? 1 : quiet + 1;
		if (happened)
			quiet = 0;
		if (real_ms() - started > SETTLE_LIMIT_MS) {
			fail(s, "the program did not come to rest within %d s",
			     SETTLE_LIMIT_MS / 1000);
			return false;
		}
	}
	app_draw(app);
	return true;
}

static bool wait_real(struct scenario *s, int64_t ms)
{
	int64_t until = real_ms() + ms;

	do {
		app_turn(s->app, 10);
		if (s->app->world.printer)
			sim_printer_pump(s->app->world.printer);
		app_tick(s->app);
		app_draw(s->app);
	} while (real_ms() < until && !s->app->quit);
	return true;
}

bool scenario_wait(struct scenario *s, int64_t ms)
{
	struct app *app = s->app;
	int64_t until = app_now(app) + ms;
	int stuck = 0;

	if (s->realtime)
		return wait_real(s, ms);
	for (;;) {
		int64_t due = app_deadline_ms(app);
		if (due > until)
			break;
		stuck = due <= app->clock.mono_ms ? stuck + 1 : 0;
		if (stuck > 1000) {
			fail(s, "something is due for ever and never done");
			return false;
		}
		if (due > app->clock.mono_ms)
			app->clock.mono_ms = due;
		app_tick(app);
		if (!scenario_settle(s))
			return false;
	}
	app->clock.mono_ms = until;
	app_tick(app);
	return scenario_settle(s);
}

static bool parse_duration(const char *text, int64_t *ms)
{
	static const struct {
		const char *unit;
		int64_t ms;
	} UNIT[] = {
		{ "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "min", 60000 }, { "h", 3600000 }
	};
	char *end;

	if (!text)
		return false;
	errno = 0;
	double n = strtod(text, &end);
	for (size_t i = 0; end != text && !errno && i < ARRAY_LEN(UNIT); i++)
		if (strcmp(end, UNIT[i].unit) == 0 && n >= 0 && n < 1e7) {
			*ms = (int64_t)(n * (double)UNIT[i].ms + 0.5);
			return true;
		}
	return false;
}

static enum scenario_result cmd_wait(struct scenario *s, char *words)
{
	int64_t ms;
	const char *word = scenario_word(&words);

	if (!parse_duration(word, &ms))
		return fail(s, "wait: say how long, e.g. wait 5s");
	if (!s->running) {
		s->off_wall_ms += ms;
		return SCENARIO_OK;
	}
	return scenario_wait(s, ms) ? SCENARIO_OK : SCENARIO_FAILED;
}

static enum scenario_result cmd_at(struct scenario *s, char *words)
{
	int64_t wall;
	const char *word = scenario_word(&words);

	if (!word || !civil_parse_iso(word, &wall))
		return fail(s, "at: not a time like 2026-11-23T08:00:00+08:00");
	if (!s->running) {
		s->off_wall_ms = wall;
		return SCENARIO_OK;
	}
	struct app *app = s->app;
	int64_t step = wall - app_wall(app);
	if (s->realtime)
		return fail(s, "at: the clock is the real one");
	app->clock.wall_offset_ms = wall - app->clock.mono_ms;
	app->clock.trusted = wall >= app->clock.floor_ms;
	if (step >= 1000 || step <= -1000)
		app_record(app, ENTRY_CLOCK, FOR_RECORD, NULL, step, "");
	app->minute_ms = app_now(app);
	app_tick(app);
	return SCENARIO_OK;
}

static enum scenario_result cmd_realtime(struct scenario *s, char *words)
{
	(void)words;
	s->realtime = true;
	clock_real(&s->app->clock);
	return SCENARIO_OK;
}

/* ---- the screen ---- */

static enum scenario_result cmd_tap(struct scenario *s, char *words)
{
	bool label = words[strspn(words, " \t")] == '"';
	const char *what = scenario_word(&words);
	struct action_event action;

	if (!what)
		return fail(s, "tap: say what");
	if (!ui_find(s->app->ui, what, label, &action))
		return fail(s, "tap: nothing to touch %s %s on screen %s",
			    label ? "says" : "is called", what,
			    screen_name(s->app->session.screen));
	app_action(s->app, &action);
	return SCENARIO_OK;
}

static enum scenario_result cmd_type(struct scenario *s, char *words)
{
	const char *text = scenario_word(&words);
	struct action_event key = { .action = ACTION_KEY };

	if (!text || !utf8_valid(text, strlen(text)))
		return fail(s, "type: say what, in quotes, in UTF-8");
	if (s->app->session.screen != SCREEN_PIN &&
	    form_keyboard(&s->app->session) == KEYBOARD_NONE)
		return fail(s, "type: there is no field on screen %s",
			    screen_name(s->app->session.screen));
	while ((key.arg = utf8_next(&text)) > 0)
		app_action(s->app, &key);
	return SCENARIO_OK;
}

static enum scenario_result cmd_tree(struct scenario *s, char *words)
{
	(void)words;
	ui_tree(s->app->ui, s->answer, sizeof(s->answer));
	return SCENARIO_VALUE;
}

static bool shot_path(struct scenario *s, const char *name, char *path, size_t cap)
{
	const char *dir = s->app->options.shots;

	if (!name || name[0] == '\0' || strchr(name, '/')) {
		fail(s, "give it a name without a slash");
		return false;
	}
	if (!dir) {
		fail(s, "no folder for pictures: start with --shots DIR");
		return false;
	}
	if (mkdir(dir, 0755) < 0 && errno != EEXIST) {
		fail(s, "%s: %s", dir, strerror(errno));
		return false;
	}
	text_format(path, cap, "%s/%s.png", dir, name);
	return true;
}

static enum scenario_result cmd_shot(struct scenario *s, char *words)
{
	char path[512];

	if (!shot_path(s, scenario_word(&words), path, sizeof(path)))
		return SCENARIO_FAILED;
	app_draw(s->app);
	int err = ui_shot(s->app->ui, path);
	return err ? fail(s, "%s: %s", path, strerror(-err)) : SCENARIO_OK;
}

static enum scenario_result cmd_pass(struct scenario *s, char *words)
{
	char path[512];

	if (!shot_path(s, scenario_word(&words), path, sizeof(path)))
		return SCENARIO_FAILED;
	if (!s->app->world.printer)
		return fail(s, "pass: the printer is not a simulated one");
	int err = sim_printer_save(s->app->world.printer, path);
	if (err == -ENOENT)
		return fail(s, "pass: nothing has been printed");
	return err ? fail(s, "%s: %s", path, strerror(-err)) : SCENARIO_OK;
}

/* ---- the camera ---- */

static enum scenario_result send_picture(struct scenario *s, struct sim_picture *picture)
{
	struct app *app = s->app;

	int err = app->sim_camera_fd < 0
			  ? -ENODEV
			  : sim_camera_send(app->sim_camera_fd, picture, app->frames_sent + 1);
	sim_picture_free(picture);
	if (err)
		return fail(s, "the simulated camera takes no frame: %s", strerror(-err));
	app->frames_sent++;
	return SCENARIO_OK;
}

/* As given, beside the script, or among the shots. */
static bool find_picture(struct scenario *s, const char *name, char *path, size_t cap)
{
	const char *dirs[] = { NULL, s->folder, s->app->options.shots };

	for (size_t i = 0; i < ARRAY_LEN(dirs); i++) {
		if (i > 0 && !dirs[i])
			continue;
		text_format(path, cap, "%s%s%s", i ? dirs[i] : "", i ? "/" : "", name);
		if (access(path, R_OK) == 0)
			return true;
	}
	return false;
}

static enum scenario_result cmd_frame(struct scenario *s, char *words)
{
	char path[512];
	struct sim_picture picture;
	const char *name = scenario_word(&words);

	if (!name || !find_picture(s, name, path, sizeof(path)))
		return fail(s, "frame: there is no file %s", name ? name : "");
	int err = sim_picture_from_png(&picture, path);
	if (err)
		return fail(s, "frame: %s is not a picture I can read: %s", path, strerror(-err));
	return send_picture(s, &picture);
}

static enum scenario_result cmd_qr(struct scenario *s, char *words)
{
	struct sim_picture picture;
	const char *text = scenario_word(&words);

	if (!text)
		return fail(s, "qr: say which text");
	int err = sim_picture_with_code(&picture, text);
	if (err)
		return fail(s, "qr: the text does not fit a code: %s", strerror(-err));
	return send_picture(s, &picture);
}

/* ---- sensors and hands ---- */

static bool parse_celsius(const char *text, int32_t *centi_c)
{
	char *end;

	if (!text)
		return false;
	double n = strtod(text, &end);
	if (end == text || *end != '\0' || n < -60 || n > 120)
		return false;
	*centi_c = (int32_t)(n * 100 + (n < 0 ? -0.5 : 0.5));
	return true;
}

static enum scenario_result cmd_skin(struct scenario *s, char *words)
{
	const char *word = scenario_word(&words);

	if (word && strcmp(word, "off") == 0)
		s->app->world.skin_centi_c = 0;
	else if (!parse_celsius(word, &s->app->world.skin_centi_c))
		return fail(s, "skin: not a temperature like 36.6");
	return SCENARIO_OK;
}

static enum scenario_result cmd_ambient(struct scenario *s, char *words)
{
	if (!parse_celsius(scenario_word(&words), &s->app->world.ambient_centi_c))
		return fail(s, "ambient: not a temperature like 21");
	return SCENARIO_OK;
}

static enum scenario_result cmd_presence(struct scenario *s, char *words)
{
	const char *word = scenario_word(&words);

	if (!word || (strcmp(word, "on") != 0 && strcmp(word, "off") != 0))
		return fail(s, "presence: on or off");
	sim_input(&s->app->world, LINE_PRESENCE, strcmp(word, "on") == 0);
	return SCENARIO_OK;
}

static enum scenario_result cmd_beam(struct scenario *s, char *words)
{
	const char *word = scenario_word(&words);

	if (!word || strcmp(word, "pass") != 0)
		return fail(s, "beam: only \"beam pass\"");
	sim_input(&s->app->world, LINE_BEAM, true);
	sim_input(&s->app->world, LINE_BEAM, false);
	return SCENARIO_OK;
}

static enum scenario_result cmd_button(struct scenario *s, char *words)
{
	const char *which = scenario_word(&words), *how = scenario_word(&words);
	bool guard = which && strcmp(which, "guard") == 0;

	if (!guard && (!which || strcmp(which, "emergency") != 0))
		return fail(s, "button: guard or emergency");
	sim_input(&s->app->world, guard ? LINE_GUARD_BUTTON : LINE_EMERGENCY,
		  !how || strcmp(how, "off") != 0);
	if (guard)
		sim_input(&s->app->world, LINE_GUARD_BUTTON, false);
	return SCENARIO_OK;
}

static enum scenario_result cmd_device(struct scenario *s, enum sim_device device, char *words)
{
	const char *verb = scenario_word(&words), *kind = scenario_word(&words);
	enum sim_fault fault = SIM_OK;

	if (device == SIM_STICK && verb && (strcmp(verb, "in") == 0 || strcmp(verb, "out") == 0)) {
		struct app *app = s->app;
		app->stick_present = verb[0] == 'i';
		if (app->stick_present && kind) {
			bool relative = kind[0] != '/' && app->options.shots;
			text_format(app->stick_dir, sizeof(app->stick_dir), "%s%s%s",
				    relative ? app->options.shots : "", relative ? "/../" : "",
				    kind);
		}
		if (app->stick_present && mkdir(app->stick_dir, 0755) < 0 && errno != EEXIST)
			return fail(s, "stick: %s: %s", app->stick_dir, strerror(errno));
		app_stick_check(app);
		return SCENARIO_OK;
	}
	if (verb && strcmp(verb, "fault") == 0 && kind) {
		while (fault < SIM_FAULT_COUNT_ && strcmp(kind, sim_fault_name(fault)) != 0)
			fault++;
		if (fault == SIM_FAULT_COUNT_ || !sim_fault_applies(device, fault))
			return fail(s, "%s cannot have the fault %s", sim_device_name(device),
				    kind);
	} else if (!verb || strcmp(verb, "ok") != 0) {
		return fail(s, "%s: fault KIND or ok", sim_device_name(device));
	}
	s->app->world.fault[device] = fault;
	if (device == SIM_CAMERA && s->app->sim_camera_fd >= 0) {
		int err = sim_camera_send_fault(s->app->sim_camera_fd, fault);
		if (err)
			return fail(s, "camera: %s", strerror(-err));
	}
	if (device == SIM_PRINTER && s->app->printer)
		printer_ask(s->app->printer, app_now(s->app));
	s->app->health_ms = app_now(s->app); /* looked after at once, as if its time had come */
	return SCENARIO_OK;
}

/* ---- power ---- */

static enum scenario_result cmd_power(struct scenario *s, char *words)
{
	const char *cut = scenario_word(&words), *at = scenario_word(&words),
		   *moment = scenario_word(&words);

	if (!cut || strcmp(cut, "cut") != 0)
		return fail(s, "power: only \"power cut\"");
	if (!s->running)
		return fail(s, "power: it is off already");
	if (!at) {
		s->resume_line = s->line + 1;
		scenario_power_cut(s);
	}
	if (strcmp(at, "at") != 0 || !moment ||
	    (strcmp(moment, "record") != 0 && strcmp(moment, "recorded") != 0))
		return fail(s, "power cut at: record or recorded");
	text_copy(s->cut_at, sizeof(s->cut_at), moment);
	return SCENARIO_OK;
}

static enum scenario_result cmd_restart(struct scenario *s, char *words)
{
	(void)words;
	if (s->running) {
		struct sim_world world = s->app->world;
		s->off_wall_ms = app_wall(s->app);
		app_close(s->app);
		s->running = false;
		if (!scenario_power_on(s, s->off_wall_ms))
			return SCENARIO_FAILED;
		s->app->world.skin_centi_c = world.skin_centi_c;
		s->app->world.ambient_centi_c = world.ambient_centi_c;
		memcpy(s->app->world.fault, world.fault, sizeof(world.fault));
		return SCENARIO_OK;
	}
	return scenario_power_on(s, s->off_wall_ms) ? SCENARIO_OK : SCENARIO_FAILED;
}

static enum scenario_result cmd_expect(struct scenario *s, char *words)
{
	for (int tries = s->realtime ? 500 : 1; tries > 0; tries--) {
		char copy[SCENARIO_LINE_BYTES];
		text_copy(copy, sizeof(copy), words);
		if (scenario_expect(s, copy))
			return SCENARIO_OK;
		if (tries > 1)
			wait_real(s, 20);
	}
	return SCENARIO_FAILED;
}

static enum scenario_result cmd_quit(struct scenario *s, char *words)
{
	(void)s;
	(void)words;
	return SCENARIO_QUIT;
}

/* ---- running lines ---- */

static const struct command {
	const char *name;
	enum scenario_result (*run)(struct scenario *s, char *words);
	bool while_off; /* may be given while the power is cut */
} COMMAND[] = {
	{ "at", cmd_at, true },
	{ "wait", cmd_wait, true },
	{ "realtime", cmd_realtime, false },
	{ "tap", cmd_tap, false },
	{ "type", cmd_type, false },
	{ "tree", cmd_tree, false },
	{ "shot", cmd_shot, false },
	{ "pass", cmd_pass, false },
	{ "frame", cmd_frame, false },
	{ "qr", cmd_qr, false },
	{ "skin", cmd_skin, true },
	{ "ambient", cmd_ambient, true },
	{ "presence", cmd_presence, false },
	{ "beam", cmd_beam, false },
	{ "button", cmd_button, false },
	{ "power", cmd_power, false },
	{ "restart", cmd_restart, true },
	{ "expect", cmd_expect, false },
	{ "quit", cmd_quit, true },
};

static enum scenario_result run_command(struct scenario *s, const char *name, char *words)
{
	for (size_t i = 0; i < ARRAY_LEN(COMMAND); i++) {
		if (strcmp(name, COMMAND[i].name) != 0)
			continue;
		if (!s->running && !COMMAND[i].while_off)
			return fail(s, "the power is off: \"restart\" first");
		return COMMAND[i].run(s, words);
	}
	for (enum sim_device d = 0; d < SIM_DEVICE_COUNT_; d++)
		if (strcmp(name, sim_device_name(d)) == 0)
			return s->running ? cmd_device(s, d, words)
					  : fail(s, "the power is off: \"restart\" first");
	return fail(s, "unknown command \"%s\"; gatehouse --help scenario lists them", name);
}

enum scenario_result scenario_command(struct scenario *s, const char *line)
{
	char copy[SCENARIO_LINE_BYTES];
	char *words = copy;

	s->answer[0] = '\0';
	if (!text_copy(copy, sizeof(copy), line))
		return fail(s, "the line is longer than %d bytes", SCENARIO_LINE_BYTES - 1);
	copy[strcspn(copy, "\r\n")] = '\0';
	text_trim(copy);
	if (copy[0] == '\0' || copy[0] == '#')
		return SCENARIO_OK;
	const char *name = scenario_word(&words);
	enum scenario_result result = run_command(s, name, words);
	bool good = result == SCENARIO_OK || result == SCENARIO_VALUE;
	if (good && s->running && !s->realtime && strcmp(name, "expect") != 0) {
		app_tick(s->app);
		if (!scenario_settle(s))
			return SCENARIO_FAILED;
	}
	return result;
}

int scenario_play(struct scenario *s, const char *path)
{
	char line[SCENARIO_LINE_BYTES + 2], parent[256];
	CLEANUP(close_file) FILE *f = fopen(path, "re");

	if (!f) {
		fprintf(stderr, "%s: the scenario cannot be read: %s\n", path, strerror(errno));
		return 2;
	}
	text_copy(parent, sizeof(parent), path);
	text_copy(s->folder, sizeof(s->folder), dirname(parent));
	s->file = path;
	for (s->line = 1; fgets(line, sizeof(line), f); s->line++) {
		if (s->line < s->resume_line)
			continue;
		enum scenario_result result = scenario_command(s, line);
		if (result == SCENARIO_VALUE)
			fputs(s->answer, stdout);
		if (result == SCENARIO_QUIT)
			return 0;
		if (result == SCENARIO_FAILED) {
			fflush(stdout);
			fprintf(stderr, "%s:%d: %s\n", path, s->line, s->answer);
			return 1;
		}
		if (s->app->quit) {
			fprintf(stderr, "%s:%d: told to stop\n", path, s->line);
			return 1;
		}
	}
	if (ferror(f)) { /* a folder opens, but cannot be read */
		fprintf(stderr, "%s: the scenario cannot be read\n", path);
		return 2;
	}
	if (s->cut_at[0]) {
		fprintf(stderr, "%s: the power cut at %s never came\n", path, s->cut_at);
		return 1;
	}
	return 0;
}

int64_t scenario_first_wall_ms(const char *path)
{
	char line[SCENARIO_LINE_BYTES];
	int64_t wall = DEFAULT_WALL_MS;
	CLEANUP(close_file) FILE *f = path ? fopen(path, "re") : NULL;

	while (f && fgets(line, sizeof(line), f)) {
		char *words = line;
		line[strcspn(line, "\r\n")] = '\0';
		const char *name = scenario_word(&words);
		if (!name || name[0] == '#')
			continue;
		const char *time = strcmp(name, "at") == 0 ? scenario_word(&words) : NULL;
		if (time && !civil_parse_iso(time, &wall))
			wall = DEFAULT_WALL_MS;
		break;
	}
	return wall;
}
