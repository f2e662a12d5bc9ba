/*
 * What the office wants said at the gate (2·十一, 3·二·3 小喇叭广播): recordings that take the
 * place of the announcements this program has, and broadcasts, which are played at their times of
 * the day. They come in a signed bundle (core/part.h) as one pack (core/pack.h); the name of each
 * is its language and its clip, "zh/welcome", and it is
 *
 *   from, until    4 bytes each: yyyymmdd, the first and the last day; 0 = no limit
 *   count          1 byte: how often a day; 0 = an announcement
 *   times          2 bytes each: minutes after midnight, ascending
 *   samples        16 bits each, little-endian, mono, 22050 a second
 *
 * Numbers are big-endian. An announcement has the name of one that this program makes, or nobody
 * would ever hear it, and no days. Pure.
 */
#ifndef CORE_SOUNDS_H
#define CORE_SOUNDS_H

#include "core/pack.h"
#include "core/rules.h"

#define SOUNDS_MAGIC "GHS1"
#define SOUNDS_MAX 48
#define SOUND_RATE_HZ 22050
#define SOUND_TIMES_MAX 12
#define SOUND_ANNOUNCEMENT_MAX_S 10 /* nobody stands at a gate for longer */
#define SOUND_BROADCAST_MAX_S 40
#define SOUND_LATE_MIN 10 /* a broadcast that could not be played for so long is left out */

struct sound {
	char name[PACK_NAME_BYTES]; /* "zh/welcome" */
	enum language language;
	const char *clip; /* behind the language in name: "welcome" */
	int32_t from, until; /* yyyymmdd, both included; 0 = no limit */
	int32_t time_count; /* 0: an announcement */
	int32_t times_min[SOUND_TIMES_MAX];
	const uint8_t *samples; /* inside the part */
	size_t len_bytes;
};

struct sounds {
	int count;
	struct sound items[SOUNDS_MAX]; /* by name */
};

MUST_CHECK bool sound_fit(const struct sound *sound, char *why, size_t cap);

/* Sets name, language and clip; false: it is no name of a sound. The clip points into *sound. */
MUST_CHECK bool sound_call(struct sound *sound, const char *name);

/* False: why says which and what is wrong, and *sounds is empty. Samples stay where they are: bytes
 * must live as long as *sounds. clip points into *sounds: it is not to be copied. */
MUST_CHECK bool sounds_decode(struct sounds *sounds, const void *bytes, size_t len, char *why,
			      size_t cap);

/* Bytes written; 0: it does not fit into cap, one is not fit, or two have one name. items may stand
 * in any order. */
MUST_CHECK size_t sounds_encode(const struct sounds *sounds, void *out, size_t cap);

int32_t sound_duration_ms(const struct sound *sound);

/* The hours in which no broadcast is played, as minutes after midnight; from > until: over
 * midnight; equal: none. */
struct quiet {
	int32_t from_min, until_min;
};

/* The latest time at which this broadcast was to be played, at most SOUND_LATE_MIN ago; wall, 0 =
 * none, or nobody knows what time it is. */
int64_t sound_due_ms(const struct sound *sound, const struct quiet *quiet,
		     const struct moment *now);

#endif
