/*
 * States of the link, and who moves it:
 *
 *            spawn                  socket hangs up, malformed packet, hung
 *   WAITING -------> RUNNING ------------------------------------------------> WAITING
 *      ^                                                                          |
 *      +--- tick at restart_at_ms: reap the old child, spawn the next, or wait ---+
 *
 * A child is killed the moment its socket is closed, whatever it was doing: it holds nothing worth
 * saving. It is reaped when the next one is due, so nobody waits for it here; one that a driver
 * keeps from dying delays the next, for the camera is still in its hands.
 *
 * A child that finds no camera says so and ends; that is not a crash, and its word stands on the
 * screen until a child streams again. The next try comes after at most ABSENT_RETRY_MS, so that a
 * camera plugged back in is seen soon.
 */
#include "scanner_link.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/log.h"
#ifdef GATEHOUSE_SIM
#include "hal/sim/camera_sim.h"
#endif

#define BACKOFF_FIRST_MS 1000
#define BACKOFF_LAST_MS 30000
#define ABSENT_RETRY_MS 3000
#define HEALTHY_AFTER_MS 60000
#define HUNG_AFTER_MS 5000
/* A killed process is gone within this, unless a driver holds it. */
#define REAP_WAIT_MS 500
#define FD_TEXT_BYTES 12

/* Where the child finds what it inherits. */
enum { CHILD_SOCKET = 3, CHILD_PREVIEW, CHILD_SIM, CHILD_FDS_END };

struct scanner_link {
	char *program, *camera;
	int sim_fd;
	int socket; /* our end; -1 between two children */
	pid_t pid; /* -1 between two children */
	pid_t dying; /* killed, not reaped yet; -1 without */
	int preview_fd;
	uint8_t *preview;
	bool decode, preview_wanted, want_unsent;
	bool streaming, said_gone; /* what this child last said */
	bool restart_untold; /* a SCANNER_STATE STARTING is due from next */
	int64_t started_ms, restart_at_ms, alive_at_ms;
	int64_t backoff_ms;
	enum scanner_camera logged;
};

static int make_preview(struct scanner_link *l)
{
	l->preview_fd = memfd_create("preview", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (l->preview_fd < 0 || ftruncate(l->preview_fd, PREVIEW_BYTES) ||
	    fcntl(l->preview_fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL))
		return -errno;
	void *map = mmap(NULL, PREVIEW_BYTES, PROT_READ, MAP_SHARED, l->preview_fd, 0);
	if (map == MAP_FAILED)
		return -errno;
	l->preview = map;
	return 0;
}

/*
 * Puts fd at place in the child. The source must not be one of the places, or an earlier move would
 * have overwritten it: the caller passes copies above them.
 */
static int move_fd(posix_spawn_file_actions_t *actions, int fd, int place)
{
	return -posix_spawn_file_actions_adddup2(actions, fd, place);
}

static int list_fds(posix_spawn_file_actions_t *a, const int fds[CHILD_FDS_END])
{
	int r = -posix_spawn_file_actions_addopen(a, STDIN_FILENO, "/dev/null", O_RDONLY, 0);

	if (r == 0)
		r = -posix_spawn_file_actions_addopen(a, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	for (int place = CHILD_SOCKET; r == 0 && place < CHILD_FDS_END; place++)
		if (fds[place] >= 0)
			r = move_fd(a, fds[place], place);
	int end = fds[CHILD_SIM] >= 0 ? CHILD_FDS_END : CHILD_SIM;
	return r ? r : -posix_spawn_file_actions_addclosefrom_np(a, end);
}

/* Signals as a fresh program expects them, whatever this one blocks or ignores; in a process group
 * of its own, so that an interrupt typed at the terminal ends the kiosk, which ends the child in
 * order. */
static int set_signals(posix_spawnattr_t *attributes)
{
	sigset_t none, all;

	sigemptyset(&none);
	sigfillset(&all);
	int r = -posix_spawnattr_setsigmask(attributes, &none);
	if (r == 0)
		r = -posix_spawnattr_setsigdefault(attributes, &all);
	return r ? r
		 : -posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK |
								 POSIX_SPAWN_SETSIGDEF |
								 POSIX_SPAWN_SETPGROUP);
}

static int run_program(struct scanner_link *l, const int fds[CHILD_FDS_END])
{
	char numbers[CHILD_FDS_END][FD_TEXT_BYTES];
	for (int i = CHILD_SOCKET; i < CHILD_FDS_END; i++)
		snprintf(numbers[i], FD_TEXT_BYTES, "%d", i);
	char *argv[] = { l->program,
			 (char *)"--camera",
			 l->camera,
			 (char *)"--socket",
			 numbers[CHILD_SOCKET],
			 (char *)"--preview",
			 numbers[CHILD_PREVIEW],
			 fds[CHILD_SIM] >= 0 ? (char *)"--sim" : NULL,
			 numbers[CHILD_SIM],
			 NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;

	int r = -posix_spawn_file_actions_init(&actions);
	if (r)
		return r;
	r = -posix_spawnattr_init(&attributes);
	if (r)
		goto fail_actions;
	r = list_fds(&actions, fds);
	if (r == 0)
		r = set_signals(&attributes);
	if (r == 0)
		r = -posix_spawn(&l->pid, l->program, &actions, &attributes, argv, environ);
	if (r)
		l->pid = -1;
	posix_spawnattr_destroy(&attributes);
fail_actions:
	posix_spawn_file_actions_destroy(&actions);
	return r;
}

static int copy_above(int fd, int *copy)
{
	*copy = fcntl(fd, F_DUPFD_CLOEXEC, CHILD_FDS_END);
	return *copy < 0 ? -errno : 0;
}

static int spawn(struct scanner_link *l, int child_socket)
{
	int fds[CHILD_FDS_END] = { -1, -1, -1, -1, -1, -1 };
	int r = copy_above(child_socket, &fds[CHILD_SOCKET]);

	if (r == 0)
		r = copy_above(l->preview_fd, &fds[CHILD_PREVIEW]);
	if (r == 0 && l->sim_fd >= 0)
		r = copy_above(l->sim_fd, &fds[CHILD_SIM]);
	if (r == 0)
		r = run_program(l, fds);
	for (int i = CHILD_SOCKET; i < CHILD_FDS_END; i++)
		close_fd(&fds[i]);
	return r;
}

static void send_want(struct scanner_link *l)
{
	struct scanner_msg msg = { .type = SCANNER_WANT,
				   .decode = l->decode,
				   .preview = l->preview_wanted };
	uint8_t packet[SCANNER_MSG_MAX];
	size_t len = scanner_msg_encode(&msg, packet, sizeof(packet));

	/* A full socket belongs to a hung child: told again at the next tick, or to its successor.
	 */
	l->want_unsent = send(l->socket, packet, len, MSG_DONTWAIT | MSG_NOSIGNAL) < 0;
}

static int start_child(struct scanner_link *l, int64_t now_ms)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -errno;
	int r = spawn(l, pair[1]);
	close(pair[1]);
	if (r) {
		close(pair[0]);
		return r;
	}
	l->socket = pair[0];
	l->started_ms = now_ms;
	l->alive_at_ms = now_ms;
	l->streaming = false;
	l->said_gone = false;
	send_want(l);
	return 0;
}

int scanner_link_start(struct scanner_link **out, const struct scanner_options *options,
		       int64_t now_ms)
{
	struct scanner_link *l = calloc(1, sizeof(*l));

	if (!l)
		return -ENOMEM;
	*l = (struct scanner_link){ .sim_fd = options->sim_fd,
				    .socket = -1,
				    .pid = -1,
				    .dying = -1,
				    .preview_fd = -1,
				    .backoff_ms = BACKOFF_FIRST_MS };
	int r = -ENOMEM;
	l->program = strdup(options->program);
	l->camera = strdup(options->camera);
	if (l->program && l->camera)
		r = make_preview(l);
	if (r == 0)
		r = start_child(l, now_ms);
	if (r) {
		scanner_link_stop(l);
		return r;
	}
	*out = l;
	return 0;
}

static void log_end(pid_t pid, int status)
{
	if (WIFSIGNALED(status))
		log_warn("scanner %d ended by signal %d", (int)pid, WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		log_debug("scanner %d ended with %d", (int)pid, WEXITSTATUS(status));
}

/* Waits at most wait_ms for pid to end. True when it is reaped. */
static bool reap(pid_t pid, int wait_ms)
{
	int status;
	CLEANUP(close_fd) int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd p = { .fd = fd, .events = POLLIN };

	if (fd >= 0)
		poll(&p, 1, wait_ms);
	pid_t r = waitpid(pid, &status, WNOHANG);
	if (r == pid)
		log_end(pid, status);
	return r != 0;
}

void scanner_link_stop(struct scanner_link *l)
{
	close_fd(&l->socket);
	if (l->dying > 0)
		reap(l->dying, REAP_WAIT_MS);
	if (l->pid > 0 && !reap(l->pid, REAP_WAIT_MS)) {
		kill(l->pid, SIGKILL);
		reap(l->pid, REAP_WAIT_MS);
	}
	if (l->preview)
		munmap(l->preview, PREVIEW_BYTES);
	close_fd(&l->preview_fd);
	free(l->program);
	free(l->camera);
	free(l);
}

int scanner_link_fd(const struct scanner_link *l)
{
	return l->socket;
}

pid_t scanner_link_pid(const struct scanner_link *l)
{
	return l->pid;
}

/*
 * A child that starts owes a word, one that streams owes frames while they are wanted. A simulated
 * camera is opened in no time that counts, so its starting is not timed.
 */
static bool word_is_due(const struct scanner_link *l)
{
	if (l->socket < 0)
		return false;
	if (l->want_unsent)
		return true;
	return l->streaming ? l->decode || l->preview_wanted : l->sim_fd < 0;
}

int64_t scanner_link_deadline_ms(const struct scanner_link *l)
{
	if (l->socket < 0)
		return l->restart_at_ms;
	if (word_is_due(l))
		return l->alive_at_ms + HUNG_AFTER_MS;
	return INT64_MAX;
}

/* The child is not needed any more, or dead already. */
static void end_child(struct scanner_link *l, int64_t now_ms)
{
	close_fd(&l->socket);
	kill(l->pid, SIGKILL);
	l->dying = l->pid;
	l->pid = -1;
	if (now_ms - l->started_ms >= HEALTHY_AFTER_MS)
		l->backoff_ms = BACKOFF_FIRST_MS;
	int64_t wait_ms = l->backoff_ms;
	if (l->said_gone && wait_ms > ABSENT_RETRY_MS)
		wait_ms = ABSENT_RETRY_MS;
	l->restart_at_ms = now_ms + wait_ms;
	l->backoff_ms = l->backoff_ms * 2 > BACKOFF_LAST_MS ? BACKOFF_LAST_MS : l->backoff_ms * 2;
	l->restart_untold = !l->said_gone;
}

static void restart(struct scanner_link *l, int64_t now_ms)
{
	if (l->dying > 0 && !reap(l->dying, REAP_WAIT_MS)) {
		l->restart_at_ms = now_ms + BACKOFF_LAST_MS;
		return;
	}
	l->dying = -1;
	int r = start_child(l, now_ms);
	if (r) {
		log_error("scanner cannot be started: %s", strerror(-r));
		l->restart_at_ms = now_ms + BACKOFF_LAST_MS;
	}
}

static bool silence_is_expected(const struct scanner_link *l)
{
#ifdef GATEHOUSE_SIM
	return l->sim_fd >= 0 && !sim_camera_starves(l->sim_fd);
#else
	(void)l;
	return false;
#endif
}

void scanner_link_tick(struct scanner_link *l, int64_t now_ms)
{
	if (l->socket < 0) {
		if (now_ms >= l->restart_at_ms)
			restart(l, now_ms);
		return;
	}
	if (l->want_unsent)
		send_want(l);
	if (!word_is_due(l))
		return;
	if (now_ms - l->alive_at_ms < HUNG_AFTER_MS)
		return;
	if (silence_is_expected(l)) {
		l->alive_at_ms = now_ms;
		return;
	}
	log_warn("scanner %d hangs, killed", (int)l->pid);
	end_child(l, now_ms);
}

static void note_state(struct scanner_link *l, const struct scanner_msg *msg, int64_t now_ms)
{
	static const char *const NAMES[SCANNER_CAMERA_COUNT_] = {
		[SCANNER_CAMERA_STARTING] = "starting",
		[SCANNER_CAMERA_STREAMING] = "streaming",
		[SCANNER_CAMERA_ABSENT] = "absent",
		[SCANNER_CAMERA_FAILED] = "failed",
	};

	if (msg->camera == SCANNER_CAMERA_STREAMING && !l->streaming)
		l->alive_at_ms = now_ms;
	l->streaming = msg->camera == SCANNER_CAMERA_STREAMING;
	l->said_gone = msg->camera == SCANNER_CAMERA_ABSENT || msg->camera == SCANNER_CAMERA_FAILED;
	if (msg->camera != l->logged)
		log_info("camera %s%s%s", NAMES[msg->camera], msg->error ? ": " : "",
			 msg->error ? strerror(msg->error) : "");
	l->logged = msg->camera;
}

static bool tell_restart(struct scanner_link *l, struct scanner_msg *msg)
{
	if (!l->restart_untold)
		return false;
	l->restart_untold = false;
	*msg = (struct scanner_msg){ .type = SCANNER_STATE, .camera = SCANNER_CAMERA_STARTING };
	l->logged = SCANNER_CAMERA_STARTING;
	return true;
}

bool scanner_link_next(struct scanner_link *l, struct scanner_msg *msg, int64_t now_ms)
{
	uint8_t packet[SCANNER_MSG_MAX +
		       1]; /* one more, so that a longer packet does not look good */

	if (l->socket < 0)
		return tell_restart(l, msg);
	ssize_t n = recv(l->socket, packet, sizeof(packet), MSG_DONTWAIT);
	/* Said once when the child left without reading all; its own last words are still to come.
	 */
	if (n < 0 && errno == ECONNRESET)
		n = recv(l->socket, packet, sizeof(packet), MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n <= 0) {
		end_child(l, now_ms);
		return tell_restart(l, msg);
	}
	/* WANT is only ever said to the scanner. */
	if (!scanner_msg_decode(msg, packet, (size_t)n) || msg->type == SCANNER_WANT) {
		log_warn("scanner %d sent nonsense, killed", (int)l->pid);
		l->said_gone = false;
		end_child(l, now_ms);
		return tell_restart(l, msg);
	}
	if (msg->type == SCANNER_STATE)
		note_state(l, msg, now_ms);
	else
		l->alive_at_ms = now_ms;
	return true;
}

void scanner_link_want(struct scanner_link *l, bool decode, bool preview, int64_t now_ms)
{
	if (l->decode == decode && l->preview_wanted == preview)
		return;
	if (!l->decode && !l->preview_wanted)
		l->alive_at_ms = now_ms; /* nothing was due until now */
	l->decode = decode;
	l->preview_wanted = preview;
	if (l->socket >= 0)
		send_want(l);
}

const uint8_t *scanner_link_preview(const struct scanner_link *l, uint8_t slot)
{
	assert(slot < PREVIEW_SLOTS);
	return l->preview + (size_t)PREVIEW_WIDTH * PREVIEW_HEIGHT * slot;
}
