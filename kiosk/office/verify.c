#include "office/verify.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <sodium.h>

#include "codec/hex.h"
#include "codec/manifest.h"
#include "office/key.h"
#include "office/report.h"
#include "office/sheets.h"

enum verify_file { FILE_SHEET, FILE_VISITORS, FILE_EVENTS, FILE_PERSONS, FILE_COUNT_ };

static const char *const FILE_NAME[FILE_COUNT_] = {
	[FILE_SHEET] = EXPORT_SHEET_NAME,
	[FILE_VISITORS] = EXPORT_VISITORS_NAME,
	[FILE_EVENTS] = EXPORT_EVENTS_NAME,
	[FILE_PERSONS] = EXPORT_PERSONS_NAME,
};

struct verify {
	int dir;
	struct report report;
	struct manifest manifest;
	struct sheet_bytes files[FILE_COUNT_]; /* mapped; NULL data = not to be had */
	struct registrations registrations;
};

/* Maps a regular file of dir; links are not followed. */
static bool map_file(struct verify *v, const char *name, struct sheet_bytes *bytes)
{
	CLEANUP(close_fd)
	int fd = openat(v->dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	*bytes = (struct sheet_bytes){ .data = "" };
	if (fd < 0 || fstat(fd, &st) < 0) {
		report_wrong(&v->report, "%s: %s", name, strerror(errno));
		return false;
	}
	if (!S_ISREG(st.st_mode)) {
		report_wrong(&v->report, "%s: is not a file", name);
		return false;
	}
	if (st.st_size == 0)
		return true;
	void *data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED) {
		report_wrong(&v->report, "%s: %s", name, strerror(errno));
		return false;
	}
	*bytes = (struct sheet_bytes){ .data = data, .len = (size_t)st.st_size };
	return true;
}

static void unmap(struct sheet_bytes *bytes)
{
	if (bytes->len > 0)
		munmap((void *)bytes->data, bytes->len);
	*bytes = (struct sheet_bytes){ 0 };
}

static void check_signature(struct verify *v, struct sheet_bytes text, struct sheet_bytes sig)
{
	uint8_t signature[MANIFEST_SIGNATURE_BYTES];

	if (sig.len != HEX_TEXT_BYTES(sizeof(signature)) || sig.data[sig.len - 1] != '\n' ||
	    !hex_decode(sig.data, sig.len - 1, signature, sizeof(signature)))
		report_wrong(&v->report, MANIFEST_SIGNATURE_NAME ": is not a signature");
	else if (!manifest_verify(text.data, text.len, v->manifest.public_key, signature))
		report_wrong(&v->report,
			     MANIFEST_NAME ": was altered: its signature does not fit it");
}

/* False: nothing further can be said. */
static bool check_manifest(struct verify *v, const uint8_t *key)
{
	struct sheet_bytes text, sig = { 0 };
	bool readable = map_file(v, MANIFEST_NAME, &text);
	bool parsed = readable && manifest_decode(&v->manifest, text.data, text.len);

	if (readable && !parsed)
		report_wrong(&v->report, MANIFEST_NAME ": is not a manifest");
	if (parsed && map_file(v, MANIFEST_SIGNATURE_NAME, &sig))
		check_signature(v, text, sig);
	if (parsed && key && memcmp(key, v->manifest.public_key, KEY_BYTES) != 0) {
		char fingerprint[KEY_FINGERPRINT_BYTES];
		key_fingerprint(v->manifest.public_key, fingerprint);
		report_wrong(&v->report, MANIFEST_NAME ": was signed by another gate's key (%s)",
			     fingerprint);
	}
	unmap(&text);
	unmap(&sig);
	return parsed;
}

static const struct manifest_file *listed(const struct manifest *m, const char *name)
{
	for (int i = 0; i < m->file_count; i++)
		if (strcmp(m->files[i].name, name) == 0)
			return &m->files[i];
	return NULL;
}

/* Nothing stands in the folder but what an export has. */
static void check_listing(struct verify *v)
{
	int copy = openat(v->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;

	if (!dir) {
		report_wrong(&v->report, "the folder cannot be listed: %s", strerror(errno));
		close_fd(&copy);
		return;
	}
	while ((entry = readdir(dir))) {
		const char *name = entry->d_name;
		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
		    strcmp(name, MANIFEST_NAME) == 0 || strcmp(name, MANIFEST_SIGNATURE_NAME) == 0)
			continue;
		if (!listed(&v->manifest, name))
			report_wrong(&v->report, "%s: is not part of the export", name);
	}
	closedir(dir);
}

static void check_file(struct verify *v, enum verify_file which)
{
	const struct manifest_file *file = listed(&v->manifest, FILE_NAME[which]);
	struct sheet_bytes *bytes = &v->files[which];
	uint8_t hash[crypto_hash_sha256_BYTES];

	if (!file) {
		report_wrong(&v->report, MANIFEST_NAME ": does not list %s", FILE_NAME[which]);
		return;
	}
	if (!map_file(v, file->name, bytes)) {
		bytes->data = NULL;
		return;
	}
	crypto_hash_sha256(hash, (const uint8_t *)bytes->data, bytes->len);
	if ((int64_t)bytes->len != file->size)
		report_wrong(&v->report, "%s: has %zu bytes, the manifest says %" PRId64,
			     file->name, bytes->len, file->size);
	else if (memcmp(hash, file->hash, sizeof(hash)) != 0)
		report_wrong(&v->report, "%s: was altered: its SHA-256 is not the manifest's",
			     file->name);
}

static void check_contents(struct verify *v)
{
	const struct sheet_bytes *events = &v->files[FILE_EVENTS];
	const struct sheet_bytes *persons = &v->files[FILE_PERSONS];
	const struct sheet_bytes *visitors = &v->files[FILE_VISITORS];

	if (!events->data || !persons->data || !visitors->data)
		return; /* told already */
	check_events(&v->manifest, *events, &v->registrations, &v->report);
	check_persons(&v->manifest, *persons, &v->registrations, &v->report);
	check_visitors(&v->manifest, *visitors, *persons, &v->report);
	if (v->manifest.first_seq == 1 && v->registrations.count != (size_t)v->manifest.visits)
		report_wrong(&v->report,
			     EXPORT_VISITORS_NAME " holds %" PRId64
						  " visits, but %zu were registered",
			     v->manifest.visits, v->registrations.count);
}

static void print_good(const struct verify *v, const uint8_t *key)
{
	const struct manifest *m = &v->manifest;
	char head[HEX_TEXT_BYTES(MANIFEST_HASH_BYTES)], fingerprint[KEY_FINGERPRINT_BYTES];

	hex_encode(m->head, MANIFEST_HASH_BYTES, head);
	key_fingerprint(m->public_key, fingerprint);
	fprintf(v->report.out,
		"good: %" PRId64 " events (%" PRId64 " to %" PRId64 "), %" PRId64
		" visits, head %s of site %" PRIu32 " gate %s, signed by key %s\n",
		m->events, m->first_seq, m->last_seq, m->visits, head, m->site_id, m->gate,
		fingerprint);
	if (m->persons < m->visits)
		fprintf(v->report.out,
			"note: the personal fields of %" PRId64
			" visits had been deleted; the chain still proves the visits\n",
			m->visits - m->persons);
	if (!key)
		fprintf(v->report.out,
			"note: the key was not compared with the gate's (--key); its fingerprint "
			"is %s\n",
			fingerprint);
}

bool verify_export(const char *dir, const uint8_t *key, FILE *out)
{
	CLEANUP(close_fd) int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct verify v = { .dir = fd, .report = { .out = out } };

	if (fd < 0) {
		report_wrong(&v.report, "%s: %s", dir, strerror(errno));
		return false;
	}
	if (check_manifest(&v, key)) {
		check_listing(&v);
		for (int i = 0; i < FILE_COUNT_; i++)
			check_file(&v, (enum verify_file)i);
		check_contents(&v);
	}
	report_end(&v.report);
	if (v.report.wrong == 0)
		print_good(&v, key);
	for (int i = 0; i < FILE_COUNT_; i++)
		unmap(&v.files[i]);
	registrations_free(&v.registrations);
	return v.report.wrong == 0;
}
