#include "helper_views.h"

#include <string.h>

#include "base/text.h"
#include "core/identity.h"
#include "core/session.h"
#include "core/vehicle.h"

#define COPY(dst, src) text_copy(dst, sizeof(dst), src)

static void fill_common(struct view *v, bool worst)
{
	bool zh = v->language == LANGUAGE_ZH;
	COPY(v->site_zh, worst ? "海棠湾花园北区三期公寓及沿街商业综合楼" : "海棠花园");
	COPY(v->site_en, worst ? "Haitang Bay Gardens North, Phase Three Apartments and Shops"
			       : "Haitang Gardens");
	COPY(v->gate_name, worst ? "北门临时出入口" : zh ? "北门" : "North Gate");
	COPY(v->phone, worst ? "0898-1234 5678 ext. 90123" : "0898-1234 5678");
	COPY(v->leader, zh ? "林主任" : "Director Lin");
	COPY(v->on_duty,
	     worst ? "guard-north-a, guard-north-b, guard-east-a, supervisor-1" : "guard-a");
	v->year = 2026, v->month = 11, v->day = 23, v->weekday = 1, v->hour = 8, v->minute = 5;
	v->level = LEVEL_CLOSED;
	v->clock_trusted = true;
	v->simulated = true;
	v->queue_count = worst ? 128 : 2;
	COPY(v->head, "9f31c07a5be2d846");
}

static void fill_worst_devices(struct view *v)
{
	static const enum device_state STATES[DEVICE_COUNT_] = {
		DEVICE_STARTING, DEVICE_ABSENT, DEVICE_COVER_OPEN, DEVICE_FAILED,
		DEVICE_FAILED,   DEVICE_ABSENT, DEVICE_FULL,       DEVICE_FAILED,
	};
	memcpy(v->devices, STATES, sizeof(v->devices));
	v->gate = GATE_FAULT;
	v->clock_trusted = false;
	v->level = LEVEL_LOCKDOWN;
	v->hour = 22;
}

static void add_line(struct view *v, enum field field, int32_t code, bool bad, const char *value)
{
	struct view_line *line = &v->lines[v->line_count++];
	line->field = field;
	line->code = code;
	line->bad = bad;
	COPY(line->value, value);
}

static void fill_lines(struct view *v, bool worst)
{
	bool guard = v->screen == SCREEN_VISIT;
	add_line(v, FIELD_CLASS, CLASS_VISITOR, false, "");
	add_line(v, FIELD_NAME, 0, false, worst ? "阿卜杜热西提·买买提依明江" : "张*");
	add_line(v, FIELD_DOCUMENT, worst ? DOCUMENT_HK_MACAO : DOCUMENT_ID_CARD, false,
		 guard && !worst ? "1101**********0037" : "11010519491231002X");
	add_line(v, FIELD_PHONE, 0, false, guard && !worst ? "138****8000" : "+86 138 0013 8000");
	add_line(v, FIELD_HOUSEHOLD, 0, false, worst ? "海棠苑三期12号楼二单元2501室" : "3-2-501");
	add_line(v, FIELD_PURPOSE, worst ? 0 : PURPOSE_FAMILY, false,
		 worst ? "给老人送药并帮忙修理漏水的厨房水管" : "");
	add_line(v, FIELD_TRAVEL, worst ? FINDING_BAD : FINDING_GOOD, worst, "");
	add_line(v, FIELD_SYMPTOMS, worst ? FINDING_BAD : FINDING_GOOD, worst, "");
	if (guard || worst) {
		add_line(v, FIELD_CODE, 1, false, "");
		add_line(v, FIELD_TEMPERATURE, 0, worst, worst ? "37.6 °C" : "36.5 °C");
		add_line(v, FIELD_REGISTERED, 0, false, "2026-11-23 08:03");
	}
	if (!worst)
		return;
	add_line(v, FIELD_LOOK_TWICE, IDENTITY_COUNTY_UNLISTED, true, "");
	if (guard)
		add_line(v, FIELD_LISTED, 0, true, "区公安分局协查通报第一百二十三号");
	if (guard)
		add_line(v, FIELD_INVITED, 20261125, true, "海棠苑三期12-2-2501 · 送药");
	if (guard)
		add_line(v, FIELD_KEY_AREA, 0, true, "新疆维吾尔自治区克孜勒苏柯尔克孜");
}

/* A lorry with everything a list and a register can say of it. */
static void fill_vehicle(struct view *v)
{
	v->lines[0].code = CLASS_SUPPLY_VEHICLE;
	v->line_count = 5; /* up to the household */
	add_line(v, FIELD_PLATE, 11, false, "粤ZD123港");
	add_line(v, FIELD_VEHICLE_PASS, VEHICLE_RUN_OUT, true,
		 "海棠苑三期12号楼二单元 · 2026-11-22");
	add_line(v, FIELD_DISINFECTED, DUE_OVERDUE, true, "2026-11-21 08:03");
	add_line(v, FIELD_TEMPERATURE, 0, false, "36.5 °C");
	v->attest_wanted = 1U << CHECK_CERTIFICATE | 1U << CHECK_VEHICLE_PASS |
			   1U << CHECK_OCCUPANTS | 1U << CHECK_DISINFECTION;
	v->consent_wanted = APPROVER_COMMUNITY;
	v->attest_vehicle_pass = FINDING_GOOD;
	v->attest_occupants = FINDING_BAD;
	v->attest_disinfection = FINDING_GOOD;
}

static void fill_order(struct view *v, bool worst)
{
	add_line(v, FIELD_LEVEL_NOW, LEVEL_CLOSED, false, "");
	add_line(v, FIELD_LEVEL_NEXT, LEVEL_LOCKDOWN, false, "");
	add_line(v, FIELD_WHY, 0, false,
		 worst ? "区疫情防控指挥部第一百二十三号通知" : "区指挥部第12号通知");
	add_line(v, FIELD_ORDER_NUMBER, 0, false, worst ? "140737488355327" : "12");
	add_line(v, FIELD_ISSUED, 0, false, "2026-11-23 08:03");
	add_line(v, FIELD_NOT_AFTER, 0, false, "2026-11-24 08:03");
	v->may_take = !worst;
}

/* A bundle of everything, with words and numbers as long as they may be. */
static void fill_bundle(struct view *v)
{
	v->bundle = true;
	v->may_take = true;
	add_line(v, FIELD_BUNDLE_NUMBER, 0, false, "999999999999999999");
	add_line(v, FIELD_WHY, 0, false, "区疫情防控指挥部第一百二十三号");
	add_line(v, FIELD_ISSUED, 0, false, "2026-11-23 08:03");
	add_line(v, FIELD_NOT_AFTER, 0, false, "2026-11-24 08:03");
	for (int i = 0; i < PART_COUNT_; i++) {
		v->parts[i] = (struct part_change){ .present = true,
						    .version = 1000,
						    .before = 999,
						    .total = 10000,
						    .added = 9999,
						    .changed = 1000,
						    .removed = 10000 };
		add_line(v, (enum field)(FIELD_PART_RULEBOOK + i), i, false,
			 i == PART_RULEBOOK ? "默认规则 Default rules" : "");
	}
}

static void add_reason(struct view *v, enum reason_code code, const char *clause)
{
	struct reason *r = &v->reasons[v->reason_count++];
	r->code = code;
	COPY(r->clause, clause);
}

static void fill_reasons(struct view *v, bool worst)
{
	if (!worst) {
		add_reason(v, REASON_MASK_UNCHECKED, "2·四 3·二·1");
		add_reason(v, REASON_HEALTH_CODE_UNCHECKED, "2·三");
		return;
	}
	for (int code = REASON_TRAVEL_DECLARED;
	     code > REASON_NONE && v->reason_count < REASONS_MAX - 1; code -= 2)
		add_reason(v, (enum reason_code)code, "3·二·10");
	add_reason(v, REASON_SYMPTOMS_UNDECLARED, "1·五·2 3·二·10");
}

static void fill_rows(struct view *v, bool worst)
{
	static const char *const NAMES[] = { "张*", "欧阳**", "李**", "德****", "王*", "赵**" };
	v->row_count = worst ? VIEW_ROWS : 3;
	v->page_count = worst ? 12 : 1;
	v->page = worst ? 10 : 0;
	for (int i = 0; i < v->row_count; i++) {
		struct view_row *row = &v->rows[i];
		row->visit_id = (uint64_t)i + 1;
		row->ticket = worst ? 9990U + (unsigned)i : 12U + (unsigned)i;
		row->person_class = i % 3 == 1 ? CLASS_COURIER : CLASS_VISITOR;
		row->waited_min = worst ? 1439 : i * 4;
		row->registered_ms = INT64_C(1795392000000) - i * INT64_C(86400000);
		row->state = (enum visit_state)(VISIT_WAITING + i);
		row->temperature_centi_c = i == 1 ? 3760 : i == 2 ? 0 : 3652;
		row->bad = i == 1 || i == 2;
		COPY(row->name, worst ? "阿****************" : NAMES[i]);
		if (v->screen == SCREEN_PIN)
			text_format(row->name, sizeof(row->name),
				    worst ? "supervisor-night-%d" : "guard-%c", 'a' + i);
	}
	COPY(v->account, v->rows[0].name);
	v->found_total = worst ? 60 : 3;
	v->found_more = worst;
	COPY(v->search, worst ? "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW" : "张");
	if (v->screen != SCREEN_PIN)
		COPY(v->account, worst ? "supervisor-night-of-gate-north1" : "guard-a");
}

static void fill_report(struct view *v, bool worst)
{
	struct report *r = &v->report;
	int64_t day = 20780;

	r->kind = v->language == LANGUAGE_EN && worst ? REPORT_SHIFT : REPORT_DAY;
	r->state = worst ? REPORT_MISSING : REPORT_DONE;
	r->changed = worst;
	r->day = day;
	r->from_ms = day * 86400000;
	r->until_ms = r->from_ms + 86400000;
	r->level = v->level;
	r->inside = worst ? 99999 : 15;
	r->waiting = worst ? 99999 : 2;
	for (int i = 0; i < REPORT_ROW_COUNT_; i++)
		r->sums[i] = worst ? (struct report_sum){ 99999, 99999999 }
				   : (struct report_sum){ i % 4 ? 0 : i, i * 31 };
	r->duty_count = worst ? REPORT_DUTY_MAX : 2;
	for (int i = 0; i < r->duty_count; i++) {
		text_format(r->duty[i].name, sizeof(r->duty[i].name), "guard-north-%c", 'a' + i);
		r->duty[i].first_ms = r->from_ms;
		r->duty[i].last_ms = r->from_ms + 3600000;
	}
	r->gap_count = worst ? 9 : 0;
	for (int i = 0; i < REPORT_GAPS_MAX; i++)
		r->gaps[i] = (struct report_gap){ day - 1 - i, REPORT_MISSING };
	r->signatures.made_ms = r->signatures.checked_ms = worst ? 0 : r->until_ms;
	COPY(r->signatures.made_by, "staff-a");
	COPY(r->signatures.checked_by, "supervisor-1");
	COPY(r->head, "9f31c07a5be2d846");
	v->report_act = worst ? REPORT_ACT_HIGHER : REPORT_ACT_CHECK;
	v->reports_missing = worst ? 3660 : 0;
	v->report_last_missing = day;
	v->days.count = worst ? REPORT_DAYS_SHOWN : 3;
	for (int i = 0; i < v->days.count; i++) {
		struct report_day *d = &v->days.days[i];
		d->day = day - i;
		d->state = (enum report_state)(i % REPORT_STATE_COUNT_);
		d->changed = worst && i == 3;
		COPY(d->made_by, worst ? "supervisor-night-of-gate-north1" : "staff-a");
		COPY(d->checked_by, worst ? "supervisor-night-of-gate-north2" : "");
	}
}

static void fill_persons(struct view *v, bool worst)
{
	v->person_count = worst ? VIEW_ROWS : 3;
	v->person_total = worst ? 99999 : 3;
	v->person_ticked = worst ? 99998 : 1;
	for (int i = 0; i < v->person_count; i++) {
		struct report_person *p = &v->persons[i];
		p->visit_id = (uint64_t)i + 1;
		p->ticket = worst ? 99990 + (uint32_t)i : 12 + (uint32_t)i;
		p->state = worst && i % 2 ? VISIT_OVERDUE : VISIT_INSIDE;
		p->ticked = i == 0;
		p->entered_ms = i == 2 ? 0 : INT64_C(1795392000000);
		p->left_ms = v->screen == SCREEN_CONTACTS ? INT64_C(1795392900000) : 0;
		COPY(p->name, worst && i == 1 ? "" : worst ? "阿卜杜热西提·买买提依明江" : "张*");
		COPY(p->household, worst ? "海棠苑三期12号楼二单元2501室" : "3-2-501");
		if (v->screen == SCREEN_CONTACTS)
			COPY(p->phone, worst ? "+86 138 0013 8000" : "13800138000");
	}
	COPY(v->contact.request, worst ? "公安字2026第00000000123" : "GA-12");
	COPY(v->contact_period, worst ? "202611230000202611242359" : "20261123");
	COPY(v->contact.person, worst ? "阿卜杜热西提·买买提依明江" : "");
}

/* Every field given, of the kind that has most. */
static struct ledger full_ledger(enum ledger_kind kind, bool worst)
{
	struct ledger l = { .kind = kind };
	uint32_t fields = LEDGER_KIND[kind].required | (worst ? LEDGER_KIND[kind].optional : 0);

	l.given = fields;
	for (int field = 0; field < LEDGER_FIELD_COUNT_; field++)
		if (fields >> field & 1)
			l.numbers[field] =
				worst ? LEDGER_FIELD[field].most : LEDGER_FIELD[field].least;
	if (fields >> LEDGER_SECOND & 1)
		COPY(l.second, worst ? "阿卜杜热西提·买买" : "李强");
	if (fields >> LEDGER_REMARK & 1)
		COPY(l.remark, "三号楼二单元电梯轿厢与按钮已全部擦拭");
	l.numbers[LEDGER_SECOND] = l.numbers[LEDGER_REMARK] = 0;
	return l;
}

/* With the note of an ordinary one the pad is shown, with the longest the keyboard. */
static void fill_ledgers(struct view *v, enum variant variant)
{
	bool worst = variant == VARIANT_WORST;
	struct ledger_shown *s = &v->ledger;

	v->overdue_places = worst ? (1U << PLACE_END_) - 2 : 1U << PLACE_LIFTS;
	v->short_items = worst ? (1U << ITEM_END_) - 2 : 0;
	s->kind = worst ? LEDGER_INCIDENT : LEDGER_DISINFECTION;
	s->row_count = worst ? LEDGER_ROWS : 3;
	for (int i = 0; i < s->row_count; i++) {
		struct ledger_row *row = &s->rows[i];
		row->seq = worst ? 99999 - i : 40 - i;
		row->wall_ms = INT64_C(1795392000000);
		row->ledger = full_ledger(worst ? LEDGER_TERMINAL : s->kind, worst);
		row->corrected_by = worst || i == 2 ? 41 : 0;
		row->ledger.corrects = worst ? 12345 : 0;
		COPY(row->actor, worst ? "阿卜杜热西提·买买" : "王芳");
	}
	s->draft = full_ledger(s->kind, worst);
	s->draft.corrects = worst ? 99999 : 0;
	s->field = variant == VARIANT_PLAIN  ? LEDGER_PLACE
		   : variant == VARIANT_FULL ? LEDGER_FIELD_COUNT_
					     : LEDGER_POLICE;
	if (v->screen == SCREEN_LEDGER_ENTRY && worst)
		v->keyboard = KEYBOARD_DIGITS;
}

static const enum keyboard KEYBOARDS[SCREEN_COUNT_] = {
	[SCREEN_NAME] = KEYBOARD_TEXT,          [SCREEN_DOCUMENT] = KEYBOARD_DOCUMENT,
	[SCREEN_PHONE] = KEYBOARD_DIGITS,       [SCREEN_HOUSEHOLD] = KEYBOARD_TEXT,
	[SCREEN_PURPOSE] = KEYBOARD_TEXT,       [SCREEN_PIN] = KEYBOARD_DIGITS,
	[SCREEN_CLINICAL] = KEYBOARD_DECIMAL,   [SCREEN_LEVEL] = KEYBOARD_TEXT,
	[SCREEN_PERIOD] = KEYBOARD_DIGITS,      [SCREEN_CONTACT] = KEYBOARD_TEXT,
	[SCREEN_SEARCH] = KEYBOARD_TEXT,        [SCREEN_REQUEST] = KEYBOARD_DOCUMENT,
	[SCREEN_PLATE] = KEYBOARD_PLATE,        [SCREEN_REMARK] = KEYBOARD_TEXT,
	[SCREEN_ACCOUNT] = KEYBOARD_TEXT,       [SCREEN_CLOCK] = KEYBOARD_DIGITS,
	[SCREEN_EXPORT_DAYS] = KEYBOARD_DIGITS,
};

static const char *const ENTRIES[SCREEN_COUNT_] = {
	[SCREEN_NAME] = "Zhang Wei",       [SCREEN_DOCUMENT] = "110105194912310",
	[SCREEN_PHONE] = "13800138000",    [SCREEN_HOUSEHOLD] = "3-2-501",
	[SCREEN_PURPOSE] = "Piano lesson", [SCREEN_CLINICAL] = "36.8",
	[SCREEN_SEARCH] = "zhang",         [SCREEN_REQUEST] = "7GQKM2XV",
	[SCREEN_PLATE] = "沪AD12345",      [SCREEN_CLOCK] = "202611230805",
};

static void fill_entry(struct view *v, enum variant variant)
{
	v->keyboard = KEYBOARDS[v->screen];
	if (variant == VARIANT_EMPTY)
		return;
	if (ENTRIES[v->screen])
		COPY(v->entry, ENTRIES[v->screen]);
	if (variant == VARIANT_WORST && v->screen != SCREEN_PIN && v->keyboard)
		COPY(v->entry, "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW");
	v->choice = v->screen == SCREEN_DOCUMENT  ? DOCUMENT_ID_CARD
		    : v->screen == SCREEN_PURPOSE ? PURPOSE_FAMILY
						  : 0;
	if (variant != VARIANT_PLAIN && v->screen == SCREEN_PURPOSE)
		v->choice = PURPOSE_OTHER;
}

/* The note a screen shows ordinarily, and its longest. */
static const enum note NOTES[SCREEN_COUNT_][2] = {
	[SCREEN_NAME] = { NOTE_NAME_BAD, NOTE_NAME_BAD },
	[SCREEN_DOCUMENT] = { NOTE_DOCUMENT_CHECKSUM, NOTE_DOCUMENT_KIND },
	[SCREEN_PHONE] = { NOTE_PHONE_BAD, NOTE_PHONE_BAD },
	[SCREEN_HOUSEHOLD] = { NOTE_HOUSEHOLD_BAD, NOTE_HOUSEHOLD_BAD },
	[SCREEN_PURPOSE] = { NOTE_EMPTY, NOTE_TOO_LONG },
	[SCREEN_REVIEW] = { NOTE_NONE, NOTE_NOT_SAVED },
	[SCREEN_CODE] = { NOTE_NONE, NOTE_CAMERA_RESTARTING },
	[SCREEN_TEMPERATURE] = { NOTE_TEMPERATURE_OK, NOTE_TEMPERATURE_REST },
	[SCREEN_SAVING] = { NOTE_NONE, NOTE_NOT_SAVED },
	[SCREEN_WAITING] = { NOTE_NONE, NOTE_PRINTER_ABSENT },
	[SCREEN_REFUSED] = { NOTE_NONE, NOTE_PRINTER_PAPER_END },
	[SCREEN_ADMITTED] = { NOTE_NONE, NOTE_PRINTER_PAPER_END },
	[SCREEN_GOODBYE] = { NOTE_NONE, NOTE_PRINTER_ABSENT },
	[SCREEN_PASS_REFUSED] = { NOTE_NONE, NOTE_PRINTER_ABSENT },
	[SCREEN_PIN] = { NOTE_PIN_WRONG, NOTE_PIN_LOCKED },
	[SCREEN_QUEUE] = { NOTE_NONE, NOTE_ALREADY_DECIDED },
	[SCREEN_VISIT] = { NOTE_NONE, NOTE_NOT_SAVED },
	[SCREEN_CLINICAL] = { NOTE_CLINICAL_RANGE, NOTE_CLINICAL_RANGE },
	[SCREEN_ORDER] = { NOTE_NONE, NOTE_ORDER_OTHER_SITE },
	[SCREEN_STAFF] = { NOTE_NONE, NOTE_STICK_MISMATCH },
	[SCREEN_REPORTS] = { NOTE_NONE, NOTE_REPORT_ALREADY },
	[SCREEN_REPORT] = { NOTE_REPORT_MADE, NOTE_REPORT_HIGHER },
	[SCREEN_PERIOD] = { NOTE_PERIOD_BAD, NOTE_PERIOD_BAD },
	[SCREEN_INSIDE] = { NOTE_ROLL_DONE, NOTE_PRINTER_PAPER_END },
	[SCREEN_CONTACT] = { NOTE_REQUEST_MISSING, NOTE_PERIOD_BAD },
	[SCREEN_CONTACTS] = { NOTE_NONE, NOTE_PRINTER_ABSENT },
	[SCREEN_SEARCH] = { NOTE_NONE, NOTE_SEARCH_NOBODY },
	[SCREEN_REQUEST] = { NOTE_REQUEST_UNKNOWN, NOTE_REQUEST_LOCKED },
	[SCREEN_KEPT] = { NOTE_COPY_PRINTING, NOTE_ERASE_OPEN },
	[SCREEN_LEDGERS] = { NOTE_NONE, NOTE_NOT_SAVED },
	[SCREEN_REMARK] = { NOTE_NONE, NOTE_TOO_LONG },
	[SCREEN_LEDGER] = { NOTE_LEDGER_WRITTEN, NOTE_LEDGER_CORRECTED },
	[SCREEN_LEDGER_ENTRY] = { NOTE_LEDGER_MISSING, NOTE_LEDGER_TIME },
	[SCREEN_ACCOUNTS] = { NOTE_ACCOUNT_DONE, NOTE_ACCOUNTS_OFFICES },
	[SCREEN_ACCOUNT] = { NOTE_ACCOUNT_PIN_TWICE, NOTE_ACCOUNT_LAST },
	[SCREEN_CLOCK] = { NOTE_CLOCK_SET, NOTE_CLOCK_DENIED },
	[SCREEN_EXPORT_DAYS] = { NOTE_DAYS_BAD, NOTE_STICK_ABSENT },
	[SCREEN_EXPORT_FAILED] = { NOTE_STICK_TOO_LARGE, NOTE_EXPORT_NO_OFFICE },
	[SCREEN_FAULT] = { NOTE_REGISTER_FAILED, NOTE_NOT_SAVED },
	[SCREEN_PLATE] = { NOTE_PLATE_LENGTH, NOTE_PLATE_LETTER_IO },
};

static void fill_results(struct view *v, bool worst)
{
	v->ticket = worst ? 99999 : 12;
	v->temperature_centi_c = worst ? 3769 : 3652;
	v->wait_s = worst ? 299 : 20;
	v->pass_problem = worst ? PASS_UNKNOWN_KEY : PASS_EXPIRED;
	v->valid_until_ms = 1;
	v->until_hour = 12;
	v->gate = worst ? GATE_FAULT : GATE_OPEN;
	v->role = v->screen == SCREEN_STAFF ? ROLE_STAFF : ROLE_GUARD;
	v->pin_length = worst ? 12 : 4;
	v->progress_permille = worst ? 1000 : 420;
	v->export_left_s = worst ? 359999 : 40;
	v->export_range = (struct export_range){ worst ? EXPORT_DAYS : EXPORT_SINCE_LAST,
						 worst ? INT64_C(1795363260000) : 0,
						 worst ? INT64_C(1795449660000) : 0 };
	v->export_rows = worst ? 1234567890 : 1532;
	v->today_in = worst ? 99999 : 86;
	v->today_out = worst ? 99999 : 71;
	v->today_refused = worst ? 99999 : 4;
	v->inside_now = worst ? 99999 : 15;
	COPY(v->export_name,
	     worst ? "gatehouse-north-temporary-2026-11-23T080500-000123456-000234567"
		   : "gatehouse-north-20261123-080500");
	v->attest_wanted = 1U << CHECK_DOCUMENT | 1U << CHECK_MASK | 1U << CHECK_HEALTH_CODE |
			   1U << CHECK_TRAVEL_CARD | 1U << CHECK_ESCORT;
	if (worst) {
		v->attest_wanted |= 1U << CHECK_CERTIFICATE | 1U << CHECK_TEST;
		v->consent_wanted = APPROVER_COMMUNITY;
	}
	v->attest_document = FINDING_GOOD;
	v->attest_health = worst ? COLOUR_YELLOW : COLOUR_GREEN;
	v->attest_mask = worst ? FINDING_BAD : FINDING_UNKNOWN;
	v->needs_clinical = worst;
}

/* A notice of each kind, its words as long as they may be. */
static void fill_notice(struct view *v, enum variant variant)
{
	struct notice_shown *n = &v->notice;
	bool zh = v->language == LANGUAGE_ZH;

	n->turn_count = variant == VARIANT_WORST ? NOTICE_TURNS_MAX : 3;
	n->turn = n->turn_count - 1;
	n->kind = variant == VARIANT_FULL    ? NOTICE_POSTER
		  : variant == VARIANT_EMPTY ? NOTICE_SLOGAN
					     : NOTICE_TEXT;
	n->language = v->language;
	COPY(n->title, zh ? "不造谣不信谣不传谣做文明人" : "No rumours: ask the guard");
	if (variant == VARIANT_WORST) {
		n->width = NOTICE_BESIDE_W;
		n->height = NOTICE_H;
		COPY(n->title, zh ? "一二三四五六七八九十一二" : "Washing hands saves lives");
		COPY(n->text,
		     zh ? "便民超市每天八点到十八点开放,在二号楼东侧,急用药请拨门岗电话,理发周六"
			  "上午凭预约号,菜店每天早上七点半。"
			: "Shop daily 8:00 to 18:00, east of building 2; pharmacy daily "
			  "9:00 to 17:00, urgent needs through the guard at the gate");
	}
	if (variant == VARIANT_FULL) {
		n->width = NOTICE_W;
		n->height = NOTICE_H;
	}
}

static void fill_account(struct view *v, enum variant variant)
{
	bool worst = variant == VARIANT_WORST;

	v->accounts_offices = worst;
	v->account_new = variant != VARIANT_WORST && variant != VARIANT_FULL;
	v->account_removable = true;
	COPY(v->account_name, worst ? "supervisor-night-of-gate-north1" : "李强");
	COPY(v->account_until, worst ? "20261231" : "");
	v->account_role = worst ? ROLE_SUPERVISOR : ROLE_GUARD;
	v->account_pins[0] = v->account_pins[1] = worst ? 12 : 4;
	for (int i = 0; i < v->row_count; i++) {
		v->rows[i].role = (enum role)(ROLE_GUARD + i % 3);
		v->rows[i].until_ms = worst ? INT64_C(1795392000000) : 0;
	}
	if (v->screen != SCREEN_ACCOUNTS)
		return;
	for (int i = 0; worst && i < v->row_count; i++)
		COPY(v->rows[i].name, "supervisor-night-of-gate-north1");
}

static void fill_check(struct view *v, enum variant variant)
{
	static const struct checked CHECKED[VARIANT_COUNT_] = {
		[VARIANT_PLAIN] = { .state = CHECKED_GOOD, .seq = 12345, .ended_ms = 1 },
		[VARIANT_FULL] = { .state = CHECKED_RUNNING, .permille = 420 },
		[VARIANT_WORST] = { .state = CHECKED_WRONG,
				    .part = REGISTER_PART_IMPORT,
				    .key = INT64_MAX,
				    .blamed = INT64_MAX,
				    .ended_ms = 1 },
	};
	v->checked = CHECKED[variant];
	COPY(v->checked.head, "9f31c07a5be2d846");
}

void make_view(struct view *v, enum screen screen, enum language language, enum variant variant)
{
	bool worst = variant == VARIANT_WORST;
	memset(v, 0, sizeof(*v));
	v->screen = screen;
	v->language = language;
	fill_common(v, worst);
	fill_entry(v, variant);
	v->step = screen_traits(screen)->step;
	v->step_count = v->step ? SESSION_STEPS : 0;
	if (screen == SCREEN_BOARD && variant != VARIANT_PLAIN)
		fill_notice(v, variant);
	if (variant == VARIANT_EMPTY)
		return;
	fill_results(v, worst);
	if (screen == SCREEN_ORDER && variant == VARIANT_FULL)
		fill_bundle(v);
	else if (screen == SCREEN_ORDER)
		fill_order(v, worst);
	else
		fill_lines(v, worst);
	if (screen == SCREEN_VISIT && variant == VARIANT_FULL)
		fill_vehicle(v);
	fill_reasons(v, worst);
	fill_rows(v, worst);
	for (int i = 0; screen == SCREEN_TRAVEL && variant != VARIANT_PLAIN && i < 12; i++)
		key_areas_add(&v->areas, i % 3 ? "上海市浦东新区" : "新疆维吾尔自治区");
	COPY(v->areas.day, "2026-11-20");
	if (screen >= SCREEN_REPORTS || screen == SCREEN_STAFF)
		fill_report(v, worst);
	if (screen >= SCREEN_INSIDE && screen <= SCREEN_CONTACTS)
		fill_persons(v, worst);
	if ((screen >= SCREEN_LEDGERS && screen <= SCREEN_REMARK) || screen == SCREEN_QUEUE)
		fill_ledgers(v, variant);
	fill_check(v, variant);
	fill_account(v, variant);
	if (variant != VARIANT_PLAIN)
		v->note = NOTES[screen][worst];
	if (worst)
		fill_worst_devices(v);
	if (variant == VARIANT_FULL) {
		v->hour = 21;
		v->warn_timeout = screen_traits(screen)->timeout_ms >= 60000;
		v->may_admit = true;
		v->reason_count = screen == SCREEN_VISIT ? 0 : v->reason_count;
		v->attest_mask = FINDING_GOOD;
		v->attest_travel = TRAVEL_CARD_CLEAR;
	}
}

const char *view_screen_name(enum screen screen)
{
	return screen_name(screen);
}

void make_preview(uint8_t *luma)
{
	for (int y = 0; y < 270; y++)
		for (int x = 0; x < 480; x++) {
			int d = (x - 240) * (x - 240) / 2 + (y - 140) * (y - 140);
			bool face = d < 9000;
			luma[y * 480 + x] =
				(uint8_t)(face ? 190 - d / 150 : 60 + x / 8 + (y / 30 % 2) * 12);
		}
}
