/*
 * Brings the office's signed order from the stick through gatehouse-stick and judges it. Runs on
 * the worker thread and blocks until the two files are here or the stick has failed. The stick
 * process is trusted with nothing: the bytes it hands over are verified in this process.
 *
 * Nothing is changed here: the caller switches the level, and keeps the order's number in the event
 * that records it, so that the same stick cannot do it twice.
 */
#ifndef KIOSK_ORDER_JOB_H
#define KIOSK_ORDER_JOB_H

#include "codec/order.h"
#include "core/view.h"

struct order_job {
	const char *stick_program; /* path of gatehouse-stick */
	const char *stick_dir; /* where the stick is mounted */
	uint8_t public_key[32]; /* the office's; all zero (none is configured) takes no order */
	uint32_t site_id;
	uint64_t last_number; /* of the last order taken; 0 = none yet */
	struct moment now;
	int32_t patience_ms; /* a stick silent for so long is hung; 0 = 10 s */
};

struct order_found {
	enum note problem; /* NOTE_NONE: the stick was read; else what to tell the person */
	bool present; /* an order lies on the stick; what follows is meaningless otherwise */
	enum order_outcome outcome;
	struct order order; /* all zero when MALFORMED or BAD_SIGNATURE: nothing of it is shown */
};

/* What to tell whoever waits: NOTE_NONE when the order may be taken. */
enum note order_note(const struct order_found *found);
enum note order_outcome_note(enum order_outcome outcome);

/* 0 and *found says how it went; negative errno only when the stick process could not be started.
 */
MUST_CHECK int order_fetch(const struct order_job *job, struct order_found *found);

#endif
