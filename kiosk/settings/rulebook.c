/*
 * Sections: [rulebook] title, version, plan · [temperature] · [gate] · [quota] · [monitoring] ·
 * [clauses], [lifts], [max-age] check = … · [windows] name = 05:00-07:30 · and the rules, which
 * rulebook_rules.c reads. Nothing of a bad file is taken.
 */
#include "settings/rulebook.h"

#include <string.h>

#include "base/text.h"
#include "core/words.h"
#include "settings/ini_file.h"
#include "settings/rulebook_reading.h"

/* Numbers with their bounds. scale turns the file's unit into the book's. */
#define NUMBER(section_, key_, member, low_, high_, scale_, centi_)                                \
	{                                                                                          \
		section_, key_, offsetof(struct rulebook, member), low_, high_, scale_, centi_     \
	}
static const struct number_key {
	const char *section, *key;
	size_t offset;
	int32_t low, high, scale;
	bool centi;
} NUMBER_KEY[] = {
	NUMBER("rulebook", "version", version, 1, 1000000, 1, false),
	NUMBER("rulebook", "plan", plan, 0, 4, 1, false),
	NUMBER("temperature", "fever", fever_centi_c, 3600, 4000, 1, true),
	NUMBER("temperature", "too_cold", too_cold_centi_c, 3000, 3600, 1, true),
	NUMBER("temperature", "ambient_min", ambient_min_centi_c, -4000, 2000, 1, true),
	NUMBER("temperature", "ambient_max", ambient_max_centi_c, 2000, 6000, 1, true),
	NUMBER("temperature", "second_after_s", second_after_ms, 1, 120, 1000, false),
	NUMBER("temperature", "rest_min", rest_ms, 0, 60, 60000, false),
	NUMBER("gate", "open_s", gate_open_ms, 1, 120, 1000, false),
	NUMBER("gate", "closing_s", gate_closing_ms, 1, 30, 1000, false),
	NUMBER("quota", "persons", quota_persons, 0, 20, 1, false),
	NUMBER("quota", "days", quota_days, 1, 30, 1, false),
	NUMBER("quota", "minutes", quota_minutes, 1, 1440, 1, false),
	NUMBER("monitoring", "days", monitoring_days, 1, 60, 1, false),
	NUMBER("monitoring", "test_every_days", test_every_days, 1, 60, 1, false),
};
static_assert(ARRAY_LEN(NUMBER_KEY) <= 32, "seen numbers are bits of 32");

bool rulebook_take_word(const char *key, const char *value, const char *const *words, int count,
			int *out, char *why, size_t cap)
{
	*out = ini_word(value, words, count);
	if (*out < 0)
		text_format(why, cap, "%s \"%s\" is not known", key, value);
	return *out >= 0;
}

static bool take_clause_of(char *clause, const char *of, const char *value, char *why, size_t cap)
{
	if (clause[0] != '\0') {
		text_format(why, cap, "the clause of \"%s\" stands here a second time", of);
		return false;
	}
	if (value[0] == '\0' || !text_copy(clause, CLAUSE_BYTES, value)) {
		clause[0] = '\0';
		text_format(why, cap, "clause \"%s\" is empty or too long", value);
		return false;
	}
	return true;
}

static bool take_clause(struct reading *r, int check, const char *value, char *why, size_t cap)
{
	return take_clause_of(r->book.check_clause[check], CHECK_WORD[check], value, why, cap);
}

static bool take_lift(struct reading *r, int check, const char *value, char *why, size_t cap)
{
	int lift = 0;

	if (!rulebook_take_word("lift", value, LIFT_WORD, LIFT_COUNT_, &lift, why, cap))
		return false;
	if (lift == LIFT_GUARD) {
		text_format(
			why, cap,
			"a bad \"%s\" may be lifted by supervisor or headquarters, not by a guard",
			CHECK_WORD[check]);
		return false;
	}
	r->book.check_lift[check] = (enum lift)lift;
	return true;
}

/* "7d", "24h" or "90m" */
static bool take_age(struct reading *r, int check, const char *value, char *why, size_t cap)
{
	char number[16];
	size_t len = strlen(value);
	int64_t n = 0;
	int32_t unit = len && value[len - 1] == 'd' ? 1440 : len && value[len - 1] == 'h' ? 60 : 1;
	bool has_unit = len && strchr("dhm", value[len - 1]);

	if (check == CHECK_WINDOW || !has_unit || len >= sizeof(number)) {
		text_format(why, cap, "max-age \"%s\" is not like 7d, 24h or 90m", value);
		return false;
	}
	memcpy(number, value, len - 1);
	number[len - 1] = '\0';
	if (!ini_number(number, 1, 366 * 1440 / unit, &n)) {
		text_format(why, cap, "max-age \"%s\" is not a time up to a year", value);
		return false;
	}
	r->book.max_age_min[check] = (int32_t)n * unit;
	return true;
}

static bool parse_minute(const char *text, int32_t *minute)
{
	char hours[3] = { text[0], text[1], '\0' }, minutes[3] = { text[3], text[4], '\0' };
	int64_t h, m;

	if (text[2] != ':' || !ini_number(hours, 0, 24, &h) || !ini_number(minutes, 0, 59, &m))
		return false;
	*minute = (int32_t)(h * 60 + m);
	return *minute <= 1440;
}

static bool take_window_hours(struct reading *r, const char *name, const char *value, char *why,
			      size_t cap)
{
	struct window *w = &r->book.windows[r->book.window_count];

	if (r->book.window_count == WINDOWS_MAX) {
		text_format(why, cap, "more than %d windows", WINDOWS_MAX);
		return false;
	}
	if (strlen(value) != 11 || value[5] != '-' || !parse_minute(value, &w->start_min) ||
	    !parse_minute(value + 6, &w->end_min) || w->start_min == w->end_min) {
		text_format(why, cap, "hours \"%s\" are not like 05:00-07:30", value);
		return false;
	}
	if (!text_copy(w->name, sizeof(w->name), name)) {
		text_format(why, cap, "window name \"%s\" is too long", name);
		return false;
	}
	r->book.window_count++;
	return true;
}

static bool take_number(struct reading *r, size_t i, const char *value, char *why, size_t cap)
{
	const struct number_key *k = &NUMBER_KEY[i];
	int32_t *out = (int32_t *)((char *)&r->book + k->offset);
	int64_t n = 0;
	bool good;

	if (r->numbers & 1U << i) {
		text_format(why, cap, "\"%s\" stands here a second time", k->key);
		return false;
	}
	r->numbers |= 1U << i;
	if (k->centi) {
		good = ini_centi(value, k->low, k->high, out);
	} else {
		good = ini_number(value, k->low, k->high, &n);
		*out = (int32_t)n * k->scale;
	}
	if (!good && k->centi)
		text_format(why, cap, "%s \"%s\" is not a number from %d.%02d to %d.%02d", k->key,
			    value, k->low / 100, k->low < 0 ? 0 : k->low % 100, k->high / 100,
			    k->high % 100);
	else if (!good)
		text_format(why, cap, "%s \"%s\" is not a whole number from %d to %d", k->key,
			    value, k->low, k->high);
	return good;
}

/* Sections of "check = value" lines. */
static const struct {
	const char *section;
	bool (*take)(struct reading *r, int check, const char *value, char *why, size_t cap);
} CHECK_SECTION[] = {
	{ "clauses", take_clause },
	{ "lifts", take_lift },
	{ "max-age", take_age },
};

static bool take(void *ctx, const char *section, const char *key, const char *value, char *why,
		 size_t cap)
{
	static const char *const PLAIN[] = { "rulebook", "temperature", "gate", "quota",
					     "monitoring" };
	struct reading *r = ctx;

	for (size_t i = 0; i < ARRAY_LEN(NUMBER_KEY); i++)
		if (strcmp(section, NUMBER_KEY[i].section) == 0 &&
		    strcmp(key, NUMBER_KEY[i].key) == 0)
			return take_number(r, i, value, why, cap);
	if (strcmp(section, "clauses") == 0 && strcmp(key, FEVER_HOME) == 0)
		return take_clause_of(r->book.fever_home_clause, key, value, why, cap);
	for (size_t i = 0; i < ARRAY_LEN(CHECK_SECTION); i++) {
		if (strcmp(section, CHECK_SECTION[i].section) != 0)
			continue;
		int check = ini_word(key, CHECK_WORD, CHECK_COUNT_);
		if (check >= 0)
			return CHECK_SECTION[i].take(r, check, value, why, cap);
		text_format(why, cap, "\"%s\" is not a check", key);
		return false;
	}
	if (strcmp(section, "windows") == 0)
		return take_window_hours(r, key, value, why, cap);
	if (strcmp(section, "rulebook") == 0 && strcmp(key, "title") == 0) {
		if (value[0] != '\0' && text_copy(r->book.title, sizeof(r->book.title), value))
			return true;
		text_format(why, cap, "title is empty or too long");
		return false;
	}
	for (size_t i = 0; i < ARRAY_LEN(PLAIN); i++)
		if (strcmp(section, PLAIN[i]) == 0) {
			text_format(why, cap, "[%s] has no key \"%s\"", section, key);
			return false;
		}
	return rulebook_take_rule(r, section, key, value, why, cap);
}

static bool complete(struct reading *r, const char *path, char *message, size_t cap)
{
	for (size_t i = 0; i < ARRAY_LEN(NUMBER_KEY); i++)
		if (!(r->numbers & 1U << i)) {
			text_format(message, cap, "%s: [%s] %s is missing", path,
				    NUMBER_KEY[i].section, NUMBER_KEY[i].key);
			return false;
		}
	if (r->book.title[0] == '\0') {
		text_format(message, cap, "%s: [rulebook] title is missing", path);
		return false;
	}
	for (int i = 0; i < r->book.window_count; i++)
		if (!(r->windows_used & 1U << i)) {
			text_format(message, cap, "%s: no rule uses the window \"%s\"", path,
				    r->book.windows[i].name);
			return false;
		}
	return rulebook_rules_complete(r, path, message, cap);
}

bool rulebook_parse(struct rulebook *book, const char *name, const char *text, size_t len,
		    char *message, size_t cap)
{
	struct reading r = { 0 };

	if (!ini_text_read(name, text, len, take, &r, message, cap) ||
	    !complete(&r, name, message, cap))
		return false;
	*book = r.book;
	return true;
}

bool rulebook_read(struct rulebook *book, const char *path, char *message, size_t cap)
{
	struct reading r = { 0 };

	if (!ini_file_read(path, take, &r, message, cap) || !complete(&r, path, message, cap))
		return false;
	*book = r.book;
	return true;
}
