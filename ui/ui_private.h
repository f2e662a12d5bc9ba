/* The inside of struct ui, shared by ui.c, input.c and paper.c. */
#ifndef UI_UI_PRIVATE_H
#define UI_UI_PRIVATE_H

#include "ui/draw.h"
#include "ui/ui.h"

struct SDL_Window;

#define UI_PENDING_MAX 32

struct ui {
	struct SDL_Window *window;
	struct SDL_Renderer *renderer;
	bool ttf;
	struct fonts fonts;
	struct canvas canvas;

	struct view view; /* on screen */
	bool has_view, dirty;
	uint64_t frames;
	struct widget_list widgets;

	char pressed[WIDGET_ID_BYTES]; /* widget under the finger, "" for none */
	int64_t finger; /* which finger pressed it */
	struct action_event pending[UI_PENDING_MAX]; /* typed faster than taken */
	int pending_count;
};

#endif
