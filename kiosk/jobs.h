/*
 * What the worker does with each job: the register, and the bundle that was found on the stick last
 * and waits to be confirmed. The worker's thread alone; worker.c has the queue in front of it.
 *
 * Inside the worker only: jobs.c has what is asked of the register, jobs_office.c what the office
 * sent.
 */
#ifndef KIOSK_JOBS_H
#define KIOSK_JOBS_H

#include "worker.h"

struct jobs {
	char path[512];
	int32_t utc_offset_min;
	struct register_db *db; /* NULL: not open */
	int64_t told_seq; /* the last event acknowledged, and its hash: whatever is opened again
			     must hold it */
	uint8_t told_head[CHAIN_HASH_BYTES];
	struct bundle_files *files; /* of the bundle found last; NULL: none */
	struct visit found[SEARCH_MAX + 1]; /* by a search; wiped after it */
	struct check_run *check; /* under way; NULL: none is */
	/* Called between two steps of a long job: does what has been asked meanwhile. A negative
	 * return ends the job. */
	int (*between)(void *ctx);
	void *between_ctx;
};

/* Does it and fills in its answers; what comes back is job.error. */
MUST_CHECK int jobs_run(struct jobs *jobs, struct job *job);
/* Closes the register and forgets the bundle. */
void jobs_close(struct jobs *jobs);

/* jobs_office.c. load_book: the office's rulebook, malloc'ed; *out NULL when none was sent. */
MUST_CHECK int jobs_load_book(struct jobs *jobs, struct rulebook **out);
/* The packs that were taken, malloc'ed, into the answer. */
MUST_CHECK int jobs_load_packs(struct jobs *jobs, struct job *job);
/* What of an answer is malloc'ed and nobody took. */
void jobs_free_answer(struct job *job);
MUST_CHECK int jobs_fetch_order(struct jobs *jobs, struct job *job);
MUST_CHECK int jobs_import_bundle(struct jobs *jobs, struct job *job);
void jobs_forget_bundle(struct jobs *jobs);

#endif
