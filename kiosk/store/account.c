/*
 * Accounts and PINs. A try goes:
 *
 *   locked? ──yes──> LOGIN_REFUSED 1
 *      │ no
 *   count the try, commit ──> compare (argon2id) ──right──> tries = 0, LOGIN
 *                                                └─wrong──> LOGIN_REFUSED 0
 *
 * The count is on disk before the PIN is looked at: pulling the plug between the two costs a try,
 * and never gains one. argon2id with 2 passes over 19 MiB is the second of the settings OWASP's
 * Password Storage Cheat Sheet names as equally strong, and the one a small board has room for.
 */
#include <string.h>

#include <sodium.h>

#include "base/log.h"
#include "base/text.h"
#include "store/db.h"
#include "store/pin_policy.h"

#define PIN_DIGITS_MIN 4
#define PIN_DIGITS_MAX 12
#define ARGON_PASSES 2
#define ARGON_BYTES (19U << 20)

enum login_refusal { REFUSED_WRONG, REFUSED_LOCKED };

struct stored_account {
	enum role role;
	char hash[crypto_pwhash_STRBYTES];
	int64_t tries, tried_ms;
};

static void hash_wipe(struct stored_account *stored)
{
	sodium_memzero(stored->hash, sizeof(stored->hash));
}

static bool name_is_good(const char *name)
{
	size_t len = strnlen(name, ACCOUNT_BYTES);

	return len > 0 && len < ACCOUNT_BYTES && utf8_valid(name, len) && !text_has_control(name);
}

static bool pin_is_good(const char *pin)
{
	size_t len = strnlen(pin, PIN_DIGITS_MAX + 1);

	return len >= PIN_DIGITS_MIN && len <= PIN_DIGITS_MAX && strspn(pin, "0123456789") == len;
}

static int store_account(struct register_db *db, const struct account *account, const char *hash)
{
	QUERY q;

	query_begin(&q, db, STMT_ACCOUNT_SET);
	query_bind_text(&q, account->name, sizeof(account->name));
	query_bind_int(&q, account->role);
	query_bind_text(&q, hash, crypto_pwhash_STRBYTES);
	return query_run(&q);
}

int register_account_set(struct register_db *db, const struct account *account, const char *pin,
			 int64_t wall_ms, int64_t mono_ms)
{
	struct stored_account stored CLEANUP(hash_wipe) = { 0 };
	struct entry entry = { .type = ENTRY_ACCOUNT,
			       .wall_ms = wall_ms,
			       .mono_ms = mono_ms,
			       .number = account->role };
	struct receipt receipt;

	if (!name_is_good(account->name) || !pin_is_good(pin) || account->role <= ROLE_NONE ||
	    account->role >= ROLE_COUNT_)
		return -EINVAL;
	text_copy(entry.detail, sizeof(entry.detail), account->name);
	if (crypto_pwhash_str(stored.hash, pin, strlen(pin), ARGON_PASSES, ARGON_BYTES))
		return -ENOMEM;
	int r = txn_begin(db);
	if (r)
		return r;
	r = store_account(db, account, stored.hash);
	if (r == 0)
		r = record_append(db, &entry, &receipt);
	return txn_end(db, r);
}

int register_accounts(struct register_db *db, enum role role, struct account *accounts, int max,
		      int *count)
{
	QUERY q;
	int r;

	*count = 0;
	query_begin(&q, db, STMT_ACCOUNT_LIST);
	query_bind_int(&q, role);
	query_bind_int(&q, max);
	while ((r = query_row(&q)) == 1) {
		struct account *account = &accounts[(*count)++];
		query_text(&q, 0, account->name, sizeof(account->name));
		account->role = (enum role)query_int(&q, 1);
	}
	return r;
}

static int load_account(struct register_db *db, const char *name, struct stored_account *stored)
{
	QUERY q;

	query_begin(&q, db, STMT_ACCOUNT_ONE);
	query_bind_text(&q, name, ACCOUNT_BYTES);
	int r = query_row(&q);
	if (r <= 0)
		return r ? r : -ENOENT;
	stored->role = (enum role)query_int(&q, 0);
	query_text(&q, 1, stored->hash, sizeof(stored->hash));
	stored->tries = query_int(&q, 2);
	stored->tried_ms = query_int(&q, 3);
	return 0;
}

static int load_clock(struct register_db *db, struct pin_clock *clock)
{
	QUERY q;

	query_begin(&q, db, STMT_CLOCK_GET);
	int r = query_row(&q);
	*clock = (struct pin_clock){ 0 };
	if (r == 1)
		*clock = (struct pin_clock){ .now_ms = query_int(&q, 0),
					     .boot = query_int(&q, 1),
					     .mono_ms = query_int(&q, 2),
					     .wall_ms = query_int(&q, 3) };
	return r < 0 ? r : 0;
}

static int store_clock(struct register_db *db, const struct pin_clock *clock)
{
	QUERY q;

	query_begin(&q, db, STMT_CLOCK_SET);
	query_bind_int(&q, clock->now_ms);
	query_bind_int(&q, clock->boot);
	query_bind_int(&q, clock->mono_ms);
	query_bind_int(&q, clock->wall_ms);
	return query_run(&q);
}

/* Brings the counting clock up to the try and stores it. */
static int tick(struct register_db *db, const struct entry *entry, int64_t *now_ms)
{
	struct pin_clock was, is;
	int r = load_clock(db, &was);

	if (r)
		return r;
	if (!db->mono_known) {
		db->mono_known = true;
		db->mono_first = entry->mono_ms;
	}
	is = pin_clock_advance(&was, &(struct pin_moment){ .boot = db->boot,
							   .mono_first_ms = db->mono_first,
							   .mono_ms = entry->mono_ms,
							   .wall_ms = entry->wall_ms,
							   .clock_trusted = entry->clock_trusted });
	*now_ms = is.now_ms;
	return store_clock(db, &is);
}

static int32_t seconds_left(int64_t until_ms, int64_t now_ms)
{
	return until_ms > now_ms ? (int32_t)((until_ms - now_ms + 999) / 1000) : 0;
}

/* The longer of the waits for the account and for its whole role. */
static int wait_left(struct register_db *db, const char *name, int64_t now_ms, int32_t *wait_s)
{
	struct stored_account stored CLEANUP(hash_wipe) = { 0 };
	int r = load_account(db, name, &stored);

	if (r)
		return r;
	QUERY q;
	query_begin(&q, db, STMT_ROLE_TRIES);
	query_bind_int(&q, stored.role);
	r = query_row(&q);
	if (r < 0)
		return r;
	int64_t tries = query_int(&q, 0), tried_ms = query_int(&q, 1);
	int32_t own_s = seconds_left(stored.tried_ms + pin_wait_ms(stored.tries), now_ms);
	int32_t role_s = seconds_left(tried_ms + pin_wait_ms(tries), now_ms);
	*wait_s = own_s > role_s ? own_s : role_s;
	return 0;
}

static int mark_tried(struct register_db *db, const char *name, int64_t now_ms)
{
	QUERY q;

	query_begin(&q, db, STMT_ACCOUNT_TRIED);
	query_bind_text(&q, name, ACCOUNT_BYTES);
	query_bind_int(&q, now_ms);
	return query_run(&q);
}

static int mark_right(struct register_db *db, const char *name)
{
	QUERY q;

	query_begin(&q, db, STMT_ACCOUNT_RIGHT);
	query_bind_text(&q, name, ACCOUNT_BYTES);
	return query_run(&q);
}

/* The first transaction: either the refusal of a locked account, or one more try on the count. On
 * return *wait_s is the wait after it. */
static int admit_try(struct register_db *db, struct entry *entry, bool *locked, int32_t *wait_s)
{
	struct receipt receipt;
	int64_t now_ms = 0;
	int r = tick(db, entry, &now_ms);

	if (r == 0)
		r = wait_left(db, entry->actor, now_ms, wait_s);
	if (r)
		return r;
	*locked = *wait_s > 0;
	if (*locked) {
		entry->type = ENTRY_LOGIN_REFUSED;
		entry->number = REFUSED_LOCKED;
		return record_append(db, entry, &receipt);
	}
	r = mark_tried(db, entry->actor, now_ms);
	return r ? r : wait_left(db, entry->actor, now_ms, wait_s);
}

/* The second transaction: what came of the comparison. */
static int settle_try(struct register_db *db, struct entry *entry, enum role role, bool right)
{
	struct receipt receipt;
	int r = txn_begin(db);

	if (r)
		return r;
	entry->type = right ? ENTRY_LOGIN : ENTRY_LOGIN_REFUSED;
	entry->number = right ? (int64_t)role : REFUSED_WRONG;
	if (right)
		r = mark_right(db, entry->actor);
	if (r == 0)
		r = record_append(db, entry, &receipt);
	return txn_end(db, r);
}

int register_pin_try(struct register_db *db, const char *name, const char *pin, int64_t wall_ms,
		     int64_t mono_ms, bool clock_trusted, enum pin_outcome *outcome,
		     struct account *account, int32_t *wait_s)
{
	struct stored_account stored CLEANUP(hash_wipe) = { 0 };
	struct entry entry = { .wall_ms = wall_ms,
			       .mono_ms = mono_ms,
			       .clock_trusted = clock_trusted };
	bool locked = false;

	*outcome = PIN_LOCKED;
	*wait_s = 0;
	*account = (struct account){ 0 };
	if (!name_is_good(name))
		return -ENOENT;
	text_copy(entry.actor, sizeof(entry.actor), name);
	int r = txn_begin(db);
	if (r)
		return r;
	r = txn_end(db, admit_try(db, &entry, &locked, wait_s));
	if (r || locked)
		return r;
	r = load_account(db, name, &stored);
	if (r)
		return r;
	bool right =
		pin_is_good(pin) && crypto_pwhash_str_verify(stored.hash, pin, strlen(pin)) == 0;
	r = settle_try(db, &entry, stored.role, right);
	if (r)
		return r;
	*outcome = right ? PIN_RIGHT : PIN_WRONG;
	if (right) {
		*wait_s = 0;
		account->role = stored.role;
		text_copy(account->name, sizeof(account->name), name);
	}
	return 0;
}
