/*
 * What one camera frame costs the scanner, in processor time: frame to luma, preview, and zbar on
 * each rung, with nothing in view and with a code. A table in Markdown; no pass or fail, for the
 * numbers belong to the machine. Build it optimised and without sanitizers.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "codec/scanner_msg.h"
#include "hal/sim/camera_sim.h"
#include "scanner/decode.h"
#include "scanner/filter.h"

#define FRAMES 200

struct bench {
	struct decoder *decoder;
	struct luma luma;
	struct camera_frame frame;
	uint8_t *filtered;
	uint8_t preview[PREVIEW_WIDTH * PREVIEW_HEIGHT];
	struct decode_result result;
};

/* One frame's worth; true when a code was read. */
typedef bool (*work)(struct bench *b);

static bool take_luma(struct bench *b)
{
	bool good = luma_from_frame(&b->luma, &b->frame);

	assert(good);
	return false;
}

static bool draw_preview(struct bench *b)
{
	luma_fit(&b->luma, b->preview, PREVIEW_WIDTH, PREVIEW_HEIGHT);
	b->result.len = luma_mean(&b->luma); /* kept, so that it is computed */
	return false;
}

static bool blur(struct bench *b)
{
	filter_blur(b->luma.pixels, b->filtered, b->luma.width, b->luma.height);
	return false;
}

static bool threshold(struct bench *b)
{
	filter_local_threshold(b->luma.pixels, b->filtered, b->luma.width, b->luma.height);
	return false;
}

static bool scan_plain(struct bench *b)
{
	return decoder_scan(b->decoder, &b->luma, RUNG_PLAIN, &b->result);
}

static bool scan_threshold(struct bench *b)
{
	return decoder_scan(b->decoder, &b->luma, RUNG_THRESHOLD, &b->result);
}

static bool scan_blur(struct bench *b)
{
	return decoder_scan(b->decoder, &b->luma, RUNG_BLUR, &b->result);
}

static bool scan_all(struct bench *b)
{
	return decoder_scan_all(b->decoder, &b->luma, &b->result);
}

static double cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void measure(struct bench *b, const char *scene, const char *name, work do_it)
{
	double ms[FRAMES];
	int read = 0;

	for (int i = 0; i < FRAMES; i++) {
		double start_ms = cpu_ms();
		read += do_it(b);
		ms[i] = cpu_ms() - start_ms;
	}
	qsort(ms, FRAMES, sizeof(ms[0]), ascending);
	printf("| %s | %s | %.2f | %.2f | %d |\n", scene, name, ms[FRAMES / 2],
	       ms[FRAMES * 99 / 100], read);
}

static void measure_scene(struct bench *b, const char *scene, struct sim_picture *p)
{
	static const struct {
		const char *name;
		work work;
	} WORKS[] = {
		{ "YUYV to luma", take_luma }, { "preview and mean", draw_preview },
		{ "blur alone", blur },        { "threshold alone", threshold },
		{ "zbar, plain", scan_plain }, { "zbar, threshold", scan_threshold },
		{ "zbar, blur", scan_blur },   { "all rungs", scan_all },
	};

	b->frame = (struct camera_frame){ .format = PIXEL_YUYV,
					  .width = p->width,
					  .height = p->height,
					  .stride_bytes = 2 * p->width,
					  .data = p->yuyv,
					  .len = (size_t)2 * p->width * p->height };
	for (size_t i = 0; i < ARRAY_LEN(WORKS); i++)
		measure(b, scene, WORKS[i].name, WORKS[i].work);
	sim_picture_free(p);
}

static int with_text_of(struct sim_picture *p, size_t len)
{
	char text[1024];

	assert(len < sizeof(text));
	for (size_t i = 0; i < len; i++)
		text[i] = (char)('a' + i % 26);
	text[len] = '\0';
	return sim_picture_with_code(p, text);
}

int main(int argc, char **argv)
{
	struct bench b = { .filtered = malloc(LUMA_BYTES_MAX) };
	struct sim_picture p;

	if (!b.filtered || luma_open(&b.luma) || decoder_open(&b.decoder))
		return 1;
	printf("1280x720, n = %d, processor time in ms\n\n", FRAMES);
	puts("| in view | work | p50 | p99 | read |");
	puts("|---|---|---|---|---|");
	if (sim_picture_blank(&p) == 0)
		measure_scene(&b, "nothing", &p);
	if (with_text_of(&p, 60) == 0)
		measure_scene(&b, "60-byte code", &p);
	if (with_text_of(&p, 400) == 0)
		measure_scene(&b, "400-byte code", &p);
	for (int i = 1; i < argc; i++)
		if (sim_picture_from_png(&p, argv[i]) == 0)
			measure_scene(&b, argv[i], &p);
	decoder_close(b.decoder);
	luma_close(&b.luma);
	free(b.filtered);
	return 0;
}
