#include "ui/draw.h"

#include <SDL.h>
#include <string.h>

#include "ui/build.h"

void canvas_init(struct canvas *c, SDL_Renderer *renderer, struct fonts *fonts)
{
	*c = (struct canvas){ .renderer = renderer };
	shapes_init(&c->shapes, renderer);
	text_cache_init(&c->texts, renderer, fonts);
}

void canvas_fini(struct canvas *c)
{
	text_cache_clear(&c->texts);
	shapes_fini(&c->shapes);
	if (c->preview)
		SDL_DestroyTexture(c->preview);
	if (c->notice)
		SDL_DestroyTexture(c->notice);
	*c = (struct canvas){ 0 };
}

void canvas_preview(struct canvas *c, const uint8_t *luma)
{
	c->preview_shown = false;
	if (!luma)
		return;
	if (!c->preview)
		c->preview = SDL_CreateTexture(c->renderer, SDL_PIXELFORMAT_ARGB8888,
					       SDL_TEXTUREACCESS_STREAMING, PREVIEW_WIDTH_PX,
					       PREVIEW_HEIGHT_PX);
	void *pixels = NULL;
	int pitch = 0;
	if (!c->preview || SDL_LockTexture(c->preview, NULL, &pixels, &pitch) != 0)
		return;
	for (int y = 0; y < PREVIEW_HEIGHT_PX; y++) {
		uint32_t *row = (uint32_t *)((uint8_t *)pixels + y * pitch);
		const uint8_t *from = luma + y * PREVIEW_WIDTH_PX;
		for (int x = 0; x < PREVIEW_WIDTH_PX; x++)
			row[x] = 0xFF000000U | from[PREVIEW_WIDTH_PX - 1 - x] * 0x010101U;
	}
	SDL_UnlockTexture(c->preview);
	c->preview_shown = true;
}

static struct rgb hue(const struct canvas *c, enum hue hue)
{
	return palette_get(c->theme, hue);
}

static void draw_frame(struct canvas *c, const struct widget *w, const struct paint *p)
{
	if (p->filled)
		shapes_round(&c->shapes, w->box.x, w->box.y, w->box.w, w->box.h, p->radius_px,
			     hue(c, p->fill), p->edged ? p->edge_px : 0, hue(c, p->edge));
}

/* Returns where the text ends, for the caret. */
static int draw_text(struct canvas *c, const struct widget *w, enum hue ink)
{
	struct box box = widget_text_box(w);
	if (!w->text.px || !w->label[0])
		return box.x;
	const struct cached_text *t =
		text_cache_get(&c->texts, w->label, &w->text, box.w, box.h, hue(c, ink));
	if (!t->texture)
		return box.x;
	SDL_Rect to = { box.x, box.y, t->w, t->h };
	if (w->text.align == ALIGN_CENTRE)
		to.x += (box.w - t->w) / 2;
	else if (w->text.align == ALIGN_RIGHT)
		to.x += box.w - t->w;
	if (!w->text.top)
		to.y += (box.h - t->h) / 2;
	SDL_RenderCopy(c->renderer, t->texture, NULL, &to);
	return to.x + t->w;
}

static void draw_caret(struct canvas *c, const struct widget *w, int x)
{
	shapes_fill(&c->shapes, x + 4, w->box.y + w->box.h / 5, 4, w->box.h * 3 / 5,
		    hue(c, HUE_PRIMARY));
}

/* Four corner brackets inside the picture: aim here. */
static void draw_aim(struct canvas *c, struct box b)
{
	const int length = 64, thick = 6, half_w = b.h * 2 / 5, half_h = b.h * 2 / 5;
	int cx = b.x + b.w / 2, cy = b.y + b.h / 2;
	struct rgb colour = { 255, 255, 255 };
	for (int i = 0; i < 4; i++) {
		int right = i & 1, bottom = i >> 1;
		int x = right ? cx + half_w : cx - half_w, y = bottom ? cy + half_h : cy - half_h;
		shapes_fill(&c->shapes, right ? x - length : x, bottom ? y - thick : y, length,
			    thick, colour);
		shapes_fill(&c->shapes, right ? x - thick : x, bottom ? y - length : y, thick,
			    length, colour);
	}
}

static void draw_preview(struct canvas *c, const struct widget *w, const struct paint *p)
{
	draw_frame(c, w, p);
	struct box b = w->box;
	b = (struct box){ b.x + 6, b.y + 6, b.w - 12, b.h - 12 };
	if (!c->preview_shown) {
		int size = 160;
		shapes_icon(&c->shapes, ICON_CODE, b.x + (b.w - size) / 2, b.y + (b.h - size) / 2,
			    size, hue(c, p->ink));
		return;
	}
	/* fills the box, cutting what is too much: 480x270 is a little flatter than the box */
	int from_w = PREVIEW_HEIGHT_PX * b.w / b.h, from_h = PREVIEW_HEIGHT_PX;
	if (from_w > PREVIEW_WIDTH_PX) {
		from_w = PREVIEW_WIDTH_PX;
		from_h = PREVIEW_WIDTH_PX * b.h / b.w;
	}
	SDL_Rect from = { (PREVIEW_WIDTH_PX - from_w) / 2, (PREVIEW_HEIGHT_PX - from_h) / 2, from_w,
			  from_h };
	SDL_Rect to = { b.x, b.y, b.w, b.h };
	SDL_RenderCopy(c->renderer, c->preview, &from, &to);
	draw_aim(c, b);
}

static void draw_progress(struct canvas *c, const struct widget *w, const struct paint *p)
{
	draw_frame(c, w, p);
	int inner = w->box.w - 12;
	int done = w->limit > 0 ? (int)((int64_t)inner * w->value / w->limit) : 0;
	if (done > 0)
		shapes_round(&c->shapes, w->box.x + 6, w->box.y + 6, done, w->box.h - 12, 12,
			     hue(c, p->ink), 0, hue(c, p->ink));
}

/* Pictures of notices: 5 bits red, 6 green, 5 blue, big-endian (core/notices.h). */
void canvas_notice(struct canvas *c, const uint8_t *rgb565, int width, int height)
{
	void *pixels = NULL;
	int pitch = 0;

	if (c->notice)
		SDL_DestroyTexture(c->notice);
	c->notice = NULL;
	if (!rgb565 || width <= 0 || height <= 0)
		return;
	c->notice = SDL_CreateTexture(c->renderer, SDL_PIXELFORMAT_RGB565,
				      SDL_TEXTUREACCESS_STREAMING, width, height);
	if (!c->notice || SDL_LockTexture(c->notice, NULL, &pixels, &pitch) != 0)
		return;
	for (int y = 0; y < height; y++) {
		uint16_t *row = (uint16_t *)((uint8_t *)pixels + y * pitch);
		for (int x = 0; x < width; x++, rgb565 += 2)
			row[x] = (uint16_t)(rgb565[0] << 8 | rgb565[1]);
	}
	SDL_UnlockTexture(c->notice);
}

static void draw_notice(struct canvas *c, const struct widget *w)
{
	SDL_Rect to = { w->box.x, w->box.y, w->box.w, w->box.h };

	if (c->notice)
		SDL_RenderCopy(c->renderer, c->notice, NULL, &to);
}

#define DOT_PX 10
#define DOT_PITCH_PX 24

static void draw_dots(struct canvas *c, const struct widget *w)
{
	int x = w->box.x + (w->box.w - (w->limit - 1) * DOT_PITCH_PX - DOT_PX) / 2;
	int y = w->box.y + (w->box.h - DOT_PX) / 2;

	for (int i = 0; i < w->limit; i++) {
		struct rgb colour = hue(c, i == w->value ? HUE_PRIMARY : HUE_EDGE);
		shapes_round(&c->shapes, x + i * DOT_PITCH_PX, y, DOT_PX, DOT_PX, DOT_PX / 2,
			     colour, 0, colour);
	}
}

static void draw_steps(struct canvas *c, const struct widget *w, const struct paint *p)
{
	draw_text(c, w, p->ink);
	int gap = 6, y = w->box.y + w->box.h - 12;
	for (int i = 0; w->limit > 0 && i < w->limit; i++) {
		int x = w->box.x + i * (w->box.w + gap) / w->limit;
		int end = w->box.x + (i + 1) * (w->box.w + gap) / w->limit - gap;
		struct rgb colour = hue(c, i < w->value ? HUE_PRIMARY : HUE_EDGE);
		shapes_round(&c->shapes, x, y, end - x, 10, 5, colour, 0, colour);
	}
}

/* Room of icon, gap and text together when they stand in the middle of a button. */
static struct box centred_icon(struct canvas *c, const struct widget *w, enum hue ink)
{
	struct box icon = widget_icon_box(w), text = widget_text_box(w);
	if (w->text.align != ALIGN_CENTRE || !w->label[0])
		return icon;
	const struct cached_text *t =
		text_cache_get(&c->texts, w->label, &w->text, text.w, text.h, hue(c, ink));
	icon.x = text.x + (text.w - t->w) / 2 - icon.w - 12;
	return icon;
}

static void draw_widget(struct canvas *c, const struct widget *w, bool pressed)
{
	struct paint p = paint_of(w->look, w->tone, w->enabled, w->selected, pressed);
	switch (w->look) {
	case LOOK_PREVIEW:
		draw_preview(c, w, &p);
		return;
	case LOOK_PROGRESS:
		draw_progress(c, w, &p);
		return;
	case LOOK_STEPS:
		draw_steps(c, w, &p);
		return;
	case LOOK_DOTS:
		draw_dots(c, w);
		return;
	case LOOK_NOTICE:
		draw_notice(c, w);
		return;
	case LOOK_TEXT:
	case LOOK_CARD:
	case LOOK_STRIP:
	case LOOK_PRIMARY:
	case LOOK_SECONDARY:
	case LOOK_QUIET:
	case LOOK_DANGER:
	case LOOK_KEY:
	case LOOK_CHOICE:
	case LOOK_FIELD:
	case LOOK_CHIP:
	case LOOK_SOLID:
	case LOOK_COUNT_:
		break;
	}
	draw_frame(c, w, &p);
	if (w->icon != ICON_NONE) {
		struct box icon = centred_icon(c, w, p.ink);
		shapes_icon(&c->shapes, w->icon, icon.x, icon.y, icon.w, hue(c, p.ink));
	}
	int end = draw_text(c, w, p.ink);
	if (w->role == WIDGET_FIELD)
		draw_caret(c, w, end);
}

void canvas_draw(struct canvas *c, const struct widget_list *list, const char *pressed)
{
	struct rgb ground = hue(c, HUE_GROUND);
	SDL_SetRenderDrawColor(c->renderer, ground.r, ground.g, ground.b, 255);
	SDL_RenderClear(c->renderer);
	for (int i = 0; i < list->count; i++) {
		const struct widget *w = &list->items[i];
		draw_widget(c, w, widget_is_live(w) && strcmp(w->id, pressed) == 0);
	}
}
