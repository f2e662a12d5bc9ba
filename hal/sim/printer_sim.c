/*
 * A receipt printer of the strict, cheap kind: every byte goes through one machine, whatever pieces
 * it arrives in; inside a raster block all bytes are picture, status requests too. What it does not
 * know leaves a black bar on the paper, so that a test that compares pages sees it.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <png.h>

#include "codec/escpos.h"
#include "hal/sim/world.h"

#define ROW_BYTES (ESCPOS_WIDTH_PX / 8)
#define ROWS_MAX 8000 /* one metre of paper */
#define LINE_ROWS 34 /* 1/6 inch at 203 dpi */
#define GARBLED_ROWS 8
#define MARGIN_PX 40
#define READ_BYTES 4096

#define DLE 0x10
#define ESC 0x1B
#define GS 0x1D

enum parse { PARSE_COMMAND, PARSE_DLE, PARSE_ESC, PARSE_GS, PARSE_ARGUMENTS, PARSE_RASTER };

enum command { DO_STATUS, DO_ALIGN, DO_FEED, DO_CUT, DO_CUT_FED, DO_RASTER, DO_COUNT_ };

static const size_t argument_counts[DO_COUNT_] = {
	[DO_STATUS] = 1, [DO_ALIGN] = 1,   [DO_FEED] = 1,
	[DO_CUT] = 1,    [DO_CUT_FED] = 1, [DO_RASTER] = 6, /* '0' m xL xH yL yH */
};

struct page {
	int32_t rows;
	bool spoiled; /* paper ended or the cover was open: nothing whole comes of it */
	uint8_t bits[ROWS_MAX][ROW_BYTES];
};

struct sim_printer {
	struct sim_world *world;
	int fd;
	enum parse parse;
	enum command command;
	uint8_t arguments[6];
	size_t argument_count;
	size_t raster_stride, raster_left, raster_at;
	int pages;
	struct page now, last; /* growing, and the last that was cut */
};

static enum sim_fault fault_of(const struct sim_printer *p)
{
	return p->world->fault[SIM_PRINTER];
}

static bool out_of_paper(const struct sim_printer *p)
{
	return fault_of(p) == SIM_PAPER_END || fault_of(p) == SIM_COVER_OPEN;
}

/* n rows of paper come out, all of one byte. */
static void feed_rows(struct sim_printer *p, int32_t n, uint8_t byte)
{
	if (out_of_paper(p)) {
		p->now.spoiled = true;
		return;
	}
	for (; n > 0 && p->now.rows < ROWS_MAX; n--)
		memset(p->now.bits[p->now.rows++], byte, ROW_BYTES);
}

static void garbled(struct sim_printer *p)
{
	feed_rows(p, GARBLED_ROWS, 0xFF);
}

static void cut(struct sim_printer *p)
{
	if (p->now.rows > 0 && !p->now.spoiled && !out_of_paper(p)) {
		p->last = p->now;
		p->pages++;
	}
	p->now.rows = 0;
	p->now.spoiled = false;
}

/* The tables of DLE EOT n; offline is reported with every reason to be. */
static uint8_t status_of(const struct sim_printer *p, uint8_t n)
{
	enum sim_fault fault = fault_of(p);
	uint8_t status = 0x12;

	if (fault == SIM_GARBAGE)
		return 0xFF;
	if (n == 1 && out_of_paper(p))
		status |= 0x08;
	if (n == 2 && fault == SIM_COVER_OPEN)
		status |= 0x04;
	if (n == 2 && fault == SIM_PAPER_END)
		status |= 0x20;
	if (n == 4 && fault == SIM_PAPER_END)
		status |= 0x60;
	if (n == 4 && (fault == SIM_PAPER_END || fault == SIM_PAPER_LOW))
		status |= 0x0C;
	return status;
}

static void answer(struct sim_printer *p, uint8_t n)
{
	uint8_t status = status_of(p, n);

	if (n < 1 || n > 4)
		return;
	if (send(p->fd, &status, 1, MSG_NOSIGNAL | MSG_DONTWAIT) != 1)
		return; /* nobody reads: the answer is lost, as on a real line */
}

static void begin_raster(struct sim_printer *p)
{
	const uint8_t *a = p->arguments;

	p->raster_stride = a[2] | (size_t)a[3] << 8;
	p->raster_left = p->raster_stride * (a[4] | (size_t)a[5] << 8);
	p->raster_at = 0;
	if (a[0] != '0' || p->raster_left == 0)
		garbled(p);
	else
		p->parse = PARSE_RASTER;
}

static void obey(struct sim_printer *p)
{
	p->parse = PARSE_COMMAND;
	switch (p->command) {
	case DO_STATUS:
		answer(p, p->arguments[0]);
		break;
	case DO_FEED:
		feed_rows(p, p->arguments[0] * LINE_ROWS, 0);
		break;
	case DO_CUT:
		if (p->arguments[0] == 'A' || p->arguments[0] == 'B') {
			p->argument_count = 0;
			p->command = DO_CUT_FED;
			p->parse = PARSE_ARGUMENTS;
		} else {
			cut(p);
		}
		break;
	case DO_CUT_FED: /* GS V 66 n: n dots, then the cut */
		feed_rows(p, p->arguments[0], 0);
		cut(p);
		break;
	case DO_RASTER:
		begin_raster(p);
		break;
	case DO_ALIGN:
	case DO_COUNT_:
		break;
	}
}

static void expect(struct sim_printer *p, enum command command)
{
	p->command = command;
	p->argument_count = 0;
	p->parse = PARSE_ARGUMENTS;
}

static void take_argument(struct sim_printer *p, uint8_t byte)
{
	p->arguments[p->argument_count++] = byte;
	if (p->argument_count == argument_counts[p->command])
		obey(p);
}

/* What stands right of the paper is lost. */
static void take_raster(struct sim_printer *p, uint8_t byte)
{
	if (p->raster_at == 0)
		feed_rows(p, 1, 0);
	if (p->raster_at < ROW_BYTES && p->now.rows > 0 && !out_of_paper(p))
		p->now.bits[p->now.rows - 1][p->raster_at] = byte;
	p->raster_at = (p->raster_at + 1) % p->raster_stride;
	if (--p->raster_left == 0)
		p->parse = PARSE_COMMAND;
}

static void take_command(struct sim_printer *p, uint8_t byte)
{
	switch (byte) {
	case 0:
		break;
	case '\n':
		feed_rows(p, LINE_ROWS, 0);
		break;
	case DLE:
		p->parse = PARSE_DLE;
		break;
	case ESC:
		p->parse = PARSE_ESC;
		break;
	case GS:
		p->parse = PARSE_GS;
		break;
	default:
		garbled(p);
		break;
	}
}

/* The second byte of a command. */
static void take_second(struct sim_printer *p, uint8_t byte)
{
	enum parse lead = p->parse;

	p->parse = PARSE_COMMAND;
	if (lead == PARSE_DLE && byte == 0x04)
		expect(p, DO_STATUS);
	else if (lead == PARSE_ESC && byte == 'a')
		expect(p, DO_ALIGN);
	else if (lead == PARSE_ESC && byte == 'd')
		expect(p, DO_FEED);
	else if (lead == PARSE_GS && byte == 'V')
		expect(p, DO_CUT);
	else if (lead == PARSE_GS && byte == 'v')
		expect(p, DO_RASTER);
	else if (lead != PARSE_ESC || byte != '@')
		garbled(p);
}

static void take(struct sim_printer *p, uint8_t byte)
{
	switch (p->parse) {
	case PARSE_COMMAND:
		take_command(p, byte);
		break;
	case PARSE_DLE:
	case PARSE_ESC:
	case PARSE_GS:
		take_second(p, byte);
		break;
	case PARSE_ARGUMENTS:
		take_argument(p, byte);
		break;
	case PARSE_RASTER:
		take_raster(p, byte);
		break;
	}
}

/* A small buffer, as a printer has: a hung one is noticed within a slip. */
static int make_pair(int pair[2])
{
	int small = 8192;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair))
		return -errno;
	if (setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof(small)) == 0)
		return 0;
	int err = -errno;
	close_fd(&pair[0]);
	close_fd(&pair[1]);
	return err;
}

int sim_printer_open(struct sim_printer **out, struct sim_world *world, int *fd)
{
	struct sim_printer *p = calloc(1, sizeof(*p));
	int pair[2];

	if (!p)
		return -ENOMEM;
	int err = make_pair(pair);
	if (err) {
		free(p);
		return err;
	}
	p->world = world;
	p->fd = pair[1];
	*fd = pair[0];
	*out = p;
	return 0;
}

void sim_printer_close(struct sim_printer *p)
{
	if (!p)
		return;
	close_fd(&p->fd);
	free(p);
}

int sim_printer_fd(const struct sim_printer *p)
{
	return p->fd;
}

void sim_printer_pump(struct sim_printer *p)
{
	enum sim_fault fault = fault_of(p);
	uint8_t bytes[READ_BYTES];
	ssize_t got;

	if (fault == SIM_ABSENT || fault == SIM_UNPLUGGED)
		close_fd(&p->fd);
	if (p->fd < 0 || fault == SIM_HUNG)
		return;
	while ((got = read(p->fd, bytes, sizeof(bytes))) > 0)
		for (ssize_t i = 0; i < got; i++)
			take(p, bytes[i]);
	if (got == 0) /* the driver closed its end: nothing more will come */
		close_fd(&p->fd);
}

int sim_printer_pages(const struct sim_printer *p)
{
	return p->pages;
}

static void draw_page(const struct page *page, uint8_t *grey, size_t stride)
{
	for (int32_t y = 0; y < page->rows; y++) {
		uint8_t *row = grey + (size_t)(y + MARGIN_PX) * stride + MARGIN_PX;
		for (int32_t x = 0; x < ESCPOS_WIDTH_PX; x++)
			if (page->bits[y][x / 8] & 0x80 >> x % 8)
				row[x] = 0;
	}
}

int sim_printer_save(const struct sim_printer *p, const char *path)
{
	png_image image = { .version = PNG_IMAGE_VERSION, .format = PNG_FORMAT_GRAY };

	if (p->pages == 0)
		return -ENOENT;
	image.width = ESCPOS_WIDTH_PX + 2 * MARGIN_PX;
	image.height = (uint32_t)p->last.rows + 2 * MARGIN_PX;
	uint8_t *grey = malloc((size_t)image.width * image.height);
	if (!grey)
		return -ENOMEM;
	memset(grey, 0xFF, (size_t)image.width * image.height);
	draw_page(&p->last, grey, image.width);
	int ok = png_image_write_to_file(&image, path, 0, grey, 0, NULL);
	free(grey);
	return ok ? 0 : -EIO;
}
