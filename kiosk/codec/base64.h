/*
 * Base64 (RFC 4648) of short values, padded or not. Pure and strict: one text per value.
 */
#ifndef CODEC_BASE64_H
#define CODEC_BASE64_H

#include "base/defs.h"

#define BASE64_LEN_MAX 160 /* bytes */
#define BASE64_TEXT_BYTES(n) (((n) + 2) / 3 * 4 + 1) /* terminator included */

/* text holds BASE64_TEXT_BYTES(len). */
void base64_encode(const uint8_t *bytes, size_t len, bool padded, char *text);

/* True and *len when text_len characters of text are the one text of at most cap bytes. */
MUST_CHECK bool base64_decode(const char *text, size_t text_len, bool padded, uint8_t *out,
			      size_t cap, size_t *len);

#endif
