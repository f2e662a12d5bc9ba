/*
 * For gatehouse-stick as a control of the power-cut test: linked in the place of the system's
 * functions, so that nothing makes an export reach the medium before it gets its name.
 * posix_fadvise is among them because dropping pages writes them out first.
 */
#include <fcntl.h>

#include "base/defs.h"

int __wrap_fsync(int fd);
int __wrap_fdatasync(int fd);
int __wrap_posix_fadvise(int fd, off_t offset, off_t len, int advice);

int __wrap_fsync(int fd)
{
	(void)fd;
	return 0;
}

int __wrap_fdatasync(int fd)
{
	(void)fd;
	return 0;
}

int __wrap_posix_fadvise(int fd, off_t offset, off_t len, int advice)
{
	(void)fd;
	(void)offset;
	(void)len;
	(void)advice;
	return 0;
}
