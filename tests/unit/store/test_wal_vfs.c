/*
 * The log's writes are handed on in one piece: nothing is changed by that but their number. Held
 * against a plain array of bytes, with every operation, and with each of them failing.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/fileio.h"
#include "base/text.h"
#include "helper_store.h"
#include "helper_vfs.h"
#include "store/wal_vfs.h"

#define WAL_FLAGS (SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_WAL)
#define FRAME 24
#define PAGE 4096

/* A log of its own, over the false bottom or, when bare, over the real files. */
struct log {
	char dir[64], path[96];
	struct fault_vfs fault;
	bool bare;
	struct wal_vfs v;
	sqlite3_file *file;
};

static void log_setup(struct log *l, bool bare)
{
	*l = (struct log){ .dir = "/tmp/gatehouse-wal-XXXXXX", .bare = bare };
	assert_non_null(mkdtemp(l->dir));
	/* sqlite takes the log's rights from the file it belongs to, so there is to be one */
	text_format(l->path, sizeof(l->path), "%s/register.db", l->dir);
	FILE *main_file = fopen(l->path, "w");
	assert_non_null(main_file);
	assert_int_equal(fclose(main_file), 0);
	text_format(l->path, sizeof(l->path), "%s/register.db-wal", l->dir);
	if (!bare)
		vfs_install(&l->fault);
	assert_int_equal(wal_vfs_init(&l->v), 0);
	l->file = calloc(1, (size_t)l->v.vfs.szOsFile);
	assert_non_null(l->file);
	assert_int_equal(l->v.vfs.xOpen(&l->v.vfs, l->path, l->file, WAL_FLAGS, NULL), SQLITE_OK);
}

static void log_end(struct log *l)
{
	if (l->file->pMethods)
		assert_int_equal(l->file->pMethods->xClose(l->file), SQLITE_OK);
	free(l->file);
	wal_vfs_fini(&l->v);
	if (!l->bare)
		vfs_remove(&l->fault);
	unlink(l->path);
	text_format(l->path, sizeof(l->path), "%s/register.db", l->dir);
	unlink(l->path);
	assert_int_equal(rmdir(l->dir), 0);
}

static int put(struct log *l, const void *bytes, int len, int64_t at)
{
	return l->file->pMethods->xWrite(l->file, bytes, len, at);
}

static int sync_log(struct log *l)
{
	return l->file->pMethods->xSync(l->file, SQLITE_SYNC_NORMAL);
}

/* What the file itself holds. */
static int64_t bytes_there(const struct log *l)
{
	struct stat st;

	return stat(l->path, &st) ? -1 : st.st_size;
}

/* As sqlite writes a commit: frame header, page, and again. */
static void put_commit(struct log *l, int pages)
{
	uint8_t bytes[PAGE];

	for (int i = 0; i < pages; i++) {
		int64_t at = (int64_t)i * (FRAME + PAGE);
		memset(bytes, i + 1, sizeof(bytes));
		assert_int_equal(put(l, bytes, FRAME, at), SQLITE_OK);
		assert_int_equal(put(l, bytes, PAGE, at + FRAME), SQLITE_OK);
	}
}

static void test_one_write_a_commit(void **state)
{
	(void)state;
	struct log l;

	log_setup(&l, false);
	put_commit(&l, 5);
	assert_int_equal(bytes_there(&l), 0);
	assert_int_equal(l.fault.count[VFS_WRITE], 0);
	assert_int_equal(sync_log(&l), SQLITE_OK);
	assert_int_equal(bytes_there(&l), 5 * (FRAME + PAGE));
	assert_int_equal(l.fault.count[VFS_SYNC], 1);
	/* pieces of one write */
	assert_int_equal(l.fault.count[VFS_WRITE], (5 * (FRAME + PAGE) - 1) / VFS_PIECE_BYTES + 1);
	/* what has been written is not written again */
	assert_int_equal(sync_log(&l), SQLITE_OK);
	assert_int_equal(l.fault.bytes_written, 5 * (FRAME + PAGE));
	log_end(&l);
}

/* More than fits is written in the order it came; nothing of it waits beyond the flush. */
static void test_long_commit(void **state)
{
	(void)state;
	struct log l;
	const int pages = 3 * WAL_VFS_GATHER_BYTES / PAGE;
	static uint8_t huge[WAL_VFS_GATHER_BYTES + 1];
	uint8_t got[PAGE];

	log_setup(&l, false);
	put_commit(&l, pages);
	assert_true(bytes_there(&l) > WAL_VFS_GATHER_BYTES);
	assert_int_equal(sync_log(&l), SQLITE_OK);
	assert_int_equal(bytes_there(&l), pages * (FRAME + PAGE));
	for (int i = 0; i < pages; i++) {
		assert_int_equal(l.file->pMethods->xRead(l.file, got, PAGE,
							 (int64_t)i * (FRAME + PAGE) + FRAME),
				 SQLITE_OK);
		assert_int_equal(got[0], (uint8_t)(i + 1));
		assert_int_equal(got[PAGE - 1], (uint8_t)(i + 1));
	}
	/* one that never fits goes straight through, behind what was waiting */
	assert_int_equal(put(&l, "x", 1, 0), SQLITE_OK);
	assert_int_equal(put(&l, huge, sizeof(huge), 1), SQLITE_OK);
	assert_int_equal(l.file->pMethods->xRead(l.file, got, 2, 0), SQLITE_OK);
	assert_int_equal(got[0], 'x');
	assert_int_equal(got[1], 0);
	log_end(&l);
}

#define MODEL_BYTES 300000

struct model {
	uint8_t bytes[MODEL_BYTES];
	int64_t len;
};

static void model_step(struct log *l, struct model *m, uint64_t *random, int64_t *next)
{
	static uint8_t bytes[WAL_VFS_GATHER_BYTES + 100], got[MODEL_BYTES];
	const sqlite3_io_methods *io = l->file->pMethods;
	unsigned what = (unsigned)(next_random(random) % 16);
	sqlite3_int64 size;

	if (what >= 6) { /* mostly where the last one ended, sometimes anywhere */
		bool anywhere = next_random(random) % 8 == 0;
		bool huge = next_random(random) % 64 == 0;
		size_t len = 1 + next_random(random) % (huge ? sizeof(bytes) : 5000);
		int64_t at = anywhere ? (int64_t)(next_random(random) % 100000) : *next;
		if (at + (int64_t)len > MODEL_BYTES)
			at = 0;
		memset(bytes, (int)next_random(random), len);
		assert_int_equal(put(l, bytes, (int)len, at), SQLITE_OK);
		memcpy(m->bytes + at, bytes, len);
		m->len = at + (int64_t)len > m->len ? at + (int64_t)len : m->len;
		*next = at + (int64_t)len;
	} else if (what == 5) {
		m->len = (int64_t)(next_random(random) % (uint64_t)(m->len + 1));
		memset(m->bytes + m->len, 0, (size_t)(MODEL_BYTES - m->len));
		assert_int_equal(io->xTruncate(l->file, m->len), SQLITE_OK);
	} else if (what == 4) {
		assert_int_equal(sync_log(l), SQLITE_OK);
		assert_int_equal(bytes_there(l), m->len);
	} else if (what == 3) {
		assert_int_equal(io->xFileSize(l->file, &size), SQLITE_OK);
		assert_int_equal(size, m->len);
	} else { /* beyond the end too: zeroes, and said so */
		int64_t at = (int64_t)(next_random(random) % (uint64_t)(m->len + 1));
		int len = 1 + (int)(next_random(random) % 9000);
		len = at + len > MODEL_BYTES ? (int)(MODEL_BYTES - at) : len;
		int rc = io->xRead(l->file, got, len, at);
		assert_int_equal(rc, at + len > m->len ? SQLITE_IOERR_SHORT_READ : SQLITE_OK);
		assert_memory_equal(got, m->bytes + at, len);
	}
}

/* Any operations in any order leave what they would have left without it. */
static void test_any_order(void **state)
{
	(void)state;
	struct model *m = calloc(1, sizeof(*m));
	uint64_t random = 20261124;
	struct log l;
	char *data;
	size_t len;

	assert_non_null(m);
	for (int run = 0; run < 20; run++) {
		int64_t next = 0;
		log_setup(&l, false);
		memset(m, 0, sizeof(*m));
		for (int i = 0; i < 400; i++)
			model_step(&l, m, &random, &next);
		assert_int_equal(l.file->pMethods->xClose(l.file), SQLITE_OK);
		l.file->pMethods = NULL;
		assert_int_equal(file_read(l.path, MODEL_BYTES, &data, &len), 0);
		assert_int_equal(len, m->len);
		assert_memory_equal(data, m->bytes, len);
		free(data);
		log_end(&l);
	}
	free(m);
}

enum after {
	AFTER_SYNC,
	AFTER_READ,
	AFTER_SIZE,
	AFTER_TRUNCATE,
	AFTER_CONTROL,
	AFTER_ELSEWHERE,
	AFTER_NO_ROOM,
	AFTER_TOO_LONG,
	AFTER_CLOSE,
	AFTER_COUNT_
};

static int do_after(struct log *l, enum after after)
{
	static uint8_t bytes[WAL_VFS_GATHER_BYTES + 1];
	const sqlite3_io_methods *io = l->file->pMethods;
	sqlite3_int64 size;
	int rc;

	switch (after) {
	case AFTER_SYNC:
		return sync_log(l);
	case AFTER_READ:
		return io->xRead(l->file, bytes, 1, 0);
	case AFTER_SIZE:
		return io->xFileSize(l->file, &size);
	case AFTER_TRUNCATE:
		return io->xTruncate(l->file, 0);
	case AFTER_CONTROL:
		return io->xFileControl(l->file, SQLITE_FCNTL_SIZE_HINT, &size);
	case AFTER_ELSEWHERE:
		return put(l, "x", 1, 1 << 20);
	case AFTER_NO_ROOM:
		return put(l, bytes, WAL_VFS_GATHER_BYTES, FRAME + PAGE);
	case AFTER_TOO_LONG:
		return put(l, bytes, sizeof(bytes), FRAME + PAGE);
	case AFTER_CLOSE:
		rc = io->xClose(l->file);
		l->file->pMethods = NULL;
		return rc;
	case AFTER_COUNT_:
		break;
	}
	return SQLITE_OK;
}

/* The write that was put off fails: whatever lets it go says so, and does nothing else. */
static void test_failure_is_told(void **state)
{
	(void)state;
	static const int rcs[] = { SQLITE_FULL, SQLITE_IOERR_WRITE };

	for (int after = 0; after < AFTER_COUNT_; after++) {
		for (size_t i = 0; i < ARRAY_LEN(rcs); i++) {
			struct log l;
			log_setup(&l, false);
			put_commit(&l, 1);
			l.fault.fail_at = 1;
			l.fault.fail_ops = 1U << VFS_WRITE;
			l.fault.fail_rc = rcs[i];
			assert_int_equal(do_after(&l, (enum after)after), rcs[i]);
			assert_true(l.fault.bitten);
			assert_int_equal(l.fault.count[VFS_WRITE], 1);
			assert_int_equal(l.fault.count[VFS_SYNC], 0);
			assert_int_equal(l.fault.count[VFS_TRUNCATE], 0);
			/* half of the failed piece is there; it is not tried again, and the next
			 * commit takes its place */
			assert_int_equal(bytes_there(&l), PAGE / 2);
			if (after != AFTER_CLOSE) {
				assert_int_equal(sync_log(&l), SQLITE_OK);
				assert_int_equal(bytes_there(&l), PAGE / 2);
				put_commit(&l, 2);
				assert_int_equal(sync_log(&l), SQLITE_OK);
				assert_int_equal(bytes_there(&l), 2 * (FRAME + PAGE));
			}
			log_end(&l);
		}
	}
}

/* A flush that fails is told too, with the bytes written before it. */
static void test_flush_fails(void **state)
{
	(void)state;
	struct log l;

	log_setup(&l, false);
	put_commit(&l, 1);
	l.fault.fail_at = 1;
	l.fault.fail_ops = 1U << VFS_SYNC;
	assert_int_equal(sync_log(&l), SQLITE_IOERR_FSYNC);
	assert_int_equal(bytes_there(&l), FRAME + PAGE);
	log_end(&l);
}

/* A file that may not grow as far: the kernel writes what fits, and then refuses. */
static void test_short_write(void **state)
{
	(void)state;
	struct rlimit before, limit;
	struct log l;

	log_setup(&l, true);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = before;
	limit.rlim_cur = 6000;
	put_commit(&l, 3);
	void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	int rc = sync_log(&l);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, handler);
	assert_int_equal(rc, SQLITE_IOERR_WRITE);
	assert_int_equal(bytes_there(&l), 6000);
	put_commit(&l, 3);
	assert_int_equal(sync_log(&l), SQLITE_OK);
	assert_int_equal(bytes_there(&l), 3 * (FRAME + PAGE));
	log_end(&l);
}

/* The register's own file is the default VFS's: not one of its operations passes through here. */
static void test_only_the_log(void **state)
{
	(void)state;
	struct log l;
	sqlite3_vfs *under = sqlite3_vfs_find(NULL);

	log_setup(&l, true);
	sqlite3_file *own = calloc(1, (size_t)l.v.vfs.szOsFile);
	sqlite3_file *plain = calloc(1, (size_t)under->szOsFile);
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MAIN_JOURNAL;
	char path[128];
	text_format(path, sizeof(path), "%s/register.db-journal", l.dir);
	assert_int_equal(l.v.vfs.xOpen(&l.v.vfs, path, own, flags, NULL), SQLITE_OK);
	assert_int_equal(under->xOpen(under, path, plain, flags, NULL), SQLITE_OK);
	assert_ptr_equal(own->pMethods, plain->pMethods);
	assert_int_equal(own->pMethods->xClose(own), SQLITE_OK);
	assert_int_equal(plain->pMethods->xClose(plain), SQLITE_OK);
	/* a log that cannot be opened leaves nothing to close */
	text_format(path, sizeof(path), "%s/nowhere/log-wal", l.dir);
	assert_int_not_equal(l.v.vfs.xOpen(&l.v.vfs, path, own, WAL_FLAGS, NULL), SQLITE_OK);
	assert_null(own->pMethods);
	free(own);
	free(plain);
	text_format(path, sizeof(path), "%s/register.db-journal", l.dir);
	unlink(path);
	/* known by its name only, and not the default */
	assert_ptr_equal(sqlite3_vfs_find(l.v.name), &l.v.vfs);
	assert_ptr_equal(sqlite3_vfs_find(NULL), under);
	log_end(&l);
	assert_null(sqlite3_vfs_find(l.v.name));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_write_a_commit), cmocka_unit_test(test_long_commit),
		cmocka_unit_test(test_any_order),          cmocka_unit_test(test_failure_is_told),
		cmocka_unit_test(test_flush_fails),        cmocka_unit_test(test_short_write),
		cmocka_unit_test(test_only_the_log),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
