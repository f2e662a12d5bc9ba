/*
 * Walking the chain. Inside the store only.
 */
#ifndef STORE_VERIFY_H
#define STORE_VERIFY_H

#include "store/db.h"

/*
 * Checks the last events against each other and the newest visits against them, and fills *tail and
 * *boot (the highest used so far; 0 when there is none). -EUCLEAN when something does not fit.
 */
MUST_CHECK int verify_tail(struct register_db *db, struct tail *tail, int64_t *boot);

/* Reads the columns of STMT_PERSON_ONE; row->visit_id is left alone. False when what stands there
 * cannot have been committed to. */
bool person_row_read(const struct query *q, struct person_row *row);

#endif
