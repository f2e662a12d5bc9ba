/*
 * Device seam: frames from a camera. Used by gatehouse-scanner only.
 */
#ifndef HAL_CAMERA_H
#define HAL_CAMERA_H

#include "base/defs.h"

enum pixel_format { PIXEL_YUYV, PIXEL_NV12, PIXEL_GREY, PIXEL_MJPEG, PIXEL_FORMAT_COUNT_ };

struct camera_frame {
	enum pixel_format format;
	uint32_t width, height, stride_bytes; /* stride of the first plane; 0 for MJPEG */
	const uint8_t *data; /* owned by the camera until release */
	size_t len;
	uint32_t token; /* for release */
	uint32_t seq;
};

struct camera {
	int (*fd)(void *ctx); /* poll for POLLIN before next */
	/* 1 a frame, 0 none now, negative errno: the camera is gone or broken. Never blocks. */
	int (*next)(void *ctx, struct camera_frame *frame);
	/* Gives the buffer back. 0 or negative errno. */
	int (*release)(void *ctx, const struct camera_frame *frame);
	void (*close)(void *ctx);
	void *ctx;
};

/*
 * Opens a V4L2 device, negotiates a format from {YUYV, NV12, GREY, MJPEG} nearest to width x
 * height, maps 4 buffers and starts streaming. Errors: errno of the failing call, -ENOTSUP no
 * usable format.
 */
MUST_CHECK int camera_v4l2_open(struct camera *out, const char *path, uint32_t width,
				uint32_t height);

#endif
