/*
 * Texts as files, for tests of readers.
 */
#ifndef TESTS_GATEHOUSE_HELPER_FILE_H
#define TESTS_GATEHOUSE_HELPER_FILE_H

#include <stddef.h>

#define TEMP_PATH_BYTES 64

/* Writes len bytes into a new file and its name into path. */
void temp_file(char path[TEMP_PATH_BYTES], const void *bytes, size_t len);

/* The whole of a file of the source tree ("assets/…"), NUL-terminated; the caller frees it. */
char *source_text(const char *name);

/* A copy of text in which the one place where from stands says to instead; the caller frees it. */
char *text_with(const char *text, const char *from, const char *to);

/* A copy of text in which line number (from 1) says line instead; NULL leaves it out. */
char *text_with_line(const char *text, int number, const char *line);

/* Line number (from 1) without its end, into buf; 0 when text has fewer lines. */
int text_line(const char *text, int number, char *buf, size_t cap);

#endif
