/*
 * The folder of one export on the stick. It is written under a temporary name and takes its final
 * name in one rename, after everything in it has reached the stick and has been read back: a folder
 * with a final name is whole, whenever the stick was pulled or the power cut.
 */
#ifndef STICK_FOLDER_H
#define STICK_FOLDER_H

#include <limits.h>

#include "codec/manifest.h"
#include "codec/stick_msg.h"

struct folder {
	int stick_fd, fd; /* directories; -1 = not open */
	char stick_path[PATH_MAX];
	char name[STICK_NAME_BYTES]; /* as it stands on the stick now; "" = nothing there */
};

/* Called now and then during folder_check with the bytes read; a negative return ends it. */
typedef int (*folder_progress_fn)(void *ctx, int64_t bytes);

/*
 * Opens the stick, removes the temporary folders that cut-off exports left, and makes a new one.
 * On an error too, folder_drop is to be called. -ENOMEDIUM: there is no such stick.
 */
MUST_CHECK int folder_begin(struct folder *folder, const char *stick_path);

/* name, or with -2, -3... behind it when something on the stick is called so. -EEXIST: too many. */
MUST_CHECK int folder_free_name(const struct folder *folder, const char *name,
				char free_name[STICK_NAME_BYTES]);

/* -ENOSPC, or -EFBIG where the file system can hold no such file, when so many bytes do not fit. */
MUST_CHECK int folder_room(const struct folder *folder, int64_t bytes);

/* Reads every file back, from the stick as far as the system lets us, and compares. -EBADMSG. */
MUST_CHECK int folder_check(const struct folder *folder, const struct manifest_file *files,
			    int count, folder_progress_fn progress, void *ctx);

/*
 * Gives the folder its final name, never over another (-EEXIST), and makes the name last. After 0,
 * folder->name is the final name and folder->fd was opened by it.
 */
MUST_CHECK int folder_commit(struct folder *folder, const char *name);

/* Removes the folder and what is in it, as far as the stick still lets us, and closes. */
void folder_drop(struct folder *folder);

/* Closes and leaves the folder. */
void folder_close(struct folder *folder);

/* What an error on this stick means to the person who holds it. */
enum stick_problem folder_problem(const struct folder *folder, int err);

/* The export's name: "gatehouse-<site>-<YYYYMMDD-HHMMSS>-<last event>". Every file system takes it.
 */
void folder_export_name(const struct stick_open *open, char name[STICK_NAME_BYTES]);

#endif
