#include "base/bytes.h"

#include <string.h>

void write_bytes(struct writer *w, const void *bytes, size_t n)
{
	if (w->bad || n > w->cap - w->len) {
		w->bad = true;
		return;
	}
	if (n > 0)
		memcpy(w->data + w->len, bytes, n);
	w->len += n;
}

void write_uint(struct writer *w, uint64_t value, size_t width_bytes)
{
	uint8_t be[8];

	assert(width_bytes <= sizeof(be));
	for (size_t i = 0; i < width_bytes; i++)
		be[i] = (uint8_t)(value >> 8 * (width_bytes - 1 - i));
	write_bytes(w, be, width_bytes);
}

const uint8_t *read_bytes(struct reader *r, size_t n)
{
	if (r->bad || n > r->len - r->at) {
		r->bad = true;
		return NULL;
	}
	const uint8_t *p = r->data + r->at;
	r->at += n;
	return p;
}

uint64_t read_uint(struct reader *r, size_t width_bytes)
{
	const uint8_t *p = read_bytes(r, width_bytes);
	uint64_t value = 0;

	for (size_t i = 0; p && i < width_bytes; i++)
		value = value << 8 | p[i];
	return value;
}
