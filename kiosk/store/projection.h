/*
 * What the events mean: visits and their states, passes, the counts of days, the level in force.
 * Made only from the bytes that are hashed, so that it can be made again from them and never says
 * more than they do.
 *
 *                 REGISTERED            DECIDED               PASSED        LEFT
 *   (nothing) ──refer──────> WAITING ──admit──> ADMITTED ──────> INSIDE ──────> LEFT
 *             ──refuse─────> REFUSED <─refuse──┘   │ LAPSED        ^             ^
 *             ──turn back──> TURNED_BACK <─────    v               │             │
 *                                              LAPSED ─────PASSED──┘ ────LEFT────┘
 *
 * DECIDED with verdict refer leaves the visit waiting (attestations were kept). The beam sees
 * people late, or not at all when it is broken: a lapsed or merely admitted visitor may still be
 * seen going in, or may turn up at the exit, and is never kept from leaving by the bookkeeping.
 */
#ifndef STORE_PROJECTION_H
#define STORE_PROJECTION_H

#include "store/db.h"

/*
 * Applies event seq as entry_decode read it (with actor filled in), inside a transaction. Fills
 * *visit_state and *ticket for visit entries. -EALREADY: that has happened to the visit before;
 * -EINVAL: makes no sense in the state of the visit; -ENOENT: no such visit. Then nothing more is
 * applied and the transaction must be rolled back.
 */
MUST_CHECK int projection_apply(struct register_db *db, int64_t seq, const struct entry *told,
				enum visit_state *visit_state, uint32_t *ticket);

/* An ENTRY_IMPORTED: directory.c. -EALREADY for what is not newer. */
MUST_CHECK int projection_import(struct register_db *db, int64_t seq, const struct entry *told);

/* The ticket number of a registration at wall_ms. */
MUST_CHECK int projection_next_ticket(struct register_db *db, int64_t wall_ms, uint32_t *ticket);

/* The number of the local day. */
int64_t projection_day(const struct register_db *db, int64_t wall_ms);

/* Applies the events of one register after *seq, at most max, to the projection of another, or of
 * itself; *seq is the last one applied. */
MUST_CHECK int projection_replay(struct register_db *from, struct register_db *into, int64_t *seq,
				 int64_t max);

/* Forgets all of it and makes it again from the events: remake in the caller's transaction, rebuild
 * in one of its own. Personal fields and accounts are no projection and stay. */
MUST_CHECK int projection_remake(struct register_db *db);
MUST_CHECK int projection_rebuild(struct register_db *db);

/*
 * Makes it again beside, in memory (about 100 bytes a visit), and compares. 0: the same; -EUCLEAN:
 * not, and *fault is the first row that differs; its seq is the event of the visit, or of the level
 * (0 when none is to blame).
 */
MUST_CHECK int projection_check(struct register_db *db, struct register_fault *fault);

/* The same in steps of some 1000 events or 5000 rows, between which events may be appended. *run is
 * freed by end also when begin has failed. */
struct projection_run;
MUST_CHECK int projection_run_begin(struct register_db *db, struct projection_run **run);
MUST_CHECK int projection_run_step(struct projection_run *run, struct register_fault *fault,
				   bool *done);
int projection_run_permille(const struct projection_run *run);
void projection_run_end(struct projection_run *run);

#endif
