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
#define STEPS KIOSK_STEPS(VISITS)

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
	struct keyring ring = { .count = 1 };
	memcpy(ring.identities[0], k->identity, sizeof(k->identity));
	bool good = verify_export(path, k->public_key, &ring, out);

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
	assert_string_equal(strrchr(first, '/') + 1, "gatehouse-7-20261123-080000-4");
	/* the same export again: another name, nothing overwritten, both good */
	kiosk_export(k, VISIT, VISITS, second);
	assert_string_equal(strrchr(second, '/') + 1, "gatehouse-7-20261123-080000-4-2");
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
	kiosk_play(k, VISIT, VISITS, 0, 2);
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
	assert_int_equal(k->answer.failed.problem, STICK_PROBLEM_TOO_LARGE);
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

static void expect_full(struct test_kiosk *k)
{
	assert_true(kiosk_receive(k));
	if (k->answer.type == STICK_MANIFEST) {
		kiosk_sign(k);
		assert_true(kiosk_receive(k));
	}
	assert_int_equal(k->answer.type, STICK_FAILED);
	assert_int_equal(k->answer.failed.problem, STICK_PROBLEM_FULL);
	assert_int_equal(k->answer.failed.error, ENOSPC);
	assert_int_equal(kiosk_end(k), 1);
}

/* Too full from the start: said before anything is written. */
static void test_no_room(void **state)
{
	struct test_kiosk *k = *state;
	char path[PATH_MAX];

	if (!mount_stick(k, "size=64k"))
		skip();
	kiosk_start(k, NULL);
	kiosk_play(k, VISIT, VISITS, 0, 2);
	expect_full(k);
	assert_int_equal(kiosk_count(k->stick, ""), 2);
	umount(k->stick);
	assert_true(mount_stick(k, "size=256k"));
	kiosk_export(k, VISIT, VISITS, path);
	assert_true(verified(k, path));
	umount(k->stick);
}

/* There was room, and somebody else takes it: all but so many pages. */
static void test_full_in_mid_run(void **state)
{
	struct test_kiosk *k = *state;
	char filler[PATH_MAX], page[4096] = { 0 };
	uint8_t body[STICK_BODY_MAX];
	struct stick_msg msg;

	for (int pages = 0; pages < 4; pages++) {
		if (!mount_stick(k, "size=256k"))
			skip();
		kiosk_start(k, NULL);
		assert_true(kiosk_play(k, VISIT, VISITS, 0, 3));
		kiosk_settle(k);
		assert_true(kiosk_message(k, VISIT, VISITS, 3, &msg, body));
		snprintf(filler, sizeof(filler), "%s/filler", k->stick);
		int fd = open(filler, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		off_t size = 0;
		while (write(fd, page, sizeof(page)) == (ssize_t)sizeof(page))
			size += (off_t)sizeof(page);
		assert_true(size > 0);
		assert_int_equal(ftruncate(fd, size - pages * (off_t)sizeof(page)), 0);
		close(fd);
		kiosk_play(k, VISIT, VISITS, 3, -1);
		expect_full(k);
		assert_int_equal(kiosk_count(k->stick, ""), 3); /* with the filler */
		umount(k->stick);
	}
}

static void test_read_only(void **state)
{
	struct test_kiosk *k = *state;

	if (!mount_stick(k, "size=1m"))
		skip();
	assert_int_equal(mount(NULL, k->stick, NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
	kiosk_start(k, NULL);
	kiosk_play(k, VISIT, VISITS, 0, 2);
	expect_failed(k, STICK_PROBLEM_READ_ONLY);
	umount(k->stick);
}

/* Bytes that change on the stick between writing and reading back. */
static void test_changed_on_the_stick(void **state)
{
	static const off_t PLACES[] = { 0, 100, 5000 };
	struct test_kiosk *k = *state;
	char path[PATH_MAX];

	for (size_t i = 0; i < ARRAY_LEN(PLACES); i++) {
		kiosk_start(k, NULL);
		kiosk_play(k, VISIT, VISITS, 0, STEPS);
		assert_true(kiosk_receive(k));
		snprintf(path, sizeof(path), "%s/.gatehouse-partial-1/%s" EXPORT_ARCHIVE_SUFFIX,
			 k->stick, "gatehouse-7-20261123-080000-4");
		int fd = open(path, O_WRONLY);
		assert_true(fd >= 0);
		assert_int_equal(pwrite(fd, "\xFF\xFF", 2, PLACES[i]), 2);
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

	for (int wrong = 0; wrong < 9; wrong++) {
		kiosk_start(k, NULL);
		kiosk_play(k, VISIT, VISITS, 0, wrong == 0 ? 0 : wrong == 8 ? 1 : 4);
		/* FINISH too early; an event left out; a person among the events */
		assert_true(kiosk_message(k, VISIT, VISITS,
					  wrong == 1   ? 6
					  : wrong == 5 ? 9
						       : STEPS - 1,
					  &msg, body));
		if (wrong == 2)
			msg.type = STICK_DONE;
		if (wrong == 3) { /* counts of what was sent, but another head */
			msg.finish = (struct stick_finish){ .last_seq = 1, .events = 1 };
			msg.finish.head[0] = 1;
		}
		if (wrong == 6) /* a section left out */
			msg = (struct stick_msg){ .type = STICK_SECTION,
						  .section = STICK_SECTION_CSV };
		if (wrong == 7) /* the same again */
			msg = (struct stick_msg){ .type = STICK_SECTION,
						  .section = STICK_SECTION_EVENTS };
		if (wrong == 8) /* for nobody */
			msg = (struct stick_msg){ .type = STICK_KEYS };
		if (wrong == 4)
			assert_true(send(k->fd, "\xFF", 1, 0) == 1);
		else
			assert_true(kiosk_send(k, &msg));
		expect_failed(k, STICK_PROBLEM_FAILED);
		assert_int_equal(kiosk_count(k->stick, ""), 2);
	}
}

/* A visit on a sheet it does not belong on. */
static void test_wrong_sheet(void **state)
{
	struct test_kiosk *k = *state;
	struct stick_msg msg = { .type = STICK_VISIT, .visit = VISIT[0] };
	int refusals = 2 + STICK_SECTION_CSV + STICK_SHEET_REFUSALS + 1 + VISITS + 1 + 3 * VISITS;

	kiosk_start(k, NULL);
	kiosk_play(k, VISIT, VISITS, 0, refusals);
	assert_true(kiosk_send(k, &msg));
	expect_failed(k, STICK_PROBLEM_FAILED);
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
		TEST(test_no_room),
		TEST(test_full_in_mid_run),
		TEST(test_read_only),
		TEST(test_changed_on_the_stick),
		TEST(test_broken_protocol),
		TEST(test_wrong_sheet),
		TEST(test_wrong_signature),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
