#include "passes.h"

#include <string.h>

#define EARLY_MS 60000

/* FNV-1a of the name, so that a guard can compare the paper with the register's row; not a secret.
 */
static uint32_t bind_name(const char *name)
{
	uint32_t hash = 2166136261U;

	for (const unsigned char *s = (const unsigned char *)name; *s; s++)
		hash = (hash ^ *s) * 16777619U;
	return hash;
}

/* Seconds as a pass has them: a clock before 1970 or after 2106 must not come round again. */
static uint32_t pass_second(int64_t wall_ms)
{
	int64_t s = wall_ms / 1000;

	return s < 0 ? 0 : s > UINT32_MAX ? UINT32_MAX : (uint32_t)s;
}

struct pass pass_of_visit(const struct visit *visit, const struct pass_key *key, uint8_t uses)
{
	return (struct pass){
		.key_id = key->key_id,
		.site = key->site,
		.serial = visit->pass_serial,
		.person_class = (uint8_t)visit->person_class,
		.flags = uses == 1 ? PASS_FLAG_SINGLE_USE | PASS_FLAG_EXIT_ONLY : 0,
		.zones = 1,
		.not_before_s = pass_second(visit->decided_ms - EARLY_MS),
		.expires_s = pass_second(visit->pass_expires_ms),
		.max_uses = uses,
		.bind = bind_name(visit->person.name),
	};
}

enum pass_problem pass_problem_of(enum pass_parse parse)
{
	switch (parse) {
	case PASS_PARSE_OK:
		return PASS_GOOD;
	case PASS_PARSE_NOT_A_PASS:
		return PASS_NOT_A_PASS;
	case PASS_PARSE_MALFORMED:
		return PASS_MALFORMED;
	case PASS_PARSE_UNKNOWN_KEY:
		return PASS_UNKNOWN_KEY;
	case PASS_PARSE_BAD_SIGNATURE:
		break;
	}
	return PASS_BAD_SIGNATURE;
}

enum pass_problem pass_judge(const struct pass *pass, const struct pass_record *record,
			     enum direction direction, int64_t wall_ms, bool clock_trusted)
{
	if (!record)
		return PASS_NOT_ISSUED_HERE;
	if (record->revoked)
		return PASS_REVOKED;
	if (record->uses >= pass->max_uses)
		return PASS_USED_UP;
	if (direction == DIRECTION_IN && pass->flags & PASS_FLAG_EXIT_ONLY)
		return PASS_USED_UP; /* its one way in was the gate opening when it was printed */
	if (!clock_trusted)
		return direction == DIRECTION_OUT ? PASS_GOOD : PASS_CLOCK_DOUBTFUL;
	if (wall_ms / 1000 < pass->not_before_s)
		return PASS_NOT_YET_VALID;
	if (wall_ms / 1000 >= pass->expires_s)
		return PASS_EXPIRED;
	return PASS_GOOD;
}
