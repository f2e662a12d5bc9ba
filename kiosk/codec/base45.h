/*
 * Base45 (RFC 9285): bytes as QR alphanumeric text. Pure, strict: any character outside the
 * alphabet, impossible length or value is refused.
 */
#ifndef CODEC_BASE45_H
#define CODEC_BASE45_H

#include "base/defs.h"

#define BASE45_TEXT_BYTES(n) (((n) / 2 * 3) + ((n) % 2 * 2) + 1) /* terminator included */

/* Writes the NUL-terminated text of len bytes; out holds at least BASE45_TEXT_BYTES(len). */
void base45_encode(const uint8_t *bytes, size_t len, char *out);

/* Decodes text of text_len characters into out. True and *len on success; false: malformed or cap
 * too small. */
MUST_CHECK bool base45_decode(const char *text, size_t text_len, uint8_t *out, size_t cap,
			      size_t *len);

#endif
