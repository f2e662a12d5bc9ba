/*
 * ESC/POS: bitmaps to printer commands and back, and DLE EOT status bytes. Everything is printed as
 * raster, so no text of a visitor ever reaches the command stream. Pure. Source: Epson ESC/POS
 * command reference (GS v 0, GS V, DLE EOT n).
 */
#ifndef CODEC_ESCPOS_H
#define CODEC_ESCPOS_H

#include "base/defs.h"

/* 1 bit a pixel, MSB left, 1 = black; stride = (width_px + 7) / 8. */
struct bitmap {
	int32_t width_px, height_px;
	uint8_t *bits; /* owned by whoever made it */
};

#define ESCPOS_WIDTH_PX 576 /* 80 mm paper at 203 dpi */
#define ESCPOS_BAND_ROWS 64

/* Upper bound of the job for a bitmap. */
size_t escpos_job_bytes(const struct bitmap *bitmap);

/* init, raster bands of ESCPOS_BAND_ROWS, feed 4, partial cut. Returns bytes written, 0 when cap is
 * too small. */
size_t escpos_encode(const struct bitmap *bitmap, uint8_t *out, size_t cap);

/* The three bytes that ask for status n (1, 2 or 4). */
void escpos_status_request(int n, uint8_t out[3]);

struct escpos_status {
	bool offline, cover_open, paper_end, paper_low, error;
};

/* Merges the answer to request n. False when the byte is not a status byte (mask 0x93 == 0x12). */
MUST_CHECK bool escpos_status_merge(struct escpos_status *status, int n, uint8_t byte);

#endif
