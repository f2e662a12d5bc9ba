/*
 * Port seam under the V4L2 camera: the five calls it makes to the kernel, so that tests stand a
 * false driver below the real code.
 */
#ifndef HAL_CAMERA_V4L2_H
#define HAL_CAMERA_V4L2_H

#include "hal/camera.h"

/* Like the system calls of the same names, but negative errno instead of -1. */
struct v4l2_port {
	int (*open)(void *ctx, const char *path);
	int (*ioctl)(void *ctx, int fd, unsigned long request, void *arg);
	int (*mmap)(void *ctx, int fd, size_t len, uint32_t offset, void **map);
	void (*munmap)(void *ctx, void *map, size_t len);
	void (*close)(void *ctx, int fd);
	void *ctx;
};

/* camera_v4l2_open over any port; *port is copied, its ctx must outlive the camera. */
MUST_CHECK int camera_v4l2_open_port(struct camera *out, const struct v4l2_port *port,
				     const char *path, uint32_t width, uint32_t height);

#endif
