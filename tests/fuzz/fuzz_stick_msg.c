/* A packet that decodes is one that encodes to the same packet. */
#include <stdlib.h>
#include <string.h>

#include "codec/stick_msg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t again[STICK_MSG_MAX];
	struct stick_msg msg;

	if (size > sizeof(again) || !stick_msg_decode(&msg, data, size))
		return 0;
	if (stick_msg_encode(&msg, again, sizeof(again)) != size || memcmp(again, data, size) != 0)
		abort();
	return 0;
}
