#include "core/view_make.h"

#include <string.h>

#include "base/civil.h"
#include "base/text.h"
#include "core/days.h"
#include "core/form.h"
#include "core/identity.h"

struct moment board_moment(const struct board *b)
{
	return (struct moment){ b->wall_ms, b->utc_offset_min, b->clock_trusted };
}

/* The visit as it would stand with what the guard has attested so far, at the level now in force.
 */
static struct decision trial(const struct session *session, const struct rulebook *book,
			     const struct board *board, enum finding approval, enum role by)
{
	struct session t = *session;
	struct moment now = board_moment(board);

	form_attest(&t, approval, now.wall_ms);
	t.visit.level = board->level;
	t.visit.facts[CHECK_TEMPERATURE] = visit_temperature(&t.visit, book, now.wall_ms);
	struct decision d = visit_decide(&t.visit, book, DIRECTION_IN, &now, LIFT_NOBODY);
	visit_wipe(&t.visit);
	listing_apply(&d, &session->listing, by);
	return d;
}

bool view_may_admit(const struct session *session, const struct rulebook *book,
		    const struct board *board)
{
	return trial(session, book, board, FINDING_GOOD, session->role).verdict == VERDICT_ADMIT;
}

bool view_may_print(const struct visit *visit)
{
	return visit->state == VISIT_ADMITTED && visit->pass_serial != 0 &&
	       visit->decision.verdict == VERDICT_ADMIT;
}

void view_row_make(struct view_row *row, const struct visit *visit, const struct rulebook *book,
		   int64_t wall_ms)
{
	const struct temperature *t = &visit->temperature;

	memset(row, 0, sizeof(*row));
	row->visit_id = visit->id;
	row->ticket = visit->ticket;
	row->person_class = visit->person_class;
	row->state = visit->state;
	row->registered_ms = visit->registered_ms;
	row->waited_min = days_minutes(wall_ms - visit->registered_ms);
	row->temperature_centi_c = t->clinical_centi_c ? t->clinical_centi_c
				   : t->second_centi_c ? t->second_centi_c
						       : t->first_centi_c;
	row->bad = row->temperature_centi_c >= book->fever_centi_c || row->temperature_centi_c == 0;
	for (int c = 0; c < CHECK_COUNT_; c++)
		row->bad |= visit->facts[c].finding == FINDING_BAD;
	row->bad |= listing_shows(&visit->decision);
	identity_mask_name(visit->person.name, row->name, sizeof(row->name));
}

static struct view_line *add_line(struct view *v, enum field field, int32_t code, const char *value)
{
	assert(v->line_count < VIEW_LINES);
	struct view_line *line = &v->lines[v->line_count++];
	line->field = field;
	line->code = code;
	text_copy(line->value, sizeof(line->value), value);
	return line;
}

static void add_celsius(struct view *v, enum field field, int32_t centi_c, bool bad)
{
	char text[24];

	if (centi_c == 0)
		return;
	text_format(text, sizeof(text), "%d.%d °C", centi_c / 100, centi_c % 100 / 10);
	add_line(v, field, centi_c, text)->bad = bad;
}

/* What the visitor gave, masked unless it is their own draft or was revealed. */
static void add_person(struct view *v, const struct visit *visit, bool masked)
{
	const struct person *p = &visit->person;
	char name[NAME_BYTES], document[DOCUMENT_BYTES], phone[PHONE_BYTES];

	text_copy(name, sizeof(name), p->name);
	text_copy(document, sizeof(document), p->document);
	text_copy(phone, sizeof(phone), p->phone);
	if (masked) {
		identity_mask_name(p->name, name, sizeof(name));
		identity_mask_document(p->document, document, sizeof(document));
		identity_mask_phone(p->phone, phone, sizeof(phone));
	}
	add_line(v, FIELD_CLASS, (int32_t)visit->person_class, "");
	add_line(v, FIELD_NAME, 0, name);
	add_line(v, FIELD_DOCUMENT, (int32_t)p->document_kind, document);
	add_line(v, FIELD_PHONE, 0, phone);
	if (p->household[0] || !vehicle_class(visit->person_class))
		add_line(v, FIELD_HOUSEHOLD, 0, p->household);
	/* Whoever stands here reads the plate off the bumper, and the pass must be compared with
	 * it: it is not masked. */
	if (vehicle_class(visit->person_class))
		add_line(v, FIELD_PLATE, visit->occupants, p->plate);
	else
		add_line(v, FIELD_PURPOSE, 0, p->purpose);
	explicit_bzero(name, sizeof(name));
	explicit_bzero(document, sizeof(document));
	explicit_bzero(phone, sizeof(phone));
}

/* What has been asked of this class: the rule does not need everything of everybody. */
static bool asked(const struct visit *visit, const struct rulebook *book, enum level level,
		  enum screen screen)
{
	enum person_class class = visit->person_class;

	return !(session_unasked(class, rules_required(book, level, class, DIRECTION_IN)) >>
			 screen &
		 1);
}

static void add_review(struct view *v, const struct session *s, const struct rulebook *book,
		       enum level level)
{
	add_person(v, &s->visit, false);
	if (asked(&s->visit, book, level, SCREEN_TRAVEL))
		add_line(v, FIELD_TRAVEL, s->travel ? FINDING_BAD : FINDING_GOOD, "");
	if (asked(&s->visit, book, level, SCREEN_SYMPTOMS))
		add_line(v, FIELD_SYMPTOMS, s->symptoms ? FINDING_BAD : FINDING_GOOD, "");
}

/* A minute of the wall clock, or nothing for 0. */
static void minute_text(int64_t wall_ms, int32_t utc_offset_min, char text[CIVIL_TEXT_BYTES])
{
	text[0] = '\0';
	if (wall_ms != 0)
		civil_format_minute(wall_ms, utc_offset_min, text);
}

/* What is known of the vehicle without the guard. */
static void add_vehicle(struct view *v, const struct session *s, const struct rulebook *book,
			const struct board *b)
{
	const struct vehicle_known *known = &s->vehicle;
	struct moment now = board_moment(b);
	struct due due =
		due_look(known->disinfected_ms, book->max_age_min[CHECK_DISINFECTION], &now);
	enum vehicle_standing standing = vehicle_standing(known, &now);
	char time[CIVIL_TEXT_BYTES], text[80];

	if (!vehicle_class(s->visit.person_class))
		return;
	if (standing != VEHICLE_NO_DIRECTORY) {
		minute_text(known->until_ms ? known->until_ms - 1 : 0, b->utc_offset_min, time);
		text_format(text, sizeof(text), "%s%s%.10s", known->owner, time[0] ? " · " : "",
			    time);
		add_line(v, FIELD_VEHICLE_PASS, (int32_t)standing, text)->bad =
			standing != VEHICLE_IN_FORCE &&
			s->visit.person_class == CLASS_RESIDENT_VEHICLE;
	}
	minute_text(known->disinfected_ms, b->utc_offset_min, time);
	add_line(v, FIELD_DISINFECTED, (int32_t)due.state, time)->bad =
		due.state == DUE_OVERDUE || due.state == DUE_NEVER_DONE;
}

/* A document that may stand but is worth a second look. */
static void add_warning(struct view *v, const struct person *p, const struct board *b)
{
	struct civil c = civil_from_ms(b->wall_ms, b->utc_offset_min);
	enum identity_warning warning = identity_document_warning(
		p->document_kind, p->document, c.year * 10000 + c.month * 100 + c.day);

	if (warning != IDENTITY_NO_WARNING)
		add_line(v, FIELD_LOOK_TWICE, (int32_t)warning, "")->bad = true;
}

/* What the directory says of the household, behind what the visitor typed. */
static void show_household(struct view *v, const struct listing *l)
{
	for (int i = 0; i < v->line_count; i++) {
		struct view_line *line = &v->lines[i];
		char typed[sizeof(line->value)];
		if (line->field != FIELD_HOUSEHOLD)
			continue;
		line->bad = l->household_unknown;
		text_copy(typed, sizeof(typed), line->value);
		text_format(line->value, sizeof(line->value), "%s%s%s%s%s", typed,
			    l->grid[0] ? " · " : "", l->grid, l->phone_tail[0] ? " · …" : "",
			    l->phone_tail);
	}
}

/* Why somebody is invited may say more about them than a screen shows unasked. */
static void add_invitation(struct view *v, const struct invitation *i, bool masked)
{
	char text[sizeof(v->lines[0].value)];
	bool says_why = !masked && i->why[0];

	if (!i->found)
		return;
	text_format(text, sizeof(text), "%s%s%s", i->household, says_why ? " · " : "",
		    says_why ? i->why : "");
	add_line(v, FIELD_INVITED, i->until, text)->bad = i->elsewhere;
	explicit_bzero(text, sizeof(text));
}

static void add_detail(struct view *v, const struct session *s, const struct rulebook *book,
		       const struct board *b)
{
	const struct visit *visit = &s->visit;
	const struct temperature *t = &visit->temperature;
	int32_t screened = t->second_centi_c ? t->second_centi_c : t->first_centi_c;
	enum finding travel = visit->facts[CHECK_TRAVEL_14D].finding;
	enum finding symptoms = visit->facts[CHECK_SYMPTOMS].finding;

	add_person(v, visit, !s->revealed);
	show_household(v, &s->listing);
	add_invitation(v, &s->listing.invitation, !s->revealed);
	add_vehicle(v, s, book, b);
	if (travel != FINDING_UNKNOWN || asked(visit, book, b->level, SCREEN_TRAVEL))
		add_line(v, FIELD_TRAVEL, (int32_t)travel, "")->bad = travel == FINDING_BAD;
	if (symptoms != FINDING_UNKNOWN || asked(visit, book, b->level, SCREEN_SYMPTOMS))
		add_line(v, FIELD_SYMPTOMS, (int32_t)symptoms, "")->bad = symptoms == FINDING_BAD;
	if (visit->code_digest != 0 || asked(visit, book, b->level, SCREEN_CODE))
		add_line(v, FIELD_CODE, visit->code_digest != 0, "");
	add_celsius(v, FIELD_TEMPERATURE, screened, screened >= book->fever_centi_c);
	add_celsius(v, FIELD_CLINICAL, t->clinical_centi_c,
		    t->clinical_centi_c >= book->fever_centi_c);
	add_warning(v, &visit->person, b);
	if (s->listing.document || s->listing.name)
		add_line(v, FIELD_LISTED, 0, s->listing.why)->bad = true;
	if (s->listing.area[0])
		add_line(v, FIELD_KEY_AREA, 0, s->listing.area)->bad = true;
	v->needs_clinical = fever_fact(book, t, 0).finding == FINDING_UNKNOWN;
}

static void fill_time(struct view *v, const struct board *b)
{
	struct civil now = civil_from_ms(b->wall_ms, b->utc_offset_min);

	v->year = now.year;
	v->month = now.month;
	v->day = now.day;
	v->weekday = now.weekday;
	v->hour = now.hour;
	v->minute = now.minute;
}

static void fill_board(struct view *v, const struct board *b)
{
	text_copy(v->site_zh, sizeof(v->site_zh), b->site_zh);
	text_copy(v->site_en, sizeof(v->site_en), b->site_en);
	text_copy(v->gate_name, sizeof(v->gate_name), b->gate_name);
	text_copy(v->phone, sizeof(v->phone), b->phone);
	text_copy(v->leader, sizeof(v->leader), b->leader);
	text_copy(v->on_duty, sizeof(v->on_duty), b->on_duty);
	v->level = b->level;
	v->simulated = b->simulated;
	v->clock_trusted = b->clock_trusted;
	memcpy(v->devices, b->devices, sizeof(v->devices));
	v->gate = b->gate;
	v->queue_count = b->waiting;
	fill_time(v, b);
}

static void fill_decision(struct view *v, const struct decision *d)
{
	v->verdict = d->verdict;
	v->reason_count = d->reason_count;
	for (int i = 0; i < d->reason_count; i++) {
		v->reasons[i].code = d->reasons[i].code;
		v->reasons[i].check = d->reasons[i].check;
		v->reasons[i].found = d->reasons[i].found;
		v->reasons[i].lift = d->reasons[i].lift;
		v->reasons[i].lifted = d->reasons[i].lifted;
		text_copy(v->reasons[i].clause, CLAUSE_BYTES, d->reasons[i].clause);
	}
}

static void fill_until(struct view *v, const struct session *s, const struct board *b)
{
	if (s->visit.pass_expires_ms == 0)
		return;
	struct civil until = civil_from_ms(s->visit.pass_expires_ms, b->utc_offset_min);
	v->valid_until_ms = s->visit.pass_expires_ms;
	v->until_hour = until.hour;
	v->until_minute = until.minute;
}

static enum note temperature_note(const struct fever *f)
{
	switch (f->state) {
	case FEVER_SAMPLING:
	case FEVER_SECOND:
		return f->invalid ? NOTE_TEMPERATURE_INVALID : NOTE_MEASURING;
	case FEVER_AGAIN:
		return NOTE_TEMPERATURE_AGAIN;
	case FEVER_NO_SENSOR:
		return NOTE_THERMOMETER_ABSENT;
	case FEVER_SUSPECT:
		return NOTE_TEMPERATURE_REST;
	case FEVER_NORMAL:
		return NOTE_TEMPERATURE_OK;
	case FEVER_OFF:
	case FEVER_STATE_COUNT_:
		break;
	}
	return NOTE_NONE;
}

static void fill_temperature(struct view *v, const struct session *s, int64_t now_ms)
{
	const struct temperature *t = &s->fever.result;

	v->note = temperature_note(&s->fever);
	v->temperature_centi_c = t->second_centi_c ? t->second_centi_c : t->first_centi_c;
	if (s->fever.state == FEVER_AGAIN && s->fever.again_at_ms > now_ms)
		v->wait_s = (int32_t)((s->fever.again_at_ms - now_ms + 999) / 1000);
}

static void fill_rows(struct view *v, const struct session *s)
{
	v->row_count = s->row_count;
	v->page = s->page;
	v->page_count = s->page_count;
	memcpy(v->rows, s->rows, sizeof(v->rows));
	v->choice = s->choice;
}

static void fill_visit(struct view *v, const struct session *s, const struct rulebook *book,
		       const struct board *b)
{
	v->attest_document = s->attest_document;
	v->attest_mask = s->attest_mask;
	v->attest_health = s->attest_health;
	v->attest_travel = s->attest_travel;
	v->attest_escort = s->attest_escort;
	v->attest_certificate = s->attest_certificate;
	v->attest_test = s->attest_test;
	v->attest_vehicle_pass = s->attest_vehicle_pass;
	v->attest_occupants = s->attest_occupants;
	v->attest_disinfection = s->attest_disinfection;
	v->attest_consent = s->attest_consent;
	v->attest_wanted = rules_guard_checks(book, b->level, s->visit.person_class, DIRECTION_IN);
	v->consent_wanted = book->rules[b->level][s->visit.person_class][DIRECTION_IN].approver;
	v->revealed = s->revealed;
	v->decided = s->visit.state != VISIT_WAITING;
	v->may_print = view_may_print(&s->visit);
	v->state = s->visit.state;
	v->registered_ms = s->visit.registered_ms;
	v->leaving = s->visit.state == VISIT_OVERDUE;
	v->may_admit = !v->decided && view_may_admit(s, book, b);
	v->ticket = s->visit.ticket;
	add_detail(v, s, book, b);
	struct decision d = trial(s, book, b, FINDING_UNKNOWN, ROLE_NONE);
	fill_decision(v, v->decided ? &s->visit.decision : &d);
}

/* The clock of a warning runs in whole seconds, so that it redraws once a second at most. A screen
 * that counts something else down warns when that is over. */
static void fill_timeout(struct view *v, const struct session *s, int64_t now_ms)
{
	const struct screen_traits *traits = screen_traits(s->screen);
	int64_t left_ms = s->deadline_ms - now_ms;

	if (traits->timeout_ms <= SESSION_WARN_MS * 2 || left_ms > SESSION_WARN_MS || left_ms < 0 ||
	    v->wait_s > 0)
		return;
	v->warn_timeout = true;
	v->wait_s = (int32_t)((left_ms + 999) / 1000);
}

struct inputs {
	const struct session *s;
	const struct board *b;
	const struct rulebook *book;
	int64_t now_ms;
};

static void fill_review_screen(struct view *v, const struct inputs *in)
{
	add_review(v, in->s, in->book, in->b->level);
}

static void fill_travel(struct view *v, const struct inputs *in)
{
	v->areas = in->b->areas;
}

static void fill_code(struct view *v, const struct inputs *in)
{
	enum device_state camera = in->b->devices[DEVICE_CAMERA];

	v->preview_seq = in->b->preview_seq;
	if (camera == DEVICE_STARTING)
		v->note = NOTE_CAMERA_RESTARTING;
	else if (camera == DEVICE_ABSENT || camera == DEVICE_FAILED)
		v->note = NOTE_CAMERA_ABSENT;
}

static void fill_temperature_screen(struct view *v, const struct inputs *in)
{
	fill_temperature(v, in->s, in->now_ms);
}

static void fill_outcome(struct view *v, const struct inputs *in)
{
	fill_decision(v, &in->s->visit.decision);
	v->temperature_centi_c = in->s->visit.facts[CHECK_TEMPERATURE].value;
	fill_until(v, in->s, in->b);
}

static void fill_pin(struct view *v, const struct inputs *in)
{
	fill_rows(v, in->s);
	v->second = in->s->second;
	v->again = in->s->again_from != SCREEN_BOARD;
	v->pin_length = (int32_t)strlen(in->s->pin);
	v->wait_s = in->s->pin_wait_s;
}

static void fill_due(struct view *v, const struct inputs *in)
{
	v->overdue_places = ledger_overdue(&in->b->ledgers, &in->b->rhythm, in->b->wall_ms);
	v->short_items = ledger_short(&in->b->ledgers, &in->b->rhythm);
}

static void fill_queue(struct view *v, const struct inputs *in)
{
	fill_due(v, in);
	fill_rows(v, in->s);
}

static void fill_search(struct view *v, const struct inputs *in)
{
	if (in->s->busy)
		v->note = NOTE_SEARCHING;
}

static void fill_found(struct view *v, const struct inputs *in)
{
	fill_rows(v, in->s);
	memcpy(v->search, in->s->search, sizeof(v->search));
	v->found_total = in->s->found_total;
	v->found_more = in->s->found_more;
}

static void fill_visit_screen(struct view *v, const struct inputs *in)
{
	fill_visit(v, in->s, in->book, in->b);
}

static void add_date(struct view *v, enum field field, int64_t wall_ms, int32_t utc_offset_min)
{
	struct civil c = civil_from_ms(wall_ms, utc_offset_min);
	char text[32];

	text_format(text, sizeof(text), "%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day, c.hour,
		    c.minute);
	add_line(v, field, 0, text);
}

static void add_number(struct view *v, enum field field, uint64_t value)
{
	char text[24];

	text_format(text, sizeof(text), "%llu", (unsigned long long)value);
	add_line(v, field, 0, text);
}

static void fill_bundle(struct view *v, const struct inputs *in)
{
	const struct bundle_summary *bundle = &in->s->bundle;

	v->bundle = true;
	v->may_take = v->note == NOTE_NONE;
	memcpy(v->parts, bundle->parts, sizeof(v->parts));
	add_number(v, FIELD_BUNDLE_NUMBER, bundle->number);
	add_line(v, FIELD_WHY, 0, bundle->why);
	add_date(v, FIELD_ISSUED, bundle->issued_ms, in->b->utc_offset_min);
	add_date(v, FIELD_NOT_AFTER, bundle->not_after_ms, in->b->utc_offset_min);
	for (int i = 0; i < PART_COUNT_; i++)
		if (bundle->parts[i].present)
			add_line(v, (enum field)(FIELD_PART_RULEBOOK + i), i,
				 i == PART_RULEBOOK ? bundle->rulebook : "");
}

static void fill_order(struct view *v, const struct inputs *in)
{
	const struct level_change *c = &in->s->change;

	if (in->s->busy)
		v->note = NOTE_ORDER_READING;
	if (in->s->bundle.number)
		fill_bundle(v, in);
	if (c->order.number == 0)
		return;
	v->may_take = v->note == NOTE_NONE;
	add_line(v, FIELD_LEVEL_NOW, (int32_t)c->from, "");
	add_line(v, FIELD_LEVEL_NEXT, (int32_t)c->to, "");
	add_line(v, FIELD_WHY, 0, c->why);
	add_number(v, FIELD_ORDER_NUMBER, c->order.number);
	add_date(v, FIELD_ISSUED, c->order.issued_ms, in->b->utc_offset_min);
	add_date(v, FIELD_NOT_AFTER, c->order.not_after_ms, in->b->utc_offset_min);
}

static void fill_staff(struct view *v, const struct inputs *in)
{
	v->today_in = in->b->today_in;
	v->today_out = in->b->today_out;
	v->today_refused = in->b->today_refused;
	v->inside_now = in->b->inside_now;
	text_copy(v->head, sizeof(v->head), in->b->head);
	v->reports_missing = in->b->reports_missing;
	v->report_last_missing = in->b->report_last_missing;
}

static void fill_reports(struct view *v, const struct inputs *in)
{
	fill_due(v, in);
	memcpy(&v->days, &in->s->days, sizeof(v->days));
	v->page = in->s->page;
	v->page_count = in->s->page_count;
}

static void fill_report(struct view *v, const struct inputs *in)
{
	const struct session *s = in->s;

	memcpy(&v->report, &s->report, sizeof(v->report));
	if (!s->report.level_known)
		v->report.level = in->b->level;
	v->report_act = report_act(&s->report, s->account, s->role);
	text_copy(v->report_remark, sizeof(v->report_remark),
		  v->report_act == REPORT_ACT_MAKE ? s->report_remark
						   : s->report.signatures.remark);
	if (s->busy)
		v->report_act = REPORT_ACT_NONE;
}

static void fill_persons(struct view *v, const struct inputs *in)
{
	const struct session *s = in->s;

	memcpy(v->persons, s->persons, sizeof(v->persons));
	v->person_count = s->person_count;
	v->person_total = s->person_total;
	v->person_ticked = s->person_ticked;
	v->page = s->page;
	v->page_count = s->page_count;
	memcpy(&v->contact, &s->contact, sizeof(v->contact));
}

static void fill_contact(struct view *v, const struct inputs *in)
{
	memcpy(&v->contact, &in->s->contact, sizeof(v->contact));
	memcpy(v->contact_period, in->s->contact_period, sizeof(v->contact_period));
}

static void add_when(struct view *v, enum field field, int64_t wall_ms, int32_t utc_offset_min)
{
	if (wall_ms)
		add_date(v, field, wall_ms, utc_offset_min);
}

static void fill_request(struct view *v, const struct inputs *in)
{
	v->wait_s = in->s->pin_wait_s;
	if (in->s->busy)
		v->note = NOTE_SEARCHING;
}

/* What is kept about somebody who asks: masked, for it is not they who stand here. */
static void fill_kept(struct view *v, const struct inputs *in)
{
	const struct visit *visit = &in->s->visit;
	int32_t offset = in->b->utc_offset_min;

	add_person(v, visit, true);
	add_celsius(v, FIELD_TEMPERATURE, visit->facts[CHECK_TEMPERATURE].value, false);
	add_line(v, FIELD_STATE, (int32_t)visit->state, "");
	add_when(v, FIELD_REGISTERED, visit->registered_ms, offset);
	add_when(v, FIELD_ENTERED, visit->entered_ms, offset);
	add_when(v, FIELD_LEFT, visit->left_ms, offset);
	v->may_erase = !in->s->busy && visit_is_over(visit->state);
	if (v->note == NOTE_NONE && !visit_is_over(visit->state))
		v->note = NOTE_ERASE_OPEN;
}

static void fill_notice(struct view *v, const struct inputs *in)
{
	memcpy(&v->notice, &in->b->notice, sizeof(v->notice));
}

static void fill_accounts(struct view *v, const struct inputs *in)
{
	fill_rows(v, in->s);
	v->accounts_offices = in->s->accounts_offices;
}

/* A PIN is never shown, only how much of it is there. */
static void fill_account(struct view *v, const struct inputs *in)
{
	const struct session *s = in->s;
	const struct account_form *f = &s->form;
	size_t typed = strlen(s->entry);

	v->account_new = f->act == ACCOUNT_NEW;
	v->account_removable = !v->account_new && !s->busy && strcmp(f->name, s->account) != 0;
	text_copy(v->account_name, sizeof(v->account_name), f->name);
	text_copy(v->account_until, sizeof(v->account_until), f->until);
	v->account_role = f->role;
	v->account_pins[0] = (int32_t)strlen(f->pin);
	v->account_pins[1] = (int32_t)strlen(f->again);
	if (s->choice != ACCOUNT_FIELD_PIN && s->choice != ACCOUNT_FIELD_AGAIN)
		return;
	memset(v->entry, 0, sizeof(v->entry));
	for (size_t i = 0; i < typed; i++)
		(void)utf8_append(v->entry, sizeof(v->entry), 0x25CF);
}

static void fill_check(struct view *v, const struct inputs *in)
{
	const struct checked *c = &in->b->checked;

	v->checked.state = c->state;
	v->checked.permille = c->permille;
	v->checked.ended_ms = c->ended_ms;
	v->checked.seq = c->seq;
	v->checked.part = c->part;
	v->checked.key = c->key;
	v->checked.blamed = c->blamed;
	text_copy(v->checked.head, sizeof(v->checked.head), c->head);
}

static void fill_export(struct view *v, const struct inputs *in)
{
	v->progress_permille = in->b->export_permille;
	v->export_left_s = in->b->export_left_s;
	v->export_rows = in->s->export_rows;
	v->export_range = in->s->export_range;
	text_copy(v->export_name, sizeof(v->export_name), in->s->export_name);
	text_copy(v->head, sizeof(v->head), in->s->head);
}

static void fill_ledgers(struct view *v, const struct inputs *in)
{
	fill_due(v, in);
	memcpy(&v->ledger, &in->s->ledger, sizeof(v->ledger));
	v->ledger.state = in->b->ledgers;
	v->page = in->s->page;
	v->page_count = in->s->page_count;
}

static void fill_ledger_entry(struct view *v, const struct inputs *in)
{
	fill_ledgers(v, in);
	fill_rows(v, in->s);
}

/* What a screen shows besides the common part; most show nothing more. */
static void (*const FILL[SCREEN_COUNT_])(struct view *, const struct inputs *) = {
	[SCREEN_BOARD] = fill_notice,
	[SCREEN_REVIEW] = fill_review_screen,
	[SCREEN_TRAVEL] = fill_travel,
	[SCREEN_CODE] = fill_code,
	[SCREEN_TEMPERATURE] = fill_temperature_screen,
	[SCREEN_WAITING] = fill_outcome,
	[SCREEN_REFUSED] = fill_outcome,
	[SCREEN_ADMITTED] = fill_outcome,
	[SCREEN_PIN] = fill_pin,
	[SCREEN_QUEUE] = fill_queue,
	[SCREEN_VISIT] = fill_visit_screen,
	[SCREEN_ORDER] = fill_order,
	[SCREEN_STAFF] = fill_staff,
	[SCREEN_EXPORTING] = fill_export,
	[SCREEN_EXPORTED] = fill_export,
	[SCREEN_EXPORT_FAILED] = fill_export,
	[SCREEN_REPORTS] = fill_reports,
	[SCREEN_REPORT] = fill_report,
	[SCREEN_REMARK] = fill_report,
	[SCREEN_INSIDE] = fill_persons,
	[SCREEN_CONTACT] = fill_contact,
	[SCREEN_CONTACTS] = fill_persons,
	[SCREEN_SEARCH] = fill_search,
	[SCREEN_FOUND] = fill_found,
	[SCREEN_LEDGERS] = fill_ledgers,
	[SCREEN_LEDGER] = fill_ledgers,
	[SCREEN_LEDGER_ENTRY] = fill_ledger_entry,
	[SCREEN_REQUEST] = fill_request,
	[SCREEN_KEPT] = fill_kept,
	[SCREEN_CHECK] = fill_check,
	[SCREEN_ACCOUNTS] = fill_accounts,
	[SCREEN_ACCOUNT] = fill_account,
};

void view_make(struct view *view, const struct session *s, const struct board *b,
	       const struct rulebook *book, int64_t now_ms)
{
	const struct inputs in = { s, b, book, now_ms };

	memset(view, 0, sizeof(*view));
	view->screen = s->screen;
	view->language = s->language;
	fill_board(view, b);
	view->utc_offset_min = b->utc_offset_min;
	view->note = s->note;
	text_copy(view->note_word, sizeof(view->note_word), s->note_word);
	view->keyboard = form_keyboard(s);
	view->choice = s->choice;
	text_copy(view->entry, sizeof(view->entry), s->entry);
	view->step = screen_traits(s->screen)->step;
	view->step_count = view->step ? SESSION_STEPS : 0;
	view->role = s->screen == SCREEN_PIN ? s->role_wanted : s->role;
	text_copy(view->account, sizeof(view->account), s->account);
	view->ticket = s->visit.ticket;
	view->pass_problem = s->pass_problem;
	if (FILL[s->screen])
		FILL[s->screen](view, &in);
	fill_timeout(view, s, now_ms);
}
