#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "helper_kiosk.h"
#include "stick/sandbox.h"

static bool opens(const char *dir, const char *name, int flags)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	CLEANUP(close_fd) int fd = open(path, flags | O_CLOEXEC, 0600);
	return fd >= 0;
}

/* Bits of what the process can still do: 0 is what is wanted. */
static int tries(const struct test_kiosk *k)
{
	CLEANUP(close_fd) int sock = socket(AF_UNIX, SOCK_STREAM, 0);
	char *argv[] = { (char *)"true", NULL };
	int can = 0;

	can |= sock >= 0 ? 1 : 0;
	can |= prctl(PR_GET_DUMPABLE) != 0 ? 2 : 0;
	execv("/bin/true", argv);
	can |= !opens(k->stick, "new", O_WRONLY | O_CREAT) ? 4 : 0;
	can |= opens(k->work, "new", O_WRONLY | O_CREAT) ? 8 : 0;
	can |= opens("/etc", "passwd", O_RDONLY) ? 16 : 0;
	can |= opens(k->root, "new", O_WRONLY | O_CREAT) ? 32 : 0;
	return can;
}

static void test_confined(void **state)
{
	struct test_kiosk k;
	int status;

	(void)state;
	kiosk_init(&k);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(sandbox_enter(k.stick) ? 64 : tries(&k));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	int can = WEXITSTATUS(status);
	assert_int_equal(can & ~56, 0);
	if (can == 56)
		print_message("this kernel has no Landlock: files are not confined\n");
	else
		assert_int_equal(can, 0);
	kiosk_fini(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_confined) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
