/*
 * One setting, recorded once and cut many times by several processes, each with a disk of its own.
 */
#ifndef POWERCUT_CAMPAIGN_H
#define POWERCUT_CAMPAIGN_H

#include "tests/powercut/judge.h"

struct setting {
	const char *name;
	const char *mount_options;
	const char *pragma; /* NULL = the register as it is */
	const char *stick_program;
	bool control; /* promises must be broken: or the rig would not notice it when they are */
};

struct campaign {
	struct setting setting;
	uint64_t seed;
	uint32_t cuts;
	unsigned steps, jobs;
	const char *keep_dir; /* where broken images go; NULL = nowhere */
};

struct tally {
	_Atomic uint32_t cuts, again; /* again: of them, cuts of the recovery from an earlier one */
	_Atomic uint32_t damage[DAMAGE_COUNT_], lost[PROMISE_KIND_COUNT_], worst;
	_Atomic uint32_t mended; /* ext4 needed e2fsck */
	_Atomic uint32_t told; /* broken cuts that were described */
};

/* 0 and what it found added to the tally; -EINTR when it was ended by a signal; else what failed
 * has been printed. */
MUST_CHECK int campaign_run(const struct campaign *campaign, struct tally *tally);

/* Everything is to end in good order, in every process: for a signal handler. */
void campaign_stop(void);

/* Before the first campaign. -ENOMEM. */
MUST_CHECK int campaign_prepare(void);

#endif
