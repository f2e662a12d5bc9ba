/*
 * Hands and eyes on the screen, pictures of it, and codes before the camera.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "scenario/commands.h"
#include "store/receipt.h"

enum scenario_result cmd_tap(struct scenario *s, char *words)
{
	bool label = words[strspn(words, " \t")] == '"';
	const char *what = scenario_word(&words);
	struct action_event action;

	if (!what)
		return scenario_fail(s, "tap: say what");
	if (!ui_find(s->app->ui, what, label, &action))
		return scenario_fail(s, "tap: nothing to touch %s %s on screen %s",
				     label ? "says" : "is called", what,
				     screen_name(s->app->session.screen));
	app_action(s->app, &action);
	return SCENARIO_OK;
}

/* The receipt code on the slip printed last, as the person reads it from there. */
static bool printed_code(const struct app *app, char code[RECEIPT_CODE_BYTES])
{
	for (const char *at = app->printed_text; strlen(at) >= RECEIPT_CODE_BYTES - 1; at++) {
		char window[RECEIPT_CODE_BYTES];
		text_format(window, sizeof(window), "%.*s", RECEIPT_CODE_BYTES - 1, at);
		if (window[4] == '-' && receipt_code_read(window, code))
			return true;
	}
	return false;
}

enum scenario_result cmd_type(struct scenario *s, char *words)
{
	bool literal = words[strspn(words, " \t")] == '"';
	const char *text = scenario_word(&words);
	struct action_event key = { .action = ACTION_KEY };
	char code[RECEIPT_CODE_BYTES];

	if (text && !literal && strcmp(text, "receipt") == 0) {
		if (!printed_code(s->app, code))
			return scenario_fail(s, "type: no receipt code stands on the last slip");
		text = code;
	}

	if (!text || !utf8_valid(text, strlen(text)))
		return scenario_fail(s, "type: say what, in quotes, in UTF-8");
	if (s->app->session.screen != SCREEN_PIN &&
	    form_keyboard(&s->app->session) == KEYBOARD_NONE)
		return scenario_fail(s, "type: there is no field on screen %s",
				     screen_name(s->app->session.screen));
	while ((key.arg = utf8_next(&text)) > 0)
		app_action(s->app, &key);
	return SCENARIO_OK;
}

enum scenario_result cmd_tree(struct scenario *s, char *words)
{
	(void)words;
	ui_tree(s->app->ui, s->answer, sizeof(s->answer));
	return SCENARIO_VALUE;
}

static bool shot_path(struct scenario *s, const char *name, char *path, size_t cap)
{
	const char *dir = s->app->options.shots;

	if (!name || name[0] == '\0' || strchr(name, '/')) {
		scenario_fail(s, "give it a name without a slash");
		return false;
	}
	if (!dir) {
		scenario_fail(s, "no folder for pictures: start with --shots DIR");
		return false;
	}
	if (mkdir(dir, 0755) < 0 && errno != EEXIST) {
		scenario_fail(s, "%s: %s", dir, strerror(errno));
		return false;
	}
	text_format(path, cap, "%s/%s.png", dir, name);
	return true;
}

enum scenario_result cmd_shot(struct scenario *s, char *words)
{
	char path[512];

	if (!shot_path(s, scenario_word(&words), path, sizeof(path)))
		return SCENARIO_FAILED;
	app_draw(s->app);
	int err = ui_shot(s->app->ui, path);
	return err ? scenario_fail(s, "%s: %s", path, strerror(-err)) : SCENARIO_OK;
}

enum scenario_result cmd_pass(struct scenario *s, char *words)
{
	char path[512];

	if (!shot_path(s, scenario_word(&words), path, sizeof(path)))
		return SCENARIO_FAILED;
	if (!s->app->world.printer)
		return scenario_fail(s, "pass: the printer is not a simulated one");
	int err = sim_printer_save(s->app->world.printer, path);
	if (err == -ENOENT)
		return scenario_fail(s, "pass: nothing has been printed");
	return err ? scenario_fail(s, "%s: %s", path, strerror(-err)) : SCENARIO_OK;
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
		return scenario_fail(s, "the simulated camera takes no frame: %s", strerror(-err));
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

enum scenario_result cmd_frame(struct scenario *s, char *words)
{
	char path[512];
	struct sim_picture picture;
	const char *name = scenario_word(&words);

	if (!name || !find_picture(s, name, path, sizeof(path)))
		return scenario_fail(s, "frame: there is no file %s", name ? name : "");
	int err = sim_picture_from_png(&picture, path);
	if (err)
		return scenario_fail(s, "frame: %s is not a picture I can read: %s", path,
				     strerror(-err));
	return send_picture(s, &picture);
}

enum scenario_result cmd_qr(struct scenario *s, char *words)
{
	struct sim_picture picture;
	const char *text = scenario_word(&words);

	if (!text)
		return scenario_fail(s, "qr: say which text");
	int err = sim_picture_with_code(&picture, text);
	if (err)
		return scenario_fail(s, "qr: the text does not fit a code: %s", strerror(-err));
	return send_picture(s, &picture);
}
