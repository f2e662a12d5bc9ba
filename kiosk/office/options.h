/*
 * What the office's signing commands share: options of the form --name VALUE, each at most once,
 * and what is given with them. Whatever is wrong is said on err in one line that names the option,
 * and false comes back.
 */
#ifndef OFFICE_OPTIONS_H
#define OFFICE_OPTIONS_H

#include <limits.h>

#include "base/defs.h"

#define OPTIONS_WHY_BYTES 48

/* One option of a command: --name VALUE. */
struct office_option {
	const char *name;
	bool optional;
	const char *value; /* what was given; NULL = not given */
};

/* Always false; control characters of what was typed stand as '?'. */
bool office_wrong(FILE *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* argv[0] is the command. */
MUST_CHECK bool office_options(int argc, char **argv, struct office_option *options, size_t count,
			       FILE *err);

/* prefix and suffix together. */
MUST_CHECK bool office_path(const char *prefix, const char *suffix, char path[PATH_MAX], FILE *err);
MUST_CHECK bool office_number(const struct office_option *o, int64_t min, int64_t max,
			      int64_t *value, FILE *err);
MUST_CHECK bool office_time(const struct office_option *o, int64_t *wall_ms, FILE *err);
/* "2026-11-30" -> 20261130. */
MUST_CHECK bool office_day(const char *text, int32_t *day);
/* A file that a file names: from its folder, unless it is named from the root. */
MUST_CHECK bool office_beside(const char *file, const char *name, char path[PATH_MAX], FILE *err);
/* One line for a gate's register. */
MUST_CHECK bool office_why(const struct office_option *o, char why[OPTIONS_WHY_BYTES], FILE *err);
/* A file as it stands on the stick, as far as the system lets us; *data is the caller's to free. */
MUST_CHECK bool office_read_back(const char *path, size_t max, char **data, size_t *len, FILE *err);

#endif
