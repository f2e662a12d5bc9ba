#include "tests/powercut/history.h"

#include <string.h>

uint32_t history_state_at(const struct history *history, uint32_t position)
{
	uint32_t state = 0;

	for (uint32_t i = 0; i < history->promise_count; i++)
		if (history->promises[i].position <= position && history->promises[i].state > state)
			state = history->promises[i].state;
	return state;
}

bool register_state_same(const struct register_state *a, const struct register_state *b)
{
	return a->seq == b->seq && memcmp(a->head, b->head, sizeof(a->head)) == 0 &&
	       strcmp(a->tries, b->tries) == 0;
}

bool history_find(const struct history *history, const struct register_state *state,
		  uint32_t *index)
{
	for (uint32_t i = history->state_count; i-- > 0;) {
		if (register_state_same(&history->states[i], state)) {
			*index = i;
			return true;
		}
	}
	return false;
}

int register_state_read(struct register_db *db, struct register_state *state)
{
	register_head(db, &state->seq, state->head);
	return register_query_text(
		db,
		"SELECT group_concat(tries, ' ') FROM (SELECT tries FROM account ORDER BY name)",
		state->tries, sizeof(state->tries));
}

void history_cut_to(struct history *history, uint32_t index, uint32_t position)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < history->promise_count; i++) {
		struct promise p = history->promises[i];
		bool holds = p.kind == PROMISE_KEY || p.kind == PROMISE_EXPORT
				     ? p.position <= position
				     : p.state <= index;
		p.position = 0;
		if (holds)
			history->promises[kept++] = p;
	}
	history->promise_count = kept;
	history->state_count = index + 1;
}
