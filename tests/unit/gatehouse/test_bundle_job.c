/*
 * The whole way of a bundle: signed files in a folder, the real gatehouse-stick as a process of its
 * own, the judgement here; and the same with files and stick programs that are not what they should
 * be.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/fileio.h"
#include "bundle_job.h"
#include "codec/manifest.h"
#include "helper_bundle.h"

#define HOUSEHOLDS "3-2-501\t一网格\t1234\n3-2-502\t\t\n"
#define BLOCKED "document\tE12345678\t协查\n"

struct fixture {
	struct office_stick s;
	char program[80];
	char *book; /* the rulebook that comes with the program, and its length and version */
	size_t book_len;
	struct bundle_job job;
	struct bundle_files *files;
	struct bundle_found found;
};

static void remove_file(const struct fixture *f, const char *name)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/%s", f->s.folder, name);
	assert_int_equal(unlink(path), 0);
}

/* A good bundle of a rulebook and two lists lies on the stick. */
static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	stick_init(&f->s);
	snprintf(f->program, sizeof(f->program), "%s/program", f->s.root);
	assert_int_equal(file_read(TEST_SOURCE_DIR "/assets/rulebooks/default.ini", 1 << 20,
				   &f->book, &f->book_len),
			 0);
	stick_put_part(&f->s, PART_RULEBOOK, 2, f->book, f->book_len);
	stick_put_part(&f->s, PART_HOUSEHOLDS, 12, HOUSEHOLDS, strlen(HOUSEHOLDS));
	stick_put_part(&f->s, PART_BLOCKED, 12, BLOCKED, strlen(BLOCKED));
	stick_sign(&f->s);
	f->job = (struct bundle_job){ .stick_program = TEST_BINARY_DIR "/bin/gatehouse-stick",
				      .stick_dir = f->s.stick,
				      .site_id = 7,
				      .book_version = 1,
				      .taken = { .last_number = 11 },
				      .now = { .wall_ms = BUNDLE_ISSUED_MS + 60000,
					       .utc_offset_min = 480,
					       .clock_trusted = true } };
	manifest_public(office_seed, f->job.public_key);
	assert_int_equal(bundle_files_new(&f->files), 0);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	stick_fini(&f->s);
	bundle_files_free(f->files);
	free(f->book);
	free(f);
	return 0;
}

static void fetch(struct fixture *f)
{
	memset(&f->found, 0xAA, sizeof(f->found));
	assert_int_equal(bundle_fetch(&f->job, f->files, &f->found), 0);
}

/* Nothing of what may not be taken is handed on. */
static void assert_refused(struct fixture *f, enum bundle_outcome outcome, const char *word)
{
	static const struct bundle_summary NONE;
	struct import import = { 0 };

	fetch(f);
	assert_int_equal(f->found.problem, NOTE_NONE);
	assert_true(f->found.present);
	assert_int_equal(f->found.outcome, outcome);
	assert_string_equal(f->found.word, word);
	assert_memory_equal(&f->found.summary, &NONE, sizeof(NONE));
	assert_int_not_equal(bundle_note(&f->found), NOTE_NONE);
	bundle_import(f->files, &import);
	assert_int_equal(import.number, 0);
	for (int i = 0; i < PART_COUNT_; i++)
		assert_int_equal(import.parts[i].version, 0);
}

static void assert_good(struct fixture *f)
{
	fetch(f);
	assert_int_equal(bundle_note(&f->found), NOTE_NONE);
	assert_int_equal(f->found.outcome, BUNDLE_GOOD);
}

static void test_good(void **state)
{
	struct fixture *f = *state;
	struct import import = { 0 };

	assert_good(f);
	assert_true(f->found.summary.number == 12);
	assert_string_equal(f->found.summary.why, "区指挥部通知第12号");
	assert_string_equal(f->found.summary.rulebook, "默认规则 Default rules");
	bundle_import(f->files, &import);
	assert_true(import.number == 12 && import.parts[PART_RULEBOOK].version == 2 &&
		    import.parts[PART_BLOCKED].version == 12);
	assert_int_equal(import.parts[PART_RULEBOOK].len, f->book_len);
	assert_memory_equal(import.parts[PART_RULEBOOK].text, f->book, f->book_len);
	assert_string_equal(import.parts[PART_HOUSEHOLDS].text, HOUSEHOLDS);
	assert_int_equal(import.parts[PART_ACCOUNTS].version, 0);
	assert_int_equal(bundle_again(&f->job, f->files), BUNDLE_GOOD);
	f->job.now.wall_ms = f->s.bundle.not_after_ms + 1; /* it was looked at for too long */
	assert_int_equal(bundle_again(&f->job, f->files), BUNDLE_EXPIRED);
}

static void test_none(void **state)
{
	struct fixture *f = *state;

	remove_file(f, BUNDLE_NAME);
	fetch(f);
	assert_false(f->found.present);
	assert_int_equal(bundle_note(&f->found), NOTE_BUNDLE_NONE);
	stick_remove(f->s.folder);
	fetch(f);
	assert_int_equal(bundle_note(&f->found), NOTE_BUNDLE_NONE);
	/* a file, or a link, in the place of the folder */
	assert_int_equal(file_write_atomic(f->s.folder, "x", 1, 0600), 0);
	fetch(f);
	assert_int_equal(bundle_note(&f->found), NOTE_BUNDLE_NONE);
	assert_int_equal(unlink(f->s.folder), 0);
	assert_int_equal(symlink(f->s.work, f->s.folder), 0);
	fetch(f);
	assert_int_equal(bundle_note(&f->found), NOTE_BUNDLE_NONE);
	assert_int_equal(unlink(f->s.folder), 0);
	assert_int_equal(rmdir(f->s.stick), 0);
	fetch(f);
	assert_int_equal(bundle_note(&f->found), NOTE_STICK_ABSENT);
}

/* Each limit by itself, and that nothing else is in its way. */
static void test_limits(void **state)
{
	struct fixture *f = *state;

	f->job.taken.last_number = 12;
	assert_refused(f, BUNDLE_OLD_NUMBER, "");
	f->job.taken.last_number = 13;
	assert_refused(f, BUNDLE_OLD_NUMBER, "");
	f->job.taken.last_number = 0;
	f->job.site_id = 8;
	assert_refused(f, BUNDLE_OTHER_SITE, "");
	f->job.site_id = 7;
	f->job.now.wall_ms = f->s.bundle.not_after_ms + 1;
	assert_refused(f, BUNDLE_EXPIRED, "");
	f->job.now.wall_ms = 0;
	assert_refused(f, BUNDLE_NOT_YET, "");
	f->job.now.wall_ms = f->s.bundle.not_after_ms;
	f->job.now.clock_trusted = false;
	assert_refused(f, BUNDLE_CLOCK_DOUBTFUL, "");
	f->job.now.clock_trusted = true;
	assert_good(f);
	f->job.public_key[0] ^= 1;
	assert_refused(f, BUNDLE_BAD_SIGNATURE, "");
	memset(f->job.public_key, 0, sizeof(f->job.public_key));
	assert_refused(f, BUNDLE_BAD_SIGNATURE, "");
}

/* No part may be older than what is in force, whoever signed it and whatever the number. */
static void test_versions(void **state)
{
	struct fixture *f = *state;

	f->job.taken.versions[PART_HOUSEHOLDS] = 12;
	assert_refused(f, BUNDLE_PART_OLD, "households.txt");
	f->job.taken.versions[PART_HOUSEHOLDS] = 11;
	assert_good(f);
	f->job.book_version = 2; /* that of the configuration */
	assert_refused(f, BUNDLE_PART_OLD, "rulebook.ini");
	f->job.taken.versions[PART_RULEBOOK] = 1; /* once one was taken, only that counts */
	assert_good(f);
	f->job.taken.versions[PART_RULEBOOK] = 3;
	assert_refused(f, BUNDLE_PART_OLD, "rulebook.ini");
}

/* Every bit of a part, and every length of it. */
static void test_part_bits(void **state)
{
	struct fixture *f = *state;
	char text[] = BLOCKED;
	const size_t len = strlen(BLOCKED);

	for (size_t bit = 0; bit < len * 8; bit++) {
		text[bit / 8] ^= (char)(1U << bit % 8);
		stick_put(&f->s, "blocked.txt", text, len);
		assert_refused(f, BUNDLE_PART_ALTERED, "blocked.txt");
		text[bit / 8] ^= (char)(1U << bit % 8);
	}
	for (size_t n = 0; n < len; n++) {
		stick_put(&f->s, "blocked.txt", text, n);
		assert_refused(f, BUNDLE_PART_ALTERED, "blocked.txt");
	}
	stick_put(&f->s, "blocked.txt", BLOCKED "\n", len + 1);
	assert_refused(f, BUNDLE_PART_ALTERED, "blocked.txt");
	stick_put(&f->s, "blocked.txt", BLOCKED, len);
	assert_good(f);
}

/* A stick with every kind of part: a bit of each changed, each cut, each of an old version is
 * refused whole, and named. */
static void test_every_kind(void **state)
{
	struct fixture *f = *state;
	char text[PART_SAMPLE_MAX];

	for (enum part_kind k = PART_RULEBOOK + 1; k < PART_COUNT_; k++) {
		size_t len = part_sample(k, text);
		assert_true(len > 0);
		stick_put_part(&f->s, k, 12, text, len);
	}
	stick_sign(&f->s);
	assert_good(f);
	for (enum part_kind k = PART_RULEBOOK + 1; k < PART_COUNT_; k++) {
		size_t len = part_sample(k, text);
		for (size_t bit = k; bit < len * 8; bit += 61) {
			text[bit / 8] ^= (char)(1U << bit % 8);
			stick_put(&f->s, PART[k].file, text, len);
			assert_refused(f, BUNDLE_PART_ALTERED, PART[k].file);
			text[bit / 8] ^= (char)(1U << bit % 8);
		}
		stick_put(&f->s, PART[k].file, text, len - 1);
		assert_refused(f, BUNDLE_PART_ALTERED, PART[k].file);
		stick_put(&f->s, PART[k].file, text, len);
		f->job.taken.versions[k] = 12;
		assert_refused(f, BUNDLE_PART_OLD, PART[k].file);
		f->job.taken.versions[k] = 0;
	}
	assert_good(f);
}

/* Signed by the office, but not the container it should be, or one of another kind. */
static void test_packs_of_no_use(void **state)
{
	struct fixture *f = *state;
	char text[PART_SAMPLE_MAX];
	size_t len = part_sample(PART_SOUNDS, text);

	stick_put_part(&f->s, PART_NOTICES, 12, text, len);
	stick_sign(&f->s);
	assert_refused(f, BUNDLE_PART_BAD, "notices.bin");
	len = part_sample(PART_NOTICES, text);
	stick_put_part(&f->s, PART_NOTICES, 12, text, len - 1);
	stick_sign(&f->s);
	assert_refused(f, BUNDLE_PART_BAD, "notices.bin");
	stick_put_part(&f->s, PART_NOTICES, 12, text, len);
	stick_put_part(&f->s, PART_SOUNDS, 12, "", 0);
	stick_sign(&f->s);
	assert_refused(f, BUNDLE_PART_BAD, "sounds.bin");
}

/* Some bits of manifest and signature by the whole way; every one of them is tried in codec. */
static void test_manifest_files(void **state)
{
	struct fixture *f = *state;
	char text[BUNDLE_MAX], signature[BUNDLE_SIGNATURE_LEN + 1], big[BUNDLE_MAX + 1] = "";
	size_t len = bundle_encode(&f->s.bundle, text, sizeof(text));

	for (size_t at = 0; at < len; at += 37) {
		text[at] ^= 4;
		stick_put(&f->s, BUNDLE_NAME, text, len);
		assert_refused(f, BUNDLE_BAD_SIGNATURE, "");
		text[at] ^= 4;
		stick_put(&f->s, BUNDLE_NAME, text, at);
		assert_refused(f, BUNDLE_BAD_SIGNATURE, "");
	}
	stick_put(&f->s, BUNDLE_NAME, big, sizeof(big));
	assert_refused(f, BUNDLE_MALFORMED, "");
	stick_put(&f->s, BUNDLE_NAME, text, len);
	stick_put(&f->s, BUNDLE_SIGNATURE_NAME, big, sizeof(big));
	assert_refused(f, BUNDLE_BAD_SIGNATURE, "");
	remove_file(f, BUNDLE_SIGNATURE_NAME);
	assert_refused(f, BUNDLE_BAD_SIGNATURE, "");
	bundle_sign(text, len, office_seed, signature);
	signature[5] ^= 1;
	stick_put(&f->s, BUNDLE_SIGNATURE_NAME, signature, BUNDLE_SIGNATURE_LEN);
	assert_refused(f, BUNDLE_BAD_SIGNATURE, "");
}

/* What stands in the place of a part: nothing, a link to the very same bytes, a folder, a pipe, too
 * much. */
static void test_unfit_parts(void **state)
{
	struct fixture *f = *state;
	char path[160], other[160];
	size_t size = PART[PART_BLOCKED].max_bytes + 1;
	char *big = calloc(1, size);

	snprintf(path, sizeof(path), "%s/blocked.txt", f->s.folder);
	snprintf(other, sizeof(other), "%s/same", f->s.folder);
	assert_int_equal(rename(path, other), 0);
	assert_refused(f, BUNDLE_PART_ALTERED, "blocked.txt");
	assert_int_equal(symlink("same", path), 0);
	assert_refused(f, BUNDLE_PART_ALTERED, "blocked.txt");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_refused(f, BUNDLE_PART_ALTERED, "blocked.txt");
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_refused(f, BUNDLE_PART_ALTERED, "blocked.txt");
	assert_int_equal(unlink(path), 0);
	assert_non_null(big);
	stick_put(&f->s, "blocked.txt", big, size);
	assert_refused(f, BUNDLE_PART_ALTERED, "blocked.txt");
	free(big);
	assert_int_equal(rename(other, path), 0);
	assert_good(f);
	/* and what the manifest does not name is not looked at */
	stick_put(&f->s, "accounts.txt", "anything", 8);
	stick_put(&f->s, "../passwd", "x", 1);
	assert_good(f);
}

/* Signed by the office and whole, but of no use: nothing of the other parts is taken either. */
static void test_bad_content(void **state)
{
	struct fixture *f = *state;

	stick_put_part(&f->s, PART_HOUSEHOLDS, 12, "2\t\t\n1\t\t\n", 8);
	stick_sign(&f->s);
	assert_refused(f, BUNDLE_PART_BAD, "households.txt");
	stick_put_part(&f->s, PART_HOUSEHOLDS, 12, HOUSEHOLDS, strlen(HOUSEHOLDS));
	stick_put_part(&f->s, PART_RULEBOOK, 2, f->book, f->book_len - 200);
	stick_sign(&f->s);
	assert_refused(f, BUNDLE_PART_BAD, "rulebook.ini");
	stick_put_part(&f->s, PART_RULEBOOK, 3, f->book, f->book_len); /* it calls itself 2 */
	stick_sign(&f->s);
	assert_refused(f, BUNDLE_PART_BAD, "rulebook.ini");
	stick_put_part(&f->s, PART_RULEBOOK, 2, f->book, f->book_len);
	stick_put_part(&f->s, PART_ACCOUNTS, 12, "", 0); /* nobody could log in any more */
	stick_sign(&f->s);
	assert_refused(f, BUNDLE_PART_BAD, "accounts.txt");
}

static void test_unknown_part(void **state)
{
	struct fixture *f = *state;
	char text[BUNDLE_MAX], signature[BUNDLE_SIGNATURE_LEN + 1];
	size_t len = bundle_encode(&f->s.bundle, text, sizeof(text));

	len += (size_t)snprintf(text + len, sizeof(text) - len, "part roster 1 0 %064d\n", 0);
	bundle_sign(text, len, office_seed, signature);
	stick_put(&f->s, BUNDLE_NAME, text, len);
	stick_put(&f->s, BUNDLE_SIGNATURE_NAME, signature, BUNDLE_SIGNATURE_LEN);
	assert_refused(f, BUNDLE_UNKNOWN_PART, "roster");
	assert_int_equal(bundle_note(&f->found), NOTE_BUNDLE_UNKNOWN_PART);
}

/* BUNDLE is 13, its signature 14, PART 15 (\\015, \\016, \\017). A good bundle lies on the stick.
 */
static void test_bad_programs(void **state)
{
	static const char *const LIES[] = {
		"exit 1",
		"printf garbage >&3; read x <&3",
		"printf '\\015\\002\\000\\001x' >&3", /* the manifest, and gone */
		"printf '\\016\\002\\000\\001x' >&3; read x <&3", /* the signature first */
		"printf '\\015\\002\\020\\000%04096d' 0 >&3; read x <&3", /* no manifest's size */
		/* parts in another order */
		"printf '\\015\\000\\000\\000' >&3; printf '\\016\\000\\000\\000' >&3; "
		"printf '\\017\\001\\000\\000\\000' >&3; read x <&3",
		/* a part without end */
		"printf '\\015\\000\\000\\000' >&3; printf '\\016\\000\\000\\000' >&3; "
		"while printf '\\017\\000\\002\\020\\000%04096d' 0 >&3; do :; done 2>/dev/null",
	};
	struct fixture *f = *state;
	char script[512];

	f->job.stick_program = f->program;
	for (size_t i = 0; i < ARRAY_LEN(LIES); i++) {
		snprintf(script, sizeof(script), "#!/bin/sh\n%s\n", LIES[i]);
		assert_int_equal(file_write_atomic(f->program, script, strlen(script), 0700), 0);
		fetch(f);
		assert_int_equal(f->found.problem, NOTE_STICK_FAILED);
		assert_int_not_equal(f->found.outcome, BUNDLE_GOOD);
	}
	f->job.patience_ms = 50;
	strcpy(script, "#!/bin/sh\nexec sleep 1000\n");
	assert_int_equal(file_write_atomic(f->program, script, strlen(script), 0700), 0);
	fetch(f);
	assert_int_equal(f->found.problem, NOTE_STICK_FAILED);
	f->job.stick_program = "/nonexistent";
	assert_int_equal(bundle_fetch(&f->job, f->files, &f->found), -ENOENT);
	assert_false(f->found.present);
}

/* Parts as large as they may be come over whole. */
static void test_large_parts(void **state)
{
	struct fixture *f = *state;
	size_t cap = PART[PART_HOUSEHOLDS].max_bytes, len = 0;
	char *text = calloc(1, cap + 1);

	assert_non_null(text);
	for (int i = 0; i < 10000 && len + 48 < cap; i++)
		len += (size_t)sprintf(text + len, "%06d-2-501\tabcdefghijklmnopqrstuvw\t1234\n",
				       i);
	stick_put_part(&f->s, PART_HOUSEHOLDS, 12, text, len);
	stick_sign(&f->s);
	assert_good(f);
	assert_true(len > 400000);
	free(text);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_good),
		TEST(test_none),
		TEST(test_limits),
		TEST(test_versions),
		TEST(test_part_bits),
		TEST(test_every_kind),
		TEST(test_packs_of_no_use),
		TEST(test_manifest_files),
		TEST(test_unfit_parts),
		TEST(test_bad_content),
		TEST(test_unknown_part),
		TEST(test_bad_programs),
		TEST(test_large_parts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
