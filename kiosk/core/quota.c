#include "core/quota.h"

#include "base/civil.h"

#define MINUTE_MS INT64_C(60000)
#define DAY_MS INT64_C(86400000)

/* Midnight with which the present period of d days begins: today is its last day. */
static int64_t period_start(const struct rulebook *book, const struct moment *now)
{
	return civil_day_start_ms(now->wall_ms, now->utc_offset_min) -
	       (book->quota_days - 1) * DAY_MS;
}

static bool counts(const struct outing *o, int64_t start_ms)
{
	return o->out_ms >= start_ms || o->back_ms == 0;
}

/* A clock that says an outing lies in the future is wrong, or was: then nothing can be counted. */
static bool reckonable(const struct outing *outings, int count, const struct moment *now)
{
	if (!now->clock_trusted)
		return false;
	for (int i = 0; i < count; i++)
		if (outings[i].out_ms > now->wall_ms || outings[i].back_ms > now->wall_ms ||
		    (outings[i].back_ms != 0 && outings[i].back_ms < outings[i].out_ms))
			return false;
	return true;
}

/* The first day on which an outing that counts today counts no longer. */
static int64_t next_possible(const struct rulebook *book, const struct outing *outings, int count,
			     int64_t start_ms, int32_t offset_min)
{
	int64_t next = INT64_MAX;

	for (int i = 0; i < count; i++) {
		if (!counts(&outings[i], start_ms))
			continue;
		int64_t free_ms = civil_day_start_ms(outings[i].out_ms, offset_min) +
				  book->quota_days * DAY_MS;
		next = free_ms < next ? free_ms : next;
	}
	return next == INT64_MAX ? 0 : next;
}

struct quota quota_judge(const struct rulebook *book, const struct outing *outings, int count,
			 const struct moment *now)
{
	struct quota q = {
		.fact = { .finding = FINDING_UNKNOWN,
			  .source = SOURCE_MACHINE,
			  .wall_ms = now->wall_ms },
		.allowed = book->quota_persons,
	};

	if (book->quota_persons == 0) {
		q.fact.finding = FINDING_GOOD;
		q.next_ms = now->wall_ms;
		return q;
	}
	if (!reckonable(outings, count, now))
		return q;
	int64_t start_ms = period_start(book, now);
	for (int i = 0; i < count; i++)
		q.used += counts(&outings[i], start_ms);
	bool left = q.used < q.allowed;
	q.fact.finding = left ? FINDING_GOOD : FINDING_BAD;
	q.fact.value = left ? book->quota_minutes : 0;
	q.next_ms = left ? now->wall_ms
			 : next_possible(book, outings, count, start_ms, now->utc_offset_min);
	return q;
}

bool quota_minutes_left(const struct rulebook *book, const struct outing *outing,
			const struct moment *now, int32_t *minutes)
{
	if (!reckonable(outing, 1, now) || book->quota_persons == 0)
		return false;
	int64_t end_ms = outing->out_ms + book->quota_minutes * MINUTE_MS;
	int64_t until = outing->back_ms ? outing->back_ms : now->wall_ms;
	int64_t left = end_ms - until;
	/* A minute begun is a minute used, on either side of the end. */
	int64_t whole = left >= 0 ? left / MINUTE_MS : -((-left + MINUTE_MS - 1) / MINUTE_MS);
	*minutes = whole < INT32_MIN ? INT32_MIN : (int32_t)whole;
	return true;
}
