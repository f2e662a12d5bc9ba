/* What is taken for a sound file has its samples inside it, whole and at a rate. */
#include <stdlib.h>

#include "codec/wav.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wav wav;

	if (wav_read(&wav, data, size) &&
	    (wav.rate_hz == 0 || wav.len_bytes == 0 || wav.len_bytes % 2 || wav.samples < data ||
	     wav.samples + wav.len_bytes > data + size))
		abort();
	return 0;
}
