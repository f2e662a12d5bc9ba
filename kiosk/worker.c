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
#include "settings/rulebook.h"

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
	int64_t told_seq; /* the last event acknowledged, and its hash: whatever is opened again
			     must hold it */
	uint8_t told_head[CHAIN_HASH_BYTES];
	struct job *between; /* done between two steps of an export; the worker thread's alone */
	struct bundle_files *files; /* of the bundle found last; NULL: none */
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

static int parse_book(const char *text, size_t len, struct rulebook **out)
{
	char message[256];
	struct rulebook *book = calloc(1, sizeof(*book));

	*out = book;
	if (!book)
		return -ENOMEM;
	if (rulebook_parse(book, "rulebook of the office", text, len, message, sizeof(message)))
		return 0;
	log_error("%s", message);
	free(book);
	*out = NULL;
	return -EUCLEAN;
}

/* The office's rulebook. One that was taken and cannot be read any more is no reason to go on by
 * another one. */
static int load_book(struct worker *w, struct rulebook **out)
{
	int64_t version;
	char *text;
	size_t len;
	int err = register_rulebook(w->db, &version, &text, &len);

	*out = NULL;
	if (err)
		return err == -ENOENT ? 0 : err;
	err = parse_book(text, len, out);
	free(text);
	return err;
}

static int same_head(void *ctx, const struct event_row *row)
{
	const struct worker *w = ctx;

	return row->seq == w->told_seq && memcmp(row->hash, w->told_head, sizeof(row->hash)) == 0
		       ? 0
		       : -EUCLEAN;
}

/* After a failed flush the disk may hold less than was believed. What somebody was told is
 * recorded must be there, or the fault is shown and nothing goes on. */
static int holds_what_was_told(struct worker *w)
{
	int64_t last;

	if (w->told_seq == 0)
		return 0;
	int err = register_events(w->db, w->told_seq - 1, 1, same_head, w, &last);
	if (err == 0 && last != w->told_seq)
		err = -EUCLEAN;
	if (err)
		log_error("register: event %lld was acknowledged and is not there any more",
			  (long long)w->told_seq);
	return err;
}

static int reopen(struct worker *w)
{
	if (w->db)
		register_head(w->db, &w->told_seq, w->told_head);
	register_close(w->db);
	w->db = NULL;
	int err = register_open(&w->db, w->path, w->utc_offset_min);
	if (err)
		return err;
	err = holds_what_was_told(w);
	if (err) {
		register_close(w->db);
		w->db = NULL;
	}
	return err;
}

/* What the kiosk wants to know of an opened register. */
static int open_register(struct worker *w, struct job *job)
{
	char number[32];
	uint8_t head[CHAIN_HASH_BYTES];
	int err = reopen(w);

	if (err)
		return err;
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
	err = register_query_text(w->db, sql, job->last_guard, sizeof(job->last_guard));
	return err ? err : load_book(w, &job->book);
}

static int find_pass(struct worker *w, struct job *job)
{
	int err = register_pass(w->db, job->id, &job->pass);
	return err ? err : register_visit(w->db, job->pass.visit_id, &job->visit);
}

static int set_account(struct worker *w, struct job *job)
{
	struct import_state taken;
	int count = 0;
	int err = register_imports(w->db, &taken);

	if (err || (job->only_missing && taken.versions[PART_ACCOUNTS] > 0))
		return err;
	err = register_accounts(w->db, job->account.role, job->accounts, VIEW_ROWS, &count);

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

/* What the lists say at the moment of registration stands in the register with it. */
static int record(struct worker *w, struct job *job)
{
	struct listing listing;
	int err = 0;

	if (job->entry.type == ENTRY_REGISTERED) {
		err = register_listing(w->db, &job->entry.visit.person, &listing);
		if (!err)
			listing_apply(&job->entry.visit.decision, &listing, ROLE_NONE);
		explicit_bzero(&listing, sizeof(listing));
	}
	return err ? err : register_record(w->db, &job->entry, &job->receipt);
}

/* The lists of today, not of the day of registration. */
static int load_visit(struct worker *w, struct job *job)
{
	int err = register_visit(w->db, job->id, &job->visit);

	return err ? err : register_listing(w->db, &job->visit.person, &job->listing);
}

static void forget_bundle(struct worker *w)
{
	bundle_files_free(w->files);
	w->files = NULL;
}

static int fetch_bundle(struct worker *w, struct job *job)
{
	struct bundle_found *found = &job->bundle_found;
	struct import import = { 0 };

	forget_bundle(w);
	int err = register_imports(w->db, &job->bundle_job.taken);
	if (!err)
		err = bundle_files_new(&w->files);
	if (err)
		return err;
	if (bundle_fetch(&job->bundle_job, w->files, found) < 0)
		found->problem = NOTE_STICK_FAILED;
	if (bundle_note(found) != NOTE_NONE) {
		forget_bundle(w);
		return 0;
	}
	bundle_import(w->files, &import);
	err = register_import_changes(w->db, &import, found->summary.parts);
	if (found->summary.parts[PART_RULEBOOK].present &&
	    found->summary.parts[PART_RULEBOOK].before == 0)
		found->summary.parts[PART_RULEBOOK].before = job->bundle_job.book_version;
	return err;
}

/* Takes what was found, all or nothing, if it is what was confirmed and still may be taken. */
static int import_bundle(struct worker *w, struct job *job)
{
	struct import import = { .wall_ms = job->wall_ms,
				 .mono_ms = job->mono_ms,
				 .clock_trusted = job->clock_trusted };
	enum bundle_outcome *outcome = &job->bundle_found.outcome;

	*outcome = BUNDLE_MALFORMED;
	if (!w->files)
		return 0;
	int err = register_imports(w->db, &job->bundle_job.taken);
	bundle_import(w->files, &import);
	if (!err && import.number == job->id)
		*outcome = bundle_again(&job->bundle_job, w->files);
	memcpy(import.actor, job->account.name, sizeof(import.actor));
	if (!err && *outcome == BUNDLE_GOOD && import.parts[PART_RULEBOOK].version)
		err = parse_book(import.parts[PART_RULEBOOK].text, import.parts[PART_RULEBOOK].len,
				 &job->book);
	if (!err && *outcome == BUNDLE_GOOD)
		err = register_import(w->db, &import, &job->receipt);
	forget_bundle(w);
	if (err) {
		free(job->book);
		job->book = NULL;
	}
	if (err == -EALREADY) {
		*outcome = BUNDLE_OLD_NUMBER;
		return 0;
	}
	if (!err && register_account_role(w->db, import.actor, &job->account.role))
		job->account.role = ROLE_NONE;
	return err;
}

static int fetch_order(struct worker *w, struct job *job)
{
	int err = register_level(w->db, &job->level);

	if (err)
		return err;
	job->order_job.last_number = job->level.last_order;
	if (order_fetch(&job->order_job, &job->order_found) < 0)
		job->order_found.problem = NOTE_STICK_FAILED; /* the register is well */
	if (!job->want_bundle || order_note(&job->order_found) == NOTE_NONE ||
	    job->order_found.problem != NOTE_NONE)
		return 0;
	err = fetch_bundle(w, job);
	job->bundle_shown = !job->order_found.present || job->bundle_found.present;
	return err;
}

static int run(struct worker *w, struct job *job);

static void answer(struct worker *w, const struct job *job)
{
	push(&w->answered, job);
	if (eventfd_write(w->event_fd, 1) < 0)
		log_error("worker: eventfd: errno %d", errno);
}

/* What has been asked while an export goes on. A register that is to be opened again has failed:
 * that ends the export first. */
static int run_between(void *ctx)
{
	struct worker *w = ctx;
	bool failed = false;

	pthread_mutex_lock(&w->lock);
	while (w->asked.count > 0) {
		enum job_type next = w->asked.jobs[w->asked.head].type;
		failed = next == JOB_OPEN;
		/* nobody is forgotten under the hands of an export */
		if (failed || next == JOB_EXPORT || next == JOB_FORGET ||
		    !pop(&w->asked, w->between))
			break;
		pthread_mutex_unlock(&w->lock);
		w->between->error = run(w, w->between);
		explicit_bzero(w->between->pin, sizeof(w->between->pin));
		pthread_mutex_lock(&w->lock);
		answer(w, w->between);
	}
	pthread_mutex_unlock(&w->lock);
	return failed ? -EIO : 0;
}

static int run_export(struct worker *w, struct job *job)
{
	job->export_job->between = run_between;
	job->export_job->between_ctx = w;
	return export_run(w->db, job->export_job, &job->export_result);
}

/* A step of the night's forgetting. After the last one every page of the file is looked at: a start
 * does that in a short register only. */
static int forget(struct worker *w, struct job *job)
{
	int err = register_forget(w->db, &job->retention, job->wall_ms, job->mono_ms,
				  job->clock_trusted, &job->forget);

	return err || !job->forget.done ? err : register_check_file(w->db);
}

static int run(struct worker *w, struct job *job)
{
	if (job->type == JOB_OPEN)
		return open_register(w, job);
	if (!w->db)
		return -ENODEV;
	switch (job->type) {
	case JOB_RECORD:
		return record(w, job);
	case JOB_QUEUE:
		return register_queue(w->db, job->queue, VIEW_ROWS, job->skip, &job->count,
				      &job->total);
	case JOB_VISIT:
		return load_visit(w, job);
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
		return run_export(w, job);
	case JOB_ORDER:
		return fetch_order(w, job);
	case JOB_FORGET:
		return forget(w, job);
	case JOB_IMPORT:
		return import_bundle(w, job);
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

	w->between = malloc(sizeof(*w->between));
	assert(job && w->between);
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
		answer(w, job);
	}
	pthread_mutex_unlock(&w->lock);
	forget_bundle(w);
	register_close(w->db);
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
	for (unsigned i = 0; i < WORKER_JOBS; i++)
		free(w->answered.jobs[i].book); /* nobody takes them any more */
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
