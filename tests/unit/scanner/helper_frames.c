#include "helper_frames.h"

#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

static uint8_t *allocate(size_t len)
{
	uint8_t *p = malloc(len);

	if (!p)
		abort();
	return p;
}

static void to_jpeg(struct camera_frame *f, const uint8_t *grey, bool progressive)
{
	struct jpeg_compress_struct jpeg;
	struct jpeg_error_mgr errors;
	unsigned char *data = NULL;
	unsigned long len = 0;

	jpeg.err = jpeg_std_error(&errors);
	jpeg_create_compress(&jpeg);
	jpeg_mem_dest(&jpeg, &data, &len);
	jpeg.image_width = f->width;
	jpeg.image_height = f->height;
	jpeg.input_components = 3;
	jpeg.in_color_space = JCS_YCbCr; /* with colour, as cameras send it */
	jpeg_set_defaults(&jpeg);
	jpeg_set_quality(&jpeg, 85, TRUE);
	if (progressive)
		jpeg_simple_progression(&jpeg);
	jpeg_start_compress(&jpeg, TRUE);
	uint8_t *row = allocate((size_t)3 * f->width);
	while (jpeg.next_scanline < f->height) {
		for (uint32_t x = 0; x < f->width; x++) {
			row[3 * x] = grey[(size_t)f->width * jpeg.next_scanline + x];
			row[3 * x + 1] = 140;
			row[3 * x + 2] = 110;
		}
		jpeg_write_scanlines(&jpeg, &row, 1);
	}
	jpeg_finish_compress(&jpeg);
	jpeg_destroy_compress(&jpeg);
	free(row);
	uint8_t *exact = allocate(len);
	memcpy(exact, data, len);
	free(data);
	f->data = exact;
	f->len = len;
}

static void to_planes(struct camera_frame *f, const uint8_t *grey, uint32_t padding)
{
	uint32_t step = f->format == PIXEL_YUYV ? 2 : 1;

	f->stride_bytes = f->width * step + padding;
	f->len = (size_t)f->stride_bytes * (f->height - 1) + (size_t)f->width * step;
	if (f->format == PIXEL_NV12)
		f->len += (size_t)f->stride_bytes * ((f->height + 1) / 2);
	uint8_t *data = allocate(f->len);
	memset(data, 0x5A, f->len);
	for (uint32_t y = 0; y < f->height; y++)
		for (uint32_t x = 0; x < f->width; x++)
			data[(size_t)f->stride_bytes * y + (size_t)step * x] =
				grey[(size_t)f->width * y + x];
	f->data = data;
}

struct camera_frame frame_from_grey(enum pixel_format format, const uint8_t *grey, uint32_t width,
				    uint32_t height, uint32_t padding)
{
	struct camera_frame f = { .format = format, .width = width, .height = height };

	if (format == PIXEL_MJPEG)
		to_jpeg(&f, grey, false);
	else
		to_planes(&f, grey, padding);
	return f;
}

struct camera_frame frame_progressive(const uint8_t *grey, uint32_t width, uint32_t height)
{
	struct camera_frame f = { .format = PIXEL_MJPEG, .width = width, .height = height };

	to_jpeg(&f, grey, true);
	return f;
}

void frame_drop_segments(struct camera_frame *f, uint8_t marker)
{
	uint8_t *data = (uint8_t *)f->data;
	size_t at = 2; /* after SOI */

	while (at + 4 <= f->len && data[at] == 0xFF && data[at + 1] != 0xDA) {
		size_t len = 2 + ((size_t)data[at + 2] << 8 | data[at + 3]);
		if (data[at + 1] != marker) {
			at += len;
			continue;
		}
		memmove(data + at, data + at + len, f->len - at - len);
		f->len -= len;
	}
}

void frame_free(struct camera_frame *f)
{
	free((uint8_t *)f->data);
	*f = (struct camera_frame){ 0 };
}

uint8_t *grey_with_code(const QRcode *code, uint32_t module_px, uint32_t width, uint32_t height)
{
	uint8_t *grey = allocate((size_t)width * height);
	uint32_t side = (uint32_t)code->width * module_px;

	memset(grey, 220, (size_t)width * height);
	if (side > width || side > height)
		abort();
	for (uint32_t y = 0; y < side; y++)
		for (uint32_t x = 0; x < side; x++)
			if (code->data[y / module_px * (uint32_t)code->width + x / module_px] & 1)
				grey[(size_t)width * ((height - side) / 2 + y) +
				     (width - side) / 2 + x] = 40;
	return grey;
}
