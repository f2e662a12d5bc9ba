/*
 * Debian's age opens what we write, and we open what it writes. Skipped where it is not installed.
 */
#include <pty.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>
#include <sodium.h>

#include "base/fileio.h"
#include "helper_age.h"

#define SKIPPED 77

static char dir[] = "/tmp/gatehouse-age-XXXXXX";
static const uint8_t OFFICE[32] = { 42, 1 }, OTHER[32] = { 43, 2 };

static void path_of(const char *name, char path[128])
{
	snprintf(path, 128, "%s/%s", dir, name);
}

static void put(const char *name, const void *data, size_t len)
{
	char path[128];

	path_of(name, path);
	assert_int_equal(file_write_atomic(path, data, len, 0600), 0);
}

static struct bytes get(const char *name)
{
	struct bytes b = { 0 };
	char path[128];

	path_of(name, path);
	assert_int_equal(file_read(path, 1 << 24, (char **)&b.data, &b.len), 0);
	return b;
}

static int run(const char *command)
{
	char line[512];

	snprintf(line, sizeof(line), "cd %s && %s", dir, command);
	return system(line);
}

static struct age_to to_office(void)
{
	struct age_to to = { .count = 1 };

	age_public(OFFICE, to.recipients[0]);
	return to;
}

static void same(const struct bytes *a, const struct bytes *b)
{
	assert_int_equal(a->len, b->len);
	assert_memory_equal(a->data, b->data, a->len);
}

static const size_t SIZES[] = {
	0, 1, AGE_CHUNK_BYTES - 1, AGE_CHUNK_BYTES, AGE_CHUNK_BYTES + 1, 3 * AGE_CHUNK_BYTES
};

static void test_it_opens_ours(void **state)
{
	struct age_to to = to_office();

	(void)state;
	age_public(OTHER, to.recipients[to.count++]);
	for (size_t i = 0; i < ARRAY_LEN(SIZES); i++) {
		struct bytes plain = age_noise(SIZES[i]), file = { 0 };
		age_encrypt(&to, &plain, 10000, &file);
		put("ours.age", file.data, file.len);
		assert_int_equal(run("age -d -i office.txt ours.age >back"), 0);
		struct bytes back = get("back");
		same(&plain, &back);
		assert_int_not_equal(run("age -d -i third.txt -o back ours.age 2>/dev/null"), 0);
		file.data[file.len - 1] ^= 1;
		put("ours.age", file.data, file.len);
		assert_int_not_equal(run("age -d -i office.txt -o back ours.age 2>/dev/null"), 0);
		bytes_free(&plain);
		bytes_free(&file);
		bytes_free(&back);
	}
}

static void test_we_open_its(void **state)
{
	struct age_to to = to_office();
	char recipient[AGE_KEY_TEXT_BYTES], command[256];

	(void)state;
	age_recipient_text(to.recipients[0], recipient);
	snprintf(command, sizeof(command),
		 "age -r $(age-keygen -y third.txt) -r %s -o its.age plain", recipient);
	for (size_t i = 0; i < ARRAY_LEN(SIZES); i++) {
		struct bytes plain = age_noise(SIZES[i]), back = { 0 };
		put("plain", plain.data, plain.len);
		assert_int_equal(run(command), 0);
		struct bytes file = get("its.age");
		assert_int_equal(age_decrypt(&file, OFFICE, 4096, &back), AGE_GOOD);
		same(&plain, &back);
		assert_int_equal(age_decrypt(&file, OTHER, 4096, &back), AGE_NO_KEY);
		bytes_free(&plain);
		bytes_free(&file);
		bytes_free(&back);
	}
}

/* age asks for a passphrase at its terminal and nowhere else. */
static int at_terminal(const char *command, const char *passphrase, int times)
{
	int terminal, status;
	pid_t pid = forkpty(&terminal, NULL, NULL, NULL);
	char asked[256];

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(run(command) == 0 ? 0 : 1);
	for (; times > 0 && read(terminal, asked, sizeof(asked)) > 0; times--)
		dprintf(terminal, "%s\n", passphrase);
	while (read(terminal, asked, sizeof(asked)) > 0)
		;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(terminal);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_passphrase(void **state)
{
	struct age_to to = { .passphrase = "open 青松里" };
	struct bytes plain = age_noise(1000), file = { 0 };

	(void)state;
	age_encrypt(&to, &plain, 1000, &file);
	put("ours.age", file.data, file.len);
	assert_int_equal(at_terminal("age -d -o back ours.age", to.passphrase, 1), 0);
	struct bytes back = get("back");
	same(&plain, &back);
	bytes_free(&plain);
	bytes_free(&file);
	bytes_free(&back);
}

static int setup(void **state)
{
	char text[AGE_KEY_TEXT_BYTES + 1];

	(void)state;
	assert_non_null(mkdtemp(dir));
	age_identity_text(OFFICE, text);
	strcat(text, "\n");
	put("office.txt", text, strlen(text));
	return run("age-keygen -o third.txt 2>/dev/null");
}

static int teardown(void **state)
{
	(void)state;
	return run("rm -f office.txt third.txt plain back ours.age its.age") || rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_opens_ours),
		cmocka_unit_test(test_we_open_its),
		cmocka_unit_test(test_passphrase),
	};
	if (sodium_init() < 0)
		return 1;
	if (system("age --version >/dev/null 2>&1") != 0) {
		printf("skipped: age is not installed\n");
		return SKIPPED;
	}
	return cmocka_run_group_tests(tests, setup, teardown);
}
