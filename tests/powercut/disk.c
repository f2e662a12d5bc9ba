/*
 * Order: the server is single-threaded and enters an operation into the log before it answers it.
 * So everything that was answered before a program learned of its success stands below the position
 * it then reads, and every write that was answered before a flush was asked for stands before it.
 */
#define FUSE_USE_VERSION 35
#include <fcntl.h>
#include <fuse.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/text.h"
#include "tests/powercut/disk.h"
#include "tests/powercut/loop.h"
#include "tests/powercut/world.h"

#define FILE_NAME "/disk"
#define SERVER_READY_FD 3

static struct disk_memory *served(void)
{
	return fuse_get_context()->private_data;
}

static int on_getattr(const char *path, struct stat *st, struct fuse_file_info *fi)
{
	(void)fi;
	memset(st, 0, sizeof(*st));
	st->st_nlink = 1;
	if (strcmp(path, "/") == 0) {
		st->st_mode = S_IFDIR | 0700;
		return 0;
	}
	if (strcmp(path, FILE_NAME) != 0)
		return -ENOENT;
	st->st_mode = S_IFREG | 0600;
	st->st_size = DISK_BYTES;
	return 0;
}

static int on_open(const char *path, struct fuse_file_info *fi)
{
	fi->direct_io = 1; /* the kernel keeps nothing of the file back */
	return strcmp(path, FILE_NAME) == 0 ? 0 : -ENOENT;
}

static int on_read(const char *path, char *buf, size_t len, off_t offset, struct fuse_file_info *fi)
{
	(void)path;
	(void)fi;
	if (offset < 0 || offset >= DISK_BYTES)
		return 0;
	if (len > (size_t)(DISK_BYTES - offset))
		len = (size_t)(DISK_BYTES - offset);
	memcpy(buf, served()->image + offset, len);
	return (int)len;
}

static void enter(struct disk_log *log, const struct disk_op *op, const void *data)
{
	if (!log->on)
		return;
	if (log->count == DISK_OPS_MAX || DISK_LOG_BYTES - log->bytes_used < op->len) {
		log->full = true;
		return;
	}
	log->ops[log->count] = *op;
	log->ops[log->count].data = log->bytes_used;
	if (op->len > 0)
		memcpy(log->bytes + log->bytes_used, data, op->len);
	log->bytes_used += op->len;
	log->count++;
}

void disk_touch(struct disk_memory *memory, uint32_t offset, uint32_t len)
{
	for (uint32_t b = offset / DISK_BLOCK_BYTES; b * DISK_BLOCK_BYTES < offset + len; b++) {
		memory->used[b] = true;
		memory->touched[b] = true;
	}
}

static int on_write(const char *path, const char *buf, size_t len, off_t offset,
		    struct fuse_file_info *fi)
{
	struct disk_memory *m = served();

	(void)path;
	(void)fi;
	if (offset < 0 || offset > DISK_BYTES || len > (size_t)(DISK_BYTES - offset))
		return -ENOSPC;
	if (len == 0)
		return 0;
	enter(&m->log, &(struct disk_op){ .offset = (uint32_t)offset, .len = (uint32_t)len }, buf);
	memcpy(m->image + offset, buf, len);
	disk_touch(m, (uint32_t)offset, (uint32_t)len);
	return (int)len;
}

static int on_fsync(const char *path, int data_only, struct fuse_file_info *fi)
{
	(void)path;
	(void)data_only;
	(void)fi;
	enter(&served()->log, &(struct disk_op){ .flush = true }, NULL);
	return 0;
}

static const struct fuse_operations OPERATIONS = {
	.getattr = on_getattr,
	.open = on_open,
	.read = on_read,
	.write = on_write,
	.fsync = on_fsync,
};

/* Lives until the file system is unmounted, whatever becomes of its parent: until then there may be
 * somebody in the kernel who waits for an answer. It holds nothing that others wait for the end of.
 */
static void serve(struct disk *disk, int ready)
{
	char *argv[] = { (char *)"powercut", NULL };
	struct fuse_args args = FUSE_ARGS_INIT(1, argv);
	struct fuse *fuse = NULL;

	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	prctl(PR_SET_IO_FLUSHER, 1, 0, 0, 0); /* memory must not be got by writing to this disk */
	if (dup2(ready, SERVER_READY_FD) >= 0 && close_range(SERVER_READY_FD + 1, ~0U, 0) == 0)
		fuse = fuse_new(&args, &OPERATIONS, sizeof(OPERATIONS), disk->memory);
	if (!fuse || fuse_mount(fuse, disk->fuse_dir) || write(SERVER_READY_FD, "", 1) != 1)
		_exit(1);
	close(SERVER_READY_FD);
	fuse_loop(fuse);
	_exit(0);
}

static int start_server(struct disk *disk)
{
	int ends[2];
	char byte;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	disk->server = fork();
	if (disk->server == 0)
		serve(disk, ends[1]);
	close(ends[1]);
	disk->served = read(ends[0], &byte, 1) == 1;
	close(ends[0]);
	return disk->served ? 0 : -EIO;
}

static int fail(struct disk *disk, const char *what, int err)
{
	text_format(disk->problem, sizeof(disk->problem), "%s: %s", what, strerror(-err));
	return err;
}

static int make_dirs(struct disk *disk)
{
	text_copy(disk->root, sizeof(disk->root), WORLD_DIR "/disk-XXXXXX");
	if (!mkdtemp(disk->root))
		return -errno;
	text_format(disk->fuse_dir, sizeof(disk->fuse_dir), "%s/fuse", disk->root);
	text_format(disk->mount_dir, sizeof(disk->mount_dir), "%s/ext4", disk->root);
	return mkdir(disk->fuse_dir, 0700) || mkdir(disk->mount_dir, 0700) ? -errno : 0;
}

int disk_start(struct disk *disk)
{
	char file[64];

	*disk = (struct disk){ .loop_fd = -1, .server = -1 };
	disk->memory = mmap(NULL, sizeof(*disk->memory), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (disk->memory == MAP_FAILED) {
		disk->memory = NULL;
		return fail(disk, "memory", -ENOMEM);
	}
	int err = make_dirs(disk);
	if (err)
		return fail(disk, "directories", err);
	err = start_server(disk);
	if (err)
		return fail(disk, "FUSE cannot be mounted", err);
	text_format(file, sizeof(file), "%s" FILE_NAME, disk->fuse_dir);
	err = loop_attach(file, &disk->loop_fd, disk->loop, sizeof(disk->loop));
	return err ? fail(disk, "no loop device with direct I/O", err) : 0;
}

void disk_stop(struct disk *disk)
{
	if (disk->mounted && disk_unmount(disk))
		umount2(disk->mount_dir, MNT_DETACH);
	close_fd(&disk->loop_fd);
	if (disk->served)
		umount2(disk->fuse_dir, MNT_DETACH);
	disk->served = false;
	if (disk->server > 0)
		waitpid(disk->server, NULL, 0);
	disk->server = -1;
	rmdir(disk->fuse_dir);
	rmdir(disk->mount_dir);
	rmdir(disk->root);
}

void disk_free(struct disk *disk)
{
	if (disk->memory)
		munmap(disk->memory, sizeof(*disk->memory));
	disk->memory = NULL;
}

/* The program's exit code, or negative errno. Nobody reads what it says. */
static int run(char *const argv[])
{
	posix_spawn_file_actions_t quiet;
	pid_t pid;
	int status;
	int err = posix_spawn_file_actions_init(&quiet);

	if (err)
		return -err;
	posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&quiet, STDOUT_FILENO, STDERR_FILENO);
	err = posix_spawnp(&pid, argv[0], &quiet, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&quiet);
	if (err)
		return -err;
	if (waitpid(pid, &status, 0) < 0)
		return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -EPROTO;
}

/* Nothing random and nothing left for later: two disks are the same, and what is written to one is
 * written by what is being tested. */
int disk_format(struct disk *disk)
{
	char *argv[] = { (char *)"mkfs.ext4",
			 (char *)"-q",
			 (char *)"-F",
			 (char *)"-b",
			 (char *)"4096",
			 (char *)"-N",
			 (char *)"512",
			 (char *)"-J",
			 (char *)"size=4",
			 (char *)"-U",
			 (char *)"6a7f0c52-4b1e-4f6c-9d38-2f5e8c1a7b90",
			 (char *)"-E",
			 (char *)"nodiscard,lazy_itable_init=0,lazy_journal_init=0,"
				 "hash_seed=0d9c3e1f-77a5-4c02-b1de-5a3b8e6f4c21",
			 disk->loop,
			 NULL };
	int err = run(argv);

	if (err == -ENOENT)
		return fail(disk, "no mkfs.ext4", err);
	return err ? fail(disk, "mkfs.ext4 failed", err < 0 ? err : -EIO) : 0;
}

int disk_mount(struct disk *disk, const char *options)
{
	loop_forget(disk->loop_fd); /* the image may have been changed behind its back */
	if (mount(disk->loop, disk->mount_dir, "ext4", MS_NOATIME | MS_NOSUID | MS_NODEV, options))
		return fail(disk, "ext4 cannot be mounted", -errno);
	disk->mounted = true;
	return 0;
}

int disk_boot(struct disk *disk, const char *options, bool *mended)
{
	char *argv[] = { (char *)"e2fsck", (char *)"-y", disk->loop, NULL };
	int err = disk_mount(disk, options);

	*mended = false;
	if (!err)
		return 0;
	int code = run(argv);
	if (code < 0)
		return fail(disk, "no e2fsck", code);
	if (code > 1) /* e2fsck(8): 0 and 1 leave a file system that is right */
		return err;
	*mended = true;
	return disk_mount(disk, options);
}

int disk_unmount(struct disk *disk)
{
	if (umount2(disk->mount_dir, 0))
		return fail(disk, "ext4 cannot be unmounted", -errno);
	disk->mounted = false;
	return 0;
}

void disk_log_start(struct disk *disk)
{
	struct disk_log *log = &disk->memory->log;

	log->count = 0;
	log->bytes_used = 0;
	log->full = false;
	log->on = true;
}

void disk_log_stop(struct disk *disk)
{
	disk->memory->log.on = false;
}
