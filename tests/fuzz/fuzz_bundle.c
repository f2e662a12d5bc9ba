/*
 * A text that is a manifest is the only text of that manifest; what is not known of it is one plain
 * word; and nobody but the office can make two files that open.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "codec/bundle.h"
#include "codec/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t SEED[32] = "an office's seed for tests only";

static const char TEXT[] = "gatehouse-bundle 1\nsite 7\nnumber 12\n"
			   "issued 2026-11-23T08:00:00+08:00\n"
			   "not-after 2026-11-23T18:00:00+08:00\nwhy 12\npart blocked 1 0 "
			   "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n";

static void expect(bool good)
{
	if (!good)
		abort();
}

static void as_text(const char *data, size_t size)
{
	struct bundle b;
	char again[BUNDLE_MAX];
	struct moment now = { .clock_trusted = true };
	enum bundle_outcome outcome = bundle_decode(&b, data, size);

	if (outcome == BUNDLE_UNKNOWN_PART) {
		expect(b.number == 0 && b.unknown[0] && strlen(b.unknown) < sizeof(b.unknown));
		expect(utf8_valid(b.unknown, strlen(b.unknown)) && !text_has_control(b.unknown));
		return;
	}
	if (outcome != BUNDLE_GOOD) {
		expect(outcome == BUNDLE_MALFORMED && b.number == 0 && b.site == 0);
		return;
	}
	expect(bundle_encode(&b, again, sizeof(again)) == size);
	expect(memcmp(again, data, size) == 0);
	expect(utf8_valid(b.why, strlen(b.why)) && !text_has_control(b.why));
	for (int i = 0; i < PART_COUNT_; i++)
		expect(b.parts[i].bytes <= PART[i].max_bytes && b.parts[i].version >= 0);
	now.wall_ms = b.issued_ms;
	expect(bundle_check(&b, b.site, b.number - 1, &now) == BUNDLE_GOOD);
	expect(bundle_check(&b, b.site, b.number, &now) == BUNDLE_OLD_NUMBER);
	expect(bundle_check(&b, b.site ^ 1, 0, &now) == BUNDLE_OTHER_SITE);
}

/* The input in the place of the signature of a text: only the true one opens it. */
static void as_signature(const char *data, size_t size)
{
	char genuine[BUNDLE_SIGNATURE_LEN + 1];
	uint8_t key[32];
	struct bundle b;

	if (size != BUNDLE_SIGNATURE_LEN || data[size - 1] != '\n')
		return;
	manifest_public(SEED, key);
	bundle_sign(TEXT, sizeof(TEXT) - 1, SEED, genuine);
	bool same = memcmp(data, genuine, size) == 0;
	expect(bundle_open(&b, TEXT, sizeof(TEXT) - 1, data, size, key) ==
	       (same ? BUNDLE_GOOD : BUNDLE_BAD_SIGNATURE));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	as_text((const char *)data, size);
	as_signature((const char *)data, size);
	return 0;
}
