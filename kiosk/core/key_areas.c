#include "core/key_areas.h"

#include <string.h>

#include "base/text.h"

/* Two lines of the question's screen, less what stands around the names; a Chinese character is as
 * wide as two letters. */
#define WIDTH_MAX 104

static int width_of(const char *text)
{
	int width = 0;

	while (*text)
		width += utf8_next(&text) < 0x300 ? 1 : 2;
	return width;
}

/* Once a name has been left out no later one is named: the first ones are, in the list's order. */
void key_areas_add(struct key_areas *a, const char *name)
{
	static const char BETWEEN[] = "、";
	const char *between = a->named > 0 ? BETWEEN : "";
	bool all = a->named == a->count;
	size_t bytes = strlen(a->names) + strlen(between) + strlen(name);
	int width = width_of(a->names) + width_of(between) + width_of(name);

	a->count++;
	if (!all || bytes >= sizeof(a->names) || width > WIDTH_MAX)
		return;
	text_copy(a->names + strlen(a->names), sizeof(a->names) - strlen(a->names), between);
	text_copy(a->names + strlen(a->names), sizeof(a->names) - strlen(a->names), name);
	a->named++;
}
