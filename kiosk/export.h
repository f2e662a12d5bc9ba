/*
 * Carries the register onto a stick through gatehouse-stick. Runs on the worker thread until the
 * export is whole and read back, or has failed; every few rows it lets the worker do what has been
 * asked meanwhile, so that visitors are registered and the gate opens during an export. The stick
 * process is started for this one job and ends with it.
 */
#ifndef KIOSK_EXPORT_H
#define KIOSK_EXPORT_H

#include <stdatomic.h>

#include "codec/age.h"
#include "core/view.h"
#include "store/register.h"

struct export_job {
	const char *stick_program; /* path of gatehouse-stick */
	const char *stick_dir; /* where the stick is mounted */
	struct export_range range; /* which events, and with them the visits they speak of */
	char actor[ACCOUNT_BYTES]; /* whose export it is */
	struct age_to to; /* who is to read it: the office */
	char site[64], gate_name[32];
	uint32_t site_id;
	int32_t utc_offset_min;
	int64_t wall_ms;
	int32_t report_due_min; /* after midnight, when the report of a day is due */
	uint8_t seed[32]; /* Ed25519 seed of the gate: signs the manifest, never leaves this process
			   */
	/* Called between two reads of the register, when it may be written; a negative errno ends
	 * the export. NULL = nobody waits. */
	int (*between)(void *ctx);
	void *between_ctx;
	_Atomic int progress_permille; /* written by the worker, read by the screen */
	_Atomic bool cancel; /* set by the screen */
	int32_t patience_ms; /* a stick silent for so long is hung; 0 = 30 s */
};

struct export_result {
	enum note problem; /* NOTE_NONE: good; else what to tell the person */
	char name[96]; /* directory name on the stick */
	int64_t rows, first_seq, seq; /* visits written; first and last event */
	uint8_t head[CHAIN_HASH_BYTES];
	uint8_t archive_hash[32]; /* SHA-256 of the file the office opens */
};

/* Lets the others have the register: job->between, if any. */
static inline int export_between(const struct export_job *job)
{
	return job->between ? job->between(job->between_ctx) : 0;
}

/*
 * 0 and result->problem says how it went; negative errno only when the job could not be tried at
 * all, and -ECANCELED when job->cancel ended it: nothing of it stays on the stick, unless it was
 * whole already.
 */
MUST_CHECK int export_run(struct register_db *db, struct export_job *job,
			  struct export_result *result);

#endif
