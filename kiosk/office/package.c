#include "office/package.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <sodium.h>

#include "base/text.h"
#include "codec/minisign.h"

#define PIECE_BYTES 65536

/* Opens a regular file of the folder; links are not followed. */
static int open_file(struct package *p, const char *name, int64_t *size)
{
	int fd = openat(p->dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0) {
		report_wrong(p->report, "%s: %s", name, strerror(errno));
		close_fd(&fd);
	} else if (!S_ISREG(st.st_mode)) {
		report_wrong(p->report, "%s: is not a file", name);
		close_fd(&fd);
	} else {
		*size = st.st_size;
	}
	return fd;
}

static bool read_small(struct package *p, const char *name, char *text, size_t cap, size_t *len)
{
	int64_t size;
	CLEANUP(close_fd) int fd = open_file(p, name, &size);

	if (fd < 0)
		return false;
	ssize_t n = size > (int64_t)cap ? -1 : read(fd, text, cap);
	*len = n < 0 ? 0 : (size_t)n;
	if (n != size)
		report_wrong(p->report, "%s: is larger than such a file can be", name);
	return n == size;
}

static bool suffixed(const struct package *p, const char *suffix,
		     char name[MANIFEST_FILE_NAME_BYTES])
{
	return text_format(name, MANIFEST_FILE_NAME_BYTES, "%s%s", p->id, suffix);
}

static bool ends_with(const char *name, const char *suffix)
{
	size_t len = strlen(name), n = strlen(suffix);

	return len > n && strcmp(name + len - n, suffix) == 0;
}

/* Calls for each entry of the folder; false when it cannot be listed. */
static bool each_entry(struct package *p, void (*see)(struct package *p, const char *name))
{
	int copy = openat(p->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;

	if (!dir) {
		report_wrong(p->report, "the folder cannot be listed: %s", strerror(errno));
		close_fd(&copy);
		return false;
	}
	while ((entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			see(p, entry->d_name);
	closedir(dir);
	return true;
}

static void see_manifest(struct package *p, const char *name)
{
	if (!ends_with(name, EXPORT_MANIFEST_SUFFIX))
		return;
	if (p->id[0])
		report_wrong(p->report, "%s: a second manifest", name);
	else if (text_copy(p->id, sizeof(p->id), name))
		p->id[strlen(name) - strlen(EXPORT_MANIFEST_SUFFIX)] = '\0';
	else
		report_wrong(p->report, "%s: no manifest is called so", name);
}

static void see_stranger(struct package *p, const char *name)
{
	size_t n = strlen(p->id);
	bool ours =
		strncmp(name, p->id, n) == 0 && (strcmp(name + n, EXPORT_MANIFEST_SUFFIX) == 0 ||
						 strcmp(name + n, EXPORT_SIGNATURE_SUFFIX) == 0 ||
						 strcmp(name + n, EXPORT_ARCHIVE_SUFFIX) == 0);

	if (!ours)
		report_wrong(p->report, "%s: is not part of the export", name);
}

static void check_signature(struct package *p, const char *manifest_name, const char *text,
			    size_t text_len)
{
	char name[MANIFEST_FILE_NAME_BYTES], signature[MINISIGN_TEXT_MAX];
	char comment[MINISIGN_COMMENT_BYTES];
	uint8_t hash[MINISIGN_HASH_BYTES];
	struct minisign_key key;
	size_t len;

	if (!suffixed(p, EXPORT_SIGNATURE_SUFFIX, name) ||
	    !read_small(p, name, signature, sizeof(signature), &len))
		return;
	minisign_key_of(p->manifest.public_key, &key);
	minisign_hash(text, text_len, hash);
	switch (minisign_verify(signature, len, hash, &key, comment)) {
	case MINISIGN_GOOD:
		p->signed_well = true;
		break;
	case MINISIGN_OTHER_KEY:
		report_wrong(p->report, "%s: was made by another key than %s names", name,
			     manifest_name);
		break;
	case MINISIGN_BAD_SIGNATURE:
		report_wrong(p->report, "%s: was altered: its signature does not fit it",
			     manifest_name);
		break;
	case MINISIGN_BAD_COMMENT:
		report_wrong(p->report, "%s: its comment was altered", name);
		break;
	case MINISIGN_MALFORMED:
	default:
		report_wrong(p->report, "%s: is not a signature", name);
		break;
	}
}

static bool read_manifest(struct package *p, const uint8_t *key)
{
	char name[MANIFEST_FILE_NAME_BYTES], text[MANIFEST_MAX], archive[MANIFEST_FILE_NAME_BYTES];
	size_t len;

	if (!p->id[0])
		report_wrong(p->report,
			     "the folder holds no manifest (*" EXPORT_MANIFEST_SUFFIX ")");
	if (!p->id[0] || !suffixed(p, EXPORT_MANIFEST_SUFFIX, name) ||
	    !suffixed(p, EXPORT_ARCHIVE_SUFFIX, archive) ||
	    !read_small(p, name, text, sizeof(text), &len))
		return false;
	if (!manifest_decode(&p->manifest, text, len)) {
		report_wrong(p->report, "%s: is not a manifest", name);
		return false;
	}
	check_signature(p, name, text, len);
	if (strcmp(p->manifest.archive.name, archive) != 0)
		report_wrong(p->report, "%s: speaks of another archive, %s", name,
			     p->manifest.archive.name);
	if (key && memcmp(key, p->manifest.public_key, KEY_BYTES) != 0) {
		char fingerprint[KEY_FINGERPRINT_BYTES];
		key_fingerprint(p->manifest.public_key, fingerprint);
		report_wrong(p->report, "%s: was signed by another gate's key (%s)", name,
			     fingerprint);
	}
	return true;
}

/* Reads a whole file in pieces. */
static int each_piece(int fd, int (*take)(void *ctx, const void *bytes, size_t len), void *ctx)
{
	uint8_t piece[PIECE_BYTES];
	int err = 0;

	for (;;) {
		ssize_t n = read(fd, piece, sizeof(piece));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0 || err)
			return err;
		err = take(ctx, piece, (size_t)n);
	}
}

static int hash_piece(void *ctx, const void *bytes, size_t len)
{
	crypto_hash_sha256_update(ctx, bytes, len);
	return 0;
}

static void check_archive(struct package *p)
{
	const struct manifest_file *want = &p->manifest.archive;
	uint8_t hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state sha;
	int64_t size;
	CLEANUP(close_fd) int fd = open_file(p, want->name, &size);

	if (fd < 0)
		return;
	crypto_hash_sha256_init(&sha);
	int err = each_piece(fd, hash_piece, &sha);
	crypto_hash_sha256_final(&sha, hash);
	if (err)
		report_wrong(p->report, "%s: %s", want->name, strerror(-err));
	else if (size != want->size)
		report_wrong(p->report, "%s: has %" PRId64 " bytes, the manifest says %" PRId64,
			     want->name, size, want->size);
	else if (memcmp(hash, want->hash, sizeof(hash)) != 0)
		report_wrong(p->report, "%s: was altered: its SHA-256 is not the manifest's",
			     want->name);
}

bool package_read(struct package *p, const char *path, const uint8_t *key,
		  struct office_report *report)
{
	*p = (struct package){ .report = report };
	for (int i = 0; i < MANIFEST_PARTS_MAX; i++)
		p->parts[i] = -1;
	p->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (p->dir < 0) {
		report_wrong(report, "%s: %s", path, strerror(errno));
		return false;
	}
	if (!each_entry(p, see_manifest) || !read_manifest(p, key) || !each_entry(p, see_stranger))
		return false;
	check_archive(p);
	return true;
}

void package_unmap(struct package_bytes *bytes)
{
	if (bytes->len > 0)
		munmap((void *)(uintptr_t)bytes->data, bytes->len);
	*bytes = (struct package_bytes){ 0 };
}

/* part_count when there is none. */
static int find_part(const struct package *p, const char *name)
{
	int i = 0;

	while (i < p->manifest.part_count && strcmp(p->manifest.parts[i].name, name) != 0)
		i++;
	return i;
}

bool package_has(const struct package *p, const char *name)
{
	return find_part(p, name) < p->manifest.part_count;
}

struct package_bytes package_map(struct package *p, const char *name)
{
	struct package_bytes none = { 0 };
	int i = find_part(p, name);

	if (i == p->manifest.part_count) {
		report_wrong(p->report, "%s" EXPORT_MANIFEST_SUFFIX ": does not list %s", p->id,
			     name);
		return none;
	}
	size_t len = (size_t)p->manifest.parts[i].size;
	if (len == 0)
		return (struct package_bytes){ .data = "" };
	void *data = mmap(NULL, len, PROT_READ, MAP_PRIVATE, p->parts[i], 0);
	if (data == MAP_FAILED) {
		report_wrong(p->report, "%s: %s", name, strerror(errno));
		return none;
	}
	return (struct package_bytes){ .data = data, .len = len };
}

void package_close(struct package *p)
{
	for (int i = 0; i < MANIFEST_PARTS_MAX; i++)
		close_fd(&p->parts[i]);
	close_fd(&p->dir);
}
