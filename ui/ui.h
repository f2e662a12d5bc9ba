/*
 * The screen: draws a struct view with SDL2, 1280 x 800 logical pixels, software or accelerated,
 * and turns touches into actions. Everything drawn stands in a widget list built from the view
 * (ui/widgets.h), which is also the accessibility tree. Main loop only; a full frame takes about a
 * millisecond or two of CPU.
 */
#ifndef UI_UI_H
#define UI_UI_H

#include "core/view.h"

#define UI_WIDTH 1280
#define UI_HEIGHT 800

struct ui;

struct ui_options {
	bool headless; /* offscreen video driver, software renderer */
	bool windowed; /* a window on a desktop instead of the full screen */
	const char *font_dir; /* extra place to look for fonts; NULL: the system's */
};

enum ui_error {
	UI_OK,
	UI_NO_DISPLAY, /* no usable video driver */
	UI_NO_FONT, /* no Noto Sans CJK SC */
	UI_FAILED, /* anything else; message says what */
};

/* message (cap bytes) says in one sentence what is wrong and what to do. */
enum ui_error ui_open(struct ui **out, const struct ui_options *options, char *message, size_t cap);
void ui_close(struct ui *ui);

/*
 * Draws and presents the view if it differs from the one on screen (memcmp) or a redraw was asked.
 * Returns true when a frame was drawn. preview: PREVIEW_WIDTH x PREVIEW_HEIGHT luma of the camera
 * for SCREEN_CODE and friends, or NULL.
 */
bool ui_draw(struct ui *ui, const struct view *view, const uint8_t *preview);
/* The picture of the notice on the board, copied; pixels as core/notices.h has them. NULL: none. */
void ui_notice_picture(struct ui *ui, const uint8_t *pixels, int width, int height);
void ui_invalidate(struct ui *ui);
uint64_t ui_frames(const struct ui *ui); /* drawn since open */

/*
 * Takes waiting SDL events. Returns true and *event for an action (press and release on the same
 * widget; a physical keyboard types too), false when there is none left. *quit: the window was
 * closed. *touched is set whenever the screen was touched at all; neither is ever cleared here.
 */
bool ui_poll(struct ui *ui, struct action_event *event, bool *touched, bool *quit);

/* Finds a live widget of the drawn view by id ("next", "row-0", "key-a") or by label in quotes-free
 * text. */
bool ui_find(struct ui *ui, const char *id_or_label, bool by_label, struct action_event *event);

/* Writes "id role "label" x,y,w,h state" lines for every widget of the drawn view. Returns the
 * length, truncated to cap. */
size_t ui_tree(struct ui *ui, char *out, size_t cap);

/* Saves what is on screen as PNG. 0 or negative errno. */
MUST_CHECK int ui_shot(struct ui *ui, const char *path);

#endif
