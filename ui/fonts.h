/*
 * Noto Sans CJK SC, regular and bold, found by family name inside the .ttc (the order of its faces
 * is nobody's promise), measured, broken into lines and rendered. One face a weight, its size
 * switched as needed: a dozen open sizes would cost 3 MB each. Main loop only.
 */
#ifndef UI_FONTS_H
#define UI_FONTS_H

#include <SDL_ttf.h>

#include "ui/text_style.h"

#define TEXT_LINES_MAX 12

struct fonts {
	TTF_Font *face[2]; /* regular, bold */
	int px[2];
};

/* Looks in dirs[0..count) (NULL entries are skipped). False when a face is in none of them;
 * fonts_fini may be called all the same. */
MUST_CHECK bool fonts_init(struct fonts *f, const char *const *dirs, size_t count);
void fonts_fini(struct fonts *f);

/* Width of one line in pixels. */
int fonts_width(struct fonts *f, const char *text, size_t len, int px, bool bold);

struct text_layout {
	int px; /* after shrinking */
	int count;
	bool clipped; /* did not fit even at the smallest size: an ellipsis was put */
	int width_px, height_px;
	struct {
		char text[320];
		int width_px;
	} lines[TEXT_LINES_MAX];
};

/*
 * Fits text into w x h: breaks lines (at blanks, between Chinese characters, never before closing
 * punctuation or after opening punctuation; "\n" always breaks), shrinks from style->px down to
 * min_px, and cuts with an ellipsis as the last resort.
 */
void fonts_layout(struct fonts *f, struct text_layout *out, const char *text,
		  const struct text_style *style, int w, int h);

/* One surface with all lines, aligned, antialiased, straight alpha. NULL for an empty text. Caller
 * frees. */
SDL_Surface *fonts_render(struct fonts *f, const struct text_layout *layout,
			  const struct text_style *style, uint8_t r, uint8_t g, uint8_t b);

#endif
