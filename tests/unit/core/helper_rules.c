/*
 * The laws. Each is judged at every combination; those of the neighbours against answers kept.
 */
#include "tests/unit/core/helper_rules.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/words.h"
#include "tests/unit/core/helper_rules_cell.h"

#define SAMPLE_EVERY 61 /* combinations between two tries of memory and irrelevant facts */
#define TWIN_SAMPLES 2000

const char *const LAW_TEXT[LAW_COUNT_] = {
	[LAW_DEFAULT_REFUSE] = "default is refuse",
	[LAW_NOTHING_MISSING] = "admitted only with nothing missing",
	[LAW_NOTHING_NEEDLESS] = "nobody refused without need",
	[LAW_REFUSAL_STANDS] = "a refusal stands until lifted",
	[LAW_WORSE_IS_NOT_BETTER] = "a worse fact permits no more",
	[LAW_LESS_AUTHORITY] = "less authority permits no more",
	[LAW_DOUBTFUL_CLOCK] = "a doubtful clock permits no more",
	[LAW_STRICTEST] = "the strictest finding decides",
	[LAW_ALL_REASONS] = "all reasons and no other",
	[LAW_REASON_STANDS] = "a refusal has a standing reason",
	[LAW_CLAUSE] = "every reason cites a clause",
	[LAW_DOUBT_SAID] = "doubt is said",
	[LAW_PASS] = "a pass only for who may pass",
	[LAW_IRRELEVANT] = "what is not asked changes nothing",
	[LAW_FUNCTION] = "same question, same bytes",
};

static void broke(struct cell *c, enum law law, bool kept)
{
	if (kept || c->proof->broken[law]++ != 0)
		return;
	size_t n = 0;
	char *at = c->proof->first[law];
	snprintf(at, sizeof(c->proof->first[law]), "%s %s %s:", LEVEL_WORD[c->question.level],
		 CLASS_WORD[c->question.person_class], DIRECTION_WORD[c->question.direction]);
	for (int d = 0; d < c->digits && (n = strlen(at)) + 4 < sizeof(c->proof->first[law]); d++)
		snprintf(at + n, sizeof(c->proof->first[law]) - n, " %u", c->digit[d].value);
}

/* What the state of a check amounts to under this clock and for this rule. */
static enum state effective(const struct cell *c, const struct digit *d)
{
	enum state state = d->state[d->value];
	bool aged = c->book->max_age_min[d->check] != 0;

	if (d->check == CHECK_WINDOW)
		return cell_clock_doubtful(c) || c->rule->window == 0 ? UNKNOWN : state;
	if (cell_clock_doubtful(c) && aged && state != BAD)
		return UNKNOWN;
	if (state >= RANK_NONE)
		return state - RANK_NONE < c->rule->approver ? UNKNOWN : GOOD;
	return state;
}

/* True when the book names who may set a bad finding aside, and that authority did. */
static bool set_aside(const struct cell *c, const struct digit *d)
{
	bool home = d->check == CHECK_TEMPERATURE && c->rule->fever_home;
	enum lift lift = home ? LIFT_GUARD : c->book->check_lift[d->check];
	return effective(c, d) == BAD && lift != LIFT_NOBODY && cell_authority(c) >= lift;
}

static bool refuses(const struct cell *c)
{
	return c->rule->verdict < VERDICT_REFER;
}

static bool refusal_lifted(const struct cell *c)
{
	return c->rule->lift != LIFT_NOBODY && cell_authority(c) >= c->rule->lift;
}

static int permission(uint8_t verdict)
{
	return verdict == VERDICT_TURN_BACK ? VERDICT_REFUSE : verdict; /* neither passes */
}

static void judge_reasons(struct cell *c, const struct decision *d)
{
	int n = refuses(c) ? 1 : 0, standing = 0;
	bool in_order = true;

	for (uint32_t check = 0; check < CHECK_COUNT_ && (!refuses(c) || refusal_lifted(c));
	     check++)
		for (int i = 0; i < c->checks; i++)
			if (c->digit[i].check == check && effective(c, &c->digit[i]) != GOOD) {
				in_order &= n < d->reason_count && d->reasons[n].check == check;
				n++;
			}
	broke(c, LAW_ALL_REASONS, in_order && n == d->reason_count);
	for (int i = 0; i < d->reason_count; i++) {
		const struct reason *r = &d->reasons[i];
		bool by_right = r->lift != LIFT_NOBODY && cell_authority(c) >= r->lift;
		standing += !r->lifted;
		broke(c, LAW_CLAUSE,
		      r->clause[0] != '\0' && r->code != REASON_NONE && r->code < REASON_COUNT_ &&
			      r->lift < LIFT_COUNT_ && (!r->lifted || by_right));
	}
	broke(c, LAW_REASON_STANDS, d->verdict == VERDICT_ADMIT ? standing == 0 : standing > 0);
}

static void judge_verdict(struct cell *c, const struct decision *d)
{
	bool missing = false, timed = false, by_order = cell_authority(c) == LIFT_HEADQUARTERS;
	bool asked = !refuses(c) || refusal_lifted(c);

	for (int i = 0; i < c->checks && asked; i++) {
		const struct digit *x = &c->digit[i];
		enum state state = x->state[x->value];
		missing |= effective(c, x) != GOOD && !set_aside(c, x);
		timed |= x->check == CHECK_WINDOW ||
			 (c->book->max_age_min[x->check] != 0 && state != BAD && state != UNKNOWN);
		by_order |= state == RANK_HEADQUARTERS;
	}
	bool admitted = d->verdict == VERDICT_ADMIT;
	broke(c, LAW_NOTHING_MISSING, !admitted || !missing);
	broke(c, LAW_NOTHING_NEEDLESS, admitted || missing || !asked);
	broke(c, LAW_REFUSAL_STANDS, asked || d->verdict == c->rule->verdict);
	broke(c, LAW_DOUBT_SAID, d->clock_doubtful == (cell_clock_doubtful(c) && timed));
	bool pass = d->verdict >= VERDICT_REFER;
	broke(c, LAW_PASS,
	      d->pass.valid_min == (pass ? c->rule->pass.valid_min : 0) &&
		      d->pass.uses == (pass ? c->rule->pass.uses : 0));
	c->proof->combinations++;
	c->proof->admitted += admitted;
	c->sum->tried++;
	c->sum->admitted += admitted;
	c->sum->delayed += !admitted;
	c->sum->without_headquarters += admitted && !by_order;
}

/* Holds a combination against those that are better in one respect only. */
static void judge_neighbours(struct cell *c, size_t n)
{
	int own = permission(c->verdicts[n]);
	size_t fixed = n - n % c->digit[c->checks].weight;
	uint8_t strictest = c->verdicts[fixed];

	for (int i = 0; i < c->digits; i++) {
		const struct digit *d = &c->digit[i];
		if (d->value == 0)
			continue;
		int better = permission(c->verdicts[n - d->weight]);
		if (i == c->checks) {
			broke(c, LAW_DOUBTFUL_CLOCK,
			      own != VERDICT_ADMIT || better == VERDICT_ADMIT);
			continue;
		}
		if (i > c->checks) {
			broke(c, LAW_LESS_AUTHORITY, own <= better);
			continue;
		}
		uint8_t alone = c->verdicts[fixed + d->value * d->weight];
		strictest = alone < strictest ? alone : strictest;
		/* Two ways to be less than good, not a better and a worse one: old and missing. */
		if (d->state[d->value] == UNKNOWN && d->state[d->value - 1] == STALE)
			better = permission(c->verdicts[n - 2 * d->weight]);
		/* A bad finding that somebody entitled has set aside by name weighs no more. */
		broke(c, LAW_WORSE_IS_NOT_BETTER, own <= better || set_aside(c, d));
	}
	/* To a doubtful clock nothing with a time is good, so there nothing stands alone. */
	broke(c, LAW_STRICTEST, cell_clock_doubtful(c) || c->verdicts[n] == strictest);
}

/* Fills the stack the engine is about to use. */
static __attribute__((noinline)) void paint(int byte)
{
	volatile uint8_t stack[4096];

	for (size_t i = 0; i < sizeof(stack); i++)
		stack[i] = (uint8_t)byte;
}

static void try_again(struct cell *c, const struct decision *first)
{
	struct decision again;
	struct question copy = c->question;

	memset(&again, 0x5A, sizeof(again));
	paint(0xA5);
	again = c->decide(c->book, &copy);
	broke(c, LAW_FUNCTION, memcmp(first, &again, sizeof(again)) == 0);
	for (uint32_t check = 0; check < CHECK_COUNT_; check++)
		if (!(c->demanded & 1U << check) || check == CHECK_WINDOW)
			cell_set_garbage(c, check);
	paint(0);
	again = c->decide(c->book, &c->question);
	broke(c, LAW_IRRELEVANT, memcmp(first, &again, sizeof(again)) == 0);
}

static void try_one(struct cell *c, size_t n)
{
	struct decision d = c->decide(c->book, &c->question);

	judge_verdict(c, &d);
	judge_reasons(c, &d);
	if (c->verdicts) {
		c->verdicts[n] = (uint8_t)d.verdict;
		judge_neighbours(c, n);
	}
	if (n % SAMPLE_EVERY == 0)
		try_again(c, &d);
}

static void try_cell(struct cell *c, bool twin)
{
	cell_lay_out(c);
	if (twin && c->total > TWIN_SAMPLES) {
		for (int i = 0; i < TWIN_SAMPLES; i++) {
			size_t n = (size_t)cell_draw(c, UINT32_MAX) % c->total;
			cell_set_number(c, n);
			try_one(c, n);
		}
		return;
	}
	c->verdicts = calloc(c->total, 1);
	assert(c->verdicts);
	cell_set_number(c, 0);
	size_t n = 0;
	do
		try_one(c, n++);
	while (cell_advance(c));
	assert(n == c->total);
	free(c->verdicts);
}

static void try_no_rule(struct cell *c)
{
	for (c->question.lifted = 0; c->question.lifted < LIFT_COUNT_; c->question.lifted++) {
		rules_facts_good(c->facts, RULES_NOW_MS);
		struct decision d = c->decide(c->book, &c->question);
		broke(c, LAW_DEFAULT_REFUSE,
		      d.verdict == VERDICT_REFUSE && d.reason_count == 1 &&
			      d.reasons[0].code == REASON_NO_RULE && !d.reasons[0].lifted);
		c->proof->combinations++;
	}
}

static const struct rule *rule_number(const struct rulebook *book, int n)
{
	return &(&book->rules[0][0][0])[n];
}

/* An earlier cell with the same rule: the engine looks at the cell for nothing else. */
static bool has_twin(const struct rulebook *book, int n)
{
	for (int i = 0; i < n; i++)
		if (memcmp(rule_number(book, i), rule_number(book, n), sizeof(struct rule)) == 0)
			return true;
	return false;
}

static int64_t stopwatch_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void proof_run(struct proof *proof, const struct rulebook *book, decide_fn decide)
{
	const int classes = CLASS_COUNT_, directions = DIRECTION_COUNT_;
	int64_t began = stopwatch_ms();

	memset(proof, 0, sizeof(*proof));
	for (int n = 0; n < LEVEL_COUNT_ * classes * directions; n++) {
		const struct rule *rule = rule_number(book, n);
		struct cell c = { .proof = proof,
				  .book = book,
				  .rule = rule,
				  .decide = decide,
				  .random = (uint64_t)n };
		c.question = rules_ask(c.facts, (enum level)(n / (classes * directions)),
				       (enum person_class)(n / directions % classes),
				       (enum direction)(n % directions));
		c.sum = &proof->cell[c.question.level][c.question.person_class]
				    [c.question.direction];
		c.demanded = rule->required | (rule->window ? 1U << CHECK_WINDOW : 0) |
			     (rule->approver ? 1U << CHECK_APPROVAL : 0);
		bool twin = has_twin(book, n);
		proof->cells++;
		proof->twins += twin;
		if (rule->present)
			try_cell(&c, twin);
		else
			try_no_rule(&c);
	}
	proof->took_ms = stopwatch_ms() - began;
}

bool proof_report(const struct proof *proof, const char *title)
{
	bool whole = true;

	printf("%s: %u cells (%u sampled as the same rule), %llu combinations, %llu admitted, "
	       "%lld ms\n",
	       title, proof->cells, proof->twins, (unsigned long long)proof->combinations,
	       (unsigned long long)proof->admitted, (long long)proof->took_ms);
	for (int law = 0; law < LAW_COUNT_; law++) {
		if (proof->broken[law] == 0)
			continue;
		whole = false;
		printf("  \"%s\" broken %llu times, first at %s\n", LAW_TEXT[law],
		       (unsigned long long)proof->broken[law], proof->first[law]);
	}
	return whole;
}
