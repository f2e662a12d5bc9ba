/*
 * A rulebook while it is read: what rulebook.c (single values, the whole) and rulebook_rules.c (the
 * rule sections) share. Inside settings only.
 */
#ifndef SETTINGS_RULEBOOK_READING_H
#define SETTINGS_RULEBOOK_READING_H

#include "core/rules.h"

#define SECTIONS_MAX 250
#define SECTION_BYTES 64

/* The one clause that is not a check's. */
#define FEVER_HOME "fever-home"

/* One rule section as it is read. */
struct section {
	char name[SECTION_BYTES];
	struct rule rule;
	uint32_t seen; /* bits of enum rule_key */
	uint32_t levels, classes, directions; /* bits: the cells it covers */
};

struct reading {
	struct rulebook book;
	uint32_t numbers; /* bit per NUMBER_KEY seen */
	struct section sections[SECTIONS_MAX];
	int section_count;
	uint8_t owner[LEVEL_COUNT_][CLASS_COUNT_][DIRECTION_COUNT_]; /* 1 + section, 0 = nobody */
	uint32_t windows_used;
};

/* The value of key is one of words; false with why. */
bool rulebook_take_word(const char *key, const char *value, const char *const *words, int count,
			int *out, char *why, size_t cap);

/* One line of a rule's section. */
bool rulebook_take_rule(struct reading *r, const char *section, const char *key, const char *value,
			char *why, size_t cap);

/* Every rule is whole and every cell has one; puts them into the book. */
bool rulebook_rules_complete(struct reading *r, const char *path, char *message, size_t cap);

#endif
