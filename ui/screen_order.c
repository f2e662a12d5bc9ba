/*
 * What the office sends on a stick: a signed order, or for staff a bundle too; what it says, and
 * one button that puts it into force.
 */
#include "base/text.h"
#include "ui/build.h"

void add_order_button(struct build *b, struct box box)
{
	enum string_id label =
		b->view->screen == SCREEN_STAFF ? STR_ACTION_FROM_STICK : STR_ACTION_ORDER;
	struct widget *w =
		add_button(b, "order", box, LOOK_SECONDARY, tr(b, label), ACTION_ORDER_OPEN, 0);
	w->icon = ICON_STICK;
	w->enabled = b->view->devices[DEVICE_STICK] == DEVICE_OK;
}

/* Six lines, by columns of three. */
static void add_order_lines(struct build *b)
{
	for (int i = 0; i < b->view->line_count && i < VIEW_LINES; i++)
		add_line(b, i,
			 (struct box){ MARGIN + 28 + i / 3 * 580, 326 + i % 3 * 116, 550, 72 });
}

/* Left what the bundle says of itself, right what each of its parts would change; many of them
 * stand in one line each. */
#define BUNDLE_LEFT 4
#define BUNDLE_AIRY 5
#define BUNDLE_ROOM 384

static void add_part_row(struct build *b, int i, int pitch)
{
	const struct view_line *line = &b->view->lines[i];
	int y = 304 + (i - BUNDLE_LEFT) * pitch;
	char id[WIDGET_ID_BYTES], name_id[WIDGET_ID_BYTES], value[160];

	numbered(id, "line", i);
	text_format(name_id, sizeof(name_id), "%s-name", id);
	struct widget *w = add_text(b, name_id, (struct box){ MARGIN + 468, y, 176, pitch }, 24,
				    TONE_SOFT, string_field(b->view->language, line->field));
	w->text.one_line = true;
	w->text.min_px = 18;
	line_value(b, line, value, sizeof(value));
	w = add_text(b, id, (struct box){ MARGIN + 650, y, 518, pitch }, 28, TONE_PLAIN, value);
	w->text.bold = true;
	w->text.one_line = true;
	w->text.min_px = 20;
	w->may_clip = true;
}

static void add_bundle_lines(struct build *b)
{
	int parts = b->view->line_count - BUNDLE_LEFT;

	for (int i = BUNDLE_LEFT; parts > BUNDLE_AIRY && i < b->view->line_count; i++)
		add_part_row(b, i, BUNDLE_ROOM / parts > 48 ? 48 : BUNDLE_ROOM / parts);
	for (int i = 0; i < b->view->line_count && i < VIEW_LINES; i++) {
		bool left = i < BUNDLE_LEFT;
		if (!left && parts > BUNDLE_AIRY)
			break;
		int row = left ? i : i - BUNDLE_LEFT;
		add_line(b, i,
			 (struct box){ MARGIN + 28 + (left ? 0 : 440), 312 + row * 75,
				       left ? 420 : 700, 72 });
	}
}

static void add_lines(struct build *b)
{
	panel_begin(b, "lines",
		    b->view->bundle ? (struct box){ MARGIN, 298, CONTENT_W, 394 }
				    : (struct box){ MARGIN, 310, CONTENT_W, 370 },
		    LOOK_CARD, TONE_PLAIN);
	if (b->view->bundle)
		add_bundle_lines(b);
	else
		add_order_lines(b);
	panel_end(b);
}

/* Without one there is only why not, and what to do. */
void build_order(struct build *b)
{
	const struct view *v = b->view;
	bool staff = v->role == ROLE_STAFF;
	add_title(b, v->bundle ? STR_BUNDLE_TITLE : staff ? STR_STICK_TITLE : STR_ORDER_TITLE);
	struct box top = { MARGIN, 200, CONTENT_W, 92 };
	if (!add_note(b, top, 36))
		add_text(b, "help", top, 32, TONE_SOFT,
			 tr(b, v->bundle ? STR_BUNDLE_HELP : STR_ORDER_HELP));
	if (v->line_count == 0 && v->note != NOTE_ORDER_READING)
		add_text(b, "what-now", (struct box){ MARGIN, 320, CONTENT_W, 160 }, 32, TONE_SOFT,
			 tr(b, staff ? STR_BUNDLE_WHAT_NOW : STR_ORDER_WHAT_NOW));
	if (v->line_count > 0)
		add_lines(b);
	add_back(b);
	struct widget *w =
		add_next(b, v->bundle || (staff && v->line_count == 0) ? STR_ACTION_IMPORT
								       : STR_ACTION_TAKE_ORDER);
	w->enabled = v->may_take;
	w->icon = ICON_CHECK;
}
