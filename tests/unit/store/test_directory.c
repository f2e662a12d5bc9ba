/*
 * Bundles in the register: all or nothing, never backwards, provable from the events, and in force
 * from then on. Long for the ways a disk can end it half-way.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/text.h"
#include "helper_store.h"
#include "helper_vfs.h"
#include "store/db.h"
#include "store/directory.h"

#define HASH_OF "$argon2id$v=19$m=19456,t=2,p=1$Cig4BN1N64L6UbD4Lg3H3g$GQzjkiMnYS++R+hYC/o+"
#define HASH_A HASH_OF "fTK4mWOPUnF0tnDvcheBkjw"
#define HASH_B HASH_OF "fTK4mWOPUnF0tnDvcheBkjx"

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

static struct import new_import(const struct bench *b, uint64_t number)
{
	return (struct import){ .number = number,
				.actor = "周敏",
				.wall_ms = b->now_ms,
				.mono_ms = b->now_ms - MONDAY_MS,
				.clock_trusted = true };
}

static void put(struct import *import, enum part_kind kind, int64_t version, const char *text)
{
	import->parts[kind] = (struct import_part){ version, text, strlen(text) };
}

static void put_bytes(struct import *import, enum part_kind kind, int64_t version,
		      const char *bytes, size_t len)
{
	import->parts[kind] = (struct import_part){ version, bytes, len };
}

static int take(struct bench *b, const struct import *import)
{
	struct receipt receipt;

	return register_import(b->db, import, &receipt);
}

static int take_one(struct bench *b, uint64_t number, enum part_kind kind, int64_t version,
		    const char *text)
{
	struct import import = new_import(b, number);

	put(&import, kind, version, text);
	return take(b, &import);
}

/* Everything a bundle can change, as one text. */
static void everything(struct bench *b, char out[2048])
{
	static const char *const SQL[] = {
		"SELECT group_concat(kind || number || version || hash, ';') FROM import_now",
		"SELECT group_concat(hex(text), ';') FROM import_text",
		"SELECT group_concat(kind || sort || key || more || tail, ';') FROM listed",
		"SELECT group_concat(name || role, ';') FROM account",
		"SELECT group_concat(serial || ' ' || revoked, ';') FROM pass",
		"SELECT count(*) FROM event",
	};
	char value[256];

	out[0] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(SQL); i++) {
		strcat(out, value_of(b, SQL[i], value));
		strcat(out, "\n");
	}
}

static void assert_verified(struct bench *b)
{
	int64_t bad;

	assert_int_equal(register_verify(b->db, &bad), 0);
	bench_reopen(b);
	assert_int_equal(register_verify(b->db, &bad), 0);
}

static void test_rulebook(void **state)
{
	struct bench *b = *state;
	int64_t version;
	char *text;
	size_t len;
	char out[256];

	assert_int_equal(register_part(b->db, PART_RULEBOOK, &version, &text, &len), -ENOENT);
	assert_null(text);
	assert_int_equal(take_one(b, 12, PART_RULEBOOK, 3, "abc"), 0);
	assert_int_equal(take_one(b, 13, PART_RULEBOOK, 4, "abcd"), 0);
	assert_verified(b);
	assert_int_equal(register_part(b->db, PART_RULEBOOK, &version, &text, &len), 0);
	assert_true(version == 4 && len == 4);
	assert_string_equal(text, "abcd");
	free(text);
	assert_string_equal(
		value_of(b, "SELECT actor FROM event_words WHERE type = 'imported'", out), "周敏");
	/* SHA-256 of "abcd" by coreutils' sha256sum */
	assert_string_equal(value_of(b, "SELECT hash FROM import_now", out),
			    "88d4266fd4e6338d13b845fcf289579d209c897823b9217da3e161936f031589");
	/* other bytes than the event names are no rulebook */
	bench_tamper(b, "UPDATE import_text SET text = CAST('abce' AS BLOB)");
	assert_int_equal(register_open(&b->db, b->path, OFFSET_MIN), 0);
	assert_int_equal(register_part(b->db, PART_RULEBOOK, &version, &text, &len), -EUCLEAN);
	assert_null(text);
}

/* Neither the number of a bundle nor the version of a part is ever taken twice, or smaller. */
static void test_never_backwards(void **state)
{
	struct bench *b = *state;
	struct import_state now;
	char before[2048], after[2048];

	assert_int_equal(register_imports(b->db, &now), 0);
	assert_true(now.last_number == 0 && now.versions[PART_RULEBOOK] == 0);
	assert_int_equal(take_one(b, 12, PART_RULEBOOK, 3, "abc"), 0);
	assert_int_equal(take_one(b, 14, PART_BLOCKED, 5, ""), 0);
	everything(b, before);
	for (int again = 0; again < 2; again++) {
		assert_int_equal(take_one(b, 14, PART_REVOKED, 1, ""), -EALREADY);
		assert_int_equal(take_one(b, 13, PART_RULEBOOK, 4, "abcd"), -EALREADY);
		assert_int_equal(take_one(b, 15, PART_RULEBOOK, 3, "abcd"), -EALREADY);
		assert_int_equal(take_one(b, 15, PART_RULEBOOK, 2, "abcd"), -EALREADY);
		assert_int_equal(take_one(b, 15, PART_BLOCKED, 5, "name\tA\t\n"), -EALREADY);
		bench_reopen(b);
	}
	everything(b, after);
	assert_string_equal(before, after);
	assert_int_equal(register_imports(b->db, &now), 0);
	assert_true(now.last_number == 14);
	assert_true(now.versions[PART_RULEBOOK] == 3 && now.versions[PART_BLOCKED] == 5);
	assert_int_equal(take_one(b, 15, PART_RULEBOOK, 4, "abcd"), 0);
	assert_verified(b);
}

/* The last part is bad: of the others, too, nothing is taken. */
static void test_all_or_nothing(void **state)
{
	struct bench *b = *state;
	struct import import = new_import(b, 5);
	char before[2048], after[2048];

	assert_int_equal(take_one(b, 4, PART_HOUSEHOLDS, 1, "1\t\t\n"), 0);
	everything(b, before);
	assert_int_equal(take(b, &import), -EINVAL); /* without any part */
	put(&import, PART_RULEBOOK, 3, "abc");
	put(&import, PART_ACCOUNTS, 3, "李强\tguard\t" HASH_A "\n");
	put(&import, PART_HOUSEHOLDS, 3, "2\t\t\n");
	put(&import, PART_BLOCKED, 3, "name\tA\t\nname\tA\t\n");
	assert_int_equal(take(b, &import), -EINVAL);
	everything(b, after);
	assert_string_equal(before, after);
	assert_int_equal(
		register_import_changes(b->db, &import, (struct part_change[PART_COUNT_]){ 0 }),
		-EINVAL);
	put(&import, PART_BLOCKED, 3, "name\tA\t\n");
	assert_int_equal(take(b, &import), 0);
	assert_verified(b);
}

static void test_accounts(void **state)
{
	struct bench *b = *state;
	struct import import = new_import(b, 1);
	struct account old = { .role = ROLE_GUARD, .name = "陈静" };
	struct part_change c[PART_COUNT_];
	enum role role;
	char out[256];

	assert_int_equal(register_account_set(b->db, &old, "135790", b->now_ms, 0), 0);
	put(&import, PART_ACCOUNTS, 1,
	    "周敏\tstaff\t" HASH_A "\n孙立\tguard\t" HASH_A "\n李强\tguard\t" HASH_A "\n");
	assert_int_equal(register_import_changes(b->db, &import, c), 0);
	assert_true(c[PART_ACCOUNTS].present && !c[PART_RULEBOOK].present);
	assert_true(c[PART_ACCOUNTS].total == 3 && c[PART_ACCOUNTS].added == 3 &&
		    c[PART_ACCOUNTS].changed == 0 && c[PART_ACCOUNTS].removed == 1);
	assert_int_equal(take(b, &import), 0);
	assert_string_equal(value_of(b, "SELECT group_concat(name, ' ') FROM account", out),
			    "周敏 孙立 李强");
	/* one as it was, one with another PIN, one gone, one promoted */
	assert_int_equal(sqlite3_exec(b->db->sqlite, "UPDATE account SET tries = 3", 0, 0, 0), 0);
	import = new_import(b, 2);
	put(&import, PART_ACCOUNTS, 2,
	    "周敏\tsupervisor\t" HASH_A "\n孙立\tguard\t" HASH_A "\n赵队长\tstaff\t" HASH_B "\n");
	assert_int_equal(register_import_changes(b->db, &import, c), 0);
	assert_true(c[PART_ACCOUNTS].added == 1 && c[PART_ACCOUNTS].changed == 1 &&
		    c[PART_ACCOUNTS].removed == 1 && c[PART_ACCOUNTS].before == 1);
	assert_int_equal(take(b, &import), 0);
	assert_string_equal(
		value_of(b, "SELECT group_concat(name || role || tries, ' ') FROM account", out),
		"周敏20 孙立13 赵队长30");
	assert_int_equal(register_account_role(b->db, "周敏", &role), 0);
	assert_int_equal(role, ROLE_SUPERVISOR);
	assert_int_equal(register_account_role(b->db, "李强", &role), 0);
	assert_int_equal(role, ROLE_NONE);
	/* each change of an account is an event: 1 by hand, 3 new, 1 gone; 1 new, 1 changed, 1 gone
	 */
	assert_int_equal(number_of(b, "SELECT count(*) FROM event_words WHERE type = 'account'"),
			 8);
	assert_verified(b);
}

/* A PIN whose hash came in a list opens the account; hash made here with another library's word. */
static void test_pin_of_a_list(void **state)
{
	struct bench *b = *state;
	/* of 445566, by gatehouse-office account */
	static const char LIST[] = "孙立\tguard\t$argon2id$v=19$m=19456,t=2,p=1$"
				   "rxf1MBevax2q5160r6PeaQ$"
				   "d0NGd/7d/2Kvbqyckq/sO+jgY/d17AFfOLw6JtSPKOM\n";
	enum pin_outcome outcome;
	struct account account;
	int32_t wait_s;

	assert_int_equal(take_one(b, 1, PART_ACCOUNTS, 1, LIST), 0);
	assert_int_equal(register_pin_try(b->db, "孙立", "445567", b->now_ms, 1, true, &outcome,
					  &account, &wait_s),
			 0);
	assert_int_equal(outcome, PIN_WRONG);
	assert_int_equal(register_pin_try(b->db, "孙立", "445566", b->now_ms, 2, true, &outcome,
					  &account, &wait_s),
			 0);
	assert_int_equal(outcome, PIN_RIGHT);
	assert_int_equal(account.role, ROLE_GUARD);
}

static void admit(struct bench *b, unsigned n, uint64_t serial)
{
	struct visit v = sample_visit(n);

	v.id = register_sample(b, n);
	sample_admit(&v, serial, b->now_ms);
	assert_int_equal(record_visit(b, ENTRY_DECIDED, &v, NULL), 0);
}

static void test_revoked(void **state)
{
	struct bench *b = *state;
	struct import import = new_import(b, 1);
	struct part_change c[PART_COUNT_];
	struct pass_record record;
	char out[256];

	admit(b, 1, 1001);
	admit(b, 2, 1002);
	put(&import, PART_REVOKED, 1, "1002\t遗失\n77\t\n");
	assert_int_equal(register_import_changes(b->db, &import, c), 0);
	assert_true(c[PART_REVOKED].total == 2 && c[PART_REVOKED].added == 1 &&
		    c[PART_REVOKED].removed == 0);
	assert_int_equal(take(b, &import), 0);
	assert_int_equal(register_pass(b->db, 1001, &record), 0);
	assert_false(record.revoked);
	assert_int_equal(register_pass(b->db, 1002, &record), 0);
	assert_true(record.revoked);
	assert_string_equal(value_of(b,
				     "SELECT actor || ' ' || count(*) FROM event_words"
				     " WHERE type = 'pass-revoked'",
				     out),
			    "周敏 1");
	/* a later list without it does not bring it back, one with it again changes nothing */
	assert_int_equal(take_one(b, 2, PART_REVOKED, 2, ""), 0);
	assert_int_equal(take_one(b, 3, PART_REVOKED, 3, "1001\t\n1002\t\n"), 0);
	assert_int_equal(register_pass(b->db, 1002, &record), 0);
	assert_true(record.revoked);
	assert_int_equal(number_of(b, "SELECT count(*) FROM event_words"
				      " WHERE type = 'pass-revoked'"),
			 2);
	assert_verified(b);
}

static struct listing look(struct bench *b, const char *name, const char *document,
			   const char *household)
{
	struct person p = { .document_kind = DOCUMENT_PASSPORT };
	struct listing l;

	text_copy(p.name, sizeof(p.name), name);
	text_copy(p.document, sizeof(p.document), document);
	text_copy(p.household, sizeof(p.household), household);
	assert_int_equal(register_listing(b->db, &p, b->now_ms, &l), 0);
	return l;
}

static void test_lists(void **state)
{
	struct bench *b = *state;
	struct import import = new_import(b, 1);
	struct part_change c[PART_COUNT_];
	struct listing l = look(b, "李小龙", "E12345678", "9-9-9");

	assert_false(l.document || l.name || l.household_unknown); /* without lists nothing */
	put(&import, PART_HOUSEHOLDS, 1, "3-2-501\t一网格\t1234\n3-2-502\t\t\n");
	put(&import, PART_BLOCKED, 1, "document\tE12345678\t七号\nname\t李小龙\t八号\n");
	assert_int_equal(take(b, &import), 0);
	bench_reopen(b);
	l = look(b, "李小龙", "e1234-5678", "3号楼2单元501室");
	assert_true(l.document && !l.name && !l.household_unknown); /* the number is enough */
	assert_string_equal(l.why, "七号");
	assert_string_equal(l.grid, "一网格");
	assert_string_equal(l.phone_tail, "1234");
	l = look(b, "李 小龙", "E12345679", "3-2-503");
	assert_true(!l.document && l.name && l.household_unknown);
	assert_string_equal(l.why, "八号");
	l = look(b, "王五", "E12345679", "");
	assert_true(!l.document && !l.name && l.household_unknown);
	assert_string_equal(l.why, "");
	/* the next list replaces the whole of the one before, and only that */
	import = new_import(b, 2);
	put(&import, PART_BLOCKED, 2, "document\tE12345678\t九号\nname\t张三\t\n");
	assert_int_equal(register_import_changes(b->db, &import, c), 0);
	assert_true(c[PART_BLOCKED].total == 2 && c[PART_BLOCKED].added == 1 &&
		    c[PART_BLOCKED].changed == 1 && c[PART_BLOCKED].removed == 1);
	assert_int_equal(take(b, &import), 0);
	l = look(b, "李小龙", "E12345678", "3-2-501");
	assert_string_equal(l.why, "九号");
	assert_string_equal(l.grid, "一网格");
	l = look(b, "李小龙", "E1", "3-2-501");
	assert_false(l.name);
	/* an empty directory knows nobody, so it asks about nobody */
	assert_int_equal(take_one(b, 3, PART_HOUSEHOLDS, 3, ""), 0);
	assert_false(look(b, "a", "b", "9-9-9").household_unknown);
	assert_verified(b);
}

/* What is said in an event must be what this program says in one. */
static void test_events(void **state)
{
	struct bench *b = *state;
	static const char GOOD[] =
		"blocked 3 88d4266fd4e6338d13b845fcf289579d209c897823b9217da3e161936f031589";
	static const char *const BAD[] = {
		"",
		"blocked",
		"blocked 3",
		"blocked 3 88d4",
		"blocked 0 88d4266fd4e6338d13b845fcf289579d209c897823b9217da3e161936f031589",
		"blocked x 88d4266fd4e6338d13b845fcf289579d209c897823b9217da3e161936f031589",
		"roster 3 88d4266fd4e6338d13b845fcf289579d209c897823b9217da3e161936f031589",
		"blocked 3 88D4266fd4e6338d13b845fcf289579d209c897823b9217da3e161936f031589",
	};

	for (size_t i = 0; i < ARRAY_LEN(BAD); i++)
		assert_int_equal(record_by(b, ENTRY_IMPORTED, NULL, "x", BAD[i], 1, NULL), -EINVAL);
	assert_int_equal(record_by(b, ENTRY_IMPORTED, NULL, "x", GOOD, 0, NULL), -EINVAL);
	assert_int_equal(record_by(b, ENTRY_IMPORTED, NULL, "x", GOOD, 1, NULL), 0);
	assert_int_equal(record_by(b, ENTRY_IMPORTED, NULL, "x", GOOD, 2, NULL), -EALREADY);
	/* the projection is compared with the events */
	bench_tamper(b, "UPDATE import_now SET number = 0");
	int64_t bad;
	assert_int_equal(register_open(&b->db, b->path, OFFSET_MIN), 0);
	assert_int_equal(register_verify(b->db, &bad), -EUCLEAN);
	assert_int_equal(bad, 1);
}

/* The longest words a detail can have still fit. */
static void test_longest_detail(void **state)
{
	struct bench *b = *state;

	for (enum part_kind k = 0; k < PART_COUNT_; k++)
		assert_int_equal(take_one(b, 100 + k, k, PART_VERSION_MAX,
					  k == PART_ACCOUNTS ? "a\tguard\t" HASH_A "\n" : ""),
				 0);
	assert_verified(b);
}

/* A register of version 2 knows nothing of bundles, and is brought up. */
static void test_version_2_is_brought_up(void **state)
{
	struct bench *b = *state;
	struct import_state now;
	struct visit v = sample_visit(1);

	v.code_digest = 0; /* no part of a person then */
	assert_int_equal(record_visit(b, ENTRY_REGISTERED, &v, NULL), 0);
	bench_tamper(b, "DROP TABLE import_now; DROP TABLE import_text; DROP TABLE listed;"
			"DROP TABLE pin_paid; ALTER TABLE account DROP COLUMN until_ms; DROP "
			"TRIGGER person_gone; DROP TABLE search; DROP TABLE search_mark; DROP "
			"TABLE search_gone; DROP TABLE walked; DROP TABLE tally; DROP TABLE "
			"report; DROP INDEX "
			"visit_odd; DROP INDEX person_plate; DROP TABLE stock; DROP TABLE ledger; "
			"ALTER TABLE person DROP COLUMN plate; ALTER TABLE person DROP COLUMN "
			"code; PRAGMA user_version = 2;");
	assert_int_equal(register_open(&b->db, b->path, OFFSET_MIN), 0);
	assert_int_equal(register_imports(b->db, &now), 0);
	assert_int_equal(take_one(b, 1, PART_BLOCKED, 1, "name\tA\t\n"), 0);
	assert_verified(b);
}

#define NOTICES_OLD "GHN1\0\3\1a\0\0\0\1x\1b\0\0\0\1y\1c\0\0\0\1z"
#define NOTICES_NEW "GHN1\0\3\1b\0\0\0\1y\1c\0\0\0\2zz\1d\0\0\0\0"
#define SOUNDS_OLD "GHS1\0\1\1a\0\0\0\1x"
#define SOUNDS_NEW "GHS1\0\0"

/* Packs are kept byte for byte, replaced whole, and counted by the names in them. */
static void test_packs(void **state)
{
	struct bench *b = *state;
	struct import import = new_import(b, 1);
	struct part_change c[PART_COUNT_];
	int64_t version;
	char *text;
	size_t len;

	assert_int_equal(register_part(b->db, PART_NOTICES, &version, &text, &len), -ENOENT);
	put_bytes(&import, PART_NOTICES, 1, NOTICES_OLD, sizeof(NOTICES_OLD) - 1);
	put_bytes(&import, PART_SOUNDS, 1, SOUNDS_OLD, sizeof(SOUNDS_OLD) - 1);
	assert_int_equal(register_import_changes(b->db, &import, c), 0);
	assert_true(c[PART_NOTICES].total == 3 && c[PART_NOTICES].added == 3);
	assert_int_equal(take(b, &import), 0);
	import = new_import(b, 2);
	put_bytes(&import, PART_NOTICES, 2, NOTICES_NEW, sizeof(NOTICES_NEW) - 1);
	put_bytes(&import, PART_SOUNDS, 2, SOUNDS_NEW, sizeof(SOUNDS_NEW) - 1);
	assert_int_equal(register_import_changes(b->db, &import, c), 0);
	assert_true(c[PART_NOTICES].total == 3 && c[PART_NOTICES].added == 1 &&
		    c[PART_NOTICES].changed == 1 && c[PART_NOTICES].removed == 1);
	assert_true(c[PART_SOUNDS].total == 0 && c[PART_SOUNDS].removed == 1);
	assert_true(c[PART_SOUNDS].before == 1 && c[PART_SOUNDS].version == 2);
	assert_int_equal(take(b, &import), 0);
	assert_verified(b);
	assert_int_equal(register_part(b->db, PART_NOTICES, &version, &text, &len), 0);
	assert_true(version == 2 && len == sizeof(NOTICES_NEW) - 1);
	assert_memory_equal(text, NOTICES_NEW, len);
	free(text);
	/* one kind in the place of the other is none */
	import = new_import(b, 3);
	put_bytes(&import, PART_NOTICES, 3, SOUNDS_OLD, sizeof(SOUNDS_OLD) - 1);
	assert_int_equal(register_import_changes(b->db, &import, c), -EINVAL);
	bench_tamper(b, "UPDATE import_text SET text = CAST('GHN1' AS BLOB)");
	assert_int_equal(register_open(&b->db, b->path, OFFSET_MIN), 0);
	assert_int_equal(register_part(b->db, PART_NOTICES, &version, &text, &len), -EUCLEAN);
	assert_null(text);
}

static const char OLD_ACCOUNTS[] = "周敏\tstaff\t" HASH_A "\n李强\tguard\t" HASH_A "\n";
static const char NEW_ACCOUNTS[] = "周敏\tstaff\t" HASH_B "\n孙立\tguard\t" HASH_A "\n";

static void begin_with_old(struct bench *b)
{
	struct import import = new_import(b, 1);

	admit(b, 1, 1001);
	put(&import, PART_RULEBOOK, 1, "old");
	put(&import, PART_ACCOUNTS, 1, OLD_ACCOUNTS);
	put(&import, PART_HOUSEHOLDS, 1, "1\t\t\n");
	put(&import, PART_BLOCKED, 1, "name\tA\t\n");
	put_bytes(&import, PART_NOTICES, 1, NOTICES_OLD, sizeof(NOTICES_OLD) - 1);
	put_bytes(&import, PART_SOUNDS, 1, SOUNDS_OLD, sizeof(SOUNDS_OLD) - 1);
	assert_int_equal(take(b, &import), 0);
}

static int go_on_to_new(struct bench *b)
{
	struct import import = new_import(b, 2);

	put(&import, PART_RULEBOOK, 2, "new");
	put(&import, PART_ACCOUNTS, 2, NEW_ACCOUNTS);
	put(&import, PART_REVOKED, 2, "1001\t\n");
	put(&import, PART_HOUSEHOLDS, 2, "2\t\t\n3\t\t\n");
	put(&import, PART_BLOCKED, 2, "document\tE1\t\n");
	put_bytes(&import, PART_NOTICES, 2, NOTICES_NEW, sizeof(NOTICES_NEW) - 1);
	put_bytes(&import, PART_SOUNDS, 2, SOUNDS_NEW, sizeof(SOUNDS_NEW) - 1);
	return take(b, &import);
}

/* How everything stands before and after. */
static void old_and_new(char old[2048], char new[2048])
{
	struct bench b;

	bench_open(&b);
	begin_with_old(&b);
	everything(&b, old);
	assert_int_equal(go_on_to_new(&b), 0);
	everything(&b, new);
	assert_string_not_equal(old, new);
	bench_close(&b);
}

/* The n-th write or flush fails, n = 1, 2, 3 … until none does: the old or the new, nothing else.
 */
static void nth_fault(unsigned ops, int rc, int want)
{
	char old[2048], new[2048], is[2048];
	bool bitten = true;

	old_and_new(old, new);
	for (long n = 1; bitten; n++) {
		struct bench b;
		struct fault_vfs f = { .fail_at = 0 };
		bench_open(&b);
		register_close(b.db);
		vfs_install(&f);
		assert_int_equal(register_open(&b.db, b.path, OFFSET_MIN), 0);
		begin_with_old(&b);
		f.fail_at = n;
		f.fail_ops = ops;
		f.fail_rc = rc;
		int r = go_on_to_new(&b);
		bitten = f.bitten;
		if (r)
			assert_int_equal(r, want);
		register_close(b.db);
		vfs_remove(&f);
		assert_int_equal(register_open(&b.db, b.path, OFFSET_MIN), 0);
		everything(&b, is);
		if (r == 0)
			assert_string_equal(is, new);
		else if (strcmp(is, new) != 0)
			assert_string_equal(is, old);
		assert_true(bitten || n > 1);
		if (strcmp(is, old) == 0)
			assert_int_equal(go_on_to_new(&b), 0); /* and then it is taken */
		assert_verified(&b);
		bench_close(&b);
	}
}

static void test_faults(void **state)
{
	(void)state;
	nth_fault(1U << VFS_WRITE, SQLITE_FULL, -ENOSPC);
	nth_fault(1U << VFS_WRITE, SQLITE_IOERR_WRITE, -EIO);
	nth_fault(1U << VFS_SYNC, SQLITE_IOERR_FSYNC, -EIO);
}

#define CUTS_MAX 256

struct cutter {
	struct bench *bench;
	uint64_t random;
	int cuts;
};

static void cut_dir(const struct cutter *c, int n, char dir[64])
{
	text_format(dir, 64, "%s/cut-%d", c->bench->dir, n);
}

/* Pulled before every single operation, and several times before each flush. */
static void cut(struct fault_vfs *f, enum vfs_op op, bool main_file)
{
	struct cutter *c = f->ctx;
	char dir[64];

	(void)main_file;
	for (int i = 0; i < (op == VFS_SYNC ? 8 : 1) && c->cuts < CUTS_MAX; i++) {
		cut_dir(c, c->cuts++, dir);
		assert_int_equal(mkdir(dir, 0700), 0);
		vfs_cut(f, dir, &c->random);
	}
}

static void test_power_cuts(void **state)
{
	(void)state;
	char old[2048], new[2048], is[2048];
	struct bench b;
	struct fault_vfs f = { .cutting = true };
	struct cutter c = { .bench = &b, .random = 20261123 };
	int olds = 0;

	old_and_new(old, new);
	bench_open(&b);
	register_close(b.db);
	vfs_install(&f);
	assert_int_equal(register_open(&b.db, b.path, OFFSET_MIN), 0);
	begin_with_old(&b);
	f.ctx = &c;
	f.cut_hook = cut;
	assert_int_equal(go_on_to_new(&b), 0);
	cut(&f, VFS_WRITE, true); /* acknowledged */
	f.cut_hook = NULL;
	register_close(b.db);
	b.db = NULL;
	vfs_remove(&f);
	for (int i = 0; i < c.cuts; i++) {
		struct bench after = { .now_ms = MONDAY_MS };
		cut_dir(&c, i, after.dir);
		text_format(after.path, sizeof(after.path), "%s/register.db", after.dir);
		assert_int_equal(register_open(&after.db, after.path, OFFSET_MIN), 0);
		everything(&after, is);
		bool is_old = strcmp(is, old) == 0;
		if (!is_old)
			assert_string_equal(is, new);
		assert_true(is_old || i > 0);
		assert_true(!is_old || i < c.cuts - 1);
		olds += is_old;
		bench_close(&after);
	}
	print_message("%d cuts: %d old, %d new\n", c.cuts, olds, c.cuts - olds);
	assert_true(olds > 4 && olds < c.cuts);
	bench_close(&b);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static struct listing look_number(struct bench *b, enum document_kind kind, const char *number)
{
	struct person p = { .document_kind = kind };
	struct listing l;

	text_copy(p.document, sizeof(p.document), number);
	assert_int_equal(register_listing(b->db, &p, b->now_ms, &l), 0);
	assert_false(l.document || l.name || l.household_unknown); /* it is no more than a line */
	return l;
}

/* 11010519491231002X and 440524188001010014 are the examples of GB 11643. */
static void test_key_areas(void **state)
{
	struct bench *b = *state;
	struct import import = new_import(b, 1);
	struct part_change c[PART_COUNT_];
	struct key_areas areas;

	assert_int_equal(register_key_areas(b->db, b->now_ms, &areas), 0);
	assert_int_equal(areas.count, 0);
	assert_string_equal(areas.day, "");
	assert_string_equal(look_number(b, DOCUMENT_ID_CARD, "11010519491231002X").area, "");
	put(&import, PART_REGIONS, 1,
	    "11\t北京市\t2026-11-01\n110105\t朝阳区\t2026-11-20\n31\t上海市\t2026-11-24\n"
	    "4405\t汕头市\t2026-11-23\n");
	assert_int_equal(take(b, &import), 0);
	bench_reopen(b);
	assert_int_equal(register_key_areas(b->db, b->now_ms, &areas), 0);
	assert_true(areas.count == 3 && areas.named == 3); /* one counts from tomorrow */
	assert_string_equal(areas.names, "北京市、朝阳区、汕头市");
	assert_string_equal(areas.day, "2026-11-23");
	assert_int_equal(register_key_areas(b->db, b->now_ms + 86400000, &areas), 0);
	assert_int_equal(areas.count, 4);
	/* the most exact one; of another kind of document nothing is said */
	assert_string_equal(look_number(b, DOCUMENT_ID_CARD, "11010519491231002X").area, "朝阳区");
	assert_string_equal(look_number(b, DOCUMENT_ID_CARD, "440524188001010014").area, "汕头市");
	assert_string_equal(look_number(b, DOCUMENT_ID_CARD, "440524188001010015").area, "");
	assert_string_equal(look_number(b, DOCUMENT_PASSPORT, "11010519491231002X").area, "");
	/* not yet in force: the wider one that is */
	import = new_import(b, 2);
	put(&import, PART_REGIONS, 2, "11\t北京市\t2026-11-01\n110105\t朝阳区\t2026-11-24\n");
	assert_int_equal(register_import_changes(b->db, &import, c), 0);
	assert_true(c[PART_REGIONS].total == 2 && c[PART_REGIONS].added == 0 &&
		    c[PART_REGIONS].changed == 1 && c[PART_REGIONS].removed == 2);
	assert_int_equal(take(b, &import), 0);
	assert_string_equal(look_number(b, DOCUMENT_ID_CARD, "11010519491231002X").area, "北京市");
	assert_int_equal(take_one(b, 3, PART_REGIONS, 3, ""), 0);
	assert_int_equal(register_key_areas(b->db, b->now_ms, &areas), 0);
	assert_int_equal(areas.count, 0);
	assert_verified(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_rulebook),
		TEST(test_never_backwards),
		TEST(test_all_or_nothing),
		TEST(test_accounts),
		TEST(test_pin_of_a_list),
		TEST(test_revoked),
		TEST(test_lists),
		TEST(test_key_areas),
		TEST(test_packs),
		TEST(test_events),
		TEST(test_longest_detail),
		TEST(test_version_2_is_brought_up),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_power_cuts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
