/*
 * One export, from the kiosk's first message to the last: see job.c. Runs once per process and
 * blocks; the kiosk ends it by closing the socket.
 */
#ifndef STICK_JOB_H
#define STICK_JOB_H

#include "base/defs.h"

/* 0: the export is on the stick, read back, and DONE was sent; else negative errno, and FAILED was
 * sent while there was anyone to hear it. */
MUST_CHECK int stick_job_run(int socket, const char *stick_dir);

#endif
