#include "core/level.h"

#include <string.h>

/* Into lockdown and out of it: both are decisions nobody takes alone (1·五: nobody in, nobody out).
 */
bool level_needs_two(enum level from, enum level to)
{
	return (to == LEVEL_LOCKDOWN) != (from == LEVEL_LOCKDOWN);
}

enum note level_check(const struct level_change *c)
{
	if (c->to >= LEVEL_COUNT_ || c->to == c->from)
		return NOTE_LEVEL_SAME;
	if (c->why[0] == '\0')
		return NOTE_LEVEL_REASON;
	if (c->order.number)
		return c->first[0] == '\0' ? NOTE_LEVEL_SUPERVISOR : NOTE_NONE;
	if (c->first_role != ROLE_SUPERVISOR || c->first[0] == '\0')
		return NOTE_LEVEL_SUPERVISOR;
	bool two = c->second[0] != '\0' && strcmp(c->first, c->second) != 0;
	return level_needs_two(c->from, c->to) && !two ? NOTE_LEVEL_SECOND : NOTE_NONE;
}

int64_t level_event_pack(const struct level_event *e)
{
	assert(e->from < LEVEL_COUNT_ && e->to < LEVEL_COUNT_ &&
	       e->order_number <= LEVEL_ORDER_MAX);
	return (int64_t)e->order_number << 16 | (int64_t)e->from << 8 | (int64_t)e->to;
}

bool level_event_unpack(int64_t number, struct level_event *e)
{
	int64_t from = number >> 8 & 0xFF, to = number & 0xFF;

	if (number < 0 || from >= LEVEL_COUNT_ || to >= LEVEL_COUNT_)
		return false;
	*e = (struct level_event){ (enum level)from, (enum level)to, (uint64_t)number >> 16 };
	return true;
}
