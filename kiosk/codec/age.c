/*
 * The writer, and what it shares with the reader. https://c2sp.org/age is the specification; the
 * names of its parts are used here.
 */
#include "codec/age.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "codec/base64.h"
#include "codec/bech32.h"

#define X25519_INFO "age-encryption.org/v1/X25519"
#define SCRYPT_SALT "age-encryption.org/v1/scrypt"
/* 32 MiB: what a small gate machine can spare beside its work. age itself takes up to 2^22. */
#define SCRYPT_LOG2_N 15
#define BODY_BYTES (AGE_FILE_KEY_BYTES + AGE_TAG_BYTES)

static_assert(BECH32_TEXT_BYTES <= AGE_KEY_TEXT_BYTES, "every key's text fits");
static_assert(AGE_TAG_BYTES == crypto_aead_chacha20poly1305_IETF_ABYTES, "the tag");
static_assert(AGE_KEY_BYTES == crypto_scalarmult_curve25519_BYTES, "a key");

void age_recipient_text(const uint8_t key[AGE_KEY_BYTES], char *text)
{
	bech32_encode("age", key, text);
}

bool age_recipient_parse(const char *text, uint8_t key[AGE_KEY_BYTES])
{
	return bech32_decode("age", text, key);
}

static char other_case(char c, char first, char last)
{
	return c >= first && c <= last ? (char)(c ^ 0x20) : c;
}

void age_identity_text(const uint8_t identity[AGE_KEY_BYTES], char *text)
{
	bech32_encode("age-secret-key-", identity, text);
	for (char *c = text; *c; c++)
		*c = other_case(*c, 'a', 'z');
}

bool age_identity_parse(const char *text, uint8_t identity[AGE_KEY_BYTES])
{
	char lower[BECH32_TEXT_BYTES] = "";
	size_t len = strlen(text);
	bool good = len < sizeof(lower) && strncmp(text, "AGE-SECRET-KEY-1", 16) == 0;

	for (size_t i = 0; good && i < len; i++) {
		good = text[i] < 'a' || text[i] > 'z'; /* never both cases */
		lower[i] = other_case(text[i], 'A', 'Z');
	}
	good = good && bech32_decode("age-secret-key-", lower, identity);
	sodium_memzero(lower, sizeof(lower));
	return good;
}

void age_public(const uint8_t identity[AGE_KEY_BYTES], uint8_t key[AGE_KEY_BYTES])
{
	(void)crypto_scalarmult_curve25519_base(key, identity); /* fails for no scalar */
}

void age_hkdf(const void *ikm, size_t ikm_len, const void *salt, size_t salt_len, const char *info,
	      uint8_t out[32])
{
	static const uint8_t ONE = 1;
	crypto_auth_hmacsha256_state state;
	uint8_t prk[32];

	crypto_auth_hmacsha256_init(&state, salt, salt_len);
	crypto_auth_hmacsha256_update(&state, ikm, ikm_len);
	crypto_auth_hmacsha256_final(&state, prk);
	crypto_auth_hmacsha256_init(&state, prk, sizeof(prk));
	crypto_auth_hmacsha256_update(&state, (const uint8_t *)info, strlen(info));
	crypto_auth_hmacsha256_update(&state, &ONE, 1);
	crypto_auth_hmacsha256_final(&state, out);
	sodium_memzero(prk, sizeof(prk));
	sodium_memzero(&state, sizeof(state));
}

bool age_scrypt(const char *passphrase, const uint8_t salt[16], int log2_n, uint8_t out[32])
{
	uint8_t label[sizeof(SCRYPT_SALT) - 1 + 16];

	memcpy(label, SCRYPT_SALT, sizeof(SCRYPT_SALT) - 1);
	memcpy(label + sizeof(SCRYPT_SALT) - 1, salt, 16);
	return crypto_pwhash_scryptsalsa208sha256_ll((const uint8_t *)passphrase,
						     strlen(passphrase), label, sizeof(label),
						     UINT64_C(1) << log2_n, 8, 1, out, 32) == 0;
}

bool age_wrap_key(const uint8_t scalar[32], const uint8_t point[32], const uint8_t share[32],
		  const uint8_t recipient[32], uint8_t out[32])
{
	uint8_t secret[32], salt[64];

	/* refuses points of small order, with which everybody would know the secret */
	if (crypto_scalarmult_curve25519(secret, scalar, point) != 0)
		return false;
	memcpy(salt, share, 32);
	memcpy(salt + 32, recipient, 32);
	age_hkdf(secret, sizeof(secret), salt, sizeof(salt), X25519_INFO, out);
	sodium_memzero(secret, sizeof(secret));
	return true;
}

void age_nonce(uint64_t chunk, bool last, uint8_t nonce[12])
{
	memset(nonce, 0, 12);
	for (int i = 0; i < 8; i++)
		nonce[10 - i] = (uint8_t)(chunk >> 8 * i);
	nonce[11] = last;
}

static void put(struct writer *w, const char *text)
{
	write_bytes(w, text, strlen(text));
}

static void put_base64(struct writer *w, const uint8_t *bytes, size_t len)
{
	char text[BASE64_TEXT_BYTES(AGE_KEY_BYTES)];

	assert(len <= AGE_KEY_BYTES);
	base64_encode(bytes, len, false, text);
	put(w, text);
}

/* The file key under a wrap key that is used this once: the nonce may be zero. */
static void put_body(struct writer *w, const uint8_t file_key[AGE_FILE_KEY_BYTES],
		     uint8_t wrap_key[32])
{
	static const uint8_t NONCE[12];
	uint8_t body[BODY_BYTES];

	crypto_aead_chacha20poly1305_ietf_encrypt(body, NULL, file_key, AGE_FILE_KEY_BYTES, NULL, 0,
						  NULL, NONCE, wrap_key);
	sodium_memzero(wrap_key, 32);
	put(w, "\n");
	put_base64(w, body, sizeof(body));
	put(w, "\n");
}

static int put_recipient(struct writer *w, const uint8_t recipient[32],
			 const struct age_random *random, int i)
{
	uint8_t share[32], wrap_key[32];

	age_public(random->ephemeral[i], share);
	if (!age_wrap_key(random->ephemeral[i], recipient, share, recipient, wrap_key))
		return -EINVAL;
	put(w, "-> X25519 ");
	put_base64(w, share, sizeof(share));
	put_body(w, random->file_key, wrap_key);
	return 0;
}

static int put_passphrase(struct writer *w, const char *passphrase, const struct age_random *random)
{
	uint8_t wrap_key[32];

	if (!age_scrypt(passphrase, random->salt, SCRYPT_LOG2_N, wrap_key))
		return -ENOMEM;
	put(w, "-> scrypt ");
	put_base64(w, random->salt, sizeof(random->salt));
	put(w, " 15");
	static_assert(SCRYPT_LOG2_N == 15, "as written");
	put_body(w, random->file_key, wrap_key);
	return 0;
}

static int put_header(struct writer *w, const struct age_to *to, const struct age_random *random)
{
	uint8_t key[32], mac[32];
	int err = to->count > 0 || to->passphrase[0] ? 0 : -EINVAL;

	assert(to->count <= AGE_RECIPIENTS_MAX);
	put(w, "age-encryption.org/v1\n");
	for (int i = 0; !err && i < to->count; i++)
		err = put_recipient(w, to->recipients[i], random, i);
	if (!err && to->count == 0)
		err = put_passphrase(w, to->passphrase, random);
	if (err)
		return err;
	put(w, "---");
	age_hkdf(random->file_key, sizeof(random->file_key), "", 0, "header", key);
	crypto_auth_hmacsha256_state state;
	crypto_auth_hmacsha256_init(&state, key, sizeof(key));
	crypto_auth_hmacsha256_update(&state, w->data, w->len);
	crypto_auth_hmacsha256_final(&state, mac);
	sodium_memzero(key, sizeof(key));
	put(w, " ");
	put_base64(w, mac, sizeof(mac));
	put(w, "\n");
	write_bytes(w, random->nonce, sizeof(random->nonce));
	return 0;
}

int age_begin(struct age_writer *w, const struct age_to *to, struct age_random *random,
	      age_sink_fn sink, void *ctx)
{
	uint8_t header[256 + 128 * AGE_RECIPIENTS_MAX];
	struct writer out = { .data = header, .cap = sizeof(header) };

	*w = (struct age_writer){ .sink = sink, .ctx = ctx };
	int err = put_header(&out, to, random);
	assert(!out.bad);
	age_hkdf(random->file_key, sizeof(random->file_key), random->nonce, sizeof(random->nonce),
		 "payload", w->key);
	sodium_memzero(random, sizeof(*random));
	return err ? err : sink(ctx, header, out.len);
}

static int seal(struct age_writer *w, bool last)
{
	uint8_t nonce[12];
	unsigned long long len;

	age_nonce(w->chunk++, last, nonce);
	crypto_aead_chacha20poly1305_ietf_encrypt(w->buffer, &len, w->buffer, w->fill, NULL, 0,
						  NULL, nonce, w->key);
	w->fill = 0;
	return w->sink(w->ctx, w->buffer, (size_t)len);
}

/* A full chunk waits for what follows it, because the last one is sealed otherwise. */
int age_write(struct age_writer *w, const void *bytes, size_t len)
{
	const uint8_t *from = bytes;

	while (len > 0) {
		int err = w->fill == AGE_CHUNK_BYTES ? seal(w, false) : 0;
		if (err)
			return err;
		size_t room = AGE_CHUNK_BYTES - w->fill, n = len < room ? len : room;
		memcpy(w->buffer + w->fill, from, n);
		w->fill += n;
		from += n;
		len -= n;
	}
	return 0;
}

int age_end(struct age_writer *w)
{
	int err = seal(w, true);

	sodium_memzero(w, sizeof(*w));
	return err;
}
