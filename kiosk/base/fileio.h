/*
 * Whole small files, and files that are either entirely there or not there at all.
 * Blocking; not for the thread that draws once it is drawing.
 */
#ifndef BASE_FILEIO_H
#define BASE_FILEIO_H

#include "base/defs.h"

/*
 * Reads at most max bytes of path into a malloc'ed, NUL-terminated buffer (*data, caller frees; the
 * NUL is not counted in *len). Errors: -EFBIG when the file is larger, else the errno of open or
 * read.
 */
MUST_CHECK int file_read(const char *path, size_t max, char **data, size_t *len);

/*
 * Writes path by temporary file, fsync, rename, fsync of the directory: after 0 the new content
 * survives a power cut; after an error the old content, if any, is unharmed and the temporary file
 * is gone.
 */
MUST_CHECK int file_write_atomic(const char *path, const void *data, size_t len, unsigned mode);

/* fsync of the directory dir, so that names created or renamed in it survive a power cut. */
MUST_CHECK int dir_sync(const char *dir);

/* Writes all of data to fd, retrying short writes and EINTR. */
MUST_CHECK int fd_write_all(int fd, const void *data, size_t len);

#endif
