/*
 * Whether the bytes of a bundle's part can be used: the office asks before it signs, the gate
 * before it takes.
 */
#ifndef SETTINGS_PARTS_H
#define SETTINGS_PARTS_H

#include "core/part.h"
#include "core/rules.h"

/*
 * len bytes and a NUL behind them. False: message (cap bytes) says in a sentence for the office
 * what is wrong. Of a rulebook, *book is filled in and its own version must be the part's; book may
 * be NULL.
 */
MUST_CHECK bool part_check(enum part_kind kind, int64_t version, const char *text, size_t len,
			   struct rulebook *book, char *message, size_t cap);

#endif
