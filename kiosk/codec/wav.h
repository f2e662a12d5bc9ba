/*
 * Sound files as the office has them: RIFF/WAVE, of which only the one form is taken that the gate
 * plays: PCM, 16 bits, mono. Chunks that are not known are skipped. Pure.
 */
#ifndef CODEC_WAV_H
#define CODEC_WAV_H

#include "base/defs.h"

struct wav {
	uint32_t rate_hz;
	const uint8_t *samples; /* inside the file, little-endian */
	size_t len_bytes; /* even, not 0 */
};

/* False: it is not a sound file of this form. */
MUST_CHECK bool wav_read(struct wav *wav, const void *bytes, size_t len);

#endif
