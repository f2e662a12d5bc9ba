#include "core/plate.h"

#include <string.h>

#include "base/text.h"

#define CHARACTERS_MAX 9

/* A plate as code points. */
struct letters {
	int32_t cp[CHARACTERS_MAX];
	int count;
};

bool plate_normalise(char *dst, const char *typed)
{
	char folded[PLATE_BYTES * 2];
	const char *s = folded;
	int32_t cp;

	dst[0] = '\0';
	if (!text_copy(folded, sizeof(folded), typed))
		return false;
	text_fold_width(folded);
	while ((cp = utf8_next(&s)) > 0) {
		if (cp == ' ' || cp == '-' || cp == 0xB7 || cp == 0x2022 || cp == 0x30FB ||
		    cp == 0x2027)
			continue;
		if (cp >= 'a' && cp <= 'z')
			cp += 'A' - 'a';
		if (!utf8_append(dst, PLATE_BYTES, cp))
			return false;
	}
	return true;
}

static bool split(const char *plate, struct letters *l)
{
	const char *s = plate;
	int32_t cp;

	l->count = 0;
	while ((cp = utf8_next(&s)) > 0) {
		if (l->count == CHARACTERS_MAX)
			return false;
		l->cp[l->count++] = cp;
	}
	return *s == '\0';
}

static bool among(int32_t cp, const char *set)
{
	for (const char *s = set; *s;)
		if (utf8_next(&s) == cp)
			return true;
	return false;
}

static bool is_province(int32_t cp)
{
	return among(cp, "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼");
}

static bool is_digit(int32_t cp)
{
	return cp >= '0' && cp <= '9';
}

/* I and O are left out, lest they be read as 1 and 0. */
static bool is_letter(int32_t cp)
{
	return cp >= 'A' && cp <= 'Z' && cp != 'I' && cp != 'O';
}

static bool serial(const struct letters *l, int from, int count)
{
	for (int i = from; i < from + count; i++)
		if (!is_digit(l->cp[i]) && !is_letter(l->cp[i]))
			return false;
	return true;
}

static bool digits(const struct letters *l, int from, int count)
{
	for (int i = from; i < from + count; i++)
		if (!is_digit(l->cp[i]))
			return false;
	return true;
}

/* D A B C E pure electric, F G H J K other new energy. */
static bool is_energy(int32_t cp)
{
	return among(cp, "DABCEFGHJK");
}

static enum plate_kind kind_of_seven(const struct letters *l)
{
	static const struct {
		const char *last;
		enum plate_kind kind;
	} TAIL[] = { { "挂", PLATE_TRAILER },
		     { "学", PLATE_LEARNER },
		     { "警", PLATE_POLICE },
		     { "领", PLATE_CONSULATE },
		     { "试超", PLATE_SPECIAL } };
	int32_t last = l->cp[6];

	if (!serial(l, 2, 4))
		return PLATE_INVALID;
	if (l->cp[0] == 0x7CA4 /* 粤 */ && l->cp[1] == 'Z')
		return among(last, "港澳") ? PLATE_HK_MACAO : PLATE_INVALID;
	if (is_digit(last) || is_letter(last))
		return PLATE_ORDINARY;
	for (size_t i = 0; i < ARRAY_LEN(TAIL); i++)
		if (among(last, TAIL[i].last))
			return TAIL[i].kind;
	return PLATE_INVALID;
}

static enum plate_kind kind_of_eight(const struct letters *l)
{
	if (is_energy(l->cp[2]) && (is_digit(l->cp[3]) || is_letter(l->cp[3])) && digits(l, 4, 4))
		return PLATE_NEW_ENERGY_SMALL;
	if (digits(l, 2, 5) && is_energy(l->cp[7]))
		return PLATE_NEW_ENERGY_LARGE;
	return serial(l, 2, 4) && l->cp[6] == 0x5E94 && l->cp[7] == 0x6025 /* 应急 */
		       ? PLATE_SPECIAL
		       : PLATE_INVALID;
}

static enum plate_kind kind_without_province(const struct letters *l)
{
	if (l->count == 7 && ((l->cp[0] == 0x4F7F /* 使 */ && digits(l, 1, 6)) ||
			      (l->cp[6] == 0x4F7F && digits(l, 0, 6))))
		return PLATE_EMBASSY;
	if (l->cp[0] == 'W' && l->count >= 7 && l->cp[1] == 'J')
		return PLATE_SPECIAL;
	if (l->count == 7 && among(l->cp[0], "VZKHBSLJNGC") && is_letter(l->cp[1]) &&
	    digits(l, 2, 5))
		return PLATE_SPECIAL; /* military: two letters and five digits */
	return l->count >= 5 && l->cp[0] == 0x4E34 /* 临 */ ? PLATE_SPECIAL : PLATE_INVALID;
}

enum plate_kind plate_kind(const char *plate)
{
	struct letters l;

	if (!split(plate, &l) || l.count < 5)
		return PLATE_INVALID;
	if (!is_province(l.cp[0]))
		return kind_without_province(&l);
	if (!is_letter(l.cp[1]) && l.cp[1] != 'O') /* 京O: the old police series */
		return PLATE_INVALID;
	if (l.count == 7)
		return kind_of_seven(&l);
	return l.count == 8 ? kind_of_eight(&l) : PLATE_INVALID;
}
