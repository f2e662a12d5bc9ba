/* A period as somebody types it: what is taken is in order and within the calendar. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/report.h"

#define TEXT_MAX 256

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int32_t OFFSETS[] = { 480, -600, 0, 840 };
	char text[TEXT_MAX + 1];
	int64_t from, until;

	if (size > TEXT_MAX)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(OFFSETS); i++)
		if (report_parse_period(text, OFFSETS[i], &from, &until) &&
		    (from >= until || from < 0 || until > INT64_C(253402387200000)))
			abort();
	return 0;
}
