#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "codec/hex.h"
#include "codec/manifest.h"

static struct manifest sample(void)
{
	struct manifest m = { .site_id = 7,
			      .site = "和平里 \"小区\"",
			      .gate = "东门",
			      .created_ms = INT64_C(1795392000123),
			      .utc_offset_min = 480,
			      .range = MANIFEST_RANGE_SINCE_LAST,
			      .first_seq = 1,
			      .last_seq = 12,
			      .events = 12,
			      .visits = 2,
			      .persons = 1,
			      .part_count = 2 };

	memset(m.head, 0xA5, sizeof(m.head));
	strcpy(m.archive.name, "gatehouse-7-20261123-080000-12.zip.age");
	m.archive.size = INT64_C(5000000000);
	strcpy(m.parts[0].name, EXPORT_EVENTS_NAME);
	m.parts[0].size = 1234;
	m.parts[0].rows = 12;
	strcpy(m.parts[1].name, EXPORT_WORKBOOK_NAME);
	return m;
}

static void test_round_trip(void **state)
{
	struct manifest m = sample(), back;
	char text[MANIFEST_MAX];
	size_t len = manifest_encode(&m, text, sizeof(text));

	(void)state;
	assert_true(len > 0);
	assert_true(manifest_decode(&back, text, len));
	assert_memory_equal(&back, &m, sizeof(m));
	text[len] = '\0';
	assert_non_null(strstr(text, "\ncreated 1795392000123 2026-11-23T08:00:00+08:00\n"));
	assert_non_null(strstr(text, "\nsite 和平里 \"小区\"\n"));
	for (size_t cap = 0; cap < len; cap++)
		assert_int_equal(manifest_encode(&m, text, cap), 0);
}

/* What was asked for stands in it, and in exports of before nothing. */
static void test_range(void **state)
{
	struct manifest m = sample(), back;
	char text[MANIFEST_MAX];

	(void)state;
	for (int range = 0; range < MANIFEST_RANGE_COUNT_; range++) {
		m.range = (enum manifest_range)range;
		m.from_ms = range == MANIFEST_RANGE_DAYS ? INT64_C(1795363200000) : 0;
		m.until_ms = range == MANIFEST_RANGE_DAYS ? INT64_C(1795449600000) : 0;
		size_t len = manifest_encode(&m, text, sizeof(text));
		assert_true(len > 0);
		assert_true(manifest_decode(&back, text, len));
		assert_memory_equal(&back, &m, sizeof(m));
		text[len] = '\0';
		assert_int_equal(strstr(text, "\nrange ") != NULL, range > 0);
		assert_int_equal(strstr(text, "gatehouse-export 3\n") == text, range > 0);
	}
	assert_non_null(strstr(text, "\nrange days 1795363200000 1795449600000"
				     " 2026-11-23T00:00:00+08:00 2026-11-24T00:00:00+08:00\n"));
	m.until_ms = m.from_ms;
	assert_int_equal(manifest_encode(&m, text, sizeof(text)), 0);
	m.range = MANIFEST_RANGE_EVERYTHING;
	assert_int_equal(manifest_encode(&m, text, sizeof(text)), 0);
	m.range = MANIFEST_RANGE_COUNT_;
	m.from_ms = m.until_ms = 0;
	assert_int_equal(manifest_encode(&m, text, sizeof(text)), 0);
}

/* A changed byte is either refused or a different manifest; so is a shortened one. */
static void test_every_byte_counts(void **state)
{
	struct manifest m = sample(), back;
	char text[MANIFEST_MAX], copy[MANIFEST_MAX];
	size_t len = manifest_encode(&m, text, sizeof(text));
	int accepted = 0;

	(void)state;
	for (size_t i = 0; i < len; i++) {
		memcpy(copy, text, len);
		copy[i] ^= 1;
		if (manifest_decode(&back, copy, len)) {
			accepted++;
			assert_memory_not_equal(&back, &m, sizeof(m));
		}
		if (manifest_decode(&back, text, i)) /* a line less */
			assert_memory_not_equal(&back, &m, sizeof(m));
	}
	assert_true(accepted > 0); /* hashes and names may be anything */
}

static void test_unfit(void **state)
{
	char text[MANIFEST_MAX];

	(void)state;
	for (int i = 0; i < 11; i++) {
		struct manifest m = sample();
		if (i == 0)
			strcpy(m.site, "a\nkey b");
		else if (i == 1)
			strcpy(m.gate, "\xFF");
		else if (i == 2)
			m.events = 11;
		else if (i == 3)
			m.persons = 3;
		else if (i == 4)
			strcpy(m.parts[1].name, "../x");
		else if (i == 5)
			strcpy(m.parts[1].name, m.parts[0].name);
		else if (i == 6)
			strcpy(m.archive.name, "/etc/passwd");
		else if (i == 7)
			m.parts[0].rows = -1;
		else if (i == 8)
			m.archive.size = -1;
		else if (i == 9)
			m.part_count = MANIFEST_PARTS_MAX + 1;
		else
			m.first_seq = 0;
		assert_int_equal(manifest_encode(&m, text, sizeof(text)), 0);
	}
}

static void test_hex(void **state)
{
	uint8_t bytes[2];
	char text[HEX_TEXT_BYTES(2)];

	(void)state;
	assert_true(hex_decode("0fa9", 4, bytes, 2));
	hex_encode(bytes, 2, text);
	assert_string_equal(text, "0fa9");
	assert_false(hex_decode("0fA9", 4, bytes, 2));
	assert_false(hex_decode("0fa", 3, bytes, 2));
	assert_false(hex_decode("0fa9a", 5, bytes, 2));
	assert_false(hex_decode("0fag", 4, bytes, 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_range),
		cmocka_unit_test(test_every_byte_counts),
		cmocka_unit_test(test_unfit),
		cmocka_unit_test(test_hex),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
