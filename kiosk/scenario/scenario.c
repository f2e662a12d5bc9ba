/*
 * Commands and what they do. Each acts on the simulated world or on the screen exactly where a
 * hand, a sensor or a cable would; nothing here reaches behind the program's back.
 */
#include "scenario/commands.h"

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

#define SETTLE_LIMIT_MS 120000 /* a busy machine may starve the scanner for long */
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
	       "  expect gate open|closed         expect printed \"text\"     expect said "
	       "ID|nothing\n"
	       "  expect text \"words\"             something on screen says this\n"
	       "  expect control ID on|off        it can be touched, or not\n"
	       "  expect register \"SQL one value\" = X\n"
	       "  shot NAME                       PNG of the screen\n"
	       "  pass NAME                       PNG of what the printer put on paper last\n"
	       "  quit                            end\n"
	       "On a socket every line is answered with ok, no: why, or a value; a tree ends with "
	       "a line \".\".\n";
}

enum scenario_result scenario_fail(struct scenario *s, const char *fmt, ...)
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
			scenario_fail(s, "the program did not come to rest within %d s",
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
			scenario_fail(s, "something is due for ever and never done");
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
		return scenario_fail(s, "wait: say how long, e.g. wait 5s");
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
		return scenario_fail(s, "at: not a time like 2026-11-23T08:00:00+08:00");
	if (!s->running) {
		s->off_wall_ms = wall;
		return SCENARIO_OK;
	}
	struct app *app = s->app;
	int64_t step = wall - app_wall(app);
	if (s->realtime)
		return scenario_fail(s, "at: the clock is the real one");
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

/* ---- power ---- */

static enum scenario_result cmd_power(struct scenario *s, char *words)
{
	const char *cut = scenario_word(&words), *at = scenario_word(&words),
		   *moment = scenario_word(&words);

	if (!cut || strcmp(cut, "cut") != 0)
		return scenario_fail(s, "power: only \"power cut\"");
	if (!s->running)
		return scenario_fail(s, "power: it is off already");
	if (!at) {
		s->resume_line = s->line + 1;
		scenario_power_cut(s);
	}
	if (strcmp(at, "at") != 0 || !moment ||
	    (strcmp(moment, "record") != 0 && strcmp(moment, "recorded") != 0))
		return scenario_fail(s, "power cut at: record or recorded");
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
			return scenario_fail(s, "the power is off: \"restart\" first");
		return COMMAND[i].run(s, words);
	}
	for (enum sim_device d = 0; d < SIM_DEVICE_COUNT_; d++)
		if (strcmp(name, sim_device_name(d)) == 0)
			return s->running ? cmd_device(s, d, words)
					  : scenario_fail(s, "the power is off: \"restart\" first");
	return scenario_fail(s, "unknown command \"%s\"; gatehouse --help scenario lists them",
			     name);
}

enum scenario_result scenario_command(struct scenario *s, const char *line)
{
	char copy[SCENARIO_LINE_BYTES];
	char *words = copy;

	s->answer[0] = '\0';
	if (!text_copy(copy, sizeof(copy), line))
		return scenario_fail(s, "the line is longer than %d bytes",
				     SCENARIO_LINE_BYTES - 1);
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
