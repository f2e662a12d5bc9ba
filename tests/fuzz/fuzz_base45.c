#include <stdlib.h>
#include <string.h>

#include "codec/base45.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Any bytes encode and come back; any text is refused or has one spelling. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(BASE45_TEXT_BYTES(size));
	uint8_t *bytes = malloc(size + 1);
	size_t len;

	if (!text || !bytes)
		abort();
	base45_encode(data, size, text);
	if (!base45_decode(text, strlen(text), bytes, size, &len) || len != size ||
	    (size > 0 && memcmp(bytes, data, size) != 0))
		abort();
	if (base45_decode((const char *)data, size, bytes, size, &len)) {
		base45_encode(bytes, len, text);
		if (strlen(text) != size || (size > 0 && memcmp(text, data, size) != 0))
			abort();
	}
	free(text);
	free(bytes);
	return 0;
}
