/*
 * The disk is full, the disk is broken, the plug is pulled, the process is killed. Always the same
 * two questions: is every acknowledged entry there, and is there nothing but whole entries?
 */
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "base/text.h"
#include "helper_store.h"
#include "helper_vfs.h"
#include "store/db.h"
#include "store/projection.h"

/* Each step: a registration, or what a guard makes of the one before. */
static int record_step(struct bench *b, unsigned step)
{
	struct visit v;

	b->now_ms += 1000;
	if (step % 3 == 0) {
		v = sample_visit(step);
		return record_visit(b, ENTRY_REGISTERED, &v, NULL);
	}
	v = sample_visit(step - step % 3);
	v.id = step / 3 + 1;
	sample_admit(&v, step / 3 + 1, b->now_ms);
	return record_visit(b, step % 3 == 1 ? ENTRY_DECIDED : ENTRY_PASSED, &v, NULL);
}

/* After reopening: at least the acknowledged entries, at most one more, each of them whole. */
static void expect_whole(struct bench *b, int64_t acknowledged)
{
	uint8_t head[CHAIN_HASH_BYTES], before[32], after[32];
	int64_t seq, bad;

	register_head(b->db, &seq, head);
	if (seq != acknowledged && seq != acknowledged + 1)
		fail_msg("%lld acknowledged, %lld there", (long long)acknowledged, (long long)seq);
	assert_int_equal(register_verify(b->db, &bad), 0);
	assert_int_equal(number_of(b, "SELECT count(*) FROM visit"), (seq + 2) / 3);
	assert_int_equal(number_of(b, "SELECT count(*) FROM person"), (seq + 2) / 3);
	assert_int_equal(number_of(b, "SELECT count(*) FROM pass"), (seq + 1) / 3);
	projection_fingerprint(b, before);
	assert_int_equal(projection_rebuild(b->db), 0);
	projection_fingerprint(b, after);
	assert_memory_equal(before, after, sizeof(after));
}

#define STEPS 9

/* The n-th operation fails, n = 1, 2, 3 … until all succeed. Returns how many did fail. */
static int nth_fault_loop(unsigned ops, int rc, bool for_ever, int want)
{
	int bites = 0;

	for (long n = 1;; n++) {
		struct bench b;
		struct fault_vfs f = { .fail_at = 0 };
		int64_t acknowledged = 0;
		int r = 0;
		bench_open(&b);
		register_close(b.db);
		vfs_install(&f);
		assert_int_equal(register_open(&b.db, b.path, OFFSET_MIN), 0);
		f.fail_at = n;
		f.fail_ops = ops;
		f.fail_rc = rc;
		f.fail_on = for_ever;
		while (acknowledged < STEPS && r == 0) {
			r = record_step(&b, (unsigned)acknowledged);
			acknowledged += r == 0;
		}
		if (f.bitten && r == 0 && !for_ever)
			fail_msg("fault %ld went unnoticed", n);
		if (f.bitten) {
			assert_int_equal(r, want);
			/* for good, when the disk is bad; not at all, when it was full */
			f.fail_at = 0;
			b.now_ms -= 1000;
			int again = record_step(&b, (unsigned)acknowledged);
			assert_int_equal(again, want == -EIO ? -EIO : 0);
			acknowledged += again == 0;
		}
		register_close(b.db);
		vfs_remove(&f);
		assert_int_equal(register_open(&b.db, b.path, OFFSET_MIN), 0);
		expect_whole(&b, acknowledged);
		bool bitten = f.bitten;
		/* and it goes on where it stands */
		uint8_t head[CHAIN_HASH_BYTES];
		int64_t seq;
		register_head(b.db, &seq, head);
		assert_int_equal(record_step(&b, (unsigned)seq), 0);
		bench_close(&b);
		if (!bitten)
			return bites;
		bites++;
	}
}

static void test_nth_write_fails(void **state)
{
	(void)state;
	int bites = nth_fault_loop(1U << VFS_WRITE, SQLITE_IOERR_WRITE, false, -EIO);

	assert_true(bites > STEPS * 4);
	assert_int_equal(nth_fault_loop(1U << VFS_WRITE, SQLITE_IOERR_WRITE, true, -EIO), bites);
}

static void test_nth_flush_fails(void **state)
{
	(void)state;
	int bites = nth_fault_loop(1U << VFS_SYNC, SQLITE_IOERR_FSYNC, false, -EIO);

	assert_true(bites >= STEPS);
	assert_int_equal(nth_fault_loop(1U << VFS_SYNC, SQLITE_IOERR_FSYNC, true, -EIO), bites);
}

static void test_full_at_nth_write(void **state)
{
	(void)state;
	assert_true(nth_fault_loop(1U << VFS_WRITE, SQLITE_FULL, false, -ENOSPC) > STEPS * 4);
	assert_true(nth_fault_loop(1U << VFS_WRITE, SQLITE_FULL, true, -ENOSPC) > STEPS * 4);
}

/* One flush a registration; the log is copied back now and then. */
static void test_flushes_and_bytes(void **state)
{
	(void)state;
	struct bench b;
	struct fault_vfs f = { .fail_at = 0 };
	const long n = 1000;
	struct stat empty, st;

	bench_open(&b);
	register_close(b.db);
	assert_int_equal(stat(b.path, &empty), 0);
	vfs_install(&f);
	assert_int_equal(register_open(&b.db, b.path, OFFSET_MIN), 0);
	for (unsigned i = 0; i < n; i++)
		register_sample(&b, i);
	register_close(b.db);
	b.db = NULL;
	vfs_remove(&f);
	assert_int_equal(stat(b.path, &st), 0);
	long grown = (long)(st.st_size - empty.st_size);
	print_message("%.3f flushes, %.1f KiB written, %ld bytes of file a registration\n",
		      (double)f.count[VFS_SYNC] / (double)n,
		      (double)f.bytes_written / 1024 / (double)n, grown / n);
	assert_true(f.count[VFS_SYNC] * 10 <= n * 11);
	assert_true(f.bytes_written <= n * 40 * 1024);
	assert_true(grown / n <= 330); /* the index is young, and costly */
	bench_close(&b);
}

/* Copying the log back fails: what was acknowledged stays, nothing more is accepted after an error
 * of the disk, and everything is there at the next opening. */
static void checkpoint_fault(unsigned ops, int rc, bool goes_on)
{
	struct bench b;
	struct fault_vfs f = { .fail_at = 0 };
	int64_t acknowledged = 0;
	int r = 0;

	bench_open(&b);
	register_close(b.db);
	vfs_install(&f);
	assert_int_equal(register_open(&b.db, b.path, OFFSET_MIN), 0);
	/* The main file is written for the first time by the checkpoint; fail there. */
	while (acknowledged < 600 && r == 0) {
		if (acknowledged == 170) {
			f.fail_rc = rc;
			f.fail_ops = ops;
		}
		f.fail_at = 0;
		if (acknowledged >= 170 && !f.bitten) {
			/* beyond the operations of one commit: 1 flush, at most 24 writes */
			f.fail_at = ops == 1U << VFS_SYNC ? 2 : 25;
		}
		r = record_step(&b, (unsigned)acknowledged);
		acknowledged += r == 0;
	}
	assert_true(f.bitten);
	assert_int_equal(r, goes_on ? 0 : -EIO);
	f.fail_at = 0;
	register_close(b.db);
	vfs_remove(&f);
	assert_int_equal(register_open(&b.db, b.path, OFFSET_MIN), 0);
	uint8_t head[CHAIN_HASH_BYTES];
	int64_t seq, bad;
	register_head(b.db, &seq, head);
	assert_int_equal(seq, acknowledged);
	assert_int_equal(register_verify(b.db, &bad), 0);
	bench_close(&b);
}

static void test_checkpoint_fails(void **state)
{
	(void)state;
	checkpoint_fault(1U << VFS_SYNC, SQLITE_IOERR_FSYNC, false);
	checkpoint_fault(1U << VFS_WRITE, SQLITE_IOERR_WRITE, false);
	checkpoint_fault(1U << VFS_WRITE, SQLITE_FULL, true);
}

/* A file system that is really full, and then is not. */
static void test_real_full_disk(void **state)
{
	(void)state;
	struct bench b = { .dir = "/tmp/gatehouse-store-XXXXXX", .now_ms = MONDAY_MS };
	char ballast[96];

	if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL)) {
		print_message("not root, or no mount namespaces: skipped\n");
		skip();
	}
	assert_non_null(mkdtemp(b.dir));
	if (mount("tmpfs", b.dir, "tmpfs", 0, "size=1m")) {
		rmdir(b.dir);
		print_message("no tmpfs can be mounted: skipped\n");
		skip();
	}
	text_format(b.path, sizeof(b.path), "%s/register.db", b.dir);
	text_format(ballast, sizeof(ballast), "%s/ballast", b.dir);
	FILE *file = fopen(ballast, "w");
	assert_non_null(file);
	for (int i = 0; i < 64; i++)
		assert_int_equal(fwrite(&b, 1024 > sizeof(b) ? sizeof(b) : 1024, 1, file), 1);
	assert_int_equal(ftruncate(fileno(file), 0), 0);
	char block[4096] = { 1 };
	for (int i = 0; i < 64; i++)
		assert_int_equal(fwrite(block, sizeof(block), 1, file), 1);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(register_open(&b.db, b.path, OFFSET_MIN), 0);
	int64_t acknowledged = 0;
	int r;
	while ((r = record_step(&b, (unsigned)acknowledged)) == 0)
		acknowledged++;
	assert_int_equal(r, -ENOSPC);
	assert_true(acknowledged > 10);
	/* reading goes on; so does trying, without result */
	struct visit v;
	assert_int_equal(register_visit(b.db, 1, &v), 0);
	b.now_ms -= 1000;
	assert_int_equal(record_step(&b, (unsigned)acknowledged), -ENOSPC);
	assert_int_equal(unlink(ballast), 0);
	b.now_ms -= 1000;
	assert_int_equal(record_step(&b, (unsigned)acknowledged), 0);
	bench_reopen(&b);
	expect_whole(&b, acknowledged + 1);
	register_close(b.db);
	assert_int_equal(umount2(b.dir, MNT_DETACH), 0);
	rmdir(b.dir);
}

/* Every operation of trying PINs fails once: a PIN that has been looked at has been counted, and
 * one that has not been counted is not looked at. */
static void test_no_free_try(void **state)
{
	(void)state;
	const struct account account = { .name = "a", .role = ROLE_GUARD };
	int bites = 0;

	for (long n = 1;; n++) {
		struct bench b;
		struct fault_vfs f = { .fail_at = 0 };
		struct account got;
		enum pin_outcome outcome;
		int32_t wait_s;
		int looked_at = 0, r = 0;
		bench_open(&b);
		assert_int_equal(register_account_set(b.db, &account, "4829", MONDAY_MS, 0), 0);
		register_close(b.db);
		vfs_install(&f);
		assert_int_equal(register_open(&b.db, b.path, OFFSET_MIN), 0);
		f.fail_at = n;
		f.fail_ops = 1U << VFS_WRITE | 1U << VFS_SYNC;
		f.fail_rc = SQLITE_IOERR_WRITE;
		while (looked_at < 2 && r == 0) {
			r = register_pin_try(b.db, "a", "0000", MONDAY_MS, 0, true, &outcome, &got,
					     &wait_s);
			looked_at += r == 0;
		}
		assert_int_equal(r, f.bitten ? -EIO : 0);
		if (r) {
			/* the right PIN opens nothing that cannot be recorded */
			assert_int_equal(register_pin_try(b.db, "a", "4829", MONDAY_MS, 0, true,
							  &outcome, &got, &wait_s),
					 -EIO);
			assert_int_equal(outcome, PIN_LOCKED);
			assert_int_equal(got.role, ROLE_NONE);
		}
		register_close(b.db);
		vfs_remove(&f);
		assert_int_equal(register_open(&b.db, b.path, OFFSET_MIN), 0);
		assert_true(number_of(&b, "SELECT tries FROM account") >= looked_at);
		bench_close(&b);
		if (!f.bitten)
			break;
		bites++;
	}
	assert_true(bites >=
		    2 * 2 * 3); /* two tries of two commits: a flush and some writes each */
}

#define CUTS_MAX 400
#define CUT_DIR_BYTES 64

struct cutter {
	const struct bench *bench;
	int64_t acknowledged;
	int cuts;
	int64_t acknowledged_at[CUTS_MAX];
	uint64_t random;
};

static void cut_dir(const struct cutter *c, int n, char *dir)
{
	text_format(dir, CUT_DIR_BYTES, "%s/cut-%d", c->bench->dir, n);
}

/* Seldom while the log is written, often while it is copied back. */
static void maybe_cut(struct fault_vfs *f, enum vfs_op op, bool main_file)
{
	struct cutter *c = f->ctx;
	char dir[CUT_DIR_BYTES];

	if (c->cuts == CUTS_MAX || next_random(&c->random) % (main_file        ? 4
							      : op == VFS_SYNC ? 12
									       : 30) !=
					   0)
		return;
	cut_dir(c, c->cuts, dir);
	assert_int_equal(mkdir(dir, 0700), 0);
	vfs_cut(f, dir, &c->random);
	c->acknowledged_at[c->cuts++] = c->acknowledged;
}

/* True when every acknowledged entry is there; ends the test when one is not whole. */
static bool check_cut(const struct cutter *c, int n)
{
	struct bench b = { .now_ms = MONDAY_MS };

	cut_dir(c, n, b.dir);
	text_format(b.path, sizeof(b.path), "%s/register.db", b.dir);
	assert_int_equal(register_open(&b.db, b.path, OFFSET_MIN), 0);
	uint8_t head[CHAIN_HASH_BYTES];
	int64_t seq, bad;
	register_head(b.db, &seq, head);
	assert_true(seq <= c->acknowledged_at[n] + 1);
	assert_int_equal(register_verify(b.db, &bad), 0);
	assert_int_equal(number_of(&b, "SELECT count(*) FROM visit"), (seq + 2) / 3);
	assert_int_equal(number_of(&b, "SELECT count(*) FROM person"), (seq + 2) / 3);
	assert_int_equal(record_step(&b, (unsigned)seq), 0);
	bench_close(&b);
	return seq >= c->acknowledged_at[n];
}

/* A run of registrations with the plug pulled again and again; returns how many of the cuts lost
 * an acknowledged entry. Sectors written since the last flush survive or not, each for itself. */
static int cut_often(const char *pragma, int steps, int *cuts)
{
	struct bench b;
	struct fault_vfs f = { .cutting = true };
	struct cutter c = { .bench = &b, .random = 20261123 };
	int lost = 0;

	bench_open(&b);
	register_close(b.db);
	vfs_install(&f);
	assert_int_equal(register_open(&b.db, b.path, OFFSET_MIN), 0);
	assert_int_equal(sqlite3_exec(b.db->sqlite, pragma, NULL, NULL, NULL), SQLITE_OK);
	f.ctx = &c;
	f.cut_hook = maybe_cut;
	while (c.acknowledged < steps) {
		assert_int_equal(record_step(&b, (unsigned)c.acknowledged), 0);
		c.acknowledged++;
	}
	f.cut_hook = NULL;
	register_close(b.db);
	b.db = NULL;
	vfs_remove(&f);
	*cuts = c.cuts;
	for (int i = 0; i < c.cuts; i++)
		lost += !check_cut(&c, i);
	bench_close(&b);
	return lost;
}

static void test_power_cuts(void **state)
{
	(void)state;
	int cuts;

	assert_int_equal(cut_often("", 420, &cuts), 0);
	assert_true(cuts > 100);
	/* the rig can tell: with the flush of each commit left out, entries are lost */
	assert_true(cut_often("PRAGMA synchronous=NORMAL", 150, &cuts) > 0);
	assert_true(cuts > 5);
}

/* Records without end and tells each acknowledgement; the parent ends it. */
static void child_records(const char *path, int to)
{
	struct bench b = { .now_ms = MONDAY_MS };
	uint8_t head[CHAIN_HASH_BYTES];
	int64_t seq;

	text_copy(b.path, sizeof(b.path), path);
	if (register_open(&b.db, b.path, OFFSET_MIN))
		_exit(1);
	register_head(b.db, &seq, head);
	for (;;) {
		if (record_step(&b, (unsigned)seq))
			_exit(2);
		seq++;
		if (write(to, &seq, sizeof(seq)) != sizeof(seq))
			_exit(3);
	}
}

static int64_t kill_after(const char *path, unsigned acknowledgements)
{
	int ends[2], status;
	int64_t seq = 0, last = 0;

	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(ends[0]);
		child_records(path, ends[1]);
	}
	close(ends[1]);
	for (unsigned i = 0; i < acknowledgements; i++)
		if (read(ends[0], &seq, sizeof(seq)) == sizeof(seq))
			last = seq;
	kill(child, SIGKILL);
	/* what it still managed to acknowledge before it died counts too */
	while (read(ends[0], &seq, sizeof(seq)) == sizeof(seq))
		last = seq;
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	return last;
}

static void test_killed_while_recording(void **state)
{
	(void)state;
	struct bench b;
	uint64_t random = 99;

	bench_open(&b);
	for (int i = 0; i < 40; i++) {
		register_close(b.db);
		int64_t last = kill_after(b.path, 1 + (unsigned)(next_random(&random) % 40));
		assert_int_equal(register_open(&b.db, b.path, OFFSET_MIN), 0);
		uint8_t head[CHAIN_HASH_BYTES];
		int64_t seq, bad;
		register_head(b.db, &seq, head);
		assert_true(last > 0 && (seq == last || seq == last + 1));
		assert_int_equal(register_verify(b.db, &bad), 0);
		assert_int_equal(number_of(&b, "SELECT count(*) FROM person"), (seq + 2) / 3);
	}
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nth_write_fails),
		cmocka_unit_test(test_nth_flush_fails),
		cmocka_unit_test(test_full_at_nth_write),
		cmocka_unit_test(test_flushes_and_bytes),
		cmocka_unit_test(test_checkpoint_fails),
		cmocka_unit_test(test_real_full_disk),
		cmocka_unit_test(test_no_free_try),
		cmocka_unit_test(test_power_cuts),
		cmocka_unit_test(test_killed_while_recording),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
