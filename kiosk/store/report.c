/*
 * A period is cut at the midnights in it: whole days come from the tally, the parts before the
 * first and after the last midnight from the events, of which the tally says between which two of
 * them they lie. Days are those of the wall clock, so the events of a day need not lie together:
 * each one's own time is looked at.
 */
#include "store/report.h"

#include <string.h>

#include <sodium.h>

#include "core/level.h"
#include "store/db.h"
#include "store/entry_codec.h"
#include "store/ledger.h"
#include "store/projection.h"
#include "store/report_days.h"

#define DAY_MS INT64_C(86400000)
#define DUTY_LONGEST_MS (2 * DAY_MS) /* nobody reads who was on duty in a month */
#define SHIFT_LONGEST_MS (2 * DAY_MS)

int report_tally(struct register_db *db, int64_t seq, const struct entry *told)
{
	for (int row = 0; row < REPORT_ROW_COUNT_; row++) {
		int64_t n = report_counts((enum report_row)row, told);
		if (n == 0)
			continue;
		QUERY(q);
		query_begin(&q, db, STMT_TALLY_ADD);
		query_bind_int(&q, projection_day(db, told->wall_ms));
		query_bind_int(&q, row);
		query_bind_int(&q, seq);
		query_bind_int(&q, n);
		int r = query_run(&q);
		if (r)
			return r;
	}
	return 0;
}

int report_sum_days(struct register_db *db, int64_t from, int64_t until, bool total,
		    struct report_sum *sums, int64_t *level_seq)
{
	QUERY(q);
	int r;

	query_begin(&q, db, STMT_TALLY_DAYS);
	query_bind_int(&q, from);
	query_bind_int(&q, until);
	while ((r = query_row(&q)) == 1) {
		int64_t item = query_int(&q, 0);
		if (item < 0 || item >= REPORT_ROW_COUNT_)
			return -EUCLEAN;
		*(total ? &sums[item].total : &sums[item].period) += query_int(&q, 1);
		if (item == REPORT_LEVELS)
			*level_seq = query_int(&q, 2);
	}
	return r;
}

struct span {
	int64_t first_seq, last_seq;
};

static int read_span(struct register_db *db, int64_t from_day, int64_t last_day, struct span *span)
{
	QUERY(q);

	query_begin(&q, db, STMT_TALLY_SPAN);
	query_bind_int(&q, from_day);
	query_bind_int(&q, last_day);
	int r = query_row(&q);
	*span = r == 1 ? (struct span){ query_int(&q, 0), query_int(&q, 1) }
		       : (struct span){ 0, -1 };
	return r < 0 ? r : 0;
}

static int decode_row(const struct event_row *row, struct entry *e)
{
	uint8_t commitment[CHAIN_HASH_BYTES];

	if (!entry_decode(row->type, row->wall_ms, row->body, row->body_len, e, commitment))
		return -EUCLEAN;
	memcpy(e->actor, row->actor, sizeof(e->actor));
	return 0;
}

static int read_item_span(struct register_db *db, int64_t from_day, int64_t last_day,
			  enum report_row row, struct span *span)
{
	QUERY(q);

	query_begin(&q, db, STMT_TALLY_ITEM_SPAN);
	query_bind_int(&q, from_day);
	query_bind_int(&q, last_day);
	query_bind_int(&q, row);
	int r = query_row(&q);
	*span = r == 1 ? (struct span){ query_int(&q, 0), query_int(&q, 1) }
		       : (struct span){ 0, -1 };
	return r < 0 ? r : 0;
}

typedef int (*scan_fn)(void *ctx, const struct event_row *row);

/* The events of days that lie between from and until. */
static int scan_days(struct register_db *db, int64_t from_day, int64_t last_day, int64_t from_ms,
		     int64_t until_ms, scan_fn fn, void *ctx)
{
	struct span span;
	int r = read_span(db, from_day, last_day, &span);

	if (r)
		return r;
	QUERY(q);
	query_begin(&q, db, STMT_EVENT_SPAN);
	query_bind_int(&q, span.first_seq);
	query_bind_int(&q, span.last_seq);
	query_bind_int(&q, from_ms);
	query_bind_int(&q, until_ms);
	while ((r = query_row(&q)) == 1) {
		struct event_row row;
		r = event_row_read(&q, &row) ? fn(ctx, &row) : -EUCLEAN;
		if (r)
			return r;
	}
	return r;
}

/* Counting a part of a day again. */
struct part {
	struct report *report;
	int64_t period_from_ms; /* earlier ones count into the total only */
	bool into_total;
};

static int count_event(void *ctx, const struct event_row *row)
{
	struct part *part = ctx;
	struct report *r = part->report;
	struct entry e;
	struct level_event level;
	int err = decode_row(row, &e);

	if (err)
		return err;
	for (int i = 0; i < REPORT_ROW_COUNT_; i++) {
		int64_t n = report_counts((enum report_row)i, &e);
		r->sums[i].period += row->wall_ms >= part->period_from_ms ? n : 0;
		r->sums[i].total += part->into_total ? n : 0;
	}
	if (part->into_total && e.type == ENTRY_LEVEL && level_event_unpack(e.number, &level)) {
		r->level = level.to;
		r->level_known = true;
	}
	return 0;
}

static int read_event(struct register_db *db, int64_t seq, struct entry *e)
{
	struct event_row row;
	QUERY(q);

	query_begin(&q, db, STMT_EVENT_RANGE);
	query_bind_int(&q, seq - 1);
	query_bind_int(&q, 1);
	int r = query_row(&q);
	if (r <= 0)
		return r ? r : -EUCLEAN;
	if (!event_row_read(&q, &row))
		return -EUCLEAN;
	r = decode_row(&row, e);
	e->wall_ms = row.wall_ms;
	return r;
}

/* The level after the last whole day; a part of a day looks at its own events (count_event). */
static int read_level(struct register_db *db, int64_t seq, struct report *report)
{
	struct level_event level;
	struct entry e;

	if (seq == 0)
		return 0;
	int r = read_event(db, seq, &e);
	if (r == 0 && level_event_unpack(e.number, &level)) {
		report->level = level.to;
		report->level_known = true;
	}
	return r;
}

/* Before the first change it was the level that one began from. */
static int read_first_level(struct register_db *db, struct report *report)
{
	struct level_event level;
	struct entry e;
	int64_t seq = 0;
	int r;
	{
		QUERY(q);
		query_begin(&q, db, STMT_TALLY_ITEM_FIRST);
		query_bind_int(&q, REPORT_LEVELS);
		r = query_row(&q);
		if (r == 1)
			seq = query_int(&q, 0);
	}
	if (r <= 0)
		return r;
	r = read_event(db, seq, &e);
	if (r == 0 && level_event_unpack(e.number, &level)) {
		report->level = level.from;
		report->level_known = true;
	}
	return r;
}

static int sum_period(struct register_db *db, struct report *r)
{
	int64_t from_day = projection_day(db, r->from_ms);
	int64_t until_day = projection_day(db, r->until_ms); /* its part before until */
	int64_t until_start = report_day_start_ms(until_day, db->utc_offset_min);
	int64_t from_start = report_day_start_ms(from_day, db->utc_offset_min);
	int64_t whole = r->from_ms == from_start ? from_day : from_day + 1;
	struct part head = { r, r->from_ms, false }, tail = { r, r->from_ms, true };

	int64_t level_seq = 0;
	int err = report_sum_days(db, INT64_MIN, until_day, true, r->sums, &level_seq);
	if (err == 0)
		err = read_level(db, level_seq, r);
	if (err == 0 && whole < until_day)
		err = report_sum_days(db, whole, until_day, false, r->sums, &level_seq);
	if (err == 0 && whole > from_day && from_day < until_day)
		err = scan_days(db, from_day, from_day, r->from_ms, from_start + DAY_MS,
				count_event, &head);
	if (err == 0 && r->until_ms > until_start)
		err = scan_days(db, until_day, until_day, until_start, r->until_ms, count_event,
				&tail);
	if (err == 0 && !r->level_known)
		err = read_first_level(db, r);
	return err;
}

static int note_duty(void *ctx, const struct event_row *row)
{
	struct report *r = ctx;
	struct report_duty *d = r->duty;
	int i = 0;

	if (row->actor[0] == '\0')
		return 0;
	while (i < r->duty_count && strcmp(d[i].name, row->actor) != 0)
		i++;
	if (i == r->duty_count) {
		struct entry e;
		int err = row->type == ENTRY_LOGIN ? decode_row(row, &e) : 0;
		if (err || row->type != ENTRY_LOGIN || e.number == ROLE_STAFF ||
		    i == REPORT_DUTY_MAX)
			return err;
		memcpy(d[i].name, row->actor, sizeof(d[i].name));
		d[i].first_ms = d[i].last_ms = row->wall_ms;
		r->duty_count++;
	}
	d[i].first_ms = row->wall_ms < d[i].first_ms ? row->wall_ms : d[i].first_ms;
	d[i].last_ms = row->wall_ms > d[i].last_ms ? row->wall_ms : d[i].last_ms;
	return 0;
}

static int find_duty(struct register_db *db, struct report *r)
{
	if (r->until_ms - r->from_ms > DUTY_LONGEST_MS)
		return 0;
	return scan_days(db, projection_day(db, r->from_ms), projection_day(db, r->until_ms - 1),
			 r->from_ms, r->until_ms, note_duty, r);
}

static int read_left(struct register_db *db, struct report *r)
{
	int err = 0;

	for (int item = 1; item < ITEM_END_ && err == 0; item++)
		err = register_stock_at(db, (enum ledger_item)item, r->until_ms, &r->left[item],
					&r->left_known[item]);
	return err;
}

static int read_total(struct register_db *db, enum statement statement, int64_t *total)
{
	QUERY(q);

	query_begin(&q, db, statement);
	int r = query_row(&q);
	*total = r == 1 ? query_int(&q, 0) : 0;
	return r < 0 ? r : 0;
}

/* The shift began when the last one was handed over, if that is not too long ago; else today. */
static int shift_start(struct register_db *db, int64_t now_ms, int64_t *start_ms)
{
	int64_t today = projection_day(db, now_ms);
	struct entry e;
	struct span span;

	*start_ms = report_day_start_ms(today, db->utc_offset_min);
	int r = read_item_span(db, today - SHIFT_LONGEST_MS / DAY_MS, today, REPORT_HANDOVERS,
			       &span);
	if (r || span.last_seq < span.first_seq)
		return r;
	r = read_event(db, span.last_seq, &e);
	if (r == 0 && e.wall_ms <= now_ms && now_ms - e.wall_ms < SHIFT_LONGEST_MS)
		*start_ms = e.wall_ms;
	return r;
}

static int set_period(struct register_db *db, const struct report_ask *ask, struct report *r)
{
	if (ask->kind == REPORT_SHIFT) {
		r->until_ms = ask->now_ms + 1;
		return shift_start(db, ask->now_ms, &r->from_ms);
	}
	r->from_ms = ask->from_ms;
	r->until_ms = ask->until_ms;
	if (ask->kind == REPORT_DAY) {
		r->day = ask->day;
		r->from_ms = report_day_start_ms(ask->day, db->utc_offset_min);
		r->until_ms = r->from_ms + DAY_MS;
	}
	return r->from_ms < r->until_ms ? 0 : -EINVAL;
}

int register_report(struct register_db *db, const struct report_ask *ask, struct report *r)
{
	uint8_t head[CHAIN_HASH_BYTES];
	int64_t seq;

	memset(r, 0, sizeof(*r));
	r->kind = ask->kind;
	int err = set_period(db, ask, r);
	if (err == 0)
		err = sum_period(db, r);
	if (err == 0)
		err = find_duty(db, r);
	if (err == 0)
		err = report_inside_at(db, r->until_ms, &r->inside);
	if (err == 0)
		err = read_total(db, STMT_QUEUE_TOTAL, &r->waiting);
	if (err == 0)
		err = read_left(db, r);
	if (err == 0 && r->kind == REPORT_DAY)
		err = report_read_signed(db, r->day, &r->signatures);
	if (err == 0 && r->kind == REPORT_DAY)
		err = report_find_gaps(db, ask, r);
	if (err)
		return err;
	if (r->kind == REPORT_DAY) {
		r->state = report_state_of(db, &r->signatures, ask);
		r->changed = report_has_changed(r, &r->signatures);
		report_figures(r, REPORT_ROW_COUNT_, r->figures);
	}
	register_head(db, &seq, head);
	sodium_bin2hex(r->head, sizeof(r->head), head, 8);
	return 0;
}

int register_reports(struct register_db *db, int64_t from_day, int64_t until_day,
		     const struct report_ask *ask, report_fn fn, void *ctx)
{
	struct report_ask one = *ask;
	struct report report;
	int r = 0;

	one.kind = REPORT_DAY;
	for (one.day = from_day; one.day <= until_day && r == 0; one.day++) {
		r = register_report(db, &one, &report);
		if (r == 0)
			r = fn(ctx, &report);
	}
	return r;
}
