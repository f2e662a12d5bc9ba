#include "codec/manifest.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/civil.h"
#include "base/text.h"
#include "codec/csv.h"
#include "codec/hex.h"

#define CREATED_MAX_MS INT64_C(253402300799999) /* end of the year 9999 */

static void PRINTF_LIKE(2, 3) line(struct writer *w, const char *fmt, ...)
{
	char text[256];
	va_list args;

	va_start(args, fmt);
	int n = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (n < 0 || (size_t)n >= sizeof(text))
		w->bad = true;
	else
		write_bytes(w, text, (size_t)n);
}

static void hash_line(struct writer *w, const char *key, const uint8_t hash[MANIFEST_HASH_BYTES])
{
	char text[HEX_TEXT_BYTES(MANIFEST_HASH_BYTES)];

	hex_encode(hash, MANIFEST_HASH_BYTES, text);
	line(w, "%s %s\n", key, text);
}

static bool file_name_fit(const char *name)
{
	return name[0] != '\0' && name[0] != '.' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-") == strlen(name);
}

static bool text_fit(const char *text)
{
	return utf8_valid(text, strlen(text)) && !text_has_control(text);
}

static bool time_fit(int64_t ms)
{
	return ms >= 0 && ms <= CREATED_MAX_MS;
}

static bool range_fit(const struct manifest *m)
{
	if (m->range == MANIFEST_RANGE_DAYS)
		return time_fit(m->from_ms) && time_fit(m->until_ms) && m->from_ms < m->until_ms;
	return m->range >= MANIFEST_RANGE_UNTOLD && m->range < MANIFEST_RANGE_COUNT_ &&
	       m->from_ms == 0 && m->until_ms == 0;
}

static bool content_fit(const struct manifest *m)
{
	if (!text_fit(m->site) || !text_fit(m->gate) || m->first_seq < 1 ||
	    m->last_seq < m->first_seq - 1 || m->events != m->last_seq - m->first_seq + 1 ||
	    m->visits < 0 || m->persons < 0 || m->persons > m->visits || !time_fit(m->created_ms) ||
	    !range_fit(m) || m->utc_offset_min < -14 * 60 || m->utc_offset_min > 14 * 60 ||
	    m->part_count < 0 || m->part_count > MANIFEST_PARTS_MAX ||
	    !file_name_fit(m->archive.name) || m->archive.size < 0)
		return false;
	for (int i = 0; i < m->part_count; i++) {
		if (!file_name_fit(m->parts[i].name) || m->parts[i].size < 0 ||
		    m->parts[i].rows < 0)
			return false;
		for (int j = 0; j < i; j++)
			if (strcmp(m->parts[i].name, m->parts[j].name) == 0)
				return false;
	}
	return true;
}

static const char *const RANGE_WORD[MANIFEST_RANGE_COUNT_] = {
	[MANIFEST_RANGE_EVERYTHING] = "everything",
	[MANIFEST_RANGE_SINCE_LAST] = "since-last",
	[MANIFEST_RANGE_DAYS] = "days",
};

static void range_line(struct writer *w, const struct manifest *m)
{
	char from[CIVIL_TEXT_BYTES], until[CIVIL_TEXT_BYTES];

	if (m->range == MANIFEST_RANGE_UNTOLD)
		return;
	if (m->range != MANIFEST_RANGE_DAYS) {
		line(w, "range %s\n", RANGE_WORD[m->range]);
		return;
	}
	civil_format_iso(m->from_ms, m->utc_offset_min, from);
	civil_format_iso(m->until_ms, m->utc_offset_min, until);
	line(w, "range days %" PRId64 " %" PRId64 " %s %s\n", m->from_ms, m->until_ms, from, until);
}

size_t manifest_encode(const struct manifest *m, char *out, size_t cap)
{
	struct writer w = { .data = (uint8_t *)out, .cap = cap };
	char created[CIVIL_TEXT_BYTES];

	if (!content_fit(m))
		return 0;
	civil_format_iso(m->created_ms, m->utc_offset_min, created);
	line(&w, "gatehouse-export %d\n", m->range == MANIFEST_RANGE_UNTOLD ? 2 : 3);
	line(&w, "site_id %" PRIu32 "\n", m->site_id);
	line(&w, "site %s\n", m->site);
	line(&w, "gate %s\n", m->gate);
	line(&w, "created %" PRId64 " %s\n", m->created_ms, created);
	line(&w, "offset %" PRId32 "\n", m->utc_offset_min);
	range_line(&w, m);
	line(&w, "first %" PRId64 "\nlast %" PRId64 "\n", m->first_seq, m->last_seq);
	hash_line(&w, "prev", m->prev);
	hash_line(&w, "head", m->head);
	line(&w, "events %" PRId64 "\nvisits %" PRId64 "\n", m->events, m->visits);
	line(&w, "persons %" PRId64 "\n", m->persons);
	hash_line(&w, "key", m->public_key);
	char hash[HEX_TEXT_BYTES(MANIFEST_HASH_BYTES)];
	hex_encode(m->archive.hash, MANIFEST_HASH_BYTES, hash);
	line(&w, "archive %" PRId64 " %s %s\n", m->archive.size, hash, m->archive.name);
	for (int i = 0; i < m->part_count; i++)
		line(&w, "part %" PRId64 " %" PRId64 " %s\n", m->parts[i].size, m->parts[i].rows,
		     m->parts[i].name);
	return w.bad ? 0 : w.len;
}

/* Takes the value of the next line when it begins with the key and a space. */
static bool take(struct reader *r, const char *key, struct csv_span *value)
{
	const char *start = (const char *)r->data + r->at;
	const char *end = memchr(start, '\n', r->len - r->at);
	size_t key_len = strlen(key);

	if (!end || (size_t)(end - start) <= key_len || memcmp(start, key, key_len) != 0 ||
	    start[key_len] != ' ')
		return false;
	*value = (struct csv_span){ start + key_len + 1, (size_t)(end - start) - key_len - 1 };
	r->at += (size_t)(end - start) + 1;
	return true;
}

static bool take_int(struct reader *r, const char *key, int64_t min, int64_t max, int64_t *value)
{
	struct csv_span text;

	return take(r, key, &text) && csv_int(text, value) && *value >= min && *value <= max;
}

static bool take_hash(struct reader *r, const char *key, uint8_t hash[MANIFEST_HASH_BYTES])
{
	struct csv_span text;

	return take(r, key, &text) && hex_decode(text.data, text.len, hash, MANIFEST_HASH_BYTES);
}

static bool copy_span(struct csv_span from, char *dst, size_t cap)
{
	if (from.len >= cap || memchr(from.data, '\0', from.len))
		return false;
	memcpy(dst, from.data, from.len);
	dst[from.len] = '\0';
	return true;
}

/* Splits off the part before the first space. */
static bool take_word(struct csv_span *rest, struct csv_span *word)
{
	const char *space = memchr(rest->data, ' ', rest->len);

	if (!space)
		return false;
	*word = (struct csv_span){ rest->data, (size_t)(space - rest->data) };
	rest->data += word->len + 1;
	rest->len -= word->len + 1;
	return true;
}

static bool take_archive(struct reader *r, struct manifest_file *file)
{
	struct csv_span rest, size, hash;

	return take(r, "archive", &rest) && take_word(&rest, &size) && csv_int(size, &file->size) &&
	       take_word(&rest, &hash) &&
	       hex_decode(hash.data, hash.len, file->hash, MANIFEST_HASH_BYTES) &&
	       copy_span(rest, file->name, sizeof(file->name));
}

static bool take_part(struct reader *r, struct manifest_part *part)
{
	struct csv_span rest, size, rows;

	return take(r, "part", &rest) && take_word(&rest, &size) && csv_int(size, &part->size) &&
	       take_word(&rest, &rows) && csv_int(rows, &part->rows) &&
	       copy_span(rest, part->name, sizeof(part->name));
}

/* The two times in ISO 8601 are held against the numbers by manifest_decode. */
static bool take_range(struct reader *r, int64_t version, struct manifest *m)
{
	struct csv_span rest, word, from, until;
	int range = MANIFEST_RANGE_EVERYTHING;

	if (version == 2)
		return true;
	if (!take(r, "range", &rest))
		return false;
	if (!take_word(&rest, &word))
		word = rest;
	while (range < MANIFEST_RANGE_COUNT_ &&
	       (strlen(RANGE_WORD[range]) != word.len ||
		memcmp(RANGE_WORD[range], word.data, word.len) != 0))
		range++;
	m->range = (enum manifest_range)range;
	return range != MANIFEST_RANGE_DAYS ||
	       (take_word(&rest, &from) && csv_int(from, &m->from_ms) && take_word(&rest, &until) &&
		csv_int(until, &m->until_ms));
}

static bool take_all(struct manifest *m, struct reader *r)
{
	struct csv_span text, created;
	int64_t version, site_id, offset;

	if (!take_int(r, "gatehouse-export", 2, 3, &version) ||
	    !take_int(r, "site_id", 0, UINT32_MAX, &site_id) || !take(r, "site", &text) ||
	    !copy_span(text, m->site, sizeof(m->site)) || !take(r, "gate", &text) ||
	    !copy_span(text, m->gate, sizeof(m->gate)) || !take(r, "created", &text) ||
	    !take_word(&text, &created) || !csv_int(created, &m->created_ms) ||
	    !take_int(r, "offset", INT32_MIN, INT32_MAX, &offset) || !take_range(r, version, m) ||
	    !take_int(r, "first", 1, INT64_MAX, &m->first_seq) ||
	    !take_int(r, "last", 0, INT64_MAX - 1, &m->last_seq) ||
	    !take_hash(r, "prev", m->prev) || !take_hash(r, "head", m->head) ||
	    !take_int(r, "events", 0, INT64_MAX, &m->events) ||
	    !take_int(r, "visits", 0, INT64_MAX, &m->visits) ||
	    !take_int(r, "persons", 0, INT64_MAX, &m->persons) ||
	    !take_hash(r, "key", m->public_key) || !take_archive(r, &m->archive))
		return false;
	m->site_id = (uint32_t)site_id;
	m->utc_offset_min = (int32_t)offset;
	while (r->at < r->len) {
		if (m->part_count == MANIFEST_PARTS_MAX || !take_part(r, &m->parts[m->part_count]))
			return false;
		m->part_count++;
	}
	return true;
}

bool manifest_decode(struct manifest *manifest, const char *text, size_t len)
{
	struct reader r = { .data = (const uint8_t *)text, .len = len };
	char again[MANIFEST_MAX];

	*manifest = (struct manifest){ 0 };
	return take_all(manifest, &r) && manifest_encode(manifest, again, sizeof(again)) == len &&
	       memcmp(again, text, len) == 0;
}

void manifest_public(const uint8_t seed[32], uint8_t public_key[32])
{
	uint8_t secret[crypto_sign_SECRETKEYBYTES];

	crypto_sign_seed_keypair(public_key, secret, seed);
	sodium_memzero(secret, sizeof(secret));
}
