/*
 * What the office wants read at the gate (1·四 宣传封控政策, 2·十一 and 3·二·3 宣传栏、标语, 3·二·7
 * opening hours): notices of three kinds, shown on the board one after another. They come in a
 * signed bundle (core/part.h) as one pack (core/pack.h), each of them
 *
 *   from, until    4 bytes each: yyyymmdd, the first and the last day; 0 = no limit
 *   order          2 bytes: shown in this order, then by name
 *   for Chinese, then English:
 *     title        1 byte of length, UTF-8
 *     text         2 bytes of length, UTF-8; lines end with a line feed, no other control character
 *   width, height  2 bytes each, of the picture; 0 = none
 *   pixels         2 bytes each, 5 bits red, 6 green, 5 blue, row by row
 *
 * Pixels stand as they are drawn: a gate needs no library to read a picture, and no file on a stick
 * can say how large one becomes. Numbers are big-endian. Pure.
 */
#ifndef CORE_NOTICES_H
#define CORE_NOTICES_H

#include "core/pack.h"
#include "core/types.h"

#define NOTICES_MAGIC "GHN1"
#define NOTICES_MAX 12
#define NOTICE_TITLE_BYTES 96
#define NOTICE_TEXT_BYTES 320
#define NOTICE_ORDER_MAX 999
#define NOTICE_TURNS_MAX (NOTICES_MAX * LANGUAGE_COUNT_)
#define NOTICE_TURN_MS 12000

enum notice_kind {
	NOTICE_SLOGAN, /* a title alone, large */
	NOTICE_TEXT, /* title and text, and a picture beside them if there is one */
	NOTICE_POSTER, /* a picture as large as the place; its title is for those who cannot see it
			*/
	NOTICE_KIND_COUNT_
};

struct notice {
	char name[PACK_NAME_BYTES];
	int32_t from, until; /* yyyymmdd, both included; 0 = no limit */
	int32_t order;
	char title[LANGUAGE_COUNT_][NOTICE_TITLE_BYTES]; /* English may be empty: none */
	char text[LANGUAGE_COUNT_][NOTICE_TEXT_BYTES];
	int32_t width, height; /* of the picture; 0 = none */
	const uint8_t *pixels; /* inside the part */
};

struct notices {
	int count;
	struct notice items[NOTICES_MAX]; /* in the order they are shown */
};

/* The place on the board, in pixels; ui/screens_board.c and the limits below hold to the same. */
#define NOTICE_W 684
#define NOTICE_H 222
#define NOTICE_BESIDE_W 240 /* the widest picture beside a text */
#define NOTICE_GAP 20
#define NOTICE_TITLE_PX 34
#define NOTICE_TITLE_H 48
#define NOTICE_TEXT_PX 26
#define NOTICE_TEXT_LINES 5
#define NOTICE_TEXT_LARGE_PX 34
#define NOTICE_SLOGAN_PX 52
#define NOTICE_SLOGAN_LINES 3

enum notice_kind notice_kind(const struct notice *notice);

/* The largest picture for a notice of this kind. */
void notice_picture_room(enum notice_kind kind, int32_t *width, int32_t *height);
/* How wide its title and text may be. */
int32_t notice_text_width(const struct notice *notice);

/* Lines that text takes at this size and width, or more: characters are counted with the width they
 * have at most. */
int notice_lines(const char *text, int px, int width_px);

/* Whether it can be shown whole. False: why (cap bytes) says in a sentence for the office what is
 * wrong. */
MUST_CHECK bool notice_fit(const struct notice *notice, char *why, size_t cap);

/* False: why says which and what is wrong, and *notices is empty. Pixels stay where they are: bytes
 * must live as long as *notices. */
MUST_CHECK bool notices_decode(struct notices *notices, const void *bytes, size_t len, char *why,
			       size_t cap);

/* Bytes written; 0: it does not fit into cap, or one of them is not fit to be shown. items may
 * stand in any order. */
MUST_CHECK size_t notices_encode(const struct notices *notices, void *out, size_t cap);

/* One look at the board: a notice in one of its languages. */
struct notice_turn {
	int32_t notice;
	enum language language;
};

/* The turns of a day (yyyymmdd; 0 = the clock is doubtful: only those without limits), in their
 * order: each notice in the board's language, then in the other if it has it. Returns how many. */
int notices_turns(const struct notices *notices, int32_t day, enum language first,
		  struct notice_turn turns[NOTICE_TURNS_MAX]);

/* What stands on the board. */
struct notice_shown {
	int32_t turn, turn_count; /* 0 of 0: no notice */
	enum notice_kind kind;
	enum language language;
	int32_t width, height; /* of the picture; 0 = none */
	uint32_t picture; /* another number, another picture */
	char title[NOTICE_TITLE_BYTES], text[NOTICE_TEXT_BYTES];
};

#endif
