/*
 * Motion JPEG to grey by libjpeg. Cameras send baseline JPEG, many without Huffman tables (the
 * defaults of ITU-T T.81 annex K are meant; libjpeg-turbo puts them in). Progressive and arithmetic
 * coding are refused: no camera uses them, and a progressive picture makes the decoder hold and
 * walk the whole image once per scan, as often as its author likes.
 */
#include "scanner/luma.h"

#include <setjmp.h>
#include <stdlib.h>

#include <jpeglib.h>

struct mjpeg {
	struct jpeg_decompress_struct jpeg;
	struct jpeg_error_mgr errors;
	jmp_buf bail;
};

/* libjpeg must not return from a fatal error, and must not exit the program either. */
static void fatal(j_common_ptr common)
{
	struct mjpeg *m = common->client_data;
	longjmp(m->bail, 1);
}

/* A damaged picture is the camera's ordinary life: no line for each. */
static void quiet(j_common_ptr common, int level)
{
	if (level < 0)
		common->err->num_warnings++;
}

static bool header_is_usable(const struct jpeg_decompress_struct *jpeg)
{
	return !jpeg->progressive_mode && !jpeg->arith_code && jpeg->data_precision == 8 &&
	       jpeg->image_width > 0 && jpeg->image_height > 0 &&
	       jpeg->image_width <= LUMA_WIDTH_MAX && jpeg->image_height <= LUMA_HEIGHT_MAX &&
	       (jpeg->jpeg_color_space == JCS_YCbCr || jpeg->jpeg_color_space == JCS_GRAYSCALE);
}

static bool decode(struct mjpeg *m, uint8_t *out)
{
	struct jpeg_decompress_struct *jpeg = &m->jpeg;

	if (jpeg_read_header(jpeg, TRUE) != JPEG_HEADER_OK || !header_is_usable(jpeg))
		return false;
	jpeg->out_color_space = JCS_GRAYSCALE;
	jpeg->dct_method = JDCT_IFAST; /* an error of a grey level or two is far below the noise */
	if (!jpeg_start_decompress(jpeg) || jpeg->output_components != 1)
		return false;
	while (jpeg->output_scanline < jpeg->output_height) {
		JSAMPROW row = out + (size_t)jpeg->output_width * jpeg->output_scanline;
		if (jpeg_read_scanlines(jpeg, &row, 1) != 1)
			return false;
	}
	return true;
}

bool mjpeg_to_grey(const uint8_t *data, size_t len, uint8_t *out, uint32_t *width, uint32_t *height)
{
	struct mjpeg m = { 0 };
	volatile bool good = false;

	if (len == 0)
		return false;
	m.jpeg.err = jpeg_std_error(&m.errors);
	m.errors.error_exit = fatal;
	m.errors.emit_message = quiet;
	m.jpeg.client_data = &m;
	if (setjmp(m.bail) == 0) {
		jpeg_create_decompress(&m.jpeg);
		jpeg_mem_src(&m.jpeg, data, len);
		good = decode(&m, out);
	}
	*width = m.jpeg.image_width;
	*height = m.jpeg.image_height;
	jpeg_destroy_decompress(&m.jpeg);
	return good;
}

enum { TEST_SIDE = 16, TEST_GREY = 100 };

/* A flat colour picture in *data (malloc'ed by libjpeg), as a camera would send it. */
static bool encode_test_picture(unsigned char **data, unsigned long *len)
{
	struct jpeg_compress_struct jpeg = { 0 };
	struct jpeg_error_mgr errors;
	JSAMPLE pixels[TEST_SIDE * 3];
	JSAMPROW row = pixels;

	for (int i = 0; i < TEST_SIDE * 3; i++)
		pixels[i] = TEST_GREY;
	jpeg.err = jpeg_std_error(&errors); /* its exit is right here: this is the start */
	jpeg_create_compress(&jpeg);
	jpeg_mem_dest(&jpeg, data, len);
	jpeg.image_width = jpeg.image_height = TEST_SIDE;
	jpeg.input_components = 3;
	jpeg.in_color_space = JCS_RGB;
	jpeg_set_defaults(&jpeg);
	jpeg_start_compress(&jpeg, TRUE);
	while (jpeg.next_scanline < TEST_SIDE)
		jpeg_write_scanlines(&jpeg, &row, 1);
	jpeg_finish_compress(&jpeg);
	jpeg_destroy_compress(&jpeg);
	return *data != NULL;
}

bool mjpeg_self_test(void)
{
	unsigned char *data = NULL;
	unsigned long len = 0;
	uint8_t grey[TEST_SIDE * TEST_SIDE];
	uint32_t width = 0, height = 0;

	bool good = encode_test_picture(&data, &len) &&
		    mjpeg_to_grey(data, len, grey, &width, &height) && width == TEST_SIDE &&
		    height == TEST_SIDE && abs(grey[0] - TEST_GREY) <= 2;
	free(data);
	return good;
}
