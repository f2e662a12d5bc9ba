/*
 * Whether words have room in their place, without the font: the office's computer may have none,
 * and must refuse what the board could not show. Every character counts with at least the width it
 * has in Noto Sans CJK SC, regular or bold, so that what fits here fits on the screen; a test
 * compares the two.
 */
#include <string.h>

#include "base/line_break.h"
#include "base/text.h"
#include "core/notices.h"

#define EM 1000
#define WIDEST 3000 /* the long dashes of Unicode */

/* U+0020..7E in thousandths of the em square, the wider of the two weights. */
static const uint16_t ADVANCE[] = {
	227,  370, 574, 590, 590, 963, 740, 325, 378, 378, 507, 590, 325, 370, 325, 392,
	590,  590, 590, 590, 590, 590, 590, 590, 590, 590, 325, 325, 590, 590, 590, 514,
	1007, 641, 681, 656, 714, 615, 585, 717, 757, 330, 568, 686, 578, 853, 749, 770,
	667,  770, 682, 624, 625, 748, 619, 915, 627, 580, 613, 378, 392, 378, 590, 567,
	626,  591, 644, 527, 644, 581, 372, 597, 640, 304, 306, 604, 315, 964, 641, 626,
	644,  644, 436, 495, 421, 637, 576, 863, 562, 574, 511, 378, 296, 378, 590,
};
static_assert(ARRAY_LEN(ADVANCE) == 0x7F - 0x20, "one for each");

static int advance_px(int32_t cp, int px)
{
	int thousandths = EM;

	if (cp >= 0x20 && cp < 0x7F)
		thousandths = ADVANCE[cp - 0x20];
	else if (cp >= 0x2E3A && cp <= 0x2E3B)
		thousandths = WIDEST;
	return (thousandths * px + EM - 1) / EM;
}

/* Bytes of a line that fit into the width, at least one character: as ui/fonts.c. */
static size_t fitting_bytes(const char *text, size_t len, int px, int width_px)
{
	const char *at = text, *fits = text;
	int sum = 0;

	while (at < text + len) {
		int32_t cp = utf8_next(&at);
		if (cp < 0)
			break;
		sum += advance_px(cp, px);
		if (sum > width_px && fits > text)
			break;
		fits = at;
	}
	return (size_t)(fits - text);
}

int notice_lines(const char *text, int px, int width_px)
{
	const char *at = text;
	int lines = 0;

	while (*at) {
		size_t paragraph = strcspn(at, "\n");
		size_t fits = fitting_bytes(at, paragraph, px, width_px);
		if (fits == 0 && paragraph > 0)
			return INT32_MAX; /* not UTF-8 */
		at += fits < paragraph ? line_break_before(at, paragraph, fits) : paragraph;
		at += strspn(at, " ");
		at += *at == '\n';
		lines++;
	}
	return lines;
}

int32_t notice_text_width(const struct notice *n)
{
	return NOTICE_W -
	       (n->width > 0 && n->text[LANGUAGE_ZH][0] ? NOTICE_BESIDE_W + NOTICE_GAP : 0);
}

void notice_picture_room(enum notice_kind kind, int32_t *width, int32_t *height)
{
	*width = kind == NOTICE_POSTER ? NOTICE_W : NOTICE_BESIDE_W;
	*height = NOTICE_H;
}
