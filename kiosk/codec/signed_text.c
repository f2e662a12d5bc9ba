#include "codec/signed_text.h"

#include <stdarg.h>
#include <string.h>

#include <sodium.h>

#include "base/civil.h"
#include "base/text.h"
#include "codec/hex.h"

#define OFFSET_MIN 480
#define TIME_MAX_MS INT64_C(253402271999000) /* end of the year 9999 at that offset */

static_assert(SIGNED_TEXT_SIGNATURE_LEN == 2 * crypto_sign_BYTES + 1, "digits and a line feed");

/* Unicode's Cc: U+0000..1F, U+7F..9F. */
static bool has_control(const char *text)
{
	for (int32_t cp; (cp = utf8_next(&text)) >= 0;)
		if (cp < 0x20 || (cp >= 0x7F && cp <= 0x9F))
			return true;
	return false;
}

bool signed_text_line_fit(const char *text, size_t cap)
{
	size_t len = strnlen(text, cap);

	return len > 0 && len < cap && utf8_valid(text, len) && !has_control(text);
}

bool signed_text_time_fit(int64_t wall_ms)
{
	return wall_ms >= 0 && wall_ms <= TIME_MAX_MS && wall_ms % 1000 == 0;
}

void signed_text_line(struct writer *w, const char *fmt, ...)
{
	char text[160];
	va_list args;

	va_start(args, fmt);
	int n = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (n < 0 || (size_t)n >= sizeof(text))
		w->bad = true;
	else
		write_bytes(w, text, (size_t)n);
}

void signed_text_time(struct writer *w, const char *key, int64_t wall_ms)
{
	char text[CIVIL_TEXT_BYTES];

	civil_format_iso(wall_ms, OFFSET_MIN, text);
	signed_text_line(w, "%s %s\n", key, text);
}

bool signed_text_take(struct reader *r, const char *key, struct csv_span *value)
{
	const char *start = (const char *)r->data + r->at;
	const char *end = memchr(start, '\n', r->len - r->at);
	size_t key_len = strlen(key);

	if (!end || (size_t)(end - start) <= key_len || memcmp(start, key, key_len) != 0 ||
	    start[key_len] != ' ')
		return false;
	*value = (struct csv_span){ start + key_len + 1, (size_t)(end - start) - key_len - 1 };
	r->at += (size_t)(end - start) + 1;
	return true;
}

bool signed_text_take_int(struct reader *r, const char *key, int64_t min, int64_t max,
			  int64_t *value)
{
	struct csv_span text;

	return signed_text_take(r, key, &text) && csv_int(text, value) && *value >= min &&
	       *value <= max;
}

bool signed_text_take_text(struct reader *r, const char *key, char *dst, size_t cap)
{
	struct csv_span text;

	if (!signed_text_take(r, key, &text) || text.len >= cap ||
	    memchr(text.data, '\0', text.len))
		return false;
	memcpy(dst, text.data, text.len);
	dst[text.len] = '\0';
	return true;
}

bool signed_text_take_time(struct reader *r, const char *key, int64_t *wall_ms)
{
	char text[CIVIL_TEXT_BYTES];

	return signed_text_take_text(r, key, text, sizeof(text)) && civil_parse_iso(text, wall_ms);
}

struct message {
	uint8_t bytes[SIGNED_TEXT_PREFIX_BYTES + SIGNED_TEXT_MAX];
	size_t len;
};

static void compose(struct message *m, const char *prefix, const char *text, size_t len)
{
	memcpy(m->bytes, prefix, SIGNED_TEXT_PREFIX_BYTES);
	if (len > 0)
		memcpy(m->bytes + SIGNED_TEXT_PREFIX_BYTES, text, len);
	m->len = SIGNED_TEXT_PREFIX_BYTES + len;
}

void signed_text_sign(const char prefix[SIGNED_TEXT_PREFIX_BYTES], const char *text, size_t len,
		      const uint8_t seed[32], char signature[SIGNED_TEXT_SIGNATURE_LEN + 1])
{
	uint8_t public_key[32], secret[crypto_sign_SECRETKEYBYTES], bytes[crypto_sign_BYTES];
	struct message message;

	assert(len <= SIGNED_TEXT_MAX);
	compose(&message, prefix, text, len);
	crypto_sign_seed_keypair(public_key, secret, seed);
	crypto_sign_detached(bytes, NULL, message.bytes, message.len, secret);
	sodium_memzero(secret, sizeof(secret));
	hex_encode(bytes, sizeof(bytes), signature);
	memcpy(signature + SIGNED_TEXT_SIGNATURE_LEN - 1, "\n", 2);
}

bool signed_text_verify(const char prefix[SIGNED_TEXT_PREFIX_BYTES], const char *text, size_t len,
			const char *signature, size_t signature_len, const uint8_t public_key[32])
{
	uint8_t bytes[crypto_sign_BYTES];
	struct message message;

	if (len > SIGNED_TEXT_MAX || signature_len != SIGNED_TEXT_SIGNATURE_LEN ||
	    signature[SIGNED_TEXT_SIGNATURE_LEN - 1] != '\n' ||
	    !hex_decode(signature, SIGNED_TEXT_SIGNATURE_LEN - 1, bytes, sizeof(bytes)))
		return false;
	compose(&message, prefix, text, len);
	return crypto_sign_verify_detached(bytes, message.bytes, message.len, public_key) == 0;
}
