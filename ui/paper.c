/*
 * Paper is drawn line by line downwards on a strip as high as any slip can be, and cut to the
 * height that was used. The person's own language stands first and larger, the other below it, so
 * that guards and helpers can read it too. Text is thresholded to black dots: thermal printers have
 * no grey.
 */
#include "ui/paper.h"

#include <SDL.h>
#include <qrencode.h>
#include <stdlib.h>
#include <string.h>

#include "assets/strings.h"
#include "base/text.h"
#include "ui/ui_private.h"

#define REASONS_PRINTED 10 /* nobody reads a metre of paper */
#define WIDTH_PX 576 /* 72 mm at 203 dpi, the printing width of 80 mm paper */
#define STRIDE (WIDTH_PX / 8)
#define HEIGHT_MAX_PX 4000
#define MARGIN_PX 16
#define INK_ALPHA 110 /* a little under half: strokes of small characters must not break */
#define QR_QUIET 4 /* modules, ISO/IEC 18004 */
#define QR_MODULE_MIN_PX 6

struct strip {
	struct fonts *fonts;
	const struct slip *slip;
	uint8_t *bits;
	int y;
	char *text;
	size_t text_cap;
	bool white; /* ink is paper: text on a black bar */
};

static void dot(struct strip *s, int x, int y, bool black)
{
	if (x < 0 || x >= WIDTH_PX || y < 0 || y >= HEIGHT_MAX_PX)
		return;
	uint8_t bit = (uint8_t)(0x80 >> (x % 8));
	uint8_t *byte = &s->bits[y * STRIDE + x / 8];
	*byte = (uint8_t)(black ? *byte | bit : *byte & ~bit);
}

static void block(struct strip *s, int x, int y, int w, int h)
{
	for (int j = y; j < y + h; j++)
		for (int i = x; i < x + w; i++)
			dot(s, i, j, true);
}

static void note_text(struct strip *s, const char *text)
{
	size_t used = strlen(s->text);
	text_format(s->text + used, s->text_cap - used, "%s\n", text);
}

static void ink(struct strip *s, const SDL_Surface *surface, int x, int y)
{
	for (int j = 0; j < surface->h; j++) {
		const uint32_t *row =
			(const uint32_t *)((const uint8_t *)surface->pixels + j * surface->pitch);
		for (int i = 0; i < surface->w; i++)
			if (row[i] >> 24 >= INK_ALPHA)
				dot(s, x + i, y + j, !s->white);
	}
}

/* Draws a paragraph at x, w wide, from y; returns its height. */
static int paragraph(struct strip *s, const char *text, int x, int y, int w,
		     const struct text_style *style)
{
	struct text_layout layout;
	fonts_layout(s->fonts, &layout, text, style, w, HEIGHT_MAX_PX - y);
	SDL_Surface *surface = fonts_render(s->fonts, &layout, style, 0, 0, 0);
	if (!surface)
		return 0;
	int spare = w - surface->w;
	ink(s, surface,
	    style->align == ALIGN_CENTRE  ? x + spare / 2
	    : style->align == ALIGN_RIGHT ? x + spare
					  : x,
	    y);
	int h = surface->h;
	SDL_FreeSurface(surface);
	return h;
}

static void line(struct strip *s, const char *text, int px, bool bold, enum align align)
{
	if (!text[0])
		return;
	struct text_style style = { .px = px, .min_px = px, .bold = bold, .align = align };
	s->y += paragraph(s, text, MARGIN_PX, s->y, WIDTH_PX - 2 * MARGIN_PX, &style);
	note_text(s, text);
}

static void gap(struct strip *s, int px)
{
	s->y += px;
}

static void rule(struct strip *s)
{
	gap(s, 10);
	block(s, MARGIN_PX, s->y, WIDTH_PX - 2 * MARGIN_PX, 3);
	gap(s, 13);
}

static enum language first(const struct strip *s)
{
	return s->slip->language == LANGUAGE_EN ? LANGUAGE_EN : LANGUAGE_ZH;
}

static enum language second(const struct strip *s)
{
	return first(s) == LANGUAGE_EN ? LANGUAGE_ZH : LANGUAGE_EN;
}

/* The same in both languages, the first one larger. */
static void both(struct strip *s, enum string_id id, int px, enum align align)
{
	line(s, string_get(first(s), id), px, true, align);
	line(s, string_get(second(s), id), px * 3 / 4, false, align);
}

static void bar(struct strip *s, enum string_id id)
{
	char text[128];
	text_format(text, sizeof(text), "%s  %s", string_get(first(s), id),
		    string_get(second(s), id));
	gap(s, 10);
	block(s, 0, s->y, WIDTH_PX, 72);
	s->white = true;
	struct text_style style = {
		.px = 40, .min_px = 26, .bold = true, .align = ALIGN_CENTRE, .one_line = true
	};
	paragraph(s, text, MARGIN_PX, s->y + 10, WIDTH_PX - 2 * MARGIN_PX, &style);
	s->white = false;
	s->y += 72;
	note_text(s, text);
	gap(s, 10);
}

static void head(struct strip *s)
{
	const struct slip *slip = s->slip;
	bool english = first(s) == LANGUAGE_EN;
	gap(s, 8);
	line(s, english ? slip->site_en : slip->site_zh, 40, true, ALIGN_CENTRE);
	line(s, english ? slip->site_zh : slip->site_en, 28, false, ALIGN_CENTRE);
	line(s, slip->gate_name, 28, false, ALIGN_CENTRE);
}

/* "Name  张*": the name of the thing in both languages small, the value large. */
static void pair(struct strip *s, enum string_id id, const char *value, int px)
{
	if (!value[0])
		return;
	const int column = 168;
	char name[64];
	text_format(name, sizeof(name), "%s\n%s", string_get(first(s), id),
		    string_get(second(s), id));
	struct text_style small = { .px = 24, .min_px = 20 };
	struct text_style large = { .px = px, .min_px = px, .bold = true };
	int left = paragraph(s, name, MARGIN_PX, s->y, column - 12, &small);
	int right = paragraph(s, value, MARGIN_PX + column, s->y, WIDTH_PX - 2 * MARGIN_PX - column,
			      &large);
	s->y += (left > right ? left : right) + 8;
	char spoken[256];
	text_format(spoken, sizeof(spoken), "%s %s: %s", string_get(first(s), id),
		    string_get(second(s), id), value);
	note_text(s, spoken);
}

static void ticket(struct strip *s)
{
	char text[16];
	text_format(text, sizeof(text), "%u", s->slip->ticket);
	line(s, text, 130, true, ALIGN_CENTRE);
}

static int code(struct strip *s)
{
	if (!s->slip->token[0])
		return 0;
	/* QR_MODE_8 is only the hint: the splitter codes capitals and digits as alphanumeric */
	QRcode *qr = QRcode_encodeString(s->slip->token, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	if (!qr)
		return -EINVAL;
	int module = WIDTH_PX / (qr->width + 2 * QR_QUIET);
	if (module < QR_MODULE_MIN_PX) {
		QRcode_free(qr);
		return -EINVAL;
	}
	int x0 = (WIDTH_PX - qr->width * module) / 2, y0 = s->y + QR_QUIET * module;
	for (int i = 0; i < qr->width * qr->width; i++)
		if (qr->data[i] & 1)
			block(s, x0 + i % qr->width * module, y0 + i / qr->width * module, module,
			      module);
	s->y = y0 + (qr->width + QR_QUIET) * module;
	QRcode_free(qr);
	return 0;
}

/* A sentence of the catalogue with one value in it, in both languages. */
static void filled(struct strip *s, enum string_id id, const char *value, int px, enum align align)
{
	char text[256];
	string_fill(text, sizeof(text), string_get(first(s), id), value, NULL);
	line(s, text, px, true, align);
	string_fill(text, sizeof(text), string_get(second(s), id), value, NULL);
	line(s, text, px * 3 / 4, false, align);
}

/* What it is good for stands below it: nobody keeps a code that says nothing. */
static void receipt(struct strip *s)
{
	if (!s->slip->receipt_code[0])
		return;
	rule(s);
	pair(s, STR_PAPER_RECEIPT, s->slip->receipt_code, 36);
	both(s, STR_PAPER_RECEIPT_HELP, 26, ALIGN_LEFT);
}

static void foot(struct strip *s)
{
	char text[256], number[32];
	const struct slip *slip = s->slip;
	receipt(s);
	rule(s);
	text_format(number, sizeof(number), "%llu", (unsigned long long)slip->visit_id);
	string_fill(text, sizeof(text), string_get(first(s), STR_PAPER_NUMBER), number, NULL);
	size_t used = slip->kind == SLIP_RECEIPT ? 0 : strlen(text); /* of no visit */
	if (slip->head[0]) {
		text_copy(text + used, sizeof(text) - used, used > 0 ? "   " : "");
		used += used > 0 ? 3 : 0;
		string_fill(text + used, sizeof(text) - used, string_get(first(s), STR_PAPER_HEAD),
			    slip->head, NULL);
	}
	line(s, text, 22, false, ALIGN_CENTRE);
	gap(s, 12);
}

static int draw_pass(struct strip *s)
{
	const struct slip *slip = s->slip;
	bar(s, STR_PAPER_PASS);
	if (slip->copy)
		both(s, STR_PAPER_COPY, 36, ALIGN_CENTRE);
	ticket(s);
	pair(s, STR_PAPER_NAME, slip->name, 36);
	pair(s, STR_PAPER_PLATE, slip->plate, 44);
	pair(s, STR_PAPER_TO, slip->household, 36);
	pair(s, STR_PAPER_UNTIL, slip->valid_until, 36);
	pair(s, STR_PAPER_ISSUED, slip->issued, 28);
	pair(s, STR_PAPER_GUARD, slip->guard, 28);
	int r = code(s);
	if (slip->token[0])
		both(s, STR_PAPER_LEAVE, 34, ALIGN_CENTRE);
	both(s, STR_PAPER_WHERE, 28, ALIGN_CENTRE);
	return r;
}

static void draw_reason(struct strip *s, enum language language, const struct reason *reason,
			bool large)
{
	char text[256];
	text_format(text, sizeof(text), "%s%s%s%s", string_reason(language, reason->code),
		    reason->clause[0] ? "  (" : "", reason->clause, reason->clause[0] ? ")" : "");
	line(s, text, large ? 32 : 26, true, ALIGN_LEFT);
	line(s, string_reason_advice(language, reason->code), large ? 28 : 24, false, ALIGN_LEFT);
}

static void draw_heat(struct strip *s, enum string_id id, int32_t centi_c)
{
	char number[STRING_TEMPERATURE_BYTES];
	if (centi_c <= 0)
		return;
	string_temperature(number, centi_c);
	filled(s, id, number, 30, ALIGN_LEFT);
}

static int draw_refusal(struct strip *s)
{
	const struct slip *slip = s->slip;
	bar(s, STR_PAPER_REFUSAL);
	ticket(s);
	pair(s, STR_PAPER_NAME, slip->name, 32);
	pair(s, STR_PAPER_PLATE, slip->plate, 36);
	pair(s, STR_PAPER_TO, slip->household, 32);
	pair(s, STR_PAPER_ISSUED, slip->issued, 28);
	pair(s, STR_PAPER_GUARD, slip->guard, 28);
	rule(s);
	both(s, STR_PAPER_WHY, 30, ALIGN_LEFT);
	gap(s, 6);
	int count = slip->reason_count < REASONS_PRINTED ? slip->reason_count : REASONS_PRINTED;
	for (int i = 0; i < count; i++) {
		draw_reason(s, first(s), &slip->reasons[i], true);
		draw_reason(s, second(s), &slip->reasons[i], false);
		gap(s, 10);
	}
	draw_heat(s, STR_PAPER_FIRST, slip->temperature_centi_c);
	draw_heat(s, STR_PAPER_CLINICAL, slip->clinical_centi_c);
	rule(s);
	if (slip->phone[0])
		filled(s, STR_PAPER_PHONE, slip->phone, 32, ALIGN_CENTRE);
	return 0;
}

static int draw_ticket(struct strip *s)
{
	bar(s, STR_PAPER_TICKET);
	ticket(s);
	both(s, STR_PAPER_WAIT, 30, ALIGN_CENTRE);
	pair(s, STR_PAPER_ISSUED, s->slip->issued, 28);
	return 0;
}

/* What the collector signs for: the office compares the hash with the manifest's. */
static int draw_receipt(struct strip *s)
{
	const struct slip *slip = s->slip;
	char half[40];
	bar(s, STR_PAPER_EXPORT_RECEIPT);
	pair(s, STR_PAPER_ISSUED, slip->issued, 28);
	pair(s, STR_PAPER_RANGE, slip->range, 28);
	pair(s, STR_PAPER_EVENTS, slip->events, 28);
	pair(s, STR_PAPER_VISITS, slip->visits, 28);
	pair(s, STR_PAPER_COLLECTOR, slip->guard, 32);
	rule(s);
	line(s, slip->file, 24, true, ALIGN_LEFT);
	line(s, "SHA-256", 22, false, ALIGN_LEFT);
	for (size_t at = 0; at < strlen(slip->hash); at += 32) {
		text_format(half, sizeof(half), "%.32s", slip->hash + at);
		line(s, half, 26, false, ALIGN_LEFT);
	}
	rule(s);
	both(s, STR_PAPER_SIGNATURE, 30, ALIGN_LEFT);
	gap(s, 90);
	return 0;
}

#define COLUMN_PX 96
#define BOX_PX 26
#define ROW_PX 26

/* Text on the line that begins at s->y, without moving on. */
static int piece(struct strip *s, const char *text, int x, int w, int px, enum align align)
{
	struct text_style style = { .px = px, .min_px = 18, .align = align, .one_line = true };
	return text[0] ? paragraph(s, text, x, s->y, w, &style) : 0;
}

/* The box to be ticked: a frame, or filled. */
static void box(struct strip *s, bool ticked)
{
	for (int j = 0; j < BOX_PX; j++)
		for (int i = 0; i < BOX_PX; i++)
			if (ticked || i < 3 || j < 3 || i >= BOX_PX - 3 || j >= BOX_PX - 3)
				dot(s, MARGIN_PX + i, s->y + 6 + j, true);
}

static void sheet_row(struct strip *s, const struct slip_line *l)
{
	bool boxed = l->style == SLIP_BOX;
	int x = MARGIN_PX + (boxed ? BOX_PX + 12 : 0), right = WIDTH_PX - MARGIN_PX;
	int wide = boxed ? COLUMN_PX * 2 : COLUMN_PX;
	int h = piece(s, l->left, x, right - (boxed ? wide : 2 * COLUMN_PX + 8) - x, ROW_PX,
		      ALIGN_LEFT);
	char text[256];

	if (boxed)
		box(s, l->ticked);
	piece(s, l->right[0], right - 2 * COLUMN_PX, COLUMN_PX, ROW_PX, ALIGN_RIGHT);
	piece(s, l->right[1], right - wide, wide, ROW_PX, ALIGN_RIGHT);
	text_format(text, sizeof(text), "%s%s%s%s", l->ticked ? "[x] " : "", l->left,
		    l->right[0][0] ? " " : "", l->right[0]);
	size_t used = strlen(text);
	text_format(text + used, sizeof(text) - used, " %s", l->right[1]);
	note_text(s, text);
	s->y += h > 0 ? h : ROW_PX;
}

static void sign_line(struct strip *s, const struct slip_line *l)
{
	gap(s, 30);
	int h = piece(s, l->left, MARGIN_PX, 250, 28, ALIGN_LEFT);
	block(s, MARGIN_PX + 260, s->y + h - 4, WIDTH_PX - 2 * MARGIN_PX - 260, 2);
	s->y += h;
	note_text(s, l->left);
}

static void title_bar(struct strip *s, const char *text)
{
	struct text_style style = {
		.px = 38, .min_px = 26, .bold = true, .align = ALIGN_CENTRE, .one_line = true
	};

	gap(s, 10);
	block(s, 0, s->y, WIDTH_PX, 68);
	s->white = true;
	paragraph(s, text, MARGIN_PX, s->y + 8, WIDTH_PX - 2 * MARGIN_PX, &style);
	s->white = false;
	s->y += 68;
	note_text(s, text);
	gap(s, 10);
}

static int draw_sheet(struct strip *s)
{
	for (int i = 0; i < s->slip->line_count; i++) {
		const struct slip_line *l = &s->slip->lines[i];
		switch (l->style) {
		case SLIP_TITLE:
			title_bar(s, l->left);
			break;
		case SLIP_TEXT:
			line(s, l->left, 24, false, ALIGN_LEFT);
			break;
		case SLIP_STRONG:
			line(s, l->left, 26, true, ALIGN_LEFT);
			break;
		case SLIP_ROW:
		case SLIP_BOX:
			sheet_row(s, l);
			break;
		case SLIP_SIGN:
			sign_line(s, l);
			break;
		case SLIP_RULE:
			rule(s);
			break;
		case SLIP_STYLE_COUNT_:
			return -EINVAL;
		}
	}
	gap(s, 20);
	return 0;
}

static int draw(struct strip *s)
{
	int r = -EINVAL;
	head(s);
	switch (s->slip->kind) {
	case SLIP_PASS:
		r = draw_pass(s);
		break;
	case SLIP_REFUSAL:
		r = draw_refusal(s);
		break;
	case SLIP_TICKET:
		r = draw_ticket(s);
		break;
	case SLIP_RECEIPT:
		r = draw_receipt(s);
		break;
	case SLIP_SHEET:
		return draw_sheet(s); /* with a foot of its own */
	case SLIP_COUNT_:
		break;
	}
	foot(s);
	return r;
}

int paper_render(struct ui *ui, const struct slip *slip, struct paper_bitmap *out)
{
	memset(out, 0, sizeof(*out));
	uint8_t *bits = calloc(HEIGHT_MAX_PX, STRIDE);
	if (!bits)
		return -ENOMEM;
	struct strip strip = {
		.fonts = &ui->fonts,
		.slip = slip,
		.bits = bits,
		.text = out->text,
		.text_cap = sizeof(out->text),
	};
	int r = draw(&strip);
	if (r < 0) {
		free(bits);
		return r;
	}
	out->width_px = WIDTH_PX;
	out->height_px = strip.y < HEIGHT_MAX_PX ? strip.y : HEIGHT_MAX_PX;
	uint8_t *cut = realloc(bits, (size_t)out->height_px * STRIDE);
	out->bits = cut ? cut : bits;
	return 0;
}

void paper_free(struct paper_bitmap *bitmap)
{
	free(bitmap->bits);
	explicit_bzero(bitmap, sizeof(*bitmap));
}
