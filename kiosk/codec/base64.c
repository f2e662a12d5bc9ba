#include "codec/base64.h"

#include <string.h>

#include <sodium.h>

static int variant(bool padded)
{
	return padded ? sodium_base64_VARIANT_ORIGINAL : sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
}

void base64_encode(const uint8_t *bytes, size_t len, bool padded, char *text)
{
	sodium_bin2base64(text, BASE64_TEXT_BYTES(len), bytes, len, variant(padded));
}

/* libsodium 1.0.18 takes some bytes above 0x7F for others: what was read is written again. */
bool base64_decode(const char *text, size_t text_len, bool padded, uint8_t *out, size_t cap,
		   size_t *len)
{
	char again[BASE64_TEXT_BYTES(BASE64_LEN_MAX)];
	const char *end;

	assert(cap <= BASE64_LEN_MAX);
	if (sodium_base642bin(out, cap, text, text_len, NULL, len, &end, variant(padded)) != 0 ||
	    end != text + text_len)
		return false;
	base64_encode(out, *len, padded, again);
	bool same = strlen(again) == text_len && memcmp(again, text, text_len) == 0;
	sodium_memzero(again, sizeof(again));
	return same;
}
