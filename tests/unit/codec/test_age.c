/*
 * Round trips in memory, and everything an age file can be other than it should; after the style of
 * the Community Cryptography Test Vectors: each byte of the header changed, the payload cut at
 * every border, stanzas of every broken form. What Debian's age says is in test_age_program.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "codec/age.h"
#include "helper_age.h"

#define CHUNK AGE_CHUNK_BYTES

static const uint8_t ALICE[32] = { 1, 2, 3 }, BOB[32] = { 9, 8, 7 }, EVE[32] = { 5 };

static struct age_to to_alice_and_bob(void)
{
	struct age_to to = { .count = 2 };

	age_public(ALICE, to.recipients[0]);
	age_public(BOB, to.recipients[1]);
	return to;
}

static void test_key_texts(void **state)
{
	/* a pair that age-keygen 1.1.1 made */
	static const char SECRET[] =
		"AGE-SECRET-KEY-196Q6P99CLCY6WMHT7R3CUTLZRT0ZETSKLH065Q6NJHQGU5L3YM5S847PCJ";
	static const char PUBLIC[] =
		"age16xms8hxlexwe30fzuhglz2j4wasa8wzmtaucyj29z5jzkaz4t5hqkz2uj6";
	uint8_t identity[32], key[32], again[32];
	char text[AGE_KEY_TEXT_BYTES];

	(void)state;
	assert_true(age_identity_parse(SECRET, identity));
	age_identity_text(identity, text);
	assert_string_equal(text, SECRET);
	age_public(identity, key);
	age_recipient_text(key, text);
	assert_string_equal(text, PUBLIC);
	assert_true(age_recipient_parse(text, again));
	assert_memory_equal(key, again, 32);
	/* one character more, less, changed, in the other case */
	for (size_t i = 0; i < strlen(text); i++) {
		char bad[AGE_KEY_TEXT_BYTES];
		strcpy(bad, text);
		bad[i] = bad[i] == 'q' ? 'p' : 'q';
		assert_false(age_recipient_parse(bad, again));
		bad[i] = (char)(text[i] ^ 0x20);
		assert_false(age_recipient_parse(bad, again));
		memmove(bad + i, text + i + 1, strlen(text) - i);
		assert_false(age_recipient_parse(bad, again));
	}
	assert_false(age_recipient_parse("", again));
	assert_false(age_recipient_parse(SECRET, again));
	assert_false(age_identity_parse(text, again));
}

static void test_sizes(void **state)
{
	static const size_t SIZES[] = { 0,         1,         1000,          CHUNK - 1,     CHUNK,
					CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 1, 5 * CHUNK + 77 };
	static const size_t PIECES[] = { 1, 7, 65552, 1 << 20 };
	struct age_to to = to_alice_and_bob();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(SIZES); i++) {
		struct bytes plain = age_noise(SIZES[i]), file = { 0 }, back = { 0 };
		age_encrypt(&to, &plain, 4097, &file);
		size_t chunks = SIZES[i] ? (SIZES[i] + CHUNK - 1) / CHUNK : 1;
		assert_int_equal(file.len, age_header_len(&file) + 16 + SIZES[i] + 16 * chunks);
		for (size_t p = SIZES[i] > 2 * CHUNK ? 2 : 0; p < ARRAY_LEN(PIECES); p++) {
			assert_int_equal(age_decrypt(&file, ALICE, PIECES[p], &back), AGE_GOOD);
			assert_int_equal(back.len, plain.len);
			assert_memory_equal(back.data, plain.data, plain.len);
			assert_int_equal(age_decrypt(&file, BOB, PIECES[p], &back), AGE_GOOD);
			assert_int_equal(age_decrypt(&file, EVE, PIECES[p], &back), AGE_NO_KEY);
			assert_int_equal(back.len, 0);
		}
		bytes_free(&plain);
		bytes_free(&file);
		bytes_free(&back);
	}
}

static void test_passphrase(void **state)
{
	struct age_to to = { .passphrase = "正确 horse battery" };
	struct bytes plain = age_noise(100), file = { 0 }, back = { 0 };

	(void)state;
	age_encrypt(&to, &plain, 100, &file);
	assert_int_equal(age_decrypt(&file, ALICE, 1000, &back), AGE_PASSPHRASE_WANTED);
	assert_int_equal(age_decrypt_with(&file, to.passphrase, &back), AGE_GOOD);
	assert_memory_equal(back.data, plain.data, plain.len);
	assert_int_equal(age_decrypt_with(&file, "other", &back), AGE_NO_KEY);
	bytes_free(&plain);
	bytes_free(&file);
	bytes_free(&back);
}

static void test_for_nobody(void **state)
{
	struct age_to nobody = { 0 }, no_key = { .count = 1 };
	static struct age_writer w;
	struct age_random random = { 0 };
	struct bytes file = { 0 };

	(void)state;
	assert_int_equal(age_begin(&w, &nobody, &random, bytes_sink, &file), -EINVAL);
	assert_int_equal(age_begin(&w, &no_key, &random, bytes_sink, &file), -EINVAL);
	assert_int_equal(file.len, 0);
}

/* Every bit of header and nonce, and of the first and last bytes of every chunk. */
static void test_every_altered_byte(void **state)
{
	struct age_to to = to_alice_and_bob();
	struct bytes plain = age_noise(2 * CHUNK + 100), file = { 0 }, back = { 0 };

	(void)state;
	age_encrypt(&to, &plain, plain.len, &file);
	size_t head = age_header_len(&file) + 16, tried = 0;
	for (size_t at = 0; at < file.len; at++) {
		size_t in_chunk = at < head ? 0 : (at - head) % (CHUNK + 16);
		if (at >= head && in_chunk > 1 && in_chunk < CHUNK + 14 && at < file.len - 17)
			continue;
		for (int bit = 0; bit < 8; bit++) {
			file.data[at] ^= (uint8_t)(1 << bit);
			if (age_decrypt(&file, BOB, file.len, &back) == AGE_GOOD)
				fail_msg("byte %zu bit %d was altered unseen", at, bit);
			file.data[at] ^= (uint8_t)(1 << bit);
			tried++;
		}
	}
	print_message("%zu alterations found\n", tried);
	assert_int_equal(age_decrypt(&file, BOB, file.len, &back), AGE_GOOD);
	bytes_free(&plain);
	bytes_free(&file);
	bytes_free(&back);
}

/* Cut everywhere in the header and around every border of the payload; and made longer. */
static void test_cut_and_longer(void **state)
{
	struct age_to to = to_alice_and_bob();
	struct bytes plain = age_noise(3 * CHUNK), file = { 0 }, back = { 0 };

	(void)state;
	age_encrypt(&to, &plain, plain.len, &file);
	size_t head = age_header_len(&file) + 16, whole = file.len;
	for (size_t len = 0; len < whole; len++) {
		size_t in_chunk = len < head ? 0 : (len - head) % (CHUNK + 16);
		if (len > head && in_chunk > 20 && in_chunk < CHUNK - 4)
			continue;
		file.len = len;
		assert_int_not_equal(age_decrypt(&file, ALICE, len ? len : 1, &back), AGE_GOOD);
	}
	for (int chunks = 0; chunks < 3; chunks++) {
		file.len = head + (size_t)chunks * (CHUNK + 16);
		assert_int_equal(age_decrypt(&file, ALICE, 5000, &back), AGE_CUT);
		assert_int_equal(back.len, (size_t)(chunks > 0 ? chunks - 1 : 0) * CHUNK);
	}
	file.len = whole;
	for (size_t extra = 1; extra < 40; extra++) {
		uint8_t zero[40] = { 0 };
		file.len = whole;
		assert_int_equal(bytes_sink(&file, zero, extra), 0);
		assert_int_equal(age_decrypt(&file, ALICE, 5000, &back), AGE_CHUNK_ALTERED);
	}
	bytes_free(&plain);
	bytes_free(&file);
	bytes_free(&back);
}

/* Two chunks change places; one is left out; one stands there twice. */
static void test_chunks_moved(void **state)
{
	struct age_to to = to_alice_and_bob();
	struct bytes plain = age_noise(4 * CHUNK), file = { 0 }, back = { 0 }, moved = { 0 };

	(void)state;
	age_encrypt(&to, &plain, plain.len, &file);
	size_t head = age_header_len(&file) + 16, one = CHUNK + 16;
	static const int ORDER[][5] = {
		{ 1, 0, 2, 3, -1 },  { 0, 2, 1, 3, -1 }, { 0, 1, 3, -1, -1 },   { 0, 1, 2, 2, 3 },
		{ 1, 2, 3, -1, -1 }, { 0, 1, 2, 3, 3 },  { 3, -1, -1, -1, -1 },
	};
	for (size_t i = 0; i < ARRAY_LEN(ORDER); i++) {
		moved.len = 0;
		assert_int_equal(bytes_sink(&moved, file.data, head), 0);
		for (int c = 0; c < 5 && ORDER[i][c] >= 0; c++)
			assert_int_equal(bytes_sink(&moved,
						    file.data + head + (size_t)ORDER[i][c] * one,
						    one),
					 0);
		assert_int_equal(age_decrypt(&moved, ALICE, 99999, &back), AGE_CHUNK_ALTERED);
	}
	bytes_free(&plain);
	bytes_free(&file);
	bytes_free(&back);
	bytes_free(&moved);
}

static int refuse(void *ctx, const void *bytes, size_t len)
{
	(void)ctx;
	(void)bytes;
	(void)len;
	return -ENOSPC;
}

static void test_sink_fails(void **state)
{
	struct age_to to = to_alice_and_bob();
	struct bytes plain = age_noise(10), file = { 0 };
	struct age_keys keys = { .identities = &ALICE, .count = 1 };
	static struct age_reader r;
	static struct age_writer w;
	struct age_random random = { 0 };

	(void)state;
	assert_int_equal(age_begin(&w, &to, &random, refuse, NULL), -ENOSPC);
	age_encrypt(&to, &plain, 10, &file);
	age_open(&r, &keys, refuse, NULL);
	assert_true(age_feed(&r, file.data, file.len));
	assert_int_equal(age_close(&r), AGE_STOPPED);
	assert_int_equal(r.error, -ENOSPC);
	bytes_free(&plain);
	bytes_free(&file);
}

#define SHARE "L18kIxhwyGBuRTZXHIM5M8b2PD5rxR4f0e9fWnYT+Tc"
#define BODY "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define MAC "--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
#define V "age-encryption.org/v1\n"

/* Headers that nobody's key opens, by what is wrong with them. */
static void test_header_forms(void **state)
{
	static const struct {
		const char *text;
		enum age_outcome outcome;
	} FORMS[] = {
		{ V "-> X25519 " SHARE "\n" BODY "\n" MAC, AGE_NO_KEY },
		{ V "-> grease \n\n" MAC, AGE_NOT_AGE },
		{ V "-> grease a b c d e f\n\n" MAC, AGE_NO_KEY },
		{ V "-> grease\nAAAA\n-> X25519 " SHARE "\n" BODY "\n" MAC, AGE_NO_KEY },
		{ V MAC, AGE_NOT_AGE },
		{ "age-encryption.org/v2\n-> X25519 " SHARE "\n" BODY "\n" MAC, AGE_NOT_AGE },
		{ V "-> X25519 " SHARE "\r\n" BODY "\r\n" MAC, AGE_NOT_AGE },
		{ V "-> X25519 " SHARE "=\n" BODY "\n" MAC, AGE_NOT_AGE },
		{ V "-> X25519  " SHARE "\n" BODY "\n" MAC, AGE_NOT_AGE },
		{ V "-> X25519 " SHARE " x\n" BODY "\n" MAC, AGE_NOT_AGE },
		{ V "-> X25519\n" BODY "\n" MAC, AGE_NOT_AGE },
		{ V "-> X25519 AAAA\n" BODY "\n" MAC, AGE_NOT_AGE },
		{ V "-> X25519 " BODY "\n" BODY "\n" MAC,
		  AGE_NOT_AGE }, /* a point of small order */
		{ V "-> X25519 " SHARE "\n" BODY "=\n" MAC, AGE_NOT_AGE },
		{ V "-> X25519 " SHARE "\nAAAA\n" MAC, AGE_NOT_AGE },
		{ V "-> X25519 " SHARE "\n" BODY "AAAAA\n" MAC, AGE_NOT_AGE },
		{ V "-> X25519 " SHARE "\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB\n" MAC,
		  AGE_NOT_AGE }, /* unused bits set */
		{ V "-> X25519 " SHARE "\n" BODY "\n--- AAAA\n", AGE_NOT_AGE },
		{ V "-> X25519 " SHARE "\n" BODY "\n---\n", AGE_NOT_AGE },
		{ V "-> X25519 " SHARE "\n" BODY "\n---x\n", AGE_NOT_AGE },
		{ V "-> X25519 " SHARE "\n" BODY "\n", AGE_CUT },
		{ V "->X25519 " SHARE "\n" BODY "\n" MAC, AGE_NOT_AGE },
		{ V "-> scrypt AAAAAAAAAAAAAAAAAAAAAA 15\n" BODY "\n" MAC, AGE_PASSPHRASE_WANTED },
		{ V "-> scrypt AAAAAAAAAAAAAAAAAAAAAA 15\n" BODY "\n-> X25519 " SHARE "\n" BODY
		    "\n" MAC,
		  AGE_NOT_AGE },
		{ V "-> scrypt AAAAAAAAAAAAAAAAAAAAAA 015\n" BODY "\n" MAC, AGE_NOT_AGE },
		{ V "-> scrypt AAAAAAAAAAAAAAAAAAAAAA 1x\n" BODY "\n" MAC, AGE_NOT_AGE },
		{ V "-> scrypt AAAAAAAAAAAAAAAAAAAAAA\n" BODY "\n" MAC, AGE_NOT_AGE },
		{ V "-> scrypt AAAA 15\n" BODY "\n" MAC, AGE_NOT_AGE },
		{ "", AGE_NOT_AGE },
		{ "age-encryption", AGE_NOT_AGE },
		{ "PK\3\4", AGE_NOT_AGE },
	};
	struct bytes back = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(FORMS); i++) {
		struct bytes file = { .data = (uint8_t *)(uintptr_t)FORMS[i].text,
				      .len = strlen(FORMS[i].text) };
		for (size_t piece = 1; piece < 400; piece += 199) {
			enum age_outcome got = age_decrypt(&file, ALICE, piece, &back);
			if (got != FORMS[i].outcome)
				fail_msg("form %zu: %d", i, got);
		}
	}
	struct bytes costly = { 0 };
	static const char COSTLY[] = V "-> scrypt AAAAAAAAAAAAAAAAAAAAAA 21\n" BODY "\n" MAC;
	assert_int_equal(bytes_sink(&costly, COSTLY, strlen(COSTLY)), 0);
	assert_int_equal(age_decrypt_with(&costly, "x", &back), AGE_TOO_COSTLY);
	bytes_free(&costly);
	bytes_free(&back);
}

/* A header that does not end is not read for ever. */
static void test_endless_header(void **state)
{
	struct bytes file = { 0 }, back = { 0 };

	(void)state;
	assert_int_equal(bytes_sink(&file, V, strlen(V)), 0);
	for (int i = 0; i < 3000; i++)
		assert_int_equal(bytes_sink(&file, "-> grease\n\n", 11), 0);
	assert_int_equal(age_decrypt(&file, ALICE, 777, &back), AGE_NOT_AGE);
	bytes_free(&file);
	bytes_free(&back);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_key_texts),          cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_passphrase),         cmocka_unit_test(test_for_nobody),
		cmocka_unit_test(test_every_altered_byte), cmocka_unit_test(test_cut_and_longer),
		cmocka_unit_test(test_chunks_moved),       cmocka_unit_test(test_sink_fails),
		cmocka_unit_test(test_header_forms),       cmocka_unit_test(test_endless_header),
	};
	return sodium_init() < 0 || cmocka_run_group_tests(tests, NULL, NULL);
}
