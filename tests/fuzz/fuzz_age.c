/*
 * Whatever the bytes are: the reader ends, what it lets out is what was sealed, and a file that is
 * not exactly the one written never opens as good. The first byte says in what pieces it is fed.
 */
#include <stdlib.h>
#include <string.h>

#include "codec/age.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t IDENTITY[1][32] = { "an office's identity for tests" };
static const char PLAIN[] = "what was sealed";

struct memory {
	uint8_t bytes[1024];
	size_t len;
};

static int keep(void *ctx, const void *bytes, size_t len)
{
	struct memory *m = ctx;

	if (len > sizeof(m->bytes) - m->len)
		return -ENOSPC;
	memcpy(m->bytes + m->len, bytes, len);
	m->len += len;
	return 0;
}

/* The corpus holds this very file. */
static void genuine(struct memory *file)
{
	static struct age_writer w;
	struct age_random random;
	struct age_to to = { .count = 1 };

	memset(&random, 0x5A, sizeof(random));
	age_public(IDENTITY[0], to.recipients[0]);
	if (age_begin(&w, &to, &random, keep, file) || age_write(&w, PLAIN, sizeof(PLAIN)) ||
	    age_end(&w))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct age_reader r;
	static struct memory file;
	struct memory out = { .len = 0 };
	struct age_keys keys = { .identities = IDENTITY, .count = 1 };
	size_t piece = size > 0 ? (size_t)data[0] + 1 : 1;

	if (size < 1)
		return 0;
	if (file.len == 0)
		genuine(&file);
	age_open(&r, &keys, keep, &out);
	for (size_t at = 1; at < size; at += piece)
		if (!age_feed(&r, data + at, size - at < piece ? size - at : piece))
			break;
	bool good = age_close(&r) == AGE_GOOD;
	bool same = size - 1 == file.len && memcmp(data + 1, file.bytes, file.len) == 0;
	if (good != same || (good && memcmp(out.bytes, PLAIN, sizeof(PLAIN)) != 0))
		abort();
	return 0;
}
