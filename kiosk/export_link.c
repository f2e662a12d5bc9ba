/*
 * Every wait is a poll with an end, in slices short enough for the cancel button: a stick that
 * hangs, dies or lies ends as a note on the screen, never as a stuck worker.
 */
#include "export_link.h"

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "base/log.h"

#define PATIENCE_MS 30000
#define SLICE_MS 200
#define LISTEN_EVERY 32 /* messages: a call less for most of a million rows */
#define GOODBYE_MS 5000 /* for a stick process to remove what it has begun */
#define CHILD_SOCKET 3

static const enum note PROBLEM_NOTE[STICK_PROBLEM_COUNT_] = {
	[STICK_PROBLEM_ABSENT] = NOTE_STICK_ABSENT,
	[STICK_PROBLEM_FULL] = NOTE_STICK_FULL,
	[STICK_PROBLEM_READ_ONLY] = NOTE_STICK_READ_ONLY,
	[STICK_PROBLEM_PULLED] = NOTE_STICK_PULLED,
	[STICK_PROBLEM_FAILED] = NOTE_STICK_FAILED,
	[STICK_PROBLEM_MISMATCH] = NOTE_STICK_MISMATCH,
	[STICK_PROBLEM_TOO_LARGE] = NOTE_STICK_TOO_LARGE,
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int export_link_stop(struct export_link *link, enum note problem)
{
	link->result->problem = problem;
	return EXPORT_STOPPED;
}

int export_link_file(struct export_link *link, enum stick_msg_type type,
		     struct export_link_file *file)
{
	int err = export_link_await(link, type);

	if (err)
		return err;
	file->found = link->msg.file.found;
	file->len = link->msg.file.len;
	if (file->len > sizeof(file->bytes))
		return export_link_broken(link);
	if (file->len > 0)
		memcpy(file->bytes, link->msg.file.bytes, file->len);
	return 0;
}

void export_link_progress(struct export_link *link, int64_t from, int64_t width, int64_t part,
			  int64_t whole)
{
	if (whole > 0 && part >= 0 && part <= whole)
		link->job->progress_permille = (int)(from + width * part / whole);
}

/* The process went without a word: its stick is gone, or it crashed. */
static int went_silent(struct export_link *link)
{
	struct stat st;
	bool there = stat(link->job->stick_dir, &st) == 0;

	log_error("stick: the stick process ended without an answer");
	return export_link_stop(link, there ? NOTE_STICK_FAILED : NOTE_STICK_PULLED);
}

/* Waits until one of events can be done: which, or negative. */
static int wait_for(struct export_link *link, short events)
{
	int64_t patience = link->job->patience_ms > 0 ? link->job->patience_ms : PATIENCE_MS;

	for (;;) {
		int64_t left = link->heard_ms + patience - now_ms();
		struct pollfd p = { .fd = link->fd, .events = events };
		if (link->job->cancel)
			return -ECANCELED;
		if (left <= 0) {
			log_error("stick: the stick process hangs");
			link->kill = true;
			return export_link_stop(link, NOTE_STICK_FAILED);
		}
		int n = poll(&p, 1, left < SLICE_MS ? (int)left : SLICE_MS);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			return p.revents;
		/* the stick is busy with what it has: nothing of the register is being read */
		int err = events == POLLIN ? export_between(link->job) : 0;
		if (err)
			return err;
	}
}

int export_link_broken(struct export_link *link)
{
	log_error("stick: unexpected message from the stick process");
	link->kill = true;
	return export_link_stop(link, NOTE_STICK_FAILED);
}

/* Takes one message that is there. PROGRESS and FAILED are dealt with, others left in link->msg. */
static int take_message(struct export_link *link)
{
	ssize_t n;

	do /* a reset is told once, before what was sent earlier */
		n = recv(link->fd, link->packet, sizeof(link->packet), MSG_DONTWAIT | MSG_TRUNC);
	while (n < 0 && (errno == EINTR || errno == ECONNRESET));
	if (n <= 0)
		return went_silent(link);
	if ((size_t)n > sizeof(link->packet) ||
	    !stick_msg_decode(&link->msg, link->packet, (size_t)n))
		return export_link_broken(link);
	link->heard_ms = now_ms();
	if (link->msg.type == STICK_PROGRESS)
		export_link_progress(link, 800, 200, link->msg.progress_permille, 1000);
	if (link->msg.type == STICK_FAILED) {
		log_error("stick: it says: %s", strerror(link->msg.failed.error));
		return export_link_stop(link, PROBLEM_NOTE[link->msg.failed.problem]);
	}
	return 0;
}

/* The next message of this type; progress before it is fine. */
int export_link_await(struct export_link *link, enum stick_msg_type type)
{
	for (;;) {
		int ready = wait_for(link, POLLIN);
		if (ready < 0)
			return ready;
		int err = take_message(link);
		if (err)
			return err;
		if (link->msg.type == type)
			return 0;
		if (link->msg.type != STICK_PROGRESS)
			return export_link_broken(link);
	}
}

/* Gone, or sent: the errors of a socket that nobody reads any more are the process's end. */
static int push(struct export_link *link, const uint8_t *packet, size_t len)
{
	if (send(link->fd, packet, len, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
		return 1;
	if (errno == EPIPE || errno == ECONNRESET)
		return take_message(link) == EXPORT_STOPPED ? EXPORT_STOPPED
							    : export_link_broken(link);
	return errno == EAGAIN || errno == EINTR ? 0 : -errno;
}

/* Waits until there is room, or the process says something: only FAILED is expected now. */
static int wait_for_room(struct export_link *link)
{
	int ready = wait_for(link, POLLIN | POLLOUT);

	if (ready < 0)
		return ready;
	if (ready & POLLIN) {
		int err = take_message(link);
		return err ? err : export_link_broken(link);
	}
	link->heard_ms = now_ms(); /* it has taken what was sent before */
	return 0;
}

/* Sends link->msg. */
int export_link_send(struct export_link *link)
{
	uint8_t packet[STICK_MSG_MAX];
	size_t len = stick_msg_encode(&link->msg, packet, sizeof(packet));
	int done = 0, err = len > 0 ? 0 : -EMSGSIZE;

	if (!err && (link->job->cancel || link->sent++ % LISTEN_EVERY == 0))
		err = wait_for_room(link);
	while (!err && !done) {
		done = push(link, packet, len);
		err = done < 0 ? done : done == 0 ? wait_for_room(link) : 0;
	}
	explicit_bzero(packet, len);
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

static int spawn(struct export_link *link, int socket)
{
	char *argv[] = { (char *)link->job->stick_program,
			 (char *)"--socket",
			 (char *)"3",
			 (char *)"--dir",
			 (char *)link->job->stick_dir,
			 (char *)link->mode, /* NULL ends the list one earlier */
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
		err = -posix_spawn(&link->pid, argv[0], &actions, &attr, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
fail_attr:
	posix_spawnattr_destroy(&attr);
	return err;
}

int export_link_start(struct export_link *link)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	int err = spawn(link, pair[1]);
	close(pair[1]);
	if (err) {
		close(pair[0]);
		return err;
	}
	link->fd = pair[0];
	link->started = true;
	link->heard_ms = now_ms();
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

void export_link_end(struct export_link *link)
{
	close_fd(&link->fd);
	if (!link->kill && reaped(link->pid, GOODBYE_MS))
		return;
	kill(link->pid, SIGKILL);
	if (!reaped(link->pid, GOODBYE_MS))
		log_error("stick: the stick process does not end");
}
