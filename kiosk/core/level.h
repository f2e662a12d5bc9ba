/*
 * Switching the policy level: one supervisor, or two persons for lockdown, or a signed order. In
 * force at once for everything: people, vehicles, deliveries, passes already issued, queue entries
 * already waiting, announcements and report headings, because nothing keeps a level of its own:
 * every question to the rules names the level in force. Pure.
 */
#ifndef CORE_LEVEL_H
#define CORE_LEVEL_H

#include "core/view.h"

#define LEVEL_WHY_BYTES 48

/* An order that the office signed, as it was found good on a stick (codec/order.h says what that
 * takes). It stands for the supervisor and the two persons; somebody logged in confirms it. */
struct level_order {
	uint64_t number; /* 0: there is none to be taken */
	int64_t issued_ms, not_after_ms; /* wall */
};

struct level_change {
	enum level from, to;
	struct level_order order;
	char why[LEVEL_WHY_BYTES];
	char first[ACCOUNT_BYTES], second[ACCOUNT_BYTES]; /* who; second empty when one is enough */
	enum role first_role;
};

/* What the event of a change says, as one number that the register keeps:
 * order's number << 16 | from << 8 | to. */
struct level_event {
	enum level from, to;
	uint64_t order_number; /* of the order it was done by; 0 = none */
};
#define LEVEL_ORDER_MAX ((uint64_t)(INT64_MAX >> 16)) /* the highest number an order may have */
int64_t level_event_pack(const struct level_event *event);
MUST_CHECK bool level_event_unpack(int64_t number, struct level_event *event);

/* True when a second person must agree before this change. */
bool level_needs_two(enum level from, enum level to);

/* NOTE_NONE when the change may be made now, else what is missing. */
enum note level_check(const struct level_change *change);

#endif
