/*
 * The clock set or confirmed by a person who has looked at another one. The event says who, and by
 * how much the clock was moved; from then on it is believed, and what comes after counts from here.
 */
#include <string.h>

#include "app.h"
#include "base/log.h"

static void settled(struct app *app, int64_t step_ms, enum note note)
{
	app_record(app, ENTRY_CLOCK, FOR_RECORD, NULL, step_ms, "confirmed");
	app_keep_clock(app);
	app->session.note = note;
}

void app_clock_set(struct app *app)
{
	struct session *s = &app->session;
	int64_t step_ms = s->clock_ms - app_wall(app);
	int err = clock_set(&app->clock, s->clock_ms);

	if (err) {
		log_warn("the clock is not set: %s", strerror(-err));
		s->note = NOTE_CLOCK_DENIED;
		return;
	}
	log_info("the clock was set, by %lld ms", (long long)step_ms);
	memset(s->entry, 0, sizeof(s->entry));
	settled(app, step_ms, NOTE_CLOCK_SET);
}

void app_clock_confirm(struct app *app)
{
	if (clock_confirm(&app->clock))
		settled(app, 0, NOTE_CLOCK_CONFIRMED);
	else
		app->session.note = NOTE_CLOCK_NEVER;
}
