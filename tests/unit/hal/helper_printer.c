#include "tests/unit/hal/helper_printer.h"

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

void rig_healthy(struct rig *r)
{
	memset(r->status, 0x12, sizeof(r->status));
}

static void small_buffer(int fd)
{
	int size = 4096;

	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)), 0);
}

struct rig rig_new(void)
{
	struct rig r = { .fd = -1 };
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair),
			 0);
	small_buffer(pair[0]);
	assert_int_equal(printer_open_fd(&r.p, pair[0]), 0);
	r.fd = pair[1];
	rig_healthy(&r);
	return r;
}

void rig_free(struct rig *r)
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

void rig_other_end(struct rig *r)
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
bool rig_ready(const struct rig *r)
{
	struct pollfd pfds[2] = {
		{ .fd = printer_fd(r->p), .events = printer_events(r->p) },
		{ .fd = r->stuck ? -1 : r->fd, .events = POLLIN },
	};

	return poll(pfds, 2, r->fd >= 0 && isatty(r->fd) ? 50 : 0) > 0;
}

enum printer_result rig_run(struct rig *r, int64_t until_ms)
{
	for (int spins = 0; spins < 100000; spins++) {
		rig_other_end(r);
		if (!rig_ready(r)) {
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

static uint8_t *job_new(void)
{
	uint8_t *job = malloc(JOB_BYTES);

	assert_non_null(job);
	for (size_t i = 0; i < JOB_BYTES; i++)
		job[i] = (uint8_t)(0x20 + i % 191); /* no DLE */
	return job;
}

void rig_print(struct rig *r)
{
	uint8_t *job = job_new();

	assert_int_equal(printer_print(r->p, job, JOB_BYTES, r->now), 0);
	memset(job, 0, JOB_BYTES); /* the driver has its own copy */
	free(job);
}

void rig_assert_job(const struct rig *r, size_t at)
{
	uint8_t *job = job_new();

	assert_int_equal(r->len - at, JOB_BYTES);
	assert_memory_equal(r->bytes + at, job, JOB_BYTES);
	free(job);
}

void rig_run_into_job(struct rig *r)
{
	for (int i = 0; i < 10000 && r->len < JOB_BYTES / 2; i++) {
		assert_int_equal(printer_io(r->p, r->now), PRINTER_NOTHING);
		rig_other_end(r);
		rig_ready(r);
	}
	assert_true(r->len >= JOB_BYTES / 2 && r->len < JOB_BYTES);
}
