#include "stick/outfile.h"

#include <fcntl.h>
#include <string.h>

#include "base/fileio.h"
#include "base/text.h"

#define FLUSH_BYTES (INT64_C(2) << 20)

int outfile_open(struct outfile *file, int dir, const char *name)
{
	file->fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (file->fd < 0)
		return -errno;
	file->fill = 0;
	file->unflushed = 0;
	file->entry.size = 0;
	text_copy(file->entry.name, sizeof(file->entry.name), name);
	crypto_hash_sha256_init(&file->sha);
	return 0;
}

static int spill(struct outfile *file)
{
	int err = fd_write_all(file->fd, file->buffer, file->fill);

	file->unflushed += (int64_t)file->fill;
	file->fill = 0;
	if (!err && file->unflushed >= FLUSH_BYTES) {
		file->unflushed = 0;
		if (fdatasync(file->fd) < 0)
			err = -errno;
	}
	return err;
}

int outfile_write(struct outfile *file, const void *data, size_t len)
{
	const uint8_t *bytes = data;

	crypto_hash_sha256_update(&file->sha, bytes, len);
	file->entry.size += (int64_t)len;
	while (len > 0) {
		size_t room = sizeof(file->buffer) - file->fill;
		size_t n = len < room ? len : room;
		memcpy(file->buffer + file->fill, bytes, n);
		file->fill += n;
		bytes += n;
		len -= n;
		int err = file->fill == sizeof(file->buffer) ? spill(file) : 0;
		if (err)
			return err;
	}
	return 0;
}

int outfile_close(struct outfile *file, struct manifest_file *entry)
{
	int err = spill(file);

	if (!err && fsync(file->fd) < 0)
		err = -errno;
	if (close(file->fd) < 0 && !err)
		err = -errno;
	file->fd = -1;
	sodium_memzero(file->buffer, sizeof(file->buffer));
	crypto_hash_sha256_final(&file->sha, file->entry.hash);
	*entry = file->entry;
	return err;
}

void outfile_abandon(struct outfile *file)
{
	close_fd(&file->fd);
	file->fill = 0;
	sodium_memzero(file->buffer, sizeof(file->buffer));
}
