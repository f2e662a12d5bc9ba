/*
 * Recording. One entry is one transaction is one flush:
 *
 *   number it ─> encode ─> decode ─> append with its hash ─> apply what was decoded ─> commit
 *
 * The projection is fed with what the body says after decoding, never with the caller's struct: so
 * it holds nothing that the chain does not prove. Until the commit has returned, the tail of the
 * chain in memory stays where it was.
 */
#include "store/register.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/log.h"
#include "base/text.h"
#include "store/chain.h"
#include "store/db.h"
#include "store/entry_codec.h"
#include "store/projection.h"
#include "store/receipt.h"
#include "store/verify.h"

int register_open(struct register_db **out, const char *path, int32_t utc_offset_min)
{
	*out = NULL;
	if (sodium_init() < 0)
		return -EIO;
	struct register_db *db = calloc(1, sizeof(*db));
	if (!db)
		return -ENOMEM;
	db->utc_offset_min = utc_offset_min;
	db->wipe_due = true; /* the power may have failed between deleting and wiping */
	int r = db_open(db, path);
	if (r == 0)
		r = verify_tail(db, &db->tail, &db->boot);
	db->boot++;
	if (r) {
		db->failed = true;
		log_error("register: not opened: %s", strerror(-r));
		register_close(db);
		return r;
	}
	log_info("register: opened, boot %lld after event %lld", (long long)db->boot,
		 (long long)db->tail.seq);
	*out = db;
	return 0;
}

void register_close(struct register_db *db)
{
	if (!db)
		return;
	db_close(db);
	free(db);
}

void register_head(const struct register_db *db, int64_t *seq, uint8_t head[CHAIN_HASH_BYTES])
{
	*seq = db->tail.seq;
	memcpy(head, db->tail.head, CHAIN_HASH_BYTES);
}

static int add_event(struct register_db *db, const struct event_row *row)
{
	QUERY(q);

	query_begin(&q, db, STMT_EVENT_ADD);
	query_bind_int(&q, row->seq);
	query_bind_int(&q, row->boot);
	query_bind_int(&q, row->mono_ms);
	query_bind_int(&q, row->wall_ms);
	query_bind_int(&q, row->clock_trusted);
	query_bind_int(&q, row->type);
	query_bind_text(&q, row->actor, sizeof(row->actor));
	query_bind_blob(&q, row->body, row->body_len);
	query_bind_blob(&q, row->hash, hash_stored_bytes(row->seq));
	return query_run(&q);
}

static int add_person(struct register_db *db, const struct person_row *row)
{
	const struct person *p = &row->person;
	QUERY(q);

	query_begin(&q, db, STMT_PERSON_ADD);
	query_bind_int(&q, (int64_t)row->visit_id);
	query_bind_text(&q, p->name, sizeof(p->name));
	query_bind_int(&q, p->document_kind);
	query_bind_number_text(&q, p->document, sizeof(p->document));
	query_bind_number_text(&q, p->phone, sizeof(p->phone));
	query_bind_text(&q, p->household, sizeof(p->household));
	query_bind_text(&q, p->purpose, sizeof(p->purpose));
	query_bind_blob(&q, row->salt, sizeof(row->salt));
	query_bind_text(&q, p->plate, sizeof(p->plate));
	query_bind_int(&q, (int64_t)row->code_digest);
	return query_run(&q);
}

static bool person_is_text(const struct person *p)
{
	return p->document_kind < DOCUMENT_COUNT_ &&
	       utf8_valid(p->name, strnlen(p->name, sizeof(p->name))) &&
	       utf8_valid(p->document, strnlen(p->document, sizeof(p->document))) &&
	       utf8_valid(p->phone, strnlen(p->phone, sizeof(p->phone))) &&
	       utf8_valid(p->household, strnlen(p->household, sizeof(p->household))) &&
	       utf8_valid(p->purpose, strnlen(p->purpose, sizeof(p->purpose))) &&
	       utf8_valid(p->plate, strnlen(p->plate, sizeof(p->plate)));
}

/* Gives a registration its id, its ticket and its salt. */
static int number_visit(struct register_db *db, struct entry *entry, struct person_row *person)
{
	if (entry->visit.id != 0 || !person_is_text(&entry->visit.person))
		return -EINVAL;
	entry->visit.id = db->next.last_visit + 1;
	person->visit_id = entry->visit.id;
	person->person = entry->visit.person;
	person->code_digest = entry->visit.code_digest;
	randombytes_buf(person->salt, sizeof(person->salt));
	return projection_next_ticket(db, entry->wall_ms, &entry->visit.ticket);
}

/* The caller may tell the visit as it stood before or as it stands after the event, nothing else.
 */
static bool state_agrees(const struct entry *entry, enum visit_state after)
{
	enum visit_state told = entry->visit.state;

	if (entry->type == ENTRY_REGISTERED)
		return told == VISIT_DRAFT || told == after;
	if (entry->type == ENTRY_DECIDED)
		return told == VISIT_WAITING || told == after;
	return true;
}

static void fill_row(const struct register_db *db, const struct entry *entry, struct event_row *row)
{
	*row = (struct event_row){ .seq = db->next.seq + 1,
				   .boot = db->boot,
				   .wall_ms = entry->wall_ms,
				   .mono_ms = entry->mono_ms,
				   .clock_trusted = entry->clock_trusted,
				   .type = entry->type };
	text_copy(row->actor, sizeof(row->actor), entry->actor);
}

static bool texts_end(const struct entry *entry)
{
	return memchr(entry->actor, '\0', sizeof(entry->actor)) &&
	       memchr(entry->detail, '\0', sizeof(entry->detail)) &&
	       utf8_valid(entry->actor, strlen(entry->actor)) &&
	       utf8_valid(entry->detail, strlen(entry->detail));
}

static int append_numbered(struct register_db *db, const struct entry *entry,
			   const struct person_row *person, struct receipt *receipt)
{
	uint8_t body[ENTRY_BODY_BYTES], commitment[CHAIN_HASH_BYTES];
	struct event_row row;
	struct entry told;
	enum visit_state after;

	chain_commit(person, commitment);
	fill_row(db, entry, &row);
	row.body = body;
	if (!entry_encode(entry, commitment, body, &row.body_len) ||
	    !entry_decode(row.type, row.wall_ms, body, row.body_len, &told, commitment))
		return -EINVAL;
	memcpy(told.actor, row.actor, sizeof(told.actor));
	chain_hash(db->next.head, &row, row.hash);
	int r = add_event(db, &row);
	if (r == 0)
		r = projection_apply(db, row.seq, &told, &after, &receipt->ticket);
	if (r == 0 && !state_agrees(entry, after))
		r = -EINVAL;
	if (r == 0 && entry->type == ENTRY_REGISTERED)
		r = add_person(db, person);
	if (r)
		return r;
	db->next.seq = row.seq;
	memcpy(db->next.head, row.hash, CHAIN_HASH_BYTES);
	receipt->seq = row.seq;
	memcpy(receipt->head, row.hash, CHAIN_HASH_BYTES);
	receipt->visit_id = told.visit.id;
	return 0;
}

int record_append(struct register_db *db, const struct entry *entry, struct receipt *receipt)
{
	struct person_row person CLEANUP(person_row_wipe) = { 0 };

	memset(receipt, 0, sizeof(*receipt));
	if (!texts_end(entry))
		return -EINVAL;
	if (!db->mono_known) {
		db->mono_known = true;
		db->mono_first = entry->mono_ms;
	}
	if (entry->type != ENTRY_REGISTERED)
		return append_numbered(db, entry, &person, receipt);
	struct entry own = *entry;
	int r = number_visit(db, &own, &person);
	if (r == 0)
		r = append_numbered(db, &own, &person, receipt);
	if (r == 0) {
		db->next.last_visit = own.visit.id;
		receipt_code_make(own.visit.id, person.salt, receipt->receipt_code);
	}
	sodium_memzero(&own, sizeof(own));
	return r;
}

int register_record(struct register_db *db, const struct entry *entry, struct receipt *receipt)
{
	if (entry->type == ENTRY_FORGOTTEN)
		return -EINVAL; /* said only by what deletes: retention.c */
	int r = txn_begin(db);

	return r ? r : txn_end(db, record_append(db, entry, receipt));
}
