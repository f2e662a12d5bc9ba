#include "stick/fetch.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "base/log.h"
#include "base/text.h"
#include "codec/bundle.h"
#include "codec/order.h"
#include "codec/stick_msg.h"
#include "stick/folder.h"

struct fetched {
	enum stick_file found;
	size_t len;
	char bytes[ORDER_MAX + 1]; /* one more than may be: a larger file shows */
};

static_assert(ORDER_MAX <= STICK_BODY_MAX && ORDER_MAX == BUNDLE_MAX, "they fit a message");

/* A pipe or a device that somebody named so must not make us wait. */
static int open_beneath(int dir, const char *name, unsigned flags)
{
	struct open_how how = { .flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | flags,
				.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS };
	int fd = (int)syscall(SYS_openat2, dir, name, &how, sizeof(how));

	return fd < 0 ? -errno : fd;
}

/* ELOOP: a symbolic link; EXDEV: out of the folder; ENXIO: a socket; EACCES: not for us. */
static bool says_unfit(int err)
{
	return err == -ELOOP || err == -EXDEV || err == -ENXIO || err == -EACCES || err == -EPERM;
}

static int read_bounded(int fd, struct fetched *file)
{
	while (file->len < sizeof(file->bytes)) {
		ssize_t n = read(fd, file->bytes + file->len, sizeof(file->bytes) - file->len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		file->len += (size_t)n;
	}
	return 0;
}

/* 0 and *fd, or 0 and *found says why there is nothing to read. */
static int open_regular(int dir, const char *name, int *fd, enum stick_file *found)
{
	struct stat st;

	*found = STICK_FILE_ABSENT;
	if (dir < 0)
		return 0; /* the folder they would lie in is not there */
	*fd = open_beneath(dir, name, 0);
	if (*fd == -ENOENT)
		return 0;
	*found = STICK_FILE_UNFIT;
	if (*fd < 0)
		return says_unfit(*fd) ? 0 : *fd;
	if (fstat(*fd, &st) < 0)
		return -errno;
	if (S_ISREG(st.st_mode))
		*found = STICK_FILE_WHOLE;
	return 0;
}

static int fetch_file(int dir, const char *name, struct fetched *file)
{
	CLEANUP(close_fd) int fd = -1;

	*file = (struct fetched){ .found = STICK_FILE_ABSENT };
	int err = open_regular(dir, name, &fd, &file->found);
	if (err || file->found != STICK_FILE_WHOLE)
		return err;
	err = read_bounded(fd, file);
	if (!err && file->len > ORDER_MAX) {
		file->found = STICK_FILE_UNFIT;
		file->len = 0;
	}
	return err;
}

static int send_msg(int socket, const struct stick_msg *msg)
{
	uint8_t packet[STICK_MSG_MAX];
	size_t len = stick_msg_encode(msg, packet, sizeof(packet));

	assert(len > 0);
	return send(socket, packet, len, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

static int send_file(int socket, enum stick_msg_type type, const struct fetched *file)
{
	struct stick_msg msg = { .type = type };

	msg.file.found = file->found;
	msg.file.len = file->len;
	msg.file.bytes = file->bytes;
	return send_msg(socket, &msg);
}

static int open_stick(struct folder *folder, const char *stick_dir)
{
	if (!text_copy(folder->stick_path, sizeof(folder->stick_path), stick_dir))
		return -ENAMETOOLONG;
	folder->stick_fd = open(stick_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder->stick_fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? -ENOMEDIUM : -errno;
	return 0;
}

/* Both are read before either is sent: half of the two is never on its way. */
static int send_pair(int socket, int dir, const char *name, enum stick_msg_type type,
		     const char *signature_name, enum stick_msg_type signature_type)
{
	struct fetched text, signature;
	int err = fetch_file(dir, name, &text);

	if (!err)
		err = fetch_file(dir, signature_name, &signature);
	if (!err)
		err = send_file(socket, type, &text);
	if (!err)
		err = send_file(socket, signature_type, &signature);
	return err;
}

static int do_fetch(int socket, struct folder *folder, const char *stick_dir)
{
	int err = open_stick(folder, stick_dir);

	return err ? err
		   : send_pair(socket, folder->stick_fd, ORDER_NAME, STICK_ORDER,
			       ORDER_SIGNATURE_NAME, STICK_ORDER_SIGNATURE);
}

static int send_piece(int socket, enum part_kind kind, enum stick_file found, const char *bytes,
		      size_t len)
{
	struct stick_msg msg = { .type = STICK_PART };

	msg.file.kind = kind;
	msg.file.found = found;
	msg.file.len = len;
	msg.file.bytes = bytes;
	return send_msg(socket, &msg);
}

/* Piece by piece; one byte more than may be shows that it is too large, and the kiosk sees it. */
static int send_part(int socket, int dir, enum part_kind kind)
{
	size_t left = PART[kind].max_bytes + 1;
	char bytes[STICK_BODY_MAX];
	enum stick_file found;
	CLEANUP(close_fd) int fd = -1;
	int err = open_regular(dir, PART[kind].file, &fd, &found);

	if (err || found != STICK_FILE_WHOLE)
		return err ? err : send_piece(socket, kind, found, NULL, 0);
	for (;;) {
		ssize_t n = read(fd, bytes, left < sizeof(bytes) ? left : sizeof(bytes));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		left -= (size_t)n;
		err = send_piece(socket, kind, found, bytes, (size_t)n);
		if (err || n == 0)
			return err;
	}
}

static int do_fetch_bundle(int socket, struct folder *folder, const char *stick_dir)
{
	int err = open_stick(folder, stick_dir);

	if (err)
		return err;
	folder->fd = open_beneath(folder->stick_fd, BUNDLE_FOLDER, O_DIRECTORY);
	if (folder->fd < 0 && folder->fd != -ENOENT && folder->fd != -ENOTDIR &&
	    !says_unfit(folder->fd))
		return folder->fd;
	int dir = folder->fd;
	err = send_pair(socket, dir, BUNDLE_NAME, STICK_BUNDLE, BUNDLE_SIGNATURE_NAME,
			STICK_BUNDLE_SIGNATURE);
	for (enum part_kind kind = 0; !err && kind < PART_COUNT_; kind++)
		err = send_part(socket, dir, kind);
	return err;
}

static int run(int socket, const char *stick_dir,
	       int (*fetch)(int socket, struct folder *folder, const char *stick_dir))
{
	struct folder folder = { .stick_fd = -1, .fd = -1 };
	struct stick_msg failed = { .type = STICK_FAILED };
	int err = fetch(socket, &folder, stick_dir);

	if (err) {
		failed.failed.problem = folder_problem(&folder, err);
		failed.failed.error = -err;
		log_error("stick: nothing fetched: %s", strerror(-err));
		if (send_msg(socket, &failed))
			log_error("stick: and nobody hears it");
	}
	folder_close(&folder);
	return err;
}

int fetch_run(int socket, const char *stick_dir)
{
	return run(socket, stick_dir, do_fetch);
}

int fetch_bundle_run(int socket, const char *stick_dir)
{
	return run(socket, stick_dir, do_fetch_bundle);
}
