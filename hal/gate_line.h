/*
 * Device seam: the output line that releases the gate, and the inputs beside it (passage beam,
 * guard and emergency button). The line is inactive whenever nobody holds it: a crash closes. Main
 * loop only.
 */
#ifndef HAL_GATE_LINE_H
#define HAL_GATE_LINE_H

#include "base/defs.h"

enum line_input { LINE_BEAM, LINE_PRESENCE, LINE_GUARD_BUTTON, LINE_EMERGENCY, LINE_INPUT_COUNT_ };

struct line_event {
	enum line_input input;
	bool active;
};

struct gate_line {
	/* Drives the release line. 0 or negative errno: then the line must be taken as not driven.
	 * Mandatory. */
	int (*release)(void *ctx, bool active);
	/* Readable when an input changed; -1 when this backend has no inputs. Mandatory. */
	int (*event_fd)(void *ctx);
	/* Next input event without blocking: 1 event, 0 none, negative errno. Mandatory. */
	int (*next_event)(void *ctx, struct line_event *event);
	/* Deactivates the line and frees. Mandatory. */
	void (*close)(void *ctx);
	void *ctx;
};

#endif
