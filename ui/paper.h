/*
 * Renders a slip to a 1-bit bitmap ESCPOS_WIDTH_PX wide (the printer's dots), with its QR code.
 * Needs ui_open's fonts.
 */
#ifndef UI_PAPER_H
#define UI_PAPER_H

#include "core/slip.h"
#include "ui/ui.h"

struct paper_bitmap {
	int32_t width_px, height_px; /* stride (width_px + 7) / 8, MSB left, 1 = black */
	char text[4096]; /* the lines drawn, joined by newlines: what a reader would read out */
	uint8_t *bits; /* malloc'ed; paper_free */
};

/* 0, or -ENOMEM, -EINVAL when the token cannot be coded. */
MUST_CHECK int paper_render(struct ui *ui, const struct slip *slip, struct paper_bitmap *out);
void paper_free(struct paper_bitmap *bitmap);

#endif
