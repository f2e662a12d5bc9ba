#include "office/photo.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include "base/fileio.h"
#include "scanner/decode.h"

#define FILE_MAX ((size_t)64 << 20)
#define SIDE_MAX 16384U

/* A grey picture of any size. */
struct grey {
	uint32_t width, height;
	uint8_t *pixels; /* malloc'ed */
};

static bool fit(uint32_t width, uint32_t height)
{
	return width >= LUMA_SIDE_MIN && height >= LUMA_SIDE_MIN && width <= SIDE_MAX &&
	       height <= SIDE_MAX;
}

static bool read_png(const char *data, size_t len, struct grey *grey)
{
	png_image image = { .version = PNG_IMAGE_VERSION };
	png_color white = { 255, 255, 255 };

	if (!png_image_begin_read_from_memory(&image, data, len))
		return false;
	image.format = PNG_FORMAT_GRAY;
	grey->width = image.width;
	grey->height = image.height;
	bool good = fit(image.width, image.height) &&
		    (grey->pixels = malloc(PNG_IMAGE_SIZE(image))) &&
		    png_image_finish_read(&image, &white, grey->pixels, 0, NULL);
	png_image_free(&image);
	return good;
}

struct jpeg_failure {
	struct jpeg_error_mgr manager; /* first: libjpeg knows it by this */
	jmp_buf back;
};

static void fail(j_common_ptr info)
{
	longjmp(((struct jpeg_failure *)info->err)->back, 1);
}

static void say_nothing(j_common_ptr info)
{
	(void)info;
}

static void read_rows(struct jpeg_decompress_struct *info, struct grey *grey)
{
	info->out_color_space = JCS_GRAYSCALE;
	jpeg_start_decompress(info);
	grey->width = info->output_width;
	grey->height = info->output_height;
	grey->pixels = malloc((size_t)grey->width * grey->height);
	while (grey->pixels && info->output_scanline < info->output_height) {
		uint8_t *row = grey->pixels + (size_t)info->output_scanline * grey->width;
		jpeg_read_scanlines(info, &row, 1);
	}
}

static bool read_jpeg(const char *data, size_t len, struct grey *grey)
{
	struct jpeg_decompress_struct info;
	struct jpeg_failure failure;

	info.err = jpeg_std_error(&failure.manager);
	failure.manager.error_exit = fail;
	failure.manager.output_message = say_nothing;
	if (setjmp(failure.back)) {
		jpeg_destroy_decompress(&info);
		return false;
	}
	jpeg_create_decompress(&info);
	jpeg_mem_src(&info, (const unsigned char *)data, len);
	jpeg_read_header(&info, TRUE);
	bool good = fit(info.image_width, info.image_height);
	if (good)
		read_rows(&info, grey);
	good = good && grey->pixels;
	jpeg_destroy_decompress(&info); /* also of one that was not read to its end */
	return good;
}

/* Area average by a whole factor, so that it fits what the decoder looks at. */
static void shrink(const struct grey *grey, uint32_t factor, struct luma *luma)
{
	luma->width = grey->width / factor / 8 * 8;
	luma->height = grey->height / factor / 8 * 8;
	for (uint32_t y = 0; y < luma->height; y++)
		for (uint32_t x = 0; x < luma->width; x++) {
			uint32_t sum = 0;
			for (uint32_t j = 0; j < factor; j++)
				for (uint32_t i = 0; i < factor; i++)
					sum += grey->pixels[(size_t)(y * factor + j) * grey->width +
							    x * factor + i];
			luma->pixels[(size_t)y * luma->width + x] =
				(uint8_t)(sum / (factor * factor));
		}
}

/* A small code in a large picture needs its pixels, a blurred one is read better without them: from
 * the largest that fits down to an eighth of it. */
static bool scan(struct decoder *decoder, const struct grey *grey, struct luma *luma,
		 struct decode_result *result)
{
	uint32_t factor = 1;

	while (grey->width / factor > LUMA_WIDTH_MAX || grey->height / factor > LUMA_HEIGHT_MAX)
		factor++;
	for (int more = 0; more < 4; more++, factor++) {
		shrink(grey, factor, luma);
		if (luma->width < LUMA_SIDE_MIN || luma->height < LUMA_SIDE_MIN)
			return false;
		if (decoder_scan_all(decoder, luma, result))
			return true;
	}
	return false;
}

static enum photo_outcome find_code(const struct grey *grey, char *text, size_t cap)
{
	struct decode_result result;
	struct decoder *decoder = NULL;
	struct luma luma = { 0 };
	enum photo_outcome outcome = PHOTO_FAILED;

	if (decoder_open(&decoder) == 0 && luma_open(&luma) == 0) {
		bool found = scan(decoder, grey, &luma, &result) && result.len < cap;
		outcome = found ? PHOTO_GOOD : PHOTO_NO_CODE;
		if (found) {
			memcpy(text, result.payload, result.len);
			text[result.len] = '\0';
		}
	}
	luma_close(&luma);
	if (decoder)
		decoder_close(decoder);
	return outcome;
}

enum photo_outcome photo_read(const char *path, char *text, size_t cap)
{
	struct grey grey = { 0 };
	char *data;
	size_t len;
	int err = file_read(path, FILE_MAX, &data, &len);

	if (err)
		return err == -EFBIG ? PHOTO_NO_PICTURE : PHOTO_NO_FILE;
	bool good = len > 3 && (memcmp(data, "\xFF\xD8\xFF", 3) == 0 ? read_jpeg(data, len, &grey)
								     : read_png(data, len, &grey));
	enum photo_outcome outcome = good ? find_code(&grey, text, cap) : PHOTO_NO_PICTURE;
	free(grey.pixels);
	free(data);
	return outcome;
}
