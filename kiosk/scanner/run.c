#include "scanner/run.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define NO_PREVIEW 255
/* A third of a second of nothing but damaged frames at 30 a second: the camera has to be reopened.
 */
#define DAMAGED_IN_A_ROW_MAX 10

static_assert(DECODE_PAYLOAD_MAX <= SCANNER_PAYLOAD_MAX, "every payload fits a message");

/* What the kiosk asked for, and what was last told. */
struct looking {
	bool decode, preview;
	uint8_t slot; /* next preview slot */
	enum decode_rung rung; /* next one to try */
	int damaged_in_a_row;
	uint32_t width, height; /* last told */
};

static int send_msg(int socket, const struct scanner_msg *msg)
{
	uint8_t packet[SCANNER_MSG_MAX];
	size_t len = scanner_msg_encode(msg, packet, sizeof(packet));

	while (send(socket, packet, len, MSG_NOSIGNAL) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

int run_tell_state(int socket, enum scanner_camera camera, int error, uint32_t width,
		   uint32_t height)
{
	struct scanner_msg msg = { .type = SCANNER_STATE,
				   .camera = camera,
				   .error = error,
				   .width = width,
				   .height = height };
	return send_msg(socket, &msg);
}

/* All that has been said. 1 goes on, 0 the kiosk is gone, negative errno. */
static int hear(const struct run *run, struct looking *l)
{
	uint8_t packet[SCANNER_MSG_MAX];
	struct scanner_msg msg;

	for (;;) {
		ssize_t n = recv(run->socket, packet, sizeof(packet), MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? 1 : errno == ECONNRESET ? 0 : -errno;
		if (n == 0)
			return 0;
		if (!scanner_msg_decode(&msg, packet, (size_t)n) || msg.type != SCANNER_WANT)
			return -EPROTO;
		l->decode = msg.decode;
		l->preview = msg.preview;
	}
}

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/*
 * A real camera brings the next frame in 33 ms, so each frame is looked at on one rung and the
 * rungs take turns: the preview stays three times as lively as with all of them, and a code that
 * holds still is read just as soon. A rung that has read a code keeps its turn.
 */
static bool scan(const struct run *run, struct looking *l, struct decode_result *result)
{
	if (run->answer_every_frame)
		return decoder_scan_all(run->decoder, run->luma, result);
	if (decoder_scan(run->decoder, run->luma, l->rung, result))
		return true;
	l->rung = (enum decode_rung)((l->rung + 1) % RUNG_COUNT_);
	return false;
}

static void decode_into(const struct run *run, struct looking *l, struct scanner_msg *msg)
{
	struct decode_result result;
	int64_t start_us = now_us();

	if (scan(run, l, &result)) {
		msg->payload_len = result.len;
		memcpy(msg->payload, result.payload, result.len);
	}
	msg->decode_us = (uint32_t)(now_us() - start_us);
}

static void draw_preview(const struct run *run, struct looking *l, struct scanner_msg *msg)
{
	size_t slot_bytes = (size_t)PREVIEW_WIDTH * PREVIEW_HEIGHT;

	luma_fit(run->luma, run->preview + slot_bytes * l->slot, PREVIEW_WIDTH, PREVIEW_HEIGHT);
	msg->preview_slot = l->slot;
	l->slot = (uint8_t)((l->slot + 1) % PREVIEW_SLOTS);
}

static int look_at_luma(const struct run *run, struct looking *l, struct scanner_msg *msg)
{
	if (run->luma->width != l->width || run->luma->height != l->height) {
		l->width = run->luma->width;
		l->height = run->luma->height;
		int r = run_tell_state(run->socket, SCANNER_CAMERA_STREAMING, 0, l->width,
				       l->height);
		if (r)
			return r;
	}
	msg->luma_mean = luma_mean(run->luma);
	if (l->preview)
		draw_preview(run, l, msg);
	if (l->decode)
		decode_into(run, l, msg);
	return 0;
}

/* The buffer goes back to the driver before the long part begins. */
static int take_frame(const struct run *run, struct looking *l, const struct camera_frame *frame)
{
	struct scanner_msg msg = { .type = SCANNER_FRAME,
				   .seq = frame->seq,
				   .preview_slot = NO_PREVIEW };
	bool wanted = l->decode || l->preview || run->answer_every_frame;
	bool good = wanted && luma_from_frame(run->luma, frame);
	int r = run->camera->release(run->camera->ctx, frame);

	if (r || !wanted)
		return r;
	l->damaged_in_a_row = good ? 0 : l->damaged_in_a_row + 1;
	if (l->damaged_in_a_row >= DAMAGED_IN_A_ROW_MAX)
		return -EBADMSG;
	if (good)
		r = look_at_luma(run, l, &msg);
	else if (!run->answer_every_frame)
		return 0;
	return r ? r : send_msg(run->socket, &msg);
}

/* 1 a frame, 0 none, negative errno. Older frames go back unread. */
static int newest(const struct run *run, struct camera_frame *frame)
{
	const struct camera *camera = run->camera;
	struct camera_frame later;
	int r = camera->next(camera->ctx, frame);

	while (r == 1 && !run->answer_every_frame) {
		int more = camera->next(camera->ctx, &later);
		if (more == 0)
			break;
		if (more == 1)
			more = camera->release(camera->ctx, frame);
		if (more < 0)
			return more;
		*frame = later;
	}
	return r;
}

static int see(const struct run *run, struct looking *l, short revents)
{
	struct camera_frame frame;
	int r = newest(run, &frame);

	if (r == 1)
		return take_frame(run, l, &frame);
	/* Woken by an error, yet nothing to read: waiting on would spin. */
	if (r == 0 && (revents & (POLLERR | POLLHUP | POLLNVAL)))
		return -EIO;
	return r;
}

int run_until_end(const struct run *run)
{
	enum { SOCKET, CAMERA, FD_COUNT };
	struct looking l = { 0 };

	for (;;) {
		struct pollfd fds[FD_COUNT] = {
			[SOCKET] = { .fd = run->socket, .events = POLLIN },
			[CAMERA] = { .fd = run->camera->fd(run->camera->ctx), .events = POLLIN },
		};
		if (poll(fds, FD_COUNT, -1) < 0 && errno != EINTR)
			return -errno;
		/* Always: poll looks at one after the other, and may have seen a picture but not
		 * what was said before it. */
		int r = hear(run, &l);
		if (r <= 0)
			return r;
		if (fds[CAMERA].revents) {
			r = see(run, &l, fds[CAMERA].revents);
			if (r == -EPIPE || r == -ECONNRESET)
				return 0; /* of the socket: a camera does not say these */
			if (r < 0)
				return r;
		}
	}
}
