/*
 * What is said: announcements, which belong to a step of somebody who stands here, and the office's
 * broadcasts, which are played at their times when nobody is being registered. An announcement
 * always goes first: it breaks a broadcast off, which is then played again from its beginning while
 * it is not too late (core/sounds.h).
 */
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "base/log.h"
#include "base/text.h"
#include "core/words.h"

#define REASONS_SAID 2 /* nobody listens to more */
#define TRY_AGAIN_MS 1000

static const char *const LANGUAGE[LANGUAGE_COUNT_] = { "zh", "en" };

/* A broadcast that is being played is not: it waits to be played again. */
static void silence(struct app *app)
{
	struct sound_run *run = &app->sounds;

	if (run->playing < 0)
		return;
	if (app->speaker)
		speaker_hush(app->speaker);
	log_info("broadcast %s broken off", run->list.items[run->playing].name);
	run->playing = -1;
	run->next_ms = app_now(app) + TRY_AGAIN_MS;
}

static void say(struct app *app, const char *clip)
{
	silence(app);
	text_copy(app->said[app->said_count++ % SAID_MAX], sizeof(app->said[0]), clip);
	if (!app->speaker)
		return;
	int err = speaker_say(app->speaker, LANGUAGE[app->session.language], clip);
	if (err && err != -EBUSY)
		log_warn("announcement %s: %s", clip, strerror(-err));
}

void app_say(struct app *app, enum clip clip)
{
	if (clip != CLIP_NONE)
		say(app, clip_name(clip));
}

void app_say_reasons(struct app *app, const struct decision *decision)
{
	int said = 0;

	for (int i = 0; i < decision->reason_count && said < REASONS_SAID; i++) {
		char clip[40];
		if (decision->reasons[i].lifted)
			continue;
		text_format(clip, sizeof(clip), "reason-%s",
			    REASON_WORD[decision->reasons[i].code]);
		say(app, clip);
		said++;
	}
}

/* Nobody is in the middle of a registration, and there is nothing that matters more. */
static bool may_broadcast(const struct app *app)
{
	const struct session *s = &app->session;

	if (s->screen == SCREEN_EMERGENCY || s->screen == SCREEN_FAULT)
		return false;
	return s->screen == SCREEN_BOARD || s->role != ROLE_NONE;
}

static void begin(struct app *app, int index, int64_t due_ms)
{
	struct sound_run *run = &app->sounds;
	const struct sound *sound = &run->list.items[index];

	text_copy(app->said[app->said_count++ % SAID_MAX], sizeof(app->said[0]), sound->clip);
	int err = app->speaker ? speaker_say(app->speaker, LANGUAGE[sound->language], sound->clip)
			       : 0;
	if (err)
		log_warn("broadcast %s: %s", sound->name, strerror(-err));
	run->playing = index;
	run->playing_ms = due_ms;
	run->next_ms = app_now(app) + sound_duration_ms(sound);
}

/* The next broadcast that is due and not dealt with, or -1. */
static int next_due(const struct app *app, int64_t *due_ms)
{
	const struct sound_run *run = &app->sounds;
	struct moment now = app_moment(app);

	for (int i = 0; i < run->list.count; i++) {
		*due_ms = sound_due_ms(&run->list.items[i], &app->config.quiet, &now);
		if (*due_ms > run->done_ms[i])
			return i;
	}
	return -1;
}

void app_broadcast(struct app *app)
{
	struct sound_run *run = &app->sounds;
	int64_t due_ms;

	if (run->playing >= 0 && app_now(app) < run->next_ms)
		return;
	if (run->playing >= 0)
		run->done_ms[run->playing] = run->playing_ms;
	run->playing = -1;
	run->next_ms = INT64_MAX;
	int index = next_due(app, &due_ms);
	if (index >= 0 && may_broadcast(app))
		begin(app, index, due_ms);
	else if (index >= 0)
		run->next_ms = app_now(app) + TRY_AGAIN_MS;
}

void app_sounds_bring(struct app *app)
{
	const struct sounds *list = &app->sounds.list;
	int err = 0;

	if (!app->speaker)
		return;
	speaker_volume(app->speaker, app->config.volume_percent);
	speaker_forget(app->speaker);
	for (int i = 0; !err && i < list->count; i++)
		err = speaker_bring(app->speaker, LANGUAGE[list->items[i].language],
				    list->items[i].clip, list->items[i].samples,
				    list->items[i].len_bytes, SOUND_RATE_HZ);
	if (err)
		log_error("sounds of the office: %s", strerror(-err));
}

void app_put_sounds(struct app *app, struct job *job)
{
	struct sound_run *run = &app->sounds;
	struct part_bytes *part = &job->packs[PART_SOUNDS];
	struct moment now = app_moment(app);
	char why[224];

	if (!part->data)
		return;
	silence(app);
	app_sounds_close(app);
	if (sounds_decode(&run->list, part->data, part->len, why, sizeof(why)))
		log_info("%d sounds of the office", run->list.count);
	else
		log_error("sounds of the office: %s", why);
	run->part = *part;
	*part = (struct part_bytes){ 0 };
	/* what was to be played before it came here is not made up for */
	for (int i = 0; i < run->list.count; i++)
		run->done_ms[i] = sound_due_ms(&run->list.items[i], &app->config.quiet, &now);
	app_sounds_bring(app);
}

void app_sounds_close(struct app *app)
{
	struct sound_run *run = &app->sounds;

	if (app->speaker)
		speaker_forget(app->speaker);
	free(run->part.data);
	memset(run, 0, sizeof(*run));
	run->playing = -1;
	run->next_ms = INT64_MAX;
}
