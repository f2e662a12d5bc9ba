#include "office/key.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/fileio.h"
#include "base/text.h"
#include "codec/hex.h"

bool key_load(const char *text, uint8_t key[KEY_BYTES])
{
	char *data;
	size_t len;

	if (hex_decode(text, strlen(text), key, KEY_BYTES))
		return true;
	if (file_read(text, 4096, &data, &len))
		return false;
	while (len > 0 && strchr("\r\n \t", data[len - 1]))
		len--;
	bool good = hex_decode(data, len, key, KEY_BYTES);
	free(data);
	return good;
}

void key_fingerprint(const uint8_t key[KEY_BYTES], char text[KEY_FINGERPRINT_BYTES])
{
	uint8_t hash[crypto_hash_sha256_BYTES];
	char hex[HEX_TEXT_BYTES(8)];

	crypto_hash_sha256(hash, key, KEY_BYTES);
	hex_encode(hash, 8, hex);
	text_format(text, KEY_FINGERPRINT_BYTES, "%.4s %.4s %.4s %.4s", hex, hex + 4, hex + 8,
		    hex + 12);
}
