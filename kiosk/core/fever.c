#include "core/fever.h"

#include <string.h>

void fever_start(struct fever *fever, int64_t now_ms)
{
	*fever = (struct fever){ .state = FEVER_SAMPLING, .started_ms = now_ms };
}

int64_t fever_due_ms(const struct fever *fever, int64_t last_sample_ms)
{
	switch (fever->state) {
	case FEVER_SAMPLING:
	case FEVER_SECOND:
	case FEVER_NO_SENSOR:
		return last_sample_ms + FEVER_SAMPLE_MS;
	case FEVER_AGAIN:
		return fever->again_at_ms;
	case FEVER_OFF:
	case FEVER_NORMAL:
	case FEVER_SUSPECT:
	case FEVER_STATE_COUNT_:
		break;
	}
	return INT64_MAX;
}

/* True when FEVER_SAMPLES in a row lie close together; *value is their middle one. */
static bool steady(const struct fever *fever, int32_t *value)
{
	if (fever->sample_count < FEVER_SAMPLES)
		return false;
	int32_t low = fever->samples[0], high = fever->samples[0], sum = 0;
	for (int i = 0; i < FEVER_SAMPLES; i++) {
		low = fever->samples[i] < low ? fever->samples[i] : low;
		high = fever->samples[i] > high ? fever->samples[i] : high;
		sum += fever->samples[i];
	}
	*value = sum - low - high;
	static_assert(FEVER_SAMPLES == 3, "the middle of three is the sum without the ends");
	return high - low <= FEVER_STEADY_CENTI_C;
}

static void push(struct fever *fever, int32_t value)
{
	if (fever->sample_count == FEVER_SAMPLES) {
		memmove(fever->samples, fever->samples + 1,
			sizeof(fever->samples[0]) * (FEVER_SAMPLES - 1));
		fever->sample_count--;
	}
	fever->samples[fever->sample_count++] = value;
}

static void take_value(struct fever *fever, const struct rulebook *book, int32_t value,
		       int32_t ambient, int64_t now_ms)
{
	bool second = fever->state == FEVER_SECOND;

	value = (value + 5) / 10 * 10; /* a tenth of a degree is shown, so a tenth decides */
	fever->sample_count = 0;
	fever->result.attempts++;
	fever->result.ambient_centi_c = ambient;
	fever->invalid = value < book->too_cold_centi_c;
	if (fever->invalid)
		return;
	if (second)
		fever->result.second_centi_c = value;
	else
		fever->result.first_centi_c = value;
	if (value < book->fever_centi_c) {
		fever->state = FEVER_NORMAL;
	} else if (second) {
		fever->state = FEVER_SUSPECT;
	} else {
		fever->state = FEVER_AGAIN;
		fever->again_at_ms = now_ms + book->second_after_ms;
	}
}

void fever_sample(struct fever *fever, const struct rulebook *book,
		  const struct fever_sample *sample, int64_t now_ms)
{
	if (fever->state == FEVER_AGAIN && now_ms >= fever->again_at_ms)
		fever->state = FEVER_SECOND;
	if (fever->state != FEVER_SAMPLING && fever->state != FEVER_SECOND &&
	    fever->state != FEVER_NO_SENSOR)
		return;
	if (!sample->present) {
		/* A sensor lost before the second sample leaves the first one to the guard. */
		fever->state = fever->result.first_centi_c ? FEVER_SUSPECT : FEVER_NO_SENSOR;
		fever->sample_count = 0;
		return;
	}
	if (fever->state == FEVER_NO_SENSOR)
		fever->state = FEVER_SAMPLING;

	bool somebody = sample->valid && sample->object_centi_c >= FEVER_OBJECT_MIN_CENTI_C &&
			sample->object_centi_c <= FEVER_OBJECT_MAX_CENTI_C;
	bool trusted = sample->ambient_centi_c >= book->ambient_min_centi_c &&
		       sample->ambient_centi_c <= book->ambient_max_centi_c;
	if (!somebody || !trusted) {
		fever->sample_count = 0; /* nobody close enough yet, or not a result */
		fever->invalid |= somebody;
		return;
	}
	push(fever, sample->object_centi_c);
	int32_t value;
	if (steady(fever, &value))
		take_value(fever, book, value, sample->ambient_centi_c, now_ms);
	else if (fever->sample_count == FEVER_SAMPLES)
		fever->invalid = true; /* unsteady */
}

static enum finding judge(const struct rulebook *book, int32_t centi_c, enum finding when_high)
{
	if (centi_c >= book->fever_centi_c)
		return when_high;
	return centi_c >= book->too_cold_centi_c ? FINDING_GOOD : FINDING_UNKNOWN;
}

struct fact fever_fact(const struct rulebook *book, const struct temperature *t, int64_t wall_ms)
{
	int32_t screened = t->second_centi_c ? t->second_centi_c : t->first_centi_c;
	struct fact fact = { .wall_ms = wall_ms };

	/* Too cold is not a result, whoever measured: a slip of the guard's finger included. */
	if (t->clinical_centi_c) {
		fact.source = SOURCE_GUARD;
		fact.value = t->clinical_centi_c;
		fact.finding = judge(book, fact.value, FINDING_BAD);
	} else if (screened) {
		fact.source = SOURCE_MACHINE;
		fact.value = screened;
		fact.finding = judge(book, fact.value, FINDING_UNKNOWN);
	}
	return fact;
}
