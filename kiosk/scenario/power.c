/*
 * Power. A cut replaces the process image at once: no destructor, no flush, no farewell, the same
 * as kill -9; what the kernel had not been told is gone. The simulated world outside the machine
 * (forehead, air, stick, the script's place) goes on in an environment variable.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "scenario/scenario.h"

#define RESUME_VARIABLE "GATEHOUSE_SIM_RESUME"

static void on_moment(void *ctx, const char *name)
{
	struct scenario *s = ctx;

	if (strcmp(name, s->cut_at) != 0)
		return;
	s->resume_line = s->line + 1;
	scenario_power_cut(s);
}

_Noreturn void scenario_power_cut(struct scenario *s)
{
	const struct app *app = s->app;
	char state[600];

	text_format(state, sizeof(state), "%d %lld %d %d %d %s", s->resume_line,
		    (long long)app_wall(app), app->world.skin_centi_c, app->world.ambient_centi_c,
		    app->stick_present, app->stick_dir);
	setenv(RESUME_VARIABLE, state, 1);
	execv("/proc/self/exe", s->argv);
	perror("power cut: cannot start over");
	_exit(127);
}

bool scenario_resume(struct scenario *s)
{
	const char *state = getenv(RESUME_VARIABLE);
	long long wall;
	int skin, ambient, stick, used = 0;

	if (!state)
		return false;
	if (sscanf(state, "%d %lld %d %d %d %n", &s->resume_line, &wall, &skin, &ambient, &stick,
		   &used) != 5)
		return false;
	s->off_wall_ms = wall;
	s->app->world.skin_centi_c = skin;
	s->app->world.ambient_centi_c = ambient;
	s->app->stick_present = stick != 0;
	text_copy(s->app->stick_dir, sizeof(s->app->stick_dir), state + used);
	unsetenv(RESUME_VARIABLE);
	return true;
}

bool scenario_power_on(struct scenario *s, int64_t wall_ms)
{
	struct app *app = s->app;
	struct sim_world before = app->world;
	bool stick = app->stick_present;
	char stick_dir[sizeof(app->stick_dir)];

	memcpy(stick_dir, app->stick_dir, sizeof(stick_dir));
	s->options.virtual_time = !s->realtime;
	s->options.virtual_wall_ms = wall_ms;
	if (!app_open(app, &s->options, s->answer, sizeof(s->answer)))
		return false;
	s->running = true;
	s->said_seen = 0;
	s->printed_seen = 0;
	app->moment = on_moment;
	app->moment_ctx = s;
	if (before.ambient_centi_c != 0) {
		app->world.skin_centi_c = before.skin_centi_c;
		app->world.ambient_centi_c = before.ambient_centi_c;
	}
	app->stick_present = stick;
	if (stick_dir[0])
		memcpy(app->stick_dir, stick_dir, sizeof(stick_dir));
	return s->realtime || scenario_settle(s);
}
