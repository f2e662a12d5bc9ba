/* What is known of the full check of the register: how far it is, or what came of it. */
#ifndef CORE_CHECKED_H
#define CORE_CHECKED_H

#include "core/types.h"

/* Where something does not fit. */
enum register_part {
	REGISTER_PART_NONE,
	REGISTER_PART_EVENT, /* key: its number; altered, missing, moved, or what was before it */
	REGISTER_PART_PERSON, /* key: visit; altered, missing without having been forgotten, or too
				 many */
	REGISTER_PART_VISIT, /* key: visit; the rest: tables made from the events */
	REGISTER_PART_PASS, /* key: serial */
	REGISTER_PART_DAY, /* key: number of the local day */
	REGISTER_PART_LEVEL,
	REGISTER_PART_IMPORT, /* key: kind of part */
	REGISTER_PART_TALLY, /* key: number of the local day */
	REGISTER_PART_REPORT, /* key: number of the local day */
	REGISTER_PART_LEDGER, /* key: event */
	REGISTER_PART_STOCK, /* key: enum ledger_item */
	REGISTER_PART_FILE, /* pages and indexes: sqlite's integrity_check */
	REGISTER_PART_SEARCH, /* key: visit; not found, or found by what they are not */
	REGISTER_PART_ACCOUNT, /* key: the event that says so; an account that is other than it, or
				  gone, or that no event made (0) */
	REGISTER_PART_COUNT_
};

enum checked_state {
	CHECKED_NEVER, /* since the program was started */
	CHECKED_RUNNING,
	CHECKED_GOOD,
	CHECKED_WRONG,
	CHECKED_BROKEN_OFF, /* the machine failed meanwhile */
	CHECKED_STOPPED, /* by whoever asked for it */
};

struct checked {
	enum checked_state state;
	int32_t permille;
	int64_t ended_ms; /* wall */
	int64_t seq; /* GOOD: how many events */
	char head[20]; /* … and the hash of the last, its first 16 hex digits */
	enum register_part part; /* WRONG */
	int64_t key,
		blamed; /* which one, and the event that says otherwise; 0 = none is to blame */
};

#endif
