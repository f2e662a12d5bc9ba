/*
 * Two rings of fixed size under one mutex: asked and answered. The worker sleeps on a condition;
 * the main loop is woken by an eventfd. Jobs hold personal data, so a slot is wiped when it has
 * been taken out of either ring.
 */
#include "worker.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

#include "base/log.h"
#include "base/text.h"

#define WORKER_JOBS 32

struct ring {
	struct job jobs[WORKER_JOBS];
	unsigned head, count;
};

struct worker {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct ring asked, answered;
	int outstanding; /* main loop's own count: never more than the rings hold */
	int event_fd;
	bool stop;
	char path[512];
	int32_t utc_offset_min;
	struct register_db *db; /* the worker thread's alone */
};

static void push(struct ring *ring, const struct job *job)
{
	assert(ring->count < WORKER_JOBS);
	ring->jobs[(ring->head + ring->count++) % WORKER_JOBS] = *job;
}

static bool pop(struct ring *ring, struct job *job)
{
	if (ring->count == 0)
		return false;
	struct job *slot = &ring->jobs[ring->head];
	*job = *slot;
	explicit_bzero(slot, sizeof(*slot));
	ring->head = (ring->head + 1) % WORKER_JOBS;
	ring->count--;
	return true;
}

/* What the kiosk wants to know of an opened register. */
static int open_register(struct worker *w, struct job *job)
{
	char number[32];

	register_close(w->db);
	w->db = NULL;
	int err = register_open(&w->db, w->path, w->utc_offset_min);
	if (err)
		return err;
	uint8_t head[CHAIN_HASH_BYTES];
	register_head(w->db, &job->seq, head);
	err = register_query_text(w->db, "SELECT wall_ms FROM event ORDER BY seq DESC LIMIT 1",
				  number, sizeof(number));
	if (err)
		return err;
	job->last_wall_ms = strtoll(number, NULL, 10);
	err = register_level(w->db, &job->level);
	if (err)
		return err;
	char sql[160];
	text_format(sql, sizeof(sql),
		    "SELECT actor FROM event WHERE type = %d AND actor IN "
		    "(SELECT name FROM account WHERE role IN (%d, %d)) ORDER BY seq DESC LIMIT 1",
		    ENTRY_LOGIN, ROLE_GUARD, ROLE_SUPERVISOR);
	return register_query_text(w->db, sql, job->last_guard, sizeof(job->last_guard));
}

static int find_pass(struct worker *w, struct job *job)
{
	int err = register_pass(w->db, job->id, &job->pass);
	return err ? err : register_visit(w->db, job->pass.visit_id, &job->visit);
}

static int set_account(struct worker *w, struct job *job)
{
	int count = 0;
	int err = register_accounts(w->db, job->account.role, job->accounts, VIEW_ROWS, &count);

	for (int i = 0; !err && job->only_missing && i < count; i++)
		if (strcmp(job->accounts[i].name, job->account.name) == 0)
			return 0;
	return err ? err
		   : register_account_set(w->db, &job->account, job->pin, job->wall_ms,
					  job->mono_ms);
}

static int try_pin(struct worker *w, struct job *job)
{
	char name[ACCOUNT_BYTES];

	memcpy(name, job->account.name,
	       sizeof(name)); /* the answer goes where the question stood */
	return register_pin_try(w->db, name, job->pin, job->wall_ms, job->mono_ms,
				job->clock_trusted, &job->pin_outcome, &job->account, &job->wait_s);
}

static int fetch_order(struct worker *w, struct job *job)
{
	int err = register_level(w->db, &job->level);

	if (err)
		return err;
	job->order_job.last_number = job->level.last_order;
	if (order_fetch(&job->order_job, &job->order_found) < 0)
		job->order_found.problem = NOTE_STICK_FAILED; /* the register is well */
	return 0;
}

static int run(struct worker *w, struct job *job)
{
	if (job->type == JOB_OPEN)
		return open_register(w, job);
	if (!w->db)
		return -ENODEV;
	switch (job->type) {
	case JOB_RECORD:
		return register_record(w->db, &job->entry, &job->receipt);
	case JOB_QUEUE:
		return register_queue(w->db, job->queue, VIEW_ROWS, job->skip, &job->count,
				      &job->total);
	case JOB_VISIT:
		return register_visit(w->db, job->id, &job->visit);
	case JOB_PASS:
		return find_pass(w, job);
	case JOB_ACCOUNTS:
		return register_accounts(w->db, job->role, job->accounts, VIEW_ROWS, &job->count);
	case JOB_ACCOUNT_SET:
		return set_account(w, job);
	case JOB_PIN:
		return try_pin(w, job);
	case JOB_COUNTS:
		return register_counts(w->db, job->wall_ms, &job->counts);
	case JOB_EXPORT:
		return export_run(w->db, job->export_job, &job->export_result);
	case JOB_ORDER:
		return fetch_order(w, job);
	case JOB_REPORT:
		return register_report(w->db, &job->ask, &job->report);
	case JOB_REPORT_DAYS:
		return register_report_days(w->db, &job->ask, &job->days);
	case JOB_INSIDE:
		return register_inside(w->db, job->people);
	case JOB_CONTACT:
		return register_contact(w->db, job->people);
	case JOB_QUERY: {
		char answer[sizeof(job->text)];
		int err = register_query_text(w->db, job->text, answer, sizeof(answer));
		memcpy(job->text, answer, sizeof(answer));
		return err;
	}
	case JOB_OPEN:
	case JOB_TYPE_COUNT_:
		break;
	}
	return -EINVAL;
}

static void *work(void *arg)
{
	struct worker *w = arg;
	struct job *job = malloc(sizeof(*job));

	assert(job);
	pthread_mutex_lock(&w->lock);
	for (;;) {
		while (w->asked.count == 0 && !w->stop)
			pthread_cond_wait(&w->wake, &w->lock);
		if (!pop(&w->asked, job))
			break;
		pthread_mutex_unlock(&w->lock);
		job->error = run(w, job);
		explicit_bzero(job->pin, sizeof(job->pin));
		pthread_mutex_lock(&w->lock);
		push(&w->answered, job);
		if (eventfd_write(w->event_fd, 1) < 0)
			log_error("worker: eventfd: errno %d", errno);
	}
	pthread_mutex_unlock(&w->lock);
	register_close(w->db);
	explicit_bzero(job, sizeof(*job));
	free(job);
	return NULL;
}

int worker_start(struct worker **out, const char *path, int32_t utc_offset_min)
{
	struct worker *w = calloc(1, sizeof(*w));
	if (!w)
		return -ENOMEM;
	w->utc_offset_min = utc_offset_min;
	if (!text_copy(w->path, sizeof(w->path), path)) {
		free(w);
		return -ENAMETOOLONG;
	}
	w->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (w->event_fd < 0) {
		int err = -errno;
		free(w);
		return err;
	}
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->wake, NULL);
	int err = pthread_create(&w->thread, NULL, work, w);
	if (err) {
		close(w->event_fd);
		free(w);
		return -err;
	}
	*out = w;
	return 0;
}

void worker_stop(struct worker *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->stop = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
	close(w->event_fd);
	explicit_bzero(w, sizeof(*w));
	free(w);
}

int worker_submit(struct worker *w, const struct job *job)
{
	if (w->outstanding == WORKER_JOBS)
		return -EBUSY;
	w->outstanding++;
	pthread_mutex_lock(&w->lock);
	push(&w->asked, job);
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	return 0;
}

int worker_fd(const struct worker *w)
{
	return w->event_fd;
}

bool worker_next(struct worker *w, struct job *job)
{
	pthread_mutex_lock(&w->lock);
	bool got = pop(&w->answered, job);
	if (!got) { /* drained: the next answer wakes the loop again */
		eventfd_t ignored;
		(void)eventfd_read(w->event_fd, &ignored);
	}
	pthread_mutex_unlock(&w->lock);
	if (got)
		w->outstanding--;
	return got;
}

int worker_pending(const struct worker *w)
{
	return w->outstanding;
}
