/*
 * Bytes as lower-case hexadecimal text. Pure and strict: one text per value, so that a byte changed
 * in the text is always a change of the value or a refusal.
 */
#ifndef CODEC_HEX_H
#define CODEC_HEX_H

#include "base/defs.h"

#define HEX_TEXT_BYTES(n) ((n)*2 + 1) /* terminator included */

/* Writes the NUL-terminated text; out holds HEX_TEXT_BYTES(len). */
void hex_encode(const uint8_t *bytes, size_t len, char *out);

/* True when text is exactly 2 * len characters of 0-9 a-f. */
MUST_CHECK bool hex_decode(const char *text, size_t text_len, uint8_t *out, size_t len);

#endif
