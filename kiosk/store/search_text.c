/*
 * Keys, by kind in the highest bits, and under it what is known, from the left, so that a beginning
 * of it is a range; what is not there is 0:
 *
 *   1  each character of the name that stands alone, with the two that follow it in the same run:
 *      20 bits each
 *   2  each other word of the name: ten characters, 6 bits each (narrow)
 *   3  the telephone number: eleven digits, 4 bits each
 *   4  the last four characters of the document's number, if it has four, and of the plate: 6 bits
 *      each
 *   5  the plate: 16 bits for the province, 6 for each of the seven characters after it
 *
 * So what is asked most is one range of the index: a run of up to three characters wherever it
 * stands in a name, a whole telephone number, the end of a document's.
 */
#include "store/search_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define KIND_SHIFT 60
#define KIND(n) ((uint64_t)(n) << KIND_SHIFT)
#define RUN_CHARS 3
#define RUN_BITS 20
#define WORD_CHARS 10
#define NARROW_BITS 6
#define PHONE_DIGITS 11
#define DIGIT_BITS 4
#define TAIL_CHARS 4
#define PROVINCE_BITS 16
#define PLATE_CHARS 7 /* after the province */

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

static uint64_t masked(uint64_t value, int bits)
{
	return value & ((UINT64_C(1) << bits) - 1);
}

/* Of what is typed in the alphabets of documents, plates and most names each character has a number
 * of its own; the others share what is left. 0 is for none. */
static uint64_t narrow(int32_t cp)
{
	if (cp >= 'a' && cp <= 'z')
		return 1 + (uint64_t)(cp - 'a');
	if (cp >= '0' && cp <= '9')
		return 27 + (uint64_t)(cp - '0');
	return 37 + (uint64_t)cp % 26;
}

/* All keys that begin as the one that knows of bits no more than those above low. */
static struct search_range beginning(uint64_t key, int low)
{
	return (struct search_range){ key, key | ((UINT64_C(1) << low) - 1) };
}

/* len characters, of a run. */
static struct search_range run_range(const int32_t *cp, int len)
{
	uint64_t key = 0;
	int low = RUN_CHARS * RUN_BITS;

	for (int i = 0; i < len && i < RUN_CHARS; i++) {
		low -= RUN_BITS;
		key |= masked((uint64_t)cp[i], RUN_BITS) << low;
	}
	return beginning(KIND(1) | key, low);
}

static struct search_range narrow_range(uint64_t kind, const int32_t *cp, int len, int most)
{
	uint64_t key = 0;
	int low = most * NARROW_BITS;

	for (int i = 0; i < len && i < most; i++) {
		low -= NARROW_BITS;
		key |= narrow(cp[i]) << low;
	}
	return beginning(kind | key, low);
}

static struct search_range word_range(const int32_t *cp, int len)
{
	return narrow_range(KIND(2), cp, len, WORD_CHARS);
}

static struct search_range phone_range(const char *digits)
{
	uint64_t key = 0;
	int low = PHONE_DIGITS * DIGIT_BITS;

	for (int i = 0; digits[i] && i < PHONE_DIGITS; i++) {
		low -= DIGIT_BITS;
		key |= (uint64_t)(digits[i] - '0' + 1) << low;
	}
	return beginning(KIND(3) | key, low);
}

/* text has as many. */
static struct search_range tail_range(const char *text)
{
	int32_t last[TAIL_CHARS];

	text += strlen(text) - TAIL_CHARS;
	for (int i = 0; i < TAIL_CHARS; i++)
		last[i] = text[i];
	return narrow_range(KIND(4), last, TAIL_CHARS, TAIL_CHARS);
}

static struct search_range plate_range(const struct search_chars *plate)
{
	uint64_t province = masked((uint64_t)plate->cp[0], PROVINCE_BITS);

	return narrow_range(KIND(5) | province << PLATE_CHARS * NARROW_BITS, plate->cp + 1,
			    plate->len - 1, PLATE_CHARS);
}

static int name_keys(const char *name, uint64_t *keys)
{
	struct search_chars c;
	int count = 0;

	if (!fold_text(name, &c))
		return 0;
	for (int at = 0, end; at < c.len; at = end) {
		end = c.cp[at] == BLANK ? at + 1 : end_of_part(&c, at);
		if (starts_word(&c, at))
			keys[count++] = word_range(c.cp + at, end - at).first;
		for (int i = at; i < end && is_alone(c.cp[i]); i++)
			keys[count++] = run_range(c.cp + i, end - i).first;
	}
	return count;
}

static void fold_plate(const char *text, struct search_chars *out)
{
	int len = 0;

	if (!fold_text(text, out))
		out->len = 0;
	for (int i = 0; i < out->len; i++)
		if (out->cp[i] != BLANK)
			out->cp[len++] = out->cp[i];
	out->len = len;
}

/* Its last four letters and digits; what follows them ("港", "学") is left out. "" when there are
 * fewer. */
static void plate_tail(const struct search_chars *plate, char out[TAIL_CHARS + 1])
{
	int end = plate->len, at;

	while (end > 0 && !is_ascii_alnum(plate->cp[end - 1]))
		end--;
	for (at = end; at > 0 && end - at < TAIL_CHARS && is_ascii_alnum(plate->cp[at - 1]); at--)
		;
	int len = end - at == TAIL_CHARS ? TAIL_CHARS : 0;
	for (int i = 0; i < len; i++)
		out[i] = (char)plate->cp[at + i];
	out[len] = '\0';
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

static int ascending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static int each_once(uint64_t *keys, int count)
{
	int kept = 0;

	qsort(keys, (size_t)count, sizeof(*keys), ascending);
	for (int i = 0; i < count; i++)
		if (kept == 0 || keys[kept - 1] != keys[i])
			keys[kept++] = keys[i];
	return kept;
}

static_assert(NAME_BYTES + 4 <= SEARCH_KEYS_MAX && NAME_BYTES <= SEARCH_CHARS_MAX,
	      "all keys of the longest name");

static int plate_keys(const char *text, uint64_t *keys)
{
	struct search_chars plate;
	char tail[TAIL_CHARS + 1];
	int count = 0;

	fold_plate(text, &plate);
	if (plate.len == 0)
		return 0;
	keys[count++] = plate_range(&plate).first;
	plate_tail(&plate, tail);
	if (tail[0] != '\0')
		keys[count++] = tail_range(tail).first;
	return count;
}

int search_keys(const struct person *person, uint64_t keys[SEARCH_KEYS_MAX])
{
	char text[SEARCH_CHARS_MAX];
	int count = name_keys(person->name, keys);

	fold_field(person->phone, fold_phone, text);
	if (text[0] != '\0')
		keys[count++] = phone_range(text).first;
	fold_field(person->document, fold_document, text);
	if (strlen(text) >= TAIL_CHARS)
		keys[count++] = tail_range(text).first;
	count += plate_keys(person->plate, keys + count);
	return each_once(keys, count);
}

/* What there is no room for is left to search_matches. */
static void need(struct search_way *way, struct search_range range)
{
	if (way->count < SEARCH_RANGES_MAX)
		way->ranges[way->count++] = range;
}

/* Of a run of more characters than a key has, each part that fills one. */
static void read_run(const int32_t *cp, int len, struct search_way *way)
{
	for (int i = 0; i == 0 || i + RUN_CHARS <= len; i++)
		need(way, run_range(cp + i, len - i));
}

static void read_name(const struct search_chars *c, struct search_way *way)
{
	for (int at = 0, end; at < c->len; at = end) {
		end = c->cp[at] == BLANK ? at + 1 : end_of_part(c, at);
		if (is_alone(c->cp[at]))
			read_run(c->cp + at, end - at, way);
		else if (c->cp[at] != BLANK)
			need(way, word_range(c->cp + at, end - at));
	}
}

bool search_read(const char *text, struct search_query *query)
{
	memset(query, 0, sizeof(*query));
	if (!fold_text(text, &query->name) || query->name.len == 0 ||
	    query->name.len == SEARCH_CHARS_MAX)
		return false;
	read_name(&query->name, &query->ways[SEARCH_NAME]);
	fold_phone(&query->name, query->phone);
	if (query->phone[0] != '\0')
		need(&query->ways[SEARCH_PHONE], phone_range(query->phone));
	fold_document(&query->name, query->tail);
	if (strlen(query->tail) != TAIL_CHARS)
		query->tail[0] = '\0';
	else
		need(&query->ways[SEARCH_TAIL], tail_range(query->tail));
	fold_plate(text, &query->plate);
	need(&query->ways[SEARCH_PLATE], plate_range(&query->plate));
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

static bool plate_matches(const struct search_query *query, const char *text)
{
	struct search_chars plate;
	char tail[TAIL_CHARS + 1];
	size_t typed = (size_t)query->plate.len * sizeof(query->plate.cp[0]);

	fold_plate(text, &plate);
	plate_tail(&plate, tail);
	return (query->plate.len <= plate.len && memcmp(plate.cp, query->plate.cp, typed) == 0) ||
	       (query->tail[0] != '\0' && strcmp(tail, query->tail) == 0);
}

bool search_matches(const struct search_query *query, const struct person *person)
{
	char text[SEARCH_CHARS_MAX];

	if (query->phone[0] != '\0') {
		fold_field(person->phone, fold_phone, text);
		if (strncmp(text, query->phone, strlen(query->phone)) == 0)
			return true;
	}
	if (query->tail[0] != '\0') {
		fold_field(person->document, fold_document, text);
		if (ends_in(text, query->tail))
			return true;
	}
	if (person->plate[0] != '\0' && plate_matches(query, person->plate))
		return true;
	return query->name.len > 0 && name_matches(&query->name, person->name);
}
