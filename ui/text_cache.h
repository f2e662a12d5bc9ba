/*
 * Rendered texts as textures, kept while they are used: keyed by text, style, box and colour; the
 * least recently used gives way. Holds no text, only its 64-bit hash; cleared when a visitor's
 * screen ends, so that no name stays behind as a picture.
 */
#ifndef UI_TEXT_CACHE_H
#define UI_TEXT_CACHE_H

#include "ui/fonts.h"
#include "ui/palette.h"

struct SDL_Renderer;
struct SDL_Texture;

#define TEXT_CACHE_ENTRIES 256

struct cached_text {
	uint64_t key; /* 0: free */
	uint64_t used; /* draw counter */
	struct SDL_Texture *texture; /* NULL for a text without any ink */
	int w, h;
};

struct text_cache {
	struct SDL_Renderer *renderer;
	struct fonts *fonts;
	uint64_t clock;
	struct cached_text entries[TEXT_CACHE_ENTRIES];
};

void text_cache_init(struct text_cache *c, struct SDL_Renderer *renderer, struct fonts *fonts);
void text_cache_clear(struct text_cache *c);

/* Valid until the next call. */
const struct cached_text *text_cache_get(struct text_cache *c, const char *text,
					 const struct text_style *style, int w, int h,
					 struct rgb colour);

#endif
