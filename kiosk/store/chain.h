/*
 * The chain, as bytes: what is hashed, shared by the register and by the office's verification.
 * Pure. Integers are big-endian.
 *
 *   hash = SHA-256("GHE1" | prev[32] | seq u64 | boot u64 | wall_ms u64 | mono_ms u64 | trusted u8
 * | type u16 | len u16 | actor | len u32 | body) commitment = SHA-256("GHP1" | salt[16] | visit_id
 * u64 | for each personal field: len u16 | bytes)
 *
 * prev of the first event is 32 zero bytes. The personal fields are, in this order: name, kind of
 * document (one byte), document, phone, household, purpose, and the plate if there is one. If there
 * is a digest of the code that was shown, it follows the plate, which may then be nothing.
 *
 * Bodies are tag-length-value: tag u8, length u8, bytes; integers big-endian without leading zero
 * bytes. The tags of each entry type are in entry_codec.c.
 */
#ifndef STORE_CHAIN_H
#define STORE_CHAIN_H

#include "store/register.h"

void chain_hash(const uint8_t prev[CHAIN_HASH_BYTES], const struct event_row *row,
		uint8_t hash[CHAIN_HASH_BYTES]);

void chain_commit(const struct person_row *row, uint8_t commitment[CHAIN_HASH_BYTES]);

/* Wipes the personal fields and the salt; for CLEANUP. */
void person_row_wipe(struct person_row *row);

/* Finds the commitment and visit id in the body of an ENTRY_REGISTERED event. False when there is
 * none. */
MUST_CHECK bool chain_find_commitment(const uint8_t *body, size_t len, uint64_t *visit_id,
				      uint8_t commitment[CHAIN_HASH_BYTES]);

#endif
