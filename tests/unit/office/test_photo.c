/* A pass photographed: as PNG and as JPEG, small and as large as a telephone makes it; and pictures
 * of something else. */
#include <png.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jpeglib.h>
#include <qrencode.h>

#include "base/fileio.h"
#include "codec/hex.h"
#include "codec/manifest.h"
#include "codec/pass.h"
#include "office/commands.h"
#include "office/photo.h"

#define TEXT "KP1:HELLO $%*+-./: 0123456789"

static char path[] = "/tmp/gatehouse-photo-XXXXXX";

/* A code on grey paper in the middle of a picture, module pixels a module. */
static uint8_t *draw(const char *text, unsigned width, unsigned height, unsigned module)
{
	QRcode *qr = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	uint8_t *grey = malloc((size_t)width * height);

	assert_true(qr && grey);
	memset(grey, 0xC8, (size_t)width * height);
	unsigned side = (unsigned)qr->width, x0 = (width - side * module) / 2;
	unsigned y0 = (height - side * module) / 2;
	for (unsigned i = 0; i < side * module; i++)
		for (unsigned j = 0; j < side * module; j++)
			if (qr->data[i / module * side + j / module] & 1)
				grey[(size_t)(y0 + i) * width + x0 + j] = 0x28;
	QRcode_free(qr);
	return grey;
}

static void write_png(const uint8_t *grey, unsigned width, unsigned height)
{
	png_image image = { .version = PNG_IMAGE_VERSION,
			    .width = width,
			    .height = height,
			    .format = PNG_FORMAT_GRAY };

	assert_true(png_image_write_to_file(&image, path, 0, grey, 0, NULL));
}

static void write_jpeg(const uint8_t *grey, unsigned width, unsigned height)
{
	struct jpeg_compress_struct info;
	struct jpeg_error_mgr manager;
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	info.err = jpeg_std_error(&manager);
	jpeg_create_compress(&info);
	jpeg_stdio_dest(&info, file);
	info.image_width = width;
	info.image_height = height;
	info.input_components = 1;
	info.in_color_space = JCS_GRAYSCALE;
	jpeg_set_defaults(&info);
	jpeg_set_quality(&info, 75, TRUE);
	jpeg_start_compress(&info, TRUE);
	while (info.next_scanline < height) {
		JSAMPROW row = (JSAMPROW)(uintptr_t)(grey + (size_t)info.next_scanline * width);
		jpeg_write_scanlines(&info, &row, 1);
	}
	jpeg_finish_compress(&info);
	jpeg_destroy_compress(&info);
	fclose(file);
}

static void test_sizes(void **state)
{
	static const unsigned SIZES[][3] = { { 200, 200, 4 },
					     { 640, 480, 8 },
					     { 1920, 1080, 12 },
					     { 3000, 4000, 40 },
					     { 4032, 3024, 16 } };
	char text[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(SIZES); i++) {
		uint8_t *grey = draw(TEXT, SIZES[i][0], SIZES[i][1], SIZES[i][2]);
		write_png(grey, SIZES[i][0], SIZES[i][1]);
		assert_int_equal(photo_read(path, text, sizeof(text)), PHOTO_GOOD);
		assert_string_equal(text, TEXT);
		write_jpeg(grey, SIZES[i][0], SIZES[i][1]);
		assert_int_equal(photo_read(path, text, sizeof(text)), PHOTO_GOOD);
		assert_string_equal(text, TEXT);
		assert_int_equal(photo_read(path, text, strlen(TEXT)), PHOTO_NO_CODE);
		free(grey);
	}
}

static void test_other_files(void **state)
{
	char text[256], *data;
	size_t len;
	uint8_t *grey = draw(TEXT, 640, 480, 8);

	(void)state;
	assert_int_equal(photo_read("/nonexistent", text, sizeof(text)), PHOTO_NO_FILE);
	assert_int_equal(file_write_atomic(path, "", 0, 0600), 0);
	assert_int_equal(photo_read(path, text, sizeof(text)), PHOTO_NO_PICTURE);
	assert_int_equal(file_write_atomic(path, "KP1:", 4, 0600), 0);
	assert_int_equal(photo_read(path, text, sizeof(text)), PHOTO_NO_PICTURE);
	write_png(grey, 60, 60);
	assert_int_equal(photo_read(path, text, sizeof(text)), PHOTO_NO_PICTURE);
	/* cut off and garbled: whatever it says, it ends */
	for (int jpeg = 0; jpeg < 2; jpeg++) {
		(jpeg ? write_jpeg : write_png)(grey, 640, 480);
		assert_int_equal(file_read(path, 1 << 22, &data, &len), 0);
		for (size_t cut = 0; cut < len; cut += len / 20) {
			assert_int_equal(file_write_atomic(path, data, cut, 0600), 0);
			(void)!photo_read(path, text, sizeof(text));
			data[cut] ^= 0x55;
			assert_int_equal(file_write_atomic(path, data, len, 0600), 0);
			(void)!photo_read(path, text, sizeof(text));
			data[cut] ^= 0x55;
		}
		free(data);
	}
	memset(grey, 0xC8, 640 * 480);
	write_png(grey, 640, 480);
	assert_int_equal(photo_read(path, text, sizeof(text)), PHOTO_NO_CODE);
	free(grey);
}

static int office_pass(const char *what, const char *key, char *out)
{
	char *argv[] = { (char *)"gatehouse-office", (char *)"pass",
			 (char *)(uintptr_t)what,    (char *)"--key",
			 (char *)(uintptr_t)key,     NULL };
	FILE *f = fmemopen(out, 1024, "w");
	int code = office_run(5, argv, f, f);

	fclose(f);
	return code;
}

/* The whole way: a pass is signed, printed as a code, photographed and checked. */
static void test_command(void **state)
{
	static const uint8_t SEED[32] = { 4, 4, 4 };
	struct pass pass = {
		.key_id = 3, .site = 7, .serial = 42, .expires_s = 7200, .max_uses = 1
	};
	char text[PASS_TEXT_BYTES], out[1024], hex[HEX_TEXT_BYTES(32)];
	uint8_t public_key[32];

	(void)state;
	pass_sign(&pass, SEED, text);
	manifest_public(SEED, public_key);
	hex_encode(public_key, 32, hex);
	uint8_t *grey = draw(text, 800, 600, 6);
	write_jpeg(grey, 800, 600);
	free(grey);
	assert_int_equal(office_pass(path, hex, out), 0);
	assert_int_equal(strncmp(out, "good: pass 42 of site 7", 23), 0);
	hex[0] = hex[0] == '0' ? '1' : '0';
	assert_int_equal(office_pass(path, hex, out), 1);
	assert_non_null(strstr(out, "altered, or signed by another key"));
	assert_int_equal(office_pass("/nonexistent", hex, out), 1);
	assert_non_null(strstr(out, "neither the text of a pass nor a file"));
}

static int setup(void **state)
{
	(void)state;
	int fd = mkstemp(path);
	close_fd(&fd);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	return unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_other_files),
		cmocka_unit_test(test_command),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
