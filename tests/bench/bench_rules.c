/*
 * Decisions per second on one core over all classes, levels and directions, with facts of every
 * kind; and how deep into the stack one decision reaches, measured on a painted stack of its own.
 */
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

#include "bench.h"
#include "core/rules.h"
#include "settings/rulebook.h"

#define QUESTIONS 4096
#define BATCHES 400
#define STACK_BYTES 65536
#define PAINT 0xA7
#define NOW_MS INT64_C(1795392000000) /* 2026-11-23T08:00+08:00 */

struct mix {
	struct rulebook book;
	struct fact facts[QUESTIONS][CHECK_COUNT_];
	struct question question[QUESTIONS];
};

static uint32_t draw(uint64_t *seed, uint32_t below)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*seed >> 33) % below;
}

/* Mostly good facts, as at a gate; one in eight is something else. */
static void fill(struct mix *mix)
{
	uint64_t seed = 1;

	for (int i = 0; i < QUESTIONS; i++) {
		for (int c = 0; c < CHECK_COUNT_; c++)
			mix->facts[i][c] = (struct fact){
				.finding =
					draw(&seed, 8) ? FINDING_GOOD : draw(&seed, FINDING_COUNT_),
				.wall_ms = NOW_MS - (int64_t)draw(&seed, 10000000) * 100,
				.value = (int32_t)draw(&seed, APPROVER_COUNT_),
			};
		mix->question[i] = (struct question){
			.level = draw(&seed, LEVEL_COUNT_),
			.person_class = (enum person_class)(i % CLASS_COUNT_),
			.direction = draw(&seed, DIRECTION_COUNT_),
			.facts = mix->facts[i],
			.lifted = draw(&seed, 16) ? LIFT_NOBODY : draw(&seed, LIFT_COUNT_),
			.now = { NOW_MS, 480, draw(&seed, 16) != 0 },
		};
	}
}

static void measure_speed(const struct mix *mix)
{
	struct bench batch = bench_start("4096 decisions");
	unsigned count[VERDICT_COUNT_] = { 0 }, reasons = 0;
	int64_t started = bench_now_ns();

	for (int b = 0; b < BATCHES; b++) {
		bench_begin(&batch);
		for (int i = 0; i < QUESTIONS; i++) {
			struct decision d = rules_decide(&mix->book, &mix->question[i]);
			count[d.verdict]++;
			reasons += (unsigned)d.reason_count;
		}
		bench_end(&batch);
	}
	double seconds = (double)(bench_now_ns() - started) / 1e9;
	double decisions = (double)BATCHES * QUESTIONS;
	printf("rules_decide: %.0f decisions/s, %.0f ns each\n", decisions / seconds,
	       seconds / decisions * 1e9);
	printf("  of them %.0f%% refuse, %.0f%% turn back, %.0f%% refer, %.0f%% admit; %.1f "
	       "reasons "
	       "each\n",
	       100 * count[VERDICT_REFUSE] / decisions, 100 * count[VERDICT_TURN_BACK] / decisions,
	       100 * count[VERDICT_REFER] / decisions, 100 * count[VERDICT_ADMIT] / decisions,
	       reasons / decisions);
	bench_report(&batch);
}

struct errand {
	const struct mix *mix;
	const uint8_t *stack;
	struct decision result;
	size_t used_bytes;
};

/* Looks at the paint before anything but the decisions has run on it. */
static void *run_errand(void *ctx)
{
	struct errand *e = ctx;
	const uint8_t *at = e->stack;

	for (int i = 0; i < QUESTIONS; i++)
		e->result = rules_decide(&e->mix->book, &e->mix->question[i]);
	while (*at == PAINT)
		at++;
	e->used_bytes = (size_t)((const uint8_t *)__builtin_frame_address(0) - at);
	return NULL;
}

static void measure_stack(const struct mix *mix)
{
	uint8_t *stack =
		mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct errand errand = { .mix = mix, .stack = stack };
	pthread_attr_t attr;
	pthread_t thread;

	bench_need(stack == MAP_FAILED, "mmap");
	memset(stack, PAINT, STACK_BYTES);
	bench_need(pthread_attr_init(&attr), "pthread_attr_init");
	bench_need(pthread_attr_setstack(&attr, stack, STACK_BYTES), "pthread_attr_setstack");
	bench_need(pthread_create(&thread, &attr, run_errand, &errand), "pthread_create");
	bench_need(pthread_join(thread, NULL), "pthread_join");
	pthread_attr_destroy(&attr);
	munmap(stack, STACK_BYTES);
	printf("stack: %zu bytes at most, its caller's frame and the answer (%zu) included\n",
	       errand.used_bytes, sizeof(struct decision));
}

int main(void)
{
	static struct mix mix;
	char message[300];

	if (!rulebook_read(&mix.book, BENCH_SOURCE_DIR "/assets/rulebooks/default.ini", message,
			   sizeof(message))) {
		fprintf(stderr, "%s\n", message);
		return 1;
	}
	fill(&mix);
	measure_speed(&mix);
	measure_stack(&mix);
	return 0;
}
