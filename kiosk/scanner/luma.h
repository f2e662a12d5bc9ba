/*
 * One grey picture made from a camera frame: what zbar and the preview look at. The memory is taken
 * once at start and holds the largest frame allowed; nothing here allocates per frame except
 * libjpeg for MJPEG. Scanner process only, one thread.
 *
 * Width and height are always multiples of 8: zbar 0.23 reads and writes up to 7 bytes past an
 * image whose pixel count is not (image.h of zbar, found by fuzzing), so odd borders are cut off
 * here.
 */
#ifndef SCANNER_LUMA_H
#define SCANNER_LUMA_H

#include "hal/camera.h"

#define LUMA_WIDTH_MAX 1920U
#define LUMA_HEIGHT_MAX 1088U
#define LUMA_SIDE_MIN 64U /* smaller pictures hold no code worth reading */
#define LUMA_BYTES_MAX ((size_t)LUMA_WIDTH_MAX * LUMA_HEIGHT_MAX)

struct luma {
	uint32_t width, height; /* multiples of 8; rows follow each other without padding */
	uint8_t *pixels;
};

/*
 * Takes the memory and decodes one tiny JPEG: libjpeg-turbo looks at the processor when first used
 * (on ARM by reading /proc/cpuinfo), and later no file may be opened. -ENOMEM; -EPROTO when that
 * JPEG did not decode.
 */
MUST_CHECK int luma_open(struct luma *luma);
void luma_close(struct luma *luma);

/*
 * The grey of a frame. False: the frame is damaged, too short for its size, too large or too small;
 * the picture is then unspecified. Never reads outside frame->data[0..len).
 */
MUST_CHECK bool luma_from_frame(struct luma *luma, const struct camera_frame *frame);

/* Mean brightness, 0..255. */
uint8_t luma_mean(const struct luma *luma);

/*
 * The whole picture scaled into dst of dst_width x dst_height by area average, aspect kept, black
 * beside it.
 */
void luma_fit(const struct luma *luma, uint8_t *dst, uint32_t dst_width, uint32_t dst_height);

/*
 * MJPEG (ISO/IEC 10918-1 baseline) to grey: *width and *height come from the picture itself; rows
 * are written to out at the stride of the picture's width. False when it is no baseline JPEG or
 * larger than LUMA_*_MAX. A picture cut short is filled with grey: its upper part is still worth
 * looking at.
 */
MUST_CHECK bool mjpeg_to_grey(const uint8_t *data, size_t len, uint8_t *out, uint32_t *width,
			      uint32_t *height);

/* Encodes and decodes a picture of 16x16. */
MUST_CHECK bool mjpeg_self_test(void);

#endif
