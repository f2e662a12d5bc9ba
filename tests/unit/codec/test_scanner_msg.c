#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "codec/scanner_msg.h"

static uint8_t packet[SCANNER_MSG_MAX + 1];

static void test_state(void **state)
{
	(void)state;
	struct scanner_msg out, in = { .type = SCANNER_STATE,
				       .camera = SCANNER_CAMERA_ABSENT,
				       .error = ENODEV,
				       .width = 1280,
				       .height = 720 };
	static const uint8_t expected[] = { 1, 2, 0, 0, 0, 19, 0, 0, 5, 0, 0, 0, 2, 0xD0 };
	size_t len = scanner_msg_encode(&in, packet, sizeof(packet));
	assert_int_equal(len, sizeof(expected));
	assert_memory_equal(packet, expected, len);
	assert_true(scanner_msg_decode(&out, packet, len));
	assert_memory_equal(&in, &out, sizeof(in));
}

static void test_frame_of_every_length(void **state)
{
	(void)state;
	for (int len = 0; len <= SCANNER_PAYLOAD_MAX; len++) {
		struct scanner_msg out, in = { .type = SCANNER_FRAME,
					       .seq = 0xFEDCBA98U,
					       .decode_us = 22000,
					       .luma_mean = 255,
					       .preview_slot = len % 2 ? 255 : 2,
					       .payload_len = (uint16_t)len };
		for (int i = 0; i < len; i++)
			in.payload[i] = (uint8_t)(i * 7); /* zero bytes too */
		size_t n = scanner_msg_encode(&in, packet, sizeof(packet));
		assert_true(n <= SCANNER_MSG_MAX);
		assert_true(scanner_msg_decode(&out, packet, n));
		assert_memory_equal(&in, &out, sizeof(in));
	}
}

static void test_want(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++) {
		struct scanner_msg out,
			in = { .type = SCANNER_WANT, .decode = i & 1, .preview = i & 2 };
		size_t n = scanner_msg_encode(&in, packet, sizeof(packet));
		assert_int_equal(n, 2);
		assert_true(scanner_msg_decode(&out, packet, n));
		assert_int_equal(out.decode, in.decode);
		assert_int_equal(out.preview, in.preview);
	}
}

/* Every shorter and every longer packet is refused. */
static void test_length_is_exact(void **state)
{
	(void)state;
	const struct scanner_msg samples[] = {
		{ .type = SCANNER_STATE, .camera = SCANNER_CAMERA_STREAMING },
		{ .type = SCANNER_FRAME, .payload_len = 5, .payload = "hello" },
		{ .type = SCANNER_WANT, .decode = true },
	};
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		struct scanner_msg out;
		size_t n = scanner_msg_encode(&samples[i], packet, sizeof(packet));
		for (size_t cut = 0; cut < n; cut++)
			assert_false(scanner_msg_decode(&out, packet, cut));
		packet[n] = 0;
		assert_false(scanner_msg_decode(&out, packet, n + 1));
	}
}

static void test_ranges(void **state)
{
	(void)state;
	static const struct {
		uint8_t bytes[14];
		size_t len;
	} BAD[] = {
		{ { 0 }, 1 }, /* no such type */
		{ { 4, 0 }, 2 },
		{ { 3, 4 }, 2 }, /* unknown flag */
		{ { 1, 4 }, 14 }, /* no such camera state */
		{ { 1, 1, 0x80 }, 14 }, /* negative error */
		{ { 1, 1, 0, 0, 0x10, 0 }, 14 }, /* no such errno */
		{ { 1, 1, 0, 0, 0, 0, 0, 0, 0x40, 1 }, 14 }, /* wider than any camera */
		{ { 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0 }, 13 }, /* no such slot */
		{ { 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 254, 0, 0 }, 13 },
	};
	struct scanner_msg out;
	for (size_t i = 0; i < ARRAY_LEN(BAD); i++)
		assert_false(scanner_msg_decode(&out, BAD[i].bytes, BAD[i].len));
	/* A payload longer than allowed, really sent. */
	memset(packet, 0, sizeof(packet));
	packet[0] = SCANNER_FRAME;
	packet[10] = 255;
	packet[11] = (SCANNER_PAYLOAD_MAX + 1) >> 8;
	packet[12] = (SCANNER_PAYLOAD_MAX + 1) & 0xFF;
	assert_false(scanner_msg_decode(&out, packet, 13 + SCANNER_PAYLOAD_MAX + 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_state),  cmocka_unit_test(test_frame_of_every_length),
		cmocka_unit_test(test_want),   cmocka_unit_test(test_length_is_exact),
		cmocka_unit_test(test_ranges),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
