/*
 * Pictures for the simulated camera: YUYV as a USB camera sends it (ITU-R BT.601 luma, chroma
 * shared by two neighbours), 1280x720, from a PNG or drawn here.
 *
 * The drawn photograph is a telephone held up to the camera: slightly turned, unevenly lit, soft
 * and noisy, from a fixed seed so that every run sees the same bytes.
 */
#include <png.h>
#include <qrencode.h>
#include <stdlib.h>
#include <string.h>

#include "hal/sim/camera_sim.h"

#define WIDTH 1280U
#define HEIGHT 720U
#define GROUND 120 /* mid grey, as an auto-exposed hallway */
#define NEUTRAL 128
#define PNG_SIDE_MAX 8192U

void sim_picture_free(struct sim_picture *picture)
{
	free(picture->yuyv);
	*picture = (struct sim_picture){ 0 };
}

static void put_luma(struct sim_picture *p, uint32_t x, uint32_t y, uint8_t luma)
{
	p->yuyv[2 * ((size_t)p->width * y + x)] = luma;
}

static int new_picture(struct sim_picture *p)
{
	*p = (struct sim_picture){ .width = WIDTH, .height = HEIGHT };
	p->yuyv = malloc((size_t)2 * WIDTH * HEIGHT);
	if (!p->yuyv)
		return -ENOMEM;
	for (size_t i = 0; i < (size_t)WIDTH * HEIGHT; i++) {
		p->yuyv[2 * i] = GROUND;
		p->yuyv[2 * i + 1] = NEUTRAL;
	}
	return 0;
}

/* xorshift64*: the same noise on every machine. */
static uint32_t next_random(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return (uint32_t)((*state * UINT64_C(0x2545F4914F6CDD1D)) >> 32);
}

static uint8_t clamp_byte(int value)
{
	return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

/* Sum of four even numbers in -range..range: near enough to a sensor's noise. */
static void add_noise(struct sim_picture *p, int range)
{
	uint64_t state = UINT64_C(0x9E3779B97F4A7C15);

	for (size_t i = 0; i < (size_t)p->width * p->height; i++) {
		uint32_t bits = next_random(&state);
		int noise = 0;
		for (int k = 0; k < 4; k++)
			noise += (int)(bits >> 8 * k & 0xFF) * (2 * range + 1) / 256 - range;
		p->yuyv[2 * i] = clamp_byte(p->yuyv[2 * i] + noise);
	}
}

int sim_picture_blank(struct sim_picture *out)
{
	int r = new_picture(out);

	if (r == 0)
		add_noise(out, 1);
	return r;
}

/* The part of a picture in RGB that becomes one pixel: mean of its area. */
static void area_rgb(const png_image *image, const uint8_t *rgb, const uint32_t box[4], int mean[3])
{
	uint64_t sum[3] = { 0 };
	uint64_t pixels = (uint64_t)(box[1] - box[0]) * (box[3] - box[2]);

	for (uint32_t y = box[2]; y < box[3]; y++)
		for (uint32_t x = box[0]; x < box[1]; x++)
			for (size_t k = 0; k < 3; k++)
				sum[k] += rgb[3 * ((size_t)image->width * y + x) + k];
	for (size_t k = 0; k < 3; k++)
		mean[k] = (int)(sum[k] / pixels);
}

/* BT.601, full range, as cameras in MJPEG and most UVC modules send it (JFIF 1.02). */
static void put_rgb(struct sim_picture *p, uint32_t x, uint32_t y, const int rgb[3])
{
	uint8_t *at = p->yuyv + 2 * ((size_t)p->width * y + x);
	int chroma = x % 2 ? 500 * rgb[0] - 419 * rgb[1] - 81 * rgb[2]
			   : -169 * rgb[0] - 331 * rgb[1] + 500 * rgb[2];

	at[0] = clamp_byte((299 * rgb[0] + 587 * rgb[1] + 114 * rgb[2] + 500) / 1000);
	at[1] = clamp_byte(NEUTRAL + chroma / 1000);
}

static void place(struct sim_picture *p, const png_image *image, const uint8_t *rgb)
{
	uint32_t w = image->width, h = image->height;

	if (w > WIDTH || h > HEIGHT) {
		bool wide = (uint64_t)w * HEIGHT > (uint64_t)h * WIDTH;
		uint32_t fit_w = (uint32_t)((uint64_t)w * HEIGHT / h);
		uint32_t fit_h = (uint32_t)((uint64_t)h * WIDTH / w);
		w = wide ? WIDTH : fit_w > 0 ? fit_w : 1;
		h = !wide ? HEIGHT : fit_h > 0 ? fit_h : 1;
	}
	uint32_t left = (WIDTH - w) / 2, top = (HEIGHT - h) / 2;
	for (uint32_t y = 0; y < h; y++) {
		for (uint32_t x = 0; x < w; x++) {
			const uint32_t box[4] = {
				(uint32_t)((uint64_t)x * image->width / w),
				(uint32_t)((uint64_t)(x + 1) * image->width / w),
				(uint32_t)((uint64_t)y * image->height / h),
				(uint32_t)((uint64_t)(y + 1) * image->height / h),
			};
			int mean[3];
			area_rgb(image, rgb, box, mean);
			put_rgb(p, left + x, top + y, mean);
		}
	}
}

/* libpng's simplified API; transparent parts show the ground. */
static int read_png(png_image *image, const char *path, uint8_t **rgb)
{
	const png_color ground = { GROUND, GROUND, GROUND };

	*rgb = NULL;
	if (access(path, R_OK))
		return -errno;
	if (!png_image_begin_read_from_file(image, path))
		return -EINVAL;
	if (image->width > PNG_SIDE_MAX || image->height > PNG_SIDE_MAX)
		return -EFBIG;
	image->format = PNG_FORMAT_RGB;
	*rgb = malloc(PNG_IMAGE_SIZE(*image));
	if (!*rgb)
		return -ENOMEM;
	return png_image_finish_read(image, &ground, *rgb, 0, NULL) ? 0 : -EINVAL;
}

int sim_picture_from_png(struct sim_picture *out, const char *path)
{
	png_image image = { .version = PNG_IMAGE_VERSION };
	uint8_t *rgb;
	int r = read_png(&image, path, &rgb);

	if (r == 0)
		r = new_picture(out);
	if (r == 0)
		place(out, &image, rgb);
	png_image_free(&image);
	free(rgb);
	return r;
}

/* A telephone in the middle of the picture, seen straight on. */
#define PHONE_HALF_WIDTH 325.0
#define PHONE_HALF_HEIGHT 350.0
#define DISPLAY_HALF_WIDTH 310.0
#define DISPLAY_HALF_HEIGHT 320.0
#define CODE_SIDE_MAX 580.0 /* with its quiet zone */
#define MODULE_MAX 10.0 /* px: small codes are not shown larger than this */
#define QUIET_MODULES 4 /* ISO/IEC 18004 */
#define TURN_COS 0.99820 /* three and a half degrees */
#define TURN_SIN 0.05996
#define SAMPLES 3 /* per axis and pixel; they reach over its border, which makes it soft */
#define SOFTNESS_PX 1.4

enum { PHONE_BODY = 35, PHONE_WHITE = 215, PHONE_BLACK = 45 };

static bool is_outside(double x, double y, double half_width, double half_height)
{
	return x < -half_width || x > half_width || y < -half_height || y > half_height;
}

static int scene_at(const QRcode *code, double module_px, double x, double y)
{
	if (is_outside(x, y, PHONE_HALF_WIDTH, PHONE_HALF_HEIGHT))
		return GROUND;
	if (is_outside(x, y, DISPLAY_HALF_WIDTH, DISPLAY_HALF_HEIGHT))
		return PHONE_BODY;
	double half_px = code->width * module_px / 2;
	if (is_outside(x, y, half_px, half_px))
		return PHONE_WHITE;
	int column = (int)((x + half_px) / module_px), row = (int)((y + half_px) / module_px);
	if (column >= code->width || row >= code->width)
		return PHONE_WHITE; /* exactly on the far edge */
	return code->data[row * code->width + column] & 1 ? PHONE_BLACK : PHONE_WHITE;
}

/* Brighter from the upper left to the lower right by a quarter, as under a ceiling lamp. */
static int light(int value, uint32_t x, uint32_t y)
{
	return value * (int)(870 + 130 * x / WIDTH + 120 * y / HEIGHT) / 1000;
}

static void draw_phone(struct sim_picture *p, const QRcode *code)
{
	double module_px = CODE_SIDE_MAX / (code->width + 2 * QUIET_MODULES);

	if (module_px > MODULE_MAX)
		module_px = MODULE_MAX;
	for (uint32_t y = 0; y < p->height; y++) {
		for (uint32_t x = 0; x < p->width; x++) {
			int sum = 0;
			for (int k = 0; k < SAMPLES * SAMPLES; k++) {
				double dx = (k % SAMPLES - 1) * SOFTNESS_PX / 2;
				double dy = (k / SAMPLES - 1) * SOFTNESS_PX / 2;
				double u = x + dx - WIDTH / 2.0, v = y + dy - HEIGHT / 2.0;
				sum += scene_at(code, module_px, TURN_COS * u + TURN_SIN * v,
						TURN_COS * v - TURN_SIN * u);
			}
			put_luma(p, x, y, clamp_byte(light(sum / (SAMPLES * SAMPLES), x, y)));
		}
	}
}

int sim_picture_with_code(struct sim_picture *out, const char *text)
{
	/* Bytes as they are: the reader must not depend on a character set being named. */
	QRcode *code =
		QRcode_encodeData((int)strlen(text), (const unsigned char *)text, 0, QR_ECLEVEL_M);

	if (!code)
		return errno == ERANGE ? -E2BIG : -errno;
	int r = new_picture(out);
	if (r == 0) {
		draw_phone(out, code);
		add_noise(out, 2);
	}
	QRcode_free(code);
	return r;
}
