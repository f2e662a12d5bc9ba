#include "ui/build.h"

#include <string.h>

#include "base/text.h"
#include "core/vehicle.h"

struct widget *add(struct build *b, const char *id, enum widget_role role, struct box box,
		   const char *label)
{
	assert(b->list->count < WIDGETS_MAX);
	struct widget *w = &b->list->items[b->list->count++];
	*w = (struct widget){
		.role = role,
		.box = box,
		.parent = b->parent,
		.enabled = true,
		.text = { .px = 30, .min_px = 22, .align = ALIGN_CENTRE },
	};
	text_copy(w->id, sizeof(w->id), id);
	text_copy(w->label, sizeof(w->label), label ? label : "");
	return w;
}

struct widget *add_text(struct build *b, const char *id, struct box box, int px, enum tone tone,
			const char *text)
{
	struct widget *w = add(b, id, WIDGET_LABEL, box, text);
	w->tone = tone;
	w->text = (struct text_style){ .px = px, .min_px = px * 3 / 4, .align = ALIGN_LEFT };
	return w;
}

struct widget *add_title(struct build *b, enum string_id id)
{
	struct widget *title = add_text(b, "title", title_box(b), 48, TONE_PLAIN, tr(b, id));
	title->text.bold = true;
	title->text.min_px = 44;
	return title;
}

struct widget *add_help(struct build *b, enum string_id id)
{
	return add_text(b, "help", (struct box){ MARGIN, CONTENT_Y, CONTENT_W, 44 }, 32, TONE_SOFT,
			tr(b, id));
}

struct widget *add_button(struct build *b, const char *id, struct box box, enum look look,
			  const char *label, enum action action, int32_t arg)
{
	struct widget *w = add(b, id, WIDGET_BUTTON, box, label);
	w->look = look;
	w->text.bold = look == LOOK_PRIMARY || look == LOOK_DANGER;
	w->text.px = look == LOOK_PRIMARY ? 36 : 30;
	w->text.min_px = 24;
	w->primary = look == LOOK_PRIMARY;
	w->event = (struct action_event){ action, arg };
	return w;
}

struct widget *add_toggle(struct build *b, const char *id, struct box box, const char *label,
			  bool selected, enum action action, int32_t arg)
{
	struct widget *w = add_button(b, id, box, LOOK_CHOICE, label, action, arg);
	w->role = WIDGET_TOGGLE;
	w->selected = selected;
	if (selected)
		w->icon = ICON_CHECK;
	return w;
}

struct widget *add_icon(struct build *b, const char *id, enum icon icon, int x, int y, int size_px,
			enum tone tone)
{
	struct widget *w = add(b, id, WIDGET_IMAGE, (struct box){ x, y, size_px, size_px }, NULL);
	w->icon = icon;
	w->icon_px = size_px;
	w->tone = tone;
	w->hidden = true;
	return w;
}

void panel_begin(struct build *b, const char *id, struct box box, enum look look, enum tone tone)
{
	struct widget *w = add(b, id, WIDGET_PANEL, box, NULL);
	w->look = look;
	w->tone = tone;
	w->hidden = true;
	b->parent = b->list->count - 1;
}

void panel_end(struct build *b)
{
	b->parent = -1;
}

struct widget *add_next(struct build *b, enum string_id label)
{
	struct box box = { 1280 - MARGIN - 320, BUTTON_Y, 320, BUTTON_H };
	return add_button(b, "next", box, LOOK_PRIMARY, tr(b, label), ACTION_NEXT, 0);
}

void add_back(struct build *b)
{
	struct box box = { MARGIN, BUTTON_Y, 200, BUTTON_H };
	struct widget *w =
		add_button(b, "back", box, LOOK_SECONDARY, tr(b, STR_ACTION_BACK), ACTION_BACK, 0);
	w->icon = ICON_LEFT;
}

void add_cancel(struct build *b)
{
	struct box box = { MARGIN + 216, BUTTON_Y, 220, BUTTON_H };
	add_button(b, "cancel", box, LOOK_QUIET, tr(b, STR_ACTION_CANCEL), ACTION_CANCEL, 0);
}

void add_visitor_bar(struct build *b)
{
	add_back(b);
	add_cancel(b);
	add_next(b, STR_ACTION_NEXT);
}

enum tone note_tone(enum note note)
{
	switch (note) {
	case NOTE_CODE_READ:
	case NOTE_TEMPERATURE_OK:
	case NOTE_LEVEL_CHANGED:
	case NOTE_BUNDLE_TAKEN:
	case NOTE_REPORT_MADE:
	case NOTE_REPORT_CHECKED:
	case NOTE_HANDOVER_DONE:
	case NOTE_ROLL_DONE:
	case NOTE_COPY_PRINTING:
	case NOTE_ERASED:
	case NOTE_LEDGER_WRITTEN:
	case NOTE_ACCOUNT_DONE:
	case NOTE_CLOCK_SET:
	case NOTE_CLOCK_CONFIRMED:
		return TONE_GOOD;
	case NOTE_MEASURING:
	case NOTE_ORDER_READING:
	case NOTE_SEARCHING:
	case NOTE_COPY_PIN:
	case NOTE_ERASE_PIN:
	case NOTE_ACCOUNT_SAVE_PIN:
	case NOTE_ACCOUNT_REMOVE_PIN:
	case NOTE_ACCOUNTS_OFFICES:
	case NOTE_REVEAL_PIN:
		return TONE_PLAIN;
	case NOTE_DOCUMENT_KIND:
	case NOTE_CAMERA_RESTARTING:
	case NOTE_CAMERA_ABSENT:
	case NOTE_TEMPERATURE_INVALID:
	case NOTE_TEMPERATURE_AGAIN:
	case NOTE_THERMOMETER_ABSENT:
	case NOTE_STICK_ABSENT:
	case NOTE_PRINTER_PAPER_END:
	case NOTE_PRINTER_COVER_OPEN:
	case NOTE_PRINTER_ABSENT:
	case NOTE_ALREADY_DECIDED:
	case NOTE_ATTEST_FIRST:
	case NOTE_ORDER_NONE:
	case NOTE_BUNDLE_NONE:
	case NOTE_PRINTER_BUSY:
	case NOTE_REPORT_ALREADY:
	case NOTE_SEARCH_NOBODY:
	case NOTE_REQUEST_MISTYPED:
	case NOTE_REQUEST_UNKNOWN:
	case NOTE_ERASE_OPEN:
	case NOTE_LEDGER_MISSING:
	case NOTE_LEDGER_CORRECTED:
	case NOTE_ACCOUNT_SAME:
	case NOTE_ACCOUNT_GONE:
		return TONE_WARN;
	case NOTE_NONE:
	case NOTE_EMPTY:
	case NOTE_NAME_BAD:
	case NOTE_DOCUMENT_LENGTH:
	case NOTE_DOCUMENT_CHECKSUM:
	case NOTE_DOCUMENT_DATE:
	case NOTE_DOCUMENT_FORM:
	case NOTE_DOCUMENT_REGION:
	case NOTE_PHONE_BAD:
	case NOTE_PLATE_LENGTH:
	case NOTE_PLATE_PROVINCE:
	case NOTE_PLATE_OFFICE:
	case NOTE_PLATE_LETTER_IO:
	case NOTE_PLATE_FORM:
	case NOTE_HOUSEHOLD_BAD:
	case NOTE_TOO_LONG:
	case NOTE_LEDGER_RANGE:
	case NOTE_LEDGER_TIME:
	case NOTE_TEMPERATURE_REST:
	case NOTE_PIN_WRONG:
	case NOTE_PIN_LOCKED:
	case NOTE_ACCOUNT_OVER:
	case NOTE_NOT_SAVED:
	case NOTE_DISK_FULL:
	case NOTE_CLINICAL_RANGE:
	case NOTE_STICK_FULL:
	case NOTE_STICK_READ_ONLY:
	case NOTE_STICK_PULLED:
	case NOTE_STICK_FAILED:
	case NOTE_STICK_MISMATCH:
	case NOTE_STICK_TOO_LARGE:
	case NOTE_EXPORT_NO_OFFICE:
	case NOTE_REGISTER_UNREADABLE:
	case NOTE_REGISTER_FAILED:
	case NOTE_LEVEL_REASON:
	case NOTE_LEVEL_SECOND:
	case NOTE_LEVEL_SAME:
	case NOTE_LEVEL_SUPERVISOR:
	case NOTE_ORDER_NO_KEY:
	case NOTE_ORDER_MALFORMED:
	case NOTE_ORDER_SIGNATURE:
	case NOTE_ORDER_OTHER_SITE:
	case NOTE_ORDER_TAKEN:
	case NOTE_ORDER_CLOCK:
	case NOTE_ORDER_NOT_YET:
	case NOTE_ORDER_EXPIRED:
	case NOTE_BUNDLE_MALFORMED:
	case NOTE_BUNDLE_SIGNATURE:
	case NOTE_BUNDLE_UNKNOWN_PART:
	case NOTE_BUNDLE_OTHER_SITE:
	case NOTE_BUNDLE_OLD:
	case NOTE_BUNDLE_CLOCK:
	case NOTE_BUNDLE_NOT_YET:
	case NOTE_BUNDLE_EXPIRED:
	case NOTE_BUNDLE_PART_ALTERED:
	case NOTE_BUNDLE_PART_BAD:
	case NOTE_BUNDLE_PART_OLD:
	case NOTE_REPORT_SAME:
	case NOTE_REPORT_HIGHER:
	case NOTE_PERIOD_BAD:
	case NOTE_DAYS_BAD:
	case NOTE_REQUEST_MISSING:
	case NOTE_REQUEST_LOCKED:
	case NOTE_ACCOUNT_NAME:
	case NOTE_ACCOUNT_ROLE:
	case NOTE_ACCOUNT_PIN:
	case NOTE_ACCOUNT_PIN_TWICE:
	case NOTE_ACCOUNT_UNTIL:
	case NOTE_ACCOUNT_TAKEN:
	case NOTE_ACCOUNT_LAST:
	case NOTE_ACCOUNT_NOT_ALLOWED:
	case NOTE_CLOCK_BAD:
	case NOTE_CLOCK_DENIED:
	case NOTE_CLOCK_NEVER:
	case NOTE_COUNT_:
		break;
	}
	return TONE_BAD;
}

static enum icon tone_icon(enum tone tone)
{
	return tone == TONE_GOOD ? ICON_CHECK : tone == TONE_PLAIN ? ICON_DOTS : ICON_WARN;
}

bool add_note(struct build *b, struct box box, int px)
{
	if (b->view->note == NOTE_NONE)
		return false;
	char text[WIDGET_LABEL_BYTES], seconds[16];
	text_format(seconds, sizeof(seconds), "%d", b->view->wait_s);
	string_fill(text, sizeof(text), string_note(b->view->language, b->view->note), seconds,
		    b->view->note_word, NULL);
	struct widget *w = add_text(b, "note", box, px, note_tone(b->view->note), text);
	w->look = LOOK_CHIP;
	w->icon = tone_icon(w->tone);
	w->text.bold = true;
	w->text.min_px = 20;
	return true;
}

const char *numbered(char id[WIDGET_ID_BYTES], const char *stem, int n)
{
	text_format(id, WIDGET_ID_BYTES, "%s-%d", stem, n);
	return id;
}

void shown_temperature(const struct build *b, int32_t centi_c, char *out, size_t cap)
{
	char number[STRING_TEMPERATURE_BYTES];
	string_temperature(number, centi_c);
	string_fill(out, cap, tr(b, STR_TEMPERATURE_VALUE), number, NULL);
}

static const char *declared(const struct build *b, int32_t finding, enum string_id unknown,
			    enum string_id good, enum string_id bad)
{
	return tr(b, finding == FINDING_GOOD ? good : finding == FINDING_BAD ? bad : unknown);
}

/* What a part of the office's bundle would change. */
static const char *part_value(const struct build *b, const struct view_line *line, char *out,
			      size_t cap)
{
	assert(line->code >= 0 && line->code < PART_COUNT_);
	const struct part_change *c = &b->view->parts[line->code];
	const int64_t number[] = {
		c->total, c->added, c->changed, c->removed, c->before, c->version
	};
	char n[ARRAY_LEN(number)][24];
	for (size_t i = 0; i < ARRAY_LEN(number); i++)
		text_format(n[i], sizeof(n[i]), "%lld", (long long)number[i]);
	if (line->field == FIELD_PART_RULEBOOK)
		string_fill(out, cap, tr(b, STR_PART_RULEBOOK), n[4], n[5], line->value, NULL);
	else
		string_fill(
			out, cap,
			tr(b, line->field == FIELD_PART_REVOKED ? STR_PART_REVOKED : STR_PART_LIST),
			n[0], n[1], n[2], n[3], NULL);
	return out;
}

/* The plate, and how many sit in it with the driver. */
static const char *plate_value(const struct build *b, const struct view_line *line, char *out,
			       size_t cap)
{
	char count[16], others[64];

	text_format(count, sizeof(count), "%d", line->code);
	string_fill(others, sizeof(others), tr(b, STR_VALUE_OTHERS), count, NULL);
	text_format(out, cap, "%s%s%s", line->value, line->code > 0 ? "  " : "",
		    line->code > 0 ? others : "");
	return out;
}

static const char *pass_value(const struct build *b, const struct view_line *line, char *out,
			      size_t cap)
{
	static const enum string_id PATTERN[VEHICLE_STANDING_COUNT_] = {
		[VEHICLE_NO_DIRECTORY] = STR_VALUE_NONE,
		[VEHICLE_UNLISTED] = STR_VALUE_PASS_UNLISTED,
		[VEHICLE_IN_FORCE] = STR_VALUE_PASS_IN_FORCE,
		[VEHICLE_RUN_OUT] = STR_VALUE_PASS_RUN_OUT,
		[VEHICLE_DOUBTFUL] = STR_VALUE_PASS_DOUBTFUL,
	};

	string_fill(out, cap, tr(b, PATTERN[line->code]), line->value, NULL);
	return out;
}

static const char *disinfected_value(const struct build *b, const struct view_line *line, char *out,
				     size_t cap)
{
	static const enum string_id PATTERN[DUE_STATE_COUNT_] = {
		[DUE_UNKNOWN] = STR_VALUE_DISINFECTED_UNKNOWN,
		[DUE_NEVER_DONE] = STR_VALUE_DISINFECTED_NEVER,
		[DUE_LATER] = STR_VALUE_DISINFECTED_LATER,
		[DUE_OVERDUE] = STR_VALUE_DISINFECTED_OVERDUE,
		[DUE_NO_PERIOD] = STR_VALUE_DISINFECTED_LATER,
	};

	string_fill(out, cap, tr(b, PATTERN[line->code]),
		    line->value[0] ? line->value : tr(b, STR_VALUE_NONE), NULL);
	return out;
}

const char *line_value(const struct build *b, const struct view_line *line, char *out, size_t cap)
{
	enum language language = b->view->language;
	const char *text = line->value;
	char day[16];
	switch (line->field) {
	case FIELD_CLASS:
		text = string_class(language, (enum person_class)line->code);
		break;
	case FIELD_TRAVEL:
		text = declared(b, line->code, STR_VALUE_TRAVEL_UNKNOWN, STR_VALUE_TRAVEL_GOOD,
				STR_VALUE_TRAVEL_BAD);
		break;
	case FIELD_SYMPTOMS:
		text = declared(b, line->code, STR_VALUE_SYMPTOMS_UNKNOWN, STR_VALUE_SYMPTOMS_GOOD,
				STR_VALUE_SYMPTOMS_BAD);
		break;
	case FIELD_CODE:
		text = tr(b, line->code ? STR_VALUE_CODE_READ : STR_VALUE_CODE_NONE);
		break;
	case FIELD_STATE:
		text = string_state(language, (enum visit_state)line->code);
		break;
	case FIELD_LEVEL_NOW:
	case FIELD_LEVEL_NEXT:
		text = string_level(language, (enum level)line->code);
		break;
	case FIELD_LOOK_TWICE:
		text = string_identity_warning(language, (enum identity_warning)line->code);
		break;
	case FIELD_PURPOSE:
		if (!line->value[0])
			text = string_purpose(language, (enum purpose)line->code);
		break;
	case FIELD_DOCUMENT:
		text_format(out, cap, "%s %s",
			    string_document(language, (enum document_kind)line->code), line->value);
		return out;
	case FIELD_INVITED:
		text_format(day, sizeof(day), "%02d-%02d", line->code / 100 % 100,
			    line->code % 100);
		string_fill(out, cap,
			    tr(b, line->bad ? STR_VALUE_INVITED_ELSEWHERE : STR_VALUE_INVITED),
			    line->value, day, NULL);
		return out;
	case FIELD_KEY_AREA:
		string_fill(out, cap, tr(b, STR_VALUE_KEY_AREA), line->value, NULL);
		return out;
	case FIELD_PLATE:
		return plate_value(b, line, out, cap);
	case FIELD_VEHICLE_PASS:
		return pass_value(b, line, out, cap);
	case FIELD_DISINFECTED:
		return disinfected_value(b, line, out, cap);
	case FIELD_PART_RULEBOOK:
	case FIELD_PART_ACCOUNTS:
	case FIELD_PART_REVOKED:
	case FIELD_PART_HOUSEHOLDS:
	case FIELD_PART_BLOCKED:
	case FIELD_PART_REGIONS:
	case FIELD_PART_NOTICES:
	case FIELD_PART_VEHICLES:
	case FIELD_PART_SOUNDS:
	case FIELD_PART_INVITATIONS:
		return part_value(b, line, out, cap);
	case FIELD_NONE:
	case FIELD_NAME:
	case FIELD_PHONE:
	case FIELD_HOUSEHOLD:
	case FIELD_TEMPERATURE:
	case FIELD_AMBIENT:
	case FIELD_CLINICAL:
	case FIELD_REGISTERED:
	case FIELD_DECIDED:
	case FIELD_ENTERED:
	case FIELD_LEFT:
	case FIELD_VALID_UNTIL:
	case FIELD_WHY:
	case FIELD_ORDER_NUMBER:
	case FIELD_ISSUED:
	case FIELD_NOT_AFTER:
	case FIELD_LISTED:
	case FIELD_BUNDLE_NUMBER:
	case FIELD_COUNT_:
		break;
	}
	text_copy(out, cap, text[0] ? text : tr(b, STR_VALUE_NONE));
	return out;
}

void add_line(struct build *b, int i, struct box box)
{
	const struct view_line *line = &b->view->lines[i];
	char id[WIDGET_ID_BYTES], name_id[WIDGET_ID_BYTES], value[160];
	numbered(id, "line", i);
	text_format(name_id, sizeof(name_id), "%s-name", id);
	add_text(b, name_id, (struct box){ box.x, box.y, box.w, 30 }, 24, TONE_SOFT,
		 string_field(b->view->language, line->field))
		->text.min_px = 22;
	line_value(b, line, value, sizeof(value));
	struct widget *w = add_text(b, id, (struct box){ box.x, box.y + 30, box.w, 42 }, 32,
				    line->bad ? TONE_BAD : TONE_PLAIN, value);
	w->text.min_px = 24;
	w->text.bold = true;
	w->text.one_line = true;
	w->may_clip = true;
	if (line->bad)
		w->icon = ICON_WARN;
}

static void pages_text(const struct build *b, bool bare, char *out, size_t cap)
{
	const struct view *v = b->view;
	char page[16], count[16];

	if (bare) {
		text_format(out, cap, "%d / %d", v->page + 1, v->page_count);
		return;
	}
	text_format(page, sizeof(page), "%d", v->page + 1);
	text_format(count, sizeof(count), "%d", v->page_count);
	string_fill(out, cap, tr(b, STR_QUEUE_PAGE), page, count, NULL);
}

void add_pages(struct build *b, int x, int y, const struct pages_look *look)
{
	const struct view *v = b->view;
	int text_x = x + look->button_w + look->gap;
	int next_x = text_x + look->text_w + look->gap;
	char text[96];

	if (v->page_count <= 1)
		return;
	pages_text(b, look->bare, text, sizeof(text));
	add_button(b, "page-prev", (struct box){ x, y, look->button_w, BUTTON_H }, LOOK_SECONDARY,
		   tr(b, STR_ACTION_PAGE_PREV), ACTION_PAGE, -1)
		->enabled = v->page > 0;
	add_text(b, "page", (struct box){ text_x, y, look->text_w, BUTTON_H }, look->px, TONE_SOFT,
		 text)
		->text.align = ALIGN_CENTRE;
	add_button(b, "page-next", (struct box){ next_x, y, look->button_w, BUTTON_H },
		   LOOK_SECONDARY, tr(b, STR_ACTION_PAGE_NEXT), ACTION_PAGE, 1)
		->enabled = v->page + 1 < v->page_count;
}
