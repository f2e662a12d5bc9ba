/*
 * QR codes out of grey pictures, by zbar. The payload is bytes: nobody here asks what they mean.
 * zbar is given as little to do as possible: QR only (its other symbologies have had overflows and
 * leaks), no inverted pass (it writes past odd pictures), binary mode (its guess of a character set
 * turns Chinese names into Japanese). Any scan may take long on a hostile picture: the kiosk kills
 * the process then. Scanner process only, one thread.
 */
#ifndef SCANNER_DECODE_H
#define SCANNER_DECODE_H

#include "scanner/luma.h"

#define DECODE_PAYLOAD_MAX 2048

/* What a picture is made into before zbar looks at it, in the order tried. */
enum decode_rung { RUNG_PLAIN, RUNG_THRESHOLD, RUNG_BLUR, RUNG_COUNT_ };

struct decoder;

struct decode_result {
	enum decode_rung rung; /* the last one tried: with a payload, the one that read it */
	uint16_t len;
	uint8_t payload[DECODE_PAYLOAD_MAX];
};

/*
 * Opens the decoder and reads a built-in code with it, which also loads whatever zbar and the C
 * library load lazily: afterwards decoding opens no files. -ENOMEM; -EPROTO when the built-in code
 * was not read.
 */
MUST_CHECK int decoder_open(struct decoder **out);
void decoder_close(struct decoder *decoder);

/*
 * Looks for a code on one rung. With several codes in view the one with the largest area wins. True
 * when result holds a payload of 1..DECODE_PAYLOAD_MAX bytes.
 */
bool decoder_scan(struct decoder *decoder, const struct luma *luma, enum decode_rung rung,
		  struct decode_result *result);

/* All rungs in order until one reads something. */
bool decoder_scan_all(struct decoder *decoder, const struct luma *luma,
		      struct decode_result *result);

#endif
