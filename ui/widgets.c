#include "ui/widgets.h"

#include <string.h>

#include "base/text.h"
#include "ui/build.h"

typedef void build_fn(struct build *b);

static build_fn *const SCREENS[SCREEN_COUNT_] = {
	[SCREEN_BOARD] = build_board,
	[SCREEN_WELCOME] = build_welcome,
	[SCREEN_CLASS] = build_class,
	[SCREEN_NAME] = build_name,
	[SCREEN_DOCUMENT] = build_document,
	[SCREEN_PHONE] = build_phone,
	[SCREEN_HOUSEHOLD] = build_household,
	[SCREEN_PURPOSE] = build_purpose,
	[SCREEN_TRAVEL] = build_travel,
	[SCREEN_SYMPTOMS] = build_symptoms,
	[SCREEN_REVIEW] = build_review,
	[SCREEN_CODE] = build_code,
	[SCREEN_TEMPERATURE] = build_temperature,
	[SCREEN_SAVING] = build_saving,
	[SCREEN_WAITING] = build_waiting,
	[SCREEN_REFUSED] = build_refused,
	[SCREEN_ADMITTED] = build_admitted,
	[SCREEN_GOODBYE] = build_goodbye,
	[SCREEN_PASS_REFUSED] = build_pass_refused,
	[SCREEN_PIN] = build_pin,
	[SCREEN_QUEUE] = build_queue,
	[SCREEN_VISIT] = build_visit,
	[SCREEN_CLINICAL] = build_clinical,
	[SCREEN_LEVEL] = build_level,
	[SCREEN_ORDER] = build_order,
	[SCREEN_STAFF] = build_staff,
	[SCREEN_EXPORTING] = build_exporting,
	[SCREEN_EXPORTED] = build_exported,
	[SCREEN_EXPORT_FAILED] = build_export_failed,
	[SCREEN_FAULT] = build_fault,
	[SCREEN_EMERGENCY] = build_emergency,
	[SCREEN_REPORTS] = build_reports,
	[SCREEN_REPORT] = build_report,
	[SCREEN_PERIOD] = build_period,
	[SCREEN_INSIDE] = build_inside,
	[SCREEN_CONTACT] = build_contact,
	[SCREEN_CONTACTS] = build_contacts,
	[SCREEN_SEARCH] = build_search,
	[SCREEN_FOUND] = build_found,
	[SCREEN_TOOLS] = build_tools,
	[SCREEN_REQUEST] = build_request,
	[SCREEN_KEPT] = build_kept,
	[SCREEN_VEHICLE] = build_vehicle,
	[SCREEN_PLATE] = build_plate,
	[SCREEN_OCCUPANTS] = build_occupants,
	[SCREEN_REMARK] = build_remark,
	[SCREEN_LEDGERS] = build_ledgers,
	[SCREEN_LEDGER] = build_ledger,
	[SCREEN_LEDGER_ENTRY] = build_ledger_entry,
	[SCREEN_CHECK] = build_check,
	[SCREEN_ACCOUNTS] = build_accounts,
	[SCREEN_ACCOUNT] = build_account,
	[SCREEN_CLOCK] = build_clock,
	[SCREEN_EXPORT_DAYS] = build_export_days,
};
static_assert(ARRAY_LEN(SCREENS) == SCREEN_COUNT_, "every screen has its builder");

void widgets_build(struct widget_list *list, const struct view *view)
{
	list->count = 0;
	struct build b = { .list = list, .view = view, .parent = -1 };
	build_chrome(&b);
	if ((unsigned)view->screen < SCREEN_COUNT_)
		SCREENS[view->screen](&b);
}

bool widget_is_live(const struct widget *w)
{
	return w->enabled && w->event.action != ACTION_NONE;
}

const struct widget *widgets_at(const struct widget_list *list, int x, int y)
{
	for (int i = list->count - 1; i >= 0; i--) {
		const struct widget *w = &list->items[i];
		if (widget_is_live(w) && x >= w->box.x && x < w->box.x + w->box.w &&
		    y >= w->box.y && y < w->box.y + w->box.h)
			return w;
	}
	return NULL;
}

const struct widget *widgets_by_id(const struct widget_list *list, const char *id)
{
	for (int i = 0; i < list->count; i++)
		if (strcmp(list->items[i].id, id) == 0)
			return &list->items[i];
	return NULL;
}

const struct widget *widgets_primary(const struct widget_list *list)
{
	for (int i = 0; i < list->count; i++)
		if (list->items[i].primary && widget_is_live(&list->items[i]))
			return &list->items[i];
	return NULL;
}

static int padding(const struct widget *w)
{
	if (w->pad_px)
		return w->pad_px;
	switch (w->look) {
	case LOOK_TEXT:
	case LOOK_STRIP:
	case LOOK_STEPS:
	case LOOK_DOTS:
	case LOOK_NOTICE:
		return 0;
	case LOOK_KEY:
		return 4;
	case LOOK_CHIP:
	case LOOK_SOLID:
	case LOOK_CHOICE:
		return 12;
	case LOOK_CARD:
	case LOOK_PRIMARY:
	case LOOK_SECONDARY:
	case LOOK_QUIET:
	case LOOK_DANGER:
	case LOOK_FIELD:
	case LOOK_PREVIEW:
	case LOOK_PROGRESS:
	case LOOK_COUNT_:
		break;
	}
	return 16;
}

static int icon_size(const struct widget *w)
{
	if (w->icon_px)
		return w->icon_px;
	return w->text.px < w->box.h ? w->text.px : w->box.h;
}

#define ICON_GAP 10

struct box widget_icon_box(const struct widget *w)
{
	int size = icon_size(w), pad = padding(w);
	struct box box = { w->box.x + pad, w->box.y + (w->box.h - size) / 2, size, size };
	if (!w->label[0])
		box.x = w->box.x + (w->box.w - size) / 2;
	return box;
}

struct box widget_text_box(const struct widget *w)
{
	int pad = padding(w), left = pad;
	if (w->icon != ICON_NONE)
		left += icon_size(w) + ICON_GAP;
	return (struct box){ w->box.x + left, w->box.y, w->box.w - left - pad, w->box.h };
}

static const char *const ROLE_WORDS[WIDGET_ROLE_COUNT_] = {
	[WIDGET_LABEL] = "label",  [WIDGET_BUTTON] = "button",   [WIDGET_FIELD] = "field",
	[WIDGET_ROW] = "list-row", [WIDGET_PICTURE] = "picture", [WIDGET_IMAGE] = "image",
	[WIDGET_KEY] = "key",      [WIDGET_TOGGLE] = "toggle",   [WIDGET_PANEL] = "panel",
};

static const char *state_word(const struct widget *w)
{
	if (w->event.action == ACTION_NONE && w->enabled)
		return "static";
	return w->enabled ? "enabled" : "disabled";
}

/* One line of the tree: quotes and line ends inside the label would break it. */
static void tree_line(const struct widget *w, char *line, size_t cap)
{
	char label[WIDGET_LABEL_BYTES];
	text_copy(label, sizeof(label), w->label);
	for (char *p = label; *p; p++)
		*p = *p == '\n' ? ' ' : *p == '"' ? '\'' : *p;
	text_format(line, cap, "%s %s \"%s\" %d,%d,%d,%d %s%s\n", w->id, ROLE_WORDS[w->role], label,
		    w->box.x, w->box.y, w->box.w, w->box.h, state_word(w),
		    w->selected ? ",selected" : "");
}

size_t widgets_tree(const struct widget_list *list, char *out, size_t cap)
{
	size_t len = 0;
	if (cap)
		out[0] = '\0';
	for (int i = 0; i < list->count && len + 1 < cap; i++) {
		char line[WIDGET_LABEL_BYTES + 128];
		if (list->items[i].hidden)
			continue;
		tree_line(&list->items[i], line, sizeof(line));
		text_copy(out + len, cap - len, line);
		len += strlen(out + len);
	}
	return len;
}
