/*
 * Stands in for libFuzzer where it is not linked: replays every file of the corpus folders named on
 * the command line, then a fixed number of deterministic mutations of each, so that gcc builds
 * exercise the same targets.
 */
#include <dirent.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fileio.h"

#define MUTATIONS 20000
#define INPUT_MAX 8192

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* xorshift64*: the same inputs on every machine. */
static uint64_t next(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * UINT64_C(0x2545F4914F6CDD1D);
}

static size_t mutate(uint8_t *buf, size_t len, uint64_t *state)
{
	unsigned edits = 1 + (unsigned)(next(state) % 4);

	for (unsigned i = 0; i < edits; i++) {
		size_t at = len ? (size_t)(next(state) % len) : 0;
		switch (next(state) % 4) {
		case 0:
			if (len)
				buf[at] ^= (uint8_t)(1U << next(state) % 8);
			break;
		case 1:
			if (len)
				buf[at] = (uint8_t)next(state);
			break;
		case 2:
			len = at;
			break;
		default:
			if (len < INPUT_MAX) {
				memmove(buf + at + 1, buf + at, len - at);
				buf[at] = (uint8_t)next(state);
				len++;
			}
			break;
		}
	}
	return len;
}

/* A heap copy of exactly len bytes, so that the sanitizer sees one byte too many. */
static void run(const uint8_t *data, size_t len)
{
	uint8_t *exact = malloc(len ? len : 1);
	if (!exact)
		abort();
	memcpy(exact, data, len);
	LLVMFuzzerTestOneInput(exact, len);
	free(exact);
}

static unsigned replay(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	unsigned seeds = 0;

	while (d && (entry = readdir(d))) {
		char path[PATH_MAX];
		char *data;
		size_t len;
		snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
		if (entry->d_name[0] == '.' || file_read(path, INPUT_MAX, &data, &len))
			continue;
		run((uint8_t *)data, len);
		uint64_t state = 88172645463325252ULL + len;
		for (int i = 0; i < MUTATIONS; i++) {
			uint8_t buf[INPUT_MAX + 8];
			memcpy(buf, data, len);
			run(buf, mutate(buf, len, &state));
		}
		free(data);
		seeds++;
	}
	if (d)
		closedir(d);
	return seeds;
}

int main(int argc, char **argv)
{
	unsigned seeds = 0;

	run((const uint8_t *)"", 0);
	for (int i = 1; i < argc; i++)
		seeds += replay(argv[i]);
	printf("%u seeds, %u inputs\n", seeds, seeds * (MUTATIONS + 1) + 1);
	if (seeds == 0)
		fprintf(stderr, "no corpus found: a fuzz target without seeds tests nothing\n");
	return seeds == 0;
}
