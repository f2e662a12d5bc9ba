/*
 * register_search: the newest first, so it looks at those who are not in the index yet, then at the
 * runs from the last to the first, and ends with the one that gives enough. In a run it makes a bit
 * for each visit, of those who have a key of every range of one of the ways.
 */
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "store/search_run.h"

#define RUN_VISITS_MAX (1 << 21)

struct bits {
	uint64_t words[RUN_VISITS_MAX / 64];
};

/* What a search has found so far, and what it needs for it. */
struct hits {
	struct register_db *db;
	struct search_query query;
	struct visit *visits;
	int max, count;
	size_t words; /* of a run's bits that are in use */
	struct bits found, all, one;
};

static void hits_free(struct hits **h)
{
	if (*h)
		sodium_memzero(&(*h)->query, sizeof((*h)->query));
	free(*h);
}

static void bits_clear(const struct hits *hits, struct bits *bits)
{
	memset(bits->words, 0, hits->words * sizeof(bits->words[0]));
}

static int take(struct hits *hits, uint64_t visit_id)
{
	struct visit *visit = &hits->visits[hits->count];
	int r = register_visit(hits->db, visit_id, visit);

	if (r == 0 && search_matches(&hits->query, &visit->person))
		hits->count++;
	else
		sodium_memzero(visit, sizeof(*visit));
	return r;
}

/* The newest, which are not in the index yet. */
static int search_newest(struct hits *hits)
{
	struct person person = { 0 };
	QUERY(q);
	int r = 1;

	query_begin(&q, hits->db, STMT_PERSON_NEWEST);
	query_bind_int(&q, (int64_t)hits->db->tail.searched[0]);
	while (hits->count < hits->max && (r = query_row(&q)) == 1) {
		search_read_person(&q, &person);
		if (!search_matches(&hits->query, &person))
			continue;
		r = take(hits, (uint64_t)query_int(&q, 0));
		if (r)
			break;
	}
	sodium_memzero(&person, sizeof(person));
	return r < 0 ? r : 0;
}

/* Those of a row who have a key of the range; *on while the next row may have more. */
static int read_row(struct row_reader *row, const struct hits *hits,
		    const struct search_range *range, struct bits *out, bool *some, bool *on)
{
	while (*on && row_reader_next(row)) {
		uint64_t at = row->now.visit_id - row->base - 1;
		if (at / 64 >= hits->words)
			return -EUCLEAN;
		*on = row->now.key <= range->last;
		if (!*on || row->now.key < range->first)
			continue;
		if (!*some)
			bits_clear(hits, out);
		*some = true;
		out->words[at / 64] |= UINT64_C(1) << at % 64;
	}
	return row->bad ? -EUCLEAN : 0;
}

/* The visits of a run with a key in the range; *some when there are any, and only then *out is
 * filled. */
static int read_range(struct hits *hits, int64_t run, const struct search_range *range,
		      struct bits *out, bool *some)
{
	bool on = true;
	QUERY(q);
	int r = 1;

	query_begin(&q, hits->db, STMT_SEARCH_RANGE);
	query_bind_int(&q, run);
	query_bind_int(&q, (int64_t)range->first);
	while (on && (r = query_row(&q)) == 1) {
		struct row_reader row;
		row_reader_begin(&row, run, sqlite3_column_blob(q.stmt, 0),
				 (size_t)sqlite3_column_bytes(q.stmt, 0));
		r = read_row(&row, hits, range, out, some, &on);
		if (r)
			return r;
	}
	return r < 0 ? r : 0;
}

static bool and_bits(const struct hits *hits, struct bits *into, const struct bits *with)
{
	uint64_t any = 0;

	for (size_t i = 0; i < hits->words; i++)
		any |= into->words[i] &= with->words[i];
	return any != 0;
}

/* Adds to found who has a key of every range; *found when anybody has. The last range is asked
 * first: it is the rarer, being of given names. */
static int add_way(struct hits *hits, int64_t run, const struct search_way *way, bool *found)
{
	bool any = way->count > 0;
	int r = 0;

	for (int i = way->count - 1; i >= 0 && any && r == 0; i--) {
		bool first = i == way->count - 1, some = false;
		r = read_range(hits, run, &way->ranges[i], first ? &hits->all : &hits->one, &some);
		any = r == 0 && some && (first || and_bits(hits, &hits->all, &hits->one));
	}
	if (!any)
		return r;
	if (!*found)
		bits_clear(hits, &hits->found);
	*found = true;
	for (size_t i = 0; i < hits->words; i++)
		hits->found.words[i] |= hits->all.words[i];
	return 0;
}

static int search_run(struct hits *hits, int64_t run)
{
	bool any = false;
	int r = 0;

	hits->words = search_level_visits(search_run_level(run)) / 64;
	for (int by = 0; by < SEARCH_BY_COUNT_ && r == 0; by++)
		r = add_way(hits, run, &hits->query.ways[by], &any);
	for (size_t i = hits->words; i-- > 0 && any && r == 0 && hits->count < hits->max;) {
		uint64_t word = hits->found.words[i];
		while (word != 0 && hits->count < hits->max && r == 0) {
			unsigned bit = 63 - (unsigned)__builtin_clzll(word);
			word &= ~(UINT64_C(1) << bit);
			r = take(hits, search_run_base(run) + i * 64 + bit + 1);
		}
	}
	return r;
}

static int search_level(struct hits *hits, int level)
{
	const struct tail *tail = &hits->db->tail;
	uint64_t end = level + 1 < SEARCH_LEVELS ? tail->searched[level + 1] : 0;
	int r = 0;

	for (uint64_t last = tail->searched[level]; last > end && hits->count < hits->max && r == 0;
	     last -= search_level_visits(level))
		r = search_run(hits, search_run_of(level, last));
	return r;
}

int register_search(struct register_db *db, const char *text, struct visit *visits, int max,
		    int *count)
{
	struct hits *hits CLEANUP(hits_free) = malloc(sizeof(*hits));

	*count = 0;
	if (!hits)
		return -ENOMEM;
	hits->db = db;
	hits->visits = visits;
	hits->max = max;
	hits->count = 0;
	if (!search_read(text, &hits->query))
		return 0;
	int r = search_newest(hits);
	for (int level = 0; level < SEARCH_LEVELS && r == 0; level++)
		r = search_level(hits, level);
	*count = hits->count;
	return r;
}
