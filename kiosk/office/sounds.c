#include "office/sounds.h"

#include <stdlib.h>
#include <string.h>

#include "base/fileio.h"
#include "base/text.h"
#include "codec/wav.h"
#include "core/part.h"
#include "core/sounds.h"
#include "office/options.h"
#include "settings/ini_file.h"

#define WAV_MAX_BYTES ((size_t)64 << 20)

struct writing {
	const char *path;
	struct sounds list;
	struct {
		char file[192]; /* as it stands in the file */
		char *wav; /* malloc'ed; the samples are in it */
	} more[SOUNDS_MAX];
};

static void writing_fini(struct writing *w)
{
	for (int i = 0; i < SOUNDS_MAX; i++)
		free(w->more[i].wav);
}

/* Index of the sound of this section; -1: it cannot be one. */
static int sound_of(struct writing *w, const char *section, char *why, size_t cap)
{
	for (int i = 0; i < w->list.count; i++)
		if (strcmp(w->list.items[i].name, section) == 0)
			return i;
	if (w->list.count == SOUNDS_MAX)
		text_format(why, cap, "more than %d sounds", SOUNDS_MAX);
	else if (!sound_call(&w->list.items[w->list.count], section))
		text_format(why, cap, "[%s]: a sound is called zh/ or en/ and a word of a-z 0-9 -",
			    section);
	else
		return w->list.count++;
	return -1;
}

static bool take_time(struct sound *s, const char *text)
{
	int hour, minute, end = 0;

	if (s->time_count == SOUND_TIMES_MAX || strlen(text) != 5 ||
	    strspn(text, "0123456789:") != 5 ||
	    sscanf(text, "%2d:%2d%n", &hour, &minute, &end) != 2 || end != 5 || hour > 23 ||
	    minute > 59)
		return false;
	s->times_min[s->time_count++] = hour * 60 + minute;
	return true;
}

/* "08:00, 12:00". */
static bool put_times(struct sound *s, const char *value, char *why, size_t cap)
{
	char list[192], *rest = list, *one;
	bool good = s->time_count == 0 && text_copy(list, sizeof(list), value);

	while (good && (one = strsep(&rest, ","))) {
		text_trim(one);
		good = take_time(s, one);
	}
	if (!good)
		text_format(why, cap, "times are written once, as 08:00, 12:00, and at most %d",
			    SOUND_TIMES_MAX);
	return good;
}

static bool put_day(int32_t *day, const char *value, char *why, size_t cap)
{
	if (*day == 0 && office_day(value, day))
		return true;
	text_format(why, cap, "a day is written once, as 2026-11-30");
	return false;
}

static bool take_key(void *ctx, const char *section, const char *key, const char *value, char *why,
		     size_t cap)
{
	struct writing *w = ctx;
	int i = sound_of(w, section, why, cap);

	if (i < 0)
		return false;
	struct sound *s = &w->list.items[i];
	if (strcmp(key, "times") == 0)
		return put_times(s, value, why, cap);
	if (strcmp(key, "from") == 0)
		return put_day(&s->from, value, why, cap);
	if (strcmp(key, "until") == 0)
		return put_day(&s->until, value, why, cap);
	if (strcmp(key, "file") != 0)
		text_format(why, cap, "%s: a sound has file, times, from and until", key);
	else if (w->more[i].file[0] || !value[0] ||
		 !text_copy(w->more[i].file, sizeof(w->more[i].file), value))
		text_format(why, cap, "a file is the name of one file");
	else
		return true;
	return false;
}

static bool add_samples(struct writing *w, int i, FILE *err)
{
	struct sound *s = &w->list.items[i];
	char path[PATH_MAX], why[160];
	struct wav wav;
	size_t len;

	if (!w->more[i].file[0])
		return office_wrong(err, "%s: [%s]: has no file", w->path, s->name);
	if (!office_beside(w->path, w->more[i].file, path, err))
		return false;
	int failed = file_read(path, WAV_MAX_BYTES, &w->more[i].wav, &len);
	if (failed) {
		w->more[i].wav = NULL;
		return office_wrong(err, "%s: %s", path, strerror(-failed));
	}
	if (!wav_read(&wav, w->more[i].wav, len) || wav.rate_hz != SOUND_RATE_HZ)
		return office_wrong(err, "%s: is not a WAV file of 16 bits, mono, %d Hz", path,
				    SOUND_RATE_HZ);
	s->samples = wav.samples;
	s->len_bytes = wav.len_bytes;
	return sound_fit(s, why, sizeof(why)) ||
	       office_wrong(err, "%s: [%s]: %s", w->path, s->name, why);
}

static bool finish(struct writing *w, char **part, size_t *len, FILE *err)
{
	size_t cap = PART[PART_SOUNDS].max_bytes;

	for (int i = 0; i < w->list.count; i++)
		if (!add_samples(w, i, err))
			return false;
	*part = malloc(cap + 1);
	if (!*part)
		return office_wrong(err, "%s: no memory", w->path);
	*len = sounds_encode(&w->list, *part, cap);
	(*part)[*len] = '\0';
	return *len > 0 || office_wrong(err, "%s: all sounds together are longer than %zu seconds",
					w->path, cap / (SOUND_RATE_HZ * 2));
}

bool office_sounds(const char *path, char **part, size_t *len, FILE *err)
{
	struct writing *w = calloc(1, sizeof(*w));
	char message[320];
	bool good = false;

	*part = NULL;
	if (!w)
		return office_wrong(err, "%s: no memory", path);
	w->path = path;
	if (ini_file_read(path, take_key, w, message, sizeof(message)))
		good = finish(w, part, len, err);
	else
		office_wrong(err, "%s", message);
	writing_fini(w);
	free(w);
	return good;
}
