/*
 * YUYV, NV12 and GREY carry the luma as it is (V4L2 API, "YUV formats", "Greyscale formats"): it is
 * copied row by row, without colour. One copy of 0.9 MB costs less than a per cent of a scan and
 * lets the driver have its buffer back at once.
 */
#include "scanner/luma.h"

#include <stdlib.h>
#include <string.h>

int luma_open(struct luma *luma)
{
	*luma = (struct luma){ .pixels = malloc(LUMA_BYTES_MAX) };
	if (!luma->pixels)
		return -ENOMEM;
	if (mjpeg_self_test())
		return 0;
	luma_close(luma);
	return -EPROTO;
}

void luma_close(struct luma *luma)
{
	free(luma->pixels);
	*luma = (struct luma){ 0 };
}

/* Bytes of a row's luma, and how far two neighbouring luma bytes are apart. */
static uint32_t luma_step(enum pixel_format format)
{
	return format == PIXEL_YUYV ? 2 : 1;
}

static bool size_is_usable(uint32_t width, uint32_t height)
{
	return width >= LUMA_SIDE_MIN && height >= LUMA_SIDE_MIN && width <= LUMA_WIDTH_MAX &&
	       height <= LUMA_HEIGHT_MAX;
}

static bool from_planes(struct luma *luma, const struct camera_frame *f)
{
	uint32_t step = luma_step(f->format);

	if (!size_is_usable(f->width, f->height) || f->stride_bytes < f->width * step)
		return false;
	/* The last row may lack its padding. */
	if (f->len < (uint64_t)f->stride_bytes * (f->height - 1) + f->width * step)
		return false;
	luma->width = f->width & ~7U;
	luma->height = f->height & ~7U;
	for (uint32_t y = 0; y < luma->height; y++) {
		const uint8_t *from = f->data + (size_t)f->stride_bytes * y;
		uint8_t *to = luma->pixels + (size_t)luma->width * y;
		if (step == 1) {
			memcpy(to, from, luma->width);
			continue;
		}
		for (uint32_t x = 0; x < luma->width; x++)
			to[x] = from[2 * (size_t)x];
	}
	return true;
}

static bool from_mjpeg(struct luma *luma, const struct camera_frame *f)
{
	uint32_t width, height;

	if (!mjpeg_to_grey(f->data, f->len, luma->pixels, &width, &height))
		return false;
	if (!size_is_usable(width, height))
		return false;
	luma->width = width & ~7U;
	luma->height = height & ~7U;
	if (luma->width == width)
		return true;
	for (uint32_t y = 1; y < luma->height; y++)
		memmove(luma->pixels + (size_t)luma->width * y, luma->pixels + (size_t)width * y,
			luma->width);
	return true;
}

bool luma_from_frame(struct luma *luma, const struct camera_frame *frame)
{
	switch (frame->format) {
	case PIXEL_YUYV:
	case PIXEL_NV12:
	case PIXEL_GREY:
		return from_planes(luma, frame);
	case PIXEL_MJPEG:
		return from_mjpeg(luma, frame);
	case PIXEL_FORMAT_COUNT_:
		break;
	}
	return false;
}

uint8_t luma_mean(const struct luma *luma)
{
	size_t n = (size_t)luma->width * luma->height;
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += luma->pixels[i];
	return (uint8_t)(n ? sum / n : 0);
}

/* Mean of the source pixels under one destination pixel. */
static uint8_t area_mean(const struct luma *luma, uint32_t x0, uint32_t x1, uint32_t y0,
			 uint32_t y1)
{
	uint32_t sum = 0;

	for (uint32_t y = y0; y < y1; y++) {
		const uint8_t *row = luma->pixels + (size_t)luma->width * y;
		for (uint32_t x = x0; x < x1; x++)
			sum += row[x];
	}
	return (uint8_t)(sum / ((x1 - x0) * (y1 - y0)));
}

static uint32_t at_least_one(uint32_t from, uint32_t to)
{
	return to > from ? to : from + 1;
}

void luma_fit(const struct luma *luma, uint8_t *dst, uint32_t dst_width, uint32_t dst_height)
{
	uint32_t w = dst_width, h = dst_height;

	if ((uint64_t)luma->width * dst_height > (uint64_t)luma->height * dst_width)
		h = (uint32_t)((uint64_t)luma->height * dst_width / luma->width);
	else
		w = (uint32_t)((uint64_t)luma->width * dst_height / luma->height);
	memset(dst, 0, (size_t)dst_width * dst_height);
	uint8_t *corner = dst + (size_t)(dst_height - h) / 2 * dst_width + (dst_width - w) / 2;
	for (uint32_t y = 0; y < h; y++) {
		uint32_t y0 = y * luma->height / h, y1 = (y + 1) * luma->height / h;
		for (uint32_t x = 0; x < w; x++) {
			uint32_t x0 = x * luma->width / w, x1 = (x + 1) * luma->width / w;
			corner[(size_t)y * dst_width + x] =
				area_mean(luma, x0, at_least_one(x0, x1), y0, at_least_one(y0, y1));
		}
	}
}
