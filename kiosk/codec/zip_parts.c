/* The fixed parts of an archive, written in one place so that the reader can hold what it reads
 * against what would have been written. Numbers of sections are those of the APPNOTE. */
#include <string.h>

#include "base/bytes.h"
#include "codec/zip.h"

#define LOCAL_SIGNATURE 0x04034B50
#define DESCRIPTOR_SIGNATURE 0x08074B50
#define CENTRAL_SIGNATURE 0x02014B50
#define END64_SIGNATURE 0x06064B50
#define LOCATOR64_SIGNATURE 0x07064B50
#define END_SIGNATURE 0x06054B50

#define SIZES_BEHIND (1 << 3) /* 4.4.4 */
#define DEFLATED 8
#define IN_EXTRA UINT32_MAX
#define EXTRA64_TAG 1 /* 4.5.3 */

static void put(struct writer *w, uint64_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		write_uint(w, i < 8 ? value >> 8 * i & 0xFF : 0, 1);
}

static uint64_t version(bool large)
{
	return large ? 45 : 20;
}

bool zip_name_fit(const char *name, size_t len)
{
	static const char FIT[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-[]/";

	if (len == 0 || len >= ZIP_NAME_BYTES)
		return false;
	for (size_t i = 0; i < len; i++) {
		bool starts = i == 0 || name[i - 1] == '/';
		if (name[i] == '\0' || !strchr(FIT, name[i]) || (starts && name[i] == '/'))
			return false;
		/* no ".." anywhere and no "." alone; "_rels/.rels" belongs to every workbook */
		bool lone = starts && (i + 1 == len || name[i + 1] == '/');
		if (name[i] == '.' && (lone || (i + 1 < len && name[i + 1] == '.')))
			return false;
	}
	return name[len - 1] != '/';
}

uint32_t zip_time(int year, int month, int day, int hour, int minute, int second)
{
	if (year < 1980 || year > 2107)
		year = 1980;
	return (uint32_t)((year - 1980) << 25 | month << 21 | day << 16 | hour << 11 | minute << 5 |
			  second / 2);
}

/* 4.3.7 */
void zip_put_local(struct writer *out, const struct zip_member *m, bool large, uint32_t dos_time)
{
	uint32_t size = large ? IN_EXTRA : 0;

	put(out, LOCAL_SIGNATURE, 4);
	put(out, version(large), 2);
	put(out, SIZES_BEHIND, 2);
	put(out, DEFLATED, 2);
	put(out, dos_time, 4);
	put(out, 0, 4);
	put(out, size, 4);
	put(out, size, 4);
	put(out, strlen(m->name), 2);
	put(out, large ? 20 : 0, 2);
	write_bytes(out, m->name, strlen(m->name));
	if (!large)
		return;
	put(out, EXTRA64_TAG, 2);
	put(out, 16, 2);
	put(out, 0, 8);
	put(out, 0, 8);
}

/* 4.3.9 */
void zip_put_descriptor(struct writer *out, const struct zip_member *m, bool large)
{
	put(out, DESCRIPTOR_SIGNATURE, 4);
	put(out, m->crc, 4);
	put(out, m->packed, large ? 8 : 4);
	put(out, m->size, large ? 8 : 4);
}

/* 4.3.12 */
void zip_put_central(struct writer *out, const struct zip_member *m, bool large, uint32_t dos_time)
{
	put(out, CENTRAL_SIGNATURE, 4);
	put(out, version(large), 2);
	put(out, version(large), 2);
	put(out, SIZES_BEHIND, 2);
	put(out, DEFLATED, 2);
	put(out, dos_time, 4);
	put(out, m->crc, 4);
	put(out, large ? IN_EXTRA : m->packed, 4);
	put(out, large ? IN_EXTRA : m->size, 4);
	put(out, strlen(m->name), 2);
	put(out, large ? 28 : 0, 2);
	put(out, 0, 2 + 2 + 2 + 4); /* comment, disk, attributes inside and outside */
	put(out, large ? IN_EXTRA : m->offset, 4);
	write_bytes(out, m->name, strlen(m->name));
	if (!large)
		return;
	put(out, EXTRA64_TAG, 2);
	put(out, 24, 2);
	put(out, m->size, 8);
	put(out, m->packed, 8);
	put(out, m->offset, 8);
}

/* 4.3.14, 4.3.15, 4.3.16 */
void zip_put_end(struct writer *out, int count, uint64_t directory, uint64_t bytes, bool large)
{
	if (large) {
		put(out, END64_SIGNATURE, 4);
		put(out, 44, 8);
		put(out, version(large), 2);
		put(out, version(large), 2);
		put(out, 0, 8); /* disks */
		put(out, (uint64_t)count, 8);
		put(out, (uint64_t)count, 8);
		put(out, bytes, 8);
		put(out, directory, 8);
		put(out, LOCATOR64_SIGNATURE, 4);
		put(out, 0, 4);
		put(out, directory + bytes, 8);
		put(out, 1, 4);
	}
	put(out, END_SIGNATURE, 4);
	put(out, 0, 4);
	put(out, (uint64_t)count, 2);
	put(out, (uint64_t)count, 2);
	put(out, large ? IN_EXTRA : bytes, 4);
	put(out, large ? IN_EXTRA : directory, 4);
	put(out, 0, 2);
}
