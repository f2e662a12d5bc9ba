/*
 * Rows are tried in order; the first whose state and event match, whose needed facts are all
 * present and whose excluded facts are all absent, wins. No row: the event changes nothing. Going
 * home always wipes.
 */
#include "core/session.h"

#include <string.h>

#include "core/session_rows.h"

static const struct row ANYWHERE[] = {
	/* From anywhere: an emergency, then a dead register. */
	{ SCREEN_EMERGENCY, SESSION_EMERGENCY_OVER, FACT_DOWN, 0, SCREEN_FAULT, HOME_OUT, 0 },
	{ SCREEN_EMERGENCY, SESSION_EMERGENCY_OVER, 0, FACT_DOWN, SCREEN_BOARD, HOME_OUT, 0 },
	{ SCREEN_EMERGENCY, SESSION_FAULT, 0, 0, SCREEN_EMERGENCY, 0, 0 },
	/* The way is kept free and nobody logs in now: the guard's button prints who is inside. */
	{ SCREEN_EMERGENCY, SESSION_GUARD, 0, 0, SCREEN_EMERGENCY, EFFECT_PRINT, 0 },
	{ ANY, SESSION_EMERGENCY, 0, 0, SCREEN_EMERGENCY, HOME_OUT | EFFECT_CANCEL_EXPORT,
	  CLIP_EMERGENCY },
	{ ANY, SESSION_FAULT, 0, 0, SCREEN_FAULT, HOME_OUT, 0 },
	{ SCREEN_FAULT, SESSION_FAULT_OVER, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_FAULT, SESSION_TIMEOUT, 0, FACT_DOWN, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_FAULT, SESSION_NEXT, 0, FACT_DOWN, SCREEN_BOARD, HOME, 0 },
};

static const struct row TABLE[] = {
	/* The board and the welcome: start, log-in, or leave by pass. */
	{ SCREEN_BOARD, SESSION_PRESENCE, 0, 0, SCREEN_WELCOME, 0, CLIP_WELCOME },
	{ SCREEN_BOARD, SESSION_START, 0, 0, SCREEN_WELCOME, 0, CLIP_WELCOME },
	{ SCREEN_BOARD, SESSION_GUARD, 0, 0, SCREEN_PIN, EFFECT_ACCOUNTS, 0 },
	{ SCREEN_BOARD, SESSION_STAFF, 0, 0, SCREEN_PIN, EFFECT_ACCOUNTS, 0 },
	{ SCREEN_BOARD, SESSION_PASS_GOOD, 0, 0, SCREEN_SAVING, EFFECT_LEAVE, 0 },
	{ SCREEN_BOARD, SESSION_PASS_BAD, 0, 0, SCREEN_PASS_REFUSED, 0, CLIP_PASS_BAD },
	{ SCREEN_WELCOME, SESSION_START, 0, 0, SCREEN_CLASS, 0, CLIP_MASK },
	{ SCREEN_WELCOME, SESSION_NEXT, 0, 0, SCREEN_CLASS, 0, CLIP_MASK },
	{ SCREEN_WELCOME, SESSION_GONE, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_WELCOME, SESSION_TIMEOUT, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_WELCOME, SESSION_BACK, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_WELCOME, SESSION_CANCEL, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_WELCOME, SESSION_GUARD, 0, 0, SCREEN_PIN, EFFECT_ACCOUNTS, 0 },
	{ SCREEN_WELCOME, SESSION_STAFF, 0, 0, SCREEN_PIN, EFFECT_ACCOUNTS, 0 },
	{ SCREEN_WELCOME, SESSION_PASS_GOOD, 0, 0, SCREEN_SAVING, EFFECT_LEAVE, 0 },
	{ SCREEN_WELCOME, SESSION_PASS_BAD, 0, 0, SCREEN_PASS_REFUSED, 0, CLIP_PASS_BAD },

	/* Registration: one question a screen. */
	{ SCREEN_CLASS, SESSION_CHOOSE, FACT_CLASS_REFUSED, 0, SCREEN_SAVING, EFFECT_REGISTER, 0 },
	{ SCREEN_CLASS, SESSION_CHOOSE, 0, FACT_CLASS_REFUSED, SCREEN_NAME, 0, 0 },
	/* Who starts at the welcome must not find the answers of somebody before. */
	{ SCREEN_CLASS, SESSION_BACK, 0, 0, SCREEN_WELCOME, HOME, 0 },
	{ SCREEN_CLASS, SESSION_CANCEL, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_CLASS, SESSION_TIMEOUT, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_NAME, SESSION_NEXT, FACT_VALID, 0, SCREEN_DOCUMENT, 0, 0 },
	{ SCREEN_NAME, SESSION_BACK, 0, 0, SCREEN_OCCUPANTS, 0, 0 },
	{ SCREEN_NAME, SESSION_CANCEL, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_NAME, SESSION_TIMEOUT, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_DOCUMENT, SESSION_NEXT, FACT_VALID, 0, SCREEN_PHONE, 0, 0 },
	{ SCREEN_DOCUMENT, SESSION_BACK, 0, 0, SCREEN_NAME, 0, 0 },
	{ SCREEN_DOCUMENT, SESSION_CANCEL, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_DOCUMENT, SESSION_TIMEOUT, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_PHONE, SESSION_NEXT, FACT_VALID, 0, SCREEN_HOUSEHOLD, 0, 0 },
	{ SCREEN_PHONE, SESSION_BACK, 0, 0, SCREEN_DOCUMENT, 0, 0 },
	{ SCREEN_PHONE, SESSION_CANCEL, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_PHONE, SESSION_TIMEOUT, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_HOUSEHOLD, SESSION_NEXT, FACT_VALID, 0, SCREEN_PURPOSE, 0, 0 },
	{ SCREEN_HOUSEHOLD, SESSION_SKIP, 0, 0, SCREEN_PURPOSE, 0, 0 }, /* as session_go does */
	{ SCREEN_HOUSEHOLD, SESSION_BACK, 0, 0, SCREEN_PHONE, 0, 0 },
	{ SCREEN_HOUSEHOLD, SESSION_CANCEL, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_HOUSEHOLD, SESSION_TIMEOUT, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_PURPOSE, SESSION_NEXT, FACT_VALID, 0, SCREEN_TRAVEL, 0, 0 },
	{ SCREEN_PURPOSE, SESSION_SKIP, 0, 0, SCREEN_TRAVEL, 0, 0 },
	{ SCREEN_PURPOSE, SESSION_BACK, 0, 0, SCREEN_HOUSEHOLD, 0, 0 },
	{ SCREEN_PURPOSE, SESSION_CANCEL, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_PURPOSE, SESSION_TIMEOUT, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_TRAVEL, SESSION_ANSWER, 0, 0, SCREEN_SYMPTOMS, 0, 0 },
	{ SCREEN_TRAVEL, SESSION_SKIP, 0, 0, SCREEN_SYMPTOMS, 0, 0 },
	{ SCREEN_TRAVEL, SESSION_BACK, 0, 0, SCREEN_PURPOSE, 0, 0 },
	{ SCREEN_TRAVEL, SESSION_CANCEL, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_TRAVEL, SESSION_TIMEOUT, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_SYMPTOMS, SESSION_ANSWER, 0, 0, SCREEN_REVIEW, 0, 0 },
	{ SCREEN_SYMPTOMS, SESSION_SKIP, 0, 0, SCREEN_REVIEW, 0, 0 },
	{ SCREEN_SYMPTOMS, SESSION_BACK, 0, 0, SCREEN_TRAVEL, 0, 0 },
	{ SCREEN_SYMPTOMS, SESSION_CANCEL, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_SYMPTOMS, SESSION_TIMEOUT, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_REVIEW, SESSION_NEXT, 0, 0, SCREEN_CODE, 0, CLIP_SHOW_CODE },
	{ SCREEN_REVIEW, SESSION_BACK, 0, 0, SCREEN_SYMPTOMS, 0, 0 },
	{ SCREEN_REVIEW, SESSION_CANCEL, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_REVIEW, SESSION_TIMEOUT, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_CODE, SESSION_CODE, 0, 0, SCREEN_TEMPERATURE, EFFECT_MEASURE, CLIP_STAND_HERE },
	{ SCREEN_CODE, SESSION_SKIP, 0, 0, SCREEN_TEMPERATURE, EFFECT_MEASURE, CLIP_STAND_HERE },
	{ SCREEN_CODE, SESSION_BACK, 0, 0, SCREEN_REVIEW, 0, 0 },
	{ SCREEN_CODE, SESSION_CANCEL, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_CODE, SESSION_TIMEOUT, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_TEMPERATURE, SESSION_TEMPERATURE, 0, 0, SCREEN_SAVING, EFFECT_REGISTER, 0 },
	{ SCREEN_TEMPERATURE, SESSION_SKIP, 0, 0, SCREEN_SAVING, EFFECT_REGISTER, 0 },
	{ SCREEN_TEMPERATURE, SESSION_CANCEL, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_TEMPERATURE, SESSION_TIMEOUT, 0, 0, SCREEN_BOARD, HOME, 0 },

	/* The register answers. Only here the gate is opened. */
	{ SCREEN_SAVING, SESSION_RECORDED, FACT_LEVEL | FACT_GUARD, 0, SCREEN_QUEUE,
	  EFFECT_WIPE | EFFECT_QUEUE, CLIP_LEVEL_CHANGED },
	{ SCREEN_SAVING, SESSION_RECORDED, FACT_LEVEL, 0, SCREEN_STAFF, EFFECT_WIPE | EFFECT_COUNTS,
	  CLIP_LEVEL_CHANGED },
	{ SCREEN_SAVING, SESSION_RECORD_FAILED, FACT_LEVEL | FACT_GUARD, 0, SCREEN_QUEUE,
	  EFFECT_WIPE | EFFECT_QUEUE, 0 },
	{ SCREEN_SAVING, SESSION_RECORD_FAILED, FACT_LEVEL, 0, SCREEN_STAFF,
	  EFFECT_WIPE | EFFECT_COUNTS, 0 },
	{ SCREEN_SAVING, SESSION_IMPORTED, 0, FACT_GUARD, SCREEN_STAFF, EFFECT_WIPE | EFFECT_COUNTS,
	  0 },
	{ SCREEN_SAVING, SESSION_IMPORT_FAILED, 0, FACT_GUARD, SCREEN_STAFF,
	  EFFECT_WIPE | EFFECT_COUNTS, 0 },
	{ SCREEN_SAVING, SESSION_RECORDED, FACT_ADMIT | FACT_EXIT, 0, SCREEN_GOODBYE,
	  EFFECT_OPEN_GATE, CLIP_GOODBYE },
	{ SCREEN_SAVING, SESSION_RECORDED, FACT_ADMIT, FACT_EXIT, SCREEN_ADMITTED,
	  EFFECT_OPEN_GATE | EFFECT_PRINT_PASS, CLIP_ADMITTED },
	{ SCREEN_SAVING, SESSION_RECORDED, FACT_REFER, FACT_ADMIT | FACT_EXIT, SCREEN_WAITING, 0,
	  CLIP_WAIT_GUARD },
	{ SCREEN_SAVING, SESSION_RECORDED, FACT_TURN_BACK, FACT_ADMIT | FACT_REFER | FACT_EXIT,
	  SCREEN_REFUSED, EFFECT_PRINT_REFUSAL, CLIP_TURN_BACK },
	{ SCREEN_SAVING, SESSION_RECORDED, 0, FACT_ADMIT | FACT_REFER | FACT_EXIT, SCREEN_REFUSED,
	  EFFECT_PRINT_REFUSAL, CLIP_REFUSED },
	{ SCREEN_SAVING, SESSION_RECORDED, FACT_EXIT, FACT_ADMIT, SCREEN_PASS_REFUSED, 0,
	  CLIP_PASS_BAD },
	{ SCREEN_SAVING, SESSION_RECORD_FAILED, FACT_GUARD, 0, SCREEN_VISIT, 0, 0 },
	{ SCREEN_SAVING, SESSION_RECORD_FAILED, 0, 0, SCREEN_FAULT, HOME, 0 },
	{ SCREEN_SAVING, SESSION_ALREADY, FACT_GUARD, 0, SCREEN_QUEUE, EFFECT_WIPE | EFFECT_QUEUE,
	  0 },
	{ SCREEN_SAVING, SESSION_ALREADY, FACT_EXIT, 0, SCREEN_PASS_REFUSED, 0, CLIP_PASS_BAD },
	{ SCREEN_SAVING, SESSION_ALREADY, 0, 0, SCREEN_BOARD, HOME_OUT, 0 },
	{ SCREEN_SAVING, SESSION_TIMEOUT, 0, 0, SCREEN_FAULT, HOME_OUT, 0 },

	/* Results: back to the board, or to the queue when a guard is at work. */
	{ SCREEN_WAITING, SESSION_NEXT, FACT_GUARD, 0, SCREEN_QUEUE, EFFECT_WIPE | EFFECT_QUEUE,
	  0 },
	{ SCREEN_WAITING, SESSION_TIMEOUT, FACT_GUARD, 0, SCREEN_QUEUE, EFFECT_WIPE | EFFECT_QUEUE,
	  0 },
	{ SCREEN_WAITING, SESSION_NEXT, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_WAITING, SESSION_TIMEOUT, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_WAITING, SESSION_GUARD, 0, 0, SCREEN_PIN, EFFECT_WIPE | EFFECT_ACCOUNTS, 0 },
	{ SCREEN_ADMITTED, SESSION_NEXT, FACT_GUARD, 0, SCREEN_QUEUE, EFFECT_WIPE | EFFECT_QUEUE,
	  0 },
	{ SCREEN_ADMITTED, SESSION_TIMEOUT, FACT_GUARD, 0, SCREEN_QUEUE, EFFECT_WIPE | EFFECT_QUEUE,
	  0 },
	{ SCREEN_ADMITTED, SESSION_NEXT, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_ADMITTED, SESSION_TIMEOUT, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_REFUSED, SESSION_NEXT, FACT_GUARD, 0, SCREEN_QUEUE, EFFECT_WIPE | EFFECT_QUEUE,
	  0 },
	{ SCREEN_REFUSED, SESSION_TIMEOUT, FACT_GUARD, 0, SCREEN_QUEUE, EFFECT_WIPE | EFFECT_QUEUE,
	  0 },
	{ SCREEN_REFUSED, SESSION_NEXT, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_REFUSED, SESSION_TIMEOUT, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_GOODBYE, SESSION_NEXT, FACT_GUARD, 0, SCREEN_QUEUE, EFFECT_WIPE | EFFECT_QUEUE,
	  0 },
	{ SCREEN_GOODBYE, SESSION_TIMEOUT, FACT_GUARD, 0, SCREEN_QUEUE, EFFECT_WIPE | EFFECT_QUEUE,
	  0 },
	{ SCREEN_GOODBYE, SESSION_NEXT, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_GOODBYE, SESSION_TIMEOUT, 0, 0, SCREEN_BOARD, HOME, 0 },
	{ SCREEN_PASS_REFUSED, SESSION_NEXT, 0, 0, SCREEN_BOARD, HOME_OUT, 0 },
	{ SCREEN_PASS_REFUSED, SESSION_TIMEOUT, 0, 0, SCREEN_BOARD, HOME_OUT, 0 },
	{ SCREEN_PASS_REFUSED, SESSION_GUARD, 0, 0, SCREEN_PIN, EFFECT_WIPE | EFFECT_ACCOUNTS, 0 },

	/* Guards. */
	{ SCREEN_PIN, SESSION_NEXT, FACT_VALID, 0, SCREEN_PIN, EFFECT_CHECK_PIN, 0 },
	{ SCREEN_PIN, SESSION_PIN_RIGHT, FACT_TWO | FACT_SUPERVISOR, 0, SCREEN_SAVING, EFFECT_LEVEL,
	  0 },
	{ SCREEN_PIN, SESSION_BACK, FACT_TWO | FACT_SUPERVISOR, 0, SCREEN_LEVEL, 0, 0 },
	{ SCREEN_PIN, SESSION_PIN_RIGHT, FACT_STAFF, FACT_GUARD, SCREEN_STAFF,
	  EFFECT_LOGIN | EFFECT_COUNTS, 0 },
	{ SCREEN_PIN, SESSION_PIN_RIGHT, 0, FACT_STAFF, SCREEN_QUEUE, EFFECT_LOGIN | EFFECT_QUEUE,
	  0 },
	{ SCREEN_PIN, SESSION_BACK, 0, 0, SCREEN_BOARD, HOME_OUT, 0 },
	{ SCREEN_PIN, SESSION_CANCEL, 0, 0, SCREEN_BOARD, HOME_OUT, 0 },
	{ SCREEN_PIN, SESSION_TIMEOUT, 0, 0, SCREEN_BOARD, HOME_OUT, 0 },
	{ SCREEN_QUEUE, SESSION_ROW, 0, 0, SCREEN_QUEUE, EFFECT_LOAD, 0 },
	{ SCREEN_QUEUE, SESSION_LOADED, 0, 0, SCREEN_VISIT, 0, 0 },
	{ SCREEN_QUEUE, SESSION_LEVEL_OPEN, FACT_SUPERVISOR, 0, SCREEN_LEVEL, 0, 0 },
	{ SCREEN_QUEUE, SESSION_ORDER_OPEN, FACT_VALID, 0, SCREEN_ORDER, EFFECT_ORDER, 0 },
	{ SCREEN_QUEUE, SESSION_LOGOUT, 0, 0, SCREEN_BOARD, HOME_OUT, 0 },
	{ SCREEN_QUEUE, SESSION_TIMEOUT, 0, 0, SCREEN_BOARD, HOME_OUT, 0 },
	/* Staff may look at a visit that they have found; deciding is for guards. */
	{ SCREEN_VISIT, SESSION_CLINICAL, FACT_GUARD, 0, SCREEN_CLINICAL, 0, 0 },
	{ SCREEN_VISIT, SESSION_ADMIT, FACT_VALID | FACT_GUARD, 0, SCREEN_SAVING, EFFECT_DECIDE,
	  0 },
	{ SCREEN_VISIT, SESSION_REFUSE, FACT_GUARD, 0, SCREEN_SAVING, EFFECT_DECIDE, 0 },
	/* Whoever has walked up to a screen left open must not read on. */
	{ SCREEN_VISIT, SESSION_REVEAL, 0, 0, SCREEN_PIN, 0, 0 },
	{ SCREEN_PIN, SESSION_AGAIN_RIGHT, 0, 0, SCREEN_VISIT, EFFECT_REVEAL, 0 },
	{ SCREEN_PIN, SESSION_AGAIN_BACK, 0, 0, SCREEN_VISIT, 0, 0 },
	{ SCREEN_VISIT, SESSION_PRINT_AGAIN, FACT_VALID | FACT_GUARD, 0, SCREEN_SAVING, EFFECT_COPY,
	  0 },
	{ SCREEN_VISIT, SESSION_LET_OUT, FACT_VALID | FACT_GUARD, 0, SCREEN_SAVING, EFFECT_LEAVE,
	  0 },
	{ SCREEN_VISIT, SESSION_BACK, FACT_GUARD, 0, SCREEN_QUEUE, EFFECT_WIPE | EFFECT_QUEUE, 0 },
	{ SCREEN_VISIT, SESSION_BACK, 0, FACT_GUARD, SCREEN_STAFF, EFFECT_WIPE | EFFECT_COUNTS, 0 },
	{ SCREEN_VISIT, SESSION_LOGOUT, 0, 0, SCREEN_BOARD, HOME_OUT, 0 },
	{ SCREEN_VISIT, SESSION_TIMEOUT, 0, 0, SCREEN_BOARD, HOME_OUT, 0 },
	{ SCREEN_CLINICAL, SESSION_NEXT, FACT_VALID, 0, SCREEN_VISIT, 0, 0 },
	{ SCREEN_CLINICAL, SESSION_BACK, 0, 0, SCREEN_VISIT, 0, 0 },
	{ SCREEN_CLINICAL, SESSION_TIMEOUT, 0, 0, SCREEN_BOARD, HOME_OUT, 0 },

	/* The level: a supervisor, and a second person where the change needs two. */
	{ SCREEN_LEVEL, SESSION_NEXT, FACT_VALID | FACT_SUPERVISOR, FACT_TWO, SCREEN_SAVING,
	  EFFECT_LEVEL, 0 },
	{ SCREEN_LEVEL, SESSION_NEXT, FACT_VALID | FACT_SUPERVISOR | FACT_TWO, 0, SCREEN_PIN,
	  EFFECT_ACCOUNTS, 0 },
	{ SCREEN_LEVEL, SESSION_BACK, 0, 0, SCREEN_QUEUE, EFFECT_WIPE | EFFECT_QUEUE, 0 },
	{ SCREEN_LEVEL, SESSION_ORDER_OPEN, FACT_VALID, 0, SCREEN_ORDER, EFFECT_ORDER, 0 },
	{ SCREEN_LEVEL, SESSION_LOGOUT, 0, 0, SCREEN_BOARD, HOME_OUT, 0 },
	{ SCREEN_LEVEL, SESSION_TIMEOUT, 0, 0, SCREEN_BOARD, HOME_OUT, 0 },

	/* … or the office's signed order: its signature is the authority, whoever is logged in only
	 * confirms. */
	{ SCREEN_ORDER, SESSION_NEXT, FACT_VALID, 0, SCREEN_SAVING, EFFECT_LEVEL, 0 },
	/* … or its bundle, which staff take. */
	{ SCREEN_ORDER, SESSION_IMPORT, FACT_VALID, FACT_GUARD, SCREEN_SAVING, EFFECT_IMPORT, 0 },
	{ SCREEN_ORDER, SESSION_BACK, FACT_GUARD, 0, SCREEN_QUEUE, EFFECT_WIPE | EFFECT_QUEUE, 0 },
	{ SCREEN_ORDER, SESSION_BACK, 0, FACT_GUARD, SCREEN_STAFF, EFFECT_WIPE | EFFECT_COUNTS, 0 },
	{ SCREEN_ORDER, SESSION_LOGOUT, 0, 0, SCREEN_BOARD, HOME_OUT, 0 },
	{ SCREEN_ORDER, SESSION_TIMEOUT, 0, 0, SCREEN_BOARD, HOME_OUT, 0 },

	/* Staff. */
	{ SCREEN_STAFF, SESSION_ORDER_OPEN, FACT_VALID, 0, SCREEN_ORDER, EFFECT_ORDER, 0 },
	{ SCREEN_STAFF, SESSION_LOGOUT, 0, 0, SCREEN_BOARD, HOME_OUT, 0 },
	{ SCREEN_STAFF, SESSION_TIMEOUT, 0, 0, SCREEN_BOARD, HOME_OUT, 0 },
};

static const struct row *find(const struct rows *rows, enum screen state, enum session_event event,
			      uint32_t facts)
{
	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->row[i];
		if (row->event == event && (row->state == state || row->state == ANY) &&
		    (facts & row->need) == row->need && (facts & row->exclude) == 0)
			return row;
	}
	return NULL;
}

struct session_step session_step(enum screen state, enum session_event event, uint32_t facts)
{
	assert(state < SCREEN_COUNT_ && event < SESSION_EVENT_COUNT_);
	static const struct rows FIRST = { ANYWHERE, ARRAY_LEN(ANYWHERE) };
	static const struct rows OWN = { TABLE, ARRAY_LEN(TABLE) };
	static const struct rows *const TABLES[] = { &FIRST,
						     &OWN,
						     &SESSION_REPORT_ROWS,
						     &SESSION_SEARCH_ROWS,
						     &SESSION_TOOLS_ROWS,
						     &SESSION_VEHICLE_ROWS,
						     &SESSION_LEDGER_ROWS,
						     &SESSION_ACCOUNTS_ROWS,
						     &SESSION_EXPORT_ROWS };
	const struct row *row = NULL;

	for (size_t i = 0; !row && i < ARRAY_LEN(TABLES); i++)
		row = find(TABLES[i], state, event, facts);
	if (!row)
		return (struct session_step){ state, 0, CLIP_NONE, false };
	uint64_t enter = row->next != state ? EFFECT_ENTER : 0;
	return (struct session_step){ row->next, row->effects | enter, row->say, true };
}

/* Answers are the same bytes as before: the screens passed by do nothing but lead on. */
struct session_step session_go(enum screen state, enum session_event event, uint32_t facts,
			       uint64_t unasked)
{
	struct session_step step = session_step(state, event, facts);
	enum session_event on = event == SESSION_BACK ? SESSION_BACK : SESSION_SKIP;

	while (step.moved && step.next != state && unasked >> step.next & 1) {
		struct session_step more = session_step(step.next, on, facts);
		if (!more.moved) /* not one that can be passed by */
			break;
		more.effects |= step.effects;
		step = more;
	}
	return step;
}

/*                                       timeout  personal scan  preview step */
static const struct screen_traits TRAITS[SCREEN_COUNT_] = {
	[SCREEN_BOARD] = { 0, false, true, false, 0 },
	[SCREEN_WELCOME] = { 30000, false, true, false, 0 },
	/* Shows nothing personal, but holds it after going back. */
	[SCREEN_CLASS] = { 60000, true, false, false, 1 },
	[SCREEN_NAME] = { 90000, true, false, false, 2 },
	[SCREEN_DOCUMENT] = { 90000, true, false, false, 3 },
	[SCREEN_PHONE] = { 90000, true, false, false, 4 },
	[SCREEN_HOUSEHOLD] = { 90000, true, false, false, 5 },
	[SCREEN_PURPOSE] = { 90000, true, false, false, 6 },
	[SCREEN_TRAVEL] = { 60000, true, false, false, 7 },
	[SCREEN_SYMPTOMS] = { 60000, true, false, false, 7 },
	[SCREEN_REVIEW] = { 90000, true, false, false, 7 },
	[SCREEN_CODE] = { 90000, true, true, true, 8 },
	[SCREEN_TEMPERATURE] = { 90000, true, false, false, 9 },
	[SCREEN_SAVING] = { 30000, true, false, false, 0 },
	[SCREEN_WAITING] = { 20000, true, false, false, 0 },
	[SCREEN_REFUSED] = { 30000, true, false, false, 0 },
	[SCREEN_ADMITTED] = { 15000, true, false, false, 0 },
	[SCREEN_GOODBYE] = { 8000, true, false, false, 0 },
	/* Shows nothing personal, but holds the visit of a pass that was used up. */
	[SCREEN_PASS_REFUSED] = { 15000, true, false, false, 0 },
	[SCREEN_PIN] = { 60000, true, false, false, 0 },
	[SCREEN_QUEUE] = { 120000, true, false, false, 0 },
	[SCREEN_VISIT] = { 180000, true, false, false, 0 },
	[SCREEN_CLINICAL] = { 90000, true, false, false, 0 },
	[SCREEN_LEVEL] = { 120000, false, false, false, 0 },
	[SCREEN_ORDER] = { 120000, false, false, false, 0 },
	[SCREEN_STAFF] = { 120000, false, false, false, 0 },
	[SCREEN_EXPORTING] = { 0, false, false, false, 0 },
	[SCREEN_EXPORTED] = { 120000, false, false, false, 0 },
	[SCREEN_EXPORT_FAILED] = { 120000, false, false, false, 0 },
	[SCREEN_FAULT] = { 20000, false, false, false, 0 },
	[SCREEN_EMERGENCY] = { 0, false, false, false, 0 },
	[SCREEN_REPORTS] = { 120000, false, false, false, 0 },
	[SCREEN_REPORT] = { 180000, false, false, false, 0 },
	[SCREEN_PERIOD] = { 120000, false, false, false, 0 },
	[SCREEN_INSIDE] = { 180000, true, false, false, 0 },
	[SCREEN_CONTACT] = { 120000, true, false, false, 0 },
	[SCREEN_CONTACTS] = { 120000, true, false, false, 0 },
	[SCREEN_SEARCH] = { 120000, true, false, false, 0 },
	[SCREEN_FOUND] = { 120000, true, false, false, 0 },
	[SCREEN_TOOLS] = { 120000, false, false, false, 0 },
	[SCREEN_REQUEST] = { 120000, true, false, false, 0 },
	[SCREEN_KEPT] = { 180000, true, false, false, 0 },
	[SCREEN_VEHICLE] = { 60000, true, false, false, 1 },
	[SCREEN_PLATE] = { 90000, true, false, false, 1 },
	[SCREEN_OCCUPANTS] = { 60000, true, false, false, 1 },
	[SCREEN_LEDGERS] = { 120000, false, false, false, 0 },
	[SCREEN_LEDGER] = { 120000, false, false, false, 0 },
	[SCREEN_LEDGER_ENTRY] = { 180000, false, false, false, 0 },
	[SCREEN_REMARK] = { 180000, false, false, false, 0 },
	[SCREEN_CHECK] = { 120000, false, false, false, 0 },
	[SCREEN_ACCOUNTS] = { 120000, true, false, false, 0 },
	[SCREEN_ACCOUNT] = { 120000, true, false, false, 0 },
	[SCREEN_CLOCK] = { 120000, false, false, false, 0 },
	[SCREEN_EXPORT_DAYS] = { 120000, false, false, false, 0 },
};

const struct screen_traits *screen_traits(enum screen screen)
{
	assert(screen < SCREEN_COUNT_);
	return &TRAITS[screen];
}

const char *screen_name(enum screen screen)
{
	static const char *const NAME[SCREEN_COUNT_] = {
		[SCREEN_BOARD] = "board",
		[SCREEN_WELCOME] = "welcome",
		[SCREEN_CLASS] = "class",
		[SCREEN_NAME] = "name",
		[SCREEN_DOCUMENT] = "document",
		[SCREEN_PHONE] = "phone",
		[SCREEN_HOUSEHOLD] = "household",
		[SCREEN_PURPOSE] = "purpose",
		[SCREEN_TRAVEL] = "travel",
		[SCREEN_SYMPTOMS] = "symptoms",
		[SCREEN_REVIEW] = "review",
		[SCREEN_CODE] = "code",
		[SCREEN_TEMPERATURE] = "temperature",
		[SCREEN_SAVING] = "saving",
		[SCREEN_WAITING] = "waiting",
		[SCREEN_REFUSED] = "refused",
		[SCREEN_ADMITTED] = "admitted",
		[SCREEN_GOODBYE] = "goodbye",
		[SCREEN_PASS_REFUSED] = "pass-refused",
		[SCREEN_PIN] = "pin",
		[SCREEN_QUEUE] = "queue",
		[SCREEN_VISIT] = "visit",
		[SCREEN_CLINICAL] = "clinical",
		[SCREEN_LEVEL] = "level",
		[SCREEN_ORDER] = "order",
		[SCREEN_STAFF] = "staff",
		[SCREEN_EXPORTING] = "exporting",
		[SCREEN_EXPORTED] = "exported",
		[SCREEN_EXPORT_FAILED] = "export-failed",
		[SCREEN_FAULT] = "fault",
		[SCREEN_EMERGENCY] = "emergency",
		[SCREEN_REPORTS] = "reports",
		[SCREEN_REPORT] = "report",
		[SCREEN_PERIOD] = "period",
		[SCREEN_INSIDE] = "inside",
		[SCREEN_CONTACT] = "contact",
		[SCREEN_CONTACTS] = "contacts",
		[SCREEN_SEARCH] = "search",
		[SCREEN_FOUND] = "found",
		[SCREEN_TOOLS] = "tools",
		[SCREEN_REQUEST] = "request",
		[SCREEN_KEPT] = "kept",
		[SCREEN_VEHICLE] = "vehicle",
		[SCREEN_PLATE] = "plate",
		[SCREEN_OCCUPANTS] = "occupants",
		[SCREEN_LEDGERS] = "ledgers",
		[SCREEN_LEDGER] = "ledger",
		[SCREEN_LEDGER_ENTRY] = "ledger-entry",
		[SCREEN_REMARK] = "remark",
		[SCREEN_CHECK] = "check",
		[SCREEN_ACCOUNTS] = "accounts",
		[SCREEN_ACCOUNT] = "account",
		[SCREEN_CLOCK] = "clock",
		[SCREEN_EXPORT_DAYS] = "export-days",
	};
	return NAME[screen];
}

const char *clip_name(enum clip clip)
{
	static const char *const NAME[CLIP_COUNT_] = {
		[CLIP_NONE] = "",
		[CLIP_WELCOME] = "welcome",
		[CLIP_MASK] = "mask",
		[CLIP_SHOW_CODE] = "show-code",
		[CLIP_STAND_HERE] = "stand-here",
		[CLIP_AGAIN] = "again",
		[CLIP_REST] = "rest",
		[CLIP_WAIT_GUARD] = "wait-guard",
		[CLIP_ADMITTED] = "admitted",
		[CLIP_REFUSED] = "refused",
		[CLIP_TURN_BACK] = "turn-back",
		[CLIP_GOODBYE] = "goodbye",
		[CLIP_PASS_BAD] = "pass-bad",
		[CLIP_PAPER_OUT] = "paper-out",
		[CLIP_GATE_OPEN] = "gate-open",
		[CLIP_EMERGENCY] = "emergency",
		[CLIP_EXPORT_DONE] = "export-done",
		[CLIP_LEVEL_CHANGED] = "level-changed",
	};
	return NAME[clip];
}

void session_wipe(struct session *s)
{
	struct session kept = {
		.screen = s->screen,
		.deadline_ms = s->deadline_ms,
		.role = s->role,
		.role_wanted = s->role_wanted,
		.staff_language = s->role == ROLE_NONE ? LANGUAGE_ZH : s->staff_language,
		.utc_offset_min = s->utc_offset_min,
	};
	kept.language = kept.staff_language;
	memcpy(kept.account, s->account, sizeof(kept.account));
	*s = kept;
}

void session_wipe_visit(struct session *s)
{
	char search[sizeof(s->search)];
	int32_t page = s->page;

	memcpy(search, s->search, sizeof(search));
	session_wipe(s);
	memcpy(s->search, search, sizeof(search));
	s->page = page;
	explicit_bzero(search, sizeof(search));
}
