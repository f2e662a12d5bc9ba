/*
 * Nothing but the one text that the office signed, at the one gate, once, in its time. Long for its
 * tables of what is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "codec/base64.h"
#include "codec/hex.h"
#include "codec/manifest.h"
#include "codec/minisign.h"
#include "codec/order.h"
#include "core/words.h"

#define ISSUED_MS INT64_C(1795392000000) /* 2026-11-23T08:00:00+08:00 */
#define NOT_AFTER_MS (ISSUED_MS + INT64_C(36000000))

static const uint8_t SEED[32] = "an office's seed for tests only";

static const char TEXT[] = "gatehouse-order 1\n"
			   "site 7\n"
			   "number 12\n"
			   "level lockdown\n"
			   "issued 2026-11-23T08:00:00+08:00\n"
			   "not-after 2026-11-23T18:00:00+08:00\n"
			   "why 区指挥部通知第12号\n";
#define TEXT_LEN (sizeof(TEXT) - 1)

static struct order sample(void)
{
	return (struct order){ .site = 7,
			       .number = 12,
			       .level = LEVEL_LOCKDOWN,
			       .issued_ms = ISSUED_MS,
			       .not_after_ms = NOT_AFTER_MS,
			       .why = "区指挥部通知第12号" };
}

static struct moment at(int64_t wall_ms)
{
	return (struct moment){ .wall_ms = wall_ms, .utc_offset_min = 480, .clock_trusted = true };
}

static bool same(const struct order *a, const struct order *b)
{
	return a->site == b->site && a->number == b->number && a->level == b->level &&
	       a->issued_ms == b->issued_ms && a->not_after_ms == b->not_after_ms &&
	       strcmp(a->why, b->why) == 0;
}

/* In buffers of exactly these sizes, so that a byte read too many is seen. */
static enum order_outcome open_exactly(const char *text, size_t len, const char *signature,
				       size_t signature_len, const uint8_t key[32],
				       struct order *order)
{
	char *t = malloc(len + !len), *s = malloc(signature_len + !signature_len);

	assert_true(t && s);
	memcpy(t, text, len);
	memcpy(s, signature, signature_len);
	memset(order, 0xAA, sizeof(*order));
	enum order_outcome outcome = order_open(order, t, len, s, signature_len, key);
	free(t);
	free(s);
	return outcome;
}

static void assert_zero(const struct order *order)
{
	static const struct order ZERO;

	assert_memory_equal(order, &ZERO, sizeof(ZERO));
}

/* Refused, with nothing of it left to show. */
static enum order_outcome refused(const char *text, size_t len, const char *signature,
				  size_t signature_len, const uint8_t key[32])
{
	struct order order;
	enum order_outcome o = open_exactly(text, len, signature, signature_len, key, &order);

	assert_true(o == ORDER_MALFORMED || o == ORDER_BAD_SIGNATURE);
	assert_zero(&order);
	return o;
}

static void test_round_trip(void **state)
{
	struct order order = sample(), back;
	char text[ORDER_MAX], signature[ORDER_SIGNATURE_LEN + 1];
	uint8_t key[32];

	(void)state;
	assert_int_equal(order_encode(&order, text, sizeof(text)), TEXT_LEN);
	assert_memory_equal(text, TEXT, TEXT_LEN);
	assert_true(order_decode(&back, text, TEXT_LEN));
	assert_true(same(&back, &order));
	for (size_t cap = 0; cap < TEXT_LEN; cap++)
		assert_int_equal(order_encode(&order, text, cap), 0);
	manifest_public(SEED, key);
	order_sign(TEXT, TEXT_LEN, SEED, signature);
	assert_int_equal(strlen(signature), ORDER_SIGNATURE_LEN);
	assert_int_equal(open_exactly(TEXT, TEXT_LEN, signature, ORDER_SIGNATURE_LEN, key, &back),
			 ORDER_GOOD);
	assert_true(same(&back, &order));
}

/* The format as other programs must write it: computed once, checked with OpenSSL. */
static void test_known_signature(void **state)
{
	char signature[ORDER_SIGNATURE_LEN + 1], hex[HEX_TEXT_BYTES(32)];
	uint8_t key[32];

	(void)state;
	manifest_public(SEED, key);
	hex_encode(key, sizeof(key), hex);
	order_sign(TEXT, TEXT_LEN, SEED, signature);
	assert_string_equal(hex,
			    "d808a5f1ee85a92ca1f38119e6d914f144434beeaf512cc54bc59aa11d36360b");
	assert_string_equal(signature,
			    "59766fbbc866fe6f81d56aa1311d9e9a02c7bb96cef13b244955b5ab7122f7cf"
			    "2a4ec334fde6ad8f9dbb0fe65c4a84c7db42a7b48073e6545bd2102983e6dc07\n");
}

static void test_words_are_the_domains(void **state)
{
	struct order order = sample(), back;
	char text[ORDER_MAX + 1], line[32];

	(void)state;
	for (int l = 0; l < LEVEL_COUNT_; l++) {
		order.level = (enum level)l;
		size_t len = order_encode(&order, text, ORDER_MAX);
		assert_true(len > 0);
		text[len] = '\0';
		snprintf(line, sizeof(line), "\nlevel %s\n", LEVEL_WORD[l]);
		assert_non_null(strstr(text, line));
		assert_true(order_decode(&back, text, len));
		assert_int_equal(back.level, l);
	}
}

/* Every bit, every shorter length, every byte more at either end: of the text and of the signature.
 */
static void test_every_bit_of(bool of_signature)
{
	char text[TEXT_LEN + 1], signature[ORDER_SIGNATURE_LEN + 1], sound[ORDER_SIGNATURE_LEN + 1];
	char *data = of_signature ? signature : text;
	size_t len = of_signature ? ORDER_SIGNATURE_LEN : TEXT_LEN;
	uint8_t key[32];
	int tried = 0;

	manifest_public(SEED, key);
	order_sign(TEXT, TEXT_LEN, SEED, sound);
	memcpy(text, TEXT, TEXT_LEN);
	memcpy(signature, sound, sizeof(sound));
	for (size_t bit = 0; bit < 8 * len; bit++, tried++) {
		data[bit / 8] = (char)(data[bit / 8] ^ 1 << bit % 8);
		refused(text, TEXT_LEN, signature, ORDER_SIGNATURE_LEN, key);
		data[bit / 8] = (char)(data[bit / 8] ^ 1 << bit % 8);
	}
	for (size_t n = 0; n < len; n++, tried++)
		refused(text, of_signature ? TEXT_LEN : n, signature,
			of_signature ? n : ORDER_SIGNATURE_LEN, key);
	for (int c = 0; c < 512; c++, tried++) {
		char more[TEXT_LEN + ORDER_SIGNATURE_LEN];
		bool in_front = c >= 256;
		memcpy(more + in_front, data, len);
		more[in_front ? 0 : len] = (char)c;
		refused(of_signature ? text : more, TEXT_LEN + !of_signature,
			of_signature ? more : signature, ORDER_SIGNATURE_LEN + of_signature, key);
	}
	print_message("%d alterations refused\n", tried);
}

static void test_every_bit_of_text(void **state)
{
	(void)state;
	test_every_bit_of(false);
}

static void test_every_bit_of_signature(void **state)
{
	(void)state;
	test_every_bit_of(true);
}

/* Even an office that signed it could not make two texts of one order: an altered text is another
 * order or none. */
static void test_one_text_a_content(void **state)
{
	struct order order = sample(), back;
	char text[TEXT_LEN], again[ORDER_MAX];
	int others = 0;

	(void)state;
	memcpy(text, TEXT, TEXT_LEN);
	for (size_t i = 0; i < TEXT_LEN; i++) {
		for (int c = 0; c < 256; c++) {
			text[i] = (char)c;
			if (text[i] == TEXT[i])
				continue;
			if (!order_decode(&back, text, TEXT_LEN)) {
				assert_zero(&back);
				continue;
			}
			others++;
			assert_false(same(&back, &order));
			assert_int_equal(order_encode(&back, again, sizeof(again)), TEXT_LEN);
			assert_memory_equal(again, text, TEXT_LEN);
		}
		text[i] = TEXT[i];
	}
	print_message("%d other orders\n", others);
	assert_true(others > 500); /* digits of numbers and times, letters of the reason */
}

struct variant {
	const char *from, *to;
};

/* Signed by the office itself, and yet no order. */
static void test_signed_but_malformed(void **state)
{
	static const struct variant VARIANTS[] = {
		{ "gatehouse-order 1", "gatehouse-order 0" }, /* a format we no longer know */
		{ "gatehouse-order 1", "gatehouse-order 2" }, /* one we do not know yet */
		{ "gatehouse-order 1", "gatehouse-order 01" },
		{ "gatehouse-order 1", "\xEF\xBB\xBFgatehouse-order 1" },
		{ "gatehouse-order 1\n", "" },
		{ "gatehouse-order 1\n", "gatehouse-order 1\r\n" },
		{ "site 7", "site 0" },
		{ "site 7", "site 07" },
		{ "site 7", "site +7" },
		{ "site 7", "site -7" },
		{ "site 7", "site 4294967296" },
		{ "site 7", "site  7" },
		{ "site 7", "site 7 " },
		{ "site 7", "site" },
		{ "site 7", "site " },
		{ "site 7", "Site 7" },
		{ "site 7\n", "site 7\nsite 7\n" },
		{ "site 7\nnumber 12\n", "number 12\nsite 7\n" },
		{ "number 12", "number 0" },
		{ "number 12", "number 9223372036854775808" },
		{ "number 12", "number 18446744073709551628" }, /* 12 in 64 bits */
		{ "number 12", "number 12.0" },
		{ "lockdown", "Lockdown" },
		{ "lockdown", "lockdow" },
		{ "lockdown", "lockdownlockdownlockdown" },
		{ "lockdown", "3" },
		{ "lockdown", "" },
		{ "08:00:00+08:00", "00:00:00Z" },
		{ "08:00:00+08:00", "09:00:00+09:00" },
		{ "08:00:00+08:00", "08:00:00" },
		{ "08:00:00+08:00", "08:00:00.0+08:00" },
		{ "11-23T08", "11-31T08" }, /* no such day */
		{ "2026-11-23T08", "1969-11-23T08" },
		{ "2026-11-23T18", "2026-11-23T08" }, /* never valid */
		{ "2026-11-23T18", "2025-11-23T18" },
		{ "why 区指挥部通知第12号", "why " },
		{ "why 区指挥部通知第12号", "why" },
		{ "why 区指挥部通知第12号\n", "" },
		{ "why 区指挥部通知第12号", "why\t12" },
		{ "12号", "123456789012345678901234567" }, /* 48 bytes */
		{ "12号", "\x1B[2J" },
		{ "12号", "\x7F" },
		{ "12号", "\xC2\x85" }, /* U+0085, a line break of some programs */
		{ "12号", "\xE5\x8F" }, /* half a character */
		{ "12号", "\xC0\xAF" },
		{ "12号\n", "12号" },
		{ "12号\n", "12号\n\n" },
		{ "12号\n", "12号\nlevel open\n" },
	};
	uint8_t key[32];

	(void)state;
	manifest_public(SEED, key);
	for (size_t i = 0; i < ARRAY_LEN(VARIANTS); i++) {
		const struct variant *v = &VARIANTS[i];
		const char *found = strstr(TEXT, v->from);
		char text[512], signature[ORDER_SIGNATURE_LEN + 1];
		assert_non_null(found);
		int len = snprintf(text, sizeof(text), "%.*s%s%s", (int)(found - TEXT), TEXT, v->to,
				   found + strlen(v->from));
		order_sign(text, (size_t)len, SEED, signature);
		if (refused(text, (size_t)len, signature, ORDER_SIGNATURE_LEN, key) !=
		    ORDER_MALFORMED)
			fail_msg("variant %zu", i);
	}
}

static void test_signed_bytes_that_are_no_text(void **state)
{
	char bytes[ORDER_MAX + 1] = { 0 }, signature[ORDER_SIGNATURE_LEN + 1];
	uint8_t key[32];

	(void)state;
	manifest_public(SEED, key);
	for (size_t len = 0; len <= ORDER_MAX; len += 512) {
		order_sign(bytes, len, SEED, signature);
		assert_int_equal(refused(bytes, len, signature, ORDER_SIGNATURE_LEN, key),
				 ORDER_MALFORMED);
	}
	assert_int_equal(refused(bytes, ORDER_MAX + 1, signature, ORDER_SIGNATURE_LEN, key),
			 ORDER_MALFORMED);
	memcpy(bytes, TEXT, TEXT_LEN);
	bytes[TEXT_LEN - 4] = '\0'; /* a reason that ends before its line does */
	order_sign(bytes, TEXT_LEN, SEED, signature);
	assert_int_equal(refused(bytes, TEXT_LEN, signature, ORDER_SIGNATURE_LEN, key),
			 ORDER_MALFORMED);
}

static void test_other_keys_and_other_things(void **state)
{
	static const uint8_t NONE[32], OTHER_SEED[32] = "another office";
	char signature[ORDER_SIGNATURE_LEN + 1];
	char signed_text[MINISIGN_TEXT_MAX];
	uint8_t key[32], other[32], hash[MINISIGN_HASH_BYTES], bytes[74];
	size_t len;

	(void)state;
	manifest_public(SEED, key);
	manifest_public(OTHER_SEED, other);
	order_sign(TEXT, TEXT_LEN, SEED, signature);
	refused(TEXT, TEXT_LEN, signature, ORDER_SIGNATURE_LEN, other);
	refused(TEXT, TEXT_LEN, signature, ORDER_SIGNATURE_LEN, NONE); /* no key configured */
	order_sign(TEXT, TEXT_LEN - 1, SEED, signature);
	refused(TEXT, TEXT_LEN, signature, ORDER_SIGNATURE_LEN, key);
	/* what the same key signed in minisign's format is no order */
	minisign_hash(TEXT, TEXT_LEN, hash);
	minisign_sign(hash, SEED, "", signed_text);
	const char *line = strchr(signed_text, '\n') + 1;
	assert_true(base64_decode(line, strcspn(line, "\n"), true, bytes, sizeof(bytes), &len));
	hex_encode(bytes + 10, 64, signature);
	memcpy(signature + ORDER_SIGNATURE_LEN - 1, "\n", 2);
	refused(TEXT, TEXT_LEN, signature, ORDER_SIGNATURE_LEN, key);
	/* zeroes: with a key and a signature of zeroes a careless verifier agrees to anything */
	memset(signature, '0', ORDER_SIGNATURE_LEN - 1);
	refused(TEXT, TEXT_LEN, signature, ORDER_SIGNATURE_LEN, NONE);
	refused(TEXT, TEXT_LEN, "", 0, key);
}

static void test_site_and_number(void **state)
{
	struct order order = sample();
	struct moment now = at(ISSUED_MS), doubtful = now;

	(void)state;
	doubtful.clock_trusted = false;
	assert_int_equal(order_check(&order, 7, 0, &now), ORDER_GOOD);
	assert_int_equal(order_check(&order, 7, 11, &now), ORDER_GOOD);
	assert_int_equal(order_check(&order, 7, 12, &now), ORDER_OLD_NUMBER); /* replay */
	assert_int_equal(order_check(&order, 7, 13, &now), ORDER_OLD_NUMBER); /* downgrade */
	assert_int_equal(order_check(&order, 7, UINT64_MAX, &now), ORDER_OLD_NUMBER);
	assert_int_equal(order_check(&order, 6, 0, &now), ORDER_OTHER_SITE);
	assert_int_equal(order_check(&order, 0, 0, &now), ORDER_OTHER_SITE);
	assert_int_equal(order_check(&order, 7, 12, &doubtful), ORDER_OLD_NUMBER);
	assert_int_equal(order_check(&order, 8, 12, &doubtful), ORDER_OTHER_SITE);
	order.number = ORDER_NUMBER_MAX;
	assert_int_equal(order_check(&order, 7, ORDER_NUMBER_MAX - 1, &now), ORDER_GOOD);
	assert_int_equal(order_check(&order, 7, ORDER_NUMBER_MAX, &now), ORDER_OLD_NUMBER);
}

/* An order taken moves the bar: of all orders in any sequence only rising ones are taken. */
static void test_numbers_only_rise(void **state)
{
	struct moment now = at(ISSUED_MS);
	struct order order = sample();
	uint64_t last = 0, taken = 0;

	(void)state;
	for (uint64_t i = 0; i < 1000; i++) {
		order.number = 1 + i * 7919 % 251;
		if (order_check(&order, 7, last, &now) != ORDER_GOOD)
			continue;
		assert_true(order.number > last);
		last = order.number;
		taken++;
	}
	assert_int_equal(last, 251);
	assert_true(taken > 1);
}

static void test_times(void **state)
{
	static const struct {
		int64_t wall_ms;
		enum order_outcome outcome;
	} CASES[] = {
		{ INT64_MIN, ORDER_NOT_YET },
		{ 0, ORDER_NOT_YET },
		{ ISSUED_MS - ORDER_SLACK_MS - 1, ORDER_NOT_YET },
		{ ISSUED_MS - ORDER_SLACK_MS, ORDER_GOOD },
		{ ISSUED_MS, ORDER_GOOD },
		{ NOT_AFTER_MS, ORDER_GOOD },
		{ NOT_AFTER_MS + 1, ORDER_EXPIRED },
		{ INT64_MAX, ORDER_EXPIRED },
	};
	struct order order = sample();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct moment now = at(CASES[i].wall_ms);
		assert_int_equal(order_check(&order, 7, 11, &now), CASES[i].outcome);
		now.clock_trusted = false;
		assert_int_equal(order_check(&order, 7, 11, &now), ORDER_CLOCK_DOUBTFUL);
	}
}

/* What was never opened, or was changed since, is not good. */
static void test_check_trusts_no_struct(void **state)
{
	struct moment now = at(ISSUED_MS);
	struct order zero = { 0 }, order = sample();
	char text[ORDER_MAX];

	(void)state;
	assert_int_equal(order_check(&zero, 0, 0, &now), ORDER_MALFORMED);
	for (int i = 0; i < 10; i++) {
		struct order o = order;
		switch (i) {
		case 0:
			o.site = 0;
			break;
		case 1:
			o.number = 0;
			break;
		case 2:
			o.number = ORDER_NUMBER_MAX + 1;
			break;
		case 3:
			o.level = LEVEL_COUNT_;
			break;
		case 4:
			o.issued_ms++;
			break;
		case 5:
			o.not_after_ms = o.issued_ms;
			break;
		case 6:
			o.not_after_ms = INT64_C(253402272000000); /* year 10000 at +08:00 */
			break;
		case 7:
			o.issued_ms = -1000;
			break;
		case 8:
			o.why[0] = '\0';
			break;
		default:
			memset(o.why, 'a', sizeof(o.why)); /* not terminated */
			break;
		}
		assert_int_equal(order_check(&o, o.site, 0, &now), ORDER_MALFORMED);
		assert_int_equal(order_encode(&o, text, sizeof(text)), 0);
	}
	order.not_after_ms = INT64_C(253402271999000);
	assert_true(order_encode(&order, text, sizeof(text)) > 0);
	assert_int_equal(order_check(&order, 7, 0, &now), ORDER_GOOD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_known_signature),
		cmocka_unit_test(test_words_are_the_domains),
		cmocka_unit_test(test_every_bit_of_text),
		cmocka_unit_test(test_every_bit_of_signature),
		cmocka_unit_test(test_one_text_a_content),
		cmocka_unit_test(test_signed_but_malformed),
		cmocka_unit_test(test_signed_bytes_that_are_no_text),
		cmocka_unit_test(test_other_keys_and_other_things),
		cmocka_unit_test(test_site_and_number),
		cmocka_unit_test(test_numbers_only_rise),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_check_trusts_no_struct),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
