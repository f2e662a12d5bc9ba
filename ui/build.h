/*
 * Helpers the screens are built with: a widget is added with its usual look and the caller adjusts
 * what is special. Internal to ui. Pure.
 */
#ifndef UI_BUILD_H
#define UI_BUILD_H

#include "ui/widgets.h"

/* The frame of every screen. */
#define MARGIN 48
#define CONTENT_W (1280 - 2 * MARGIN)
#define TOP_Y 80 /* below the strip */
#define TITLE_Y 126 /* below the strip and a band */
#define CONTENT_Y 196
#define BUTTON_Y 704
#define BUTTON_H 76
#define GUARD_MARGIN 32

struct build {
	struct widget_list *list;
	const struct view *view;
	int parent; /* index given to what is added next, -1 */
};

static inline const char *tr(const struct build *b, enum string_id id)
{
	return string_get(b->view->language, id);
}

/* Any widget; label may be NULL. The pointer is good until the next one is added. */
struct widget *add(struct build *b, const char *id, enum widget_role role, struct box box,
		   const char *label);

/* Left-aligned text in the middle of its box, shrinking to three quarters before it is cut. */
struct widget *add_text(struct build *b, const char *id, struct box box, int px, enum tone tone,
			const char *text);
struct widget *add_title(struct build *b, enum string_id id);
struct widget *add_help(struct build *b, enum string_id id);
struct widget *add_button(struct build *b, const char *id, struct box box, enum look look,
			  const char *label, enum action action, int32_t arg);
struct widget *add_toggle(struct build *b, const char *id, struct box box, const char *label,
			  bool selected, enum action action, int32_t arg);
struct widget *add_icon(struct build *b, const char *id, enum icon icon, int x, int y, int size_px,
			enum tone tone);
/* A card; what is added until panel_end stands on it. */
void panel_begin(struct build *b, const char *id, struct box box, enum look look, enum tone tone);
void panel_end(struct build *b);

/* Things at their fixed places. */
struct widget *add_next(struct build *b, enum string_id label);
void add_back(struct build *b);
void add_cancel(struct build *b);
void add_visitor_bar(struct build *b); /* back, cancel, next */
/* The view's note, if any, in its tone. False when there is none. */
bool add_note(struct build *b, struct box box, int px);
enum tone note_tone(enum note note);

/* "line-3" from "line" and 3; buffer of the caller. */
const char *numbered(char id[WIDGET_ID_BYTES], const char *stem, int n);
const char *line_value(const struct build *b, const struct view_line *line, char *out, size_t cap);
/* How wide turning the pages is where it stands. */
struct pages_look {
	int button_w, gap, text_w, px;
	bool bare; /* "2 / 3" alone, where there is no room for the words */
};
/* The buttons that turn the view's pages and where it is; nothing when there is one page. */
void add_pages(struct build *b, int x, int y, const struct pages_look *look);
/* Line i of the view: its name small, its value below. */
void add_line(struct build *b, int i, struct box box);
void shown_temperature(const struct build *b, int32_t centi_c, char *out, size_t cap);

/* ui/chrome.c: the strip, faults and the time-out bar. */
void build_chrome(struct build *b);
/* True when there are faults or a warning between the strip and the title. */
bool has_band(const struct build *b);
/* Higher and airier when there is no band. */
struct box title_box(const struct build *b);
void date_text(const struct build *b, enum string_id pattern, char *out, size_t cap);
/* ui/keyboard.c: the soft keyboard of the view, in the lower part of the screen. */
void build_keyboard(struct build *b);
/* A big button that chooses a class: its sign, its name, a hint; i is its number on the screen. */
void add_class_button(struct build *b, int i, const char *id, enum person_class class,
		      enum icon icon, struct box box);
/* A pad of digits in a box; KEYBOARD_DECIMAL adds the point. */
void build_pad(struct build *b, struct box box);
/* A field for days or a period, what may be typed there, and the pad to type it on. */
void build_days_entry(struct build *b, enum string_id title, enum string_id help);

/* The screens, by file. */
void build_board(struct build *b);
/* ui/notice.c: the office's notice whose turn it is, in a box of 720 x 262. */
void build_notice(struct build *b, struct box box);
void build_welcome(struct build *b);
void build_class(struct build *b);
void build_name(struct build *b);
void build_document(struct build *b);
void build_phone(struct build *b);
void build_household(struct build *b);
void build_purpose(struct build *b);
void build_travel(struct build *b);
void build_symptoms(struct build *b);
void build_review(struct build *b);
void build_code(struct build *b);
void build_temperature(struct build *b);
void build_saving(struct build *b);
void build_waiting(struct build *b);
void build_refused(struct build *b);
void build_admitted(struct build *b);
void build_goodbye(struct build *b);
void build_pass_refused(struct build *b);
void build_pin(struct build *b);
void build_queue(struct build *b);
void build_visit(struct build *b);
void build_clinical(struct build *b);
void build_level(struct build *b);
void build_order(struct build *b);
/* The way to the order screen; live while a stick is in. */
void add_order_button(struct build *b, struct box box);
void build_staff(struct build *b);
void build_exporting(struct build *b);
void build_exported(struct build *b);
void build_export_failed(struct build *b);
void build_fault(struct build *b);
void build_emergency(struct build *b);
void build_reports(struct build *b);
void build_report(struct build *b);
void build_period(struct build *b);
void build_export_days(struct build *b);
void build_inside(struct build *b);
void build_contact(struct build *b);
void build_contacts(struct build *b);
void build_search(struct build *b);
void build_found(struct build *b);
void build_tools(struct build *b);
void build_request(struct build *b);
void build_kept(struct build *b);
void build_vehicle(struct build *b);
void build_plate(struct build *b);
void build_occupants(struct build *b);
void build_remark(struct build *b);
void build_ledgers(struct build *b);
void build_ledger(struct build *b);
void build_ledger_entry(struct build *b);
void build_check(struct build *b);
void build_accounts(struct build *b);
void build_account(struct build *b);
void build_clock(struct build *b);
/* How many daily reports are missing, in a sentence. */
void reports_missing_text(const struct build *b, char *out, size_t cap);

#endif
