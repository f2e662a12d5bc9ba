/*
 * A part that is taken for sounds is the only form of them, and each is bounded: its samples inside
 * the part, its times in a day.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/sounds.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool good)
{
	if (!good)
		abort();
}

static void look_at(const struct sound *s, const uint8_t *data, size_t size)
{
	struct quiet quiet = { 1260, 420 };
	struct moment now = { INT64_C(1795392000000), 480, true };
	char why[224];

	expect(sound_fit(s, why, sizeof(why)));
	expect(s->samples >= data && s->samples + s->len_bytes <= data + size);
	expect(s->len_bytes > 0 && s->len_bytes % 2 == 0);
	expect(s->clip > s->name && s->clip[0] && strlen(s->name) < PACK_NAME_BYTES);
	int64_t due = sound_due_ms(s, &quiet, &now);
	expect(due >= 0 && due <= now.wall_ms);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t again[1 << 20];
	static struct sounds list;
	char why[224];

	if (!sounds_decode(&list, data, size, why, sizeof(why))) {
		expect(list.count == 0 && why[0] && utf8_valid(why, strlen(why)));
		return 0;
	}
	expect(list.count <= SOUNDS_MAX);
	for (int i = 0; i < list.count; i++)
		look_at(&list.items[i], data, size);
	if (size <= sizeof(again))
		expect(sounds_encode(&list, again, sizeof(again)) == size &&
		       memcmp(again, data, size) == 0);
	return 0;
}
