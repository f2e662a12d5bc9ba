/*
 * What goes into the register: built from the session and the rulebook, sent as a job. Nothing here
 * waits for the answer.
 */
#include <sodium.h>
#include <string.h>

#include "app.h"
#include "base/civil.h"
#include "base/log.h"
#include "base/text.h"
#include "core/form.h"

void app_record(struct app *app, enum entry_type type, enum job_purpose purpose,
		const struct visit *visit, int64_t number, const char *detail)
{
	struct job job = { .type = JOB_RECORD, .purpose = purpose };
	struct entry *e = &job.entry;

	e->type = type;
	e->wall_ms = app_wall(app);
	e->mono_ms = app_now(app);
	e->clock_trusted = app->clock.trusted;
	e->number = number;
	text_copy(e->actor, sizeof(e->actor),
		  app->session.role == ROLE_NONE ? "" : app->session.account);
	text_copy(e->detail, sizeof(e->detail), detail);
	if (visit)
		e->visit = *visit;
#ifdef GATEHOUSE_SIM
	if (app->moment && purpose == FOR_SCREEN)
		app->moment(app->moment_ctx, "record");
#endif
	app_submit(app, &job);
	explicit_bzero(&job, sizeof(job));
}

int32_t app_today(const struct app *app)
{
	struct civil c = civil_from_ms(app_wall(app), app->config.utc_offset_min);
	return c.year * 10000 + c.month * 100 + c.day;
}

/* A serial nobody can guess and that never comes twice: 40 random bits over the visit's number. */
static uint64_t new_serial(uint64_t visit_id)
{
	uint64_t random = (uint64_t)randombytes_random() << 8 | (randombytes_random() & 0xFF);
	return random << 24 | (visit_id & 0xFFFFFF);
}

static void give_pass(const struct app *app, struct visit *v)
{
	if (v->decision.verdict != VERDICT_ADMIT)
		return;
	v->pass_serial = new_serial(v->id);
	v->pass_expires_ms = app_wall(app) + (int64_t)v->decision.pass.valid_min * 60000;
}

static bool asked(uint64_t unasked, enum screen screen)
{
	return !(unasked >> screen & 1);
}

/* What the visitor said and the machine measured, as far as it was asked. */
static void fill_facts(struct app *app, uint64_t unasked, int64_t wall)
{
	static const struct fact NOT_ASKED = { .source = SOURCE_NONE };
	struct session *s = &app->session;
	struct visit *v = &s->visit;

	v->temperature = s->fever.result;
	visit_declare(v, s->travel, s->symptoms, wall);
	if (!asked(unasked, SCREEN_TRAVEL))
		v->facts[CHECK_TRAVEL_14D] = NOT_ASKED;
	if (!asked(unasked, SCREEN_SYMPTOMS))
		v->facts[CHECK_SYMPTOMS] = NOT_ASKED;
	visit_check_real_name(v, app_today(app), wall);
	v->facts[CHECK_TEMPERATURE] = visit_temperature(v, &app->book, wall);
	v->facts[CHECK_VEHICLE_PASS] = s->known_pass;
	v->facts[CHECK_DISINFECTION] = s->known_disinfection;
}

void app_record_registration(struct app *app)
{
	struct session *s = &app->session;
	struct visit *v = &s->visit;
	int64_t wall = app_wall(app);
	struct moment now = app_moment(app);
	bool outright =
		rules_class_refused(&app->book, app->board.level, v->person_class, DIRECTION_IN);

	uint64_t unasked = app_unasked(app);

	/* An outsider with a stay in a key area is ruled as one, whatever they came for (3·二·1).
	 */
	if (!outright && asked(unasked, SCREEN_TRAVEL) && s->travel)
		v->person_class = CLASS_KEY_AREA;
	v->state = VISIT_DRAFT;
	v->level = app->board.level;
	v->language = s->language;
	v->registered_ms = wall;
	if (vehicle_class(v->person_class))
		text_copy(v->person.purpose, sizeof(v->person.purpose),
			  vehicle_purpose(v->person_class));
	if (!outright)
		fill_facts(app, unasked, wall);
	visit_decide(v, &app->book, DIRECTION_IN, &now, LIFT_NOBODY);
	if (v->decision.verdict == VERDICT_ADMIT)
		v->decision.verdict =
			VERDICT_REFER; /* a person lets people in, never the machine alone */
	bool moved = visit_step(VISIT_DRAFT, visit_event_of(v->decision.verdict), &v->state);
	assert(moved); /* a draft takes every verdict */
	app_record(app, ENTRY_REGISTERED, FOR_SCREEN, v, 0, "");
}

void app_record_decision(struct app *app)
{
	struct session *s = &app->session;
	struct visit v = s->visit;
	int64_t wall = app_wall(app);
	struct moment now = app_moment(app);

	form_attest(s, app->admit ? FINDING_GOOD : FINDING_BAD, wall);
	memcpy(v.facts, s->visit.facts, sizeof(v.facts));
	v.level = app->board.level;
	v.facts[CHECK_TEMPERATURE] = visit_temperature(&v, &app->book, wall);
	visit_decide(&v, &app->book, DIRECTION_IN, &now, LIFT_NOBODY);
	listing_apply(&v.decision, &s->listing, s->role);
	if (!app->admit && v.decision.verdict > VERDICT_TURN_BACK)
		v.decision.verdict = VERDICT_REFUSE; /* a guard's no needs no rule */
	if (v.decision.verdict == VERDICT_REFER ||
	    !visit_step(v.state, visit_event_of(v.decision.verdict), &v.state)) {
		log_error("visit %llu: decision does not fit its state", (unsigned long long)v.id);
		app_event(app, SESSION_ALREADY);
		return;
	}
	v.decided_ms = wall;
	text_copy(v.decided_by, sizeof(v.decided_by), s->account);
	give_pass(app, &v);
	app_record(app, ENTRY_DECIDED, FOR_SCREEN, &v, 0, "");
	explicit_bzero(&v, sizeof(v));
}

/* Somebody leaves: the rules of the way out are asked, the release is recorded, then the gate
 * opens. */
void app_record_leaving(struct app *app)
{
	struct visit *v = &app->session.visit;
	struct moment now = app_moment(app);

	v->level = app->board.level;
	visit_decide(v, &app->book, DIRECTION_OUT, &now, LIFT_NOBODY);
	app_record(app, ENTRY_GATE_RELEASED, FOR_SCREEN, v, DIRECTION_OUT, "exit");
}

void app_record_copy(struct app *app)
{
	app_record(app, ENTRY_GATE_RELEASED, FOR_SCREEN, &app->session.visit, DIRECTION_IN,
		   "entry");
}

enum note app_order_check(const struct app *app)
{
	struct moment now = app_moment(app);

	return order_outcome_note(
		order_check(&app->order, app->config.site_id, app->last_order, &now));
}

/* Who, why and how long it took stand in the event; a second person is named before the reason. */
void app_record_level(struct app *app)
{
	const struct level_change *c = &app->session.change;
	char detail[ENTRY_DETAIL_BYTES];
	struct level_event event = { c->from, c->to, c->order.number };
	enum note problem = level_check(c);

	if (problem == NOTE_NONE && c->order.number)
		problem = app_order_check(app);
	if (problem != NOTE_NONE) {
		app->session.note = problem;
		app_step(app, SESSION_RECORD_FAILED,
			 app_facts(app, SESSION_RECORD_FAILED) | FACT_LEVEL);
		app->session.note = problem;
		return;
	}
	text_format(detail, sizeof(detail), "%s%s%lld s: %s", c->second, c->second[0] ? ", " : "",
		    (long long)(app_now(app) - app->level_opened_ms) / 1000, c->why);
	app_record(app, ENTRY_LEVEL, FOR_SCREEN, NULL, level_event_pack(&event), detail);
}
