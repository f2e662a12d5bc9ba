/*
 * Inside the store only: the rows of the table listed, one for each entry of the lists that are
 * looked up in it (directory.h).
 */
#ifndef STORE_LISTED_H
#define STORE_LISTED_H

#include "core/lists.h"
#include "store/db.h"

/* A row: sort and key find it, more and tail are what it says. What consists of several fields has
 * them separated by TABs, as the list has. */
struct listed {
	char sort[LIST_FIELD_BYTES], key[LIST_FIELD_BYTES];
	char more[LIST_FIELD_BYTES], tail[LIST_FIELD_BYTES];
};
void listed_of(enum part_kind kind, const struct list_entry *entry, struct listed *row);

/* Begins the search for one row; its columns are more and tail. sort and key outlive q. */
void listed_find(struct query *q, struct register_db *db, enum part_kind kind, const char *sort,
		 const char *key);

/* How many rows of a kind there are. */
MUST_CHECK int listed_count(struct register_db *db, enum part_kind kind, int64_t *count);

#endif
