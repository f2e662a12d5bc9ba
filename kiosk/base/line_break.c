#include "base/line_break.h"

#include <string.h>

#include "base/text.h"

static bool is_one_of(int32_t cp, const char *set)
{
	const char *at = set;
	int32_t member;
	while ((member = utf8_next(&at)) > 0)
		if (member == cp)
			return true;
	return false;
}

static bool starts_no_line(int32_t cp)
{
	/* , . ; : ? ! ) ] ' " % and their full-width and Chinese kin, middle dot, ellipsis, degrees
	 */
	return is_one_of(cp, ",.;:?!)]'\"%\u3001\u3002\uFF0C\uFF0E\uFF1B\uFF1A\uFF1F\uFF01\uFF09"
			     "\u3011\u300B\u300D\u300F\u201D\u2019\u00B7\u2026\u2103\u00B0");
}

static bool ends_no_line(int32_t cp)
{
	return is_one_of(cp, "([\uFF08\u3010\u300A\u300C\u300E\u201C\u2018");
}

/* CJK radicals up to compatibility ideographs, full-width forms, and the extension planes. */
static bool is_wide(int32_t cp)
{
	return (cp >= 0x2E80 && cp <= 0xFAFF) || (cp >= 0xFE30 && cp <= 0xFFEF) || cp >= 0x20000;
}

bool line_may_break(int32_t a, int32_t b)
{
	if (b == ' ')
		return false;
	if (a == ' ')
		return true;
	if (a == 0x00B7 || starts_no_line(b) || ends_no_line(a))
		return false;
	return is_wide(a) || is_wide(b);
}

size_t line_break_before(const char *text, size_t len, size_t fits)
{
	size_t best = 0;
	const char *at = text;
	int32_t previous = utf8_next(&at);
	while (previous > 0 && (size_t)(at - text) <= fits && (size_t)(at - text) < len) {
		size_t edge = (size_t)(at - text);
		int32_t next = utf8_next(&at);
		if (next > 0 && line_may_break(previous, next))
			best = edge;
		previous = next;
	}
	return best ? best : fits;
}
