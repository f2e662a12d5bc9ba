/*
 * The body of one event, to and from bytes. Pure; may be called from any thread, and from the
 * office too. Bodies hold no personal field of a visitor: a registration holds their commitment.
 * The encoding is canonical: there is one body for one meaning, and entry_decode refuses any other,
 * but for the ways facts (FACTS_OLD) and the code's digest (CODE) were written before.
 */
#ifndef STORE_ENTRY_CODEC_H
#define STORE_ENTRY_CODEC_H

#include "store/register.h"

#define ENTRY_BODY_BYTES 1536 /* the longest body there can be is shorter */

/* True for the types that speak of a visit. */
bool entry_has_visit(enum entry_type type);

/* True for the types that carry a whole visit (facts and decision), not only its id. */
bool entry_has_form(enum entry_type type);

/*
 * Writes the body of entry. commitment is read for ENTRY_REGISTERED only. out holds
 * ENTRY_BODY_BYTES. False when a field is out of its range.
 */
MUST_CHECK bool entry_encode(const struct entry *entry, const uint8_t commitment[CHAIN_HASH_BYTES],
			     uint8_t *out, size_t *len);

/*
 * Reads a body back. type and wall_ms are those of the event. Fills the whole of *entry; fields
 * that are no part of a body (actor, clock, person, state, times of the visit) come back zero.
 * commitment is zero when there is none. False for anything entry_encode would not write; *entry is
 * then unspecified.
 */
MUST_CHECK bool entry_decode(enum entry_type type, int64_t wall_ms, const uint8_t *body, size_t len,
			     struct entry *entry, uint8_t commitment[CHAIN_HASH_BYTES]);

#endif
