/*
 * What gatehouse-stick gives up before it reads its first message: core dumps and being traced
 * (personal data), files outside the stick (Landlock, where the kernel has
 * it), and every system call for new processes, programs, sockets, mounts or tracing (seccomp).
 */
#ifndef STICK_SANDBOX_H
#define STICK_SANDBOX_H

#include "base/defs.h"

MUST_CHECK int sandbox_enter(const char *stick_dir);

#endif
