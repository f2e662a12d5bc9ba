/*
 * One file of an export being written: buffered, hashed as it goes, flushed to the stick every few
 * megabytes so that no flush takes long, and on the stick for good when outfile_close returns 0.
 */
#ifndef STICK_OUTFILE_H
#define STICK_OUTFILE_H

#include <sodium.h>

#include "codec/manifest.h"

#define OUTFILE_BUFFER_BYTES 65536

struct outfile {
	int fd; /* -1 = not open */
	struct manifest_file entry; /* size counts what was given so far */
	int64_t unflushed;
	crypto_hash_sha256_state sha;
	size_t fill;
	uint8_t buffer[OUTFILE_BUFFER_BYTES];
};

/* Makes name in dir; it must not exist. */
MUST_CHECK int outfile_open(struct outfile *file, int dir, const char *name);
MUST_CHECK int outfile_write(struct outfile *file, const void *data, size_t len);

/* Flushes, closes and fills *entry with name, size and hash of what was given. */
MUST_CHECK int outfile_close(struct outfile *file, struct manifest_file *entry);

/* Closes without caring; no effect when not open. */
void outfile_abandon(struct outfile *file);

#endif
