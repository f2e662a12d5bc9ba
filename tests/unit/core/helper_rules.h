/*
 * Proof by trying: every combination of what a rulebook's rules distinguish is put to the engine,
 * and laws in plain words are held against the answers. The engine comes in as a function, so that
 * deliberately wrong engines can be put in: a law that does not report them proves nothing.
 */
#ifndef TESTS_CORE_HELPER_RULES_H
#define TESTS_CORE_HELPER_RULES_H

#include "core/rules.h"

typedef struct decision (*decide_fn)(const struct rulebook *book, const struct question *question);

enum law {
	LAW_DEFAULT_REFUSE, /* no rule, or one that cannot be read: refused, and said so */
	LAW_NOTHING_MISSING, /* admitted: every demanded check good, fresh, of sufficient rank,
				within its hours, or set aside by whom the book names for it */
	LAW_NOTHING_NEEDLESS, /* the other way: whoever has all that is admitted */
	LAW_REFUSAL_STANDS, /* what a refusing rule refuses passes only with its lift */
	LAW_WORSE_IS_NOT_BETTER, /* good > unknown > bad, fresh > stale, higher > lower rank */
	LAW_LESS_AUTHORITY, /* a lower authority never permits more */
	LAW_DOUBTFUL_CLOCK, /* whom a doubtful clock admits, a trusted one admits too */
	LAW_STRICTEST, /* many findings: the strictest of what each leaves alone */
	LAW_ALL_REASONS, /* one reason for each check that is not good, no other, in order */
	LAW_REASON_STANDS, /* not admitted: one reason at least is not lifted; admitted: none */
	LAW_CLAUSE, /* every reason cites one; has a code; is lifted only by whom it names */
	LAW_DOUBT_SAID, /* clock_doubtful exactly when something with a time was demanded */
	LAW_PASS, /* the rule's pass with ADMIT and REFER, none otherwise */
	LAW_IRRELEVANT, /* what the rule does not demand changes nothing */
	LAW_FUNCTION, /* same question, same bytes, whatever memory held before */
	LAW_COUNT_
};

extern const char *const LAW_TEXT[LAW_COUNT_];

/* What came of one cell of the table. */
struct cell_sum {
	uint64_t tried, admitted;
	uint64_t without_headquarters; /* admitted with neither its lift nor its approval */
	uint64_t delayed; /* not admitted */
};

struct proof {
	uint64_t combinations, admitted;
	int64_t took_ms;
	unsigned cells, twins; /* twin: same rule as an earlier cell, so sampled only */
	uint64_t broken[LAW_COUNT_];
	char first[LAW_COUNT_][80]; /* where a law was broken first */
	struct cell_sum cell[LEVEL_COUNT_][CLASS_COUNT_][DIRECTION_COUNT_];
};

/* Tries the whole book. Deterministic. */
void proof_run(struct proof *proof, const struct rulebook *book, decide_fn decide);

/* Prints the figures and every broken law; true when none is broken. */
bool proof_report(const struct proof *proof, const char *title);

/* A book for the proofs: every kind of rule the engine distinguishes, in few enough combinations
 * for a run of seconds. Not a policy. */
void rules_book_fill(struct rulebook *book);

/* A question about a cell with these facts, on a Monday morning with a trusted clock. */
struct question rules_ask(const struct fact *facts, enum level level, enum person_class class_,
			  enum direction direction);

/* Everything good, of the highest rank, established at now_ms. */
void rules_facts_good(struct fact facts[CHECK_COUNT_], int64_t now_ms);

/* One rule, CLOSED VISITOR IN, which admits and asks for nothing, with good facts to spoil and a
 * morning window, 07:00 to 09:00. The clause of check n is "3·n". */
struct desk {
	struct rulebook book;
	struct rule *rule;
	struct fact facts[CHECK_COUNT_];
	struct question question;
};

void desk_fill(struct desk *desk);

/* 2026-11-23T08:00:00+08:00 */
#define RULES_NOW_MS INT64_C(1795392000000)
#define RULES_OFFSET_MIN 480

#endif
