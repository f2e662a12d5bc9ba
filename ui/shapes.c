#include "ui/shapes.h"

#include <SDL.h>
#include <math.h>

/* Signs are strokes on a grid of 24 x 24 units. */
enum stroke_kind { STROKE_END, STROKE_LINE, STROKE_RING, STROKE_DISC };

struct stroke {
	enum stroke_kind kind;
	float a, b, c, d; /* line: x1 y1 x2 y2; ring and disc: x y radius */
};

#define STROKES_MAX 14
#define GRID 24.0f
#define STROKE_HALF 1.25f

#define L(x1, y1, x2, y2)                                                                          \
	{                                                                                          \
		STROKE_LINE, x1, y1, x2, y2                                                        \
	}
#define RING(x, y, r)                                                                              \
	{                                                                                          \
		STROKE_RING, x, y, r, 0                                                            \
	}
#define DISC(x, y, r)                                                                              \
	{                                                                                          \
		STROKE_DISC, x, y, r, 0                                                            \
	}

static const struct stroke ICONS[ICON_COUNT_][STROKES_MAX] = {
	[ICON_CHECK] = { L(4, 13, 9.5f, 18.5f), L(9.5f, 18.5f, 20, 6.5f) },
	[ICON_CROSS] = { L(5.5f, 5.5f, 18.5f, 18.5f), L(18.5f, 5.5f, 5.5f, 18.5f) },
	[ICON_WARN] = { L(12, 3.5f, 2.5f, 20.5f), L(2.5f, 20.5f, 21.5f, 20.5f),
			L(21.5f, 20.5f, 12, 3.5f), L(12, 10, 12, 14), DISC(12, 17.3f, 1.4f) },
	[ICON_RIGHT] = { L(4, 12, 20, 12), L(14, 6, 20, 12), L(20, 12, 14, 18) },
	[ICON_LEFT] = { L(20, 12, 4, 12), L(10, 6, 4, 12), L(4, 12, 10, 18) },
	[ICON_BACKSPACE] = { L(2.5f, 12, 8.5f, 5), L(8.5f, 5, 21.5f, 5), L(21.5f, 5, 21.5f, 19),
			     L(21.5f, 19, 8.5f, 19), L(8.5f, 19, 2.5f, 12), L(11.5f, 9, 17.5f, 15),
			     L(17.5f, 9, 11.5f, 15) },
	[ICON_PERSON] = { RING(12, 7.5f, 4.2f), L(4, 21, 5, 17.5f), L(5, 17.5f, 8.5f, 15.2f),
			  L(8.5f, 15.2f, 15.5f, 15.2f), L(15.5f, 15.2f, 19, 17.5f),
			  L(19, 17.5f, 20, 21) },
	[ICON_PARCEL] = { L(3.5f, 8, 12, 3.5f), L(12, 3.5f, 20.5f, 8), L(20.5f, 8, 20.5f, 17),
			  L(20.5f, 17, 12, 21), L(12, 21, 3.5f, 17), L(3.5f, 17, 3.5f, 8),
			  L(3.5f, 8, 12, 12.3f), L(12, 12.3f, 20.5f, 8), L(12, 12.3f, 12, 21) },
	[ICON_CODE] = { L(3, 8, 3, 3), L(3, 3, 8, 3), L(16, 3, 21, 3), L(21, 3, 21, 8),
			L(21, 16, 21, 21), L(21, 21, 16, 21), L(8, 21, 3, 21), L(3, 21, 3, 16),
			L(8, 8.5f, 9.5f, 8.5f), L(15, 8.5f, 16, 8.5f), L(8, 15.5f, 9.5f, 15.5f),
			L(12, 12, 16, 15.5f) },
	[ICON_THERMOMETER] = { L(9, 14, 9, 5.5f), L(9, 5.5f, 12, 3), L(12, 3, 15, 5.5f),
			       L(15, 5.5f, 15, 14), RING(12, 17.3f, 4), DISC(12, 17.3f, 1.8f),
			       L(12, 17, 12, 9) },
	[ICON_PHONE] = { L(5, 4, 9, 4), L(9, 4, 10.5f, 9), L(10.5f, 9, 8.2f, 10.6f),
			 L(8.2f, 10.6f, 13.4f, 15.8f), L(13.4f, 15.8f, 15, 13.5f),
			 L(15, 13.5f, 20, 15), L(20, 15, 20, 19), L(20, 19, 18.5f, 20.2f),
			 L(18.5f, 20.2f, 11, 17), L(11, 17, 6.5f, 12), L(6.5f, 12, 3.8f, 5.5f),
			 L(3.8f, 5.5f, 5, 4) },
	[ICON_SHIELD] = { L(12, 3, 20, 6), L(20, 6, 20, 12), L(20, 12, 17, 18),
			  L(17, 18, 12, 21.5f), L(12, 21.5f, 7, 18), L(7, 18, 4, 12),
			  L(4, 12, 4, 6), L(4, 6, 12, 3) },
	[ICON_HOME] = { L(3, 12, 12, 4), L(12, 4, 21, 12), L(5.5f, 11, 5.5f, 20.5f),
			L(5.5f, 20.5f, 18.5f, 20.5f), L(18.5f, 20.5f, 18.5f, 11), L(10, 20, 10, 15),
			L(10, 15, 14, 15), L(14, 15, 14, 20) },
	[ICON_HEART] = { L(12, 20.5f, 3.6f, 12), L(3.6f, 12, 3.2f, 8.4f), L(3.2f, 8.4f, 5.4f, 5.4f),
			 L(5.4f, 5.4f, 9, 5.2f), L(9, 5.2f, 12, 8), L(12, 8, 15, 5.2f),
			 L(15, 5.2f, 18.6f, 5.4f), L(18.6f, 5.4f, 20.8f, 8.4f),
			 L(20.8f, 8.4f, 20.4f, 12), L(20.4f, 12, 12, 20.5f) },
	[ICON_TOOL] = { L(4.5f, 19.5f, 12.5f, 11.5f), L(12.5f, 11.5f, 12, 7), L(12, 7, 16, 3.5f),
			L(16, 3.5f, 16.4f, 7.4f), L(16.4f, 7.4f, 20.5f, 8), L(20.5f, 8, 17, 12),
			L(17, 12, 12.5f, 11.5f) },
	[ICON_CASE] = { L(3, 8, 21, 8), L(21, 8, 21, 20), L(21, 20, 3, 20), L(3, 20, 3, 8),
			L(8.5f, 8, 8.5f, 4.5f), L(8.5f, 4.5f, 15.5f, 4.5f),
			L(15.5f, 4.5f, 15.5f, 8), L(3, 13.5f, 21, 13.5f) },
	[ICON_DOTS] = { DISC(5, 12, 2.1f), DISC(12, 12, 2.1f), DISC(19, 12, 2.1f) },
	[ICON_EYE] = { L(2, 12, 6.5f, 7.4f), L(6.5f, 7.4f, 12, 6), L(12, 6, 17.5f, 7.4f),
		       L(17.5f, 7.4f, 22, 12), L(22, 12, 17.5f, 16.6f), L(17.5f, 16.6f, 12, 18),
		       L(12, 18, 6.5f, 16.6f), L(6.5f, 16.6f, 2, 12), DISC(12, 12, 3) },
	[ICON_PRINTER] = { L(7, 9, 7, 3), L(7, 3, 17, 3), L(17, 3, 17, 9), L(3, 9, 21, 9),
			   L(21, 9, 21, 17), L(3, 9, 3, 17), L(3, 17, 7, 17), L(17, 17, 21, 17),
			   L(7, 14, 17, 14), L(7, 14, 7, 21), L(7, 21, 17, 21), L(17, 21, 17, 14) },
	[ICON_STICK] = { L(6, 9, 18, 9), L(18, 9, 18, 21), L(18, 21, 6, 21), L(6, 21, 6, 9),
			 L(8.5f, 9, 8.5f, 3), L(8.5f, 3, 15.5f, 3), L(15.5f, 3, 15.5f, 9),
			 DISC(12, 15, 1.6f) },
	[ICON_TOUCH] = { DISC(12, 12, 3), RING(12, 12, 6.6f), RING(12, 12, 10.4f) },
	[ICON_VEHICLE] = { L(2.5f, 12, 2.5f, 17), L(2.5f, 17, 4.6f, 17), L(9.4f, 17, 14.6f, 17),
			   L(19.4f, 17, 21.5f, 17), L(21.5f, 17, 21.5f, 12.5f),
			   L(21.5f, 12.5f, 17.5f, 11), L(17.5f, 11, 14.5f, 7), L(14.5f, 7, 6, 7),
			   L(6, 7, 2.5f, 12), L(2.5f, 11, 17.5f, 11), RING(7, 17, 2.3f),
			   RING(17, 17, 2.3f) },
};

/* Distance from p to the segment a-b (all on the grid). */
static float line_distance(float px, float py, const struct stroke *s)
{
	float dx = s->c - s->a, dy = s->d - s->b;
	float len2 = dx * dx + dy * dy;
	float t = len2 > 0 ? ((px - s->a) * dx + (py - s->b) * dy) / len2 : 0;
	t = t < 0 ? 0 : t > 1 ? 1 : t;
	return hypotf(px - (s->a + t * dx), py - (s->b + t * dy));
}

/* How far p is outside the stroke's edge; negative inside. */
static float stroke_distance(float px, float py, const struct stroke *s)
{
	switch (s->kind) {
	case STROKE_LINE:
		return line_distance(px, py, s) - STROKE_HALF;
	case STROKE_RING:
		return fabsf(hypotf(px - s->a, py - s->b) - s->c) - STROKE_HALF;
	case STROKE_DISC:
		return hypotf(px - s->a, py - s->b) - s->c;
	case STROKE_END:
		break;
	}
	return GRID;
}

static uint8_t coverage(float distance_px)
{
	float c = 0.5f - distance_px;
	c = c < 0 ? 0 : c > 1 ? 1 : c;
	return (uint8_t)(c * 255.0f + 0.5f);
}

static uint8_t icon_coverage(enum icon icon, int x, int y, int size_px)
{
	float unit = GRID / (float)size_px, nearest = GRID;
	float px = ((float)x + 0.5f) * unit, py = ((float)y + 0.5f) * unit;
	for (int i = 0; i < STROKES_MAX && ICONS[icon][i].kind != STROKE_END; i++) {
		float d = stroke_distance(px, py, &ICONS[icon][i]);
		nearest = d < nearest ? d : nearest;
	}
	return coverage(nearest / unit);
}

static uint8_t disc_coverage(int x, int y, int size_px, int inset_px)
{
	float r = (float)size_px / 2;
	return coverage(hypotf((float)x + 0.5f - r, (float)y + 0.5f - r) - r + (float)inset_px);
}

struct sign {
	enum icon icon; /* ICON_NONE: a disc */
	int size_px;
	struct rgb colour, edge;
	int edge_px; /* of a disc */
};

static uint32_t mix(uint8_t edge, uint8_t fill, uint32_t part)
{
	return (edge * (255 - part) + fill * part) / 255;
}

/* ARGB of a pixel: alpha is the coverage of the whole, colour turns from edge to fill inwards. */
static uint32_t pixel(const struct sign *sign, int x, int y)
{
	if (sign->icon != ICON_NONE)
		return (uint32_t)icon_coverage(sign->icon, x, y, sign->size_px) << 24 |
		       (uint32_t)sign->colour.r << 16 | (uint32_t)sign->colour.g << 8 |
		       sign->colour.b;
	uint32_t outer = disc_coverage(x, y, sign->size_px, 0);
	uint32_t inner = disc_coverage(x, y, sign->size_px, sign->edge_px);
	return outer << 24 | mix(sign->edge.r, sign->colour.r, inner) << 16 |
	       mix(sign->edge.g, sign->colour.g, inner) << 8 |
	       mix(sign->edge.b, sign->colour.b, inner);
}

static SDL_Texture *make_texture(SDL_Renderer *renderer, const struct sign *sign)
{
	int size = sign->size_px;
	SDL_Surface *surface =
		SDL_CreateRGBSurfaceWithFormat(0, size, size, 32, SDL_PIXELFORMAT_ARGB8888);
	if (!surface)
		return NULL;
	for (int y = 0; y < size; y++) {
		uint32_t *row = (uint32_t *)((uint8_t *)surface->pixels + y * surface->pitch);
		for (int x = 0; x < size; x++)
			row[x] = pixel(sign, x, y);
	}
	SDL_Texture *texture = SDL_CreateTextureFromSurface(renderer, surface);
	SDL_FreeSurface(surface);
	if (texture)
		SDL_SetTextureBlendMode(texture, SDL_BLENDMODE_BLEND);
	return texture;
}

void shapes_init(struct shapes *s, SDL_Renderer *renderer)
{
	*s = (struct shapes){ .renderer = renderer };
}

void shapes_fini(struct shapes *s)
{
	for (int i = 0; i < SHAPES_KEPT; i++)
		if (s->kept[i].texture)
			SDL_DestroyTexture(s->kept[i].texture);
	*s = (struct shapes){ 0 };
}

static bool same_colour(struct rgb a, struct rgb b)
{
	return a.r == b.r && a.g == b.g && a.b == b.b;
}

static SDL_Texture *kept(struct shapes *s, const struct sign *sign)
{
	for (int i = 0; i < SHAPES_KEPT; i++)
		if (s->kept[i].texture && s->kept[i].icon == sign->icon &&
		    s->kept[i].size_px == sign->size_px && s->kept[i].edge_px == sign->edge_px &&
		    same_colour(s->kept[i].colour, sign->colour) &&
		    same_colour(s->kept[i].edge, sign->edge))
			return s->kept[i].texture;
	int slot = s->next;
	s->next = (slot + 1) % SHAPES_KEPT;
	if (s->kept[slot].texture)
		SDL_DestroyTexture(s->kept[slot].texture);
	s->kept[slot].icon = sign->icon;
	s->kept[slot].size_px = sign->size_px;
	s->kept[slot].edge_px = sign->edge_px;
	s->kept[slot].colour = sign->colour;
	s->kept[slot].edge = sign->edge;
	s->kept[slot].texture = make_texture(s->renderer, sign);
	return s->kept[slot].texture;
}

void shapes_fill(struct shapes *s, int x, int y, int w, int h, struct rgb colour)
{
	SDL_Rect rect = { x, y, w, h };
	SDL_SetRenderDrawColor(s->renderer, colour.r, colour.g, colour.b, 255);
	SDL_RenderFillRect(s->renderer, &rect);
}

static void corners(struct shapes *s, SDL_Texture *texture, SDL_Rect box, int r)
{
	for (int i = 0; i < 4; i++) {
		int right = i & 1, bottom = i >> 1;
		SDL_Rect from = { right * r, bottom * r, r, r };
		SDL_Rect to = { box.x + right * (box.w - r), box.y + bottom * (box.h - r), r, r };
		SDL_RenderCopy(s->renderer, texture, &from, &to);
	}
}

/* The straight parts between the corners: fill, and edge along the four sides. */
static void sides(struct shapes *s, SDL_Rect b, int r, struct rgb fill, int e, struct rgb edge)
{
	SDL_Rect body[3] = { { b.x + e, b.y + r, b.w - 2 * e, b.h - 2 * r },
			     { b.x + r, b.y + e, b.w - 2 * r, r - e },
			     { b.x + r, b.y + b.h - r, b.w - 2 * r, r - e } };
	SDL_SetRenderDrawColor(s->renderer, fill.r, fill.g, fill.b, 255);
	SDL_RenderFillRects(s->renderer, body, 3);
	if (e <= 0)
		return;
	SDL_Rect rim[4] = { { b.x + r, b.y, b.w - 2 * r, e },
			    { b.x + r, b.y + b.h - e, b.w - 2 * r, e },
			    { b.x, b.y + r, e, b.h - 2 * r },
			    { b.x + b.w - e, b.y + r, e, b.h - 2 * r } };
	SDL_SetRenderDrawColor(s->renderer, edge.r, edge.g, edge.b, 255);
	SDL_RenderFillRects(s->renderer, rim, 4);
}

void shapes_round(struct shapes *s, int x, int y, int w, int h, int radius_px, struct rgb fill,
		  int edge_px, struct rgb edge)
{
	int r = radius_px;
	if (r > w / 2)
		r = w / 2;
	if (r > h / 2)
		r = h / 2;
	if (r <= edge_px) {
		shapes_fill(s, x, y, w, h, fill);
		return;
	}
	struct sign disc = { ICON_NONE, 2 * r, fill, edge, edge_px };
	SDL_Texture *texture = kept(s, &disc);
	SDL_Rect box = { x, y, w, h };
	sides(s, box, r, fill, edge_px, edge);
	if (texture)
		corners(s, texture, box, r);
}

void shapes_icon(struct shapes *s, enum icon icon, int x, int y, int size_px, struct rgb colour)
{
	struct sign sign = { .icon = icon, .size_px = size_px, .colour = colour };
	SDL_Texture *texture = kept(s, &sign);
	if (!texture)
		return;
	SDL_Rect to = { x, y, size_px, size_px };
	SDL_RenderCopy(s->renderer, texture, NULL, &to);
}
