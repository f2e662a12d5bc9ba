/* Screens on which something is typed or chosen. */
#include "base/text.h"
#include "ui/build.h"

static struct widget *add_entry(struct build *b, struct box box)
{
	struct widget *w = add(b, "entry", WIDGET_FIELD, box, b->view->entry);
	w->look = LOOK_FIELD;
	w->text = (struct text_style){
		.px = 46, .min_px = 30, .align = ALIGN_LEFT, .one_line = true, .keep_end = true
	};
	w->may_clip = true;
	return w;
}

/* Help or, when something is wrong, what is wrong, in the same place. */
static void add_help_or_note(struct build *b, struct box box, enum string_id help)
{
	if (!add_note(b, box, 30))
		add_text(b, "help", box, 32, TONE_SOFT, tr(b, help))->text.min_px = 28;
}

static void wide_entry(struct build *b, enum string_id title, enum string_id help)
{
	add_title(b, title);
	add_help_or_note(b, (struct box){ MARGIN, 196, CONTENT_W, 60 }, help);
	add_entry(b, (struct box){ MARGIN, 266, CONTENT_W, 90 });
	build_keyboard(b);
	add_visitor_bar(b);
}

void build_name(struct build *b)
{
	wide_entry(b, STR_NAME_TITLE, STR_NAME_HELP);
}

void build_household(struct build *b)
{
	wide_entry(b, STR_HOUSEHOLD_TITLE, STR_HOUSEHOLD_HELP);
}

void build_phone(struct build *b)
{
	add_title(b, STR_PHONE_TITLE);
	add_entry(b, (struct box){ MARGIN, 260, 660, 104 })->text.px = 56;
	add_help_or_note(b, (struct box){ MARGIN, 384, 660, 96 }, STR_PHONE_HELP);
	build_keyboard(b);
	add_visitor_bar(b);
}

struct option {
	const char *id;
	enum icon icon;
};

static const struct option DOCUMENTS[DOCUMENT_COUNT_] = {
	[DOCUMENT_ID_CARD] = { "doc-id-card", ICON_PERSON },
	[DOCUMENT_PASSPORT] = { "doc-passport", ICON_CASE },
	[DOCUMENT_HK_MACAO] = { "doc-hk-macao", ICON_RIGHT },
	[DOCUMENT_TAIWAN] = { "doc-taiwan", ICON_RIGHT },
	[DOCUMENT_FOREIGN_PR] = { "doc-foreign-pr", ICON_HOME },
};

static const struct option PURPOSES[PURPOSE_COUNT_] = {
	[PURPOSE_FAMILY] = { "purpose-family", ICON_HOME },
	[PURPOSE_CARE] = { "purpose-care", ICON_HEART },
	[PURPOSE_REPAIR] = { "purpose-repair", ICON_TOOL },
	[PURPOSE_WORK] = { "purpose-work", ICON_CASE },
	[PURPOSE_OTHER] = { "purpose-other", ICON_DOTS },
};
static_assert((int)DOCUMENT_COUNT_ == (int)PURPOSE_COUNT_, "both are laid out as five choices");
#define OPTIONS (PURPOSE_COUNT_ - 1)

typedef const char *option_label_fn(enum language language, int value);

static const char *document_label(enum language language, int value)
{
	return string_document(language, (enum document_kind)value);
}

static const char *purpose_label(enum language language, int value)
{
	return string_purpose(language, (enum purpose)value);
}

/* Five big buttons, two in a row. */
static void big_options(struct build *b, const struct option *options, option_label_fn *label,
			enum action action)
{
	for (int i = 1; i <= OPTIONS; i++) {
		struct box box = { MARGIN + (i - 1) % 2 * 600, 266 + (i - 1) / 2 * 142, 584, 126 };
		bool selected = b->view->choice == i;
		struct widget *w = add_toggle(b, options[i].id, box, label(b->view->language, i),
					      selected, action, i);
		w->icon = selected ? ICON_CHECK : options[i].icon;
		w->icon_px = 52;
		w->text = (struct text_style){
			.px = 38, .min_px = 30, .align = ALIGN_LEFT, .bold = true
		};
	}
}

/* The same five in one row, above a keyboard. */
static void small_options(struct build *b, const struct option *options, option_label_fn *label,
			  enum action action)
{
	for (int i = 1; i <= OPTIONS; i++) {
		struct box box = { MARGIN + (i - 1) * 238, 192, 232, 68 };
		struct widget *w = add_toggle(b, options[i].id, box, label(b->view->language, i),
					      b->view->choice == i, action, i);
		w->text = (struct text_style){
			.px = 26, .min_px = 22, .align = ALIGN_CENTRE, .bold = true
		};
		w->icon_px = w->selected ? 26 : 0;
	}
}

/* Entry left, note right of it, keyboard below. */
static void typed_option(struct build *b)
{
	bool note = b->view->note != NOTE_NONE;
	add_entry(b, (struct box){ MARGIN, 270, note ? 580 : CONTENT_W, 88 });
	if (note)
		add_note(b, (struct box){ MARGIN + 596, 270, CONTENT_W - 596, 88 }, 28);
	build_keyboard(b);
}

void build_document(struct build *b)
{
	bool chosen = b->view->choice != DOCUMENT_NONE;
	add_title(b, STR_DOCUMENT_TITLE);
	if (chosen) {
		small_options(b, DOCUMENTS, document_label, ACTION_DOCUMENT_KIND);
		typed_option(b);
	} else {
		add_help_or_note(b, (struct box){ MARGIN, 196, CONTENT_W, 60 }, STR_DOCUMENT_HELP);
		big_options(b, DOCUMENTS, document_label, ACTION_DOCUMENT_KIND);
	}
	add_visitor_bar(b);
}

void build_purpose(struct build *b)
{
	add_title(b, STR_PURPOSE_TITLE);
	if (b->view->choice == PURPOSE_OTHER) {
		small_options(b, PURPOSES, purpose_label, ACTION_PURPOSE);
		typed_option(b);
	} else {
		add_help_or_note(b, (struct box){ MARGIN, 196, CONTENT_W, 60 }, STR_PURPOSE_HELP);
		big_options(b, PURPOSES, purpose_label, ACTION_PURPOSE);
	}
	add_visitor_bar(b);
}

void add_class_button(struct build *b, int i, const char *own_id, enum person_class class,
		      enum icon icon, struct box box)
{
	struct widget *w =
		add_button(b, own_id, box, LOOK_SECONDARY, string_class(b->view->language, class),
			   ACTION_CLASS, (int32_t) class);
	w->icon = icon;
	w->icon_px = 60;
	w->text.px = 0; /* drawn by what stands on it */
	w->text.align = ALIGN_LEFT;
	b->parent = b->list->count - 1;
	char id[WIDGET_ID_BYTES];
	int top = box.y + (box.h - 92) / 2;
	struct box line = { box.x + 104, top, box.w - 120, 50 };
	struct widget *name = add_text(b, numbered(id, "class-name", i), line, 36, TONE_PLAIN,
				       string_class(b->view->language, class));
	name->text.bold = true;
	name->text.one_line = true;
	name->hidden = true; /* the button says it */
	line = (struct box){ line.x, top + 50, line.w, 40 };
	add_text(b, numbered(id, "class-hint", i), line, 26, TONE_SOFT,
		 string_class_hint(b->view->language, class))
		->text.min_px = 22;
	b->parent = -1;
}

/* The classes a person can say of themselves; the others need a list of households. */
void build_class(struct build *b)
{
	static const struct {
		const char *id;
		enum person_class class;
		enum icon icon;
	} OFFERED[] = {
		{ "class-visitor", CLASS_VISITOR, ICON_PERSON },
		{ "class-courier", CLASS_COURIER, ICON_PARCEL },
		{ "class-carer", CLASS_CARER, ICON_HEART },
		{ "class-repair", CLASS_REPAIR, ICON_TOOL },
		{ "class-epidemic-worker", CLASS_EPIDEMIC_WORKER, ICON_SHIELD },
		{ "class-staff", CLASS_STAFF, ICON_CHECK },
		{ "class-inspector", CLASS_INSPECTOR, ICON_CASE },
		{ "class-works", CLASS_WORKS, ICON_HOME },
	};
	add_title(b, STR_CLASS_TITLE);
	for (int i = 0; i < (int)ARRAY_LEN(OFFERED); i++) {
		struct box box = { MARGIN + i % 2 * 600, CONTENT_Y + 8 + i / 2 * 122, 584, 112 };
		add_class_button(b, i, OFFERED[i].id, OFFERED[i].class, OFFERED[i].icon, box);
	}
	add_back(b);
	add_cancel(b);
	struct box box = { MARGIN + 600, BUTTON_Y, 584, BUTTON_H };
	struct widget *w = add_button(b, "by-vehicle", box, LOOK_SECONDARY,
				      tr(b, STR_ACTION_VEHICLE), ACTION_VEHICLE, 0);
	w->icon = ICON_VEHICLE;
	w->icon_px = 52;
	w->text = (struct text_style){ .px = 36, .min_px = 28, .align = ALIGN_LEFT, .bold = true };
}

/* What is asked, with height for what it is about beneath it. */
static void question(struct build *b, enum string_id title, enum string_id text, int height,
		     enum string_id yes, enum string_id no)
{
	add_title(b, title);
	struct widget *w = add_text(b, "question", (struct box){ MARGIN, 204, CONTENT_W, height },
				    46, TONE_PLAIN, tr(b, text));
	w->text.min_px = 40;
	w->text.bold = true;
	struct box box = { MARGIN, 404, 584, 176 };
	w = add_button(b, "no", box, LOOK_SECONDARY, tr(b, no), ACTION_ANSWER, 0);
	w->text =
		(struct text_style){ .px = 52, .min_px = 40, .align = ALIGN_CENTRE, .bold = true };
	box.x += 600;
	w = add_button(b, "yes", box, LOOK_SECONDARY, tr(b, yes), ACTION_ANSWER, 1);
	w->text =
		(struct text_style){ .px = 52, .min_px = 40, .align = ALIGN_CENTRE, .bold = true };
	add_text(b, "help", (struct box){ MARGIN, 604, CONTENT_W, 80 }, 30, TONE_SOFT,
		 tr(b, STR_DECLARE_WARNING));
	add_back(b);
	add_cancel(b);
}

void build_travel(struct build *b)
{
	const struct key_areas *a = &b->view->areas;
	char text[WIDGET_LABEL_BYTES], more[16];

	question(b, STR_TRAVEL_TITLE, STR_TRAVEL_QUESTION, a->count ? 78 : 176, STR_TRAVEL_YES,
		 STR_TRAVEL_NO);
	if (a->count == 0)
		return;
	text_format(more, sizeof(more), "%d", a->count - a->named);
	string_fill(text, sizeof(text),
		    tr(b, a->count > a->named ? STR_TRAVEL_AREAS_MORE : STR_TRAVEL_AREAS), a->names,
		    a->day, more, NULL);
	add_text(b, "areas", (struct box){ MARGIN, 286, CONTENT_W, 104 }, 30, TONE_PLAIN, text)
		->text.min_px = 26;
}

void build_symptoms(struct build *b)
{
	question(b, STR_SYMPTOMS_TITLE, STR_SYMPTOMS_QUESTION, 176, STR_SYMPTOMS_YES,
		 STR_SYMPTOMS_NO);
}

void build_review(struct build *b)
{
	add_title(b, STR_REVIEW_TITLE);
	if (!add_note(b, (struct box){ MARGIN, 192, CONTENT_W, 52 }, 28))
		add_text(b, "help", (struct box){ MARGIN, 192, CONTENT_W, 44 }, 30, TONE_SOFT,
			 tr(b, STR_REVIEW_HELP));
	panel_begin(b, "lines", (struct box){ MARGIN, 250, CONTENT_W, 442 }, LOOK_CARD, TONE_PLAIN);
	int rows = b->view->line_count > 10 ? 6 : 5, pitch = 432 / rows;
	for (int i = 0; i < b->view->line_count && i < VIEW_LINES; i++) {
		struct box box = { MARGIN + 28 + i / rows * 580, 254 + i % rows * pitch, 550, 72 };
		add_line(b, i, box);
	}
	panel_end(b);
	add_back(b);
	add_cancel(b);
	add_next(b, STR_ACTION_CONFIRM)->icon = ICON_CHECK;
}
