/*
 * A notice of the office on the board. Its place is of one size, whatever else the board shows, so
 * that what the office's program found short enough (core/notice_fit.c) is short enough here.
 * Touching it begins a registration, as the button below does: nobody need tell the two apart.
 */
#include "base/text.h"
#include "ui/build.h"

#define PAD_X 18
#define PAD_Y 12
#define DOTS_H 20

static void add_slogan(struct build *b, struct box box)
{
	struct widget *w = add_text(b, "notice-title", box, NOTICE_SLOGAN_PX, TONE_PLAIN,
				    b->view->notice.title);
	w->text.bold = true;
	w->text.align = ALIGN_CENTRE;
	w->hidden = true;
}

static void add_picture(struct build *b, struct box box)
{
	const struct notice_shown *n = &b->view->notice;
	struct widget *w = add(b, "notice-picture", WIDGET_IMAGE,
			       (struct box){ box.x + (box.w - n->width) / 2,
					     box.y + (box.h - n->height) / 2, n->width, n->height },
			       n->title);
	w->look = LOOK_NOTICE;
	w->hidden = true;
}

static void add_words(struct build *b, struct box box)
{
	const struct notice_shown *n = &b->view->notice;
	struct widget *w =
		add_text(b, "notice-title", (struct box){ box.x, box.y, box.w, NOTICE_TITLE_H },
			 NOTICE_TITLE_PX, TONE_PLAIN, n->title);
	w->text.bold = true;
	w->text.one_line = true;
	w->hidden = true;
	w = add_text(b, "notice-text",
		     (struct box){ box.x, box.y + NOTICE_TITLE_H, box.w, box.h - NOTICE_TITLE_H },
		     NOTICE_TEXT_PX, TONE_PLAIN, n->text);
	w->text.px = NOTICE_TEXT_LARGE_PX; /* a short one is read from further away */
	w->text.top = true;
}

static void add_turns(struct build *b, struct box box)
{
	const struct notice_shown *n = &b->view->notice;
	char label[24];

	text_format(label, sizeof(label), "%d / %d", n->turn + 1, n->turn_count);
	struct widget *w = add(b, "notice-turn", WIDGET_IMAGE, box, label);
	w->look = LOOK_DOTS;
	w->text = (struct text_style){ .px = 0 }; /* told, not drawn */
	w->value = n->turn;
	w->limit = n->turn_count;
}

void build_notice(struct build *b, struct box box)
{
	const struct notice_shown *n = &b->view->notice;
	struct box inner = { box.x + PAD_X, box.y + PAD_Y, NOTICE_W, NOTICE_H };
	struct widget *w = add_button(b, "notice", box, LOOK_CARD, n->title, ACTION_START, 0);
	w->text = (struct text_style){ .align = ALIGN_LEFT }; /* drawn by those on it */
	b->parent = b->list->count - 1;
	if (n->kind == NOTICE_SLOGAN)
		add_slogan(b, inner);
	if (n->kind != NOTICE_SLOGAN && n->width > 0) {
		int w_px = n->kind == NOTICE_POSTER ? inner.w : NOTICE_BESIDE_W;
		add_picture(b, (struct box){ inner.x, inner.y, w_px, inner.h });
		inner.x += w_px + NOTICE_GAP;
		inner.w -= w_px + NOTICE_GAP;
	}
	if (n->kind == NOTICE_TEXT)
		add_words(b, inner);
	if (n->turn_count > 1)
		add_turns(b, (struct box){ box.x + PAD_X, box.y + box.h - DOTS_H - 4, NOTICE_W,
					   DOTS_H });
	b->parent = -1;
}
