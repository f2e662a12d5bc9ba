/*
 * V4L2 capture by memory-mapped streaming (Linux media userspace API, "Streaming I/O (Memory
 * Mapping)"). The device is opened non-blocking, so DQBUF answers EAGAIN instead of waiting.
 *
 * Life of a buffer: QBUF gives it to the driver, DQBUF takes it back filled, next() lends it to the
 * caller, release() is QBUF again. A buffer the driver marks as damaged (V4L2_BUF_FLAG_ERROR) goes
 * straight back: the next one may be good.
 *
 * Format: for each pixel format the driver is asked what it would make of the wanted size; the
 * nearest size wins, and between equals the format that costs least: grey needs a copy, MJPEG a
 * decoder.
 */
#include "hal/camera_v4l2.h"

#include <fcntl.h>
#include <linux/videodev2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#define BUFFERS 4

/* Cheapest first. */
static const struct {
	uint32_t fourcc;
	enum pixel_format format;
} FORMATS[] = {
	{ V4L2_PIX_FMT_GREY, PIXEL_GREY },
	{ V4L2_PIX_FMT_NV12, PIXEL_NV12 },
	{ V4L2_PIX_FMT_YUYV, PIXEL_YUYV },
	{ V4L2_PIX_FMT_MJPEG, PIXEL_MJPEG },
};

struct v4l2_camera {
	struct v4l2_port port;
	int fd;
	enum pixel_format format;
	uint32_t width, height, stride_bytes;
	unsigned buffers;
	struct {
		void *map;
		size_t len;
	} buffer[BUFFERS];
};

static int call(struct v4l2_camera *c, unsigned long request, void *arg)
{
	int r;

	do
		r = c->port.ioctl(c->port.ctx, c->fd, request, arg);
	while (r == -EINTR);
	return r < 0 ? r : 0;
}

static int check_capabilities(struct v4l2_camera *c)
{
	struct v4l2_capability cap = { 0 };
	int r = call(c, VIDIOC_QUERYCAP, &cap);

	if (r)
		return r == -ENOTTY ? -ENOTSUP : r; /* not a V4L2 device at all */
	uint32_t caps =
		cap.capabilities & V4L2_CAP_DEVICE_CAPS ? cap.device_caps : cap.capabilities;
	uint32_t needed = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
	return (caps & needed) == needed ? 0 : -ENOTSUP;
}

static uint32_t distance(uint32_t a, uint32_t b)
{
	return a > b ? a - b : b - a;
}

static struct v4l2_format format_request(uint32_t fourcc, uint32_t width, uint32_t height)
{
	struct v4l2_format f = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE };

	f.fmt.pix.width = width;
	f.fmt.pix.height = height;
	f.fmt.pix.pixelformat = fourcc;
	f.fmt.pix.field = V4L2_FIELD_NONE;
	return f;
}

/* The row of FORMATS that comes nearest, or -1. Drivers answer an unknown format with another one.
 */
static int choose_format(struct v4l2_camera *c, uint32_t width, uint32_t height)
{
	int best = -1;
	uint64_t best_distance = UINT64_MAX;

	for (size_t i = 0; i < ARRAY_LEN(FORMATS); i++) {
		struct v4l2_format f = format_request(FORMATS[i].fourcc, width, height);
		if (call(c, VIDIOC_TRY_FMT, &f) || f.fmt.pix.pixelformat != FORMATS[i].fourcc)
			continue;
		uint64_t d = (uint64_t)distance(f.fmt.pix.width, width) +
			     distance(f.fmt.pix.height, height);
		if (d < best_distance) {
			best = (int)i;
			best_distance = d;
		}
	}
	return best;
}

static int set_format(struct v4l2_camera *c, uint32_t width, uint32_t height)
{
	int chosen = choose_format(c, width, height);

	if (chosen < 0)
		return -ENOTSUP;
	struct v4l2_format f = format_request(FORMATS[chosen].fourcc, width, height);
	int r = call(c, VIDIOC_S_FMT, &f);
	if (r)
		return r;
	if (f.fmt.pix.pixelformat != FORMATS[chosen].fourcc)
		return -ENOTSUP;
	c->format = FORMATS[chosen].format;
	c->width = f.fmt.pix.width;
	c->height = f.fmt.pix.height;
	c->stride_bytes = c->format == PIXEL_MJPEG ? 0 : f.fmt.pix.bytesperline;
	return 0;
}

static int give_back(struct v4l2_camera *c, uint32_t index)
{
	struct v4l2_buffer b = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
				 .memory = V4L2_MEMORY_MMAP,
				 .index = index };
	return call(c, VIDIOC_QBUF, &b);
}

static int map_buffer(struct v4l2_camera *c, unsigned index)
{
	struct v4l2_buffer b = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
				 .memory = V4L2_MEMORY_MMAP,
				 .index = index };
	int r = call(c, VIDIOC_QUERYBUF, &b);

	if (r)
		return r;
	r = c->port.mmap(c->port.ctx, c->fd, b.length, b.m.offset, &c->buffer[index].map);
	if (r)
		return r;
	c->buffer[index].len = b.length;
	c->buffers = index + 1;
	return give_back(c, index);
}

static int start_streaming(struct v4l2_camera *c)
{
	struct v4l2_requestbuffers request = { .count = BUFFERS,
					       .type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
					       .memory = V4L2_MEMORY_MMAP };
	int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
	int r = call(c, VIDIOC_REQBUFS, &request);

	if (r)
		return r;
	/* A driver may give fewer or more; with one there would be none while it is lent. */
	if (request.count < 2)
		return -ENOMEM;
	unsigned count = request.count < BUFFERS ? request.count : BUFFERS;
	for (unsigned i = 0; i < count; i++) {
		r = map_buffer(c, i);
		if (r)
			return r;
	}
	return call(c, VIDIOC_STREAMON, &type);
}

static int v4l2_fd(void *ctx)
{
	struct v4l2_camera *c = ctx;
	return c->fd;
}

static int v4l2_next(void *ctx, struct camera_frame *frame)
{
	struct v4l2_camera *c = ctx;
	struct v4l2_buffer b = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP };
	int r = call(c, VIDIOC_DQBUF, &b);

	if (r)
		return r == -EAGAIN ? 0 : r;
	if (b.index >= c->buffers)
		return -EPROTO;
	if ((b.flags & V4L2_BUF_FLAG_ERROR) || b.bytesused == 0 ||
	    b.bytesused > c->buffer[b.index].len)
		return give_back(c, b.index);
	*frame = (struct camera_frame){
		.format = c->format,
		.width = c->width,
		.height = c->height,
		.stride_bytes = c->stride_bytes,
		.data = c->buffer[b.index].map,
		.len = b.bytesused,
		.token = b.index,
		.seq = b.sequence,
	};
	return 1;
}

static int v4l2_release(void *ctx, const struct camera_frame *frame)
{
	return give_back(ctx, frame->token);
}

static void v4l2_close(void *ctx)
{
	struct v4l2_camera *c = ctx;

	for (unsigned i = 0; i < c->buffers; i++)
		c->port.munmap(c->port.ctx, c->buffer[i].map, c->buffer[i].len);
	if (c->fd >= 0)
		c->port.close(c->port.ctx, c->fd); /* also stops the stream */
	free(c);
}

int camera_v4l2_open_port(struct camera *out, const struct v4l2_port *port, const char *path,
			  uint32_t width, uint32_t height)
{
	struct v4l2_camera *c = calloc(1, sizeof(*c));

	if (!c)
		return -ENOMEM;
	c->port = *port;
	c->fd = port->open(port->ctx, path);
	int r = c->fd < 0 ? c->fd : check_capabilities(c);
	if (r == 0)
		r = set_format(c, width, height);
	if (r == 0)
		r = start_streaming(c);
	if (r) {
		v4l2_close(c);
		return r;
	}
	*out = (struct camera){ .fd = v4l2_fd,
				.next = v4l2_next,
				.release = v4l2_release,
				.close = v4l2_close,
				.ctx = c };
	return 0;
}

static int kernel_open(void *ctx, const char *path)
{
	(void)ctx;
	int fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int kernel_ioctl(void *ctx, int fd, unsigned long request, void *arg)
{
	(void)ctx;
	return ioctl(fd, request, arg) < 0 ? -errno : 0;
}

static int kernel_mmap(void *ctx, int fd, size_t len, uint32_t offset, void **map)
{
	(void)ctx;
	void *p = mmap(NULL, len, PROT_READ, MAP_SHARED, fd, offset);
	if (p == MAP_FAILED)
		return -errno;
	*map = p;
	return 0;
}

static void kernel_munmap(void *ctx, void *map, size_t len)
{
	(void)ctx;
	munmap(map, len);
}

static void kernel_close(void *ctx, int fd)
{
	(void)ctx;
	close(fd);
}

int camera_v4l2_open(struct camera *out, const char *path, uint32_t width, uint32_t height)
{
	const struct v4l2_port port = { .open = kernel_open,
					.ioctl = kernel_ioctl,
					.mmap = kernel_mmap,
					.munmap = kernel_munmap,
					.close = kernel_close };
	return camera_v4l2_open_port(out, &port, path, width, height);
}
