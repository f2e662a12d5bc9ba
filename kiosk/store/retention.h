/*
 * Forgetting. Personal fields and their salts are deleted when their time is over, or earlier at
 * the wish of the person; what stays is the visit without a person, and an event that says how
 * many were forgotten and of which visits. The chain holds only salted commitments, so it goes on
 * proving; without the salt they say nothing.
 *
 * Deleted means gone from the bytes of the register: the file, its free pages and its log. What a
 * flash chip keeps of overwritten blocks is out of reach from here (hence the encrypted partition).
 *
 * Called by the register's own thread, like all of register.h.
 */
#ifndef STORE_RETENTION_H
#define STORE_RETENTION_H

#include "store/register.h"

/* The end of a visit decides how long it is kept, counted from the last thing that happened to it
 * (store/lived.h says how time is counted). A pass that is valid for longer keeps its visit too. */
enum retention_kind {
	RETENTION_ENTERED, /* was inside and left */
	RETENTION_REFUSED, /* refused or turned back */
	RETENTION_UNFINISHED, /* nobody decided, or admitted and never came in */
	RETENTION_INSIDE, /* still inside by the book: was not seen leaving */
	RETENTION_KIND_COUNT_
};

#define RETENTION_DAYS_MAX 3650

struct retention {
	int32_t days[RETENTION_KIND_COUNT_];
};

/* 30 days, a choice and not law (twice the 14 days that are asked about); 180 for who is still
 * inside by the book. */
extern const struct retention retention_default;

/* One night's work, in steps so short that somebody at the gate can be served between them. Begins
 * zeroed; what a power cut breaks off is found again by the next run. */
struct forget_run {
	uint64_t after; /* visits up to this one have been looked at */
	int64_t forgotten; /* so far */
	int64_t invitations; /* forgotten: last day over by more than RETENTION_ENTERED */
	bool doubtful; /* the clock was not trusted: nothing is forgotten, and an event says so */
	bool done;
};

/* One step: some hundred visits, each transaction with its events; the last step wipes what was
 * deleted out of the file (register_wipe). Blocks for a fraction of a second. */
MUST_CHECK int register_forget(struct register_db *db, const struct retention *retention,
			       int64_t wall_ms, int64_t mono_ms, bool clock_trusted,
			       struct forget_run *run);

enum erase_outcome {
	ERASE_DONE,
	ERASE_OPEN, /* waiting, admitted or inside: not yet */
	ERASE_GONE, /* there is nothing left to erase */
};

/* Forgets one person, at their own wish: actor, times and trust are read from who. The bytes are
 * wiped before this returns. -ENOENT: no such visit. */
MUST_CHECK int register_erase(struct register_db *db, uint64_t visit_id, const struct entry *who,
			      enum erase_outcome *outcome);

/* Finds the visit of a receipt code (store/receipt.h) as a person typed it. -ENOENT: of no visit
 * whose personal fields are still there; -EINVAL: mistyped. Reads all of them: 50 ms for 30 000. */
MUST_CHECK int register_find_receipt(struct register_db *db, const char *typed, uint64_t *visit_id);

/* Makes sure that no byte of what was deleted is left in file, free pages and log. Writes all
 * personal fields anew. */
MUST_CHECK int register_wipe(struct register_db *db);

#endif
