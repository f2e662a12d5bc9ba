/*
 * From facts to a verdict. The rulebook is data (assets/rulebooks, read by settings/rulebook.c);
 * this engine is pure and total: no allocation, and the same facts give the same decision on every
 * machine. Default is refuse. Unknown, missing and stale facts never count as good. All reasons are
 * given, not only the first.
 */
#ifndef CORE_RULES_H
#define CORE_RULES_H

#include "core/types.h"

#define WINDOWS_MAX 8

/* Hours of a day, minutes since midnight; end before start runs across midnight. */
struct window {
	char name[24];
	int32_t start_min, end_min; /* start included, end not */
};

/* One rule: what a class may do in a direction at a level. */
struct rule {
	bool present;
	enum verdict verdict; /* ADMIT: after the checks; REFUSE or TURN_BACK: whatever they say */
	enum reason_code reason; /* of a refusing rule */
	enum lift lift; /* of a refusing rule: who may let pass nevertheless; NOBODY: none */
	char clause[CLAUSE_BYTES];
	uint32_t required; /* bit (1 << enum check) */
	enum approver approver; /* least approval that CHECK_APPROVAL accepts */
	uint8_t window; /* 1 + index into windows, 0 = at any hour */
	bool fever_home; /* a high temperature goes home and is reported, instead of being refused
			  */
	bool recorded_after; /* passes at once, facts are written down afterwards (ambulance) */
	struct pass_terms pass;
};

struct rulebook {
	char title[64];
	int32_t version;
	int32_t plan; /* 1..4: a plan's own book; 0: joins them */
	struct rule rules[LEVEL_COUNT_][CLASS_COUNT_][DIRECTION_COUNT_];
	char check_clause[CHECK_COUNT_][CLAUSE_BYTES];
	enum lift check_lift[CHECK_COUNT_]; /* who may lift a bad finding; NOBODY by default */
	char fever_home_clause[CLAUSE_BYTES]; /* cited where a rule sends a high temperature home */
	int32_t max_age_min[CHECK_COUNT_]; /* older facts are stale; 0: age does not matter */
	int32_t window_count;
	struct window windows[WINDOWS_MAX];

	/* Temperature: the plans give no number, every one is a setting (practice: noted in the
	 * file). */
	int32_t fever_centi_c; /* at or above: high */
	int32_t too_cold_centi_c; /* below: not a result */
	int32_t ambient_min_centi_c, ambient_max_centi_c;
	int32_t second_after_ms; /* rest before the second sample */
	int32_t rest_ms; /* rest before the clinical reading */

	/* Gate timing. */
	int32_t gate_open_ms; /* how long the line stays released waiting for the beam */
	int32_t gate_closing_ms;

	/* Going out: n persons per d days, at most m minutes; 0 persons = no quota (2·四). */
	int32_t quota_persons, quota_days, quota_minutes;
	/* Monitoring of returnees (2·六). */
	int32_t monitoring_days, test_every_days;
};

/* What is asked. */
struct question {
	enum level level;
	enum person_class person_class;
	enum direction direction;
	const struct fact *facts; /* CHECK_COUNT_ of them; CHECK_WINDOW is not read */
	enum lift lifted; /* highest authority that lifts for this person, recorded elsewhere by
			     name */
	struct moment now;
};

/* Never fails: what cannot be evaluated refuses and says so. */
struct decision rules_decide(const struct rulebook *book, const struct question *question);

/* True when the rule refuses this class outright, whatever the checks would say. */
bool rules_class_refused(const struct rulebook *book, enum level level,
			 enum person_class person_class, enum direction direction);

/* The checks the rule asks for, said or implied, as bits; none where there is no rule. */
uint32_t rules_required(const struct rulebook *book, enum level level,
			enum person_class person_class, enum direction direction);

/* Checks a guard establishes for this class (attests), as bits, in the order they are asked. */
uint32_t rules_guard_checks(const struct rulebook *book, enum level level,
			    enum person_class person_class, enum direction direction);

/* True when wall_ms lies within the window at the offset. */
bool window_contains(const struct window *window, int64_t wall_ms, int32_t utc_offset_min);

#endif
