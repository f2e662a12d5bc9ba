#include "core/sounds.h"

#include <string.h>

#include "base/civil.h"
#include "base/text.h"
#include "core/days.h"
#include "core/session.h"
#include "core/words.h"

#define DAY_MIN 1440
#define MINUTE_MS INT64_C(60000)
#define SAMPLE_BYTES 2
#define SECOND_BYTES (SOUND_RATE_HZ * SAMPLE_BYTES)

static const char *const LANGUAGE[LANGUAGE_COUNT_] = { "zh/", "en/" };

bool sound_call(struct sound *s, const char *name)
{
	s->clip = NULL;
	if (!pack_name_fit(name))
		return false;
	memmove(s->name, name, strlen(name) + 1);
	for (int l = 0; l < LANGUAGE_COUNT_; l++) {
		size_t len = strlen(LANGUAGE[l]);
		if (strncmp(name, LANGUAGE[l], len) != 0)
			continue;
		s->language = (enum language)l;
		s->clip = s->name + len;
	}
	return s->clip && s->clip[0] && !strchr(s->clip, '/');
}

static bool is_said(const char *clip)
{
	for (enum clip c = CLIP_NONE + 1; c < CLIP_COUNT_; c++)
		if (strcmp(clip, clip_name(c)) == 0)
			return true;
	for (int i = 0; strncmp(clip, "reason-", 7) == 0 && i < REASON_COUNT_; i++)
		if (REASON_WORD[i] && strcmp(clip + 7, REASON_WORD[i]) == 0)
			return true;
	return false;
}

static bool day_fit(int32_t day)
{
	return day == 0 || (day >= 20000101 && day <= 99991231 &&
			    civil_date_exists(day / 10000, day / 100 % 100, day % 100));
}

static bool times_fit(const struct sound *s)
{
	if (s->time_count < 0 || s->time_count > SOUND_TIMES_MAX)
		return false;
	for (int i = 0; i < s->time_count; i++)
		if (s->times_min[i] < 0 || s->times_min[i] >= DAY_MIN ||
		    (i > 0 && s->times_min[i] <= s->times_min[i - 1]))
			return false;
	return true;
}

bool sound_fit(const struct sound *s, char *why, size_t cap)
{
	struct sound called = { .from = 0 };
	size_t most = s->time_count > 0 ? SOUND_BROADCAST_MAX_S : SOUND_ANNOUNCEMENT_MAX_S;

	if (!sound_call(&called, s->name))
		text_format(why, cap, "its name is not zh/ or en/ and a word of a-z 0-9 -");
	else if (!times_fit(s))
		text_format(why, cap, "it has up to %d times of the day, each later than the last",
			    SOUND_TIMES_MAX);
	else if (!day_fit(s->from) || !day_fit(s->until) ||
		 (s->from && s->until && s->until < s->from))
		text_format(why, cap,
			    "its first and last day are not days of the calendar in "
			    "their order");
	else if (s->time_count == 0 && (s->from || s->until))
		text_format(why, cap, "an announcement has no days; a broadcast has times");
	else if (s->time_count == 0 && !is_said(called.clip))
		text_format(why, cap,
			    "no announcement is called %s, and without times it is no "
			    "broadcast",
			    called.clip);
	else if (s->time_count > 0 && is_said(called.clip))
		text_format(why, cap, "%s is an announcement: a broadcast has a name of its own",
			    called.clip);
	else if (s->len_bytes == 0 || s->len_bytes % SAMPLE_BYTES ||
		 s->len_bytes > most * SECOND_BYTES)
		text_format(why, cap, "it is empty or longer than %zu seconds", most);
	else
		return true;
	return false;
}

static bool take_sound(const struct pack_item *item, struct sound *s)
{
	struct reader r = { .data = item->bytes, .len = item->len };
	bool called = sound_call(s, item->name);
	uint64_t from = read_uint(&r, 4), until = read_uint(&r, 4), count = read_uint(&r, 1);

	if (!called || from > INT32_MAX || until > INT32_MAX || count > SOUND_TIMES_MAX)
		return false;
	s->from = (int32_t)from;
	s->until = (int32_t)until;
	s->time_count = (int32_t)count;
	for (uint64_t i = 0; i < count; i++)
		s->times_min[i] = (int32_t)read_uint(&r, 2);
	s->len_bytes = r.bad ? 0 : r.len - r.at;
	s->samples = read_bytes(&r, s->len_bytes);
	return !r.bad;
}

static bool take_all(struct sounds *list, const struct pack *pack, char *why, size_t cap)
{
	char problem[160];

	if (pack->count > SOUNDS_MAX) {
		text_format(why, cap, "more than %d sounds", SOUNDS_MAX);
		return false;
	}
	for (; list->count < pack->count; list->count++) {
		struct sound *s = &list->items[list->count];
		text_format(problem, sizeof(problem), "is not a sound");
		if (!take_sound(&pack->items[list->count], s) ||
		    !sound_fit(s, problem, sizeof(problem))) {
			text_format(why, cap, "sound %s: %s", pack->items[list->count].name,
				    problem);
			return false;
		}
	}
	return true;
}

bool sounds_decode(struct sounds *list, const void *bytes, size_t len, char *why, size_t cap)
{
	struct pack pack;

	memset(list, 0, sizeof(*list));
	text_format(why, cap, "is not a file of sounds");
	if (pack_open(&pack, SOUNDS_MAGIC, bytes, len) && take_all(list, &pack, why, cap))
		return true;
	memset(list, 0, sizeof(*list));
	return false;
}

/* As pack_put, but the body is written where it stands. */
static void put_sound(struct writer *w, const struct sound *s)
{
	size_t fixed = 9 + 2 * (size_t)s->time_count;

	write_uint(w, strlen(s->name), 1);
	write_bytes(w, s->name, strlen(s->name));
	write_uint(w, fixed + s->len_bytes, 4);
	write_uint(w, (uint64_t)s->from, 4);
	write_uint(w, (uint64_t)s->until, 4);
	write_uint(w, (uint64_t)s->time_count, 1);
	for (int i = 0; i < s->time_count; i++)
		write_uint(w, (uint64_t)s->times_min[i], 2);
	write_bytes(w, s->samples, s->len_bytes);
}

/* The next by name after this one; NULL: there is none. */
static const struct sound *next_by_name(const struct sounds *list, const char *after)
{
	const struct sound *best = NULL;

	for (int i = 0; i < list->count; i++) {
		const struct sound *s = &list->items[i];
		if (strcmp(s->name, after) > 0 && (!best || strcmp(s->name, best->name) < 0))
			best = s;
	}
	return best;
}

size_t sounds_encode(const struct sounds *list, void *out, size_t cap)
{
	struct writer w = { .data = out, .cap = cap };
	const struct sound *s = NULL;
	char why[160];
	int count = 0;

	pack_begin(&w, SOUNDS_MAGIC, list->count);
	while ((s = next_by_name(list, s ? s->name : ""))) {
		if (!sound_fit(s, why, sizeof(why)))
			return 0;
		put_sound(&w, s);
		count++;
	}
	return w.bad || count != list->count ? 0 : w.len;
}

int32_t sound_duration_ms(const struct sound *s)
{
	return (int32_t)((int64_t)s->len_bytes * 1000 / SECOND_BYTES);
}

static bool is_quiet(const struct quiet *q, int32_t minute)
{
	if (q->from_min <= q->until_min)
		return minute >= q->from_min && minute < q->until_min;
	return minute >= q->from_min || minute < q->until_min;
}

static bool is_day_of(const struct sound *s, int64_t wall_ms, int32_t offset_min)
{
	struct civil c = civil_from_ms(wall_ms, offset_min);
	int32_t day = c.year * 10000 + c.month * 100 + c.day;

	return s->from <= day && (s->until == 0 || day <= s->until);
}

/* Today's times and, shortly after midnight, yesterday's. */
int64_t sound_due_ms(const struct sound *s, const struct quiet *quiet, const struct moment *now)
{
	int64_t midnight = civil_day_start_ms(now->wall_ms, now->utc_offset_min), best = 0;

	if (!now->clock_trusted)
		return 0;
	for (int i = 0; i < s->time_count; i++)
		for (int back = 0; back <= 1; back++) {
			int64_t due = midnight + (s->times_min[i] - back * DAY_MIN) * MINUTE_MS;
			bool late = now->wall_ms - due >= SOUND_LATE_MIN * MINUTE_MS;
			if (due <= now->wall_ms && !late && due > best &&
			    !is_quiet(quiet, s->times_min[i]) &&
			    is_day_of(s, due, now->utc_offset_min))
				best = due;
		}
	return best;
}
