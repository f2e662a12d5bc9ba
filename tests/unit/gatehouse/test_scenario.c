/*
 * The scenario language by itself, with the power off: words and quotes, durations, what is said of
 * commands, lines and files that nobody can mean. What the commands do is shown by the journeys.
 */
#include "scenario/scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "helper_file.h"

#define MORNING_MS INT64_C(1795392000000) /* 2026-11-23T08:00:00+08:00 */

static int setup(void **state)
{
	struct scenario *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	s->app = calloc(1, sizeof(*s->app));
	assert_non_null(s->app);
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct scenario *s = *state;

	free(s->app);
	free(s);
	return 0;
}

/* words: the line taken apart, with | behind each word. */
static void test_words(void **state)
{
	static const struct {
		const char *line, *words;
	} CASE[] = {
		{ "", "" },
		{ " \t ", "" },
		{ "tap next", "tap|next|" },
		{ "  tap\t\tnext  ", "tap|next|" },
		{ "tap \"my label\"", "tap|my label|" },
		{ "type \"\"", "type||" },
		{ "type \"张 伟\" now", "type|张 伟|now|" },
		{ "a \"b\"c", "a|b|c|" },
		{ "a \"b", "a|b|" },
		{ "a \"b  ", "a|b  |" },
		{ "a b\"c d", "a|b\"c|d|" },
		{ "expect register \"SELECT 1\" = 1", "expect|register|SELECT 1|=|1|" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASE); i++) {
		char line[128], found[128] = "";
		char *at = line;
		snprintf(line, sizeof(line), "%s", CASE[i].line);
		for (const char *word; (word = scenario_word(&at));) {
			strcat(found, word);
			strcat(found, "|");
		}
		assert_string_equal(found, CASE[i].words);
		assert_null(scenario_word(&at)); /* and stays at the end */
	}
}

static void test_durations(void **state)
{
	static const struct {
		const char *line;
		int64_t ms; /* -1: refused */
	} CASE[] = {
		{ "wait 500ms", 500 },    { "wait 5s", 5000 },     { "wait 1.5s", 1500 },
		{ "wait 2m", 120000 },    { "wait 2min", 120000 }, { "wait 4h", 14400000 },
		{ "wait 0s", 0 },         { "wait \"3s\"", 3000 }, { "wait", -1 },
		{ "wait 5", -1 },         { "wait s", -1 },        { "wait -5s", -1 },
		{ "wait 5 s", -1 },       { "wait 5d", -1 },       { "wait 5sec", -1 },
		{ "wait nans", -1 },      { "wait infs", -1 },     { "wait 1e300h", -1 },
		{ "wait 99999999h", -1 },
	};
	struct scenario *s = *state;

	for (size_t i = 0; i < ARRAY_LEN(CASE); i++) {
		s->off_wall_ms = MORNING_MS;
		enum scenario_result result = scenario_command(s, CASE[i].line);
		assert_int_equal(result, CASE[i].ms < 0 ? SCENARIO_FAILED : SCENARIO_OK);
		assert_int_equal(s->off_wall_ms, MORNING_MS + (CASE[i].ms < 0 ? 0 : CASE[i].ms));
		if (CASE[i].ms < 0)
			assert_string_equal(s->answer, "wait: say how long, e.g. wait 5s");
	}
}

static void test_at(void **state)
{
	struct scenario *s = *state;

	assert_int_equal(scenario_command(s, "at 2026-11-23T08:00:00+08:00"), SCENARIO_OK);
	assert_int_equal(s->off_wall_ms, MORNING_MS);
	assert_int_equal(scenario_command(s, "at noon"), SCENARIO_FAILED);
	assert_string_equal(s->answer, "at: not a time like 2026-11-23T08:00:00+08:00");
	assert_int_equal(scenario_command(s, "at"), SCENARIO_FAILED);
	assert_int_equal(s->off_wall_ms, MORNING_MS);
}

static void test_lines(void **state)
{
	static const struct {
		const char *line;
		enum scenario_result result;
		const char *answer;
	} CASE[] = {
		{ "", SCENARIO_OK, "" },
		{ "   \r\n", SCENARIO_OK, "" },
		{ "# tap next", SCENARIO_OK, "" },
		{ "  # tap next", SCENARIO_OK, "" },
		{ "wait 1s\r\n", SCENARIO_OK, "" },
		{ "quit", SCENARIO_QUIT, "" },
		{ "jump", SCENARIO_FAILED,
		  "unknown command \"jump\"; gatehouse --help scenario lists them" },
		{ "Tap next", SCENARIO_FAILED,
		  "unknown command \"Tap\"; gatehouse --help scenario lists them" },
		{ "\"\"", SCENARIO_FAILED,
		  "unknown command \"\"; gatehouse --help scenario lists them" },
		{ "tap next", SCENARIO_FAILED, "the power is off: \"restart\" first" },
		{ "printer ok", SCENARIO_FAILED, "the power is off: \"restart\" first" },
		{ "expect screen board", SCENARIO_FAILED, "the power is off: \"restart\" first" },
		{ "power cut", SCENARIO_FAILED, "the power is off: \"restart\" first" },
		{ "skin warm", SCENARIO_FAILED, "skin: not a temperature like 36.6" },
		{ "skin 121", SCENARIO_FAILED, "skin: not a temperature like 36.6" },
		{ "skin nan", SCENARIO_FAILED, "skin: not a temperature like 36.6" },
		{ "skin 36,6", SCENARIO_FAILED, "skin: not a temperature like 36.6" },
		{ "ambient", SCENARIO_FAILED, "ambient: not a temperature like 21" },
	};
	struct scenario *s = *state;

	for (size_t i = 0; i < ARRAY_LEN(CASE); i++) {
		assert_int_equal(scenario_command(s, CASE[i].line), CASE[i].result);
		assert_string_equal(s->answer, CASE[i].answer);
	}
}

static void test_temperatures(void **state)
{
	struct scenario *s = *state;

	assert_int_equal(scenario_command(s, "skin 36.6"), SCENARIO_OK);
	assert_int_equal(s->app->world.skin_centi_c, 3660);
	assert_int_equal(scenario_command(s, "ambient -12.5"), SCENARIO_OK);
	assert_int_equal(s->app->world.ambient_centi_c, -1250);
	assert_int_equal(scenario_command(s, "skin bad"), SCENARIO_FAILED);
	assert_int_equal(s->app->world.skin_centi_c, 3660);
	assert_int_equal(scenario_command(s, "skin off"), SCENARIO_OK);
	assert_int_equal(s->app->world.skin_centi_c, 0);
}

static void test_long_line(void **state)
{
	struct scenario *s = *state;
	char line[SCENARIO_LINE_BYTES + 1];

	memset(line, 'x', sizeof(line));
	line[0] = '#';
	line[SCENARIO_LINE_BYTES - 1] = '\0';
	assert_int_equal(scenario_command(s, line), SCENARIO_OK);
	line[SCENARIO_LINE_BYTES - 1] = 'x';
	line[SCENARIO_LINE_BYTES] = '\0';
	assert_int_equal(scenario_command(s, line), SCENARIO_FAILED);
	assert_string_equal(s->answer, "the line is longer than 1023 bytes");
}

static int play(struct scenario *s, const char *text)
{
	char path[TEMP_PATH_BYTES];

	temp_file(path, text, strlen(text));
	int code = scenario_play(s, path);
	unlink(path);
	return code;
}

static void test_play(void **state)
{
	struct scenario *s = *state;

	assert_int_equal(play(s, ""), 0);
	s->off_wall_ms = 0;
	assert_int_equal(play(s, "# one\nwait 1s\n\nwait 2s"), 0);
	assert_int_equal(s->off_wall_ms, 3000);
	assert_int_equal(play(s, "wait 1s\nquit\nnonsense\n"), 0);
	s->off_wall_ms = 0;
	assert_int_equal(play(s, "wait 1s\n\nnonsense\nwait 1s\n"), 1);
	assert_int_equal(s->line, 3);
	assert_int_equal(s->off_wall_ms, 1000); /* nothing after it was run */
	s->resume_line = 2; /* after a power cut */
	s->off_wall_ms = 0;
	assert_int_equal(play(s, "nonsense\nwait 1s\n"), 0);
	assert_int_equal(s->off_wall_ms, 1000);
	s->resume_line = 0;
	s->app->quit = true; /* a signal, or the window was closed */
	assert_int_equal(play(s, "wait 1s\nwait 1s\n"), 1);
	assert_int_equal(s->off_wall_ms, 2000);
}

/* A line longer than any buffer is refused where it stands, not run in pieces. */
static void test_play_long_line(void **state)
{
	struct scenario *s = *state;
	char text[4096];

	memset(text, '#', sizeof(text));
	memcpy(text, "wait 1s\n", 8);
	memcpy(text + sizeof(text) - 9, "\nwait 1s", 9);
	s->off_wall_ms = 0;
	assert_int_equal(play(s, text), 1);
	assert_int_equal(s->line, 2);
	assert_int_equal(s->off_wall_ms, 1000);
}

static void test_unreadable(void **state)
{
	struct scenario *s = *state;

	assert_int_equal(scenario_play(s, "/nonexistent/visit.txt"), 2);
	assert_int_equal(scenario_play(s, "/tmp"), 2); /* a folder can be opened, not read */
}

static int64_t first_wall_ms(const char *text)
{
	char path[TEMP_PATH_BYTES];

	temp_file(path, text, strlen(text));
	int64_t wall = scenario_first_wall_ms(path);
	unlink(path);
	return wall;
}

static void test_first_wall(void **state)
{
	int64_t usual = scenario_first_wall_ms(NULL);

	(void)state;
	assert_int_equal(usual, MORNING_MS);
	assert_int_equal(scenario_first_wall_ms("/nonexistent/visit.txt"), usual);
	assert_int_equal(first_wall_ms(""), usual);
	assert_int_equal(first_wall_ms("# at noon\n\nat 2026-11-23T09:00:00+08:00\n"),
			 MORNING_MS + 3600000);
	assert_int_equal(first_wall_ms("at noon\n"), usual);
	/* only a script that begins with its time sets it */
	assert_int_equal(first_wall_ms("wait 1s\nat 2026-11-23T09:00:00+08:00\n"), usual);
}

/* Every word of the reference's first column is a command, so the reference cannot go stale. */
static void test_help_is_true(void **state)
{
	struct scenario *s = *state;
	char help[4096];
	int known = 0;

	s->options.config = "/nonexistent/gate.ini"; /* so that "restart" does not */
	s->options.data = "/nonexistent";
	snprintf(help, sizeof(help), "%s", scenario_help());
	assert_true(strlen(help) < sizeof(help) - 1);
	for (char *save = NULL, *line = strtok_r(help, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		char word[32];
		if (sscanf(line, "  %31[a-z]%*[ ]", word) != 1 || line[2] == ' ')
			continue;
		scenario_command(s, word);
		assert_null(strstr(s->answer, "unknown command"));
		known++;
	}
	assert_true(known >= 18);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test_setup_teardown(test_durations, setup, teardown),
		cmocka_unit_test_setup_teardown(test_at, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lines, setup, teardown),
		cmocka_unit_test_setup_teardown(test_temperatures, setup, teardown),
		cmocka_unit_test_setup_teardown(test_long_line, setup, teardown),
		cmocka_unit_test_setup_teardown(test_play, setup, teardown),
		cmocka_unit_test_setup_teardown(test_play_long_line, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unreadable, setup, teardown),
		cmocka_unit_test(test_first_wall),
		cmocka_unit_test_setup_teardown(test_help_is_true, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
