/* Writes pictures as PNG. Not for the time between two frames: a screen takes tens of
 * milliseconds. */
#ifndef UI_PNG_FILE_H
#define UI_PNG_FILE_H

#include "base/defs.h"

/* rgb: 3 bytes a pixel, rows without gaps. 0 or negative errno. */
MUST_CHECK int png_write_rgb(const char *path, const uint8_t *rgb, int32_t width, int32_t height);

#endif
