#include "store/verify.h"

#include <string.h>

#include "store/chain.h"
#include "store/search.h"

/* How many of the last events are checked at opening: what an unclean end could have touched. The
 * whole chain is register_check's. */
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

/* A text with something behind its end, or too long for its field, would pass for a shorter one. */
static bool read_whole_text(const struct query *q, int column, char *dst, size_t cap)
{
	query_text(q, column, dst, cap);
	return (size_t)sqlite3_column_bytes(q->stmt, column) == strlen(dst);
}

bool person_row_read(const struct query *q, struct person_row *row)
{
	struct person *p = &row->person;
	int64_t kind = query_int(q, 1);

	p->document_kind = (enum document_kind)kind;
	row->code_digest = (uint64_t)query_int(q, 8);
	return kind >= 0 && kind < DOCUMENT_COUNT_ &&
	       read_whole_text(q, 0, p->name, sizeof(p->name)) &&
	       read_whole_text(q, 2, p->document, sizeof(p->document)) &&
	       read_whole_text(q, 3, p->phone, sizeof(p->phone)) &&
	       read_whole_text(q, 4, p->household, sizeof(p->household)) &&
	       read_whole_text(q, 5, p->purpose, sizeof(p->purpose)) &&
	       query_blob(q, 6, row->salt, sizeof(row->salt)) &&
	       read_whole_text(q, 7, p->plate, sizeof(p->plate));
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
	QUERY(q);
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
	QUERY(q);

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
	QUERY(q);
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
		QUERY(q);
		query_begin(&q, db, STMT_EVENT_TAIL);
		r = query_row(&q);
		if (r <= 0)
			return r < 0 ? r : -EUCLEAN;
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
