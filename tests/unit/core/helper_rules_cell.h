/*
 * One cell of the table while its combinations are tried. They are the numbers of a mixed radix:
 * one digit a demanded check, then clock and authority. Digit 0 is always the best state, so what
 * is worse in one respect only is the same number plus that digit's weight: a neighbour already
 * answered when its turn comes. Private to the prover.
 */
#ifndef TESTS_CORE_HELPER_RULES_CELL_H
#define TESTS_CORE_HELPER_RULES_CELL_H

#include "tests/unit/core/helper_rules.h"

#define DIGITS_MAX (CHECK_COUNT_ + 3)
#define STATES_MAX 8

enum state { GOOD, STALE, UNKNOWN, BAD, RANK_NONE, RANK_GUARD, RANK_COMMUNITY, RANK_HEADQUARTERS };

struct digit {
	uint32_t check; /* CHECK_COUNT_: clock or authority */
	uint32_t count, value;
	size_t weight;
	enum state state[STATES_MAX];
};

struct cell {
	struct proof *proof;
	struct cell_sum *sum;
	const struct rulebook *book;
	const struct rule *rule;
	decide_fn decide;
	uint32_t demanded;
	struct digit digit[DIGITS_MAX];
	int checks, digits; /* the digits [0, checks) are checks; then clock, then authority */
	size_t total;
	uint8_t *verdicts; /* of the combinations tried, or NULL */
	uint64_t random;
	struct fact facts[CHECK_COUNT_];
	struct question question;
};

/* Sets the digits out for the checks demanded; total and weights come of it. */
void cell_lay_out(struct cell *cell);

/* Combination n, with facts drawn anew. */
void cell_set_number(struct cell *cell, size_t n);

/* The next combination; false after the last. */
bool cell_advance(struct cell *cell);

/* Whatever facts a check could have. */
void cell_set_garbage(struct cell *cell, uint32_t check);

uint32_t cell_draw(struct cell *cell, uint32_t below);

static inline bool cell_clock_doubtful(const struct cell *c)
{
	return c->digit[c->checks].value == 1;
}

static inline enum lift cell_authority(const struct cell *c)
{
	return LIFT_HEADQUARTERS - c->digit[c->checks + 1].value;
}

#endif
