#include "store/account_change.h"

#include <string.h>

#include "base/text.h"
#include "store/account_store.h"
#include "store/directory.h"

/* Whether it may be done at all; role and end of the account as they stand. */
static int judge(struct register_db *db, enum account_act act, const struct account *account,
		 const struct entry *who, struct account *is, enum account_outcome *outcome)
{
	struct import_state taken;
	enum role by;
	bool own = strcmp(who->actor, account->name) == 0;
	int r = register_imports(db, &taken);

	if (r == 0)
		r = register_account_role(db, who->actor, &by);
	if (r == 0)
		r = account_find(db, account->name, is);
	if (r < 0)
		return r;
	enum role role = act == ACCOUNT_NEW ? account->role : is->role;
	*outcome = taken.versions[PART_ACCOUNTS] > 0                      ? ACCOUNT_OFFICES
		   : act == ACCOUNT_NEW && is->role != ROLE_NONE          ? ACCOUNT_TAKEN
		   : act != ACCOUNT_NEW && is->role == ROLE_NONE          ? ACCOUNT_GONE
		   : !account_may(by, own && act == ACCOUNT_CHANGE, role) ? ACCOUNT_NOT_ALLOWED
									  : ACCOUNT_DONE;
	return 0;
}

/* Whoever loses their account, or gets an end, must not be the last who could make another one. */
static int leaves_nobody(struct register_db *db, enum account_act act,
			 const struct account *account, const struct account *is, bool *nobody)
{
	bool lasting = is->until_ms == 0 && (is->role == ROLE_SUPERVISOR || is->role == ROLE_STAFF);
	bool lost = act == ACCOUNT_REMOVE || (act == ACCOUNT_CHANGE && account->until_ms != 0);
	QUERY(q);

	*nobody = false;
	if (!lasting || !lost)
		return 0;
	query_begin(&q, db, STMT_ACCOUNT_LASTING);
	query_bind_text(&q, account->name, sizeof(account->name));
	int r = query_row(&q);
	*nobody = r == 1 && query_int(&q, 0) == 0;
	return r < 0 ? r : 0;
}

static int store(struct register_db *db, enum account_act act, const struct account *account,
		 const char *hash)
{
	QUERY(q);

	if (act != ACCOUNT_REMOVE && hash[0] != '\0')
		return account_store(db, account, hash);
	query_begin(&q, db, act == ACCOUNT_REMOVE ? STMT_ACCOUNT_REMOVE : STMT_ACCOUNT_UNTIL);
	query_bind_text(&q, account->name, sizeof(account->name));
	if (act != ACCOUNT_REMOVE)
		query_bind_int(&q, account->until_ms);
	return query_run(&q);
}

static int change(struct register_db *db, enum account_act act, const struct account *account,
		  const char *hash, const struct entry *who, enum account_outcome *outcome)
{
	struct account is, to = *account;
	struct receipt receipt;
	bool nobody = false;
	int r = judge(db, act, account, who, &is, outcome);

	if (r == 0 && *outcome == ACCOUNT_DONE)
		r = leaves_nobody(db, act, account, &is, &nobody);
	if (nobody)
		*outcome = ACCOUNT_LAST;
	if (r || *outcome != ACCOUNT_DONE)
		return r;
	if (act != ACCOUNT_NEW)
		to.role = is.role;
	r = store(db, act, &to, hash);
	if (act == ACCOUNT_REMOVE)
		to = (struct account){ .role = ROLE_NONE };
	struct entry entry = { .type = ENTRY_ACCOUNT,
			       .wall_ms = who->wall_ms,
			       .mono_ms = who->mono_ms,
			       .clock_trusted = who->clock_trusted,
			       .number = account_event_number(&to) };
	text_copy(entry.actor, sizeof(entry.actor), who->actor);
	text_copy(entry.detail, sizeof(entry.detail), account->name);
	return r ? r : record_append(db, &entry, &receipt);
}

int register_account_change(struct register_db *db, enum account_act act,
			    const struct account *account, const char *pin, const struct entry *who,
			    enum account_outcome *outcome)
{
	struct account_hash hash CLEANUP(account_hash_wipe) = { "" };
	bool no_pin = act == ACCOUNT_REMOVE || (act == ACCOUNT_CHANGE && pin[0] == '\0');

	*outcome = ACCOUNT_BAD;
	if (!account_is_good(account, act == ACCOUNT_NEW))
		return 0;
	int r = no_pin ? 0 : account_hash_make(pin, &hash);
	if (r)
		return r == -EINVAL ? 0 : r;
	r = txn_begin(db);
	return r ? r : txn_end(db, change(db, act, account, hash.text, who, outcome));
}
