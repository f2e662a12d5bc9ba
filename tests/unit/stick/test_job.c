#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "base/fileio.h"
#include "helper_kiosk.h"
#include "office/verify.h"

#define VISITS 3
#define STEPS (1 + VISITS + 1 + 2 * VISITS + 1)

static struct visit VISIT[VISITS];

static int setup(void **state)
{
	struct test_kiosk *k = calloc(1, sizeof(*k));

	kiosk_init(k);
	VISIT[0] = kiosk_visit(1, "张伟");
	VISIT[1] = kiosk_visit(2, "=HYPERLINK(\"http://x\")");
	VISIT[2] = kiosk_visit(3, "德木其格");
	*state = k;
	return 0;
}

static int teardown(void **state)
{
	kiosk_fini(*state);
	free(*state);
	return 0;
}

static bool verified(const struct test_kiosk *k, const char *path)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	bool good = verify_export(path, k->public_key, out);

	fclose(out);
	if (!good)
		print_message("%s", text);
	free(text);
	return good;
}

static void test_whole(void **state)
{
	struct test_kiosk *k = *state;
	char first[PATH_MAX], second[PATH_MAX];

	kiosk_export(k, VISIT, VISITS, first);
	assert_true(verified(k, first));
	assert_string_equal(strrchr(first, '/') + 1, "gatehouse-东门-20261123-080000-4");
	/* the same export again: another name, nothing overwritten, both good */
	kiosk_export(k, VISIT, VISITS, second);
	assert_string_equal(strrchr(second, '/') + 1, "gatehouse-东门-20261123-080000-4-2");
	assert_true(verified(k, first));
	assert_true(verified(k, second));
	assert_int_equal(kiosk_count(k->stick, ".gatehouse"), 0);
	assert_int_equal(kiosk_count(k->work, ""), 2); /* . and .. */
}

static void test_empty_register(void **state)
{
	struct test_kiosk *k = *state;
	char path[PATH_MAX];

	kiosk_export(k, NULL, 0, path);
	assert_true(verified(k, path));
}

/* However far it came when it was killed: no final name on a torn export, the older one unharmed,
 * and the next export works and clears away what was left. */
static void test_killed_at_every_step(void **state)
{
	struct test_kiosk *k = *state;
	char old[PATH_MAX], path[PATH_MAX];

	kiosk_export(k, VISIT, 1, old);
	for (int step = 0; step <= STEPS + 1; step++) {
		int before = kiosk_count(k->stick, "gatehouse-");
		kiosk_start(k, NULL);
		kiosk_play(k, VISIT, VISITS, 0, step);
		if (step >= STEPS && kiosk_receive(k) && step > STEPS)
			assert_true(kiosk_sign(k));
		kiosk_settle(k);
		kill(k->pid, SIGKILL);
		kiosk_end(k);
		assert_true(verified(k, old));
		/* after the signature it may just have become whole */
		assert_true(kiosk_count(k->stick, "gatehouse-") == before || step > STEPS);
	}
	kiosk_export(k, VISIT, VISITS, path);
	assert_true(verified(k, path));
	assert_true(verified(k, old));
	assert_int_equal(kiosk_count(k->stick, ".gatehouse-partial"), 0);
}

/* The kiosk goes away: the stick process removes what it has begun, by itself. */
static void test_kiosk_gone_at_every_step(void **state)
{
	struct test_kiosk *k = *state;

	for (int step = 0; step <= STEPS; step++) {
		kiosk_start(k, NULL);
		kiosk_play(k, VISIT, VISITS, 0, step);
		kiosk_settle(k);
		assert_int_equal(kiosk_end(k), 1);
		assert_int_equal(kiosk_count(k->stick, ""), 2);
	}
}

static void expect_failed(struct test_kiosk *k, enum stick_problem problem)
{
	assert_true(kiosk_receive(k));
	assert_int_equal(k->answer.type, STICK_FAILED);
	assert_int_equal(k->answer.failed.problem, problem);
	assert_int_equal(kiosk_end(k), 1);
}

static void test_absent(void **state)
{
	struct test_kiosk *k = *state;

	assert_int_equal(rmdir(k->stick), 0);
	kiosk_start(k, NULL);
	kiosk_play(k, VISIT, VISITS, 0, 1);
	expect_failed(k, STICK_PROBLEM_ABSENT);
}

static int remove_tree(const char *dir)
{
	char command[PATH_MAX + 16];

	snprintf(command, sizeof(command), "rm -r '%s'", dir);
	return system(command);
}

static void test_directory_gone_in_mid_run(void **state)
{
	struct test_kiosk *k = *state;

	kiosk_start(k, NULL);
	kiosk_play(k, VISIT, VISITS, 0, STEPS);
	assert_true(kiosk_receive(k)); /* MANIFEST: every row was written */
	assert_int_equal(remove_tree(k->stick), 0);
	kiosk_sign(k);
	expect_failed(k, STICK_PROBLEM_PULLED);
}

static void limit_files(void)
{
	struct rlimit limit = { 6000, 6000 };

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
}

static void test_file_limit(void **state)
{
	struct test_kiosk *k = *state;
	char old[PATH_MAX];

	kiosk_export(k, VISIT, 1, old);
	kiosk_start(k, limit_files);
	kiosk_play(k, VISIT, VISITS, 0, STEPS);
	assert_true(kiosk_receive(k));
	assert_int_equal(k->answer.type, STICK_FAILED);
	kiosk_end(k);
	assert_true(verified(k, old));
	assert_int_equal(kiosk_count(k->stick, ""), 3); /* . .. and the older export */
}

/* A mount of its own, seen by this process and its children only. */
static bool mount_stick(const struct test_kiosk *k, const char *options)
{
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("gatehouse", k->stick, "tmpfs", 0, options) < 0) {
		print_message("skipped: no mounting here: %s\n", strerror(errno));
		return false;
	}
	return true;
}

static void test_full(void **state)
{
	struct test_kiosk *k = *state;
	char path[PATH_MAX];
	static const char *const SIZES[] = { "size=4k",  "size=8k",  "size=12k",
					     "size=16k", "size=20k", "size=24k" };

	for (size_t i = 0; i < ARRAY_LEN(SIZES); i++) {
		if (!mount_stick(k, SIZES[i]))
			skip();
		kiosk_start(k, NULL);
		kiosk_play(k, VISIT, VISITS, 0, STEPS);
		assert_true(kiosk_receive(k));
		if (k->answer.type == STICK_MANIFEST) {
			kiosk_sign(k);
			assert_true(kiosk_receive(k));
		}
		assert_int_equal(k->answer.type, STICK_FAILED);
		assert_int_equal(k->answer.failed.problem, STICK_PROBLEM_FULL);
		assert_int_equal(k->answer.failed.error, ENOSPC);
		assert_int_equal(kiosk_end(k), 1);
		assert_int_equal(kiosk_count(k->stick, ""), 2);
		umount(k->stick);
	}
	assert_true(mount_stick(k, "size=256k"));
	kiosk_export(k, VISIT, VISITS, path);
	assert_true(verified(k, path));
	umount(k->stick);
}

static void test_read_only(void **state)
{
	struct test_kiosk *k = *state;

	if (!mount_stick(k, "size=1m"))
		skip();
	assert_int_equal(mount(NULL, k->stick, NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
	kiosk_start(k, NULL);
	kiosk_play(k, VISIT, VISITS, 0, 1);
	expect_failed(k, STICK_PROBLEM_READ_ONLY);
	umount(k->stick);
}

/* The work directory is memory: its being full is not the stick's fault. */
static void test_work_full(void **state)
{
	struct test_kiosk *k = *state;
	struct test_kiosk mounted = *k;

	memcpy(mounted.stick, k->work, sizeof(mounted.stick));
	if (!mount_stick(&mounted, "size=512k"))
		skip();
	kiosk_start(k, NULL);
	kiosk_play(k, VISIT, VISITS, 0, STEPS);
	expect_failed(k, STICK_PROBLEM_FAILED);
	umount(k->work);
}

/* Bytes that change on the stick between writing and reading back. */
static void test_changed_on_the_stick(void **state)
{
	static const char *const NAMES[] = { EXPORT_SHEET_NAME, EXPORT_VISITORS_NAME,
					     EXPORT_EVENTS_NAME, EXPORT_PERSONS_NAME };
	struct test_kiosk *k = *state;
	char path[PATH_MAX];

	for (size_t i = 0; i < ARRAY_LEN(NAMES); i++) {
		kiosk_start(k, NULL);
		kiosk_play(k, VISIT, VISITS, 0, STEPS);
		assert_true(kiosk_receive(k));
		snprintf(path, sizeof(path), "%s/.gatehouse-partial-1/%s", k->stick, NAMES[i]);
		int fd = open(path, O_WRONLY);
		assert_true(fd >= 0);
		assert_int_equal(pwrite(fd, "?", 1, 100), 1);
		close(fd);
		kiosk_sign(k);
		expect_failed(k, STICK_PROBLEM_MISMATCH);
		assert_int_equal(kiosk_count(k->stick, ""), 2);
	}
}

/* What a kiosk gone mad may send ends the job and leaves nothing. */
static void test_broken_protocol(void **state)
{
	struct test_kiosk *k = *state;
	struct stick_msg msg;
	uint8_t body[STICK_BODY_MAX];

	for (int wrong = 0; wrong < 5; wrong++) {
		kiosk_start(k, NULL);
		kiosk_play(k, VISIT, VISITS, 0, wrong == 0 ? 0 : 2);
		assert_true(
			kiosk_message(k, VISIT, VISITS, wrong == 1 ? 4 : STEPS - 1, &msg, body));
		if (wrong == 2)
			msg.type = STICK_DONE;
		if (wrong == 3) { /* counts of what was sent, but another head */
			msg.finish = (struct stick_finish){ .last_seq = 1, .events = 1 };
			msg.finish.head[0] = 1;
		}
		if (wrong == 4)
			assert_true(send(k->fd, "\xFF", 1, 0) == 1);
		else
			assert_true(kiosk_send(k, &msg));
		expect_failed(k, STICK_PROBLEM_FAILED);
		assert_int_equal(kiosk_count(k->stick, ""), 2);
	}
}

static void test_wrong_signature(void **state)
{
	struct test_kiosk *k = *state;

	kiosk_start(k, NULL);
	kiosk_play(k, VISIT, VISITS, 0, STEPS);
	assert_true(kiosk_receive(k));
	k->seed[0] ^= 1;
	kiosk_sign(k);
	expect_failed(k, STICK_PROBLEM_FAILED);
	assert_int_equal(kiosk_count(k->stick, ""), 2);
}

static void test_gate_name_is_a_file_name(void **state)
{
	struct test_kiosk *k = *state;
	struct stick_msg msg;
	uint8_t body[STICK_BODY_MAX];

	kiosk_start(k, NULL);
	assert_true(kiosk_message(k, VISIT, VISITS, 0, &msg, body));
	strcpy(msg.open.gate, "../a\\b:北 门");
	assert_true(kiosk_send(k, &msg));
	assert_true(kiosk_play(k, VISIT, VISITS, 1, -1));
	assert_true(kiosk_receive(k));
	kiosk_sign(k);
	assert_true(kiosk_receive(k));
	assert_string_equal(k->answer.done_name, "gatehouse-___a_b_北_门-20261123-080000-4");
	kiosk_end(k);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_whole),
		TEST(test_empty_register),
		TEST(test_killed_at_every_step),
		TEST(test_kiosk_gone_at_every_step),
		TEST(test_absent),
		TEST(test_directory_gone_in_mid_run),
		TEST(test_file_limit),
		TEST(test_full),
		TEST(test_read_only),
		TEST(test_work_full),
		TEST(test_changed_on_the_stick),
		TEST(test_broken_protocol),
		TEST(test_wrong_signature),
		TEST(test_gate_name_is_a_file_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
