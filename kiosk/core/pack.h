/*
 * Several named things in one file of a bundle (core/part.h): notices, sounds. A container of our
 * own, because it must be bounded, hold nothing that a gate does not know, and have one form for
 * one content:
 *
 *   magic    4 bytes, by what is in it
 *   count    2 bytes
 *   count times:
 *     name   1 byte of length, then a-z 0-9 - and /, 1 to 31 of them
 *     size   4 bytes, then so many bytes
 *
 * Numbers are big-endian, names strictly ascending, and nothing stands behind the last. Pure.
 */
#ifndef CORE_PACK_H
#define CORE_PACK_H

#include "base/bytes.h"

#define PACK_ITEMS_MAX 64
#define PACK_NAME_BYTES 32
#define PACK_MAGIC_BYTES 4

struct pack_item {
	char name[PACK_NAME_BYTES];
	const uint8_t *bytes; /* inside the container */
	size_t len;
};

struct pack {
	int count;
	struct pack_item items[PACK_ITEMS_MAX];
};

/* False on anything else than the form above; *pack is then empty. */
MUST_CHECK bool pack_open(struct pack *pack, const char *magic, const void *bytes, size_t len);

/* The container from its beginning: pack_begin, then pack_put for each in the order of the names;
 * w->bad says in the end whether it fitted. */
void pack_begin(struct writer *w, const char *magic, int count);
void pack_put(struct writer *w, const struct pack_item *item);

MUST_CHECK bool pack_name_fit(const char *name);
const struct pack_item *pack_find(const struct pack *pack, const char *name);

/* How many of the new one are new, other than in the old one, and how many of the old are gone. */
struct pack_change {
	int added, changed, removed;
};
struct pack_change pack_compare(const struct pack *before, const struct pack *after);

#endif
