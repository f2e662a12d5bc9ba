/* Plates as people type them: normalised once is normalised for good, and every byte string has a
 * kind. */
#include <stdlib.h>
#include <string.h>

#include "core/plate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char typed[128], once[PLATE_BYTES], twice[PLATE_BYTES];

	if (size >= sizeof(typed) || memchr(data, '\0', size))
		return 0;
	memcpy(typed, data, size);
	typed[size] = '\0';
	if (plate_kind(typed) >= PLATE_KIND_COUNT_)
		abort();
	if (!plate_normalise(once, typed))
		return 0;
	if (!plate_normalise(twice, once) || strcmp(once, twice) != 0 ||
	    plate_kind(once) != plate_kind(twice))
		abort();
	return 0;
}
