/*
 * Forehead screening as a procedure with doubts: several steady samples make a value; too cold is
 * not a result; a high value is taken again after a rest; still high goes to a guard's clinical
 * thermometer. A machine alone never calls it fever. Pure; time is an argument.
 *
 *   SAMPLING --steady, normal--> NORMAL
 *   SAMPLING --steady, high--> AGAIN --second_after--> SECOND --steady, normal--> NORMAL
 *                                                      SECOND --steady, high--> SUSPECT
 *   any sampling: too cold or unsteady -> stays, note INVALID; no sensor -> NO_SENSOR until it
 * answers
 */
#ifndef CORE_FEVER_H
#define CORE_FEVER_H

#include "core/rules.h"

enum fever_state {
	FEVER_OFF,
	FEVER_SAMPLING,
	FEVER_AGAIN,
	FEVER_SECOND,
	FEVER_NO_SENSOR,
	FEVER_NORMAL, /* decided: a result below the threshold */
	FEVER_SUSPECT, /* decided: twice high */
	FEVER_STATE_COUNT_
};

#define FEVER_SAMPLES 3 /* this many in a row … */
#define FEVER_STEADY_CENTI_C 20 /* … within this span make a value */
#define FEVER_SAMPLE_MS 250
#define FEVER_OBJECT_MIN_CENTI_C 3000
#define FEVER_OBJECT_MAX_CENTI_C 4300

struct fever {
	enum fever_state state;
	int64_t again_at_ms; /* AGAIN: when the second sample starts */
	int32_t samples[FEVER_SAMPLES];
	int32_t sample_count;
	bool invalid; /* the last value was not a result */
	int64_t started_ms;
	struct temperature result;
};

/* What the sensor said. */
struct fever_sample {
	bool present; /* the sensor answered */
	bool valid; /* with a value */
	int32_t object_centi_c, ambient_centi_c;
};

void fever_start(struct fever *fever, int64_t now_ms);
/* Takes one sample; no effect once decided or off. */
void fever_sample(struct fever *fever, const struct rulebook *book,
		  const struct fever_sample *sample, int64_t now_ms);
/* When the next sample is wanted; INT64_MAX when none is. */
int64_t fever_due_ms(const struct fever *fever, int64_t last_sample_ms);

/* The temperature fact from a visit's readings: clinical decides; else screened normal is good,
 * high is unknown. */
struct fact fever_fact(const struct rulebook *book, const struct temperature *t, int64_t wall_ms);

#endif
