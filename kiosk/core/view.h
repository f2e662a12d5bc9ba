/*
 * What the screen shows, as data. Core makes it, ui draws it: ui decides where things stand and in
 * which words, never what they are. A view is plain bytes, zeroed before filling, so that two of
 * them compare with memcmp: the screen is drawn only when the view differs from the one drawn last.
 *
 * A touch comes back as an action: what was pressed, never where.
 */
#ifndef CORE_VIEW_H
#define CORE_VIEW_H

#include "core/checked.h"
#include "core/key_areas.h"
#include "core/ledger.h"
#include "core/notices.h"
#include "core/part.h"
#include "core/report.h"
#include "core/types.h"

enum screen {
	SCREEN_BOARD, /* idle: site, level, time, who is on duty, how to begin, how to leave */
	SCREEN_WELCOME, /* language, what is kept and why, begin */
	SCREEN_CLASS, /* visitor or courier */
	SCREEN_NAME, /* text entry */
	SCREEN_DOCUMENT, /* choice of kind + text entry */
	SCREEN_PHONE, /* text entry, digits */
	SCREEN_HOUSEHOLD, /* text entry */
	SCREEN_PURPOSE, /* choice (usual purposes) + text entry */
	SCREEN_TRAVEL, /* 14-day key-area question: yes / no */
	SCREEN_SYMPTOMS, /* symptoms and contact question: yes / no */
	SCREEN_REVIEW, /* lines[]: what will be recorded; correct / back */
	SCREEN_CODE, /* camera preview; show the health code, or go on without */
	SCREEN_TEMPERATURE, /* stand before the sensor; temperature_centi_c, note */
	SCREEN_SAVING, /* the register has not answered yet */
	SCREEN_WAITING, /* recorded; ticket; a guard will look */
	SCREEN_REFUSED, /* reasons[] with clauses, who to call; slip is printing */
	SCREEN_ADMITTED, /* gate opens, take the pass */
	SCREEN_GOODBYE, /* left by pass */
	SCREEN_PASS_REFUSED, /* pass shown is not good: pass_problem */
	SCREEN_PIN, /* role, pin_length dots, account names in rows[] */
	SCREEN_QUEUE, /* guard: rows[] waiting */
	SCREEN_VISIT, /* guard: one visit, lines[], attest[], reasons[], admit / refuse */
	SCREEN_CLINICAL, /* guard: number pad for the clinical reading */
	SCREEN_LEVEL, /* supervisor: choice = level + 1, entry = why */
	SCREEN_ORDER, /* the office's order or bundle on the stick: lines[], may_take, or why not */
	SCREEN_STAFF, /* staff: counts, stick state, export */
	SCREEN_EXPORTING, /* progress_permille */
	SCREEN_EXPORTED, /* you may take the stick: export_name, export_rows, head */
	SCREEN_EXPORT_FAILED, /* note says why */
	SCREEN_FAULT, /* the register cannot be used: plain message, gate closed */
	SCREEN_EMERGENCY, /* emergency opening: keep the way free */
	SCREEN_REPORTS, /* days[] and how their reports stand; the other sheets and lists */
	SCREEN_REPORT, /* report: a day's, a shift's, a period's; print, sign */
	SCREEN_PERIOD, /* number pad for from and until */
	SCREEN_INSIDE, /* persons[] inside now, ticked off in a roll call */
	SCREEN_CONTACT, /* contact query: contact, choice = which of its fields is typed */
	SCREEN_CONTACTS, /* its answer: persons[] by name */
	SCREEN_SEARCH, /* text entry: whom to look for in the register */
	SCREEN_FOUND, /* rows[] found, newest first */
	SCREEN_TOOLS, /* what supervisors and staff do besides the day's work */
	SCREEN_REQUEST, /* text entry: the receipt code of a person who asks */
	SCREEN_KEPT, /* lines[]: what is kept about them, masked; may_erase */
	SCREEN_VEHICLE, /* which vehicle it is */
	SCREEN_PLATE, /* text entry with a keyboard of its own */
	SCREEN_OCCUPANTS, /* how many sit in it besides the driver */
	SCREEN_LEDGERS, /* ledger: the kinds, what is due and what runs short */
	SCREEN_LEDGER, /* ledger.rows[]: the entries of one, the newest first */
	SCREEN_LEDGER_ENTRY, /* ledger.draft: one is filled in, field by field */
	SCREEN_REMARK, /* text entry: problems and proposals, under the report of a day */
	SCREEN_CHECK, /* the full check of the register: checked */
	SCREEN_ACCOUNTS, /* rows[]: who may log in, until when */
	SCREEN_ACCOUNT, /* one of them, typed: account_*; choice = which of its fields */
	SCREEN_CLOCK, /* what the clock says, and whether it is believed; entry = date and time */
	SCREEN_EXPORT_DAYS, /* number pad for the days to be exported */
	SCREEN_COUNT_
};

/* Which part of the register is carried away. */
enum export_scope {
	EXPORT_EVERYTHING,
	EXPORT_SINCE_LAST, /* what came after the last export of this person; everything without one
			    */
	EXPORT_DAYS, /* from the first event of from_ms or later to the last one before until_ms */
};

struct export_range {
	enum export_scope scope;
	int64_t from_ms, until_ms; /* EXPORT_DAYS; else 0 */
};

/* A short sentence under the entry or title; text in the catalogue under "note.<name>". */
enum note {
	NOTE_NONE,
	NOTE_EMPTY, /* please fill this in */
	NOTE_NAME_BAD,
	NOTE_DOCUMENT_KIND, /* choose the kind first */
	NOTE_DOCUMENT_LENGTH,
	NOTE_DOCUMENT_CHECKSUM, /* a digit is wrong */
	NOTE_DOCUMENT_DATE,
	NOTE_DOCUMENT_FORM, /* not the form of this kind of document */
	NOTE_DOCUMENT_REGION,
	NOTE_PHONE_BAD,
	NOTE_HOUSEHOLD_BAD,
	NOTE_TOO_LONG,
	NOTE_CODE_READ, /* code was read; the guard will look at its colour */
	NOTE_CAMERA_RESTARTING,
	NOTE_CAMERA_ABSENT,
	NOTE_MEASURING,
	NOTE_TEMPERATURE_OK,
	NOTE_TEMPERATURE_INVALID, /* not a result: too cold, too far, unsteady: try again */
	NOTE_TEMPERATURE_AGAIN, /* measured high: second measurement in a few seconds */
	NOTE_TEMPERATURE_REST, /* still high: rest, a guard takes a clinical reading */
	NOTE_THERMOMETER_ABSENT, /* a guard will measure */
	NOTE_PIN_WRONG,
	NOTE_PIN_LOCKED, /* wait_s seconds to go */
	NOTE_ATTEST_FIRST, /* check every item before admitting */
	NOTE_NOT_SAVED, /* register failed: nothing was recorded, gate stays closed */
	NOTE_DISK_FULL,
	NOTE_ALREADY_DECIDED,
	NOTE_CLINICAL_RANGE, /* 30.0 to 43.0 */
	NOTE_STICK_ABSENT,
	NOTE_STICK_FULL,
	NOTE_STICK_READ_ONLY,
	NOTE_STICK_PULLED,
	NOTE_STICK_FAILED,
	NOTE_STICK_MISMATCH, /* read back differs from what was written */
	NOTE_STICK_TOO_LARGE, /* for the stick's file system */
	NOTE_EXPORT_NO_OFFICE, /* no key of the office: nobody could read an export */
	NOTE_PRINTER_PAPER_END,
	NOTE_PRINTER_COVER_OPEN,
	NOTE_PRINTER_ABSENT,
	NOTE_REGISTER_UNREADABLE,
	NOTE_REGISTER_FAILED,
	NOTE_LEVEL_REASON, /* say why the level is changed */
	NOTE_LEVEL_SECOND, /* lockdown needs a second person's PIN */
	NOTE_LEVEL_SAME, /* this level is in force already */
	NOTE_LEVEL_SUPERVISOR, /* only a supervisor changes the level */
	NOTE_LEVEL_CHANGED, /* the new level is in force */
	NOTE_ORDER_READING, /* the stick is being read */
	NOTE_ORDER_NONE, /* no order lies on the stick */
	NOTE_ORDER_NO_KEY, /* this gate knows no office whose orders it takes */
	NOTE_ORDER_MALFORMED,
	NOTE_ORDER_SIGNATURE, /* altered, or not signed by this gate's office */
	NOTE_ORDER_OTHER_SITE,
	NOTE_ORDER_TAKEN, /* taken before, or older than one that was */
	NOTE_ORDER_CLOCK, /* the clock is doubtful: nobody can tell whether it has expired */
	NOTE_ORDER_NOT_YET, /* issued later than this gate's now: one of two clocks is wrong */
	NOTE_ORDER_EXPIRED,
	NOTE_REVEAL_PIN, /* the PIN once more, to show personal fields */
	NOTE_ACCOUNT_OVER, /* the PIN is right, but the account's time is over */
	NOTE_BUNDLE_NONE, /* neither an order nor a bundle lies on the stick */
	NOTE_BUNDLE_MALFORMED,
	NOTE_BUNDLE_SIGNATURE,
	NOTE_BUNDLE_UNKNOWN_PART, /* note_word: a kind of part this program does not know */
	NOTE_BUNDLE_OTHER_SITE,
	NOTE_BUNDLE_OLD, /* taken before, or older than one that was */
	NOTE_BUNDLE_CLOCK,
	NOTE_BUNDLE_NOT_YET,
	NOTE_BUNDLE_EXPIRED,
	NOTE_BUNDLE_PART_ALTERED, /* note_word: the part's file, in these three */
	NOTE_BUNDLE_PART_BAD,
	NOTE_BUNDLE_PART_OLD,
	NOTE_BUNDLE_TAKEN, /* what it brought is in force */
	NOTE_REPORT_SAME, /* whoever made it may not check it */
	NOTE_REPORT_HIGHER, /* checking is for a supervisor or for staff */
	NOTE_REPORT_MADE, /* made: now somebody else checks it */
	NOTE_REPORT_CHECKED,
	NOTE_HANDOVER_DONE,
	NOTE_ROLL_DONE,
	NOTE_REPORT_ALREADY, /* somebody else signed first */
	NOTE_PERIOD_BAD,
	NOTE_REQUEST_MISSING, /* a contact query needs the number of a request */
	NOTE_PRINTER_BUSY,
	NOTE_SEARCHING,
	NOTE_SEARCH_NOBODY,
	NOTE_REQUEST_MISTYPED,
	NOTE_REQUEST_UNKNOWN, /* nothing personal is kept under this code */
	NOTE_REQUEST_LOCKED, /* too many codes of nobody: wait_s */
	NOTE_COPY_PIN, /* the PIN once more, to print the copy */
	NOTE_COPY_PRINTING,
	NOTE_ERASE_PIN,
	NOTE_ERASE_OPEN, /* not while somebody waits or is inside */
	NOTE_ERASED,
	NOTE_PLATE_LENGTH,
	NOTE_PLATE_PROVINCE,
	NOTE_PLATE_OFFICE,
	NOTE_PLATE_LETTER_IO,
	NOTE_PLATE_FORM,
	NOTE_LEDGER_MISSING, /* fill this in, too */
	NOTE_LEDGER_RANGE, /* no such number here */
	NOTE_LEDGER_TIME, /* four digits, hhmm */
	NOTE_LEDGER_WRITTEN,
	NOTE_LEDGER_CORRECTED, /* it has been corrected already */
	NOTE_ACCOUNTS_OFFICES, /* the office's bundle brings the list: only shown here */
	NOTE_ACCOUNT_NAME,
	NOTE_ACCOUNT_ROLE,
	NOTE_ACCOUNT_PIN, /* not 4 to 12 digits */
	NOTE_ACCOUNT_PIN_TWICE, /* the two differ */
	NOTE_ACCOUNT_UNTIL, /* no day, or one that is over */
	NOTE_ACCOUNT_SAME, /* nothing was changed */
	NOTE_ACCOUNT_TAKEN,
	NOTE_ACCOUNT_GONE,
	NOTE_ACCOUNT_LAST, /* nobody would be left who could make accounts */
	NOTE_ACCOUNT_NOT_ALLOWED,
	NOTE_ACCOUNT_SAVE_PIN, /* one's own PIN once more */
	NOTE_ACCOUNT_REMOVE_PIN,
	NOTE_ACCOUNT_DONE,
	NOTE_CLOCK_BAD, /* no date and time that can be */
	NOTE_CLOCK_SET,
	NOTE_CLOCK_CONFIRMED,
	NOTE_CLOCK_DENIED, /* this program may not set the machine's clock */
	NOTE_CLOCK_NEVER, /* it was never set: confirming is no use */
	NOTE_DAYS_BAD, /* no such days, in the wrong order, or to come */
	NOTE_COUNT_
};

#define NOTE_WORD_BYTES 24

/* Why a pass shown to the camera was not accepted; text under "pass.<name>". */
enum pass_problem {
	PASS_GOOD,
	PASS_NOT_A_PASS,
	PASS_MALFORMED,
	PASS_UNKNOWN_KEY,
	PASS_BAD_SIGNATURE, /* altered or forged */
	PASS_OTHER_SITE,
	PASS_NOT_YET_VALID,
	PASS_EXPIRED,
	PASS_REVOKED,
	PASS_USED_UP,
	PASS_NOT_ISSUED_HERE, /* signed well, but the register does not know it */
	PASS_CLOCK_DOUBTFUL, /* validity cannot be judged */
	PASS_PROBLEM_COUNT_
};

enum action {
	ACTION_NONE,
	ACTION_START,
	ACTION_GUARD, /* open the guard's log-in */
	ACTION_STAFF, /* open the staff log-in */
	ACTION_LANGUAGE, /* arg: enum language */
	ACTION_CLASS, /* arg: enum person_class */
	ACTION_NEXT,
	ACTION_BACK,
	ACTION_CANCEL,
	ACTION_KEY, /* arg: code point */
	ACTION_BACKSPACE,
	ACTION_DOCUMENT_KIND, /* arg: enum document_kind */
	ACTION_PURPOSE, /* arg: enum purpose */
	ACTION_ANSWER, /* arg: 1 yes, 0 no */
	ACTION_SKIP_CODE, /* I have no code / no phone */
	ACTION_SKIP_TEMPERATURE, /* let a guard measure */
	ACTION_ROW, /* arg: index into rows[] */
	ACTION_PAGE, /* arg: +1 or -1 */
	ACTION_ATTEST_DOCUMENT, /* arg: enum finding */
	ACTION_ATTEST_MASK, /* arg: enum finding */
	ACTION_ATTEST_HEALTH, /* arg: enum code_colour */
	ACTION_ATTEST_TRAVEL, /* arg: enum travel_card */
	ACTION_ATTEST_ESCORT, /* arg: enum finding */
	ACTION_ATTEST_CERTIFICATE, /* arg: enum finding */
	ACTION_ATTEST_TEST, /* arg: enum finding: negative within its age, or not */
	ACTION_ATTEST_CONSENT, /* arg: enum approver: who has agreed, by telephone or in writing */
	ACTION_LEVEL_OPEN, /* supervisor: to the level screen */
	ACTION_LEVEL, /* arg: enum level */
	ACTION_ORDER_OPEN, /* look for the office's order on the stick */
	ACTION_CLINICAL, /* open the clinical reading */
	ACTION_ADMIT,
	ACTION_REFUSE,
	ACTION_REVEAL, /* show the full document number and phone; recorded */
	ACTION_PRINT_AGAIN, /* pass of an admitted visit that was not printed */
	ACTION_LET_OUT, /* somebody whose pass has run out leaves */
	ACTION_EXPORT,
	ACTION_LOGOUT,
	ACTION_MORE_TIME, /* the time-out warning was answered */
	ACTION_REPORTS,
	ACTION_PERIOD,
	ACTION_SHIFT,
	ACTION_INSIDE,
	ACTION_CONTACT,
	ACTION_PRINT,
	ACTION_FIELD, /* arg: which field of the contact query is typed */
	ACTION_SEARCH,
	ACTION_TOOLS,
	ACTION_REQUEST,
	ACTION_COPY_OUT,
	ACTION_ERASE,
	ACTION_VEHICLE, /* I come by vehicle */
	ACTION_OCCUPANTS, /* arg: how many besides the driver */
	ACTION_ATTEST_VEHICLE_PASS, /* arg: enum finding */
	ACTION_ATTEST_OCCUPANTS, /* arg: enum finding */
	ACTION_ATTEST_DISINFECTION, /* arg: enum finding: done now */
	ACTION_LEDGERS,
	ACTION_LEDGER_NEW,
	ACTION_LEDGER_CHOOSE, /* arg: which of the choices of the field */
	ACTION_LEDGER_STRIKE,
	ACTION_REMARK,
	ACTION_CHECK,
	ACTION_ACCOUNTS,
	ACTION_ACCOUNT_NEW,
	ACTION_ACCOUNT_ROLE, /* arg: enum role */
	ACTION_ACCOUNT_REMOVE,
	ACTION_CLOCK,
	ACTION_CLOCK_CONFIRM,
	ACTION_COUNT_
};

struct action_event {
	enum action action;
	int32_t arg;
};

/* Usual purposes, so that most people need no typing; OTHER opens the text entry. */
enum purpose {
	PURPOSE_NONE,
	PURPOSE_FAMILY,
	PURPOSE_CARE,
	PURPOSE_REPAIR,
	PURPOSE_WORK,
	PURPOSE_OTHER,
	PURPOSE_COUNT_
};

/* Which soft keyboard stands below an entry. */
enum keyboard {
	KEYBOARD_NONE,
	KEYBOARD_TEXT, /* Latin letters, digits, space, hyphen, apostrophe, middle dot */
	KEYBOARD_DIGITS, /* 0-9 */
	KEYBOARD_DOCUMENT, /* letters and digits, upper case */
	KEYBOARD_DECIMAL, /* 0-9 and the point */
	KEYBOARD_PLATE, /* what a number plate begins with, then letters, digits, its last ones */
	KEYBOARD_COUNT_
};

/* Names of lines on review, detail and slip; text under "field.<name>". */
enum field {
	FIELD_NONE,
	FIELD_CLASS,
	FIELD_NAME,
	FIELD_DOCUMENT,
	FIELD_PHONE,
	FIELD_HOUSEHOLD,
	FIELD_PURPOSE,
	FIELD_TRAVEL,
	FIELD_SYMPTOMS,
	FIELD_CODE,
	FIELD_TEMPERATURE,
	FIELD_AMBIENT,
	FIELD_CLINICAL,
	FIELD_REGISTERED,
	FIELD_STATE,
	FIELD_VALID_UNTIL,
	FIELD_LEVEL_NOW,
	FIELD_LEVEL_NEXT,
	FIELD_WHY,
	FIELD_ORDER_NUMBER,
	FIELD_ISSUED,
	FIELD_NOT_AFTER,
	FIELD_LOOK_TWICE,
	FIELD_LISTED, /* why a document or a name is on the block list */
	FIELD_BUNDLE_NUMBER,
	FIELD_PART_RULEBOOK, /* these in the order of enum part_kind */
	FIELD_PART_ACCOUNTS,
	FIELD_PART_REVOKED,
	FIELD_PART_HOUSEHOLDS,
	FIELD_PART_BLOCKED,
	FIELD_PART_REGIONS,
	FIELD_PART_NOTICES,
	FIELD_PART_VEHICLES,
	FIELD_PART_SOUNDS,
	FIELD_PART_INVITATIONS,
	FIELD_INVITED, /* by which household, until when */
	FIELD_KEY_AREA, /* the citizen number begins as one of this key area does */
	FIELD_DECIDED,
	FIELD_ENTERED,
	FIELD_LEFT,
	FIELD_PLATE,
	FIELD_VEHICLE_PASS,
	FIELD_DISINFECTED,
	FIELD_COUNT_
};

/* A line's value is literal text unless the field is an enumeration; then value is empty and code
 * says which: CLASS enum person_class, TRAVEL and SYMPTOMS enum finding (BAD = declared yes), CODE
 * 1 when a code was read, STATE enum visit_state, LEVEL_* enum level, LOOK_TWICE enum
 * identity_warning, PURPOSE enum purpose when value is empty;
 * INVITED: value is the household, code the last day as yyyymmdd, bad: not the household typed;
 * DOCUMENT: code is the kind and value the (masked) number; PART_*: the view's parts say what
 * changes, and value the title of a rulebook; PLATE: code is how many sit in it besides the driver;
 * VEHICLE_PASS: code is enum vehicle_standing, value whose it is and until when; DISINFECTED: code
 * is enum due_state, value when. */
struct view_line {
	enum field field;
	int32_t code;
	bool bad; /* draw as a warning */
	char value[80];
};

struct view_row {
	uint64_t visit_id; /* 0 on SCREEN_PIN */
	uint32_t ticket;
	enum person_class person_class;
	enum visit_state state;
	int32_t waited_min;
	int64_t registered_ms; /* wall */
	int32_t temperature_centi_c;
	bool bad; /* something needs the guard's eye */
	char name[NAME_BYTES]; /* masked; account name on SCREEN_PIN and SCREEN_ACCOUNTS */
	enum role role; /* ACCOUNTS */
	int64_t until_ms; /* ACCOUNTS; wall, 0 = no end */
};

#define VIEW_LINES 18
#define VIEW_ROWS 6
#define VIEW_ENTRY_BYTES REPORT_REMARK_BYTES /* the longest text there is to be typed */

#define LEDGER_ROWS 5

/* The ledgers, as far as they are on the screen. */
struct ledger_shown {
	struct ledger_state state; /* as loaded last */
	enum ledger_kind kind; /* LEDGER, LEDGER_ENTRY: which one */
	int32_t row_count;
	struct ledger_row rows[LEDGER_ROWS];
	struct ledger draft; /* LEDGER_ENTRY: what is being filled in */
	enum ledger_field field; /* … and which of its fields; LEDGER_FIELD_COUNT_: none */
};

struct view {
	enum screen screen;
	enum language language;
	bool simulated; /* build with simulated devices: draw the banner */
	bool warn_timeout; /* this screen will be wiped in wait_s seconds: offer more time */

	/* the board and the status strip */
	char site_zh[64], site_en[64], gate_name[32], phone[32], leader[64];
	char on_duty[96]; /* guards logged in, by name; empty = nobody */
	enum level level;
	bool clock_trusted;
	int32_t year, month, day, weekday, hour, minute;
	int32_t queue_count;
	enum device_state devices[DEVICE_COUNT_];
	enum gate_state gate;

	struct notice_shown notice; /* BOARD */

	/* entry screens */
	char entry[VIEW_ENTRY_BYTES]; /* what has been typed */
	enum keyboard keyboard;
	int32_t choice; /* selected kind or purpose; 0 = none */
	enum note note;
	char note_word[NOTE_WORD_BYTES]; /* what the note is about, where it says so */
	int32_t step, step_count; /* "3 of 9"; step_count 0 = no progress shown */

	struct key_areas areas; /* TRAVEL: what the question is about */

	/* review, detail, refusal */
	int32_t line_count;
	struct view_line lines[VIEW_LINES];
	int32_t reason_count;
	struct reason reasons[REASONS_MAX];
	enum verdict verdict;

	/* results */
	uint32_t ticket;
	int32_t temperature_centi_c;
	int32_t wait_s;
	enum pass_problem pass_problem;
	int64_t valid_until_ms; /* wall, shown as local hour and minute through until_* */
	int32_t until_hour, until_minute;

	/* guard and staff */
	enum role role;
	bool again; /* PIN screen: whoever is logged in is asked once more */
	bool second; /* PIN screen: a second person agrees to the change of the level */
	char account[ACCOUNT_BYTES]; /* who is logged in, or chosen on SCREEN_PIN */
	int32_t pin_length;
	int32_t row_count, page, page_count;
	struct view_row rows[VIEW_ROWS];
	enum finding attest_document, attest_mask;
	enum code_colour attest_health;
	enum travel_card attest_travel;
	enum finding attest_escort, attest_certificate, attest_test;
	enum finding attest_vehicle_pass, attest_occupants, attest_disinfection;
	enum approver attest_consent;
	uint32_t attest_wanted; /* bits of enum check: which rows the guard must attest for this
				   visit */
	enum approver consent_wanted; /* more than GUARD: whose agreement must be noted */
	bool revealed;
	bool may_admit; /* every required check is good: the admit button is live */
	bool needs_clinical;
	bool decided; /* the visit is no longer waiting */
	bool may_print; /* admitted, and its pass may be printed again */
	enum visit_state state;
	int64_t registered_ms; /* wall */
	bool leaving; /* inside with a pass that has run out: letting out is offered */
	bool may_take; /* ORDER: the order or bundle is good and may be put into force */
	bool bundle; /* ORDER: a bundle is shown, and parts say what it changes */
	struct part_change parts[PART_COUNT_];

	/* export */
	int32_t progress_permille;
	int32_t export_left_s; /* about; -1: not known yet */
	int64_t export_rows;
	struct export_range export_range;
	char export_name[96];
	char head[20]; /* first 16 hex digits of the chain head */
	int32_t today_in, today_out, today_refused, inside_now;

	/* reports */
	int32_t utc_offset_min;
	int64_t reports_missing, report_last_missing; /* STAFF too */
	struct report_days days;
	struct report report;
	enum report_act report_act; /* what the button under it does */
	char report_remark[REPORT_REMARK_BYTES]; /* REPORT, REMARK: as signed, or as typed so far */
	struct report_contact contact;
	char contact_period[REPORT_REQUEST_BYTES]; /* as typed */
	int32_t person_count, person_total, person_ticked;
	struct report_person persons[VIEW_ROWS];

	/* search */
	char search[VIEW_ENTRY_BYTES]; /* what was looked for */
	int32_t found_total;
	bool found_more; /* than are shown: to be looked for more closely */

	/* a person's own request */
	bool may_erase;

	/* ledgers; the places overdue and the items short are bits, on every screen of a guard */
	struct ledger_shown ledger;
	uint32_t overdue_places, short_items;
	struct checked checked; /* CHECK */

	/* accounts */
	bool accounts_offices; /* the office's: only shown */
	bool account_new; /* else one that there is */
	bool account_removable;
	char account_name[ACCOUNT_BYTES];
	enum role account_role;
	int32_t account_pins[2]; /* how many digits are typed, of either */
	char account_until[sizeof("yyyymmdd")];

	/* camera preview: changes with each picture */
	uint32_t preview_seq;
};

#endif
