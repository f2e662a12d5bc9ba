/*
 * From facts to a verdict. The rulebook is data (assets/rulebooks, read by kiosk/rulebook.c);
 * this engine is pure and total: the same facts give the same decision on every machine. Default is
 * refuse. Unknown never counts as good. All reasons are given, not only the first.
 */
#ifndef CORE_RULES_H
#define CORE_RULES_H

#include "core/types.h"

/* One rule: what a class may do in a direction at a level. */
struct rule {
	bool present;
	enum verdict verdict; /* ADMIT: after the checks; REFUSE or TURN_BACK: whatever they say */
	enum reason_code reason; /* of a refusing rule */
	char clause[CLAUSE_BYTES];
	uint32_t required; /* bit (1 << enum check) */
	struct pass_terms pass;
};

struct rulebook {
	char title[64];
	int32_t version;
	struct rule rules[LEVEL_COUNT_][CLASS_COUNT_][DIRECTION_COUNT_];
	char check_clause[CHECK_COUNT_][CLAUSE_BYTES];

	/* Temperature: the plans give no number, every one is a setting (practice: standards noted
	 * in the file). */
	int32_t fever_centi_c; /* at or above: high */
	int32_t too_cold_centi_c; /* below: not a result */
	int32_t ambient_min_centi_c, ambient_max_centi_c;
	int32_t second_after_ms; /* rest before the second sample */
	int32_t rest_ms; /* rest before the clinical reading */

	/* Gate timing. */
	int32_t gate_open_ms; /* how long the line stays released waiting for the beam */
	int32_t gate_closing_ms;
};

/* facts has CHECK_COUNT_ elements. Never fails: what cannot be evaluated refuses and says so. */
struct decision rules_decide(const struct rulebook *book, enum level level,
			     enum person_class person_class, enum direction direction,
			     const struct fact *facts);

/* True when the rule refuses this class outright, whatever the checks would say. */
bool rules_class_refused(const struct rulebook *book, enum level level,
			 enum person_class person_class, enum direction direction);

#endif
