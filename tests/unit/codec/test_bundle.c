/* A bundle's manifest is one text, one signature, one gate, one number, and no bit else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "codec/bundle.h"
#include "codec/manifest.h"
#include "codec/order.h"

#define ISSUED_MS INT64_C(1795392000000) /* 2026-11-23T08:00:00+08:00 */

static const uint8_t SEED[32] = "an office's seed for tests only";

static const char TEXT[] =
	"gatehouse-bundle 1\n"
	"site 7\n"
	"number 20261123001\n"
	"issued 2026-11-23T08:00:00+08:00\n"
	"not-after 2026-11-24T08:00:00+08:00\n"
	"why 区指挥部通知第12号\n"
	"part rulebook 3 3 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n"
	"part blocked 20261123001 0 "
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n";
#define TEXT_LEN (sizeof(TEXT) - 1)

/* The hashes are those of "abc" (FIPS 180-2, B.1) and of nothing. */
static struct bundle sample(void)
{
	struct bundle b = { .site = 7,
			    .number = 20261123001,
			    .issued_ms = ISSUED_MS,
			    .not_after_ms = ISSUED_MS + 86400000,
			    .why = "区指挥部通知第12号" };

	bundle_describe(&b.parts[PART_RULEBOOK], 3, "abc", 3);
	bundle_describe(&b.parts[PART_BLOCKED], 20261123001, "", 0);
	return b;
}

struct signed_text {
	uint8_t key[32];
	char signature[BUNDLE_SIGNATURE_LEN + 1];
};

static struct signed_text sign(const char *text, size_t len)
{
	struct signed_text s;

	manifest_public(SEED, s.key);
	bundle_sign(text, len, SEED, s.signature);
	return s;
}

static void test_text(void **state)
{
	(void)state;
	struct bundle b = sample(), back;
	char text[BUNDLE_MAX];

	assert_int_equal(bundle_encode(&b, text, sizeof(text)), TEXT_LEN);
	assert_memory_equal(text, TEXT, TEXT_LEN);
	assert_int_equal(bundle_decode(&back, TEXT, TEXT_LEN), BUNDLE_GOOD);
	assert_true(back.site == 7 && back.number == 20261123001 && back.issued_ms == b.issued_ms &&
		    back.not_after_ms == b.not_after_ms);
	assert_string_equal(back.why, b.why);
	for (int i = 0; i < PART_COUNT_; i++) {
		assert_true(back.parts[i].version == b.parts[i].version);
		assert_int_equal(back.parts[i].bytes, b.parts[i].bytes);
		assert_memory_equal(back.parts[i].hash, b.parts[i].hash, BUNDLE_HASH_BYTES);
	}
	for (size_t cap = 0; cap < TEXT_LEN; cap++)
		assert_int_equal(bundle_encode(&b, text, cap), 0);
}

static void assert_unfit(const struct bundle *b)
{
	struct moment now = { ISSUED_MS, 480, true };
	char text[BUNDLE_MAX];

	assert_int_equal(bundle_encode(b, text, sizeof(text)), 0);
	assert_int_equal(bundle_check(b, 7, 0, &now), BUNDLE_MALFORMED);
}

static void test_unfit_content(void **state)
{
	(void)state;
#define UNFIT(change)                                                                              \
	do {                                                                                       \
		struct bundle b = sample();                                                        \
		change;                                                                            \
		assert_unfit(&b);                                                                  \
	} while (0)
	UNFIT(b.site = 0);
	UNFIT(b.number = 0);
	UNFIT(b.number = BUNDLE_NUMBER_MAX + 1);
	UNFIT(b.issued_ms = -1000);
	UNFIT(b.issued_ms++);
	UNFIT(b.not_after_ms = b.issued_ms);
	UNFIT(b.why[0] = '\0');
	UNFIT(b.why[1] = '\n');
	UNFIT(memset(b.why, 'x', sizeof(b.why)));
	UNFIT(b.parts[PART_RULEBOOK].version = -1);
	UNFIT(b.parts[PART_RULEBOOK].version = PART_VERSION_MAX + 1);
	UNFIT(b.parts[PART_RULEBOOK].bytes = PART[PART_RULEBOOK].max_bytes + 1);
	UNFIT(memset(b.parts, 0, sizeof(b.parts)));
}

/* Every bit of the text and of the signature, one at a time; and two neighbours. */
static void test_every_bit(void **state)
{
	(void)state;
	struct signed_text s = sign(TEXT, TEXT_LEN);
	char text[TEXT_LEN + 1];
	struct bundle b;

	assert_int_equal(bundle_open(&b, TEXT, TEXT_LEN, s.signature, BUNDLE_SIGNATURE_LEN, s.key),
			 BUNDLE_GOOD);
	memcpy(text, TEXT, sizeof(text));
	for (size_t bit = 0; bit < TEXT_LEN * 8; bit++) {
		text[bit / 8] ^= (char)(1U << bit % 8);
		assert_int_equal(
			bundle_open(&b, text, TEXT_LEN, s.signature, BUNDLE_SIGNATURE_LEN, s.key),
			BUNDLE_BAD_SIGNATURE);
		assert_int_equal(b.number, 0);
		text[bit / 8] ^= (char)(1U << bit % 8);
	}
	for (size_t bit = 0; bit < BUNDLE_SIGNATURE_LEN * 8; bit++) {
		s.signature[bit / 8] ^= (char)(1U << bit % 8);
		assert_int_equal(
			bundle_open(&b, TEXT, TEXT_LEN, s.signature, BUNDLE_SIGNATURE_LEN, s.key),
			BUNDLE_BAD_SIGNATURE);
		s.signature[bit / 8] ^= (char)(1U << bit % 8);
	}
	for (size_t bit = 0; bit < 256; bit++) {
		s.key[bit / 8] ^= (uint8_t)(1U << bit % 8);
		assert_int_equal(
			bundle_open(&b, TEXT, TEXT_LEN, s.signature, BUNDLE_SIGNATURE_LEN, s.key),
			BUNDLE_BAD_SIGNATURE);
		s.key[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
}

/* Cut anywhere, signed or not; nor is a longer one good. */
static void test_every_length(void **state)
{
	(void)state;
	struct signed_text s = sign(TEXT, TEXT_LEN);
	char longer[TEXT_LEN + 2];
	struct bundle b;

	for (size_t len = 0; len < TEXT_LEN; len++) {
		assert_int_equal(
			bundle_open(&b, TEXT, len, s.signature, BUNDLE_SIGNATURE_LEN, s.key),
			BUNDLE_BAD_SIGNATURE);
		struct signed_text own = sign(TEXT, len);
		enum bundle_outcome outcome =
			bundle_open(&b, TEXT, len, own.signature, BUNDLE_SIGNATURE_LEN, own.key);
		/* without its last part it is a bundle of its own, if the office signed that */
		bool whole_line = len > 0 && TEXT[len - 1] == '\n' && strstr(TEXT, "part ") &&
				  len > (size_t)(strstr(TEXT, "part ") - TEXT);
		assert_int_equal(outcome, whole_line ? BUNDLE_GOOD : BUNDLE_MALFORMED);
	}
	for (size_t len = 0; len < BUNDLE_SIGNATURE_LEN; len++)
		assert_int_equal(bundle_open(&b, TEXT, TEXT_LEN, s.signature, len, s.key),
				 BUNDLE_BAD_SIGNATURE);
	memcpy(longer, TEXT, TEXT_LEN);
	for (int c = 0; c < 256; c++) {
		longer[TEXT_LEN] = (char)c;
		s = sign(longer, TEXT_LEN + 1);
		assert_int_equal(bundle_open(&b, longer, TEXT_LEN + 1, s.signature,
					     BUNDLE_SIGNATURE_LEN, s.key),
				 BUNDLE_MALFORMED);
	}
}

/* Signed by the office itself, and still no bundle. */
static void test_other_forms(void **state)
{
	(void)state;
	static const struct {
		const char *old, *new;
	} FORMS[] = {
		{ "bundle 1", "bundle 2" },
		{ "bundle 1", "bundle 01" },
		{ "site 7", "site 07" },
		{ "site 7", "site 0" },
		{ "site 7", "site 4294967296" },
		{ "site 7\nnumber 20261123001", "number 20261123001\nsite 7" },
		{ "number 20261123001\n", "number 1000000000000000000\n" },
		{ "number 20261123001\n", "" },
		{ "08:00:00+08:00\nnot", "00:00:00Z\nnot" },
		{ "not-after 2026-11-24", "not-after 2026-11-23" },
		{ "why ", "why\t" },
		{ "rulebook 3 3", "rulebook 0 3" },
		{ "rulebook 3 3", "rulebook -3 3" },
		{ "rulebook 3 3", "rulebook 3 03" },
		{ "rulebook 3 3", "rulebook 3 131073" },
		{ "rulebook 3 3", "rulebook 3  3" },
		{ "rulebook 3 3 ba78", "rulebook 3 3 BA78" },
		{ "rulebook 3 3 ba78", "rulebook 3 3 ba7" },
		{ "part rulebook", "part blocked" },
		{ "part blocked", "part rulebook" },
		{ "part blocked",
		  "part households" }, /* in order, so this one is good: see below */
		{ "part blocked", "part  blocked" },
		{ "part blocked", "parts blocked" },
	};
	char text[BUNDLE_MAX];
	struct bundle b;

	for (size_t i = 0; i < ARRAY_LEN(FORMS); i++) {
		const char *at = strstr(TEXT, FORMS[i].old);
		assert_non_null(at);
		int n = snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - TEXT), TEXT,
				 FORMS[i].new, at + strlen(FORMS[i].old));
		enum bundle_outcome outcome = bundle_decode(&b, text, (size_t)n);
		bool good = strcmp(FORMS[i].new, "part households") == 0;
		if (outcome != (good ? BUNDLE_GOOD : BUNDLE_MALFORMED))
			fail_msg("\"%s\" for \"%s\" gives %d", FORMS[i].new, FORMS[i].old, outcome);
	}
}

static void test_unknown_part(void **state)
{
	(void)state;
	char text[BUNDLE_MAX];
	struct bundle b;
	const char *hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

	int n = snprintf(text, sizeof(text), "%spart roster 1 0 %s\n", TEXT, hash);
	assert_int_equal(bundle_decode(&b, text, (size_t)n), BUNDLE_UNKNOWN_PART);
	assert_string_equal(b.unknown, "roster");
	assert_true(b.number == 0 && b.site == 0 && b.parts[PART_RULEBOOK].version == 0);
	/* also as the only one, and whatever its name, nothing of it can be more than a word */
	n = snprintf(text, sizeof(text), "%.*spart ../a\x1b\xff/etc/shadow-and-much-more 1 0 %s\n",
		     (int)(strstr(TEXT, "part ") - TEXT), TEXT, hash);
	assert_int_equal(bundle_decode(&b, text, (size_t)n), BUNDLE_UNKNOWN_PART);
	assert_string_equal(b.unknown, "???a???etc?shad");
	n = snprintf(text, sizeof(text), "%spart roster 1 0 %.63s\n", TEXT, hash);
	assert_int_equal(bundle_decode(&b, text, (size_t)n), BUNDLE_MALFORMED);
	n = snprintf(text, sizeof(text), "%spart  1 0 %s\n", TEXT, hash);
	assert_int_equal(bundle_decode(&b, text, (size_t)n), BUNDLE_MALFORMED);
}

/* What the office signs for one purpose opens nothing of another. */
static void test_prefixes(void **state)
{
	(void)state;
	struct signed_text s = sign(TEXT, TEXT_LEN);
	struct bundle b;
	struct order order;

	assert_int_equal(
		order_open(&order, TEXT, TEXT_LEN, s.signature, BUNDLE_SIGNATURE_LEN, s.key),
		ORDER_BAD_SIGNATURE);
	order_sign(TEXT, TEXT_LEN, SEED, s.signature);
	assert_int_equal(bundle_open(&b, TEXT, TEXT_LEN, s.signature, BUNDLE_SIGNATURE_LEN, s.key),
			 BUNDLE_BAD_SIGNATURE);
}

static void test_check(void **state)
{
	(void)state;
	struct bundle b = sample();
	struct moment now = { b.issued_ms, 480, true };

	assert_int_equal(bundle_check(&b, 7, 20261123000, &now), BUNDLE_GOOD);
	assert_int_equal(bundle_check(&b, 7, 0, &now), BUNDLE_GOOD);
	assert_int_equal(bundle_check(&b, 7, 20261123001, &now), BUNDLE_OLD_NUMBER);
	assert_int_equal(bundle_check(&b, 7, UINT64_MAX, &now), BUNDLE_OLD_NUMBER);
	assert_int_equal(bundle_check(&b, 8, 0, &now), BUNDLE_OTHER_SITE);
	now.wall_ms = b.not_after_ms;
	assert_int_equal(bundle_check(&b, 7, 0, &now), BUNDLE_GOOD);
	now.wall_ms++;
	assert_int_equal(bundle_check(&b, 7, 0, &now), BUNDLE_EXPIRED);
	now.wall_ms = b.issued_ms - BUNDLE_SLACK_MS;
	assert_int_equal(bundle_check(&b, 7, 0, &now), BUNDLE_GOOD);
	now.wall_ms--;
	assert_int_equal(bundle_check(&b, 7, 0, &now), BUNDLE_NOT_YET);
	now.clock_trusted = false;
	assert_int_equal(bundle_check(&b, 7, 0, &now), BUNDLE_CLOCK_DOUBTFUL);
}

static void test_part_bytes(void **state)
{
	(void)state;
	static const char BYTES[] = "3-2-501\t\t\n3-2-502\t\t\n";
	const size_t len = sizeof(BYTES) - 1;
	char other[sizeof(BYTES)];
	struct bundle_part part = { 0 };

	assert_false(bundle_part_fits(&part, "", 0));
	bundle_describe(&part, 1, BYTES, len);
	assert_true(bundle_part_fits(&part, BYTES, len));
	memcpy(other, BYTES, sizeof(other));
	for (size_t bit = 0; bit < len * 8; bit++) {
		other[bit / 8] ^= (char)(1U << bit % 8);
		assert_false(bundle_part_fits(&part, other, len));
		other[bit / 8] ^= (char)(1U << bit % 8);
	}
	for (size_t n = 0; n < len; n++)
		assert_false(bundle_part_fits(&part, BYTES, n));
	assert_false(bundle_part_fits(&part, BYTES, len + 1));
}

/* A manifest of everything fits, and the kinds' limits are what memory was set aside for. */
static void test_sizes(void **state)
{
	(void)state;
	struct bundle b = sample();
	char text[BUNDLE_MAX];
	size_t sum = 0;

	for (int i = 0; i < PART_COUNT_; i++) {
		bundle_describe(&b.parts[i], PART_VERSION_MAX, "", 0);
		b.parts[i].bytes = PART[i].max_bytes;
		sum += PART[i].max_bytes;
		assert_true(strlen(PART[i].word) < BUNDLE_WORD_BYTES);
		for (int k = 0; k < i; k++) {
			assert_string_not_equal(PART[i].file, PART[k].file);
			assert_string_not_equal(PART[i].word, PART[k].word);
		}
	}
	assert_true(sum <= PARTS_MAX_BYTES);
	assert_true(bundle_encode(&b, text, sizeof(text)) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),        cmocka_unit_test(test_unfit_content),
		cmocka_unit_test(test_every_bit),   cmocka_unit_test(test_every_length),
		cmocka_unit_test(test_other_forms), cmocka_unit_test(test_unknown_part),
		cmocka_unit_test(test_prefixes),    cmocka_unit_test(test_check),
		cmocka_unit_test(test_part_bytes),  cmocka_unit_test(test_sizes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
