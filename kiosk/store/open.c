/*
 * How the register comes to stand at its path, and how it is opened.
 *
 * Making: the whole empty register is built under path.new, flushed, and renamed. So a file at path
 * always was a register once; whatever else is found there (nothing in it, other contents, damage)
 * is somebody's data or lost data, and is left as it is: -EUCLEAN. The same holds for a log
 * (path-wal) without its file, which a new register must never take for its own.
 *
 * Mode: WAL with synchronous=FULL is one flush a commit and loses nothing at a power cut, while
 * the default (DELETE, FULL) may lose the last commit. EXCLUSIVE: the other process gets -EBUSY,
 * there is no shared-memory file to be mapped, and no second connection for the WAL-reset bug
 * (sqlite 3.7.0 to 3.51.2, https://sqlite.org/changes.html) to need. NOMUTEX: one thread at a
 * time. The log is written through wal_vfs.h, one write a commit.
 *
 * The file is looked at through sqlite's own descriptor only: closing a second descriptor of it
 * would drop this process's locks (POSIX; https://sqlite.org/howtocorrupt.html 2.2).
 */
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fileio.h"
#include "base/log.h"
#include "store/projection.h"
#include "store/search.h"

#define SUFFIX_BYTES 16 /* ".new-journal" and its like */
#define NAME_BYTES_MAX (PATH_MAX + SUFFIX_BYTES)
#define OPEN_CHECK_PAGES ((32 << 20) / SCHEMA_PAGE_BYTES) /* a second, from a card */
#define HEADER_BYTES 100 /* https://sqlite.org/fileformat2.html#the_database_header */

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool version_is_known(uint32_t version)
{
	return version >= SCHEMA_VERSION_OLDEST && version <= SCHEMA_VERSION;
}

/* Ours, of a version known here, in WAL mode. These bytes are written when the register is made;
 * the version may be the one before an upgrade that still stands in the log. */
static bool header_is_ours(const uint8_t h[HEADER_BYTES])
{
	return memcmp(h, "SQLite format 3", 16) == 0 && h[16] == SCHEMA_PAGE_BYTES >> 8 &&
	       h[17] == 0 && h[18] == 2 && h[19] == 2 && version_is_known(be32(h + 60)) &&
	       be32(h + 68) == SCHEMA_APPLICATION_ID;
}

static int check_header(struct register_db *db)
{
	sqlite3_file *file = NULL;
	uint8_t header[HEADER_BYTES];
	int rc = sqlite3_file_control(db->sqlite, "main", SQLITE_FCNTL_FILE_POINTER, &file);

	if (rc != SQLITE_OK || !file || !file->pMethods)
		return -EIO;
	rc = file->pMethods->xRead(file, header, sizeof(header), 0);
	if (rc == SQLITE_IOERR_SHORT_READ)
		return -EUCLEAN;
	if (rc != SQLITE_OK)
		return db_errno(rc);
	return header_is_ours(header) ? 0 : -EUCLEAN;
}

static int exec(sqlite3 *sqlite, const char *sql)
{
	return db_errno(sqlite3_exec(sqlite, sql, NULL, NULL, NULL));
}

/* locking_mode comes before the first look at the file: it decides how that look locks. */
static const char mode_sql[] = "PRAGMA locking_mode=EXCLUSIVE;"
			       "PRAGMA trusted_schema=OFF;"
			       "PRAGMA cell_size_check=ON;"
			       "PRAGMA foreign_keys=ON;"
			       "PRAGMA secure_delete=ON;"
			       "PRAGMA temp_store=MEMORY;"
			       "PRAGMA synchronous=FULL;"
			       "PRAGMA wal_autocheckpoint=0;";

/* vfs: by name, NULL the default. */
static int connect(sqlite3 **sqlite, const char *path, const char *vfs)
{
	int rc = sqlite3_open_v2(path, sqlite, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, vfs);

	if (rc != SQLITE_OK)
		return *sqlite ? db_errno(sqlite3_extended_errcode(*sqlite)) : -ENOMEM;
	sqlite3_extended_result_codes(*sqlite, 1);
	sqlite3_db_config(*sqlite, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	return exec(*sqlite, mode_sql);
}

/* Without ours among it: the file is new and holds nothing yet. */
static int build(const char *path)
{
	char pragmas[160], sql[SCHEMA_SQL_BYTES];
	sqlite3 *sqlite = NULL;
	int r = connect(&sqlite, path, NULL);

	snprintf(pragmas, sizeof(pragmas),
		 "PRAGMA page_size=%d; PRAGMA application_id=%d; PRAGMA user_version=%d; BEGIN;",
		 SCHEMA_PAGE_BYTES, SCHEMA_APPLICATION_ID, SCHEMA_VERSION);
	if (r == 0)
		r = exec(sqlite, pragmas);
	schema_make(sql);
	if (r == 0)
		r = exec(sqlite, sql);
	if (r == 0)
		r = exec(sqlite, "COMMIT; PRAGMA journal_mode=WAL;");
	int rc = sqlite3_close(sqlite);
	return r ? r : db_errno(rc);
}

static int sync_file(const char *path)
{
	CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fsync(fd))
		return -errno;
	return 0;
}

static int sync_dir_of(const char *path)
{
	char copy[PATH_MAX];

	snprintf(copy, sizeof(copy), "%s", path);
	return dir_sync(dirname(copy));
}

/* True when path + suffix names something. */
static bool beside(const char *path, const char *suffix)
{
	char name[NAME_BYTES_MAX];
	struct stat st;

	snprintf(name, sizeof(name), "%s%s", path, suffix);
	return lstat(name, &st) == 0;
}

static void remove_beside(const char *path, const char *suffix)
{
	char name[NAME_BYTES_MAX];

	snprintf(name, sizeof(name), "%s%s", path, suffix);
	unlink(name);
}

static void remove_unfinished(const char *fresh)
{
	remove_beside(fresh, "-wal");
	remove_beside(fresh, "-journal");
	remove_beside(fresh, "");
}

/* Refuses to replace what another process may have put there meanwhile, where the file system can
 * say so. */
static int rename_fresh(const char *fresh, const char *path)
{
	if (renameat2(AT_FDCWD, fresh, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return errno == EEXIST ? -EBUSY : -errno;
	return rename(fresh, path) ? -errno : 0;
}

static int make(const char *path)
{
	char fresh[PATH_MAX];

	snprintf(fresh, sizeof(fresh), "%s.new", path);
	remove_unfinished(fresh);
	int fd = open(fresh, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	close(fd);
	int r = build(fresh);
	if (r == 0)
		r = sync_file(fresh);
	if (r == 0)
		r = rename_fresh(fresh, path);
	if (r == 0)
		return sync_dir_of(path);
	remove_unfinished(fresh);
	return r;
}

/* Makes the register when there is nothing at all. */
static int make_if_absent(const char *path)
{
	struct stat st;

	if (strlen(path) > PATH_MAX - SUFFIX_BYTES)
		return -ENAMETOOLONG;
	if (stat(path, &st) == 0)
		return S_ISREG(st.st_mode) ? 0 : -EUCLEAN;
	if (errno != ENOENT)
		return -errno;
	if (beside(path, "-wal") || beside(path, "-journal"))
		return -EUCLEAN;
	return make(path);
}

static int pages_in_log(void *ctx, sqlite3 *sqlite, const char *schema, int pages)
{
	struct register_db *db = ctx;

	(void)sqlite;
	(void)schema;
	db->wal_pages = pages;
	return SQLITE_OK;
}

/* A page that could not be read is no fault found in it: sqlite says so in the same row, with the
 * code of the failure, as in "unable to get the page. error code=7". */
static int fault_errno(const char *text)
{
	static const char mark[] = "error code=";
	const char *code = text ? strstr(text, mark) : NULL;

	return code ? db_errno((int)strtol(code + strlen(mark), NULL, 10)) : -EUCLEAN;
}

/* "ok" is the only answer that is. The 1 in sql: the first fault is enough. */
static int expect_ok(struct register_db *db, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(db->sqlite, sql, -1, &stmt, NULL);
	int found = 0;

	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW) {
		const char *text = (const char *)sqlite3_column_text(stmt, 0);
		found = text && strcmp(text, "ok") == 0 ? 0 : fault_errno(text);
	}
	sqlite3_finalize(stmt);
	if (rc != SQLITE_ROW)
		return rc == SQLITE_DONE || rc == SQLITE_ERROR ? -EUCLEAN : db_errno(rc);
	return found;
}

int register_check_file(struct register_db *db)
{
	return expect_ok(db, "PRAGMA quick_check(1)");
}

int db_integrity(struct register_db *db)
{
	return expect_ok(db, "PRAGMA integrity_check(1)");
}

static int read_number(sqlite3 *sqlite, const char *sql, int64_t *number)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(sqlite, sql, -1, &stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	*number = rc == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
	sqlite3_finalize(stmt);
	return rc == SQLITE_ROW ? 0 : rc == SQLITE_ERROR ? -EUCLEAN : db_errno(rc);
}

/* All of it or nothing: what fails half-way is rolled back when the connection closes, and the next
 * opening begins anew. */
static int upgrade(struct register_db *db)
{
	char sql[SCHEMA_SQL_BYTES], pragma[64];
	sqlite3 *sqlite = db->sqlite;
	int64_t version;
	int r = read_number(sqlite, "PRAGMA user_version", &version);

	if (r || version == SCHEMA_VERSION)
		return r;
	schema_upgrade((int)version, sql);
	snprintf(pragma, sizeof(pragma), "PRAGMA user_version=%d; COMMIT;", SCHEMA_VERSION);
	r = exec(sqlite, "BEGIN IMMEDIATE");
	if (r == 0)
		r = exec(sqlite, sql);
	if (r == 0)
		r = projection_remake(db);
	if (r == 0)
		r = exec(sqlite, pragma);
	if (r == 0)
		log_info("register: brought from version %d to %d", (int)version, SCHEMA_VERSION);
	return r;
}

/* All pages are read only when that takes no longer than a start may; verify_tail reads the newest
 * of any register, and the rest is register_check's. */
static int check_if_short(struct register_db *db)
{
	int64_t pages;
	int r = read_number(db->sqlite, "PRAGMA page_count", &pages);

	return r || pages > OPEN_CHECK_PAGES ? r : register_check_file(db);
}

/* After a failed flush the kernel calls pages clean that never reached the disk, and would go on
 * showing them. What is looked at now is to be what the disk holds. Nobody has the file open yet,
 * so closing this descriptor drops no lock. */
static void forget_cached(const char *path, const char *suffix)
{
	char name[NAME_BYTES_MAX];

	snprintf(name, sizeof(name), "%s%s", path, suffix);
	CLEANUP(close_fd) int fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
}

int db_open(struct register_db *db, const char *path)
{
	int r = make_if_absent(path);

	forget_cached(path, "");
	forget_cached(path, "-wal");
	if (r == 0)
		r = wal_vfs_init(&db->vfs);
	if (r == 0)
		r = connect(&db->sqlite, path, db->vfs.name);
	if (r == 0)
		r = check_header(db);
	if (r == 0 && sqlite3_db_readonly(db->sqlite, "main") == 1)
		r = -EROFS;
	if (r == 0)
		r = check_if_short(db);
	if (r == 0)
		r = upgrade(db);
	if (r == 0)
		sqlite3_wal_hook(db->sqlite, pages_in_log, db);
	if (r == 0)
		search_watch(db);
	return r;
}

void db_close(struct register_db *db)
{
	for (int i = 0; i < STMT_COUNT_; i++)
		sqlite3_finalize(db->stmts[i]);
	/* Closing would copy the log back: not into a file that is bad, nor over a bad disk. */
	if (db->sqlite && db->failed)
		sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	if (sqlite3_close(db->sqlite) != SQLITE_OK)
		log_error("register: not closed cleanly");
	db->sqlite = NULL;
	wal_vfs_fini(&db->vfs);
}
