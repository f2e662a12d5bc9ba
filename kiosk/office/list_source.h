/*
 * A list as an office keeps it, as text or as a spreadsheet saves it, into the one form that is
 * signed (core/lists.h). Text: fields separated by TAB. A file whose name ends in .csv: by commas,
 * or by semicolons if its first line has more of them; quotes as in RFC 4180. Lines that begin with
 * # are remarks, fields that are missing at the end are empty.
 */
#ifndef OFFICE_LIST_SOURCE_H
#define OFFICE_LIST_SOURCE_H

#include "core/part.h"

/* text, with a NUL behind it, is used up. *out is malloc'ed, the caller's to wipe and free. False:
 * err says in a line which file, which line of it, and what is wrong there. */
MUST_CHECK bool office_list(enum part_kind kind, const char *path, char *text, char **out,
			    size_t *len, FILE *err);

#endif
