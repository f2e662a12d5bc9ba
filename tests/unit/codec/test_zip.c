/* Archives in memory: round trips, everything altered, cut or hidden; and what unzip says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "base/fileio.h"
#include "codec/zip.h"
#include "helper_age.h"

#define MEMBERS 3

static const char *const NAMES[MEMBERS] = { "events.csv", "xl/_rels/a-1.rels", "[Content].xml" };

static struct bytes CONTENT[MEMBERS]; /* nothing; repetitive; noise */

static void write_archive(struct bytes *out, bool large, const char *const *names, int level)
{
	static struct zip_writer w;

	out->len = 0;
	zip_begin(&w, large, zip_time(2026, 11, 23, 8, 0, 0), bytes_sink, out);
	for (int i = 0; i < MEMBERS; i++) {
		const struct bytes *c = &CONTENT[i];
		assert_int_equal(zip_open(&w, names[i], level), 0);
		for (size_t at = 0; at < c->len; at += 9973)
			assert_int_equal(zip_write(&w, c->data + at,
						   c->len - at < 9973 ? c->len - at : 9973),
					 0);
		assert_int_equal(zip_close(&w), 0);
	}
	assert_int_equal(zip_end(&w), 0);
	assert_int_equal(w.at, out->len);
}

struct seen {
	int begun, ended;
	struct bytes content[MEMBERS + 1];
	char names[MEMBERS + 1][ZIP_NAME_BYTES];
	int fail_at; /* 1: in begin, 2: in data, 3: in end */
};

static int saw_begin(void *ctx, const char *name)
{
	struct seen *s = ctx;

	assert_true(s->begun <= MEMBERS);
	strcpy(s->names[s->begun++], name);
	return s->fail_at == 1 ? -EPERM : 0;
}

static int saw_data(void *ctx, const void *bytes, size_t len)
{
	struct seen *s = ctx;

	return s->fail_at == 2 ? -EPERM : bytes_sink(&s->content[s->begun - 1], bytes, len);
}

static int saw_end(void *ctx, const struct zip_member *member)
{
	struct seen *s = ctx;

	assert_int_equal(member->size, s->content[s->begun - 1].len);
	s->ended++;
	return s->fail_at == 3 ? -EPERM : 0;
}

static enum zip_outcome read_archive(const struct bytes *zip, size_t piece, uint64_t size_max,
				     struct seen *seen)
{
	static struct zip_reader r;
	struct zip_visitor v = { saw_begin, saw_data, saw_end, seen };

	seen->begun = seen->ended = 0;
	for (int i = 0; i <= MEMBERS; i++)
		seen->content[i].len = 0;
	zip_read_begin(&r, size_max, &v);
	for (size_t at = 0; at < zip->len; at += piece)
		if (!zip_read(&r, zip->data + at, zip->len - at < piece ? zip->len - at : piece))
			break;
	return zip_read_end(&r);
}

static void seen_free(struct seen *seen)
{
	for (int i = 0; i <= MEMBERS; i++)
		bytes_free(&seen->content[i]);
}

static void test_round_trip(void **state)
{
	static const int LEVELS[] = { 0, 1, 9 };
	static const size_t PIECES[] = { 1, 17, 4096, 1 << 20 };
	struct bytes zip = { 0 };
	struct seen seen = { 0 };

	(void)state;
	for (size_t l = 0; l < ARRAY_LEN(LEVELS); l++) {
		write_archive(&zip, true, NAMES, LEVELS[l]);
		for (size_t p = 0; p < ARRAY_LEN(PIECES); p++) {
			assert_int_equal(read_archive(&zip, PIECES[p], 1 << 20, &seen), ZIP_GOOD);
			assert_int_equal(seen.ended, MEMBERS);
			for (int i = 0; i < MEMBERS; i++) {
				assert_string_equal(seen.names[i], NAMES[i]);
				assert_int_equal(seen.content[i].len, CONTENT[i].len);
				if (CONTENT[i].len > 0)
					assert_memory_equal(seen.content[i].data, CONTENT[i].data,
							    CONTENT[i].len);
			}
		}
	}
	seen_free(&seen);
	bytes_free(&zip);
}

static void test_every_altered_byte_and_every_cut(void **state)
{
	struct bytes zip = { 0 };
	struct seen seen = { 0 };
	size_t whole, survived = 0;

	(void)state;
	write_archive(&zip, true, NAMES, 1);
	whole = zip.len;
	for (size_t at = 0; at < whole; at++) {
		if (at > 300 && at < whole - 700 && at % 97)
			continue;
		zip.len = at;
		assert_int_not_equal(read_archive(&zip, 4096, 1 << 20, &seen), ZIP_GOOD);
		zip.len = whole;
		for (int bit = 0; bit < 8; bit++) {
			zip.data[at] ^= (uint8_t)(1 << bit);
			enum zip_outcome o = read_archive(&zip, 4096, 1 << 20, &seen);
			if (o == ZIP_GOOD) /* a time, or an unused bit of deflate's padding */
				survived++;
			zip.data[at] ^= (uint8_t)(1 << bit);
		}
	}
	assert_true(survived <= 2 * MEMBERS * 32 + 8 * MEMBERS);
	zip.len = whole;
	assert_int_equal(bytes_sink(&zip, "x", 1), 0);
	assert_int_equal(read_archive(&zip, 4096, 1 << 20, &seen), ZIP_MALFORMED);
	seen_free(&seen);
	bytes_free(&zip);
}

#define TOO_LONG "0123456789012345678901234567890123456789012345678901234567890123"

static void test_names(void **state)
{
	static const char *const BAD[] = { "",      "/etc/passwd", "../x",       "a/../b",
					   "a//b",  "a/",          "a\\b",       "a:b",
					   ".",     "..",          "x/.",        "a..b",
					   "./x",   "a b",         "events.csv", "\xE9\x97\xA8",
					   TOO_LONG };
	static struct zip_writer w;
	struct bytes zip = { 0 };
	struct seen seen = { 0 };

	(void)state;
	zip_begin(&w, true, 0, bytes_sink, &zip);
	assert_int_equal(zip_open(&w, "events.csv", 1), 0);
	assert_int_equal(zip_close(&w), 0);
	for (size_t i = 0; i < ARRAY_LEN(BAD); i++)
		assert_int_equal(zip_open(&w, BAD[i], 1), -EINVAL);
	/* what another writer would put there is refused unread */
	write_archive(&zip, true, NAMES, 1);
	memcpy(zip.data + 30, "../../x.cs", 10);
	assert_int_equal(read_archive(&zip, 4096, 1 << 20, &seen), ZIP_MALFORMED);
	assert_int_equal(seen.begun, 0);
	seen_free(&seen);
	bytes_free(&zip);
}

/* 64 MiB of zeroes in some 64 KiB: unpacked no further than allowed. */
static void test_bomb(void **state)
{
	static struct zip_writer w;
	static const uint8_t ZERO[1 << 16];
	struct bytes zip = { 0 };
	struct seen seen = { 0 };

	(void)state;
	zip_begin(&w, true, 0, bytes_sink, &zip);
	assert_int_equal(zip_open(&w, "zero", 9), 0);
	for (int i = 0; i < 1024; i++)
		assert_int_equal(zip_write(&w, ZERO, sizeof(ZERO)), 0);
	assert_int_equal(zip_close(&w), 0);
	assert_int_equal(zip_end(&w), 0);
	assert_true(zip.len < 1 << 17);
	assert_int_equal(read_archive(&zip, 1 << 20, 100000, &seen), ZIP_MALFORMED);
	assert_true(seen.content[0].len <= 100000);
	assert_int_equal(read_archive(&zip, 1 << 20, 1 << 26, &seen), ZIP_GOOD);
	seen_free(&seen);
	bytes_free(&zip);
}

static void test_callbacks_stop_it(void **state)
{
	struct bytes zip = { 0 };
	struct seen seen = { 0 };

	(void)state;
	write_archive(&zip, true, NAMES, 1);
	for (seen.fail_at = 1; seen.fail_at <= 3; seen.fail_at++)
		assert_int_equal(read_archive(&zip, 4096, 1 << 20, &seen), ZIP_STOPPED);
	seen_free(&seen);
	bytes_free(&zip);
}

static void test_too_many(void **state)
{
	static struct zip_writer w;
	struct bytes zip = { 0 };
	char name[16];

	(void)state;
	zip_begin(&w, false, 0, bytes_sink, &zip);
	for (int i = 0; i < ZIP_MEMBERS_MAX; i++) {
		snprintf(name, sizeof(name), "m%d", i);
		assert_int_equal(zip_open(&w, name, 1), 0);
		assert_int_equal(zip_close(&w), 0);
	}
	assert_int_equal(zip_open(&w, "one-more", 1), -E2BIG);
	bytes_free(&zip);
}

static int run(const char *dir, const char *command)
{
	char line[512];

	snprintf(line, sizeof(line), "cd %s && %s", dir, command);
	return system(line);
}

static void test_unzip_agrees(void **state)
{
	char dir[] = "/tmp/gatehouse-zip-XXXXXX", path[128], *back;
	static const char *const PLAIN[MEMBERS] = { "a.csv", "b.csv", "c.csv" };
	struct bytes zip = { 0 };
	size_t len;

	(void)state;
	if (system("unzip -v >/dev/null 2>&1") != 0) {
		print_message("skipped: unzip is not installed\n");
		skip();
	}
	assert_non_null(mkdtemp(dir));
	for (int large = 0; large < 2; large++) {
		write_archive(&zip, large, PLAIN, 1);
		snprintf(path, sizeof(path), "%s/x.zip", dir);
		assert_int_equal(file_write_atomic(path, zip.data, zip.len, 0600), 0);
		assert_int_equal(run(dir, "unzip -o -q x.zip"), 0);
		for (int i = 0; i < MEMBERS; i++) {
			snprintf(path, sizeof(path), "%s/%s", dir, PLAIN[i]);
			assert_int_equal(file_read(path, 1 << 20, &back, &len), 0);
			assert_int_equal(len, CONTENT[i].len);
			assert_true(len == 0 || memcmp(back, CONTENT[i].data, len) == 0);
			free(back);
		}
	}
	run(dir, "rm -f x.zip a.csv b.csv c.csv");
	assert_int_equal(rmdir(dir), 0);
	bytes_free(&zip);
}

static int setup(void **state)
{
	static const char LINE[] = "\"1\",\"2026-11-23\",\"张伟\"\r\n";

	(void)state;
	for (int i = 0; i < 5000; i++)
		bytes_sink(&CONTENT[1], LINE, strlen(LINE));
	CONTENT[2] = age_noise(100000);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	for (int i = 0; i < MEMBERS; i++)
		bytes_free(&CONTENT[i]);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_every_altered_byte_and_every_cut),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_bomb),
		cmocka_unit_test(test_callbacks_stop_it),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_unzip_agrees),
	};
	return sodium_init() < 0 || cmocka_run_group_tests(tests, setup, teardown);
}
