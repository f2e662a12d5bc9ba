/*
 * A range is a run of events without a gap, because a chain with a hole proves nothing. The wall
 * clock may have been set back between two events: a day's range then begins and ends with the
 * outermost events of the day.
 */
#include "export_plan.h"

#include <stdlib.h>
#include <string.h>

#include "store/entry_codec.h"
#include "store/report.h"

#define ROWS_A_CALL 64

struct scan {
	const struct export_job *job;
	struct export_plan *plan;
	int64_t head_seq, seen_seq;
	uint8_t seen_hash[CHAIN_HASH_BYTES]; /* of the event before this one */
	bool found; /* the range has begun */
	int64_t oldest_ms; /* of the events in it whose clock was trusted */
};

/* An export is named after its last event, "gatehouse-<site>-<date>-<time>-<event>" and perhaps a
 * number behind it (stick/folder.h). 0: some other name, or one of days, which has left something
 * out. */
static int64_t last_event_of(const char *name)
{
	if (strchr(name, ' '))
		return 0;
	for (int dashes = 0; dashes < 4; dashes++) {
		name = strchr(name, '-');
		if (!name)
			return 0;
		name++;
	}
	int64_t seq = strtoll(name, NULL, 10);
	return seq > 0 ? seq : 0;
}

/* What this person's last export ended with becomes the event before the first. */
static int64_t own_export(const struct scan *s, const struct event_row *row)
{
	uint8_t commitment[CHAIN_HASH_BYTES];
	struct entry entry;

	if (row->type != ENTRY_EXPORTED || strcmp(row->actor, s->job->actor) != 0 ||
	    !entry_decode(row->type, row->wall_ms, row->body, row->body_len, &entry, commitment))
		return 0;
	int64_t last = last_event_of(entry.detail);
	return last < row->seq ? last : 0;
}

static void look(struct scan *s, const struct event_row *row)
{
	struct export_plan *plan = s->plan;

	if (s->job->range.scope == EXPORT_SINCE_LAST) {
		int64_t last = own_export(s, row);
		if (last > 0)
			plan->first_seq = last + 1;
		plan->last_seq = row->seq;
		memcpy(plan->head, row->hash, sizeof(plan->head));
		return;
	}
	bool late = row->wall_ms >= s->job->range.from_ms,
	     early = row->wall_ms < s->job->range.until_ms;
	if (late && !s->found) {
		s->found = true;
		plan->first_seq = row->seq;
		plan->last_seq = row->seq - 1;
		memcpy(plan->prev, s->seen_hash, sizeof(plan->prev));
		memcpy(plan->head, s->seen_hash, sizeof(plan->head));
	}
	if (s->found && early) {
		plan->last_seq = row->seq;
		memcpy(plan->head, row->hash, sizeof(plan->head));
	}
}

static int scan_event(void *ctx, const struct event_row *row)
{
	struct scan *s = ctx;

	if (s->job->cancel)
		return -ECANCELED;
	if (row->seq > s->head_seq)
		return 0;
	look(s, row);
	s->seen_seq = row->seq;
	memcpy(s->seen_hash, row->hash, sizeof(s->seen_hash));
	return 0;
}

static int walk(struct register_db *db, const struct export_job *job, int64_t after, int64_t until,
		event_row_fn fn, void *ctx)
{
	while (after < until) {
		int64_t before = after;
		int err = register_events(db, before, ROWS_A_CALL, fn, ctx, &after);
		if (err)
			return err;
		if (after <= before)
			return -EUCLEAN;
		err = export_between(job);
		if (err)
			return err;
	}
	return 0;
}

static int take_prev(void *ctx, const struct event_row *row)
{
	struct export_plan *plan = ctx;

	if (row->seq == plan->first_seq - 1)
		memcpy(plan->prev, row->hash, sizeof(plan->prev));
	return 0;
}

static int choose(struct register_db *db, const struct export_job *job, struct export_plan *plan)
{
	struct scan s = { .job = job, .plan = plan };
	int64_t last;

	register_head(db, &s.head_seq, plan->head);
	plan->first_seq = 1;
	plan->last_seq = s.head_seq;
	if (job->range.scope == EXPORT_EVERYTHING)
		return 0;
	int err = walk(db, job, 0, s.head_seq, scan_event, &s);
	if (err)
		return err;
	if (job->range.scope == EXPORT_DAYS) {
		if (s.found)
			return 0;
		plan->first_seq =
			s.head_seq + 1; /* nothing is that late: an empty run at the end */
		memcpy(plan->prev, plan->head, sizeof(plan->prev));
		return 0;
	}
	if (plan->first_seq == 1)
		return 0;
	return register_events(db, plan->first_seq - 2, 1, take_prev, plan, &last);
}

static int mark(void *ctx, const struct event_row *row)
{
	struct scan *s = ctx;
	struct export_plan *plan = s->plan;
	uint8_t commitment[CHAIN_HASH_BYTES];
	struct entry entry;

	if (s->job->cancel)
		return -ECANCELED;
	if (row->seq > plan->last_seq)
		return 0;
	if (row->clock_trusted && row->wall_ms < s->oldest_ms)
		s->oldest_ms = row->wall_ms;
	if (!entry_has_visit(row->type))
		return 0;
	if (!entry_decode(row->type, row->wall_ms, row->body, row->body_len, &entry, commitment))
		return -EUCLEAN;
	uint64_t id = entry.visit.id;
	if (id == 0 || id > plan->last_visit || plan->touched[id / 8] >> id % 8 & 1)
		return 0;
	plan->touched[id / 8] |= (uint8_t)(1 << id % 8);
	plan->visits++;
	return 0;
}

/* The marks and their outermost ones. */
static int mark_visits(struct register_db *db, const struct export_job *job,
		       struct export_plan *plan)
{
	struct scan s = { .job = job, .plan = plan, .oldest_ms = job->wall_ms };

	plan->touched = calloc(1, (size_t)(plan->last_visit / 8 + 1));
	if (!plan->touched)
		return -ENOMEM;
	int err = walk(db, job, plan->first_seq - 1, plan->last_seq, mark, &s);
	if (err)
		return err;
	plan->from_day = report_day_of(s.oldest_ms, job->utc_offset_min) - REPORT_LOOK_BACK_DAYS;
	while (plan->last_visit > 0 && !export_plan_takes(plan, plan->last_visit))
		plan->last_visit--;
	while (plan->first_visit < plan->last_visit && !export_plan_takes(plan, plan->first_visit))
		plan->first_visit++;
	return 0;
}

static int number(struct register_db *db, const char *sql, int64_t *value)
{
	char text[32];
	int err = register_query_text(db, sql, text, sizeof(text));

	*value = strtoll(text, NULL, 10);
	return err;
}

/*
 * The days that were asked for; of an export since the last one those its events are of, and as
 * many before as a report looks back: their reports may have been signed, or missed, since. Never a
 * day before the register's first or after today.
 */
static int choose_days(struct register_db *db, const struct export_job *job,
		       struct export_plan *plan)
{
	struct report_ask ask = { .now_ms = job->wall_ms, .due_min = job->report_due_min };
	struct report_days days;
	int err = register_report_days(db, &ask, &days);

	if (err)
		return err;
	plan->until_day = days.today;
	if (job->range.scope == EXPORT_DAYS) {
		plan->from_day = report_day_of(job->range.from_ms, job->utc_offset_min);
		int64_t last = report_day_of(job->range.until_ms - 1, job->utc_offset_min);
		plan->until_day = last < days.today ? last : days.today;
	}
	if (job->range.scope == EXPORT_EVERYTHING || plan->from_day < days.first_day)
		plan->from_day = days.first_day;
	return 0;
}

/* Head and last visit are looked up together, before anything else may be recorded. */
int export_plan_make(struct register_db *db, const struct export_job *job, struct export_plan *plan)
{
	int64_t last_visit;

	*plan = (struct export_plan){ .first_visit = 1 };
	int err = number(db, "SELECT coalesce(max(id), 0) FROM visit", &last_visit);
	if (!err)
		err = number(db, "SELECT count(*) FROM visit", &plan->visits);
	if (err)
		return err;
	plan->last_visit = (uint64_t)last_visit;
	err = choose(db, job, plan);
	if (err == 0 && job->range.scope != EXPORT_EVERYTHING) {
		plan->visits = 0;
		err = mark_visits(db, job, plan);
	}
	return err ? err : choose_days(db, job, plan);
}

void export_plan_free(struct export_plan *plan)
{
	free(plan->touched);
	plan->touched = NULL;
}

bool export_plan_takes(const struct export_plan *plan, uint64_t visit_id)
{
	return visit_id >= plan->first_visit && visit_id <= plan->last_visit &&
	       (!plan->touched || plan->touched[visit_id / 8] >> visit_id % 8 & 1);
}
