#include "office/rules.h"

#include <stdlib.h>
#include <string.h>

#include "assets/strings.h"
#include "base/civil.h"
#include "base/text.h"
#include "core/words.h"
#include "settings/ini_file.h"
#include "settings/rulebook.h"

#define CHINA_OFFSET_MIN 480
#define DEFAULT_NOW_MS                                                                             \
	INT64_C(1795392000000) /* 2026-11-23T08:00:00+08:00: the same answer on every day */

void office_rules_help(FILE *out)
{
	fputs("  gatehouse-office rules check FILE...\n"
	      "      Reads rulebooks; names file, line and word of the first error of each.\n"
	      "  gatehouse-office rules table FILE\n"
	      "      The class x level matrix, for review on paper: Y after checks, A needs an "
	      "approval, an\n"
	      "      escort or a quota first, N refused; with the clause.\n"
	      "  gatehouse-office rules explain FILE --class C --level L --direction in|out\n"
	      "      [--fact CHECK=good|bad|unknown[@AGE]]... [--approver "
	      "guard|community|headquarters]\n"
	      "      [--lifted supervisor|headquarters] [--now TIME] [--clock doubtful]\n"
	      "      The verdict and every reason, with clause, what was found and who may lift "
	      "it. Facts that are\n"
	      "      not named are unknown; --fact all=good sets all. AGE is like 8d, 3h or 20m.\n",
	      out);
}

static bool load(struct rulebook *book, const char *path, FILE *err)
{
	char message[512];

	if (rulebook_read(book, path, message, sizeof(message)))
		return true;
	fprintf(err, "%s\n", message);
	return false;
}

static int check_files(int argc, char **argv, FILE *out)
{
	struct rulebook book;
	char message[512];
	int bad = 0;

	for (int i = 0; i < argc; i++) {
		if (rulebook_read(&book, argv[i], message, sizeof(message))) {
			fprintf(out, "good: %s: %s, version %d\n", argv[i], book.title,
				book.version);
		} else {
			fprintf(out, "wrong: %s\n", message);
			bad = 1;
		}
	}
	return bad;
}

/* Y, A or N, as the plans' own tables say it. */
static char letter(const struct rule *rule)
{
	const uint32_t first = 1U << CHECK_ESCORT | 1U << CHECK_QUOTA | 1U << CHECK_MONITORING;

	if (rule->verdict < VERDICT_REFER)
		return 'N';
	return rule->approver > APPROVER_GUARD || (rule->required & first) ? 'A' : 'Y';
}

static int print_table(const char *path, FILE *out, FILE *err)
{
	struct rulebook book;

	if (!load(&book, path, err))
		return 1;
	fprintf(out, "%s, version %d\n%-26s", book.title, book.version, "");
	for (int l = 0; l < LEVEL_COUNT_; l++)
		fprintf(out, "%-18s", LEVEL_WORD[l]);
	fprintf(out, "\n");
	for (int c = 0; c < CLASS_COUNT_; c++)
		for (int d = 0; d < DIRECTION_COUNT_; d++) {
			char name[40];
			text_format(name, sizeof(name), "%s %s", CLASS_WORD[c], DIRECTION_WORD[d]);
			fprintf(out, "%-26s", name);
			for (int l = 0; l < LEVEL_COUNT_; l++) {
				const struct rule *rule = &book.rules[l][c][d];
				/* a clause's characters are two columns wide but for digits and
				 * dots */
				int width = 0;
				for (const char *s = rule->clause; *s;)
					width += utf8_next(&s) > 0x2E80 ? 2 : 1;
				fprintf(out, "%c %s%*s", letter(rule), rule->clause,
					width < 16 ? 16 - width : 1, "");
			}
			fprintf(out, "  %s\n", string_class(LANGUAGE_ZH, (enum person_class)c));
		}
	return 0;
}

struct question_args {
	const char *file;
	struct fact facts[CHECK_COUNT_];
	struct question question;
	int class_, level, direction;
};

/* "good" or "bad@8d" */
static bool parse_finding(const char *text, const struct moment *now, struct fact *fact)
{
	static const char *const WORD[FINDING_COUNT_] = { "unknown", "good", "bad" };
	char word[16], *end;
	const char *at = strchr(text, '@');
	size_t len = at ? (size_t)(at - text) : strlen(text);

	if (len >= sizeof(word))
		return false;
	memcpy(word, text, len);
	word[len] = '\0';
	int finding = ini_word(word, WORD, FINDING_COUNT_);
	if (finding < 0)
		return false;
	fact->finding = (enum finding)finding;
	fact->source = SOURCE_GUARD;
	fact->wall_ms = now->wall_ms;
	if (!at)
		return true;
	long n = strtol(at + 1, &end, 10);
	int64_t unit = *end == 'd' ? 86400000 : *end == 'h' ? 3600000 : *end == 'm' ? 60000 : 0;
	if (end == at + 1 || unit == 0 || end[1] != '\0' || n < 0 || n > 100000)
		return false;
	fact->wall_ms -= n * unit;
	return true;
}

static bool parse_fact(struct question_args *q, const char *text)
{
	const char *equals = strchr(text, '=');
	char name[24];

	if (!equals || (size_t)(equals - text) >= sizeof(name))
		return false;
	memcpy(name, text, (size_t)(equals - text));
	name[equals - text] = '\0';
	int only = ini_word(name, CHECK_WORD, CHECK_COUNT_);
	if (only < 0 && strcmp(name, "all") != 0)
		return false;
	for (int c = 0; c < CHECK_COUNT_; c++) {
		int32_t value = q->facts[c].value;
		if ((only < 0 || only == c) &&
		    !parse_finding(equals + 1, &q->question.now, &q->facts[c]))
			return false;
		q->facts[c].value = value;
	}
	return true;
}

static bool take_option(struct question_args *q, const char *name, const char *value)
{
	int word;

	if (strcmp(name, "--class") == 0)
		return (q->class_ = ini_word(value, CLASS_WORD, CLASS_COUNT_)) >= 0;
	if (strcmp(name, "--level") == 0)
		return (q->level = ini_word(value, LEVEL_WORD, LEVEL_COUNT_)) >= 0;
	if (strcmp(name, "--direction") == 0)
		return (q->direction = ini_word(value, DIRECTION_WORD, DIRECTION_COUNT_)) >= 0;
	if (strcmp(name, "--fact") == 0)
		return parse_fact(q, value);
	if (strcmp(name, "--approver") == 0) {
		word = ini_word(value, APPROVER_WORD, APPROVER_COUNT_);
		q->facts[CHECK_APPROVAL].value = word;
		return word >= 0;
	}
	if (strcmp(name, "--lifted") == 0) {
		word = ini_word(value, LIFT_WORD, LIFT_COUNT_);
		q->question.lifted = word < 0 ? LIFT_NOBODY : (enum lift)word;
		return word >= 0;
	}
	if (strcmp(name, "--now") == 0)
		return civil_parse_iso(value, &q->question.now.wall_ms);
	if (strcmp(name, "--clock") == 0) {
		q->question.now.clock_trusted = false;
		return strcmp(value, "doubtful") == 0;
	}
	return false;
}

static bool parse_question(struct question_args *q, int argc, char **argv, FILE *err)
{
	q->class_ = q->level = q->direction = -1;
	q->question.now = (struct moment){ DEFAULT_NOW_MS, CHINA_OFFSET_MIN, true };
	q->facts[CHECK_APPROVAL].value = APPROVER_GUARD;
	/* The time first: ages of facts are reckoned from it. */
	for (int i = 1; i + 1 < argc; i++)
		if (strcmp(argv[i], "--now") == 0 && !take_option(q, argv[i], argv[i + 1])) {
			fprintf(err,
				"gatehouse-office: --now %s is not a time like "
				"2026-11-23T08:00:00+08:00\n",
				argv[i + 1]);
			return false;
		}
	q->file = argc > 0 ? argv[0] : NULL;
	for (int i = 1; i < argc; i += 2)
		if (i + 1 == argc || !take_option(q, argv[i], argv[i + 1])) {
			fprintf(err, "gatehouse-office: what is %s %s?\n", argv[i],
				i + 1 < argc ? argv[i + 1] : "");
			return false;
		}
	if (!q->file || q->class_ < 0 || q->level < 0 || q->direction < 0) {
		fprintf(err, "gatehouse-office: rules explain needs a file, --class, --level and "
			     "--direction\n");
		return false;
	}
	q->question.person_class = (enum person_class)q->class_;
	q->question.level = (enum level)q->level;
	q->question.direction = (enum direction)q->direction;
	q->question.facts = q->facts;
	return true;
}

static void print_reason(const struct reason *r, FILE *out)
{
	fprintf(out, "  %s (%s)%s\n", REASON_WORD[r->code], r->clause, r->lifted ? ", lifted" : "");
	fprintf(out, "    %s:%s\n    %s: %s\n", string_reason(LANGUAGE_ZH, r->code),
		string_reason_advice(LANGUAGE_ZH, r->code), string_reason(LANGUAGE_EN, r->code),
		string_reason_advice(LANGUAGE_EN, r->code));
	if (r->found)
		fprintf(out, "    found %d\n", r->found);
	fprintf(out, "    may be lifted or settled by: %s\n", LIFT_WORD[r->lift]);
}

static int explain(int argc, char **argv, FILE *out, FILE *err)
{
	struct question_args q = { 0 };
	struct rulebook book;

	if (!parse_question(&q, argc, argv, err))
		return 2;
	if (!load(&book, q.file, err))
		return 1;
	struct decision d = rules_decide(&book, &q.question);
	const struct rule *rule = &book.rules[q.level][q.class_][q.direction];
	fprintf(out, "%s %s at level %s: %s (%s)\n", CLASS_WORD[q.class_],
		DIRECTION_WORD[q.direction], LEVEL_WORD[q.level], VERDICT_WORD[d.verdict],
		rule->clause);
	if (d.clock_doubtful)
		fprintf(out,
			"  the clock is not trusted: what has a time was decided conservatively\n");
	for (int i = 0; i < d.reason_count; i++)
		print_reason(&d.reasons[i], out);
	if (d.verdict == VERDICT_ADMIT && rule->recorded_after)
		fprintf(out, "  passes at once, recorded afterwards\n");
	if (d.verdict >= VERDICT_REFER && d.pass.uses)
		fprintf(out, "  pass: %d minutes, %d crossings\n", d.pass.valid_min, d.pass.uses);
	return 0;
}

int office_rules(int argc, char **argv, FILE *out, FILE *err)
{
	if (argc >= 2 && strcmp(argv[0], "check") == 0)
		return check_files(argc - 1, argv + 1, out);
	if (argc == 2 && strcmp(argv[0], "table") == 0)
		return print_table(argv[1], out, err);
	if (argc >= 2 && strcmp(argv[0], "explain") == 0)
		return explain(argc - 1, argv + 1, out, err);
	fprintf(err, "gatehouse-office: rules check, table or explain\n");
	office_rules_help(err);
	return 2;
}
