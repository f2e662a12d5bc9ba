/*
 * The words of the domain: levels, classes, checks, findings, verdicts, reasons. Plain enums,
 * shared by rules, register, screens and paper. Numbers are written into the register: append,
 * never renumber.
 *
 * Clauses are cited as in the four plans: "2·三" is plan 2, section three; "3·二·1" is plan 3,
 * section two, item 1.
 */
#ifndef CORE_TYPES_H
#define CORE_TYPES_H

#include "core/plate.h"

enum language { LANGUAGE_ZH, LANGUAGE_EN, LANGUAGE_COUNT_ };

/* Policy level of the whole gate, from least to most strict. */
enum level { LEVEL_OPEN, LEVEL_CLOSED, LEVEL_STRICT, LEVEL_LOCKDOWN, LEVEL_COUNT_ };

/* Who or what stands at the gate. */
enum person_class {
	CLASS_VISITOR, /* led in by a resident (3·二·1) */
	CLASS_COURIER, /* parcels and meals (3·二·1) */
	CLASS_RESIDENT,
	CLASS_RETURNEE, /* resident within the 14 days of monitoring, or arriving to begin them
			   (2·六) */
	CLASS_TENANT,
	CLASS_OUTSIDER, /* nobody leads them in (2·三) */
	CLASS_KEY_AREA, /* outsider with a stay in a key area (3·二·1) */
	CLASS_REPAIR, /* urgent repair of water, power, gas, light (3·二·5) */
	CLASS_WORKS, /* decoration and construction (3·二·5) */
	CLASS_EPIDEMIC_WORKER, /* lives inside, passes by work certificate (1·五·3) */
	CLASS_STAFF, /* volunteers and seconded staff of the gate (2·五) */
	CLASS_CARER, /* cares for the old or sick inside (3·二·8) */
	CLASS_INSPECTOR,
	CLASS_RESIDENT_VEHICLE, /* with a vehicle pass (1·五·2) */
	CLASS_OUTSIDE_VEHICLE,
	CLASS_SUPPLY_VEHICLE, /* work and supply vehicles (1·五·3, 4·三·5) */
	CLASS_SANITATION, /* refuse and medical waste (2·八) */
	CLASS_EMERGENCY_VEHICLE, /* ambulance, fire, police (1·四) */
	CLASS_COUNT_
};

enum direction { DIRECTION_IN, DIRECTION_OUT, DIRECTION_COUNT_ };

/* What the plans ask to be checked (2·三, 2·四, 3·二·1, 3·二·2). */
enum check {
	CHECK_REAL_NAME, /* name, document and phone given and well formed */
	CHECK_DOCUMENT, /* document seen, matches the face */
	CHECK_MASK,
	CHECK_TEMPERATURE,
	CHECK_HEALTH_CODE,
	CHECK_TRAVEL_CARD,
	CHECK_TRAVEL_14D, /* no stay in a key area within 14 days, declared */
	CHECK_SYMPTOMS, /* no symptoms, no contact, declared */
	CHECK_APPROVAL, /* a guard's own decision to let this person in */
	CHECK_TEST, /* nucleic acid test, negative; wall_ms = when the sample was taken (2·六) */
	CHECK_ESCORT, /* the resident who leads in stands here (3·二·1) */
	CHECK_CERTIFICATE, /* work certificate or order, seen (1·五·3) */
	CHECK_VEHICLE_PASS, /* the plate has a pass (1·五·2) */
	CHECK_OCCUPANTS, /* everybody in the vehicle is registered (1·五·2) */
	CHECK_DISINFECTION, /* of the vehicle; wall_ms = when (1·五·2) */
	CHECK_QUOTA, /* household quota of going out; core/quota.h (2·四) */
	CHECK_MONITORING, /* not bound to stay in, or has a leave; core/monitoring.h (2·六) */
	CHECK_WINDOW, /* within the rule's hours; the engine looks at the clock itself (2·八) */
	CHECK_COUNT_
};

/* UNKNOWN never counts as good. */
enum finding { FINDING_UNKNOWN, FINDING_GOOD, FINDING_BAD, FINDING_COUNT_ };

enum fact_source {
	SOURCE_NONE,
	SOURCE_MACHINE,
	SOURCE_GUARD,
	SOURCE_DECLARED,
	SOURCE_SIGNED,
	SOURCE_COUNT_
};

/* Colour of a health code as attested by the guard: it cannot be verified without a network. */
enum code_colour { COLOUR_UNKNOWN, COLOUR_GREEN, COLOUR_YELLOW, COLOUR_RED, COLOUR_COUNT_ };

/* Travel card as attested by the guard: starred = a listed city has a medium or high risk area. */
enum travel_card {
	TRAVEL_CARD_UNKNOWN,
	TRAVEL_CARD_CLEAR,
	TRAVEL_CARD_STARRED,
	TRAVEL_CARD_COUNT_
};

struct fact {
	enum finding finding;
	enum fact_source source;
	int64_t wall_ms; /* when it was established */
	int32_t value; /* colour, travel card or centi-degrees where the check has one; else 0 */
};

/* Ordered by permission: a larger verdict permits more. Zero refuses. */
enum verdict { VERDICT_REFUSE, VERDICT_TURN_BACK, VERDICT_REFER, VERDICT_ADMIT, VERDICT_COUNT_ };

/* Why, one code each; the text in both languages is in the catalogue under "reason.<name>". */
enum reason_code {
	REASON_NONE,
	REASON_NO_RULE, /* the rulebook has no rule for this class at this level */
	REASON_CLASS_REFUSED, /* the rule refuses the class outright */
	REASON_COURIER_OUTSIDE, /* couriers stop outside; the resident collects */
	REASON_REAL_NAME_MISSING,
	REASON_DOCUMENT_NOT_SEEN,
	REASON_DOCUMENT_MISMATCH,
	REASON_MASK_UNCHECKED,
	REASON_MASK_MISSING,
	REASON_TEMPERATURE_MISSING,
	REASON_TEMPERATURE_UNCONFIRMED, /* screened high, clinical reading still to come */
	REASON_TEMPERATURE_HIGH,
	REASON_HEALTH_CODE_UNCHECKED,
	REASON_HEALTH_CODE_BAD,
	REASON_TRAVEL_CARD_UNCHECKED,
	REASON_TRAVEL_CARD_STARRED,
	REASON_TRAVEL_UNDECLARED,
	REASON_TRAVEL_DECLARED,
	REASON_SYMPTOMS_UNDECLARED,
	REASON_SYMPTOMS_DECLARED,
	REASON_APPROVAL_PENDING,
	REASON_APPROVAL_DENIED,
	REASON_APPROVAL_TOO_LOW, /* a higher approval is required: found = enum approver */
	REASON_OUTSIDER, /* outsiders are refused in principle */
	REASON_KEY_AREA, /* outsiders from key areas, without exception */
	REASON_WORKS_SUSPENDED,
	REASON_LOCKDOWN, /* nobody in, nobody out */
	REASON_OUTSIDE_VEHICLE,
	REASON_STAYS_IN, /* the class stays in at this level */
	REASON_TEST_MISSING,
	REASON_TEST_TOO_OLD,
	REASON_TEST_POSITIVE,
	REASON_ESCORT_MISSING, /* nobody has come to lead in yet */
	REASON_ESCORT_REFUSED,
	REASON_CERTIFICATE_UNSEEN,
	REASON_CERTIFICATE_BAD,
	REASON_VEHICLE_PASS_MISSING,
	REASON_VEHICLE_PASS_BAD,
	REASON_OCCUPANTS_UNREGISTERED,
	REASON_OCCUPANTS_REFUSED,
	REASON_DISINFECTION_UNKNOWN,
	REASON_DISINFECTION_OVERDUE,
	REASON_QUOTA_UNKNOWN,
	REASON_QUOTA_USED,
	REASON_MONITORING_UNKNOWN,
	REASON_MONITORING_STAYS, /* under 14-day monitoring without a leave */
	REASON_WINDOW_CLOSED,
	REASON_WINDOW_UNKNOWN, /* the clock cannot be trusted */
	REASON_TEMPERATURE_HOME, /* high, of somebody who lives here: home at once, and reported */
	/* From the office's lists, not from a rule: core/listing.h. */
	REASON_LISTED_DOCUMENT, /* the document number is on the block list */
	REASON_LISTED_NAME, /* the name alone is: somebody else may have it */
	REASON_HOUSEHOLD_UNKNOWN, /* not in the directory */
	REASON_COUNT_
};

#define CLAUSE_BYTES 24

/* Who gave an approval; value of the CHECK_APPROVAL fact. A larger one includes the smaller. */
enum approver {
	APPROVER_NONE,
	APPROVER_GUARD,
	APPROVER_COMMUNITY,
	APPROVER_HEADQUARTERS,
	APPROVER_COUNT_
};

/* Who may set a reason aside, for cause and by name; ordered. */
enum lift { LIFT_NOBODY, LIFT_GUARD, LIFT_SUPERVISOR, LIFT_HEADQUARTERS, LIFT_COUNT_ };

struct reason {
	enum reason_code code;
	enum check check; /* the check it speaks of; meaningless for class reasons */
	char clause[CLAUSE_BYTES];
	int32_t found; /* what was found (centi-degrees, colour), 0 when it has no value */
	enum lift lift; /* who may lift it: for a missing fact, who can establish it */
	bool lifted; /* it has been: it no longer counts */
};

#define REASONS_OF_LISTS 2 /* core/listing.h */
#define REASONS_MAX (CHECK_COUNT_ + 1 + REASONS_OF_LISTS)

/* What a verdict would print: the terms of the pass. */
struct pass_terms {
	int32_t valid_min; /* minutes from issue to expiry */
	uint8_t uses; /* crossings the pass permits besides the entry itself */
};

struct decision {
	bool clock_doubtful; /* something with a time could not be judged: decided conservatively */
	enum verdict verdict;
	int reason_count;
	struct reason reasons[REASONS_MAX];
	struct pass_terms pass; /* meaningful when the verdict is ADMIT or REFER */
};

enum document_kind {
	DOCUMENT_NONE,
	DOCUMENT_ID_CARD, /* resident identity card, GB 11643 */
	DOCUMENT_PASSPORT,
	DOCUMENT_HK_MACAO, /* mainland travel permit for Hong Kong and Macao residents */
	DOCUMENT_TAIWAN, /* mainland travel permit for Taiwan residents */
	DOCUMENT_FOREIGN_PR, /* foreign permanent resident identity card */
	DOCUMENT_COUNT_
};

/* Text capacities in bytes, terminator included. */
#define NAME_BYTES 64
#define DOCUMENT_BYTES 24
#define PHONE_BYTES 20
#define HOUSEHOLD_BYTES 48
#define PURPOSE_BYTES 64
#define ACCOUNT_BYTES 32
#define CODE_DIGEST_BYTES 8
#define RECEIPT_CODE_BYTES 15 /* "7GQK-M2XV-09TC" */

enum visit_state {
	VISIT_DRAFT, /* on the screen only, not in the register */
	VISIT_WAITING, /* in the guard's queue */
	VISIT_ADMITTED, /* recorded as permitted; not seen passing yet */
	VISIT_INSIDE,
	VISIT_LEFT,
	VISIT_REFUSED,
	VISIT_TURNED_BACK,
	VISIT_LAPSED, /* admitted, but nobody went through */
	VISIT_OVERDUE, /* inside after the pass expired */
	VISIT_STATE_COUNT_
};

/* Personal data of one visitor. Wiped with explicit_bzero-like care after use. A plate leads to a
 * person: it stands here, not in the chain. */
struct person {
	char name[NAME_BYTES];
	enum document_kind document_kind;
	char document[DOCUMENT_BYTES];
	char phone[PHONE_BYTES];
	char household[HOUSEHOLD_BYTES];
	char purpose[PURPOSE_BYTES];
	char plate[PLATE_BYTES]; /* of the vehicle they drive, in its one spelling; "" = on foot */
};

/* Forehead screening and clinical confirmation; centi-degrees Celsius, 0 = not taken. */
struct temperature {
	int32_t first_centi_c, second_centi_c, clinical_centi_c, ambient_centi_c;
	int32_t attempts;
};

struct visit {
	uint64_t id; /* given by the register; 0 while a draft */
	uint32_t ticket; /* number of the day, called out at the gate; 0 while a draft */
	enum person_class person_class;
	enum level level;
	enum visit_state state;
	enum language language;
	struct person person;
	int32_t occupants; /* of a vehicle's driver: how many others sit in it */
	uint64_t vehicle_visit; /* of whoever sits in a vehicle: its driver's visit; 0 = nobody's */
	struct temperature temperature;
	struct fact facts[CHECK_COUNT_];
	uint64_t code_digest; /* first bytes of SHA-256 of the code shown to the camera; 0 = none.
				 Kept and forgotten with the person */
	struct decision decision; /* the last one */
	int64_t registered_ms, decided_ms, entered_ms, left_ms; /* wall; 0 = not yet */
	char decided_by[ACCOUNT_BYTES];
	uint64_t pass_serial; /* 0 = no pass */
	int64_t pass_expires_ms;
	bool pass_printed;
	char receipt_code[RECEIPT_CODE_BYTES]; /* finds the visit again: store/receipt.h; "" while a
						  draft and once the personal fields are gone */
};

/* The present, as the domain sees it: time is always an argument. */
struct moment {
	int64_t wall_ms;
	int32_t utc_offset_min;
	bool clock_trusted;
};

enum role { ROLE_NONE, ROLE_GUARD, ROLE_SUPERVISOR, ROLE_STAFF, ROLE_COUNT_ };

/* Everything that can break, as shown to people. */
enum device {
	DEVICE_CAMERA,
	DEVICE_THERMOMETER,
	DEVICE_PRINTER,
	DEVICE_GATE,
	DEVICE_SPEAKER,
	DEVICE_PRESENCE,
	DEVICE_STICK,
	DEVICE_REGISTER,
	DEVICE_COUNT_
};

/* What is wrong with one. OK and UNKNOWN do not stop work. */
enum device_state {
	DEVICE_OK,
	DEVICE_UNKNOWN, /* has not said; a printer that never answers stays here */
	DEVICE_ABSENT,
	DEVICE_STARTING, /* camera is restarting */
	DEVICE_FAILED, /* answers wrongly or not in time */
	DEVICE_PAPER_LOW,
	DEVICE_PAPER_END,
	DEVICE_COVER_OPEN,
	DEVICE_FULL, /* register or stick: no space */
	DEVICE_STATE_COUNT_
};

enum gate_state {
	GATE_CLOSED,
	GATE_OPENING,
	GATE_OPEN,
	GATE_CLOSING,
	GATE_FAULT,
	GATE_EMERGENCY,
	GATE_STATE_COUNT_
};

#endif
