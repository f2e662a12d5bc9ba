/*
 * The kiosk's end of one gatehouse-stick: starting it, talking to it without ever blocking for
 * long, and ending it whatever state it is in. Used by export.c, order_job.c and bundle_job.c, on
 * the worker thread.
 */
#ifndef KIOSK_EXPORT_LINK_H
#define KIOSK_EXPORT_LINK_H

#include <sys/types.h>

#include "codec/signed_text.h"
#include "codec/stick_msg.h"
#include "export.h"

/* The job is over and result->problem says why. */
#define EXPORT_STOPPED (-ECONNABORTED)

struct export_link {
	struct export_job *job;
	struct export_result *result;
	const char *mode; /* the program's last option; NULL = an export */
	pid_t pid;
	int fd; /* to the stick process; -1 = closed */
	int64_t heard_ms; /* when it last took or said something */
	bool kill; /* it does not deserve a wait */
	bool started; /* there was a process */
	unsigned sent; /* messages, so that now and then what it says is listened to */
	struct stick_msg msg; /* being sent or just received */
	uint8_t packet[STICK_MSG_MAX];
};

/* Starts the process of link->job. Errors of socketpair and posix_spawn. */
MUST_CHECK int export_link_start(struct export_link *link);

/* Sends link->msg. Nothing but a failure is expected from the other side meanwhile. These two give
 * 0, EXPORT_STOPPED, -ECANCELED when the job was cancelled, -EMSGSIZE for what is no message. */
MUST_CHECK int export_link_send(struct export_link *link);

/* The next message of this type into link->msg; progress before it is taken and shown. */
MUST_CHECK int export_link_await(struct export_link *link, enum stick_msg_type type);

/* A signed text or its signature as the stick process handed it over; it may be anything. */
struct export_link_file {
	enum stick_file found;
	size_t len;
	char bytes[SIGNED_TEXT_MAX];
};

/* Awaits a message of this type and copies its file; one too large is a broken link. */
MUST_CHECK int export_link_file(struct export_link *link, enum stick_msg_type type,
				struct export_link_file *file);

/* Notes why the job is over; always EXPORT_STOPPED. */
int export_link_stop(struct export_link *link, enum note problem);

/* The same for a process that said what it must not; it will be killed. */
int export_link_broken(struct export_link *link);

/* Permille from + width * part / whole. */
void export_link_progress(struct export_link *link, int64_t from, int64_t width, int64_t part,
			  int64_t whole);

/* Closes, waits for the process to remove what it has begun (not when it hangs), then kills it. A
 * process that waits for a dead stick inside the kernel cannot even be killed: it is left. */
void export_link_end(struct export_link *link);

#endif
