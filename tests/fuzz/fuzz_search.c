/*
 * What is typed to find somebody, and somebody: text, name, telephone number, document and plate,
 * one line each. Whoever is meant must be where the index looks: a key in every range of one of the
 * ways.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/search_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool holds)
{
	if (!holds)
		abort();
}

/* The next line, cut to whole characters that fit. */
static void next_line(const uint8_t **at, const uint8_t *end, char *out, size_t cap)
{
	const uint8_t *stop = memchr(*at, '\n', (size_t)(end - *at));
	size_t len = (size_t)((stop ? stop : end) - *at);
	char line[4096];

	if (len >= sizeof(line))
		len = sizeof(line) - 1;
	memcpy(line, *at, len);
	line[len] = '\0';
	text_copy(out, cap, line);
	*at = stop ? stop + 1 : end;
}

static bool has_one(const uint64_t *keys, int count, uint64_t first, uint64_t last)
{
	for (int i = 0; i < count; i++)
		if (keys[i] >= first && keys[i] <= last)
			return true;
	return false;
}

static bool way_finds(const struct search_way *way, const uint64_t *keys, int count)
{
	for (int i = 0; i < way->count; i++)
		if (!has_one(keys, count, way->ranges[i].first, way->ranges[i].last))
			return false;
	return way->count > 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *at = data, *end = data + size;
	uint64_t keys[SEARCH_KEYS_MAX];
	struct search_query query;
	struct person p = { .document_kind = DOCUMENT_NONE };
	char text[256];
	bool found = false;

	next_line(&at, end, text, sizeof(text));
	next_line(&at, end, p.name, sizeof(p.name));
	next_line(&at, end, p.phone, sizeof(p.phone));
	next_line(&at, end, p.document, sizeof(p.document));
	next_line(&at, end, p.plate, sizeof(p.plate));
	int count = search_keys(&p, keys);
	expect(count >= 0 && count <= SEARCH_KEYS_MAX);
	for (int i = 0; i < count; i++)
		expect(keys[i] > 0 && keys[i] <= INT64_MAX);
	for (int i = 1; i < count; i++)
		expect(keys[i - 1] < keys[i]);
	if (!search_read(text, &query)) {
		for (int by = 0; by < SEARCH_BY_COUNT_; by++)
			expect(query.ways[by].count == 0);
		return 0;
	}
	for (int by = 0; by < SEARCH_BY_COUNT_; by++) {
		expect(query.ways[by].count <= SEARCH_RANGES_MAX);
		found = found || way_finds(&query.ways[by], keys, count);
	}
	if (search_matches(&query, &p))
		expect(found);
	return 0;
}
