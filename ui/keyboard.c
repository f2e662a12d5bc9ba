/*
 * The soft keyboard. Letters begin words in upper case and go on in lower case, as names are
 * written, so that no shift key is needed; what a key shows is what it types. Document numbers are
 * upper case throughout.
 */
#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "ui/build.h"

#define GRID_COLUMNS 12
#define GRID_GAP 6
#define KEYBOARD_Y 370
#define KEY_H 76
#define MIDDLE_DOT 0x00B7

/* One row: half-columns of indent, then the characters. */
struct key_row {
	int indent_halves;
	const char *keys;
};

static const struct key_row TEXT_ROWS[] = {
	{ 0, "1234567890" },
	{ 0, "qwertyuiop-'" },
	{ 1, "asdfghjkl\u00B7" },
	{ 0, "zxcvbnm" },
};
static const struct key_row DOCUMENT_ROWS[] = {
	{ 0, "1234567890" },
	{ 1, "QWERTYUIOP" },
	{ 2, "ASDFGHJKL" },
	{ 4, "ZXCVBNM" },
};
/* What a plate begins with, then what follows: no I and O, which are never used; the characters of
 * use stand last on it, and last in their rows. */
static const struct key_row PLATE_FIRST_ROWS[] = {
	{ 0, "京津冀晋蒙辽吉黑沪苏" },
	{ 0, "浙皖闽赣鲁豫鄂湘粤桂琼渝" },
	{ 0, "川贵云藏陕甘青宁新使" },
	{ 0, "" },
};
static const struct key_row PLATE_ROWS[] = {
	{ 0, "1234567890" },
	{ 0, "QWERTYUP挂学警港" },
	{ 0, "ASDFGHJKL澳领使" },
	{ 0, "ZXCVBNM试超临应急" },
};
#define ROWS 4

static void key_id(int32_t cp, char id[WIDGET_ID_BYTES])
{
	if (cp == ' ')
		text_copy(id, WIDGET_ID_BYTES, "key-space");
	else if (cp == '-')
		text_copy(id, WIDGET_ID_BYTES, "key-dash");
	else if (cp == '\'')
		text_copy(id, WIDGET_ID_BYTES, "key-apostrophe");
	else if (cp == '.')
		text_copy(id, WIDGET_ID_BYTES, "key-point");
	else if (cp == MIDDLE_DOT)
		text_copy(id, WIDGET_ID_BYTES, "key-dot");
	else if (cp < 0x80)
		text_format(id, WIDGET_ID_BYTES, "key-%c", tolower(cp));
	else
		text_format(id, WIDGET_ID_BYTES, "key-u%04x", (unsigned)cp);
}

static struct widget *add_key(struct build *b, struct box box, int32_t cp)
{
	char id[WIDGET_ID_BYTES], label[8] = "";
	key_id(cp, id);
	utf8_append(label, sizeof(label), cp);
	struct widget *w = add(b, id, WIDGET_KEY, box, label);
	w->look = LOOK_KEY;
	w->text = (struct text_style){ .px = 38, .min_px = 30, .align = ALIGN_CENTRE };
	w->event = (struct action_event){ ACTION_KEY, cp };
	return w;
}

static void add_backspace(struct build *b, struct box box)
{
	struct widget *w = add(b, "backspace", WIDGET_KEY, box, tr(b, STR_ACTION_BACKSPACE));
	w->look = LOOK_KEY;
	w->icon = ICON_BACKSPACE;
	w->icon_px = 34;
	w->text = (struct text_style){ .px = 26, .min_px = 20, .align = ALIGN_CENTRE };
	w->event = (struct action_event){ ACTION_BACKSPACE, 0 };
}

static struct box cell(int row, int half_column, int columns)
{
	int pitch2 = CONTENT_W + GRID_GAP; /* of the whole row, to share it without rounding gaps */
	int x = MARGIN + half_column * pitch2 / (2 * GRID_COLUMNS);
	int end = MARGIN + (half_column + 2 * columns) * pitch2 / (2 * GRID_COLUMNS);
	return (struct box){ x, KEYBOARD_Y + row * (KEY_H + GRID_GAP), end - x - GRID_GAP, KEY_H };
}

/* At the beginning, and after anything that is not a letter. */
static bool begins_word(const char *entry)
{
	size_t len = strlen(entry);
	return !len || !(isalpha((unsigned char)entry[len - 1]) || (entry[len - 1] & 0x80)) ||
	       (len >= 2 && strcmp(entry + len - 2, "\u00B7") == 0);
}

static void add_rows(struct build *b, const struct key_row rows[ROWS], bool upper)
{
	for (int row = 0; row < ROWS; row++) {
		int half = rows[row].indent_halves;
		const char *at = rows[row].keys;
		int32_t cp;
		while ((cp = utf8_next(&at)) > 0) {
			if (upper && cp < 0x80)
				cp = toupper(cp);
			add_key(b, cell(row, half, 1), cp);
			half += 2;
		}
	}
	add_backspace(b, cell(0, 20, 2));
}

void build_keyboard(struct build *b)
{
	switch (b->view->keyboard) {
	case KEYBOARD_TEXT: {
		add_rows(b, TEXT_ROWS, begins_word(b->view->entry));
		struct widget *space = add_key(b, cell(3, 14, 5), ' ');
		text_copy(space->label, sizeof(space->label), tr(b, STR_ACTION_SPACE));
		space->text.px = 30;
		break;
	}
	case KEYBOARD_DOCUMENT:
		add_rows(b, DOCUMENT_ROWS, true);
		break;
	case KEYBOARD_PLATE:
		add_rows(b, b->view->entry[0] ? PLATE_ROWS : PLATE_FIRST_ROWS, false);
		break;
	case KEYBOARD_DIGITS:
	case KEYBOARD_DECIMAL:
		build_pad(b, (struct box){ 740, 206, 492, 482 });
		break;
	case KEYBOARD_NONE:
	case KEYBOARD_COUNT_:
		break;
	}
}

void build_pad(struct build *b, struct box box)
{
	const int gap = 10, w = (box.w - 2 * gap) / 3, h = (box.h - 3 * gap) / 4;
	for (int i = 0; i < 12; i++) {
		struct box key = { box.x + i % 3 * (w + gap), box.y + i / 3 * (h + gap), w, h };
		struct widget *added = NULL;
		if (i == 11)
			add_backspace(b, key);
		else if (i == 10)
			added = add_key(b, key, '0');
		else if (i < 9)
			added = add_key(b, key, '1' + i);
		else if (b->view->keyboard == KEYBOARD_DECIMAL)
			added = add_key(b, key, '.');
		if (added)
			added->text.px = 48;
	}
}
