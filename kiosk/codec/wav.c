#include "codec/wav.h"

#include <string.h>

#include "base/bytes.h"

#define FORMAT_BYTES 16
#define FORMAT_PCM 1

/* RIFF counts from the other end. */
static uint32_t read_le(struct reader *r, size_t width)
{
	const uint8_t *p = read_bytes(r, width);
	uint32_t value = 0;

	for (size_t i = width; p && i > 0; i--)
		value = value << 8 | p[i - 1];
	return value;
}

static bool take_format(struct wav *wav, struct reader r)
{
	uint32_t format = read_le(&r, 2), channels = read_le(&r, 2);
	wav->rate_hz = read_le(&r, 4);
	uint32_t bytes_s = read_le(&r, 4), block = read_le(&r, 2), bits = read_le(&r, 2);

	return !r.bad && format == FORMAT_PCM && channels == 1 && bits == 16 && block == 2 &&
	       wav->rate_hz > 0 && bytes_s / 2 == wav->rate_hz;
}

bool wav_read(struct wav *wav, const void *bytes, size_t len)
{
	struct reader r = { .data = bytes, .len = len };
	const uint8_t *riff = read_bytes(&r, 4);
	bool format = false;

	memset(wav, 0, sizeof(*wav));
	read_le(&r, 4); /* how long it is says the file itself */
	const uint8_t *wave = read_bytes(&r, 4);
	if (!wave || memcmp(riff, "RIFF", 4) != 0 || memcmp(wave, "WAVE", 4) != 0)
		return false;
	while (r.at < len) {
		const uint8_t *id = read_bytes(&r, 4);
		size_t size = read_le(&r, 4);
		const uint8_t *body = read_bytes(&r, size);
		if (!body)
			return false;
		if (memcmp(id, "fmt ", 4) == 0) {
			if (format || size < FORMAT_BYTES ||
			    !take_format(wav, (struct reader){ .data = body, .len = size }))
				return false;
			format = true;
		} else if (memcmp(id, "data", 4) == 0) {
			wav->samples = body;
			wav->len_bytes = size;
			return format && size > 0 && size % 2 == 0;
		}
		if (size % 2 && r.at < len) /* chunks begin at even places */
			read_bytes(&r, 1);
	}
	return false;
}
