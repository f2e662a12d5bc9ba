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
#include "jobs.h"

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
	struct jobs jobs; /* the worker thread's alone */
	struct job *between; /* done between two steps of a long job; the worker thread's alone */
};

static void push(struct ring *ring, const struct job *job)
{
	assert(ring->count < WORKER_JOBS);
	ring->jobs[(ring->head + ring->count++) % WORKER_JOBS] = *job;
}

/* Takes the job at this place; those before it keep their order. */
static void pop_at(struct ring *ring, unsigned place, struct job *job)
{
	struct job *slot = &ring->jobs[(ring->head + place) % WORKER_JOBS];

	*job = *slot;
	for (; place > 0; place--) {
		struct job *before = &ring->jobs[(ring->head + place - 1) % WORKER_JOBS];
		*slot = *before;
		slot = before;
	}
	explicit_bzero(slot, sizeof(*slot));
	ring->head = (ring->head + 1) % WORKER_JOBS;
	ring->count--;
}

static bool pop(struct ring *ring, struct job *job)
{
	if (ring->count == 0)
		return false;
	pop_at(ring, 0, job);
	return true;
}

static void answer(struct worker *w, const struct job *job)
{
	push(&w->answered, job);
	if (eventfd_write(w->event_fd, 1) < 0)
		log_error("worker: eventfd: errno %d", errno);
}

/* Nobody is forgotten under the hands of an export: its sheets would tell of different people, and
 * the event that says so would come behind its last one. The walk can wait. */
static bool waits_for_export(enum job_type type)
{
	return type == JOB_EXPORT || type == JOB_FORGET || type == JOB_ERASE || type == JOB_WALK;
}

static bool pop_between(struct worker *w, struct job *job, bool *failed)
{
	unsigned place = 0;

	while (place < w->asked.count &&
	       waits_for_export(w->asked.jobs[(w->asked.head + place) % WORKER_JOBS].type))
		place++;
	if (place == w->asked.count)
		return false;
	*failed = w->asked.jobs[(w->asked.head + place) % WORKER_JOBS].type == JOB_OPEN;
	if (!*failed)
		pop_at(&w->asked, place, job);
	return !*failed;
}

/* What has been asked while an export goes on. A register that is to be opened again has failed:
 * that ends the export first. */
static int run_between(void *ctx)
{
	struct worker *w = ctx;
	bool failed = false;

	pthread_mutex_lock(&w->lock);
	while (pop_between(w, w->between, &failed)) {
		pthread_mutex_unlock(&w->lock);
		w->between->error = jobs_run(&w->jobs, w->between);
		explicit_bzero(w->between->pin, sizeof(w->between->pin));
		pthread_mutex_lock(&w->lock);
		answer(w, w->between);
	}
	pthread_mutex_unlock(&w->lock);
	return failed ? -EIO : 0;
}

static void *work(void *arg)
{
	struct worker *w = arg;
	struct job *job = malloc(sizeof(*job));

	w->between = malloc(sizeof(*w->between));
	assert(job && w->between);
	pthread_mutex_lock(&w->lock);
	for (;;) {
		while (w->asked.count == 0 && !w->stop)
			pthread_cond_wait(&w->wake, &w->lock);
		if (!pop(&w->asked, job))
			break;
		pthread_mutex_unlock(&w->lock);
		job->error = jobs_run(&w->jobs, job);
		explicit_bzero(job->pin, sizeof(job->pin));
		pthread_mutex_lock(&w->lock);
		answer(w, job);
	}
	pthread_mutex_unlock(&w->lock);
	jobs_close(&w->jobs);
	explicit_bzero(job, sizeof(*job));
	explicit_bzero(w->between, sizeof(*w->between));
	free(job);
	free(w->between);
	return NULL;
}

int worker_start(struct worker **out, const char *path, int32_t utc_offset_min)
{
	struct worker *w = calloc(1, sizeof(*w));
	if (!w)
		return -ENOMEM;
	w->jobs.utc_offset_min = utc_offset_min;
	w->jobs.between = run_between;
	w->jobs.between_ctx = w;
	if (!text_copy(w->jobs.path, sizeof(w->jobs.path), path)) {
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
	for (unsigned i = 0; i < WORKER_JOBS; i++)
		jobs_free_answer(&w->answered.jobs[i]); /* nobody takes them any more */
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
