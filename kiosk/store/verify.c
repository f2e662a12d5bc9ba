#include "store/verify.h"

#include <string.h>

#include <sodium.h>

#include "store/chain.h"
#include "store/entry_codec.h"
#include "store/projection.h"
#include "store/search.h"

/* How many of the last events are checked at opening: what an unclean end could have touched. The
 * whole chain is register_verify's. */
#define TAIL_EVENTS 64
#define TAIL_VISITS 64

#define COL_HASH 8 /* of STMT_EVENT_RANGE */

size_t hash_stored_bytes(int64_t seq)
{
	return seq % HASH_WHOLE_EVERY == 0 ? CHAIN_HASH_BYTES : HASH_STORED_BYTES;
}

static bool stored_agrees(const struct query *q, const struct event_row *row)
{
	const void *stored = sqlite3_column_blob(q->stmt, COL_HASH);
	size_t len = (size_t)sqlite3_column_bytes(q->stmt, COL_HASH);

	return stored && (len == CHAIN_HASH_BYTES || len == hash_stored_bytes(row->seq)) &&
	       memcmp(stored, row->hash, len) == 0;
}

bool event_row_follows(const struct query *q, struct event_row *row, struct tail *tail)
{
	if (!event_row_read(q, row) || row->seq != tail->seq + 1)
		return false;
	chain_hash(tail->head, row, row->hash);
	if (!stored_agrees(q, row))
		return false;
	tail->seq = row->seq;
	memcpy(tail->head, row->hash, sizeof(tail->head));
	return true;
}

/* An event with a whole hash, taken for what it says. */
static bool starts_from(const struct query *q, struct tail *tail)
{
	struct event_row row;

	tail->seq = query_int(q, 0);
	return event_row_read(q, &row) && query_blob(q, COL_HASH, tail->head, sizeof(tail->head));
}

/* The last event at or before seq that has its whole hash for certain; 0: there is none. */
static int64_t whole_before(int64_t seq)
{
	return seq > 0 ? seq - seq % HASH_WHOLE_EVERY : 0;
}

/* From the event whole, which stands for all before it (0: the empty register), up to event last.
 */
static int walk(struct register_db *db, int64_t whole, int64_t last, struct tail *tail)
{
	QUERY q;
	int r = 1;

	memset(tail, 0, sizeof(*tail));
	query_begin(&q, db, STMT_EVENT_RANGE);
	query_bind_int(&q, whole > 0 ? whole - 1 : 0);
	query_bind_int(&q, INT64_MAX);
	while (tail->seq < last && (r = query_row(&q)) == 1) {
		struct event_row row;
		bool first = whole > 0 && tail->seq == 0;
		if (first ? !starts_from(&q, tail) : !event_row_follows(&q, &row, tail))
			return -EUCLEAN;
	}
	return r < 0 ? r : tail->seq == last ? 0 : -EUCLEAN;
}

int verify_head_at(struct register_db *db, int64_t seq, struct tail *tail)
{
	return walk(db, whole_before(seq), seq > 0 ? seq : 0, tail);
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

/* Their rows, with their persons and passes, stand on the pages written last. */
static int read_newest_visits(struct register_db *db, const struct tail *tail)
{
	QUERY q;
	int r;

	query_begin(&q, db, STMT_VISIT_RANGE);
	query_bind_int(&q, (int64_t)tail->last_visit - TAIL_VISITS);
	query_bind_int(&q, TAIL_VISITS);
	do {
		r = query_row(&q);
	} while (r == 1);
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
	r = walk(db, whole_before(last - TAIL_EVENTS), last, tail);
	if (r == 0)
		r = load_last_visit(db, tail);
	if (r == 0)
		r = read_newest_visits(db, tail);
	return r ? r : search_load(db, tail);
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

static int verify_row(struct register_db *db, const struct event_row *row, int64_t *persons)
{
	struct entry entry;
	uint8_t commitment[CHAIN_HASH_BYTES];

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
		struct tail after = *tail;
		r = event_row_follows(&q, &row, &after) ? verify_row(db, &row, persons) : -EUCLEAN;
		if (r)
			return r;
		*tail = after;
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
