/*
 * The default rulebook, line by line as it was reviewed (default_rules.txt): a change of any
 * verdict, check, threshold, clause or hour shows here and must be meant. To accept a change,
 * replace the file by what this test prints with PRINT_RULES=1.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/fileio.h"
#include "core/words.h"
#include "settings/rulebook.h"

static void print_checks(FILE *f, uint32_t required)
{
	for (int c = 0; c < CHECK_COUNT_; c++)
		if (required & 1U << c)
			fprintf(f, " %s", CHECK_WORD[c]);
}

static void print_rule(FILE *f, const struct rulebook *book, int l, int c, int d)
{
	const struct rule *r = &book->rules[l][c][d];

	fprintf(f, "%s %s %s: %s (%s)", LEVEL_WORD[l], CLASS_WORD[c], DIRECTION_WORD[d],
		VERDICT_WORD[r->verdict], r->clause);
	if (r->reason)
		fprintf(f, " because %s, lifted by %s", REASON_WORD[r->reason], LIFT_WORD[r->lift]);
	print_checks(f, r->required);
	if (r->approver)
		fprintf(f, " | approver %s", APPROVER_WORD[r->approver]);
	if (r->window)
		fprintf(f, " | window %s", book->windows[r->window - 1].name);
	if (r->recorded_after)
		fprintf(f, " | recorded after");
	if (r->pass.valid_min || r->pass.uses)
		fprintf(f, " | pass %d min %d uses", r->pass.valid_min, r->pass.uses);
	fprintf(f, "\n");
}

static void print_settings(FILE *f, const struct rulebook *b)
{
	fprintf(f, "%s, version %d, plan %d\n", b->title, b->version, b->plan);
	fprintf(f, "fever %d too cold %d ambient %d..%d second after %d rest %d\n",
		b->fever_centi_c, b->too_cold_centi_c, b->ambient_min_centi_c,
		b->ambient_max_centi_c, b->second_after_ms, b->rest_ms);
	fprintf(f, "gate open %d closing %d\n", b->gate_open_ms, b->gate_closing_ms);
	fprintf(f, "quota %d persons %d days %d min; monitoring %d days, test every %d\n",
		b->quota_persons, b->quota_days, b->quota_minutes, b->monitoring_days,
		b->test_every_days);
	for (int c = 0; c < CHECK_COUNT_; c++)
		fprintf(f, "check %s (%s) lifted by %s, max age %d min\n", CHECK_WORD[c],
			b->check_clause[c], LIFT_WORD[b->check_lift[c]], b->max_age_min[c]);
	for (int w = 0; w < b->window_count; w++)
		fprintf(f, "window %s %d..%d\n", b->windows[w].name, b->windows[w].start_min,
			b->windows[w].end_min);
}

static char *print_book(const struct rulebook *book)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	print_settings(f, book);
	for (int l = 0; l < LEVEL_COUNT_; l++)
		for (int c = 0; c < CLASS_COUNT_; c++)
			for (int d = 0; d < DIRECTION_COUNT_; d++)
				print_rule(f, book, l, c, d);
	fclose(f);
	return text;
}

static void test_as_reviewed(void **state)
{
	(void)state;
	static struct rulebook book;
	char path[512], message[512], *reviewed;
	size_t len;

	snprintf(path, sizeof(path), "%s/assets/rulebooks/default.ini", TEST_SOURCE_DIR);
	if (!rulebook_read(&book, path, message, sizeof(message)))
		fail_msg("%s", message);
	char *now = print_book(&book);
	if (getenv("PRINT_RULES"))
		printf("%s", now);
	snprintf(path, sizeof(path), "%s/tests/unit/settings/default_rules.txt", TEST_SOURCE_DIR);
	assert_int_equal(file_read(path, 100000, &reviewed, &len), 0);
	const char *a = reviewed, *b = now;
	while (*a || *b) {
		size_t n = strcspn(a, "\n"), m = strcspn(b, "\n");
		if (n != m || memcmp(a, b, n) != 0)
			fail_msg("reviewed: %.*s\n     now: %.*s", (int)n, a, (int)m, b);
		a += n + (a[n] != '\0');
		b += m + (b[m] != '\0');
	}
	free(reviewed);
	free(now);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_reviewed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
