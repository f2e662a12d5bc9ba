/*
 * Bech32 (BIP 173) as age uses it for its keys: a name, "1", 32 bytes and a checksum of six
 * characters, all lower case. Pure and strict: one text per value.
 */
#ifndef CODEC_BECH32_H
#define CODEC_BECH32_H

#include "base/defs.h"

#define BECH32_NAME_MAX 16
#define BECH32_TEXT_BYTES (BECH32_NAME_MAX + 1 + 52 + 6 + 1) /* terminator included */

/* text holds BECH32_TEXT_BYTES; name has at most BECH32_NAME_MAX characters. */
void bech32_encode(const char *name, const uint8_t bytes[32], char *text);

/* False when text is not name and 32 bytes with their checksum. */
MUST_CHECK bool bech32_decode(const char *name, const char *text, uint8_t bytes[32]);

#endif
