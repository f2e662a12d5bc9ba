/* The clock: what it says, whether it is believed, and the pad to set it. */
#include <string.h>

#include "base/text.h"
#include "ui/build.h"

/* "2026-11-23 08:05", as far as it is typed. */
static void typed_text(const char *typed, char *out, size_t cap)
{
	static const char BEFORE[] = { [4] = '-', [6] = '-', [8] = ' ', [10] = ':', [12] = 0 };
	size_t at = 0;

	for (size_t i = 0; typed[i] && at + 2 < cap; i++) {
		if (i < sizeof(BEFORE) && BEFORE[i])
			out[at++] = BEFORE[i];
		out[at++] = typed[i];
	}
	out[at] = '\0';
}

void build_clock(struct build *b)
{
	const struct view *v = b->view;
	char now[40], text[96], typed[2 * VIEW_ENTRY_BYTES];

	add_title(b, STR_CLOCK_TITLE);
	text_format(now, sizeof(now), "%04d-%02d-%02d %02d:%02d", v->year, v->month, v->day,
		    v->hour, v->minute);
	string_fill(text, sizeof(text), tr(b, STR_CLOCK_NOW), now, NULL);
	struct widget *w =
		add_text(b, "now", (struct box){ MARGIN, 200, 660, 72 }, 46, TONE_PLAIN, text);
	w->text.bold = true;
	w->text.one_line = true;
	w = add_text(b, "trust", (struct box){ MARGIN, 280, 660, 84 }, 30,
		     v->clock_trusted ? TONE_GOOD : TONE_WARN,
		     tr(b, v->clock_trusted ? STR_CLOCK_TRUSTED : STR_CLOCK_DOUBTFUL));
	w->look = LOOK_CHIP;
	w->icon = v->clock_trusted ? ICON_CHECK : ICON_WARN;
	w->text.bold = true;
	w->text.min_px = 22;
	typed_text(v->entry, typed, sizeof(typed));
	w = add(b, "entry", WIDGET_FIELD, (struct box){ MARGIN, 392, 660, 96 }, typed);
	w->look = LOOK_FIELD;
	w->text = (struct text_style){
		.px = 48, .min_px = 30, .align = ALIGN_LEFT, .one_line = true, .keep_end = true
	};
	w->may_clip = true;
	struct box box = { MARGIN, 504, 660, 176 };
	if (!add_note(b, (struct box){ box.x, box.y, box.w, 120 }, 30))
		add_text(b, "help", box, 30, TONE_SOFT, tr(b, STR_CLOCK_HELP))->text.min_px = 24;
	build_keyboard(b);
	add_back(b);
	add_button(b, "clock-confirm", (struct box){ 440, BUTTON_Y, 440, BUTTON_H }, LOOK_SECONDARY,
		   tr(b, STR_ACTION_CLOCK_CONFIRM), ACTION_CLOCK_CONFIRM, 0);
	add_next(b, STR_ACTION_CLOCK_SET)->enabled = v->entry[0] != '\0';
}
