/*
 * Invitations in the register: whom they are found for and when, and that they are forgotten, to
 * the last byte, by the time this machine has lived through.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/fileio.h"
#include "base/text.h"
#include "helper_store.h"
#include "store/directory.h"
#include "store/retention.h"

#define LIST                                                                                       \
	"document\tE12345678\t3-2-501\t2026-11-20\t2026-11-25\t探亲\n"                           \
	"document\tE12345678\t8-1-101\t2026-11-23\t2026-11-23\t\n"                                 \
	"document\tE87654321\t3-2-501\t2026-11-24\t2026-11-30\t\n"                                 \
	"phone\t13700009999\t3-2-502\t2026-11-01\t2026-11-23\t修水管\n"

static int setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	bench_open(b);
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	bench_close(*state);
	free(*state);
	return 0;
}

static void take(struct bench *b, uint64_t number, const char *text)
{
	struct import import = { .number = number,
				 .actor = "周敏",
				 .wall_ms = b->now_ms,
				 .mono_ms = b->now_ms - MONDAY_MS,
				 .clock_trusted = true };
	struct receipt receipt;

	import.parts[PART_INVITATIONS] =
		(struct import_part){ (int64_t)number, text, strlen(text) };
	assert_int_equal(register_import(b->db, &import, &receipt), 0);
}

static struct invitation look(struct bench *b, const char *document, const char *phone,
			      const char *household, int64_t wall_ms)
{
	struct person p = { .document_kind = DOCUMENT_PASSPORT };
	struct listing l;

	text_copy(p.document, sizeof(p.document), document);
	text_copy(p.phone, sizeof(p.phone), phone);
	text_copy(p.household, sizeof(p.household), household);
	assert_int_equal(register_listing(b->db, &p, wall_ms, &l), 0);
	assert_false(l.document || l.name || l.household_unknown); /* it is no more than a line */
	return l.invitation;
}

static void assert_verified(struct bench *b)
{
	int64_t bad;

	assert_int_equal(register_verify(b->db, &bad), 0);
}

static void test_found(void **state)
{
	struct bench *b = *state;
	int64_t now = b->now_ms;

	assert_false(look(b, "E12345678", "13700009999", "3-2-501", now).found);
	take(b, 1, LIST);
	bench_reopen(b);
	struct invitation i = look(b, "e1234 5678", "", "3号楼2单元501室", now);
	assert_true(i.found && !i.elsewhere && i.until == 20261125);
	assert_string_equal(i.household, "3-2-501");
	assert_string_equal(i.why, "探亲");
	i = look(b, "E12345678", "", "8-1-101", now); /* the household typed goes first */
	assert_true(i.found && !i.elsewhere && i.until == 20261123);
	assert_string_equal(i.household, "8-1-101");
	assert_string_equal(i.why, "");
	i = look(b, "E12345678", "", "9-9-9", now);
	assert_true(i.found && i.elsewhere);
	assert_string_equal(i.household, "3-2-501");
	i = look(b, "E1", "+86 137-0000-9999", "3-2-502", now);
	assert_true(i.found && !i.elsewhere);
	assert_string_equal(i.why, "修水管");
	/* by the document of one and the telephone of another: the household typed decides */
	i = look(b, "E12345678", "13700009999", "3-2-502", now);
	assert_false(i.elsewhere);
	assert_string_equal(i.household, "3-2-502");
	/* not the beginning of a number, nor the other sort, nor nobody */
	assert_false(look(b, "E1234567", "", "3-2-501", now).found);
	assert_false(look(b, "E123456789", "", "3-2-501", now).found);
	assert_false(look(b, "13700009999", "", "3-2-502", now).found);
	assert_false(look(b, "", "", "", now).found);
}

static void test_days(void **state)
{
	struct bench *b = *state;
	int64_t midnight = b->now_ms - b->now_ms % DAY_MS + DAY_MS - 8 * 60 * MINUTE_MS;

	take(b, 1, LIST);
	assert_false(look(b, "E87654321", "", "3-2-501", midnight - 1).found); /* from tomorrow */
	assert_true(look(b, "E87654321", "", "3-2-501", midnight).found);
	assert_true(look(b, "", "13700009999", "3-2-502", midnight - 1).found); /* until today */
	assert_false(look(b, "", "13700009999", "3-2-502", midnight).found);
}

static int64_t forget(struct bench *b, bool trusted)
{
	struct forget_run run = { 0 };

	while (!run.done)
		assert_int_equal(register_forget(b->db, &retention_default, b->now_ms,
						 b->now_ms - MONDAY_MS, trusted, &run),
				 0);
	return run.invitations;
}

static bool in_file(const struct bench *b, const char *suffix, const char *text)
{
	char path[128], *data;
	size_t len;

	snprintf(path, sizeof(path), "%s%s", b->path, suffix);
	if (file_read(path, 64 << 20, &data, &len) < 0)
		return false;
	bool found = memmem(data, len, text, strlen(text)) != NULL;
	free(data);
	return found;
}

static bool in_bytes(const struct bench *b, const char *text)
{
	return in_file(b, "", text) || in_file(b, "-wal", text);
}

static void live_days(struct bench *b, int days)
{
	for (int i = 0; i < days; i++) {
		b->now_ms += DAY_MS;
		register_sample(b, (unsigned)i);
	}
}

static void test_forgotten(void **state)
{
	struct bench *b = *state;
	char out[256];

	take(b, 1, LIST);
	assert_true(in_bytes(b, "E12345678"));
	live_days(b, 30); /* the last days of 23 November are not over for more than 30 days */
	assert_int_equal(forget(b, true), 0);
	live_days(b, 1);
	assert_int_equal(forget(b, false), 0); /* by a clock that may be wrong nothing is */
	assert_int_equal(forget(b, true), 2);
	assert_int_equal(forget(b, true), 0);
	assert_false(in_bytes(b, "13700009999"));
	assert_true(in_bytes(b, "E12345678"));
	assert_string_equal(value_of(b, "SELECT group_concat(key, ' ') FROM listed", out),
			    "E12345678\t3-2-501\t2026-11-20 E87654321\t3-2-501\t2026-11-24");
	assert_string_equal(value_of(b,
				     "SELECT count(*) FROM event_words WHERE type = 'forgotten'"
				     " AND instr(body, hex('invitations'))",
				     out),
			    "1");
	live_days(b, 7);
	assert_int_equal(forget(b, true), 2);
	assert_false(in_bytes(b, "E12345678") || in_bytes(b, "E87654321"));
	assert_verified(b);
}

/* Set a year ahead while it runs: nothing is older for that. */
static void test_clock_ahead(void **state)
{
	struct bench *b = *state;
	struct forget_run run = { 0 };
	int64_t mono_ms = b->now_ms - MONDAY_MS;

	take(b, 1, LIST);
	while (!run.done)
		assert_int_equal(register_forget(b->db, &retention_default,
						 b->now_ms + 365 * DAY_MS, mono_ms, true, &run),
				 0);
	assert_int_equal(run.invitations, 0);
	assert_true(look(b, "E12345678", "", "3-2-501", b->now_ms).found);
}

/* What a newer list no longer holds is gone from the bytes after the next night. */
static void test_replaced(void **state)
{
	struct bench *b = *state;

	take(b, 1, LIST);
	take(b, 2, "document\tE11111111\t3-2-501\t2026-11-20\t2026-11-25\t\n");
	assert_false(look(b, "E12345678", "", "3-2-501", b->now_ms).found);
	assert_int_equal(forget(b, true), 0);
	assert_false(in_bytes(b, "E12345678") || in_bytes(b, "13700009999"));
	assert_true(in_bytes(b, "E11111111"));
	assert_verified(b);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_found),       TEST(test_days),     TEST(test_forgotten),
		TEST(test_clock_ahead), TEST(test_replaced),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
