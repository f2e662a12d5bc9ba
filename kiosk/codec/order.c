#include "codec/order.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/civil.h"
#include "base/text.h"
#include "codec/csv.h"
#include "codec/hex.h"

#define SIGNED_PREFIX "GHO1" /* with its terminator: five bytes that no other signed thing has */
#define OFFSET_MIN 480 /* a time has one form only; China has one offset */
#define TIME_MAX_MS INT64_C(253402271999000) /* end of the year 9999 at that offset */

static_assert(ORDER_SIGNATURE_LEN == 2 * crypto_sign_BYTES + 1, "digits and a line feed");

/* The format's own words: signed texts outlive a renaming of what screens and tools say. */
static const char *const WORD[LEVEL_COUNT_] = {
	[LEVEL_OPEN] = "open",
	[LEVEL_CLOSED] = "closed",
	[LEVEL_STRICT] = "strict",
	[LEVEL_LOCKDOWN] = "lockdown",
};

/* Unicode's Cc: U+0000..1F, U+7F..9F. */
static bool has_control(const char *text)
{
	for (int32_t cp; (cp = utf8_next(&text)) >= 0;)
		if (cp < 0x20 || (cp >= 0x7F && cp <= 0x9F))
			return true;
	return false;
}

static bool why_fit(const char *why)
{
	size_t len = strnlen(why, ORDER_WHY_BYTES);

	return len > 0 && len < ORDER_WHY_BYTES && utf8_valid(why, len) && !has_control(why);
}

static bool time_fit(int64_t wall_ms)
{
	return wall_ms >= 0 && wall_ms <= TIME_MAX_MS && wall_ms % 1000 == 0;
}

static bool content_fit(const struct order *o)
{
	return o->site >= 1 && o->number >= 1 && o->number <= ORDER_NUMBER_MAX &&
	       (unsigned)o->level < LEVEL_COUNT_ && time_fit(o->issued_ms) &&
	       time_fit(o->not_after_ms) && o->not_after_ms > o->issued_ms && why_fit(o->why);
}

static void PRINTF_LIKE(2, 3) line(struct writer *w, const char *fmt, ...)
{
	char text[96];
	va_list args;

	va_start(args, fmt);
	int n = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (n < 0 || (size_t)n >= sizeof(text))
		w->bad = true;
	else
		write_bytes(w, text, (size_t)n);
}

size_t order_encode(const struct order *o, char *out, size_t cap)
{
	struct writer w = { .data = (uint8_t *)out, .cap = cap };
	char issued[CIVIL_TEXT_BYTES], not_after[CIVIL_TEXT_BYTES];

	if (!content_fit(o))
		return 0;
	civil_format_iso(o->issued_ms, OFFSET_MIN, issued);
	civil_format_iso(o->not_after_ms, OFFSET_MIN, not_after);
	line(&w, "gatehouse-order 1\n");
	line(&w, "site %" PRIu32 "\n", o->site);
	line(&w, "number %" PRIu64 "\n", o->number);
	line(&w, "level %s\n", WORD[o->level]);
	line(&w, "issued %s\n", issued);
	line(&w, "not-after %s\n", not_after);
	line(&w, "why %s\n", o->why);
	return w.bad ? 0 : w.len;
}

/* Takes the value of the next line when it begins with the key and a space. */
static bool take(struct reader *r, const char *key, struct csv_span *value)
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

static bool take_int(struct reader *r, const char *key, int64_t min, int64_t max, int64_t *value)
{
	struct csv_span text;

	return take(r, key, &text) && csv_int(text, value) && *value >= min && *value <= max;
}

static bool take_text(struct reader *r, const char *key, char *dst, size_t cap)
{
	struct csv_span text;

	if (!take(r, key, &text) || text.len >= cap || memchr(text.data, '\0', text.len))
		return false;
	memcpy(dst, text.data, text.len);
	dst[text.len] = '\0';
	return true;
}

static bool take_time(struct reader *r, const char *key, int64_t *wall_ms)
{
	char text[CIVIL_TEXT_BYTES];

	return take_text(r, key, text, sizeof(text)) && civil_parse_iso(text, wall_ms);
}

static bool take_level(struct reader *r, enum level *level)
{
	char text[16];

	if (!take_text(r, "level", text, sizeof(text)))
		return false;
	for (int i = 0; i < LEVEL_COUNT_; i++) {
		if (strcmp(text, WORD[i]) == 0) {
			*level = (enum level)i;
			return true;
		}
	}
	return false;
}

static bool take_all(struct order *o, struct reader *r)
{
	int64_t version, site, number;

	if (!take_int(r, "gatehouse-order", 1, 1, &version) ||
	    !take_int(r, "site", 1, UINT32_MAX, &site) ||
	    !take_int(r, "number", 1, INT64_MAX, &number) || !take_level(r, &o->level) ||
	    !take_time(r, "issued", &o->issued_ms) ||
	    !take_time(r, "not-after", &o->not_after_ms) ||
	    !take_text(r, "why", o->why, sizeof(o->why)))
		return false;
	o->site = (uint32_t)site;
	o->number = (uint64_t)number;
	return true;
}

bool order_decode(struct order *order, const char *text, size_t len)
{
	struct reader r = { .data = (const uint8_t *)text, .len = len };
	char again[ORDER_MAX];

	memset(order, 0, sizeof(*order));
	if (len > 0 && len <= ORDER_MAX && take_all(order, &r) &&
	    order_encode(order, again, sizeof(again)) == len && memcmp(again, text, len) == 0)
		return true;
	memset(order, 0, sizeof(*order));
	return false;
}

static size_t signed_bytes(const char *text, size_t len, uint8_t *out)
{
	memcpy(out, SIGNED_PREFIX, sizeof(SIGNED_PREFIX));
	if (len > 0)
		memcpy(out + sizeof(SIGNED_PREFIX), text, len);
	return sizeof(SIGNED_PREFIX) + len;
}

void order_sign(const char *text, size_t len, const uint8_t seed[32],
		char signature[ORDER_SIGNATURE_LEN + 1])
{
	uint8_t public_key[32], secret[crypto_sign_SECRETKEYBYTES], bytes[crypto_sign_BYTES];
	uint8_t message[sizeof(SIGNED_PREFIX) + ORDER_MAX];

	assert(len <= ORDER_MAX);
	size_t message_len = signed_bytes(text, len, message);
	crypto_sign_seed_keypair(public_key, secret, seed);
	crypto_sign_detached(bytes, NULL, message, message_len, secret);
	sodium_memzero(secret, sizeof(secret));
	hex_encode(bytes, sizeof(bytes), signature);
	memcpy(signature + ORDER_SIGNATURE_LEN - 1, "\n", 2);
}

static bool signature_fits(const char *text, size_t len, const char *signature,
			   size_t signature_len, const uint8_t public_key[32])
{
	uint8_t bytes[crypto_sign_BYTES], message[sizeof(SIGNED_PREFIX) + ORDER_MAX];

	if (signature_len != ORDER_SIGNATURE_LEN || signature[ORDER_SIGNATURE_LEN - 1] != '\n' ||
	    !hex_decode(signature, ORDER_SIGNATURE_LEN - 1, bytes, sizeof(bytes)))
		return false;
	size_t message_len = signed_bytes(text, len, message);
	return crypto_sign_verify_detached(bytes, message, message_len, public_key) == 0;
}

enum order_outcome order_open(struct order *order, const char *text, size_t len,
			      const char *signature, size_t signature_len,
			      const uint8_t public_key[32])
{
	memset(order, 0, sizeof(*order));
	if (len > ORDER_MAX)
		return ORDER_MALFORMED;
	if (!signature_fits(text, len, signature, signature_len, public_key))
		return ORDER_BAD_SIGNATURE;
	return order_decode(order, text, len) ? ORDER_GOOD : ORDER_MALFORMED;
}

enum order_outcome order_check(const struct order *order, uint32_t site, uint64_t last_number,
			       const struct moment *now)
{
	if (!content_fit(order))
		return ORDER_MALFORMED;
	if (order->site != site)
		return ORDER_OTHER_SITE;
	if (order->number <= last_number)
		return ORDER_OLD_NUMBER;
	if (!now->clock_trusted)
		return ORDER_CLOCK_DOUBTFUL;
	if (now->wall_ms < order->issued_ms - ORDER_SLACK_MS)
		return ORDER_NOT_YET;
	return now->wall_ms > order->not_after_ms ? ORDER_EXPIRED : ORDER_GOOD;
}
