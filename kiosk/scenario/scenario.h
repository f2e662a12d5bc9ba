/*
 * The scenario language: one line a command, from a file (the demonstration, the tests, bug
 * reports) or, line by line, from a Unix socket. Time is virtual unless `realtime` is given:
 * nothing happens between two commands but what is already due. Compiled only with GATEHOUSE_SIM.
 * scenario_help() is the reference.
 */
#ifndef KIOSK_SCENARIO_SCENARIO_H
#define KIOSK_SCENARIO_SCENARIO_H

#include "app.h"
#include "core/form.h"

#define SCENARIO_LINE_BYTES 1024
#define SCENARIO_ANSWER_BYTES 65536

struct scenario {
	struct app *app;
	struct app_options options;
	bool running; /* the kiosk is switched on */
	bool realtime;
	int64_t off_wall_ms; /* wall clock while switched off */
	const char *file; /* script, NULL for a socket */
	int line, resume_line; /* line being run; first line to run after a power cut */
	char folder[256]; /* of the script: frames are looked up there too */
	char cut_at[16]; /* power cut armed for this moment, "" none */
	char **argv; /* to start over after a power cut */
	unsigned said_seen; /* announcements already expected */
	uint64_t printed_seen;
	char answer[SCENARIO_ANSWER_BYTES];
};

enum scenario_result { SCENARIO_OK, SCENARIO_VALUE, SCENARIO_FAILED, SCENARIO_QUIT };

/* Runs one command. The answer (value or reason) is in s->answer. */
enum scenario_result scenario_command(struct scenario *s, const char *line);

/* Plays the whole script; returns the exit code. Prints what fails as FILE:LINE: why. */
int scenario_play(struct scenario *s, const char *path);

/* Serves a Unix socket until `quit`; returns the exit code. */
int scenario_serve(struct scenario *s, const char *path);

/* Wall time of the script's first `at`, so that the kiosk starts at that time; a fixed morning
 * without one. */
int64_t scenario_first_wall_ms(const char *path);

/* Lets everything that needs no time happen. False when the program did not come to rest. */
bool scenario_settle(struct scenario *s);
/* Lets virtual (or real) time pass. */
bool scenario_wait(struct scenario *s, int64_t ms);

/* A power cut: this process image ends here, without any tidying, and starts over at the next line.
 * No return. */
_Noreturn void scenario_power_cut(struct scenario *s);
/* After a power cut: the state of the simulated world as it was. False when this is a fresh start.
 */
bool scenario_resume(struct scenario *s);
/* Switches the kiosk on. */
bool scenario_power_on(struct scenario *s, int64_t wall_ms);

/* expect.c: the part after `expect`. */
bool scenario_expect(struct scenario *s, char *words);

const char *scenario_help(void);

/* Cuts the next word or "quoted text" out of *at; NULL when there is none. Modifies the line. */
char *scenario_word(char **at);

#endif
