#include "scanner/filter.h"

#include <string.h>

#define RADIUS 31U /* of the 63-pixel window: about three finder patterns at 3 px a module */
/* Dark means below this share of the local mean, so that flat paper stays white. */
#define DARK_PERCENT 95U

static const uint8_t *row_at(const uint8_t *src, uint32_t width, uint32_t height, int64_t y)
{
	if (y < 0)
		y = 0;
	if (y >= height)
		y = (int64_t)height - 1;
	return src + (size_t)y * width;
}

void filter_blur(const uint8_t *src, uint8_t *dst, uint32_t width, uint32_t height)
{
	uint16_t sums[FILTER_WIDTH_MAX + 2]; /* one repeated column at either side */

	assert(width > 0 && width <= FILTER_WIDTH_MAX);
	for (uint32_t y = 0; y < height; y++) {
		const uint8_t *a = row_at(src, width, height, (int64_t)y - 1);
		const uint8_t *b = row_at(src, width, height, y);
		const uint8_t *c = row_at(src, width, height, (int64_t)y + 1);
		uint8_t *to = dst + (size_t)y * width;
		for (uint32_t x = 0; x < width; x++)
			sums[x + 1] = (uint16_t)(a[x] + 2 * b[x] + c[x]);
		sums[0] = sums[1];
		sums[width + 1] = sums[width];
		for (uint32_t x = 0; x < width; x++)
			to[x] = (uint8_t)((sums[x] + 2 * sums[x + 1] + sums[x + 2] + 8) >> 4);
	}
}

/*
 * columns[x] is the sum of the 63 rows around y in column x (border rows repeated); before[x] the
 * sum of all columns left of x. The window is cut off at the left and right border, so the pixel is
 * compared through the number of columns in it.
 */
static void threshold_row(const uint8_t *from, uint8_t *to, uint32_t width, const uint32_t *before)
{
	for (uint32_t x = 0; x < width; x++) {
		uint32_t left = x > RADIUS ? x - RADIUS : 0;
		uint32_t right = x + RADIUS + 1 < width ? x + RADIUS + 1 : width;
		uint32_t sum = before[right] - before[left];
		uint32_t pixels = (right - left) * (2 * RADIUS + 1);
		to[x] = (uint64_t)from[x] * pixels * 100 < (uint64_t)sum * DARK_PERCENT ? 0 : 255;
	}
}

void filter_local_threshold(const uint8_t *src, uint8_t *dst, uint32_t width, uint32_t height)
{
	uint32_t columns[FILTER_WIDTH_MAX] = { 0 }, before[FILTER_WIDTH_MAX + 1];

	assert(width > 0 && width <= FILTER_WIDTH_MAX);
	for (int64_t y = -(int64_t)RADIUS; y <= (int64_t)RADIUS; y++) {
		const uint8_t *row = row_at(src, width, height, y);
		for (uint32_t x = 0; x < width; x++)
			columns[x] += row[x];
	}
	for (uint32_t y = 0; y < height; y++) {
		before[0] = 0;
		for (uint32_t x = 0; x < width; x++)
			before[x + 1] = before[x] + columns[x];
		threshold_row(src + (size_t)y * width, dst + (size_t)y * width, width, before);
		const uint8_t *leaves = row_at(src, width, height, (int64_t)y - RADIUS);
		const uint8_t *enters = row_at(src, width, height, (int64_t)y + RADIUS + 1);
		for (uint32_t x = 0; x < width; x++)
			columns[x] += (uint32_t)enters[x] - leaves[x];
	}
}
