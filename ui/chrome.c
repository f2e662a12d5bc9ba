/*
 * What every screen has at its top: the strip (site, simulated devices, level, time), the devices
 * that are out of order, or the warning that the screen will be wiped.
 */
#include "base/text.h"
#include "ui/build.h"

#define STRIP_H 60
#define BAND_Y 64
#define BAND_H 56

static const enum string_id WEEKDAYS[] = {
	STR_WEEKDAY_0, STR_WEEKDAY_1, STR_WEEKDAY_2, STR_WEEKDAY_3,
	STR_WEEKDAY_4, STR_WEEKDAY_5, STR_WEEKDAY_6,
};
static const enum string_id MONTHS[] = {
	STR_MONTH_1, STR_MONTH_2, STR_MONTH_3, STR_MONTH_4,  STR_MONTH_5,  STR_MONTH_6,
	STR_MONTH_7, STR_MONTH_8, STR_MONTH_9, STR_MONTH_10, STR_MONTH_11, STR_MONTH_12,
};

/* A date by a pattern of the catalogue: {1} year {2} month {3} day {4} weekday {5} hour:minute {6}
 * name of the month. */
void date_text(const struct build *b, enum string_id pattern, char *out, size_t cap)
{
	const struct view *v = b->view;
	char year[16], month[16], day[16], clock[16];
	text_format(year, sizeof(year), "%d", v->year);
	text_format(month, sizeof(month), "%d", v->month);
	text_format(day, sizeof(day), "%d", v->day);
	text_format(clock, sizeof(clock), "%02d:%02d", v->hour, v->minute);
	unsigned weekday = (unsigned)v->weekday % 7, index = (unsigned)(v->month - 1) % 12;
	string_fill(out, cap, tr(b, pattern), year, month, day, tr(b, WEEKDAYS[weekday]), clock,
		    tr(b, MONTHS[index]), NULL);
}

static void add_clock(struct build *b)
{
	const struct view *v = b->view;
	char date[64], text[96];
	date_text(b, STR_STRIP_DATE, date, sizeof(date));
	text_format(text, sizeof(text), "%s  %02d:%02d", date, v->hour, v->minute);
	struct widget *w;
	if (v->clock_trusted) {
		w = add(b, "clock", WIDGET_LABEL, (struct box){ 890, 8, 366, 44 }, text);
		w->look = LOOK_STRIP;
		w->text.align = ALIGN_RIGHT;
	} else {
		text_format(text, sizeof(text), "%s  %02d:%02d", tr(b, STR_STRIP_CLOCK_DOUBT),
			    v->hour, v->minute);
		w = add(b, "clock", WIDGET_LABEL, (struct box){ 970, 8, 286, 44 }, text);
		w->look = LOOK_CHIP;
		w->tone = TONE_WARN;
		w->icon = ICON_WARN;
	}
	w->text.px = 26;
	w->text.min_px = 20;
	w->text.one_line = true;
}

static void add_level(struct build *b)
{
	static const enum tone TONES[LEVEL_COUNT_] = {
		[LEVEL_OPEN] = TONE_GOOD,
		[LEVEL_CLOSED] = TONE_PLAIN,
		[LEVEL_STRICT] = TONE_WARN,
		[LEVEL_LOCKDOWN] = TONE_BAD,
	};
	struct widget *w = add(b, "level", WIDGET_LABEL, (struct box){ 656, 8, 224, 44 },
			       string_level(b->view->language, b->view->level));
	w->look = LOOK_CHIP;
	w->tone = (unsigned)b->view->level < LEVEL_COUNT_ ? TONES[b->view->level] : TONE_BAD;
	w->text = (struct text_style){
		.px = 24, .min_px = 18, .align = ALIGN_CENTRE, .bold = true, .one_line = true
	};
}

static void add_strip(struct build *b)
{
	const struct view *v = b->view;
	panel_begin(b, "strip", (struct box){ 0, 0, 1280, STRIP_H }, LOOK_STRIP, TONE_PLAIN);
	char site[128];
	text_format(site, sizeof(site), "%s  %s",
		    v->language == LANGUAGE_EN ? v->site_en : v->site_zh, v->gate_name);
	struct widget *w = add_text(b, "site", (struct box){ 24, 8, v->simulated ? 396 : 616, 44 },
				    26, TONE_PLAIN, site);
	w->look = LOOK_STRIP;
	w->text.bold = true;
	w->text.min_px = 20;
	w->text.one_line = true;
	w->may_clip = true;
	if (v->simulated) {
		w = add(b, "simulated", WIDGET_LABEL, (struct box){ 430, 8, 216, 44 },
			tr(b, STR_APP_SIMULATED));
		w->look = LOOK_SOLID;
		w->tone = TONE_WARN;
		w->text = (struct text_style){ .px = 22,
					       .min_px = 18,
					       .align = ALIGN_CENTRE,
					       .bold = true,
					       .one_line = true };
	}
	add_level(b);
	add_clock(b);
	panel_end(b);
}

static bool is_fault(enum device_state state)
{
	return state != DEVICE_OK && state != DEVICE_UNKNOWN;
}

/* A stick that is not there is not out of order: it is only there while staff export. */
static bool shown_as_fault(const struct view *v, int device)
{
	return is_fault(v->devices[device]) &&
	       !(device == DEVICE_STICK && v->devices[device] == DEVICE_ABSENT);
}

static enum tone fault_tone(enum device_state state)
{
	return state == DEVICE_STARTING || state == DEVICE_PAPER_LOW ? TONE_WARN : TONE_BAD;
}

static void add_faults(struct build *b)
{
	static const char *const IDS[DEVICE_COUNT_] = {
		"fault-camera",  "fault-thermometer", "fault-printer", "fault-gate",
		"fault-speaker", "fault-presence",    "fault-stick",   "fault-register",
	};
	const struct view *v = b->view;
	int count = 0, x = 16;
	for (int i = 0; i < DEVICE_COUNT_; i++)
		count += shown_as_fault(v, i);
	int width = count > 6 ? 1248 / count - 4 : 200;
	for (int i = 0; i < DEVICE_COUNT_; i++) {
		if (!shown_as_fault(v, i))
			continue;
		char text[96];
		text_format(text, sizeof(text), "%s\n%s",
			    string_device(v->language, (enum device)i),
			    string_device_state(v->language, v->devices[i]));
		struct widget *w = add(b, IDS[i], WIDGET_LABEL,
				       (struct box){ x, BAND_Y, width, BAND_H }, text);
		w->look = LOOK_CHIP;
		w->tone = fault_tone(v->devices[i]);
		w->icon = ICON_WARN;
		w->icon_px = count > 6 ? 20 : 26;
		w->pad_px = count > 6 ? 4 : 0;
		w->text = (struct text_style){
			.px = 20, .min_px = 16, .align = ALIGN_LEFT, .bold = true
		};
		x += width + 4;
	}
}

static void add_timeout(struct build *b)
{
	char text[WIDGET_LABEL_BYTES], seconds[16];
	text_format(seconds, sizeof(seconds), "%d", b->view->wait_s);
	string_fill(text, sizeof(text), tr(b, STR_STRIP_TIMEOUT), seconds, NULL);
	panel_begin(b, "timeout-bar", (struct box){ 0, STRIP_H, 1280, 66 }, LOOK_STRIP, TONE_PLAIN);
	struct widget *w =
		add(b, "timeout", WIDGET_LABEL, (struct box){ MARGIN, STRIP_H + 1, 900, 64 }, text);
	w->look = LOOK_CHIP;
	w->tone = TONE_WARN;
	w->icon = ICON_WARN;
	w->text = (struct text_style){
		.px = 30, .min_px = 24, .align = ALIGN_LEFT, .bold = true, .one_line = true
	};
	w = add_button(b, "more-time", (struct box){ 960, STRIP_H + 1, 272, 64 }, LOOK_PRIMARY,
		       tr(b, STR_ACTION_MORE_TIME), ACTION_MORE_TIME, 0);
	w->primary = false; /* Enter goes on with the question */
	w->text.px = 30;
	panel_end(b);
}

bool has_band(const struct build *b)
{
	bool band = b->view->warn_timeout;
	for (int i = 0; i < DEVICE_COUNT_; i++)
		band |= shown_as_fault(b->view, i);
	return band;
}

struct box title_box(const struct build *b)
{
	int w = b->view->step_count > 0 ? 860 : CONTENT_W;
	if (has_band(b))
		return (struct box){ MARGIN, TITLE_Y, w, 66 };
	return (struct box){ MARGIN, TOP_Y, w, TITLE_Y + 66 - TOP_Y };
}

static void add_steps(struct build *b)
{
	const struct view *v = b->view;
	char step[16], count[16], text[48];
	text_format(step, sizeof(step), "%d", v->step);
	text_format(count, sizeof(count), "%d", v->step_count);
	string_fill(text, sizeof(text), tr(b, STR_STRIP_PROGRESS), step, count, NULL);
	struct widget *w = add(b, "progress", WIDGET_LABEL,
			       (struct box){ 1280 - MARGIN - 300,
					     title_box(b).y + title_box(b).h / 2 - 27, 300, 54 },
			       text);
	w->look = LOOK_STEPS;
	w->value = v->step;
	w->limit = v->step_count;
	w->text = (struct text_style){
		.px = 26, .min_px = 24, .align = ALIGN_RIGHT, .bold = true, .top = true
	};
}

void build_chrome(struct build *b)
{
	add_strip(b);
	if (b->view->warn_timeout)
		add_timeout(b);
	else
		add_faults(b);
	if (b->view->step_count > 0)
		add_steps(b);
}
