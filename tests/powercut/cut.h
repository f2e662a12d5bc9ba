/*
 * Where the power goes, and what is on the disk then.
 *
 * A flush that was answered is kept, with everything answered before it. Of what was written since,
 * any part may be there: none, all, some of the writes, some of their sectors (512 bytes are
 * whole). That covers every order as well: a sector holds its old contents or those of any of the
 * writes to it. A device may hold back few writes or many, so how many is a part of the cut.
 */
#ifndef POWERCUT_CUT_H
#define POWERCUT_CUT_H

#include "tests/powercut/disk.h"
#include "tests/powercut/history.h"

struct cut {
	uint32_t number; /* counted from 0; in the order they were chosen */
	uint32_t position; /* so many operations were answered */
	uint64_t random; /* everything else about it follows from this */
};

/* Chooses count cuts of a log, half of them just after a promise of some kind was given, and sorts
 * them by position. The same seed, log and history give the same cuts. */
void cuts_choose(struct cut *cuts, uint32_t count, const struct disk_log *log,
		 const struct history *history, uint64_t seed);

/* The disk as it was when the log began, moved on to what the cuts have in common. */
struct medium {
	uint8_t *bytes; /* DISK_BYTES, of which the unused take no memory; NULL = none */
	bool used[DISK_BLOCKS];
	uint32_t applied; /* operations of the log that are in it */
};

/* A medium that holds what image does. -ENOMEM. */
MUST_CHECK int medium_make(struct medium *medium, const struct disk_memory *image);
void medium_free(struct medium *medium);

/* The whole of it onto image, whatever that holds. */
void medium_put(const struct medium *medium, struct disk_memory *image);

/*
 * Puts the disk's image into the state after cut, and moves the medium on to what the last flush
 * before it had kept. image holds the medium's bytes but where touched says otherwise; afterwards
 * touched says where it no longer does. Cuts must come in the order of cuts_choose.
 */
void cut_make(struct medium *medium, struct disk_memory *image, const struct disk_log *log,
	      const struct cut *cut);

/* Gives image the medium's bytes again wherever it was touched. */
void medium_restore(const struct medium *medium, struct disk_memory *image);

#endif
