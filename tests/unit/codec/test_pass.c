#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sodium.h>

#include "codec/base45.h"
#include "codec/pass.h"

static const uint8_t seed[PASS_SEED_BYTES] = { 1, 2, 3, 4 };
static const uint8_t foreign_seed[PASS_SEED_BYTES] = { 9, 9, 9 };

static const struct pass sample = {
	.key_id = 7,
	.site = 0x01020304,
	.serial = UINT64_C(0x1122334455667788),
	.person_class = 1,
	.flags = PASS_FLAG_SINGLE_USE | PASS_FLAG_ESCORT,
	.zones = 0xA55A,
	.not_before_s = 1795392000,
	.expires_s = 1795406400,
	.max_uses = 2,
	.bind = 0xDEADBEEF,
};

static struct pass_key key_of(const uint8_t *from, uint8_t key_id, uint32_t site)
{
	struct pass_key key = { .key_id = key_id, .site = site };

	pass_public(from, key.public_key);
	return key;
}

static enum pass_parse verify(const char *text, size_t len, struct pass *out)
{
	struct pass_key key = key_of(seed, sample.key_id, sample.site);

	return pass_verify(out, text, len, &key, 1);
}

static void assert_same(const struct pass *a, const struct pass *b)
{
	assert_int_equal(a->key_id, b->key_id);
	assert_int_equal(a->site, b->site);
	assert_true(a->serial == b->serial);
	assert_int_equal(a->person_class, b->person_class);
	assert_int_equal(a->flags, b->flags);
	assert_int_equal(a->zones, b->zones);
	assert_int_equal(a->not_before_s, b->not_before_s);
	assert_int_equal(a->expires_s, b->expires_s);
	assert_int_equal(a->max_uses, b->max_uses);
	assert_int_equal(a->bind, b->bind);
}

static void token_of(const char *text, uint8_t token[PASS_TOKEN_BYTES])
{
	size_t len;

	assert_true(base45_decode(text + 4, strlen(text) - 4, token, PASS_TOKEN_BYTES, &len));
	assert_int_equal(len, PASS_TOKEN_BYTES);
}

/* A text around any token, and its signature made good when asked for. */
static void text_of(uint8_t token[PASS_TOKEN_BYTES], const uint8_t *sign_with, char *text)
{
	uint8_t pk[32], sk[64], message[4 + PASS_BODY_BYTES] = "KP1";

	if (sign_with) {
		memcpy(message + 4, token, PASS_BODY_BYTES);
		crypto_sign_seed_keypair(pk, sk, sign_with);
		crypto_sign_detached(token + PASS_BODY_BYTES, NULL, message, sizeof(message), sk);
	}
	memcpy(text, "KP1:", 4);
	base45_encode(token, PASS_TOKEN_BYTES, text + 4);
}

/* RFC 8032, 7.1, TEST 1. */
static void test_public_key_vector(void **state)
{
	(void)state;
	uint8_t rfc_seed[32], expected[32], got[32];
	size_t n;
	sodium_hex2bin(rfc_seed, 32,
		       "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", 64, NULL,
		       &n, NULL);
	sodium_hex2bin(expected, 32,
		       "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", 64, NULL,
		       &n, NULL);
	pass_public(rfc_seed, got);
	assert_memory_equal(got, expected, 32);
}

static void test_layout_and_alphabet(void **state)
{
	(void)state;
	static const uint8_t body[PASS_BODY_BYTES] = {
		1,    7,    1,    2,    3,    4,    0x11, 0x22, 0x33, 0x44, 0x55,
		0x66, 0x77, 0x88, 1,    0x11, 0xA5, 0x5A, 0x6B, 0x03, 0x82, 0x00,
		0x6B, 0x03, 0xBA, 0x40, 2,    0xDE, 0xAD, 0xBE, 0xEF,
	};
	char text[PASS_TEXT_BYTES], again[PASS_TEXT_BYTES];
	uint8_t token[PASS_TOKEN_BYTES];
	pass_sign(&sample, seed, text);
	assert_int_equal(strlen(text), 147);
	assert_int_equal(strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"), 147);
	token_of(text, token);
	assert_memory_equal(token, body, sizeof(body));
	pass_sign(&sample, seed, again); /* Ed25519 has no randomness */
	assert_string_equal(again, text);
	text_of(token, seed, again); /* the message is "KP1\0" and the body */
	assert_string_equal(again, text);
}

static void test_round_trips(void **state)
{
	(void)state;
	uint64_t x = 88172645463325252U;
	for (int i = 0; i < 200; i++) {
		struct pass pass, got;
		char text[PASS_TEXT_BYTES];
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		pass = (struct pass){
			.key_id = sample.key_id,
			.site = sample.site,
			.serial = x,
			.person_class = (uint8_t)(x >> 3),
			.flags = (uint8_t)((x >> 5) & (PASS_FLAGS_KNOWN | 0x0F)),
			.zones = (uint16_t)(x >> 7),
			.not_before_s = (uint32_t)(x >> 11),
			.expires_s = (uint32_t)(x >> 13),
			.max_uses = (uint8_t)(x >> 17),
			.bind = (uint32_t)(x >> 23),
		};
		pass_sign(&pass, seed, text);
		assert_int_equal(verify(text, strlen(text), &got), PASS_PARSE_OK);
		assert_same(&got, &pass);
	}
}

static void test_every_single_bit_of_the_token(void **state)
{
	(void)state;
	char text[PASS_TEXT_BYTES], bent[PASS_TEXT_BYTES];
	uint8_t token[PASS_TOKEN_BYTES];
	struct pass got;
	pass_sign(&sample, seed, text);
	token_of(text, token);
	for (int bit = 0; bit < PASS_TOKEN_BYTES * 8; bit++) {
		token[bit / 8] ^= (uint8_t)(1 << bit % 8);
		text_of(token, NULL, bent);
		assert_int_not_equal(verify(bent, strlen(bent), &got), PASS_PARSE_OK);
		token[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	text_of(token, NULL, bent);
	assert_int_equal(verify(bent, strlen(bent), &got), PASS_PARSE_OK);
}

/* Any other character at any place of the text. */
static void test_every_other_character_of_the_text(void **state)
{
	(void)state;
	char text[PASS_TEXT_BYTES];
	struct pass got;
	pass_sign(&sample, seed, text);
	size_t len = strlen(text);
	for (size_t at = 0; at < len; at++) {
		char was = text[at];
		for (int c = 0; c < 256; c += at % 16 == 0 ? 1 : 7) {
			if ((char)c == was)
				continue;
			text[at] = (char)c;
			assert_int_not_equal(verify(text, len, &got), PASS_PARSE_OK);
		}
		text[at] = was;
	}
	assert_int_equal(verify(text, len, &got), PASS_PARSE_OK);
}

static void test_every_other_length(void **state)
{
	(void)state;
	char text[PASS_TEXT_BYTES] = { 0 };
	struct pass got;
	pass_sign(&sample, seed, text);
	size_t len = strlen(text);
	for (size_t n = 0; n < len; n++)
		assert_int_equal(verify(text, n, &got),
				 n < 4 ? PASS_PARSE_NOT_A_PASS : PASS_PARSE_MALFORMED);
	memcpy(text + len, "00 A", 5);
	for (size_t n = len + 1; n <= len + 4; n++)
		assert_int_equal(verify(text, n, &got), PASS_PARSE_MALFORMED);
	memmove(text + 5, text + 4, len - 3); /* a blank after the prefix */
	text[4] = ' ';
	assert_int_equal(verify(text, len + 1, &got), PASS_PARSE_MALFORMED);
}

static void test_other_codes(void **state)
{
	(void)state;
	const char *others[] = {
		"", "KP1", "kp1:ABC", "HC1:6BF", "https://example.org/", "KP2:00"
	};
	struct pass got;
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		assert_int_equal(verify(others[i], strlen(others[i]), &got), PASS_PARSE_NOT_A_PASS);
	assert_int_equal(verify("KP1:", 4, &got), PASS_PARSE_MALFORMED);
}

static void test_version_and_flags(void **state)
{
	(void)state;
	char text[PASS_TEXT_BYTES];
	uint8_t token[PASS_TOKEN_BYTES];
	struct pass got;
	pass_sign(&sample, seed, text);
	token_of(text, token);
	for (int version = 0; version < 256; version++) {
		token[0] = (uint8_t)version;
		text_of(token, seed, text); /* well signed all the same */
		assert_int_equal(verify(text, strlen(text), &got),
				 version == 1 ? PASS_PARSE_OK : PASS_PARSE_MALFORMED);
	}
	token[0] = 1;
	for (int flags = 0; flags < 256; flags++) {
		token[15] = (uint8_t)flags;
		text_of(token, seed, text);
		assert_int_equal(verify(text, strlen(text), &got),
				 flags & 0x80 ? PASS_PARSE_MALFORMED : PASS_PARSE_OK);
	}
}

static void test_keys(void **state)
{
	(void)state;
	const struct pass_key right = key_of(seed, sample.key_id, sample.site);
	const struct pass_key wrong = key_of(foreign_seed, sample.key_id, sample.site);
	const struct pass_key other_id = key_of(seed, 8, sample.site);
	const struct pass_key other_site = key_of(seed, sample.key_id, sample.site + 1);
	char text[PASS_TEXT_BYTES];
	struct pass got = { .serial = 5 };
	pass_sign(&sample, seed, text);
	assert_int_equal(pass_verify(&got, text, strlen(text), &wrong, 1),
			 PASS_PARSE_BAD_SIGNATURE);
	assert_true(got.serial == 5); /* nothing of a forged pass comes out */
	const struct pass_key strangers[] = { other_id, other_site };
	assert_int_equal(pass_verify(&got, text, strlen(text), strangers, 2),
			 PASS_PARSE_UNKNOWN_KEY);
	assert_same(&got, &sample);
	assert_int_equal(pass_verify(&got, text, strlen(text), NULL, 0), PASS_PARSE_UNKNOWN_KEY);
	/* two keys of one number: any may be the one; the order does not matter */
	const struct pass_key a[] = { wrong, other_id, right }, b[] = { right, wrong };
	assert_int_equal(pass_verify(&got, text, strlen(text), a, 3), PASS_PARSE_OK);
	assert_int_equal(pass_verify(&got, text, strlen(text), b, 2), PASS_PARSE_OK);
	pass_sign(&sample, foreign_seed, text);
	assert_int_equal(verify(text, strlen(text), &got), PASS_PARSE_BAD_SIGNATURE);
}

/* A signature over the body alone, or under another prefix, is not a pass. */
static void test_domain(void **state)
{
	(void)state;
	char text[PASS_TEXT_BYTES];
	uint8_t token[PASS_TOKEN_BYTES], pk[32], sk[64];
	struct pass got;
	pass_sign(&sample, seed, text);
	token_of(text, token);
	crypto_sign_seed_keypair(pk, sk, seed);
	crypto_sign_detached(token + PASS_BODY_BYTES, NULL, token, PASS_BODY_BYTES, sk);
	text_of(token, NULL, text);
	assert_int_equal(verify(text, strlen(text), &got), PASS_PARSE_BAD_SIGNATURE);
}

/* S + L signs the same message in plain Ed25519 arithmetic (RFC 8032, 8.4): must be refused. */
static void test_no_second_signature(void **state)
{
	(void)state;
	static const uint8_t order[32] = { 0xED, 0xD3, 0xF5, 0x5C, 0x1A,       0x63,
					   0x12, 0x58, 0xD6, 0x9C, 0xF7,       0xA2,
					   0xDE, 0xF9, 0xDE, 0x14, [31] = 0x10 };
	char text[PASS_TEXT_BYTES];
	uint8_t token[PASS_TOKEN_BYTES];
	struct pass got;
	pass_sign(&sample, seed, text);
	token_of(text, token);
	sodium_add(token + PASS_BODY_BYTES + 32, order, 32);
	text_of(token, NULL, text);
	assert_int_equal(verify(text, strlen(text), &got), PASS_PARSE_BAD_SIGNATURE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_public_key_vector),
		cmocka_unit_test(test_layout_and_alphabet),
		cmocka_unit_test(test_round_trips),
		cmocka_unit_test(test_every_single_bit_of_the_token),
		cmocka_unit_test(test_every_other_character_of_the_text),
		cmocka_unit_test(test_every_other_length),
		cmocka_unit_test(test_other_codes),
		cmocka_unit_test(test_version_and_flags),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_domain),
		cmocka_unit_test(test_no_second_signature),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
