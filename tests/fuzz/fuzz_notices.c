/*
 * A part that is taken for notices is the only form of them, and each of them can be shown: within
 * its place and in valid UTF-8, with all its pixels inside the part.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/notices.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool good)
{
	if (!good)
		abort();
}

static void look_at(const struct notice *n, const uint8_t *data, size_t size)
{
	char why[224];

	expect(notice_fit(n, why, sizeof(why)));
	expect(n->width >= 0 && n->width <= NOTICE_W && n->height >= 0 && n->height <= NOTICE_H);
	expect(n->width == 0 ||
	       (n->pixels >= data && n->pixels + n->width * n->height * 2 <= data + size));
	for (int l = 0; l < LANGUAGE_COUNT_; l++) {
		expect(utf8_valid(n->title[l], strlen(n->title[l])));
		expect(utf8_valid(n->text[l], strlen(n->text[l])));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t again[1 << 20];
	static const int32_t DAYS[] = { 0, 20261123, 99991231 };
	struct notice_turn turns[NOTICE_TURNS_MAX];
	struct notices list;
	char why[224];

	if (!notices_decode(&list, data, size, why, sizeof(why))) {
		expect(list.count == 0 && why[0] && utf8_valid(why, strlen(why)));
		return 0;
	}
	expect(list.count <= NOTICES_MAX);
	for (int i = 0; i < list.count; i++)
		look_at(&list.items[i], data, size);
	if (size <= sizeof(again))
		expect(notices_encode(&list, again, sizeof(again)) == size &&
		       memcmp(again, data, size) == 0);
	for (size_t i = 0; i < ARRAY_LEN(DAYS); i++)
		expect(notices_turns(&list, DAYS[i], LANGUAGE_ZH, turns) <= NOTICE_TURNS_MAX);
	return 0;
}
