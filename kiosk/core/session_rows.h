/*
 * How the session's table is written down: session.c, and session_report.c for the screens from
 * SCREEN_REPORTS on. Inside core only.
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
	uint32_t effects;
	enum clip say;
};

extern const struct row SESSION_REPORT_ROWS[];
extern const size_t SESSION_REPORT_ROW_COUNT;

#endif
