/* Drawing: a full frame of the screens people look at longest, headless and in software. */
#include <string.h>

#include "base/text.h"
#include "bench.h"
#include "ui/ui.h"

static void draw(struct ui *ui, const char *subject, enum screen screen)
{
	struct bench frame = bench_start(subject);
	struct view view;
	memset(&view, 0, sizeof(view));
	view.screen = screen;
	for (int i = 0; i < 500; i++) {
		view.preview_seq = (uint32_t)i + 1; /* a difference, so that it is drawn */
		bench_begin(&frame);
		bool drawn = ui_draw(ui, &view, NULL);
		bench_end(&frame);
		bench_need(!drawn, "ui_draw");
	}
	bench_report(&frame);
}

int main(void)
{
	const struct ui_options options = { .headless = true };
	struct ui *ui;
	char message[256];
	if (ui_open(&ui, &options, message, sizeof(message)) != UI_OK) {
		fprintf(stderr, "%s\n", message);
		return 1;
	}
	draw(ui, "draw the board", SCREEN_BOARD);
	draw(ui, "draw the name entry with keyboard", SCREEN_NAME);
	draw(ui, "draw a visit for the guard", SCREEN_VISIT);
	ui_close(ui);
	return 0;
}
