/* Every way to get a rulebook wrong is named by place and word, and gives nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/fileio.h"
#include "settings/rulebook.h"

#define NUMBERS                                                                                    \
	"[rulebook]\ntitle = t\nversion = 1\nplan = 0\n"                                           \
	"[temperature]\nfever = 37.3\ntoo_cold = 35\nambient_min = 5\nambient_max = "              \
	"40\nsecond_after_s = 5\n"                                                                 \
	"rest_min = 5\n[gate]\nopen_s = 10\nclosing_s = 2\n[quota]\npersons = 1\ndays = "          \
	"2\nminutes = 180\n"                                                                       \
	"[monitoring]\ndays = 14\ntest_every_days = 7\n[clauses]\nmask = 3·二·1\napproval = "   \
	"3·二·1\nwindow = 2·八\n"
#define ALL "[* * *]\nverdict = admit\nclause = 2·三\nrequire = mask\n"

static bool parse(struct rulebook *book, const char *text, char *message)
{
	message[0] = '\0';
	return rulebook_parse(book, "r", text, strlen(text), message, 512);
}

static void test_smallest_book(void **state)
{
	(void)state;
	static struct rulebook book;
	char message[512];

	if (!parse(&book, NUMBERS ALL, message))
		fail_msg("%s", message);
	assert_int_equal(book.fever_centi_c, 3730);
	assert_int_equal(book.rest_ms, 300000);
	assert_true(book.rules[LEVEL_LOCKDOWN][CLASS_SANITATION][DIRECTION_OUT].present);
}

static const struct {
	const char *text, *says;
} WRONG[] = {
	{ NUMBERS, "no rule says what \"open visitor in\" may do" },
	{ NUMBERS ALL "[closed visitor in]\nverdict = admit\n",
	  "[closed visitor in] overlaps [* * *]" },
	{ NUMBERS "[* * *]\nverdict = maybe\n", "r:27: verdict \"maybe\"" },
	{ NUMBERS "[* * *]\nverdict = refer\n", "verdict \"refer\"" },
	{ NUMBERS "[* * *]\nverdict = admit\n", "cites no clause" },
	{ NUMBERS "[* * *]\nclause = 2·三\n", "has no verdict" },
	{ NUMBERS "[* * *]\nverdict = refuse\nclause = 2·三\n", "refuses without a reason" },
	{ NUMBERS "[* * *]\nverdict = refuse\nreason = outsider\nclause = 2·三\nrequire = mask\n",
	  "refuses, so it can neither" },
	{ NUMBERS "[* * *]\nverdict = admit\nreason = outsider\nclause = 2·三\n",
	  "nothing to refuse" },
	{ NUMBERS "[* * *]\nverdict = admit\nlift = supervisor\nclause = 2·三\n",
	  "nothing to refuse" },
	{ NUMBERS "[* * *]\nverdict = refuse\nreason = mask-missing\n", "not one a rule may give" },
	{ NUMBERS "[* * *]\nverdict = admit\nclause = 2·三\nrequire = mask, hat\n",
	  "\"hat\" is not a check" },
	{ NUMBERS "[* * *]\nverdict = admit\nclause = 2·三\nrequire = window\n",
	  "\"window\" is not a check" },
	{ NUMBERS "[* * *]\nverdict = admit\nclause = 2·三\nrequire = test\n",
	  "has no clause in [clauses]: test" },
	{ NUMBERS "[* * *]\nverdict = admit\nclause = 2·三\nrequire = mask\napprover = community\n",
	  "names an approver" },
	{ NUMBERS "[* * *]\nverdict = admit\nclause = 2·三\nrequire = mask\nrecorded_after = yes\n",
	  "passes at once" },
	{ NUMBERS "[* * *]\nverdict = admit\nclause = 2·三\nrequire = mask\nfever = home\n",
	  "sends a fever home but does not require temperature" },
	{ NUMBERS "temperature = 2·三\n[* * *]\nverdict = admit\nclause = 2·三\n"
		  "require = temperature\nfever = home\n",
	  "cites a clause that is not in [clauses]: fever-home" },
	{ NUMBERS "[* * *]\nfever = away\n", "fever is \"home\" or left out" },
	{ NUMBERS "[* * *]\nverdict = refuse\nreason = outsider\nclause = 2·三\nfever = home\n",
	  "refuses, so it can neither" },
	{ NUMBERS "fever-home =\n", "clause \"\" is empty or too long" },
	{ NUMBERS "fever-home = 2·七\nfever-home = 2·七\n", "stands here a second time" },
	{ NUMBERS "[* * *]\nverdict = admit\nverdict = admit\n", "\"verdict\" twice" },
	{ NUMBERS "[* * *]\nmood = good\n", "no key \"mood\"" },
	{ NUMBERS "[* * *]\nwindow = dawn\n", "window \"dawn\" is not in [windows]" },
	{ NUMBERS "[windows]\ndawn = 05:00-07:00\n" ALL, "no rule uses the window \"dawn\"" },
	{ NUMBERS "[windows]\ndawn = 5-7\n", "not like 05:00-07:30" },
	{ NUMBERS "[windows]\ndawn = 05:00-05:00\n", "not like 05:00-07:30" },
	{ NUMBERS "[windows]\ndawn = 25:00-05:00\n", "not like 05:00-07:30" },
	{ NUMBERS "[max-age]\nmask = 7\n", "not like 7d" },
	{ NUMBERS "[max-age]\nhat = 7d\n", "\"hat\" is not a check" },
	{ NUMBERS "[lifts]\nmask = guard\n", "not by a guard" },
	{ NUMBERS "[lifts]\nmask = king\n", "lift \"king\" is not known" },
	{ NUMBERS "mask = 2·三\n", "clause of \"mask\" stands here a second time" },
	{ NUMBERS "[closed visitor]\nverdict = admit\n", "is not a section or a rule" },
	{ NUMBERS "[shut visitor in]\nverdict = admit\n", "\"shut\" is not a level" },
	{ NUMBERS "[closed ghost in]\nverdict = admit\n", "\"ghost\" is not a class" },
	{ NUMBERS "[closed visitor up]\nverdict = admit\n", "\"up\" is not a direction" },
	{ NUMBERS "[closed visitor,visitor in]\nverdict = admit\n",
	  "\"visitor\" stands there twice" },
	{ NUMBERS "[temperature]\nfever = 37.3\n", "\"fever\" stands here a second time" },
	{ "[temperature]\nfever = 47.3\n", "r:2: fever \"47.3\"" },
	{ "[temperature]\nfever = warm\n", "r:2: fever \"warm\"" },
	{ "[gate]\nopen_s = 0\n", "r:2: open_s \"0\"" },
	{ "[rulebook]\nauthor = x\n", "[rulebook] has no key \"author\"" },
	{ "[rulebook]\nversion = 0\n", "version \"0\"" },
	{ "nonsense\n", "r:1: not a [section]" },
	{ "[rulebook]\ntitle = t\n", "is missing" },
};

static void test_every_mistake_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(WRONG); i++) {
		static struct rulebook book;
		char message[512];
		memset(&book, 0x5A, sizeof(book));
		if (parse(&book, WRONG[i].text, message))
			fail_msg("accepted: %s", WRONG[i].text + (i ? sizeof(NUMBERS) - 1 : 0));
		if (!strstr(message, WRONG[i].says))
			fail_msg("says \"%s\", expected \"%s\"", message, WRONG[i].says);
		for (size_t b = 0; b < sizeof(book); b++) /* nothing is taken half */
			assert_int_equal(((const uint8_t *)&book)[b], 0x5A);
	}
}

/* A good book with one line left out is refused, or admits nobody that the whole one did not. */
static void test_lines_left_out(void **state)
{
	(void)state;
	char path[512], message[512], *text;
	size_t len;
	int refused = 0, lines = 0;
	static struct rulebook whole, less;

	snprintf(path, sizeof(path), "%s/assets/rulebooks/default.ini", TEST_SOURCE_DIR);
	assert_int_equal(file_read(path, 100000, &text, &len), 0);
	assert_true(rulebook_parse(&whole, "r", text, len, message, sizeof(message)));
	for (const char *line = text; *line; lines++) {
		size_t n = strcspn(line, "\n") + 1, before = (size_t)(line - text);
		char *cut = malloc(len + 1);
		assert_non_null(cut);
		memcpy(cut, text, before);
		memcpy(cut + before, line + n, len - before - n + 1);
		bool good = rulebook_parse(&less, "r", cut, len - n, message, sizeof(message));
		free(cut);
		refused += !good;
		bool comment = line[0] == ';' || line[0] == '\n';
		if (comment)
			assert_true(good);
		line += n;
	}
	assert_true(lines > 250 && refused > 100);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_smallest_book),
		cmocka_unit_test(test_every_mistake_is_named),
		cmocka_unit_test(test_lines_left_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
