/*
 * The kiosk's side of an export (the order of messages is in codec/stick_msg.h).
 *
 * The stick process is trusted with the rows it writes and with nothing else: what it wants signed
 * must be the manifest of exactly what it was sent.
 */
#include "export.h"

#include <inttypes.h>
#include <string.h>

#include <sodium.h>

#include "base/log.h"
#include "base/text.h"
#include "codec/hex.h"
#include "codec/minisign.h"
#include "codec/stick_msg.h"
#include "export_link.h"
#include "export_plan.h"
#include "store/entry_codec.h"
#include "store/report.h"

#define ROWS_A_CALL 64 /* a row waits for the stick, and so do those who wait for the register */
#define DAYS_A_CALL 8

static_assert(ENTRY_BODY_BYTES <= STICK_BODY_MAX, "every body fits a message");
static_assert(CHAIN_HASH_BYTES == MANIFEST_HASH_BYTES, "one hash");

struct exporter {
	struct register_db *db;
	struct export_job *job;
	struct export_result *result;
	struct export_plan plan;
	uint8_t public_key[32];
	enum stick_section section; /* being sent */
	int64_t rows[STICK_SECTION_COUNT_]; /* sent */
	int64_t steps; /* rows looked at, in all sections together */
	struct export_link link;
};

static void begin_message(struct exporter *ex, enum stick_msg_type type)
{
	memset(&ex->link.msg, 0, sizeof(ex->link.msg));
	ex->link.msg.type = type;
}

static enum manifest_range range_of(enum export_scope scope)
{
	return scope == EXPORT_DAYS         ? MANIFEST_RANGE_DAYS
	       : scope == EXPORT_SINCE_LAST ? MANIFEST_RANGE_SINCE_LAST
					    : MANIFEST_RANGE_EVERYTHING;
}

static int64_t plan_days(const struct export_plan *plan)
{
	return plan->until_day < plan->from_day ? 0 : plan->until_day - plan->from_day + 1;
}

static int send_open(struct exporter *ex)
{
	const struct export_job *job = ex->job;

	begin_message(ex, STICK_OPEN);
	struct stick_open *open = &ex->link.msg.open;
	memcpy(open->site, job->site, sizeof(open->site));
	memcpy(open->gate, job->gate_name, sizeof(open->gate));
	open->site_id = job->site_id;
	open->utc_offset_min = job->utc_offset_min;
	open->wall_ms = job->wall_ms;
	open->range = range_of(job->range.scope);
	open->from_ms = job->range.from_ms;
	open->until_ms = job->range.until_ms;
	open->first_seq = ex->plan.first_seq;
	open->last_seq = ex->plan.last_seq;
	open->visits = ex->plan.visits;
	open->days = plan_days(&ex->plan);
	memcpy(open->prev, ex->plan.prev, sizeof(open->prev));
	memcpy(open->public_key, ex->public_key, sizeof(open->public_key));
	int err = export_link_send(&ex->link);
	if (err)
		return err;
	begin_message(ex, STICK_KEYS);
	ex->link.msg.keys = job->to;
	return export_link_send(&ex->link);
}

/* Persons and the sheets of visits go through the visits once each. */
static int64_t visit_sections(void)
{
	int n = 0;

	for (int s = 0; s < STICK_SECTION_COUNT_; s++) {
		enum stick_msg_type row = stick_section_row((enum stick_section)s);
		n += row == STICK_PERSON || row == STICK_VISIT;
	}
	return n;
}

static void count_step(struct exporter *ex)
{
	int64_t events = ex->plan.last_seq - ex->plan.first_seq + 1;

	ex->steps++;
	export_link_progress(&ex->link, 0, 800, ex->steps,
			     events + visit_sections() * ex->plan.visits);
}

static int send_event(void *ctx, const struct event_row *row)
{
	struct exporter *ex = ctx;

	if (row->seq > ex->plan.last_seq)
		return 0;
	assert(row->type > 0 && row->type < ENTRY_TYPE_COUNT_);
	begin_message(ex, STICK_EVENT);
	struct stick_event *m = &ex->link.msg.event;
	m->seq = row->seq;
	m->boot = row->boot;
	m->wall_ms = row->wall_ms;
	m->mono_ms = row->mono_ms;
	m->clock_trusted = row->clock_trusted;
	m->type = (uint16_t)row->type;
	const char *word = ENTRY_WORD[row->type];
	text_copy(m->word, sizeof(m->word), word ? word : "other");
	memcpy(m->actor, row->actor, sizeof(m->actor));
	memcpy(m->hash, row->hash, sizeof(m->hash));
	m->body = row->body;
	m->body_len = row->body_len;
	ex->rows[STICK_SECTION_EVENTS]++;
	count_step(ex);
	return export_link_send(&ex->link);
}

static int send_events(struct exporter *ex)
{
	int64_t last = ex->plan.first_seq - 1;

	while (last < ex->plan.last_seq) {
		int64_t before = last;
		int err = register_events(ex->db, before, ROWS_A_CALL, send_event, ex, &last);
		if (err)
			return err;
		if (last <= before)
			return -EUCLEAN;
		err = export_between(ex->job);
		if (err)
			return err;
	}
	return 0;
}

static int send_person(struct exporter *ex, const struct person_row *person)
{
	if (sodium_is_zero(person->salt, sizeof(person->salt)))
		return 0; /* without a salt: deleted at the end of retention */
	begin_message(ex, STICK_PERSON);
	ex->link.msg.person.visit_id = person->visit_id;
	memcpy(ex->link.msg.person.salt, person->salt, sizeof(person->salt));
	ex->link.msg.person.person = person->person;
	ex->link.msg.person.code_digest = person->code_digest;
	ex->rows[ex->section]++;
	return export_link_send(&ex->link);
}

static int send_visit(void *ctx, const struct visit *visit, const struct person_row *person)
{
	struct exporter *ex = ctx;

	if (!export_plan_takes(&ex->plan, visit->id))
		return 0;
	count_step(ex);
	if (ex->section == STICK_SECTION_PERSONS)
		return send_person(ex, person);
	if (!stick_sheet_takes(stick_section_sheet(ex->section), visit))
		return 0;
	begin_message(ex, STICK_VISIT);
	ex->link.msg.visit = *visit;
	ex->rows[ex->section]++;
	return export_link_send(&ex->link);
}

static int send_visits(struct exporter *ex)
{
	uint64_t last = ex->plan.first_visit - 1, before;

	do {
		before = last;
		int err = register_visits(ex->db, before, ROWS_A_CALL, send_visit, ex, &last);
		if (!err)
			err = export_between(ex->job);
		if (err)
			return err;
	} while (last != before && last < ex->plan.last_visit);
	return 0;
}

static int send_day(void *ctx, const struct report *report)
{
	struct exporter *ex = ctx;

	begin_message(ex, STICK_DAY);
	struct stick_day *m = &ex->link.msg.day;
	*m = (struct stick_day){ .state = report->state,
				 .changed = report->changed,
				 .zero = report_is_zero(report),
				 .level_known = report->level_known,
				 .level = report->level,
				 .inside = report->inside,
				 .signatures = report->signatures };
	memcpy(m->sums, report->sums, sizeof(m->sums));
	ex->rows[ex->section]++;
	return export_link_send(&ex->link);
}

static int send_days(struct exporter *ex)
{
	const struct export_job *job = ex->job;
	struct report_ask ask = { .now_ms = job->wall_ms, .due_min = job->report_due_min };
	int err = 0;

	for (int64_t day = ex->plan.from_day; !err && day <= ex->plan.until_day;
	     day += DAYS_A_CALL) {
		int64_t last = day + DAYS_A_CALL - 1;
		if (last > ex->plan.until_day)
			last = ex->plan.until_day;
		err = register_reports(ex->db, day, last, &ask, send_day, ex);
		if (!err)
			err = export_between(job);
	}
	return err;
}

static int send_rows(struct exporter *ex)
{
	switch ((int)stick_section_row(ex->section)) {
	case STICK_EVENT:
		return send_events(ex);
	case STICK_DAY:
		return send_days(ex);
	default:
		return send_visits(ex);
	}
}

static int send_sections(struct exporter *ex)
{
	int err = 0;

	for (int s = 0; !err && s < STICK_SECTION_COUNT_; s++) {
		ex->section = (enum stick_section)s;
		begin_message(ex, STICK_SECTION);
		ex->link.msg.section = ex->section;
		err = export_link_send(&ex->link);
		if (!err)
			err = send_rows(ex);
	}
	return err;
}

static int64_t visits_sent(const struct exporter *ex)
{
	return ex->rows[STICK_SECTION_CSV + STICK_SHEET_VISITORS];
}

static int send_finish(struct exporter *ex)
{
	begin_message(ex, STICK_FINISH);
	ex->link.msg.finish.last_seq = ex->plan.last_seq;
	memcpy(ex->link.msg.finish.head, ex->plan.head, sizeof(ex->link.msg.finish.head));
	ex->link.msg.finish.events = ex->rows[STICK_SECTION_EVENTS];
	ex->link.msg.finish.visits = visits_sent(ex);
	ex->link.msg.finish.persons = ex->rows[STICK_SECTION_PERSONS];
	return export_link_send(&ex->link);
}

/* One part for each section, but the workbook's are one. */
static bool parts_are_ours(const struct exporter *ex, const struct manifest *m)
{
	int64_t workbook = 0;

	if (m->part_count != STICK_SECTION_WORKBOOK + 1)
		return false;
	for (int s = 0; s < STICK_SECTION_COUNT_; s++) {
		int part = s < STICK_SECTION_WORKBOOK ? s : STICK_SECTION_WORKBOOK;
		workbook += s >= STICK_SECTION_WORKBOOK ? ex->rows[s] : 0;
		int64_t rows = s < STICK_SECTION_WORKBOOK ? ex->rows[s] : workbook;
		bool last = s < STICK_SECTION_WORKBOOK || s == STICK_SECTION_COUNT_ - 1;
		if (strcmp(m->parts[part].name, stick_section_part((enum stick_section)s)) != 0 ||
		    (last && m->parts[part].rows != rows))
			return false;
	}
	return true;
}

/* Size and hash of the archive are the stick's word; everything else must be what was sent. */
static bool manifest_is_ours(const struct exporter *ex, const struct manifest *m)
{
	const struct export_job *job = ex->job;
	const struct export_plan *plan = &ex->plan;

	return m->site_id == job->site_id && strcmp(m->site, job->site) == 0 &&
	       strcmp(m->gate, job->gate_name) == 0 && m->created_ms == job->wall_ms &&
	       m->utc_offset_min == job->utc_offset_min && m->range == range_of(job->range.scope) &&
	       m->from_ms == job->range.from_ms && m->until_ms == job->range.until_ms &&
	       m->first_seq == plan->first_seq && m->last_seq == plan->last_seq &&
	       m->events == ex->rows[STICK_SECTION_EVENTS] && m->visits == visits_sent(ex) &&
	       m->persons == ex->rows[STICK_SECTION_PERSONS] &&
	       memcmp(m->prev, plan->prev, sizeof(m->prev)) == 0 &&
	       memcmp(m->head, plan->head, sizeof(m->head)) == 0 &&
	       memcmp(m->public_key, ex->public_key, sizeof(m->public_key)) == 0 &&
	       parts_are_ours(ex, m);
}

/* The comment says the same as the manifest, for those who look at the signature alone. */
static size_t sign(const struct exporter *ex, const struct manifest *m, char out[MINISIGN_TEXT_MAX])
{
	uint8_t hash[MINISIGN_HASH_BYTES];
	char comment[MINISIGN_COMMENT_BYTES], head[HEX_TEXT_BYTES(MANIFEST_HASH_BYTES)];

	hex_encode(m->head, sizeof(m->head), head);
	text_format(comment, sizeof(comment),
		    "gatehouse site %" PRIu32 " events %" PRId64 " to %" PRId64 " head %s",
		    m->site_id, m->first_seq, m->last_seq, head);
	minisign_hash(ex->link.msg.manifest.text, ex->link.msg.manifest.len, hash);
	return minisign_sign(hash, ex->job->seed, comment, out);
}

static int sign_manifest(struct exporter *ex)
{
	struct manifest manifest;
	char signature[MINISIGN_TEXT_MAX];
	int err = export_link_await(&ex->link, STICK_MANIFEST);

	if (err)
		return err;
	if (!manifest_decode(&manifest, ex->link.msg.manifest.text, ex->link.msg.manifest.len) ||
	    !manifest_is_ours(ex, &manifest))
		return export_link_broken(&ex->link);
	memcpy(ex->result->archive_hash, manifest.archive.hash, sizeof(manifest.archive.hash));
	size_t len = sign(ex, &manifest, signature);
	begin_message(ex, STICK_SIGNATURE);
	ex->link.msg.signature.text = signature;
	ex->link.msg.signature.len = len;
	return export_link_send(&ex->link);
}

static int converse(struct exporter *ex)
{
	int err = send_open(ex);

	if (!err)
		err = send_sections(ex);
	if (!err)
		err = send_finish(ex);
	if (!err)
		err = sign_manifest(ex);
	if (!err)
		err = export_link_await(&ex->link, STICK_DONE);
	if (!err)
		text_copy(ex->result->name, sizeof(ex->result->name), ex->link.msg.done_name);
	return err;
}

static int run(struct exporter *ex)
{
	int err = export_plan_make(ex->db, ex->job, &ex->plan);

	if (err)
		return err;
	ex->result->first_seq = ex->plan.first_seq;
	ex->result->seq = ex->plan.last_seq;
	memcpy(ex->result->head, ex->plan.head, sizeof(ex->result->head));
	err = export_link_start(&ex->link);
	if (err)
		return err;
	err = converse(ex);
	export_link_end(&ex->link);
	explicit_bzero(&ex->link.msg, sizeof(ex->link.msg));
	explicit_bzero(ex->link.packet, sizeof(ex->link.packet));
	ex->result->rows = visits_sent(ex);
	return err;
}

int export_run(struct register_db *db, struct export_job *job, struct export_result *result)
{
	struct exporter ex = { .db = db,
			       .job = job,
			       .result = result,
			       .link = { .job = job, .result = result, .fd = -1 } };

	memset(result, 0, sizeof(*result));
	job->progress_permille = 0;
	if (job->range.scope != EXPORT_DAYS)
		job->range.from_ms = job->range.until_ms = 0;
	if (job->to.count == 0 && job->to.passphrase[0] == '\0') {
		result->problem = NOTE_EXPORT_NO_OFFICE;
		return 0;
	}
	manifest_public(job->seed, ex.public_key);
	int err = run(&ex);
	export_plan_free(&ex.plan);
	if (err == 0)
		job->progress_permille = 1000;
	if (err == 0 || err == EXPORT_STOPPED)
		return 0;
	if (err == -ECANCELED || !ex.link.started)
		return err;
	log_error("export: %s", strerror(-err));
	result->problem = NOTE_REGISTER_FAILED;
	return 0;
}
