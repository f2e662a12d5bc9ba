/*
 * The whole chain, walked in steps so short that somebody at the gate can be served between them:
 * each event follows the one before and decodes, and the personal fields that are there are those
 * registered. What the tables made from the events say is register_check's.
 *
 * How far it is is remembered in the register from time to time, so that a walk of a long chain
 * goes on after a restart, and again from the beginning when it has come to the end. What is
 * remembered is behind a fault, so that it is found again.
 *
 * Called by the register's own thread, like all of register.h.
 */
#ifndef STORE_CHAIN_WALK_H
#define STORE_CHAIN_WALK_H

#include "store/register.h"

/* Begins zeroed. */
struct chain_walk {
	bool begun, done;
	int64_t seq; /* events up to this one have been walked; then, with it, the chain's hash */
	uint8_t head[CHAIN_HASH_BYTES];
	int64_t kept_seq; /* what is remembered of it */
	struct register_fault fault;
};

/* One step, of some thousand events. -EUCLEAN and walk->fault says where; part NONE: a page cannot
 * be read. */
MUST_CHECK int register_walk(struct register_db *db, struct chain_walk *walk);

#endif
