/*
 * Brings the office's signed bundle from the stick through gatehouse-stick and judges it. Runs on
 * the worker thread and blocks until everything is here or the stick has failed. The stick process
 * is trusted with nothing: signature, sizes and hashes are verified in this process, and every part
 * is read as it will be read later, before the first of them may be taken.
 */
#ifndef KIOSK_BUNDLE_JOB_H
#define KIOSK_BUNDLE_JOB_H

#include "codec/bundle.h"
#include "core/rules.h"
#include "core/view.h"
#include "store/directory.h"

struct bundle_job {
	const char *stick_program; /* path of gatehouse-stick */
	const char *stick_dir; /* where the stick is mounted */
	uint8_t public_key[32]; /* the office's; all zero (none is configured) takes no bundle */
	uint32_t site_id;
	int32_t book_version; /* of the rulebook in force */
	struct import_state taken; /* what was taken before */
	struct moment now;
	int32_t patience_ms; /* a stick silent for so long is hung; 0 = 10 s */
};

/* All of a bundle in memory, up to PARTS_MAX_BYTES; with personal data: wiped by bundle_files_free.
 */
struct bundle_files;
MUST_CHECK int bundle_files_new(struct bundle_files **out); /* -ENOMEM */
void bundle_files_free(struct bundle_files *files);

struct bundle_found {
	enum note problem; /* NOTE_NONE: the stick was read; else what to tell the person */
	bool present; /* a bundle lies on the stick; what follows is meaningless otherwise */
	enum bundle_outcome outcome;
	char word[NOTE_WORD_BYTES]; /* which part is meant, where the outcome is about one */
	/* All zero unless GOOD; the counts of its parts are the register's to fill in. */
	struct bundle_summary summary;
};

/* What to tell whoever waits: NOTE_NONE when the bundle may be taken. */
enum note bundle_note(const struct bundle_found *found);
enum note bundle_outcome_note(enum bundle_outcome outcome);

/* 0 and *found says how it went; negative errno only when the stick process could not be started.
 */
MUST_CHECK int bundle_fetch(const struct bundle_job *job, struct bundle_files *files,
			    struct bundle_found *found);

/* Whether what was found good may still be taken: time has passed since. */
MUST_CHECK enum bundle_outcome bundle_again(const struct bundle_job *job,
					    const struct bundle_files *files);

/* What the register is to take; points into files. */
void bundle_import(const struct bundle_files *files, struct import *import);

#endif
