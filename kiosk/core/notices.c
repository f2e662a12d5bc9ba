#include "core/notices.h"

#include <string.h>

#include "base/civil.h"
#include "base/text.h"

#define FIXED_BYTES 14 /* of a notice: from, until, order, width, height */
#define PIXEL_BYTES 2

enum notice_kind notice_kind(const struct notice *n)
{
	if (n->text[LANGUAGE_ZH][0])
		return NOTICE_TEXT;
	return n->width > 0 ? NOTICE_POSTER : NOTICE_SLOGAN;
}

/* Unicode's Cc, of which a text may hold line feeds. */
static bool is_plain(const char *text, bool lines)
{
	if (!utf8_valid(text, strlen(text)))
		return false;
	for (const char *s = text; *s;) {
		int32_t cp = utf8_next(&s);
		if ((cp < 0x20 && !(lines && cp == '\n')) || (cp >= 0x7F && cp <= 0x9F))
			return false;
	}
	return true;
}

static bool day_fit(int32_t day)
{
	return day == 0 || (day >= 20000101 && day <= 99991231 &&
			    civil_date_exists(day / 10000, day / 100 % 100, day % 100));
}

static bool days_fit(const struct notice *n, char *why, size_t cap)
{
	if (!day_fit(n->from) || !day_fit(n->until))
		text_format(why, cap, "its first or last day is not a day of the calendar");
	else if (n->from && n->until && n->until < n->from)
		text_format(why, cap, "its last day is before its first");
	else
		return true;
	return false;
}

static bool picture_fit(const struct notice *n, char *why, size_t cap)
{
	int32_t width, height;

	notice_picture_room(notice_kind(n), &width, &height);
	if ((n->width == 0) == (n->height == 0) && n->width >= 0 && n->width <= width &&
	    n->height >= 0 && n->height <= height)
		return true;
	text_format(why, cap, "its picture is larger than %d by %d pixels", width, height);
	return false;
}

static bool words_fit(const struct notice *n, enum language language, char *why, size_t cap)
{
	static const char *const NAME[LANGUAGE_COUNT_] = { "Chinese", "English" };
	const char *title = n->title[language], *text = n->text[language];
	bool slogan = notice_kind(n) == NOTICE_SLOGAN;
	int px = slogan ? NOTICE_SLOGAN_PX : NOTICE_TITLE_PX;
	int lines = slogan ? NOTICE_SLOGAN_LINES : 1;

	if (!is_plain(title, false) || !is_plain(text, true))
		text_format(why, cap, "the %s holds control characters or is not UTF-8",
			    NAME[language]);
	else if (!title[0] && (text[0] || language == LANGUAGE_ZH))
		text_format(why, cap, "it has no %s title", NAME[language]);
	else if (title[0] && (text[0] != '\0') != (n->text[LANGUAGE_ZH][0] != '\0'))
		text_format(why, cap, "it has a text in one language only");
	else if (notice_kind(n) != NOTICE_POSTER &&
		 notice_lines(title, px, notice_text_width(n)) > lines)
		text_format(why, cap,
			    "the %s title is too long: it has room for %d %s of %d "
			    "Chinese characters",
			    NAME[language], lines, lines > 1 ? "lines" : "line",
			    notice_text_width(n) / px);
	else if (notice_lines(text, NOTICE_TEXT_PX, notice_text_width(n)) > NOTICE_TEXT_LINES)
		text_format(why, cap,
			    "the %s text is too long: it has room for %d lines of %d "
			    "Chinese characters, about twice as many letters",
			    NAME[language], NOTICE_TEXT_LINES,
			    notice_text_width(n) / NOTICE_TEXT_PX);
	else
		return true;
	return false;
}

bool notice_fit(const struct notice *n, char *why, size_t cap)
{
	if (!pack_name_fit(n->name) || n->order < 0 || n->order > NOTICE_ORDER_MAX) {
		text_format(why, cap, "its name or its order is not as it must be");
		return false;
	}
	return days_fit(n, why, cap) && picture_fit(n, why, cap) &&
	       words_fit(n, LANGUAGE_ZH, why, cap) && words_fit(n, LANGUAGE_EN, why, cap);
}

static bool take_words(struct reader *r, size_t width, char *out, size_t cap)
{
	size_t len = read_uint(r, width);
	const uint8_t *bytes = read_bytes(r, len);

	if (!bytes || len >= cap || memchr(bytes, '\0', len))
		return false;
	memcpy(out, bytes, len);
	out[len] = '\0';
	return true;
}

static bool take_notice(const struct pack_item *item, struct notice *n)
{
	struct reader r = { .data = item->bytes, .len = item->len };

	memcpy(n->name, item->name, sizeof(n->name));
	uint64_t from = read_uint(&r, 4), until = read_uint(&r, 4);
	n->order = (int32_t)read_uint(&r, 2);
	if (from > INT32_MAX || until > INT32_MAX)
		return false;
	n->from = (int32_t)from;
	n->until = (int32_t)until;
	for (int i = 0; i < LANGUAGE_COUNT_; i++)
		if (!take_words(&r, 1, n->title[i], NOTICE_TITLE_BYTES) ||
		    !take_words(&r, 2, n->text[i], NOTICE_TEXT_BYTES))
			return false;
	n->width = (int32_t)read_uint(&r, 2);
	n->height = (int32_t)read_uint(&r, 2);
	n->pixels = read_bytes(&r, (size_t)n->width * (size_t)n->height * PIXEL_BYTES);
	return !r.bad && r.at == r.len;
}

static bool is_before(const struct notice *a, const struct notice *b)
{
	return a->order != b->order ? a->order < b->order : strcmp(a->name, b->name) < 0;
}

/* Into its place among those that are there. */
static void insert(struct notices *list, const struct notice *n)
{
	int at = list->count++;

	while (at > 0 && is_before(n, &list->items[at - 1])) {
		list->items[at] = list->items[at - 1];
		at--;
	}
	list->items[at] = *n;
}

static bool take_all(struct notices *list, const struct pack *pack, char *why, size_t cap)
{
	char problem[160];

	if (pack->count > NOTICES_MAX) {
		text_format(why, cap, "%d notices: the board shows %d at most", pack->count,
			    NOTICES_MAX);
		return false;
	}
	for (int i = 0; i < pack->count; i++) {
		struct notice n = { .name = "" };
		text_format(problem, sizeof(problem), "is not a notice");
		if (!take_notice(&pack->items[i], &n) ||
		    !notice_fit(&n, problem, sizeof(problem))) {
			text_format(why, cap, "notice %s: %s", pack->items[i].name, problem);
			return false;
		}
		insert(list, &n);
	}
	return true;
}

bool notices_decode(struct notices *list, const void *bytes, size_t len, char *why, size_t cap)
{
	struct pack pack;

	memset(list, 0, sizeof(*list));
	text_format(why, cap, "is not a file of notices");
	if (pack_open(&pack, NOTICES_MAGIC, bytes, len) && take_all(list, &pack, why, cap))
		return true;
	memset(list, 0, sizeof(*list));
	return false;
}

static void put_words(struct writer *w, size_t width, const char *text)
{
	size_t len = strlen(text);

	write_uint(w, len, width);
	write_bytes(w, text, len);
}

static size_t body_bytes(const struct notice *n)
{
	size_t len = FIXED_BYTES + (size_t)n->width * (size_t)n->height * PIXEL_BYTES;

	for (int i = 0; i < LANGUAGE_COUNT_; i++)
		len += 3 + strlen(n->title[i]) + strlen(n->text[i]);
	return len;
}

/* As pack_put, but the body is written where it stands. */
static void put_notice(struct writer *w, const struct notice *n)
{
	write_uint(w, strlen(n->name), 1);
	write_bytes(w, n->name, strlen(n->name));
	write_uint(w, body_bytes(n), 4);
	write_uint(w, (uint64_t)n->from, 4);
	write_uint(w, (uint64_t)n->until, 4);
	write_uint(w, (uint64_t)n->order, 2);
	for (int i = 0; i < LANGUAGE_COUNT_; i++) {
		put_words(w, 1, n->title[i]);
		put_words(w, 2, n->text[i]);
	}
	write_uint(w, (uint64_t)n->width, 2);
	write_uint(w, (uint64_t)n->height, 2);
	write_bytes(w, n->pixels, (size_t)n->width * (size_t)n->height * PIXEL_BYTES);
}

/* The next by name after this one; NULL: there is none. */
static const struct notice *next_by_name(const struct notices *list, const char *after)
{
	const struct notice *best = NULL;

	for (int i = 0; i < list->count; i++) {
		const struct notice *n = &list->items[i];
		if (strcmp(n->name, after) > 0 && (!best || strcmp(n->name, best->name) < 0))
			best = n;
	}
	return best;
}

size_t notices_encode(const struct notices *list, void *out, size_t cap)
{
	struct writer w = { .data = out, .cap = cap };
	const struct notice *n = NULL;
	char why[160];
	int count = 0;

	pack_begin(&w, NOTICES_MAGIC, list->count);
	while ((n = next_by_name(list, n ? n->name : ""))) {
		if (!notice_fit(n, why, sizeof(why)))
			return 0;
		put_notice(&w, n);
		count++;
	}
	return w.bad || count != list->count ? 0 : w.len;
}

static bool is_valid(const struct notice *n, int32_t day)
{
	if (day == 0)
		return n->from == 0 && n->until == 0;
	return n->from <= day && (n->until == 0 || day <= n->until);
}

int notices_turns(const struct notices *list, int32_t day, enum language first,
		  struct notice_turn turns[NOTICE_TURNS_MAX])
{
	const enum language order[] = { first, first == LANGUAGE_ZH ? LANGUAGE_EN : LANGUAGE_ZH };
	int count = 0;

	for (int i = 0; i < list->count; i++)
		for (size_t l = 0; is_valid(&list->items[i], day) && l < ARRAY_LEN(order); l++)
			if (list->items[i].title[order[l]][0])
				turns[count++] = (struct notice_turn){ i, order[l] };
	return count;
}
