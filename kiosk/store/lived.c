/*
 * Boots are walked backwards from now. Where one begins is found by halving: boots never decrease
 * with the sequence. So is the event of a given age inside a boot; events that waited in a backlog
 * stand a little after their time there, which is a matter of minutes.
 */
#include "store/lived.h"

struct mark {
	int64_t seq, boot, mono_ms, wall_ms;
	bool trusted;
};

static int read_mark(struct register_db *db, int64_t seq, struct mark *mark)
{
	QUERY(q);

	query_begin(&q, db, STMT_EVENT_MARK);
	query_bind_int(&q, seq);
	int r = query_row(&q);
	if (r <= 0)
		return r ? r : -EUCLEAN;
	*mark = (struct mark){ .seq = seq,
			       .boot = query_int(&q, 0),
			       .mono_ms = query_int(&q, 1),
			       .wall_ms = query_int(&q, 2),
			       .trusted = query_int(&q, 3) == 1 };
	return 0;
}

/* The first event of the boot of last. */
static int boot_begin(struct register_db *db, const struct mark *last, struct mark *first)
{
	int64_t before = 0; /* the boot begins after this one */
	struct mark middle;

	*first = *last;
	while (first->seq - before > 1) {
		int r = read_mark(db, before + (first->seq - before) / 2, &middle);
		if (r)
			return r;
		if (middle.boot == last->boot)
			*first = middle;
		else
			before = middle.seq;
	}
	return 0;
}

/* The last event from first to last whose monotonic time is not after mono_ms; that of first is
 * not. */
static int last_until(struct register_db *db, const struct mark *first, const struct mark *last,
		      int64_t mono_ms, int64_t *seq)
{
	int64_t good = first->seq, bad = last->seq + 1;
	struct mark middle;

	while (bad - good > 1) {
		int r = read_mark(db, good + (bad - good) / 2, &middle);
		if (r)
			return r;
		if (middle.mono_ms <= mono_ms)
			good = middle.seq;
		else
			bad = middle.seq;
	}
	*seq = good;
	return 0;
}

static int64_t between(int64_t from_ms, int64_t to_ms, int64_t most_ms)
{
	int64_t span_ms;

	if (__builtin_sub_overflow(to_ms, from_ms, &span_ms) || span_ms < 0)
		return 0;
	return span_ms < most_ms ? span_ms : most_ms;
}

static int64_t gap_ms(const struct mark *before, const struct mark *after)
{
	return before->trusted && after->trusted
		       ? between(before->wall_ms, after->wall_ms, LIVED_GAP_MAX_MS)
		       : 0;
}

/* One boot further back. *left_ms is what of the age is not lived yet when *last was recorded. */
static int step_back(struct register_db *db, struct mark *last, int64_t *left_ms, int64_t *seq)
{
	struct mark first, before;
	int r = boot_begin(db, last, &first);

	if (r)
		return r;
	int64_t span_ms = between(first.mono_ms, last->mono_ms, INT64_MAX);
	if (span_ms >= *left_ms)
		return last_until(db, &first, last, last->mono_ms - *left_ms, seq);
	*left_ms -= span_ms;
	if (first.seq == 1) {
		*last = (struct mark){ 0 };
		return 0;
	}
	r = read_mark(db, first.seq - 1, &before);
	*left_ms -= gap_ms(&before, &first);
	if (*left_ms <= 0)
		*seq = before.seq;
	*last = before;
	return r;
}

int lived_event(struct register_db *db, const struct lived_now *now, int64_t age_ms, int64_t *seq)
{
	struct mark last = { 0 }, present = { .boot = db->boot,
					      .mono_ms = now->mono_ms,
					      .wall_ms = now->wall_ms,
					      .trusted = now->clock_trusted };

	*seq = 0;
	if (db->tail.seq == 0)
		return 0;
	int r = read_mark(db, db->tail.seq, &last);
	if (r)
		return r;
	int64_t left_ms = age_ms - (last.boot == present.boot
					    ? between(last.mono_ms, present.mono_ms, INT64_MAX)
					    : gap_ms(&last, &present));
	if (left_ms <= 0)
		*seq = last.seq;
	while (r == 0 && *seq == 0 && last.seq > 0)
		r = step_back(db, &last, &left_ms, seq);
	return r;
}
