/*
 * What the office's bundles brought, as the register keeps it: the rulebook's text, notices and
 * sounds, the household directory, the block list, accounts, revoked passes. All of a bundle is one
 * transaction with its events: whenever the plug is pulled, either all of it is in force or nothing
 * of it, and there is nothing to recover.
 *
 * Each part leaves one ENTRY_IMPORTED with its kind, version and SHA-256; which bundle and which
 * versions were taken is a projection of those events. The contents are not: they are replaced, and
 * hold personal data. Threads, blocking and errors as in register.h.
 */
#ifndef STORE_DIRECTORY_H
#define STORE_DIRECTORY_H

#include "core/key_areas.h"
#include "core/listing.h"
#include "core/part.h"
#include "store/register.h"

#define PART_HASH_BYTES 32

/* A part that was judged good (settings/parts.h). */
struct import_part {
	int64_t version; /* 0: none of this kind */
	const char *text; /* the caller's */
	size_t len;
};

struct import {
	uint64_t number; /* of the bundle */
	struct import_part parts[PART_COUNT_];
	char actor[ACCOUNT_BYTES]; /* who confirmed it */
	int64_t wall_ms, mono_ms;
	bool clock_trusted;
};

struct import_state {
	uint64_t last_number; /* the highest that was ever taken; 0 = none was */
	int64_t versions[PART_COUNT_]; /* in force; 0 = never brought by a bundle */
};
MUST_CHECK int register_imports(struct register_db *db, struct import_state *state);

/* What register_import would change now, for the person who is to confirm it. -EINVAL: a list
 * cannot be read. */
MUST_CHECK int register_import_changes(struct register_db *db, const struct import *import,
				       struct part_change changes[PART_COUNT_]);

/*
 * Takes all of it or nothing. -EALREADY: the number, or a part's version, is not larger than that
 * of the last; -EINVAL: no part, or a list that cannot be read. Accounts that are not in the list
 * are removed; those that stay as they were keep their count of tries; a revoked pass stays revoked
 * whatever a later list says.
 */
MUST_CHECK int register_import(struct register_db *db, const struct import *import,
			       struct receipt *receipt);

/* The bytes of the rulebook or the pack brought last, malloc'ed with a NUL behind them, and its
 * version. -ENOENT: none was; -EUCLEAN: not the bytes that its event names. */
MUST_CHECK int register_part(struct register_db *db, enum part_kind kind, int64_t *version,
			     char **text, size_t *len);

/* What the lists say of somebody on the day of wall_ms. */
MUST_CHECK int register_listing(struct register_db *db, const struct person *person,
				int64_t wall_ms, struct listing *listing);

/* Forgets the invitations whose last day was over before the day of before_ms; *count is how many.
 * Inside a transaction. */
MUST_CHECK int register_forget_invitations(struct register_db *db, int64_t before_ms,
					   int64_t *count);

/* The key areas of the list taken last that count on the day of wall_ms. */
MUST_CHECK int register_key_areas(struct register_db *db, int64_t wall_ms, struct key_areas *areas);

/* The role of an account; ROLE_NONE when there is no such account. */
MUST_CHECK int register_account_role(struct register_db *db, const char *name, enum role *role);

#endif
