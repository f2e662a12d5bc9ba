/*
 * What the touch screen is doing: seconds; discardable. One state per screen. A table and a pure
 * step decide where to go and which effects the application must run; effects answer as events. The
 * text being typed and the draft visit live in struct session beside the state (core/form.h edits
 * them); the table only ever asks facts about them.
 *
 * Held by a test over every state x event x facts: every state is reachable and has a way home;
 * every state that shows personal data times out and wipes; the gate is opened only by RECORDED of
 * a permitting verdict.
 */
#ifndef CORE_SESSION_H
#define CORE_SESSION_H

#include "core/account_form.h"
#include "core/fever.h"
#include "core/level.h"
#include "core/listing.h"
#include "core/vehicle.h"
#include "core/view.h"
#include "core/visit.h"

enum session_event {
	SESSION_PRESENCE, /* somebody stands in front */
	SESSION_GONE, /* nobody does any more */
	SESSION_TIMEOUT, /* the screen's time is over */
	SESSION_START,
	SESSION_GUARD,
	SESSION_STAFF,
	SESSION_NEXT,
	SESSION_BACK,
	SESSION_CANCEL,
	SESSION_CHOOSE, /* a class was chosen */
	SESSION_ANSWER, /* yes or no */
	SESSION_CODE, /* the camera read a code that is not a pass */
	SESSION_SKIP, /* no code, or let a guard measure */
	SESSION_TEMPERATURE, /* the forehead procedure has decided */
	SESSION_RECORDED, /* the register acknowledged */
	SESSION_RECORD_FAILED, /* it did not: nothing was recorded */
	SESSION_ALREADY, /* the visit was decided or used already */
	SESSION_PASS_GOOD,
	SESSION_PASS_BAD,
	SESSION_PIN_RIGHT,
	SESSION_PIN_WRONG,
	SESSION_ROW,
	SESSION_LOADED, /* the visit asked for has come from the register */
	SESSION_CLINICAL,
	SESSION_ADMIT,
	SESSION_REFUSE,
	SESSION_REVEAL,
	SESSION_PRINT_AGAIN,
	SESSION_LET_OUT,
	SESSION_LEVEL_OPEN,
	SESSION_ORDER_OPEN,
	SESSION_IMPORT, /* the bundle shown is to be taken */
	SESSION_IMPORTED, /* the register took all of it */
	SESSION_IMPORT_FAILED, /* nothing of it */
	SESSION_EXPORT,
	SESSION_EXPORT_GOOD,
	SESSION_EXPORT_BAD,
	SESSION_EXPORT_CANCELLED,
	SESSION_LOGOUT,
	SESSION_FAULT, /* the register cannot be used */
	SESSION_FAULT_OVER,
	SESSION_EMERGENCY,
	SESSION_EMERGENCY_OVER,
	SESSION_AGAIN_RIGHT, /* one's own PIN, asked again before personal fields are shown */
	SESSION_AGAIN_BACK, /* … not given */
	SESSION_REPORTS,
	SESSION_PERIOD,
	SESSION_SHIFT,
	SESSION_INSIDE,
	SESSION_CONTACT,
	SESSION_PRINT,
	SESSION_SEARCH,
	SESSION_FOUND_BACK, /* from a visit that was found by a search */
	SESSION_TOOLS,
	SESSION_REQUEST,
	SESSION_COPY_OUT, /* what is kept is to be printed for the person */
	SESSION_ERASE,
	SESSION_KEPT_RIGHT, /* one's own PIN, asked again before a copy or an erasure */
	SESSION_KEPT_BACK,
	SESSION_ERASED,
	SESSION_VEHICLE, /* by vehicle, not on foot */
	SESSION_LEDGERS,
	SESSION_LEDGER_NEW,
	SESSION_LEDGER_STRIKE, /* the entry shown did not happen */
	SESSION_LEDGER_WRITTEN, /* it is on record */
	SESSION_REMARK,
	SESSION_CHECK,
	SESSION_ACCOUNTS,
	SESSION_ACCOUNT_NEW,
	SESSION_ACCOUNT_REMOVE,
	SESSION_ACCOUNT_RIGHT, /* one's own PIN, asked again before an account is changed */
	SESSION_ACCOUNT_BACK,
	SESSION_ACCOUNT_DONE, /* it is on record */
	SESSION_CLOCK,
	SESSION_CLOCK_CONFIRM,
	SESSION_EVENT_COUNT_
};

/* Facts the table may ask for, as bits. */
enum session_fact {
	FACT_VALID = 1, /* what stands on this screen is complete and well formed */
	FACT_CLASS_REFUSED = 2, /* the rule refuses the chosen class whatever the checks say */
	FACT_ADMIT = 4, /* RECORDED: the recorded verdict admits */
	FACT_REFER = 8, /* RECORDED: … refers to a guard */
	FACT_EXIT = 16, /* SAVING: somebody leaves by pass */
	FACT_GUARD = 32, /* a guard is logged in */
	FACT_STAFF = 64, /* PIN screen: staff are logging in */
	FACT_DOWN = 128, /* the register is down */
	FACT_TURN_BACK = 256, /* RECORDED: … turns back */
	FACT_SUPERVISOR = 512, /* a supervisor is logged in */
	FACT_TWO = 1024, /* the level chosen needs a second person */
	FACT_LEVEL = 2048, /* SAVING: the level is being changed */
	FACT_ALL = 4095,
};

/* Bits of 64: more than an int of C17 holds; gcc and clang give the enumeration the width it needs.
 */
enum session_effect {
	EFFECT_WIPE = UINT64_C(1), /* forget the draft, the entry, the visit looked at */
	EFFECT_REGISTER = 2, /* record the draft with its verdict */
	EFFECT_DECIDE = 4, /* record the guard's decision */
	EFFECT_LEAVE = 8, /* record that the pass holder leaves */
	EFFECT_COPY = 16, /* record that the pass is printed again */
	EFFECT_OPEN_GATE = 32,
	EFFECT_PRINT_PASS = 64,
	EFFECT_PRINT_REFUSAL = 128,
	EFFECT_ACCOUNTS = 256, /* load account names for the role asked for */
	EFFECT_CHECK_PIN = 512,
	EFFECT_LOGIN = 1024, /* the account is now at work */
	EFFECT_LOGOUT = 2048,
	EFFECT_QUEUE = 4096, /* load the queue */
	EFFECT_LOAD = 8192, /* load the visit of the row */
	EFFECT_REVEAL = 16384, /* record and show personal fields */
	EFFECT_EXPORT = 32768,
	EFFECT_CANCEL_EXPORT = 65536,
	EFFECT_COUNTS = 131072, /* load today's numbers */
	EFFECT_ENTER =
		262144, /* the screen shown is another: load its entry, start its procedure */
	EFFECT_MEASURE = 524288, /* start the forehead procedure */
	EFFECT_LEVEL = 1048576, /* record the change of the level */
	EFFECT_ORDER = 2097152, /* look for the office's order or bundle on the stick */
	EFFECT_IMPORT = 4194304, /* take the bundle that was read */
	EFFECT_REPORTS = 8388608, /* load the list of days */
	EFFECT_REPORT = 16777216, /* load the report asked for */
	EFFECT_SIGN = 33554432, /* record what the button of the report or the roll call says */
	EFFECT_INSIDE = 67108864, /* load those inside */
	EFFECT_CONTACT = 134217728, /* record the contact query, then answer it */
	EFFECT_PRINT = 268435456, /* the sheet or list on the screen */
	EFFECT_SEARCH = UINT64_C(1) << 29, /* look for what was typed, the page shown */
	EFFECT_REQUEST = UINT64_C(1) << 30, /* look for the receipt code that was typed */
	EFFECT_KEPT = UINT64_C(1) << 31, /* print the copy, or erase */
	EFFECT_VEHICLE = UINT64_C(1) << 32, /* look the plate up */
	EFFECT_LEDGERS = UINT64_C(1) << 33, /* load how the ledgers stand */
	EFFECT_LEDGER = UINT64_C(1) << 34, /* load the entries of one, the page shown */
	EFFECT_LEDGER_WRITE = UINT64_C(1) << 35, /* record the entry filled in */
	EFFECT_CHECK = UINT64_C(1) << 36, /* begin the full check of the register */
	EFFECT_CHECK_STOP = UINT64_C(1) << 37,
	EFFECT_ACCOUNT_LIST = UINT64_C(1) << 38, /* load all accounts */
	EFFECT_ACCOUNT = UINT64_C(1) << 39, /* record the change of one */
	EFFECT_CLOCK = UINT64_C(1) << 40, /* set the clock to what was typed */
	EFFECT_CLOCK_CONFIRM = UINT64_C(1) << 41, /* record that it is right as it stands */
};

/* Spoken with the step; file names of the clips. */
enum clip {
	CLIP_NONE,
	CLIP_WELCOME,
	CLIP_MASK,
	CLIP_SHOW_CODE,
	CLIP_STAND_HERE,
	CLIP_AGAIN,
	CLIP_REST,
	CLIP_WAIT_GUARD,
	CLIP_ADMITTED,
	CLIP_REFUSED,
	CLIP_TURN_BACK,
	CLIP_GOODBYE,
	CLIP_PASS_BAD,
	CLIP_PAPER_OUT,
	CLIP_GATE_OPEN,
	CLIP_EMERGENCY,
	CLIP_EXPORT_DONE,
	CLIP_LEVEL_CHANGED,
	CLIP_COUNT_
};
const char *clip_name(enum clip clip); /* "welcome" … */

struct session_step {
	enum screen next;
	uint64_t effects; /* of enum session_effect */
	enum clip say;
	bool moved; /* a row matched */
};

struct session_step session_step(enum screen state, enum session_event event, uint32_t facts);

/* The screens of the registration that are not asked of a class, as bits: vehicles of those on
 * foot, and of drivers what their rule (its required checks) does not need. */
uint64_t session_unasked(enum person_class person_class, uint32_t required);

/* The same, past the screens in unasked: on with SKIP, or back. */
struct session_step session_go(enum screen state, enum session_event event, uint32_t facts,
			       uint64_t unasked);

/* Constant properties of a state. */
struct screen_traits {
	int32_t timeout_ms; /* 0: stays until an event comes */
	bool personal; /* shows or holds personal data */
	bool scan; /* codes are read */
	bool preview;
	int32_t step; /* number in the progress, 0 = none */
};
const struct screen_traits *screen_traits(enum screen screen);
const char *screen_name(enum screen screen); /* "board", "name" … for scenarios and logs */

#define SESSION_STEPS 9
#define SESSION_WARN_MS 20000 /* the wiping is announced this long before (WCAG 2.2.1) */

/* The data beside the state. Holds personal data: wiped by session_wipe. */
struct session {
	enum screen screen;
	enum language language;
	enum language staff_language; /* what whoever is logged in reads */
	int64_t deadline_ms; /* monotonic; INT64_MAX none */
	struct visit visit; /* the draft, or the visit a guard looks at */
	bool travel, symptoms; /* as declared */
	enum purpose purpose;
	char entry[VIEW_ENTRY_BYTES];
	int32_t choice;
	enum note note;
	struct fever fever;
	enum pass_problem pass_problem;

	/* guard and staff */
	enum role role; /* logged in; ROLE_NONE: nobody */
	enum role role_wanted; /* PIN screen */
	enum role pin_role; /* of the account whose PIN was right */
	char account[ACCOUNT_BYTES]; /* logged in, or chosen on the PIN screen */
	char pin[PIN_MAX + 1];
	int32_t pin_wait_s;
	bool busy; /* an answer from the register is awaited on this screen */
	int32_t row_count, page, page_count, queue_count;
	struct view_row rows[VIEW_ROWS];
	enum finding attest_document, attest_mask;
	enum code_colour attest_health;
	enum travel_card attest_travel;
	enum finding attest_escort, attest_certificate, attest_test;
	enum finding attest_vehicle_pass, attest_occupants, attest_disinfection;
	enum approver attest_consent;
	struct vehicle_known vehicle; /* what is known of the plate */
	struct fact known_pass, known_disinfection; /* what follows from it, as of then */
	bool revealed;

	/* change of the level */
	bool second; /* the PIN screen asks a second person */
	enum screen again_from; /* the PIN screen asks who is logged in once more, for this one;
				   SCREEN_BOARD: it does not */
	struct level_change change;

	/* what the office sent */
	struct bundle_summary bundle; /* found good on the stick; number 0: none */
	char note_word[NOTE_WORD_BYTES];
	struct listing listing; /* what its lists say of the visit a guard looks at */

	/* reports: core/report.h */
	int32_t utc_offset_min; /* of the site: periods are typed in its time */
	struct report_ask ask;
	struct report report;
	char report_remark[REPORT_REMARK_BYTES]; /* typed for the report shown, not signed yet */
	struct report_days days;
	struct report_contact contact;
	char contact_period[REPORT_REQUEST_BYTES];
	int32_t person_count, person_total, person_ticked;
	struct report_person persons[VIEW_ROWS];

	/* search */
	char search[VIEW_ENTRY_BYTES]; /* what is looked for; "": the visit was not found by one */
	int32_t found_total;
	bool found_more; /* than are shown */

	/* a person's own request */
	bool erase; /* what the PIN is asked again for; else a copy */

	struct ledger_shown ledger;

	/* accounts */
	bool accounts_offices; /* the office's: not to be changed here */
	struct account_form form;

	int64_t clock_ms; /* typed on the clock's screen; wall */

	/* export */
	struct export_range export_range;
	int64_t export_rows;
	char export_name[96];
	char head[20];
};

/* Forgets the visitor and what a guard looked at; a log-in stays, with its language; else back to
 * Chinese. */
void session_wipe(struct session *session);
/* Forgets the visit looked at, and keeps what was looked for, with the page. */
void session_wipe_visit(struct session *session);

#endif
