/*
 * A VFS of sqlite's, over the default one, that hands the writes of a log on in one piece. sqlite
 * writes a commit as two small writes a page (24 bytes of frame header, then the page), one behind
 * the other; here they are gathered and reach the file as one write before the flush that makes the
 * commit durable. All other files are the default VFS's own.
 *
 * Nothing waits here longer than that: with synchronous=FULL each commit ends in a flush. Whatever
 * looks at the file or changes it otherwise finds the gathered bytes written first. Used by one
 * connection on one thread.
 */
#ifndef STORE_WAL_VFS_H
#define STORE_WAL_VFS_H

#include <sqlite3.h>

#include "base/defs.h"

#define WAL_VFS_NAME_BYTES 40

/* The most that is gathered; a longer commit takes more writes. */
#define WAL_VFS_GATHER_BYTES 65536

struct wal_vfs {
	sqlite3_vfs vfs, *under;
	char name[WAL_VFS_NAME_BYTES]; /* for sqlite3_open_v2 */
};

/* Makes it known to sqlite by its name, which no other has, over what is the default VFS now. v
 * must stay where it is until wal_vfs_fini, which comes after the connections that use it are
 * closed. 0, -ENOMEM, or -EIO when sqlite has no VFS. */
MUST_CHECK int wal_vfs_init(struct wal_vfs *v);
/* Nothing happens to one that was zeroed and never made known. */
void wal_vfs_fini(struct wal_vfs *v);

#endif
