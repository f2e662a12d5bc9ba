/*
 * The receipt code: printed on a visitor's slip, it finds the visit again for whoever wants a copy
 * of what is kept about them, or wants it erased. "7GQK-M2XV-09TC": 11 characters of 5 bits and one
 * that checks them.
 *
 * The register does not keep it: it is made from the visit's salt, which nobody can guess (55 bits
 * of SHA-256), and is gone with it. The office makes the same code from an export. Pure.
 */
#ifndef STORE_RECEIPT_H
#define STORE_RECEIPT_H

#include "core/types.h"

#define RECEIPT_SALT_BYTES 16

/* SHA-256("GHR1" | salt[16] | visit_id u64), its first 55 bits, and the check character. */
void receipt_code_make(uint64_t visit_id, const uint8_t salt[RECEIPT_SALT_BYTES],
		       char code[RECEIPT_CODE_BYTES]);

/* As typed: any case, with blanks or dashes or without, O for 0, I and L for 1. Writes it as
 * printed. False when its length or check character is wrong; every single wrong character and
 * every two changed with each other are found. */
MUST_CHECK bool receipt_code_read(const char *typed, char code[RECEIPT_CODE_BYTES]);

#endif
