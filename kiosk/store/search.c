/*
 * An index of tokens (search_text.h) in the table search: one row for each token of each block of
 * 65,536 visits, with the visits that have it as ascending 16-bit offsets, two bytes each; several,
 * counted by part, when one would run over into a page of its own.
 *
 * Rows stand by block first. So a batch of new visits touches the pages of one block only, however
 * long the register; and a search goes through the blocks from the newest, a bit for each visit,
 * and ends with the first that gives enough. Ten million visits are 153 blocks.
 */
#include "store/search.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/log.h"
#include "store/search_text.h"

#define BLOCK_BITS 16
#define BLOCK_VISITS (1 << BLOCK_BITS)
#define OFFSET_BYTES 2
/* sqlite keeps a quarter of a page of a row, and begins a page for what is more. */
#define PART_VISITS ((SCHEMA_PAGE_BYTES / 4 - 64) / OFFSET_BYTES)
#define POSTINGS_MAX 16384 /* in a batch; a batch of stranger names ends earlier */

struct posting {
	uint32_t token;
	uint64_t visit_id;
};

struct bits {
	uint64_t words[BLOCK_VISITS / 64];
};

static int64_t block_of(uint64_t visit_id)
{
	return (int64_t)(visit_id >> BLOCK_BITS);
}

static unsigned offset_at(const uint8_t *ids, size_t i)
{
	return (unsigned)ids[i * OFFSET_BYTES] << 8 | ids[i * OFFSET_BYTES + 1];
}

static bool bit_is_set(const struct bits *b, unsigned i)
{
	return (b->words[i / 64] >> i % 64 & 1) != 0;
}

static void bit_set(struct bits *b, unsigned i)
{
	b->words[i / 64] |= UINT64_C(1) << i % 64;
}

static void person_deleted(void *ctx, int op, const char *schema, const char *table,
			   sqlite3_int64 id)
{
	struct register_db *db = ctx;

	(void)schema;
	(void)id;
	if (op == SQLITE_DELETE && strcmp(table, "person") == 0)
		db->person_deleted = true;
}

void search_watch(struct register_db *db)
{
	sqlite3_update_hook(db->sqlite, person_deleted, db);
}

int search_load(struct register_db *db, struct tail *tail)
{
	QUERY(q);

	query_begin(&q, db, STMT_SEARCH_MARK);
	int r = query_row(&q);
	if (r < 0)
		return r;
	tail->searchable = r == 1 ? (uint64_t)query_int(&q, 0) : 0;
	/* persons may have been deleted by another program */
	db->person_deleted = r == 1 && query_int(&q, 1) != 0;
	if (tail->searchable > tail->last_visit)
		tail->searchable = tail->last_visit;
	return 0;
}

static void read_person(const struct query *q, struct person *p)
{
	query_text(q, 1, p->name, sizeof(p->name));
	query_text(q, 2, p->document, sizeof(p->document));
	query_text(q, 3, p->phone, sizeof(p->phone));
}

struct batch {
	struct posting *postings;
	int count, persons;
	uint64_t upto;
};

static void batch_end(struct batch *b)
{
	if (b->postings)
		sodium_memzero(b->postings, (size_t)b->count * sizeof(*b->postings));
	free(b->postings);
}

static void add_person(struct batch *b, uint64_t visit_id, const struct person *person)
{
	uint32_t tokens[SEARCH_TOKENS_MAX];
	int count = search_tokens(person, tokens);

	for (int i = 0; i < count; i++)
		b->postings[b->count++] = (struct posting){ tokens[i], visit_id };
	b->upto = visit_id;
	b->persons++;
}

static int read_batch(struct register_db *db, struct batch *b)
{
	struct person person = { 0 };
	QUERY(q);
	int r;

	query_begin(&q, db, STMT_PERSON_AFTER);
	query_bind_int(&q, (int64_t)db->tail.searchable);
	query_bind_int(&q, SEARCH_BATCH);
	while ((r = query_row(&q)) == 1 && b->count + SEARCH_TOKENS_MAX <= POSTINGS_MAX) {
		read_person(&q, &person);
		add_person(b, (uint64_t)query_int(&q, 0), &person);
	}
	sodium_memzero(&person, sizeof(person));
	if (r == 0 && b->persons < SEARCH_BATCH)
		b->upto = db->tail.last_visit; /* of those in between nothing is left */
	return r < 0 ? r : 0;
}

static int by_row(const void *a, const void *b)
{
	const struct posting *x = a, *y = b;
	int64_t block_x = block_of(x->visit_id), block_y = block_of(y->visit_id);

	if (block_x != block_y)
		return block_x < block_y ? -1 : 1;
	if (x->token != y->token)
		return x->token < y->token ? -1 : 1;
	return (x->visit_id > y->visit_id) - (x->visit_id < y->visit_id);
}

static bool same_row(const struct posting *x, const struct posting *y)
{
	return x->token == y->token && block_of(x->visit_id) == block_of(y->visit_id);
}

/* One row of the table. */
struct row {
	int64_t block, token, part;
	size_t count;
	uint8_t ids[PART_VISITS * OFFSET_BYTES];
};

static int put_row(struct register_db *db, const struct row *row)
{
	QUERY(q);

	query_begin(&q, db, row->count > 0 ? STMT_SEARCH_PUT : STMT_SEARCH_DELETE);
	query_bind_int(&q, row->block);
	query_bind_int(&q, row->token);
	query_bind_int(&q, row->part);
	if (row->count > 0)
		query_bind_blob(&q, row->ids, row->count * OFFSET_BYTES);
	return query_run(&q);
}

static bool read_ids(const struct query *q, int column, struct row *row)
{
	size_t len = (size_t)sqlite3_column_bytes(q->stmt, column);

	row->count = len / OFFSET_BYTES;
	return len <= sizeof(row->ids) && query_blob(q, column, row->ids, len);
}

/* The last part there is, or the first, empty. */
static int last_row(struct register_db *db, struct row *row)
{
	QUERY(q);

	query_begin(&q, db, STMT_SEARCH_LAST);
	query_bind_int(&q, row->block);
	query_bind_int(&q, row->token);
	int r = query_row(&q);
	if (r <= 0)
		return r;
	row->part = query_int(&q, 0);
	return read_ids(&q, 1, row) ? 0 : -EUCLEAN;
}

/* All of one token and one block. */
static int add_postings(struct register_db *db, const struct posting *postings, int count)
{
	struct row row = { .block = block_of(postings[0].visit_id), .token = postings[0].token };
	int r = last_row(db, &row);

	for (int i = 0; i < count && r == 0; i++) {
		if (row.count == PART_VISITS) {
			r = put_row(db, &row);
			row.part++;
			row.count = 0;
		}
		row.ids[row.count * OFFSET_BYTES] = (uint8_t)(postings[i].visit_id >> 8);
		row.ids[row.count * OFFSET_BYTES + 1] = (uint8_t)postings[i].visit_id;
		row.count++;
	}
	return r ? r : put_row(db, &row);
}

static int set_mark(struct register_db *db, uint64_t upto)
{
	QUERY(q);

	query_begin(&q, db, STMT_SEARCH_MARK_SET);
	query_bind_int(&q, (int64_t)upto);
	db->next.searchable = upto;
	return query_run(&q);
}

static int write_batch(struct register_db *db, struct batch *b)
{
	int r = 0;

	qsort(b->postings, (size_t)b->count, sizeof(*b->postings), by_row);
	for (int at = 0, end; at < b->count && r == 0; at = end) {
		end = at + 1;
		while (end < b->count && same_row(&b->postings[at], &b->postings[end]))
			end++;
		r = add_postings(db, &b->postings[at], end - at);
	}
	return r ? r : set_mark(db, b->upto);
}

void search_keep_up(struct register_db *db)
{
	struct batch b CLEANUP(batch_end) = { .postings = NULL };

	if (db->tail.last_visit - db->tail.searchable < SEARCH_BATCH)
		return;
	b.postings = calloc(POSTINGS_MAX, sizeof(*b.postings));
	int r = b.postings ? txn_begin(db) : -ENOMEM;
	if (r == 0) {
		r = read_batch(db, &b);
		r = txn_commit(db, r ? r : write_batch(db, &b));
	}
	if (r)
		log_warn("register: the search index stays behind: %s", strerror(-r));
}

/* Leaves those out that are gone. */
static size_t keep(uint8_t *ids, size_t count, const struct bits *gone)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (bit_is_set(gone, offset_at(ids, i)))
			continue;
		memmove(ids + kept * OFFSET_BYTES, ids + i * OFFSET_BYTES, OFFSET_BYTES);
		kept++;
	}
	return kept;
}

/* The row after this one: 1, or 0 when there is none. */
static int next_row(struct register_db *db, struct row *row)
{
	QUERY(q);

	query_begin(&q, db, STMT_SEARCH_NEXT);
	query_bind_int(&q, row->block);
	query_bind_int(&q, row->token);
	query_bind_int(&q, row->part);
	int r = query_row(&q);
	if (r <= 0)
		return r;
	row->token = query_int(&q, 0);
	row->part = query_int(&q, 1);
	return read_ids(&q, 2, row) ? 1 : -EUCLEAN;
}

/* Goes through all rows of the block: what is looked for is no longer known by its fields. */
static int forget_in(struct register_db *db, int64_t block, const struct bits *gone)
{
	struct row row = { .block = block, .token = -1 };
	int r;

	while ((r = next_row(db, &row)) == 1) {
		size_t kept = keep(row.ids, row.count, gone);
		if (kept == row.count)
			continue;
		row.count = kept;
		r = put_row(db, &row);
		if (r)
			return r;
	}
	return r;
}

/* Those of the first block that has any; 1, or 0 when none has. */
static int read_gone(struct register_db *db, int64_t *block, struct bits *gone)
{
	QUERY(q);
	int r, found = 0;

	memset(gone, 0, sizeof(*gone));
	query_begin(&q, db, STMT_GONE_AFTER);
	query_bind_int(&q, (*block + 1) << BLOCK_BITS);
	while ((r = query_row(&q)) == 1) {
		uint64_t visit_id = (uint64_t)query_int(&q, 0);
		if (found && block_of(visit_id) != *block)
			break;
		found = 1;
		*block = block_of(visit_id);
		bit_set(gone, (unsigned)(visit_id & (BLOCK_VISITS - 1)));
	}
	return r < 0 ? r : found;
}

static int run_plain(struct register_db *db, enum statement statement)
{
	QUERY(q);

	query_begin(&q, db, statement);
	return query_run(&q);
}

int search_forget(struct register_db *db)
{
	struct bits gone;
	int64_t block = -1;
	int r;

	while ((r = read_gone(db, &block, &gone)) == 1) {
		r = forget_in(db, block, &gone);
		if (r)
			return r;
	}
	return r ? r : run_plain(db, STMT_GONE_CLEAR);
}

/* The visits of a block with a token in the range; *some when there are any, and only then *out is
 * filled. */
static int read_range(struct register_db *db, int64_t block, uint32_t first, uint32_t last,
		      struct bits *out, bool *some)
{
	QUERY(q);
	int r;

	query_begin(&q, db, STMT_SEARCH_RANGE);
	query_bind_int(&q, block);
	query_bind_int(&q, first);
	query_bind_int(&q, last);
	while ((r = query_row(&q)) == 1) {
		const uint8_t *ids = sqlite3_column_blob(q.stmt, 0);
		size_t count = (size_t)sqlite3_column_bytes(q.stmt, 0) / OFFSET_BYTES;
		if (!*some)
			memset(out, 0, sizeof(*out));
		*some = true;
		for (size_t i = 0; ids && i < count; i++)
			bit_set(out, offset_at(ids, i));
	}
	return r;
}

static bool and_bits(struct bits *into, const struct bits *with)
{
	uint64_t any = 0;

	for (size_t i = 0; i < ARRAY_LEN(into->words); i++)
		any |= into->words[i] &= with->words[i];
	return any != 0;
}

/* Adds to *out who has a token of every range; *found when anybody has. The last range is asked
 * first: it is the rarer, be it of given names or of digits further on. */
static int add_way(struct register_db *db, int64_t block, const struct search_way *way,
		   struct bits *out, bool *found)
{
	struct bits all, one;
	bool any = way->count > 0;
	int r = 0;

	for (int i = way->count - 1; i >= 0 && any && r == 0; i--) {
		bool first = i == way->count - 1, some = false;
		r = read_range(db, block, way->ranges[i].first, way->ranges[i].last,
			       first ? &all : &one, &some);
		any = r == 0 && some && (first || and_bits(&all, &one));
	}
	for (size_t i = 0; i < ARRAY_LEN(out->words) && any; i++)
		out->words[i] |= all.words[i];
	*found = *found || any;
	return r;
}

/* What a search has found so far. */
struct hits {
	struct register_db *db;
	const struct search_query *query;
	struct visit *visits;
	int max, count;
};

static int take(struct hits *hits, uint64_t visit_id, const struct person *person)
{
	if (!search_matches(hits->query, person))
		return 0;
	int r = register_visit(hits->db, visit_id, &hits->visits[hits->count]);
	hits->count += r == 0;
	return r;
}

/* The newest, which are not in the index yet. */
static int search_newest(struct hits *hits)
{
	struct person person = { 0 };
	QUERY(q);
	int r = 1;

	query_begin(&q, hits->db, STMT_PERSON_NEWEST);
	query_bind_int(&q, (int64_t)hits->db->tail.searchable);
	while (hits->count < hits->max && (r = query_row(&q)) == 1) {
		read_person(&q, &person);
		r = take(hits, (uint64_t)query_int(&q, 0), &person);
		if (r)
			break;
	}
	sodium_memzero(&person, sizeof(person));
	return r < 0 ? r : 0;
}

static int look_at(struct hits *hits, uint64_t visit_id)
{
	struct person person = { 0 };
	int r;

	{
		QUERY(q);
		query_begin(&q, hits->db, STMT_PERSON_FIELDS);
		query_bind_int(&q, (int64_t)visit_id);
		r = query_row(&q);
		if (r == 1)
			read_person(&q, &person);
	}
	if (r == 1)
		r = take(hits, visit_id, &person);
	sodium_memzero(&person, sizeof(person));
	return r;
}

static int search_block(struct hits *hits, int64_t block)
{
	struct bits found = { 0 };
	bool any = false;
	int r = 0;

	for (int by = 0; by < SEARCH_BY_COUNT_ && r == 0; by++)
		r = add_way(hits->db, block, &hits->query->ways[by], &found, &any);
	for (int i = ARRAY_LEN(found.words) - 1; i >= 0 && any && r == 0; i--) {
		while (found.words[i] != 0 && hits->count < hits->max && r == 0) {
			int bit = 63 - __builtin_clzll(found.words[i]);
			found.words[i] &= ~(UINT64_C(1) << bit);
			r = look_at(hits, (uint64_t)block << BLOCK_BITS | (unsigned)(i * 64 + bit));
		}
	}
	return r;
}

int register_search(struct register_db *db, const char *text, struct visit *visits, int max,
		    int *count)
{
	struct search_query query;
	struct hits hits = { .db = db, .query = &query, .visits = visits, .max = max };
	int r = 0;

	*count = 0;
	if (search_read(text, &query)) {
		r = search_newest(&hits);
		for (int64_t block = block_of(db->tail.searchable);
		     block >= 0 && r == 0 && hits.count < max; block--)
			r = search_block(&hits, block);
	}
	sodium_memzero(&query, sizeof(query));
	*count = hits.count;
	return r;
}
