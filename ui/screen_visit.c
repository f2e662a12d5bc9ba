/*
 * One visit before the guard: what is known stands left, what the guard attests right, and under it
 * what is still missing with the clause that asks for it. Admitting is live only when the rules say
 * so; refusing always is, until the visit is decided.
 */
#include "base/civil.h"
#include "base/text.h"
#include "ui/build.h"

#define RIGHT_X 648
#define RIGHT_W 600
#define LINE_H 42
#define LINES_AIRY 12 /* more of them close up */

/* The checks with a row of toggles. */
#define ROW_CHECKS                                                                                 \
	(1U << CHECK_DOCUMENT | 1U << CHECK_MASK | 1U << CHECK_HEALTH_CODE |                       \
	 1U << CHECK_TRAVEL_CARD | 1U << CHECK_ESCORT | 1U << CHECK_CERTIFICATE |                  \
	 1U << CHECK_TEST | 1U << CHECK_VEHICLE_PASS | 1U << CHECK_OCCUPANTS |                     \
	 1U << CHECK_DISINFECTION)

/* Staff look; whoever is at the gate decides. */
static bool decides(const struct view *v)
{
	return !v->decided && v->role != ROLE_STAFF;
}

static int attest_rows(const struct view *v)
{
	return __builtin_popcount(v->attest_wanted & ROW_CHECKS) +
	       (v->consent_wanted > APPROVER_GUARD);
}

static void add_heading(struct build *b)
{
	const struct view *v = b->view;
	char number[16], text[WIDGET_LABEL_BYTES];
	text_format(number, sizeof(number), "%u", v->ticket);
	string_fill(text, sizeof(text), tr(b, STR_VISIT_TICKET), number, NULL);
	struct widget *w =
		add_text(b, "title",
			 (struct box){ GUARD_MARGIN + 8, has_band(b) ? TITLE_Y : TOP_Y,
				       attest_rows(v) > 7 ? 250 : 590, has_band(b) ? 58 : 104 },
			 46, TONE_PLAIN, text);
	w->text.bold = true;
	w->text.min_px = 40;
}

static void add_visit_line(struct build *b, int i)
{
	const struct view_line *line = &b->view->lines[i];
	int count = b->view->line_count;
	int h = count <= LINES_AIRY ? LINE_H : LINE_H * LINES_AIRY / count;
	int px = h >= 38 ? 28 : h >= 32 ? 24 : 20;
	int y = 190 + i * h;
	char id[WIDGET_ID_BYTES], name_id[WIDGET_ID_BYTES], value[160];
	numbered(id, "line", i);
	text_format(name_id, sizeof(name_id), "%s-name", id);
	struct widget *w = add_text(b, name_id, (struct box){ GUARD_MARGIN + 16, y, 176, h },
				    px - 2 < 24 ? px - 2 : 24, TONE_SOFT,
				    string_field(b->view->language, line->field));
	w->text.one_line = true;
	w->text.min_px = 18;
	line_value(b, line, value, sizeof(value));
	w = add_text(b, id, (struct box){ GUARD_MARGIN + 200, y, 388, h }, px,
		     line->bad ? TONE_BAD : TONE_PLAIN, value);
	w->text.min_px = 20;
	w->text.bold = line->bad;
	w->text.one_line = true;
	w->may_clip = true;
	if (line->bad)
		w->icon = ICON_WARN;
}

static void add_lines(struct build *b)
{
	panel_begin(b, "lines", (struct box){ GUARD_MARGIN, 186, 600, 508 }, LOOK_CARD, TONE_PLAIN);
	for (int i = 0; i < b->view->line_count && i < VIEW_LINES; i++)
		add_visit_line(b, i);
	panel_end(b);
}

struct attest_option {
	const char *id;
	enum string_id label;
	enum tone tone;
	int32_t value;
};

/* Few rows stand airily; more of them close up. */
static int row_pitch(int rows)
{
	return rows <= 4 ? 70 : rows <= 7 ? 68 : 66;
}

/* One row of toggles; check names it, unless label does. */
static void add_attest(struct build *b, int row, int pitch, const char *label, enum action action,
		       int32_t now, const struct attest_option *options, int count)
{
	int y = TITLE_Y + row * pitch, x = RIGHT_X + 140,
	    w = (RIGHT_W - 140 - (count - 1) * 8) / count;
	char id[WIDGET_ID_BYTES];
	add_text(b, numbered(id, "attest", row), (struct box){ RIGHT_X, y, 136, 64 }, 26,
		 TONE_PLAIN, label)
		->text.bold = true;
	for (int i = 0; i < count; i++) {
		struct box box = { x + i * (w + 8), y, w, 64 };
		struct widget *t = add_toggle(b, options[i].id, box, tr(b, options[i].label),
					      now == options[i].value, action, options[i].value);
		t->tone = options[i].tone;
		t->enabled = decides(b->view);
		t->text = (struct text_style){ .px = 26,
					       .min_px = 20,
					       .align = ALIGN_CENTRE,
					       .bold = true,
					       .one_line = true };
	}
}

static void add_attests(struct build *b)
{
	static const struct attest_option DOCUMENT[] = {
		{ "attest-document-good", STR_ATTEST_DOCUMENT_GOOD, TONE_GOOD, FINDING_GOOD },
		{ "attest-document-bad", STR_ATTEST_DOCUMENT_BAD, TONE_BAD, FINDING_BAD },
	};
	static const struct attest_option MASK[] = {
		{ "attest-mask-good", STR_ATTEST_MASK_GOOD, TONE_GOOD, FINDING_GOOD },
		{ "attest-mask-bad", STR_ATTEST_MASK_BAD, TONE_BAD, FINDING_BAD },
	};
	static const struct attest_option HEALTH[] = {
		{ "attest-health-green", STR_COLOUR_GREEN, TONE_GOOD, COLOUR_GREEN },
		{ "attest-health-yellow", STR_COLOUR_YELLOW, TONE_WARN, COLOUR_YELLOW },
		{ "attest-health-red", STR_COLOUR_RED, TONE_BAD, COLOUR_RED },
	};
	static const struct attest_option TRAVEL[] = {
		{ "attest-travel-clear", STR_TRAVEL_CARD_CLEAR, TONE_GOOD, TRAVEL_CARD_CLEAR },
		{ "attest-travel-starred", STR_TRAVEL_CARD_STARRED, TONE_BAD, TRAVEL_CARD_STARRED },
	};
	static const struct attest_option ESCORT[] = {
		{ "attest-escort-good", STR_ATTEST_ESCORT_GOOD, TONE_GOOD, FINDING_GOOD },
		{ "attest-escort-bad", STR_ATTEST_ESCORT_BAD, TONE_BAD, FINDING_BAD },
	};
	static const struct attest_option CERTIFICATE[] = {
		{ "attest-certificate-good", STR_ATTEST_CERTIFICATE_GOOD, TONE_GOOD, FINDING_GOOD },
		{ "attest-certificate-bad", STR_ATTEST_CERTIFICATE_BAD, TONE_BAD, FINDING_BAD },
	};
	static const struct attest_option TEST[] = {
		{ "attest-test-good", STR_ATTEST_TEST_GOOD, TONE_GOOD, FINDING_GOOD },
		{ "attest-test-bad", STR_ATTEST_TEST_BAD, TONE_BAD, FINDING_BAD },
	};
	static const struct attest_option PASS[] = {
		{ "attest-pass-good", STR_ATTEST_VEHICLE_PASS_GOOD, TONE_GOOD, FINDING_GOOD },
		{ "attest-pass-bad", STR_ATTEST_VEHICLE_PASS_BAD, TONE_BAD, FINDING_BAD },
	};
	static const struct attest_option OCCUPANTS[] = {
		{ "attest-occupants-good", STR_ATTEST_OCCUPANTS_GOOD, TONE_GOOD, FINDING_GOOD },
		{ "attest-occupants-bad", STR_ATTEST_OCCUPANTS_BAD, TONE_BAD, FINDING_BAD },
	};
	static const struct attest_option DISINFECTION[] = {
		{ "attest-disinfect-good", STR_ATTEST_DISINFECTION_GOOD, TONE_GOOD, FINDING_GOOD },
		{ "attest-disinfect-bad", STR_ATTEST_DISINFECTION_BAD, TONE_BAD, FINDING_BAD },
	};
	static const struct attest_option CONSENT[] = {
		{ "attest-consent-none", STR_ATTEST_CONSENT_NONE, TONE_WARN, APPROVER_NONE },
		{ "attest-consent-community", STR_ATTEST_CONSENT_COMMUNITY, TONE_GOOD,
		  APPROVER_COMMUNITY },
		{ "attest-consent-headquarters", STR_ATTEST_CONSENT_HEADQUARTERS, TONE_GOOD,
		  APPROVER_HEADQUARTERS },
	};
	const struct view *v = b->view;
	const struct {
		enum check check;
		enum action action;
		int32_t now;
		const struct attest_option *options;
		int count;
	} ROWS[] = {
		{ CHECK_DOCUMENT, ACTION_ATTEST_DOCUMENT, (int32_t)v->attest_document, DOCUMENT,
		  2 },
		{ CHECK_MASK, ACTION_ATTEST_MASK, (int32_t)v->attest_mask, MASK, 2 },
		{ CHECK_HEALTH_CODE, ACTION_ATTEST_HEALTH, (int32_t)v->attest_health, HEALTH, 3 },
		{ CHECK_TRAVEL_CARD, ACTION_ATTEST_TRAVEL, (int32_t)v->attest_travel, TRAVEL, 2 },
		{ CHECK_ESCORT, ACTION_ATTEST_ESCORT, (int32_t)v->attest_escort, ESCORT, 2 },
		{ CHECK_CERTIFICATE, ACTION_ATTEST_CERTIFICATE, (int32_t)v->attest_certificate,
		  CERTIFICATE, 2 },
		{ CHECK_TEST, ACTION_ATTEST_TEST, (int32_t)v->attest_test, TEST, 2 },
		{ CHECK_VEHICLE_PASS, ACTION_ATTEST_VEHICLE_PASS, (int32_t)v->attest_vehicle_pass,
		  PASS, 2 },
		{ CHECK_OCCUPANTS, ACTION_ATTEST_OCCUPANTS, (int32_t)v->attest_occupants, OCCUPANTS,
		  2 },
		{ CHECK_DISINFECTION, ACTION_ATTEST_DISINFECTION, (int32_t)v->attest_disinfection,
		  DISINFECTION, 2 },
	};
	int pitch = row_pitch(attest_rows(v)), row = 0;
	for (size_t i = 0; i < ARRAY_LEN(ROWS); i++)
		if (v->attest_wanted & 1U << ROWS[i].check)
			add_attest(b, row++, pitch, string_check(v->language, ROWS[i].check),
				   ROWS[i].action, ROWS[i].now, ROWS[i].options, ROWS[i].count);
	if (v->consent_wanted > APPROVER_GUARD)
		add_attest(b, row, pitch, tr(b, STR_ATTEST_CONSENT), ACTION_ATTEST_CONSENT,
			   (int32_t)v->attest_consent, CONSENT, 3);
}

/* The guard's own consent is what the admit button gives; it is not one more thing to check. */
static bool is_open(const struct reason *reason)
{
	return reason->code != REASON_APPROVAL_PENDING && !reason->lifted;
}

/* With many rows there is little room: what has its own row above is not said again. */
static bool is_listed(const struct view *v, const struct reason *reason)
{
	bool has_row = (v->attest_wanted & ROW_CHECKS & 1U << reason->check) != 0;

	return is_open(reason) && (attest_rows(v) <= 4 || !has_row);
}

static int open_reasons(const struct view *v)
{
	int count = 0;
	for (int i = 0; i < v->reason_count && i < REASONS_MAX; i++)
		count += is_open(&v->reasons[i]);
	return count;
}

static void add_status(struct build *b)
{
	const struct view *v = b->view;
	int rows = attest_rows(v) < 4 ? 4 : attest_rows(v);
	int y = TITLE_Y + rows * row_pitch(rows) - 2;
	struct box box = { RIGHT_X, y, RIGHT_W, y + 56 > 694 ? 694 - y : 56 };
	if (add_note(b, box, 26))
		return;
	char count[16], text[WIDGET_LABEL_BYTES];
	text_format(count, sizeof(count), "%d", open_reasons(v));
	string_fill(text, sizeof(text), tr(b, STR_VISIT_MISSING), count, NULL);
	bool good =
		v->may_admit && open_reasons(v) == 0; /* else the office's lists say something */
	if (v->decided) {
		char when[CIVIL_TEXT_BYTES];
		civil_format_minute(v->registered_ms, v->utc_offset_min, when);
		string_fill(text, sizeof(text), tr(b, STR_VISIT_DECIDED),
			    string_state(v->language, v->state), when, NULL);
	}
	enum tone tone = v->decided ? TONE_SOFT : good ? TONE_GOOD : TONE_WARN;
	struct widget *w = add_text(b, "status", box, 28, tone,
				    v->decided     ? text
				    : good         ? tr(b, STR_VISIT_ALL_GOOD)
				    : v->may_admit ? tr(b, STR_VISIT_LOOK_FIRST)
						   : text);
	w->look = LOOK_CHIP;
	w->icon = good || v->decided ? ICON_CHECK : ICON_WARN;
	w->text.bold = true;
	w->text.one_line = true;
}

static void add_reasons(struct build *b)
{
	const struct view *v = b->view;
	int rows = attest_rows(v) < 4 ? 4 : attest_rows(v);
	int top = TITLE_Y + rows * row_pitch(rows) + 58, i = 0, listed = 0;
	for (int n = 0; n < v->reason_count && n < REASONS_MAX; n++)
		listed += is_listed(v, &v->reasons[n]);
	int room = (694 - top) / 46;
	bool dense = listed > room;
	for (int n = 0; n < v->reason_count && n < REASONS_MAX; n++) {
		const struct reason *reason = &v->reasons[n];
		if (!is_listed(v, reason) || i >= room * 2)
			continue;
		char id[WIDGET_ID_BYTES], text[WIDGET_LABEL_BYTES];
		text_format(text, sizeof(text), "%s%s%s",
			    string_reason(b->view->language, reason->code),
			    reason->clause[0] ? "  \u00A7" : "", reason->clause);
		struct box box = { RIGHT_X, top + i * 46, RIGHT_W, 44 };
		if (dense)
			box = (struct box){ RIGHT_X + i % 2 * 302, top + i / 2 * 46, 296, 44 };
		struct widget *w = add_text(b, numbered(id, "reason", i++), box, dense ? 22 : 28,
					    TONE_PLAIN, text);
		w->text.min_px = 16;
	}
}

static struct widget *add_main(struct build *b, const char *id, enum string_id label,
			       enum action action)
{
	return add_button(b, id, (struct box){ 930, BUTTON_Y, 318, BUTTON_H }, LOOK_PRIMARY,
			  tr(b, label), action, 0);
}

static void add_verdicts(struct build *b)
{
	struct box box = { 436, BUTTON_Y, 200, BUTTON_H };
	struct widget *w = add_button(b, "clinical", box, LOOK_SECONDARY,
				      tr(b, STR_ACTION_CLINICAL), ACTION_CLINICAL, 0);
	w->selected = b->view->needs_clinical;
	w->tone = TONE_WARN;
	w->icon = ICON_THERMOMETER;
	add_button(b, "refuse", (struct box){ 648, BUTTON_Y, 270, BUTTON_H }, LOOK_DANGER,
		   tr(b, STR_ACTION_REFUSE), ACTION_REFUSE, 0);
	w = add_main(b, "admit", STR_ACTION_ADMIT, ACTION_ADMIT);
	w->enabled = b->view->may_admit;
	w->icon = ICON_CHECK;
}

static void add_decisions(struct build *b)
{
	const struct view *v = b->view;
	struct box box = { GUARD_MARGIN, BUTTON_Y, 164, BUTTON_H };
	struct widget *w =
		add_button(b, "back", box, LOOK_SECONDARY, tr(b, STR_ACTION_BACK), ACTION_BACK, 0);
	w->icon = ICON_LEFT;
	box = (struct box){ 208, BUTTON_Y, 216, BUTTON_H };
	w = add_button(b, "reveal", box, LOOK_QUIET,
		       tr(b, v->revealed ? STR_ACTION_REVEALED : STR_ACTION_REVEAL), ACTION_REVEAL,
		       0);
	w->enabled = !v->revealed;
	w->icon = ICON_EYE;
	if (v->leaving && v->role != ROLE_STAFF) {
		w = add_main(b, "let-out", STR_ACTION_LET_OUT, ACTION_LET_OUT);
		w->icon = ICON_CHECK;
	} else if (v->may_print && v->role != ROLE_STAFF) {
		w = add_main(b, "print-again", STR_ACTION_PRINT_AGAIN, ACTION_PRINT_AGAIN);
		w->icon = ICON_PRINTER;
	}
	if (decides(v))
		add_verdicts(b);
}

void build_visit(struct build *b)
{
	add_heading(b);
	add_lines(b);
	add_attests(b);
	add_status(b);
	add_reasons(b);
	add_decisions(b);
}
