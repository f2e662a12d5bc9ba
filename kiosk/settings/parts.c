#include "settings/parts.h"

#include "base/text.h"
#include "core/lists.h"
#include "core/notices.h"
#include "core/sounds.h"
#include "settings/rulebook.h"

static bool check_rulebook(int64_t version, const char *text, size_t len, struct rulebook *book,
			   char *message, size_t cap)
{
	struct rulebook own;
	struct rulebook *into = book ? book : &own;

	if (!rulebook_parse(into, PART[PART_RULEBOOK].file, text, len, message, cap))
		return false;
	if (into->version == version)
		return true;
	text_format(message, cap, "%s: says version %d of itself", PART[PART_RULEBOOK].file,
		    into->version);
	return false;
}

static bool check_pack(enum part_kind kind, const char *bytes, size_t len, char *why, size_t cap)
{
	struct notices notices;
	struct sounds sounds;

	if (kind == PART_SOUNDS)
		return sounds_decode(&sounds, bytes, len, why, cap);
	assert(kind == PART_NOTICES);
	return notices_decode(&notices, bytes, len, why, cap);
}

bool part_check(enum part_kind kind, int64_t version, const char *text, size_t len,
		struct rulebook *book, char *message, size_t cap)
{
	char why[224];

	if (len > PART[kind].max_bytes) {
		text_format(message, cap, "%s: larger than %zu bytes", PART[kind].file,
			    PART[kind].max_bytes);
		return false;
	}
	if (kind == PART_RULEBOOK)
		return check_rulebook(version, text, len, book, message, cap);
	if (part_is_pack(kind) ? check_pack(kind, text, len, why, sizeof(why))
			       : list_check(kind, text, len, why, sizeof(why)))
		return true;
	text_format(message, cap, "%s: %s", PART[kind].file, why);
	return false;
}
