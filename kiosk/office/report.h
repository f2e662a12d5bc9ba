/*
 * What a check found: each thing wrong is one plain sentence on a line of its own. A file that is
 * wrong everywhere is not worth a line a row: after REPORT_LINES_MAX only the count goes on.
 */
#ifndef OFFICE_REPORT_H
#define OFFICE_REPORT_H

#include "base/defs.h"

#define REPORT_LINES_MAX 50

struct office_report {
	FILE *out; /* the caller's */
	int64_t wrong;
};

/* Control characters in the sentence (a file name may hold anything) are printed as '?'. */
void report_wrong(struct office_report *report, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Says how many sentences were left out, if any. */
void report_end(struct office_report *report);

#endif
