/* Only a text made with the key's seed is good, whatever stands in its free comment; what comes
 * back of it is safe to print. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "codec/manifest.h"
#include "codec/minisign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t SEED[32] = "a gate's seed for tests only";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char comment[MINISIGN_COMMENT_BYTES], genuine[MINISIGN_TEXT_MAX];
	uint8_t hash[MINISIGN_HASH_BYTES], public_key[32];
	struct minisign_key key, other;
	const char *text = (const char *)data;

	manifest_public(SEED, public_key);
	minisign_key_of(public_key, &key);
	minisign_hash("what was signed", 15, hash);
	if (minisign_key_parse(text, size, &other)) {
		char line[MINISIGN_PUBLIC_TEXT_BYTES];
		minisign_key_text(&other, line);
		if (!memmem(data, size, line, strlen(line)))
			abort();
	}
	enum minisign_outcome outcome = minisign_verify(text, size, hash, &key, comment);
	if (text_has_control(comment) || (comment[0] && outcome != MINISIGN_GOOD))
		abort();
	if (outcome != MINISIGN_GOOD)
		return 0;
	size_t len = minisign_sign(hash, SEED, "at the gate", genuine);
	const char *a = memchr(text, '\n', size), *b = memchr(genuine, '\n', len);
	if (size - (size_t)(a - text) != len - (size_t)(b - genuine) ||
	    memcmp(a, b, len - (size_t)(b - genuine)) != 0)
		abort();
	return 0;
}
