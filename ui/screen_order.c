/* The office's signed order: what it says, and one button that puts it into force. */
#include "ui/build.h"

void add_order_button(struct build *b, struct box box)
{
	struct widget *w = add_button(b, "order", box, LOOK_SECONDARY, tr(b, STR_ACTION_ORDER),
				      ACTION_ORDER_OPEN, 0);
	w->icon = ICON_STICK;
	w->enabled = b->view->devices[DEVICE_STICK] == DEVICE_OK;
}

/* Without an order there is only why not, and what to do. */
void build_order(struct build *b)
{
	const struct view *v = b->view;
	add_title(b, STR_ORDER_TITLE);
	struct box top = { MARGIN, 200, CONTENT_W, 92 };
	if (!add_note(b, top, 36))
		add_text(b, "help", top, 32, TONE_SOFT, tr(b, STR_ORDER_HELP));
	if (v->line_count == 0 && v->note != NOTE_ORDER_READING)
		add_text(b, "what-now", (struct box){ MARGIN, 320, CONTENT_W, 160 }, 32, TONE_SOFT,
			 tr(b, STR_ORDER_WHAT_NOW));
	if (v->line_count > 0)
		panel_begin(b, "lines", (struct box){ MARGIN, 310, CONTENT_W, 370 }, LOOK_CARD,
			    TONE_PLAIN);
	for (int i = 0; i < v->line_count && i < VIEW_LINES; i++)
		add_line(b, i,
			 (struct box){ MARGIN + 28 + i / 3 * 580, 326 + i % 3 * 116, 550, 72 });
	if (v->line_count > 0)
		panel_end(b);
	add_back(b);
	struct widget *w = add_next(b, STR_ACTION_TAKE_ORDER);
	w->enabled = v->may_take;
	w->icon = ICON_CHECK;
}
