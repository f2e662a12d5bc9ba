/*
 * A disk that can be cut: one file in a FUSE file system of its own, under a kernel loop device in
 * direct I/O, formatted with the real ext4. Every write and every flush that reaches it is kept, in
 * order, together with the bytes.
 *
 * The file is served by a child process: nothing here may wait for a disk that it serves itself.
 * The bytes live in memory that both share, so that the parent can put any state onto the disk
 * while it is not mounted.
 *
 * Nothing stays behind: the loop device lets go of the file with its last user, and the server ends
 * when nothing is mounted of it any more (world.h).
 */
#ifndef POWERCUT_DISK_H
#define POWERCUT_DISK_H

#include <stdatomic.h>
#include <sys/types.h>

#include "base/defs.h"

/* More than one block group: the superblock has a backup. */
#define DISK_BYTES (136 << 20)
#define DISK_BLOCK_BYTES 4096
#define DISK_BLOCKS (DISK_BYTES / DISK_BLOCK_BYTES)
#define DISK_SECTOR_BYTES 512 /* what a device writes whole or not at all */
#define DISK_OPS_MAX (1 << 18)
#define DISK_LOG_BYTES (384 << 20)

struct disk_op {
	bool flush; /* the rest is of writes */
	uint32_t offset, len;
	uint32_t data; /* of the bytes, from the beginning of the log's */
};

/* What has reached the disk since disk_log_start. Pages of it that were never used cost nothing. */
struct disk_log {
	_Atomic uint32_t count; /* operations answered: the position of "now" */
	bool on, full;
	uint32_t bytes_used;
	struct disk_op ops[DISK_OPS_MAX];
	uint8_t bytes[DISK_LOG_BYTES];
};

struct disk_memory {
	uint8_t image[DISK_BYTES];
	bool used[DISK_BLOCKS]; /* written ever; others are zero, and have no page of memory yet */
	bool touched[DISK_BLOCKS]; /* written since somebody looked */
	struct disk_log log;
};

struct disk {
	struct disk_memory *memory; /* shared with the server and with whoever is forked */
	char root[32], fuse_dir[48], mount_dir[48]; /* where ext4 stands */
	pid_t server;
	int loop_fd; /* keeps the loop device; -1 = none */
	char loop[32];
	bool mounted, served;
	char problem[160]; /* what could not be done, after an error */
};

/* Maps the memory, serves the file and attaches the loop device. On an error too, disk_stop is to
 * be called. */
MUST_CHECK int disk_start(struct disk *disk);
/* Unmounts, detaches, ends the server. The memory stays until disk_free. */
void disk_stop(struct disk *disk);
void disk_free(struct disk *disk);

/* Makes an ext4 with blocks of 4 KiB. */
MUST_CHECK int disk_format(struct disk *disk);

/* options: of ext4. While it is mounted, image and touched are the server's. */
MUST_CHECK int disk_mount(struct disk *disk, const char *options);
/*
 * As an unattended system starts: when it cannot be mounted, e2fsck -y is asked to mend it first
 * (what systemd-fsck does with fsck.repair=yes), and *mended says so. ext4 takes its superblock,
 * 1 KiB with a checksum, for something that cannot be torn; here it can. e2fsck -p gives that up.
 */
MUST_CHECK int disk_boot(struct disk *disk, const char *options, bool *mended);
MUST_CHECK int disk_unmount(struct disk *disk);

void disk_log_start(struct disk *disk);
void disk_log_stop(struct disk *disk);

/* Marks the blocks of a range as used and touched. */
void disk_touch(struct disk_memory *memory, uint32_t offset, uint32_t len);

/* How many operations the log holds now. */
static inline uint32_t disk_position(const struct disk *disk)
{
	return disk->memory->log.count;
}

#endif
