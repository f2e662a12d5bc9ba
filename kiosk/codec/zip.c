#include "codec/zip.h"

#include <string.h>

#include <sodium.h>
#include <zlib.h>

#define PART_MAX 192 /* the longest fixed part */
#define MEMORY_LEVEL 8

struct zip_stream {
	z_stream z;
};

/* zlib asks for a few blocks when it is set up and for none later. */
static void *take(void *opaque, unsigned items, unsigned size)
{
	struct zip_writer *w = opaque;
	size_t bytes = ((size_t)items * size + 15) / 16 * 16;

	if (bytes > sizeof(w->arena) - w->used)
		return NULL;
	void *block = w->arena + w->used;
	w->used += bytes;
	return block;
}

static void give_back(void *opaque, void *block)
{
	(void)opaque;
	(void)block;
}

static int give(struct zip_writer *w, const void *bytes, size_t len)
{
	w->at += len;
	return len > 0 ? w->sink(w->ctx, bytes, len) : 0;
}

static int give_part(struct zip_writer *w, const struct writer *part)
{
	assert(!part->bad);
	return give(w, part->data, part->len);
}

void zip_begin(struct zip_writer *w, bool large, uint32_t dos_time, zip_sink_fn sink, void *ctx)
{
	*w = (struct zip_writer){ .sink = sink, .ctx = ctx, .large = large, .dos_time = dos_time };
}

static int set_up(struct zip_writer *w, int level)
{
	w->used = 0;
	w->z = take(w, 1, sizeof(*w->z));
	memset(w->z, 0, sizeof(*w->z));
	w->z->z.zalloc = take;
	w->z->z.zfree = give_back;
	w->z->z.opaque = w;
	return deflateInit2(&w->z->z, level, Z_DEFLATED, -MAX_WBITS, MEMORY_LEVEL,
			    Z_DEFAULT_STRATEGY) == Z_OK
		       ? 0
		       : -ENOMEM;
}

int zip_open(struct zip_writer *w, const char *name, int level)
{
	uint8_t bytes[PART_MAX];
	struct writer part = { .data = bytes, .cap = sizeof(bytes) };

	assert(!w->open);
	if (w->count == ZIP_MEMBERS_MAX)
		return -E2BIG;
	if (!zip_name_fit(name, strlen(name)))
		return -EINVAL;
	for (int i = 0; i < w->count; i++)
		if (strcmp(w->members[i].name, name) == 0)
			return -EINVAL;
	struct zip_member *m = &w->members[w->count];
	*m = (struct zip_member){ .offset = w->at };
	memcpy(m->name, name, strlen(name) + 1);
	int err = set_up(w, level);
	if (err)
		return err;
	w->count++;
	w->open = true;
	zip_put_local(&part, m, w->large, w->dos_time);
	return give_part(w, &part);
}

static int run(struct zip_writer *w, const void *bytes, size_t len, int flush)
{
	struct zip_member *m = &w->members[w->count - 1];
	z_stream *z = &w->z->z;
	int state;

	assert(len <= UINT32_MAX);
	z->next_in = (Bytef *)(uintptr_t)bytes;
	z->avail_in = (uInt)len;
	do {
		z->next_out = w->out;
		z->avail_out = sizeof(w->out);
		state = deflate(z, flush);
		assert(state != Z_STREAM_ERROR);
		size_t n = sizeof(w->out) - z->avail_out;
		m->packed += n;
		int err = give(w, w->out, n);
		if (err)
			return err;
	} while (z->avail_out == 0);
	return 0;
}

int zip_write(struct zip_writer *w, const void *bytes, size_t len)
{
	struct zip_member *m = &w->members[w->count - 1];

	assert(w->open);
	if (len == 0)
		return 0;
	m->size += len;
	m->crc = (uint32_t)crc32(m->crc, bytes, (uInt)len);
	if (!w->large && m->size > UINT32_MAX)
		return -EFBIG;
	return run(w, bytes, len, Z_NO_FLUSH);
}

int zip_close(struct zip_writer *w)
{
	uint8_t bytes[PART_MAX];
	struct writer part = { .data = bytes, .cap = sizeof(bytes) };
	const struct zip_member *m = &w->members[w->count - 1];

	assert(w->open);
	int err = run(w, "", 0, Z_FINISH);
	if (err)
		return err;
	w->open = false;
	if (!w->large && (m->packed > UINT32_MAX || w->at > UINT32_MAX))
		return -EFBIG;
	zip_put_descriptor(&part, m, w->large);
	return give_part(w, &part);
}

int zip_end(struct zip_writer *w)
{
	uint8_t bytes[PART_MAX];
	uint64_t directory = w->at;
	int err = 0;

	assert(!w->open);
	for (int i = 0; !err && i < w->count; i++) {
		struct writer part = { .data = bytes, .cap = sizeof(bytes) };
		zip_put_central(&part, &w->members[i], w->large, w->dos_time);
		err = give_part(w, &part);
	}
	if (err)
		return err;
	struct writer part = { .data = bytes, .cap = sizeof(bytes) };
	zip_put_end(&part, w->count, directory, w->at - directory, w->large);
	return give_part(w, &part);
}

void zip_wipe(struct zip_writer *w)
{
	sodium_memzero(w, sizeof(*w));
}
