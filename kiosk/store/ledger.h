/*
 * The ledgers in the register (core/ledger.h says what they are): entries as events, which of them
 * stand, and what is left of each item. Owned by the register's thread, as register.h; the same
 * errors. Nothing here holds personal data.
 */
#ifndef STORE_LEDGER_H
#define STORE_LEDGER_H

#include "store/register.h"

/*
 * For an export: fn for the entries with seq > after, oldest first, at most max; corrected ones
 * too, with what replaces them. *last is the last seq seen. A negative return of fn ends it and
 * comes back.
 */
typedef int (*ledger_row_fn)(void *ctx, const struct ledger_row *row);
MUST_CHECK int register_ledger(struct register_db *db, int64_t after, int max, ledger_row_fn fn,
			       void *ctx, int64_t *last);

/* The entries of a kind, the newest first; *total is how many there are. */
MUST_CHECK int register_ledger_page(struct register_db *db, enum ledger_kind kind, int skip,
				    struct ledger_row *rows, int max, int *count, int *total);

/* How things stand now. */
MUST_CHECK int register_ledger_state(struct register_db *db, struct ledger_state *state);

/* What was left of an item at a moment, by the entries that stand now; *known false: nothing was
 * entered before. */
MUST_CHECK int register_stock_at(struct register_db *db, enum ledger_item item, int64_t wall_ms,
				 int64_t *left, bool *known);

/* Inside the store: called by the projection. -EINVAL: it corrects what is no entry of its kind or
 * said another number of bags, or nobody wrote it; -EALREADY: that has been corrected. */
MUST_CHECK int ledger_apply(struct register_db *db, int64_t seq, const struct entry *told);

#endif
