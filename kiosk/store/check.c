/*
 * The whole check, in steps between which the register may be written. Its phases:
 *
 *   chain        every event follows the one before it, decodes, and stands where an anchor says;
 *                every registration has its person, as committed to, or an event that says it was
 *                forgotten; nobody is there too many, and nobody whom an event calls forgotten;
 *                accounts were made by events, as they are
 *   file         every page holds what it should
 *   search       who is there is found, and nobody else: search_check.c
 *   projections  what the tables say is what the events say: projection_check.c
 *
 * What is appended meanwhile is walked too: the chain's last step has seen all there is, and judges
 * persons and accounts before anything else happens. Only a deletion would make untrue what was
 * counted before it; then the run begins anew.
 *
 * Which visits have no person, and which are called forgotten, are kept as runs of numbers: they
 * are few, because a night forgets them in order.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/chain.h"
#include "store/entry_codec.h"
#include "store/projection.h"
#include "store/search_check.h"
#include "store/verify.h"

#define PERSON_ID_COLUMN 9 /* of STMT_PERSON_FROM, after those of STMT_PERSON_ONE */
#define STEP_EVENTS 1000 /* some 30 ms */
#define PROGRESS_CHAIN 600 /* per mille of the whole */
#define PROGRESS_FILE 700
#define PROGRESS_SEARCH 750

struct id_run {
	uint64_t first, last;
	int64_t seq; /* of the event that says so */
};

struct runs {
	struct id_run *list;
	size_t count, cap;
};

/* As the last event about it says. */
struct told_account {
	char name[ACCOUNT_BYTES];
	int64_t number, seq;
	bool found;
};

enum phase { PHASE_CHAIN, PHASE_FILE, PHASE_SEARCH, PHASE_PROJECTION, PHASE_DONE };

struct check_run {
	struct register_db *db;
	struct chain_anchor anchors[CHECK_ANCHORS_MAX];
	int anchor_count;
	struct register_fault fault;
	enum phase phase;
	int64_t deletions; /* of persons, when this run began */
	struct projection_run *projection;
	struct tail tail;
	struct query rows; /* within a step: the persons from there on, as their registrations
			      follow each other */
	uint64_t row_at; /* whose row it stands at; UINT64_MAX at the end */
	uint64_t last_read; /* whose was asked for last */
	int64_t persons; /* found beside their registration */
	int64_t missing_total, forgotten_total;
	struct runs missing, forgotten;
	struct told_account *accounts;
	size_t account_count;
	uint64_t anchors_found; /* bit per anchor */
};

/* As it was begun. */
static void clear(struct check_run *w)
{
	free(w->missing.list);
	free(w->forgotten.list);
	free(w->accounts);
	projection_run_end(w->projection);
	w->missing = w->forgotten = (struct runs){ 0 };
	w->missing_total = w->forgotten_total = w->persons = 0;
	w->accounts = NULL;
	w->account_count = 0;
	w->anchors_found = 0;
	w->projection = NULL;
	w->tail = (struct tail){ 0 };
	w->last_read = 0;
	w->phase = PHASE_CHAIN;
	w->deletions = w->db->deletions;
}

static int wrong(struct check_run *w, enum register_part part, int64_t key, int64_t seq)
{
	w->fault = (struct register_fault){ .part = part, .key = key, .seq = seq };
	return -EUCLEAN;
}

static int add_run(struct runs *runs, struct id_run run)
{
	if (runs->count == runs->cap) {
		size_t cap = runs->cap ? runs->cap * 2 : 64;
		struct id_run *list = realloc(runs->list, cap * sizeof(*list));
		if (!list)
			return -ENOMEM;
		runs->list = list;
		runs->cap = cap;
	}
	runs->list[runs->count++] = run;
	return 0;
}

/* ---- persons ---- */

static int next_person(struct check_run *w)
{
	int r = query_row(&w->rows);

	w->row_at = r == 1 ? (uint64_t)query_int(&w->rows, PERSON_ID_COLUMN) : UINT64_MAX;
	return r;
}

/* Where registrations do not follow each other as the register numbers them. */
static int read_person_apart(struct register_db *db, uint64_t visit_id, struct person_row *row)
{
	QUERY(q);

	query_begin(&q, db, STMT_PERSON_ONE);
	query_bind_int(&q, (int64_t)visit_id);
	int r = query_row(&q);
	return r <= 0 ? r : person_row_read(&q, row) ? 1 : -EUCLEAN;
}

/* 1 when the personal fields of the visit are there, 0 when they are not. */
static int read_person(struct check_run *w, uint64_t visit_id, struct person_row *row)
{
	row->visit_id = visit_id;
	if (visit_id < w->last_read || (visit_id == w->last_read && w->row_at > visit_id))
		return read_person_apart(w->db, visit_id, row);
	while (w->row_at < visit_id) {
		int r = next_person(w);
		if (r < 0)
			return r;
	}
	w->last_read = visit_id;
	if (w->row_at != visit_id)
		return 0;
	return person_row_read(&w->rows, row) ? 1 : -EUCLEAN;
}

static int note_missing(struct check_run *w, uint64_t visit_id, int64_t seq)
{
	struct runs *runs = &w->missing;
	struct id_run *last = runs->count ? &runs->list[runs->count - 1] : NULL;

	w->missing_total++;
	if (last && last->last + 1 == visit_id) {
		last->last = visit_id;
		return 0;
	}
	return add_run(runs, (struct id_run){ visit_id, visit_id, seq });
}

static int check_registration(struct check_run *w, const struct event_row *row,
			      const struct entry *told, const uint8_t commitment[CHAIN_HASH_BYTES])
{
	struct person_row person CLEANUP(person_row_wipe) = { 0 };
	uint8_t found[CHAIN_HASH_BYTES];
	uint64_t id = told->visit.id;
	int r = read_person(w, id, &person);

	if (r == 0)
		return note_missing(w, id, row->seq);
	if (r == -EUCLEAN)
		return wrong(w, REGISTER_PART_PERSON, (int64_t)id, row->seq);
	if (r < 0)
		return r;
	w->persons++;
	chain_commit(&person, found);
	return memcmp(found, commitment, sizeof(found)) == 0
		       ? 0
		       : wrong(w, REGISTER_PART_PERSON, (int64_t)id, row->seq);
}

static int one_number(struct check_run *w, enum statement statement, int64_t first, int64_t last,
		      int64_t *number)
{
	QUERY(q);

	query_begin(&q, w->db, statement);
	if (statement == STMT_PERSON_WITHIN) {
		query_bind_int(&q, first);
		query_bind_int(&q, last);
	}
	int r = query_row(&q);
	*number = r == 1 ? query_int(&q, 0) : 0;
	return r < 0 ? r : 0;
}

static int by_first(const void *a, const void *b)
{
	const struct id_run *x = a, *y = b;

	return (x->first > y->first) - (x->first < y->first);
}

/* Whoever is missing must have been forgotten. Both lists are in order. */
static int check_missing(struct check_run *w)
{
	size_t at = 0;

	for (size_t i = 0; i < w->missing.count; i++) {
		uint64_t id = w->missing.list[i].first;
		while (id <= w->missing.list[i].last) {
			const struct id_run *run = &w->forgotten.list[at];
			if (at == w->forgotten.count || run->first > id)
				return wrong(w, REGISTER_PART_PERSON, (int64_t)id, w->tail.seq + 1);
			if (run->last < id)
				at++;
			else
				id = run->last + 1;
		}
	}
	return 0;
}

static int check_persons(struct check_run *w)
{
	int64_t total, found;
	int r = one_number(w, STMT_PERSON_TOTAL, 0, 0, &total);

	if (r == 0 && total != w->persons) { /* somebody nobody registered */
		r = one_number(w, STMT_PERSON_SURPLUS, 0, 0, &found);
		return r ? r : wrong(w, REGISTER_PART_PERSON, found, w->tail.seq + 1);
	}
	if (w->forgotten.count > 0)
		qsort(w->forgotten.list, w->forgotten.count, sizeof(w->forgotten.list[0]),
		      by_first);
	if (r == 0)
		r = check_missing(w);
	for (size_t i = 0; i < w->forgotten.count && r == 0; i++) {
		const struct id_run *run = &w->forgotten.list[i];
		r = one_number(w, STMT_PERSON_WITHIN, (int64_t)run->first, (int64_t)run->last,
			       &found);
		if (r == 0 && found != 0)
			return wrong(w, REGISTER_PART_PERSON, found, run->seq);
	}
	if (r == 0 && w->missing_total != w->forgotten_total)
		return wrong(w, REGISTER_PART_PERSON, 0, w->tail.seq + 1);
	return r;
}

/* ---- accounts ---- */

static struct told_account *find_account(const struct check_run *w, const char *name)
{
	for (size_t i = 0; i < w->account_count; i++)
		if (strcmp(w->accounts[i].name, name) == 0)
			return &w->accounts[i];
	return NULL;
}

/* There are as many as people ever had one: some hundred. */
static int note_account(struct check_run *w, const struct entry *told, int64_t seq)
{
	struct told_account *account = find_account(w, told->detail);

	if (!account) {
		size_t bytes = (w->account_count + 1) * sizeof(*account);
		struct told_account *list = realloc(w->accounts, bytes);
		if (!list)
			return -ENOMEM;
		w->accounts = list;
		account = &list[w->account_count++];
		*account = (struct told_account){ 0 };
		text_copy(account->name, sizeof(account->name), told->detail);
	}
	account->number = told->number;
	account->seq = seq;
	return 0;
}

static int check_account(struct check_run *w, const struct query *q)
{
	char name[ACCOUNT_BYTES];
	int64_t number = query_int(q, 2) / 1000 << 8 | query_int(q, 1);

	query_text(q, 0, name, sizeof(name));
	struct told_account *told = find_account(w, name);
	if (!told)
		return wrong(w, REGISTER_PART_ACCOUNT, 0, 0);
	told->found = true;
	return told->number == number ? 0 : wrong(w, REGISTER_PART_ACCOUNT, told->seq, told->seq);
}

/* The PINs are no part of the chain. */
static int check_accounts(struct check_run *w)
{
	QUERY(q);
	int r;

	query_begin(&q, w->db, STMT_ACCOUNT_LIST);
	query_bind_int(&q, ROLE_NONE);
	query_bind_int(&q, -1);
	while ((r = query_row(&q)) == 1) {
		r = check_account(w, &q);
		if (r)
			return r;
	}
	for (size_t i = 0; i < w->account_count && r == 0; i++) {
		const struct told_account *told = &w->accounts[i];
		if (!told->found && (told->number & 0xFF) != ROLE_NONE)
			return wrong(w, REGISTER_PART_ACCOUNT, told->seq, told->seq);
	}
	return r;
}

/* ---- chain ---- */

static void find_anchors(struct check_run *w, const struct event_row *row)
{
	for (int i = 0; i < w->anchor_count; i++) {
		const struct chain_anchor *a = &w->anchors[i];
		if ((a->seq == 0 || a->seq == row->seq) &&
		    memcmp(a->head, row->hash, a->bytes) == 0)
			w->anchors_found |= UINT64_C(1) << i;
	}
}

/* One that is not there: the event it names, and perhaps others before it, were made anew, or cut
 * off with what follows. */
static int check_anchors(struct check_run *w)
{
	for (int i = 0; i < w->anchor_count; i++) {
		const struct chain_anchor *a = &w->anchors[i];
		int64_t end = w->tail.seq + 1;
		int64_t at = a->seq > 0 && a->seq < end ? a->seq : end;
		if (!(w->anchors_found >> i & 1))
			return wrong(w, REGISTER_PART_EVENT, at, at);
	}
	return 0;
}

static int check_event(struct check_run *w, const struct event_row *row)
{
	struct entry told;
	uint8_t commitment[CHAIN_HASH_BYTES];

	if (!entry_decode(row->type, row->wall_ms, row->body, row->body_len, &told, commitment))
		return wrong(w, REGISTER_PART_EVENT, row->seq, row->seq);
	find_anchors(w, row);
	if (row->type == ENTRY_REGISTERED)
		return check_registration(w, row, &told, commitment);
	if (row->type == ENTRY_ACCOUNT)
		return note_account(w, &told, row->seq);
	if (row->type != ENTRY_FORGOTTEN || told.forgotten.first == 0)
		return 0;
	w->forgotten_total += told.number;
	return add_run(&w->forgotten,
		       (struct id_run){ told.forgotten.first, told.forgotten.last, row->seq });
}

/* A step along the chain. *ended: it has come to the last event there is. */
static int walk_events(struct check_run *w, bool *ended)
{
	QUERY(q);
	int count = 0, r;

	query_begin(&q, w->db, STMT_EVENT_RANGE);
	query_bind_int(&q, w->tail.seq);
	query_bind_int(&q, STEP_EVENTS);
	while ((r = query_row(&q)) == 1) {
		struct event_row row;
		struct tail after = w->tail;
		int64_t expected = w->tail.seq + 1;
		r = event_row_follows(&q, &row, &after)
			    ? check_event(w, &row)
			    : wrong(w, REGISTER_PART_EVENT, expected, expected);
		if (r)
			return r;
		w->tail = after;
		count++;
	}
	*ended = count < STEP_EVENTS;
	return r;
}

static int walk_chain(struct check_run *w, bool *ended)
{
	query_begin(&w->rows, w->db, STMT_PERSON_FROM);
	query_bind_int(&w->rows, w->last_read > 0 ? (int64_t)w->last_read : 1);
	w->row_at = 0;
	int r = walk_events(w, ended);
	query_end(&w->rows);
	return r;
}

static int check_end(struct check_run *w)
{
	/* Shorter, longer or other than what this process has written itself. */
	int64_t end = w->tail.seq < w->db->tail.seq ? w->tail.seq + 1 : w->db->tail.seq + 1;

	if (w->tail.seq != w->db->tail.seq)
		return wrong(w, REGISTER_PART_EVENT, end, end);
	if (memcmp(w->tail.head, w->db->tail.head, sizeof(w->tail.head)) != 0)
		return wrong(w, REGISTER_PART_EVENT, w->tail.seq, w->tail.seq);
	int r = check_anchors(w);
	if (r == 0)
		r = check_persons(w);
	return r ? r : check_accounts(w);
}

static int step_chain(struct check_run *w)
{
	int64_t first = 1;
	bool ended = false;
	int r = w->tail.seq == 0 ? one_number(w, STMT_EVENT_FIRST, 0, 0, &first) : 0;

	if (r == 0 && first < 1) /* before the beginning */
		return wrong(w, REGISTER_PART_EVENT, first, first);
	if (r == 0)
		r = walk_chain(w, &ended);
	if (r || !ended)
		return r;
	w->phase = PHASE_FILE;
	return check_end(w);
}

static int step_file(struct check_run *w)
{
	int r = db_integrity(w->db);

	w->phase = PHASE_SEARCH;
	return r == -EUCLEAN ? wrong(w, REGISTER_PART_FILE, 0, 0) : r;
}

static int step_search(struct check_run *w)
{
	uint64_t visit_id;
	int r = search_check(w->db, &visit_id);

	if (r)
		return r == -EUCLEAN ? wrong(w, REGISTER_PART_SEARCH, (int64_t)visit_id, 0) : r;
	r = projection_run_begin(w->db, &w->projection);
	if (r == 0)
		w->phase = PHASE_PROJECTION;
	return r;
}

static int step_projection(struct check_run *w)
{
	bool done = false;
	int r = projection_run_step(w->projection, &w->fault, &done);

	if (r == 0 && done)
		w->phase = PHASE_DONE;
	return r;
}

static int progress(const struct check_run *w)
{
	int64_t all = w->db->tail.seq;

	switch (w->phase) {
	case PHASE_CHAIN:
		return all > 0 ? (int)(w->tail.seq * PROGRESS_CHAIN / all) : 0;
	case PHASE_FILE:
		return PROGRESS_CHAIN;
	case PHASE_SEARCH:
		return PROGRESS_FILE;
	case PHASE_PROJECTION:
		return PROGRESS_SEARCH +
		       projection_run_permille(w->projection) * (1000 - PROGRESS_SEARCH) / 1000;
	case PHASE_DONE:
		break;
	}
	return 1000;
}

int register_check_begin(struct register_db *db, const struct chain_anchor *anchors, int count,
			 struct check_run **run)
{
	struct check_run *w = calloc(1, sizeof(*w));

	assert(count <= CHECK_ANCHORS_MAX);
	*run = w;
	if (!w)
		return -ENOMEM;
	w->db = db;
	w->anchor_count = count;
	for (int i = 0; i < count; i++)
		w->anchors[i] = anchors[i];
	clear(w);
	return 0;
}

int register_check_step(struct check_run *w, struct check_state *state)
{
	static int (*const STEP[])(struct check_run *) = {
		[PHASE_CHAIN] = step_chain,
		[PHASE_FILE] = step_file,
		[PHASE_SEARCH] = step_search,
		[PHASE_PROJECTION] = step_projection,
	};

	if (w->deletions != w->db->deletions)
		clear(w);
	int r = w->phase == PHASE_DONE ? 0 : STEP[w->phase](w);
	state->fault = r == -EUCLEAN ? w->fault : (struct register_fault){ 0 };
	state->permille = progress(w);
	state->done = r == 0 && w->phase == PHASE_DONE;
	state->seq = w->tail.seq;
	memcpy(state->head, w->tail.head, sizeof(state->head));
	return r;
}

void register_check_end(struct check_run *w)
{
	if (w)
		clear(w);
	free(w);
}

int register_check(struct register_db *db, const struct register_check *check,
		   struct register_fault *fault)
{
	struct check_run *run;
	struct check_state state = { 0 };
	int r = register_check_begin(db, check->anchors, check->anchor_count, &run);

	while (r == 0 && !state.done) {
		r = register_check_step(run, &state);
		if (check->progress)
			check->progress(check->ctx, state.permille);
	}
	*fault = state.fault;
	register_check_end(run);
	return r;
}

int register_verify(struct register_db *db, int64_t *bad_seq)
{
	static const struct register_check plain = { 0 };
	struct register_fault fault;
	int r = register_check(db, &plain, &fault);

	*bad_seq = fault.seq;
	return r;
}
