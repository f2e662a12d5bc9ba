/*
 * What somebody is found by, and what somebody else types to find them. Pure.
 *
 * A person is found by
 *   any run of Chinese characters of the name, from one up; rare ones included;
 *   the beginning of any other word of the name (Li, John), in capitals or not;
 *   the beginning of the telephone number, from one digit up;
 *   the last four characters of the document's number;
 *   the beginning of the vehicle's plate, from its province on, and the last four characters of it.
 * Full-width forms, blanks, dots and dashes make no difference. Of several runs and words all must
 * be there. Every text that is typed is looked for in all these ways at once.
 *
 * A key is a number that somebody has in the index. Keys of what begins alike stand together, so
 * that a beginning is a range of them. They tell nearly all there is to tell; whoever has one is
 * looked at again with search_matches.
 */
#ifndef STORE_SEARCH_TEXT_H
#define STORE_SEARCH_TEXT_H

#include "core/types.h"

#define SEARCH_CHARS_MAX 64 /* no field is longer */
#define SEARCH_KEYS_MAX 80 /* no person has more */
#define SEARCH_RANGES_MAX 16

struct search_chars {
	int32_t cp[SEARCH_CHARS_MAX]; /* words and runs apart by one blank */
	int len;
};

/* Whoever is meant has a key of each of these. */
struct search_way {
	struct search_range {
		uint64_t first, last;
	} ranges[SEARCH_RANGES_MAX];
	int count; /* 0: nobody is meant in this way */
};

enum search_by { SEARCH_NAME, SEARCH_PHONE, SEARCH_TAIL, SEARCH_PLATE, SEARCH_BY_COUNT_ };

struct search_query {
	struct search_chars name, plate; /* plate: without blanks */
	/* "": cannot be meant as one; tail: of a document or a plate */
	char phone[SEARCH_CHARS_MAX], tail[SEARCH_CHARS_MAX];
	struct search_way ways[SEARCH_BY_COUNT_];
};

/* Ascending, each once, all below 2^63; returns how many. */
int search_keys(const struct person *person, uint64_t keys[SEARCH_KEYS_MAX]);

/* False when there is nothing in it to look for: then nobody is meant. A text longer than
 * SEARCH_CHARS_MAX means nobody either, and so does one that is not UTF-8. */
MUST_CHECK bool search_read(const char *text, struct search_query *query);

bool search_matches(const struct search_query *query, const struct person *person);

#endif
