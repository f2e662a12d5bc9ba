#include "core/due.h"

struct due due_look(int64_t last_ms, int32_t period_min, const struct moment *now)
{
	struct due due = { .state = DUE_UNKNOWN };

	if (period_min == 0) {
		due.state = DUE_NO_PERIOD;
		return due;
	}
	if (last_ms == 0) {
		due.state = period_min > 0 ? DUE_NEVER_DONE : DUE_UNKNOWN;
		return due;
	}
	if (period_min < 0 || !days_is_time(last_ms))
		return due;
	due.due_ms = last_ms + period_min * MINUTE_IN_MS;
	if (!days_clock_counts(now) || now->wall_ms < last_ms)
		return due;
	due.state = now->wall_ms > due.due_ms ? DUE_OVERDUE : DUE_LATER;
	due.minutes_left = days_minutes(due.due_ms - now->wall_ms);
	due.minutes_over = days_minutes_begun(now->wall_ms - due.due_ms);
	return due;
}

struct fact due_disinfection_fact(int64_t last_ms, enum fact_source source,
				  const struct moment *now)
{
	struct fact fact = { .finding = FINDING_UNKNOWN, .source = source, .wall_ms = last_ms };

	if (days_is_time(last_ms) && last_ms <= now->wall_ms)
		fact.finding = FINDING_GOOD;
	return fact;
}

enum validity due_validity(int64_t from_ms, int64_t until_ms, const struct moment *now)
{
	if (!days_clock_counts(now) || !days_is_time(from_ms) || !days_is_time(until_ms) ||
	    until_ms <= from_ms)
		return VALIDITY_UNKNOWN;
	if (now->wall_ms < from_ms)
		return VALIDITY_NOT_YET;
	return now->wall_ms < until_ms ? VALIDITY_GOOD : VALIDITY_EXPIRED;
}
