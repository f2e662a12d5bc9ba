#include "store/verify.h"

#include <string.h>

#include <sodium.h>

#include "store/chain.h"
#include "store/entry_codec.h"
#include "store/projection.h"

/* How many of the last events are checked at opening: what an unclean end could have touched. The
 * whole chain is register_verify's. */
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
			return r < 0 ? r : -EUCLEAN;
		last = query_int(&q, 0);
		*boot = query_int(&q, 1);
	}
	r = walk_tail(db, last > TAIL_EVENTS ? last - TAIL_EVENTS - 1 : 0, tail);
	if (r == 0 && tail->seq != last)
		r = -EUCLEAN;
	return r ? r : load_last_visit(db, tail);
}

static void person_row_wipe(struct person_row *row)
{
	sodium_memzero(row, sizeof(*row));
}

/* 1 when the personal fields of the visit are there, 0 when they have been deleted. */
static int read_person(struct register_db *db, uint64_t visit_id, struct person_row *row)
{
	struct person *p = &row->person;
	QUERY q;

	query_begin(&q, db, STMT_PERSON_ONE);
	query_bind_int(&q, (int64_t)visit_id);
	int r = query_row(&q);
	if (r <= 0)
		return r;
	row->visit_id = visit_id;
	query_text(&q, 0, p->name, sizeof(p->name));
	p->document_kind = (enum document_kind)query_int(&q, 1);
	query_text(&q, 2, p->document, sizeof(p->document));
	query_text(&q, 3, p->phone, sizeof(p->phone));
	query_text(&q, 4, p->household, sizeof(p->household));
	query_text(&q, 5, p->purpose, sizeof(p->purpose));
	return query_blob(&q, 6, row->salt, sizeof(row->salt)) ? 1 : -EUCLEAN;
}

/* Counts the personal fields met on the way, so that a row without a registration shows. */
static int verify_registration(struct register_db *db, const struct event_row *row,
			       int64_t *persons)
{
	struct person_row person CLEANUP(person_row_wipe) = { 0 };
	uint8_t commitment[CHAIN_HASH_BYTES], found[CHAIN_HASH_BYTES];
	uint64_t visit_id;

	if (!chain_find_commitment(row->body, row->body_len, &visit_id, commitment))
		return -EUCLEAN;
	int r = read_person(db, visit_id, &person);
	if (r <= 0)
		return r;
	++*persons;
	chain_commit(&person, found);
	return memcmp(found, commitment, sizeof(found)) == 0 ? 0 : -EUCLEAN;
}

static int verify_row(struct register_db *db, const struct tail *tail, const struct event_row *row,
		      int64_t *persons)
{
	struct entry entry;
	uint8_t commitment[CHAIN_HASH_BYTES];

	if (!follows(tail, row))
		return -EUCLEAN;
	if (!entry_decode(row->type, row->wall_ms, row->body, row->body_len, &entry, commitment))
		return -EUCLEAN;
	return row->type == ENTRY_REGISTERED ? verify_registration(db, row, persons) : 0;
}

static int verify_walk(struct register_db *db, struct tail *tail, int64_t *persons)
{
	QUERY q;
	int r;

	query_begin(&q, db, STMT_EVENT_RANGE);
	query_bind_int(&q, 0);
	query_bind_int(&q, INT64_MAX);
	while ((r = query_row(&q)) == 1) {
		struct event_row row;
		r = event_row_read(&q, &row) ? verify_row(db, tail, &row, persons) : -EUCLEAN;
		if (r)
			return r;
		tail->seq = row.seq;
		memcpy(tail->head, row.hash, sizeof(tail->head));
	}
	return r;
}

static int count_persons(struct register_db *db, int64_t *total)
{
	QUERY q;

	query_begin(&q, db, STMT_PERSON_TOTAL);
	int r = query_row(&q);
	*total = r == 1 ? query_int(&q, 0) : 0;
	return r < 0 ? r : 0;
}

int register_verify(struct register_db *db, int64_t *bad_seq)
{
	struct tail tail = { 0 };
	int64_t persons = 0, total;

	int r = verify_walk(db, &tail, &persons);
	*bad_seq = r == -EUCLEAN ? tail.seq + 1 : 0;
	if (r)
		return r;
	r = count_persons(db, &total);
	if (r)
		return r;
	/* Shorter than what this process has written itself, or somebody nobody registered. */
	if (tail.seq != db->tail.seq || memcmp(tail.head, db->tail.head, sizeof(tail.head)) != 0 ||
	    persons != total) {
		*bad_seq = tail.seq + 1;
		return -EUCLEAN;
	}
	r = db_integrity(db);
	return r ? r : projection_check(db, bad_seq);
}
