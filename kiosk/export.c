/*
 * The kiosk's side of an export (the order of messages is in codec/stick_msg.h).
 *
 * The stick process is trusted with the rows it writes and with nothing else: what it wants signed
 * must be the manifest of exactly what it was sent, and a stick that hangs, dies or lies ends as a
 * note on the screen, never as a stuck worker. The socket is never blocked on: every wait is a poll
 * with an end, in slices short enough for the cancel button.
 */
#include "export.h"

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include <sodium.h>

#include "base/log.h"
#include "base/text.h"
#include "codec/stick_msg.h"
#include "store/entry_codec.h"

#define PATIENCE_MS 30000
#define SLICE_MS 200
#define GOODBYE_MS 5000 /* for a stick process to remove what it has begun */
#define ROWS_A_CALL 256
#define CHILD_SOCKET 3

/* The job is over and result->problem says why. */
#define STOPPED (-ECONNABORTED)

static_assert(ENTRY_BODY_BYTES <= STICK_BODY_MAX, "every body fits a message");
static_assert(CHAIN_HASH_BYTES == MANIFEST_HASH_BYTES, "one hash");

struct export
{
	struct register_db *db;
	struct export_job *job;
	struct export_result *result;
	pid_t pid;
	int fd; /* to the stick process; -1 = closed */
	int64_t heard_ms; /* when it last took or said something */
	uint8_t public_key[32];
	int64_t events, registered, visits, persons; /* sent */
	bool kill; /* it does not deserve a wait */
	struct stick_msg msg; /* being sent or just received */
	uint8_t packet[STICK_MSG_MAX];
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
};

static const enum note PROBLEM_NOTE[STICK_PROBLEM_COUNT_] = {
	[STICK_PROBLEM_ABSENT] = NOTE_STICK_ABSENT,
	[STICK_PROBLEM_FULL] = NOTE_STICK_FULL,
	[STICK_PROBLEM_READ_ONLY] = NOTE_STICK_READ_ONLY,
	[STICK_PROBLEM_PULLED] = NOTE_STICK_PULLED,
	[STICK_PROBLEM_FAILED] = NOTE_STICK_FAILED,
	[STICK_PROBLEM_MISMATCH] = NOTE_STICK_MISMATCH,
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int stopped(struct export *ex, enum note problem)
{
	ex->result->problem = problem;
	return STOPPED;
}

static void set_progress(struct export *ex, int64_t from, int64_t width, int64_t part,
			 int64_t whole)
{
	if (whole > 0 && part >= 0 && part <= whole)
		ex->job->progress_permille = (int)(from + width * part / whole);
}

/* The process went without a word: its stick is gone, or it crashed. */
static int went_silent(struct export *ex)
{
	struct stat st;
	bool there = stat(ex->job->stick_dir, &st) == 0;

	log_error("export: the stick process ended without an answer");
	return stopped(ex, there ? NOTE_STICK_FAILED : NOTE_STICK_PULLED);
}

/* Waits until one of events can be done: which, or negative. */
static int wait_for(struct export *ex, short events)
{
	int64_t patience = ex->job->patience_ms > 0 ? ex->job->patience_ms : PATIENCE_MS;

	for (;;) {
		int64_t left = ex->heard_ms + patience - now_ms();
		struct pollfd p = { .fd = ex->fd, .events = events };
		if (ex->job->cancel)
			return -ECANCELED;
		if (left <= 0) {
			log_error("export: the stick process hangs");
			ex->kill = true;
			return stopped(ex, NOTE_STICK_FAILED);
		}
		int n = poll(&p, 1, left < SLICE_MS ? (int)left : SLICE_MS);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			return p.revents;
	}
}

static int broke_protocol(struct export *ex)
{
	log_error("export: unexpected message from the stick process");
	ex->kill = true;
	return stopped(ex, NOTE_STICK_FAILED);
}

/* Takes one message that is there. PROGRESS and FAILED are dealt with, others left in ex->msg. */
static int take_message(struct export *ex)
{
	ssize_t n;

	do /* a reset is told once, before what was sent earlier */
		n = recv(ex->fd, ex->packet, sizeof(ex->packet), MSG_DONTWAIT | MSG_TRUNC);
	while (n < 0 && (errno == EINTR || errno == ECONNRESET));
	if (n <= 0)
		return went_silent(ex);
	if ((size_t)n > sizeof(ex->packet) || !stick_msg_decode(&ex->msg, ex->packet, (size_t)n))
		return broke_protocol(ex);
	ex->heard_ms = now_ms();
	if (ex->msg.type == STICK_PROGRESS)
		set_progress(ex, 800, 200, ex->msg.progress_permille, 1000);
	if (ex->msg.type == STICK_FAILED) {
		log_error("export: stick: %s", strerror(ex->msg.failed.error));
		return stopped(ex, PROBLEM_NOTE[ex->msg.failed.problem]);
	}
	return 0;
}

/* The next message of this type; progress before it is fine. */
static int await_message(struct export *ex, enum stick_msg_type type)
{
	for (;;) {
		int ready = wait_for(ex, POLLIN);
		if (ready < 0)
			return ready;
		int err = take_message(ex);
		if (err)
			return err;
		if (ex->msg.type == type)
			return 0;
		if (ex->msg.type != STICK_PROGRESS)
			return broke_protocol(ex);
	}
}

/* Sends ex->msg. Nothing but FAILED is expected while rows go out. */
static int send_message(struct export *ex)
{
	uint8_t packet[STICK_MSG_MAX];
	size_t len = stick_msg_encode(&ex->msg, packet, sizeof(packet));

	if (len == 0)
		return -EMSGSIZE;
	for (;;) {
		int ready = wait_for(ex, POLLIN | POLLOUT);
		if (ready < 0)
			return ready;
		if (ready & POLLIN) {
			int err = take_message(ex);
			return err ? err : broke_protocol(ex);
		}
		if (send(ex->fd, packet, len, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
			break;
		if (errno == EPIPE || errno == ECONNRESET)
			return take_message(ex) == STOPPED ? STOPPED : broke_protocol(ex);
		if (errno != EAGAIN && errno != EINTR)
			return -errno;
	}
	ex->heard_ms = now_ms();
	explicit_bzero(packet, sizeof(packet));
	return 0;
}

static void begin_message(struct export *ex, enum stick_msg_type type)
{
	memset(&ex->msg, 0, sizeof(ex->msg));
	ex->msg.type = type;
}

static int send_open(struct export *ex)
{
	const struct export_job *job = ex->job;

	begin_message(ex, STICK_OPEN);
	struct stick_open *open = &ex->msg.open;
	memcpy(open->site, job->site, sizeof(open->site));
	memcpy(open->gate, job->gate_name, sizeof(open->gate));
	open->site_id = job->site_id;
	open->utc_offset_min = job->utc_offset_min;
	open->wall_ms = job->wall_ms;
	open->first_seq = 1;
	memcpy(open->public_key, ex->public_key, sizeof(open->public_key));
	return send_message(ex);
}

static int send_event(void *ctx, const struct event_row *row)
{
	struct export *ex = ctx;

	if (row->seq > ex->result->seq) /* came in after the export began */
		return 0;
	assert(row->type > 0 && row->type < ENTRY_TYPE_COUNT_);
	begin_message(ex, STICK_EVENT);
	struct stick_event *m = &ex->msg.event;
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
	set_progress(ex, 0, 600, row->seq, ex->result->seq);
	return send_message(ex);
}

static int send_events(struct export *ex)
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
	struct export *ex = ctx;

	begin_message(ex, STICK_VISIT);
	ex->msg.visit = *visit;
	ex->visits++;
	set_progress(ex, 600, 200, ex->visits, ex->registered);
	int err = send_message(ex);
	if (err || !person || sodium_is_zero(person->salt, sizeof(person->salt)))
		return err; /* without a salt: deleted at the end of retention */
	begin_message(ex, STICK_PERSON);
	ex->msg.person.visit_id = person->visit_id;
	memcpy(ex->msg.person.salt, person->salt, sizeof(person->salt));
	ex->msg.person.person = person->person;
	ex->persons++;
	return send_message(ex);
}

static int send_visits(struct export *ex)
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

static int send_finish(struct export *ex)
{
	begin_message(ex, STICK_FINISH);
	ex->msg.finish.last_seq = ex->result->seq;
	memcpy(ex->msg.finish.head, ex->result->head, sizeof(ex->msg.finish.head));
	ex->msg.finish.events = ex->events;
	ex->msg.finish.visits = ex->visits;
	ex->msg.finish.persons = ex->persons;
	return send_message(ex);
}

/* The hashes of the files are the stick's word; everything else must be what was sent. */
static bool manifest_is_ours(const struct export *ex, const struct manifest *m)
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

static int sign_manifest(struct export *ex)
{
	struct manifest manifest;
	uint8_t signature[MANIFEST_SIGNATURE_BYTES];
	int err = await_message(ex, STICK_MANIFEST);

	if (err)
		return err;
	if (!manifest_decode(&manifest, ex->msg.manifest.text, ex->msg.manifest.len) ||
	    !manifest_is_ours(ex, &manifest))
		return broke_protocol(ex);
	manifest_sign(ex->msg.manifest.text, ex->msg.manifest.len, ex->job->seed, signature);
	begin_message(ex, STICK_SIGNATURE);
	memcpy(ex->msg.signature, signature, sizeof(signature));
	/* Progress may be under way: the answer is sent without looking at what comes in. */
	size_t len = stick_msg_encode(&ex->msg, ex->packet, sizeof(ex->packet));
	return send(ex->fd, ex->packet, len, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? went_silent(ex) : 0;
}

static int converse(struct export *ex)
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
		err = await_message(ex, STICK_DONE);
	if (!err)
		text_copy(ex->result->name, sizeof(ex->result->name), ex->msg.done_name);
	return err;
}

static int spawn_attributes(posix_spawnattr_t *attr)
{
	sigset_t none, all;
	int err = posix_spawnattr_init(attr);

	if (err)
		return -err;
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_setsigmask(attr, &none);
	posix_spawnattr_setsigdefault(attr, &all);
	posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	return 0;
}

static int spawn(struct export *ex, int socket)
{
	char *argv[] = { (char *)ex->job->stick_program,
			 (char *)"--socket",
			 (char *)"3",
			 (char *)"--dir",
			 (char *)ex->job->stick_dir,
			 (char *)"--work",
			 (char *)ex->job->work_dir,
			 NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	int err = spawn_attributes(&attr);

	if (err)
		return err;
	err = -posix_spawn_file_actions_init(&actions);
	if (err)
		goto fail_attr;
	err = -posix_spawn_file_actions_adddup2(&actions, socket, CHILD_SOCKET);
	if (!err)
		err = -posix_spawn_file_actions_addclosefrom_np(&actions, CHILD_SOCKET + 1);
	if (!err)
		err = -posix_spawn(&ex->pid, argv[0], &actions, &attr, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
fail_attr:
	posix_spawnattr_destroy(&attr);
	return err;
}

static int start(struct export *ex)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	int err = spawn(ex, pair[1]);
	close(pair[1]);
	if (err) {
		close(pair[0]);
		return err;
	}
	ex->fd = pair[0];
	ex->heard_ms = now_ms();
	return 0;
}

/* True when the child has ended within so many milliseconds, and was reaped. */
static bool reaped(pid_t pid, int timeout_ms)
{
	CLEANUP(close_fd) int pidfd = pidfd_open(pid, 0);
	struct pollfd p = { .fd = pidfd, .events = POLLIN };

	while (pidfd >= 0 && poll(&p, 1, timeout_ms) < 0 && errno == EINTR)
		;
	return waitpid(pid, NULL, WNOHANG) == pid;
}

/* A process that waits for a dead stick inside the kernel cannot even be killed: it is left. */
static void end(struct export *ex)
{
	close_fd(&ex->fd);
	if (!ex->kill && reaped(ex->pid, GOODBYE_MS))
		return;
	kill(ex->pid, SIGKILL);
	if (!reaped(ex->pid, GOODBYE_MS))
		log_error("export: the stick process does not end");
}

int export_run(struct register_db *db, struct export_job *job, struct export_result *result)
{
	struct export ex = { .db = db, .job = job, .result = result, .fd = -1 };

	memset(result, 0, sizeof(*result));
	job->progress_permille = 0;
	manifest_public(job->seed, ex.public_key);
	register_head(db, &result->seq, result->head);
	int err = start(&ex);
	if (err)
		return err;
	err = converse(&ex);
	end(&ex);
	explicit_bzero(&ex.msg, sizeof(ex.msg));
	explicit_bzero(ex.packet, sizeof(ex.packet));
	result->rows = ex.visits;
	if (err == 0)
		job->progress_permille = 1000;
	if (err == 0 || err == STOPPED)
		return 0;
	if (err == -ECANCELED)
		return err;
	log_error("export: %s", strerror(-err));
	result->problem = NOTE_REGISTER_FAILED;
	return 0;
}
