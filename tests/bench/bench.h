/*
 * What the benchmarks share: a stopwatch that keeps every sample, and one line of figures a
 * subject. Single thread.
 */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include <stdlib.h>
#include <time.h>

#include "base/defs.h"

#define BENCH_SAMPLES_MAX 20000

struct bench {
	const char *subject;
	int64_t started_ns, *samples_ns;
	int count;
};

static inline int64_t bench_now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static inline struct bench bench_start(const char *subject)
{
	struct bench b = { .subject = subject };
	b.samples_ns = calloc(BENCH_SAMPLES_MAX, sizeof(*b.samples_ns));
	assert(b.samples_ns);
	return b;
}

static inline void bench_begin(struct bench *b)
{
	b->started_ns = bench_now_ns();
}

static inline void bench_end(struct bench *b)
{
	assert(b->count < BENCH_SAMPLES_MAX);
	b->samples_ns[b->count++] = bench_now_ns() - b->started_ns;
}

static inline int bench_order(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static inline double bench_percentile_us(const struct bench *b, int permille)
{
	return (double)b->samples_ns[(int64_t)(b->count - 1) * permille / 1000] / 1e3;
}

/* Prints the figures and frees the samples. */
static inline void bench_report(struct bench *b)
{
	assert(b->count > 0);
	qsort(b->samples_ns, (size_t)b->count, sizeof(*b->samples_ns), bench_order);
	printf("%s: p50 %.1f us, p99 %.1f us, max %.1f us (%d times)\n", b->subject,
	       bench_percentile_us(b, 500), bench_percentile_us(b, 990),
	       bench_percentile_us(b, 1000), b->count);
	free(b->samples_ns);
	b->samples_ns = NULL;
}

/* For calls that must succeed, or the figures mean nothing. */
static inline void bench_need(int result, const char *what)
{
	if (result == 0)
		return;
	fprintf(stderr, "%s failed: %d\n", what, result);
	exit(1);
}

#endif
