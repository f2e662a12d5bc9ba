/*
 * What a scenario may expect. Each failure says what is there instead.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/words.h"
#include "scenario/scenario.h"

static bool differ(struct scenario *s, const char *what, const char *wanted, const char *found)
{
	text_format(s->answer, sizeof(s->answer), "expected %s %s, found %s", what, wanted, found);
	return false;
}

static bool expect_screen(struct scenario *s, char *words)
{
	const char *wanted = scenario_word(&words), *found = screen_name(s->app->session.screen);
	return (wanted && strcmp(wanted, found) == 0) ||
	       differ(s, "screen", wanted ? wanted : "", found);
}

static bool expect_verdict(struct scenario *s, char *words)
{
	const char *wanted = scenario_word(&words),
		   *found = VERDICT_WORD[s->app->last_decision.verdict];
	return (wanted && strcmp(wanted, found) == 0) ||
	       differ(s, "verdict", wanted ? wanted : "", found);
}

static bool expect_reason(struct scenario *s, char *words)
{
	const struct decision *d = &s->app->last_decision;
	const char *wanted = scenario_word(&words);
	char found[256] = "";

	if (!wanted)
		return differ(s, "reason", "", "nothing to compare with");
	if (s->app->session.screen == SCREEN_PASS_REFUSED) {
		const char *problem = PASS_WORD[s->app->session.pass_problem];
		return strcmp(wanted, problem) == 0 || differ(s, "reason", wanted, problem);
	}
	for (int i = 0; i < d->reason_count; i++) {
		const char *word = REASON_WORD[d->reasons[i].code];
		size_t len = strlen(found);
		if (strcmp(wanted, word) == 0 || strcmp(wanted, d->reasons[i].clause) == 0)
			return true;
		text_format(found + len, sizeof(found) - len, "%s%s (%s)", i ? ", " : "", word,
			    d->reasons[i].clause);
	}
	return differ(s, "reason", wanted, found[0] ? found : "none");
}

static bool expect_gate(struct scenario *s, char *words)
{
	const char *wanted = scenario_word(&words),
		   *found = s->app->world.gate_released ? "open" : "closed";
	return (wanted && strcmp(wanted, found) == 0) ||
	       differ(s, "gate", wanted ? wanted : "", found);
}

static bool expect_printed(struct scenario *s, char *words)
{
	const struct app *app = s->app;
	const char *wanted = scenario_word(&words);
	uint64_t pages = app->world.printer ? (uint64_t)sim_printer_pages(app->world.printer) : 0;

	if (pages < app->printed_count || pages == 0)
		return differ(s, "paper", "with text", "no whole page at the printer");
	return (wanted && strstr(app->printed_text, wanted)) ||
	       differ(s, "printed", wanted ? wanted : "", app->printed_text);
}

static bool expect_said(struct scenario *s, char *words)
{
	const struct app *app = s->app;
	const char *wanted = scenario_word(&words);
	unsigned first = app->said_count > SAID_MAX ? app->said_count - SAID_MAX : 0;
	char found[256] = "";

	for (unsigned i = s->said_seen > first ? s->said_seen : first; i < app->said_count; i++) {
		const char *clip = app->said[i % SAID_MAX];
		size_t len = strlen(found);
		if (wanted && strcmp(wanted, clip) == 0) {
			s->said_seen = i + 1;
			return true;
		}
		text_format(found + len, sizeof(found) - len, "%s%s", len ? ", " : "", clip);
	}
	if (wanted && strcmp(wanted, "nothing") == 0 && !found[0])
		return true;
	return differ(s, "said", wanted ? wanted : "",
		      found[0] ? found : "nothing since the last one");
}

static bool expect_text(struct scenario *s, char *words)
{
	const char *wanted = scenario_word(&words);

	ui_tree(s->app->ui, s->answer, sizeof(s->answer));
	if (wanted && strstr(s->answer, wanted))
		return true;
	char found[512];
	text_copy(found, sizeof(found), s->answer);
	return differ(s, "text", wanted ? wanted : "", found);
}

static bool expect_register(struct scenario *s, char *words)
{
	struct app *app = s->app;
	struct job job = { .type = JOB_QUERY, .purpose = FOR_RECORD };
	const char *sql = scenario_word(&words);
	const char *equals = scenario_word(&words);
	const char *wanted = scenario_word(&words);

	if (!sql || !equals || strcmp(equals, "=") != 0 || !wanted ||
	    !text_copy(job.text, sizeof(job.text), sql))
		return differ(s, "register", "\"SQL\" = X", "something else");
	app->query_done = false;
	app_submit(app, &job);
	if (!scenario_settle(s))
		return false;
	if (!app->query_done || app->query_error) {
		text_format(s->answer, sizeof(s->answer), "register: %s",
			    app->query_text[0] ? app->query_text : strerror(-app->query_error));
		return false;
	}
	return strcmp(app->query_text, wanted) == 0 ||
	       differ(s, "register value", wanted, app->query_text);
}

static bool expect_control(struct scenario *s, char *words)
{
	const char *id = scenario_word(&words), *wanted = scenario_word(&words);
	struct action_event action;

	if (!id || !wanted)
		return differ(s, "control", "ID on|off", "something else");
	const char *found = ui_find(s->app->ui, id, false, &action) ? "on" : "off";
	return strcmp(wanted, found) == 0 || differ(s, id, wanted, found);
}

static bool expect_light(struct scenario *s, char *words)
{
	(void)words;
	text_format(s->answer, sizeof(s->answer), "this gate has no lights");
	return false;
}

bool scenario_expect(struct scenario *s, char *words)
{
	static const struct {
		const char *name;
		bool (*check)(struct scenario *s, char *words);
	} EXPECT[] = {
		{ "screen", expect_screen },     { "verdict", expect_verdict },
		{ "reason", expect_reason },     { "gate", expect_gate },
		{ "printed", expect_printed },   { "said", expect_said },
		{ "text", expect_text },         { "control", expect_control },
		{ "register", expect_register }, { "light", expect_light },
	};
	const char *what = scenario_word(&words);

	for (size_t i = 0; what && i < ARRAY_LEN(EXPECT); i++)
		if (strcmp(what, EXPECT[i].name) == 0)
			return EXPECT[i].check(s, words);
	text_format(s->answer, sizeof(s->answer),
		    "expect: screen, verdict, reason, gate, printed, said, text, register or "
		    "light, not \"%s\"",
		    what ? what : "");
	return false;
}
