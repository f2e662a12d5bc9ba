#include "store/directory.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "core/lists.h"
#include "core/notices.h"
#include "core/sounds.h"
#include "core/words.h"
#include "store/db.h"
#include "store/listed.h"
#include "store/projection.h"

#define HASH_TEXT_BYTES (2 * PART_HASH_BYTES + 1)
#define ACCOUNTS_MAX (2 * VIEW_ROWS) /* what a list may hold */

static void hash_text(const void *bytes, size_t len, char text[HASH_TEXT_BYTES])
{
	uint8_t hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(hash, bytes, len);
	sodium_bin2hex(text, HASH_TEXT_BYTES, hash, sizeof(hash));
}

/* "rulebook 3 <SHA-256>": the detail of an ENTRY_IMPORTED, and back. */
static bool import_detail(enum part_kind kind, const struct import_part *part,
			  char detail[ENTRY_DETAIL_BYTES])
{
	char hash[HASH_TEXT_BYTES];

	hash_text(part->text, part->len, hash);
	return text_format(detail, ENTRY_DETAIL_BYTES, "%s %" PRId64 " %s", PART[kind].word,
			   part->version, hash);
}

static bool read_detail(const char *detail, int *kind, int64_t *version, const char **hash)
{
	char word[16], *end;
	size_t len = strcspn(detail, " ");

	if (len >= sizeof(word) || detail[len] == '\0')
		return false;
	memcpy(word, detail, len);
	word[len] = '\0';
	*kind = 0;
	while (*kind < PART_COUNT_ && strcmp(word, PART[*kind].word) != 0)
		++*kind;
	*version = strtoll(detail + len + 1, &end, 10);
	*hash = end + 1;
	bool known = *kind < PART_COUNT_;
	return known && *version > 0 && *version <= PART_VERSION_MAX && *end == ' ' &&
	       strlen(*hash) == HASH_TEXT_BYTES - 1 &&
	       strspn(*hash, "0123456789abcdef") == HASH_TEXT_BYTES - 1;
}

int register_imports(struct register_db *db, struct import_state *state)
{
	QUERY(q);
	int r;

	memset(state, 0, sizeof(*state));
	query_begin(&q, db, STMT_IMPORT_LIST);
	while ((r = query_row(&q)) == 1) {
		int64_t kind = query_int(&q, 0), number = query_int(&q, 1);
		if (kind < 0 || kind >= PART_COUNT_ || number < 1)
			return -EUCLEAN;
		state->versions[kind] = query_int(&q, 2);
		if ((uint64_t)number > state->last_number)
			state->last_number = (uint64_t)number;
	}
	return r;
}

/* A number may come once for each part of its bundle; register_import asks for more. */
int projection_import(struct register_db *db, int64_t seq, const struct entry *told)
{
	struct import_state now;
	int64_t version;
	const char *hash;
	int kind;
	int r = register_imports(db, &now);

	if (r)
		return r;
	if (told->number < 1 || !read_detail(told->detail, &kind, &version, &hash))
		return -EINVAL;
	if ((uint64_t)told->number < now.last_number || version <= now.versions[kind])
		return -EALREADY;
	QUERY(q);
	query_begin(&q, db, STMT_IMPORT_SET);
	query_bind_int(&q, kind);
	query_bind_int(&q, seq);
	query_bind_int(&q, told->number);
	query_bind_int(&q, version);
	query_bind_text(&q, hash, HASH_TEXT_BYTES);
	return query_run(&q);
}

/* How an entry of a list stands to what is known now. */
enum standing { ENTRY_NEW, ENTRY_DIFFERS, ENTRY_SAME, ENTRY_NOT_OURS };

static int compare_account(struct register_db *db, const struct list_entry *e, enum standing *is)
{
	char pin[LIST_FIELD_BYTES];
	QUERY(q);

	query_begin(&q, db, STMT_ACCOUNT_ONE);
	query_bind_text(&q, e->field[0], ACCOUNT_BYTES);
	int r = query_row(&q);
	if (r <= 0)
		return *is = ENTRY_NEW, r;
	query_text(&q, 1, pin, sizeof(pin));
	bool same = query_int(&q, 0) == list_role(e->field[1]) && strcmp(pin, e->field[2]) == 0;
	sodium_memzero(pin, sizeof(pin));
	return *is = same ? ENTRY_SAME : ENTRY_DIFFERS, 0;
}

/* NEW: a pass of this gate that is still good. */
static int compare_revoked(struct register_db *db, const struct list_entry *e, enum standing *is)
{
	struct pass_record record;
	int r = register_pass(db, list_serial(e->field[0]), &record);

	*is = r == -ENOENT ? ENTRY_NOT_OURS : record.revoked ? ENTRY_SAME : ENTRY_NEW;
	return r == -ENOENT ? 0 : r;
}

static int compare_listed(struct register_db *db, enum part_kind kind, const struct list_entry *e,
			  enum standing *is)
{
	struct listed row;
	char more[LIST_FIELD_BYTES], tail[LIST_FIELD_BYTES];
	QUERY(q);

	listed_of(kind, e, &row);
	listed_find(&q, db, kind, row.sort, row.key);
	int r = query_row(&q);
	if (r <= 0)
		return *is = ENTRY_NEW, r;
	query_text(&q, 0, more, sizeof(more));
	query_text(&q, 1, tail, sizeof(tail));
	*is = strcmp(more, row.more) == 0 && strcmp(tail, row.tail) == 0 ? ENTRY_SAME
									 : ENTRY_DIFFERS;
	return 0;
}

static int compare(struct register_db *db, enum part_kind kind, const struct list_entry *e,
		   enum standing *is)
{
	if (kind == PART_ACCOUNTS)
		return compare_account(db, e, is);
	if (kind == PART_REVOKED)
		return compare_revoked(db, e, is);
	return compare_listed(db, kind, e, is);
}

static int count_known(struct register_db *db, enum part_kind kind, int64_t *count)
{
	if (kind != PART_ACCOUNTS)
		return listed_count(db, kind, count);
	QUERY(q);
	query_begin(&q, db, STMT_ACCOUNT_TOTAL);
	int r = query_row(&q);
	*count = r == 1 ? query_int(&q, 0) : 0;
	return r < 0 ? r : 0;
}

typedef int (*entry_fn)(struct register_db *db, const struct import *import, enum part_kind kind,
			const struct list_entry *entry, void *ctx);

static int each_entry(struct register_db *db, const struct import *import, enum part_kind kind,
		      entry_fn fn, void *ctx)
{
	const struct import_part *p = &import->parts[kind];
	struct list_reader reader = { .kind = kind, .text = p->text, .len = p->len };
	struct list_entry entry;
	enum list_outcome outcome;
	char why[96];
	int r = 0;

	while (r == 0 && (outcome = list_next(&reader, &entry, why, sizeof(why))) != LIST_END)
		r = outcome == LIST_BAD ? -EINVAL : fn(db, import, kind, &entry, ctx);
	sodium_memzero(&entry, sizeof(entry));
	sodium_memzero(&reader.last, sizeof(reader.last));
	return r;
}

static int count_entry(struct register_db *db, const struct import *import, enum part_kind kind,
		       const struct list_entry *entry, void *ctx)
{
	struct part_change *change = ctx;
	enum standing is = ENTRY_SAME;
	int r = compare(db, kind, entry, &is);

	(void)import;
	change->total++;
	change->added += is == ENTRY_NEW;
	change->changed += is == ENTRY_DIFFERS;
	return r;
}

static int count_changes(struct register_db *db, const struct import *import, enum part_kind kind,
			 struct part_change *change)
{
	int64_t known;
	int r = each_entry(db, import, kind, count_entry, change);

	if (r || kind == PART_REVOKED)
		return r;
	r = count_known(db, kind, &known);
	change->removed = (int32_t)known - (change->total - change->added);
	return r;
}

static int open_pack(struct pack *pack, enum part_kind kind, const void *bytes, size_t len)
{
	assert(part_is_pack(kind));
	const char *magic = kind == PART_NOTICES ? NOTICES_MAGIC : SOUNDS_MAGIC;
	return pack_open(pack, magic, bytes, len) ? 0 : -EINVAL;
}

/* Against the pack that is there now. What that is no pack any more counts as none: the new one
 * replaces it whole. */
static int count_pack(struct register_db *db, const struct import *import, enum part_kind kind,
		      struct part_change *change)
{
	const struct import_part *p = &import->parts[kind];
	struct pack before = { .count = 0 }, after;
	QUERY(q);

	if (open_pack(&after, kind, p->text, p->len))
		return -EINVAL;
	query_begin(&q, db, STMT_IMPORT_TEXT);
	query_bind_int(&q, kind);
	int r = query_row(&q);
	if (r < 0)
		return r;
	if (r == 1 && open_pack(&before, kind, sqlite3_column_blob(q.stmt, 2),
				(size_t)sqlite3_column_bytes(q.stmt, 2)))
		before.count = 0;
	struct pack_change is = pack_compare(&before, &after);
	change->total = after.count;
	change->added = is.added;
	change->changed = is.changed;
	change->removed = is.removed;
	return 0;
}

int register_import_changes(struct register_db *db, const struct import *import,
			    struct part_change changes[PART_COUNT_])
{
	struct import_state now;
	int r = register_imports(db, &now);

	memset(changes, 0, PART_COUNT_ * sizeof(changes[0]));
	for (enum part_kind kind = 0; r == 0 && kind < PART_COUNT_; kind++) {
		struct part_change *change = &changes[kind];
		if (import->parts[kind].version == 0)
			continue;
		change->present = true;
		change->version = import->parts[kind].version;
		change->before = now.versions[kind];
		if (list_is(kind))
			r = count_changes(db, import, kind, change);
		else if (part_is_pack(kind))
			r = count_pack(db, import, kind, change);
	}
	return r;
}

static int append(struct register_db *db, const struct import *import, struct entry *entry,
		  struct receipt *receipt)
{
	entry->wall_ms = import->wall_ms;
	entry->mono_ms = import->mono_ms;
	entry->clock_trusted = import->clock_trusted;
	text_copy(entry->actor, sizeof(entry->actor), import->actor);
	return record_append(db, entry, receipt);
}

static int put_text(struct register_db *db, const struct import *import, enum part_kind kind)
{
	const struct import_part *p = &import->parts[kind];
	QUERY(q);

	query_begin(&q, db, STMT_IMPORT_TEXT_SET);
	query_bind_int(&q, kind);
	query_bind_blob(&q, p->text, p->len);
	return query_run(&q);
}

/* Role ROLE_NONE in the event: the account is gone. */
static int account_event(struct register_db *db, const struct import *import, const char *name,
			 enum role role)
{
	struct entry entry = { .type = ENTRY_ACCOUNT, .number = role };
	struct receipt receipt;

	text_copy(entry.detail, sizeof(entry.detail), name);
	return append(db, import, &entry, &receipt);
}

struct names {
	int count;
	char name[ACCOUNTS_MAX][ACCOUNT_BYTES];
};

static int put_account(struct register_db *db, const struct import *import, enum part_kind kind,
		       const struct list_entry *e, void *ctx)
{
	struct names *names = ctx;
	enum standing is = ENTRY_SAME;
	int r = compare(db, kind, e, &is);

	if (names->count == ACCOUNTS_MAX)
		return -EINVAL;
	text_copy(names->name[names->count++], ACCOUNT_BYTES, e->field[0]);
	if (r || is == ENTRY_SAME)
		return r;
	QUERY(q);
	query_begin(&q, db, STMT_ACCOUNT_SET);
	query_bind_text(&q, e->field[0], ACCOUNT_BYTES);
	query_bind_int(&q, list_role(e->field[1]));
	query_bind_text(&q, e->field[2], LIST_FIELD_BYTES);
	query_bind_int(&q, 0); /* a list has no accounts with an end */
	r = query_run(&q);
	return r ? r : account_event(db, import, e->field[0], list_role(e->field[1]));
}

static bool is_among(const struct names *names, const char *name)
{
	for (int i = 0; i < names->count; i++)
		if (strcmp(names->name[i], name) == 0)
			return true;
	return false;
}

static int next_account(struct register_db *db, char name[ACCOUNT_BYTES])
{
	char after[ACCOUNT_BYTES];
	QUERY(q);

	memcpy(after, name, sizeof(after));
	query_begin(&q, db, STMT_ACCOUNT_NEXT);
	query_bind_text(&q, after, sizeof(after));
	int r = query_row(&q);
	if (r == 1)
		query_text(&q, 0, name, ACCOUNT_BYTES);
	return r;
}

static int remove_account(struct register_db *db, const struct import *import, const char *name)
{
	QUERY(q);

	query_begin(&q, db, STMT_ACCOUNT_REMOVE);
	query_bind_text(&q, name, ACCOUNT_BYTES);
	int r = query_run(&q);
	return r ? r : account_event(db, import, name, ROLE_NONE);
}

static int put_accounts(struct register_db *db, const struct import *import)
{
	struct names names = { .count = 0 };
	char name[ACCOUNT_BYTES] = "";
	int r = each_entry(db, import, PART_ACCOUNTS, put_account, &names);

	while (r == 0 && (r = next_account(db, name)) == 1)
		r = is_among(&names, name) ? 0 : remove_account(db, import, name);
	return r;
}

static int put_revoked(struct register_db *db, const struct import *import, enum part_kind kind,
		       const struct list_entry *e, void *ctx)
{
	struct entry entry = { .type = ENTRY_PASS_REVOKED };
	enum standing is = ENTRY_SAME;
	struct pass_record record;
	struct receipt receipt;
	int r = compare(db, kind, e, &is);

	(void)ctx;
	if (r || is != ENTRY_NEW)
		return r;
	r = register_pass(db, list_serial(e->field[0]), &record);
	if (r)
		return r;
	entry.visit.id = record.visit_id;
	text_copy(entry.detail, sizeof(entry.detail), e->field[1]);
	return append(db, import, &entry, &receipt);
}

static int put_listed(struct register_db *db, const struct import *import, enum part_kind kind,
		      const struct list_entry *e, void *ctx)
{
	struct listed row;
	QUERY(q);

	(void)import;
	(void)ctx;
	listed_of(kind, e, &row);
	query_begin(&q, db, STMT_LISTED_ADD);
	query_bind_int(&q, kind);
	query_bind_text(&q, row.sort, LIST_FIELD_BYTES);
	query_bind_text(&q, row.key, LIST_FIELD_BYTES);
	query_bind_text(&q, row.more, LIST_FIELD_BYTES);
	query_bind_text(&q, row.tail, LIST_FIELD_BYTES);
	return query_run(&q);
}

static int replace_listed(struct register_db *db, const struct import *import, enum part_kind kind)
{
	QUERY(q);

	db->wipe_due = true; /* what is replaced is to be gone, too: by night */
	query_begin(&q, db, STMT_LISTED_CLEAR);
	query_bind_int(&q, kind);
	int r = query_run(&q);
	return r ? r : each_entry(db, import, kind, put_listed, NULL);
}

static int put_part(struct register_db *db, const struct import *import, enum part_kind kind)
{
	switch (kind) {
	case PART_RULEBOOK:
	case PART_NOTICES:
	case PART_SOUNDS:
		return put_text(db, import, kind);
	case PART_ACCOUNTS:
		return put_accounts(db, import);
	case PART_REVOKED:
		return each_entry(db, import, kind, put_revoked, NULL);
	case PART_HOUSEHOLDS:
	case PART_BLOCKED:
	case PART_REGIONS:
	case PART_VEHICLES:
	case PART_INVITATIONS:
		return replace_listed(db, import, kind);
	case PART_COUNT_:
		break;
	}
	return -EINVAL;
}

static int put_all(struct register_db *db, const struct import *import, struct receipt *receipt)
{
	struct import_state now;
	int parts = 0;
	int r = register_imports(db, &now);

	if (r == 0 && import->number <= now.last_number)
		r = -EALREADY;
	for (enum part_kind kind = 0; r == 0 && kind < PART_COUNT_; kind++) {
		const struct import_part *p = &import->parts[kind];
		struct entry entry = { .type = ENTRY_IMPORTED, .number = (int64_t)import->number };
		if (p->version == 0)
			continue;
		r = import_detail(kind, p, entry.detail) ? put_part(db, import, kind) : -EINVAL;
		if (r == 0)
			r = append(db, import, &entry, receipt);
		parts++;
	}
	return r == 0 && parts == 0 ? -EINVAL : r;
}

int register_import(struct register_db *db, const struct import *import, struct receipt *receipt)
{
	int r = txn_begin(db);

	return r ? r : txn_end(db, put_all(db, import, receipt));
}

int register_part(struct register_db *db, enum part_kind kind, int64_t *version, char **text,
		  size_t *len)
{
	char hash[HASH_TEXT_BYTES], should[HASH_TEXT_BYTES];
	QUERY(q);

	*text = NULL;
	query_begin(&q, db, STMT_IMPORT_TEXT);
	query_bind_int(&q, kind);
	int r = query_row(&q);
	if (r <= 0)
		return r ? r : -ENOENT;
	const void *bytes = sqlite3_column_blob(q.stmt, 2);
	*version = query_int(&q, 0);
	*len = (size_t)sqlite3_column_bytes(q.stmt, 2);
	query_text(&q, 1, should, sizeof(should));
	if (!bytes)
		return -EUCLEAN;
	hash_text(bytes, *len, hash);
	if (strcmp(hash, should) != 0)
		return -EUCLEAN;
	*text = malloc(*len + 1);
	if (!*text)
		return -ENOMEM;
	memcpy(*text, bytes, *len);
	(*text)[*len] = '\0';
	return 0;
}

int register_account_role(struct register_db *db, const char *name, enum role *role)
{
	QUERY(q);

	query_begin(&q, db, STMT_ACCOUNT_ONE);
	query_bind_text(&q, name, ACCOUNT_BYTES);
	int r = query_row(&q);
	*role = r == 1 ? (enum role)query_int(&q, 0) : ROLE_NONE;
	return r < 0 ? r : 0;
}
