/*
 * The text of a pass out of a picture of it: a PNG or JPEG file, as a telephone makes them. Read
 * with the kiosk's own decoder, so that what the gate can read the office can. Blocking; for files
 * that the person at the desk has chosen.
 */
#ifndef OFFICE_PHOTO_H
#define OFFICE_PHOTO_H

#include "base/defs.h"

enum photo_outcome {
	PHOTO_GOOD,
	PHOTO_NO_FILE, /* it cannot be opened */
	PHOTO_NO_PICTURE, /* neither PNG nor JPEG, damaged, or beyond measure */
	PHOTO_NO_CODE, /* no code was found in it */
	PHOTO_FAILED, /* no memory */
};

/* text (cap bytes, terminated) is what the largest code in the picture says. */
MUST_CHECK enum photo_outcome photo_read(const char *path, char *text, size_t cap);

#endif
