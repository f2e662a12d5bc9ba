/*
 * The index behind register_search: what is taken into it and out of it. Inside the store only.
 *
 * It is behind the register by up to SEARCH_BATCH registrations, which register_search reads one by
 * one; a batch is taken in with a transaction of its own after the commit that fills it, and with
 * it some of the work of joining runs (search_run.h) is done. So it costs a registration no flush
 * and few pages, and whatever is lost with it can be made again.
 *
 * Whoever deletes rows of the table person need not know of it: the transaction that does so
 * (txn_begin, txn_end) takes the same persons out of the index before it commits. Rows of person
 * are deleted, never changed.
 */
#ifndef STORE_SEARCH_H
#define STORE_SEARCH_H

#include "store/db.h"

#define SEARCH_BATCH 512

/* Watches for deleted persons from now on. */
void search_watch(struct register_db *db);
/* How far the index goes, when opening: tail->last_visit is known. One that says what cannot be is
 * emptied, and fills again. */
MUST_CHECK int search_load(struct register_db *db, struct tail *tail);

/* Inside a transaction that has deleted persons: takes them out. */
MUST_CHECK int search_forget(struct register_db *db);
/* Outside of a transaction: takes the next batch in when there is a whole one. A failure takes
 * nothing back and loses nothing. */
void search_keep_up(struct register_db *db);

#endif
