#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hal/gate_gpiod.h"

static int parse(struct gate_gpiod_spec *out, const char *spec)
{
	memset(out, 0xA5, sizeof(*out));
	return gate_gpiod_parse(out, spec);
}

static void test_whole(void **state)
{
	(void)state;
	struct gate_gpiod_spec s;
	assert_int_equal(
		parse(&s, "/dev/gpiochip0:release=17,beam=27,presence=22,guard=23,emergency=24"),
		0);
	assert_string_equal(s.path, "/dev/gpiochip0");
	assert_int_equal(s.release, 17);
	assert_int_equal(s.inputs[LINE_BEAM].line, 27);
	assert_int_equal(s.inputs[LINE_PRESENCE].line, 22);
	assert_int_equal(s.inputs[LINE_GUARD_BUTTON].line, 23);
	assert_int_equal(s.inputs[LINE_EMERGENCY].line, 24);
	for (int i = 0; i < LINE_INPUT_COUNT_; i++) {
		assert_false(s.inputs[i].active_low);
		assert_int_equal(s.inputs[i].pull, GATE_PULL_AS_IS);
	}
}

static void test_optional_and_order(void **state)
{
	(void)state;
	struct gate_gpiod_spec s;
	assert_int_equal(parse(&s, "/dev/gpiochip4:emergency+=0,release=1023"), 0);
	assert_int_equal(s.release, 1023);
	assert_int_equal(s.inputs[LINE_EMERGENCY].line, 0);
	assert_int_equal(s.inputs[LINE_EMERGENCY].pull, GATE_PULL_UP);
	assert_int_equal(s.inputs[LINE_BEAM].line, -1);
	assert_int_equal(s.inputs[LINE_PRESENCE].line, -1);
	assert_int_equal(s.inputs[LINE_GUARD_BUTTON].line, -1);
	assert_int_equal(parse(&s, "/dev/gpiochip0:release=5"), 0);
}

static void test_suffixes(void **state)
{
	(void)state;
	struct gate_gpiod_spec s;
	assert_int_equal(parse(&s, "/c:release=1,beam!=2,guard!+=3,presence-!=4,emergency+=5"), 0);
	assert_true(s.inputs[LINE_BEAM].active_low);
	assert_int_equal(s.inputs[LINE_BEAM].pull, GATE_PULL_AS_IS);
	assert_true(s.inputs[LINE_GUARD_BUTTON].active_low);
	assert_int_equal(s.inputs[LINE_GUARD_BUTTON].pull, GATE_PULL_UP);
	assert_true(s.inputs[LINE_PRESENCE].active_low);
	assert_int_equal(s.inputs[LINE_PRESENCE].pull, GATE_PULL_DOWN);
	assert_false(s.inputs[LINE_EMERGENCY].active_low);
}

static void test_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"",
		":",
		"/dev/gpiochip0",
		"/dev/gpiochip0:",
		":release=1",
		"gpiochip0:release=1",
		"/dev/gpiochip0:beam=27", /* no release */
		"/dev/gpiochip0:release=",
		"/dev/gpiochip0:release",
		"/dev/gpiochip0:=17",
		"/dev/gpiochip0:release=-1",
		"/dev/gpiochip0:release=+1",
		"/dev/gpiochip0:release= 1",
		"/dev/gpiochip0:release=1 ",
		"/dev/gpiochip0:release=1x",
		"/dev/gpiochip0:release=0x11",
		"/dev/gpiochip0:release=1024",
		"/dev/gpiochip0:release=99999999999999999999",
		"/dev/gpiochip0:release=17,", /* empty item */
		"/dev/gpiochip0:,release=17",
		"/dev/gpiochip0:release=17,,beam=1",
		"/dev/gpiochip0:release=17,release=18",
		"/dev/gpiochip0:release=17,beam=27,beam=28",
		"/dev/gpiochip0:release=17,beam=17", /* one line twice */
		"/dev/gpiochip0:beam=17,release=17",
		"/dev/gpiochip0:beam=3,guard=3,release=17",
		"/dev/gpiochip0:release!=17", /* only inputs may be inverted */
		"/dev/gpiochip0:release=17,beam!!=1",
		"/dev/gpiochip0:release=17,beam+-=1",
		"/dev/gpiochip0:release=17,!=1",
		"/dev/gpiochip0:release=17,Beam=1",
		"/dev/gpiochip0:release=17,beam =1",
		"/dev/gpiochip0:release=17,horn=1",
		"/dev/gpiochip0:release=17;beam=1",
		"/0123456789012345678901234567890123456789012345678901234567890123:release=1",
	};
	struct gate_gpiod_spec s;
	struct gate_line line = { .ctx = &s };
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(parse(&s, bad[i]), -EINVAL);
		assert_int_equal(gate_gpiod_open(&line, bad[i]), -EINVAL);
	}
	assert_ptr_equal(line.ctx, &s); /* nothing is handed out */
}

/* Every prefix of a good text is either refused or names a release line. */
static void test_every_prefix(void **state)
{
	(void)state;
	const char *whole = "/dev/gpiochip0:release=17,beam!=27,emergency+=24";
	for (size_t n = 0; n <= strlen(whole); n++) {
		char *text = strndup(whole, n);
		struct gate_gpiod_spec s;
		int err = parse(&s, text);
		assert_true(err == -EINVAL || (err == 0 && s.release >= 0));
		free(text);
	}
}

static void test_no_such_chip(void **state)
{
	(void)state;
	struct gate_line line;
	assert_int_equal(gate_gpiod_open(&line, "/nonexistent/gpiochip0:release=17"), -ENOENT);
	assert_int_equal(gate_gpiod_open(&line, "/dev/null:release=17"), -ENODEV);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),        cmocka_unit_test(test_optional_and_order),
		cmocka_unit_test(test_suffixes),     cmocka_unit_test(test_refused),
		cmocka_unit_test(test_every_prefix), cmocka_unit_test(test_no_such_chip),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
