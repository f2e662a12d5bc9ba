/*
 * An export is made by the real stick job; then everything is done to it that an office should
 * notice: each byte changed, and - by somebody who has the gate's key - each meaning changed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <sodium.h>

#include "base/fileio.h"
#include "codec/hex.h"
#include "codec/pass.h"
#include "helper_kiosk.h"
#include "office/commands.h"
#include "office/verify.h"

#define VISITS 3

static const char *const FILES[] = { MANIFEST_NAME,      MANIFEST_SIGNATURE_NAME,
				     EXPORT_SHEET_NAME,  EXPORT_VISITORS_NAME,
				     EXPORT_EVENTS_NAME, EXPORT_PERSONS_NAME };

struct fixture {
	struct test_kiosk kiosk;
	char path[PATH_MAX];
	char *text; /* what verify printed last */
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct visit visits[VISITS] = { kiosk_visit(1, "张伟"), kiosk_visit(2, "=1+1"),
					kiosk_visit(3, "德木其格") };

	kiosk_init(&f->kiosk);
	kiosk_export(&f->kiosk, visits, VISITS, f->path);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	kiosk_fini(&f->kiosk);
	free(f->text);
	free(f);
	return 0;
}

static bool verified(struct fixture *f)
{
	size_t len;

	free(f->text);
	f->text = NULL;
	FILE *out = open_memstream(&f->text, &len);
	bool good = verify_export(f->path, f->kiosk.public_key, out);
	fclose(out);
	return good;
}

static void load(const struct fixture *f, const char *name, char **data, size_t *len)
{
	char path[PATH_MAX + 32];

	snprintf(path, sizeof(path), "%s/%s", f->path, name);
	assert_int_equal(file_read(path, 1 << 20, data, len), 0);
}

static void store(const struct fixture *f, const char *name, const char *data, size_t len)
{
	char path[PATH_MAX + 32];

	snprintf(path, sizeof(path), "%s/%s", f->path, name);
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, len, file), len);
	fclose(file);
}

static void test_good(void **state)
{
	struct fixture *f = *state;

	assert_true(verified(f));
	assert_int_equal(strncmp(f->text, "good: 4 events (1 to 4), 3 visits, head ", 40), 0);
	assert_non_null(strstr(f->text, " of site 7 gate 东门, signed by key "));
}

/* Some thousand single changes: every byte of manifest and signature, a sample of the others. */
static void test_every_altered_byte_is_found(void **state)
{
	struct fixture *f = *state;
	int tampered = 0;

	for (size_t i = 0; i < ARRAY_LEN(FILES); i++) {
		char *data;
		size_t len;
		load(f, FILES[i], &data, &len);
		size_t stride = i < 2 ? 1 : 1 + len / 700;
		for (size_t at = 0; at < len; at += stride) {
			char was = data[at];
			data[at] = (char)(was ^ (1 << at % 8));
			store(f, FILES[i], data, len);
			if (verified(f))
				fail_msg("%s: byte %zu was altered unseen", FILES[i], at);
			data[at] = was;
			tampered++;
		}
		store(f, FILES[i], data, len - 1);
		assert_false(verified(f));
		store(f, FILES[i], data, len);
		free(data);
	}
	print_message("%d tamperings found\n", tampered);
	assert_true(tampered > 3000);
	assert_true(verified(f));
}

static void test_files_missing_and_extra(void **state)
{
	struct fixture *f = *state;
	char path[PATH_MAX + 32], aside[PATH_MAX + 32];

	snprintf(aside, sizeof(aside), "%s/aside", f->kiosk.root);
	for (size_t i = 0; i < ARRAY_LEN(FILES); i++) {
		snprintf(path, sizeof(path), "%s/%s", f->path, FILES[i]);
		assert_int_equal(rename(path, aside), 0);
		assert_false(verified(f));
		assert_non_null(strstr(f->text, FILES[i]));
		assert_int_equal(symlink(aside, path), 0);
		assert_false(verified(f));
		unlink(path);
		assert_int_equal(mkdir(path, 0700), 0);
		assert_false(verified(f));
		rmdir(path);
		assert_int_equal(rename(aside, path), 0);
	}
	store(f, "notes.txt", "x", 1);
	assert_false(verified(f));
	assert_string_equal(f->text, "wrong: notes.txt: is not part of the export\n");
	snprintf(path, sizeof(path), "%s/notes.txt", f->path);
	unlink(path);
	store(f, "\x1b[31m\n", "x", 1);
	assert_false(verified(f));
	assert_string_equal(f->text, "wrong: ?[31m?: is not part of the export\n");
}

/* Hashes and sizes as the folder stands now, signed with the gate's own key. */
static void sign_again(struct fixture *f, const struct manifest *counts)
{
	struct manifest m = *counts;
	char text[MANIFEST_MAX], hex[HEX_TEXT_BYTES(MANIFEST_SIGNATURE_BYTES) + 1];
	uint8_t signature[MANIFEST_SIGNATURE_BYTES];

	for (int i = 0; i < m.file_count; i++) {
		char *data;
		size_t len;
		load(f, m.files[i].name, &data, &len);
		m.files[i].size = (int64_t)len;
		crypto_hash_sha256(m.files[i].hash, (uint8_t *)data, len);
		free(data);
	}
	size_t len = manifest_encode(&m, text, sizeof(text));
	assert_true(len > 0);
	manifest_sign(text, len, f->kiosk.seed, signature);
	hex_encode(signature, sizeof(signature), hex);
	strcat(hex, "\n");
	store(f, MANIFEST_NAME, text, len);
	store(f, MANIFEST_SIGNATURE_NAME, hex, strlen(hex));
}

static struct manifest manifest_of(const struct fixture *f)
{
	struct manifest m;
	char *data;
	size_t len;

	load(f, MANIFEST_NAME, &data, &len);
	assert_true(manifest_decode(&m, data, len));
	free(data);
	return m;
}

/* Replaces the first occurrence of from in a file by to (of any length). */
static void replace(struct fixture *f, const char *name, const char *from, const char *to)
{
	char *data, changed[32768];
	size_t len;

	load(f, name, &data, &len);
	char *at = memmem(data, len, from, strlen(from));
	assert_non_null(at);
	size_t head = (size_t)(at - data), tail = len - head - strlen(from);
	assert_true(head + strlen(to) + tail <= sizeof(changed));
	memcpy(changed, data, head);
	memcpy(changed + head, to, strlen(to));
	memcpy(changed + head + strlen(to), at + strlen(from), tail);
	store(f, name, changed, head + strlen(to) + tail);
	free(data);
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
		{ EXPORT_PERSONS_NAME, "\"3\",\"04", "\"9\",\"04", "visit 9 was never registered" },
		{ EXPORT_PERSONS_NAME, "\"3\",\"04", "\"1\",\"04", "visit 1 stands here twice" },
		{ EXPORT_VISITORS_NAME, "张伟", "李伟", "row 2: does not say what" },
		{ EXPORT_VISITORS_NAME, "\t013800138000", "\t013800138001", "row 2: does not say" },
		{ EXPORT_VISITORS_NAME, "\t11010519491231002X", "", "row 2: does not say" },
	};
	struct fixture *f = *state;
	struct manifest m = manifest_of(f);

	for (size_t i = 0; i < ARRAY_LEN(LIES); i++) {
		char *data;
		size_t len;
		load(f, LIES[i].file, &data, &len);
		replace(f, LIES[i].file, LIES[i].from, LIES[i].to);
		sign_again(f, &m);
		assert_false(verified(f));
		if (!strstr(f->text, LIES[i].told))
			fail_msg("lie %zu: %s", i, f->text);
		store(f, LIES[i].file, data, len);
		free(data);
	}
	sign_again(f, &m);
	assert_true(verified(f));
}

static void test_signed_wrong_counts(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 6; i++) {
		struct manifest m = manifest_of(f), lie = m;
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
		} else {
			lie.file_count--;
		}
		sign_again(f, &lie);
		assert_false(verified(f));
		sign_again(f, &m);
	}
	assert_true(verified(f));
}

/* The last event cut off, and the manifest made to fit but for the head, which the gate printed
 * elsewhere too. */
static void test_cut_tail(void **state)
{
	struct fixture *f = *state;
	struct manifest m = manifest_of(f);
	char *data;
	size_t len;

	load(f, EXPORT_EVENTS_NAME, &data, &len);
	const char *last = memmem(data, len, "\r\n\"4\",", 6);
	assert_non_null(last);
	store(f, EXPORT_EVENTS_NAME, data, (size_t)(last - data) + 2);
	free(data);
	m.last_seq = m.events = 3;
	sign_again(f, &m);
	assert_false(verified(f));
	assert_non_null(strstr(f->text, "does not end at the head"));
	assert_non_null(strstr(f->text, "visit 3 was never registered"));
}

static int office(const char *a, const char *b, const char *c, const char *d, char *out)
{
	char *argv[] = {
		(char *)"gatehouse-office", (char *)a, (char *)b, (char *)c, (char *)d, NULL
	};
	int argc = 1 + (a != NULL) + (b != NULL) + (c != NULL) + (d != NULL);
	FILE *f = fmemopen(out, 4096, "w");

	assert_non_null(f);
	int code = office_run(argc, argv, f, f);
	fclose(f);
	return code;
}

static void test_commands(void **state)
{
	struct fixture *f = *state;
	char out[4096], hex[HEX_TEXT_BYTES(32)], key_file[80], other[HEX_TEXT_BYTES(32)];

	hex_encode(f->kiosk.public_key, 32, hex);
	memset(other, 'a', 64);
	other[64] = '\0';
	assert_int_equal(office("--help", NULL, NULL, NULL, out), 0);
	assert_non_null(strstr(out, "verify FOLDER"));
	assert_int_equal(office(NULL, NULL, NULL, NULL, out), 2);
	assert_int_equal(office("merge", NULL, NULL, NULL, out), 2);
	assert_non_null(strstr(out, "there is no command merge"));
	assert_int_equal(office("verify", NULL, NULL, NULL, out), 2);
	assert_int_equal(office("verify", f->path, "--key", NULL, out), 2);
	assert_int_equal(office("verify", f->path, "--key", "zz", out), 2);
	assert_int_equal(office("verify", f->path, "--loud", NULL, out), 2);
	assert_int_equal(office("verify", f->path, NULL, NULL, out), 0);
	assert_non_null(strstr(out, "note: the key was not compared"));
	assert_int_equal(office("verify", f->path, "--key", hex, out), 0);
	assert_null(strstr(out, "note:"));
	assert_int_equal(office("verify", f->path, "--key", other, out), 1);
	assert_non_null(strstr(out, "another gate's key"));
	snprintf(key_file, sizeof(key_file), "%s/key", f->kiosk.root);
	assert_int_equal(file_write_atomic(key_file, hex, 64, 0600), 0);
	assert_int_equal(office("verify", f->path, "--key", key_file, out), 0);
	assert_int_equal(office("verify", "/nonexistent", NULL, NULL, out), 1);
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
	assert_int_equal(office("pass", text, "--key", hex, out), 0);
	assert_string_equal(out, "good: pass 42 of site 7, key number 3, valid "
				 "2026-11-23T08:00:00+08:00 to 2026-11-23T10:00:00+08:00, 1 "
				 "crossings\n");
	assert_int_equal(office("pass", text, NULL, NULL, out), 2);
	assert_int_equal(office("pass", "http://example.com", "--key", hex, out), 1);
	hex[0] = hex[0] == '0' ? '1' : '0';
	assert_int_equal(office("pass", text, "--key", hex, out), 1);
	text[20] = text[20] == 'A' ? 'B' : 'A';
	hex_encode(f->kiosk.public_key, 32, hex);
	assert_int_equal(office("pass", text, "--key", hex, out), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_good),
		TEST(test_every_altered_byte_is_found),
		TEST(test_files_missing_and_extra),
		TEST(test_signed_lies),
		TEST(test_signed_wrong_counts),
		TEST(test_cut_tail),
		TEST(test_commands),
		TEST(test_pass),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
