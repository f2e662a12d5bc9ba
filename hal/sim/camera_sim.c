/*
 * Frames travel as sealed memfds beside a small header, one packet each; faults are packets too and
 * so keep their place among the frames.
 *
 * A fault must outlive the scanner that read it, as a broken camera outlives the program that
 * opened it. All scanners hold the same socket, so the fault in force is noted on the socket
 * itself, in its SO_PRIORITY, which means nothing for a Unix socket (socket(7): 0..6 need no
 * privilege).
 */
#include "hal/sim/camera_sim.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/fileio.h"

#define SIDE_MAX 4096U

enum packet_kind { PACKET_FRAME = 1, PACKET_FAULT };

/* Both ends are one build on one machine: native byte order. */
struct packet {
	uint32_t kind, seq, width, height, fault;
};

static_assert(SIM_GARBAGE <= 6, "the fault has to fit SO_PRIORITY");

struct sim_camera {
	int fd;
	enum sim_fault fault;
	void *map; /* the frame lent out, or NULL */
	size_t len;
};

static bool fault_is_known(uint32_t fault)
{
	return fault == SIM_OK || fault == SIM_ABSENT || fault == SIM_UNPLUGGED ||
	       fault == SIM_HUNG || fault == SIM_GARBAGE;
}

static enum sim_fault recall_fault(int fd)
{
	int priority = 0;
	socklen_t len = sizeof(priority);

	if (getsockopt(fd, SOL_SOCKET, SO_PRIORITY, &priority, &len) ||
	    !fault_is_known((uint32_t)priority))
		return SIM_OK;
	return (enum sim_fault)priority;
}

static int set_fault(struct sim_camera *c, enum sim_fault fault)
{
	int priority = (int)fault;

	c->fault = fault;
	return setsockopt(c->fd, SOL_SOCKET, SO_PRIORITY, &priority, sizeof(priority)) ? -errno : 0;
}

static bool is_gone(const struct sim_camera *c)
{
	return c->fault == SIM_ABSENT || c->fault == SIM_UNPLUGGED;
}

/* fd < 0: a packet without a frame. */
static int send_packet(int socket, const struct packet *packet, int fd)
{
	struct iovec iov = { .iov_base = (void *)packet, .iov_len = sizeof(*packet) };
	union {
		struct cmsghdr header;
		uint8_t bytes[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (fd >= 0) {
		msg.msg_control = control.bytes;
		msg.msg_controllen = sizeof(control.bytes);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(int));
	}
	return sendmsg(socket, &msg, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? -errno : 0;
}

int sim_camera_send(int fd, const struct sim_picture *picture, uint32_t seq)
{
	struct packet packet = {
		.kind = PACKET_FRAME, .seq = seq, .width = picture->width, .height = picture->height
	};
	CLEANUP(close_fd) int memory = memfd_create("frame", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (memory < 0)
		return -errno;
	int r = fd_write_all(memory, picture->yuyv, (size_t)2 * picture->width * picture->height);
	if (r)
		return r;
	if (fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE))
		return -errno;
	return send_packet(fd, &packet, memory);
}

int sim_camera_send_fault(int fd, enum sim_fault fault)
{
	struct packet packet = { .kind = PACKET_FAULT, .fault = fault };

	return fault_is_known(fault) ? send_packet(fd, &packet, -1) : -EINVAL;
}

/* 1 a packet (and *memory is the frame's memfd or -1), 0 none now, negative errno. */
static int receive(int fd, struct packet *packet, int *memory)
{
	struct iovec iov = { .iov_base = packet, .iov_len = sizeof(*packet) };
	union {
		struct cmsghdr header;
		uint8_t bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct msghdr msg = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = control.bytes,
			      .msg_controllen = sizeof(control.bytes) };
	ssize_t n = recvmsg(fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	*memory = -1;
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	if (n == 0)
		return -ENODEV; /* the scenario runner is gone, and its camera with it */
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
		memcpy(memory, CMSG_DATA(c), sizeof(int));
	return n == (ssize_t)sizeof(*packet) ? 1 : -EPROTO;
}

/* Sealed, so that nobody can cut it short under the reader. */
static int map_frame(struct sim_camera *c, const struct packet *p, int memory)
{
	struct stat st;
	int seals = fcntl(memory, F_GET_SEALS);
	size_t len = (size_t)2 * p->width * p->height;

	if (p->width == 0 || p->height == 0 || p->width > SIDE_MAX || p->height > SIDE_MAX ||
	    seals < 0 || !(seals & F_SEAL_SHRINK) || fstat(memory, &st) || st.st_size < (off_t)len)
		return -EPROTO;
	void *map = mmap(NULL, len, PROT_READ, MAP_SHARED, memory, 0);
	if (map == MAP_FAILED)
		return -errno;
	c->map = map;
	c->len = len;
	return 0;
}

static int sim_fd(void *ctx)
{
	struct sim_camera *c = ctx;
	return c->fd;
}

/* Garbage is what a camera sends that lost its place in the stream: bytes, called a JPEG. */
static void describe(const struct sim_camera *c, const struct packet *p, struct camera_frame *f)
{
	bool garbage = c->fault == SIM_GARBAGE;

	*f = (struct camera_frame){
		.format = garbage ? PIXEL_MJPEG : PIXEL_YUYV,
		.width = p->width,
		.height = p->height,
		.stride_bytes = garbage ? 0 : 2 * p->width,
		.data = c->map,
		.len = c->len,
		.seq = p->seq,
	};
}

/* 1 a frame was mapped, 0 the packet was something else or a frame nobody can see, negative errno.
 */
static int take_packet(struct sim_camera *c, const struct packet *p, int memory)
{
	if (p->kind == PACKET_FAULT && fault_is_known(p->fault))
		return set_fault(c, (enum sim_fault)p->fault);
	if (p->kind != PACKET_FRAME || memory < 0)
		return -EPROTO;
	if (c->fault == SIM_HUNG || is_gone(c))
		return 0;
	int r = map_frame(c, p, memory);
	return r ? r : 1;
}

static int sim_next(void *ctx, struct camera_frame *frame)
{
	struct sim_camera *c = ctx;
	struct packet packet;

	if (c->map)
		return 0; /* one frame at a time */
	for (;;) {
		CLEANUP(close_fd) int memory = -1;
		int r = receive(c->fd, &packet, &memory);
		if (r != 1)
			return r;
		r = take_packet(c, &packet, memory);
		if (r < 0)
			return r;
		if (is_gone(c))
			return -ENODEV;
		if (r == 1) {
			describe(c, &packet, frame);
			return 1;
		}
	}
}

static int sim_release(void *ctx, const struct camera_frame *frame)
{
	struct sim_camera *c = ctx;

	(void)frame;
	munmap(c->map, c->len);
	c->map = NULL;
	return 0;
}

static void sim_close(void *ctx)
{
	struct sim_camera *c = ctx;

	if (c->map)
		munmap(c->map, c->len);
	close(c->fd);
	free(c);
}

/*
 * What was sent before the camera was opened: a missing camera takes notice of everything, for its
 * return may be among it; one that is there leaves the first frame where it is.
 */
static int catch_up(struct sim_camera *c)
{
	struct packet packet;

	for (;;) {
		ssize_t n = recv(c->fd, &packet, sizeof(packet), MSG_DONTWAIT | MSG_PEEK);
		if (n != (ssize_t)sizeof(packet) || (packet.kind == PACKET_FRAME && !is_gone(c)))
			return is_gone(c) ? -ENODEV : 0;
		CLEANUP(close_fd) int memory = -1;
		int r = receive(c->fd, &packet, &memory);
		if (r == 1)
			r = take_packet(c, &packet, memory);
		if (r < 0)
			return r;
	}
}

int camera_sim_open(struct camera *out, int fd)
{
	struct sim_camera *c = calloc(1, sizeof(*c));

	if (!c)
		return -ENOMEM;
	*c = (struct sim_camera){ .fd = fd, .fault = recall_fault(fd) };
	int r = catch_up(c);
	if (r) {
		sim_close(c);
		return r;
	}
	*out = (struct camera){
		.fd = sim_fd, .next = sim_next, .release = sim_release, .close = sim_close, .ctx = c
	};
	return 0;
}

bool sim_camera_starves(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return recall_fault(fd) == SIM_HUNG || (poll(&p, 1, 0) == 1 && (p.revents & POLLIN));
}
