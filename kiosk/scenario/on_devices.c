/*
 * Sensors, buttons, and devices that break and come back.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "scenario/commands.h"

static bool parse_celsius(const char *text, int32_t *centi_c)
{
	char *end;

	if (!text)
		return false;
	double n = strtod(text, &end);
	if (end == text || *end != '\0' || !(n >= -60 && n <= 120)) /* nan too */
		return false;
	*centi_c = (int32_t)(n * 100 + (n < 0 ? -0.5 : 0.5));
	return true;
}

enum scenario_result cmd_skin(struct scenario *s, char *words)
{
	const char *word = scenario_word(&words);

	if (word && strcmp(word, "off") == 0)
		s->app->world.skin_centi_c = 0;
	else if (!parse_celsius(word, &s->app->world.skin_centi_c))
		return scenario_fail(s, "skin: not a temperature like 36.6");
	return SCENARIO_OK;
}

enum scenario_result cmd_ambient(struct scenario *s, char *words)
{
	if (!parse_celsius(scenario_word(&words), &s->app->world.ambient_centi_c))
		return scenario_fail(s, "ambient: not a temperature like 21");
	return SCENARIO_OK;
}

enum scenario_result cmd_presence(struct scenario *s, char *words)
{
	const char *word = scenario_word(&words);

	if (!word || (strcmp(word, "on") != 0 && strcmp(word, "off") != 0))
		return scenario_fail(s, "presence: on or off");
	sim_input(&s->app->world, LINE_PRESENCE, strcmp(word, "on") == 0);
	return SCENARIO_OK;
}

enum scenario_result cmd_beam(struct scenario *s, char *words)
{
	const char *word = scenario_word(&words);

	if (!word || strcmp(word, "pass") != 0)
		return scenario_fail(s, "beam: only \"beam pass\"");
	sim_input(&s->app->world, LINE_BEAM, true);
	sim_input(&s->app->world, LINE_BEAM, false);
	return SCENARIO_OK;
}

enum scenario_result cmd_button(struct scenario *s, char *words)
{
	const char *which = scenario_word(&words), *how = scenario_word(&words);
	bool guard = which && strcmp(which, "guard") == 0;

	if (!guard && (!which || strcmp(which, "emergency") != 0))
		return scenario_fail(s, "button: guard or emergency");
	sim_input(&s->app->world, guard ? LINE_GUARD_BUTTON : LINE_EMERGENCY,
		  !how || strcmp(how, "off") != 0);
	if (guard)
		sim_input(&s->app->world, LINE_GUARD_BUTTON, false);
	return SCENARIO_OK;
}

enum scenario_result cmd_device(struct scenario *s, enum sim_device device, char *words)
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
			return scenario_fail(s, "stick: %s: %s", app->stick_dir, strerror(errno));
		app_stick_check(app);
		return SCENARIO_OK;
	}
	if (verb && strcmp(verb, "fault") == 0 && kind) {
		while (fault < SIM_FAULT_COUNT_ && strcmp(kind, sim_fault_name(fault)) != 0)
			fault++;
		if (fault == SIM_FAULT_COUNT_ || !sim_fault_applies(device, fault))
			return scenario_fail(s, "%s cannot have the fault %s",
					     sim_device_name(device), kind);
	} else if (!verb || strcmp(verb, "ok") != 0) {
		return scenario_fail(s, "%s: fault KIND or ok", sim_device_name(device));
	}
	s->app->world.fault[device] = fault;
	if (device == SIM_CAMERA && s->app->sim_camera_fd >= 0) {
		int err = sim_camera_send_fault(s->app->sim_camera_fd, fault);
		if (err)
			return scenario_fail(s, "camera: %s", strerror(-err));
	}
	if (device == SIM_PRINTER && s->app->printer)
		printer_ask(s->app->printer, app_now(s->app));
	s->app->health_ms = app_now(s->app); /* looked after at once, as if its time had come */
	return SCENARIO_OK;
}
