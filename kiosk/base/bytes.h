/*
 * Big-endian integers and a bounded writer/reader over caller-owned memory. Pure; running past the
 * end sets `bad`, after which nothing more is written or read.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include "base/defs.h"

struct writer {
	uint8_t *data;
	size_t cap, len;
	bool bad; /* something did not fit */
};

struct reader {
	const uint8_t *data;
	size_t len, at;
	bool bad; /* something was missing */
};

void write_bytes(struct writer *w, const void *bytes, size_t n);
void write_uint(struct writer *w, uint64_t value, size_t width_bytes);

/* A pointer to the next n bytes (owned by the reader's memory), or NULL. */
const uint8_t *read_bytes(struct reader *r, size_t n);
uint64_t read_uint(struct reader *r, size_t width_bytes);

#endif
