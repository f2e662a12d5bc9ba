#include "helper_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fileio.h"

void temp_file(char path[TEMP_PATH_BYTES], const void *bytes, size_t len)
{
	snprintf(path, TEMP_PATH_BYTES, "/tmp/gatehouse-file-XXXXXX");
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(fd_write_all(fd, bytes, len), 0);
	close(fd);
}

char *source_text(const char *name)
{
	char path[512], *text;
	size_t len;

	snprintf(path, sizeof(path), "%s/%s", TEST_SOURCE_DIR, name);
	assert_int_equal(file_read(path, 1 << 20, &text, &len), 0);
	return text;
}

static char *joined(const char *head, size_t head_len, const char *middle, const char *tail)
{
	size_t size = head_len + strlen(middle) + strlen(tail) + 1;
	char *copy = malloc(size);

	assert_non_null(copy);
	snprintf(copy, size, "%.*s%s%s", (int)head_len, head, middle, tail);
	return copy;
}

char *text_with(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);

	assert_non_null(at);
	assert_null(strstr(at + 1, from)); /* one place, or the test means nothing */
	return joined(text, (size_t)(at - text), to, at + strlen(from));
}

static const char *find_line(const char *text, int number)
{
	while (--number > 0) {
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return text;
}

char *text_with_line(const char *text, int number, const char *line)
{
	const char *at = find_line(text, number);
	const char *tail = at + strcspn(at, "\n");

	if (!line)
		tail += *tail == '\n';
	return joined(text, (size_t)(at - text), line ? line : "", tail);
}

int text_line(const char *text, int number, char *buf, size_t cap)
{
	const char *at = find_line(text, number);
	size_t len = strcspn(at, "\n");

	if (*at == '\0')
		return 0;
	assert_true(len < cap);
	memcpy(buf, at, len);
	buf[len] = '\0';
	return number;
}
