#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/fileio.h"
#include "base/text.h"
#include "helper_store.h"
#include "helper_vfs.h"

/* One write or truncation not flushed yet. */
struct pending {
	struct pending *next;
	sqlite3_int64 at;
	size_t len;
	bool truncates;
	uint8_t bytes[];
};

/* What of a file is surely on the disk, and what may be. */
struct vfs_file_image {
	struct vfs_file_image *next;
	char path[128];
	uint8_t *durable;
	size_t len, cap;
	struct pending *first, **last;
};

struct fault_file {
	sqlite3_file base;
	struct fault_vfs *owner;
	struct vfs_file_image *image;
	bool is_main;
	sqlite3_file *real;
};

static struct fault_file *self(sqlite3_file *file)
{
	return (struct fault_file *)file;
}

static void image_resize(struct vfs_file_image *image, size_t len)
{
	if (len > image->cap) {
		image->cap = len * 2;
		image->durable = realloc(image->durable, image->cap);
		if (!image->durable)
			abort();
	}
	if (len > image->len)
		memset(image->durable + image->len, 0, len - image->len);
	image->len = len;
}

static void apply(struct vfs_file_image *image, const struct pending *p, size_t from, size_t len)
{
	if (p->truncates) {
		image_resize(image, (size_t)p->at);
		return;
	}
	size_t end = (size_t)p->at + from + len;
	if (end > image->len)
		image_resize(image, end);
	memcpy(image->durable + p->at + from, p->bytes + from, len);
}

static void flush_image(struct vfs_file_image *image)
{
	for (struct pending *p = image->first, *next; p; p = next) {
		next = p->next;
		apply(image, p, 0, p->len);
		free(p);
	}
	image->first = NULL;
	image->last = &image->first;
}

static void add_pending(struct fault_file *file, const void *bytes, size_t len, sqlite3_int64 at,
			bool truncates)
{
	if (!file->image)
		return;
	struct pending *p = calloc(1, sizeof(*p) + len);
	if (!p)
		abort();
	*p = (struct pending){ .at = at, .len = len, .truncates = truncates };
	if (len > 0)
		memcpy(p->bytes, bytes, len);
	*file->image->last = p;
	file->image->last = &p->next;
}

/* Counts an operation; true when it is the one to fail. */
static bool fails(struct fault_file *file, enum vfs_op op)
{
	struct fault_vfs *f = file->owner;

	if (f->cut_hook)
		f->cut_hook(f, op, file->is_main);
	f->count[op]++;
	if (f->fail_at == 0 || !(f->fail_ops & 1U << op))
		return false;
	if (--f->fail_at > 0)
		return false;
	f->bitten = true;
	f->fail_at = f->fail_on ? 1 : 0;
	return true;
}

static int file_close(sqlite3_file *file)
{
	return self(file)->real->pMethods->xClose(self(file)->real);
}

static int file_read_at(sqlite3_file *file, void *dst, int len, sqlite3_int64 at)
{
	return self(file)->real->pMethods->xRead(self(file)->real, dst, len, at);
}

/* Fails in the middle: half of it is there. */
static int write_piece(sqlite3_file *file, const uint8_t *bytes, int len, sqlite3_int64 at)
{
	sqlite3_file *real = self(file)->real;

	if (fails(self(file), VFS_WRITE)) {
		add_pending(self(file), bytes, (size_t)len / 2, at, false);
		real->pMethods->xWrite(real, bytes, len / 2, at);
		return self(file)->owner->fail_rc;
	}
	self(file)->owner->bytes_written += len;
	add_pending(self(file), bytes, (size_t)len, at, false);
	return real->pMethods->xWrite(real, bytes, len, at);
}

static int file_write_at(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 at)
{
	int rc = SQLITE_OK;

	for (int done = 0; done < len && rc == SQLITE_OK; done += VFS_PIECE_BYTES)
		rc = write_piece(file, (const uint8_t *)bytes + done,
				 len - done < VFS_PIECE_BYTES ? len - done : VFS_PIECE_BYTES,
				 at + done);
	return rc;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 len)
{
	if (fails(self(file), VFS_TRUNCATE))
		return self(file)->owner->fail_rc;
	add_pending(self(file), NULL, 0, len, true);
	return self(file)->real->pMethods->xTruncate(self(file)->real, len);
}

static int file_sync(sqlite3_file *file, int flags)
{
	if (fails(self(file), VFS_SYNC))
		return self(file)->owner->fail_rc == SQLITE_FULL ? SQLITE_FULL : SQLITE_IOERR_FSYNC;
	if (self(file)->image) {
		flush_image(self(file)->image); /* this disk is told, and believed */
		return SQLITE_OK;
	}
	return self(file)->real->pMethods->xSync(self(file)->real, flags);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *len)
{
	return self(file)->real->pMethods->xFileSize(self(file)->real, len);
}

static int file_lock(sqlite3_file *file, int level)
{
	return self(file)->real->pMethods->xLock(self(file)->real, level);
}

static int file_unlock(sqlite3_file *file, int level)
{
	return self(file)->real->pMethods->xUnlock(self(file)->real, level);
}

static int file_check_lock(sqlite3_file *file, int *out)
{
	return self(file)->real->pMethods->xCheckReservedLock(self(file)->real, out);
}

static int file_control(sqlite3_file *file, int op, void *arg)
{
	return self(file)->real->pMethods->xFileControl(self(file)->real, op, arg);
}

static int file_sector(sqlite3_file *file)
{
	return self(file)->real->pMethods->xSectorSize(self(file)->real);
}

static int file_device(sqlite3_file *file)
{
	return self(file)->real->pMethods->xDeviceCharacteristics(self(file)->real);
}

/* Version 1: no shared memory, no mapped files. The register must not need them. */
static const sqlite3_io_methods methods = {
	.iVersion = 1,
	.xClose = file_close,
	.xRead = file_read_at,
	.xWrite = file_write_at,
	.xTruncate = file_truncate,
	.xSync = file_sync,
	.xFileSize = file_size,
	.xLock = file_lock,
	.xUnlock = file_unlock,
	.xCheckReservedLock = file_check_lock,
	.xFileControl = file_control,
	.xSectorSize = file_sector,
	.xDeviceCharacteristics = file_device,
};

/* The image of a file, with what stands on the disk already taken for flushed. */
static struct vfs_file_image *image_of(struct fault_vfs *f, const char *path)
{
	struct vfs_file_image *image = f->images;
	char *bytes;
	size_t len;

	while (image && strcmp(image->path, path) != 0)
		image = image->next;
	if (image)
		return image;
	image = calloc(1, sizeof(*image));
	if (!image)
		abort();
	text_copy(image->path, sizeof(image->path), path);
	image->last = &image->first;
	image->next = f->images;
	f->images = image;
	if (file_read(path, 64 << 20, &bytes, &len) == 0) {
		image_resize(image, len);
		memcpy(image->durable, bytes, len);
		free(bytes);
	}
	return image;
}

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
	struct fault_vfs *f = vfs->pAppData;
	struct fault_file *own = self(file);

	*own = (struct fault_file){ .owner = f,
				    .is_main = (flags & SQLITE_OPEN_MAIN_DB) != 0,
				    .real = (sqlite3_file *)(own + 1) };
	/* Before the real one is open: closing a descriptor would drop its locks. */
	if (f->cutting && name)
		own->image = image_of(f, name);
	int rc = f->real->xOpen(f->real, name, own->real, flags, out);
	if (own->real->pMethods)
		own->base.pMethods = &methods;
	return rc;
}

void vfs_install(struct fault_vfs *f)
{
	f->real = sqlite3_vfs_find(NULL);
	f->vfs = *f->real;
	text_copy(f->name, sizeof(f->name), "fault");
	f->vfs.zName = f->name;
	f->vfs.pAppData = f;
	f->vfs.szOsFile = (int)sizeof(struct fault_file) + f->real->szOsFile;
	f->vfs.xOpen = vfs_open;
	sqlite3_vfs_register(&f->vfs, 1);
}

void vfs_remove(struct fault_vfs *f)
{
	sqlite3_vfs_unregister(&f->vfs);
	sqlite3_vfs_register(f->real, 1);
	while (f->images) {
		struct vfs_file_image *image = f->images;
		f->images = image->next;
		flush_image(image);
		free(image->durable);
		free(image);
	}
}

/* Each sector of each pending write: there or not. A truncation: there or not. */
static void cut_image(const struct vfs_file_image *image, const char *dir, uint64_t *random)
{
	struct vfs_file_image after = { .len = 0 };
	char path[256];
	unsigned mode = (unsigned)(next_random(random) % 4); /* none, all, any, any */

	image_resize(&after, image->len);
	if (image->len > 0)
		memcpy(after.durable, image->durable, image->len);
	for (const struct pending *p = image->first; p && mode != 0; p = p->next) {
		for (size_t at = 0; at < p->len || (at == 0 && p->truncates);
		     at += VFS_SECTOR_BYTES) {
			size_t n = p->len - at < VFS_SECTOR_BYTES ? p->len - at : VFS_SECTOR_BYTES;
			if (mode == 1 || next_random(random) % 2 == 0)
				apply(&after, p, at, n);
		}
	}
	const char *base = strrchr(image->path, '/');
	text_format(path, sizeof(path), "%s%s", dir, base);
	CLEANUP(close_fd) int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || fd_write_all(fd, after.durable, after.len))
		abort();
	free(after.durable);
}

void vfs_cut(struct fault_vfs *f, const char *dir, uint64_t *random)
{
	for (const struct vfs_file_image *image = f->images; image; image = image->next)
		cut_image(image, dir, random);
}
