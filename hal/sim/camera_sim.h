/*
 * A camera whose frames come over a socket instead of from V4L2. The sending end stands in the
 * kiosk's scenario runner, the receiving end is a struct camera in gatehouse-scanner: everything
 * behind the V4L2 read is the real path.
 */
#ifndef HAL_SIM_CAMERA_SIM_H
#define HAL_SIM_CAMERA_SIM_H

#include "hal/camera.h"
#include "hal/sim/world.h"

/* YUYV pictures, malloc'ed; width and height multiples of 8. */
struct sim_picture {
	uint32_t width, height;
	uint8_t *yuyv;
};
void sim_picture_free(struct sim_picture *picture);

/*
 * From a PNG of any size and depth: scaled down to fit 1280x720 if larger, centred on a grey
 * 1280x720 ground. -ENOENT, -EINVAL not a PNG, -EFBIG absurd size.
 */
MUST_CHECK int sim_picture_from_png(struct sim_picture *out, const char *path);
/* A plausible photograph of a phone showing a QR of text: grey ground, slight blur and noise, fixed
 * seed. */
MUST_CHECK int sim_picture_with_code(struct sim_picture *out, const char *text);
/* Nothing in view. */
MUST_CHECK int sim_picture_blank(struct sim_picture *out);

/*
 * Sending end. seq comes back in SCANNER_FRAME unless the camera is absent, unplugged or hung: it
 * sees nothing then. Never blocks: -EAGAIN when the scanner has not taken earlier frames. 0 or
 * negative errno.
 */
MUST_CHECK int sim_camera_send(int fd, const struct sim_picture *picture, uint32_t seq);
/*
 * OK, ABSENT, UNPLUGGED, HUNG or GARBAGE; others -EINVAL. Takes effect after the frames sent before
 * and lasts until the next one, also over restarts of the scanner.
 */
MUST_CHECK int sim_camera_send_fault(int fd, enum sim_fault fault);

/* Receiving end: takes over fd (a SOCK_SEQPACKET). -ENODEV while the fault is ABSENT or UNPLUGGED.
 */
MUST_CHECK int camera_sim_open(struct camera *out, int fd);

/*
 * What the kiosk asks about the receiving end before it calls a scanner hung: a simulated camera
 * brings a frame only when the scenario sends one, so silence alone proves nothing. True when the
 * camera hangs or something sent was not taken.
 */
bool sim_camera_starves(int fd);

#endif
