/*
 * Public keys as the office handles them: 64 hexadecimal digits, typed or in a file, and a short
 * fingerprint for reading aloud.
 */
#ifndef OFFICE_KEY_H
#define OFFICE_KEY_H

#include "base/defs.h"

#define KEY_BYTES 32
#define KEY_FINGERPRINT_BYTES 20 /* "0123 4567 89ab cdef" */

/* text: 64 hexadecimal digits, or the path of a file that holds them and perhaps a line end. */
MUST_CHECK bool key_load(const char *text, uint8_t key[KEY_BYTES]);

/* First 8 bytes of the key's SHA-256, in groups of four digits. */
void key_fingerprint(const uint8_t key[KEY_BYTES], char text[KEY_FINGERPRINT_BYTES]);

#endif
