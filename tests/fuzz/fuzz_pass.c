#include <stdlib.h>
#include <string.h>

#include "codec/base45.h"
#include "codec/pass.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t seed[PASS_SEED_BYTES] = { 1, 2, 3, 4 };

/* Accepted means: signing the same fields again gives the very same text. */
static void check(const char *text, size_t len, const struct pass_key *key)
{
	char again[PASS_TEXT_BYTES];
	struct pass pass;

	if (pass_verify(&pass, text, len, key, 1) != PASS_PARSE_OK)
		return;
	pass_sign(&pass, seed, again);
	if (strlen(again) != len || memcmp(again, text, len) != 0)
		abort();
}

/* As text from the camera, and, so that the parser behind base45 is reached, as a token. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pass_key key = { .key_id = 7, .site = 0x01020304 };
	char text[PASS_TEXT_BYTES] = "KP1:";

	pass_public(seed, key.public_key);
	check((const char *)data, size, &key);
	if (size <= PASS_TOKEN_BYTES) {
		base45_encode(data, size, text + 4);
		check(text, strlen(text), &key);
	}
	return 0;
}
