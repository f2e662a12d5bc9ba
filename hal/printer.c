/*
 * What a job goes through; every arrow is taken inside printer_io:
 *
 *   START --> ASK --answered, good--> DATA --last byte accepted--> ASK --> DONE | UNSURE | FAILED
 *              |                       |
 *              |--paper end, cover...  |--no byte accepted for 8 s, gone
 *              v                       v
 *            FAILED                  FAILED
 *
 * ASK is DLE EOT 1, 2 and 4, one question at a time, since an answer does not say which question it
 * answers. A question left open for 500 ms starts the round again; when enough rounds stay open the
 * state is UNKNOWN and work goes on, because many printers never answer. After a question was
 * repeated, an answer may be that of its first asking: SETTLE then drops everything for a moment
 * and asks afresh. No question is put inside a job: cheap printers take its bytes for picture rows.
 *
 * A job that was cut off leaves the printer waiting for the rest of a raster block. NUL bytes, as
 * many as a block can have, are sent before anything else: inside a block they are white, outside
 * they are ignored.
 */
#include "hal/printer.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>

#include "base/log.h"
#include "codec/escpos.h"

#define ANSWER_MS 500
#define SETTLE_MS 200
#define WRITE_MS 8000
#define REOPEN_MS 2000
#define RETRY_MS 50

#define ROUNDS 2
/* A printer that answered before may answer only after it has printed what it was sent. */
#define ROUNDS_AFTER_JOB 10
/* Questions may be accepted late as well, one by one; an asking ends all the same. */
#define ASKING_MS 13000
/*
 * usblp says "writable" while paper is out and then accepts nothing; after so many refusals in a
 * row the driver waits RETRY_MS instead of being called without end.
 */
#define STALLS_MAX 8

#define CHUNK_BYTES 4096
#define CHUNKS_A_CALL 64
#define PADDING_BYTES ((size_t)ESCPOS_WIDTH_PX / 8 * ESCPOS_BAND_ROWS)

enum phase { PHASE_START, PHASE_IDLE, PHASE_ASK, PHASE_SETTLE, PHASE_DATA };

static const int questions[] = { 1, 2, 4 };

struct printer {
	char *path; /* NULL: only ever the descriptor it was given */
	int fd;
	enum printer_state state;
	enum phase phase;
	int64_t deadline_ms; /* of the phase */
	int64_t reopen_ms; /* while absent */

	size_t padding; /* NUL bytes still to be sent */
	uint8_t *job; /* NULL: none */
	size_t job_len, job_at;

	size_t question; /* index into questions */
	uint8_t request[3];
	size_t request_at;
	int rounds_open; /* rounds of this asking that got no full answer */
	int64_t asking_since_ms;
	bool repeated; /* more than one answer to this question may come */
	bool answers; /* the last asking was answered */
	struct escpos_status fresh;

	int stalls;
	int64_t retry_ms;
};

struct span {
	const uint8_t *at;
	size_t len;
};

static const char *const state_names[PRINTER_STATE_COUNT_] = {
	[PRINTER_UNKNOWN] = "does not answer", [PRINTER_READY] = "ready",
	[PRINTER_PAPER_LOW] = "paper low",     [PRINTER_PAPER_END] = "paper end",
	[PRINTER_COVER_OPEN] = "cover open",   [PRINTER_ERROR] = "error",
	[PRINTER_ABSENT] = "absent",           [PRINTER_HUNG] = "hung",
};

static void set_state(struct printer *p, enum printer_state state)
{
	if (p->state == state)
		return;
	p->state = state;
	log_info("printer: %s", state_names[state]);
}

static bool job_sent(const struct printer *p)
{
	return p->job && p->job_at == p->job_len;
}

static void drop_job(struct printer *p)
{
	if (!p->job)
		return;
	if (p->job_at > 0 && p->job_at < p->job_len)
		p->padding = PADDING_BYTES;
	explicit_bzero(p->job, p->job_len); /* a slip carries a visitor's name */
	free(p->job);
	p->job = NULL;
}

static enum printer_result end_job(struct printer *p, enum printer_result result)
{
	bool had_job = p->job != NULL;

	drop_job(p);
	return had_job ? result : PRINTER_NOTHING;
}

/* What the phase wants written next; empty when it waits for something else. */
static struct span pending(const struct printer *p)
{
	static const uint8_t nul[CHUNK_BYTES];

	if (p->phase != PHASE_ASK && p->phase != PHASE_DATA)
		return (struct span){ NULL, 0 };
	if (p->padding > 0)
		return (struct span){ nul, p->padding < sizeof(nul) ? p->padding : sizeof(nul) };
	if (p->phase == PHASE_ASK)
		return (struct span){ p->request + p->request_at,
				      sizeof(p->request) - p->request_at };
	return (struct span){ p->job + p->job_at, p->job_len - p->job_at };
}

static void put_question(struct printer *p, size_t question, int64_t now_ms)
{
	p->question = question;
	escpos_status_request(questions[question], p->request);
	p->request_at = 0;
	p->deadline_ms = now_ms + WRITE_MS;
}

static void begin_round(struct printer *p, int64_t now_ms)
{
	p->phase = PHASE_ASK;
	p->fresh = (struct escpos_status){ 0 };
	put_question(p, 0, now_ms);
}

static void begin_asking(struct printer *p, int64_t now_ms)
{
	p->rounds_open = 0;
	p->asking_since_ms = now_ms;
	p->repeated = false;
	begin_round(p, now_ms);
}

/* An open cover comes first: with it open, many printers report no paper as well. */
static enum printer_state state_of(const struct escpos_status *status)
{
	if (status->cover_open)
		return PRINTER_COVER_OPEN;
	if (status->paper_end)
		return PRINTER_PAPER_END;
	if (status->error || status->offline)
		return PRINTER_ERROR;
	return status->paper_low ? PRINTER_PAPER_LOW : PRINTER_READY;
}

static bool can_print(enum printer_state state)
{
	return state == PRINTER_READY || state == PRINTER_PAPER_LOW || state == PRINTER_UNKNOWN;
}

/* The asking is over. */
static enum printer_result conclude(struct printer *p, bool answered, int64_t now_ms)
{
	bool sent = job_sent(p);

	p->answers = answered;
	p->phase = PHASE_IDLE;
	set_state(p, answered ? state_of(&p->fresh) : PRINTER_UNKNOWN);
	if (!can_print(p->state))
		return end_job(p, PRINTER_JOB_FAILED);
	if (sent)
		return end_job(p, answered ? PRINTER_JOB_DONE : PRINTER_JOB_UNSURE);
	if (p->job) {
		p->phase = PHASE_DATA;
		p->deadline_ms = now_ms + WRITE_MS;
	}
	return PRINTER_NOTHING;
}

/* Goes on asking: the answer, whenever it comes, is what ends HUNG. */
static enum printer_result hung(struct printer *p, int64_t now_ms)
{
	enum printer_result result = end_job(p, PRINTER_JOB_FAILED);

	set_state(p, PRINTER_HUNG);
	p->answers = false;
	if (p->padding == 0)
		p->padding = PADDING_BYTES; /* a question may have been cut off as well */
	begin_asking(p, now_ms);
	return result;
}

static enum printer_result gone(struct printer *p, int64_t now_ms)
{
	enum printer_result result = end_job(p, PRINTER_JOB_FAILED);

	close_fd(&p->fd);
	set_state(p, PRINTER_ABSENT);
	p->reopen_ms = now_ms + REOPEN_MS;
	p->phase = PHASE_START;
	p->answers = false;
	p->stalls = 0;
	return result;
}

/* A serial line must pass all bytes: 04, 11 and 13 are part of requests and pictures. */
static void make_raw(int fd)
{
	struct termios tio;

	if (tcgetattr(fd, &tio))
		return;
	cfmakeraw(&tio);
	tio.c_cflag |= CLOCAL | CREAD;
	if (tcsetattr(fd, TCSANOW, &tio))
		log_warn("printer: serial line not set: errno %d", errno);
}

static void try_open(struct printer *p)
{
	p->fd = open(p->path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (p->fd < 0)
		return;
	make_raw(p->fd);
	set_state(p, PRINTER_UNKNOWN);
}

int printer_open(struct printer **out, const char *path)
{
	struct printer *p = calloc(1, sizeof(*p));

	if (!p)
		return -ENOMEM;
	p->path = strdup(path);
	if (!p->path) {
		free(p);
		return -ENOMEM;
	}
	p->state = PRINTER_ABSENT;
	try_open(p);
	*out = p;
	return 0;
}

int printer_open_fd(struct printer **out, int fd)
{
	struct printer *p = calloc(1, sizeof(*p));
	int flags = fcntl(fd, F_GETFL);

	if (!p)
		return -ENOMEM;
	p->fd = fd;
	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK))
		log_warn("printer: descriptor %d stays blocking: errno %d", fd, errno);
	make_raw(fd);
	*out = p;
	return 0;
}

void printer_close(struct printer *p)
{
	if (!p)
		return;
	drop_job(p);
	close_fd(&p->fd);
	free(p->path);
	free(p);
}

int printer_fd(const struct printer *p)
{
	return p->fd;
}

short printer_events(const struct printer *p)
{
	if (p->fd < 0)
		return 0;
	return pending(p).len > 0 && p->stalls < STALLS_MAX ? POLLIN | POLLOUT : POLLIN;
}

int64_t printer_deadline_ms(const struct printer *p)
{
	if (p->fd < 0)
		return p->path ? p->reopen_ms : INT64_MAX;
	if (p->phase == PHASE_IDLE)
		return INT64_MAX;
	if (p->phase == PHASE_START)
		return 0; /* at once: nothing was asked yet */
	return p->stalls >= STALLS_MAX && p->retry_ms < p->deadline_ms ? p->retry_ms
								       : p->deadline_ms;
}

enum printer_state printer_state(const struct printer *p)
{
	return p->state;
}

bool printer_busy(const struct printer *p)
{
	return p->job != NULL;
}

int printer_print(struct printer *p, const void *data, size_t len, int64_t now_ms)
{
	assert(len > 0);
	if (p->job)
		return -EBUSY;
	if (p->fd < 0)
		return -ENODEV;
	p->job = malloc(len);
	if (!p->job)
		return -ENOMEM;
	memcpy(p->job, data, len);
	p->job_len = len;
	p->job_at = 0;
	if (p->phase == PHASE_START || p->phase == PHASE_IDLE)
		begin_asking(p, now_ms);
	else if (pending(p).len > 0)
		p->deadline_ms = now_ms + WRITE_MS; /* the job gets its whole time */
	return 0;
}

void printer_ask(struct printer *p, int64_t now_ms)
{
	if (p->fd >= 0 && p->phase == PHASE_IDLE)
		begin_asking(p, now_ms);
}

/* One answer to the question that was put; false: not a status byte. */
static bool take_answer(struct printer *p, uint8_t byte, int64_t now_ms)
{
	if (!escpos_status_merge(&p->fresh, questions[p->question], byte))
		return false;
	if (p->repeated) {
		p->repeated = false;
		p->phase = PHASE_SETTLE;
		p->deadline_ms = now_ms + SETTLE_MS;
	} else if (p->question + 1 < ARRAY_LEN(questions)) {
		put_question(p, p->question + 1, now_ms);
	} else {
		p->question++;
	}
	return true;
}

/* Bytes nobody asked for, and all after an answer, are dropped. 0 or negative errno: gone. */
static int read_answers(struct printer *p, int64_t now_ms)
{
	uint8_t bytes[256];
	ssize_t got = read(p->fd, bytes, sizeof(bytes));

	if (got < 0) /* EINVAL: a one-way USB printer, usblp */
		return errno == EAGAIN || errno == EINTR || errno == EINVAL ? 0 : -errno;
	if (p->phase != PHASE_ASK || pending(p).len > 0)
		return 0;
	for (ssize_t i = 0; i < got; i++)
		if (take_answer(p, bytes[i], now_ms))
			break;
	return 0;
}

static void advance(struct printer *p, size_t n, int64_t now_ms)
{
	p->stalls = 0;
	p->deadline_ms = now_ms + WRITE_MS;
	if (p->padding > 0) {
		p->padding -= n;
		return;
	}
	if (p->phase == PHASE_ASK) {
		p->request_at += n;
		if (p->request_at == sizeof(p->request))
			p->deadline_ms = now_ms + ANSWER_MS;
		return;
	}
	p->job_at += n;
	if (job_sent(p))
		begin_asking(p, now_ms);
}

/* send, where it works, spares us SIGPIPE. */
static ssize_t put(int fd, struct span bytes)
{
	size_t len = bytes.len < CHUNK_BYTES ? bytes.len : CHUNK_BYTES;
	ssize_t n = send(fd, bytes.at, len, MSG_NOSIGNAL | MSG_DONTWAIT);

	return n < 0 && errno == ENOTSOCK ? write(fd, bytes.at, len) : n;
}

static int write_pending(struct printer *p, int64_t now_ms)
{
	struct span bytes;

	for (int i = 0; i < CHUNKS_A_CALL && (bytes = pending(p)).len > 0; i++) {
		ssize_t n = put(p->fd, bytes);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
		if (n <= 0) {
			p->stalls++;
			p->retry_ms = now_ms + RETRY_MS;
			return 0;
		}
		advance(p, (size_t)n, now_ms);
	}
	return 0;
}

/* A read of nothing is not the end (usblp passes empty packets on); a hang-up is. */
static bool hung_up(int fd)
{
	struct pollfd pfd = { .fd = fd };

	return poll(&pfd, 1, 0) > 0 && pfd.revents & (POLLHUP | POLLERR | POLLNVAL);
}

/* The deadline of the phase has passed. */
static enum printer_result late(struct printer *p, int64_t now_ms)
{
	if (pending(p).len > 0)
		return hung(p, now_ms);
	if (p->phase == PHASE_SETTLE) {
		begin_round(p, now_ms);
		return PRINTER_NOTHING;
	}
	int rounds = job_sent(p) && p->answers ? ROUNDS_AFTER_JOB : ROUNDS;
	if (++p->rounds_open >= rounds || now_ms - p->asking_since_ms >= ASKING_MS)
		return conclude(p, false, now_ms);
	p->repeated = true;
	begin_round(p, now_ms);
	return PRINTER_NOTHING;
}

static enum printer_result reopen(struct printer *p, int64_t now_ms)
{
	if (!p->path || now_ms < p->reopen_ms)
		return PRINTER_NOTHING;
	try_open(p);
	if (p->fd < 0)
		p->reopen_ms = now_ms + REOPEN_MS;
	else
		begin_asking(p, now_ms);
	return PRINTER_NOTHING;
}

enum printer_result printer_io(struct printer *p, int64_t now_ms)
{
	if (p->fd < 0)
		return reopen(p, now_ms);
	if (p->phase == PHASE_START)
		begin_asking(p, now_ms);
	if (read_answers(p, now_ms) || write_pending(p, now_ms) || hung_up(p->fd))
		return gone(p, now_ms);
	if (p->phase == PHASE_ASK && p->question == ARRAY_LEN(questions))
		return conclude(p, true, now_ms);
	if (p->phase != PHASE_IDLE && now_ms >= p->deadline_ms)
		return late(p, now_ms);
	return PRINTER_NOTHING;
}
