/*
 * Where everything happens: a mount namespace of this process and those it starts, with an empty
 * file system in memory at /dev/shm. Nothing of it is seen from outside, and nothing outlives it.
 *
 * When all processes that use it have ended, however they ended, a keeper takes the mounts down
 * while the disks below them still answer. Without it the kernel would do so in whichever process
 * is the last, and if that one serves a disk it waits for itself for ever.
 */
#ifndef POWERCUT_WORLD_H
#define POWERCUT_WORLD_H

#include "base/defs.h"

#define WORLD_DIR "/dev/shm"

struct world {
	int keeper; /* inherited by all who are waited for */
};

/* Negative errno and *problem says what is missing here. */
MUST_CHECK int world_begin(struct world *world, const char **problem);

/* Returns when nothing is left. The caller must be the only one there. */
void world_end(struct world *world);

#endif
