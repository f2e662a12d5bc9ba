#include "settings/ini_file.h"

#include <ctype.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>

#include "base/fileio.h"
#include "base/text.h"

/* inih cuts longer lines silently, so they are refused before it sees them. */
#define LINE_MAX_BYTES 190
#define SECTION_MAX_BYTES 49
#define FILE_MAX_BYTES (256 * 1024)

struct reading {
	ini_key_fn fn;
	void *ctx;
	const char *at; /* not yet read */
	int line; /* read last */
	int why_line;
	char why[256]; /* of the first key that was not taken, and its line */
};

/* fgets over the text: inih does not tell its handler the line. */
static char *next_line(char *buf, int size, void *stream)
{
	struct reading *r = stream;
	size_t len = strcspn(r->at, "\n");

	if (*r->at == '\0')
		return NULL;
	len += r->at[len] == '\n';
	assert(len < (size_t)size); /* longer lines have been refused */
	memcpy(buf, r->at, len);
	buf[len] = '\0';
	r->at += len;
	r->line++;
	return buf;
}

static int take(void *user, const char *section, const char *key, const char *value)
{
	struct reading *r = user;
	char why[sizeof(r->why)] = "";

	if (r->fn(r->ctx, section, key, value, why, sizeof(why)))
		return 1;
	if (r->why_line == 0) {
		r->why_line = r->line;
		text_copy(r->why, sizeof(r->why), why);
	}
	return 0;
}

/* 0, or the number of the first line that is too long, not UTF-8 or has a NUL, which would end the
 * file for inih. */
static int bad_line(const char *text, size_t size, bool *section)
{
	int number = 1;

	for (const char *line = text; line < text + size; number++) {
		size_t left = (size_t)(text + size - line);
		const char *end = memchr(line, '\n', left);
		size_t len = end ? (size_t)(end - line) : left;
		*section = line[0] == '[' && strcspn(line, "]\n") > SECTION_MAX_BYTES;
		if (*section)
			return number;
		if (len > LINE_MAX_BYTES || memchr(line, '\0', len) || !utf8_valid(line, len))
			return number;
		line += len + (end ? 1 : 0);
	}
	return 0;
}

bool ini_text_read(const char *name, const char *text, size_t len, ini_key_fn fn, void *ctx,
		   char *message, size_t cap)
{
	struct reading r = { .fn = fn, .ctx = ctx, .at = text };

	bool section = false;
	int line = bad_line(text, len, &section);
	if (line == 0) {
		line = ini_parse_stream(next_line, &r, take, &r);
		if (line > 0 && line != r.why_line)
			text_copy(r.why, sizeof(r.why),
				  "not a [section] or a \"key = value\" line");
	} else if (section) {
		text_format(r.why, sizeof(r.why),
			    "section name longer than %d bytes: make two of it",
			    SECTION_MAX_BYTES - 1);
	} else {
		text_format(r.why, sizeof(r.why), "line longer than %d bytes or not UTF-8",
			    LINE_MAX_BYTES);
	}
	if (line == 0)
		return true;
	text_format(message, cap, "%s:%d: %s", name, line, r.why);
	return false;
}

bool ini_file_read(const char *path, ini_key_fn fn, void *ctx, char *message, size_t cap)
{
	char *text;
	size_t len;

	int err = file_read(path, FILE_MAX_BYTES, &text, &len);
	if (err) {
		text_format(message, cap, "%s: cannot be read: %s", path, strerror(-err));
		return false;
	}
	bool good = ini_text_read(path, text, len, fn, ctx, message, cap);
	free(text);
	return good;
}

int ini_word(const char *value, const char *const *words, int count)
{
	for (int i = 0; i < count; i++)
		if (words[i] && strcmp(value, words[i]) == 0)
			return i;
	return -1;
}

bool ini_number(const char *value, int64_t low, int64_t high, int64_t *out)
{
	char *end;

	if (!isdigit((unsigned char)value[value[0] == '-'])) /* strtoll would take " 5" and "+5" */
		return false;
	errno = 0;
	long long n = strtoll(value, &end, 10);
	if (errno || end == value || *end != '\0' || n < low || n > high)
		return false;
	*out = n;
	return true;
}

bool ini_centi(const char *value, int32_t low, int32_t high, int32_t *out)
{
	int64_t whole, part = 0;
	char head[16];
	const char *point = strchr(value, '.');
	size_t len = point ? (size_t)(point - value) : strlen(value);

	if (len == 0 || len >= sizeof(head))
		return false;
	memcpy(head, value, len);
	head[len] = '\0';
	if (!ini_number(head, -100000, 100000, &whole))
		return false;
	if (point) {
		size_t digits = strlen(point + 1);
		if (digits < 1 || digits > 2 || !ini_number(point + 1, 0, 99, &part))
			return false;
		if (digits == 1)
			part *= 10;
	}
	int64_t centi = whole * 100 + (head[0] == '-' ? -part : part);
	if (centi < low || centi > high)
		return false;
	*out = (int32_t)centi;
	return true;
}
