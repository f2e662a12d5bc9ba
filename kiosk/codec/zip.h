/*
 * ZIP archives in one pass: written without knowing any size beforehand, read without going back.
 * Pure; zlib works in memory that is part of the structures here.
 *
 * Why our own: an export is larger than the memory of the machine and may lie on no disk in the
 * clear, so it goes through deflate into the encryption as it comes. libzip wants a place it can
 * seek in, libarchive wants a member's size before its bytes.
 *
 * What is written (PKWARE APPNOTE 6.3): every member deflated, its sizes behind it (general purpose
 * bit 3). Large archives carry ZIP64 fields throughout. What is read is this form and nothing else:
 * a reader that believes one part of an archive and a program that believes another could otherwise
 * see different contents.
 */
#ifndef CODEC_ZIP_H
#define CODEC_ZIP_H

#include "base/bytes.h"

#define ZIP_NAME_BYTES 64
#define ZIP_MEMBERS_MAX 64
#define ZIP_DEFLATE_BYTES 327680 /* zconf.h: (1 << 17) + (1 << 17), and its structures */
#define ZIP_INFLATE_BYTES 65536 /* zconf.h: 1 << 15, and about 7 KiB */

/* Where the bytes go, in order; 0, or a negative errno that ends the work and comes back. */
typedef int (*zip_sink_fn)(void *ctx, const void *bytes, size_t len);

struct zip_member {
	char name[ZIP_NAME_BYTES]; /* A-Z a-z 0-9 . _ - [ ] and /, which separates folders */
	uint32_t crc;
	uint64_t size, packed, offset; /* bytes of content, deflated, before it in the archive */
};

struct zip_writer {
	zip_sink_fn sink;
	void *ctx; /* the sink's */
	bool large;
	uint32_t dos_time; /* of every member */
	uint64_t at; /* bytes written */
	int count;
	struct zip_member members[ZIP_MEMBERS_MAX];
	bool open; /* a member is */
	struct zip_stream *z; /* in arena */
	size_t used; /* of arena */
	_Alignas(16) uint8_t arena[ZIP_DEFLATE_BYTES];
	uint8_t out[32768];
};

/* Year 1980 to 2107, month 1 to 12, and so on, as DOS wrote it down. */
uint32_t zip_time(int year, int month, int day, int hour, int minute, int second);

/* large: sizes above 4 GiB are possible (ZIP64). Without it such a member ends in -EFBIG: some
 * programs that open workbooks take no ZIP64. */
void zip_begin(struct zip_writer *w, bool large, uint32_t dos_time, zip_sink_fn sink, void *ctx);

/* level: 1 fast to 9 small; 0 for what is compressed already. -E2BIG: too many members; -EINVAL: a
 * name of another form, or used before; -ENOMEM. */
MUST_CHECK int zip_open(struct zip_writer *w, const char *name, int level);
MUST_CHECK int zip_write(struct zip_writer *w, const void *bytes, size_t len);

/* Ends the member; what it became stands in w->members[w->count - 1]. */
MUST_CHECK int zip_close(struct zip_writer *w);

/* Writes the directory. */
MUST_CHECK int zip_end(struct zip_writer *w);

/* Wipes what may hold content. */
void zip_wipe(struct zip_writer *w);

enum zip_outcome {
	ZIP_GOOD,
	ZIP_MALFORMED, /* not an archive of this form */
	ZIP_ALTERED, /* a member's checksum or size is not what the archive says */
	ZIP_CUT, /* it ends too early */
	ZIP_STOPPED, /* a callback failed: r->error */
};

/* Told about the members; 0, or a negative errno that ends the reading. */
struct zip_visitor {
	/* The next member: refuse a name that is not wanted. */
	int (*begin)(void *ctx, const char *name);
	int (*data)(void *ctx, const void *bytes, size_t len);
	/* It was whole. */
	int (*end)(void *ctx, const struct zip_member *member);
	void *ctx;
};

struct zip_reader {
	struct zip_visitor visitor;
	enum zip_outcome outcome;
	int error;
	uint64_t at; /* bytes taken */
	uint64_t size_max; /* of one member's content: more is ZIP_MALFORMED */
	int state, count, listed; /* members seen, members found in the directory */
	struct zip_member members[ZIP_MEMBERS_MAX];
	uint64_t directory_at, directory_end;
	size_t fill;
	uint8_t record[144]; /* a part of the archive that is gathered before it is read */
	struct zip_stream *z; /* in arena */
	size_t used; /* of arena */
	_Alignas(16) uint8_t arena[ZIP_INFLATE_BYTES];
	uint8_t out[32768];
};

void zip_read_begin(struct zip_reader *r, uint64_t size_max, const struct zip_visitor *visitor);

/* The archive (a large one), in pieces of any size. False once it cannot be read: r->outcome. */
MUST_CHECK bool zip_read(struct zip_reader *r, const void *bytes, size_t len);

/* The archive has ended. ZIP_GOOD alone means that every member was whole and the directory lists
 * exactly these. */
MUST_CHECK enum zip_outcome zip_read_end(struct zip_reader *r);

/* Inside zip.c and zip_read.c: an arena for zlib and the fixed parts of an archive. */
bool zip_name_fit(const char *name, size_t len);
void zip_put_local(struct writer *out, const struct zip_member *m, bool large, uint32_t dos_time);
void zip_put_descriptor(struct writer *out, const struct zip_member *m, bool large);
void zip_put_central(struct writer *out, const struct zip_member *m, bool large, uint32_t dos_time);
void zip_put_end(struct writer *out, int count, uint64_t directory, uint64_t bytes, bool large);

#endif
