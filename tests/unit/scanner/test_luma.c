#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "helper_frames.h"
#include "scanner/filter.h"

static struct luma luma;

static int set_up(void **state)
{
	(void)state;
	return luma_open(&luma);
}

static int tear_down(void **state)
{
	(void)state;
	luma_close(&luma);
	return 0;
}

/* A picture whose every pixel is different from its neighbours. */
static uint8_t pattern(uint32_t x, uint32_t y)
{
	return (uint8_t)(x * 3 + y * 5);
}

static void assert_pattern(uint32_t width, uint32_t height, int tolerance)
{
	assert_int_equal(luma.width, width & ~7U);
	assert_int_equal(luma.height, height & ~7U);
	for (uint32_t y = 0; y < luma.height; y++)
		for (uint32_t x = 0; x < luma.width; x++)
			assert_true(abs(luma.pixels[(size_t)luma.width * y + x] - pattern(x, y)) <=
				    tolerance);
}

/* Sizes that are no multiples of 8, rows padded, the last row without its padding. */
static void test_formats_and_strides(void **state)
{
	(void)state;
	static const uint32_t SIZES[][2] = {
		{ 64, 64 }, { 65, 71 }, { 100, 90 }, { 639, 479 }, { 1280, 720 }
	};
	static const enum pixel_format FORMATS[] = { PIXEL_YUYV, PIXEL_NV12, PIXEL_GREY };
	for (size_t i = 0; i < ARRAY_LEN(SIZES); i++) {
		uint32_t w = SIZES[i][0], h = SIZES[i][1];
		uint8_t *grey = malloc((size_t)w * h);
		for (uint32_t y = 0; y < h; y++)
			for (uint32_t x = 0; x < w; x++)
				grey[(size_t)w * y + x] = pattern(x, y);
		for (size_t k = 0; k < ARRAY_LEN(FORMATS); k++) {
			for (uint32_t padding = 0; padding <= 13; padding += 13) {
				struct camera_frame f =
					frame_from_grey(FORMATS[k], grey, w, h, padding);
				assert_true(luma_from_frame(&luma, &f));
				assert_pattern(w, h, 0);
				frame_free(&f);
			}
		}
		free(grey);
	}
}

static void test_short_frames_are_damaged(void **state)
{
	(void)state;
	static const enum pixel_format FORMATS[] = { PIXEL_YUYV, PIXEL_NV12, PIXEL_GREY };
	uint8_t *grey = calloc(1, 128 * 72);
	for (size_t k = 0; k < ARRAY_LEN(FORMATS); k++) {
		struct camera_frame f = frame_from_grey(FORMATS[k], grey, 128, 72, 0);
		size_t luma_len = 128 * 72 * (FORMATS[k] == PIXEL_YUYV ? 2 : 1);
		f.len = luma_len;
		assert_true(luma_from_frame(&luma, &f));
		f.len = luma_len - 1;
		assert_false(luma_from_frame(&luma, &f));
		f.len = 0;
		assert_false(luma_from_frame(&luma, &f));
		f.len = luma_len;
		f.stride_bytes--; /* rows shorter than the picture is wide */
		assert_false(luma_from_frame(&luma, &f));
		frame_free(&f);
	}
	free(grey);
}

static void test_absurd_sizes(void **state)
{
	(void)state;
	static const uint32_t SIZES[][2] = {
		{ 0, 0 },
		{ 63, 720 },
		{ 1280, 63 },
		{ LUMA_WIDTH_MAX + 1, 720 },
		{ 1280, LUMA_HEIGHT_MAX + 1 },
		{ UINT32_MAX, UINT32_MAX },
	};
	uint8_t byte = 0;
	for (size_t i = 0; i < ARRAY_LEN(SIZES); i++) {
		struct camera_frame f = { .format = PIXEL_GREY,
					  .width = SIZES[i][0],
					  .height = SIZES[i][1],
					  .stride_bytes = SIZES[i][0],
					  .data = &byte,
					  .len = SIZE_MAX };
		assert_false(luma_from_frame(&luma, &f));
	}
}

static void test_mjpeg(void **state)
{
	(void)state;
	static const uint32_t SIZES[][2] = { { 64, 64 }, { 101, 77 }, { 640, 360 } };
	for (size_t i = 0; i < ARRAY_LEN(SIZES); i++) {
		uint32_t w = SIZES[i][0], h = SIZES[i][1];
		uint8_t *grey = malloc((size_t)w * h);
		for (uint32_t y = 0; y < h; y++)
			for (uint32_t x = 0; x < w; x++)
				grey[(size_t)w * y + x] = (uint8_t)(x / 8 + y / 8 + 50);
		struct camera_frame f = frame_from_grey(PIXEL_MJPEG, grey, w, h, 0);
		assert_true(luma_from_frame(&luma, &f));
		assert_int_equal(luma.width, w & ~7U);
		assert_int_equal(luma.height, h & ~7U);
		for (uint32_t y = 0; y < luma.height; y++)
			for (uint32_t x = 0; x < luma.width; x++)
				assert_true(abs(luma.pixels[(size_t)luma.width * y + x] -
						grey[(size_t)w * y + x]) <= 6);
		frame_free(&f);
		free(grey);
	}
}

/* UVC cameras leave the Huffman tables out of MJPEG (USB video class, MJPEG payload 1.1). */
static void test_mjpeg_without_tables(void **state)
{
	(void)state;
	uint8_t *grey = malloc(128 * 96);
	memset(grey, 90, 128 * 96);
	struct camera_frame f = frame_from_grey(PIXEL_MJPEG, grey, 128, 96, 0);
	frame_drop_segments(&f, 0xC4); /* DHT */
	assert_true(luma_from_frame(&luma, &f));
	assert_true(abs(luma.pixels[64 * 128 + 64] - 90) <= 2);
	frame_free(&f);
	free(grey);
}

static void test_damaged_mjpeg(void **state)
{
	(void)state;
	uint8_t *grey = calloc(1, 256 * 128);
	for (size_t i = 0; i < 256 * 128; i++)
		grey[i] = pattern((uint32_t)i % 256, (uint32_t)i / 256);
	struct camera_frame f = frame_from_grey(PIXEL_MJPEG, grey, 256, 128, 0);
	size_t len = f.len;
	/* Cut anywhere: refused or filled up, never more. The sanitizer watches. */
	for (f.len = 0; f.len < len; f.len += 17) {
		bool good = luma_from_frame(&luma, &f);
		assert_true(!good || (luma.width == 256 && luma.height == 128));
		if (f.len < 100)
			assert_false(good);
	}
	f.len = len;
	f.format = PIXEL_YUYV; /* a JPEG is no raw picture */
	assert_false(luma_from_frame(&luma, &f));
	frame_free(&f);

	struct camera_frame noise = frame_from_grey(PIXEL_GREY, grey, 256, 128, 0);
	noise.format = PIXEL_MJPEG;
	assert_false(luma_from_frame(&luma, &noise));
	frame_free(&noise);
	free(grey);
}

static void test_progressive_and_huge_mjpeg_are_refused(void **state)
{
	(void)state;
	uint8_t *grey = calloc(1, (size_t)(LUMA_WIDTH_MAX + 8) * 128);
	struct camera_frame f = frame_progressive(grey, 256, 128);
	assert_false(luma_from_frame(&luma, &f));
	frame_free(&f);
	f = frame_from_grey(PIXEL_MJPEG, grey, LUMA_WIDTH_MAX + 8, 128, 0);
	assert_false(luma_from_frame(&luma, &f));
	frame_free(&f);
	free(grey);
}

static void fill(uint32_t width, uint32_t height, uint8_t value)
{
	luma.width = width;
	luma.height = height;
	memset(luma.pixels, value, (size_t)width * height);
}

static void test_mean(void **state)
{
	(void)state;
	fill(64, 64, 0);
	assert_int_equal(luma_mean(&luma), 0);
	memset(luma.pixels, 200, 64 * 32);
	assert_int_equal(luma_mean(&luma), 100);
	fill(1280, 720, 255);
	assert_int_equal(luma_mean(&luma), 255);
}

/* The whole picture is in the preview, in its aspect, from any size. */
static void test_fit(void **state)
{
	(void)state;
	enum { W = 480, H = 270 };
	static uint8_t preview[W * H];
	static const uint32_t SIZES[][4] = {
		{ 1280, 720, W, H }, { 1920, 1080, W, H }, { 640, 480, 360, H },
		{ 64, 64, H, H },    { 1280, 64, W, 24 },  { 320, 176, W, 264 },
	};
	for (size_t i = 0; i < ARRAY_LEN(SIZES); i++) {
		fill(SIZES[i][0], SIZES[i][1], 200);
		memset(preview, 1, sizeof(preview));
		luma_fit(&luma, preview, W, H);
		size_t light = 0, dark = 0;
		for (size_t k = 0; k < sizeof(preview); k++) {
			light += preview[k] == 200;
			dark += preview[k] == 0;
		}
		assert_int_equal(light, SIZES[i][2] * SIZES[i][3]);
		assert_int_equal(light + dark, sizeof(preview));
	}
	/* A bright right half is a bright right half. */
	fill(1280, 720, 10);
	for (uint32_t y = 0; y < 720; y++)
		memset(luma.pixels + (size_t)1280 * y + 640, 250, 640);
	luma_fit(&luma, preview, W, H);
	assert_int_equal(preview[100 * W + 239], 10);
	assert_int_equal(preview[100 * W + 240], 250);
}

/* Against the definition, pixel by pixel. */
static void test_local_threshold(void **state)
{
	(void)state;
	enum { W = 136, H = 104, R = 31 };
	static uint8_t src[W * H], dst[W * H];
	uint32_t seed = 1;
	for (size_t i = 0; i < sizeof(src); i++) {
		seed = seed * 1664525 + 1013904223;
		src[i] = (uint8_t)(seed >> 24);
	}
	filter_local_threshold(src, dst, W, H);
	for (int y = 0; y < H; y++) {
		for (int x = 0; x < W; x++) {
			int64_t sum = 0, pixels = 0;
			for (int v = y - R; v <= y + R; v++) {
				int row = v < 0 ? 0 : v >= H ? H - 1 : v;
				for (int u = x - R; u <= x + R; u++) {
					if (u < 0 || u >= W)
						continue;
					sum += src[row * W + u];
					pixels++;
				}
			}
			bool dark = (int64_t)src[y * W + x] * pixels * 100 < sum * 95;
			assert_int_equal(dst[y * W + x], dark ? 0 : 255);
		}
	}
}

static void test_blur(void **state)
{
	(void)state;
	static uint8_t src[16 * 8], dst[16 * 8];
	src[3 * 16 + 5] = 160;
	filter_blur(src, dst, 16, 8);
	assert_int_equal(dst[3 * 16 + 5], 40);
	assert_int_equal(dst[3 * 16 + 6], 20);
	assert_int_equal(dst[2 * 16 + 4], 10);
	assert_int_equal(dst[3 * 16 + 7], 0);
	memset(src, 77, sizeof(src)); /* flat stays flat up to the border */
	filter_blur(src, dst, 16, 8);
	assert_memory_equal(src, dst, sizeof(src));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formats_and_strides),
		cmocka_unit_test(test_short_frames_are_damaged),
		cmocka_unit_test(test_absurd_sizes),
		cmocka_unit_test(test_mjpeg),
		cmocka_unit_test(test_mjpeg_without_tables),
		cmocka_unit_test(test_damaged_mjpeg),
		cmocka_unit_test(test_progressive_and_huge_mjpeg_are_refused),
		cmocka_unit_test(test_mean),
		cmocka_unit_test(test_fit),
		cmocka_unit_test(test_local_threshold),
		cmocka_unit_test(test_blur),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
