/*
 * The configuration: demo.ini loads; every kind of broken line is named by file, line and word, and
 * gives nothing, not even the half that was good.
 */
#include "base/text.h"
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "helper_file.h"

static const char GOOD[] = "[site]\n" /* 1 */
			   "id = 7\n"
			   "name = 和平里小区\n"
			   "name_en = Hepingli\n"
			   "gate = 东门\n" /* 5 */
			   "phone = 0513-5550 0199\n"
			   "leader = 王主任\n"
			   "on_duty =\n"
			   "utc_offset = -03:30\n"
			   "[devices]\n" /* 10 */
			   "camera = v4l2:/dev/video0\n"
			   "thermometer = mlx90614:/dev/i2c-1@0x5a\n"
			   "gate = gpiod:/dev/gpiochip0:release=17\n"
			   "printer = escpos:/dev/usb/lp0\n"
			   "speaker = none\n" /* 15 */
			   "stick = dir:/run/gatehouse/stick\n"
			   "[rules]\n"
			   "rulebook = /etc/gatehouse/rulebook.ini\n"
			   "level = strict\n"; /* 19 */

/* Reads text; a failure must leave *config alone and name the file first. */
static bool read_text(const char *text, struct config *config, char *message, size_t cap)
{
	char path[TEMP_PATH_BYTES];
	struct config before;

	memset(config, 0x5a, sizeof(*config));
	before = *config;
	temp_file(path, text, strlen(text));
	bool good = config_read(config, path, message, cap);
	if (!good) {
		assert_memory_equal(config, &before, sizeof(before));
		assert_int_equal(strncmp(message, path, strlen(path)), 0);
		memmove(message, message + strlen(path), strlen(message + strlen(path)) + 1);
	}
	unlink(path);
	return good;
}

static void test_good(void **state)
{
	struct config c;
	char message[512];

	(void)state;
	assert_true(read_text(GOOD, &c, message, sizeof(message)));
	assert_int_equal(c.site_id, 7);
	assert_string_equal(c.site_zh, "和平里小区");
	assert_string_equal(c.site_en, "Hepingli");
	assert_string_equal(c.gate_name, "东门");
	assert_string_equal(c.phone, "0513-5550 0199");
	assert_string_equal(c.leader, "王主任");
	assert_string_equal(c.on_duty, "");
	assert_int_equal(c.utc_offset_min, -210);
	assert_string_equal(c.camera, "v4l2:/dev/video0");
	assert_string_equal(c.thermometer, "mlx90614:/dev/i2c-1@0x5a");
	assert_string_equal(c.gate, "gpiod:/dev/gpiochip0:release=17");
	assert_string_equal(c.printer, "escpos:/dev/usb/lp0");
	assert_string_equal(c.speaker, "none");
	assert_string_equal(c.stick, "dir:/run/gatehouse/stick");
	assert_string_equal(c.rulebook, "/etc/gatehouse/rulebook.ini");
	assert_int_equal(c.level, LEVEL_STRICT);
	assert_int_equal(c.account_count, 0);
}

/* A relative rulebook stands beside the configuration; without utc_offset it is China's. */
static void test_defaults(void **state)
{
	char *near = text_with(GOOD, "rulebook = /etc/gatehouse/", "rulebook = ");
	char *text = text_with(near, "utc_offset = -03:30\n", "");
	struct config c;
	char message[512];

	(void)state;
	assert_true(read_text(text, &c, message, sizeof(message)));
	assert_string_equal(c.rulebook, "/tmp/rulebook.ini");
	assert_int_equal(c.utc_offset_min, 480);
	assert_memory_equal(&c.retention, &retention_default, sizeof(c.retention));
	free(text);
	text = text_with(near, "[devices]", "[retention]\nrefused_days = 14\n[devices]");
	assert_true(read_text(text, &c, message, sizeof(message)));
	assert_int_equal(c.retention.days[RETENTION_REFUSED], 14);
	assert_int_equal(c.retention.days[RETENTION_ENTERED], 30);
	assert_int_equal(c.report_due_min, 9 * 60 + 30);
	free(text);
	free(near);
}

#define KEY "81bfee18e3794ce0bd4780cf1c64a47a5320844250c47c25ac9f054abca34b86"
#define ZEROES "0000000000000000000000000000000000000000000000000000000000000000"

/* The office whose orders are taken; without one, nobody's are. */
static void test_office(void **state)
{
	static const uint8_t NONE[CONFIG_KEY_BYTES];
	char *text =
		text_with(GOOD, "level = strict\n", "level = strict\n[office]\nkey = " KEY "\n");
	struct config c;
	char message[512];

	(void)state;
	assert_true(read_text(GOOD, &c, message, sizeof(message)));
	assert_memory_equal(c.office_key, NONE, sizeof(NONE));
	assert_true(read_text(text, &c, message, sizeof(message)));
	assert_int_equal(c.office_key[0], 0x81);
	assert_int_equal(c.office_key[31], 0x86);
	free(text);
}

/* When a day's report is due. */
static void test_report_due(void **state)
{
	static const struct {
		const char *value;
		int32_t min; /* -1: refused */
	} CASES[] = {
		{ "08:05", 485 }, { "00:00", 0 },  { "23:59", 1439 }, { "24:00", -1 },
		{ "9:30", -1 },   { "09:60", -1 }, { "0930", -1 },    { "09-30", -1 },
		{ "+9:30", -1 },  { "", -1 },
	};
	struct config c;
	char message[512], line[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		text_format(line, sizeof(line), "level = strict\n[report]\ndue = %s\n",
			    CASES[i].value);
		char *text = text_with(GOOD, "level = strict\n", line);
		bool good = read_text(text, &c, message, sizeof(message));
		assert_int_equal(good, CASES[i].min >= 0);
		if (good)
			assert_int_equal(c.report_due_min, CASES[i].min);
		else
			assert_non_null(strstr(message, "is not a time of the day like 09:30"));
		free(text);
	}
	char *twice = text_with(GOOD, "level = strict\n",
				"level = strict\n[report]\ndue = 09:00\ndue = 09:00\n");
	assert_false(read_text(twice, &c, message, sizeof(message)));
	assert_string_equal(message, ":22: \"due\" stands here a second time");
	free(twice);
}

/* When no broadcast is played, and how loud everything is. */
static void test_sound(void **state)
{
	static const struct {
		const char *line, *message; /* NULL: taken */
	} CASES[] = {
		{ "quiet = 22:30-06:00\nvolume = 40", NULL },
		{ "quiet = 22:30-6:00", "is not like 21:00-07:00" },
		{ "quiet = 22:30 06:00", "is not like 21:00-07:00" },
		{ "quiet = 24:00-06:00", "is not like 21:00-07:00" },
		{ "quiet = ", "is not like 21:00-07:00" },
		{ "volume = 0", "is not a number from 1 to 100" },
		{ "volume = 101", "is not a number from 1 to 100" },
		{ "volume = 40\nvolume = 40", "stands here a second time" },
		{ "loudness = 1", "[sound] has no key \"loudness\"" },
	};
	struct config c;
	char message[512], line[128];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		text_format(line, sizeof(line), "level = strict\n[sound]\n%s\n", CASES[i].line);
		char *text = text_with(GOOD, "level = strict\n", line);
		bool good = read_text(text, &c, message, sizeof(message));
		assert_int_equal(good, CASES[i].message == NULL);
		if (!good)
			assert_non_null(strstr(message, CASES[i].message));
		else
			assert_true(c.quiet.from_min == 1350 && c.quiet.until_min == 360 &&
				    c.volume_percent == 40);
		free(text);
	}
	assert_true(read_text(GOOD, &c, message, sizeof(message)));
	assert_true(c.quiet.from_min == 1260 && c.quiet.until_min == 420);
	assert_int_equal(c.volume_percent, 100);
}

/* One line replaced: what the message must say after the file's name. */
static const struct broken {
	int line;
	const char *text, *message;
} BROKEN[] = {
	{ 2, "id = 0", ":2: id \"0\" is not a whole number from 1 to 4294967295" },
	{ 2, "id = 4294967296", ":2: id \"4294967296\" is not a whole number" },
	{ 2, "id = seven", ":2: id \"seven\" is not a whole number" },
	{ 2, "id = +7", ":2: id \"+7\" is not a whole number" },
	{ 2, "id =", ":2: id \"\" is not a whole number" },
	{ 2, NULL, ": [site] id is missing" },
	{ 3, "name =", ":3: \"name\" is empty" },
	{ 3, "title = x", ":3: [site] has no key \"title\"" },
	{ 3, "name", ":3: not a [section] or a \"key = value\" line" },
	{ 3, "name = \xff", ":3: line longer than 190 bytes or not UTF-8" },
	{ 3, NULL, ": [site] name is missing" },
	{ 4, NULL, ": [site] name_en is missing" },
	{ 4, "name = 再来", ":4: \"name\" stands here a second time" },
	{ 5, "gate = 0123456789012345678901234567890123456789",
	  ":5: \"gate\" is longer than 31 bytes" },
	{ 5, NULL, ": [site] gate is missing" },
	{ 6, NULL, ": [site] phone is missing" },
	{ 7, NULL, ": [site] leader is missing" },
	{ 7, "id = 8", ":7: \"id\" stands here a second time" },
	{ 8, "utc_offset = +08:00", ":9: \"utc_offset\" stands here a second time" },
	{ 9, "utc_offset = 8", ":9: utc_offset \"8\" is not like +08:00" },
	{ 9, "utc_offset = +15:00", ":9: utc_offset \"+15:00\" is not like" },
	{ 9, "utc_offset = +08:60", ":9: utc_offset \"+08:60\" is not like" },
	{ 9, "utc_offset = +-8:00", ":9: utc_offset \"+-8:00\" is not like" },
	{ 9, "utc_offset = + 8:00", ":9: utc_offset \"+ 8:00\" is not like" },
	{ 9, "utc_offset = +08:+5", ":9: utc_offset \"+08:+5\" is not like" },
	{ 10, "[machines]", ":11: [machines] has no key \"camera\"" },
	{ 10, "[devices", ":10: not a [section]" },
	{ 11, "camera = webcam", ":11: camera = webcam: \"webcam\" is none of the backends" },
	{ 11, "camera =", ":11: \"camera\" is empty" },
	{ 11, NULL, ": [devices] camera is missing" },
	{ 12, "thermometer = escpos:/dev/x", ":12: thermometer = escpos:/dev/x: \"escpos\"" },
	{ 12, NULL, ": [devices] thermometer is missing" },
	{ 13, "gate = gpio:17", ":13: gate = gpio:17: \"gpio\" is none of the backends" },
	{ 13, NULL, ": [devices] gate is missing" },
	{ 14, "printer = cups", ":14: printer = cups: \"cups\" is none of the backends" },
	{ 14, NULL, ": [devices] printer is missing" },
	{ 15, "speaker = sim", ":15: speaker = sim: \"sim\" is none of the backends" },
	{ 15, NULL, ": [devices] speaker is missing" },
	{ 16, "stick = /media", ":16: stick = /media: \"/media\" is none of the backends" },
	{ 16, NULL, ": [devices] stick is missing" },
	{ 17, "[rule]", ":18: [rule] has no key \"rulebook\"" },
	{ 18, NULL, ": [rules] rulebook is missing" },
	{ 19, "level = shut", ":19: level \"shut\" is none of open, closed, strict, lockdown" },
	{ 19, "level =", ":19: level \"\" is none of" },
	{ 19, NULL, ": [rules] level is missing" },
	{ 19, "level = open\nlevel = open", ":20: \"level\" stands here a second time" },
	{ 19, "level = open\n[office]\nkey = 81bfee18",
	  ":21: key \"81bfee18\" is not the 64 digits" },
	{ 19, "level = open\n[office]\nkey = " ZEROES,
	  ":21: key \"" ZEROES "\" is not the 64 digits" },
	{ 19, "level = open\n[office]\nkey = " KEY "\nkey = " KEY,
	  ":22: \"key\" stands here a second time" },
	{ 19, "level = open\n[office]\nname = x", ":21: [office] has no key \"name\"" },
	{ 10, "[retention]\nentered_days = 0\n[devices]",
	  ":11: entered_days \"0\" is not a whole number of days from 1 to 3650" },
	{ 10, "[retention]\ninside_days = 3651\n[devices]", ":11: inside_days \"3651\" is not" },
	{ 10, "[retention]\nrefused_days = for ever\n[devices]", ":11: refused_days \"for ever\"" },
	{ 10, "[retention]\nrefused_days = 1\nrefused_days = 2\n[devices]",
	  ":12: \"refused_days\" stands here a second time" },
	{ 10, "[retention]\ndays = 30\n[devices]", ":11: [retention] has no key \"days\"" },
};

static void test_broken(void **state)
{
	struct config c;
	char message[512];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(BROKEN); i++) {
		char *text = text_with_line(GOOD, BROKEN[i].line, BROKEN[i].text);
		assert_false(read_text(text, &c, message, sizeof(message)));
		if (strncmp(message, BROKEN[i].message, strlen(BROKEN[i].message)) != 0)
			fail_msg("line %d \"%s\": %s", BROKEN[i].line,
				 BROKEN[i].text ? BROKEN[i].text : "(left out)", message);
		free(text);
	}
}

/* Whatever single line is missing, either the rest is a whole configuration or it is refused. */
static void test_every_line_matters(void **state)
{
	static const int OPTIONAL[] = { 8, 9 };
	struct config c;
	char message[512];

	(void)state;
	for (int line = 1; line <= 19; line++) {
		char *text = text_with_line(GOOD, line, NULL);
		bool optional = line == OPTIONAL[0] || line == OPTIONAL[1];
		assert_int_equal(read_text(text, &c, message, sizeof(message)), optional);
		free(text);
	}
}

static void test_demo(void **state)
{
	struct config c = { 0 };
	char message[512];

	(void)state;
	bool good = config_read(&c, TEST_SOURCE_DIR "/kiosk/demo.ini", message, sizeof(message));
#ifdef GATEHOUSE_SIM
	assert_true(good);
	assert_int_equal(c.account_count, 4);
	assert_string_equal(c.accounts[0].name, "李强");
	assert_int_equal(c.accounts[0].role, ROLE_GUARD);
	assert_int_equal(c.accounts[2].role, ROLE_SUPERVISOR);
	assert_int_equal(c.accounts[3].role, ROLE_STAFF);
	assert_int_equal(access(c.rulebook, R_OK), 0);
#else
	assert_false(good);
	assert_non_null(strstr(message, "demo.ini:14: camera = sim"));
#endif
}

#ifdef GATEHOUSE_SIM
static void test_accounts(void **state)
{
	static const struct {
		const char *lines, *message; /* NULL: good */
	} CASE[] = {
		{ "guard.甲 = 1234", NULL },
		{ "supervisor.甲 = 123456789012", NULL },
		{ "guard.甲 = 123", ":21: account \"甲\": the PIN must be 4 to 12 digits" },
		{ "guard.甲 = 1234567890123", ":21: account \"甲\": the PIN must be 4 to 12" },
		{ "guard.甲 = 12x4", ":21: account \"甲\": the PIN must be 4 to 12 digits" },
		{ "guard.甲 =", ":21: account \"甲\": the PIN must be 4 to 12 digits" },
		{ "guard = 1234", ":21: \"guard\" is not role.name" },
		{ "guard. = 1234", ":21: \"guard.\" is not role.name" },
		{ "chief.甲 = 1234", ":21: \"chief\" is not a role (guard, supervisor, staff)" },
		{ "someverylongrolename.甲 = 1234", ":21: \"someverylongrolename.甲\" is not" },
		{ "guard.甲 = 1234\nstaff.甲 = 1234",
		  ":22: the account \"甲\" stands here a second" },
		{ "guard.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx = 1234",
		  ":21: the name "
		  "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\" "
		  "is longer than" },
		{ "staff.a = 1234\nstaff.b = 1234\nstaff.c = 1234\nstaff.d = 1234\nstaff.e = 1234\n"
		  "staff.f = 1234\nstaff.g = 1234\nstaff.h = 1234\nstaff.i = 1234",
		  ":29: more than 8 accounts" },
	};
	char text[2048], message[512];
	struct config c;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASE); i++) {
		snprintf(text, sizeof(text), "%s[accounts]\n%s\n", GOOD, CASE[i].lines);
		bool good = read_text(text, &c, message, sizeof(message));
		assert_int_equal(good, CASE[i].message == NULL);
		if (CASE[i].message &&
		    strncmp(message, CASE[i].message, strlen(CASE[i].message)) != 0)
			fail_msg("\"%s\": %s", CASE[i].lines, message);
		assert_null(good ? NULL : strstr(message, "1234")); /* no PIN in a message */
	}
}
#endif

#define AGE "age16xms8hxlexwe30fzuhglz2j4wasa8wzmtaucyj29z5jzkaz4t5hqkz2uj6"
#define AGE_2 "age1lvyvwawkr0mcnnnncaghunadrqkmuf9e6507x9y920xxpp866cnql7dp2z"

/* Who can read an export; nobody is no mistake here, the kiosk says it when one is wanted. */
static void test_recipients(void **state)
{
	static const struct {
		const char *lines, *message; /* NULL: good */
		int recipients;
	} CASE[] = {
		{ "", NULL, 0 },
		{ "recipient = " AGE, NULL, 1 },
		{ "recipient = " AGE "\nrecipient = " AGE_2, NULL, 2 },
		{ "passphrase = twelve bytes", NULL, 0 },
		{ "recipient = " AGE "\nrecipient = " AGE, ":22: \"" AGE "\" stands here a second",
		  0 },
		{ "recipient = age1", ":21: \"age1\" is no recipient", 0 },
		{ "recipient = ", ":21: \"\" is no recipient", 0 },
		{ "passphrase = too short", ":21: the passphrase must have 12 to 127 bytes", 0 },
		{ "passphrase = twelve bytes\npassphrase = twelve bytes",
		  ":22: \"passphrase\" stands here a second time", 0 },
		{ "recipient = " AGE "\npassphrase = twelve bytes",
		  ": [office] has recipients and a passphrase", 0 },
		{ "name = x", ":21: [office] has no key \"name\"", 0 },
	};
	char text[2048], message[512];
	struct config c;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASE); i++) {
		snprintf(text, sizeof(text), "%s[office]\n%s\n", GOOD, CASE[i].lines);
		bool good = read_text(text, &c, message, sizeof(message));
		if (good != !CASE[i].message ||
		    (!good && strncmp(message, CASE[i].message, strlen(CASE[i].message)) != 0))
			fail_msg("case %zu: %s", i, good ? "taken" : message);
		if (good)
			assert_int_equal(c.office.count, CASE[i].recipients);
	}
}

static void test_unreadable(void **state)
{
	struct config c;
	char message[512];

	(void)state;
	assert_false(config_read(&c, "/nonexistent/gate.ini", message, sizeof(message)));
	assert_string_equal(message,
			    "/nonexistent/gate.ini: cannot be read: No such file or directory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_report_due), cmocka_unit_test(test_sound),
		cmocka_unit_test(test_good),       cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_office),     cmocka_unit_test(test_recipients),
		cmocka_unit_test(test_broken),     cmocka_unit_test(test_every_line_matters),
		cmocka_unit_test(test_demo),
#ifdef GATEHOUSE_SIM
		cmocka_unit_test(test_accounts),
#endif
		cmocka_unit_test(test_office),     cmocka_unit_test(test_unreadable),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
