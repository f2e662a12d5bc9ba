/*
 * Reads an ini file strictly: every problem is named by file, line and word, and nothing is taken
 * half.
 */
#ifndef SETTINGS_INI_FILE_H
#define SETTINGS_INI_FILE_H

#include "base/defs.h"

/* Takes one key. False with a sentence in why when it is unknown, repeated or has a bad value. */
typedef bool (*ini_key_fn)(void *ctx, const char *section, const char *key, const char *value,
			   char *why, size_t cap);

/* True when all of path was taken; else message says "path:line: why". Blocking. */
MUST_CHECK bool ini_file_read(const char *path, ini_key_fn fn, void *ctx, char *message,
			      size_t cap);

/* The same for text in memory: len bytes and a NUL behind them. name stands for the path in
 * messages. */
MUST_CHECK bool ini_text_read(const char *name, const char *text, size_t len, ini_key_fn fn,
			      void *ctx, char *message, size_t cap);

/* Word of a list -> its index; -1 when it is none of them. */
int ini_word(const char *value, const char *const *words, int count);

/* Whole number within [low, high]. */
bool ini_number(const char *value, int64_t low, int64_t high, int64_t *out);

/* "37.3" -> 3730 (hundredths), within [low, high]. */
bool ini_centi(const char *value, int32_t low, int32_t high, int32_t *out);

#endif
