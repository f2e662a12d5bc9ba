#include "core/pack.h"

#include <string.h>

bool pack_name_fit(const char *name)
{
	size_t len = strnlen(name, PACK_NAME_BYTES);

	return len > 0 && len < PACK_NAME_BYTES &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-/") == len;
}

static bool take_name(struct reader *r, char name[PACK_NAME_BYTES])
{
	size_t len = read_uint(r, 1);
	const uint8_t *bytes = read_bytes(r, len);

	if (!bytes || len >= PACK_NAME_BYTES)
		return false;
	memcpy(name, bytes, len);
	name[len] = '\0';
	return strlen(name) == len && pack_name_fit(name);
}

static bool take_item(struct reader *r, struct pack *pack)
{
	struct pack_item *item = &pack->items[pack->count];

	if (!take_name(r, item->name))
		return false;
	item->len = read_uint(r, 4);
	item->bytes = read_bytes(r, item->len);
	if (!item->bytes || (pack->count > 0 && strcmp(item[-1].name, item->name) >= 0))
		return false;
	pack->count++;
	return true;
}

bool pack_open(struct pack *pack, const char *magic, const void *bytes, size_t len)
{
	struct reader r = { .data = bytes, .len = len };
	const uint8_t *first = read_bytes(&r, PACK_MAGIC_BYTES);
	bool good = first && memcmp(first, magic, PACK_MAGIC_BYTES) == 0;
	uint64_t count = read_uint(&r, 2);

	memset(pack, 0, sizeof(*pack));
	good = good && !r.bad && count <= PACK_ITEMS_MAX;
	for (uint64_t i = 0; good && i < count; i++)
		good = take_item(&r, pack);
	if (good && r.at == len)
		return true;
	memset(pack, 0, sizeof(*pack));
	return false;
}

void pack_begin(struct writer *w, const char *magic, int count)
{
	assert(count >= 0 && count <= PACK_ITEMS_MAX);
	write_bytes(w, magic, PACK_MAGIC_BYTES);
	write_uint(w, (uint64_t)count, 2);
}

void pack_put(struct writer *w, const struct pack_item *item)
{
	size_t len = strlen(item->name);

	w->bad = w->bad || !pack_name_fit(item->name) || item->len > UINT32_MAX;
	write_uint(w, len, 1);
	write_bytes(w, item->name, len);
	write_uint(w, item->len, 4);
	write_bytes(w, item->bytes, item->len);
}

const struct pack_item *pack_find(const struct pack *pack, const char *name)
{
	for (int i = 0; i < pack->count; i++)
		if (strcmp(pack->items[i].name, name) == 0)
			return &pack->items[i];
	return NULL;
}

struct pack_change pack_compare(const struct pack *before, const struct pack *after)
{
	struct pack_change change = { .removed = before->count };

	for (int i = 0; i < after->count; i++) {
		const struct pack_item *now = &after->items[i];
		const struct pack_item *was = pack_find(before, now->name);
		change.added += !was;
		change.removed -= was != NULL;
		change.changed += was && (was->len != now->len ||
					  memcmp(was->bytes, now->bytes, now->len) != 0);
	}
	return change;
}
