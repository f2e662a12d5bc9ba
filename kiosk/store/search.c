/*
 * A batch is a run of level 0. When enough runs of a level are there, they are joined into one of
 * the next level: in order, a few rows with each batch, so that nobody waits for it; then they are
 * deleted, as slowly. Where the joining stopped is where the run that is being made ends. So each
 * posting is written once a level, four times in all, and ten million visits are some forty runs.
 *
 * The newest runs of level 1 are left as they are, KEPT of them: who has a common name or number is
 * then found among few, and a long run is asked only for what is rare.
 */
#include "store/search.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/log.h"
#include "store/search_run.h"

#define JOINED_MAX 16 /* runs, at most, that become one */
#define KEPT 8 /* 65,536 visits */
/* Rows written and deleted with a batch, 256 KiB: three times what a batch brings about. */
#define WORK_ROWS 256
#define BATCH_POSTINGS (SEARCH_BATCH * SEARCH_KEYS_MAX)

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

/* ---- how far it goes ---- */

static int read_marks(struct register_db *db, struct tail *tail)
{
	QUERY(q);
	int r;

	memset(tail->searched, 0, sizeof(tail->searched));
	query_begin(&q, db, STMT_SEARCH_MARKS);
	while ((r = query_row(&q)) == 1) {
		int64_t level = query_int(&q, 0);
		if (level >= 0 && level < SEARCH_LEVELS)
			tail->searched[level] = (uint64_t)query_int(&q, 1);
	}
	return r;
}

static bool marks_can_be(const struct tail *tail)
{
	uint64_t most = tail->last_visit;

	for (int level = 0; level < SEARCH_LEVELS; level++) {
		if (tail->searched[level] > most ||
		    tail->searched[level] % search_level_visits(level) != 0)
			return false;
		most = tail->searched[level];
	}
	return true;
}

int search_load(struct register_db *db, struct tail *tail)
{
	QUERY(q);

	int r = read_marks(db, tail);
	if (r == 0 && !marks_can_be(tail)) {
		log_warn("register: the search index is made anew");
		memset(tail->searched, 0, sizeof(tail->searched));
		r = db_fail(db,
			    sqlite3_exec(db->sqlite, "DELETE FROM search; DELETE FROM search_mark;",
					 NULL, NULL, NULL));
	}
	if (r)
		return r;
	query_begin(&q, db, STMT_GONE_ANY);
	r = query_row(&q);
	/* persons may have been deleted by another program */
	db->person_deleted = r == 1;
	return r < 0 ? r : 0;
}

static int set_mark(struct register_db *db, int level, uint64_t upto)
{
	QUERY(q);

	query_begin(&q, db, STMT_SEARCH_MARK_SET);
	query_bind_int(&q, level);
	query_bind_int(&q, (int64_t)upto);
	db->next.searched[level] = upto;
	return query_run(&q);
}

/* ---- taking in ---- */

struct batch {
	struct posting *postings;
	int count;
};

static void batch_end(struct batch *b)
{
	if (b->postings)
		sodium_memzero(b->postings, (size_t)b->count * sizeof(*b->postings));
	free(b->postings);
}

static void add_person(struct batch *b, const struct query *q)
{
	struct person person = { 0 };
	uint64_t keys[SEARCH_KEYS_MAX];

	search_read_person(q, &person);
	int count = search_keys(&person, keys);
	for (int i = 0; i < count; i++)
		b->postings[b->count++] = (struct posting){ keys[i], (uint64_t)query_int(q, 0) };
	sodium_memzero(&person, sizeof(person));
}

/* Visits of which nothing is left are no persons, and leave a run that much shorter. */
static int read_batch(struct register_db *db, struct batch *b)
{
	QUERY(q);
	int r;

	query_begin(&q, db, STMT_PERSON_BETWEEN);
	query_bind_int(&q, (int64_t)db->tail.searched[0] + 1);
	query_bind_int(&q, (int64_t)db->tail.searched[0] + SEARCH_BATCH);
	while ((r = query_row(&q)) == 1)
		add_person(b, &q);
	return r;
}

static int in_order(const void *a, const void *b)
{
	return search_posting_before(b, a) - search_posting_before(a, b);
}

/* Adds one to the run that is written; *rows counts down for each row that is full. */
static int add_posting(struct register_db *db, struct row_writer *w, const struct posting *posting,
		       int *rows)
{
	if (row_writer_add(w, posting))
		return 0;
	int r = row_writer_put(w, db);

	--*rows;
	return r ? r : row_writer_add(w, posting) ? 0 : -EUCLEAN;
}

static int take_batch(struct register_db *db, struct batch *b, int *rows)
{
	struct row_writer w = { .run = search_run_of(0, db->tail.searched[0] + 1) };
	int r = read_batch(db, b);

	qsort(b->postings, (size_t)b->count, sizeof(*b->postings), in_order);
	for (int i = 0; i < b->count && r == 0; i++)
		r = add_posting(db, &w, &b->postings[i], rows);
	if (r == 0)
		r = row_writer_put(&w, db);
	return r ? r : set_mark(db, 0, db->tail.searched[0] + SEARCH_BATCH);
}

/* ---- joining ---- */

static bool joining_is_due(const struct tail *tail, int level)
{
	uint64_t kept = level == 1 ? KEPT * search_level_visits(1) : 0;

	return tail->searched[level] >=
	       tail->searched[level + 1] + search_level_visits(level + 1) + kept;
}

/* Zero when nothing has been written of it yet. */
static int end_of_run(struct register_db *db, int64_t run, struct posting *end)
{
	QUERY(q);

	query_begin(&q, db, STMT_SEARCH_LAST);
	query_bind_int(&q, run);
	int r = query_row(&q);
	if (r == 1)
		*end = (struct posting){ (uint64_t)query_int(&q, 0), (uint64_t)query_int(&q, 1) };
	return r < 0 ? r : 0;
}

struct joining {
	struct register_db *db;
	struct run_cursor from[JOINED_MAX];
	int count;
	struct row_writer to;
};

static int joining_begin(struct joining *j, int level)
{
	uint64_t first = j->db->next.searched[level + 1] + 1;
	uint64_t step = search_level_visits(level);
	struct posting end = { 0 };

	j->to.run = search_run_of(level + 1, first);
	j->count = (int)(search_level_visits(level + 1) / step);
	assert(j->count <= JOINED_MAX);
	int r = end_of_run(j->db, j->to.run, &end);
	for (int i = 0; i < j->count && r == 0; i++)
		r = run_cursor_begin(&j->from[i], j->db,
				     search_run_of(level, first + (uint64_t)i * step), &end);
	return r;
}

/* The run that has the next posting; NULL when all are at their end. */
static struct run_cursor *next_of(struct joining *j)
{
	struct run_cursor *next = NULL;

	for (struct run_cursor *c = j->from; c < j->from + j->count; c++)
		if (!c->over && (!next || search_posting_before(&c->reader.now, &next->reader.now)))
			next = c;
	return next;
}

/* Goes on until rows are used up, or the run is made. */
static int join(struct joining *j, int level, int *rows)
{
	struct run_cursor *next;
	int r = joining_begin(j, level);

	while (r == 0 && (next = next_of(j)) != NULL) {
		if (!row_writer_add(&j->to, &next->reader.now)) {
			r = row_writer_put(&j->to, j->db);
			if (r || --*rows <= 0)
				return r;
			continue;
		}
		r = run_cursor_next(next);
	}
	if (r == 0)
		r = row_writer_put(&j->to, j->db);
	if (r)
		return r;
	return set_mark(j->db, level + 1,
			j->db->next.searched[level + 1] + search_level_visits(level + 1));
}

/* Deletes what has been joined. */
static int sweep(struct register_db *db, int level, int *rows)
{
	QUERY(q);

	query_begin(&q, db, STMT_SEARCH_SWEEP);
	query_bind_int(&q, search_run_of(level, 1));
	query_bind_int(&q, search_run_of(level, db->next.searched[level + 1] + 1));
	query_bind_int(&q, *rows);
	int r = query_run(&q);
	*rows -= sqlite3_changes(db->sqlite);
	return r;
}

static void joining_free(struct joining **j)
{
	if (*j)
		sodium_memzero(*j, sizeof(**j));
	free(*j);
}

static int work(struct register_db *db, int rows)
{
	struct joining *j CLEANUP(joining_free) = malloc(sizeof(*j));
	int r = j ? 0 : -ENOMEM;

	for (int level = 0; level + 1 < SEARCH_LEVELS && r == 0; level++) {
		while (r == 0 && rows > 0 && joining_is_due(&db->next, level)) {
			*j = (struct joining){ .db = db };
			r = join(j, level, &rows);
		}
		if (r == 0 && rows > 0)
			r = sweep(db, level, &rows);
	}
	return r;
}

void search_keep_up(struct register_db *db)
{
	struct batch b CLEANUP(batch_end) = { .postings = NULL };
	int rows = WORK_ROWS;

	if (db->tail.last_visit < db->tail.searched[0] + SEARCH_BATCH)
		return;
	b.postings = calloc(BATCH_POSTINGS, sizeof(*b.postings));
	int r = b.postings ? txn_begin(db) : -ENOMEM;
	if (r == 0) {
		r = take_batch(db, &b, &rows);
		r = txn_commit(db, r ? r : work(db, rows));
	}
	if (r)
		log_warn("register: the search index stays behind: %s", strerror(-r));
}

/* ---- taking out ---- */

/* Wherever it may stand: also in a run that is being made, or has been joined and not yet deleted.
 */
static int forget_posting(struct register_db *db, const struct posting *posting)
{
	int r = 0;

	for (int level = 0; level < SEARCH_LEVELS && r == 0; level++)
		r = search_run_remove(db, search_run_of(level, posting->visit_id), posting);
	return r;
}

static int forget_person(struct register_db *db, const struct query *gone)
{
	struct person person = { 0 };
	uint64_t keys[SEARCH_KEYS_MAX];
	int r = 0;

	search_read_person(gone, &person);
	int count = search_keys(&person, keys);
	for (int i = 0; i < count && r == 0; i++)
		r = forget_posting(db, &(struct posting){ keys[i], (uint64_t)query_int(gone, 0) });
	sodium_memzero(&person, sizeof(person));
	sodium_memzero(keys, sizeof(keys));
	return r;
}

static int forget_all(struct register_db *db)
{
	QUERY(q);
	int r;

	query_begin(&q, db, STMT_GONE_ALL);
	while ((r = query_row(&q)) == 1) {
		r = forget_person(db, &q);
		if (r)
			return r;
	}
	return r;
}

int search_forget(struct register_db *db)
{
	int r = forget_all(db);

	if (r)
		return r;
	QUERY(q);
	query_begin(&q, db, STMT_GONE_CLEAR);
	return query_run(&q);
}
