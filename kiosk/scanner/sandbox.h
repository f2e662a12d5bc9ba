/*
 * Takes away everything the scanner does not need once its camera streams: from here to the end of
 * the process it can talk on its sockets, hand buffers to the camera, and compute. Any other system
 * call kills it. Cannot be undone.
 */
#ifndef SCANNER_SANDBOX_H
#define SCANNER_SANDBOX_H

#include "base/defs.h"

struct sandbox {
	int socket; /* messages to and from the kiosk */
	int v4l2; /* only VIDIOC_QBUF and VIDIOC_DQBUF work on it; -1 without */
	int sim; /* frames arrive here as memfds; -1 without, and always in a build without
		    simulators */
};

/* 0, or the negative errno of the step that failed: the caller must then not look at pictures. */
MUST_CHECK int sandbox_enter(const struct sandbox *sandbox);

#endif
