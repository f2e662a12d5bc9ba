/*
 * Inside core/lists only: what each kind of list is made of, and how a field is checked. Pure.
 */
#ifndef CORE_LIST_KINDS_H
#define CORE_LIST_KINDS_H

#include "core/lists.h"

struct list_kind {
	int fields, keys; /* the first so many make the key; 0 fields: a kind that is no list */
	int32_t max_entries;
	struct {
		const char *name;
		bool (*check)(const char *text);
	} field[LIST_FIELDS];
	/* What holds for the fields together; NULL: nothing more. why is a sentence's end. */
	const char *(*entry_fault)(const struct list_entry *entry);
	/* Brings what a person wrote into the one form; NULL: it has no other. */
	bool (*normalise)(struct list_entry *entry);
};

extern const struct list_kind LIST_KIND[PART_COUNT_];

#endif
