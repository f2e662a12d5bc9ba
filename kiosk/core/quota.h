/*
 * Going out: n persons of a household per d days, at most m minutes out (2·四; the plans give no
 * number, all three are the rulebook's). Days are calendar days of the site. Pure; nothing is
 * assumed of a clock that is not trusted.
 */
#ifndef CORE_QUOTA_H
#define CORE_QUOTA_H

#include "core/rules.h"

/* One going out of one person of the household. */
struct outing {
	int64_t out_ms;
	int64_t back_ms; /* 0: still out */
};

struct quota {
	struct fact fact; /* for CHECK_QUOTA; value: minutes the next outing may last */
	int32_t used, allowed; /* outings that count in the present period */
	int64_t next_ms; /* when the next outing is possible: now when one is left; 0 unknown */
};

/*
 * What the household may do now. outings holds count of them, in any order; those that ended before
 * the period do not count, somebody still out always does. No quota in the rulebook: always good.
 * Untrusted clock, or an outing in the future: unknown.
 */
struct quota quota_judge(const struct rulebook *book, const struct outing *outings, int count,
			 const struct moment *now);

/* Minutes left for somebody who is out; negative: overdue by so many. False when it cannot be said.
 */
MUST_CHECK bool quota_minutes_left(const struct rulebook *book, const struct outing *outing,
				   const struct moment *now, int32_t *minutes);

#endif
