#include "codec/order.h"

#include <inttypes.h>
#include <string.h>

#define SIGNED_PREFIX "GHO1" /* with its terminator: five bytes that no other signed thing has */

/* The format's own words: signed texts outlive a renaming of what screens and tools say. */
static const char *const WORD[LEVEL_COUNT_] = {
	[LEVEL_OPEN] = "open",
	[LEVEL_CLOSED] = "closed",
	[LEVEL_STRICT] = "strict",
	[LEVEL_LOCKDOWN] = "lockdown",
};

static bool content_fit(const struct order *o)
{
	return o->site >= 1 && o->number >= 1 && o->number <= ORDER_NUMBER_MAX &&
	       (unsigned)o->level < LEVEL_COUNT_ && signed_text_time_fit(o->issued_ms) &&
	       signed_text_time_fit(o->not_after_ms) && o->not_after_ms > o->issued_ms &&
	       signed_text_line_fit(o->why, ORDER_WHY_BYTES);
}

size_t order_encode(const struct order *o, char *out, size_t cap)
{
	struct writer w = { .data = (uint8_t *)out, .cap = cap };

	if (!content_fit(o))
		return 0;
	signed_text_line(&w, "gatehouse-order 1\n");
	signed_text_line(&w, "site %" PRIu32 "\n", o->site);
	signed_text_line(&w, "number %" PRIu64 "\n", o->number);
	signed_text_line(&w, "level %s\n", WORD[o->level]);
	signed_text_time(&w, "issued", o->issued_ms);
	signed_text_time(&w, "not-after", o->not_after_ms);
	signed_text_line(&w, "why %s\n", o->why);
	return w.bad ? 0 : w.len;
}

static bool take_level(struct reader *r, enum level *level)
{
	char text[16];

	if (!signed_text_take_text(r, "level", text, sizeof(text)))
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

	if (!signed_text_take_int(r, "gatehouse-order", 1, 1, &version) ||
	    !signed_text_take_int(r, "site", 1, UINT32_MAX, &site) ||
	    !signed_text_take_int(r, "number", 1, INT64_MAX, &number) ||
	    !take_level(r, &o->level) || !signed_text_take_time(r, "issued", &o->issued_ms) ||
	    !signed_text_take_time(r, "not-after", &o->not_after_ms) ||
	    !signed_text_take_text(r, "why", o->why, sizeof(o->why)))
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

void order_sign(const char *text, size_t len, const uint8_t seed[32],
		char signature[ORDER_SIGNATURE_LEN + 1])
{
	signed_text_sign(SIGNED_PREFIX, text, len, seed, signature);
}

enum order_outcome order_open(struct order *order, const char *text, size_t len,
			      const char *signature, size_t signature_len,
			      const uint8_t public_key[32])
{
	memset(order, 0, sizeof(*order));
	if (len > ORDER_MAX)
		return ORDER_MALFORMED;
	if (!signed_text_verify(SIGNED_PREFIX, text, len, signature, signature_len, public_key))
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
