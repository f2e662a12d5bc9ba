/*
 * The office's key and orders through the command line, as a person types it. Long for its table of
 * mistakes.
 */
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/fileio.h"
#include "codec/hex.h"
#include "codec/manifest.h"
#include "codec/order.h"
#include "helper_office.h"

#define ISSUED "2026-11-23T08:00:00+08:00"
#define ISSUED_MS INT64_C(1795392000000)

/* The good command line, with one option's value replaced (NULL: option left out). */
static int order(struct test_office *f, const char *option, const char *value)
{
	const char *words[OFFICE_ARGS_MAX] = {
		"order",
		"--key",
		f->key,
		"--site",
		"7",
		"--number",
		"12",
		"--level",
		"lockdown",
		"--not-after",
		"2026-11-23T18:00:00+08:00",
		"--why",
		"区指挥部通知第12号",
		"--out",
		f->stick,
		"--issued",
		ISSUED,
	};

	for (int i = 1; option && words[i]; i += 2) {
		if (strcmp(words[i], option) != 0)
			continue;
		words[i + 1] = value;
		if (!value) /* the rest moves up */
			memmove(&words[i], &words[i + 2], sizeof(words) - sizeof(*words) * (i + 2));
		break;
	}
	return say(f, words);
}

static void load(const char *path, char **data, size_t *len)
{
	assert_int_equal(file_read(path, 4096, data, len), 0);
}

static void load_stick(const struct test_office *f, const char *name, char **data, size_t *len)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", f->stick, name);
	load(path, data, len);
}

static bool exists(const struct test_office *f, const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", f->stick, name);
	return access(path, F_OK) == 0;
}

static void load_key(const char *path, uint8_t key[32])
{
	char *data;
	size_t len;

	load(path, &data, &len);
	assert_int_equal(len, 65);
	assert_int_equal(data[64], '\n');
	assert_true(hex_decode(data, 64, key, 32));
	free(data);
}

static void assert_said(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("\"%s\" is not in \"%s\"", part, text);
}

static void test_keygen(void **state)
{
	struct test_office *f = *state;
	uint8_t seed[32], key[32], derived[32];
	struct stat st;

	umask(022);
	assert_int_equal(say_keygen(f), 0);
	assert_int_equal(stat(f->key, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	load_key(f->key, seed);
	load_key(f->pub, key);
	manifest_public(seed, derived);
	assert_memory_equal(key, derived, sizeof(key));
	assert_said(f->out, f->key);
	assert_said(f->out, "fingerprint ");
	assert_string_equal(f->err, "");
	char hex[HEX_TEXT_BYTES(32)];
	hex_encode(seed, sizeof(seed), hex);
	assert_null(strstr(f->out, hex));
}

static const char *const SUFFIXES[] = { ".key",          ".pub",      ".minisign.key",
					".minisign.pub", ".identity", ".recipient" };

static void key_path(const struct test_office *f, size_t i, char path[160])
{
	snprintf(path, 160, "%s%s", f->prefix, SUFFIXES[i]);
}

static void unlink_keys(const struct test_office *f)
{
	char path[160];

	for (size_t i = 0; i < ARRAY_LEN(SUFFIXES); i++) {
		key_path(f, i, path);
		assert_int_equal(unlink(path), 0);
	}
}

static void put_public(const struct test_office *f, const uint8_t key[32])
{
	char hex[HEX_TEXT_BYTES(32) + 1];

	hex_encode(key, 32, hex);
	strcat(hex, "\n");
	assert_int_equal(file_write_atomic(f->pub, hex, strlen(hex), 0644), 0);
}

/* Secrets for their owner alone; and whichever file is there already, none of the others is left.
 */
static void test_all_or_none(void **state)
{
	struct test_office *f = *state;
	char path[160], other[160];
	struct stat st;

	for (size_t i = 0; i < ARRAY_LEN(SUFFIXES); i++) {
		key_path(f, i, path);
		assert_int_equal(file_write_atomic(path, "x", 1, 0600), 0);
		assert_int_equal(say_keygen(f), 1);
		for (size_t j = 0; j < ARRAY_LEN(SUFFIXES); j++) {
			key_path(f, j, other);
			assert_int_equal(access(other, F_OK), i == j ? 0 : -1);
		}
		unlink(path);
	}
	umask(022);
	assert_int_equal(say_keygen(f), 0);
	for (size_t i = 0; i < ARRAY_LEN(SUFFIXES); i++) {
		key_path(f, i, path);
		assert_int_equal(stat(path, &st), 0);
		bool secret = strstr(path, ".key") || strstr(path, ".identity");
		assert_int_equal(st.st_mode & 07777, secret ? 0600 : 0644);
	}
}

/* The keys are those that the plain programs want. */
static void test_keys_for_other_programs(void **state)
{
	struct test_office *f = *state;
	char command[1024];

	if (system("age --version >/dev/null 2>&1 && minisign -v >/dev/null 2>&1") != 0)
		skip();
	assert_int_equal(say_keygen(f), 0);
	snprintf(command, sizeof(command),
		 "cd %s && echo hello >m && age -r $(cat %s.recipient) m | age -d -i %s.identity | "
		 "cmp - m && [ $(age-keygen -y %s.identity) = $(cat %s.recipient) ]",
		 f->root, f->prefix, f->prefix, f->prefix, f->prefix);
	assert_int_equal(system(command), 0);
	snprintf(command, sizeof(command),
		 "cd %s && minisign -S -s %s.minisign.key -m m && "
		 "minisign -V -q -p %s.minisign.pub -m m",
		 f->root, f->prefix, f->prefix);
	assert_int_equal(system(command), 0);
}

/* Any file, for the plain minisign program. */
static void test_sign(void **state)
{
	struct test_office *f = *state;
	char path[160], signature[192], command[1024];
	const char *const words[] = {
		"sign-file",           "--key", f->key, "--file", path, "--comment",
		"规则手册 2026-11-23", NULL
	};
	const char *const bad[] = { "sign-file", "--key",     f->key, "--file",
				    path,        "--comment", "a\nb", NULL };

	assert_int_equal(say_keygen(f), 0);
	snprintf(path, sizeof(path), "%s/rulebook.ini", f->root);
	snprintf(signature, sizeof(signature), "%s.minisig", path);
	assert_int_equal(say(f, words), 1);
	assert_said(f->err, "rulebook.ini: No such file");
	assert_int_equal(file_write_atomic(path, "rules", 5, 0644), 0);
	assert_int_equal(say(f, bad), 2);
	assert_int_equal(say(f, words), 0);
	assert_said(f->out, ".minisig, signed by key ");
	assert_int_equal(say(f, words), 0); /* an older one is replaced */
	assert_int_equal(access(signature, R_OK), 0);
	if (system("minisign -v >/dev/null 2>&1") != 0)
		skip();
	snprintf(command, sizeof(command), "minisign -V -q -p %s.minisign.pub -m %s", f->prefix,
		 path);
	assert_int_equal(system(command), 0);
	assert_int_equal(file_write_atomic(path, "Rules", 5, 0644), 0);
	snprintf(command, sizeof(command), "minisign -V -q -p %s.minisign.pub -m %s 2>/dev/null",
		 f->prefix, path);
	assert_int_not_equal(system(command), 0);
}

static void test_keygen_never_overwrites(void **state)
{
	struct test_office *f = *state;
	uint8_t before[32], after[32];

	assert_int_equal(say_keygen(f), 0);
	load_key(f->key, before);
	assert_int_equal(say_keygen(f), 1);
	assert_said(f->err, f->key);
	assert_said(f->err, "File exists");
	load_key(f->key, after);
	assert_memory_equal(before, after, sizeof(before));
	/* the public half alone stands in the way too, and no other file is left beside it */
	load_key(f->pub, before);
	unlink_keys(f);
	put_public(f, before);
	assert_int_equal(say_keygen(f), 1);
	assert_said(f->err, f->pub);
	assert_int_equal(access(f->key, F_OK), -1);
	load_key(f->pub, after);
	assert_memory_equal(before, after, sizeof(before));
	/* nor through a link to somewhere else */
	assert_int_equal(unlink(f->pub), 0);
	assert_int_equal(symlink("/dev/null", f->key), 0);
	assert_int_equal(say_keygen(f), 1);
}

static void test_keys_differ(void **state)
{
	struct test_office *f = *state;
	uint8_t first[32], second[32];

	assert_int_equal(say_keygen(f), 0);
	load_key(f->key, first);
	unlink_keys(f);
	assert_int_equal(say_keygen(f), 0);
	load_key(f->key, second);
	assert_memory_not_equal(first, second, sizeof(first));
}

static enum order_outcome opened(const struct test_office *f, struct order *o)
{
	char *text, *signature;
	size_t len, signature_len;
	uint8_t key[32];

	load_key(f->pub, key);
	load_stick(f, ORDER_NAME, &text, &len);
	load_stick(f, ORDER_SIGNATURE_NAME, &signature, &signature_len);
	enum order_outcome outcome = order_open(o, text, len, signature, signature_len, key);
	free(text);
	free(signature);
	return outcome;
}

static void test_order(void **state)
{
	struct moment now = { .wall_ms = ISSUED_MS, .clock_trusted = true };
	struct test_office *f = *state;
	struct order o;

	assert_int_equal(say_keygen(f), 0);
	if (order(f, NULL, NULL) != 0)
		fail_msg("%s", f->err);
	assert_int_equal(opened(f, &o), ORDER_GOOD);
	assert_int_equal(order_check(&o, 7, 11, &now), ORDER_GOOD);
	assert_int_equal(o.level, LEVEL_LOCKDOWN);
	assert_true(o.number == 12 && o.issued_ms == ISSUED_MS);
	assert_true(o.not_after_ms == ISSUED_MS + 36000000);
	assert_string_equal(o.why, "区指挥部通知第12号");
	assert_said(f->out, "order 12 for site 7: level lockdown, issued " ISSUED);
	assert_said(f->out, f->stick);
	assert_string_equal(f->err, "");
	/* an older order on the stick is replaced; any offset may be typed */
	assert_int_equal(order(f, "--not-after", "2026-11-23T10:00:00Z"), 0);
	assert_int_equal(opened(f, &o), ORDER_GOOD);
	assert_true(o.not_after_ms == ISSUED_MS + 36000000);
	assert_int_equal(order(f, "--number", "140737488355327"), 0);
	assert_int_equal(opened(f, &o), ORDER_GOOD);
	assert_true(o.number == ORDER_NUMBER_MAX);
	assert_false(exists(f, ORDER_NAME ".partial"));
}

/* The same order is the same bytes: an order can be made again exactly. */
static void test_deterministic(void **state)
{
	struct test_office *f = *state;
	char *first, *second;
	size_t len, again;

	assert_int_equal(say_keygen(f), 0);
	assert_int_equal(order(f, NULL, NULL), 0);
	load_stick(f, ORDER_SIGNATURE_NAME, &first, &len);
	assert_int_equal(order(f, NULL, NULL), 0);
	load_stick(f, ORDER_SIGNATURE_NAME, &second, &again);
	assert_int_equal(len, again);
	assert_memory_equal(first, second, len);
	free(first);
	free(second);
}

static void test_issued_now(void **state)
{
	struct test_office *f = *state;
	struct order o;

	assert_int_equal(say_keygen(f), 0);
	const char *const words[] = { "order",
				      "--key",
				      f->key,
				      "--site",
				      "7",
				      "--number",
				      "1",
				      "--level",
				      "open",
				      "--why",
				      "a",
				      "--not-after",
				      "9999-01-01T00:00:00Z",
				      "--out",
				      f->stick,
				      NULL };
	assert_int_equal(say(f, words), 0);
	assert_int_equal(opened(f, &o), ORDER_GOOD);
	assert_true(o.issued_ms > INT64_C(1600000000000) && o.issued_ms % 1000 == 0);
}

struct mistake {
	const char *option, *value;
	int code;
	const char *told;
};

/* Each is named with its option, and nothing is written. */
static void test_mistakes(void **state)
{
	static const struct mistake MISTAKES[] = {
		{ "--key", NULL, 2, "--key is missing" },
		{ "--site", NULL, 2, "--site is missing" },
		{ "--number", NULL, 2, "--number is missing" },
		{ "--level", NULL, 2, "--level is missing" },
		{ "--not-after", NULL, 2, "--not-after is missing" },
		{ "--why", NULL, 2, "--why is missing" },
		{ "--out", NULL, 2, "--out is missing" },
		{ "--site", "0", 2, "--site: 0 is no number from 1 to 4294967295" },
		{ "--site", "4294967296", 2, "--site: 4294967296 is no number" },
		{ "--site", "7x", 2, "--site: 7x" },
		{ "--site", "", 2, "--site: " },
		{ "--number", "0", 2, "--number: 0 is no number from 1 to 140737488355327" },
		{ "--number", "-1", 2, "--number: -1" },
		{ "--number", "9223372036854775808", 2, "--number: " },
		{ "--level", "Lockdown", 2, "--level: Lockdown is none of open, closed, strict, " },
		{ "--not-after", "tomorrow", 2, "--not-after: tomorrow is no time like " },
		{ "--not-after", "2026-11-23", 2, "--not-after: 2026-11-23 is no time" },
		{ "--not-after", ISSUED, 2, "--not-after: " ISSUED " is not later than" },
		{ "--issued", "2026-11-23T18:00:00+08:00", 2, "--not-after: " },
		{ "--issued", "now", 2, "--issued: now is no time" },
		{ "--why", "", 2, "--why: is empty" },
		{ "--why", "two\nlines", 2, "--why: is not one line" },
		{ "--why", "\xFF", 2, "--why: is not one line of plain text in UTF-8" },
		{ "--why", "区指挥部通知第十二号区指挥部通知", 2,
		  "--why: has 48 bytes, 47 is the most" },
		{ "--why", "\xC2\x85", 2, "--why" },
		{ "--key", "/nonexistent/office.key", 1,
		  "--key: /nonexistent/office.key: No such file or directory" },
		{ "--key", "/etc/passwd", 1, "--key: /etc/passwd is no key as keygen writes it" },
		{ "--key", "/tmp", 1, "--key: /tmp: Is a directory" },
		{ "--key", "office.pub", 1, "--key: office.pub is a public key" },
		{ "--out", "/nonexistent", 1, "--out: /nonexistent/" ORDER_NAME },
		{ "--out", "/nonexistent\x1B[2J", 1, "--out: /nonexistent?[2J/" },
	};
	struct test_office *f = *state;

	assert_int_equal(say_keygen(f), 0);
	for (size_t i = 0; i < ARRAY_LEN(MISTAKES); i++) {
		const struct mistake *m = &MISTAKES[i];
		int code = order(f, m->option, m->value);
		if (code != m->code)
			fail_msg("mistake %zu: code %d: %s", i, code, f->err);
		assert_said(f->err, m->told);
		assert_ptr_equal(strchr(f->err, '\n'), f->err + strlen(f->err) - 1);
		assert_string_equal(f->out, "");
		assert_false(exists(f, ORDER_NAME) || exists(f, ORDER_SIGNATURE_NAME));
	}
}

/* The digits themselves are no file: a secret has no business on a command line. */
static void test_no_secret_on_the_command_line(void **state)
{
	struct test_office *f = *state;
	char *digits;
	size_t len;

	assert_int_equal(say_keygen(f), 0);
	load(f->key, &digits, &len);
	digits[64] = '\0';
	assert_int_equal(order(f, "--key", digits), 1);
	assert_int_equal(order(f, NULL, NULL), 0);
	free(digits);
}

static void test_words(void **state)
{
	static const char *const LINES[][6] = {
		{ "keygen", "--out", NULL },
		{ "keygen", "--out", "a", "--out", "b", NULL },
		{ "keygen", NULL },
		{ "keygen", "office", NULL },
		{ "keygen", "--key", "a", NULL },
		{ "order", "--colour", "red", NULL },
		{ "order", NULL },
		{ "keygen", "--help", "me", NULL },
	};
	static const char *const TOLD[] = {
		"keygen: --out wants a value", "keygen: --out is given twice",
		"keygen: --out is missing",    "keygen: what is office?",
		"keygen: what is --key?",      "order: what is --colour?",
		"order: --key is missing",     "keygen: what is --help?",
	};
	struct test_office *f = *state;

	static_assert(ARRAY_LEN(LINES) == ARRAY_LEN(TOLD), "one answer a line");
	for (size_t i = 0; i < ARRAY_LEN(LINES); i++) {
		assert_int_equal(say(f, LINES[i]), 2);
		assert_said(f->err, TOLD[i]);
	}
}

static void test_help(void **state)
{
	static const char *const ALL[] = { "--help", NULL };
	static const char *const ORDER[] = { "order", "--help", NULL };
	static const char *const KEYGEN[] = { "keygen", "--help", NULL };
	static const char *const OPTIONS[] = { "--key",       "--site", "--number", "--level",
					       "--not-after", "--why",  "--out",    "--issued" };
	struct test_office *f = *state;

	assert_int_equal(say(f, ALL), 0);
	assert_said(f->out, "gatehouse-office keygen --out PREFIX");
	assert_said(f->out, "gatehouse-office order --key FILE");
	assert_int_equal(say(f, ORDER), 0);
	for (size_t i = 0; i < ARRAY_LEN(OPTIONS); i++)
		assert_said(f->out, OPTIONS[i]);
	assert_int_equal(say(f, KEYGEN), 0);
	assert_said(f->out, "--out PREFIX");
	assert_string_equal(f->err, "");
}

/* What stands on the stick when it takes no more is no order that a gate would take. */
static void test_stick_refuses(void **state)
{
	struct test_office *f = *state;
	char path[PATH_MAX];
	struct order o;

	assert_int_equal(say_keygen(f), 0);
	assert_int_equal(order(f, NULL, NULL), 0);
	snprintf(path, sizeof(path), "%s/" ORDER_SIGNATURE_NAME ".partial", f->stick);
	assert_int_equal(mkdir(path, 0700), 0); /* stands in the way of the second file only */
	assert_int_equal(order(f, "--level", "open"), 1);
	assert_said(f->err, ORDER_SIGNATURE_NAME ": Is a directory");
	assert_string_equal(f->out, "");
	assert_int_equal(opened(f, &o), ORDER_BAD_SIGNATURE);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, say_setup, say_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_keygen),
		TEST(test_keygen_never_overwrites),
		TEST(test_all_or_none),
		TEST(test_keys_for_other_programs),
		TEST(test_sign),
		TEST(test_keys_differ),
		TEST(test_order),
		TEST(test_deterministic),
		TEST(test_issued_now),
		TEST(test_mistakes),
		TEST(test_no_secret_on_the_command_line),
		TEST(test_words),
		TEST(test_help),
		TEST(test_stick_refuses),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
