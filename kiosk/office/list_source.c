#include "office/list_source.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "codec/csv.h"
#include "core/lists.h"
#include "office/options.h"

/* Where an entry stood, so that a mistake seen later can be found. */
struct placed {
	struct list_entry entry;
	int line;
};

struct source {
	enum part_kind kind;
	const char *path;
	char separator;
	bool quotes;
	struct placed *rows; /* malloc'ed */
	size_t count, cap;
	FILE *err;
};

static bool add_row(struct source *s, const struct placed *row)
{
	if (s->count == s->cap) {
		size_t cap = s->cap ? 2 * s->cap : 64;
		struct placed *more = realloc(s->rows, cap * sizeof(*more));
		if (!more)
			return office_wrong(s->err, "%s: no memory", s->path);
		s->rows = more;
		s->cap = cap;
	}
	s->rows[s->count++] = *row;
	return true;
}

/* Takes a quoted field off *line, in place, with its doubled quotes. NULL: it does not end. */
static char *take_quoted(const struct source *s, char **line)
{
	char *field = *line + 1, *to = field, *from = field;

	for (; *from && (*from != '"' || from[1] == '"'); from++) {
		from += *from == '"';
		*to++ = *from;
	}
	bool whole = *from == '"' && (from[1] == s->separator || from[1] == '\0');
	*line = from[0] && from[1] ? from + 2 : NULL;
	*to = '\0';
	return whole ? field : NULL;
}

static char *take_field(const struct source *s, char **line)
{
	const char separator[] = { s->separator, '\0' };

	return s->quotes && **line == '"' ? take_quoted(s, line) : strsep(line, separator);
}

/* A spreadsheet gives every line as many fields as the longest has: empty ones too many do no
 * harm. */
static bool cut_line(const struct source *s, char *line, struct list_entry *entry)
{
	memset(entry, 0, sizeof(*entry));
	for (int i = 0; line; i++) {
		char *field = take_field(s, &line);
		if (!field)
			return false;
		if (i < list_fields(s->kind) ? !text_copy(entry->field[i], LIST_FIELD_BYTES, field)
					     : field[0] != '\0')
			return false;
	}
	return true;
}

static bool is_remark(const struct source *s, const char *line)
{
	const char blanks[] = { ' ', '\t', s->separator, '\0' };

	return line[strspn(line, blanks)] == '\0' || line[0] == '#' ||
	       (s->quotes && line[0] == '"' && line[1] == '#');
}

/* One line into the one form, as a gate will check it. */
static bool read_line(struct source *s, char *line, int number)
{
	struct placed row = { .line = number };
	char written[LIST_FIELDS * LIST_FIELD_BYTES], why[96];

	if (!utf8_valid(line, strlen(line)))
		return office_wrong(s->err, "%s: line %d: is not text in UTF-8", s->path, number);
	if (!cut_line(s, line, &row.entry))
		return office_wrong(s->err, "%s: line %d: is not a line of %d fields", s->path,
				    number, list_fields(s->kind));
	/* What has no other form fails as it stands there. */
	bool formed = list_normalise(s->kind, &row.entry);
	bool fits = list_line(s->kind, &row.entry, written, sizeof(written), why, sizeof(why));
	bool good = formed && fits ? add_row(s, &row)
				   : office_wrong(s->err, "%s: line %d: %s", s->path, number,
						  fits ? "is not as an entry must be" : why);
	explicit_bzero(written, sizeof(written));
	explicit_bzero(&row, sizeof(row));
	return good;
}

static int occurs(const char *line, char c)
{
	int n = 0;

	for (; *line; line++)
		n += *line == c;
	return n;
}

static void choose_separator(struct source *s, const char *text)
{
	const char *dot = strrchr(s->path, '.');

	s->quotes = dot && strcasecmp(dot, ".csv") == 0;
	s->separator = '\t';
	if (s->quotes)
		s->separator = occurs(text, ';') > occurs(text, ',') ? ';' : ',';
}

static bool read_lines(struct source *s, char *text)
{
	int number = 0;

	if (strncmp(text, CSV_BOM, strlen(CSV_BOM)) == 0)
		text += strlen(CSV_BOM);
	choose_separator(s, text);
	while (text) {
		char *line = strsep(&text, "\n");
		line[strcspn(line, "\r")] = '\0';
		number++;
		if (!is_remark(s, line) && !read_line(s, line, number))
			return false;
	}
	return true;
}

static int by_key(const void *a, const void *b, void *kind)
{
	const struct placed *x = a, *y = b;
	int order = list_compare(*(const enum part_kind *)kind, &x->entry, &y->entry);

	return order ? order : x->line - y->line;
}

/* In order, each in its one form. */
static bool write_list(struct source *s, char **out, size_t *len)
{
	size_t cap = s->count * (LIST_FIELDS * LIST_FIELD_BYTES) + 1;
	char why[96];

	if (s->count > 0)
		qsort_r(s->rows, s->count, sizeof(s->rows[0]), by_key, &s->kind);
	for (size_t i = 1; i < s->count; i++)
		if (list_compare(s->kind, &s->rows[i - 1].entry, &s->rows[i].entry) == 0)
			return office_wrong(s->err, "%s: line %d: is there twice, as line %d",
					    s->path, s->rows[i].line, s->rows[i - 1].line);
	*out = calloc(1, cap);
	if (!*out)
		return office_wrong(s->err, "%s: no memory", s->path);
	for (size_t i = 0; i < s->count; i++) {
		if (!list_line(s->kind, &s->rows[i].entry, *out + *len, cap - *len, why,
			       sizeof(why)))
			return office_wrong(s->err, "%s: line %d: %s", s->path, s->rows[i].line,
					    why);
		*len += strlen(*out + *len);
	}
	return true;
}

bool office_list(enum part_kind kind, const char *path, char *text, char **out, size_t *len,
		 FILE *err)
{
	struct source s = { .kind = kind, .path = path, .err = err };

	*out = NULL;
	*len = 0;
	bool good = read_lines(&s, text) && write_list(&s, out, len);
	if (s.rows)
		explicit_bzero(s.rows, s.cap * sizeof(s.rows[0]));
	free(s.rows);
	return good;
}
