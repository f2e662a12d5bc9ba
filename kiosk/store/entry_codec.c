/*
 * Tags are shared by all types; which of them a type uses follows from entry_has_visit and
 * entry_has_form. Fields stand in the order of their tags. Numbers stand in the chain: append,
 * never renumber.
 *
 *   tag  name         value                                              in
 *    1   VISIT        id                                                 visit entries
 *    2   COMMITMENT   32 bytes                                           REGISTERED
 *    3   TICKET       number of the day                                  REGISTERED
 *    4   FORM         class u8, level u8, language u8                    REGISTERED, DECIDED
 *    5   TEMPERATURE  varints: first, second, clinical, ambient, tries   both
 *    6   FACTS_OLD    as FACTS, each with both varints, the age always
 *                     from the event; read only                          both
 *    7   CODE         digest of the code shown; read only: it stands with
 *                     the person now, to be forgotten with them          both
 *    8   VERDICT      clock doubtful<<4 | enum verdict                   both
 *    9   TERMS        varints: minutes valid, uses                       both
 *   10   REASONS      clause length u8, clause, then per reason: code
 *                     u8, lifted<<7|lift<<5|check u8, varint found; one
 *                     field for each run of reasons with the same clause both
 *   11   SERIAL       of the pass                                        both
 *   12   EXPIRES      wall ms, folded                                    both
 *   13   NUMBER       folded                                             all
 *   14   DETAIL       text                                               all
 *   15   FACTS        per known check: check u8, has value<<7|has
 *                     age<<6|finding<<4|source u8, varint ms older than
 *                     the one before (the first: than the event), varint
 *                     value; another field when the next might not fit   both
 *   16   FORGOTTEN    varints: first and last visit                      FORGOTTEN
 *   17   OCCUPANTS    of a vehicle, besides the driver                   REGISTERED, DECIDED
 *   18   VEHICLE      visit of the driver whose vehicle they sit in      both
 *   19   LEDGER       kind u8, struck u8, varints: corrects, was         LEDGER
 *   20   LEDGER_FIELD field u8, then folded varint or text; one for each
 *                     field that is given                                LEDGER
 *   21   REMARK       text                                               REPORT_MADE
 *
 * Who decided is the event's actor, and when is its time: neither is repeated here. The age of a
 * fact is kept, not its time, because it is nearly always a few seconds, and mostly that of its
 * neighbour.
 */
#include "store/entry_codec.h"

#include <string.h>

#include "store/tlv.h"

enum tag {
	TAG_VISIT = 1,
	TAG_COMMITMENT,
	TAG_TICKET,
	TAG_FORM,
	TAG_TEMPERATURE,
	TAG_FACTS_OLD,
	TAG_CODE,
	TAG_VERDICT,
	TAG_TERMS,
	TAG_REASONS,
	TAG_SERIAL,
	TAG_EXPIRES,
	TAG_NUMBER,
	TAG_DETAIL,
	TAG_FACTS,
	TAG_FORGOTTEN,
	TAG_OCCUPANTS,
	TAG_VEHICLE,
	TAG_LEDGER,
	TAG_LEDGER_FIELD,
	TAG_REMARK,
};

#define VISIT_TYPES                                                                                \
	(1U << ENTRY_REGISTERED | 1U << ENTRY_DECIDED | 1U << ENTRY_PASS_PRINTED |                 \
	 1U << ENTRY_GATE_RELEASED | 1U << ENTRY_PASSED | 1U << ENTRY_LAPSED | 1U << ENTRY_LEFT |  \
	 1U << ENTRY_PASS_REJECTED | 1U << ENTRY_REVEALED | 1U << ENTRY_PASS_REVOKED)

static_assert(ENTRY_TYPE_COUNT_ <= 32, "entry types are counted in the bits of a word");
static_assert(CHECK_COUNT_ <= 32 && LIFT_COUNT_ <= 4 && VERDICT_COUNT_ <= 16,
	      "a reason's check and lift share a byte, verdict and doubt another");
static_assert(FINDING_COUNT_ <= 4 && SOURCE_COUNT_ <= 16, "and so do a fact's finding and source");

#define FACT_BYTES 17 /* the longest: two bytes, ten of the age, five of the value */
#define FACTS_BYTES (255 - FACT_BYTES) /* a field longer than this is not added to */
#define HAS_VALUE 0x80
#define HAS_AGE 0x40
#define LIFTED 0x80
#define LIFT_SHIFT 5
#define CHECK_MASK_BITS 0x1F
#define DOUBTFUL 0x10

const char *const ENTRY_WORD[ENTRY_TYPE_COUNT_] = {
	[ENTRY_BOOT] = "boot",
	[ENTRY_REGISTERED] = "registered",
	[ENTRY_DECIDED] = "decided",
	[ENTRY_PASS_PRINTED] = "pass-printed",
	[ENTRY_GATE_RELEASED] = "gate-released",
	[ENTRY_PASSED] = "passed",
	[ENTRY_LAPSED] = "lapsed",
	[ENTRY_LEFT] = "left",
	[ENTRY_PASS_REJECTED] = "pass-rejected",
	[ENTRY_LOGIN] = "login",
	[ENTRY_LOGOUT] = "logout",
	[ENTRY_LOGIN_REFUSED] = "login-refused",
	[ENTRY_REVEALED] = "revealed",
	[ENTRY_DEVICE] = "device",
	[ENTRY_EMERGENCY] = "emergency",
	[ENTRY_CLOCK] = "clock",
	[ENTRY_EXPORTED] = "exported",
	[ENTRY_PASS_REVOKED] = "pass-revoked",
	[ENTRY_ACCOUNT] = "account",
	[ENTRY_LEVEL] = "level",
	[ENTRY_FORGOTTEN] = "forgotten",
	[ENTRY_IMPORTED] = "imported",
	[ENTRY_REPORT_MADE] = "report-made",
	[ENTRY_REPORT_CHECKED] = "report-checked",
	[ENTRY_HANDOVER] = "handover",
	[ENTRY_CONTACT] = "contact",
	[ENTRY_ROLL_CALL] = "roll-call",
	[ENTRY_LEDGER] = "ledger",
};

bool entry_has_visit(enum entry_type type)
{
	return (VISIT_TYPES >> type & 1) != 0;
}

bool entry_has_form(enum entry_type type)
{
	return type == ENTRY_REGISTERED || type == ENTRY_DECIDED;
}

static void write_temperature(struct writer *w, const struct temperature *t)
{
	const int32_t values[] = { t->first_centi_c, t->second_centi_c, t->clinical_centi_c,
				   t->ambient_centi_c, t->attempts };
	bool taken = false;

	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		taken = taken || values[i] != 0;
	if (!taken)
		return;
	size_t at = tlv_begin(w, TAG_TEMPERATURE);
	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		varint_write(w, zigzag(values[i]));
	tlv_end(w, at);
}

static bool fact_is_known(const struct fact *f)
{
	return f->finding != FINDING_UNKNOWN || f->source != SOURCE_NONE || f->value != 0;
}

/* Older than ms; wraps, as the difference of any two times may. */
static int64_t older(int64_t ms, const struct fact *f)
{
	return (int64_t)((uint64_t)ms - (uint64_t)f->wall_ms);
}

static void write_fact(struct writer *w, enum tag tag, unsigned check, const struct fact *f,
		       int64_t before_ms)
{
	bool old = tag == TAG_FACTS_OLD;
	bool age = old || f->wall_ms != before_ms, value = old || f->value != 0;
	unsigned has = old ? 0 : (age ? HAS_AGE : 0) | (value ? HAS_VALUE : 0);

	write_uint(w, check, 1);
	write_uint(w, has | (unsigned)f->finding << 4 | f->source, 1);
	if (age)
		varint_write(w, zigzag(older(before_ms, f)));
	if (value)
		varint_write(w, zigzag(f->value));
}

static void write_facts(struct writer *w, enum tag tag, const struct fact facts[CHECK_COUNT_],
			int64_t wall_ms)
{
	size_t at = 0; /* of the field begun; 0: none is */
	int64_t before_ms = wall_ms;

	for (unsigned check = 0; check < CHECK_COUNT_; check++) {
		const struct fact *f = &facts[check];
		if (!fact_is_known(f))
			continue;
		if (at && w->len - at > FACTS_BYTES) {
			tlv_end(w, at);
			at = 0;
		}
		if (!at) {
			at = tlv_begin(w, (uint8_t)tag);
			before_ms = wall_ms;
		}
		write_fact(w, tag, check, f, before_ms);
		if (tag == TAG_FACTS)
			before_ms = f->wall_ms;
	}
	if (at)
		tlv_end(w, at);
}

static size_t clause_len(const struct reason *reason)
{
	return strnlen(reason->clause, CLAUSE_BYTES - 1);
}

static bool same_clause(const struct reason *a, const struct reason *b)
{
	return clause_len(a) == clause_len(b) && memcmp(a->clause, b->clause, clause_len(a)) == 0;
}

static void write_reasons(struct writer *w, const struct decision *decision)
{
	const struct reason *all = decision->reasons;
	size_t at = 0;

	for (int i = 0; i < decision->reason_count; i++) {
		bool runs_on = i > 0 && same_clause(&all[i - 1], &all[i]);
		if (!runs_on) {
			if (i > 0)
				tlv_end(w, at);
			at = tlv_begin(w, TAG_REASONS);
			write_uint(w, clause_len(&all[i]), 1);
			write_bytes(w, all[i].clause, clause_len(&all[i]));
		}
		write_uint(w, all[i].code, 1);
		write_uint(w,
			   (all[i].lifted ? LIFTED : 0) | (unsigned)all[i].lift << LIFT_SHIFT |
				   all[i].check,
			   1);
		varint_write(w, zigzag(all[i].found));
	}
	if (decision->reason_count > 0)
		tlv_end(w, at);
}

/* What stands in a body as it was written once and is no more. */
struct old_ways {
	bool facts; /* TAG_FACTS_OLD */
	bool code; /* TAG_CODE */
};

static void write_terms(struct writer *w, const struct pass_terms *terms)
{
	if (terms->valid_min == 0 && terms->uses == 0)
		return;
	size_t at = tlv_begin(w, TAG_TERMS);
	varint_write(w, zigzag(terms->valid_min));
	varint_write(w, terms->uses);
	tlv_end(w, at);
}

static void write_form(struct writer *w, const struct visit *v, int64_t wall_ms,
		       struct old_ways old)
{
	const uint8_t form[] = { (uint8_t)v->person_class, (uint8_t)v->level,
				 (uint8_t)v->language };

	tlv_bytes(w, TAG_FORM, form, sizeof(form));
	write_temperature(w, &v->temperature);
	if (old.facts)
		write_facts(w, TAG_FACTS_OLD, v->facts, wall_ms);
	if (old.code)
		tlv_uint(w, TAG_CODE, v->code_digest);
	tlv_uint(w, TAG_VERDICT, (v->decision.clock_doubtful ? DOUBTFUL : 0) | v->decision.verdict);
	write_terms(w, &v->decision.pass);
	write_reasons(w, &v->decision);
	tlv_uint(w, TAG_SERIAL, v->pass_serial);
	tlv_uint(w, TAG_EXPIRES, zigzag(v->pass_expires_ms));
}

static bool form_in_range(const struct visit *v)
{
	const struct decision *d = &v->decision;

	if (v->person_class >= CLASS_COUNT_ || v->level >= LEVEL_COUNT_ ||
	    v->language >= LANGUAGE_COUNT_ || d->verdict >= VERDICT_COUNT_ || v->occupants < 0)
		return false;
	for (int i = 0; i < CHECK_COUNT_; i++)
		if (v->facts[i].finding >= FINDING_COUNT_ || v->facts[i].source >= SOURCE_COUNT_)
			return false;
	if (d->reason_count < 0 || d->reason_count > REASONS_MAX)
		return false;
	for (int i = 0; i < d->reason_count; i++)
		if (d->reasons[i].code >= REASON_COUNT_ || d->reasons[i].check >= CHECK_COUNT_ ||
		    d->reasons[i].lift >= LIFT_COUNT_)
			return false;
	return true;
}

static bool range_in_order(const struct entry *entry)
{
	const struct visit_range *f = &entry->forgotten;

	if (f->first == 0 || entry->type != ENTRY_FORGOTTEN)
		return f->first == 0 && f->last == 0;
	return f->first <= f->last;
}

static void write_range(struct writer *w, const struct visit_range *range)
{
	if (range->first == 0)
		return;
	size_t at = tlv_begin(w, TAG_FORGOTTEN);
	varint_write(w, range->first);
	varint_write(w, range->last);
	tlv_end(w, at);
}

static bool is_text(enum ledger_field field)
{
	return LEDGER_FIELD[field].type == LEDGER_TEXT ||
	       LEDGER_FIELD[field].type == LEDGER_ACCOUNT;
}

static void write_ledger(struct writer *w, const struct ledger *l)
{
	size_t at = tlv_begin(w, TAG_LEDGER);

	write_uint(w, l->kind, 1);
	write_uint(w, l->struck, 1);
	varint_write(w, (uint64_t)l->corrects);
	varint_write(w, (uint64_t)l->was);
	tlv_end(w, at);
	for (int field = 0; field < LEDGER_FIELD_COUNT_; field++) {
		if (!ledger_has(l, (enum ledger_field)field))
			continue;
		const char *text = field == LEDGER_SECOND ? l->second : l->remark;
		at = tlv_begin(w, TAG_LEDGER_FIELD);
		write_uint(w, (uint64_t)field, 1);
		if (is_text((enum ledger_field)field))
			write_bytes(w, text, strlen(text));
		else
			varint_write(w, zigzag(l->numbers[field]));
		tlv_end(w, at);
	}
}

static bool encode(const struct entry *entry, const uint8_t commitment[CHAIN_HASH_BYTES],
		   struct old_ways old, uint8_t *out, size_t *len)
{
	struct writer w = { .data = out, .cap = ENTRY_BODY_BYTES };

	if (entry->type < ENTRY_BOOT || entry->type >= ENTRY_TYPE_COUNT_)
		return false;
	if (entry_has_form(entry->type) && !form_in_range(&entry->visit))
		return false;
	if (!range_in_order(entry) || (entry->type == ENTRY_LEDGER && !ledger_fits(&entry->ledger)))
		return false;
	if (entry_has_visit(entry->type))
		tlv_uint(&w, TAG_VISIT, entry->visit.id);
	if (entry->type == ENTRY_REGISTERED) {
		tlv_bytes(&w, TAG_COMMITMENT, commitment, CHAIN_HASH_BYTES);
		tlv_uint(&w, TAG_TICKET, entry->visit.ticket);
	}
	if (entry_has_form(entry->type))
		write_form(&w, &entry->visit, entry->wall_ms, old);
	tlv_uint(&w, TAG_NUMBER, zigzag(entry->number));
	tlv_bytes(&w, TAG_DETAIL, entry->detail, strnlen(entry->detail, ENTRY_DETAIL_BYTES - 1));
	if (entry_has_form(entry->type) && !old.facts)
		write_facts(&w, TAG_FACTS, entry->visit.facts, entry->wall_ms);
	write_range(&w, &entry->forgotten);
	if (entry_has_form(entry->type)) {
		tlv_uint(&w, TAG_OCCUPANTS, (uint64_t)entry->visit.occupants);
		tlv_uint(&w, TAG_VEHICLE, entry->visit.vehicle_visit);
	}
	if (entry->type == ENTRY_LEDGER)
		write_ledger(&w, &entry->ledger);
	if (entry->type == ENTRY_REPORT_MADE)
		tlv_bytes(&w, TAG_REMARK, entry->remark,
			  strnlen(entry->remark, ENTRY_REMARK_BYTES - 1));
	*len = w.len;
	return !w.bad;
}

bool entry_encode(const struct entry *entry, const uint8_t commitment[CHAIN_HASH_BYTES],
		  uint8_t *out, size_t *len)
{
	return encode(entry, commitment, (struct old_ways){ 0 }, out, len);
}

static int32_t read_i32(struct reader *r)
{
	int64_t value = unzigzag(varint_read(r));

	if (value < INT32_MIN || value > INT32_MAX)
		r->bad = true;
	return (int32_t)value;
}

static void read_form(struct reader *r, struct visit *v)
{
	v->person_class = (enum person_class)read_uint(r, 1);
	v->level = (enum level)read_uint(r, 1);
	v->language = (enum language)read_uint(r, 1);
}

static void read_temperature(struct reader *r, struct temperature *t)
{
	t->first_centi_c = read_i32(r);
	t->second_centi_c = read_i32(r);
	t->clinical_centi_c = read_i32(r);
	t->ambient_centi_c = read_i32(r);
	t->attempts = read_i32(r);
}

static void read_facts(struct reader *r, enum tag tag, struct fact facts[CHECK_COUNT_],
		       int64_t wall_ms)
{
	bool old = tag == TAG_FACTS_OLD;
	uint64_t before_ms = (uint64_t)wall_ms;

	while (!r->bad && r->at < r->len) {
		uint64_t check = read_uint(r, 1);
		uint64_t kind = read_uint(r, 1);
		bool has_age = old || (kind & HAS_AGE), has_value = old || (kind & HAS_VALUE);
		uint64_t at_ms = before_ms - (has_age ? (uint64_t)unzigzag(varint_read(r)) : 0);
		int32_t value = has_value ? read_i32(r) : 0;
		if (!old) {
			before_ms = at_ms;
			kind &= ~(uint64_t)(HAS_AGE | HAS_VALUE);
		}
		if (check >= CHECK_COUNT_) {
			r->bad = true;
			return;
		}
		facts[check] = (struct fact){ .finding = (enum finding)(kind >> 4),
					      .source = (enum fact_source)(kind & 0xF),
					      .wall_ms = (int64_t)at_ms,
					      .value = value };
	}
}

static void read_reasons(struct reader *r, struct decision *d)
{
	size_t len = (size_t)read_uint(r, 1);
	const uint8_t *clause = read_bytes(r, len);

	if (len >= CLAUSE_BYTES)
		r->bad = true;
	while (!r->bad && r->at < r->len && d->reason_count < REASONS_MAX) {
		struct reason *reason = &d->reasons[d->reason_count++];
		memcpy(reason->clause, clause, len);
		reason->code = (enum reason_code)read_uint(r, 1);
		uint64_t packed = read_uint(r, 1);
		reason->check = (enum check)(packed & CHECK_MASK_BITS);
		reason->lift = (enum lift)(packed >> LIFT_SHIFT & 3);
		reason->lifted = (packed & LIFTED) != 0;
		reason->found = read_i32(r);
	}
}

static void read_terms(struct reader *r, struct pass_terms *terms)
{
	terms->valid_min = read_i32(r);
	uint64_t uses = varint_read(r);

	if (uses > UINT8_MAX)
		r->bad = true;
	terms->uses = (uint8_t)uses;
}

static void read_fixed(struct reader *r, uint8_t *dst, size_t n)
{
	const uint8_t *bytes = read_bytes(r, n);

	if (bytes)
		memcpy(dst, bytes, n);
}

static void read_detail(struct reader *r, char *detail)
{
	if (r->len >= ENTRY_DETAIL_BYTES)
		r->bad = true;
	else
		read_fixed(r, (uint8_t *)detail, r->len);
}

static void read_ticket(struct reader *r, struct visit *v)
{
	uint64_t ticket = tlv_read_uint(r);

	if (ticket > UINT32_MAX)
		r->bad = true;
	v->ticket = (uint32_t)ticket;
}

static void read_occupants(struct reader *r, struct visit *v)
{
	uint64_t occupants = tlv_read_uint(r);

	if (occupants > INT32_MAX)
		r->bad = true;
	else
		v->occupants = (int32_t)occupants;
}

static void read_verdict(struct reader *r, struct decision *d)
{
	uint64_t verdict = tlv_read_uint(r);

	d->clock_doubtful = (verdict & DOUBTFUL) != 0;
	verdict &= ~(uint64_t)DOUBTFUL;
	if (verdict >= VERDICT_COUNT_)
		r->bad = true;
	else
		d->verdict = (enum verdict)verdict;
}

static void read_ledger(struct reader *r, struct ledger *l)
{
	uint64_t kind = read_uint(r, 1), struck = read_uint(r, 1);
	uint64_t corrects = varint_read(r), was = varint_read(r);

	if (kind >= LEDGER_KIND_COUNT_ || struck > 1 || corrects > INT64_MAX || was > INT64_MAX) {
		r->bad = true;
		return;
	}
	l->kind = (enum ledger_kind)kind;
	l->struck = struck != 0;
	l->corrects = (int64_t)corrects;
	l->was = (int64_t)was;
}

static void read_ledger_field(struct reader *r, struct ledger *l)
{
	uint64_t number = read_uint(r, 1);
	enum ledger_field field = (enum ledger_field)number;

	if (r->bad || number >= LEDGER_FIELD_COUNT_) {
		r->bad = true;
		return;
	}
	l->given |= 1U << field;
	if (!is_text(field)) {
		l->numbers[field] = unzigzag(varint_read(r));
		return;
	}
	size_t len = r->len - r->at;
	if (len >= (field == LEDGER_SECOND ? sizeof(l->second) : sizeof(l->remark)))
		r->bad = true;
	else
		read_fixed(r, (uint8_t *)ledger_text(l, field), len);
}

/* False for a tag nobody writes. Ranges of enums and order of tags are left to the comparison in
 * entry_decode. */
static bool read_field(uint8_t tag, struct reader *r, struct entry *e, uint8_t *commitment)
{
	struct visit *v = &e->visit;

	switch ((enum tag)tag) {
	case TAG_VISIT:
		v->id = tlv_read_uint(r);
		break;
	case TAG_COMMITMENT:
		read_fixed(r, commitment, CHAIN_HASH_BYTES);
		break;
	case TAG_TICKET:
		read_ticket(r, v);
		break;
	case TAG_FORM:
		read_form(r, v);
		break;
	case TAG_TEMPERATURE:
		read_temperature(r, &v->temperature);
		break;
	case TAG_FACTS_OLD:
	case TAG_FACTS:
		read_facts(r, (enum tag)tag, v->facts, e->wall_ms);
		break;
	case TAG_CODE:
		v->code_digest = tlv_read_uint(r);
		break;
	case TAG_VERDICT:
		read_verdict(r, &v->decision);
		break;
	case TAG_TERMS:
		read_terms(r, &v->decision.pass);
		break;
	case TAG_REASONS:
		read_reasons(r, &v->decision);
		break;
	case TAG_SERIAL:
		v->pass_serial = tlv_read_uint(r);
		break;
	case TAG_EXPIRES:
		v->pass_expires_ms = unzigzag(tlv_read_uint(r));
		break;
	case TAG_NUMBER:
		e->number = unzigzag(tlv_read_uint(r));
		break;
	case TAG_DETAIL:
		read_detail(r, e->detail);
		break;
	case TAG_FORGOTTEN:
		e->forgotten.first = varint_read(r);
		e->forgotten.last = varint_read(r);
		break;
	case TAG_OCCUPANTS:
		read_occupants(r, v);
		break;
	case TAG_VEHICLE:
		v->vehicle_visit = tlv_read_uint(r);
		break;
	case TAG_LEDGER:
		read_ledger(r, &e->ledger);
		break;
	case TAG_REMARK:
		if (r->len >= ENTRY_REMARK_BYTES)
			r->bad = true;
		else
			read_fixed(r, (uint8_t *)e->remark, r->len);
		break;
	case TAG_LEDGER_FIELD:
		read_ledger_field(r, &e->ledger);
		break;
	default:
		return false;
	}
	return !r->bad && r->at == r->len;
}

bool entry_decode(enum entry_type type, int64_t wall_ms, const uint8_t *body, size_t len,
		  struct entry *entry, uint8_t commitment[CHAIN_HASH_BYTES])
{
	struct reader r = { .data = body, .len = len };
	struct reader value;
	uint8_t tag, again[ENTRY_BODY_BYTES];
	size_t again_len;
	struct old_ways old = { 0 };

	memset(entry, 0, sizeof(*entry));
	memset(commitment, 0, CHAIN_HASH_BYTES);
	entry->type = type;
	entry->wall_ms = wall_ms;
	while (tlv_next(&r, &tag, &value)) {
		old.facts = old.facts || tag == TAG_FACTS_OLD;
		old.code = old.code || tag == TAG_CODE;
		if (!read_field(tag, &value, entry, commitment))
			return false;
	}
	/* One meaning, one body: what does not come out again as it came in is not ours. */
	return !r.bad && encode(entry, commitment, old, again, &again_len) && again_len == len &&
	       (len == 0 || memcmp(again, body, len) == 0);
}
