/*
 * The kiosk's end of gatehouse-scanner: starts it, hears it, and starts it again when it dies or
 * hangs (1 s after the first death, doubling to 30 s, back to 1 s after a minute of health; at most
 * 3 s when it ended because there is no camera). The kiosk lives on whatever happens there. Main
 * loop only; nothing blocks. Time is an argument (monotonic ms).
 */
#ifndef KIOSK_SCANNER_LINK_H
#define KIOSK_SCANNER_LINK_H

#include "codec/scanner_msg.h"

struct scanner_link;

struct scanner_options {
	const char *program; /* path of gatehouse-scanner */
	const char *camera; /* "v4l2:/dev/video0", or "sim" */
	int sim_fd; /* receiving end of a simulated camera, duplicated for each child; -1 without */
};

/* Starts the first child. Errors: -ENOMEM, errno of socketpair, memfd or spawn. Strings are copied.
 */
MUST_CHECK int scanner_link_start(struct scanner_link **out, const struct scanner_options *options,
				  int64_t now_ms);
/* Ends the child (it exits when its socket closes; killed if it does not) and frees. */
void scanner_link_stop(struct scanner_link *link);

int scanner_link_fd(const struct scanner_link *link); /* poll for POLLIN; -1 between two children */
pid_t scanner_link_pid(const struct scanner_link *link); /* -1 between two children */
/* When scanner_link_tick wants to be called; INT64_MAX: not before something else happens. */
int64_t scanner_link_deadline_ms(const struct scanner_link *link);

/*
 * Restarts, hang detection (no SCANNER_FRAME for 5 s while frames are wanted and the camera
 * streams; for a simulated camera only if it hangs or a frame was sent and not taken). Call on the
 * deadline. Waits up to half a second for a killed child in the rare case that it is not dead yet.
 */
void scanner_link_tick(struct scanner_link *link, int64_t now_ms);

/*
 * Next message; false when there is none. A dead child or malformed packet shows as SCANNER_STATE
 * STARTING; after a child that said ABSENT or FAILED and left, that word stands until another one
 * streams. STREAMING comes twice: at once with size 0, and with the size at the first frame.
 */
bool scanner_link_next(struct scanner_link *link, struct scanner_msg *msg, int64_t now_ms);

/* What to do with frames; remembered and told to every later child. */
void scanner_link_want(struct scanner_link *link, bool decode, bool preview, int64_t now_ms);

/* PREVIEW_WIDTH x PREVIEW_HEIGHT grey bytes of a slot named in a SCANNER_FRAME; valid until stop.
 */
const uint8_t *scanner_link_preview(const struct scanner_link *link, uint8_t slot);

#endif
