/*
 * zbar and what has to be known about it:
 *
 * - It opens five iconv conversions per code even in binary mode, and one more for a code that
 * names its character set (ECI, AIM ITS/04-023). glibc loads each from a file, which the sandbox
 * forbids, so a code could kill the scanner by naming a rare one. All that zbar can ask for are
 * opened here first and stay open: glibc counts references, and a loaded conversion needs no file.
 * - It loses a few hundred bytes with every successful scan (recycled symbols; mchehab/zbar #258).
 *   A new scanner after every hundred hits stops that.
 * - zbar_scan_image trusts width and height: struct luma guarantees multiples of 8.
 */
#include "scanner/decode.h"

#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include <zbar.h>

#include "scanner/filter.h"

#define HITS_PER_SCANNER 100

static const char *const CHARACTER_SETS[] = {
	"ISO8859-1",  "ISO8859-2",  "ISO8859-3",  "ISO8859-4",  "ISO8859-5",  "ISO8859-6",
	"ISO8859-7",  "ISO8859-8",  "ISO8859-9",  "ISO8859-10", "ISO8859-11", "ISO8859-13",
	"ISO8859-14", "ISO8859-15", "ISO8859-16", "CP437",      "SJIS",       "BIG5",
	"UTF-8",      "GB18030",    "EUC-KR",     "CP1250",     "CP1251",     "CP1252",
	"CP1256",     "UTF-16BE",   "US-ASCII",
};

struct decoder {
	zbar_image_scanner_t *scanner;
	zbar_image_t *image;
	uint8_t *filtered; /* LUMA_BYTES_MAX */
	uint32_t hits; /* of this scanner */
	iconv_t held[ARRAY_LEN(CHARACTER_SETS)];
};

/* "gatehous", version 1-M: the smallest proof that the whole chain reads. */
#define SELF_TEST_MODULES 21
#define SELF_TEST_TEXT "gatehous"
static const uint32_t SELF_TEST_ROWS[SELF_TEST_MODULES] = {
	0x1FDB7F, 0x105A41, 0x17505D, 0x17495D, 0x17555D, 0x104F41, 0x1FD57F,
	0x000700, 0x13F597, 0x12AD64, 0x0CF087, 0x190237, 0x1E54D1, 0x001F3E,
	0x1FD5D4, 0x105FAD, 0x175758, 0x175704, 0x174C57, 0x1048CF, 0x1FD220,
};

static zbar_image_scanner_t *new_scanner(void)
{
	zbar_image_scanner_t *s = zbar_image_scanner_create();

	if (!s)
		return NULL;
	if (zbar_image_scanner_set_config(s, ZBAR_NONE, ZBAR_CFG_ENABLE, 0) ||
	    zbar_image_scanner_set_config(s, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1) ||
	    zbar_image_scanner_set_config(s, ZBAR_QRCODE, ZBAR_CFG_BINARY, 1)) {
		zbar_image_scanner_destroy(s);
		return NULL;
	}
	return s;
}

static void hold_character_sets(struct decoder *d)
{
	for (size_t i = 0; i < ARRAY_LEN(CHARACTER_SETS); i++)
		d->held[i] = iconv_open("UTF-8", CHARACTER_SETS[i]);
}

static void let_character_sets_go(struct decoder *d)
{
	for (size_t i = 0; i < ARRAY_LEN(CHARACTER_SETS); i++)
		if (d->held[i] != (iconv_t)-1)
			iconv_close(d->held[i]);
}

/* Twice the area of the quadrilateral that zbar found (shoelace formula). */
static int64_t area_of(const zbar_symbol_t *symbol)
{
	unsigned n = zbar_symbol_get_loc_size(symbol);
	int64_t sum = 0;

	for (unsigned i = 0; i < n; i++) {
		unsigned j = (i + 1) % n;
		sum += (int64_t)zbar_symbol_get_loc_x(symbol, i) * zbar_symbol_get_loc_y(symbol, j);
		sum -= (int64_t)zbar_symbol_get_loc_x(symbol, j) * zbar_symbol_get_loc_y(symbol, i);
	}
	return sum < 0 ? -sum : sum;
}

static bool take_largest(struct decoder *d, struct decode_result *result)
{
	const zbar_symbol_t *best = NULL;
	int64_t best_area = -1;

	for (const zbar_symbol_t *s = zbar_image_first_symbol(d->image); s;
	     s = zbar_symbol_next(s)) {
		unsigned len = zbar_symbol_get_data_length(s);
		if (zbar_symbol_get_type(s) != ZBAR_QRCODE || len == 0 || len > DECODE_PAYLOAD_MAX)
			continue;
		if (area_of(s) > best_area) {
			best = s;
			best_area = area_of(s);
		}
	}
	if (!best)
		return false;
	result->len = (uint16_t)zbar_symbol_get_data_length(best);
	memcpy(result->payload, zbar_symbol_get_data(best), result->len);
	return true;
}

/* The picture lives only for this call: the symbols go with it, so they are copied out before. */
static bool look(struct decoder *d, const uint8_t *pixels, const struct luma *luma,
		 struct decode_result *result)
{
	zbar_image_set_size(d->image, luma->width, luma->height);
	zbar_image_set_data(d->image, pixels, (size_t)luma->width * luma->height, NULL);
	bool found = zbar_scan_image(d->scanner, d->image) > 0 && take_largest(d, result);
	zbar_image_set_symbols(d->image, NULL);
	zbar_image_set_data(d->image, NULL, 0, NULL);
	return found;
}

static const uint8_t *make_rung(struct decoder *d, enum decode_rung rung, const struct luma *luma)
{
	switch (rung) {
	case RUNG_THRESHOLD:
		filter_local_threshold(luma->pixels, d->filtered, luma->width, luma->height);
		return d->filtered;
	case RUNG_BLUR:
		filter_blur(luma->pixels, d->filtered, luma->width, luma->height);
		return d->filtered;
	case RUNG_PLAIN:
	case RUNG_COUNT_:
		break;
	}
	return luma->pixels;
}

static void count_hit(struct decoder *d)
{
	if (++d->hits < HITS_PER_SCANNER)
		return;
	zbar_image_scanner_t *fresh = new_scanner();
	if (!fresh)
		return; /* the old one still works; tried again at the next hit */
	zbar_image_scanner_destroy(d->scanner);
	d->scanner = fresh;
	d->hits = 0;
}

bool decoder_scan(struct decoder *d, const struct luma *luma, enum decode_rung rung,
		  struct decode_result *result)
{
	assert(luma->width % 8 == 0 && luma->height % 8 == 0);
	result->len = 0;
	result->rung = rung;
	if (!look(d, make_rung(d, rung, luma), luma, result))
		return false;
	count_hit(d);
	return true;
}

bool decoder_scan_all(struct decoder *d, const struct luma *luma, struct decode_result *result)
{
	for (int rung = 0; rung < RUNG_COUNT_; rung++)
		if (decoder_scan(d, luma, (enum decode_rung)rung, result))
			return true;
	return false;
}

static bool self_test(struct decoder *d)
{
	enum { SCALE = 6, SIDE = 176, BORDER = (SIDE - SELF_TEST_MODULES * SCALE) / 2 };
	uint8_t pixels[SIDE * SIDE];
	struct luma luma = { .width = SIDE, .height = SIDE, .pixels = pixels };
	struct decode_result result;

	memset(pixels, 255, sizeof(pixels));
	for (int y = 0; y < SELF_TEST_MODULES * SCALE; y++)
		for (int x = 0; x < SELF_TEST_MODULES * SCALE; x++)
			if (SELF_TEST_ROWS[y / SCALE] >> (SELF_TEST_MODULES - 1 - x / SCALE) & 1)
				pixels[(BORDER + y) * SIDE + BORDER + x] = 0;
	return decoder_scan(d, &luma, RUNG_PLAIN, &result) &&
	       result.len == strlen(SELF_TEST_TEXT) &&
	       memcmp(result.payload, SELF_TEST_TEXT, result.len) == 0;
}

int decoder_open(struct decoder **out)
{
	struct decoder *d = calloc(1, sizeof(*d));

	if (!d)
		return -ENOMEM;
	hold_character_sets(d);
	d->filtered = malloc(LUMA_BYTES_MAX);
	d->scanner = new_scanner();
	d->image = zbar_image_create();
	int r = -ENOMEM;
	if (!d->filtered || !d->scanner || !d->image)
		goto fail;
	zbar_image_set_format(d->image, zbar_fourcc('Y', '8', '0', '0'));
	r = -EPROTO;
	if (!self_test(d))
		goto fail;
	*out = d;
	return 0;
fail:
	decoder_close(d);
	return r;
}

void decoder_close(struct decoder *d)
{
	if (d->image)
		zbar_image_destroy(d->image);
	if (d->scanner)
		zbar_image_scanner_destroy(d->scanner);
	let_character_sets_go(d);
	free(d->filtered);
	free(d);
}
