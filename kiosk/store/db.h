/*
 * Inside the store only: the open register and short ways to run its statements. Every error is a
 * negative errno as register.h lists them; one that says the disk or the file is bad is remembered
 * in failed.
 */
#ifndef STORE_DB_H
#define STORE_DB_H

#include <sqlite3.h>

#include "store/register.h"
#include "store/schema.h"
#include "store/wal_vfs.h"

#define SEARCH_LEVELS 4

/* What the next event follows: moved on by a commit, left alone by anything else. */
struct tail {
	int64_t seq;
	uint8_t head[CHAIN_HASH_BYTES];
	uint64_t last_visit; /* ids count up and are never used again */
	uint64_t searched[SEARCH_LEVELS]; /* the last visit in the search index: search_run.h */
};

struct register_db {
	struct wal_vfs vfs;
	sqlite3 *sqlite;
	sqlite3_stmt *stmts[STMT_COUNT_];
	int32_t utc_offset_min;
	bool failed;
	bool wipe_due; /* deleted, but perhaps still in bytes somewhere: retention.c */
	int64_t deletions; /* of persons, since opening */
	bool person_deleted; /* and is to be taken out of the search index */
	int wal_pages; /* in the log since it was last copied back */
	int64_t boot; /* number of this opening */
	bool mono_known; /* mono_first is set */
	int64_t mono_first; /* the first monotonic time told since opening */
	struct tail tail;
	struct tail next; /* inside a transaction: the tail once it is committed */
};

/* Negative errno of an sqlite result. Does not touch db->failed. */
int db_errno(int rc);

/* The same for an operation of db: remembers failures of disk and file, and logs the first. */
int db_fail(struct register_db *db, int rc);

/*
 * One run of one statement: begin, bind in order, then row or run, then read columns. The
 * statement is reset when q goes out of scope. Bound memory must outlive the run.
 */
struct query {
	struct register_db *db;
	sqlite3_stmt *stmt;
	int bound, rc;
};

void query_begin(struct query *q, struct register_db *db, enum statement statement);
void query_end(struct query *q);
void query_bind_int(struct query *q, int64_t value);
void query_bind_text(struct query *q, const char *text, size_t cap);
void query_bind_blob(struct query *q, const void *bytes, size_t len);
/* As text, or as the number it spells: half the bytes, and read as the same text again. */
void query_bind_number_text(struct query *q, const char *text, size_t cap);

/* 1 and a row, 0 at the end, or negative errno. */
MUST_CHECK int query_row(struct query *q);
/* For statements without rows. */
MUST_CHECK int query_run(struct query *q);

int64_t query_int(const struct query *q, int column);
/* Copies at most cap - 1 bytes; "" for NULL. */
void query_text(const struct query *q, int column, char *dst, size_t cap);
/* Copies exactly len bytes; false and zeroes when the column holds another number of them. */
bool query_blob(const struct query *q, int column, void *dst, size_t len);

#define QUERY(q) struct query q CLEANUP(query_end) = { 0 }

/* A write transaction. txn_end commits when result is 0 and rolls back otherwise; it returns what
 * came of it, and only when that is 0 has anything happened. */
MUST_CHECK int txn_begin(struct register_db *db);
MUST_CHECK int txn_end(struct register_db *db, int result);
/* The same without what is done after a commit for the search index. */
MUST_CHECK int txn_commit(struct register_db *db, int result);

/* Appends one event inside a transaction: register.c. */
MUST_CHECK int record_append(struct register_db *db, const struct entry *entry,
			     struct receipt *receipt);

/* Opens what stands at path and puts it into the mode the register relies on: open.c. */
MUST_CHECK int db_open(struct register_db *db, const char *path);
/* Reads the whole file: pages, and whether indexes and tables agree. -EUCLEAN. */
MUST_CHECK int db_integrity(struct register_db *db);
void db_close(struct register_db *db);

/* How many bytes of an event's hash are stored with it. Every hash follows from the one before, so
 * the whole one stands with each 16th event only; the others keep enough to tell which event it is
 * that does not fit. Registers begun before version 3 hold whole ones up to there. */
#define HASH_WHOLE_EVERY 16
#define HASH_STORED_BYTES 8
size_t hash_stored_bytes(int64_t seq);

/* Reads the columns of STMT_EVENT_RANGE but for the hash. row->body is valid until the next step.
 * False when the row is none of ours. */
bool event_row_read(const struct query *q, struct event_row *row);
/* The same with the hash: true when the row follows *tail and what is stored of its hash says so,
 * too. Then *tail is moved on. */
bool event_row_follows(const struct query *q, struct event_row *row, struct tail *tail);

/* The chain as it stood after event seq, from the nearest whole hash before it. -EUCLEAN. */
MUST_CHECK int verify_head_at(struct register_db *db, int64_t seq, struct tail *tail);

#endif
