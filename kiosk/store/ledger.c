/*
 * A correction takes the place of the entry it names, in time too: root is the first entry of such
 * a chain, and the order of supplies is that of their roots. So a correction of what was issued
 * before a count changes nothing after it.
 */
#include "store/ledger.h"

#include <string.h>

#include "store/db.h"
#include "store/entry_codec.h"

/* What the table says of an entry. */
struct standing {
	enum ledger_kind kind;
	int64_t subject, root, since_ms, n, corrected_by;
	bool struck;
};

static int read_standing(struct register_db *db, int64_t seq, struct standing *s)
{
	QUERY(q);

	query_begin(&q, db, STMT_LEDGER_ONE);
	query_bind_int(&q, seq);
	int r = query_row(&q);
	if (r <= 0)
		return r ? r : -EINVAL;
	*s = (struct standing){ .kind = (enum ledger_kind)query_int(&q, 0),
				.subject = query_int(&q, 1),
				.root = query_int(&q, 2),
				.since_ms = query_int(&q, 3),
				.struck = query_int(&q, 4) != 0,
				.n = query_int(&q, 5),
				.corrected_by = query_int(&q, 6) };
	return 0;
}

static int replace(struct register_db *db, int64_t seq, const struct ledger *l,
		   struct standing *before)
{
	int r = read_standing(db, l->corrects, before);

	if (r)
		return r;
	if (before->corrected_by || before->struck)
		return -EALREADY;
	if (before->kind != l->kind || (l->kind == LEDGER_WASTE && before->n != l->was))
		return -EINVAL;
	QUERY(q);
	query_begin(&q, db, STMT_LEDGER_CORRECT);
	query_bind_int(&q, l->corrects);
	query_bind_int(&q, seq);
	return query_run(&q);
}

static int add(struct register_db *db, int64_t seq, const struct ledger *l,
	       const struct standing *place)
{
	QUERY(q);

	query_begin(&q, db, STMT_LEDGER_ADD);
	query_bind_int(&q, seq);
	query_bind_int(&q, l->kind);
	query_bind_int(&q, ledger_subject(l));
	query_bind_int(&q, place->root);
	query_bind_int(&q, place->since_ms);
	query_bind_int(&q, l->struck);
	query_bind_int(&q, l->numbers[LEDGER_MOVE]);
	query_bind_int(&q, l->numbers[l->kind == LEDGER_WASTE ? LEDGER_BAGS : LEDGER_QUANTITY]);
	return query_run(&q);
}

static int set_stock(struct register_db *db, int64_t seq, int64_t item)
{
	QUERY(q);

	if (item == 0)
		return 0;
	query_begin(&q, db, STMT_STOCK_SET);
	query_bind_int(&q, item);
	query_bind_int(&q, INT64_MAX);
	query_bind_int(&q, seq);
	return query_run(&q);
}

int ledger_apply(struct register_db *db, int64_t seq, const struct entry *told)
{
	const struct ledger *l = &told->ledger;
	struct standing place = { .root = seq, .since_ms = told->wall_ms };
	int r = 0;

	if (told->actor[0] == '\0')
		return -EINVAL;
	if (l->corrects)
		r = replace(db, seq, l, &place);
	if (r == 0)
		r = add(db, seq, l, &place);
	if (r || l->kind != LEDGER_SUPPLY)
		return r;
	int64_t item = ledger_subject(l);
	r = set_stock(db, seq, item);
	return r || place.subject == item ? r : set_stock(db, seq, place.subject);
}

static int read_row(const struct query *q, struct ledger_row *row)
{
	uint8_t commitment[CHAIN_HASH_BYTES];
	struct event_row event;
	struct entry e;

	if (!event_row_read(q, &event) || event.type != ENTRY_LEDGER ||
	    !entry_decode(event.type, event.wall_ms, event.body, event.body_len, &e, commitment))
		return -EUCLEAN;
	*row = (struct ledger_row){ .seq = event.seq,
				    .wall_ms = event.wall_ms,
				    .ledger = e.ledger,
				    .corrected_by = query_int(q, 9) };
	memcpy(row->actor, event.actor, sizeof(row->actor));
	return 0;
}

int register_ledger(struct register_db *db, int64_t after, int max, ledger_row_fn fn, void *ctx,
		    int64_t *last)
{
	struct ledger_row row;
	QUERY(q);
	int r;

	*last = after;
	query_begin(&q, db, STMT_LEDGER_AFTER);
	query_bind_int(&q, after);
	query_bind_int(&q, max);
	while ((r = query_row(&q)) == 1) {
		r = read_row(&q, &row);
		if (r == 0)
			r = fn(ctx, &row);
		if (r)
			return r;
		*last = row.seq;
	}
	return r;
}

static int read_totals(struct register_db *db, enum ledger_kind kind, int *total, int *standing)
{
	QUERY(q);

	query_begin(&q, db, STMT_LEDGER_TOTAL);
	query_bind_int(&q, kind);
	int r = query_row(&q);
	*total = r == 1 ? (int)query_int(&q, 0) : 0;
	*standing = r == 1 ? (int)query_int(&q, 1) : 0;
	return r < 0 ? r : 0;
}

int register_ledger_page(struct register_db *db, enum ledger_kind kind, int skip,
			 struct ledger_row *rows, int max, int *count, int *total)
{
	int standing;
	int r = read_totals(db, kind, total, &standing);

	*count = 0;
	if (r)
		return r;
	QUERY(q);
	query_begin(&q, db, STMT_LEDGER_PAGE);
	query_bind_int(&q, kind);
	query_bind_int(&q, max);
	query_bind_int(&q, skip);
	while ((r = query_row(&q)) == 1) {
		r = read_row(&q, &rows[*count]);
		if (r)
			return r;
		++*count;
	}
	return r;
}

static int read_last(struct register_db *db, int place, int64_t *last_ms)
{
	QUERY(q);

	query_begin(&q, db, STMT_LEDGER_LAST);
	query_bind_int(&q, place);
	int r = query_row(&q);
	*last_ms = r == 1 ? query_int(&q, 0) : 0;
	return r < 0 ? r : 0;
}

static int read_stock(struct register_db *db, struct ledger_state *state)
{
	QUERY(q);
	int r;

	query_begin(&q, db, STMT_STOCK_LIST);
	while ((r = query_row(&q)) == 1) {
		int64_t item = query_int(&q, 0);
		if (item < 1 || item >= ITEM_END_)
			return -EUCLEAN;
		state->left[item] = query_int(&q, 1);
		state->known[item] = true;
	}
	return r;
}

int register_ledger_state(struct register_db *db, struct ledger_state *state)
{
	int r = 0, total;

	memset(state, 0, sizeof(*state));
	for (int place = 1; place < PLACE_END_ && r == 0; place++)
		r = read_last(db, place, &state->last_ms[place]);
	for (int kind = 0; kind < LEDGER_KIND_COUNT_ && r == 0; kind++)
		r = read_totals(db, (enum ledger_kind)kind, &total, &state->counts[kind]);
	return r ? r : read_stock(db, state);
}

int register_stock_at(struct register_db *db, enum ledger_item item, int64_t wall_ms, int64_t *left,
		      bool *known)
{
	QUERY(q);

	query_begin(&q, db, STMT_STOCK_AT);
	query_bind_int(&q, item);
	query_bind_int(&q, wall_ms);
	int r = query_row(&q);
	*left = r == 1 ? query_int(&q, 0) : 0;
	*known = r == 1 && query_int(&q, 1) != 0;
	return r < 0 ? r : 0;
}
