/*
 * Where a line may end. Chinese breaks between any two characters except before closing and after
 * opening punctuation (GB/T 15834-2011, 5.1: such marks do not stand at the start, or the end, of a
 * line); Latin words, numbers and things like 3-2-501 break at blanks only. Pure.
 */
#ifndef BASE_LINE_BREAK_H
#define BASE_LINE_BREAK_H

#include "base/defs.h"

#define WIDEST_LINE_BYTES 320

/* True when a line may end between the characters a and b. */
bool line_may_break(int32_t a, int32_t b);

/* The longest prefix of text[0..len) that ends at a break and is at most fits bytes; fits itself
 * when there is none (a word longer than the line). fits is at a character's edge. */
size_t line_break_before(const char *text, size_t len, size_t fits);

#endif
