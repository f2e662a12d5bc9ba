/*
 * A posting in a row: how much larger its key is than that of the one before (the first: than 0),
 * then the visit: how much later than the one before when the key is the same, else which of the
 * run it is. Both are varints as in tlv.h. Ten million people take some 25 bytes each.
 */
#include "store/search_run.h"

#include <string.h>

#define LEVEL_SHIFT 32
#define POSTING_BYTES 20 /* the longest: two varints of 64 bits */

/* Four steps from a batch to a run so long that ten million visits are five of them. */
static const int level_bits[SEARCH_LEVELS] = { 9, 13, 17, 21 };

int64_t search_run_of(int level, uint64_t visit_id)
{
	return (int64_t)level << LEVEL_SHIFT | (int64_t)((visit_id - 1) >> level_bits[level]);
}

int search_run_level(int64_t run)
{
	return (int)(run >> LEVEL_SHIFT);
}

uint64_t search_run_base(int64_t run)
{
	return (uint64_t)(run & ((INT64_C(1) << LEVEL_SHIFT) - 1))
	       << level_bits[search_run_level(run)];
}

uint64_t search_level_visits(int level)
{
	return UINT64_C(1) << level_bits[level];
}

bool search_posting_before(const struct posting *a, const struct posting *b)
{
	return a->key != b->key ? a->key < b->key : a->visit_id < b->visit_id;
}

void search_read_person(const struct query *q, struct person *p)
{
	query_text(q, 1, p->name, sizeof(p->name));
	query_text(q, 2, p->document, sizeof(p->document));
	query_text(q, 3, p->phone, sizeof(p->phone));
	query_text(q, 4, p->plate, sizeof(p->plate));
}

/* ---- rows ---- */

static uint64_t get_varint(struct row_reader *r)
{
	uint64_t value = 0;

	for (int shift = 0; shift < 64 && r->at < r->end; shift += 7) {
		uint8_t byte = *r->at++;
		value |= (uint64_t)(byte & 0x7F) << shift;
		if (byte < 0x80)
			return value;
	}
	r->bad = true;
	return 0;
}

static size_t put_varint(uint8_t *out, uint64_t value)
{
	size_t len = 0;

	for (; value >= 0x80; value >>= 7)
		out[len++] = (uint8_t)(value | 0x80);
	out[len++] = (uint8_t)value;
	return len;
}

void row_reader_begin(struct row_reader *r, int64_t run, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;

	*r = (struct row_reader){ .at = at, .end = at + len, .base = search_run_base(run) };
}

bool row_reader_next(struct row_reader *r)
{
	if (r->at == r->end || r->bad)
		return false;
	uint64_t more = get_varint(r), visit = get_varint(r);
	uint64_t from = more == 0 ? r->now.visit_id : r->base + 1;
	r->bad = r->bad || more > INT64_MAX - r->now.key || visit > INT32_MAX ||
		 (more == 0 && visit == 0);
	r->now.key += more;
	r->now.visit_id = from + visit;
	return !r->bad;
}

bool row_writer_add(struct row_writer *w, const struct posting *posting)
{
	uint8_t bytes[POSTING_BYTES];
	uint64_t more = posting->key - w->last.key;
	uint64_t from = more == 0 ? w->last.visit_id : search_run_base(w->run) + 1;
	size_t len = put_varint(bytes, more);

	len += put_varint(bytes + len, posting->visit_id - from);
	if (w->len + len > sizeof(w->bytes))
		return false;
	memcpy(w->bytes + w->len, bytes, len);
	w->len += len;
	w->last = *posting;
	return true;
}

static void bind_place(struct query *q, int64_t run, const struct posting *last)
{
	query_bind_int(q, run);
	query_bind_int(q, (int64_t)last->key);
	query_bind_int(q, (int64_t)last->visit_id);
}

int row_writer_put(struct row_writer *w, struct register_db *db)
{
	int r = 0;

	if (w->len > 0) {
		QUERY(q);
		query_begin(&q, db, STMT_SEARCH_PUT);
		bind_place(&q, w->run, &w->last);
		query_bind_blob(&q, w->bytes, w->len);
		r = query_run(&q);
	}
	w->len = 0;
	w->last = (struct posting){ 0 };
	return r;
}

/* ---- runs ---- */

/* The row after that of c->row. Its bytes are copied: what is written meanwhile may move them. */
static int next_row(struct run_cursor *c)
{
	QUERY(q);

	query_begin(&q, c->db, STMT_SEARCH_NEXT);
	bind_place(&q, c->run, &c->row);
	int r = query_row(&q);
	c->over = r == 0;
	if (r <= 0)
		return r;
	size_t len = (size_t)sqlite3_column_bytes(q.stmt, 2);
	c->row = (struct posting){ (uint64_t)query_int(&q, 0), (uint64_t)query_int(&q, 1) };
	if (len == 0 || len > sizeof(c->bytes) || !query_blob(&q, 2, c->bytes, len))
		return -EUCLEAN;
	row_reader_begin(&c->reader, c->run, c->bytes, len);
	return 0;
}

int run_cursor_next(struct run_cursor *c)
{
	while (!row_reader_next(&c->reader)) {
		/* what it stands under is what it ends with */
		if (c->reader.bad || c->reader.now.key != c->row.key ||
		    c->reader.now.visit_id != c->row.visit_id)
			return -EUCLEAN;
		int r = next_row(c);
		if (r || c->over)
			return r;
	}
	return 0;
}

int run_cursor_begin(struct run_cursor *c, struct register_db *db, int64_t run,
		     const struct posting *after)
{
	c->db = db;
	c->run = run;
	c->row = *after;
	int r = next_row(c);
	while (r == 0 && !c->over) {
		r = run_cursor_next(c);
		if (r || c->over || search_posting_before(after, &c->reader.now))
			break;
	}
	return r;
}

static int delete_row(struct register_db *db, int64_t run, const struct posting *last)
{
	QUERY(q);

	query_begin(&q, db, STMT_SEARCH_DELETE);
	bind_place(&q, run, last);
	return query_run(&q);
}

int search_run_remove(struct register_db *db, int64_t run, const struct posting *posting)
{
	struct posting before = *posting;
	struct run_cursor c = { .db = db, .run = run };
	struct row_writer kept = { .run = run };
	bool found = false;

	before.visit_id--;
	c.row = before;
	int r = next_row(&c);
	if (r || c.over)
		return r;
	while (row_reader_next(&c.reader)) {
		if (c.reader.now.key == posting->key && c.reader.now.visit_id == posting->visit_id)
			found = true;
		else if (!row_writer_add(&kept, &c.reader.now))
			return -EUCLEAN;
	}
	if (c.reader.bad)
		return -EUCLEAN;
	if (!found)
		return 0;
	r = delete_row(db, run, &c.row);
	return r ? r : row_writer_put(&kept, db);
}
