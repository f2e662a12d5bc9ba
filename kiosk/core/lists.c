#include "core/lists.h"

#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "base/text.h"
#include "core/list_kinds.h"
#include "core/view.h"
#include "core/words.h"

bool list_is(enum part_kind kind)
{
	return kind < PART_COUNT_ && LIST_KIND[kind].fields > 0;
}

static const struct list_kind *kind_of(enum part_kind kind)
{
	assert(list_is(kind));
	return &LIST_KIND[kind];
}

int list_fields(enum part_kind kind)
{
	return kind_of(kind)->fields;
}

enum person_class list_vehicle(const char *field)
{
	static const enum person_class LISTED[] = { CLASS_RESIDENT_VEHICLE, CLASS_SUPPLY_VEHICLE,
						    CLASS_SANITATION };

	for (size_t i = 0; i < ARRAY_LEN(LISTED); i++)
		if (strcmp(field, CLASS_WORD[LISTED[i]]) == 0)
			return LISTED[i];
	return CLASS_COUNT_;
}

enum role list_role(const char *field)
{
	for (enum role role = ROLE_GUARD; role < ROLE_COUNT_; role++)
		if (strcmp(field, ROLE_WORD[role]) == 0)
			return role;
	return ROLE_NONE;
}

uint64_t list_serial(const char *field)
{
	return strtoull(field, NULL, 10);
}

/* The next number of one to four digits, and the mark behind it, if there is one. */
static int32_t next_number(const char **at, int digits)
{
	static const char *const MARKS[] = { "-", "/", ".", "年", "月", "日" };
	int32_t value = 0;
	int n = 0;

	for (; n < digits && **at >= '0' && **at <= '9'; n++)
		value = value * 10 + *(*at)++ - '0';
	for (size_t i = 0; n > 0 && i < ARRAY_LEN(MARKS); i++)
		if (strncmp(*at, MARKS[i], strlen(MARKS[i])) == 0) {
			*at += strlen(MARKS[i]);
			break;
		}
	return value;
}

int32_t list_day(const char *field)
{
	int32_t year = next_number(&field, 4), month = next_number(&field, 2),
		day = next_number(&field, 2);

	if (*field || year < 2000 || !civil_date_exists(year, month, day))
		return 0;
	return year * 10000 + month * 100 + day;
}

bool list_day_text(int32_t day, char text[LIST_DAY_BYTES])
{
	return day != 0 && text_format(text, LIST_DAY_BYTES, "%04d-%02d-%02d", day / 10000,
				       day / 100 % 100, day % 100);
}

int list_compare(enum part_kind kind, const struct list_entry *a, const struct list_entry *b)
{
	int order = 0;

	for (int i = 0; order == 0 && i < kind_of(kind)->keys; i++)
		order = strcmp(a->field[i], b->field[i]);
	return order;
}

static bool check_entry(enum part_kind kind, const struct list_entry *entry, char *why, size_t cap)
{
	const struct list_kind *k = kind_of(kind);

	for (int i = 0; i < k->fields; i++) {
		if (k->field[i].check(entry->field[i]))
			continue;
		text_format(why, cap, "the %s is not as it must be", k->field[i].name);
		return false;
	}
	const char *fault = k->entry_fault ? k->entry_fault(entry) : NULL;
	if (fault)
		text_format(why, cap, "%s", fault);
	return !fault;
}

/* Cuts a line without its end into fields. */
static bool cut(const struct list_kind *k, const char *line, size_t len, struct list_entry *entry)
{
	memset(entry, 0, sizeof(*entry));
	for (int i = 0; i < k->fields; i++) {
		const char *tab = i + 1 < k->fields ? memchr(line, '\t', len) : line + len;
		size_t n = tab ? (size_t)(tab - line) : 0;
		if (!tab || n >= LIST_FIELD_BYTES || memchr(line, '\0', n))
			return false;
		memcpy(entry->field[i], line, n);
		line += n + (i + 1 < k->fields);
		len -= n + (i + 1 < k->fields);
	}
	return true;
}

enum list_outcome list_next(struct list_reader *r, struct list_entry *entry, char *why, size_t cap)
{
	const struct list_kind *k = kind_of(r->kind);
	const char *line = r->text + r->at;

	if (r->at == r->len)
		return LIST_END;
	const char *end = memchr(line, '\n', r->len - r->at);
	r->line++;
	if (!end || !cut(k, line, (size_t)(end - line), entry)) {
		text_format(why, cap, "is not a line of %d fields", k->fields);
		return LIST_BAD;
	}
	r->at += (size_t)(end - line) + 1;
	if (!check_entry(r->kind, entry, why, cap))
		return LIST_BAD;
	if (r->line > 1 && list_compare(r->kind, &r->last, entry) >= 0) {
		text_format(why, cap, "is there twice or out of order");
		return LIST_BAD;
	}
	if (r->line > k->max_entries) {
		text_format(why, cap, "more than %d entries", k->max_entries);
		return LIST_BAD;
	}
	r->last = *entry;
	return LIST_ENTRY;
}

static bool accounts_suffice(const int32_t roles[ROLE_COUNT_], char *why, size_t cap)
{
	int32_t guards = roles[ROLE_GUARD] + roles[ROLE_SUPERVISOR];

	if (guards == 0 || roles[ROLE_STAFF] == 0) {
		text_format(why, cap, "nobody could log in as a guard, or nobody as staff");
		return false;
	}
	if (guards > VIEW_ROWS || roles[ROLE_STAFF] > VIEW_ROWS) {
		text_format(why, cap, "the log-in screen shows %d guards and %d staff, not more",
			    VIEW_ROWS, VIEW_ROWS);
		return false;
	}
	return true;
}

bool list_check(enum part_kind kind, const char *text, size_t len, char *why, size_t cap)
{
	struct list_reader r = { .kind = kind, .text = text, .len = len };
	struct list_entry entry;
	int32_t roles[ROLE_COUNT_] = { 0 };
	char problem[96];
	enum list_outcome outcome;

	while ((outcome = list_next(&r, &entry, problem, sizeof(problem))) == LIST_ENTRY)
		if (kind == PART_ACCOUNTS)
			roles[list_role(entry.field[1])]++;
	if (outcome == LIST_BAD) {
		text_format(why, cap, "line %d: %s", r.line, problem);
		return false;
	}
	return kind != PART_ACCOUNTS || accounts_suffice(roles, why, cap);
}

bool list_line(enum part_kind kind, const struct list_entry *e, char *line, size_t cap, char *why,
	       size_t why_cap)
{
	size_t len = 0;

	if (!check_entry(kind, e, why, why_cap))
		return false;
	for (int i = 0; i < list_fields(kind); i++) {
		const char *end = i + 1 < list_fields(kind) ? "\t" : "\n";
		if (!text_format(line + len, cap - len, "%s%s", e->field[i], end)) {
			text_format(why, why_cap, "the line is too long");
			return false;
		}
		len += strlen(line + len);
	}
	return true;
}

bool list_normalise(enum part_kind kind, struct list_entry *entry)
{
	const struct list_kind *k = kind_of(kind);

	for (int i = 0; i < LIST_FIELDS; i++)
		text_trim(entry->field[i]);
	return !k->normalise || k->normalise(entry);
}
