/*
 * From session, board and rulebook to what is drawn. Pure: the same inputs give the same bytes.
 */
#ifndef CORE_VIEW_MAKE_H
#define CORE_VIEW_MAKE_H

#include "core/session.h"

/* What the application knows besides the session. */
struct board {
	char site_zh[64], site_en[64], gate_name[32], phone[32], leader[64], on_duty[96];
	enum level level;
	bool simulated, clock_trusted;
	int64_t wall_ms;
	int32_t utc_offset_min;
	enum device_state devices[DEVICE_COUNT_];
	enum gate_state gate;
	int32_t waiting;
	int32_t today_in, today_out, today_refused, inside_now;
	int32_t export_permille, export_left_s;
	char head[20]; /* of the chain, first 16 hex digits; empty until something was recorded */
	uint32_t preview_seq;
	struct notice_shown notice;
	int64_t reports_missing, report_last_missing; /* as far as has been looked */
	struct checked checked; /* the full check of the register */
	struct key_areas areas; /* of the office's list */
	struct ledger_state ledgers; /* as far as has been looked */
	struct ledger_rhythm rhythm;
};

void view_make(struct view *view, const struct session *session, const struct board *board,
	       const struct rulebook *book, int64_t now_ms);

/* The present of the board. */
struct moment board_moment(const struct board *board);

/* Row of the guard's queue for a visit: masked. */
void view_row_make(struct view_row *row, const struct visit *visit, const struct rulebook *book,
		   int64_t wall_ms);

/* True when the pass of an admitted visit may be printed once more. */
bool view_may_print(const struct visit *visit);

/* True when an admission would be permitted with what the guard has attested so far. */
bool view_may_admit(const struct session *session, const struct rulebook *book,
		    const struct board *board);

#endif
