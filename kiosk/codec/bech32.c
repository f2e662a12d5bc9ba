#include "codec/bech32.h"

#include <string.h>

#define DATA_CHARS 52 /* 256 bits in groups of five, the last one filled up with zeroes */
#define SUM_CHARS 6

static const char ALPHABET[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/* BIP 173, "Checksum": the remainder of a polynomial over GF(32). */
static uint32_t step(uint32_t sum, uint8_t value)
{
	static const uint32_t GENERATOR[5] = { 0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD,
					       0x2A1462B3 };
	uint32_t top = sum >> 25;

	sum = (sum & 0x1FFFFFF) << 5 ^ value;
	for (int i = 0; i < 5; i++)
		if (top >> i & 1)
			sum ^= GENERATOR[i];
	return sum;
}

static uint32_t checksum(const char *name, const uint8_t data[DATA_CHARS])
{
	uint32_t sum = 1;

	for (const char *c = name; *c; c++)
		sum = step(sum, (uint8_t)(*c >> 5));
	sum = step(sum, 0);
	for (const char *c = name; *c; c++)
		sum = step(sum, *c & 31);
	for (int i = 0; i < DATA_CHARS; i++)
		sum = step(sum, data[i]);
	for (int i = 0; i < SUM_CHARS; i++)
		sum = step(sum, 0);
	return sum ^ 1;
}

static void split(const uint8_t bytes[32], uint8_t data[DATA_CHARS])
{
	memset(data, 0, DATA_CHARS);
	for (int bit = 0; bit < 256; bit++)
		if (bytes[bit / 8] >> (7 - bit % 8) & 1)
			data[bit / 5] |= (uint8_t)(1 << (4 - bit % 5));
}

void bech32_encode(const char *name, const uint8_t bytes[32], char *text)
{
	uint8_t data[DATA_CHARS];
	size_t at = strlen(name);

	assert(at <= BECH32_NAME_MAX);
	split(bytes, data);
	memcpy(text, name, at);
	text[at++] = '1';
	for (int i = 0; i < DATA_CHARS; i++)
		text[at++] = ALPHABET[data[i]];
	uint32_t sum = checksum(name, data);
	for (int i = 0; i < SUM_CHARS; i++)
		text[at++] = ALPHABET[sum >> 5 * (SUM_CHARS - 1 - i) & 31];
	text[at] = '\0';
	explicit_bzero(data, sizeof(data));
}

/* The text is made again from what was read: whatever is not the one form differs. */
bool bech32_decode(const char *name, const char *text, uint8_t bytes[32])
{
	size_t name_len = strlen(name);
	char again[BECH32_TEXT_BYTES];

	memset(bytes, 0, 32);
	if (strlen(text) != name_len + 1 + DATA_CHARS + SUM_CHARS)
		return false;
	for (int i = 0; i < DATA_CHARS; i++) {
		const char *at = strchr(ALPHABET, text[name_len + 1 + (size_t)i]);
		for (int b = 0; at && b < 5; b++)
			if ((at - ALPHABET) >> (4 - b) & 1 && 5 * i + b < 256)
				bytes[(5 * i + b) / 8] |= (uint8_t)(1 << (7 - (5 * i + b) % 8));
	}
	bech32_encode(name, bytes, again);
	bool same = strcmp(again, text) == 0;
	explicit_bzero(again, sizeof(again));
	if (!same)
		explicit_bzero(bytes, 32);
	return same;
}
