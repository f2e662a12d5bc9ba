/*
 * The office's notices on the board: which of them hold today, and whose turn it is. The part stays
 * in memory as it came; only the picture whose turn it is becomes one of the screen's.
 */
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "base/log.h"
#include "base/text.h"

/* The board's own language: that of whom nobody has asked yet. */
#define FIRST_LANGUAGE LANGUAGE_ZH

static void show(struct app *app)
{
	struct notice_run *run = &app->notices;
	struct notice_shown *shown = &app->board.notice;
	uint32_t picture = shown->picture;

	memset(shown, 0, sizeof(*shown));
	shown->picture = picture;
	run->turn_ms = run->count > 1 ? app_now(app) + NOTICE_TURN_MS : INT64_MAX;
	if (run->count == 0) {
		ui_notice_picture(app->ui, NULL, 0, 0);
		return;
	}
	const struct notice_turn *turn = &run->turns[run->at];
	const struct notice *n = &run->list.items[turn->notice];
	shown->turn = run->at;
	shown->turn_count = run->count;
	shown->kind = notice_kind(n);
	shown->language = turn->language;
	shown->width = n->width;
	shown->height = n->height;
	text_copy(shown->title, sizeof(shown->title), n->title[turn->language]);
	text_copy(shown->text, sizeof(shown->text), n->text[turn->language]);
	ui_notice_picture(app->ui, n->pixels, n->width, n->height);
	shown->picture++;
}

/* With a doubtful clock nobody knows the day. */
static int32_t day_of(const struct app *app)
{
	return app->clock.trusted ? app_today(app) : 0;
}

void app_notices_day(struct app *app)
{
	struct notice_run *run = &app->notices;
	int32_t day = day_of(app);

	if (day == run->day)
		return;
	run->day = day;
	run->count = notices_turns(&run->list, day, FIRST_LANGUAGE, run->turns);
	run->at = 0;
	show(app);
}

void app_notices_turn(struct app *app)
{
	struct notice_run *run = &app->notices;

	run->at = run->count > 0 ? (run->at + 1) % run->count : 0;
	show(app);
}

void app_put_notices(struct app *app, struct job *job)
{
	struct notice_run *run = &app->notices;
	struct part_bytes *part = &job->packs[PART_NOTICES];
	char why[224];

	if (!part->data)
		return;
	app_notices_close(app);
	if (notices_decode(&run->list, part->data, part->len, why, sizeof(why)))
		log_info("%d notices of the office", run->list.count);
	else
		log_error("notices of the office: %s", why);
	run->part = *part;
	*part = (struct part_bytes){ 0 };
	run->day = -1; /* no day: whatever it is, it is another one */
	app_notices_day(app);
}

void app_notices_close(struct app *app)
{
	struct notice_run *run = &app->notices;

	free(run->part.data);
	memset(run, 0, sizeof(*run));
	run->turn_ms = INT64_MAX;
}
