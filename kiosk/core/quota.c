/*
 * The days are not added up outing by outing but asked one at a time ("does this one count on that
 * day?"): the order of the outings is then without effect, so that one recorded while the clock was
 * wrong cannot hide another.
 */
#include "core/quota.h"

static bool has_quota(const struct rulebook *book)
{
	return book->quota_persons != 0;
}

static bool numbers_hold(const struct rulebook *book)
{
	return book->quota_persons > 0 && book->quota_days > 0 && book->quota_minutes >= 0;
}

/* True when now lies after all that is recorded. */
static bool clock_holds(const struct outing *outings, size_t count, const struct moment *now)
{
	if (!days_clock_counts(now))
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct outing *o = &outings[i];
		bool back = o->back_ms == 0 || days_is_time(o->back_ms);
		if (!days_is_time(o->out_ms) || !back || o->out_ms > now->wall_ms ||
		    o->back_ms > now->wall_ms)
			return false;
	}
	return true;
}

/* An outing as the days see it. */
struct span {
	int64_t day; /* it began on */
	bool out; /* not back yet */
};

/* Outings that count on a day: begun within the days before it, or still out since before them. */
static int32_t count_used(const struct rulebook *book, const struct span *spans, size_t count,
			  int64_t today, int64_t day)
{
	int32_t used = 0;

	for (size_t i = 0; i < count; i++) {
		bool stays = spans[i].out && spans[i].day <= today - book->quota_days;
		used += spans[i].day > day - book->quota_days || stays;
	}
	return used;
}

/* The first day on which one more may go, or -1 when none helps. */
static int64_t find_next_day(const struct rulebook *book, const struct span *spans, size_t count,
			     int64_t today)
{
	int64_t next = -1;

	for (size_t i = 0; i < count; i++) {
		int64_t day = spans[i].day + book->quota_days;
		if (day > today && (next < 0 || day < next) &&
		    count_used(book, spans, count, today, day) < book->quota_persons)
			next = day;
	}
	return next;
}

static struct quota count_outings(const struct rulebook *book, const struct outing *outings,
				  size_t count, const struct moment *now)
{
	struct span spans[QUOTA_OUTINGS_MAX];
	struct quota q = { .finding = FINDING_GOOD };
	int32_t offset = now->utc_offset_min;
	int64_t today = days_number(now->wall_ms, offset);

	for (size_t i = 0; i < count; i++)
		spans[i] = (struct span){ days_number(outings[i].out_ms, offset),
					  outings[i].back_ms == 0 };
	q.used = count_used(book, spans, count, today, today);
	if (q.used < book->quota_persons) {
		q.left = book->quota_persons - q.used;
		return q;
	}
	q.finding = FINDING_BAD;
	int64_t next = find_next_day(book, spans, count, today);
	q.waits_for_return = next < 0;
	q.next_ms = next < 0 ? 0 : days_start_ms(next, offset);
	return q;
}

struct quota quota_look(const struct rulebook *book, const struct outing *outings, size_t count,
			const struct moment *now)
{
	if (!has_quota(book))
		return (struct quota){ .finding = FINDING_GOOD, .left = INT32_MAX };
	if (!numbers_hold(book) || count > QUOTA_OUTINGS_MAX)
		return (struct quota){ .finding = FINDING_UNKNOWN };
	if (!clock_holds(outings, count, now))
		return (struct quota){ .finding = FINDING_UNKNOWN, .clock_doubtful = true };
	return count_outings(book, outings, count, now);
}

struct fact quota_fact(const struct rulebook *book, const struct outing *outings, size_t count,
		       const struct moment *now)
{
	enum finding finding = quota_look(book, outings, count, now).finding;
	bool limited = finding == FINDING_GOOD && has_quota(book);

	return (struct fact){ .finding = finding,
			      .source = SOURCE_MACHINE,
			      .wall_ms = now->wall_ms,
			      .value = limited ? book->quota_minutes : 0 };
}

struct outing_time quota_outing(const struct rulebook *book, const struct outing *outing,
				const struct moment *now)
{
	struct outing_time t = { .out = outing->back_ms == 0 };
	int64_t until_ms = t.out ? now->wall_ms : outing->back_ms;
	bool limited = has_quota(book) && numbers_hold(book) && book->quota_minutes > 0;

	if (days_is_time(outing->out_ms) && limited)
		t.deadline_ms = outing->out_ms + book->quota_minutes * MINUTE_IN_MS;
	t.clock_doubtful = !days_is_time(outing->out_ms) || !days_is_time(until_ms) ||
			   until_ms < outing->out_ms || (t.out && !days_clock_counts(now));
	if (t.clock_doubtful)
		return t;
	t.minutes_out = days_minutes(until_ms - outing->out_ms);
	t.overdue = t.deadline_ms != 0 && until_ms > t.deadline_ms;
	if (t.overdue)
		t.minutes_over = days_minutes_begun(until_ms - t.deadline_ms);
	else if (t.out && t.deadline_ms != 0)
		t.minutes_left = days_minutes(t.deadline_ms - until_ms);
	return t;
}
