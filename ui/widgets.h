/*
 * Everything on the screen, as one list of widgets made from the view. Pure: no SDL, no fonts, no
 * state; the same view always gives the same list. The list is drawn (ui/draw.h), touched
 * (widgets_at), searched by tests (widgets_by_id) and written out as the accessibility tree.
 *
 * Coordinates are logical pixels of a 1280 x 800 screen. Ids are stable words, unique on a screen.
 */
#ifndef UI_WIDGETS_H
#define UI_WIDGETS_H

#include "assets/strings.h"
#include "core/view.h"
#include "ui/palette.h"
#include "ui/shapes.h"
#include "ui/text_style.h"

enum widget_role {
	WIDGET_LABEL,
	WIDGET_BUTTON,
	WIDGET_FIELD, /* what has been typed */
	WIDGET_ROW, /* a line of a list, touchable */
	WIDGET_PICTURE, /* the camera's picture */
	WIDGET_IMAGE, /* a drawn sign */
	WIDGET_KEY, /* of the soft keyboard */
	WIDGET_TOGGLE, /* one of several choices */
	WIDGET_PANEL, /* a card other widgets stand on */
	WIDGET_ROLE_COUNT_
};

struct box {
	int x, y, w, h;
};

#define WIDGET_ID_BYTES 24
#define WIDGET_LABEL_BYTES 320
#define WIDGETS_MAX 160

struct widget {
	char id[WIDGET_ID_BYTES];
	enum widget_role role;
	enum look look;
	enum tone tone;
	enum icon icon;
	int icon_px; /* 0: as high as the text */
	int pad_px; /* 0: as its look has it */
	struct box box;
	int parent; /* index of the panel or row it stands on, -1 for none */
	bool enabled, selected;
	bool primary; /* Enter means this one */
	bool hidden; /* decoration or already told by its parent: not in the tree */
	bool may_clip; /* holds free text of any length: an ellipsis is accepted */
	struct text_style text;
	int32_t value, limit; /* progress */
	struct action_event event;
	char label[WIDGET_LABEL_BYTES];
};

struct widget_list {
	int count;
	struct widget items[WIDGETS_MAX];
};

void widgets_build(struct widget_list *list, const struct view *view);

/* The live widget under a point, or NULL. */
const struct widget *widgets_at(const struct widget_list *list, int x, int y);
const struct widget *widgets_by_id(const struct widget_list *list, const char *id);
const struct widget *widgets_primary(const struct widget_list *list);

/* Enabled, and touching it does something. */
bool widget_is_live(const struct widget *w);

/* Where its text and its icon go. */
struct box widget_text_box(const struct widget *w);
struct box widget_icon_box(const struct widget *w);

/* "id role "label" x,y,w,h state", a line each. Returns the length, truncated to cap. */
size_t widgets_tree(const struct widget_list *list, char *out, size_t cap);

#endif
