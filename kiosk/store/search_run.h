/*
 * The search index on disk: postings (this visit has this key) in runs. Inside the store only.
 *
 * A run holds the postings of so many visits that follow each other, in order of key and visit,
 * cut into rows of the table search; a row stands under its last posting. So whoever has a key of a
 * range is found with one way down the tree, and read from rows that stand together.
 *
 * A run of a level is made of all runs of the level below that cover its visits. What a run must
 * hold follows from what is in the index (struct search_marks) and nothing else:
 *
 *   visits 1 .. upto[3] are in runs of level 3, those up to upto[2] in runs of level 2, …,
 *   those up to upto[0] in runs of level 0, and later ones in none.
 *
 * Rows of other runs are being made, or are left over and to be deleted.
 */
#ifndef STORE_SEARCH_RUN_H
#define STORE_SEARCH_RUN_H

#include "store/db.h"
#include "store/search_text.h"

struct posting {
	uint64_t key, visit_id;
};

/* Which run of a level a visit belongs to. Of one level they count up. */
int64_t search_run_of(int level, uint64_t visit_id);
int search_run_level(int64_t run);
/* The visit before its first. */
uint64_t search_run_base(int64_t run);
uint64_t search_level_visits(int level);

bool search_posting_before(const struct posting *a, const struct posting *b);

/* Reads the postings of a row one by one. */
struct row_reader {
	const uint8_t *at, *end;
	uint64_t base;
	struct posting now;
	bool bad; /* it is none of ours */
};
void row_reader_begin(struct row_reader *r, int64_t run, const void *bytes, size_t len);
/* False at the end, and when the row is bad. */
bool row_reader_next(struct row_reader *r);

/* sqlite keeps a quarter of a page of a row, and begins a page for what is more. */
#define ROW_BYTES (SCHEMA_PAGE_BYTES / 4 - 56)

/* A row while it is filled. */
struct row_writer {
	int64_t run;
	struct posting last;
	size_t len;
	uint8_t bytes[ROW_BYTES];
};
/* False when there is no room for it: then nothing is added. */
bool row_writer_add(struct row_writer *w, const struct posting *posting);
/* Writes what is in it to the table, if anything is, and empties it. */
MUST_CHECK int row_writer_put(struct row_writer *w, struct register_db *db);

/* Goes through a run. */
struct run_cursor {
	struct register_db *db;
	int64_t run;
	struct posting row; /* under which the row stands that is being read */
	struct row_reader reader;
	uint8_t bytes[ROW_BYTES];
	bool over; /* else reader.now is the posting it stands at */
};
/* To the first posting behind after. -EUCLEAN when a row is none of ours. */
MUST_CHECK int run_cursor_begin(struct run_cursor *c, struct register_db *db, int64_t run,
				const struct posting *after);
MUST_CHECK int run_cursor_next(struct run_cursor *c);

/* Takes one out, if it is there. */
MUST_CHECK int search_run_remove(struct register_db *db, int64_t run,
				 const struct posting *posting);

/* The fields somebody is found by, from SEARCHED_COLUMNS of schema.c. */
void search_read_person(const struct query *q, struct person *person);

#endif
