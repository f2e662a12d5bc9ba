/*
 * Plates over any bytes: the spelling is one, what is read as a plate can be stored and shown, and
 * the mask shows no more than four characters.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/plate.h"

#define TEXT_MAX 256

static void need(bool holds)
{
	if (!holds)
		abort();
}

/* Counted in characters: one character of the plate, one of the mask. */
static void check_mask(const char *plate)
{
	char mask[TEXT_MAX + 1];
	size_t shown = 0, length = 0;

	plate_mask(plate, mask, sizeof(mask));
	need(utf8_valid(mask, strlen(mask)));
	for (const char *s = mask; *s; length++)
		shown += utf8_next(&s) != '*';
	need(shown <= 4);
	need(!utf8_valid(plate, strlen(plate)) || length == utf8_length(plate));
}

static void check_reading(const char *plate)
{
	struct plate_reading r = plate_read(plate);

	need(r.kind < PLATE_KIND_COUNT_ && r.note < PLATE_NOTE_COUNT_);
	need((r.kind == PLATE_NONE) == (r.note != PLATE_FITS));
	if (r.kind == PLATE_NONE)
		return;
	char again[PLATE_BYTES];
	need(utf8_valid(plate, strlen(plate)) && !text_has_control(plate));
	need(utf8_length(plate) >= 7 && utf8_length(plate) <= 9);
	need(plate_normalise(plate, again, sizeof(again)) && strcmp(again, plate) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[TEXT_MAX], plate[PLATE_BYTES], again[PLATE_BYTES];

	if (size >= sizeof(text))
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	check_reading(text);
	check_mask(text);
	if (!plate_normalise(text, plate, sizeof(plate))) {
		need(plate[0] == '\0');
		return 0;
	}
	need(strlen(plate) <= strlen(text));
	need(utf8_valid(plate, strlen(plate)) && !text_has_control(plate));
	need(plate_normalise(plate, again, sizeof(again)) && strcmp(again, plate) == 0);
	check_reading(plate);
	check_mask(plate);
	return 0;
}
