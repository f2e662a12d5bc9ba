/*
 * A frame as a camera gone mad would give it: format(1) width(2) height(2) stride(2), then its
 * bytes. Whatever becomes a picture keeps the promises of struct luma and survives the filters.
 */
#include <stdlib.h>

#include "base/bytes.h"
#include "scanner/filter.h"
#include "scanner/luma.h"

enum { PREVIEW_W = 48, PREVIEW_H = 27 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(struct luma *luma)
{
	uint8_t preview[PREVIEW_W * PREVIEW_H];
	size_t bytes = (size_t)luma->width * luma->height;

	if (luma->width % 8 || luma->height % 8 || luma->width < LUMA_SIDE_MIN ||
	    luma->height < LUMA_SIDE_MIN || bytes > LUMA_BYTES_MAX)
		abort();
	luma_fit(luma, preview, PREVIEW_W, PREVIEW_H);
	if (bytes > 256 * 256)
		return; /* the filters see small pictures: large ones only take longer */
	uint8_t *filtered = malloc(bytes);
	if (!filtered)
		abort();
	filter_blur(luma->pixels, filtered, luma->width, luma->height);
	filter_local_threshold(luma->pixels, filtered, luma->width, luma->height);
	free(filtered);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader r = { .data = data, .len = size };
	struct camera_frame f = { 0 };
	static struct luma
		luma; /* taken once: two megabytes for every input would be all it does */

	f.format = (enum pixel_format)(read_uint(&r, 1) % PIXEL_FORMAT_COUNT_);
	f.width = (uint32_t)read_uint(&r, 2);
	f.height = (uint32_t)read_uint(&r, 2);
	f.stride_bytes = (uint32_t)read_uint(&r, 2);
	if (r.bad)
		return 0;
	f.data = data + r.at;
	f.len = size - r.at;
	if (!luma.pixels && !(luma.pixels = malloc(LUMA_BYTES_MAX)))
		abort();
	if (luma_from_frame(&luma, &f))
		look(&luma);
	return 0;
}
