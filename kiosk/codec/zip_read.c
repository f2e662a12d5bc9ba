/*
 * Reading in one pass:
 *
 *   HEAD   30 bytes of a local header or 46 of the directory; their signature says which
 *   NAME   the rest of that part; held against what zip_parts.c would have written
 *   DATA   deflated content, which says itself where it ends
 *   SIZES  the descriptor behind it, held against what was seen
 *   TAIL   the end of the directory
 *   OVER   nothing more may follow
 */
#include <string.h>

#include <sodium.h>
#include <zlib.h>

#include "codec/zip.h"

#define LOCAL_BYTES 30
#define CENTRAL_BYTES 46
#define LOCAL_EXTRA_BYTES 20
#define CENTRAL_EXTRA_BYTES 28
#define DESCRIPTOR_BYTES 24
#define TAIL_BYTES (56 + 20 + 22)

enum { HEAD, NAME, DATA, SIZES, CENTRAL, TAIL, OVER };

struct zip_stream {
	z_stream z;
};

static void *take(void *opaque, unsigned items, unsigned size)
{
	struct zip_reader *r = opaque;
	size_t bytes = ((size_t)items * size + 15) / 16 * 16;

	if (bytes > sizeof(r->arena) - r->used)
		return NULL;
	void *block = r->arena + r->used;
	r->used += bytes;
	return block;
}

static void give_back(void *opaque, void *block)
{
	(void)opaque;
	(void)block;
}

static void fail(struct zip_reader *r, enum zip_outcome outcome)
{
	if (r->outcome == ZIP_GOOD)
		r->outcome = outcome;
}

static void stop(struct zip_reader *r, int error)
{
	if (error == 0)
		return;
	r->error = error;
	fail(r, ZIP_STOPPED);
}

void zip_read_begin(struct zip_reader *r, uint64_t size_max, const struct zip_visitor *visitor)
{
	*r = (struct zip_reader){ .visitor = *visitor, .size_max = size_max };
}

static uint32_t little(const uint8_t *at, int bytes)
{
	uint32_t value = 0;

	for (int i = bytes - 1; i >= 0; i--)
		value = value << 8 | at[i];
	return value;
}

static bool same(const struct zip_reader *r, const struct writer *part)
{
	return !part->bad && part->len == r->fill && memcmp(part->data, r->record, r->fill) == 0;
}

/* How long the part that begins with these bytes is; 0: it is none. */
static size_t part_len(const struct zip_reader *r)
{
	bool central = r->state == CENTRAL;
	size_t fixed = central ? CENTRAL_BYTES : LOCAL_BYTES;

	if (r->fill < fixed)
		return fixed;
	size_t name = little(r->record + (central ? 28 : 26), 2);
	if (name == 0 || name >= ZIP_NAME_BYTES)
		return 0;
	return fixed + name + (central ? CENTRAL_EXTRA_BYTES : LOCAL_EXTRA_BYTES);
}

static bool set_up(struct zip_reader *r)
{
	r->used = 0;
	r->z = take(r, 1, sizeof(*r->z));
	memset(r->z, 0, sizeof(*r->z));
	r->z->z.zalloc = take;
	r->z->z.zfree = give_back;
	r->z->z.opaque = r;
	return inflateInit2(&r->z->z, -MAX_WBITS) == Z_OK;
}

static void read_local(struct zip_reader *r)
{
	uint8_t bytes[sizeof(r->record)];
	struct writer part = { .data = bytes, .cap = sizeof(bytes) };
	size_t name_len = little(r->record + 26, 2);
	const char *name = (const char *)r->record + LOCAL_BYTES;

	if (r->count == ZIP_MEMBERS_MAX || !zip_name_fit(name, name_len)) {
		fail(r, ZIP_MALFORMED);
		return;
	}
	struct zip_member *m = &r->members[r->count];
	*m = (struct zip_member){ .offset = r->at - r->fill };
	memcpy(m->name, name, name_len);
	for (int i = 0; i < r->count; i++)
		if (strcmp(r->members[i].name, m->name) == 0)
			fail(r, ZIP_MALFORMED);
	zip_put_local(&part, m, true, little(r->record + 10, 4));
	if (!same(r, &part) || !set_up(r))
		fail(r, ZIP_MALFORMED);
	if (r->outcome != ZIP_GOOD)
		return;
	r->count++;
	r->state = DATA;
	stop(r, r->visitor.begin(r->visitor.ctx, m->name));
}

/* The directory lists the members in the order in which they came. */
static void read_central(struct zip_reader *r)
{
	uint8_t bytes[sizeof(r->record)];
	struct writer part = { .data = bytes, .cap = sizeof(bytes) };

	zip_put_central(&part, &r->members[r->listed], true, little(r->record + 12, 4));
	if (!same(r, &part)) {
		fail(r, ZIP_MALFORMED);
		return;
	}
	if (++r->listed < r->count)
		return;
	r->directory_end = r->at;
	r->state = TAIL;
}

static void read_sizes(struct zip_reader *r)
{
	uint8_t bytes[sizeof(r->record)];
	struct writer part = { .data = bytes, .cap = sizeof(bytes) };
	const struct zip_member *m = &r->members[r->count - 1];

	zip_put_descriptor(&part, m, true);
	if (!same(r, &part)) {
		fail(r, ZIP_ALTERED);
		return;
	}
	r->state = HEAD;
	stop(r, r->visitor.end(r->visitor.ctx, m));
}

static void read_tail(struct zip_reader *r)
{
	uint8_t bytes[sizeof(r->record)];
	struct writer part = { .data = bytes, .cap = sizeof(bytes) };

	zip_put_end(&part, r->count, r->directory_at, r->directory_end - r->directory_at, true);
	if (!same(r, &part))
		fail(r, ZIP_MALFORMED);
	r->state = OVER;
}

/* The first four bytes say whether a member follows or the directory. */
static void read_head(struct zip_reader *r)
{
	static const uint8_t LOCAL[] = { 'P', 'K', 3, 4 }, DIRECTORY[] = { 'P', 'K', 1, 2 };

	if (memcmp(r->record, LOCAL, 4) == 0) {
		r->state = NAME;
	} else if (memcmp(r->record, DIRECTORY, 4) == 0 && r->count > 0) {
		r->directory_at = r->at - 4;
		r->state = CENTRAL;
	} else {
		fail(r, ZIP_MALFORMED);
	}
}

/* Bytes of content in; returns how many of them belonged to it. */
static size_t inflate_some(struct zip_reader *r, const uint8_t *bytes, size_t len)
{
	struct zip_member *m = &r->members[r->count - 1];
	z_stream *z = &r->z->z;
	int state;

	z->next_in = (Bytef *)(uintptr_t)bytes;
	z->avail_in = len < UINT32_MAX ? (uInt)len : UINT32_MAX;
	size_t given = z->avail_in;
	do {
		z->next_out = r->out;
		z->avail_out = sizeof(r->out);
		state = inflate(z, Z_NO_FLUSH);
		size_t n = sizeof(r->out) - z->avail_out;
		m->size += n;
		m->crc = (uint32_t)crc32(m->crc, r->out, (uInt)n);
		if (state == Z_DATA_ERROR || state == Z_NEED_DICT || state == Z_MEM_ERROR ||
		    state == Z_STREAM_ERROR)
			fail(r, ZIP_ALTERED);
		if (m->size > r->size_max)
			fail(r, ZIP_MALFORMED);
		if (r->outcome == ZIP_GOOD && n > 0)
			stop(r, r->visitor.data(r->visitor.ctx, r->out, n));
	} while (r->outcome == ZIP_GOOD && state == Z_OK && z->avail_out == 0);
	size_t used = given - z->avail_in;
	m->packed += used;
	if (state == Z_STREAM_END && r->outcome == ZIP_GOOD)
		r->state = SIZES;
	return used;
}

static size_t wanted(const struct zip_reader *r)
{
	switch (r->state) {
	case HEAD:
		return 4;
	case SIZES:
		return DESCRIPTOR_BYTES;
	case TAIL:
		return TAIL_BYTES;
	case NAME:
	case CENTRAL:
		return part_len(r);
	default:
		return 0;
	}
}

/* A whole part is in the record: reads it. The four bytes of HEAD stay for what they begin. */
static void read_part(struct zip_reader *r)
{
	int before = r->state;

	if (r->state == HEAD)
		read_head(r);
	else if (r->state == SIZES)
		read_sizes(r);
	else if (r->state == TAIL)
		read_tail(r);
	else if (part_len(r) != r->fill)
		return; /* its fixed bytes are here and say how long it is */
	else if (r->state == NAME)
		read_local(r);
	else
		read_central(r);
	if (before != HEAD)
		r->fill = 0;
}

static size_t gather(struct zip_reader *r, const uint8_t *bytes, size_t len)
{
	size_t want = wanted(r);

	if (want == 0 || want > sizeof(r->record)) {
		fail(r, ZIP_MALFORMED);
		return 0;
	}
	size_t n = want - r->fill < len ? want - r->fill : len;
	memcpy(r->record + r->fill, bytes, n);
	r->fill += n;
	r->at += n;
	if (r->fill == want)
		read_part(r);
	return n;
}

bool zip_read(struct zip_reader *r, const void *bytes, size_t len)
{
	const uint8_t *from = bytes;

	while (len > 0 && r->outcome == ZIP_GOOD) {
		size_t n;
		if (r->state == DATA) {
			n = inflate_some(r, from, len);
			r->at += n;
		} else {
			n = gather(r, from, len);
		}
		from += n;
		len -= n;
	}
	return r->outcome == ZIP_GOOD;
}

enum zip_outcome zip_read_end(struct zip_reader *r)
{
	if (r->state != OVER)
		fail(r, ZIP_CUT);
	sodium_memzero(r->arena, sizeof(r->arena));
	sodium_memzero(r->out, sizeof(r->out));
	return r->outcome;
}
