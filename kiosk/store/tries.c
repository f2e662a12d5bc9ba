#include "store/tries.h"

static int load_clock(struct register_db *db, struct pin_clock *clock)
{
	QUERY(q);

	query_begin(&q, db, STMT_CLOCK_GET);
	int r = query_row(&q);
	*clock = (struct pin_clock){ 0 };
	if (r == 1)
		*clock = (struct pin_clock){ .now_ms = query_int(&q, 0),
					     .boot = query_int(&q, 1),
					     .mono_ms = query_int(&q, 2),
					     .wall_ms = query_int(&q, 3) };
	return r < 0 ? r : 0;
}

static int store_clock(struct register_db *db, const struct pin_clock *clock)
{
	QUERY(q);

	query_begin(&q, db, STMT_CLOCK_SET);
	query_bind_int(&q, clock->now_ms);
	query_bind_int(&q, clock->boot);
	query_bind_int(&q, clock->mono_ms);
	query_bind_int(&q, clock->wall_ms);
	return query_run(&q);
}

int tries_tick(struct register_db *db, const struct entry *when, struct pin_clock *is)
{
	struct pin_clock was;
	int r = load_clock(db, &was);

	if (r)
		return r;
	if (!db->mono_known) {
		db->mono_known = true;
		db->mono_first = when->mono_ms;
	}
	*is = pin_clock_advance(&was, &(struct pin_moment){ .boot = db->boot,
							    .mono_first_ms = db->mono_first,
							    .mono_ms = when->mono_ms,
							    .wall_ms = when->wall_ms,
							    .clock_trusted = when->clock_trusted });
	return store_clock(db, is);
}

int tries_paid(struct register_db *db, int64_t whose, int64_t *until_ms)
{
	QUERY(q);

	query_begin(&q, db, STMT_PAID_GET);
	query_bind_int(&q, whose);
	int r = query_row(&q);
	*until_ms = r == 1 ? query_int(&q, 0) : 0;
	return r < 0 ? r : 0;
}

int tries_pay(struct register_db *db, int64_t whose, int64_t until_ms)
{
	QUERY(q);

	query_begin(&q, db, STMT_PAID_SET);
	query_bind_int(&q, whose);
	query_bind_int(&q, until_ms);
	return query_run(&q);
}

int32_t tries_seconds(int64_t ms)
{
	return ms > 0 ? (int32_t)((ms + 999) / 1000) : 0;
}
