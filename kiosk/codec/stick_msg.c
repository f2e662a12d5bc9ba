/*
 * A message is its type (u8) and its fields in the order of the functions below. Each function
 * serves both directions, so that the two cannot disagree: a field is written as it stands, or
 * replaced by what was read. Texts are a length (u8) and that many bytes of UTF-8; enumerations are
 * one byte, checked against their count; booleans are 0 or 1.
 */
#include "codec/stick_msg.h"

#include <string.h>

#include "base/bytes.h"
#include "base/text.h"

struct io {
	struct writer *out; /* NULL when reading */
	struct reader *in;
	bool bad;
};

static uint64_t io_uint(struct io *io, uint64_t value, size_t width_bytes)
{
	if (!io->out)
		return read_uint(io->in, width_bytes);
	write_uint(io->out, value, width_bytes);
	return value;
}

static int64_t io_int64(struct io *io, int64_t value)
{
	return (int64_t)io_uint(io, (uint64_t)value, 8);
}

static int32_t io_int32(struct io *io, int32_t value)
{
	return (int32_t)(uint32_t)io_uint(io, (uint32_t)value, 4);
}

/* first <= value < count */
static int io_enum(struct io *io, int value, int first, int count)
{
	int got = (int)io_uint(io, (uint64_t)value, 1);

	if (got < first || got >= count) {
		io->bad = true;
		return first;
	}
	return got;
}

static bool io_bool(struct io *io, bool value)
{
	return io_enum(io, value, 0, 2) == 1;
}

static void io_bytes(struct io *io, void *bytes, size_t n)
{
	if (io->out) {
		write_bytes(io->out, bytes, n);
		return;
	}
	const uint8_t *got = read_bytes(io->in, n);
	if (got)
		memcpy(bytes, got, n);
}

static void io_text(struct io *io, char *text, size_t cap)
{
	size_t n = (size_t)io_uint(io, io->out ? strnlen(text, cap) : 0, 1);

	if (n >= cap) {
		io->bad = true;
		return;
	}
	io_bytes(io, text, n);
	if (!io->out && (io->in->bad || memchr(text, '\0', n) || !utf8_valid(text, n)))
		io->bad = true;
}

static void io_open(struct io *io, struct stick_open *m)
{
	io_text(io, m->site, sizeof(m->site));
	io_text(io, m->gate, sizeof(m->gate));
	m->site_id = (uint32_t)io_uint(io, m->site_id, 4);
	m->utc_offset_min = io_int32(io, m->utc_offset_min);
	m->wall_ms = io_int64(io, m->wall_ms);
	m->range = (enum manifest_range)io_enum(io, (int)m->range, 0, MANIFEST_RANGE_COUNT_);
	m->from_ms = io_int64(io, m->from_ms);
	m->until_ms = io_int64(io, m->until_ms);
	m->first_seq = io_int64(io, m->first_seq);
	m->last_seq = io_int64(io, m->last_seq);
	m->visits = io_int64(io, m->visits);
	m->days = io_int64(io, m->days);
	io_bytes(io, m->prev, sizeof(m->prev));
	io_bytes(io, m->public_key, sizeof(m->public_key));
}

static void io_event(struct io *io, struct stick_event *m)
{
	m->seq = io_int64(io, m->seq);
	m->boot = io_int64(io, m->boot);
	m->wall_ms = io_int64(io, m->wall_ms);
	m->mono_ms = io_int64(io, m->mono_ms);
	m->clock_trusted = io_bool(io, m->clock_trusted);
	m->type = (uint16_t)io_uint(io, m->type, 2);
	io_text(io, m->word, sizeof(m->word));
	if (strspn(m->word, "abcdefghijklmnopqrstuvwxyz-") != strlen(m->word))
		io->bad = true;
	io_text(io, m->actor, sizeof(m->actor));
	io_bytes(io, m->hash, sizeof(m->hash));
	m->body_len = (size_t)io_uint(io, m->body_len, 2);
	if (m->body_len > STICK_BODY_MAX)
		io->bad = true;
	else if (io->out)
		write_bytes(io->out, m->body, m->body_len);
	else
		m->body = read_bytes(io->in, m->body_len);
}

static void io_person_fields(struct io *io, struct person *p)
{
	io_text(io, p->name, sizeof(p->name));
	p->document_kind =
		(enum document_kind)io_enum(io, (int)p->document_kind, 0, DOCUMENT_COUNT_);
	io_text(io, p->document, sizeof(p->document));
	io_text(io, p->phone, sizeof(p->phone));
	io_text(io, p->household, sizeof(p->household));
	io_text(io, p->purpose, sizeof(p->purpose));
	io_text(io, p->plate, sizeof(p->plate));
}

static void io_facts(struct io *io, struct fact facts[CHECK_COUNT_])
{
	for (int i = 0; i < CHECK_COUNT_; i++) {
		struct fact *f = &facts[i];
		f->finding = (enum finding)io_enum(io, (int)f->finding, 0, FINDING_COUNT_);
		f->source = (enum fact_source)io_enum(io, (int)f->source, 0, SOURCE_COUNT_);
		f->wall_ms = io_int64(io, f->wall_ms);
		f->value = io_int32(io, f->value);
	}
}

static void io_decision(struct io *io, struct decision *d)
{
	d->clock_doubtful = io_bool(io, d->clock_doubtful);
	d->verdict = (enum verdict)io_enum(io, (int)d->verdict, 0, VERDICT_COUNT_);
	d->reason_count = io_enum(io, d->reason_count, 0, REASONS_MAX + 1);
	for (int i = 0; i < d->reason_count; i++) {
		struct reason *r = &d->reasons[i];
		r->code = (enum reason_code)io_enum(io, (int)r->code, 0, REASON_COUNT_);
		r->check = (enum check)io_enum(io, (int)r->check, 0, CHECK_COUNT_);
		io_text(io, r->clause, sizeof(r->clause));
		r->found = io_int32(io, r->found);
		r->lift = (enum lift)io_enum(io, (int)r->lift, 0, LIFT_COUNT_);
		r->lifted = io_bool(io, r->lifted);
	}
	d->pass.valid_min = io_int32(io, d->pass.valid_min);
	d->pass.uses = (uint8_t)io_uint(io, d->pass.uses, 1);
}

static void io_temperature(struct io *io, struct temperature *t)
{
	t->first_centi_c = io_int32(io, t->first_centi_c);
	t->second_centi_c = io_int32(io, t->second_centi_c);
	t->clinical_centi_c = io_int32(io, t->clinical_centi_c);
	t->ambient_centi_c = io_int32(io, t->ambient_centi_c);
	t->attempts = io_int32(io, t->attempts);
}

static void io_visit(struct io *io, struct visit *v)
{
	v->id = io_uint(io, v->id, 8);
	v->ticket = (uint32_t)io_uint(io, v->ticket, 4);
	v->person_class = (enum person_class)io_enum(io, (int)v->person_class, 0, CLASS_COUNT_);
	v->level = (enum level)io_enum(io, (int)v->level, 0, LEVEL_COUNT_);
	v->state = (enum visit_state)io_enum(io, (int)v->state, 0, VISIT_STATE_COUNT_);
	v->language = (enum language)io_enum(io, (int)v->language, 0, LANGUAGE_COUNT_);
	io_person_fields(io, &v->person);
	v->occupants = io_int32(io, v->occupants);
	v->vehicle_visit = io_uint(io, v->vehicle_visit, 8);
	io_temperature(io, &v->temperature);
	io_facts(io, v->facts);
	io_decision(io, &v->decision);
	v->registered_ms = io_int64(io, v->registered_ms);
	v->decided_ms = io_int64(io, v->decided_ms);
	v->entered_ms = io_int64(io, v->entered_ms);
	v->left_ms = io_int64(io, v->left_ms);
	io_text(io, v->decided_by, sizeof(v->decided_by));
	v->pass_serial = io_uint(io, v->pass_serial, 8);
	v->pass_expires_ms = io_int64(io, v->pass_expires_ms);
	v->pass_printed = io_bool(io, v->pass_printed);
}

static void io_person(struct io *io, struct stick_person *m)
{
	m->visit_id = io_uint(io, m->visit_id, 8);
	io_bytes(io, m->salt, sizeof(m->salt));
	io_person_fields(io, &m->person);
	m->code_digest = io_uint(io, m->code_digest, 8);
}

static void io_day(struct io *io, struct stick_day *m)
{
	struct report_signed *s = &m->signatures;

	m->state = (enum report_state)io_enum(io, (int)m->state, 0, REPORT_STATE_COUNT_);
	m->changed = io_bool(io, m->changed);
	m->zero = io_bool(io, m->zero);
	m->level_known = io_bool(io, m->level_known);
	m->level = (enum level)io_enum(io, (int)m->level, 0, LEVEL_COUNT_);
	m->inside = io_int64(io, m->inside);
	s->day = io_int64(io, s->day);
	s->made_ms = io_int64(io, s->made_ms);
	s->checked_ms = io_int64(io, s->checked_ms);
	io_text(io, s->made_by, sizeof(s->made_by));
	io_text(io, s->checked_by, sizeof(s->checked_by));
	for (int i = 0; i < REPORT_ROW_COUNT_; i++) {
		m->sums[i].period = io_int64(io, m->sums[i].period);
		m->sums[i].total = io_int64(io, m->sums[i].total);
	}
}

static void io_finish(struct io *io, struct stick_finish *m)
{
	m->last_seq = io_int64(io, m->last_seq);
	io_bytes(io, m->head, sizeof(m->head));
	m->events = io_int64(io, m->events);
	m->visits = io_int64(io, m->visits);
	m->persons = io_int64(io, m->persons);
}

static void io_keys(struct io *io, struct age_to *to)
{
	to->count = io_enum(io, to->count, 0, AGE_RECIPIENTS_MAX + 1);
	for (int i = 0; i < to->count; i++)
		io_bytes(io, to->recipients[i], sizeof(to->recipients[i]));
	io_text(io, to->passphrase, sizeof(to->passphrase));
}

static void io_long_text(struct io *io, const char **text, size_t *len, size_t max)
{
	*len = (size_t)io_uint(io, *len, 2);
	if (*len > max)
		io->bad = true;
	else if (io->out)
		write_bytes(io->out, *text, *len);
	else
		*text = (const char *)read_bytes(io->in, *len);
}

static void io_failed(struct io *io, struct stick_msg *msg)
{
	msg->failed.problem = (enum stick_problem)io_enum(
		io, (int)msg->failed.problem, STICK_PROBLEM_ABSENT, STICK_PROBLEM_COUNT_);
	msg->failed.error = io_int32(io, msg->failed.error);
}

static void io_file(struct io *io, struct stick_msg *msg)
{
	if (msg->type == STICK_PART)
		msg->file.kind = (enum part_kind)io_enum(io, (int)msg->file.kind, 0, PART_COUNT_);
	msg->file.found = (enum stick_file)io_enum(io, (int)msg->file.found, 0, STICK_FILE_COUNT_);
	msg->file.len = (size_t)io_uint(io, msg->file.len, 2);
	if (msg->file.len > STICK_BODY_MAX ||
	    (msg->file.len > 0 && msg->file.found != STICK_FILE_WHOLE))
		io->bad = true;
	else if (io->out)
		write_bytes(io->out, msg->file.bytes, msg->file.len);
	else
		msg->file.bytes = (const char *)read_bytes(io->in, msg->file.len);
}

static void io_msg(struct io *io, struct stick_msg *msg)
{
	switch (msg->type) {
	case STICK_OPEN:
		io_open(io, &msg->open);
		break;
	case STICK_EVENT:
		io_event(io, &msg->event);
		break;
	case STICK_VISIT:
		io_visit(io, &msg->visit);
		break;
	case STICK_PERSON:
		io_person(io, &msg->person);
		break;
	case STICK_DAY:
		io_day(io, &msg->day);
		break;
	case STICK_FINISH:
		io_finish(io, &msg->finish);
		break;
	case STICK_SIGNATURE:
		io_long_text(io, &msg->signature.text, &msg->signature.len, MINISIGN_TEXT_MAX);
		break;
	case STICK_PROGRESS:
		msg->progress_permille = io_int32(io, msg->progress_permille);
		break;
	case STICK_MANIFEST:
		io_long_text(io, &msg->manifest.text, &msg->manifest.len, MANIFEST_MAX);
		break;
	case STICK_DONE:
		io_text(io, msg->done_name, sizeof(msg->done_name));
		break;
	case STICK_FAILED:
		io_failed(io, msg);
		break;
	case STICK_ORDER:
	case STICK_ORDER_SIGNATURE:
	case STICK_BUNDLE:
	case STICK_BUNDLE_SIGNATURE:
	case STICK_PART:
		io_file(io, msg);
		break;
	case STICK_KEYS:
		io_keys(io, &msg->keys);
		break;
	case STICK_SECTION:
		msg->section =
			(enum stick_section)io_enum(io, (int)msg->section, 0, STICK_SECTION_COUNT_);
		break;
	default:
		io->bad = true;
		break;
	}
}

size_t stick_msg_encode(const struct stick_msg *msg, uint8_t *out, size_t cap)
{
	struct writer w = { .data = out, .cap = cap };
	struct io io = { .out = &w };
	struct stick_msg copy = *msg;

	write_uint(&w, (uint64_t)msg->type, 1);
	io_msg(&io, &copy);
	explicit_bzero(&copy, sizeof(copy));
	return io.bad || w.bad ? 0 : w.len;
}

bool stick_msg_decode(struct stick_msg *msg, const uint8_t *packet, size_t len)
{
	struct reader r = { .data = packet, .len = len };
	struct io io = { .in = &r };

	memset(msg, 0, sizeof(*msg));
	msg->type = (enum stick_msg_type)read_uint(&r, 1);
	if (r.bad)
		return false;
	io_msg(&io, msg);
	return !io.bad && !r.bad && r.at == r.len;
}

/* Also when nothing personal is left of it, and with that no plate. */
static bool is_vehicle(const struct visit *v)
{
	enum person_class c = v->person_class;
	bool class_drives = c == CLASS_RESIDENT_VEHICLE || c == CLASS_OUTSIDE_VEHICLE ||
			    c == CLASS_SUPPLY_VEHICLE || c == CLASS_EMERGENCY_VEHICLE;

	return v->vehicle_visit == 0 && (v->person.plate[0] || v->occupants > 0 || class_drives);
}

bool stick_sheet_takes(enum stick_sheet sheet, const struct visit *v)
{
	const struct temperature *t = &v->temperature;

	switch (sheet) {
	case STICK_SHEET_TEMPERATURES:
		return t->first_centi_c || t->second_centi_c || t->clinical_centi_c;
	case STICK_SHEET_REFUSALS:
		return v->state == VISIT_REFUSED || v->state == VISIT_TURNED_BACK;
	case STICK_SHEET_PASSES:
		return v->pass_serial != 0;
	case STICK_SHEET_VISITORS:
		return true;
	case STICK_SHEET_VEHICLES:
		return is_vehicle(v);
	case STICK_SHEET_DAYS:
	case STICK_SHEET_COUNT_:
	default:
		return false;
	}
}

enum stick_sheet stick_section_sheet(enum stick_section section)
{
	bool csv = section < STICK_SECTION_WORKBOOK;

	return (enum stick_sheet)((int)section -
				  (int)(csv ? STICK_SECTION_CSV : STICK_SECTION_WORKBOOK));
}

enum stick_msg_type stick_section_row(enum stick_section section)
{
	if (section == STICK_SECTION_EVENTS)
		return STICK_EVENT;
	if (section == STICK_SECTION_PERSONS)
		return STICK_PERSON;
	return stick_section_sheet(section) == STICK_SHEET_DAYS ? STICK_DAY : STICK_VISIT;
}

const char *stick_section_part(enum stick_section section)
{
	static const char *const NAME[STICK_SECTION_WORKBOOK] = {
		[STICK_SECTION_EVENTS] = EXPORT_EVENTS_NAME,
		[STICK_SECTION_PERSONS] = EXPORT_PERSONS_NAME,
		[STICK_SECTION_CSV + STICK_SHEET_VISITORS] = EXPORT_VISITORS_NAME,
		[STICK_SECTION_CSV + STICK_SHEET_TEMPERATURES] = EXPORT_TEMPERATURES_NAME,
		[STICK_SECTION_CSV + STICK_SHEET_REFUSALS] = EXPORT_REFUSALS_NAME,
		[STICK_SECTION_CSV + STICK_SHEET_PASSES] = EXPORT_PASSES_NAME,
		[STICK_SECTION_CSV + STICK_SHEET_VEHICLES] = EXPORT_VEHICLES_NAME,
		[STICK_SECTION_CSV + STICK_SHEET_DAYS] = EXPORT_DAYS_NAME,
	};

	return section < STICK_SECTION_WORKBOOK ? NAME[section] : EXPORT_WORKBOOK_NAME;
}
