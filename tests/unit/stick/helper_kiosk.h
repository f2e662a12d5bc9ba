/*
 * Plays the kiosk to a real stick job that runs in a child process: a register of a few events and
 * visits with a true chain and true commitments, sent message by message so that a test can cut in
 * at any of them.
 */
#ifndef TEST_HELPER_KIOSK_H
#define TEST_HELPER_KIOSK_H

#include <limits.h>

#include "codec/stick_msg.h"

#define KIOSK_WALL_MS INT64_C(1795392000000) /* 2026-11-23T08:00:00+08:00 */

struct test_kiosk {
	char root[64], stick[80], work[80];
	int fd;
	pid_t pid;
	uint8_t seed[32], public_key[32];
	uint8_t identity[32]; /* the office's: what the export is encrypted for */
	struct stick_msg answer; /* the last one from the stick */
	uint8_t packet[STICK_MSG_MAX];
};

/* A fresh directory with a stick and a work directory in it; removed by kiosk_fini. */
void kiosk_init(struct test_kiosk *k);
void kiosk_fini(struct test_kiosk *k);

/* Starts the job. prepare, if any, runs in the child first (limits). */
void kiosk_start(struct test_kiosk *k, void (*prepare)(void));

/* False when the stick has gone. */
bool kiosk_send(struct test_kiosk *k, const struct stick_msg *msg);
/* Skips PROGRESS; false when the stick has gone. */
bool kiosk_receive(struct test_kiosk *k);

/* The messages of a register of so many visits, in order: OPEN, KEYS, each section with its rows,
 * FINISH. False when there is no such step. */
#define KIOSK_DAYS 2
#define KIOSK_STEPS(visits) (2 + STICK_SECTION_COUNT_ + 1 + 10 * (visits) + 2 * KIOSK_DAYS + 1)
bool kiosk_message(const struct test_kiosk *k, const struct visit *visits, int count, int step,
		   struct stick_msg *msg, uint8_t body[STICK_BODY_MAX]);

/* Sends steps from to to - 1 (all from there when to is negative); false when the stick went. */
bool kiosk_play(struct test_kiosk *k, const struct visit *visits, int count, int from, int to);

/* Returns when the stick has taken every message sent so far. */
void kiosk_settle(const struct test_kiosk *k);

/* Signs the manifest in k->answer and sends the signature. */
bool kiosk_sign(struct test_kiosk *k);

/* Closes the socket and reaps the child; its exit code, or -1 when a signal ended it. */
int kiosk_end(struct test_kiosk *k);

/* The export's three files: their path in a folder with this name. */
void kiosk_file(const char *folder, const char *id, const char *suffix, char path[PATH_MAX]);

/* A whole export; path is that of its folder. Fails the test when it fails. */
void kiosk_export(struct test_kiosk *k, const struct visit *visits, int count, char path[PATH_MAX]);

/* A visit with every field filled, number 1, 2, 3... */
struct visit kiosk_visit(int number, const char *name);

/* A report that was made late, day 0, and one that is missing. */
struct stick_day kiosk_day(int number);

/* How many entries of dir begin with prefix. */
int kiosk_count(const char *dir, const char *prefix);

#endif
