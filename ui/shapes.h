/*
 * Rounded rectangles and signs, antialiased, without any image file: coverage is computed from
 * distances once and kept as small textures. Belongs to one renderer.
 */
#ifndef UI_SHAPES_H
#define UI_SHAPES_H

#include "ui/palette.h"

struct SDL_Renderer;
struct SDL_Texture;

enum icon {
	ICON_NONE,
	ICON_CHECK,
	ICON_CROSS,
	ICON_WARN, /* triangle with an exclamation mark */
	ICON_RIGHT,
	ICON_LEFT,
	ICON_BACKSPACE,
	ICON_PERSON,
	ICON_PARCEL,
	ICON_CODE, /* aiming frame with squares */
	ICON_THERMOMETER,
	ICON_PHONE,
	ICON_SHIELD,
	ICON_HOME,
	ICON_HEART,
	ICON_TOOL,
	ICON_CASE,
	ICON_DOTS,
	ICON_EYE,
	ICON_PRINTER,
	ICON_STICK,
	ICON_TOUCH, /* concentric rings: touch here */
	ICON_VEHICLE,
	ICON_COUNT_
};

#define SHAPES_KEPT 96

struct shapes {
	struct SDL_Renderer *renderer;
	/* discs (ICON_NONE; their quadrants are the corners) and signs, each in its colour: tinting
	 * at every copy would make SDL choose its blitter anew each time */
	struct {
		enum icon icon;
		int size_px;
		struct rgb colour, edge;
		int edge_px;
		struct SDL_Texture *texture;
	} kept[SHAPES_KEPT];
	int next; /* slot taken over when all are used */
};

void shapes_init(struct shapes *s, struct SDL_Renderer *renderer);
void shapes_fini(struct shapes *s);

void shapes_fill(struct shapes *s, int x, int y, int w, int h, struct rgb colour);
/* A rounded box: edge_px of edge around fill. */
void shapes_round(struct shapes *s, int x, int y, int w, int h, int radius_px, struct rgb fill,
		  int edge_px, struct rgb edge);
void shapes_icon(struct shapes *s, enum icon icon, int x, int y, int size_px, struct rgb colour);

#endif
