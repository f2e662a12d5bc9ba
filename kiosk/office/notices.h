/*
 * Notices for the board as the office writes them: an ini file, one section a notice, and pictures
 * as PNG files beside it; made into the part that a gate takes (core/notices.h). Pictures are read,
 * shrunk and unpacked here, so that no gate ever reads one.
 *
 *   [masks]                      a-z 0-9 -; what the notice is known by from one bundle to the next
 *   title = 进入小区请佩戴口罩
 *   text = 一行                   once for each line
 *   title_en, text_en            the same in English, if there is to be an English one
 *   from, until = 2026-11-30     first and last day, if they are limited
 *   order = 5                    0 to 999; else as they stand in the file
 *   picture = masks.png          from the file's folder
 */
#ifndef OFFICE_NOTICES_H
#define OFFICE_NOTICES_H

#include "base/defs.h"

/* *part is malloc'ed, the caller's. False: err says in a sentence what is wrong. */
MUST_CHECK bool office_notices(const char *path, char **part, size_t *len, FILE *err);

#endif
