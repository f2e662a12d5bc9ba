/*
 * Reads a rulebook file (assets/rulebooks) into the pure struct rulebook. Names file, line and word
 * of every error; a bad file gives nothing.
 */
#ifndef SETTINGS_RULEBOOK_H
#define SETTINGS_RULEBOOK_H

#include "core/rules.h"

/* message says "file:line: why" when false comes back; *book is then untouched. Blocking. */
MUST_CHECK bool rulebook_read(struct rulebook *book, const char *path, char *message, size_t cap);

#endif
