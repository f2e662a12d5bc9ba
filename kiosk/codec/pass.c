/*
 * The token is canonical twice over: base45 has one spelling for each byte string, and the body has
 * one byte string for each pass; both are proved by encoding again and comparing, so that a serial
 * can be revoked or marked as used without a second spelling of it slipping through. The signed
 * message starts with "KP1\0", so that a signature made for anything else is never a pass (RFC
 * 8032, 8.4: domain separation). libsodium refuses a signature with S >= L and keys of small order,
 * so signatures have no second spelling either.
 */
#include "codec/pass.h"

#include <sodium.h>
#include <string.h>

#include "base/bytes.h"
#include "codec/base45.h"

#define VERSION 1
#define FLAGS_CRITICAL 0xF0
#define PREFIX "KP1:"
#define PREFIX_CHARS (sizeof(PREFIX) - 1)
#define TEXT_CHARS (PREFIX_CHARS + BASE45_TEXT_BYTES(PASS_TOKEN_BYTES) - 1)
#define DOMAIN_BYTES 4
#define MESSAGE_BYTES (DOMAIN_BYTES + PASS_BODY_BYTES)

static_assert(PASS_BODY_BYTES + crypto_sign_BYTES == PASS_TOKEN_BYTES, "body and signature");
static_assert(PASS_SEED_BYTES == crypto_sign_SEEDBYTES, "Ed25519 seed");
static_assert(PASS_PUBLIC_BYTES == crypto_sign_PUBLICKEYBYTES, "Ed25519 public key");
static_assert(TEXT_CHARS < PASS_TEXT_BYTES, "text and terminator fit");

/* What is signed: the domain, then the body. */
static void message_of(const struct pass *pass, uint8_t message[MESSAGE_BYTES])
{
	struct writer w = { .data = message, .cap = MESSAGE_BYTES };

	write_bytes(&w, "KP1", DOMAIN_BYTES);
	write_uint(&w, VERSION, 1);
	write_uint(&w, pass->key_id, 1);
	write_uint(&w, pass->site, 4);
	write_uint(&w, pass->serial, 8);
	write_uint(&w, pass->person_class, 1);
	write_uint(&w, pass->flags, 1);
	write_uint(&w, pass->zones, 2);
	write_uint(&w, pass->not_before_s, 4);
	write_uint(&w, pass->expires_s, 4);
	write_uint(&w, pass->max_uses, 1);
	write_uint(&w, pass->bind, 4);
	assert(!w.bad && w.len == MESSAGE_BYTES);
}

static bool parse_body(struct pass *pass, const uint8_t body[PASS_BODY_BYTES])
{
	struct reader r = { .data = body, .len = PASS_BODY_BYTES };
	uint8_t version = (uint8_t)read_uint(&r, 1);

	*pass = (struct pass){
		.key_id = (uint8_t)read_uint(&r, 1),
	};
	pass->site = (uint32_t)read_uint(&r, 4);
	pass->serial = read_uint(&r, 8);
	pass->person_class = (uint8_t)read_uint(&r, 1);
	pass->flags = (uint8_t)read_uint(&r, 1);
	pass->zones = (uint16_t)read_uint(&r, 2);
	pass->not_before_s = (uint32_t)read_uint(&r, 4);
	pass->expires_s = (uint32_t)read_uint(&r, 4);
	pass->max_uses = (uint8_t)read_uint(&r, 1);
	pass->bind = (uint32_t)read_uint(&r, 4);
	assert(!r.bad && r.at == PASS_BODY_BYTES);
	return version == VERSION && !(pass->flags & FLAGS_CRITICAL & ~PASS_FLAGS_KNOWN);
}

static void write_text(const uint8_t token[PASS_TOKEN_BYTES], char *text)
{
	memcpy(text, PREFIX, PREFIX_CHARS);
	base45_encode(token, PASS_TOKEN_BYTES, text + PREFIX_CHARS);
}

void pass_sign(const struct pass *pass, const uint8_t seed[PASS_SEED_BYTES], char *text)
{
	uint8_t public_key[PASS_PUBLIC_BYTES], secret[crypto_sign_SECRETKEYBYTES];
	uint8_t message[MESSAGE_BYTES], token[PASS_TOKEN_BYTES];

	message_of(pass, message);
	memcpy(token, message + DOMAIN_BYTES, PASS_BODY_BYTES);
	crypto_sign_seed_keypair(public_key, secret, seed);
	crypto_sign_detached(token + PASS_BODY_BYTES, NULL, message, sizeof(message), secret);
	sodium_memzero(secret, sizeof(secret));
	write_text(token, text);
}

void pass_public(const uint8_t seed[PASS_SEED_BYTES], uint8_t public_key[PASS_PUBLIC_BYTES])
{
	uint8_t secret[crypto_sign_SECRETKEYBYTES];

	crypto_sign_seed_keypair(public_key, secret, seed);
	sodium_memzero(secret, sizeof(secret));
}

/* Text to token and fields; true only when the same text comes out again. */
static bool parse_text(struct pass *pass, uint8_t token[PASS_TOKEN_BYTES], const char *text,
		       size_t len)
{
	uint8_t message[MESSAGE_BYTES];
	char again[PASS_TEXT_BYTES];
	size_t got;

	if (len != TEXT_CHARS)
		return false;
	if (!base45_decode(text + PREFIX_CHARS, len - PREFIX_CHARS, token, PASS_TOKEN_BYTES, &got))
		return false;
	if (got != PASS_TOKEN_BYTES || !parse_body(pass, token))
		return false;
	message_of(pass, message);
	write_text(token, again);
	return memcmp(message + DOMAIN_BYTES, token, PASS_BODY_BYTES) == 0 &&
	       memcmp(again, text, len) == 0;
}

enum pass_parse pass_verify(struct pass *pass, const char *text, size_t len,
			    const struct pass_key *keys, size_t key_count)
{
	uint8_t token[PASS_TOKEN_BYTES], message[MESSAGE_BYTES];
	enum pass_parse result = PASS_PARSE_UNKNOWN_KEY;
	struct pass found;

	if (len < PREFIX_CHARS || memcmp(text, PREFIX, PREFIX_CHARS) != 0)
		return PASS_PARSE_NOT_A_PASS;
	if (!parse_text(&found, token, text, len))
		return PASS_PARSE_MALFORMED;
	message_of(&found, message);
	for (size_t i = 0; i < key_count && result != PASS_PARSE_OK; i++) {
		if (keys[i].key_id != found.key_id || keys[i].site != found.site)
			continue;
		result = crypto_sign_verify_detached(token + PASS_BODY_BYTES, message,
						     sizeof(message), keys[i].public_key) == 0
				 ? PASS_PARSE_OK
				 : PASS_PARSE_BAD_SIGNATURE;
	}
	if (result != PASS_PARSE_BAD_SIGNATURE)
		*pass = found;
	return result;
}
