/*
 * Announcements and broadcasts as the office writes them: an ini file, one section a sound, and the
 * recordings beside it, WAV files of 16 bits, mono, 22050 Hz; made into the part that a gate takes
 * (core/sounds.h).
 *
 *   [zh/welcome]                 language and clip; without times: the announcement of that name
 *   file = welcome.wav           from the file's folder
 *
 *   [zh/test-today]
 *   file = test.wav
 *   times = 08:00, 12:00         a broadcast: when it is played
 *   from, until = 2026-11-30     its first and last day, if they are limited
 */
#ifndef OFFICE_SOUNDS_H
#define OFFICE_SOUNDS_H

#include "base/defs.h"

/* *part is malloc'ed, the caller's. False: err says in a sentence what is wrong. */
MUST_CHECK bool office_sounds(const char *path, char **part, size_t *len, FILE *err);

#endif
