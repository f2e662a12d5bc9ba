/*
 * The facts are drawn, not fixed: "fresh" is any age within bounds, often one at the very bound.
 */
#include "tests/unit/core/helper_rules_cell.h"

#include "base/civil.h"

#define MINUTE_MS INT64_C(60000)
#define DAY_MIN 1440
#define SLACK_MS (5 * MINUTE_MS) /* clocks of one gate may differ by so much */

uint32_t cell_draw(struct cell *c, uint32_t below)
{
	c->random = c->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(c->random >> 33) % below;
}

static struct digit *add_digit(struct cell *c, uint32_t check)
{
	assert(c->digits < DIGITS_MAX);
	struct digit *d = &c->digit[c->digits++];
	d->check = check;
	return d;
}

static void add_check(struct cell *c, uint32_t check)
{
	struct digit *d = add_digit(c, check);

	if (check == CHECK_APPROVAL)
		for (int rank = RANK_HEADQUARTERS; rank >= RANK_NONE; rank--)
			d->state[d->count++] = (enum state)rank;
	else
		d->state[d->count++] = GOOD;
	if (c->book->max_age_min[check] != 0 && check != CHECK_WINDOW)
		d->state[d->count++] = STALE;
	if (check != CHECK_WINDOW)
		d->state[d->count++] = UNKNOWN;
	d->state[d->count++] = BAD;
}

void cell_lay_out(struct cell *c)
{
	/* The hours come last of the checks: the ages of the others hang on the present. */
	for (uint32_t check = 0; check < CHECK_COUNT_; check++)
		if (c->demanded & 1U << check && check != CHECK_WINDOW)
			add_check(c, check);
	if (c->demanded & 1U << CHECK_WINDOW)
		add_check(c, CHECK_WINDOW);
	c->checks = c->digits;
	add_digit(c, CHECK_COUNT_)->count = 2;
	add_digit(c, CHECK_COUNT_)->count = LIFT_COUNT_;
	c->total = 1;
	for (int d = 0; d < c->digits; d++) {
		c->digit[d].weight = c->total;
		c->total *= c->digit[d].count;
	}
}

void cell_set_garbage(struct cell *c, uint32_t check)
{
	c->facts[check] = (struct fact){ .finding = cell_draw(c, FINDING_COUNT_),
					 .source = cell_draw(c, SOURCE_COUNT_),
					 .wall_ms = (int64_t)cell_draw(c, UINT32_MAX) * 1000,
					 .value = (int32_t)cell_draw(c, 5000) };
}

/* One of the facts that are in this state: any age within bounds, any value it may have. */
static void set_fact(struct cell *c, const struct digit *d)
{
	int64_t max_ms = c->book->max_age_min[d->check] * MINUTE_MS, now = c->question.now.wall_ms;
	enum state state = d->state[d->value];
	struct fact *f = &c->facts[d->check];

	cell_set_garbage(c, d->check);
	if (max_ms > 0)
		f->wall_ms =
			now - (int64_t)cell_draw(c, (uint32_t)(max_ms / MINUTE_MS + 1)) * MINUTE_MS;
	if (max_ms > 0 && cell_draw(c, 8) == 0)
		f->wall_ms = cell_draw(c, 2) ? now - max_ms : now + SLACK_MS;
	if (d->check == CHECK_APPROVAL)
		f->value = APPROVER_HEADQUARTERS;
	f->finding = state == BAD ? FINDING_BAD : FINDING_GOOD;
	if (state == STALE)
		f->wall_ms = cell_draw(c, 2) ? now - max_ms - 1 - cell_draw(c, 1000000)
					     : now + SLACK_MS + 1 + cell_draw(c, 1000000);
	else if (state == UNKNOWN)
		f->finding = cell_draw(c, 2) ? FINDING_UNKNOWN : FINDING_COUNT_ + cell_draw(c, 9);
	else if (state >= RANK_NONE)
		f->value = (int32_t)(state - RANK_NONE);
}

/* A minute of any day that is within the rule's hours, or outside of them. */
static void set_present(struct cell *c, bool inside)
{
	const struct window none = { .end_min = DAY_MIN };
	bool hours = c->rule->window > 0 && c->rule->window <= c->book->window_count;
	const struct window *w = hours ? &c->book->windows[c->rule->window - 1] : &none;
	int32_t length = (w->end_min - w->start_min + DAY_MIN) % DAY_MIN;
	if (w->end_min - w->start_min == DAY_MIN)
		length = DAY_MIN;
	int32_t minute = inside || length == DAY_MIN
				 ? w->start_min + (int32_t)cell_draw(c, (uint32_t)length)
				 : w->end_min + (int32_t)cell_draw(c, (uint32_t)(DAY_MIN - length));
	struct civil midnight = {
		2024 + (int32_t)cell_draw(c, 5), 1 + (int32_t)cell_draw(c, 12), 1, 0, 0, 0, 0
	};
	int64_t day_ms = DAY_MIN * MINUTE_MS;
	c->question.now = (struct moment){
		.wall_ms = civil_to_ms(&midnight, RULES_OFFSET_MIN) + cell_draw(c, 28) * day_ms +
			   minute % DAY_MIN * MINUTE_MS + cell_draw(c, 60000),
		.utc_offset_min = RULES_OFFSET_MIN,
		.clock_trusted = !cell_clock_doubtful(c),
	};
}

static bool set_all(struct cell *c)
{
	const struct digit *last = c->checks ? &c->digit[c->checks - 1] : NULL;

	set_present(c, !last || last->check != CHECK_WINDOW || last->value == 0);
	c->question.lifted = cell_authority(c);
	for (uint32_t check = 0; check < CHECK_COUNT_; check++)
		cell_set_garbage(c, check);
	for (int d = 0; d < c->checks; d++)
		set_fact(c, &c->digit[d]);
	return true;
}

void cell_set_number(struct cell *c, size_t n)
{
	for (int d = 0; d < c->digits; d++) {
		c->digit[d].value = (uint32_t)(n % c->digit[d].count);
		n /= c->digit[d].count;
	}
	set_all(c);
}

bool cell_advance(struct cell *c)
{
	int d = 0;

	while (d < c->digits && ++c->digit[d].value == c->digit[d].count)
		c->digit[d++].value = 0;
	if (d == c->digits)
		return false;
	if (d >= c->checks || c->digit[d].check == CHECK_WINDOW)
		return set_all(c);
	for (; d >= 0; d--)
		set_fact(c, &c->digit[d]);
	return true;
}
