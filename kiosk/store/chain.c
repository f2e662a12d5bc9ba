#include "store/chain.h"

#include <string.h>

#include <sodium.h>

#include "store/entry_codec.h"

static_assert(crypto_hash_sha256_BYTES == CHAIN_HASH_BYTES, "the chain is SHA-256");

static void hash_uint(crypto_hash_sha256_state *sha, uint64_t value, size_t width_bytes)
{
	uint8_t be[8];

	for (size_t i = 0; i < width_bytes; i++)
		be[i] = (uint8_t)(value >> 8 * (width_bytes - 1 - i));
	crypto_hash_sha256_update(sha, be, width_bytes);
}

static void hash_text(crypto_hash_sha256_state *sha, const char *text, size_t cap)
{
	size_t len = strnlen(text, cap);

	hash_uint(sha, len, 2);
	crypto_hash_sha256_update(sha, (const uint8_t *)text, len);
}

void chain_hash(const uint8_t prev[CHAIN_HASH_BYTES], const struct event_row *row,
		uint8_t hash[CHAIN_HASH_BYTES])
{
	crypto_hash_sha256_state sha;

	crypto_hash_sha256_init(&sha);
	crypto_hash_sha256_update(&sha, (const uint8_t *)"GHE1", 4);
	crypto_hash_sha256_update(&sha, prev, CHAIN_HASH_BYTES);
	hash_uint(&sha, (uint64_t)row->seq, 8);
	hash_uint(&sha, (uint64_t)row->boot, 8);
	hash_uint(&sha, (uint64_t)row->wall_ms, 8);
	hash_uint(&sha, (uint64_t)row->mono_ms, 8);
	hash_uint(&sha, row->clock_trusted, 1);
	hash_uint(&sha, row->type, 2);
	hash_text(&sha, row->actor, sizeof(row->actor));
	hash_uint(&sha, row->body_len, 4);
	if (row->body_len > 0)
		crypto_hash_sha256_update(&sha, row->body, row->body_len);
	crypto_hash_sha256_final(&sha, hash);
}

void chain_commit(const struct person_row *row, uint8_t commitment[CHAIN_HASH_BYTES])
{
	const struct person *p = &row->person;
	crypto_hash_sha256_state sha;

	crypto_hash_sha256_init(&sha);
	crypto_hash_sha256_update(&sha, (const uint8_t *)"GHP1", 4);
	crypto_hash_sha256_update(&sha, row->salt, sizeof(row->salt));
	hash_uint(&sha, row->visit_id, 8);
	hash_text(&sha, p->name, sizeof(p->name));
	hash_uint(&sha, 1, 2);
	hash_uint(&sha, p->document_kind, 1);
	hash_text(&sha, p->document, sizeof(p->document));
	hash_text(&sha, p->phone, sizeof(p->phone));
	hash_text(&sha, p->household, sizeof(p->household));
	hash_text(&sha, p->purpose, sizeof(p->purpose));
	if (p->plate[0]) /* the commitments made before there were plates stay what they are */
		hash_text(&sha, p->plate, sizeof(p->plate));
	crypto_hash_sha256_final(&sha, commitment);
	sodium_memzero(&sha, sizeof(sha));
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
