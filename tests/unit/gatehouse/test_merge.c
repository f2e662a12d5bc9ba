/*
 * Exports of two gates over several weeks, made by the real stick program from real registers,
 * merged by the office: overlapping, with a gap, in any order, and with one that tells of another
 * past.
 */
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <sodium.h>
#include <sqlite3.h>

#include "base/fileio.h"
#include "base/text.h"
#include "export.h"
#include "office/merge.h"
#include "store/retention.h"

#define WALL_MS INT64_C(1795392000000) /* 2026-11-23T08:00:00+08:00 */
#define GATES 3
#define FOLDERS_MAX 8

static const uint8_t OFFICE[32] = { 5, 5, 5 };

struct gate {
	struct register_db *db;
	struct export_job job;
	int64_t clock_ms;
};

struct fixture {
	char root[64], stick[80], prefix[80];
	struct gate gates[GATES]; /* sites 7, 8, and 7 again with another past */
	char folders[FOLDERS_MAX][256];
	int count;
	char out[8192];
};

static void record(struct gate *g, struct entry *entry)
{
	struct receipt receipt;

	g->clock_ms += 1000;
	entry->wall_ms = WALL_MS + g->clock_ms;
	entry->mono_ms = g->clock_ms;
	entry->clock_trusted = true;
	assert_int_equal(register_record(g->db, entry, &receipt), 0);
	entry->visit.id = receipt.visit_id;
}

/* Registered and refused: two events. */
static void record_visit(struct gate *g, const char *name)
{
	struct entry e = { .type = ENTRY_REGISTERED };
	struct visit *v = &e.visit;

	v->level = LEVEL_CLOSED;
	v->state = VISIT_WAITING;
	text_copy(v->person.name, sizeof(v->person.name), name);
	v->person.document_kind = DOCUMENT_ID_CARD;
	text_copy(v->person.document, sizeof(v->person.document), "110105194912310021");
	text_copy(v->person.household, sizeof(v->person.household), "=1+1");
	v->temperature.first_centi_c = 3650;
	v->registered_ms = WALL_MS + g->clock_ms;
	v->decision.verdict = VERDICT_REFER;
	record(g, &e);
	e.type = ENTRY_DECIDED;
	v->state = VISIT_REFUSED;
	v->decision.verdict = VERDICT_REFUSE;
	v->decided_ms = WALL_MS + g->clock_ms;
	record(g, &e);
}

/* Appended to the folders. */
static void run_export(struct fixture *f, struct gate *g)
{
	struct export_result result;

	g->job.wall_ms += 1000;
	assert_int_equal(export_run(g->db, &g->job, &result), 0);
	assert_int_equal(result.problem, NOTE_NONE);
	assert_true(f->count < FOLDERS_MAX);
	snprintf(f->folders[f->count++], sizeof(f->folders[0]), "%s/%s", f->stick, result.name);
}

/* Exports the events of so many milliseconds of the gate's clock. */
static void export(struct fixture *f, int gate, int64_t from_ms, int64_t until_ms)
{
	struct gate *g = &f->gates[gate];

	g->job.range.scope = EXPORT_DAYS;
	g->job.range.from_ms = WALL_MS + from_ms;
	g->job.range.until_ms = WALL_MS + until_ms;
	run_export(f, g);
}

/* Exports what came after the last export in the folders. */
static void export_since(struct fixture *f, int gate)
{
	struct gate *g = &f->gates[gate];
	struct entry e = { .type = ENTRY_EXPORTED, .actor = "周敏" };

	text_copy(e.detail, sizeof(e.detail), strrchr(f->folders[f->count - 1], '/') + 1);
	record(g, &e);
	text_copy(g->job.actor, sizeof(g->job.actor), e.actor);
	g->job.range.scope = EXPORT_SINCE_LAST;
	run_export(f, g);
}

static void open_gate(struct fixture *f, int gate, uint32_t site, uint8_t seed)
{
	struct gate *g = &f->gates[gate];
	char path[160];

	snprintf(path, sizeof(path), "%s/register%d.db", f->root, gate);
	assert_int_equal(register_open(&g->db, path, 480), 0);
	g->job = (struct export_job){ .stick_program = TEST_BINARY_DIR "/bin/gatehouse-stick",
				      .stick_dir = f->stick,
				      .site = "和平里",
				      .gate_name = "东门",
				      .site_id = site,
				      .utc_offset_min = 480,
				      .wall_ms = WALL_MS + gate * 3600000,
				      .seed = { seed },
				      .to = { .count = 1 } };
	age_public(OFFICE, g->job.to.recipients[0]);
	for (int i = 0; i < 5; i++)
		record_visit(g, gate == 2 ? "李四" : "张伟"); /* events 1 to 10, second by second */
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	strcpy(f->root, "/tmp/gatehouse-merge-XXXXXX");
	assert_non_null(mkdtemp(f->root));
	snprintf(f->stick, sizeof(f->stick), "%s/stick", f->root);
	snprintf(f->prefix, sizeof(f->prefix), "%s/merged", f->root);
	assert_int_equal(mkdir(f->stick, 0700), 0);
	open_gate(f, 0, 7, 1);
	open_gate(f, 1, 8, 2);
	open_gate(f, 2, 7, 1);
	*state = f;
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < GATES; i++)
		register_close(f->gates[i].db);
	nftw(f->root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(f);
	return 0;
}

static bool merge(struct fixture *f)
{
	struct keyring ring = { .count = 1 };
	const char *folders[FOLDERS_MAX];
	struct merge_job job = { folders, f->count, f->prefix, &ring };
	FILE *out = fmemopen(f->out, sizeof(f->out), "w");

	memcpy(ring.identities[0], OFFICE, sizeof(OFFICE));
	for (int i = 0; i < f->count; i++)
		folders[i] = f->folders[i];
	bool good = merge_exports(&job, out);
	fclose(out);
	return good;
}

static void expect_said(const struct fixture *f, const char *text)
{
	if (!strstr(f->out, text))
		fail_msg("not said: %s\n%s", text, f->out);
}

static int64_t query(const struct fixture *f, const char *sql)
{
	char path[160];
	sqlite3_stmt *s;
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s.sqlite", f->prefix);
	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	int64_t value = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(db);
	return value;
}

static void test_two_gates_overlapping(void **state)
{
	struct fixture *f = *state;
	struct stat st;
	char path[160];

	export(f, 1, 0, 100000);
	export(f, 0, 5000, 100000); /* events 5 to 10, before those it goes on from */
	export(f, 0, 0, 7000); /* 1 to 6 */
	assert_true(merge(f));
	expect_said(f, "good: 3 exports, 20 events, 10 visits merged into ");
	expect_said(f, "note: site 8 signs with key ");
	assert_int_equal(query(f, "SELECT count(*) FROM event WHERE site = 7"), 10);
	assert_int_equal(query(f, "SELECT count(*) FROM refusals"), 10);
	assert_int_equal(query(f, "SELECT count(*) FROM passes"), 0);
	assert_int_equal(query(f, "SELECT count(*) FROM daily_reports WHERE site = 7 AND"
				  " id = 20261123 AND export = 10 AND \"日期 Date\" = '2026-11-23'"
				  " AND \"登记(当日) Registered, day\" = '5'"),
			 1);
	assert_int_equal(query(f, "SELECT count(*) FROM daily_reports"), 2);
	/* what stood in two exports is told by the later one; text is as it was typed */
	assert_int_equal(query(f, "SELECT count(*) FROM visitors WHERE site = 7 AND id = 3 AND"
				  " export = 10 AND \"到访楼栋-单元-室 Household\" = '=1+1'"),
			 1);
	snprintf(path, sizeof(path), "%s.xlsx", f->prefix);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	snprintf(path, sizeof(path), "unzip -tq %s.xlsx >/dev/null", f->prefix);
	assert_int_equal(system(path), 0);
	/* never over what is there */
	assert_false(merge(f));
	expect_said(f, "is there already");
}

static void test_gap_is_named(void **state)
{
	struct fixture *f = *state;

	export(f, 0, 0, 3000);
	export(f, 0, 8000, 100000);
	export(f, 1, 4000, 100000);
	assert_false(merge(f));
	expect_said(f, "wrong: site 7: events 3 to 7 are missing\n");
	expect_said(f, "wrong: site 8: events 1 to 3 are missing\n");
	assert_int_equal(query(f, "SELECT count(*) FROM event"), 5 + 7);
}

/* Another register under the same number and with the same key: its events are other ones. */
static void test_another_past(void **state)
{
	struct fixture *f = *state;

	export(f, 0, 0, 7000);
	export(f, 2, 0, 7000);
	export(f, 2, 7000, 100000);
	assert_false(merge(f));
	expect_said(f, "event 1 of site 7 is another one in an export before\n");
	expect_said(f, "does not go on from event 6 as another export has it\n");
	assert_int_equal(query(f, "SELECT count(*) FROM visitors WHERE id = 1 AND"
				  " \"姓名 Name\" = '张伟'"),
			 1);
}

static void test_another_key(void **state)
{
	struct fixture *f = *state;

	f->gates[2].job.seed[0] = 77;
	export(f, 0, 0, 7000);
	export(f, 2, 7000, 100000);
	assert_false(merge(f));
	expect_said(f, "site 7 signs with another key than in gatehouse-7-");
	assert_int_equal(query(f, "SELECT count(*) FROM export"), 1);
}

static void change_register(struct fixture *f, const char *sql)
{
	char path[160];
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s/register0.db", f->root);
	register_close(f->gates[0].db);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(register_open(&f->gates[0].db, path, 480), 0);
}

/* Who is missing from an export of days may have been forgotten since; an export up to the present
 * says whether that is so. */
static void test_person_nowhere(void **state)
{
	struct fixture *f = *state;
	struct entry who = { .wall_ms = WALL_MS, .clock_trusted = true, .actor = "周敏" };
	enum erase_outcome outcome;

	assert_int_equal(register_erase(f->gates[0].db, 2, &who, &outcome), 0);
	assert_int_equal(outcome, ERASE_DONE);
	change_register(f, "DELETE FROM person WHERE visit_id = 3");
	export(f, 0, 0, 10001);
	assert_true(merge(f));
	export_since(f, 0);
	snprintf(f->prefix, sizeof(f->prefix), "%s/again", f->root);
	assert_false(merge(f));
	expect_said(f, "site 7: visit 3 was registered in event 5, but no export holds the person,"
		       " and no event says that it was forgotten\n");
	assert_null(strstr(f->out, "visit 2 was"));
}

/* A later export, good by itself, says somebody else had been there. */
static void test_another_person(void **state)
{
	struct fixture *f = *state;
	struct entry e = { .type = ENTRY_REVEALED, .visit = { .id = 1 } };

	export(f, 0, 0, 10001);
	change_register(f, "UPDATE person SET name = '王五' WHERE visit_id = 1");
	record(&f->gates[0], &e);
	export(f, 0, 10500, 100000);
	assert_false(merge(f));
	expect_said(f, "site 7: the person of visit 1 is not the one registered in event 1\n");
}

/* One that is damaged is left out and named; the others are merged. */
static void test_damaged_is_left_out(void **state)
{
	struct fixture *f = *state;
	char path[512], *data;
	size_t len;

	export(f, 0, 0, 100000);
	export(f, 1, 0, 100000);
	snprintf(path, sizeof(path), "%s%s.zip.age", f->folders[1], strrchr(f->folders[1], '/'));
	assert_int_equal(file_read(path, 1 << 20, &data, &len), 0);
	data[len / 2] ^= 1;
	assert_int_equal(file_write_atomic(path, data, len, 0600), 0);
	free(data);
	assert_false(merge(f));
	expect_said(f, ".zip.age: was altered");
	expect_said(f, ": left out\n");
	assert_int_equal(query(f, "SELECT count(*) FROM event"), 10);
	assert_int_equal(query(f, "SELECT count(*) FROM event WHERE site = 8"), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_two_gates_overlapping), TEST(test_gap_is_named),
		TEST(test_another_past),          TEST(test_another_key),
		TEST(test_person_nowhere),        TEST(test_another_person),
		TEST(test_damaged_is_left_out),
	};
	return sodium_init() < 0 || cmocka_run_group_tests(tests, NULL, NULL);
}
