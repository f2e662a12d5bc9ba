/*
 * The register: one SQLite file, one connection, owned by one thread (the worker). Append-only
 * events in a SHA-256 chain; everything else is a projection of them. Personal fields live in a
 * side table; the chain holds one salted commitment per registration, so that they can be deleted
 * later and the chain still proves.
 *
 * Order is by sequence and boot, not by wall clock; each event says whether the clock was trusted.
 * A call that returns 0 has reached the disk (WAL, synchronous=FULL). Every call may block for a
 * flush.
 *
 * Errors: -ENOSPC no room (nothing half-written, reading goes on), -EIO the disk failed (the
 * register refuses all further writes until it is opened again: a failed flush is never retried),
 * -EUCLEAN the file is damaged or not a register (never overwritten), -EBUSY another process holds
 * it, -ENOENT no such row, -ENOMEM.
 */
#ifndef STORE_REGISTER_H
#define STORE_REGISTER_H

#include "core/checked.h"
#include "core/ledger.h"
#include "core/types.h"

struct register_db;

#define CHAIN_HASH_BYTES 32

/* Numbers stand in the chain: append, never renumber. */
enum entry_type {
	ENTRY_BOOT = 1, /* program started; detail: version */
	ENTRY_REGISTERED, /* visit: whole registration; verdict refer, refuse or turn back */
	ENTRY_DECIDED, /* visit: guard's attestations, clinical reading, verdict, pass terms */
	ENTRY_PASS_PRINTED, /* visit; detail "", "unsure" or "copy" */
	ENTRY_GATE_RELEASED, /* visit or none; detail: "entry", "exit" */
	ENTRY_PASSED, /* visit went in: the beam saw it; detail: "" or "vehicle" */
	ENTRY_LAPSED, /* admitted, but nobody went through */
	ENTRY_LEFT, /* visit left by its pass; detail: "" or "vehicle" */
	ENTRY_PASS_REJECTED, /* number: enum pass_problem; visit when known */
	ENTRY_LOGIN, /* actor logged in; number: enum role */
	ENTRY_LOGOUT,
	ENTRY_LOGIN_REFUSED, /* actor; number: 0 wrong PIN, 1 locked, 2 right, but its time is over
			      */
	ENTRY_REVEALED, /* actor saw the full personal fields of visit */
	ENTRY_DEVICE, /* number: enum device << 8 | enum device_state */
	ENTRY_EMERGENCY, /* number: 1 opened, 0 over */
	ENTRY_CLOCK, /* wall clock stepped; number: step in ms; detail: "", "while off", or
			"confirmed": actor says that the clock is right as it stands */
	ENTRY_EXPORTED, /* detail: export name, and of an export of days the first and the
			   last; number: rows */
	ENTRY_PASS_REVOKED, /* visit; detail: why */
	ENTRY_ACCOUNT, /* account made or changed; detail: account name; number: end in seconds of
			  1970 (0 none) << 8 | enum role, which is 0 when it was removed */
	ENTRY_LEVEL, /* number: level before << 8 | level now; actor: who; detail: who else, how
			long it took, why */
	ENTRY_FORGOTTEN, /* personal fields and salts deleted: store/retention.h; number: how many;
			    forgotten: of which visits, of none for invitations; detail: why;
			    actor: who, for an erasure */
	ENTRY_IMPORTED, /* a part of the office's bundle was taken; number: of the bundle; detail:
			   kind, version, SHA-256 */
	ENTRY_REPORT_MADE, /* number: rows << 32 | day (core/report.h); detail: digits of the
			      figures; actor: who */
	ENTRY_REPORT_CHECKED, /* the same, of what was made, by somebody else */
	ENTRY_HANDOVER, /* actor hands the shift over; number: its beginning, wall ms */
	ENTRY_CONTACT, /* contact query, before it is answered; detail: request number, period,
			  whether a person was named; never who */
	ENTRY_ROLL_CALL, /* a roll call of those inside ended; number: present << 32 | missing */
	ENTRY_LEDGER, /* actor wrote an entry of a ledger: store/ledger.h */
	ENTRY_TYPE_COUNT_
};

/* "pass-printed" …: in exports, views and logs. */
extern const char *const ENTRY_WORD[ENTRY_TYPE_COUNT_];

#define ENTRY_DETAIL_BYTES 96
#define ENTRY_DETAIL_VEHICLE "vehicle" /* of PASSED and LEFT */
#define ENTRY_REMARK_BYTES 192

/* One thing that happened. visit is read for the visit entries only: the visit as it stands after
 * the event. */
struct entry {
	enum entry_type type;
	int64_t wall_ms, mono_ms;
	bool clock_trusted;
	char actor[ACCOUNT_BYTES]; /* account name; "" = the machine itself */
	int64_t number;
	char detail[ENTRY_DETAIL_BYTES];
	struct visit visit;
	struct visit_range {
		uint64_t first, last;
	} forgotten; /* FORGOTTEN: of none of these a personal field is left; 0, 0 = none */
	struct ledger ledger; /* LEDGER */
	char remark[ENTRY_REMARK_BYTES]; /* REPORT_MADE: problems and proposals (4·三·1) */
};

/* The register's acknowledgement. */
struct receipt {
	int64_t seq;
	uint8_t head[CHAIN_HASH_BYTES];
	uint64_t visit_id;
	uint32_t ticket;
	char receipt_code[RECEIPT_CODE_BYTES]; /* of a registration */
};

/*
 * Opens or makes the register and checks it: that it is one, that the last events follow each other
 * and the newest visits can be read; up to 32 MiB also what register_check does, so that a start
 * takes no longer with the years.
 * -EUCLEAN leaves the file untouched. *out is closed by register_close. utc_offset_min says where a
 * day begins (tickets count per day).
 */
MUST_CHECK int register_open(struct register_db **out, const char *path, int32_t utc_offset_min);
void register_close(struct register_db *db);

/* Appends one event and updates the projections in one transaction. */
MUST_CHECK int register_record(struct register_db *db, const struct entry *entry,
			       struct receipt *receipt);

/* Number and hash of the last event; seq 0 and zeroes for an empty register. */
void register_head(const struct register_db *db, int64_t *seq, uint8_t head[CHAIN_HASH_BYTES]);

/* One visit with its personal fields (empty once they have been deleted). -ENOENT. */
MUST_CHECK int register_visit(struct register_db *db, uint64_t id, struct visit *visit);

/* The visit a pass serial belongs to, and how often the pass was used and whether it was revoked.
 * -ENOENT. */
struct pass_record {
	uint64_t visit_id;
	uint32_t uses;
	bool revoked;
};
MUST_CHECK int register_pass(struct register_db *db, uint64_t serial, struct pass_record *record);

/*
 * Visits that want a guard: WAITING, ADMITTED whose pass is not printed, and OVERDUE (inside, the
 * pass was shown after it had run out), oldest first. Fills at most max, skipping the first skip;
 * *total is how many there are. Personal fields are included.
 */
MUST_CHECK int register_queue(struct register_db *db, struct visit *visits, int max, int skip,
			      int *count, int *total);

/*
 * The visits of whoever text means, newest first, at most max, with their personal fields: showing
 * them is the caller's matter, who masks them and records what is revealed. Found by any run of
 * Chinese characters of the name, the beginning of another word of it, the beginning of the
 * telephone number, the beginning of the vehicle's plate, and the last four characters of the
 * document's number or the plate; search_text.h says how.
 * text may be anything a hand can type. *count 0: nobody. A few ms in ten million visits.
 */
MUST_CHECK int register_search(struct register_db *db, const char *text, struct visit *visits,
			       int max, int *count);

struct register_counts {
	int32_t in, out, refused; /* of the day that contains wall_ms */
	int32_t inside; /* now */
	int32_t waiting; /* the length of the queue */
};
MUST_CHECK int register_counts(struct register_db *db, int64_t wall_ms,
			       struct register_counts *counts);

/* The level in force, as the last change of it was recorded. */
struct level_state {
	bool known; /* false while there was none: then the configuration says it */
	enum level level;
	uint64_t last_order; /* the highest number of an order taken; 0 = none was */
};
MUST_CHECK int register_level(struct register_db *db, struct level_state *state);

/* Accounts. A PIN is 4 to 12 digits, kept as argon2id. */
struct account {
	char name[ACCOUNT_BYTES];
	enum role role;
	int64_t until_ms; /* wall; a volunteer's last moment, 0 = no end. Whole seconds. */
};
enum pin_outcome {
	PIN_RIGHT,
	PIN_WRONG,
	PIN_LOCKED,
	PIN_OVER, /* right, but the account's time is over */
};

/* Makes or changes an account (an event). -EINVAL for a bad name, role, end or
 * PIN. */
MUST_CHECK int register_account_set(struct register_db *db, const struct account *account,
				    const char *pin, int64_t wall_ms, int64_t mono_ms);
/* Those of a role by name, at most max; guards and supervisors together for ROLE_GUARD, because
 * both log in at the guard's button; everybody for ROLE_NONE. */
MUST_CHECK int register_accounts(struct register_db *db, enum role role, struct account *accounts,
				 int max, int *count);
/*
 * Tries a PIN. The try is counted on disk before the PIN is looked at, so that no power cut gives a
 * free try; five tries are free, then 30 s doubling to 1 h, and never more than 34 wrong ones in 24
 * h (store/pin_policy.h). An account with an end is held against the wall clock, or while that is
 * doubtful against the latest time it can be. The outcome is an event too. Takes
 * about 20 ms for the hash. PIN_LOCKED sets *wait_s. now is the monotonic-plus-boot clock of this
 * register: time while switched off does not count.
 */
MUST_CHECK int register_pin_try(struct register_db *db, const char *name, const char *pin,
				int64_t wall_ms, int64_t mono_ms, bool clock_trusted,
				enum pin_outcome *outcome, struct account *account,
				int32_t *wait_s);

/* Export rows, in order, at most max a call, so that a long export leaves the register free in
 * between. */
struct event_row {
	int64_t seq, boot, wall_ms, mono_ms;
	bool clock_trusted;
	enum entry_type type;
	char actor[ACCOUNT_BYTES];
	const uint8_t *body; /* canonical bytes, as hashed; valid during the callback */
	size_t body_len;
	uint8_t hash[CHAIN_HASH_BYTES];
};
struct person_row { /* proves the commitment in the ENTRY_REGISTERED event of visit_id */
	uint64_t visit_id;
	uint8_t salt[16];
	struct person person;
	uint64_t code_digest; /* of the code shown; 0 = none, or registered before it stood here */
};
typedef int (*event_row_fn)(void *ctx, const struct event_row *row);
typedef int (*visit_row_fn)(void *ctx, const struct visit *visit, const struct person_row *person);

/* Calls fn for events with seq > after; *last is the last seq seen. A negative return of fn ends it
 * and comes back. */
MUST_CHECK int register_events(struct register_db *db, int64_t after, int max, event_row_fn fn,
			       void *ctx, int64_t *last);
MUST_CHECK int register_visits(struct register_db *db, uint64_t after, int max, visit_row_fn fn,
			       void *ctx, uint64_t *last);

/* Where something does not fit: core/checked.h. */
struct register_fault {
	enum register_part part;
	int64_t key;
	int64_t seq; /* the event that says otherwise; 0 when none is to blame */
};

/* The hash of an event as it left the machine: in an export's manifest, on a slip. Without one
 * nobody can tell a chain that was cut or made anew, whole and with all that follows from it. */
struct chain_anchor {
	int64_t seq; /* its number; 0 = not known */
	uint8_t head[CHAIN_HASH_BYTES];
	size_t bytes; /* how many of them are known, from the first */
};

struct register_check {
	const struct chain_anchor *anchors; /* each must be found in the chain */
	int anchor_count;
	void (*progress)(void *ctx, int permille); /* or NULL */
	void *ctx;
};

/*
 * Walks the whole chain, the commitments and what was forgotten, holds the accounts and the search
 * index against it, and then makes the projections again to compare them. 0 good; -EUCLEAN and
 * *fault says where. Takes as long as reading the whole register, and memory, some 100 bytes a
 * visit: for support, not for every start.
 */
MUST_CHECK int register_check(struct register_db *db, const struct register_check *check,
			      struct register_fault *fault);

/*
 * The same in steps of some 30 ms, between which the register is used as ever: what is appended
 * meanwhile is checked too, and when somebody is forgotten meanwhile, the run begins anew. One step
 * reads the pages of the file, 1 s a GB, and one the search index. Nothing may close the register
 * before register_check_end.
 */
#define CHECK_ANCHORS_MAX 64
struct check_run;
struct check_state {
	int permille;
	bool done; /* and all of it good */
	int64_t seq; /* the last event checked, and its hash */
	uint8_t head[CHAIN_HASH_BYTES];
	struct register_fault fault;
};
MUST_CHECK int register_check_begin(struct register_db *db, const struct chain_anchor *anchors,
				    int count, struct check_run **run);
/* 0; -EUCLEAN: state->fault says where. After any error only the end may follow. */
MUST_CHECK int register_check_step(struct check_run *run, struct check_state *state);
/* Also when begin has failed. */
void register_check_end(struct check_run *run);

/* Only whether every page of the file holds what it should: -EUCLEAN when not. In a long register
 * it is to be asked when nobody waits (each night, before an export): 1 s a GB and no memory worth
 * naming. */
MUST_CHECK int register_check_file(struct register_db *db);

/* The same as register_check, without anchors; *bad_seq is fault.seq. */
MUST_CHECK int register_verify(struct register_db *db, int64_t *bad_seq);

/* Runs one read-only SELECT and gives its first column as text ("" for no row). For tests and
 * support. -EINVAL: not a reading statement, with sqlite's message in out. */
MUST_CHECK int register_query_text(struct register_db *db, const char *sql, char *out, size_t cap);

#endif
