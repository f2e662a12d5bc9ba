/*
 * A stick with a signed bundle on it, in folders of its own: what the tests of bundles share.
 */
#ifndef TEST_HELPER_BUNDLE_H
#define TEST_HELPER_BUNDLE_H

#include "codec/bundle.h"

#define BUNDLE_ISSUED_MS INT64_C(1795392000000) /* 2026-11-23T08:00:00+08:00 */

struct office_stick {
	char root[64], stick[80], folder[112], work[80];
	struct bundle bundle; /* for site 7, number 12, good for an hour; without any part */
};

extern const uint8_t office_seed[32];

/* A good text of each kind of list; NULL for the other kinds. */
extern const char *const list_sample[PART_COUNT_];

void stick_init(struct office_stick *s);
void stick_fini(struct office_stick *s);
void stick_remove(const char *path); /* with what is in it */

/* A file in the bundle's folder. */
void stick_put(const struct office_stick *s, const char *name, const char *data, size_t len);
/* A part, described in the bundle too. */
void stick_put_part(struct office_stick *s, enum part_kind kind, int64_t version, const char *text,
		    size_t len);
/* Manifest and signature. */
void stick_sign(const struct office_stick *s);

/* A small part of any kind but the rulebook, as it may lie on a stick; its length. */
#define PART_SAMPLE_MAX 512
size_t part_sample(enum part_kind kind, char out[PART_SAMPLE_MAX]);

#endif
