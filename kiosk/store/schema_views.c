/*
 * The views *_words, for scenarios and support: what the numbers of a row mean. Made from the words
 * of core/words.h, so that a state, class or level has one word everywhere.
 */
#include <string.h>

#include "base/text.h"
#include "core/words.h"
#include "store/register.h"
#include "store/schema.h"

static const char *const ENTRY_WORD[ENTRY_TYPE_COUNT_] = {
	[ENTRY_BOOT] = "boot",
	[ENTRY_REGISTERED] = "registered",
	[ENTRY_DECIDED] = "decided",
	[ENTRY_PASS_PRINTED] = "pass-printed",
	[ENTRY_GATE_RELEASED] = "gate-released",
	[ENTRY_PASSED] = "passed",
	[ENTRY_LAPSED] = "lapsed",
	[ENTRY_LEFT] = "left",
	[ENTRY_PASS_REJECTED] = "pass-rejected",
	[ENTRY_LOGIN] = "login",
	[ENTRY_LOGOUT] = "logout",
	[ENTRY_LOGIN_REFUSED] = "login-refused",
	[ENTRY_REVEALED] = "revealed",
	[ENTRY_DEVICE] = "device",
	[ENTRY_EMERGENCY] = "emergency",
	[ENTRY_CLOCK] = "clock",
	[ENTRY_EXPORTED] = "exported",
	[ENTRY_PASS_REVOKED] = "pass-revoked",
	[ENTRY_ACCOUNT] = "account",
	[ENTRY_LEVEL] = "level",
	[ENTRY_FORGOTTEN] = "forgotten",
};

static void append(char *sql, const char *text)
{
	size_t len = strlen(sql);
	bool fits = text_copy(sql + len, SCHEMA_SQL_BYTES - len, text);
	assert(fits);
}

/* CASE column WHEN 1 THEN 'word' ... END; the words are ours and hold no quotes. */
static void append_words(char *sql, const char *column, const char *const *words, int count)
{
	char when[64];

	append(sql, "CASE ");
	append(sql, column);
	for (int i = 0; i < count; i++) {
		if (!words[i])
			continue;
		bool fits = text_format(when, sizeof(when), " WHEN %d THEN '%s'", i, words[i]);
		assert(fits);
		append(sql, when);
	}
	append(sql, " END AS ");
	append(sql, column);
}

void schema_views(char *sql)
{
	append(sql, "CREATE VIEW visit_words AS SELECT id, ticket, ");
	append_words(sql, "class", CLASS_WORD, CLASS_COUNT_);
	append(sql, ", ");
	append_words(sql, "state", STATE_WORD, VISIT_STATE_COUNT_);
	append(sql,
	       ", seq, registered_ms, decided_ms, entered_ms, left_ms, decided_by, pass_serial,"
	       " coalesce((SELECT printed FROM pass WHERE serial = pass_serial), 0)"
	       " AS pass_printed,"
	       " coalesce((SELECT uses FROM pass WHERE serial = pass_serial), 0) AS pass_uses"
	       " FROM visit;");
	append(sql, "CREATE VIEW event_words AS SELECT seq, boot, mono_ms, wall_ms,"
		    " datetime(wall_ms / 1000, 'unixepoch') AS utc, trusted, ");
	append_words(sql, "type", ENTRY_WORD, ENTRY_TYPE_COUNT_);
	append(sql, ", actor, hex(body) AS body, hex(hash) AS hash FROM event;");
	append(sql, "CREATE VIEW level_words AS SELECT ");
	append_words(sql, "level", LEVEL_WORD, LEVEL_COUNT_);
	append(sql, ", since_ms, set_by, seq FROM level_now;");
}
