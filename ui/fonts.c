#include "ui/fonts.h"

#include <SDL.h>
#include <SDL_ttf.h>
#include <string.h>

#include "base/line_break.h"
#include "base/text.h"

#define FAMILY "Noto Sans CJK SC"
#define START_PX 30
#define SHRINK_STEP_PX 2
#define ELLIPSIS "\u2026"

static TTF_Font *open_face(const char *path)
{
	TTF_Font *font = TTF_OpenFontIndex(path, START_PX, 0);
	if (!font)
		return NULL;
	long faces = TTF_FontFaces(font);
	for (long i = 0; i < faces; i++) {
		if (i > 0)
			font = TTF_OpenFontIndex(path, START_PX, i);
		if (!font)
			return NULL;
		const char *family = TTF_FontFaceFamilyName(font);
		if (family && strcmp(family, FAMILY) == 0)
			return font;
		TTF_CloseFont(font);
	}
	return NULL;
}

static TTF_Font *find_face(const char *const *dirs, size_t count, const char *file)
{
	for (size_t i = 0; i < count; i++) {
		char path[512];
		if (!dirs[i] || !text_format(path, sizeof(path), "%s/%s", dirs[i], file) ||
		    access(path, R_OK) != 0)
			continue;
		TTF_Font *font = open_face(path);
		if (font)
			return font;
	}
	return NULL;
}

bool fonts_init(struct fonts *f, const char *const *dirs, size_t count)
{
	*f = (struct fonts){ .px = { START_PX, START_PX } };
	f->face[0] = find_face(dirs, count, "NotoSansCJK-Regular.ttc");
	f->face[1] = find_face(dirs, count, "NotoSansCJK-Bold.ttc");
	return f->face[0] && f->face[1];
}

void fonts_fini(struct fonts *f)
{
	for (int i = 0; i < 2; i++)
		if (f->face[i])
			TTF_CloseFont(f->face[i]);
	*f = (struct fonts){ 0 };
}

static TTF_Font *use(struct fonts *f, int px, bool bold)
{
	if (f->px[bold] != px) {
		TTF_SetFontSize(f->face[bold], px);
		f->px[bold] = px;
	}
	return f->face[bold];
}

int fonts_width(struct fonts *f, const char *text, size_t len, int px, bool bold)
{
	char line[WIDEST_LINE_BYTES];
	text_format(line, sizeof(line), "%.*s", (int)len, text);
	int w = 0;
	if (!line[0] || TTF_SizeUTF8(use(f, px, bold), line, &w, NULL) != 0)
		return 0;
	return w;
}

/* Bytes of text that fit into w pixels, at least one character. */
static size_t fitting_bytes(struct fonts *f, const char *text, size_t len, int px, bool bold, int w)
{
	char line[WIDEST_LINE_BYTES];
	text_format(line, sizeof(line), "%.*s", (int)len, text);
	int extent = 0, count = 0;
	TTF_MeasureUTF8(use(f, px, bold), line, w, &extent, &count);
	const char *at = text;
	for (int i = 0; i < (count > 1 ? count : 1) && at < text + len; i++)
		if (utf8_next(&at) < 0)
			break;
	/* what was counted are shapes, and "fi" is one */
	for (const char *next = at; next < text + len && utf8_next(&next) > 0; at = next)
		if (fonts_width(f, text, (size_t)(next - text), px, bold) > w)
			break;
	return (size_t)(at - text);
}

/* Breaks text at one size. False when it needs more lines than there is room for. */
static bool break_lines(struct fonts *f, struct text_layout *out, const char *text, int px,
			const struct text_style *style, int w, int max_lines)
{
	out->px = px;
	out->count = 0;
	out->width_px = 0;
	const char *at = text;
	while (*at) {
		if (out->count == max_lines)
			return false;
		size_t paragraph = strcspn(at, "\n");
		size_t fits = fitting_bytes(f, at, paragraph, px, style->bold, w);
		if (fits < paragraph && style->one_line)
			return false;
		size_t take = fits < paragraph ? line_break_before(at, paragraph, fits) : paragraph;
		size_t shown = take;
		while (shown > 0 && at[shown - 1] == ' ')
			shown--;
		int i = out->count++;
		text_format(out->lines[i].text, sizeof(out->lines[i].text), "%.*s", (int)shown, at);
		out->lines[i].width_px = fonts_width(f, at, shown, px, style->bold);
		if (out->lines[i].width_px > out->width_px)
			out->width_px = out->lines[i].width_px;
		at += take;
		while (*at == ' ')
			at++;
		if (*at == '\n')
			at++;
	}
	out->height_px = out->count * text_pitch_px(px);
	return out->width_px <= w;
}

static void drop_first(char *text)
{
	const char *at = text;
	utf8_next(&at);
	memmove(text, at, strlen(at) + 1);
}

/* The last resort: one character less at a time until it fits. */
static void cut(struct fonts *f, struct text_layout *out, const char *text,
		const struct text_style *style, int w, int max_lines)
{
	char shorter[WIDEST_LINE_BYTES];
	text_copy(shorter, sizeof(shorter), text);
	char trial[WIDEST_LINE_BYTES + sizeof(ELLIPSIS)];
	bool fits = false;
	while (!fits && shorter[0]) {
		if (style->keep_end)
			drop_first(shorter);
		else
			utf8_chop(shorter);
		text_format(trial, sizeof(trial), style->keep_end ? ELLIPSIS "%s" : "%s" ELLIPSIS,
			    shorter);
		fits = break_lines(f, out, trial, style->min_px, style, w, max_lines);
	}
	out->clipped = true;
}

static int lines_for(const struct text_style *style, int px, int h)
{
	int lines = style->one_line ? 1 : h / text_pitch_px(px);
	if (lines < 1)
		lines = 1;
	return lines > TEXT_LINES_MAX ? TEXT_LINES_MAX : lines;
}

void fonts_layout(struct fonts *f, struct text_layout *out, const char *text,
		  const struct text_style *style, int w, int h)
{
	out->clipped = false;
	for (int px = style->px; px >= style->min_px; px -= SHRINK_STEP_PX)
		if (break_lines(f, out, text, px, style, w, lines_for(style, px, h)))
			return;
	cut(f, out, text, style, w, lines_for(style, style->min_px, h));
}

static SDL_Surface *render_line(struct fonts *f, const struct text_layout *layout, int i, bool bold,
				SDL_Color colour)
{
	if (!layout->lines[i].text[0])
		return NULL;
	return TTF_RenderUTF8_Blended(use(f, layout->px, bold), layout->lines[i].text, colour);
}

SDL_Surface *fonts_render(struct fonts *f, const struct text_layout *layout,
			  const struct text_style *style, uint8_t r, uint8_t g, uint8_t b)
{
	if (!layout->count || layout->width_px <= 0)
		return NULL;
	SDL_Color colour = { r, g, b, 255 };
	int pitch = text_pitch_px(layout->px);
	SDL_Surface *all = SDL_CreateRGBSurfaceWithFormat(0, layout->width_px, layout->height_px,
							  32, SDL_PIXELFORMAT_ARGB8888);
	if (!all)
		return NULL;
	/* the text's colour under zero alpha: blending lines into it leaves no dark fringe */
	SDL_FillRect(all, NULL, (uint32_t)r << 16 | (uint32_t)g << 8 | b);
	for (int i = 0; i < layout->count; i++) {
		SDL_Surface *line = render_line(f, layout, i, style->bold, colour);
		if (!line)
			continue;
		int spare = layout->width_px - line->w;
		/* a Chinese character reaches from 0.12 em below the baseline to 0.88 above: its
		 * middle stands in the middle of the line, and Latin descenders have room */
		int baseline = i * pitch + pitch / 2 + layout->px * 38 / 100;
		SDL_Rect to = { .y = baseline - TTF_FontAscent(use(f, layout->px, style->bold)) };
		to.x = style->align == ALIGN_LEFT     ? 0
		       : style->align == ALIGN_CENTRE ? spare / 2
						      : spare;
		SDL_BlitSurface(line, NULL, all, &to);
		SDL_FreeSurface(line);
	}
	return all;
}
