#include "codec/minisign.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/text.h"
#include "codec/base64.h"
#include "codec/hex.h"

#define UNTRUSTED "untrusted comment: "
#define TRUSTED "trusted comment: "
#define SIGNATURE_BYTES (2 + MINISIGN_KEY_ID_BYTES + crypto_sign_BYTES)
#define PUBLIC_BYTES (2 + MINISIGN_KEY_ID_BYTES + crypto_sign_PUBLICKEYBYTES)
/* minisign.h of minisign, SeckeyStruct: algorithm, no key derivation, checksum's algorithm, salt,
 * its two limits, number, secret key, checksum. */
#define SECRET_HEAD_BYTES (2 + 2 + 2 + 32 + 8 + 8)
#define SECRET_BYTES (SECRET_HEAD_BYTES + MINISIGN_KEY_ID_BYTES + crypto_sign_SECRETKEYBYTES + 32)

static_assert(BASE64_TEXT_BYTES(PUBLIC_BYTES) == MINISIGN_PUBLIC_TEXT_BYTES, "one line");

struct line {
	const char *data;
	size_t len;
};

void minisign_hash(const void *bytes, size_t len, uint8_t hash[MINISIGN_HASH_BYTES])
{
	crypto_generichash(hash, MINISIGN_HASH_BYTES, bytes, len, NULL, 0);
}

void minisign_key_of(const uint8_t public_key[32], struct minisign_key *key)
{
	uint8_t hash[32];

	crypto_generichash(hash, sizeof(hash), public_key, 32, NULL, 0);
	memcpy(key->id, hash, sizeof(key->id));
	memcpy(key->public_key, public_key, sizeof(key->public_key));
}

void minisign_key_text(const struct minisign_key *key, char text[MINISIGN_PUBLIC_TEXT_BYTES])
{
	uint8_t bytes[PUBLIC_BYTES] = "Ed";

	memcpy(bytes + 2, key->id, sizeof(key->id));
	memcpy(bytes + 2 + sizeof(key->id), key->public_key, sizeof(key->public_key));
	base64_encode(bytes, sizeof(bytes), true, text);
}

/* minisign shows a number as it would stand in a little-endian integer. */
static void id_text(const uint8_t id[MINISIGN_KEY_ID_BYTES],
		    char text[HEX_TEXT_BYTES(MINISIGN_KEY_ID_BYTES)])
{
	uint8_t turned[MINISIGN_KEY_ID_BYTES];

	for (size_t i = 0; i < sizeof(turned); i++)
		turned[i] = id[sizeof(turned) - 1 - i];
	hex_encode(turned, sizeof(turned), text);
	for (char *c = text; *c; c++)
		if (*c >= 'a')
			*c = (char)(*c - 'a' + 'A');
}

static size_t put(char out[MINISIGN_TEXT_MAX], const char *comment, const char *line)
{
	bool fits = text_format(out, MINISIGN_TEXT_MAX, UNTRUSTED "%s\n%s\n", comment, line);

	assert(fits);
	return strlen(out);
}

size_t minisign_public_file(const struct minisign_key *key, char out[MINISIGN_TEXT_MAX])
{
	char line[MINISIGN_PUBLIC_TEXT_BYTES], comment[64];
	char id[HEX_TEXT_BYTES(MINISIGN_KEY_ID_BYTES)];

	minisign_key_text(key, line);
	id_text(key->id, id);
	text_format(comment, sizeof(comment), "minisign public key %s", id);
	return put(out, comment, line);
}

size_t minisign_secret_file(const uint8_t seed[32], char out[MINISIGN_TEXT_MAX])
{
	uint8_t bytes[SECRET_BYTES] = { 'E', 'd', 0, 0, 'B', '2' }, public_key[32];
	uint8_t *id = bytes + SECRET_HEAD_BYTES, *secret = id + MINISIGN_KEY_ID_BYTES;
	char line[BASE64_TEXT_BYTES(SECRET_BYTES)];
	struct minisign_key key;
	crypto_generichash_state sum;

	crypto_sign_seed_keypair(public_key, secret, seed);
	minisign_key_of(public_key, &key);
	memcpy(id, key.id, sizeof(key.id));
	crypto_generichash_init(&sum, NULL, 0, 32);
	crypto_generichash_update(&sum, bytes, 2);
	crypto_generichash_update(&sum, id, MINISIGN_KEY_ID_BYTES + crypto_sign_SECRETKEYBYTES);
	crypto_generichash_final(&sum, bytes + SECRET_BYTES - 32, 32);
	base64_encode(bytes, sizeof(bytes), true, line);
	size_t len = put(out, "minisign encrypted secret key", line);
	sodium_memzero(bytes, sizeof(bytes));
	sodium_memzero(line, sizeof(line));
	sodium_memzero(&sum, sizeof(sum));
	return len;
}

/* The signature and the comment signed together with it. */
static size_t global_message(const uint8_t *signature, const char *comment, size_t len,
			     uint8_t out[crypto_sign_BYTES + MINISIGN_COMMENT_BYTES])
{
	memcpy(out, signature, crypto_sign_BYTES);
	memcpy(out + crypto_sign_BYTES, comment, len);
	return crypto_sign_BYTES + len;
}

size_t minisign_sign(const uint8_t hash[MINISIGN_HASH_BYTES], const uint8_t seed[32],
		     const char *comment, char out[MINISIGN_TEXT_MAX])
{
	uint8_t bytes[SIGNATURE_BYTES] = "ED", *signature = bytes + 2 + MINISIGN_KEY_ID_BYTES;
	uint8_t global[crypto_sign_BYTES], message[crypto_sign_BYTES + MINISIGN_COMMENT_BYTES];
	uint8_t public_key[32], secret[crypto_sign_SECRETKEYBYTES];
	char line[BASE64_TEXT_BYTES(SIGNATURE_BYTES)];
	char global_line[BASE64_TEXT_BYTES(crypto_sign_BYTES)];
	struct minisign_key key;

	assert(strlen(comment) < MINISIGN_COMMENT_BYTES && !text_has_control(comment));
	crypto_sign_seed_keypair(public_key, secret, seed);
	minisign_key_of(public_key, &key);
	memcpy(bytes + 2, key.id, sizeof(key.id));
	crypto_sign_detached(signature, NULL, hash, MINISIGN_HASH_BYTES, secret);
	size_t len = global_message(signature, comment, strlen(comment), message);
	crypto_sign_detached(global, NULL, message, len, secret);
	sodium_memzero(secret, sizeof(secret));
	base64_encode(bytes, sizeof(bytes), true, line);
	base64_encode(global, sizeof(global), true, global_line);
	bool fits = text_format(out, MINISIGN_TEXT_MAX,
				UNTRUSTED "signature by a gatehouse key\n%s\n" TRUSTED "%s\n%s\n",
				line, comment, global_line);
	assert(fits);
	return strlen(out);
}

/* Takes the next line when it begins with the prefix, which is left out of it. */
static bool take(struct reader *r, const char *prefix, struct line *line)
{
	const char *start = (const char *)r->data + r->at;
	const char *end = memchr(start, '\n', r->len - r->at);
	size_t skip = strlen(prefix);

	if (!end || (size_t)(end - start) < skip || memcmp(start, prefix, skip) != 0)
		return false;
	*line = (struct line){ start + skip, (size_t)(end - start) - skip };
	r->at += (size_t)(end - start) + 1;
	return true;
}

static bool exactly(struct line line, uint8_t *out, size_t want)
{
	size_t len;

	return base64_decode(line.data, line.len, true, out, want, &len) && len == want;
}

static bool comment_fit(struct line comment)
{
	char text[MINISIGN_COMMENT_BYTES];

	if (comment.len >= sizeof(text) || memchr(comment.data, '\0', comment.len))
		return false;
	memcpy(text, comment.data, comment.len);
	text[comment.len] = '\0';
	return utf8_valid(text, comment.len) && !text_has_control(text);
}

enum minisign_outcome minisign_verify(const char *text, size_t len,
				      const uint8_t hash[MINISIGN_HASH_BYTES],
				      const struct minisign_key *key, char *comment)
{
	struct reader r = { .data = (const uint8_t *)text, .len = len };
	uint8_t bytes[SIGNATURE_BYTES], *signature = bytes + 2 + MINISIGN_KEY_ID_BYTES;
	uint8_t global[crypto_sign_BYTES], message[crypto_sign_BYTES + MINISIGN_COMMENT_BYTES];
	struct line untrusted, line, trusted, global_line;

	comment[0] = '\0';
	if (len > MINISIGN_TEXT_MAX || !take(&r, UNTRUSTED, &untrusted) || !take(&r, "", &line) ||
	    !take(&r, TRUSTED, &trusted) || !take(&r, "", &global_line) || r.at != len ||
	    !exactly(line, bytes, sizeof(bytes)) || memcmp(bytes, "ED", 2) != 0 ||
	    !exactly(global_line, global, sizeof(global)) || !comment_fit(trusted))
		return MINISIGN_MALFORMED;
	if (memcmp(bytes + 2, key->id, sizeof(key->id)) != 0)
		return MINISIGN_OTHER_KEY;
	if (crypto_sign_verify_detached(signature, hash, MINISIGN_HASH_BYTES, key->public_key) != 0)
		return MINISIGN_BAD_SIGNATURE;
	size_t n = global_message(signature, trusted.data, trusted.len, message);
	if (crypto_sign_verify_detached(global, message, n, key->public_key) != 0)
		return MINISIGN_BAD_COMMENT;
	memcpy(comment, trusted.data, trusted.len);
	comment[trusted.len] = '\0';
	return MINISIGN_GOOD;
}

bool minisign_key_parse(const char *text, size_t len, struct minisign_key *key)
{
	struct reader r = { .data = (const uint8_t *)text, .len = len };
	struct line comment, line = { text, len };
	uint8_t bytes[PUBLIC_BYTES];

	if (len > MINISIGN_TEXT_MAX)
		return false;
	if (take(&r, UNTRUSTED, &comment) && (!take(&r, "", &line) || r.at != len))
		return false;
	if (!exactly(line, bytes, sizeof(bytes)) || memcmp(bytes, "Ed", 2) != 0)
		return false;
	memcpy(key->id, bytes + 2, sizeof(key->id));
	memcpy(key->public_key, bytes + 2 + sizeof(key->id), sizeof(key->public_key));
	return true;
}
