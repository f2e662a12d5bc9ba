/*
 * Whatever the bytes are: the reader ends, writes no more than it may, names no path that leads out
 * of a folder; and what it takes for good is exactly what the writer would have written of it but
 * for how it was deflated. The first byte says in what pieces it is fed.
 */
#include <stdlib.h>
#include <string.h>

#include "codec/zip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SIZE_MAX_BYTES 4096

struct seen {
	int begun, ended;
	uint64_t bytes;
};

static int begin(void *ctx, const char *name)
{
	struct seen *s = ctx;

	if (s->begun++ != s->ended || name[0] == '/' || strstr(name, "..") || strchr(name, '\\'))
		abort();
	s->bytes = 0;
	return 0;
}

static int take(void *ctx, const void *bytes, size_t len)
{
	struct seen *s = ctx;

	s->bytes += len;
	if (!bytes || s->bytes > SIZE_MAX_BYTES)
		abort();
	return 0;
}

static int end(void *ctx, const struct zip_member *member)
{
	struct seen *s = ctx;

	if (member->size != s->bytes)
		abort();
	s->ended++;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct zip_reader r;
	struct seen seen = { 0 };
	struct zip_visitor visitor = { begin, take, end, &seen };
	size_t piece = size > 0 ? (size_t)data[0] + 1 : 1;

	if (size < 1)
		return 0;
	zip_read_begin(&r, SIZE_MAX_BYTES, &visitor);
	for (size_t at = 1; at < size; at += piece)
		if (!zip_read(&r, data + at, size - at < piece ? size - at : piece))
			break;
	if (zip_read_end(&r) == ZIP_GOOD && (seen.begun != seen.ended || r.at != size - 1))
		abort();
	return 0;
}
