/* Signing a bundle through the command line: lists as people write them, and every mistake named.
 */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/fileio.h"
#include "codec/bundle.h"
#include "codec/manifest.h"
#include "core/lists.h"
#include "core/notices.h"
#include "core/sounds.h"
#include "helper_office.h"
#include "office/key.h"

#define ISSUED "2026-11-23T08:00:00+08:00"
#define RULEBOOK TEST_SOURCE_DIR "/assets/rulebooks/default.ini"

static int setup(void **state)
{
	say_setup(state);
	assert_int_equal(say_keygen(*state), 0);
	return 0;
}

/* The good command line with one part, and one option's value replaced (NULL: left out). */
static int sign(struct test_office *f, const char *part, const char *path, const char *option,
		const char *value)
{
	const char *words[OFFICE_ARGS_MAX] = {
		"sign",
		"--key",
		f->key,
		"--site",
		"7",
		"--number",
		"12",
		"--not-after",
		"2026-11-24T08:00:00+08:00",
		"--why",
		"区指挥部通知第12号",
		"--out",
		f->stick,
		"--issued",
		ISSUED,
		part,
		path,
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

static int sign_list(struct test_office *f, const char *part, const char *text)
{
	assert_int_equal(file_write_atomic(f->list, text, strlen(text), 0600), 0);
	return sign(f, part, f->list, NULL, NULL);
}

static char *load(const struct test_office *f, const char *name, size_t *len)
{
	char path[PATH_MAX], *data;

	snprintf(path, sizeof(path), "%s/" BUNDLE_FOLDER "/%s", f->stick, name);
	assert_int_equal(file_read(path, 1 << 20, &data, len), 0);
	return data;
}

static bool is_there(const struct test_office *f, const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/" BUNDLE_FOLDER "/%s", f->stick, name);
	return access(path, F_OK) == 0;
}

static void assert_part(const struct test_office *f, const char *name, const char *text)
{
	size_t len;
	char *data = load(f, name, &len);

	assert_string_equal(data, text);
	assert_int_equal(len, strlen(text));
	free(data);
}

/* What lies on the stick opens with the public key. */
static struct bundle opened(const struct test_office *f)
{
	uint8_t key[KEY_BYTES];
	struct bundle b;
	size_t len, signature_len;
	char *text = load(f, BUNDLE_NAME, &len);
	char *signature = load(f, BUNDLE_SIGNATURE_NAME, &signature_len);

	assert_true(key_load(f->pub, key));
	assert_int_equal(bundle_open(&b, text, len, signature, signature_len, key), BUNDLE_GOOD);
	free(text);
	free(signature);
	return b;
}

static void test_lists(void **state)
{
	struct test_office *f = *state;

	/* as a spreadsheet saves it: with a mark at the beginning, CRLF, remarks, any order */
	assert_int_equal(sign_list(f, "--households",
				   "\xEF\xBB\xBF# 门牌\t网格\t电话\r\n\r\n8-2-1101\r\n"
				   "3号楼2单元501室\t一网格 \t1234\r\n"),
			 0);
	assert_part(f, "households.txt", "3-2-501\t一网格\t1234\n8-2-1101\t\t\n");
	struct bundle b = opened(f);
	assert_true(b.site == 7 && b.number == 12 && b.parts[PART_HOUSEHOLDS].version == 12);
	assert_string_equal(b.why, "区指挥部通知第12号");
	assert_non_null(strstr(f->out, "good: households version 12, 34 bytes\n"));
	assert_non_null(strstr(f->out, "good: read back from "));
	assert_string_equal(f->err, "");
	/* another one replaces it, with what was in it */
	assert_int_equal(
		sign_list(f, "--blocked", "name\t欧阳 娜娜\t协查\ndocument\te1234-5678\t\n"), 0);
	assert_part(f, "blocked.txt", "document\tE12345678\t\nname\t欧阳娜娜\t协查\n");
	assert_false(is_there(f, "households.txt"));
	assert_int_equal(opened(f).parts[PART_HOUSEHOLDS].version, 0);
	assert_int_equal(sign_list(f, "--revoked", "18446744073709551615\t遗失\n17"), 0);
	assert_part(f, "revoked.txt", "17\t\n18446744073709551615\t遗失\n");
	assert_int_equal(sign_list(f, "--revoked", ""), 0);
	assert_part(f, "revoked.txt", "");
}

static int sign_csv(struct test_office *f, const char *part, const char *text)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s.csv", f->list);
	assert_int_equal(file_write_atomic(path, text, strlen(text), 0600), 0);
	return sign(f, part, path, NULL, NULL);
}

/* As a spreadsheet saves it: commas or semicolons, quotes where it likes, empty fields at the end.
 */
static void test_sheets(void **state)
{
	struct test_office *f = *state;

	assert_int_equal(
		sign_csv(f, "--regions",
			 "\xEF\xBB\xBF#code,name,from,,\r\n\"310115\",\"浦东, 上海 \"\"东\"\"\","
			 "2026/3/1,,\r\n11,北京市,20261101\r\n,,,,\r\n"),
		0);
	assert_part(f, "regions.txt",
		    "11\t北京市\t2026-11-01\n310115\t浦东, 上海 \"东\"\t2026-03-01\n");
	assert_int_equal(sign_csv(f, "--regions", "11;北京市;2026-11-01\n\"12\";;\n"), 1);
	assert_non_null(strstr(f->err, "line 2: the name"));
	assert_int_equal(sign_csv(f, "--regions", "11,\"北京市,2026-11-01\n"), 1);
	assert_non_null(strstr(f->err, "line 1: is not a line of 3 fields"));
	assert_int_equal(sign_csv(f, "--regions", "11,\"北京\"市,2026-11-01\n"), 1);
	assert_int_equal(sign_csv(f, "--regions", "11,北京市,2026-11-01,x\n"), 1);
	assert_int_equal(sign_csv(f, "--vehicles", "沪A-D12345,3-2-501,居民,2026/12/31\n"), 0);
	assert_part(f, "vehicles.txt", "沪AD12345\t3-2-501\tresident-vehicle\t2026-12-31\n");
	assert_int_equal(sign_csv(f, "--regions", "11,北京市,2026-11-01,x\n"), 1);
	assert_non_null(strstr(f->err, ".csv: line 1: is not a line of 3 fields"));
}

static void test_rulebook(void **state)
{
	struct test_office *f = *state;

	assert_int_equal(sign(f, "--rulebook", RULEBOOK, NULL, NULL), 0);
	assert_int_equal(opened(f).parts[PART_RULEBOOK].version, 2); /* its own */
	assert_int_equal(sign_list(f, "--rulebook", "[rulebook]\ntitle = x\n"), 1);
	assert_non_null(strstr(f->err, "--rulebook: "));
}

/* A bundle that cannot be made leaves the one on the stick alone. */
static void test_mistakes_in_lists(void **state)
{
	static const struct {
		const char *part, *text, *says;
	} WRONG[] = {
		{ "--revoked", "x\n", "line 1: the serial is not" },
		{ "--revoked", "1\twhy\tmore\n", "line 1: is not a line of 2 fields" },
		{ "--revoked", "1\n2\n1\n", "line 3: is there twice, as line 1" },
		{ "--revoked", "# only this\n1\t\xff\n", "line 2" },
		{ "--households", "号楼\n", "line 1" },
		{ "--regions", "31\t上海市\t2026-11-20\n#\n32\t\t2026-11-20\n",
		  "line 3: the name" },
		{ "--regions", "31\t上海市\t20.11.2026\n", "line 1: the day" },
		{ "--vehicles", "京A1234\t3-2\t居民\t2026-12-31\n", "line 1: the number plate" },
		{ "--vehicles", "京A12345\t3-2\t轿车\t2026-12-31\n",
		  "line 1: the class of vehicle" },
		{ "--households", "3-2\t\t12345\n", "line 1: the last four digits" },
		{ "--blocked", "person\tE1\n", "line 1: the sort is not" },
		{ "--accounts", "李强\tguard\t246810\n", "line 1: the hash" },
		{ "--accounts", "", "nobody could log in" },
	};
	struct test_office *f = *state;

	assert_int_equal(sign_list(f, "--revoked", "17"), 0);
	for (size_t i = 0; i < ARRAY_LEN(WRONG); i++) {
		assert_int_equal(sign_list(f, WRONG[i].part, WRONG[i].text), 1);
		if (!strstr(f->err, WRONG[i].says))
			fail_msg("\"%s\" is not in: %s", WRONG[i].says, f->err);
		assert_string_equal(f->out, "");
	}
	assert_part(f, "revoked.txt", "17\t\n");
	assert_int_equal(opened(f).number, 12);
}

static void test_mistakes_in_options(void **state)
{
	static const struct {
		const char *option, *value;
		int code;
	} WRONG[] = {
		{ "--key", NULL, 2 },
		{ "--key", "/nonexistent", 1 },
		{ "--site", "0", 2 },
		{ "--site", NULL, 2 },
		{ "--number", "0", 2 },
		{ "--number", "1000000000000000000", 2 },
		{ "--not-after", "tomorrow", 2 },
		{ "--not-after", ISSUED, 2 },
		{ "--why", "", 2 },
		{ "--why", "1234567890123456789012345678901234567890123456789", 2 },
		{ "--out", "/nonexistent/stick", 1 },
		{ "--issued", "2026-11-24T08:00:00+08:00", 2 },
	};
	struct test_office *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(WRONG); i++) {
		int code = sign(f, "--rulebook", RULEBOOK, WRONG[i].option, WRONG[i].value);
		if (code != WRONG[i].code)
			fail_msg("%s %s: %d", WRONG[i].option, WRONG[i].value, code);
		if (!strstr(f->err, WRONG[i].option + 2) && !strstr(f->err, WRONG[i].value))
			fail_msg("%s is not named: %s", WRONG[i].option, f->err);
	}
	assert_int_equal(sign(f, NULL, NULL, NULL, NULL), 1);
	assert_non_null(strstr(f->err, "nothing to send"));
	assert_int_equal(sign(f, "--roster", RULEBOOK, NULL, NULL), 2);
	assert_int_equal(sign(f, "--rulebook", "/nonexistent", NULL, NULL), 1);
	assert_int_equal(sign(f, "--rulebook", RULEBOOK, "--key", f->pub), 1);
	assert_false(is_there(f, ""));
}

/* A file beside the list. */
static void put_beside(const struct test_office *f, const char *name, const void *data, size_t len)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", f->root, name);
	assert_int_equal(file_write_atomic(path, data, len, 0600), 0);
}

#define PICTURE TEST_SOURCE_DIR "/assets/notices/masks.png"

/* What the office wrote is what a gate reads: in order, with its picture, shrunk to its place. */
static void test_notices(void **state)
{
	struct test_office *f = *state;
	struct notices list;
	char why[224], *data;
	size_t len;

	assert_int_equal(file_read(PICTURE, 1 << 20, &data, &len), 0);
	put_beside(f, "m.png", data, len);
	free(data);
	assert_int_equal(sign_list(f, "--notices",
				   "[b]\ntitle = 标语\ntitle_en = Slogan\n[a]\ntitle = 口罩\n"
				   "text = 一\ntext = 二\nfrom = 2026-11-23\nuntil = 2026-11-30\n"
				   "picture = m.png\n[c]\norder = 0\ntitle = 海报\n"
				   "picture = " PICTURE "\n"),
			 0);
	data = load(f, "notices.bin", &len);
	assert_true(notices_decode(&list, data, len, why, sizeof(why)));
	assert_int_equal(list.count, 3);
	assert_string_equal(list.items[0].name, "c");
	assert_string_equal(list.items[1].name, "b");
	assert_string_equal(list.items[2].text[LANGUAGE_ZH], "一\n二");
	assert_true(list.items[2].from == 20261123 && list.items[2].until == 20261130);
	assert_true(list.items[2].width == 240 && list.items[2].height == 222); /* of 480 x 444 */
	assert_true(list.items[0].width == 240 && list.items[0].height == 222);
	assert_memory_equal(list.items[2].pixels, list.items[0].pixels, 240 * 222 * 2);
	/* its first pixel is the ground, #E3F2EF */
	assert_true(list.items[2].pixels[0] == 0xE7 && list.items[2].pixels[1] == 0x9D);
	free(data);
	assert_int_equal(sign_list(f, "--notices", ""), 0); /* all of them down */
}

static const struct mistake {
	const char *part, *text, *says;
} MISTAKES[] = {
	{ "--notices", "[a]\ntext = 一\n", "has no Chinese title" },
	{ "--notices", "[a]\ntitle = 一\ntitle = 二\n", "stands there once" },
	{ "--notices", "[a]\nheading = 一\n", "heading" },
	{ "--notices", "[A]\ntitle = 一\n", "a notice's name" },
	{ "--notices", "[a/b]\ntitle = 一\n", "a notice's name" },
	{ "--notices", "[a]\ntitle = 一\nfrom = 2026-02-30\n", "as 2026-11-30" },
	{ "--notices", "[a]\ntitle = 一\norder = 1000\n", "0 to 999" },
	{ "--notices", "[a]\ntitle = 一\nfrom = 2026-11-30\nuntil = 2026-11-29\n",
	  "before its first" },
	{ "--notices", "[a]\ntitle = 一\npicture = none.png\n", "none.png" },
	{ "--notices", "[a]\ntitle = 一\npicture = junk\n", "is not a PNG picture" },
	{ "--notices", "[a]\ntitle = 一二三四五六七八九十一二三四五六七八九十一\ntext = 一\n",
	  "has room for 1 line of 20 Chinese characters" },
	{ "--notices",
	  "[a]\ntitle = 一\ntext = 1\ntext = 2\ntext = 3\ntext = 4\ntext = 5\ntext = 6\n",
	  "has room for 5 lines" },
	{ "--sounds", "[zh/hello]\nfile = w.wav\n", "no announcement is called hello" },
	{ "--sounds", "[welcome]\nfile = w.wav\n", "a sound is called" },
	{ "--sounds", "[zh/welcome]\nfile = junk\n", "is not a WAV file" },
	{ "--sounds", "[zh/welcome]\nfile = none.wav\n", "none.wav" },
	{ "--sounds", "[zh/welcome]\nfile = fast.wav\n", "is not a WAV file of 16 bits" },
	{ "--sounds", "[zh/x]\nfile = w.wav\ntimes = 8:00\n", "as 08:00, 12:00" },
	{ "--sounds", "[zh/x]\nfile = w.wav\ntimes = 24:00\n", "as 08:00, 12:00" },
	{ "--sounds", "[zh/x]\nfile = w.wav\ntimes = 12:00, 08:00\n", "each later" },
	{ "--sounds", "[zh/x]\ntimes = 12:00\n", "has no file" },
	{ "--sounds", "[zh/welcome]\nfile = w.wav\nfrom = 2026-11-23\n", "has no days" },
	{ "--sounds", "[zh/welcome]\nfile = w.wav\nloud = 1\n", "loud" },
};

/* Four samples at a rate, in the one form of WAV that is taken. */
static void put_wav(const struct test_office *f, const char *name, uint8_t rate_low)
{
	uint8_t wav[] = "RIFF\x2C\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x22\x56\0\0\x44\xAC\0\0\2\0\x10\0"
			"data\x08\0\0\0abcdefgh";

	wav[24] = rate_low;
	wav[28] = (uint8_t)(rate_low * 2);
	put_beside(f, name, wav, sizeof(wav) - 1);
}

static void test_sounds(void **state)
{
	struct test_office *f = *state;
	static struct sounds list;
	char why[224];
	size_t len;

	put_wav(f, "w.wav", 0x22);
	assert_int_equal(sign_list(f, "--sounds",
				   "[zh/welcome]\nfile = w.wav\n[en/test]\nfile = w.wav\n"
				   "times = 08:00,12:30\nfrom = 2026-11-23\n"),
			 0);
	char *data = load(f, "sounds.bin", &len);
	assert_true(sounds_decode(&list, data, len, why, sizeof(why)));
	assert_int_equal(list.count, 2);
	assert_string_equal(list.items[0].name, "en/test");
	assert_true(list.items[0].time_count == 2 && list.items[0].times_min[1] == 750);
	assert_memory_equal(list.items[1].samples, "abcdefgh", 8);
	free(data);
}

/* Each is said, with the file, and nothing is signed. */
static void test_mistakes_in_packs(void **state)
{
	struct test_office *f = *state;

	put_beside(f, "junk", "junk", 4);
	put_wav(f, "w.wav", 0x22);
	put_wav(f, "fast.wav", 0x24);
	for (size_t i = 0; i < ARRAY_LEN(MISTAKES); i++) {
		const struct mistake *m = &MISTAKES[i];
		int code = sign_list(f, m->part, m->text);
		if (code != 1 || !strstr(f->err, m->says))
			fail_msg("%s: %d, %s", m->text, code, f->err);
	}
	assert_false(is_there(f, ""));
}

static int account(struct test_office *f, const char *name, const char *role, const char *typed)
{
	const char *const words[] = { "account", "--name", name, "--role", role, NULL };
	FILE *real = stdin;

	stdin = typed[0] ? fmemopen((char *)typed, strlen(typed), "r") : fopen("/dev/null", "r");
	assert_non_null(stdin);
	int code = say(f, words);
	fclose(stdin);
	stdin = real;
	return code;
}

/* The lines of account are a list as sign takes it, and no PIN stands in it. */
static void test_accounts(void **state)
{
	struct test_office *f = *state;
	char list[1024] = "", why[160];
	size_t len;

	assert_int_equal(account(f, "李强", "guard", "246810\n"), 0);
	assert_null(strstr(f->out, "246810"));
	strcat(list, f->out);
	assert_int_equal(account(f, "周敏", "staff", "864200"), 0);
	strcat(list, f->out);
	assert_int_equal(sign_list(f, "--accounts", list), 0);
	char *data = load(f, "accounts.txt", &len);
	assert_true(list_check(PART_ACCOUNTS, data, len, why, sizeof(why)));
	assert_non_null(strstr(data, "\n李强\tguard\t" LIST_PIN_HASH_PREFIX));
	free(data);
	assert_int_equal(account(f, "李强", "guard", ""), 1);
	assert_int_equal(account(f, "李强", "guard", "123\n"), 1);
	assert_int_equal(account(f, "李强", "guard", "1234567890123\n"), 1);
	assert_int_equal(account(f, "李强", "guard", "12a4\n"), 1);
	assert_int_equal(account(f, "李强", "boss", "246810\n"), 1);
	assert_int_equal(account(f, "a\tb", "guard", "246810\n"), 1);
	assert_int_equal(account(f, "1234567890123456789012345678901x", "guard", "246810\n"), 1);
	assert_string_equal(f->out, "");
}

static void test_help(void **state)
{
	struct test_office *f = *state;
	const char *const words[] = { "sign", "--help", NULL }, *const all[] = { "--help", NULL };

	assert_int_equal(say(f, words), 0);
	for (int i = 0; i < PART_COUNT_; i++)
		assert_non_null(strstr(f->out, PART[i].word));
	assert_int_equal(say(f, all), 0);
	assert_non_null(strstr(f->out, "gatehouse-office sign "));
	assert_non_null(strstr(f->out, "gatehouse-office account "));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, say_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_lists),
		TEST(test_sheets),
		TEST(test_rulebook),
		TEST(test_mistakes_in_lists),
		TEST(test_mistakes_in_options),
		TEST(test_notices),
		TEST(test_sounds),
		TEST(test_mistakes_in_packs),
		TEST(test_accounts),
		TEST(test_help),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
