/*
 * A step looks at the next visits that have personal fields, decides which are due, and deletes
 * those in one transaction. Each unbroken run of visits of which nothing is kept is one event; a
 * visit that is kept ends the run. So register_verify can demand an event for every person that is
 * missing, and that nobody is there whom an event calls forgotten.
 */
#include "store/retention.h"

#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "core/visit.h"
#include "store/directory.h"
#include "store/lived.h"
#include "store/receipt.h"
#include "store/tlv.h"

#define STEP_VISITS 256
#define DAY_MS INT64_C(86400000)

const struct retention retention_default = { .days = { [RETENTION_ENTERED] = 30,
						       [RETENTION_REFUSED] = 30,
						       [RETENTION_UNFINISHED] = 30,
						       [RETENTION_INSIDE] = 180 } };

struct candidate {
	uint64_t id;
	int64_t seq; /* the last event that carried its form */
	enum visit_state state;
	int64_t pass_ms; /* for how long its pass was made out */
	bool due;
};

struct step {
	struct register_db *db;
	const struct retention *retention;
	struct lived_now now;
	int64_t oldest[RETENTION_KIND_COUNT_]; /* events up to this one are old enough */
	struct candidate visits[STEP_VISITS];
	int count;
};

static enum retention_kind kind_of(enum visit_state state)
{
	switch (state) {
	case VISIT_LEFT:
		return RETENTION_ENTERED;
	case VISIT_REFUSED:
	case VISIT_TURNED_BACK:
		return RETENTION_REFUSED;
	case VISIT_INSIDE:
	case VISIT_OVERDUE:
		return RETENTION_INSIDE;
	case VISIT_DRAFT:
	case VISIT_WAITING:
	case VISIT_ADMITTED:
	case VISIT_LAPSED:
	case VISIT_STATE_COUNT_:
		break;
	}
	return RETENTION_UNFINISHED;
}

static int read_visits(struct step *step, uint64_t after)
{
	QUERY(q);
	int r;

	step->count = 0;
	query_begin(&q, step->db, STMT_PERSON_RANGE);
	query_bind_int(&q, (int64_t)after);
	query_bind_int(&q, STEP_VISITS);
	while ((r = query_row(&q)) == 1)
		step->visits[step->count++] =
			(struct candidate){ .id = (uint64_t)query_int(&q, 0),
					    .seq = query_int(&q, 1),
					    .state = (enum visit_state)query_int(&q, 2),
					    .pass_ms = query_int(&q, 3) };
	return r;
}

/* By its form alone; what happened to the visit since is looked at afterwards. */
static int judge(struct step *step, struct candidate *c)
{
	enum retention_kind kind = kind_of(c->state);
	int64_t kept_ms = step->retention->days[kind] * DAY_MS, oldest = step->oldest[kind];

	if (c->state != VISIT_LEFT && c->pass_ms > kept_ms) {
		int r = lived_event(step->db, &step->now, c->pass_ms, &oldest);
		if (r)
			return r;
	}
	c->due = c->seq <= oldest;
	return 0;
}

static struct candidate *find(struct step *step, uint64_t id)
{
	int low = 0, high = step->count;

	while (low < high) {
		int middle = low + (high - low) / 2;
		if (step->visits[middle].id == id)
			return &step->visits[middle];
		if (step->visits[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* The visit is the first field of the body. */
static uint64_t visit_of(const void *body, size_t len)
{
	struct reader r = { .data = body, .len = len }, value;
	uint8_t tag;

	return tlv_next(&r, &tag, &value) && tag == 1 ? tlv_read_uint(&value) : 0;
}

/* The oldest cutoff any due visit was judged by; INT64_MAX when none is due. */
static int64_t oldest_used(const struct step *step)
{
	int64_t since = INT64_MAX;

	for (int i = 0; i < step->count; i++) {
		int64_t oldest = step->oldest[kind_of(step->visits[i].state)];
		if (step->visits[i].due && oldest < since)
			since = oldest;
	}
	return since;
}

/* Who went in, left or lapsed lately is not due yet, however old the form is. */
static int keep_active(struct step *step)
{
	QUERY(q);
	int r;

	query_begin(&q, step->db, STMT_EVENT_MOVES);
	query_bind_int(&q, oldest_used(step));
	while ((r = query_row(&q)) == 1) {
		struct candidate *c = find(step, visit_of(sqlite3_column_blob(q.stmt, 1),
							  (size_t)sqlite3_column_bytes(q.stmt, 1)));
		if (c && query_int(&q, 0) > step->oldest[kind_of(c->state)])
			c->due = false;
	}
	return r;
}

static int delete_person(struct register_db *db, uint64_t id)
{
	QUERY(q);

	db->deletions++;
	query_begin(&q, db, STMT_PERSON_DELETE);
	query_bind_int(&q, (int64_t)id);
	return query_run(&q);
}

static int tell(struct register_db *db, const struct entry *who, struct visit_range range,
		int64_t count, const char *why)
{
	struct entry entry = { .type = ENTRY_FORGOTTEN,
			       .wall_ms = who->wall_ms,
			       .mono_ms = who->mono_ms,
			       .clock_trusted = who->clock_trusted,
			       .number = count,
			       .forgotten = range };
	struct receipt receipt;

	memcpy(entry.actor, who->actor, sizeof(entry.actor));
	text_copy(entry.detail, sizeof(entry.detail), why);
	return record_append(db, &entry, &receipt);
}

static int tell_run(struct step *step, const struct candidate *first, const struct candidate *last)
{
	struct entry machine = { .wall_ms = step->now.wall_ms,
				 .mono_ms = step->now.mono_ms,
				 .clock_trusted = step->now.clock_trusted };

	return tell(step->db, &machine, (struct visit_range){ first->id, last->id },
		    last - first + 1, "retention");
}

/* Inside a transaction. */
static int forget_due(struct step *step, int64_t *forgotten)
{
	const struct candidate *end = step->visits + step->count;
	int r = 0;

	for (const struct candidate *c = step->visits; c < end && r == 0;) {
		const struct candidate *first = c;
		for (; c < end && c->due && r == 0; c++)
			r = delete_person(step->db, c->id);
		*forgotten += c - first;
		if (c == first)
			c++;
		else if (r == 0)
			r = tell_run(step, first, c - 1);
	}
	return r;
}

static bool any_due(const struct step *step)
{
	for (int i = 0; i < step->count; i++)
		if (step->visits[i].due)
			return true;
	return false;
}

static int look(struct step *step, uint64_t after)
{
	int r = 0;

	for (int kind = 0; kind < RETENTION_KIND_COUNT_ && r == 0; kind++) {
		int32_t days = step->retention->days[kind];
		if (days < 1 || days > RETENTION_DAYS_MAX)
			return -EINVAL;
		r = lived_event(step->db, &step->now, days * DAY_MS, &step->oldest[kind]);
	}
	if (r == 0)
		r = read_visits(step, after);
	for (int i = 0; i < step->count && r == 0; i++)
		r = judge(step, &step->visits[i]);
	return r ? r : keep_active(step);
}

static int wall_of(struct register_db *db, int64_t seq, int64_t *wall_ms)
{
	QUERY(q);

	query_begin(&q, db, STMT_EVENT_MARK);
	query_bind_int(&q, seq);
	int r = query_row(&q);
	*wall_ms = r == 1 ? query_int(&q, 2) : 0;
	return r < 0 ? r : r == 1 ? 0 : -EUCLEAN;
}

/* Something would be due, but nothing is deleted by a clock that may be wrong. */
static int put_off(struct step *step, struct forget_run *run)
{
	struct entry machine = { .wall_ms = step->now.wall_ms, .mono_ms = step->now.mono_ms };
	int r = txn_begin(step->db);

	run->doubtful = run->done = true;
	return r ? r
		 : txn_end(step->db, tell(step->db, &machine, (struct visit_range){ 0 }, 0,
					  "put off: the clock is doubtful"));
}

/* An event counts its age as a visit's does; an invitation has only a day, and so it is held
 * against the day of the last event that is old enough. */
static int forget_invitations(struct step *step, struct forget_run *run)
{
	int64_t oldest, wall_ms, count = 0;
	int r = lived_event(step->db, &step->now, step->retention->days[RETENTION_ENTERED] * DAY_MS,
			    &oldest);

	if (r || oldest == 0 || !step->now.clock_trusted)
		return r;
	r = wall_of(step->db, oldest, &wall_ms);
	if (r == 0)
		r = txn_begin(step->db);
	if (r)
		return r;
	r = register_forget_invitations(step->db, wall_ms, &count);
	if (r == 0 && count > 0) {
		struct entry machine = { .wall_ms = step->now.wall_ms,
					 .mono_ms = step->now.mono_ms,
					 .clock_trusted = true };
		r = tell(step->db, &machine, (struct visit_range){ 0 }, count, "invitations");
	}
	r = txn_end(step->db, r);
	if (r)
		return r;
	run->invitations += count;
	step->db->wipe_due = step->db->wipe_due || count > 0;
	return 0;
}

static int finish(struct step *step, struct forget_run *run)
{
	int r = forget_invitations(step, run);

	if (r)
		return r;
	run->done = true;
	return step->db->wipe_due ? register_wipe(step->db) : 0;
}

int register_forget(struct register_db *db, const struct retention *retention, int64_t wall_ms,
		    int64_t mono_ms, bool clock_trusted, struct forget_run *run)
{
	struct step step = { .db = db,
			     .retention = retention,
			     .now = { wall_ms, mono_ms, clock_trusted } };
	int64_t forgotten = 0;
	int r = look(&step, run->after);

	if (r)
		return r;
	if (any_due(&step) && !clock_trusted)
		return put_off(&step, run);
	if (any_due(&step)) {
		r = txn_begin(db);
		if (r == 0)
			r = txn_end(db, forget_due(&step, &forgotten));
		if (r)
			return r;
		db->wipe_due = true;
		run->forgotten += forgotten;
	}
	if (step.count < STEP_VISITS)
		return finish(&step, run);
	run->after = step.visits[step.count - 1].id;
	return 0;
}

/* ---- one person ---- */

static int erase(struct register_db *db, uint64_t visit_id, const struct entry *who)
{
	int r = delete_person(db, visit_id);

	return r ? r : tell(db, who, (struct visit_range){ visit_id, visit_id }, 1, "erasure");
}

int register_erase(struct register_db *db, uint64_t visit_id, const struct entry *who,
		   enum erase_outcome *outcome)
{
	struct visit visit;
	int r = register_visit(db, visit_id, &visit);
	bool over = visit_is_over(visit.state), gone = visit.receipt_code[0] == '\0';

	explicit_bzero(&visit, sizeof(visit));
	if (r)
		return r;
	*outcome = gone ? ERASE_GONE : over ? ERASE_DONE : ERASE_OPEN;
	if (*outcome != ERASE_DONE)
		return 0;
	r = txn_begin(db);
	if (r == 0)
		r = txn_end(db, erase(db, visit_id, who));
	if (r)
		return r;
	db->wipe_due = true;
	return register_wipe(db);
}

int register_find_receipt(struct register_db *db, const char *typed, uint64_t *visit_id)
{
	char wanted[RECEIPT_CODE_BYTES], code[RECEIPT_CODE_BYTES];
	int r;

	if (!receipt_code_read(typed, wanted))
		return -EINVAL;
	QUERY(q);
	query_begin(&q, db, STMT_PERSON_SALTS);
	while ((r = query_row(&q)) == 1) {
		uint8_t salt[RECEIPT_SALT_BYTES];
		*visit_id = (uint64_t)query_int(&q, 0);
		if (!query_blob(&q, 1, salt, sizeof(salt)))
			return -EUCLEAN;
		receipt_code_make(*visit_id, salt, code);
		explicit_bzero(salt, sizeof(salt));
		if (strcmp(code, wanted) == 0)
			return 0;
	}
	return r ? r : -ENOENT;
}

/* ---- the bytes ---- */

/*
 * secure_delete overwrites a deleted row and a freed page. But when the rows of a page move to its
 * neighbours, what they leave behind there is not overwritten, and rows deleted later may survive
 * in it (sqlite's rebuildPage, up to 3.50 at least). So the whole table is emptied, which frees and
 * overwrites every page of it, and filled again. Then the log, which holds the pages as they were,
 * is copied back and cut to nothing.
 */
int register_wipe(struct register_db *db)
{
	int r = txn_begin(db);

	if (r)
		return r;
	r = txn_end(db, db_fail(db, sqlite3_exec(db->sqlite, schema_rewrite_persons, NULL, NULL,
						 NULL)));
	if (r == 0 && db->failed) /* copying the log back did: not tried again */
		r = -EIO;
	if (r)
		return r;
	int rc =
		sqlite3_wal_checkpoint_v2(db->sqlite, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	if (rc != SQLITE_OK)
		return db_fail(db, rc);
	db->wal_pages = 0;
	db->wipe_due = false;
	log_info("register: what was deleted is wiped");
	return 0;
}
