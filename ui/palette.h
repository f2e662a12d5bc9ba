/*
 * Colours by meaning, for day and for night (a bright screen blinds people at a dark gate), and
 * which of them a widget wears. Every ink on its fill has a contrast of at least 4.5:1 (WCAG 2.2,
 * 1.4.3); a test holds all combinations to it. Pure.
 */
#ifndef UI_PALETTE_H
#define UI_PALETTE_H

#include "base/defs.h"

enum theme { THEME_DAY, THEME_NIGHT, THEME_COUNT_ };

/* THEME_NIGHT from 19 to 7 o'clock. */
enum theme theme_at(int32_t hour);

struct rgb {
	uint8_t r, g, b;
};

enum hue {
	HUE_INK,
	HUE_INK_SOFT,
	HUE_GROUND,
	HUE_SURFACE,
	HUE_EDGE,
	HUE_PRIMARY,
	HUE_PRIMARY_PRESSED,
	HUE_ON_PRIMARY,
	HUE_ACCENT_SOFT,
	HUE_ON_ACCENT_SOFT,
	HUE_STRIP,
	HUE_ON_STRIP,
	HUE_KEY_FILL,
	HUE_KEY_PRESSED,
	HUE_OFF_FILL,
	HUE_ON_OFF,
	HUE_GOOD,
	HUE_ON_GOOD,
	HUE_GOOD_SOFT,
	HUE_ON_GOOD_SOFT,
	HUE_WARN,
	HUE_ON_WARN,
	HUE_WARN_SOFT,
	HUE_ON_WARN_SOFT,
	HUE_BAD,
	HUE_ON_BAD,
	HUE_BAD_PRESSED,
	HUE_BAD_SOFT,
	HUE_ON_BAD_SOFT,
	HUE_ALARM,
	HUE_ON_ALARM,
	HUE_COUNT_
};

struct rgb palette_get(enum theme theme, enum hue hue);

/* How a widget is drawn. */
enum look {
	LOOK_TEXT, /* nothing but its text and icon */
	LOOK_CARD,
	LOOK_STRIP,
	LOOK_PRIMARY,
	LOOK_SECONDARY,
	LOOK_QUIET, /* a button that is not for the visitor */
	LOOK_DANGER,
	LOOK_KEY,
	LOOK_CHOICE,
	LOOK_FIELD,
	LOOK_CHIP, /* soft fill in its tone */
	LOOK_SOLID, /* strong fill in its tone */
	LOOK_PREVIEW,
	LOOK_PROGRESS, /* value of limit, as a bar */
	LOOK_STEPS, /* value of limit, as segments */
	LOOK_DOTS, /* the value-th of limit, from 0, as a row of dots */
	LOOK_NOTICE, /* the picture of the notice on the board */
	LOOK_COUNT_
};

enum tone { TONE_PLAIN, TONE_SOFT, TONE_GOOD, TONE_WARN, TONE_BAD, TONE_ALARM, TONE_COUNT_ };

struct paint {
	bool filled, edged;
	enum hue fill, edge, ink;
	int edge_px, radius_px;
};

/* What it wears; ink without a fill stands on HUE_GROUND or HUE_SURFACE (or HUE_ALARM, tone
 * HUE_ALARM). */
struct paint paint_of(enum look look, enum tone tone, bool enabled, bool selected, bool pressed);

/* WCAG 2.2 relative luminance and contrast, 1 to 21. */
double palette_contrast(struct rgb a, struct rgb b);

#endif
