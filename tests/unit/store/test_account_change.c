/*
 * Accounts changed by somebody: an event names them, the last who could do it stays, nobody reaches
 * further than their role, and the office's list is the office's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "helper_store.h"
#include "store/account_change.h"
#include "store/directory.h"

static struct bench bench;

static void put(const char *name, enum role role, int64_t until_ms)
{
	struct account account = { .role = role, .until_ms = until_ms };

	text_copy(account.name, sizeof(account.name), name);
	assert_int_equal(register_account_set(bench.db, &account, "1234", bench.now_ms, 0), 0);
}

static int setup(void **state)
{
	*state = &bench;
	bench_open(&bench);
	put("李强", ROLE_GUARD, 0);
	put("赵队长", ROLE_SUPERVISOR, 0);
	put("周敏", ROLE_STAFF, 0);
	return 0;
}

static int teardown(void **state)
{
	bench_close(*state);
	return 0;
}

static enum account_outcome change(const char *by, enum account_act act, const char *name,
				   enum role role, const char *pin, int64_t until_ms)
{
	struct account account = { .role = role, .until_ms = until_ms };
	struct entry who = { .wall_ms = bench.now_ms, .mono_ms = 1000, .clock_trusted = true };
	enum account_outcome outcome;

	text_copy(account.name, sizeof(account.name), name);
	text_copy(who.actor, sizeof(who.actor), by);
	assert_int_equal(register_account_change(bench.db, act, &account, pin, &who, &outcome), 0);
	return outcome;
}

static int64_t events_by(const char *by)
{
	char sql[160];

	text_format(sql, sizeof(sql), "SELECT count(*) FROM event WHERE type = %d AND actor = '%s'",
		    ENTRY_ACCOUNT, by);
	return number_of(&bench, sql);
}

static enum pin_outcome try_pin(const char *name, const char *pin)
{
	enum pin_outcome outcome;
	struct account account;
	int32_t wait_s;

	assert_int_equal(register_pin_try(bench.db, name, pin, bench.now_ms, 2000, true, &outcome,
					  &account, &wait_s),
			 0);
	return outcome;
}

static void test_new_changed_removed(void **state)
{
	(void)state;
	int64_t until_ms = bench.now_ms + DAY_MS;

	assert_int_equal(change("周敏", ACCOUNT_NEW, "小王", ROLE_GUARD, "4321", until_ms),
			 ACCOUNT_DONE);
	assert_int_equal(try_pin("小王", "4321"), PIN_RIGHT);
	assert_int_equal(change("周敏", ACCOUNT_NEW, "小王", ROLE_GUARD, "9999", 0), ACCOUNT_TAKEN);

	/* The end alone: the PIN stays. The PIN alone: the role stays, whatever is said. */
	assert_int_equal(change("周敏", ACCOUNT_CHANGE, "小王", ROLE_NONE, "", 0), ACCOUNT_DONE);
	assert_int_equal(try_pin("小王", "4321"), PIN_RIGHT);
	assert_int_equal(number_of(&bench, "SELECT until_ms FROM account WHERE name = '小王'"), 0);
	assert_int_equal(change("周敏", ACCOUNT_CHANGE, "小王", ROLE_STAFF, "5555", 0),
			 ACCOUNT_DONE);
	assert_int_equal(try_pin("小王", "5555"), PIN_RIGHT);
	assert_int_equal(number_of(&bench, "SELECT role FROM account WHERE name = '小王'"),
			 ROLE_GUARD);

	assert_int_equal(change("周敏", ACCOUNT_REMOVE, "小王", ROLE_NONE, "", 0), ACCOUNT_DONE);
	assert_int_equal(number_of(&bench, "SELECT count(*) FROM account WHERE name = '小王'"), 0);
	assert_int_equal(change("周敏", ACCOUNT_REMOVE, "小王", ROLE_NONE, "", 0), ACCOUNT_GONE);
	assert_int_equal(change("周敏", ACCOUNT_CHANGE, "小王", ROLE_NONE, "5555", 0),
			 ACCOUNT_GONE);
	assert_int_equal(events_by("周敏"), 4);
	int64_t bad;
	assert_int_equal(register_verify(bench.db, &bad), 0);
}

static void test_bad(void **state)
{
	(void)state;
	assert_int_equal(change("周敏", ACCOUNT_NEW, "", ROLE_GUARD, "4321", 0), ACCOUNT_BAD);
	assert_int_equal(change("周敏", ACCOUNT_NEW, "小王", ROLE_NONE, "4321", 0), ACCOUNT_BAD);
	assert_int_equal(change("周敏", ACCOUNT_NEW, "小王", ROLE_GUARD, "123", 0), ACCOUNT_BAD);
	assert_int_equal(change("周敏", ACCOUNT_NEW, "小王", ROLE_GUARD, "", 0), ACCOUNT_BAD);
	assert_int_equal(change("周敏", ACCOUNT_NEW, "小王", ROLE_GUARD, "4321", 1), ACCOUNT_BAD);
	assert_int_equal(change("周敏", ACCOUNT_CHANGE, "李强", ROLE_NONE, "12a4", 0), ACCOUNT_BAD);
	assert_int_equal(events_by("周敏"), 0);
}

static void test_who_may(void **state)
{
	(void)state;
	static const enum account_outcome NO = ACCOUNT_NOT_ALLOWED;

	assert_int_equal(change("李强", ACCOUNT_NEW, "小王", ROLE_GUARD, "4321", 0), NO);
	assert_int_equal(change("李强", ACCOUNT_CHANGE, "李强", ROLE_NONE, "4321", 0), NO);
	assert_int_equal(change("陌生人", ACCOUNT_NEW, "小王", ROLE_GUARD, "4321", 0), NO);
	assert_int_equal(change("赵队长", ACCOUNT_NEW, "小王", ROLE_SUPERVISOR, "4321", 0), NO);
	assert_int_equal(change("赵队长", ACCOUNT_CHANGE, "周敏", ROLE_NONE, "4321", 0), NO);
	assert_int_equal(change("赵队长", ACCOUNT_REMOVE, "周敏", ROLE_NONE, "", 0), NO);
	assert_int_equal(change("赵队长", ACCOUNT_CHANGE, "赵队长", ROLE_NONE, "4321", 0),
			 ACCOUNT_DONE);
	assert_int_equal(change("赵队长", ACCOUNT_CHANGE, "李强", ROLE_NONE, "4321", 0),
			 ACCOUNT_DONE);
	assert_int_equal(change("赵队长", ACCOUNT_REMOVE, "李强", ROLE_NONE, "", 0), ACCOUNT_DONE);
}

static void test_the_last_stays(void **state)
{
	(void)state;
	int64_t end_ms = bench.now_ms + DAY_MS;

	put("钱主任", ROLE_STAFF, end_ms); /* one with an end does not count */
	assert_int_equal(change("周敏", ACCOUNT_REMOVE, "赵队长", ROLE_NONE, "", 0), ACCOUNT_DONE);
	assert_int_equal(change("钱主任", ACCOUNT_REMOVE, "周敏", ROLE_NONE, "", 0), ACCOUNT_LAST);
	assert_int_equal(change("周敏", ACCOUNT_CHANGE, "周敏", ROLE_NONE, "", end_ms),
			 ACCOUNT_LAST);
	assert_int_equal(try_pin("周敏", "1234"), PIN_RIGHT);
	assert_int_equal(change("周敏", ACCOUNT_CHANGE, "钱主任", ROLE_NONE, "", 0), ACCOUNT_DONE);
	assert_int_equal(change("钱主任", ACCOUNT_REMOVE, "周敏", ROLE_NONE, "", 0), ACCOUNT_DONE);
}

static void test_the_offices_list(void **state)
{
	(void)state;
	bench_tamper(&bench, "INSERT INTO import_now VALUES(1, 1, 1, 1, 'of the list')");
	bench_reopen(&bench);
	struct import_state taken;
	assert_int_equal(register_imports(bench.db, &taken), 0);
	assert_true(taken.versions[PART_ACCOUNTS] > 0);
	assert_int_equal(change("周敏", ACCOUNT_NEW, "小王", ROLE_GUARD, "4321", 0),
			 ACCOUNT_OFFICES);
	assert_int_equal(change("周敏", ACCOUNT_REMOVE, "李强", ROLE_NONE, "", 0), ACCOUNT_OFFICES);
	assert_int_equal(events_by("周敏"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_new_changed_removed, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad, setup, teardown),
		cmocka_unit_test_setup_teardown(test_who_may, setup, teardown),
		cmocka_unit_test_setup_teardown(test_the_last_stays, setup, teardown),
		cmocka_unit_test_setup_teardown(test_the_offices_list, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
