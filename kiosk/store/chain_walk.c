#include "store/chain_walk.h"

#include <string.h>

#include "store/chain.h"
#include "store/entry_codec.h"
#include "store/verify.h"

#define STEP_EVENTS 4096 /* 5 ms; on a Raspberry Pi some 50 */
#define KEEP_EVENTS 65536 /* walked once more at most after a restart: a flush costs as much */

static int wrong(struct chain_walk *walk, enum register_part part, int64_t key, int64_t seq)
{
	walk->fault = (struct register_fault){ .part = part, .key = key, .seq = seq };
	return -EUCLEAN;
}

/* Where it was left. Events that were walked then and are gone now have been cut off. */
static int recall(struct register_db *db, struct chain_walk *walk)
{
	QUERY(q);

	query_begin(&q, db, STMT_WALKED_GET);
	int r = query_row(&q);
	if (r < 0)
		return r;
	if (r == 1) {
		walk->seq = walk->kept_seq = query_int(&q, 0);
		if (walk->seq > db->tail.seq || !query_blob(&q, 1, walk->head, sizeof(walk->head)))
			return wrong(walk, REGISTER_PART_EVENT, db->tail.seq + 1, db->tail.seq + 1);
	}
	walk->begun = true;
	return 0;
}

/* Who was forgotten has no row. */
static int walk_person(struct register_db *db, struct chain_walk *walk, const struct event_row *row,
		       const struct entry *told, const uint8_t commitment[CHAIN_HASH_BYTES])
{
	struct person_row person CLEANUP(person_row_wipe) = { .visit_id = told->visit.id };
	uint8_t found[CHAIN_HASH_BYTES];
	QUERY(q);

	query_begin(&q, db, STMT_PERSON_ONE);
	query_bind_int(&q, (int64_t)told->visit.id);
	int r = query_row(&q);
	if (r <= 0)
		return r;
	bool good = person_row_read(&q, &person);
	chain_commit(&person, found);
	if (good && memcmp(found, commitment, sizeof(found)) == 0)
		return 0;
	return wrong(walk, REGISTER_PART_PERSON, (int64_t)told->visit.id, row->seq);
}

static int walk_event(struct register_db *db, struct chain_walk *walk, const struct event_row *row)
{
	struct entry told;
	uint8_t commitment[CHAIN_HASH_BYTES];

	if (!entry_decode(row->type, row->wall_ms, row->body, row->body_len, &told, commitment))
		return wrong(walk, REGISTER_PART_EVENT, row->seq, row->seq);
	return row->type == ENTRY_REGISTERED ? walk_person(db, walk, row, &told, commitment) : 0;
}

static int walk_events(struct register_db *db, struct chain_walk *walk)
{
	struct tail tail = { .seq = walk->seq };
	QUERY(q);
	int r;

	memcpy(tail.head, walk->head, sizeof(tail.head));
	query_begin(&q, db, STMT_EVENT_RANGE);
	query_bind_int(&q, walk->seq);
	query_bind_int(&q, STEP_EVENTS);
	while ((r = query_row(&q)) == 1) {
		struct event_row row;
		int64_t expected = tail.seq + 1;
		r = event_row_follows(&q, &row, &tail)
			    ? walk_event(db, walk, &row)
			    : wrong(walk, REGISTER_PART_EVENT, expected, expected);
		if (r)
			return r;
	}
	if (r < 0)
		return r;
	walk->done = tail.seq - walk->seq < STEP_EVENTS || tail.seq == db->tail.seq;
	if (walk->done &&
	    (tail.seq != db->tail.seq || memcmp(tail.head, db->tail.head, sizeof(tail.head)) != 0))
		return wrong(walk, REGISTER_PART_EVENT, tail.seq + 1, tail.seq + 1);
	walk->seq = tail.seq;
	memcpy(walk->head, tail.head, sizeof(walk->head));
	return 0;
}

static int write_walked(struct register_db *db, const struct chain_walk *walk)
{
	QUERY(q);

	query_begin(&q, db, walk->done ? STMT_WALKED_CLEAR : STMT_WALKED_SET);
	if (!walk->done) {
		query_bind_int(&q, walk->seq);
		query_bind_blob(&q, walk->head, sizeof(walk->head));
	}
	return query_run(&q);
}

static int keep(struct register_db *db, struct chain_walk *walk)
{
	if (walk->done ? walk->kept_seq == 0 : walk->seq - walk->kept_seq < KEEP_EVENTS)
		return 0;
	int r = txn_begin(db);
	if (r == 0)
		r = txn_end(db, write_walked(db, walk));
	if (r == 0)
		walk->kept_seq = walk->done ? 0 : walk->seq;
	return r;
}

int register_walk(struct register_db *db, struct chain_walk *walk)
{
	int r = walk->begun ? 0 : recall(db, walk);

	if (r == 0)
		r = walk_events(db, walk);
	return r ? r : keep(db, walk);
}
