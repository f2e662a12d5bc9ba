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

struct level_change {
	enum level from, to;
	char why[LEVEL_WHY_BYTES];
	char first[ACCOUNT_BYTES], second[ACCOUNT_BYTES]; /* who; second empty when one is enough */
	enum role first_role;
};

/* True when a second person must agree before this change. */
bool level_needs_two(enum level from, enum level to);

/* NOTE_NONE when the change may be made now, else what is missing. */
enum note level_check(const struct level_change *change);

#endif
