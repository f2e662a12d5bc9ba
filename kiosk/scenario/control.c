/*
 * The control socket: scenario lines from another program, one client at a time, each line answered
 * before the next is read. While nobody speaks the program lives on; in virtual time that means it
 * stands still.
 */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/fileio.h"
#include "base/log.h"
#include "base/text.h"
#include "scenario/scenario.h"

static int listen_on(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	if (!text_copy(address.sun_path, sizeof(address.sun_path), path)) {
		close(fd);
		return -ENAMETOOLONG;
	}
	unlink(path);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, 1) < 0) {
		int err = -errno;
		close(fd);
		return err;
	}
	return fd;
}

/* While time stands still the loop does not turn, so its signals are looked for here. */
static bool told_to_stop(const struct scenario *s)
{
	sigset_t waiting;

	if (s->app->quit)
		return true;
	sigpending(&waiting);
	return sigismember(&waiting, SIGTERM) || sigismember(&waiting, SIGINT);
}

/* Lives on until fd is readable. */
static bool wait_for(struct scenario *s, int fd)
{
	while (!told_to_stop(s)) {
		bool live = s->running && s->realtime;
		struct pollfd p = { .fd = fd, .events = POLLIN };
		if (poll(&p, 1, live ? 0 : 100) > 0)
			return true;
		if (live)
			scenario_wait(s, 20);
	}
	return false;
}

static bool answer(int fd, struct scenario *s, enum scenario_result result)
{
	static const char *const HEAD[] = { "ok\n", "", "no: ", "ok\n" };
	bool failed = result == SCENARIO_FAILED, value = result == SCENARIO_VALUE;
	int err = fd_write_all(fd, HEAD[result], strlen(HEAD[result]));

	if (!err && (failed || value))
		err = fd_write_all(fd, s->answer, strlen(s->answer));
	if (!err && failed)
		err = fd_write_all(fd, "\n", 1);
	if (!err && value)
		err = fd_write_all(fd, ".\n", 2);
	return err == 0;
}

/* Talks to one client. False when it asked to quit. */
static bool talk(struct scenario *s, int fd)
{
	char buf[SCENARIO_LINE_BYTES * 2];
	size_t len = 0;

	for (;;) {
		char *end = memchr(buf, '\n', len);
		if (end) {
			*end = '\0';
			enum scenario_result result = scenario_command(s, buf);
			size_t used = (size_t)(end - buf) + 1;
			memmove(buf, buf + used, len - used);
			len -= used;
			if (!answer(fd, s, result))
				return true;
			if (result == SCENARIO_QUIT)
				return false;
			continue;
		}
		if (len == sizeof(buf)) { /* a line nobody can mean, and no end of it in sight */
			text_format(s->answer, sizeof(s->answer),
				    "the line is longer than %d bytes", SCENARIO_LINE_BYTES - 1);
			answer(fd, s, SCENARIO_FAILED);
			return true;
		}
		if (!wait_for(s, fd))
			return false;
		ssize_t n = read(fd, buf + len, sizeof(buf) - len);
		if (n <= 0)
			return true;
		len += (size_t)n;
	}
}

int scenario_serve(struct scenario *s, const char *path)
{
	CLEANUP(close_fd) int listener = listen_on(path);

	if (listener < 0) {
		fprintf(stderr, "%s: the control socket cannot be made: %s\n", path,
			strerror(-listener));
		listener = -1;
		return 2;
	}
	log_info("control socket %s", path);
	bool more = true;
	while (more && wait_for(s, listener)) {
		CLEANUP(close_fd) int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (client >= 0)
			more = talk(s, client);
	}
	unlink(path);
	return 0;
}
