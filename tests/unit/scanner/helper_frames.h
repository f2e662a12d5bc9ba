/*
 * Camera frames made from grey pictures, for the scanner's tests. data is malloc'ed with exactly
 * the length of the frame, so that the sanitizer sees a reader go too far.
 */
#ifndef TEST_HELPER_FRAMES_H
#define TEST_HELPER_FRAMES_H

#include <qrencode.h>

#include "scanner/luma.h"

/* padding: bytes behind each row but the last; ignored for MJPEG. Aborts when out of memory. */
struct camera_frame frame_from_grey(enum pixel_format format, const uint8_t *grey, uint32_t width,
				    uint32_t height, uint32_t padding);
struct camera_frame frame_progressive(const uint8_t *grey, uint32_t width, uint32_t height);

/* Takes the JPEG segments with this marker byte out. */
void frame_drop_segments(struct camera_frame *frame, uint8_t marker);

void frame_free(struct camera_frame *frame);

/*
 * A sharp picture of the code, module_px a module, in the middle of a light ground of
 * width x height (malloc'ed grey).
 */
uint8_t *grey_with_code(const QRcode *code, uint32_t module_px, uint32_t width, uint32_t height);

#endif
