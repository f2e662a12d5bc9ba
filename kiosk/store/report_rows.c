/*
 * What each row of the report counts. An event is judged by what stands in it and by nothing else,
 * so that the events of any part of a day can be counted again and give the same. A new row is one
 * line here, one in core/report.h, its word in core/report.c and its text in the catalogue.
 */
#include <string.h>

#include "core/vehicle.h"
#include "core/view.h"
#include "store/entry_codec.h"
#include "store/report.h"

typedef bool counts_fn(const struct entry *e);
typedef int64_t amount_fn(const struct entry *e);

/* The verdict by which a visit ended at the gate, one event of a visit at most. */
static bool is_final(const struct entry *e)
{
	return entry_has_form(e->type) && e->visit.decision.verdict != VERDICT_REFER;
}

static bool is_bad(const struct entry *e, enum check check)
{
	return e->visit.facts[check].finding == FINDING_BAD;
}

static bool has_reason(const struct entry *e, enum reason_code code)
{
	const struct decision *d = &e->visit.decision;

	for (int i = 0; i < d->reason_count; i++)
		if (d->reasons[i].code == code)
			return true;
	return false;
}

static bool registered(const struct entry *e)
{
	return e->type == ENTRY_REGISTERED;
}

static bool admitted(const struct entry *e)
{
	return e->type == ENTRY_DECIDED && e->visit.decision.verdict == VERDICT_ADMIT;
}

static bool entered(const struct entry *e)
{
	return e->type == ENTRY_PASSED;
}

static bool left(const struct entry *e)
{
	return e->type == ENTRY_LEFT;
}

static bool refused(const struct entry *e)
{
	return is_final(e) && e->visit.decision.verdict == VERDICT_REFUSE;
}

static bool turned_back(const struct entry *e)
{
	return is_final(e) && e->visit.decision.verdict == VERDICT_TURN_BACK;
}

static bool courier(const struct entry *e)
{
	return (refused(e) || turned_back(e)) && e->visit.person_class == CLASS_COURIER;
}

static bool lapsed(const struct entry *e)
{
	return e->type == ENTRY_LAPSED;
}

static bool measured(const struct entry *e)
{
	return registered(e) && e->visit.temperature.first_centi_c != 0;
}

static bool screened_high(const struct entry *e)
{
	return measured(e) &&
	       (has_reason(e, REASON_TEMPERATURE_UNCONFIRMED) || is_bad(e, CHECK_TEMPERATURE));
}

static bool fever(const struct entry *e)
{
	return is_final(e) && is_bad(e, CHECK_TEMPERATURE);
}

static bool fever_home(const struct entry *e)
{
	return fever(e) && has_reason(e, REASON_TEMPERATURE_HOME);
}

static bool code_yellow(const struct entry *e)
{
	return is_final(e) && e->visit.facts[CHECK_HEALTH_CODE].value == COLOUR_YELLOW;
}

static bool code_red(const struct entry *e)
{
	return is_final(e) && e->visit.facts[CHECK_HEALTH_CODE].value == COLOUR_RED;
}

static bool travel_starred(const struct entry *e)
{
	return is_final(e) && e->visit.facts[CHECK_TRAVEL_CARD].value == TRAVEL_CARD_STARRED;
}

static bool travel_declared(const struct entry *e)
{
	return registered(e) && is_bad(e, CHECK_TRAVEL_14D);
}

static bool symptoms(const struct entry *e)
{
	return registered(e) && is_bad(e, CHECK_SYMPTOMS);
}

static bool test_bad(const struct entry *e)
{
	return is_final(e) &&
	       (has_reason(e, REASON_TEST_MISSING) || has_reason(e, REASON_TEST_TOO_OLD) ||
		has_reason(e, REASON_TEST_POSITIVE));
}

static bool pass_printed(const struct entry *e)
{
	return e->type == ENTRY_PASS_PRINTED && e->detail[0] != 'c'; /* "copy" */
}

static bool pass_revoked(const struct entry *e)
{
	return e->type == ENTRY_PASS_REVOKED;
}

static bool pass_rejected(const struct entry *e)
{
	return e->type == ENTRY_PASS_REJECTED;
}

static bool pass_expired(const struct entry *e)
{
	return pass_rejected(e) && e->number == PASS_EXPIRED;
}

static bool login(const struct entry *e)
{
	return e->type == ENTRY_LOGIN && e->number != ROLE_STAFF;
}

static bool handover(const struct entry *e)
{
	return e->type == ENTRY_HANDOVER;
}

static bool level(const struct entry *e)
{
	return e->type == ENTRY_LEVEL;
}

static bool emergency(const struct entry *e)
{
	return e->type == ENTRY_EMERGENCY && e->number == 1;
}

/* The event says that a device stopped working or works again. */
static bool fault(const struct entry *e)
{
	int64_t state = e->number & 0xFF;

	return e->type == ENTRY_DEVICE && state != DEVICE_OK && state != DEVICE_UNKNOWN &&
	       state != DEVICE_STARTING;
}

static bool start(const struct entry *e)
{
	return e->type == ENTRY_BOOT;
}

static bool revealed(const struct entry *e)
{
	return e->type == ENTRY_REVEALED;
}

static bool contact(const struct entry *e)
{
	return e->type == ENTRY_CONTACT;
}

static bool exported(const struct entry *e)
{
	return e->type == ENTRY_EXPORTED;
}

/* These two events name no class: they say so where it was a vehicle. */
static bool vehicle_in(const struct entry *e)
{
	return entered(e) && strcmp(e->detail, ENTRY_DETAIL_VEHICLE) == 0;
}

static bool vehicle_out(const struct entry *e)
{
	return left(e) && strcmp(e->detail, ENTRY_DETAIL_VEHICLE) == 0;
}

static bool vehicle_turned_back(const struct entry *e)
{
	return (refused(e) || turned_back(e)) && vehicle_class(e->visit.person_class);
}

static bool vehicle_disinfected(const struct entry *e)
{
	const struct fact *f = &e->visit.facts[CHECK_DISINFECTION];

	return e->type == ENTRY_DECIDED && vehicle_class(e->visit.person_class) &&
	       f->finding == FINDING_GOOD && f->source == SOURCE_GUARD;
}

static int64_t entries_of(const struct entry *e, enum ledger_kind kind)
{
	return e->type == ENTRY_LEDGER && e->ledger.kind == kind ? ledger_adds(&e->ledger) : 0;
}

static int64_t disinfections(const struct entry *e)
{
	return entries_of(e, LEDGER_DISINFECTION);
}

static int64_t spot_disinfections(const struct entry *e)
{
	return entries_of(e, LEDGER_CONCURRENT) + entries_of(e, LEDGER_TERMINAL);
}

static int64_t waste_bags(const struct entry *e)
{
	return e->type == ENTRY_LEDGER ? ledger_adds_bags(&e->ledger) : 0;
}

static int64_t incidents(const struct entry *e)
{
	return entries_of(e, LEDGER_INCIDENT);
}

/* The rows of which an event adds more than one, or less. */
static amount_fn *const AMOUNTS[REPORT_ROW_COUNT_] = {
	[REPORT_DISINFECTIONS] = disinfections,
	[REPORT_SPOT_DISINFECTIONS] = spot_disinfections,
	[REPORT_WASTE_BAGS] = waste_bags,
	[REPORT_INCIDENTS] = incidents,
};

static counts_fn *const COUNTS[REPORT_ROW_COUNT_] = {
	[REPORT_REGISTERED] = registered,
	[REPORT_ADMITTED] = admitted,
	[REPORT_ENTERED] = entered,
	[REPORT_LEFT] = left,
	[REPORT_REFUSED] = refused,
	[REPORT_TURNED_BACK] = turned_back,
	[REPORT_COURIERS] = courier,
	[REPORT_LAPSED] = lapsed,
	[REPORT_MEASURED] = measured,
	[REPORT_SCREENED_HIGH] = screened_high,
	[REPORT_FEVER] = fever,
	[REPORT_FEVER_HOME] = fever_home,
	[REPORT_CODE_YELLOW] = code_yellow,
	[REPORT_CODE_RED] = code_red,
	[REPORT_TRAVEL_STARRED] = travel_starred,
	[REPORT_TRAVEL_DECLARED] = travel_declared,
	[REPORT_SYMPTOMS] = symptoms,
	[REPORT_TEST_BAD] = test_bad,
	[REPORT_PASSES] = pass_printed,
	[REPORT_PASSES_REVOKED] = pass_revoked,
	[REPORT_PASSES_REJECTED] = pass_rejected,
	[REPORT_PASSES_EXPIRED] = pass_expired,
	[REPORT_LOGINS] = login,
	[REPORT_HANDOVERS] = handover,
	[REPORT_LEVELS] = level,
	[REPORT_EMERGENCIES] = emergency,
	[REPORT_FAULTS] = fault,
	[REPORT_STARTS] = start,
	[REPORT_REVEALED] = revealed,
	[REPORT_CONTACTS] = contact,
	[REPORT_EXPORTS] = exported,
	[REPORT_VEHICLES_IN] = vehicle_in,
	[REPORT_VEHICLES_OUT] = vehicle_out,
	[REPORT_VEHICLES_TURNED_BACK] = vehicle_turned_back,
	[REPORT_VEHICLES_DISINFECTED] = vehicle_disinfected,
};

int64_t report_counts(enum report_row row, const struct entry *told)
{
	assert(row < REPORT_ROW_COUNT_);
	return AMOUNTS[row] ? AMOUNTS[row](told) : COUNTS[row](told);
}
