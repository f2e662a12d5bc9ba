/*
 * Who is found by what, held against looking at everybody; and that nothing is left in the index of
 * somebody whose personal fields are deleted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/text.h"
#include "helper_store.h"
#include "helper_vfs.h"
#include "store/db.h"
#include "store/retention.h"
#include "store/search.h"
#include "store/search_check.h"
#include "store/search_run.h"

#define UPTO "SELECT upto FROM search_mark WHERE level = 0"

static int setup(void **state)
{
	static struct bench b;

	bench_open(&b);
	*state = &b;
	return 0;
}

static int teardown(void **state)
{
	bench_close(*state);
	return 0;
}

static uint64_t add_driver(struct bench *b, const char *name, const char *phone,
			   const char *document, const char *plate)
{
	struct visit v = sample_visit(1);
	struct receipt receipt;

	text_copy(v.person.name, sizeof(v.person.name), name);
	text_copy(v.person.phone, sizeof(v.person.phone), phone);
	text_copy(v.person.document, sizeof(v.person.document), document);
	text_copy(v.person.plate, sizeof(v.person.plate), plate);
	v.code_digest = 0; /* no part of a person in older versions */
	assert_int_equal(record_visit(b, ENTRY_REGISTERED, &v, &receipt), 0);
	return receipt.visit_id;
}

static uint64_t add(struct bench *b, const char *name, const char *phone, const char *document)
{
	return add_driver(b, name, phone, document, "");
}

/* Nobody a query below means: to fill batches with. */
static void fill(struct bench *b, int count)
{
	for (int i = 0; i < count; i++)
		add(b, "丙", "02", "ZZZZ9");
}

#define FOUND_MAX 64

static void expect_ids(struct bench *b, const char *text, const char *want)
{
	static struct visit visits[FOUND_MAX];
	char got[FOUND_MAX * 8] = "";
	int count;

	assert_int_equal(register_search(b->db, text, visits, FOUND_MAX, &count), 0);
	for (int i = 0; i < count; i++)
		text_format(got + strlen(got), sizeof(got) - strlen(got), "%s%llu", i ? " " : "",
			    (unsigned long long)visits[i].id);
	if (strcmp(got, want) != 0)
		print_error("\"%s\" finds \"%s\"\n", text, got);
	assert_string_equal(got, want);
}

static const struct {
	const char *name, *phone, *document, *plate;
} people[] = {
	{ "欧阳修", "13800138000", "110105194912310021", "苏F12345" }, /* 1 */
	{ "王阳", "13900001111", "11010519491231002X", "苏FD12345" }, /* 2 */
	{ "阳欧明", "057188886666", "E12345678", "粤Z1234港" }, /* 3 */
	{ "John Smith", "+86 139 0000-2222", "C01234567", "" }, /* 4 */
	{ "买买提·艾山", "1391", "650101199001014321", "" }, /* 5 */
	{ "\xF0\xA0\xAE\xB7𬀪", "", "", "" }, /* 6: Ext B and E */
	{ "Jonas 李", "8", "1234", "" }, /* 7 */
	{ "ＷＡＮＧ　Ｗｅｉ", "13800138000", "110105194912310021", "" }, /* 8: full width */
	{ "Ömer Çelik", "15", "U99990001", "" }, /* 9 */
	{ "〇々", "15", "0000", "" }, /* 10 */
	{ "葛\xF3\xA0\x84\x80优", "15", "0000", "" }, /* 11: with a variation selector */
};

static const struct {
	const char *text, *want;
} cases[] = {
	{ "欧阳", "1" },
	{ "欧", "3 1" },
	{ "阳", "3 2 1" },
	{ "阳修", "1" },
	{ "修", "1" },
	{ "欧阳修", "1" },
	{ "阳欧", "3" },
	{ "修欧", "" },
	{ "欧修", "" }, /* not one run */
	{ "欧 修", "1" }, /* two */
	{ "王", "2" },
	{ "\xF0\xA0\xAE\xB7", "6" },
	{ "𬀪", "6" },
	{ "\xF0\xA0\xAE\xB6", "" }, /* its neighbour */
	{ "艾山", "5" },
	{ "买提艾山", "" },
	{ "买提·艾山", "5" },
	{ "买提.艾", "5" },
	{ "葛优", "11" },
	{ "々", "10" },
	{ "〇", "10" },
	{ "j", "7 4" },
	{ "JO", "7 4" },
	{ "joh", "4" },
	{ "john", "4" },
	{ "johns", "" },
	{ "ohn", "" }, /* not the beginning */
	{ "smith john", "4" },
	{ "smith, j.", "4" },
	{ "李jonas", "7" },
	{ "Ｊｏｈｎ", "4" },
	{ "wei", "8" },
	{ "wang", "8" },
	{ "ömer", "9" },
	{ "ÖMER ç", "9" },
	{ "1", "11 10 9 8 5 2 1" },
	{ "13", "8 5 2 1" },
	{ "138", "8 1" },
	{ "1380", "8 1" },
	{ "１３８０", "8 1" },
	{ "138-0013", "8 1" },
	{ "13800138000", "8 1" },
	{ "138001380001", "" },
	{ "1391", "5" },
	{ "139", "5 2" },
	{ "8613900002222", "4" },
	{ "86 139", "4" },
	{ "0571", "3" },
	{ "571", "" },
	{ "8", "7 4" },
	{ "0021", "8 1" },
	{ "021", "" }, /* four */
	{ "002x", "2" },
	{ "002Ｘ", "2" },
	{ "11010519491231002x", "" }, /* no more than four */
	{ "4321", "5" },
	{ "5678", "3" },
	{ "1234", "7 3" },
	{ "E12345678", "" },
	{ "e1234567", "" },
	/* plates */
	{ "苏", "2 1" },
	{ "苏f", "2 1" },
	{ "苏F1", "1" },
	{ "苏F·12345", "1" },
	{ "苏 FD 12345", "2" },
	{ "苏FD123456", "" },
	{ "F12345", "" }, /* not the beginning */
	{ "2345", "2 1" },
	{ "粤Z1234港", "3" },
	{ "1234港", "" },
	{ "苏E", "" },
	/* nothing to look for, or nothing that anybody is called */
	{ "", "" },
	{ " 　·-", "" },
	{ "\"欧阳\"", "1" },
	{ "欧*", "3 1" },
	{ "欧 OR 王", "" },
	{ "name:欧", "" },
	{ "' OR 1=1 --", "" },
	{ "%", "" },
	{ "_", "" },
	{ "欧%", "3 1" },
	{ "NEAR(欧 阳)", "" },
	{ "\xFF\xFE", "" },
	{ "\xE6\xAC", "" },
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "a",
	  "" },
	{ "阳阳阳阳阳阳阳阳阳阳阳阳阳阳阳阳阳阳阳阳阳阳阳阳阳", "" },
};

static void expect_cases(struct bench *b)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		expect_ids(b, cases[i].text, cases[i].want);
}

/* The same answers before and after the index has taken them in. */
static void test_who_is_found(void **state)
{
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(people); i++)
		assert_int_equal(add_driver(b, people[i].name, people[i].phone, people[i].document,
					    people[i].plate),
				 i + 1);
	expect_cases(b);
	assert_int_equal(number_of(b, "SELECT count(*) FROM search"), 0);
	fill(b, SEARCH_BATCH - (int)ARRAY_LEN(people));
	assert_int_equal(number_of(b, UPTO), SEARCH_BATCH);
	assert_true(number_of(b, "SELECT count(*) FROM search") > 0);
	expect_cases(b);
	bench_reopen(b);
	expect_cases(b);
}

static void test_at_most(void **state)
{
	struct bench *b = *state;
	struct visit visits[3];
	int count;

	for (int i = 0; i < 2 * SEARCH_BATCH; i++)
		add(b, i % 100 == 0 ? "欧阳修" : "王阳", "1", "0000");
	expect_ids(b, "欧阳", "1001 901 801 701 601 501 401 301 201 101 1");
	assert_int_equal(register_search(b->db, "阳", visits, 3, &count), 0);
	assert_int_equal(count, 3);
	assert_int_equal(visits[0].id, 1024);
	assert_int_equal(visits[2].id, 1022);
	assert_string_equal(visits[2].person.name, "王阳");
	assert_int_equal(visits[2].state, VISIT_WAITING);
	assert_int_equal(register_search(b->db, "欧", visits, 0, &count), 0);
	assert_int_equal(count, 0);
}

/* Made-up people of few characters, so that much is alike. */
static struct person somebody(uint64_t *random)
{
	static const char *const characters[] = { "王", "李", "欧", "阳", "伟", "𠮷", "明" };
	struct person p = { .document_kind = DOCUMENT_PASSPORT };
	uint64_t length = 1 + next_random(random) % 4;

	for (uint64_t i = 0; i < length; i++)
		text_format(p.name + strlen(p.name), sizeof(p.name) - strlen(p.name), "%s",
			    characters[next_random(random) % ARRAY_LEN(characters)]);
	length = next_random(random) % 12;
	for (uint64_t i = 0; i < length; i++)
		p.phone[i] = (char)('0' + next_random(random) % 3);
	length = 4 + next_random(random) % 4;
	for (uint64_t i = 0; i < length; i++)
		p.document[i] = "01X"[next_random(random) % 3];
	return p;
}

static bool is_meant(const struct person *p, const char *text)
{
	size_t len = strlen(p->document);

	return strstr(p->name, text) || strncmp(p->phone, text, strlen(text)) == 0 ||
	       (strlen(text) == 4 && strcmp(p->document + len - 4, text) == 0);
}

#define CROWD 1300

static struct person crowd[CROWD + 1]; /* by visit id; name "" once deleted */

static void make_crowd(struct bench *b, uint64_t *random)
{
	struct visit v = sample_visit(1);
	struct receipt receipt;

	for (unsigned i = 1; i <= CROWD; i++) {
		v.person = crowd[i] = somebody(random);
		assert_int_equal(record_visit(b, ENTRY_REGISTERED, &v, &receipt), 0);
		assert_int_equal(receipt.visit_id, i);
	}
}

static void compare_search(struct bench *b, const char *text)
{
	static struct visit visits[FOUND_MAX];
	int count, expected = 0;

	assert_int_equal(register_search(b->db, text, visits, FOUND_MAX, &count), 0);
	for (unsigned i = CROWD; i >= 1 && expected < FOUND_MAX; i--) {
		if (crowd[i].name[0] == '\0' || !is_meant(&crowd[i], text))
			continue;
		if (expected >= count || visits[expected].id != i)
			fail_msg("\"%s\": %u is missing", text, i);
		expected++;
	}
	assert_int_equal(count, expected);
}

static void compare_searches(struct bench *b, uint64_t *random)
{
	for (int i = 0; i < 200; i++) {
		struct person p = somebody(random);
		compare_search(b, p.name);
		if (p.phone[0] != '\0')
			compare_search(b, p.phone);
		compare_search(b, p.document);
	}
}

/* Everybody is in it who is to be, and no posting of anybody who is not there. */
static void expect_whole(struct bench *b)
{
	uint64_t visit_id;

	assert_int_equal(number_of(b, "SELECT count(*) FROM search_gone"), 0);
	assert_int_equal(search_check(b->db, &visit_id), 0);
}

static void delete_persons(struct bench *b, const char *where, bool commit)
{
	char sql[256];

	text_format(sql, sizeof(sql), "DELETE FROM person WHERE %s", where);
	assert_int_equal(txn_begin(b->db), 0);
	assert_int_equal(sqlite3_exec(b->db->sqlite, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(txn_end(b->db, commit ? 0 : -ECANCELED), commit ? 0 : -ECANCELED);
}

static void test_against_looking_at_everybody(void **state)
{
	struct bench *b = *state;
	uint64_t random = 20261124;
	int64_t bad;

	make_crowd(b, &random);
	assert_int_equal(number_of(b, UPTO), 2 * SEARCH_BATCH);
	compare_searches(b, &random);
	expect_whole(b);

	delete_persons(b, "visit_id % 3 = 0", false);
	expect_whole(b);
	compare_searches(b, &random);
	delete_persons(b, "visit_id % 3 = 0", true);
	for (unsigned i = 3; i <= CROWD; i += 3)
		crowd[i] = (struct person){ .name = "" };
	expect_whole(b);
	compare_searches(b, &random);
	/* nobody said so in an event: the whole check sees it, the index does not mind */
	assert_int_equal(register_verify(b->db, &bad), -EUCLEAN);
	/* everybody written anew is nobody deleted */
	assert_int_equal(register_wipe(b->db), 0);
	expect_whole(b);
	compare_searches(b, &random);

	/* by another program: taken out with the next thing that is recorded */
	bench_tamper(b, "DELETE FROM person WHERE visit_id % 3 = 1");
	for (unsigned i = 1; i <= CROWD; i += 3)
		crowd[i] = (struct person){ .name = "" };
	assert_int_equal(register_open(&b->db, b->path, OFFSET_MIN), 0);
	compare_searches(b, &random);
	assert_int_equal(record_by(b, ENTRY_BOOT, NULL, "", "", 0, NULL), 0);
	expect_whole(b);
	compare_searches(b, &random);

	delete_persons(b, "1", true);
	assert_int_equal(number_of(b, "SELECT count(*) FROM search"), 0);
	expect_ids(b, "王", "");
	/* and on it goes; those in between are not waited for */
	memset(crowd, 0, sizeof(crowd));
	fill(b, SEARCH_BATCH);
	assert_true(number_of(b, UPTO) > CROWD);
	uint64_t id = add(b, "欧阳", "1", "0000");
	char want[16];
	text_format(want, sizeof(want), "%u", (unsigned)id);
	expect_ids(b, "欧阳", want);
}

/* One that has never heard of searching: found at once, taken in batch by batch. */
static void test_version_2_is_brought_up(void **state)
{
	struct bench *b = *state;
	int64_t bad;

	add(b, "欧阳修", "13800138000", "0000");
	fill(b, 2 * SEARCH_BATCH);
	bench_tamper(b, "DROP TRIGGER person_gone; DROP TABLE search; DROP TABLE search_mark;"
			"DROP TABLE search_gone; DROP TABLE walked; DROP TABLE pin_paid;"
			"DROP TABLE import_now; DROP TABLE import_text; DROP TABLE listed;"
			"ALTER TABLE account DROP COLUMN until_ms; DROP TABLE tally; DROP TABLE "
			"report; DROP INDEX visit_odd; DROP INDEX person_plate; DROP TABLE stock; "
			"DROP TABLE ledger; "
			"ALTER TABLE person DROP COLUMN plate; ALTER TABLE person DROP COLUMN "
			"code; PRAGMA user_version = 2;");
	assert_int_equal(register_open(&b->db, b->path, OFFSET_MIN), 0);
	expect_ids(b, "阳修", "1");
	assert_int_equal(number_of(b, "SELECT count(*) FROM search"), 0);
	for (int i = 1; i <= 2; i++) {
		assert_int_equal(record_by(b, ENTRY_BOOT, NULL, "", "", 0, NULL), 0);
		assert_int_equal(number_of(b, UPTO), i * SEARCH_BATCH);
	}
	expect_ids(b, "阳修", "1");
	assert_int_equal(register_verify(b->db, &bad), 0);
}

/* ---- long ---- */

#define LONG 205000 /* more than a run of level 2, and what is kept of level 1 */

/* As if so many had been there since: persons only, so none of them must be found. */
static void add_many(struct bench *b, uint64_t after)
{
	char sql[512];

	text_format(
		sql, sizeof(sql),
		"PRAGMA foreign_keys = OFF; WITH RECURSIVE n(id) AS (SELECT %u UNION ALL"
		" SELECT id + 1 FROM n WHERE id < %d) INSERT INTO person SELECT id,"
		" iif(id %% 100, '', '丙'), 0, '', '7' || (id * 7919 %% 9973), '', '', x'', '', 0"
		" FROM n",
		(unsigned)after + 1, LONG);
	assert_int_equal(sqlite3_exec(b->db->sqlite, sql, NULL, NULL, NULL), SQLITE_OK);
	b->db->tail.last_visit = LONG;
}

static void expect_rare(struct bench *b)
{
	expect_ids(b, "欧阳", "1");
	expect_ids(b, "阳", "2 1");
	expect_ids(b, "13800138001", "2");
	expect_ids(b, "苏F1", "2");
	expect_ids(b, "龘", "");
	expect_ids(b, "欧 龘", "");
}

/* How far it goes is read back as it was written. */
static void expect_marks_stand(struct bench *b)
{
	struct tail tail = b->db->tail;

	memset(tail.searched, 0xFF, sizeof(tail.searched));
	assert_int_equal(search_load(b->db, &tail), 0);
	assert_memory_equal(tail.searched, b->db->tail.searched, sizeof(tail.searched));
}

static bool is_half_joined(struct bench *b)
{
	return b->db->tail.searched[2] == 0 &&
	       number_of(b, "SELECT max(run) FROM search") == search_run_of(2, 1);
}

/* Runs are joined, level by level, while people are forgotten, and at no time is anybody not
 * found, or found who is gone. */
static void test_joining(void **state)
{
	struct bench *b = *state;
	bool half = false;

	add(b, "欧阳修", "13800138000", "0000");
	add_driver(b, "王阳", "13800138001", "0000", "苏F12345");
	uint64_t gone = add_driver(b, "欧阳龘", "13800138001", "0000", "苏F12345");
	expect_ids(b, "龘", "3");
	add_many(b, gone);
	for (int batch = 1; batch <= LONG / SEARCH_BATCH; batch++) {
		search_keep_up(b->db);
		if (batch == 40) /* in a run of level 1 already */
			delete_persons(b, "visit_id = 3 OR visit_id BETWEEN 7000 AND 7100", true);
		if (batch < 40)
			continue;
		if (batch % 64 == 0)
			expect_rare(b);
		if (half || !is_half_joined(b))
			continue;
		half = true;
		delete_persons(b, "visit_id BETWEEN 60000 AND 60100", true);
		expect_whole(b);
		expect_rare(b);
		expect_marks_stand(b);
	}
	assert_true(half);
	assert_int_equal(b->db->tail.searched[0], LONG / SEARCH_BATCH * SEARCH_BATCH);
	assert_int_equal(b->db->tail.searched[2], search_level_visits(2));
	assert_true(b->db->tail.searched[1] >= 65536 + search_level_visits(2));
	expect_whole(b);
	expect_rare(b);
	expect_marks_stand(b);
	assert_int_equal(number_of(b, "SELECT count(DISTINCT run) FROM search"), 1 + 9);
	/* out of the longest run, and then everything is written anew */
	delete_persons(b, "visit_id BETWEEN 100000 AND 100500", true);
	expect_whole(b);
	assert_int_equal(register_wipe(b->db), 0);
	expect_whole(b);
	expect_rare(b);
}

/* Marks that cannot be: it is emptied, and fills again. */
static void test_marks_that_cannot_be(void **state)
{
	static const char *const marks[] = {
		"UPDATE search_mark SET upto = 100000",
		"UPDATE search_mark SET upto = 100",
		"INSERT INTO search_mark VALUES(1, 8192)",
		"DELETE FROM search_mark; INSERT INTO search_mark VALUES(3, -1)",
	};
	struct bench *b = *state;

	add(b, "欧阳修", "13800138000", "0000");
	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		fill(b, SEARCH_BATCH);
		bench_tamper(b, marks[i]);
		assert_int_equal(register_open(&b->db, b->path, OFFSET_MIN), 0);
		assert_int_equal(number_of(b, "SELECT count(*) FROM search"), 0);
		expect_ids(b, "阳修", "1");
		while (b->db->tail.searched[0] + SEARCH_BATCH <= b->db->tail.last_visit)
			search_keep_up(b->db);
		expect_ids(b, "阳修", "1");
		expect_whole(b);
	}
}

/* The index cannot be written: the registration before it stands, everybody is found, and it
 * catches up. On a bad disk nothing more is written, as always. */
static void index_fault(int rc, bool goes_on)
{
	struct bench b;
	struct fault_vfs f = { .fail_at = 0 };
	int64_t bad;

	bench_open(&b);
	add(&b, "欧阳修", "13800138000", "0000");
	fill(&b, SEARCH_BATCH - 2);
	register_close(b.db);
	vfs_install(&f);
	assert_int_equal(register_open(&b.db, b.path, OFFSET_MIN), 0);
	f.fail_ops = 1U << VFS_SYNC;
	f.fail_rc = rc;
	f.fail_at = 3; /* the log's beginning, the registration, the index */
	fill(&b, 1);
	assert_true(f.bitten);
	assert_int_equal(number_of(&b, "SELECT count(*) FROM visit"), SEARCH_BATCH);
	assert_int_equal(number_of(&b, "SELECT count(*) FROM search"), 0);
	expect_ids(&b, "阳修", "1");
	if (goes_on)
		fill(&b, 1);
	register_close(b.db);
	vfs_remove(&f);
	assert_int_equal(register_open(&b.db, b.path, OFFSET_MIN), 0);
	if (!goes_on)
		fill(&b, 1);
	assert_true(number_of(&b, UPTO) >= SEARCH_BATCH);
	expect_ids(&b, "阳修", "1");
	assert_int_equal(register_verify(b.db, &bad), 0);
	bench_close(&b);
}

static void test_index_cannot_be_written(void **state)
{
	(void)state;
	index_fault(SQLITE_FULL, true);
	index_fault(SQLITE_IOERR_FSYNC, false);
}

/* The longest there can be fits, and is found. */
static void test_longest(void **state)
{
	struct bench *b = *state;
	char name[NAME_BYTES] = "", text[NAME_BYTES];

	for (int i = 0; i < NAME_BYTES - 2; i += 2)
		text_format(name + i, sizeof(name) - (size_t)i, "%c ", 'a' + i / 2 % 26);
	for (int i = 0; i < 3; i++)
		add(b, name, "1234567890123456789", "ABCDEFGHIJKLMNOPQRSTUVW");
	expect_ids(b, name, "3 2 1");
	expect_ids(b, "1234567890123456789", "3 2 1");
	expect_ids(b, "TUVW", "3 2 1");
	fill(b, SEARCH_BATCH);
	expect_ids(b, name, "3 2 1");
	expect_ids(b, "12345678901", "3 2 1");
	expect_ids(b, "tuvw", "3 2 1");
	for (int i = 0; i < 21; i++)
		text_format(text + i * 3L, 4, "%s", i % 2 ? "伟" : "王");
	add(b, text, "1", "0000");
	expect_ids(b, text, "516");
	expect_ids(b, "伟王伟", "516");
	expect_ids(b, "伟伟", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_who_is_found, setup, teardown),
		cmocka_unit_test_setup_teardown(test_at_most, setup, teardown),
		cmocka_unit_test_setup_teardown(test_against_looking_at_everybody, setup, teardown),
		cmocka_unit_test_setup_teardown(test_version_2_is_brought_up, setup, teardown),
		cmocka_unit_test_setup_teardown(test_joining, setup, teardown),
		cmocka_unit_test_setup_teardown(test_marks_that_cannot_be, setup, teardown),
		cmocka_unit_test(test_index_cannot_be_written),
		cmocka_unit_test_setup_teardown(test_longest, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
