/*
 * Messages between gatehouse and gatehouse-scanner over a SOCK_SEQPACKET pair: one message a
 * packet, big-endian, length-checked. Layouts are in scanner_msg.c. Pure.
 */
#ifndef CODEC_SCANNER_MSG_H
#define CODEC_SCANNER_MSG_H

#include "base/defs.h"

#define SCANNER_PAYLOAD_MAX 2048
#define SCANNER_MSG_MAX (SCANNER_PAYLOAD_MAX + 64)

/* Preview pictures: PREVIEW_SLOTS grey images in shared memory, written round robin. */
#define PREVIEW_WIDTH 480
#define PREVIEW_HEIGHT 270
#define PREVIEW_SLOTS 3
#define PREVIEW_BYTES ((size_t)PREVIEW_WIDTH * PREVIEW_HEIGHT * PREVIEW_SLOTS)

enum scanner_msg_type {
	SCANNER_STATE = 1, /* scanner -> kiosk: camera state changed */
	SCANNER_FRAME, /* scanner -> kiosk: a frame was looked at */
	SCANNER_WANT, /* kiosk -> scanner: what to do with frames */
};

enum scanner_camera {
	SCANNER_CAMERA_STARTING,
	SCANNER_CAMERA_STREAMING,
	SCANNER_CAMERA_ABSENT,
	SCANNER_CAMERA_FAILED,
	SCANNER_CAMERA_COUNT_
};

struct scanner_msg {
	enum scanner_msg_type type;
	/* SCANNER_STATE */
	enum scanner_camera camera;
	int32_t error; /* errno behind ABSENT or FAILED */
	uint32_t width, height;
	/* SCANNER_FRAME */
	uint32_t seq;
	uint32_t decode_us;
	uint8_t luma_mean; /* 0..255, for the lamp and for "too dark" */
	uint8_t preview_slot; /* 0..PREVIEW_SLOTS-1, or 255 when no preview was drawn */
	uint16_t payload_len; /* 0: no code in view */
	uint8_t payload[SCANNER_PAYLOAD_MAX];
	/* SCANNER_WANT */
	bool decode, preview;
};

/* Bytes written to out (cap >= SCANNER_MSG_MAX). */
size_t scanner_msg_encode(const struct scanner_msg *msg, uint8_t *out, size_t cap);

/* False on any malformed packet; *msg is then unspecified. */
MUST_CHECK bool scanner_msg_decode(struct scanner_msg *msg, const uint8_t *packet, size_t len);

#endif
