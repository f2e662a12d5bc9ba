/*
 * The office's lists as text: one entry a line, fields separated by one TAB, every line ended by a
 * line feed, entries in strictly ascending order of their keys (bytes): one text per content. An
 * empty text is an empty list.
 *
 *   accounts     NAME  guard|supervisor|staff  argon2id hash of the PIN, of exactly our settings
 *   revoked      SERIAL  WHY                   number of a pass; why may be empty
 *   households   KEY  GRID  PHONE              core/listing.h; grid and phone may be empty; of the
 *                                              phone only the last four digits
 *   blocked      document|name  KEY  WHY
 *
 * Text is UTF-8 without control characters and without blanks at its ends. Pure.
 */
#ifndef CORE_LISTS_H
#define CORE_LISTS_H

#include "core/part.h"

#define LIST_FIELDS 3
#define LIST_FIELD_BYTES 104 /* the longest is a hash: 97 characters */
#define LIST_PIN_HASH_PREFIX "$argon2id$v=19$m=19456,t=2,p=1$" /* as store/account.c makes them */

struct list_entry {
	char field[LIST_FIELDS][LIST_FIELD_BYTES]; /* "" beyond those of the kind */
};

struct list_reader {
	enum part_kind kind; /* not PART_RULEBOOK */
	const char *text; /* the caller's */
	size_t len, at;
	int32_t line; /* of the entry read last, from 1 */
	struct list_entry last; /* the one before is the one that the next must follow */
};

enum list_outcome { LIST_BAD, LIST_ENTRY, LIST_END };

/* LIST_BAD: the line, or its place, is not as it must be; why (cap bytes) says so in a sentence for
 * the office. */
MUST_CHECK enum list_outcome list_next(struct list_reader *reader, struct list_entry *entry,
				       char *why, size_t cap);

/* The whole list, its length, and what holds for it as a whole: with accounts somebody must be able
 * to log in, and nobody more than the log-in screen can show. */
MUST_CHECK bool list_check(enum part_kind kind, const char *text, size_t len, char *why,
			   size_t cap);

/* The line of an entry as it must stand in the text. False: an entry that cannot be. */
MUST_CHECK bool list_line(enum part_kind kind, const struct list_entry *entry, char *line,
			  size_t cap);

/* < 0, 0, > 0: in the order of the text. */
int list_compare(enum part_kind kind, const struct list_entry *a, const struct list_entry *b);

/* Brings key fields that a person wrote into the form that is compared. False: nothing is left. */
MUST_CHECK bool list_normalise(enum part_kind kind, struct list_entry *entry);

/* Number of fields of a kind. */
int list_fields(enum part_kind kind);

/* Of a field that was read: a pass serial; a role. */
uint64_t list_serial(const char *field);
enum role list_role(const char *field);

#endif
