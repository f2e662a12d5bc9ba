/*
 * What the office sends a gate in a signed bundle (codec/bundle.h): one part of each kind at most,
 * each a plain file under its one name in the bundle's folder. Words and names stand in signed
 * texts and in the register: append, never rename. Pure.
 */
#ifndef CORE_PART_H
#define CORE_PART_H

#include "core/types.h"

enum part_kind {
	PART_RULEBOOK, /* settings/rulebook.h */
	PART_ACCOUNTS, /* everybody who may log in; core/lists.h says how the lists look */
	PART_REVOKED, /* passes that are no longer good */
	PART_HOUSEHOLDS, /* every household there is */
	PART_BLOCKED, /* documents and names that a guard is to look at */
	PART_REGIONS, /* key areas (3·二·1) */
	PART_NOTICES, /* what the board shows; core/notices.h */
	PART_VEHICLES, /* every vehicle with a pass (1·五·2) */
	PART_SOUNDS, /* announcements and broadcasts; core/sounds.h */
	PART_INVITATIONS, /* whom a household expects */
	PART_COUNT_
};

struct part_row {
	const char *word; /* in manifests and events */
	const char *file; /* its name on the stick */
	size_t max_bytes;
};
extern const struct part_row PART[PART_COUNT_];

/* Kinds that are packs (core/pack.h). */
bool part_is_pack(enum part_kind kind);

#define PARTS_MAX_BYTES (10U * 1024 * 1024) /* of all kinds together: a test adds them up */
#define PART_VERSION_MAX INT64_C(999999999999999999)

/* What taking a part would change, for the person who confirms it. */
struct part_change {
	bool present;
	int64_t version, before; /* before: in force now; 0 = none */
	/* Lists and packs: entries in it, and what becomes of those known now. REVOKED: added =
	 * passes of this gate that are good now. */
	int32_t total, added, changed, removed;
};

#define BUNDLE_WHY_BYTES 48

/* A bundle found good on the stick, as it is shown before anybody confirms it. */
struct bundle_summary {
	uint64_t number; /* 0: there is none to be taken */
	int64_t issued_ms, not_after_ms; /* wall */
	char why[BUNDLE_WHY_BYTES];
	char rulebook[64]; /* title of the rulebook in it */
	struct part_change parts[PART_COUNT_];
};

#endif
