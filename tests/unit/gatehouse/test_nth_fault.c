/*
 * Every call of start-up, registration and export that changes a disk fails, one after the other:
 * the first, the second, … until all of it succeeds; once, or for ever from there on. Each time: no
 * crash, no hang, a plain error where something failed, and nothing lost that was promised.
 *
 * The faults come from the kernel: a seccomp filter asks the test about each such call of one
 * thread and of the programs it starts, so gatehouse-stick is the real one, too
 * (seccomp_unotify(2)).
 */
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <cmocka.h>
#include <seccomp.h>

#include "base/fileio.h"
#include "base/log.h"
#include "base/text.h"
#include "codec/manifest.h"
#include "export.h"
#include "office/verify.h"
#include "tests/unit/store/helper_store.h"

static const uint8_t OFFICE[32] = { 5, 5, 5 }; /* who opens the exports */

struct fault {
	int error; /* errno */
	bool for_ever;
	bool writes_only;
};

struct world {
	char root[64], stick[80], path[80], key_path[80];
	uint8_t key[32];
	struct register_db *db;
	int64_t now_ms;
	/* what was promised */
	bool have_key, have_export;
	int64_t seq;
	struct export_result exported;
	/* the fault */
	struct fault fault;
	long fail_at; /* 1 = the next call; 0 = none any more */
	bool bitten;
	/* the thread */
	int (*work_on)(struct world *w);
	int result, listener, done;
	sem_t loaded;
};

static const int CALLS[] = {
	SCMP_SYS(write),    SCMP_SYS(pwrite64),  SCMP_SYS(writev),    SCMP_SYS(pwritev),
	SCMP_SYS(fsync),    SCMP_SYS(fdatasync), SCMP_SYS(ftruncate), SCMP_SYS(fallocate),
	SCMP_SYS(rename),   SCMP_SYS(renameat),  SCMP_SYS(renameat2), SCMP_SYS(unlink),
	SCMP_SYS(unlinkat), SCMP_SYS(mkdir),     SCMP_SYS(mkdirat),   SCMP_SYS(open),
	SCMP_SYS(openat),
};

static void world_make(struct world *w)
{
	const char *where = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

	*w = (struct world){ .now_ms = MONDAY_MS, .key = { 1, 2, 3 }, .listener = -1 };
	text_format(w->root, sizeof(w->root), "%s/gatehouse-fault-XXXXXX", where);
	assert_non_null(mkdtemp(w->root));
	text_format(w->stick, sizeof(w->stick), "%s/stick", w->root);
	text_format(w->path, sizeof(w->path), "%s/register.db", w->root);
	text_format(w->key_path, sizeof(w->key_path), "%s/gate.key", w->root);
	assert_int_equal(mkdir(w->stick, 0700), 0);
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static void world_remove(struct world *w)
{
	register_close(w->db);
	nftw(w->root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* --- what is done --- */

static int record(struct world *w, enum entry_type type, struct visit *visit)
{
	struct entry entry = { .type = type,
			       .wall_ms = w->now_ms,
			       .mono_ms = w->now_ms - MONDAY_MS };
	struct receipt receipt;

	w->now_ms += 1000;
	if (visit)
		entry.visit = *visit;
	int err = register_record(w->db, &entry, &receipt);
	if (err)
		return err;
	w->seq = receipt.seq;
	if (visit)
		visit->id = receipt.visit_id;
	return 0;
}

static int write_key(struct world *w)
{
	if (w->have_key)
		return 0;
	int err = file_write_atomic(w->key_path, w->key, sizeof(w->key), 0600);
	w->have_key = err == 0;
	return err;
}

static int open_register(struct world *w)
{
	register_close(w->db);
	w->db = NULL;
	return register_open(&w->db, w->path, OFFSET_MIN);
}

static int one_visit(struct world *w)
{
	struct visit v = sample_visit((unsigned)w->seq);
	int err = record(w, ENTRY_REGISTERED, &v);

	if (err)
		return err;
	sample_admit(&v, v.id, w->now_ms);
	v.state = VISIT_ADMITTED;
	err = record(w, ENTRY_DECIDED, &v);
	return err ? err : record(w, ENTRY_PASS_PRINTED, &v);
}

/* The first start, somebody at the gate, an orderly end, the next start. */
static int start_and_register(struct world *w)
{
	int err = write_key(w);

	if (!err)
		err = open_register(w);
	if (!err)
		err = one_visit(w);
	if (!err)
		err = open_register(w);
	return err ? err : one_visit(w);
}

static int export(struct world *w)
{
	struct export_job job = { .stick_program = TEST_BINARY_DIR "/bin/gatehouse-stick",
				  .stick_dir = w->stick,
				  .site = "和平里小区",
				  .gate_name = "东门",
				  .site_id = 7,
				  .utc_offset_min = OFFSET_MIN,
				  .wall_ms = w->now_ms,
				  .to.count = 1,
				  .patience_ms = 20000 };
	struct export_result result;

	age_public(OFFICE, job.to.recipients[0]);
	memcpy(job.seed, w->key, sizeof(job.seed));
	int err = export_run(w->db, &job, &result);
	if (err)
		return err;
	if (result.problem != NOTE_NONE)
		return -EPROTO; /* told to the person who holds the stick */
	w->exported = result;
	w->have_export = true;
	return 0;
}

/* --- the thread whose calls fail --- */

/* libseccomp writes the program; it keeps one listener a process only, so loading is done here. */
static int load_filter(void)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	CLEANUP(close_fd) int file = memfd_create("filter", MFD_CLOEXEC);
	struct sock_filter program[256];
	struct sock_fprog loaded = { .filter = program };

	for (size_t i = 0; ctx && i < ARRAY_LEN(CALLS); i++)
		(void)seccomp_rule_add(ctx, SCMP_ACT_NOTIFY, CALLS[i], 0);
	bool written = ctx && file >= 0 && seccomp_export_bpf(ctx, file) == 0;
	if (ctx)
		seccomp_release(ctx);
	ssize_t n = written ? pread(file, program, sizeof(program), 0) : -1;
	if (n <= 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	loaded.len = (unsigned short)((size_t)n / sizeof(*program));
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
			    &loaded);
}

static void *under_filter(void *arg)
{
	struct world *w = arg;

	w->listener = load_filter();
	sem_post(&w->loaded);
	if (w->listener >= 0)
		w->result = w->work_on(w);
	(void)eventfd_write(w->done, 1); /* itself a call that must be answered */
	return NULL;
}

/* Is it one that changes a disk? What is printed and what wakes the test is not. */
static bool counts(const struct world *w, const struct seccomp_notif *call)
{
	int fd = (int)call->data.args[0];
	bool writes = call->data.nr == SCMP_SYS(write) || call->data.nr == SCMP_SYS(pwrite64);

	if (writes && (fd <= STDERR_FILENO || fd == w->done))
		return false;
	if (call->data.nr == SCMP_SYS(open))
		return !w->fault.writes_only && call->data.args[1] & O_CREAT;
	if (call->data.nr == SCMP_SYS(openat))
		return !w->fault.writes_only && call->data.args[2] & O_CREAT;
	return writes || !w->fault.writes_only;
}

static void answer_call(struct world *w)
{
	struct seccomp_notif call = { 0 };
	struct seccomp_notif_resp answer = { 0 };

	if (ioctl(w->listener, SECCOMP_IOCTL_NOTIF_RECV, &call)) /* it may have been killed */
		return;
	bool fails = w->fail_at > 0 && counts(w, &call) && --w->fail_at == 0;
	if (fails && w->fault.for_ever)
		w->fail_at = 1;
	w->bitten |= fails;
	answer.id = call.id;
	answer.error = fails ? -w->fault.error : 0;
	answer.flags = fails ? 0 : SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	(void)ioctl(w->listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
}

/* False when the kernel cannot do this. */
static bool run_under_filter(struct world *w, int (*work_on)(struct world *w))
{
	pthread_t thread;

	w->work_on = work_on;
	w->result = -ENOSYS;
	w->done = eventfd(0, EFD_CLOEXEC);
	assert_true(w->done >= 0);
	assert_int_equal(sem_init(&w->loaded, 0, 0), 0);
	assert_int_equal(pthread_create(&thread, NULL, under_filter, w), 0);
	sem_wait(&w->loaded);
	for (bool running = w->listener >= 0; running;) {
		struct pollfd p[] = { { .fd = w->done, .events = POLLIN },
				      { .fd = w->listener, .events = POLLIN } };
		assert_true(poll(p, 2, -1) >= 0);
		if (p[1].revents & POLLIN)
			answer_call(w);
		else
			running = !(p[0].revents & POLLIN);
	}
	pthread_join(thread, NULL);
	bool can = w->listener >= 0;
	close_fd(&w->listener);
	sem_destroy(&w->loaded);
	close_fd(&w->done);
	return can;
}

/* --- what must hold afterwards --- */

static void expect_key(const struct world *w)
{
	char *data = NULL;
	size_t len;
	int err = file_read(w->key_path, 64, &data, &len);

	assert_true(err == 0 || (err == -ENOENT && !w->have_key));
	if (err == 0) {
		assert_int_equal(len, sizeof(w->key));
		assert_memory_equal(data, w->key, len);
	}
	free(data);
}

static void expect_exports(const struct world *w)
{
	uint8_t public_key[32];
	DIR *dir = opendir(w->stick);
	struct dirent *entry;
	char path[400];
	bool found = false;
	struct keyring ring = { .count = 1 };

	assert_non_null(dir);
	memcpy(ring.identities[0], OFFICE, sizeof(OFFICE));
	manifest_public(w->key, public_key);
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		text_format(path, sizeof(path), "%s/%s", w->stick, entry->d_name);
		assert_true(verify_export(path, public_key, &ring, stderr));
		found |= strcmp(entry->d_name, w->exported.name) == 0;
	}
	closedir(dir);
	assert_true(found || !w->have_export);
}

/* The disk is good again: what was promised is there, and work goes on. */
static void expect_whole(struct world *w)
{
	uint8_t head[CHAIN_HASH_BYTES];
	int64_t seq, bad_seq, promised = w->seq;

	expect_key(w);
	expect_exports(w);
	assert_int_equal(open_register(w), 0);
	register_head(w->db, &seq, head);
	assert_true(seq == promised || seq == promised + 1);
	assert_int_equal(register_verify(w->db, &bad_seq), 0);
	w->seq = seq;
	assert_int_equal(one_visit(w), 0);
}

/* What a person can be told about. */
static bool is_plain(int err)
{
	return err == -EIO || err == -ENOSPC || err == -EPROTO || err == -EROFS;
}

/* Fails the n-th call for n = 1, 2, 3 …; how many there were, or -1 when it cannot be tried. */
static int loop(int (*prepare)(struct world *w), int (*work_on)(struct world *w),
		const struct fault *fault)
{
	for (int n = 1;; n++) {
		struct world w;
		world_make(&w);
		if (prepare)
			assert_int_equal(prepare(&w), 0);
		w.fault = *fault;
		w.fail_at = n;
		if (!run_under_filter(&w, work_on)) {
			world_remove(&w);
			return -1;
		}
		bool bitten = w.bitten;
		if (!bitten || fault->error == EINTR)
			assert_int_equal(w.result, 0);
		else if (w.result != 0 && !is_plain(w.result))
			fail_msg("call %d: %s", n, strerror(-w.result));
		expect_whole(&w);
		world_remove(&w);
		if (!bitten)
			return n - 1;
	}
}

static void loop_or_skip(int (*prepare)(struct world *w), int (*work_on)(struct world *w),
			 const struct fault *fault, int at_least)
{
	int calls = loop(prepare, work_on, fault);

	if (calls < 0) {
		print_message("no seccomp listener can be had here: skipped\n");
		skip();
	}
	print_message("%d calls failed with %s%s\n", calls, strerror(fault->error),
		      fault->for_ever ? " for ever" : "");
	assert_true(calls >= at_least);
}

static void test_start_and_registration(void **state)
{
	static const struct fault FAULTS[] = { { .error = EIO },
					       { .error = EIO, .for_ever = true },
					       { .error = ENOSPC },
					       { .error = ENOSPC, .for_ever = true } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(FAULTS); i++)
		loop_or_skip(NULL, start_and_register, &FAULTS[i], 40);
}

static void test_export(void **state)
{
	static const struct fault FAULTS[] = { { .error = EIO },
					       { .error = ENOSPC, .for_ever = true } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(FAULTS); i++)
		loop_or_skip(start_and_register, export, &FAULTS[i], 8);
}

/* A signal comes at the wrong moment: nobody notices. */
static void test_interrupted_writes(void **state)
{
	static const struct fault FAULT = { .error = EINTR, .writes_only = true };

	(void)state;
	loop_or_skip(NULL, start_and_register, &FAULT, 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_start_and_registration),
		cmocka_unit_test(test_export),
		cmocka_unit_test(test_interrupted_writes),
	};

	log_set_level(LOG_ERROR_LEVEL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
