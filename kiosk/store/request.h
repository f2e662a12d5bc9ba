/*
 * A person asks, with the receipt code of their slip, for what is kept about them (PIPL 45 and 47,
 * GDPR 15 and 17): the code finds the visit; register_visit copies it, register_erase erases it.
 *
 * A code is as good as a key, so looking one up is slowed as PINs are: at most 34 that are of
 * nobody in any 24 hours, counted on disk before it is looked for. Whoever has mistyped one, which
 * its check character says, has not tried.
 *
 * Called by the register's own thread, like all of register.h.
 */
#ifndef STORE_REQUEST_H
#define STORE_REQUEST_H

#include "store/register.h"

enum request_outcome {
	REQUEST_FOUND,
	REQUEST_MISTYPED,
	REQUEST_UNKNOWN, /* of no visit whose personal fields are still there */
	REQUEST_LOCKED,
};
struct request {
	enum request_outcome outcome;
	uint64_t visit_id; /* FOUND */
	int32_t wait_s; /* LOCKED */
};

/* Times and trust are read from when. Reads the salts of all personal fields: 50 ms for 30 000. */
MUST_CHECK int register_request(struct register_db *db, const char *typed, const struct entry *when,
				struct request *request);

#endif
