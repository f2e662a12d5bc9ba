#include "config.h"

#include <string.h>

#include "base/text.h"
#include "codec/hex.h"
#include "core/words.h"
#include "hal/backends.h"
#include "settings/ini_file.h"

#define PIN_MIN 4
#define PIN_MAX 12
#define PASSPHRASE_MIN 12

/* Plain text keys and where they go. */
#define TEXT(section_, key_, member, required_)                                                    \
	{                                                                                          \
		section_, key_, offsetof(struct config, member),                                   \
			sizeof(((struct config *)0)->member), required_, BACKEND_CLASS_COUNT_      \
	}
#define DEVICE(key_, member, class)                                                                \
	{                                                                                          \
		"devices", key_, offsetof(struct config, member),                                  \
			sizeof(((struct config *)0)->member), true, class                          \
	}
static const struct text_key {
	const char *section, *key;
	size_t offset, size;
	bool required;
	enum backend_class backend; /* BACKEND_CLASS_COUNT_: not a device */
} TEXT_KEY[] = {
	TEXT("site", "name", site_zh, true),
	TEXT("site", "name_en", site_en, true),
	TEXT("site", "gate", gate_name, true),
	TEXT("site", "phone", phone, true),
	TEXT("site", "leader", leader, true),
	TEXT("site", "on_duty", on_duty, false),
	DEVICE("camera", camera, BACKEND_CAMERA),
	DEVICE("thermometer", thermometer, BACKEND_THERMOMETER),
	DEVICE("gate", gate, BACKEND_GATE),
	DEVICE("printer", printer, BACKEND_PRINTER),
	DEVICE("speaker", speaker, BACKEND_SPEAKER),
	DEVICE("stick", stick, BACKEND_STICK),
	TEXT("rules", "rulebook", rulebook, true),
};

static const char *const RETENTION_KEY[RETENTION_KIND_COUNT_] = {
	[RETENTION_ENTERED] = "entered_days",
	[RETENTION_REFUSED] = "refused_days",
	[RETENTION_UNFINISHED] = "unfinished_days",
	[RETENTION_INSIDE] = "inside_days",
};

struct reading {
	struct config config;
	uint64_t seen; /* bit per TEXT_KEY */
	uint32_t places, items; /* of [disinfection] and [supplies], as bits */
	bool site_id, offset, level, office_key, passphrase, due, quiet, volume;
	bool retention[RETENTION_KIND_COUNT_];
};

static bool take_account(struct config *c, const char *key, const char *value, char *why,
			 size_t cap)
{
#ifdef GATEHOUSE_SIM
	char role[16];
	const char *dot = strchr(key, '.');
	if (!dot || (size_t)(dot - key) >= sizeof(role) || dot[1] == '\0') {
		text_format(why, cap, "\"%s\" is not role.name, e.g. guard.李强", key);
		return false;
	}
	memcpy(role, key, (size_t)(dot - key));
	role[dot - key] = '\0';
	int found = ini_word(role, ROLE_WORD, ROLE_COUNT_);
	if (found < 0) {
		text_format(why, cap, "\"%s\" is not a role (guard, supervisor, staff)", role);
		return false;
	}
	for (int i = 0; i < c->account_count; i++)
		if (strcmp(c->accounts[i].name, dot + 1) == 0) {
			text_format(why, cap, "the account \"%s\" stands here a second time",
				    dot + 1);
			return false;
		}
	if (c->account_count == CONFIG_ACCOUNTS_MAX) {
		text_format(why, cap, "more than %d accounts", CONFIG_ACCOUNTS_MAX);
		return false;
	}
	struct config_account *a = &c->accounts[c->account_count];
	a->role = (enum role)found;
	if (!text_copy(a->name, sizeof(a->name), dot + 1)) {
		text_format(why, cap, "the name \"%s\" is longer than %zu bytes", dot + 1,
			    sizeof(a->name) - 1);
		return false;
	}
	if (strlen(value) < PIN_MIN || strlen(value) > PIN_MAX ||
	    strspn(value, "0123456789") != strlen(value) ||
	    !text_copy(a->pin, sizeof(a->pin), value)) {
		text_format(why, cap, "account \"%s\": the PIN must be 4 to 12 digits", dot + 1);
		return false;
	}
	c->account_count++;
	return true;
#else
	(void)c;
	(void)value;
	text_format(
		why, cap,
		"\"%s\": PINs in a configuration file are for demonstrations only; set them with "
		"gatehouse --set-pin",
		key);
	return false;
#endif
}

static bool take_text(struct reading *r, const char *section, const char *key, const char *value,
		      bool *known, char *why, size_t cap)
{
	for (size_t i = 0; i < ARRAY_LEN(TEXT_KEY); i++) {
		const struct text_key *t = &TEXT_KEY[i];
		if (strcmp(section, t->section) != 0 || strcmp(key, t->key) != 0)
			continue;
		*known = true;
		if (r->seen & UINT64_C(1) << i) {
			text_format(why, cap, "\"%s\" stands here a second time", key);
			return false;
		}
		r->seen |= UINT64_C(1) << i;
		if (value[0] == '\0' && t->required) {
			text_format(why, cap, "\"%s\" is empty", key);
			return false;
		}
		if (!text_copy((char *)&r->config + t->offset, t->size, value)) {
			text_format(why, cap, "\"%s\" is longer than %zu bytes", key, t->size - 1);
			return false;
		}
		const char *place;
		return t->backend == BACKEND_CLASS_COUNT_ ||
		       backend_known(t->backend, value, &place, why, cap);
	}
	return false;
}

/* "+08:00" -> 480 */
static bool parse_offset(const char *value, int32_t *minutes)
{
	int64_t h, m;
	char hours[3] = "";

	if (strlen(value) != 6 || (value[0] != '+' && value[0] != '-') || value[3] != ':')
		return false;
	memcpy(hours, value + 1, 2);
	if (!ini_number(hours, 0, 14, &h) || !ini_number(value + 4, 0, 59, &m))
		return false;
	*minutes = (int32_t)((value[0] == '-' ? -1 : 1) * (h * 60 + m));
	return true;
}

/* "09:30" -> 570. */
static bool parse_minute(const char *value, size_t len, int32_t *minutes)
{
	int64_t h, m;
	char hour[3] = "", minute[3] = "";

	if (len != 5 || value[2] != ':')
		return false;
	memcpy(hour, value, 2);
	memcpy(minute, value + 3, 2);
	if (!ini_number(hour, 0, 23, &h) || !ini_number(minute, 0, 59, &m))
		return false;
	*minutes = (int32_t)(h * 60 + m);
	return true;
}

/* "21:00-07:00". */
static bool parse_quiet(const char *value, struct quiet *quiet)
{
	return strlen(value) == 11 && value[5] == '-' && parse_minute(value, 5, &quiet->from_min) &&
	       parse_minute(value + 6, 5, &quiet->until_min);
}

/* Keys that are not plain text: each sets its own mark, and may do so once. */
static bool once(const bool *seen, const char *key, char *why, size_t cap)
{
	if (*seen)
		text_format(why, cap, "\"%s\" stands here a second time", key);
	return !*seen;
}

#ifndef GATEHOUSE_SIM
/* The keys whose secret halves lie beside demo.ini: with them anybody can sign orders and read
 * exports. */
static bool is_of_the_demonstration(const char *key, char *why, size_t cap)
{
	static const char *const KEYS[] = {
		"81bfee18e3794ce0bd4780cf1c64a47a5320844250c47c25ac9f054abca34b86",
		"age1xn64e5a9sl8utvff9qt0qkpsdcl7sh92vd03q0eqa9f09cepec4sszwnsr",
	};

	for (size_t i = 0; i < ARRAY_LEN(KEYS); i++)
		if (strcmp(key, KEYS[i]) == 0) {
			text_format(why, cap,
				    "this key is the demonstration's, and everybody has its secret "
				    "half; make one with gatehouse-office keygen");
			return true;
		}
	return false;
}
#endif

/* The office's public key, as gatehouse-office keygen writes it. Zeroes would take no order, and
 * say so only when one comes. */
static bool take_office_key(struct reading *r, const char *value, char *why, size_t cap)
{
	static const uint8_t NONE[CONFIG_KEY_BYTES];
	uint8_t *key = r->config.office_key;

	if (!once(&r->office_key, "key", why, cap))
		return false;
#ifndef GATEHOUSE_SIM
	if (is_of_the_demonstration(value, why, cap))
		return false;
#endif
	r->office_key = hex_decode(value, strlen(value), key, CONFIG_KEY_BYTES) &&
			memcmp(key, NONE, sizeof(NONE)) != 0;
	if (!r->office_key)
		text_format(why, cap, "key \"%s\" is not the 64 digits of the office's .pub file",
			    value);
	return r->office_key;
}

static bool take_retention(struct reading *r, const char *key, const char *value, char *why,
			   size_t cap)
{
	int64_t days;
	int kind = ini_word(key, RETENTION_KEY, RETENTION_KIND_COUNT_);

	if (kind < 0) {
		text_format(why, cap, "[retention] has no key \"%s\"", key);
		return false;
	}
	if (!once(&r->retention[kind], key, why, cap))
		return false;
	if (!ini_number(value, 1, RETENTION_DAYS_MAX, &days)) {
		text_format(why, cap, "%s \"%s\" is not a whole number of days from 1 to %d", key,
			    value, RETENTION_DAYS_MAX);
		return false;
	}
	r->config.retention.days[kind] = (int32_t)days;
	return r->retention[kind] = true;
}

/* One line for each: as gatehouse-office keygen or age-keygen say it. */
static bool take_recipient(struct age_to *to, const char *value, char *why, size_t cap)
{
	if (to->count == AGE_RECIPIENTS_MAX) {
		text_format(why, cap, "more than %d recipients", AGE_RECIPIENTS_MAX);
		return false;
	}
	uint8_t *key = to->recipients[to->count];
#ifndef GATEHOUSE_SIM
	if (is_of_the_demonstration(value, why, cap))
		return false;
#endif
	if (!age_recipient_parse(value, key)) {
		text_format(why, cap,
			    "\"%s\" is no recipient: it is the whole word age1... that the "
			    "office's keygen prints",
			    value);
		return false;
	}
	for (int i = 0; i < to->count; i++)
		if (memcmp(to->recipients[i], key, AGE_KEY_BYTES) == 0) {
			text_format(why, cap, "\"%s\" stands here a second time", value);
			return false;
		}
	to->count++;
	return true;
}

static bool take_sound_setting(struct reading *r, const char *key, const char *value, char *why,
			       size_t cap)
{
	int64_t percent;

	if (strcmp(key, "quiet") == 0) {
		if (!once(&r->quiet, key, why, cap))
			return false;
		r->quiet = parse_quiet(value, &r->config.quiet);
		if (!r->quiet)
			text_format(why, cap, "quiet \"%s\" is not like 21:00-07:00", value);
		return r->quiet;
	}
	if (strcmp(key, "volume") != 0) {
		text_format(why, cap, "[sound] has no key \"%s\"", key);
		return false;
	}
	if (!once(&r->volume, key, why, cap))
		return false;
	r->volume = ini_number(value, 1, 100, &percent);
	if (r->volume)
		r->config.volume_percent = (int32_t)percent;
	else
		text_format(why, cap, "volume \"%s\" is not a number from 1 to 100", value);
	return r->volume;
}

static bool take_office(struct reading *r, const char *key, const char *value, char *why,
			size_t cap)
{
	struct age_to *to = &r->config.office;

	if (strcmp(key, "key") == 0)
		return take_office_key(r, value, why, cap);
	if (strcmp(key, "recipient") == 0)
		return take_recipient(to, value, why, cap);
	if (strcmp(key, "passphrase") != 0) {
		text_format(why, cap, "[office] has no key \"%s\"", key);
		return false;
	}
	if (!once(&r->passphrase, key, why, cap))
		return false;
	if (!text_copy(to->passphrase, sizeof(to->passphrase), value) ||
	    (value[0] && strlen(value) < PASSPHRASE_MIN)) {
		text_format(why, cap, "the passphrase must have %d to %zu bytes", PASSPHRASE_MIN,
			    sizeof(to->passphrase) - 1);
		return false;
	}
	return r->passphrase = true;
}

/* "lifts = 24": hours between two disinfections of a place, 0 where there are none of it; "masks =
 * 50": so many there must be. Places inside are disinfected every day (2·九) unless told otherwise.
 */
static bool take_rhythm(struct reading *r, bool place, const char *key, const char *value,
			char *why, size_t cap)
{
	const struct ledger_field_info *info = &LEDGER_FIELD[place ? LEDGER_PLACE : LEDGER_ITEM];
	int32_t *values = place ? r->config.rhythm.every_h : r->config.rhythm.minimum;
	uint32_t *seen = place ? &r->places : &r->items;
	int64_t n;

	for (int64_t i = 1; i <= info->most; i++) {
		if (strcmp(info->choices[i], key) != 0)
			continue;
		bool had = (*seen >> i & 1) != 0;
		if (!once(&had, key, why, cap))
			return false;
		if (!ini_number(value, 0, place ? 24 * 31 : 99999, &n)) {
			text_format(why, cap, "%s \"%s\" is not a whole number from 0 to %d", key,
				    value, place ? 24 * 31 : 99999);
			return false;
		}
		values[i] = (int32_t)n;
		*seen |= 1U << i;
		return true;
	}
	text_format(why, cap, "\"%s\" is no %s", key, place ? "place" : "item");
	return false;
}

static bool take(void *ctx, const char *section, const char *key, const char *value, char *why,
		 size_t cap)
{
	struct reading *r = ctx;
	struct config *c = &r->config;
	bool known = false;
	int64_t n;

	if (take_text(r, section, key, value, &known, why, cap))
		return true;
	if (known)
		return false;
	if (strcmp(section, "accounts") == 0)
		return take_account(c, key, value, why, cap);
	if (strcmp(section, "retention") == 0)
		return take_retention(r, key, value, why, cap);
	if (strcmp(section, "disinfection") == 0 || strcmp(section, "supplies") == 0)
		return take_rhythm(r, section[0] == 'd', key, value, why, cap);
	if (strcmp(section, "office") == 0)
		return take_office(r, key, value, why, cap);
	if (strcmp(section, "site") == 0 && strcmp(key, "id") == 0) {
		if (!once(&r->site_id, key, why, cap))
			return false;
		if (ini_number(value, 1, UINT32_MAX, &n)) {
			c->site_id = (uint32_t)n;
			r->site_id = true;
			return true;
		}
		text_format(why, cap, "id \"%s\" is not a whole number from 1 to %u", value,
			    UINT32_MAX);
		return false;
	}
	if (strcmp(section, "site") == 0 && strcmp(key, "utc_offset") == 0) {
		if (!once(&r->offset, key, why, cap))
			return false;
		if ((r->offset = parse_offset(value, &c->utc_offset_min)))
			return true;
		text_format(why, cap, "utc_offset \"%s\" is not like +08:00", value);
		return false;
	}
	if (strcmp(section, "rules") == 0 && strcmp(key, "level") == 0) {
		if (!once(&r->level, key, why, cap))
			return false;
		int level = ini_word(value, LEVEL_WORD, LEVEL_COUNT_);
		if (level >= 0) {
			c->level = (enum level)level;
			return r->level = true;
		}
		text_format(why, cap, "level \"%s\" is none of open, closed, strict, lockdown",
			    value);
		return false;
	}
	if (strcmp(section, "report") == 0 && strcmp(key, "due") == 0) {
		if (!once(&r->due, key, why, cap))
			return false;
		if ((r->due = parse_minute(value, strlen(value), &c->report_due_min)))
			return true;
		text_format(why, cap, "due \"%s\" is not a time of the day like 09:30", value);
		return false;
	}
	if (strcmp(section, "sound") == 0)
		return take_sound_setting(r, key, value, why, cap);
	text_format(why, cap, "[%s] has no key \"%s\"", section, key);
	return false;
}

/* Names the first thing that is missing. */
static bool complete(const struct reading *r, const char *path, char *message, size_t cap)
{
	const char *section = NULL, *key = NULL;

	for (size_t i = 0; i < ARRAY_LEN(TEXT_KEY) && !key; i++)
		if (TEXT_KEY[i].required && !(r->seen & UINT64_C(1) << i)) {
			section = TEXT_KEY[i].section;
			key = TEXT_KEY[i].key;
		}
	if (!key && !r->site_id)
		section = "site", key = "id";
	if (!key && !r->level)
		section = "rules", key = "level";
	if (!key && r->config.office.count > 0 && r->config.office.passphrase[0]) {
		text_format(message, cap,
			    "%s: [office] has recipients and a passphrase: an export is for one or "
			    "the other",
			    path);
		return false;
	}
	if (!key)
		return true;
	text_format(message, cap, "%s: [%s] %s is missing", path, section, key);
	return false;
}

/* A relative rulebook stands beside the configuration file. */
static bool place_rulebook(struct config *config, const char *path, char *message, size_t cap)
{
	char name[CONFIG_PATH_BYTES];
	const char *slash = strrchr(path, '/');
	int dir = slash ? (int)(slash - path + 1) : 0;

	if (config->rulebook[0] == '/')
		return true;
	memcpy(name, config->rulebook, sizeof(name));
	if (text_format(config->rulebook, sizeof(config->rulebook), "%.*s%s", dir, path, name))
		return true;
	text_format(message, cap, "%s: the path of the rulebook is too long", path);
	return false;
}

bool config_read(struct config *config, const char *path, char *message, size_t cap)
{
	struct reading r = { .config.utc_offset_min = 480,
			     .config.quiet = { CONFIG_QUIET_FROM_MIN, CONFIG_QUIET_UNTIL_MIN },
			     .config.volume_percent = 100,
			     .config.report_due_min = CONFIG_REPORT_DUE_MIN,
			     .config.rhythm = { .every_h = { [PLACE_GATE] = 24,
							     [PLACE_YARD] = 24,
							     [PLACE_LIFTS] = 24,
							     [PLACE_STAIRS] = 24,
							     [PLACE_HALLS] = 24 } },
			     .config.retention = retention_default };

	bool good = ini_file_read(path, take, &r, message, cap) &&
		    complete(&r, path, message, cap) &&
		    place_rulebook(&r.config, path, message, cap);
	if (good)
		*config = r.config;
	explicit_bzero(&r, sizeof(r)); /* PINs of a demonstration */
	return good;
}
