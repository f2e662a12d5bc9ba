/*
 * Layouts, all integers big-endian, nothing before or after them in the packet:
 *
 *   STATE  type(1) camera(1) error(4) width(4) height(4)
 *   FRAME  type(1) seq(4) decode_us(4) luma_mean(1) preview_slot(1) payload_len(2) payload
 *   WANT   type(1) flags(1): bit 0 decode, bit 1 preview, the others 0
 *
 * The scanner parses strangers' pictures, so the kiosk trusts no number that comes from it: every
 * field is held to its range here, and a packet of any other length is refused.
 */
#include "codec/scanner_msg.h"

#include <string.h>

#include "base/bytes.h"

#define FLAG_DECODE 1U
#define FLAG_PREVIEW 2U
#define NO_PREVIEW 255
/* Larger than any camera; keeps width * height far from overflow in whoever multiplies. */
#define CAMERA_SIDE_MAX 16384U
/* Above every errno of Linux (MAX_ERRNO in include/linux/err.h). */
#define ERRNO_MAX 4095

static_assert(SCANNER_CAMERA_COUNT_ <= 256, "camera state travels as one byte");
static_assert(SCANNER_PAYLOAD_MAX <= UINT16_MAX, "payload length travels as two bytes");

static void encode_state(struct writer *w, const struct scanner_msg *msg)
{
	write_uint(w, msg->camera, 1);
	write_uint(w, (uint32_t)msg->error, 4);
	write_uint(w, msg->width, 4);
	write_uint(w, msg->height, 4);
}

static void encode_frame(struct writer *w, const struct scanner_msg *msg)
{
	assert(msg->payload_len <= SCANNER_PAYLOAD_MAX);
	write_uint(w, msg->seq, 4);
	write_uint(w, msg->decode_us, 4);
	write_uint(w, msg->luma_mean, 1);
	write_uint(w, msg->preview_slot, 1);
	write_uint(w, msg->payload_len, 2);
	write_bytes(w, msg->payload, msg->payload_len);
}

size_t scanner_msg_encode(const struct scanner_msg *msg, uint8_t *out, size_t cap)
{
	struct writer w = { .data = out, .cap = cap };

	write_uint(&w, msg->type, 1);
	switch (msg->type) {
	case SCANNER_STATE:
		encode_state(&w, msg);
		break;
	case SCANNER_FRAME:
		encode_frame(&w, msg);
		break;
	case SCANNER_WANT:
		write_uint(&w, (msg->decode ? FLAG_DECODE : 0) | (msg->preview ? FLAG_PREVIEW : 0),
			   1);
		break;
	}
	assert(!w.bad);
	return w.len;
}

static bool decode_state(struct reader *r, struct scanner_msg *msg)
{
	uint64_t camera = read_uint(r, 1);
	uint64_t error = read_uint(r, 4);

	msg->width = (uint32_t)read_uint(r, 4);
	msg->height = (uint32_t)read_uint(r, 4);
	if (camera >= SCANNER_CAMERA_COUNT_ || error > ERRNO_MAX || msg->width > CAMERA_SIDE_MAX ||
	    msg->height > CAMERA_SIDE_MAX)
		return false;
	msg->camera = (enum scanner_camera)camera;
	msg->error = (int32_t)error;
	return true;
}

static bool decode_frame(struct reader *r, struct scanner_msg *msg)
{
	msg->seq = (uint32_t)read_uint(r, 4);
	msg->decode_us = (uint32_t)read_uint(r, 4);
	msg->luma_mean = (uint8_t)read_uint(r, 1);
	msg->preview_slot = (uint8_t)read_uint(r, 1);
	msg->payload_len = (uint16_t)read_uint(r, 2);
	if (msg->payload_len > SCANNER_PAYLOAD_MAX)
		return false;
	if (msg->preview_slot >= PREVIEW_SLOTS && msg->preview_slot != NO_PREVIEW)
		return false;
	const uint8_t *payload = read_bytes(r, msg->payload_len);
	if (payload)
		memcpy(msg->payload, payload, msg->payload_len);
	return true;
}

static bool decode_want(struct reader *r, struct scanner_msg *msg)
{
	uint64_t flags = read_uint(r, 1);

	msg->decode = (flags & FLAG_DECODE) != 0;
	msg->preview = (flags & FLAG_PREVIEW) != 0;
	return (flags & ~(uint64_t)(FLAG_DECODE | FLAG_PREVIEW)) == 0;
}

bool scanner_msg_decode(struct scanner_msg *msg, const uint8_t *packet, size_t len)
{
	struct reader r = { .data = packet, .len = len };
	bool good = false;

	memset(msg, 0, sizeof(*msg));
	switch (read_uint(&r, 1)) {
	case SCANNER_STATE:
		msg->type = SCANNER_STATE;
		good = decode_state(&r, msg);
		break;
	case SCANNER_FRAME:
		msg->type = SCANNER_FRAME;
		good = decode_frame(&r, msg);
		break;
	case SCANNER_WANT:
		msg->type = SCANNER_WANT;
		good = decode_want(&r, msg);
		break;
	default:
		break;
	}
	return good && !r.bad && r.at == len;
}
