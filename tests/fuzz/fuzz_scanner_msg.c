/* A packet is refused, or it is exactly what its meaning encodes to. */
#include <stdlib.h>
#include <string.h>

#include "codec/scanner_msg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct scanner_msg msg;
	uint8_t again[SCANNER_MSG_MAX];

	if (!scanner_msg_decode(&msg, data, size))
		return 0;
	if (scanner_msg_encode(&msg, again, sizeof(again)) != size ||
	    memcmp(again, data, size) != 0)
		abort();
	return 0;
}
