#include "store/tlv.h"

#define FIELD_MAX 255
#define UINT_BYTES 8
#define VARINT_BITS 7
#define VARINT_MORE 0x80

size_t tlv_begin(struct writer *w, uint8_t tag)
{
	write_uint(w, tag, 1);
	write_uint(w, 0, 1);
	return w->len;
}

void tlv_end(struct writer *w, size_t at)
{
	if (w->bad)
		return;
	if (w->len - at > FIELD_MAX) {
		w->bad = true;
		return;
	}
	w->data[at - 1] = (uint8_t)(w->len - at);
}

void tlv_uint(struct writer *w, uint8_t tag, uint64_t value)
{
	size_t width = 0;

	if (value == 0)
		return;
	while (width < UINT_BYTES && value >> 8 * width != 0)
		width++;
	size_t at = tlv_begin(w, tag);
	write_uint(w, value, width);
	tlv_end(w, at);
}

void tlv_bytes(struct writer *w, uint8_t tag, const void *bytes, size_t n)
{
	if (n == 0)
		return;
	size_t at = tlv_begin(w, tag);
	write_bytes(w, bytes, n);
	tlv_end(w, at);
}

bool tlv_next(struct reader *r, uint8_t *tag, struct reader *value)
{
	if (r->bad || r->at == r->len)
		return false;
	*tag = (uint8_t)read_uint(r, 1);
	size_t len = (size_t)read_uint(r, 1);
	const uint8_t *bytes = read_bytes(r, len);
	*value = (struct reader){ .data = bytes, .len = len };
	return !r->bad;
}

uint64_t tlv_read_uint(struct reader *value)
{
	if (value->len > UINT_BYTES) {
		value->bad = true;
		return 0;
	}
	return read_uint(value, value->len);
}

void varint_write(struct writer *w, uint64_t value)
{
	while (value >> VARINT_BITS != 0) {
		write_uint(w, (value & (VARINT_MORE - 1)) | VARINT_MORE, 1);
		value >>= VARINT_BITS;
	}
	write_uint(w, value, 1);
}

uint64_t varint_read(struct reader *r)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 64; shift += VARINT_BITS) {
		uint64_t group = read_uint(r, 1);
		value |= (group & (VARINT_MORE - 1)) << shift;
		if (group < VARINT_MORE)
			return value;
	}
	r->bad = true;
	return 0;
}

uint64_t zigzag(int64_t value)
{
	return (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0);
}

int64_t unzigzag(uint64_t value)
{
	return (int64_t)(value >> 1 ^ (value & 1 ? UINT64_MAX : 0));
}
