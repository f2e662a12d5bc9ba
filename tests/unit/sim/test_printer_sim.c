#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>

#include "hal/sim/world.h"

/* The simulated printer alone, fed with bytes. */
struct rig {
	struct sim_world world;
	struct sim_printer *sim;
	int fd;
};

static struct rig *rig_new(void)
{
	struct rig *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	assert_int_equal(sim_printer_open(&r->sim, &r->world, &r->fd), 0);
	return r;
}

static void rig_free(struct rig *r)
{
	close_fd(&r->fd);
	sim_printer_close(r->sim);
	free(r);
}

static void feed(struct rig *r, const void *bytes, size_t len)
{
	assert_int_equal(write(r->fd, bytes, len), len);
	sim_printer_pump(r->sim);
}

static int ask(struct rig *r, uint8_t n)
{
	const uint8_t request[3] = { 0x10, 0x04, n };
	uint8_t answer[8];

	feed(r, request, sizeof(request));
	ssize_t got = read(r->fd, answer, sizeof(answer));
	return got == 1 ? answer[0] : -1;
}

static void expect_status(enum sim_fault fault, int one, int two, int four)
{
	struct rig *r = rig_new();

	r->world.fault[SIM_PRINTER] = fault;
	assert_int_equal(ask(r, 1), one);
	assert_int_equal(ask(r, 2), two);
	assert_int_equal(ask(r, 4), four);
	rig_free(r);
}

static void test_status(void **state)
{
	(void)state;
	expect_status(SIM_OK, 0x12, 0x12, 0x12);
	expect_status(SIM_PAPER_LOW, 0x12, 0x12, 0x1E);
	expect_status(SIM_PAPER_END, 0x1A, 0x32, 0x7E);
	expect_status(SIM_COVER_OPEN, 0x1A, 0x16, 0x12);
	expect_status(SIM_GARBAGE, 0xFF, 0xFF, 0xFF);
	expect_status(SIM_HUNG, -1, -1, -1);
}

static char *save(const struct rig *r, size_t *len)
{
	char path[] = "/tmp/gatehouse-page-XXXXXX";
	int fd = mkstemp(path);
	char *bytes = malloc(1 << 16);

	assert_true(fd >= 0);
	assert_non_null(bytes);
	assert_int_equal(sim_printer_save(r->sim, path), 0);
	*len = (size_t)read(fd, bytes, 1 << 16);
	close(fd);
	unlink(path);
	return bytes;
}

static const uint8_t page[] = {
	0x1B, '@', 0x1B, 'a', 1,    0x1D, 'v', '0', 0,    2,    0,    3,    0,   0x10, 0x04, 0x01,
	0x1B, '@', 0x1D, 0,   '\n', 0x1B, 'd', 2,   0x10, 0x04, 0x01, 0x1D, 'V', 'B',  3,
};

/* One byte a time gives the page that one piece gives; DLE EOT within a block is picture. */
static void test_split_anywhere(void **state)
{
	(void)state;
	struct rig *whole = rig_new(), *split = rig_new();
	size_t a_len, b_len;
	feed(whole, page, sizeof(page));
	for (size_t i = 0; i < sizeof(page); i++)
		feed(split, page + i, 1);
	assert_int_equal(sim_printer_pages(whole->sim), 1);
	assert_int_equal(sim_printer_pages(split->sim), 1);
	char *a = save(whole, &a_len), *b = save(split, &b_len);
	assert_int_equal(a_len, b_len);
	assert_memory_equal(a, b, a_len);
	uint8_t answers[8];
	assert_int_equal(read(split->fd, answers, sizeof(answers)), 1); /* one request, not two */
	free(a);
	free(b);
	rig_free(whole);
	rig_free(split);
}

/* A byte that is no command shows on the paper. */
static void test_stray_bytes_show(void **state)
{
	(void)state;
	struct rig *clean = rig_new(), *stray = rig_new();
	size_t a_len, b_len;
	feed(clean, page, sizeof(page));
	feed(stray, "A", 1);
	feed(stray, page, sizeof(page));
	char *a = save(clean, &a_len), *b = save(stray, &b_len);
	assert_true(a_len != b_len || memcmp(a, b, a_len) != 0);
	free(a);
	free(b);
	rig_free(clean);
	rig_free(stray);
}

static void test_pages(void **state)
{
	(void)state;
	struct rig *r = rig_new();
	feed(r, "\x1DV\x01", 3); /* a cut without paper out is no page */
	assert_int_equal(sim_printer_pages(r->sim), 0);
	feed(r, page, sizeof(page));
	feed(r, page, sizeof(page));
	assert_int_equal(sim_printer_pages(r->sim), 2);
	feed(r, page, sizeof(page) - 4); /* paper ends before the cut */
	r->world.fault[SIM_PRINTER] = SIM_PAPER_END;
	feed(r, page + sizeof(page) - 4, 4);
	r->world.fault[SIM_PRINTER] = SIM_OK;
	assert_int_equal(sim_printer_pages(r->sim), 2);
	feed(r, page, sizeof(page));
	assert_int_equal(sim_printer_pages(r->sim), 3);
	r->world.fault[SIM_PRINTER] = SIM_COVER_OPEN; /* for a moment within the page */
	feed(r, page, sizeof(page) - 4);
	r->world.fault[SIM_PRINTER] = SIM_OK;
	feed(r, page + sizeof(page) - 4, 4);
	assert_int_equal(sim_printer_pages(r->sim), 3);
	rig_free(r);
}

/* Endless raster: the page stops growing at its end, nothing else happens. */
static void test_bounded(void **state)
{
	(void)state;
	struct rig *r = rig_new();
	static uint8_t rows[2000];
	feed(r, "\x1Dv0\x00\xC8\x00\xFF\xFF", 8); /* 200 bytes by 65,535 rows */
	for (int i = 0; i < 65535 * 200 / 2000; i++)
		feed(r, rows, sizeof(rows));
	feed(r, rows, 65535 * 200 % 2000);
	assert_int_equal(ask(r, 1), 0x12); /* back among commands */
	feed(r, "\x1DV\x01", 3);
	assert_int_equal(sim_printer_pages(r->sim), 1);
	rig_free(r);
}

static void test_unplugged(void **state)
{
	(void)state;
	struct rig *r = rig_new();
	char byte;
	r->world.fault[SIM_PRINTER] = SIM_UNPLUGGED;
	sim_printer_pump(r->sim);
	assert_int_equal(sim_printer_fd(r->sim), -1);
	assert_int_equal(read(r->fd, &byte, 1), 0);
	sim_printer_pump(r->sim);
	rig_free(r);
	r = rig_new();
	close_fd(&r->fd); /* the driver goes first */
	sim_printer_pump(r->sim);
	assert_int_equal(sim_printer_fd(r->sim), -1);
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_status),           cmocka_unit_test(test_split_anywhere),
		cmocka_unit_test(test_stray_bytes_show), cmocka_unit_test(test_pages),
		cmocka_unit_test(test_bounded),          cmocka_unit_test(test_unplugged),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
