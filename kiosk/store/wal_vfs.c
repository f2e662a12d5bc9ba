/*
 * What is gathered is one run of bytes, [at, at + len) of the file. A write that goes on where the
 * run ends, and fits, lengthens it; every other operation lets it go first:
 *
 *            next bytes, room          anything else: write the run, then do it
 *   empty ─────────────────> gathering ───────────────────────────────> empty
 *
 * A write that fails is told by the operation that let the run go, before anything else was done:
 * at the latest by the flush, so a commit can not be taken for durable without its bytes. sqlite
 * takes back the whole transaction then, as when one of its own writes had failed, and writes the
 * next one over the same place; so the run is forgotten, and never tried again.
 */
#include "store/wal_vfs.h"

#include <string.h>

#include "base/text.h"

struct wal_file {
	sqlite3_file base;
	sqlite3_file *under;
	uint8_t *run;
	int len;
	sqlite3_int64 at;
};

static struct wal_file *self(sqlite3_file *file)
{
	return (struct wal_file *)file;
}

static int let_go(struct wal_file *f)
{
	int len = f->len;

	f->len = 0;
	return len == 0 ? SQLITE_OK : f->under->pMethods->xWrite(f->under, f->run, len, f->at);
}

static int wal_close(sqlite3_file *file)
{
	struct wal_file *f = self(file);
	int rc = let_go(f);
	int close_rc = f->under->pMethods->xClose(f->under);

	sqlite3_free(f->run);
	f->run = NULL;
	return rc != SQLITE_OK ? rc : close_rc;
}

static int wal_read(sqlite3_file *file, void *dst, int len, sqlite3_int64 at)
{
	struct wal_file *f = self(file);
	int rc = let_go(f);

	return rc != SQLITE_OK ? rc : f->under->pMethods->xRead(f->under, dst, len, at);
}

static int wal_write(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 at)
{
	struct wal_file *f = self(file);

	if (f->len > 0 && (at != f->at + f->len || len > WAL_VFS_GATHER_BYTES - f->len)) {
		int rc = let_go(f);
		if (rc != SQLITE_OK)
			return rc;
	}
	if (len > WAL_VFS_GATHER_BYTES)
		return f->under->pMethods->xWrite(f->under, bytes, len, at);
	if (f->len == 0)
		f->at = at;
	memcpy(f->run + f->len, bytes, (size_t)len);
	f->len += len;
	return SQLITE_OK;
}

static int wal_truncate(sqlite3_file *file, sqlite3_int64 len)
{
	struct wal_file *f = self(file);
	int rc = let_go(f);

	return rc != SQLITE_OK ? rc : f->under->pMethods->xTruncate(f->under, len);
}

static int wal_sync(sqlite3_file *file, int flags)
{
	struct wal_file *f = self(file);
	int rc = let_go(f);

	return rc != SQLITE_OK ? rc : f->under->pMethods->xSync(f->under, flags);
}

static int wal_size(sqlite3_file *file, sqlite3_int64 *len)
{
	struct wal_file *f = self(file);
	int rc = let_go(f);

	return rc != SQLITE_OK ? rc : f->under->pMethods->xFileSize(f->under, len);
}

static int wal_lock(sqlite3_file *file, int level)
{
	return self(file)->under->pMethods->xLock(self(file)->under, level);
}

static int wal_unlock(sqlite3_file *file, int level)
{
	return self(file)->under->pMethods->xUnlock(self(file)->under, level);
}

static int wal_check_lock(sqlite3_file *file, int *out)
{
	return self(file)->under->pMethods->xCheckReservedLock(self(file)->under, out);
}

static int wal_control(sqlite3_file *file, int op, void *arg)
{
	struct wal_file *f = self(file);
	int rc = let_go(f);

	return rc != SQLITE_OK ? rc : f->under->pMethods->xFileControl(f->under, op, arg);
}

static int wal_sector(sqlite3_file *file)
{
	return self(file)->under->pMethods->xSectorSize(self(file)->under);
}

static int wal_device(sqlite3_file *file)
{
	return self(file)->under->pMethods->xDeviceCharacteristics(self(file)->under);
}

/* Version 1: a log is neither mapped nor has it shared memory. */
static const sqlite3_io_methods methods = {
	.iVersion = 1,
	.xClose = wal_close,
	.xRead = wal_read,
	.xWrite = wal_write,
	.xTruncate = wal_truncate,
	.xSync = wal_sync,
	.xFileSize = wal_size,
	.xLock = wal_lock,
	.xUnlock = wal_unlock,
	.xCheckReservedLock = wal_check_lock,
	.xFileControl = wal_control,
	.xSectorSize = wal_sector,
	.xDeviceCharacteristics = wal_device,
};

static int wal_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
	struct wal_vfs *v = vfs->pAppData;
	struct wal_file *f = self(file);

	if (!(flags & SQLITE_OPEN_WAL))
		return v->under->xOpen(v->under, name, file, flags, out);
	*f = (struct wal_file){ .under = (sqlite3_file *)(f + 1),
				.run = sqlite3_malloc(WAL_VFS_GATHER_BYTES) };
	if (!f->run)
		return SQLITE_NOMEM;
	f->under->pMethods = NULL;
	int rc = v->under->xOpen(v->under, name, f->under, flags, out);
	if (f->under->pMethods) {
		f->base.pMethods = &methods;
		return rc;
	}
	sqlite3_free(f->run);
	f->run = NULL;
	return rc;
}

int wal_vfs_init(struct wal_vfs *v)
{
	sqlite3_vfs *under = sqlite3_vfs_find(NULL);

	*v = (struct wal_vfs){ .under = under };
	if (!under)
		return -EIO;
	v->vfs = *under;
	v->vfs.pNext = NULL;
	v->vfs.pAppData = v;
	v->vfs.xOpen = wal_open;
	v->vfs.szOsFile = (int)sizeof(struct wal_file) + under->szOsFile;
	text_format(v->name, sizeof(v->name), "gatehouse-%p", (void *)v);
	v->vfs.zName = v->name;
	if (sqlite3_vfs_register(&v->vfs, 0) == SQLITE_OK)
		return 0;
	v->under = NULL;
	return -ENOMEM;
}

void wal_vfs_fini(struct wal_vfs *v)
{
	if (v->under)
		sqlite3_vfs_unregister(&v->vfs);
	v->under = NULL;
}
