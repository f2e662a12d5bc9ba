/*
 * The real V4L2 code over a false driver: the five calls of struct v4l2_port, answered as the
 * kernel documentation says drivers answer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <linux/videodev2.h>

#include "hal/camera_v4l2.h"

#define DEVICE_FD 40
#define BUFFERS_MAX 8

enum call { OPEN, QUERYCAP, TRY_FMT, S_FMT, REQBUFS, QUERYBUF, QBUF, DQBUF, STREAMON, MMAP, CALLS };

struct offer {
	uint32_t fourcc, width, height, stride;
};

struct driver {
	uint32_t caps, device_caps;
	struct offer offers[4]; /* the only size of each format */
	uint32_t buffers, buffer_len; /* what REQBUFS grants */
	enum call fails; /* from its fails_after-th use on */
	int fails_after, error;
	int used[CALLS];
	bool is_open, streaming;
	int mapped;
	uint8_t *memory[BUFFERS_MAX];
	bool queued[BUFFERS_MAX];
	uint32_t set_fourcc;
	/* next to be dequeued */
	int filled; /* index, -1 none */
	uint32_t bytesused, flags, sequence;
};

static int use(struct driver *d, enum call call)
{
	return ++d->used[call] >= d->fails_after && d->fails == call && d->error ? d->error : 0;
}

static int driver_open(void *ctx, const char *path)
{
	struct driver *d = ctx;
	assert_string_equal(path, "/dev/video0");
	int r = use(d, OPEN);
	d->is_open = r == 0;
	return r ? r : DEVICE_FD;
}

/* As drivers do: an unknown format becomes the first one they have, any size the only one. */
static void adjust(const struct driver *d, struct v4l2_format *f)
{
	const struct offer *chosen = &d->offers[0];
	assert_int_equal(f->type, V4L2_BUF_TYPE_VIDEO_CAPTURE);
	for (size_t i = 0; i < ARRAY_LEN(d->offers); i++)
		if (d->offers[i].fourcc == f->fmt.pix.pixelformat)
			chosen = &d->offers[i];
	f->fmt.pix.pixelformat = chosen->fourcc;
	f->fmt.pix.width = chosen->width;
	f->fmt.pix.height = chosen->height;
	f->fmt.pix.bytesperline = chosen->stride;
}

static int capabilities(struct driver *d, struct v4l2_capability *cap)
{
	cap->capabilities = d->caps;
	cap->device_caps = d->device_caps;
	return use(d, QUERYCAP);
}

static int query(struct driver *d, struct v4l2_buffer *b)
{
	assert_int_equal(b->memory, V4L2_MEMORY_MMAP);
	assert_true(b->index < d->buffers);
	b->length = d->buffer_len;
	b->m.offset = b->index * 0x1000;
	return use(d, QUERYBUF);
}

static int enqueue(struct driver *d, const struct v4l2_buffer *b)
{
	int r = use(d, QBUF);
	if (r)
		return r;
	assert_int_equal(b->type, V4L2_BUF_TYPE_VIDEO_CAPTURE);
	assert_true(b->index < d->buffers);
	assert_false(d->queued[b->index]);
	d->queued[b->index] = true;
	return 0;
}

static int dequeue(struct driver *d, struct v4l2_buffer *b)
{
	int r = use(d, DQBUF);
	if (r)
		return r;
	assert_true(d->streaming);
	if (d->filled < 0)
		return -EAGAIN;
	b->index = (uint32_t)d->filled;
	b->bytesused = d->bytesused;
	b->flags = d->flags;
	b->sequence = d->sequence++;
	if (d->filled < BUFFERS_MAX) {
		assert_true(d->queued[d->filled]);
		d->queued[d->filled] = false;
	}
	d->filled = -1;
	return 0;
}

static int driver_ioctl(void *ctx, int fd, unsigned long request, void *arg)
{
	struct driver *d = ctx;
	struct v4l2_requestbuffers *buffers = arg;
	struct v4l2_format *format = arg;

	assert_int_equal(fd, DEVICE_FD);
	switch (request) {
	case VIDIOC_QUERYCAP:
		return capabilities(d, arg);
	case VIDIOC_TRY_FMT:
		adjust(d, format);
		return use(d, TRY_FMT);
	case VIDIOC_S_FMT:
		adjust(d, format);
		d->set_fourcc = format->fmt.pix.pixelformat;
		return use(d, S_FMT);
	case VIDIOC_REQBUFS:
		assert_int_equal(buffers->count, 4);
		buffers->count = d->buffers;
		return use(d, REQBUFS);
	case VIDIOC_QUERYBUF:
		return query(d, arg);
	case VIDIOC_QBUF:
		return enqueue(d, arg);
	case VIDIOC_DQBUF:
		return dequeue(d, arg);
	case VIDIOC_STREAMON:
		d->streaming = true;
		return use(d, STREAMON);
	default:
		fail_msg("unexpected ioctl %#lx", request);
		return -ENOTTY;
	}
}

static int driver_mmap(void *ctx, int fd, size_t len, uint32_t offset, void **map)
{
	struct driver *d = ctx;
	int r = use(d, MMAP);
	if (r)
		return r;
	assert_int_equal(fd, DEVICE_FD);
	assert_int_equal(len, d->buffer_len);
	d->memory[offset / 0x1000] = calloc(1, len);
	*map = d->memory[offset / 0x1000];
	d->mapped++;
	return 0;
}

static void driver_munmap(void *ctx, void *map, size_t len)
{
	struct driver *d = ctx;
	assert_int_equal(len, d->buffer_len);
	free(map);
	d->mapped--;
}

static void driver_close(void *ctx, int fd)
{
	struct driver *d = ctx;
	assert_int_equal(fd, DEVICE_FD);
	assert_true(d->is_open);
	d->is_open = false;
}

static struct driver new_driver(void)
{
	return (struct driver){
		.caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING,
		.offers = { { V4L2_PIX_FMT_YUYV, 1280, 720, 2560 } },
		.buffers = 4,
		.buffer_len = 1280 * 720 * 2,
		.fails_after = 1,
		.filled = -1,
	};
}

static int open_over(struct camera *camera, struct driver *d)
{
	const struct v4l2_port port = { .open = driver_open,
					.ioctl = driver_ioctl,
					.mmap = driver_mmap,
					.munmap = driver_munmap,
					.close = driver_close,
					.ctx = d };
	return camera_v4l2_open_port(camera, &port, "/dev/video0", 1280, 720);
}

static void fill(struct driver *d, int index, uint32_t bytesused, uint32_t flags)
{
	d->filled = index;
	d->bytesused = bytesused;
	d->flags = flags;
}

static void test_stream(void **state)
{
	(void)state;
	struct driver d = new_driver();
	struct camera camera;
	struct camera_frame frame;
	assert_int_equal(open_over(&camera, &d), 0);
	assert_int_equal(camera.fd(camera.ctx), DEVICE_FD);
	assert_int_equal(d.used[QBUF], 4);
	assert_int_equal(camera.next(camera.ctx, &frame), 0);
	for (int i = 0; i < 10; i++) {
		memset(d.memory[i % 4], i, d.buffer_len);
		fill(&d, i % 4, d.buffer_len, 0);
		assert_int_equal(camera.next(camera.ctx, &frame), 1);
		assert_int_equal(frame.format, PIXEL_YUYV);
		assert_int_equal(frame.width, 1280);
		assert_int_equal(frame.height, 720);
		assert_int_equal(frame.stride_bytes, 2560);
		assert_int_equal(frame.len, d.buffer_len);
		assert_int_equal(frame.seq, i);
		assert_int_equal(frame.data[0], i);
		assert_false(d.queued[i % 4]); /* ours until release */
		assert_int_equal(camera.release(camera.ctx, &frame), 0);
		assert_true(d.queued[i % 4]);
	}
	camera.close(camera.ctx);
	assert_int_equal(d.mapped, 0);
	assert_false(d.is_open);
}

static void test_format_choice(void **state)
{
	(void)state;
	static const struct {
		struct offer offers[4];
		enum pixel_format format;
		uint32_t width, stride;
	} CASES[] = {
		/* nearest size first */
		{ { { V4L2_PIX_FMT_YUYV, 640, 480, 1280 }, { V4L2_PIX_FMT_MJPEG, 1280, 720, 0 } },
		  PIXEL_MJPEG,
		  1280,
		  0 },
		/* equals: the cheapest */
		{ { { V4L2_PIX_FMT_MJPEG, 1280, 720, 0 },
		    { V4L2_PIX_FMT_YUYV, 1280, 720, 2560 },
		    { V4L2_PIX_FMT_NV12, 1280, 720, 1280 },
		    { V4L2_PIX_FMT_GREY, 1280, 720, 1280 } },
		  PIXEL_GREY,
		  1280,
		  1280 },
		{ { { V4L2_PIX_FMT_RGB24, 1280, 720, 3840 },
		    { V4L2_PIX_FMT_YUYV, 1280, 720, 2560 },
		    { V4L2_PIX_FMT_NV12, 1280, 720, 1344 } },
		  PIXEL_NV12,
		  1280,
		  1344 },
		{ { { V4L2_PIX_FMT_YUYV, 1286, 722, 2600 } }, PIXEL_YUYV, 1286, 2600 },
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct driver d = new_driver();
		struct camera camera;
		struct camera_frame frame;
		memcpy(d.offers, CASES[i].offers, sizeof(d.offers));
		d.buffer_len = 2600 * 722;
		assert_int_equal(open_over(&camera, &d), 0);
		fill(&d, 0, 1000, 0);
		assert_int_equal(camera.next(camera.ctx, &frame), 1);
		assert_int_equal(frame.format, CASES[i].format);
		assert_int_equal(frame.width, CASES[i].width);
		assert_int_equal(frame.stride_bytes, CASES[i].stride);
		assert_int_equal(frame.len, 1000);
		camera.close(camera.ctx);
	}
}

static void test_unusable_devices(void **state)
{
	(void)state;
	struct camera camera;
	struct driver d = new_driver();
	d.offers[0].fourcc = V4L2_PIX_FMT_RGB24;
	assert_int_equal(open_over(&camera, &d), -ENOTSUP);
	assert_false(d.is_open);
	d = new_driver();
	d.caps = V4L2_CAP_VIDEO_OUTPUT | V4L2_CAP_STREAMING;
	assert_int_equal(open_over(&camera, &d), -ENOTSUP);
	/* The metadata node of a UVC camera: the device captures, this node does not. */
	d = new_driver();
	d.caps |= V4L2_CAP_DEVICE_CAPS;
	d.device_caps = V4L2_CAP_META_CAPTURE | V4L2_CAP_STREAMING;
	assert_int_equal(open_over(&camera, &d), -ENOTSUP);
	d = new_driver();
	d.fails = QUERYCAP;
	d.error = -ENOTTY; /* a tty, a disk */
	assert_int_equal(open_over(&camera, &d), -ENOTSUP);
	d = new_driver();
	d.buffers = 1;
	assert_int_equal(open_over(&camera, &d), -ENOMEM);
	assert_false(d.is_open);
}

/* The n-th use of every call fails once: the error comes out unchanged and nothing is left open. */
static void test_every_call_fails(void **state)
{
	(void)state;
	static const enum call CALLED[] = { OPEN,     QUERYCAP, S_FMT,    REQBUFS,
					    QUERYBUF, QBUF,     STREAMON, MMAP };
	for (size_t i = 0; i < ARRAY_LEN(CALLED); i++) {
		int r = -1;
		for (int n = 1; r; n++) {
			struct driver d = new_driver();
			struct camera camera;
			d.fails = CALLED[i];
			d.fails_after = n;
			d.error = -EIO;
			r = open_over(&camera, &d);
			assert_true(n < 10 && (r == 0 || r == -EIO));
			if (r == 0)
				camera.close(camera.ctx);
			assert_int_equal(d.mapped, 0);
			assert_false(d.is_open);
		}
	}
}

static void test_more_buffers_than_asked(void **state)
{
	(void)state;
	struct driver d = new_driver();
	struct camera camera;
	d.buffers = 6;
	assert_int_equal(open_over(&camera, &d), 0);
	assert_int_equal(d.mapped, 4);
	camera.close(camera.ctx);
}

static void test_damaged_buffers_go_back(void **state)
{
	(void)state;
	struct driver d = new_driver();
	struct camera camera;
	struct camera_frame frame;
	assert_int_equal(open_over(&camera, &d), 0);
	fill(&d, 1, d.buffer_len, V4L2_BUF_FLAG_ERROR);
	assert_int_equal(camera.next(camera.ctx, &frame), 0);
	assert_true(d.queued[1]);
	fill(&d, 2, 0, 0); /* UVC after a lost packet */
	assert_int_equal(camera.next(camera.ctx, &frame), 0);
	assert_true(d.queued[2]);
	fill(&d, 3, d.buffer_len + 1, 0); /* a driver that lies */
	assert_int_equal(camera.next(camera.ctx, &frame), 0);
	assert_true(d.queued[3]);
	fill(&d, BUFFERS_MAX, 100, 0);
	assert_int_equal(camera.next(camera.ctx, &frame), -EPROTO);
	camera.close(camera.ctx);
}

static void test_unplugged(void **state)
{
	(void)state;
	struct driver d = new_driver();
	struct camera camera;
	struct camera_frame frame;
	assert_int_equal(open_over(&camera, &d), 0);
	d.fails = DQBUF;
	d.error = -ENODEV;
	assert_int_equal(camera.next(camera.ctx, &frame), -ENODEV);
	camera.close(camera.ctx);
	d = new_driver();
	assert_int_equal(open_over(&camera, &d), 0);
	fill(&d, 0, 100, 0);
	assert_int_equal(camera.next(camera.ctx, &frame), 1);
	d.fails = QBUF;
	d.error = -ENODEV;
	assert_int_equal(camera.release(camera.ctx, &frame), -ENODEV);
	camera.close(camera.ctx);
}

static void test_real_files_that_are_no_cameras(void **state)
{
	(void)state;
	struct camera camera;
	assert_int_equal(camera_v4l2_open(&camera, "/nowhere/video0", 1280, 720), -ENOENT);
	assert_int_equal(camera_v4l2_open(&camera, "/dev/null", 1280, 720), -ENOTSUP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stream),
		cmocka_unit_test(test_format_choice),
		cmocka_unit_test(test_unusable_devices),
		cmocka_unit_test(test_every_call_fails),
		cmocka_unit_test(test_more_buffers_than_asked),
		cmocka_unit_test(test_damaged_buffers_go_back),
		cmocka_unit_test(test_unplugged),
		cmocka_unit_test(test_real_files_that_are_no_cameras),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
