#include "helper_age.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

void bytes_free(struct bytes *b)
{
	free(b->data);
	*b = (struct bytes){ 0 };
}

int bytes_sink(void *ctx, const void *data, size_t len)
{
	struct bytes *b = ctx;

	if (b->len + len > b->cap) {
		b->cap = 2 * (b->len + len);
		b->data = realloc(b->data, b->cap);
		assert_non_null(b->data);
	}
	memcpy(b->data + b->len, data, len);
	b->len += len;
	return 0;
}

struct bytes age_noise(size_t len)
{
	struct bytes b = { .len = len, .cap = len + 1 };
	static const uint8_t SEED[32] = { 1 };

	b.data = malloc(b.cap);
	assert_non_null(b.data);
	randombytes_buf_deterministic(b.data, len, SEED);
	return b;
}

void age_encrypt(const struct age_to *to, const struct bytes *plain, size_t piece,
		 struct bytes *out)
{
	static struct age_writer w;
	struct age_random random;

	out->len = 0;
	randombytes_buf(&random, sizeof(random));
	assert_int_equal(age_begin(&w, to, &random, bytes_sink, out), 0);
	assert_true(sodium_is_zero((uint8_t *)&random, sizeof(random)));
	for (size_t at = 0; at < plain->len; at += piece) {
		size_t n = plain->len - at < piece ? plain->len - at : piece;
		assert_int_equal(age_write(&w, plain->data + at, n), 0);
	}
	assert_int_equal(age_end(&w), 0);
	assert_true(sodium_is_zero((uint8_t *)&w, sizeof(w)));
}

static enum age_outcome decrypt(const struct bytes *file, const struct age_keys *keys, size_t piece,
				struct bytes *out)
{
	static struct age_reader r;

	out->len = 0;
	age_open(&r, keys, bytes_sink, out);
	for (size_t at = 0; at < file->len; at += piece) {
		size_t n = file->len - at < piece ? file->len - at : piece;
		if (!age_feed(&r, file->data + at, n))
			break;
	}
	return age_close(&r);
}

enum age_outcome age_decrypt(const struct bytes *file, const uint8_t identity[32], size_t piece,
			     struct bytes *out)
{
	struct age_keys keys = { .identities = (const uint8_t(*)[32])identity, .count = 1 };

	return decrypt(file, &keys, piece, out);
}

enum age_outcome age_decrypt_with(const struct bytes *file, const char *passphrase,
				  struct bytes *out)
{
	struct age_keys keys = { .passphrase = passphrase };

	return decrypt(file, &keys, 4096, out);
}

size_t age_header_len(const struct bytes *file)
{
	const uint8_t *mark = memmem(file->data, file->len, "\n---", 4);

	assert_non_null(mark);
	return (size_t)((const uint8_t *)memchr(mark + 4, '\n', 80) - file->data) + 1;
}
