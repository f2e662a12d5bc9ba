/*
 * A plate is first cut into characters and each is given a class; the kinds are then patterns over
 * classes, one row each. Public patterns that take any letter for a province accept nonsense such
 * as AA12345 with a Chinese serial: here the province is one of 31.
 */
#include "core/plate.h"

#include <string.h>

#include "base/text.h"

/* Longest: WJ and seven digits. */
#define CHARACTERS_MAX 9

struct character {
	int32_t cp;
	bool province, digit, letter; /* letter: A to Z without I and O */
};

struct cut {
	struct character at[CHARACTERS_MAX];
	size_t count;
};

/* Pattern letters: P province, L letter, C letter or digit, D digit, E drive of a new-energy
 * vehicle, M first letter of a military plate, Z the letter Z, G the province 粤, W and J
 * themselves; anything else stands for itself after the pattern, in tail. */
struct form {
	const char *pattern;
	const char *head, *tail; /* characters that stand before and after the pattern */
	enum plate_kind kind;
};

static const struct form FORM[] = {
	/* The serial of a new-energy plate has six, so these two cannot be ordinary. */
	{ "PLECDDDD", "", "", PLATE_NEW_ENERGY_SMALL },
	{ "PLDDDDDE", "", "", PLATE_NEW_ENERGY_LARGE },
	{ "PLCCCCC", "", "", PLATE_ORDINARY },
	{ "PLCCCC", "", "挂", PLATE_TRAILER },
	{ "PLCCCC", "", "学", PLATE_LEARNER },
	{ "PLCCCC", "", "警", PLATE_POLICE },
	{ "GZCCCC", "", "港", PLATE_HK_MACAO },
	{ "GZCCCC", "", "澳", PLATE_HK_MACAO },
	{ "PLCCCC", "", "领", PLATE_CONSULATE },
	{ "DDDDDD", "使", "", PLATE_EMBASSY },
	{ "DDDDDD", "", "使", PLATE_EMBASSY },
	{ "PLCCCC", "", "试", PLATE_TRIAL },
	{ "PLCCCC", "", "超", PLATE_OVERSIZE },
	{ "PLCCCC", "", "临", PLATE_TEMPORARY },
	{ "PLCCCCC", "", "临", PLATE_TEMPORARY },
	{ "PLCCCC", "", "应急", PLATE_EMERGENCY },
	{ "PDDDDC", "WJ", "", PLATE_ARMED_POLICE },
	{ "DDDDC", "WJ", "", PLATE_ARMED_POLICE },
	{ "DDDDDDD", "WJ", "", PLATE_ARMED_POLICE },
	{ "MLDDDDD", "", "", PLATE_MILITARY },
};

static bool is_among(int32_t cp, const char *characters)
{
	for (const char *s = characters; *s;)
		if (utf8_next(&s) == cp)
			return true;
	return false;
}

static bool is_province(int32_t cp)
{
	return is_among(cp, "京沪津渝冀晋蒙辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川贵云藏陕甘青宁新");
}

/* True when the character is left out of the one spelling: marks that part the groups of a plate
 * on paper, blanks of any width, and characters that show nothing. */
static bool is_mark(int32_t cp)
{
	return is_among(cp, " \t.-_·•‧⋅∙・･–—－。") || (cp >= 0x2000 && cp <= 0x200F) ||
	       cp == 0xA0 || cp == 0x202F || cp == 0x2060 || cp == 0x3000 || cp == 0xFEFF;
}

static int32_t fold(int32_t cp)
{
	if (cp >= 0xFF01 && cp <= 0xFF5E) /* full-width forms of ASCII */
		cp -= 0xFEE0;
	return cp >= 'a' && cp <= 'z' ? cp - 'a' + 'A' : cp;
}

bool plate_normalise(const char *text, char *dst, size_t cap)
{
	if (cap == 0)
		return false;
	dst[0] = '\0';
	if (!utf8_valid(text, strlen(text)))
		return false;
	for (const char *s = text; *s;) {
		int32_t cp = fold(utf8_next(&s));
		if (is_mark(cp))
			continue;
		if (cp < 0x20 || cp == 0x7F || !utf8_append(dst, cap, cp)) {
			dst[0] = '\0';
			return false;
		}
	}
	return true;
}

static struct character classify(int32_t cp)
{
	bool letter = cp >= 'A' && cp <= 'Z' && cp != 'I' && cp != 'O';
	return (struct character){ cp, is_province(cp), cp >= '0' && cp <= '9', letter };
}

/* False when there are more characters than any plate has, or bytes that are none. */
static bool cut_up(const char *plate, struct cut *cut)
{
	cut->count = 0;
	for (const char *s = plate; *s; cut->count++) {
		int32_t cp = utf8_next(&s);
		if (cp < 0 || cut->count == CHARACTERS_MAX)
			return false;
		cut->at[cut->count] = classify(cp);
	}
	return true;
}

static bool fits_class(const struct character *c, char class)
{
	switch (class) {
	case 'P':
		return c->province;
	case 'L':
		return c->letter;
	case 'C':
		return c->letter || c->digit;
	case 'D':
		return c->digit;
	case 'E': /* D A B C E battery alone, F G H J K others */
		return is_among(c->cp, "ABCDEFGHJK");
	case 'M': /* services and theatres; published only by use */
		return is_among(c->cp, "BCEGHJKLNSVYZ");
	case 'Z':
		return c->cp == 'Z';
	case 'G':
		return c->cp == 0x7CA4; /* 粤 */
	default:
		return false;
	}
}

/* True when the characters from *at on are those of text; *at is advanced. */
static bool fits_text(const struct cut *cut, size_t *at, const char *text)
{
	for (const char *s = text; *s; (*at)++) {
		int32_t cp = utf8_next(&s);
		if (*at >= cut->count || cut->at[*at].cp != cp)
			return false;
	}
	return true;
}

static bool fits_form(const struct cut *cut, const struct form *form)
{
	size_t at = 0;

	if (!fits_text(cut, &at, form->head))
		return false;
	for (const char *p = form->pattern; *p; p++, at++)
		if (at >= cut->count || !fits_class(&cut->at[at], *p))
			return false;
	return fits_text(cut, &at, form->tail) && at == cut->count;
}

/* The most helpful thing to say of what fits no form. */
static enum plate_note find_fault(const struct cut *cut)
{
	if (!cut->at[0].province)
		return PLATE_PROVINCE;
	for (size_t i = 1; i < cut->count; i++)
		if (is_among(cut->at[i].cp, "IO"))
			return PLATE_LETTER_IO;
	if (cut->count < 7 || cut->count > 8)
		return PLATE_LENGTH;
	return cut->at[1].letter ? PLATE_FORM : PLATE_OFFICE;
}

struct plate_reading plate_read(const char *plate)
{
	struct cut cut;

	if (plate[0] == '\0')
		return (struct plate_reading){ PLATE_NONE, PLATE_EMPTY };
	if (!cut_up(plate, &cut))
		return (struct plate_reading){ PLATE_NONE, PLATE_LENGTH };
	for (size_t i = 0; i < ARRAY_LEN(FORM); i++)
		if (fits_form(&cut, &FORM[i]))
			return (struct plate_reading){ FORM[i].kind, PLATE_FITS };
	return (struct plate_reading){ PLATE_NONE, find_fault(&cut) };
}

void plate_mask(const char *plate, char *dst, size_t cap)
{
	size_t length = utf8_length(plate), at = 0;
	bool hides = length >= 7;

	assert(cap > 0);
	dst[0] = '\0';
	for (const char *s = plate; *s; at++) {
		int32_t cp = utf8_next(&s);
		if (cp < 0) { /* not text: nothing of it is shown */
			(void)text_copy(dst, cap, "*");
			return;
		}
		bool shown = hides && (at < 2 || at + 2 >= length);
		(void)utf8_append(dst, cap, shown ? cp : '*');
	}
}
