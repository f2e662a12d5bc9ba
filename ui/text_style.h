/* How a text stands in its box. Sizes are pixels of the em square. Pure data. */
#ifndef UI_TEXT_STYLE_H
#define UI_TEXT_STYLE_H

#include "base/defs.h"

enum align { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT };

struct text_style {
	int px; /* wanted */
	int min_px; /* may shrink to this before it is cut */
	enum align align;
	bool bold;
	bool top; /* at the top of the box; else in the middle */
	bool one_line;
	bool keep_end; /* when it must be cut, cut the beginning (typing) */
};

/* Lines stand 1.3 em apart, as Chinese rules for old people's screens ask at least. */
static inline int text_pitch_px(int px)
{
	return (px * 13 + 9) / 10;
}

#endif
