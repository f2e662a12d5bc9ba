/* What register_account_set and register_account_change share: account.c. Inside store only. */
#ifndef STORE_ACCOUNT_STORE_H
#define STORE_ACCOUNT_STORE_H

#include <sodium.h>

#include "store/db.h"

struct account_hash {
	char text[crypto_pwhash_STRBYTES];
};
/* -EINVAL: not a PIN; -ENOMEM. */
MUST_CHECK int account_hash_make(const char *pin, struct account_hash *hash);
void account_hash_wipe(struct account_hash *hash);

bool account_is_good(const struct account *account, bool with_role);
/* is->role ROLE_NONE: there is none of that name. */
MUST_CHECK int account_find(struct register_db *db, const char *name, struct account *is);
/* Within a transaction. */
MUST_CHECK int account_store(struct register_db *db, const struct account *account,
			     const char *hash);
/* The number of an ENTRY_ACCOUNT. */
int64_t account_event_number(const struct account *account);

#endif
