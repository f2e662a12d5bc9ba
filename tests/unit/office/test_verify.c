/*
 * An export is made by the real stick job; then everything is done to it that an office should
 * notice: each byte changed, and - by somebody who has the gate's key - each meaning changed. Long
 * because such a somebody packs, encrypts and signs again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <sodium.h>

#include "base/fileio.h"
#include "codec/csv.h"
#include "codec/hex.h"
#include "codec/minisign.h"
#include "codec/pass.h"
#include "codec/xlsx.h"
#include "codec/zip.h"
#include "helper_kiosk.h"
#include "office/commands.h"
#include "office/sheets.h"
#include "office/verify.h"
#include "stick/rows.h"
#include "stick/sheet.h"
#include "store/chain.h"
#include "store/entry_codec.h"

#define VISITS 3

/* What the office unpacks, as a test may change it before it is packed again. */
struct part {
	char *data;
	size_t len;
};

struct fixture {
	struct test_kiosk kiosk;
	char path[PATH_MAX], id[STICK_NAME_BYTES];
	struct part parts[MANIFEST_PARTS_MAX];
	char *text; /* what verify printed last */
};

static const char *const SUFFIXES[] = { EXPORT_MANIFEST_SUFFIX, EXPORT_SIGNATURE_SUFFIX,
					EXPORT_ARCHIVE_SUFFIX };

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct visit visits[VISITS] = { kiosk_visit(1, "张伟"), kiosk_visit(2, "=1+1"),
					kiosk_visit(3, "德木其格") };

	kiosk_init(&f->kiosk);
	kiosk_export(&f->kiosk, visits, VISITS, f->path);
	strcpy(f->id, strrchr(f->path, '/') + 1);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	kiosk_fini(&f->kiosk);
	for (int i = 0; i < MANIFEST_PARTS_MAX; i++)
		free(f->parts[i].data);
	free(f->text);
	free(f);
	return 0;
}

static struct keyring office_ring(const struct fixture *f)
{
	struct keyring ring = { .count = 1 };

	memcpy(ring.identities[0], f->kiosk.identity, sizeof(f->kiosk.identity));
	return ring;
}

static bool verified_with(struct fixture *f, const struct keyring *ring)
{
	size_t len;

	free(f->text);
	f->text = NULL;
	FILE *out = open_memstream(&f->text, &len);
	bool good = verify_export(f->path, f->kiosk.public_key, ring, out);
	fclose(out);
	return good;
}

static bool verified(struct fixture *f)
{
	struct keyring ring = office_ring(f);

	return verified_with(f, &ring);
}

static void load(const struct fixture *f, const char *suffix, char **data, size_t *len)
{
	char path[PATH_MAX];

	kiosk_file(f->path, f->id, suffix, path);
	assert_int_equal(file_read(path, 1 << 20, data, len), 0);
}

static void store(const struct fixture *f, const char *suffix, const void *data, size_t len)
{
	char path[PATH_MAX];

	kiosk_file(f->path, f->id, suffix, path);
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, len, file), len);
	fclose(file);
}

static void test_good(void **state)
{
	struct fixture *f = *state;
	struct keyring none = { 0 }, stranger = { .count = 1, .identities = { { 77 } } };

	assert_true(verified(f));
	assert_int_equal(strncmp(f->text, "good: 4 events (1 to 4), 3 visits, head ", 40), 0);
	assert_non_null(strstr(f->text, " of site 7 gate 东门, signed by key "));
	assert_null(strstr(f->text, "note:"));
	assert_true(verified_with(f, &none));
	assert_non_null(strstr(f->text, "note: the archive was not opened"));
	assert_false(verified_with(f, &stranger));
	assert_non_null(strstr(f->text, ".zip.age: was encrypted for other keys"));
	strcpy(none.passphrase, "not what it was made for");
	assert_false(verified_with(f, &none));
}

/* Some thousand single changes: every byte of manifest and signature, a sample of the archive. What
 * may be anything is the signature's first line. */
static void test_every_altered_byte_is_found(void **state)
{
	struct fixture *f = *state;
	struct keyring none = { 0 };
	int tampered = 0;

	for (size_t i = 0; i < ARRAY_LEN(SUFFIXES); i++) {
		char *data;
		size_t len;
		load(f, SUFFIXES[i], &data, &len);
		size_t begin = i == 1 ? (size_t)((char *)memchr(data, '\n', len) - data) : 0;
		for (size_t at = begin; at < len; at += i < 2 ? 1 : 7) {
			char was = data[at];
			data[at] = (char)(was ^ (1 << at % 8));
			store(f, SUFFIXES[i], data, len);
			if (verified_with(f, &none))
				fail_msg("%s: byte %zu was altered unseen", SUFFIXES[i], at);
			data[at] = was;
			tampered++;
		}
		store(f, SUFFIXES[i], data, len - 1);
		assert_false(verified(f));
		store(f, SUFFIXES[i], data, len);
		free(data);
	}
	print_message("%d tamperings found\n", tampered);
	assert_true(tampered > 2000);
	assert_true(verified(f));
}

static void test_files_missing_and_extra(void **state)
{
	struct fixture *f = *state;
	char path[PATH_MAX], aside[PATH_MAX];

	snprintf(aside, sizeof(aside), "%s/aside", f->kiosk.root);
	for (size_t i = 0; i < ARRAY_LEN(SUFFIXES); i++) {
		kiosk_file(f->path, f->id, SUFFIXES[i], path);
		assert_int_equal(rename(path, aside), 0);
		assert_false(verified(f));
		assert_non_null(strstr(f->text, i ? SUFFIXES[i] : "holds no manifest"));
		assert_int_equal(symlink(aside, path), 0);
		assert_false(verified(f));
		unlink(path);
		assert_int_equal(mkdir(path, 0700), 0);
		assert_false(verified(f));
		rmdir(path);
		assert_int_equal(rename(aside, path), 0);
	}
	store(f, ".txt", "x", 1);
	assert_false(verified(f));
	assert_non_null(strstr(f->text, ".txt: is not part of the export\n"));
	kiosk_file(f->path, f->id, ".txt", path);
	unlink(path);
	kiosk_file(f->path, "\x1b[31m\n", "", path);
	assert_int_equal(file_write_atomic(path, "x", 1, 0600), 0);
	assert_false(verified(f));
	assert_string_equal(f->text, "wrong: ?[31m?: is not part of the export\n");
	unlink(path);
	kiosk_file(f->path, "another", EXPORT_MANIFEST_SUFFIX, path);
	assert_int_equal(file_write_atomic(path, "x", 1, 0600), 0);
	assert_false(verified(f));
	assert_non_null(strstr(f->text, "a second manifest"));
}

static struct manifest manifest_of(const struct fixture *f)
{
	struct manifest m;
	char *data;
	size_t len;

	load(f, EXPORT_MANIFEST_SUFFIX, &data, &len);
	assert_true(manifest_decode(&m, data, len));
	free(data);
	return m;
}

/* Opens the export and keeps what is in it. */
static void unpack(struct fixture *f)
{
	struct keyring ring = office_ring(f);
	struct manifest m = manifest_of(f);
	char opened[PATH_MAX], path[PATH_MAX + MANIFEST_FILE_NAME_BYTES];
	FILE *quiet = fopen("/dev/null", "w");

	snprintf(opened, sizeof(opened), "%s/opened", f->kiosk.root);
	assert_true(open_export(f->path, NULL, &ring, opened, quiet));
	fclose(quiet);
	for (int i = 0; i < m.part_count; i++) {
		snprintf(path, sizeof(path), "%s/%s", opened, m.parts[i].name);
		free(f->parts[i].data);
		assert_int_equal(file_read(path, 1 << 20, &f->parts[i].data, &f->parts[i].len), 0);
		unlink(path);
	}
	assert_int_equal(rmdir(opened), 0);
}

static int to_stream(void *ctx, const void *bytes, size_t len)
{
	return fwrite(bytes, 1, len, ctx) == len ? 0 : -EIO;
}

static int to_age(void *ctx, const void *bytes, size_t len)
{
	return age_write(ctx, bytes, len);
}

/* The parts as they stand in f packed as a gate would pack them, with another name for one. */
static void pack(struct fixture *f, const struct manifest *m, int renamed, struct part *out)
{
	static struct age_writer age;
	static struct zip_writer zip;
	struct age_random random;
	struct age_to to = { .count = 1 };
	FILE *file = open_memstream(&out->data, &out->len);

	randombytes_buf(&random, sizeof(random));
	age_public(f->kiosk.identity, to.recipients[0]);
	assert_int_equal(age_begin(&age, &to, &random, to_stream, file), 0);
	zip_begin(&zip, true, 0, to_age, &age);
	for (int i = 0; i < m->part_count; i++) {
		assert_int_equal(zip_open(&zip, i == renamed ? "other.csv" : m->parts[i].name, 1),
				 0);
		assert_int_equal(zip_write(&zip, f->parts[i].data, f->parts[i].len), 0);
		assert_int_equal(zip_close(&zip), 0);
	}
	assert_int_equal(zip_end(&zip), 0);
	assert_int_equal(age_end(&age), 0);
	fclose(file);
}

/* What somebody with the gate's key can make of it: packed and signed again. The sizes are those of
 * the parts unless keep_sizes. */
static void sign_again(struct fixture *f, const struct manifest *counts, bool keep_sizes,
		       int renamed)
{
	struct manifest m = *counts;
	char text[MANIFEST_MAX], signature[MINISIGN_TEXT_MAX];
	uint8_t hash[MINISIGN_HASH_BYTES];
	struct part archive = { 0 };

	for (int i = 0; i < m.part_count && !keep_sizes; i++)
		m.parts[i].size = (int64_t)f->parts[i].len;
	pack(f, counts, renamed, &archive);
	m.archive.size = (int64_t)archive.len;
	crypto_hash_sha256(m.archive.hash, (uint8_t *)archive.data, archive.len);
	store(f, EXPORT_ARCHIVE_SUFFIX, archive.data, archive.len);
	free(archive.data);
	size_t len = manifest_encode(&m, text, sizeof(text));
	assert_true(len > 0);
	minisign_hash(text, len, hash);
	store(f, EXPORT_MANIFEST_SUFFIX, text, len);
	len = minisign_sign(hash, f->kiosk.seed, "", signature);
	store(f, EXPORT_SIGNATURE_SUFFIX, signature, len);
}

static int part_of(const struct manifest *m, const char *name)
{
	int i = 0;

	while (strcmp(m->parts[i].name, name) != 0)
		assert_true(++i < m->part_count);
	return i;
}

/* Replaces the first occurrence of from in a part by to (of any length). */
static void replace(struct part *part, const char *from, const char *to)
{
	char *at = memmem(part->data, part->len, from, strlen(from));

	assert_non_null(at);
	size_t head = (size_t)(at - part->data), tail = part->len - head - strlen(from);
	size_t len = head + strlen(to) + tail;
	char *changed = malloc(len + 1);
	assert_non_null(changed);
	memcpy(changed, part->data, head);
	memcpy(changed + head, to, strlen(to));
	memcpy(changed + head + strlen(to), at + strlen(from), tail);
	free(part->data);
	*part = (struct part){ changed, len };
}

struct lie {
	const char *file, *from, *to;
	const char *told; /* part of what must be said */
};

/* Whoever has the key can sign anything; the chain and the commitments still tell. */
static void test_signed_lies(void **state)
{
	static const struct lie LIES[] = {
		{ EXPORT_EVENTS_NAME, "\"2\",\"1\",\"1795392002000\"",
		  "\"2\",\"1\",\"1795392002001\"", "row 3: the chain breaks at event 2" },
		{ EXPORT_EVENTS_NAME, "\"2\",\"1\",\"179", "\"2\",\"2\",\"179",
		  "breaks at event 2" },
		{ EXPORT_EVENTS_NAME, "'=门卫", "'=门位", "breaks at event 2" },
		{ EXPORT_EVENTS_NAME, "\"3\",\"1\"", "\"5\",\"1\"",
		  "event 5 does not follow event 2" },
		{ EXPORT_EVENTS_NAME, "\"boot\"", "\"Boot\"", "first line" },
		{ EXPORT_EVENTS_NAME, "\"0\",\"1\",\"word\"", "\"1\",\"1\",\"word\"", "event 1" },
		{ EXPORT_EVENTS_NAME, "\r\n\"2\"", "\n\"2\"", "cannot be read" },
		{ EXPORT_PERSONS_NAME, "e5bca0e4bc9f", "e69d8ee4bc9f",
		  "row 2: the person of visit 1 is not the one registered in event 2" },
		{ EXPORT_PERSONS_NAME, "\"2\",\"03030303", "\"2\",\"04030303", "of visit 2" },
		{ EXPORT_PERSONS_NAME, "e6b2aa413132333435", "e6b2aa413132333436", "of visit 1" },
		{ EXPORT_PERSONS_NAME, "e6b2aa413132333435", "", "of visit 1" },
		{ EXPORT_PERSONS_NAME, "\"3\",\"04", "\"9\",\"04", "visit 9 was never registered" },
		{ EXPORT_PERSONS_NAME, "\"3\",\"04", "\"1\",\"04", "visit 1 stands here twice" },
		{ EXPORT_VISITORS_NAME, "张伟", "李伟", "row 2: does not say what" },
		{ EXPORT_VISITORS_NAME, "\t013800138000", "\t013800138001", "row 2: does not say" },
		{ EXPORT_VISITORS_NAME, "\t11010519491231002X", "", "row 2: does not say" },
		{ EXPORT_TEMPERATURES_NAME, "\"1\",", "", "temperatures.csv row 2: has 10 cells" },
		{ EXPORT_PASSES_NAME, "\r\n", "\n", "passes.csv row 1: cannot be read" },
	};
	struct fixture *f = *state;
	struct manifest m = manifest_of(f);
	struct part truth[ARRAY_LEN(SUFFIXES)];

	for (size_t s = 0; s < ARRAY_LEN(SUFFIXES); s++)
		load(f, SUFFIXES[s], &truth[s].data, &truth[s].len);
	for (size_t i = 0; i < ARRAY_LEN(LIES); i++) {
		unpack(f);
		replace(&f->parts[part_of(&m, LIES[i].file)], LIES[i].from, LIES[i].to);
		sign_again(f, &m, false, -1);
		assert_false(verified(f));
		if (!strstr(f->text, LIES[i].told))
			fail_msg("lie %zu: %s", i, f->text);
		for (size_t s = 0; s < ARRAY_LEN(SUFFIXES); s++)
			store(f, SUFFIXES[s], truth[s].data, truth[s].len);
	}
	assert_true(verified(f));
	for (size_t s = 0; s < ARRAY_LEN(SUFFIXES); s++)
		free(truth[s].data);
}

static void test_signed_wrong_counts(void **state)
{
	struct fixture *f = *state;
	struct manifest m = manifest_of(f);

	unpack(f);
	for (int i = 0; i < 8; i++) {
		struct manifest lie = m;
		if (i == 0)
			lie.visits++;
		else if (i == 1)
			lie.persons--;
		else if (i == 2)
			lie.head[0] ^= 1;
		else if (i == 3)
			lie.prev[0] ^= 1;
		else if (i == 4) {
			lie.last_seq++;
			lie.events++;
		} else if (i == 5) {
			lie.part_count--;
		} else if (i == 6) {
			lie.parts[part_of(&m, EXPORT_PASSES_NAME)].rows++;
		} else {
			strcpy(lie.archive.name, "other.zip.age");
		}
		sign_again(f, &lie, false, -1);
		assert_false(verified(f));
		sign_again(f, &m, false, -1);
	}
	assert_true(verified(f));
}

/* An archive that holds something else than its manifest lists. */
static void test_archive_and_manifest_differ(void **state)
{
	struct fixture *f = *state;
	struct manifest m = manifest_of(f), lie = m;

	unpack(f);
	sign_again(f, &m, false, 2);
	assert_false(verified(f));
	assert_non_null(strstr(f->text, "holds other.csv where the manifest lists something else"));
	lie.parts[0].size--;
	sign_again(f, &lie, true, -1);
	assert_false(verified(f));
	assert_non_null(strstr(f->text, "events.csv: is larger than the manifest says"));
	lie.parts[0].size += 2;
	sign_again(f, &lie, true, -1);
	assert_false(verified(f));
	assert_non_null(strstr(f->text, "events.csv: has "));
	store(f, EXPORT_ARCHIVE_SUFFIX, "age-encryption.org/v1\n", 22);
	assert_false(verified(f));
	assert_non_null(strstr(f->text, ".zip.age: ends too early"));
}

/* The last event cut off, and the manifest made to fit but for the head, which the gate printed
 * elsewhere too. */
static void test_cut_tail(void **state)
{
	struct fixture *f = *state;
	struct manifest m = manifest_of(f);

	unpack(f);
	struct part *events = &f->parts[part_of(&m, EXPORT_EVENTS_NAME)];
	const char *last = memmem(events->data, events->len, "\r\n\"4\",", 6);
	assert_non_null(last);
	events->len = (size_t)(last - events->data) + 2;
	m.last_seq = m.events = 3;
	m.parts[part_of(&m, EXPORT_EVENTS_NAME)].rows = 3;
	sign_again(f, &m, false, -1);
	assert_false(verified(f));
	assert_non_null(strstr(f->text, "does not end at the head"));
	assert_non_null(strstr(f->text, "visit 3 was never registered"));
}

/* Unpacked into a new folder; never over anything, and nothing stays of what is wrong. */
static void test_open(void **state)
{
	struct fixture *f = *state;
	struct keyring ring = office_ring(f), stranger = { .count = 1, .identities = { { 77 } } };
	struct manifest m = manifest_of(f);
	char opened[PATH_MAX], path[PATH_MAX + 64], out[4096] = "";
	FILE *said = fmemopen(out, sizeof(out), "w");

	snprintf(opened, sizeof(opened), "%s/opened", f->kiosk.root);
	assert_false(open_export(f->path, f->kiosk.public_key, &stranger, opened, said));
	assert_int_equal(access(opened, F_OK), -1);
	assert_true(open_export(f->path, f->kiosk.public_key, &ring, opened, said));
	for (int i = 0; i < m.part_count; i++) {
		snprintf(path, sizeof(path), "%s/%s", opened, m.parts[i].name);
		assert_int_equal(access(path, R_OK), 0);
	}
	assert_false(open_export(f->path, f->kiosk.public_key, &ring, opened, said));
	fclose(said);
	assert_non_null(strstr(out, "is there already"));
	assert_int_equal(kiosk_count(opened, ""), 2 + m.part_count);
}

static int office_args(char *out, const char *const *args)
{
	char *argv[10] = { (char *)"gatehouse-office" };
	int argc = 1;
	FILE *f = fmemopen(out, 4096, "w");

	for (; args[argc - 1]; argc++)
		argv[argc] = (char *)(uintptr_t)args[argc - 1];
	assert_non_null(f);
	int code = office_run(argc, argv, f, f);
	fclose(f);
	return code;
}

#define OFFICE(out, ...) office_args(out, (const char *const[]){ __VA_ARGS__, NULL })

static void test_commands(void **state)
{
	struct fixture *f = *state;
	char out[4096], hex[HEX_TEXT_BYTES(32)], key_file[80], other[HEX_TEXT_BYTES(32)];

	hex_encode(f->kiosk.public_key, 32, hex);
	memset(other, 'a', 64);
	other[64] = '\0';
	assert_int_equal(OFFICE(out, "--help"), 0);
	assert_non_null(strstr(out, "verify FOLDER"));
	assert_int_equal(OFFICE(out, NULL), 2);
	assert_int_equal(OFFICE(out, "burn"), 2);
	assert_non_null(strstr(out, "there is no command burn"));
	assert_int_equal(OFFICE(out, "verify"), 2);
	assert_int_equal(OFFICE(out, "verify", f->path, "--key"), 2);
	assert_int_equal(OFFICE(out, "verify", f->path, "--key", "zz"), 2);
	assert_int_equal(OFFICE(out, "verify", f->path, "--loud"), 2);
	assert_int_equal(OFFICE(out, "verify", f->path), 0);
	assert_non_null(strstr(out, "note: the key was not compared"));
	assert_int_equal(OFFICE(out, "verify", f->path, "--key", hex), 0);
	assert_null(strstr(out, "note: the key"));
	assert_int_equal(OFFICE(out, "verify", f->path, "--key", other), 1);
	assert_non_null(strstr(out, "another gate's key"));
	snprintf(key_file, sizeof(key_file), "%s/key", f->kiosk.root);
	assert_int_equal(file_write_atomic(key_file, hex, 64, 0600), 0);
	assert_int_equal(OFFICE(out, "verify", f->path, "--key", key_file), 0);
	assert_int_equal(OFFICE(out, "verify", "/nonexistent"), 1);
}

/* The identity comes from a file; what else may stand in it is said by its line. */
static void test_identity_files(void **state)
{
	struct fixture *f = *state;
	char out[4096], path[80], text[2 * AGE_KEY_TEXT_BYTES], identity[AGE_KEY_TEXT_BYTES];
	char opened[80];

	snprintf(path, sizeof(path), "%s/identity", f->kiosk.root);
	snprintf(opened, sizeof(opened), "%s/opened", f->kiosk.root);
	age_identity_text(f->kiosk.identity, identity);
	snprintf(text, sizeof(text), "# created by somebody\r\n\n  %s  \r\n", identity);
	assert_int_equal(file_write_atomic(path, text, strlen(text), 0600), 0);
	assert_int_equal(OFFICE(out, "verify", f->path, "--identity", path), 0);
	assert_null(strstr(out, "not opened"));
	assert_int_equal(OFFICE(out, "open", f->path, "--identity", path), 2);
	assert_int_equal(OFFICE(out, "open", f->path, "--out", opened), 2);
	assert_int_equal(OFFICE(out, "open", f->path, "--identity", path, "--out", opened), 0);
	assert_int_equal(OFFICE(out, "open", f->path, "--identity", path, "--out", opened), 1);
	text[30] ^= 1;
	assert_int_equal(file_write_atomic(path, text, strlen(text), 0600), 0);
	assert_int_equal(OFFICE(out, "verify", f->path, "--identity", path), 2);
	assert_non_null(strstr(out, "line 3 is no identity"));
	assert_int_equal(file_write_atomic(path, "# none\n", 7, 0600), 0);
	assert_int_equal(OFFICE(out, "verify", f->path, "--identity", path), 2);
	assert_non_null(strstr(out, "holds no identity"));
	assert_int_equal(OFFICE(out, "verify", f->path, "--identity", "/nonexistent"), 2);
	assert_int_equal(file_write_atomic(path, "\n", 1, 0600), 0);
	assert_int_equal(OFFICE(out, "verify", f->path, "--passphrase-file", path), 2);
	assert_int_equal(file_write_atomic(path, "some words\n", 11, 0600), 0);
	assert_int_equal(OFFICE(out, "verify", f->path, "--passphrase-file", path), 1);
	assert_non_null(strstr(out, "for other keys"));
}

static void test_pass(void **state)
{
	struct fixture *f = *state;
	struct pass pass = { .key_id = 3,
			     .site = 7,
			     .serial = 42,
			     .not_before_s = 1795392000,
			     .expires_s = 1795399200,
			     .max_uses = 1 };
	char text[PASS_TEXT_BYTES], out[4096], hex[HEX_TEXT_BYTES(32)];

	hex_encode(f->kiosk.public_key, 32, hex);
	pass_sign(&pass, f->kiosk.seed, text);
	assert_int_equal(OFFICE(out, "pass", text, "--key", hex), 0);
	assert_string_equal(out, "good: pass 42 of site 7, key number 3, valid "
				 "2026-11-23T08:00:00+08:00 to 2026-11-23T10:00:00+08:00, 1 "
				 "crossings\n");
	assert_int_equal(OFFICE(out, "pass", text), 2);
	assert_int_equal(OFFICE(out, "pass", "http://example.com", "--key", hex), 1);
	hex[0] = hex[0] == '0' ? '1' : '0';
	assert_int_equal(OFFICE(out, "pass", text, "--key", hex), 1);
	text[20] = text[20] == 'A' ? 'B' : 'A';
	hex_encode(f->kiosk.public_key, 32, hex);
	assert_int_equal(OFFICE(out, "pass", text, "--key", hex), 1);
}

/* One person of visit 1 as a file of her own; how many sentences the office has to say of it. */
static int64_t wrong_in(const struct person_row *row, const char *columns, const char *plate)
{
	struct registration one = { .visit_id = 1, .seq = 2 };
	struct registrations all = { .list = &one, .count = 1, .cap = 1 };
	struct manifest manifest = { .first_seq = 1, .persons = 1 };
	char text[1024], salt[64], name[64];
	struct office_report report = { .out = fopen("/dev/null", "w") };

	assert_non_null(report.out);
	chain_commit(row, one.commitment);
	hex_encode(row->salt, sizeof(row->salt), salt);
	hex_encode((const uint8_t *)row->person.name, strlen(row->person.name), name);
	snprintf(text, sizeof(text),
		 CSV_BOM "%s\"1\",\"%s\",\"%s\",\"0\",\"\",\"\",\"\",\"\"%s\r\n", columns, salt,
		 name, plate);
	check_persons(&manifest, (struct sheet_bytes){ text, strlen(text) }, &all, &report);
	fclose(report.out);
	return report.wrong;
}

#define NO_CODE ",\"0000000000000000\""
#define CODE ",\"ff00000000000001\""

/* An export made before there were plates is as good as it was; each form has its own columns. */
static void test_persons_before_plates(void **state)
{
	(void)state;
	struct person_row row = { .visit_id = 1, .salt = { 7 }, .person = { .name = "张伟" } };

	assert_int_equal(wrong_in(&row, EXPORT_PERSONS_COLUMNS_OLD, ""), 0);
	assert_int_equal(wrong_in(&row, EXPORT_PERSONS_COLUMNS, ",\"\"" NO_CODE), 0);
	assert_int_equal(wrong_in(&row, EXPORT_PERSONS_COLUMNS_OLD, ",\"\"" NO_CODE), 1);
	assert_int_equal(wrong_in(&row, EXPORT_PERSONS_COLUMNS, ""), 1);
	assert_int_equal(wrong_in(&row, EXPORT_PERSONS_COLUMNS, ",\"41\"" NO_CODE), 1);
	assert_int_equal(wrong_in(&row, EXPORT_PERSONS_COLUMNS, ",\"\"" CODE), 1);
	assert_int_equal(wrong_in(&row, EXPORT_PERSONS_COLUMNS, ",\"\",\"12\""), 1);
	strcpy(row.person.plate, "A");
	assert_int_equal(wrong_in(&row, EXPORT_PERSONS_COLUMNS, ",\"41\"" NO_CODE), 0);
	assert_int_equal(wrong_in(&row, EXPORT_PERSONS_COLUMNS_OLD, ""),
			 1); /* a plate is missing */
	row.code_digest = UINT64_C(0xFF00000000000001);
	assert_int_equal(wrong_in(&row, EXPORT_PERSONS_COLUMNS, ",\"41\"" CODE), 0);
	assert_int_equal(wrong_in(&row, EXPORT_PERSONS_COLUMNS, ",\"41\"" NO_CODE), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

/* Takes a column out of a sheet, as if nobody had thought of it yet. */
static void drop_column(struct part *part, enum stick_sheet sheet, enum sheet_column column)
{
	struct csv_reader reader = { .data = part->data, .len = part->len, .at = strlen(CSV_BOM) };
	struct csv_span cell[XLSX_COLUMNS_MAX];
	struct part less;
	FILE *out = open_memstream(&less.data, &less.len);
	int count, at = 0;

	while (sheet_column(sheet, at) != column)
		at++;
	fputs(CSV_BOM, out);
	while (csv_next(&reader, cell, XLSX_COLUMNS_MAX, &count) == CSV_ROW) {
		for (int c = 0; c < count; c++)
			if (c != at)
				fprintf(out, "%s\"%.*s\"", c > 0 ? "," : "", (int)cell[c].len,
					cell[c].data);
		fputs("\r\n", out);
	}
	fclose(out);
	free(part->data);
	*part = less;
}

/* What the gates wrote before there were daily reports in it, and fewer columns, is good for ever;
 * columns from the future are not understood. */
static void test_export_of_before(void **state)
{
	struct fixture *f = *state;
	struct manifest m = manifest_of(f);
	struct part *visitors = &f->parts[part_of(&m, EXPORT_VISITORS_NAME)];
	int days = part_of(&m, EXPORT_DAYS_NAME);

	unpack(f);
	drop_column(visitors, STICK_SHEET_VISITORS, SHEET_ORIGIN);
	drop_column(visitors, STICK_SHEET_VISITORS, SHEET_SEX);
	free(f->parts[days].data);
	for (int i = days; i + 1 < m.part_count; i++) {
		m.parts[i] = m.parts[i + 1];
		f->parts[i] = f->parts[i + 1];
	}
	f->parts[--m.part_count] = (struct part){ 0 };
	sign_again(f, &m, false, -1);
	assert_true(verified(f));
	replace(visitors, "张伟", "李伟");
	sign_again(f, &m, false, -1);
	assert_false(verified(f));
	assert_non_null(strstr(f->text, "visitors.csv row 2: does not say what"));
	replace(visitors, "李伟", "张伟");
	replace(visitors, "电话", "电报");
	sign_again(f, &m, false, -1);
	assert_false(verified(f));
	assert_non_null(strstr(f->text, "has columns that this program does not know"));
}

static bool is_personal(enum sheet_column column)
{
	return column == SHEET_NAME || column == SHEET_DOCUMENT || column == SHEET_PHONE ||
	       column == SHEET_PURPOSE || column == SHEET_HOUSEHOLD;
}

/* The visitor's row as a gate writes it when nothing personal is left. */
static void blank_visitor(struct part *part, const char *id)
{
	struct csv_reader reader = { .data = part->data, .len = part->len, .at = strlen(CSV_BOM) };
	struct csv_span cell[XLSX_COLUMNS_MAX];
	struct part blank;
	FILE *out = open_memstream(&blank.data, &blank.len);
	int count;

	fputs(CSV_BOM, out);
	while (csv_next(&reader, cell, XLSX_COLUMNS_MAX, &count) == CSV_ROW) {
		bool his = cell[0].len == strlen(id) && memcmp(cell[0].data, id, cell[0].len) == 0;
		for (int c = 0; c < count; c++) {
			bool away = his && is_personal(sheet_column(STICK_SHEET_VISITORS, c));
			fprintf(out, "%s\"%.*s\"", c > 0 ? "," : "", away ? 0 : (int)cell[c].len,
				cell[c].data);
		}
		fputs("\r\n", out);
	}
	fclose(out);
	free(part->data);
	*part = blank;
}

/* Takes the person of visit 2 out of the sheets, and counts one less. */
static void take_away(struct fixture *f, struct manifest *m)
{
	struct part *persons = &f->parts[part_of(m, EXPORT_PERSONS_NAME)];
	char *line = memmem(persons->data, persons->len, "\"2\",\"0303", 8), *end;

	assert_non_null(line);
	end = memmem(line, persons->len - (size_t)(line - persons->data), "\r\n", 2);
	assert_non_null(end);
	size_t tail = persons->len - (size_t)(end + 2 - persons->data);
	memmove(line, end + 2, tail);
	persons->len = (size_t)(line - persons->data) + tail;
	blank_visitor(&f->parts[part_of(m, EXPORT_VISITORS_NAME)], "2");
	m->persons--;
	m->parts[part_of(m, EXPORT_PERSONS_NAME)].rows--;
}

/* One more event, as the gate would have made it. */
static void append_forgotten(struct fixture *f, struct manifest *m, uint64_t first, uint64_t last)
{
	static uint8_t body[ENTRY_BODY_BYTES], line[ROW_MAX];
	const uint8_t none[CHAIN_HASH_BYTES] = { 0 };
	struct part *events = &f->parts[part_of(m, EXPORT_EVENTS_NAME)];
	struct entry e = { .type = ENTRY_FORGOTTEN, .number = 1, .forgotten = { first, last } };
	struct csv_line csv = { .out = { .data = line, .cap = sizeof(line) } };
	struct event_row row = { .seq = m->last_seq + 1,
				 .boot = 1,
				 .wall_ms = KIOSK_WALL_MS,
				 .type = e.type,
				 .body = body };

	assert_true(entry_encode(&e, none, body, &row.body_len));
	chain_hash(m->head, &row, row.hash);
	struct stick_event event = { .seq = row.seq,
				     .boot = row.boot,
				     .wall_ms = row.wall_ms,
				     .type = (uint16_t)row.type,
				     .word = "forgotten",
				     .body = body,
				     .body_len = row.body_len };
	memcpy(event.hash, row.hash, sizeof(event.hash));
	row_event(&csv, &event);
	events->data = realloc(events->data, events->len + csv.out.len);
	assert_non_null(events->data);
	memcpy(events->data + events->len, line, csv.out.len);
	events->len += csv.out.len;
	m->last_seq = row.seq;
	m->events++;
	m->parts[part_of(m, EXPORT_EVENTS_NAME)].rows++;
	memcpy(m->head, row.hash, sizeof(m->head));
}

static void expect_told(struct fixture *f, const struct manifest *m, bool good, const char *told)
{
	sign_again(f, m, false, -1);
	assert_int_equal(verified(f), good);
	if (!strstr(f->text, told))
		fail_msg("not told: %s\n%s", told, f->text);
}

/* Who was registered is there, or an event says that it was forgotten: a row that is only gone was
 * taken away by somebody, and everything else still fits. */
static void test_person_taken_away(void **state)
{
	struct fixture *f = *state;
	struct manifest m = manifest_of(f);

	unpack(f);
	take_away(f, &m);
	expect_told(f, &m, false,
		    "events.csv event 3: visit 2 was registered, but persons.csv does not hold the"
		    " person, and no event says that it was forgotten");
	m.range = MANIFEST_RANGE_DAYS; /* the event may come after those days */
	m.until_ms = KIOSK_WALL_MS;
	expect_told(f, &m, true, "note: for 1 of them the event that says so is not in this");
	m.range = MANIFEST_RANGE_SINCE_LAST;
	m.until_ms = 0;
	append_forgotten(f, &m, 3, 9);
	expect_told(f, &m, false, "visit 2 was registered, but");
	assert_non_null(
		strstr(f->text, "event 5 says that visit 3 was forgotten, but persons.csv"));
}

static void test_person_forgotten(void **state)
{
	struct fixture *f = *state;
	struct manifest m = manifest_of(f);

	unpack(f);
	take_away(f, &m);
	append_forgotten(f, &m, 2, 2);
	expect_told(f, &m, true, "note: the personal fields of 1 visits had been deleted");
	assert_null(strstr(f->text, "for 1 of them"));
	append_forgotten(f, &m, 1, 2);
	expect_told(f, &m, false, "event 6 says that visit 1 was forgotten, but persons.csv holds");
}

/* Blank is who was forgotten, or who gave nothing: not somebody whose person is there. */
static void test_visitor_blanked(void **state)
{
	struct fixture *f = *state;
	struct manifest m = manifest_of(f);
	struct part *visitors = &f->parts[part_of(&m, EXPORT_VISITORS_NAME)];

	unpack(f);
	blank_visitor(visitors, "3");
	expect_told(f, &m, false, "visitors.csv row 4: does not say what persons.csv row 4 says");
	replace(visitors, "\"3\",", "\"4\",");
	expect_told(f, &m, false, "persons.csv row 4: visitors.csv does not hold this person");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_good),
		TEST(test_every_altered_byte_is_found),
		TEST(test_files_missing_and_extra),
		TEST(test_signed_lies),
		TEST(test_export_of_before),
		TEST(test_person_taken_away),
		TEST(test_person_forgotten),
		TEST(test_visitor_blanked),
		TEST(test_signed_wrong_counts),
		TEST(test_archive_and_manifest_differ),
		TEST(test_cut_tail),
		TEST(test_open),
		TEST(test_commands),
		TEST(test_identity_files),
		TEST(test_pass),
		cmocka_unit_test(test_persons_before_plates),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
