/*
 * Drawing: a full 1280 x 800 frame of the screens people look at longest, headless and in software,
 * as processor time (a busy machine next door does not count). Warm: every text is cached, as in
 * a minute tick or a picture of the camera. Cold: nothing is, as when a screen comes up.
 */
#include <string.h>

#include "base/text.h"
#include "bench.h"
#include "ui/ui.h"
#include "ui/ui_private.h"

#define WARM_FRAMES 500
#define COLD_FRAMES 60

static int64_t cpu_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void fill(struct view *v, enum screen screen)
{
	memset(v, 0, sizeof(*v));
	v->screen = screen;
	text_copy(v->site_zh, sizeof(v->site_zh), "海棠花园");
	text_copy(v->site_en, sizeof(v->site_en), "Haitang Gardens");
	text_copy(v->phone, sizeof(v->phone), "0898-1234 5678");
	text_copy(v->leader, sizeof(v->leader), "林主任");
	text_copy(v->entry, sizeof(v->entry), "Zhang Wei");
	v->year = 2026, v->month = 11, v->day = 23, v->hour = 8;
	v->clock_trusted = v->simulated = true;
	v->step = 3, v->step_count = 9;
	v->keyboard = screen == SCREEN_NAME ? KEYBOARD_TEXT : KEYBOARD_NONE;
	for (v->row_count = 0; v->row_count < VIEW_ROWS; v->row_count++) {
		struct view_row *row = &v->rows[v->row_count];
		row->ticket = (uint32_t)v->row_count + 1;
		row->temperature_centi_c = 3650;
		text_copy(row->name, sizeof(row->name), "张*");
	}
	for (v->line_count = 0; v->line_count < VIEW_LINES; v->line_count++) {
		v->lines[v->line_count].field = FIELD_PHONE;
		text_format(v->lines[v->line_count].value, sizeof(v->lines[0].value), "138****%04d",
			    v->line_count);
	}
	for (v->reason_count = 0; v->reason_count < 3; v->reason_count++)
		v->reasons[v->reason_count].code = (enum reason_code)(v->reason_count + 5);
}

static void draw(struct ui *ui, const char *name, enum screen screen, bool warm,
		 const uint8_t *preview)
{
	char subject[96];
	text_format(subject, sizeof(subject), "frame %s, %s", name, warm ? "warm" : "cold");
	struct bench frame = bench_start(subject);
	struct view view;
	fill(&view, screen);
	ui_draw(ui, &view, preview);
	for (int i = 0; i < (warm ? WARM_FRAMES : COLD_FRAMES); i++) {
		view.preview_seq = (uint32_t)i + 1; /* a difference, so that it is drawn */
		if (!warm)
			text_cache_clear(&ui->canvas.texts);
		int64_t started_ns = cpu_ns();
		bool drawn = ui_draw(ui, &view, preview);
		frame.samples_ns[frame.count++] = cpu_ns() - started_ns;
		bench_need(!drawn, "ui_draw");
	}
	bench_report(&frame);
}

static void report_memory(void)
{
	FILE *f CLEANUP(close_file) = fopen("/proc/self/status", "re");
	char line[128];
	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, "VmRSS:", 6) == 0 || strncmp(line, "RssAnon:", 8) == 0)
			fputs(line, stdout);
}

int main(void)
{
	static const struct {
		const char *name;
		enum screen screen;
		bool preview;
	} SUBJECTS[] = {
		{ "of the board", SCREEN_BOARD, false },
		{ "of the name entry with keyboard", SCREEN_NAME, false },
		{ "of the queue", SCREEN_QUEUE, false },
		{ "of a visit for the guard", SCREEN_VISIT, false },
		{ "of the code with camera picture", SCREEN_CODE, true },
	};
	static uint8_t luma[PREVIEW_WIDTH_PX * PREVIEW_HEIGHT_PX];
	const struct ui_options options = { .headless = true };
	struct ui *ui;
	char message[256];
	if (ui_open(&ui, &options, message, sizeof(message)) != UI_OK) {
		fprintf(stderr, "%s\n", message);
		return 1;
	}
	for (size_t i = 0; i < sizeof(luma); i++)
		luma[i] = (uint8_t)(i * 7);
	for (size_t i = 0; i < ARRAY_LEN(SUBJECTS); i++)
		for (int warm = 1; warm >= 0; warm--)
			draw(ui, SUBJECTS[i].name, SUBJECTS[i].screen, warm,
			     SUBJECTS[i].preview ? luma : NULL);
	report_memory();
	ui_close(ui);
	return 0;
}
