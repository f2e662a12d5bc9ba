/*
 * The session's steps and effects, and touches. Everything that must be on disk before the next
 * thing happens goes out as a job with FOR_SCREEN and comes back as RECORDED, RECORD_FAILED or
 * ALREADY; only then the screen moves on.
 */
#include <sodium.h>
#include <string.h>

#include "app.h"
#include "base/log.h"
#include "base/text.h"
#include "core/form.h"
#include "core/ledger_form.h"
#include "core/words.h"

void app_submit(struct app *app, const struct job *job)
{
	int err = worker_submit(app->worker, job);

	if (err) { /* the register hangs: say so, as if it had failed */
		struct job answer = *job;
		answer.error = err;
		app_answer(app, &answer);
	}
}

void app_refresh(struct app *app)
{
	struct job job = { .type = JOB_COUNTS, .purpose = FOR_REFRESH, .wall_ms = app_wall(app) };

	app_submit(app, &job);
}

static void load_queue(struct app *app)
{
	struct session *s = &app->session;
	struct job job = { .type = JOB_QUEUE, .purpose = FOR_SCREEN, .skip = s->page * VIEW_ROWS };

	app_submit(app, &job);
}

static void load_accounts(struct app *app)
{
	struct job job = { .type = JOB_ACCOUNTS,
			   .purpose = FOR_SCREEN,
			   .role = app->session.role_wanted,
			   .skip = app->session.page * VIEW_ROWS };

	app->session.row_count = 0;
	if (app->session.second || app->session.screen == SCREEN_LEDGER_ENTRY)
		job.role = ROLE_GUARD; /* supervisors are among them */
	app_submit(app, &job);
}

static void ask_accounts(struct app *app)
{
	app->session.page = 0;
	load_accounts(app);
}

static void load_visit(struct app *app)
{
	struct session *s = &app->session;
	struct job job = { .type = JOB_VISIT, .purpose = FOR_SCREEN, .wall_ms = app_wall(app) };

	if (s->choice < 0 || s->choice >= s->row_count)
		return;
	job.id = s->rows[s->choice].visit_id;
	app_submit(app, &job);
}

static void look_up_plate(struct app *app)
{
	struct session *s = &app->session;
	struct job job = { .type = JOB_VEHICLE, .purpose = FOR_SCREEN };

	s->busy = true;
	text_copy(job.plate, sizeof(job.plate), s->visit.person.plate);
	app_submit(app, &job);
	explicit_bzero(&job, sizeof(job));
}

static void check_pin(struct app *app)
{
	struct session *s = &app->session;
	struct job job = {
		.type = JOB_PIN,
		.purpose = FOR_SCREEN,
		.wall_ms = app_wall(app),
		.mono_ms = app_now(app),
		.clock_trusted = app->clock.trusted,
	};

	s->busy = true;
	text_copy(job.account.name, sizeof(job.account.name), form_pin_account(s));
	text_copy(job.pin, sizeof(job.pin), s->pin);
	app_submit(app, &job);
	explicit_bzero(&job, sizeof(job));
}

static void start_export(struct app *app)
{
	struct export_job *x = &app->export_job;

	x->stick_program = app->stick_program;
	x->stick_dir = app->stick_dir;
	x->to = app->config.office;
	text_copy(x->actor, sizeof(x->actor), app->session.account);
	text_copy(x->site, sizeof(x->site), app->config.site_zh);
	text_copy(x->gate_name, sizeof(x->gate_name), app->config.gate_name);
	x->site_id = app->config.site_id;
	x->utc_offset_min = app->config.utc_offset_min;
	x->range = app->session.export_range;
	x->wall_ms = app_wall(app);
	x->report_due_min = app->config.report_due_min;
	memcpy(x->seed, app->seed, sizeof(x->seed));
	x->progress_permille = 0;
	x->cancel = false;
	app->exporting = true;
	app->export_began_ms = app_now(app);
	struct job job = { .type = JOB_EXPORT, .purpose = FOR_SCREEN, .export_job = x };
	app_submit(app, &job);
}

static void fetch_order(struct app *app)
{
	struct session *s = &app->session;
	struct job job = { .type = JOB_ORDER, .purpose = FOR_SCREEN };

	memset(&s->change, 0, sizeof(s->change));
	memset(&s->bundle, 0, sizeof(s->bundle));
	if (sodium_is_zero(app->config.office_key, sizeof(app->config.office_key))) {
		s->note = NOTE_ORDER_NO_KEY;
		return;
	}
	s->busy = true;
	job.order_job = (struct order_job){ .stick_program = app->stick_program,
					    .stick_dir = app->stick_dir,
					    .site_id = app->config.site_id,
					    .now = app_moment(app) };
	memcpy(job.order_job.public_key, app->config.office_key, sizeof(job.order_job.public_key));
	job.want_bundle = s->role == ROLE_STAFF;
	job.bundle_job = app_bundle_job(app);
	app_submit(app, &job);
}

static void login(struct app *app)
{
	struct session *s = &app->session;

	s->role = s->pin_role;
	if (s->role == ROLE_GUARD || s->role == ROLE_SUPERVISOR)
		text_copy(app->board.on_duty, sizeof(app->board.on_duty), s->account);
}

static void logout(struct app *app)
{
	struct session *s = &app->session;

	if (s->role != ROLE_NONE)
		app_record(app, ENTRY_LOGOUT, FOR_RECORD, NULL, (int64_t)s->role, "");
	s->role = ROLE_NONE;
	memset(s->account, 0, sizeof(s->account));
}

/* Before what is not to be done by whoever has walked up to a screen left open, the PIN is asked
 * again; the events of the PIN screen have names of their own then. */
static const struct again {
	enum screen from;
	enum session_event right, back;
} AGAIN[] = {
	{ SCREEN_VISIT, SESSION_AGAIN_RIGHT, SESSION_AGAIN_BACK },
	{ SCREEN_KEPT, SESSION_KEPT_RIGHT, SESSION_KEPT_BACK },
	{ SCREEN_ACCOUNT, SESSION_ACCOUNT_RIGHT, SESSION_ACCOUNT_BACK },
};

static const struct again *again_of(enum screen from)
{
	for (size_t i = 0; i < ARRAY_LEN(AGAIN); i++)
		if (AGAIN[i].from == from)
			return &AGAIN[i];
	return NULL;
}

void app_again_right(struct app *app)
{
	enum session_event right = again_of(app->session.again_from)->right;

	app->session.note = NOTE_NONE;
	app_step(app, right, app_facts(app, right));
}

static enum note again_note(const struct session *s)
{
	if (s->again_from == SCREEN_ACCOUNT)
		return s->form.act == ACCOUNT_REMOVE ? NOTE_ACCOUNT_REMOVE_PIN
						     : NOTE_ACCOUNT_SAVE_PIN;
	if (s->again_from == SCREEN_KEPT)
		return s->erase ? NOTE_ERASE_PIN : NOTE_COPY_PIN;
	return NOTE_REVEAL_PIN;
}

/* Nobody else is asked: the only account on the list is the one logged in. */
static void ask_again(struct session *s)
{
	memset(s->rows, 0, sizeof(s->rows));
	text_copy(s->rows[0].name, sizeof(s->rows[0].name), s->account);
	s->row_count = 1;
	s->choice = 0;
	s->page_count = 0;
	s->note = again_note(s);
}

/* A screen was entered: its entry, its time, what the camera is for. */
static void enter(struct app *app, enum screen from)
{
	struct session *s = &app->session;

	s->busy = false;
	enum note kept = s->note;
	s->change.from = app->board.level;
	s->second = s->screen == SCREEN_PIN && from == SCREEN_LEVEL;
	s->again_from = s->screen == SCREEN_PIN && again_of(from) ? from : SCREEN_BOARD;
	if ((s->screen == SCREEN_LEVEL && from == SCREEN_QUEUE) || s->screen == SCREEN_ORDER)
		app->level_opened_ms = app_now(app);
	if (s->screen == SCREEN_FOUND && from == SCREEN_VISIT)
		session_wipe_visit(s);
	form_enter(s);
	if (s->screen == SCREEN_STAFF)
		app_reports_load(app); /* whether any is missing */
	if (s->screen == SCREEN_VISIT || s->screen == SCREEN_QUEUE || s->screen == SCREEN_LEVEL ||
	    s->screen == SCREEN_STAFF || s->screen == SCREEN_FAULT || s->screen == SCREEN_LEDGER ||
	    s->screen == SCREEN_EXPORT_FAILED)
		s->note = kept; /* these explain how the person came here */
	if (s->again_from)
		ask_again(s);
	app_scanner_want(app);
	app_stick_check(app);
}

static void run_effects(struct app *app, uint64_t effects, enum screen from)
{
	static const struct {
		enum session_effect effect;
		void (*run)(struct app *app);
	} FIRST[] = {
		{ EFFECT_REGISTER, app_record_registration }, { EFFECT_DECIDE, app_record_decision },
		{ EFFECT_LEAVE, app_record_leaving },	  { EFFECT_COPY, app_record_copy },
		{ EFFECT_IMPORT, app_import },		  { EFFECT_CHECK_PIN, check_pin },	  { EFFECT_LEVEL, app_record_level },	  { EFFECT_LOGIN, login },
		{ EFFECT_LOGOUT, logout },
	}, LAST[] = {
		{ EFFECT_ACCOUNTS, ask_accounts }, { EFFECT_QUEUE, load_queue }, { EFFECT_LOAD, load_visit },
		{ EFFECT_EXPORT, start_export },    { EFFECT_COUNTS, app_refresh },
		{ EFFECT_ORDER, fetch_order }, { EFFECT_REPORTS, app_reports_load },
		{ EFFECT_REPORT, app_report_load }, { EFFECT_INSIDE, app_people_load },
		{ EFFECT_SIGN, app_report_sign }, { EFFECT_CONTACT, app_report_ask },
		{ EFFECT_PRINT, app_report_print },
		{ EFFECT_SEARCH, app_search }, { EFFECT_REQUEST, app_request },
		{ EFFECT_KEPT, app_kept }, { EFFECT_VEHICLE, look_up_plate },
		{ EFFECT_LEDGERS, app_ledgers_load },
		{ EFFECT_LEDGER, app_ledger_load }, { EFFECT_LEDGER_WRITE, app_ledger_write },
		{ EFFECT_CHECK, app_check_start },
		{ EFFECT_ACCOUNT_LIST, app_accounts_load }, { EFFECT_ACCOUNT, app_account_change },
		{ EFFECT_CLOCK, app_clock_set }, { EFFECT_CLOCK_CONFIRM, app_clock_confirm },
		{ EFFECT_CHECK_STOP, app_check_stop },
	};
	struct session *s = &app->session;

	for (size_t i = 0; i < ARRAY_LEN(FIRST); i++)
		if (effects & FIRST[i].effect)
			FIRST[i].run(app);
	if (effects & EFFECT_WIPE)
		session_wipe(s);
	if (effects & EFFECT_ENTER && s->screen != from)
		enter(app, from);
	if (effects & EFFECT_PRINT_PASS)
		app_print_pass(app, &s->visit, s->visit.pass_printed);
	if (effects & EFFECT_PRINT_REFUSAL) {
		app_say_reasons(app, &s->visit.decision);
		app_print_refusal(app, &s->visit);
	}
	if (effects & EFFECT_REVEAL)
		app_record(app, ENTRY_REVEALED, FOR_REVEAL, &s->visit, 0, "");
	if (effects & EFFECT_CANCEL_EXPORT)
		app->export_job.cancel = true;
	if (effects & EFFECT_MEASURE) {
		fever_start(&s->fever, app_now(app));
		app->sampled_ms = app_now(app) - FEVER_SAMPLE_MS;
	}
	for (size_t i = 0; i < ARRAY_LEN(LAST); i++)
		if (effects & LAST[i].effect)
			LAST[i].run(app);
}

static bool may_export(const struct app *app)
{
	return app->stick_present && !app->exporting;
}

uint32_t app_facts(struct app *app, enum session_event event)
{
	struct session *s = &app->session;
	uint32_t facts = 0;
	bool valid = true;

	if (event == SESSION_NEXT && s->screen == SCREEN_ORDER)
		valid = !s->busy && s->change.order.number && level_check(&s->change) == NOTE_NONE;
	else if (event == SESSION_IMPORT)
		valid = !s->busy && s->bundle.number && s->note == NOTE_NONE;
	else if (event == SESSION_NEXT &&
		 (s->screen == SCREEN_REPORT || s->screen == SCREEN_INSIDE))
		valid = app_report_may_sign(app);
	else if (event == SESSION_NEXT && s->screen == SCREEN_CHECK)
		valid = app->register_up && app->board.checked.state != CHECKED_RUNNING;
	else if (event == SESSION_NEXT)
		valid = !(s->busy && s->screen == SCREEN_PLATE) && form_accept(s, app_today(app)) &&
			(s->screen != SCREEN_EXPORT_DAYS || may_export(app));
	else if (event == SESSION_ADMIT)
		valid = s->visit.state == VISIT_WAITING &&
			view_may_admit(s, &app->book, &app->board);
	else if (event == SESSION_PRINT_AGAIN)
		valid = view_may_print(&s->visit);
	else if (event == SESSION_COPY_OUT || event == SESSION_ERASE)
		valid = app_request_may(app, event);
	else if (s->screen == SCREEN_LEDGER && event == SESSION_ROW)
		valid = app_ledger_may(app, event);
	else if (event == SESSION_REMARK)
		valid = !s->busy && report_act(&s->report, s->account, s->role) == REPORT_ACT_MAKE;
	else if (event == SESSION_LEDGER_STRIKE)
		valid = app_ledger_may(app, event);
	else if ((event == SESSION_ROW && s->screen == SCREEN_ACCOUNTS) ||
		 event == SESSION_ACCOUNT_NEW || event == SESSION_ACCOUNT_REMOVE)
		valid = app_account_may(app, event);
	else if (event == SESSION_LET_OUT)
		valid = s->visit.state == VISIT_OVERDUE;
	else if (event == SESSION_REFUSE)
		valid = s->visit.state == VISIT_WAITING;
	else if (event == SESSION_EXPORT || event == SESSION_ORDER_OPEN)
		valid = may_export(app);
	facts |= valid ? FACT_VALID : 0;
	if (rules_class_refused(&app->book, app->board.level, s->visit.person_class, DIRECTION_IN))
		facts |= FACT_CLASS_REFUSED;
	if (s->role == ROLE_GUARD || s->role == ROLE_SUPERVISOR)
		facts |= FACT_GUARD;
	if (s->role == ROLE_SUPERVISOR)
		facts |= FACT_SUPERVISOR;
	if (s->role_wanted == ROLE_STAFF && !s->second)
		facts |= FACT_STAFF;
	bool changing = s->screen == SCREEN_LEVEL || s->second;
	if (changing && level_needs_two(s->change.from, s->change.to))
		facts |= FACT_TWO;
	if (!app->register_up)
		facts |= FACT_DOWN;
	return facts;
}

uint64_t app_unasked(const struct app *app)
{
	enum person_class class = app->session.visit.person_class;

	return session_unasked(class,
			       rules_required(&app->book, app->board.level, class, DIRECTION_IN));
}

void app_step(struct app *app, enum session_event event, uint32_t facts)
{
	struct session *s = &app->session;
	enum screen from = s->screen;
	struct session_step next = session_go(from, event, facts, app_unasked(app));

	if (!next.moved)
		return;
	if (next.next != from)
		log_debug("screen %s -> %s", screen_name(from), screen_name(next.next));
	s->screen = next.next;
	int32_t timeout = screen_traits(s->screen)->timeout_ms;
	s->deadline_ms = timeout ? app_now(app) + timeout : INT64_MAX;
	app_say(app, next.say);
	/* The gate first: everything else may take its time. */
	if (next.effects & EFFECT_OPEN_GATE)
		app_gate_permit(app, &s->visit, facts & FACT_EXIT ? DIRECTION_OUT : DIRECTION_IN,
				true);
	run_effects(app, next.effects, from);
}

void app_event(struct app *app, enum session_event event)
{
	struct session *s = &app->session;

	if (event == SESSION_BACK && s->again_from) {
		event = again_of(s->again_from)->back;
		s->note = NOTE_NONE;
	}
	if (event == SESSION_BACK && s->screen == SCREEN_VISIT && s->search[0])
		event = SESSION_FOUND_BACK;
	uint32_t facts = app_facts(app, event);
	if (event == SESSION_ADMIT && !(facts & FACT_VALID))
		s->note =
			s->visit.state == VISIT_WAITING ? NOTE_ATTEST_FIRST : NOTE_ALREADY_DECIDED;
	if (event == SESSION_REFUSE && !(facts & FACT_VALID)) {
		s->note = NOTE_ALREADY_DECIDED;
		return;
	}
	if ((event == SESSION_EXPORT || event == SESSION_ORDER_OPEN) && !app->stick_present)
		s->note = NOTE_STICK_ABSENT;
	if (event == SESSION_NEXT && s->screen == SCREEN_EXPORT_DAYS && s->note == NOTE_NONE &&
	    !app->stick_present)
		s->note = NOTE_STICK_ABSENT;
	if (event == SESSION_ADMIT || event == SESSION_REFUSE)
		app->admit = event == SESSION_ADMIT;
	app_step(app, event, facts);
}

static void turn_page(struct app *app, int32_t by)
{
	struct session *s = &app->session;
	int32_t page = s->page + by;

	if (page < 0 || page >= s->page_count)
		return;
	s->page = page;
	if (s->screen == SCREEN_REPORTS)
		app_reports_load(app);
	else if (s->screen == SCREEN_INSIDE || s->screen == SCREEN_CONTACTS)
		app_people_load(app);
	else if (s->screen == SCREEN_FOUND)
		app_search(app);
	else if (s->screen == SCREEN_LEDGER)
		app_ledger_load(app);
	else if (s->screen == SCREEN_PIN)
		load_accounts(app);
	else if (s->screen == SCREEN_ACCOUNTS)
		app_accounts_load(app);
	else
		load_queue(app);
}

static void answer_question(struct app *app, bool yes)
{
	struct session *s = &app->session;

	if (s->screen == SCREEN_TRAVEL)
		s->travel = yes;
	else if (s->screen == SCREEN_SYMPTOMS)
		s->symptoms = yes;
	app_event(app, SESSION_ANSWER);
}

/* An argument as an enum value; what lies outside is the first one: unknown. */
static int32_t within(int32_t arg, int32_t count)
{
	return arg >= 0 && arg < count ? arg : 0;
}

/* Actions that only change what stands on the screen; true when the action was one of them. */
static bool edit(struct app *app, const struct action_event *a)
{
	struct session *s = &app->session;

	switch ((int)a->action) {
	case ACTION_LANGUAGE:
		s->language = a->arg == LANGUAGE_EN ? LANGUAGE_EN : LANGUAGE_ZH;
		if (s->role != ROLE_NONE)
			s->staff_language = s->language;
		break;
	case ACTION_KEY:
		form_key(s, a->arg);
		break;
	case ACTION_BACKSPACE:
		form_backspace(s);
		break;
	case ACTION_DOCUMENT_KIND:
	case ACTION_PURPOSE:
		form_choose(s, a->arg);
		break;
	case ACTION_LEVEL:
		form_choose(s, a->arg + 1);
		break;
	case ACTION_ATTEST_DOCUMENT:
		s->attest_document = (enum finding)within(a->arg, FINDING_COUNT_);
		break;
	case ACTION_ATTEST_MASK:
		s->attest_mask = (enum finding)within(a->arg, FINDING_COUNT_);
		break;
	case ACTION_ATTEST_HEALTH:
		s->attest_health = (enum code_colour)within(a->arg, COLOUR_COUNT_);
		break;
	case ACTION_ATTEST_TRAVEL:
		s->attest_travel = (enum travel_card)within(a->arg, TRAVEL_CARD_COUNT_);
		break;
	case ACTION_ATTEST_ESCORT:
		s->attest_escort = (enum finding)within(a->arg, FINDING_COUNT_);
		break;
	case ACTION_ATTEST_CERTIFICATE:
		s->attest_certificate = (enum finding)within(a->arg, FINDING_COUNT_);
		break;
	case ACTION_ATTEST_TEST:
		s->attest_test = (enum finding)within(a->arg, FINDING_COUNT_);
		break;
	case ACTION_ATTEST_VEHICLE_PASS:
		s->attest_vehicle_pass = (enum finding)within(a->arg, FINDING_COUNT_);
		break;
	case ACTION_ATTEST_OCCUPANTS:
		s->attest_occupants = (enum finding)within(a->arg, FINDING_COUNT_);
		break;
	case ACTION_ATTEST_DISINFECTION:
		s->attest_disinfection = (enum finding)within(a->arg, FINDING_COUNT_);
		break;
	case ACTION_ATTEST_CONSENT:
		s->attest_consent = (enum approver)within(a->arg, APPROVER_COUNT_);
		break;
	case ACTION_LEDGER_CHOOSE:
		if (s->screen == SCREEN_LEDGER_ENTRY)
			ledger_form_choose(s, a->arg);
		break;
	case ACTION_ACCOUNT_ROLE:
		if (s->form.act == ACCOUNT_NEW && a->arg > ROLE_NONE && a->arg < ROLE_COUNT_ &&
		    account_may(s->role, false, (enum role)a->arg))
			s->form.role = (enum role)a->arg;
		break;
	case ACTION_FIELD:
		form_field(s, a->arg);
		break;
	case ACTION_PAGE:
		turn_page(app, a->arg);
		break;
	case ACTION_MORE_TIME:
		break; /* every touch gives the screen its full time again */
	default:
		return false;
	}
	return true;
}

static enum session_event event_of(enum action action)
{
	static const enum session_event EVENT[ACTION_COUNT_] = {
		[ACTION_START] = SESSION_START,
		[ACTION_GUARD] = SESSION_GUARD,
		[ACTION_STAFF] = SESSION_STAFF,
		[ACTION_CLASS] = SESSION_CHOOSE,
		[ACTION_NEXT] = SESSION_NEXT,
		[ACTION_BACK] = SESSION_BACK,
		[ACTION_CANCEL] = SESSION_CANCEL,
		[ACTION_SKIP_CODE] = SESSION_SKIP,
		[ACTION_SKIP_TEMPERATURE] = SESSION_SKIP,
		[ACTION_ROW] = SESSION_ROW,
		[ACTION_CLINICAL] = SESSION_CLINICAL,
		[ACTION_ADMIT] = SESSION_ADMIT,
		[ACTION_REFUSE] = SESSION_REFUSE,
		[ACTION_REVEAL] = SESSION_REVEAL,
		[ACTION_PRINT_AGAIN] = SESSION_PRINT_AGAIN,
		[ACTION_LET_OUT] = SESSION_LET_OUT,
		[ACTION_LEVEL_OPEN] = SESSION_LEVEL_OPEN,
		[ACTION_ORDER_OPEN] = SESSION_ORDER_OPEN,
		[ACTION_EXPORT] = SESSION_EXPORT,
		[ACTION_LOGOUT] = SESSION_LOGOUT,
		[ACTION_REPORTS] = SESSION_REPORTS,
		[ACTION_PERIOD] = SESSION_PERIOD,
		[ACTION_SHIFT] = SESSION_SHIFT,
		[ACTION_INSIDE] = SESSION_INSIDE,
		[ACTION_CONTACT] = SESSION_CONTACT,
		[ACTION_PRINT] = SESSION_PRINT,
		[ACTION_SEARCH] = SESSION_SEARCH,
		[ACTION_TOOLS] = SESSION_TOOLS,
		[ACTION_REQUEST] = SESSION_REQUEST,
		[ACTION_COPY_OUT] = SESSION_COPY_OUT,
		[ACTION_ERASE] = SESSION_ERASE,
		[ACTION_VEHICLE] = SESSION_VEHICLE,
		[ACTION_OCCUPANTS] = SESSION_CHOOSE,
		[ACTION_LEDGERS] = SESSION_LEDGERS,
		[ACTION_REMARK] = SESSION_REMARK,
		[ACTION_LEDGER_NEW] = SESSION_LEDGER_NEW,
		[ACTION_LEDGER_STRIKE] = SESSION_LEDGER_STRIKE,
		[ACTION_CHECK] = SESSION_CHECK,
		[ACTION_CLOCK] = SESSION_CLOCK,
		[ACTION_CLOCK_CONFIRM] = SESSION_CLOCK_CONFIRM,
		[ACTION_ACCOUNTS] = SESSION_ACCOUNTS,
		[ACTION_ACCOUNT_NEW] = SESSION_ACCOUNT_NEW,
		[ACTION_ACCOUNT_REMOVE] = SESSION_ACCOUNT_REMOVE,
	};
	return EVENT[action];
}

/* Who thinks better of it and is on foot has no vehicle in the register. */
static void choose_class(struct session *s, enum person_class class)
{
	struct visit *v = &s->visit;

	v->person_class = class;
	if (vehicle_class(class))
		return;
	explicit_bzero(v->person.plate, sizeof(v->person.plate));
	v->occupants = 0;
	explicit_bzero(&s->vehicle, sizeof(s->vehicle));
}

void app_action(struct app *app, const struct action_event *a)
{
	struct session *s = &app->session;
	int32_t timeout = screen_traits(s->screen)->timeout_ms;

	if (timeout)
		s->deadline_ms = app_now(app) + timeout;
	if (a->action == ACTION_NONE || edit(app, a))
		return;
	if (a->action == ACTION_ANSWER) {
		answer_question(app, a->arg != 0);
		return;
	}
	if (a->action == ACTION_GUARD)
		s->role_wanted = ROLE_GUARD;
	if (a->action == ACTION_STAFF)
		s->role_wanted = ROLE_STAFF;
	if (a->action == ACTION_EXPORT && !app->exporting)
		s->export_range = (struct export_range){ .scope = a->arg ? EXPORT_SINCE_LAST
									 : EXPORT_EVERYTHING };
	if (a->action == ACTION_VEHICLE)
		choose_class(s, CLASS_RESIDENT_VEHICLE);
	if (a->action == ACTION_OCCUPANTS)
		s->visit.occupants = within(a->arg, OCCUPANTS_MAX + 1);
	if (a->action == ACTION_CLASS) {
		choose_class(s, (enum person_class)within(a->arg, CLASS_COUNT_));
	} else if (a->action == ACTION_ROW) {
		if (a->arg < 0 || a->arg >= s->row_count)
			return;
		if (s->screen == SCREEN_PIN) {
			form_choose(s, a->arg);
			return;
		}
		s->choice = a->arg;
	}
	bool import = a->action == ACTION_NEXT && s->screen == SCREEN_ORDER && s->bundle.number;
	app_report_choose(app, a);
	app_ledger_choose(app, a);
	app_event(app, import ? SESSION_IMPORT : event_of(a->action));
}
