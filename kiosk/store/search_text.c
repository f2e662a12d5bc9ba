/*
 * Tokens, by kind in the highest byte:
 *
 *   0  a character of the name that stands alone: code point * 2, + 1 for the first of the name. So
 *      a run that is typed is told from the same characters in another order when one of them is
 *      mostly a family name.
 *   1  the first one, two, three characters of a word: 24 bits of a hash
 *   2  the first four digits of the telephone number, as a number, filled up with noughts: of these
 *      there are not many
 *   3  the next three
 *   4  the last three characters of the document's number, if it has four
 *
 * Few tokens, many holders each: one in a thousand has the same three digits. That costs two or
 * three bytes a token in the index; one for the whole telephone number would cost twenty.
 */
#include "store/search_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define KIND_SHIFT 24
#define KIND_WORD (1U << KIND_SHIFT)
#define KIND_PHONE (2U << KIND_SHIFT)
#define KIND_PHONE_NEXT (3U << KIND_SHIFT)
#define KIND_DOCUMENT (4U << KIND_SHIFT)
#define GROUP 3 /* characters a token tells of */
#define HEAD 4 /* digits */
#define LAST_OF_DOCUMENT 4

#define FIRST_ALONE 0x2E80 /* from the radicals on, writing does without blanks */
#define BLANK ' '

static bool is_ignored(int32_t cp)
{
	return (cp >= 0x200B && cp <= 0x200F) || cp == 0xFEFF || (cp >= 0xFE00 && cp <= 0xFE0F) ||
	       (cp >= 0xE0100 && cp <= 0xE01EF); /* no width; which of its shapes is meant */
}

static bool is_ascii_alnum(int32_t cp)
{
	return (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z');
}

static bool is_apart(int32_t cp)
{
	if (cp < 0x80)
		return !is_ascii_alnum(cp);
	return (cp >= 0x80 && cp < 0xC0) || (cp >= 0x2000 && cp <= 0x206F) || cp == 0x2E31 ||
	       (cp >= 0x3000 && cp <= 0x303F && cp != 0x3005 && cp != 0x3007) || cp == 0x30FB ||
	       (cp >= 0xFF5F && cp <= 0xFF65);
}

static int32_t fold(int32_t cp)
{
	if (cp >= 0xFF01 && cp <= 0xFF5E)
		cp -= 0xFEE0;
	if ((cp >= 'A' && cp <= 'Z') || (cp >= 0xC0 && cp <= 0xDE && cp != 0xD7) ||
	    (cp >= 0x410 && cp <= 0x42F))
		cp += 0x20;
	return is_apart(cp) ? BLANK : cp;
}

static bool is_alone(int32_t cp)
{
	return cp >= FIRST_ALONE;
}

/* False when it does not fit or is not UTF-8. */
static bool fold_text(const char *text, struct search_chars *out)
{
	int32_t cp;

	out->len = 0;
	if (!utf8_valid(text, strlen(text)))
		return false;
	while (*text) {
		cp = utf8_next(&text);
		if (is_ignored(cp))
			continue;
		cp = fold(cp);
		if (cp == BLANK && (out->len == 0 || out->cp[out->len - 1] == BLANK))
			continue;
		if (out->len == SEARCH_CHARS_MAX)
			return false;
		out->cp[out->len++] = cp;
	}
	if (out->len > 0 && out->cp[out->len - 1] == BLANK)
		out->len--;
	return true;
}

static bool starts_word(const struct search_chars *c, int at)
{
	return !is_alone(c->cp[at]) && c->cp[at] != BLANK &&
	       (at == 0 || c->cp[at - 1] == BLANK || is_alone(c->cp[at - 1]));
}

/* Where the word or the run that begins there ends. */
static int end_of_part(const struct search_chars *c, int at)
{
	bool alone = is_alone(c->cp[at]);

	while (at < c->len && c->cp[at] != BLANK && is_alone(c->cp[at]) == alone)
		at++;
	return at;
}

static uint32_t word_token(const int32_t *cp, int len)
{
	uint32_t hash = 2166136261U;

	for (int i = 0; i < len; i++)
		hash = (hash ^ (uint32_t)cp[i]) * 16777619U;
	return KIND_WORD | (hash >> 8);
}

static uint32_t alone_token(int32_t cp, bool first)
{
	return (uint32_t)cp * 2 + first;
}

static int name_tokens(const char *name, uint32_t *tokens)
{
	struct search_chars c;
	int count = 0;

	if (!fold_text(name, &c))
		return 0;
	for (int i = 0; i < c.len; i++) {
		if (is_alone(c.cp[i]))
			tokens[count++] = alone_token(c.cp[i], i == 0);
		if (!starts_word(&c, i))
			continue;
		int len = end_of_part(&c, i) - i;
		for (int n = 1; n <= len && n <= GROUP; n++)
			tokens[count++] = word_token(c.cp + i, n);
	}
	return count;
}

/* The ASCII digits of text; "" when it holds anything but digits and what is put between them. */
static void fold_phone(const struct search_chars *c, char *out)
{
	int len = 0;

	for (int i = 0; i < c->len; i++) {
		if (c->cp[i] == BLANK)
			continue;
		if (c->cp[i] < '0' || c->cp[i] > '9') {
			len = 0;
			break;
		}
		out[len++] = (char)c->cp[i];
	}
	out[len] = '\0';
}

/* Its letters and digits; "" when there is anything else. */
static void fold_document(const struct search_chars *c, char *out)
{
	int len = 0;

	for (int i = 0; i < c->len; i++) {
		if (c->cp[i] == BLANK)
			continue;
		if (!is_ascii_alnum(c->cp[i])) {
			len = 0;
			break;
		}
		out[len++] = (char)c->cp[i];
	}
	out[len] = '\0';
}

/* The fields of a person are shorter than SEARCH_CHARS_MAX. */
static void fold_field(const char *text, void (*as)(const struct search_chars *, char *), char *out)
{
	struct search_chars c;

	out[0] = '\0';
	if (fold_text(text, &c) && c.len < SEARCH_CHARS_MAX)
		as(&c, out);
}

/* The len digits from there on, and how many more numbers begin as those that are known. */
static uint32_t group(const char *digits, size_t at, size_t len, uint32_t *spread)
{
	size_t known = strlen(digits);
	uint32_t value = 0;

	*spread = 1;
	for (size_t i = at; i < at + len; i++) {
		value = value * 10 + (i < known ? (uint32_t)(digits[i] - '0') : 0);
		*spread *= i < known ? 1 : 10;
	}
	--*spread;
	return value;
}

static uint32_t document_token(const char *document)
{
	const char *last = document + strlen(document) - GROUP;

	return KIND_DOCUMENT | (uint32_t)last[0] << 14 | (uint32_t)last[1] << 7 | (uint32_t)last[2];
}

static int ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static int each_once(uint32_t *tokens, int count)
{
	int kept = 0;

	qsort(tokens, (size_t)count, sizeof(*tokens), ascending);
	for (int i = 0; i < count; i++)
		if (kept == 0 || tokens[kept - 1] != tokens[i])
			tokens[kept++] = tokens[i];
	return kept;
}

static_assert(NAME_BYTES * GROUP + 3 <= SEARCH_TOKENS_MAX && NAME_BYTES <= SEARCH_CHARS_MAX,
	      "all tokens of the longest name");

int search_tokens(const struct person *person, uint32_t tokens[SEARCH_TOKENS_MAX])
{
	char text[SEARCH_CHARS_MAX];
	uint32_t spread;
	int count = name_tokens(person->name, tokens);

	fold_field(person->phone, fold_phone, text);
	if (text[0] != '\0') {
		tokens[count++] = KIND_PHONE | group(text, 0, HEAD, &spread);
		tokens[count++] = KIND_PHONE_NEXT | group(text, HEAD, GROUP, &spread);
	}
	fold_field(person->document, fold_document, text);
	if (strlen(text) >= LAST_OF_DOCUMENT)
		tokens[count++] = document_token(text);
	return each_once(tokens, count);
}

/* What there is no room for is left to search_matches. */
static void need(struct search_way *way, uint32_t first, uint32_t last)
{
	if (way->count == SEARCH_RANGES_MAX)
		return;
	way->ranges[way->count].first = first;
	way->ranges[way->count++].last = last;
}

static void read_name(const struct search_chars *c, struct search_way *way)
{
	for (int at = 0, end; at < c->len; at = end) {
		end = end_of_part(c, at);
		if (c->cp[at] == BLANK)
			end = at + 1;
		else if (!is_alone(c->cp[at]))
			need(way, word_token(c->cp + at, end - at < GROUP ? end - at : GROUP),
			     word_token(c->cp + at, end - at < GROUP ? end - at : GROUP));
		else /* only the first of a run may be the first of the name */
			for (int i = at; i < end; i++)
				need(way, alone_token(c->cp[i], false),
				     alone_token(c->cp[i], i == at));
	}
}

bool search_read(const char *text, struct search_query *query)
{
	struct search_way *phone = &query->ways[SEARCH_PHONE];
	uint32_t spread, first;

	memset(query, 0, sizeof(*query));
	if (!fold_text(text, &query->name) || query->name.len == 0 ||
	    query->name.len == SEARCH_CHARS_MAX)
		return false;
	read_name(&query->name, &query->ways[SEARCH_NAME]);
	fold_phone(&query->name, query->phone);
	fold_document(&query->name, query->document);
	if (query->phone[0] != '\0') {
		first = KIND_PHONE | group(query->phone, 0, HEAD, &spread);
		need(phone, first, first + spread);
		first = KIND_PHONE_NEXT | group(query->phone, HEAD, GROUP, &spread);
		if (strlen(query->phone) > HEAD)
			need(phone, first, first + spread);
	}
	if (strlen(query->document) != LAST_OF_DOCUMENT)
		query->document[0] = '\0';
	else
		need(&query->ways[SEARCH_DOCUMENT], document_token(query->document),
		     document_token(query->document));
	return true;
}

static bool has_part(const struct search_chars *name, const int32_t *part, int len)
{
	for (int at = 0; at + len <= name->len; at++)
		if ((is_alone(part[0]) || starts_word(name, at)) &&
		    memcmp(name->cp + at, part, (size_t)len * sizeof(*part)) == 0)
			return true;
	return false;
}

static bool name_matches(const struct search_chars *wanted, const char *name)
{
	struct search_chars c;

	if (!fold_text(name, &c))
		return false;
	for (int at = 0, end; at < wanted->len; at = end) {
		end = wanted->cp[at] == BLANK ? at + 1 : end_of_part(wanted, at);
		if (wanted->cp[at] != BLANK && !has_part(&c, wanted->cp + at, end - at))
			return false;
	}
	return true;
}

static bool ends_in(const char *document, const char *wanted)
{
	size_t len = strlen(document), wanted_len = strlen(wanted);

	return len >= wanted_len && strcmp(document + len - wanted_len, wanted) == 0;
}

bool search_matches(const struct search_query *query, const struct person *person)
{
	char text[SEARCH_CHARS_MAX];

	if (query->phone[0] != '\0') {
		fold_field(person->phone, fold_phone, text);
		if (strncmp(text, query->phone, strlen(query->phone)) == 0)
			return true;
	}
	if (query->document[0] != '\0') {
		fold_field(person->document, fold_document, text);
		if (ends_in(text, query->document))
			return true;
	}
	return query->name.len > 0 && name_matches(&query->name, person->name);
}
