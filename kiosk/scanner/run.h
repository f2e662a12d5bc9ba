/*
 * The scanner's life after its sandbox closed: frames in, messages out, until the kiosk or the
 * camera is gone. Owns nothing: everything it is given outlives it.
 */
#ifndef SCANNER_RUN_H
#define SCANNER_RUN_H

#include "codec/scanner_msg.h"
#include "scanner/decode.h"

struct run {
	int socket;
	const struct camera *camera;
	struct decoder *decoder;
	struct luma *luma;
	uint8_t *preview; /* PREVIEW_BYTES, shared with the kiosk */
	/*
	 * True for a simulated camera: every frame is looked at and answered, in order. False: the
	 * newest frame wins, older ones go back unread, and nothing is looked at while nothing is
	 * wanted.
	 */
	bool answer_every_frame;
};

/* 0 when the kiosk closed the socket; negative errno: the camera is gone or gives nothing usable.
 */
MUST_CHECK int run_until_end(const struct run *run);

/*
 * Tells the kiosk about the camera. 0 or negative errno of send; -EPIPE and -ECONNRESET mean that
 * the kiosk is gone. width and height are 0 before the first frame.
 */
MUST_CHECK int run_tell_state(int socket, enum scanner_camera camera, int error, uint32_t width,
			      uint32_t height);

#endif
