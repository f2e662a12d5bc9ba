/* Whatever somebody puts on a stick under the two names: bytes, or a word, and never a wait. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "base/fileio.h"
#include "codec/order.h"
#include "helper_kiosk.h"
#include "stick/fetch.h"
#include "stick/sandbox.h"

#define TEXT "gatehouse-order 1\nwhatever it says\n"
#define SIGNATURE "0123\n"

struct fixture {
	struct test_kiosk kiosk; /* its folders; its job is not started */
	int here, there; /* the two ends of the socket */
	struct stick_msg text, signature;
	uint8_t packets[2][STICK_MSG_MAX]; /* which those point into */
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	int pair[2];

	kiosk_init(&f->kiosk);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	f->here = pair[0];
	f->there = pair[1];
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	close_fd(&f->here);
	close_fd(&f->there);
	kiosk_fini(&f->kiosk);
	free(f);
	return 0;
}

static const char *on_stick(const struct fixture *f, const char *name)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", f->kiosk.stick, name);
	return path;
}

static void put(const struct fixture *f, const char *name, const char *data, size_t len)
{
	assert_int_equal(file_write_atomic(on_stick(f, name), data, len, 0600), 0);
}

static void receive(struct fixture *f, int which, struct stick_msg *msg)
{
	ssize_t n = recv(f->here, f->packets[which], sizeof(f->packets[which]), MSG_DONTWAIT);

	assert_true(n > 0);
	assert_true(stick_msg_decode(msg, f->packets[which], (size_t)n));
}

static void receive_both(struct fixture *f)
{
	uint8_t byte;

	receive(f, 0, &f->text);
	receive(f, 1, &f->signature);
	assert_int_equal(f->text.type, STICK_ORDER);
	assert_int_equal(f->signature.type, STICK_ORDER_SIGNATURE);
	assert_true(recv(f->here, &byte, 1, MSG_DONTWAIT) < 0); /* and nothing else */
}

static void fetch(struct fixture *f)
{
	assert_int_equal(fetch_run(f->there, f->kiosk.stick), 0);
	receive_both(f);
}

static void assert_file(const struct stick_msg *msg, const char *data, size_t len)
{
	assert_int_equal(msg->file.found, STICK_FILE_WHOLE);
	assert_int_equal(msg->file.len, len);
	assert_memory_equal(msg->file.bytes, data, len);
}

static void test_both(void **state)
{
	struct fixture *f = *state;

	put(f, ORDER_NAME, TEXT, strlen(TEXT));
	put(f, ORDER_SIGNATURE_NAME, SIGNATURE, strlen(SIGNATURE));
	fetch(f);
	assert_file(&f->text, TEXT, strlen(TEXT));
	assert_file(&f->signature, SIGNATURE, strlen(SIGNATURE));
	assert_int_equal(kiosk_count(f->kiosk.stick, ""), 4); /* . and .. : nothing was written */
	assert_int_equal(kiosk_count(f->kiosk.work, ""), 2);
}

static void test_absent(void **state)
{
	struct fixture *f = *state;

	fetch(f);
	assert_int_equal(f->text.file.found, STICK_FILE_ABSENT);
	assert_int_equal(f->signature.file.found, STICK_FILE_ABSENT);
	put(f, ORDER_NAME, TEXT, strlen(TEXT));
	fetch(f);
	assert_file(&f->text, TEXT, strlen(TEXT));
	assert_int_equal(f->signature.file.found, STICK_FILE_ABSENT);
}

/* Any bytes pass, and only so many. */
static void test_sizes(void **state)
{
	struct fixture *f = *state;
	char data[ORDER_MAX + 1];

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (char)(i * 31);
	put(f, ORDER_NAME, data, ORDER_MAX);
	put(f, ORDER_SIGNATURE_NAME, data, 0);
	fetch(f);
	assert_file(&f->text, data, ORDER_MAX);
	assert_int_equal(f->signature.file.found, STICK_FILE_WHOLE);
	assert_int_equal(f->signature.file.len, 0);
	put(f, ORDER_NAME, data, ORDER_MAX + 1);
	put(f, ORDER_SIGNATURE_NAME, data, 1);
	assert_int_equal(truncate(on_stick(f, ORDER_SIGNATURE_NAME), INT64_C(1) << 40), 0);
	fetch(f);
	assert_int_equal(f->text.file.found, STICK_FILE_UNFIT);
	assert_int_equal(f->signature.file.found, STICK_FILE_UNFIT);
}

static void assert_unfit(struct fixture *f)
{
	put(f, ORDER_SIGNATURE_NAME, SIGNATURE, strlen(SIGNATURE));
	fetch(f);
	assert_int_equal(f->text.file.found, STICK_FILE_UNFIT);
	assert_file(&f->signature, SIGNATURE, strlen(SIGNATURE)); /* the other is not harmed */
	remove(on_stick(f, ORDER_NAME));
}

/* Out of the stick, and even to a good file on it: a link is never followed. */
static void test_links(void **state)
{
	static const char *const TARGETS[] = { "/etc/passwd", "../work/secret", "real.txt",
					       ".",           "nothing",        ORDER_NAME };
	struct fixture *f = *state;
	char secret[PATH_MAX];

	snprintf(secret, sizeof(secret), "%s/secret", f->kiosk.work);
	assert_int_equal(file_write_atomic(secret, TEXT, strlen(TEXT), 0600), 0);
	put(f, "real.txt", TEXT, strlen(TEXT));
	for (size_t i = 0; i < ARRAY_LEN(TARGETS); i++) {
		assert_int_equal(symlink(TARGETS[i], on_stick(f, ORDER_NAME)), 0);
		assert_unfit(f);
	}
}

static void make_socket(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	CLEANUP(close_fd) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0 && strlen(path) < sizeof(address.sun_path));
	strcpy(address.sun_path, path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
}

/* A pipe that nobody writes to would hold a careless reader for ever. */
static void test_no_regular_files(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(mkdir(on_stick(f, ORDER_NAME), 0700), 0);
	assert_unfit(f);
	assert_int_equal(mkfifo(on_stick(f, ORDER_NAME), 0600), 0);
	assert_unfit(f);
	make_socket(on_stick(f, ORDER_NAME));
	assert_unfit(f);
	if (mknod(on_stick(f, ORDER_NAME), S_IFCHR | 0600, makedev(1, 5)) ==
	    0) /* zeroes, endless */
		assert_unfit(f);
	else
		print_message("no right to make a device: not tried\n");
}

static void assert_failed(struct fixture *f, enum stick_problem problem)
{
	receive(f, 0, &f->text);
	assert_int_equal(f->text.type, STICK_FAILED);
	assert_int_equal(f->text.failed.problem, problem);
}

static void test_no_stick(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(rmdir(f->kiosk.stick), 0);
	assert_int_equal(fetch_run(f->there, f->kiosk.stick), -ENOMEDIUM);
	assert_failed(f, STICK_PROBLEM_ABSENT);
	assert_int_equal(file_write_atomic(f->kiosk.stick, "", 0, 0600), 0);
	assert_int_equal(fetch_run(f->there, f->kiosk.stick), -ENOMEDIUM);
	assert_failed(f, STICK_PROBLEM_ABSENT);
}

static void test_path_too_long(void **state)
{
	struct fixture *f = *state;
	char path[PATH_MAX + 10];

	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(fetch_run(f->there, path), -ENAMETOOLONG);
	assert_failed(f, STICK_PROBLEM_FAILED);
}

static void test_kiosk_gone(void **state)
{
	struct fixture *f = *state;

	put(f, ORDER_NAME, TEXT, strlen(TEXT));
	close_fd(&f->here);
	assert_int_equal(fetch_run(f->there, f->kiosk.stick), -EPIPE); /* and no signal */
}

/* Nothing it needs is refused by what it has given up. */
static void test_in_the_sandbox(void **state)
{
	struct fixture *f = *state;
	int status;

	put(f, ORDER_NAME, TEXT, strlen(TEXT));
	put(f, ORDER_SIGNATURE_NAME, SIGNATURE, strlen(SIGNATURE));
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(sandbox_enter(f->kiosk.stick) || fetch_run(f->there, f->kiosk.stick));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	receive_both(f);
	assert_file(&f->text, TEXT, strlen(TEXT));
	assert_file(&f->signature, SIGNATURE, strlen(SIGNATURE));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_both),          TEST(test_absent),           TEST(test_sizes),
		TEST(test_links),         TEST(test_no_regular_files), TEST(test_no_stick),
		TEST(test_path_too_long), TEST(test_kiosk_gone),       TEST(test_in_the_sandbox),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
