/*
 * The whole way of an order: signed files in a folder, the real gatehouse-stick as a process of its
 * own, the judgement here; and the same with stick programs that hang, die, lie and are pulled.
 */
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/fileio.h"
#include "codec/manifest.h"
#include "order_job.h"

#define ISSUED_MS INT64_C(1795392000000) /* 2026-11-23T08:00:00+08:00 */

static const uint8_t SEED[32] = "an office's seed for tests only";

struct fixture {
	char root[64], stick[80], work[80], program[80];
	struct order order;
	struct order_job job;
	struct order_found found;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	strcpy(f->root, "/tmp/gatehouse-order-XXXXXX");
	assert_non_null(mkdtemp(f->root));
	snprintf(f->stick, sizeof(f->stick), "%s/stick", f->root);
	snprintf(f->work, sizeof(f->work), "%s/work", f->root);
	snprintf(f->program, sizeof(f->program), "%s/program", f->root);
	assert_int_equal(mkdir(f->stick, 0700), 0);
	assert_int_equal(mkdir(f->work, 0700), 0);
	f->order = (struct order){ .site = 7,
				   .number = 12,
				   .level = LEVEL_LOCKDOWN,
				   .issued_ms = ISSUED_MS,
				   .not_after_ms = ISSUED_MS + 3600000,
				   .why = "区指挥部通知第12号" };
	f->job = (struct order_job){ .stick_program = TEST_BINARY_DIR "/bin/gatehouse-stick",
				     .stick_dir = f->stick,
				     .site_id = 7,
				     .last_number = 11,
				     .now = { .wall_ms = ISSUED_MS + 60000,
					      .utc_offset_min = 480,
					      .clock_trusted = true } };
	manifest_public(SEED, f->job.public_key);
	*state = f;
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	nftw(f->root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(f);
	return 0;
}

static void put(const struct fixture *f, const char *name, const char *data, size_t len)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", f->stick, name);
	assert_int_equal(file_write_atomic(path, data, len, 0600), 0);
}

static void put_order(const struct fixture *f)
{
	char text[ORDER_MAX], signature[ORDER_SIGNATURE_LEN + 1];
	size_t len = order_encode(&f->order, text, sizeof(text));

	assert_true(len > 0);
	order_sign(text, len, SEED, signature);
	put(f, ORDER_NAME, text, len);
	put(f, ORDER_SIGNATURE_NAME, signature, ORDER_SIGNATURE_LEN);
}

static void fetch(struct fixture *f)
{
	memset(&f->found, 0xAA, sizeof(f->found));
	assert_int_equal(order_fetch(&f->job, &f->found), 0);
}

static void assert_found(struct fixture *f, enum order_outcome outcome)
{
	fetch(f);
	assert_int_equal(f->found.problem, NOTE_NONE);
	assert_true(f->found.present);
	assert_int_equal(f->found.outcome, outcome);
}

/* Nothing of what cannot be trusted is handed on. */
static void assert_found_blank(struct fixture *f, enum order_outcome outcome)
{
	static const char NONE[ORDER_WHY_BYTES];

	assert_found(f, outcome);
	assert_true(f->found.order.number == 0 && f->found.order.site == 0);
	assert_memory_equal(f->found.order.why, NONE, sizeof(NONE));
}

static void test_good(void **state)
{
	struct fixture *f = *state;

	put_order(f);
	assert_found(f, ORDER_GOOD);
	assert_int_equal(f->found.order.level, LEVEL_LOCKDOWN);
	assert_true(f->found.order.number == 12 && f->found.order.site == 7);
	assert_string_equal(f->found.order.why, "区指挥部通知第12号");
}

static void test_no_order(void **state)
{
	struct fixture *f = *state;

	fetch(f);
	assert_int_equal(f->found.problem, NOTE_NONE);
	assert_false(f->found.present);
	put(f, ORDER_SIGNATURE_NAME, "left over\n", 10);
	fetch(f);
	assert_false(f->found.present);
	assert_int_not_equal(f->found.outcome, ORDER_GOOD);
}

/* Each limit by itself, and that nothing else is in its way. */
static void test_limits(void **state)
{
	struct fixture *f = *state;

	put_order(f);
	f->job.last_number = 12;
	assert_found(f, ORDER_OLD_NUMBER);
	f->job.last_number = 0;
	assert_found(f, ORDER_GOOD);
	f->job.site_id = 8;
	assert_found(f, ORDER_OTHER_SITE);
	f->job.site_id = 7;
	f->job.now.wall_ms = f->order.not_after_ms + 1;
	assert_found(f, ORDER_EXPIRED);
	f->job.now.wall_ms = 0;
	assert_found(f, ORDER_NOT_YET);
	f->job.now.wall_ms = f->order.not_after_ms;
	f->job.now.clock_trusted = false;
	assert_found(f, ORDER_CLOCK_DOUBTFUL);
	f->job.now.clock_trusted = true;
	assert_found(f, ORDER_GOOD);
	f->job.public_key[0] ^= 1;
	assert_found_blank(f, ORDER_BAD_SIGNATURE);
	memset(f->job.public_key, 0, sizeof(f->job.public_key));
	assert_found_blank(f, ORDER_BAD_SIGNATURE);
}

/* What the caller does with the number is what ends a stick's use. */
static void test_taken_once(void **state)
{
	struct fixture *f = *state;

	put_order(f);
	assert_found(f, ORDER_GOOD);
	f->job.last_number = f->found.order.number;
	assert_found(f, ORDER_OLD_NUMBER);
	f->order.number = 11; /* signed earlier, brought later */
	put_order(f);
	assert_found(f, ORDER_OLD_NUMBER);
	f->order.number = 13;
	put_order(f);
	assert_found(f, ORDER_GOOD);
}

static void test_unfit_files(void **state)
{
	static const char BIG[ORDER_MAX + 1];
	struct fixture *f = *state;
	char path[128];

	put_order(f);
	put(f, ORDER_SIGNATURE_NAME, "", 0);
	assert_found_blank(f, ORDER_BAD_SIGNATURE);
	put(f, ORDER_SIGNATURE_NAME, BIG, sizeof(BIG));
	assert_found_blank(f, ORDER_BAD_SIGNATURE);
	snprintf(path, sizeof(path), "%s/%s", f->stick, ORDER_SIGNATURE_NAME);
	assert_int_equal(unlink(path), 0);
	assert_found_blank(f, ORDER_BAD_SIGNATURE);
	put_order(f);
	put(f, ORDER_NAME, BIG, sizeof(BIG));
	assert_found_blank(f, ORDER_MALFORMED);
	put(f, ORDER_NAME, BIG, ORDER_MAX);
	assert_found_blank(f, ORDER_BAD_SIGNATURE);
	put(f, ORDER_NAME, "", 0);
	assert_found_blank(f, ORDER_BAD_SIGNATURE);
	snprintf(path, sizeof(path), "%s/%s", f->stick, ORDER_NAME);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_found_blank(f, ORDER_MALFORMED);
}

static void assert_problem(struct fixture *f, enum note problem)
{
	fetch(f);
	assert_int_equal(f->found.problem, problem);
	assert_false(f->found.present);
	assert_int_not_equal(f->found.outcome, ORDER_GOOD);
}

static void run_program(struct fixture *f, const char *script, enum note problem)
{
	const char *good = f->job.stick_program;

	assert_int_equal(file_write_atomic(f->program, script, strlen(script), 0700), 0);
	f->job.stick_program = f->program;
	assert_problem(f, problem);
	f->job.stick_program = good;
}

/* A good order lies on the stick: nothing of this may find it good. */
static void test_bad_programs(void **state)
{
	static const char *const LIES[] = {
		"exit 1",
		"kill -9 $$",
		"printf garbage >&3; read x <&3",
		"printf '\\013\\002\\000\\001x' >&3", /* the text, and gone */
		"printf '\\014\\002\\000\\001x' >&3; read x <&3", /* the signature first */
		"printf '\\013\\002\\000\\002x' >&3; read x <&3", /* shorter than it says */
		"printf '\\013\\000\\000\\001x' >&3; read x <&3", /* absent, and yet bytes */
		"printf '\\013\\003\\000\\000' >&3; read x <&3", /* no such state */
		"printf '\\013\\002\\020\\000%04096d' 0 >&3; read x <&3", /* a message, no order */
		"printf '\\011\\001x' >&3; read x <&3", /* DONE: an export's word */
	};
	struct fixture *f = *state;
	char script[256];

	put_order(f);
	for (size_t i = 0; i < ARRAY_LEN(LIES); i++) {
		snprintf(script, sizeof(script), "#!/bin/sh\n%s\n", LIES[i]);
		run_program(f, script, NOTE_STICK_FAILED);
	}
	f->job.stick_program = "/nonexistent";
	assert_int_equal(order_fetch(&f->job, &f->found), -ENOENT);
	assert_false(f->found.present);
}

static void test_hangs(void **state)
{
	struct fixture *f = *state;

	put_order(f);
	f->job.patience_ms = 50;
	run_program(f, "#!/bin/sh\nexec sleep 1000\n", NOTE_STICK_FAILED);
	/* after the first half of it */
	run_program(f, "#!/bin/sh\nprintf '\\013\\002\\000\\001x' >&3\nexec sleep 1000\n",
		    NOTE_STICK_FAILED);
}

/* A stick process that says two good files is believed no more than the files: it holds no key. */
static void test_forged_by_the_stick_process(void **state)
{
	struct fixture *f = *state;
	const char *script = "#!/bin/sh\nprintf '\\013\\002\\000\\001x' >&3\n"
			     "printf '\\014\\002\\000\\201%0128d\\n' 0 >&3\n";

	assert_int_equal(file_write_atomic(f->program, script, strlen(script), 0700), 0);
	f->job.stick_program = f->program;
	assert_found_blank(f, ORDER_BAD_SIGNATURE);
}

static void test_stick_gone(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(rmdir(f->stick), 0);
	assert_problem(f, NOTE_STICK_ABSENT);
	/* it goes together with the process: what a pulled stick looks like when that crashes */
	run_program(f, "#!/bin/sh\nexit 1\n", NOTE_STICK_PULLED);
	/* STICK_FAILED with each problem and errno 5 */
	run_program(f, "#!/bin/sh\nprintf '\\012\\004\\000\\000\\000\\005' >&3\nread x <&3\n",
		    NOTE_STICK_PULLED);
	run_program(f, "#!/bin/sh\nprintf '\\012\\005\\000\\000\\000\\005' >&3\nread x <&3\n",
		    NOTE_STICK_FAILED);
}

/* The stick and the work directory are as they were. */
static void test_writes_nothing(void **state)
{
	struct fixture *f = *state;
	struct stat before, after;

	put_order(f);
	assert_int_equal(stat(f->stick, &before), 0);
	assert_found(f, ORDER_GOOD);
	assert_int_equal(stat(f->stick, &after), 0);
	assert_memory_equal(&before.st_mtim, &after.st_mtim, sizeof(before.st_mtim));
	assert_int_equal(rmdir(f->work), 0); /* still empty */
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_good),        TEST(test_no_order),
		TEST(test_limits),      TEST(test_taken_once),
		TEST(test_unfit_files), TEST(test_bad_programs),
		TEST(test_hangs),       TEST(test_forged_by_the_stick_process),
		TEST(test_stick_gone),  TEST(test_writes_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
