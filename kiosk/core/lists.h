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
 *   regions      CODE  NAME  FROM              key areas (3·二·1): GB/T 2260 code of 2, 4 or 6
 *                                              digits, and the day from which it counts
 *   vehicles     PLATE  OWNER  CLASS  UNTIL    core/plate.h; household or unit; resident-vehicle,
 *                                              supply-vehicle or sanitation; the last day of its
 *                                              pass
 *   invitations  document|phone  KEY  HOUSEHOLD  FROM  UNTIL  WHY
 *                                              whom a household expects on the days from FROM to
 *                                              UNTIL; the key is as documents and telephone
 *                                              numbers are compared; why may be empty
 *
 * Text is UTF-8 without control characters and without blanks at its ends. Pure.
 */
#ifndef CORE_LISTS_H
#define CORE_LISTS_H

#include "core/part.h"

#define LIST_FIELDS 6
#define LIST_FIELD_BYTES 104 /* the longest is a hash: 97 characters */
#define LIST_DAY_BYTES 11 /* "2026-11-23" */
#define LIST_PIN_HASH_PREFIX "$argon2id$v=19$m=19456,t=2,p=1$" /* as store/account.c makes them */

struct list_entry {
	char field[LIST_FIELDS][LIST_FIELD_BYTES]; /* "" beyond those of the kind */
};

struct list_reader {
	enum part_kind kind; /* one that is a list */
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

/* The line of an entry as it must stand in the text. False: an entry that cannot be, and why. */
MUST_CHECK bool list_line(enum part_kind kind, const struct list_entry *entry, char *line,
			  size_t cap, char *why, size_t why_cap);

/* < 0, 0, > 0: in the order of the text. */
int list_compare(enum part_kind kind, const struct list_entry *a, const struct list_entry *b);

/* Brings what a person wrote into its one form: keys as they are compared, days as YYYY-MM-DD.
 * False: that cannot be done, or nothing is left. */
MUST_CHECK bool list_normalise(enum part_kind kind, struct list_entry *entry);

/* False for the kinds that are no list of entries. */
bool list_is(enum part_kind kind);

/* Number of fields of a kind. */
int list_fields(enum part_kind kind);

/* Of a field that was read: a pass serial; a day as yyyymmdd, 0 for none; a role. A day may be
 * written as a person or a spreadsheet does. */
uint64_t list_serial(const char *field);
/* … a vehicle's class; CLASS_COUNT_ for none of those a list may hold. */
enum person_class list_vehicle(const char *field);
int32_t list_day(const char *field);
MUST_CHECK bool list_day_text(int32_t day, char text[LIST_DAY_BYTES]);
enum role list_role(const char *field);

#endif
