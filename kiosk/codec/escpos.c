/*
 * A job is ESC @ (initialise), one GS v 0 block for each band, ESC d 4 (feed) and GS V 1 (partial
 * cut). Bands are short because cheap printers hold a whole block in a small memory before they
 * print it. Source: Epson ESC/POS command reference.
 */
#include "codec/escpos.h"

#include "base/bytes.h"

#define ESC 0x1B
#define GS 0x1D
#define DLE 0x10
#define EOT 0x04

#define BAND_HEAD_BYTES 8
#define FRAME_BYTES (2 + 3 + 3) /* initialise, feed, cut */
#define FEED_LINES 4

static size_t stride_bytes(const struct bitmap *bitmap)
{
	return ((size_t)bitmap->width_px + 7) / 8;
}

size_t escpos_job_bytes(const struct bitmap *bitmap)
{
	size_t rows = (size_t)bitmap->height_px;
	size_t bands = (rows + ESCPOS_BAND_ROWS - 1) / ESCPOS_BAND_ROWS;

	return FRAME_BYTES + bands * BAND_HEAD_BYTES + rows * stride_bytes(bitmap);
}

/* One row; what stands right of the width in the last byte never reaches the paper. */
static void write_row(struct writer *w, const struct bitmap *bitmap, int32_t y)
{
	size_t stride = stride_bytes(bitmap);
	const uint8_t *row = bitmap->bits + (size_t)y * stride;
	uint8_t keep = (uint8_t)(0xFF << (stride * 8 - (size_t)bitmap->width_px));

	write_bytes(w, row, stride - 1);
	write_uint(w, row[stride - 1] & keep, 1);
}

static void write_band(struct writer *w, const struct bitmap *bitmap, int32_t first, int32_t rows)
{
	size_t stride = stride_bytes(bitmap);
	const uint8_t head[BAND_HEAD_BYTES] = {
		GS,
		'v',
		'0',
		0,
		(uint8_t)stride,
		(uint8_t)(stride >> 8),
		(uint8_t)rows,
		(uint8_t)((uint32_t)rows >> 8),
	};

	write_bytes(w, head, sizeof(head));
	for (int32_t y = 0; y < rows; y++)
		write_row(w, bitmap, first + y);
}

size_t escpos_encode(const struct bitmap *bitmap, uint8_t *out, size_t cap)
{
	struct writer w = { .data = out, .cap = cap };

	assert(bitmap->width_px > 0 && bitmap->height_px >= 0);
	write_bytes(&w, (const uint8_t[]){ ESC, '@' }, 2);
	for (int32_t y = 0; y < bitmap->height_px; y += ESCPOS_BAND_ROWS) {
		int32_t rows = bitmap->height_px - y;
		write_band(&w, bitmap, y, rows < ESCPOS_BAND_ROWS ? rows : ESCPOS_BAND_ROWS);
	}
	write_bytes(&w, (const uint8_t[]){ ESC, 'd', FEED_LINES, GS, 'V', 1 }, 6);
	return w.bad ? 0 : w.len;
}

void escpos_status_request(int n, uint8_t out[3])
{
	out[0] = DLE;
	out[1] = EOT;
	out[2] = (uint8_t)n;
}

/* DLE EOT n, tables of n = 1, 2 and 4. Sensors with two bits say yes with both. */
bool escpos_status_merge(struct escpos_status *status, int n, uint8_t byte)
{
	if ((byte & 0x93) != 0x12)
		return false;
	switch (n) {
	case 1:
		status->offline |= (byte & 0x08) != 0;
		return true;
	case 2:
		status->cover_open |= (byte & 0x04) != 0;
		status->paper_end |= (byte & 0x20) != 0;
		status->error |= (byte & 0x40) != 0;
		return true;
	case 4:
		status->paper_low |= (byte & 0x0C) == 0x0C;
		status->paper_end |= (byte & 0x60) == 0x60;
		return true;
	default:
		return false;
	}
}
