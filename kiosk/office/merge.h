/*
 * gatehouse-office merge: the exports of many gates and many weeks in one SQLite file and one
 * workbook. What stands in several exports is taken once, from the latest; events that are missing
 * are named; and what one export could not prove alone - the chain from one to the next, who came
 * before it began - is proved over all of them.
 */
#ifndef OFFICE_MERGE_H
#define OFFICE_MERGE_H

#include "office/keyring.h"

struct merge_job {
	const char *const *folders; /* exports */
	int count;
	const char *prefix; /* PREFIX.sqlite and PREFIX.xlsx are made; neither may be there */
	const struct keyring *ring;
};

/* Prints one sentence for each thing wrong, and at the end a line that begins with "good:" when
 * there was none. The two files are made from the exports that were good. True when nothing was
 * wrong and nothing is missing. */
MUST_CHECK bool merge_exports(const struct merge_job *job, FILE *out);

#endif
