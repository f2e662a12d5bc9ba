#include "store/verify.h"

#include <string.h>

#include "store/chain.h"

/* How many of the last events are checked at opening: what an unclean end could have touched. The
 * whole chain is register_check's. */
#define TAIL_EVENTS 64

static bool follows(const struct tail *tail, const struct event_row *row)
{
	uint8_t hash[CHAIN_HASH_BYTES];

	chain_hash(tail->head, row, hash);
	return row->seq == tail->seq + 1 && memcmp(hash, row->hash, sizeof(hash)) == 0;
}

static int load_last_visit(struct register_db *db, struct tail *tail)
{
	QUERY q;

	query_begin(&q, db, STMT_VISIT_LAST);
	int r = query_row(&q);
	if (r <= 0)
		return r;
	tail->last_visit = (uint64_t)query_int(&q, 0);
	return query_int(&q, 1) <= tail->seq ? 0 : -EUCLEAN;
}

/* The first row stands for what came before it, unless it is the very first event. */
static int walk_tail(struct register_db *db, int64_t after, struct tail *tail)
{
	QUERY q;
	int r;

	query_begin(&q, db, STMT_EVENT_RANGE);
	query_bind_int(&q, after);
	query_bind_int(&q, INT64_MAX);
	while ((r = query_row(&q)) == 1) {
		struct event_row row;
		bool anchor = after > 0 && tail->seq == 0;
		if (!event_row_read(&q, &row) || (!anchor && !follows(tail, &row)))
			return -EUCLEAN;
		tail->seq = row.seq;
		memcpy(tail->head, row.hash, sizeof(tail->head));
	}
	return r;
}

int verify_tail(struct register_db *db, struct tail *tail, int64_t *boot)
{
	int64_t last;
	int r;

	memset(tail, 0, sizeof(*tail));
	{
		QUERY q;
		query_begin(&q, db, STMT_EVENT_TAIL);
		r = query_row(&q);
		if (r <= 0)
			return -EUCLEAN;
		last = query_int(&q, 0);
		*boot = query_int(&q, 1);
	}
	r = walk_tail(db, last > TAIL_EVENTS ? last - TAIL_EVENTS - 1 : 0, tail);
	if (r == 0 && tail->seq != last)
		r = -EUCLEAN;
	return r ? r : load_last_visit(db, tail);
}
