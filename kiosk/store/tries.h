/*
 * Counting what may be guessed: PINs and receipt codes, on the clock that only runs while this
 * machine is on (store/pin_policy.h). Inside store only; all of it within a transaction.
 */
#ifndef STORE_TRIES_H
#define STORE_TRIES_H

#include "store/db.h"
#include "store/pin_policy.h"

#define TRIES_RECEIPT (-1) /* beside the numbers of enum role */

/* Brings the counting clock up to the moment of the try and stores it. */
MUST_CHECK int tries_tick(struct register_db *db, const struct entry *when, struct pin_clock *is);

/* Until when the tries of a role, or at receipt codes, are paid for. */
MUST_CHECK int tries_paid(struct register_db *db, int64_t whose, int64_t *until_ms);
MUST_CHECK int tries_pay(struct register_db *db, int64_t whose, int64_t until_ms);

int32_t tries_seconds(int64_t ms); /* begun ones */

#endif
