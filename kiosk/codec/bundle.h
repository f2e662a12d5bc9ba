/*
 * A signed bundle: what the office changes at one gate besides its level (core/part.h says what
 * that may be), as files in one folder on a stick. This is its manifest, canonical and signed as an
 * order is (codec/order.h), over "GHB1\0" and its bytes. Pure.
 *
 *   gatehouse-bundle 1
 *   site <1...>               the gate that is to take it
 *   number <1...>            a gate never takes a number twice, nor a smaller one than its last
 *   issued <ISO 8601 at +08:00, whole seconds>
 *   not-after <the same, later>
 *   why <1 to 47 bytes of UTF-8 without control characters>
 *   part <kind> <version> <bytes> <SHA-256 in hexadecimal>    one or more, in the order of
 *                                                             enum part_kind, each kind once
 *
 * Names of files are never taken from it. A kind of part that this program does not know is no
 * malformation but an outcome of its own, so that the person is told which.
 *
 * Taking a bundle is bundle_open, bundle_check, and bundle_part_fits for every part in it; only
 * when all are good may anything change.
 */
#ifndef CODEC_BUNDLE_H
#define CODEC_BUNDLE_H

#include "codec/signed_text.h"
#include "core/part.h"

#define BUNDLE_MAX SIGNED_TEXT_MAX
#define BUNDLE_SIGNATURE_LEN SIGNED_TEXT_SIGNATURE_LEN
#define BUNDLE_NUMBER_MAX UINT64_C(999999999999999999)
#define BUNDLE_SLACK_MS                                                                            \
	INT64_C(300000) /* the office's clock may be ahead of the gate's by this                   \
			 */
#define BUNDLE_HASH_BYTES 32
#define BUNDLE_WORD_BYTES 16

/* Names on the stick. */
#define BUNDLE_FOLDER "gatehouse-bundle"
#define BUNDLE_NAME "manifest.txt"
#define BUNDLE_SIGNATURE_NAME "manifest.sig"

struct bundle_part {
	int64_t version; /* 0: no such part in this bundle */
	size_t bytes;
	uint8_t hash[BUNDLE_HASH_BYTES];
};

struct bundle {
	uint32_t site;
	uint64_t number;
	int64_t issued_ms, not_after_ms; /* wall, whole seconds */
	char why[BUNDLE_WHY_BYTES];
	struct bundle_part parts[PART_COUNT_];
	char unknown[BUNDLE_WORD_BYTES]; /* UNKNOWN_PART: the first kind that is not known */
};

/* Zero is no permission: what was never filled in is not good. */
enum bundle_outcome {
	BUNDLE_MALFORMED, /* not what bundle_encode writes */
	BUNDLE_BAD_SIGNATURE, /* altered, signed by another key, or not signed */
	BUNDLE_UNKNOWN_PART, /* the office's program is newer than this one */
	BUNDLE_OTHER_SITE,
	BUNDLE_OLD_NUMBER, /* taken before, or older than one that was */
	BUNDLE_CLOCK_DOUBTFUL, /* the gate cannot tell whether it has expired */
	BUNDLE_NOT_YET,
	BUNDLE_EXPIRED,
	BUNDLE_PART_ALTERED, /* missing, too large, or not the bytes the manifest names */
	BUNDLE_PART_BAD, /* signed well, but its content cannot be used */
	BUNDLE_PART_OLD, /* not newer than what is in force */
	BUNDLE_GOOD,
	BUNDLE_OUTCOME_COUNT_
};

/* Bytes written to out (not terminated); 0 when the content is not fit or does not fit. */
MUST_CHECK size_t bundle_encode(const struct bundle *bundle, char *out, size_t cap);

/* GOOD, UNKNOWN_PART (of *bundle only unknown is filled in) or MALFORMED (*bundle is all zero).
 * Says nothing about the signature: a gate uses bundle_open. */
MUST_CHECK enum bundle_outcome bundle_decode(struct bundle *bundle, const char *text, size_t len);

/* The signature's file for a text of at most BUNDLE_MAX bytes, terminated besides. */
void bundle_sign(const char *text, size_t len, const uint8_t seed[32],
		 char signature[BUNDLE_SIGNATURE_LEN + 1]);

/* The two files as found on a stick; the signature is looked at first. As bundle_decode, or
 * BAD_SIGNATURE. */
MUST_CHECK enum bundle_outcome bundle_open(struct bundle *bundle, const char *text, size_t len,
					   const char *signature, size_t signature_len,
					   const uint8_t public_key[32]);

/* Whether this gate may take it now; last_number 0 = none was ever taken. */
MUST_CHECK enum bundle_outcome bundle_check(const struct bundle *bundle, uint32_t site,
					    uint64_t last_number, const struct moment *now);

/* The description of a part's bytes. */
void bundle_describe(struct bundle_part *part, int64_t version, const void *bytes, size_t len);
/* True when these are the bytes the manifest names. */
MUST_CHECK bool bundle_part_fits(const struct bundle_part *part, const void *bytes, size_t len);

#endif
