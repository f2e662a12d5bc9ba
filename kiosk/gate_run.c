/*
 * Runs what the gate machine asks for. The line is driven here and nowhere else.
 */
#include <string.h>

#include "app.h"
#include "base/log.h"

#define RETRY_MS 1000

/* Drives the line; what it answers is the next event. */
static enum gate_event drive(struct app *app, bool active)
{
	if (!app->has_line)
		return GATE_LINE_FAILED;
	int err = app->line.release(app->line.ctx, active);
	if (err)
		log_error("gate line %s: errno %d", active ? "release" : "hold", -err);
	return err ? GATE_LINE_FAILED : GATE_LINE_DONE;
}

static void passed(struct app *app)
{
	struct release *r = &app->release;

	if (!r->wanted)
		return;
	r->visit.entered_ms = r->direction == DIRECTION_IN ? app_wall(app) : r->visit.entered_ms;
	enum visit_event event = r->direction == DIRECTION_IN ? VISIT_PASS_IN : VISIT_LEAVE;
	if (visit_step(r->visit.state, event, &r->visit.state)) {
		bool in = r->direction == DIRECTION_IN;
		if (!in)
			r->visit.left_ms = app_wall(app);
		app_record(app, in ? ENTRY_PASSED : ENTRY_LEFT, FOR_RECORD, &r->visit, 0,
			   vehicle_class(r->visit.person_class) ? ENTRY_DETAIL_VEHICLE : "");
	}
	explicit_bzero(r, sizeof(*r));
}

static void lapsed(struct app *app)
{
	struct release *r = &app->release;

	if (r->wanted && r->direction == DIRECTION_IN &&
	    visit_step(r->visit.state, VISIT_LAPSE, &r->visit.state))
		app_record(app, ENTRY_LAPSED, FOR_RECORD, &r->visit, 0, "");
	explicit_bzero(r, sizeof(*r));
}

static void note_effects(struct app *app, uint32_t effects)
{
	if (effects & GATE_EFFECT_PASSED)
		passed(app);
	if (effects & GATE_EFFECT_LAPSED)
		lapsed(app);
	if (effects & GATE_EFFECT_REFUSED)
		log_warn("gate: permit refused in state %d", app->gate);
	if (effects & GATE_EFFECT_EMERGENCY) {
		lapsed(app); /* whoever was about to pass is no longer told from the others */
		app_record(app, ENTRY_EMERGENCY, FOR_RECORD, NULL, 1, "");
	}
	if (effects & GATE_EFFECT_EMERGENCY_OVER)
		app_record(app, ENTRY_EMERGENCY, FOR_RECORD, NULL, 0, "");
}

static void arm(struct app *app, uint32_t effects)
{
	int64_t now = app_now(app);

	if (effects & GATE_EFFECT_ARM_OPEN)
		app->gate_deadline_ms = now + app->book.gate_open_ms;
	else if (effects & GATE_EFFECT_ARM_CLOSING)
		app->gate_deadline_ms = now + app->book.gate_closing_ms;
	else if (effects & GATE_EFFECT_ARM_RETRY)
		app->gate_deadline_ms = now + RETRY_MS;
}

void app_gate(struct app *app, enum gate_event event)
{
	const struct release *r = &app->release;
	struct gate_facts facts = {
		.recorded = r->wanted && r->recorded,
		.verdict = r->verdict,
		.has_beam = app->has_beam,
	};

	for (;;) {
		struct gate_step step = gate_step(app->gate, event, &facts);
		if (step.next != app->gate)
			app->gate_deadline_ms = INT64_MAX;
		app->gate = step.next;
		arm(app, step.effects);
		note_effects(app, step.effects);
		if (step.effects & GATE_EFFECT_RELEASE)
			event = drive(app, true);
		else if (step.effects & GATE_EFFECT_HOLD)
			event = drive(app, false);
		else
			break;
	}
	app->board.gate = app->gate;
	app_device_state(app, DEVICE_GATE,
			 !app->has_line            ? DEVICE_ABSENT
			 : app->gate == GATE_FAULT ? DEVICE_FAILED
						   : DEVICE_OK);
	if (app->gate == GATE_CLOSED && app->next_release.wanted) {
		app->release = app->next_release;
		explicit_bzero(&app->next_release, sizeof(app->next_release));
		app_gate(app, GATE_PERMIT);
	}
}

void app_gate_permit(struct app *app, const struct visit *visit, enum direction direction,
		     bool recorded)
{
	struct release release = {
		.wanted = true,
		.direction = direction,
		.recorded = recorded,
		.verdict = visit->decision.verdict,
		.visit = *visit,
	};

	if (app->gate != GATE_CLOSED) { /* the one before has not finished: next when it has */
		app->next_release = release;
		return;
	}
	app->release = release;
	app_gate(app, GATE_PERMIT);
}
