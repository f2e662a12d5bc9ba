#include "core/lists.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/listing.h"
#include "core/view.h"
#include "core/words.h"

#define HASH_CHARACTERS 97 /* the prefix, 22 of salt, a dollar, 43 of hash */
#define SALT_CHARACTERS 22
#define SERIAL_DIGITS 20

/* Unicode's Cc: U+0000..1F, U+7F..9F. */
static bool is_plain(const char *text, size_t cap)
{
	size_t len = strlen(text);

	if (len >= cap || !utf8_valid(text, len))
		return false;
	for (const char *s = text; *s;) {
		int32_t cp = utf8_next(&s);
		if (cp < 0x20 || (cp >= 0x7F && cp <= 0x9F))
			return false;
	}
	char trimmed[LIST_FIELD_BYTES];
	return text_copy(trimmed, sizeof(trimmed), text) &&
	       (text_trim(trimmed), strcmp(trimmed, text) == 0);
}

static bool check_account(const char *text)
{
	return text[0] && is_plain(text, ACCOUNT_BYTES);
}

static bool check_role(const char *text)
{
	return list_role(text) != ROLE_NONE;
}

static bool is_base64(const char *text, size_t len)
{
	return strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") ==
	       len;
}

/* Another memory or pass count would let a list make this machine work for hours, or not at all. */
static bool check_hash(const char *text)
{
	const char *salt = text + strlen(LIST_PIN_HASH_PREFIX);

	return strlen(text) == HASH_CHARACTERS &&
	       strncmp(text, LIST_PIN_HASH_PREFIX, strlen(LIST_PIN_HASH_PREFIX)) == 0 &&
	       is_base64(salt, SALT_CHARACTERS) && salt[SALT_CHARACTERS] == '$' &&
	       is_base64(salt + SALT_CHARACTERS + 1, strlen(salt) - SALT_CHARACTERS - 1);
}

static bool is_digits(const char *text)
{
	return strspn(text, "0123456789") == strlen(text);
}

uint64_t list_serial(const char *field)
{
	return strtoull(field, NULL, 10);
}

/* Serials are given by this program's kiosks: 64 bits, kept as a signed number. */
static bool check_serial(const char *text)
{
	size_t len = strlen(text);

	return len > 0 && len <= SERIAL_DIGITS && is_digits(text) && text[0] != '0' &&
	       (len < SERIAL_DIGITS || strcmp(text, "18446744073709551615") <= 0);
}

static bool check_why(const char *text)
{
	return is_plain(text, LISTING_WHY_BYTES);
}

static bool check_household(const char *text)
{
	char key[HOUSEHOLD_BYTES];

	return is_plain(text, HOUSEHOLD_BYTES) && listing_household_key(text, key) &&
	       strcmp(key, text) == 0;
}

static bool check_grid(const char *text)
{
	return is_plain(text, LISTING_GRID_BYTES);
}

static bool check_phone_tail(const char *text)
{
	return text[0] == '\0' || (strlen(text) == LISTING_TAIL_BYTES - 1 && is_digits(text));
}

static bool is_document_kind(const char *text)
{
	return strcmp(text, "document") == 0;
}

static bool check_blocked_kind(const char *text)
{
	return is_document_kind(text) || strcmp(text, "name") == 0;
}

/* Of which sort it is stands in the field before; check_entry looks at the two together. */
static bool check_blocked_key(const char *text)
{
	return text[0] && is_plain(text, NAME_BYTES);
}

static const struct list_kind {
	int fields, keys; /* the first so many make the key */
	int32_t max_entries;
	struct {
		const char *name;
		bool (*check)(const char *text);
	} field[LIST_FIELDS];
} KIND[PART_COUNT_] = {
	[PART_ACCOUNTS] = { 3,
			    1,
			    2 * VIEW_ROWS,
			    { { "name", check_account },
			      { "role", check_role },
			      { "hash of the PIN", check_hash } } },
	[PART_REVOKED] = { 2, 1, 1000, { { "serial", check_serial }, { "reason", check_why } } },
	[PART_HOUSEHOLDS] = { 3,
			      1,
			      10000,
			      { { "household", check_household },
				{ "grid", check_grid },
				{ "last four digits of the phone", check_phone_tail } } },
	[PART_BLOCKED] = { 3,
			   2,
			   4000,
			   { { "sort", check_blocked_kind },
			     { "number or name", check_blocked_key },
			     { "reason", check_why } } },
};

static const struct list_kind *kind_of(enum part_kind kind)
{
	assert(kind < PART_COUNT_ && KIND[kind].fields > 0);
	return &KIND[kind];
}

int list_fields(enum part_kind kind)
{
	return kind_of(kind)->fields;
}

enum role list_role(const char *field)
{
	for (enum role role = ROLE_GUARD; role < ROLE_COUNT_; role++)
		if (strcmp(field, ROLE_WORD[role]) == 0)
			return role;
	return ROLE_NONE;
}

int list_compare(enum part_kind kind, const struct list_entry *a, const struct list_entry *b)
{
	int order = 0;

	for (int i = 0; order == 0 && i < kind_of(kind)->keys; i++)
		order = strcmp(a->field[i], b->field[i]);
	return order;
}

static bool blocked_key(const struct list_entry *entry, char key[NAME_BYTES])
{
	return is_document_kind(entry->field[0]) ? listing_document_key(entry->field[1], key)
						 : listing_name_key(entry->field[1], key);
}

static bool check_entry(enum part_kind kind, const struct list_entry *entry, char *why, size_t cap)
{
	const struct list_kind *k = kind_of(kind);
	char key[NAME_BYTES];

	for (int i = 0; i < k->fields; i++) {
		if (k->field[i].check(entry->field[i]))
			continue;
		text_format(why, cap, "the %s is not as it must be", k->field[i].name);
		return false;
	}
	if (kind == PART_BLOCKED &&
	    (!blocked_key(entry, key) || strcmp(key, entry->field[1]) != 0)) {
		text_format(why, cap, "the number or name is not in the form that is compared");
		return false;
	}
	return true;
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

bool list_line(enum part_kind kind, const struct list_entry *e, char *line, size_t cap)
{
	char why[96];

	return check_entry(kind, e, why, sizeof(why)) &&
	       (kind_of(kind)->fields == 2
			? text_format(line, cap, "%s\t%s\n", e->field[0], e->field[1])
			: text_format(line, cap, "%s\t%s\t%s\n", e->field[0], e->field[1],
				      e->field[2]));
}

bool list_normalise(enum part_kind kind, struct list_entry *entry)
{
	char key[LIST_FIELD_BYTES] = "";

	for (int i = 0; i < LIST_FIELDS; i++)
		text_trim(entry->field[i]);
	if (kind == PART_HOUSEHOLDS)
		return listing_household_key(entry->field[0], key) &&
		       text_copy(entry->field[0], LIST_FIELD_BYTES, key);
	if (kind == PART_BLOCKED)
		return blocked_key(entry, key) && text_copy(entry->field[1], LIST_FIELD_BYTES, key);
	return true;
}
