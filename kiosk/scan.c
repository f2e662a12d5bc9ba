/*
 * What the camera reads. On the board and the welcome screen a code is a pass of somebody who
 * leaves; on the code screen it is the visitor's own code, which cannot be verified without a
 * network: that it was shown is noted by a digest, its colour is the guard's to attest.
 */
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app.h"
#include "base/bytes.h"
#include "base/fileio.h"
#include "base/log.h"
#include "base/text.h"
#include "passes.h"

#define SAME_CODE_MS 5000

bool app_keys_open(struct app *app, char *message, size_t cap)
{
	char path[320];
	char *data = NULL;
	size_t len = 0;

	text_format(path, sizeof(path), "%s/gate.key", app->options.data);
	int err = file_read(path, PASS_SEED_BYTES, &data, &len);
	if (err == -ENOENT) {
		randombytes_buf(app->seed, sizeof(app->seed));
		err = file_write_atomic(path, app->seed, sizeof(app->seed), 0600);
	} else if (!err && len != PASS_SEED_BYTES) {
		err = -EINVAL;
	} else if (!err) {
		memcpy(app->seed, data, PASS_SEED_BYTES);
		sodium_memzero(data, len);
	}
	free(data);
	if (err) {
		text_format(message, cap, "%s: the gate's signing key cannot be used: %s", path,
			    strerror(-err));
		return false;
	}
	app->pass_key.key_id = 1;
	app->pass_key.site = app->config.site_id;
	pass_public(app->seed, app->pass_key.public_key);
	return true;
}

static uint64_t code_digest(const uint8_t *payload, size_t len)
{
	uint8_t hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(hash, payload, len);
	struct reader r = { .data = hash, .len = sizeof(hash) };
	return read_uint(&r, 8);
}

static void reject(struct app *app, enum pass_problem problem, const struct visit *visit)
{
	app->session.pass_problem = problem;
	app_record(app, ENTRY_PASS_REJECTED, FOR_RECORD, visit, (int64_t)problem, "");
	app_event(app, SESSION_PASS_BAD);
}

static void pass_shown(struct app *app, const char *text, size_t len)
{
	enum pass_parse parse = pass_verify(&app->pass, text, len, &app->pass_key, 1);

	if (parse == PASS_PARSE_NOT_A_PASS)
		return; /* somebody's other code: no business of the board */
	if (parse == PASS_PARSE_UNKNOWN_KEY && app->pass.site != app->pass_key.site) {
		reject(app, PASS_OTHER_SITE, NULL);
		return;
	}
	if (parse != PASS_PARSE_OK) {
		reject(app, pass_problem_of(parse), NULL);
		return;
	}
	app->pass_pending = true;
	struct job job = { .type = JOB_PASS, .purpose = FOR_SCREEN, .id = app->pass.serial };
	app_submit(app, &job);
}

void app_pass_found(struct app *app, const struct job *job)
{
	app->pass_pending = false;
	if (app->session.screen != SCREEN_BOARD && app->session.screen != SCREEN_WELCOME)
		return; /* the screen has moved on */
	if (job->error && job->error != -ENOENT) {
		app->session.note = app_register_failed(app, job->error);
		return;
	}
	const struct pass_record *record = job->error ? NULL : &job->pass;
	enum pass_problem problem =
		pass_judge(&app->pass, record, DIRECTION_OUT, app_wall(app), app->clock.trusted);
	if (problem != PASS_GOOD) {
		reject(app, problem, record ? &job->visit : NULL);
		return;
	}
	app->session.visit = job->visit;
	app->session.language = job->visit.language;
	app_event(app, SESSION_PASS_GOOD);
}

static void code_read(struct app *app, const struct scanner_msg *msg)
{
	int64_t now = app_now(app);
	uint64_t digest = code_digest(msg->payload, msg->payload_len);
	const char *text = (const char *)msg->payload;
	bool same = digest == app->last_code && now - app->last_code_ms < SAME_CODE_MS;

	if (!screen_traits(app->session.screen)->scan || same || app->pass_pending)
		return;
	app->last_code = digest;
	app->last_code_ms = now;
	if (app->session.screen == SCREEN_CODE) {
		app->session.visit.code_digest = digest;
		app_event(app, SESSION_CODE);
	} else {
		pass_shown(app, text, msg->payload_len);
	}
}

static enum device_state camera_state(const struct scanner_msg *msg)
{
	static const enum device_state STATE[SCANNER_CAMERA_COUNT_] = {
		[SCANNER_CAMERA_STARTING] = DEVICE_STARTING,
		[SCANNER_CAMERA_STREAMING] = DEVICE_OK,
		[SCANNER_CAMERA_ABSENT] = DEVICE_ABSENT,
		[SCANNER_CAMERA_FAILED] = DEVICE_FAILED,
	};
	return STATE[msg->camera];
}

static void take(struct app *app, const struct scanner_msg *msg)
{
	if (msg->type == SCANNER_STATE) {
		app_device_state(app, DEVICE_CAMERA, camera_state(msg));
		return;
	}
#ifdef GATEHOUSE_SIM
	app->frames_seen = msg->seq;
#endif
	if (msg->preview_slot < PREVIEW_SLOTS) {
		app->preview = scanner_link_preview(app->scanner, msg->preview_slot);
		app->board.preview_seq = msg->seq;
	}
	if (msg->payload_len > 0)
		code_read(app, msg);
}

void app_scanner_messages(struct app *app)
{
	struct scanner_msg msg;

	while (app->scanner && scanner_link_next(app->scanner, &msg, app_now(app)))
		if (msg.type == SCANNER_STATE || msg.type == SCANNER_FRAME)
			take(app, &msg);
	explicit_bzero(&msg, sizeof(msg));
}

void app_scanner_want(struct app *app)
{
	const struct screen_traits *traits = screen_traits(app->session.screen);
	/* With a presence sensor the board need not look: somebody who leaves wakes the welcome
	 * first. */
	bool scan = traits->scan && !(app->session.screen == SCREEN_BOARD && app->has_presence);

	if (app->scanner)
		scanner_link_want(app->scanner, scan, traits->preview, app_now(app));
}
