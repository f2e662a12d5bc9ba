/*
 * Reads a rulebook file (assets/rulebooks) into the pure struct rulebook. Names file, line and word
 * of every error; a bad file gives nothing.
 */
#ifndef SETTINGS_RULEBOOK_H
#define SETTINGS_RULEBOOK_H

#include "core/rules.h"

/*
 * The same from memory: len bytes and a NUL behind them. A running rulebook is swapped by reading
 * into another struct and copying it when that went well: a bad one never replaces a good one.
 */
MUST_CHECK bool rulebook_parse(struct rulebook *book, const char *name, const char *text,
			       size_t len, char *message, size_t cap);

/* message says "file:line: why" when false comes back; *book is then untouched. Blocking. */
MUST_CHECK bool rulebook_read(struct rulebook *book, const char *path, char *message, size_t cap);

#endif
