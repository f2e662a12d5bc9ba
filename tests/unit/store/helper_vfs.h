/*
 * A false bottom under sqlite: everything goes through to the real files, and on the way it can be
 * counted, made to fail, or cut off as by pulling the plug.
 *
 * Cutting: what was written since the last flush of a file may be on the disk or not, each 512
 * bytes of it for itself, in any order. cut_hook is called before each operation; from it,
 * vfs_cut writes such a state of all files into another directory.
 */
#ifndef TEST_HELPER_VFS_H
#define TEST_HELPER_VFS_H

#include <sqlite3.h>

#include "base/defs.h"

enum vfs_op { VFS_WRITE, VFS_SYNC, VFS_TRUNCATE, VFS_OP_COUNT_ };

#define VFS_FILES 8
#define VFS_SECTOR_BYTES 512
/* A longer write counts as several, and may fail between them. */
#define VFS_PIECE_BYTES 4096

struct vfs_file_image;

struct fault_vfs {
	sqlite3_vfs vfs, *real;
	char name[32];
	long count[VFS_OP_COUNT_];
	long bytes_written;

	/* The fail_at-th operation from now (1 = the next) of the kinds in fail_ops (bits) returns
	 * fail_rc; with fail_on all later ones too. 0 = none. */
	long fail_at;
	unsigned fail_ops;
	int fail_rc;
	bool fail_on;
	bool bitten; /* it did fail */

	bool cutting; /* keep what is not flushed; set before the files are opened */
	void (*cut_hook)(struct fault_vfs *f, enum vfs_op op, bool main_file);
	void *ctx;
	struct vfs_file_image *images;
};

/* Becomes the default, so that register_open uses it, until taken away. */
void vfs_install(struct fault_vfs *f);
void vfs_remove(struct fault_vfs *f);

/* One possible state after a power cut now, into dir; *random is moved on. */
void vfs_cut(struct fault_vfs *f, const char *dir, uint64_t *random);

#endif
