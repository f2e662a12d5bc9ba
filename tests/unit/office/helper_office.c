#include "helper_office.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "office/commands.h"

int say_setup(void **state)
{
	struct test_office *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	strcpy(f->root, "/tmp/gatehouse-office-XXXXXX");
	assert_non_null(mkdtemp(f->root));
	snprintf(f->stick, sizeof(f->stick), "%s/stick", f->root);
	snprintf(f->prefix, sizeof(f->prefix), "%s/office", f->root);
	snprintf(f->key, sizeof(f->key), "%s.key", f->prefix);
	snprintf(f->pub, sizeof(f->pub), "%s.pub", f->prefix);
	snprintf(f->list, sizeof(f->list), "%s/list", f->root);
	assert_int_equal(mkdir(f->stick, 0700), 0);
	*state = f;
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

int say_teardown(void **state)
{
	struct test_office *f = *state;

	nftw(f->root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(f->out);
	free(f->err);
	free(f);
	return 0;
}

int say(struct test_office *f, const char *const *words)
{
	char *argv[OFFICE_ARGS_MAX + 2] = { (char *)"gatehouse-office" };
	int argc = 1;
	size_t size;

	for (; words[argc - 1]; argc++) {
		assert_true(argc < OFFICE_ARGS_MAX);
		argv[argc] = (char *)words[argc - 1];
	}
	free(f->out);
	free(f->err);
	FILE *out = open_memstream(&f->out, &size), *err = open_memstream(&f->err, &size);
	assert_true(out && err);
	int code = office_run(argc, argv, out, err);
	fclose(out);
	fclose(err);
	return code;
}

int say_keygen(struct test_office *f)
{
	const char *const words[] = { "keygen", "--out", f->prefix, NULL };

	return say(f, words);
}
