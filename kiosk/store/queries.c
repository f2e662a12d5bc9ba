#include <string.h>

#include <sodium.h>

#include "store/chain.h"
#include "store/db.h"
#include "store/entry_codec.h"
#include "store/projection.h"
#include "store/receipt.h"

/* Columns of VISIT_SELECT in schema.c. */
enum visit_column {
	COL_ID,
	COL_TICKET,
	COL_CLASS,
	COL_STATE,
	COL_REGISTERED_MS,
	COL_DECIDED_MS,
	COL_ENTERED_MS,
	COL_LEFT_MS,
	COL_DECIDED_BY,
	COL_PASS_SERIAL,
	COL_EVENT_TYPE,
	COL_EVENT_WALL_MS,
	COL_EVENT_BODY,
	COL_NAME,
	COL_DOCUMENT_KIND,
	COL_DOCUMENT,
	COL_PHONE,
	COL_HOUSEHOLD,
	COL_PURPOSE,
	COL_SALT,
	COL_PASS_EXPIRES_MS,
	COL_PASS_PRINTED,
	COL_PLATE,
	COL_CODE,
};

static void read_person(const struct query *q, struct person *p)
{
	query_text(q, COL_NAME, p->name, sizeof(p->name));
	p->document_kind = (enum document_kind)query_int(q, COL_DOCUMENT_KIND);
	query_text(q, COL_DOCUMENT, p->document, sizeof(p->document));
	query_text(q, COL_PHONE, p->phone, sizeof(p->phone));
	query_text(q, COL_HOUSEHOLD, p->household, sizeof(p->household));
	query_text(q, COL_PURPOSE, p->purpose, sizeof(p->purpose));
	query_text(q, COL_PLATE, p->plate, sizeof(p->plate));
}

/* Of visits registered before the digest stood with the person it is in the event, and is not said
 * any more once they are forgotten. */
static void read_code(const struct query *q, struct visit *visit)
{
	bool gone = sqlite3_column_type(q->stmt, COL_SALT) == SQLITE_NULL;

	if (gone || query_int(q, COL_CODE) != 0)
		visit->code_digest = (uint64_t)query_int(q, COL_CODE);
}

static void read_receipt_code(const struct query *q, struct visit *visit)
{
	uint8_t salt[RECEIPT_SALT_BYTES];

	if (query_blob(q, COL_SALT, salt, sizeof(salt)))
		receipt_code_make(visit->id, salt, visit->receipt_code);
	explicit_bzero(salt, sizeof(salt));
}

/* The form as the last event told it: checks, temperatures, decision. */
static bool read_form(const struct query *q, struct visit *visit)
{
	const uint8_t *body = sqlite3_column_blob(q->stmt, COL_EVENT_BODY);
	size_t len = (size_t)sqlite3_column_bytes(q->stmt, COL_EVENT_BODY);
	enum entry_type type = (enum entry_type)query_int(q, COL_EVENT_TYPE);
	uint8_t commitment[CHAIN_HASH_BYTES];
	struct entry told;

	if (!entry_has_form(type) ||
	    !entry_decode(type, query_int(q, COL_EVENT_WALL_MS), body, len, &told, commitment))
		return false;
	*visit = told.visit;
	return true;
}

static int read_visit(const struct query *q, struct visit *visit)
{
	if (!read_form(q, visit) || visit->id != (uint64_t)query_int(q, COL_ID))
		return -EUCLEAN;
	visit->ticket = (uint32_t)query_int(q, COL_TICKET);
	visit->person_class = (enum person_class)query_int(q, COL_CLASS);
	visit->state = (enum visit_state)query_int(q, COL_STATE);
	visit->registered_ms = query_int(q, COL_REGISTERED_MS);
	visit->decided_ms = query_int(q, COL_DECIDED_MS);
	visit->entered_ms = query_int(q, COL_ENTERED_MS);
	visit->left_ms = query_int(q, COL_LEFT_MS);
	query_text(q, COL_DECIDED_BY, visit->decided_by, sizeof(visit->decided_by));
	visit->pass_serial = (uint64_t)query_int(q, COL_PASS_SERIAL);
	visit->pass_expires_ms = query_int(q, COL_PASS_EXPIRES_MS);
	visit->pass_printed = query_int(q, COL_PASS_PRINTED) != 0;
	read_person(q, &visit->person);
	read_code(q, visit);
	read_receipt_code(q, visit);
	return 0;
}

int register_visit(struct register_db *db, uint64_t id, struct visit *visit)
{
	QUERY(q);

	query_begin(&q, db, STMT_VISIT_ONE);
	query_bind_int(&q, (int64_t)id);
	int r = query_row(&q);
	if (r <= 0)
		return r ? r : -ENOENT;
	return read_visit(&q, visit);
}

int register_pass(struct register_db *db, uint64_t serial, struct pass_record *record)
{
	QUERY(q);

	query_begin(&q, db, STMT_PASS_ONE);
	query_bind_int(&q, (int64_t)serial);
	int r = query_row(&q);
	if (r <= 0)
		return r ? r : -ENOENT;
	*record = (struct pass_record){ .visit_id = (uint64_t)query_int(&q, 0),
					.uses = (uint32_t)query_int(&q, 1),
					.revoked = query_int(&q, 2) != 0 };
	return 0;
}

static int read_total(struct register_db *db, enum statement statement, int32_t *total)
{
	QUERY(q);

	query_begin(&q, db, statement);
	int r = query_row(&q);
	*total = r == 1 ? (int32_t)query_int(&q, 0) : 0;
	return r < 0 ? r : 0;
}

int register_queue(struct register_db *db, struct visit *visits, int max, int skip, int *count,
		   int *total)
{
	QUERY(q);
	int r;

	*count = 0;
	query_begin(&q, db, STMT_QUEUE);
	query_bind_int(&q, max);
	query_bind_int(&q, skip);
	while ((r = query_row(&q)) == 1) {
		r = read_visit(&q, &visits[*count]);
		if (r)
			return r;
		++*count;
	}
	return r ? r : read_total(db, STMT_QUEUE_TOTAL, total);
}

int register_counts(struct register_db *db, int64_t wall_ms, struct register_counts *counts)
{
	QUERY(q);

	*counts = (struct register_counts){ 0 };
	query_begin(&q, db, STMT_DAY_ONE);
	query_bind_int(&q, projection_day(db, wall_ms));
	int r = query_row(&q);
	if (r == 1) {
		counts->in = (int32_t)query_int(&q, 1);
		counts->out = (int32_t)query_int(&q, 2);
		counts->refused = (int32_t)query_int(&q, 3);
	}
	if (r >= 0)
		r = read_total(db, STMT_INSIDE_TOTAL, &counts->inside);
	return r ? r : read_total(db, STMT_QUEUE_TOTAL, &counts->waiting);
}

int register_level(struct register_db *db, struct level_state *state)
{
	QUERY(q);

	memset(state, 0, sizeof(*state));
	query_begin(&q, db, STMT_LEVEL_GET);
	int r = query_row(&q);
	if (r <= 0)
		return r;
	int64_t level = query_int(&q, 0), last_order = query_int(&q, 1);
	if (level < 0 || level >= LEVEL_COUNT_ || last_order < 0)
		return -EUCLEAN;
	state->known = true;
	state->level = (enum level)level;
	state->last_order = (uint64_t)last_order;
	return 0;
}

bool event_row_read(const struct query *q, struct event_row *row)
{
	*row = (struct event_row){ .seq = query_int(q, 0),
				   .boot = query_int(q, 1),
				   .mono_ms = query_int(q, 2),
				   .wall_ms = query_int(q, 3),
				   .clock_trusted = query_int(q, 4) != 0,
				   .type = (enum entry_type)query_int(q, 5) };
	query_text(q, 6, row->actor, sizeof(row->actor));
	row->body = sqlite3_column_blob(q->stmt, 7);
	row->body_len = (size_t)sqlite3_column_bytes(q->stmt, 7);
	/* What the struct cannot hold would be hashed as something else. */
	return query_int(q, 5) > 0 && query_int(q, 5) < ENTRY_TYPE_COUNT_ &&
	       (size_t)sqlite3_column_bytes(q->stmt, 6) == strlen(row->actor) &&
	       query_int(q, 4) >> 1 == 0;
}

int register_events(struct register_db *db, int64_t after, int max, event_row_fn fn, void *ctx,
		    int64_t *last)
{
	struct tail tail;
	QUERY(q);

	*last = after;
	if (after >= db->tail.seq)
		return 0;
	int r = verify_head_at(db, after, &tail);
	if (r)
		return r;
	query_begin(&q, db, STMT_EVENT_RANGE);
	query_bind_int(&q, after);
	query_bind_int(&q, max);
	while ((r = query_row(&q)) == 1) {
		struct event_row row;
		if (!event_row_follows(&q, &row, &tail))
			return -EUCLEAN;
		r = fn(ctx, &row);
		if (r < 0)
			return r;
		*last = row.seq;
	}
	return r;
}

static void visit_wipe(struct visit *visit)
{
	sodium_memzero(visit, sizeof(*visit));
}

int register_visits(struct register_db *db, uint64_t after, int max, visit_row_fn fn, void *ctx,
		    uint64_t *last)
{
	struct visit visit CLEANUP(visit_wipe) = { 0 };
	struct person_row person CLEANUP(person_row_wipe) = { 0 };
	QUERY(q);
	int r;

	*last = after;
	query_begin(&q, db, STMT_VISIT_RANGE);
	query_bind_int(&q, (int64_t)after);
	query_bind_int(&q, max);
	while ((r = query_row(&q)) == 1) {
		r = read_visit(&q, &visit);
		if (r)
			return r;
		person.visit_id = visit.id;
		person.person = visit.person;
		person.code_digest = (uint64_t)query_int(&q, COL_CODE);
		query_blob(&q, COL_SALT, person.salt, sizeof(person.salt));
		r = fn(ctx, &visit, &person);
		if (r < 0)
			return r;
		*last = visit.id;
	}
	return r;
}
