/* A directory with the beginnings of a key and a stick, and gatehouse-office run in it. */
#ifndef TESTS_UNIT_OFFICE_HELPER_OFFICE_H
#define TESTS_UNIT_OFFICE_HELPER_OFFICE_H

#define OFFICE_ARGS_MAX 30

struct test_office {
	char root[64], stick[80], prefix[80], key[96], pub[96], list[80];
	char *out, *err; /* what was said last */
};

/* For cmocka: *state is a struct test_office with a stick and no key yet. */
int say_setup(void **state);
int say_teardown(void **state);

/* Runs gatehouse-office with these words, NULL at the end; its exit code. */
int say(struct test_office *f, const char *const *words);
int say_keygen(struct test_office *f);

#endif
