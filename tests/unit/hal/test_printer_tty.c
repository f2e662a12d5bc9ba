#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sys/stat.h>

#include "tests/unit/hal/helper_printer.h"

/* By path, over a pseudo terminal behind a symbolic link: as udev names a serial printer. */
struct tty {
	int master;
	char dir[40], path[64];
};

static void tty_plug(struct tty *t)
{
	t->master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	assert_true(t->master >= 0);
	assert_int_equal(grantpt(t->master), 0);
	assert_int_equal(unlockpt(t->master), 0);
	unlink(t->path);
	assert_int_equal(symlink(ptsname(t->master), t->path), 0);
}

static void tty_unplug(struct tty *t)
{
	unlink(t->path);
	close_fd(&t->master);
}

static struct tty tty_new(void)
{
	struct tty t = { .master = -1, .dir = "/tmp/gatehouse-printer-XXXXXX" };

	assert_non_null(mkdtemp(t.dir));
	snprintf(t.path, sizeof(t.path), "%s/lp0", t.dir);
	return t;
}

static void tty_free(struct tty *t)
{
	tty_unplug(t);
	assert_int_equal(rmdir(t->dir), 0);
}

static void test_path_absent_then_plugged(void **state)
{
	(void)state;
	struct tty t = tty_new();
	struct rig r = { .fd = -1 };
	assert_int_equal(printer_open(&r.p, t.path), 0);
	assert_int_equal(printer_state(r.p), PRINTER_ABSENT);
	assert_true(printer_deadline_ms(r.p) <= 0);
	assert_int_equal(rig_run(&r, 10000), PRINTER_NOTHING); /* tries every 2 s, nothing comes */
	assert_int_equal(printer_state(r.p), PRINTER_ABSENT);
	assert_true(printer_deadline_ms(r.p) == 12000);
	tty_plug(&t);
	r.fd = t.master;
	rig_healthy(&r);
	assert_int_equal(printer_io(r.p, 11999), PRINTER_NOTHING);
	assert_int_equal(printer_state(r.p), PRINTER_ABSENT); /* not before its time */
	assert_int_equal(rig_run(&r, 12100), PRINTER_NOTHING);
	assert_int_equal(printer_state(r.p), PRINTER_READY);
	rig_print(&r);
	assert_int_equal(rig_run(&r, 60000), PRINTER_JOB_DONE);
	rig_assert_job(&r, 0); /* raw: 0x0A, 0x0D, 0x11, 0x13 and all others unchanged */
	r.fd = -1;
	rig_free(&r);
	tty_free(&t);
}

static void test_path_unplugged_and_replugged(void **state)
{
	(void)state;
	struct tty t = tty_new();
	struct rig r = { .fd = -1 };
	tty_plug(&t);
	r.fd = t.master;
	rig_healthy(&r);
	assert_int_equal(printer_open(&r.p, t.path), 0);
	assert_int_equal(printer_state(r.p), PRINTER_UNKNOWN);
	rig_print(&r);
	rig_run_into_job(&r);
	r.fd = -1;
	tty_unplug(&t);
	assert_int_equal(rig_run(&r, 60000), PRINTER_JOB_FAILED);
	assert_int_equal(printer_state(r.p), PRINTER_ABSENT);
	assert_true(printer_deadline_ms(r.p) == r.now + 2000);
	tty_plug(&t);
	r.fd = t.master;
	r.len = 0;
	assert_int_equal(rig_run(&r, r.now + 3000), PRINTER_NOTHING);
	assert_int_equal(printer_state(r.p), PRINTER_READY);
	size_t at = r.len;
	assert_int_equal(at, 72 * 64); /* the torn block was filled up */
	rig_print(&r);
	assert_int_equal(rig_run(&r, 60000), PRINTER_JOB_DONE);
	rig_assert_job(&r, at);
	r.fd = -1;
	rig_free(&r);
	tty_free(&t);
}

/* All 256 values reach the other end of a terminal line. */
static void test_terminal_is_raw(void **state)
{
	(void)state;
	struct tty t = tty_new();
	struct rig r = { .fd = -1 };
	uint8_t all[255], got[300];
	size_t len = 0;
	tty_plug(&t);
	assert_int_equal(printer_open(&r.p, t.path), 0);
	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (uint8_t)(i + 1);
	assert_int_equal(printer_print(r.p, all, sizeof(all), 0), 0);
	enum printer_result result = PRINTER_NOTHING;
	r.fd = t.master;
	for (int i = 0; i < 100 && result == PRINTER_NOTHING; i++) {
		result = printer_io(r.p, i * 100);
		rig_ready(&r);
		ssize_t n = read(t.master, got + len, sizeof(got) - len);
		len += n > 0 ? (size_t)n : 0;
	}
	assert_int_equal(result, PRINTER_JOB_UNSURE);
	assert_int_equal(len, 6 + sizeof(all) + 6); /* two rounds of one open question around it */
	assert_memory_equal(got + 6, all, sizeof(all));
	r.fd = -1;
	rig_free(&r);
	tty_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_path_absent_then_plugged),
		cmocka_unit_test(test_path_unplugged_and_replugged),
		cmocka_unit_test(test_terminal_is_raw),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
