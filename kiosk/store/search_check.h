/*
 * Whether everybody who is to be found is in the search index, and nobody else. Inside the store
 * only; a part of register_check.
 */
#ifndef STORE_SEARCH_CHECK_H
#define STORE_SEARCH_CHECK_H

#include "store/db.h"

/* 0, or -EUCLEAN and *visit_id: of whom something is missing or too much, or 0 when that cannot be
 * said. Reads all persons and the whole index. */
MUST_CHECK int search_check(struct register_db *db, uint64_t *visit_id);

#endif
