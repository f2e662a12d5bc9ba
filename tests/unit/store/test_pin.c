#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/fileio.h"
#include "base/text.h"
#include "helper_store.h"
#include "store/pin_policy.h"

#define RIGHT "482913"
#define WRONG "000000"

static int64_t mono_of(const struct bench *b)
{
	return b->now_ms - MONDAY_MS;
}

static void make_account(struct bench *b, const char *name, enum role role, const char *pin)
{
	struct account account = { .role = role };

	text_copy(account.name, sizeof(account.name), name);
	assert_int_equal(register_account_set(b->db, &account, pin, b->now_ms, mono_of(b)), 0);
}

static enum pin_outcome try_at(struct bench *b, const char *name, const char *pin, int64_t wall_ms,
			       int64_t mono_ms, bool trusted, int32_t *wait_s)
{
	enum pin_outcome outcome;
	struct account account;

	assert_int_equal(register_pin_try(b->db, name, pin, wall_ms, mono_ms, trusted, &outcome,
					  &account, wait_s),
			 0);
	if (outcome == PIN_RIGHT)
		assert_string_equal(account.name, name);
	else
		assert_int_equal(account.role, ROLE_NONE);
	return outcome;
}

static enum pin_outcome try_pin(struct bench *b, const char *name, const char *pin, int32_t *wait_s)
{
	return try_at(b, name, pin, b->now_ms, mono_of(b), true, wait_s);
}

static void test_curve(void **state)
{
	(void)state;
	static const int64_t want_s[] = { 0,   0,   0,   0,   0,    30,   60,
					  120, 240, 480, 960, 1920, 3600, 3600 };

	for (size_t i = 0; i < ARRAY_LEN(want_s); i++)
		assert_int_equal(pin_wait_ms((int64_t)i), want_s[i] * 1000);
	assert_int_equal(pin_wait_ms(INT64_MAX / 2), 3600000);
}

/* The promise itself: an attacker who never waits longer than needed. */
static void test_thirty_four_a_day(void **state)
{
	(void)state;
	int64_t now_ms = 0, tries = 0, in_first_day = 0, in_year = 0;

	while (now_ms < 365 * DAY_MS) {
		tries++;
		in_first_day += now_ms < DAY_MS;
		in_year++;
		now_ms += pin_wait_ms(tries);
	}
	assert_int_equal(in_first_day, 34);
	assert_true(in_year <= 8770);
}

static void test_right_and_wrong(void **state)
{
	(void)state;
	struct bench b;
	int32_t wait_s;
	char out[256];

	bench_open(&b);
	make_account(&b, "李卫", ROLE_GUARD, RIGHT);
	assert_int_equal(try_pin(&b, "李卫", RIGHT, &wait_s), PIN_RIGHT);
	assert_int_equal(wait_s, 0);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(try_pin(&b, "李卫", WRONG, &wait_s), PIN_WRONG);
		assert_int_equal(wait_s, 0);
	}
	assert_int_equal(try_pin(&b, "李卫", "", &wait_s), PIN_WRONG);
	assert_int_equal(wait_s, 30);
	assert_int_equal(try_pin(&b, "李卫", RIGHT, &wait_s), PIN_LOCKED);
	b.now_ms += 29999;
	assert_int_equal(try_pin(&b, "李卫", RIGHT, &wait_s), PIN_LOCKED);
	assert_int_equal(wait_s, 1);
	b.now_ms += 1;
	assert_int_equal(try_pin(&b, "李卫", RIGHT, &wait_s), PIN_RIGHT);
	/* and the count begins anew */
	for (int i = 0; i < 5; i++)
		assert_int_equal(try_pin(&b, "李卫", WRONG, &wait_s), PIN_WRONG);
	assert_int_equal(wait_s, 30);
	assert_string_equal(value_of(&b,
				     "SELECT group_concat(type) FROM (SELECT type FROM event_words"
				     " ORDER BY seq LIMIT 3)",
				     out),
			    "account,login,login-refused");
	assert_int_equal(
		number_of(&b, "SELECT count(*) FROM event_words WHERE type = 'login-refused'"), 12);
	/* what lies on the disk is the hash, at the agreed cost, and never the PIN */
	char *file;
	size_t len;
	register_close(b.db);
	b.db = NULL;
	assert_int_equal(file_read(b.path, 1 << 20, &file, &len), 0);
	const char want[] = "$argon2id$v=19$m=19456,t=2,p=1$";
	assert_non_null(memmem(file, len, want, sizeof(want) - 1));
	assert_null(memmem(file, len, RIGHT, strlen(RIGHT)));
	free(file);
	bench_close(&b);
}

static void test_accounts(void **state)
{
	(void)state;
	struct bench b;
	struct account list[4], bad = { .name = "x", .role = ROLE_GUARD };
	int count;
	int32_t wait_s;

	bench_open(&b);
	make_account(&b, "b", ROLE_GUARD, RIGHT);
	make_account(&b, "a", ROLE_GUARD, "1234");
	make_account(&b, "office", ROLE_STAFF, "123456789012");
	assert_int_equal(register_accounts(b.db, ROLE_GUARD, list, 4, &count), 0);
	assert_int_equal(count, 2);
	assert_string_equal(list[0].name, "a");
	assert_string_equal(list[1].name, "b");
	assert_int_equal(register_accounts(b.db, ROLE_NONE, list, 4, &count), 0);
	assert_int_equal(count, 3);
	/* both log in at the guard's button */
	make_account(&b, "b", ROLE_SUPERVISOR, "7777");
	assert_int_equal(register_accounts(b.db, ROLE_GUARD, list, 4, &count), 0);
	assert_int_equal(count, 2);
	assert_int_equal(list[0].role, ROLE_GUARD);
	assert_string_equal(list[1].name, "b");
	assert_int_equal(list[1].role, ROLE_SUPERVISOR);
	assert_int_equal(register_accounts(b.db, ROLE_SUPERVISOR, list, 4, &count), 0);
	assert_int_equal(count, 1);
	assert_int_equal(register_accounts(b.db, ROLE_STAFF, list, 4, &count), 0);
	assert_int_equal(count, 1);
	assert_string_equal(list[0].name, "office");
	assert_int_equal(try_pin(&b, "b", RIGHT, &wait_s), PIN_WRONG);
	assert_int_equal(try_pin(&b, "b", "7777", &wait_s), PIN_RIGHT);
	static const char *const bad_pins[] = { "", "123", "1234567890123", "12a4", "12 34" };
	for (size_t i = 0; i < ARRAY_LEN(bad_pins); i++)
		assert_int_equal(register_account_set(b.db, &bad, bad_pins[i], 0, 0), -EINVAL);
	bad.role = ROLE_NONE;
	assert_int_equal(register_account_set(b.db, &bad, RIGHT, 0, 0), -EINVAL);
	bad = (struct account){ .name = "", .role = ROLE_GUARD };
	assert_int_equal(register_account_set(b.db, &bad, RIGHT, 0, 0), -EINVAL);
	bad = (struct account){ .name = "a\nb", .role = ROLE_GUARD };
	assert_int_equal(register_account_set(b.db, &bad, RIGHT, 0, 0), -EINVAL);
	enum pin_outcome outcome;
	assert_int_equal(
		register_pin_try(b.db, "nobody", RIGHT, 0, 0, true, &outcome, &bad, &wait_s),
		-ENOENT);
	int64_t bad_seq;
	assert_int_equal(register_verify(b.db, &bad_seq), 0);
	bench_close(&b);
}

/* Many accounts of a role are guessed no faster than one; the other role is not held up. */
static void test_role_is_locked_together(void **state)
{
	(void)state;
	struct bench b;
	int32_t wait_s;
	static const char *const names[] = { "a", "b", "c" };

	bench_open(&b);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		make_account(&b, names[i], ROLE_GUARD, RIGHT);
	make_account(&b, "office", ROLE_STAFF, RIGHT);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(try_pin(&b, names[i % 3], WRONG, &wait_s), PIN_WRONG);
	assert_int_equal(try_pin(&b, "c", RIGHT, &wait_s), PIN_LOCKED);
	assert_int_equal(wait_s, 30);
	assert_int_equal(try_pin(&b, "office", RIGHT, &wait_s), PIN_RIGHT);
	b.now_ms += 30000;
	/* a right PIN takes back its own wrong ones only: one of five */
	assert_int_equal(try_pin(&b, "c", RIGHT, &wait_s), PIN_RIGHT);
	assert_int_equal(try_pin(&b, "a", WRONG, &wait_s), PIN_WRONG);
	assert_int_equal(wait_s, 30);
	assert_int_equal(try_pin(&b, "b", WRONG, &wait_s), PIN_LOCKED);
	bench_close(&b);
}

/* Through the register, over many accounts, waiting exactly as long as it says. */
static void test_a_day_of_guessing(void **state)
{
	(void)state;
	struct bench b;
	int32_t wait_s;
	int looked_at = 0;
	static const char *const names[] = { "a", "b" };

	bench_open(&b);
	make_account(&b, "a", ROLE_GUARD, RIGHT);
	make_account(&b, "b", ROLE_GUARD, RIGHT);
	while (b.now_ms < MONDAY_MS + DAY_MS) {
		enum pin_outcome outcome = try_pin(&b, names[looked_at % 2], WRONG, &wait_s);
		assert_int_not_equal(outcome, PIN_RIGHT);
		looked_at += outcome == PIN_WRONG;
		b.now_ms += wait_s * INT64_C(1000);
		if (looked_at % 7 == 6 && outcome == PIN_WRONG) {
			bench_reopen(&b); /* restarting does not help */
			assert_int_equal(try_pin(&b, "a", RIGHT, &wait_s), PIN_LOCKED);
			b.now_ms += wait_s * INT64_C(1000);
		}
	}
	assert_true(looked_at <= 34);
	assert_true(looked_at >= 28);
	bench_close(&b);
}

/* Guards and supervisors stand in one list, but a PIN opens what its own account may do, and guards
 * guessed at cannot keep a supervisor from closing the gate. */
static void test_supervisor_among_guards(void **state)
{
	(void)state;
	struct bench b;
	struct account account;
	enum pin_outcome outcome;
	int32_t wait_s;

	bench_open(&b);
	make_account(&b, "guard", ROLE_GUARD, RIGHT);
	make_account(&b, "super", ROLE_SUPERVISOR, "975310");
	for (int i = 0; i < 5; i++)
		assert_int_equal(try_pin(&b, "guard", WRONG, &wait_s), PIN_WRONG);
	assert_int_equal(try_pin(&b, "guard", RIGHT, &wait_s), PIN_LOCKED);
	assert_int_equal(register_pin_try(b.db, "super", RIGHT, b.now_ms, mono_of(&b), true,
					  &outcome, &account, &wait_s),
			 0);
	assert_int_equal(outcome, PIN_WRONG); /* a guard's PIN is no supervisor's */
	assert_int_equal(register_pin_try(b.db, "super", "975310", b.now_ms, mono_of(&b), true,
					  &outcome, &account, &wait_s),
			 0);
	assert_int_equal(outcome, PIN_RIGHT);
	assert_int_equal(account.role, ROLE_SUPERVISOR);
	bench_close(&b);
}

/* Brings a fresh register to "an hour to wait" at its own moment. */
static void lock_for_an_hour(struct bench *b, bool trusted)
{
	int32_t wait_s = 0;

	make_account(b, "a", ROLE_GUARD, RIGHT);
	for (int i = 0; i < 12; i++) {
		b->now_ms += wait_s * INT64_C(1000);
		assert_int_equal(try_at(b, "a", WRONG, b->now_ms, mono_of(b), trusted, &wait_s),
				 PIN_WRONG);
	}
	assert_int_equal(wait_s, 3600);
}

static void test_setting_the_clock_gains_nothing(void **state)
{
	(void)state;
	struct bench b;
	int32_t wait_s;

	bench_open(&b);
	lock_for_an_hour(&b, true);
	int64_t mono_ms = mono_of(&b);
	/* forwards and backwards while running: only the monotonic clock counts */
	assert_int_equal(try_at(&b, "a", RIGHT, b.now_ms + 9 * DAY_MS, mono_ms, true, &wait_s),
			 PIN_LOCKED);
	assert_int_equal(wait_s, 3600);
	assert_int_equal(try_at(&b, "a", RIGHT, b.now_ms - 9 * DAY_MS, mono_ms, true, &wait_s),
			 PIN_LOCKED);
	assert_int_equal(wait_s, 3600);
	/* the nine days have been seen, so going there again over a restart counts nothing */
	bench_reopen(&b);
	assert_int_equal(try_at(&b, "a", RIGHT, b.now_ms + 9 * DAY_MS, 0, true, &wait_s),
			 PIN_LOCKED);
	assert_int_equal(wait_s, 3600);
	bench_close(&b);
}

static void test_time_switched_off(void **state)
{
	(void)state;
	struct bench b;
	int32_t wait_s;

	/* a clock nobody trusts: the hour has to be lived through */
	bench_open(&b);
	lock_for_an_hour(&b, false);
	bench_reopen(&b);
	assert_int_equal(try_at(&b, "a", RIGHT, b.now_ms + DAY_MS, 5000, false, &wait_s),
			 PIN_LOCKED);
	assert_int_equal(wait_s, 3600);
	assert_int_equal(try_at(&b, "a", RIGHT, b.now_ms + DAY_MS, 1805000, false, &wait_s),
			 PIN_LOCKED);
	assert_int_equal(wait_s, 1800);
	bench_reopen(&b); /* half an hour has been counted; the process starts, the machine not */
	assert_int_equal(try_at(&b, "a", RIGHT, b.now_ms + DAY_MS, 9999000, false, &wait_s),
			 PIN_LOCKED);
	assert_int_equal(wait_s, 1800);
	assert_int_equal(try_at(&b, "a", RIGHT, 0, 9999000 + 1800000, false, &wait_s), PIN_RIGHT);
	bench_close(&b);

	/* trusted before and after: it does not count either, or a clock set forward each time the
	 * power is pulled would buy tries */
	bench_open(&b);
	lock_for_an_hour(&b, true);
	bench_reopen(&b);
	assert_int_equal(try_at(&b, "a", RIGHT, b.now_ms + DAY_MS, 0, true, &wait_s), PIN_LOCKED);
	assert_int_equal(wait_s, 3600);
	assert_int_equal(try_at(&b, "a", RIGHT, b.now_ms + DAY_MS, HOUR_MS, true, &wait_s),
			 PIN_RIGHT);
	bench_close(&b);
}

/*
 * Somebody guesses for days, at every moment the register allows one, and does everything to be
 * allowed more: pulls the plug, sets the clock, goes from one account to the next; and the people
 * whose PINs these are log in in between, which sets their own counts back. In no 24 hours are more
 * than 34 wrong PINs looked at.
 */
static void test_days_of_attack(void **state)
{
	(void)state;
	struct bench b;
	static const char *const names[] = { "a", "b", "c" };
	int64_t looked[400], real = 0, boot_at = 0, jump = 0, next_login = 0;
	int count = 0, right = 0;
	uint64_t random = 4711;

	bench_open(&b);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		make_account(&b, names[i], ROLE_GUARD, RIGHT);
	while (real < 4 * DAY_MS) {
		uint64_t dice = next_random(&random);
		bool login = real >= next_login;
		int32_t wait_s;
		if (dice % 5 == 0) {
			bench_reopen(&b);
			boot_at = real;
		}
		if (dice / 5 % 3 == 0)
			jump = (int64_t)(dice / 64 % 4000) * DAY_MS - 400 * DAY_MS;
		enum pin_outcome outcome =
			try_at(&b, names[dice / 16 % 3], login ? RIGHT : WRONG,
			       MONDAY_MS + real + jump, real - boot_at, dice / 32 % 2, &wait_s);
		if (outcome == PIN_WRONG)
			looked[count++] = real;
		if (outcome == PIN_RIGHT) {
			right++;
			next_login = real + 3 * HOUR_MS;
		}
		real += wait_s > 0 ? wait_s * INT64_C(1000) : 1000;
	}
	for (int i = 0, first = 0; i < count; i++) {
		while (looked[i] - looked[first] > DAY_MS)
			first++;
		assert_true(i - first + 1 <= 34);
	}
	assert_true(count > 60); /* it was tried hard */
	assert_true(right > 10);
	bench_close(&b);
}

/* A volunteer's account ends by itself, and no clock brings it back. */
static void test_account_with_an_end(void **state)
{
	(void)state;
	struct bench b;
	struct account a = { .name = "志愿者", .role = ROLE_GUARD, .until_ms = MONDAY_MS + DAY_MS };
	struct account list[2];
	int count;
	int32_t wait_s;

	bench_open(&b);
	assert_int_equal(register_account_set(b.db, &a, RIGHT, b.now_ms, 0), 0);
	assert_int_equal(register_accounts(b.db, ROLE_GUARD, list, 2, &count), 0);
	assert_int_equal(list[0].until_ms, a.until_ms);
	/* the event says so too: seconds of 1970, then the role */
	char out[256];
	assert_string_equal(value_of(&b, "SELECT body FROM event_words", out),
			    "0D05D609A700020E09E5BF97E684BFE88085");
	b.now_ms = a.until_ms - 1;
	assert_int_equal(try_pin(&b, a.name, RIGHT, &wait_s), PIN_RIGHT);
	b.now_ms = a.until_ms;
	assert_int_equal(try_pin(&b, a.name, WRONG, &wait_s), PIN_WRONG);
	assert_int_equal(try_pin(&b, a.name, RIGHT, &wait_s), PIN_OVER);
	/* set back, the clock is doubtful, before and after a restart */
	assert_int_equal(try_at(&b, a.name, RIGHT, MONDAY_MS, mono_of(&b), false, &wait_s),
			 PIN_OVER);
	bench_reopen(&b);
	assert_int_equal(try_at(&b, a.name, RIGHT, 0, 0, false, &wait_s), PIN_OVER);
	/* made longer */
	a.until_ms = 0;
	assert_int_equal(register_account_set(b.db, &a, RIGHT, b.now_ms, 0), 0);
	assert_int_equal(try_pin(&b, a.name, RIGHT, &wait_s), PIN_RIGHT);
	a.until_ms = -1000;
	assert_int_equal(register_account_set(b.db, &a, RIGHT, b.now_ms, 0), -EINVAL);
	a.until_ms = 1500;
	assert_int_equal(register_account_set(b.db, &a, RIGHT, b.now_ms, 0), -EINVAL);
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_curve),
		cmocka_unit_test(test_thirty_four_a_day),
		cmocka_unit_test(test_right_and_wrong),
		cmocka_unit_test(test_accounts),
		cmocka_unit_test(test_role_is_locked_together),
		cmocka_unit_test(test_supervisor_among_guards),
		cmocka_unit_test(test_a_day_of_guessing),
		cmocka_unit_test(test_setting_the_clock_gains_nothing),
		cmocka_unit_test(test_time_switched_off),
		cmocka_unit_test(test_days_of_attack),
		cmocka_unit_test(test_account_with_an_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
