#include "ui/text_cache.h"

#include <SDL.h>
#include <string.h>

/* FNV-1a, 64 bit. */
static uint64_t hash_bytes(uint64_t h, const void *data, size_t len)
{
	const uint8_t *p = data;
	for (size_t i = 0; i < len; i++)
		h = (h ^ p[i]) * 0x100000001B3ULL;
	return h;
}

static uint64_t key_of(const char *text, const struct text_style *style, int w, int h,
		       struct rgb colour)
{
	int32_t numbers[] = { style->px,
			      style->min_px,
			      (int32_t)style->align,
			      style->bold,
			      style->one_line,
			      style->keep_end,
			      w,
			      h,
			      colour.r << 16 | colour.g << 8 | colour.b };
	uint64_t key = hash_bytes(0xCBF29CE484222325ULL, numbers, sizeof(numbers));
	key = hash_bytes(key, text, strlen(text));
	return key ? key : 1;
}

void text_cache_init(struct text_cache *c, SDL_Renderer *renderer, struct fonts *fonts)
{
	*c = (struct text_cache){ .renderer = renderer, .fonts = fonts };
}

static void drop(struct cached_text *entry)
{
	if (entry->texture)
		SDL_DestroyTexture(entry->texture);
	*entry = (struct cached_text){ 0 };
}

void text_cache_clear(struct text_cache *c)
{
	for (int i = 0; i < TEXT_CACHE_ENTRIES; i++)
		drop(&c->entries[i]);
}

static struct cached_text *find_or_oldest(struct text_cache *c, uint64_t key)
{
	struct cached_text *oldest = &c->entries[0];
	for (int i = 0; i < TEXT_CACHE_ENTRIES; i++) {
		struct cached_text *entry = &c->entries[i];
		if (entry->key == key)
			return entry;
		if (entry->used < oldest->used)
			oldest = entry;
	}
	return oldest;
}

static void render(struct text_cache *c, struct cached_text *entry, const char *text,
		   const struct text_style *style, int w, int h, struct rgb colour)
{
	struct text_layout layout;
	fonts_layout(c->fonts, &layout, text, style, w, h);
	SDL_Surface *surface = fonts_render(c->fonts, &layout, style, colour.r, colour.g, colour.b);
	memset(&layout, 0, sizeof(layout));
	if (!surface)
		return;
	entry->w = surface->w;
	entry->h = surface->h;
	entry->texture = SDL_CreateTextureFromSurface(c->renderer, surface);
	SDL_FreeSurface(surface);
}

const struct cached_text *text_cache_get(struct text_cache *c, const char *text,
					 const struct text_style *style, int w, int h,
					 struct rgb colour)
{
	uint64_t key = key_of(text, style, w, h, colour);
	struct cached_text *entry = find_or_oldest(c, key);
	if (entry->key != key) {
		drop(entry);
		entry->key = key;
		render(c, entry, text, style, w, h, colour);
	}
	entry->used = ++c->clock;
	return entry;
}
