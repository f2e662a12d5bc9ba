#include "stick/fetch.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "base/log.h"
#include "base/text.h"
#include "codec/order.h"
#include "codec/stick_msg.h"
#include "stick/folder.h"

struct fetched {
	enum stick_file found;
	size_t len;
	char bytes[ORDER_MAX + 1]; /* one more than may be: a larger file shows */
};

static_assert(ORDER_MAX <= STICK_BODY_MAX, "an order fits a message");

/* A pipe or a device that somebody named so must not make us wait. */
static int open_beneath(int dir, const char *name)
{
	struct open_how how = { .flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
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

static int fetch_file(int dir, const char *name, struct fetched *file)
{
	struct stat st;

	*file = (struct fetched){ .found = STICK_FILE_ABSENT };
	CLEANUP(close_fd) int fd = open_beneath(dir, name);
	if (fd == -ENOENT)
		return 0;
	file->found = STICK_FILE_UNFIT;
	if (fd < 0)
		return says_unfit(fd) ? 0 : fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return 0;
	int err = read_bounded(fd, file);
	if (err)
		return err;
	if (file->len > ORDER_MAX)
		file->len = 0;
	else
		file->found = STICK_FILE_WHOLE;
	return 0;
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

/* Both are read before either is sent: half an order is never on its way. */
static int do_fetch(int socket, struct folder *folder, const char *stick_dir)
{
	struct fetched text, signature;

	if (!text_copy(folder->stick_path, sizeof(folder->stick_path), stick_dir))
		return -ENAMETOOLONG;
	folder->stick_fd = open(stick_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder->stick_fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? -ENOMEDIUM : -errno;
	int err = fetch_file(folder->stick_fd, ORDER_NAME, &text);
	if (!err)
		err = fetch_file(folder->stick_fd, ORDER_SIGNATURE_NAME, &signature);
	if (!err)
		err = send_file(socket, STICK_ORDER, &text);
	if (!err)
		err = send_file(socket, STICK_ORDER_SIGNATURE, &signature);
	return err;
}

int fetch_run(int socket, const char *stick_dir)
{
	struct folder folder = { .stick_fd = -1, .fd = -1 };
	struct stick_msg failed = { .type = STICK_FAILED };
	int err = do_fetch(socket, &folder, stick_dir);

	if (err) {
		failed.failed.problem = folder_problem(&folder, err);
		failed.failed.error = -err;
		log_error("stick: order not fetched: %s", strerror(-err));
		if (send_msg(socket, &failed))
			log_error("stick: and nobody hears it");
	}
	folder_close(&folder);
	return err;
}
