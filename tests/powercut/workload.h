/*
 * A gate's life on the disk that is cut: the register's own code, the kiosk's own export with the
 * real gatehouse-stick, the gate's key file. Everything it does follows from the seed; what it is
 * promised goes into the history.
 */
#ifndef POWERCUT_WORKLOAD_H
#define POWERCUT_WORKLOAD_H

#include "codec/age.h"
#include "tests/powercut/disk.h"
#include "tests/powercut/history.h"

#define DATA_DIR "data"
#define STICK_DIR "stick"
#define KEY_NAME "gate.key"
#define REGISTER_NAME "register.db"

/* The secret key of the office that the exports are for. */
#define OFFICE_IDENTITY ((const uint8_t[AGE_KEY_BYTES]){ 5, 5, 5 })

struct workload {
	struct disk *disk; /* mounted; holds the folder STICK_DIR */
	struct history *history;
	uint64_t seed;
	unsigned steps;
	const char *pragma; /* of a control: what is done to the register's settings; NULL = none */
	const char *stick_program;
};

/* 0, or negative errno and *what says what failed: it must not, the disk is good. */
MUST_CHECK int workload_run(const struct workload *workload, const char **what);

/* After a cut: opens the register, goes on with it for a little, closes it. */
MUST_CHECK int workload_resume(const struct workload *workload, const char **what);

/* The folder of register and key, made as the kiosk does at every start. */
MUST_CHECK int workload_folder(const struct disk *disk);

#endif
