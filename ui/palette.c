#include "ui/palette.h"

#include <math.h>

#define RGB(hex)                                                                                   \
	{                                                                                          \
		(hex) >> 16 & 255, (hex) >> 8 & 255, (hex)&255                                     \
	}

static const struct rgb PALETTE[THEME_COUNT_][HUE_COUNT_] = {
	[THEME_DAY] = {
		[HUE_INK] = RGB(0x13232B),
		[HUE_INK_SOFT] = RGB(0x475963),
		[HUE_GROUND] = RGB(0xEFF3F2),
		[HUE_SURFACE] = RGB(0xFFFFFF),
		[HUE_EDGE] = RGB(0xB9C7CB),
		[HUE_PRIMARY] = RGB(0x0A5A5C),
		[HUE_PRIMARY_PRESSED] = RGB(0x063B3D),
		[HUE_ON_PRIMARY] = RGB(0xFFFFFF),
		[HUE_ACCENT_SOFT] = RGB(0xD5EAE7),
		[HUE_ON_ACCENT_SOFT] = RGB(0x07393A),
		[HUE_STRIP] = RGB(0x12303A),
		[HUE_ON_STRIP] = RGB(0xEDF5F5),
		[HUE_KEY_FILL] = RGB(0xFFFFFF),
		[HUE_KEY_PRESSED] = RGB(0xC3DAD9),
		[HUE_OFF_FILL] = RGB(0xDDE3E4),
		[HUE_ON_OFF] = RGB(0x55636A),
		[HUE_GOOD] = RGB(0x14663A),
		[HUE_ON_GOOD] = RGB(0xFFFFFF),
		[HUE_GOOD_SOFT] = RGB(0xDDF1E4),
		[HUE_ON_GOOD_SOFT] = RGB(0x0D4A29),
		[HUE_WARN] = RGB(0x8A4A00),
		[HUE_ON_WARN] = RGB(0xFFFFFF),
		[HUE_WARN_SOFT] = RGB(0xFFEFD0),
		[HUE_ON_WARN_SOFT] = RGB(0x6B3A00),
		[HUE_BAD] = RGB(0xA4211C),
		[HUE_ON_BAD] = RGB(0xFFFFFF),
		[HUE_BAD_PRESSED] = RGB(0x741511),
		[HUE_BAD_SOFT] = RGB(0xFCE4E1),
		[HUE_ON_BAD_SOFT] = RGB(0x861713),
		[HUE_ALARM] = RGB(0x9A1B17),
		[HUE_ON_ALARM] = RGB(0xFFFFFF),
	},
	[THEME_NIGHT] = {
		[HUE_INK] = RGB(0xE3ECEE),
		[HUE_INK_SOFT] = RGB(0xA6B7BF),
		[HUE_GROUND] = RGB(0x0D161B),
		[HUE_SURFACE] = RGB(0x17232A),
		[HUE_EDGE] = RGB(0x3D505A),
		[HUE_PRIMARY] = RGB(0x43B3A8),
		[HUE_PRIMARY_PRESSED] = RGB(0x7AD0C7),
		[HUE_ON_PRIMARY] = RGB(0x04201E),
		[HUE_ACCENT_SOFT] = RGB(0x163C3B),
		[HUE_ON_ACCENT_SOFT] = RGB(0xA8E4DD),
		[HUE_STRIP] = RGB(0x060C10),
		[HUE_ON_STRIP] = RGB(0xD5E2E5),
		[HUE_KEY_FILL] = RGB(0x223139),
		[HUE_KEY_PRESSED] = RGB(0x3A5560),
		[HUE_OFF_FILL] = RGB(0x1B262C),
		[HUE_ON_OFF] = RGB(0x8FA0A8),
		[HUE_GOOD] = RGB(0x6CCB93),
		[HUE_ON_GOOD] = RGB(0x06210F),
		[HUE_GOOD_SOFT] = RGB(0x123222),
		[HUE_ON_GOOD_SOFT] = RGB(0x96E0B3),
		[HUE_WARN] = RGB(0xEFB95C),
		[HUE_ON_WARN] = RGB(0x2A1900),
		[HUE_WARN_SOFT] = RGB(0x36280C),
		[HUE_ON_WARN_SOFT] = RGB(0xF6CF8A),
		[HUE_BAD] = RGB(0xF08A82),
		[HUE_ON_BAD] = RGB(0x2E0604),
		[HUE_BAD_PRESSED] = RGB(0xF8B6B0),
		[HUE_BAD_SOFT] = RGB(0x401817),
		[HUE_ON_BAD_SOFT] = RGB(0xFFB0A9),
		[HUE_ALARM] = RGB(0x7E1512),
		[HUE_ON_ALARM] = RGB(0xFFF3F2),
	},
};

enum theme theme_at(int32_t hour)
{
	return hour >= 7 && hour < 19 ? THEME_DAY : THEME_NIGHT;
}

struct rgb palette_get(enum theme theme, enum hue hue)
{
	return PALETTE[theme][hue];
}

static const struct paint LOOKS[LOOK_COUNT_] = {
	[LOOK_TEXT] = { .ink = HUE_INK },
	[LOOK_CARD] = { true, true, HUE_SURFACE, HUE_EDGE, HUE_INK, 1, 18 },
	[LOOK_STRIP] = { true, false, HUE_STRIP, HUE_STRIP, HUE_ON_STRIP, 0, 0 },
	[LOOK_PRIMARY] = { true, false, HUE_PRIMARY, HUE_PRIMARY, HUE_ON_PRIMARY, 0, 18 },
	[LOOK_SECONDARY] = { true, true, HUE_SURFACE, HUE_PRIMARY, HUE_INK, 2, 18 },
	[LOOK_QUIET] = { true, true, HUE_SURFACE, HUE_EDGE, HUE_INK_SOFT, 1, 18 },
	[LOOK_DANGER] = { true, true, HUE_SURFACE, HUE_BAD, HUE_BAD, 3, 18 },
	[LOOK_KEY] = { true, true, HUE_KEY_FILL, HUE_EDGE, HUE_INK, 1, 12 },
	[LOOK_CHOICE] = { true, true, HUE_SURFACE, HUE_EDGE, HUE_INK, 2, 16 },
	[LOOK_FIELD] = { true, true, HUE_SURFACE, HUE_PRIMARY, HUE_INK, 3, 14 },
	[LOOK_CHIP] = { true, false, HUE_ACCENT_SOFT, HUE_ACCENT_SOFT, HUE_ON_ACCENT_SOFT, 0, 12 },
	[LOOK_SOLID] = { true, false, HUE_PRIMARY, HUE_PRIMARY, HUE_ON_PRIMARY, 0, 12 },
	[LOOK_PREVIEW] = { true, true, HUE_STRIP, HUE_PRIMARY, HUE_ON_STRIP, 3, 18 },
	[LOOK_PROGRESS] = { true, true, HUE_SURFACE, HUE_EDGE, HUE_PRIMARY, 2, 18 },
	[LOOK_STEPS] = { .ink = HUE_INK_SOFT },
	[LOOK_DOTS] = { .ink = HUE_INK_SOFT },
	[LOOK_NOTICE] = { .ink = HUE_INK_SOFT },
};

struct tone_colours {
	enum hue ink, soft, on_soft, solid, on_solid;
};

static const struct tone_colours TONES[TONE_COUNT_] = {
	[TONE_PLAIN] = { HUE_INK, HUE_ACCENT_SOFT, HUE_ON_ACCENT_SOFT, HUE_PRIMARY,
			 HUE_ON_PRIMARY },
	[TONE_SOFT] = { HUE_INK_SOFT, HUE_OFF_FILL, HUE_ON_OFF, HUE_PRIMARY, HUE_ON_PRIMARY },
	[TONE_GOOD] = { HUE_GOOD, HUE_GOOD_SOFT, HUE_ON_GOOD_SOFT, HUE_GOOD, HUE_ON_GOOD },
	[TONE_WARN] = { HUE_WARN, HUE_WARN_SOFT, HUE_ON_WARN_SOFT, HUE_WARN, HUE_ON_WARN },
	[TONE_BAD] = { HUE_BAD, HUE_BAD_SOFT, HUE_ON_BAD_SOFT, HUE_BAD, HUE_ON_BAD },
	[TONE_ALARM] = { HUE_ON_ALARM, HUE_ALARM, HUE_ON_ALARM, HUE_ALARM, HUE_ON_ALARM },
};

static void tint(struct paint *p, enum look look, enum tone tone)
{
	const struct tone_colours *t = &TONES[tone];
	switch (look) {
	case LOOK_TEXT:
	case LOOK_CARD:
	case LOOK_STEPS:
	case LOOK_DOTS:
	case LOOK_NOTICE:
		p->ink = tone == TONE_PLAIN && look == LOOK_STEPS ? HUE_INK_SOFT : t->ink;
		break;
	case LOOK_CHIP:
		p->fill = p->edge = t->soft;
		p->ink = t->on_soft;
		break;
	case LOOK_SOLID:
		p->fill = p->edge = t->solid;
		p->ink = t->on_solid;
		break;
	case LOOK_STRIP:
	case LOOK_PRIMARY:
	case LOOK_SECONDARY:
	case LOOK_QUIET:
	case LOOK_DANGER:
	case LOOK_KEY:
	case LOOK_CHOICE:
	case LOOK_FIELD:
	case LOOK_PREVIEW:
	case LOOK_PROGRESS:
	case LOOK_COUNT_:
		break;
	}
}

static void press(struct paint *p, enum look look)
{
	if (look == LOOK_PRIMARY)
		p->fill = HUE_PRIMARY_PRESSED;
	else if (look == LOOK_KEY || look == LOOK_CHOICE || look == LOOK_SECONDARY ||
		 look == LOOK_QUIET || look == LOOK_CARD)
		p->fill = HUE_KEY_PRESSED, p->ink = HUE_INK;
	else if (look == LOOK_DANGER)
		p->fill = HUE_BAD_PRESSED, p->ink = HUE_ON_BAD;
}

struct paint paint_of(enum look look, enum tone tone, bool enabled, bool selected, bool pressed)
{
	struct paint p = LOOKS[look];
	tint(&p, look, tone);
	if (!enabled && p.filled && look != LOOK_CARD) {
		p.fill = HUE_OFF_FILL;
		p.edge = HUE_OFF_FILL;
		p.ink = HUE_ON_OFF;
	} else if (selected) {
		/* a toggle wears the colour of its meaning, and a tick beside it (draw.c) */
		p.fill = TONES[tone].soft;
		p.edge = TONES[tone].solid;
		p.ink = TONES[tone].on_soft;
		p.edge_px = 4;
	} else if (pressed) {
		press(&p, look);
	}
	return p;
}

static double linear(uint8_t channel)
{
	double c = channel / 255.0;
	return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double luminance(struct rgb c)
{
	return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b);
}

double palette_contrast(struct rgb a, struct rgb b)
{
	double la = luminance(a), lb = luminance(b);
	double high = la > lb ? la : lb, low = la > lb ? lb : la;
	return (high + 0.05) / (low + 0.05);
}
