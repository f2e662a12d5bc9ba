#include "stick/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include <sodium.h>

#include "base/civil.h"
#include "base/log.h"
#include "base/text.h"

#define PARTIAL_PREFIX ".gatehouse-partial-"
#define SUFFIX_MAX 99
#define READ_BYTES 65536

static void close_dir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
	*dir = NULL;
}

/* A stream over a directory that leaves fd open and starts at the first entry. */
static DIR *list(int fd)
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);

	if (!dir)
		close_fd(&copy);
	return dir;
}

/* Files in it, then itself: exports hold no folders, and what else is there is not ours. */
static int remove_folder(int parent, const char *name)
{
	CLEANUP(close_fd)
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	CLEANUP(close_dir) DIR *dir = list(fd);
	struct dirent *entry;
	while (dir && (entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			unlinkat(fd, entry->d_name, 0);
	return unlinkat(parent, name, AT_REMOVEDIR) < 0 ? -errno : 0;
}

/* One that cannot be removed is left: it stands in nobody's way but its own name's. */
static void remove_stale(int stick_fd)
{
	CLEANUP(close_dir) DIR *dir = list(stick_fd);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, PARTIAL_PREFIX, strlen(PARTIAL_PREFIX)) != 0)
			continue;
		int err = remove_folder(stick_fd, entry->d_name);
		log_info("stick: removed what a cut-off export left (%s)", strerror(-err));
	}
}

int folder_begin(struct folder *folder, const char *stick_path)
{
	static const mode_t MODE = 0700;

	if (!text_copy(folder->stick_path, sizeof(folder->stick_path), stick_path))
		return -ENAMETOOLONG;
	folder->stick_fd = open(stick_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder->stick_fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? -ENOMEDIUM : -errno;
	remove_stale(folder->stick_fd);
	for (int i = 1; i <= SUFFIX_MAX; i++) {
		char name[STICK_NAME_BYTES];
		text_format(name, sizeof(name), PARTIAL_PREFIX "%d", i);
		if (mkdirat(folder->stick_fd, name, MODE) == 0) {
			text_copy(folder->name, sizeof(folder->name), name);
			folder->fd = openat(folder->stick_fd, name,
					    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
			return folder->fd < 0 ? -errno : 0;
		}
		if (errno != EEXIST)
			return -errno;
	}
	return -EEXIST;
}

static int check_file(int dir, const struct manifest_file *want, folder_progress_fn progress,
		      void *ctx)
{
	uint8_t buffer[READ_BYTES], hash[MANIFEST_HASH_BYTES];
	crypto_hash_sha256_state sha;
	int64_t size = 0;

	CLEANUP(close_fd) int fd = openat(dir, want->name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	/* Clean pages only can be dropped; the files were flushed, so these are. */
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	crypto_hash_sha256_init(&sha);
	for (;;) {
		ssize_t n = read(fd, buffer, sizeof(buffer));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		crypto_hash_sha256_update(&sha, buffer, (size_t)n);
		size += n;
		int err = progress(ctx, n);
		if (err)
			return err;
	}
	sodium_memzero(buffer, sizeof(buffer));
	crypto_hash_sha256_final(&sha, hash);
	return size == want->size && memcmp(hash, want->hash, sizeof(hash)) == 0 ? 0 : -EBADMSG;
}

int folder_check(const struct folder *folder, const struct manifest_file *files, int count,
		 folder_progress_fn progress, void *ctx)
{
	for (int i = 0; i < count; i++) {
		int err = check_file(folder->fd, &files[i], progress, ctx);
		if (err)
			return err;
	}
	return 0;
}

/* Renames, never over anything; -EEXIST when the name is taken. */
static int rename_fresh(int dir, const char *from, const char *to)
{
	if (renameat2(dir, from, dir, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -errno;
	/* A file system without that flag: nobody else writes to the stick, so looking first will
	 * do. */
	if (faccessat(dir, to, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return -EEXIST;
	return renameat(dir, from, dir, to) < 0 ? -errno : 0;
}

static int reopen(struct folder *folder)
{
	close_fd(&folder->fd);
	folder->fd = openat(folder->stick_fd, folder->name,
			    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return folder->fd < 0 ? -errno : 0;
}

int folder_free_name(const struct folder *folder, const char *name,
		     char free_name[STICK_NAME_BYTES])
{
	for (int i = 1; i <= SUFFIX_MAX; i++) {
		bool fits = i == 1 ? text_copy(free_name, STICK_NAME_BYTES, name)
				   : text_format(free_name, STICK_NAME_BYTES, "%s-%d", name, i);
		if (!fits)
			return -ENAMETOOLONG;
		if (faccessat(folder->stick_fd, free_name, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
			return errno == ENOENT ? 0 : -errno;
	}
	return -EEXIST;
}

int folder_room(const struct folder *folder, int64_t bytes)
{
	struct statfs fs;

	if (fstatfs(folder->stick_fd, &fs) < 0)
		return -errno;
	if (fs.f_type == MSDOS_SUPER_MAGIC && bytes > UINT32_MAX)
		return -EFBIG;
	return (uint64_t)bytes <= (uint64_t)fs.f_bavail * (uint64_t)fs.f_bsize ? 0 : -ENOSPC;
}

int folder_commit(struct folder *folder, const char *name)
{
	if (fsync(folder->fd) < 0)
		return -errno;
	int err = rename_fresh(folder->stick_fd, folder->name, name);
	if (err)
		return err;
	text_copy(folder->name, sizeof(folder->name), name);
	if (fsync(folder->stick_fd) < 0)
		return -errno;
	return reopen(folder);
}

void folder_drop(struct folder *folder)
{
	if (folder->stick_fd >= 0 && folder->name[0] != '\0') {
		int err = remove_folder(folder->stick_fd, folder->name);
		if (err)
			log_warn("stick: unfinished export stays behind: %s", strerror(-err));
		fsync(folder->stick_fd);
	}
	folder_close(folder);
}

void folder_close(struct folder *folder)
{
	close_fd(&folder->fd);
	close_fd(&folder->stick_fd);
	folder->name[0] = '\0';
}

/* A mount outlives its device and then answers EIO to everything, as a worn-out stick does: the
 * kernel's list of block devices (Documentation/ABI/stable/sysfs-block) tells the two apart. */
static bool device_is_gone(dev_t dev)
{
	char path[64];

	if (major(dev) == 0 || access("/sys/dev/block", F_OK) < 0) /* no block device to look for */
		return false;
	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u", major(dev), minor(dev));
	return access(path, F_OK) < 0;
}

/* True when the path no longer leads to the directory that was opened: pulled out or unmounted. */
static bool is_gone(const struct folder *folder)
{
	struct stat at_path, opened;

	return folder->stick_fd >= 0 &&
	       (stat(folder->stick_path, &at_path) < 0 || fstat(folder->stick_fd, &opened) < 0 ||
		at_path.st_dev != opened.st_dev || at_path.st_ino != opened.st_ino ||
		device_is_gone(opened.st_dev));
}

enum stick_problem folder_problem(const struct folder *folder, int err)
{
	if (err == -ENOMEDIUM)
		return STICK_PROBLEM_ABSENT;
	if (is_gone(folder))
		return STICK_PROBLEM_PULLED;
	switch (-err) {
	case ENOSPC:
	case EDQUOT:
		return STICK_PROBLEM_FULL;
	case EFBIG: /* FAT32 holds no file of 4 GiB */
		return STICK_PROBLEM_TOO_LARGE;
	case EROFS:
	case EACCES:
	case EPERM:
		return STICK_PROBLEM_READ_ONLY;
	case ENODEV:
	case ENXIO:
	case ENOENT:
	case ENOTDIR:
	case ESTALE:
	case ESHUTDOWN:
		return STICK_PROBLEM_PULLED;
	case EBADMSG:
		return STICK_PROBLEM_MISMATCH;
	default:
		return STICK_PROBLEM_FAILED;
	}
}

void folder_export_name(const struct stick_open *open, char name[STICK_NAME_BYTES])
{
	struct civil t = civil_from_ms(open->wall_ms, open->utc_offset_min);

	text_format(name, STICK_NAME_BYTES,
		    "gatehouse-%" PRIu32 "-%04d%02d%02d-%02d%02d%02d-%" PRId64, open->site_id,
		    t.year, t.month, t.day, t.hour, t.minute, t.second, open->last_seq);
}
