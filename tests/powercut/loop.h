/* Kernel loop devices. */
#ifndef POWERCUT_LOOP_H
#define POWERCUT_LOOP_H

#include "base/defs.h"

/* Attaches a free one to file, in direct I/O; *fd holds it, and with the last close of it the
 * device lets go of the file. -EOPNOTSUPP: it would keep a cache of its own. */
MUST_CHECK int loop_attach(const char *file, int *fd, char *path, size_t cap);

/* Drops what the kernel remembers of the device's contents. */
void loop_forget(int fd);

#endif
