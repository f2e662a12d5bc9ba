/*
 * The life of the screen. A frame is drawn only when the view differs from the one on screen, when
 * a key is pressed down or let go, or when somebody asked for it.
 *
 * Touch: the widget under the finger lights up; its action happens when the finger leaves the glass
 * over the same widget of the same screen, so that a slip can be taken back and a tap never lands
 * on the screen that came up under the finger.
 */
#include "ui/ui.h"

#include <SDL.h>
#include <SDL_ttf.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "ui/draw.h"
#include "ui/png_file.h"
#include "ui/ui_private.h"

/* A GPU has a render node; without one SDL's "software" renderer would still go through OpenGL on
 * the processor, six times slower. */
static bool has_gpu(void)
{
	DIR *dir = opendir("/dev/dri");
	bool found = false;
	struct dirent *entry;
	while (dir && !found && (entry = readdir(dir)))
		found = strncmp(entry->d_name, "renderD", 7) == 0;
	if (dir)
		closedir(dir);
	return found;
}

static void set_hints(const struct ui_options *options, bool software)
{
	if (options->headless)
		SDL_SetHint(SDL_HINT_VIDEODRIVER, "offscreen");
	if (software)
		SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
	SDL_SetHint(SDL_HINT_TOUCH_MOUSE_EVENTS, "0");
	SDL_SetHint(SDL_HINT_MOUSE_TOUCH_EVENTS, "0");
	SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "0");
	SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
}

static enum ui_error fail(char *message, size_t cap, enum ui_error error, const char *what)
{
	text_format(message, cap, "%s", what);
	return error;
}

/* Where Debian, and people, put fonts. */
static bool load_fonts(struct fonts *fonts, const char *extra_dir)
{
	const char *const dirs[] = {
		extra_dir,
		"/usr/share/fonts/opentype/noto",
		"/usr/local/share/fonts",
		"/usr/share/fonts/noto-cjk",
	};
	return fonts_init(fonts, dirs, ARRAY_LEN(dirs));
}

static enum ui_error open_window(struct ui *ui, const struct ui_options *options, bool software,
				 char *message, size_t cap)
{
	uint32_t flags = options->headless || options->windowed ? 0 : SDL_WINDOW_FULLSCREEN_DESKTOP;
	ui->window = SDL_CreateWindow("Gatehouse", SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED,
				      UI_WIDTH, UI_HEIGHT, flags);
	if (ui->window)
		ui->renderer = SDL_CreateRenderer(ui->window, -1,
						  software ? SDL_RENDERER_SOFTWARE
							   : SDL_RENDERER_ACCELERATED);
	if (!ui->renderer && ui->window)
		ui->renderer = SDL_CreateRenderer(ui->window, -1, SDL_RENDERER_SOFTWARE);
	if (!ui->renderer) {
		text_format(message, cap, "The screen cannot be opened: %s.", SDL_GetError());
		return UI_NO_DISPLAY;
	}
	SDL_RenderSetLogicalSize(ui->renderer, UI_WIDTH, UI_HEIGHT);
	SDL_ShowCursor(options->headless || options->windowed ? SDL_ENABLE : SDL_DISABLE);
	return UI_OK;
}

/* SDL's own remarks, e.g. about its drivers, are for whoever looks for a fault. */
static void log_sdl(void *ctx, int category, SDL_LogPriority priority, const char *message)
{
	(void)ctx;
	(void)category;
	(void)priority;
	log_debug("sdl: %s", message);
}

enum ui_error ui_open(struct ui **out, const struct ui_options *options, char *message, size_t cap)
{
	*out = NULL;
	text_copy(message, cap, "");
	struct ui *ui = calloc(1, sizeof(*ui));
	if (!ui)
		return fail(message, cap, UI_FAILED, "Not enough memory for the screen.");
	bool software = options->headless || !has_gpu();
	SDL_LogSetOutputFunction(log_sdl, NULL);
	set_hints(options, software);
	enum ui_error error = UI_OK;
	if (SDL_InitSubSystem(SDL_INIT_VIDEO) != 0) {
		text_format(
			message, cap,
			"There is no usable display (%s): connect one, or start with --headless.",
			SDL_GetError());
		free(ui);
		return UI_NO_DISPLAY;
	}
	ui->ttf = TTF_Init() == 0;
	if (!ui->ttf)
		error = fail(message, cap, UI_FAILED, "The text library cannot be started.");
	else if (!load_fonts(&ui->fonts, options->font_dir))
		error = fail(message, cap, UI_NO_FONT,
			     "Noto Sans CJK SC is missing: install the package fonts-noto-cjk.");
	else
		error = open_window(ui, options, software, message, cap);
	if (error != UI_OK) {
		ui_close(ui);
		return error;
	}
	canvas_init(&ui->canvas, ui->renderer, &ui->fonts);
	ui->dirty = true;
	*out = ui;
	return UI_OK;
}

void ui_close(struct ui *ui)
{
	if (!ui)
		return;
	canvas_fini(&ui->canvas);
	if (ui->renderer)
		SDL_DestroyRenderer(ui->renderer);
	if (ui->window)
		SDL_DestroyWindow(ui->window);
	fonts_fini(&ui->fonts);
	if (ui->ttf)
		TTF_Quit();
	SDL_QuitSubSystem(SDL_INIT_VIDEO);
	explicit_bzero(ui, sizeof(*ui));
	free(ui);
}

static enum theme theme_of(const struct view *view)
{
	/* with a clock in doubt the hour means nothing; the day's colours are readable always */
	return view->clock_trusted ? theme_at(view->hour) : THEME_DAY;
}

static void render(struct ui *ui)
{
	canvas_draw(&ui->canvas, &ui->widgets, ui->pressed);
}

bool ui_draw(struct ui *ui, const struct view *view, const uint8_t *preview)
{
	bool same = ui->has_view && memcmp(&ui->view, view, sizeof(*view)) == 0;
	if (same && !ui->dirty)
		return false;
	if (!ui->has_view || ui->view.screen != view->screen) {
		ui->pressed[0] = '\0';
		/* nothing of the person before stays behind as a picture */
		if (view->screen == SCREEN_BOARD)
			text_cache_clear(&ui->canvas.texts);
	}
	ui->view = *view;
	ui->has_view = true;
	ui->dirty = false;
	ui->canvas.theme = theme_of(view);
	canvas_preview(&ui->canvas, preview);
	widgets_build(&ui->widgets, view);
	render(ui);
	SDL_RenderPresent(ui->renderer);
	ui->frames++;
	return true;
}

void ui_notice_picture(struct ui *ui, const uint8_t *pixels, int width, int height)
{
	canvas_notice(&ui->canvas, pixels, width, height);
}

void ui_invalidate(struct ui *ui)
{
	ui->dirty = true;
}

uint64_t ui_frames(const struct ui *ui)
{
	return ui->frames;
}

bool ui_find(struct ui *ui, const char *id_or_label, bool by_label, struct action_event *event)
{
	for (int i = 0; i < ui->widgets.count; i++) {
		const struct widget *w = &ui->widgets.items[i];
		if (widget_is_live(w) && strcmp(by_label ? w->label : w->id, id_or_label) == 0) {
			*event = w->event;
			return true;
		}
	}
	return false;
}

size_t ui_tree(struct ui *ui, char *out, size_t cap)
{
	return widgets_tree(&ui->widgets, out, cap);
}

int ui_shot(struct ui *ui, const char *path)
{
	int w = UI_WIDTH, h = UI_HEIGHT;
	if (SDL_GetRendererOutputSize(ui->renderer, &w, &h) != 0)
		return -EIO;
	uint8_t *pixels = malloc((size_t)w * (size_t)h * 3);
	if (!pixels)
		return -ENOMEM;
	/* drawn once more and read before it is presented: afterwards the back buffer is undefined
	 */
	render(ui);
	int r = -EIO;
	if (SDL_RenderReadPixels(ui->renderer, NULL, SDL_PIXELFORMAT_RGB24, pixels, w * 3) == 0)
		r = png_write_rgb(path, pixels, w, h);
	free(pixels);
	return r;
}
