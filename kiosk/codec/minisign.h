/*
 * Signatures in minisign's format, prehashed form ("ED"): Ed25519 over the BLAKE2b-512 of a file,
 * and over that signature together with a trusted comment. What is written here, the plain minisign
 * program verifies. Pure. https://jedisct1.github.io/minisign/#signature-format
 */
#ifndef CODEC_MINISIGN_H
#define CODEC_MINISIGN_H

#include "base/defs.h"

#define MINISIGN_HASH_BYTES 64
#define MINISIGN_KEY_ID_BYTES 8
#define MINISIGN_COMMENT_BYTES 256 /* of a trusted comment, terminator included */
#define MINISIGN_TEXT_MAX 1024 /* of a signature or a key file */
#define MINISIGN_PUBLIC_TEXT_BYTES 57 /* terminator included */

/* What minisign calls a public key: with the number it knows a key by. */
struct minisign_key {
	uint8_t id[MINISIGN_KEY_ID_BYTES], public_key[32];
};

void minisign_hash(const void *bytes, size_t len, uint8_t hash[MINISIGN_HASH_BYTES]);

/* The key of an Ed25519 public key: the number is taken from the key, so that one key is always
 * known by one number. */
void minisign_key_of(const uint8_t public_key[32], struct minisign_key *key);

/* The one line that minisign -P takes. */
void minisign_key_text(const struct minisign_key *key, char text[MINISIGN_PUBLIC_TEXT_BYTES]);

/* Key files as minisign -G -W writes them, the secret one without a password. Bytes written. */
size_t minisign_public_file(const struct minisign_key *key, char out[MINISIGN_TEXT_MAX]);
size_t minisign_secret_file(const uint8_t seed[32], char out[MINISIGN_TEXT_MAX]);

/* The file beside the signed one. comment is one line of UTF-8 without control characters, shorter
 * than MINISIGN_COMMENT_BYTES. Bytes written. */
size_t minisign_sign(const uint8_t hash[MINISIGN_HASH_BYTES], const uint8_t seed[32],
		     const char *comment, char out[MINISIGN_TEXT_MAX]);

enum minisign_outcome {
	MINISIGN_GOOD,
	MINISIGN_MALFORMED, /* not a signature of this form */
	MINISIGN_OTHER_KEY, /* made by the key whose number it names, not by this one */
	MINISIGN_BAD_SIGNATURE, /* the file is not what was signed */
	MINISIGN_BAD_COMMENT, /* the file is, but the comment was altered */
};

/* comment (MINISIGN_COMMENT_BYTES) is what was signed with it, "" unless MINISIGN_GOOD. */
MUST_CHECK enum minisign_outcome minisign_verify(const char *text, size_t len,
						 const uint8_t hash[MINISIGN_HASH_BYTES],
						 const struct minisign_key *key, char *comment);

/* A public key as it stands in a file of minisign, or the line alone. */
MUST_CHECK bool minisign_key_parse(const char *text, size_t len, struct minisign_key *key);

#endif
