/* What no export proves alone. */
#include <inttypes.h>
#include <string.h>

#include "office/merge_sql.h"
#include "store/chain.h"

static int64_t number(sqlite3_stmt *s, int column)
{
	return sqlite3_column_int64(s, column);
}

/* Each row of a query is a sentence. */
static void each(struct merge_db *m, const char *sql,
		 void (*say)(struct merge_db *, sqlite3_stmt *))
{
	sqlite3_stmt *s = merge_prepare(m, sql);
	int r = SQLITE_DONE;

	while (s && (r = sqlite3_step(s)) == SQLITE_ROW)
		say(m, s);
	if (s && r != SQLITE_DONE)
		report_wrong(m->report, "the merged file: %s", sqlite3_errmsg(m->db));
	sqlite3_finalize(s);
}

static void say_gap(struct merge_db *m, sqlite3_stmt *s)
{
	report_wrong(m->report, "site %" PRId64 ": events %" PRId64 " to %" PRId64 " are missing",
		     number(s, 0), number(s, 1), number(s, 2));
}

static void say_broken(struct merge_db *m, sqlite3_stmt *s)
{
	report_wrong(m->report,
		     "site %" PRId64 ": %s does not go on from event %" PRId64
		     " as another export has it",
		     number(s, 0), sqlite3_column_text(s, 1), number(s, 2));
}

static void say_stranger(struct merge_db *m, sqlite3_stmt *s)
{
	report_wrong(m->report,
		     "site %" PRId64 ": the person of visit %" PRId64
		     " is not the one registered in event %" PRId64,
		     number(s, 0), number(s, 1), number(s, 2));
}

static void say_missing(struct merge_db *m, sqlite3_stmt *s)
{
	report_wrong(m->report,
		     "site %" PRId64 ": visit %" PRId64 " was registered in event %" PRId64
		     ", but no export holds the person, and no event says that it was forgotten",
		     number(s, 0), number(s, 1), number(s, 2));
}

/* The stored hash of each event against what it was made from: the same event may come from two
 * exports, each good by itself, that tell of two different pasts. */
static void check_chain(struct merge_db *m, sqlite3_stmt *s, int64_t *site, int64_t *seq,
			uint8_t hash[CHAIN_HASH_BYTES])
{
	struct event_row row = { .seq = number(s, 1),
				 .boot = number(s, 2),
				 .wall_ms = number(s, 3),
				 .mono_ms = number(s, 4),
				 .clock_trusted = number(s, 5) == 1,
				 .type = (enum entry_type)number(s, 6),
				 .body = sqlite3_column_blob(s, 8),
				 .body_len = (size_t)sqlite3_column_bytes(s, 8) };
	uint8_t want[CHAIN_HASH_BYTES];
	const void *stored = sqlite3_column_blob(s, 9);

	if (!row.body)
		row.body = (const uint8_t *)"";
	snprintf(row.actor, sizeof(row.actor), "%s", sqlite3_column_text(s, 7));
	chain_hash(hash, &row, want);
	bool follows = number(s, 0) == *site && row.seq == *seq + 1;
	if (follows && memcmp(want, stored, sizeof(want)) != 0)
		report_wrong(m->report, "site %" PRId64 ": the chain breaks at event %" PRId64,
			     number(s, 0), row.seq);
	*site = number(s, 0);
	*seq = row.seq;
	memcpy(hash, stored, CHAIN_HASH_BYTES);
}

static void walk_chains(struct merge_db *m)
{
	sqlite3_stmt *s =
		merge_prepare(m, "SELECT site, seq, boot, wall_ms, mono_ms, trusted, type,"
				 " actor, body, hash FROM event ORDER BY site, seq");
	int64_t site = -1, seq = 0;
	uint8_t hash[CHAIN_HASH_BYTES] = { 0 };

	while (s && sqlite3_step(s) == SQLITE_ROW)
		check_chain(m, s, &site, &seq, hash);
	sqlite3_finalize(s);
}

void merge_db_prove(struct merge_db *m)
{
	each(m,
	     "SELECT site, before + 1, seq - 1 FROM (SELECT site, seq,"
	     " lag(seq, 1, 0) OVER (PARTITION BY site ORDER BY seq) AS before FROM event)"
	     " WHERE seq > before + 1",
	     say_gap);
	each(m,
	     "SELECT e.site, x.name, e.seq FROM export x JOIN event e ON e.site = x.site"
	     " AND e.seq = x.first - 1 WHERE e.hash <> x.prev",
	     say_broken);
	each(m,
	     "SELECT p.site, p.id, r.seq FROM person p JOIN registration r USING(site, id)"
	     " WHERE p.commitment <> r.commitment",
	     say_stranger);
	/* only where the events go up to a moment when the persons were read */
	each(m,
	     "SELECT r.site, r.id, r.seq FROM registration r"
	     " WHERE NOT EXISTS (SELECT 1 FROM person p WHERE p.site = r.site AND p.id = r.id)"
	     " AND NOT EXISTS (SELECT 1 FROM forgotten f WHERE f.site = r.site"
	     " AND r.id BETWEEN f.first AND f.last)"
	     " AND EXISTS (SELECT 1 FROM export x WHERE x.site = r.site AND x.to_the_end"
	     " AND x.last = (SELECT max(seq) FROM event e WHERE e.site = r.site))",
	     say_missing);
	walk_chains(m);
}
