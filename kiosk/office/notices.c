#include "office/notices.h"

#include <limits.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>

#include "base/fileio.h"
#include "base/text.h"
#include "core/notices.h"
#include "core/part.h"
#include "office/options.h"
#include "settings/ini_file.h"

#define PNG_MAX_BYTES ((size_t)64 << 20)
#define PNG_SIDE_MAX 10000U

struct writing {
	const char *path;
	struct notices list;
	struct {
		char picture[192]; /* as it stands in the file */
		uint8_t *pixels; /* malloc'ed */
		bool ordered;
	} more[NOTICES_MAX];
};

static void writing_fini(struct writing *w)
{
	for (int i = 0; i < NOTICES_MAX; i++)
		free(w->more[i].pixels);
}

/* Index of the notice of this section; -1: it cannot be one. */
static int notice_of(struct writing *w, const char *section, char *why, size_t cap)
{
	for (int i = 0; i < w->list.count; i++)
		if (strcmp(w->list.items[i].name, section) == 0)
			return i;
	if (!pack_name_fit(section) || strchr(section, '/'))
		text_format(why, cap, "[%s]: a notice's name is 1 to %d of a-z 0-9 -", section,
			    PACK_NAME_BYTES - 1);
	else if (w->list.count == NOTICES_MAX)
		text_format(why, cap, "more than %d notices", NOTICES_MAX);
	else {
		text_copy(w->list.items[w->list.count].name, PACK_NAME_BYTES, section);
		return w->list.count++;
	}
	return -1;
}

static bool put_title(char title[NOTICE_TITLE_BYTES], const char *value, char *why, size_t cap)
{
	if (title[0] == '\0' && text_copy(title, NOTICE_TITLE_BYTES, value))
		return true;
	text_format(why, cap, "a title stands there once, and has at most %d bytes",
		    NOTICE_TITLE_BYTES - 1);
	return false;
}

static bool put_text(char text[NOTICE_TEXT_BYTES], const char *value, char *why, size_t cap)
{
	size_t len = strlen(text);

	if (text_format(text + len, NOTICE_TEXT_BYTES - len, "%s%s", len ? "\n" : "", value))
		return true;
	text_format(why, cap, "all lines of a text together have at most %d bytes",
		    NOTICE_TEXT_BYTES - 1);
	return false;
}

static bool put_day(int32_t *day, const char *value, char *why, size_t cap)
{
	if (*day == 0 && office_day(value, day))
		return true;
	text_format(why, cap, "a day is written once, as 2026-11-30");
	return false;
}

static bool put_order(struct writing *w, int i, const char *value, char *why, size_t cap)
{
	int64_t order;

	if (!w->more[i].ordered && ini_number(value, 0, NOTICE_ORDER_MAX, &order)) {
		w->list.items[i].order = (int32_t)order;
		w->more[i].ordered = true;
		return true;
	}
	text_format(why, cap, "an order is written once, 0 to %d", NOTICE_ORDER_MAX);
	return false;
}

static bool put_picture(struct writing *w, int i, const char *value, char *why, size_t cap)
{
	char *picture = w->more[i].picture;

	if (picture[0] == '\0' && value[0] && text_copy(picture, sizeof(w->more[i].picture), value))
		return true;
	text_format(why, cap, "a picture is the name of one file");
	return false;
}

static bool take_key(void *ctx, const char *section, const char *key, const char *value, char *why,
		     size_t cap)
{
	struct writing *w = ctx;
	int i = notice_of(w, section, why, cap);

	if (i < 0)
		return false;
	struct notice *n = &w->list.items[i];
	if (strcmp(key, "title") == 0)
		return put_title(n->title[LANGUAGE_ZH], value, why, cap);
	if (strcmp(key, "title_en") == 0)
		return put_title(n->title[LANGUAGE_EN], value, why, cap);
	if (strcmp(key, "text") == 0)
		return put_text(n->text[LANGUAGE_ZH], value, why, cap);
	if (strcmp(key, "text_en") == 0)
		return put_text(n->text[LANGUAGE_EN], value, why, cap);
	if (strcmp(key, "from") == 0)
		return put_day(&n->from, value, why, cap);
	if (strcmp(key, "until") == 0)
		return put_day(&n->until, value, why, cap);
	if (strcmp(key, "order") == 0)
		return put_order(w, i, value, why, cap);
	if (strcmp(key, "picture") == 0)
		return put_picture(w, i, value, why, cap);
	text_format(why, cap,
		    "%s: a notice has title, text, title_en, text_en, from, until, order "
		    "and picture",
		    key);
	return false;
}

/* A picture as its file has it, on white. */
struct rgb_picture {
	uint32_t width, height;
	uint8_t *pixels; /* malloc'ed, three bytes each */
};

static bool read_png(const char *data, size_t len, struct rgb_picture *p)
{
	png_image image = { .version = PNG_IMAGE_VERSION };
	png_color white = { 255, 255, 255 };

	if (!png_image_begin_read_from_memory(&image, data, len))
		return false;
	image.format = PNG_FORMAT_RGB;
	p->width = image.width;
	p->height = image.height;
	bool good = image.width > 0 && image.height > 0 && image.width <= PNG_SIDE_MAX &&
		    image.height <= PNG_SIDE_MAX && (p->pixels = malloc(PNG_IMAGE_SIZE(image))) &&
		    png_image_finish_read(&image, &white, p->pixels, 0, NULL);
	png_image_free(&image);
	return good;
}

/* The mean of the pixels that become this one. */
static uint16_t shrunk_pixel(const struct rgb_picture *p, uint32_t x0, uint32_t x1, uint32_t y0,
			     uint32_t y1)
{
	uint64_t sum[3] = { 0 }, count = (uint64_t)(x1 - x0) * (y1 - y0);
	uint32_t mean[3];

	for (uint32_t y = y0; y < y1; y++)
		for (uint32_t x = x0; x < x1; x++)
			for (int c = 0; c < 3; c++)
				sum[c] += p->pixels[((size_t)y * p->width + x) * 3 + (size_t)c];
	for (int c = 0; c < 3; c++)
		mean[c] = (uint32_t)((sum[c] + count / 2) / count);
	return (uint16_t)(((mean[0] * 31 + 127) / 255) << 11 | ((mean[1] * 63 + 127) / 255) << 5 |
			  (mean[2] * 31 + 127) / 255);
}

/* Never enlarged, and in its own proportions. */
static void fit_into(const struct rgb_picture *p, uint32_t room_w, uint32_t room_h,
		     struct notice *n)
{
	uint64_t w = p->width, h = p->height;

	if (w > room_w) {
		h = (h * room_w + w / 2) / w;
		w = room_w;
	}
	if (h > room_h) {
		w = (w * room_h + h / 2) / h;
		h = room_h;
	}
	n->width = w > 0 ? (int32_t)w : 1;
	n->height = h > 0 ? (int32_t)h : 1;
}

static uint8_t *shrink(const struct rgb_picture *p, const struct notice *n)
{
	uint32_t w = (uint32_t)n->width, h = (uint32_t)n->height;
	uint8_t *out = malloc((size_t)w * h * 2);

	for (uint32_t y = 0; out && y < h; y++)
		for (uint32_t x = 0; x < w; x++) {
			uint16_t pixel =
				shrunk_pixel(p, (uint32_t)((uint64_t)x * p->width / w),
					     (uint32_t)((uint64_t)(x + 1) * p->width / w),
					     (uint32_t)((uint64_t)y * p->height / h),
					     (uint32_t)((uint64_t)(y + 1) * p->height / h));
			out[((size_t)y * w + x) * 2] = (uint8_t)(pixel >> 8);
			out[((size_t)y * w + x) * 2 + 1] = (uint8_t)pixel;
		}
	return out;
}

static bool add_picture(struct writing *w, int i, FILE *err)
{
	struct notice *n = &w->list.items[i];
	struct rgb_picture picture = { 0 };
	char path[PATH_MAX], *data;
	int32_t room_w, room_h;
	size_t len;

	if (!office_beside(w->path, w->more[i].picture, path, err))
		return false;
	int failed = file_read(path, PNG_MAX_BYTES, &data, &len);
	if (failed)
		return office_wrong(err, "%s: %s", path, strerror(-failed));
	bool good = read_png(data, len, &picture);
	free(data);
	if (good) {
		n->width = n->height =
			1; /* there is one: which kind of notice it is depends on it */
		notice_picture_room(notice_kind(n), &room_w, &room_h);
		fit_into(&picture, (uint32_t)room_w, (uint32_t)room_h, n);
		n->pixels = w->more[i].pixels = shrink(&picture, n);
	}
	free(picture.pixels);
	return (good && n->pixels) ||
	       office_wrong(err, "%s: is not a PNG picture of at most %u by %u pixels", path,
			    PNG_SIDE_MAX, PNG_SIDE_MAX);
}

static bool finish(struct writing *w, char **part, size_t *len, FILE *err)
{
	size_t cap = PART[PART_NOTICES].max_bytes;
	char why[160];

	for (int i = 0; i < w->list.count; i++) {
		struct notice *n = &w->list.items[i];
		if (!w->more[i].ordered)
			n->order = i + 1;
		if (w->more[i].picture[0] && !add_picture(w, i, err))
			return false;
		if (!notice_fit(n, why, sizeof(why)))
			return office_wrong(err, "%s: [%s]: %s", w->path, n->name, why);
	}
	*part = malloc(cap + 1);
	if (!*part)
		return office_wrong(err, "%s: no memory", w->path);
	*len = notices_encode(&w->list, *part, cap);
	(*part)[*len] = '\0';
	return *len > 0 || office_wrong(err, "%s: all pictures together are too large", w->path);
}

bool office_notices(const char *path, char **part, size_t *len, FILE *err)
{
	struct writing *w = calloc(1, sizeof(*w));
	char message[320];
	bool good = false;

	*part = NULL;
	if (!w)
		return office_wrong(err, "%s: no memory", path);
	w->path = path;
	if (ini_file_read(path, take_key, w, message, sizeof(message)))
		good = finish(w, part, len, err);
	else
		office_wrong(err, "%s", message);
	writing_fini(w);
	free(w);
	return good;
}
