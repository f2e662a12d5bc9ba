/*
 * The whole way of an export: a real register, the real gatehouse-stick as a process of its own,
 * and the office's verification at the end; and the same with stick programs that misbehave.
 */
#include <dirent.h>
#include <ftw.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <zlib.h>

#include "base/fileio.h"
#include "base/text.h"
#include "codec/csv.h"
#include "codec/manifest.h"
#include "export.h"
#include "office/verify.h"
#include "store/chain.h"
#include "store/report.h"

#define WALL_MS INT64_C(1795392000000) /* 2026-11-23T08:00:00+08:00 */

static const uint8_t OFFICE[32] = { 5, 5, 5 };

struct fixture {
	char root[64], stick[80], path[80], program[80];
	struct register_db *db;
	struct export_job job;
	struct export_result result;
	int64_t clock_ms;
};

static void record(struct fixture *f, struct entry *entry)
{
	struct receipt receipt;

	f->clock_ms += 1000;
	entry->wall_ms = WALL_MS + f->clock_ms;
	entry->mono_ms = f->clock_ms;
	entry->clock_trusted = true;
	assert_int_equal(register_record(f->db, entry, &receipt), 0);
	entry->visit.id = receipt.visit_id;
	entry->visit.ticket = receipt.ticket;
}

/* Registered, admitted, gone in, gone out. */
static void record_visit(struct fixture *f, const char *name, const char *household)
{
	struct entry e = { .type = ENTRY_REGISTERED };
	struct visit *v = &e.visit;

	v->level = LEVEL_CLOSED;
	v->state = VISIT_WAITING;
	text_copy(v->person.name, sizeof(v->person.name), name);
	v->person.document_kind = DOCUMENT_ID_CARD;
	text_copy(v->person.document, sizeof(v->person.document), "110105194912310021");
	text_copy(v->person.phone, sizeof(v->person.phone), "013800138000");
	text_copy(v->person.household, sizeof(v->person.household), household);
	text_copy(v->person.purpose, sizeof(v->person.purpose), "探亲访友");
	v->temperature.first_centi_c = 3650;
	v->registered_ms = WALL_MS + f->clock_ms;
	v->decision.verdict = VERDICT_REFER;
	record(f, &e);
	e.type = ENTRY_DECIDED;
	text_copy(e.actor, sizeof(e.actor), "甲");
	text_copy(v->decided_by, sizeof(v->decided_by), "甲");
	v->state = VISIT_ADMITTED;
	v->decision.verdict = VERDICT_ADMIT;
	v->decided_ms = WALL_MS + f->clock_ms;
	v->pass_serial = UINT64_C(90071992547409931) + v->id;
	v->pass_expires_ms = v->decided_ms + 7200000;
	record(f, &e);
	e.type = ENTRY_PASSED;
	e.actor[0] = '\0';
	v->state = VISIT_INSIDE;
	v->entered_ms = WALL_MS + f->clock_ms;
	record(f, &e);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct entry boot = { .type = ENTRY_BOOT, .detail = GATEHOUSE_VERSION };

	strcpy(f->root, "/tmp/gatehouse-export-XXXXXX");
	assert_non_null(mkdtemp(f->root));
	snprintf(f->stick, sizeof(f->stick), "%s/stick", f->root);
	snprintf(f->path, sizeof(f->path), "%s/register.db", f->root);
	snprintf(f->program, sizeof(f->program), "%s/program", f->root);
	assert_int_equal(mkdir(f->stick, 0700), 0);
	assert_int_equal(register_open(&f->db, f->path, 480), 0);
	record(f, &boot);
	record_visit(f, "=HYPERLINK(\"http://evil.example\";\"点我\")", "＋3-2-501");
	record_visit(f, "张伟", "@SUM(1)");
	f->job = (struct export_job){ .stick_program = TEST_BINARY_DIR "/bin/gatehouse-stick",
				      .stick_dir = f->stick,
				      .site = "和平里小区",
				      .gate_name = "东门",
				      .site_id = 7,
				      .utc_offset_min = 480,
				      .wall_ms = WALL_MS + 3600000,
				      .seed = { 1, 2, 3 },
				      .to = { .count = 1 } };
	age_public(OFFICE, f->job.to.recipients[0]);
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

	register_close(f->db);
	nftw(f->root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(f);
	return 0;
}

static struct keyring office_ring(void)
{
	struct keyring ring = { .count = 1 };

	memcpy(ring.identities[0], OFFICE, sizeof(OFFICE));
	return ring;
}

static bool verified(const struct fixture *f, const char *name)
{
	uint8_t key[32];
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", f->stick, name);
	manifest_public(f->job.seed, key);
	struct keyring ring = office_ring();
	return verify_export(path, key, &ring, stderr);
}

static void export_good(struct fixture *f)
{
	assert_int_equal(export_run(f->db, &f->job, &f->result), 0);
	assert_int_equal(f->result.problem, NOTE_NONE);
	assert_true(verified(f, f->result.name));
}

static void load(const struct fixture *f, const char *file, char **data, size_t *len)
{
	char path[320];

	struct keyring ring = office_ring();
	char folder[256];

	snprintf(folder, sizeof(folder), "%s/%s", f->stick, f->result.name);
	snprintf(path, sizeof(path), "%s/opened", f->root);
	assert_true(open_export(folder, NULL, &ring, path, stderr));
	snprintf(path, sizeof(path), "%s/opened/%s", f->root, file);
	assert_int_equal(file_read(path, 1 << 24, data, len), 0);
}

static void test_whole(void **state)
{
	struct fixture *f = *state;
	uint8_t head[CHAIN_HASH_BYTES];
	int64_t seq;

	export_good(f);
	register_head(f->db, &seq, head);
	assert_true(seq == 7 && f->result.seq == seq);
	assert_memory_equal(f->result.head, head, sizeof(head));
	assert_int_equal(f->result.rows, 2);
	assert_string_equal(f->result.name, "gatehouse-7-20261123-090000-7");
	assert_int_equal(f->job.progress_permille, 1000);
}

/* Thousands of rows: chunks, buffers and progress. */
static void test_many(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 200; i++)
		record_visit(f, "德木其格", "1-1-101");
	export_good(f);
	assert_int_equal(f->result.rows, 202);
	assert_true(f->result.seq == 1 + 3 * 202);
}

/* Whose content the register looks into; journeys carry these away. */
static bool is_particular(enum entry_type type)
{
	return type == ENTRY_REGISTERED || type == ENTRY_DECIDED || type == ENTRY_PASSED ||
	       type == ENTRY_LAPSED || type == ENTRY_FORGOTTEN || type == ENTRY_IMPORTED ||
	       type == ENTRY_REPORT_MADE || type == ENTRY_REPORT_CHECKED;
}

/* Whatever the register may hold can be carried away. */
static void test_every_event(void **state)
{
	struct fixture *f = *state;
	int recorded = 0;

	for (int type = ENTRY_BOOT; type < ENTRY_TYPE_COUNT_; type++) {
		struct entry e = { .type = (enum entry_type)type };
		if (type == ENTRY_LEVEL)
			e.number = LEVEL_OPEN << 8 | LEVEL_CLOSED;
		if (type == ENTRY_LEDGER)
			text_copy(e.actor, sizeof(e.actor), "甲");
		if (type == ENTRY_LEDGER)
			e.ledger = (struct ledger){
				.kind = LEDGER_SUPPLY,
				.given = 1U << LEDGER_ITEM | 1U << LEDGER_MOVE |
					 1U << LEDGER_QUANTITY,
				.numbers = { [LEDGER_ITEM] = ITEM_MASKS, [LEDGER_MOVE] = MOVE_IN }
			};
		e.visit.id = 1; /* for those that need one */
		if (!is_particular(e.type)) {
			record(f, &e);
			recorded++;
		}
	}
	export_good(f);
	assert_int_equal(f->result.seq, 7 + recorded);
}

static void test_sheet_is_neutral(void **state)
{
	struct fixture *f = *state;
	char *data;
	size_t len;

	export_good(f);
	load(f, EXPORT_VISITORS_NAME, &data, &len);
	assert_memory_equal(data, CSV_BOM, 3);
	assert_non_null(strstr(data, "\"'=HYPERLINK(\"\"http://evil.example\"\";\"\"点我\"\")\""));
	assert_non_null(strstr(data, "\"'＋3-2-501\""));
	assert_non_null(strstr(data, "\"'@SUM(1)\""));
	assert_non_null(strstr(data, "\"\t110105194912310021\""));
	assert_non_null(strstr(data, "\"\t013800138000\""));
	assert_non_null(strstr(data, "\"\t900719925474099"));
	for (const char *s = data; (s = strchr(s, '\n')); s++)
		assert_int_equal(s[-1], '\r');
	free(data);
}

static uint32_t little(const char *at, int bytes)
{
	uint32_t value = 0;

	for (int i = bytes - 1; i >= 0; i--)
		value = value << 8 | (uint8_t)at[i];
	return value;
}

/* Inflates one member of a zip (PKWARE APPNOTE 4.3.12: found by its central directory entry). */
static char *unzip(const char *zip, size_t len, const char *name)
{
	for (size_t at = 0; at + 46 < len; at++) {
		const char *entry = zip + at;
		if (little(entry, 4) != 0x02014B50 || little(entry + 28, 2) != strlen(name) ||
		    memcmp(entry + 46, name, strlen(name)) != 0)
			continue;
		uint32_t packed = little(entry + 20, 4), size = little(entry + 24, 4);
		const char *local = zip + little(entry + 42, 4);
		const char *bytes = local + 30 + little(local + 26, 2) + little(local + 28, 2);
		char *out = calloc(1, size + 1);
		z_stream z = { .next_in = (Bytef *)(uintptr_t)bytes,
			       .avail_in = packed,
			       .next_out = (Bytef *)out,
			       .avail_out = size };
		assert_non_null(out);
		assert_int_equal(inflateInit2(&z, -MAX_WBITS), Z_OK);
		assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
		inflateEnd(&z);
		return out;
	}
	return NULL;
}

static void test_workbook_holds_no_formula(void **state)
{
	struct fixture *f = *state;
	char *zip;
	size_t len;

	export_good(f);
	load(f, EXPORT_WORKBOOK_NAME, &zip, &len);
	char *xml = unzip(zip, len, "xl/worksheets/sheet1.xml");
	char *book = unzip(zip, len, "xl/workbook.xml");
	assert_non_null(xml);
	assert_non_null(book);
	assert_null(strstr(xml, "<f>"));
	assert_null(strstr(xml, "<f "));
	assert_null(strstr(xml, "<hyperlink"));
	assert_non_null(strstr(xml, "t=\"inlineStr\"><is><t>=HYPERLINK("));
	assert_non_null(strstr(xml, "<is><t>110105194912310021</t>"));
	assert_non_null(strstr(xml, "<is><t>013800138000</t>"));
	assert_non_null(strstr(xml, "<v>36.5</v>"));
	assert_non_null(strstr(xml, "<autoFilter ref=\"A1:AC3\"/>"));
	assert_non_null(strstr(xml, "state=\"frozen\""));
	assert_non_null(strstr(xml, "<is><t>姓名 Name</t>"));
	assert_non_null(strstr(book, "外来人员登记表"));
	free(xml);
	free(book);
	free(zip);
}

/* Signs the report of a day as it stands. */
static void sign_report(struct fixture *f, enum entry_type type, int64_t day, const char *who)
{
	struct report_ask ask = { .kind = REPORT_DAY, .day = day, .now_ms = f->job.wall_ms };
	struct entry e = { .type = type, .number = report_number_pack(day, REPORT_ROW_COUNT_) };
	struct report report;

	assert_int_equal(register_report(f->db, &ask, &report), 0);
	text_copy(e.detail, sizeof(e.detail), report.figures);
	text_copy(e.actor, sizeof(e.actor), who);
	record(f, &e);
}

static int lines_of(const char *data)
{
	int lines = 0;

	for (const char *s = data; (s = strchr(s, '\n')); s++)
		lines++;
	return lines;
}

/* A row a day from the register's first on, also for a day when nothing happened. */
static void test_reports(void **state)
{
	struct fixture *f = *state;
	int64_t day = report_day_of(WALL_MS, 480);
	char *data, *at;
	size_t len;

	f->clock_ms += 86400000;
	sign_report(f, ENTRY_REPORT_MADE, day, "李强");
	sign_report(f, ENTRY_REPORT_CHECKED, day, "王芳");
	f->job.wall_ms = WALL_MS + 2 * INT64_C(86400000) + 3600000; /* 25 November, 09:00 */
	f->job.report_due_min = 8 * 60;
	export_good(f);
	load(f, EXPORT_DAYS_NAME, &data, &len);
	assert_int_equal(lines_of(data), 1 + 3);
	at = strstr(data, "\r\n\"2026-11-23\",\"迟报\",\"李强\",\"2026-11-24 08:00\",\"王芳\",");
	assert_non_null(at);
	assert_non_null(
		strstr(at, "\"否\",\"\",\"2\",\"2\",\"2\",\"2\",\"2\"")); /* inside, registered */
	at = strstr(data, "\r\n\"2026-11-24\",\"缺报\",\"\",\"\",\"\",\"\",\"是\",");
	assert_non_null(at);
	assert_non_null(strstr(at, "\"2\",\"0\",\"2\",\"0\",\"2\""));
	assert_non_null(strstr(data, "\r\n\"2026-11-25\",\"未结束\","));
	free(data);
}

/* What is asked for by days has those days; what came since has a month before it, too. */
static void test_reports_of_a_range(void **state)
{
	struct fixture *f = *state;
	char *data;
	size_t len;

	f->clock_ms += 40 * INT64_C(86400000);
	record_visit(f, "德木其格", "1-1-101");
	f->job.wall_ms = WALL_MS + f->clock_ms;
	f->job.range.scope = EXPORT_DAYS;
	f->job.range.from_ms = WALL_MS + 38 * INT64_C(86400000);
	f->job.range.until_ms = WALL_MS + 50 * INT64_C(86400000);
	export_good(f);
	load(f, EXPORT_DAYS_NAME, &data, &len);
	assert_int_equal(lines_of(data), 1 + 3); /* today is the last */
	free(data);
}

static void write_program(const struct fixture *f, const char *script)
{
	assert_int_equal(file_write_atomic(f->program, script, strlen(script), 0700), 0);
}

static void run_program(struct fixture *f, const char *script, enum note expected)
{
	const char *good = f->job.stick_program;

	write_program(f, script);
	f->job.stick_program = f->program;
	assert_int_equal(export_run(f->db, &f->job, &f->result), 0);
	assert_int_equal(f->result.problem, expected);
	f->job.stick_program = good;
}

static void test_bad_programs(void **state)
{
	struct fixture *f = *state;

	export_good(f);
	run_program(f, "#!/bin/sh\nexit 1\n", NOTE_STICK_FAILED);
	run_program(f, "#!/bin/sh\nkill -9 $$\n", NOTE_STICK_FAILED);
	run_program(f, "#!/bin/sh\nprintf garbage >&3\nread x <&3\n", NOTE_STICK_FAILED);
	f->job.patience_ms = 50;
	run_program(f, "#!/bin/sh\nexec sleep 1000\n", NOTE_STICK_FAILED);
	f->job.stick_program = "/nonexistent";
	assert_int_equal(export_run(f->db, &f->job, &f->result), -ENOENT);
	assert_true(verified(f, "gatehouse-7-20261123-090000-7"));
}

static void test_stick_gone(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(rmdir(f->stick), 0);
	assert_int_equal(export_run(f->db, &f->job, &f->result), 0);
	assert_int_equal(f->result.problem, NOTE_STICK_ABSENT);
	/* it goes together with the process: what a pulled stick looks like when that crashes */
	run_program(f, "#!/bin/sh\nexit 1\n", NOTE_STICK_PULLED);
}

static int count_exports(const struct fixture *f)
{
	DIR *dir = opendir(f->stick);
	struct dirent *entry;
	int n = 0;

	while (dir && (entry = readdir(dir)))
		n += entry->d_name[0] != '.' || strncmp(entry->d_name, ".gate", 5) == 0;
	if (dir)
		closedir(dir);
	return n;
}

static void test_cancelled(void **state)
{
	struct fixture *f = *state;

	f->job.cancel = true;
	assert_int_equal(export_run(f->db, &f->job, &f->result), -ECANCELED);
	assert_int_equal(count_exports(f), 0);
}

/* Pressed while rows go out. */
static void *press_cancel(void *arg)
{
	struct export_job *job = arg;

	while (job->progress_permille < 300)
		;
	job->cancel = true;
	return NULL;
}

static void test_cancelled_in_mid_run(void **state)
{
	struct fixture *f = *state;
	pthread_t thread;

	for (int i = 0; i < 200; i++)
		record_visit(f, "德木其格", "1-1-101");
	assert_int_equal(pthread_create(&thread, NULL, press_cancel, &f->job), 0);
	assert_int_equal(export_run(f->db, &f->job, &f->result), -ECANCELED);
	pthread_join(thread, NULL);
	assert_int_equal(count_exports(f), 0);
}

/* A process that is killed while rows go out, and one whose stick takes no more. */
static void *kill_stick(void *arg)
{
	struct fixture *f = arg;
	char path[96], *text;
	size_t len;

	while (f->job.progress_permille < 300)
		;
	snprintf(path, sizeof(path), "%s/pid", f->root);
	if (file_read(path, 32, &text, &len) == 0) {
		kill(atoi(text), SIGKILL);
		free(text);
	}
	return NULL;
}

static void test_killed_and_full_in_mid_run(void **state)
{
	struct fixture *f = *state;
	char script[512], old[96];
	pthread_t thread;

	export_good(f);
	text_copy(old, sizeof(old), f->result.name);
	for (int i = 0; i < 200; i++)
		record_visit(f, "德木其格", "1-1-101");
	snprintf(script, sizeof(script), "#!/bin/sh\necho $$ >%s/pid\nexec %s \"$@\"\n", f->root,
		 f->job.stick_program);
	f->job.progress_permille = 0;
	assert_int_equal(pthread_create(&thread, NULL, kill_stick, f), 0);
	run_program(f, script, NOTE_STICK_FAILED);
	pthread_join(thread, NULL);
	assert_int_equal(count_exports(f), 2); /* the old one, and what the next start removes */
	assert_true(verified(f, old));
	snprintf(script, sizeof(script), "#!/bin/sh\nulimit -f 20\nexec %s \"$@\"\n",
		 f->job.stick_program);
	run_program(f, script, NOTE_STICK_TOO_LARGE);
	assert_int_equal(count_exports(f), 1);
	assert_true(verified(f, old));
	export_good(f);
	assert_int_equal(count_exports(f), 2);
}

/* Nobody could read it: it is not made, and what to do is said. */
static void test_no_office(void **state)
{
	struct fixture *f = *state;

	f->job.to.count = 0;
	assert_int_equal(export_run(f->db, &f->job, &f->result), 0);
	assert_int_equal(f->result.problem, NOTE_EXPORT_NO_OFFICE);
	assert_int_equal(count_exports(f), 0);
}

static void test_passphrase(void **state)
{
	struct fixture *f = *state;
	struct keyring ring = { .passphrase = "for the office alone" };
	char path[256];

	f->job.to = (struct age_to){ .passphrase = "for the office alone" };
	assert_int_equal(export_run(f->db, &f->job, &f->result), 0);
	assert_int_equal(f->result.problem, NOTE_NONE);
	snprintf(path, sizeof(path), "%s/%s", f->stick, f->result.name);
	assert_true(verify_export(path, NULL, &ring, stderr));
	strcpy(ring.passphrase, "for somebody else");
	assert_false(verify_export(path, NULL, &ring, stderr));
}

static void exported(struct fixture *f, const char *actor)
{
	struct entry e = { .type = ENTRY_EXPORTED, .number = f->result.rows };

	text_copy(e.actor, sizeof(e.actor), actor);
	text_copy(e.detail, sizeof(e.detail), f->result.name);
	record(f, &e);
}

/* Each person's exports follow one another without a gap or an overlap. */
static void test_since_my_last(void **state)
{
	struct fixture *f = *state;
	int64_t first_end;

	f->job.range.scope = EXPORT_SINCE_LAST;
	text_copy(f->job.actor, sizeof(f->job.actor), "周敏");
	export_good(f); /* none before: everything */
	assert_int_equal(f->result.first_seq, 1);
	assert_int_equal(f->result.rows, 2);
	first_end = f->result.seq;
	exported(f, "周敏");
	record_visit(f, "德木其格", "1-1-101");
	export_good(f);
	assert_int_equal(f->result.first_seq, first_end + 1);
	assert_int_equal(f->result.seq, first_end + 4);
	assert_int_equal(f->result.rows, 1);
	exported(f, "somebody else");
	record_visit(f, "德木其格", "1-1-101");
	export_good(f);
	assert_int_equal(f->result.first_seq, first_end + 1);
	assert_int_equal(f->result.rows, 2);
	exported(f, "周敏");
	export_good(f); /* only that export itself is new */
	assert_int_equal(f->result.rows, 0);
	assert_int_equal(f->result.seq, f->result.first_seq);
}

/* What was exported by its days has left something out before it: the next one goes on from the
 * last that did not. */
static void test_since_last_passes_over_days(void **state)
{
	struct fixture *f = *state;
	struct entry e = { .type = ENTRY_EXPORTED, .actor = "周敏" };

	text_copy(f->job.actor, sizeof(f->job.actor), e.actor);
	text_format(e.detail, sizeof(e.detail), "gatehouse-7-20261123-090000-5 %s",
		    "2026-11-23 2026-11-23");
	record(f, &e);
	f->job.range.scope = EXPORT_SINCE_LAST;
	export_good(f);
	assert_int_equal(f->result.first_seq, 1);
}

/* A visit that was registered before the range and left in it comes with it; who it was is proved
 * by the export before. */
static void test_days(void **state)
{
	struct fixture *f = *state;
	struct entry left = { .type = ENTRY_LEFT, .visit = { .id = 1 } };
	char *data;
	size_t len;

	f->clock_ms = 86400000;
	left.visit.left_ms = WALL_MS + f->clock_ms;
	record(f, &left);
	record_visit(f, "德木其格", "1-1-101");
	f->job.range.scope = EXPORT_DAYS;
	f->job.range.from_ms = WALL_MS + 86400000;
	f->job.range.until_ms = WALL_MS + 2 * 86400000;
	export_good(f);
	assert_int_equal(f->result.first_seq, 8);
	assert_int_equal(f->result.seq, 11);
	assert_int_equal(f->result.rows, 2);
	load(f, EXPORT_VISITORS_NAME, &data, &len);
	assert_non_null(strstr(data, "HYPERLINK"));
	assert_non_null(strstr(data, "德木其格"));
	assert_null(strstr(data, "张伟"));
	free(data);
	f->job.range.from_ms = WALL_MS;
	f->job.range.until_ms = WALL_MS + 86400000;
	export_good(f);
	assert_int_equal(f->result.first_seq, 1);
	assert_int_equal(f->result.seq, 7);
	f->job.range.from_ms = WALL_MS + 5 * INT64_C(86400000); /* nothing is that late */
	f->job.range.until_ms = f->job.range.from_ms + 1;
	export_good(f);
	assert_int_equal(f->result.rows, 0);
	assert_int_equal(f->result.seq, f->result.first_seq - 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_whole),
		TEST(test_many),
		TEST(test_every_event),
		TEST(test_sheet_is_neutral),
		TEST(test_workbook_holds_no_formula),
		TEST(test_reports),
		TEST(test_reports_of_a_range),
		TEST(test_bad_programs),
		TEST(test_stick_gone),
		TEST(test_no_office),
		TEST(test_passphrase),
		TEST(test_since_my_last),
		TEST(test_since_last_passes_over_days),
		TEST(test_days),
		TEST(test_cancelled),
		TEST(test_cancelled_in_mid_run),
		TEST(test_killed_and_full_in_mid_run),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
