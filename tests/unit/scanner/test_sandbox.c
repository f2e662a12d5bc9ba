/*
 * Each forbidden act is done in a child of its own: alive before the sandbox, dead by SIGSYS after.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

#include "helper_frames.h"
#include "scanner/decode.h"
#include "scanner/sandbox.h"

enum { DONE = 7, NO_SANDBOX = 8, NOT_READ = 9 };

struct fixture {
	int socket, other; /* of one pair */
	int v4l2; /* any fd: seccomp looks at the number, not at what is behind it */
	int file;
};

typedef void (*act)(const struct fixture *f);

/* The wait status of a child that does it inside the sandbox, or without. */
static int status_of(act do_it, bool inside)
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		int pair[2];
		if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair))
			_exit(NO_SANDBOX);
		struct fixture f = { pair[0], pair[1], open("/dev/null", O_RDWR),
				     open("/proc/self/exe", O_RDONLY) };
		struct sandbox sandbox = { .socket = f.socket, .v4l2 = f.v4l2, .sim = -1 };
		if (inside && sandbox_enter(&sandbox))
			_exit(NO_SANDBOX);
		do_it(&f);
		_exit(DONE);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void open_file(const struct fixture *f)
{
	(void)f;
	int fd = open("/etc/passwd", O_RDONLY);
	(void)fd;
}

static void make_socket(const struct fixture *f)
{
	(void)f;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	(void)fd;
}

static void fork_child(const struct fixture *f)
{
	(void)f;
	if (fork() == 0)
		_exit(0);
}

static void execute(const struct fixture *f)
{
	(void)f;
	execl("/bin/true", "true", NULL);
}

static void kill_parent(const struct fixture *f)
{
	(void)f;
	kill(getppid(), 0);
}

static void map_code(const struct fixture *f)
{
	(void)f;
	void *p = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	(void)p;
}

static void map_file(const struct fixture *f)
{
	void *p = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, f->file, 0);
	(void)p;
}

static void make_executable(const struct fixture *f)
{
	(void)f;
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int r = mprotect(p, 4096, PROT_READ | PROT_EXEC);
	(void)r;
}

static void other_ioctl(const struct fixture *f)
{
	int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
	ioctl(f->v4l2, VIDIOC_STREAMOFF, &type);
}

static void ioctl_elsewhere(const struct fixture *f)
{
	(void)f;
	struct v4l2_buffer b = { 0 };
	ioctl(STDERR_FILENO, VIDIOC_QBUF, &b);
}

static void write_elsewhere(const struct fixture *f)
{
	ssize_t n = write(f->v4l2, "x", 1);
	(void)n;
}

static void read_elsewhere(const struct fixture *f)
{
	char byte;
	ssize_t n = read(f->file, &byte, 1);
	(void)n;
}

static void talk_elsewhere(const struct fixture *f)
{
	send(f->other, "x", 1, MSG_DONTWAIT);
}

static void become_dumpable(const struct fixture *f)
{
	(void)f;
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

static void test_forbidden_acts_kill(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		act act;
	} ACTS[] = {
		{ "open a file", open_file },
		{ "make a socket", make_socket },
		{ "fork", fork_child },
		{ "signal the parent", kill_parent },
		{ "map code", map_code },
		{ "map a file", map_file },
		{ "make memory executable", make_executable },
		{ "another ioctl of the camera", other_ioctl },
		{ "the right ioctl elsewhere", ioctl_elsewhere },
		{ "write elsewhere", write_elsewhere },
		{ "read elsewhere", read_elsewhere },
		{ "talk elsewhere", talk_elsewhere },
		{ "become dumpable", become_dumpable },
	};
	for (size_t i = 0; i < ARRAY_LEN(ACTS); i++) {
		int outside = status_of(ACTS[i].act, false);
		int inside = status_of(ACTS[i].act, true);
		if (!WIFSIGNALED(inside) || WTERMSIG(inside) != SIGSYS)
			fail_msg("%s: status %#x", ACTS[i].name, (unsigned)inside);
		assert_true(WIFEXITED(outside) && WEXITSTATUS(outside) == DONE);
	}
	int inside = status_of(execute, true);
	assert_true(WIFSIGNALED(inside) && WTERMSIG(inside) == SIGSYS);
}

static void live(const struct fixture *f)
{
	struct pollfd p = { .fd = f->socket, .events = POLLOUT };
	struct v4l2_buffer b = { .index = 1 };
	struct timespec t;
	char bytes[16];
	bool good = send(f->socket, "x", 1, MSG_NOSIGNAL) == 1;

	good = good && poll(&p, 1, 0) == 1;
	good = good && recv(f->socket, bytes, sizeof(bytes), MSG_DONTWAIT) < 0 && errno == EAGAIN;
	/* Reaches the device behind the fd, which is no camera: ENOTTY, and no signal. */
	good = good && ioctl(f->v4l2, VIDIOC_QBUF, &b) < 0 && errno == ENOTTY;
	good = good && ioctl(f->v4l2, VIDIOC_DQBUF, &b) < 0 && errno == ENOTTY;
	good = good && clock_gettime(CLOCK_MONOTONIC, &t) == 0;
	for (size_t size = 16; good && size <= (size_t)32 << 20; size *= 2) {
		char *p1 = malloc(size);
		char *p2 = p1 ? realloc(p1, size * 2) : NULL;
		good = p2 != NULL;
		free(p2);
	}
	if (!good)
		_exit(NOT_READ);
}

static void test_what_it_needs_works(void **state)
{
	(void)state;
	int status = status_of(live, true);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), DONE);
}

static void look_inside(void)
{
	struct luma luma;
	struct decoder *decoder;
	struct decode_result result;
	struct camera_frame frames[44];
	size_t count = 0;

	if (luma_open(&luma) || decoder_open(&decoder))
		_exit(NO_SANDBOX);
	for (unsigned eci = 0; eci < 40; eci++) {
		QRinput *input = QRinput_new2(0, QR_ECLEVEL_M);
		QRinput_appendECIheader(input, eci);
		QRinput_append(input, QR_MODE_8, 6, (const unsigned char *)"gate 7");
		QRcode *code = QRcode_encodeInput(input);
		uint8_t *grey = grey_with_code(code, 4, 256, 256);
		frames[count++] = frame_from_grey(PIXEL_GREY, grey, 256, 256, 0);
		if (eci < 4) /* each pixel format once more */
			frames[count++] =
				frame_from_grey((enum pixel_format)eci, grey, 256, 256, 0);
		free(grey);
		QRcode_free(code);
		QRinput_free(input);
	}
	struct sandbox sandbox = { .socket = STDOUT_FILENO, .v4l2 = -1, .sim = -1 };
	if (sandbox_enter(&sandbox))
		_exit(NO_SANDBOX);
	for (size_t i = 0; i < count; i++)
		if (!luma_from_frame(&luma, &frames[i]) ||
		    !decoder_scan_all(decoder, &luma, &result))
			_exit(NOT_READ);
	_exit(DONE);
}

/* The whole way from frame to payload, with every character set a code may name, opens no file. */
static void test_decoding_needs_nothing_more(void **state)
{
	(void)state;
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		look_inside();
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), DONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forbidden_acts_kill),
		cmocka_unit_test(test_what_it_needs_works),
		cmocka_unit_test(test_decoding_needs_nothing_more),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
