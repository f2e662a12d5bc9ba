/*
 * What the office's signed texts have in common (order.h, bundle.h): lines of "key value", one form
 * per content, and beside them a file with an Ed25519 signature (RFC 8032) over a prefix of the
 * format's own, with its terminator, and the text: 128 lower-case hexadecimal digits and a line
 * feed. Pure.
 */
#ifndef CODEC_SIGNED_TEXT_H
#define CODEC_SIGNED_TEXT_H

#include "base/bytes.h"
#include "codec/csv.h"

#define SIGNED_TEXT_MAX 2048 /* bytes of a text worth looking at */
#define SIGNED_TEXT_SIGNATURE_LEN 129 /* of the signature's file */
#define SIGNED_TEXT_PREFIX_BYTES 5 /* four letters and the terminator */

/* Of times in it: not negative, whole seconds, before the year 10000. */
bool signed_text_time_fit(int64_t wall_ms);
/* One line of 1 to cap - 1 bytes of UTF-8 without control characters. */
bool signed_text_line_fit(const char *text, size_t cap);

/* Writing: w->bad says that it did not fit. Times are at +08:00: a time has one form only, and
 * China has one offset. */
void signed_text_line(struct writer *w, const char *fmt, ...) PRINTF_LIKE(2, 3);
void signed_text_time(struct writer *w, const char *key, int64_t wall_ms);

/* Reading: the value of the next line, when it begins with the key and a space. Strictness is the
 * caller's: it writes what it read and compares. */
MUST_CHECK bool signed_text_take(struct reader *r, const char *key, struct csv_span *value);
MUST_CHECK bool signed_text_take_int(struct reader *r, const char *key, int64_t min, int64_t max,
				     int64_t *value);
MUST_CHECK bool signed_text_take_text(struct reader *r, const char *key, char *dst, size_t cap);
MUST_CHECK bool signed_text_take_time(struct reader *r, const char *key, int64_t *wall_ms);

/* The signature's file for a text of at most SIGNED_TEXT_MAX bytes, terminated besides. */
void signed_text_sign(const char prefix[SIGNED_TEXT_PREFIX_BYTES], const char *text, size_t len,
		      const uint8_t seed[32], char signature[SIGNED_TEXT_SIGNATURE_LEN + 1]);

/* True when the file is the signature of the text by that key. False too for a longer text. */
MUST_CHECK bool signed_text_verify(const char prefix[SIGNED_TEXT_PREFIX_BYTES], const char *text,
				   size_t len, const char *signature, size_t signature_len,
				   const uint8_t public_key[32]);

#endif
