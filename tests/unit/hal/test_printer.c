#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <poll.h>
#include <sys/socket.h>

#include "tests/unit/hal/helper_printer.h"

static void test_healthy(void **state)
{
	(void)state;
	struct rig r = rig_new();
	assert_int_equal(printer_state(r.p), PRINTER_UNKNOWN);
	assert_true(printer_deadline_ms(r.p) <= 0); /* wants to be called at once */
	assert_int_equal(rig_run(&r, 100), PRINTER_NOTHING);
	assert_int_equal(printer_state(r.p), PRINTER_READY);
	assert_int_equal(r.requests, 3);
	assert_true(printer_deadline_ms(r.p) == INT64_MAX); /* idle: nothing more by itself */
	assert_int_equal(printer_events(r.p), POLLIN);
	rig_print(&r);
	assert_true(printer_busy(r.p));
	assert_int_equal(printer_print(r.p, "x", 1, r.now), -EBUSY);
	assert_int_equal(rig_run(&r, 60000), PRINTER_JOB_DONE);
	assert_false(printer_busy(r.p));
	assert_int_equal(printer_state(r.p), PRINTER_READY);
	rig_assert_job(&r, 0);
	assert_int_equal(r.requests, 9); /* three before, three after, none within */
	assert_true(r.now < 200);
	rig_free(&r);
}

/* Two jobs one after another; requests stand only before and after the bytes of a job. */
static void test_no_request_inside(void **state)
{
	(void)state;
	struct rig r = rig_new();
	rig_print(&r); /* before anything was asked */
	assert_int_equal(rig_run(&r, 60000), PRINTER_JOB_DONE);
	assert_int_equal(r.requests, 6);
	assert_int_equal(r.first[2], 0);
	rig_assert_job(&r, 0);
	rig_print(&r);
	printer_ask(r.p, r.now); /* not while a job is under way */
	assert_int_equal(rig_run(&r, 60000), PRINTER_JOB_DONE);
	assert_int_equal(r.requests, 12);
	rig_assert_job(&r, JOB_BYTES);
	rig_free(&r);
}

static void test_silent(void **state)
{
	(void)state;
	struct rig r = rig_new();
	memset(r.status, 0, sizeof(r.status));
	assert_int_equal(rig_run(&r, 10000), PRINTER_NOTHING);
	assert_int_equal(printer_state(r.p), PRINTER_UNKNOWN);
	assert_int_equal(r.requests, 2); /* two rounds, then it is left alone */
	r.now = 10000;
	rig_print(&r);
	assert_int_equal(rig_run(&r, 60000), PRINTER_JOB_UNSURE);
	assert_int_equal(printer_state(r.p), PRINTER_UNKNOWN);
	rig_assert_job(&r, 0);
	assert_true(r.now == 12000); /* 2 x 500 ms before, 2 x 500 ms after */
	rig_free(&r);
}

static void cannot_start(const uint8_t status[5], enum printer_state expected)
{
	struct rig r = rig_new();

	memcpy(r.status, status, 5);
	rig_print(&r);
	assert_int_equal(rig_run(&r, 60000), PRINTER_JOB_FAILED);
	assert_int_equal(printer_state(r.p), expected);
	assert_false(printer_busy(r.p));
	assert_int_equal(r.len, 0); /* nothing was written */
	assert_true(r.now < 100);
	rig_healthy(&r); /* put right, asked again */
	printer_ask(r.p, r.now);
	assert_int_equal(rig_run(&r, 1000), PRINTER_NOTHING);
	assert_int_equal(printer_state(r.p), PRINTER_READY);
	rig_print(&r);
	assert_int_equal(rig_run(&r, 60000), PRINTER_JOB_DONE);
	rig_assert_job(&r, 0);
	rig_free(&r);
}

static void test_cannot_start(void **state)
{
	(void)state;
	cannot_start((const uint8_t[]){ 0, 0x1A, 0x32, 0, 0x72 }, PRINTER_PAPER_END);
	cannot_start((const uint8_t[]){ 0, 0x12, 0x12, 0, 0x72 }, PRINTER_PAPER_END);
	cannot_start((const uint8_t[]){ 0, 0x1A, 0x16, 0, 0x12 }, PRINTER_COVER_OPEN);
	cannot_start((const uint8_t[]){ 0, 0x1A, 0x36, 0, 0x72 }, PRINTER_COVER_OPEN);
	cannot_start((const uint8_t[]){ 0, 0x1A, 0x52, 0, 0x12 }, PRINTER_ERROR);
	cannot_start((const uint8_t[]){ 0, 0x1A, 0x12, 0, 0x12 }, PRINTER_ERROR);
	cannot_start((const uint8_t[]){ 0, 0x12, 0x52, 0, 0x12 }, PRINTER_ERROR);
}

static void test_paper_low_prints(void **state)
{
	(void)state;
	struct rig r = rig_new();
	r.status[4] = 0x1E;
	rig_print(&r);
	assert_int_equal(rig_run(&r, 60000), PRINTER_JOB_DONE);
	assert_int_equal(printer_state(r.p), PRINTER_PAPER_LOW);
	rig_free(&r);
}

static void test_paper_end_in_mid_job(void **state)
{
	(void)state;
	struct rig r = rig_new();
	rig_print(&r);
	rig_run_into_job(&r);
	r.status[1] = 0x1A;
	r.status[2] = 0x32;
	assert_int_equal(rig_run(&r, 60000), PRINTER_JOB_FAILED);
	assert_int_equal(printer_state(r.p), PRINTER_PAPER_END);
	rig_assert_job(&r, 0); /* it swallowed the bytes, and printed them nowhere */
	rig_free(&r);
}

static void test_silent_after_the_job(void **state)
{
	(void)state;
	struct rig r = rig_new();
	rig_print(&r);
	rig_run_into_job(&r);
	memset(r.status, 0, sizeof(r.status));
	assert_int_equal(rig_run(&r, 60000), PRINTER_JOB_UNSURE);
	assert_true(r.now == 5000); /* it did answer before: it gets more time */
	rig_free(&r);
}

/* Takes the whole job, then nothing more; even the questions are accepted late, one by one. */
static void test_stuck_after_the_job(void **state)
{
	(void)state;
	struct rig r = rig_new();
	rig_print(&r);
	for (int i = 0; i < 10000 && r.len < JOB_BYTES; i++) {
		assert_int_equal(printer_io(r.p, r.now), PRINTER_NOTHING);
		rig_other_end(&r);
	}
	rig_assert_job(&r, 0);
	r.stuck = true;
	enum printer_result result = rig_run(&r, 60000);
	assert_true(result == PRINTER_JOB_UNSURE || result == PRINTER_JOB_FAILED);
	assert_true(r.now >= 5000 && r.now <= 13000 + 8000 + 500);
	rig_free(&r);
}

/* Answers only when it has printed: 1.7 s after the question, to all askings at once. */
static void test_late_answers(void **state)
{
	(void)state;
	struct rig r = rig_new();
	rig_print(&r);
	rig_run_into_job(&r);
	memset(r.status, 0, sizeof(r.status));
	assert_int_equal(rig_run(&r, 1700), PRINTER_NOTHING);
	assert_int_equal(r.requests, 3 + 4);
	rig_healthy(&r);
	r.status[2] = 0x16; /* the cover was opened meanwhile */
	r.status[1] = 0x1A;
	for (int i = 0; i < 4; i++) { /* stale, one by one: they must not count */
		assert_int_equal(write(r.fd, "\x12", 1), 1);
		assert_int_equal(printer_io(r.p, r.now), PRINTER_NOTHING);
	}
	assert_int_equal(rig_run(&r, 60000), PRINTER_JOB_FAILED);
	assert_int_equal(printer_state(r.p), PRINTER_COVER_OPEN);
	rig_free(&r);
}

static void test_garbage(void **state)
{
	(void)state;
	struct rig r = rig_new();
	memset(r.status, 0xFF, sizeof(r.status));
	rig_print(&r);
	assert_int_equal(rig_run(&r, 60000), PRINTER_JOB_UNSURE);
	assert_int_equal(printer_state(r.p), PRINTER_UNKNOWN);
	rig_assert_job(&r, 0);
	rig_free(&r);
}

/* A flood of bytes that are no answers, with the answers among them. */
static void test_flood(void **state)
{
	(void)state;
	struct rig r = rig_new();
	uint8_t noise[200];
	memset(noise, 0xC7, sizeof(noise));
	rig_print(&r);
	int64_t calls = 0;
	enum printer_result result = PRINTER_NOTHING;
	for (; result == PRINTER_NOTHING && calls < 100000; calls++) {
		assert_int_equal(write(r.fd, noise, sizeof(noise)), sizeof(noise));
		rig_other_end(&r);
		result = printer_io(r.p, r.now);
		if (calls % 32 == 0)
			r.now++;
	}
	assert_int_equal(result, PRINTER_JOB_DONE);
	rig_assert_job(&r, 0);
	rig_free(&r);
}

static void test_hung_before(void **state)
{
	(void)state;
	struct rig r = rig_new();
	r.stuck = true;
	rig_print(&r);
	assert_int_equal(rig_run(&r, 60000), PRINTER_JOB_FAILED);
	assert_int_equal(printer_state(r.p), PRINTER_HUNG);
	assert_true(r.now >= 8000 && r.now <= 17000);
	rig_free(&r);
}

/* Hangs within the job, wakes up later: the rest of the block is filled, then all is well. */
static void test_hung_in_mid_job_and_back(void **state)
{
	(void)state;
	struct rig r = rig_new();
	rig_print(&r);
	rig_run_into_job(&r);
	r.stuck = true;
	int64_t from = r.now;
	assert_int_equal(rig_run(&r, 60000), PRINTER_JOB_FAILED);
	assert_int_equal(printer_state(r.p), PRINTER_HUNG);
	assert_true(r.now == from + 8000);
	assert_int_equal(rig_run(&r, 120000), PRINTER_NOTHING); /* stays so, without spinning */
	assert_int_equal(printer_state(r.p), PRINTER_HUNG);
	r.stuck = false;
	assert_int_equal(rig_run(&r, 130000), PRINTER_NOTHING);
	assert_int_equal(printer_state(r.p), PRINTER_READY);
	size_t nuls = 0;
	while (nuls < r.len && r.bytes[r.len - 1 - nuls] == 0)
		nuls++;
	assert_int_equal(nuls, 72 * 64); /* the longest block there is */
	size_t at = r.len;
	rig_print(&r);
	assert_int_equal(rig_run(&r, 140000), PRINTER_JOB_DONE);
	rig_assert_job(&r, at);
	rig_free(&r);
}

/* A job given to a printer that already hangs has its own eight seconds. */
static void test_job_while_hung(void **state)
{
	(void)state;
	struct rig r = rig_new();
	r.stuck = true;
	rig_print(&r);
	assert_int_equal(rig_run(&r, 60000), PRINTER_JOB_FAILED);
	r.now += 5000;
	int64_t from = r.now;
	rig_print(&r);
	assert_int_equal(rig_run(&r, 60000), PRINTER_JOB_FAILED);
	assert_true(r.now == from + 8000);
	rig_print(&r);
	r.stuck = false;
	assert_int_equal(rig_run(&r, 60000), PRINTER_JOB_DONE);
	rig_free(&r);
}

/* Refused again and again although it polls as writable: waits instead of being called for ever. */
static void test_no_spinning(void **state)
{
	(void)state;
	struct rig r = rig_new();
	r.stuck = true;
	rig_print(&r);
	while (r.now < 1500) {
		assert_int_equal(printer_io(r.p, r.now), PRINTER_NOTHING);
		r.now += 10;
	}
	for (int i = 0; i < 20; i++)
		assert_int_equal(printer_io(r.p, 1500), PRINTER_NOTHING);
	assert_int_equal(printer_events(r.p), POLLIN);
	assert_true(printer_deadline_ms(r.p) == 1550);
	r.stuck = false;
	rig_other_end(&r);
	assert_int_equal(printer_io(r.p, 1550), PRINTER_NOTHING);
	assert_true(printer_events(r.p) & POLLOUT); /* accepted again */
	r.now = 1550;
	assert_int_equal(rig_run(&r, 60000), PRINTER_JOB_DONE);
	rig_free(&r);
}

static void test_unplugged(void **state)
{
	(void)state;
	struct rig r = rig_new();
	assert_int_equal(rig_run(&r, 100), PRINTER_NOTHING);
	close_fd(&r.fd); /* while idle */
	assert_true(rig_ready(&r));
	assert_int_equal(printer_io(r.p, r.now), PRINTER_NOTHING);
	assert_int_equal(printer_state(r.p), PRINTER_ABSENT);
	assert_int_equal(printer_fd(r.p), -1);
	assert_int_equal(printer_events(r.p), 0);
	assert_true(printer_deadline_ms(r.p) == INT64_MAX); /* an fd does not come back */
	assert_int_equal(printer_print(r.p, "x", 1, r.now), -ENODEV);
	printer_ask(r.p, r.now);
	assert_int_equal(printer_io(r.p, r.now + 100000), PRINTER_NOTHING);
	rig_free(&r);
	r = rig_new();
	rig_print(&r);
	rig_run_into_job(&r);
	close_fd(&r.fd);
	assert_int_equal(rig_run(&r, 60000), PRINTER_JOB_FAILED); /* and no SIGPIPE */
	assert_int_equal(printer_state(r.p), PRINTER_ABSENT);
	assert_false(printer_busy(r.p));
	rig_free(&r);
}

/* Unplugged at any moment of the job's life: failed, once, never done. */
static void test_unplugged_at_any_call(void **state)
{
	(void)state;
	int calls = 0;
	for (bool done = false; !done; calls++) {
		struct rig r = rig_new();
		enum printer_result result = PRINTER_NOTHING;
		rig_print(&r);
		for (int i = 0; i < calls && result == PRINTER_NOTHING; i++) {
			rig_other_end(&r);
			result = printer_io(r.p, r.now);
		}
		done = result == PRINTER_JOB_DONE;
		if (!done) {
			assert_int_equal(result, PRINTER_NOTHING);
			close_fd(&r.fd);
			assert_int_equal(rig_run(&r, 60000), PRINTER_JOB_FAILED);
			assert_int_equal(printer_state(r.p), PRINTER_ABSENT);
		}
		rig_free(&r);
	}
	assert_true(calls > 10);
}

/* A byte that was there before the question is no answer to it. */
static void test_unasked_byte(void **state)
{
	(void)state;
	struct rig r = rig_new();
	assert_int_equal(write(r.fd, "\x1A", 1), 1);
	assert_int_equal(rig_run(&r, 100), PRINTER_NOTHING);
	assert_int_equal(printer_state(r.p), PRINTER_READY);
	assert_int_equal(r.requests, 3);
	rig_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_healthy),
		cmocka_unit_test(test_no_request_inside),
		cmocka_unit_test(test_silent),
		cmocka_unit_test(test_cannot_start),
		cmocka_unit_test(test_paper_low_prints),
		cmocka_unit_test(test_paper_end_in_mid_job),
		cmocka_unit_test(test_silent_after_the_job),
		cmocka_unit_test(test_stuck_after_the_job),
		cmocka_unit_test(test_late_answers),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_unasked_byte),
		cmocka_unit_test(test_hung_before),
		cmocka_unit_test(test_hung_in_mid_job_and_back),
		cmocka_unit_test(test_job_while_hung),
		cmocka_unit_test(test_no_spinning),
		cmocka_unit_test(test_unplugged),
		cmocka_unit_test(test_unplugged_at_any_call),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
