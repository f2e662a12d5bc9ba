/*
 * What somebody is found by, and what somebody else types to find them. Pure.
 *
 * A person is found by
 *   any run of Chinese characters of the name, from one up; rare ones included;
 *   the beginning of any other word of the name (Li, John), in capitals or not;
 *   the beginning of the telephone number, from one digit up;
 *   the last four characters of the document's number.
 * Full-width forms, blanks, dots and dashes make no difference. Of several runs and words all must
 * be there. Every text that is typed is looked for in all these ways at once.
 *
 * A token is a number that all who may be meant have in the index. It is coarse, so that there are
 * few: whoever has it is looked at again with search_matches.
 */
#ifndef STORE_SEARCH_TEXT_H
#define STORE_SEARCH_TEXT_H

#include "core/types.h"

#define SEARCH_CHARS_MAX 64 /* no field is longer */
#define SEARCH_TOKENS_MAX 256 /* no person has more */
#define SEARCH_RANGES_MAX 16

struct search_chars {
	int32_t cp[SEARCH_CHARS_MAX]; /* words and runs apart by one blank */
	int len;
};

/* Whoever is meant has a token of each of these. */
struct search_way {
	struct {
		uint32_t first, last;
	} ranges[SEARCH_RANGES_MAX];
	int count; /* 0: nobody is meant in this way */
};

enum search_by { SEARCH_NAME, SEARCH_PHONE, SEARCH_DOCUMENT, SEARCH_BY_COUNT_ };

struct search_query {
	struct search_chars name;
	char phone[SEARCH_CHARS_MAX], document[SEARCH_CHARS_MAX]; /* "": cannot be meant as one */
	struct search_way ways[SEARCH_BY_COUNT_];
};

/* Ascending, each once; returns how many. */
int search_tokens(const struct person *person, uint32_t tokens[SEARCH_TOKENS_MAX]);

/* False when there is nothing in it to look for: then nobody is meant. A text longer than
 * SEARCH_CHARS_MAX means nobody either, and so does one that is not UTF-8. */
MUST_CHECK bool search_read(const char *text, struct search_query *query);

bool search_matches(const struct search_query *query, const struct person *person);

#endif
