/*
 * Searching the register: what is typed goes to the worker, and a page of what was found comes
 * back, masked, newest first. The search is made anew for every page, so that a page shows what
 * stands in the register now.
 */
#include <string.h>

#include "app.h"
#include "base/text.h"

void app_search(struct app *app)
{
	struct session *s = &app->session;
	struct job job = { .type = JOB_SEARCH, .purpose = FOR_SCREEN, .skip = s->page * VIEW_ROWS };

	s->busy = true;
	text_copy(job.text, sizeof(job.text), s->search);
	app_submit(app, &job);
	explicit_bzero(&job, sizeof(job));
}

void app_search_answer(struct app *app, const struct job *job)
{
	struct session *s = &app->session;
	bool here = s->screen == SCREEN_SEARCH || s->screen == SCREEN_FOUND;

	if (!here || !s->busy || strcmp(job->text, s->search) != 0)
		return;
	s->busy = false;
	if (job->total == 0 && s->screen == SCREEN_SEARCH) {
		s->note = NOTE_SEARCH_NOBODY;
		return;
	}
	memset(s->rows, 0, sizeof(s->rows));
	s->row_count = job->count;
	s->found_total = job->total;
	s->found_more = job->more;
	s->page_count = (job->total + VIEW_ROWS - 1) / VIEW_ROWS;
	for (int i = 0; i < job->count; i++)
		view_row_make(&s->rows[i], &job->queue[i], &app->book, app_wall(app));
	if (s->screen == SCREEN_SEARCH)
		app_event(app, SESSION_LOADED);
}
