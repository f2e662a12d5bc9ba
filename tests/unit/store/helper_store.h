/*
 * What the tests of the register share: a directory of their own, people to register, short ways
 * to record, and files as fingerprints.
 */
#ifndef TEST_HELPER_STORE_H
#define TEST_HELPER_STORE_H

#include "store/register.h"

#define MONDAY_MS INT64_C(1795392000000) /* 2026-11-23T08:00:00+08:00 */
#define OFFSET_MIN 480
#define MINUTE_MS INT64_C(60000)
#define HOUR_MS INT64_C(3600000)
#define DAY_MS INT64_C(86400000)

struct bench {
	char dir[64], path[96];
	struct register_db *db;
	int64_t now_ms; /* wall; mono is counted from MONDAY_MS */
};

/* Makes a directory and opens a register in it; ends the test when it cannot. */
void bench_open(struct bench *b);
void bench_reopen(struct bench *b);
void bench_close(struct bench *b); /* and removes the directory */

/* The n-th made-up visitor, waiting. */
struct visit sample_visit(unsigned n);
/* Terms, facts and verdict of a guard who lets it in. */
void sample_admit(struct visit *visit, uint64_t serial, int64_t now_ms);

/* Record at b->now_ms. */
int record_visit(struct bench *b, enum entry_type type, const struct visit *visit,
		 struct receipt *receipt);
int record_by(struct bench *b, enum entry_type type, const struct visit *visit, const char *actor,
	      const char *detail, int64_t number, struct receipt *receipt);
/* Registers sample n and returns its id. */
uint64_t register_sample(struct bench *b, unsigned n);

/* One value of the register as text; ends the test when there is an error. */
const char *value_of(struct bench *b, const char *sql, char out[256]);
int64_t number_of(struct bench *b, const char *sql);

/* Closes the register and changes its file behind its back; b->db is NULL afterwards. */
void bench_tamper(struct bench *b, const char *sql);

/* SHA-256 of a file; zeroes when there is none. */
void file_fingerprint(const char *path, uint8_t hash[32]);

/* Everything the projection says, as one fingerprint. */
void projection_fingerprint(struct bench *b, uint8_t hash[32]);

/* xorshift64*: the same numbers on every machine. */
uint64_t next_random(uint64_t *state);

#endif
