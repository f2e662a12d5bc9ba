/* The office's screens: the day's figures and the export. */
#include "base/text.h"
#include "ui/build.h"

static void add_count(struct build *b, int i, const char *id, enum string_id name, int32_t value)
{
	struct box box = { MARGIN + i * 299, 196, 287, 136 };
	char name_id[WIDGET_ID_BYTES], text[16];
	text_format(name_id, sizeof(name_id), "%s-name", id);
	text_format(text, sizeof(text), "%d", value);
	panel_begin(b, numbered(name_id, "card", i), box, LOOK_CARD, TONE_PLAIN);
	text_format(name_id, sizeof(name_id), "%s-name", id);
	add_text(b, name_id, (struct box){ box.x + 24, 204, box.w - 48, 40 }, 28, TONE_SOFT,
		 tr(b, name));
	struct widget *w = add_text(b, id, (struct box){ box.x + 24, 244, box.w - 48, 80 }, 60,
				    TONE_PLAIN, text);
	w->text.bold = true;
	panel_end(b);
}

static void add_pair(struct build *b, const char *id, int y, enum string_id name, const char *value)
{
	char name_id[WIDGET_ID_BYTES];
	text_format(name_id, sizeof(name_id), "%s-name", id);
	add_text(b, name_id, (struct box){ MARGIN + 28, y, 240, 56 }, 28, TONE_SOFT, tr(b, name));
	struct widget *w = add_text(b, id, (struct box){ MARGIN + 276, y, CONTENT_W - 304, 56 }, 32,
				    TONE_PLAIN, value[0] ? value : tr(b, STR_VALUE_NONE));
	w->text.one_line = true;
	w->may_clip = true;
}

static void add_logout(struct build *b)
{
	add_button(b, "logout", (struct box){ MARGIN, BUTTON_Y, 190, BUTTON_H }, LOOK_SECONDARY,
		   tr(b, STR_ACTION_LOGOUT), ACTION_LOGOUT, 0);
}

/* Usually what is new since this person's last export; or everything. */
static void add_exports(struct build *b, bool enabled)
{
	struct box since = { 1280 - MARGIN - 340, BUTTON_Y, 340, BUTTON_H };
	struct box all = { since.x - 18 - 340, BUTTON_Y, 340, BUTTON_H };
	struct widget *w = add_button(b, "export", all, LOOK_SECONDARY, tr(b, STR_ACTION_EXPORT),
				      ACTION_EXPORT, 0);
	w->enabled = enabled;
	w = add_button(b, "export-new", since, LOOK_PRIMARY, tr(b, STR_ACTION_EXPORT_NEW),
		       ACTION_EXPORT, 1);
	w->icon = ICON_STICK;
	w->enabled = enabled;
}

static void add_time_left(struct build *b)
{
	char minutes[16], text[96];
	int32_t left_s = b->view->export_left_s;
	if (left_s < 0)
		return;
	text_format(minutes, sizeof(minutes), "%d", (left_s + 59) / 60);
	string_fill(text, sizeof(text),
		    tr(b, left_s < 60 ? STR_EXPORTING_SOON : STR_EXPORTING_MINUTES), minutes, NULL);
	add_text(b, "left", (struct box){ MARGIN, 530, CONTENT_W, 60 }, 34, TONE_SOFT, text)
		->text.align = ALIGN_CENTRE;
}

/* Missing reports stand where staff look first. */
static void add_reports(struct build *b)
{
	char text[160];
	reports_missing_text(b, text, sizeof(text));
	add_pair(b, "reports-state", 482, STR_STAFF_REPORTS, text);
	struct widget *w = &b->list->items[b->list->count - 1];
	w->box.w = CONTENT_W - 304;
	w->tone = b->view->reports_missing > 0 ? TONE_BAD : TONE_GOOD;
	w->icon = b->view->reports_missing > 0 ? ICON_WARN : ICON_NONE;
}

/* What staff do here besides carrying the register away. */
static void add_tools(struct build *b)
{
	add_button(b, "reports", (struct box){ MARGIN, 616, 287, 74 }, LOOK_SECONDARY,
		   tr(b, STR_ACTION_REPORTS), ACTION_REPORTS, 0);
	add_button(b, "search", (struct box){ MARGIN + 299, 616, 287, 74 }, LOOK_SECONDARY,
		   tr(b, STR_ACTION_SEARCH), ACTION_SEARCH, 0);
	add_button(b, "tools", (struct box){ MARGIN + 598, 616, 287, 74 }, LOOK_SECONDARY,
		   tr(b, STR_ACTION_TOOLS), ACTION_TOOLS, 0);
	add_button(b, "export-days", (struct box){ MARGIN + 897, 616, 287, 74 }, LOOK_SECONDARY,
		   tr(b, STR_ACTION_EXPORT_DAYS), ACTION_PERIOD, 0);
}

void build_staff(struct build *b)
{
	const struct view *v = b->view;
	bool stick = v->devices[DEVICE_STICK] == DEVICE_OK;
	add_title(b, STR_STAFF_TITLE)->box.w = 700;
	struct widget *w =
		add_text(b, "account", (struct box){ 800, title_box(b).y, 432, title_box(b).h }, 30,
			 TONE_SOFT, v->account);
	w->text.align = ALIGN_RIGHT;
	w->may_clip = true;
	add_count(b, 0, "today-in", STR_STAFF_TODAY_IN, v->today_in);
	add_count(b, 1, "today-out", STR_STAFF_TODAY_OUT, v->today_out);
	add_count(b, 2, "today-refused", STR_STAFF_TODAY_REFUSED, v->today_refused);
	add_count(b, 3, "inside-now", STR_STAFF_INSIDE_NOW, v->inside_now);
	panel_begin(b, "export-card", (struct box){ MARGIN, 344, CONTENT_W, 258 }, LOOK_CARD,
		    TONE_PLAIN);
	struct box box = { MARGIN + 24, 354, CONTENT_W - 48, 76 };
	if (!add_note(b, box, 32)) {
		w = add_text(b, "stick", box, 32, stick ? TONE_GOOD : TONE_WARN,
			     stick ? tr(b, STR_STAFF_STICK_READY)
				   : string_note(v->language, NOTE_STICK_ABSENT));
		w->look = LOOK_CHIP;
		w->icon = stick ? ICON_CHECK : ICON_STICK;
		w->text.bold = true;
	}
	add_text(b, "help", (struct box){ MARGIN + 28, 434, CONTENT_W - 56, 46 }, 30, TONE_SOFT,
		 tr(b, STR_STAFF_STICK_HELP));
	add_reports(b);
	add_pair(b, "head", 540, STR_STAFF_HEAD, v->head);
	panel_end(b);
	add_tools(b);
	add_logout(b);
	add_order_button(b, (struct box){ 256, BUTTON_Y, 260, BUTTON_H });
	add_exports(b, stick);
}

void build_exporting(struct build *b)
{
	add_title(b, STR_EXPORTING_TITLE);
	add_help(b, STR_EXPORTING_HELP)->tone = TONE_WARN;
	char percent[16], text[48];
	text_format(percent, sizeof(percent), "%d", b->view->progress_permille / 10);
	string_fill(text, sizeof(text), tr(b, STR_EXPORTING_PERCENT), percent, NULL);
	struct widget *w = add_text(b, "percent", (struct box){ MARGIN, 290, CONTENT_W, 140 }, 96,
				    TONE_PLAIN, text);
	w->text.bold = true;
	w->text.align = ALIGN_CENTRE;
	w = add(b, "bar", WIDGET_IMAGE, (struct box){ MARGIN, 450, CONTENT_W, 56 }, NULL);
	w->look = LOOK_PROGRESS;
	w->value = b->view->progress_permille;
	w->limit = 1000;
	w->hidden = true;
	add_time_left(b);
	add_button(b, "cancel", (struct box){ MARGIN, BUTTON_Y, 280, BUTTON_H }, LOOK_SECONDARY,
		   tr(b, STR_ACTION_STOP_EXPORT), ACTION_CANCEL, 0);
}

/* From and until are typed; what is wrong with them, or that there is no stick, is said there. */
void build_export_days(struct build *b)
{
	build_days_entry(b, STR_EXPORT_DAYS_TITLE, STR_EXPORT_DAYS_HELP);
	add_next(b, STR_ACTION_EXPORT_GO);
}

void build_exported(struct build *b)
{
	const struct view *v = b->view;
	add_title(b, STR_EXPORTED_TITLE)->tone = TONE_GOOD;
	struct widget *w = add_text(b, "help", (struct box){ MARGIN, 200, CONTENT_W, 84 }, 34,
				    TONE_GOOD, tr(b, STR_EXPORTED_HELP));
	w->look = LOOK_CHIP;
	w->icon = ICON_CHECK;
	w->text.bold = true;
	panel_begin(b, "export-card", (struct box){ MARGIN, 304, CONTENT_W, 286 }, LOOK_CARD,
		    TONE_PLAIN);
	char rows[32], range[80];
	string_export_range(v->language, &v->export_range, v->utc_offset_min, range, sizeof(range));
	text_format(rows, sizeof(rows), "%lld", (long long)v->export_rows);
	add_pair(b, "export-name", 320, STR_EXPORTED_NAME, v->export_name);
	add_pair(b, "export-rows", 386, STR_EXPORTED_ROWS, rows);
	add_pair(b, "export-range", 452, STR_EXPORTED_RANGE, range);
	add_pair(b, "head", 518, STR_STAFF_HEAD, v->head);
	panel_end(b);
	add_logout(b);
	add_next(b, STR_ACTION_DONE);
}

void build_export_failed(struct build *b)
{
	add_title(b, STR_EXPORT_FAILED_TITLE)->tone = TONE_BAD;
	add_note(b, (struct box){ MARGIN, 210, CONTENT_W, 120 }, 40);
	add_text(b, "help", (struct box){ MARGIN, 350, CONTENT_W, 80 }, 34, TONE_PLAIN,
		 tr(b, STR_EXPORT_FAILED_HELP));
	add_logout(b);
	add_next(b, STR_ACTION_BACK);
}
