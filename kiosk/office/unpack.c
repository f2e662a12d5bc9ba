/* The archive of a package: decrypted, unpacked and held against the manifest as it comes. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/fileio.h"
#include "codec/zip.h"
#include "office/package.h"

#define PIECE_BYTES 65536

struct unpacking {
	struct package *package;
	int out; /* folder; -1 = memory */
	int part; /* the one being written; -1 before the first */
	int64_t written; /* of it */
	struct age_reader age;
	struct zip_reader zip;
};

static const struct manifest_part *part_of(const struct unpacking *u)
{
	return &u->package->manifest.parts[u->part];
}

/* Parts come in the order in which the manifest lists them. */
static int begin(void *ctx, const char *name)
{
	struct unpacking *u = ctx;
	struct package *p = u->package;

	if (++u->part >= p->manifest.part_count || strcmp(part_of(u)->name, name) != 0) {
		report_wrong(p->report, "%s: holds %s where the manifest lists something else",
			     p->manifest.archive.name, name);
		return -EPROTO;
	}
	u->written = 0;
	int fd = u->out < 0 ? memfd_create(name, MFD_CLOEXEC)
			    : openat(u->out, name,
				     O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0) {
		report_wrong(p->report, "%s: cannot be made: %s", name, strerror(errno));
		return -errno;
	}
	p->parts[u->part] = fd;
	return 0;
}

static int data(void *ctx, const void *bytes, size_t len)
{
	struct unpacking *u = ctx;
	struct package *p = u->package;

	u->written += (int64_t)len;
	if (u->written > part_of(u)->size) {
		report_wrong(p->report, "%s: is larger than the manifest says", part_of(u)->name);
		return -EFBIG;
	}
	int err = fd_write_all(p->parts[u->part], bytes, len);
	if (err)
		report_wrong(p->report, "%s: cannot be written: %s", part_of(u)->name,
			     strerror(-err));
	return err;
}

static int end(void *ctx, const struct zip_member *member)
{
	struct unpacking *u = ctx;
	struct package *p = u->package;

	(void)member;
	if (u->written != part_of(u)->size) {
		report_wrong(p->report, "%s: has %" PRId64 " bytes, the manifest says %" PRId64,
			     part_of(u)->name, u->written, part_of(u)->size);
		return -EPROTO;
	}
	if (u->out >= 0 && fsync(p->parts[u->part]) < 0)
		return -errno;
	return 0;
}

static int to_zip(void *ctx, const void *bytes, size_t len)
{
	struct unpacking *u = ctx;

	return zip_read(&u->zip, bytes, len) ? 0 : -EPROTO;
}

static void report_age(struct unpacking *u, enum age_outcome outcome)
{
	static const char *const WHY[AGE_OUTCOME_COUNT_] = {
		[AGE_NOT_AGE] = "is not an age file, or its header was altered",
		[AGE_NO_KEY] = "was encrypted for other keys than the given ones",
		[AGE_PASSPHRASE_WANTED] = "was encrypted for a passphrase (--passphrase-file)",
		[AGE_TOO_COSTLY] = "its passphrase would take more memory than is sensible",
		[AGE_HEADER_ALTERED] = "its header was altered",
		[AGE_CUT] = "ends too early",
	};
	const char *name = u->package->manifest.archive.name;

	if (outcome == AGE_CHUNK_ALTERED)
		report_wrong(u->package->report,
			     "%s: was altered in bytes %" PRIu64 " to %" PRIu64 " of its content",
			     name, u->age.chunk * AGE_CHUNK_BYTES,
			     (u->age.chunk + 1) * AGE_CHUNK_BYTES - 1);
	else if (outcome != AGE_STOPPED)
		report_wrong(u->package->report, "%s: %s", name, WHY[outcome]);
}

static void report_zip(struct unpacking *u)
{
	const char *name = u->package->manifest.archive.name;

	if (u->zip.outcome == ZIP_MALFORMED)
		report_wrong(u->package->report, "%s: what is encrypted in it is no archive", name);
	else if (u->zip.outcome == ZIP_ALTERED)
		report_wrong(u->package->report, "%s: its content is damaged", name);
	else if (u->zip.outcome == ZIP_CUT)
		report_wrong(u->package->report, "%s: its content ends too early", name);
}

static bool feed(struct unpacking *u, int fd)
{
	uint8_t piece[PIECE_BYTES];
	ssize_t n;

	while ((n = read(fd, piece, sizeof(piece))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			report_wrong(u->package->report, "%s: %s",
				     u->package->manifest.archive.name, strerror(errno));
			return false;
		}
		if (!age_feed(&u->age, piece, (size_t)n))
			break;
	}
	enum age_outcome outcome = age_close(&u->age);
	enum zip_outcome zip = zip_read_end(&u->zip);
	if (outcome == AGE_GOOD || outcome == AGE_STOPPED)
		report_zip(u);
	if (outcome != AGE_GOOD)
		report_age(u, outcome);
	return outcome == AGE_GOOD && zip == ZIP_GOOD;
}

bool package_unpack(struct package *p, const struct age_keys *keys, int out)
{
	struct unpacking *u = calloc(1, sizeof(*u));
	CLEANUP(close_fd)
	int fd = openat(p->dir, p->manifest.archive.name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 || !u) { /* that the file is missing was told when the package was read */
		free(u);
		return false;
	}
	u->package = p;
	u->out = out;
	u->part = -1;
	struct zip_visitor visitor = { begin, data, end, u };
	zip_read_begin(&u->zip, INT64_MAX, &visitor);
	age_open(&u->age, keys, to_zip, u);
	bool good = feed(u, fd);
	if (good && u->part + 1 != p->manifest.part_count) {
		report_wrong(p->report, "%s: does not hold every file the manifest lists",
			     p->manifest.archive.name);
		good = false;
	}
	explicit_bzero(u, sizeof(*u));
	free(u);
	return good;
}
