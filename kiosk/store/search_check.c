/*
 * Two passes: over the persons, which say what postings there should be, and over the rows, which
 * say what there are. Of each run both are summed up, each posting as a number that nobody can know
 * beforehand, so that the order makes no difference and ten million persons take no memory. Only in
 * a run whose sums differ it is looked for who it is.
 *
 * Rows beside the runs that are searched are left over from joining them, or those of a run that is
 * being made: what is in them must be in the others, too.
 */
#include "store/search_check.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "store/search_run.h"

static_assert(crypto_shorthash_BYTES == sizeof(uint64_t), "a posting's number");

struct run_sum {
	int64_t run;
	uint64_t should, is;
};

struct index_check {
	struct register_db *db;
	uint8_t secret[crypto_shorthash_KEYBYTES];
	struct run_sum *sums; /* of the runs that are searched, by level and number */
	size_t count;
	uint64_t *visit_id; /* whom it is about */
};

static void check_free(struct index_check *c)
{
	free(c->sums);
}

static uint64_t first_of_level(const struct tail *tail, int level)
{
	return level + 1 < SEARCH_LEVELS ? tail->searched[level + 1] : 0;
}

static int list_runs(struct index_check *c)
{
	const struct tail *tail = &c->db->tail;

	for (int level = 0; level < SEARCH_LEVELS; level++)
		c->count += (tail->searched[level] - first_of_level(tail, level)) /
			    search_level_visits(level);
	c->sums = calloc(c->count + 1, sizeof(*c->sums));
	if (!c->sums)
		return -ENOMEM;
	struct run_sum *sum = c->sums;
	for (int level = 0; level < SEARCH_LEVELS; level++)
		for (uint64_t last = first_of_level(tail, level); last < tail->searched[level];
		     last += search_level_visits(level))
			(sum++)->run = search_run_of(level, last + 1);
	return 0;
}

static struct run_sum *find_run(const struct index_check *c, int64_t run)
{
	size_t low = 0, high = c->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (c->sums[middle].run == run)
			return &c->sums[middle];
		if (c->sums[middle].run < run)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* The one in which a visit is searched. NULL: in none yet. */
static struct run_sum *run_of_visit(const struct index_check *c, uint64_t visit_id)
{
	const struct tail *tail = &c->db->tail;

	for (int level = 0; level < SEARCH_LEVELS; level++)
		if (visit_id <= tail->searched[level] && visit_id > first_of_level(tail, level))
			return find_run(c, search_run_of(level, visit_id));
	return NULL;
}

static uint64_t number_of(const struct index_check *c, const struct posting *posting)
{
	uint64_t number;

	crypto_shorthash((uint8_t *)&number, (const uint8_t *)posting, sizeof(*posting), c->secret);
	return number;
}

static int wrong(struct index_check *c, uint64_t visit_id)
{
	*c->visit_id = visit_id;
	return -EUCLEAN;
}

static int keys_of(const struct query *q, uint64_t keys[SEARCH_KEYS_MAX])
{
	struct person person = { 0 };

	search_read_person(q, &person);
	int count = search_keys(&person, keys);
	sodium_memzero(&person, sizeof(person));
	return count;
}

static void persons_begin(struct query *q, struct register_db *db, uint64_t first, uint64_t last)
{
	query_begin(q, db, STMT_PERSON_BETWEEN);
	query_bind_int(q, (int64_t)first);
	query_bind_int(q, (int64_t)last);
}

static int sum_persons(struct index_check *c)
{
	uint64_t keys[SEARCH_KEYS_MAX];
	QUERY(q);
	int r;

	persons_begin(&q, c->db, 1, c->db->tail.searched[0]);
	while ((r = query_row(&q)) == 1) {
		uint64_t visit_id = (uint64_t)query_int(&q, 0);
		struct run_sum *sum = run_of_visit(c, visit_id);
		int count = keys_of(&q, keys);
		for (int i = 0; i < count && sum; i++)
			sum->should += number_of(c, &(struct posting){ keys[i], visit_id });
	}
	return r;
}

/* 1 when the posting is in the run, 0 when it is not. */
static int stands_in(struct register_db *db, int64_t run, const struct posting *posting)
{
	struct run_cursor c;
	struct posting before = { posting->key, posting->visit_id - 1 };
	int r = run_cursor_begin(&c, db, run, &before);

	if (r || c.over)
		return r;
	return c.reader.now.key == posting->key && c.reader.now.visit_id == posting->visit_id;
}

/* Left over of runs that have been joined, or of the one that is being made. */
static bool may_be_beside(const struct index_check *c, int64_t run)
{
	const struct tail *tail = &c->db->tail;
	int level = search_run_level(run);

	if (level < 0 || level >= SEARCH_LEVELS)
		return false;
	if (level > 0 && run == search_run_of(level, tail->searched[level] + 1))
		return true;
	return search_run_base(run) < first_of_level(tail, level);
}

static int see_posting(struct index_check *c, int64_t run, const struct posting *posting,
		       struct run_sum *sum)
{
	uint64_t offset = posting->visit_id - search_run_base(run);

	if (offset < 1 || offset > search_level_visits(search_run_level(run)))
		return wrong(c, posting->visit_id);
	if (sum) {
		sum->is += number_of(c, posting);
		return 0;
	}
	struct run_sum *in = run_of_visit(c, posting->visit_id);
	int r = in ? stands_in(c->db, in->run, posting) : 0;
	return r < 0 ? r : r == 1 ? 0 : wrong(c, posting->visit_id);
}

/* A row ends with what it stands under, and goes on from the row before. */
static int see_row(struct index_check *c, const struct query *q, int64_t run,
		   struct posting *before)
{
	struct posting end = { (uint64_t)query_int(q, 1), (uint64_t)query_int(q, 2) };
	struct run_sum *sum = find_run(c, run);
	struct row_reader row;
	int r = 0;

	if (!sum && !may_be_beside(c, run))
		return wrong(c, end.visit_id);
	row_reader_begin(&row, run, sqlite3_column_blob(q->stmt, 3),
			 (size_t)sqlite3_column_bytes(q->stmt, 3));
	while (r == 0 && row_reader_next(&row)) {
		if (!search_posting_before(before, &row.now))
			return wrong(c, row.now.visit_id);
		*before = row.now;
		r = see_posting(c, run, &row.now, sum);
	}
	if (r)
		return r;
	bool ends = !row.bad && row.now.key == end.key && row.now.visit_id == end.visit_id;
	return ends ? 0 : wrong(c, end.visit_id);
}

static int sum_rows(struct index_check *c)
{
	struct posting before = { 0 };
	int64_t run = -1;
	QUERY(q);
	int r;

	query_begin(&q, c->db, STMT_SEARCH_ALL);
	while ((r = query_row(&q)) == 1) {
		if (query_int(&q, 0) != run)
			before = (struct posting){ 0 };
		run = query_int(&q, 0);
		r = see_row(c, &q, run, &before);
		if (r)
			return r;
	}
	return r;
}

/* Somebody of the run who is not found by all they should be. */
static int find_missing(struct index_check *c, int64_t run)
{
	uint64_t base = search_run_base(run), keys[SEARCH_KEYS_MAX];
	QUERY(q);
	int r;

	persons_begin(&q, c->db, base + 1, base + search_level_visits(search_run_level(run)));
	while ((r = query_row(&q)) == 1) {
		struct posting posting = { .visit_id = (uint64_t)query_int(&q, 0) };
		int count = keys_of(&q, keys);
		for (int i = 0; i < count; i++) {
			posting.key = keys[i];
			r = stands_in(c->db, run, &posting);
			if (r <= 0)
				return r < 0 ? r : wrong(c, posting.visit_id);
		}
	}
	return r;
}

static int has_key(struct register_db *db, const struct posting *posting)
{
	uint64_t keys[SEARCH_KEYS_MAX];
	QUERY(q);

	persons_begin(&q, db, posting->visit_id, posting->visit_id);
	int r = query_row(&q);
	int count = r == 1 ? keys_of(&q, keys) : 0;
	for (int i = 0; i < count; i++)
		if (keys[i] == posting->key)
			return 1;
	return r < 0 ? r : 0;
}

/* Or somebody who is found by what they are not. */
static int find_surplus(struct index_check *c, int64_t run)
{
	struct run_cursor cursor;
	int r = run_cursor_begin(&cursor, c->db, run, &(struct posting){ 0 });

	while (r == 0 && !cursor.over) {
		r = has_key(c->db, &cursor.reader.now);
		if (r <= 0)
			return r < 0 ? r : wrong(c, cursor.reader.now.visit_id);
		r = run_cursor_next(&cursor);
	}
	return r ? r : wrong(c, 0);
}

int search_check(struct register_db *db, uint64_t *visit_id)
{
	struct index_check c CLEANUP(check_free) = { .db = db, .visit_id = visit_id };

	*visit_id = 0;
	crypto_shorthash_keygen(c.secret);
	int r = list_runs(&c);
	if (r == 0)
		r = sum_persons(&c);
	if (r == 0)
		r = sum_rows(&c);
	for (size_t i = 0; i < c.count && r == 0; i++) {
		if (c.sums[i].should == c.sums[i].is)
			continue;
		r = find_missing(&c, c.sums[i].run);
		if (r == 0)
			r = find_surplus(&c, c.sums[i].run);
	}
	return r;
}
