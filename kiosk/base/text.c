#include "base/text.h"

#include <stdarg.h>
#include <string.h>

/* Decodes one sequence of at most len bytes; returns its length, 0 when malformed. */
static size_t decode(const unsigned char *s, size_t len, int32_t *cp)
{
	static const int32_t LEAST[] = { 0, 0, 0x80, 0x800, 0x10000 };

	if (len == 0)
		return 0;
	if (s[0] < 0x80) {
		*cp = s[0];
		return 1;
	}
	size_t n = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : 2;
	if (s[0] < 0xC2 || s[0] > 0xF4 || n > len)
		return 0;
	int32_t value = s[0] & (0x7F >> n);
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xC0) != 0x80)
			return 0;
		value = value << 6 | (s[i] & 0x3F);
	}
	if (value < LEAST[n] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
		return 0;
	*cp = value;
	return n;
}

bool utf8_valid(const char *bytes, size_t len)
{
	const unsigned char *s = (const unsigned char *)bytes;
	int32_t cp;

	while (len > 0) {
		size_t n = decode(s, len, &cp);
		if (n == 0)
			return false;
		s += n;
		len -= n;
	}
	return true;
}

int32_t utf8_next(const char **at)
{
	int32_t cp;

	if (**at == '\0')
		return -1;
	size_t n = decode((const unsigned char *)*at, strnlen(*at, 4), &cp);
	if (n == 0)
		return -1;
	*at += n;
	return cp;
}

bool utf8_append(char *dst, size_t cap, int32_t cp)
{
	char seq[4];
	size_t n;

	if (cp < 0x80) {
		seq[0] = (char)cp;
		n = 1;
	} else if (cp < 0x800) {
		seq[0] = (char)(0xC0 | cp >> 6);
		n = 2;
	} else if (cp < 0x10000) {
		seq[0] = (char)(0xE0 | cp >> 12);
		n = 3;
	} else {
		seq[0] = (char)(0xF0 | cp >> 18);
		n = 4;
	}
	for (size_t i = 1; i < n; i++)
		seq[i] = (char)(0x80 | (cp >> 6 * (n - 1 - i) & 0x3F));

	size_t len = strlen(dst);
	if (cp <= 0 || len + n + 1 > cap)
		return false;
	memcpy(dst + len, seq, n);
	dst[len + n] = '\0';
	return true;
}

void utf8_chop(char *dst)
{
	size_t len = strlen(dst);

	while (len > 0 && (dst[len - 1] & 0xC0) == 0x80)
		len--;
	dst[len > 0 ? len - 1 : 0] = '\0';
}

size_t utf8_length(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += (*text & 0xC0) != 0x80;
	return n;
}

/* Drops a sequence that was cut at the end of a buffer. */
static void drop_partial(char *dst)
{
	size_t len = strlen(dst);
	size_t lead = len;

	while (lead > 0 && len - lead < 4) {
		lead--;
		if ((dst[lead] & 0xC0) != 0x80)
			break;
	}
	int32_t cp;
	if (len > lead && decode((unsigned char *)dst + lead, len - lead, &cp) == 0)
		dst[lead] = '\0';
}

bool text_copy(char *dst, size_t cap, const char *src)
{
	assert(cap > 0);
	size_t len = strlen(src);
	bool fits = len < cap;
	size_t n = fits ? len : cap - 1;
	memcpy(dst, src, n);
	dst[n] = '\0';
	if (!fits)
		drop_partial(dst);
	return fits;
}

bool text_format(char *dst, size_t cap, const char *fmt, ...)
{
	assert(cap > 0);
	va_list args;
	va_start(args, fmt);
	int n = vsnprintf(dst, cap, fmt, args);
	va_end(args);
	if (n < 0) {
		dst[0] = '\0';
		return false;
	}
	if ((size_t)n < cap)
		return true;
	drop_partial(dst);
	return false;
}

static size_t blank_at(const char *s)
{
	if (*s == ' ' || *s == '\t')
		return 1;
	return strncmp(s, "\xE3\x80\x80", 3) == 0 ? 3 : 0;
}

void text_trim(char *text)
{
	char *start = text;
	size_t n;

	while ((n = blank_at(start)) > 0)
		start += n;
	memmove(text, start, strlen(start) + 1);
	size_t len = strlen(text);
	for (;;) {
		if (len >= 1 && blank_at(text + len - 1) == 1)
			len -= 1;
		else if (len >= 3 && blank_at(text + len - 3) == 3)
			len -= 3;
		else
			break;
	}
	text[len] = '\0';
}

bool text_has_control(const char *text)
{
	for (const unsigned char *s = (const unsigned char *)text; *s; s++)
		if (*s < 0x20 || *s == 0x7F)
			return true;
	return false;
}

void text_fold_width(char *text)
{
	const char *in = text;
	char *out = text;

	while (*in) {
		const char *start = in;
		int32_t cp = utf8_next(&in);
		if (cp < 0) { /* malformed: keep the byte, the caller validates */
			*out++ = *start;
			in = start + 1;
		} else if (cp >= 0xFF01 && cp <= 0xFF5E) {
			*out++ = (char)(cp - 0xFEE0);
		} else if (cp == 0x3000) {
			*out++ = ' ';
		} else {
			memmove(out, start, (size_t)(in - start));
			out += in - start;
		}
	}
	*out = '\0';
}
