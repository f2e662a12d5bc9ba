#include "core/form.h"

#include <string.h>

#include "base/civil.h"
#include "base/text.h"
#include "core/identity.h"
#include "core/ledger_form.h"

/* What an entry screen takes: which keyboard, how much room (terminator included), how it is
 * checked. */
struct entry_kind {
	enum keyboard keyboard;
	size_t room;
	enum note (*accept)(struct session *s, int32_t today);
};
static const struct entry_kind *entry_kind(enum screen screen);

enum keyboard form_keyboard(const struct session *s)
{
	bool needs_choice = s->screen == SCREEN_DOCUMENT && s->choice == DOCUMENT_NONE;
	bool needs_other = s->screen == SCREEN_PURPOSE && s->choice != PURPOSE_OTHER;

	if (s->screen == SCREEN_LEDGER_ENTRY)
		return ledger_form_keyboard(s);
	return needs_choice || needs_other ? KEYBOARD_NONE : entry_kind(s->screen)->keyboard;
}

/* What a contact query is made of, as typed; s->choice says which of it stands in the entry. */
enum { CONTACT_REQUEST, CONTACT_PERIOD, CONTACT_PERSON, CONTACT_FIELD_COUNT_ };

static size_t contact_room(const struct session *s)
{
	return s->choice == CONTACT_REQUEST  ? sizeof(s->contact.request)
	       : s->choice == CONTACT_PERIOD ? sizeof(s->contact_period)
					     : sizeof(s->contact.person);
}

static char *contact_field(struct session *s)
{
	return s->choice == CONTACT_REQUEST  ? s->contact.request
	       : s->choice == CONTACT_PERIOD ? s->contact_period
					     : s->contact.person;
}

/* The field of an account that stands in the entry. */
static char *account_field(struct session *s, size_t *room)
{
	bool known = s->choice >= 0 && s->choice < ACCOUNT_FIELD_COUNT_;

	return account_form_field(&s->form, known ? s->choice : ACCOUNT_FIELD_NAME, room);
}

static void keep_account_field(struct session *s)
{
	size_t room;
	char *field = account_field(s, &room);

	identity_fold(s->entry, false);
	text_copy(field, room, s->entry);
}

static void go_to_account_field(struct session *s, int32_t field)
{
	size_t room;

	if (field < 0 || field >= ACCOUNT_FIELD_COUNT_ ||
	    (field == ACCOUNT_FIELD_NAME && s->form.act != ACCOUNT_NEW))
		return;
	keep_account_field(s);
	s->choice = field;
	s->note = NOTE_NONE;
	text_copy(s->entry, sizeof(s->entry), account_field(s, &room));
}

void form_field(struct session *s, int32_t field)
{
	if (s->screen == SCREEN_LEDGER_ENTRY)
		ledger_form_field(s, field);
	if (s->screen == SCREEN_ACCOUNT)
		go_to_account_field(s, field);
	if (s->screen != SCREEN_CONTACT || field < 0 || field >= CONTACT_FIELD_COUNT_)
		return;
	identity_fold(s->entry, false);
	text_copy(contact_field(s), contact_room(s), s->entry);
	s->choice = field;
	s->note = NOTE_NONE;
	text_copy(s->entry, sizeof(s->entry), contact_field(s));
}

void form_enter(struct session *s)
{
	const struct person *p = &s->visit.person;
	const char *stored = "";

	s->note = NOTE_NONE;
	s->choice = 0;
	if (s->screen == SCREEN_NAME) {
		stored = p->name;
	} else if (s->screen == SCREEN_DOCUMENT) {
		s->choice = (int32_t)p->document_kind;
		stored = p->document;
	} else if (s->screen == SCREEN_PHONE) {
		stored = p->phone;
	} else if (s->screen == SCREEN_HOUSEHOLD) {
		stored = p->household;
	} else if (s->screen == SCREEN_PURPOSE) {
		s->choice = (int32_t)s->purpose;
		stored = s->purpose == PURPOSE_OTHER ? p->purpose : "";
	} else if (s->screen == SCREEN_PLATE) {
		stored = p->plate;
	} else if (s->screen == SCREEN_LEVEL) {
		s->choice = s->change.why[0] ? (int32_t)s->change.to + 1 : 0;
		stored = s->change.why;
	} else if (s->screen == SCREEN_CONTACT) {
		stored = contact_field(s);
	} else if (s->screen == SCREEN_REMARK) {
		stored = s->report_remark;
	} else if (s->screen == SCREEN_ACCOUNT) {
		size_t room;
		s->choice = s->form.act == ACCOUNT_NEW ? ACCOUNT_FIELD_NAME : ACCOUNT_FIELD_PIN;
		stored = account_field(s, &room);
	} else if (s->screen == SCREEN_SEARCH) {
		stored = s->search;
	} else if (s->screen == SCREEN_PIN) {
		memset(s->pin, 0, sizeof(s->pin));
		s->choice = -1;
	}
	if (s->screen != SCREEN_LEDGER_ENTRY) /* which has one for each field */
		text_copy(s->entry, sizeof(s->entry), stored);
}

static bool key_allowed(enum keyboard keyboard, int32_t cp)
{
	bool digit = cp >= '0' && cp <= '9';

	switch (keyboard) {
	case KEYBOARD_TEXT:
		return cp >= 0x20 && !(cp >= 0x7F && cp < 0xA0) && cp <= 0x10FFFF &&
		       !(cp >= 0xD800 && cp <= 0xDFFF);
	case KEYBOARD_DIGITS:
		return digit;
	case KEYBOARD_DOCUMENT:
		return digit || (cp >= 'A' && cp <= 'Z') || (cp >= 'a' && cp <= 'z');
	case KEYBOARD_DECIMAL:
		return digit || cp == '.';
	case KEYBOARD_PLATE: /* and the Chinese characters that stand on plates */
		return digit || (cp >= 'A' && cp <= 'Z') || (cp >= 'a' && cp <= 'z') ||
		       (cp >= 0x4E00 && cp <= 0x9FFF);
	case KEYBOARD_NONE:
	case KEYBOARD_COUNT_:
		break;
	}
	return false;
}

void form_key(struct session *s, int32_t cp)
{
	enum keyboard keyboard = form_keyboard(s);

	if (cp >= 0xFF01 && cp <= 0xFF5E) /* full-width keyboards */
		cp -= 0xFEE0;
	bool number = s->screen == SCREEN_ACCOUNT && s->choice != ACCOUNT_FIELD_NAME;
	if (!key_allowed(number ? KEYBOARD_DIGITS : keyboard, cp))
		return;
	s->note = NOTE_NONE;
	if (s->screen == SCREEN_PIN) {
		size_t len = strlen(s->pin);
		if (len < PIN_MAX && !s->busy)
			s->pin[len] = (char)cp;
		return;
	}
	if ((keyboard == KEYBOARD_DOCUMENT || keyboard == KEYBOARD_PLATE) && cp >= 'a' && cp <= 'z')
		cp += 'A' - 'a';
	size_t room = s->screen == SCREEN_CONTACT        ? contact_room(s)
		      : s->screen == SCREEN_LEDGER_ENTRY ? ledger_form_room(s)
							 : entry_kind(s->screen)->room;
	if (s->screen == SCREEN_ACCOUNT)
		(void)account_field(s, &room);
	if (!utf8_append(s->entry, room, cp))
		s->note = NOTE_TOO_LONG;
}

void form_backspace(struct session *s)
{
	s->note = NOTE_NONE;
	if (s->screen == SCREEN_PIN) {
		if (s->pin[0] && !s->busy)
			s->pin[strlen(s->pin) - 1] = '\0';
		return;
	}
	utf8_chop(s->entry);
}

char *form_pin_account(struct session *s)
{
	return s->second ? s->change.second : s->account;
}

void form_choose(struct session *s, int32_t choice)
{
	bool same = s->choice == choice;

	s->note = NOTE_NONE;
	s->choice = choice;
	if (s->screen == SCREEN_PIN) {
		memset(s->pin, 0, sizeof(s->pin));
		if (choice >= 0 && choice < s->row_count)
			text_copy(form_pin_account(s), ACCOUNT_BYTES, s->rows[choice].name);
	} else if (!same && s->screen != SCREEN_LEVEL) {
		s->entry[0] = '\0';
	}
}

static enum note accept_name(struct session *s, int32_t today)
{
	(void)today;
	enum note note = identity_check_name(s->entry);
	if (note == NOTE_NONE && !text_copy(s->visit.person.name, NAME_BYTES, s->entry))
		note = NOTE_TOO_LONG;
	return note;
}

static enum note accept_document(struct session *s, int32_t today)
{
	enum document_kind kind = (enum document_kind)s->choice;
	enum note note = identity_check_document(kind, s->entry, today);
	if (note != NOTE_NONE)
		return note;
	s->visit.person.document_kind = kind;
	return text_copy(s->visit.person.document, DOCUMENT_BYTES, s->entry) ? NOTE_NONE
									     : NOTE_TOO_LONG;
}

static enum note accept_phone(struct session *s, int32_t today)
{
	(void)today;
	enum note note = identity_check_phone(s->entry);
	if (note == NOTE_NONE && !text_copy(s->visit.person.phone, PHONE_BYTES, s->entry))
		note = NOTE_TOO_LONG;
	return note;
}

static enum note accept_household(struct session *s, int32_t today)
{
	(void)today;
	enum note note = identity_check_household(s->entry);
	if (note == NOTE_NONE && !text_copy(s->visit.person.household, HOUSEHOLD_BYTES, s->entry))
		note = NOTE_TOO_LONG;
	return note;
}

static enum note accept_plate(struct session *s, int32_t today)
{
	(void)today;
	static const enum note NOTE[PLATE_NOTE_COUNT_] = {
		[PLATE_FITS] = NOTE_NONE,           [PLATE_EMPTY] = NOTE_EMPTY,
		[PLATE_LENGTH] = NOTE_PLATE_LENGTH, [PLATE_PROVINCE] = NOTE_PLATE_PROVINCE,
		[PLATE_OFFICE] = NOTE_PLATE_OFFICE, [PLATE_LETTER_IO] = NOTE_PLATE_LETTER_IO,
		[PLATE_FORM] = NOTE_PLATE_FORM,
	};
	char plate[PLATE_BYTES];

	if (!plate_normalise(s->entry, plate, sizeof(plate)))
		return NOTE_TOO_LONG;
	enum note note = NOTE[plate_read(plate).note];
	if (note == NOTE_NONE)
		text_copy(s->visit.person.plate, PLATE_BYTES, plate);
	return note;
}

/* The register keeps the usual purposes in Chinese, as the office's sheet wants them. */
static const char *const PURPOSE_WORD[PURPOSE_COUNT_] = {
	[PURPOSE_FAMILY] = "探亲访友",
	[PURPOSE_CARE] = "照料老人病人",
	[PURPOSE_REPAIR] = "维修",
	[PURPOSE_WORK] = "公务",
};

static enum note accept_purpose(struct session *s, int32_t today)
{
	(void)today;
	if (s->choice <= PURPOSE_NONE || s->choice >= PURPOSE_COUNT_)
		return NOTE_EMPTY;
	const char *text = s->choice == PURPOSE_OTHER ? s->entry : PURPOSE_WORD[s->choice];
	if (text[0] == '\0')
		return NOTE_EMPTY;
	s->purpose = (enum purpose)s->choice;
	return text_copy(s->visit.person.purpose, PURPOSE_BYTES, text) ? NOTE_NONE : NOTE_TOO_LONG;
}

/* "36.65" -> 3665, with at most two decimals; -1 when it is no such number. Whole numbers only: no
 * rounding, no locale. */
static int32_t centi_of(const char *text)
{
	int32_t centi = 0;
	int decimals = -1; /* before the point */

	for (const char *c = text; *c; c++) {
		if (*c == '.' && decimals < 0 && c > text) {
			decimals = 0;
			continue;
		}
		if (*c < '0' || *c > '9' || decimals == 2 || centi > 9999)
			return -1;
		centi = centi * 10 + (*c - '0');
		decimals += decimals >= 0;
	}
	for (int n = decimals < 0 ? 0 : decimals; n < 2; n++)
		centi *= 10;
	return centi;
}

static enum note accept_clinical(struct session *s, int32_t today)
{
	(void)today;
	int32_t centi_c = centi_of(s->entry);
	if (centi_c < FEVER_OBJECT_MIN_CENTI_C || centi_c > FEVER_OBJECT_MAX_CENTI_C)
		return NOTE_CLINICAL_RANGE;
	s->visit.temperature.clinical_centi_c = centi_c;
	return NOTE_NONE;
}

/* Everything but the second person, who is asked for next. */
static enum note accept_level(struct session *s, int32_t today)
{
	(void)today;
	struct level_change *c = &s->change;

	if (s->choice < 1 || s->choice > LEVEL_COUNT_)
		return NOTE_LEVEL_SAME;
	c->to = (enum level)(s->choice - 1);
	if (!text_copy(c->why, sizeof(c->why), s->entry))
		return NOTE_TOO_LONG;
	text_copy(c->first, sizeof(c->first), s->account);
	c->first_role = s->role;
	c->second[0] = '\0';
	enum note note = level_check(c);
	return note == NOTE_LEVEL_SECOND ? NOTE_NONE : note;
}

static enum note accept_period(struct session *s, int32_t today)
{
	(void)today;
	s->ask.kind = REPORT_PERIOD;
	return report_parse_period(s->entry, s->utc_offset_min, &s->ask.from_ms, &s->ask.until_ms)
		       ? NOTE_NONE
		       : NOTE_PERIOD_BAD;
}

/* Days to come hold nothing. */
static enum note accept_export_days(struct session *s, int32_t today)
{
	struct export_range *r = &s->export_range;

	if (!report_parse_period(s->entry, s->utc_offset_min, &r->from_ms, &r->until_ms))
		return NOTE_DAYS_BAD;
	struct civil from = civil_from_ms(r->from_ms, s->utc_offset_min);
	if (from.year * 10000 + from.month * 100 + from.day > today)
		return NOTE_DAYS_BAD;
	r->scope = EXPORT_DAYS;
	return NOTE_NONE;
}

static enum note accept_contact(struct session *s, int32_t today)
{
	(void)today;
	form_field(s, s->choice); /* keeps what stands in the entry */
	if (s->contact.request[0] == '\0')
		return NOTE_REQUEST_MISSING;
	return report_parse_period(s->contact_period, s->utc_offset_min, &s->contact.from_ms,
				   &s->contact.until_ms)
		       ? NOTE_NONE
		       : NOTE_PERIOD_BAD;
}

static enum note accept_search(struct session *s, int32_t today)
{
	(void)today;
	if (s->entry[0] == '\0' || s->busy)
		return NOTE_EMPTY;
	s->page = 0;
	text_copy(s->search, sizeof(s->search), s->entry);
	return NOTE_NONE;
}

static enum note accept_remark(struct session *s, int32_t today)
{
	(void)today;
	text_copy(s->report_remark, sizeof(s->report_remark), s->entry);
	return NOTE_NONE;
}

static enum note accept_request(struct session *s, int32_t today)
{
	(void)today;
	return s->entry[0] == '\0' || s->busy ? NOTE_EMPTY : NOTE_NONE;
}

static enum note accept_account(struct session *s, int32_t today)
{
	if (s->busy)
		return NOTE_EMPTY;
	keep_account_field(s);
	if (s->form.act == ACCOUNT_REMOVE) /* thought better of it */
		s->form.act = ACCOUNT_CHANGE;
	return account_form_check(&s->form, today, s->utc_offset_min);
}

/* "202611230805", local. */
static enum note accept_clock(struct session *s, int32_t today)
{
	(void)today;
	char iso[40];
	int64_t utc_ms;
	const char *e = s->entry;

	if (strlen(e) != 12)
		return NOTE_CLOCK_BAD;
	text_format(iso, sizeof(iso), "%.4s-%.2s-%.2sT%.2s:%.2s:00Z", e, e + 4, e + 6, e + 8,
		    e + 10);
	if (!civil_parse_iso(iso, &utc_ms))
		return NOTE_CLOCK_BAD;
	s->clock_ms = utc_ms - s->utc_offset_min * INT64_C(60000);
	return s->clock_ms < CLOCK_EARLIEST_MS ? NOTE_CLOCK_BAD : NOTE_NONE;
}

static enum note accept_pin(struct session *s, int32_t today)
{
	(void)today;
	if (s->busy || s->choice < 0 || form_pin_account(s)[0] == '\0')
		return NOTE_EMPTY;
	return strlen(s->pin) >= 4 ? NOTE_NONE : NOTE_EMPTY;
}

static const struct entry_kind *entry_kind(enum screen screen)
{
	static const struct entry_kind KIND[SCREEN_COUNT_] = {
		[SCREEN_NAME] = { KEYBOARD_TEXT, NAME_BYTES, accept_name },
		[SCREEN_DOCUMENT] = { KEYBOARD_DOCUMENT, DOCUMENT_BYTES, accept_document },
		[SCREEN_PHONE] = { KEYBOARD_DIGITS, PHONE_BYTES, accept_phone },
		[SCREEN_HOUSEHOLD] = { KEYBOARD_TEXT, HOUSEHOLD_BYTES, accept_household },
		[SCREEN_PURPOSE] = { KEYBOARD_TEXT, PURPOSE_BYTES, accept_purpose },
		[SCREEN_PLATE] = { KEYBOARD_PLATE, PLATE_BYTES, accept_plate },
		[SCREEN_CLINICAL] = { KEYBOARD_DECIMAL, sizeof("37.35"), accept_clinical },
		[SCREEN_LEVEL] = { KEYBOARD_TEXT, LEVEL_WHY_BYTES, accept_level },
		[SCREEN_PIN] = { KEYBOARD_DIGITS, PIN_MAX + 1, accept_pin },
		[SCREEN_PERIOD] = { KEYBOARD_DIGITS, sizeof("yyyymmddhhmmyyyymmddhhmm"),
				    accept_period },
		[SCREEN_EXPORT_DAYS] = { KEYBOARD_DIGITS, sizeof("yyyymmddhhmmyyyymmddhhmm"),
					 accept_export_days },
		[SCREEN_CONTACT] = { KEYBOARD_TEXT, NAME_BYTES, accept_contact },
		[SCREEN_SEARCH] = { KEYBOARD_TEXT, NAME_BYTES, accept_search },
		[SCREEN_CLOCK] = { KEYBOARD_DIGITS, sizeof("yyyymmddhhmm"), accept_clock },
		[SCREEN_ACCOUNT] = { KEYBOARD_TEXT, ACCOUNT_BYTES, accept_account },
		[SCREEN_REQUEST] = { KEYBOARD_DOCUMENT, RECEIPT_CODE_BYTES - 2, accept_request },
		[SCREEN_REMARK] = { KEYBOARD_TEXT, REPORT_REMARK_BYTES, accept_remark },
		[SCREEN_LEDGER_ENTRY] = { KEYBOARD_NONE, 0, ledger_form_accept },
	};
	assert(screen < SCREEN_COUNT_);
	return &KIND[screen];
}

bool form_accept(struct session *s, int32_t today)
{
	const struct entry_kind *kind = entry_kind(s->screen);

	if (!kind->accept)
		return true;
	identity_fold(s->entry, kind->keyboard == KEYBOARD_DOCUMENT);
	s->note = kind->accept(s, today);
	return s->note == NOTE_NONE;
}

static void attest(struct visit *visit, enum check check, enum finding finding, int32_t value,
		   int64_t wall_ms)
{
	visit->facts[check] = (struct fact){
		.finding = finding,
		.source = finding == FINDING_UNKNOWN ? SOURCE_NONE : SOURCE_GUARD,
		.wall_ms = wall_ms,
		.value = value,
	};
}

/* What the guard has attested, or else what is known without them. */
static void attest_or(struct visit *visit, enum check check, enum finding finding,
		      const struct fact *known, int64_t wall_ms)
{
	attest(visit, check, finding, 0, wall_ms);
	if (finding == FINDING_UNKNOWN)
		visit->facts[check] = *known;
}

void form_attest(struct session *s, enum finding approval, int64_t wall_ms)
{
	static const enum finding HEALTH[COLOUR_COUNT_] = {
		[COLOUR_UNKNOWN] = FINDING_UNKNOWN,
		[COLOUR_GREEN] = FINDING_GOOD,
		[COLOUR_YELLOW] = FINDING_BAD,
		[COLOUR_RED] = FINDING_BAD,
	};
	static const enum finding TRAVEL[TRAVEL_CARD_COUNT_] = {
		[TRAVEL_CARD_UNKNOWN] = FINDING_UNKNOWN,
		[TRAVEL_CARD_CLEAR] = FINDING_GOOD,
		[TRAVEL_CARD_STARRED] = FINDING_BAD,
	};
	struct visit *v = &s->visit;

	attest(v, CHECK_DOCUMENT, s->attest_document, 0, wall_ms);
	attest(v, CHECK_MASK, s->attest_mask, 0, wall_ms);
	attest(v, CHECK_HEALTH_CODE, HEALTH[s->attest_health], (int32_t)s->attest_health, wall_ms);
	attest(v, CHECK_TRAVEL_CARD, TRAVEL[s->attest_travel], (int32_t)s->attest_travel, wall_ms);
	attest(v, CHECK_ESCORT, s->attest_escort, 0, wall_ms);
	attest(v, CHECK_CERTIFICATE, s->attest_certificate, 0, wall_ms);
	attest(v, CHECK_TEST, s->attest_test, 0, wall_ms);
	attest_or(v, CHECK_VEHICLE_PASS, s->attest_vehicle_pass, &s->known_pass, wall_ms);
	attest(v, CHECK_OCCUPANTS, s->attest_occupants, 0, wall_ms);
	attest_or(v, CHECK_DISINFECTION, s->attest_disinfection, &s->known_disinfection, wall_ms);
	/* The guard's own yes, or the higher approval the guard has noted. */
	bool higher = approval == FINDING_GOOD && s->attest_consent > APPROVER_GUARD;
	attest(v, CHECK_APPROVAL, approval, higher ? (int32_t)s->attest_consent : APPROVER_GUARD,
	       wall_ms);
}
