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
	if (c->first_role != ROLE_SUPERVISOR || c->first[0] == '\0')
		return NOTE_LEVEL_SUPERVISOR;
	bool two = c->second[0] != '\0' && strcmp(c->first, c->second) != 0;
	return level_needs_two(c->from, c->to) && !two ? NOTE_LEVEL_SECOND : NOTE_NONE;
}
