#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>

static const char *const LEVEL_NAME[] = {
	[LOG_ERROR_LEVEL] = "error",
	[LOG_WARN_LEVEL] = "warn",
	[LOG_INFO_LEVEL] = "info",
	[LOG_DEBUG_LEVEL] = "debug",
};

/* The one mutable static of the program: a threshold, set once before threads start. */
static _Atomic int threshold = LOG_INFO_LEVEL;

void log_set_level(enum log_level level)
{
	threshold = (int)level;
}

void log_line(enum log_level level, const char *fmt, ...)
{
	if ((int)level > threshold)
		return;

	char line[512];
	int head = snprintf(line, sizeof(line), "%s: ", LEVEL_NAME[level]);
	va_list args;
	va_start(args, fmt);
	int body = vsnprintf(line + head, sizeof(line) - (size_t)head - 1, fmt, args);
	va_end(args);
	if (body < 0)
		return;
	size_t len = (size_t)head + (size_t)body;
	if (len > sizeof(line) - 2)
		len = sizeof(line) - 2;
	line[len++] = '\n';
	ssize_t n = write(STDERR_FILENO, line, len);
	(void)n; /* nowhere left to report a failing log to */
}
