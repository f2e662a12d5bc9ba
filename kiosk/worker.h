/*
 * The one thread that owns the register. Jobs go in by value, in order; finished ones come back
 * through an eventfd and are taken on the main loop. A job once taken is answered exactly once,
 * whatever the register says; the screen never waits for the disk.
 */
#ifndef KIOSK_WORKER_H
#define KIOSK_WORKER_H

#include "bundle_job.h"
#include "core/rules.h"
#include "core/view.h"
#include "export.h"
#include "order_job.h"
#include "store/account_change.h"
#include "store/chain_walk.h"
#include "store/register.h"
#include "store/report.h"
#include "store/request.h"
#include "store/retention.h"
#include "store/vehicle.h"

#define PIN_TEXT_BYTES 16
#define SEARCH_MAX (10 * VIEW_ROWS) /* nobody turns more pages: who finds more types more */

enum job_type {
	JOB_OPEN, /* open or reopen the register */
	JOB_RECORD,
	JOB_QUEUE,
	JOB_VISIT,
	JOB_PASS, /* serial -> record and visit */
	JOB_ACCOUNTS,
	JOB_ACCOUNT_SET,
	JOB_PIN,
	JOB_COUNTS,
	JOB_EXPORT,
	JOB_ORDER, /* the office's order on the stick, judged by the last one taken; else its bundle
		    */
	JOB_IMPORT, /* take the bundle that the last JOB_ORDER found */
	JOB_FORGET, /* one step of the night's forgetting */
	JOB_WALK, /* one step of the night's walk along the chain */
	JOB_REPORT, /* sums of a period */
	JOB_REPORT_DAYS, /* the days and how their reports stand */
	JOB_INSIDE, /* those inside now */
	JOB_VEHICLE, /* what is known of a plate */
	JOB_CONTACT, /* the answer of a contact query, which is on record already */
	JOB_REQUEST, /* a receipt code as typed: the visit that it finds */
	JOB_ERASE, /* the personal fields of a visit */
	JOB_ACCOUNT_CHANGE,
	JOB_CHECK, /* a step of the whole check, or its end */
	JOB_SEARCH, /* whom text means, newest first: a page of the first SEARCH_MAX */
	JOB_QUERY, /* one SELECT, for tests and support */
	JOB_LEDGERS, /* how the ledgers stand */
	JOB_LEDGER, /* the entries of one: the page from skip on */
	JOB_TYPE_COUNT_
};

enum check_ask { CHECK_BEGIN, CHECK_GO_ON, CHECK_STOP };

/* Why the main loop asked: comes back unchanged. */
enum job_purpose {
	FOR_RECORD, /* nothing waits for it, but a failure is a fault */
	FOR_SCREEN, /* the screen waits: RECORDED, RECORD_FAILED, ALREADY … */
	FOR_BACKLOG, /* RECORD: the oldest of what could not be recorded when it happened */
	FOR_REVEAL, /* RECORD: the personal fields are shown once it is recorded */
	FOR_REPORT, /* RECORD: a signature, a hand-over, a contact query; INSIDE, CONTACT: the
		       screen's list */
	FOR_COPY, /* RECORD: the copy is printed once it is recorded */
	FOR_LEDGER, /* RECORD: an entry of a ledger */
	FOR_PAPER, /* INSIDE, CONTACT: to be printed */
	FOR_REFRESH, /* background refresh of queue length and counts */
};

/* A pack the office sent, malloc'ed; NULL: none was sent, or it is as it was. */
struct part_bytes {
	char *data;
	size_t len;
};

struct job {
	enum job_type type;
	enum job_purpose purpose;
	int error; /* answer: 0 or negative errno */
	/* questions */
	struct entry entry; /* RECORD; REQUEST, ERASE: who and when */
	uint64_t id; /* VISIT, ERASE: visit; PASS: serial; IMPORT: number of the bundle confirmed */
	char plate[PLATE_BYTES]; /* VEHICLE */
	int32_t skip; /* QUEUE, SEARCH, ACCOUNTS: rows to skip */
	enum role role; /* ACCOUNTS */
	struct account account; /* ACCOUNT_SET, PIN, IMPORT: name; PIN and IMPORT answer with the
				   role it has now */
	bool only_missing; /* ACCOUNT_SET: leave an account that exists alone, and every one when
			      the office has sent a list */
	char pin[PIN_TEXT_BYTES]; /* wiped by the worker */
	int64_t wall_ms, mono_ms;
	bool clock_trusted;
	struct export_job *export_job; /* EXPORT: owned by the caller until the answer */
	struct order_job order_job; /* ORDER; its last_number is filled in by the worker */
	bool want_bundle; /* ORDER: staff ask, who may take one */
	struct bundle_job bundle_job; /* ORDER, IMPORT; taken is filled in by the worker */
	struct report_ask ask; /* REPORT, REPORT_DAYS */
	struct people *people; /* INSIDE, CONTACT: owned by the caller, untouched until the answer
				*/
	char text[512]; /* QUERY: statement, then its answer; SEARCH, REQUEST: what was typed
			 */
	enum check_ask check_ask; /* CHECK */
	enum account_act account_act; /* ACCOUNT_CHANGE, with account, pin and entry: who */
	struct retention retention; /* FORGET */
	struct forget_run forget; /* FORGET: asked and answered */
	struct chain_walk walk; /* WALK: asked and answered */
	/* answers */
	struct receipt receipt; /* RECORD; of ERASE the head */
	struct visit visit; /* VISIT, PASS */
	struct pass_record pass;
	struct visit queue[VIEW_ROWS]; /* QUEUE, SEARCH */
	int32_t count, total;
	bool more; /* SEARCH: than total were found */
	struct account accounts[VIEW_ROWS];
	struct register_counts counts; /* COUNTS, and areas */
	struct key_areas areas;
	struct ledger_state ledgers; /* COUNTS, LEDGERS */
	enum pin_outcome pin_outcome;
	bool offices; /* ACCOUNTS: the list is the office's */
	enum account_outcome account_outcome;
	struct request request;
	struct check_state check; /* CHECK; -ECANCELED: none is under way */
	enum erase_outcome erase_outcome;
	int32_t wait_s;
	struct export_result export_result;
	struct listing listing; /* VISIT */
	struct vehicle_known vehicle; /* VISIT, VEHICLE */
	struct order_found order_found;
	bool bundle_shown; /* ORDER: it is the bundle that is to be looked at */
	struct bundle_found bundle_found; /* ORDER; of IMPORT the outcome and word */
	/* OPEN, IMPORT: the rulebook the office sent, malloc'ed, the taker's; NULL: none was sent,
	 * or it is as it was. */
	struct rulebook *book;
	struct part_bytes packs[PART_COUNT_]; /* OPEN, IMPORT: the same for the kinds that are
						 packs */
	int64_t seq; /* OPEN: last event */
	int64_t last_wall_ms; /* OPEN: its wall clock */
	char last_guard[ACCOUNT_BYTES]; /* OPEN: who logged in last */
	struct level_state level; /* OPEN */
	struct report report; /* REPORT */
	struct report_days days; /* REPORT_DAYS */
	enum ledger_kind ledger_kind; /* LEDGER: asked */
	struct ledger_row ledger_rows[LEDGER_ROWS]; /* answered, count and total too */
};

struct worker;

/* Starts the thread; the register at path is opened by the first JOB_OPEN. Errors: -ENOMEM,
 * -EAGAIN. */
MUST_CHECK int worker_start(struct worker **out, const char *path, int32_t utc_offset_min);
/* Finishes what is queued, closes the register, joins, frees. */
void worker_stop(struct worker *worker);

/* Copies the job into the queue. -EBUSY when too many are waiting: nothing was taken. */
MUST_CHECK int worker_submit(struct worker *worker, const struct job *job);

int worker_fd(const struct worker *worker); /* readable when an answer waits */
/* Takes the next answer; false when there is none. The caller wipes it after use. */
bool worker_next(struct worker *worker, struct job *job);
/* Jobs submitted and not yet taken back. Main loop only. */
int worker_pending(const struct worker *worker);

#endif
