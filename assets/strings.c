/*
 * Which text stands for which value of which enum. The tables are written out, so that a value
 * added to an enum without a text is found by the test that walks them all.
 */
#include "assets/strings.h"

#include <stdarg.h>
#include <string.h>

#include "assets/string_tables.h"
#include "base/text.h"

static const enum string_id LEVELS[LEVEL_COUNT_] = {
	[LEVEL_OPEN] = STR_LEVEL_OPEN,
	[LEVEL_CLOSED] = STR_LEVEL_CLOSED,
	[LEVEL_STRICT] = STR_LEVEL_STRICT,
	[LEVEL_LOCKDOWN] = STR_LEVEL_LOCKDOWN,
};

static const enum string_id LEVEL_HINTS[LEVEL_COUNT_] = {
	[LEVEL_OPEN] = STR_LEVEL_HINT_OPEN,
	[LEVEL_CLOSED] = STR_LEVEL_HINT_CLOSED,
	[LEVEL_STRICT] = STR_LEVEL_HINT_STRICT,
	[LEVEL_LOCKDOWN] = STR_LEVEL_HINT_LOCKDOWN,
};

static const enum string_id LEVEL_MEANS[LEVEL_COUNT_] = {
	[LEVEL_OPEN] = STR_LEVEL_MEANS_OPEN,
	[LEVEL_CLOSED] = STR_LEVEL_MEANS_CLOSED,
	[LEVEL_STRICT] = STR_LEVEL_MEANS_STRICT,
	[LEVEL_LOCKDOWN] = STR_LEVEL_MEANS_LOCKDOWN,
};

static const enum string_id CLASSES[CLASS_COUNT_] = {
	[CLASS_VISITOR] = STR_CLASS_VISITOR,
	[CLASS_COURIER] = STR_CLASS_COURIER,
	[CLASS_RESIDENT] = STR_CLASS_RESIDENT,
	[CLASS_RETURNEE] = STR_CLASS_RETURNEE,
	[CLASS_TENANT] = STR_CLASS_TENANT,
	[CLASS_OUTSIDER] = STR_CLASS_OUTSIDER,
	[CLASS_KEY_AREA] = STR_CLASS_KEY_AREA,
	[CLASS_REPAIR] = STR_CLASS_REPAIR,
	[CLASS_WORKS] = STR_CLASS_WORKS,
	[CLASS_EPIDEMIC_WORKER] = STR_CLASS_EPIDEMIC_WORKER,
	[CLASS_STAFF] = STR_CLASS_STAFF,
	[CLASS_CARER] = STR_CLASS_CARER,
	[CLASS_INSPECTOR] = STR_CLASS_INSPECTOR,
	[CLASS_RESIDENT_VEHICLE] = STR_CLASS_RESIDENT_VEHICLE,
	[CLASS_OUTSIDE_VEHICLE] = STR_CLASS_OUTSIDE_VEHICLE,
	[CLASS_SUPPLY_VEHICLE] = STR_CLASS_SUPPLY_VEHICLE,
	[CLASS_SANITATION] = STR_CLASS_SANITATION,
	[CLASS_EMERGENCY_VEHICLE] = STR_CLASS_EMERGENCY_VEHICLE,
};

static const enum string_id CLASS_HINTS[CLASS_COUNT_] = {
	[CLASS_VISITOR] = STR_CLASS_HINT_VISITOR,
	[CLASS_COURIER] = STR_CLASS_HINT_COURIER,
	[CLASS_RESIDENT] = STR_CLASS_HINT_RESIDENT,
	[CLASS_RETURNEE] = STR_CLASS_HINT_RETURNEE,
	[CLASS_TENANT] = STR_CLASS_HINT_TENANT,
	[CLASS_OUTSIDER] = STR_CLASS_HINT_OUTSIDER,
	[CLASS_KEY_AREA] = STR_CLASS_HINT_KEY_AREA,
	[CLASS_REPAIR] = STR_CLASS_HINT_REPAIR,
	[CLASS_WORKS] = STR_CLASS_HINT_WORKS,
	[CLASS_EPIDEMIC_WORKER] = STR_CLASS_HINT_EPIDEMIC_WORKER,
	[CLASS_STAFF] = STR_CLASS_HINT_STAFF,
	[CLASS_CARER] = STR_CLASS_HINT_CARER,
	[CLASS_INSPECTOR] = STR_CLASS_HINT_INSPECTOR,
	[CLASS_RESIDENT_VEHICLE] = STR_CLASS_HINT_RESIDENT_VEHICLE,
	[CLASS_OUTSIDE_VEHICLE] = STR_CLASS_HINT_OUTSIDE_VEHICLE,
	[CLASS_SUPPLY_VEHICLE] = STR_CLASS_HINT_SUPPLY_VEHICLE,
	[CLASS_SANITATION] = STR_CLASS_HINT_SANITATION,
	[CLASS_EMERGENCY_VEHICLE] = STR_CLASS_HINT_EMERGENCY_VEHICLE,
};

static const enum string_id DOCUMENTS[DOCUMENT_COUNT_] = {
	[DOCUMENT_ID_CARD] = STR_DOCUMENT_ID_CARD,
	[DOCUMENT_PASSPORT] = STR_DOCUMENT_PASSPORT,
	[DOCUMENT_HK_MACAO] = STR_DOCUMENT_HK_MACAO,
	[DOCUMENT_TAIWAN] = STR_DOCUMENT_TAIWAN,
	[DOCUMENT_FOREIGN_PR] = STR_DOCUMENT_FOREIGN_PR,
};

static const enum string_id PURPOSES[PURPOSE_COUNT_] = {
	[PURPOSE_FAMILY] = STR_PURPOSE_FAMILY, [PURPOSE_CARE] = STR_PURPOSE_CARE,
	[PURPOSE_REPAIR] = STR_PURPOSE_REPAIR, [PURPOSE_WORK] = STR_PURPOSE_WORK,
	[PURPOSE_OTHER] = STR_PURPOSE_OTHER,
};

static const enum string_id STATES[VISIT_STATE_COUNT_] = {
	[VISIT_DRAFT] = STR_STATE_DRAFT,
	[VISIT_WAITING] = STR_STATE_WAITING,
	[VISIT_ADMITTED] = STR_STATE_ADMITTED,
	[VISIT_INSIDE] = STR_STATE_INSIDE,
	[VISIT_LEFT] = STR_STATE_LEFT,
	[VISIT_REFUSED] = STR_STATE_REFUSED,
	[VISIT_TURNED_BACK] = STR_STATE_TURNED_BACK,
	[VISIT_LAPSED] = STR_STATE_LAPSED,
	[VISIT_OVERDUE] = STR_STATE_OVERDUE,
};

static const enum string_id ROLES[ROLE_COUNT_] = {
	[ROLE_GUARD] = STR_ROLE_GUARD,
	[ROLE_SUPERVISOR] = STR_ROLE_SUPERVISOR,
	[ROLE_STAFF] = STR_ROLE_STAFF,
};

static const enum string_id DEVICES[DEVICE_COUNT_] = {
	[DEVICE_CAMERA] = STR_DEVICE_CAMERA,   [DEVICE_THERMOMETER] = STR_DEVICE_THERMOMETER,
	[DEVICE_PRINTER] = STR_DEVICE_PRINTER, [DEVICE_GATE] = STR_DEVICE_GATE,
	[DEVICE_SPEAKER] = STR_DEVICE_SPEAKER, [DEVICE_PRESENCE] = STR_DEVICE_PRESENCE,
	[DEVICE_STICK] = STR_DEVICE_STICK,     [DEVICE_REGISTER] = STR_DEVICE_REGISTER,
};

static const enum string_id DEVICE_STATES[DEVICE_STATE_COUNT_] = {
	[DEVICE_OK] = STR_DEVICE_STATE_OK,
	[DEVICE_UNKNOWN] = STR_DEVICE_STATE_UNKNOWN,
	[DEVICE_ABSENT] = STR_DEVICE_STATE_ABSENT,
	[DEVICE_STARTING] = STR_DEVICE_STATE_STARTING,
	[DEVICE_FAILED] = STR_DEVICE_STATE_FAILED,
	[DEVICE_PAPER_LOW] = STR_DEVICE_STATE_PAPER_LOW,
	[DEVICE_PAPER_END] = STR_DEVICE_STATE_PAPER_END,
	[DEVICE_COVER_OPEN] = STR_DEVICE_STATE_COVER_OPEN,
	[DEVICE_FULL] = STR_DEVICE_STATE_FULL,
};

static const enum string_id GATE_STATES[GATE_STATE_COUNT_] = {
	[GATE_CLOSED] = STR_GATE_STATE_CLOSED, [GATE_OPENING] = STR_GATE_STATE_OPENING,
	[GATE_OPEN] = STR_GATE_STATE_OPEN,     [GATE_CLOSING] = STR_GATE_STATE_CLOSING,
	[GATE_FAULT] = STR_GATE_STATE_FAULT,   [GATE_EMERGENCY] = STR_GATE_STATE_EMERGENCY,
};

static const enum string_id CHECKS[CHECK_COUNT_] = {
	[CHECK_REAL_NAME] = STR_CHECK_REAL_NAME,
	[CHECK_DOCUMENT] = STR_CHECK_DOCUMENT,
	[CHECK_MASK] = STR_CHECK_MASK,
	[CHECK_TEMPERATURE] = STR_CHECK_TEMPERATURE,
	[CHECK_HEALTH_CODE] = STR_CHECK_HEALTH_CODE,
	[CHECK_TRAVEL_CARD] = STR_CHECK_TRAVEL_CARD,
	[CHECK_TRAVEL_14D] = STR_CHECK_TRAVEL_14D,
	[CHECK_SYMPTOMS] = STR_CHECK_SYMPTOMS,
	[CHECK_APPROVAL] = STR_CHECK_APPROVAL,
	[CHECK_TEST] = STR_CHECK_TEST,
	[CHECK_ESCORT] = STR_CHECK_ESCORT,
	[CHECK_CERTIFICATE] = STR_CHECK_CERTIFICATE,
	[CHECK_VEHICLE_PASS] = STR_CHECK_VEHICLE_PASS,
	[CHECK_OCCUPANTS] = STR_CHECK_OCCUPANTS,
	[CHECK_DISINFECTION] = STR_CHECK_DISINFECTION,
	[CHECK_QUOTA] = STR_CHECK_QUOTA,
	[CHECK_MONITORING] = STR_CHECK_MONITORING,
	[CHECK_WINDOW] = STR_CHECK_WINDOW,
};

static const enum string_id FINDINGS[FINDING_COUNT_] = {
	[FINDING_UNKNOWN] = STR_FINDING_UNKNOWN,
	[FINDING_GOOD] = STR_FINDING_GOOD,
	[FINDING_BAD] = STR_FINDING_BAD,
};

static const enum string_id COLOURS[COLOUR_COUNT_] = {
	[COLOUR_UNKNOWN] = STR_COLOUR_UNKNOWN,
	[COLOUR_GREEN] = STR_COLOUR_GREEN,
	[COLOUR_YELLOW] = STR_COLOUR_YELLOW,
	[COLOUR_RED] = STR_COLOUR_RED,
};

static const enum string_id TRAVEL_CARDS[TRAVEL_CARD_COUNT_] = {
	[TRAVEL_CARD_UNKNOWN] = STR_TRAVEL_CARD_UNKNOWN,
	[TRAVEL_CARD_CLEAR] = STR_TRAVEL_CARD_CLEAR,
	[TRAVEL_CARD_STARRED] = STR_TRAVEL_CARD_STARRED,
};

static const enum string_id APPROVERS[APPROVER_COUNT_] = {
	[APPROVER_NONE] = STR_APPROVER_NONE,
	[APPROVER_GUARD] = STR_APPROVER_GUARD,
	[APPROVER_COMMUNITY] = STR_APPROVER_COMMUNITY,
	[APPROVER_HEADQUARTERS] = STR_APPROVER_HEADQUARTERS,
};

static const enum string_id LIFTS[LIFT_COUNT_] = {
	[LIFT_NOBODY] = STR_LIFT_NOBODY,
	[LIFT_GUARD] = STR_LIFT_GUARD,
	[LIFT_SUPERVISOR] = STR_LIFT_SUPERVISOR,
	[LIFT_HEADQUARTERS] = STR_LIFT_HEADQUARTERS,
};

static const enum string_id VERDICTS[VERDICT_COUNT_] = {
	[VERDICT_REFUSE] = STR_VERDICT_REFUSE,
	[VERDICT_TURN_BACK] = STR_VERDICT_TURN_BACK,
	[VERDICT_REFER] = STR_VERDICT_REFER,
	[VERDICT_ADMIT] = STR_VERDICT_ADMIT,
};

static const enum string_id FIELDS[FIELD_COUNT_] = {
	[FIELD_CLASS] = STR_FIELD_CLASS,
	[FIELD_NAME] = STR_FIELD_NAME,
	[FIELD_DOCUMENT] = STR_FIELD_DOCUMENT,
	[FIELD_PHONE] = STR_FIELD_PHONE,
	[FIELD_HOUSEHOLD] = STR_FIELD_HOUSEHOLD,
	[FIELD_PURPOSE] = STR_FIELD_PURPOSE,
	[FIELD_TRAVEL] = STR_FIELD_TRAVEL,
	[FIELD_SYMPTOMS] = STR_FIELD_SYMPTOMS,
	[FIELD_CODE] = STR_FIELD_CODE,
	[FIELD_TEMPERATURE] = STR_FIELD_TEMPERATURE,
	[FIELD_AMBIENT] = STR_FIELD_AMBIENT,
	[FIELD_CLINICAL] = STR_FIELD_CLINICAL,
	[FIELD_REGISTERED] = STR_FIELD_REGISTERED,
	[FIELD_STATE] = STR_FIELD_STATE,
	[FIELD_VALID_UNTIL] = STR_FIELD_VALID_UNTIL,
};

static const enum string_id NOTES[NOTE_COUNT_] = {
	[NOTE_EMPTY] = STR_NOTE_EMPTY,
	[NOTE_NAME_BAD] = STR_NOTE_NAME_BAD,
	[NOTE_DOCUMENT_KIND] = STR_NOTE_DOCUMENT_KIND,
	[NOTE_DOCUMENT_LENGTH] = STR_NOTE_DOCUMENT_LENGTH,
	[NOTE_DOCUMENT_CHECKSUM] = STR_NOTE_DOCUMENT_CHECKSUM,
	[NOTE_DOCUMENT_DATE] = STR_NOTE_DOCUMENT_DATE,
	[NOTE_DOCUMENT_FORM] = STR_NOTE_DOCUMENT_FORM,
	[NOTE_DOCUMENT_REGION] = STR_NOTE_DOCUMENT_REGION,
	[NOTE_PHONE_BAD] = STR_NOTE_PHONE_BAD,
	[NOTE_HOUSEHOLD_BAD] = STR_NOTE_HOUSEHOLD_BAD,
	[NOTE_TOO_LONG] = STR_NOTE_TOO_LONG,
	[NOTE_CODE_READ] = STR_NOTE_CODE_READ,
	[NOTE_CAMERA_RESTARTING] = STR_NOTE_CAMERA_RESTARTING,
	[NOTE_CAMERA_ABSENT] = STR_NOTE_CAMERA_ABSENT,
	[NOTE_MEASURING] = STR_NOTE_MEASURING,
	[NOTE_TEMPERATURE_OK] = STR_NOTE_TEMPERATURE_OK,
	[NOTE_TEMPERATURE_INVALID] = STR_NOTE_TEMPERATURE_INVALID,
	[NOTE_TEMPERATURE_AGAIN] = STR_NOTE_TEMPERATURE_AGAIN,
	[NOTE_TEMPERATURE_REST] = STR_NOTE_TEMPERATURE_REST,
	[NOTE_THERMOMETER_ABSENT] = STR_NOTE_THERMOMETER_ABSENT,
	[NOTE_PIN_WRONG] = STR_NOTE_PIN_WRONG,
	[NOTE_PIN_LOCKED] = STR_NOTE_PIN_LOCKED,
	[NOTE_ATTEST_FIRST] = STR_NOTE_ATTEST_FIRST,
	[NOTE_NOT_SAVED] = STR_NOTE_NOT_SAVED,
	[NOTE_DISK_FULL] = STR_NOTE_DISK_FULL,
	[NOTE_ALREADY_DECIDED] = STR_NOTE_ALREADY_DECIDED,
	[NOTE_CLINICAL_RANGE] = STR_NOTE_CLINICAL_RANGE,
	[NOTE_STICK_ABSENT] = STR_NOTE_STICK_ABSENT,
	[NOTE_STICK_FULL] = STR_NOTE_STICK_FULL,
	[NOTE_STICK_READ_ONLY] = STR_NOTE_STICK_READ_ONLY,
	[NOTE_STICK_PULLED] = STR_NOTE_STICK_PULLED,
	[NOTE_STICK_FAILED] = STR_NOTE_STICK_FAILED,
	[NOTE_STICK_MISMATCH] = STR_NOTE_STICK_MISMATCH,
	[NOTE_PRINTER_PAPER_END] = STR_NOTE_PRINTER_PAPER_END,
	[NOTE_PRINTER_COVER_OPEN] = STR_NOTE_PRINTER_COVER_OPEN,
	[NOTE_PRINTER_ABSENT] = STR_NOTE_PRINTER_ABSENT,
	[NOTE_REGISTER_UNREADABLE] = STR_NOTE_REGISTER_UNREADABLE,
	[NOTE_REGISTER_FAILED] = STR_NOTE_REGISTER_FAILED,
	[NOTE_LEVEL_REASON] = STR_NOTE_LEVEL_REASON,
	[NOTE_LEVEL_SECOND] = STR_NOTE_LEVEL_SECOND,
	[NOTE_LEVEL_SAME] = STR_NOTE_LEVEL_SAME,
	[NOTE_LEVEL_SUPERVISOR] = STR_NOTE_LEVEL_SUPERVISOR,
	[NOTE_LEVEL_CHANGED] = STR_NOTE_LEVEL_CHANGED,
};

static const enum string_id PASS_PROBLEMS[PASS_PROBLEM_COUNT_] = {
	[PASS_GOOD] = STR_PASS_GOOD,
	[PASS_NOT_A_PASS] = STR_PASS_NOT_A_PASS,
	[PASS_MALFORMED] = STR_PASS_MALFORMED,
	[PASS_UNKNOWN_KEY] = STR_PASS_UNKNOWN_KEY,
	[PASS_BAD_SIGNATURE] = STR_PASS_BAD_SIGNATURE,
	[PASS_OTHER_SITE] = STR_PASS_OTHER_SITE,
	[PASS_NOT_YET_VALID] = STR_PASS_NOT_YET_VALID,
	[PASS_EXPIRED] = STR_PASS_EXPIRED,
	[PASS_REVOKED] = STR_PASS_REVOKED,
	[PASS_USED_UP] = STR_PASS_USED_UP,
	[PASS_NOT_ISSUED_HERE] = STR_PASS_NOT_ISSUED_HERE,
	[PASS_CLOCK_DOUBTFUL] = STR_PASS_CLOCK_DOUBTFUL,
};

const char *string_get(enum language language, enum string_id id)
{
	if ((unsigned)id >= STRING_ID_COUNT_)
		return "";
	return language == LANGUAGE_EN ? strings_en[id] : strings_zh[id];
}

static const char *lookup(enum language language, const enum string_id *table, unsigned count,
			  unsigned value)
{
	return string_get(language, value < count ? table[value] : STR_NONE);
}

#define LOOKUP(table, value) lookup(language, table, ARRAY_LEN(table), (unsigned)(value))

const char *string_level(enum language language, enum level level)
{
	return LOOKUP(LEVELS, level);
}

const char *string_level_hint(enum language language, enum level level)
{
	return LOOKUP(LEVEL_HINTS, level);
}

const char *string_level_means(enum language language, enum level level)
{
	return LOOKUP(LEVEL_MEANS, level);
}

const char *string_class(enum language language, enum person_class person_class)
{
	return LOOKUP(CLASSES, person_class);
}

const char *string_class_hint(enum language language, enum person_class person_class)
{
	return LOOKUP(CLASS_HINTS, person_class);
}

const char *string_document(enum language language, enum document_kind kind)
{
	return LOOKUP(DOCUMENTS, kind);
}

const char *string_purpose(enum language language, enum purpose purpose)
{
	return LOOKUP(PURPOSES, purpose);
}

const char *string_state(enum language language, enum visit_state state)
{
	return LOOKUP(STATES, state);
}

const char *string_role(enum language language, enum role role)
{
	return LOOKUP(ROLES, role);
}

const char *string_device(enum language language, enum device device)
{
	return LOOKUP(DEVICES, device);
}

const char *string_device_state(enum language language, enum device_state state)
{
	return LOOKUP(DEVICE_STATES, state);
}

const char *string_gate_state(enum language language, enum gate_state state)
{
	return LOOKUP(GATE_STATES, state);
}

const char *string_check(enum language language, enum check check)
{
	return LOOKUP(CHECKS, check);
}

const char *string_finding(enum language language, enum finding finding)
{
	return LOOKUP(FINDINGS, finding);
}

const char *string_colour(enum language language, enum code_colour colour)
{
	return LOOKUP(COLOURS, colour);
}

const char *string_travel_card(enum language language, enum travel_card card)
{
	return LOOKUP(TRAVEL_CARDS, card);
}

const char *string_approver(enum language language, enum approver approver)
{
	return LOOKUP(APPROVERS, approver);
}

const char *string_lift(enum language language, enum lift lift)
{
	return LOOKUP(LIFTS, lift);
}

const char *string_verdict(enum language language, enum verdict verdict)
{
	return LOOKUP(VERDICTS, verdict);
}

const char *string_field(enum language language, enum field field)
{
	return LOOKUP(FIELDS, field);
}

const char *string_note(enum language language, enum note note)
{
	return LOOKUP(NOTES, note);
}

const char *string_pass_problem(enum language language, enum pass_problem problem)
{
	return LOOKUP(PASS_PROBLEMS, problem);
}

#define FILL_MAX 9

/* Length of "{n}" at p and its number, or 0. */
static size_t placeholder(const char *p, size_t *number)
{
	if (p[0] != '{' || p[1] < '1' || p[1] > '9' || p[2] != '}')
		return 0;
	*number = (size_t)(p[1] - '1');
	return 3;
}

bool string_fill(char *dst, size_t cap, const char *pattern, ...)
{
	const char *values[FILL_MAX] = { 0 };
	va_list ap;
	va_start(ap, pattern);
	for (size_t i = 0; i < FILL_MAX && (values[i] = va_arg(ap, const char *)); i++)
		;
	va_end(ap);

	dst[0] = '\0';
	bool fits = true;
	const char *p = pattern;
	while (*p && fits) {
		size_t number = 0, skip = placeholder(p, &number);
		if (skip) {
			size_t used = strlen(dst);
			fits = text_copy(dst + used, cap - used,
					 values[number] ? values[number] : "");
			p += skip;
		} else {
			int32_t cp = utf8_next(&p);
			fits = cp > 0 && utf8_append(dst, cap, cp);
		}
	}
	return fits;
}

void string_temperature(char dst[STRING_TEMPERATURE_BYTES], int32_t centi_c)
{
	int32_t tenths = centi_c / 10;
	if (centi_c < 0 && centi_c % 10)
		tenths--;
	int32_t whole = tenths / 10, tenth = tenths % 10;
	text_format(dst, STRING_TEMPERATURE_BYTES, "%s%d.%d", tenths < 0 ? "-" : "",
		    whole < 0 ? -whole : whole, tenth < 0 ? -tenth : tenth);
}
