/*
 * Sections: [rulebook] title, version · [temperature] · [gate] · [clauses] check = clause · and one
 * section a rule,
 * "[LEVEL CLASS DIRECTION]", with verdict, clause and, for an admitting rule, require and the pass;
 * for a refusing rule its reason. Every rule must cite a clause; every check a rule requires must
 * have one.
 */
#include "settings/rulebook.h"

#include <string.h>

#include "base/text.h"
#include "core/words.h"
#include "settings/ini_file.h"

/* Reasons a rule may give for refusing a whole class. */
static const struct {
	const char *word;
	enum reason_code code;
} RULE_REASON[] = {
	{ "class-refused", REASON_CLASS_REFUSED },
	{ "courier-outside", REASON_COURIER_OUTSIDE },
};

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
	NUMBER("temperature", "fever", fever_centi_c, 3600, 4000, 1, true),
	NUMBER("temperature", "too_cold", too_cold_centi_c, 3000, 3600, 1, true),
	NUMBER("temperature", "ambient_min", ambient_min_centi_c, -4000, 2000, 1, true),
	NUMBER("temperature", "ambient_max", ambient_max_centi_c, 2000, 6000, 1, true),
	NUMBER("temperature", "second_after_s", second_after_ms, 1, 120, 1000, false),
	NUMBER("temperature", "rest_min", rest_ms, 0, 60, 60000, false),
	NUMBER("gate", "open_s", gate_open_ms, 1, 120, 1000, false),
	NUMBER("gate", "closing_s", gate_closing_ms, 1, 30, 1000, false),
};

struct reading {
	struct rulebook book;
	uint32_t numbers; /* bit per NUMBER_KEY seen */
	uint8_t seen[LEVEL_COUNT_][CLASS_COUNT_][DIRECTION_COUNT_]; /* bit per rule key */
};

enum rule_key {
	RULE_VERDICT,
	RULE_REASON_KEY,
	RULE_CLAUSE,
	RULE_REQUIRE,
	RULE_MINUTES,
	RULE_USES,
	RULE_KEY_COUNT_
};
static const char *const RULE_KEY_WORD[RULE_KEY_COUNT_] = {
	"verdict", "reason", "clause", "require", "pass_minutes", "pass_uses"
};

/* "[closed visitor in]" -> indices */
static bool parse_rule_name(const char *section, int *level, int *class_, int *direction)
{
	char words[3][24], whole[80];

	if (sscanf(section, "%23s %23s %23s", words[0], words[1], words[2]) != 3)
		return false;
	text_format(whole, sizeof(whole), "%s %s %s", words[0], words[1], words[2]);
	if (strcmp(section, whole) != 0) /* a fourth word must not be ignored */
		return false;
	*level = ini_word(words[0], LEVEL_WORD, LEVEL_COUNT_);
	*class_ = ini_word(words[1], CLASS_WORD, CLASS_COUNT_);
	*direction = ini_word(words[2], DIRECTION_WORD, DIRECTION_COUNT_);
	return *level >= 0 && *class_ >= 0 && *direction >= 0;
}

static bool parse_checks(const char *value, uint32_t *required, char *why, size_t cap)
{
	char list[200];
	char *save = NULL;

	text_copy(list, sizeof(list), value);
	for (char *word = strtok_r(list, ", ", &save); word; word = strtok_r(NULL, ", ", &save)) {
		int check = ini_word(word, CHECK_WORD, CHECK_COUNT_);
		if (check < 0) {
			text_format(why, cap, "\"%s\" is not a check", word);
			return false;
		}
		*required |= 1U << check;
	}
	if (*required == 0)
		text_format(why, cap, "require is empty");
	return *required != 0;
}

static bool take_reason(struct rule *rule, const char *value, char *why, size_t cap)
{
	for (size_t i = 0; i < ARRAY_LEN(RULE_REASON); i++)
		if (strcmp(value, RULE_REASON[i].word) == 0) {
			rule->reason = RULE_REASON[i].code;
			return true;
		}
	text_format(why, cap, "reason \"%s\" is not known", value);
	return false;
}

static bool take_rule_key(struct rule *rule, enum rule_key key, const char *value, char *why,
			  size_t cap)
{
	int64_t n = 0;
	int verdict;

	switch (key) {
	case RULE_VERDICT:
		verdict = ini_word(value, VERDICT_WORD, VERDICT_COUNT_);
		if (verdict < 0) {
			text_format(why, cap, "verdict \"%s\" is none of admit, refuse, turn-back",
				    value);
			return false;
		}
		rule->verdict = (enum verdict)verdict;
		return true;
	case RULE_REASON_KEY:
		return take_reason(rule, value, why, cap);
	case RULE_CLAUSE:
		if (value[0] != '\0' && text_copy(rule->clause, sizeof(rule->clause), value))
			return true;
		text_format(why, cap, "clause \"%s\" is empty or too long", value);
		return false;
	case RULE_REQUIRE:
		return parse_checks(value, &rule->required, why, cap);
	case RULE_MINUTES:
		if (ini_number(value, 1, 60 * 24 * 366, &n)) {
			rule->pass.valid_min = (int32_t)n;
			return true;
		}
		text_format(why, cap, "pass_minutes \"%s\" is not a number of minutes", value);
		return false;
	case RULE_USES:
		if (ini_number(value, 1, 255, &n)) {
			rule->pass.uses = (uint8_t)n;
			return true;
		}
		text_format(why, cap, "pass_uses \"%s\" is not 1 to 255", value);
		return false;
	case RULE_KEY_COUNT_:
		break;
	}
	return false;
}

static bool take_rule(struct reading *r, const char *section, const char *key, const char *value,
		      char *why, size_t cap)
{
	int level, class_, direction;

	if (!parse_rule_name(section, &level, &class_, &direction)) {
		text_format(why, cap, "[%s] is not a section or a rule \"[LEVEL CLASS DIRECTION]\"",
			    section);
		return false;
	}
	int word = ini_word(key, RULE_KEY_WORD, RULE_KEY_COUNT_);
	if (word < 0) {
		text_format(why, cap, "a rule has no key \"%s\"", key);
		return false;
	}
	uint8_t *seen = &r->seen[level][class_][direction];
	if (*seen & 1U << word) {
		text_format(why, cap, "[%s] has \"%s\" twice", section, key);
		return false;
	}
	*seen = (uint8_t)(*seen | 1U << word);
	struct rule *rule = &r->book.rules[level][class_][direction];
	rule->present = true;
	return take_rule_key(rule, (enum rule_key)word, value, why, cap);
}

static bool take_clause(struct reading *r, const char *key, const char *value, char *why,
			size_t cap)
{
	int check = ini_word(key, CHECK_WORD, CHECK_COUNT_);

	if (check < 0) {
		text_format(why, cap, "\"%s\" is not a check", key);
		return false;
	}
	if (r->book.check_clause[check][0] != '\0') {
		text_format(why, cap, "the clause of \"%s\" stands here a second time", key);
		return false;
	}
	if (value[0] == '\0' || !text_copy(r->book.check_clause[check], CLAUSE_BYTES, value)) {
		text_format(why, cap, "clause \"%s\" is empty or too long", value);
		return false;
	}
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

static bool take(void *ctx, const char *section, const char *key, const char *value, char *why,
		 size_t cap)
{
	struct reading *r = ctx;

	for (size_t i = 0; i < ARRAY_LEN(NUMBER_KEY); i++)
		if (strcmp(section, NUMBER_KEY[i].section) == 0 &&
		    strcmp(key, NUMBER_KEY[i].key) == 0)
			return take_number(r, i, value, why, cap);
	if (strcmp(section, "clauses") == 0)
		return take_clause(r, key, value, why, cap);
	if (strcmp(section, "rulebook") == 0 && strcmp(key, "title") == 0) {
		if (r->book.title[0] != '\0') {
			text_format(why, cap, "\"title\" stands here a second time");
			return false;
		}
		if (value[0] != '\0' && text_copy(r->book.title, sizeof(r->book.title), value))
			return true;
		text_format(why, cap, "title is empty or too long");
		return false;
	}
	if (!strcmp(section, "rulebook") || !strcmp(section, "temperature") ||
	    !strcmp(section, "gate")) {
		text_format(why, cap, "[%s] has no key \"%s\"", section, key);
		return false;
	}
	return take_rule(r, section, key, value, why, cap);
}

/* What is wrong with a whole rule, or NULL. */
static const char *rule_problem(const struct reading *r, const struct rule *rule, uint8_t seen,
				bool inward, int *check)
{
	bool admits = rule->verdict == VERDICT_ADMIT;

	if (!(seen & 1U << RULE_VERDICT))
		return "has no verdict";
	if (!(seen & 1U << RULE_CLAUSE))
		return "cites no clause";
	if (!admits && rule->reason == REASON_NONE)
		return "refuses without a reason";
	if (!admits && (seen & (1U << RULE_REQUIRE | 1U << RULE_MINUTES | 1U << RULE_USES)))
		return "refuses, so it can neither require checks nor print a pass";
	if (admits && rule->reason != REASON_NONE)
		return "admits, so it can give no reason to refuse";
	if (admits && inward && !(seen & 1U << RULE_REQUIRE))
		return "admits without requiring any check";
	if (admits && inward && !(seen & 1U << RULE_MINUTES && seen & 1U << RULE_USES))
		return "admits, so it must say pass_minutes and pass_uses";
	for (*check = 0; *check < CHECK_COUNT_; ++*check)
		if ((rule->required & 1U << *check) && r->book.check_clause[*check][0] == '\0')
			return "requires a check that has no clause in [clauses]:";
	return NULL;
}

static bool complete(const struct reading *r, const char *path, char *message, size_t cap)
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
	int classes = CLASS_COUNT_, directions = DIRECTION_COUNT_;
	int rules = LEVEL_COUNT_ * classes * directions;
	for (int i = 0; i < rules; i++) {
		int level = i / (classes * directions), class_ = i / directions % classes,
		    direction = i % directions, check = CHECK_COUNT_;
		const struct rule *rule = &r->book.rules[level][class_][direction];
		const char *problem =
			rule->present ? rule_problem(r, rule, r->seen[level][class_][direction],
						     direction == DIRECTION_IN, &check)
				      : NULL;
		if (!problem)
			continue;
		text_format(message, cap, "%s: rule [%s %s %s] %s %s", path, LEVEL_WORD[level],
			    CLASS_WORD[class_], DIRECTION_WORD[direction], problem,
			    check < CHECK_COUNT_ ? CHECK_WORD[check] : "");
		return false;
	}
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
