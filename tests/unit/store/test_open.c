/*
 * What may stand at the register's path, and what register_open makes of it: a register, or an
 * error and not one byte changed.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "base/fileio.h"
#include "base/text.h"
#include "helper_store.h"
#include "helper_vfs.h"
#include "store/db.h"

static bool exists(const struct bench *b, const char *suffix)
{
	char path[128];

	text_format(path, sizeof(path), "%s%s", b->path, suffix);
	return access(path, F_OK) == 0;
}

/* Opening fails as said, and the file stays as it is. */
static void expect_untouched(struct bench *b, int want)
{
	uint8_t before[32], after[32];
	struct stat was, is;

	file_fingerprint(b->path, before);
	assert_int_equal(stat(b->path, &was), 0);
	assert_int_equal(register_open(&b->db, b->path, OFFSET_MIN), want);
	assert_null(b->db);
	file_fingerprint(b->path, after);
	assert_memory_equal(before, after, sizeof(after));
	assert_int_equal(stat(b->path, &is), 0);
	assert_int_equal(was.st_ino, is.st_ino);
	assert_int_equal(was.st_size, is.st_size);
}

static void put(const struct bench *b, const void *bytes, size_t len)
{
	CLEANUP(close_fd) int fd = open(b->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(fd_write_all(fd, bytes, len), 0);
}

/* A closed register with a few visits in it. */
static void used_register(struct bench *b)
{
	bench_open(b);
	for (unsigned n = 0; n < 80; n++)
		register_sample(b, n);
	register_close(b->db);
	b->db = NULL;
}

static void test_made_whole(void **state)
{
	(void)state;
	struct bench b;
	char out[256];
	struct stat st;

	bench_open(&b);
	assert_false(exists(&b, ".new"));
	assert_int_equal(stat(b.path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	static const struct {
		const char *pragma, *want;
	} modes[] = {
		{ "PRAGMA journal_mode", "wal" },
		{ "PRAGMA synchronous", "2" },
		{ "PRAGMA locking_mode", "exclusive" },
		{ "PRAGMA foreign_keys", "1" },
		{ "PRAGMA trusted_schema", "0" },
		{ "PRAGMA cell_size_check", "1" },
		{ "PRAGMA secure_delete", "1" },
		{ "PRAGMA temp_store", "2" },
		{ "PRAGMA page_size", "4096" },
		{ "PRAGMA user_version", "4" },
		{ "PRAGMA application_id", "1195920177" },
		{ "PRAGMA integrity_check", "ok" },
	};
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		sqlite3_stmt *stmt;
		assert_int_equal(sqlite3_prepare_v2(b.db->sqlite, modes[i].pragma, -1, &stmt, NULL),
				 SQLITE_OK);
		assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
		text_copy(out, sizeof(out), (const char *)sqlite3_column_text(stmt, 0));
		sqlite3_finalize(stmt);
		assert_string_equal(out, modes[i].want);
	}
	assert_int_equal(register_sample(&b, 1), 1);
	assert_true(exists(&b, "-wal"));
	assert_false(exists(&b, "-shm"));
	register_close(b.db);
	b.db = NULL;
	assert_false(exists(&b, "-wal"));
	bench_close(&b);
}

static void test_strangers_are_left_alone(void **state)
{
	(void)state;
	struct bench b;
	char noise[5000];
	sqlite3 *raw;

	memset(noise, 'x', sizeof(noise));
	used_register(&b);
	put(&b, "", 0);
	expect_untouched(&b, -EUCLEAN);
	put(&b, noise, 50);
	expect_untouched(&b, -EUCLEAN);
	put(&b, noise, sizeof(noise));
	expect_untouched(&b, -EUCLEAN);
	unlink(b.path);
	assert_int_equal(sqlite3_open(b.path, &raw), SQLITE_OK);
	assert_int_equal(sqlite3_exec(raw, "PRAGMA journal_mode=WAL; CREATE TABLE t(x)", 0, 0, 0),
			 SQLITE_OK);
	sqlite3_close(raw);
	expect_untouched(&b, -EUCLEAN);
	bench_close(&b);
}

static void test_other_versions_and_ids(void **state)
{
	(void)state;
	struct bench b;
	sqlite3 *raw;
	static const char *const changes[] = { "PRAGMA user_version = 5", "PRAGMA user_version = 0",
					       "PRAGMA application_id = 5",
					       "PRAGMA journal_mode = DELETE" };

	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		used_register(&b);
		assert_int_equal(sqlite3_open(b.path, &raw), SQLITE_OK);
		assert_int_equal(sqlite3_exec(raw, changes[i], NULL, NULL, NULL), SQLITE_OK);
		sqlite3_close(raw);
		expect_untouched(&b, -EUCLEAN);
		bench_close(&b);
	}
}

/* Every page damaged in turn, each in several places: found at opening, or by register_verify, or
 * without consequence; never a crash, and never a changed file when opening fails. */
static void test_damage(void **state)
{
	(void)state;
	struct bench b;
	char *bytes;
	size_t len;
	uint64_t random = 3;
	int found = 0, trials = 0;

	used_register(&b);
	assert_int_equal(file_read(b.path, 1 << 20, &bytes, &len), 0);
	for (size_t page = 0; page < len / 4096; page++) {
		for (int i = 0; i < 12; i++) {
			char *hurt = malloc(len);
			assert_non_null(hurt);
			memcpy(hurt, bytes, len);
			size_t at =
				page * 4096 + (size_t)(next_random(&random) % (i < 6 ? 64 : 4096));
			for (size_t k = at; k < at + 16 && k < len; k++)
				hurt[k] = (char)next_random(&random);
			put(&b, hurt, len);
			int r = register_open(&b.db, b.path, OFFSET_MIN);
			int64_t bad;
			trials++;
			if (r == 0) {
				r = register_verify(b.db, &bad);
				register_close(b.db);
				b.db = NULL;
			} else {
				char *now;
				size_t now_len;
				assert_int_equal(file_read(b.path, 1 << 20, &now, &now_len), 0);
				assert_int_equal(now_len, len);
				assert_memory_equal(now, hurt, len);
				free(now);
			}
			assert_true(r == 0 || r == -EUCLEAN);
			found += r == -EUCLEAN;
			free(hurt);
			char wal[128];
			text_format(wal, sizeof(wal), "%s-wal", b.path);
			unlink(wal);
		}
	}
	print_message("%d of %d damages found\n", found, trials);
	assert_true(found > trials / 4); /* much of it is free space: most tables are empty */
	put(&b, bytes, len - 4096); /* the end missing */
	expect_untouched(&b, -EUCLEAN);
	put(&b, bytes, 4096);
	expect_untouched(&b, -EUCLEAN);
	free(bytes);
	bench_close(&b);
}

static void test_broken_head(void **state)
{
	(void)state;
	struct bench b;
	sqlite3 *raw;

	used_register(&b);
	assert_int_equal(sqlite3_open(b.path, &raw), SQLITE_OK);
	assert_int_equal(sqlite3_exec(raw,
				      "DROP TRIGGER event_no_update;"
				      "UPDATE event SET wall_ms = 5 WHERE seq = 80",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	sqlite3_close(raw);
	expect_untouched(&b, -EUCLEAN);
	bench_close(&b);
}

/* The file is gone and its log is there: somebody's last entries, not a reason to begin anew. */
static void test_log_without_file(void **state)
{
	(void)state;
	struct bench b;
	char wal[128];

	used_register(&b);
	assert_int_equal(unlink(b.path), 0);
	text_format(wal, sizeof(wal), "%s-wal", b.path);
	assert_int_equal(file_write_atomic(wal, "x", 1, 0600), 0);
	assert_int_equal(register_open(&b.db, b.path, OFFSET_MIN), -EUCLEAN);
	assert_false(exists(&b, ""));
	assert_true(exists(&b, "-wal"));
	bench_close(&b);
}

static void test_odd_paths(void **state)
{
	(void)state;
	struct register_db *db;

	assert_int_equal(register_open(&db, "/nonexistent/register.db", 0), -ENOENT);
	assert_int_equal(register_open(&db, "/tmp", 0), -EUCLEAN);
}

static void test_one_at_a_time(void **state)
{
	(void)state;
	struct bench b;
	struct register_db *second;
	int status;

	bench_open(&b);
	register_sample(&b, 1);
	assert_int_equal(register_open(&second, b.path, OFFSET_MIN), -EBUSY);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(register_open(&second, b.path, OFFSET_MIN) == -EBUSY ? 7 : 8);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 7);
	/* neither attempt has cost the first its lock, or its entries */
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(register_open(&second, b.path, OFFSET_MIN) == -EBUSY ? 7 : 8);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 7);
	assert_int_equal(register_sample(&b, 2), 2);
	bench_reopen(&b);
	int64_t bad;
	assert_int_equal(register_verify(b.db, &bad), 0);
	bench_close(&b);
}

/* Making the register fails at the n-th operation: nothing is left at the path, and the next try
 * makes it. */
static void test_making_fails(void **state)
{
	(void)state;
	int bites = 0;

	for (long n = 1;; n++) {
		struct bench b;
		struct fault_vfs f = { .fail_at = n,
				       .fail_ops = 1U << VFS_WRITE | 1U << VFS_SYNC,
				       .fail_rc = n % 2 ? SQLITE_FULL : SQLITE_IOERR_WRITE };
		used_register(&b);
		unlink(b.path);
		vfs_install(&f);
		int r = register_open(&b.db, b.path, OFFSET_MIN);
		register_close(b.db);
		b.db = NULL;
		vfs_remove(&f);
		if (r)
			assert_false(exists(&b, "") || exists(&b, ".new") || exists(&b, "-wal"));
		assert_int_equal(register_open(&b.db, b.path, OFFSET_MIN), 0);
		assert_int_equal(register_sample(&b, 1), 1);
		bench_close(&b);
		if (!f.bitten)
			break;
		assert_true(r == -ENOSPC || r == -EIO);
		bites++;
	}
	assert_true(bites > 10);
}

/* The page that holds the first events: the first child of the table's root
 * (https://sqlite.org/fileformat2.html#b_tree_pages). */
static long page_of_first_events(struct bench *b, int fd)
{
	uint8_t page[4096];
	int64_t root = number_of(b, "SELECT rootpage FROM sqlite_schema WHERE name = 'event'");

	assert_int_equal(pread(fd, page, sizeof(page), (root - 1) * 4096), sizeof(page));
	assert_int_equal(page[0], 5);
	const uint8_t *cell = page + (page[12] << 8 | page[13]);
	return cell[0] << 24 | cell[1] << 16 | cell[2] << 8 | cell[3];
}

/* A long register is not read through at each start: what is broken in its old part is found by the
 * check that does, and what is broken in the new part when opening, as ever. */
static void test_long_register(void **state)
{
	(void)state;
	struct bench b;

	bench_open(&b);
	for (unsigned n = 0; n < 200; n++)
		register_sample(&b, n);
	bench_tamper(&b, "CREATE TABLE years(b); INSERT INTO years VALUES(zeroblob(33 << 20))");
	assert_int_equal(register_open(&b.db, b.path, OFFSET_MIN), 0);
	assert_int_equal(register_check_file(b.db), 0);
	CLEANUP(close_fd) int fd = open(b.path, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	long page = page_of_first_events(&b, fd);
	register_close(b.db);
	static const uint8_t nonsense[64] = { 0xAA, 0xAA, 0xAA };
	assert_int_equal(pwrite(fd, nonsense, sizeof(nonsense), (page - 1) * 4096), 64);
	assert_int_equal(register_open(&b.db, b.path, OFFSET_MIN), 0);
	assert_int_equal(register_check_file(b.db), -EUCLEAN);
	assert_int_equal(register_sample(&b, 200), 201);
	register_close(b.db);
	b.db = NULL;
	bench_tamper(&b,
		     "DROP TRIGGER event_no_update; UPDATE event SET actor = 'x' WHERE seq = 199");
	assert_int_equal(register_open(&b.db, b.path, OFFSET_MIN), -EUCLEAN);
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_made_whole),
		cmocka_unit_test(test_strangers_are_left_alone),
		cmocka_unit_test(test_other_versions_and_ids),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_broken_head),
		cmocka_unit_test(test_log_without_file),
		cmocka_unit_test(test_odd_paths),
		cmocka_unit_test(test_one_at_a_time),
		cmocka_unit_test(test_making_fails),
		cmocka_unit_test(test_long_register),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
