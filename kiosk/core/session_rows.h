/*
 * How the session's table is written down, one file for each group of screens: session.c has
 * visitors, guards and staff, session_report.c the reports, session_search.c the search,
 * session_ledger.c the ledgers, session_tools.c a person's own request and the check,
 * session_accounts.c accounts, session_vehicle.c what comes before a driver's questions. A state
 * has its rows in one file, but those that lead to another group, which may stand there. Inside
 * core only.
 */
#ifndef CORE_SESSION_ROWS_H
#define CORE_SESSION_ROWS_H

#include "core/session.h"

#define ANY SCREEN_COUNT_
#define HOME (EFFECT_WIPE)
#define HOME_OUT (EFFECT_WIPE | EFFECT_LOGOUT)

struct row {
	enum screen state;
	enum session_event event;
	uint32_t need, exclude;
	enum screen next;
	uint64_t effects;
	enum clip say;
};

struct rows {
	const struct row *row;
	size_t count;
};

extern const struct rows SESSION_REPORT_ROWS;
extern const struct rows SESSION_SEARCH_ROWS;
extern const struct rows SESSION_LEDGER_ROWS;
extern const struct rows SESSION_TOOLS_ROWS;
extern const struct rows SESSION_VEHICLE_ROWS;
extern const struct rows SESSION_ACCOUNTS_ROWS;
extern const struct rows SESSION_EXPORT_ROWS;

#endif
