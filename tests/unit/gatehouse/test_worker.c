/*
 * The register's thread: every job taken is answered once, in order, whatever the register says;
 * what does not fit is refused, not lost; PINs do not come back.
 */
#include "worker.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/fileio.h"
#include "base/text.h"

#define JOBS 32 /* as many as the worker takes */
#define WALL_MS INT64_C(1795392000000) /* 2026-11-23T08:00:00+08:00 */
#define LIMIT_MS 30000 /* only a worker that never answers waits so long */

struct fixture {
	char dir[64], path[80];
	struct worker *worker;
	struct job job;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	strcpy(f->dir, "/tmp/gatehouse-worker-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	text_format(f->path, sizeof(f->path), "%s/register.db", f->dir);
	assert_int_equal(worker_start(&f->worker, f->path, 480), 0);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	static const char *const NAME[] = { "register.db", "register.db-wal", "register.db-shm",
					    "register.db-journal" };
	struct fixture *f = *state;
	char path[160];

	worker_stop(f->worker);
	for (size_t i = 0; i < ARRAY_LEN(NAME); i++) {
		text_format(path, sizeof(path), "%s/%s", f->dir, NAME[i]);
		unlink(path);
	}
	assert_int_equal(rmdir(f->dir), 0);
	free(f);
	return 0;
}

static int submit(struct fixture *f, enum job_type type)
{
	f->job.type = type;
	f->job.wall_ms = WALL_MS;
	return worker_submit(f->worker, &f->job);
}

/* Blocks until the next answer is there. */
static void take(struct fixture *f)
{
	while (!worker_next(f->worker, &f->job)) {
		struct pollfd p = { .fd = worker_fd(f->worker), .events = POLLIN };
		assert_int_equal(poll(&p, 1, LIMIT_MS), 1);
	}
}

static int ask(struct fixture *f, enum job_type type)
{
	assert_int_equal(submit(f, type), 0);
	take(f);
	assert_int_equal(f->job.type, type);
	return f->job.error;
}

static void open_register(struct fixture *f)
{
	memset(&f->job, 0, sizeof(f->job));
	assert_int_equal(ask(f, JOB_OPEN), 0);
}

static int submit_event(struct fixture *f, enum entry_type type, int64_t number)
{
	memset(&f->job, 0, sizeof(f->job));
	f->job.entry.type = type;
	f->job.entry.wall_ms = WALL_MS;
	f->job.entry.number = number;
	f->job.purpose = FOR_REVEAL; /* comes back unchanged */
	return submit(f, JOB_RECORD);
}

static void boot(struct fixture *f)
{
	assert_int_equal(submit_event(f, ENTRY_BOOT, 0), 0);
	take(f);
	assert_int_equal(f->job.error, 0);
}

static void test_before_open(void **state)
{
	struct fixture *f = *state;

	for (enum job_type type = JOB_OPEN + 1; type < JOB_TYPE_COUNT_; type++) {
		memset(&f->job, 0, sizeof(f->job));
		assert_int_equal(ask(f, type), -ENODEV);
	}
	assert_int_equal(worker_pending(f->worker), 0);
}

static void test_in_order(void **state)
{
	struct fixture *f = *state;
	int64_t seq = 0;

	open_register(f);
	boot(f);
	seq = f->job.receipt.seq;
	for (int i = 0; i < JOBS; i++)
		assert_int_equal(submit_event(f, ENTRY_CLOCK, 1000 + i), 0);
	assert_int_equal(worker_pending(f->worker), JOBS);
	for (int i = 0; i < JOBS; i++) {
		take(f);
		assert_int_equal(f->job.error, 0);
		assert_int_equal(f->job.purpose, FOR_REVEAL);
		assert_int_equal(f->job.entry.number, 1000 + i);
		assert_int_equal(f->job.receipt.seq, seq + 1 + i);
	}
	assert_int_equal(worker_pending(f->worker), 0);
	assert_false(worker_next(f->worker, &f->job));
}

/* A job counts until its answer has been taken, so the answers too always have room. */
static void test_full(void **state)
{
	struct fixture *f = *state;

	open_register(f);
	boot(f);
	for (int i = 0; i < JOBS; i++)
		assert_int_equal(submit_event(f, ENTRY_CLOCK, i), 0);
	for (int i = 0; i < 3; i++)
		assert_int_equal(submit_event(f, ENTRY_CLOCK, 666), -EBUSY);
	assert_int_equal(worker_pending(f->worker), JOBS);
	take(f);
	assert_int_equal(f->job.entry.number, 0);
	assert_int_equal(submit_event(f, ENTRY_CLOCK, JOBS), 0);
	assert_int_equal(submit_event(f, ENTRY_CLOCK, 666), -EBUSY);
	for (int i = 1; i <= JOBS; i++) {
		take(f);
		assert_int_equal(f->job.error, 0);
		assert_int_equal(f->job.entry.number, i);
	}
	memset(&f->job, 0, sizeof(f->job));
	text_copy(f->job.text, sizeof(f->job.text), "SELECT count(*) FROM event");
	assert_int_equal(ask(f, JOB_QUERY), 0);
	assert_string_equal(f->job.text, "34"); /* boot and 33; nothing refused is there */
}

static void ask_pin(struct fixture *f, enum job_type type, const char *name, const char *pin)
{
	static const char NONE[PIN_TEXT_BYTES];

	memset(&f->job, 0, sizeof(f->job));
	text_copy(f->job.account.name, sizeof(f->job.account.name), name);
	f->job.account.role = ROLE_GUARD;
	f->job.only_missing = type == JOB_ACCOUNT_SET;
	f->job.clock_trusted = true;
	text_copy(f->job.pin, sizeof(f->job.pin), pin);
	(void)ask(f, type);
	assert_memory_equal(f->job.pin, NONE, sizeof(NONE));
}

static void test_pin(void **state)
{
	struct fixture *f = *state;

	ask_pin(f, JOB_PIN, "甲", "1234"); /* wiped also when nothing can be asked */
	assert_int_equal(f->job.error, -ENODEV);
	open_register(f);
	boot(f);
	ask_pin(f, JOB_ACCOUNT_SET, "甲", "12");
	assert_int_equal(f->job.error, -EINVAL);
	ask_pin(f, JOB_ACCOUNT_SET, "甲", "246810");
	assert_int_equal(f->job.error, 0);
	ask_pin(f, JOB_ACCOUNT_SET, "甲", "999999"); /* there already: left alone */
	assert_int_equal(f->job.error, 0);
	ask_pin(f, JOB_PIN, "甲", "999999");
	assert_int_equal(f->job.error, 0);
	assert_int_equal(f->job.pin_outcome, PIN_WRONG);
	ask_pin(f, JOB_PIN, "甲", "246810");
	assert_int_equal(f->job.error, 0);
	assert_int_equal(f->job.pin_outcome, PIN_RIGHT);
	assert_int_equal(f->job.account.role, ROLE_GUARD);
	memset(&f->job, 0, sizeof(f->job));
	f->job.role = ROLE_GUARD;
	assert_int_equal(ask(f, JOB_ACCOUNTS), 0);
	assert_int_equal(f->job.count, 1);
	assert_string_equal(f->job.accounts[0].name, "甲");
}

static void test_nothing_found(void **state)
{
	struct fixture *f = *state;

	open_register(f);
	memset(&f->job, 0, sizeof(f->job));
	f->job.id = 77;
	assert_int_equal(ask(f, JOB_VISIT), -ENOENT);
	f->job.id = 77;
	assert_int_equal(ask(f, JOB_PASS), -ENOENT);
	memset(&f->job, 0, sizeof(f->job));
	assert_int_equal(ask(f, JOB_QUEUE), 0);
	assert_int_equal(f->job.count, 0);
	assert_int_equal(ask(f, JOB_COUNTS), 0);
	text_copy(f->job.text, sizeof(f->job.text), "DELETE FROM event");
	assert_int_equal(ask(f, JOB_QUERY), -EINVAL);
	assert_int_equal(ask(f, JOB_TYPE_COUNT_), -EINVAL);
}

/* Opened again, it goes on where it was, and says where that is. */
static void test_reopen(void **state)
{
	struct fixture *f = *state;

	open_register(f);
	assert_int_equal(f->job.seq, 0);
	assert_int_equal(f->job.last_wall_ms, 0);
	boot(f);
	open_register(f);
	assert_int_equal(f->job.seq, 1);
	assert_int_equal(f->job.last_wall_ms, WALL_MS);
	assert_string_equal(f->job.last_guard, "");
	assert_false(f->job.level.known);
}

static void copy_file(const char *from, const char *to)
{
	char *data;
	size_t len;

	assert_int_equal(file_read(from, 64 << 20, &data, &len), 0);
	FILE *file = fopen(to, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
	free(data);
}

/* What was acknowledged and is gone when the register is opened again, as after a flush that
 * failed, is a fault and stays one; another process that was never told anything goes on. */
static void test_acknowledged_and_gone(void **state)
{
	struct fixture *f = *state;
	char older[96];

	text_format(older, sizeof(older), "%s/older", f->dir);
	assert_int_equal(ask(f, JOB_OPEN), 0);
	f->job.entry = (struct entry){ .type = ENTRY_BOOT, .wall_ms = WALL_MS };
	assert_int_equal(ask(f, JOB_RECORD), 0);
	worker_stop(f->worker);
	copy_file(f->path, older);

	assert_int_equal(worker_start(&f->worker, f->path, 480), 0);
	assert_int_equal(ask(f, JOB_OPEN), 0);
	f->job.entry = (struct entry){ .type = ENTRY_LOGOUT, .wall_ms = WALL_MS };
	assert_int_equal(ask(f, JOB_RECORD), 0);
	assert_int_equal(ask(f, JOB_OPEN), 0); /* it is all there */
	assert_int_equal(rename(older, f->path), 0); /* and now the older one stands here */
	assert_int_equal(ask(f, JOB_OPEN), -EUCLEAN);
	assert_int_equal(ask(f, JOB_OPEN), -EUCLEAN);
	f->job.entry = (struct entry){ .type = ENTRY_LOGOUT, .wall_ms = WALL_MS };
	assert_int_equal(ask(f, JOB_RECORD), -ENODEV);
	worker_stop(f->worker);

	assert_int_equal(worker_start(&f->worker, f->path, 480), 0);
	assert_int_equal(ask(f, JOB_OPEN), 0);
	assert_int_equal(f->job.seq, 1);
}

static void test_unopenable(void **state)
{
	struct fixture *f = *state;
	struct worker *other;
	char path[600];

	open_register(f);
	assert_int_equal(worker_start(&other, f->path, 480), 0);
	struct worker *first = f->worker;
	f->worker = other;
	memset(&f->job, 0, sizeof(f->job));
	assert_int_equal(ask(f, JOB_OPEN), -EBUSY); /* the first one holds it */
	assert_int_equal(ask(f, JOB_COUNTS), -ENODEV);
	worker_stop(other);
	f->worker = first;
	assert_int_equal(ask(f, JOB_COUNTS), 0);

	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(worker_start(&other, path, 480), -ENAMETOOLONG);
	worker_stop(NULL); /* nothing */
}

static void test_stop_finishes(void **state)
{
	struct fixture *f = *state;
	struct register_db *db;
	char number[32];

	memset(&f->job, 0, sizeof(f->job));
	assert_int_equal(submit(f, JOB_OPEN), 0);
	assert_int_equal(submit_event(f, ENTRY_BOOT, 0), 0);
	for (int i = 0; i < JOBS - 2; i++)
		assert_int_equal(submit_event(f, ENTRY_CLOCK, i), 0);
	worker_stop(f->worker);
	f->worker = NULL;
	assert_int_equal(register_open(&db, f->path, 480), 0);
	assert_int_equal(
		register_query_text(db, "SELECT count(*) FROM event", number, sizeof(number)), 0);
	register_close(db);
	assert_string_equal(number, "31");
}

static void write_hanging_stick(const struct fixture *f, char path[160])
{
	static const char SCRIPT[] = "#!/bin/sh\nexec sleep 1000\n";

	text_format(path, 160, "%s/stick-program", f->dir);
	assert_int_equal(file_write_atomic(path, SCRIPT, strlen(SCRIPT), 0700), 0);
}

/* An export that does not get on keeps nobody waiting but what would change it: an erasure comes
 * after it. A register that is opened again ends it. */
static void test_work_goes_on_during_an_export(void **state)
{
	struct fixture *f = *state;
	char program[160];
	struct export_job export = { .stick_program = program,
				     .stick_dir = f->dir,
				     .site_id = 1,
				     .utc_offset_min = 480,
				     .wall_ms = WALL_MS,
				     .to = { .passphrase = "for a test only" } };

	write_hanging_stick(f, program);
	assert_int_equal(submit(f, JOB_OPEN), 0);
	take(f);
	f->job = (struct job){ .export_job = &export };
	assert_int_equal(submit(f, JOB_EXPORT), 0);
	f->job = (struct job){ .id = 1 };
	assert_int_equal(submit(f, JOB_ERASE), 0);
	for (int i = 0; i < 3; i++) {
		f->job = (struct job){ .entry = { .type = ENTRY_BOOT, .wall_ms = WALL_MS } };
		assert_int_equal(submit(f, JOB_RECORD), 0);
		take(f);
		assert_int_equal(f->job.type, JOB_RECORD);
		assert_int_equal(f->job.error, 0);
		assert_int_equal(f->job.receipt.seq, i + 1);
	}
	f->job = (struct job){ .wall_ms = WALL_MS };
	assert_int_equal(submit(f, JOB_OPEN), 0);
	take(f);
	assert_int_equal(f->job.type, JOB_EXPORT);
	assert_int_equal(f->job.error, 0);
	assert_int_equal(f->job.export_result.problem, NOTE_REGISTER_FAILED);
	take(f);
	assert_int_equal(f->job.type, JOB_ERASE);
	take(f);
	assert_int_equal(f->job.type, JOB_OPEN);
	assert_int_equal(f->job.error, 0);
	unlink(program);
}

static void register_person(struct fixture *f, const char *name)
{
	struct visit *v = &f->job.entry.visit;

	memset(&f->job, 0, sizeof(f->job));
	f->job.entry = (struct entry){ .type = ENTRY_REGISTERED, .wall_ms = WALL_MS };
	v->state = VISIT_WAITING;
	v->decision.verdict = VERDICT_REFER;
	v->registered_ms = WALL_MS;
	text_copy(v->person.name, sizeof(v->person.name), name);
	assert_int_equal(ask(f, JOB_RECORD), 0);
}

static void search(struct fixture *f, const char *text, int skip)
{
	memset(&f->job, 0, sizeof(f->job));
	text_copy(f->job.text, sizeof(f->job.text), text);
	f->job.skip = skip;
	assert_int_equal(ask(f, JOB_SEARCH), 0);
}

/* Newest first, no page has what another has, and what is not shown any more is said. */
static void test_search(void **state)
{
	struct fixture *f = *state;

	open_register(f);
	for (int i = 0; i < SEARCH_MAX; i++)
		register_person(f, "李强");
	uint64_t next = SEARCH_MAX;
	for (int skip = 0; skip < SEARCH_MAX; skip += VIEW_ROWS) {
		search(f, "李", skip);
		assert_int_equal(f->job.count, VIEW_ROWS);
		assert_int_equal(f->job.total, SEARCH_MAX);
		assert_false(f->job.more);
		for (int i = 0; i < VIEW_ROWS; i++)
			assert_int_equal(f->job.queue[i].id, next--);
	}
	assert_int_equal(next, 0);
	search(f, "李", SEARCH_MAX); /* past the end */
	assert_int_equal(f->job.count, 0);
	register_person(f, "李强");
	search(f, "李", 0);
	assert_int_equal(f->job.total, SEARCH_MAX);
	assert_true(f->job.more);
	search(f, "王", 0);
	assert_int_equal(f->job.total, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_before_open, setup, teardown),
		cmocka_unit_test_setup_teardown(test_in_order, setup, teardown),
		cmocka_unit_test_setup_teardown(test_full, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pin, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nothing_found, setup, teardown),
		cmocka_unit_test_setup_teardown(test_search, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reopen, setup, teardown),
		cmocka_unit_test_setup_teardown(test_acknowledged_and_gone, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unopenable, setup, teardown),
		cmocka_unit_test_setup_teardown(test_work_goes_on_during_an_export, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_stop_finishes, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
