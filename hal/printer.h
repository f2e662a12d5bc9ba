/*
 * Receipt printer on a file descriptor (USB /dev/usb/lp0, a serial line, a pty): one job at a time,
 * never blocking. Asks for status with DLE EOT before and after a job; no answer is UNKNOWN, not an
 * error. The caller polls fd for what printer_events() says and calls printer_io();
 * printer_deadline_ms() says when it must be called although nothing happened. Time is an argument
 * (monotonic ms). Main loop only.
 */
#ifndef HAL_PRINTER_H
#define HAL_PRINTER_H

#include "base/defs.h"

enum printer_state {
	PRINTER_UNKNOWN, /* has never answered: prints anyway, cannot tell about paper */
	PRINTER_READY,
	PRINTER_PAPER_LOW,
	PRINTER_PAPER_END,
	PRINTER_COVER_OPEN,
	PRINTER_ERROR, /* cutter, overheating, offline for another reason */
	PRINTER_ABSENT, /* cannot be opened, or went away (ENODEV, EIO, hang-up) */
	PRINTER_HUNG, /* accepts no bytes within the deadline */
	PRINTER_STATE_COUNT_
};

enum printer_result {
	PRINTER_NOTHING, /* no news */
	PRINTER_JOB_DONE, /* all bytes accepted and the printer says fine */
	PRINTER_JOB_UNSURE, /* all bytes accepted, the printer never answers */
	PRINTER_JOB_FAILED, /* see state; the slip must be taken as not printed */
	PRINTER_RESULT_COUNT_
};

struct printer;

/*
 * path: device to open with O_RDWR|O_NONBLOCK|O_NOCTTY; opened again by itself after it went away.
 * A printer that cannot be opened is a printer in state ABSENT, not an error. Errors: -ENOMEM. *out
 * is freed by printer_close.
 */
MUST_CHECK int printer_open(struct printer **out, const char *path);
/* The same on an already open fd (ownership passes); never reopened. */
MUST_CHECK int printer_open_fd(struct printer **out, int fd);
void printer_close(struct printer *p);

int printer_fd(const struct printer *p); /* -1 while absent */
short printer_events(const struct printer *p); /* POLLIN | POLLOUT */
int64_t printer_deadline_ms(const struct printer *p); /* INT64_MAX: none */
enum printer_state printer_state(const struct printer *p);
bool printer_busy(const struct printer *p);

/* Starts a job; data is copied. -EBUSY while one is under way, -ENODEV absent, -ENOMEM. */
MUST_CHECK int printer_print(struct printer *p, const void *data, size_t len, int64_t now_ms);

/* Asks for status now if idle and not asked already. */
void printer_ask(struct printer *p, int64_t now_ms);

/* Moves bytes, reads answers, applies deadlines. Call on readiness and on the deadline. */
enum printer_result printer_io(struct printer *p, int64_t now_ms);

#endif
