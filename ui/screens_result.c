/* What the machine asks for and what came of it: code, temperature, waiting, verdicts. */
#include "base/text.h"
#include "ui/build.h"

void build_code(struct build *b)
{
	add_title(b, STR_CODE_TITLE);
	struct widget *w = add(b, "preview", WIDGET_PICTURE, (struct box){ MARGIN, 204, 848, 484 },
			       tr(b, STR_CODE_PREVIEW));
	w->look = LOOK_PREVIEW;
	int x = MARGIN + 872, width = CONTENT_W - 872;
	add_text(b, "help", (struct box){ x, 204, width, 264 }, 32, TONE_PLAIN,
		 tr(b, STR_CODE_HELP))
		->text.min_px = 28;
	add_note(b, (struct box){ x, 480, width, 208 }, 28);
	add_back(b);
	add_cancel(b);
	w = add_button(b, "skip-code", (struct box){ 1280 - MARGIN - 420, BUTTON_Y, 420, BUTTON_H },
		       LOOK_SECONDARY, tr(b, STR_ACTION_SKIP_CODE), ACTION_SKIP_CODE, 0);
	w->text.bold = true;
}

void build_temperature(struct build *b)
{
	const struct view *v = b->view;
	add_title(b, STR_TEMPERATURE_TITLE);
	add_help(b, STR_TEMPERATURE_HELP);
	panel_begin(b, "reading-card", (struct box){ MARGIN, 262, CONTENT_W, 290 }, LOOK_CARD,
		    TONE_PLAIN);
	enum tone tone = v->note == NOTE_TEMPERATURE_OK                      ? TONE_GOOD
			 : v->note == NOTE_NONE || v->note == NOTE_MEASURING ? TONE_PLAIN
									     : TONE_WARN;
	add_icon(b, "reading-icon", ICON_THERMOMETER, MARGIN + 120, 307, 200, tone);
	char value[48] = "\u2014";
	if (v->temperature_centi_c > 0)
		shown_temperature(b, v->temperature_centi_c, value, sizeof(value));
	struct widget *w = add_text(b, "reading", (struct box){ MARGIN + 380, 292, 760, 230 }, 150,
				    tone, value);
	w->text.bold = true;
	panel_end(b);
	add_note(b, (struct box){ MARGIN, 570, CONTENT_W, 100 }, 38);
	add_button(b, "cancel", (struct box){ MARGIN, BUTTON_Y, 220, BUTTON_H }, LOOK_QUIET,
		   tr(b, STR_ACTION_CANCEL), ACTION_CANCEL, 0);
	w = add_button(b, "skip-temperature",
		       (struct box){ 1280 - MARGIN - 420, BUTTON_Y, 420, BUTTON_H }, LOOK_SECONDARY,
		       tr(b, STR_ACTION_SKIP_TEMPERATURE), ACTION_SKIP_TEMPERATURE, 0);
	w->text.bold = true;
}

static void add_guard(struct build *b)
{
	struct box box = { MARGIN, BUTTON_Y, 300, BUTTON_H };
	struct widget *w = add_button(b, "guard", box, LOOK_QUIET, tr(b, STR_ACTION_GUARD_HELP),
				      ACTION_GUARD, 0);
	w->icon = ICON_SHIELD;
}

/* A big sign left, a title and text right. */
static void add_sign(struct build *b, enum icon icon, enum tone tone, enum string_id title)
{
	struct widget *w = add(b, "sign", WIDGET_IMAGE, (struct box){ 110, 230, 270, 270 }, NULL);
	w->look = LOOK_SOLID;
	w->tone = tone;
	w->icon = icon;
	w->icon_px = 180;
	w->hidden = true;
	w = add_text(b, "title", (struct box){ 450, 216, 782, 128 }, 72, tone, tr(b, title));
	w->text.bold = true;
	w->text.min_px = 48;
}

static struct widget *add_under_title(struct build *b, const char *id, int y, int h,
				      const char *text)
{
	struct widget *w = add_text(b, id, (struct box){ 450, y, 782, h }, 38, TONE_PLAIN, text);
	w->text.min_px = 30;
	w->text.top = true;
	return w;
}

void build_saving(struct build *b)
{
	add_sign(b, ICON_DOTS, TONE_PLAIN, STR_SAVING_TITLE);
	add_under_title(b, "help", 352, 160, tr(b, STR_SAVING_HELP));
	add_note(b, (struct box){ MARGIN, 560, CONTENT_W, 100 }, 34);
}

void build_waiting(struct build *b)
{
	add_title(b, STR_WAITING_TITLE);
	panel_begin(b, "ticket-card", (struct box){ MARGIN, 206, 420, 380 }, LOOK_CARD, TONE_PLAIN);
	struct widget *w = add_text(b, "ticket-name", (struct box){ MARGIN + 20, 226, 380, 54 }, 34,
				    TONE_SOFT, tr(b, STR_WAITING_TICKET));
	w->text.align = ALIGN_CENTRE;
	char text[WIDGET_LABEL_BYTES];
	text_format(text, sizeof(text), "%u", b->view->ticket);
	w = add_text(b, "ticket", (struct box){ MARGIN + 20, 286, 380, 280 }, 180, TONE_PLAIN,
		     text);
	w->text.align = ALIGN_CENTRE;
	w->text.bold = true;
	w->text.min_px = 90;
	panel_end(b);
	w = add_text(b, "help", (struct box){ 510, 206, 722, 380 }, 40, TONE_PLAIN,
		     tr(b, STR_WAITING_HELP));
	w->text.min_px = 34;
	add_note(b, (struct box){ MARGIN, 604, CONTENT_W, 84 }, 32);
	add_guard(b);
	add_next(b, STR_ACTION_DONE);
}

static void refusal(struct build *b, int i, struct box box, bool dense)
{
	const struct reason *reason = &b->view->reasons[i];
	char id[WIDGET_ID_BYTES], advice_id[WIDGET_ID_BYTES], text[WIDGET_LABEL_BYTES];
	char clause[64] = "";
	if (reason->clause[0] && dense)
		text_format(clause, sizeof(clause), "\u00A7%s", reason->clause);
	else if (reason->clause[0])
		string_fill(clause, sizeof(clause), tr(b, STR_REFUSED_CLAUSE), reason->clause,
			    NULL);
	text_format(text, sizeof(text), "%s  %s", string_reason(b->view->language, reason->code),
		    clause);
	numbered(id, "reason", i);
	int title_h = dense ? 40 : 50;
	struct widget *w = add_text(b, id, (struct box){ box.x, box.y, box.w, title_h },
				    dense ? 28 : 36, TONE_BAD, text);
	w->icon = ICON_CROSS;
	w->text.bold = true;
	w->text.min_px = 20;
	w->text.one_line = true;
	text_format(advice_id, sizeof(advice_id), "%s-advice", id);
	int indent = dense ? 38 : 46;
	w = add_text(
		b, advice_id,
		(struct box){ box.x + indent, box.y + title_h, box.w - indent, dense ? 36 : 44 },
		dense ? 24 : 32, TONE_PLAIN, string_reason_advice(b->view->language, reason->code));
	w->text.min_px = 20;
}

static void add_refusals(struct build *b)
{
	int count = b->view->reason_count < REASONS_MAX ? b->view->reason_count : REASONS_MAX;
	bool dense = count > 4;
	for (int i = 0; i < count; i++) {
		struct box box = { MARGIN + 28, 216 + i * 104, CONTENT_W - 56, 100 };
		if (dense)
			box = (struct box){ MARGIN + 20 + i % 2 * 582, 212 + i / 2 * 80, 562, 76 };
		refusal(b, i, box, dense);
	}
}

void build_refused(struct build *b)
{
	struct widget *w = add_title(b, STR_REFUSED_TITLE);
	w->tone = TONE_BAD;
	panel_begin(b, "reasons", (struct box){ MARGIN, 200, CONTENT_W, 420 }, LOOK_CARD,
		    TONE_PLAIN);
	add_refusals(b);
	panel_end(b);
	struct box line = { MARGIN, 630, CONTENT_W, 62 };
	char text[WIDGET_LABEL_BYTES];
	string_fill(text, sizeof(text),
		    tr(b, b->view->phone[0] ? STR_REFUSED_PHONE : STR_REFUSED_NO_PHONE),
		    b->view->phone, NULL);
	if (!add_note(b, line, 30)) {
		w = add_text(b, "phone", line, 34, TONE_PLAIN, text);
		w->icon = ICON_PHONE;
		w->text.bold = true;
	} else {
		w = add_text(b, "phone", (struct box){ MARGIN, BUTTON_Y, 820, BUTTON_H }, 34,
			     TONE_PLAIN, text);
		w->icon = ICON_PHONE;
	}
	add_next(b, STR_ACTION_DONE);
}

void build_admitted(struct build *b)
{
	const struct view *v = b->view;
	add_sign(b, ICON_CHECK, TONE_GOOD, STR_ADMITTED_TITLE);
	char time[32], text[WIDGET_LABEL_BYTES];
	text_format(time, sizeof(time), "%02d:%02d", v->until_hour, v->until_minute);
	string_fill(text, sizeof(text), tr(b, STR_ADMITTED_UNTIL), time, NULL);
	if (v->valid_until_ms)
		add_under_title(b, "until", 352, 64, text)->text.bold = true;
	add_under_title(b, "help", 424, 120, tr(b, STR_ADMITTED_PASS));
	struct widget *w = add(b, "gate", WIDGET_LABEL, (struct box){ 110, 520, 270, 64 },
			       string_gate_state(v->language, v->gate));
	w->look = LOOK_CHIP;
	w->tone = v->gate == GATE_FAULT ? TONE_BAD : TONE_GOOD;
	w->text.bold = true;
	add_note(b, (struct box){ MARGIN, 600, CONTENT_W, 84 }, 32);
	add_next(b, STR_ACTION_DONE);
}

void build_goodbye(struct build *b)
{
	add_sign(b, ICON_CHECK, TONE_GOOD, STR_GOODBYE_TITLE);
	add_under_title(b, "help", 352, 150, tr(b, STR_GOODBYE_HELP));
	add_note(b, (struct box){ MARGIN, 600, CONTENT_W, 84 }, 32);
	add_next(b, STR_ACTION_DONE);
}

void build_pass_refused(struct build *b)
{
	add_sign(b, ICON_CROSS, TONE_BAD, STR_PASS_REFUSED_TITLE);
	add_under_title(b, "problem", 352, 112,
			string_pass_problem(b->view->language, b->view->pass_problem))
		->text.bold = true;
	add_under_title(b, "help", 470, 112, tr(b, STR_PASS_WHAT_NOW));
	add_note(b, (struct box){ MARGIN, 600, CONTENT_W, 84 }, 32);
	add_next(b, STR_ACTION_DONE);
}

void build_fault(struct build *b)
{
	add_sign(b, ICON_CROSS, TONE_BAD, STR_FAULT_TITLE);
	add_under_title(b, "help", 352, 170, tr(b, STR_FAULT_HELP));
	add_note(b, (struct box){ MARGIN, 560, CONTENT_W, 100 }, 34);
	/* a dead register: nothing can be done here; else the person may go on */
	if (b->view->devices[DEVICE_REGISTER] == DEVICE_OK)
		add_next(b, STR_ACTION_OK);
}

void build_emergency(struct build *b)
{
	panel_begin(b, "alarm", (struct box){ 0, 124, 1280, 560 }, LOOK_SOLID, TONE_ALARM);
	add_icon(b, "alarm-icon", ICON_WARN, 110, 250, 270, TONE_ALARM);
	struct widget *w = add_text(b, "title", (struct box){ 450, 200, 782, 190 }, 88, TONE_ALARM,
				    tr(b, STR_EMERGENCY_TITLE));
	w->text.bold = true;
	w->text.min_px = 56;
	w = add_text(b, "help", (struct box){ 450, 400, 782, 240 }, 48, TONE_ALARM,
		     tr(b, STR_EMERGENCY_HELP));
	w->text.bold = true;
	w->text.top = true;
	panel_end(b);
	add_text(b, "list", (struct box){ MARGIN, 700, CONTENT_W, 76 }, 32, TONE_PLAIN,
		 tr(b, STR_EMERGENCY_LIST))
		->text.align = ALIGN_CENTRE;
}
