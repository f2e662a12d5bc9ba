/*
 * The characters are those of Crockford's base 32 (no I, L, O, U). They are taken for elements of
 * GF(32); the check character makes the sum of a^i * c_i zero, a being a generator: any one wrong
 * character changes the sum, and so do any two different ones that changed places, because the
 * powers of a differ.
 */
#include "store/receipt.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"

#define CHARACTERS 12
#define GROUP 4

static const char ALPHABET[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static_assert(RECEIPT_CODE_BYTES == CHARACTERS + CHARACTERS / GROUP, "dashes and the end");

/* Times the generator x, modulo x^5 + x^2 + 1. */
static unsigned times_x(unsigned e)
{
	e <<= 1;
	return e & 32 ? e ^ 0x25 : e;
}

/* Sum of x^i * e[i] by Horner's rule, from the last. */
static unsigned sum(const uint8_t e[CHARACTERS])
{
	unsigned s = 0;

	for (int i = CHARACTERS - 1; i >= 0; i--)
		s = times_x(s) ^ e[i];
	return s;
}

static void write_code(const uint8_t e[CHARACTERS], char code[RECEIPT_CODE_BYTES])
{
	char *at = code;

	for (int i = 0; i < CHARACTERS; i++) {
		if (i > 0 && i % GROUP == 0)
			*at++ = '-';
		*at++ = ALPHABET[e[i]];
	}
	*at = '\0';
}

void receipt_code_make(uint64_t visit_id, const uint8_t salt[RECEIPT_SALT_BYTES],
		       char code[RECEIPT_CODE_BYTES])
{
	uint8_t bytes[4 + RECEIPT_SALT_BYTES + 8], hash[crypto_hash_sha256_BYTES];
	struct writer w = { .data = bytes, .cap = sizeof(bytes) };
	uint8_t e[CHARACTERS] = { 0 };

	write_bytes(&w, "GHR1", 4);
	write_bytes(&w, salt, RECEIPT_SALT_BYTES);
	write_uint(&w, visit_id, 8);
	crypto_hash_sha256(hash, bytes, w.len);
	for (int i = 1; i < CHARACTERS; i++) {
		int bit = (i - 1) * 5;
		unsigned pair = (unsigned)hash[bit / 8] << 8 | hash[bit / 8 + 1];
		e[i] = pair >> (11 - bit % 8) & 31;
	}
	e[0] = (uint8_t)sum(e); /* x^0 * e[0] cancels the rest */
	sodium_memzero(bytes, sizeof(bytes));
	write_code(e, code);
}

static int value_of(char c)
{
	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	if (c == 'O')
		c = '0';
	if (c == 'I' || c == 'L')
		c = '1';
	const char *at = c ? strchr(ALPHABET, c) : NULL;
	return at ? (int)(at - ALPHABET) : -1;
}

bool receipt_code_read(const char *typed, char code[RECEIPT_CODE_BYTES])
{
	uint8_t e[CHARACTERS];
	int count = 0;

	for (const char *c = typed; *c; c++) {
		if (*c == ' ' || *c == '-')
			continue;
		int value = value_of(*c);
		if (value < 0 || count == CHARACTERS)
			return false;
		e[count++] = (uint8_t)value;
	}
	if (count != CHARACTERS || sum(e) != 0)
		return false;
	write_code(e, code);
	return true;
}
