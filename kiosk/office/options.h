/* What the office's commands share in reading their command lines. */
#ifndef OFFICE_OPTIONS_H
#define OFFICE_OPTIONS_H

#include <limits.h>

#include "base/defs.h"

/* One option of a command: --name VALUE, at most once. */
struct office_option {
	const char *name;
	bool optional;
	const char *value; /* what was given; NULL = not given */
};

/* Says what is wrong in one line, in which control characters of what was typed stand as '?'.
 * Always false. */
bool office_wrong(FILE *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* argv[0] is the command. False, and a sentence, unless each is one of the options and none is
 * missing. */
MUST_CHECK bool office_options(int argc, char **argv, struct office_option *options, size_t count,
			       FILE *err);

/* prefix and suffix as a path; false, and a sentence, when that is too long. */
MUST_CHECK bool office_path(const char *prefix, const char *suffix, char path[PATH_MAX], FILE *err);

#endif
