#include "core/visit.h"

#include <string.h>

#include "core/identity.h"

#define NOT VISIT_STATE_COUNT_

static const enum visit_state TABLE[VISIT_STATE_COUNT_][VISIT_EVENT_COUNT_] = {
	/*                     REFERRED       REFUSE         TURN_BACK          ADMIT PASS_IN LAPSE
	 * LEAVE          EXPIRE */
	[VISIT_DRAFT] = { VISIT_WAITING, VISIT_REFUSED, VISIT_TURNED_BACK, VISIT_ADMITTED, NOT, NOT,
			  NOT, NOT },
	[VISIT_WAITING] = { NOT, VISIT_REFUSED, VISIT_TURNED_BACK, VISIT_ADMITTED, NOT, NOT, NOT,
			    NOT },
	[VISIT_ADMITTED] = { NOT, NOT, NOT, NOT, VISIT_INSIDE, VISIT_LAPSED, VISIT_LEFT, NOT },
	[VISIT_INSIDE] = { NOT, NOT, NOT, NOT, NOT, NOT, VISIT_LEFT, VISIT_OVERDUE },
	[VISIT_LEFT] = { NOT, NOT, NOT, NOT, NOT, NOT, NOT, NOT },
	[VISIT_REFUSED] = { NOT, NOT, NOT, NOT, NOT, NOT, NOT, NOT },
	[VISIT_TURNED_BACK] = { NOT, NOT, NOT, NOT, NOT, NOT, NOT, NOT },
	/* A second try at the gate after the opening lapsed. */
	[VISIT_LAPSED] = { NOT, NOT, NOT, NOT, VISIT_INSIDE, NOT, VISIT_LEFT, NOT },
	[VISIT_OVERDUE] = { NOT, NOT, NOT, NOT, NOT, NOT, VISIT_LEFT, NOT },
};

bool visit_step(enum visit_state state, enum visit_event event, enum visit_state *next)
{
	assert(state < VISIT_STATE_COUNT_ && event < VISIT_EVENT_COUNT_);
	enum visit_state to = TABLE[state][event];
	*next = to == NOT ? state : to;
	return to != NOT;
}

bool visit_is_over(enum visit_state state)
{
	return state == VISIT_LEFT || state == VISIT_REFUSED || state == VISIT_TURNED_BACK ||
	       state == VISIT_LAPSED;
}

enum visit_event visit_event_of(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_ADMIT:
		return VISIT_ADMIT;
	case VERDICT_REFER:
		return VISIT_REFERRED;
	case VERDICT_TURN_BACK:
		return VISIT_TURN_BACK;
	case VERDICT_REFUSE:
	case VERDICT_COUNT_:
		break;
	}
	return VISIT_REFUSE;
}

static struct fact declared(bool yes, int64_t wall_ms)
{
	return (struct fact){ .finding = yes ? FINDING_BAD : FINDING_GOOD,
			      .source = SOURCE_DECLARED,
			      .wall_ms = wall_ms };
}

void visit_declare(struct visit *visit, bool travel, bool symptoms, int64_t wall_ms)
{
	visit->facts[CHECK_TRAVEL_14D] = declared(travel, wall_ms);
	visit->facts[CHECK_SYMPTOMS] = declared(symptoms, wall_ms);
}

void visit_check_real_name(struct visit *visit, int32_t today, int64_t wall_ms)
{
	const struct person *p = &visit->person;
	/* Whoever collects refuse visits no household. */
	bool needs_household = visit->person_class != CLASS_SANITATION;
	bool good = identity_check_name(p->name) == NOTE_NONE &&
		    identity_check_document(p->document_kind, p->document, today) == NOTE_NONE &&
		    identity_check_phone(p->phone) == NOTE_NONE &&
		    (!needs_household || identity_check_household(p->household) == NOTE_NONE);
	visit->facts[CHECK_REAL_NAME] = (struct fact){
		.finding = good ? FINDING_GOOD : FINDING_BAD,
		.source = SOURCE_DECLARED,
		.wall_ms = wall_ms,
	};
}

struct fact visit_temperature(const struct visit *visit, const struct rulebook *book,
			      int64_t wall_ms)
{
	bool screened_only = visit->temperature.clinical_centi_c == 0 && visit->registered_ms != 0;

	return fever_fact(book, &visit->temperature,
			  screened_only ? visit->registered_ms : wall_ms);
}

struct decision visit_decide(struct visit *visit, const struct rulebook *book,
			     enum direction direction, const struct moment *now, enum lift lifted)
{
	const struct question question = {
		.level = visit->level,
		.person_class = visit->person_class,
		.direction = direction,
		.facts = visit->facts,
		.lifted = lifted,
		.now = *now,
	};

	visit->decision = rules_decide(book, &question);
	return visit->decision;
}

void visit_wipe(struct visit *visit)
{
	/* A plain memset of memory that lives on in the session is not optimised away. */
	memset(visit, 0, sizeof(*visit));
}
