#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <glob.h>
#include <iconv.h>
#include <malloc.h>

#include "base/fileio.h"
#include "hal/sim/camera_sim.h"
#include "helper_frames.h"
#include "scanner/decode.h"

static struct decoder *decoder;
static struct luma luma;
static struct decode_result result;

static int set_up(void **state)
{
	(void)state;
	return luma_open(&luma) || decoder_open(&decoder);
}

static int tear_down(void **state)
{
	(void)state;
	decoder_close(decoder);
	luma_close(&luma);
	return 0;
}

static void assert_payload(const void *bytes, size_t len)
{
	assert_int_equal(result.len, len);
	assert_memory_equal(result.payload, bytes, len);
}

static QRcode *encode(const void *bytes, size_t len)
{
	QRcode *code = QRcode_encodeData((int)len, bytes, 0, QR_ECLEVEL_M);
	assert_non_null(code);
	return code;
}

static bool read_picture(const struct sim_picture *p)
{
	struct camera_frame f = { .format = PIXEL_YUYV,
				  .width = p->width,
				  .height = p->height,
				  .stride_bytes = 2 * p->width,
				  .data = p->yuyv,
				  .len = (size_t)2 * p->width * p->height };
	assert_true(luma_from_frame(&luma, &f));
	return decoder_scan_all(decoder, &luma, &result);
}

static void test_formats_agree(void **state)
{
	(void)state;
	static const char TEXT[] = "汪斌华|110101199003078670|13800138000|3号楼2单元501";
	static const uint32_t SIZES[][2] = { { 640, 480 }, { 645, 483 }, { 1279, 719 } };
	QRcode *code = encode(TEXT, strlen(TEXT));
	for (size_t i = 0; i < ARRAY_LEN(SIZES); i++) {
		uint8_t *grey = grey_with_code(code, 5, SIZES[i][0], SIZES[i][1]);
		for (int format = 0; format < PIXEL_FORMAT_COUNT_; format++) {
			struct camera_frame f = frame_from_grey((enum pixel_format)format, grey,
								SIZES[i][0], SIZES[i][1], 6);
			assert_true(luma_from_frame(&luma, &f));
			assert_true(decoder_scan_all(decoder, &luma, &result));
			assert_payload(TEXT, strlen(TEXT));
			frame_free(&f);
		}
		free(grey);
	}
	QRcode_free(code);
}

static bool read_code(const QRcode *code)
{
	uint8_t *grey = grey_with_code(code, 4, 1280, 720);
	struct camera_frame f = frame_from_grey(PIXEL_GREY, grey, 1280, 720, 0);
	assert_true(luma_from_frame(&luma, &f));
	bool read = decoder_scan_all(decoder, &luma, &result);
	frame_free(&f);
	free(grey);
	return read;
}

/* Bytes that text mode would take for Shift-JIS, Big5 or Latin-1 and rewrite. */
static void test_bytes_stay_bytes(void **state)
{
	(void)state;
	static const char *const NAMES[] = {
		"张伟", "王芳", "汪斌华", "欧阳修竹", "德木其格", "龘𠮷", "ｱｲｳ日本", "Müller ÿ",
	};
	for (size_t i = 0; i < ARRAY_LEN(NAMES); i++) {
		QRcode *code = encode(NAMES[i], strlen(NAMES[i]));
		assert_true(read_code(code));
		assert_payload(NAMES[i], strlen(NAMES[i]));
		QRcode_free(code);
	}
	uint8_t every[256];
	for (size_t i = 0; i < sizeof(every); i++)
		every[i] = (uint8_t)i;
	QRcode *code = encode(every, sizeof(every));
	assert_true(read_code(code));
	assert_payload(every, sizeof(every));
	QRcode_free(code);
}

static bool read_code_with_eci(unsigned eci, const char *text)
{
	QRinput *input = QRinput_new2(0, QR_ECLEVEL_M);
	assert_non_null(input);
	assert_int_equal(QRinput_appendECIheader(input, eci), 0);
	assert_int_equal(
		QRinput_append(input, QR_MODE_8, (int)strlen(text), (const unsigned char *)text),
		0);
	QRcode *code = QRcode_encodeInput(input);
	assert_non_null(code);
	bool read = read_code(code);
	QRcode_free(code);
	QRinput_free(input);
	return read;
}

/* A code may name its character set (ECI): zbar then turns it into UTF-8; no set makes trouble. */
static void test_named_character_sets(void **state)
{
	(void)state;
	for (unsigned eci = 0; eci < 40; eci++) {
		assert_true(read_code_with_eci(eci, "gate 7"));
		assert_payload("gate 7", 6);
	}
	assert_true(read_code_with_eci(26, "张伟")); /* UTF-8 */
	assert_payload("张伟", 6);
	assert_true(read_code_with_eci(3, "M\xFCller")); /* ISO 8859-1 */
	assert_payload("Müller", 7);
}

static void test_lengths(void **state)
{
	(void)state;
	static const size_t LENGTHS[] = { 1, 63, 200, 700 };
	uint8_t bytes[700];
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 31 + 7);
	for (size_t i = 0; i < ARRAY_LEN(LENGTHS); i++) {
		QRcode *code = encode(bytes, LENGTHS[i]);
		assert_true(read_code(code));
		assert_payload(bytes, LENGTHS[i]);
		QRcode_free(code);
	}
}

/* More than a message can carry is no code at all, rather than half of one. */
static void test_longest(void **state)
{
	(void)state;
	static const char DIGITS[] = "0123456789";
	char text[DECODE_PAYLOAD_MAX + 2] = "";
	for (size_t len = DECODE_PAYLOAD_MAX; len <= DECODE_PAYLOAD_MAX + 1; len++) {
		for (size_t i = 0; i < len; i++)
			text[i] = DIGITS[i % 10];
		QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_L, QR_MODE_8, 1);
		assert_non_null(code);
		assert_int_equal(read_code(code), len <= DECODE_PAYLOAD_MAX);
		if (len <= DECODE_PAYLOAD_MAX)
			assert_payload(text, len);
		QRcode_free(code);
	}
}

static void test_largest_of_several_wins(void **state)
{
	(void)state;
	QRcode *near = encode("near", 4), *far = encode("far", 3);
	for (int swapped = 0; swapped < 2; swapped++) {
		uint8_t *left = grey_with_code(swapped ? far : near, swapped ? 5 : 9, 320, 320);
		uint8_t *right = grey_with_code(swapped ? near : far, swapped ? 9 : 5, 320, 320);
		luma.width = 640;
		luma.height = 320;
		for (size_t y = 0; y < 320; y++) {
			memcpy(luma.pixels + 640 * y, left + 320 * y, 320);
			memcpy(luma.pixels + 640 * y + 320, right + 320 * y, 320);
		}
		assert_true(decoder_scan_all(decoder, &luma, &result));
		assert_payload("near", 4);
		free(left);
		free(right);
	}
	QRcode_free(near);
	QRcode_free(far);
}

static void test_nothing_in_view(void **state)
{
	(void)state;
	struct sim_picture p;
	assert_int_equal(sim_picture_blank(&p), 0);
	assert_false(read_picture(&p));
	assert_int_equal(result.len, 0);
	sim_picture_free(&p);
}

/* Green on white with the noise of a dark hall: the plain picture fails, the blurred one reads. */
static void test_blur_reads_what_noise_hides(void **state)
{
	(void)state;
	enum { NOISE_SIGMA = 25 }; /* of a contrast of 100 */
	static const char TEXT[] = "https://example.org/health/code?id=0123456789abcdef0123456789";
	QRcode *code = encode(TEXT, strlen(TEXT));
	int plain = 0, any = 0, blurred = 0;
	for (uint32_t seed = 1; seed <= 8; seed++) {
		uint8_t *grey = grey_with_code(code, 6, 640, 480);
		uint32_t state32 = seed;
		for (size_t i = 0; i < 640 * 480; i++) {
			int noise = 0;
			for (int k = 0; k < 4; k++) {
				state32 = state32 * 1664525 + 1013904223;
				noise += (int)(state32 >> 24) - 128;
			}
			int level = (grey[i] < 128 ? 120 : 220) + noise * NOISE_SIGMA / 148;
			luma.pixels[i] = (uint8_t)(level < 0 ? 0 : level > 255 ? 255 : level);
		}
		luma.width = 640;
		luma.height = 480;
		plain += decoder_scan(decoder, &luma, RUNG_PLAIN, &result);
		blurred += decoder_scan(decoder, &luma, RUNG_BLUR, &result);
		if (decoder_scan_all(decoder, &luma, &result)) {
			assert_payload(TEXT, strlen(TEXT));
			any++;
		}
		free(grey);
	}
	QRcode_free(code);
	print_message("noisy codes read: plain %d, blur %d, all rungs %d of 8\n", plain, blurred,
		      any);
	assert_true(any >= 7);
	assert_true(blurred >= 7 && plain < any);
}

/* The published text, or the same text in Shift-JIS, as some of the codes hold it. */
static bool is_published_text(const char *text, size_t len)
{
	if (result.len == len && memcmp(result.payload, text, len) == 0)
		return true;
	char sjis[1024];
	char *from = (char *)text, *to = sjis;
	size_t from_len = len, to_len = sizeof(sjis);
	iconv_t cd = iconv_open("SJIS", "UTF-8");
	size_t r = iconv(cd, &from, &from_len, &to, &to_len);
	iconv_close(cd);
	return r != (size_t)-1 && result.len == sizeof(sjis) - to_len &&
	       memcmp(result.payload, sjis, result.len) == 0;
}

/* Photographs by others. The numbers are what is read today: fewer is a step back. */
static void test_published_photographs(void **state)
{
	(void)state;
	glob_t found;
	int read = 0, wrong = 0, by_rung[RUNG_COUNT_] = { 0 };
	assert_int_equal(glob(TEST_SOURCE_DIR "/tests/vectors/qr/*/*.png", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct sim_picture p;
		char path[512], *text;
		size_t len;
		assert_int_equal(sim_picture_from_png(&p, found.gl_pathv[i]), 0);
		snprintf(path, sizeof(path), "%s", found.gl_pathv[i]);
		strcpy(strrchr(path, '.'), ".txt");
		assert_int_equal(file_read(path, 4096, &text, &len), 0);
		if (read_picture(&p)) {
			bool right = is_published_text(text, len);
			read += right;
			wrong += !right;
			by_rung[result.rung] += right;
			if (!right)
				print_message("another text: %s\n", path);
		} else {
			print_message("not read: %s\n", path);
		}
		free(text);
		sim_picture_free(&p);
	}
	print_message("%d of %zu photographs: plain %d, threshold %d, blur %d\n", read,
		      found.gl_pathc, by_rung[RUNG_PLAIN], by_rung[RUNG_THRESHOLD],
		      by_rung[RUNG_BLUR]);
	assert_int_equal(found.gl_pathc, 50);
	assert_int_equal(wrong, 0);
	assert_true(read >= 49);
	assert_true(by_rung[RUNG_THRESHOLD] >= 3);
	globfree(&found);
}

/* zbar keeps a little of every hit; renewing its scanner keeps that from adding up. */
static void test_memory_stays_flat(void **state)
{
	(void)state;
	QRcode *code = encode("gatehouse pass 0123456789 0123456789 0123456789", 46);
	uint8_t *grey = grey_with_code(code, 4, 256, 256);
	memcpy(luma.pixels, grey, 256 * 256);
	luma.width = luma.height = 256;
	size_t before = 0;
	for (int i = 0; i < 1000; i++) {
		assert_true(decoder_scan_all(decoder, &luma, &result));
		if (i == 200)
			before = mallinfo2().uordblks;
	}
	size_t after = mallinfo2().uordblks;
	assert_true(after < before + 100000); /* a leak of 300 bytes a hit would be 240,000 */
	free(grey);
	QRcode_free(code);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formats_agree),
		cmocka_unit_test(test_bytes_stay_bytes),
		cmocka_unit_test(test_named_character_sets),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_largest_of_several_wins),
		cmocka_unit_test(test_nothing_in_view),
		cmocka_unit_test(test_blur_reads_what_noise_hides),
		cmocka_unit_test(test_published_photographs),
		cmocka_unit_test(test_memory_stays_flat),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
