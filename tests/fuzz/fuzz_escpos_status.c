#include <stdlib.h>
#include <string.h>

#include "codec/escpos.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Bytes of a printer as answers to any question: what is refused changes nothing. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct escpos_status status = { 0 };

	for (size_t i = 0; i + 1 < size; i += 2) {
		struct escpos_status before = status;
		bool taken = escpos_status_merge(&status, (int8_t)data[i], data[i + 1]);
		if (taken != ((data[i + 1] & 0x93) == 0x12 &&
			      (data[i] == 1 || data[i] == 2 || data[i] == 4)))
			abort();
		if (!taken && memcmp(&before, &status, sizeof(status)) != 0)
			abort();
	}
	return 0;
}
