#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <poll.h>
#include <sys/stat.h>

#include <png.h>
#include <qrencode.h>
#include <zbar.h>

#include "codec/escpos.h"
#include "codec/pass.h"
#include "hal/printer.h"
#include "hal/sim/world.h"

#define MARGIN_PX 40
#define FEED_ROWS (4 * 34)
#define QR_DOTS 8
#define QR_QUIET 4

/* The whole way: bitmap -> ESC/POS -> driver -> simulated printer -> PNG -> zbar. */
struct rig {
	struct sim_world world;
	struct sim_printer *sim;
	struct printer *p;
	int64_t now;
};

static struct rig *rig_new(void)
{
	struct rig *r = calloc(1, sizeof(*r));
	int fd;

	assert_non_null(r);
	assert_int_equal(sim_printer_open(&r->sim, &r->world, &fd), 0);
	assert_int_equal(printer_open_fd(&r->p, fd), 0);
	return r;
}

static void rig_free(struct rig *r)
{
	printer_close(r->p);
	sim_printer_close(r->sim);
	free(r);
}

static bool readable(int fd, short events)
{
	struct pollfd pfd = { .fd = fd, .events = events };

	return fd >= 0 && poll(&pfd, 1, 0) > 0;
}

/* A main loop over virtual time. */
static enum printer_result run(struct rig *r, int64_t until_ms)
{
	for (int spins = 0; spins < 100000; spins++) {
		sim_printer_pump(r->sim);
		if (!readable(printer_fd(r->p), printer_events(r->p))) {
			int64_t next = printer_deadline_ms(r->p);
			if (next > until_ms)
				return PRINTER_NOTHING;
			r->now = next > r->now ? next : r->now;
		}
		enum printer_result result = printer_io(r->p, r->now);
		if (result != PRINTER_NOTHING)
			return result;
	}
	fail_msg("the driver spins");
	return PRINTER_NOTHING;
}

static void print(struct rig *r, const struct bitmap *b)
{
	size_t cap = escpos_job_bytes(b);
	uint8_t *job = malloc(cap);

	assert_non_null(job);
	assert_int_equal(escpos_encode(b, job, cap), cap);
	assert_int_equal(printer_print(r->p, job, cap, r->now), 0);
	free(job);
}

static void dot(struct bitmap *b, int32_t x, int32_t y)
{
	b->bits[(size_t)y * (ESCPOS_WIDTH_PX / 8) + (size_t)x / 8] |= (uint8_t)(0x80 >> x % 8);
}

static void module(struct bitmap *b, int32_t x, int32_t y)
{
	for (int32_t dy = 0; dy < QR_DOTS; dy++)
		for (int32_t dx = 0; dx < QR_DOTS; dx++)
			dot(b, (x + QR_QUIET) * QR_DOTS + dx, (y + QR_QUIET) * QR_DOTS + dy);
}

/* A pass as far as this test needs it: its code, and a frame that touches all four edges. */
static struct bitmap picture_of(const char *text)
{
	QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	struct bitmap b = { .width_px = ESCPOS_WIDTH_PX };

	assert_non_null(code);
	assert_int_equal(code->version, 6); /* alphanumeric mode was chosen */
	b.height_px = (code->width + 2 * QR_QUIET) * QR_DOTS + 21;
	b.bits = calloc((size_t)b.height_px, ESCPOS_WIDTH_PX / 8);
	assert_non_null(b.bits);
	for (int32_t i = 0; i < code->width * code->width; i++)
		if (code->data[i] & 1)
			module(&b, i % code->width, i / code->width);
	for (int32_t x = 0; x < ESCPOS_WIDTH_PX; x++) {
		dot(&b, x, 0);
		dot(&b, x, b.height_px - 1);
	}
	for (int32_t y = 0; y < b.height_px; y++) {
		dot(&b, 0, y);
		dot(&b, ESCPOS_WIDTH_PX - 1, y);
	}
	QRcode_free(code);
	return b;
}

static void pass_text(char text[PASS_TEXT_BYTES])
{
	static const uint8_t seed[PASS_SEED_BYTES] = { 42 };
	const struct pass pass = { .key_id = 1,
				   .site = 77,
				   .serial = UINT64_C(0xFEDCBA9876543210),
				   .not_before_s = 1795392000,
				   .expires_s = 1795406400,
				   .max_uses = 2 };

	pass_sign(&pass, seed, text);
}

struct grey {
	int32_t width, height;
	uint8_t *pixels;
};

static struct grey load(const char *path)
{
	png_image image = { .version = PNG_IMAGE_VERSION };
	struct grey g;

	assert_true(png_image_begin_read_from_file(&image, path));
	assert_int_equal(image.format, PNG_FORMAT_GRAY); /* 8 bit, no colour, no alpha */
	g.width = (int32_t)image.width;
	g.height = (int32_t)image.height;
	g.pixels = malloc(PNG_IMAGE_SIZE(image));
	assert_non_null(g.pixels);
	assert_true(png_image_finish_read(&image, NULL, g.pixels, 0, NULL));
	return g;
}

static struct grey save_and_load(const struct rig *r, const char *name)
{
	char path[256];

	mkdir(TEST_BINARY_DIR "/shots", 0777);
	snprintf(path, sizeof(path), TEST_BINARY_DIR "/shots/%s.png", name);
	assert_int_equal(sim_printer_save(r->sim, path), 0);
	return load(path);
}

/* Every pixel of the paper: the bitmap where it must be, white everywhere else. */
static void assert_paper_shows(const struct grey *g, const struct bitmap *b)
{
	assert_int_equal(g->width, ESCPOS_WIDTH_PX + 2 * MARGIN_PX);
	assert_int_equal(g->height, b->height_px + FEED_ROWS + 2 * MARGIN_PX);
	for (int32_t i = 0; i < g->width * g->height; i++) {
		int32_t x = i % g->width - MARGIN_PX, y = i / g->width - MARGIN_PX;
		bool black = false;
		if (x >= 0 && x < b->width_px && y >= 0 && y < b->height_px)
			black = b->bits[y * (ESCPOS_WIDTH_PX / 8) + x / 8] & 0x80 >> x % 8;
		if (g->pixels[i] != (black ? 0 : 255))
			fail_msg("pixel %d, %d differs", x, y);
	}
}

static void assert_zbar_reads(const struct grey *g, const char *text)
{
	zbar_image_scanner_t *scanner = zbar_image_scanner_create();
	zbar_image_t *image = zbar_image_create();

	zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
	zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
	zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
	zbar_image_set_size(image, (unsigned)g->width, (unsigned)g->height);
	zbar_image_set_data(image, g->pixels, (unsigned long)g->width * (unsigned long)g->height,
			    NULL);
	assert_int_equal(zbar_scan_image(scanner, image), 1);
	assert_string_equal(zbar_symbol_get_data(zbar_image_first_symbol(image)), text);
	zbar_image_destroy(image);
	zbar_image_scanner_destroy(scanner);
}

static void test_pass_on_paper(void **state)
{
	(void)state;
	struct rig *r = rig_new();
	char text[PASS_TEXT_BYTES];
	pass_text(text);
	struct bitmap b = picture_of(text);
	assert_int_equal(sim_printer_save(r->sim, "/nonexistent/p.png"), -ENOENT); /* no page yet */
	print(r, &b);
	assert_int_equal(run(r, 60000), PRINTER_JOB_DONE);
	assert_int_equal(printer_state(r->p), PRINTER_READY);
	assert_int_equal(sim_printer_pages(r->sim), 1);
	struct grey g = save_and_load(r, "pass");
	assert_paper_shows(&g, &b);
	assert_zbar_reads(&g, text);
	assert_int_equal(sim_printer_save(r->sim, "/nonexistent/p.png"), -EIO);
	free(g.pixels);
	free(b.bits);
	rig_free(r);
}

/* Each fault with what driver and paper must say; then all is well and the next job is whole. */
struct fault_case {
	enum sim_fault fault;
	enum printer_result result;
	enum printer_state state;
	int pages;
};

static void play_fault(const struct fault_case *c, const struct bitmap *b)
{
	struct rig *r = rig_new();

	r->world.fault[SIM_PRINTER] = c->fault;
	print(r, b);
	assert_int_equal(run(r, 60000), c->result);
	assert_int_equal(printer_state(r->p), c->state);
	assert_int_equal(sim_printer_pages(r->sim), c->pages);
	r->world.fault[SIM_PRINTER] = SIM_OK;
	if (c->state != PRINTER_ABSENT) {
		printer_ask(r->p, r->now);
		assert_int_equal(run(r, r->now + 5000), PRINTER_NOTHING);
		assert_int_equal(printer_state(r->p), PRINTER_READY);
		print(r, b);
		assert_int_equal(run(r, r->now + 60000), PRINTER_JOB_DONE);
	}
	rig_free(r);
}

static void test_faults(void **state)
{
	(void)state;
	static const struct fault_case cases[] = {
		{ SIM_OK, PRINTER_JOB_DONE, PRINTER_READY, 1 },
		{ SIM_PAPER_LOW, PRINTER_JOB_DONE, PRINTER_PAPER_LOW, 1 },
		{ SIM_PAPER_END, PRINTER_JOB_FAILED, PRINTER_PAPER_END, 0 },
		{ SIM_COVER_OPEN, PRINTER_JOB_FAILED, PRINTER_COVER_OPEN, 0 },
		{ SIM_GARBAGE, PRINTER_JOB_UNSURE, PRINTER_UNKNOWN, 1 },
		{ SIM_HUNG, PRINTER_JOB_FAILED, PRINTER_HUNG, 0 },
		{ SIM_ABSENT, PRINTER_JOB_FAILED, PRINTER_ABSENT, 0 },
		{ SIM_UNPLUGGED, PRINTER_JOB_FAILED, PRINTER_ABSENT, 0 },
	};
	char text[PASS_TEXT_BYTES];
	pass_text(text);
	struct bitmap b = picture_of(text);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		play_fault(&cases[i], &b);
	free(b.bits);
}

/* Calls the driver n times; false when the page was out before. */
static bool run_calls(struct rig *r, int n)
{
	for (int i = 0; i < n; i++) {
		assert_int_equal(printer_io(r->p, r->now), PRINTER_NOTHING);
		sim_printer_pump(r->sim);
		if (sim_printer_pages(r->sim) > 0)
			return false;
	}
	return true;
}

static bool play_fault_at(enum sim_fault fault, int calls, const struct bitmap *b)
{
	struct rig *r = rig_new();

	print(r, b);
	bool begun_in_time = run_calls(r, calls);
	if (begun_in_time) {
		r->world.fault[SIM_PRINTER] = fault;
		enum printer_result result = run(r, 60000);
		assert_true(result == PRINTER_JOB_FAILED ||
			    (fault == SIM_HUNG && result == PRINTER_JOB_UNSURE));
		assert_int_equal(sim_printer_pages(r->sim), 0);
	}
	rig_free(r);
	return begun_in_time;
}

/* A fault that begins at any moment before the cut: no page, and never DONE. */
static void test_faults_in_mid_job(void **state)
{
	(void)state;
	static const enum sim_fault faults[] = { SIM_PAPER_END, SIM_COVER_OPEN, SIM_UNPLUGGED,
						 SIM_HUNG };
	char text[PASS_TEXT_BYTES];
	pass_text(text);
	struct bitmap b = picture_of(text);
	for (size_t f = 0; f < ARRAY_LEN(faults); f++) {
		int calls = 0;
		while (play_fault_at(faults[f], calls, &b))
			calls++;
		assert_true(calls > 4);
	}
	free(b.bits);
}

/* After a hang in mid-block the next page is whole: the block was filled up. */
static void test_next_page_after_hang(void **state)
{
	(void)state;
	struct rig *r = rig_new();
	char text[PASS_TEXT_BYTES];
	pass_text(text);
	struct bitmap b = picture_of(text);
	print(r, &b);
	assert_true(run_calls(r, 4));
	r->world.fault[SIM_PRINTER] = SIM_HUNG;
	assert_int_equal(run(r, 60000), PRINTER_JOB_FAILED);
	r->world.fault[SIM_PRINTER] = SIM_OK;
	print(r, &b);
	assert_int_equal(run(r, 60000), PRINTER_JOB_DONE);
	struct grey g = save_and_load(r, "pass-after-hang");
	assert_zbar_reads(&g, text);
	/* the torn first piece hangs above the whole pass on one strip */
	assert_true(g.height > b.height_px + FEED_ROWS + 2 * MARGIN_PX);
	free(g.pixels);
	free(b.bits);
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pass_on_paper),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_faults_in_mid_job),
		cmocka_unit_test(test_next_page_after_hang),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
