/*
 * The rules of a rulebook: sections "[LEVELS CLASSES DIRECTIONS]", each a word, a comma list or *.
 *
 * A rule covers every cell its section names. No two sections may cover one cell, and in the end
 * every level x class x direction must be covered: nobody is refused because somebody forgot a
 * line.
 */
#include <string.h>

#include "base/text.h"
#include "core/words.h"
#include "settings/ini_file.h"
#include "settings/rulebook_reading.h"

#define CELLS (LEVEL_COUNT_ * CLASS_COUNT_ * DIRECTION_COUNT_)

#define ALL "*"

/* Reasons a rule may give for refusing a whole class. */
static const enum reason_code RULE_REASON[] = {
	REASON_CLASS_REFUSED,   REASON_COURIER_OUTSIDE, REASON_OUTSIDER,
	REASON_KEY_AREA,        REASON_WORKS_SUSPENDED, REASON_LOCKDOWN,
	REASON_OUTSIDE_VEHICLE, REASON_STAYS_IN,        REASON_MONITORING_STAYS,
};

enum rule_key {
	RULE_VERDICT,
	RULE_REASON_KEY,
	RULE_LIFT,
	RULE_CLAUSE,
	RULE_REQUIRE,
	RULE_APPROVER,
	RULE_WINDOW,
	RULE_AFTER,
	RULE_MINUTES,
	RULE_USES,
	RULE_FEVER,
	RULE_KEY_COUNT_
};
static const char *const RULE_KEY_WORD[RULE_KEY_COUNT_] = {
	"verdict", "reason",         "lift",         "clause",    "require", "approver",
	"window",  "recorded_after", "pass_minutes", "pass_uses", "fever"
};

static bool is_passing(enum verdict verdict)
{
	return verdict == VERDICT_ADMIT;
}

/* "closed,strict" or "*" -> bits. The list is taken apart in place. */
static bool parse_words(char *list, const char *const *words, int count, const char *what,
			uint32_t *bits, char *why, size_t cap)
{
	char *save = NULL;

	*bits = 0;
	if (strcmp(list, ALL) == 0) {
		*bits = (1U << count) - 1;
		return true;
	}
	for (char *word = strtok_r(list, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
		int i = ini_word(word, words, count);
		if (i < 0) {
			text_format(why, cap, "\"%s\" is not a %s", word, what);
			return false;
		}
		if (*bits & 1U << i) {
			text_format(why, cap, "\"%s\" stands there twice", word);
			return false;
		}
		*bits |= 1U << i;
	}
	return *bits != 0;
}

/* Marks the cells of a new section; two sections on one cell are an error. */
static bool claim(struct reading *r, const struct section *s, char *why, size_t cap)
{
	for (int i = 0; i < CELLS; i++) {
		int l = i / (CLASS_COUNT_ * DIRECTION_COUNT_),
		    c = i / DIRECTION_COUNT_ % CLASS_COUNT_, d = i % DIRECTION_COUNT_;
		if (!(s->levels & 1U << l) || !(s->classes & 1U << c) || !(s->directions & 1U << d))
			continue;
		uint8_t *owner = &r->owner[l][c][d];
		if (*owner != 0) {
			text_format(why, cap, "[%s] overlaps [%s]: both rule \"%s %s %s\"", s->name,
				    r->sections[*owner - 1].name, LEVEL_WORD[l], CLASS_WORD[c],
				    DIRECTION_WORD[d]);
			return false;
		}
		*owner = (uint8_t)(r->section_count);
	}
	return true;
}

/* The section under way, begun if the name is another than before. NULL with why. */
static struct section *open_section(struct reading *r, const char *name, char *why, size_t cap)
{
	char words[3][SECTION_BYTES];
	struct section *s = r->section_count ? &r->sections[r->section_count - 1] : NULL;

	if (s && strcmp(s->name, name) == 0)
		return s;
	if (sscanf(name, "%63s %63s %63s", words[0], words[1], words[2]) != 3) {
		text_format(why, cap,
			    "[%s] is not a section or a rule \"[LEVELS CLASSES DIRECTIONS]\"",
			    name);
		return NULL;
	}
	if (r->section_count == SECTIONS_MAX) {
		text_format(why, cap, "more than %d rules", SECTIONS_MAX);
		return NULL;
	}
	s = &r->sections[r->section_count];
	memset(s, 0, sizeof(*s));
	text_copy(s->name, sizeof(s->name), name);
	if (!parse_words(words[0], LEVEL_WORD, LEVEL_COUNT_, "level", &s->levels, why, cap) ||
	    !parse_words(words[1], CLASS_WORD, CLASS_COUNT_, "class", &s->classes, why, cap) ||
	    !parse_words(words[2], DIRECTION_WORD, DIRECTION_COUNT_, "direction", &s->directions,
			 why, cap))
		return NULL;
	r->section_count++;
	return claim(r, s, why, cap) ? s : NULL;
}

static bool parse_checks(const char *value, uint32_t *required, char *why, size_t cap)
{
	char list[200];
	char *save = NULL;

	text_copy(list, sizeof(list), value);
	for (char *word = strtok_r(list, ", ", &save); word; word = strtok_r(NULL, ", ", &save)) {
		int check = ini_word(word, CHECK_WORD, CHECK_COUNT_);
		if (check < 0 || check == CHECK_WINDOW) {
			text_format(why, cap, "\"%s\" is not a check that can be required", word);
			return false;
		}
		*required |= 1U << check;
	}
	return true;
}

static bool take_reason(struct rule *rule, const char *value, char *why, size_t cap)
{
	for (size_t i = 0; i < ARRAY_LEN(RULE_REASON); i++)
		if (strcmp(value, REASON_WORD[RULE_REASON[i]]) == 0) {
			rule->reason = RULE_REASON[i];
			return true;
		}
	text_format(why, cap, "reason \"%s\" is not one a rule may give", value);
	return false;
}

static bool take_window(struct reading *r, struct rule *rule, const char *value, char *why,
			size_t cap)
{
	for (int i = 0; i < r->book.window_count; i++)
		if (strcmp(value, r->book.windows[i].name) == 0) {
			rule->window = (uint8_t)(i + 1);
			rule->required |= 1U << CHECK_WINDOW;
			r->windows_used |= 1U << i;
			return true;
		}
	text_format(why, cap,
		    "window \"%s\" is not in [windows], which must stand before the rules", value);
	return false;
}

static bool take_count(const char *key, const char *value, int64_t high, int64_t *out, char *why,
		       size_t cap)
{
	if (ini_number(value, 1, high, out))
		return true;
	text_format(why, cap, "%s \"%s\" is not a whole number from 1 to %lld", key, value,
		    (long long)high);
	return false;
}

static bool take_rule_key(struct reading *r, struct rule *rule, enum rule_key key,
			  const char *value, char *why, size_t cap)
{
	const char *word = RULE_KEY_WORD[key];
	int64_t n = 0;
	int i = 0;
	bool good = true;

	switch (key) {
	case RULE_VERDICT:
		good = rulebook_take_word(word, value, VERDICT_WORD, VERDICT_COUNT_, &i, why,
					  cap) &&
		       i != VERDICT_REFER;
		if (!good)
			text_format(why, cap, "verdict \"%s\" is none of admit, refuse, turn-back",
				    value);
		rule->verdict = (enum verdict)i;
		return good;
	case RULE_REASON_KEY:
		return take_reason(rule, value, why, cap);
	case RULE_LIFT:
		good = rulebook_take_word(word, value, LIFT_WORD, LIFT_COUNT_, &i, why, cap);
		rule->lift = (enum lift)i;
		return good;
	case RULE_CLAUSE:
		if (value[0] != '\0' && text_copy(rule->clause, sizeof(rule->clause), value))
			return true;
		text_format(why, cap, "clause \"%s\" is empty or too long", value);
		return false;
	case RULE_REQUIRE:
		return parse_checks(value, &rule->required, why, cap);
	case RULE_APPROVER:
		good = rulebook_take_word(word, value, APPROVER_WORD, APPROVER_COUNT_, &i, why,
					  cap) &&
		       i > 0;
		rule->approver = (enum approver)i;
		return good;
	case RULE_WINDOW:
		return take_window(r, rule, value, why, cap);
	case RULE_AFTER:
		rule->recorded_after = strcmp(value, "yes") == 0;
		if (!rule->recorded_after)
			text_format(why, cap, "recorded_after is \"yes\" or left out");
		return rule->recorded_after;
	case RULE_MINUTES:
		good = take_count(word, value, INT64_C(60) * 24 * 366, &n, why, cap);
		rule->pass.valid_min = (int32_t)n;
		return good;
	case RULE_USES:
		good = take_count(word, value, 255, &n, why, cap);
		rule->pass.uses = (uint8_t)n;
		return good;
	case RULE_FEVER:
		rule->fever_home = strcmp(value, "home") == 0;
		if (!rule->fever_home)
			text_format(why, cap, "fever is \"home\" or left out");
		return rule->fever_home;
	case RULE_KEY_COUNT_:
		break;
	}
	return false;
}

bool rulebook_take_rule(struct reading *r, const char *section, const char *key, const char *value,
			char *why, size_t cap)
{
	struct section *s = open_section(r, section, why, cap);

	if (!s)
		return false;
	int word = ini_word(key, RULE_KEY_WORD, RULE_KEY_COUNT_);
	if (word < 0) {
		text_format(why, cap, "a rule has no key \"%s\"", key);
		return false;
	}
	if (s->seen & 1U << word) {
		text_format(why, cap, "[%s] has \"%s\" twice", section, key);
		return false;
	}
	s->seen |= 1U << word;
	return take_rule_key(r, &s->rule, (enum rule_key)word, value, why, cap);
}

/* What is wrong with a whole rule, or NULL; *word is the word it turns on. */
static const char *rule_problem(const struct reading *r, const struct section *s, const char **word)
{
	const struct rule *rule = &s->rule;
	const uint32_t pass_keys = 1U << RULE_REQUIRE | 1U << RULE_MINUTES | 1U << RULE_USES |
				   1U << RULE_APPROVER | 1U << RULE_WINDOW | 1U << RULE_AFTER |
				   1U << RULE_FEVER;

	*word = "";
	if (!(s->seen & 1U << RULE_VERDICT))
		return "has no verdict";
	if (!(s->seen & 1U << RULE_CLAUSE))
		return "cites no clause";
	if (!is_passing(rule->verdict) && rule->reason == REASON_NONE)
		return "refuses without a reason";
	if (!is_passing(rule->verdict) && (s->seen & pass_keys))
		return "refuses, so it can neither require checks nor print a pass";
	if (is_passing(rule->verdict) && (s->seen & (1U << RULE_REASON_KEY | 1U << RULE_LIFT)))
		return "admits, so it has nothing to refuse or to lift";
	if (rule->approver && !(rule->required & 1U << CHECK_APPROVAL))
		return "names an approver but does not require approval";
	if (rule->recorded_after && rule->required)
		return "passes at once, so it can require nothing";
	if (rule->fever_home && !(rule->required & 1U << CHECK_TEMPERATURE))
		return "sends a fever home but does not require temperature";
	if (rule->fever_home && r->book.fever_home_clause[0] == '\0') {
		*word = FEVER_HOME;
		return "cites a clause that is not in [clauses]:";
	}
	for (int check = 0; check < CHECK_COUNT_; check++)
		if ((rule->required & 1U << check) && r->book.check_clause[check][0] == '\0') {
			*word = CHECK_WORD[check];
			return "requires a check that has no clause in [clauses]:";
		}
	return NULL;
}

bool rulebook_rules_complete(struct reading *r, const char *path, char *message, size_t cap)
{
	const char *word;

	for (int i = 0; i < r->section_count; i++) {
		const char *problem = rule_problem(r, &r->sections[i], &word);
		if (problem) {
			text_format(message, cap, "%s: rule [%s] %s %s", path, r->sections[i].name,
				    problem, word);
			return false;
		}
	}
	for (int i = 0; i < CELLS; i++) {
		int l = i / (CLASS_COUNT_ * DIRECTION_COUNT_),
		    c = i / DIRECTION_COUNT_ % CLASS_COUNT_, d = i % DIRECTION_COUNT_;
		int owner = r->owner[l][c][d];
		if (owner == 0) {
			text_format(message, cap, "%s: no rule says what \"%s %s %s\" may do", path,
				    LEVEL_WORD[l], CLASS_WORD[c], DIRECTION_WORD[d]);
			return false;
		}
		r->book.rules[l][c][d] = r->sections[owner - 1].rule;
		r->book.rules[l][c][d].present = true;
	}
	return true;
}
