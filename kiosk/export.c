/*
 * The kiosk's side of an export (the order of messages is in codec/stick_msg.h).
 *
 * The stick process is trusted with the rows it writes and with nothing else: what it wants signed
 * must be the manifest of exactly what it was sent.
 */
#include "export.h"

#include <string.h>

#include <sodium.h>

#include "base/log.h"
#include "base/text.h"
#include "codec/stick_msg.h"
#include "export_link.h"
#include "store/entry_codec.h"

#define ROWS_A_CALL 256

static_assert(ENTRY_BODY_BYTES <= STICK_BODY_MAX, "every body fits a message");
static_assert(CHAIN_HASH_BYTES == MANIFEST_HASH_BYTES, "one hash");

struct exporter {
	struct register_db *db;
	struct export_job *job;
	struct export_result *result;
	uint8_t public_key[32];
	int64_t events, registered, visits, persons; /* sent */
	struct export_link link;
};

static const char *const ENTRY_WORD[ENTRY_TYPE_COUNT_] = {
	[ENTRY_BOOT] = "boot",
	[ENTRY_REGISTERED] = "registered",
	[ENTRY_DECIDED] = "decided",
	[ENTRY_PASS_PRINTED] = "pass_printed",
	[ENTRY_GATE_RELEASED] = "gate_released",
	[ENTRY_PASSED] = "passed",
	[ENTRY_LAPSED] = "lapsed",
	[ENTRY_LEFT] = "left",
	[ENTRY_PASS_REJECTED] = "pass_rejected",
	[ENTRY_LOGIN] = "login",
	[ENTRY_LOGOUT] = "logout",
	[ENTRY_LOGIN_REFUSED] = "login_refused",
	[ENTRY_REVEALED] = "revealed",
	[ENTRY_DEVICE] = "device",
	[ENTRY_EMERGENCY] = "emergency",
	[ENTRY_CLOCK] = "clock",
	[ENTRY_EXPORTED] = "exported",
	[ENTRY_PASS_REVOKED] = "pass_revoked",
	[ENTRY_ACCOUNT] = "account",
	[ENTRY_LEVEL] = "level",
};

static void begin_message(struct exporter *ex, enum stick_msg_type type)
{
	memset(&ex->link.msg, 0, sizeof(ex->link.msg));
	ex->link.msg.type = type;
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
	open->first_seq = 1;
	memcpy(open->public_key, ex->public_key, sizeof(open->public_key));
	return export_link_send(&ex->link);
}

static int send_event(void *ctx, const struct event_row *row)
{
	struct exporter *ex = ctx;

	if (row->seq > ex->result->seq) /* came in after the export began */
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
	text_copy(m->word, sizeof(m->word), ENTRY_WORD[row->type]);
	memcpy(m->actor, row->actor, sizeof(m->actor));
	memcpy(m->hash, row->hash, sizeof(m->hash));
	m->body = row->body;
	m->body_len = row->body_len;
	ex->events++;
	ex->registered += row->type == ENTRY_REGISTERED;
	export_link_progress(&ex->link, 0, 600, row->seq, ex->result->seq);
	return export_link_send(&ex->link);
}

static int send_events(struct exporter *ex)
{
	int64_t last = 0;

	while (last < ex->result->seq) {
		int64_t before = last;
		int err = register_events(ex->db, before, ROWS_A_CALL, send_event, ex, &last);
		if (err)
			return err;
		if (last <= before)
			return -EUCLEAN;
	}
	return 0;
}

static int send_visit(void *ctx, const struct visit *visit, const struct person_row *person)
{
	struct exporter *ex = ctx;

	begin_message(ex, STICK_VISIT);
	ex->link.msg.visit = *visit;
	ex->visits++;
	export_link_progress(&ex->link, 600, 200, ex->visits, ex->registered);
	int err = export_link_send(&ex->link);
	if (err || !person || sodium_is_zero(person->salt, sizeof(person->salt)))
		return err; /* without a salt: deleted at the end of retention */
	begin_message(ex, STICK_PERSON);
	ex->link.msg.person.visit_id = person->visit_id;
	memcpy(ex->link.msg.person.salt, person->salt, sizeof(person->salt));
	ex->link.msg.person.person = person->person;
	ex->persons++;
	return export_link_send(&ex->link);
}

static int send_visits(struct exporter *ex)
{
	uint64_t last = 0, before;

	do {
		before = last;
		int err = register_visits(ex->db, before, ROWS_A_CALL, send_visit, ex, &last);
		if (err)
			return err;
	} while (last != before);
	return 0;
}

static int send_finish(struct exporter *ex)
{
	begin_message(ex, STICK_FINISH);
	ex->link.msg.finish.last_seq = ex->result->seq;
	memcpy(ex->link.msg.finish.head, ex->result->head, sizeof(ex->link.msg.finish.head));
	ex->link.msg.finish.events = ex->events;
	ex->link.msg.finish.visits = ex->visits;
	ex->link.msg.finish.persons = ex->persons;
	return export_link_send(&ex->link);
}

/* The hashes of the files are the stick's word; everything else must be what was sent. */
static bool manifest_is_ours(const struct exporter *ex, const struct manifest *m)
{
	static const uint8_t ZERO[MANIFEST_HASH_BYTES];
	const struct export_job *job = ex->job;

	return m->site_id == job->site_id && strcmp(m->site, job->site) == 0 &&
	       strcmp(m->gate, job->gate_name) == 0 && m->created_ms == job->wall_ms &&
	       m->utc_offset_min == job->utc_offset_min && m->first_seq == 1 &&
	       m->last_seq == ex->result->seq && m->events == ex->events &&
	       m->visits == ex->visits && m->persons == ex->persons &&
	       memcmp(m->prev, ZERO, sizeof(ZERO)) == 0 &&
	       memcmp(m->head, ex->result->head, sizeof(m->head)) == 0 &&
	       memcmp(m->public_key, ex->public_key, sizeof(m->public_key)) == 0;
}

static int sign_manifest(struct exporter *ex)
{
	struct manifest manifest;
	uint8_t signature[MANIFEST_SIGNATURE_BYTES];
	int err = export_link_await(&ex->link, STICK_MANIFEST);

	if (err)
		return err;
	if (!manifest_decode(&manifest, ex->link.msg.manifest.text, ex->link.msg.manifest.len) ||
	    !manifest_is_ours(ex, &manifest))
		return export_link_broken(&ex->link);
	manifest_sign(ex->link.msg.manifest.text, ex->link.msg.manifest.len, ex->job->seed,
		      signature);
	begin_message(ex, STICK_SIGNATURE);
	memcpy(ex->link.msg.signature, signature, sizeof(signature));
	return export_link_send(&ex->link);
}

static int converse(struct exporter *ex)
{
	int err = send_open(ex);

	if (!err)
		err = send_events(ex);
	if (!err)
		err = send_visits(ex);
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

int export_run(struct register_db *db, struct export_job *job, struct export_result *result)
{
	struct exporter ex = { .db = db,
			       .job = job,
			       .result = result,
			       .link = { .job = job, .result = result, .fd = -1 } };

	memset(result, 0, sizeof(*result));
	job->progress_permille = 0;
	manifest_public(job->seed, ex.public_key);
	register_head(db, &result->seq, result->head);
	int err = export_link_start(&ex.link);
	if (err)
		return err;
	err = converse(&ex);
	export_link_end(&ex.link);
	explicit_bzero(&ex.link.msg, sizeof(ex.link.msg));
	explicit_bzero(ex.link.packet, sizeof(ex.link.packet));
	result->rows = ex.visits;
	if (err == 0)
		job->progress_permille = 1000;
	if (err == 0 || err == EXPORT_STOPPED)
		return 0;
	if (err == -ECANCELED)
		return err;
	log_error("export: %s", strerror(-err));
	result->problem = NOTE_REGISTER_FAILED;
	return 0;
}
