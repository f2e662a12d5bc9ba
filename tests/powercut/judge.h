/*
 * What became of the promises after a cut. The disk is mounted by the kernel's ext4 and opened by
 * the register's own code; exports are judged by gatehouse-office verify.
 */
#ifndef POWERCUT_JUDGE_H
#define POWERCUT_JUDGE_H

#include "tests/powercut/disk.h"
#include "tests/powercut/history.h"

enum damage {
	DAMAGE_LOST, /* a promise was broken */
	DAMAGE_CORRUPT, /* the register does not open, or not go on; the key is not whole */
	DAMAGE_UNMOUNTABLE,
	DAMAGE_CHAIN, /* register_verify, or a register as it never stood */
	DAMAGE_TORN, /* an export under its final name that is not whole */
	DAMAGE_COUNT_
};

#define DAMAGE(kind) (1U << (kind))

struct judgement {
	unsigned damage; /* bits */
	unsigned lost; /* bits: which kinds of promise */
	uint32_t lost_states; /* how many transactions were undone */
	bool mended; /* e2fsck had to help ext4 first */
	bool found; /* the register stands at a state it is known to have had */
	uint32_t state; /* that one */
	char why[200]; /* the first damage, in words */
};

/* The disk is not mounted before and after. Negative errno: the rig failed, not the product. */
MUST_CHECK int judge(struct disk *disk, const struct history *history, uint32_t position,
		     struct judgement *judgement);

#endif
