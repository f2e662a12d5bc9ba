/* Signatures in memory; then, where it is installed, Debian's minisign in both directions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "base/fileio.h"
#include "codec/minisign.h"

static char dir[] = "/tmp/gatehouse-minisign-XXXXXX";
static const uint8_t SEED[32] = { 7, 7, 7 };
static const char MESSAGE[] = "gatehouse-export 2\nsite 青松里\n";
static const char COMMENT[] = "gatehouse export 门岗 head 0123";

static struct minisign_key key_of(const uint8_t seed[32])
{
	uint8_t public_key[32], secret[64];
	struct minisign_key key;

	crypto_sign_seed_keypair(public_key, secret, seed);
	minisign_key_of(public_key, &key);
	return key;
}

static size_t sign(char out[MINISIGN_TEXT_MAX])
{
	uint8_t hash[MINISIGN_HASH_BYTES];

	minisign_hash(MESSAGE, strlen(MESSAGE), hash);
	return minisign_sign(hash, SEED, COMMENT, out);
}

static enum minisign_outcome verify(const char *text, size_t len, const char *message,
				    const struct minisign_key *key, char *comment)
{
	uint8_t hash[MINISIGN_HASH_BYTES];

	minisign_hash(message, strlen(message), hash);
	return minisign_verify(text, len, hash, key, comment);
}

static void test_round_trip(void **state)
{
	struct minisign_key key = key_of(SEED), other = key_of((const uint8_t[32]){ 9 });
	char text[MINISIGN_TEXT_MAX], comment[MINISIGN_COMMENT_BYTES];
	size_t len = sign(text);

	(void)state;
	assert_int_equal(verify(text, len, MESSAGE, &key, comment), MINISIGN_GOOD);
	assert_string_equal(comment, COMMENT);
	assert_int_equal(verify(text, len, "x", &key, comment), MINISIGN_BAD_SIGNATURE);
	assert_string_equal(comment, "");
	assert_int_equal(verify(text, len, MESSAGE, &other, comment), MINISIGN_OTHER_KEY);
	memcpy(other.id, key.id, sizeof(key.id));
	assert_int_equal(verify(text, len, MESSAGE, &other, comment), MINISIGN_BAD_SIGNATURE);
}

/* Only the untrusted comment may be anything. */
static void test_every_altered_bit(void **state)
{
	struct minisign_key key = key_of(SEED);
	char text[MINISIGN_TEXT_MAX], comment[MINISIGN_COMMENT_BYTES];
	size_t len = sign(text);
	const char *first_end = memchr(text, '\n', len);
	int comments = 0;

	(void)state;
	for (size_t at = 0; at < len; at++) {
		for (int bit = 0; bit < 8; bit++) {
			text[at] = (char)(text[at] ^ 1 << bit);
			enum minisign_outcome o = verify(text, len, MESSAGE, &key, comment);
			bool free_text = at >= strlen("untrusted comment: ") &&
					 text + at < first_end && text[at] != '\n';
			assert_int_equal(o == MINISIGN_GOOD, free_text);
			comments += o == MINISIGN_BAD_COMMENT;
			text[at] = (char)(text[at] ^ 1 << bit);
		}
		assert_int_not_equal(verify(text, at, MESSAGE, &key, comment), MINISIGN_GOOD);
	}
	assert_true(comments > 50);
	text[len] = '\n';
	assert_int_equal(verify(text, len + 1, MESSAGE, &key, comment), MINISIGN_MALFORMED);
}

static void test_public_key_text(void **state)
{
	struct minisign_key key = key_of(SEED), back;
	char file[MINISIGN_TEXT_MAX], line[MINISIGN_PUBLIC_TEXT_BYTES];
	size_t len = minisign_public_file(&key, file);

	(void)state;
	assert_true(minisign_key_parse(file, len, &back));
	assert_memory_equal(&key, &back, sizeof(key));
	minisign_key_text(&key, line);
	assert_true(minisign_key_parse(line, strlen(line), &back));
	assert_memory_equal(&key, &back, sizeof(key));
	assert_false(minisign_key_parse(line, strlen(line) - 1, &back));
	assert_false(minisign_key_parse(file, len - 1, &back));
	line[1] ^= 1;
	assert_false(minisign_key_parse(line, strlen(line), &back));
}

static void put(const char *name, const void *data, size_t len)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(file_write_atomic(path, data, len, 0600), 0);
}

static char *get(const char *name, size_t *len)
{
	char path[128], *data;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(file_read(path, 1 << 20, &data, len), 0);
	return data;
}

static int run(const char *command)
{
	char line[512];

	snprintf(line, sizeof(line), "cd %s && %s", dir, command);
	return system(line);
}

static void need_minisign(void)
{
	if (system("minisign -v >/dev/null 2>&1") != 0) {
		print_message("skipped: minisign is not installed\n");
		skip();
	}
}

static void test_it_verifies_ours(void **state)
{
	struct minisign_key key = key_of(SEED);
	char text[MINISIGN_TEXT_MAX], file[MINISIGN_TEXT_MAX], line[MINISIGN_PUBLIC_TEXT_BYTES];
	char command[256];

	(void)state;
	need_minisign();
	put("m", MESSAGE, strlen(MESSAGE));
	put("m.minisig", text, sign(text));
	put("key.pub", file, minisign_public_file(&key, file));
	assert_int_equal(run("minisign -V -p key.pub -m m >said"), 0);
	size_t len;
	char *said = get("said", &len);
	assert_non_null(strstr(said, COMMENT));
	free(said);
	minisign_key_text(&key, line);
	snprintf(command, sizeof(command), "minisign -V -H -q -P %s -m m", line);
	assert_int_equal(run(command), 0);
	put("m", MESSAGE, strlen(MESSAGE) - 1);
	assert_int_not_equal(run("minisign -V -q -p key.pub -m m 2>/dev/null"), 0);
}

/* With a key it made itself; and with ours, which it takes for one of its own. */
static void test_we_verify_its(void **state)
{
	char comment[MINISIGN_COMMENT_BYTES], file[MINISIGN_TEXT_MAX];
	struct minisign_key key;
	size_t len;

	(void)state;
	need_minisign();
	put("m", MESSAGE, strlen(MESSAGE));
	assert_int_equal(run("minisign -G -W -p its.pub -s its.key >said"), 0);
	assert_int_equal(run("minisign -S -s its.key -m m -t 'said by it'"), 0);
	char *public_file = get("its.pub", &len);
	assert_true(minisign_key_parse(public_file, len, &key));
	free(public_file);
	char *text = get("m.minisig", &len);
	assert_int_equal(verify(text, len, MESSAGE, &key, comment), MINISIGN_GOOD);
	assert_string_equal(comment, "said by it");
	free(text);
	put("ours.key", file, minisign_secret_file(SEED, file));
	assert_int_equal(run("minisign -S -s ours.key -m m -t 'with ours'"), 0);
	text = get("m.minisig", &len);
	key = key_of(SEED);
	assert_int_equal(verify(text, len, MESSAGE, &key, comment), MINISIGN_GOOD);
	assert_string_equal(comment, "with ours");
	free(text);
}

static int setup(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	return run("rm -f m m.minisig key.pub its.pub its.key ours.key said") || rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),      cmocka_unit_test(test_every_altered_bit),
		cmocka_unit_test(test_public_key_text), cmocka_unit_test(test_it_verifies_ours),
		cmocka_unit_test(test_we_verify_its),
	};
	return sodium_init() < 0 || cmocka_run_group_tests(tests, setup, teardown);
}
