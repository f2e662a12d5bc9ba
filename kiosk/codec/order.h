/*
 * A signed order: the office switches the policy level of one gate by two files on a stick. The
 * text is canonical, one form per content (reading re-encodes and compares), and signed with
 * Ed25519 (RFC 8032) over "GHO1\0" and its bytes. Pure.
 *
 *   gatehouse-order 1
 *   site <1...>               the gate that is to obey
 *   number <1...>            a gate never takes a number twice, nor a smaller one than its last
 *   level <open, closed, strict or lockdown>
 *   issued <ISO 8601 at +08:00, whole seconds>
 *   not-after <the same, later>
 *   why <1 to 47 bytes of UTF-8 without control characters>
 *
 * The signature stands beside it: 128 lower-case hexadecimal digits and a line feed.
 *
 * Taking an order is order_open, then order_check; only ORDER_GOOD of both may change anything. The
 * caller keeps the number of the last order taken, in the event that records the change.
 */
#ifndef CODEC_ORDER_H
#define CODEC_ORDER_H

#include "codec/signed_text.h"
#include "core/level.h"

#define ORDER_MAX SIGNED_TEXT_MAX /* bytes of a text worth looking at */
#define ORDER_WHY_BYTES LEVEL_WHY_BYTES
#define ORDER_NUMBER_MAX LEVEL_ORDER_MAX /* what the register can hold */
#define ORDER_SIGNATURE_LEN SIGNED_TEXT_SIGNATURE_LEN
/* The office's clock may be ahead of the gate's by so much. */
#define ORDER_SLACK_MS INT64_C(300000)

/* Names on the stick. */
#define ORDER_NAME "gatehouse-order.txt"
#define ORDER_SIGNATURE_NAME "gatehouse-order.sig"

struct order {
	uint32_t site;
	uint64_t number;
	enum level level;
	int64_t issued_ms, not_after_ms; /* wall, whole seconds */
	char why[ORDER_WHY_BYTES];
};

/* Zero is no permission: what was never filled in is not good. */
enum order_outcome {
	ORDER_MALFORMED, /* not what order_encode writes */
	ORDER_BAD_SIGNATURE, /* altered, signed by another key, or not signed */
	ORDER_OTHER_SITE,
	ORDER_OLD_NUMBER, /* taken before, or older than one that was */
	ORDER_CLOCK_DOUBTFUL, /* the gate cannot tell whether it has expired */
	ORDER_NOT_YET, /* issued later than now: one of the two clocks is wrong */
	ORDER_EXPIRED,
	ORDER_GOOD,
	ORDER_OUTCOME_COUNT_
};

/* Bytes written to out (not terminated); 0 when the content is not fit for an order or does not
 * fit. */
MUST_CHECK size_t order_encode(const struct order *order, char *out, size_t cap);

/* False on anything but what order_encode writes; *order is then all zero. Says nothing about the
 * signature: a gate uses order_open. */
MUST_CHECK bool order_decode(struct order *order, const char *text, size_t len);

/* The signature's file for a text of at most ORDER_MAX bytes, terminated besides. */
void order_sign(const char *text, size_t len, const uint8_t seed[32],
		char signature[ORDER_SIGNATURE_LEN + 1]);

/*
 * The two files as found on a stick. The signature is checked first: nothing else looks at bytes
 * that the office did not sign. GOOD, MALFORMED or BAD_SIGNATURE; *order is all zero unless GOOD.
 */
MUST_CHECK enum order_outcome order_open(struct order *order, const char *text, size_t len,
					 const char *signature, size_t signature_len,
					 const uint8_t public_key[32]);

/*
 * Whether this gate may take the order now; last_number 0 = none was ever taken. A site and a
 * number need no clock and are judged first. With an untrusted clock no order is taken: an expired
 * one could not be told from a good one.
 */
MUST_CHECK enum order_outcome order_check(const struct order *order, uint32_t site,
					  uint64_t last_number, const struct moment *now);

#endif
