/*
 * Accounts and PINs. A try goes:
 *
 *   locked? ──yes──> LOGIN_REFUSED 1
 *      │ no
 *   count the try, commit ──> compare (argon2id) ──right──> tries = 0, LOGIN, or its time is over:
 *                                                │          LOGIN_REFUSED 2
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
#include "store/account_store.h"
#include "store/db.h"
#include "store/tries.h"

#define PIN_DIGITS_MIN 4
#define PIN_DIGITS_MAX 12
#define ARGON_PASSES 2
#define ARGON_BYTES (19U << 20)

#define UNTIL_MAX_MS INT64_C(253402300799000) /* the end of year 9999 */

enum login_refusal { REFUSED_WRONG, REFUSED_LOCKED, REFUSED_OVER };

struct stored_account {
	enum role role;
	char hash[crypto_pwhash_STRBYTES];
	int64_t tries, tried_ms, until_ms;
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

int account_store(struct register_db *db, const struct account *account, const char *hash)
{
	QUERY(q);

	query_begin(&q, db, STMT_ACCOUNT_SET);
	query_bind_text(&q, account->name, sizeof(account->name));
	query_bind_int(&q, account->role);
	query_bind_text(&q, hash, crypto_pwhash_STRBYTES);
	query_bind_int(&q, account->until_ms);
	return query_run(&q);
}

static bool until_is_good(int64_t until_ms)
{
	return until_ms >= 0 && until_ms <= UNTIL_MAX_MS && until_ms % 1000 == 0;
}

bool account_is_good(const struct account *account, bool with_role)
{
	bool role = account->role > ROLE_NONE && account->role < ROLE_COUNT_;

	return name_is_good(account->name) && until_is_good(account->until_ms) &&
	       (role || !with_role);
}

int64_t account_event_number(const struct account *account)
{
	return account->until_ms / 1000 << 8 | (int64_t)account->role;
}

int account_hash_make(const char *pin, struct account_hash *hash)
{
	if (!pin_is_good(pin))
		return -EINVAL;
	return crypto_pwhash_str(hash->text, pin, strlen(pin), ARGON_PASSES, ARGON_BYTES) ? -ENOMEM
											  : 0;
}

void account_hash_wipe(struct account_hash *hash)
{
	sodium_memzero(hash, sizeof(*hash));
}

int register_account_set(struct register_db *db, const struct account *account, const char *pin,
			 int64_t wall_ms, int64_t mono_ms)
{
	struct account_hash hash CLEANUP(account_hash_wipe) = { "" };
	struct entry entry = { .type = ENTRY_ACCOUNT, .wall_ms = wall_ms, .mono_ms = mono_ms };
	struct receipt receipt;

	if (!account_is_good(account, true))
		return -EINVAL;
	entry.number = account_event_number(account);
	text_copy(entry.detail, sizeof(entry.detail), account->name);
	int r = account_hash_make(pin, &hash);
	if (r == 0)
		r = txn_begin(db);
	if (r)
		return r;
	r = account_store(db, account, hash.text);
	if (r == 0)
		r = record_append(db, &entry, &receipt);
	return txn_end(db, r);
}

int register_accounts(struct register_db *db, enum role role, struct account *accounts, int max,
		      int *count)
{
	QUERY(q);
	int r;

	*count = 0;
	query_begin(&q, db, STMT_ACCOUNT_LIST);
	query_bind_int(&q, role);
	query_bind_int(&q, max);
	while ((r = query_row(&q)) == 1) {
		struct account *account = &accounts[(*count)++];
		query_text(&q, 0, account->name, sizeof(account->name));
		account->role = (enum role)query_int(&q, 1);
		account->until_ms = query_int(&q, 2);
	}
	return r;
}

static int load_account(struct register_db *db, const char *name, struct stored_account *stored)
{
	QUERY(q);

	query_begin(&q, db, STMT_ACCOUNT_ONE);
	query_bind_text(&q, name, ACCOUNT_BYTES);
	int r = query_row(&q);
	if (r <= 0)
		return r ? r : -ENOENT;
	stored->role = (enum role)query_int(&q, 0);
	query_text(&q, 1, stored->hash, sizeof(stored->hash));
	stored->tries = query_int(&q, 2);
	stored->tried_ms = query_int(&q, 3);
	stored->until_ms = query_int(&q, 4);
	return 0;
}

int account_find(struct register_db *db, const char *name, struct account *is)
{
	struct stored_account stored CLEANUP(hash_wipe) = { 0 };
	int r = load_account(db, name, &stored);

	*is = (struct account){ .role = stored.role, .until_ms = stored.until_ms };
	text_copy(is->name, sizeof(is->name), name);
	return r == -ENOENT ? 0 : r;
}

static int32_t longer(int32_t a, int32_t b)
{
	return a > b ? a : b;
}

/* The longest of the waits: for the account, for its whole role, and for the next one in the day.
 */
static int wait_left(struct register_db *db, const char *name, int64_t now_ms, int32_t *wait_s)
{
	struct stored_account stored CLEANUP(hash_wipe) = { 0 };
	int64_t paid_ms;
	int r = load_account(db, name, &stored);

	if (r == 0)
		r = tries_paid(db, stored.role, &paid_ms);
	if (r)
		return r;
	QUERY(q);
	query_begin(&q, db, STMT_ROLE_TRIES);
	query_bind_int(&q, stored.role);
	r = query_row(&q);
	if (r < 0)
		return r;
	int64_t tries = query_int(&q, 0), tried_ms = query_int(&q, 1);
	int64_t own_ms = stored.tried_ms + pin_wait_ms(stored.tries) - now_ms;
	*wait_s = longer(tries_seconds(own_ms),
			 longer(tries_seconds(tried_ms + pin_wait_ms(tries) - now_ms),
				tries_seconds(pin_paid_wait_ms(paid_ms, now_ms))));
	return 0;
}

static int mark_tried(struct register_db *db, const char *name, enum role role, int64_t now_ms)
{
	int64_t paid_ms;
	int r = tries_paid(db, role, &paid_ms);

	if (r == 0)
		r = tries_pay(db, role, pin_paid_after_try(paid_ms, now_ms));
	if (r)
		return r;
	QUERY(q);
	query_begin(&q, db, STMT_ACCOUNT_TRIED);
	query_bind_text(&q, name, ACCOUNT_BYTES);
	query_bind_int(&q, now_ms);
	return query_run(&q);
}

static int mark_right(struct register_db *db, const char *name, enum role role)
{
	int64_t paid_ms;
	int r = tries_paid(db, role, &paid_ms);

	if (r == 0)
		r = tries_pay(db, role, pin_paid_after_right(paid_ms));
	if (r)
		return r;
	QUERY(q);
	query_begin(&q, db, STMT_ACCOUNT_RIGHT);
	query_bind_text(&q, name, ACCOUNT_BYTES);
	return query_run(&q);
}

/* A try on its way. */
struct attempt {
	struct entry entry;
	struct stored_account stored;
	struct pin_clock clock;
	int32_t wait_s; /* before the next one */
	bool locked;
};

static void attempt_wipe(struct attempt *a)
{
	hash_wipe(&a->stored);
}

/* The first transaction: either the refusal of a locked account, or one more try on the count. On
 * return wait_s is the wait after it. */
static int admit_try(struct register_db *db, struct attempt *a)
{
	struct entry *entry = &a->entry;
	struct receipt receipt;
	int r = load_account(db, entry->actor, &a->stored);

	if (r == 0)
		r = tries_tick(db, entry, &a->clock);
	if (r == 0)
		r = wait_left(db, entry->actor, a->clock.now_ms, &a->wait_s);
	if (r)
		return r;
	a->locked = a->wait_s > 0;
	if (a->locked) {
		entry->type = ENTRY_LOGIN_REFUSED;
		entry->number = REFUSED_LOCKED;
		return record_append(db, entry, &receipt);
	}
	r = mark_tried(db, entry->actor, a->stored.role, a->clock.now_ms);
	return r ? r : wait_left(db, entry->actor, a->clock.now_ms, &a->wait_s);
}

/* The second transaction: what came of the comparison. */
static int settle_try(struct register_db *db, struct attempt *a, enum pin_outcome outcome)
{
	struct entry *entry = &a->entry;
	struct receipt receipt;
	int r = txn_begin(db);

	if (r)
		return r;
	entry->type = outcome == PIN_RIGHT ? ENTRY_LOGIN : ENTRY_LOGIN_REFUSED;
	entry->number = outcome == PIN_RIGHT  ? (int64_t)a->stored.role
			: outcome == PIN_OVER ? REFUSED_OVER
					      : REFUSED_WRONG;
	if (outcome == PIN_RIGHT)
		r = mark_right(db, entry->actor, a->stored.role);
	if (r == 0)
		r = record_append(db, entry, &receipt);
	return txn_end(db, r);
}

/* Setting the clock back does not bring an account back: such a clock is doubtful, and then the
 * latest time counts that it can be. */
static bool is_over(const struct attempt *a)
{
	int64_t now_ms = a->entry.clock_trusted ? a->entry.wall_ms : a->clock.wall_ms;

	return a->stored.until_ms > 0 && now_ms >= a->stored.until_ms;
}

static enum pin_outcome compare(const struct attempt *a, const char *pin)
{
	if (!pin_is_good(pin) || crypto_pwhash_str_verify(a->stored.hash, pin, strlen(pin)) != 0)
		return PIN_WRONG;
	return is_over(a) ? PIN_OVER : PIN_RIGHT;
}

int register_pin_try(struct register_db *db, const char *name, const char *pin, int64_t wall_ms,
		     int64_t mono_ms, bool clock_trusted, enum pin_outcome *outcome,
		     struct account *account, int32_t *wait_s)
{
	struct attempt a CLEANUP(attempt_wipe) = {
		.entry = { .wall_ms = wall_ms, .mono_ms = mono_ms, .clock_trusted = clock_trusted }
	};

	*outcome = PIN_LOCKED;
	*wait_s = 0;
	*account = (struct account){ 0 };
	if (!name_is_good(name))
		return -ENOENT;
	text_copy(a.entry.actor, sizeof(a.entry.actor), name);
	int r = txn_begin(db);
	if (r)
		return r;
	r = txn_end(db, admit_try(db, &a));
	*wait_s = a.wait_s;
	if (r || a.locked)
		return r;
	enum pin_outcome found = compare(&a, pin);
	r = settle_try(db, &a, found);
	if (r)
		return r;
	*outcome = found;
	if (found == PIN_RIGHT) {
		*wait_s = 0;
		account->role = a.stored.role;
		account->until_ms = a.stored.until_ms;
		text_copy(account->name, sizeof(account->name), name);
	}
	return 0;
}
