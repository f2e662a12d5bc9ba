/* Draws a widget list with a renderer. No decisions: where and what stands in the widgets. */
#ifndef UI_DRAW_H
#define UI_DRAW_H

#include "ui/text_cache.h"
#include "ui/widgets.h"

struct SDL_Renderer;
struct SDL_Texture;

#define PREVIEW_WIDTH_PX 480
#define PREVIEW_HEIGHT_PX 270

struct canvas {
	struct SDL_Renderer *renderer;
	struct shapes shapes;
	struct text_cache texts;
	struct SDL_Texture *preview; /* NULL until the first picture */
	bool preview_shown; /* there is a picture for this frame */
	struct SDL_Texture *notice; /* picture of the notice on the board; NULL: none */
	enum theme theme;
};

void canvas_init(struct canvas *c, struct SDL_Renderer *renderer, struct fonts *fonts);
void canvas_fini(struct canvas *c);

/* Takes over a picture, mirrored so that people can aim; NULL: there is none. */
void canvas_preview(struct canvas *c, const uint8_t *luma);

/* Takes over the picture of a notice as core/notices.h has it; NULL: there is none. */
void canvas_notice(struct canvas *c, const uint8_t *rgb565, int width, int height);

/* pressed: id of the widget under the finger, or "". */
void canvas_draw(struct canvas *c, const struct widget_list *list, const char *pressed);

#endif
