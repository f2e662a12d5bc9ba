/*
 * UTF-8 text in fixed buffers: validated, bounded, never split inside a character. Pure.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/defs.h"

/* True when bytes[0..len) is well-formed UTF-8 (RFC 3629: no surrogates, no overlongs, <=
 * U+10FFFF). */
bool utf8_valid(const char *bytes, size_t len);

/* Reads one code point at *at (advanced past it). Returns -1 at the end or on a malformed sequence.
 */
int32_t utf8_next(const char **at);

/* Appends code point cp to the NUL-terminated dst of cap bytes. False when it does not fit:
 * unchanged. */
bool utf8_append(char *dst, size_t cap, int32_t cp);

/* Removes the last code point; no effect on an empty string. */
void utf8_chop(char *dst);

/* Number of code points in a well-formed string. */
size_t utf8_length(const char *text);

/* Copies as many whole characters as fit, always terminated. True when all of src fitted. */
bool text_copy(char *dst, size_t cap, const char *src);

/* Like snprintf, but never leaves half a character at the end. True when everything fitted. */
bool text_format(char *dst, size_t cap, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Removes leading and trailing ASCII blanks and U+3000 in place. */
void text_trim(char *text);

/* True when the string holds an ASCII control character (below 0x20, or 0x7F). */
bool text_has_control(const char *text);

/* Folds full-width ASCII (U+FF01..FF5E) and U+3000 to their half-width forms, in place. */
void text_fold_width(char *text);

#endif
