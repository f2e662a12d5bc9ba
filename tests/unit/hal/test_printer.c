#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "hal/printer.h"

/*
 * The other end, played by the test: it reads what has come, answers requests by script and keeps
 * everything else. Time is a number.
 */
struct rig {
	struct printer *p;
	int fd; /* the printer's end */
	int64_t now;
	uint8_t status[5]; /* answers to DLE EOT n; 0: none */
	bool stuck; /* reads nothing */
	int requests; /* seen so far */
	int first[3]; /* positions in bytes at which they came */
	uint8_t *bytes; /* all that was not a request */
	size_t len, cap;
	uint8_t window[3];
};

static void healthy(struct rig *r)
{
	memset(r->status, 0x12, sizeof(r->status));
}

static void small_buffer(int fd)
{
	int size = 4096;

	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)), 0);
}

static struct rig rig_new(void)
{
	struct rig r = { .fd = -1 };
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair),
			 0);
	small_buffer(pair[0]);
	assert_int_equal(printer_open_fd(&r.p, pair[0]), 0);
	r.fd = pair[1];
	healthy(&r);
	return r;
}

static void rig_free(struct rig *r)
{
	printer_close(r->p);
	close_fd(&r->fd);
	free(r->bytes);
}

static void keep(struct rig *r, uint8_t byte)
{
	if (r->len == r->cap) {
		r->cap = r->cap ? r->cap * 2 : 4096;
		r->bytes = realloc(r->bytes, r->cap);
		assert_non_null(r->bytes);
	}
	r->bytes[r->len++] = byte;
}

/* Finds DLE EOT n in the stream; the pictures of these tests contain none. */
static void take(struct rig *r, uint8_t byte)
{
	keep(r, byte);
	if (r->len < 3 || r->bytes[r->len - 3] != 0x10 || r->bytes[r->len - 2] != 0x04)
		return;
	assert_true(byte == 1 || byte == 2 || byte == 4);
	r->len -= 3;
	if (r->requests < 3)
		r->first[r->requests] = (int)r->len;
	r->requests++;
	if (r->status[byte])
		assert_int_equal(write(r->fd, &r->status[byte], 1), 1);
}

static void other_end(struct rig *r)
{
	uint8_t chunk[700]; /* splits requests and blocks anywhere */
	ssize_t got;

	if (r->stuck || r->fd < 0)
		return;
	while ((got = read(r->fd, chunk, sizeof(chunk))) > 0)
		for (ssize_t i = 0; i < got; i++)
			take(r, chunk[i]);
}

/*
 * Something to do at either end. A socket pair shows it at once; a pseudo terminal hands bytes on
 * from a kernel thread, so there virtual time goes on only after a moment of real silence.
 */
static bool ready(const struct rig *r)
{
	struct pollfd pfds[2] = {
		{ .fd = printer_fd(r->p), .events = printer_events(r->p) },
		{ .fd = r->stuck ? -1 : r->fd, .events = POLLIN },
	};

	return poll(pfds, 2, r->fd >= 0 && isatty(r->fd) ? 50 : 0) > 0;
}

/*
 * A main loop over virtual time: io on readiness, and on the deadline when nothing is ready. Stops
 * at a result, or at until_ms when nothing happens before. A driver that asked to be called again
 * and again without the clock moving would never end: bounded.
 */
static enum printer_result run(struct rig *r, int64_t until_ms)
{
	for (int spins = 0; spins < 100000; spins++) {
		other_end(r);
		if (!ready(r)) {
			int64_t next = printer_deadline_ms(r->p);
			if (next > until_ms) {
				r->now = until_ms;
				return PRINTER_NOTHING;
			}
			if (next > r->now)
				r->now = next;
		}
		enum printer_result result = printer_io(r->p, r->now);
		if (result != PRINTER_NOTHING)
			return result;
	}
	fail_msg("the driver spins");
	return PRINTER_NOTHING;
}

#define JOB_BYTES 60000

static uint8_t *job_new(void)
{
	uint8_t *job = malloc(JOB_BYTES);

	assert_non_null(job);
	for (size_t i = 0; i < JOB_BYTES; i++)
		job[i] = (uint8_t)(0x20 + i % 191); /* no DLE */
	return job;
}

static void print(struct rig *r)
{
	uint8_t *job = job_new();

	assert_int_equal(printer_print(r->p, job, JOB_BYTES, r->now), 0);
	memset(job, 0, JOB_BYTES); /* the driver has its own copy */
	free(job);
}

static void assert_job_arrived(const struct rig *r, size_t at)
{
	uint8_t *job = job_new();

	assert_int_equal(r->len - at, JOB_BYTES);
	assert_memory_equal(r->bytes + at, job, JOB_BYTES);
	free(job);
}

static void test_healthy(void **state)
{
	(void)state;
	struct rig r = rig_new();
	assert_int_equal(printer_state(r.p), PRINTER_UNKNOWN);
	assert_true(printer_deadline_ms(r.p) <= 0); /* wants to be called at once */
	assert_int_equal(run(&r, 100), PRINTER_NOTHING);
	assert_int_equal(printer_state(r.p), PRINTER_READY);
	assert_int_equal(r.requests, 3);
	assert_true(printer_deadline_ms(r.p) == INT64_MAX); /* idle: nothing more by itself */
	assert_int_equal(printer_events(r.p), POLLIN);
	print(&r);
	assert_true(printer_busy(r.p));
	assert_int_equal(printer_print(r.p, "x", 1, r.now), -EBUSY);
	assert_int_equal(run(&r, 60000), PRINTER_JOB_DONE);
	assert_false(printer_busy(r.p));
	assert_int_equal(printer_state(r.p), PRINTER_READY);
	assert_job_arrived(&r, 0);
	assert_int_equal(r.requests, 9); /* three before, three after, none within */
	assert_true(r.now < 200);
	rig_free(&r);
}

/* Two jobs one after another; requests stand only before and after the bytes of a job. */
static void test_no_request_inside(void **state)
{
	(void)state;
	struct rig r = rig_new();
	print(&r); /* before anything was asked */
	assert_int_equal(run(&r, 60000), PRINTER_JOB_DONE);
	assert_int_equal(r.requests, 6);
	assert_int_equal(r.first[2], 0);
	assert_job_arrived(&r, 0);
	print(&r);
	printer_ask(r.p, r.now); /* not while a job is under way */
	assert_int_equal(run(&r, 60000), PRINTER_JOB_DONE);
	assert_int_equal(r.requests, 12);
	assert_job_arrived(&r, JOB_BYTES);
	rig_free(&r);
}

static void test_silent(void **state)
{
	(void)state;
	struct rig r = rig_new();
	memset(r.status, 0, sizeof(r.status));
	assert_int_equal(run(&r, 10000), PRINTER_NOTHING);
	assert_int_equal(printer_state(r.p), PRINTER_UNKNOWN);
	assert_int_equal(r.requests, 2); /* two rounds, then it is left alone */
	r.now = 10000;
	print(&r);
	assert_int_equal(run(&r, 60000), PRINTER_JOB_UNSURE);
	assert_int_equal(printer_state(r.p), PRINTER_UNKNOWN);
	assert_job_arrived(&r, 0);
	assert_true(r.now == 12000); /* 2 x 500 ms before, 2 x 500 ms after */
	rig_free(&r);
}

static void cannot_start(const uint8_t status[5], enum printer_state expected)
{
	struct rig r = rig_new();

	memcpy(r.status, status, 5);
	print(&r);
	assert_int_equal(run(&r, 60000), PRINTER_JOB_FAILED);
	assert_int_equal(printer_state(r.p), expected);
	assert_false(printer_busy(r.p));
	assert_int_equal(r.len, 0); /* nothing was written */
	assert_true(r.now < 100);
	healthy(&r); /* put right, asked again */
	printer_ask(r.p, r.now);
	assert_int_equal(run(&r, 1000), PRINTER_NOTHING);
	assert_int_equal(printer_state(r.p), PRINTER_READY);
	print(&r);
	assert_int_equal(run(&r, 60000), PRINTER_JOB_DONE);
	assert_job_arrived(&r, 0);
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
}

static void test_paper_low_prints(void **state)
{
	(void)state;
	struct rig r = rig_new();
	r.status[4] = 0x1E;
	print(&r);
	assert_int_equal(run(&r, 60000), PRINTER_JOB_DONE);
	assert_int_equal(printer_state(r.p), PRINTER_PAPER_LOW);
	rig_free(&r);
}

/* Runs until part of the job has arrived. */
static void run_into_job(struct rig *r)
{
	for (int i = 0; i < 10000 && r->len < JOB_BYTES / 2; i++) {
		assert_int_equal(printer_io(r->p, r->now), PRINTER_NOTHING);
		other_end(r);
		ready(r);
	}
	assert_true(r->len >= JOB_BYTES / 2 && r->len < JOB_BYTES);
}

static void test_paper_end_in_mid_job(void **state)
{
	(void)state;
	struct rig r = rig_new();
	print(&r);
	run_into_job(&r);
	r.status[1] = 0x1A;
	r.status[2] = 0x32;
	assert_int_equal(run(&r, 60000), PRINTER_JOB_FAILED);
	assert_int_equal(printer_state(r.p), PRINTER_PAPER_END);
	assert_job_arrived(&r, 0); /* it swallowed the bytes, and printed them nowhere */
	rig_free(&r);
}

static void test_silent_after_the_job(void **state)
{
	(void)state;
	struct rig r = rig_new();
	print(&r);
	run_into_job(&r);
	memset(r.status, 0, sizeof(r.status));
	assert_int_equal(run(&r, 60000), PRINTER_JOB_UNSURE);
	assert_true(r.now == 5000); /* it did answer before: it gets more time */
	rig_free(&r);
}

/* Takes the whole job, then nothing more; even the questions are accepted late, one by one. */
static void test_stuck_after_the_job(void **state)
{
	(void)state;
	struct rig r = rig_new();
	print(&r);
	for (int i = 0; i < 10000 && r.len < JOB_BYTES; i++) {
		assert_int_equal(printer_io(r.p, r.now), PRINTER_NOTHING);
		other_end(&r);
	}
	assert_job_arrived(&r, 0);
	r.stuck = true;
	enum printer_result result = run(&r, 60000);
	assert_true(result == PRINTER_JOB_UNSURE || result == PRINTER_JOB_FAILED);
	assert_true(r.now >= 5000 && r.now <= 13000 + 8000 + 500);
	rig_free(&r);
}

/* Answers only when it has printed: 1.7 s after the question, to all askings at once. */
static void test_late_answers(void **state)
{
	(void)state;
	struct rig r = rig_new();
	print(&r);
	run_into_job(&r);
	memset(r.status, 0, sizeof(r.status));
	assert_int_equal(run(&r, 1700), PRINTER_NOTHING);
	assert_int_equal(r.requests, 3 + 4);
	healthy(&r);
	r.status[2] = 0x16; /* the cover was opened meanwhile */
	r.status[1] = 0x1A;
	assert_int_equal(write(r.fd, "\x12\x12\x12\x12", 4), 4); /* stale: must not count */
	assert_int_equal(run(&r, 60000), PRINTER_JOB_FAILED);
	assert_int_equal(printer_state(r.p), PRINTER_COVER_OPEN);
	rig_free(&r);
}

static void test_garbage(void **state)
{
	(void)state;
	struct rig r = rig_new();
	memset(r.status, 0xFF, sizeof(r.status));
	print(&r);
	assert_int_equal(run(&r, 60000), PRINTER_JOB_UNSURE);
	assert_int_equal(printer_state(r.p), PRINTER_UNKNOWN);
	assert_job_arrived(&r, 0);
	rig_free(&r);
}

/* A flood of bytes that are no answers, with the answers among them. */
static void test_flood(void **state)
{
	(void)state;
	struct rig r = rig_new();
	uint8_t noise[200];
	memset(noise, 0xC7, sizeof(noise));
	print(&r);
	int64_t calls = 0;
	enum printer_result result = PRINTER_NOTHING;
	for (; result == PRINTER_NOTHING && calls < 100000; calls++) {
		assert_int_equal(write(r.fd, noise, sizeof(noise)), sizeof(noise));
		other_end(&r);
		result = printer_io(r.p, r.now);
		if (calls % 32 == 0)
			r.now++;
	}
	assert_int_equal(result, PRINTER_JOB_DONE);
	assert_job_arrived(&r, 0);
	rig_free(&r);
}

static void test_hung_before(void **state)
{
	(void)state;
	struct rig r = rig_new();
	r.stuck = true;
	print(&r);
	assert_int_equal(run(&r, 60000), PRINTER_JOB_FAILED);
	assert_int_equal(printer_state(r.p), PRINTER_HUNG);
	assert_true(r.now >= 8000 && r.now <= 17000);
	rig_free(&r);
}

/* Hangs within the job, wakes up later: the rest of the block is filled, then all is well. */
static void test_hung_in_mid_job_and_back(void **state)
{
	(void)state;
	struct rig r = rig_new();
	print(&r);
	run_into_job(&r);
	r.stuck = true;
	int64_t from = r.now;
	assert_int_equal(run(&r, 60000), PRINTER_JOB_FAILED);
	assert_int_equal(printer_state(r.p), PRINTER_HUNG);
	assert_true(r.now == from + 8000);
	assert_int_equal(run(&r, 120000), PRINTER_NOTHING); /* stays so, without spinning */
	assert_int_equal(printer_state(r.p), PRINTER_HUNG);
	r.stuck = false;
	assert_int_equal(run(&r, 130000), PRINTER_NOTHING);
	assert_int_equal(printer_state(r.p), PRINTER_READY);
	size_t nuls = 0;
	while (nuls < r.len && r.bytes[r.len - 1 - nuls] == 0)
		nuls++;
	assert_int_equal(nuls, 72 * 64); /* the longest block there is */
	size_t at = r.len;
	print(&r);
	assert_int_equal(run(&r, 140000), PRINTER_JOB_DONE);
	assert_job_arrived(&r, at);
	rig_free(&r);
}

/* A job given to a printer that already hangs has its own eight seconds. */
static void test_job_while_hung(void **state)
{
	(void)state;
	struct rig r = rig_new();
	r.stuck = true;
	print(&r);
	assert_int_equal(run(&r, 60000), PRINTER_JOB_FAILED);
	r.now += 5000;
	int64_t from = r.now;
	print(&r);
	assert_int_equal(run(&r, 60000), PRINTER_JOB_FAILED);
	assert_true(r.now == from + 8000);
	print(&r);
	r.stuck = false;
	assert_int_equal(run(&r, 60000), PRINTER_JOB_DONE);
	rig_free(&r);
}

/* Refused again and again although it polls as writable: waits instead of being called for ever. */
static void test_no_spinning(void **state)
{
	(void)state;
	struct rig r = rig_new();
	r.stuck = true;
	print(&r);
	while (r.now < 1500) {
		assert_int_equal(printer_io(r.p, r.now), PRINTER_NOTHING);
		r.now += 10;
	}
	for (int i = 0; i < 20; i++)
		assert_int_equal(printer_io(r.p, 1500), PRINTER_NOTHING);
	assert_int_equal(printer_events(r.p), POLLIN);
	assert_true(printer_deadline_ms(r.p) == 1550);
	r.stuck = false;
	other_end(&r);
	assert_int_equal(printer_io(r.p, 1550), PRINTER_NOTHING);
	assert_true(printer_events(r.p) & POLLOUT); /* accepted again */
	r.now = 1550;
	assert_int_equal(run(&r, 60000), PRINTER_JOB_DONE);
	rig_free(&r);
}

static void test_unplugged(void **state)
{
	(void)state;
	struct rig r = rig_new();
	assert_int_equal(run(&r, 100), PRINTER_NOTHING);
	close_fd(&r.fd); /* while idle */
	assert_true(ready(&r));
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
	print(&r);
	run_into_job(&r);
	close_fd(&r.fd);
	assert_int_equal(run(&r, 60000), PRINTER_JOB_FAILED); /* and no SIGPIPE */
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
		print(&r);
		for (int i = 0; i < calls && result == PRINTER_NOTHING; i++) {
			other_end(&r);
			result = printer_io(r.p, r.now);
		}
		done = result == PRINTER_JOB_DONE;
		if (!done) {
			assert_int_equal(result, PRINTER_NOTHING);
			close_fd(&r.fd);
			assert_int_equal(run(&r, 60000), PRINTER_JOB_FAILED);
			assert_int_equal(printer_state(r.p), PRINTER_ABSENT);
		}
		rig_free(&r);
	}
	assert_true(calls > 10);
}

/* By path, over a pseudo terminal behind a symbolic link: as udev names a serial printer. */
struct tty {
	int master;
	char dir[40], path[64];
};

static void tty_plug(struct tty *t)
{
	t->master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	assert_true(t->master >= 0);
	assert_int_equal(grantpt(t->master), 0);
	assert_int_equal(unlockpt(t->master), 0);
	unlink(t->path);
	assert_int_equal(symlink(ptsname(t->master), t->path), 0);
}

static void tty_unplug(struct tty *t)
{
	unlink(t->path);
	close_fd(&t->master);
}

static struct tty tty_new(void)
{
	struct tty t = { .master = -1, .dir = "/tmp/gatehouse-printer-XXXXXX" };

	assert_non_null(mkdtemp(t.dir));
	snprintf(t.path, sizeof(t.path), "%s/lp0", t.dir);
	return t;
}

static void tty_free(struct tty *t)
{
	tty_unplug(t);
	assert_int_equal(rmdir(t->dir), 0);
}

static void test_path_absent_then_plugged(void **state)
{
	(void)state;
	struct tty t = tty_new();
	struct rig r = { .fd = -1 };
	assert_int_equal(printer_open(&r.p, t.path), 0);
	assert_int_equal(printer_state(r.p), PRINTER_ABSENT);
	assert_true(printer_deadline_ms(r.p) <= 0);
	assert_int_equal(run(&r, 10000), PRINTER_NOTHING); /* tries every 2 s, nothing comes */
	assert_int_equal(printer_state(r.p), PRINTER_ABSENT);
	assert_true(printer_deadline_ms(r.p) == 12000);
	tty_plug(&t);
	r.fd = t.master;
	healthy(&r);
	assert_int_equal(printer_io(r.p, 11999), PRINTER_NOTHING);
	assert_int_equal(printer_state(r.p), PRINTER_ABSENT); /* not before its time */
	assert_int_equal(run(&r, 12100), PRINTER_NOTHING);
	assert_int_equal(printer_state(r.p), PRINTER_READY);
	print(&r);
	assert_int_equal(run(&r, 60000), PRINTER_JOB_DONE);
	assert_job_arrived(&r, 0); /* raw: 0x0A, 0x0D, 0x11, 0x13 and all others unchanged */
	r.fd = -1;
	rig_free(&r);
	tty_free(&t);
}

static void test_path_unplugged_and_replugged(void **state)
{
	(void)state;
	struct tty t = tty_new();
	struct rig r = { .fd = -1 };
	tty_plug(&t);
	r.fd = t.master;
	healthy(&r);
	assert_int_equal(printer_open(&r.p, t.path), 0);
	assert_int_equal(printer_state(r.p), PRINTER_UNKNOWN);
	print(&r);
	run_into_job(&r);
	r.fd = -1;
	tty_unplug(&t);
	assert_int_equal(run(&r, 60000), PRINTER_JOB_FAILED);
	assert_int_equal(printer_state(r.p), PRINTER_ABSENT);
	assert_true(printer_deadline_ms(r.p) == r.now + 2000);
	tty_plug(&t);
	r.fd = t.master;
	r.len = 0;
	assert_int_equal(run(&r, r.now + 3000), PRINTER_NOTHING);
	assert_int_equal(printer_state(r.p), PRINTER_READY);
	size_t at = r.len; /* the filling */
	print(&r);
	assert_int_equal(run(&r, 60000), PRINTER_JOB_DONE);
	assert_job_arrived(&r, at);
	r.fd = -1;
	rig_free(&r);
	tty_free(&t);
}

/* All 256 values reach the other end of a terminal line. */
static void test_terminal_is_raw(void **state)
{
	(void)state;
	struct tty t = tty_new();
	struct rig r = { .fd = -1 };
	uint8_t all[255], got[300];
	size_t len = 0;
	tty_plug(&t);
	assert_int_equal(printer_open(&r.p, t.path), 0);
	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (uint8_t)(i + 1);
	assert_int_equal(printer_print(r.p, all, sizeof(all), 0), 0);
	enum printer_result result = PRINTER_NOTHING;
	r.fd = t.master;
	for (int i = 0; i < 100 && result == PRINTER_NOTHING; i++) {
		result = printer_io(r.p, i * 100);
		ready(&r);
		ssize_t n = read(t.master, got + len, sizeof(got) - len);
		len += n > 0 ? (size_t)n : 0;
	}
	assert_int_equal(result, PRINTER_JOB_UNSURE);
	assert_int_equal(len, 6 + sizeof(all) + 6); /* two rounds of one open question around it */
	assert_memory_equal(got + 6, all, sizeof(all));
	r.fd = -1;
	rig_free(&r);
	tty_free(&t);
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
		cmocka_unit_test(test_hung_before),
		cmocka_unit_test(test_hung_in_mid_job_and_back),
		cmocka_unit_test(test_job_while_hung),
		cmocka_unit_test(test_no_spinning),
		cmocka_unit_test(test_unplugged),
		cmocka_unit_test(test_unplugged_at_any_call),
		cmocka_unit_test(test_path_absent_then_plugged),
		cmocka_unit_test(test_path_unplugged_and_replugged),
		cmocka_unit_test(test_terminal_is_raw),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
