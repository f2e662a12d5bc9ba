#include "office/verify.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "codec/hex.h"
#include "codec/stick_msg.h"
#include "office/package.h"
#include "office/sheets.h"

/* A sheet for people: as many rows as the manifest says. What its cells say is proved for the
 * visitors alone. */
static void check_sheet(struct package *p, const char *name)
{
	struct package_bytes bytes = package_map(p, name);

	for (int i = 0; bytes.data && i < p->manifest.part_count; i++)
		if (strcmp(p->manifest.parts[i].name, name) == 0)
			check_rows(name, p->manifest.parts[i].rows,
				   (struct sheet_bytes){ bytes.data, bytes.len }, p->report);
	package_unmap(&bytes);
}

void check_contents(struct package *p, struct check_open *open)
{
	const struct manifest *m = &p->manifest;
	struct package_bytes events = package_map(p, EXPORT_EVENTS_NAME);
	struct package_bytes persons = package_map(p, EXPORT_PERSONS_NAME);
	struct package_bytes visitors = package_map(p, EXPORT_VISITORS_NAME);
	struct registrations registered = { 0 };

	*open = (struct check_open){ 0 };
	if (events.data && persons.data && visitors.data) {
		struct sheet_bytes e = { events.data, events.len };
		struct sheet_bytes n = { persons.data, persons.len };
		struct sheet_bytes v = { visitors.data, visitors.len };
		check_events(m, e, &registered, p->report);
		open->earlier = check_persons(m, n, &registered, p->report);
		open->missing = check_forgotten(m, &registered, p->report);
		check_visitors(m, v, n, p->report);
		if (m->first_seq == 1 && registered.count != (size_t)m->visits)
			report_wrong(p->report,
				     EXPORT_VISITORS_NAME " holds %" PRId64
							  " visits, but %zu were registered",
				     m->visits, registered.count);
	}
	registrations_free(&registered);
	package_unmap(&events);
	package_unmap(&persons);
	package_unmap(&visitors);
	struct package_bytes book = package_map(p, EXPORT_WORKBOOK_NAME);
	if (book.data && (book.len < 4 || memcmp(book.data, "PK\3\4", 4) != 0))
		report_wrong(p->report, EXPORT_WORKBOOK_NAME ": is not a workbook");
	package_unmap(&book);
	for (int s = STICK_SHEET_VISITORS + 1; s < STICK_SHEET_COUNT_; s++) {
		const char *name = stick_section_part((enum stick_section)(STICK_SECTION_CSV + s));
		if (s <= STICK_SHEET_PASSES || package_has(p, name)) /* the first gates had none */
			check_sheet(p, name);
	}
}

static void print_good(const struct package *p, const uint8_t *key, bool opened,
		       const struct check_open *open)
{
	const struct manifest *m = &p->manifest;
	FILE *out = p->report->out;
	char head[HEX_TEXT_BYTES(MANIFEST_HASH_BYTES)], fingerprint[KEY_FINGERPRINT_BYTES];

	hex_encode(m->head, MANIFEST_HASH_BYTES, head);
	key_fingerprint(m->public_key, fingerprint);
	fprintf(out,
		"good: %" PRId64 " events (%" PRId64 " to %" PRId64 "), %" PRId64
		" visits, head %s of site %" PRIu32 " gate %s, signed by key %s\n",
		m->events, m->first_seq, m->last_seq, m->visits, head, m->site_id, m->gate,
		fingerprint);
	if (!opened)
		fprintf(out, "note: the archive was not opened: that needs --identity\n");
	if (m->persons < m->visits)
		fprintf(out,
			"note: the personal fields of %" PRId64
			" visits had been deleted; the chain still proves the visits\n",
			m->visits - m->persons);
	if (open->missing > 0)
		fprintf(out,
			"note: for %" PRId64
			" of them the event that says so is not in this export of"
			" days; an export up to the present proves it\n",
			open->missing);
	if (open->earlier > 0)
		fprintf(out,
			"note: %" PRId64 " of the visitors were registered before event %" PRId64
			"; who they are is proved by an earlier export\n",
			open->earlier, m->first_seq);
	if (!key)
		fprintf(out,
			"note: the key was not compared with the gate's (--key); its fingerprint "
			"is %s\n",
			fingerprint);
}

bool verify_export(const char *dir, const uint8_t *key, const struct keyring *ring, FILE *out)
{
	struct office_report report = { .out = out };
	struct age_keys keys = keyring_keys(ring);
	struct package p;
	struct check_open open = { 0 };
	bool opened = !keyring_empty(ring);
	bool readable = package_read(&p, dir, key, &report);

	if (readable && opened && package_unpack(&p, &keys, -1))
		check_contents(&p, &open);
	report_end(&report);
	if (report.wrong == 0)
		print_good(&p, key, opened, &open);
	package_close(&p);
	return report.wrong == 0;
}

static void remove_parts(int out, const struct manifest *m)
{
	for (int i = 0; i < m->part_count; i++)
		unlinkat(out, m->parts[i].name, 0);
}

/* A new folder, so that nothing is ever written over. */
static int make_folder(const char *path, struct office_report *report)
{
	int fd = -1;

	if (mkdir(path, 0700) == 0)
		fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		report_wrong(report, "--out: %s: %s", path,
			     errno == EEXIST ? "is there already" : strerror(errno));
	return fd;
}

bool open_export(const char *dir, const uint8_t *key, const struct keyring *ring,
		 const char *out_path, FILE *out)
{
	struct office_report report = { .out = out };
	struct age_keys keys = keyring_keys(ring);
	struct package p;
	struct check_open open = { 0 };
	bool readable = package_read(&p, dir, key, &report) && report.wrong == 0;
	CLEANUP(close_fd) int folder = readable ? make_folder(out_path, &report) : -1;

	if (folder >= 0 && package_unpack(&p, &keys, folder))
		check_contents(&p, &open);
	if (folder >= 0 && report.wrong > 0) {
		remove_parts(folder, &p.manifest);
		rmdir(out_path);
	}
	report_end(&report);
	if (report.wrong == 0) {
		print_good(&p, key, true, &open);
		fprintf(out, "good: unpacked into %s\n", out_path);
	}
	package_close(&p);
	return report.wrong == 0;
}
