/*
 * The daily report and zero report (4·四: 日报告、零报告), and the same sheet for any other period.
 * What is counted is one row each: how an event adds to it is in store/report_rows.c, its words are
 * in the catalogue under "report.row.<word>". Every row stands on every sheet, with 0 where nothing
 * happened: blank is not zero.
 *
 * A row is here only when this gate can count it. Residents passing without registering and
 * monitoring at home are not, because no event tells of them yet.
 *
 * How much is left of each supply is no sum but a level: it stands beside the rows, and is no part
 * of the figures that are signed, because a later count of the shelf corrects it.
 *
 * Days are numbers: local days since 1970-01-01. Pure.
 */
#ifndef CORE_REPORT_H
#define CORE_REPORT_H

#include "core/ledger.h"
#include "core/types.h"

/* Numbers stand in the register (a made report names how many rows it held): append, never
 * renumber. */
enum report_row {
	REPORT_REGISTERED,
	REPORT_ADMITTED, /* decided by a guard */
	REPORT_ENTERED, /* seen going in */
	REPORT_LEFT,
	REPORT_REFUSED,
	REPORT_TURNED_BACK,
	REPORT_COURIERS, /* among the refused and turned back */
	REPORT_LAPSED, /* admitted, nobody went through */
	REPORT_MEASURED, /* visitors whose temperature the machine took */
	REPORT_SCREENED_HIGH,
	REPORT_FEVER, /* high by the reading that counts when it was decided */
	REPORT_FEVER_HOME, /* of these: sent home and reported (the others were not let in) */
	REPORT_CODE_YELLOW,
	REPORT_CODE_RED,
	REPORT_TRAVEL_STARRED,
	REPORT_TRAVEL_DECLARED, /* stay in a key area within 14 days */
	REPORT_SYMPTOMS,
	REPORT_TEST_BAD, /* no nucleic acid test that holds, where one was asked for */
	REPORT_PASSES, /* printed, copies not counted */
	REPORT_PASSES_REVOKED,
	REPORT_PASSES_REJECTED, /* shown and not accepted */
	REPORT_PASSES_EXPIRED, /* of these: had run out */
	REPORT_LOGINS, /* of guards and supervisors */
	REPORT_HANDOVERS,
	REPORT_LEVELS, /* changes of the level */
	REPORT_EMERGENCIES,
	REPORT_FAULTS, /* a device stopped working */
	REPORT_STARTS, /* of this program: power cuts and restarts */
	REPORT_REVEALED, /* personal fields shown in full */
	REPORT_CONTACTS, /* contact queries */
	REPORT_EXPORTS,
	REPORT_VEHICLES_IN, /* among those seen going in */
	REPORT_VEHICLES_OUT, /* among those who left */
	REPORT_VEHICLES_TURNED_BACK, /* among the refused and turned back */
	REPORT_VEHICLES_DISINFECTED, /* while a guard watched */
	REPORT_DISINFECTIONS, /* of places; a correction that strikes one out takes it off again */
	REPORT_SPOT_DISINFECTIONS, /* concurrent and terminal */
	REPORT_WASTE_BAGS, /* of medical waste; a correction adds the difference */
	REPORT_INCIDENTS,
	REPORT_ROW_COUNT_
};

extern const char *const REPORT_WORD[REPORT_ROW_COUNT_]; /* "turned-back" */

#define REPORT_FIGURES_BYTES 20 /* 16 hex digits of the figures' SHA-256 */
#define REPORT_REMARK_BYTES 192
#define REPORT_DUTY_MAX 6
#define REPORT_GAPS_MAX 6
#define REPORT_LOOK_BACK_DAYS 31 /* so far back a report tells of missing and late days */

enum report_kind {
	REPORT_DAY, /* 0 to 24 h of one day: made by one person, checked by another */
	REPORT_SHIFT, /* since the last hand-over */
	REPORT_PERIOD, /* from and until, as asked for */
	REPORT_KIND_COUNT_
};

/* How the report of a day stands. */
enum report_state {
	REPORT_RUNNING, /* the day is not over */
	REPORT_DUE, /* it is over, and there is time until it is due */
	REPORT_MADE, /* made, to be checked; there is still time */
	REPORT_DONE, /* checked in time */
	REPORT_LATE, /* checked, but after it was due */
	REPORT_MISSING, /* it was due, and is not made or not checked */
	REPORT_STATE_COUNT_
};

struct report_sum {
	int64_t period, total; /* total: since the register began, until the end of the period */
};

/* Somebody on duty: of the guards and supervisors who logged in, when each acted first and last. */
struct report_duty {
	char name[ACCOUNT_BYTES];
	int64_t first_ms, last_ms;
};

/* The signatures under the report of one day, as the register holds them. */
struct report_signed {
	int64_t day;
	int64_t made_ms, checked_ms; /* 0 = not yet */
	char made_by[ACCOUNT_BYTES], checked_by[ACCOUNT_BYTES];
	char figures[REPORT_FIGURES_BYTES]; /* of what was made */
	int32_t rows; /* how many rows it held */
	char remark[REPORT_REMARK_BYTES]; /* problems and proposals, by whoever made it */
};

/* A day whose report is missing or came late. */
struct report_gap {
	int64_t day;
	enum report_state state;
};

struct report {
	enum report_kind kind;
	int64_t day; /* REPORT_DAY */
	int64_t from_ms, until_ms; /* wall; until is not included */
	struct report_sum sums[REPORT_ROW_COUNT_];
	int64_t inside; /* at the end of the period, or now when that lies in the future */
	int64_t waiting; /* for a guard, now */
	int64_t left[ITEM_END_]; /* of each supply, at the end of the period */
	bool left_known[ITEM_END_]; /* false: nothing was entered until then */
	enum level level; /* in force at the end of the period */
	bool level_known; /* false: it was never switched, so it is the configuration's */
	int32_t duty_count;
	struct report_duty duty[REPORT_DUTY_MAX];
	/* REPORT_DAY */
	enum report_state state;
	struct report_signed signatures;
	char figures[REPORT_FIGURES_BYTES]; /* of the sums above */
	bool changed; /* signed with other figures: events of that day came to light since */
	int32_t gap_count; /* all there are within REPORT_LOOK_BACK_DAYS before the day */
	struct report_gap gaps[REPORT_GAPS_MAX]; /* the youngest of them */
	char head[20]; /* of the chain these sums were read from, 16 hex digits */
};

/* Which report is asked for. */
struct report_ask {
	enum report_kind kind;
	int64_t day; /* REPORT_DAY */
	int64_t from_ms, until_ms; /* REPORT_PERIOD */
	int64_t now_ms; /* REPORT_SHIFT ends here */
	int32_t due_min;
	int32_t skip; /* of the list of days */
};

/* Midnight at which the day begins. */
int64_t report_day_start_ms(int64_t day, int32_t utc_offset_min);
int64_t report_day_of(int64_t wall_ms, int32_t utc_offset_min);

/* When the report of a day must have been made and checked: due_min minutes after the midnight that
 * ends it. */
int64_t report_due_ms(int64_t day, int32_t due_min, int32_t utc_offset_min);

enum report_state report_state(const struct report_signed *s, int64_t due_ms, int64_t day_end_ms,
			       int64_t now_ms);

/* Nobody came, went, was refused or measured: a zero report, which is made nevertheless. */
bool report_is_zero(const struct report *report);

/* "REPORT_MADE" and "REPORT_CHECKED" carry the day and the number of rows as one number. */
int64_t report_number_pack(int64_t day, int32_t rows);
MUST_CHECK bool report_number_unpack(int64_t number, int64_t *day, int32_t *rows);

/* Who may sign, and what would be signed. */
enum report_act {
	REPORT_ACT_NONE, /* nothing to sign: not over, or done */
	REPORT_ACT_MAKE,
	REPORT_ACT_CHECK,
	REPORT_ACT_OTHER, /* to be checked, but not by whoever made it */
	REPORT_ACT_HIGHER, /* to be checked by a supervisor or by staff */
	REPORT_ACT_HANDOVER,
};
enum report_act report_act(const struct report *report, const char *account, enum role role);

/* The list of days. */
#define REPORT_DAYS_SHOWN 6
struct report_day {
	int64_t day;
	enum report_state state;
	bool changed;
	int64_t checked_ms;
	char made_by[ACCOUNT_BYTES], checked_by[ACCOUNT_BYTES];
};
struct report_days {
	int64_t first_day, today; /* the first day is that of the oldest event */
	int32_t skip, count, total; /* of days, youngest first; today is the first */
	struct report_day days[REPORT_DAYS_SHOWN];
	int64_t missing; /* in all */
	int64_t last_missing; /* the youngest of them */
};

/* Somebody on a list: inside now, or found by a contact query. */
struct report_person {
	uint64_t visit_id;
	uint32_t ticket;
	enum person_class person_class;
	enum visit_state state;
	bool ticked;
	int64_t entered_ms, left_ms; /* 0 = not seen, not yet */
	char name[NAME_BYTES]; /* masked on the list of those inside */
	char phone[PHONE_BYTES], household[HOUSEHOLD_BYTES]; /* phone: contact query only */
};

/* What a contact query asks (4·三·1, 3·二·2): who was inside between from and until, or, with a
 * person given, who was at the gate within a quarter of an hour of that person. */
#define REPORT_REQUEST_BYTES 32
#define REPORT_NEAR_MS INT64_C(900000)
struct report_contact {
	char request[REPORT_REQUEST_BYTES]; /* number of the request it is done for */
	int64_t from_ms, until_ms;
	char person[NAME_BYTES]; /* name, document number or telephone number; "" = everybody */
};

/*
 * Reads a period as typed in digits: yyyymmdd (that day), yyyymmddyyyymmdd (both days included) or
 * yyyymmddhhmmyyyymmddhhmm (until excluded). Blanks and hyphens between are passed over. False for
 * what is no period.
 */
bool report_parse_period(const char *text, int32_t utc_offset_min, int64_t *from_ms,
			 int64_t *until_ms);

/* "2026-11-23" */
void report_day_text(int64_t day, char dst[16]);

#endif
