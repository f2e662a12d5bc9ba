#include "codec/bundle.h"

#include <inttypes.h>
#include <string.h>

#include <sodium.h>

#include "codec/hex.h"

#define SIGNED_PREFIX "GHB1" /* with its terminator: five bytes that no other signed thing has */

static bool parts_fit(const struct bundle *b)
{
	int count = 0;

	for (int i = 0; i < PART_COUNT_; i++) {
		const struct bundle_part *p = &b->parts[i];
		if (p->version == 0)
			continue;
		if (p->version < 0 || p->version > PART_VERSION_MAX || p->bytes > PART[i].max_bytes)
			return false;
		count++;
	}
	return count > 0;
}

static bool content_fit(const struct bundle *b)
{
	return b->site >= 1 && b->number >= 1 && b->number <= BUNDLE_NUMBER_MAX &&
	       signed_text_time_fit(b->issued_ms) && signed_text_time_fit(b->not_after_ms) &&
	       b->not_after_ms > b->issued_ms && signed_text_line_fit(b->why, BUNDLE_WHY_BYTES) &&
	       parts_fit(b);
}

size_t bundle_encode(const struct bundle *b, char *out, size_t cap)
{
	struct writer w = { .data = (uint8_t *)out, .cap = cap };
	char hash[HEX_TEXT_BYTES(BUNDLE_HASH_BYTES)];

	if (!content_fit(b))
		return 0;
	signed_text_line(&w, "gatehouse-bundle 1\n");
	signed_text_line(&w, "site %" PRIu32 "\n", b->site);
	signed_text_line(&w, "number %" PRIu64 "\n", b->number);
	signed_text_time(&w, "issued", b->issued_ms);
	signed_text_time(&w, "not-after", b->not_after_ms);
	signed_text_line(&w, "why %s\n", b->why);
	for (int i = 0; i < PART_COUNT_; i++) {
		const struct bundle_part *p = &b->parts[i];
		if (p->version == 0)
			continue;
		hex_encode(p->hash, sizeof(p->hash), hash);
		signed_text_line(&w, "part %s %" PRId64 " %zu %s\n", PART[i].word, p->version,
				 p->bytes, hash);
	}
	return w.bad ? 0 : w.len;
}

/* The next word of a line, up to a space or its end. */
static struct csv_span next_word(struct csv_span *rest)
{
	const char *space = memchr(rest->data, ' ', rest->len);
	struct csv_span word = { rest->data, space ? (size_t)(space - rest->data) : rest->len };
	size_t used = word.len + (space ? 1 : 0);

	*rest = (struct csv_span){ rest->data + used, rest->len - used };
	return word;
}

static bool same(struct csv_span word, const char *text)
{
	return word.len == strlen(text) && memcmp(word.data, text, word.len) == 0;
}

static enum part_kind kind_of(struct csv_span word)
{
	int i = 0;

	while (i < PART_COUNT_ && !same(word, PART[i].word))
		i++;
	return (enum part_kind)i;
}

static void note_unknown(struct bundle *b, struct csv_span word)
{
	size_t n = word.len < sizeof(b->unknown) ? word.len : sizeof(b->unknown) - 1;

	for (size_t i = 0; i < n; i++) {
		char c = word.data[i];
		b->unknown[i] = (char)((c >= 'a' && c <= 'z') || c == '-' ? c : '?');
	}
}

/* What is left loose here is caught by writing it again. */
static bool take_part(struct bundle *b, struct csv_span line)
{
	struct csv_span word = next_word(&line), version = next_word(&line),
			bytes = next_word(&line);
	struct bundle_part part = { 0 };
	int64_t size;

	if (!csv_int(version, &part.version) || !csv_int(bytes, &size) || size < 0 ||
	    part.version < 1 || !hex_decode(line.data, line.len, part.hash, sizeof(part.hash)))
		return false;
	part.bytes = (size_t)size;
	enum part_kind kind = kind_of(word);
	if (kind == PART_COUNT_ && word.len > 0 && b->unknown[0] == '\0')
		note_unknown(b, word);
	if (kind < PART_COUNT_)
		b->parts[kind] = part;
	return word.len > 0;
}

static bool take_all(struct bundle *b, struct reader *r)
{
	int64_t version, site, number;
	struct csv_span line;

	if (!signed_text_take_int(r, "gatehouse-bundle", 1, 1, &version) ||
	    !signed_text_take_int(r, "site", 1, UINT32_MAX, &site) ||
	    !signed_text_take_int(r, "number", 1, INT64_MAX, &number) ||
	    !signed_text_take_time(r, "issued", &b->issued_ms) ||
	    !signed_text_take_time(r, "not-after", &b->not_after_ms) ||
	    !signed_text_take_text(r, "why", b->why, sizeof(b->why)))
		return false;
	b->site = (uint32_t)site;
	b->number = (uint64_t)number;
	while (r->at < r->len)
		if (!signed_text_take(r, "part", &line) || !take_part(b, line))
			return false;
	return true;
}

enum bundle_outcome bundle_decode(struct bundle *b, const char *text, size_t len)
{
	struct reader r = { .data = (const uint8_t *)text, .len = len };
	char again[BUNDLE_MAX];

	memset(b, 0, sizeof(*b));
	bool taken = len > 0 && len <= BUNDLE_MAX && take_all(b, &r);
	if (taken && b->unknown[0]) {
		struct bundle unknown = { 0 };
		memcpy(unknown.unknown, b->unknown, sizeof(unknown.unknown));
		*b = unknown;
		return BUNDLE_UNKNOWN_PART;
	}
	if (taken && bundle_encode(b, again, sizeof(again)) == len && memcmp(again, text, len) == 0)
		return BUNDLE_GOOD;
	memset(b, 0, sizeof(*b));
	return BUNDLE_MALFORMED;
}

void bundle_sign(const char *text, size_t len, const uint8_t seed[32],
		 char signature[BUNDLE_SIGNATURE_LEN + 1])
{
	signed_text_sign(SIGNED_PREFIX, text, len, seed, signature);
}

enum bundle_outcome bundle_open(struct bundle *bundle, const char *text, size_t len,
				const char *signature, size_t signature_len,
				const uint8_t public_key[32])
{
	memset(bundle, 0, sizeof(*bundle));
	if (len > BUNDLE_MAX)
		return BUNDLE_MALFORMED;
	if (!signed_text_verify(SIGNED_PREFIX, text, len, signature, signature_len, public_key))
		return BUNDLE_BAD_SIGNATURE;
	return bundle_decode(bundle, text, len);
}

enum bundle_outcome bundle_check(const struct bundle *bundle, uint32_t site, uint64_t last_number,
				 const struct moment *now)
{
	if (!content_fit(bundle))
		return BUNDLE_MALFORMED;
	if (bundle->site != site)
		return BUNDLE_OTHER_SITE;
	if (bundle->number <= last_number)
		return BUNDLE_OLD_NUMBER;
	if (!now->clock_trusted)
		return BUNDLE_CLOCK_DOUBTFUL;
	if (now->wall_ms < bundle->issued_ms - BUNDLE_SLACK_MS)
		return BUNDLE_NOT_YET;
	return now->wall_ms > bundle->not_after_ms ? BUNDLE_EXPIRED : BUNDLE_GOOD;
}

void bundle_describe(struct bundle_part *part, int64_t version, const void *bytes, size_t len)
{
	part->version = version;
	part->bytes = len;
	crypto_hash_sha256(part->hash, bytes, len);
}

bool bundle_part_fits(const struct bundle_part *part, const void *bytes, size_t len)
{
	struct bundle_part is;

	if (part->version == 0 || len != part->bytes)
		return false;
	bundle_describe(&is, part->version, bytes, len);
	return memcmp(is.hash, part->hash, sizeof(is.hash)) == 0;
}
