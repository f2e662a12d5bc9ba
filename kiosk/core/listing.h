/*
 * What the office's lists say of a visitor, beside the rules and whatever the rulebook says:
 *
 *   the document number is on the block list   refers to a guard; only a supervisor may admit
 *   only the name is                           asks the guard to look: names are shared
 *   the household is not in the directory      the same: people write addresses in many ways
 *
 *   the citizen number begins as that of a key area does: a line for the guard and nothing else,
 *   because where somebody was born or registered is not where they were
 *
 *   a household has invited whoever has this document or telephone number for today: a line for
 *   the guard too, red when the household typed is another one; it replaces no check and nobody
 *   who leads in
 *
 * Nobody is refused by a list alone. Keys are what is compared: the same thing typed differently
 * has the same key. Pure.
 */
#ifndef CORE_LISTING_H
#define CORE_LISTING_H

#include "core/types.h"

#define LISTING_WHY_BYTES 48
#define LISTING_GRID_BYTES 32
#define LISTING_TAIL_BYTES 5
#define LISTING_AREA_BYTES 48

struct invitation {
	bool found; /* for today */
	bool elsewhere; /* by no household but others than the one typed */
	int32_t until; /* yyyymmdd, included */
	char household[HOUSEHOLD_BYTES]; /* its key */
	char why[LISTING_WHY_BYTES];
};

struct listing {
	bool document, name; /* on the block list */
	bool household_unknown; /* false too while there is no directory */
	char why[LISTING_WHY_BYTES]; /* of the document's entry, else of the name's */
	char grid[LISTING_GRID_BYTES]; /* of a known household: who looks after it */
	char phone_tail[LISTING_TAIL_BYTES]; /* its last four digits */
	struct invitation invitation;
	char area[LISTING_AREA_BYTES]; /* key area of the citizen number's first digits */
};

/* Adds the reasons to a decision and takes the admission away where somebody of role by may not
 * give it. A decision that sends away stays as it is: the visitor is not told of a list. */
void listing_apply(struct decision *decision, const struct listing *listing, enum role by);

/* True when the decision has a reason that came from here. */
bool listing_shows(const struct decision *decision);

/* "3号楼2单元501室" and "３-2-501" are "3-2-501". False: nothing is left, or it does not fit. */
MUST_CHECK bool listing_household_key(const char *household, char key[HOUSEHOLD_BYTES]);
/* Capital letters and digits: "11010519491231002X". */
MUST_CHECK bool listing_document_key(const char *document, char key[DOCUMENT_BYTES]);
/* Digits, and a plus of other countries: "+86 138-0013 8000" is "13800138000". */
MUST_CHECK bool listing_phone_key(const char *phone, char key[PHONE_BYTES]);
/* Without blanks and marks between names, capitals: "欧阳娜娜", "ANNALEE". */
MUST_CHECK bool listing_name_key(const char *name, char key[NAME_BYTES]);

#endif
