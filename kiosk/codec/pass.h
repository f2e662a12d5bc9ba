/*
 * The pass token: a fixed 31-byte body, big-endian, followed by an Ed25519 signature over "KP1\0"
 * and the body; on paper "KP1:" + base45 in QR alphanumeric mode.
 *
 *   ver u8 = 1 | key_id u8 | site u32 | serial u64 | class u8 | flags u8 | zones u16 | nbf u32 |
 * exp u32 | max_uses u8 | bind u32                                                         = 31
 * bytes, token 95
 *
 * Times are seconds since 1970. Flags: the low nibble is advisory, the high nibble critical: an
 * unknown critical flag is refused. Verification is a function of (bytes, keys) alone: same answer
 * every time.
 */
#ifndef CODEC_PASS_H
#define CODEC_PASS_H

#include "base/defs.h"

#define PASS_BODY_BYTES 31
#define PASS_TOKEN_BYTES (PASS_BODY_BYTES + 64)
#define PASS_TEXT_BYTES 160 /* "KP1:" + base45 + terminator fits */
#define PASS_SEED_BYTES 32
#define PASS_PUBLIC_BYTES 32

enum pass_flag {
	PASS_FLAG_ESCORT = 0x01, /* advisory */
	PASS_FLAG_SINGLE_USE = 0x10, /* critical */
	PASS_FLAG_EXIT_ONLY = 0x20, /* critical */
	PASS_FLAG_VEHICLE = 0x40, /* critical */
};
#define PASS_FLAGS_KNOWN 0x71

struct pass {
	uint8_t key_id;
	uint32_t site;
	uint64_t serial;
	uint8_t person_class;
	uint8_t flags;
	uint16_t zones;
	uint32_t not_before_s, expires_s;
	uint8_t max_uses;
	uint32_t bind; /* truncated keyed hash of the name, shown to the guard */
};

struct pass_key {
	uint8_t key_id;
	uint32_t site;
	uint8_t public_key[PASS_PUBLIC_BYTES];
};

enum pass_parse {
	PASS_PARSE_OK,
	PASS_PARSE_NOT_A_PASS, /* no "KP1:" prefix: some other code */
	PASS_PARSE_MALFORMED, /* base45, length, version, unknown critical flag, not canonical */
	PASS_PARSE_UNKNOWN_KEY, /* no key with this id and site */
	PASS_PARSE_BAD_SIGNATURE,
};

/* Signs with the Ed25519 key of the 32-byte seed and writes the QR text; text holds
 * PASS_TEXT_BYTES. */
void pass_sign(const struct pass *pass, const uint8_t seed[PASS_SEED_BYTES], char *text);

/* Public key of a seed. */
void pass_public(const uint8_t seed[PASS_SEED_BYTES], uint8_t public_key[PASS_PUBLIC_BYTES]);

/*
 * Parses and verifies text of len bytes against keys. *pass is filled with OK only, and with
 * UNKNOWN_KEY (unverified: for a message about the site, nothing else).
 */
enum pass_parse pass_verify(struct pass *pass, const char *text, size_t len,
			    const struct pass_key *keys, size_t key_count);

#endif
