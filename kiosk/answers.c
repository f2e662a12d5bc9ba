/*
 * The register's answers, as events of the session. An answer that comes after its screen was left
 * changes nothing that a person sees: what was recorded is found in the guard's list.
 */
#include <sodium.h>
#include <string.h>

#include "app.h"
#include "base/log.h"
#include "base/text.h"
#include "core/form.h"
#include "core/words.h"

#define REOPEN_MS 10000

enum note app_register_failed(struct app *app, int error)
{
	log_error("register: %s", strerror(-error));
	if (error == -ENOSPC) {
		app_device_state(app, DEVICE_REGISTER, DEVICE_FULL);
		return NOTE_DISK_FULL;
	}
	app_device_state(app, DEVICE_REGISTER, DEVICE_FAILED);
	app->register_up = false;
	app->reopen_ms = app_now(app) + REOPEN_MS;
	return error == -EUCLEAN ? NOTE_REGISTER_UNREADABLE : NOTE_REGISTER_FAILED;
}

static uint32_t verdict_fact(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_ADMIT:
		return FACT_ADMIT;
	case VERDICT_REFER:
		return FACT_REFER;
	case VERDICT_TURN_BACK:
		return FACT_TURN_BACK;
	case VERDICT_REFUSE:
	case VERDICT_COUNT_:
		break;
	}
	return 0;
}

/* From this moment every question to the rules names the new level: nothing keeps one of its own.
 */
static void put_level_in_force(struct app *app, const struct job *job)
{
	struct level_event event;

	if (!level_event_unpack(job->entry.number, &event))
		return; /* the register took it: it cannot be */
	app->board.level = event.to;
	if (event.order_number > app->last_order)
		app->last_order = event.order_number;
	log_info("level %s in force", LEVEL_WORD[event.to]);
}

static void level_recorded(struct app *app, const struct job *job)
{
	struct session *s = &app->session;

	if (job->error) {
		app_register_failed(app, job->error);
		app_step(app, SESSION_RECORD_FAILED,
			 app_facts(app, SESSION_RECORD_FAILED) | FACT_LEVEL);
		s->note = NOTE_NOT_SAVED;
		return;
	}
	put_level_in_force(app, job);
	app_step(app, SESSION_RECORDED, app_facts(app, SESSION_RECORDED) | FACT_LEVEL);
	s->note = NOTE_LEVEL_CHANGED;
}

static void recorded(struct app *app, struct job *job)
{
	struct session *s = &app->session;
	bool exit = job->entry.type == ENTRY_GATE_RELEASED && job->entry.number == DIRECTION_OUT;
	uint32_t exit_fact = exit ? FACT_EXIT : 0;

	if (s->screen != SCREEN_SAVING) {
		log_warn("answer of the register after the screen was left");
		if (job->entry.type == ENTRY_LEVEL && job->error == 0)
			put_level_in_force(app, job);
		return;
	}
	if (job->entry.type == ENTRY_LEVEL) {
		level_recorded(app, job);
		return;
	}
	if (job->error == 0) {
		s->visit = job->entry.visit;
		s->visit.id = job->receipt.visit_id;
		s->visit.ticket = job->receipt.ticket;
		if (job->entry.type == ENTRY_REGISTERED)
			text_copy(s->visit.receipt_code, sizeof(s->visit.receipt_code),
				  job->receipt.receipt_code);
		s->language = s->visit.language; /* the visitor reads what comes now */
#ifdef GATEHOUSE_SIM
		app->last_decision = s->visit.decision;
		if (app->moment)
			app->moment(app->moment_ctx, "recorded");
#endif
		app_step(app, SESSION_RECORDED,
			 app_facts(app, SESSION_RECORDED) | exit_fact |
				 verdict_fact(s->visit.decision.verdict));
	} else if (job->error == -EALREADY) {
		s->note = NOTE_ALREADY_DECIDED;
		s->pass_problem = PASS_USED_UP;
		app_step(app, SESSION_ALREADY, app_facts(app, SESSION_ALREADY) | exit_fact);
	} else {
		enum note why = app_register_failed(app, job->error);
		app_step(app, SESSION_RECORD_FAILED,
			 app_facts(app, SESSION_RECORD_FAILED) | exit_fact);
		s->note = why;
	}
}

/* A failure that says nothing about the entry itself: it can be recorded later. */
static bool register_was_out(int error)
{
	return error == -ENOSPC || error == -EIO || error == -ENODEV || error == -EBUSY;
}

static void backlog_add(struct app *app, const struct entry *entry)
{
	struct backlog *b = &app->backlog;

	if (b->count == BACKLOG_MAX) {
		log_error("backlog full: an event of type %d is lost", (int)b->entries[0].type);
		memmove(b->entries, b->entries + 1, sizeof(b->entries[0]) * (BACKLOG_MAX - 1));
		b->count--;
	}
	b->entries[b->count++] = *entry;
	b->retry_ms = app_now(app) + REOPEN_MS;
	log_warn("an event of type %d waits for the register", (int)entry->type);
}

void app_backlog_send(struct app *app)
{
	struct backlog *b = &app->backlog;
	struct job job = { .type = JOB_RECORD, .purpose = FOR_BACKLOG };

	b->retry_ms = INT64_MAX;
	if (b->count == 0 || b->sent)
		return;
	b->sent = true;
	job.entry = b->entries[0];
	app_submit(app, &job);
	explicit_bzero(&job, sizeof(job));
}

static void answer_backlog(struct app *app, int error)
{
	struct backlog *b = &app->backlog;

	b->sent = false;
	if (register_was_out(error)) {
		b->retry_ms = app_now(app) + REOPEN_MS;
		return;
	}
	if (error)
		log_error("an event of type %d cannot be recorded: %s", (int)b->entries[0].type,
			  strerror(-error));
	b->count--;
	memmove(b->entries, b->entries + 1, sizeof(b->entries[0]) * (size_t)b->count);
	explicit_bzero(&b->entries[b->count], sizeof(b->entries[0]));
	app_backlog_send(app);
}

static void answer_record(struct app *app, struct job *job)
{
	if (job->error == 0) {
		sodium_bin2hex(app->board.head, sizeof(app->board.head), job->receipt.head, 8);
		app_device_state(app, DEVICE_REGISTER, DEVICE_OK);
		app->counts_ms = app_now(app);
	}
	switch (job->purpose) {
	case FOR_SCREEN:
		recorded(app, job);
		return;
	case FOR_REVEAL:
		app->session.revealed =
			job->error == 0 && job->entry.visit.id == app->session.visit.id;
		return;
	case FOR_REPORT:
	case FOR_PAPER:
		app_report_recorded(app, job);
		return;
	case FOR_COPY:
		app_copy_recorded(app, job);
		return;
	case FOR_LEDGER:
		app_ledger_recorded(app, job);
		return;
	case FOR_BACKLOG:
		answer_backlog(app, job->error);
		return;
	case FOR_RECORD:
	case FOR_REFRESH:
		break;
	}
	if (register_was_out(job->error))
		backlog_add(app, &job->entry);
	if (job->error && job->error != -EALREADY && job->error != -ENODEV)
		app_register_failed(app, job->error);
}

static void answer_queue(struct app *app, const struct job *job)
{
	struct session *s = &app->session;

	if (s->screen != SCREEN_QUEUE)
		return;
	s->row_count = job->count;
	s->page_count = (job->total + VIEW_ROWS - 1) / VIEW_ROWS;
	for (int i = 0; i < job->count; i++)
		view_row_make(&s->rows[i], &job->queue[i], &app->book, app_wall(app));
	app->board.waiting = job->total;
}

static void answer_accounts(struct app *app, const struct job *job)
{
	struct session *s = &app->session;

	if (s->screen == SCREEN_ACCOUNTS)
		app_accounts_answer(app, job);
	if ((s->screen != SCREEN_PIN || s->again_from) && s->screen != SCREEN_LEDGER_ENTRY)
		return;
	s->row_count = job->count;
	s->page_count = (job->total + VIEW_ROWS - 1) / VIEW_ROWS;
	memset(s->rows, 0, sizeof(s->rows));
	for (int i = 0; i < job->count; i++)
		text_copy(s->rows[i].name, sizeof(s->rows[i].name), job->accounts[i].name);
	if (s->screen == SCREEN_PIN && job->count > 0 && s->choice < 0)
		form_choose(s, 0);
}

static void know_vehicle(struct app *app, const struct vehicle_known *known)
{
	struct session *s = &app->session;
	struct moment now = app_moment(app);

	s->vehicle = *known;
	s->known_pass = vehicle_pass_fact(known, &now);
	s->known_disinfection = vehicle_disinfection_fact(known, &now);
}

/* The plate that was typed: by what is known of it the driver is asked on, or turned back. */
static void answer_vehicle(struct app *app, const struct job *job)
{
	struct session *s = &app->session;

	if (s->screen != SCREEN_PLATE || !s->busy)
		return;
	s->busy = false;
	know_vehicle(app, &job->vehicle);
	s->visit.person_class = vehicle_ruled_as(s->visit.person_class, &job->vehicle);
	app_event(app, SESSION_LOADED);
}

static void answer_visit(struct app *app, const struct job *job)
{
	struct session *s = &app->session;

	if (s->screen != SCREEN_QUEUE && s->screen != SCREEN_FOUND)
		return;
	session_wipe_visit(s);
	s->visit = job->visit;
	s->listing = job->listing;
	know_vehicle(app, &job->vehicle);
	app_event(app, SESSION_LOADED);
}

static void answer_pin(struct app *app, const struct job *job)
{
	struct session *s = &app->session;

	if (s->screen != SCREEN_PIN || !s->busy)
		return;
	s->busy = false;
	memset(s->pin, 0, sizeof(s->pin));
	s->pin_wait_s = job->pin_outcome == PIN_LOCKED ? job->wait_s : 0;
	s->pin_role = job->account.role;
	if (job->pin_outcome == PIN_RIGHT && s->second &&
	    strcmp(s->change.second, s->change.first) == 0) {
		s->note = NOTE_LEVEL_SECOND; /* the same person twice is one person */
		return;
	}
	if (job->pin_outcome == PIN_RIGHT && s->again_from) {
		app_again_right(app);
		return;
	}
	if (job->pin_outcome == PIN_RIGHT) {
		app_step(app, SESSION_PIN_RIGHT, app_facts(app, SESSION_PIN_RIGHT));
		return;
	}
	s->note = job->pin_outcome == PIN_LOCKED ? NOTE_PIN_LOCKED
		  : job->pin_outcome == PIN_OVER ? NOTE_ACCOUNT_OVER
						 : NOTE_PIN_WRONG;
	app_step(app, SESSION_PIN_WRONG, app_facts(app, SESSION_PIN_WRONG));
}

static void answer_counts(struct app *app, const struct job *job)
{
	struct board *b = &app->board;

	b->today_in = job->counts.in;
	b->today_out = job->counts.out;
	b->today_refused = job->counts.refused;
	b->inside_now = job->counts.inside;
	b->waiting = job->counts.waiting;
	b->areas = job->areas;
	b->ledgers = job->ledgers;
}

/* An export of days is none that the next one could go on from: its name is not alone. */
static void record_export(struct app *app, const struct export_result *r)
{
	const struct export_range *range = &app->export_job.range;
	int32_t offset = app->board.utc_offset_min;
	char detail[ENTRY_DETAIL_BYTES], from[16], last[16];

	text_copy(detail, sizeof(detail), r->name);
	if (range->scope == EXPORT_DAYS) {
		report_day_text(report_day_of(range->from_ms, offset), from);
		report_day_text(report_day_of(range->until_ms - 1, offset), last);
		text_format(detail, sizeof(detail), "%s %s %s", r->name, from, last);
	}
	app_record(app, ENTRY_EXPORTED, FOR_RECORD, NULL, r->rows, detail);
}

static void answer_export(struct app *app, const struct job *job)
{
	struct session *s = &app->session;
	const struct export_result *r = &job->export_result;
	enum note problem = job->error ? NOTE_STICK_FAILED : r->problem;

	app->exporting = false;
	explicit_bzero(app->export_job.seed, sizeof(app->export_job.seed));
	if (job->error == -ECANCELED) {
		app_event(app, SESSION_EXPORT_CANCELLED);
		return;
	}
	if (problem == NOTE_NONE) {
		record_export(app, r);
		app_print_receipt(app, r);
	}
	app_event(app, problem == NOTE_NONE ? SESSION_EXPORT_GOOD : SESSION_EXPORT_BAD);
	s->export_rows = r->rows;
	text_copy(s->export_name, sizeof(s->export_name), r->name);
	sodium_bin2hex(s->head, sizeof(s->head), r->head, 8);
	s->note = problem;
}

/* What was found on the stick is shown only when it is good; whoever stands there confirms it. */
static void answer_order(struct app *app, const struct job *job)
{
	struct session *s = &app->session;
	const struct order *order = &job->order_found.order;
	struct level_change *c = &s->change;

	if (s->screen != SCREEN_ORDER || !s->busy)
		return;
	s->busy = false;
	if (job->bundle_shown) {
		app_bundle_found(app, job);
		return;
	}
	s->note = order_note(&job->order_found);
	if (s->note != NOTE_NONE)
		return;
	app->order = *order;
	c->from = app->board.level;
	c->to = order->level;
	c->order = (struct level_order){ order->number, order->issued_ms, order->not_after_ms };
	text_copy(c->why, sizeof(c->why), order->why);
	text_copy(c->first, sizeof(c->first), s->account);
	c->first_role = s->role;
	c->second[0] = '\0';
	s->note = level_check(c);
}

static void answer_open(struct app *app, struct job *job)
{
	bool was_up = app->register_up;

	if (job->error) {
		enum note why = app_register_failed(app, job->error);
		app->reopen_ms =
			app_now(app) + REOPEN_MS; /* a full disk too: nothing is open now */
		app_event(app, SESSION_FAULT);
		app->session.note = why;
		return;
	}
	app->register_up = true;
	app->reopen_ms = INT64_MAX;
	app_device_state(app, DEVICE_REGISTER, DEVICE_OK);
	int64_t back_ms = app_wall(app) - job->last_wall_ms;
	clock_raise_floor(&app->clock, job->last_wall_ms);
	if (job->level.known)
		app->board.level = job->level.level;
	app->last_order = job->level.last_order;
	app_put_book(app, job);
	app_put_notices(app, job);
	app_put_sounds(app, job);
	if (job->last_guard[0])
		text_copy(app->board.on_duty, sizeof(app->board.on_duty), job->last_guard);
	app_night_plan(app);
	if (!was_up)
		app_record(app, ENTRY_BOOT, FOR_RECORD, NULL, 0, GATEHOUSE_VERSION);
	/* How long it was off nobody knows, but not less than no time. */
	if (!was_up && back_ms < 0)
		app_record(app, ENTRY_CLOCK, FOR_RECORD, NULL, back_ms, "while off");
	app_event(app, SESSION_FAULT_OVER);
	app_backlog_send(app);
	app_refresh(app);
}

void app_answer(struct app *app, struct job *job)
{
	bool reading =
		job->type == JOB_QUEUE || job->type == JOB_VISIT || job->type == JOB_ACCOUNTS ||
		job->type == JOB_PIN || job->type == JOB_COUNTS || job->type == JOB_ORDER ||
		job->type == JOB_REPORT || job->type == JOB_REPORT_DAYS ||
		job->type == JOB_SEARCH || job->type == JOB_REQUEST || job->type == JOB_ERASE ||
		job->type == JOB_VEHICLE || job->type == JOB_LEDGERS || job->type == JOB_LEDGER ||
		job->type == JOB_ACCOUNT_CHANGE;

	if (reading && job->error) {
		if (job->error != -ENODEV)
			app->session.note = app_register_failed(app, job->error);
		app->session.busy = false;
		return;
	}
	switch (job->type) {
	case JOB_OPEN:
		answer_open(app, job);
		break;
	case JOB_RECORD:
		answer_record(app, job);
		break;
	case JOB_QUEUE:
		answer_queue(app, job);
		break;
	case JOB_VISIT:
		answer_visit(app, job);
		break;
	case JOB_PASS:
		app_pass_found(app, job);
		break;
	case JOB_ACCOUNTS:
		answer_accounts(app, job);
		break;
	case JOB_PIN:
		answer_pin(app, job);
		break;
	case JOB_COUNTS:
		answer_counts(app, job);
		break;
	case JOB_EXPORT:
		answer_export(app, job);
		break;
	case JOB_ORDER:
		answer_order(app, job);
		break;
	case JOB_FORGET:
	case JOB_WALK:
		app_night_step(app, job);
		break;
	case JOB_IMPORT:
		app_import_answer(app, job);
		break;
	case JOB_VEHICLE:
		answer_vehicle(app, job);
		break;
	case JOB_REPORT:
	case JOB_REPORT_DAYS:
	case JOB_INSIDE:
	case JOB_CONTACT:
		app_report_answer(app, job);
		break;
	case JOB_REQUEST:
	case JOB_ERASE:
		app_request_answer(app, job);
		break;
	case JOB_ACCOUNT_CHANGE:
		app_account_changed(app, job);
		break;
	case JOB_CHECK:
		app_check_answer(app, job);
		break;
	case JOB_SEARCH:
		app_search_answer(app, job);
		break;
	case JOB_LEDGERS:
	case JOB_LEDGER:
		app_ledger_answer(app, job);
		break;
	case JOB_QUERY:
#ifdef GATEHOUSE_SIM
		app->query_done = true;
		app->query_error = job->error;
		text_copy(app->query_text, sizeof(app->query_text), job->text);
#endif
		break;
	case JOB_ACCOUNT_SET:
		if (job->error)
			log_error("account not set: %s", strerror(-job->error));
		break;
	case JOB_TYPE_COUNT_:
		break;
	}
}
