/*
 * The other end of a printer's line, played by a test: it reads what has come, answers requests by
 * script and keeps everything else. Time is a number.
 */
#ifndef TESTS_HELPER_PRINTER_H
#define TESTS_HELPER_PRINTER_H

#include "hal/printer.h"

#define JOB_BYTES 60000

struct rig {
	struct printer *p;
	int fd; /* the printer's end */
	int64_t now;
	uint8_t status[5]; /* answers to DLE EOT n; 0: none */
	bool stuck; /* reads nothing */
	int requests; /* seen so far */
	int first[3]; /* positions in bytes at which they came */
	uint8_t *bytes; /* all that was not a request */
	size_t len, cap;
};

/* A printer on a socket pair that answers "all is well". */
struct rig rig_new(void);
void rig_free(struct rig *r);
void rig_healthy(struct rig *r);

/* Reads and answers once. */
void rig_other_end(struct rig *r);
/* Something to do at either end. */
bool rig_ready(const struct rig *r);

/*
 * A main loop over virtual time: io on readiness, and on the deadline when nothing is ready. Stops
 * at a result, or at until_ms when nothing happens before. Bounded: a driver that asks to be called
 * again and again without the clock moving fails the test.
 */
enum printer_result rig_run(struct rig *r, int64_t until_ms);

/* Gives the printer a job of JOB_BYTES, which contain no DLE. */
void rig_print(struct rig *r);
/* Runs until half of it has arrived. */
void rig_run_into_job(struct rig *r);
/* The job, whole and nothing else, from position at on. */
void rig_assert_job(const struct rig *r, size_t at);

#endif
