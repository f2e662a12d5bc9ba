/*
 * RFC 9285: two bytes n = a * 256 + b become three characters c, d, e with n = c + 45 d + 45² e,
 * least significant first; a single last byte becomes two. Section 6 demands the rejects below.
 */
#include "codec/base45.h"

#include <string.h>

#define BASE 45

static const char alphabet[BASE + 1] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/* Value of one character, or -1. */
static int32_t value_of(char c)
{
	const char *at = c ? strchr(alphabet, c) : NULL;

	return at ? (int32_t)(at - alphabet) : -1;
}

static char *put(char *out, uint32_t n, size_t chars)
{
	for (size_t i = 0; i < chars; i++, n /= BASE)
		*out++ = alphabet[n % BASE];
	return out;
}

void base45_encode(const uint8_t *bytes, size_t len, char *out)
{
	size_t i = 0;

	for (; i + 1 < len; i += 2)
		out = put(out, (uint32_t)bytes[i] << 8 | bytes[i + 1], 3);
	if (i < len)
		out = put(out, bytes[i], 2);
	*out = '\0';
}

/* The number written by chars (2 or 3) characters, or -1 when one is outside the alphabet. */
static int32_t number_of(const char *text, size_t chars)
{
	int32_t n = 0;

	for (size_t i = chars; i-- > 0;) {
		int32_t value = value_of(text[i]);
		if (value < 0)
			return -1;
		n = n * BASE + value;
	}
	return n;
}

bool base45_decode(const char *text, size_t text_len, uint8_t *out, size_t cap, size_t *len)
{
	size_t need = text_len / 3 * 2 + text_len % 3 / 2;

	if (text_len % 3 == 1 || need > cap)
		return false;
	for (size_t at = 0; at < text_len; at += 3) {
		bool triple = text_len - at >= 3;
		int32_t n = number_of(text + at, triple ? 3 : 2);
		if (n < 0 || n > (triple ? UINT16_MAX : UINT8_MAX))
			return false;
		if (triple)
			*out++ = (uint8_t)(n >> 8);
		*out++ = (uint8_t)n;
	}
	*len = need;
	return true;
}
