#include "tests/powercut/loop.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <linux/loop.h>
#include <sys/ioctl.h>

#include "base/text.h"

#define TRIES 64 /* another process may be quicker to take the one that was free */

static int attach_to(int loop, int file)
{
	struct loop_config config = {
		.fd = (uint32_t)file,
		.block_size = 512,
		.info = { .lo_flags = LO_FLAGS_AUTOCLEAR | LO_FLAGS_DIRECT_IO },
	};
	struct loop_info64 info;

	if (ioctl(loop, LOOP_CONFIGURE, &config) || ioctl(loop, LOOP_GET_STATUS64, &info))
		return -errno;
	return info.lo_flags & LO_FLAGS_DIRECT_IO ? 0 : -EOPNOTSUPP;
}

int loop_attach(const char *file, int *fd, char *path, size_t cap)
{
	CLEANUP(close_fd) int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	CLEANUP(close_fd) int backing = open(file, O_RDWR | O_CLOEXEC);
	int err = control < 0 || backing < 0 ? -errno : -EBUSY;

	for (int i = 0; err == -EBUSY && i < TRIES; i++) {
		int number = ioctl(control, LOOP_CTL_GET_FREE);
		if (number < 0)
			return -errno;
		text_format(path, cap, "/dev/loop%d", number);
		*fd = open(path, O_RDWR | O_CLOEXEC);
		if (*fd < 0)
			return -errno;
		err = attach_to(*fd, backing);
		if (err)
			close_fd(fd);
	}
	return err;
}

void loop_forget(int fd)
{
	ioctl(fd, BLKFLSBUF);
}
