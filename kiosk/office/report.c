#include "office/report.h"

#include <inttypes.h>
#include <stdarg.h>

void report_wrong(struct office_report *report, const char *fmt, ...)
{
	char line[1024];
	va_list args;

	if (report->wrong++ >= REPORT_LINES_MAX)
		return;
	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	for (char *c = line; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7F)
			*c = '?';
	fprintf(report->out, "wrong: %s\n", line);
}

void report_end(struct office_report *report)
{
	if (report->wrong > REPORT_LINES_MAX)
		fprintf(report->out, "wrong: %" PRId64 " more of the same kind are not listed\n",
			report->wrong - REPORT_LINES_MAX);
}
