/*
 * What the workload was promised, and when: one promise for each answer of the register, the
 * export or the key file, with the position of the disk's log at that moment. It stands in memory
 * outside of the disk, shared with the process that judges.
 */
#ifndef POWERCUT_HISTORY_H
#define POWERCUT_HISTORY_H

#include "store/register.h"

enum promise_kind {
	PROMISE_KEY, /* the gate's key is on disk */
	PROMISE_OPENED, /* the register is there */
	PROMISE_ACCOUNT,
	PROMISE_REGISTRATION,
	PROMISE_DECISION, /* a guard's */
	PROMISE_PASS, /* printed */
	PROMISE_LEVEL,
	PROMISE_PIN_COUNT, /* the PIN is being looked at: it must have been counted */
	PROMISE_PIN_ANSWER,
	PROMISE_EVENT, /* any other */
	PROMISE_EXPORT,
	PROMISE_KIND_COUNT_
};

/* The register as it is said to stand after one transaction. Single-threaded as the register is,
 * its states form a line: what is found after a cut is one of them or it is wrong. */
struct register_state {
	int64_t seq;
	uint8_t head[CHAIN_HASH_BYTES];
	char tries[48]; /* wrong PINs by account */
};

#define EXPORT_NAME_BYTES 96

struct promise {
	enum promise_kind kind;
	uint32_t position; /* of the disk's log: a cut there or later must not undo it */
	uint32_t state; /* index of the register's state that it rests on */
	/* by kind: where to find it */
	uint64_t visit_id;
	unsigned sample; /* which made-up visitor */
	uint64_t serial;
	enum level level;
	char export_name[EXPORT_NAME_BYTES];
};

#define STATES_MAX 4096

struct history {
	uint32_t promise_count, state_count;
	struct promise promises[STATES_MAX];
	struct register_state states[STATES_MAX];
	uint8_t key[32]; /* of the promise KEY */
};

/* The state that may not be undone by a cut at position. */
uint32_t history_state_at(const struct history *history, uint32_t position);

/* Index of the state, searched from the last; false when the register never stood like that. */
bool history_find(const struct history *history, const struct register_state *state,
		  uint32_t *index);

bool register_state_same(const struct register_state *a, const struct register_state *b);

/* Reads it from an open register. */
MUST_CHECK int register_state_read(struct register_db *db, struct register_state *state);

/* Leaves what a register that stands at state index knows, all of it promised from the start. */
void history_cut_to(struct history *history, uint32_t index, uint32_t position);

#endif
