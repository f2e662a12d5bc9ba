/*
 * SHA-256 is nettle's and not libsodium's, because it uses the processor's own instructions where
 * there are any: a quarter of the time for an event, on which the walk along a long chain hangs.
 */
#include "store/chain.h"

#include <string.h>

#include <nettle/sha2.h>

#include "store/entry_codec.h"

static_assert(SHA256_DIGEST_SIZE == CHAIN_HASH_BYTES, "the chain is SHA-256");

static void hash_uint(struct sha256_ctx *sha, uint64_t value, size_t width_bytes)
{
	uint8_t be[8];

	for (size_t i = 0; i < width_bytes; i++)
		be[i] = (uint8_t)(value >> 8 * (width_bytes - 1 - i));
	sha256_update(sha, width_bytes, be);
}

static void hash_text(struct sha256_ctx *sha, const char *text, size_t cap)
{
	size_t len = strnlen(text, cap);

	hash_uint(sha, len, 2);
	sha256_update(sha, len, (const uint8_t *)text);
}

void chain_hash(const uint8_t prev[CHAIN_HASH_BYTES], const struct event_row *row,
		uint8_t hash[CHAIN_HASH_BYTES])
{
	struct sha256_ctx sha;

	sha256_init(&sha);
	sha256_update(&sha, 4, (const uint8_t *)"GHE1");
	sha256_update(&sha, CHAIN_HASH_BYTES, prev);
	hash_uint(&sha, (uint64_t)row->seq, 8);
	hash_uint(&sha, (uint64_t)row->boot, 8);
	hash_uint(&sha, (uint64_t)row->wall_ms, 8);
	hash_uint(&sha, (uint64_t)row->mono_ms, 8);
	hash_uint(&sha, row->clock_trusted, 1);
	hash_uint(&sha, row->type, 2);
	hash_text(&sha, row->actor, sizeof(row->actor));
	hash_uint(&sha, row->body_len, 4);
	if (row->body_len > 0)
		sha256_update(&sha, row->body_len, row->body);
	sha256_digest(&sha, CHAIN_HASH_BYTES, hash);
}

void chain_commit(const struct person_row *row, uint8_t commitment[CHAIN_HASH_BYTES])
{
	const struct person *p = &row->person;
	struct sha256_ctx sha;

	sha256_init(&sha);
	sha256_update(&sha, 4, (const uint8_t *)"GHP1");
	sha256_update(&sha, sizeof(row->salt), row->salt);
	hash_uint(&sha, row->visit_id, 8);
	hash_text(&sha, p->name, sizeof(p->name));
	hash_uint(&sha, 1, 2);
	hash_uint(&sha, p->document_kind, 1);
	hash_text(&sha, p->document, sizeof(p->document));
	hash_text(&sha, p->phone, sizeof(p->phone));
	hash_text(&sha, p->household, sizeof(p->household));
	hash_text(&sha, p->purpose, sizeof(p->purpose));
	/* the commitments made before there were plates and digests here stay what they are */
	if (p->plate[0] || row->code_digest)
		hash_text(&sha, p->plate, sizeof(p->plate));
	if (row->code_digest) {
		hash_uint(&sha, 8, 2);
		hash_uint(&sha, row->code_digest, 8);
	}
	sha256_digest(&sha, CHAIN_HASH_BYTES, commitment);
	explicit_bzero(&sha, sizeof(sha));
}

bool chain_find_commitment(const uint8_t *body, size_t len, uint64_t *visit_id,
			   uint8_t commitment[CHAIN_HASH_BYTES])
{
	struct entry entry;

	/* The time only shifts the facts' times, which are not asked for here. */
	if (!entry_decode(ENTRY_REGISTERED, 0, body, len, &entry, commitment))
		return false;
	*visit_id = entry.visit.id;
	return entry.visit.id != 0;
}

void person_row_wipe(struct person_row *row)
{
	explicit_bzero(row, sizeof(*row));
}
