/*
 * Accounts made, changed and removed by somebody who is logged in: an event that names them, and
 * only where the account list is not the office's. Called by the register's own thread.
 */
#ifndef STORE_ACCOUNT_CHANGE_H
#define STORE_ACCOUNT_CHANGE_H

#include "core/account_form.h"
#include "store/register.h"

enum account_outcome {
	ACCOUNT_DONE,
	ACCOUNT_OFFICES, /* the office's bundle brings the list: nothing is changed here */
	ACCOUNT_TAKEN, /* NEW: there is one of that name */
	ACCOUNT_GONE, /* CHANGE, REMOVE: there is none any more */
	ACCOUNT_LAST, /* nobody would be left who can make accounts: no supervisor and no staff
			 without an end */
	ACCOUNT_NOT_ALLOWED, /* not for this role, or not any more */
	ACCOUNT_BAD, /* name, PIN or end */
};

/* pin: "" in a CHANGE leaves it as it is. Actor, times and trust are read from who; the actor's
 * role is the one it has now. Takes some 20 ms for the hash of a PIN. */
MUST_CHECK int register_account_change(struct register_db *db, enum account_act act,
				       const struct account *account, const char *pin,
				       const struct entry *who, enum account_outcome *outcome);

#endif
