/* Bytes in memory, and whole age files made and opened in it. */
#ifndef TEST_HELPER_AGE_H
#define TEST_HELPER_AGE_H

#include "codec/age.h"

struct bytes {
	uint8_t *data; /* malloc'ed */
	size_t len, cap;
};

void bytes_free(struct bytes *b);
/* An age_sink_fn that appends to the struct bytes ctx. */
int bytes_sink(void *ctx, const void *data, size_t len);

/* The same bytes every time, that repeat nowhere. */
struct bytes age_noise(size_t len);

/* Written in pieces of so many bytes. out is emptied first. */
void age_encrypt(const struct age_to *to, const struct bytes *plain, size_t piece,
		 struct bytes *out);
enum age_outcome age_decrypt(const struct bytes *file, const uint8_t identity[32], size_t piece,
			     struct bytes *out);
enum age_outcome age_decrypt_with(const struct bytes *file, const char *passphrase,
				  struct bytes *out);

/* Bytes up to the line end behind the MAC. */
size_t age_header_len(const struct bytes *file);

#endif
