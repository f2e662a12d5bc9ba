#include "tests/powercut/cut.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "tests/unit/store/helper_store.h"

static int by_position(const void *a, const void *b)
{
	const struct cut *x = a, *y = b;

	if (x->position != y->position)
		return x->position < y->position ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

/* 0 to most, every one as likely. A share of the whole, so that a log of some writes more or less
 * has its cuts in the same places. */
static uint32_t share(uint64_t *random, uint32_t most)
{
	return (uint32_t)((next_random(random) >> 32) * ((uint64_t)most + 1) >> 32);
}

/* One of the promises of a kind, every kind being as likely, so that the rare ones are not missed.
 * There is at least one promise. */
static const struct promise *choose_promise(const struct history *history, uint64_t *random)
{
	uint32_t of_kind[PROMISE_KIND_COUNT_] = { 0 };
	uint32_t kind, which;

	for (uint32_t i = 0; i < history->promise_count; i++)
		of_kind[history->promises[i].kind]++;
	do
		kind = share(random, PROMISE_KIND_COUNT_ - 1);
	while (of_kind[kind] == 0);
	which = share(random, of_kind[kind] - 1);
	for (const struct promise *p = history->promises;; p++)
		if (p->kind == kind && which-- == 0)
			return p;
}

static uint32_t choose_position(const struct disk_log *log, const struct history *history,
				uint64_t *random)
{
	uint32_t count = log->count;

	if (history->promise_count == 0 || next_random(random) % 2)
		return share(random, count);
	uint32_t position = choose_promise(history, random)->position + share(random, 2);
	return position < count ? position : count;
}

void cuts_choose(struct cut *cuts, uint32_t count, const struct disk_log *log,
		 const struct history *history, uint64_t seed)
{
	uint64_t random = seed | 1;

	for (uint32_t i = 0; i < count; i++) {
		cuts[i].number = i;
		cuts[i].position = choose_position(log, history, &random);
		cuts[i].random = next_random(&random) | 1;
	}
	qsort(cuts, count, sizeof(*cuts), by_position);
}

static void put(struct disk_memory *image, const struct disk_log *log, const struct disk_op *op,
		uint32_t from, uint32_t len)
{
	memcpy(image->image + op->offset + from, log->bytes + op->data + from, len);
	disk_touch(image, op->offset + from, len);
}

static uint8_t *block(uint8_t *bytes, size_t number)
{
	return bytes + number * DISK_BLOCK_BYTES;
}

int medium_make(struct medium *medium, const struct disk_memory *image)
{
	*medium = (struct medium){ .bytes = mmap(NULL, DISK_BYTES, PROT_READ | PROT_WRITE,
						 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
						 0) };
	if (medium->bytes == MAP_FAILED) {
		medium->bytes = NULL;
		return -ENOMEM;
	}
	for (size_t b = 0; b < DISK_BLOCKS; b++) {
		if (!image->used[b])
			continue;
		memcpy(block(medium->bytes, b), image->image + b * DISK_BLOCK_BYTES,
		       DISK_BLOCK_BYTES);
		medium->used[b] = true;
	}
	return 0;
}

void medium_free(struct medium *medium)
{
	if (medium->bytes)
		munmap(medium->bytes, DISK_BYTES);
	medium->bytes = NULL;
}

void medium_put(const struct medium *medium, struct disk_memory *image)
{
	for (size_t b = 0; b < DISK_BLOCKS; b++) {
		if (!medium->used[b] && !image->used[b])
			continue;
		memcpy(block(image->image, b), block(medium->bytes, b), DISK_BLOCK_BYTES);
		image->used[b] = true;
		image->touched[b] = false;
	}
}

void medium_restore(const struct medium *medium, struct disk_memory *image)
{
	for (size_t b = 0; b < DISK_BLOCKS; b++) {
		if (!image->touched[b])
			continue;
		memcpy(block(image->image, b), block(medium->bytes, b), DISK_BLOCK_BYTES);
		image->touched[b] = false;
	}
}

/* Of the operations before position, those up to the last flush. */
static uint32_t flushed(const struct disk_log *log, uint32_t position)
{
	while (position > 0 && !log->ops[position - 1].flush)
		position--;
	return position;
}

static void move_on(struct medium *medium, struct disk_memory *image, const struct disk_log *log,
		    uint32_t to)
{
	for (; medium->applied < to; medium->applied++) {
		const struct disk_op *op = &log->ops[medium->applied];
		memcpy(medium->bytes + op->offset, log->bytes + op->data, op->len);
		memcpy(image->image + op->offset, log->bytes + op->data, op->len);
		for (uint32_t b = op->offset / DISK_BLOCK_BYTES;
		     b * DISK_BLOCK_BYTES < op->offset + op->len; b++) {
			medium->used[b] = true;
			image->used[b] = true;
		}
	}
}

/* The luck of one cut, in 256ths. */
struct luck {
	unsigned keep; /* a write is there */
	unsigned tear; /* one that is there is so only in part */
	unsigned sector; /* a sector of a torn one is there */
	uint32_t held; /* of the last writes only so many were held back */
};

static struct luck throw_dice(uint64_t *random)
{
	static const unsigned KEEP[] = { 0, 256, 256, 128, 32, 224, 250, 6 };
	static const unsigned TEAR[] = { 0, 0, 64, 256 };
	static const unsigned SECTOR[] = { 128, 240, 16 };
	static const uint32_t HELD[] = { UINT32_MAX, UINT32_MAX, UINT32_MAX, 256, 64, 16, 4, 1 };

	return (struct luck){ .keep = KEEP[next_random(random) % ARRAY_LEN(KEEP)],
			      .tear = TEAR[next_random(random) % ARRAY_LEN(TEAR)],
			      .sector = SECTOR[next_random(random) % ARRAY_LEN(SECTOR)],
			      .held = HELD[next_random(random) % ARRAY_LEN(HELD)] };
}

static bool lucky(uint64_t *random, unsigned of_256)
{
	return next_random(random) % 256 < of_256;
}

static void put_torn(struct disk_memory *image, const struct disk_log *log,
		     const struct disk_op *op, const struct luck *luck, uint64_t *random)
{
	for (uint32_t at = 0; at < op->len; at += DISK_SECTOR_BYTES) {
		uint32_t left = op->len - at;
		if (lucky(random, luck->sector))
			put(image, log, op, at,
			    left < DISK_SECTOR_BYTES ? left : DISK_SECTOR_BYTES);
	}
}

void cut_make(struct medium *medium, struct disk_memory *image, const struct disk_log *log,
	      const struct cut *cut)
{
	uint64_t random = cut->random;
	struct luck luck = throw_dice(&random);
	uint32_t first = flushed(log, cut->position);

	move_on(medium, image, log, first);
	for (uint32_t i = first; i < cut->position; i++) {
		const struct disk_op *op = &log->ops[i];
		if (cut->position - i > luck.held)
			put(image, log, op, 0, op->len);
		else if (!lucky(&random, luck.keep))
			continue;
		else if (lucky(&random, luck.tear))
			put_torn(image, log, op, &luck, &random);
		else
			put(image, log, op, 0, op->len);
	}
}
